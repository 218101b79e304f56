// SPDX-License-Identifier: AGPL-3.0-or-later
// Fieldwork with everything that goes wrong in the field: interviews with pictures over a line that drops, phones whose program is killed, a clock
// that is set back, a server without room, two phones on one case and one interview sent in two versions. Nothing lost, nothing doubled.
import { spawn } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { Instance, check, equal, seeded, sleep, test, uuid } from "../scenario/harness.mjs";
import { createRound, jobDone, signedIn, smallForm, step, uploadForm, uploadFrame } from "../scenario/survey.mjs";
import { codeOf, filePart, formPart, messageOf, Phone } from "../collect/phone.mjs";
import { checked, number, sql } from "../collect/site.mjs";
import { fill, mounted, unmount } from "./disk.mjs";
import { clean, fresh, round, stored, using } from "./load.mjs";

const program = process.argv[2], long = process.argv[3] === "long", here = import.meta.dirname;
const interviews = long ? 40 : 12, kills = long ? 10 : 3, phones = 4, code = "thuc-dia-hong";
const sha = (bytes) => crypto.createHash("sha256").update(bytes).digest("hex");

// ---- A line that drops ----------------------------------------------------------------------------------------------------------
// Not by the clock, so that a busy machine gets on as well: after some hundred kilobytes of all phones together, which a slow line carries in about
// 20 s, every connection breaks, in the midst of a post; and every ninth answer is lost on its way back.
class Line {
  constructor(to, random) { this.to = to; this.random = random; this.moved = () => {}; this.open = new Set(); this.drops = this.answers = this.carried = 0; this.next = 700000; }
  async start() {
    this.server = net.createServer((from) => {
      const to = net.connect({ host: "127.0.0.1", port: this.to }), end = () => { from.destroy(); to.destroy(); this.open.delete(end); };
      this.open.add(end);
      for (const s of [from, to]) s.on("error", end).on("close", end);
      from.on("data", (d) => { to.write(d); if ((this.carried += d.length) > this.next) this.drop(); this.moved(); });
      to.on("data", (d) => { if (++this.answers % 9 === 0) { this.drops++; end(); } else from.write(d); });
    });
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.port = this.server.address().port;
    return this;
  }
  drop() {
    this.next = this.carried + 400000 + Math.floor(this.random() * 900000);
    this.drops++;
    this.stop_all();
  }
  stop_all() { for (const end of [...this.open]) end(); }
  stop() { this.stop_all(); this.server.close(); }
}

// ---- A round in the field -------------------------------------------------------------------------------------------------------
function persons() {
  let csv = "ma_xa,ma,ho_ten,dia_chi,dien_thoai\n";
  for (let i = 1; i <= interviews + 8; i++) csv += `23563,P${i},Người ${i},Nhà ${i},0905 123 ${String(400 + i)}\n`;
  return csv;
}

async function fieldwork(i) {
  const officer = await signedIn(i, "chuyenvien");
  let page = await uploadFrame(officer, "Người dân", persons());
  page = await officer.submit(page, { title: "Mẫu" }, "/design");
  page = await officer.submit(await officer.get(page.path + "/stages/1"), { label: "Người", unit: "ma", method: "srs", rule: "fixed", n: String(interviews) }, "/stages/1");
  page = await officer.submit(page, { title: "Mẫu" }, page.path.split("/").slice(-2).join("/"));
  const drawn = await jobDone(officer, await officer.submit(await officer.get(page.path + "/draw"), { seed: "hong/1" }, "/draw"));
  const extra = [["start", "bat_dau", "", "", "", "", "", "", ""], ["end", "ket_thuc", "", "", "", "", "", "", ""],
    ["text", "ma_mau", "Mã mẫu", "Case", "", "", "", "", "profile"], ["image", "anh", "Ảnh", "Picture", "", "", "", "", ""], ["image", "anh_hai", "Ảnh nữa", "Another", "", "", "", "", ""],
    ["begin_repeat", "nguoi", "Người trong hộ", "Persons", "", "", "", "", ""], ["text", "ten", "Tên", "Name", "", "", "", "", ""], ["end_repeat", "", "", "", "", "", "", "", ""]];
  const id = await createRound(officer, await uploadForm(officer, "hong.xlsx", smallForm(code, { extra })), code, {});
  await step(officer, id, "open");
  const due = new Date(Date.now() + 10 * 86400000);
  await jobDone(officer, await officer.submit(await officer.get(`/console/rounds/${id}/fieldwork`), { sample: drawn.path.split("/").pop(), unit: "ma_xa", name: "ho_ten",
    address: "dia_chi", phone: "dien_thoai", due_day: String(due.getUTCDate()), due_month: String(due.getUTCMonth() + 1), due_year: String(due.getUTCFullYear()),
    erase_days: "7" }, "/fieldwork/open"));
  const rows = (await officer.get(`/console/rounds/${id}/fieldwork/cases.csv`)).text.trim().split(/\r?\n/), at = rows[0].replace("\ufeff", "").split(",").indexOf("td_case");
  return rows.slice(1).map((line) => line.split(",")[at]);
}

