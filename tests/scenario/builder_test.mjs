// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing a questionnaire in the browser: from an empty draft to a published version, two people at once, a workbook out and in again.
import { check, equal, test } from "./harness.mjs";
import { createRound, demonstration, signedIn, text, uploadForm, workbook } from "./survey.mjs";

const program = process.argv[2];

async function begin(officer, values) {
  const page = await officer.submit(await officer.get("/console/drafts/new"), values, "/drafts/new");
  check(/^\/console\/drafts\/\d+$/.test(page.path), `the draft begins at ${page.path} (${page.status})`);
  return page.path;
}

async function add(officer, draft, type, label, where = "") {
  const page = await officer.submit(await officer.get(`${draft}/add${where}`), { type, label }, "/add");
  equal(page.status, 200, `added ${type}`);
  return page;
}

test("builder: a questionnaire is written, walked through and published", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "phantich");
  const draft = await begin(officer, { start: "empty", title: "Phiếu <soạn> thử", english: "1" });
  equal((await officer.submit(await officer.get(draft + "/add"), { label: "x" }, "/add")).status, 422, "a kind must be picked");
  await add(officer, draft, "note", "Xin chào <b>ông/bà</b>");
  let age = await add(officer, draft, "integer", "Bao nhiêu tuổi?");
  age = await officer.submit(age, { label_1: "How old are you?" }, age.path);
  let rules = await officer.get(age.path + "/rules");
  equal((await officer.submit(rules, { least: "mười tám" }, "/rules")).status, 422, "a bound that is no number");
  rules = await officer.submit(await officer.get(age.path + "/rules"), { least: "18", most: "120" }, "/rules");
  check(/value="18"/.test(rules.text), "the bound is read back");
  const happy = await add(officer, draft, "select_one", "Hài lòng không?");
  await officer.submit(happy, { choices: "1 | Có | Yes\n0 | Không | No", required: "yes" }, happy.path);
  const why = await add(officer, draft, "text", "Vì sao?");
  let logic = await officer.get(why.path + "/logic");
  const name = logic.text.match(/<option value="([^"]*)"[^>]*>[^<]*Hài lòng không/)[1];
  logic = await officer.submit(logic, { q_0: name, kind_0: "is", value_0: "chưa rõ" }, "/logic");
  equal(logic.status, 422, "a value that is no answer");
  logic = await officer.submit(logic, { q_0: name, kind_0: "is", value_0: "khong" }, "/logic");
  check(/<option value="0" selected>Không/.test(logic.text), "the answer is found by its words and read back");
  const outline = await officer.get(draft);
  check(text(outline.text).includes("Hỏi khi: “Hài lòng không?” bằng “Không”"), "the condition is told in words");
  check(outline.text.includes("Xin chào &lt;b&gt;") && !outline.text.includes("<b>ông"), "labels are text");

  let phone = await officer.get(draft + "/phone");
  check(/frame-ancestors 'self'/.test(phone.headers.get("content-security-policy")), "the preview may stand in our own frame");
  const q = (n) => phone.text.match(new RegExp(`name="(q\\.[^"]*)"`))?.[1] ?? n;
  equal((phone = await officer.submit(phone, { [q()]: "12" }, "/phone")).status, 422, "the engine refuses a child");
  phone = await officer.submit(phone, { [q()]: "40" }, "/phone");
  phone = await officer.submit(phone, { [q()]: "1" }, "/phone");
  check(/Hết phiếu/.test(phone.text), "nobody who is satisfied is asked why");
  phone = await officer.get(draft + "/phone");
  check(/name="say" value="en"[^>]*aria-pressed="false"/.test(phone.text) && /name="say" value="vi"[^>]*aria-pressed="true"/.test(phone.text), phone.text.match(/phone-langs[^]{0,400}/)?.[0] ?? age.text.match(/name="label[^"]*"/g)?.join(" ") ?? "none");
  phone = await officer.submit(phone, { [q()]: "mười hai", say: "en" }, "/phone");
  equal(phone.status, 200, "another language is no answer to check");
  check(phone.text.includes('value="mười hai"') && /name="lang" value="en"/.test(phone.text), "what was typed stays, in English");
  equal((await officer.submit(phone, { [q()]: "12" }, "/phone")).status, 422, "and goes on in English");
  check(phone.text.includes("How old are you?"), "its words too");
  phone = await officer.get(draft + "/phone?lang=en");

  let publish = await officer.get(draft + "/publish");
  check(/thiếu nhãn/.test(publish.text) && /phiên bản đầu tiên/.test(publish.text), "warnings and what is new");
  publish = await officer.submit(publish, { version: "1" }, "/publish");
  equal(publish.status, 422, "warnings are confirmed");
  const done = await officer.submit(publish, { version: "1", agree: "1" }, "/publish");
  check(/^\/console\/forms\/\d+$/.test(done.path), `published at ${done.path} (${done.status})`);
  check(done.text.includes("Bao nhiêu tuổi?"), "the version shows its questions");
  equal((await officer.get(draft + "/settings")).status, 410, "a published draft is closed");
  equal((await officer.get(draft)).path, done.path, "its address leads to the version");

  const again = await officer.submit(await officer.get(`/console/drafts/new?from=${done.path.split("/").pop()}`), { start: "version" }, "/drafts/new");
  const rewritten = again.path;
  const changes = await officer.get(rewritten + "/publish");
  check(/Không có thay đổi|không khác/i.test(text(changes.text)) || !/data-k="Sau/.test(changes.text), "a draft of a version differs in nothing");
  equal(i.run("check").code, 0, "the store is whole");
});

