// SPDX-License-Identifier: AGPL-3.0-or-later
// What scenarios of surveys share: a questionnaire file, a round by the console, answers by pages and by the API.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { Client, Instance, check, equal, signIn, sleep, uuid } from "./harness.mjs";

// ---- A workbook of plain rows: stored zip, inline strings ---------------------------------------------------------
const crcTable = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
function crc32(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) c = crcTable[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

export function zip(parts) {
  const files = [], central = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const body = Buffer.from(text), n = Buffer.from(name), head = Buffer.alloc(30), row = Buffer.alloc(46);
    head.writeUInt32LE(0x04034b50, 0); head.writeUInt16LE(20, 4); head.writeUInt32LE(crc32(body), 14);
    head.writeUInt32LE(body.length, 18); head.writeUInt32LE(body.length, 22); head.writeUInt16LE(n.length, 26);
    row.writeUInt32LE(0x02014b50, 0); row.writeUInt16LE(20, 4); row.writeUInt16LE(20, 6); head.copy(row, 16, 14, 28);
    row.writeUInt32LE(at, 42);
    files.push(head, n, body);
    central.push(row, n);
    at += 30 + n.length + body.length;
  }
  const list = Buffer.concat(central), end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(central.length / 2, 8); end.writeUInt16LE(central.length / 2, 10);
  end.writeUInt32LE(list.length, 12); end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, list, end]);
}

