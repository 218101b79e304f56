// SPDX-License-Identifier: AGPL-3.0-or-later
// Paper forms as an agency meets them: printed with numbers, received, typed twice, settled, accepted.
import { spawnSync } from "node:child_process";
import { check, equal, test } from "./harness.mjs";
import { jobDone } from "./sample_test.mjs";
import { createRound, demonstration, option, signedIn, smallForm, step, text, uploadForm } from "./survey.mjs";

const program = process.argv[2];
const evil = `<script>alert(1)</script>"'&`;
const desk = {};

async function ready() {
  if (desk.i) return desk;
  const i = await demonstration(program);
  const [officer, clerk, other, supervisor] = [];
  desk.officer = await signedIn(i, "chuyenvien");
  desk.one = await signedIn(i, "nhaplieu");
  desk.two = await signedIn(i, "nhaplieu2");
  desk.supervisor = await signedIn(i, "giamsat");
  const form = await uploadForm(desk.officer, "giay.xlsx", smallForm("thu-giay"));
  desk.round = await createRound(desk.officer, form, "thu-giay");
  await step(desk.officer, desk.round, "open");
  desk.i = i;
  return desk;
}

// The numbers of a new print, read off the sheets.
async function printed(count) {
  const page = await desk.officer.get("/console/paper/prints");
  const done = await desk.officer.submit(page, { round: desk.round, count: String(count), lang: "vi" }, "/prints");
  const href = done.text.match(/href="([^"]*\/prints\/\d+\/file\?from=\d+)"/)[1].replace(/&amp;/g, "&");
  const pdf = await desk.officer.get(href);
  equal(pdf.headers.get("content-type"), "application/pdf", "the sheets");
  const words = spawnSync("pdftotext", ["-layout", "-", "-"], { input: pdf.bytes }).stdout.toString("utf8");
  return [...new Set(words.match(/\b\d{7}-\d\b/g))];
}

const serialsOf = (page) => [...page.text.matchAll(/\b(\d{7}-\d)\b/g)].map((m) => m[1]);

async function keyIn(clerk, batch, serial, values) {
  let page = await clerk.submit(await clerk.get(batch), { serial }, "/key");
  for (let n = 0; n < 12 && /\/key$/.test(page.path); n++) {
    const names = [...page.text.matchAll(/name="(q\.[^"]+)"/g)].map((m) => m[1]);
    const fill = Object.fromEntries(names.filter((x) => x in values).map((x) => [x, values[x]]));
    for (const m of page.text.matchAll(/name="(reason\.[^"]+)"/g)) fill[m[1]] = values[m[1]] ?? "";
    page = await clerk.submit(page, fill, page.path);
  }
  return page;
}

const answers = { "q.tinh": "52", "q.da_lam": "1", "q.kenh": "1", "q.tuoi": "40", "q.b1": "4" };

