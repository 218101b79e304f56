// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page the crawls do not reach: finished acts, refusals, sign-in, the kiosk, error pages. With the crawls it must leave no GET route
// unvisited: the list of routes comes from the program itself.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { signIn } from "../scenario/harness.mjs";
import { checkedRecords, choiceRecords, formRecords, paperRecords, phoneRecords, rosterRecords } from "./records.mjs";
import { methods } from "./methods.mjs";
import { service } from "./service.mjs";
import { panels } from "./panels.mjs";
import { reportTemplates } from "./report_templates.mjs";
import { registry } from "./entered_figures.mjs";
import { schemes } from "./schemes.mjs";
import { schemeDrafts } from "./scheme_drafts.mjs";
import { appraisal } from "./appraisal.mjs";
import { seasons } from "./seasons.mjs";
import { mail } from "./mail.mjs";
import { drawVillages } from "../scenario/sample_test.mjs";
import { crawl, demoRound, inspect, press, report, run, seenPaths, signInPage, walkSurvey, watch } from "./browser.mjs";

const main = "main form[method=post]";

class Tour {
  constructor(instance, browser, context) { Object.assign(this, { instance, browser, context }); }

  async open(login = null) {
    const c = await this.context(), page = await c.newPage();
    const faults = watch(page, this.instance.base);
    if (login) await signInPage(page, this.instance, login);
    faults.splice(0);
    this.page = page; this.faults = faults;
    return c;
  }

  // What the browser says of a refusal is no fault of the page.
  async seen(label, { lang = "vi", refused = false } = {}) {
    const said = this.faults.splice(0).filter((f) => !refused || !/status of [45]|^[45]\d\d /.test(f));
    report(`tour: ${label}`, [...said, ...await inspect(this.page, `tour-${label}`, { lang }), ...this.faults.splice(0)]);
  }

  async at(where, label, { status = 200, lang = "vi" } = {}) {
    const r = await this.page.goto(where.startsWith("http") ? where : this.instance.base + where);
    if (r.status() !== status) report(`tour: ${label}`, [`${where}: status ${r.status()}, want ${status}`]);
    await this.seen(label, { lang, refused: status >= 400 });
    return r;
  }

  // A file, or an address that leads elsewhere: the answer is there, and the address counts as visited.
  async file(where) {
    const r = await this.page.request.get(where.startsWith("http") ? where : this.instance.base + where, { maxRedirects: 0 });
    if (r.status() >= 400) report(`tour: ${where}`, [`status ${r.status()}`]);
    seenPaths.add(new URL(r.url()).pathname);
    return r;
  }

  // Fills what is given and presses the main button.
  async send(values = {}, button = `${main} button.btn`) {
    for (const [name, v] of Object.entries(values)) {
      const field = this.page.locator(`main [name="${name}"]`).first();
      const kind = await field.evaluate((e) => e.tagName === "SELECT" ? "select" : e.type);
      if (kind === "select") await field.selectOption(v);
      else if (kind === "radio") await this.page.locator(`main [name="${name}"][value="${v}"]`).check({ force: true });
      else if (kind === "checkbox") await this.page.locator(`main [name="${name}"]`).nth(v === true ? 0 : v).check({ force: true });
      else await field.fill(v);
    }
    await press(this.page, `${button} >> nth=0`);
  }

  // Sends an empty form, looks at the refusal, sends the right one.
  async refusedThen(label, values) {
    await this.send();
    await this.seen(`${label}, refused`, { refused: true });
    await this.send(values);
  }
}

const day = (name, iso) => { const [y, m, d] = iso.split("-"); return { [`${name}_day`]: d, [`${name}_month`]: m, [`${name}_year`]: y }; };
const firstHref = (page, like) => page.$$eval("main a[href]", (l, want) => l.map((a) => a.getAttribute("href")).find((h) => new RegExp(want).test(h)), like);

// ---- Public -------------------------------------------------------------------------------------------------------------

async function publicStates(t, rounds) {
  const c = await t.open();
  await t.at("/search?q=zzzz", "search, nothing found");
  await t.at("/search?q=binh+dinh", "search, a unit that ended");
  await t.at("/receipt?code=TD26-0000-0000-0000", "receipt, unknown", { status: 404 });
  await t.at(`/embed/round/${rounds.open}`, "card for other sites");
  await t.at("/units?on=2024-01-01", "units of an earlier day");
  await t.at("/units/999999999", "unit, unknown", { status: 404 });
  await t.at("/results/khong-co", "results, unknown", { status: 404 });
  await t.at(`/results/${rounds.published}`, "results of a round, its newest edition");
  await t.at("/components", "components");
  await t.at("/s/khong-co", "survey, unknown", { status: 404 });
  await t.at("/en/khong-co", "not found, English", { status: 404, lang: "en" });
  for (const where of ["/feed", "/robots.txt", "/.well-known/security.txt", "/healthz", "/readyz", "/units.csv", "/sitemap", "/units/code/52", `/results/${rounds.published}/1/figures.csv`, `/results/${rounds.published}/1/${rounds.published}-1.zip`, `/q/${rounds.open}`, "/display?theme=light&back=/",
    `/s/${rounds.open}/card.png`, "/api/v1/rounds", `/api/v1/rounds/${rounds.open}`, `/api/v1/rounds/${rounds.published}/results`,
    "/api/v1/openapi.json", "/api/v1/editions", "/api/v1/indicators", "/api/v1/indicators/satisfied.B", "/api/v1/indices", "/api/v1/indices/sipas"]) await t.file(where);
  await c.close();
}

