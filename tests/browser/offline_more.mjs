// SPDX-License-Identifier: AGPL-3.0-or-later
// The offline page beside the interview: outcomes of visits, browsers without Ed25519, attachments, the lock, a full disk, a new release.
// OFFLINE=visits,signatures picks parts.
import { check, equal, signIn } from "../scenario/harness.mjs";
import { inspect, notePaths, report, run, watch } from "./browser.mjs";
import { PIN, interview, officerOf, offlineRound, photo, press, seen, unlock } from "./offline_steps.mjs";

const test = (name, f) => run(`offline page: ${name}`, async () => { await f(); return []; });
const open = (browser) => browser.newContext({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh", permissions: ["geolocation"], geolocation: { latitude: 13.98, longitude: 108.0 }, acceptDownloads: true });

async function setUp(instance, context, key, before = async () => {}) {
  notePaths(context);
  const page = await context.newPage();
  await before(page);
  await page.goto(`${instance.base}/field#${key}`);
  await page.fill("#pin", PIN);
  await page.fill("#again", PIN);
  await press(page, "Bắt đầu dùng");
  await seen(page, "Phiếu hỏi");
  await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
  return page;
}
const kept = (page, prefix) => page.evaluate((p) => Field.vault.list(p), prefix);
const sent = (page) => page.evaluate(() => Field.app.send(true));

// ---- Outcomes of visits ------------------------------------------------------------------------------------------------
async function visits(instance, browser) {
  const supervisor = await signIn(instance, "giamsat", instance.accounts().giamsat);
  const id = (await supervisor.get("/console/rounds")).text.match(/href="\/console\/rounds\/(\d+)[^>]*>[^<]*Khảo sát thực địa tỉnh Gia Lai/)[1];
  const cases = await supervisor.get(`/console/rounds/${id}/fieldwork/cases?state=fresh`), to = cases.text.match(/<option value="(\d+)"[^>]*>[^<]*\(dieutra\)/)[1];
  await supervisor.submit(cases, { to, case: [...cases.text.matchAll(/name="case" value="(\d+)"/g)].slice(0, 6).map((m) => m[1]) }, "/assign");
  const desks = async (state) => (await supervisor.get(`/console/rounds/${id}/fieldwork/cases?state=${state}`)).text;
  const deskOf = async (state, code) => (await desks(state)).match(new RegExp(`href="(/console/field/desk/\\d+)"[^>]*>[^<]*${code}`))?.[1];
  const key = instance.json("device", "add", "thuc-dia-mo-phong", "--name", "Máy của Lan", "--login", "dieutra").url.split("/").pop();
  const context = await open(browser), page = await setUp(instance, context, key), faults = watch(page, instance.base);
  const looked = async (label) => report(`offline page, ${label}`, [...faults.splice(0).filter((f) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource|requestfailed|failed/i.test(f)), ...await inspect(page, `field-${label}`, { dark: false })]);
  let code, other;
  await test("what came of a visit is noted without a line, by the rules of the case's page", async () => {
    await context.setOffline(true);
    await looked("cases");
    const cards = page.locator('[data-act^="note:"]');
    [code, other] = await cards.evaluateAll((all) => all.slice(0, 2).map((b) => b.dataset.act.split(":").pop()));
    await cards.first().click();
    await seen(page, "Kết quả tiếp cận phiếu " + code);
    await looked("visit");
    await page.locator('label[for="mode-visit"]').click();
    equal(await page.locator('#outcome option[value="busy"]').count(), 0, "nobody is engaged at the door");
    await page.selectOption("#outcome", "callback");
    await page.fill("#note", "cổng khóa");
    await press(page, "Ghi lại");
    await seen(page, "Nhập ngày hẹn đủ ngày, tháng, năm");
    await looked("visit-refused");
    equal(await page.inputValue("#note"), "cổng khóa", "what was typed stays");
    const soon = new Date(Date.now() + 2 * 86400000);
    for (const [name, value] of [["day", soon.getUTCDate()], ["month", soon.getUTCMonth() + 1], ["year", soon.getUTCFullYear()], ["clock", "18:30"]]) await page.fill("#" + name, String(value));
    await press(page, "Ghi lại");
    await seen(page, "Chờ gửi (1)");
    await page.waitForFunction(() => document.getElementById("line").textContent.includes("1 kết quả chờ gửi"));
    await looked("visit-waiting");
  });
  await test("a half typed outcome is there after the lock and after the page was killed", async () => {
    await page.locator(`[data-act$=":${other}"][data-act^="note:"]`).click();
    await page.fill("#note", "hỏi hàng xóm");
    await page.locator("h1").first().click();
    await page.evaluate(() => { Field.idle = 200; });
    await page.keyboard.press("Shift");
    await seen(page, "Đã khóa");
    await seen(page, "1 phiếu hoặc kết quả chưa gửi");
    await page.evaluate(() => { Field.idle = undefined; });
    await page.fill("#pin", PIN);
    await press(page, "Mở khóa");
    await seen(page, "Kết quả tiếp cận phiếu " + other);
    equal(await page.inputValue("#note"), "hỏi hàng xóm");
    await page.reload();
    await unlock(page);
    await page.locator(`[data-act$=":${other}"][data-act^="note:"]`).click();
    equal(await page.inputValue("#note"), "hỏi hàng xóm", "after a reload");
    await page.selectOption("#outcome", "refused");
    await press(page, "Ghi lại");
    await seen(page, "Chờ gửi (2)");
    check(!JSON.stringify(await page.evaluate(() => Field.vault.seals())).includes("refused"), "sealed");
  });
  await test("an answer that is lost on the line leaves one attempt and its receipt", async () => {
    let lost = 0;
    await context.route("**/field/api/visit", async (route) => { if (lost++) return route.continue(); await route.fetch(); await route.abort("connectionreset"); });
    await context.setOffline(false);
    await page.waitForTimeout(500);
    await sent(page);
    await sent(page);
    await seen(page, "Máy chủ đã nhận (2)");
    check(lost >= 3, `${lost} requests`);
    await context.unroute("**/field/api/visit");
    await page.locator('[data-act^="visit-receipt:"]').first().click();
    await seen(page, "thuocdo visit 1");
    await looked("visit-receipt");
    const desk = await deskOf("callback", code);
    check(desk, "the case waits for its call-back");
    const text = (await supervisor.get(desk)).text;
    equal(text.match(/cổng khóa/g)?.length, 1, "one attempt, with its note");
    equal(await page.locator(`[data-act$=":${other}"][data-act^="note:"]`).count(), 0, "a refused case is done");
  });
  await test("outcomes go out in the file too; one that the server does not take says why and stays", async () => {
    await press(page, "Quay lại việc của tôi");
    await context.setOffline(true);
    for (const [n, outcome] of ["away", "no_entry"].entries()) {
      await page.locator('[data-act^="note:"]').first().click();
      await page.locator('label[for="mode-visit"]').click();
      await page.selectOption("#outcome", outcome);
      await press(page, "Ghi lại");
      await seen(page, `Chờ gửi (${n + 1})`);                /* the number: one that waits already is no sign that the next was kept */
    }
    const bytes = Buffer.from(await page.evaluate(async () => [...new Uint8Array(await (await Field.carry.pack()).blob.arrayBuffer())]));
    const officer = await officerOf(instance), at = `/console/rounds/${id}/offline`;
    const device = (await officer.get(at)).text.match(/<option value="(\d+)"[^>]*>Máy của Lan/)[1];
    await carryLooked(instance, browser, officer, at, device, bytes);
    await carryIn(officer, at, device, bytes);
    const receipts = await officer.get(`${at}/${device}/receipts`);
    await press(page, "Máy này");
    await page.setInputFiles("#receipts", { name: "bien-nhan.json", mimeType: "application/json", buffer: receipts.bytes });
    await seen(page, "Đã nhận 2 biên nhận");
    await press(page, "Việc của tôi");
    await seen(page, "Máy chủ đã nhận (4)");
    await page.locator('[data-act^="note:"]').first().click();
    await seen(page, "Kết quả tiếp cận phiếu");
    const taken = await page.evaluate(() => Field.visit.current());
    await page.selectOption("#outcome", "away");
    await press(page, "Ghi lại");
    await supervisor.submit(await supervisor.get(await deskOf("open", taken[1])), { to: "0" }, "/assign");
    await context.setOffline(false);
    await sent(page);
    await seen(page, "không còn giao cho bạn");
    await looked("visit-foreign");
    await page.locator('[data-act^="visit-drop:"]').click();
    await press(page, "Bỏ");
    await seen(page, "Việc của tôi");
    equal((await kept(page, "visit:")).filter((v) => v.state !== "received").length, 0);
  });
  await context.close();
}
// The page that shows what is in a file, by eye and by axe.
async function carryLooked(instance, browser, officer, at, device, bytes) {
  const c = await open(browser), page = await c.newPage(), faults = watch(page, instance.base);
  await c.addCookies(Object.entries(officer.cookies).map(([name, value]) => ({ name, value, url: instance.base })));
  await page.goto(instance.base + at);
  await page.selectOption("main [name=device]", device);
  await page.setInputFiles("main [name=file]", { name: "phieu.tdgoi", mimeType: "application/octet-stream", buffer: bytes });
  await Promise.all([page.waitForNavigation(), page.locator("main form:has([name=file]) button.btn").first().click()]);
  report("console, what is in a carry-out file", [...faults.splice(0), ...await inspect(page, "offline-import-preview")]);
  await c.close();
}
// What is in the file is shown before any of it is written.
async function carryIn(officer, at, device, bytes) {
  const shown = await officer.upload(await officer.get(at), "phieu.tdgoi", bytes, { device }, "/offline");
  check(shown.text.includes("2 mới, 0 đã có") && shown.text.includes("Đi vắng"), shown.text.slice(0, 3000));
  const done = await officer.submit(shown, {}, "/import");
  check(done.text.includes("Đã đọc 2"), done.text.slice(0, 3000));
  check((await officer.upload(done, "phieu.tdgoi", bytes, { device }, "/offline")).text.includes("Không có gì mới để nhập"), "again: nothing new");
}

// ---- A browser that knows no Ed25519 -------------------------------------------------------------------------------------
async function signatures(instance, browser) {
  const { key } = await offlineRound(instance, "chu-ky"), context = await open(browser);
  await context.addInitScript(() => {
    const real = SubtleCrypto.prototype.importKey;
    SubtleCrypto.prototype.importKey = function (format, bytes, how, ...rest) {
      return (how.name ?? how) === "Ed25519" ? Promise.reject(new DOMException("no", "NotSupportedError")) : real.call(this, format, bytes, how, ...rest);
    };
  });
  const page = await setUp(instance, context, key);
  await test("a browser without Ed25519 verifies receipts all the same, and keeps its copy under a false one", async () => {
    await context.route("**/field/api/held", async (route) => {
      const r = await route.fetch(), body = await r.json();
      if (body.signature_p256) body.signature_p256 = "11".repeat(64);
      await route.fulfill({ response: r, json: body });
    });
    await interview(page, "Nguyễn Văn An", { photo: photo(1000) });
    await press(page, "Chốt phiếu");
    await seen(page, "Máy chủ chưa đưa biên nhận đúng");
    equal((await kept(page, "record:"))[0].state, "waiting");
    await context.unroute("**/field/api/held");
    await press(page, "Gửi ngay");
    await seen(page, "Máy chủ đã nhận (1)");
    equal((await kept(page, "record:"))[0].xml, "", "the copy is gone");
  });
  await test("copies that an older release could not check go once they can be", async () => {
    await context.route("**/field/api/held", async (route) => {
      const r = await route.fetch(), body = await r.json();
      delete body.signature_p256;
      await route.fulfill({ response: r, json: body });
    });
    await interview(page, "Lê Thị Bốn", {});
    await press(page, "Chốt phiếu");
    await seen(page, "không kiểm được chữ ký");
    await context.unroute("**/field/api/held");
    await press(page, "Gửi ngay");
    await seen(page, "Máy chủ đã nhận (2)");
  });
  await context.close();
}

// ---- Several attachments of one record ------------------------------------------------------------------------------------
const file = (name, mimeType, head, bytes, mark) => ({ name, mimeType, buffer: Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, mark)]) });
async function attachments(instance, browser) {
  const { officer, id, key } = await offlineRound(instance, "dinh-kem"), context = await open(browser), page = await setUp(instance, context, key);
  const files = { anh: photo(200000), giay: file("giay to.pdf", "application/pdf", "%PDF-1.4\n", 90000, 1), tieng: file("loi ke.m4a", "audio/mp4", [0, 0, 0, 24, 102, 116, 121, 112, 77, 52, 65, 32], 150000, 2),
    phim: file("phim.mp4", "video/mp4", [0, 0, 0, 24, 102, 116, 121, 112, 105, 115, 111, 109], 250000, 3) };
  await test("four attachments of one interview: a broken line costs the one that was on its way, whatever of it the server has", async () => {
    await context.setOffline(true);
    await interview(page, "Nguyễn Thị Năm", { files });
    await press(page, "Chốt phiếu");
    await seen(page, "Chờ gửi (1)");
    const [record] = await kept(page, "record:");
    equal(record.files.map((f) => f.name.replace(/.*\./, "")), ["jpg", "pdf", "m4a", "mp4"]);
    const posts = [];
    let breaks = 0;
    await context.route("**/openrosa/submission*", async (route) => {
      const name = route.request().postDataBuffer().toString("latin1").match(/filename="(\d+-\d+\.\w+)"/)?.[1] ?? "none";
      posts.push(name.replace(/.*\./, ""));
      if (posts.length === 2) { breaks++; return route.abort("connectionreset"); }              // lost on the way there
      if (posts.length === 4) { breaks++; await route.fetch(); return route.abort("connectionreset"); }   // lost on the way back
      return route.continue();
    });
    await context.setOffline(false);
    for (let i = 0; i < 5 && (await kept(page, "record:"))[0].state !== "received"; i++) { await page.waitForTimeout(400); await sent(page); }
    await seen(page, "Máy chủ đã nhận (1)");
    equal(breaks, 2);
    equal(posts, ["jpg", "pdf", "pdf", "m4a", "mp4"], "each once, but for the one that was lost before it came");
    await context.unroute("**/openrosa/submission*");
    equal(instance.json("round", "show", "dinh-kem").submissions, 1);
    equal(instance.run("check").code, 0, "everything agrees");
    const receipt = (await kept(page, "record:"))[0].receipt;
    equal(receipt.match(/^file /gm).length, 4, "the receipt names them all");
    check((await officer.get(`/console/rounds/${id}/offline`)).text.includes("Máy của Lan"), "told");
  });
  await test("a recording that the questionnaire wants made now opens the recorder; a film may be chosen", async () => {
    await press(page, "Phiếu mới");
    await seen(page, "Tên chủ hộ");
    const asked = await page.evaluate(async () => {
      const said = [];
      for (const d of await Field.vault.list("draft:")) said.push(d.id);
      return said.length;
    });
    equal(asked, 1);
    await press(page, "Để sau");
    const drawn = await page.evaluate(async () => {
      const [f] = (await Field.vault.list("form:")), engine = await Field.engine.open(await (await fetch(document.body.dataset.engine)).arrayBuffer());
      engine.call({ do: "open", form: f.form, files: f.files, lang: "vi" });
      let said = engine.call({ do: "begin", lang: "vi", now: Date.now(), answers: {}, typed: {}, at: "", preset: {} });
      const out = [];
      for (let i = 0; i < 40; i++) { out.push(said.html); said = engine.call({ do: "show", lang: "vi", now: Date.now(), answers: said.answers ?? {}, typed: {}, at: "p" + i }); }
      return out.join("");
    });
    check(/accept="audio\/\*"\s+capture="environment"/.test(drawn), "the recorder");
    check(/accept="video\/\*"(?!\s+capture)/.test(drawn), "a film may be chosen");
  });
  await context.close();
}

