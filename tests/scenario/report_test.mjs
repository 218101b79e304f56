// SPDX-License-Identifier: AGPL-3.0-or-later
// Reports of the demonstration's edition: what a reader downloads, what an analyst makes in the console, what the command line writes.
import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { check, equal, sleep, test } from "./harness.mjs";
import { demonstration, signedIn, text, unzip } from "./survey.mjs";

const program = process.argv[2];
const hash = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");
const edition = "/results/sipas-mo-phong/1";

// The first real choice of a select.
const first = (html, name) => html.match(new RegExp(`<select[^>]*name="${name}"[^]*?</select>`))[0].match(/<option value="(\d+)"/)[1];

// Follows the page of a job to its end and opens the report it made.
async function made(client, page) {
  check(/^\/console\/jobs\/\d+$/.test(page.path), `the page of a job, not ${page.path} (${page.status}): ${text(page.text).slice(0, 400)}`);
  for (let n = 0; n < 300 && page.headers.has("refresh"); n++) { await sleep(100); page = await client.get(page.path); }
  const at = page.text.match(/\/console\/reports\/\d+/);
  check(at, "the job leads to the report: " + text(page.text).slice(-400));
  return client.get(at[0]);
}

// The words of a PDF, or null where poppler is not installed.
function words(bytes, dir) {
  const file = path.join(dir, "read.pdf");
  fs.writeFileSync(file, bytes);
  const r = spawnSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8", maxBuffer: 1 << 26 });
  return r.error ? null : r.stdout.normalize("NFC").replace(/\s+/g, " ");
}

test("reports: the yearly report holds figures with interval and n, in every format and both languages", async () => {
  const i = await demonstration(program);
  const get = async (where) => { const r = await fetch(i.base + where); return { status: r.status, type: r.headers.get("content-type"), bytes: Buffer.from(await r.arrayBuffer()) }; };
  const figures = (await get(`${edition}/figures.csv`)).bytes.toString("utf8");
  const [, n] = figures.match(/satisfied\.B,[^\r\n]*?,%,,,(\d+),/);
  const page = await get(`${edition}/reports/year`);
  equal(page.status, 200, "the page");
  check(page.bytes.includes("/why?name=satisfied.B") && page.bytes.includes("KTC 95%"), "figures lead to why they are so");
  const pdf = await get(`${edition}/reports/year.pdf`), read = words(pdf.bytes, i.dir);
  equal(pdf.type, "application/pdf", "type");
  if (read === null) console.log("     skipped: pdftotext is not installed");
  else {
    for (const said of ["BÁO CÁO", "Chỉ số hài lòng chung", "Phụ lục: kết quả từng câu hỏi", "Số liệu mô phỏng", "ấn bản 1"]) check(read.includes(said), `the PDF says ${said}`);
    check(read.includes(`n = ${Number(n).toLocaleString("vi-VN")}`), "the PDF gives n of the index");
    check(read.includes("Q.đ. Hoàng Sa") && read.includes("Q.đ. Trường Sa"), "the map holds both archipelagos");
  }
  const word = await unzip((await get(`${edition}/reports/year.docx`)).bytes);
  check(/<w:pStyle w:val="Heading1"\/>/.test(word["word/document.xml"]) && word["word/document.xml"].includes("asvg:svgBlip"), "real headings, vector charts");
  const book = await unzip((await get(`${edition}/reports/year.xlsx`)).bytes);
  check(Object.entries(book).some(([name, xml]) => name.startsWith("xl/worksheets/") && /<f>SUM\(/.test(xml)), "totals are formulas");
  check((await get(`/en${edition}/reports/year.csv`)).bytes.toString("utf8").includes("Source: edition 1"), "English");
  equal((await get(`${edition}/reports/nothing`)).status, 404, "no such report");
  equal((await get(`${edition}/reports/province?code=99`)).status, 404, "no such province");
});

test("reports: what changed since the round before is told with its interval; the first round has nothing to tell", async () => {
  const i = await demonstration(program), before = "/results/sipas-mo-phong-nam-truoc/1", get = async (where) => (await fetch(i.base + where)).text();
  const index = (csv) => csv.match(/satisfied\.B,[^\r\n]*?,%,,,([^\r\n]*)/)[1].split(",").map(Number);                  // n, value, suppressed, se, low, high
  const [, now, , se] = index(await get(`${edition}/figures.csv`)), [, then, , error] = index(await get(`${before}/figures.csv`));
  const vi = (x) => Math.abs(x).toFixed(2).replace(".", ","), half = 1.959963984540054 * Math.hypot(se, error), d = now - then;
  const page = text(await get(`${edition}/reports/year`));
  check(page.includes("V. Thay đổi so với lần đo trước"), "the section");
  check(d - half > 0 && page.includes(`tăng rõ rệt: từ ${vi(then)}% (`) && page.includes(`chênh ${vi(d)} điểm % (KTC 95%: ${vi(d - half)}; ${vi(d + half)})`), `${then} ± ${error} to ${now} ± ${se}`);
  check(text(await get(`${edition}/reports/province?code=24`)).includes("Thay đổi so với lần đo trước"), "a province");
  check(!text(await get(`${before}/reports/year`)).includes("Thay đổi so với lần đo trước"), "the first");
});

test("reports: the console makes one for each province as a job, keeps it with its hash, and hands it out", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich");
  const page = await analyst.get("/console/reports");
  const order = { edition: page.text.match(/<option value="(\d+)"[^>]*>Đo lường sự hài lòng/)[1], kind: "province", province: "all", format: "csv", lang: "vi", unit: first(page.text, "unit"), agency: "BỘ NỘI VỤ", number: "" };
  const refused = await analyst.submit(page, { ...order, province: "" }, "/console/reports");
  equal(refused.status, 422, "a province must be chosen");
  check(text(refused.text).includes("Xin chọn tỉnh, thành phố") && refused.text.includes("BỘ NỘI VỤ"), "says so, and keeps what was typed");
  const one = await made(analyst, await analyst.submit(page, order, "/console/reports"));
  const file = await analyst.get(`${one.path}/file`), parts = await unzip(file.bytes);
  equal(Object.keys(parts).length, 34, "a file each");
  check(text(one.text).includes(hash(file.bytes)), "the page names the hash");
  check(text((await analyst.get("/console/reports")).text).includes("province-all.csv.zip"), "it stands in the list");
  const citizen = await fetch(`${i.base}${one.path}/file`, { redirect: "manual" });
  check([302, 303, 401, 403].includes(citizen.status), "nobody who is not signed in takes it");
});

