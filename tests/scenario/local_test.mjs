// SPDX-License-Identifier: AGPL-3.0-or-later
// A province runs its own seasons, for its departments and for its communes, from the imported scheme to the second edition, with people it appoints itself.
import { createHmac } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Instance, check, equal, signIn, test } from "./harness.mjs";
import { text } from "./survey.mjs";

const program = process.argv[2];

// The code of RFC 6238 for a secret as pages show it.
function totp(secret) {
  const bits = [...secret.replace(/[\s=]/g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2))), count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac("sha1", key).update(count).digest(), at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, "0");
}

const main = (page) => page.text.match(/<main[\s\S]*<\/main>/)[0], words = (page) => text(main(page)), q = encodeURIComponent;

// A person whom the administrator of the province adds, with one role on a unit; signed in as they are the first time.
async function appointed(i, admin, [login, name, unit, role]) {
  const made = await admin.submit(await admin.get("/console/users/new"), { login, name, unit }, "/users/new");
  const link = made.text.match(/https?:[^<"\s]*(\/reset\/[^<"\s]+)/)[1], id = (await admin.get(`/console/users?q=${login}`)).text.match(/\/console\/users\/(\d+)"/)[1];
  const [d, m, y] = (await admin.get(`/console/users/${id}/grants/new`)).text.match(/name="from_(?:day|month|year)" value="\d+"/g).map((x) => x.match(/value="(\d+)"/)[1]);
  const asked = await admin.get(`/console/users/${id}/grants/check?${new URLSearchParams({ role, unit, from_day: d, from_month: m, from_year: y })}`);
  check(words(await admin.submit(asked, { reason: "Quyết định phân công" }, "/grants/new")).includes(name), `${login}: ${role}`);
  return enrolled(i, login, link);
}

// The first sign-in: a password by the one-time link, a second factor by what the page shows.
async function enrolled(i, login, link) {
  const password = "mua thu gio heo may 26", c = i.client();
  await c.submit(await c.get(link), { new: password, again: password });
  const page = await c.submit(await c.get("/sign-in"), { login, password }, "/sign-in");
  await c.submit(page, { code: totp(words(page).match(/[A-Z2-7]{4}(?: [A-Z2-7]{4}){3,}/)[0]) });
  return c;
}

// What the province asks of its units: figures of their own, and one that the province gives.
const scheme = (code, kind) => `Mã,Mã cha,Tên tiêu chí,Điểm tối đa,Loại điểm,Cách lấy số liệu,Quy tắc,Biểu thức,Tham số,Tài liệu kiểm chứng,Ghi chú
#Mã bộ tiêu chí,,${code},,,,,,,,
#Tên bộ tiêu chí,,Chấm thử ${code},,,,,,,,
#Năm,,2026,,,,,,,,
#Loại đơn vị,,${kind},,,,,,,,
#Tổng điểm,,100,,,,,,,,
1,,Chỉ đạo,60,,,,,,,
1.1,1,Nhiệm vụ được giao,40,,Tự chấm và thẩm định,Theo tỷ lệ,xong / giao * 100,đủ = 100,,
1.2,1,Kiểm tra,20,,Tự chấm và thẩm định,Theo mốc,kiem_tra / don_vi * 100,50: 20; 30: 10; 0: 0,,
2,,Mức độ hài lòng,40,,Kết quả khảo sát,Theo tỷ lệ,sipas,đủ = 100,,
`;


const share = (p) => Math.min(p, 1), steps = (x) => x >= 50 ? 20 : x >= 30 ? 10 : 0;
// Points as the scheme above gives them; councils and appraisers may have said others.
const total = (u) => (u.tasks ?? 40 * share(u.figures["1.1"][0] / u.figures["1.1"][1])) + steps(100 * u.figures["1.2"][0] / u.figures["1.2"][1]) + (40 * u.satisfied) / 100;
const table = (units) => [...units].sort((a, b) => total(b) - total(a)).map((u, i) => [u.shown, i + 1, total(u).toFixed(4)]);

