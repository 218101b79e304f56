// SPDX-License-Identifier: AGPL-3.0-or-later
// Hostile clients: smuggled requests, slow and idle connections, sizes beyond the limits, names of hosts and paths.
import fs from "node:fs";
import net from "node:net";
import { check, equal, sleep, test } from "../scenario/harness.mjs";
import { body, clean, fresh, post, round, stored, using } from "../faults/load.mjs";
import { head, raw } from "./raw.mjs";

const program = process.argv[2], long = process.argv[3] === "long";
const submit = `/api/v1/rounds/${round}/submissions`;
const hidden = head("GET", "/healthz");                       // the request that would be smuggled in

// [what, bytes]: one refusal, then the connection is closed; the hidden request is never answered.
const smuggling = [
  ["length and chunks", head("POST", submit, "Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n" + hidden],
  ["two lengths", head("POST", submit, "Content-Length: 5", "Content-Length: 6") + "12345" + hidden],
  ["one length twice", head("POST", submit, "Content-Length: 5", "Content-Length: 5") + "12345" + hidden],
  ["two hosts", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n" + hidden],
  ["no host", "GET /healthz HTTP/1.1\r\n\r\n" + hidden],
  ["two codings", head("POST", submit, "Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0\r\n\r\n" + hidden],
  ["a disguised coding", head("POST", submit, "Transfer-Encoding: xchunked") + "0\r\n\r\n" + hidden],
  ["a coding in another dress", head("POST", submit, "Transfer-Encoding:\x0bchunked", "Content-Length: 5") + "0\r\n\r\n" + hidden],
  ["a blank before the colon", head("POST", submit, "Content-Length : 5") + "12345" + hidden],
  ["a folded line", head("GET", "/healthz", "X: a", " b") + hidden],
  ["a bare CR", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\rTransfer-Encoding: chunked\r\n\r\n" + hidden],
  ["a bare LF", "GET /healthz HTTP/1.1\nHost: localhost\n\n" + hidden],
  ["a zero byte", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n" + hidden],
  ["a length with a plus", head("POST", submit, "Content-Length: +5") + "12345" + hidden],
  ["a negative length", head("POST", submit, "Content-Length: -5") + "12345" + hidden],
  ["a hexadecimal length", head("POST", submit, "Content-Length: 0x5") + "12345" + hidden],
  ["a length of 20 digits", head("POST", submit, "Content-Length: 18446744073709551621") + "12345" + hidden],
  ["an underscore", head("POST", submit, "Content_Length: 5") + "12345" + hidden],
  ["a chunk too large for a number", head("POST", submit, "Transfer-Encoding: chunked") + "ffffffffffffffff1\r\n" + hidden],
  ["a chunk size with a sign", head("POST", submit, "Transfer-Encoding: chunked") + "-1\r\n" + hidden],
  ["a chunk without its end", head("POST", submit, "Transfer-Encoding: chunked") + "1\r\nab\r\n0\r\n\r\n" + hidden],
  ["HTTP/0.9", "GET /healthz\r\n\r\n" + hidden],
  ["HTTP/2 in clear", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + hidden],
  ["user info in the host", "GET /healthz HTTP/1.1\r\nHost: a@localhost\r\n\r\n" + hidden],
  ["%00 in the path", head("GET", "/units%00") + hidden],
  ["CONNECT", head("CONNECT", "localhost:80") + hidden],
];

test("smuggled requests: one refusal, the connection closed, the hidden one never answered", () => using(fresh(program), async (i) => {
  await i.start();
  for (const [what, bytes] of smuggling) {
    for (const pieces of [bytes, long ? [...bytes] : [bytes.slice(0, 30), bytes.slice(30, 77), bytes.slice(77)]]) {
      const r = await raw(i.port, Array.isArray(pieces) ? pieces : [pieces], { gap: Array.isArray(pieces) ? 1 : 0, half: false });
      equal(r.answers.length, 1, `${what}: answers (${r.answers})`);
      check(r.answers[0] >= 400 && r.answers[0] < 600, `${what}: ${r.answers[0]}`);
      const phrase = r.text.match(/^HTTP\/1\.1 \d+ ([^\r]*)/)?.[1];
      check(!r.text.includes('{"errors"') || r.text.includes(`{"reason":"${phrase}"}`), `${what}: reached a handler`);
      check(r.closed, `${what}: the connection stays open`);
    }
  }
  equal(stored(i), 0, "stored");
  const two = await raw(i.port, head("GET", "/healthz") + head("GET", "/healthz", "Connection: close"));
  equal(two.answers, [200, 200], "two whole requests behind one another");
}));

test("sizes beyond the limits are refused, the server goes on", () => using(fresh(program), async (i) => {
  await i.start();
  const cases = [
    ["a line of 64 KB", head("GET", "/" + "a".repeat(65536)), 414],
    ["headers of 64 KB", head("GET", "/", ...Array.from({ length: 64 }, (_, n) => `X${n}: ` + "b".repeat(1000))), 431],
    ["10,000 header fields", head("GET", "/", ...Array.from({ length: 10000 }, (_, n) => `X${n}: 1`)), 431],
    ["cookies of 9 KB", head("GET", "/", "Cookie: a=" + "c".repeat(9000)), 431],
    ["a body said to be 2 MB", head("POST", submit, "Content-Type: application/json", "Content-Length: 2000000"), 413],
    ["a chunked body of 2 MB", head("POST", submit, "Content-Type: application/json", "Transfer-Encoding: chunked") +
      ("10000\r\n" + "d".repeat(65536) + "\r\n").repeat(32) + "0\r\n\r\n", 413],
    ["a compressed body", head("POST", submit, "Content-Encoding: gzip", "Content-Length: 3") + "abc", 415],
    ["1e5 fields", head("POST", "/sign-in", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 399999") + "a=b&".repeat(100000).slice(0, -1), 413],
  ];
  for (const [what, bytes, status] of cases) {
    const r = await raw(i.port, bytes);
    equal(r.answers, [status], what);
  }
  const json = (text) => post(i.port, text);
  const id = JSON.parse(body()).instance_id;
  equal((await json("[".repeat(100000))).status, 400, "JSON 1e5 deep");
  equal((await json(`{"instance_id":"${id}","answers":${'{"a":'.repeat(40)}1${"}".repeat(40)}}`)).status, 400, "JSON 40 deep");
  const many = Object.fromEntries(Array.from({ length: 50000 }, (_, n) => ["q" + n, 1]));
  const r = await json(JSON.stringify({ instance_id: id, answers: many }));
  check([400, 413, 422].includes(r.status), "50,000 answers: " + r.status);
  for (const bad of ["", "null", "[]", '"x"', "{}", '{"instance_id":1,"answers":{}}', `{"instance_id":"${id}"`, '{"instance_id":"x","answers":{}}', "\xff\xfe"])
    equal((await json(bad)).status, 400, "body " + JSON.stringify(bad));
  for (const answers of ["[]", "null", '"a"', "1"]) equal((await json(`{"instance_id":"${id}","answers":${answers}}`)).status, 422, "answers " + answers);
  const wrong = { tinh: 1e308, linh_vuc: ["dat"], hinh_thuc: {}, phut_cho: "many", hl_noi: null, gop_y: "a\0b", khong_co: 1, __proto__x: 1 };
  equal((await json(JSON.stringify({ instance_id: id, answers: wrong }))).status, 422, "answers of wrong types");
  equal(stored(i), 0, "stored");
  equal((await json(body())).status, 201, "a good one after all that");
  await i.stop();
  clean(i);
}));

test("paths that climb out and hosts that are not ours", () => using(fresh(program), async (i) => {
  await i.start("--set", "http.public_url=https://thuocdo.example");
  const secret = fs.readFileSync(i.dir + "/master.key", "utf8").trim();
  for (const where of ["/../../etc/passwd", "/assets/../thuocdo.conf", "/assets/%2e%2e/master.key", "/assets/..%2fmaster.key", "/assets/%2e%2e%2fmaster.key",
    "/assets//master.key", "/assets/..\\master.key", "/assets/%c0%ae%c0%ae/master.key", "//etc/passwd", "/files/../master.key", "/assets/\\..\\master.key",
    "/results/..%2f..%2fmaster.key", "/results/../../master.key/edition.zip", "/s/..%2f..%2fmaster.key", "/api/v1/rounds/..%2f..%2fmaster.key"]) {
    const r = await raw(i.port, head("GET", where, "Connection: close"));
    check(r.answers.length === 1 && r.answers[0] >= 400 && r.answers[0] < 500, `${where}: ${r.answers}`);
    check(!r.text.includes(secret) && !r.text.includes("root:") && !r.text.includes("database.url"), where + " shows a file");
  }
  for (const host of ["evil.example", "localhost.evil.example", "localhost:80:80", "[::1", "", "a b", "localhost/x"]) {
    const r = await raw(i.port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    check([400, 421].includes(r.answers[0]) && r.answers.length === 1, `Host ${JSON.stringify(host)}: ${r.answers}`);
    check(!/evil/.test(r.text), "the foreign host is repeated");
  }
  equal((await raw(i.port, "GET / HTTP/1.1\r\nHost: thuocdo.example\r\nConnection: close\r\n\r\n")).answers, [200], "our own host");
  const link = await raw(i.port, head("GET", "/", "X-Forwarded-Host: evil.example", "X-Forwarded-For: 1.2.3.4", "Forwarded: host=evil.example", "Connection: close"));
  check(link.answers[0] === 200 && !link.text.includes("evil.example"), "a forwarded host from anyone is believed");
}));

const short_times = ["--set", "limits.header_time=600", "--set", "limits.body_grace=600", "--set", "limits.write_time=1000", "--set", "limits.idle_time=1000"];

test("slow clients of five kinds are ended, others are served meanwhile", () => using(fresh(program), async (i) => {
  await i.start(...short_times);
  const drip = (text, gap) => Array.from(text).flatMap((c) => [c]).slice(0, Math.ceil(4000 / gap));
  const slow = [
    ["one header byte at a time", raw(i.port, drip(head("GET", "/", "X: " + "a".repeat(500)), 50), { gap: 50, half: false, wait: 4000 })],
    ["nothing at all", raw(i.port, "", { half: false, wait: 6000 })],
    ["half a head, then nothing", raw(i.port, "GET / HTTP/1.1\r\nHost: loc", { half: false, wait: 4000 })],
    ["one body byte at a time", raw(i.port, [head("POST", submit, "Content-Type: application/json", "Content-Length: 5000"), ...drip("x".repeat(500), 50)], { gap: 50, half: false, wait: 4000 })],
    ["idle after an answer", raw(i.port, head("GET", "/healthz"), { half: false, wait: 6000 })],
  ];
  const reader = new Promise((done) => {                     // asks for much and never reads
    const s = net.connect({ host: "127.0.0.1", port: i.port });
    s.pause();
    s.on("error", () => done(true)).on("close", () => done(true));
    s.write(head("GET", "/units").repeat(90));
    setTimeout(() => { s.resume(); setTimeout(() => { const over = s.readableEnded || s.destroyed; s.destroy(); done(over); }, 800); }, 5000);
  });
  for (let n = 0; n < 10; n++) {
    equal((await post(i.port, body())).status, 201, "a quick client beside the slow ones");
    await sleep(50);
  }
  for (const [what, promise] of slow) {
    const r = await promise;
    check(r.closed, `${what}: still open`);
    check(r.answers.every((a) => a === 408 || what.startsWith("idle") && a === 200), `${what}: ${r.answers}`);
  }
  check(await reader, "a client that reads nothing is still held");
  equal(stored(i), 10, "stored");
}));

test(`${long ? "10,000" : "2,000"} idle connections leave room for others`, () => using(fresh(program), async (i) => {
  const want = long ? 10000 : 2000;
  await i.start();
  const before = rss(i.child.pid), sockets = [];
  for (let n = 0; n < want; n += 200)
    await Promise.all(Array.from({ length: Math.min(200, want - n) }, () => new Promise((done, bad) => {
      const s = net.connect({ host: "127.0.0.1", port: i.port }, done).on("error", bad);
      sockets.push(s);
    })));
  for (const s of sockets) s.write("GET / HT");              // each holds its buffer
  await sleep(500);
  for (let n = 0; n < 20; n++) equal((await post(i.port, body())).status, 201, "an active client");
  const mb = Math.round(rss(i.child.pid) / 1024), grown = mb - Math.round(before / 1024);
  console.log(`     ${want} connections: ${mb} MB resident, ${grown} MB more than before`);
  check(mb < 200, `${mb} MB resident`);
  for (const s of sockets) s.destroy();
  await sleep(300);
  equal((await fetch(i.base + "/healthz")).status, 200, "afterwards");
}));

test("one address cannot take every connection", () => using(fresh(program), async (i) => {
  await i.start("--set", "limits.exempt=", "--set", "limits.connections_per_address=20");
  const sockets = [];
  let closed = 0;
  for (let n = 0; n < 40; n++) sockets.push(net.connect({ host: "127.0.0.1", port: i.port }).on("close", () => closed++).on("error", () => {}));
  await sleep(500);
  check(closed >= 20 && closed <= 22, `${closed} of 40 connections closed, with 20 allowed (the start asked on one of its own)`);
  for (const s of sockets) s.destroy();
}));

function rss(pid) {
  return Number(fs.readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
}