// Previews search long lists as respondents' pages do: the builder's phone, a version's pages, the walk of a round.
test("builder: a long list is searched in every preview, with and without marks", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "phantich");
  const searched = (page, what, yes, no) => {
    equal(page.status, 200, what);
    check(page.text.includes('name="find.q.') && yes.every((x) => page.text.includes(x)) && no.every((x) => !page.text.includes(x)), `${what}: ${text(page.text).slice(0, 600)}`);
  };
  const draft = await begin(officer, { start: "empty", title: "Phiếu xã" });
  const q = await add(officer, draft, "select_one", "Xã nào?");
  const many = ["dl | Phường Đường Lâm", "dn | Phường Dương Nội", ...Array.from({ length: 240 }, (_, n) => `x${n} | Xã số ${n}`)];
  await officer.submit(q, { choices: many.join("\n") }, q.path);
  let phone = await officer.get(draft + "/phone");
  searched(phone, "the phone", [], ["Đường Lâm"]);
  const name = phone.text.match(/name="find\.(q\.[^"]+)"/)[1];
  phone = await officer.submit(phone, { look: name, [`find.${name}`]: "duong" }, "/phone");
  searched(phone, "searched on the phone", ["Đường Lâm", "Dương Nội"], ["Xã số 1<"]);
  phone = await officer.submit(phone, { [name]: "dl", [`find.${name}`]: "số 239" }, "/phone");
  searched(phone, "words nobody searched by are searched, what was chosen stays", ["Xã số 239", 'value="dl" checked'], ["Dương Nội"]);
  check(text((await officer.submit(phone, {}, "/phone")).text).includes("Hết phiếu"), "then on");

  const id = await uploadForm(officer, "xa.csv", Buffer.from("survey,,,,\n,type,name,label::Tiếng Việt (vi),required\n,select_one xa,xa,Xã nào?,yes\nchoices,,,\n,list_name,name,label::Tiếng Việt (vi)\n" +
    many.map((x) => `,xa,${x.replace(" | ", ",")}\n`).join("") + "settings,,,,\n,form_id,version,form_title,default_language\n,xa_dai,1,Xã,Tiếng Việt (vi)\n"));
  searched(await officer.get(`/console/forms/${id}/preview`), "a version's pages", [], ["Đường Lâm"]);
  searched(await officer.get(`/console/forms/${id}/preview?part=1&lang=vi&find.q.xa=%C4%91%C6%B0%E1%BB%9Dng&found.q.xa=&look=q.xa`), "searched there", ["Đường Lâm"], ["Dương Nội"]);
  check((await officer.get(`/console/forms/${id}/preview?part=1&lang=vi&all=q.xa`)).text.includes("Xã số 239"), "or shown whole");
  const round = await createRound(officer, id, "xa-dai-2026");
  let walk = await officer.submit(await officer.get(`/console/rounds/${round}/preview`), { look: "q.xa", "find.q.xa": "duong" }, "/preview");
  searched(walk, "the walk of a round", ["Đường Lâm", "Dương Nội"], ["Xã số 1<"]);
  equal((await officer.submit(walk, {}, "/preview")).status, 422, "an answer is needed to go on");
  check(!(await officer.submit(walk, { "q.xa": "dn" }, "/preview")).text.includes("find.q.xa"), "the end");
});