// ---- Signing in -----------------------------------------------------------------------------------------------------------

async function signingIn(t) {
  const login = "hocvien", password = t.instance.accounts()[login];
  const c = await t.open(), page = t.page;
  await t.at("/sign-in", "sign in");
  await t.send();
  await t.seen("sign in, refused", { refused: true });
  await t.send({ login: "quantri", password: t.instance.accounts().quantri });
  await t.seen("second factor");
  await t.send({ code: "000000" });
  await t.seen("second factor, refused", { refused: true });
  await t.at("/sign-out", "sign out");
  await c.close();
  const d = await t.open();
  t.instance.must("user", "mfa-reset", "bientap");
  await t.page.goto(t.instance.base + "/sign-in");
  await t.send({ login: "bientap", password: t.instance.accounts().bientap });
  await t.seen("second factor, first time");
  await t.send();
  await t.seen("second factor, first time, refused", { refused: true });
  const link = t.instance.must("user", "reset", login).match(/https?:\S+\/reset\/\S+/)[0];
  await t.at(new URL(link).pathname, "one-time link");
  await t.send({ new: "ngan", again: "khac" });
  await t.seen("one-time link, refused", { refused: true });
  await t.send({ new: "mua thu gio heo may 26", again: "mua thu gio heo may 26" });
  await t.seen("one-time link, done");
  await t.at(new URL(link).pathname, "one-time link, used", { status: 410 });
  await t.at("/sign-in/code", "second factor without a sign-in");
  await t.at("/sign-in/enrol", "enrolment without a sign-in");
  await t.at("/sign-in/password", "password without a sign-in");
  await d.close();
  void page; void password;
}

// ---- Console ----------------------------------------------------------------------------------------------------------------

async function unitActs(t) {
  const c = await t.open("quantri");
  await t.page.goto(t.instance.base + "/console/units");
  const province = (await t.file("/units/code/52")).headers().location.match(/\d+$/)[0];
  const at = (id, w) => `/console/units/${id}${w}`;
  await t.at(at(province, ""), "unit, province");
  await t.at(at(province, "/add"), "add a unit");
  await t.refusedThen("add a unit", { name_vi: "Trung tâm Phục vụ hành chính công", ...day("on", "2026-11-01") });
  await t.seen("add a unit, preview");
  await t.send();
  await t.seen("add a unit, done");
  const added = t.page.url().match(/\d+$/)[0];
  await t.at(at(added, "/change"), "change a unit");
  await t.at(at(added, "/abolish"), "abolish a unit");
  await t.at(at(province, "/merge?kind=commune"), "merge units");
  await t.refusedThen("merge units", { old: true, name_vi: "Hợp nhất Nguyễn Thượng Hiền", code: "99001", ...day("on", "2026-11-02") });
  await t.seen("merge units, one is too few", { refused: true });
  await t.send({ old: 1 });
  await t.seen("merge units, preview");
  await t.send();
  await t.seen("merge units, done");
  const units = await t.page.$$eval("main a[href*='/console/units/']", (l) => l.map((a) => a.getAttribute("href")));
  const commune = units.map((u) => u.match(/^\/console\/units\/(\d+)$/)?.[1]).filter((u) => u && u !== province && u !== "1").pop() ?? added;
  await t.at(at(province, "/split"), "split a province");
  await t.send();
  await t.seen("split a province, refused", { refused: true });
  await t.at(at(commune, "/split"), "split a unit");
  await t.refusedThen("split a unit", { p0_name_vi: "Bắc Ẳng", p0_code: "99101", p0_share: "60", p1_name_vi: "Nam Ệch", p1_code: "99102", p1_share: "40", ...day("on", "2026-11-03") });
  await t.seen("split a unit, preview");
  await t.send();
  await t.seen("split a unit, done");
  await t.at(at(province, "/import"), "import units");
  await t.send();
  await t.seen("import units, no file", { refused: true });
  for (const [label, rows] of [["faults", "cục,,,,,,,2026-13-01,,,\nxã,1,,,,,,hôm qua,,,"], ["preview", "sở,SAE,Sở Ẳng Ệch,,,,,2026-11-05,,,Quyết định số 12/QĐ-UBND"]]) {
    await t.page.goto(t.instance.base + at(province, "/import"));
    await t.page.setInputFiles("main input[type=file]", { name: "don-vi.csv", mimeType: "text/csv", buffer: Buffer.from("loại,mã,tên,tên tiếng Anh,phân loại,loại cấp trên,mã cấp trên,từ ngày,chấm dứt từ ngày,mã cũ,căn cứ\n" + rows + "\n") });
    await t.send();
    await t.seen(`import units, ${label}`, { refused: true });
  }
  await t.send();
  await t.seen("import units, done");
  await t.at("/console/units?q=zzzz", "units, nothing found");
  await t.file("/console/units/template.csv");
  await c.close();
}

