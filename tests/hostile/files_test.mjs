// SPDX-License-Identifier: AGPL-3.0-or-later
// Hostile files through the upload pages, and what exports hold: clear errors, nothing half-imported, no formulas.
import fs from "node:fs";
import { check, equal, test } from "../scenario/harness.mjs";
import { form } from "../faults/load.mjs";
import { clear, csv_cells, desk, words, zip } from "./desk.mjs";

const program = process.argv[2], long = process.argv[3] === "long";
const rss = (pid) => Number(fs.readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)[1]);

test("hostile .xlsx files: clear error, nothing stored, little memory", () => desk(program, [], async (i, as) => {
  const good = fs.readFileSync(form), c = await as("phantich"), before = i.must("form", "list", "--json");
  const types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
  const files = [
    ["empty", Buffer.alloc(0)], ["text", Buffer.from("type,name,label\n")], ["an old workbook", Buffer.from("d0cf11e0a1b11ae1".repeat(64), "hex")],
    ...[10, 100, good.length >> 1, good.length - 30, good.length - 1].map((n) => ["cut at " + n, good.subarray(0, n)]),
    ["a zip of nothing", zip([])], ["a zip without sheets", zip([["a.txt", "hello"]])],
    ["a bomb", zip([["[Content_Types].xml", types], ["xl/workbook.xml", Buffer.alloc(150 << 20)]])],
    ["a bomb that lies", zip([["[Content_Types].xml", types], ["xl/workbook.xml", Buffer.alloc(150 << 20), 100]])],
    ["5,000 entries", zip(Array.from({ length: 5000 }, (_, n) => ["f" + n, "x"]))],
    ["names that climb out", zip([["../../evil.txt", "x"], ["/etc/evil", "x"], ["[Content_Types].xml", types]])],
    ["entities", zip([["[Content_Types].xml", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Types>&b;</Types>'], ["xl/workbook.xml", "<x/>"]])],
    ["foreign entities", zip([["[Content_Types].xml", types], ["xl/workbook.xml", '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook>&f;</workbook>']])],
    ["deep elements", zip([["[Content_Types].xml", types], ["xl/workbook.xml", "<a>".repeat(200000)]])],
  ];
  for (let n = 0; n < (long ? 300 : 12); n++) {
    const bytes = Buffer.from(good);
    for (let k = 0; k < 40; k++) bytes[(n * 7919 + k * 104729) % bytes.length] ^= 1 << (k % 8);
    files.push(["bytes flipped " + n, bytes]);
  }
  for (const [what, bytes] of files) {
    const page = await c.get("/console/forms/new");
    const r = await c.upload(page, "phiếu 'thử'.xlsx".normalize("NFD"), bytes, {}, "/forms/new");
    clear(r, what);
    equal(i.must("form", "list", "--json"), before, `${what}: questionnaires afterwards`);
  }
  for (const name of ["../../x.xlsx", "a\u202exslx.exe", "n".repeat(400) + ".xlsx", "x.xlsm", "<img src=x>.xlsx"]) {
    const r = await c.upload(await c.get("/console/forms/new"), name, Buffer.from("no"), {}, "/forms/new");
    clear(r, name);
    check(!r.text.includes("<img src=x>"), "a file name is written unescaped");
  }
  const mb = Math.round(rss(i.child.pid) / 1024);
  console.log(`     ${files.length} files, at most ${mb} MB resident`);
  check(mb < 400, `${mb} MB resident`);
  equal(fs.readdirSync(i.dir + "/tmp").length, 0, "temporary files left");
}));

test("hostile unit lists: the error names line and column, nothing is half-imported", () => desk(program, [], async (i, as) => {
  const c = await as("quantri"), before = i.must("unit", "export"), head = before.split("\n")[0].replace(/^\ufeff/, "");
  const lines = (...rows) => [head, ...rows].join("\n") + "\n";
  const fine = "bộ,thu1,Bộ Thử,Test Ministry,bộ,quốc gia,VN,2026-12-01,,,";
  const files = [
    ["empty", ""], ["only a head", head + "\n"], ["zeros", Buffer.alloc(5000)], ["UTF-16", Buffer.from("\ufeff" + lines(fine), "utf16le")],
    ["not UTF-8", Buffer.concat([Buffer.from(lines(fine)), Buffer.from([0xff, 0xfe, 0x80])])],
    ["an open quote", lines(fine, 'bộ,thu2,"Bộ hở,x,bộ,quốc gia,VN,2026-12-01,,,')],
    ["too few cells", lines(fine, "bộ,thu2")], ["too many cells", lines(fine, fine.replace("thu1", "thu2") + ",,,,,,,,,x")],
    ["a day that is none", lines(fine, fine.replace("thu1", "thu2").replace("2026-12-01", "2026-02-30"))],
    ["an unknown parent", lines(fine, fine.replace("thu1", "thu2").replace(",VN,", ",KHONGCO,"))],
    ["an unknown kind", lines(fine, fine.replace("thu1", "thu2").replace("bộ,", "phường ma,"))],
    ["the same code twice", lines(fine, fine)], ["a zero byte", lines(fine, fine.replace("thu1", "thu\0 2"))],
    ["one huge cell", lines(fine, fine.replace("thu1", "thu2").replace("Bộ Thử", "B".repeat(2 << 20)))],
    ["300 columns", "c,".repeat(300) + "\n"], ["an .xlsx", fs.readFileSync(form)],
  ];
  for (const [what, bytes] of files) {
    const page = await c.get("/console/units/1/import"), r = await c.upload(page, "danh sách.csv".normalize("NFD"), bytes, {}, "/import");
    if (what === "only a head") check(r.status < 500, `${what}: ${r.status}`);
    else clear(r, what);
    equal(i.must("unit", "export") === before, true, `${what}: units unchanged`);
  }
  const quoted = 'bộ,thu3,"Bộ ""Thử""\nhai dòng",x,bộ,quốc gia,VN,2026-12-01,,,';
  const r = await c.upload(await c.get("/console/units/1/import"), "x.csv", lines(quoted), {}, "/import");
  check(r.status < 500, "a quoted newline: " + r.status);
  check(!i.must("unit", "export").includes("thu3"), "a preview stores nothing");
}));

test("exports: no cell a spreadsheet takes for a formula", () => desk(program, [], async (i, as) => {
  const admin = await as("quantri"), auditor = await as("kiemtoan");
  const before = i.must("unit", "export"), head = before.split("\n")[0].replace(/^\ufeff/, "");
  const names = ["=1+1", "+84 Bộ", "-Bộ", "@SUM(A1)", '=HYPERLINK("http://x";"y")', "\t=2+2"];
  const rows = names.map((n, k) => `bộ,thu${k},"${n.replace(/"/g, '""')}","${n.replace(/"/g, '""')}",bộ,quốc gia,VN,2026-01-01,,,"${n.replace(/"/g, '""')}"`);
  const preview = await admin.upload(await admin.get("/console/units/1/import"), "x.csv", [head, ...rows].join("\n"), {}, "/import");
  let planted = 0;
  if (preview.status === 200) {
    const done = await admin.submit(preview, {}, new URL(preview.url).pathname);
    check(done.status === 200, "import: " + words(done.text).slice(0, 300));
    planted = names.filter((n) => i.must("unit", "export").includes(n.trim().slice(0, 4))).length;
  }
  await i.client().submit(await i.client().get("/sign-in"), { login: "=cmd|' /C calc'!A0", password: "x" }, "/sign-in").catch(() => {});
  const exports = [["unit export", i.must("unit", "export")]];
  const sources = [[i.client(), "/"], [i.client(), "/results"], [i.client(), "/units"], [i.client(), "/indices"], [admin, "/console/units"], [admin, "/console/users"], [admin, "/console/rights"]];
  const seen = new Set();
  for (const [c, start] of sources) {
    const page = await c.get(start), links = (t) => [...t.matchAll(/href="(\/[^"#]*)"/g)].map((m) => m[1].replace(/&amp;/g, "&"));
    const near = links(page.text).filter((l) => l.startsWith(start === "/" ? "/" : start)).slice(0, 25);
    for (const l of [...links(page.text), ...(await Promise.all(near.map((n) => c.get(n)))).flatMap((p) => links(p.text))]) {
      if (!/\.csv(\?|$)/.test(l) || seen.has(l) || seen.size > 60) continue;
      seen.add(l);
      exports.push([l, (await c.get(l)).text]);
    }
  }
  const audit = await auditor.submit(await auditor.get("/console/audit"), {}, "/audit/export");
  equal(audit.status, 200, "audit export");
  exports.push(["audit export", audit.text]);
  let cells = 0;
  for (const [what, text] of exports)
    for (const cell of csv_cells(text)) {
      cells++;
      check(!/^[=+\-@\t\r]/.test(cell) || /^[+-]?\d+(\.\d+)?$/.test(cell) || cell === "-", `${what}: the cell ${JSON.stringify(cell.slice(0, 80))}`);
    }
  console.log(`     ${exports.length} exports, ${cells} cells, ${planted} formulas planted`);
  check(exports.length >= 4 && planted >= 4, "too few exports or formulas to say anything");
}));
