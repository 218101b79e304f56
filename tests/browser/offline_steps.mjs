// SPDX-License-Identifier: AGPL-3.0-or-later
// Steps on the offline page that several tests take: a round with a questionnaire of all kinds of questions, an interview of it.
import { check, equal, signIn } from "../scenario/harness.mjs";
import { createRound, step, uploadForm, workbook } from "../scenario/survey.mjs";

export const PIN = "246810";
const form = (code) => workbook({
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
    ["audio", "tieng", "Ghi âm lời kể", "Recording", "", "", "", "", "", "", "new"],
    ["video", "phim", "Đoạn phim", "Film", "", "", "", "", "", "", ""],
    ["date", "ngay", "Ngày đến", "Day of the visit", "", "", "", "", "", "", ""],
  ],
  choices: [["list_name", "name", "label", "label::English (en)", "tinh"], ["tinh", "gl", "Gia Lai", "Gia Lai", ""], ["tinh", "hn", "Hà Nội", "Ha Noi", ""],
    ["xa", "x1", "Ia Pa", "Ia Pa", "gl"], ["xa", "x2", "Ba Vì", "Ba Vi", "hn"],
    ...Array.from({ length: 240 }, (_, n) => ["xa", `n${n}`, `Xã số ${n}`, `Commune ${n}`, "gl"])],
  settings: [["form_id", "version", "form_title", "default_language"], [code, "2026112201", "Phiếu hộ gia đình", "default"]],
});

export const heading = (page) => page.locator("#screen h1").first().textContent();
export const seen = (page, text) => page.getByText(text, { exact: false }).first().waitFor({ timeout: 15000 });
export const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
export async function typed(page, name, value) { await page.fill(`[name="q.${name}"]`, value); }
export const onward = async (page) => { const before = await page.locator("#page").innerHTML(); await press(page, "Tiếp tục"); await page.waitForFunction((b) => document.getElementById("page")?.innerHTML !== b, before); };

// Every type of question; what the page asks depends on what was answered.
// files: question → file. What a question is asked with is in the page: "new" means made now, by the recorder.
export async function interview(page, name, { photo, files = {} } = {}) {
  await press(page, "Phiếu mới");
  await seen(page, "Tên chủ hộ");
  await typed(page, "ten", name);
  await onward(page);
  await page.locator("label", { hasText: "Gia Lai" }).click();
  await onward(page);
  check(await page.getByText("Ba Vì").count() === 0, "choices are filtered by the answer before");
  await page.fill('[name="find.q.xa"]', "so 23");              // a long list: by its button, then by Enter
  await page.locator('#page [name="look"]').click();
  await page.waitForSelector('[value="n239"]');
  equal(await page.locator("#page [type=radio]").count(), 11);
  await page.fill('[name="find.q.xa"]', "ia pa");
  await page.keyboard.press("Enter");
  await page.locator("label", { hasText: "Ia Pa" }).click();
  await page.waitForFunction(() => document.activeElement?.value === "x1");
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
  for (const given of [photo ?? files.anh, files.giay, files.tieng, files.phim]) {
    if (given) {
      await page.setInputFiles("[data-file]", given);
      await seen(page, "Đã kèm:");
    }
    await onward(page);
  }
  await onward(page);
  equal((await heading(page)).trim(), "Xem lại câu trả lời");
}

export async function unlock(page) { await page.fill("#pin", PIN); await press(page, "Mở khóa"); await seen(page, "Phiếu hỏi"); }
export const photo = (bytes) => ({ name: "anh nha.jpg", mimeType: "image/jpeg", buffer: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(bytes, 7)]) });

// Signed in once: a code of the second factor works once.
const officers = new WeakMap();
export async function officerOf(instance) {
  if (!officers.has(instance)) officers.set(instance, await signIn(instance, "chuyenvien", instance.accounts().chuyenvien));
  return officers.get(instance);
}
export async function offlineRound(instance, code = "ho-gia-dinh") {
  const officer = await officerOf(instance);
  const id = await createRound(officer, await uploadForm(officer, "ho.xlsx", form(code)), code, {});
  await step(officer, id, "open");
  return { officer, id, key: instance.json("device", "add", code, "--name", "Máy của Lan").url.split("/").pop() };
}
