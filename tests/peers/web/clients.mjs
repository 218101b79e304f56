// SPDX-License-Identifier: AGPL-3.0-or-later
// clients.mjs PROGRAM FOLDER [CLIENT]: web clients of others in a browser. Each takes a questionnaire of ours from the running server,
// is filled in as a person would and sends what it made; what is stored equals what was typed, without findings, and `form play` agrees.
// FOLDER holds the bundles; the file of communes, xa.csv, is made from the server's units.
import { chromium } from "playwright-core";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [, , program, folder, only] = process.argv;
const here = path.dirname(fileURLToPath(import.meta.url)), data = fs.mkdtempSync(path.join(os.tmpdir(), "web-clients-"));
const form = path.join(data, "questionnaire.csv"), picture = path.join(data, "biên nhận.png");
let passed = 0, failed = 0, communes;
function same(what, got, want) {
  const g = JSON.stringify(got), w = JSON.stringify(want);
  if (g === w) { passed++; return; }
  failed++;
  console.log(`FAIL ${what}: ${g}, want ${w}`);
}

// ---- The server, and a page beside it on one origin ------------------------------------------------------------------
const thuocdo = (...args) => execFileSync(program, [...args, "--data", path.join(data, "d")], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const listening = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));

async function freePort() {
  const server = http.createServer(), port = await listening(server);
  await new Promise((done) => server.close(done));
  return port;
}

async function serve() {
  fs.copyFileSync(path.join(here, "questionnaire.csv"), form);
  fs.writeFileSync(picture, Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"));
  thuocdo("init", "--quiet");
  fs.appendFileSync(path.join(data, "d", "thuocdo.conf"), "http.plain = on\n");
  communes = thuocdo("unit", "export").split(/\r?\n/).map((line) => line.split(",")).filter((x) => x[0] === "xã").map((x) => [x[1], `${x[4]} ${x[2]}`, x[6]]);
  fs.writeFileSync(path.join(data, "xa.csv"), ["name,label,tinh", ...communes.map((x) => x.join(","))].join("\n"));
  thuocdo("form", "add", form, "--media", path.join(data, "xa.csv"));
  thuocdo("round", "create", "may-web", "--form", "may-web", "--open");
  const port = await freePort(), child = spawn(program, ["serve", "--data", path.join(data, "d"), "--listen", `127.0.0.1:${port}`], { stdio: "ignore" });
  for (let i = 0; i < 200 && !await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null); i++) await new Promise((done) => setTimeout(done, 50));
  return { port, child };
}

function page(client) {
  return `<!doctype html><html lang="vi"><meta charset="utf-8"><title>${client}</title><style>.disabled, .itemset-labels, .itemset-template { display: none }</style>` +
    `<div id="form"></div><button id="send">Gửi đi</button><script type="module" src="/${client}.js"></script></html>`;
}

async function beside(port) {
  const server = http.createServer((request, answer) => {
    const { pathname } = new URL(request.url, "http://x");
    if (pathname.startsWith("/openrosa/")) {
      const up = http.request({ host: "127.0.0.1", port, path: request.url, method: request.method, headers: request.headers },
        (from) => { answer.writeHead(from.statusCode, from.headers); from.pipe(answer); });
      request.pipe(up);
    } else if (/^\/(odk|enketo)\.js$/.test(pathname)) answer.writeHead(200, { "content-type": "text/javascript" }).end(fs.readFileSync(path.join(folder, pathname)));
    else if (/^\/(odk|enketo)$/.test(pathname)) answer.writeHead(200, { "content-type": "text/html" }).end(page(pathname.slice(1)));
    else answer.writeHead(404).end();
  });
  return { server, port: await listening(server) };
}

// ---- Hands: what a person does with a question, by its words -----------------------------------------------------------
class Hands {
  constructor(at) { this.at = at; }
  question(label, nth = 0) { return this.at.locator(this.questions, { hasText: label }).nth(nth); }
  async choose(label, option) { await this.question(label).getByText(option, { exact: true }).filter({ visible: true }).click(); }
  async type(label, text, nth = 0) {
    const box = this.question(label, nth).locator("input:not([type=file]), textarea").first();
    await box.fill("");
    await box.pressSequentially(text);
    await box.press("Tab");
  }
  photo(label, file) { return this.question(label).locator("input[type=file]").first().setInputFiles(file); }
  shown(label) { return this.question(label).isVisible(); }
  says(text) { return this.at.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 5000 }).then(() => true, () => false); }
}

