// SPDX-License-Identifier: AGPL-3.0-or-later
// An attack on small groups through every channel at once: totals less what is told, filters and pages of the interface, SDMX, frames, the map and the
// board, the steps of a running round. What fewer than five people said must come out of none of them, nor of two of them together.
import { check, equal, test } from "./harness.mjs";
import { createRound, demonstration, postAll, signedIn, smallForm, step, text, uploadForm } from "./survey.mjs";

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
