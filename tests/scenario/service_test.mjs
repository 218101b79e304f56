// SPDX-License-Identifier: AGPL-3.0-or-later
// The live index: a key of an agency's system, events over HTTP sent twice and again, counters that agree with a recount, pages that show them.
import { check, equal, test } from "./harness.mjs";
import { demonstration, signedIn, text } from "./survey.mjs";

const program = process.argv[2];

test("service: an agency's system sends events with its key; sent twice they count once, and the recount agrees", async () => {
  const i = await demonstration(program), analyst = await signedIn(i, "phantich");
  const form = await analyst.get("/console/service/tokens/new");
  equal((await analyst.submit(form, { name: "" }, "/tokens/new")).status, 422, "a key without a name");
  const unit = form.text.match(/<option value="(\d+)"/)[1];
  const made = await analyst.submit(form, { name: "Cổng <b>dịch vụ</b> công", unit }, "/tokens/new");
  const key = made.text.match(/name="key"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="key"/);
  check(key && !made.text.includes("<b>dịch vụ</b>"), "the key is shown, the name is text");
  const post = (lines, bearer = key[1] ?? key[2]) => fetch(`${i.base}/api/v1/service/events`, {
    method: "POST", headers: { authorization: `Bearer ${bearer}`, "content-type": "application/x-ndjson" }, body: lines.map((l) => (typeof l === "string" ? l : JSON.stringify(l))).join("\n"),
  });
  const day = new Date(Date.now() - 3 * 864e5).toISOString().slice(0, 10), events = [
    { key: "a1", unit: "52", file: "GL-2026-0001", kind: "received", on: day, due: day, online: true },
    { key: "a2", unit: "52", file: "GL-2026-0001", kind: "handled", on: day, electronic: true },
  ];
  equal((await post(events, "wrong")).status, 401, "an unknown key");
  const first = await post(events), counts = await first.json();
  equal([first.status, counts.accepted, counts.duplicate, counts.rejected], [200, 2, 0, 0], JSON.stringify(counts));
  const again = await (await post(events)).json();
  equal([again.accepted, again.duplicate], [0, 2], "sent twice");
  const other = await post([{ ...events[0], online: false }]), refused = await other.json();
  equal([other.status, refused.errors?.[0]?.status], [409, 409], JSON.stringify(refused));
  const mixed = await (await post(["{not json", { ...events[0], key: "a3", kind: "dance" }, { ...events[0], revision: 2, online: false }])).json();
  equal([mixed.accepted, mixed.rejected, mixed.errors.map((e) => e.line)], [1, 2, [1, 2]], JSON.stringify(mixed));
  check(mixed.errors.every((e) => e.reason.length > 10), "each refused line has its reason");
  const csv = (text) => fetch(`${i.base}/api/v1/service/events`, { method: "POST", headers: { authorization: `Bearer ${key[1] ?? key[2]}`, "content-type": "text/csv" }, body: text });
  const rows = `Mã đơn vị,Số hồ sơ,Việc,Ngày\n52,GL-2026-0009,Tiếp nhận,${day}\n52,GL-2026-0009,Nhảy múa,${day}\n`;
  const table = await (await csv(rows)).json();
  equal([table.accepted, table.rejected, table.errors[0].line], [1, 1, 3], JSON.stringify(table));
  equal((await (await csv(rows)).json()).duplicate, 1, "the same rows again");
  equal((await csv("Màu\nđỏ\n")).status, 400, "headings that are not understood");
  const many = Array.from({ length: 10000 }, (_, n) => ({ key: `n${n}`, unit: "52", file: `GL-2026-LON-${String(n).padStart(40, "0")}`, kind: "received", on: day, due: day, desk: "Bộ phận một cửa số 1", online: true, digitised: true, synced: true }));
  const large = await (await post(many)).json();
  equal([large.accepted, large.rejected], [10000, 0], "10,000 lines of 200 bytes");
  equal((await post([...many, many[0]])).status, 413, "10,001 lines");
  equal((await post(["x".repeat((4 << 20) + 1)])).status, 413, "more than 4 MB");
  i.must("service", "recompute", "--check");
  const page = await fetch(`${i.base}/service/late`);
  check(page.status === 200 && text(await page.text()).includes("mô phỏng"), "the public list says that its data are simulated");
  const ahead = new Date(Date.now() + 40 * 864e5).toISOString().slice(0, 7);
  equal((await fetch(`${i.base}/service/late?month=${ahead}`)).status, 404, "what is due in a month to come is not overdue");
  const list = await analyst.get("/console/service/tokens"), href = list.text.match(/\/console\/service\/tokens\/\d+\/revoke/)[0];
  equal((await analyst.submit(await analyst.get(href), { reason: "" }, "/revoke")).status, 422, "a reason is asked for");
  await analyst.submit(await analyst.get(href), { reason: "Thử xong" }, "/revoke");
  equal((await post(events)).status, 401, "a revoked key");
  equal(i.json("audit", "verify").ok, true, "the chain");
});
