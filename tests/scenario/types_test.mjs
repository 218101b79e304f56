// SPDX-License-Identifier: AGPL-3.0-or-later
// Every type of question that a page can ask, a roster of people with a roster in it, a filtered list: answered by pages without scripts,
// and stored as the same answers would be from anywhere else.
import fs from "node:fs";
import path from "node:path";
import { Client, check, equal, test } from "./harness.mjs";
import { api, demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];
const form = `survey,,,,,,,,,
,type,name,label::Tiếng Việt (vi),required,relevant,constraint,calculation,choice_filter,repeat_count,parameters,read_only,default,guidance_hint
,note,mo_dau,Xin chào,,,,,,,,,,
,select_one tinh,tinh,Tỉnh,yes,,,,,,,,,
,select_one xa,xa,Xã,yes,,,,tinh = \${tinh},,,,,
,time,gio,Giờ đến,yes,,,,,,,,,Giờ ghi trên phiếu hẹn
,dateTime,luc,Lúc nhận kết quả,,,,,,,,,,
,range,diem,Điểm,yes,,,,,,start=0 end=10 step=1,,,
,range,phan_tram,Bao nhiêu phần trăm,,,,,,,start=0 end=100 step=5,,,
,rank viec,uu_tien,Xếp thứ tự,yes,,,,,,,,,
,acknowledge,dong_y,Tôi đã đọc,yes,,,,,,,,,
,geopoint,cho,Vị trí,,,,,,,,,,
,geoshape,vung,Khu đất,,,,,,,,,,
,image,anh,Ảnh giấy hẹn,yes,,,,,,,,,
,barcode,ma,Mã hồ sơ,,,,,,,,,HS-1,
,text,ma_da_ghi,Mã đã ghi,,,,\${ma},,,,yes,,
,begin_repeat,nguoi,Người,,,,,,,,,,
,text,ten,Tên,yes,,,,,,,,,
,integer,tuoi,Tuổi của \${ten},yes,,. < 120,,,,,,,
,text,truong,Trường,yes,\${tuoi} < 18,,,,,,,,
,begin_repeat,lan,Lần đến,,,,,,,,,,
,integer,phut,Số phút,yes,,,,,,,,,
,end_repeat,,,,,,,,,,,,
,end_repeat,,,,,,,,,,,,
,integer,so_con,Số con,yes,,. <= 5,,,,,,,
,begin_repeat,con,Con,,,,,,\${so_con},,,,
,integer,lop,Lớp,yes,,,,,,,,,
,end_repeat,,,,,,,,,,,,
,calculate,tong,,,,,sum(\${phut}),,,,,,
,note,ket,Tổng \${tong} phút,,,,,,,,,,
choices,,,,,
,list_name,name,label::Tiếng Việt (vi),tinh
,tinh,24,Bắc Ninh,
,tinh,01,Hà Nội,
,xa,9000,Kinh Bắc,24
,xa,9001,Võ Cường,24
,xa,1,Hoàn Kiếm,01
,viec,a,Nhanh,
,viec,b,Đúng,
,viec,c,Rẻ,
settings,,,,
,form_id,version,form_title,default_language
,moi-loai,1,Mọi loại câu hỏi,Tiếng Việt (vi)
`;

const addForm = (i) => {
  const file = path.join(i.dir, "moi-loai.csv");
  fs.writeFileSync(file, form);
  i.must("form", "add", file);
  i.must("round", "create", "moi-loai", "--form", "moi-loai", "--title", "Mọi loại", "--open");
};

// One pixel with a text chunk beside it.
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADXRFWHRBdXRob3IATmd1eWVurjA0LAAAAAxJREFUeNpjELJOAwAB" +
  "FgC0eXI+WgAAAABJRU5ErkJggg==", "base64");
const q = (name) => `/question/${name}`;
const at = (page, ends, what) => check(page.path.endsWith(ends), `${what}: at ${page.path}, not ${ends}: ${text(page.text).slice(0, 300)}`);

async function begin(i) {
  const client = new Client(i.base);
  const page = await client.submit(await client.get("/s/moi-loai"), { consent: "yes" }, "/s/moi-loai");
  return { client, page };
}

