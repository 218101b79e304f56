// SPDX-License-Identifier: AGPL-3.0-or-later
// Methods in the console: what is approved is what was looked at, what was not touched stays, numbers that can be read in two ways are refused.
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];
const table = "code,parent,kind,name_vi,name_en,source,value\nB,,index,Chung,All,,\nB1,B,factor,Một,One,,0.333333333333333\nB2,B,factor,Hai,Two,,1.125\nb1,B1,item,,,,\nb2,B2,item,,,,\nb3,B1,item,,,,\n";

test("methods: approval carries the draft that was seen, a content saved unchanged changes nothing", async () => {
  const i = await demonstration(program), c = await signedIn(i, "chuyenvien");
  let page = await c.get("/console/methods/new");
  const owner = page.text.match(/<select[^>]*name="owner"[\s\S]*?<option value="(\d+)"/)[1];
  page = await c.upload(page, "thu.csv", Buffer.from(table), { code: "thu-duyet", title: "Thử duyệt", owner }, "/methods/new");
  const base = page.path, csv = async () => (await c.get(`${base}/method.csv`)).text;
  check(/^\/console\/methods\/\d+$/.test(base), text(page.text).slice(0, 500));
  const before = await csv();
  check(before.includes("0.333333333333333") && before.includes("1.125"), before);
  page = await c.get(`${base}/node?code=B1`);
  check(/value="0,333333333333333"/.test(page.text), "the weight in full, with a comma");
  equal((await c.submit(page, {}, "/node")).path, base, "saved");
  page = await c.get(`${base}/node?code=B2`);
  check(/value="1,125"/.test(page.text), "1,125");
  await c.submit(page, {}, "/node");
  equal(await csv(), before.replace("b1,B1,item,,,,\r\nb2,B2,item,,,,\r\nb3,B1,item", "b1,B1,item,,,,\r\nb3,B1,item,,,,\r\nb2,B2,item"), "the same but for items that stood apart");
  const once = await csv();
  await c.submit(await c.get(`${base}/node?code=B1`), {}, "/node");
  equal(await csv(), once, "nothing changes");
  page = await c.get(`${base}/node?code=B2`);
  let bad = await c.submit(page, { weight: "1.125" }, "/node");
  check(bad.status === 422 && /đọc được hai cách/.test(text(bad.text)) && /value="1.125"/.test(bad.text), "a number of two readings");
  bad = await c.submit(page, { kind: "leaf" }, "/node");
  check(bad.status === 422 && /Chọn loại nội dung/.test(text(bad.text)), "an unknown kind");
  equal(await csv(), once, "nothing was saved");
  const seen = await c.get(`${base}/approve`);
  await c.submit(await c.get(`${base}/node?code=B2`), { weight: "2" }, "/node");
  let done = await c.submit(seen, {}, "/approve");
  check(/chưa duyệt/.test(text(done.text)) && done.text.includes(`${base}/edit`), "changed after it was looked at");
  done = await c.submit(await c.get(`${base}/approve`), {}, "/approve");
  check(!done.text.includes(`${base}/edit`), "approved");
});
