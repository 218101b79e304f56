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
    // The first key seen is the one trusted; another one is told, not taken.
    work.key_changed = Boolean(before && before.receipt_key !== work.receipt_key);
    if (work.key_changed) { work.new_key = work.receipt_key; work.receipt_key = before.receipt_key; }
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
  async function receiptHolds(receipt, signature, publicKey) {
    try {
      const k = await vault.subtle.importKey("raw", vault.unhex(publicKey), { name: "Ed25519" }, false, ["verify"]);
      return await vault.subtle.verify("Ed25519", k, vault.unhex(signature), new TextEncoder().encode(receipt)) ? "yes" : "no";
    } catch { return "cannot"; }                       // a browser without Ed25519: the copy stays
  }
  async function receiptNames(receipt, record) {
    const lines = receipt.split("\n"), has = (l) => lines.includes(l);
    const xml = await vault.sha256(new TextEncoder().encode(record.xml));
    return lines[0] === "thuocdo receipt 1" && has("form " + record.form_id) && has("instance " + record.instance) && has("xml " + xml) &&
      record.files.every((f) => lines.some((l) => l.startsWith(`file ${f.sum} `)));
  }
  // "received": the copy is gone; "unchecked": this browser cannot verify; "" the receipt does not hold.
  async function accept(record, receipt, signature, publicKey) {
    if (!await receiptNames(receipt, record)) return "";
    const holds = await receiptHolds(receipt, signature, publicKey);
    if (holds === "no") return "";
    const code = receipt.match(/^code (.*)$/m)?.[1] ?? "";
    const next = { ...record, code, receipt, signature, received: Date.now(), state: holds === "yes" ? "received" : "unchecked", fault: "" };
    if (holds === "yes") await vault.release({ ...next, xml: "", key: "" }, record.files);
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
  async function sendOne(record, publicKey, tell) {
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
    const state = held.receipt ? await accept(record, held.receipt, held.signature, publicKey) : "";
    if (!state) throw Object.assign(new Error("receipt"), { said: Field.t("fault.receipt") });
  }

  // ---- All of them, oldest first; an interview that is refused does not hold up the others.
  async function run(tell) {
    const work = await refresh();
    const waiting = (await vault.list("record:")).filter((r) => r.state === "waiting" || r.state === "conflict").sort((a, b) => a.finished - b.finished);
    for (const { id, ...record } of waiting) {
      try { await sendOne(record, work.receipt_key, tell); } catch (e) {
        if (!(e instanceof Refused) && !e.said) throw e;
        if (e.status === 401 || e.status === 403) throw e;
        await vault.put(id, { ...record, state: e.status === 409 ? "conflict" : "waiting", fault: e.said || Field.t("fault.server"), tried: Date.now() });
      }
    }
    await report();
    return work;
  }
  async function report() {
    const records = (await vault.list("record:")).filter((r) => r.state !== "received"), drafts = await vault.list("draft:");
    const size = (r) => r.xml.length + r.files.reduce((n, f) => n + f.size, 0);
    await ask("/field/api/state", {
      unsent: records.length, drafts: drafts.length, conflicts: records.filter((r) => r.state === "conflict").length, clock: Date.now(),
      bytes: records.reduce((n, r) => n + size(r), 0), oldest: records.length ? Math.min(...records.map((r) => r.finished)) : 0,
      persistent: await navigator.storage?.persisted?.() ? 1 : 0, release: document.body.dataset.release,
    });
  }
  // One run at a time; whoever asks meanwhile waits for it.
  const start = (tell = () => {}) => busy ??= run(tell).finally(() => { busy = null; });
  return { use, ask, refresh, start, accept, running: () => busy !== null };
})();
