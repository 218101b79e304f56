// SPDX-License-Identifier: AGPL-3.0-or-later
// An attack on small groups through every channel at once: totals less what is told, filters and pages of the interface, SDMX, frames, the map and the
// board, the steps of a running round. What fewer than five people said must come out of none of them, nor of two of them together.
import fs from "node:fs";
import { Bounds } from "./bounds.mjs";
import { check, equal, test } from "./harness.mjs";
import { createRound, demonstration, postAll, signedIn, smallForm, step, text, unzip, uploadForm } from "./survey.mjs";

const program = process.argv[2], least = 5;
const names = { "01": "Hà Nội", 24: "Bắc Ninh", 38: "Thanh Hóa", 48: "Đà Nẵng", 52: "Gia Lai" };
// Two small places side by side, one of them below five in one question alone, and answers without a place.
const people = [];
const put = (tinh, n, old) => { for (let k = 0; k < n; k++) people.push({ ...(tinh ? { tinh } : {}), da_lam: "co", tuoi: k < old ? 70 : 30, b1: String(1 + (k * 7 + n) % 5), ...(k < old ? { b2: String(1 + (k * 3 + n) % 5) } : {}) }); };
put("01", 40, 20); put("24", 3, 2); put("38", 25, 4); put("48", 4, 4); put("52", 14, 8); put("", 6, 5);
const items = { "B2.1.1": "b1", "B2.2.1": "b2" };
const truth = (item, tinh) => people.filter((p) => p[items[item]] && p[items[item]] !== "9" && (p.tinh ?? "") === tinh).length;
const csv = (s) => s.replace(/^\ufeff/, "").trim().split(/\r?\n/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));

// What one channel tells of one question: n by place, "" for everybody.
const seen = { whole: new Map(), of: new Map() };
function tell(channel, item, place, n, value) {
  if (n === null || n === "" || n === undefined) { check(value === null || value === "" || value === undefined, `${channel}: ${item} ${place} is hidden, but tells ${value}`); return; }
  n = Number(n);
  if (n === 0) return;
  check(n >= least, `${channel}: ${item} in ${place || "all"} tells of ${n} people`);
  const k = `${item} ${place}`, old = seen.of.get(k);
  if (old && old.n !== n) throw new Error(`${channel} tells ${n} for ${k}, ${old.channel} told ${old.n}`);
  seen.of.set(k, { n, channel });
}

// All channels together: the whole less every place that any of them tells is nobody, or five.
function subtract(what) {
  for (const item of Object.keys(items)) {
    const whole = seen.of.get(`${item} `);
    if (!whole) continue;
    const told = Object.keys(names).filter((t) => seen.of.has(`${item} ${t}`)), rest = whole.n - told.reduce((s, t) => s + seen.of.get(`${item} ${t}`).n, 0);
    const hidden = Object.keys(names).filter((t) => !told.includes(t) && truth(item, t) > 0);
    check(rest === 0 || rest >= least, `${what}: ${item} less ${told} leaves ${rest} people of ${hidden}`);
    for (const t of told) equal(seen.of.get(`${item} ${t}`).n, truth(item, t), `${what}: n of ${item} in ${t}`);
    if (hidden.length) check(hidden.length > 1 || truth(item, "") > 0, `${what}: ${item} is hidden in ${hidden} alone`);
  }
}

function pages(list, what) {
  for (const [t, name] of Object.entries(names)) {
    if (Object.keys(items).some((i) => seen.of.has(`${i} ${t}`))) continue;
    for (const page of list) {
      if (page.status === 404) continue;
      equal(page.status, 200, page.url);
      for (const row of page.text.match(/<(tr|li|a|figcaption)\b[^>]*>(?:(?!<\1\b)[\s\S])*?<\/\1>/g) ?? [])
        if (text(row).includes(name) && row.length < 3000) check(!/n\s*=\s*[1-9]|\d+[.,]\d/.test(text(row)), `${what}: ${page.url} tells of ${name}: ${text(row).slice(0, 200)}`);
    }
  }
}

