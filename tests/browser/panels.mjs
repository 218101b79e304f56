// SPDX-License-Identifier: AGPL-3.0-or-later
// Dashboards that leaders put together: none, making, refused, tiles of each kind with bounds, order, wall, paper, removing.
import { report } from "./browser.mjs";

export async function panels(t) {
  const c = await t.open("phantich"), p = t.page;
  await t.at("/console/board/1", "dashboard of the nation, with fieldwork");
  await t.at("/console/boards", "own dashboards, none");
  await t.at("/console/boards/new", "own dashboard, new");
  await t.send({}, "main form[method=post] button");
  await t.seen("own dashboard, without a name", { refused: true });
  await p.fill("main [name=name]", "Bảng theo dõi hằng tuần của lãnh đạo");
  await t.send({}, "main form[method=post] button");
  await t.seen("own dashboard, no tile");
  const here = new URL(p.url()).pathname.replace("/edit", ""), add = "main form[action$='/tiles'] button";
  await t.at(here, "own dashboard, empty");
  const kinds = await (async () => { await t.at(`${here}/edit`, "own dashboard, change"); return p.$$eval("main [name=what] option", (l) => l.map((o) => o.value)); })();
  for (const [what, target] of [["index", "99"], ["service", "10"], [kinds.find((k) => k.startsWith("published:")), ""], [kinds.find((k) => k.startsWith("field:")), "100"], ["ranking", ""]]) {
    await p.selectOption("main [name=what]", what);
    if (target) { await p.fill("#target-0", target); await p.fill("#amber-0", String(target - 1)); }
    await t.send({}, add);
    report(`tour: a tile of ${what} is there`, (await p.textContent("main")).includes("Đã thêm ô") || (await p.content()).includes("Đã thêm ô") ? [] : [p.url()]);
  }
  await p.fill("#target-0", "nhiều");
  await t.send({}, add);
  await t.seen("own dashboard, a target that is no number", { refused: true });
  await t.at(`${here}/edit`, "own dashboard, five tiles");
  await t.send({}, "main button[value=down]");
  const remove = await p.$$eval("main a[href*='/tiles/'][href$='/remove']", (l) => new URL(l[0].href).pathname);
  await t.at(here, "own dashboard");
  await t.at(`${here}?mode=kiosk`, "own dashboard on a wall");
  await t.at(`${here}?mode=print`, "own dashboard on paper");
  await t.at(remove, "a tile, before removing");
  await t.at("/console/boards", "own dashboards");
  await t.at(`${here}/remove`, "own dashboard, before removing");
  await t.send({}, "main form[method=post] button");
  await t.seen("own dashboards, one removed");
  await c.close();
}
