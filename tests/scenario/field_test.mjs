// SPDX-License-Identifier: AGPL-3.0-or-later
// Fieldwork as its people meet it: a sample goes into the field, cases are given out, telephoned, visited, replaced, followed.
import fs from "node:fs";
import path from "node:path";
import { Client, check, equal, test, uuid } from "./harness.mjs";
import { answerPages, answerRound, createRound, demonstration, post, signedIn, smallForm, step, text, uploadForm } from "./survey.mjs";
import { jobDone, uploadFrame } from "./sample_test.mjs";
import { number, sql } from "../collect/site.mjs";

const program = process.argv[2];
const answers = { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi: 40, b1: "4" };
const tail = (page) => page.path.split("/").slice(-2).join("/");
let ready = null;

// A list of persons with telephones in Gia Lai, four drawn and four in reserve, in an open round.
function persons() {
  let csv = "ma_xa,thon,ma,ho_ten,dia_chi,dien_thoai\n";
  for (let i = 1; i <= 40; i++) csv += `23563,Làng ${i % 4},P${String(i).padStart(3, "0")},"${i % 2 ? "=HYPERLINK(1)" : "Rơ Châm " + i}",Nhà ${i},0905 123 ${String(400 + i)}\n`;
  return csv;
}

async function fieldwork() {
  if (ready) return ready;
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien");
  const supervisor = await signedIn(i, "giamsat"), interviewer = await signedIn(i, "dieutra");
  let page = await uploadFrame(officer, "Người dân Ia Grai", persons());
  page = await officer.submit(page, { title: "Bốn người" }, "/design");
  page = await officer.submit(await officer.get(page.path + "/stages/1"), { label: "Người", unit: "ma", method: "srs", rule: "fixed", n: "4", reserve: "4" }, "/stages/1");
  page = await officer.submit(page, { title: "Bốn người", keep: ["thon"] }, tail(page));
  const drawn = await jobDone(officer, await officer.submit(await officer.get(page.path + "/draw"), { seed: "field-1" }, "/draw"));
  const form = await uploadForm(officer, "thuc-dia.xlsx", smallForm("thu-thuc-dia"));
  const id = await createRound(officer, form, "dot-thuc-dia", {});
  await step(officer, id, "open");
  const open = await officer.get(`/console/rounds/${id}/fieldwork`);
  const due = new Date(Date.now() + 10 * 86400000);
  const values = { sample: drawn.path.split("/").pop(), unit: "ma_xa", name: "ho_ten", address: "dia_chi", phone: "dien_thoai", due_day: String(due.getUTCDate()),
    due_month: String(due.getUTCMonth() + 1), due_year: String(due.getUTCFullYear()), erase_days: "7" };
  const bad = await officer.submit(open, { ...values, due_year: "2001", sample: "" }, "/fieldwork/open");
  equal(bad.status, 422, "a day that is over");
  const board = await jobDone(officer, await officer.submit(bad, values, "/fieldwork/open"));
  equal(board.path, `/console/rounds/${id}/fieldwork`, "the board");
  const tiles = [...board.text.matchAll(/<a class="place-tile p0" href="([^"]+)">/g)].map((m) => m[1].replaceAll("&amp;", "&"));
  equal(tiles.length, 1, "one commune, one tile");
  equal(boxes(await officer.get(tiles[0])).length, 4, "the tile leads to its cases");
  ready = { i, officer, supervisor, interviewer, id, board };
  return ready;
}

// The demonstration gave the interviewer a day's work in a round of its own: what is counted here is the rest.
let before = new Set();
const caseLinks = (page, kind) => allCaseLinks(page, kind).filter((l) => !before.has(l));
const allCaseLinks = (page, kind) => [...new Set([...page.text.matchAll(new RegExp(`href="(/console/field/${kind}/\\d+)"`, "g"))].map((m) => m[1]))];
const boxes = (page) => [...page.text.matchAll(/name="case" value="(\d+)"/g)].map((m) => m[1]);

