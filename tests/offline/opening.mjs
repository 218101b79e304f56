// SPDX-License-Identifier: AGPL-3.0-or-later
// opening.mjs PROGRAM ENGINE.wasm FORM…: how long the engine of the page for interviewers takes to open each questionnaire, median
// and fastest of 21 engines, the compiling of the WebAssembly itself apart. A measurement, not a test.
import fs from "node:fs";
import { execFileSync } from "node:child_process";
import "../../assets/field/engine.js";

const [, , program, wasm, ...forms] = process.argv, bytes = fs.readFileSync(wasm);
const told = (list) => { list.sort((x, y) => x - y); return `${list[list.length >> 1].toFixed(1)} ms (fastest ${list[0].toFixed(1)})`; };
for (const file of forms) {
  const form = execFileSync(program, ["form", "xform", file, "--json"], { encoding: "utf8", maxBuffer: 64 << 20 }), engine = [], open = [];
  for (let i = 0; i < 21; i++) {
    const begin = performance.now(), one = await Field.engine.open(bytes), ready = performance.now();
    const said = one.call({ do: "open", form, lang: "vi" });
    if (said.refused) throw new Error(`${file}: ${said.refused}`);
    engine.push(ready - begin);
    open.push(performance.now() - ready);
  }
  console.log(`${file}: ${form.length} bytes, engine ${told(engine)}, opening ${told(open)}`);
}
