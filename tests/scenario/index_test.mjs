// SPDX-License-Identifier: AGPL-3.0-or-later
// Schemes of indices: a card scored on the command line, without a data folder; faults that name their criterion; the console.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];

const scheme = {
  code: "PAR-T-2026", max: 12, rescale_not_applicable: true,
  criteria: [
    { code: "3", parent: null },
    { code: "3.4", parent: "3" },
    { code: "8", parent: null },
    { code: "3.4.1", parent: "3.4", max: 1, method: "scored", rule: { kind: "thresholds", of: "dung_han / tong * 100", steps: [[100, 1], [80, 0.5], [0, 0]] } },
    { code: "8.1", parent: "8", max: 10, method: "estimate", rule: { kind: "proportional", of: "sipas", floor: 0, full: 100 } },
    { code: "3.5", parent: "3", max: 1, method: "manual" },
  ],
};
const card = { unit: "Gia Lai", inputs: { "3.4.1": { dung_han: 17149, tong: 18402 }, "8.1": { sipas: 86.42, sipas_se: 0.81 } }, manual: { 3.5: 0.75 } };

function compute(object, ...more) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "card-")), "card.json");
  fs.writeFileSync(file, typeof object === "string" ? object : JSON.stringify(object));
  const r = spawnSync(program, ["index", "compute", file, ...more], { encoding: "utf8" });
  fs.rmSync(path.dirname(file), { recursive: true });
  return r;
}
const changed = (change) => {
  const object = structuredClone({ scheme, card });
  change(object);
  return object;
};

test("index compute: a card is scored in tree order with trace and standard error", () => {
  const r = compute({ scheme, card }, "--json"), out = JSON.parse(r.stdout);
  equal([r.status, out.unit, out.max], [0, "Gia Lai", 12], "outcome");
  equal(out.criteria.map((c) => c.code), ["3", "3.4", "3.4.1", "3.5", "8", "8.1"], "tree order");
  equal(out.criteria.map((c) => c.state), Array(6).fill("scored"), "states");
  check(Math.abs(out.total - (0.5 + 0.75 + 8.642)) < 1e-12 && Math.abs(out.se - 0.081) < 1e-12, `total ${out.total} ± ${out.se}`);
  check(Math.abs(out.percent - (out.total / 12) * 100) < 1e-12, "percent");
  check(out.criteria[2].trace.some((t) => t.includes("93.19")), "the trace has the value");
  const rescaled = JSON.parse(compute(changed((o) => { o.card.not_applicable = ["3.4"]; }), "--json").stdout);
  check(Math.abs(rescaled.total - ((0.75 + 8.642) * 12) / 11) < 1e-12, `rescaled to ${rescaled.total}`);
  equal(rescaled.criteria.filter((c) => c.state === "not_applicable").map((c) => c.code), ["3.4", "3.4.1"], "not applicable");
  const table = compute({ scheme, card }, "--lang", "en");
  check(table.status === 0 && /Total: 9\.89 \/ 12\.00 ± 0\.08/.test(table.stdout), table.stdout);
});

test("index compute: what is missing or wrong is named, exit 65, never a score of 0", () => {
  const cases = [
    [(o) => { delete o.card.inputs["3.4.1"].tong; }, "3.4.1"],
    [(o) => { o.card.inputs["3.4.1"].tong = 0; }, "3.4.1"],
    [(o) => { delete o.card.manual; }, "3.5"],
    [(o) => { o.scheme.max = 100; }, "PAR-T-2026"],
    [(o) => { o.scheme.criteria[0].max = 5; }, "3"],
    [(o) => { delete o.scheme.criteria[4].max; }, "8.1"],
    [(o) => { o.scheme.criteria.push({ ...o.scheme.criteria[4] }); }, "8.1"],
    [(o) => { o.scheme.criteria[5].parent = "9"; }, "3.5"],
    [(o) => { o.scheme.criteria[0].parent = "3.4"; }, "3.4"],
    [(o) => { o.scheme.criteria[3].colour = 1; }, "3.4.1"],
    [(o) => { o.card.inputs["7.7"] = {}; }, "7.7"],
  ];
  for (const [change, code] of cases) {
    const r = compute(changed(change), "--json"), out = JSON.parse(r.stdout);
    equal([r.status, out.total], [65, null], `${change}`);
    check(out.errors.some((e) => e.code === code) && r.stderr.includes(code), `${change}: ${r.stdout.slice(-400)}`);
  }
  equal(compute("{", "--json").status, 65, "no JSON");
  equal(compute('{"scheme":'.repeat(5000), "--json").status, 65, "deep JSON");
  check(spawnSync(program, ["index", "compute", "/nowhere.json"]).status === 66, "a file that is not there");
});

