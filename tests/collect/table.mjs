// SPDX-License-Identifier: AGPL-3.0-or-later
// The table of the protocol, one test a row: what a phone with ODK Collect does and what it must be answered. Rows carry the number of their
// table: 1 addresses, 2 requests and headers, 3 who may, 4 list, form and manifest, 5 submissions, 6 the line.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { Client, check, equal, sleep } from "../scenario/harness.mjs";
import { Place, checked, number, sql } from "./site.mjs";
import { bytes, codeOf, entries, filePart, formPart, messageOf, multipart, request } from "./phone.mjs";

export const rows = [];
const row = (name, run, { short = false } = {}) => rows.push({ name, run, short });
const short = { short: true };
const jpeg = (text) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(text)]);
const md5 = (content) => crypto.createHash("md5").update(content).digest("hex");

function taken(answer, what = "post") {
  equal(answer.status, 201, what);
  check(/ items="1"><message nature="submit_success">/.test(answer.text), `${what}: envelope ${answer.text}`);
  equal(answer.headers["x-openrosa-version"], "1.0", what);
  check(codeOf(answer), `${what}: a code`);
  return codeOf(answer);
}

function refused(answer, status, what = "post") {
  equal(answer.status, status, what);
  check(messageOf(answer).length > 0, `${what}: the interviewer reads why: ${answer.text}`);
  equal(answer.headers?.["x-openrosa-version"] ?? "1.0", "1.0", what);
}

// ---- 1 Addresses ---------------------------------------------------------------------------------------------------------
row("1 formList, form, manifest, media: 200, what is not there 404 with an envelope", async () => {
  const p = new Place(), { forms: [form] } = await p.phone.formList();
  equal((await p.phone.get(new URL(form.downloadUrl).pathname)).status, 200);
  equal((await p.phone.get(`/forms/${p.form}/1/manifest`)).status, 200);
  for (const where of [`/forms/${p.form}/9/manifest`, "/forms/khac/1/manifest", `/forms/${p.form}/1/${"0".repeat(32)}.xml`, `/forms/${p.form}/1/media/${"0".repeat(32)}/a.png`,
    "/FormList", "/Submission", "/nothing"]) refused(await p.phone.get(where), 404, where);
}, short);

row("1 addresses are absolute and start with the request's scheme and Host", async () => {
  const p = new Place(), list = async (headers) => (await p.phone.get("/formList", headers)).text;
  check((await list({})).includes("<downloadUrl>http://localhost/openrosa/"), "by Host");
  check((await list({ "X-Forwarded-For": "192.0.2.9", "X-Forwarded-Proto": "https" })).includes("<downloadUrl>https://localhost/openrosa/"), "by the proxy's scheme");
});

// ---- 2 Requests and headers ----------------------------------------------------------------------------------------------
row("2 Date: a clock of twelve hours, another language, nonsense: never looked at", async () => {
  const p = new Place();
  for (const date of ["CN, 22 thg 11 2026 03:15:00 GMT+07:00", "Sun, 22 Nov 2026 25:61:61 GMT", "hôm qua", ""]) {
    equal((await p.phone.get("/formList", { Date: date })).status, 200, date);
    equal((await p.phone.post([formPart(p.xml({ id: `uuid:${date.length}` }))], { Date: date })).status, 201, date);
  }
}, short);

row("2 without X-OpenRosa-Version: taken all the same", async () => {
  const p = new Place(), { type, body } = multipart([formPart(p.xml())]);
  const where = p.phone.path;
  equal((await request(p.site.port, "GET", `${where}/formList`, { Host: "localhost" })).status, 200);
  equal((await request(p.site.port, "HEAD", `${where}/submission`, { Host: "localhost" })).status, 204);
  equal((await request(p.site.port, "POST", `${where}/submission`, { Host: "localhost", "Content-Type": type, "Content-Length": body.length }, body)).status, 201);
});

row("2 deviceID: kept beside other parameters, never a reason to refuse", async () => {
  const p = new Place(), where = p.phone.path, { type, body } = multipart([formPart(p.xml())]);
  for (const name of ["collect%3AABC", "%00", "x".repeat(3000), "", "%F0%9F%98%80", "a&deviceID=b"])
    equal((await request(p.site.port, "GET", `${where}/formList?formID=${p.form}&deviceID=${name}`, { Host: "localhost" })).status === 200, name !== "%00", name.slice(0, 20));
  equal((await request(p.site.port, "POST", `${where}/submission?a=b&deviceID=collect%3AABC`, { Host: "localhost", "Content-Type": type, "Content-Length": body.length }, body)).status, 201);
  equal(sql(`SELECT phone FROM field_records WHERE form_id = '${p.form}'`), ["collect:ABC"]);
});

