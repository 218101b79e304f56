// SPDX-License-Identifier: AGPL-3.0-or-later
// A load of submissions with the ledger of what was acknowledged, kept outside the program under test.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Instance, check, equal, sleep, uuid } from "../scenario/harness.mjs";

const top = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
export const round = "thu";
export const form = path.join(top, "data", "forms", "mot-cua.xlsx");

// A folder with one open round of the one-stop questionnaire.
export async function fresh(program, { dir = null, lines = "" } = {}) {
  const i = new Instance(program, { dir });
  i.init();
  if (lines) fs.appendFileSync(path.join(i.dir, "thuocdo.conf"), lines);
  i.must("form", "add", form);
  i.must("round", "create", round, "--form", "mot-cua", "--open");
  return i;
}

export async function using(make, run) {
  const i = await make;
  try { return await run(i); } finally { await i.remove(); }
}

export function body(id = uuid(), remark = "") {
  const answers = { tinh: "01", linh_vuc: "dat", hinh_thuc: "truc_tiep", phut_cho: id.charCodeAt(0) % 60, hl_noi: "4", hl_thu_tuc: "5",
    hl_thai_do: "4", hl_huong_dan: "3", hl_dung_hen: "4", hl_ket_qua: "5", da_phan_anh: "khong", gioi_tinh: "nu", nhom_tuoi: "25_34" };
  if (remark) answers.gop_y = remark;
  return JSON.stringify({ instance_id: id, answers });
}

// One POST; resolves to { status, receipt } or { status: 0 } when no whole answer came.
export function post(port, text, agent, at = round) {
  return new Promise((done) => {
    const r = http.request({ host: "127.0.0.1", port, agent, method: "POST", path: `/api/v1/rounds/${at}/submissions`,
      headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text) } }, (res) => {
      let s = "";
      res.setEncoding("utf8").on("data", (d) => { s += d; });
      res.on("end", () => {
        let receipt = null;
        try { receipt = JSON.parse(s).receipt ?? null; } catch { return done({ status: 0, text: s }); }
        done({ status: res.complete ? res.statusCode : 0, receipt, text: s });
      }).on("error", () => done({ status: 0 }));
    });
    r.on("error", () => done({ status: 0 }));
    r.end(text);
  });
}

// What was sent and what was acknowledged: id → { text, receipt }.
export class Ledger {
  constructor() { this.sent = new Map(); this.faults = []; this.acknowledged = 0; this.statuses = {}; }

  async send(port, text, agent) {
    const id = JSON.parse(text).instance_id;
    if (!this.sent.has(id)) this.sent.set(id, { text, receipt: null });
    const entry = this.sent.get(id), answer = await post(port, text, agent);
    this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
    if (answer.status !== 201 && answer.status !== 200) return answer;
    if (!answer.receipt) this.faults.push(`${id}: no receipt`);
    if (!entry.receipt) this.acknowledged++;
    else if (entry.receipt !== answer.receipt) this.faults.push(`${id}: two receipts`);
    entry.receipt = answer.receipt;
    return answer;
  }

  // Sends until stop() is called; every eighth submission is sent twice at once, as an impatient client does.
  load(port, clients = 32) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: clients * 2 });
    let going = true, n = 0;
    const one = async () => {
      while (going) {
        const text = body(), twice = n++ % 8 === 0;
        const answers = await Promise.all([this.send(port, text, agent), ...(twice ? [this.send(port, text, agent)] : [])]);
        if (answers.every((a) => a.status === 0)) await sleep(5);
      }
    };
    const all = Promise.all(Array.from({ length: clients }, one));
    return { stop: async () => { going = false; await all; agent.destroy(); } };
  }

  // Sends again what is in the ledger from entry `from` on; every answer must be the receipt given before.
  async repeat(port, from = 0, clients = 32) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
    const entries = [...this.sent.values()].slice(from);
    let at = 0, lost = 0;
    await Promise.all(Array.from({ length: clients }, async () => {
      while (at < entries.length) {
        const e = entries[at++], before = e.receipt;
        const r = await this.send(port, e.text, agent);
        if (before && r.status !== 200) lost++;
        else if (!before && r.status !== 200 && r.status !== 201) this.faults.push(`repeat: ${r.status} ${r.text}`);
      }
    }));
    agent.destroy();
    return lost;
  }
}

export const stored = (i) => i.json("round", "show", round).submissions;
export function clean(i, what = "check") {
  const r = i.run("check", "--json");
  equal(r.code, 0, `${what}: ${r.out}${r.err}`);
  check(JSON.parse(r.out).ok === true, r.out);
}
