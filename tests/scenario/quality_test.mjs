// SPDX-License-Identifier: AGPL-3.0-or-later
// Quality checks as an agency meets them: run in the background, findings settled with a reason and undone, thresholds kept as data.
import { check, equal, sleep, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2], code = "sipas-mo-phong";

async function checked(officer, round) {
  let page = await officer.submit(await officer.get(round), {}, "/run");
  for (let n = 0; n < 600 && page.headers.has("refresh"); n++) { await sleep(500); page = await officer.get(page.path); }
  return officer.get(round);
}

test("quality: a round is checked, a finding is settled with a reason, what was left out comes back", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "phantich");
  const list = await officer.get("/console/quality");
  const round = [...list.text.matchAll(/href="([^"]*\/quality\/rounds\/\d+)"[^>]*>([^<]*)/g)].find((m) => /Đo lường.*mô phỏng/.test(m[2]))[1];
  const page = await checked(officer, round);
  check(/Kiểm tra lúc/.test(text(page.text)), "the round page tells of the run");
  const findings = await officer.get(round + "/findings?state=open&kind=match");
  const links = [...findings.text.matchAll(/href="([^"]*\/quality\/findings\/\d+)"/g)].map((m) => m[1]);
  check(links.length > 0, "near-duplicates are listed");
  const before = i.json("round", "show", code).submissions;
  let one = await officer.get(links[0]);
  equal((await officer.submit(one, { state: "kept", reason: "" }, links[0])).status, 422, "no reason");
  await officer.submit(one, { state: "left_out", reason: `Đã gọi lại <b>"'&` }, links[0]);
  equal(i.json("round", "show", code).submissions, before - 1, "left out of the count");
  one = await officer.get(links[0]);
  check(one.text.includes("&lt;b&gt;") && !one.text.includes("<b>\"'"), "the reason is shown as text");
  const results = await officer.get(round + "/results");
  equal(results.status, 200, "results with and without");
  await officer.submit(one, { state: "open" }, links[0]);
  equal(i.json("round", "show", code).submissions, before, "undone");
  equal(i.run("check").code, 0, "the store is whole");
});

test("quality: thresholds are data of a round and refuse what makes no sense", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "phantich");
  const list = await officer.get("/console/quality");
  const round = list.text.match(/href="([^"]*\/quality\/rounds\/\d+)"/)[1];
  let page = await officer.get(round + "/thresholds");
  const bad = await officer.submit(page, { pause_minutes: "chín" }, "/thresholds");
  equal(bad.status, 422, "not a number");
  check(bad.text.includes('value="chín"'), "what was typed is kept");
  await officer.submit(bad, { pause_minutes: "45" }, "/thresholds");
  page = await officer.get(round + "/thresholds");
  check(page.text.includes('value="45"'), "the threshold is stored");
  const clerk = await signedIn(i, "nhaplieu");
  equal((await clerk.get("/console/quality")).status, 403, "a clerk");
});