async function apiChannel(c, code) {
  for (const item of Object.keys(items)) for (const measure of ["satisfied", "mean"]) for (const filter of ["", "&domain=whole", "&domain=tinh", ...Object.keys(names).map((t) => `&domain=tinh:${t}`), "&per_page=1&page=2", "&edition=1", "&superseded=1"]) {
    const r = await c.get(`/api/v1/indicators/${measure}.${item}?round=${code}${filter}`);
    equal(r.status, 200, `${r.url}: ${r.text}`);
    for (const v of JSON.parse(r.text).values) {
      check(!v.suppressed || (v.n === null && v.value === null && v.se === null && v.low === null && v.high === null), `a hidden figure tells ${JSON.stringify(v)}`);
      tell(`interface ${filter}`, item, Object.values(v.domain)[0] ?? "", v.n, v.value);
    }
  }
}

async function sdmxChannel(c, code) {
  const [head, ...rows] = csv((await c.get(`/results/${code}/1/sdmx.csv`)).text), col = (r, n) => r[head.indexOf(n)];
  for (const r of rows) {
    check(col(r, "OBS_STATUS") !== "Q" || ["OBS_VALUE", "N_OBS", "STD_ERR", "CI_LOWER", "CI_UPPER"].every((k) => col(r, k) === ""), `SDMX tells ${r}`);
    const item = col(r, "ITEM").replaceAll("_", ".");
    if (items[item] && ["SATISFIED", "MEAN"].includes(col(r, "INDICATOR"))) tell("SDMX", item, col(r, "REF_AREA") === "VN" ? "" : col(r, "REF_AREA"), col(r, "N_OBS"), col(r, "OBS_VALUE"));
  }
}

test("attack: small groups come out of no channel and of no two of them together", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), analyst = await signedIn(i, "phantich"), c = i.client(), code = "tan-cong";
  const form = await uploadForm(officer, "tan-cong.xlsx", smallForm("thu-tan-cong")), id = await createRound(officer, form, code);
  await step(officer, id, "open");
  await postAll(i.base, code, people);
  await step(officer, id, "close", "Đủ phiếu");
  i.must("edition", "publish", code);
  await apiChannel(c, code);
  await sdmxChannel(c, code);
  subtract("published");
  const frames = ["headline", "rank", ...Object.keys(names).map((t) => `unit/${t}`), "likert/B", "likert/B2.1.1", "likert/B2.2.1"].map((x) => `/embed/results/${code}/${x}`);
  const list = [];
  for (const p of [...frames, `/results/${code}/1`, `/en/results/${code}/1`, `/results/${code}/1/embed`, `/results/${code}/1/ddi.xml`]) list.push(await c.get(p));
  for (const p of [`/console/board/1?round=${code}`, `/console/board/1?round=${code}&mode=print`]) list.push(await analyst.get(p));
  pages(list, "published");
  for (const f of list.slice(0, frames.length)) {
    if (f.status === 404) continue;
    check(!/<script|<form|set-cookie/i.test(f.text) && f.headers.get("set-cookie") === null, `${f.url} runs or sets something`);
    check(/default-src 'none'/.test(f.headers.get("content-security-policy")) && !/script-src/.test(f.headers.get("content-security-policy")), f.url);
  }
});

test("attack: a watcher of a running round reads nobody's answer from two looks", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), analyst = await signedIn(i, "phantich"), code = "tan-cong-song";
  const form = await uploadForm(officer, "tan-cong.xlsx", smallForm("thu-tan-cong-song")), id = await createRound(officer, form, code);
  await step(officer, id, "open");
  const look = async () => {
    const rows = csv((await officer.get(`/console/rounds/${id}/results.csv`)).text), board = (await analyst.get("/console/board/1")).text;
    const cells = new Map(rows.slice(1).filter((r) => r[0].startsWith("satisfied.")).map((r) => [`${r[0]} ${r[5]}`, [r[6], r[7]]]));
    return { cells, live: text(board.slice(board.indexOf("dang-chay")).split("<h3>").find((x) => x.includes(`Đợt ${code}`)) ?? "").match(/\d+[.,]\d+\s*%/g) };
  };
  await postAll(i.base, code, people.slice(0, 30));
  let before = await look();
  check(before.live, "the board shows the running round");
  let moved = 0;
  for (let k = 30; k < 46; k++) {
    await postAll(i.base, code, [people[k]]);
    const now = await look();
    for (const [cell, [n]] of now.cells) {
      const was = Number(before.cells.get(cell)?.[0] ?? 0), more = Math.abs(Number(n) - was);
      check(more === 0 || more >= least, `${cell} moves by ${more} with one answer`);
      moved += more > 0;
    }
    if (String(now.live) !== String(before.live)) check([...now.cells].some(([cell, [n]]) => n !== before.cells.get(cell)?.[0]), "the board moves only when a cell does");
    before = now;
  }
  check(moved > 0, "nothing moved at all");
});

