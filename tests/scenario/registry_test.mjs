// SPDX-License-Identifier: AGPL-3.0-or-later
// Indices registered in the console: figures typed with their source, faults at their cells, corrections, two people at once, who may.
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];
const form = { code: "pci-thu", name_vi: "Chỉ số năng lực cạnh tranh (thử)", name_en: "Competitiveness index (trial)", kind: "province", unit: "1", max: "100", value_vi: "điểm", value_en: "points" };
const source = { source: "Báo cáo PCI 2025", url: "https://example.vn/pci", day_day: "1", day_month: "3", day_year: "2026" };
const boxes = (page) => [...page.text.matchAll(/<label for="(v\d+)">([^<]*)</g)].map((m) => ({ box: m[1], name: m[2] }));

test("registry: figures typed by hand stand on the public pages, corrections keep their past, the slower of two loses nothing", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), empty = await c.get("/console/indices/new");
  const bad = await c.submit(empty, { ...form, code: "sipas", kind: "commune", max: "x" }, "/indices/new");
  equal(bad.status, 422, "refused");
  for (const why of ["đã có chỉ số khác dùng", "cần chọn một tỉnh", "lớn hơn 0"]) check(bad.text.includes(why), why);
  check(bad.text.includes(form.name_vi), "what was typed stays");
  const made = await c.submit(empty, form, "/indices/new"), here = made.path;
  check(/\/console\/indices\/\d+$/.test(here), `made: ${here} (${made.status})`);
  equal((await c.get("/indices/pci-thu")).status, 404, "no figure, no public page");
  const open = () => c.get(`${here}/values?year=2025`), first = await open(), late = await open(), cells = boxes(first);
  equal(cells.length, 34, "units of the end of 2025");
  const [a, b] = cells, wrong = await c.submit(first, { ...source, [a.box]: "100,5", [b.box]: "66,5" }, "/values");
  check(wrong.status === 422 && wrong.text.includes(`${a.name}: phải là số từ 0 đến 100`) && wrong.text.includes('value="66,5"'), "the cell is named");
  equal((await c.submit(first, { ...source, [a.box]: "71,25", [b.box]: "66,5" }, "/values")).status, 200, "kept");
  const year = text((await c.get("/indices/pci-thu/2025")).text);
  for (const part of ["71,25", "66,5", "Báo cáo PCI 2025"]) check(year.includes(part), `public: ${part}`);
  check((await c.get("/indices/compare?year=2025")).text.includes("/indices/pci-thu"), "beside the others");
  const slower = await c.submit(late, { ...source, [a.box]: "50" }, "/values");
  check(slower.status === 409 && slower.text.includes('value="50"') && slower.text.includes("vừa được người khác thay đổi"), "the slower one");
  equal((await c.submit(await open(), { ...source, [a.box]: "72" }, "/values")).status, 422, "a correction needs its reason");
  await c.submit(await open(), { ...source, [a.box]: "72", reason: "Đính chính của cơ quan công bố" }, "/values");
  const history = text((await c.get(here)).text);
  for (const part of ["71,25", "72", "Đính chính của cơ quan công bố", "Năm 2025, lần 2"]) check(history.includes(part), `history: ${part}`);
  check(!text((await c.get("/indices/pci-thu/2025")).text).includes("71,25"), "the public page has the newest");
});

test("registry: a province has indices of its own communes", async () => {
  const i = await demonstration(program), c = await signedIn(i, "quantri.tinh");
  const fresh = await c.get("/console/indices/new"), own = fresh.text.match(/<option value="(\d+)"[^>]*>[^<]*Gia Lai/)?.[1];
  check(own, "the province is offered as owner");
  equal((await c.submit(fresh, { ...form, code: "tren-cap", unit: "1" }, "/indices/new")).status, 422, "not one of the nation's");
  const here = (await c.submit(fresh, { ...form, code: "ddci-gia-lai", kind: "commune", unit: own }, "/indices/new")).path;
  const page = await c.get(`${here}/values?year=2025`), cells = boxes(page);
  check(cells.length > 100, `its communes: ${cells.length}`);
  await c.submit(page, { ...source, [cells[0].box]: "80,5" }, "/values");
  const year = text((await c.get("/indices/ddci-gia-lai/2025")).text);
  check(year.includes("80,5") && year.includes(cells[0].name), "in public");
  const csv = await c.get(`${here}/values.csv?year=2025`);
  check(csv.text.includes("80,5") && csv.text.split("\n").length > 100, "a template with what is kept");
  const change = await c.get(`${here}/change`), late = await c.get(`${here}/change`);
  equal((await c.submit(change, { name_vi: "DDCI Gia Lai" }, "/change")).status, 200, "words are changed");
  const slower = await c.submit(late, { name_vi: "Chỉ số sở, xã" }, "/change");
  check(slower.status === 422 && slower.text.includes("Chỉ số sở, xã"), "the slower one keeps what was typed");
});

test("registry: nobody without the right enters figures", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), clerk = await signedIn(i, "nhaplieu");
  const here = (await c.submit(await c.get("/console/indices/new"), form, "/indices/new")).path;
  for (const path of ["/console/indices/new", `${here}/values?year=2025`, `${here}/change`]) check([403, 404].includes((await clerk.get(path)).status), path);
});
