// SPDX-License-Identifier: AGPL-3.0-or-later
// The analysis desk on the demonstration: the figures of the published edition, from the snapshot; what is broken is made anew; rights; secrets.
import fs from "node:fs";
import path from "node:path";
import { check, equal, test } from "./harness.mjs";
import { createRound, demonstration, postAll, signedIn, smallForm, step, text, uploadForm, weightedRound } from "./survey.mjs";

const program = process.argv[2], round = "sipas-mo-phong";
const csv = (s) => s.replace(/^\ufeff/, "").trim().split(/\r?\n/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));
const table = async (c, query) => {
  const r = await c.get(`/console/analysis/table.csv?round=${round}&${query}`);
  equal(r.status, 200, query);
  return csv(r.text).slice(1);
};
const near = (got, want, what) => check(Math.abs(Number(got) - Number(want)) <= 1e-9 * Math.max(1, Math.abs(want)), `${what} is ${got}, want ${want}`);

test("desk: figures of the snapshot are those of the published edition", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich");
  const figures = csv((await c.get(`/results/${round}/1/figures.csv`)).text);
  for (const [what, m, name] of [["n.B", "satisfied", "satisfied.B"], ["n.B", "mean", "mean.B"], ["n.B2.1", "satisfied", "satisfied.B2.1"]]) {
    const rows = await table(c, `what=${what}&m=${m}&by=tinh`), published = figures.filter((f) => f[0] === name && ["", "tinh"].includes(f[4]));
    check(published.length > 30, "provinces");
    equal(rows.length, published.length, `rows of ${name}`);
    published.forEach((f, k) => { for (const [a, b] of [[5, 7], [6, 9], [7, 10], [8, 11]]) near(rows[k][a], f[b], `${name} ${f[5]} ${b}`); });
  }
});

test("desk: a damaged snapshot is made anew, and says the same", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich");
  const before = await table(c, "what=n.B2&by=tinh&by2=td.channel");
  const dir = path.join(i.dir, "snapshots"), file = path.join(dir, fs.readdirSync(dir).find((f) => f.endsWith(".cols")));
  const bytes = fs.readFileSync(file);
  bytes.fill(0x5a, bytes.length >> 1);
  fs.writeFileSync(file, bytes);
  equal(await table(c, "what=n.B2&by=tinh&by2=td.channel&f=tinh:01"), await table(c, "what=n.B2&by=tinh&by2=td.channel&f=tinh:01"));
  equal(await table(c, "what=n.B2&by=tinh&by2=td.channel"), before, "the table");
  fs.truncateSync(file, 100);
  equal(await table(c, "what=n.B2&by=tinh&by2=td.channel"), before, "the table, after a cut");
});

test("desk: pages need the right, say what is wrong, and hold no script of the asker", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), clerk = await signedIn(i, "nhaplieu").catch(() => null);
  const page = await c.get(`/console/analysis?round=${round}&what=n.B&by=tinh`);
  check(/khoảng tin cậy 95%/.test(text(page.text)), "the finding");
  check(!/khoảng tin cậy/.test(text((await c.get(`/console/analysis?round=${round}&what=n.B&f=tinh:zz`)).text).replace(/Bảng ghi[^.]*\./, "")), "no finding");
  check(!(await c.get(`/console/analysis?round=${round}&what=%3Cscript%3Ex`)).text.includes("<script>x"), "escaped");
  equal((await c.get("/console/analysis?round=khong-co")).status, 404);
  equal((await c.get(`/console/analysis/why?round=${round}&what=n.B&by=tinh&i=999`)).status, 404);
  if (clerk) equal((await clerk.get("/console/analysis")).status, 403);
  const why = text((await c.get(`/console/analysis/why?round=${round}&what=n.B&by=tinh&i=1`)).text);
  for (const w of ["Cỡ mẫu hiệu dụng", "Hệ số Kish", "Đơn vị mẫu", "Bậc tự do"]) check(why.includes(w), w);
  const open = text((await c.get(`/results/${round}/1/why?name=satisfied.B&value=01`)).text);
  check(open.includes("Tải gói để tự tính lại") && !open.includes("Mã đơn vị mẫu"), "public");
  check(open.includes("– Hà Nội:"), "older links mean provinces");
  const group = text((await c.get(`/results/${round}/1/why?name=satisfied.B&by=gioi_tinh&value=nu`)).text);
  check(group.includes("– Giới tính: Nữ:"), "a group is told by its question");
  equal((await c.get(`/results/${round}/1/why?name=satisfied.B&by=gioi_tinh&value=01`)).status, 404);
  equal((await c.get(`/results/${round}/1/why?name=satisfied.nobody&value=`)).status, 404);
});

