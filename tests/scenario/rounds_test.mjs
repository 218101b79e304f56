// SPDX-License-Identifier: AGPL-3.0-or-later
// Rounds as people meet them: one-time codes, resuming, the device's limit, channels, pausing, language, paper.
import { spawnSync } from "node:child_process";
import { Client, check, equal, test, uuid } from "./harness.mjs";
import { answerPages, answerRound, api, createRound, demonstration, post, postAll, receiptOf, sheetCodes, signedIn, smallForm, start, step, text, uploadForm, workbook } from "./survey.mjs";

const program = process.argv[2];
const answers = { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi: 40, b1: "4" };
let formId = null;

async function round(code, values = {}, open = true) {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien");
  formId ??= await uploadForm(officer, "dot.xlsx", smallForm("thu-dot"));
  const id = await createRound(officer, formId, code, values);
  if (open) await step(officer, id, "open");
  return { i, officer, id, base: i.base };
}

const submissions = (i, code) => i.json("round", "show", code).submissions;
const channels = async (officer, id) => text((await officer.get(`/console/rounds/${id}/progress`)).text);
const main = (page) => text(page.text.match(/<main[\s\S]*<\/main>/)[0]).replace(/\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}\b/g, "…");

test("pages: a one-time code is asked for, spent by sending only, and refused afterwards like any other", async () => {
  const { i, officer, id, base } = await round("dot-ma", { identity: "code" });
  const [code, other] = await sheetCodes(officer, id, 2);
  const one = new Client(base), two = new Client(base);
  let page = await start(one, "dot-ma");
  check(/\/code$/.test(page.path), `the code is asked for at ${page.path}`);
  const bad = await one.submit(page, { code: "AAAA-AAAA-AA" }, "/code");
  equal(bad.status, 422, "an unknown code");
  check(bad.text.includes('value="AAAA-AAAA-AA"'), "what was typed is kept");
  page = await one.submit(bad, { code: code.toLowerCase() }, "/code");
  const ready = await answerPages(one, page, answers);
  const second = await answerPages(two, await two.submit(await start(two, "dot-ma"), { code }, "/code"), answers);
  const sent = await one.submit(ready.page, {}, "/check");
  receiptOf(sent);
  const late = await two.submit(second.page, {}, "/check");
  equal(late.status, 403, "the same code sent a second time");
  equal(submissions(i, "dot-ma"), 1, "stored");
  const three = new Client(base);
  const used = await three.submit(await start(three, "dot-ma"), { code }, "/code");
  equal(used.status, 422, "a used code");
  const strip = (p, typed) => p.text.match(/<main[\s\S]*<\/main>/)[0].replaceAll(typed, "…").replace(/name="token" value="[^"]*"/g, "").replace(/<p class="code[^>]*>[^<]*/g, "");
  equal(strip(used, code) === strip(bad, "AAAA-AAAA-AA"), true, "a used code looks like an unknown one");
  const fine = await answerPages(three, await three.submit(used, { code: other }, "/code"), answers);
  receiptOf(await three.submit(fine.page, {}, "/check"));
  equal(submissions(i, "dot-ma"), 2, "stored");
  const listed = text((await officer.get(`/console/rounds/${id}/codes`)).text);
  check(listed.includes("Thư mời"), "the batch is listed");
  check(!listed.includes(code) && !listed.includes(other), "codes are never shown again");
});

test("pages: voided codes no longer open a round", async () => {
  const { officer, id, base } = await round("dot-huy", { identity: "code" });
  const [code] = await sheetCodes(officer, id, 1);
  const list = await officer.get(`/console/rounds/${id}/codes`);
  const at = list.text.match(/href="([^"]*\/void)"/)[1];
  equal((await officer.submit(await officer.get(at), { reason: "" }, "/void")).status, 422, "voiding without a reason");
  equal((await officer.submit(await officer.get(at), { reason: "Gửi nhầm" }, "/void")).status, 200, "voiding");
  const client = new Client(base);
  equal((await client.submit(await start(client, "dot-huy"), { code }, "/code")).status, 422, "a voided code");
  equal((await post(base, "dot-huy", { instance_id: uuid(), answers, code })).status, 403, "a voided code by the API");
});

