// SPDX-License-Identifier: AGPL-3.0-or-later
// A round as the country runs it: frame, sample, four channels, cleaning, files; at the end every number is the test's own tally.
import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import { check, equal, sleep, test, uuid } from "./harness.mjs";
import { answerPages, answerRound, createRound, demonstration, postAll, signedIn, smallForm, step, text, uploadForm } from "./survey.mjs";
import { jobDone, uploadFrame } from "./sample_test.mjs";

const program = process.argv[2], code = "quoc-gia";
const provinces = ["01", "24", "48", "52"], villages = 6, persons = 20;

// Four provinces of two communes of three villages of twenty persons: 480 rows.
function frame() {
  let csv = "ma_tinh,ma_xa,ma_thon,ma,ho_ten,dia_chi,dien_thoai\n", n = 0;
  for (const t of provinces)
    for (let v = 0; v < villages; v++)
      for (let p = 0; p < persons; p++, n++)
        csv += `${t},${t}X${v % 2},${t}T${v},${t}-${v}-${p},Người ${n},Nhà ${n},0905 2${String(10000 + n)}\n`;
  return csv;
}

const tail = (page) => page.path.split("/").slice(-2).join("/");
async function drawn(officer) {
  let page = await uploadFrame(officer, "Dàn mẫu bốn tỉnh", frame());
  page = await officer.submit(page, { title: "Mẫu bốn tỉnh" }, "/design");
  const stages = [{ label: "Xã", unit: "ma_xa", strata: "ma_tinh", n: "1" }, { label: "Thôn", unit: "ma_thon", n: "2" }, { label: "Người", unit: "ma", n: "5" }];
  for (let s = 0; s < stages.length; s++) {
    const at = `/stages/${s + 1}`;
    page = await officer.submit(await officer.get(page.path + at), { method: "srs", rule: "fixed", ...stages[s] }, at);
    equal(page.status, 200, `stage ${s + 1}: ${text(page.text).slice(0, 300)}`);
  }
  page = await officer.submit(page, { title: "Mẫu bốn tỉnh", keep: ["ma_tinh"] }, tail(page));
  return jobDone(officer, await officer.submit(await officer.get(page.path + "/draw"), { seed: "quoc-gia/1" }, "/draw"));
}

function form() {
  return smallForm("quoc-gia", { tinh: provinces, extra: [["text", "ma_mau", "Mã mẫu", "Case", "", "", "", "", "profile"]] });
}

async function intoField(officer, sample) {
  const id = await createRound(officer, await uploadForm(officer, "quoc-gia.xlsx", form()), code, {});
  await step(officer, id, "open");
  const due = new Date(Date.now() + 10 * 86400000);
  const board = await jobDone(officer, await officer.submit(await officer.get(`/console/rounds/${id}/fieldwork`), { sample: sample.path.split("/").pop(),
    unit: "ma_tinh", name: "ho_ten", address: "dia_chi", phone: "dien_thoai", due_day: String(due.getUTCDate()), due_month: String(due.getUTCMonth() + 1),
    due_year: String(due.getUTCFullYear()), erase_days: "7" }, "/fieldwork/open"));
  equal(board.path, `/console/rounds/${id}/fieldwork`, "the board");
  return id;
}

// ---- ODK Collect: asks by HEAD, posts a form of parts with its deviceID, and again when it did not see the answer --------------
function xmlOf(id, ma, { tinh, tuoi, b1 }) {
  return `<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="quoc-gia" version="1"><tinh>${tinh}</tinh><da_lam>co</da_lam>` +
    `<kenh>bao</kenh><tuoi>${tuoi}</tuoi><ghi/><ma_mau>${ma}</ma_mau><g><b1>${b1}</b1></g><orx:meta><orx:instanceID>uuid:${id}</orx:instanceID></orx:meta></data>`;
}

async function collectSends(url, xml) {
  const headers = { "x-openrosa-version": "1.0", "user-agent": "org.odk.collect.android/v2026.2" };
  const head = await fetch(url + "/submission?deviceID=collect%3A1", { method: "HEAD", headers });
  equal(head.status, 204, "HEAD");
  const data = new FormData();
  data.append("xml_submission_file", new Blob([xml], { type: "text/xml" }), "phieu.xml");
  const sent = await fetch(url + "/submission?deviceID=collect%3A1", { method: "POST", headers, body: data });
  await sent.text();
  return sent.status;
}

