// SPDX-License-Identifier: AGPL-3.0-or-later
// The offline page in Chromium: set up once, then without a line; killed, locked, sent in pieces, receipts checked before a copy goes.
import fs from "node:fs";
import { check, equal, signIn, sleep } from "../scenario/harness.mjs";
import { createRound, step, uploadForm, workbook } from "../scenario/survey.mjs";
import { inspect, notePaths, report, run, seenPaths, watch } from "./browser.mjs";

const PIN = "246810";
const form = workbook({
  survey: [
    ["type", "name", "label", "label::English (en)", "required", "relevant", "constraint", "constraint_message", "choice_filter", "calculation", "appearance"],
    ["text", "ten", "Tên chủ hộ", "Name of the head", "yes", "", "", "", "", "", ""],
    ["select_one tinh", "tinh", "Tỉnh", "Province", "yes", "", "", "", "", "", ""],
    ["select_one xa", "xa", "Xã", "Commune", "", "", "", "", "tinh = ${tinh}", "", ""],
    ["begin group", "nguoi", "Người trả lời", "Respondent", "", "", "", "", "", "", "field-list"],
    ["integer", "tuoi", "Tuổi", "Age", "yes", "", ". >= 18 and . <= 110", "Chỉ hỏi người từ 18 tuổi", "", "", ""],
    ["text", "nghe", "Nghề trước khi nghỉ hưu", "Work before retirement", "", "${tuoi} >= 60", "", "", "", "", ""],
    ["end group", "", "", "", "", "", "", "", "", "", ""],
    ["begin repeat", "xe", "Xe của hộ", "Vehicle", "", "", "", "", "", "", ""],
    ["integer", "nam", "Năm mua", "Year bought", "yes", "", "", "", "", "", ""],
    ["end repeat", "", "", "", "", "", "", "", "", "", ""],
    ["calculate", "so_xe", "", "", "", "", "", "", "", "count(${xe})", ""],
    ["note", "tong", "Hộ có ${so_xe} xe.", "${so_xe} vehicles.", "", "", "", "", "", "", ""],
    ["geopoint", "vi_tri", "Vị trí nhà", "Place of the house", "", "", "", "", "", "", ""],
    ["image", "anh", "Ảnh ngôi nhà", "Picture of the house", "", "", "", "", "", "", ""],
    ["file", "giay", "Giấy tờ kèm", "Papers", "", "", "", "", "", "", ""],
    ["date", "ngay", "Ngày đến", "Day of the visit", "", "", "", "", "", "", ""],
  ],
  choices: [["list_name", "name", "label", "label::English (en)", "tinh"], ["tinh", "gl", "Gia Lai", "Gia Lai", ""], ["tinh", "hn", "Hà Nội", "Ha Noi", ""],
    ["xa", "x1", "Ia Pa", "Ia Pa", "gl"], ["xa", "x2", "Ba Vì", "Ba Vi", "hn"]],
  settings: [["form_id", "version", "form_title", "default_language"], ["ho-gia-dinh", "2026112201", "Phiếu hộ gia đình", "default"]],
});

const heading = (page) => page.locator("#screen h1").first().textContent();
const seen = (page, text) => page.getByText(text, { exact: false }).first().waitFor({ timeout: 15000 });
const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
async function typed(page, name, value) { await page.fill(`[name="q.${name}"]`, value); }
const onward = async (page) => { const before = await page.locator("#page").innerHTML(); await press(page, "Tiếp tục"); await page.waitForFunction((b) => document.getElementById("page")?.innerHTML !== b, before); };

// Every type of question; what the page asks depends on what was answered.
async function interview(page, name, { photo } = {}) {
  await press(page, "Phiếu mới");
  await seen(page, "Tên chủ hộ");
  await typed(page, "ten", name);
  await onward(page);
  await page.locator("label", { hasText: "Gia Lai" }).click();
  await onward(page);
  check(await page.getByText("Ba Vì").count() === 0, "choices are filtered by the answer before");
  await page.locator("label", { hasText: "Ia Pa" }).click();
  await onward(page);
  await typed(page, "tuoi", "12");
  await press(page, "Tiếp tục");
  await seen(page, "Chỉ hỏi người từ 18 tuổi");
  await typed(page, "tuoi", "71");
  await page.locator("h1").first().click();
  await page.waitForSelector('[name="q.nghe"]');
  await typed(page, "nghe", "Giáo viên");
  await onward(page);
  await press(page, "Thêm");
  await seen(page, "Xe của hộ 2");
  await typed(page, "nam", "2019");
  await onward(page);
  await page.locator('[data-at$=".1"]').click();
  await page.waitForSelector('[name="q.nam"]');
  await typed(page, "nam", "2015");
  await onward(page);
  await onward(page);
  await seen(page, "Hộ có 2 xe.");
  await press(page, "Lấy vị trí của máy");
  await page.waitForFunction(() => document.querySelector('[name="q.vi_tri_lat"]').value !== "");
  await onward(page);
  if (photo) {
    await page.setInputFiles("[data-file]", photo);
    await seen(page, "Đã kèm:");
  }
  await onward(page);
  await onward(page);
  await onward(page);
  equal((await heading(page)).trim(), "Xem lại câu trả lời");
}

async function finished(page, waiting) {
  await press(page, "Chốt phiếu");
  await seen(page, "Việc của tôi");
  await page.waitForFunction((n) => document.getElementById("line").textContent.includes(`${n} phiếu chờ gửi`), waiting, { timeout: 10000 });
}
async function unlock(page) { await page.fill("#pin", PIN); await press(page, "Mở khóa"); await seen(page, "Phiếu hỏi"); }
const photo = (bytes) => ({ name: "anh nha.jpg", mimeType: "image/jpeg", buffer: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(bytes, 7)]) });

export async function offlineRound(instance) {
  const officer = await signIn(instance, "chuyenvien", instance.accounts().chuyenvien);
  const id = await createRound(officer, await uploadForm(officer, "ho.xlsx", form), "ho-gia-dinh", {});
  await step(officer, id, "open");
  return { officer, id, key: instance.json("device", "add", "ho-gia-dinh", "--name", "Máy của Lan").url.split("/").pop() };
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
    const first = await send(bytes);
    check(first.text.includes("Đã nhập"), first.text.slice(0, 3000));
    check((await send(bytes)).text.includes("Đã có từ trước"), "again: the same record");
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
