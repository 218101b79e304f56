// SPDX-License-Identifier: AGPL-3.0-or-later
// The service worker of the offline page; the server writes RELEASE and FILES above. A release is whole or not there: all of its
// files are fetched before it counts, and an older one goes only when the page says so.
"use strict";
const CACHE = "field-" + RELEASE;

self.addEventListener("install", (e) => e.waitUntil((async () => {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((f) => new Request(f, { cache: "no-cache", credentials: "omit" })));
})()));
self.addEventListener("message", (e) => { if (e.data === "take over") self.skipWaiting(); });
self.addEventListener("activate", (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("field-") && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
})()));
self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  const wanted = e.request.mode === "navigate" && url.pathname === "/field" ? "/field" : url.pathname;
  if (!FILES.includes(wanted)) return;
  e.respondWith((async () => await (await caches.open(CACHE)).match(wanted) ?? fetch(e.request))());
});
