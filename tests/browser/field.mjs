// SPDX-License-Identifier: AGPL-3.0-or-later
// Samples and fieldwork with something in them: a drawn sample in the field, cases given out and tried; every page as its people see it.
import { signIn, uuid } from "../scenario/harness.mjs";
import { drawVillages, jobDone, uploadFrame } from "../scenario/sample_test.mjs";
import { createRound, post, smallForm, step, uploadForm } from "../scenario/survey.mjs";
import { crawl, inspect, report, watch } from "./browser.mjs";

async function putIntoField(instance, officer, interviewer) {
  const drawn = await drawVillages(officer, "Làng ở Gia Lai, 2026");
  await uploadFrame(officer, "Danh sách có lỗi", "ma,ten\n1,Một\n2\n3,Ba,thừa\n4,\"Bốn\n");
  const id = await createRound(officer, await uploadForm(officer, "phieu.xlsx", smallForm("thu-trang", { extra: [["text", "ma_mau", "Mã mẫu", "Case", "", "", "", "", ""]] })), "dot-trang", {});
  await step(officer, id, "open");
  const due = new Date(Date.now() + 20 * 86400000);
  await jobDone(officer, await officer.submit(await officer.get(`/console/rounds/${id}/fieldwork`), { sample: drawn.path.split("/").pop(), unit: "ma_xa", due_day: String(due.getUTCDate()),
    due_month: String(due.getUTCMonth() + 1), due_year: String(due.getUTCFullYear()), erase_days: "30" }, "/fieldwork/open"));
  const cases = await officer.get(`/console/rounds/${id}/fieldwork/cases`);
  const to = cases.text.match(/<option value="(\d+)"[^>]*>[^<]*\(dieutra\)/)[1];
  await officer.submit(cases, { to, case: [...cases.text.matchAll(/name="case" value="(\d+)"/g)].map((m) => m[1]).slice(0, 6) }, "/assign");
  const mine = [...new Set([...(await interviewer.get("/console/field")).text.matchAll(/href="(\/console\/field\/cases\/\d+)"/g)].map((m) => m[1]))];
  for (const [k, outcome] of ["complete", "refused", "away"].entries()) await interviewer.submit(await interviewer.get(mine[k]), { mode: "visit", outcome }, "/attempt");
  const codes = [...cases.text.matchAll(/class="num">(\d{5}-\d)</g)].map((m) => m[1]);                       // a program names cases: a person decides
  for (const [code, b1] of [[codes[7], "4"], [codes[7], "5"], [codes[8], "4"]])
    await post(instance.base, "dot-trang", { instance_id: uuid(), answers: { tinh: "52", da_lam: "co", kenh: ["bao"], tuoi: 40, ma_mau: code, b1 } });
  const claims = [...new Set([...(await officer.get(`/console/rounds/${id}/fieldwork/claims`)).text.matchAll(/href="(\/console\/field\/claims\/\d+)"/g)].map((m) => m[1]))];
  await officer.submit(await officer.get(claims[0]), { state: "tied", reason: "Đã gọi lại, đúng người" }, claims[0]);
  return { id, claims, refused: mine[1].replace("/cases/", "/desk/") };
}

async function pages(instance, browser, client, login, starts) {
  const context = await browser.newContext({ locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh" }), page = await context.newPage();
  await context.addCookies(Object.entries(client.cookies).map(([name, value]) => ({ name, value, url: instance.base })));
  const faults = watch(page, instance.base);
  await crawl(page, instance.base, starts, {
    within: (u) => /^\/console\/(samples|field|rounds\/\d+\/fieldwork)/.test(u.pathname), cap: 40, perRoute: 2,
    visit: async (u, response) => {
      const found = faults.splice(0);
      if (response.status() !== 200) found.push(`status ${response.status()}`);
      report(`${login} ${u.pathname}${u.search}`, [...found, ...await inspect(page, `${login}-${u.pathname}${u.search}`), ...faults.splice(0)]);
    },
  });
  await context.close();
}

export async function fieldPages(instance, browser) {
  const passwords = instance.accounts();
  const officer = await signIn(instance, "chuyenvien", passwords.chuyenvien), interviewer = await signIn(instance, "dieutra", passwords.dieutra);
  const { id, claims, refused } = await putIntoField(instance, officer, interviewer);
  await pages(instance, browser, officer, "chuyenvien", ["/console/samples", "/console/samples/size?margin=3&population=1500000", `/console/rounds/${id}/fieldwork`, refused, `/console/rounds/${id}/fieldwork/claims?state=all`, ...claims]);
  await pages(instance, browser, interviewer, "dieutra", ["/console/field"]);
}
