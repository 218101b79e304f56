// SPDX-License-Identifier: AGPL-3.0-or-later
// From answers to data for analysts: cleaning, coding, frozen sets, exports, as officer and analyst meet them.
import crypto from "node:crypto";
import fs from "node:fs";
import { check, equal, sleep, test, uuid } from "./harness.mjs";
import { createRound, demonstration, post, signedIn, smallForm, step, text, unzip, uploadForm } from "./survey.mjs";

const program = process.argv[2];
const hash = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");
const shared = {};

// A round with five answers, one of them hostile and one out of range of what anybody believes.
async function round() {
  if (shared.id) return shared;
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien");
  const form = await uploadForm(officer, "sach.xlsx", smallForm("thu-sach"));
  const id = await createRound(officer, form, "dot-sach");
  await step(officer, id, "open");
  const answers = [["52", 40, "=1+1"], ["52", 119, "Chờ lâu"], ["01", 33, "Chờ lâu quá"], ["01", 45, "Tốt"], ["24", 28, "Cán bộ nhiệt tình"]];
  for (const [tinh, tuoi, ghi] of answers) {
    const sent = await post(i.base, "dot-sach", { instance_id: uuid(), answers: { tinh, da_lam: "co", kenh: ["bao", "mang"], tuoi, ghi, b1: "4", ...(tuoi >= 60 ? { b2: "2" } : {}) } });
    equal(sent.status, 201, "an answer: " + JSON.stringify(sent.json ?? sent));
  }
  return Object.assign(shared, { i, officer, id, base: `/console/rounds/${id}` });
}

async function jobEnd(client, page) {
  check(/^\/console\/jobs\/\d+$/.test(page.path), `the page of a job, not ${page.path} (${page.status}): ${text(page.text).slice(0, 300)}`);
  for (let n = 0; n < 200 && page.headers.has("refresh"); n++) {
    await sleep(100);
    page = await client.get(page.path);
  }
  return page;
}

async function exported(s, format, values = {}) {
  const page = await s.officer.get(`${s.base}/exports`);
  const done = await jobEnd(s.officer, await s.officer.submit(page, { format, ...values }, "/exports"));
  check(done.text.includes(`${s.base}/exports`), "the job leads to the files: " + text(done.text).slice(-300));
  const list = await s.officer.get(`${s.base}/exports`);
  const action = list.text.match(/action="([^"]*\/exports\/\d+)"/)[1];
  const file = await s.officer.submit(list, {}, action);
  equal(file.status, 200, "the download");
  return file;
}

test("exports: a job makes the file, a post hands it out, both are recorded", async () => {
  const s = await round();
  const csv = await exported(s, "csv", { bom: "1" });
  check(csv.headers.get("content-disposition").includes("dot-sach.csv"), "its name");
  const lines = csv.text.replace(/^\ufeff/, "").trim().split("\r\n");
  equal(lines.length, 6, "a head and five records");
  check(csv.bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])), "the mark at the beginning");
  check(lines.some((l) => l.includes(",'=1+1,")), "a formula is a text");
  check(lines[0].startsWith("td_record,td_round,td_version,td_day,td_channel,td_unit,td_simulated,td_flagged,td_flag,tinh,da_lam,kenh,kenh/bao"), lines[0]);
  const xlsx = await exported(s, "xlsx", { labels: "vi" });
  const parts = await unzip(xlsx.bytes);
  const sheet = (parts["xl/worksheets/sheet1.xml"] ?? parts.get?.("xl/worksheets/sheet1.xml")).toString("utf8");
  check(sheet.includes("Báo chí; Mạng xã hội"), "labels in cells");
  equal((await exported(s, "sav")).bytes.subarray(0, 4).toString(), "$FL2", "SPSS");
  equal((await exported(s, "dta")).bytes.subarray(0, 11).toString(), "<stata_dta>", "Stata");
  check((await exported(s, "ddi")).text.includes('xmlns="ddi:codebook:2_5"'), "DDI");
  const auditor = await signedIn(s.i, "kiemtoan").catch(() => null);
  if (auditor) {
    equal((await auditor.get(`${s.base}/exports`)).status, 403, "an auditor exports nothing");
    const audit = text((await auditor.get("/console/audit")).text);
    check(audit.includes("Tải tệp dữ liệu từng phiếu") && audit.includes("Xuất dữ liệu từng phiếu"), "both are in the audit record");
  }
});