row("2 answers: version, Date, language, accepted length on success alone, no cookie", async () => {
  const p = new Place(), { forms: [form] } = await p.phone.formList();
  const good = [await p.phone.get("/formList"), await p.phone.get(new URL(form.downloadUrl).pathname), await p.phone.get(`/forms/${p.form}/1/manifest`),
    await p.phone.head(), await p.phone.get("/submission"), await p.phone.post([formPart(p.xml())])];
  const bad = [await p.phone.get("/forms/khac/1/manifest"), await p.phone.post([]), await p.phone.post([formPart(p.xml({ level: "2" }))])];
  for (const [list, most] of [[good, "104857600"], [bad, undefined]])
    for (const { status, headers } of list) {
      equal([headers["x-openrosa-version"], headers["content-language"], headers["x-openrosa-accept-content-length"]], ["1.0", "vi", most], status);
      equal([headers["cache-control"], headers.location, headers["set-cookie"]], ["private, no-cache", undefined, undefined], status);
      check(!Number.isNaN(Date.parse(headers.date)), headers.date);
    }
}, short);

row("2 content type: lists and manifests are text/xml", async () => {
  const p = new Place();
  for (const where of ["/formList", `/forms/${p.form}/1/manifest`]) check(/^text\/xml/.test((await p.phone.get(where)).headers["content-type"]), where);
});

row("2 bodies are the same bytes whenever and whoever asks", async () => {
  const p = new Place(), { forms: [form] } = await p.phone.formList();
  for (const where of ["/formList", `/forms/${p.form}/1/manifest`, new URL(form.downloadUrl).pathname]) {
    const one = await p.phone.get(where), two = await p.phone.get(where);
    equal(md5(one.body), md5(two.body), where);
  }
});

row("2 language: Vietnamese unless another is asked for", async () => {
  const p = new Place();
  check(messageOf(await p.phone.post([formPart(p.xml())])).startsWith("Đã nhận đủ phiếu"), "Vietnamese");
  const english = await p.phone.post([formPart(p.xml())], { "Accept-Language": "en-GB,en;q=0.8" });
  equal([english.headers["content-language"], messageOf(english).startsWith("The form is received")], ["en", true]);
});

// ---- 3 Who may -----------------------------------------------------------------------------------------------------------
row("3 path key: a wrong one and one outside its days are 403 with an envelope and without a challenge", async () => {
  const p = new Place(), key = p.phone.path;
  const later = p.device("Máy sau", "--from", "2090-01-01", "--to", "2091-01-01");
  for (const where of [key.slice(0, -1) + (key.endsWith("A") ? "B" : "A"), "/openrosa/ngan", later.path]) {
    const answer = await request(p.site.port, "GET", `${where}/formList`, { Host: "localhost" });
    refused(answer, 403, where);
    equal(answer.headers["www-authenticate"], undefined);
  }
}, short);

row("3 path key: opens its own rounds alone", async () => {
  const p = new Place(), q = new Place();
  equal((await p.phone.formList()).forms.map((x) => x.formID), [p.form]);
  refused(await p.phone.get(`/forms/${q.form}/1/manifest`), 404);
  refused(await p.phone.post([formPart(q.xml())]), 404);
  equal(q.records(), 0);
});

row("3 path key: never in the log", async () => {
  const p = new Place(), key = p.phone.path.split("/").pop();
  await p.phone.get("/formList");
  await p.phone.post([formPart(p.xml())]);
  check(!(await p.phone.get("/nothing")).text.includes(key), "an answer names the key");
  equal([p.site.log.includes(key), p.site.log.includes(encodeURIComponent(key))], [false, false]);
});

row("3 revoked between HEAD and POST: 403, nothing stored, a stored one stays", async () => {
  const p = new Place();
  taken(await p.phone.post([formPart(p.xml())]));
  equal((await p.phone.head()).status, 204);
  p.site.must("device", "revoke", p.deviceId, "--reason", "mất máy");
  refused(await p.phone.post([formPart(p.xml({ id: "uuid:2" }))]), 403);
  equal(p.records(), 1);
}, short);

