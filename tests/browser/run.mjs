// SPDX-License-Identifier: AGPL-3.0-or-later
// node tests/browser/run.mjs build/thuocdo: every page in a real browser, in light and dark, at 360 and 1440 px; keyboard; no script; sizes.
// SCREENSHOTS=folder keeps pictures of every page. ONLY=public,flow,console,tour,keyboard,noscript,sizes,field,offline,hostile picks parts;
// TOUR=unitActs,kiosk picks parts of the tour; AXE=0 leaves axe out (for pictures only).
import { Instance } from "../scenario/harness.mjs";
import { crawl, askedOn, demoRound, finish, inspect, launch, notePaths, press, report, run, seenPaths, signInPage, typedValue, walkSurvey, watch } from "./browser.mjs";
import { fieldPages } from "./field.mjs";
import { hostile } from "./hostile.mjs";
import { offlinePages } from "./offline.mjs";
import { offlineMore } from "./offline_more.mjs";
import { tour, unvisited } from "./tour.mjs";

const program = process.argv[2] ?? "build/thuocdo";
const only = (process.env.ONLY ?? "").split(",").filter(Boolean);
const wanted = (part) => only.length === 0 || only.includes(part);

const instance = new Instance(program, { demo: true });
const browser = await launch();
async function context(options = {}) {
  const c = await browser.newContext({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh", ...options });
  notePaths(c);
  return c;
}

async function publicPages(page, faults) {
  for (const [start, lang] of [["/", "vi"], ["/en/", "en"]]) {
    const within = (u) => (lang === "en" ? /^\/en(\/|$)/ : /^\/(?!en(\/|$)|console|s\/|q\/|api)/).test(u.pathname);
    const { files, visited } = await crawl(page, instance.base, [start, lang === "vi" ? "/search?q=duong" : "/en/search?q=hanoi", lang === "vi" ? "/receipt" : "/en/receipt"], {
      within, cap: 60,
      visit: async (u, response) => {
        const found = [...faults.splice(0), ...await inspect(page, u.pathname + u.search, { lang })];
        if (response.status() !== 200) found.push(`status ${response.status()}`);
        report(`page ${u.pathname}${u.search}`, [...found, ...faults.splice(0)]);
      },
    });
    await run(`${files.length} files linked from ${visited} public pages (${lang}) are there`, async () => {
      const bad = [];
      for (const u of files) { const r = await fetch(u); seenPaths.add(u.pathname); if (r.status !== 200) bad.push(`${r.status} ${u.pathname}`); }
      return bad;
    });
  }
  const { editions } = await (await fetch(instance.base + "/api/v1/editions")).json();
  for (const kind of ["headline", "rank", "unit/24", "likert/B2"]) {
    const where = `/embed/results/${editions[0].round}/${kind}`, response = await page.goto(instance.base + where);
    report(`frame ${where}`, [...faults.splice(0), ...(response.status() === 200 ? [] : [`status ${response.status()}`]), ...await inspect(page, `embed-${kind}`), ...faults.splice(0)]);
  }
  const script = await fetch(instance.base + "/embed/thuocdo.js");
  seenPaths.add("/embed/thuocdo.js");
  report("the element's script is there", script.status === 200 && script.headers.get("cross-origin-resource-policy") === "cross-origin" ? [] : [`status ${script.status}`]);
  const r = await page.goto(instance.base + "/khong-co");
  report("page not found", [...faults.splice(0).filter((f) => !/404/.test(f)), ...(r.status() === 404 ? [] : [`status ${r.status()}`]), ...await inspect(page, "not-found")]);
}

async function respondentPages(page, faults) {
  const code = demoRound, at = (w) => `${instance.base}/s/${code}${w}`;
  const check = async (label) => report(`survey ${label}`, [...faults.splice(0).filter((f) => !/^(console: .*status of 4|4(22|00|10) )/.test(f)), ...await inspect(page, `s-${label}`), ...faults.splice(0)]);
  let tried = false;
  await walkSurvey(page, at(""), {
    each: async (where) => {
      await check(where || "start");
      if (tried || !where.startsWith("question/")) return;
      tried = true;                                  // the same question unanswered: errors beside the field and in a summary
      await press(page, "main form[method=post] button.btn");
      await run("an empty answer is refused with a summary that leads to the field", async () => {
        const s = await page.evaluate(() => ({ title: document.title, link: document.querySelector("[role=alert] a")?.getAttribute("href") }));
        const target = s.link?.startsWith("#") && await page.evaluate((id) => document.getElementById(id) !== null, s.link.slice(1));
        return s.title.startsWith("Lỗi: ") && target ? [] : [`title "${s.title}", link ${s.link}`];
      });
      await check("question, refused");
    },
  });
  for (const w of ["/language", "/resume", "/ended", "/withdraw"]) {
    const r = await page.goto(at(w));
    if (r.status() < 500) await check(w.slice(1)); else report(`survey ${w}`, [`status ${r.status()}`]);
  }
  const english = await page.goto(`${instance.base}/en/s/${code}`);
  report("survey start, English", english.status() === 200 ? await inspect(page, "s-en-start", { lang: "en" }) : [`status ${english.status()}`]);
  faults.splice(0);
}

// Who looks at the console, and how many pages at most.
const consoleCrawls = [
  ["quantri", 60],
  ["phantich", 40],
  ["kiemtoan", 30],
  ["giamsat", 40],
  ["nhaplieu", 30],
];

async function consolePages(login, cap) {
  const c = await context(), page = await c.newPage();
  const faults = watch(page, instance.base);
  await signInPage(page, instance, login);
  faults.splice(0);
  await crawl(page, instance.base, ["/console/"], {
    within: (u) => u.pathname.startsWith("/console"), cap,
    visit: async (u, response) => {
      const found = faults.splice(0);
      if (response.status() !== 200) found.push(`status ${response.status()}`);
      if (/^\/(console\/)?(sign-in|confirm)/.test(new URL(page.url()).pathname)) { report(`${login} ${u.pathname} asks to sign in again`, []); return; }
      report(`${login} ${u.pathname}${u.search}`, [...found, ...await inspect(page, `${login}-${u.pathname}${u.search}`), ...faults.splice(0)]);
    },
  });
  await c.close();
}

// ---- keyboard only ------------------------------------------------------------------------------------------------------

const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  return e && { tag: e.tagName, type: e.type ?? "", name: e.name ?? "", value: e.value ?? "", href: e.getAttribute("href") ?? "", cls: e.className, inMain: !!e.closest("main") };
});
async function tabTo(page, what, wantedElement, most = 120) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const e = await focused(page);
    if (e && wantedElement(e)) return e;
  }
  throw new Error(`Tab does not reach ${what} on ${page.url()}`);
}
const enter = async (page) => { await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]); };

