// SPDX-License-Identifier: AGPL-3.0-or-later
// A round is weighted, published and verified; the package is computed again by a few lines of script; a changed weight is found.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { check, equal, test } from "./harness.mjs";
import { api, createRound, demonstration, postAll, signedIn, smallForm, step, text, unzip, uploadForm, workbook, zip } from "./survey.mjs";

const program = process.argv[2];
const place = (tinh, n, good) => Array.from({ length: n }, (_, k) => ({ tinh, da_lam: "co", tuoi: k % 3 ? 70 : 30,
  b1: k % 11 === 10 ? "9" : k % 10 < good ? String(4 + k % 2) : String(1 + k % 3), ...(k % 3 ? { b2: String(1 + (k * 3 + n) % 5) } : {}) }));
const people = [...place("01", 60, 9), ...place("24", 45, 4), ...place("38", 120, 6), ...place("52", 3, 5)];
const margins = "ma,dan so\n01,1.200.000\n24,300000\n38,900000\n52,200000";
const csv = (s) => s.replace(/^\ufeff/, "").trim().split(/\r?\n/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));

// sum w s / sum w c over rows, and its standard error over strata and units: written from the package's README alone.
function recompute(parts, names, satisfied, tinh) {
  const how = JSON.parse(parts["weighting.json"]), [head, ...answers] = csv(parts["answers.csv"]), rows = [];
  const col = (name) => head.indexOf(name), num = (v) => (satisfied ? (v >= 4 ? 100 : 0) : v);
  answers.forEach((r, k) => {
    if (!r[col("weight")] || (tinh && r[0] !== tinh)) return;
    const told = names.map((q) => Number(r[col(q)] || 9)).filter((v) => v !== 9);
    rows.push({ w: Number(r[col("weight")]), h: r[0] ? r[col("stratum")] : "0", u: r[col("psu")] || `row${k}`, g: r[0], c: told.length, s: told.reduce((a, v) => a + num(v), 0) });
  });
  if (!tinh) csv(parts["unplaced.csv"]).slice(1).forEach(([q, v, n], k) => {
    for (let j = 0; j < Number(n); j++) {
      const ours = names.includes(q) && v !== "9";
      rows.push({ w: how.mean, h: "0", u: `away${k}.${j}`, g: "", c: ours ? 1 : 0, s: ours ? num(Number(v)) : 0 });
    }
  });
  const sum = (l, f) => l.reduce((a, x) => a + f(x), 0), W = sum(rows, (r) => r.w * r.c), value = sum(rows, (r) => r.w * r.s) / W;
  for (const r of rows) r.z = r.w * (r.s - value * r.c) / W;
  const means = new Map([...new Set(rows.map((r) => r.g))].map((g) => [g, g && how.adjusted ? sum(rows.filter((r) => r.g === g), (r) => r.z) / sum(rows.filter((r) => r.g === g), (r) => r.w) : 0]));
  for (const r of rows) r.z -= r.w * means.get(r.g);
  let variance = 0;
  for (const h of new Set(rows.map((r) => r.h))) {
    const units = new Map();
    for (const r of rows.filter((x) => x.h === h)) units.set(r.u, (units.get(r.u) ?? 0) + r.z);
    const t = [...units.values()], mean = sum(t, (x) => x) / t.length;
    variance += t.length === 1 ? t[0] ** 2 : t.length / (t.length - 1) * sum(t, (x) => (x - mean) ** 2);
  }
  return { value, se: Math.sqrt(variance) };
}

