// SPDX-License-Identifier: AGPL-3.0-or-later
// The questionnaire engine (src/engine/engine.c as WebAssembly): open(bytes) → an engine whose call(request) gives the answer.
// Pure but for chance and normal forms, so that tests run it under node as it is.
"use strict";
(globalThis.Field ??= {}).engine = (() => {
  const encoder = new TextEncoder(), decoder = new TextDecoder();

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