// The parts of a zip whose entries are stored or deflated, by name.
export async function unzip(bytes) {
  const { inflateRawSync } = await import("node:zlib");
  const out = {};
  let at = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const n = bytes.readUInt16LE(at + 10);
  at = bytes.readUInt32LE(at + 16);
  for (let i = 0; i < n; i++) {
    const size = bytes.readUInt32LE(at + 20), names = bytes.readUInt16LE(at + 28), head = bytes.readUInt32LE(at + 42);
    const name = bytes.toString("utf8", at + 46, at + 46 + names);
    const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    const body = bytes.subarray(from, from + size);
    out[name] = bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(body) : Buffer.from(body);
    at += 46 + names + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return out;
}

const esc = (s) => String(s).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const column = (i) => String.fromCharCode(65 + i);
const sheet = (rows) => `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
  rows.map((r, y) => `<row r="${y + 1}">` + r.map((v, x) => v === "" ? "" : `<c r="${column(x)}${y + 1}" t="inlineStr"><is><t xml:space="preserve">${esc(v)}</t></is></c>`).join("") + "</row>").join("") +
  "</sheetData></worksheet>";

// { survey: [[…], …], choices: […], settings: […] } as an .xlsx
export function workbook(sheets) {
  const names = Object.keys(sheets), rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const parts = {
    "[Content_Types].xml": `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
      names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join("") + "</Types>",
    "_rels/.rels": `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${rel}"><sheets>` +
      names.map((n, i) => `<sheet name="${n}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("") + "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
      names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${rel}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join("") + "</Relationships>",
  };
  names.forEach((n, i) => { parts[`xl/worksheets/sheet${i + 1}.xml`] = sheet(sheets[n]); });
  return zip(parts);
}

// ---- The console ---------------------------------------------------------------------------------------------------
const decode = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;|&#x27;/g, "'").replace(/&amp;/g, "&");
export const text = (html) => decode(html.replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ");

export function option(page, select, part) {
  const body = page.text.match(new RegExp(`<select[^>]*name="${select}"[^>]*>([\\s\\S]*?)</select>`))?.[1] ?? "";
  const found = [...body.matchAll(/<option[^>]*value="([^"]*)"[^>]*>([^<]*)/g)].find((m) => decode(m[2]).includes(part));
  check(found, `no choice "${part}" of ${select} on ${page.url}`);
  return found[1];
}

// Saves a questionnaire as someone signed in would; gives the number of its version.
export async function uploadForm(officer, name, bytes) {
  let page = await officer.upload(await officer.get("/console/forms/new"), name, bytes, {}, "/forms/new");
  if (/name="sha"/.test(page.text)) page = await officer.submit(page, {}, "/confirm");
  const id = page.path.match(/^\/console\/forms\/(\d+)$/)?.[1];
  check(id, `the questionnaire ends at ${page.path} (${page.status}): ${text(page.text).slice(0, 800)}`);
  return id;
}

// A draft round; values replace what the form holds. Gives its number.
export async function createRound(officer, form, code, values = {}) {
  const page = await officer.get("/console/rounds/new");
  const owner = page.text.match(/<select[^>]*name="owner"[\s\S]*?<option value="(\d+)"/)[1];
  const made = await officer.submit(page, { code, form, owner, title_vi: `Đợt ${code}`, title_en: `Round ${code}`, identity: "open", device_limit: "1",
    method: "sipas-2023", ...values }, "/rounds/new");
  const id = made.path.match(/^\/console\/rounds\/(\d+)$/)?.[1];
  check(id, `the round ends at ${made.path} (${made.status}): ${text(made.text.match(/error-summary[\s\S]{0,800}/)?.[0] ?? "")}`);
  return id;
}

export async function step(officer, id, to, reason = "") {
  const page = await officer.get(`/console/rounds/${id}/step/${to}`);
  const done = await officer.submit(page, reason ? { reason } : {}, `/step/${to}`);
  equal(done.path, `/console/rounds/${id}`, `${to}: end of the step (${done.status})`);
  return done;
}

// Follows the page of a job until it has ended, then its result.
export async function jobDone(client, page) {
  for (let i = 0; i < 200; i++) {
    if (!/^\/console\/jobs\//.test(page.path)) return page;
    const result = page.text.match(/href="(\/console\/(?:samples|rounds|paper)[^"]*)"[^>]*>(?!.*crumb)/g)?.map((m) => m.match(/href="([^"]*)"/)[1]).find((h) => /\/(frames|drawn|designs|batches)\/\d+|\/field/.test(h));
    if (result) return client.get(result);
    await sleep(50);
    page = await client.get(page.path);
  }
  throw new Error("the job does not end");
}

export async function uploadFrame(client, name, csv) {
  const page = await client.get("/console/samples/frames/new");
  return jobDone(client, await client.upload(page, "dan-mau.csv", Buffer.from(csv), { title: name }, "/frames/new"));
}

// ---- Answers by pages ------------------------------------------------------------------------------------------------
// Goes on from a page of the flow to "check your answers". visit(page, name) may act on a question before it is answered and
// gives the page to go on from.
export async function answerPages(client, page, answers, visit = null) {
  const seen = [];
  for (let i = 0; i < 200; i++) {
    const at = decodeURIComponent(page.path);
    equal(page.status, 200, at);
    if (/\/check$/.test(at)) return { page, seen };
    if (/\/language$/.test(at)) { page = await client.submit(page, {}, "/language"); continue; }
    if (/\/section\/\d+$/.test(at)) { page = await client.get(decode(page.text.match(/<a class="btn" href="([^"]*)"/)[1])); continue; }
    const name = at.match(/\/question\/([^/]+)$/)?.[1];
    check(name, `the flow leads to ${at}`);
    if (visit) page = await visit(page, name) ?? page;
    seen.push(name);
    const v = answers[name];
    page = await client.submit(page, { [`q.${name}`]: v === undefined ? [] : Array.isArray(v) ? v.map(String) : String(v) }, `/${name}`);
  }
  check(false, "the questionnaire does not end");
}

export async function start(client, code, query = "") {
  return client.submit(await client.get(`/s/${code}${query}`), { consent: "yes" }, `/s/${code}`);
}

// Consent to receipt; gives the receipt.
export async function answerRound(base, code, answers, { query = "", visit = null } = {}) {
  const client = new Client(base);
  const { page, seen } = await answerPages(client, await start(client, code, query), answers, visit && ((p, name) => visit(client, p, name)));
  const sent = await client.submit(page, {}, "/check");
  return { client, seen, checked: page, sent, receipt: receiptOf(sent) };
}

export function receiptOf(page) {
  check(/\/sent$/.test(page.path), `sending ends at ${page.path} (${page.status}): ${text(page.text).slice(0, 500)}`);
  return page.text.match(/id="ma"[^>]*value="([^"]+)"/)[1];
}

// ---- The API --------------------------------------------------------------------------------------------------------
export async function api(base, where, { method = "GET", body, headers = {} } = {}) {
  const r = await fetch(base + "/api/v1" + where, { method, body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers } });
  const raw = await r.text();
  let json = null;
  try { json = JSON.parse(raw); } catch { /* told by the status */ }
  return { status: r.status, json, raw, headers: r.headers };
}

export const post = (base, code, body, options = {}) => api(base, `/rounds/${code}/submissions`, { method: "POST", body, ...options });

// Sends all, some at a time; gives their receipts in the same order.
export async function postAll(base, code, list, lanes = 16) {
  const receipts = new Array(list.length);
  let next = 0;
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (next < list.length) {
      const i = next++;
      const r = await post(base, code, { instance_id: uuid(), answers: list[i] });
      check(r.status === 201, `answer ${i}: ${r.status} ${r.raw}`);
      receipts[i] = r.json.receipt;
    }
  }));
  return receipts;
}

// ---- A small questionnaire, and an instance that several scenarios share ---------------------------------------------
export const smallForm = (formId, { tinh = ["01", "24", "38", "48", "52", "79"], extra = [], channels = "" } = {}) => workbook({
  survey: [
    ["type", "name", "label::Tiếng Việt (vi)", "label::English (en)", "required", "relevant", "constraint", "td_code", "td_role"],
    ["select_one tinh", "tinh", "Ông/bà ở tỉnh nào?", "Which province?", "", "", "", "", "profile"],
    ["select_one co", "da_lam", "Ông/bà đã làm thủ tục chưa?", "Have you filed papers?", "yes", "", "", "", "profile"],
    ["select_multiple kenh", "kenh", "Ông/bà biết tin qua kênh nào?", "Through which channels?", "", "", "", "", "profile"],
    ["integer", "tuoi", "Ông/bà bao nhiêu tuổi?", "How old are you?", "yes", "", ". >= 18 and . <= 120", "", "profile"],
    ["text", "ghi", "Ông/bà muốn nói thêm gì?", "Anything to add?", "", "", "", "", "profile"],
    ...extra,
    ["begin_group", "g", "Mức độ hài lòng", "Satisfaction", "", "${da_lam} = 'co'", "", "", ""],
    ["note", "loi", "Các câu sau hỏi về lần gần nhất.", "The next questions are about the latest time.", "", "", "", "", ""],
    ["select_one hl5", "b1", "Hài lòng với nơi tiếp ${tuoi} tuổi?", "Satisfied with the place?", "yes", "", "", "B2.1.1", "satisfaction"],
    ["select_one hl5", "b2", "Hài lòng với thủ tục?", "Satisfied with the procedure?", "yes", "${tuoi} >= 60", "", "B2.2.1", "satisfaction"],
    ["end_group", "", "", "", "", "", "", "", ""],
  ],
  choices: [
    ["list_name", "name", "label::Tiếng Việt (vi)", "label::English (en)", "td_value", "td_missing"],
    ...tinh.map((c) => ["tinh", c, `Tỉnh số ${c}`, `Province ${c}`, "", ""]),
    ["co", "co", "Có", "Yes", "", ""], ["co", "khong", "Không", "No", "", ""],
    ["kenh", "bao", "Báo chí", "Press", "", ""], ["kenh", "mang", "Mạng xã hội", "Social media", "", ""], ["kenh", "xa", "Loa của xã", "Loudspeakers", "", ""],
    ...["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"].map((l, i) => ["hl5", String(i + 1), l, `Level ${i + 1}`, String(i + 1), ""]),
    ["hl5", "9", "Không có ý kiến", "No opinion", "", "yes"],
  ],
  settings: [["form_id", "version", "form_title::Tiếng Việt (vi)", "form_title::English (en)", "default_language", "td_channels"],
    [formId, "1", `Phiếu ${formId}`, `Form ${formId}`, "Tiếng Việt (vi)", channels]],
});

let shared = null;
const people = {};

// One demonstration for all who leave it whole; it ends with the process.
export async function demonstration(program) {
  if (!shared) {
    shared = new Instance(program, { demo: true });
    process.on("exit", () => {
      shared.child?.kill("SIGKILL");
      fs.rmSync(shared.dir, { recursive: true, force: true });
    });
    shared.init();
    await shared.start("--set", "embed.hosts=https://www.gov.vn");
  }
  return shared;
}

export async function signedIn(i, login) {
  people[login] ??= signIn(i, login, i.accounts()[login]);
  return people[login];
}

// A weighted, closed round of two provinces: `good` of ten are satisfied by b1, of b2 always as many.
export async function weightedRound(officer, base, code, good, values = {}) {
  const id = await createRound(officer, await uploadForm(officer, "nho.xlsx", smallForm(code)), code, values);
  await step(officer, id, "open");
  await postAll(base, code, ["01", "24"].flatMap((tinh) => Array.from({ length: 90 }, (_, k) => ({ tinh, da_lam: "co", tuoi: k % 3 ? 70 : 30,
    b1: String(k % 10 < good ? 4 + k % 2 : 1 + k % 3), b2: String(1 + (k * 3) % 5) }))));
  await step(officer, id, "close", "Đủ phiếu");
  await officer.submit(await officer.get(`/console/rounds/${id}/weights`), { design: "stated", units: "", margins: "01,1200000\n24,300000", source: "Thử", cap: "", act: "save" }, "/weights");
  return id;
}

// Makes codes in the console and reads them off the printed sheet.
export async function sheetCodes(officer, id, count, values = {}) {
  const page = await officer.get(`/console/rounds/${id}/codes`);
  const sheet = await officer.submit(page, { label: "Thư mời", count: String(count), ...values }, "/codes");
  equal(sheet.headers.get("content-type"), "application/pdf", `the sheet (${sheet.status})`);
  const read = spawnSync("pdftotext", ["-layout", "-", "-"], { input: sheet.bytes });
  equal(read.status, 0, `pdftotext: ${read.error ?? read.stderr}`);
  const codes = read.stdout.toString("utf8").match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b/g) ?? [];
  equal(codes.length, count, "codes on the sheet");
  return codes;
}
