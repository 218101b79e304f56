// SPDX-License-Identifier: AGPL-3.0-or-later
// The whole path: questionnaire, round, a thousand answers by pages and API, results, edition, correction, edition 2.
import fs from "node:fs";
import path from "node:path";
import { Instance, check, equal, seeded, signIn, sleep, test } from "./harness.mjs";
import { answerRound, api, createRound, postAll, step, text, unzip, uploadForm } from "./survey.mjs";

const program = process.argv[2];
const code = "hanh-trinh", title = "Hài lòng ở bộ phận một cửa, quý 4";
const pages = 44, total = 1000;
const provinces = ["01", "24", "38", "48", "52", "79", "92"];

// A person's answers, as the questionnaire's conditions want them.
function person(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const level = () => pick(["1", "2", "3", "4", "4", "4", "5", "5", "9"]);
  const a = { tinh: pick(provinces), linh_vuc: pick(["dat", "ho_tich", "thue", "y_te"]), hinh_thuc: pick(["truc_tiep", "truc_tuyen", "buu_chinh"]) };
  if (a.hinh_thuc === "truc_tiep") Object.assign(a, { phut_cho: Math.floor(random() * 90), hl_noi: level() });
  if (a.hinh_thuc === "truc_tuyen") a.hl_trang = level();
  const core = ["hl_thu_tuc", "hl_thai_do", "hl_huong_dan", "hl_dung_hen", "hl_ket_qua"];
  for (const q of core) a[q] = level();
  if (core.some((q) => Number(a[q]) <= 2)) a.ly_do = ["cho_lau", "giay_to"];
  a.da_phan_anh = pick(["co", "khong"]);
  if (a.da_phan_anh === "co") a.hl_phan_anh = level();
  if (random() < 0.2) a.gop_y = "Cần thêm ghế chờ & bảng chỉ dẫn <rõ> hơn";
  return Object.assign(a, { gioi_tinh: pick(["nam", "nu", "khac", "99"]), nhom_tuoi: pick(["18_24", "35_49", "60"]) });
}

// Leaves a required question empty, types a wrong number, goes back and forth: nothing typed is lost.
const tried = {};
async function clumsy(client, page, name) {
  tried[name] = (tried[name] ?? 0) + 1;
  if (name === "linh_vuc") {
    const bad = await client.submit(page, {}, "/linh_vuc");
    equal(bad.status, 422, "a required question left empty");
    check(/class="error-summary"[\s\S]*href="#q\.linh_vuc/.test(bad.text), "the error summary leads to the field");
    check(/<title>[^<]*(Lỗi|lỗi)/.test(bad.text), "the title tells of the error");
    const back = await client.get(bad.text.match(/<a class="back" href="([^"]*)"/)[1]);
    equal(back.path, `/s/${code}/question/tinh`, "Back");
    check(/<option value="\d\d" selected/.test(back.text), "Back keeps the answer");
    return client.get(`/s/${code}/question/linh_vuc`);
  }
  if (name === "phut_cho") {
    const bad = await client.submit(page, { "q.phut_cho": "9999" }, "/phut_cho");
    equal(bad.status, 422, "a number that breaks its rule");
    check(/name="q\.phut_cho"[^>]*value="9999"|value="9999"[^>]*name="q\.phut_cho"/.test(bad.text), "the typed number stands in its field");
    return bad.status === 422 ? { ...bad, status: 200 } : bad;
  }
  return page;
}

async function byPages(i, people) {
  const receipts = [];
  for (let at = 0; at < people.length; at += 4)
    receipts.push(...await Promise.all(people.slice(at, at + 4).map(async (answers, k) => {
      const done = await answerRound(i.base, code, answers, { visit: (at + k) % 11 === 0 ? clumsy : null });
      check(["hl_noi", "hl_trang"].every((q) => done.seen.includes(q) === (q in answers)), "only what is relevant is asked");
      check(text(done.checked.text).includes(answers.gop_y ?? "Kiểm tra"), "check your answers shows what was typed");
      check(done.sent.text.includes(done.receipt), "the receipt stands on the page");
      return done.receipt;
    })));
  return receipts;
}

async function publish(officer, at, typed, reason) {
  const page = await officer.get(at);
  equal(page.status, 200, at);
  const wrong = await officer.submit(page, { typed: typed + "x", ...(reason ? { reason } : {}) }, at);
  equal(wrong.status, 422, "another name typed");
  let done = await officer.submit(wrong, { typed, ...(reason ? { reason } : {}) }, at);
  equal([done.path.replace(/\d+$/, "N"), done.status], ["/console/jobs/N", 200], "the page of the publication");
  for (let n = 0; n < 200 && done.headers.has("refresh"); n++) {
    await sleep(100);
    done = await officer.get(done.path);
  }
  check(/href="\/results\/[a-z0-9-]+\/\d+"/.test(done.text), "published: " + text(done.text).slice(-400));
}

// The edition's public page, its figures and its package.
async function edition(i, number, dir) {
  const list = (await i.client().get("/results")).text;
  const rows = [...list.matchAll(/<tr><th scope="row"><a href="(\/results\/[a-z0-9-]+\/\d+)">([^<]*)<\/a><\/th>\s*<td[^>]*>([^<]*)<\/td>/g)];
  const row = rows.find((m) => text(m[2]) === title && m[3].includes(String(number)));
  check(row, `edition ${number} is not listed on /results`);
  const page = await i.client().get(row[1]);
  equal(page.status, 200, row[1]);
  const link = page.text.match(/href="(\/results\/[^"]+\.zip)"/)[1];
  const zip = await i.client().get(link);
  equal(zip.status, 200, link);
  const file = path.join(dir, `e${number}.zip`);
  fs.writeFileSync(file, zip.bytes);
  return { href: row[1], page, link, bytes: zip.bytes, file, parts: await unzip(zip.bytes) };
}

