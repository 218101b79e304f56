// SPDX-License-Identifier: AGPL-3.0-or-later
// A phone that behaves as ODK Collect (from its source, not from a device): the same requests, headers, parts, splitting and retries.
import crypto from "node:crypto";
import http from "node:http";
import net from "node:net";

const files_a_post = 100, assumed_length = 10_000_000;

// One request; resolves to { status, headers, body } or { status: 0 } when no whole answer came.
export function request(port, method, path, headers = {}, body = null, agent = undefined) {
  return new Promise((done) => {
    const r = http.request({ host: "127.0.0.1", port, agent, method, path, headers }, (res) => {
      const parts = [];
      res.on("data", (d) => parts.push(d)).on("error", () => done({ status: 0 }));
      res.on("end", () => done({ status: res.complete ? res.statusCode : 0, headers: res.headers, body: Buffer.concat(parts), text: Buffer.concat(parts).toString() }));
    });
    r.on("error", () => done({ status: 0 }));
    if (body) for (const piece of [].concat(body)) r.write(piece);
    r.end();
  });
}

// Bytes as they are: pieces `gap` ms apart; resolves with what came until the server closed, or after `wait` ms.
export function bytes(port, pieces, { gap = 0, wait = 5000, cut = false } = {}) {
  return new Promise((done) => {
    const s = net.connect({ host: "127.0.0.1", port }), got = [];
    const end = () => { clearTimeout(timer); s.destroy(); const text = Buffer.concat(got).toString(); done({ status: Number(text.match(/^HTTP\/1\.1 (\d+)/)?.[1] ?? 0), text }); };
    const timer = setTimeout(end, wait);
    s.setMaxListeners(0);
    s.on("data", (d) => got.push(d)).on("close", end).on("error", () => {});
    (async () => {
      for (const piece of [].concat(pieces)) {
        if (s.destroyed || !s.writable) break;
        if (!s.write(piece)) await new Promise((ready) => { s.once("drain", ready); s.once("close", ready); });
        if (gap) await new Promise((ready) => setTimeout(ready, gap));
      }
      if (cut) end();
    })();
  });
}

// Parts as OkHttp writes them: quotes and line ends alone are escaped in names, every part says its length.
const quoted = (name) => `"${String(name).replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22")}"`;
export function multipart(parts, boundary = crypto.randomUUID()) {
  const out = [];
  for (const p of parts) {
    const content = Buffer.from(p.bytes), file = p.file === undefined ? "" : `; filename=${quoted(p.file)}`;
    const type = p.file === undefined ? "" : `Content-Type: ${p.type ?? "application/octet-stream"}\r\n`;
    out.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name=${quoted(p.name)}${file}\r\n${type}Content-Length: ${content.length}\r\n\r\n`), content, Buffer.from("\r\n"));
  }
  out.push(Buffer.from(`--${boundary}--\r\n`));
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(out) };
}

const types = { jpg: "image/jpeg", png: "image/png", csv: "text/csv", xml: "text/xml", txt: "text/plain" };
export const formPart = (xml) => ({ name: "xml_submission_file", file: "phieu.xml", type: "text/xml", bytes: xml });
export const filePart = ([name, content]) => ({ name, file: name, type: types[name.split(".").pop()], bytes: content });

export class Phone {
  // url: "http://host/openrosa/KEY", as the supervisor's code says.
  constructor(url, port, id = `collect:${crypto.randomBytes(8).toString("hex")}`) {
    this.path = new URL(url).pathname.replace(/\/+$/, "");
    this.port = port;
    this.id = id;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 5 });
  }

  headers(more = {}) {                       // a clock of twelve hours, and the day's half in the phone's language
    return { Host: "localhost", "X-OpenRosa-Version": "1.0", Date: "CN, 22 thg 11 2026 03:15:00 GMT+07:00", "User-Agent": "org.odk.collect.android/v2026.2 Dalvik/2.1.0", ...more };
  }

  where(path) { return `${path.startsWith("/openrosa") ? path : this.path + path}${path.includes("?") ? "&" : "?"}deviceID=${encodeURIComponent(this.id)}`; }
  get(path, headers) { return request(this.port, "GET", this.where(path), this.headers(headers), null, this.agent); }
  head() { return request(this.port, "HEAD", this.where("/submission"), this.headers(), null, this.agent); }

  post(parts, headers = {}) {
    const { type, body } = multipart(parts);
    return request(this.port, "POST", this.where("/submission"), this.headers({ "Content-Type": type, "Content-Length": body.length, ...headers }), body, this.agent);
  }

  // The posts that Collect makes of one interview: the form with its first file, more while they fit, the mark on all but the last.
  split(xml, files, most) {
    const posts = [];
    let left = [...files];
    do {
      const part = left.splice(0, 1);
      let size = Buffer.byteLength(xml) + part.reduce((n, [, content]) => n + Buffer.byteLength(content), 0);
      while (left.length && part.length < files_a_post && size + Buffer.byteLength(left[0][1]) <= most) {
        size += Buffer.byteLength(left[0][1]);
        part.push(left.shift());
      }
      posts.push([formPart(xml), ...part.map(filePart), ...(left.length ? [{ name: "*isIncomplete*", bytes: "yes" }] : [])]);
    } while (left.length);
    return posts;
  }

  // Sends one interview. Sent is what was answered 201 or 202 to every post, as Collect counts it.
  async send(xml, files = {}, { most = null } = {}) {
    const probe = await this.head();
    if (probe.status === 0 || probe.status >= 200 && probe.status < 300 && probe.status !== 204 || probe.status === 401) return { sent: false, status: probe.status, answers: [probe] };
    const announced = probe.status === 204 ? Number(probe.headers["x-openrosa-accept-content-length"] ?? assumed_length) : assumed_length;
    const answers = [];
    for (const parts of this.split(xml, Object.entries(files), most ?? announced)) {
      answers.push(await this.post(parts));
      if (![201, 202].includes(answers.at(-1).status)) break;
    }
    const last = answers.at(-1);
    return { sent: [201, 202].includes(last.status), status: last.status, code: codeOf(last), text: last.text, answers };
  }

  // Entries of the list, as Collect insists on them.
  async formList(query = "") {
    const answer = await this.get(`/formList${query}`);
    return { answer, forms: entries(answer.text, "xform") };
  }

  done() { this.agent.destroy(); }
}

export const codeOf = (answer) => messageOf(answer).match(/mã ([0-9A-Z]{4}-[0-9A-Z]{2})/)?.[1];

// What the interviewer reads: Collect finds OpenRosaResponse and message without prefixes.
export function messageOf(answer) {
  return (answer.text ?? "").match(/<OpenRosaResponse xmlns="http:\/\/openrosa\.org\/http\/response"(?: items="1")?><message nature="[a-z_]+">([^<]+)<\/message><\/OpenRosaResponse>/)?.[1] ?? "";
}

const plain = (s) => s.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");
export function entries(text, name) {
  return [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map((m) => Object.fromEntries([...m[1].matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map((x) => [x[1], plain(x[2])])));
}
