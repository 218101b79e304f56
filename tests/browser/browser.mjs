// SPDX-License-Identifier: AGPL-3.0-or-later
// What the browser tests share: a headless browser, the checks every page must pass, a crawler, a walk through a survey.
import { chromium } from "playwright-core";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { codeOf } from "../scenario/harness.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const axeSource = fs.readFileSync(path.join(root, "node_modules/axe-core/axe.min.js"), "utf8");
const shots = process.env.SCREENSHOTS ?? "";
if (shots) fs.mkdirSync(shots, { recursive: true });

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

export const result = { passed: 0, failed: 0 };
// The demonstration's round on which anybody may answer: named, for other parts open rounds of their own.
export const demoRound = "mot-cua";

export function report(name, faults) {
  if (faults.length === 0) { result.passed++; console.log(`ok   ${name}`); return; }
  result.failed++;
  for (const f of faults.slice(0, 30)) console.log(`     ${f}`);
  console.log(`FAIL ${name}`);
}
export async function run(name, body) {
  const begin = Date.now();
  let faults;
  try { faults = (await body()) ?? []; } catch (e) { faults = [String(e.stack ?? e).split("\n").slice(0, 5).join("\n     ")]; }
  report(`${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`, faults);
}
export function finish() {
  console.log(`${result.passed} passed, ${result.failed} failed`);
  process.exitCode = result.failed ? 1 : 0;
}

// ---- texts: keys and sentences of one language that must not stand on a page of the other -----------------------

function catalogue(lang) {
  const out = new Map();
  const dir = path.join(root, "locale", lang);
  for (const f of fs.readdirSync(dir)) {
    for (const line of fs.readFileSync(path.join(dir, f), "utf8").split("\n")) {
      const m = line.match(/^([a-z0-9._-]+) = (.*)$/);
      if (m) out.set(m[1], m[2].trim());
    }
  }
  return out;
}
const texts = { vi: catalogue("vi"), en: catalogue("en") };
// Sentences of at least three words without parameters that the other language says otherwise.
const foreign = (lang, other) => [...texts[other]].filter(([k, v]) => !v.includes("{") && v.split(" ").length >= 3 && texts[lang].get(k) !== v
  && ![...texts[lang].values()].includes(v)).map(([, v]) => v);
const foreignTo = { vi: foreign("vi", "en"), en: foreign("en", "vi") };

function textFaults(lang, text) {
  const out = [];
  for (const word of text.match(/[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+/g) ?? []) if (texts.vi.has(word)) out.push(`catalogue key shown: ${word}`);
  const lines = new Set(text.split("\n").map((s) => s.trim()));
  for (const s of foreignTo[lang] ?? []) if (lines.has(s) || (s.length > 25 && text.includes(s))) out.push(`text of the other language: ${s}`);
  return out;
}

// ---- a page and all its checks --------------------------------------------------------------------------------------

// Collects what goes wrong on a page while it loads.
export function watch(page, base) {
  const faults = [];
  page.on("console", (m) => { if (m.type() === "error") faults.push(`console: ${m.text().slice(0, 200)}`); });
  page.on("pageerror", (e) => faults.push(`script error: ${e.message}`));
  page.on("requestfailed", (r) => { if (!/ERR_ABORTED/.test(r.failure()?.errorText)) faults.push(`request failed: ${r.url()} ${r.failure()?.errorText}`); });
  // The browser's own viewer of PDF files is made of pages of its own.
  page.on("request", (r) => { if (!r.url().startsWith(base) && !/^(data|chrome|chrome-extension):/.test(r.url())) faults.push(`request to another host: ${r.url()}`); });
  page.on("response", (r) => { if (r.status() >= 400) faults.push(`${r.status()} ${r.url().slice(base.length)}`); });
  return faults;
}

// Addresses looked at by inspect(), and those that answer with a file or lead elsewhere.
export const seenPaths = new Set();
export function notePaths(context) {
  context.on("response", (r) => {
    const type = r.headers()["content-type"] ?? "";
    if (r.request().method() === "GET" && (r.status() < 400 && !/text\/html/.test(type) || [301, 302, 303, 308].includes(r.status()))) seenPaths.add(new URL(r.url()).pathname);
  });
}

async function axe(page, mode) {
  if (process.env.AXE === "0") return [];
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const r = await window.axe.run(document, { resultTypes: ["violations"] });
    return r.violations.map((v) => `${v.id} ×${v.nodes.length}: ${v.nodes[0].target} ${v.nodes[0].html.slice(0, 140)} ${(v.nodes[0].any[0]?.message ?? "").slice(0, 160)}`);
  });
  return found.map((f) => `axe, ${mode}: ${f}`);
}

