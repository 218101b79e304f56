// SPDX-License-Identifier: AGPL-3.0-or-later
// The page of ODK Web Forms.
import { createApp, h } from "vue";
import { OdkWebForm, webFormsPlugin } from "@getodk/web-forms";
import { base, questionnaire, send } from "./open_rosa.js";

const { xform, files } = await questionnaire(base());
const page = {
  formXml: xform,
  missingResourceBehavior: "DEFAULT",
  fetchFormAttachment: (resource) => fetch(files.get(decodeURIComponent(String(resource).split("/").pop()))),
  onSubmit: (payload) => send(base(), payload.data[0]),
};
createApp({ render: () => h(OdkWebForm, page) }).use(webFormsPlugin).mount("#form");