async function peopleActs(t) {
  const c = await t.open("quantri");
  await t.at("/console/users", "people");
  await t.at("/console/users/new", "new person");
  await t.refusedThen("new person", { login: "thu.huong", name: "Nguyễn Phúc Thu Hương", email: "thu.huong@vidu.gov.vn" });
  await t.seen("new person, one-time link");
  await t.at("/console/users?q=thu.huong", "people, found");
  const person = await firstHref(t.page, "/console/users/\\d+$");
  await t.at(person, "person without a role");
  await t.at(`${person}/grants/new`, "grant");
  const role = await t.page.$eval("main [name=role]", (e) => [...e.options].map((o) => o.value).filter(Boolean)[0]);
  await t.send({}, "main form button.btn");
  await t.seen("grant, refused", { refused: true });
  await t.send({ role }, "main form button.btn");
  await t.seen("grant, check", { refused: true });
  if (await t.page.$("main [name=unit_id], main [name=unit]")) {
    const unit = t.page.locator("main input[name=unit]:not([type=hidden])");
    if (await unit.count()) { await unit.fill("Gia Lai"); await t.send({}, "main form button.btn"); await t.seen("grant, unit chosen", { refused: true }); }
  }
  for (let i = 0; i < 3 && !await t.page.$("main [name=reason]"); i++) {
    const radio = t.page.locator("main input[type=radio]");
    if (await radio.count()) await radio.first().check({ force: true });
    await t.send({}, "main form button.btn");
    await t.seen(`grant, step ${i}`, { refused: true });
  }
  if (await t.page.$("main [name=reason]")) { await t.send({ reason: "Theo Quyết định số 5/QĐ-SNV" }); await t.seen("grant, given"); }
  await t.at(person, "person with a role");
  const revoke = await t.page.locator("main a[href*='/revoke']").first().getAttribute("href").catch(() => null);
  if (revoke) { await t.at(revoke, "revoke a grant"); await t.send({}, `${main} button`); await t.seen("revoke a grant, refused", { refused: true }); }
  for (const act of ["edit", "disable", "reset", "invite", "second-factor", "sessions"]) await t.at(`${person}/${act}`, `person, ${act}`);
  await t.page.goto(t.instance.base + `${person}/disable`);
  await t.send({}, `${main} button`);
  await t.seen("person, disable, refused", { refused: true });
  if (await t.page.$("main [name=reason]")) await t.send({ reason: "Chuyển công tác" }, `${main} button`);
  await t.seen("person, disabled");
  await t.at(`${person}/enable`, "person, enable");
  for (const w of ["/console/rights", "/console/delegations", "/console/sessions", "/console/account", "/console/account/contact", "/console/account/second-factor", "/console/health", "/console/audit",
    "/console/audit?q=zzzz", "/console/users?q=zzzz", "/confirm", "/console/sign-out"]) await t.at(w, w);
  await t.at("/console/khong-co", "not found in the console", { status: 404 });
  await c.close();
}