// ---- The desk -----------------------------------------------------------------------------------------------------------
// Every table, filter, pair of filters and unit view is asked for, and all counts and sums that are told, with those of the published edition, are solved
// together: a sum of groups of people is known when it is a linear combination of what is told.
class Solver {
  constructor(wide) { this.wide = wide; this.rows = []; }
  reduce(x) {
    for (const { row, pivot } of this.rows) { const f = x[pivot]; if (f) for (let i = 0; i < this.wide; i++) x[i] -= f * row[i]; }
    return x;
  }
  knows(x) { return this.reduce(Float64Array.from(x)).every((v) => Math.abs(v) < 1e-7); }
  learn(x) {
    const y = this.reduce(Float64Array.from(x));
    let pivot = 0;
    for (let i = 1; i < this.wide; i++) if (Math.abs(y[i]) > Math.abs(y[pivot])) pivot = i;
    if (Math.abs(y[pivot]) < 1e-7) return;
    const f = y[pivot];
    this.rows.push({ row: y.map((v) => v / f), pivot });
  }
}

const nobody = "không có số liệu";
const deskPeople = [];
const add = (tinh, phu, noi, n) => { for (let k = 0; k < n; k++) deskPeople.push({ ...(tinh ? { tinh } : {}), ...(phu ? { phu } : {}), ...(noi ? { noi } : {}), da_lam: "co", tuoi: k % 4 ? 30 : 70,
  b1: String(1 + (k * 7 + n) % 5), ...(k % 4 ? {} : { b2: String(1 + (k * 3 + n) % 5) }) }); };
add("01", "co", "01", 34); add("01", "khong", "01", 41); add("01", "co", "24", 9); add("01", "khong", "24", 3); add("01", "", "38", 6);
add("24", "co", "01", 2); add("24", "khong", "24", 1);
add("38", "co", "01", 22); add("38", "khong", "24", 31); add("38", "co", "24", 2); add("38", "khong", "38", 8);
add("52", "co", "24", 26); add("52", "khong", "01", 27); add("52", "khong", "38", 4);
add("48", "co", "01", 12); add("48", "khong", "24", 12); add("", "co", "01", 5); add("", "khong", "24", 7);
const deskVars = { tinh: ["01", "24", "38", "48", "52"], phu: ["co", "khong"], noi: ["01", "24", "38"] };
const places = ["", "01", "24", "38", "48", "52", "79"];
const atoms = places.flatMap((tinh) => ["", "co", "khong"].flatMap((phu) => places.map((noi) => ({ tinh, phu, noi }))));      // whoever there may be
const inside = (group, cell) => Object.entries(cell).every(([v, x]) => (group[v] ?? "") === x);
const vector = (cell) => Float64Array.from(atoms, (g) => Number(inside(g, cell)));

// Levels by what rows of a table are called; undefined: of all.
function levelOf(label, variable) {
  if (!label || label === "Tất cả") return undefined;
  if (label === "Không rõ") return "";
  if (variable === "phu") return { Có: "co", Không: "khong" }[label];
  const code = label.match(/^Tỉnh số (\d+)$/)?.[1] ?? Object.entries(names).find(([, n]) => label.includes(n))?.[0];
  check(code !== undefined || !Object.values(names).some((n) => label.includes(n)), `a row called ${label}`);
  return code ?? null;                       // a unit nobody named
}