async function byPhones(i, cases) {
  const { url } = i.json("device", "add", code, "--name", "Máy 01");
  const address = i.base + new URL(url).pathname;
  for (const [n, c] of cases.entries()) {
    const xml = xmlOf(uuid(), c.ma, c);
    equal(await collectSends(address, xml), 201, `interview ${n}`);
    if (n === 0) equal(await collectSends(address, xml), 201, "a retry");
  }
}

// ---- Paper ----------------------------------------------------------------------------------------------------------------------
async function keyIn(clerk, batch, serial, values) {
  let page = await clerk.submit(await clerk.get(batch), { serial }, "/key");
  for (let n = 0; n < 12 && /\/key$/.test(page.path); n++) {
    const names = [...page.text.matchAll(/name="(q\.[^"]+)"/g)].map((m) => m[1]);
    page = await clerk.submit(page, Object.fromEntries(names.filter((x) => x in values).map((x) => [x, values[x]])), page.path);
  }
  equal(page.path, batch, "an entry ends at its batch");
}

async function byPaper(i, officer, round, answers) {
  const done = await officer.submit(await officer.get("/console/paper/prints"), { round, count: String(answers.length), lang: "vi" }, "/prints");
  const pdf = await officer.get(done.text.match(/href="([^"]*\/prints\/\d+\/file\?from=\d+)"/)[1].replace(/&amp;/g, "&"));
  const words = spawnSync("pdftotext", ["-layout", "-", "-"], { input: pdf.bytes }).stdout.toString("utf8");
  const serials = [...new Set(words.match(/\b\d{7}-\d\b/g))];
  equal(serials.length, answers.length, "numbers on the sheets");
  const made = await officer.submit(await officer.get("/console/paper/new"), { round, label: "Lô quốc gia", first: serials[0], last: serials.at(-1),
    stated: String(serials.length) }, "/new");
  const batch = made.path, one = await signedIn(i, "nhaplieu"), two = await signedIn(i, "nhaplieu2"), supervisor = await signedIn(i, "giamsat");
  for (const [n, x] of answers.entries()) {
    const typed = { "q.tinh": x.tinh, "q.da_lam": "1", "q.kenh": "1", "q.tuoi": String(x.tuoi), "q.b1": x.b1 };
    await keyIn(one, batch, serials[n], typed);
    await keyIn(two, batch, serials[n], n !== 1 ? typed : { ...typed, "q.b1": "5" });
  }
  const list = await supervisor.get(batch), line = list.text.split("<tr>").find((x) => x.includes(serials[1]));
  const href = line.match(/href="([^"]+)"/)[1];
  await supervisor.submit(await supervisor.get(href + "/settle"), { "take.b1": "first" }, "/settle");
  equal((await jobDone(supervisor, await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept"))).status, 200, "accepting");
}

// ---- Telephone: a call-back first, then interviews, then a refusal ---------------------------------------------------------------
const caseLinks = (page) => [...new Set([...page.text.matchAll(/href="(\/console\/field\/cases\/\d+)"/g)].map((m) => m[1]))];

async function byTelephone(interviewer, links, answers) {
  const at = new Date(Date.now() + 8 * 3600000), begin = await interviewer.get(links[0]);
  const noted = await interviewer.submit(begin, { mode: "phone", outcome: "callback", callback_day: String(at.getUTCDate()), callback_month: String(at.getUTCMonth() + 1),
    callback_year: String(at.getUTCFullYear()), callback_time: `${at.getUTCHours()}:${String(at.getUTCMinutes()).padStart(2, "0")}` }, "/attempt");
  check(text(noted.text).includes("Hẹn lại"), "the call-back is noted");
  for (const [n, x] of answers.entries()) {
    const page = await interviewer.submit(await interviewer.get(links[n]), { mode: "phone" }, "/interview");
    const done = await answerPages(interviewer, page, { tinh: x.tinh, da_lam: "co", kenh: ["bao"], tuoi: x.tuoi, b1: x.b1 });
    equal((await interviewer.submit(done.page, {}, "/check")).status, 200, "sent");
  }
  await interviewer.submit(await interviewer.get(links[answers.length]), { mode: "phone", outcome: "refused" }, "/attempt");
}

// ---- Counting -------------------------------------------------------------------------------------------------------------------
function table(csv) {
  const [head, ...rows] = csv.replace(/^\ufeff/, "").trim().split(/\r?\n/).map((l) => l.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((x) => x.replace(/,$/, "").replace(/^"|"$/g, "")));
  return rows.map((r) => Object.fromEntries(head.map((h, n) => [h, r[n]])));
}

// ---- Phúc tra: half of the interviews asked again by somebody who sees no answer; the first case is answered otherwise ------------------
async function askedAgain(officer, checker, round, all) {
  const manage = `/console/quality/rounds/${round}/recheck`;
  await jobEnd(officer, await officer.submit(await officer.get(manage), { share: "50", seed: "20261122", mode: "telephone", questions: ["b1"], shown: ["tuoi", "tinh"] }, "/recheck"));
  const draw = (await officer.get(manage)).text.match(/href="([^"]*\/recheck\/draws\/\d+)"/)[1];
  const cases = (await checker.get("/console/recheck")).text.split("<tr>").filter((x) => /quoc-gia/.test(x)).flatMap((x) => [...x.matchAll(/href="([^"]*\/recheck\/cases\/\d+)"/g)].map((m) => m[1]));
  for (const [n, one] of cases.entries()) {
    const page = await checker.get(one), main = page.text.match(/<main[\s\S]*<\/main>/)[0];
    const first = all.find((x) => new RegExp(`>\\s*${x.tuoi}\\s*<`).test(main.split("<form")[0]) && main.includes(`số ${x.tinh}`));
    check(first && !/name="q\.b1"[^>]*checked/.test(main), "the case is found by what is shown, the first answer is not: " + text(main).slice(0, 400));
    await checker.submit(page, { "q.b1": n ? first.b1 : String(first.b1 % 5 + 1), act: "done" }, one);
  }
  const rates = (await officer.get(draw + "/rates.csv")).text.trim().split(/\r?\n/).slice(1).map((l) => l.split(",")).filter((r) => r[0] === "dieu_tra_vien");
  return { cases: cases.length, compared: rates.reduce((s, r) => s + Number(r[2]), 0), differing: rates.reduce((s, r) => s + Number(r[3]), 0), drawn: (await officer.get(manage)).text };
}

// ---- Coding: two people apart, a third where they differ; kappa by hand --------------------------------------------------------------
async function coded(officer, clerk, analyst, base, first, second) {
  let page = await officer.get(`${base}/coding`);
  const person = (select, name) => page.text.match(new RegExp(`<select[^>]*name="${select}"[\\s\\S]*?</select>`))[0].match(new RegExp(`value="(\\d+)"[^>]*>${name}`))[1];
  const frame = (await officer.submit(page, { question: "ghi", first: person("first", "Nguyễn Thị Phượng"), second: person("second", "Bùi Thị Hằng") }, "/coding")).path;
  await officer.submit(await officer.get(frame), { codes: "1 | Thời gian | Time\n2 | Thái độ | Manner" }, "/codes");
  const fields = (p) => [...p.text.matchAll(/<blockquote lang="vi">([^<]*)<\/blockquote>[\s\S]*?name="(c\.\d+)"/g)].map((m) => [m[1], m[2]]);
  for (const [who, codes] of [[officer, first], [clerk, second]]) {
    page = await who.get(frame);
    await who.submit(page, Object.fromEntries(fields(page).map(([t, n]) => [n, codes[t]])), "/code");
  }
  page = await analyst.get(frame);
  const texts = Object.keys(first), n = texts.length, share = (of, c) => texts.filter((t) => of[t] === c).length / n;
  const observed = texts.filter((t) => first[t] === second[t]).length / n, chance = ["1", "2"].reduce((s, c) => s + share(first, c) * share(second, c), 0);
  const kappa = ((observed - chance) / (1 - chance)).toFixed(2).replace(".", ",");
  check(text(page.text).includes(`kappa ${kappa}`), `kappa ${kappa}: ${text(page.text).match(/.{40}kappa.{40}/)?.[0]}`);
  await analyst.submit(page, Object.fromEntries(fields(page).map(([t, f]) => [f, second[t]])), "/settle");
  return Object.fromEntries(texts.map((t) => [t, second[t]]));       // the third agrees with the second
}

const tally = (rows, of) => Object.fromEntries(Object.entries(rows.reduce((t, r) => ({ ...t, [of(r)]: (t[of(r)] ?? 0) + 1 }), {})).sort());

async function jobEnd(client, page) {
  for (let n = 0; n < 200 && page.headers.has("refresh"); n++) {
    await sleep(100);
    page = await client.get(page.path);
  }
  return page;
}

test("national: a round from frame to files through four channels, and every number adds up", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), supervisor = await signedIn(i, "giamsat");
  const interviewer = await signedIn(i, "dieutra"), clerk = await signedIn(i, "nhaplieu"), analyst = await signedIn(i, "phantich");
  const sample = await drawn(officer), list = JSON.parse((await officer.get(sample.path + "/document.json")).text).cases;
  equal(list.length, 40, "one commune of two, two villages of three, five persons of twenty, in four provinces");
  check(Math.abs(list.reduce((s, c) => s + c.weight, 0) - provinces.length * villages * persons) < 1e-6, "weights add up to the frame");

  const id = await intoField(officer, sample);
  const caseRows = async () => table((await officer.get(`/console/rounds/${id}/fieldwork/cases.csv`)).text);
  const first = await caseRows();
  equal(first.length, 40, "cases");
  const places = first.map((r) => ({ ma: r.td_case, tinh: r.place }));
  equal(tally(places, (p) => p.tinh), { "01": 10, "24": 10, "48": 10, "52": 10 }, "cases by province");
  const cases = await supervisor.get(`/console/rounds/${id}/fieldwork/cases`);
  const boxes = [...cases.text.matchAll(/name="case" value="(\d+)"/g)].map((m) => m[1]);
  const before = caseLinks(await interviewer.get("/console/field"));
  const to = cases.text.match(/<option value="(\d+)"[^>]*>[^<]*\(dieutra\)/)[1];
  const given = boxes.slice(-4);
  check(text((await supervisor.submit(cases, { to, case: given }, "/assign")).text).includes("Đã giao 4 phiếu"), "given out");
  const mine = caseLinks(await interviewer.get("/console/field")).filter((l) => !before.includes(l));
  equal(mine.length, 4, "the interviewer's own");

  const api = [["01", 30, "3"], ["01", 31, "4"], ["24", 32, "5"], ["48", 33, "2"], ["52", 119, "1"]].map(([tinh, tuoi, b1], n) => ({ tinh, tuoi, b1, ghi: `Góp ý số ${n}` }));
  await postAll(i.base, code, api.map((x) => ({ ...x, da_lam: "co", kenh: ["bao"], ...(x.tuoi >= 60 ? { b2: "2" } : {}) })));
  await answerRound(i.base, code, { tinh: "24", da_lam: "co", kenh: ["bao"], tuoi: 50, b1: "4" });
  const online = [...api, { tinh: "24", tuoi: 50, b1: "4" }];
  const phones = places.filter((p, n) => p.tinh !== "52" && n % 3 === 0).slice(0, 9).map((p, n) => ({ ...p, tuoi: 20 + n, b1: String(1 + n % 5) }));
  const twice = { ...phones[0], tuoi: 49 }, stray = { ...phones[1], ma: "99999-9" };
  await byPhones(i, [...phones, twice, stray]);
  const paper = [{ tinh: "01", tuoi: 41, b1: "2" }, { tinh: "48", tuoi: 42, b1: "4" }, { tinh: "48", tuoi: 43, b1: "3" }];
  await byPaper(i, officer, id, paper);
  const telephone = [{ tinh: "52", tuoi: 55, b1: "4" }, { tinh: "52", tuoi: 56, b1: "5" }];
  await byTelephone(interviewer, mine, telephone);

  // What the phones sent is read after the answer; then its cases are complete.
  let rows;
  for (let n = 0; n < 100 && (rows = await caseRows()).filter((r) => Object.values(r).includes("complete")).length < phones.length + telephone.length; n++) await sleep(100);
  const outcome = (r) => Object.values(r).find((v) => ["complete", "refused", "callback"].includes(v)) ?? "none";
  equal(tally(rows, outcome), { complete: 11, none: 28, refused: 1 }, "dispositions");
  const board = text((await officer.get(`/console/rounds/${id}/fieldwork`)).text);
  // RR1 = 11 / (11 + 1 + 28 unknown); RR5 = 11 / (11 + 1); equal weights give equal rates
  check(/RR1[^%]*27,5[^%]*27,5/.test(board), `RR1: ${board.match(/RR1.{0,200}/)?.[0]}`);
  check(/RR5[^%]*91,7[^%]*91,7/.test(board), `RR5: ${board.match(/RR5.{0,200}/)?.[0]}`);
  const all = [...online, ...phones, twice, stray, ...paper, ...telephone];
  equal(i.json("round", "show", code).submissions, all.length, "round show");

  // Cleaning: the age of 119 is left out, one of 56 is corrected.
  const base = `/console/rounds/${id}`;
  await officer.submit(await officer.get(`${base}/cleaning/rules`), { kind: "range", code: "tuoi-cao", text: "Tuổi trên 100", question: "tuoi", high: "100", condition: "" }, "/rules");
  await officer.submit(await officer.get(`${base}/cleaning/rules`), { kind: "range", code: "tuoi-56", text: "Tuổi 56", question: "tuoi", high: "55", condition: "" }, "/rules");
  await jobEnd(officer, await officer.submit(await officer.get(`${base}/cleaning`), {}, "/cleaning/run"));
  const found = (await officer.get(base.replace("/rounds/", "/quality/rounds/") + "/findings?source=rules")).text;
  const recordOf = (value) => found.split("<tr>").find((x) => x.includes(value)).match(/href="([^"]*\/records\/\d+)"/)[1];
  const wrong = recordOf("= 56"), joke = recordOf("= 119");
  await officer.submit(await officer.get(wrong), { question: "tuoi", value: "65", reason: "Gọi lại, đúng là 65" }, "/correct");
  // The joke is left out in the console of findings; what is only unusual is kept; each with a reason and a name.
  const console = base.replace("/rounds/", "/quality/rounds/") + "/findings";
  const findingOf = async (record) => (await officer.get(console + "?state=open")).text.split("<tr>").find((x) => x.includes(record)).match(/name="chosen" value="([^"]+)"/)[1];
  await officer.submit(await officer.get(console), { chosen: await findingOf(joke), state: "left_out", reason: "Khai đùa" }, "/findings");
  const counted = all.filter((x) => x.tuoi !== 119).map((x) => x.tuoi === 56 ? { ...x, tuoi: 65 } : x);
  equal(i.json("round", "show", code).submissions, counted.length, "round show after leaving one out");

  await jobEnd(officer, await officer.submit(await officer.get(base.replace("/rounds/", "/quality/rounds/")), {}, "/run"));
  const open = await officer.get(console + "?state=open"), waiting = [...open.text.matchAll(/name="chosen" value="([^"]+)"/g)].map((m) => m[1]);
  if (waiting.length) await officer.submit(open, { chosen: waiting, state: "kept", reason: "Đã xem, phiếu dùng được" }, "/findings");
  check(!(await officer.get(console + "?state=open")).text.includes('name="chosen"'), "no finding waits");
  const left = text((await officer.get(console + "?state=left_out")).text);
  check(left.includes("Khai đùa") && left.includes("Nguyễn Thị Phượng"), "who left it out and why");

  const again = await askedAgain(officer, supervisor, id, counted);
  const [, drawnAgain, doneAgain] = text(again.drawn).match(/ 50,0 (\d+) (\d+) 0 /).map(Number), half = counted.length / 2;
  check(drawnAgain >= half && drawnAgain < half + 2, `half of each interviewer's, rounded up: ${drawnAgain}`);
  equal(doneAgain, again.cases, "asked again");
  check(again.cases >= 1, "a supervisor of one province asks again there");
  equal([again.compared, again.differing], [again.cases, 1], "each is compared, one differs");

  const said = api.filter((x) => x.tuoi !== 119).map((x) => x.ghi), codesOne = Object.fromEntries(said.map((t, n) => [t, n < 2 ? "1" : "2"]));
  const codes = await coded(officer, clerk, analyst, base, codesOne, { ...codesOne, [said[3]]: "1" });

  const csv = table(i.must("export", code, "--format", "csv"));
  equal(tally(csv, (r) => r.ghi_code), tally([...Object.values(codes), ...Array(counted.length - said.length).fill("")].map((c) => ({ c })), (r) => r.c), "final codes");
  equal(csv.length, counted.length, "rows of the export");
  equal(tally(csv, (r) => r.td_flag), { "": counted.length - 2, case_twice: 1, case_unknown: 1 }, "a second interview and a stray code are findings");
  equal(tally(csv, (r) => r.td_channel), { api: 4, field: 11, paper: 3, phone: 2, web: 1 }, "by channel");
  equal(tally(csv, (r) => r.tinh), tally(counted, (r) => r.tinh), "by province");
  equal(tally(csv, (r) => r.b1), tally(counted, (r) => r.b1), "by level of satisfaction");
  equal(csv.map((r) => Number(r.tuoi)).sort(), counted.map((r) => r.tuoi).sort(), "every age, the corrected one too");
  // Every case that was interviewed carries its weight of 480 / 40 and its stages; answers outside the sample carry none.
  const weighed = csv.filter((r) => r.td_weight !== "");
  equal(weighed.length, phones.length + telephone.length, "records of drawn cases");
  check(weighed.every((r) => Math.abs(Number(r.td_weight) - 12) < 1e-9), "weights");
  equal(tally(weighed, (r) => r.td_stratum_1 === r.tinh && r.td_psu_1.startsWith(r.tinh + "X") && r.td_psu_2.startsWith(r.tinh + "T")), { true: weighed.length }, "stages");
  equal(tally(weighed, (r) => [r.td_n_1, r.td_pop_1, r.td_n_2, r.td_pop_2, r.td_n_3, r.td_pop_3].join("/")), { "1/2/2/3/5/20": weighed.length }, "n and N by stage");
  check(!("td_psu_3" in csv[0]), "the person drawn is not named");
  const progress = text((await officer.get(`${base}/progress`)).text);
  check(new RegExp(`Điện thoại\\s+2`).test(progress), "the page of progress counts the telephone");
  // The frozen file is what was counted, byte for byte; the edition names it.
  await jobEnd(officer, await officer.submit(await officer.get(`${base}/frozen`), { note: "Sau phúc tra và mã hoá" }, "/frozen"));
  const data = await officer.submit(await officer.get(`${base}/frozen`), { file: "data" }, "/frozen/1");
  const manifest = JSON.parse((await officer.submit(await officer.get(`${base}/frozen`), { file: "manifest" }, "/frozen/1")).text);
  equal(manifest.data_sha256, crypto.createHash("sha256").update(data.bytes).digest("hex"), "the checksum, made anew");
  equal([manifest.records, manifest.excluded, manifest.corrected, manifest.exclusions.length, manifest.exclusions[0].reason], [counted.length, 1, 1, 1, "Khai đùa"], "the manifest's counts");
  const frozen = table(data.text);
  equal(frozen.length, counted.length, "rows of the frozen file");
  equal(tally(frozen, (r) => `${r.td_channel} ${r.tinh} ${r.tuoi} ${r.b1} ${r.td_weight} ${r.ghi_code}`), tally(csv, (r) => `${r.td_channel} ${r.tinh} ${r.tuoi} ${r.b1} ${r.td_weight} ${r.ghi_code}`), "and what stands in them");
  const weighted = frozen.filter((r) => r.td_weight), total = weighted.reduce((s, r) => s + Number(r.td_weight), 0);
  equal(total, 12 * (phones.length + telephone.length), "weights of the frozen file");
  i.must("round", "close", code);
  i.must("edition", "publish", code);
  const edition = await (await fetch(`${i.base}/api/v1/rounds/${code}/results`)).json();
  const figure = edition.indicators.find((x) => x.name === "satisfied.b1" && !Object.keys(x.domain).length) ?? edition.indicators.find((x) => /^satisfied/.test(x.name) && !Object.keys(x.domain).length);
  equal([figure.n, Math.abs(figure.value - 100 * counted.filter((x) => x.b1 >= "4").length / counted.length) < 1e-9], [counted.length, true], "the edition's figure is the tally's: " + JSON.stringify(figure));
  const named = text((await officer.get(`${base}/frozen`)).text);
  check(/Ấn bản[^.]{0,60}1/.test(named), "the edition stands with its frozen set: " + named.slice(0, 1200));
  equal(i.json("round", "rederive", code).changed, 0, "made anew from the bytes, all is as before");
  const whole = i.run("check");
  equal(whole.code, 0, `check: ${whole.out}${whole.err}`);
});