const basic = (pair) => ({ Authorization: `Basic ${Buffer.from(pair).toString("base64")}` });
const tls = { "X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https" };

row("3 Basic: 401 with challenge and envelope without credentials, over plain http, with wrong ones, with Digest", async () => {
  const p = new Place(), ask = (headers) => request(p.site.port, "GET", "/openrosa/formList", { Host: "localhost", ...headers });
  for (const headers of [{}, basic("dtv:x"), { ...tls, ...basic("dtv:x") }, { ...tls, Authorization: "Basic %%%" }, { ...tls, Authorization: 'Digest username="dtv"' }]) {
    const answer = await ask(headers);
    refused(answer, 401, JSON.stringify(headers));
    equal(answer.headers["www-authenticate"], 'Basic realm="thuocdo"');
  }
  equal((await request(p.site.port, "HEAD", "/openrosa/submission", { Host: "localhost" })).status, 401, "HEAD");
});

row("3 Basic: an interviewer's account over TLS fetches and sends", async () => {
  const p = new Place(), login = `dtv-${p.form}`, password = "một mật khẩu rất dài 1";
  const link = p.site.must("user", "add", login, "--name", "Điều tra viên", "--role", "interviewer").match(/\/reset\/\S+/)[0];
  const visitor = new Client(p.site.base), form = await visitor.get(link);
  await visitor.submit(form, { new: password, again: password });
  p.site.must("device", "add", p.form, "--name", "Hoa", "--login", login, "--basic");
  const headers = { Host: "localhost", ...tls, ...basic(`${login}:${password}`) };
  const list = await request(p.site.port, "GET", "/openrosa/formList", headers);
  equal([list.status, entries(list.text, "xform").map((x) => x.formID)], [200, [p.form]]);
  check(list.text.includes(`https://localhost/openrosa/forms/${p.form}/1/`), "addresses without a key");
  const { type, body } = multipart([formPart(p.xml())]);
  equal((await request(p.site.port, "POST", "/openrosa/submission", { ...headers, "Content-Type": type, "Content-Length": body.length }, body)).status, 201);
  equal((await request(p.site.port, "GET", "/openrosa/formList", { ...headers, "X-Forwarded-Proto": "http" })).status, 401, "the same in the clear");
});

// ---- 4 List, form, manifest ----------------------------------------------------------------------------------------------
row("4 list: every element there, hash of the bytes that come, version and title as written", async () => {
  const p = new Place(), { forms } = await p.phone.formList(), [form] = forms;
  equal(forms.length, 1);
  equal([form.formID, form.name, form.version, form.manifestUrl, form.descriptionText], [p.form, `Phiếu thử <${p.form}> & máy`, "1", undefined, undefined]);
  equal(form.hash, `md5:${md5((await p.phone.get(new URL(form.downloadUrl).pathname)).body)}`);
}, short);

row("4 parameters: formID, verbose, listAllVersions", async () => {
  const p = new Place();
  p.publish("2");
  equal((await p.phone.formList(`?formID=${p.form}`)).forms.map((x) => x.version), ["2"]);
  equal((await p.phone.formList("?formID=khong-co")).forms, []);
  check((await p.phone.formList("?verbose=true")).forms[0].descriptionText, "verbose");
  equal((await p.phone.formList("?listAllVersions=true")).forms.map((x) => x.version).sort(), ["1", "2"]);
});

row("4 form: older versions too, each its own bytes for ever", async () => {
  const p = new Place(), [first] = (await p.phone.formList()).forms, before = await p.phone.get(new URL(first.downloadUrl).pathname);
  p.publish("2");
  const after = await p.phone.get(new URL(first.downloadUrl).pathname);
  equal([after.status, md5(after.body)], [200, md5(before.body)]);
});

