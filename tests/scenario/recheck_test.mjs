// SPDX-License-Identifier: AGPL-3.0-or-later
// Re-checks as an agency meets them: drawn by seed, asked again without the first answers, error rates with intervals.
import { check, equal, sleep, test, uuid } from "./harness.mjs";
import { createRound, demonstration, post, signedIn, smallForm, step, text, uploadForm } from "./survey.mjs";

const program = process.argv[2];

test("recheck: interviews are drawn, asked again blind, and what differs is counted", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), checker = await signedIn(i, "giamsat");
  const form = await uploadForm(officer, "phuctra.xlsx", smallForm("thu-phuc-tra"));
  const round = await createRound(officer, form, "phuc-tra");
  await step(officer, round, "open");
  for (const [tuoi, b1] of [[40, "4"], [41, "4"], [42, "2"], [43, "5"]]) {
    const sent = await post(i.base, "phuc-tra", { instance_id: uuid(), answers: { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi, b1 } });
    equal(sent.status, 201, "an answer");
  }
  const manage = `/console/quality/rounds/${round}/recheck`;
  let page = await officer.get(manage);
  const bad = await officer.submit(page, { share: "0", questions: ["b1"] }, "/recheck");
  equal(bad.status, 422, "no share");
  page = await officer.submit(bad, { share: "50", seed: "7", mode: "telephone", questions: ["b1", "tuoi"], shown: ["tuoi", "tinh"] }, "/recheck");
  for (let n = 0; n < 300 && page.headers.has("refresh"); n++) { await sleep(200); page = await officer.get(page.path); }
  const draws = await officer.get(manage);
  const draw = draws.text.match(/href="([^"]*\/recheck\/draws\/\d+)"/)[1];

  // Cases of the demonstration's own fieldwork wait beside them.
  const waiting = async () => (await checker.get("/console/recheck")).text.split("<tr>").filter((x) => /phuc-tra/.test(x)).flatMap((x) => [...x.matchAll(/href="([^"]*\/recheck\/cases\/\d+)"/g)].map((m) => m[1]));
  const cases = await waiting();
  equal(cases.length, 2, "half of four");
  let one = await checker.get(cases[0]);
  const main = one.text.match(/<main[\s\S]*<\/main>/)[0];
  check(!/ checked/.test(main) && !/name="q\.tuoi"[^>]*value="4/.test(main), "no first answer stands in a box");
  check(text(main).includes("Tỉnh số 52") && !/\b4[0-3]\b/.test(text(main.split("<form")[0])), "only what is not asked again is shown: " + text(main.split("<form")[0]));
  const odd = await checker.submit(one, { "q.b1": "3", "q.tuoi": "bốn mươi", act: "done" }, cases[0]);
  equal(odd.status, 422, "an age that cannot be read");
  check(odd.text.includes('value="bốn mươi"'), "what was typed is kept");
  equal((await checker.submit(odd, { "q.b1": "3", "q.tuoi": "99", act: "draft" }, cases[0])).status, 200, "a draft");
  one = await checker.get(cases[0]);
  check(one.text.includes('value="99"'), "the draft is there");
  await checker.submit(one, { "q.b1": "3", "q.tuoi": "99", act: "done" }, cases[0]);
  const away = await checker.get(cases[1]);
  equal((await checker.submit(away, { act: "not_reached", note: "" }, cases[1])).status, 422, "not reached without a reason");
  await checker.submit(away, { act: "not_reached", note: `Không nghe máy <b>` }, cases[1]);
  equal(await waiting(), [], "nothing waits");

  const result = await officer.get(draw);
  check(text(result.text).includes("100,0"), "both answers differ: " + text(result.text).slice(-700));
  check(result.text.includes("&lt;b&gt;"), "the note is shown as text");
  const csv = (await officer.get(draw + "/rates.csv")).text;
  check(/cau_hoi,b1,1,1,1,/.test(csv), "the table: " + csv);
  equal((await checker.get(draw)).status, 200, "a supervisor of the round's unit");
  equal((await (await signedIn(i, "dieutra")).get(draw)).status, 403, "an interviewer sees no rates");
});
