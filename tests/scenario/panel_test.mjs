// SPDX-License-Identifier: AGPL-3.0-or-later
// Dashboards that leaders put together: what their tiles say, thresholds, order, sharing by right, who changes them, what is refused.
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];
const tiles = (p) => [...p.text.matchAll(/<section class="tile[^"]*"[\s\S]*?<\/section>/g)].map((m) => text(m[0]));
async function made(c, name, unit, shared) {
  const page = await c.submit(await c.get("/console/boards/new"), { name, unit, ...(shared ? { shared: "1" } : {}) }, "/boards/new");
  check(/\/console\/boards\/\d+\/edit$/.test(page.path), `made: ${page.path} (${page.status})`);
  return page.path.replace("/edit", "");
}
const add = async (c, here, values) => c.submit(await c.get(`${here}/edit`), { unit: "1", ...values }, "/tiles");

test("panel: tiles say what their pages say, judged by typed thresholds", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), here = await made(c, "Bảng tuần", "1", false);
  check(/Bảng chưa có ô nào/.test((await c.get(here)).text), "empty");
  await add(c, here, { what: "index", target: "99,5", amber: "99", red: "1" });
  await add(c, here, { what: "service", target: "5", amber: "", red: "" });
  await add(c, here, { what: "ranking", target: "", amber: "", red: "" });
  const all = tiles(await c.get(here)), index = text((await c.get("/console/board/1")).text.match(/<div class="kpi">[\s\S]*?<\/div>/)[0]).match(/\d+,\d+/)[0];
  equal(all.length, 3, "tiles");
  check(all[0].includes(index) && all[0].includes("Dưới ngưỡng vàng") && all[0].includes("Mục tiêu 99,50"), all[0]);
  const live = text((await c.get("/service")).text);
  const value = all[1].match(/\d+,\d\d/)?.[0];
  check(value && live.includes(value) && all[1].includes("Đạt mục tiêu"), all[1]);
  check(all[2].includes("Gia Lai"), "the ranking");
  const edit = await c.get(`${here}/edit`), first = edit.text.match(/\/console\/boards\/\d+\/tiles\/(\d+)"/)[1];
  await c.submit(edit, { act: "down", amber: "98,25" }, `/tiles/${first}`);
  check(tiles(await c.get(here))[1].includes(index), "moved down");
  check(tiles(await c.get(here))[1].includes("Mục tiêu 99,50") && tiles(await c.get(here))[1].includes("Vàng dưới 98,25"), "what was typed beside is kept");
  for (const [values, why] of [[{ target: "abc" }, "phải là số"], [{ target: "5", red: "9" }, "không được cao hơn"], [{ target: "5000" }, "từ 0 đến 1000"], [{ what: "published:none" }, "chọn số liệu"]]) {
    const r = await add(c, here, { what: "index", target: "", amber: "", red: "", ...values });
    check(r.status === 422 && r.text.includes(why), `${JSON.stringify(values)}: ${r.status}`);
    if (values.target) check(r.text.includes(`value="${values.target}"`), "what was typed stays");
  }
  const wall = await c.get(`${here}?mode=kiosk`);
  check(Number(wall.headers.get("refresh")) >= 60 && !/<form|<script/.test(wall.text), "the wall");
});

test("panel: nobody else's unless shared, changed by its owner alone, shared by right", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), leader = await signedIn(i, "lanhdao"), clerk = await signedIn(i, "nhaplieu"), own = await signedIn(i, "lanhdao.tinh");
  const mine = await made(c, "Bảng riêng", "1", false), shared = await made(c, "Bảng dùng chung", "1", true);
  await add(c, shared, { what: "index", target: "", amber: "", red: "" });
  for (const who of [clerk, own]) for (const at of [mine, shared]) check([403, 404].includes((await who.get(at)).status), `${at} for others`);
  const reads = (await leader.get("/console/board/1")).status === 200;
  equal((await leader.get(mine)).status, 404, "a panel that is not shared");
  equal((await leader.get(shared)).status, reads ? 200 : 403, "a shared one by the right on its unit");
  if (reads) {
    check((await leader.get(`${shared}/edit`)).path === shared, "changing leads back to reading");
    check((await leader.get(`${shared}/remove`)).path === shared && (await c.get(shared)).status === 200, "nor removing");
  }
  check(!(await own.get("/console/boards")).text.includes("Bảng dùng chung"), "the list shows only what may be read");
  const ids = (await own.get("/console/boards/new")).text.match(/<option value="\d+"/g);
  equal(ids.length, 1, "a province's leader makes one of the own province");
  const page = await c.submit(await c.get(`${mine}/remove`), {}, "/remove");
  check(page.path === "/console/boards" && (await c.get(mine)).status === 404, "removed after asking");
});