row("4 manifest: empty without files; with them names, hashes and addresses; the list says so", async () => {
  const p = new Place(), none = await p.phone.get(`/forms/${p.form}/1/manifest`);
  equal([none.status, /<manifest xmlns="http:\/\/openrosa\.org\/xforms\/xformsManifest"/.test(none.text), entries(none.text, "mediaFile")], [200, true, []]);
  const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from("hình")]), csv = Buffer.from("name,label\n1,Một\n");
  const picture = path.join(p.site.dir, "hình 1.png"), list = path.join(p.site.dir, "xa.csv");
  fs.writeFileSync(picture, png);
  fs.writeFileSync(list, csv);
  fs.writeFileSync(path.join(p.site.dir, "m.csv"), `survey\n,type,name,label::Tiếng Việt (vi),image::Tiếng Việt (vi)\n,select_one_from_file xa.csv,xa,Xã,hình 1.png\nsettings\n,form_id,version,form_title\n,${p.form},3,Có tệp\n`);
  p.site.must("form", "add", path.join(p.site.dir, "m.csv"), "--media", picture, "--media", list);
  const [form] = (await p.phone.formList()).forms;
  const files = entries((await p.phone.get(new URL(form.manifestUrl).pathname)).text, "mediaFile");
  equal(files.map((x) => x.filename).sort(), ["hình 1.png", "xa.csv"]);
  for (const [name, content, type] of [["hình 1.png", png, "image/png"], ["xa.csv", csv, "text/plain"]]) {
    const entry = files.find((x) => x.filename === name), answer = await p.phone.get(new URL(entry.downloadUrl).pathname);
    equal([entry.hash, md5(answer.body), answer.headers["content-type"].split(";")[0]], [`md5:${md5(content)}`, md5(content), type], name);
  }
});

row("4 a closed round is no longer offered", async () => {
  const p = new Place();
  p.site.must("round", "close", p.form);
  equal((await p.phone.formList()).forms, []);
  equal((await p.phone.get(`/forms/${p.form}/1/manifest`)).status, 200);
});

// ---- 5 Submissions -------------------------------------------------------------------------------------------------------
row("5 HEAD is 204 with the accepted length and without Location", async () => {
  const p = new Place();
  for (const answer of [await p.phone.head(), await p.phone.get("/submission")])
    equal([answer.status, answer.headers.location, answer.headers["x-openrosa-accept-content-length"], answer.body.length], [204, undefined, "104857600", 0]);
}, short);

row("5 first post: 201 with envelope and code; the record is the bytes as they came", async () => {
  const p = new Place(), xml = p.xml(), sent = await p.phone.send(xml, { "anh.jpg": jpeg("a") });
  check(sent.sent, sent.text);
  const hex = p.site.database ? "encode(s.body, 'hex')" : "lower(hex(s.body))";
  equal(sql(`SELECT ${hex} FROM submissions s JOIN field_records f ON f.submission_id = s.id WHERE f.form_id = '${p.form}'`), [Buffer.from(xml).toString("hex")]);
  equal([p.records(), p.counts()], [1, 1]);
}, short);

row("5 chunked", async () => {
  const p = new Place(), { type, body } = multipart([formPart(p.xml()), filePart(["a.jpg", jpeg("x".repeat(5000))])]), pieces = [];
  for (let at = 0; at < body.length; at += 700) pieces.push(body.subarray(at, at + 700));
  taken(await request(p.site.port, "POST", p.phone.where("/submission"), p.phone.headers({ "Content-Type": type, "Transfer-Encoding": "chunked" }), pieces));
  equal([p.records(), p.files("x.size")], [1, ["5004"]]);
}, short);

row("5 with *isIncomplete*: 201, waits for files", async () => {
  const p = new Place(), xml = p.xml({ picture: "anh.jpg", second: "hai.jpg" });
  check(messageOf(await p.phone.post([formPart(xml), filePart(["anh.jpg", jpeg("a")]), { name: "*isIncomplete*", bytes: "yes" }])).includes("còn chờ tệp"), "told so");
  equal([p.state(), p.counts()], ["waiting_files", 1]);
  check(messageOf(await p.phone.post([formPart(xml), filePart(["hai.jpg", jpeg("b")])])).includes("Đã nhận đủ"), "the last one");
  equal([p.state(), p.counts(), p.records()], ["whole", 1, 1]);
}, short);

row("5 three split posts in every order", async () => {
  for (const order of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    const p = new Place(), xml = p.xml({ picture: "anh.jpg", second: "hai.jpg" }), mark = { name: "*isIncomplete*", bytes: "yes" };
    const posts = [[formPart(xml), filePart(["anh.jpg", jpeg("a")]), mark], [formPart(xml), filePart(["hai.jpg", jpeg("b")]), mark], [formPart(xml)]];
    for (const [k, at] of order.entries()) {
      taken(await p.phone.post(posts[at]), String(order));
      equal(p.state(), k === 2 ? "whole" : "waiting_files", `${order} after ${k + 1}`);
    }
    equal([p.records(), p.files("x.name")], [1, ["anh.jpg", "hai.jpg"]], String(order));
  }
});