test("exports: what the command line takes out is recorded before it is handed out", async () => {
  const s = await round();
  const csv = s.i.must("export", "dot-sach", "--format", "csv");
  check(csv.includes("td_record"), "the answers");
  s.i.must("export", "dot-sach", "--format", "xlsx", "--out", s.i.dir + "/ra.xlsx");
  const page = text((await (await signedIn(s.i, "quantri")).get("/console/audit?action=analysis.export")).text);
  equal([...page.matchAll(/Lệnh trên máy chủ/g)].length >= 2, true, "the audit record names the account: " + page.slice(1000, 2000));
});

test("exports: a format that is none is refused beside the field", async () => {
  const s = await round();
  const page = await s.officer.get(`${s.base}/exports`);
  equal((await s.officer.submit(page, { format: "exe" }, "/exports")).status, 422, "no such format");
  equal((await s.officer.post(`${s.base}/exports/1`, { format: "csv" })).status, 403, "without the page's token");
});

test("cleaning: a rule finds a record, who looks corrects it or leaves it out, results follow, undoing brings it back", async () => {
  const s = await round(), { i, officer, base } = s;
  let page = await officer.get(`${base}/cleaning`);
  check(page.text.includes("Chưa có quy tắc nào"), "no rules yet");
  page = await officer.get(`${base}/cleaning/rules`);
  const bad = await officer.submit(page, { kind: "logic", code: "a-b", text: "Vô lý", condition: "${khong_co} > 1" }, "/rules");
  equal(bad.status, 422, "a question that is not there");
  check(bad.text.includes("${khong_co} &gt; 1") && text(bad.text).includes("phiếu không có câu hỏi"), "what was typed stays, the fault is named");
  page = await officer.submit(bad, { kind: "range", code: "tuoi-cao", text: "Tuổi trên 100", question: "tuoi", high: "100", condition: "" }, "/rules");
  check(text(page.text).includes("Đã lưu phiên bản 1"), "version 1: " + text(page.text).slice(0, 400));
  page = await jobEnd(officer, await officer.submit(await officer.get(`${base}/cleaning`), {}, "/cleaning/run"));
  const findings = base.replace("/rounds/", "/quality/rounds/") + "/findings";
  page = await officer.get(`${base}/cleaning`);
  check(page.text.includes(`${findings}?kind=rule:tuoi-cao`), "the rule leads to its findings");
  page = await officer.get(`${findings}?kind=rule:tuoi-cao`);
  check(text(page.text).includes("tuoi = 119"), "the record is listed with its value: " + text(page.text).slice(-900));
  const chosen = page.text.match(/name="chosen" value="([^"]+)"/)[1];
  equal((await officer.submit(page, { chosen, state: "left_out", reason: "" }, "/findings")).status, 422, "without a reason");
  const before = i.json("round", "show", "dot-sach").submissions;
  page = await officer.submit(page, { chosen, state: "left_out", reason: "Gọi lại, khai đùa" }, "/findings");
  check(text(page.text).includes("Đã lưu quyết định cho 1 cảnh báo"), "left out");
  equal(i.json("round", "show", "dot-sach").submissions, before - 1, "it counts no more");
  page = await officer.get(`${findings}?state=left_out`);
  equal((await officer.submit(page, { chosen: [...page.text.matchAll(/name="chosen" value="([^"]+)"/g)].map((m) => m[1]), state: "open", reason: "Xem lại" }, "/findings")).status, 200, "taken back");
  equal(i.json("round", "show", "dot-sach").submissions, before, "it counts again");
  page = await officer.submit(await officer.get(`${findings}?state=open`), { chosen, state: "left_out", reason: "Gọi lại, khai đùa" }, "/findings");
  page = await officer.get(`${findings}?state=left_out`);
  const record = page.text.match(/href="([^"]*\/records\/\d+)"/)[1];
  page = await officer.get(record);
  check(text(page.text).includes("Gọi lại, khai đùa"), "the reason stands in its history");
  page = await officer.submit(page, { number: "3" }, "/undo");
  equal(i.json("round", "show", "dot-sach").submissions, before, "undone");
  const wrong = await officer.submit(page, { question: "tuoi", value: "mười chín", reason: "Gọi lại" }, "/correct");
  equal(wrong.status, 422, "no number");
  page = await officer.submit(wrong, { question: "tuoi", value: "19", reason: "Gọi lại, người dân xác nhận" }, "/correct");
  check(text(page.text).includes("Người dân trả lời: 119"), "what was answered is still there");
  const csv = await exported(s, "csv");
  check(csv.text.includes(",19,Chờ lâu,") && !csv.text.includes(",119,"), "exports hold the corrected answer");
  check(!/"b2"/.test(csv.text), "nothing else changed");
  const reader = await signedIn(i, "giamsat");
  equal((await reader.post(`${record}/undo`, { number: "1" })).status, 403, "a supervisor changes nothing");
  equal(i.run("check").code, 0, "counters and sums agree with what counts");
});

test("coding: two people code without seeing each other, a third settles, the code is a variable of the export", async () => {
  const s = await round(), { i, officer, base } = s;
  const clerk = await signedIn(i, "nhaplieu"), analyst = await signedIn(i, "phantich");
  let page = await officer.get(`${base}/coding`);
  const person = (select, name) => page.text.match(new RegExp(`<select[^>]*name="${select}"[\\s\\S]*?</select>`))[0].match(new RegExp(`value="(\\d+)"[^>]*>${name}`))?.[1];
  const first = person("first", "Nguyễn Thị Phượng"), second = person("second", "Bùi Thị Hằng");
  check(first && second, "both may code");
  equal((await officer.submit(page, { question: "ghi", first, second: first }, "/coding")).status, 422, "one person twice");
  page = await officer.submit(page, { question: "ghi", first, second }, "/coding");
  const frame = page.path;
  const wrong = await officer.submit(page, { codes: "1 | Thời gian\n11 | Chờ lâu | Long wait | 9" }, "/codes");
  equal(wrong.status, 422, "a group that is not there");
  check(text(wrong.text).includes("Dòng 2:") && wrong.text.includes("11 | Chờ lâu"), "the line is named and nothing typed is lost");
  page = await officer.submit(wrong, { codes: "1 | Thời gian | Time\n11 | Chờ lâu | Long wait | 1\n2 | Thái độ | Manner\n3 | Khác | Other" }, "/codes");
  const fields = (p) => [...p.text.matchAll(/<blockquote lang="vi">([^<]*)<\/blockquote>[\s\S]*?name="(c\.\d+)"/g)].map((m) => [m[1], m[2]]);
  const texts = fields(page);
  equal(texts.length, 5, "answers to code");
  const code = (t) => (t.includes("Chờ") ? "11" : t.includes("nhiệt") ? "2" : "3");
  page = await officer.submit(page, Object.fromEntries(texts.map(([t, n]) => [n, code(t)])), "/code");
  check(text(page.text).includes("Đã lưu mã cho 5 câu"), "saved");
  check((await clerk.get("/console")).text.includes(`href="${frame}"`), "the second coder, who sees no rounds, finds the answers under what waits");
  page = await clerk.get(frame);
  equal(fields(page).length, 5, "the second coder has them all, uncoded");
  check(!page.text.includes('value="11" selected'), "and sees no code of the first");
  await clerk.submit(page, Object.fromEntries(fields(page).map(([t, n]) => [n, t.includes("lâu quá") ? "3" : code(t)])), "/code");
  equal((await clerk.post(`${frame}/settle`, { token: "x" })).status, 403, "a coder does not settle");
  page = await analyst.get(frame);
  check(/kappa 0,\d\d/.test(text(page.text)), "kappa: " + text(page.text).slice(0, 900));
  equal(fields(page).length, 1, "one answer differs");
  await analyst.submit(page, { [fields(page)[0][1]]: "11" }, "/settle");
  const csv = await exported(s, "csv");
  const head = csv.text.split("\r\n")[0];
  check(head.includes("ghi,ghi_code,ghi_group,"), head);
  equal((csv.text.match(/Chờ lâu( quá)?,11,1,/g) ?? []).length, 2, "final codes with their group");
  const used = await officer.submit(await officer.get(frame), { codes: "1 | Thời gian" }, "/codes");
  equal(used.status, 422, "a code in use stays");
});

test("coding: codes are published as a table of their own, codes of few stand together, and the package is verified by what it holds", async () => {
  const { i, officer } = await round();
  const clerk = await signedIn(i, "nhaplieu"), form = await uploadForm(officer, "ma.xlsx", smallForm("thu-ma"));
  const id = await createRound(officer, form, "dot-ma-hoa"), base = `/console/rounds/${id}`;
  await step(officer, id, "open");
  const said = [...Array(8).fill("Chờ lâu"), ...Array(6).fill("Nhiệt tình"), "Tốt", "Được"];
  for (const ghi of said) equal((await post(i.base, "dot-ma-hoa", { instance_id: uuid(), answers: { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi: 40, ghi, b1: "4" } })).status, 201, "an answer");
  let page = await officer.get(`${base}/coding`);
  const person = (select, name) => page.text.match(new RegExp(`<select[^>]*name="${select}"[\\s\\S]*?</select>`))[0].match(new RegExp(`value="(\\d+)"[^>]*>${name}`))[1];
  page = await officer.submit(page, { question: "ghi", first: person("first", "Nguyễn Thị Phượng"), second: person("second", "Bùi Thị Hằng") }, "/coding");
  const frame = page.path, fields = (p) => [...p.text.matchAll(/<blockquote lang="vi">([^<]*)<\/blockquote>[\s\S]*?name="(c\.\d+)"/g)].map((m) => [m[1], m[2]]);
  await officer.submit(page, { codes: "cho | Chờ đợi | Waiting\nthai | Thái độ | Manner\nkhac | Khác | Other" }, "/codes");
  for (const who of [officer, clerk]) {
    for (let n = 0; n < 4; n++) {
      page = await who.get(frame);
      if (fields(page).length) await who.submit(page, Object.fromEntries(fields(page).map(([t, name]) => [name, t.includes("Chờ") ? "cho" : t.includes("Nhiệt") ? "thai" : "khac"])), "/code");
    }
  }
  await step(officer, id, "close", "Đủ phiếu");
  i.must("edition", "publish", "dot-ma-hoa");
  const shown = text((await officer.get("/results/dot-ma-hoa/1")).text);
  check(/“Chờ đợi” được nêu nhiều nhất: 50,0% trong 16 ý kiến/.test(shown) && /2 nhóm ý kiến ít người nêu/.test(shown), shown.slice(0, 3000));
  check(text((await officer.get("/en/results/dot-ma-hoa/1")).text).includes("Waiting"), "in English by its English name");
  const zip = (await officer.get("/results/dot-ma-hoa/1/dot-ma-hoa-1.zip")).bytes, parts = await unzip(zip);
  equal(parts["coded.csv"].toString("utf8").replaceAll("\r", ""), "question,code,count\nghi,cho,8\nghi,,8\n", "what is told and what stands together");
  check(parts["codebook.csv"].toString("utf8").includes("code,ghi,thai,,Thái độ,Manner"), "the codebook names every code");
  check(!/Nhiệt tình|Được/.test(parts["answers.csv"].toString("utf8")), "no text of anybody");
  const file = `${i.dir}/ma.zip`;
  fs.writeFileSync(file, zip);
  equal(i.run("edition", "verify", file).code, 0, "the package verifies");
});

test("freezing: a numbered set with hashes and a manifest of what was left out, and what changed since", async () => {
  const s = await round(), { i, officer, base } = s;
  let page = await officer.get(`${base}/frozen`);
  equal((await officer.submit(page, { note: "" }, "/frozen")).status, 422, "without a note");
  await jobEnd(officer, await officer.submit(page, { note: "Sau phúc tra" }, "/frozen"));
  page = await officer.get(`${base}/frozen`);
  check(text(page.text).includes("Dữ liệu hiện nay đúng như bộ số 1"), text(page.text).slice(0, 600));
  const sha = page.text.match(/<code>([0-9a-f]{64})<\/code>/)[1];
  const data = await officer.submit(page, { file: "data" }, "/frozen/1");
  equal([data.status, hash(data.bytes)], [200, sha], "the bytes are those of the hash");
  const manifest = JSON.parse((await officer.submit(page, { file: "manifest" }, "/frozen/1")).text);
  equal([manifest.number, manifest.data_sha256, manifest.round], [1, sha, "dot-sach"], "the manifest");
  const record = (await officer.get(base.replace("/rounds/", "/quality/rounds/") + "/findings")).text.match(/\/records\/\d+/);
  const long = "Trùng người " + "x".repeat(300), refused = await officer.submit(await officer.get(base + record[0]), { why: long }, "/decide");
  equal([refused.status, refused.text.includes(`value="${long}"`)], [422, true], "a reason that is too long is refused and stays as typed");
  await officer.submit(await officer.get(base + record[0]), { why: "Trùng người" }, "/decide");
  page = await officer.get(`${base}/frozen`);
  check(text(page.text).includes("Dữ liệu đã thay đổi từ bộ số 1") && /Phiếu bị loại: 0, nay 1/.test(text(page.text)), "what changed since");
  await jobEnd(officer, await officer.submit(page, { note: "Loại phiếu trùng" }, "/frozen"));
  page = await officer.get(`${base}/frozen`);
  const second = JSON.parse((await officer.submit(page, { file: "manifest" }, "/frozen/2")).text);
  equal(second.exclusions.length, 1, "the exclusion is listed");
  equal(second.exclusions[0].reason, "Trùng người", "with its reason");
  equal(i.run("check").code, 0, "everything agrees");
});
