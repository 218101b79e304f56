// SPDX-License-Identifier: AGPL-3.0-or-later
// A sample from upload to document, by picking; the same draw on the command line; faults with line and column.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { check, equal, test } from "./harness.mjs";
import { demonstration, jobDone, signedIn, text, uploadFrame } from "./survey.mjs";

export { jobDone, uploadFrame };

const program = process.argv[2];

// Villages of two communes of Gia Lai with numbers of persons; names that want to be formulas and markup.
export function villages() {
  let csv = "ma_xa,ten_xa,ma_thon,ten_thon,so_nguoi\r\n", n = 0;
  for (const [xa, ten] of [["23563", "Ia Grai"], ["23575", "=Pleiku"], ["23590", "<b>Chư Sê</b>"], ["23602", "Đak Đoa"]])
    for (let t = 1; t <= 6; t++) csv += `${xa},"${ten}",${xa}${String(t).padStart(2, "0")},Làng ${t},${80 + (n++ * 37) % 300}\r\n`;
  return csv;
}

export async function drawVillages(client, name, { persons = "4", reserve = "2", seed = "2026-11-22/4711" } = {}) {
  let page = await uploadFrame(client, name, villages());
  page = await client.submit(page, { title: name }, "/design");
  const stage = async (values) => {
    const add = page.text.match(/href="([^"]*\/stages\/\d+)"[^>]*>Thêm giai đoạn/)[1];
    page = await client.submit(await client.get(add), { label: "", unit: "", rule: "fixed", method: "srs", ...values }, add.split("/").slice(-2).join("/"));
    equal(page.status, 200, `stage ${values.label}: ${text(page.text).slice(0, 300)}`);
  };
  await stage({ label: "Xã", unit: "ma_xa", method: "pps", size: "so_nguoi", n: "2" });
  await stage({ label: "Thôn", unit: "ma_thon", method: "srs", n: "2" });
  await stage({ label: "Người", count: "so_nguoi", method: "srs", n: persons, reserve });
  page = await client.submit(page, { title: name, keep: ["ten_xa", "ten_thon"] }, page.path.split("/").slice(-2).join("/"));
  const draw = await client.get(page.path + "/draw");
  return jobDone(client, await client.submit(draw, { seed }, "/draw"));
}

test("samples: a frame is uploaded, a design picked, a sample drawn, and the command line draws the same one", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien");
  const drawn = await drawVillages(officer, "Gia Lai 2026");
  check(/\/console\/samples\/drawn\/\d+$/.test(drawn.path), `the draw ends at ${drawn.path}`);
  check(text(drawn.text).includes("2026-11-22/4711"), "the seed stands in the record");
  check(drawn.text.includes("=Pleiku") || drawn.text.includes("Ia Grai"), "kept columns are shown");
  check(!drawn.text.includes("<b>Chư"), "markup of a cell is text");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sample-"));
  const document = (await officer.get(drawn.path + "/document.json")).text;
  fs.writeFileSync(path.join(folder, "doc.json"), document);
  fs.writeFileSync(path.join(folder, "frame.csv"), villages());
  const verify = (name) => spawnSync(program, ["sample", "verify", path.join(folder, name), path.join(folder, "frame.csv"), "--json"], { encoding: "utf8" });
  const held = verify("doc.json");
  equal([held.status, JSON.parse(held.stdout)], [0, { ok: true, faults: [] }], "verification");
  const read = JSON.parse(document);
  equal([read.main, read.reserve, read.cases.length], [16, 8, 24], "cases");
  fs.writeFileSync(path.join(folder, "design.json"), JSON.stringify(read.design));
  const again = spawnSync(program, ["sample", "draw", path.join(folder, "design.json"), path.join(folder, "frame.csv"), "--seed", "2026-11-22/4711"], { encoding: "utf8" });
  const list = (await officer.get(drawn.path + "/list.csv")).bytes;
  equal(list.subarray(3).toString(), again.stdout, "the list of the page and of the command");
  check(!/(^|,)"?[=+@-][^0-9.,]/m.test(again.stdout), "no cell begins like a formula");
  read.cases[3].weight += 1;
  fs.writeFileSync(path.join(folder, "touched.json"), JSON.stringify(read));
  equal(verify("touched.json").status, 1, "a touched document");
  fs.rmSync(folder, { recursive: true });
});

test("samples: what is wrong with a frame is listed by line and column, and nothing is drawn from it", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien");
  const page = await uploadFrame(officer, "Hỏng", "ma,ten\n1,Một\n2\n3,Ba,thừa\n4,\"Bốn\n");
  const words = text(page.text);
  check(/Có lỗi/.test(words) && /Tệp có 3 lỗi/.test(words), words.slice(0, 400));
  check(/Dòng 3: có 1 ô/.test(words) && /Dòng 4: có 3 ô/.test(words), words.slice(0, 900));
  check(!page.text.includes("/design"), "no design is offered");
});

test("samples: a refused stage keeps what was typed and says what is missing", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien");
  let page = await uploadFrame(officer, "Thử", villages());
  page = await officer.submit(page, { title: "Thiếu" }, "/design");
  const add = page.text.match(/href="([^"]*\/stages\/1)"/)[1];
  const bad = await officer.submit(await officer.get(add), { label: "Xã giữ lại", unit: "ma_xa", method: "pps", rule: "sqrt", n: "x" }, "/stages/1");
  equal(bad.status, 422, "letters for a number");
  check(bad.text.includes("Xã giữ lại") && bad.text.includes('value="x"'), "kept");
  const size = await officer.submit(bad, { n: "3", method: "pps" }, "/stages/1");
  equal(size.status, 422, "by size without a size");
  check(text(size.text).includes("Chọn cột quy mô"), "says what to choose");
});

test("samples: an interviewer sees none, a supervisor may look and not draw", async () => {
  const i = await demonstration(program);
  const interviewer = await signedIn(i, "dieutra"), supervisor = await signedIn(i, "giamsat");
  equal((await interviewer.get("/console/samples")).status, 403, "interviewer");
  equal((await supervisor.get("/console/samples")).status, 200, "supervisor");
  equal((await supervisor.get("/console/samples/frames/new")).status, 403, "supervisor, upload");
  const size = await supervisor.get("/console/samples/size?margin=5&share=50&level=95&deff=1&population=1000");
  check(/\b278\b/.test(text(size.text)) && /\b286\b/.test(text(size.text)), "278 with the population, 286 by the rule of 2012");
});