test("paper: a batch is received, typed twice by two people, settled by a third, accepted once", async () => {
  const { i, officer, one, two, supervisor, round } = await ready();
  const before = i.json("round", "show", "thu-giay").submissions;
  const serials = await printed(4);
  equal(serials.length, 4, "numbers on the sheets");
  const more = await printed(2);
  check(!more.some((s) => serials.includes(s)), "no number is printed twice");
  const bad = await officer.submit(await officer.get("/console/paper/new"), { round, label: evil, first: "1234567-1", last: serials[3], stated: "4" }, "/new");
  equal(bad.status, 422, "a wrong check digit");
  check(!bad.text.includes("<script>alert") && bad.text.includes("&lt;script&gt;"), "what was typed is kept and shown as text");
  const made = await officer.submit(bad, { first: serials[0], missing: serials[2] }, "/new");
  equal(made.status, 200, "the batch");
  const batch = made.path;
  check(text(made.text).includes(serials[2]), "the missing number is listed");

  let page = await keyIn(one, batch, serials[0], answers);
  check(page.path === batch, `the first entry ends at ${page.path}: ${text(page.text).slice(0, 300)}`);
  equal((await one.submit(await one.get(batch), { serial: serials[0] }, "/key")).status, 422, "the same clerk a second time");
  await keyIn(two, batch, serials[0], answers);
  const own = (await two.get(batch)).text.match(new RegExp(`href="(/console/paper/forms/\\d+)"[^>]*>\\s*${serials[1]}`))?.[1];
  check((await two.submit(await two.get(own), {}, "/key")).path === `${own}/key`, "a form that has not begun is entered from its own page");
  check(!/name="serial"/.test((await one.get(own)).text) && !text((await one.get(own)).text).includes("Nhập phiếu"), "not by another meanwhile");
  await supervisor.submit(await supervisor.get(own), {}, "/release");
  await keyIn(one, batch, serials[1], answers);
  await keyIn(two, batch, serials[1], { ...answers, "q.b1": "5" });
  check(!text((await two.get(batch)).text).includes("Hài lòng"), "a clerk sees no answers of the other");
  const list = await supervisor.get(batch);
  const line = list.text.split("<tr>").find((x) => x.includes(serials[1]));
  const form = line.match(/href="([^"]+)"/)[1];
  page = await supervisor.get(form + "/settle");
  check(text(page.text).includes("Hài lòng") && text(page.text).includes("Rất hài lòng"), "both values stand side by side");
  equal((await supervisor.submit(page, {}, "/settle")).status, 422, "deciding nothing");
  page = await supervisor.submit(page, { "take.b1": "second" }, "/settle");
  equal(page.status, 200, "settling");
  page = await jobDone(supervisor, await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept"));
  equal(page.status, 200, "accepting");
  equal(i.json("round", "show", "thu-giay").submissions, before + 2, "answers");
  check(text((await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept")).text).includes("không có phiếu nào chờ"), "nothing is left to accept");
  equal(i.json("round", "show", "thu-giay").submissions, before + 2, "answers after accepting again");
  const report = text((await officer.get(batch + "/report")).text);
  check(report.includes(serials[2]) && report.includes("Bùi Thị Hằng"), "the report names missing numbers and clerks");
  const csv = (await officer.get(batch + "/report.csv")).text;
  check(csv.includes(`${serials[0]},accepted`), "the list of forms");
  check(i.run("check").code === 0, "the store is whole");
});

test("paper: what breaks a rule is kept with a reason, and what cannot be read is not lost", async () => {
  const { officer, one, two, round } = await ready();
  const serials = await printed(1);
  const made = await officer.submit(await officer.get("/console/paper/new"), { round, label: "Lô quy tắc", first: serials[0], last: serials[0], stated: "1" }, "/new");
  const odd = { ...answers, "q.tuoi": "chín", "q.b1": "8", "q.kenh": "1 2" };
  let page = await keyIn(one, made.path, serials[0], odd);
  equal(page.path.endsWith("/key"), true, `the last page asks for reasons (${page.path})`);
  page = await one.get(page.path + "?section=0");
  const values = [];
  for (let n = 0; n < 9; n++) {
    const p = await one.get(`${page.path}?section=${n}`);
    values.push(...[...p.text.matchAll(/name="q\.[^"]+" type="text" value="([^"]*)"/g)].map((m) => m[1]));
    if (p.text.includes("Nhập xong")) break;
  }
  check(values.includes("chín") && values.includes("8"), `what was typed stands in its boxes: ${values}`);
  const reasons = { ...odd, "reason.tuoi": evil, "reason.b1": "Ghi như vậy trên giấy" };
  page = await keyIn(one, made.path, serials[0], reasons);
  for (let n = 0; n < 4 && page.path.endsWith("/key"); n++) page = await keyIn(one, made.path, serials[0], reasons);
  check(page.path === made.path, `with reasons the entry ends at ${page.path}`);
  const found = await two.get(`/console/paper?serial=${serials[0]}`);
  check(text(found.text).includes("Đã nhập lần 1"), "found by its number");
});

test("paper: rows of a repeat are printed, typed, added, compared row by row, settled and stored as rows", async () => {
  const { i, officer, one, two, supervisor } = await ready();
  const extra = [["begin_repeat", "nguoi", "Người trong nhà", "Member", "", "", "", "", ""], ["text", "ten", "Tên", "Name", "", "", "", "", ""],
    ["integer", "tuoi_nguoi", "Tuổi", "Age", "", "", ". < 120", "", ""], ["end_repeat", "", "", "", "", "", "", "", ""]];
  const form = await uploadForm(officer, "ho.xlsx", smallForm("thu-ho", { extra }));
  const round = await createRound(officer, form, "thu-ho");
  await step(officer, round, "open");
  const runs = await officer.submit(await officer.get("/console/paper/prints"), { round, count: "1", lang: "vi" }, "/prints");
  check(/name="rows"/.test(runs.text), "the number of rows is asked");
  const links = (page) => page.text.match(/href="([^"]*\/prints\/\d+\/file\?from=\d+&amp;rows=\d+)"/)[1].replace(/&amp;/g, "&");
  const sheet = async (path) => spawnSync("pdftotext", ["-layout", "-", "-"], { input: (await officer.get(path)).bytes }).stdout.toString("utf8");
  const few = await sheet(links(runs)), many = await sheet(links(await officer.get("/console/paper/prints?rows=12")));
  check(few.includes("Người trong nhà") && few.includes("Nhiều hơn 8 dòng") && many.includes("Nhiều hơn 12 dòng"), many);
  const serial = many.match(/\b\d{7}-\d\b/)[0];
  const batch = (await officer.submit(await officer.get("/console/paper/new"), { round, label: "Lô hộ", first: serial, last: serial, stated: "1" }, "/new")).path;

  let page = await one.submit(await one.get(batch), { serial }, "/key");
  while (!page.text.includes('name="q.ten:1"')) page = await one.submit(page, Object.fromEntries(Object.entries(answers).filter(([k]) => page.text.includes(`name="${k}"`))), page.path);
  check(!page.text.includes('name="q.ten:2"'), "one row to begin with");
  page = await one.submit(page, { "q.ten:1": "An", "q.tuoi_nguoi:1": "41", more: "1" }, page.path);
  check(page.text.includes('name="q.ten:7"') && page.text.includes('value="41"'), "five rows more, and nothing typed is lost");
  await one.submit(page, { "q.ten:3": "Bình", "q.tuoi_nguoi:3": "200", "reason.tuoi_nguoi:3": "Như trên giấy" }, page.path);   // a line was left free
  const moved = await one.get(page.text.match(/action="([^"]*\/key\?section=\d+)/)[1] + "&check=1");
  check(/name="reason\.tuoi_nguoi:2"[^>]*Như trên giấy/.test(moved.text), "the reason moved up with its row: " + moved.text.match(/.*reason\..*/g));
  const ended = await keyIn(one, batch, serial, { ...answers, "q.ten:1": "An", "q.tuoi_nguoi:1": "41", "q.ten:2": "Bình", "q.tuoi_nguoi:2": "9" });
  equal(ended.path, batch, `the first entry ends: ${text(ended.text).slice(0, 900)}`);
  page = await two.submit(await two.get(batch), { serial }, "/key");
  while (!page.text.includes('name="q.ten:1"')) page = await two.submit(page, Object.fromEntries(Object.entries(answers).filter(([k]) => page.text.includes(`name="${k}"`))), page.path);
  page = await two.submit(page, { more: "1" }, page.path);
  await two.submit(page, { "q.ten:1": "An", "q.tuoi_nguoi:1": "14", "q.ten:2": "Bình", "q.tuoi_nguoi:2": "9", "q.ten:3": "Chi", "q.tuoi_nguoi:3": "7" }, page.path);
  await keyIn(two, batch, serial, { ...answers, "q.ten:1": "An", "q.tuoi_nguoi:1": "14", "q.ten:2": "Bình", "q.tuoi_nguoi:2": "9", "q.ten:3": "Chi", "q.tuoi_nguoi:3": "7" });

  const href = (await supervisor.get(batch)).text.match(/href="(\/console\/paper\/forms\/\d+)[^"]*"/)[1];
  page = await supervisor.get(href + "/settle");
  const asked = [...new Set([...page.text.matchAll(/name="take\.([^"]+)"/g)].map((m) => m[1]))];
  equal(asked, ["tuoi_nguoi:1", "ten:3", "tuoi_nguoi:3"], "row against row");
  check(text(page.text).includes("Tuổi, dòng 1"), "the row is named");
  page = await supervisor.submit(page, { "take.tuoi_nguoi:1": "first", "take.ten:3": "second", "take.tuoi_nguoi:3": "other", "other.tuoi_nguoi:3": "8" }, "/settle");
  equal(page.status, 200, "settling");
  await jobDone(supervisor, await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept"));
  equal(i.json("round", "show", "thu-ho").submissions, 1, "one answer");
  const rows = i.must("export", "thu-ho", "--repeat", "nguoi");
  equal(rows.trim().split("\n").slice(1).map((l) => l.trim().split(",").slice(-3).join()), ["1,An,41", "2,Bình,9", "3,Chi,8"], "rows as settled");
  equal(i.run("check").code, 0, "the store is whole");
});

test("paper: a round whose questionnaire names only the web is refused for paper, phones and fieldwork, each time in words", async () => {
  const { i, officer } = await ready();
  const form = await uploadForm(officer, "chi-web.xlsx", smallForm("chi-web", { channels: "online" }));
  const round = await createRound(officer, form, "chi-web");
  await step(officer, round, "open");
  const print = await officer.submit(await officer.get("/console/paper/prints"), { round, count: "1", lang: "vi" }, "/prints");
  equal(print.status, 422, "no prints");
  check(text(print.text).includes("không có “paper”"), "which setting");
  const batch = await officer.submit(await officer.get("/console/paper/new"), { round, label: "Lô", first: "1", last: "1", stated: "1" }, "/new");
  check(batch.status === 422 && text(batch.text).includes("không có “paper”"), "no batch");
  const typed = { name: "Máy", way: "key", from_day: "1", from_month: "11", from_year: "2026" };
  const phone = await officer.submit(await officer.get(`/console/rounds/${round}/devices/new`), typed, "/devices/new");
  check(phone.path.endsWith("/devices") && text(phone.text).includes("không có “field”"), "no phone");
  const field = await officer.get(`/console/rounds/${round}/fieldwork`);
  check(text(field.text).includes("không có “field”"), "no fieldwork");
  const command = i.run("device", "add", "chi-web");
  check(command.code !== 0 && command.err.includes("does not name field"), "nor by command");
  equal(i.json("device", "list", "chi-web").length, 0, "none was added");
});
