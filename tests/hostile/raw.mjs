// SPDX-License-Identifier: AGPL-3.0-or-later
// Bytes over a socket as they are, and what comes back until the server closes.
import net from "node:net";
import { sleep } from "../scenario/harness.mjs";

// Sends the pieces, `gap` ms apart; resolves with all that came and whether the server closed within `wait` ms.
export async function raw(port, pieces, { gap = 0, wait = 3000, half = true } = {}) {
  const s = net.connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  let text = "", closed = false;
  s.setEncoding("latin1").on("data", (d) => { text += d; });
  const end = new Promise((done) => {
    for (const e of ["end", "close", "error"]) s.on(e, () => { closed = true; done(); });
  });
  for (const p of [].concat(pieces)) {
    if (closed) break;
    s.write(p);
    if (gap) await sleep(gap);
  }
  if (half) s.end();
  await Promise.race([end, sleep(wait)]);
  s.destroy();
  return { text, closed, answers: (text.match(/^HTTP\/1\.1 \d{3}/gm) ?? []).map((l) => Number(l.slice(9))) };
}

export const head = (method, path, ...lines) => [`${method} ${path} HTTP/1.1`, "Host: localhost", ...lines, "", ""].join("\r\n");
