// SPDX-License-Identifier: AGPL-3.0-or-later
// run.mjs PROGRAM [part of a row's name…]: the whole table of the protocol, on SQLite or on TEST_POSTGRES.
import { equal, runAll, test } from "../scenario/harness.mjs";
import { siteDone, siteStart } from "./site.mjs";
import { rows } from "./table.mjs";

const site = await siteStart(process.argv[2] ?? "build/thuocdo");
for (const r of rows) test(r.name, r.run);
test("everything that was stored is whole", async () => {
  const r = site.run("check", "--json");
  equal([r.code, JSON.parse(r.out).ok], [0, true], r.out);
  await siteDone();
});
await runAll();