function verified(i, e, number) {
  const r = i.run("edition", "verify", e.file, "--json");
  equal(r.code, 0, `verify ${e.file}: ${r.out}${r.err}`);
  const v = JSON.parse(r.out);
  equal([v.ok, v.edition, v.title, v.faults], [true, number, title, []], "verdict");
  const spoiled = Buffer.from(e.bytes);
  spoiled[Math.floor(spoiled.length / 3)] ^= 1;
  fs.writeFileSync(e.file + ".bad", spoiled);
  check(i.run("edition", "verify", e.file + ".bad").code !== 0, "one flipped bit is found");
}

// Share and n of every item, counted here from what was sent.
function counted(people) {
  const out = {};
  for (const p of people)
    for (const [q, v] of Object.entries(p)) {
      if (!q.startsWith("hl_") || v === "9") continue;
      out[q] ??= { n: 0, good: 0, sum: 0 };
      out[q].n++;
      out[q].good += Number(v) >= 4;
      out[q].sum += Number(v);
    }
  return out;
}

function figuresFit(results, codebook, people, what) {
  const mine = counted(people);
  for (const [q, want] of Object.entries(mine)) {
    const item = codebook.split(/\r?\n/).map((l) => l.split(",")).find((r) => r[0] === "item" && r[2] === q)[1];
    const whole = (name) => results.indicators.find((x) => x.name === `${name}.${item}` && Object.keys(x.domain).length === 0);
    equal(whole("satisfied").n, want.n, `${what}: n of ${q}`);
    check(Math.abs(whole("satisfied").value - 100 * want.good / want.n) < 1e-9, `${what}: share of ${q}`);
    check(Math.abs(whole("mean").value - want.sum / want.n) < 1e-9, `${what}: mean of ${q}`);
  }
}

