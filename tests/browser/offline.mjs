// SPDX-License-Identifier: AGPL-3.0-or-later
// The offline page in Chromium: set up once, then without a line; killed, locked, sent in pieces, receipts checked before a copy goes.
import fs from "node:fs";
import { check, equal, sleep } from "../scenario/harness.mjs";
import { inspect, notePaths, report, run, seenPaths, watch } from "./browser.mjs";
import { PIN, heading, interview, offlineRound, onward, photo, press, seen, typed, unlock } from "./offline_steps.mjs";

async function finished(page, waiting) {
  await press(page, "Chốt phiếu");
  await seen(page, "Việc của tôi");
  await page.waitForFunction((n) => document.getElementById("line").textContent.includes(`${n} phiếu chờ gửi`), waiting, { timeout: 10000 });
}

export async function offlinePages(instance, browser) {
  const { officer, id, key } = await offlineRound(instance);
  const context = await browser.newContext({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh", permissions: ["geolocation"], geolocation: { latitude: 13.98, longitude: 108.0 },
    acceptDownloads: true });
  notePaths(context);
  let page = await context.newPage();
  const faults = watch(page, instance.base);
  const looked = async (label) => report(`offline page, ${label}`, [...faults.splice(0).filter((f) => !/ERR_INTERNET_DISCONNECTED|Failed to load resource|requestfailed|failed/i.test(f)), ...await inspect(page, `field-${label}`, { dark: false })]);
  const test = (name, f) => run(`offline page: ${name}`, async () => { await f(); return []; });

  await test("worker and manifest are there", async () => {
    for (const file of ["/field/sw.js", "/field/app.webmanifest"]) { equal((await fetch(instance.base + file)).status, 200, file); seenPaths.add(file); }
  });
  await test("a machine is set up by its link and a PIN", async () => {
    await page.goto(`${instance.base}/field#${key}`);
    await seen(page, "Chuẩn bị máy này");
    check(!page.url().includes(key), "the key does not stay in the address");
    await looked("set-up");
    await page.fill("#pin", PIN);
    await page.fill("#again", "000000");
    await press(page, "Bắt đầu dùng");
    await seen(page, "không giống nhau");
    await page.fill("#pin", PIN);
    await page.fill("#again", PIN);
    await press(page, "Bắt đầu dùng");
    await seen(page, "Phiếu hộ gia đình");
    await page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
    await looked("work");
  });
  await test("an interview without a line, after a reload without a line", async () => {
    await page.waitForTimeout(500);
    await context.setOffline(true);
    await page.reload();
    await seen(page, "Đã khóa");
    await looked("locked");
    await unlock(page);
    await interview(page, "Nguyễn Văn An", { photo: photo(300000) });
    await looked("check");
    await finished(page, 1);
  });
  await test("what was typed is there after the page was killed", async () => {
    await press(page, "Phiếu mới");
    await seen(page, "Tên chủ hộ");
    await typed(page, "ten", "Trần Thị Bình");
    await onward(page);
    await looked("question");
    await page.close();
    page = await context.newPage();
    await page.goto(instance.base + "/field");
    await unlock(page);
    await seen(page, "Đang làm (1)");
    await looked("drafts");
    await page.locator('[data-act^="open:"]').click();
    await seen(page, "Tỉnh");
    await press(page, "Quay lại");
    await seen(page, "Tên chủ hộ");
    equal(await page.inputValue('[name="q.ten"]'), "Trần Thị Bình");
    await press(page, "Để sau");
    await seen(page, "Đang làm (1)");
  });
  await test("nothing of an answer or a key can be read in what the browser keeps", async () => {
    const kept = await page.evaluate(async () => {
      const db = await new Promise((yes) => { const r = indexedDB.open("thuocdo-field"); r.onsuccess = () => yes(r.result); });
      const out = [];
      for (const name of db.objectStoreNames) {
        const rows = await new Promise((yes) => { const r = db.transaction(name).objectStore(name).getAll(); r.onsuccess = () => yes(r.result); });
        const show = (x) => x instanceof ArrayBuffer ? new TextDecoder("latin1").decode(x) : ArrayBuffer.isView(x) ? new TextDecoder("latin1").decode(x.buffer) : x instanceof CryptoKey ? `extractable ${x.extractable}` :
          x && typeof x === "object" ? Object.values(x).map(show).join(" ") : String(x);
        out.push(...rows.map(show));
      }
      db.close();
      return out.join("\n");
    });
    for (const word of ["Nguyễn", "Nguy", "Giáo", "Trần", key, "ho_gia", "Ia Pa"]) check(!kept.includes(word), `“${word}” lies open`);
    check(kept.includes("extractable false"), "the browser's own key is not handed out");
  });
  await test("wrong PINs open nothing and soon wait", async () => {
    await press(page, "Khóa");
    for (let i = 0; i < 5; i++) { await page.fill("#pin", "111111"); await press(page, "Mở khóa"); await page.waitForFunction(() => document.getElementById("pin").value === ""); await seen(page, "Mã PIN không đúng"); }
    await page.fill("#pin", PIN);
    await press(page, "Mở khóa");
    await seen(page, "Nhập sai nhiều lần");
    await page.waitForTimeout(2500);
    await unlock(page);
  });
  await test("a line that breaks between attachments costs one attachment", async () => {
    let posts = 0;
    await context.route("**/openrosa/submission*", async (route) => { posts++; if (posts === 1) await route.abort("connectionreset"); else await route.continue(); });
    await context.setOffline(false);
    await sleep(1500);
    await press(page, "Gửi ngay").catch(() => {});
    await seen(page, "Máy chủ đã nhận (1)");
    check(posts >= 2, `${posts} posts`);
    await context.unroute("**/openrosa/submission*");
    await page.locator('[data-act^="receipt:"]').click();
    await seen(page, "thuocdo receipt 1");
    await looked("receipt");
    await press(page, "Quay lại việc của tôi");
    equal(instance.json("round", "show", "ho-gia-dinh").submissions, 1);
  });
  await test("without a receipt that holds the copy stays", async () => {
    await context.route("**/field/api/held", async (route) => {
      const r = await route.fetch(), body = await r.json();
      if (body.signature) body.signature = "00".repeat(64);
      await route.fulfill({ response: r, json: body });
    });
    await interview(page, "Lê Văn Cường", { photo: photo(1000) });
    await press(page, "Chốt phiếu");
    await seen(page, "Máy chủ chưa đưa biên nhận đúng");
    await context.unroute("**/field/api/held");
    await press(page, "Gửi ngay");
    await seen(page, "Máy chủ đã nhận (2)");
    equal(instance.json("round", "show", "ho-gia-dinh").submissions, 2);
  });
  await test("interviews carried out as a file come in once, and receipts let them go", async () => {
    await context.setOffline(true);
    await interview(page, "Phạm Thị Dung", { photo: photo(2000) });
    await finished(page, 1);
    await press(page, "Máy này");
    await seen(page, "Mang phiếu ra bằng tệp");
    await looked("machine");
    const [saved] = await Promise.all([page.waitForEvent("download"), press(page, "Lưu tệp phiếu chưa gửi")]), bytes = fs.readFileSync(await saved.path());
    check(!bytes.includes("Dung"), "nothing can be read in the file");
    const at = `/console/rounds/${id}/offline`, device = (await officer.get(at)).text.match(/<option value="(\d+)"/)[1];
    const send = async (b) => officer.upload(await officer.get(at), "phieu.tdgoi", b, { device }, "/offline");
    check((await send(Buffer.from("TDCARRY1 nothing"))).text.includes("không phải tệp mang ra"), "a broken file is told");
    const look = await send(bytes);
    check(look.text.includes("1 mới, 0 đã có") && look.text.includes("Phiếu hộ gia đình"), look.text.slice(0, 3000));
    equal(instance.json("round", "show", "ho-gia-dinh").submissions, 2, "looking writes nothing");
    const first = await officer.submit(look, {}, "/import");
    check(first.text.includes("Đã nhập"), first.text.slice(0, 3000));
    check((await send(bytes)).text.includes("Không có gì mới để nhập"), "again: the same record");
    equal(instance.json("round", "show", "ho-gia-dinh").submissions, 3);
    const broken = Buffer.from(bytes);
    broken[broken.length - 1] ^= 1;
    check((await send(broken)).text.includes("Không mở được"), "a changed piece is told");
    const receipts = await officer.get(`${at}/${device}/receipts`);
    await page.setInputFiles("#receipts", { name: "bien-nhan.json", mimeType: "application/json", buffer: receipts.bytes });
    await seen(page, "Đã nhận 1 biên nhận");
    await press(page, "Việc của tôi");
    await seen(page, "Máy chủ đã nhận (3)");
    await context.setOffline(false);
    await page.evaluate(() => Field.app.send(true));
    await sleep(1000);
    check((await officer.get(at)).text.includes("Máy của Lan"), "the console says what is unsent where");
  });
  await test("the console's page of machines", async () => {
    const c = await browser.newContext({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh" }), p = await c.newPage();
    notePaths(c);
    await c.addCookies(Object.entries(officer.cookies).map(([name, value]) => ({ name, value, url: instance.base })));
    await p.goto(`${instance.base}/console/rounds/${id}/offline`);
    report("offline machines in the console", await inspect(p, "console-offline"));
    seenPaths.add(`/console/rounds/${id}/offline/1/receipts`);
    await c.close();
  });
  await context.close();
}
