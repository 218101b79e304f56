// SPDX-License-Identifier: AGPL-3.0-or-later
// The page of Enketo: its transformer and its form engine, as Enketo's own host uses them.
import { Form } from "enketo-core";
import events from "enketo-core/src/js/event";
import fileManager from "enketo/file-manager";
import { transform } from "enketo-transformer/web";
import { base, questionnaire, send } from "./open_rosa.js";

// Lists in .csv become the items that its engine reads.
function items(csv) {
  const doc = document.implementation.createDocument("", "root"), [head, ...rows] = csv.replace(/^\uFEFF/, "").trim().split(/\r?\n/).map((x) => x.split(","));
  for (const row of rows) {
    const item = doc.documentElement.appendChild(doc.createElement("item"));
    head.forEach((name, i) => { item.appendChild(doc.createElement(name)).textContent = row[i]; });
  }
  return doc;
}

const { xform, files } = await questionnaire(base());
const survey = await transform({ xform });
document.querySelector("#form").append(document.createRange().createContextualFragment(survey.form));
const model = new DOMParser().parseFromString(survey.model, "text/xml"), external = [];
for (const instance of model.querySelectorAll("instance[src^='jr://file-csv/']"))
  external.push({ id: instance.id, xml: items(await (await fetch(files.get(instance.getAttribute("src").split("/").pop()))).text()) });
const form = new Form(document.querySelector("form.or"), { modelStr: survey.model, external });
window.loadErrors = form.init();
document.querySelector("#send").addEventListener("click", async () => {
  if (!await form.validate()) { window.refused = true; return; }
  form.view.html.dispatchEvent(events.BeforeSave());            // its engine writes the end of the interview
  const body = new FormData();
  body.set("xml_submission_file", new File([form.getDataStr()], "submission.xml", { type: "text/xml" }));
  for (const file of fileManager.getCurrentFiles()) body.set(file.name, file, file.name);
  await send(base(), body);
});
window.ready = true;