async function deskTables(client, code, what, item, solver, cellsTold) {
  const vars = Object.keys(deskVars), bys = [[], ...vars.map((v) => [v]), ...vars.flatMap((v) => vars.filter((w) => w !== v).map((w) => [v, w]))];
  const single = Object.entries(deskVars).flatMap(([v, list]) => list.map((x) => [[v, x]]));
  const filters = [[], ...single, ...single.flatMap(([f]) => single.filter(([g]) => g[0] > f[0]).map(([g]) => [f, g]))];
  const asked = bys.flatMap((by) => filters.flatMap((f) => ["", ...(by.includes("tinh") && f.length < 2 ? ["now", "2025"] : [])].map((view) => ({ by, f, view }))));
  let hidden = 0, refused = 0;
  const one = async ({ by, f, view }) => {
    const query = `round=${code}&what=${what}${by.map((v, k) => `&by${k ? 2 : ""}=${v}`).join("")}${f.map(([v, x], k) => `&${k ? "g" : "f"}=${v}:${x}`).join("")}${view ? `&view=${view}` : ""}`;
    const r = await client.get(`/console/analysis/table.csv?${query}`);
    equal(r.status, 200, query);
    if (!/csv/.test(r.headers.get("content-type"))) { check(/Không trình bày được bảng này/.test(text(r.text)), `${query}: ${text(r.text).slice(0, 300)}`); refused++; return; }
    for (const row of csv(r.text).slice(1)) {
      const cell = Object.fromEntries(f), levels = by.map((v, k) => levelOf(row[k], v));
      if (levels.includes(null)) { check(row[4] === "" || row[4] === "0", `${query}: ${row}`); continue; }
      let none = false;
      by.forEach((v, k) => { if (levels[k] !== undefined) { none ||= cell[v] !== undefined && cell[v] !== levels[k]; cell[v] = levels[k]; } });
      if (none) { check(!Number(row[4]), `${query}: nobody is in two places: ${row}`); continue; }
      const n = deskPeople.filter((p) => inside(p, cell) && p[item] && p[item] !== "9").length;
      if (row[4] === "") {
        check(row.slice(5, 12).every((c) => c === ""), `${query}: a hidden figure tells ${row}`);
        if (row[15] === nobody) { equal(n, 0, `${query}: nobody in ${row}`); atoms.forEach((g, k) => { if (inside(g, cell)) solver.learn(Float64Array.from(atoms, (_, j) => Number(j === k))); }); }
        else hidden++;
        continue;
      }
      equal(Number(row[4]), n, `${query}: n of ${row.slice(0, 2)}`);
      check(n === 0 || n >= least, `${query}: ${n} people of ${JSON.stringify(cell)}`);
      solver.learn(vector(cell));
      cellsTold.add(JSON.stringify(Object.entries(cell).sort()));
    }
  };
  for (let k = 0; k < asked.length; k += 8) await Promise.all(asked.slice(k, k + 8).map(one));
  return { hidden, refused, asked: asked.length };
}

// Of all groups by up to three variables: those of one to four who answered are a combination of nothing told.
function secrets(item, solver, what) {
  let small = 0;
  const level = (v) => [undefined, "", ...deskVars[v]];
  for (const tinh of level("tinh")) for (const phu of level("phu")) for (const noi of level("noi")) {
    const cell = Object.fromEntries(Object.entries({ tinh, phu, noi }).filter(([, x]) => x !== undefined)), n = deskPeople.filter((p) => inside(p, cell) && p[item]).length;
    if (!n || n >= least) continue;
    small++;
    check(!solver.knows(vector(cell)), `${what}: what ${n} people of ${JSON.stringify(cell)} said of ${item} follows from what is told`);
  }
  return small;
}