// The parts with sums and a seal of another key that fit them: what is wrong is found by computing alone.
function sealed(parts) {
  const hash = (name) => crypto.createHash("sha256").update(parts[name]).digest("hex");
  const sums = parts["SHA256SUMS"].replace(/^[0-9a-f]{64}  (.+)$/gm, (_, name) => `${hash(name)}  ${name}`), { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519");
  return zip({ ...parts, "SHA256SUMS": sums, "seal.json": JSON.stringify({ algorithm: "Ed25519", signed: "SHA256SUMS",
    public_key: publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"), signature: crypto.sign(null, Buffer.from(sums), privateKey).toString("hex") }) });
}

async function closedRound(officer, code, base, list) {
  const id = await createRound(officer, await uploadForm(officer, "nho.xlsx", smallForm(code)), code);
  await step(officer, id, "open");
  await postAll(base, code, list);
  await step(officer, id, "close", "Đủ phiếu");
  return id;
}

const near = (x, y, what) => check(Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(y)), `${what}: ${x} beside ${y}`);
const weigh = async (officer, id, values) => officer.submit(await officer.get(`/console/rounds/${id}/weights`), { design: "stated", units: "", margins, source: "Thử", cap: "", act: "save", ...values }, "/weights");

test("weights: published, verified, computed again from the package", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), code = "trong-so", id = await closedRound(officer, code, i.base, people);
  let page = await officer.get(`/console/rounds/${id}/weights`);
  check(/Chưa đặt trọng số/.test(text(page.text)), "nothing is set");
  page = await weigh(officer, id, { margins: "01,1200000\n24,không rõ\n99,5\n01,3", source: "" });
  equal(page.status, 422, "margins with faults");
  for (const what of ["Dòng 2: số dân của “24”", "Dòng 3: không có tỉnh mã “99”", "Dòng 4: mã “01” có ở dòng trước"]) check(text(page.text).includes(what), `${what}: ${text(page.text).slice(0, 900)}`);
  check(page.text.includes("24,không rõ"), "what was typed stays");
  page = await weigh(officer, id, { margins: "01,1200000\n24,300000" });
  equal(page.status, 422, "a province without population");
  check(text(page.text).includes("Tỉnh mã “38” có 120 phiếu nhưng chưa có số dân"), "it names the province");
  page = await weigh(officer, id, { act: "preview" });
  check(/Xem thử, chưa lưu/.test(text(page.text)) && /2\.400\.000|2 400 000/.test(text(page.text)) === false, "a preview");
  check(/Chưa đặt trọng số/.test(text((await officer.get(`/console/rounds/${id}/weights`)).text)), "a preview keeps nothing");
  await weigh(officer, id, {});
  check(/Đang dùng bản 1/.test(text((await officer.get(`/console/rounds/${id}/weights`)).text)), "kept");
  i.must("edition", "publish", code);
  const all = (await api(i.base, `/rounds/${code}/results`)).json, figure = (name, tinh = "") => all.indicators.find((f) => f.name === name && (Object.values(f.domain)[0] ?? "") === tinh);
  equal(all.label, "weighted", "label");
  const href = `/results/${code}/1`, file = path.join(i.dir, `${code}.zip`), bytes = (await i.client().get(`${href}/${code}-1.zip`)).bytes;
  fs.writeFileSync(file, bytes);
  equal(i.run("edition", "verify", file).code, 0, "verifies");
  const files = await unzip(bytes), parts = Object.fromEntries(Object.entries(files).map(([k, v]) => [k, v.toString("utf8")]));
  for (const [name, names] of [["B", ["b1", "b2"]], ["B2.1.1", ["b1"]], ["B2.2.1", ["b2"]]])
    for (const tinh of ["", "01", "24", "38"])
      for (const measure of ["satisfied", "mean"]) {
        const f = figure(`${measure}.${name}`, tinh), again = recompute(parts, names, measure === "satisfied", tinh);
        if (f.suppressed) continue;
        near(f.value, again.value, `${measure}.${name} ${tinh}`);
        near(f.se, again.se, `se of ${measure}.${name} ${tinh}`);
        check(f.low < f.value && f.value < f.high, `interval of ${measure}.${name} ${tinh}`);
      }
  const plain = people.filter((p) => p.b1 !== "9"), raw = 100 * plain.filter((p) => p.b1 >= "4").length / plain.length;
  check(Math.abs(figure("satisfied.B2.1.1").value - raw) > 1, "weights move the whole");
  check(figure("satisfied.B", "52").suppressed && figure("satisfied.B", "52").se === null, "three people stay hidden");
  check(!csv(parts["answers.csv"]).some((r) => r[0] === "52"), "and leave the package");
  check(/có gia quyền/.test(text((await i.client().get(href)).text)) && /khoảng tin cậy 95%/.test(text((await i.client().get(href)).text)), "the page says so");
  const w = csv(parts["answers.csv"]).slice(1).find((r) => r.at(-3)).at(-3), changed = parts["answers.csv"].replace(w, w.replace(/\d(?=\d*$)/, (d) => (d === "1" ? "2" : "1")));
  const many = parts["unplaced.csv"].trimEnd() + "\r\nb1,4,15000000\r\nb2,4,15000000\r\n";
  for (const [what, bytes, fault] of [["nothing changed", sealed(parts), null], ["a changed weight", zip({ ...parts, "answers.csv": changed }), /SHA-256/],
    ["a changed weight in sums that fit", sealed({ ...parts, "answers.csv": changed }), /does not come out again/], ["too many without a place", sealed({ ...parts, "unplaced.csv": many }), /more answers than can be/]]) {
    fs.writeFileSync(file, bytes);
    const r = i.run("edition", "verify", file);
    check(fault ? r.code !== 0 && fault.test(r.out + r.err) : r.code === 0, `${what}: ${r.out}${r.err}`);
  }
  page = await officer.get(`/console/rounds/${id}/weights`);
  check(/không bỏ được/.test(text(page.text)), "a published recipe stays");
});

// The residuals of raked weights: least squares on the margins with base weights, over all rows that stand in a place.
function raked(parts, names, tinh) {
  const how = JSON.parse(parts["weighting.json"]), [head, ...answers] = csv(parts["answers.csv"]), col = (name) => head.indexOf(name), rows = [];
  answers.forEach((r, k) => {
    if (!r[col("weight")]) return;
    const told = names.map((q) => Number(r[col(q)] || 9)).filter((v) => v !== 9), inside = !tinh || r[0] === tinh;
    rows.push({ w: Number(r[col("weight")]), d: Number(r[col("base")] || 0), h: r[0] ? r[col("stratum")] : "0", u: r[col("psu")] || `row${k}`, g: r[0],
      groups: Object.keys(how.groups).map((q) => `${q}=${r[col(q)]}`), c: inside ? told.length : 0, s: inside ? told.filter((v) => v >= 4).length * 100 : 0 });
  });
  if (!tinh) csv(parts["unplaced.csv"]).slice(1).forEach(([q, v, n], k) => {
    for (let j = 0; j < Number(n); j++) {
      const ours = names.includes(q) && v !== "9";
      rows.push({ w: how.mean, d: 0, h: "0", u: `away${k}.${j}`, g: "", groups: [], c: ours ? 1 : 0, s: ours && Number(v) >= 4 ? 100 : 0 });
    }
  });
  const sum = (l, f) => l.reduce((a, x) => a + f(x), 0), W = sum(rows, (r) => r.w * r.c), value = sum(rows, (r) => r.w * r.s) / W;
  const placed = rows.filter((r) => r.g), levels = [...new Set(placed.map((r) => r.g)), ...new Set(placed.flatMap((r) => r.groups.slice(0, 1)))].slice(0, -1);
  for (const r of rows) { r.z = (r.s - value * r.c) / W; r.x = levels.map((l) => (l === r.g || r.groups.includes(l) ? 1 : 0)); }
  const A = levels.map((_, i) => [...levels.map((_, j) => sum(placed, (r) => r.d * r.x[i] * r.x[j])), sum(placed, (r) => r.d * r.x[i] * r.z)]);
  for (let i = 0; i < A.length; i++) {
    const p = A.slice(i).reduce((b, r, k) => (Math.abs(r[i]) > Math.abs(A[b][i]) ? i + k : b), i);
    [A[i], A[p]] = [A[p], A[i]];
    for (let k = 0; k < A.length; k++) if (k !== i) { const f = A[k][i] / A[i][i]; A[k] = A[k].map((v, j) => v - f * A[i][j]); }
  }
  const B = A.map((r, i) => r.at(-1) / r[i]);
  for (const r of rows) r.z = r.w * (r.z - (r.g ? sum(r.x.map((x, i) => x * B[i]), (v) => v) : 0));
  let variance = 0;
  for (const h of new Set(rows.map((r) => r.h))) {
    const units = new Map();
    for (const r of rows.filter((x) => x.h === h)) units.set(r.u, (units.get(r.u) ?? 0) + r.z);
    const t = [...units.values()], mean = sum(t, (x) => x) / t.length;
    variance += t.length === 1 ? t[0] ** 2 : t.length / (t.length - 1) * sum(t, (x) => (x - mean) ** 2);
  }
  return { value, se: Math.sqrt(variance) };
}

const upload = async (officer, id, name, bytes, act) =>
  officer.upload(await officer.get(`/console/rounds/${id}/weights`), name, bytes, { design: "stated", source: "Thử", cap: "4", act }, "/weights");

test("weights: raked to two margins from a workbook, published, verified, replayed by command", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), code = "nhieu-bien";
  const all = [...place("01", 60, 9), ...place("24", 45, 4), ...place("38", 120, 6)].map((p, k) => ({ ...p, nhom: (k * 7) % 5 < 2 ? "co" : "khong" }));
  const id = await createRound(officer, await uploadForm(officer, "bien.xlsx", smallForm(code, { extra: [["select_one co", "nhom", "Có thẻ không?", "A card?", "", "", "", "", "profile"]] })), code);
  await step(officer, id, "open");
  await postAll(i.base, code, all);
  await step(officer, id, "close", "Đủ phiếu");
  const sheet = (yes, no) => workbook({ bien: [["cau", "ma", "dan so"], ["01", "1200000", ""], ["24", "300000", ""], ["38", "900000", ""], ["nhom", "co", yes], ["nhom", "khong", no]] });
  let page = await upload(officer, id, "bien.xlsx", sheet("900000", "1600000"), "preview");
  equal(page.status, 422, "totals that differ");
  check(/“nhom” cộng lại là 2.500.000, các tỉnh cộng lại là 2.400.000/.test(text(page.text)), `it names both: ${text(page.text).slice(0, 700)}`);
  check(page.text.includes("nhom,khong,1600000"), "what the file held stands in the field");
  page = await upload(officer, id, "bien.xlsx", sheet("900000", "1500000"), "preview");
  check(page.status === 200 && /Số vòng lặp đến khi khớp mọi biên/.test(text(page.text)) && /Phân bố trọng số/.test(text(page.text)), `a preview: ${page.status} ${text(page.text).slice(0, 900)}`);
  check(/Có \d+ ô/.test(text(page.text)) && /ô lớn nhất: \d\d: (Có|Không); B2/.test(text(page.text)), `small groups of a province are told: ${text(page.text).slice(0, 1500)}`);
  page = await upload(officer, id, "x.xlsx", Buffer.from("PK\x03\x04 không phải"), "preview");
  check(page.status === 422 && /Không đọc được tệp/.test(text(page.text)), "a broken file");
  await upload(officer, id, "bien.xlsx", sheet("900000", "1500000"), "save");
  await upload(officer, id, "bien.csv", "01,1200000\n24,300000\n38,900000", "save");
  page = await officer.get(`/console/rounds/${id}/weights?version=1`);
  const shown = page.text.match(/[0-9a-f]{64}/)[0];
  check(/Đây là bản 1; bản đang dùng là bản 2/.test(text(page.text)), "an older version says so");
  check(!/Đang dùng bản 1/.test(text(page.text)), "and not that it is in force");
  const replay = () => JSON.parse(i.must("edition", "weights", code, "--version", "1", "--json"));
  equal(replay().fingerprint, shown, "the command makes the same bits");
  equal(replay().fingerprint, replay().fingerprint, "twice");
  check(JSON.parse(i.must("edition", "weights", code, "--json")).fingerprint !== shown, "another version makes others");
  equal(i.must("edition", "weights", code, "--rows").trim().split("\n").length, all.length + 1, "a line each");
  check(i.run("edition", "weights", code, "--version", "9").code !== 0, "no such version");
  await upload(officer, id, "bien.xlsx", sheet("900000", "1500000"), "save");
  i.must("edition", "publish", code);
  const results = (await api(i.base, `/rounds/${code}/results`)).json, figure = (name, tinh = "") => results.indicators.find((f) => f.name === name && (Object.values(f.domain)[0] ?? "") === tinh);
  const file = path.join(i.dir, `${code}.zip`), bytes = (await i.client().get(`/results/${code}/1/${code}-1.zip`)).bytes;
  fs.writeFileSync(file, bytes);
  const verified = i.run("edition", "verify", file);
  equal(verified.code, 0, `verifies: ${verified.out}${verified.err}`);
  const parts = Object.fromEntries(Object.entries(await unzip(bytes)).map(([k, v]) => [k, v.toString("utf8")]));
  for (const [name, names] of [["B", ["b1", "b2"]], ["B2.1.1", ["b1"]]])
    for (const tinh of ["", "01", "24", "38"]) {
      const f = figure(`satisfied.${name}`, tinh), again = raked(parts, names, tinh);
      near(f.value, again.value, `${name} ${tinh}`);
      near(f.se, again.se, `se of ${name} ${tinh}`);
    }
  const [head, ...rows] = csv(parts["answers.csv"]), at = (name) => head.indexOf(name), share = (q) => rows.filter((r) => r[at("nhom")] === q).reduce((a, r) => a + Number(r[at("weight")]), 0);
  check(Math.abs(share("co") - 900000) < 1e-3 && Math.abs(share("khong") - 1500000) < 1e-3, "margins are met");
  const changed = parts["answers.csv"].replace(/^(24,.*?,)([\d.]+)(,\d+,\d*,)1(,co\r)/m, "$1$2$32$4");
  check(changed !== parts["answers.csv"], "a base weight was changed");
  fs.writeFileSync(file, sealed({ ...parts, "answers.csv": changed }));
  const wrong = i.run("edition", "verify", file);
  check(wrong.code !== 0 && /does not come out again/.test(wrong.out + wrong.err), `a changed base weight: ${wrong.out}`);
});

