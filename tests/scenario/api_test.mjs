// SPDX-License-Identifier: AGPL-3.0-or-later
// The public API, row by row of its table.
import { check, equal, test, uuid } from "./harness.mjs";
import { api, createRound, demonstration, post, sheetCodes, signedIn, smallForm, step, uploadForm } from "./survey.mjs";

const program = process.argv[2];
const good = () => ({ tinh: "24", da_lam: "co", kenh: ["bao", "xa"], tuoi: 64, ghi: "Cảm ơn", b1: "4", b2: "5" });
const body = (answers, more = {}) => ({ instance_id: uuid(), answers, ...more });
let formId = null;

async function site() {
  const i = await demonstration(program);
  const officer = await signedIn(i, "chuyenvien");
  formId ??= await uploadForm(officer, "api.xlsx", smallForm("thu-api"));
  return { i, officer };
}

async function round(code, values = {}, open = true) {
  const { i, officer } = await site();
  const id = await createRound(officer, formId, code, values);
  if (open) await step(officer, id, "open");
  return { i, officer, id, base: i.base };
}

function isErrors(r, status, what) {
  equal(r.status, status, `${what}: ${r.raw}`);
  check(Array.isArray(r.json?.errors) && r.json.errors.length > 0, `${what}: ${r.raw}`);
  for (const e of r.json.errors)
    check(typeof e.reason === "string" && e.reason && Object.keys(e).every((k) => ["name", "reason"].includes(k)), `${what}: ${r.raw}`);
}

test("API: rounds are listed with code, title, state and identity; one tells its questions in two languages", async () => {
  const { base, officer, id } = await round("api-hoi", {}, false);
  const listed = async () => (await api(base, "/rounds")).json.find((r) => r.code === "api-hoi");
  equal(await listed(), undefined, "a draft in the list");
  isErrors(await api(base, "/rounds/api-hoi"), 404, "a draft");
  await step(officer, id, "open");
  equal(await listed(), { code: "api-hoi", title: "Đợt api-hoi", state: "open", identity: "open" }, "in the list");
  for (const r of (await api(base, "/rounds")).json) {
    equal(Object.keys(r), ["code", "title", "state", "identity"], "keys");
    check(["open", "paused", "closed", "published"].includes(r.state) && ["open", "code"].includes(r.identity), JSON.stringify(r));
  }
  const one = (await api(base, "/rounds/api-hoi")).json;
  equal(Object.keys(one), ["code", "title", "state", "identity", "questions"], "keys of one");
  const vi = (label, name) => ({ name, label });
  const hl5 = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"].map((l, k) => vi(l, String(k + 1)));
  hl5.push(vi("Không có ý kiến", "9"));
  equal(one.questions, [
    { name: "tinh", type: "select_one", label: "Ông/bà ở tỉnh nào?", required: false, choices: ["01", "24", "38", "48", "52", "79"].map((c) => vi(`Tỉnh số ${c}`, c)) },
    { name: "da_lam", type: "select_one", label: "Ông/bà đã làm thủ tục chưa?", required: true, choices: [vi("Có", "co"), vi("Không", "khong")] },
    { name: "kenh", type: "select_multiple", label: "Ông/bà biết tin qua kênh nào?", required: false, choices: [vi("Báo chí", "bao"), vi("Mạng xã hội", "mang"), vi("Loa của xã", "xa")] },
    { name: "tuoi", type: "integer", label: "Ông/bà bao nhiêu tuổi?", required: true, constraint: ". >= 18 and . <= 120" },
    { name: "ghi", type: "text", label: "Ông/bà muốn nói thêm gì?", required: false },
    { name: "loi", type: "note", label: "Các câu sau hỏi về lần gần nhất.", required: false, relevant: "${da_lam} = 'co'" },
    { name: "b1", type: "select_one", label: "Hài lòng với nơi tiếp ${tuoi} tuổi?", required: true, relevant: "${da_lam} = 'co'", choices: hl5 },
    { name: "b2", type: "select_one", label: "Hài lòng với thủ tục?", required: true, relevant: "(${da_lam} = 'co') and (${tuoi} >= 60)", choices: hl5 },
  ], "questions");
  for (const asked of [["/rounds/api-hoi?lang=en", {}], ["/rounds/api-hoi", { "accept-language": "en-GB,en;q=0.9,vi;q=0.5" }]]) {
    const en = (await api(base, asked[0], { headers: asked[1] })).json;
    equal([en.title, en.questions[1].label, en.questions[1].choices[0].label, en.questions[3].label],
      ["Round api-hoi", "Have you filed papers?", "Yes", "How old are you?"], JSON.stringify(asked));
  }
  equal((await api(base, "/rounds/api-hoi", { headers: { "accept-language": "fr" } })).json.title, "Đợt api-hoi", "another language");
});

