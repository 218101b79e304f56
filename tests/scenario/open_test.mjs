// SPDX-License-Identifier: AGPL-3.0-or-later
// Published figures for other programs: every documented answer of the running server against its schema, and the files of an edition
// against each other.
import { createHash } from "node:crypto";
import { check, equal, test, uuid } from "./harness.mjs";
import { createRound, demonstration, signedIn, smallForm, step, unzip, uploadForm } from "./survey.mjs";

const program = process.argv[2], base = "/api/v1";
const csv = (s) => s.trim().split(/\r?\n/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));

// ---- JSON Schema, as far as the document uses it. Members that it does not name are faults here, so that it names all of them. ------
function faults(doc, schema, value, at = "$") {
  if (schema.$ref) return faults(doc, schema.$ref.slice(2).split("/").reduce((d, k) => d[k], doc), value, at);
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  const types = schema.type === undefined ? null : [schema.type].flat(), out = [];
  if (types && !types.some((t) => t === kind || (t === "number" && kind === "integer"))) return [`${at} is ${kind}, want ${types}`];
  if (schema.enum && !schema.enum.includes(value)) out.push(`${at} is ${value}`);
  if (schema.pattern && kind === "string" && !new RegExp(schema.pattern).test(value)) out.push(`${at} is ${value}`);
  if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) out.push(`${at} is no instant: ${value}`);
  if (kind === "array") value.forEach((v, i) => out.push(...faults(doc, schema.items, v, `${at}[${i}]`)));
  if (kind !== "object") return out;
  for (const k of schema.required ?? []) if (!(k in value)) out.push(`${at}.${k} is missing`);
  for (const [k, v] of Object.entries(value)) {
    const of = schema.properties?.[k] ?? schema.additionalProperties;
    if (of) out.push(...faults(doc, of, v, `${at}.${k}`));
    else if (schema.properties) out.push(`${at}.${k} is not in the document`);
  }
  return out;
}

async function documented(i) {
  const r = await i.client().get(base + "/openapi.json");
  equal([r.status, JSON.parse(r.text).openapi], [200, "3.1.0"], "the document");
  return JSON.parse(r.text);
}

function holds(doc, where, method, r) {
  const answer = doc.paths[where][method].responses[r.status];
  check(answer, `${method} ${where} answers ${r.status}, which the document does not name: ${r.text.slice(0, 200)}`);
  if (r.status === 304) return equal(r.text, "", `${where}: 304 has a body`);
  check(r.headers.get("content-type").startsWith("application/json"), `${where}: ${r.headers.get("content-type")}`);
  equal(faults(doc, answer.content["application/json"].schema, JSON.parse(r.text)).slice(0, 5), [], `${method} ${where} ${r.status}`);
}

// The demonstration's own edition: other scenarios publish after it.
async function oldest(i) {
  return JSON.parse((await i.client().get(base + "/editions")).text).editions.at(-1);
}

