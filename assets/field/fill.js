// SPDX-License-Identifier: AGPL-3.0-or-later
// An interview: pages come from the engine, every change is read by it and lies on disk before the next page shows.
"use strict";
Field.fill = (() => {
  const { h, t, vault, screens } = Field;
  let engine = null, opened = "", draft = null, pocketed = null, done = null, whole = "", saving = Promise.resolve();
  const screen = () => document.getElementById("screen");

  // ---- The engine with the draft's questionnaire; after a call that died it is opened anew, and the answers are still here.
  async function ready(formId, version) {
    const id = `form:${formId}:${version}`;
    if (!engine) {
      const r = await fetch(document.body.dataset.engine);
      engine = await Field.engine.open(await r.arrayBuffer());
    }
    if (opened === id + Field.lang) return null;
    const form = await vault.get(id);
    if (!form) return [t("fault.form")];
    const said = engine.call({ do: "open", form: form.form, files: form.files, lang: Field.lang });
    opened = said.refused ? "" : id + Field.lang;
    return said.refused ?? null;
  }
  async function call(request) {
    const whole = { lang: Field.lang, now: Date.now(), answers: draft.answers, typed: draft.typed, at: draft.at, ...request };
    let said;
    try { said = engine.call(whole); } catch {
      await engine.restart();
      opened = "";
      await ready(draft.form_id, draft.version);
      said = engine.call(whole);
    }
    for (const k of ["answers", "typed", "at"]) if (said[k] !== undefined) draft[k] = said[k];
    return said;
  }
  // Writes follow one another; the last state is the one that stays.
  function save() {
    const { id, ...value } = { ...draft, saved: Date.now() };
    saving = saving.catch(() => {}).then(() => vault.put(id, value));
    return saving;
  }

  // ---- Beginning, going on
  async function begin(form, { round = "", caseCode = "" } = {}, carryKey) {
    const refused = await ready(form.form_id, form.version);
    if (refused) return refused;
    const instance = "uuid:" + crypto.randomUUID();
    draft = { id: "draft:" + instance, instance, form_id: form.form_id, version: form.version, title: screens.formTitle(form), round, case: caseCode,
      begun: Date.now(), files: [], answers: {}, typed: {}, at: "", ...await vault.interviewKey(carryKey) };
    const said = await call({ do: "begin", preset: caseCode ? { ma_mau: caseCode, case: caseCode } : {} });
    await save();
    show(said);
    return null;
  }
  // A draft that could not be written when the page locked waits here, sealed, for the PIN.
  async function pocket() {
    if (draft) pocketed = { id: draft.id, box: await vault.seal(draft) };
  }
  async function resume(id) {
    draft = pocketed?.id === id ? await vault.unseal(pocketed.box) : { ...await vault.get(id), id };
    if (pocketed?.id === id) save().then(() => { pocketed = null; }, () => screens.trouble(true));
    const refused = await ready(draft.form_id, draft.version);
    if (refused) return refused;
    show(await call({ do: "show" }));
    return null;
  }

  // ---- One page
  function show(said, focus = true) {
    done = said;
    whole = "";
    const check = draft.at === "check";
    screens.draw(h`<div class="r-col"><p class="f-top">${said.first ? screens.link("home", t("fill.leave")) : h`<button type="button" class="btn-link" data-do="back">${t("fill.back")}</button>`}
<span class="muted">${said.part || draft.title}</span></p><progress class="f-done" max="100" value="${said.done}" aria-label="${t("fill.done", { n: said.done })}"></progress>
<form data-form="fill" novalidate><button class="vh" tabindex="-1" aria-hidden="true">${t("fill.next")}</button><div id="page">${new Field.Markup(said.html)}</div>
${check ? h`<p class="mt-l">${t("fill.promise")}</p><button class="btn">${t("fill.finish")}</button>` : h`<button class="btn">${t("fill.next")}</button>`}
${screens.link("home", t("fill.later"))}</form><p class="f-saved" id="saved" role="status"></p></div>`, focus);
    places();
    if (said.html.includes('class="error-sum') || said.html.includes("role=\"alert\"")) screen().querySelector("[role=alert]")?.focus();
  }
  // A place is taken from the device by a button beside its boxes; typing it stays possible.
  function places() {
    for (const lat of screen().querySelectorAll('input[name$="_lat"]')) {
      const p = document.createElement("p");
      p.innerHTML = String(h`<button type="button" class="btn btn-2" data-place="${lat.name.slice(0, -4)}">${t("fill.place")}</button> <span role="status"></span>`);
      lat.closest("fieldset").append(p);
    }
  }
  const fields = (more) => [...new FormData(screen().querySelector("form[data-form=fill]")).entries(), ...more].filter(([, v]) => typeof v === "string");
  // more: the button that was pressed. A list that is shown whole stays so until the page is left.
  async function read(checked, more = whole && !checked ? [["all", whole]] : []) {
    if (!draft || draft.at === "check" || draft.at.startsWith("l")) return done;
    const said = await call({ do: "read", fields: fields(more), checked });
    document.getElementById("saved").textContent = t("fill.saving");
    try {
      await save();
      document.getElementById("saved")?.replaceChildren(t("fill.saved"));
    } catch (e) {                                       // the disk is full: nothing moves on as if it were kept
      document.getElementById("saved")?.replaceChildren();
      throw e;
    }
    return said;
  }
  // After a change only what is asked differs: the page is drawn anew when its markup did, with the caret where it was.
  async function changed() {
    if (!draft) return;                                 // a box that is drawn over says once more that it changed
    const said = await read(false);
    const strip = (s) => s.replace(/ (value="[^"]*"|checked|selected)/g, "").replace(/(<textarea[^>]*>)[^<]*/g, "$1");
    if (strip(said.html) === strip(done.html)) { done = said; return; }
    redraw(said);
  }
  // Ids of choices number them as they stand: the value names the one that had the caret.
  function redraw(said, to = document.activeElement) {
    const id = to?.id, same = to?.matches("[type=radio],[type=checkbox]") && `[name="${CSS.escape(to.name)}"][value="${CSS.escape(to.value)}"]`;
    done = said;
    document.getElementById("page").innerHTML = said.html;
    places();
    ((same && screen().querySelector(same)) || document.getElementById(id))?.focus();
  }
  // A long list is searched, or shown whole: nothing moves on.
  async function look(button) {
    const said = await read(false, [[button.name, button.value]]), box = new URL(button.formAction).hash.slice(1);
    if (button.name === "all") whole = button.value;
    redraw(said, null);
    (document.getElementById(box) ?? document.getElementById(button.value))?.focus();
  }
  // A step that does not come to lie on disk was not made: page and answers stay those of the screen.
  async function step(request) {
    const { answers, typed, at } = draft;
    const said = await call(request);
    try { await save(); } catch (e) { Object.assign(draft, { answers, typed, at }); throw e; }
    show(said);
  }
  async function next() {
    const said = await read(true);
    if (draft.at === "check") return finish();
    if (said.looks) return redraw(said);
    if (said.issues) return show(said);
    await step({ do: "move" });
  }
  async function go(request) {
    if (request.do !== "add") await read(false);
    await step(request);
  }
  async function again() {
    await read(false);
    await save();
    screens.calm();
  }

  // ---- Files
  async function attach(input) {
    const chosen = input.files[0], name = input.dataset.file;
    if (!chosen || !draft) return;
    const refuse = (text) => { input.parentElement.querySelector(".f-fault")?.remove(); input.value = ""; input.insertAdjacentHTML("afterend", String(h`<p class="error-msg f-fault" role="alert">${text}</p>`)); };
    if (chosen.size > 50 << 20) return refuse(t("fault.large"));
    if (/^ftyp(hei|hev|mif1|msf1)/.test(new TextDecoder("latin1").decode(await chosen.slice(4, 12).arrayBuffer()))) return refuse(t("fault.heic"));
    // Room for words is never given to a file.
    const q = await navigator.storage?.estimate?.(), free = q ? q.quota - q.usage - vault.LEAST : Infinity;
    if (free < 1.1 * chosen.size) return refuse(t("fault.room", { size: Field.size(chosen.size), free: Field.size(Math.max(0, free)) }));
    const ending = (chosen.name.match(/\.[A-Za-z0-9]{1,5}$/)?.[0] ?? "").toLowerCase();
    const own = `${Date.now()}-${Math.floor(Math.random() * 1e6)}${ending}`;
    let kept;
    try { kept = await vault.putFile(draft.instance, draft.key, own, chosen); } catch (e) {
      if (e?.name !== "QuotaExceededError") throw e;
      return refuse(t("fault.room", { size: Field.size(chosen.size), free: Field.size(0) }));
    }
    await replace(name, own, kept);
  }
  // The file lies there before the answer names it; one that no answer names any more goes after that.
  async function replace(name, own, kept) {
    const hidden = [...screen().querySelectorAll("input[type=hidden]")].find((x) => x.name === name), before = hidden.value;
    hidden.value = own;
    if (kept) draft.files.push(kept);
    draft.files = draft.files.filter((f) => f.name !== before);
    const said = await read(false);
    if (before) await vault.dropFile(draft.instance, before);
    show(said, false);
    document.getElementById(name)?.focus();
  }
  function place(button) {
    const name = button.dataset.place, status = button.nextElementSibling;
    status.textContent = t("fill.place.wait");
    navigator.geolocation.getCurrentPosition((p) => {
      const comma = (x) => x.toFixed(6).replace(".", Field.lang === "vi" ? "," : ".");
      screen().querySelector(`[name="${name}_lat"]`).value = comma(p.coords.latitude);
      screen().querySelector(`[name="${name}_lon"]`).value = comma(p.coords.longitude);
      screen().querySelector(`[name="${name}_fix"]`).value =
        `${p.coords.latitude.toFixed(6)} ${p.coords.longitude.toFixed(6)} ${(p.coords.altitude ?? 0).toFixed(1)} ${p.coords.accuracy.toFixed(1)}`;
      status.textContent = t("fill.place.done", { m: Math.round(p.coords.accuracy) });
      changed();
    }, () => { status.textContent = t("fill.place.fault"); }, { enableHighAccuracy: true, timeout: 30000 });
  }

  // ---- The end: a record as a phone would send it, in one write with what is sealed for the server
  async function finish() {
    const said = await call({ do: "finish", meta: { instance_id: draft.instance, start: draft.begun, end: Date.now() } });
    if (!said.xml) return show(said);
    const { instance, form_id, version, title, round, key, wrapped } = draft, files = draft.files.filter((f) => said.files.includes(f.name));
    const sum = await vault.sha256(new TextEncoder().encode(said.xml));
    const record = { instance, form_id, version, title, round, case: draft.case, key, files, xml: said.xml, state: "waiting", begun: draft.begun, finished: Date.now() };
    await vault.finish(draft.id, record, key, { form_id, version, wrapped, sum, files: files.map(({ name, size, type }) => ({ name, size, type })) });
    for (const f of draft.files) if (!files.includes(f)) await vault.dropFile(instance, f.name);
    draft = null;
    await Field.app.home();
    Field.app.send();
  }
  return { begin, resume, pocket, again, next, look, go, changed, attach, replace, place, read, leave: async () => { if (draft) { if (screen().querySelector("form[data-form=fill]")) await read(false); draft = null; } },
    current: () => draft?.id, forget: () => { draft = null; opened = ""; } };
})();
