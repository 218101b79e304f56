// SPDX-License-Identifier: AGPL-3.0-or-later
// Pages that exist once somebody has done something: paper typed and settled, phones and what they sent, findings, re-checks, coding, entries of a
// roster. The records are made over HTTP by the people concerned; then each page is opened in the browser as they see it.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { check, signIn, sleep, uuid } from "../scenario/harness.mjs";
import { drawVillages } from "../scenario/sample_test.mjs";
import { createRound, jobDone, post, smallForm, step, uploadForm } from "../scenario/survey.mjs";
import { watch } from "./browser.mjs";

const people = {};

// Signed in once; a code of the second factor that another part of the run has used works again half a minute later.
async function person(t, login) {
  for (let tries = 0; !people[login]; tries++) {
    try { people[login] = await signIn(t.instance, login, t.instance.accounts()[login]); } catch (e) { if (tries === 3) throw e; await sleep(15000); }
  }
  return people[login];
}

async function as(t, client, options = {}) {
  const c = await t.context(options), page = await c.newPage();
  if (client) await c.addCookies(Object.entries(client.cookies).map(([name, value]) => ({ name, value, url: t.instance.base })));
  t.page = page;
  t.faults = watch(page, t.instance.base);
  return c;
}

const links = (page, like) => [...new Set([...page.text.matchAll(new RegExp(`href="(${like})"`, "g"))].map((m) => m[1].replace(/&amp;/g, "&")))];

async function ended(client, page) {
  for (let n = 0; n < 300 && page.headers.has("refresh"); n++) { await sleep(200); page = await client.get(page.path); }
  return page;
}

async function openRound(officer, name, code) {
  const form = await uploadForm(officer, `${code}.xlsx`, smallForm(name));
  const id = await createRound(officer, form, code);
  await step(officer, id, "open");
  return { id, form };
}

// ---- Paper ---------------------------------------------------------------------------------------------------------------

async function typed(clerk, batch, serial, values) {
  let page = await clerk.submit(await clerk.get(batch), { serial }, "/key");
  for (let n = 0; n < 12 && /\/key$/.test(page.path); n++) {
    const names = [...page.text.matchAll(/name="(q\.[^"]+)"/g)].map((m) => m[1]);
    page = await clerk.submit(page, Object.fromEntries(names.filter((x) => x in values).map((x) => [x, values[x]])), page.path);
  }
}

export async function paperRecords(t) {
  const officer = await person(t, "chuyenvien"), one = await person(t, "nhaplieu"), two = await person(t, "nhaplieu2"), supervisor = await person(t, "giamsat");
  const { id } = await openRound(officer, "giay-xem", "giay-xem");
  const done = await officer.submit(await officer.get("/console/paper/prints"), { round: id, count: "3", lang: "vi" }, "/prints");
  const [file] = links(done, "[^\"]*/prints/\\d+/file\\?from=\\d+"), pdf = await officer.get(file);
  const serials = [...new Set(spawnSync("pdftotext", ["-layout", "-", "-"], { input: pdf.bytes }).stdout.toString("utf8").match(/\b\d{7}-\d\b/g))];
  const made = await officer.submit(await officer.get("/console/paper/new"), { round: id, label: "Lô xã Ia Grai, tháng 11", first: serials[0], last: serials[2], stated: "3" }, "/new");
  const batch = made.path, values = { "q.tinh": "52", "q.da_lam": "1", "q.kenh": "1", "q.tuoi": "40", "q.b1": "4" };
  await typed(one, batch, serials[0], values);
  await typed(two, batch, serials[0], { ...values, "q.b1": "5" });
  const keyed = await one.submit(await one.get(batch), { serial: serials[1] }, "/key");
  const form = (await supervisor.get(batch)).text.split("<tr>").slice(1).find((x) => x.includes(serials[0])).match(/href="([^"]+)"/)[1];

  let c = await as(t, officer);
  await t.at("/console/paper/prints", "paper, prints");
  await t.file(file);
  for (const w of ["", "/report"]) await t.at(batch + w, `paper, batch ${w}`);
  await t.file(batch + "/report.csv");
  await c.close();
  c = await as(t, one);
  await t.at(keyed.path, "paper, typing a form");
  await t.at(batch, "paper, batch as a clerk sees it");
  await c.close();
  c = await as(t, supervisor);
  await t.at(form, "paper, a form typed twice");
  await t.at(`${form}/settle`, "paper, settling");
  await t.send({}, "main form[method=post] button.btn");
  await t.seen("paper, settling, refused", { refused: true });
  await t.at(`${batch}/accept`, "paper, accepting");
  await c.close();
}