class Local {
  constructor(i, admin) { Object.assign(this, { i, admin }); }

  // The scheme is read from its file and kept; the season makes a card a unit; figures of the survey are given to all.
  async open(code, kind, units) {
    const checked = await this.admin.upload(await this.admin.get("/console/schemes/new"), "bo tieu chi.csv", scheme(code, kind), {}, "/schemes/new");
    check(words(checked).includes("cộng đủ 100 điểm"), words(checked));
    check(words(await this.admin.submit(checked, {}, "/confirm")).includes("Đã lưu bộ tiêu chí"), "kept");
    const form = await this.admin.get("/console/seasons/new"), chosen = form.text.match(new RegExp(`value="(\\d+)"[^>]*>[^<]*${code}`))[1];
    this.desk = (await this.admin.submit(form, { scheme: chosen, title: `Chấm ${kind} 2026` }, "/seasons/new")).path;
    this.id = this.desk.match(/\d+$/)[0];
    this.units = units;
    for (const card of this.cards()) {
      const u = units.find((x) => x.name.endsWith(card.name));
      if (u) Object.assign(u, { card: `/console/cards/${card.id}`, shown: card.name });
      else await this.admin.submit(await this.admin.get(`/console/cards/${card.id}/withdraw`), { reason: "Chưa tham gia đợt đầu" }, "/withdraw");
    }
    await this.give();
  }

  cards() { return this.i.json("season", "cards", this.id); }
  states() { return this.units.map((u) => this.cards().find((c) => u.card.endsWith(`/${c.id}`)).state); }

  async give() {
    const page = await this.admin.get(`${this.desk}/inputs/criterion?code=2`), values = { source: "Báo cáo khảo sát của tỉnh" };
    for (const [, box, name] of main(page).matchAll(/for="(v\d+_0)">[^,<]*, ([^<]*)</g)) {
      const u = this.units.find((x) => x.name.endsWith(name.trim()));
      if (u) values[box] = String(u.satisfied).replace(".", ",");
    }
    equal((await this.admin.submit(page, values, "/criterion")).status, 200, "figures given");
  }

  async scored(u) {
    for (const [code, [done, of]] of Object.entries(u.figures)) {
      const page = await u.officer.get(`${u.card}/criteria?code=${code}`);
      equal((await u.officer.submit(page, { v0: String(done), v1: String(of), note: `Số liệu của ${u.name}` }, "/criteria")).status, 200, `${u.name}, ${code}`);
    }
    await u.officer.upload(await u.officer.get(`${u.card}/criteria?code=1.1`), "bao cao.pdf", Buffer.from(`%PDF-1.4 ${u.name}`), { code: "1.1" }, "/files");
    check(words(await u.leader.submit(await u.leader.get(`${u.card}/sign`), {}, "/sign")).includes("Đã ký gửi"), `${u.name} signs`);
  }

  async assign(people) {
    const page = await this.admin.get(`${this.desk}/appraisers`);
    for (const name of people) {
      const person = page.text.match(new RegExp(`value="(\\d+)"[^>]*>[^<]*\\(${name}\\)`))[1];
      check(words(await this.admin.submit(page, { person }, "/appraisers")).includes("Đã phân công"), name);
    }
  }

  async verdict(who, u, code, values) {
    const r = await who.submit(await who.get(`${u.card}/verdict?code=${q(code)}`), values, "/verdict");
    equal(r.status, 200, `${u.name}, ${code}: ${words(r).slice(0, 300)}`);
  }

  async step(u, step, who = this.admin) {
    const r = await who.submit(await who.get(`${u.card}/${step}`), {}, `/${step}`);
    equal(r.status, 200, `${u.name}, ${step}: ${words(r).slice(0, 400)}`);
  }