// ---- The lock ------------------------------------------------------------------------------------------------------------
async function lock(instance, browser) {
  const { key } = await offlineRound(instance, "khoa-may"), context = await open(browser), page = await setUp(instance, context, key);
  await test("left alone, the page asks for the PIN again; what was half typed is there after it", async () => {
    await press(page, "Phiếu mới");
    await seen(page, "Tên chủ hộ");
    await page.evaluate(() => { Field.idle = 300; });
    await page.fill('[name="q.ten"]', "Võ Thị Sáu");             // not left, so not read yet
    await seen(page, "Đã khóa");
    check(!(await page.content()).includes("Võ Thị"), "nothing of it on the screen");
    equal(await page.evaluate(() => Field.vault.isOpen()), false);
    await page.evaluate(() => { Field.idle = undefined; });
    await page.fill("#pin", PIN);
    await press(page, "Mở khóa");
    await seen(page, "Tên chủ hộ");
    equal(await page.inputValue('[name="q.ten"]'), "Võ Thị Sáu");
  });
  await test("a machine that slept locks when it wakes", async () => {
    await page.evaluate(() => { Field.idle = 60000; document.dispatchEvent(new Event("input")); const now = Date.now; Date.now = () => now() + 120000; document.dispatchEvent(new Event("visibilitychange")); });
    await seen(page, "Đã khóa");
    await page.reload();
    await unlock(page);
  });
  await context.close();
}

