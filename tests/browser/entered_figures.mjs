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
  await t.send({ ...source, [boxes[0]]: "500" });
  await t.seen("figures of a year, refused", { refused: true });
  await t.send({ [boxes[0]]: "71,25", [boxes[1]]: "66,5" });
  await t.seen("an index with figures");
  await t.at("/console/indices", "registered indices");
  await t.at("/indices/pci-thu", "public page of a registered index");
}