async function keyboardWalk() {
  const c = await context(), page = await c.newPage(), code = demoRound;
  await page.goto(instance.base + "/");
  await tabTo(page, "the survey", (e) => e.href.endsWith(`/s/${code}`));
  await enter(page);
  await tabTo(page, "the consent", (e) => e.name === "consent" && e.value === "yes");
  await enter(page);
  let questions = 0;
  for (let i = 0; i < 90; i++) {
    const where = new URL(page.url()).pathname;
    if (where.endsWith("/sent")) break;
    const asked = await askedOn(page);
    if (asked) {
      for (const name of asked.radios) {
        await tabTo(page, name, (e) => e.name === name && e.type === "radio");
        await page.keyboard.press("Space");
        if (questions % 2) await page.keyboard.press("ArrowDown");
      }
      for (const name of asked.boxes) { await tabTo(page, name, (e) => e.name === name); await page.keyboard.press("Space"); }
      for (const t of asked.typed) { await tabTo(page, t.name, (e) => e.name === t.name); await page.keyboard.type(typedValue(t)); }
      for (const name of asked.selects) { await tabTo(page, name, (e) => e.name === name); await page.keyboard.press("ArrowDown"); }
      if (where.includes("/question/")) questions++;
    }
    await tabTo(page, "the button", (e) => e.inMain && /(^| )btn( |$)/.test(e.cls));
    await enter(page);
  }
  const at = new URL(page.url()).pathname;
  await c.close();
  return at.endsWith("/sent") && questions > 3 ? [] : [`ends at ${at} after ${questions} questions`];
}