// ---- A disk that fills up ---------------------------------------------------------------------------------------------------
async function room(instance, browser) {
  const { key } = await offlineRound(instance, "het-cho"), context = await open(browser), page = await setUp(instance, context, key);
  // Chromium without a head keeps no quota, so the browser's two ways of saying so are spoken here: its estimate, and transactions that end for want of room.
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put, estimate = navigator.storage.estimate.bind(navigator.storage), { get } = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "error");
    globalThis.room = null;
    navigator.storage.estimate = async () => room === null ? estimate() : { usage: 1 << 30, quota: (1 << 30) + room };
    IDBObjectStore.prototype.put = function (...args) { const r = put.apply(this, args); if (room === 0) this.transaction.abort(); return r; };
    Object.defineProperty(IDBTransaction.prototype, "error", { get() { return room === 0 ? new DOMException("full", "QuotaExceededError") : get.call(this); } });
  });
  const quota = (left) => page.evaluate((n) => { room = n; }, left ?? null);
  const faults = watch(page, instance.base);
  await test("a file that does not fit is refused before it is taken; words still find room", async () => {
    await quota(5 << 20);
    await interview(page, "Trịnh Văn Sáu", {});
    await page.locator("dl.sum div", { hasText: "Ảnh ngôi nhà" }).locator("[data-at]").click();
    await page.waitForSelector("[data-file]");
    await page.setInputFiles("[data-file]", photo(3 << 20));
    await seen(page, "không vừa");
    report("offline page, no room for a file", [...faults.splice(0).filter((f) => !/Failed to load resource/.test(f)), ...await inspect(page, "field-no-room-file", { dark: false })]);
    equal((await kept(page, "draft:"))[0].files, []);
    await page.setInputFiles("[data-file]", photo(100000));
    await seen(page, "Đã kèm:");
  });
  await test("a write that fails for want of room keeps the page, says so, and is made good by trying again", async () => {
    await press(page, "Để sau");
    await seen(page, "Đang làm (1)");
    await page.locator('[data-act^="open:"]').click();
    await page.waitForSelector("#page");
    for (let i = 0; i < 20 && !await page.locator('[name="q.ten"]').count(); i++) {
      const before = await page.locator("#page").innerHTML();
      await press(page, "Quay lại");
      await page.waitForFunction((b) => document.getElementById("page")?.innerHTML !== b, before);
    }
    await page.waitForSelector('[name="q.ten"]');
    await quota(0);
    await page.fill('[name="q.ten"]', "Trịnh Thị Bảy ".repeat(200));
    await press(page, "Tiếp tục");
    await seen(page, "Máy hết chỗ: trang này chưa lưu");
    report("offline page, no room", [...faults.splice(0).filter((f) => !/Quota|Failed to load resource/.test(f)), ...await inspect(page, "field-no-room", { dark: false })]);
    check((await page.inputValue('[name="q.ten"]')).startsWith("Trịnh Thị Bảy"), "what was typed stays on the screen");
    await page.evaluate(() => { Field.idle = 200; document.dispatchEvent(new Event("input")); });
    await seen(page, "Đã khóa");
    await page.evaluate(() => { Field.idle = undefined; });
    await page.fill("#pin", PIN);
    await press(page, "Mở khóa");
    await page.waitForSelector('[name="q.ten"]');
    check((await page.inputValue('[name="q.ten"]')).startsWith("Trịnh Thị Bảy"), "and through the lock");
    await quota();
    await press(page, "Tiếp tục");
    await seen(page, "Tỉnh");
    check((await kept(page, "draft:"))[0].answers !== undefined && await page.locator("#trouble").count() === 0, "saved");
    check(JSON.stringify((await kept(page, "draft:"))[0]).includes("Trịnh Thị Bảy"), "it lies on disk");
  });
  await test("no new interview begins where answers might find no room", async () => {
    await press(page, "Để sau").catch(() => press(page, "Việc của tôi"));
    await seen(page, "Phiếu hỏi");
    await quota(1000000);
    await press(page, "Phiếu mới");
    await seen(page, "chưa bắt đầu phiếu mới được");
    report("offline page, no room to begin", await inspect(page, "field-no-room-begin", { dark: false }));
    equal((await kept(page, "draft:")).length, 1);
    await quota();
  });
  await context.close();
}