// Whoever knows all that is told also knows that counts are not negative: how many of a hidden group were satisfied, and how many were not, lies between bounds.
// Of a group too small, or of few who all said the same, neither number may come out, nor that one of them is nought.
function bounded(item, solver, what) {
  const satisfied = (p) => Number(p[item]) >= 4, key = (p) => `${p.tinh ?? ""} ${p.phu ?? ""} ${p.noi ?? ""}`, at = new Map(atoms.map((g, k) => [key(g), k]));
  const sides = [0, 1].map((side) => deskPeople.filter((p) => p[item] && Number(satisfied(p)) === side).reduce((n, p) => { n[at.get(key(p))]++; return n; }, new Float64Array(atoms.length)));
  const sum = (x, n) => x.reduce((s, v, k) => s + v * n[k], 0), bounds = sides.map((n) => new Bounds(atoms.length, solver.rows.map(({ row }) => [row, sum(row, n)])));
  const level = (v) => [undefined, "", ...deskVars[v]];
  let closest = Infinity;
  for (const tinh of level("tinh")) for (const phu of level("phu")) for (const noi of level("noi")) {
    const cell = Object.fromEntries(Object.entries({ tinh, phu, noi }).filter(([, x]) => x !== undefined)), x = vector(cell), n = sides.map((side) => sum(x, side)), all = n[0] + n[1];
    if (!all || (all >= least && (all >= 30 || (n[0] && n[1])))) continue;
    const of = bounds.map((b) => b.of(x)), width = of.map(([low, high]) => high - low);
    check(width.every((w) => w > 0.99) && of.every(([, high]) => high > 0.99), `${what}: of ${JSON.stringify(cell)} with ${n} of either opinion it follows that they are ${JSON.stringify(of)}`);
    closest = Math.min(closest, width[0] + width[1]);
  }
  return closest;
}

test("attack: no differences of the desk's tables, filters, unit views and the edition give a small group", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), analyst = await signedIn(i, "phantich"), code = "tan-cong-ban";
  const extra = [["select_one co", "phu", "Ông/bà có người phụ thuộc không?", "Dependants?", "", "", "", "", "profile"], ["select_one tinh", "noi", "Ông/bà làm việc ở đâu?", "Where do you work?", "", "", "", "", "profile"]];
  const form = await uploadForm(officer, "tan-cong-ban.xlsx", smallForm("thu-tan-cong-ban", { extra })), id = await createRound(officer, form, code);
  await step(officer, id, "open");
  await postAll(i.base, code, deskPeople);
  await step(officer, id, "close", "Đủ phiếu");
  i.must("edition", "publish", code);
  const figures = csv((await i.client().get(`/results/${code}/1/figures.csv`)).text);
  for (const [what, item, name] of [["q.b1", "b1", "satisfied.B2.1.1"], ["q.b2", "b2", "satisfied.B2.2.1"], ["n.B", "b1", "satisfied.B"]]) {
    const solver = new Solver(atoms.length), told = new Set();
    for (const f of figures) if (f[0] === name && ["", "tinh"].includes(f[4]) && Number(f[6]) > 0) solver.learn(vector(f[5] ? { tinh: f[5] } : {}));
    const { hidden, refused, asked } = await deskTables(analyst, code, what, item, solver, told), small = secrets(item, solver, what);
    check(small > 8 && hidden > 50 && told.size > 8, `${what}: ${small} small groups, ${hidden} hidden, ${told.size} told`);
    check(bounded(item, solver, what) > least - 2, `${what}: a small group is known too closely`);
    check(refused < asked / 2, `${what}: ${refused} of ${asked} tables are refused`);
  }
  const sheet = await analyst.get(`/console/analysis/table.xlsx?round=${code}&what=q.b1&by=tinh&by2=phu`);
  equal(sheet.status, 200, "the workbook");
  const rows = csv((await analyst.get(`/console/analysis/table.csv?round=${code}&what=q.b1&by=tinh&by2=phu`)).text).slice(1);
  const page = text((await analyst.get(`/console/analysis?round=${code}&what=q.b1&by=tinh`)).text);
  check(!/n = [1-4]\b/.test(page), "the page tells of fewer than five");
  const cells = (await unzip(sheet.bytes))["xl/worksheets/sheet1.xml"].toString("utf8").match(/<row[\s\S]*?<\/row>/g).slice(1);
  equal(cells.length, rows.length, "rows of the workbook");
  rows.forEach((r, k) => { if (r[4] === "") check(!/<v>/.test(cells[k].replace(/<c[^>]*t="(?:inlineStr|s)"[\s\S]*?<\/c>/g, "")), `the workbook tells of ${r}: ${cells[k]}`); });
});