test("reports: a document with a number has the head of the decree, without one it is a draft", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich");
  const page = await analyst.get("/console/reports");
  const order = { edition: first(page.text, "edition"), kind: "year", format: "docx", lang: "vi", unit: first(page.text, "unit"), agency: "BỘ NỘI VỤ", place: "Hà Nội",
    on_day: "3", on_month: "2", on_year: "2027", to: "Thủ tướng Chính phủ\nCác bộ, ngành", office: "KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG", name: "Nguyễn Văn A" };
  for (const [number, want] of [["05/BC-BNV", "Số: 05/BC-BNV"], ["", "DỰ THẢO"]]) {
    const one = await made(analyst, await analyst.submit(page, { ...order, number }, "/console/reports"));
    const parts = await unzip((await analyst.get(`${one.path}/file`)).bytes), said = text(parts["word/document.xml"].toString("utf8"));
    for (const words of [want, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "THỨ TRƯỞNG", "- Các bộ, ngành", number ? "Hà Nội, ngày 03 tháng 02 năm 2027" : "ngày …"])
      check(said.includes(words), `the document says ${words}`);
    check(text(one.text).includes(number ? "Có số, ký hiệu" : "Chưa có số"), `its page tells: ${want}`);
  }
});

test("reports: the command line writes the same", async () => {
  const i = await demonstration(program), out = path.join(i.dir, "nam.csv");
  const said = JSON.parse(i.must("report", "sipas-mo-phong/1", "--format", "csv", "--output", out, "--json"));
  equal(said.sha256, hash(fs.readFileSync(out)), "sha256");
  check(fs.readFileSync(out, "utf8").includes("Chỉ số hài lòng chung"), "figures");
});