row("5 split as Collect splits: by the accepted length, and after a hundred files", async () => {
  const p = new Place(), xml = p.xml({ picture: "anh.jpg" }), files = { "anh.jpg": jpeg("a".repeat(3000)) };
  for (let i = 0; i < 149; i++) files[`tep-${i}.txt`] = `tệp ${i}`;
  const sent = await p.phone.send(xml, files);
  equal([sent.sent, sent.answers.length, p.state(), p.files().length], [true, 2, "whole", 150]);
  const q = new Place(), again = await q.phone.send(q.xml({ picture: "1.jpg" }), { "1.jpg": jpeg("x".repeat(4000)), "2.jpg": jpeg("y".repeat(4000)), "3.jpg": jpeg("z") }, { most: 5000 });
  equal([again.sent, again.answers.length, q.state(), q.files().length], [true, 2, "whole", 3]);
});

row("5 same instanceID, same XML: same code, nothing doubled; with a new file: the file is added", async () => {
  const p = new Place(), xml = p.xml({ picture: "anh.jpg" }), code = taken(await p.phone.post([formPart(xml)]));
  for (let i = 0; i < 3; i++) equal(taken(await p.phone.post([formPart(xml)])), code);
  equal([p.records(), p.counts(), p.state()], [1, 1, "waiting_files"]);
  equal(taken(await p.phone.post([formPart(xml), filePart(["anh.jpg", jpeg("a")])])), code);
  equal([p.records(), p.state(), p.files("x.name")], [1, "whole", ["anh.jpg"]]);
}, short);

row("5 same file name, other bytes: the first stay, the others are kept beside, file_changed", async () => {
  const p = new Place(), xml = p.xml({ picture: "anh.jpg" });
  for (const text of ["mot", "khac", "mot"]) taken(await p.phone.post([formPart(xml), filePart(["anh.jpg", text])]));
  equal([p.files(), p.flags()], [["anh.jpg|3|0", "anh.jpg|4|1"], ["file_changed|anh.jpg"]]);
}, short);

row("5 a file that the XML does not name: kept, file_unnamed", async () => {
  const p = new Place();
  taken(await p.phone.post([formPart(p.xml()), filePart(["la.txt", "lạ"])]));
  equal([p.files(), p.flags()], [["la.txt|4|0"], ["file_unnamed|la.txt"]]);
}, short);

row("5 same instanceID, other XML: 409, put aside, never a record", async () => {
  const p = new Place();
  taken(await p.phone.post([formPart(p.xml())]));
  for (let i = 0; i < 2; i++) refused(await p.phone.post([formPart(p.xml({ level: "2" }))]), 409);
  equal([p.records(), p.aside()], [1, ["conflict|2"]]);
  taken(await p.phone.post([formPart(p.xml())]), "the first one again");
}, short);

const deprecated = (id) => `<orx:deprecatedID>${id}</orx:deprecatedID>`;
row("5 deprecatedID: the next revision counts, the old one stays", async () => {
  const p = new Place();
  for (const [id, old] of [["uuid:1", ""], ["uuid:2", "uuid:1"], ["uuid:3", "uuid:2"]]) taken(await p.phone.post([formPart(p.xml({ id, level: "2", meta: old && deprecated(old) }))]));
  equal([p.records(), p.counts()], [3, 1]);
  equal(sql(`SELECT instance_id, revision FROM field_records WHERE form_id = '${p.form}' ORDER BY revision`), ["uuid:1|1", "uuid:2|2", "uuid:3|3"]);
}, short);

row("5 deprecatedID of nobody: edit_unknown, linked when that one comes", async () => {
  const p = new Place();
  taken(await p.phone.post([formPart(p.xml({ id: "uuid:2", meta: deprecated("uuid:1") }))]));
  equal(p.flags(), ["edit_unknown|"]);
  taken(await p.phone.post([formPart(p.xml({ id: "uuid:1", level: "2" }))]));
  equal([p.flags(), p.counts(), sql(`SELECT revision FROM field_records WHERE form_id = '${p.form}' AND instance_id = 'uuid:2'`)], [[], 1, ["2"]]);
});

row("5 no instanceID: known by its bytes", async () => {
  const p = new Place(), code = taken(await p.phone.post([formPart(p.xml({ id: "" }))]));
  equal(taken(await p.phone.post([formPart(p.xml({ id: "" }))])), code);
  taken(await p.phone.post([formPart(p.xml({ id: "", level: "2" }))]));
  equal([p.records(), p.counts()], [2, 2]);
});