test("index scheme check: shipped schemes are whole; a file that does not add up names its row and column", () => {
  for (const name of fs.readdirSync("data/schemes").filter((f) => f.endsWith(".csv"))) {
    const r = spawnSync(program, ["index", "scheme", "check", path.join("data/schemes", name), "--json"], { encoding: "utf8" });
    equal([r.status, JSON.parse(r.stdout).faults], [0, []], name);
  }
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "scheme-")), "scheme.csv");
  fs.writeFileSync(file, fs.readFileSync("data/schemes/par-province-demo.csv", "utf8").replace("1.1.2,1.1,", "1.1.2,1.9,").replace(",9.5,", ",9,"));
  const r = spawnSync(program, ["index", "scheme", "check", file, "--json"], { encoding: "utf8" }), out = JSON.parse(r.stdout);
  equal([r.status, out.ok, out.faults[0].kind, out.faults[0].row, out.faults[0].column], [65, false, "parent", 13, "Mã cha"], "a parent that is not there");
  fs.writeFileSync(file, fs.readFileSync("data/schemes/par-province-demo.csv", "utf8").replace(",9.5,", ",9,"));
  const sums = JSON.parse(spawnSync(program, ["index", "scheme", "check", file, "--json"], { encoding: "utf8" }).stdout);
  equal(sums.faults.map((f) => [f.code, f.kind, f.row]), [["1", "points", 10], ["PAR-T-MH-2026", "total", 0]], "points that do not add up");
});

test("schemes in the console: imported by the analyst, seen by an officer, changed after the lock with a reason alone", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich"), officer = await signedIn(i, "chuyenvien");
  const file = (text) => Buffer.from(text), commune = fs.readFileSync("data/schemes/par-commune-demo.csv", "utf8").replaceAll("PAR-X-MH-2026", "PAR-X-KB");
  const form = await analyst.get("/console/schemes/new");
  const bad = await analyst.upload(form, "sai.csv", file(commune.replace(",12,", ",11,")), {}, "/schemes/new");
  equal(bad.status, 422, "a file that does not add up");
  check(text(bad.text).includes("cộng lại được 24 điểm, điểm tối đa ghi 25"), text(bad.text).slice(0, 900));
  const preview = await analyst.upload(form, "xa.csv", file(commune.replace("Số hóa hồ sơ, kết quả", "<b>Số hóa</b>")), {}, "/schemes/new");
  equal(preview.status, 200, "preview");
  check(!preview.text.includes("<b>Số hóa"), "markup of a cell is text");
  const before = (await analyst.get("/console/schemes")).text;
  check(!before.includes("PAR-X-KB"), "nothing is saved before it is confirmed");
  const gone = await analyst.submit(preview, { sha: "0".repeat(64) }, "/confirm");
  equal(gone.status, 422, "the bytes are gone");
  check(text(gone.text).includes("Chọn lại tệp"), text(gone.text).slice(0, 900));
  const shown = await analyst.submit(preview, {}, "/confirm");
  check(/\/console\/schemes\/\d+$/.test(shown.path) && shown.text.includes("PAR-X-KB"), shown.path);
  const again = await analyst.upload(form, "xa.csv", file(commune), {}, "/schemes/new");
  equal((await analyst.submit(again, {}, "/confirm")).status, 422, "the same code twice");
  const tried = await officer.get(`${shown.path}/try?code=2.2&v0=97&v1=100`);
  check(text(tried.text).includes("đạt mốc từ 97: được 9 điểm"), text(tried.text).slice(0, 900));
  equal((await officer.get(`${shown.path}/copy`)).status, 403, "an officer copies nothing");
  equal((await officer.get(`${shown.path}/lock`)).status, 403, "an officer locks nothing");
  await analyst.submit(await analyst.get(`${shown.path}/lock`), {}, "/lock");
  const change = await analyst.upload(await analyst.get(`${shown.path}/import`), "xa.csv", file(commune), {}, "/import");
  equal((await analyst.submit(change, {}, "/confirm")).status, 422, "a reason is missing");
  const amended = await analyst.submit(change, { reason: "Theo góp ý" }, "/confirm");
  check(text(amended.text).includes("Theo góp ý"), "the reason stands with the version");
  const json = JSON.parse((await analyst.get(`${shown.path}/scheme.json`)).text);
  equal([json.code, json.criteria.length, json.max], ["PAR-X-KB", 30, 100], "the file");
  const audit = i.json("audit", "verify");
  equal(audit.ok, true, "the chain");
});
