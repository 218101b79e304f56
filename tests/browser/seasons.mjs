// SPDX-License-Identifier: AGPL-3.0-or-later
// Seasons of indices in the browser: list, opening with faults, the desk and its filters, a card, more time, a unit out and in again.
export async function seasons(t) {
  const c = await t.open("phantich"), p = t.page;
  const hrefs = (part) => p.$$eval("main table a", (l, want) => l.map((a) => a.getAttribute("href")).filter((h) => h.includes(want)), part);
  await t.at("/console/seasons", "seasons");
  const season = (await hrefs("/seasons/"))[0];
  await t.at(season, "season desk");
  const cards = await hrefs("/cards/");
  await t.at(`${season}?show=withdrawn`, "season desk, filtered");
  await t.at(`${season}?show=late`, "season desk, nobody late");
  await t.at(cards[1], "a card with more time");
  await t.at(cards[0], "a card");
  await t.at(`${cards[0]}/extend`, "more time for a card");
  await t.send({ until_day: "31", until_month: "2" });
  await t.seen("more time, refused", { refused: true });
  await t.at(`${cards[0]}/withdraw`, "take a unit out");
  await t.send({ reason: "" });
  await t.seen("take a unit out, refused", { refused: true });
  await t.send({ reason: "Mới sáp nhập" });
  await t.seen("a unit that is out");
  await t.at(`${cards[0]}/rejoin`, "put a unit back");
  await t.send({ reason: "Đủ số liệu" });
  await t.seen("a unit that is back");
  await t.at("/console/seasons/new", "open a season");
  await t.send({ self_day: "1", self_month: "1", self_year: "2020" });
  await t.seen("open a season, refused", { refused: true });
  const scheme = await p.$$eval("main select[name=scheme] option", (l) => l.find((o) => o.textContent.includes("cấp bộ"))?.value ?? l[1].value);
  const today = new Date();
  await t.send({ scheme, title: "Chấm thử cấp bộ", self_day: "28", self_month: String(today.getMonth() + 1), self_year: String(today.getFullYear()) });
  await t.seen("open a season, the calendar");
  await c.close();
  const d = await t.open("chuyenvien");
  await t.at("/console/seasons", "seasons, of a province's officer");
  await t.at(season, "season desk, of a province's officer");
  await t.at(cards[0], "a card of another province", { status: 403 });
  await d.close();
}
