// SPDX-License-Identifier: AGPL-3.0-or-later
// Notices by e-mail against a mail server that behaves and misbehaves: confirmed addresses alone, nothing lost, nothing doubled.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Instance, check, equal, signIn, sleep, test } from "./harness.mjs";
import { Sink } from "./smtp_sink.mjs";
import { text } from "./survey.mjs";

const program = process.argv[2];

function sql(i, change) {
  const done = i.database ? spawnSync("psql", [i.database, "-qAtc", change], { encoding: "utf8" }) : spawnSync("sqlite3", ["-cmd", ".timeout 20000", path.join(i.dir, "thuocdo.db"), change], { encoding: "utf8" });
  equal([done.error, done.status], [undefined, 0], String(done.stderr));
  return done.stdout.trim();
}

async function until(what, holds, most = 40000) {
  const begin = Date.now();
  while (!(await holds())) {
    check(Date.now() - begin < most, `${what}: not in time`);
    await sleep(100);
  }
}

// The command beside this process, for the mail server lives here.
function mailTest(i, to) {
  return new Promise((done) => {
    const child = spawn(i.program, ["mail", "test", to, "--json", "--data", i.dir, ...i.flags()]);
    let out = "";
    child.stdout.on("data", (d) => { out += d; });
    child.on("close", (code) => done({ code, ...JSON.parse(out || "{}") }));
  });
}

const conf = (i, lines) => fs.appendFileSync(path.join(i.dir, "thuocdo.conf"), lines.map((l) => `${l}\n`).join(""));
const now = (i) => sql(i, "UPDATE mails SET not_before = 0 WHERE state = 'waiting'");
const states = (i) => sql(i, "SELECT state FROM mails ORDER BY id").split("\n").filter(Boolean);

// A demonstration whose officer of the province has an address; sink is plain, on this machine.
async function fresh(run, options = {}) {
  const i = new Instance(program, { demo: true }), sink = await new Sink(options).start();
  try {
    i.init();
    conf(i, ["mail.host = 127.0.0.1", `mail.port = ${sink.port}`, "mail.tls = none", "mail.from = thuocdo@example.vn"]);
    await i.start();
    const officer = await signIn(i, "chuyenvien", i.accounts().chuyenvien), analyst = await signIn(i, "phantich", i.accounts().phantich);
    await officer.submit(await officer.get("/console/account/contact"), { email: "Can.Bo@example.vn" }, "/contact");
    const season = i.json("season", "list").find((s) => s.unit_kind === "province"), card = `/console/cards/${i.json("season", "cards", season.id).find((c) => c.code === "52").id}`;
    // Something to tell the officer of: taken out of the season and put back.
    let out = false;
    const tell = async () => {
      const step = out ? "rejoin" : "withdraw";
      out = !out;
      equal((await analyst.submit(await analyst.get(`${card}/${step}`), { reason: "Thử <b>báo</b>" }, `/${step}`)).status, 200, step);
    };
    await run({ i, sink, officer, analyst, tell });
  } finally {
    await i.remove();
    await sink.stop();
  }
}

async function confirmed({ i, sink, officer }) {
  await officer.submit(await officer.get("/console/account/mail"), {}, "/mail/code");
  await until("the letter with the code", () => sink.letters.length === 1);
  const letter = sink.letters.shift(), code = letter.text.match(/\d{8}/)[0];
  equal([letter.to, letter.headers.to], [["Can.Bo@example.vn"], "<Can.Bo@example.vn>"], "to the address alone");
  return code;
}

const confirm = async (w) => {
  const code = await confirmed(w);
  check(text((await w.officer.submit(await w.officer.get("/console/account/mail"), { code }, "/mail/confirm")).text).includes("Đã xác nhận"), "confirmed");
};

