// SPDX-License-Identifier: AGPL-3.0-or-later
// Appraisal in the browser: who appraises, the queue, a card, verdicts with faults, evidence in the page, explanations, the council.
export async function appraisal(t) {
  const c = await t.open("phantich"), card = {};
  await t.at("/console/seasons", "seasons, for their cards");
  const season = await t.page.locator("main table tr", { hasText: "cấp tỉnh năm 2026 (minh họa)" }).first().locator("a").first().getAttribute("href");
  for (const state of ["submitted", "explaining", "second", "appraised", "objected", "settled"]) {
    await t.at(`${season}?show=${state}`, `season desk, ${state}`);
    card[state] = await t.page.$$eval("main table a[href*='/cards/']", (l) => l.map((a) => a.getAttribute("href")));
    await t.at(card[state][0], `a card, ${state}`);
  }
  await t.at(`${card.submitted[0]}/ask`, "end of the first round, verdicts missing");
  await t.at(`${card.submitted[0]}/announce`, "announcing, verdicts missing");
  await t.at(`${card.explaining[0]}/close`, "end of explanations");
  await t.at(`${card.appraised[0]}/settle`, "settling too early");
  await t.at(`${card.settled[0]}/lock`, "locking a card");
  await t.at(`${season}/appraisers`, "appraisers of a season");
  await t.send({}, "main form:has([name=person][id]) button");
  await t.seen("appraisers of a season, nobody chosen", { refused: true });
  await t.send({ four_eyes: "0" }, "main form:has([name=four_eyes]) button");
  await t.seen("appraisers of a season, no threshold", { refused: true });
  await c.close();
  const d = await t.open("thamdinh");
  await t.at("/console/appraisal", "the queue of an appraiser");
  await t.at(`${card.submitted[0]}/appraise`, "a card before an appraiser");
  const verdicts = await t.page.$$eval("main table.score a", (l) => l.map((a) => a.getAttribute("href")));
  await t.at(verdicts[0], "a verdict, evidence in the page");
  await t.file(await t.page.$eval("main iframe", (f) => f.getAttribute("src")));
  await t.send({ kind: "points", points: "99" }, "main form[action$='/verdict'] button.btn-2");
  await t.seen("a verdict, refused", { refused: true });
  await t.send({ kind: "points", points: "0", reason: "Thiếu văn bản" }, "main form[action$='/verdict'] button.btn-2");
  await t.seen("a verdict that waits for a second appraiser");
  await t.at(`${card.submitted[0]}/conflict`, "a conflict of interest");
  await t.send({ reason: "" });
  await t.seen("a conflict of interest, no reason", { refused: true });
  await t.at(`${card.second[0]}/appraise`, "a card in the second round");
  await t.at(card.explaining[0], "a card, for an appraiser");
  await d.close();
  const second = await t.open("thamdinh2");
  await t.at(verdicts[0], "a verdict to be confirmed");
  await second.close();
  const e = await t.open("lanhdao");
  await t.at(`${card.objected[0]}/council`, "objections before the council");
  await t.at(await t.page.$eval("main table.score a", (a) => a.getAttribute("href")), "one objection");
  await t.send({});
  await t.seen("one objection, nothing decided", { refused: true });
  await t.at(`${card.settled[0]}/council`, "objections that are decided");
  await e.close();
  const f = await t.open("lanhdao.tinh");
  await t.at("/console/seasons", "seasons, of a leader");
  await t.at(season, "season desk, of a leader");
  const own = await t.page.$eval("main table a[href*='/cards/']", (a) => a.getAttribute("href"));
  for (const step of ["answer", "accept", "object"]) await t.at(`${own}/${step}`, `${step}, not the time for it`);
  await t.at("/console/inbox", "no notices yet");
  await f.close();
  const g = await t.open("phantich");
  for (const [step, reason] of [["withdraw", "Mới sáp nhập"], ["rejoin", "Đủ số liệu"]]) {
    await t.at(`${own}/${step}`, `${step}, for a notice`);
    await t.send({ reason });
  }
  await g.close();
  const h = await t.open("lanhdao.tinh");
  await t.at("/console/inbox", "notices");
  await t.send({}, "main form[action$='/inbox/mark'] button");
  await t.seen("a notice that was read");
  await t.at("/console/inbox?show=job", "notices of a kind without any");
  await t.at("/console/inbox?show=season", "notices of one kind");
  await t.send({}, "main form[action$='/inbox/open'] button");
  await t.seen("what a notice tells of");
  await h.close();
}
