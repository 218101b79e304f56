// SPDX-License-Identifier: AGPL-3.0-or-later
// The machine at a one-stop desk: a tap counts once, waits in the browser while the line is down, and the start comes back when nobody is
// there. Without this script taps are plain forms, double taps are told apart by the server, and pages lead back by themselves.
"use strict";
const desk = document.querySelector("[data-desk]"), kind = desk.dataset.desk, start = desk.dataset.start, store = "taps:" + start.replace(/^\/en\//, "/");
const get = () => { try { return JSON.parse(localStorage.getItem(store)) || []; } catch (e) { return []; } };
const put = (list) => { try { localStorage.setItem(store, JSON.stringify(list)); return true; } catch (e) { return false; } };
const uuid = () => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
  const h = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
  return [h.slice(0, 8), h.slice(8, 12), h.slice(12, 16), h.slice(16, 20), h.slice(20)].join("-");
};
const send = (where, fields) => {
  const stop = new AbortController(), timer = setTimeout(() => stop.abort(), 10000);
  return fetch(where, { method: "POST", body: new URLSearchParams(fields), signal: stop.signal, cache: "no-store" }).finally(() => clearTimeout(timer));
};
// Leaves only when the server answers, so that no browser error page stands on the machine.
const leave = async (where) => {
  try { if ((await fetch(where, { cache: "no-store" })).status < 500) { location.replace(where); return; } } catch (e) { /* the line is down */ }
  setTimeout(() => leave(where), 5000);
};

const show = () => {
  const box = document.querySelector(".desk-offline"), n = get().length;
  if (!box) return;
  box.hidden = n === 0;
  box.querySelector("[data-waiting]").textContent = n || "";
  const lost = document.querySelector(".desk-lost"), refused = Number(localStorage.getItem(store + ":refused")) || 0;
  lost.hidden = refused === 0;
  lost.querySelector("[data-refused]").textContent = refused || "";
};
// The address was revoked, the round is over, or the rating is none any more: the desk is told, on every start until somebody has read it.
const refuse = () => { try { localStorage.setItem(store + ":refused", (Number(localStorage.getItem(store + ":refused")) || 0) + 1); } catch (e) { /* full */ } };

// Taps that wait go out one after the other; the server knows those it has by their visit.
let flushing = false;
const flush = async () => {
  if (flushing) return;
  flushing = true;
  try {
    for (let list = get(); list.length; list = get()) {
      const r = await send(start + "/tap", { ...list[0], now: "1" });
      const over = r.status === 404 || r.status === 410;
      if (!r.ok && !over) break;
      if (over) refuse();
      put(get().filter((x) => x.visit !== list[0].visit));
    }
  } catch (e) { /* later */ }
  flushing = false;
  show();
};

function startPage() {
  const form = desk.querySelector("form"), visit = form.querySelector("[name=visit]"), kept = desk.querySelector(".desk-kept");
  let busy = false;
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (busy || !e.submitter) return;
    busy = true;
    e.submitter.classList.add("is-chosen");
    const tap = { visit: visit.value, value: e.submitter.value };
    const list = get();
    const held = put(list.concat(tap));
    try {
      const r = await send(form.action, tap);
      if (r.status === 429 || r.status >= 500) throw new Error(r.status);
      put(get().filter((x) => x.visit !== tap.visit));
      location.replace(r.url);
    } catch (err) {
      if (!held) { busy = false; form.submit(); return; }
      form.hidden = true;
      kept.hidden = false;
      show();
      setTimeout(() => { visit.value = uuid(); kept.hidden = true; form.hidden = false; busy = false; e.submitter.classList.remove("is-chosen"); }, 5000);
    }
  });
  addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
  flush();
  show();
  setInterval(flush, 15000);
}

function morePage() {
  const box = desk.querySelector("[data-left]"), most = Number(desk.dataset.idle);
  let left = most, touched = false;
  const touch = () => { left = most; touched = true; };
  for (const e of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(e, touch, { passive: true });
  setInterval(() => {
    left -= 1;
    box.hidden = left > 20;
    if (left <= 20) box.textContent = box.dataset.left.replace("{n}", Math.max(left, 0));
    if (left === 0) leave(start);
  }, 1000);
  setInterval(() => { if (touched) { touched = false; send(desk.dataset.alive, { visit: desk.dataset.visit }).catch(() => {}); } }, 15000);
  const form = desk.querySelector("form");
  let busy = false;
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    if (busy) return;
    busy = true;
    const fields = new URLSearchParams(new FormData(form));
    if (e.submitter && e.submitter.name) fields.append(e.submitter.name, e.submitter.value);
    for (let i = 0; ; i++) {
      try { location.replace((await send(form.action, fields)).url); return; } catch (err) { if (i === 6) break; await new Promise((go) => setTimeout(go, 5000)); }
    }
    leave(start);
  });
}

if (kind === "start") { startPage(); setInterval(() => send(desk.dataset.alive, {}).catch(() => {}), 60000); }
if (kind === "shut") { flush(); show(); setInterval(flush, 15000); }
if (kind === "more") morePage();
if (kind === "thanks") setTimeout(() => leave(start), Number(desk.dataset.idle) * 1000);