test("API: 201, then 200 for the same bytes, 409 for others; answers without relevance are left out", async () => {
  const { base, i, officer, id } = await round("api-gui");
  const first = body(good());
  const made = await post(base, "api-gui", first);
  equal([made.status, Object.keys(made.json)], [201, ["receipt"]], made.raw);
  const receipt = made.json.receipt;
  check(/^[A-Za-z0-9-]{8,}$/.test(receipt), `a word safe in an address: ${receipt}`);
  const again = await post(base, "api-gui", first);
  equal([again.status, again.json.receipt], [200, receipt], "the same bytes");
  isErrors(await post(base, "api-gui", { ...first, answers: { ...good(), ghi: "Khác" } }), 409, "other bytes");
  isErrors(await post(base, "api-gui", { ...first, answers: { da_lam: "?" } }), 409, "other bytes that are wrong besides");
  equal((await api(base, `/receipts/${receipt}`)).json, { round: "api-gui", state: "received" }, "receipt");
  const strip = await post(base, "api-gui", body({ ...good(), da_lam: "khong" }));
  equal(strip.status, 201, strip.raw);
  for (const b1 of ["3", "5", "3", "5", "4"]) equal((await post(base, "api-gui", body({ ...good(), b1 }))).status, 201, "one more");
  equal(i.json("round", "show", "api-gui").submissions, 7, "stored");
  await step(officer, id, "close", "Đủ phiếu");
  const live = await officer.get(`/console/rounds/${id}/results.csv`);
  const whole = live.text.split(/\r?\n/).map((l) => l.split(",")).find((r) => r[0] === "mean.B2.1.1" && r[5] === "");
  equal([whole[6], whole[7]], ["6", "4"], "an answer without relevance is not counted");
  equal((await post(base, "api-gui", first)).status, 200, "the same bytes after closing: looked at before the state");
  isErrors(await post(base, "api-gui", body(good())), 410, "closed");
});

test("API: 400 for what is not JSON or has no id, 422 with one error a question", async () => {
  const { base, i } = await round("api-sai");
  for (const raw of ["", "{", "[]", "null", "7", '"x"', "{}", '{"answers":{}}', '{"instance_id":7,"answers":{}}', '{"instance_id":"không","answers":{}}',
    '{"instance_id":"' + uuid() + '","answers":{}}x', "\u0000"])
    isErrors(await post(base, "api-sai", raw), 400, JSON.stringify(raw));
  const wrong = async (answers, names, what) => {
    const r = await post(base, "api-sai", body(answers));
    isErrors(r, 422, what);
    equal(r.json.errors.map((e) => e.name).sort(), names.sort(), `${what}: names`);
    return r.json.errors;
  };
  await wrong({}, ["da_lam", "tuoi"], "nothing");
  await wrong({ ...good(), tinh: "99" }, ["tinh"], "no such choice");
  await wrong({ ...good(), la: 1 }, ["la"], "an unknown question");
  await wrong({ ...good(), kenh: ["bao", "?"] }, ["kenh"], "a choice of several");
  await wrong({ ...good(), kenh: ["bao", "bao"] }, ["kenh"], "a choice twice");
  await wrong({ ...good(), tuoi: 17 }, ["tuoi"], "constraint");
  await wrong({ ...good(), tuoi: 64.5 }, ["tuoi"], "a broken number");
  await wrong({ ...good(), tuoi: "abc" }, ["tuoi"], "a text for a number");
  await wrong({ ...good(), b2: undefined }, ["b2"], "a required answer that is relevant");
  await wrong({ ...good(), tinh: { a: 1 }, da_lam: true, ghi: ["x"] }, ["tinh", "da_lam", "ghi"], "wrong kinds");
  const many = await wrong({ tuoi: -1, tinh: "?", kenh: [1], la: 2 }, ["tuoi", "tinh", "kenh", "la", "da_lam"], "many at once");
  const en = await post(base, "api-sai", body({ tuoi: -1 }), { headers: { "accept-language": "en" } });
  check(en.json.errors.every((e) => !many.some((m) => m.name === e.name && m.reason === e.reason)), "reasons in the language asked for");
  isErrors(await post(base, "api-sai", { instance_id: uuid() }), 422, "no answers");
  isErrors(await post(base, "api-sai", { instance_id: uuid(), answers: [] }), 422, "answers that are a list");
  equal(i.json("round", "show", "api-sai").submissions, 0, "nothing was stored");
});

test("API: 404 for an unknown round, 503 with Retry-After when paused, 410 when closed", async () => {
  const { base, officer, id } = await round("api-dong");
  isErrors(await post(base, "khong-co", body(good())), 404, "unknown round");
  isErrors(await api(base, "/rounds/khong-co"), 404, "unknown round read");
  isErrors(await api(base, "/nowhere"), 404, "unknown address");
  for (const [where, method, allow] of [["/rounds", "POST", "GET, HEAD"], ["/rounds/api-dong", "DELETE", "GET, HEAD"], ["/rounds/api-dong/submissions", "GET", "POST"]]) {
    const r = await api(base, where, { method });
    isErrors(r, 405, `${method} ${where}`);
    equal(r.headers.get("allow"), allow, `${method} ${where}: Allow`);
  }
  await step(officer, id, "pause", "Sửa đường truyền");
  const paused = await post(base, "api-dong", body(good()));
  isErrors(paused, 503, "paused");
  check(Number(paused.headers.get("retry-after")) > 0, "Retry-After");
  equal((await api(base, "/rounds/api-dong")).json.state, "paused", "state");
  await step(officer, id, "open");
  equal((await post(base, "api-dong", body(good()))).status, 201, "open again");
  await step(officer, id, "close", "Hết hạn");
  isErrors(await post(base, "api-dong", body(good())), 410, "closed");
  equal((await api(base, "/rounds/api-dong")).json.state, "closed", "state");
});

