// SPDX-License-Identifier: AGPL-3.0-or-later
// A phone with ODK Collect against the program itself: set up, fetch, send in pieces, kill and retry, check, backup and restore.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Instance, check, equal, signIn, sleep, test } from "./harness.mjs";

const program = process.argv[2] ?? "build/thuocdo";
const headers = { "X-OpenRosa-Version": "1.0", Date: "Sun, 22 11 2026 03:15:00 CH", "User-Agent": "org.odk.collect.android/v2026.2 Dalvik" };

// The phone: its address, the newest questionnaire, posts as Collect makes them.
class Phone {
  constructor(url, instance) { this.url = url.replace("http://localhost:8080", instance.base); this.instance = instance; }
  ask(method, where) { return fetch(`${this.url}${where}${where.includes("?") ? "&" : "?"}deviceID=collect%3Atest`, { method, headers }); }
  async formList() {
    const text = await (await this.ask("GET", "/formList")).text();
    return [...text.matchAll(/<xform>.*?<\/xform>/gs)].map((m) => Object.fromEntries([...m[0].matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map((x) => [x[1], x[2]])));
  }
  xml(id, version, level = 4) {
    return `<?xml version='1.0' ?><data xmlns:orx="http://openrosa.org/xforms" id="mot-cua" version="${version}"><lan_nay><tinh>52</tinh></lan_nay>` +
      `<muc_do><hl_noi>${level}</hl_noi></muc_do><orx:meta><orx:instanceID>uuid:${id}</orx:instanceID></orx:meta></data>`;
  }
  async post(xml, files = {}, incomplete = false) {
    const body = new FormData();
    body.set("xml_submission_file", new File([xml], "phieu.xml", { type: "text/xml" }));
    for (const [name, bytes] of Object.entries(files)) body.set(name, new File([bytes], name));
    if (incomplete) body.set("*isIncomplete*", "yes");
    const r = await fetch(this.url + "/submission?deviceID=collect%3Atest", { method: "POST", headers, body });
    const text = await r.text();
    return { status: r.status, text, code: text.match(/mã ([0-9A-Z]{4}-[0-9A-Z]{2})/)?.[1], version: r.headers.get("x-openrosa-version") };
  }
}

async function withPhone(run) {
  const instance = new Instance(program, { demo: true });
  try {
    instance.init();
    await instance.start();
    const phone = new Phone(instance.json("device", "add", "mot-cua", "--name", "Máy 01").url, instance);
    const [form] = await phone.formList();
    await run(instance, phone, form);
  } finally {
    await instance.remove();
  }
}

const round = (instance) => instance.json("round", "show", "mot-cua");
async function settled(what) {
  for (let i = 0; i < 200; i++) { if (await what()) return; await sleep(50); }
  check(false, "the check after the commit does not end");
}

test("a phone fetches the questionnaire and sends; the round counts it once", () => withPhone(async (instance, phone, form) => {
  equal(form.formID, "mot-cua");
  check(/^md5:[0-9a-f]{32}$/.test(form.hash), form.hash);
  const bytes = await fetch(form.downloadUrl.replace(/^http:\/\/[^/]+/, instance.base));
  equal(bytes.status, 200);
  check((await bytes.text()).includes(`<data id="mot-cua" version="${form.version}">`), "the questionnaire is an XForm");
  equal((await phone.ask("HEAD", "/submission")).status, 204);
  const xml = phone.xml("a", form.version), first = await phone.post(xml);
  equal(first.status, 201);
  equal(first.version, "1.0");
  equal((await phone.post(xml)).code, first.code);
  equal((await phone.post(phone.xml("a", form.version, 2))).status, 409);
  await settled(() => round(instance).flagged === 1);       // required answers are missing: a flag, and it counts
  equal(round(instance).submissions, 1);
  equal(JSON.parse(instance.must("round", "rederive", "mot-cua", "--json")).changed, 0);
  instance.must("check");
}));

test("a phone's post survives a kill: what was acknowledged is there, what is sent again is one record", () => withPhone(async (instance, phone, form) => {
  const known = new Map();
  for (let turn = 0; turn < 4; turn++) {
    const sent = [...Array(30).keys()].map(async (i) => {
      const id = `${turn}-${i}`, xml = phone.xml(id, form.version);
      try { const r = await phone.post(xml, { "ghi.txt": `tệp ${id}` }); if (r.status === 201) known.set(id, r.code); } catch { /* killed */ }
    });
    await sleep(10 + 15 * turn);
    await instance.stop("SIGKILL");
    await Promise.all(sent);
    await instance.start();
    phone.url = phone.url.replace(/^http:\/\/[^/]+/, instance.base);
    for (let i = 0; i < 30; i++) {
      const r = await phone.post(phone.xml(`${turn}-${i}`, form.version), { "ghi.txt": `tệp ${turn}-${i}` });
      equal(r.status, 201);
      if (known.has(`${turn}-${i}`)) equal(r.code, known.get(`${turn}-${i}`), "code of a retry");
    }
    equal(round(instance).submissions, 30 * (turn + 1));
  }
  await settled(() => round(instance).flagged === 120);
  instance.must("check");
}));

test("a phone's records and files come back from a backup; a revoked phone is refused at once", () => withPhone(async (instance, phone, form) => {
  equal((await phone.post(phone.xml("a", form.version), { "a.jpg": "x".repeat(100000) }, true)).status, 201);
  const [device] = instance.json("device", "list", "mot-cua").filter((d) => d.name === "Máy 01");
  check(device.seen_at !== "", "last seen is kept");
  await settled(() => round(instance).flagged === 1);
  const file = path.join(os.tmpdir(), `thuocdo-openrosa-${process.pid}.tdb`);
  instance.must("backup", file);
  instance.must("device", "revoke", String(device.id), "--reason", "mất máy");
  equal((await phone.post(phone.xml("b", form.version))).status, 403);
  if (!instance.database) {
    const copy = new Instance(program, {});
    try {
      fs.copyFileSync(path.join(instance.dir, "master.key"), path.join(copy.dir, "master.key"));
      copy.must("restore", file);
      copy.must("check");
      equal(round(copy).submissions, 1);
      equal(JSON.parse(copy.must("round", "rederive", "mot-cua", "--json")).changed, 0);
    } finally {
      await copy.remove();
    }
  }
  fs.rmSync(file);
}));

// A player asks for pieces and takes the type of the bytes alone; whatever is no picture, sound or film leaves as a download.
test("sounds and films of a phone's record play on its page, other files are downloads", () => withPhone(async (instance, phone, form) => {
  const files = { "ghi.ogg": "OggS" + "a".repeat(5000), "phim.mp4": "\0\0\0\x20ftypisom" + "b".repeat(5000), "x.html": "<script>alert(1)</script>" };
  equal((await phone.post(phone.xml("a", form.version), files)).status, 201);
  await settled(() => round(instance).submissions === 1);
  const person = (login) => signIn(instance, login, instance.accounts()[login]), analyst = await person("phantich"), rounds = await analyst.get("/console/rounds");
  const paths = [...rounds.text.matchAll(/href="(\/console\/rounds\/\d+)"/g)].map((m) => m[1]);
  let page = null;
  for (const r of paths) { const list = await analyst.get(r + "/field"), row = list.text.match(/href="(\/console\/rounds\/\d+\/field\/[\w-]*\d[\w-]*)"/); if (row) page = await analyst.get(row[1]); }
  const sound = page.text.match(/<audio [^>]*controls[^>]*src="([^"]+)"[^>]*aria-label="Ghi âm ghi.ogg"/), film = page.text.match(/<video [^>]*controls[^>]*src="([^"]+)"[^>]*aria-label="Phim phim.mp4"/);
  check(sound && film && page.text.match(/<(audio|video) /g).length === 2, "two players with names");
  check(/media-src 'self'(;|$)/.test(page.headers.get("content-security-policy")), "sounds and films of this server alone");
  for (const [where, type] of [[sound[1], "audio/ogg"], [film[1], "video/mp4"]]) {
    const piece = await analyst.request("GET", where, { headers: { range: "bytes=0-3" } });
    equal([piece.status, piece.headers.get("content-type"), piece.bytes.length, piece.headers.get("x-content-type-options")], [206, type, 4, "nosniff"]);
  }
  const other = [...page.text.matchAll(/<a href="([^"]+\/files\/[^"]+)">([^<]+)</g)].find((m) => m[2] === "x.html"), r = await analyst.get(other[1]);
  equal([r.headers.get("content-type"), /^attachment/.test(r.headers.get("content-disposition"))], ["application/octet-stream", true], "a page is no page here");
  equal((await (await person("dieutra")).get(sound[1])).status, 403, "not an interviewer's");
}));
