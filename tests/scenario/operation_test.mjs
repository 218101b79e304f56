// SPDX-License-Identifier: AGPL-3.0-or-later
// Starting, stopping, locking, backing up: what an administrator does.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { spawnSync } from "node:child_process";
import { Instance, check, equal, test } from "./harness.mjs";

const program = process.argv[2];

async function withInstance(run, options) {
  const i = new Instance(program, options);
  try {
    i.init();
    return await run(i);
  } finally {
    await i.remove();
  }
}

test("a folder is made once, checked, and refuses a second server", () => withInstance(async (i) => {
  equal(JSON.parse(i.run("check", "--json").out).ok, true, "check");
  await i.start();
  const second = spawnSync(i.program, ["serve", "--data", i.dir, "--listen", "127.0.0.1:0", ...i.flags()], { encoding: "utf8", timeout: 10000 });
  equal(second.status, 75, "exit of the second instance");
  check(/another process/.test(second.stderr), second.stderr);
  await i.stop();
  equal((await i.exited).code, 0, "exit after SIGTERM");
}));

test("health, readiness and metrics", () => withInstance(async (i) => {
  await i.start();
  equal((await fetch(i.base + "/readyz")).status, 200, "readyz");
  const text = await new Promise((done, bad) => http.get({ socketPath: path.join(i.dir, "admin.sock"), path: "/metrics" }, (r) => {
    let s = "";
    r.on("data", (d) => { s += d; }).on("end", () => done(s));
  }).on("error", bad));
  check(/^thuocdo_http_requests_total \d+$/m.test(text) && text.endsWith("\n"), text.slice(0, 300));
  check(/^thuocdo_jobs_pending 0$/m.test(text), "no job waits");
  const signed = Number(text.match(/^thuocdo_audit_last_checkpoint_timestamp_seconds (\d+)$/m)[1]);
  check(signed > 1.7e9 && signed < 1e10, `seconds of the last checkpoint: ${signed}`);
  check((await fetch(i.base + "/metrics")).status === 404, "metrics are not public");
}));

test("a new folder has the shipped questionnaires; a round by command asks for provinces as one from the page does", () => withInstance(async (i) => {
  equal(i.json("form", "list").map((f) => f.form_id).filter((k) => ["sipas-2023", "mot-cua"].includes(k)).length, 2, "questionnaires");
  equal(i.json("round", "create", "thu", "--form", "mot-cua").province_question, "tinh", "question of the province");
  equal(i.json("round", "create", "khac", "--form", "mot-cua", "--province-question=").province_question, "", "none, when asked for");
}));

test("a backup is sealed: another archive under its name, or another installation's, is refused", () => withInstance(async (i) => {
  const a = path.join(i.dir, "a.tdb"), b = path.join(i.dir, "b.tdb"), key = path.join(i.dir, "seal.hex"), away = path.join(i.dir, "away");
  i.must("backup", a);
  const seal = JSON.parse(fs.readFileSync(a + ".seal", "utf8"));
  fs.writeFileSync(key, seal.public_key + "\n");
  const verify = (...args) => spawnSync(i.program, ["backup", "verify", ...args], { encoding: "utf8" }).status;
  equal([verify(a), verify(a, "--key", key)], [0, 0], "as it was made");
  i.must("user", "add", "lan", "--name", "Lan", "--role", "officer");
  i.must("backup", b);
  fs.copyFileSync(a + ".seal", b + ".seal");
  equal(verify(b), 1, "the seal of another backup");
  equal(spawnSync(i.program, ["restore", b, "--data", away]).status, 1, "restore of it");
  check(!fs.existsSync(path.join(away, "thuocdo.db")), "nothing was restored");
  fs.rmSync(b + ".seal");
  equal([verify(b), verify(b, "--key", key)], [0, 1], "without a seal");
  fs.writeFileSync(key, "ab".repeat(32));
  equal(verify(a, "--key", key), 1, "the key of another installation");
}));

test("signed checkpoints in a second place show a tail that was cut off", () => withInstance(async (i) => {
  const file = path.join(i.dir, "..", path.basename(i.dir) + "-checkpoints"), set = ["--set", `audit.checkpoint_file=${file}`];
  try {
    i.must("user", "add", "lan", "--name", "Lan", "--role", "officer");
    await i.start(...set);
    i.must("user", "disable", "lan");
    await i.stop();
    equal(fs.readFileSync(file, "utf8").trim().split("\n").length, 2, "lines: at the start and at the end");
    equal(i.run("check", ...set).code, 0, "check");
    equal(i.run("audit", "verify", ...set).code, 0, "audit verify");
    const cut = "DELETE FROM audit_records WHERE seq = (SELECT MAX(seq) FROM audit_records)";
    const done = i.database ? spawnSync("psql", [i.database, "-qc", cut]) : spawnSync("sqlite3", [path.join(i.dir, "thuocdo.db"), cut]);
    if (done.error) return "skipped";
    equal(i.run("audit", "verify").code, 0, "the chain alone does not show it");
    const r = i.run("check", ...set);
    equal(r.code, 1, "check");
    check(/not the one that was signed/.test(r.out + r.err), r.out + r.err);
  } finally {
    fs.rmSync(file, { force: true });
  }
}));

test("another master.key is noticed before anything is made with it", () => withInstance(async (i) => {
  const key = path.join(i.dir, "master.key"), right = fs.readFileSync(key);
  fs.chmodSync(key, 0o600);
  fs.writeFileSync(key, "ab".repeat(32) + "\n");
  for (const verb of ["check", "serve", "migrate"]) {
    const r = spawnSync(i.program, [verb, "--data", i.dir, ...i.flags()], { encoding: "utf8", timeout: 10000 });
    equal(r.status, 78, verb);
    check(/not the key/.test(r.stderr), r.stderr);
  }
  fs.writeFileSync(key, right);
  equal(i.run("check").code, 0, "with its own key");
}));