// ---- A newer release --------------------------------------------------------------------------------------------------------
async function release(instance, browser) {
  const { key } = await offlineRound(instance, "ban-moi"), context = await open(browser), page = await setUp(instance, context, key);
  await page.reload();
  await unlock(page);
  await test("a newer release waits, is told on the page of work alone, and takes over when asked", async () => {
    await press(page, "Phiếu mới");
    await page.fill('[name="q.ten"]', "Hồ Văn Tám");
    await page.evaluate(async () => {                              // another address of the worker is another worker
      const reg = await navigator.serviceWorker.register("/field/sw.js?moi", { scope: "/field" });
      for (let i = 0; i < 100 && !reg.waiting; i++) await new Promise((yes) => setTimeout(yes, 50));
      if (!reg.waiting) throw new Error("no worker waits");
    });
    equal(await page.getByText("Có bản mới của trang").count(), 0, "nothing is said over a form");
    equal(await page.inputValue('[name="q.ten"]'), "Hồ Văn Tám");
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/field")).waiting.postMessage("take over"));
    await page.waitForTimeout(700);
    equal(await page.inputValue('[name="q.ten"]'), "Hồ Văn Tám", "a release that takes over by itself does not reload a form");
    await Promise.all([page.waitForEvent("load"), press(page, "Để sau")]);
    await page.fill("#pin", PIN);
    await press(page, "Mở khóa");
    await seen(page, "Đang làm (1)");
    await page.evaluate(async () => {
      const reg = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field" });
      for (let i = 0; i < 100 && !reg.waiting; i++) await new Promise((yes) => setTimeout(yes, 50));
    });
    await seen(page, "Có bản mới của trang");
    report("offline page, a newer release", await inspect(page, "field-release", { dark: false }));
    await Promise.all([page.waitForEvent("load"), press(page, "Dùng bản mới")]);
    await page.fill("#pin", PIN);
    await press(page, "Mở khóa");
    await seen(page, "Đang làm (1)");
    equal(await page.getByText("Có bản mới của trang").count(), 0);
  });
  await context.close();
}

const parts = { visits, signatures, attachments, lock, room, release };
export async function offlineMore(instance, browser) {
  const wanted = (process.env.OFFLINE ?? "").split(",").filter(Boolean);
  for (const [name, part] of Object.entries(parts)) if (!wanted.length || wanted.includes(name)) await part(instance, browser);
}
