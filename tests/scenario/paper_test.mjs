// SPDX-License-Identifier: AGPL-3.0-or-later
// Paper forms as an agency meets them: printed with numbers, received, typed twice, settled, accepted.
import { spawnSync } from "node:child_process";
import { check, equal, test } from "./harness.mjs";
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
  page = await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept");
  equal(page.status, 200, "accepting");
  equal(i.json("round", "show", "thu-giay").submissions, before + 2, "answers");
  await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept");
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