row("5 unknown form id, unknown version: 404, put aside", async () => {
  const p = new Place();
  refused(await p.phone.post([formPart(p.xml({ version: "9" }))]), 404);
  refused(await p.phone.post([formPart(p.xml().replace(`id="${p.form}"`, 'id="khong-co"'))]), 404);
  equal([p.records(), p.aside()], [0, ["unknown_version|1"]]);
  equal(number("SELECT COUNT(*) FROM submission_quarantine WHERE reason = 'unknown_form' AND form_id = 'khong-co'"), 1);
}, short);

row("5 an older version, and one published between HEAD and POST", async () => {
  const p = new Place(), old = p.xml();
  equal((await p.phone.head()).status, 204);
  p.publish("2");
  taken(await p.phone.post([formPart(old)]));
  taken(await p.phone.post([formPart(p.xml({ id: "uuid:2" }))]));
  equal([p.records(), p.counts()], [2, 2]);
}, short);

row("5 round closed: 201, late, not counted", async () => {
  const p = new Place();
  taken(await p.phone.post([formPart(p.xml())]));
  p.site.must("round", "close", p.form);
  check(messageOf(await p.phone.post([formPart(p.xml({ id: "uuid:2" }))])).includes("không mở"), "told so");
  equal([p.records(), p.counts(), p.flags("uuid:2")], [2, 1, ["late|"]]);
  taken(await p.phone.post([formPart(p.xml())]), "what was stored before");
  equal(p.counts(), 1);
}, short);

row("5 broken rules: 201 with the finding each", async () => {
  const p = new Place(), people = (n, names) => `<so_nguoi>${n}</so_nguoi>${names.map((x) => `<nguoi><ten>${x}</ten></nguoi>`).join("")}`;
  const cases = { required_missing: [{ level: "" }, "hai_long"], constraint: [{ age: "9", double: "18" }, "tuoi"], irrelevant_value: [{ more: "<ly_do>x</ly_do>" }, "ly_do"],
    calc_differs: [{ double: "81" }, "gap_doi"], choice_unknown: [{ level: "7" }, "hai_long"], type: [{ more: "<ngay>hôm qua</ngay>" }, "ngay"],
    repeat_count: [{ people: people(2, ["An"]) }, "nguoi"], element_unknown: [{ more: "<la>1</la>" }, "la"],
    clock: [{ end: "2031-01-01T00:00:00.000+07:00" }, "end"] };
  for (const [flag, [change]] of Object.entries(cases)) taken(await p.phone.post([formPart(p.xml({ id: `uuid:${flag}`, ...change }))]), flag);
  await checked();
  for (const [flag, [, node]] of Object.entries(cases)) equal(p.flags(`uuid:${flag}`).filter((x) => x.startsWith(`${flag}|`)).map((x) => x.split("|")[1].split("/").pop()), [node], flag);
  equal([p.records(), p.counts()], [9, 9]);
}, short);

row("5 nothing broken: no finding, with a repeat of three and a log", async () => {
  const p = new Place(), people = `<so_nguoi>3</so_nguoi>${["An", "Bình", "Chi"].map((x) => `<nguoi><ten>${x}</ten></nguoi>`).join("")}`;
  const log = "event,node,start,end\nform start,,1795313000000,\nquestion,/data/hai_long,1795313001000,1795313010000\nform finalize,,1795313600000,\n";
  const sent = await p.phone.send(p.xml({ people, meta: "<orx:audit>audit.csv</orx:audit>", picture: "anh.jpg" }), { "anh.jpg": jpeg("a"), "audit.csv": log });
  check(sent.sent, sent.text);
  await checked();
  equal([p.flags(), p.state()], [[], "whole"]);
  const answers = JSON.parse(sql(`SELECT s.answers FROM submissions s JOIN field_records f ON f.submission_id = s.id WHERE f.form_id = '${p.form}'`)[0]);
  equal(answers.nguoi, [{ ten: "An" }, { ten: "Bình" }, { ten: "Chi" }]);
  equal(JSON.parse(p.site.must("round", "rederive", p.form, "--json")).changed, 0);
}, short);

row("5 a log that is no log fails nothing", async () => {
  const p = new Place(), sent = await p.phone.send(p.xml({ meta: "<orx:audit>audit.csv</orx:audit>" }), { "audit.csv": Buffer.from([0, 255, 10, 44, 34, 10, 34]) });
  check(sent.sent, sent.text);
  await checked();
  equal(p.state(), "whole");
});