function xml({ id = uuid(), kase, tuoi = 40, minutes = 20 }) {
  const begin = Date.now() - 3600000, time = (ms) => new Date(ms + 7 * 3600000).toISOString().replace("Z", "+07:00");
  return `<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="${code}" version="1"><tinh>52</tinh><da_lam>co</da_lam><kenh>bao</kenh><tuoi>${tuoi}</tuoi><ghi/>` +
    `<bat_dau>${time(begin)}</bat_dau><ket_thuc>${time(begin + minutes * 60000)}</ket_thuc><ma_mau>${kase}</ma_mau><anh>a.jpg</anh><anh_hai>b.jpg</anh_hai>` +
    `<nguoi><ten>Người thứ nhất</ten></nguoi><nguoi><ten>Người thứ hai</ten></nguoi><g><b1>4</b1></g><orx:meta><orx:instanceID>uuid:${id}</orx:instanceID></orx:meta></data>`;
}

// On the phone before anything is sent: the form and two pictures of 300 kB.
function keep(folder, name, text) {
  const at = path.join(folder, name), picture = (n) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), crypto.randomBytes(300000 + n)]);
  fs.mkdirSync(at, { recursive: true });
  for (const [n, file] of ["a.jpg", "b.jpg"].entries()) fs.writeFileSync(path.join(at, file), picture(n));
  fs.writeFileSync(path.join(at, "form.xml"), text);
}

// Every interview once, two more that contradict: the last case by another phone too, and one interview in two versions under one id.
function prepare(top, cases) {
  const folder = (n) => path.join(top, `phone-${n % phones}`), same = uuid();
  for (const [n, kase] of cases.entries()) keep(folder(n), `interview-${n}`, xml({ kase, id: n === 0 ? same : uuid(), minutes: n % 5 === 3 ? -1440 : 20 }));
  keep(folder(cases.length), "twice", xml({ kase: cases.at(-1), tuoi: 70 }));
  keep(folder(1), "version", xml({ kase: cases[0], id: same, tuoi: 33 }));
}

// ---- The run --------------------------------------------------------------------------------------------------------------------
const waiting = (folder) => fs.readdirSync(folder).some((x) => !["sent", "refused"].some((y) => fs.existsSync(path.join(folder, x, y))));

// Phones work until the day is over, which is after the last kill; one that is killed is started again and finds its folders. Kills come as bytes go
// over the line, the last before all pictures can have passed, and each strikes a phone that runs and has something left to send.
async function send(top, urls, line, random) {
  const running = [], folder = (n) => path.join(top, `phone-${n}`), alive = (p) => p && p.exitCode === null && p.signalCode === null && !p.killed;
  let going = true, killed = 0, struck = 0;
  line.moved = () => {
    if (killed === kills || line.carried < (killed + 1) * interviews * 600000 / (kills + 1)) return;
    const able = urls.map((_, n) => n).filter((n) => alive(running[n]) && waiting(folder(n)));
    if (able.length && running[able[Math.floor(random() * able.length)]].kill("SIGKILL")) killed++;
  };
  fs.writeFileSync(path.join(top, "day"), "");
  const ends = urls.map(async (url, n) => {
    for (let end = null; going && (!end || end.signal);) {
      running[n] = spawn(process.execPath, [path.join(here, "interviewer.mjs"), url, String(line.port), folder(n)], { stdio: "inherit" });
      end = await new Promise((done) => running[n].on("exit", (status, signal) => done({ status, signal })));
      if (end.signal) struck++;
      check(end.signal === "SIGKILL" || end.status === 0, `a phone ends with ${end.status} ${end.signal}`);
    }
  });
  while (killed < kills && urls.some((_, n) => waiting(folder(n)))) await sleep(20);
  fs.rmSync(path.join(top, "day"));
  await Promise.all(ends);
  going = false;
  equal([killed, struck], [kills, kills], "phones killed with interviews on them");
}

// The disk is full when the day begins: a phone must have been told so before there is room.
async function fullAtFirst(dir, top) {
  if (!dir) return false;
  const ballast = fill(dir, 0), log = path.join(top, "answers.log"), told = () => fs.existsSync(log) && / 503$/m.test(fs.readFileSync(log, "utf8"));
  for (let i = 0; i < 400 && !told(); i++) await sleep(50);
  fs.rmSync(ballast);
  return told();
}

