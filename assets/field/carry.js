// SPDX-License-Identifier: AGPL-3.0-or-later
// Interviews carried out as a file: what is sealed for the server, as it lies here. No PIN is needed and none helps: only the server
// can open it. Receipts come back as a file and are worth what their signatures are.
"use strict";
Field.carry = (() => {
  const { vault, sync, t } = Field, text = new TextEncoder();

  // "TDCARRY1", length of the list (4 bytes, little end first), the list as JSON, then the sealed pieces in its order.
  async function pack() {
    const pieces = [], records = [];
    for (const s of await vault.seals()) {
      const files = [];
      const take = (box) => { pieces.push(new Uint8Array(box.data)); return { iv: vault.hex(box.iv), length: box.data.byteLength }; };
      const xml = take(s);
      for (const f of s.files) {
        const box = await vault.blob(`${s.id}/${f.name}`);
        if (box) files.push({ name: f.name, type: f.type, ...take(box) });
      }
      records.push({ kind: s.kind, instance: s.id, form_id: s.form_id, version: s.version, sum: s.sum, wrapped: s.wrapped, xml, files });
    }
    const list = text.encode(JSON.stringify({ made: Date.now(), release: document.body.dataset.release, records })), head = new Uint8Array(12);
    head.set(text.encode("TDCARRY1"));
    new DataView(head.buffer).setUint32(8, list.length, true);
    return { blob: new Blob([head, list, ...pieces], { type: "application/octet-stream" }), count: records.length };
  }
  async function out() {
    const { blob, count } = await pack(), a = document.createElement("a");
    a.href = URL.createObjectURL(blob);
    a.download = `phieu-${new Date().toISOString().slice(0, 16).replace(/[-:T]/g, "")}-${count}.tdgoi`;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 60000);
  }
  async function receipts(file) {
    let taken = 0, wrong = 0;
    const work = await vault.get("work");
    try {
      for (const r of JSON.parse(await file.text()).receipts) {
        const id = r.visit ? "visit:" + r.visit : "record:" + r.instance, kept = await vault.get(id);
        if (!kept || kept.state === "received") continue;
        if (r.visit ? await Field.visit.accept({ ...kept, id }, r, work) : await sync.accept(kept, r, work)) taken++; else wrong++;
      }
    } catch { return Field.app.machine(t("carry.receipts.fault")); }
    return Field.app.machine(wrong ? t("carry.receipts.wrong", { n: wrong }) : "", t("carry.receipts.done", { n: taken }));
  }
  return { out, receipts, pack };
})();
