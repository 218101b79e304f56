// SPDX-License-Identifier: AGPL-3.0-or-later
// engine.mjs PROGRAM ENGINE.wasm FOLDER: every sequence of src/form/tests/play through the engine of the page for interviewers;
// relevance, value and violation of every node must be what `form play` says. Then pages, entries and a finished record.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import "../../assets/field/engine.js";

const [, , program, wasm, folder] = process.argv;
const bytes = fs.readFileSync(wasm), work = fs.mkdtempSync(path.join(os.tmpdir(), "engine-"));
let passed = 0, failed = 0;
function check(what, good, why = "") {
  if (good) passed++; else { failed++; console.log(`FAIL ${what} ${why}`); }
}

// The lines of a questionnaire as one .csv with its sheets.
function csv(text) {
  const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;
  return text.split("\n").filter((x) => x && x[0] !== "#").map((x) => x[0] === "[" ? x.slice(1, -1) : "," + x.split("|").map(quoted).join(",")).join("\n") + "\n";
}
const ours = (...args) => execFileSync(program, args, { encoding: "utf8", maxBuffer: 64 << 20 });
function stored(name, text) { const file = path.join(work, name); fs.writeFileSync(file, text); return file; }

async function opened(head, name) {
  const file = stored(name.replace(".txt", ".csv"), csv(head)), engine = await Field.engine.open(bytes);
  return { file, engine, said: engine.call({ do: "open", form: ours("form", "xform", file, "--json"), lang: "vi" }) };
}

for (const name of fs.readdirSync(folder).filter((x) => x.endsWith(".txt"))) {
  const [head, ...sequences] = fs.readFileSync(path.join(folder, name), "utf8").split("[steps]\n");
  const { file, engine, said } = await opened(head, name);
  if (said.refused) { check(name, /digest|base64/.test(head), said.refused.join(" ")); continue; }
  for (const [i, text] of sequences.entries()) {
    const [steps, tree] = text.split("[tree]\n");
    if (tree.startsWith("step ")) continue;
    const list = JSON.stringify(steps.split("\n").filter(Boolean)), now = Date.now();
    const native = JSON.parse(ours("form", "play", file, stored("steps.json", list))), page = engine.call({ do: "play", steps: list, now }).state ?? {};
    for (const at of new Set([...Object.keys(native), ...Object.keys(page)])) {
      const told = (x) => x && `${x.relevant} ${/^\d{4}-\d\d-\d\dT/.test(x.value) ? "now" : x.value} ${x.violation ?? ""}`;
      check(`${name} ${i + 1} ${at}`, told(native[at]) === told(page[at]), `: server ${told(native[at])}, page ${told(page[at])}`);
    }
  }
}

