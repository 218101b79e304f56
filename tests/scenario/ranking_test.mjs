// SPDX-License-Identifier: AGPL-3.0-or-later
// Rankings: seen by who runs the season until published; the package computes again with the script of the guide and the command; corrections list what changed.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];

// The ten lines of the guide, run as they stand there.
function script(folder) {
  const guide = fs.readFileSync("docs/guide/xep-hang.md", "utf8"), lines = guide.match(/```python\n([^`]*)```/)[1];
  equal(lines.trim().split("\n").length, 10, "ten lines");
  check(fs.readFileSync("data/league/recompute.py", "utf8").endsWith(lines), "the package holds the same");
  const file = path.join(folder, "tinh-lai.py");
  fs.writeFileSync(file, lines);
  return (zip) => spawnSync("python3", [file, zip], { encoding: "utf8" });
}

test("a published ranking computes again outside; one that was touched does not", async () => {
  const i = await demonstration(program), folder = fs.mkdtempSync(path.join(os.tmpdir(), "ranking-"));
  const get = async (p) => { const r = await fetch(i.base + p); return { status: r.status, text: await r.text() }; };
  const list = (await get("/rankings")).text;
  check(list.includes('href="/indices" aria-current="page"'), "the menu marks where rankings belong");
  const edition = list.match(/\/rankings\/\d+\/\d+/)[0];
  const page = (await get(edition)).text, zip = path.join(folder, "a.zip"), href = page.match(/\/rankings\/[^"]*\.zip/)[0];
  fs.writeFileSync(zip, Buffer.from(await (await fetch(i.base + href)).arrayBuffer()));
  const run = script(folder), out = run(zip);
  equal([out.status, out.stdout.trim()], [0, "ok 34"], out.stderr);
  const verdict = i.json("index", "verify", zip);
  equal([verdict.ok, verdict.edition, verdict.faults], [true, 2, []], "the command agrees");
  const bytes = fs.readFileSync(zip);
  fs.writeFileSync(zip, Buffer.concat([bytes.subarray(0, 200), Buffer.from([bytes[200] ^ 1]), bytes.subarray(201)]));
  check(i.run("index", "verify", zip).code !== 0, "a bit that was turned is found");
  const first = await get(edition.replace(/\d+$/, "1"));
  check(text(first.text).includes("ấn bản 2") || text(first.text).includes("Ấn bản 2"), "the first edition leads to the second");
  check(text(page).includes("Thay đổi so với ấn bản trước"), "what changed is listed");
  equal((await get(edition.replace(/\d+$/, "9"))).status, 404, "no such edition");
  fs.rmSync(folder, { recursive: true });
});

test("a ranking is provisional for who runs the season alone, and is published only when every card is settled", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich"), province = await signedIn(i, "quantri.tinh"), officer = await signedIn(i, "chuyenvien");
  const seasons = i.json("season", "list").filter((s) => s.unit_kind === "province"), now = seasons[0], past = seasons.at(-1);
  equal([(await officer.get(`/console/seasons/${now.id}/ranking`)).status, (await province.get(`/console/seasons/${now.id}/ranking`)).status], [403, 403], "others");
  const desk = await analyst.get(`/console/seasons/${now.id}/ranking`);
  check(text(desk.text).includes("phiếu chưa chốt điểm"), "what is left is named");
  const away = await analyst.get(`/console/seasons/${now.id}/ranking/publish`);
  check(away.path.endsWith("/ranking"), away.path);
  const rules = await analyst.get(`/console/seasons/${past.id}/ranking/rules`);
  equal((await analyst.submit(rules, { groups: "A: 80\nB: 90" }, "/rules")).status, 422, "bounds that rise");
  await analyst.submit(rules, { ties: "dense", groups: "Tốt: 85\nKhá: 70" }, "/rules");
  const again = await analyst.submit(rules, { ties: "shared", groups: "A: 90" }, "/rules");
  check(again.status === 422 && text(again.text).includes("vừa được người khác sửa"), "an older form does not overwrite");
  check(text((await analyst.get(`/console/seasons/${past.id}/ranking`)).text).includes("Tốt: 85; Khá: 70"), "the rules are kept");
  equal(i.json("audit", "verify").ok, true, "the chain");
  equal(i.run("check").code, 0, "check");
});
