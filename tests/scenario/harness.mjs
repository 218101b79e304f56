// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs the real program on a scratch folder and drives it over HTTP and the command line. No dependencies.
import { spawn, spawnSync } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const tests = [];
export const test = (name, run) => tests.push({ name, run });

export class Failure extends Error {}
export function check(condition, what) {
  if (!condition) throw new Failure(what ?? "condition does not hold");
}
export function equal(got, want, what = "") {
  const g = JSON.stringify(got), w = JSON.stringify(want);
  if (g !== w) throw new Failure(`${what} is ${g?.slice(0, 600)}, want ${w?.slice(0, 600)}`);
}

export async function runAll(filter = process.argv.slice(3)) {
  let passed = 0, failed = 0, skipped = 0;
  for (const t of tests) {
    if (filter.length && !filter.some((f) => t.name.includes(f))) continue;
    const begin = Date.now(), took = () => `(${((Date.now() - begin) / 1000).toFixed(1)} s)`;
    try {
      const result = await t.run();
      if (result === "skipped") { skipped++; console.log(`skip ${t.name}`); continue; }
      passed++;
      console.log(`ok   ${t.name} ${took()}`);
    } catch (e) {
      failed++;
      console.log(`     ${e instanceof Failure ? e.message : e.stack}`);
      console.log(`FAIL ${t.name} ${took()}`);
    }
  }
  console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
  process.exit(failed ? 1 : 0);
}

const pgBase = process.env.TEST_POSTGRES ?? "";
let databases = 0;

function psql(sql) {
  const r = spawnSync("psql", [pgBase, "-qc", sql], { encoding: "utf8" });
  if (r.status !== 0) throw new Failure(`psql: ${r.stderr}`);
}

// A database of its own for each folder when the run is on PostgreSQL.
function freshDatabase() {
  const name = `t${process.pid}_${databases++}`;
  psql(`CREATE DATABASE ${name}`);
  return pgBase.replace("/postgres?", `/${name}?`);
}

const nameOf = (database) => database.match(/\/(t\d+_\d+)\?/)[1];
function copyDatabase(from, to) {
  psql(`DROP DATABASE ${nameOf(to)}`);
  psql(`CREATE DATABASE ${nameOf(to)} TEMPLATE ${nameOf(from)} STRATEGY FILE_COPY`);
}

// The demonstration is made once a run; every instance of it is a copy.
let made = null;
function madeOnce(program) {
  if (made) return made;
  const i = new Instance(program);
  process.on("exit", () => fs.rmSync(i.dir, { recursive: true, force: true }));
  const r = i.run("init", "--quiet", "--demo");
  if (r.code !== 0) throw new Failure(`init --demo: exit ${r.code}\n${r.out}${r.err}`);
  return made = i;
}

export class Instance {
  constructor(program, { demo = false, dir = null } = {}) {
    this.program = path.resolve(program);
    this.dir = dir ?? fs.mkdtempSync(path.join(os.tmpdir(), "thuocdo-test-"));
    this.database = pgBase && !dir ? freshDatabase() : "";
    this.demo = demo;
  }

  flags() { return this.database ? ["--database", this.database] : []; }

  run(...args) {
    const r = spawnSync(this.program, [...args, "--data", this.dir, ...this.flags()], { encoding: "utf8", maxBuffer: 1 << 28 });
    return { code: r.status, out: r.stdout, err: r.stderr };
  }

  must(...args) {
    const r = this.run(...args);
    if (r.code !== 0) throw new Failure(`thuocdo ${args.join(" ")}: exit ${r.code}\n${r.out}${r.err}`);
    return r.out;
  }

  json(...args) { return JSON.parse(this.must(...args, "--json")); }