function compare(i, top, cases) {
  const folders = fs.readdirSync(top).filter((x) => x.startsWith("phone-")).flatMap((x) => fs.readdirSync(path.join(top, x)).map((y) => path.join(top, x, y)));
  const sent = folders.filter((x) => fs.existsSync(path.join(x, "sent"))), refused = folders.filter((x) => fs.existsSync(path.join(x, "refused")));
  equal([sent.length, refused.length], [cases.length + 1, 1], "interviews that were taken, and refused");
  const hex = (column) => i.database ? `encode(${column}, 'hex')` : `lower(hex(${column}))`;
  const bodies = sql(`SELECT ${hex("s.sha256")} FROM submissions s JOIN field_records f ON f.submission_id = s.id ORDER BY 1`, i);
  equal(bodies, sent.map((x) => sha(fs.readFileSync(path.join(x, "form.xml")))).sort(), "records, by their bytes");
  equal(sql(`SELECT code FROM field_records ORDER BY code`, i), sent.map((x) => fs.readFileSync(path.join(x, "sent"), "utf8")).sort(), "codes that were told");
  const files = sql(`SELECT x.name, ${hex("x.sha256")}, x.beside FROM submission_files x ORDER BY 2`, i);
  const want = [...sent, ...refused].flatMap((x) => ["a.jpg", "b.jpg"].map((name) => `${name}|${sha(fs.readFileSync(path.join(x, name)))}`));
  equal(files.filter((x) => x.endsWith("|0")).length, 2 * sent.length, "pictures");
  for (const x of files) check(want.includes(x.replace(/\|[01]$/, "")), `a picture that nobody sent: ${x}`);
  equal(sql("SELECT reason, times FROM submission_quarantine", i).map((x) => x.split("|")[0]), ["conflict"], "the other version is kept");
  equal(sql(`SELECT ${hex("body")} FROM submission_quarantine`, i).map((x) => sha(Buffer.from(x, "hex"))), refused.map((x) => sha(fs.readFileSync(path.join(x, "form.xml")))), "with its bytes");
  equal(number("SELECT COUNT(*) FROM field_records WHERE state <> 'whole'", i), 0, "records that wait for files");
}

test(`fieldwork: ${interviews} interviews, a line that drops, ${kills} kills of phones, a full disk, clocks set back, two phones on one case`, async () => {
  const dir = process.env.TEST_POSTGRES ? null : mounted("320m"), top = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-phones-"));
  const i = new Instance(program, { demo: true, dir: dir ? path.join(dir, "data") : null });
  try {
    i.init();
    await i.start();
    const cases = await fieldwork(i), random = seeded(20261122), line = await new Line(i.port, random).start();
    equal(cases.length, interviews, "cases");
    prepare(top, cases);
    const urls = Array.from({ length: phones }, (_, n) => i.json("device", "add", code, "--name", `Máy ${n + 1}`).url);
    const full = fullAtFirst(dir, top);
    await send(top, urls, line, random);
    line.stop();
    await checked(i);
    compare(i, top, cases);
    equal(await full, !!dir, "a phone was told that there is no room");
    equal(i.json("round", "show", code).submissions, interviews + 1, "records that count");
    equal(number("SELECT COUNT(*) FROM submission_flags WHERE flag = 'clock'", i), cases.filter((_, n) => n % 5 === 3).length, "clocks set back");
    equal(number("SELECT COUNT(*) FROM submission_flags WHERE flag = 'case_twice'", i), 1, "a case with two interviews");
    const links = "SELECT COUNT(*) FROM case_links l JOIN field_cases c ON c.id = l.case_id JOIN rounds r ON r.id = c.round_id";
    equal(number(`${links} WHERE r.code = '${code}'`, i), interviews, "cases with an answer");
    equal(JSON.parse(i.must("round", "rederive", code, "--json")).changed, 0, "made anew from the bytes");
    check(line.drops > interviews / 3, `${line.drops} drops`);
    await i.stop();
    clean(i);
    console.log(`     ${interviews + 2} interviews, ${line.drops} drops of the line, ${kills} kills${dir ? ", a full disk" : ""}`);
  } finally {
    await i.remove();
    if (dir) unmount(dir);
    fs.rmSync(top, { recursive: true, force: true });
  }
});

