// SPDX-License-Identifier: AGPL-3.0-or-later
// node tests/browser/hostile.mjs build/thuocdo: 200 hostile strings in every stored text, then every page and file in a browser whose content
// policy is off, so that escaping alone must hold: nothing may run.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Instance, signIn, uuid } from "../scenario/harness.mjs";
import { askedOn, crawl, finish, launch, report, root, run, signInPage } from "./browser.mjs";
import { payloads } from "./payloads.mjs";

const csvCell = (s) => `"${s.replaceAll('"', '""')}"`;
const optionOf = (html, name, has = () => true) => {
  const list = html.match(new RegExp(`<select[^>]*name="${name}"[^>]*>([\\s\\S]*?)</select>`))?.[1] ?? "";
  return [...list.matchAll(/<option value="([^"]+)"[^>]*>([^<]*)/g)].find((m) => has(m[2]))?.[1];
};

// ---- planting ------------------------------------------------------------------------------------------------------

function plantForm(i) {
  const file = path.join(i.dir, "hostile.xlsx");
  const made = spawnSync("python3", [path.join(root, "tests/browser/hostile_form.py"), file], { input: JSON.stringify(payloads), encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  i.must("form", "add", file);
  return file;
}

async function plantRounds(i, analyst) {
  let made = 0;
  for (let k = 0; k < 20; k++) {
    const p = await analyst.get("/console/rounds/new");
    const sent = await analyst.submit(p, { code: `hiem-${k}`, form: optionOf(p.text, "form", (label) => /script|do-hoi/.test(label)), owner: optionOf(p.text, "owner"), identity: "open", device_limit: "0",
      title_vi: payloads[(k * 4) % 200].slice(0, 190), title_en: payloads[(k * 4 + 1) % 200].slice(0, 190), intro_vi: payloads[(k * 4 + 2) % 200], intro_en: payloads[(k * 4 + 3) % 200] }, "/rounds/new");
    if (/\/console\/rounds\/\d+/.test(sent.path)) made++;
  }
  i.must("round", "create", "do-hoi", "--form", "do-hoi", "--open");
  return made;
}

async function plantUnits(admin) {
  const page = await admin.get("/console/units/1/import");
  const rows = payloads.map((s, k) => ["bộ", `H${k}`, s.slice(0, 190), s.slice(0, 190), s.slice(0, 70), "", "", "2026-01-01", "", "", s.slice(0, 190)].map(csvCell).join(","));
  const head = "loại,mã,tên,tên tiếng Anh,phân loại,loại cấp trên,mã cấp trên,từ ngày,chấm dứt từ ngày,mã cũ,căn cứ";
  const preview = await admin.upload(page, `${payloads[0]}.csv`, Buffer.from([head, ...rows].join("\n")), {}, "/import");
  const done = await admin.submit(preview, {}, new URL(preview.url).pathname);
  return { preview, done };
}

async function plantPeople(admin) {
  let made = 0;
  for (let k = 0; k < 20; k++) {
    const p = await admin.get("/console/users/new");
    const r = await admin.submit(p, { login: `hiem${k}`, name: payloads[k * 9].slice(0, 90) }, "/users/new");
    if (/\/console\/users\/\d+/.test(r.path) || r.status === 200) made++;
  }
  return made;
}

async function plantAnswers(i) {
  const list = await (await fetch(`${i.base}/api/v1/rounds/do-hoi`)).json();
  const one = list.questions.filter((q) => /^select_one/.test(q.type)), free = list.questions.filter((q) => q.type === "text");
  let stored = 0;
  for (let k = 0; k < 60; k++) {
    const answers = {};
    for (const q of one) answers[q.name] = q.choices[(k + q.name.length) % q.choices.length].name;
    free.forEach((q, n) => { answers[q.name] = payloads[(k * free.length + n) % 200]; });
    const r = await fetch(`${i.base}/api/v1/rounds/do-hoi/submissions`, { method: "POST", body: JSON.stringify({ instance_id: uuid(), answers }),
      headers: { "content-type": "application/json", "user-agent": payloads[k].replace(/[^\x20-\x7e]/g, "?") } });
    if (r.status === 201) stored++;
    else if (k === 0) console.log(`     ${r.status} ${(await r.text()).slice(0, 300)}`);
  }
  return stored;
}

const jobEnd = async (client, page) => {
  for (let n = 0; n < 300 && page.headers.has("refresh"); n++) { await new Promise((done) => setTimeout(done, 100)); page = await client.get(page.path); }
  return page;
};

// Rules, decisions and codes in the words of an attacker, on answers in the words of another; the pages that show them are looked at.
async function plantFindings(i, analyst) {
  const open = (await analyst.get("/console/rounds?state=open")).text.split("<tr>").find((x) => x.includes(">do-hoi<"));
  const base = open?.match(/href="(\/console\/rounds\/\d+)"/)[1];
  if (!base) return { planted: 0, starts: [] };
  const questions = (await (await fetch(`${i.base}/api/v1/rounds/do-hoi`)).json()).questions, free = questions.find((q) => q.type === "text");
  for (let k = 0; k < 10; k++)
    await analyst.submit(await analyst.get(`${base}/cleaning/rules`), { kind: "logic", code: `hiem-${k}`, text: payloads[k * 17].slice(0, 190), condition: "${" + free.name + "} != 'x'" }, "/rules");
  await jobEnd(analyst, await analyst.submit(await analyst.get(`${base}/cleaning`), {}, "/cleaning/run"));
  const quality = base.replace("/rounds/", "/quality/rounds/"), findings = `${quality}/findings`;
  await jobEnd(analyst, await analyst.submit(await analyst.get(quality), {}, "/run"));
  let planted = 0;
  for (const [k, state] of ["kept", "left_out"].entries()) {
    const page = await analyst.get(`${findings}?state=open&source=rules`);
    const chosen = [...page.text.matchAll(/name="chosen" value="([^"]+)"/g)].map((m) => m[1].replaceAll("&amp;", "&")).slice(0, 5);
    planted += chosen.length;
    await analyst.submit(page, { chosen, state, reason: payloads[k * 31 + 5] }, "/findings");
  }
  const record = (await analyst.get(findings)).text.match(/\/records\/\d+/)[0];
  await analyst.submit(await analyst.get(base + record), { question: free.name, value: payloads[3], reason: payloads[4].slice(0, 290) }, "/correct");
  const exports = await analyst.get(`${base}/exports`);
  for (const format of ["csv", "xlsx", "ddi"]) await jobEnd(analyst, await analyst.submit(exports, { format }, "/exports"));
  await jobEnd(analyst, await analyst.submit(await analyst.get(`${base}/frozen`), { note: payloads[6].slice(0, 190) }, "/frozen"));
  return { planted, starts: [`${findings}?state=kept`, `${findings}?state=left_out`, findings, quality, base + record, `${base}/cleaning`, `${base}/cleaning/rules`, `${base}/exports`, `${base}/frozen`] };
}

// ---- looking -------------------------------------------------------------------------------------------------------------

async function watched(browser, options = {}) {
  const fired = [];
  const context = await browser.newContext({ bypassCSP: true, locale: "vi-VN", ...options });
  await context.exposeBinding("__xss", (source, n) => { fired.push(`payload ${n} ran on ${source.page.url()}`); });
  const page = await context.newPage();
  const watch = (p) => p.on("dialog", async (d) => { fired.push(`dialog "${d.message()}" on ${p.url()}`); await d.dismiss(); });
  watch(page);
  context.on("page", watch);
  return { context, page, fired };
}

// Elements and attributes that no page of ours has: traces of text that became markup.
const planted = (page) => page.evaluate(() => {
  const bad = [];
  for (const e of document.querySelectorAll("*")) for (const a of e.attributes) {
    if (/^on/i.test(a.name) || (/^(href|src|action|formaction|data|srcdoc|xlink:href)$/i.test(a.name) && /__xss/.test(a.value) && !/^(https?:\/\/|\/|\?|#)/.test(a.value))) bad.push(`${e.tagName} ${a.name}=${a.value.slice(0, 60)}`);
  }
  for (const e of document.querySelectorAll("script:not([src]), style, base, object, embed, marquee, xss")) bad.push(e.outerHTML.slice(0, 80));
  return bad.slice(0, 3);
});

async function look(browser, name, base, starts, options, signer = null) {
  const { context, page, fired } = await watched(browser);
  if (signer) await signer(page);
  const marks = [];
  const { visited, files } = await crawl(page, base, starts, { ...options, visit: async (u) => {
    await page.evaluate(() => { for (const e of document.querySelectorAll("details")) e.open = true; });
    for (const m of await planted(page)) marks.push(`${u.pathname}: ${m}`);
  } });
  await page.waitForTimeout(100);
  const faults = [...marks, ...fired];
  const cookies = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  for (const f of files.slice(0, 40)) {
    const r = await fetch(f, { headers: { cookie: cookies } });
    const type = r.headers.get("content-type") ?? "", where = r.headers.get("content-disposition") ?? "";
    if (r.status === 200 && (/text\/html/.test(type) || r.headers.get("x-content-type-options") !== "nosniff")) faults.push(`${f.pathname} is served as ${type}`);
    if (r.status === 200 && /csv|zip|sheet|json/.test(type) && !/^attachment/.test(where) && /\.csv$|\.zip$|\.xlsx$/.test(f.pathname)) faults.push(`${f.pathname} is not an attachment`);
    if (/csv/.test(type)) for (const line of (await r.text()).split("\n")) if (/(^|,)"?=HYPERLINK/.test(line)) { faults.push(`${f.pathname}: a cell begins a formula: ${line.slice(0, 80)}`); break; }
  }
  report(`hostile strings: ${name} (${visited} pages, ${files.length} files) run nothing`, visited > 0 ? faults : ["no page visited"]);
  await context.close();
}

async function answerInBrowser(browser, base) {
  const { context, page, fired } = await watched(browser);
  const marks = [];
  await page.goto(`${base}/s/do-hoi`);
  await page.click("button[name=consent][value=yes]");
  for (let i = 0; i < 40 && !page.url().includes("/sent"); i++) {
    for (const m of await planted(page)) marks.push(`${page.url()}: ${m}`);
    const asked = await askedOn(page);
    if (!asked) { await page.click("main a.btn"); continue; }
    for (const name of asked.radios) await page.locator(`main [name="${name}"]`).first().check({ force: true });
    for (const t of asked.typed) await page.fill(`main [name="${t.name}"]`, /numeric/.test(t.mode) ? payloads[i].slice(0, 9) : payloads[(i * 7) % 200]);
    await page.click("main form[method=post] button.btn");
    for (const t of asked.typed) if (/numeric/.test(t.mode) && await page.$(`main [name="${t.name}"]`)) { await page.fill(`main [name="${t.name}"]`, "5"); await page.click("main form[method=post] button.btn"); }
  }
  await page.waitForTimeout(100);
  report("hostile strings: a questionnaire made of them is answered with them", [...marks, ...fired, ...(page.url().includes("/sent") ? [] : [`ends at ${page.url()}`])]);
  await context.close();
}

async function reflected(browser, base) {
  const { context, page, fired } = await watched(browser);
  const marks = [];
  for (let k = 0; k < payloads.length; k += 2) {
    for (const where of [`/search?q=${encodeURIComponent(payloads[k])}`, `/receipt?ma=${encodeURIComponent(payloads[k])}`]) {
      await page.goto(base + where, { waitUntil: "domcontentloaded" });
      for (const m of await planted(page)) marks.push(`${where}: ${m}`);
    }
  }
  for (let k = 0; k < 10; k++) {
    await page.goto(`${base}/sign-in`);
    await page.fill("[name=login]", payloads[k * 20 + 1]);
    await page.fill("[name=password]", "x");
    await page.click("main form button");
    for (const m of await planted(page)) marks.push(`/sign-in: ${m}`);
  }
  report("hostile strings: what is typed into search, receipt and sign-in comes back as text", [...marks, ...fired]);
  await context.close();
}

// ---- all together ---------------------------------------------------------------------------------------------------------

export async function hostile(i, browser) {
  const accounts = i.accounts();
  const admin = await signIn(i, "quantri", accounts.quantri), analyst = await signIn(i, "phantich", accounts.phantich);
  const least = (name, n, want) => report(`${name}: ${n} planted`, n >= want ? [] : [`only ${n}, want ${want}`]);
  await run("a questionnaire of hostile strings is stored", async () => { plantForm(i); });
  await run("rounds with hostile titles", async () => { least("titles and introductions of rounds", await plantRounds(i, analyst), 20); });
  await run("units with hostile names", async () => {
    const { preview, done } = await plantUnits(admin);
    least("names of units", i.must("unit", "export").split("\n").filter((line) => line.includes("xss")).length, 190);
    return done.status === 200 && preview.status === 200 ? [] : [`preview ${preview.status}, import ${done.status}: ${preview.text.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ").slice(600, 1200)}`];
  });
  await run("people with hostile names", async () => { least("names of people", await plantPeople(admin), 20); });
  await run("answers with hostile texts", async () => { least("answers with free texts and User-Agents", await plantAnswers(i), 60); });
  let dirty = { planted: 0, starts: [] };
  await run("rules, decisions, corrections and notes of hostile strings", async () => { dirty = await plantFindings(i, analyst); least("findings settled with a hostile reason", dirty.planted, 10); });
  await look(browser, "findings, records, exports", i.base, dirty.starts, { within: (u) => dirty.starts.includes(u.pathname + u.search) || /\/quality\/findings\//.test(u.pathname), cap: 20, perRoute: 6 },
    (page) => signInPage(page, i, "phantich"));
  await answerInBrowser(browser, i.base);
  await run("a round of hostile strings is published", async () => {
    i.must("round", "close", "do-hoi");
    const r = i.run("edition", "publish", "do-hoi");
    return r.code === 0 ? [] : [r.out + r.err];
  });
  await reflected(browser, i.base);
  const results = [...(await (await fetch(`${i.base}/results`)).text()).matchAll(/href="(\/results\/[a-z0-9-]+\/\d+)"/g)].map((m) => m[1]);
  await look(browser, "public pages", i.base, [...results, "/", "/en/", "/units", "/search?q=xss", "/results", "/surveys", "/s/do-hoi"], {
    within: (u) => !/^\/(console|q\/)/.test(u.pathname), cap: 90, perRoute: 6 });
  for (const login of ["quantri", "phantich"]) await look(browser, `console of ${login}`, i.base, ["/console/", "/console/rounds", "/console/users", "/console/forms", "/console/audit", "/console/units/1", "/console/account"], {
    within: (u) => u.pathname.startsWith("/console"), cap: 70, perRoute: 4 }, (page) => signInPage(page, i, login));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const instance = new Instance(process.argv[2] ?? "build/thuocdo", { demo: true });
  const browser = await launch();
  try {
    instance.init();
    await instance.start();
    await hostile(instance, browser);
  } catch (e) {
    report("the hostile crawl runs", [e.stack]);
  } finally {
    await browser.close();
    await instance.remove();
  }
  finish();
}