  init() {
    if (this.demo) {
      const from = madeOnce(this.program);
      fs.cpSync(from.dir, this.dir, { recursive: true });
      if (this.database) copyDatabase(from.database, this.database);
      return;
    }
    const r = this.run("init", "--quiet");
    if (r.code !== 0) throw new Failure(`init: exit ${r.code}\n${r.out}${r.err}`);
    fs.appendFileSync(path.join(this.dir, "thuocdo.conf"), "http.plain = on\n");
  }

  async start(...more) {
    this.port = await freePort();
    this.base = `http://127.0.0.1:${this.port}`;
    this.log = "";
    this.child = spawn(this.program, ["serve", "--data", this.dir, "--listen", `127.0.0.1:${this.port}`, ...this.flags(), ...more]);
    this.child.stderr.on("data", (d) => { this.log = (this.log + d).slice(-200000); });
    this.exited = new Promise((done) => this.child.on("exit", (code, signal) => done({ code, signal })));
    for (let i = 0; i < 300; i++) {
      try {
        const r = await fetch(this.base + "/healthz");
        if (r.status === 200) return this;
      } catch { /* not yet */ }
      if (this.child.exitCode !== null) throw new Failure(`serve ended: ${this.log}`);
      await sleep(30);
    }
    throw new Failure(`serve does not answer: ${this.log}`);
  }

  async stop(signal = "SIGTERM") {
    if (!this.child || this.child.exitCode !== null) return;
    this.child.kill(signal);
    await this.exited;
  }

  async remove() {
    await this.stop("SIGKILL");
    fs.rmSync(this.dir, { recursive: true, force: true });
  }

  // Login, password and role lines of the demonstration.
  accounts() {
    const out = {};
    for (const line of fs.readFileSync(path.join(this.dir, "sign-in.txt"), "utf8").split("\n")) {
      const m = line.match(/^\s+(\S+)\s+([0-9A-Z]{4}(?:-[0-9A-Z]{4})+)\s/);
      if (m) out[m[1]] = m[2];
    }
    return out;
  }

  client() { return new Client(this.base); }
}

export function freePort() {
  return new Promise((done) => {
    const s = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });
}

// A browser without scripts: keeps cookies, follows forms.
export class Client {
  constructor(base) { this.base = base; this.cookies = {}; }

  async request(method, where, { form, body, headers = {}, redirect = true } = {}) {
    const url = where.startsWith("http") ? where : this.base + where;
    const h = { ...headers };
    const jar = Object.entries(this.cookies).map(([k, v]) => `${k}=${v}`).join("; ");
    if (jar) h.cookie = jar;
    if (form) { body = new URLSearchParams(form).toString(); h["content-type"] = "application/x-www-form-urlencoded"; }
    const r = await fetch(url, { method, headers: h, body, redirect: "manual" });
    for (const c of r.headers.getSetCookie()) {
      const m = c.match(/^([^=]+)=([^;]*)/);
      if (/max-age=0/i.test(c) || m[2] === "") delete this.cookies[m[1]]; else this.cookies[m[1]] = m[2];
    }
    const bytes = Buffer.from(await r.arrayBuffer());
    const answer = { status: r.status, headers: r.headers, bytes, text: bytes.toString("utf8"), url };
    if (redirect && [301, 302, 303].includes(r.status)) return this.request("GET", new URL(r.headers.get("location"), url).href, { headers });
    answer.path = new URL(url).pathname;
    return answer;
  }

  get(where, options) { return this.request("GET", where, options); }
  post(where, form, options) { return this.request("POST", where, { form, ...options }); }

  // Sends the form of a page whose action ends so; values add to (or replace) its fields. Arrays send a name often.
  async submit(page, values = {}, actionEnds = "") {
    for (const f of forms(page.text)) {
      if (f.method !== "post" || !new URL(f.action || page.url, page.url).pathname.endsWith(actionEnds)) continue;
      const fields = new URLSearchParams();
      for (const [k, v] of f.fields) if (!(k in values)) fields.append(k, v);
      for (const [k, v] of Object.entries(values)) for (const x of Array.isArray(v) ? v : [v]) fields.append(k, x);
      if (f.multipart) {
        const data = new FormData();
        for (const [k, v] of fields) data.append(k, v);
        return this.request("POST", new URL(f.action || page.url, page.url).href, { body: data });
      }
      return this.request("POST", new URL(f.action || page.url, page.url).href, { form: fields });
    }
    throw new Failure(`no form to "${actionEnds}" on ${page.url} (${page.status})`);
  }

