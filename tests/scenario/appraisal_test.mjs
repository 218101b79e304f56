// SPDX-License-Identifier: AGPL-3.0-or-later
// The whole life of a card: signed, appraised by two, explained, appraised again, objected to, decided by the council, settled, locked.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { Instance, check, equal, signIn, test } from "./harness.mjs";
import { text } from "./survey.mjs";

const program = process.argv[2];
const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

// A demonstration of its own: the card of the province goes all the way.
async function fresh(run) {
  const i = new Instance(program, { demo: true });
  try {
    i.init();
    await i.start();
    await run(i, (login) => signIn(i, login, i.accounts()[login]));
  } finally {
    await i.remove();
  }
}

// What no page does, straight into the database.
function sql(i, change) {
  const done = i.database ? spawnSync("psql", [i.database, "-qc", change]) : spawnSync("sqlite3", [path.join(i.dir, "thuocdo.db"), change]);
  equal([done.error, done.status], [undefined, 0], String(done.stderr));
}

// Every criterion of the unit: two scored with evidence, the others said not to apply.
async function scored(officer, card) {
  const at = (code) => `${card}/criteria?code=${encodeURIComponent(code)}`;
  for (const code of ["1.1.3"]) await officer.submit(await officer.get(at(code)), { v0: "18", v1: "20", note: "Hai nhiệm vụ lùi <i>sang</i> quý I" }, "/criteria");
  await officer.upload(await officer.get(at("1.1.3")), "bao cao.pdf", Buffer.from("%PDF-1.4\n1 0 obj\n"), { code: "1.1.3" }, "/files");
  await officer.upload(await officer.get(at("1.1.3")), "anh.png", png, { code: "1.1.3" }, "/files");
  const codes = [...(await officer.get(card)).text.matchAll(/criteria\?code=([^"]+)"/g)].map((m) => decodeURIComponent(m[1])), own = [];
  for (const code of new Set(codes)) {
    const page = await officer.get(at(code));
    if (!page.text.includes('name="not_applicable"')) continue;
    own.push(code);
    if (code !== "1.1.3") await officer.submit(page, { not_applicable: "1", note: "Không thuộc chức năng" }, "/criteria");
  }
  return own;
}

// The page of appraisers, with those of the demonstration gone.
async function nobody(analyst, url) {
  let page = await analyst.get(url);
  while (page.text.includes('name="remove"')) page = await analyst.submit(page, { remove: "1" }, "/appraisers");
  return page;
}

// Verdicts on everything that is not judged yet: accepted.
async function acceptAll(appraiser, card, codes) {
  for (const code of codes) {
    const page = await appraiser.get(`${card}/verdict?code=${encodeURIComponent(code)}`);
    const r = await appraiser.submit(page, { kind: "accept" }, "/verdict");
    equal(r.status, 200, `${code}: ${text(r.text).slice(0, 300)}`);
  }
}

// What a person was told: unread, in words.
const told = async (person) => text((await person.get("/console/inbox?show=unread")).text);

test("the whole life of a card, from the signature over two appraisals and an objection to the lock", () => fresh(async (i, person) => {
  const officer = await person("chuyenvien"), leader = await person("lanhdao.tinh"), analyst = await person("phantich");
  const one = await person("thamdinh"), two = await person("thamdinh2"), council = await person("lanhdao");
  const season = i.json("season", "list").find((s) => s.unit_kind === "province"), desk = `/console/seasons/${season.id}`;
  const own = i.json("season", "cards", season.id).find((c) => c.code === "52"), card = `/console/cards/${own.id}`;
  const state = () => i.json("season", "cards", season.id).find((c) => c.code === "52").state, verdict = (code) => `${card}/verdict?code=${encodeURIComponent(code)}`;
  const codes = await scored(officer, card);
  await leader.submit(await leader.get(`${card}/sign`), {}, "/sign");
  equal(state(), "submitted", "signed");
  // Who appraises: nobody before being assigned; then by domain.
  let page = await nobody(analyst, `${desk}/appraisers`);
  check(text((await one.get(`${card}/appraise`)).text).includes("chưa được phân công"), "not assigned");
  equal((await analyst.submit(page, { person: "1" }, "/appraisers")).status, 422, "an unknown person");
  const id = (login) => page.text.match(new RegExp(`value="(\\d+)"[^>]*>[^<]*\\(${login}\\)`))[1];
  for (const login of ["thamdinh", "thamdinh2"]) check(text((await analyst.submit(page, { person: id(login) }, "/appraisers")).text).includes("Đã phân công"), login);
  equal((await officer.get(`${card}/appraise`)).status, 403, "an officer appraises nothing");
  check(text((await one.get("/console/appraisal")).text).includes("Gia Lai"), "the queue");
  // Rule and data agree: accepted at once; the manager cannot end the round yet.
  page = await one.get(`${card}/appraise?domain=1`);
  check(text(page.text).includes("Khớp"), "agrees");
  const current = (p, entry) => check(p.text.includes(`href="/console/${entry}" aria-current="page"`), `${p.path} marks ${entry} in the menu`);
  current(page, "appraisal");
  current(await officer.get(card), "seasons");
  current(await analyst.get("/console/report-templates"), "reports");
  check(text((await one.submit(page, {}, "/appraise")).text).includes("Đã chấp nhận 1 tiêu chí"), "accepted in bulk");
  check(text((await analyst.get(`${card}/announce`)).text).includes("chưa thẩm định xong"), "the round waits for verdicts");
  // Two appraisers at once: the slower keeps what was typed.
  const a = await one.get(verdict("1.1.3")), b = await two.get(verdict("1.1.3"));
  check(text(a.text).includes("Hai nhiệm vụ lùi <i>sang</i>") && !a.text.includes("<i>sang"), "what the unit says is text");
  check(/<iframe[^>]*files\/\d+\/view/.test(a.text), "the document stands in a frame");
  const frame = await one.get(a.text.match(/src="([^"]*\/view)"/)[1]);
  check(frame.headers.get("content-type").startsWith("application/pdf") && frame.headers.get("content-security-policy").includes("frame-ancestors 'self'"), "the frame's document");
  check(/<img src="[^"]*files\/\d+"/.test((await one.get(`${verdict("1.1.3")}&e=2`)).text), "the picture stands in the page");
  equal((await one.submit(a, { kind: "points", points: "1,5", reason: "x" }, "/verdict")).status, 422, "more than the maximum");
  equal((await one.submit(a, { kind: "points", points: "0,4", reason: "" }, "/verdict")).status, 422, "a reason is asked for");
  equal((await one.submit(a, { kind: "ask", reason: "Vì sao lùi <b>hai</b> nhiệm vụ?" }, "/verdict")).status, 200, "asked");
  const slow = await two.submit(b, { kind: "points", points: "0", reason: "đang gõ" }, "/verdict");
  check(slow.status === 422 && slow.text.includes("đang gõ") && text(slow.text).includes("vừa kết luận"), "the slower keeps what was typed");
  // Notices: who waits is told, and nobody else.
  check((await told(one)).includes("được giao thẩm định") && !(await told(officer)).includes("giải trình"), "the appraiser is told, the unit not yet");
  // A large change waits for the second appraiser, and nobody confirms their own.
  page = await one.submit(await one.get(verdict("1.1.2")), { kind: "points", points: "0,5", reason: "Có áp dụng với tỉnh" }, "/verdict");
  check(text(page.text).includes("chờ người thẩm định thứ hai"), "large");
  check(!(await one.get(verdict("1.1.2"))).text.includes('name="confirm"'), "not one's own");
  check((await told(two)).includes("người thẩm định thứ hai") && !(await told(one)).includes("người thẩm định thứ hai"), "the second is told");
  await acceptAll(one, card, codes.filter((c) => !["1.1.2", "1.1.3"].includes(c)));
  check(text((await analyst.get(`${card}/ask`)).text).includes("người thứ hai"), "the round waits for the second");
  page = await two.get(verdict("1.1.2"));
  check(text((await two.submit(page, { confirm: "1" }, "/verdict")).text).includes("Đã xác nhận"), "confirmed");
  check(!text((await officer.get(`${card}/criteria?code=1.1.3`)).text).includes("Vì sao lùi"), "the unit reads nothing before the round ends");
  const late = await two.get(verdict("1.1.1"));
  await analyst.submit(await analyst.get(`${card}/ask`), {}, "/ask");
  equal(state(), "explaining", "explanations asked for");
  for (const who of [officer, leader]) check(/đề nghị Gia Lai giải trình 1 tiêu chí/.test(await told(who)), "the unit is told what it is asked");
  check(/Thông báo\s*\d+ chưa đọc/.test(text((await officer.get("/console")).text)), "the head counts what is unread");
  const closed = await two.submit(late, { kind: "points", points: "0", reason: "gõ dở" }, "/verdict");
  check(closed.status === 422 && closed.text.includes("gõ dở"), "what is typed when the round ends is not lost");
  // The unit explains what was asked, and only that.
  page = await officer.get(`${card}/criteria?code=1.1.3`);
  check(text(page.text).includes("Vì sao lùi <b>hai</b> nhiệm vụ?") && !page.text.includes("<b>hai</b>"), "the question is text");
  check(!(await officer.get(`${card}/criteria?code=1.1.2`)).text.includes('name="answer"'), "not asked");
  check(text((await leader.get(`${card}/answer`)).text).includes("chưa có giải trình"), "the leader waits for the answer");
  check((await officer.get("/console")).text.includes(card), "it waits on the first page of the console");
  const typing = await officer.get(`${card}/criteria?code=1.1.3`);
  await officer.submit(page, { answer: "Bão số 3" }, "/explanations");
  const again = await officer.submit(typing, { answer: "bản thứ hai" }, "/explanations");
  check(again.status === 422 && again.text.includes("bản thứ hai"), "the slower keeps what was typed");
  await officer.upload(await officer.get(`${card}/criteria?code=1.1.3`), "bo sung.png", Buffer.concat([png, Buffer.from("x")]), { code: "1.1.3" }, "/files");
  const half = await officer.get(`${card}/criteria?code=1.1.3`);
  equal((await officer.submit(await officer.get(card), {}, "/answer").catch(() => ({ status: 0 }))).status === 200, false, "an officer sends nothing");
  await leader.submit(await leader.get(`${card}/answer`), {}, "/answer");
  equal(state(), "second", "the second round");
  check((await told(one)).includes("đã gửi giải trình"), "the appraisers are told of the answer");
  const lost = await officer.submit(half, { answer: "gõ khi đã gửi" }, "/explanations");
  check(lost.status === 422 && lost.text.includes("gõ khi đã gửi"), "what is typed when it was sent is not lost");
  // The second round: only what was asked; no second question.
  page = await one.get(verdict("1.1.3"));
  check(text(page.text).includes("Bão số 3") && !page.text.includes('value="ask"'), "the answer is read, no second question");
  equal((await one.submit(page, { kind: "points", points: "0,25", reason: "Chưa đủ căn cứ" }, "/verdict")).status, 200, "second verdict");
  await analyst.submit(await analyst.get(`${card}/announce`), {}, "/announce");
  equal(state(), "appraised", "announced");
  check((await told(officer)).includes("2 tiêu chí khác với điểm tự chấm"), "the unit is told where the points differ");
  check(text((await officer.get(card)).text).includes("0,25"), "the unit reads the points");
  // Objections: criterion by criterion, sent once.
  check(text((await leader.get(`${card}/object`)).text).includes("Chưa có kiến nghị nào"), "nothing to send");
  await officer.submit(await officer.get(`${card}/criteria?code=1.1.3`), { objection: "Có quyết định lùi hạn" }, "/objections");
  await officer.submit(await officer.get(`${card}/criteria?code=1.1.2`), { objection: "Bản đầu" }, "/objections");
  const older = await officer.get(`${card}/criteria?code=1.1.2`);
  await officer.submit(older, { objection: "Không áp dụng" }, "/objections");
  const gone = await officer.submit(older, { remove: "1" }, "/objections");
  check(gone.status === 422 && text(gone.text).includes("vừa sửa"), "what was changed since is not removed unseen");
  check(text((await leader.get(`${card}/accept`)).text).includes("Bỏ các kiến nghị"), "no acceptance beside objections");
  check(text((await analyst.get(`${card}/settle`)).text).includes("được kiến nghị đến hết"), "the manager waits for the unit's last day");
  await leader.submit(await leader.get(`${card}/object`), {}, "/object");
  equal(state(), "objected", "before the council");
  check((await told(council)).includes("kiến nghị 2 tiêu chí"), "the council is told");
  equal((await leader.get(`${card}/council`)).status, 403, "a leader of the province is not of the nation's council");
  check(text((await analyst.get(`${card}/settle`)).text).includes("chưa quyết định"), "settled after the decisions");
  const decision = (code) => `${card}/decision?code=${code}`;
  check(text((await council.get(`${card}/council`)).text).includes("Có quyết định lùi hạn"), "the council reads the objections");
  // Whoever judged a criterion decides no objection to it, under whatever role.
  const form = await council.get(decision("1.1.2"));
  const confirmed = (login) => sql(i, `UPDATE card_verdicts SET confirmed_by = (SELECT id FROM people WHERE login = '${login}') WHERE card_id = ${own.id} AND code = '1.1.2'`);
  confirmed("lanhdao");
  check(!(await council.get(decision("1.1.2"))).text.includes('name="why"'), "no form for who confirmed it");
  const judge = await council.submit(form, { decision: "accept", why: "Đồng ý <b>hết</b>" }, "/decision");
  check(judge.status === 422 && text(judge.text).includes("thành viên khác của hội đồng") && judge.text.includes("Đồng ý &lt;b"), "refused, nothing typed is lost");
  confirmed("thamdinh2");
  equal((await council.submit(await council.get(decision("1.1.3")), { decision: "accept", why: "" }, "/decision")).status, 422, "a reason is asked for");
  await council.submit(await council.get(decision("1.1.3")), { decision: "points", points: "0,4", why: "Công nhận một phần" }, "/decision");
  check(!text((await officer.get(`${card}/criteria?code=1.1.3`)).text).includes("Công nhận một phần"), "the unit reads decisions once the card is settled");
  await council.submit(await council.get(decision("1.1.2")), { decision: "reject", why: "Có áp dụng" }, "/decision");
  await analyst.submit(await analyst.get(`${card}/settle`), {}, "/settle");
  equal(state(), "settled", "settled");
  page = await officer.get("/console/inbox");
  check(text(page.text).includes("Hội đồng đã quyết định 2 kiến nghị"), "the unit is told of the decision");
  const note = page.text.match(/name="id" value="(\d+)"/)[1], theirs = await one.get("/console/inbox");
  equal((await one.submit(theirs, { id: note }, "/inbox/open")).status, 404, "another's notice");
  check((await officer.submit(page, {}, "/inbox/open")).path.endsWith(card), "a notice opens what it tells of");
  const left = (await told(officer)).match(/Chưa đọc \((\d+)\)/)[1];
  check(text((await officer.submit(await officer.get("/console/inbox"), {}, "/inbox/all")).text).includes(`Đã đánh dấu ${left} thông báo`), "all are marked");
  check((await told(officer)).includes("Không có thông báo nào"), "nothing is unread");
  check(text((await officer.get(`${card}/criteria?code=1.1.3`)).text).includes("Công nhận một phần"), "the decision and its reason");
  await analyst.submit(await analyst.get(`${card}/lock`), {}, "/lock");
  equal(state(), "locked", "locked");
  check((await analyst.get(`${card}/withdraw`)).path.endsWith(card), "nothing changes a locked card");
  check(text((await analyst.get(`${desk}/appraisers`)).text).includes("Phạm Văn Khoa"), "the counts of appraisers");
  equal(i.json("audit", "verify").ok, true, "the chain");
}));

test("whoever runs a season reminds the units that have not sent, once a day, and the timeline says so", () => fresh(async (i, person) => {
  const officer = await person("chuyenvien"), analyst = await person("phantich"), council = await person("lanhdao");
  const season = i.json("season", "list").find((s) => s.unit_kind === "province"), desk = `/console/seasons/${season.id}`;
  const card = `/console/cards/${i.json("season", "cards", season.id).find((c) => c.code === "52").id}`;
  equal((await officer.get(`${desk}/remind`)).status, 403, "not for a unit");
  check(!(await officer.get(desk)).text.includes(`${desk}/remind`), "no button either");
  const page = await analyst.get(`${desk}/remind`);
  check(text(page.text).includes("Gia Lai"), "the units are named first");
  const done = text((await analyst.submit(page, {}, "/remind")).text);
  check(/Đã nhắc \d+ đơn vị/.test(done) && /Đã nhắc \d\d:\d\d/.test(done), "done, and who was reminded when");
  check((await told(officer)).includes("nhắc Gia Lai tự chấm và gửi hồ sơ") && !(await told(council)).includes("nhắc Gia Lai"), "the unit is told");
  check(text((await officer.get(card)).text).includes("Nhắc hạn"), "the timeline");
  check(text((await analyst.submit(await analyst.get(`${desk}/remind`), {}, "/remind")).text).includes("đã được nhắc hôm nay"), "once a day");
  equal((await told(officer)).split("nhắc Gia Lai").length - 1, 2, "one notice: its sentence, and the name of its button");
}));

test("a conflict of interest keeps an appraiser away, an assignment reaches its domain alone, a return is judged again where it changed", () => fresh(async (i, person) => {
  const officer = await person("chuyenvien"), leader = await person("lanhdao.tinh"), analyst = await person("phantich");
  const one = await person("thamdinh"), two = await person("thamdinh2");
  const season = i.json("season", "list").find((s) => s.unit_kind === "province"), own = i.json("season", "cards", season.id).find((c) => c.code === "52"), card = `/console/cards/${own.id}`;
  await scored(officer, card);
  await leader.submit(await leader.get(`${card}/sign`), {}, "/sign");
  const page = await nobody(analyst, `/console/seasons/${season.id}/appraisers`), id = (login) => page.text.match(new RegExp(`value="(\\d+)"[^>]*>[^<]*\\(${login}\\)`))[1];
  await analyst.submit(page, { person: id("thamdinh"), domain: "1" }, "/appraisers");
  await analyst.submit(page, { person: id("thamdinh2") }, "/appraisers");
  await analyst.submit(page, { four_eyes: "0,1" }, "/appraisers");
  equal((await one.get(`${card}/verdict?code=1.1.3`)).status, 200, "the own domain");
  equal((await one.get(`${card}/verdict?code=2.1.1`)).status, 403, "another domain");
  await one.submit(await one.get(`${card}/verdict?code=1.1.3`), { kind: "points", points: "0,35", reason: "Thiếu biểu" }, "/verdict");
  check(text((await one.get(`${card}/verdict?code=1.1.3`)).text).includes("Chờ người thứ hai"), "the season's threshold counts");
  await two.submit(await two.get(`${card}/verdict?code=1.1.3`), { confirm: "1" }, "/verdict");
  await analyst.submit(await analyst.get(`${card}/return`), { reason: "Sửa số" }, "/return");
  await officer.submit(await officer.get(`${card}/criteria?code=1.1.3`), { v0: "20", v1: "20" }, "/criteria");
  await leader.submit(await leader.get(`${card}/sign`), {}, "/sign");
  check(/Chưa thẩm định/.test(text((await one.get(`${card}/appraise?domain=1`)).text)), "judged again after the change");
  // What was judged before the conflict was declared waits for another; what they have left to do does not wait for them any more.
  const accepted = () => one.get(`${card}/appraise?domain=1`).then((r) => text(r.text).match(/1\.1\.2 [^]*?1\.1\.3 /)[0]);
  await two.submit(await two.get(`${card}/verdict?code=1.1.2`), { kind: "accept" }, "/verdict");
  check(!(await accepted()).includes("Chưa thẩm định"), "judged");
  const waits = () => two.get("/console").then((r) => Number(text(r.text).match(/(\d+) phiếu chờ thẩm định/)?.[1] ?? 0)), before = await waits();
  const away = await two.submit(await two.get(`${card}/conflict`), { reason: "Anh trai là giám đốc sở" }, "/conflict");
  check(/Đã ghi\. \d+ tiêu chí/.test(text(away.text)), text(away.text).slice(0, 600));
  check((await accepted()).includes("Chưa thẩm định"), "judged again");
  equal(await waits(), before - 1, "no card of theirs any more");
  check(text((await two.get(`${card}/verdict?code=1.1.3`)).text).includes("xung đột lợi ích"), "blocked");
  check(!text((await two.get("/console/appraisal")).text).includes("Gia Lai"), "gone from the queue");
  check(text((await analyst.get(`/console/seasons/${season.id}/appraisers`)).text).includes("Anh trai"), "the manager reads the reason");
}));