test("desk: no number under five anywhere, whatever is asked", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich");
  for (const q of ["what=n.B2&by=tinh&by2=td.channel", "what=n.B2&by=td.channel&f=tinh:52", "what=n.B&by=tinh&view=2024"])
    for (const r of await table(c, q)) check(r[4] === "" || Number(r[4]) === 0 || Number(r[4]) >= 5, `${q}: n = ${r[4]}`);
});

test("desk: a change is said only when it is clear; tables are kept, shared and removed", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), analyst = await signedIn(i, "phantich");
  await weightedRound(officer, i.base, "nam-truoc", 4);
  await weightedRound(officer, i.base, "nam-nay", 8);
  const page = async (c, what) => text((await c.get(`/console/analysis?round=nam-nay&with=nam-truoc&by=tinh&what=${what}`)).text);
  check(/tăng rõ rệt \+4\d,\d\d/.test(await page(officer, "q.b1")), "a clear rise");
  const same = await page(officer, "q.b2");
  check(/không rõ rệt/.test(same) && !/tăng rõ rệt|giảm rõ rệt/.test(same), "no difference");
  check(/Không so sánh được/.test(text((await analyst.get(`/console/analysis?round=nam-nay&with=${round}&by=tinh&what=q.b1`)).text)), "not comparable");
  let r = await officer.submit(await officer.get("/console/analysis?round=nam-nay&by=tinh&what=q.b1"), { name: "Bảng <b>thử" }, "/tables");
  check(/Đã giữ bảng/.test(text(r.text)), "kept");
  const list = await officer.get("/console/analysis/tables"), href = list.text.match(/\/console\/analysis\/tables\/\d+/)[0];
  check(list.text.includes("Bảng &lt;b&gt;thử"), "escaped");
  equal((await analyst.get(href)).status, 404, "not shared");
  r = await officer.submit(await officer.get(href), { name: "", shared: "1" }, href);
  equal(r.status, 422, "a name is needed");
  await officer.submit(await officer.get(href), { name: "Bảng chung", shared: "1" }, href);
  check((await analyst.get("/console/analysis/tables")).text.includes("Bảng chung"), "shared");
  await officer.submit(await officer.get(`${href}/remove`), {}, "/remove");
  equal((await officer.get(href)).status, 404, "removed");
});

test("desk: the copy of a running round moves in steps, and is made once for all who ask", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), code = "dang-chay-ban";
  const id = await createRound(officer, await uploadForm(officer, "nho.xlsx", smallForm(code)), code), one = (k) => ({ tinh: k % 2 ? "01" : "24", da_lam: "co", tuoi: 70, b1: String(1 + k % 5), b2: String(1 + (k * 3) % 5) });
  await step(officer, id, "open");
  const send = (n) => postAll(i.base, code, Array.from({ length: n }, (_, k) => one(k)));
  const look = async () => csv((await officer.get(`/console/analysis/table.csv?round=${code}&what=q.b1&by=tinh`)).text).slice(1);
  await send(60);
  const all = await Promise.all(Array.from({ length: 6 }, look));
  equal(all[0][0][4], "60", "all who came so far");
  for (const t of all) equal(t, all[0], "asked at once");
  await send(5);
  equal(await look(), all[0], "five more change nothing");
  check(/từ đó có thêm 5 phiếu/.test(text((await officer.get(`/console/analysis?round=${code}&what=q.b1&by=tinh`)).text)), "how many came since");
  await send(25);
  equal((await look())[0][4], "90", "thirty do");
  await send(5);
  await step(officer, id, "close", "Đủ phiếu");
  equal((await look())[0][4], "95", "a closed round is told as it is");
});

test("desk: a table that compares with a round is kept by who may analyse that round", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), page = await c.get(`/console/analysis?round=${round}&what=n.B&by=tinh`);
  const refused = await c.submit(page, { name: "So", query: `round=${round}&what=n.B&with=khong-co` }, "/tables");
  equal(refused.status, 404, "no such round");
  check(!(await c.get("/console/analysis/tables")).text.includes(">So<"), "nothing is kept");
});