async function roundActs(t, rounds) {
  const c = await t.open("phantich");
  await t.at("/console/rounds/new", "new round");
  const form = await t.page.$eval("main [name=form]", (e) => [...e.options].map((o) => o.value).filter(Boolean)[0]);
  const owner = await t.page.$eval("main [name=owner]", (e) => [...e.options].map((o) => o.value).filter(Boolean)[0]);
  await t.refusedThen("new round", { code: "thu-moi", form, owner, title_vi: "Khảo sát có thư mời về đường Nguyễn Thượng Hiền", identity: "code" });
  await t.seen("round, draft");
  const id = t.page.url().match(/\d+$/)[0], at = (w) => `/console/rounds/${id}${w}`;
  for (const w of ["/edit", "/preview", "/share", "/codes", "/progress", "/results", "/extend", "/exports", "/devices", "/devices/new", "/field", "/field/aside", "/cleaning", "/cleaning/rules", "/step/open"]) await t.at(at(w), `round, draft, ${w}`);
  await t.send();
  await t.seen("round, open");
  await t.at(at("/codes"), "codes");
  await t.send();
  await t.seen("codes, refused", { refused: true });
  const made = t.page.waitForEvent("download");
  for (const [name, v] of Object.entries({ label: "Thư mời đợt 1", count: "8" })) await t.page.fill(`main [name=${name}]`, v);
  await t.page.click(`${main} button.btn`);
  const sheet = await made;
  const kept = process.env.SCREENSHOTS ? `${process.env.SCREENSHOTS}/codes.pdf` : null;
  if (kept) await sheet.saveAs(kept);
  await t.at(at("/codes"), "codes, made");
  await t.at(await firstHref(t.page, "/void$"), "void codes");
  await t.at(at("/extend"), "extend");
  await t.send({}, `${main} button`);
  await t.seen("extend, refused", { refused: true });
  await t.at(at("/share"), "share, round with codes");
  for (const f of ["/poster.pdf", "/qr.svg", "/results.csv"]) {
    const r = await t.file(at(f));
    if (process.env.SCREENSHOTS) fs.writeFileSync(`${process.env.SCREENSHOTS}/round${f.replace("/", "-")}`, await r.body());
  }
  await t.at("/s/thu-moi", "survey with codes, start");
  await t.send({}, "main button[name=consent][value=yes]");
  await t.seen("survey, type a code");
  await t.send();
  await t.seen("survey, code refused", { refused: true });
  for (const step of ["pause", "open", "close"]) { await t.at(at(`/step/${step}`), `round, step ${step}`); if (await t.page.$("main [name=reason]")) await t.send({ reason: "Hết thời hạn" }, `${main} button`); else await t.send({}, `${main} button`); }
  await t.seen("round, closed");
  await t.at("/s/thu-moi", "survey, closed", { status: 410 });
  await t.at(at("/publish"), "publish, nothing collected", {});
  await t.at("/console/editions", "editions");
  const correct = await t.page.locator("main a[href$='/correct']").first().getAttribute("href");
  await t.at(correct, "correct an edition");
  await t.send({}, `${main} button`);
  await t.seen("correct an edition, refused", { refused: true });
  await t.at("/console/forms/new", "new questionnaire");
  await t.send({}, `${main} button.btn`);
  await t.seen("new questionnaire, no file", { refused: true });
  await t.at("/console/forms", "questionnaires");
  const version = await t.page.$$eval("main a[href*='/console/forms/']", (l) => l.map((a) => a.getAttribute("href")).find((h) => /\/\d+$/.test(h)));
  await t.at(version, "questionnaire");
  await t.at(`${version}/preview`, "questionnaire, preview");
  for (const f of ["/file", "/questions.json", "/paper"]) await t.file(version + f);
  await t.page.goto(t.instance.base + "/console/forms/new");
  const example = await t.page.$$eval("main a[href$='.xlsx']", (l) => l.map((a) => a.href)[0]);
  if (example) await t.file(example);
  await writing(t, version);
  await t.at("/console/rounds", "rounds");
  await t.at("/console/rounds?q=zzzz", "rounds, nothing found");
  void rounds;
  await c.close();
}

