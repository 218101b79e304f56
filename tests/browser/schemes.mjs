// SPDX-License-Identifier: AGPL-3.0-or-later
// Schemes of indices in the browser: list, tree, trying a rule, import with faults and preview, copy with what changed, lock.
import fs from "node:fs";
import path from "node:path";
import { press, root } from "./browser.mjs";

const shipped = (name) => fs.readFileSync(path.join(root, "data/schemes", name), "utf8");

async function upload(t, text, name = "bo-tieu-chi.csv") {
  await t.page.setInputFiles("main [name=file]", { name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await press(t.page, "main form[method=post] button.btn >> nth=0");
}

export async function schemes(t) {
  const c = await t.open("phantich"), p = t.page;
  const href = (part) => p.$$eval("main table a", (l, want) => l.find((a) => a.textContent.includes(want))?.getAttribute("href"), part);
  await t.at("/console/schemes", "schemes");
  const province = await href("cấp tỉnh");
  await t.at(province, "a scheme");
  for (const f of ["xlsx", "csv", "json"]) await t.file(`${province}/scheme.${f}`);
  await t.at(`${province}/try?code=3.4.1`, "a rule, nothing typed");
  await t.at(`${province}/try?code=3.4.1&v0=17.149&v1=18.402`, "a rule, points and trace");
  await t.at(`${province}/try?code=8.1&v0=86,42&e0=0,81`, "a rule with a standard error");
  await t.at(`${province}/try?code=3.4.1&v0=5`, "a rule, an input missing");
  await t.at(`${province}/try?code=3.4.1&v0=5&v1=0`, "a rule, division by zero");
  await t.at(`${province}/try?code=9.9`, "a rule that is not there", { status: 404 });
  await t.at("/console/schemes/new", "import a scheme");
  await t.send();
  await t.seen("import a scheme, refused", { refused: true });
  await t.file("/console/schemes/template.xlsx");
  await t.file("/console/schemes/example.xlsx?name=par-commune-demo");
  await upload(t, shipped("par-commune-demo.csv").replace(",12,", ",11,").replace("Theo tỷ lệ", "Theo cảm tính"));
  await t.seen("import a scheme, faults", { refused: true });
  await upload(t, shipped("par-commune-demo.csv").replaceAll("PAR-X-MH-2026", "PAR-X-THU-2026").replace("minh họa)", "thử)"));
  await t.seen("import a scheme, preview");
  await t.send();
  await t.seen("a scheme, imported");
  const mine = new URL(p.url()).pathname;
  await t.at(`${mine}/copy`, "copy a scheme");
  await t.send({ year: "x", code: "" });
  await t.seen("copy a scheme, refused", { refused: true });
  await t.send({ year: "2027", code: "PAR-X-THU-2027", title: "Chỉ số cấp xã năm 2027" });
  await t.seen("a scheme, copied: what changed");
  await t.at(`${mine}/lock`, "lock a scheme");
  await t.send();
  await t.seen("a scheme, locked");
  await t.at(`${mine}/import`, "import into a locked scheme");
  await upload(t, shipped("par-commune-demo.csv").replaceAll("PAR-X-MH-2026", "PAR-X-THU-2026").replace("minh họa)", "thử)").replace("Đối thoại với người dân", "Đối thoại và tiếp dân"));
  await t.seen("import into a locked scheme, preview");
  await t.send();
  await t.seen("import into a locked scheme, reason missing", { refused: true });
  await t.send({ reason: "Theo góp ý của các xã" });
  await t.seen("a scheme, amended");
  await t.at(`${mine}/changes?version=2`, "what changed between versions");
  await c.close();
}