test("pages: every type of question, and people with visits, end as one record", async () => {
  const i = await demonstration(program);
  addForm(i);
  let { client, page } = await begin(i);
  const send = async (values, next, ends = "") => {
    page = await client.submit(page, values, ends);
    at(page, next, JSON.stringify(values));
  };
  at(page, q("tinh"), "first question, behind its note");
  check(page.text.includes("Xin chào"), "the note stands on the page of the next question");
  await send({ "q.tinh": "24" }, q("xa"));
  check(page.text.includes("Võ Cường") && !page.text.includes("Hoàn Kiếm"), "the list is filtered by the province");
  const foreign = await client.submit(page, { "q.xa": "1" });
  equal(foreign.status, 422, "a commune of another province");
  await send({ "q.xa": "9001" }, q("gio"));
  check(page.text.includes("Giờ ghi trên phiếu hẹn"), "guidance is offered");
  const late = await client.submit(page, { "q.gio_hour": "25", "q.gio_minute": "10" });
  equal(late.status, 422, "25 o'clock");
  check(late.text.includes('value="25"') && late.text.includes('value="10"'), "what was typed is kept");
  await send({ "q.gio_hour": "8", "q.gio_minute": "05" }, q("luc"));
  await send({ "q.luc_day": "3", "q.luc_month": "11", "q.luc_year": "2026", "q.luc_hour": "16", "q.luc_minute": "30" }, q("diem"));
  equal((page.text.match(/type="radio"/g) ?? []).length, 11, "steps to tap");
  await send({ "q.diem": "7" }, q("phan_tram"));
  equal((await client.submit(page, { "q.phan_tram": "7" })).status, 422, "between two steps");
  await send({ "q.phan_tram": "85" }, q("uu_tien"));
  equal((await client.submit(page, { "q.uu_tien_1": "b", "q.uu_tien_2": "b", "q.uu_tien_3": "c" })).status, 422, "one choice at two places");
  await send({ "q.uu_tien_1": "b", "q.uu_tien_2": "a", "q.uu_tien_3": "c" }, q("dong_y"));
  equal((await client.submit(page, {})).status, 422, "not agreed");
  await send({ "q.dong_y": "OK" }, q("cho"));
  equal((await client.submit(page, { "q.cho_lat": "91", "q.cho_lon": "105" })).status, 422, "beyond the pole");
  await send({ "q.cho_lat": "21,03", "q.cho_lon": "105.85" }, q("vung"));
  await send({ "q.vung": "21 105\n21 106\n22 106\n21 105" }, q("anh"));
  const wrong = await client.upload(page, "giay-hen.jpg", Buffer.from("<svg></svg>"));
  equal(wrong.status, 422, "no picture");
  page = await client.upload(page, "Nguyen Van A.png", PNG);
  at(page, q("ma"), "the picture was taken");
  check(page.text.includes('value="HS-1"'), "the default is there");
  await send({ "q.ma": "HS-2" }, q("ma_da_ghi"));
  check(page.text.includes("HS-2") && !page.text.includes('name="q.ma_da_ghi"'), "a calculated, read-only answer is shown");
  await send({}, q("nguoi"));

  // People: the first entry is there, a second is added, one more is added and removed.
  const entry = (n) => `/entry/nguoi/${n}`;
  const open = async (place) => { page = await client.get(`/s/moi-loai${place}`); at(page, place, "opened"); };
  await open(entry(1));
  const school = await client.submit(page, { "q.ten": "Lan", "q.tuoi": "12" });
  equal(school.status, 422, "a child is asked for the school on the same page");
  check(school.text.includes('name="q.truong"') && school.text.includes("Tuổi của Lan"), "the question that came up, with the name in the label");
  page = school;
  await send({ "q.ten": "Lan", "q.tuoi": "12", "q.truong": "Kinh Bắc" }, "/list/lan/1");
  page = await client.get("/s/moi-loai/entry/lan/1.1");
  await send({ "q.phut": "25" }, "/list/lan/1");
  await send({ add: "1" }, "/entry/lan/1.2");
  await send({ "q.phut": "20" }, "/list/lan/1");
  await send({}, q("nguoi"));
  check(text(page.text).includes("Lan, 12, Kinh Bắc"), "the entry is told by its answers");
  await send({ add: "1" }, entry(2));
  await send({ "q.ten": "Ông Tư", "q.tuoi": "70" }, "/list/lan/2");
  await send({}, q("nguoi"));
  check(text(page.text).includes("Còn câu chưa trả lời"), "the visit of the second person is not filled in");
  await send({ add: "1" }, entry(3));
  page = await client.get("/s/moi-loai/entry/nguoi/3?remove=1");
  check(text(page.text).includes("Xóa Người 3?"), "removing asks first");
  await send({ remove: "1" }, q("nguoi"));
  check(!text(page.text).includes("Người 3"), "the third person is gone");
  await send({}, q("so_con"));
  await send({ "q.so_con": "2" }, q("con"));
  check(!page.text.includes('name="add"') && text(page.text).includes("Con 2"), "how many children there are is the earlier answer");
  await open("/entry/con/1");
  await send({ "q.lop": "3" }, q("con"));
  await open("/entry/con/2");
  await send({ "q.lop": "5" }, q("con"));
  await send({}, q("ket"));
  check(page.text.includes("Tổng 45 phút"), "a note tells what is calculated over all visits");
  await send({}, "/check");
  const early = await client.submit(page, {}, "/check");
  equal(early.status, 422, "the visit of the second person is missing");
  check(text(early.text).includes("Lần đến 1: Số phút"), "the summary names the entry");
  page = await client.get("/s/moi-loai/entry/lan/2.1?from=check");
  await send({ "q.phut": "5" }, "/check");
  await send({}, "/sent", "/check");
  const rows = i.json("round", "show", "moi-loai");
  equal(rows.submissions, 1, "stored");
  const csv = i.must("export", "moi-loai", "--format", "csv", "--repeat", "-");
  const visits = i.must("export", "moi-loai", "--repeat", "lan").trim().split(/\r?\n/), head = visits[0].split(",");
  equal(visits.slice(1).reduce((sum, v) => sum + Number(v.split(",")[head.indexOf("phut")]), 0), 50, "visits are a table of their own: " + visits.join(" | "));
  const want = ["24", "9001", "08:05:00.000+07:00", "2026-11-03T16:30:00.000+07:00", "b a c", "21.03 105.85 0 0", "HS-2", "50"];
  for (const w of want) check(csv.includes(w), `${w} is in the export`);
  const name = csv.match(/anh-[0-9a-f]{16}\.png/)?.[0];
  check(name && !csv.includes("Nguyen"), "the picture's name in the export is ours");
  i.must("check");
  const officer = await signedIn(i, "phantich");
  const list = await officer.get("/console/rounds");
  const round = list.text.match(/\/console\/rounds\/(\d+)"[^>]*>\s*Mọi loại/)?.[1];
  check(round, "the round is listed");
  const record = (await officer.get(`/console/rounds/${round}/files`)).text.match(/files\/(\d+)\//)?.[1];
  check(record, "the files of the round are listed");
  const shown = await officer.get(`/console/rounds/${round}/records/${record}`);
  check(shown.text.includes(name), "the record names its picture");
  const file = await officer.get(`/console/rounds/${round}/files/${record}/${name}`);
  equal(file.status, 200, "the picture is downloaded");
  equal(file.headers.get("content-type"), "image/png", "its type");
  check(file.headers.get("content-security-policy").includes("sandbox") &&
    file.headers.get("content-disposition").startsWith("attachment"), "it leaves as a file");
  check(!file.bytes.includes("Author"), "without traces");
  equal((await officer.get(`/console/rounds/${round}/files/${record}/khac.png`)).status, 404, "another name");
  const stranger = new Client(i.base);
  equal((await stranger.get(`/console/rounds/${round}/files/${record}/${name}`, { redirect: false })).status, 303, "nobody signed in");
});

test("pages: entries of a repeat cannot be made up or reached beyond what is there", async () => {
  const i = await demonstration(program), { client, page } = await begin(i);
  for (const where of ["/entry/nguoi/9", "/entry/nguoi/1.1", "/entry/lan/1", "/entry/nguoi/x", "/entry/tinh/1", "/list/lan/9", "/list/nguoi/1", "/entry/khong/1"])
    equal((await client.get(`/s/moi-loai${where}`)).status, 404, where);
  at(page, q("tinh"), "the questionnaire");
  equal((await api(i.base, "/rounds/moi-loai")).status, 200, "the interface tells the questions");
});
