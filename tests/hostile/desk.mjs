// SPDX-License-Identifier: AGPL-3.0-or-later
// The demonstration for each test, and small tools for files.
import zlib from "node:zlib";
import { Instance, check, signIn } from "../scenario/harness.mjs";

// A served copy of the demonstration of its own; it is gone when run has ended.
export async function desk(program, options, run) {
  const i = new Instance(program, { demo: true });
  i.init();
  try {
    await i.start(...options);
    const accounts = i.accounts(), clients = {};
    return await run(i, async (login) => (clients[login] ??= await signIn(i, login, accounts[login])), accounts);
  } finally {
    await i.remove();
  }
}

// A zip of [name, bytes, lie?]; lie replaces what the directory says of the entry's size.
export function zip(entries) {
  const parts = [], directory = [];
  let at = 0;
  for (const [name, content, lie] of entries) {
    const bytes = Buffer.from(content), packed = zlib.deflateRawSync(bytes, { level: 9 }), n = Buffer.from(name);
    const h = Buffer.alloc(30), d = Buffer.alloc(46), size = lie ?? bytes.length;
    h.writeUInt32LE(0x04034b50, 0); h.writeUInt16LE(20, 4); h.writeUInt16LE(0x800, 6); h.writeUInt16LE(8, 8);
    h.writeUInt32LE(zlib.crc32(bytes), 14); h.writeUInt32LE(packed.length, 18); h.writeUInt32LE(size, 22); h.writeUInt16LE(n.length, 26);
    d.writeUInt32LE(0x02014b50, 0); d.writeUInt16LE(20, 4); d.writeUInt16LE(20, 6); h.copy(d, 8, 6, 28); d.writeUInt16LE(n.length, 28);
    d.writeUInt32LE(at, 42);
    parts.push(h, n, packed);
    directory.push(d, n);
    at += 30 + n.length + packed.length;
  }
  const list = Buffer.concat(directory), end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0); end.writeUInt16LE(entries.length, 8); end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12); end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

// The cells of a CSV file.
export function csv_cells(text) {
  const cells = [];
  for (const m of text.replace(/^\ufeff/, "").matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) cells.push(m[1]?.replace(/""/g, '"') ?? m[2] ?? "");
  return cells;
}

export const words = (html) => (html.match(/<main[\s\S]*<\/main>/)?.[0] ?? html).replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
export function clear(answer, what) {
  check(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status}`);
  check(/Lỗi|lỗi|không/.test(words(answer.text)), `${what}: no clear words: ${words(answer.text).slice(0, 200)}`);
}