test("configuration: an unknown key stops the start with its line and the nearest name", () => withInstance(async (i) => {
  fs.appendFileSync(path.join(i.dir, "thuocdo.conf"), "http.lisen = 1\n");
  const r = i.run("check");
  equal(r.code, 78, "exit");
  check(/thuocdo\.conf:\d+/.test(r.err) && /http\.listen/.test(r.err), r.err);
}));

test("an encrypted backup opens with its key alone, here and with the tool age; a flipped bit is found", () => withInstance(async (i) => {
  const file = path.join(i.dir, "..", `${path.basename(i.dir)}.age`), key = file + ".key", other = file + ".other", words = file + ".words";
  const again = new Instance(program, {});
  const verify = (...args) => spawnSync(i.program, ["backup", "verify", file, ...args], { encoding: "utf8" }).status;
  const tool = (...args) => spawnSync(i.program, args, { encoding: "utf8" });
  try {
    const made = tool("backup", "key", key);
    check(/^age1[a-z0-9]{58}\n$/.test(made.stdout), made.stdout + made.stderr);
    equal(fs.statSync(key).mode & 0o777, 0o400, "who reads the secret key");
    equal(tool("backup", "key", key).status === 0, false, "a key that is there is not overwritten");
    tool("backup", "key", other);
    i.must("backup", file, "--encrypt", made.stdout.trim());
    equal([verify(), verify("--identity", other), verify("--identity", key)], [77, 77, 0], "no key, another, its own");
    equal(again.run("restore", file).code, 77, "restoring without the key");
    again.must("restore", file, "--identity", key);
    fs.copyFileSync(path.join(i.dir, "master.key"), path.join(again.dir, "master.key"));
    again.must("check");
    const opened = spawnSync("age", ["-d", "-i", key, file], { maxBuffer: 1 << 28 });
    if (opened.error) console.log("     skipped: age is not installed");
    else equal(opened.stdout.subarray(0, 17).toString(), "thuocdo-backup 1\n", "opened by age");
    const bytes = fs.readFileSync(file);
    bytes[bytes.length >> 1] ^= 4;
    fs.writeFileSync(file, bytes);
    equal(verify("--identity", key), 1, "a flipped bit");
    fs.rmSync(file); fs.rmSync(file + ".seal");
    fs.writeFileSync(words, "mưa thu gió heo may\n");
    i.must("backup", file, "--passphrase", words);
    equal([verify("--identity", key), verify("--passphrase", words)], [77, 0], "closed to a passphrase");
  } finally {
    for (const f of [file, file + ".seal", key, other, words]) fs.rmSync(f, { force: true });
    await again.remove();
  }
}));

test("a backup made while serving restores to a whole folder; one flipped bit is found", () => withInstance(async (i) => {
  await i.start();
  const file = path.join(i.dir, "b.tdb");
  i.must("backup", file);
  await i.stop();
  const other = new Instance(program);
  try {
    fs.rmSync(other.dir, { recursive: true });
    const restored = other.run("restore", file);
    equal(restored.code, 0, "restore: " + restored.err);
    fs.copyFileSync(path.join(i.dir, "master.key"), path.join(other.dir, "master.key"));
    equal(JSON.parse(other.run("check", "--json").out).ok, true, "check after restore");
    const bytes = fs.readFileSync(file);
    bytes[Math.floor(bytes.length / 2)] ^= 4;
    fs.writeFileSync(file, bytes);
    equal(i.run("backup", "verify", file).code, 1, "a damaged backup");
    const again = new Instance(program);
    fs.rmSync(again.dir, { recursive: true });
    check(again.run("restore", file).code !== 0, "a damaged backup is not restored");
    await again.remove();
  } finally {
    await other.remove();
  }
}));

test("commands give usage, help and exit codes of sysexits", () => withInstance(async (i) => {
  equal(spawnSync(i.program, ["nonsense"]).status, 64, "unknown verb");
  equal(spawnSync(i.program, ["--help"]).status, 0, "help");
  const says = (...words) => { const r = spawnSync(i.program, words, { encoding: "utf8" }); return [r.status, r.stdout, r.stderr]; };
  for (const words of [["help", "round", "create"], ["round", "create", "thu", "--help"]]) {
    const [code, out] = says(...words);
    check(code === 0 && /--province-question/.test(out) && /Example: thuocdo round create/.test(out) && !/round close/.test(out), words.join(" "));
  }
  check(/round close/.test(says("help", "round")[1]) && !/unit list/.test(says("help", "round")[1]), "commands of one noun");
  const [code, , told] = says("form", "import", "x.xlsx");
  check(code === 64 && /form add FILE/.test(told), `what there is in place of an unknown command: ${told}`);
  equal(spawnSync(i.program, ["check", "--data", "/nonexistent"]).status, 78, "missing folder");
  const shown = JSON.parse(spawnSync(i.program, ["config", "show", "--json"], { encoding: "utf8" }).stdout);
  check(shown.length > 20 && shown.every((s) => s.name && s.meaning), "config show");
}));

test("every answer carries the policy headers and pages hold no inline code", () => withInstance(async (i) => {
  await i.start();
  for (const where of ["/", "/en/", "/about", "/results", "/units", "/search?q=ha+noi", "/nowhere"]) {
    const r = await fetch(i.base + where);
    const html = await r.text();
    check(r.headers.get("content-security-policy")?.includes("default-src 'none'"), where + ": policy");
    equal(r.headers.get("x-content-type-options"), "nosniff", where);
    check(!r.headers.get("server"), where + ": server named");
    check(!/<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style/.test(html), where + ": inline code");
  }
}, { demo: false }));
