// SPDX-License-Identifier: AGPL-3.0-or-later
// Dashboards for leaders: the figures of the published edition, ranks with their range, changes only where a test tells them, walls and paper, rights.
import { check, equal, test } from "./harness.mjs";
import { createRound, demonstration, postAll, signedIn, smallForm, step, text, uploadForm, weightedRound } from "./survey.mjs";

const program = process.argv[2], round = "sipas-mo-phong";
const csv = (s) => s.replace(/^\ufeff/, "").trim().split(/\r?\n/).map((l) => [...l.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replace(/""/g, '"') ?? m[2]));
const vi = (x, d) => Number(x).toFixed(d).replace(".", ",");
const kpis = (page) => [...page.text.matchAll(/<div class="kpi">[\s\S]*?<\/div>/g)].map((m) => text(m[0]));

test("board: figures, intervals and ranks are those of the edition", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), page = await c.get(`/console/board/1?round=${round}`);
  equal(page.status, 200, "the board of the nation");
  const figures = csv((await c.get(`/results/${round}/1/figures.csv`)).text), of = (name, place) => figures.find((f) => f[0] === name && f[5] === place);
  const index = of("satisfied.B", ""), first = kpis(page)[0];
  check(first.includes(vi(index[7], 2)) && first.includes(`${vi(index[10], 2)}–${vi(index[11], 2)}`) && first.includes(`n = ${Number(index[6]).toLocaleString("de-DE")}`), first);
  const table = page.text.slice(page.text.indexOf("hạng có thể</th>")), rows = [...table.slice(0, table.indexOf("</table>")).matchAll(/<tr>[\s\S]*?<\/tr>/g)].map((m) => text(m[0]));
  const provinces = figures.filter((f) => f[0] === "satisfied.B" && f[4] === "tinh").sort((x, y) => y[7] - x[7]);
  equal([rows.length, provinces.length], [34, 34], "provinces");
  provinces.forEach((f, k) => {
    check(rows[k].includes(vi(f[7], 2)), `row ${k + 1} is ${rows[k]}, want ${f[7]}`);
    const [, low, high] = rows[k].match(/hạng (\d+)–(\d+)/) ?? rows[k].match(/hạng ((\d+))/).map(Number);
    check(low <= k + 1 && k + 1 <= high, `${rows[k]} stands at ${k + 1}`);
  });
  const hanoi = page.text.match(/<option value="(\d+)">Hà Nội/)[1], mine = await c.get(`/console/board/${hanoi}?round=${round}`), own = of("satisfied.B", "01");
  check(kpis(mine)[0].includes(vi(own[7], 2)), `Hà Nội: ${kpis(mine)[0]}`);
  equal((await c.get("/console/board/1?round=khong-co")).status, 200, "a round that is none shows the board without figures");
  equal((await c.get("/console/board/999999999")).status, 404, "no such unit");
});

test("board: on a wall it renews itself without script, on paper it stands still", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich");
  const wall = await c.get(`/console/board/1?mode=kiosk&round=${round}`), paper = await c.get(`/console/board/1?mode=print&round=${round}`);
  check(Number(wall.headers.get("refresh")) >= 60 && !/<script/.test(wall.text) && !/<form/.test(wall.text), "the wall");
  check(!paper.headers.get("refresh") && !/<form/.test(paper.text), "paper");
  equal(kpis(wall)[0], kpis(paper)[0], "both say the same");
});

test("board: who has no right sees none, a leader no unit beside the own", async () => {
  const i = await demonstration(program), clerk = await signedIn(i, "nhaplieu"), analyst = await signedIn(i, "phantich"), leader = await signedIn(i, "lanhdao");
  check([403, 404].includes((await clerk.get("/console/board/1")).status), "a clerk");
  equal((await leader.get("/console/board")).status, 200, "the leader's own");
  const own = (await leader.get("/console/board")).path.match(/\d+$/)[0], all = [...(await analyst.get("/console/board/1")).text.matchAll(/<option value="(\d+)"/g)].map((m) => m[1]);
  for (const id of all.slice(0, 5)) {
    const r = await leader.get(`/console/board/${id}`), inside = own === "1" || id === own;
    check(inside ? r.status === 200 : [403, 404].includes(r.status), `unit ${id}: ${r.status}, own ${own}`);
  }
});

// Two-sided p of a standard normal: 1 - erf by its series; Holm's steps by hand.
const tail = (z) => { let s = 0, t = z / Math.SQRT2; const x = t * t; for (let k = 0, term = t; k < 200; k++, term *= -x / k) s += term / (2 * k + 1); return 1 - 2 / Math.sqrt(Math.PI) * s; };
test("board: the demonstration tells what moved between its two years, by Holm over the provinces", async () => {
  const i = await demonstration(program), c = await signedIn(i, "phantich"), page = await c.get(`/console/board/1?round=${round}`);
  const of = async (code) => csv((await c.get(`/results/${code}/1/figures.csv`)).text).filter((f) => f[0] === "satisfied.B" && f[4] === "tinh");
  const now = await of(round), before = await of("sipas-mo-phong-nam-truoc");
  equal([now.length, before.length], [34, 34], "provinces of both years");
  const rows = now.map((f) => { const g = before.find((x) => x[5] === f[5]), d = f[7] - g[7], z = d / Math.hypot(f[9], g[9]); return { d, p: Math.abs(z) > 6 ? 0 : tail(Math.abs(z)) }; }).sort((x, y) => x.p - y.p);
  let most = 0, up = 0, down = 0;
  rows.forEach((r, k) => { most = Math.max(most, (rows.length - k) * r.p); if (most < 0.05) r.d > 0 ? up++ : down++; });
  check(up > 0 && down > 0 && up + down < 17, `a few moved: ${up} up, ${down} down`);
  check(text(page.text).includes(`${up} đơn vị tăng rõ rệt, ${down} giảm rõ rệt, ${34 - up - down} không khác biệt rõ rệt`), `${up} up, ${down} down`);
});