// ---- Phones ----------------------------------------------------------------------------------------------------------------

const phoneHeaders = { "X-OpenRosa-Version": "1.0", Date: "Sun, 22 11 2026 03:15:00 CH", "User-Agent": "org.odk.collect.android/v2026.2 Dalvik" };

async function send(t, url, version, id, level, files = {}) {
  const body = new FormData();
  body.set("xml_submission_file", new File([`<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="mot-cua" version="${version}"><lan_nay><tinh>52</tinh></lan_nay>`
    + `<muc_do><hl_noi>${level}</hl_noi></muc_do><orx:meta><orx:instanceID>uuid:${id}</orx:instanceID></orx:meta></data>`], "phieu.xml", { type: "text/xml" }));
  for (const [name, bytes] of Object.entries(files)) body.set(name, new File([bytes], name));
  return fetch(`${url}/submission?deviceID=collect%3Axem`, { method: "POST", headers: phoneHeaders, body });
}

export async function phoneRecords(t) {
  const supervisor = await person(t, "phantich"), added = t.instance.json("device", "add", "mot-cua", "--name", "Máy 01, Nguyễn Thượng Hiền");
  const url = t.instance.base + new URL(added.url).pathname;
  const list = await (await fetch(`${url}/formList?deviceID=collect%3Axem`, { headers: phoneHeaders })).text();
  const version = list.match(/<version>([^<]*)/)[1], id = uuid();
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  await send(t, url, version, id, 4, { "anh.png": png, "ghi-chu.txt": "Ghi chú của điều tra viên" });
  await send(t, url, version, id, 2);                          // the same number with other content is put aside
  const rows = (await supervisor.get("/console/rounds")).text.split("<tr>").find((x) => x.includes("mot-cua"));
  const at = rows.match(/\/console\/rounds\/\d+/)[0];
  for (let n = 0; n < 100 && t.instance.json("round", "show", "mot-cua").flagged === 0; n++) await sleep(50);
  const field = await supervisor.get(`${at}/field`), aside = await supervisor.get(`${at}/field/aside`), devices = await supervisor.get(`${at}/devices`);
  const record = links(field, `${at}/field/\\d+`)[0], files = links(await supervisor.get(record), `${at}/field/\\d+/files/[^"]*`);
  const c = await as(t, supervisor);
  await t.at(`${at}/devices`, "phones");
  await t.at(links(devices, `${at}/devices/\\d+/revoke`)[0], "revoke a phone");
  await t.send({}, "main form[method=post] button");
  await t.seen("revoke a phone, refused", { refused: true });
  await t.at(`${at}/field`, "answers of phones");
  await t.at(record, "an answer of a phone");
  await t.file(`${record}/xml`);
  for (const f of files) await t.file(f);
  await t.at(`${record}/settle`, "decide about an answer");
  await t.send({}, "main form[method=post] button");
  await t.seen("decide about an answer, refused", { refused: true });
  await t.at(`${at}/field/aside`, "put aside");
  await t.file(links(aside, `${at}/field/aside/\\d+/file[^"]*`)[0]);
  await c.close();
}

// ---- Answers looked at by officers --------------------------------------------------------------------------------------------

