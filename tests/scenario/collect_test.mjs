// SPDX-License-Identifier: AGPL-3.0-or-later
// A sample of the table of the protocol; `make test-peers` runs all of it (tests/collect).
import { equal, test } from "./harness.mjs";
import { siteDone, siteStart } from "../collect/site.mjs";
import { rows } from "../collect/table.mjs";

let site = null;
for (const r of rows.filter((x) => x.short))
  test(`phone: ${r.name}`, async () => {
    site ??= await siteStart(process.argv[2] ?? "build/thuocdo");
    await r.run();
  });
test("phone: everything that was stored is whole", async () => {
  if (!site) return "skipped";
  const r = site.run("check", "--json");
  equal([r.code, JSON.parse(r.out).ok], [0, true], r.out);
  await siteDone();
});