class Odk extends Hands {
  questions = ".question-container";
  async options(label) {
    await this.question(label).locator(".p-select").click();
    const texts = this.at.locator(".p-select-option");
    await texts.first().waitFor();
    return texts;
  }
  async pick(label, option) { await (await this.options(label)).getByText(option, { exact: true }).click(); }
  async count(label) {
    const n = await (await this.options(label)).evaluateAll((all) => Number(all[0].getAttribute("aria-setsize") ?? all.length));
    await this.at.keyboard.press("Escape");
    return n;
  }
  async more() { await this.at.getByRole("button", { name: "Add" }).click(); }
  async finish() { await this.at.getByRole("button", { name: "Send" }).first().click(); }
}

class Enketo extends Hands {
  questions = ".question";
  async pick(label, option) {
    await this.question(label).locator("button.dropdown-toggle").click();
    await this.question(label).locator("ul.dropdown-menu").getByText(option, { exact: true }).click();
  }
  count(label) { return this.question(label).locator("ul.dropdown-menu li:not(.disabled)").count(); }
  async more() { await this.at.locator("button.add-repeat-btn").click(); }
  async finish() { await this.at.locator("#send").click(); }
}

// ---- An interview ------------------------------------------------------------------------------------------------------
const of = (province) => communes.filter((x) => x[2] === province);

async function fill(hands, name) {
  same(`${name}: no commune before its province`, await hands.shown("Xã hoặc phường"), false);
  await hands.choose("Tỉnh hoặc thành phố", "Thành phố Hà Nội");
  await hands.pick("Xã hoặc phường", of("01")[0][1]);
  await hands.choose("Tỉnh hoặc thành phố", "Tỉnh Bắc Ninh");
  same(`${name}: communes of the province alone`, await hands.count("Xã hoặc phường"), of("24").length);
  await hands.pick("Xã hoặc phường", of("24")[7][1]);
  await hands.choose("hài lòng không?", "Hài lòng");
  same(`${name}: no reason asked`, await hands.shown("Vì sao không"), false);
  await hands.choose("hài lòng không?", "Không hài lòng");
  same(`${name}: a reason asked`, await hands.shown("Vì sao không"), true);
  await hands.type("Vì sao không", "Chờ lâu & phải “đi lại” <3 lần>");
  await hands.type("bao nhiêu tuổi", "9");
  await hands.finish();
  same(`${name}: a broken constraint is said`, await hands.says("Tuổi từ 15 đến 110."), true);
  same(`${name}: and nothing is sent`, await hands.at.evaluate(() => window.sent ?? null), null);
  await hands.type("bao nhiêu tuổi", "61");
  await hands.choose("qua kênh nào", "Bộ phận một cửa");
  await hands.choose("qua kênh nào", "Bưu chính");
  await hands.type("Chờ mấy ngày", "3");
  await hands.type("Làm thủ tục gì", "Khai sinh");
  await hands.more();
  await hands.type("Chờ mấy ngày", "4", 1);
  await hands.type("Làm thủ tục gì", "Đăng ký kết hôn", 1);
  same(`${name}: a calculation in a text`, await hands.says("Tổng số ngày chờ: 7"), true);
  await hands.photo("Ảnh biên nhận", picture);
  await hands.at.clock.setSystemTime(Date.now());
  await hands.finish();
  await hands.at.waitForFunction(() => window.sent, null, { timeout: 20000 });
  return hands.at.evaluate(() => window.sent);
}

const steps = () => ["/data/tinh=24", `/data/xa=${of("24")[7][0]}`, "/data/hai_long=1", "/data/ly_do=Chờ lâu & phải “đi lại” <3 lần>", "/data/tuoi=61",
  "/data/kenh=mot_cua buu_chinh", "/data/lan[1]/so_ngay=3", "/data/lan[1]/viec=Khai sinh", "/data/lan[2]/so_ngay=4", "/data/lan[2]/viec=Đăng ký kết hôn"];

