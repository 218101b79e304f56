// SPDX-License-Identifier: AGPL-3.0-or-later
// The live index of service quality: public pages, and the keys of systems that send events.
export async function service(t) {
  const c = await t.open("phantich"), p = t.page;
  await t.at("/console/service/tokens", "keys of systems, none");
  await t.at("/console/service/tokens/new", "a new key");
  await t.send({ name: "" });
  await t.seen("a new key, refused", { refused: true });
  await t.send({ name: "Hệ thống thông tin giải quyết thủ tục hành chính tỉnh Gia Lai, phiên bản thử nghiệm" });
  await t.seen("a key, shown once");
  await t.at("/console/service/tokens", "keys of systems");
  const revoke = await p.$eval("main a[href$='/revoke']", (a) => a.getAttribute("href"));
  await t.at(revoke, "revoking a key");
  await t.send({ reason: "" });
  await t.seen("revoking a key, refused", { refused: true });
  await t.send({ reason: "Chuyển sang hệ thống khác" });
  await t.seen("keys of systems, one revoked");
  await t.at("/console/service/files", "a file of events");
  await t.file("/console/service/files/template.csv");
  await t.send({});
  await t.seen("a file of events, none chosen", { refused: true });
  const file = async (text) => {
    await p.setInputFiles("main [name=file]", { name: "sự kiện tháng 11.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await t.send({});
  };
  await file("Mã đơn vị,Màu\n52,đỏ\n");
  await t.seen("a file of events, headings not understood", { refused: true });
  await file("Mã đơn vị,Số hồ sơ,Việc,Ngày,Hạn,Quầy\n52,H52.1-2026-0001,Tiếp nhận,02/11/2026,12/11/2026,Q1\n52,H52.1-2026-0002,Nhảy múa,02/11/2026,,\n99999,H52.1-2026-0003,Tiếp nhận,31/02/2026,,\n");
  await t.seen("a file of events, what came of it");
  await c.close();
  const l = await t.open("lanhdao.tinh");
  await t.at("/console/service", "service quality, a leader of a province");
  const below = await t.page.$eval("main table a", (a) => a.getAttribute("href"));
  await t.at(below, "service quality, a commune");
  await t.at("/console/service?unit=1", "service quality, not the leader's unit", { status: 403 });
  await t.at("/console/service?month=2019-01", "service quality, a month without events", { status: 404 });
  await l.close();
  const d = await t.open();
  await t.at("/service", "the live index");
  const unit = await t.page.$eval("main table a[href*='/service/']", (a) => a.getAttribute("href"));
  await t.at(unit, "the live index of a province");
  await t.at("/service/late", "late agencies");
  await t.at("/en/service", "the live index, English", { lang: "en" });
  await t.file("/service/figures.csv");
  await d.close();
}