test("pages: a resume code goes on at another device, where all answers are; the first device is out", async () => {
  const { i, base } = await round("dot-tiep");
  const first = new Client(base);
  let page = await start(first, "dot-tiep");
  const resume = page.text.match(/<p class="code[^>]*>([^<]+)</)[1];
  let later = null;
  await answerPages(first, page, { ...answers, ghi: "Ghế <hỏng> & thiếu" }, (p, name) => {
    if (name !== "b1") return null;
    later = p;
    throw later;
  }).catch((e) => { if (e !== later) throw e; });
  page = await first.submit(later, { later: "1" }, "/b1");
  check(/\/resume$/.test(page.path) && page.text.includes(resume), `the code is shown at ${page.path}`);
  const second = new Client(base);
  const bad = await second.submit(await second.get("/s/dot-tiep/resume"), { resume: "0000-0000-00" }, "/resume");
  equal(bad.status, 422, "an unknown resume code");
  page = await second.submit(bad, { resume: resume.replace(/-/g, " ").toLowerCase() }, "/resume");
  check(/\/question\/b1$/.test(page.path), `goes on at ${page.path}`);
  const rest = await answerPages(second, page, answers);
  equal(rest.seen, ["b1"], "what was left to ask");
  check(text(rest.page.text).includes("Ghế <hỏng> & thiếu"), "the answers came along");
  const old = await first.get("/s/dot-tiep/check");
  check(old.status === 410 || !/\/check$/.test(old.path), `the first device: ${old.status} ${old.path}`);
  receiptOf(await second.submit(rest.page, {}, "/check"));
  equal(submissions(i, "dot-tiep"), 1, "stored");
  const gone = await new Client(base).get("/s/dot-tiep/resume");
  equal((await new Client(base).get("/s/dot-tiep/resume")).status, gone.status, "resume page");
});

test("pages: a device sends as often as the round allows; the API is not bound", async () => {
  const { i, base } = await round("dot-may", { device_limit: "2" });
  const client = new Client(base);
  const send = async (c) => c.submit((await answerPages(c, await start(c, "dot-may"), answers)).page, {}, "/check");
  receiptOf(await send(client));
  receiptOf(await send(client));
  const third = await send(client);
  equal(third.status, 403, "a third answer of one device");
  check(third.text.length > 500 && !/receipt-code/.test(third.text), "it says why");
  receiptOf(await send(new Client(base)));
  for (let k = 0; k < 3; k++) equal((await post(base, "dot-may", { instance_id: uuid(), answers })).status, 201, "API");
  equal(submissions(i, "dot-may"), 6, "stored");
});

test("pages: each way in is counted as its channel; a browser cannot name another", async () => {
  const { i, officer, id, base } = await round("dot-kenh", { device_limit: "0" });
  for (const [c, times] of [["qr", 2], ["kiosk", 3], ["embed", 4], ["paper", 1], ["api", 1], ["", 1]])
    for (let k = 0; k < times; k++) await answerRound(base, "dot-kenh", answers, { query: c ? `?c=${c}` : "" });
  equal(submissions(i, "dot-kenh"), 12, "stored");
  const shown = await officer.get(`/console/rounds/${id}/progress`);
  const rows = [...shown.text.matchAll(/<tr>\s*<t[hd][^>]*>([^<]+)<[\s\S]*?<\/tr>/g)].map((m) => text(m[0]).trim());
  for (const n of ["2", "3", "4"]) check(rows.some((r) => new RegExp(`(^|\\D)${n}$`).test(r)), `a channel with ${n}: ${rows.join(" | ")}`);
  check((await channels(officer, id)).includes("12"), "all");
});

test("rounds: pausing, resuming, extending and closing reach everyone at once", async () => {
  const closes = { closes_day: "30", closes_month: "11", closes_year: "2099" };
  const { i, officer, id, base } = await round("dot-hoan", closes);
  const half = new Client(base);
  const ready = (await answerPages(half, await start(half, "dot-hoan"), answers)).page;
  equal((await officer.submit(await officer.get(`/console/rounds/${id}/step/pause`), { reason: "" }, "/pause")).status, 422, "pausing without a reason");
  await step(officer, id, "pause", "Lỗi đường truyền");
  for (const [what, r] of [["a new start", await new Client(base).get("/s/dot-hoan")], ["sending", await half.submit(ready, {}, "/check")]]) {
    equal(r.status, 503, what);
    check(Number(r.headers.get("retry-after")) > 0, `${what}: Retry-After`);
  }
  await step(officer, id, "open");
  receiptOf(await half.submit(await half.get("/s/dot-hoan/check"), {}, "/check"));
  const extend = await officer.get(`/console/rounds/${id}/extend`);
  const earlier = await officer.submit(extend, { ...closes, closes_year: "2098", reason: "Thử" }, "/extend");
  equal(earlier.status, 422, "an earlier end");
  const later = await officer.submit(extend, { closes_day: "31", closes_month: "12", closes_year: "2099", reason: "Thêm phiếu" }, "/extend");
  equal(later.path, `/console/rounds/${id}`, `extended (${later.status})`);
  check(text(later.text).includes("31/12/2099"), "the new end is shown");
  check(text((await new Client(base).get("/s/dot-hoan")).text).includes("31/12/2099"), "the new end is told to respondents");
  const open = new Client(base);
  const page = (await answerPages(open, await start(open, "dot-hoan"), answers)).page;
  await step(officer, id, "close", "Đủ phiếu");
  equal((await new Client(base).get("/s/dot-hoan")).status, 410, "a start after closing");
  equal((await new Client(base).get("/embed/round/dot-hoan")).status, 200, "the card of a closed round");
  const status = (await open.submit(page, {}, "/check")).status;
  equal(status, 200, "what was open at closing may be sent for a minute");
  const reopened = await officer.get(`/console/rounds/${id}/step/open`);
  check(reopened.path === `/console/rounds/${id}`, "a closed round is not opened again");
  const n = submissions(i, "dot-hoan");
  equal(n, 2, "stored");
});

test("pages: the language changes on any page and no answer is lost", async () => {
  const { base } = await round("dot-tieng");
  const client = new Client(base);
  let page = await start(client, "dot-tieng");
  page = await client.submit(page, { language: "en" }, "/language");
  check(/^\/en\//.test(page.path) && /<html[^>]*lang="en"/.test(page.text), `English at ${page.path}`);
  const half = await answerPages(client, page, answers, (p, name) => {
    check(/<html[^>]*lang="en"/.test(p.text), `${name} in English`);
    check(name !== "da_lam" || text(p.text).includes("Have you filed papers?"), "the question in English");
  });
  check(text(half.page.text).includes("Satisfied with the procedure?") === false, "what is not relevant is not listed");
  const vi = await client.get(half.page.path.replace(/^\/en/, ""));
  check(/<html[^>]*lang="vi"/.test(vi.text) && text(vi.text).includes("Ông/bà đã làm thủ tục chưa?"), "Vietnamese again");
  check(text(vi.text).includes("Hài lòng với nơi tiếp 40 tuổi?"), "an answer stands in a later question");
  const missing = await answerPages(client, await start(client, "dot-tieng"), { ...answers, tuoi: 40 });
  check(missing.page.path.endsWith("/check"), "a second start in the same browser");
});

test("pages: a questionnaire is answered in a language that the site's own pages do not have, on two machines", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), km = "ភាសាខ្មែរ (km)";
  const form = await uploadForm(officer, "khmer.xlsx", workbook({
    survey: [["type", "name", "label::Tiếng Việt (vi)", `label::${km}`], ["select_one m", "a", "Ông/bà có hài lòng không?", "ពេញចិត្ត?"], ["text", "b", "Vì sao?", "ហេតុអ្វី?"]],
    choices: [["list_name", "name", "label::Tiếng Việt (vi)", `label::${km}`], ["m", "1", "Có", "បាទ"], ["m", "2", "Không", "ទេ"]],
    settings: [["form_id", "version", "form_title::Tiếng Việt (vi)", "default_language"], ["thu-khmer", "1", "Phiếu hai thứ tiếng", "Tiếng Việt (vi)"]],
  }));
  const id = await createRound(officer, form, "dot-khmer", {}), client = new Client(i.base), second = new Client(i.base);
  await step(officer, id, "open");
  let page = await start(client, "dot-khmer");
  check(page.path.endsWith("/language") && page.text.includes(">ភាសាខ្មែរ</label>"), `the language is offered at ${page.path}`);
  page = await client.submit(page, { language: km }, "/language");
  check(page.text.includes("ពេញចិត្ត?") && page.text.includes("បាទ") && page.text.includes('lang="km"'), "the question and its choices");
  check(!page.text.includes("hài lòng không"), "nothing of the question in another language");
  page = await client.submit(page, { "q.a": "1" }, "/a");
  const resume = page.text.match(/<p class="code[^>]*>([^<]*)/)[1];
  const other = await second.submit(await second.get("/s/dot-khmer/resume"), { resume }, "/resume");
  check(other.path.endsWith("/question/b") && other.text.includes("ហេតុអ្វី?"), `resumed in the same language at ${other.path}`);
  const back = await second.submit(await second.get("/s/dot-khmer/language"), { language: "vi" }, "/language");
  check(back.path.endsWith("/question/b") && back.text.includes("Vì sao?"), `changed without going back to the start: ${back.path}`);
  page = await second.submit(await second.submit(back, { "q.b": "Nhanh" }, "/b"), {}, "/check");
  receiptOf(page);
  equal(submissions(i, "dot-khmer"), 1, "stored");
  const figures = await officer.get(`/console/rounds/${id}/results`);
  check(figures.path === `/console/rounds/${id}` && text(figures.text).includes("Chưa tính được kết quả"), `why there are no figures without a satisfaction item: ${figures.path}`);
});

test("rounds: the card for other sites may be framed by the sites of the setting, and nothing else may", async () => {
  const { officer, id, base } = await round("dot-nhung");
  const card = await fetch(base + "/embed/round/dot-nhung");
  const policy = card.headers.get("content-security-policy");
  check(/frame-ancestors https:\/\/www\.gov\.vn;/.test(policy) && /default-src 'none'/.test(policy), `the card's policy: ${policy}`);
  equal(card.headers.getSetCookie(), [], "the card sets no cookie");
  check(!card.headers.get("x-frame-options"), "no older header forbids the frame");
  const html = await card.text();
  check(!/<script/.test(html) && html.includes("/s/dot-nhung?c=embed"), "the card leads to the round, without scripts");
  for (const where of ["/", "/s/dot-nhung", "/surveys"]) {
    const p = (await fetch(base + where)).headers.get("content-security-policy");
    check(/frame-ancestors 'none'/.test(p), `${where}: ${p}`);
  }
  const share = await officer.get(`/console/rounds/${id}/share`);
  check(text(share.text).includes(`src="${base}/embed/round/dot-nhung"`), "the snippet to copy");
  check(!share.text.includes("embed.hosts"), "no warning where a site may frame it");
  equal((await fetch(base + "/embed/round/khong-co")).status, 404, "no such round");
});

test("rounds: poster, QR and picture are whole files", async () => {
  const { officer, id, base } = await round("dot-giay");
  for (const lang of ["vi", "en"]) {
    const pdf = await officer.get(`/console/rounds/${id}/poster.pdf?lang=${lang}`);
    equal(pdf.headers.get("content-type"), "application/pdf", "poster");
    const info = spawnSync("pdfinfo", ["-"], { input: pdf.bytes, encoding: "utf8" });
    check(/Pages:\s+1\b/.test(info.stdout) && /\(A4\)/.test(info.stdout), `one page of A4: ${info.stdout}${info.error ?? ""}`);
    const words = spawnSync("pdftotext", ["-", "-"], { input: pdf.bytes, encoding: "utf8" }).stdout;
    check(words.includes(lang === "vi" ? "Đợt dot-giay" : "Round dot-giay") && words.includes("/s/dot-giay"), `words of the poster: ${words}`);
  }
  const long = "Khảo sát mức độ hài lòng của người dân ở phường Nguyễn Thượng Hiền ".repeat(3).trim();
  const wide = await round("dot-giay-dai", { title_vi: long });
  const cut = spawnSync("pdftotext", ["-", "-"], { input: (await wide.officer.get(`/console/rounds/${wide.id}/poster.pdf`)).bytes, encoding: "utf8" }).stdout.match(/(\S+)…/)?.[1];
  check(cut && long.split(" ").includes(cut), `a title too long for its room ends behind a whole word: ${cut}`);
  const svg = await officer.get(`/console/rounds/${id}/qr.svg`);
  check(/^image\/svg\+xml/.test(svg.headers.get("content-type")) && /<svg[^>]*xmlns=/.test(svg.text) && /<\/svg>\s*$/.test(svg.text), "QR");
  const png = await new Client(base).get("/s/dot-giay/card.png");
  equal([png.bytes.subarray(1, 4).toString(), png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)], ["PNG", 1200, 630], "picture");
  check(/property="og:image"|twitter:card|og:title/.test((await new Client(base).get("/s/dot-giay")).text), "share card of the start page");
});