row("5 encrypted: kept as it is, does not count; plain files beside it are put aside", async () => {
  const p = new Place(), xml = `<data xmlns="http://opendatakit.org/submissions" id="${p.form}" version="1" encrypted="yes"><base64EncryptedKey>AA</base64EncryptedKey>` +
    `<meta xmlns="http://openrosa.org/xforms"><instanceID>uuid:e</instanceID></meta><media><file>anh.jpg.enc</file></media><encryptedXmlFile>submission.xml.enc</encryptedXmlFile></data>`;
  const sent = await p.phone.send(xml, { "submission.xml.enc": "\x01", "anh.jpg.enc": "\x02", "anh.jpg": "lộ" });
  check(sent.sent, sent.text);
  equal([p.records(), p.counts(), p.files("x.name"), p.aside()], [1, 0, ["anh.jpg.enc", "submission.xml.enc"], ["plain_beside|1"]]);
});

row("5 malformed XML, no readable id, no or two forms, not multipart: 400", async () => {
  const p = new Place(), post = (parts) => p.phone.post(parts);
  for (const xml of ["", "<data", "x", "<!DOCTYPE x [<!ENTITY e 'x'>]><data id='a' version='1'>&e;</data>", "<data version='1'/>", "\ufffe", "<data id='' version='1'/>"])
    refused(await post([formPart(xml)]), 400, xml);
  refused(await post([filePart(["a.jpg", "x"])]), 400, "none");
  refused(await post([formPart(p.xml()), formPart(p.xml())]), 400, "two");
  for (const [type, body] of [["text/xml", p.xml()], ["multipart/form-data", "x"], ["multipart/form-data; boundary=B", "--B\r\nContent-Disposition: x\r\n\r\n\r\n--B--\r\n"],
    ["multipart/form-data; boundary=B", "no boundary at all"]])
    refused(await request(p.site.port, "POST", p.phone.where("/submission"), p.phone.headers({ "Content-Type": type, "Content-Length": Buffer.byteLength(body) }), body), 400, type);
  equal(p.records(), 0);
}, short);

row("5 names of files: NFD, paths, drives, 300 bytes; compared as base names in NFC", async () => {
  const p = new Place(), long_name = `${"a".repeat(296)}.jpg`;
  const cases = [["ảnh.jpg".normalize("NFC"), "ảnh.jpg".normalize("NFD")], ["b.jpg", "../../b.jpg"], ["c.jpg", "C:\\tm\\c.jpg"], [long_name, long_name], ["d.jpg", "/etc/d.jpg"], ["e “1”.jpg", "e “1”.jpg"]];
  for (const [i, [named, name]] of cases.entries()) {
    taken(await p.phone.post([formPart(p.xml({ id: `uuid:${i}`, picture: named })), filePart([name, `x${i}`])]), name.slice(0, 40));
    equal(p.state(`uuid:${i}`), "whole", name.slice(0, 40));
  }
  await checked();                           // an answer longer than a file's name can be is a finding, the file is kept under 255 bytes of it
  equal([p.flags(), p.flags("uuid:3")], [["type|anh"], ["type|anh"]]);
  equal(p.files("x.name").filter((x) => /[/\\]|\.\./.test(x) || Buffer.byteLength(x) > 255), []);
}, short);