test("field: weights of the round can be adjusted for non-response by what the sample kept", async () => {
  const { officer, id } = await fieldwork(), at = `/console/rounds/${id}/weights`, page = await officer.get(at);
  check(/Theo tầng bậc một/.test(page.text) && /<option value="column:thon"[^>]*>Theo cột “thon” của dàn mẫu/.test(page.text), "classes are offered");
  const empty = { units: "", margins: "", source: "", cap: "", act: "preview" };
  let no = await officer.submit(page, { ...empty, design: "stated", response: "column:thon" }, "/weights");
  check(no.status === 422 && /Chỉ hiệu chỉnh không trả lời được với mẫu chọn bằng chương trình/.test(text(no.text)), "only on the sample");
  check(/<option value="column:thon" selected/.test(no.text), "what was chosen stays");
  no = await officer.submit(page, { ...empty, design: "sample", response: "gì đó" }, "/weights");
  check(no.status === 422 && /Xin chọn một cách chia lớp/.test(text(no.text)), "no such class");
  await officer.submit(page, { ...empty, design: "sample", response: "column:thon", act: "save" }, "/weights");
  check(/<option value="column:thon" selected/.test((await officer.get(at)).text), "kept");
  await officer.submit(await officer.get(at), {}, "/remove");
});

test("field: cases are given in bulk, the interviewer sees own cases only, and numbers stay masked until asked for", async () => {
  const { officer, supervisor, interviewer, id } = await fieldwork();
  before = new Set(allCaseLinks(await interviewer.get("/console/field"), "cases"));
  check(before.size >= 10, `a day's work at the first sign-in: ${before.size} cases`);
  const cases = await supervisor.get(`/console/rounds/${id}/fieldwork/cases`);
  equal(boxes(cases).length, 4, "cases in use");
  check(!/0905/.test(cases.text), "no number in the list");
  const to = cases.text.match(/<option value="(\d+)"[^>]*>Rơ Châm H[^<]*\(dieutra\)/)[1];
  equal((await supervisor.submit(cases, { to: "", case: boxes(cases) }, "/assign")).status, 422, "nobody chosen");
  equal((await supervisor.submit(cases, { to: "77", case: boxes(cases) }, "/assign")).status, 422, "a stranger");
  const given = await supervisor.submit(cases, { to, case: boxes(cases).slice(0, 3) }, "/assign");
  check(text(given.text).includes("Đã giao 3 phiếu"), text(given.text).slice(0, 300));
  const mine = await interviewer.get("/console/field");
  const links = caseLinks(mine, "cases");
  equal(links.length, 3, "cases of mine");
  check(/3 phiếu phải làm/.test(text((await interviewer.get("/console")).text)), "the home page says what is to be done");
  check(/số điện thoại ••• 4\d\d/.test(text(mine.text)) && !/0905/.test(mine.text), "masked");
  const page = await interviewer.get(links[0]);
  check(!/0905/.test(page.text), "masked on the page too");
  const shown = await interviewer.submit(page, {}, "/contact");
  check(/0905123\d{3}/.test(shown.text) && shown.text.includes("tel:0905123"), "shown when asked for");
  const other = await supervisor.get(links[0].replace("/cases/", "/desk/"));
  equal(other.status, 200, "the supervisor's desk");
  check(!/0905/.test(other.text) && !other.text.includes("/contact"), "no number at the desk");
  equal((await supervisor.get(links[0])).status, 403, "somebody else's case");
  const auditor = await signedIn((await fieldwork()).i, "quantri");
  check(/field\.contact|Xem thông tin liên hệ|liên hệ/.test((await auditor.get("/console/audit")).text), "the look is recorded");
  equal((await officer.get(`/console/rounds/${id}/fieldwork/cases.csv`)).text.includes("0905"), false, "no number in the file");
});