test("weights: no random sample, no intervals; a recipe can be removed", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), code = "tu-nguyen", id = await closedRound(officer, code, i.base, people);
  await weigh(officer, id, { design: "none" });
  await officer.submit(await officer.get(`/console/rounds/${id}/weights`), {}, "/remove");
  check(/Chưa đặt trọng số/.test(text((await officer.get(`/console/rounds/${id}/weights`)).text)), "removed");
  await weigh(officer, id, { design: "none" });
  i.must("edition", "publish", code);
  const all = (await api(i.base, `/rounds/${code}/results`)).json;
  equal(all.label, "weighted", "label");
  check(all.indicators.every((f) => f.se === null && f.low === null && f.high === null), "no errors");
  check(/không có khoảng tin cậy/.test(text((await i.client().get(`/results/${code}/1`)).text)), "the page says so");
  const file = path.join(i.dir, `${code}.zip`);
  fs.writeFileSync(file, (await i.client().get(`/results/${code}/1/${code}-1.zip`)).bytes);
  equal(i.run("edition", "verify", file).code, 0, "verifies");
});

test("weights: a package made before there were weights still verifies", async () => {
  const i = await demonstration(program);
  equal(i.run("edition", "verify", path.join(import.meta.dirname, "edition-before-weights.zip")).code, 0, "verifies");
});