// ---- A server without room ------------------------------------------------------------------------------------------------------
test("a phone's post on a full disk: 503 with its envelope, reads go on, one record when there is room", async () => {
  if (process.env.TEST_POSTGRES) return "skipped";
  const dir = mounted("64m");
  if (!dir) return "skipped";
  try {
    await using(fresh(program, { dir: path.join(dir, "data") }), async (i) => {
      await i.start();
      const phone = new Phone(i.json("device", "add", round, "--name", "Máy 01").url, i.port), version = (await phone.formList()).forms[0].version;
      const post = (n, files = []) => phone.post([formPart(`<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="mot-cua" version="${version}"><lan_nay><tinh>52</tinh></lan_nay>` +
        `<ghi>${"x".repeat(3000)}</ghi><orx:meta><orx:instanceID>uuid:${n}</orx:instanceID></orx:meta></data>`), ...files.map(filePart)]);
      let n = 0;
      for (let turn = 0; turn < (long ? 20 : 2); turn++) {
        const ballast = fill(dir, turn * 50000), picture = [["a.jpg", Buffer.alloc(2000000, 120)]], refused = [await post(`file-${turn}`, picture)];
        for (let k = 0; k < 3000 && refused.length < 2; k++) { const answer = await post(++n); if (answer.status !== 201) refused.push(answer); }
        equal(refused.length, 2, "a full disk takes no 3,000 interviews");
        for (const answer of refused) {
          equal([answer.status, Number(answer.headers["retry-after"]) > 0, /<message nature="submit_error">/.test(answer.text)], [503, true, true]);
          check(messageOf(answer).includes("vẫn còn trên máy"), messageOf(answer));
        }
        equal([(await phone.head()).status, (await phone.get("/formList")).status], [204, 200], "reads");
        fs.rmSync(ballast);
        for (const answer of [await post(n), await post(n), await post(`file-${turn}`, picture)]) check(answer.status === 201 && codeOf(answer), answer.text);
      }
      await checked(i);
      equal(number("SELECT COUNT(*) FROM field_records", i), n + (long ? 20 : 2), "records");
      equal(stored(i), n + (long ? 20 : 2), "records that count");
      phone.done();
      await i.stop();
      clean(i);
    });
  } finally {
    unmount(dir);
  }
});

// ---- Every write of a post ----------------------------------------------------------------------------------------------------------
// The library in `shim` counts the writes to files from the moment `at` exists and kills the program before the Nth, or lets it and all later ones
// find no room. What was acknowledged is there; sent again there is one record, with its file.
const shim = path.join(path.dirname(path.resolve(program)), "tests", "libwrite_faults.so");

async function atWrite(i, n, what, shape) {
  const at = path.join(i.dir, "..", `${path.basename(i.dir)}-at`), env = { ...process.env };
  process.env.LD_PRELOAD = shim;
  process.env.WRITE_FAULTS = at;
  try { await i.start(); } finally { process.env = env; }
  const phone = new Phone(shape.url, i.port), post = () => phone.post([formPart(shape.xml(n)), filePart([`anh-${n}.jpg`, crypto.randomBytes(70000)])]);
  fs.writeFileSync(at, `${what} ${n}`);
  const first = await post();
  const done = () => fs.readFileSync(at, "utf8") === "done";
  for (let k = 0; first.status === 201 && k < 600 && !done() && number("SELECT COUNT(*) FROM field_records WHERE checked < posts", i); k++) await sleep(20);
  const reached = done();
  fs.rmSync(at);
  if (what === "full") check([201, 503].includes(first.status), `write ${n}: ${first.status} ${first.text}`);
  if (what === "full") await i.stop(); else await i.stop("SIGKILL");
  phone.done();
  await i.start();
  const again = new Phone(shape.url, i.port), second = await again.post([formPart(shape.xml(n))]);
  equal(second.status, 201, `write ${n}: sent again`);
  if (first.status === 201) equal(codeOf(second), codeOf(first), `write ${n}: code`);
  await checked(i);
  equal(number(`SELECT COUNT(*) FROM field_records WHERE instance_id = 'uuid:${what}-${n}'`, i), 1, `write ${n}: records`);
  if (first.status === 201) equal(number(`SELECT COUNT(*) FROM submission_files WHERE name = 'anh-${n}.jpg'`, i), 1, `write ${n}: its file`);
  again.done();
  await i.stop();
  clean(i, `check after write ${n}`);
  return reached;
}

for (const what of ["kill", "full"])
  test(`every write of a phone's post: ${what === "kill" ? "the program is killed before it" : "no room from it on"}`, async () => {
    if (process.env.TEST_POSTGRES || !fs.existsSync(shim)) return "skipped";
    await using(fresh(program), async (i) => {
      await i.start();
      const { url } = i.json("device", "add", round, "--name", "Máy 01"), version = (await new Phone(url, i.port).formList()).forms[0].version;
      const xml = (n) => `<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="mot-cua" version="${version}"><lan_nay><tinh>52</tinh></lan_nay>` +
        `<orx:meta><orx:instanceID>uuid:${what}-${n}</orx:instanceID></orx:meta></data>`;
      await i.stop();
      let n = 1;
      while (await atWrite(i, n, what, { url, xml })) n += long ? 1 : 17;
      console.log(`     ${n} writes`);
      check(n > 8, "the library counts no writes");
    });
  });
