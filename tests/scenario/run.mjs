// SPDX-License-Identifier: AGPL-3.0-or-later
// run.mjs PROGRAM [part of a name…]: the scenarios across modules, on SQLite or on TEST_POSTGRES.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runAll } from "./harness.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
for (const file of fs.readdirSync(here).sort())
  if (file.endsWith("_test.mjs")) await import(path.join(here, file));
await runAll();
