// SPDX-License-Identifier: AGPL-3.0-or-later
// An attack by subtraction on published results: nothing about fewer than five people comes out of any channel.
import fs from "node:fs";
import path from "node:path";
import { check, equal, test } from "./harness.mjs";
import { api, createRound, demonstration, postAll, signedIn, smallForm, step, text, unzip, uploadForm } from "./survey.mjs";

const program = process.argv[2];
const least = 5, items = { b1: "B2.1.1", b2: "B2.2.1" }, nodes = { "B2.1": ["b1"], "B2.2": ["b2"], B2: ["b1", "b2"], B: ["b1", "b2"] };
const names = { "01": "Hà Nội", 24: "Bắc Ninh", 38: "Thanh Hóa", 48: "Đà Nẵng", 52: "Gia Lai", 79: "Hồ Chí Minh" };
let formId = null;

// People of one place: n who answer b1, of these old ones also b2; none of them say "no opinion".
function place(tinh, n, { old = 0, none = 0 } = {}) {
  return Array.from({ length: n }, (_, k) => ({ ...(tinh ? { tinh } : {}), da_lam: "co", tuoi: k < old ? 70 : 30,
    b1: k < none ? "9" : String(1 + (k * 7 + n) % 5), ...(k < old ? { b2: String(1 + (k * 3 + n) % 5) } : {}) }));
}

const cases = {
  "one-small": [place("01", 30, { old: 15 }), place("24", 3), place("38", 20, { old: 9 }), place("52", 12, { old: 6 })],
  "small-beside-no-place": [place("01", 30, { old: 15 }), place("24", 2, { old: 1 }), place("38", 20, { old: 10 }), place("", 10, { old: 6 })],
  "two-beside-two": [place("01", 30), place("24", 2), place("38", 9), place("", 2)],
  "many-small": [place("01", 3, { old: 3 }), place("24", 4, { old: 2 }), place("38", 2), place("48", 1), place("52", 40, { old: 30 })],
  "small-in-one-item": [place("01", 30, { old: 3 }), place("24", 25, { old: 20 }), place("38", 20, { old: 10 }), place("", 6, { old: 6 })],
  "no-opinion-alone": [place("01", 30, { old: 10 }), place("24", 3, { none: 3 }), place("38", 12, { old: 6, none: 3 })],
  "few-in-all": [place("01", 30, { old: 2 }), place("24", 15, { old: 1 }), place("38", 12)],
  "no-opinion-everywhere": [place("01", 12, { old: 6, none: 12 }), place("24", 9, { old: 6, none: 9 })],
  "nothing-small": [place("01", 30, { old: 10 }), place("24", 15, { old: 6 }), place("38", 12, { old: 6 })],
};

const csv = (s) => s.replace(/^\ufeff/, "").trim().split(/\r?\n/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));
const opinions = (people, item, tinh) => people.filter((p) => p[item] && p[item] !== "9" && (tinh === undefined || (p.tinh ?? "") === tinh)).length;
const key = (name, place) => `${name} ${place}`;

