// SPDX-License-Identifier: AGPL-3.0-or-later
// A mail server for tests: keeps every letter it takes, and misbehaves on demand. mode: "ok", "hang" (says nothing), "reset" (breaks off at MAIL),
// "reset-data" (breaks off in the middle of a letter), "busy" (451), "refuse" (550), "sender" (550 to MAIL), "flood" (never ends its greeting), "silent" (takes the letter, never says so).
import net from "node:net";
import tls from "node:tls";

export class Sink {
  constructor({ key = null, cert = null, delay = 0 } = {}) { Object.assign(this, { key, cert, delay, mode: "ok", letters: [], calls: 0, open: new Set() }); }

  async start() {
    const talk = (s) => this.talk(s);
    this.server = this.key ? tls.createServer({ key: this.key, cert: this.cert }, talk) : net.createServer(talk);
    this.server.on("tlsClientError", () => { this.calls++; });
    await new Promise((done) => this.server.listen(0, "127.0.0.1", done));
    this.port = this.server.address().port;
    return this;
  }

  async stop() { for (const s of this.open) s.destroy(); await new Promise((done) => this.server.close(done)); }

  talk(s) {
    this.calls++;
    this.open.add(s);
    s.on("close", () => this.open.delete(s));
    s.on("error", () => {});
    const mode = this.mode, say = (line) => setTimeout(() => { if (!s.destroyed) s.write(`${line}\r\n`); }, this.delay);
    let text = "", data = false, to = [];
    if (mode === "hang") return;
    if (mode === "flood") { const more = () => { while (!s.destroyed && s.write("220-still talking\r\n".repeat(500))); if (!s.destroyed) s.once("drain", more); }; return more(); }
    say("220 sink ESMTP");
    s.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (data && mode === "reset-data") return s.resetAndDestroy?.() ?? s.destroy();
      for (;;) {
        if (data) {
          const end = text.indexOf("\r\n.\r\n");
          if (end < 0) return;
          this.letters.push({ to, ...read(text.slice(0, end).replace(/^\.\./gm, ".")) });
          text = text.slice(end + 5);
          data = false;
          if (mode !== "silent") say("250 taken");
          continue;
        }
        const end = text.indexOf("\r\n");
        if (end < 0) return;
        const line = text.slice(0, end), verb = line.slice(0, 4).toUpperCase();
        text = text.slice(end + 2);
        if (verb === "EHLO" || verb === "HELO") say("250 sink");
        else if (verb === "MAIL" && mode === "reset") return s.resetAndDestroy?.() ?? s.destroy();
        else if (verb === "MAIL" && mode === "sender") say("550 5.7.1 sender not allowed");
        else if (verb === "MAIL") { to = []; say("250 ok"); }
        else if (verb === "RCPT") { to.push(line.match(/<([^>]*)>/)?.[1]); say(mode === "busy" ? "451 later" : mode === "refuse" ? "550 nobody here" : "250 ok"); }
        else if (verb === "DATA") { data = true; say("354 go on"); }
        else if (verb === "QUIT") { say("221 bye"); setTimeout(() => s.end(), this.delay + 5); }
        else say("250 ok");
      }
    });
  }
}

// Headers and text as a reader of mail shows them.
function read(bytes) {
  const [head, body] = [bytes.slice(0, bytes.indexOf("\r\n\r\n")), bytes.slice(bytes.indexOf("\r\n\r\n") + 4)];
  const headers = Object.fromEntries(head.replace(/\r\n /g, "").split("\r\n").map((l) => [l.slice(0, l.indexOf(":")).toLowerCase(), l.slice(l.indexOf(":") + 2)]));
  const words = headers.subject.replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, b) => Buffer.from(b, "base64").toString("latin1"));
  return { bytes, headers, id: headers["message-id"], subject: Buffer.from(words, "latin1").toString("utf8"), text: Buffer.from(body, "base64").toString("utf8") };
}
