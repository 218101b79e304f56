// SPDX-License-Identifier: AGPL-3.0-or-later
// What came of a visit where no interview did: noted for a case, sealed and sent as interviews are. Its name is the moment and a
// number by chance, so the server takes it once however often it comes. The server checks by the rules of its own page of the case.
"use strict";
Field.visit = (() => {
  const { h, t, vault, screens } = Field;
  let open = null;                                      // the case on the screen and what is typed

  const outcomeText = (work, code) => { const o = work?.outcomes?.find((x) => x.code === code); return o ? (Field.lang === "en" && o.text_en) || o.text : code; };
  const minutes = (s) => { const m = s.trim().match(/^(\d{1,2})(?:[:h](\d{1,2})?)?$/); return m && m[1] < 24 && (m[2] ?? 0) < 60 ? m[1] * 60 + Number(m[2] ?? 0) : -1; };

  // ---- The screen
  const groups = [["1", "visit.group.interview"], ["2", "visit.group.eligible"], ["3", "visit.group.unknown"], ["4", "visit.group.outside"]];
  function outcomes() {
    const { work, typed } = open, fits = work.outcomes.filter((o) => o[typed.mode] === 1);
    return h`<option value="">${t("visit.pick")}</option>${groups.map(([digit, label]) => {
      const of = fits.filter((o) => o.aapor.startsWith(digit));
      return of.length > 0 && h`<optgroup label="${t(label)}">${of.map((o) => h`<option value="${o.code}" ${typed.outcome === o.code && new Field.Markup("selected")}>${outcomeText(work, o.code)} (${o.aapor})</option>`)}</optgroup>`;
    })}`;
  }
  const wrong = (faults, name) => faults[name] && h`<span class="error-msg" id="${name}-fault">${faults[name]}</span>`;
  const told = (faults, name) => faults[name] && new Field.Markup(`aria-invalid="true" aria-describedby="${name}-fault"`);
  const part = (name, label, size, faults) => h`<span><label for="${name}">${label}</label><input class="in ${size}" id="${name}" name="${name}" value="${open.typed[name]}" inputmode="${name === "clock" ? "text" : "numeric"}" autocomplete="off" maxlength="5" ${name === "day" && told(faults, "day")}></span>`;
  const mode = (value, label) => h`<li class="opt"><input type="radio" id="mode-${value}" name="mode" value="${value}" ${open.typed.mode === value && new Field.Markup("checked")}><label for="mode-${value}">${label}</label></li>`;
  function draw(faults = {}) {
    const c = open.case, found = Object.entries(faults);
    screens.draw(h`<div class="r-col">${found.length > 0 && h`<div class="error-summary" role="alert" tabindex="-1"><h2>${t("visit.faults")}</h2><ul>${found.map(([name, text]) => h`<li><a href="#${name}">${text}</a></li>`)}</ul></div>`}
<p class="f-top">${screens.link("home", t("home.title"))}</p><h1 class="q">${t("visit.title", { code: c.code })}</h1><p class="muted">${[c.name, c.address, c.unit, c.place].filter(Boolean).join(", ")}</p>
<form data-form="visit" novalidate><fieldset class="mt"><legend class="label">${t("visit.mode")}</legend><ul class="likert">${mode("visit", t("visit.mode.visit"))}${mode("phone", t("visit.mode.phone"))}</ul></fieldset>
<div class="field ${found.length > 0 && faults.outcome ? "has-error" : ""}"><label for="outcome">${t("visit.outcome")}</label>${wrong(faults, "outcome")}<select class="in" id="outcome" name="outcome" ${told(faults, "outcome")}>${outcomes()}</select></div>
<fieldset class="field ${faults.day ? "has-error" : ""}"><legend class="label">${t("visit.callback")}</legend><span class="hint">${t("visit.callback.hint")}</span>${wrong(faults, "day")}<div class="date-in">
${part("day", t("visit.day"), "w-2", faults)}${part("month", t("visit.month"), "w-2", faults)}${part("year", t("visit.year"), "w-4", faults)}${part("clock", t("visit.clock"), "w-4", faults)}</div></fieldset>
<div class="field ${faults.note ? "has-error" : ""}"><label for="note">${t("visit.note")} <span class="optional">${t("visit.optional")}</span></label><span class="hint" id="note-hint">${t("visit.note.hint")}</span>${wrong(faults, "note")}
<textarea class="in" id="note" name="note" rows="3" aria-describedby="note-hint">${open.typed.note}</textarea></div>
<button class="btn">${t("visit.save")}</button> ${screens.link("home", t("visit.cancel"))}</form><p class="f-saved" id="saved" role="status"></p></div>`, !found.length);
    if (found.length) document.querySelector("#screen [role=alert]").focus();
  }

  // ---- Typing: kept as it is typed, so that a lock, a reload or a flat battery loses nothing
  async function begin(round, code) {
    const work = await vault.get("work"), of = work.cases.find((x) => x.round === round && x.code === code), held = await vault.get("noting");
    const typed = held?.round === round && held.code === code ? held.typed : { mode: "visit", outcome: "", day: "", month: "", year: "", clock: "", note: "" };
    open = { round, code, work, case: of, typed };
    draw();
  }
  async function keep() {
    const form = document.querySelector("form[data-form=visit]");
    if (!open || !form) return;
    const data = Object.fromEntries(new FormData(form)), other = data.mode !== open.typed.mode;
    Object.assign(open.typed, data);
    if (other) document.getElementById("outcome").innerHTML = String(outcomes());
    open.typed.outcome = document.getElementById("outcome").value;
    await vault.put("noting", { round: open.round, code: open.code, typed: open.typed });
  }
  // ---- Noting
  function callbackOf({ outcome, day, month, year, clock }, faults, now) {
    if (![day, month, clock].some((x) => x.trim()) && outcome !== "callback") return 0;
    const [d, m, y] = [day, month, year].map((x) => Number(x.trim())), at = new Date(y, m - 1, d), clock_ = minutes(clock);
    if (!(y >= 2000 && y <= 2100) || at.getDate() !== d || at.getMonth() !== m - 1) faults.day = t("visit.fault.day");
    else if (clock_ < 0) faults.day = t("visit.fault.clock");
    else if (Date.UTC(y, m - 1, d) + (clock_ - 420) * 60000 <= now) faults.day = t("visit.fault.past");      // the hour of Viet Nam
    return faults.day ? 0 : Date.UTC(y, m - 1, d) + (clock_ - 420) * 60000;
  }
  async function save() {
    await keep();
    const { round, code, work, typed } = open, faults = {}, at = Date.now() - Math.round(work.clock ?? 0), callback_at = callbackOf(typed, faults, at);
    if (!typed.outcome) faults.outcome = t("visit.fault.outcome");
    if ([...typed.note].length > 300) faults.note = t("visit.fault.note");
    if (Object.keys(faults).length) return draw(faults);
    const name = `${at}-${crypto.getRandomValues(new Uint32Array(1))[0] & 0x3FFFFF}`, { key, wrapped } = await vault.interviewKey(work.carry_key);
    const said = { visit: name, round, case: code, mode: typed.mode, outcome: typed.outcome, callback_at, note: typed.note.trim() };
    await vault.noted({ ...said, at, json: JSON.stringify(said), state: "waiting" }, key, wrapped);
    open = null;
    await Field.app.home();
    Field.app.send();
  }

  // ---- Sending, oldest first: the last outcome is the one that stands
  async function names(v, receipt) {
    const lines = (note) => `thuocdo visit 1\nvisit ${v.visit}\nround ${v.round}\ncase ${v.case}\nmode ${v.mode}\noutcome ${v.outcome}\ncallback ${v.callback_at}\nnote ${note}\n`;
    return receipt === lines("erased") || receipt === lines(await vault.sha256(new TextEncoder().encode(v.note)));
  }
  // "received": only the receipt stays here; "unchecked": this browser verifies no signature; "": it does not hold.
  async function accept(v, said, work) {
    const { id, ...visit } = v, holds = await names(v, said.receipt) ? await Field.sync.signed(said, work) : "no";
    if (holds === "no") return "";
    const next = { ...visit, receipt: said.receipt, signature: said.signature, received: Date.now(), state: holds === "yes" ? "received" : "unchecked", fault: "" };
    if (holds === "yes") await vault.letGo({ ...next, json: "", note: "" });
    else await vault.put(id, next);
    return next.state;
  }
  async function sendAll(work) {
    const waiting = (await vault.list("visit:")).filter((v) => v.state !== "received").sort((a, b) => a.at - b.at);
    for (const v of waiting) {
      const said = await Field.sync.ask("/field/api/visit", { visit: v.json }), { id, ...visit } = v;
      const state = said.receipt ? await accept(v, said, work) : "";
      if (!state) await vault.put(id, { ...visit, state: said.receipt ? "waiting" : "refused", fault: said.receipt ? "fault.receipt" : "visit.refused." + said.state, tried: Date.now() });
    }
  }

  // ---- In the lists of the page of work
  function row(v, work) {
    const when = Field.time(v.received ?? v.at), state = v.state === "received" ? t("visit.received", { time: when }) : v.state === "unchecked" ? t("visit.unchecked") : t("visit.waiting", { time: when });
    return h`<div><dt>${t("case", { code: v.case })} – ${outcomeText(work, v.outcome)}</dt><dd>${state}${v.fault && h`<br><span class="entry-missing">${t(v.fault)}</span>`}</dd>
<dd class="act">${v.receipt && screens.link("visit-receipt:" + v.visit, t("record.receipt"), v.case)}${v.state === "refused" && screens.link("visit-drop:" + v.visit, t("visit.drop"), v.case)}</dd></div>`;
  }
  const last = (visits, c) => visits.filter((v) => v.case === c.code && v.round === c.round).sort((a, b) => b.at - a.at)[0];
  return { begin, keep, save, sendAll, accept, row, last, outcomeText, current: () => open && [open.round, open.code], forget: () => { open = null; } };
})();
