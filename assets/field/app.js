// SPDX-License-Identifier: AGPL-3.0-or-later
// The offline page as a whole: starting, locking, what buttons do, sending when there is a line.
"use strict";
Field.app = (() => {
  const { vault, sync, screens, fill, visit, t } = Field;
  const IDLE = 5 * 60000;
  let idle = null, touched = 0, picking = false, refused = false, waitingWorker = null, reloadDue = false, after = null, where = "home";

  async function state() {
    const open = vault.isOpen(), [records, drafts, visits] = open ? [await vault.list("record:"), await vault.list("draft:"), await vault.list("visit:")] : [[], [], []];
    const kept = open ? null : await vault.sealCounts(), waits = (list) => list.filter((x) => x.state !== "received").length;
    return {
      records, drafts, visits, work: open ? await vault.get("work") : null, unsent: kept?.interviews ?? waits(records), unsaid: kept?.visits ?? waits(visits),
      persisted: await navigator.storage?.persisted?.() ?? false, quota: await navigator.storage?.estimate?.() ?? null,
      update: waitingWorker !== null, sending: sync.running(), refused,
    };
  }
  const frame = async () => screens.frame(await state());

  // ---- Screens
  async function home(focus = true) {
    if (!vault.isOpen()) return locked();
    where = "home";
    fresh();
    const s = await state();
    screens.home(s, focus);
    screens.frame(s);
  }
  async function locked(fault) {
    where = "locked";
    const kept = await vault.sealCounts();
    screens.locked(fault, kept.interviews + kept.visits);
    await frame();
  }
  async function machine(fault, done) {
    where = "machine";
    screens.machine(await state(), fault, done);
  }
  async function lock() {
    after = where === "fill" ? { draft: fill.current() } : where === "note" ? { note: visit.current() } : null;
    try { await visit.keep(); await fill.leave(); } catch { await fill.pocket(); }      // no room: sealed in memory until the PIN comes
    vault.lock();
    sync.use("");
    fill.forget();
    visit.forget();
    await locked();
  }
  function busy() {
    clearTimeout(idle);
    if (!vault.isOpen()) return;
    touched = Date.now();
    idle = setTimeout(() => then(lock), away());
  }
  // A camera or a recorder in front is no absence; a machine that slept longer than allowed is.
  const away = () => (picking ? 6 : 1) * (Field.idle ?? IDLE);
  function back() {
    if (document.visibilityState === "visible" && vault.isOpen() && Date.now() - touched > away()) then(lock);
  }

  // ---- Sending: at the start, when a line comes, after each interview, every two minutes, and by the button
  async function send(asked) {
    if (!vault.isOpen() || (!navigator.onLine && !asked)) return;
    const tell = (record, i, n) => { document.getElementById("line").textContent = t("line.sending", { title: record.title, i: Math.min(i + 1, n || 1), n: n || 1 }); };
    try {
      const running = sync.start(tell);
      if (where === "home") await home(false);
      await running;
      refused = false;
    } catch (e) {
      refused = e.status === 401 || e.status === 403;
      if (asked && !refused) document.getElementById("line").textContent = t("fault.line");
      if (asked && !refused) return;
    }
    if (where === "home" && vault.isOpen()) await home(false);
    await frame();
  }

  // ---- Opening
  async function enter() {
    sync.use((await vault.get("secret")).key);
    navigator.storage?.persist?.();
    busy();
    const to = after;
    after = null;
    if (to?.draft) { where = "fill"; if (!await fill.resume(to.draft)) return frame(); }
    if (to?.note) { where = "note"; await visit.begin(...to.note); return frame(); }
    await home();
    send();
  }
  async function begin(form, how = {}) {
    const q = await navigator.storage?.estimate?.();
    if (q && q.quota - q.usage < vault.LEAST) { where = "full"; return screens.full(await state()); }
    const work = await vault.get("work"), bad = await fill.begin(form, how, work.carry_key);
    where = "fill";
    if (bad) { where = "refused"; screens.draw(Field.h`<div class="r-col"><h1 class="q">${t("cannot.title", { title: screens.formTitle(form) })}</h1><ul class="dots">${bad.map((b) => Field.h`<li>${b}</li>`)}</ul><p class="mt">${screens.link("home", t("confirm.back"))}</p></div>`); }
  }
  async function openDraft(id) {
    where = "fill";
    const bad = await fill.resume(id);
    if (bad) { where = "refused"; screens.draw(Field.h`<div class="r-col"><h1 class="q">${t("cannot.title", { title: "" })}</h1><p>${bad.join(" ")}</p>${screens.link("home", t("confirm.back"))}</div>`); }
  }
  async function discard(id) {
    const d = await vault.get(id);
    for (const f of d.files) await vault.dropFile(d.instance, f.name);
    await vault.drop(id);
    await home();
  }
  async function forget() {
    const s = await state();
    if (s.unsent || s.unsaid || s.drafts.length) { screens.confirm(t("forget.title"), t("forget.unsent", { n: s.unsent + s.unsaid, m: s.drafts.length }), "carry", t("carry.button")); return; }
    screens.confirm(t("forget.title"), t("forget.sure"), "forget-now", t("forget.button"));
  }
  async function forgetNow() {
    const s = await state();
    if (s.unsent || s.unsaid || s.drafts.length) return forget();
    await vault.forget();
    location.replace("/field");
  }

  // ---- What buttons do
  const acts = {
    home: async () => { if (where === "fill") await fill.leave(); visit.forget(); await home(); }, machine: async () => { if (where === "fill") await fill.leave(); await machine(); },
    lock, send: () => send(true), retry: () => where === "fill" ? fill.again() : visit.keep().then(() => screens.calm()), update: () => waitingWorker?.postMessage("take over"), reload: () => location.reload(), forget, "forget-now": forgetNow, carry: () => Field.carry.out(),
    lang: async () => {
      Field.lang = Field.lang === "vi" ? "en" : "vi";
      localStorage.setItem("field-lang", Field.lang);
      const id = where === "fill" ? fill.current() : null;
      if (id) await fill.leave();
      location.reload();
    },
    begin: (form, version) => work((w) => begin(w.forms.find((f) => f.form_id === form && f.version === version))),
    "begin-case": (round, code) => work((w) => {
      const r = w.rounds.find((x) => x.code === round);
      return begin(w.forms.find((f) => f.form_id === r.form_id), { round, caseCode: code });
    }),
    open: (...id) => openDraft(id.join(":")),
    discard: async (...id) => { const d = await vault.get(id.join(":")); screens.confirm(t("discard.title"), t("discard.text", { title: d.title }), "discard-now:" + id.join(":"), t("discard.button")); },
    "discard-now": (...id) => discard(id.join(":")),
    note: async (round, code) => { where = "note"; await visit.begin(round, code); },
    "visit-receipt": async (id) => { where = "receipt"; screens.receipt(await vault.get("visit:" + id)); },
    "visit-drop": async (id) => { const v = await vault.get("visit:" + id); screens.confirm(t("visit.drop.title"), t("visit.drop.text", { code: v.case }), "visit-drop-now:" + id, t("visit.drop")); },
    "visit-drop-now": async (id) => { await vault.dropVisit(id); await home(); },
    receipt: async (...id) => { where = "receipt"; screens.receipt(await vault.get("record:" + id.join(":"))); },
  };
  const work = async (run) => run(await vault.get("work"));
  const forms = {
    async setup(data) {
      const key = data.get("key").trim().replace(/^.*[#/]/, "");
      if (!/^[A-Za-z0-9_-]{43}$/.test(key)) return screens.setup("", t("fault.key"));
      if (data.get("pin").length < 6) return screens.setup(key, t("fault.pin"));
      if (data.get("pin") !== data.get("again")) return screens.setup(key, t("fault.again"));
      sync.use(key);
      try { await sync.ask("/field/api/work"); } catch (e) { return screens.setup(key, e.status === 403 || e.status === 401 ? t("fault.refused") : t("fault.first")); }
      await vault.create(data.get("pin"));
      await vault.put("secret", { key });
      await sync.refresh();
      await enter();
    },
    async unlock(data) {
      const seconds = await vault.wait();
      if (seconds) return locked(t("fault.wait", { n: seconds }));
      if (!await vault.unlock(data.get("pin"))) return locked(t("fault.wrong"));
      await enter();
    },
    async pin(data) {
      if (data.get("pin").length < 6) return machine(t("fault.pin"));
      return await vault.changePin(data.get("old"), data.get("pin")) ? machine("", t("machine.pin.done")) : machine(t("fault.wrong"));
    },
    fill: () => fill.next(),
    visit: () => visit.save(),
  };

  // One thing after the other, in the order it was asked for.
  let turn = Promise.resolve();
  // What is on the screen stays on the screen until it lies on disk: a form is never drawn over because a write failed.
  function failed(e) {
    console.warn(e);
    if (screens.trouble(e?.name === "QuotaExceededError")) return;
    screens.draw(Field.h`${screens.notice("n-error", t("fault.title"), t("fault.write"))}<p class="mt">${screens.link("home", t("confirm.back"))}</p>`);
  }
  const then = (run) => { turn = turn.then(run).catch(failed); };
  function listen() {
    document.addEventListener("click", (e) => {
      const b = e.target.closest("[data-act],[data-do],[data-at],[data-place],[data-file-drop]");
      picking = Boolean(e.target.closest("input[type=file]"));
      busy();
      if (!b) return;
      const d = b.dataset, [name, ...rest] = (d.act ?? "").split(":");
      if (d.act) then(() => acts[name](...rest));
      else if (d.place) fill.place(b);
      else if (d.fileDrop) then(() => fill.replace(d.fileDrop, "", null));
      else if (d.do === "back") then(() => fill.go({ do: "move", back: true }));
      else if (d.do) then(() => fill.go({ do: d.do }));
      else then(() => fill.go({ do: "show", at: d.at }));
    });
    document.addEventListener("submit", (e) => {
      e.preventDefault();
      const data = new FormData(e.target), name = e.target.dataset.form, look = e.submitter?.closest(".find") && e.submitter;
      then(() => look ? fill.look(look) : forms[name](data));
    });
    document.addEventListener("change", (e) => {
      if (e.target.closest(".find")) return;            // its button searches; drawn anew before, the button would be gone under the finger
      if (e.target.matches("[data-file]")) then(() => fill.attach(e.target));
      else if (e.target.matches("[data-receipts]")) then(() => Field.carry.receipts(e.target.files[0]));
      else if (e.target.closest("form[data-form=fill]")) then(() => fill.changed());
      else if (e.target.closest("form[data-form=visit]")) then(() => visit.keep());
    });
    document.addEventListener("visibilitychange", back);
    for (const name of ["keydown", "pointerdown", "input"]) document.addEventListener(name, busy, { passive: true });
    addEventListener("online", () => { frame(); send(); });
    addEventListener("offline", frame);
    addEventListener("beforeunload", (e) => { if (where === "fill" || sync.running()) e.preventDefault(); });
    setInterval(() => send(), 120000);
  }

  // ---- Installed releases: told on the page of work alone; a form that is being filled in is left in peace
  function fresh() {
    if (reloadDue && where !== "fill" && where !== "note") location.reload();
  }
  async function serve() {
    const reg = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field" });
    const offer = () => { if (reg.waiting && navigator.serviceWorker.controller) { waitingWorker = reg.waiting; if (where === "home") home(false); } };
    offer();
    reg.addEventListener("updatefound", () => reg.installing.addEventListener("statechange", offer));
    let had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (had && !reloadDue) { reloadDue = true; fresh(); }
      had = true;
    });
  }

  async function start() {
    document.documentElement.lang = Field.lang;
    listen();
    if (!isSecureContext || !vault.subtle || !navigator.serviceWorker || !globalThis.WebAssembly || !globalThis.indexedDB) return screens.unfit();
    await vault.open();
    serve().catch((e) => console.warn(e));
    const key = location.hash.slice(1);
    if (key) history.replaceState(null, "", "/field");
    if (await vault.exists()) await locked(); else { where = "setup"; screens.setup(key); await frame(); }
  }
  // Two windows would write over one another's drafts.
  const alone = () => navigator.locks ? navigator.locks.request("thuocdo-field", { ifAvailable: true }, (lock_) => lock_ ? start().then(() => new Promise(() => {})) : screens.elsewhere()) : start();
  return { home, send, machine, frame, state, alone };
})();
Field.app.alone();