test("API: a round with codes takes each once; every bad code is one answer", async () => {
  const { base, officer, id, i } = await round("api-ma", { identity: "code" });
  const codes = await sheetCodes(officer, id, 3);
  equal((await api(base, "/rounds/api-ma")).json.identity, "code", "identity");
  const first = body(good(), { code: codes[0] });
  const made = await post(base, "api-ma", first);
  equal(made.status, 201, made.raw);
  equal((await post(base, "api-ma", first)).status, 200, "the same again: looked at before the code");
  isErrors(await post(base, "api-ma", { ...first, code: codes[1] }), 409, "the same answers with another code");     /* which is not spent */
  isErrors(await post(base, "api-ma", { ...first, answers: { ...good(), tuoi: 65 } }), 409, "other answers");
  const bad = [];
  for (const code of [undefined, "", "AAAA-AAAA", codes[0], "x".repeat(500), 7, null]) {
    const r = await post(base, "api-ma", body(good(), code === undefined ? {} : { code }));
    isErrors(r, 403, `code ${JSON.stringify(code)?.slice(0, 40)}`);
    bad.push(r.raw);
  }
  equal(new Set(bad).size, 1, "bodies of bad codes");
  equal((await post(base, "api-ma", body(good(), { code: codes[1] }))).status, 201, "another code");
  const messy = ` ${codes[2].toLowerCase().replace(/-/g, " ")} `;
  equal((await post(base, "api-ma", body(good(), { code: messy }))).status, 201, "typed with blanks in small letters");
  equal(i.json("round", "show", "api-ma").submissions, 3, "stored");
  const wrong = await post(base, "api-ma", body({}, { code: "AAAA-AAAA" }));
  check([403, 422].includes(wrong.status), wrong.raw);
});

test("API: results after publication, receipts through their states, no cookies at all", async () => {
  const { base, officer, id, i } = await round("api-ket-qua");
  const receipts = [];
  for (let k = 0; k < 12; k++) receipts.push((await post(base, "api-ket-qua", body({ ...good(), b1: String(k % 5 + 1) }))).json.receipt);
  isErrors(await api(base, "/rounds/api-ket-qua/results"), 404, "results before publication");
  isErrors(await api(base, "/rounds/khong-co/results"), 404, "results of no round");
  const citizen = i.client();
  const gone = await citizen.submit(await citizen.get(`/s/api-ket-qua/withdraw?receipt=${receipts[0]}`), {}, "/withdraw");
  equal(gone.status, 200, "withdrawing");
  equal((await api(base, `/receipts/${receipts[0]}`)).json, { round: "api-ket-qua", state: "withdrawn" }, "withdrawn");
  await step(officer, id, "close", "Đủ phiếu");
  isErrors(await api(base, "/rounds/api-ket-qua/results"), 404, "results of a closed round");
  i.must("edition", "publish", "api-ket-qua");
  equal((await api(base, "/rounds/api-ket-qua")).json.state, "published", "state");
  isErrors(await post(base, "api-ket-qua", body(good())), 410, "published");
  for (const r of receipts.slice(1)) equal((await api(base, `/receipts/${r}`)).json.state, "counted", "counted");
  equal((await api(base, `/receipts/${receipts[1].toLowerCase().replace(/-/g, "")}`)).json.state, "counted", "as typed");
  equal((await api(base, `/receipts/${receipts[0]}`)).json.state, "withdrawn", "withdrawn before the edition");
  isErrors(await api(base, "/receipts/KHONG-CO"), 404, "no receipt");
  const results = await api(base, "/rounds/api-ket-qua/results");
  equal(Object.keys(results.json), ["round", "edition", "label", "method", "indicators"], "keys of results");
  const b1 = results.json.indicators.find((x) => x.name === "satisfied.B2.1.1" && !Object.keys(x.domain).length);
  equal([b1.n, b1.unit, b1.suppressed], [11, "%", false], "figure");
  check(Math.abs(b1.value - 100 * 4 / 11) < 1e-9, `share ${b1.value}`);
  for (const [where, options] of [["/rounds", {}], ["/rounds/api-ket-qua", {}], ["/rounds/api-ket-qua/results", {}], [`/receipts/${receipts[1]}`, {}],
    ["/rounds/api-ket-qua/submissions", { method: "POST", body: body(good()) }], ["/rounds/mot-cua/submissions", { method: "POST", body: "{" }]]) {
    const r = await api(base, where, options);
    equal(r.headers.getSetCookie(), [], `${where}: cookies`);
    check(/^application\/json/.test(r.headers.get("content-type")), `${where}: ${r.headers.get("content-type")}`);
  }
});