// ---- Editions ---------------------------------------------------------------------------------------------------------------
// Between two editions four people of one place withdraw, after which another place would be the smallest to hide beside a small one. Who takes for granted
// that nothing else moved has the tables of both.
// `left`: the place that four people leave, or all of the small one.
for (const left of ["52", "24"]) test(`attack: an edition and its correction together give no small group, and the first stays as it was (${left} shrinks)`, async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), analyst = await signedIn(i, "phantich"), code = `tan-cong-sua-${left}`;
  const form = await uploadForm(officer, `${code}.xlsx`, smallForm(`thu-${code}`)), id = await createRound(officer, form, code);
  const size = { "01": 40, 24: 3, 38: 25, 48: 14, 52: 16 };
  const crowd = Object.entries(size).flatMap(([tinh, n]) => Array.from({ length: n }, (_, k) => ({ tinh, da_lam: "co", tuoi: 70, b1: String(1 + (k * 7 + n) % 5), b2: String(1 + (k * 3 + n) % 5) })));
  await step(officer, id, "open");
  const receipts = await postAll(i.base, code, crowd);
  await step(officer, id, "close", "Đủ phiếu");
  i.must("edition", "publish", code);
  const file = async (n) => (await i.client().get(`/results/${code}/${n}/${code}-${n}.zip`)).bytes, first = await file(1);
  for (const k of crowd.map((p, k) => [p, k]).filter(([p]) => p.tinh === left).slice(0, 4).map(([, k]) => k)) {
    const gone = i.client(), done = await gone.submit(await gone.get(`/s/${code}/withdraw`), { receipt: receipts[k] }, "/withdraw");
    check(done.status === 200 && done.text.includes(receipts[k]), `withdrawn: ${done.status}`);
  }
  i.must("edition", "correct", code, "--reason", "Có người rút phiếu");
  check((await file(1)).equals(first), "the package of edition 1 is bit-equal");
  const places = Object.keys(size), one = (set) => Float64Array.from(places, (t) => Number(set.includes(t)));
  for (const name of ["satisfied.B2.1.1", "mean.B2.2.1", "satisfied.B"]) {
    const solver = new Solver(places.length), told = [], tables = [];
    for (const n of [1, 2]) {
      const all = csv((await i.client().get(`/results/${code}/${n}/figures.csv`)).text).filter((f) => f[0] === name), rows = all.filter((f) => Number(f[6]) > 0);
      const small = all.find((f) => f[5] === "24");
      check(small && small[6] === "" && small[7] === "" && /1|true/.test(small[8]), `${name}: edition ${n} tells of the small place: ${small}`);
      check(rows.some((f) => f[5] === ""), `${name}: the whole of edition ${n}`);
      told.push(rows.map((f) => f[5]).filter((t) => t));
    }
    const desk = csv((await analyst.get(`/console/analysis/table.csv?round=${code}&what=${name === "satisfied.B" ? "n.B" : name.endsWith("B2.1.1") ? "q.b1" : "q.b2"}&by=tinh`)).text).slice(1);
    tables.push(...told, desk.filter((r) => Number(r[4]) > 0).map((r) => levelOf(r[0], "tinh")).filter((t) => t));
    for (const t of tables) { t.forEach((x) => solver.learn(one([x]))); solver.learn(one(places.filter((x) => !t.includes(x)))); }
    check(told[0].length > 1 && !told[0].includes("24"), `${name}: ${told[0]} are told`);
    for (const t of told[1]) check(told[0].includes(t), `${name}: ${t} was hidden in edition 1 and is told in edition 2`);
    check(!solver.knows(one(["24"])), `${name}: what three people said follows from ${JSON.stringify(tables)}`);
  }
  const zip = `${i.dir}/${code}-2.zip`;
  fs.writeFileSync(zip, await file(2));
  equal(i.run("edition", "verify", zip).code, 0, "edition 2 verifies");
});
