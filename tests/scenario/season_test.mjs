// SPDX-License-Identifier: AGPL-3.0-or-later
// Seasons of indices: opened by who owns the scheme, isolated from others, steps told in timeline and audit.
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];

test("a season in the console: run by its owner alone, each province sees its own card, every step is told", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich"), province = await signedIn(i, "quantri.tinh"), officer = await signedIn(i, "chuyenvien");
  const season = i.json("season", "list").find((s) => s.unit_kind === "province"), desk = `/console/seasons/${season.id}`;
  equal([season.cards, season.label, season.window], [34, "minh họa", "self"], "the demonstration");
  const cards = i.json("season", "cards", season.id), own = cards.find((c) => c.code === "52"), other = cards.find((c) => c.code === "01");
  check(text((await analyst.get(desk)).text).includes("Hà Nội"), "the analyst sees every unit");
  const mine = await officer.get(desk);
  check(text(mine.text).includes("Gia Lai") && !text(mine.text).includes("Cao Bằng"), "an officer sees the own unit alone");
  equal((await officer.get(`/console/cards/${other.id}`)).status, 403, "another province's card");
  equal((await province.get(`/console/cards/${own.id}/extend`)).status, 403, "nobody extends the deadline of their own unit");
  const form = await analyst.get(`/console/cards/${own.id}/extend`), [y, m, d] = cards.find((c) => c.code === "24").due.split("-");
  equal((await analyst.submit(form, { until_day: d, until_month: m, until_year: y, reason: "" }, "/extend")).status, 422, "a reason is asked for");
  const extended = await analyst.submit(form, { until_day: d, until_month: m, until_year: y, reason: "Bão lụt <b>lớn</b>" }, "/extend");
  check(text(extended.text).includes("Bão lụt <b>lớn</b>") && !extended.text.includes("<b>lớn"), "the reason is text in the timeline");
  const out = await analyst.submit(await analyst.get(`/console/cards/${other.id}/withdraw`), { reason: "Thử" }, "/withdraw");
  check(text(out.text).includes("Không tham gia"), "out");
  const again = await analyst.get(`/console/cards/${other.id}/withdraw`);
  check(again.path.endsWith(`/cards/${other.id}`), "a step that is gone leads to the card");
  equal(i.json("season", "cards", season.id).find((c) => c.code === "01").state, "withdrawn", "the command agrees");
  const local = await province.get("/console/seasons/new");
  check(local.text.includes("PAR-X-MH") && !local.text.includes("PAR-T-MH"), "a province opens seasons under its own schemes");
  const commune = local.text.match(/value="(\d+)"[^>]*>[^<]*PAR-X-MH/)[1], opened = await province.submit(local, { scheme: commune, title: "Chấm các xã" }, "/seasons/new");
  check(/\/console\/seasons\/\d+$/.test(opened.path), opened.path);
  check(text((await officer.get(opened.path)).text).includes("Pleiku"), "the province's officer sees the communes");
  equal(i.json("audit", "verify").ok, true, "the chain");
});

// Letters are counted, not bytes; what is too long is refused at its field and kept as typed.
async function bounds(officer, at) {
  const long = "ấ".repeat(4000), page = () => officer.get(at("1.1.3"));
  check((await officer.submit(await page(), { v0: "18", v1: "20", note: long }, "/criteria")).status === 200, "4000 letters fit");
  check((await page()).text.includes(long), "and all are kept");
  const more = await officer.submit(await page(), { v0: "17", v1: "20", note: long + "ề" }, "/criteria");
  check(more.status === 422 && more.text.includes(long + "ề") && more.text.includes('id="note-error"') && more.text.includes('value="17"'), "one more is refused with all that was typed");
  const box = await officer.submit(await page(), { v0: "ố".repeat(501), v1: "20", note: "ngắn" }, "/criteria");
  check(box.status === 422 && box.text.includes("ố".repeat(501)) && box.text.includes('id="v0-error"'), "a figure that is too long is refused at its box");
}

// A refused field never hides that another has saved in between.
async function revisions(officer, other, at) {
  const code = "1.1.3", wrong = "ố".repeat(501);
  const mine = await officer.get(at(code)), theirs = await other.get(at(code));
  equal((await other.submit(theirs, { v0: "16", v1: "20", note: "bản của người kia" }, "/criteria")).status, 200, "the other saves");
  const first = await officer.submit(mine, { v0: wrong, v1: "20", note: "bản của tôi" }, "/criteria");
  check(first.status === 422 && text(first.text).includes("vừa sửa tiêu chí này") && first.text.includes(wrong), "another's save is told first");
  const second = await officer.submit(first, { v0: wrong, v1: "20", note: "bản của tôi" }, "/criteria");
  check(second.status === 422 && second.text.includes('id="v0-error"') && second.text.includes(wrong), "then the field, with what was typed");
  await other.submit(await other.get(at(code)), { v0: "15", v1: "20", note: "bản thứ ba" }, "/criteria");
  const third = await officer.submit(second, { v0: "14", v1: "20", note: "bản của tôi" }, "/criteria");
  check(third.status === 422 && text(third.text).includes("vừa sửa tiêu chí này"), "what was saved while a field was mended is not overwritten unseen");
}