async function shot(page, name, width) {
  if (shots) await page.screenshot({ path: path.join(shots, `${name}-${width}.png`), fullPage: true });
}

const shotNames = new Set();
function shotName(label) {
  let s = label.replace(/[^\p{L}\p{N}.=-]+/gu, "_").replace(/^_+|_+$/g, "").slice(0, 90) || "home";
  while (shotNames.has(s)) s += "+";
  shotNames.add(s);
  return s;
}

const structure = () => {
  const wide = [...document.querySelectorAll("body *")].filter((e) => {
    const r = e.getBoundingClientRect();
    if (r.right <= document.documentElement.clientWidth + 1 || r.width === 0) return false;
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return false;
    return true;
  });
  return { h1: document.querySelectorAll("h1").length, title: document.title.trim(), lang: document.documentElement.lang, text: document.body.innerText,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    widest: wide.slice(0, 2).map((e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className}`).join(", "),
    inline: document.querySelectorAll("[style], style, script:not([src])").length };
};

// With keys alone: whatever can be pressed or filled takes the focus in the order of the page, and shows that it has it. One of each kind of element a page.
const keys = () => {
  const look = (e) => [e, e.closest("label"), ...(e.labels ?? []), e.nextElementSibling].filter(Boolean).flatMap((x) => ["", "::before", "::after"].map((part) => {
    const s = getComputedStyle(x, part || null);
    return [s.outlineStyle === "none" ? 0 : s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor, s.borderColor, s.textDecorationLine, s.textDecorationThickness].join();
  })).join("|");
  const what = (e) => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className}${e.type ? `[${e.type}]` : ""} ${(e.innerText || e.name || "").trim().slice(0, 40)}`;
  const faults = [], kinds = new Set(), start = document.activeElement;
  for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) faults.push(`out of order for keys: ${what(e)}`);
  for (const e of document.querySelectorAll("[onclick], [role=button], a")) if (!e.matches("button, [href], [tabindex]")) faults.push(`pressed by a pointer alone: ${what(e)}`);
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    const kind = `${e.tagName} ${e.type} ${e.className?.baseVal ?? e.className} ${e.parentElement.className?.baseVal ?? e.parentElement.className}`;
    if (e.disabled || /\bis-focus/.test(e.className) || kinds.has(kind) || !e.checkVisibility({ checkVisibilityCSS: true })) continue;
    kinds.add(kind);
    document.activeElement.blur();
    const before = look(e);
    e.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== e) faults.push(`takes no focus: ${what(e)}`);
    else if (look(e) === before) faults.push(`does not show its focus: ${what(e)}`);
  }
  document.activeElement.blur();
  start?.focus?.({ preventScroll: true });
  return faults;
};

// Every check on the page now open: light and wide with axe, then narrow and dark with axe. Returns the faults.
export async function inspect(page, label, { lang = "vi", translated = true } = {}) {
  const name = shotName(label), faults = [];
  seenPaths.add(new URL(page.url()).pathname);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const s = await page.evaluate(structure);
  if (s.h1 !== 1) faults.push(`${s.h1} h1`);
  if (!s.title) faults.push("no title");
  if (s.lang !== lang) faults.push(`lang="${s.lang}", want ${lang}`);
  if (s.inline) faults.push(`${s.inline} inline styles or scripts`);
  if (s.overflow > 0) faults.push(`scrolls sideways by ${s.overflow} px at 1440: ${s.widest}`);
  if (translated) faults.push(...textFaults(lang, s.text));
  faults.push(...await page.evaluate(keys), ...await axe(page, "light, 1440"));
  await shot(page, name, 1440);
  await page.setViewportSize({ width: 360, height: 800 });
  const n = await page.evaluate(structure);
  if (n.overflow > 0) faults.push(`scrolls sideways by ${n.overflow} px at 360: ${n.widest}`);
  await shot(page, name, 360);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const switched = await page.evaluate(() => { const e = document.documentElement, had = e.className; e.classList.remove("theme-light"); e.classList.add("theme-dark"); return had; });
  faults.push(...await axe(page, "dark, 360"));
  if (shots && process.env.DARK) await shot(page, `${name}-dark`, 360);
  await page.evaluate((had) => { document.documentElement.className = had; }, switched);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  return faults;
}

// ---- crawling: every route once ------------------------------------------------------------------------------------