export async function checkedRecords(t) {
  const analyst = await person(t, "phantich"), officer = await person(t, "chuyenvien"), checker = await person(t, "giamsat");
  const list = await analyst.get("/console/quality");
  const simulated = [...list.text.matchAll(/href="([^"]*\/quality\/rounds\/\d+)"[^>]*>([^<]*)/g)].find((m) => /Đo lường.*mô phỏng/.test(m[2]))[1];
  await ended(analyst, await analyst.submit(await analyst.get(simulated), {}, "/run"));
  const finding = links(await analyst.get(`${simulated}/findings?state=open&source=checks`), "[^\"]*/quality/findings/\\d+")[0];
  const { id } = await openRound(officer, "xem-lai", "xem-lai"), base = `/console/rounds/${id}`, manage = `/console/quality/rounds/${id}/recheck`;
  for (const [tuoi, b1, ghi] of [[40, "4", "Chờ lâu ở đường Nguyễn Thượng Hiền"], [119, "4", "Chờ lâu"], [42, "2", "Cán bộ nhiệt tình"], [43, "5", "Tốt"]])
    await post(t.instance.base, "xem-lai", { instance_id: uuid(), answers: { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi, b1, ghi, ...(tuoi >= 60 ? { b2: "2" } : {}) } });
  await ended(officer, await officer.submit(await officer.get(manage), { share: "50", seed: "7", mode: "telephone", questions: ["b1", "tuoi"], shown: ["tinh"] }, "/recheck"));
  const draw = links(await officer.get(manage), "[^\"]*/recheck/draws/\\d+")[0];
  const cases = links(await checker.get("/console/recheck"), "[^\"]*/recheck/cases/\\d+");
  await checker.submit(await checker.get(cases[0]), { "q.b1": "3", "q.tuoi": "99", act: "done" }, cases[0]);
  await officer.submit(await officer.get(`${base}/cleaning/rules`), { kind: "range", code: "tuoi-cao", text: "Tuổi trên 100", question: "tuoi", high: "100", condition: "" }, "/rules");
  await ended(officer, await officer.submit(await officer.get(`${base}/cleaning`), {}, "/cleaning/run"));
  const record = links(await officer.get(`/console/quality/rounds/${id}/findings`), `${base}/records/\\d+`)[0];
  const coding = await officer.get(`${base}/coding`);
  const coder = (select, name) => coding.text.match(new RegExp(`<select[^>]*name="${select}"[\\s\\S]*?</select>`))[0].match(new RegExp(`value="(\\d+)"[^>]*>${name}`))[1];
  const frame = (await officer.submit(coding, { question: "ghi", first: coder("first", "Nguyễn Thị Phượng"), second: coder("second", "Bùi Thị Hằng") }, "/coding")).path;
  await officer.submit(await officer.get(frame), { codes: "1 | Thời gian | Time\n11 | Chờ lâu | Long wait | 1\n2 | Thái độ | Manner\n3 | Khác | Other" }, "/codes");

  let c = await as(t, analyst);
  await t.at(finding, "a finding");
  await t.send({ reason: "" }, "main form[method=post] button");
  await t.seen("a finding, refused", { refused: true });
  await t.at(`${simulated}/findings`, "findings of a round");
  await c.close();
  c = await as(t, officer);
  await t.at(`${base}/cleaning`, "cleaning, with a finding");
  await t.at(record, "a record");
  await t.at(`${base}/cleaning/rules`, "cleaning, rules");
  await t.at(`${base}/coding`, "coding");
  await t.at(frame, "coding, a frame");
  await t.at(draw, "re-checks of a round");
  await t.file(`${draw}/rates.csv`);
  await c.close();
  c = await as(t, checker);
  await t.at("/console/recheck", "re-checks to make");
  await t.at(cases[1], "a re-check");
  await t.send({ "q.tuoi": "bốn mươi" }, "main form[method=post] button");
  await t.seen("a re-check, refused", { refused: true });
  await c.close();
}

// ---- Questionnaires: versions and files; fieldwork's list ------------------------------------------------------------------------

