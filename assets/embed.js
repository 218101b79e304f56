/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* <thuoc-do src="https://…/embed/results/…"> for sites that like an element better than a frame: it makes the same frame and gives it the
   height that its kind of chart has at the width there is. It reads nothing of the page, and the frame runs no script. */
"use strict";
(() => {
  const heights = { headline: [400, 410], rank: [1240, 2090], unit: [550, 520], likert: [620, 1110] };   // at 720 px and more, below
  class ThuocDo extends HTMLElement {
    connectedCallback() {
      if (this.firstElementChild) return;
      const address = new URL(this.getAttribute("src"), document.baseURI);
      if (!/^https?:$/.test(address.protocol)) return;
      const kind = address.pathname.match(/\/embed\/results\/[^/]+\/([a-z]+)/)?.[1], frame = document.createElement("iframe");
      frame.src = address.href;
      frame.title = this.getAttribute("title") ?? "thước đo";
      frame.loading = "lazy";
      frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox allow-same-origin");
      frame.style.cssText = "border:0;display:block;width:100%";
      const fit = () => { frame.height = (heights[kind] ?? heights.likert)[this.clientWidth >= 720 ? 0 : 1]; };
      this.style.display = "block";
      this.append(frame);
      fit();
      new ResizeObserver(fit).observe(this);
    }
  }
  if (!customElements.get("thuoc-do")) customElements.define("thuoc-do", ThuocDo);
})();
