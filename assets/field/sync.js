// SPDX-License-Identifier: AGPL-3.0-or-later
// What goes over the line: work and questionnaires in, interviews out. An interview leaves this machine only against a receipt whose
// signature holds and which names every byte of it.
"use strict";
Field.sync = (() => {
  const { vault } = Field;
  let key = "", busy = null;
  class Refused extends Error { constructor(status) { super("status " + status); this.status = status; } }

  const use = (k) => { key = k; };
  async function ask(path, body = {}) {
    const r = await fetch(path, { method: "POST", headers: { Authorization: "Bearer " + key }, body: new URLSearchParams(body), cache: "no-store", credentials: "omit" });
    if (!r.ok) throw new Refused(r.status);
    return r.json();
  }

  // ---- Work
  async function refresh() {
    const work = await ask("/field/api/work"), before = await vault.get("work");
    work.clock = Date.now() - work.now;
    work.fetched = Date.now();
    // The first keys seen are the ones trusted; others are told, not taken.
    work.key_changed = Boolean(before && (before.receipt_key !== work.receipt_key || (before.receipt_key_p256 && before.receipt_key_p256 !== work.receipt_key_p256)));
    if (work.key_changed) Object.assign(work, { new_key: work.receipt_key, receipt_key: before.receipt_key, receipt_key_p256: before.receipt_key_p256 });
    for (const f of work.forms) {
      const id = `form:${f.form_id}:${f.version}`, held = await vault.get(id);
      if (held?.sum !== f.sum || held.files_count !== f.files) {
        const got = await ask("/field/api/form", { form_id: f.form_id, version: f.version });
        await vault.put(id, { ...got, form_id: f.form_id, version: f.version, files_count: f.files });
      }
    }
    await vault.put("work", work);
    return work;
  }

  // ---- Receipts
  // Every receipt is signed twice: Ed25519, and ECDSA on P-256, which browsers had before (Chromium learned Ed25519 with 137).
  async function holds(name, how, key, signature, text) {
    let k;
    try { k = await vault.subtle.importKey("raw", vault.unhex(key), name, false, ["verify"]); } catch { return "cannot"; }
    return await vault.subtle.verify(how, k, vault.unhex(signature), new TextEncoder().encode(text)) ? "yes" : "no";
  }
  async function signed(said, work) {
    const modern = said.signature ? await holds({ name: "Ed25519" }, "Ed25519", work.receipt_key, said.signature, said.receipt) : "cannot";
    if (modern !== "cannot" || !said.signature_p256 || !work.receipt_key_p256) return modern;
    return holds({ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }, work.receipt_key_p256, said.signature_p256, said.receipt);
  }
  async function receiptNames(receipt, record) {
    const lines = receipt.split("\n"), has = (l) => lines.includes(l);
    const xml = await vault.sha256(new TextEncoder().encode(record.xml));
    return lines[0] === "thuocdo receipt 1" && has("form " + record.form_id) && has("instance " + record.instance) && has("xml " + xml) &&
      record.files.every((f) => lines.some((l) => l.startsWith(`file ${f.sum} `)));
  }
  // "received": the copy is gone; "unchecked": this browser cannot verify; "" the receipt does not hold.
  async function accept(record, said, work) {
    const { receipt, signature } = said;
    if (!await receiptNames(receipt, record)) return "";
    const sure = await signed(said, work);
    if (sure === "no") return "";
    const code = receipt.match(/^code (.*)$/m)?.[1] ?? "";
    const next = { ...record, code, receipt, signature, received: Date.now(), state: sure === "yes" ? "received" : "unchecked", fault: "" };
    if (sure === "yes") await vault.release({ ...next, xml: "", key: "" }, record.files);
    else await vault.put("record:" + record.instance, next);
    return next.state;
  }

  // ---- One interview
  async function post(record, attached, last) {
    const body = new FormData();
    body.set("xml_submission_file", new Blob([record.xml], { type: "text/xml" }), "phieu.xml");
    if (attached) body.set(attached.name, new Blob([await vault.file(record.instance, record.key, attached.name)], { type: attached.type }), attached.name);
    if (!last) body.set("*isIncomplete*", "yes");
    const r = await fetch("/openrosa/submission?deviceID=field", { method: "POST", body, cache: "no-store", credentials: "omit",
      headers: { Authorization: "Bearer " + key, "X-OpenRosa-Version": "1.0", "Accept-Language": document.documentElement.lang } });
    if (r.status !== 201) {
      const said = new DOMParser().parseFromString(await r.text(), "text/xml").querySelector("message")?.textContent ?? "";
      throw Object.assign(new Refused(r.status), { said });
    }
  }
  async function sendOne(record, work, tell) {
    const ids = { form_id: record.form_id, instance: record.instance };
    let held = await ask("/field/api/held", ids);
    const missing = record.files.filter((f) => !held.files?.includes(f.sum));
    if (!held.receipt || missing.length || held.xml !== await vault.sha256(new TextEncoder().encode(record.xml))) {
      // One attachment a post: a line that breaks costs one of them, and what the server has is not sent again.
      for (let i = 0; i < Math.max(1, missing.length); i++) {
        tell(record, i, missing.length);
        await post(record, missing[i], i + 1 >= missing.length);
      }
      held = await ask("/field/api/held", ids);
    }
    const state = held.receipt ? await accept(record, held, work) : "";
    if (!state) throw Object.assign(new Error("receipt"), { said: Field.t("fault.receipt") });
  }

  // ---- All of them, oldest first; an interview that is refused does not hold up the others.
  async function run(tell) {
    const work = await refresh();
    await Field.visit.sendAll(work);
    const waiting = (await vault.list("record:")).filter((r) => r.state !== "received").sort((a, b) => a.finished - b.finished);
    for (const { id, ...record } of waiting) {
      try { await sendOne(record, work, tell); } catch (e) {
        if (!(e instanceof Refused) && !e.said) throw e;
        if (e.status === 401 || e.status === 403) throw e;
        await vault.put(id, { ...record, state: e.status === 409 ? "conflict" : "waiting", fault: e.said || Field.t("fault.server"), tried: Date.now() });
      }
    }
    await report();
    return work;
  }
  async function report() {
    const records = (await vault.list("record:")).filter((r) => r.state !== "received"), visits = (await vault.list("visit:")).filter((v) => v.state !== "received"), drafts = await vault.list("draft:");
    const size = (r) => r.xml.length + r.files.reduce((n, f) => n + f.size, 0);
    await ask("/field/api/state", {
      unsent: records.length + visits.length, drafts: drafts.length, conflicts: records.filter((r) => r.state === "conflict").length, clock: Date.now(),
      bytes: records.reduce((n, r) => n + size(r), 0), oldest: records.length + visits.length ? Math.min(...records.map((r) => r.finished), ...visits.map((v) => v.at)) : 0,
      persistent: await navigator.storage?.persisted?.() ? 1 : 0, release: document.body.dataset.release,
    });
  }
  // One run at a time; whoever asks meanwhile waits for it.
  const start = (tell = () => {}) => busy ??= run(tell).finally(() => { busy = null; });
  return { use, ask, refresh, start, accept, signed, running: () => busy !== null };
})();
