// SPDX-License-Identifier: AGPL-3.0-or-later
// Folders and settings a start must refuse with one clear line, and stops in the middle of making or migrating a folder.
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { spawn, spawnSync } from "node:child_process";
import { Instance, check, equal, seeded, sleep, test } from "../scenario/harness.mjs";
import { Ledger, clean, fresh, post, stored, using } from "./load.mjs";

const program = path.resolve(process.argv[2]), long = process.argv[3] === "long";
const run = (args, options = {}) => spawnSync(program, args, { encoding: "utf8", timeout: 5000, ...options });
const serve = (dir) => ["serve", "--data", dir, "--listen", "127.0.0.1:0"];

function refused(what, r, code, words) {
  equal(r.status, code, `${what}: exit (${r.stderr})`);
  equal(r.stderr.trim().split("\n").length, 1, `${what}: lines said`);
  check(words.test(r.stderr), `${what}: ${r.stderr}`);
}

const starts = [
  ["no folder", (d) => fs.rmSync(d, { recursive: true }), 78, /make it with: thuocdo init/],
  ["an empty folder", (d) => { fs.rmSync(d, { recursive: true }); fs.mkdirSync(d); }, 78, /master\.key is missing/],
  ["a folder without its database", (d) => fs.rmSync(path.join(d, "thuocdo.db")), 78, /thuocdo\.db is missing/],
  ["a database that is none", (d) => fs.writeFileSync(path.join(d, "thuocdo.db"), "garbage"), 74, /not a database/],
  ["a database cut off", (d) => fs.truncateSync(path.join(d, "thuocdo.db"), 40000), 74, /malformed/],
  ["no key", (d) => fs.rmSync(path.join(d, "master.key")), 78, /master\.key is missing/],
  ["a key that is none", (d) => { fs.chmodSync(path.join(d, "master.key"), 0o600); fs.writeFileSync(path.join(d, "master.key"), "zz"); }, 78, /64 hex digits/],
  ["a line without =", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "nonsense\n"), 78, /thuocdo\.conf:\d+/],
  ["an unknown key", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "http.wokers = 3\n"), 78, /:\d+: unknown key .*http\.workers/],
  ["a number out of range", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "http.workers = 1000\n"), 78, /from 0 to 256/],
  ["a word for a switch", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "http.plain = perhaps\n"), 78, /on or off/],
  ["an unknown log level", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "log.level = loud\n"), 78, /debug\|info\|warn\|error/],
  ["an address that is none", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "http.proxies = 300.1.1.1\n"), 78, /300\.1\.1\.1/],
  ["bytes for a configuration", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), Buffer.from([0, 1, 255, 61, 10])), 78, /thuocdo\.conf:\d+/],
  ["an address with a path", (d) => fs.appendFileSync(path.join(d, "thuocdo.conf"), "http.public_url = https://a.example/x\n"), 78, /nothing behind it/],
  ["a folder for a configuration", (d) => { fs.rmSync(path.join(d, "thuocdo.conf")); fs.mkdirSync(path.join(d, "thuocdo.conf")); }, 78, /thuocdo\.conf/],
  ["a folder init did not finish", (d) => fs.writeFileSync(path.join(d, "unfinished"), ""), 78, /run thuocdo init again/],
];

