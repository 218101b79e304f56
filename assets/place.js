// SPDX-License-Identifier: AGPL-3.0-or-later
// A question for a place on a respondent's page: a button asks the device where it is. Without this script, without a device that knows, or when
// the person does not allow it, the two boxes are typed. What the device said stays beside them with its accuracy for as long as they say the same.
"use strict";
(() => {
  const comma = (x) => document.documentElement.lang === "vi" ? x.replace(".", ",") : x;
  const box = (name) => document.querySelector(`[name="${CSS.escape(name)}"]`);
  const take = (place, status, p) => {
    const { latitude, longitude, altitude, accuracy } = p.coords, name = place.dataset.name, lat = latitude.toFixed(6), lon = longitude.toFixed(6);
    box(name + "_lat").value = comma(lat);
    box(name + "_lon").value = comma(lon);
    box(name + "_fix").value = `${lat} ${lon} ${(altitude ?? 0).toFixed(1)} ${accuracy.toFixed(1)}`;
    status.textContent = place.dataset.done.replace("{m}", Math.max(1, Math.round(accuracy)));
  };
  for (const place of document.querySelectorAll(".place:empty")) {
    if (!navigator.geolocation || !window.isSecureContext) continue;
    const button = document.createElement("button"), status = document.createElement("p"), why = document.createElement("p");
    button.type = "button";
    button.className = "btn btn-2";
    button.textContent = place.dataset.ask;
    why.className = "q-hint";
    why.textContent = place.dataset.why;
    status.setAttribute("role", "status");
    place.append(why, button, status);
    button.addEventListener("click", () => {
      status.textContent = place.dataset.wait;
      navigator.geolocation.getCurrentPosition((p) => take(place, status, p),
        (e) => { status.textContent = e.code === e.PERMISSION_DENIED ? place.dataset.denied : place.dataset.fault; },
        { enableHighAccuracy: true, timeout: 30000, maximumAge: 0 });
    });
  }
})();