// A questionnaire written in the browser: every page of a draft.
async function writing(t, version) {
  await t.at("/console/drafts/new", "new draft");
  await t.refusedThen("new draft", { title: "Phiếu viết thử" });
  const draft = new URL(t.page.url()).pathname;
  const add = async (type, label, where = "") => { await t.at(`${draft}/add${where}`, `add ${type}`); await t.send({ type, label }); return new URL(t.page.url()).pathname; };
  await t.at(`${draft}/add`, "add a question");
  await t.send({ label: "Không có kiểu" });
  await t.seen("add a question, refused", { refused: true });
  const choice = await add("select_one", "Ông/bà có hài lòng không?");
  await t.send({ choices: "1 | Có\n0 | Không" });
  await t.seen("draft, question");
  const group = await add("begin_group", "Phần hai");
  const words = await add("text", "Vì sao?", `?after=${group.split("/").pop()}&inside=1`);
  await t.at(`${words}/logic`, "draft, condition");
  await t.send({ q_0: "c1", value_0: "chưa rõ" });
  await t.seen("draft, condition refused", { refused: true });
  await t.send({ q_0: "c1", value_0: "0" });
  await t.seen("draft, condition picked");
  await t.at(`${words}/logic?as=text`, "draft, condition as text");
  await t.at(`${words}/rules`, "draft, rules");
  await t.at(`${words}/cells`, "draft, other columns");
  await t.at(choice, "draft, question with choices");
  const repeat = await add("begin_repeat", "Mỗi lần đến");
  await add("date", "Ngày đến", `?after=${repeat.split("/").pop()}&inside=1`);
  await t.at(`${repeat}/logic`, "draft, repeat");
  await t.at(`${choice}/bank`, "keep a question");
  await t.send();
  await t.seen("keep a question, refused", { refused: true });
  await t.send({ subject: "Một cửa" });
  await t.seen("an item of the bank");
  await t.at(`${group}/bank`, "keep a group");
  await t.send({ subject: "Một cửa" });
  await t.seen("a group of the bank");
  await t.at(`${choice}/bank`, "keep a question again");
  await t.send({ subject: "Một cửa", note: "sửa lời" });
  await t.seen("an item with two versions");
  await t.at(`${new URL(t.page.url()).pathname}/changes?to=2`, "two versions of an item");
  await t.at(`/console/bank?draft=${draft.split("/").pop()}`, "bank, for a draft");
  await t.at("/console/bank?q=zzzz", "bank, nothing found");
  await t.file(`${draft}/paper`);
  for (const p of ["", "/lists", "/settings", "/files", "/history", "/preview", "/publish", "/drop"]) await t.at(draft + p, `draft ${p}`);
  await t.at(`${draft}/list?name=ds_c1`, "draft, list");
  await t.at(`${draft}/files`, "draft, files");
  await t.page.setInputFiles("main [name=media]", { name: "anh.png", mimeType: "image/png",
    buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") });
  await press(t.page, `${main} >> nth=-1 >> button.btn`);
  await t.seen("draft, a file");
  await t.file(`${draft}/media/anh.png`);
  await t.at(`${draft}/phone`, "draft, phone");
  await t.file(`${draft}/workbook`);
  await t.at(`/console/drafts/new?from=${version.split("/").pop()}`, "draft from a version");
  await t.at("/console/drafts", "drafts");
}

// A round of its own: answered, closed, published, corrected.
async function publication(t) {
  const code = "thu-cong-bo";
  t.instance.must("round", "create", code, "--form", "mot-cua", "--open");
  const d = await t.open();
  let receipt = "";
  for (let i = 0; i < 6; i++) {
    await walkSurvey(t.page, `${t.instance.base}/s/${code}`, { radio: (where) => (where.includes("/hl_") ? i % 2 * 4 : 0) });      // few who all say the same are hidden
    receipt = await t.page.locator("#ma").inputValue();
    await d.clearCookies();
  }
  t.faults.splice(0);
  await t.at(`/receipt?code=${encodeURIComponent(receipt)}`, "receipt, counted");
  await t.file(`/api/v1/receipts/${receipt}`);
  await d.close();
  const c = await t.open("phantich");
  await t.page.goto(t.instance.base + "/console/rounds?q=" + code);
  const list = await t.page.$$eval("main tbody a[href*='/console/rounds/']", (l) => l.map((a) => [a.getAttribute("href"), a.closest("tr").innerText]));
  const at = (list.find(([, text]) => text.includes(code)) ?? list[0])[0].match(/\/console\/rounds\/\d+/)[0];
  await t.at(`${at}/progress`, "progress");
  await t.at(`${at}/results`, "results while open");
  await t.at(`${at}/weights`, "weights, none");
  await t.send({ margins: "01,không rõ", cap: "0" });
  await t.seen("weights, refused", { refused: true });
  await t.send({ margins: "", cap: "" });
  await t.seen("weights, preview");
  await t.send({ margins: "gioi_tinh,khac,5\nkhong_co,a,7" });
  await t.seen("weights, margins refused", { refused: true });
  await t.at(`${at}/flagged`, "flagged answers");
  await t.at(`${at}/frozen`, "frozen sets, none");
  for (const w of ["findings", "thresholds", "results", "recheck"]) await t.at(`${at.replace("/rounds/", "/quality/rounds/")}/${w}`, `quality, ${w}`);
  t.instance.must("round", "close", code);
  await t.at(`${at}/publish`, "publish");
  await t.send({}, `${main} button`);
  await t.seen("publish, refused", { refused: true });
  const ask = await t.page.$$eval(`${main} input:not([type=hidden]), ${main} textarea`, (l) => l.map((e) => e.name));
  const answer = {};
  for (const name of ask) answer[name] = name === "reason" || name === "note" ? "Theo kế hoạch" : code;
  await t.send(answer, `${main} button`);
  await t.seen("published", { refused: true });
  await c.close();
}

// A sample from frame to list, and the background work it left.
async function samples(t) {
  await drawVillages(await signIn(t.instance, "chuyenvien", t.instance.accounts().chuyenvien), "Gia Lai 2026");
  const c = await t.open("chuyenvien");
  const { files } = await crawl(t.page, t.instance.base, ["/console/samples", "/console/jobs"], {
    within: (u) => /^\/console\/(samples|jobs)/.test(u.pathname), cap: 30, visit: (u) => t.seen(`${u.pathname}${u.search}`),
  });
  for (const f of files) await t.file(f.href);
  await c.close();
}

// Reports made in the console: refused, made, looked at, taken home.
async function reports(t) {
  const c = await t.open("phantich");
  await t.at("/console/reports", "reports");
  await t.send({ kind: "province", province: "" });
  await t.seen("reports, no province chosen", { refused: true });
  await t.send({ kind: "province", province: "24", format: "csv", number: "05/BC-BNV", agency: "BỘ NỘI VỤ" });
  for (let i = 0; i < 100 && !await firstHref(t.page, "/console/reports/\\d+"); i++) { await new Promise((done) => setTimeout(done, 200)); await t.page.reload(); }
  const made = await firstHref(t.page, "/console/reports/\\d+");
  await t.at(made, "reports, one made");
  await t.file(`${made}/file`);
  await t.at("/console/reports", "reports, list");
  await c.close();
}

// ---- The kiosk, and answers that end early ----------------------------------------------------------------------------------

async function kiosk(t, rounds) {
  const c = await t.open(), s = (w) => `/s/${rounds.open}${w}`;
  await t.at(s("?c=kiosk"), "kiosk, start");
  await t.send({}, "main button[name=consent][value=yes]");
  await t.seen("kiosk, first page");
  await t.at(s("/idle"), "kiosk, is somebody there");
  await t.file(s("/leave"));
  await t.page.goto(t.instance.base + s(""));
  await t.send({}, "main button[name=consent][value=yes]");
  for (let i = 0; i < 3 && !await t.page.$("main [name=later]"); i++) await press(t.page, "main a.btn, main form button.btn");
  await t.send({}, "main [name=later]");
  await t.seen("survey, saved for later");
  await walkSurvey(t.page, t.instance.base + s("?c=kiosk"));
  t.faults.splice(0);
  await t.seen("kiosk, sent");
  await c.close();
  const d = await t.open();
  await t.at(s("/resume"), "resume");
  await t.send();
  await t.seen("resume, refused", { refused: true });
  await t.at(s("/withdraw"), "withdraw");
  await t.send();
  await t.seen("withdraw, refused", { refused: true });
  await t.at(s(""), "survey, start");
  if (await t.page.$("main button[name=consent][value=no]")) { await t.send({}, "main button[name=consent][value=no]"); await t.seen("survey, no consent"); }
  await d.close();
}

// ---- Desks ------------------------------------------------------------------------------------------------------------------------

async function desks(t, rounds) {
  const c = await t.open("phantich");
  await t.page.goto(t.instance.base + "/console/rounds");
  const list = await t.page.$$eval("main tbody a[href*='/console/rounds/']", (l) => l.map((a) => [a.getAttribute("href"), a.closest("tr").innerText]));
  const round = list.find(([, text]) => text.includes("một cửa"))[0];
  await t.at(`${round}/desks`, "desks, none yet");
  await t.at(`${round}/desks/new`, "setting a desk up");
  await t.refusedThen("setting a desk up", { name: "Quầy 3, Đất đai", follow: 0 });
  report("tour: a machine that leaves required questions out says which", await t.page.getByText(/Phiếu còn \d+ câu bắt buộc/).count() ? [] : ["not said"]);
  await t.seen("address of a machine");
  const url = await t.page.inputValue("main input[name=url]");
  await t.at(`${round}/desks`, "desks");
  const poster = await firstHref(t.page, "poster.pdf");
  await t.file(poster);
  await t.at(poster.replace("poster.pdf", "renew"), "a new address for a machine");
  await t.at(poster.replace("poster.pdf", "stop"), "stopping a desk");
  const officer = t.page, faults = t.faults;
  const machine = await t.open();
  await t.at(url, "machine, start");
  await t.at(url.replace("/k/", "/en/k/"), "machine, start in English", { lang: "en" });
  await t.page.goto(url);
  await t.page.locator(".desk-choice").first().dblclick();
  await t.page.waitForURL(/more|thanks/);
  await t.seen("machine, more or thanks");
  if (/more/.test(t.page.url())) { await t.page.click("[name=skip]"); await t.page.waitForURL(/thanks/); }
  await t.seen("machine, thanks");
  await t.page.goto(url);
  await t.page.context().setOffline(true);                  // the line drops: the tap waits on the machine …
  await t.page.locator(".desk-choice").last().click();
  await t.page.waitForSelector(".desk-kept:not([hidden])");
  t.faults.splice(0);
  await t.seen("machine, offline");
  t.faults.splice(0);
  await t.page.context().setOffline(false);                 // … and goes out when the machine is opened again
  await t.page.goto(url);
  await t.page.waitForFunction(() => !Object.keys(localStorage).some((k) => JSON.parse(localStorage[k]).length));
  t.faults.splice(0);
  await t.page.route("**/tap", (r) => r.fulfill({ status: 410, body: "" }));      // a tap that is refused for good is told, not dropped
  await t.page.evaluate(() => { const key = Object.keys(localStorage).find((k) => /^taps:[^:]*$/.test(k)); localStorage[key] = '[{"visit":"v","value":"1"}]'; });
  await t.page.goto(url);
  await t.page.waitForSelector(".desk-lost:not([hidden])");
  await t.page.unroute("**/tap");
  t.faults.splice(0);
  await t.seen("machine, a rating that was refused");
  await t.page.route("**/tap", (r) => r.fulfill({ status: 503, body: "" }));      // while the round is paused the machine says what it keeps
  await t.page.evaluate(() => { const key = Object.keys(localStorage).find((k) => /^taps:[^:]*$/.test(k)); localStorage[key] = '[{"visit":"v","value":"1"},{"visit":"w","value":"2"}]'; });
  const shut = async (to) => { const p = await officer.context().newPage(); await p.goto(t.instance.base + round + "/" + to); if (await p.$("main [name=reason]")) await p.fill("main [name=reason]", "Sửa quầy"); await Promise.all([p.waitForNavigation(), p.click("main form button.btn")]); report(`tour: ${to}`, p.url().includes("/step/") ? [p.url() + (await p.textContent("main")).slice(0, 300)] : []); await p.close(); };
  await shut("step/pause");
  await t.page.goto(url);
  await t.page.waitForSelector("[data-desk=shut] .desk-offline:not([hidden])");
  report("tour: a machine whose round is paused says how many ratings wait", (await t.page.textContent("[data-waiting]")) === "2" && (await t.page.textContent("[data-refused]")) === "1" ? [] : [await t.page.textContent("main")]);
  t.faults.splice(0);
  await t.seen("machine, the round is paused", { refused: true });
  await shut("step/open");
  await t.page.evaluate(() => { const key = Object.keys(localStorage).find((k) => /^taps:[^:]*$/.test(k)); localStorage[key] = "[]"; });
  await t.page.unroute("**/tap");
  t.faults.splice(0);
  await machine.close();
  Object.assign(t, { page: officer, faults });
  await t.at(`${round}/desks`, "desks with counts");
  const sent = await t.page.$eval("main tbody td.num", (e) => e.textContent.trim());
  const stored = t.instance.must("export", rounds.open, "--format", "csv").split("\n").filter((l) => l.includes(",kiosk,"));
  report("tour: the rating of each tap is in its record", stored.length >= 2 && stored.every((l) => /,[1-5],/.test(l)) ? [] : stored);
  report("tour: two visits are two answers, one of them sent twice by a double tap, one kept while offline", sent === "2" ? [] : [`today: ${sent}`]);
  await c.close();
}

// ---- Files on pages ------------------------------------------------------------------------------------------------------------

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mMQsk4DAAEWALR5cj5aAAAAAElFTkSuQmCC", "base64");
const FILES = `survey,,,,,
,type,name,label::Tiếng Việt (vi),required,image
,image,anh,Ảnh giấy hẹn trả kết quả,yes,hinh.png
,file,don,Đơn gửi kèm,no,
settings,,,,
,form_id,version,form_title,default_language
,tep,1,Phiếu có tệp,Tiếng Việt (vi)
`;

async function files(t) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "tep-")), csv = path.join(dir, "tep.csv"), picture = path.join(dir, "hinh.png");
  fs.writeFileSync(csv, FILES);
  fs.writeFileSync(picture, PIXEL);
  t.instance.must("form", "add", csv, "--media", picture);
  t.instance.must("round", "create", "co-tep", "--form", "tep", "--title", "Có tệp", "--open");
  const c = await t.open();
  await t.page.goto(t.instance.base + "/s/co-tep");
  await t.send({}, "main button[name=consent][value=yes]");
  await t.seen("file question");
  await t.file("/s/co-tep/media/hinh.png");
  await t.page.setInputFiles("main input[type=file]", csv);
  await t.send();
  await t.seen("file question, refused", { refused: true });
  await t.page.setInputFiles("main input[type=file]", picture);
  await t.send();
  await t.seen("file question of documents");
  await t.at("/s/co-tep/question/anh", "file question, received");
  await t.file(await firstHref(t.page, "/file/"));
  await t.at("/s/co-tep/check", "check with a file");
  await t.send();
  await c.close();
  const d = await t.open("phantich");
  await t.page.goto(t.instance.base + "/console/rounds");
  const round = (await t.page.$$eval("main tbody a[href*='/console/rounds/']", (l) => l.map((a) => [a.getAttribute("href"), a.innerText])))
    .find(([, text]) => text.includes("Có tệp"))[0];
  await t.at(`${round}/files`, "files of a round");
  await t.file(await firstHref(t.page, "/files/\\d+/"));
  await d.close();
  fs.rmSync(dir, { recursive: true });
}