test("from a questionnaire to edition 2: a thousand answers by pages and API", async () => {
  const i = new Instance(program, { demo: true });
  try {
    i.init();
    const accounts = i.accounts();
    await i.start();
    const officer = await signIn(i, "chuyenvien", accounts.chuyenvien);

    const bytes = fs.readFileSync(new URL("../../data/forms/mot-cua.xlsx", import.meta.url));
    const form = await uploadForm(officer, "mot-cua.xlsx", bytes);
    const id = await createRound(officer, form, code, { title_vi: title, title_en: "One-stop desks, quarter 4" });
    equal((await api(i.base, `/rounds/${code}`)).status, 404, "a draft is not public");
    const preview = await officer.get(`/console/rounds/${id}/preview`);
    check(preview.status === 200 && text(preview.text).includes("Ông/bà làm thủ tục ở tỉnh, thành phố nào?"), "preview");
    await step(officer, id, "open");

    const random = seeded(7), people = Array.from({ length: total }, () => person(random));
    const receipts = await byPages(i, people.slice(0, pages));
    receipts.push(...await postAll(i.base, code, people.slice(pages)));
    check(tried.linh_vuc && tried.phut_cho, "errors were tried on a choice and on a number");
    equal(new Set(receipts).size, total, "receipts");
    equal(i.json("round", "show", code).submissions, total, "round show beside a running server");

    const progress = await officer.get(`/console/rounds/${id}/progress`);
    check(text(progress.text).includes("1.000"), "progress counts all");
    check(text(progress.text).includes("956"), "progress counts the API");
    const live = await officer.get(`/console/rounds/${id}/results`);
    equal(live.status, 200, "provisional results");
    check(/tạm|chưa/i.test(text(live.text)) && live.text.includes("<svg"), "provisional results are charts that say what they are");
    equal((await api(i.base, `/rounds/${code}/results`)).status, 404, "results before publication");

    await step(officer, id, "close", "Hết thời gian lấy ý kiến");
    const leader = await signIn(i, "lanhdao", accounts.lanhdao), analyst = await signIn(i, "phantich", accounts.phantich);
    await publish(leader, `/console/rounds/${id}/publish`, code);
    const e1 = await edition(i, 1, i.dir);
    verified(i, e1, 1);
    const results = (await api(i.base, `/rounds/${code}/results`)).json;
    figuresFit(results, e1.parts["codebook.csv"].toString(), people, "edition 1");
    equal((await api(i.base, `/receipts/${receipts[3]}`)).json, { round: code, state: "counted" }, "a receipt after publication");

    const gone = i.client();
    const asked = await gone.submit(await gone.get(`/s/${code}/withdraw`), { receipt: receipts[3] }, "/withdraw");
    check(asked.status === 200 && asked.text.includes(receipts[3]), `withdrawing by pages: ${asked.status}`);
    equal((await api(i.base, `/receipts/${receipts[3]}`)).json.state, "withdrawn", "its receipt");
    equal(i.json("round", "show", code).submissions, total - 1, "round show after a withdrawal");

    const reason = "Một người trả lời đã rút phiếu";
    const first = (await analyst.get("/console/editions")).text.match(new RegExp(`/results/${code}/1"[\\s\\S]*?/console/editions/(\\d+)/correct`))[1];
    const empty = await analyst.submit(await analyst.get(`/console/editions/${first}/correct`), { typed: code, reason: "" }, "/correct");
    equal(empty.status, 422, "a correction without a reason");
    await publish(analyst, `/console/editions/${first}/correct`, code, reason);
    const e2 = await edition(i, 2, i.dir);
    verified(i, e2, 2);
    const left = people.filter((_, k) => k !== 3);
    figuresFit((await api(i.base, `/rounds/${code}/results`)).json, e2.parts["codebook.csv"].toString(), left, "edition 2");
    check(text(e2.page.text).includes(reason), "edition 2 gives its reason");
    changesFit(e1, e2);

    const again = await i.client().get(e1.href);
    equal(again.status, 200, "edition 1 at its address");
    check(again.text.includes("note-warn") && again.text.includes(`href="${e2.href}"`), "edition 1 points to edition 2");
    check((await i.client().get(e1.link)).bytes.equals(e1.bytes), "the package of edition 1 is bit-equal");
    verified(i, e1, 1);
    const refused = await analyst.get(`/console/editions/${first}/correct`);
    check(refused.status !== 200 || !/name="reason"/.test(refused.text), "edition 1 cannot be corrected twice");
    equal(JSON.parse(i.must("check", "--json")).ok, true, "check");
    await i.stop();
    equal([i.json("round", "show", code).state, i.json("round", "show", code).submissions], ["published", total - 1], "round show without a server");
  } finally {
    await i.remove();
  }
});

// The page and changes.csv of edition 2 list exactly the figures that differ between the two results.
function changesFit(e1, e2) {
  const key = (x) => `${x.name} ${Object.values(x.domain)[0] ?? ""}`;
  const before = new Map(JSON.parse(e1.parts["results.json"]).indicators.map((x) => [key(x), x]));
  const differ = JSON.parse(e2.parts["results.json"]).indicators.filter((x) => {
    const old = before.get(key(x));
    return !old || old.n !== x.n || old.value !== x.value;
  }).map(key).sort();
  const rows = e2.parts["changes.csv"].toString().trim().split(/\r?\n/).slice(1).map((l) => l.split(","));
  equal(rows.map((r) => `${r[0]} ${r[2]}`).sort(), differ, "changes.csv");
  const table = e2.page.text.slice(e2.page.text.lastIndexOf("<table class=\"tight\">"));
  equal([...table.matchAll(/<tr><th scope="row">/g)].length, differ.length, "rows of changes on the page");
  check(differ.length > 10, "something changed");
}