test("board: an arrow only where the change is clear", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), c = await signedIn(i, "phantich");
  await weightedRound(officer, i.base, "bang-truoc", 4);
  await weightedRound(officer, i.base, "bang-nay", 8);
  i.must("edition", "publish", "bang-truoc");
  i.must("edition", "publish", "bang-nay");
  const tiles = kpis(await c.get("/console/board/1?round=bang-nay"));
  check(/tăng \d+,\d+ điểm %/.test(tiles[0]) && !/giảm \d/.test(tiles.join(" ")), `the index rises: ${tiles[0]}`);
  await weightedRound(officer, i.base, "bang-sau", 9);
  i.must("edition", "publish", "bang-sau");
  const same = kpis(await c.get("/console/board/1?round=bang-sau"))[0];
  check(/không khác biệt rõ rệt so với lần trước/.test(same) && !/tăng \d|giảm \d/.test(same), `a little more is no rise: ${same}`);
  const back = await c.get("/console/board/1?round=bang-truoc");
  check(!/tăng \d+,\d+ điểm %/.test(kpis(back)[0]) || !text(back.text).includes("Đợt bang-nay"), "an older round is not compared with a later one");
});

// Code 24 was Bắc Giang's before 1 July 2025 and is Bắc Ninh's since.
test("board: a round from before a merger keeps its provinces, and only what still is the same is compared", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), c = await signedIn(i, "phantich");
  await weightedRound(officer, i.base, "truoc-sap-xep", 4, { opens_day: "1", opens_month: "6", opens_year: "2025" });
  i.must("edition", "publish", "truoc-sap-xep");
  const old = text((await c.get("/results/truoc-sap-xep/1")).text), file = (await c.get("/results/truoc-sap-xep/1/sdmx.csv")).text;
  check(old.includes("Bắc Giang") && !old.includes("Bắc Ninh") && !old.includes("Bản đồ 34"), "the page names the provinces of that day and draws no map of today");
  check(!file.includes("Bắc Ninh"), "its files too");
  const report = text((await c.get("/results/truoc-sap-xep/1/reports/year")).text);
  check(report.includes("Bắc Giang") && !report.includes("Bắc Ninh"), "reports too");
  await weightedRound(officer, i.base, "sau-sap-xep", 8, { opens_day: "5", opens_month: "7", opens_year: "2025" });
  i.must("edition", "publish", "sau-sap-xep");
  const board = (await c.get("/console/board/1?round=sau-sap-xep")).text, slope = board.slice(board.indexOf('id="slope"'));
  const rows = [...slope.slice(0, slope.indexOf("</figure>")).matchAll(/<tr><th scope="row">([^<]*)/g)].map((m) => m[1]);
  equal(rows, ["Hà Nội"], "provinces compared");
});

test("board: a running round without weights says what it is", async () => {
  const i = await demonstration(program), officer = await signedIn(i, "chuyenvien"), c = await signedIn(i, "phantich"), code = "bang-chay";
  const id = await createRound(officer, await uploadForm(officer, "nho.xlsx", smallForm(code)), code);
  await step(officer, id, "open");
  await postAll(i.base, code, Array.from({ length: 40 }, (_, k) => ({ tinh: k % 2 ? "01" : "24", da_lam: "co", tuoi: 70, b1: String(1 + k % 5), b2: String(1 + (k * 3) % 5) })));
  const board = (await c.get("/console/board/1")).text, mine = text(board.slice(board.indexOf("dang-chay")).split("<h3>").find((x) => x.includes(`Đợt ${code}`)) ?? "");
  check(/40/.test(mine) && /\d+[.,]\d+\s*%/.test(mine), `answers and figure: ${mine}`);
  check(/không đại diện|tạm/i.test(mine), `what it is: ${mine}`);
});

test("board: fieldwork of a running round stands there by province, as its own page counts it, and not for other provinces", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich"), page = await analyst.get("/console/board/1"), table = (p) => p.text.match(/Phiếu và tỷ lệ trả lời theo[\s\S]*?<\/table>/)?.[0] ?? "";
  const row = table(page).match(/<tr><th scope="row">Gia Lai[\s\S]*?<\/tr>/), cells = [...(row?.[0] ?? "").matchAll(/data-k="([^"]*)">([^<]*)</g)].map((m) => [m[1], m[2].trim()]);
  const at = Object.fromEntries(cells), round = page.text.match(/href="(\/console\/rounds\/\d+)">[^<]*<\/a>\s*<\/h3>(?:(?!<h3>)[\s\S])*?Phiếu và tỷ lệ trả lời theo/)[1];
  const own = text((await analyst.get(`${round}/fieldwork`)).text);
  check(Number(at["Phiếu"]) > 0 && own.includes(` ${at.RR1} `) && own.includes(`RR1`), `${JSON.stringify(at)} beside the round's page`);
  const ids = [...page.text.matchAll(/<option value="(\d+)"[^>]*>([^<]*)</g)], id = (name) => ids.find((m) => m[2].includes(name))[1];
  check(table(await analyst.get(`/console/board/${id("Gia Lai")}`)).includes(`>${at.RR1}<`), "the province's own");
  equal(table(await analyst.get(`/console/board/${id("Hà Nội")}`)), "", "another province");
});