export async function formRecords(t) {
  const officer = await person(t, "chuyenvien"), analyst = await person(t, "phantich"), dir = t.instance.dir, list = path.join(dir, "xa.csv");
  const file = path.join(dir, "hai-ban.csv");
  fs.writeFileSync(list, "name,label,tinh\n9000,Kinh Bắc,24\n");
  for (const [version, question] of [["1", "integer,tuoi,Tuổi"], ["2", "select_one_from_file xa.csv,xa,Xã"]]) {
    fs.writeFileSync(file, `survey,,,,\n,type,name,label::Tiếng Việt (vi),required\n,${question},yes\n,text,ghi,Ghi chú,\n`
      + `settings,,,\n,form_id,version,form_title\n,hai-ban,${version},Hai bản của một phiếu\n`);
    t.instance.must("form", "add", file, "--media", list, "--reason", "Bỏ các câu không dùng");
  }
  const second = (await analyst.get("/console/forms")).text.split("<tr>").find((x) => x.includes("hai-ban")).match(/\/console\/forms\/(\d+)/)[1];
  const drawn = await drawVillages(officer, "Làng để xem danh sách");
  const { id } = await openRound(officer, "thuc-dia-xem", "thuc-dia-xem");
  const due = new Date(Date.now() + 20 * 86400000);
  await jobDone(officer, await officer.submit(await officer.get(`/console/rounds/${id}/fieldwork`), { sample: drawn.path.split("/").pop(), unit: "ma_xa", due_day: String(due.getUTCDate()),
    due_month: String(due.getUTCMonth() + 1), due_year: String(due.getUTCFullYear()), erase_days: "30" }, "/fieldwork/open"));
  let c = await as(t, analyst);
  await t.at(`/console/forms/${second}`, "questionnaire with files");
  const version = await analyst.get(`/console/forms/${second}`);
  await t.at(links(version, "[^\"]*/changes[^\"]*")[0], "questionnaire, changes");
  for (const f of links(version, "[^\"]*/media[^\"]*")) await t.file(f);
  await c.close();
  c = await as(t, officer);
  await t.at(`/console/rounds/${id}/fieldwork`, "fieldwork, just begun");
  await t.file(`/console/rounds/${id}/fieldwork/cases.csv`);
  await c.close();
}

// ---- A roster, entry by entry ---------------------------------------------------------------------------------------------------------

const roster = `survey,,,,,,,
,type,name,label::Tiếng Việt (vi),label::English (en),required,relevant,constraint
,begin_repeat,nguoi,Người trong nhà,People at home,,,
,text,ten,Tên,Name,yes,,
,integer,tuoi,Tuổi của \${ten},Age of \${ten},yes,,. < 120
,begin_repeat,lan,Lần đến bộ phận một cửa,Visits,,,
,integer,phut,Số phút chờ,Minutes,yes,,
,end_repeat,,,,,,
,end_repeat,,,,,,
settings,,,
,form_id,version,form_title
,ho-gia-dinh,1,Hộ gia đình
`;

