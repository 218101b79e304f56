// SPDX-License-Identifier: AGPL-3.0-or-later
// Hostile people: forged forms, guessed passwords and codes, and what the logs may not hold.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { check, equal, forms, sleep, test } from "../scenario/harness.mjs";
import { body, post } from "../faults/load.mjs";
import { desk, words } from "./desk.mjs";

const program = process.argv[2], long = process.argv[3] === "long";
const top = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

// Every address a form is sent to: from the pages a person reaches, and from the route tables of the source.
async function crawl(c, starts, most) {
  const seen = new Set(), queue = [...starts], actions = new Map();
  const shape = (p) => p.replace(/\d{3,}|\/\d+/g, (m) => (m[0] === "/" ? "/#" : "#"));
  const shapes = new Map();
  while (queue.length && seen.size < most) {
    const where = queue.shift();
    if (seen.has(where) || (shapes.get(shape(where)) ?? 0) >= 3) continue;
    seen.add(where);
    shapes.set(shape(where), (shapes.get(shape(where)) ?? 0) + 1);
    const page = await c.get(where);
    for (const f of forms(page.text)) {
      const to = new URL(f.action || page.url, page.url).pathname;
      if (f.method === "post" && !actions.has(shape(to))) actions.set(shape(to), { to, fields: f.fields.filter(([k]) => k !== "token") });
    }
    for (const m of page.text.matchAll(/href="(\/[^"#?]*)/g)) if (/^\/(console|s\/)/.test(m[1]) && !/\.(csv|zip|xlsx|pdf|svg)$/.test(m[1])) queue.push(m[1]);
  }
  return actions;
}

function routes() {
  const out = new Set();
  for (const file of fs.readdirSync(path.join(top, "src"), { recursive: true }).filter((f) => f.endsWith(".c") && !f.includes("tests/")))
    for (const m of fs.readFileSync(path.join(top, "src", file), "utf8").matchAll(/\{ POST,\s*"([^"]+)",\s*\w+,\s*\w+\s*(?:,([^}]*))?\}/g))
      if (!/ROUTE_API/.test(m[2] ?? "")) out.add(m[1].replace(/\{\w+\}/g, "1"));
  return [...out];
}

const state = (i) => [["user", "list"], ["round", "list"], ["form", "list"], ["edition", "list"]].map((v) => i.must(...v, "--json")).join("") + i.must("unit", "export");

test("forged forms: every POST without a token, with another's, or from another site is refused", () => desk(program, [], async (i, as) => {
  const before = state(i), other = forms((await (await as("lanhdao")).get("/console")).text).flatMap((f) => f.fields).find(([k]) => k === "token")[1];
  let tried = 0;
  for (const login of ["quantri", "phantich", "kiemtoan"]) {
    const c = await as(login), own = forms((await c.get("/console")).text).flatMap((f) => f.fields).find(([k]) => k === "token")[1];
    check(own !== other, "two people share a form token");
    const found = await crawl(c, ["/console", "/console/account"], long ? 400 : 60);
    const all = [...found.values(), ...routes().flatMap((r) => ["", "/console"].map((p) => ({ to: p + r, fields: [] })))];
    const cases = [[{}, {}], [{ token: other }, {}], [{ token: own.slice(0, -1) }, {}], [{ token: own }, { origin: "https://evil.example" }], [{ token: own }, { origin: "null" }], [{ token: own }, { "sec-fetch-site": "cross-site" }]];
    for (const { to, fields } of all)
      for (const [more, headers] of cases) {
        const jar = { ...c.cookies };
        const r = await c.post(to, { ...Object.fromEntries(fields), ...more }, { headers, redirect: false });
        c.cookies = jar;
        // The page of interviewers brings a phone's key, never a cookie: without the key nobody is known there.
        const refused = to.startsWith("/field/api/") ? [401] : [403, 404, 405];
        check(refused.includes(r.status), `${login}: POST ${to} with ${JSON.stringify([more, headers])}: ${r.status} ${r.headers.get("location") ?? ""}`);
        tried++;
      }
    if (login === "phantich") check(found.size >= 4, `only ${found.size} forms found`);
  }
  const still = await (await as("quantri")).get("/console");
  equal(still.path, "/console", "a forged sign-out signed out");
  equal(state(i) === before, true, "state unchanged");
  console.log(`     ${routes().length} routes, ${tried} forged requests refused`);
  check(tried > 500, "too few requests tried");
}));

test("forged forms of respondents and of sign-in", () => desk(program, [], async (i) => {
  const a = i.client(), b = i.client(), page = await a.get("/s/mot-cua"), token = forms((await b.get("/s/mot-cua")).text).flatMap((f) => f.fields).find(([k]) => k === "token")?.[1];
  check(token, "a respondent's page carries a token");
  for (const [form, headers] of [[{}, {}], [{ token }, {}], [{ token: forms(page.text).flatMap((f) => f.fields).find(([k]) => k === "token")[1] }, { origin: "https://evil.example" }]]) {
    equal((await a.post("/s/mot-cua", form, { headers, redirect: false })).status, 403, "start with " + JSON.stringify([form, headers]));
    equal((await a.post("/s/mot-cua/check", form, { headers, redirect: false })).status, 403, "send");
  }
  equal((await i.client().post("/sign-in", { login: "quantri", password: "x" }, { redirect: false })).status, 403, "sign-in without a token");
}));

test("guessed passwords: the account waits, others and the owner's session go on, nothing is locked for good", () => desk(program, ["--set", "limits.exempt="], async (i, as, accounts) => {
  const owner = await as("lanhdao"), statuses = [];
  const attempt = async (login, password) => {
    const c = i.client();
    return c.submit(await c.get("/sign-in"), { login, password }, "/sign-in");
  };
  const unknown = await attempt("khong.co.ai", "sai-mat-khau-1");
  for (let n = 0; n < 8; n++) {
    const r = await attempt("lanhdao", "sai-mat-khau-" + n);
    statuses.push(r.status);
    if (n === 0) equal(words(r.text).replace(/lanhdao/g, ""), words(unknown.text).replace(/khong\.co\.ai/g, ""), "the words for an unknown and a known account");
    check(/^\/sign-in$/.test(r.path), "a guess ends at " + r.path);
  }
  const right = await attempt("lanhdao", accounts.lanhdao);
  check(right.path === "/sign-in" && /429|403|401|422/.test(String(right.status)), `the right password at once after 8 guesses: ${right.status} ${right.path}`);
  check(statuses.at(-1) === right.status, `guess and right password are told apart: ${statuses} ${right.status}`);
  equal((await owner.get("/console/account")).status, 200, "the owner's session");
  await as("phantich");
  const row = i.json("user", "list").find((u) => u.login === "lanhdao");
  check(row.state === "active", "the account is " + row.state);
  if (long) {
    await sleep(260000);                            // the growing delay after 8 guesses: 30 s, doubled 3 times
    check((await attempt("lanhdao", accounts.lanhdao)).path !== "/sign-in", "the owner after the delay");
  }
}));

test("guessed codes: one answer for all, and the hundredth leaves an alarm", () => desk(program, [], async (i, as) => {
  i.must("round", "create", "ma", "--form", "mot-cua", "--codes", "--open");
  const answers = new Set();
  for (let n = 0; n < 105; n++) {
    const text = JSON.stringify({ ...JSON.parse(body()), ...(n === 0 ? {} : { code: n === 1 ? "" : String(10000000 + n) }) });
    const r = await post(i.port, text, undefined, "ma");
    equal(r.status, 403, "a guessed code");
    answers.add(r.text);
  }
  equal(answers.size, 1, "answers to missing, empty and wrong codes");
  equal(i.json("round", "show", "ma").submissions, 0, "stored");
  const auditor = await as("kiemtoan");
  const log = await auditor.submit(await auditor.get("/console/audit"), {}, "/audit/export");
  equal((log.text.match(/round\.code_alarm/g) ?? []).length, 1, "alarms in the audit");
}));

test("logs and audit hold no password, token, code or answer", () => desk(program, ["--set", "log.level=debug", "--set", "log.format=json"], async (i, as, accounts) => {
  const secrets = ["MatKhauBiMat-7731", "TraLoiBiMat-4452", "MaBiMat-99812"];
  const c = i.client();
  await c.submit(await c.get("/sign-in"), { login: "quantri", password: secrets[0] }, "/sign-in");
  await c.submit(await c.get("/sign-in"), { login: secrets[0], password: "x" }, "/sign-in");       // the password typed as the name
  const sent = await post(i.port, body(undefined, secrets[1]), undefined, "mot-cua");
  equal(sent.status, 201, "a submission");
  equal((await post(i.port, body(undefined, secrets[1]).slice(0, -9), undefined, "mot-cua")).status, 400, "a broken submission");
  equal((await post(i.port, body(undefined, secrets[1]).replace('"01"', '"zz"'), undefined, "mot-cua")).status, 422, "a wrong submission");
  i.must("round", "create", "ma", "--form", "mot-cua", "--codes", "--open");
  await post(i.port, JSON.stringify({ ...JSON.parse(body()), code: secrets[2] }), undefined, "ma");
  for (const login of ["quantri", "phantich"]) await as(login);
  const auditor = await as("kiemtoan"), log = await auditor.submit(await auditor.get("/console/audit"), {}, "/audit/export");
  equal(log.status, 200, "audit export");
  await fetch(i.base + "/x", { headers: { "x-request-id": "a\"b", traceparent: "00-zz" } });
  await sleep(200);
  const clients = [await as("quantri"), await as("phantich"), auditor];
  const hidden = [...secrets, accounts.quantri, accounts.phantich, sent.receipt, fs.readFileSync(i.dir + "/master.key", "utf8").trim(),
    ...clients.flatMap((x) => Object.values(x.cookies)), ...forms((await auditor.get("/console")).text).flatMap((f) => f.fields).filter(([k]) => k === "token").map(([, v]) => v)];
  check(i.log.split("\n").length > 20, "the log is too short to say anything");
  for (const line of i.log.trim().split("\n")) JSON.parse(line);
  for (const s of hidden.filter((x) => x && x.length >= 6)) {
    check(!i.log.includes(s), `the log holds ${s.slice(0, 10)}…`);
    check(!log.text.includes(s), `the audit holds ${s.slice(0, 10)}…`);
  }
}));
