// SPDX-License-Identifier: AGPL-3.0-or-later
// Screens of the offline page but the interview: setting up, PIN, work, what waits, this machine. A screen is markup and what its
// buttons do; every text that is not ours is escaped.
"use strict";
Field.lang = localStorage.getItem("field-lang") === "en" ? "en" : "vi";
Field.texts = JSON.parse(document.getElementById("texts").content.textContent);
Field.t = (name, values = {}) => (Field.texts[Field.lang][name] ?? name).replace(/\{(\w+)\}/g, (all, k) => values[k] ?? all);
Field.esc = (s) => String(s ?? "").replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);
// h`…${x}…` escapes x unless it is markup made the same way.
Field.Markup = class { constructor(s) { this.s = s; } toString() { return this.s; } };
Field.h = (parts, ...values) => new Field.Markup(parts.reduce((out, p, i) => {
  const v = values[i - 1], one = (x) => x instanceof Field.Markup ? x.s : x === false || x === undefined || x === null ? "" : Field.esc(x);
  return out + (Array.isArray(v) ? v.map(one).join("") : one(v)) + p;
}));
Field.number = (n) => n.toLocaleString(Field.lang === "vi" ? "vi-VN" : "en-GB");
Field.size = (n) => n < 1048576 ? `${Field.number(Math.ceil(n / 1024))} kB` : `${Field.number(Math.round(n / 104857.6) / 10)} MB`;
Field.time = (ms) => new Date(ms).toLocaleString(Field.lang === "vi" ? "vi-VN" : "en-GB", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });

Field.screens = (() => {
  const { h, t, vault } = Field;
  const $ = (id) => document.getElementById(id);
  const notice = (kind, title, text = "", act = "") => h`<div class="f-note ${kind}" ${kind === "n-error" ? new Field.Markup('role="alert"') : ""}><p><strong>${title}</strong></p>${text && h`<p>${text}</p>`}${act}</div>`;
  const button = (act, label, more = "") => h`<button type="button" class="btn ${more}" data-act="${act}">${label}</button>`;
  const link = (act, label, about = "") => h`<button type="button" class="btn-link" data-act="${act}">${label}${about && h`<span class="vh">: ${about}</span>`}</button>`;
  const box = (name, label, hint, type = "password", more = "") => h`<div class="mt"><label class="label" for="${name}">${label}</label>${hint && h`<p class="q-hint" id="${name}-hint">${hint}</p>`}
<input class="in" id="${name}" name="${name}" type="${type}" autocomplete="off" ${hint && new Field.Markup(`aria-describedby="${name}-hint"`)} ${new Field.Markup(more)}></div>`;
  const PIN = 'inputmode="numeric" minlength="6" maxlength="64" required';

  function draw(markup, focus = true) {
    $("screen").innerHTML = String(markup);
    document.title = ($("screen").querySelector("h1")?.textContent.trim() ?? "") + " – " + t("name");
    if (focus) { scrollTo(0, 0); $("noi-dung").focus({ preventScroll: true }); }
  }

  // ---- Setting up and PIN
  const unfit = () => draw(h`<h1 class="q">${t("unfit.title")}</h1><p>${t("unfit.text")}</p>`);
  const elsewhere = () => draw(h`<h1 class="q">${t("elsewhere.title")}</h1><p>${t("elsewhere.text")}</p>${button("reload", t("elsewhere.button"))}`);
  const setup = (key, fault) => draw(h`<div class="r-col"><h1 class="q">${t("setup.title")}</h1>${fault && notice("n-error", fault)}<p>${t("setup.text")}</p>
<form data-form="setup">${key ? h`<input type="hidden" name="key" value="${key}">` : box("key", t("setup.key"), t("setup.key.hint"), "text", "required")}
${box("pin", t("setup.pin"), t("setup.pin.hint"), "password", PIN)}${box("again", t("setup.again"), "", "password", PIN)}
<p class="mt">${t("setup.forget")}</p><button class="btn">${t("setup.button")}</button></form></div>`);
  const locked = (fault, waiting) => draw(h`<div class="r-col"><h1 class="q">${t("locked.title")}</h1>${fault && notice("n-error", fault)}
<p>${waiting ? t("locked.kept", { n: waiting }) : t("locked.text")}</p>
<form data-form="unlock">${box("pin", t("locked.pin"), "", "password", PIN)}<button class="btn">${t("locked.button")}</button></form>
${waiting > 0 && h`<p class="mt-l">${link("carry", t("carry.button"))}</p>`}</div>`);

  // ---- Work
  const formTitle = (f) => (Field.lang === "en" && f.title_en) || f.title;
  function caseRow(c, { drafts, records, visits, work }) {
    const noted = Field.visit.last(visits, c), begun = drafts.find((d) => d.case === c.code && d.round === c.round), done = records.find((r) => r.case === c.code && r.round === c.round);
    return h`<li class="f-card"><p class="f-code">${t("case", { code: c.code })} <span class="muted">${c.unit}${c.place && `, ${c.place}`}</span></p>
${c.name && h`<p><strong>${c.name}</strong></p>`}${c.address && h`<p>${c.address}</p>`}${c.phone && h`<p><a href="tel:${c.phone}">${c.phone}</a></p>`}
${c.callback_at > 0 && h`<p>${t("case.callback", { time: Field.time(c.callback_at) })}</p>`}${c.due && h`<p class="muted">${t("case.due", { day: c.due.split("-").reverse().join("/") })}</p>`}
${noted && h`<p>${t("case.noted", { outcome: Field.visit.outcomeText(work, noted.outcome), time: Field.time(noted.at) })}</p>`}
${done ? h`<p><strong>${t("case.done")}</strong></p>` : begun ? button("open:" + begun.id, t("case.go_on"), "btn-2") : button("begin-case:" + c.round + ":" + c.code, t("case.begin"), "btn-2")}${!done && work.outcomes && h`<p class="mt-s">${link("note:" + c.round + ":" + c.code, t("case.note"), c.code)}</p>`}</li>`;
  }
  const draftRow = (d) => h`<div><dt>${d.title}${d.case && ` – ${t("case", { code: d.case })}`}</dt><dd>${t("draft.saved", { time: Field.time(d.saved) })}</dd>
<dd class="act">${link("open:" + d.id, t("draft.open"), d.title)} ${link("discard:" + d.id, t("draft.discard"), d.title)}</dd></div>`;
  function recordRow(r) {
    const state = { waiting: "waiting", conflict: "conflict", received: "received", unchecked: "unchecked" }[r.state];
    return h`<div><dt>${r.title}${r.case && ` – ${t("case", { code: r.case })}`}</dt><dd>${t("record." + state, { code: r.code ?? "", time: Field.time(r.received ?? r.finished) })}
${r.fault && h`<br><span class="entry-missing">${r.fault}</span>`}</dd><dd class="act">${r.receipt && link("receipt:" + r.instance, t("record.receipt"), r.title)}</dd></div>`;
  }
  function warnings(s) {
    return [
      s.update && notice("n-info", t("update.title"), t("update.text"), button("update", t("update.button"), "btn-2")),
      s.work?.key_changed && notice("n-error", t("key.title"), t("key.text")),
      s.refused && notice("n-error", t("refused.title"), t("refused.text")),
      Math.abs(s.work?.clock ?? 0) > 120000 && notice("n-warn", t("clock.title"), t("clock.text", { n: Math.round(Math.abs(s.work.clock) / 60000) })),
      !s.persisted && s.unsent > 0 && notice("n-warn", t("persist.title"), t("persist.text")),
      s.quota && s.quota.usage > 0.8 * s.quota.quota && notice("n-warn", t("quota.title"), t("quota.text", { free: Field.size(Math.max(0, s.quota.quota - s.quota.usage)) })),
    ];
  }
  function home(s, focus) {
    const waiting = s.records.filter((r) => r.state !== "received"), unsaid = s.visits.filter((v) => v.state !== "received").sort((a, b) => a.at - b.at);
    const sent = [...s.records, ...s.visits].filter((r) => r.state === "received").sort((a, b) => b.received - a.received);
    draw(h`<h1 class="q">${t("home.title")}</h1><p class="muted">${s.work ? t(s.work.device ? "home.fetched" : "home.fetched.bare", { device: s.work.device, time: Field.time(s.work.fetched) }) : t("home.nothing")}</p>${warnings(s)}
${waiting.length + unsaid.length > 0 && h`<h2 class="mt-l">${t("home.waiting", { n: waiting.length + unsaid.length })}</h2><dl class="sum">${waiting.map(recordRow)}${unsaid.map((v) => Field.visit.row(v, s.work))}</dl>
${button("send", s.sending ? t("send.running") : t("send.button"), s.sending ? "btn-2" : "")}`}
${s.drafts.length > 0 && h`<h2 class="mt-l">${t("home.drafts", { n: s.drafts.length })}</h2><dl class="sum">${s.drafts.map(draftRow)}</dl>`}
${s.work?.cases.length > 0 && h`<h2 class="mt-l">${t("home.cases", { n: s.work.cases.length })}</h2><ul class="f-cards">${s.work.cases.map((c) => caseRow(c, s))}</ul>`}
${s.work && h`<h2 class="mt-l">${t("home.forms")}</h2>${s.work.forms.length ? h`<ul class="f-cards">${s.work.forms.map((f) => h`<li class="f-card"><p><strong>${formTitle(f)}</strong></p>
<p class="muted">${t("form.version", { version: f.version })}</p>${button(`begin:${f.form_id}:${f.version}`, t("form.begin"), "btn-2")}</li>`)}</ul>` : h`<p>${t("home.no_forms")}</p>`}`}
${sent.length > 0 && h`<h2 class="mt-l">${t("home.sent", { n: sent.length })}</h2><dl class="sum">${sent.slice(0, 30).map((r) => r.visit ? Field.visit.row(r, s.work) : recordRow(r))}</dl>`}`, focus);
  }

  // ---- Asking first, one receipt, this machine
  const confirm = (title, text, act, label) => draw(h`<div class="r-col"><h1 class="q">${title}</h1><p>${text}</p>${button(act, label)} ${link("home", t("confirm.back"))}</div>`);
  const receipt = (r) => draw(h`<div class="r-col"><h1 class="q">${t("receipt.title", { code: r.code ?? r.case })}</h1><p>${t(r.visit ? "visit.receipt" : "receipt.text")}</p>
<pre class="f-receipt" tabindex="0" role="region" aria-label="${t("receipt.label")}">${r.receipt}</pre><p class="muted f-receipt">${r.signature}</p><p class="mt">${link("home", t("confirm.back"))}</p></div>`);
  function machine(s, fault, done) {
    const q = s.quota;
    draw(h`<div class="r-col"><h1 class="q">${t("machine.title")}</h1>${fault && notice("n-error", fault)}${done && notice("n-ok", done)}<dl class="sum">
<div><dt>${t("machine.device")}</dt><dd>${s.work?.device}</dd></div><div><dt>${t("machine.unsent")}</dt><dd>${s.unsent}</dd></div><div><dt>${t("machine.visits")}</dt><dd>${s.unsaid}</dd></div>
<div><dt>${t("machine.drafts")}</dt><dd>${s.drafts.length}</dd></div><div><dt>${t("machine.persist")}</dt><dd>${s.persisted ? t("machine.persist.yes") : t("machine.persist.no")}</dd></div>
${q && h`<div><dt>${t("machine.space")}</dt><dd>${t("machine.space.text", { used: Field.size(q.usage), free: Field.size(Math.max(0, q.quota - q.usage)) })}</dd></div>`}
<div><dt>${t("machine.clock")}</dt><dd>${Math.abs(s.work?.clock ?? 0) > 120000 ? t("clock.text", { n: Math.round(Math.abs(s.work.clock) / 60000) }) : t("machine.clock.good")}</dd></div>
<div><dt>${t("machine.release")}</dt><dd>${document.body.dataset.release}</dd></div></dl>
<h2 class="mt-l">${t("carry.title")}</h2><p>${t("carry.text")}</p>${s.unsent + s.unsaid > 0 ? button("carry", t("carry.button"), "btn-2") : h`<p class="muted">${t("carry.none")}</p>`}
<div class="mt"><label class="label" for="receipts">${t("carry.receipts")}</label><input class="in" type="file" id="receipts" data-receipts accept=".json"></div>
<h2 class="mt-l">${t("machine.pin")}</h2><form data-form="pin">${box("old", t("machine.pin.old"), "", "password", PIN)}${box("pin", t("machine.pin.new"), "", "password", PIN)}
<button class="btn btn-2">${t("machine.pin.button")}</button></form>
<h2 class="mt-l">${t("forget.title")}</h2><p>${t("forget.text")}</p>${link("forget", t("forget.button"))}</div>`);
  }

  // ---- No room. Above the form, which stays as it is; false: no form is on the screen.
  function trouble(full) {
    const form = $("screen").querySelector("form[data-form=fill],form[data-form=visit]");
    if (!form) return false;
    calm();
    form.insertAdjacentHTML("beforebegin", String(h`<div class="f-note n-error" id="trouble" role="alert" tabindex="-1"><p><strong>${t(full ? "full.title" : "fault.title")}</strong></p><p>${t(full ? "full.text" : "fault.again.text")}</p>
${button("retry", t("full.retry"), "btn-2")} ${link("send", t("send.button"))} ${link("carry", t("carry.button"))}</div>`));
    $("trouble").scrollIntoView({ block: "start" });
    $("trouble").focus({ preventScroll: true });
    return true;
  }
  const calm = () => $("trouble")?.remove();
  const full = (s) => draw(h`<div class="r-col"><h1 class="q">${t("full.begin")}</h1><p>${t("full.begin.text", { free: Field.size(Math.max(0, s.quota.quota - s.quota.usage)) })}</p>
${s.unsent + s.unsaid > 0 && button("send", t("send.button"))} ${s.unsent + s.unsaid > 0 && button("carry", t("carry.button"), "btn-2")}<p class="mt">${link("home", t("confirm.back"))}</p></div>`);

  // ---- What stands around every screen
  function frame(s) {
    $("line").textContent = (navigator.onLine ? t("line.on") : t("line.off")) + (s.unsent || s.unsaid ? " – " + [s.unsent && t("line.waiting", { n: s.unsent }), s.unsaid && t("line.visits", { n: s.unsaid })].filter(Boolean).join(", ") : "");
    $("line").className = "f-line" + (navigator.onLine ? "" : " f-off");
    $("foot").innerHTML = String(h`<p>${vault.isOpen() && h`${link("home", t("home.title"))} ${link("machine", t("machine.title"))} ${link("lock", t("foot.lock"))} `}
<button type="button" class="btn-link" data-act="lang" lang="${Field.lang === "vi" ? "en" : "vi"}">${Field.lang === "vi" ? "English" : "Tiếng Việt"}</button></p>`);
  }
  return { draw, notice, button, link, unfit, elsewhere, setup, locked, home, confirm, receipt, machine, frame, formTitle, trouble, calm, full };
})();
