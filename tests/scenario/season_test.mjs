// SPDX-License-Identifier: AGPL-3.0-or-later
// Seasons of indices: opened by who owns the scheme, isolated from others, steps told in timeline and audit.
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];

test("a season in the console: run by its owner alone, each province sees its own card, every step is told", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich"), province = await signedIn(i, "quantri.tinh"), officer = await signedIn(i, "chuyenvien");
  const season = i.json("season", "list").find((s) => s.unit_kind === "province"), desk = `/console/seasons/${season.id}`;
  equal([season.cards, season.label, season.window], [34, "minh họa", "self"], "the demonstration");
  const cards = i.json("season", "cards", season.id), own = cards.find((c) => c.code === "52"), other = cards.find((c) => c.code === "01");
  check(text((await analyst.get(desk)).text).includes("Hà Nội"), "the analyst sees every unit");
  const mine = await officer.get(desk);
  check(text(mine.text).includes("Gia Lai") && !text(mine.text).includes("Cao Bằng"), "an officer sees the own unit alone");
  equal((await officer.get(`/console/cards/${other.id}`)).status, 403, "another province's card");
  equal((await province.get(`/console/cards/${own.id}/extend`)).status, 403, "nobody extends the deadline of their own unit");
  const form = await analyst.get(`/console/cards/${own.id}/extend`), [y, m, d] = cards.find((c) => c.code === "24").due.split("-");
  equal((await analyst.submit(form, { until_day: d, until_month: m, until_year: y, reason: "" }, "/extend")).status, 422, "a reason is asked for");
  const extended = await analyst.submit(form, { until_day: d, until_month: m, until_year: y, reason: "Bão lụt <b>lớn</b>" }, "/extend");
  check(text(extended.text).includes("Bão lụt <b>lớn</b>") && !extended.text.includes("<b>lớn"), "the reason is text in the timeline");
  const out = await analyst.submit(await analyst.get(`/console/cards/${other.id}/withdraw`), { reason: "Thử" }, "/withdraw");
  check(text(out.text).includes("Không tham gia"), "out");
  const again = await analyst.get(`/console/cards/${other.id}/withdraw`);
  check(again.path.endsWith(`/cards/${other.id}`), "a step that is gone leads to the card");
  equal(i.json("season", "cards", season.id).find((c) => c.code === "01").state, "withdrawn", "the command agrees");
  const local = await province.get("/console/seasons/new");
  check(local.text.includes("PAR-X-MH") && !local.text.includes("PAR-T-MH"), "a province opens seasons under its own schemes");
  const commune = local.text.match(/value="(\d+)"[^>]*>[^<]*PAR-X-MH/)[1], opened = await province.submit(local, { scheme: commune, title: "Chấm các xã" }, "/seasons/new");
  check(/\/console\/seasons\/\d+$/.test(opened.path), opened.path);
  check(text((await officer.get(opened.path)).text).includes("Pleiku"), "the province's officer sees the communes");
  equal(i.json("audit", "verify").ok, true, "the chain");
});

test("season open: a calendar that goes back, a scheme without units and an unknown one are refused with their reason", async () => {
  const i = await demonstration(program);
  const refused = (...args) => i.run("season", "open", ...args);
  check(/appraisal-until/.test(refused("PAR-B-MH-2026", "--starts", "2026-12-01", "--appraisal-until", "2026-12-01").err), "a window that ends before it begins");
  check(/no scheme/.test(refused("KHONG-CO").err), "an unknown scheme");
  const before = i.json("season", "list").length, made = i.json("season", "open", "PAR-B-MH-2026", "--title", "Chấm các bộ");
  check(made.cards > 10 && made.unit_kind === "ministry", JSON.stringify(made));
  equal(i.json("season", "list").length, before + 1, "one more");
});