test("live results move by five answers at least, so that two looks give nobody's answer", async () => {
  const { base, officer, id } = await round("dot-buoc");
  const one = (b1, tinh = "52") => ({ ...answers, tinh, b1 });
  const look = async () => (await officer.get(`/console/rounds/${id}/results.csv`)).text;
  await postAll(base, "dot-buoc", Array.from({ length: 20 }, () => one("4")));
  const first = await look();
  await postAll(base, "dot-buoc", [one("1")]);
  equal(await look(), first, "results after one more answer");
  await postAll(base, "dot-buoc", [one("1"), one("1", "79"), one("1", "79"), one("1", "79"), one("1", "79")]);
  equal(await look(), first, "two more in one province, four in another");
  await postAll(base, "dot-buoc", [one("1"), one("1"), one("1")]);
  check(await look() !== first, "after the fifth of one province");
});

test("progress: who only reads sees no unit of one to four answers, nor what would give it away", async () => {
  const { i, base, officer, id } = await round("dot-it");
  await postAll(base, "dot-it", [...Array(12).fill("52"), ...Array(9).fill("79"), ...Array(3).fill("48")].map((tinh) => ({ ...answers, tinh })));
  const rows = async (who) => Object.fromEntries([...(await who.get(`/console/rounds/${id}/progress`)).text
    .matchAll(/<tr><th scope="row">([^<]*)<\/th><td class="num">\s*([^<]*?)\s*<\/td>/g)].map((m) => [m[1], m[2]]));
  const own = await rows(officer), read = await rows(await signedIn(i, "kiemtoan"));
  equal([own["Gia Lai"], own["Hồ Chí Minh"], own["Đà Nẵng"]], ["12", "9", "3"], "who carries the round out: " + JSON.stringify(own));
  equal([read["Gia Lai"], read["Hồ Chí Minh"], read["Đà Nẵng"]], ["12", "không nêu", "không nêu"], "an auditor: " + JSON.stringify(read));
});