row("5 names of files: NUL is refused, .. and nothing are no names", async () => {
  const p = new Place();
  refused(await p.phone.post([formPart(p.xml()), filePart(["a\0b.jpg", "x"])]), 400, "NUL");
  for (const [i, name] of ["..", ".", "/", "a/"].entries()) {
    const answer = await p.phone.post([formPart(p.xml({ id: `uuid:${i}` })), filePart([name, "x"])]);
    check([201, 400].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
  }
  equal(p.files("x.name").filter((x) => /[/\\]|^\.\.?$/.test(x)), []);
});

row("5 too large: a file, a post by its length, in chunks: 413 with its envelope while the phone still sends", async () => {
  const p = new Place(), file = Buffer.alloc(52428801, 120), { type, body } = multipart([formPart(p.xml()), filePart(["to.jpg", file])]);
  refused(await request(p.site.port, "POST", p.phone.where("/submission"), p.phone.headers({ "Content-Type": type, "Content-Length": body.length }), body), 413, "by length");
  const pieces = [];
  for (let at = 0; at < body.length; at += 1 << 20) pieces.push(body.subarray(at, at + (1 << 20)));
  refused(await request(p.site.port, "POST", p.phone.where("/submission"), p.phone.headers({ "Content-Type": type, "Transfer-Encoding": "chunked" }), pieces), 413, "in chunks");
  equal([p.records(), p.files()], [0, []]);
  taken(await p.phone.post([formPart(p.xml()), filePart(["to.jpg", file.subarray(1)])]), "a file of 50 MB");
});

row("5 more than a hundred files in a post: 413", async () => {
  const p = new Place(), files = [...Array(101).keys()].map((i) => filePart([`t${i}.txt`, "x"]));
  refused(await p.phone.post([formPart(p.xml()), ...files]), 413);
  taken(await p.phone.post([formPart(p.xml()), ...files.slice(1)]));
});

row("5 files that have not come: the record waits for them, its answers count", async () => {
  const p = new Place();
  taken(await p.phone.post([formPart(p.xml({ picture: "anh.jpg" }))]));
  await checked();
  equal([p.state(), p.counts()], ["waiting_files", 1]);
});

// ---- 6 The line ----------------------------------------------------------------------------------------------------------
const raw = (p, { type, body }) => Buffer.concat([Buffer.from(`POST ${p.phone.where("/submission")} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`), body]);

row("6 a post cut at 99 %: nothing stored; sent again it is one record", async () => {
  const p = new Place(), all = raw(p, multipart([formPart(p.xml({ picture: "a.jpg" })), filePart(["a.jpg", jpeg("x".repeat(200000))])]));
  await bytes(p.site.port, all.subarray(0, Math.floor(all.length * 0.99)), { cut: true });
  await sleep(100);
  equal([p.records(), p.files()], [0, []]);
  equal((await bytes(p.site.port, all)).status, 201);
  equal([p.records(), p.state()], [1, "whole"]);
}, short);

row("6 an answer that is lost: the same code when sent again", async () => {
  const p = new Place(), all = raw(p, multipart([formPart(p.xml())]));
  await bytes(p.site.port, all, { cut: true });
  for (let i = 0; i < 100 && p.records() === 0; i++) await sleep(20);
  const code = taken(await p.phone.post([formPart(p.xml())]));
  equal([p.records(), sql(`SELECT code FROM field_records WHERE form_id = '${p.form}'`)], [1, [code]]);
}, short);

row("6 slow body: taken as long as it goes on", async () => {
  const p = new Place(), all = raw(p, multipart([formPart(p.xml())])), pieces = [];
  for (let at = 0; at < all.length; at += 64) pieces.push(all.subarray(at, at + 64));
  equal((await bytes(p.site.port, pieces, { gap: 60, wait: 30000 })).status, 201);
  equal(p.records(), 1);
});

row("6 refused before the body is sent: the answer arrives", async () => {
  const p = new Place(), { type } = multipart([]), length = 300 * 1024 * 1024;
  const head = `POST ${p.phone.where("/submission")} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  const answer = await bytes(p.site.port, [head, ...Array(300).fill(Buffer.alloc(1 << 20, 120))], { wait: 60000 });
  equal([answer.status, /<message nature="submit_error">/.test(answer.text)], [413, true]);
});

row("6 a thousand copies at once: one record, 1,000 times 201", async () => {
  const p = new Place(), xml = p.xml(), answers = await Promise.all(Array.from({ length: 1000 }, () => p.phone.post([formPart(xml)])));
  equal([answers.filter((x) => x.status === 201).length, new Set(answers.map(codeOf)).size], [1000, 1]);
  equal([p.records(), p.counts()], [1, 1]);
});

row("6 many phones at once, each its own interviews, twice: every one once", async () => {
  const p = new Place(), phones = [p.phone, ...[...Array(7).keys()].map((i) => p.device(`Máy ${i + 2}`))];
  await Promise.all(phones.map(async (phone, i) => {
    for (let n = 0; n < 10; n++) for (let twice = 0; twice < 2; twice++) {
      const sent = await phone.send(p.xml({ id: `uuid:${i}-${n}`, picture: "a.jpg" }), { "a.jpg": jpeg(`${i}-${n}`) });
      check(sent.sent, sent.text);
    }
    phone.done();
  }));
  equal([p.records(), p.counts(), p.files().length], [80, 80, 80]);
});