test("an address gets letters once its owner typed the code, of the kinds chosen, in UTF-8 with a link", () => fresh(async (w) => {
  const { i, sink, officer, tell } = w;
  await tell();
  const code = await confirmed(w);
  equal((await officer.submit(await officer.get("/console/account/mail"), { code: "00000000" }, "/mail/confirm")).status, 422, "a wrong code");
  check(text((await officer.submit(await officer.get("/console/account/mail"), { code }, "/mail/confirm")).text).includes("Đã xác nhận"), "confirmed");
  await tell();
  await until("the letter", () => sink.letters.length === 1);
  const [letter] = sink.letters;
  check(letter.subject.startsWith("Gia Lai tham gia lại đợt") && letter.text.includes("/console/cards/") && letter.text.includes("Gia Lai"), "the sentence and its link");
  check(!/^(Bcc|Cc|Reply-To):/im.test(letter.bytes) && letter.headers["content-type"] === "text/plain; charset=utf-8", "headers");
  // Not by mail any more; then once a day.
  const choose = async (how) => officer.submit(await officer.get("/console/account/mail"), { how_season: how, how_deadline: how, how_field: how, how_job: how }, "/mail/choices");
  await choose("none");
  await tell();
  await choose("daily");
  for (let k = 0; k < 2; k++) await tell();
  equal(states(i), ["sent", "sent", "waiting"], "a code, a notice, one digest that waits");
  now(i);
  await until("the digest", () => sink.letters.length === 2);
  check(sink.letters[1].subject === "2 thông báo chưa đọc", sink.letters[1].subject);
  // Another address is not the confirmed one.
  await officer.submit(await officer.get("/console/account/contact"), { email: "khac@example.vn" }, "/contact");
  check(text((await officer.get("/console/account/mail")).text).includes("Chưa xác nhận"), "changed");
  await tell();
  now(i);
  await until("nothing waits", () => !states(i).includes("waiting"));
  equal([sink.letters.length, states(i).at(-1)], [2, "dropped"], "nothing to an address that is not confirmed");
  check(!/example\.vn/i.test(i.log), "no address in the log");
  equal([(await mailTest(i, "thu@example.vn")).code, sink.letters.at(-1).to], [0, ["thu@example.vn"]], "mail test");
}));

test("a mail server that hangs, breaks off, floods or is busy delays letters and nothing else; each comes once", () => fresh(async (w) => {
  const { i, sink, officer, tell } = w;
  await confirm(w);
  for (const mode of ["hang", "reset", "flood", "busy", "sender"]) {
    sink.mode = mode;
    const calls = sink.calls;
    await tell();
    await until(`${mode}: a call`, () => sink.calls > calls);
    for (let k = 0; k < 5; k++) equal((await officer.get("/console/inbox")).status, 200, `${mode}: pages`);
    await until(`${mode}: given up`, () => sql(i, "SELECT COUNT(*) FROM mails WHERE state = 'waiting' AND fault <> ''") === "1");
    sink.mode = "ok";
    now(i);
    await until(`${mode}: sent later`, () => !states(i).includes("waiting") && !states(i).includes("sending"));
  }
  equal([sink.letters.length, new Set(sink.letters.map((l) => l.id)).size], [5, 5], "five letters, each once");
  // A server that has a letter to its end and never says so, or breaks off then: it is not sent again, and the page of the system's state says so.
  for (const [n, mode] of ["silent", "reset-data"].entries()) {
    sink.mode = mode;
    await tell();
    await until(`${mode}: unsure`, () => states(i).filter((s) => s === "unsure").length === n + 1);
  }
  sink.mode = "ok";
  now(i);
  sink.mode = "refuse";
  await tell();
  await until("refused", () => states(i).includes("failed"));
  equal(sink.letters.length, 6, "taken once, refused never");
  const admin = await signIn(i, "quantri", i.accounts().quantri);
  check(/2 không rõ đã đến, 1 bị từ chối/.test(text((await admin.get("/console/health")).text)), "told to the administrator");
}));