test("broken folders and settings: one clear line and the right exit code", async () => {
  if (process.env.TEST_POSTGRES) return "skipped";
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-test-"));
  try {
    const good = path.join(top, "good"), dir = path.join(top, "data");
    equal(run(["init", "--quiet", "--data", good]).status, 0, "init");
    for (const [what, spoil, code, words] of starts) {
      fs.cpSync(good, dir, { recursive: true });
      spoil(dir);
      refused(what, run(serve(dir)), code, words);
      fs.rmSync(dir, { recursive: true, force: true });
    }
    refused("init over data", run(["init", "--data", good]), 1, /holds data already/);
    refused("a port out of range", run(["serve", "--data", good, "--listen", "127.0.0.1:99999"]), 78, /not ADDRESS:PORT/);
    refused("an unknown setting of the environment", run(serve(good), { env: { ...process.env, THUOCDO_HTTP_WOKERS: "1" } }), 78, /http\.workers/);
    refused("a database that is away", run([...serve(good), "--database", "postgresql:///x?host=/nonexistent"]), 74, /nonexistent/);
    const taken = net.createServer();
    await new Promise((done) => taken.listen(0, "127.0.0.1", done));
    refused("a port in use", run(["serve", "--data", good, "--listen", `127.0.0.1:${taken.address().port}`]), 75, /in use/);
    taken.close();
    equal(run(["check", "--data", good]).status, 0, "the folder after all that");
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
});

test("a folder of another account or on a read-only disk is refused", () => {
  if (process.env.TEST_POSTGRES || process.getuid() !== 0) return "skipped";
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-test-")), dir = path.join(top, "data");
  fs.mkdirSync(dir);
  fs.chmodSync(top, 0o711);
  try {
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=32m,mode=700", "none", dir]).status !== 0) return "skipped";
    equal(run(["init", "--quiet", "--data", dir]).status, 0, "init");
    refused("another account", run(serve(dir), { uid: 65534, gid: 65534 }), 77, /Permission denied/);
    spawnSync("mount", ["-o", "remount,ro", dir]);
    refused("a read-only disk", run(serve(dir)), 78, /Read-only/);
  } finally {
    spawnSync("umount", [dir]);
    fs.rmSync(top, { recursive: true, force: true });
  }
});

async function killed(args, after) {
  const child = spawn(program, args, { stdio: "ignore" });
  const end = new Promise((done) => child.on("exit", (code, signal) => done({ code, signal })));
  await sleep(after);
  child.kill("SIGKILL");
  return (await end).signal === "SIGKILL";
}

// A start after the kill is refused, or the folder is whole; init then makes it whole.
function old_or_new(dir, what) {
  if (!fs.existsSync(dir)) return;
  const r = run(["check", "--data", dir]);
  if (r.status === 0) {
    check(!fs.existsSync(path.join(dir, "unfinished")), what);
    return;
  }
  equal(r.status, 78, `${what}: check says ${r.stderr}`);
  const again = run(["init", "--quiet", "--data", dir], { timeout: 20000 });
  equal(again.status, 0, `${what}: init again: ${again.stderr}`);
}

test("kill -9 during init: the folder is refused until init has made it whole", async () => {
  if (process.env.TEST_POSTGRES) return "skipped";
  const random = seeded(7), top = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-test-"));
  let cut = 0;
  try {
    for (let n = 0; n < (long ? 300 : 20); n++) {
      const dir = path.join(top, "d" + n), kill = await killed(["init", "--quiet", "--data", dir], random() * 120);
      cut += kill && fs.existsSync(path.join(dir, "unfinished"));
      old_or_new(dir, `kill ${n}`);
      if (!fs.existsSync(dir)) continue;
      equal(run(["check", "--data", dir]).status, 0, `check after kill ${n}`);
      equal(JSON.parse(run(["user", "list", "--data", dir, "--json"]).stdout).length, 1, "the first administrator");
      equal(JSON.parse(run(["unit", "list", "province", "--data", dir, "--json"]).stdout).length, 34, "provinces");
      fs.rmSync(dir, { recursive: true });
    }
    check(cut > 0, "no kill hit an init at work");
    const dir = path.join(top, "demo");
    for (let n = 0; n < (long ? 20 : 1); n++) {
      await killed(["init", "--quiet", "--demo", "--data", dir], 1500 + random() * 500);
      refused("half a demonstration", run(serve(dir)), 78, /run thuocdo init again/);
    }
    equal(run(["init", "--quiet", "--demo", "--data", dir], { timeout: 120000 }).status, 0, "the demonstration made again");
    equal(JSON.parse(run(["round", "show", "sipas-mo-phong", "--data", dir, "--json"]).stdout).submissions, 36525, "simulated answers");
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
});

test("kill -9 during init --demo on a database server: init again makes it whole; foreign data are never touched", async () => {
  if (!process.env.TEST_POSTGRES) return "skipped";
  const i = new Instance(program), random = seeded(5);
  try {
    for (let n = 0; n < (long ? 20 : 2); n++) {
      await killed(["init", "--quiet", "--demo", "--data", i.dir, ...i.flags()], 1000 + random() * 2500);
      refused("half a demonstration", run([...serve(i.dir), ...i.flags()]), 78, /run thuocdo init again/);
    }
    equal(run(["init", "--quiet", "--demo", "--data", i.dir, ...i.flags()], { timeout: 120000 }).status, 0, "the demonstration made again");
    clean(i);
    equal(i.json("round", "show", "sipas-mo-phong").submissions, 36525, "simulated answers");
    const other = path.join(i.dir, "other");
    refused("a folder of its own for a database in use", run(["init", "--quiet", "--data", other, ...i.flags()], { timeout: 20000 }), 1, /holds data already/);
    equal(i.json("round", "show", "sipas-mo-phong").submissions, 36525, "simulated answers afterwards");
  } finally {
    await i.remove();
  }
});

test("kill -9 during migration: every start goes on from a whole version", async () => {
  if (process.env.TEST_POSTGRES) return "skipped";
  const random = seeded(11), top = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-test-"));
  let between = 0;
  try {
    const good = path.join(top, "good");
    equal(run(["init", "--quiet", "--data", good]).status, 0, "init");
    const empty = (dir) => {                                         /* a store without any migration */
      fs.mkdirSync(dir);
      for (const f of ["master.key", "thuocdo.conf"]) fs.copyFileSync(path.join(good, f), path.join(dir, f));
      fs.writeFileSync(path.join(dir, "thuocdo.db"), "");
      return dir;
    };
    const migrate = (dir) => {
      const r = run(["migrate", "--json", "--data", dir]);
      equal(r.status, 0, "migrate: " + r.stderr);
      return JSON.parse(r.stdout).applied;
    };
    const began = Date.now(), all = migrate(empty(path.join(top, "whole"))), took = Date.now() - began;
    for (let n = 0; n < (long ? 300 : 25); n++) {
      const dir = empty(path.join(top, "d"));
      await killed(["migrate", "--data", dir], random() * took);
      const left = migrate(dir);
      check(left >= 0 && left <= all, `${left} migrations were left of ${all}`);
      between += left > 0 && left < all;
      equal(migrate(dir), 0, "migrations left after a whole run");
      equal(run(["check", "--data", dir]).status, 0, "check");
      fs.rmSync(dir, { recursive: true });
    }
    console.log(`     ${between} kills fell between two migrations`);
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
});

const taken = long ? 200 : 3, folderLasts = 20;         /* rounds; a folder that grew for 200 of them takes hours to check again and again */

/* One backup while eight writers write: whole, one commit point, and nothing acknowledged before it is missing. */
async function backupWhileWriting(i, file, pause) {
  const ledger = new Ledger(), old = stored(i), load = ledger.load(i.port, 8);
  await sleep(pause);
  const before = [...ledger.sent.values()].filter((e) => e.receipt);
  const made = spawnAsync(["backup", file, "--data", i.dir, ...i.flags()]);
  equal(await made, 0, "backup");
  await load.stop();
  const other = new Instance(program);
  fs.rmSync(other.dir, { recursive: true });
  try {
    equal(other.run("restore", file).code, 0, "restore");
    for (const f of ["master.key", "thuocdo.conf"]) fs.copyFileSync(path.join(i.dir, f), path.join(other.dir, f));
    clean(other, "restored folder");
    const there = stored(other);
    check(there >= old + before.length && there <= old + ledger.sent.size, `${there} restored, ${old + before.length} acknowledged before`);
    await other.start();
    for (const e of before.slice(-20)) {
      const a = await post(other.port, e.text);
      equal([a.status, a.receipt], [200, e.receipt], "a submission acknowledged before the backup");
    }
  } finally {
    await other.remove();
  }
}

test(`${taken} backups taken while writing are one commit point each; damage is found`, async () => {
  const random = seeded(3);
  const top = fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-test-")), file = path.join(top, "b.tdb"), first = path.join(top, "first.tdb");
  try {
    for (let done = 0; done < taken; done += folderLasts)
      await using(fresh(program), async (i) => {
        await i.start();
        for (let n = done; n < Math.min(done + folderLasts, taken); n++) {
          await backupWhileWriting(i, file, 100 + random() * 100);
          if (n === 0) fs.copyFileSync(file, first);
          fs.rmSync(file);
          fs.rmSync(file + ".seal");
        }
      });
    const whole = fs.readFileSync(first), bad = path.join(top, "bad.tdb");
    for (let n = 0; n < (long ? 400 : 20); n++) {
      const bytes = Buffer.from(whole), at = n < 8 ? [0, 5, 20, whole.length - 1, whole.length - 40][n % 5] : Math.floor(random() * whole.length);
      bytes[at] ^= 1 << Math.floor(random() * 8);
      fs.writeFileSync(bad, n % 4 === 3 ? whole.subarray(0, at) : bytes);
      const r = run(["backup", "verify", bad]);
      check(r.status !== 0 && r.status !== null, `damage at byte ${at} of ${whole.length} is not found`);
    }
    equal(run(["backup", "verify", first]).status, 0, "the undamaged backup");
  } finally {
    fs.rmSync(top, { recursive: true, force: true });
  }
});

function spawnAsync(args) {
  const child = spawn(program, args, { stdio: "ignore" });
  return new Promise((done) => child.on("exit", (code) => done(code)));
}