test("field: a call-back leads the list, an interview by telephone completes its case, and a second answer is refused", async () => {
  const { interviewer, officer, id } = await fieldwork();
  const [first, second] = caseLinks(await interviewer.get("/console/field"), "cases");
  const bad = await interviewer.submit(await interviewer.get(first), { mode: "phone", outcome: "callback", note: "giữ lại" }, "/attempt");
  equal(bad.status, 422, "a call-back without a time");
  check(bad.text.includes("giữ lại"), "what was typed stays");
  equal((await interviewer.submit(bad, { mode: "visit", outcome: "busy" }, "/attempt")).status, 422, "busy at the door");
  const soon = new Date(Date.now() + 3600000 + 7 * 3600000);
  const noted = await interviewer.submit(bad, { mode: "phone", outcome: "callback", callback_day: String(soon.getUTCDate()), callback_month: String(soon.getUTCMonth() + 1),
    callback_year: String(soon.getUTCFullYear()), callback_time: `${soon.getUTCHours()}:${String(soon.getUTCMinutes()).padStart(2, "0")}` }, "/attempt");
  check(text(noted.text).includes("Hẹn lại"), text(noted.text).slice(0, 400));
  let mine = await interviewer.get("/console/field");
  if (soon.getUTCDate() === new Date(Date.now() + 7 * 3600000).getUTCDate()) equal(caseLinks(mine, "cases")[0], first, "the appointment leads");
  const start = () => interviewer.get(second).then((p) => interviewer.submit(p, { mode: "phone" }, "/interview"));
  const begun = await start();
  check(/^\/s\/dot-thuc-dia\//.test(begun.path), `the interview begins at ${begun.path}`);
  const done = await answerPages(interviewer, begun, answers);
  const sent = await interviewer.submit(done.page, {}, "/check");
  equal(sent.status, 200, "sent");
  mine = await interviewer.get("/console/field");
  check(!caseLinks(mine, "cases").includes(second), "the completed case has left the list");
  const again = await interviewer.get(second);
  check(text(again.text).includes("Phỏng vấn xong") && !again.text.includes("/interview"), "no second interview");
  const board = text((await officer.get(`/console/rounds/${id}/fieldwork`)).text);
  check(/RR1[^%]*25,0/.test(board), `one of four: ${board.match(/RR1.{0,200}/)?.[0]}`);
  const progress = text((await officer.get(`/console/rounds/${id}/progress`)).text);
  check(/Điện thoại\s+1/.test(progress), "counted under the telephone");
});

test("field: two interviews of one case begun side by side are both kept, the second with a mark", async () => {
  const { i, interviewer, officer, id } = await fieldwork();
  const third = caseLinks(await interviewer.get("/console/field"), "cases").at(-1);
  const before = i.json("round", "show", "dot-thuc-dia").submissions;
  const one = await answerPages(interviewer, await interviewer.submit(await interviewer.get(third), {}, "/interview"), answers);
  const other = new Client(i.base);                       // another device of the same person
  other.cookies = Object.fromEntries(Object.entries(interviewer.cookies).filter(([name]) => !name.includes("td-s-")));
  const two = await answerPages(other, await other.submit(await other.get(third), {}, "/interview"), answers);
  equal((await interviewer.submit(one.page, {}, "/check")).status, 200, "the first");
  equal((await other.submit(two.page, {}, "/check")).status, 200, "the second: what was asked is not lost");
  equal(i.json("round", "show", "dot-thuc-dia").submissions, before + 2, "both stored");
  check(text((await officer.get(`/console/rounds/${id}/flagged`)).text).includes("Mã mẫu đã có phiếu khác"), "the second is marked");
  equal(i.run("check").code, 0, "everything agrees");
});

test("field: a refused case is replaced by the next reserve, with a reason, once", async () => {
  const { supervisor, interviewer, id } = await fieldwork();
  const [first] = caseLinks(await interviewer.get("/console/field"), "cases");
  const desk = first.replace("/cases/", "/desk/");
  check(!(await supervisor.get(desk)).text.includes("/reserve"), "an open case cannot be replaced");
  await interviewer.submit(await interviewer.get(first), { mode: "phone", outcome: "refused" }, "/attempt");
  const page = await supervisor.get(desk);
  equal((await supervisor.submit(page, { reason: "" }, "/reserve")).status, 422, "a reason is needed");
  const next = await supervisor.submit(page, { reason: "Từ chối hai lần" }, "/reserve");
  check(/thay cho phiếu/.test(text(next.text)) && text(next.text).includes("Từ chối hai lần"), text(next.text).slice(0, 400));
  equal(caseLinks(await interviewer.get("/console/field"), "cases").length >= 1, true, "the reserve goes to the same interviewer");
  equal(boxes(await supervisor.get(`/console/rounds/${id}/fieldwork/cases`)).length, 5, "cases in use");
  const board = text((await supervisor.get(`/console/rounds/${id}/fieldwork`)).text);
  check(board.includes("2.112"), "the refusal stands among the outcomes");
});

// What a key opens is kept for a second: the second answer comes from there.
test("field: the demonstration's telephone opens on a day's work, and is told its own name each time it asks", async () => {
  const { i } = await fieldwork();
  const key = fs.readFileSync(path.join(i.dir, "sign-in.txt"), "utf8").match(/\/field#(\S+)/)[1];
  const ask = async () => (await fetch(i.base + "/field/api/work", { method: "POST", headers: { authorization: "Bearer " + key }, body: new URLSearchParams() })).json();
  const asked = [await ask(), await ask(), await ask()];
  for (const work of asked) check(/^Máy của Rơ Châm/.test(work.device), `the device's name: "${work.device}"`);
  check(asked[0].cases.length >= 10 && asked[0].cases.some((k) => k.callback_at > 0) && asked[0].forms.length === 1, `cases: ${asked[0].cases.length}`);
});

test("field: who holds no right in the place sees nothing of it", async () => {
  const { i, id } = await fieldwork();
  const clerk = await signedIn(i, "nhaplieu");
  equal((await clerk.get(`/console/rounds/${id}/fieldwork`)).status, 403, "clerk");
  equal((await clerk.get("/console/field")).status, 403, "clerk, own list");
});

// Cases named without an interviewer: by a program with the case's code, which has no right and closes nothing, and on paper.
test("field: paper that names its case closes it; an answer of the open interface closes none and is marked", async () => {
  const { i, officer, supervisor } = await fieldwork();
  const form = await uploadForm(officer, "ma-mau.xlsx", smallForm("thu-ma-mau", { extra: [["text", "ma_mau", "Mã mẫu", "Case", "", "", "", "", ""]] }));
  const id = await createRound(officer, form, "dot-ma-mau", {});
  await step(officer, id, "open");
  const drawn = (await officer.get("/console/samples")).text.match(/\/console\/samples\/drawn\/(\d+)/)[1], due = new Date(Date.now() + 10 * 86400000);
  await jobDone(officer, await officer.submit(await officer.get(`/console/rounds/${id}/fieldwork`), { sample: drawn, unit: "ma_xa", due_day: String(due.getUTCDate()),
    due_month: String(due.getUTCMonth() + 1), due_year: String(due.getUTCFullYear()), erase_days: "7" }, "/fieldwork/open"));
  const list = async () => Object.fromEntries((await officer.get(`/console/rounds/${id}/fieldwork/cases.csv`)).text.trim().split(/\r?\n/).slice(1).map((l) => l.split(",")).map((c) => [c[0], c[4]]));
  const codes = Object.keys(await list());
  ready.named = id;
  const answer = (code, more = {}) => ({ instance_id: uuid(), answers: { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi: 40, ma_mau: code, b1: "4", ...more } });
  const one = answer(codes[0]);
  equal((await post(i.base, "dot-ma-mau", one)).status, 201, "an answer with its case");
  equal((await list())[codes[0]], "", "its case stays open");
  equal((await post(i.base, "dot-ma-mau", one)).status, 200, "the same again");
  equal((await post(i.base, "dot-ma-mau", answer(codes[0], { b1: "5" }))).status, 201, "a second answer of the case");
  equal((await post(i.base, "dot-ma-mau", answer("99999-9"))).status, 201, "a code that is none");
  equal((await post(i.base, "dot-ma-mau", answer(undefined))).status, 201, "without a code");
  const both = await Promise.all([1, 2, 3, 4].map((n) => post(i.base, "dot-ma-mau", answer(codes[1], { b1: String(n) }))));
  check(both.every((r) => r.status === 201), "four at once for one case");
  equal((await list())[codes[1]], "", "none of them closes it");
  const flagged = text((await officer.get(`/console/rounds/${id}/flagged`)).text);
  equal([(flagged.match(/Ghi mã mẫu; gửi qua trang khảo sát hay giao diện mở/g) ?? []).length, (flagged.match(/Mã mẫu không có trong đợt/g) ?? []).length], [6, 1], "the marks");

  const runs = await officer.submit(await officer.get("/console/paper/prints"), { round: id, count: "1", lang: "vi" }, "/prints");
  const serial = runs.text.split("<tr>").find((x) => x.includes("dot-ma-mau")).match(/\b\d{7}-\d\b/)[0];
  const batch = (await officer.submit(await officer.get("/console/paper/new"), { round: id, label: "Lô mã mẫu", first: serial, last: serial, stated: "1" }, "/new")).path;
  const typed = { "q.tinh": "52", "q.da_lam": "1", "q.kenh": "1", "q.tuoi": "40", "q.b1": "4", "q.ma_mau": codes[2] };
  for (const who of ["nhaplieu", "nhaplieu2"]) {
    const clerk = await signedIn(i, who);
    let page = await clerk.submit(await clerk.get(batch), { serial }, "/key");
    for (let n = 0; n < 6 && page.path.endsWith("/key"); n++)
      page = await clerk.submit(page, Object.fromEntries(Object.entries(typed).filter(([name]) => page.text.includes(`name="${name}"`))), page.path);
  }
  equal((await list())[codes[2]], "", "typed, not yet accepted");
  await jobDone(supervisor, await supervisor.submit(await supervisor.get(batch + "/accept"), {}, "/accept"));
  equal((await list())[codes[2]], "complete", "accepted: its case is closed");
  equal((await post(i.base, "dot-ma-mau", answer(codes[2]))).status, 201, "a program names a case that is closed");
  check(text((await officer.get(`/console/rounds/${id}/flagged`)).text).includes("Mã mẫu đã có phiếu khác"), "marked as a second one");
  equal(i.run("check").code, 0, "everything agrees");
});

// A person ties what came without a right to its case, leaves it out, takes it in and changes the mind.
test("field: a person ties an answer of the open interface to its case with a reason, and leaving it out opens the case again", async () => {
  const { i, officer, supervisor, interviewer } = await fieldwork();
  const id = ready.named, at = `/console/rounds/${id}/fieldwork/claims`, list = await supervisor.get(at);
  const links = [...new Set([...list.text.matchAll(/href="(\/console\/field\/claims\/\d+)"/g)].map((m) => m[1]))];
  equal(links.length, 7, "answers that wait: six of open cases, one of a closed one");
  const first = await supervisor.get(links[0]), code = first.text.match(/nêu phiếu (\d{5}-\d)/)[1];
  check(text(first.text).includes("chưa có câu trả lời nào khác"), "nothing to compare with yet");
  const bad = await supervisor.submit(first, { state: "tied", reason: "" }, links[0]);
  equal(bad.status, 422, "a reason is needed");
  const tied = await supervisor.submit(bad, { state: "tied", reason: "Gọi lại, đúng người" }, links[0]);
  check(text(tied.text).includes("Đã gắn với phiếu") && text(tied.text).includes("Gọi lại, đúng người"), text(tied.text).slice(0, 500));
  const outcome = async (c) => (await officer.get(`/console/rounds/${id}/fieldwork/cases.csv`)).text.split(/\r?\n/).map((l) => l.split(",")).find((r) => r[0] === c)[4];
  equal(await outcome(code), "complete", "the case is closed by it");
  const rival = await supervisor.get(links[1]);
  check(rival.text.includes(code) && !rival.text.includes('value="tied"') && /Khác nhau ở \d+ trên/.test(text(rival.text)), "the other one is shown beside it and cannot be tied");
  const refused = await supervisor.submit(rival, { state: "refused", reason: "Trùng" }, rival.path);
  check(text(refused.text).includes("Không phải của mẫu"), "refused");
  check(text((await supervisor.submit(refused, { state: "waiting" }, refused.path)).text).includes("Chờ quyết định"), "taken back");
  const record = tied.text.match(/href="(\/console\/rounds\/\d+\/records\/\d+)"/)[1];
  await officer.submit(await officer.get(record), { why: "Sai địa chỉ" }, record + "/decide");
  equal(await outcome(code), "unusable", "left out: the case has no interview that can be used");
  check(text((await supervisor.get(`/console/rounds/${id}/fieldwork`)).text).includes("2.30"), "among the outcomes");
  await officer.submit(await officer.get(record), { why: "Đã kiểm lại" }, record + "/decide");
  equal(await outcome(code), "complete", "taken in again");
  const undone = await supervisor.submit(await supervisor.get(links[0]), { state: "waiting" }, links[0]);
  check(text(undone.text).includes("Đã hoàn tác"), "undone");
  equal(await outcome(code), "", "open again");
  equal((await interviewer.get(links[0])).status, 403, "not an interviewer's");
  const findings = await officer.get(`/console/quality/rounds/${id}/findings?source=cases&state=open`);
  equal([...findings.text.matchAll(/\/console\/field\/claims\/\d+/g)].length, 7, "the console of findings leads to each");
  check(/Gắn câu trả lời với phiếu/.test(text((await (await signedIn(i, "quantri")).get("/console/audit")).text)), "audited");
  equal(i.run("check").code, 0, "everything agrees");
});

// Both have read the same page; whoever comes second is told, and nothing of that decision stays.
test("field: two officials decide about one case at once: one decision stands, the other leaves nothing written", async () => {
  const { i, officer, supervisor } = await fieldwork();
  const list = await supervisor.get(`/console/rounds/${ready.named}/fieldwork/claims`), kase = (page) => page.text.match(/nêu phiếu (\d{5}-\d)/)[1];
  const links = [...new Set([...list.text.matchAll(/href="(\/console\/field\/claims\/\d+)"/g)].map((m) => m[1]))];
  const pages = await Promise.all(links.map((l) => supervisor.get(l)));
  const rivals = links.filter((_, n) => pages.filter((p) => kase(p) === kase(pages[n])).length === 4), answer = (link) => Number(link.split("/").pop());
  equal(rivals.length, 4, "answers that name one case");
  const acts = () => number("SELECT COUNT(*) FROM audit_records WHERE action LIKE 'field.claim.%'", i);
  const stored = (link) => sql(`SELECT state, settled_by, COALESCE(settled_at, 0), reason, revision FROM case_claims WHERE submission_id = ${answer(link)}`, i)[0];
  const tied = () => sql(`SELECT l.submission_id FROM case_links l JOIN field_cases c ON c.id = l.case_id WHERE c.round_id = ${ready.named} AND c.code = '${kase(pages[links.indexOf(rivals[0])])}'`, i).map(Number);
  const conflict = (page) => text(page.text).includes("vừa thay đổi nên chưa lưu quyết định");
  const atOnce = (one, two, to = ["tied", "tied"]) => Promise.all([[supervisor, one, to[0]], [officer, two, to[1]]]
    .map(async ([who, link, state]) => [who, await who.get(link), link, state]))
    .then((read) => Promise.all(read.map(([who, page, link, state], n) => who.submit(page, { state, reason: `Người thứ ${n + 1} quyết định` }, link))));

  for (let turn = 0; turn < 3; turn++) {                                                     // two answers, one case
    const before = acts(), two = [rivals[turn], rivals[turn + 1]], kept = two.map(stored), after = await atOnce(...two), lost = after.findIndex(conflict), won = 1 - lost;
    equal([after.filter(conflict).length, after.map((p) => p.status)], [1, [200, 200]], "the second is told");
    equal([tied(), acts() - before], [[answer(two[won])], 1], "one answer of the case, one act on record");
    equal(stored(two[lost]), kept[lost], "the other answer waits as before");
    check(!after[lost].text.includes('value="tied"') && !after[lost].text.includes(`Người thứ ${lost + 1} quyết định`), "it is shown anew and cannot be tied");
    check(after[won].text.includes(`Người thứ ${won + 1} quyết định`), "the reason of the one that stands");
    await supervisor.submit(await supervisor.get(two[won]), { state: "waiting" }, two[won]);
    equal(tied(), [], "taken back");
  }
  for (let turn = 0; turn < 3; turn++) {                                                     // one answer, tied and refused
    const before = acts(), after = await atOnce(rivals[0], rivals[0], ["tied", "refused"]), won = 1 - after.findIndex(conflict);
    equal([after.filter(conflict).length, acts() - before], [1, 1], "one decision about one answer");
    check(stored(rivals[0]).startsWith(won ? "refused|" : "tied|") && stored(rivals[0]).includes(`|Người thứ ${won + 1} quyết định|`), stored(rivals[0]));
    equal(tied(), won ? [] : [answer(rivals[0])], "refused, it is no answer of the case");
    await supervisor.submit(await supervisor.get(rivals[0]), { state: "waiting" }, rivals[0]);
  }
  equal(i.run("check").code, 0, "everything agrees");
});

// A letter with the code leads people to the page as well.
test("field: an answer by the survey's pages that names a case waits for a person too", async () => {
  const { i, officer, supervisor } = await fieldwork();
  const at = `/console/rounds/${ready.named}/fieldwork/claims`, waiting = async () => (await supervisor.get(at)).text.match(/\/console\/field\/claims\/\d+/g).length, before = await waiting();
  const code = (await officer.get(`/console/rounds/${ready.named}/fieldwork/cases.csv`)).text.trim().split(/\r?\n/).map((l) => l.split(",")).find((r) => r[4] === "")[0];
  await answerRound(i.base, "dot-ma-mau", { tinh: "52", da_lam: "co", kenh: "bao", tuoi: "40", ma_mau: code, b1: "4" });
  equal(await waiting(), before + 1, "one more waits");
  check(text((await supervisor.get(at)).text).includes("Trang khảo sát"), "with its channel");
  equal(i.run("check").code, 0, "everything agrees");
});