test("open: every documented answer of the running server fits its schema", async () => {
  const i = await demonstration(program), doc = await documented(i), e = await oldest(i), c = i.client();
  const officer = await signedIn(i, "chuyenvien"), form = await uploadForm(officer, "mo.xlsx", smallForm("thu-mo"));
  await step(officer, await createRound(officer, form, "mo-api"), "open");
  const answers = { tinh: "24", da_lam: "co", kenh: ["bao"], tuoi: 64, ghi: "x", b1: "4", b2: "5" }, first = { instance_id: uuid(), answers };
  const send = (body) => c.request("POST", `${base}/rounds/mo-api/submissions`, { body: typeof body === "string" ? body : JSON.stringify(body), headers: { "content-type": "application/json" } });
  const seen = [];
  const ask = async (where, address, method = "get", r = null) => { r ??= await c.get(base + address); holds(doc, where, method, r); seen.push(`${method} ${where} ${r.status}`); return r; };
  for (const lang of ["vi", "en"]) {
    for (const a of ["/editions", "/indicators", "/indices", "/rounds"]) await ask(a, `${a}?lang=${lang}`);
    await ask("/indicators/{indicator}", `/indicators/satisfied.B?lang=${lang}`);
    await ask("/rounds/{code}", `/rounds/mo-api?lang=${lang}`);
    await ask("/rounds/{code}/results", `/rounds/${e.round}/results?lang=${lang}`);
    for (const x of JSON.parse((await c.get(base + "/indices")).text).indices) await ask("/indices/{index}", `/indices/${x.code}?lang=${lang}&per_page=500`);
  }
  await ask("/openapi.json", "/openapi.json");
  for (const [where, address] of [["/indicators/{indicator}", "/indicators/khong.co"], ["/indices/{index}", "/indices/khong-co"], ["/rounds/{code}", "/rounds/khong-co"],
    ["/rounds/{code}/results", "/rounds/khong-co/results"], ["/receipts/{receipt}", "/receipts/AAAA-BBBB"]]) equal((await ask(where, address)).status, 404, where);
  for (const [where, address, name] of [["/editions", "/editions?page=0", "page"], ["/indicators", "/indicators?per_page=501", "per_page"], ["/indicators/{indicator}", "/indicators/satisfied.B?tinh=24", "tinh"],
    ["/indices", "/indices?lang=fr", "lang"], ["/indices/{index}", "/indices/sipas?year=x", "year"]]) {
    const r = await ask(where, address);
    equal([r.status, JSON.parse(r.text).errors[0].name], [400, name], where);
  }
  const at = "/rounds/{code}/submissions";
  const made = await ask(at, "", "post", await send(first));
  equal(made.status, 201, made.text);
  equal((await ask(at, "", "post", await send(first))).status, 200, "the same again");
  equal((await ask(at, "", "post", await send({ ...first, answers: { ...answers, tuoi: 30 } }))).status, 409, "other answers");
  equal((await ask(at, "", "post", await send("{"))).status, 400, "no JSON");
  equal((await ask(at, "", "post", await send({ instance_id: uuid(), answers: { tinh: "?" } }))).status, 422, "wrong answers");
  await ask("/receipts/{receipt}", `/receipts/${JSON.parse(made.text).receipt}`);
  const analyst = await signedIn(i, "phantich"), asked = await analyst.get("/console/service/tokens/new"), unit = asked.text.match(/<option value="(\d+)"/)[1];
  const key = (await analyst.submit(asked, { name: "Giao diện thử", unit }, "/tokens/new")).text.match(/name="key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="key"/);
  const event = { key: uuid(), unit: "52", file: "THU-1", kind: "received", on: new Date(Date.now() - 864e5).toISOString().slice(0, 10) };
  const sent = async (lines, bearer = key[1] ?? key[2]) => ask("/service/events", "", "post", await c.request("POST", `${base}/service/events`, {
    body: lines.map((l) => JSON.stringify(l)).join("\n"), headers: { "content-type": "application/x-ndjson", authorization: `Bearer ${bearer}` } }));
  equal((await sent([event])).status, 200, "an event");
  equal((await sent([{ ...event, on: "2020-01-01" }])).status, 409, "another event by the same key");
  equal((await sent([event], "x")).status, 401, "no known key");
  for (const [where, path] of Object.entries(doc.paths)) for (const method of Object.keys(path))
    check(seen.some((s) => s.startsWith(`${method} ${where} 2`)), `${method} ${where} was not asked`);
});

test("open: pages of a list hold every entry once; an answer that did not change is 304; any origin may read", async () => {
  const i = await demonstration(program), c = i.client(), e = await oldest(i), all = JSON.parse((await c.get(`${base}/indicators?per_page=500`)).text);
  const seen = [];
  for (let next = `${base}/indicators?per_page=37`; next;) {
    const r = await c.get(next), page = JSON.parse(r.text);
    seen.push(...page.indicators.map((x) => x.id));
    equal(page.total, all.total, "total");
    equal(r.headers.get("link"), page.next ? `<${page.next}>; rel="next"` : null, "Link");
    next = page.next;
  }
  check(all.total > 37 && seen.length === all.total && new Set(seen).size === seen.length, `${seen.length} of ${all.total}`);
  equal(seen.slice(0, all.indicators.length), all.indicators.map((x) => x.id), "the same order");
  const first = await c.get(`${base}/indicators/satisfied.B`), again = await c.get(`${base}/indicators/satisfied.B`, { headers: { "if-none-match": first.headers.get("etag") } });
  equal([again.status, again.text, first.headers.get("access-control-allow-origin"), first.headers.get("set-cookie")], [304, "", "*", null], "ETag and origin");
  const one = JSON.parse((await c.get(`${base}/indicators/satisfied.B?domain=tinh:24&round=${e.round}`)).text), whole = JSON.parse((await c.get(`${base}/indicators/satisfied.B?domain=whole&round=${e.round}`)).text);
  equal([one.total, one.values[0].domain, one.values[0].domain_label, whole.total, whole.values[0].domain], [1, { tinh: "24" }, "Bắc Ninh", 1, {}], "filters");
  equal((await c.get(base + "/rounds")).headers.get("access-control-allow-origin"), null, "what is no figure keeps to its origin");
  const words = JSON.parse((await c.get(`${base}/indicators?q=tiep+can&measure=satisfied`)).text);
  check(words.total > 0 && words.indicators.every((x) => /tiếp cận/i.test(x.label) && x.id.startsWith("satisfied.")), JSON.stringify(words).slice(0, 300));
});

test("open: SDMX-CSV tells the figures of the edition and its structure every code; DDI tells the columns of the answers", async () => {
  const i = await demonstration(program), c = i.client(), e = await oldest(i);
  const get = async (url) => (await c.get(new URL(url).pathname)).text;
  const [head, ...rows] = csv(await get(e.files.sdmx_csv)), structure = JSON.parse(await get(e.files.sdmx_structure)).data;
  const [names, ...figures] = csv((await get(e.files.csv)).replace(/^\ufeff/, ""));
  const col = (r, name) => r[head.indexOf(name)], own = (r, name) => r[names.indexOf(name)] ?? "";
  equal(rows.length, figures.length, "rows");
  rows.forEach((r, k) => equal([col(r, "OBS_VALUE"), col(r, "N_OBS"), col(r, "CI_LOWER"), col(r, "OBS_STATUS") === "Q"],
    [own(figures[k], "value"), own(figures[k], "n"), own(figures[k], "low"), own(figures[k], "suppressed") === "1"], `row ${k}: ${figures[k]}`));
  const dims = structure.dataStructures[0].dataStructureComponents, ids = [...dims.dimensionList.dimensions, dims.dimensionList.timeDimension, ...dims.measureList.measures, ...dims.attributeList.attributes].map((x) => x.id);
  equal(head, ["STRUCTURE", "STRUCTURE_ID", "ACTION", ...ids], "columns are the components");
  equal(new Set(rows.map((r) => head.slice(3, 9).map((h) => col(r, h)).join())).size, rows.length, "keys are distinct");
  for (const x of [...dims.dimensionList.dimensions, ...dims.attributeList.attributes]) {
    const list = x.localRepresentation.enumeration?.match(/:(CL_\w+)\(/)[1];
    if (!list) continue;
    const codes = new Set(structure.codelists.find((l) => l.id === list).codes.map((k) => k.id));
    for (const r of rows) check(codes.has(col(r, x.id)), `${x.id} ${col(r, x.id)} is not in ${list}`);
  }
  const zip = await unzip((await c.get(new URL(e.files.package).pathname)).bytes), ddi = await get(e.files.ddi);
  equal([...ddi.matchAll(/<var ID="[^"]*" name="([^"]*)"/g)].map((m) => m[1]), csv(zip["answers.csv"].subarray(0, 4000).toString().split("\n")[0])[0], "variables are the columns");
  check(ddi.includes(`<caseQnty>${e.n}</caseQnty>`) && ddi.includes("<IDNo>" + e.round), "the study");
});

test("open: the catalogue leads to every file, with the hashes of those that are kept", async () => {
  const i = await demonstration(program), c = i.client(), r = await c.get("/catalog.jsonld"), all = JSON.parse(r.text);
  equal([r.headers.get("content-type"), all["@type"]], ["application/ld+json; charset=utf-8", "dcat:Catalog"], "type");
  let hashed = 0, files = 0;
  for (const set of all["dcat:dataset"]) for (const d of set["dcat:distribution"] ?? []) {
    const file = await c.get(new URL(d["dcat:downloadURL"]["@id"]).pathname), sum = d["spdx:checksum"]?.["spdx:checksumValue"]["@value"];
    equal(file.status, 200, d["@id"]);
    files++;
    check(d["dct:license"]["@id"].endsWith("/data#giay-phep"), "a licence");
    if (!sum) continue;
    hashed++;
    equal([createHash("sha256").update(file.bytes).digest("hex"), String(file.bytes.length)], [sum, d["dcat:byteSize"]["@value"]], d["@id"]);
  }
  check(hashed >= 2 && files > hashed, `${hashed} of ${files} files have a hash`);
  check((await c.get("/data")).text.includes('id="giay-phep"'), "the licence is there");
});