async function noScriptWalk() {
  const c = await context({ javaScriptEnabled: false }), page = await c.newPage(), code = demoRound;
  await page.goto(instance.base + "/");
  const link = page.locator(`main a[href$="/s/${code}"]`).first();
  const pages = await walkSurvey(page, await link.evaluate((a) => a.href), {});
  const receipt = await page.locator("#ma").inputValue();
  const checked = await page.goto(`${instance.base}/receipt?code=${encodeURIComponent(receipt)}`);
  const known = (await page.locator("main").innerText()).includes(receipt);
  await c.close();
  return pages > 4 && receipt.length > 8 && checked.status() === 200 && known ? [] : [`${pages} pages, receipt "${receipt}", ${checked.status()}`];
}

// ---- sizes --------------------------------------------------------------------------------------------------------------

async function sizes() {
  const c = await context({ viewport: { width: 360, height: 800 } }), page = await c.newPage(), code = demoRound;
  const cdp = await c.newCDPSession(page);
  let bytes = 0, requests = 0;
  await cdp.send("Network.enable");
  cdp.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; if (e.encodedDataLength) requests++; });    // 0: from the cache
  const measure = async (act) => { bytes = 0; requests = 0; await act(); await page.waitForLoadState("networkidle"); return { bytes, requests }; };
  const first = await measure(() => page.goto(`${instance.base}/s/${code}`));
  report(`first survey page: ${first.bytes} bytes in ${first.requests} requests (60,000 and 6 allowed)`, first.bytes <= 60000 && first.requests <= 6 && first.bytes > 1000 ? [] : ["too much"]);
  const next = await measure(() => Promise.all([page.waitForNavigation(), page.click("button[name=consent][value=yes]")]));
  report(`next page: ${next.bytes} bytes in ${next.requests} requests (5,000 and 1 allowed)`, next.bytes <= 5000 && next.requests === 1 ? [] : ["too much"]);
  await c.close();
}

// It brings a questionnaire and a round of its own, which other parts would take for theirs.
async function offlineAlone() {
  const own = new Instance(program, { demo: true });
  try {
    own.init();
    await own.start();
    if (!process.env.OFFLINE) await offlinePages(own, browser);
    await offlineMore(own, browser);
  } finally {
    await own.remove();
  }
}

try {
  instance.init();
  await instance.start();
  const c = await context(), page = await c.newPage(), faults = watch(page, instance.base);
  if (wanted("sizes")) await run("sizes are measured", sizes);
  if (wanted("public")) await run("public pages are crawled", () => publicPages(page, faults));
  if (wanted("flow")) await run("the survey is walked", () => respondentPages(page, faults));
  if (wanted("keyboard")) await run("keyboard only: from the home page to the receipt", keyboardWalk);
  if (wanted("noscript")) await run("without scripts: from the home page to a receipt that can be checked", noScriptWalk);
  if (wanted("console")) for (const [login, cap] of consoleCrawls) await run(`console pages of ${login} are crawled`, () => consolePages(login, cap));
  if (wanted("field")) await run("pages of samples and fieldwork are crawled", () => fieldPages(instance, browser));
  if (wanted("offline")) await offlineAlone();
  if (wanted("tour")) await tour(instance, browser, context);
  if (["public", "flow", "console", "field", "offline", "tour"].every(wanted)) report("every GET route was visited", unvisited(instance));
  if (wanted("hostile")) await hostile(instance, browser);
} catch (e) {
  report("the browser tests run", [e.stack]);
} finally {
  await browser.close();
  await instance.remove();
}
finish();
