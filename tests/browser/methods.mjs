// SPDX-License-Identifier: AGPL-3.0-or-later
// Methods in the browser: list, a shipped one beside a questionnaire, a copy, its rules and contents, a file with faults, approval.
import { press } from "./browser.mjs";

const upload = async (t, text) => {
  await t.page.setInputFiles("main [name=file]", { name: "phuong-phap.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await press(t.page, "main form[method=post] button.btn >> nth=0");
};

export async function methods(t) {
  const c = await t.open("phantich"), p = t.page;
  await t.at("/console/methods", "methods");
  await t.at("/console/methods/shipped?ref=sipas-2017", "a shipped method");
  for (const f of ["csv", "xlsx"]) await t.file(`/console/methods/shipped.${f}?ref=sipas-2023`);
  const form = await p.$$eval("select[name=form] option", (l) => l.map((o) => [o.value, o.textContent])), id = form.find(([, n]) => n.includes("một cửa") || n.includes("Một cửa"))?.[0] ?? form[1][0];
  await t.at(`/console/methods/shipped?ref=sipas-2023&form=${id}`, "a method beside a questionnaire");
  await t.at("/console/methods/new?from=sipas-2023", "copy a method");
  await t.send({ code: "có dấu" });
  await t.seen("copy a method, refused", { refused: true });
  await t.send({ code: "sipas-2023" });
  await t.seen("a draft");
  const mine = new URL(p.url()).pathname;
  await t.at(`${mine}/edit`, "rules of a draft");
  await t.send({ title_vi: "" });
  await t.seen("rules of a draft, refused", { refused: true });
  await t.send({ title_vi: "SIPAS, phương pháp thử", pooling: "factors" });
  await t.seen("rules of a draft, saved");
  await t.at(`${mine}/node?code=B2.1`, "a content of a draft");
  await t.send({ weight: "hai" });
  await t.seen("a content of a draft, refused", { refused: true });
  await t.at(`${mine}/node`, "a new content");
  await t.at(`${mine}/changes?from=sipas-2023`, "what differs");
  for (const f of ["csv", "xlsx"]) await t.file(`${mine}/method.${f}`);
  await t.at(`${mine}/import`, "a file for a draft");
  await upload(t, "code,parent,kind,name_vi\nB,,chỉ số,Chung\n");
  await t.seen("a file for a draft, faults", { refused: true });
  await t.at(`${mine}/approve`, "approve a method");
  await t.send();
  await t.seen("an approved method");
  await c.close();
}