// An interview as the page leads it.
const form = `[survey]
type|name|label|relevant|required|constraint|constraint_message|calculation
text|ten|Tên|||||
begin repeat|nha|Người trong nhà|||||
integer|tuoi|Tuổi||yes|. <= 120|Tuổi từ 0 đến 120|
end repeat||||||
image|anh|Ảnh nhà|count(\${nha}) > 1||||
calculate|tong|||||| sum(\${tuoi})
[settings]
form_id|version
thu|1
`;
const { engine, said } = await opened(form, "walk.txt");
check("opens", said.form_id === "thu", JSON.stringify(said));
let state = { lang: "vi", now: 1795312800000, answers: {}, typed: {} };
function act(request) {
  const r = engine.call({ ...state, ...request });
  for (const k of ["answers", "typed", "at"]) if (r[k] !== undefined) state[k] = r[k];
  return r;
}
check("begins on the first question", /q\.ten/.test(act({ do: "begin" }).html));
act({ do: "read", fields: [["q.ten", "Hoa\u0300"]] });
check("text is kept in NFC", state.answers.ten === "Hoà", JSON.stringify(state.answers));
const list = act({ do: "move" });
check("a repeat is a list with one entry", /Người trong nhà 1/.test(list.html) && state.at.startsWith("l"), list.html);
act({ do: "move", at: "" }); 
state.at = list.at;
const entry = list.html.match(/data-at="(e[^"]+)"/)[1];
act({ do: "show", at: entry });
const wrong = act({ do: "read", fields: [["q.tuoi", "130"]], checked: true });
check("a broken rule is told with its own words", /Tuổi từ 0 đến 120/.test(wrong.html) && wrong.issues === 1, JSON.stringify(wrong.issues));
act({ do: "read", fields: [["q.tuoi", "40"]] });
act({ do: "move", back: true });
check("an entry is added", act({ do: "add" }).at.endsWith(".2"));
act({ do: "read", fields: [["q.tuoi", "hai"]], checked: true });
check("what cannot be read is shown again", /value="hai"/.test(act({ do: "show" }).html));
const refused = act({ do: "finish", meta: { instance_id: "uuid:1" } });
check("an unfinished interview is not a record", !refused.xml && refused.missing > 0);
act({ do: "show", at: state.answers.nha && entry.replace(/1$/, "2") });
act({ do: "read", fields: [["q.tuoi", "2"]] });
act({ do: "move", back: true });
const photo = act({ do: "move" });
check("pictures are asked here", /type="file"/.test(photo.html), photo.html);
act({ do: "read", fields: [["q.anh", "anh-1.jpg"]] });
check("then all answers are shown", act({ do: "move" }).at === "check");
const record = act({ do: "finish", meta: { instance_id: "uuid:1", end: 1795312900000 } });
check("a record as phones send it", /<tong>42<\/tong>/.test(record.xml ?? "") && /<instanceID>uuid:1/.test(record.xml), record.xml ?? JSON.stringify(record));
check("with the names of its files", JSON.stringify(record.files) === '["anh-1.jpg"]');
const digest = await opened("[survey]\ntype|name|label|calculation\ntext|a|A|\ncalculate|b||digest(${a}, 'MD5')\n[settings]\nform_id|version\nx|1\n", "digest.txt");
check("what it cannot compute it refuses, with the question's name", /“b”/.test(digest.said.refused?.[0] ?? ""), JSON.stringify(digest.said));
// A long list is searched by letters as on the server, where ICU folds them.
const places = ["Phường Đường Lâm", "Phường Dương Nội", "Xã Hoà Bình", "Xã Hòa Xuân", "Hoa Lư", "ĐỒNG–THÁP ｍườｉ"];
const long = await opened("[survey]\ntype|name|label|required\nselect_one xa|xa|Xã nào?|yes\ntext|ten|Tên|no\n[choices]\nlist_name|name|label\n" +
  places.map((x, n) => `xa|p${n}|${x}\n`).join("") + Array.from({ length: 240 }, (_, n) => `xa|${n}|Xã số ${n}\n`).join("") + "[settings]\nform_id|version\ndai|1\n", "long.txt");
let there = { lang: "vi", now: 1795312800000, answers: {}, typed: {} };
function ask(request) {
  const r = long.engine.call({ ...there, ...request });
  for (const k of ["answers", "typed", "at"]) if (r[k] !== undefined) there[k] = r[k];
  return r;
}
const first = ask({ do: "begin" });
check("a long list is a box to search by", /name="find\.q\.xa"/.test(first.html) && !/type="radio"/.test(first.html) && first.html.length < 3000, first.html);
const found = (typed, more = []) => { const r = ask({ do: "read", checked: true, fields: [["find.q.xa", typed], ["found.q.xa", ""], ...more] });
  return r.looks && !r.html.includes('class="error-sum') ? places.map((x, n) => r.html.includes(`value="p${n}"`) ? n : "").join("") : `not searched: ${r.html}`; };
for (const [typed, want] of [["duong", "01"], ["đường", "0"], ["hoa", "234"], ["hoà", "23"], ["hòa", "23"], ["hoa lu", "4"], ["dong thap muoi", "5"], ["đồng-tháp", ""]])
  check(`searched by ${typed}`, found(typed) === want, found(typed));
const after = ask({ do: "read", checked: true, fields: [["find.q.xa", "hoa"], ["found.q.xa", "hoa"], ["q.xa", "p3"]] });
check("what is chosen stays where it was found", /value="p4"[^]*value="p2"[^]*value="p3" checked/.test(after.html) && !after.looks && there.answers.xa === "p3", after.html);
check("the whole list on request", ask({ do: "read", fields: [["q.xa", "p3"], ["all", "q.xa"]] }).html.includes("Xã số 239"));
fs.rmSync(work, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
