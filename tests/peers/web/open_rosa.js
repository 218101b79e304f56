// SPDX-License-Identifier: AGPL-3.0-or-later
// What both web clients share: fetching a questionnaire with its files from our server and sending what the client made.
const headers = { "X-OpenRosa-Version": "1.0" };

async function xml(url) {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/xml");
}

const text = (entry, name) => entry.getElementsByTagName(name)[0]?.textContent ?? "";

// The first questionnaire of the list: its XForm, and its files by name.
export async function questionnaire(base) {
  const entry = (await xml(`${base}/formList`)).getElementsByTagName("xform")[0], files = new Map();
  const form = await fetch(text(entry, "downloadUrl"), { headers });
  if (text(entry, "manifestUrl"))
    for (const file of (await xml(text(entry, "manifestUrl"))).getElementsByTagName("mediaFile")) files.set(text(file, "filename"), text(file, "downloadUrl"));
  return { xform: await form.text(), files };
}

export async function send(base, body) {
  const probe = await fetch(`${base}/submission`, { method: "HEAD", headers });
  const answer = await fetch(`${base}/submission`, { method: "POST", headers, body });
  window.sent = { probe: probe.status, status: answer.status, text: await answer.text(), xml: await body.get("xml_submission_file").text(),
    files: [...body.keys()].filter((name) => name !== "xml_submission_file") };
}

export const base = () => new URLSearchParams(location.search).get("base");