  async upload(page, file, bytes, values = {}, actionEnds = "") {
    for (const f of forms(page.text)) {
      if (f.method !== "post" || !new URL(f.action || page.url, page.url).pathname.endsWith(actionEnds)) continue;
      const data = new FormData();
      for (const [k, v] of f.fields) if (!(k in values)) data.append(k, v);
      for (const [k, v] of Object.entries(values)) data.append(k, v);
      data.append(f.file, new Blob([bytes]), file);
      return this.request("POST", new URL(f.action || page.url, page.url).href, { body: data });
    }
    throw new Failure(`no upload form on ${page.url}`);
  }
}

const decode = (s) => s.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&#x27;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const attr = (tag, name) => { const m = tag.match(new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`)); return m ? decode(m[1] ?? "") : null; };

export function forms(html) {
  const out = [];
  for (const m of html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)) {
    const open = m[0].match(/<form\b[^>]*>/)[0];
    const f = { method: (attr(open, "method") ?? "get").toLowerCase(), action: attr(open, "action") ?? "", fields: [], file: null,
      multipart: attr(open, "enctype") === "multipart/form-data" };
    for (const t of m[1].matchAll(/<input\b[^>]*>/g)) {
      const type = attr(t[0], "type") ?? "text", name = attr(t[0], "name");
      if (type === "file") f.file ??= name;
      if (!name || ["radio", "checkbox"].includes(type) && attr(t[0], "checked") === null || ["file", "submit"].includes(type)) continue;
      f.fields.push([name, attr(t[0], "value") ?? (["radio", "checkbox"].includes(type) ? "on" : "")]);
    }
    for (const t of m[1].matchAll(/<select\b[^>]*>([\s\S]*?)<\/select>/g)) {
      const options = [...t[1].matchAll(/<option\b[^>]*>([^<]*)/g)];
      const chosen = options.find((x) => attr(x[0] + ">", "selected") !== null) ?? options[0];
      if (attr(t[0], "name") && chosen) f.fields.push([attr(t[0], "name"), attr(chosen[0], "value") ?? decode(chosen[1])]);
    }
    for (const t of m[1].matchAll(/<textarea\b[^>]*>([\s\S]*?)<\/textarea>/g)) if (attr(t[0], "name")) f.fields.push([attr(t[0], "name"), decode(t[1]).replace(/^\n/, "")]);
    out.push(f);
  }
  return out;
}

// The second factor of a demonstration account. A code serves once: when this one and the next are used, the one after is waited for.
export async function codeOf(instance, login) {
  for (let n = 0; n < 20; n++) {
    const r = instance.run("user", "code", login);
    if (r.code === 0) return r.out.match(/\d{6}/)[0];
    if (r.code !== 75) throw new Failure(`user code ${login}: exit ${r.code}\n${r.err}`);
    await new Promise((done) => setTimeout(done, 3000));
  }
  throw new Failure(`user code ${login}: no unused code for a minute`);
}

export async function signIn(instance, login, password) {
  const c = instance.client();
  let page = await c.get("/sign-in");
  page = await c.submit(page, { login, password }, "/sign-in");
  if (!/\/console/.test(page.path)) page = await c.submit(page, { code: await codeOf(instance, login) });
  check(/^\/console/.test(page.path), `sign-in of ${login} ends at ${page.path} (${page.status})`);
  return c;
}

export const uuid = randomUUID;
export const seeded = (seed) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 4294967296;
};
