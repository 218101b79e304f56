// SPDX-License-Identifier: AGPL-3.0-or-later
// Notices by e-mail in the browser: no server set up; then, on a folder of its own with a mail server, no address, the code, a wrong one, the choices.
import fs from "node:fs";
import path from "node:path";
import { Instance, sleep } from "../scenario/harness.mjs";
import { Sink } from "../scenario/smtp_sink.mjs";

export async function mail(t) {
  const c = await t.open("lanhdao.tinh");
  await t.at("/console/account/mail", "mail, no server set up");
  await c.close();
  const i = new Instance(t.instance.program, { demo: true }), sink = await new Sink().start();
  try {
    i.init();
    fs.appendFileSync(path.join(i.dir, "thuocdo.conf"), `mail.host = localhost\nmail.port = ${sink.port}\nmail.tls = none\nmail.from = thuocdo@example.vn\n`);
    await i.start();
    const own = new t.constructor(i, t.browser, t.context), d = await own.open("chuyenvien");
    await own.at("/console/account/mail", "mail, no address");
    await own.at("/console/account/contact", "contact, for mail");
    await own.send({ email: "can.bo@example.vn" }, "main form[action$='/contact'] button");
    await own.at("/console/account/mail", "mail, not confirmed");
    await own.send({}, "main form[action$='/mail/code'] button");
    await own.seen("mail, code sent");
    await own.send({ code: "1" }, "main form[action$='/mail/confirm'] button");
    await own.seen("mail, wrong code", { refused: true });
    for (let k = 0; k < 200 && !sink.letters.length; k++) await sleep(100);
    await own.send({ code: sink.letters[0].text.match(/\d{8}/)[0] }, "main form[action$='/mail/confirm'] button");
    await own.seen("mail, choices");
    await own.send({ how_job: "daily" }, "main form[action$='/mail/choices'] button");
    await own.seen("mail, choices saved");
    await d.close();
    const e = await own.open("quantri");
    await own.at("/console/health", "state of the system with mail");
    await e.close();
  } finally {
    await i.remove();
    await sink.stop();
  }
}
