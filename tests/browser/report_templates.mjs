// SPDX-License-Identifier: AGPL-3.0-or-later
// Templates of agencies: names, the one to begin with, a broken one with its faults, a good one, a report made from it, a version, out of use and back.
import { Buffer } from "node:buffer";
import { press, report } from "./browser.mjs";

const docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const upload = async (t, name, buffer, form = 0) => {
  await t.page.setInputFiles("main [name=file]", { name, mimeType: docx, buffer });
  await press(t.page, `main form[method=post] button >> nth=${form}`);
};
const firstHref = (page, like) => page.$$eval("main a[href]", (l, p) => l.map((a) => new URL(a.href).pathname).find((h) => new RegExp(`${p}$`).test(h)), like);

export async function reportTemplates(t) {
  const c = await t.open("phantich"), p = t.page;
  await t.at("/console/report-templates", "report templates, none");
  await t.at("/console/report-templates/names", "names of report templates");
  await t.at("/console/report-templates", "report templates, before the first");
  const example = Buffer.from(await (await t.page.request.get(`${t.instance.base}/console/report-templates/example`)).body());
  await t.file("/console/report-templates/example");
  await upload(t, "Mẫu hỏng.docx", Buffer.from("not a document"));
  await t.seen("a report template, refused", { refused: true });
  await p.fill("main [name=title]", "Báo cáo nhanh kết quả đo lường sự hài lòng của Bộ Nội vụ gửi Ban Chỉ đạo cải cách hành chính của Chính phủ");
  await upload(t, "Mẫu báo cáo nhanh.docx", example);
  await t.seen("a report template");
  const mine = new URL(p.url()).pathname, id = mine.match(/\d+$/)[0];
  await upload(t, "Mẫu hỏng.docx", Buffer.from("PK not a document either"));
  await t.seen("a version of a report template, refused", { refused: true });
  await upload(t, "Mẫu báo cáo nhanh, sửa.docx", example);
  await t.seen("a report template with two versions");
  await t.file(`${mine}/file?version=1`);
  await t.at(`/console/reports?template=${id}`, "a report from a template");
  await t.send({ format: "xlsx" });
  await t.seen("a report from a template, no Word file", { refused: true });
  await t.send({ format: "docx", province: "24" });
  for (let i = 0; i < 100 && !await firstHref(p, "/console/reports/\\d+"); i++) { await new Promise((done) => setTimeout(done, 200)); await p.reload(); }
  const made = await firstHref(p, "/console/reports/\\d+");
  await t.at(made, "a report made from a template");
  report("tour: the report says its template and version", (await p.textContent("main")).includes("phiên bản 2") ? [] : [await p.textContent("main")]);
  const file = await (await p.request.get(`${t.instance.base}${made}/file`)).body();
  report("tour: a filled template is a document", file.subarray(0, 2).toString() === "PK" && file.length > example.length ? [] : [`${file.length} bytes`]);
  await t.at(mine, "a report template, before it goes out of use");
  await press(p, "main form[action$=retire] button");
  await t.seen("a report template out of use");
  await t.at("/console/report-templates", "report templates, one out of use");
  await t.at(mine, "a report template, before it comes back");
  await press(p, "main form[action$=retire] button");
  await t.seen("a report template in use again");
  await c.close();
}