// The analysis desk: a table of each kind, its files, why a number is what it is; for everybody why a published one is.
async function analysis(t, rounds) {
  const c = await t.open("phantich"), base = "/console/analysis", q = `round=${rounds.published}`;
  await t.at(base, "analysis desk");
  await t.at(`${base}?${q}&what=n.B2&by=tinh&view=now`, "analysis desk, today's units");
  await t.at(`${base}?${q}&what=n.B2&by=tinh&by2=td.channel&m=mean`, "analysis desk, two breakdowns");
  const item = (await t.page.$$eval("main select[name=what] option", (l) => l.map((o) => o.value))).find((v) => v.startsWith("q.B"));
  await t.at(`${base}?${q}&what=${encodeURIComponent(item)}&m=spread&by=td.channel&fq=tinh`, "analysis desk, distribution");
  await t.at(`${base}?${q}&what=n.B2&by=tinh&fq=tinh&f=tinh:01`, "analysis desk, filtered");
  await t.at(`${base}?${q}&what=n.B2&by=tinh&f=tinh:khong-co`, "analysis desk, a question without an answer");
  for (const f of ["csv", "xlsx"]) await t.file(`${base}/table.${f}?${q}&what=n.B2&by=tinh`);
  await t.at(`${base}/why?${q}&what=n.B2&by=tinh&i=1`, "why this number");
  await t.at(`${base}/tables`, "kept tables, none yet");
  await t.at(`${base}?${q}&what=n.B2&by=tinh`, "analysis desk, to be kept");
  await t.page.click("main form[action$='/tables'] >> xpath=ancestor::details >> summary");
  await t.send({ name: "Cung ứng dịch vụ theo tỉnh" }, "main form[action$='/tables'] button");
  await t.seen("analysis desk, a table kept");
  await t.at(`${base}/tables`, "kept tables");
  const kept = await firstHref(t.page, "/analysis/tables/\\d+");
  await t.at(kept, "a kept table");
  await t.send({ name: "" });
  await t.seen("a kept table, refused", { refused: true });
  await t.at(`${kept}/remove`, "a kept table, removing");
  await c.close();
  const d = await t.open();
  await t.at(`/results/${rounds.published}/1/why?name=satisfied.B&value=`, "why a published number");
  await d.close();
}

