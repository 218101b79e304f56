// SPDX-License-Identifier: AGPL-3.0-or-later
// Typing paper forms: Enter and the arrow keys move from box to box, Enter in the last box sends the section. Without this script
// Tab moves and Enter sends; nothing else depends on it.
"use strict";
for (const form of document.querySelectorAll("form[data-enter=next]")) {
  const boxes = Array.from(form.querySelectorAll("input[type=text]"));
  const go = (i) => { if (boxes[i]) { boxes[i].focus(); boxes[i].select(); } };
  form.addEventListener("keydown", (e) => {
    const i = boxes.indexOf(e.target);
    if (i < 0 || e.isComposing) return;
    if (e.key === "Enter" && i + 1 < boxes.length) { e.preventDefault(); go(i + 1); }
    if (e.key === "ArrowDown") { e.preventDefault(); go(i + 1); }
    if (e.key === "ArrowUp") { e.preventDefault(); go(i - 1); }
  });
  const bad = boxes.findIndex((b) => b.getAttribute("aria-invalid") === "true");
  go(bad < 0 ? 0 : bad);
}