export async function rosterRecords(t) {
  const file = path.join(t.instance.dir, "ho-gia-dinh.csv");
  fs.writeFileSync(file, roster);
  t.instance.must("form", "add", file);
  t.instance.must("round", "create", "ho-gia-dinh", "--form", "ho-gia-dinh", "--title", "Hộ gia đình ở đường Nguyễn Thượng Hiền", "--open");
  const c = await as(t, null), at = (w) => `/s/ho-gia-dinh${w}`;
  await t.at(at(""), "roster, start");
  await t.send({}, "main button[name=consent][value=yes]");
  for (let n = 0; n < 3 && !/\/(question|list|entry)\//.test(t.page.url()); n++) await t.send({}, "main a.btn, main form[method=post] button.btn");
  await t.seen("roster, its list");
  await t.at(at("/entry/nguoi/1"), "roster, an entry");
  await t.send({ "q.ten": "Nguyễn Thị Thượng Hiền", "q.tuoi": "200" });
  await t.seen("roster, an entry, refused", { refused: true });
  await t.send({ "q.tuoi": "40" });
  await t.seen("roster, the list inside an entry");
  await t.at(at("/entry/lan/1.1"), "roster, an entry inside an entry");
  await t.send({ "q.phut": "25" });
  await t.at(at("/question/nguoi"), "roster, one entry told");
  await t.at(at("/entry/nguoi/1?remove=1"), "roster, remove an entry");
  await c.close();
}

// ---- Choices side by side, long lists among other questions, a place asked from the device --------------------------------------------

export async function choiceRecords(t) {
  const file = path.join(t.instance.dir, "lua-chon.csv"), places = Array.from({ length: 240 }, (_, i) => `,xa,${i},Xã số ${i},Commune ${i}`).join("\n");
  fs.writeFileSync(file, `survey,,,,,
,type,name,label::Tiếng Việt (vi),label::English (en),appearance
,begin_group,g,Nơi ông/bà hay đến,Where you go,field-list
,text,ten,Họ tên,Name,
,select_multiple xa,xa,Những xã nào?,Which communes?,
,geopoint,noi,Ông/bà đang ở đâu?,Where are you?,
,select_one muc,muc,Thái độ của công chức?,Attitude of officials?,likert
,select_multiple viec,viec,Những việc nào?,Which matters?,columns-3
,select_one viec,chinh,Việc chính?,The main one?,columns
,end_group,,,,
,select_one xa,mot,Xã đến nhiều nhất?,Most often?,
choices,,,,
,list_name,name,label::Tiếng Việt (vi),label::English (en)
,muc,1,Rất không hài lòng,Very dissatisfied
,muc,2,Không hài lòng,Dissatisfied
,muc,3,Bình thường,Neither
,muc,4,Hài lòng,Satisfied
,muc,5,Rất hài lòng,Very satisfied
,viec,dat,Đất đai,Land
,viec,ho,Hộ tịch,Civil status
,viec,thue,Thuế,Taxes
,viec,bao,Bảo hiểm xã hội,Social insurance
,viec,khac,Việc khác,Other
${places}
settings,,,
,form_id,version,form_title
,lua-chon,1,Lựa chọn
`);
  t.instance.must("form", "add", file);
  t.instance.must("round", "create", "lua-chon", "--form", "lua-chon", "--title", "Nơi hay đến", "--open");
  const c = await as(t, null, { geolocation: { latitude: 21.028511, longitude: 105.804817, accuracy: 8 }, permissions: ["geolocation"] }), at = (w) => `/s/lua-chon${w}`;
  await t.at(at(""), "choices, start");
  await t.send({}, "main button[name=consent][value=yes]");
  for (let n = 0; n < 3 && !/\/question\//.test(t.page.url()); n++) await t.send({}, "main form[method=post] button.btn");
  await t.seen("choices side by side");
  await t.page.fill("[name='q.ten']", "An");
  await t.page.fill("[name='find.q.xa']", "so 12");
  await Promise.all([t.page.waitForNavigation(), t.page.click("button[name=look][value='q.xa']")]);
  await t.page.check("input[value='127']", { force: true });
  await t.page.fill("[name='find.q.xa']", "so 7");
  await Promise.all([t.page.waitForNavigation(), t.page.press("[name='find.q.xa']", "Enter")]);
  await t.page.click(".place button");
  await t.page.waitForFunction(() => document.querySelector("[name='q.noi_lat']").value === "21,028511");
  await t.page.check("input[name='q.muc'][value='4']", { force: true });
  await t.page.check("input[name='q.viec'][value='ho']", { force: true });
  await t.seen("choices, searched and placed");
  check(await t.page.inputValue("[name='q.ten']") === "An" && await t.page.isChecked("input[value='127']"), "what was typed and chosen stays");
  await t.page.click("main form button.btn:not(.btn-2)");
  await t.page.waitForURL("**/question/mot");
  await t.seen("a long list alone");
  await t.send({ "find.q.mot": "khong co dau" }, "button[name=look]");
  await t.seen("a long list, nothing found");
  await t.send({ "find.q.mot": "12" }, "button[name=look]");
  await t.seen("a long list, found");
  await t.page.check("input[type=radio][value='12']", { force: true });
  await t.page.click("main form button.btn:not(.btn-2)");
  await t.page.waitForURL("**/check");
  check(/21,028511; 105,804817 \(sai số khoảng 8/.test(await t.page.textContent("main")), "the accuracy is kept");
  await t.page.goto(t.instance.base + at("/question/g").replace(/^/, "/en"));
  await t.seen("choices in English", { lang: "en" });
  await c.close();
}