const isFile = (p) => /\.(csv|zip|json|jsonld|pdf|svg|xlsx|png|txt|xml|css|js|woff2)$/.test(p) || /\/(feed|file|robots\.txt)$/.test(p) || p.includes("/assets/");
// The address with its numbers and codes taken out: pages of one route look alike.
export const routeOf = (u) => u.pathname.split("/").map((part) => (/^\d+$|^[0-9a-f]{16,}$|^\d{4}-\d\d-\d\d$/.test(part) ? "{}" : part)).join("/")
  + ([...u.searchParams.keys()].sort().map((k) => `?${k}`).join(""));

export async function crawl(page, base, starts, { within, cap = 80, visit, perRoute = 1 }) {
  const queue = starts.map((s) => new URL(s, base)), seen = new Map(), asked = new Set(), files = [];
  let visited = 0;
  while (queue.length && visited < cap) {
    const url = queue.shift();
    url.hash = "";
    if (url.origin !== base || !within(url) || /^\/(en\/)?display$/.test(url.pathname) || asked.has(url.href)) continue;
    asked.add(url.href);
    if (isFile(url.pathname)) { files.push(url); continue; }
    const route = routeOf(url);
    if ((seen.get(route) ?? 0) >= perRoute) continue;
    seen.set(route, (seen.get(route) ?? 0) + 1);
    visited++;
    let response;
    try { response = await page.goto(url.href); } catch (e) {
      if (/Download is starting|ERR_ABORTED/.test(e.message)) { files.push(url); continue; }
      throw e;
    }
    for (const href of await page.$$eval("a[href]", (l) => l.map((a) => a.href))) if (/^http/.test(href)) queue.push(new URL(href));
    await visit(url, response);
  }
  return { visited, files, left: queue.length && visited >= cap };
}

// ---- signing in and answering -----------------------------------------------------------------------------------------

export async function signInPage(page, instance, login) {
  await page.goto(instance.base + "/sign-in");
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", instance.accounts()[login]);
  await press(page, "main form button");
  if (await page.$("[name=code]")) {
    await page.fill("[name=code]", await codeOf(instance, login));
    await press(page, "main form button");
  }
  if (!new URL(page.url()).pathname.startsWith("/console")) throw new Error(`sign-in of ${login} ends at ${page.url()}`);
}

// What the page of a survey asks: kinds of controls, in words the walks act on.
export const askedOn = (page) => page.evaluate(() => {
  const f = document.querySelector("main form[method=post]");
  if (!f) return null;
  const first = (q) => [...f.querySelectorAll(q)].filter((e) => e.type !== "hidden" && !e.readOnly);
  return { radios: [...new Set(first("input[type=radio]").map((e) => e.name))], boxes: [...new Set(first("input[type=checkbox]").map((e) => e.name))],
    typed: first("input:not([type=radio]):not([type=checkbox]), textarea").map((e) => ({ name: e.name, mode: e.inputMode, kind: e.type })),
    selects: first("select").map((e) => e.name) };
});

export const typedValue = (t) => (/numeric|decimal/.test(t.mode) || t.kind === "number" ? "30" : "Cảm ơn cán bộ, đường Nguyễn Thượng Hiền");

// A press that leads to another page: what follows reads the new one.
export const press = (page, what) => Promise.all([page.waitForNavigation(), page.click(what)]);

// Answers with the mouse (and without scripts): on every page `each` sees it before it is answered. Ends at the receipt.
export async function walkSurvey(page, start, { each = async () => {}, text = typedValue, most = 90, radio = () => 0 } = {}) {
  await page.goto(start);
  await each("start");
  await press(page, "button[name=consent][value=yes]");
  for (let i = 0; i < most; i++) {
    const where = new URL(page.url()).pathname.split("/").slice(3).join("/");
    if (where.startsWith("sent")) { await each("sent"); return i; }
    await each(where);
    const asked = await askedOn(page);
    if (!asked) {                                   // a section's introduction
      await press(page, "main a.btn");
      continue;
    }
    for (const name of asked.radios) await page.locator(`main [name="${name}"]`).nth(radio(where)).check({ force: true });
    for (const name of asked.boxes) await page.locator(`main [name="${name}"]`).first().check({ force: true });
    for (const t of asked.typed) await page.fill(`main [name="${t.name}"]`, text(t));
    for (const name of asked.selects) await page.selectOption(`main [name="${name}"]`, { index: 1 });
    await press(page, "main form[method=post] button.btn");
  }
  throw new Error(`no receipt after ${most} pages: ${page.url()}`);
}
