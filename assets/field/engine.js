// SPDX-License-Identifier: AGPL-3.0-or-later
// The questionnaire engine (src/engine/engine.c as WebAssembly): open(bytes) → an engine whose call(request) gives the answer.
// Pure but for chance and letters, so that tests run it under node as it is.
"use strict";
(globalThis.Field ??= {}).engine = (() => {
  const encoder = new TextEncoder(), decoder = new TextDecoder();

  // ---- Letters for searching, as src/i18n/fold.c has them from ICU: without marks; with marks and the tone of òa, òe, ùy on the last vowel.
  const apart = (s) => s.normalize("NFKC").toLowerCase().normalize("NFKD");
  const fold = (s) => apart(s).replace(/[\p{Mn}\p{Me}]/gu, "").replace(/đ/g, "d").replace(/[\s\p{Pd}]+/gu, " ").trim();
  const toned = (s) => apart(s.trim()).replace(/(o(?=.[ae])|u(?=.y))([\u0300\u0301\u0303\u0309\u0323])(.)/g, "$1$3$2");
  // 0 none, 1 folded, 2 with its marks, 3 at the start with its marks; what ends between a letter and its marks is not found.
  function match(s, typed) {
    const folded = fold(typed), where = toned(s), what = toned(typed);
    if (!folded || !fold(s).includes(folded)) return 0;
    for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + 1))
      if (!/^\p{Mn}/u.test(where.slice(at + what.length))) return at ? 2 : 3;
    return 1;
  }

  async function open(bytes) {
    let memory;
    const at = (from, length) => new Uint8Array(memory.buffer, from, length);
    const imports = {
      page: {
        nfc(from, length, to, room) {
          const normal = encoder.encode(decoder.decode(at(from, length)).normalize("NFC"));
          at(to, room).set(normal);
          return normal.length;
        },
        fold(from, length, to, room) {
          const folded = encoder.encode(fold(decoder.decode(at(from, length)))).subarray(0, room);
          at(to, room).set(folded);
          return folded.length;
        },
        match: (from, length, typed, typedLength) => match(decoder.decode(at(from, length)), decoder.decode(at(typed, typedLength))),
      },
      wasi_snapshot_preview1: {
        random_get(to, length) { crypto.getRandomValues(at(to, length)); return 0; },
        fd_write(fd, vectors, count, written) { new DataView(memory.buffer).setUint32(written, 0, true); return 8; },
        fd_seek: () => 8,
        fd_close: () => 8,
      },
    };
    const module = await WebAssembly.compile(bytes);
    let wasm;
    // A call that trapped (memory used up) leaves nothing behind: the next one runs in a new instance, opened by whoever calls.
    async function start() {
      wasm = (await WebAssembly.instantiate(module, imports)).exports;
      memory = wasm.memory;
      wasm._initialize();
    }
    await start();
    return {
      restart: start,
      call(request) {
        const text = encoder.encode(JSON.stringify(request)), to = wasm.room(text.length);
        at(to, text.length).set(text);
        const length = wasm.call(to, text.length);
        return JSON.parse(decoder.decode(at(wasm.answer(), length)));
      },
    };
  }
  return { open };
})();
