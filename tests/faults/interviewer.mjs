// SPDX-License-Identifier: AGPL-3.0-or-later
// interviewer.mjs ADDRESS PORT FOLDER: the sending part of an interviewer's phone, as a program that can be killed. An interview is a folder
// with form.xml and its pictures; what the server has taken gets the file "sent", what it refused "refused". Ends when nothing is left and the day is over: no file "day" beside FOLDER.
import fs from "node:fs";
import path from "node:path";
import { Phone } from "../collect/phone.mjs";

const [, , address, port, folder] = process.argv;
const phone = new Phone(address, Number(port), `collect:${path.basename(folder)}`);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function note(at, name, text) {                         // whole or not at all, whenever the program is killed
  fs.writeFileSync(path.join(at, `.${name}`), text);
  fs.renameSync(path.join(at, `.${name}`), path.join(at, name));
}

const left = () => fs.readdirSync(folder).map((name) => path.join(folder, name))
  .filter((at) => fs.existsSync(path.join(at, "form.xml")) && !["sent", "refused"].some((x) => fs.existsSync(path.join(at, x))));

const day = () => fs.existsSync(path.join(folder, "..", "day"));
for (let waiting = left(); waiting.length || day(); waiting = left()) {
  if (!waiting.length) await sleep(20);
  for (const at of waiting) {
    const names = fs.readdirSync(at).filter((x) => x !== "form.xml" && !x.startsWith("."));
    const files = Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(at, name))]));
    const answer = await phone.send(fs.readFileSync(path.join(at, "form.xml"), "utf8"), files, { most: 400000 });
    fs.appendFileSync(path.join(folder, "..", "answers.log"), `${path.basename(folder)} ${path.basename(at)} ${answer.status}\n`);
    if (answer.sent) note(at, "sent", answer.code);
    else if (answer.status === 409) note(at, "refused", answer.text);
    else await sleep(50);
  }
}
phone.done();