  // Publishes; the open package computes again, and says the ranks and totals counted here.
  async publish(number, reason) {
    const told = await this.admin.submit(await this.admin.get(`${this.desk}/ranking/publish`), reason ? { reason } : {}, "/publish"), edition = `/rankings/${this.id}/${number}`;
    const got = async (href) => Buffer.from(await (await fetch(this.i.base + href)).arrayBuffer()), shown = (await got(edition)).toString();
    const file = (end) => (shown.match(new RegExp(`/rankings/[^"]*${end}`)) ?? [check(false, `edition ${number}, ${end}: ${words(told)}`)])[0];
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "local-")), zip = path.join(dir, "a.zip");
    fs.writeFileSync(zip, await got(file("\\.zip")));
    const verified = this.i.json("index", "verify", zip), lines = (await got(file("ranking\\.csv"))).toString().trim().split(/\r?\n/);
    fs.rmSync(dir, { recursive: true });
    equal([verified.ok, verified.edition], [true, number], "verified");
    const rows = lines.slice(1).map((x) => x.split(",")).map((x) => [x[4], Number(x[0]), Number(x[5]).toFixed(4)]);
    equal(rows.filter((x) => x[1]), table(this.units), `edition ${number}`);
    return text(shown);
  }
}

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

const file = (rows) => "loại,mã,tên,tên tiếng Anh,phân loại,loại cấp trên,mã cấp trên,từ ngày,chấm dứt từ ngày,mã cũ,căn cứ\n" +
  rows.map(([code, name]) => `department,${code},${name},,sở,province,52,2026-01-01,,,Quyết định thử`).join("\n");

// One whose figures nobody doubts.
async function undisputed(s, appraiser, u) {
  for (const code of ["1.1", "1.2"]) await s.verdict(appraiser, u, code, { kind: "accept" });
  await s.step(u, "announce");
  await s.step(u, "accept", u.leader);
}

// One is asked, lowered in the second round, confirmed by another appraiser, objects, and gets a part back from the council.
async function disputed(s, one, two, council, u) {
  await s.verdict(one, u, "1.1", { kind: "ask", reason: "Tài liệu nào chứng minh 30 nhiệm vụ?" });
  await s.verdict(one, u, "1.2", { kind: "accept" });
  await s.step(u, "ask");
  await u.officer.submit(await u.officer.get(`${u.card}/criteria?code=1.1`), { answer: "Báo cáo số 12" }, "/explanations");
  await s.step(u, "answer", u.leader);
  await s.verdict(one, u, "1.1", { kind: "points", points: "20", reason: "Chỉ 25 nhiệm vụ có tài liệu" });
  await s.verdict(two, u, "1.1", { confirm: "1" });
  await s.step(u, "announce");
  await u.officer.submit(await u.officer.get(`${u.card}/criteria?code=1.1`), { objection: "Có thêm hai quyết định" }, "/objections");
  await s.step(u, "object", u.leader);
  const decided = await council.submit(await council.get(`${u.card}/decision?code=1.1`), { decision: "points", points: "21,5", why: "Công nhận hai quyết định" }, "/decision");
  equal(decided.status, 200, words(decided).slice(0, 300));
  await s.step(u, "settle");
  u.tasks = 21.5;
}