// What the client sent, as the nodes of `form play`.
const sentNodes = (at, xml) => at.evaluate((text) => {
  const out = {}, doc = new DOMParser().parseFromString(text, "text/xml").documentElement;
  const walk = (element, where) => {
    for (const child of element.children) {
      const all = [...element.children].filter((x) => x.localName === child.localName);
      const name = `${where}/${child.localName}${child.localName === "lan" ? `[${all.indexOf(child) + 1}]` : ""}`;
      if (child.localName === "meta") continue;
      if (child.children.length) walk(child, name); else out[name] = child.textContent;
    }
  };
  walk(doc, "/data");
  return out;
}, xml);

async function interview(browser, at, client, key) {
  const view = await browser.newPage({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh" }), faults = [];
  await view.clock.setSystemTime(Date.now() - 15 * 60000);
  view.on("pageerror", (e) => faults.push(e.message));
  await view.goto(`http://127.0.0.1:${at}/${client}?base=/openrosa/${key}`);
  const hands = new (client === "odk" ? Odk : Enketo)(view);
  await hands.question("Tỉnh hoặc thành phố").waitFor({ timeout: 60000 });
  const sent = await fill(hands, client);
  same(`${client}: HEAD and POST`, [sent.probe, sent.status, /nature="submit_success"/.test(sent.text)], [204, 201, true]);
  same(`${client}: no fault on the page`, faults, []);
  const nodes = await sentNodes(view, sent.xml);
  fs.writeFileSync(path.join(data, "steps.json"), JSON.stringify(steps()));
  const ours = JSON.parse(thuocdo("form", "play", form, path.join(data, "steps.json")));
  for (const [node, { value, violation }] of Object.entries(ours)) {
    if (/\/(bat_dau|ket_thuc|anh|lan\[\d\])$/.test(node)) continue;
    same(`${client}: ${node}`, [nodes[node], violation], [value, undefined]);
  }
  same(`${client}: the photo is named and sent`, sent.files, [nodes["/data/anh"]]);
  await view.close();
  return nodes;
}

// ---- What the server keeps ---------------------------------------------------------------------------------------------
// The newest record with its findings, once its check is done.
async function record(count) {
  const read = `import json, sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
rows = db.execute("SELECT s.id, s.answers, f.state FROM submissions s JOIN field_records f ON f.submission_id = s.id WHERE f.checked = f.posts ORDER BY f.received_at").fetchall()
flags = db.execute("SELECT flag, node FROM submission_flags WHERE submission_id = ?", rows[-1][:1]).fetchall() if rows else []
files = db.execute("SELECT name, type, beside FROM submission_files WHERE submission_id = ?", rows[-1][:1]).fetchall() if rows else []
print(json.dumps([len(rows), json.loads(rows[-1][1]), rows[-1][2], flags, files] if rows else [0]))`;
  for (let i = 0; i < 200; i++) {
    const [n, answers, state, flags, files] = JSON.parse(execFileSync("python3", ["-c", read, path.join(data, "d", "thuocdo.db")], { encoding: "utf8" }));
    if (n === count) return { answers, state, flags, files };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${count} records are not there`);
}

async function stored(client, nodes, count) {
  const { answers, state, flags, files } = await record(count);
  same(`${client}: findings`, flags, []);
  same(`${client}: the record is whole, with its photo`, [state, files], ["whole", [[nodes["/data/anh"], "image/png", 0]]]);
  const flat = Object.fromEntries(Object.entries(answers).flatMap(([name, x]) => Array.isArray(x)
    ? x.flatMap((entry, i) => Object.entries(entry).map(([inner, y]) => [`/data/${name}[${i + 1}]/${inner}`, y])) : [[`/data/${name}`, x]]));
  same(`${client}: answers are what was sent`, flat, Object.fromEntries(Object.entries(nodes).filter(([, x]) => x !== "")));
}

const { port, child } = await serve(), key = JSON.parse(thuocdo("device", "add", "may-web", "--name", "Máy web", "--json")).url.split("/").pop();
const { server, port: at } = await beside(port);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
let count = 0;
for (const client of ["odk", "enketo"].filter((x) => !only || x === only)) {
  try { await stored(client, await interview(browser, at, client, key), ++count); } catch (e) { same(`${client} runs to its end`, e.stack, ""); }
}
await browser.close();
server.close();
child.kill();
fs.rmSync(data, { recursive: true });
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
