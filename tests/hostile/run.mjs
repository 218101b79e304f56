// SPDX-License-Identifier: AGPL-3.0-or-later
// run.mjs PROGRAM short|long [part of a name…]: hostile clients, bodies and files against the running program.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runAll } from "../scenario/harness.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
for (const file of fs.readdirSync(here).sort())
  if (file.endsWith("_test.mjs")) await import(path.join(here, file));
await runAll(process.argv.slice(4));