// ---- Errors -------------------------------------------------------------------------------------------------------------------

async function refusals(t) {
  const c = await t.open("kiemtoan");
  await t.at("/console/users/new", "not allowed", { status: 403 });
  await c.close();
  const d = await t.open();
  // A page that answers a form: what a browser shows when a form goes where none is expected, is too long, or lost its token.
  const post = async (where, size, label, status) => {
    await t.page.goto(t.instance.base + "/sign-in");
    const [r] = await Promise.all([t.page.waitForNavigation(), t.page.evaluate(([to, n]) => {
      const f = document.createElement("form");
      f.method = "post"; f.action = to;
      const i = document.createElement("textarea");
      i.name = "x"; i.value = "x".repeat(n);
      f.append(i); document.body.append(f); f.submit();
    }, [where, size])]);
    if (r.status() !== status) report(`tour: ${label}`, [`status ${r.status()}, want ${status}`]);
    await t.seen(label, { refused: true });
  };
  await post("/results", 10, "method not allowed", 405);
  await post("/sign-in", 10, "form token lost", 403);
  await d.close();
}

// ---- The whole ----------------------------------------------------------------------------------------------------------------

const parts = {
  publicStates,
  signingIn,
  unitActs,
  peopleActs,
  roundActs,
  publication,
  samples,
  reports,
  methods,
  service,
  reportTemplates, panels,
  registry,
  schemes,
  schemeDrafts,
  seasons,
  appraisal,
  mail,
  kiosk,
  files,
  paperRecords,
  phoneRecords,
  checkedRecords,
  formRecords,
  rosterRecords,
  choiceRecords,
  desks,
  analysis,
  refusals,
};

export async function tour(instance, browser, context) {
  const list = await (await fetch(instance.base + "/api/v1/rounds")).json();
  const rounds = { open: demoRound, published: list.find((r) => r.state === "published")?.code };
  const t = new Tour(instance, browser, context);
  for (const [name, part] of Object.entries(parts)) {
    if (process.env.TOUR && !process.env.TOUR.split(",").includes(name)) continue;
    await run(`tour of ${name}`, () => part(t, rounds));
  }
}

// Every GET route must have been opened: pages by inspect(), files and redirects by any request.
export function unvisited(instance) {
  const routes = JSON.parse(instance.must("routes", "--json")).filter((r) => r.method === "GET" && !r.path.startsWith("/openrosa/"));    // for apps, not for browsers
  const paths = [...seenPaths].map((p) => p.replace(/^\/en(?=\/|$)/, "") || "/");
  return routes.filter((r) => {
    const want = new RegExp("^" + r.path.replace(/\/$/, "").replace(/[.]/g, "\\.").replace(/\{[^}]*\}/g, "[^/]+") + "/?$");
    return !paths.some((p) => want.test(p));
  }).map((r) => `no visit to ${r.path}`);
}