test("builder: every column comes back, two people at once lose nothing, acts are undone", async () => {
  const i = await demonstration(program), one = await signedIn(i, "phantich"), two = await signedIn(i, "phantich");
  const sheets = { survey: [["type", "name", "label", "td_points", "của riêng tôi"], ["text", "ten", "Tên", "3", "giữ nguyên"], ["integer", "tuoi", "Tuổi", "", "x"]],
    settings: [["form_id", "form_title"], ["giu-cot", "Giữ cột"]], "ghi chép": [["a", "b"], ["1", "2"]] };
  const begun = await one.upload(await one.get("/console/drafts/new"), "f.xlsx", workbook(sheets), { start: "file" }, "/drafts/new");
  const draft = begun.path, rows = [...begun.text.matchAll(/class="ol-label" href="([^"]*)"/g)].map((m) => m[1]);
  equal(rows.length, 2, "questions of the file");
  const cells = await one.get(rows[0] + "/cells");
  check(/của riêng tôi/.test(cells.text) && /giữ nguyên/.test(cells.text), "columns of one's own are shown");
  const first = await one.get(draft + "/workbook");
  const back = await one.upload(await one.get("/console/drafts/new"), "f.xlsx", first.bytes, { start: "file" }, "/drafts/new");
  check(first.bytes.equals((await one.get(back.path + "/workbook")).bytes), "out, in and out again: the same bytes");

  const mine = await one.get(rows[0]), theirs = await two.get(rows[0]);
  equal((await one.submit(mine, { label_0: "Họ và tên" }, rows[0])).status, 200, "the first saves");
  const late = await two.submit(theirs, { label_0: "Tên <gọi>" }, rows[0]);
  equal(late.status, 409, "the second is told");
  check(late.text.includes("Tên &lt;gọi&gt;") && late.text.includes("Họ và tên"), "what was typed stands beside what was changed");
  equal((await two.submit(late, {}, rows[0])).status, 200, "saving again stands");
  const other = await one.get(rows[1]);
  await two.submit(await two.get(rows[0]), { label_0: "Tên đầy đủ" }, rows[0]);
  equal((await one.submit(other, { label_0: "Tuổi tròn" }, rows[1])).status, 200, "changes of different questions do not meet");
  const lost = await one.get(rows[1]);
  await two.submit(await two.get(draft), { row: rows[1].split("/").pop(), act: "remove" }, "/act");
  const kept = await one.submit(lost, { label_0: "Tuổi đã gõ" }, rows[1]);
  check(/Tuổi đã gõ/.test((await one.get(draft)).text), `a deleted question comes back with what was typed (${kept.status})`);
  await one.submit(await one.get(draft), { row: rows[0].split("/").pop(), act: "remove" }, "/act");
  check(!/Tên đầy đủ<\/a>/.test((await one.get(draft)).text), "deleted");
  await one.submit(await one.get(draft), { act: "undo" }, "/act");
  check(/Tên đầy đủ<\/a>/.test((await one.get(draft)).text), "undone");
  check(/Hoàn tác: Tên đầy đủ/.test(text((await one.get(draft + "/history")).text)), "the history tells it");

  const clerk = await signedIn(i, "nhaplieu");
  equal((await clerk.get(draft)).status, 403, "who may not manage questionnaires sees no draft");
});

