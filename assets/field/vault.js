// SPDX-License-Identifier: AGPL-3.0-or-later
// What the page keeps: encrypted rows in IndexedDB. The data key lies there wrapped by the PIN and by a key this browser does not
// hand out; each interview has a key of its own, also wrapped for the server, so that finished interviews can be carried out of a
// machine whose PIN is forgotten. What this defends and what not: docs/adr/0023-offline-page.md.
"use strict";
Field.vault = (() => {
  const ROUNDS = 600000, subtle = globalThis.crypto?.subtle;
  let db, dataKey = null;

  // ---- The database. A write counts when the browser says that it lies on disk.
  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  async function open() {
    const request = indexedDB.open("thuocdo-field", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("meta");
      for (const name of ["items", "blobs", "seals"]) request.result.createObjectStore(name, { keyPath: "id" });
    };
    db = await done(request);
    db.onversionchange = () => db.close();
  }
  function change(names, run) {
    return new Promise((yes, no) => {
      const t = db.transaction(names, "readwrite", { durability: "strict" });
      t.oncomplete = () => yes();
      t.onabort = t.onerror = () => no(t.error ?? new Error("write"));
      run((name) => t.objectStore(name));
    });
  }
  const read = (name, key) => done(db.transaction(name).objectStore(name).get(key));
  const all = (name) => done(db.transaction(name).objectStore(name).getAll());
  const keys = (name) => done(db.transaction(name).objectStore(name).getAllKeys());

  // ---- Keys
  const random = (n) => crypto.getRandomValues(new Uint8Array(n));
  const text = new TextEncoder(), plain = new TextDecoder();
  async function seal(key, bytes) {
    const iv = random(12);
    return { iv, data: await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
  }
  const unseal = (key, box) => subtle.decrypt({ name: "AES-GCM", iv: box.iv }, key, box.data);
  async function pinKey(pin, salt) {
    const base = await subtle.importKey("raw", text.encode(pin.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
    return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }
  async function wrap(pin, raw, own) {
    const salt = random(16), inner = await seal(await pinKey(pin, salt), raw);
    return { salt, inner: inner.iv, outer: await seal(own, inner.data), wrong: 0, until: 0 };
  }

  async function create(pin) {
    const own = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]), raw = random(32);
    const lock = await wrap(pin, raw, own);
    await change(["meta"], (store) => { store("meta").put(own, "own"); store("meta").put(lock, "lock"); });
    dataKey = await subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  }
  async function raw(pin) {
    const lock = await read("meta", "lock"), own = await read("meta", "own");
    const inner = await unseal(own, lock.outer);
    return unseal(await pinKey(pin, lock.salt), { iv: lock.inner, data: inner });
  }
  // Seconds to wait before the next try; 0: it may be tried.
  async function wait() {
    const lock = await read("meta", "lock");
    return lock ? Math.max(0, Math.ceil((lock.until - Date.now()) / 1000)) : 0;
  }
  async function unlock(pin) {
    const lock = await read("meta", "lock"), before = lock.wrong;
    try {
      dataKey = await subtle.importKey("raw", await raw(pin), "AES-GCM", false, ["encrypt", "decrypt"]);
      lock.wrong = 0;
    } catch {
      lock.wrong++;
      lock.until = lock.wrong < 5 ? 0 : Date.now() + Math.min(300, 2 ** (lock.wrong - 4)) * 1000;
    }
    // A full disk does not lock out whoever knows the PIN.
    if (lock.wrong !== before) await change(["meta"], (store) => store("meta").put(lock, "lock")).catch((e) => { if (!dataKey) throw e; });
    return dataKey !== null;
  }
  async function changePin(old, pin) {
    let bytes;
    try { bytes = await raw(old); } catch { return false; }
    const lock = await wrap(pin, bytes, await read("meta", "own"));
    await change(["meta"], (store) => store("meta").put(lock, "lock"));
    return true;
  }

  // ---- Rows: an id and what only the data key opens
  async function row(id, value) { return { id, ...await seal(dataKey, text.encode(JSON.stringify(value))) }; }
  async function put(id, value) { const r = await row(id, value); await change(["items"], (store) => store("items").put(r)); }
  async function value(r) { return r && JSON.parse(plain.decode(await unseal(dataKey, r))); }
  const get = async (id) => value(await read("items", id));
  async function list(prefix) {
    const found = [];
    for (const r of await all("items")) if (r.id.startsWith(prefix)) found.push({ ...await value(r), id: r.id });
    return found;
  }
  const sealed = async (v) => seal(dataKey, text.encode(JSON.stringify(v)));
  const drop = (id) => change(["items"], (store) => store("items").delete(id));

  // ---- Interviews: a key each, wrapped for the server (ECDH P-256, HKDF-SHA-256, AES-256-GCM)
  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const unhex = (s) => new Uint8Array((s.match(/../g) ?? []).map((x) => parseInt(x, 16)));
  const sha256 = async (bytes) => hex(await subtle.digest("SHA-256", bytes));
  async function interviewKey(carryKey) {
    const bytes = random(32), pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const server = await subtle.importKey("raw", unhex(carryKey), { name: "ECDH", namedCurve: "P-256" }, false, []);
    const shared = await subtle.importKey("raw", await subtle.deriveBits({ name: "ECDH", public: server }, pair.privateKey, 256), "HKDF", false, ["deriveKey"]);
    const kek = await subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: text.encode("thuocdo carry 1") }, shared,
      { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const wrapped = await subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12) }, kek, bytes);
    return { key: hex(bytes), wrapped: { point: hex(await subtle.exportKey("raw", pair.publicKey)), key: hex(wrapped) } };
  }
  const keyOf = (k) => subtle.importKey("raw", unhex(k), "AES-GCM", false, ["encrypt", "decrypt"]);
  async function putFile(interview, key, name, file) {
    const bytes = await file.arrayBuffer(), box = await seal(await keyOf(key), bytes);
    await change(["blobs"], (store) => store("blobs").put({ id: `${interview}/${name}`, size: bytes.byteLength, ...box }));
    return { name, size: bytes.byteLength, type: file.type, sum: await sha256(bytes) };
  }
  async function file(interview, key, name) {
    const b = await read("blobs", `${interview}/${name}`);
    return b && unseal(await keyOf(key), b);
  }
  const dropFile = (interview, name) => change(["blobs"], (store) => store("blobs").delete(`${interview}/${name}`));
  // A draft becomes a record in one write: the record, what is sealed for the server, and the draft's end.
  async function finish(draftId, record, key, seal_) {
    const box = await seal(await keyOf(key), text.encode(record.xml)), r = await row("record:" + record.instance, record);
    await change(["items", "seals"], (store) => {
      store("items").put(r);
      store("items").delete(draftId);
      store("seals").put({ id: record.instance, ...seal_, iv: box.iv, data: box.data });
    });
  }
  // An attempt at a case in one write: what was noted, what is sealed for the server, the end of what was typed.
  async function noted(visit, key, wrapped) {
    const bytes = text.encode(visit.json), box = await seal(await keyOf(key), bytes), r = await row("visit:" + visit.visit, visit);
    await change(["items", "seals"], (store) => {
      store("items").put(r);
      store("items").delete("noting");
      store("seals").put({ id: visit.visit, kind: "visit", form_id: "-", version: "", wrapped, files: [], iv: box.iv, data: box.data });
    });
  }
  async function letGo(visit) {
    const r = await row("visit:" + visit.visit, visit);
    await change(["items", "seals"], (store) => { store("items").put(r); store("seals").delete(visit.visit); });
  }
  const dropVisit = (name) => change(["items", "seals"], (store) => { store("items").delete("visit:" + name); store("seals").delete(name); });
  // Only with a receipt: the copy goes, what was promised stays.
  async function release(record, files) {
    const r = await row("record:" + record.instance, record);
    await change(["items", "seals", "blobs"], (store) => {
      store("items").put(r);
      store("seals").delete(record.instance);
      for (const f of files) store("blobs").delete(`${record.instance}/${f.name}`);
    });
  }
  async function forget() {
    dataKey = null;
    db.close();
    await done(indexedDB.deleteDatabase("thuocdo-field"));
    await open();
  }

  return {
    LEAST: 4 << 20,                                      // bytes that are kept free for words
    seal: sealed, unseal: value,
    open, create, unlock, wait, changePin, put, get, list, drop, interviewKey, putFile, file, dropFile, finish, noted, letGo, dropVisit, release, forget, sha256, hex, unhex, subtle,
    seals: () => all("seals"), blob: (id) => read("blobs", id), sealCounts: async () => {
      const names = await keys("seals"), visits = names.filter((n) => /^\d+-\d+$/.test(n)).length;
      return { visits, interviews: names.length - visits };
    },
    exists: async () => (await read("meta", "lock")) !== undefined,
    lock: () => { dataKey = null; },
    isOpen: () => dataKey !== null,
  };
})();