test("a kill, a stop and a standstill of the server at any moment lose no letter and double none", () => fresh(async (w) => {
  const { i, sink, tell } = w;
  await confirm(w);
  await i.stop();
  // Twelve letters are queued while the mail server hangs, then sent slowly while the server is killed again and again.
  sink.mode = "hang";
  await i.start();
  const again = await signIn(i, "phantich", i.accounts().phantich);
  w.analyst.cookies = again.cookies;
  w.analyst.base = i.base;
  for (let k = 0; k < 12; k++) await tell();
  sink.mode = "ok";
  sink.delay = 40;
  now(i);
  for (const wait of [150, 260, 370, 90, 480, 210]) {
    await sleep(wait);
    await i.stop("SIGKILL");
    now(i);
    await i.start();
  }
  await until("some more letters", () => sink.letters.length > 2);
  i.child.kill("SIGSTOP");
  await sleep(11000);
  i.child.kill("SIGCONT");
  await until("nothing waits", () => { now(i); return states(i).every((s) => s === "sent" || s === "unsure"); });
  const ids = sink.letters.map((l) => l.id), known = sql(i, "SELECT id FROM mails WHERE kind = 'notice' ORDER BY id").split("\n");
  equal(ids.length, new Set(ids).size, "no letter twice");
  const sent = sql(i, "SELECT id FROM mails WHERE kind = 'notice' AND state = 'sent' ORDER BY id").split("\n");
  for (const id of sent) check(ids.includes(`<thuocdo.${id}@example.vn>`), `${id} was sent`);
  equal(known.length, 12, "a letter a notice");
  check(ids.length >= sent.length && ids.length <= 12, "what is unsure came or not, never twice");
}, { delay: 5 }));

test("a certificate that does not prove the mail server keeps letters back; the right one lets them go", async () => {
  const i = new Instance(program, { demo: true }), dir = fs.mkdtempSync(path.join(i.dir, "..", "thuocdo-test-"));
  const make = (name, ...more) => {
    const r = spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`,
      "-keyout", path.join(dir, `${name}.key`), "-out", path.join(dir, `${name}.pem`), ...more], { encoding: "utf8" });
    equal(r.status, 0, r.stderr);
    return { key: fs.readFileSync(path.join(dir, `${name}.key`)), cert: fs.readFileSync(path.join(dir, `${name}.pem`)) };
  };
  const good = make("localhost"), wrong = make("mail.other.vn"), sink = await new Sink(good).start(), other = await new Sink(wrong).start();
  try {
    i.init();
    const settings = (port, ca) => conf(i, ["mail.host = localhost", `mail.port = ${port}`, "mail.tls = tls", "mail.from = thuocdo@example.vn", `mail.ca_file = ${path.join(dir, ca)}`]);
    settings(sink.port, "mail.other.vn.pem");
    equal((await mailTest(i, "a@example.vn")).fault, "certificate", "signed by nobody known");
    settings(other.port, "mail.other.vn.pem");
    equal((await mailTest(i, "a@example.vn")).fault, "certificate", "another name");
    await i.start();
    const officer = await signIn(i, "chuyenvien", i.accounts().chuyenvien);
    await officer.submit(await officer.get("/console/account/contact"), { email: "a@example.vn" }, "/contact");
    await officer.submit(await officer.get("/console/account/mail"), {}, "/mail/code");
    await until("kept back", () => sql(i, "SELECT fault FROM mails WHERE state = 'waiting'") === "certificate");
    const admin = await signIn(i, "quantri", i.accounts().quantri);
    check(text((await admin.get("/console/health")).text).includes("Chứng thư của máy chủ thư không hợp lệ"), "the page of the system's state");
    await i.stop();
    equal([other.letters.length, sink.letters.length], [0, 0], "nothing was sent");
    settings(sink.port, "localhost.pem");
    now(i);
    await i.start();
    await until("sent", () => sink.letters.length === 1);
    equal((await mailTest(i, "a@example.vn")).code, 0, "the right certificate");
  } finally {
    await i.remove();
    await sink.stop();
    await other.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  }
});