test("season open: a calendar that goes back, a scheme without units and an unknown one are refused with their reason", async () => {
  const i = await demonstration(program);
  const refused = (...args) => i.run("season", "open", ...args);
  check(/appraisal-until/.test(refused("PAR-B-MH-2026", "--starts", "2026-12-01", "--appraisal-until", "2026-12-01").err), "a window that ends before it begins");
  check(/no scheme/.test(refused("KHONG-CO").err), "an unknown scheme");
  const before = i.json("season", "list").length, made = i.json("season", "open", "PAR-B-MH-2026", "--title", "Chấm các bộ");
  check(made.cards > 10 && made.unit_kind === "ministry", JSON.stringify(made));
  equal(i.json("season", "list").length, before + 1, "one more");
});

test("a card scored, proved and signed: nothing typed is lost, the seal stands in the audit, a returned card is signed again", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), other = await signedIn(i, "chuyenvien"), leader = await signedIn(i, "lanhdao.tinh");
  const analyst = await signedIn(i, "phantich"), national = await signedIn(i, "lanhdao");
  const season = i.json("season", "list").find((s) => s.unit_kind === "province"), own = i.json("season", "cards", season.id).find((c) => c.code === "52");
  const card = `/console/cards/${own.id}`, at = (code) => `${card}/criteria?code=${encodeURIComponent(code)}`;
  const first = await officer.get(at("1.1.3")), second = await other.get(at("1.1.3"));
  const saved = await officer.submit(first, { v0: "18", v1: "20", note: "Giải trình <i>một</i>" }, "/criteria");
  check(text((await officer.get(at("1.1.3"))).text).includes("0,50 / 1,00"), "the rule gives half a point");
  check(!saved.text.includes("<i>một"), "an explanation is text");
  const slow = await other.submit(second, { v0: "19", v1: "20", note: "Giải trình hai" }, "/criteria");
  check(slow.status === 422 && slow.text.includes("Giải trình hai") && slow.text.includes('value="19"'), "the slower keeps what was typed");
  check((await officer.get(at("1.1.3"))).text.includes("Giải trình &lt;i&gt;một"), "the faster is kept");
  await bounds(officer, at);
  await revisions(officer, other, at);
  const zero = await officer.submit(await officer.get(at("1.1.3")), { v0: "18", v1: "0", note: "x" }, "/criteria");
  check(zero.status === 200 && text((await officer.get(at("1.1.3"))).text).includes("chia cho 0"), "kept, and what is missing is named");
  const form = await officer.get(at("1.1.3"));
  const sent = await officer.upload(form, "báo cáo.pdf", Buffer.from("%PDF-1.4 x"), { code: "1.1.3" }, "/files");
  check(text(sent.text).includes("báo cáo.pdf"), text(sent.text).slice(0, 600));
  const href = sent.text.match(/\/console\/cards\/\d+\/files\/\d+/)[0], file = await officer.get(href);
  equal([file.status, file.text], [200, "%PDF-1.4 x"], "the file comes back");
  equal((await national.get(`${card}/sign`)).text.includes("lãnh đạo làm việc tại đơn vị"), true, "who works elsewhere signs nothing");
  check(text((await leader.get(`${card}/sign`)).text).includes("Các tiêu chí chưa xong"), "criteria are missing");
  const codes = [...(await officer.get(card)).text.matchAll(/criteria\?code=([^"]+)"/g)].map((m) => decodeURIComponent(m[1]));
  for (const code of new Set(codes)) {
    const page = await officer.get(at(code));
    if (!page.text.includes('name="not_applicable"') || code === "1.1.3") continue;
    await officer.submit(page, { not_applicable: "1", note: "Không thuộc chức năng" }, "/criteria");
  }
  await officer.submit(await officer.get(at("1.1.3")), { v0: "18", v1: "20" }, "/criteria");
  const typing = await officer.get(at("1.1.2"));
  const signed = await leader.submit(await leader.get(`${card}/sign`), {}, "/sign");
  check(text(signed.text).includes("Đã ký gửi"), text(signed.text).slice(0, 900));
  const late = await officer.submit(typing, { note: "đang gõ dở" }, "/criteria");
  check(late.status === 422 && late.text.includes("đang gõ dở"), "what was being typed is shown again");
  const sum = text((await officer.get(`${card}/print`)).text).match(/[0-9a-f]{64}/)[0];
  const auditor = await signedIn(i, "kiemtoan");
  check((await auditor.get("/console/audit")).text.includes(sum), "the seal stands in the audit");
  const back = await analyst.submit(await analyst.get(`${card}/return`), { reason: "Thiếu biểu 3" }, "/return");
  check(text(back.text).includes("Thiếu biểu 3"), "returned with its reason");
  check(text((await leader.submit(await leader.get(`${card}/sign`), {}, "/sign")).text).includes("Đã ký gửi"), "signed again");
  equal(i.json("audit", "verify").ok, true, "the chain");
});
