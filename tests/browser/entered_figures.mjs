// SPDX-License-Identifier: AGPL-3.0-or-later
// Indices registered in the console: list, form, figures of a year, faults, history, the public page.
export async function registry(t) {
  await t.open("phantich");
  const p = t.page;
  await t.at("/console/indices", "registered indices, none");
  await t.at("/console/indices/new", "register an index");
  await t.send();
  await t.seen("register an index, refused", { refused: true });
  await t.send({ code: "pci-thu", name_vi: "Chỉ số năng lực cạnh tranh (thử)", name_en: "Competitiveness index (trial)", kind: "province", unit: "1", max: "100" });
  await t.seen("an index without figures");
  const here = new URL(p.url()).pathname;
  await t.at(`${here}/change`, "change an index");
  await t.at(`${here}/values?year=2025`, "figures of a year");
  const boxes = await p.$$eval("main input[id^=v]", (l) => l.map((x) => x.name));
  const source = { source: "Báo cáo thử", day_day: "1", day_month: "3", day_year: "2026" };
  const keep = "main form[action$='/values'] button.btn";
  await t.send({ ...source, [boxes[0]]: "500" }, keep);
  await t.seen("figures of a year, refused", { refused: true });
  await t.send({ [boxes[0]]: "71,25", [boxes[1]]: "66,5" }, keep);
  await t.seen("an index with figures");
  await t.file(`${here}/values.csv?year=2025`);
  const file = async (body) => {
    await t.at(`${here}/values?year=2025`, "figures of a year, again");
    await p.click("main details summary");
    await p.setInputFiles("main [name=file]", { name: "pci.csv", mimeType: "text/csv", buffer: Buffer.from(body) });
    await t.send({}, "main form[action$='/file'] button");
  };
  await file("Đơn vị,Giá trị\nGia Lai,\"70,5\"\nNơi nào đó,1\n");
  await t.seen("figures of a file, a unit that is not there", { refused: true });
  await file("Đơn vị,Giá trị\nGia Lai,\"70,5\"\n");
  await t.seen("figures of a file, in their boxes");
  await t.at("/console/indices", "registered indices");
  await t.at("/indices/pci-thu", "public page of a registered index");
}