test("builder: a question is kept in the bank, found without marks, used elsewhere and told where", async () => {
  const i = await demonstration(program), national = await signedIn(i, "phantich"), officer = await signedIn(i, "chuyenvien");
  const seeded = await national.get("/console/bank");
  check((seeded.text.match(/\/console\/bank\/\d+"/g) ?? []).length > 3, "the demonstration has items");
  const draft = await begin(national, { start: "empty", title: "Phiếu có câu hay" });
  const q = await add(national, draft, "select_one", "Công chức có <niềm nở> không?");
  await national.submit(q, { choices: "1 | Có\n0 | Không", role: "perception" }, q.path);
  equal((await national.submit(await national.get(q.path + "/bank"), {}, "/bank")).status, 422, "a subject is asked for");
  const item = await national.submit(await national.get(q.path + "/bank"), { subject: "Thái độ", note: "mới" }, "/bank");
  check(/^\/console\/bank\/\d+$/.test(item.path) && item.text.includes("&lt;niềm nở&gt;"), `the item stands at ${item.path}`);
  const mine = await begin(officer, { start: "empty", title: "Phiếu của tỉnh" });
  const found = await officer.get(`/console/bank?q=niem+no&draft=${mine.split("/").pop()}`);
  equal((found.text.match(/<tbody>[\s\S]*<\/tbody>/)?.[0].match(/<tr>/g) ?? []).length, 1, "found without marks");
  equal((await officer.get("/console/bank?subject=zzz")).text.includes("niềm"), false, "another subject");
  const taken = await officer.submit(found, { item: item.path.split("/").pop() }, "/bank");
  check(taken.path.startsWith(mine + "/rows/") && /niềm nở/.test(taken.text), `taken into the draft at ${taken.path} (${taken.status})`);
  check(/td_bank/.test((await officer.get(taken.path + "/cells")).text), "the source is noted");
  check(/Phiếu của tỉnh/.test((await national.get(item.path)).text), "the item tells where it is used");
  const pdf = await officer.get(mine + "/paper");
  check(pdf.status === 200 && pdf.bytes.subarray(0, 4).toString() === "%PDF", "a draft is printed");
  equal((await officer.post(item.path + "/withdraw", { token: "x" })).status, 403, "a province does not withdraw the nation's item");
  await national.submit(await national.get(item.path), {}, "/withdraw");
  check(!/niềm nở/.test((await officer.get("/console/bank")).text), "withdrawn");
  check(/niềm nở/.test((await officer.get(mine)).text), "where it is used it stays");
});

test("builder: a group goes into the bank with its logic, comes back whole, and its versions are compared", async () => {
  const i = await demonstration(program), national = await signedIn(i, "phantich"), officer = await signedIn(i, "chuyenvien");
  const draft = await begin(national, { start: "empty", title: "Phiếu có nhóm" });
  const before = await add(national, draft, "integer", "Mấy lần?");
  const group = await add(national, draft, "begin_group", "Nhà ở <nhóm>"), inside = `?after=${group.path.split("/").pop()}&inside=1`;
  const own = await add(national, draft, "select_one", "Có nhà không?", inside);
  await national.submit(own, { choices: "1 | Có\n0 | Không" }, own.path);
  const why = await add(national, draft, "text", "Vì sao chưa có?", inside);
  const named = (page) => page.text.match(/name="name"[^>]*value="([^"]*)"/)[1];
  const name = named(await national.get(own.path)), outside = named(await national.get(before.path));
  await national.submit(await national.get(why.path + "/logic"), { q_0: name, kind_0: "is", value_0: "0" }, "/logic");
  await national.submit(await national.get(group.path + "/logic"), { q_0: outside, kind_0: "above", value_0: "1" }, "/logic");
  const keep = await national.get(group.path + "/bank");
  check(/không chép theo/.test(keep.text) && /“Mấy lần\?” lớn hơn “1”/.test(text(keep.text)), "what stays behind is told before");
  const item = await national.submit(keep, { subject: "Nhà ở" }, "/bank");
  check(/Vì sao chưa có\?/.test(item.text) && /“Có nhà không\?” bằng “Không”/.test(text(item.text)) && item.text.includes("&lt;nhóm&gt;"), "the item shows its questions and conditions");
  const mine = await begin(officer, { start: "empty", title: "Phiếu lấy nhóm" });
  await add(officer, mine, "text", "Họ tên");
  const found = await officer.get(`/console/bank?kind=group&draft=${mine.split("/").pop()}`);
  check(/Nhà ở/.test(found.text) && !/Chọn một câu trả lời/.test(found.text), "groups alone");
  const taken = await officer.submit(found, { item: item.path.split("/").pop() }, "/bank");
  equal(taken.status, 200, "taken");
  const outline = await officer.get(mine);
  check(/Hỏi khi: “Có nhà không\?” bằng “Không”/.test(text(outline.text)) && !/class="issue"/.test(outline.text), "the logic came along and there is no fault");
  await national.submit(await national.get(own.path), { label_0: "Ông/bà có nhà không?" }, own.path);
  const second = await national.submit(await national.get(group.path + "/bank"), { subject: "Nhà ở", as: "version", note: "lịch sự hơn" }, "/bank");
  const changes = await national.get(second.path + "/changes?to=2");
  check(/Có nhà không\?/.test(changes.text) && /Ông\/bà có nhà không\?/.test(changes.text) && /Câu chữ/.test(changes.text) && /lịch sự hơn/.test(changes.text),
    "what changed is told in words");
  check(/hỏi như nhau/.test((await national.get(second.path + "/changes?from=1&to=1")).text), "a version is like itself");
  equal((await national.get(second.path + "/changes?from=7&to=9")).status, 404, "no such versions");
});