test("a province runs its own seasons, of departments and of communes, each to two editions", () => fresh(async (i, person) => {
  const admin = await person("quantri.tinh"), council = await person("lanhdao.tinh"), province = (await admin.get("/console/units")).text.match(/\/console\/units\/(\d+)\/import/)[1];
  const list = [["so-noi-vu", "Sở Nội vụ"], ["so-tai-chinh", "Sở Tài chính"], ["so-y-te", "Sở Y tế"]];
  const read = await admin.upload(await admin.get(`/console/units/${province}/import`), "so.csv", file(list), {}, "/import");
  check(words(await admin.submit(read, {}, read.path)).includes("Sở Y tế"), "departments stand below the province");
  const one = await appointed(i, admin, ["td.1", "Nguyễn An", "Tỉnh Gia Lai", "appraiser"]), two = await appointed(i, admin, ["td.2", "Trần Bình", "Tỉnh Gia Lai", "appraiser"]);
  const unit = async (key, name, tasks, checks, satisfied) => ({ name, satisfied, figures: { "1.1": tasks, "1.2": checks },
    officer: await appointed(i, admin, [`cv.${key}`, `Chuyên viên ${key}`, name, "officer"]), leader: await appointed(i, admin, [`ld.${key}`, `Lãnh đạo ${key}`, name, "leader"]) });
  const noivu = await unit("nv", "Sở Nội vụ", [45, 50], [3, 6], 88.5);
  const taichinh = await unit("tc", "Sở Tài chính", [48, 50], [2, 6], 86), yte = await unit("yt", "Sở Y tế", [30, 50], [1, 6], 91.25);
  const so = new Local(i, admin);
  await so.open("GL-SO", "department", [noivu, taichinh, yte]);
  for (const u of so.units) await so.scored(u);
  await so.assign(["td.1", "td.2"]);
  for (const u of [noivu, taichinh]) await undisputed(so, one, u);
  await disputed(so, one, two, council, yte);
  equal(so.states(), ["settled", "settled", "settled"], "departments are settled");
  await so.publish(1);
  Object.assign(noivu, { satisfied: 60 });
  Object.assign(yte, { satisfied: 97.5 });
  await so.give();
  const corrected = await so.publish(2, "Sửa kết quả khảo sát của hai sở");
  for (const part of ["Sửa kết quả khảo sát của hai sở", "Sở Tài chính Hạng 2 1", "Sở Nội vụ Hạng 1 2", "Sở Y tế Tổng điểm 58,0000 60,5000"])
    check(corrected.includes(part), part);

  // The communes, of which two take part this year.
  const pleiku = await unit("pk", "Phường Pleiku", [19, 20], [4, 8], 80.5), quynhon = await unit("qn", "Phường Quy Nhơn", [20, 20], [2, 8], 83.25), xa = new Local(i, admin);
  await xa.open("GL-XA", "commune", [pleiku, quynhon]);
  equal(xa.cards().filter((c) => c.state === "withdrawn").length, 133, "the others stay out");
  for (const u of xa.units) await xa.scored(u);
  await xa.assign(["td.1"]);
  for (const u of xa.units) await undisputed(xa, one, u);
  await xa.publish(1);
  quynhon.satisfied = 20;
  pleiku.satisfied = 30.125;
  await xa.give();
  check((await xa.publish(2, "Nhập nhầm cột")).includes("Nhập nhầm cột"), "the second edition of communes");

  // Nobody else: neither another unit of the province, nor another province, nor the province itself in the nation's season.
  for (const path of [yte.card, `${yte.card}/criteria?code=1.1`, pleiku.card]) equal((await taichinh.officer.get(path)).status, 403, `an officer of another department: ${path}`);
  equal((await yte.officer.get(`${so.desk}/ranking`)).status, 403, "the ranking's desk");
  const add = i.must("user", "add", "qt.hanoi", "--name", "Lê Hà", "--role", "unit_admin", "--unit", "province:01"), other = await enrolled(i, "qt.hanoi", add.match(/\/reset\/\S+/)[0]);
  for (const path of [so.desk, xa.desk, yte.card, `${so.desk}/ranking`]) equal((await other.get(path)).status, 403, `another province: ${path}`);
  check(!words(await other.get("/console/seasons")).includes("Chấm department"), "not in the list of another province");
  const nation = i.json("season", "list").find((x) => x.unit_kind === "province"), own = i.json("season", "cards", nation.id).find((c) => c.code === "52");
  check(words(await one.get(`/console/cards/${own.id}/appraise`)).includes("xung đột lợi ích"), "an appraiser of the province stays away from the province's own card");
  equal(i.json("audit", "verify").ok, true, "the chain");
  equal(i.run("check").code, 0, "check");
}));
