// SPDX-License-Identifier: AGPL-3.0-or-later
// Faults while serving: the same submission many times, stopping under load, a second instance, a pause, a full disk.
import http from "node:http";
import fs from "node:fs";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { check, equal, sleep, test, uuid } from "../scenario/harness.mjs";
import { fill, mounted, unmount } from "./disk.mjs";
import { Ledger, body, clean, fresh, post, round, stored, using } from "./load.mjs";

const program = process.argv[2], long = process.argv[3] === "long";

test("one submission posted 20 times at once and once late: one record, one receipt", () => using(fresh(program), async (i) => {
  await i.start();
  for (let n = 0; n < (long ? 200 : 10); n++) {
    const text = body(), agent = new http.Agent({ maxSockets: 20 });
    const all = await Promise.all(Array.from({ length: 20 }, () => post(i.port, text, agent)));
    equal(all.filter((a) => a.status === 201).length, 1, "answers 201");
    equal(all.filter((a) => a.status === 200).length, 19, "answers 200");
    const late = await post(i.port, text);
    equal(late.status, 200, "late retry");
    equal(new Set([...all, late].map((a) => a.receipt)).size, 1, "receipts");
    equal(stored(i), n + 1, "records");
    const other = JSON.parse(text);
    other.answers.gop_y = "khác";
    equal((await post(i.port, JSON.stringify(other))).status, 409, "same id, other bytes");
  }
  await i.stop();
  clean(i);
}));

test("SIGTERM under load: every accepted request is answered", () => using(fresh(program), async (i) => {
  let sent = 0;
  for (let n = 0; n < (long ? 200 : process.env.TEST_POSTGRES ? 3 : 8); n++) {
    const ledger = new Ledger();
    await i.start();
    const load = ledger.load(i.port, 16);
    await sleep(60 + 20 * (n % 8));
    i.child.kill("SIGTERM");
    const end = await i.exited;
    await load.stop();
    equal([end.code, end.signal], [0, null], "exit after SIGTERM");
    const answered = ledger.acknowledged;
    equal(stored(i) - sent, answered, "stored, against answered with a receipt");
    for (const s of Object.keys(ledger.statuses)) check(["0", "200", "201", "503"].includes(s), "status " + s);
    check(answered > 0, "nothing was answered");
    sent += answered;
  }
  clean(i);
}));

test("a second instance on the same folder is refused with 75, and the first goes on", () => using(fresh(program), async (i) => {
  await i.start();
  for (const verb of [["serve", "--listen", "127.0.0.1:0"], ["migrate"], ["init"]]) {
    const r = spawnSync(program, [...verb, "--data", i.dir, ...i.flags()], { encoding: "utf8", timeout: 20000 });
    equal(r.status, 75, verb[0]);
    equal(r.stderr.trim().split("\n").length, 1, "lines said by " + verb[0]);
  }
  equal((await post(i.port, body())).status, 201, "the first instance");
  await i.stop("SIGKILL");
  await i.start();
  equal(stored(i), 1, "after a kill the lock is free");
}));

test("SIGSTOP and SIGCONT: waiting requests are answered, nothing is doubled", () => using(fresh(program), async (i) => {
  const ledger = new Ledger();
  await i.start();
  for (let n = 0; n < (long ? 100 : 3); n++) {
    const load = ledger.load(i.port, 8);
    await sleep(100);
    i.child.kill("SIGSTOP");
    await sleep(long && n % 10 === 0 ? 30000 : 400);
    i.child.kill("SIGCONT");
    await sleep(100);
    await load.stop();
    if (!long) equal(stored(i), ledger.sent.size, "records");
    const late = long ? ["503"] : [];                         // 30 s are the most a request may take: it is told to come again
    equal(Object.keys(ledger.statuses).filter((s) => !["200", "201", ...late].includes(s)), [], "answers other than receipts");
  }
  equal(await ledger.repeat(i.port), 0, "lost");
  equal(ledger.faults, [], "receipts");
  equal(stored(i), ledger.sent.size, "records at the end");
}));

test("a full disk: clear 503, reads go on, recovers by itself when there is room again", async () => {
  if (process.env.TEST_POSTGRES) return "skipped";
  const dir = mounted("64m");
  if (!dir) return "skipped";
  try {
    return await using(fresh(program, { dir: path.join(dir, "data") }), async (i) => {
      const ledger = new Ledger();
      await i.start();
      for (let n = 0; n < (long ? 50 : 3); n++) {
        const ballast = fill(dir, n % 3 * 70000);
        let refused = null;
        for (let k = 0; k < 3000 && !refused; k++) {
          const a = await ledger.send(i.port, body(uuid(), "x".repeat(3000)));
          if (a.status !== 201) refused = a;
        }
        check(refused, "a full disk took 3,000 submissions");
        equal(refused.status, 503, "answer on a full disk");
        check(JSON.parse(refused.text).errors?.[0]?.reason, "a reason is given: " + refused.text);
        for (const where of ["/healthz", "/", "/surveys", `/api/v1/rounds/${round}`, `/s/${round}`])
          equal((await fetch(i.base + where)).status, 200, `reading ${where} on a full disk`);
        equal((await fetch(i.base + "/readyz")).status, 503, "readyz on a full disk");
        fs.rmSync(ballast);
        equal((await ledger.send(i.port, body())).status, 201, "first submission after room is made");
        equal(await ledger.repeat(i.port), 0, "lost");
        equal(stored(i), ledger.sent.size, "records");
        equal(ledger.faults, [], "receipts");
        equal((await fetch(i.base + "/readyz")).status, 200, "readyz after room is made");
      }
      await i.stop();
      clean(i);
    });
  } finally {
    unmount(dir);
  }
});