// Every channel that tells figures, each as a map from "measure.code place" to { n, value }.
async function channels(i, officer, id, code) {
  const list = (await i.client().get("/results")).text;
  const href = list.match(new RegExp(`href="(/results/[a-z0-9-]+/\\d+)">Đợt ${code}<`))[1];
  const page = await i.client().get(href), english = await i.client().get("/en" + href);
  const zip = (await i.client().get(page.text.match(/href="(\/results\/[^"]+\.zip)"/)[1])).bytes;
  const parts = Object.fromEntries(Object.entries(await unzip(zip)).map(([k, v]) => [k, v.toString("utf8")]));
  const ofJson = (x) => new Map(x.indicators.map((f) => [key(f.name, Object.values(f.domain)[0] ?? ""), f.suppressed ? { n: f.n, value: f.value, hidden: true } : f]));
  const ofCsv = (s) => new Map(csv(s).slice(1).map((r) => [key(r[0], r[5]), { n: r[6] === "" ? null : Number(r[6]), value: r[7] === "" ? null : Number(r[7]), hidden: /1|true/.test(r[8]) }]));
  return { pages: [page, english, await officer.get(`/console/rounds/${id}/results`)], zip, parts, figures: {
    api: ofJson((await api(i.base, `/rounds/${code}/results`)).json), results: ofJson(JSON.parse(parts["results.json"])),
    "package csv": ofCsv(parts["figures.csv"]), "page csv": ofCsv((await i.client().get(href + "/figures.csv")).text),
    "live csv": ofCsv((await officer.get(`/console/rounds/${id}/results.csv`)).text) } };
}

const shown = (f) => f && !f.hidden && f.n > 0;

// Figures: a cell that is told has five people, a hidden one tells nothing, and the rest of every sum is nobody or five.
function attackFigures(figures, people, what) {
  const places = [...new Set(people.map((p) => p.tinh).filter(Boolean))];
  for (const f of figures.values()) {
    check(!f.hidden || (!f.n && f.value === null), `${what}: a hidden figure tells ${JSON.stringify(f)}`);
    check(!f.n || f.n >= least, `${what}: a figure of ${f.n} people`);
  }
  for (const [code, of] of [...Object.entries(items).map(([q, c]) => [c, [q]]), ...Object.entries(nodes)]) {
    for (const measure of ["satisfied", "mean"]) {
      const whole = figures.get(key(`${measure}.${code}`, ""));
      if (!shown(whole)) continue;
      let rest = whole.n;
      for (const t of places) {
        const cell = figures.get(key(`${measure}.${code}`, t));
        if (!shown(cell)) continue;
        rest -= cell.n;
        equal(cell.n, of.reduce((n, q) => n + opinions(people, q, t), 0), `${what}: n of ${code} in ${t}`);
        for (const q of of) check(opinions(people, q, t) === 0 || shown(figures.get(key(`${measure}.${items[q]}`, t))), `${what}: ${code} in ${t} is told though ${q} is hidden`);
      }
      const hidden = places.filter((t) => !shown(figures.get(key(`${measure}.${code}`, t))) && of.some((q) => people.some((p) => p[q] && p.tinh === t)));
      const loose = of.reduce((n, q) => n + opinions(people, q, ""), 0);
      if (hidden.length) {
        check(rest >= least, `${what}: ${measure}.${code} minus what is told leaves ${rest}`);
        check(hidden.length > 1 || loose > 0, `${what}: ${measure}.${code} is hidden in ${hidden} alone`);
      }
    }
  }
}

// The package: rows that name a place are five or more; what left its row cannot be told apart.
function attackPackage(parts, people, what) {
  const [head, ...rows] = csv(parts["answers.csv"]);
  equal(rows.length, people.length, `${what}: rows`);
  const unplaced = csv(parts["unplaced.csv"]).slice(1);
  for (const t of Object.keys(names)) {
    const n = rows.filter((r) => r[0] === t).length;
    check(n === 0 || n >= least, `${what}: ${n} rows of ${t}`);
  }
  for (const q of Object.keys(items)) {
    const col = head.indexOf(q), told = (t) => rows.filter((r) => r[0] === t && r[col] !== "" && r[col] !== undefined);
    for (const t of Object.keys(names)) {
      const n = told(t).length;
      check(n === 0 || n >= least, `${what}: ${n} answers of ${q} in ${t}`);
    }
    const all = people.filter((p) => p[q]).length;
    if (all && all < least) {
      equal([rows.filter((r) => r[col]).length, unplaced.filter((r) => r[0] === q).length], [0, 0], `${what}: answers of ${q}, given by ${all}`);
      continue;
    }
    const away = unplaced.filter((r) => r[0] === q).reduce((n, r) => n + Number(r[2]), 0);
    const sources = ["", ...Object.keys(names)].filter((t) => people.some((p) => p[q] && (p.tinh ?? "") === t) && told(t).length === 0);
    equal(away, people.filter((p) => p[q] && sources.includes(p.tinh ?? "")).length, `${what}: answers of ${q} without a place`);
    check(away === 0 || (away >= least && sources.length > 1), `${what}: ${away} answers of ${q} stand apart and are those of ${sources.map((t) => t || "no place")}`);
  }
}

function attackPages(pages, figures, people, what) {
  for (const [t, name] of Object.entries(names)) {
    if (shown(figures.get(key("satisfied.B", t)))) continue;
    for (const page of pages) {
      equal(page.status, 200, page.url);
      for (const row of page.text.match(/<(tr|li|g|a)\b[^>]*>(?:(?!<\1\b)[\s\S])*?<\/\1>/g) ?? [])
        if (text(row).includes(name) && row.length < 3000)
          check(!/n\s*=\s*[1-9]|\d+[.,]\d/.test(text(row)), `${what}: ${page.url} tells of ${name}: ${text(row).slice(0, 200)}`);
    }
  }
}

for (const [name, groups] of Object.entries(cases)) {
  test(`suppression: ${name}`, async () => {
    const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), code = `nho-${name}`, people = groups.flat();
    formId ??= await uploadForm(officer, "nho.xlsx", smallForm("thu-nho"));
    const id = await createRound(officer, formId, code);
    await step(officer, id, "open");
    await postAll(i.base, code, people);
    await step(officer, id, "close", "Đủ phiếu");
    i.must("edition", "publish", code);
    const all = await channels(i, officer, id, code);
    for (const [what, figures] of Object.entries(all.figures)) attackFigures(figures, people, `${name}, ${what}`);
    attackPackage(all.parts, people, name);
    attackPages(all.pages, all.figures.api, people, name);
    if (name === "nothing-small") check(![...all.figures.api.values()].some((f) => f.hidden), "nothing needs to be hidden");
    const file = path.join(i.dir, `${code}.zip`);
    fs.writeFileSync(file, all.zip);
    equal(i.run("edition", "verify", file).code, 0, "the package still verifies");
  });
}
