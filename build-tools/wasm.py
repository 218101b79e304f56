#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""wasm.py ROOT BUILD OUT.wasm DEPFILE SOURCE…: the questionnaire engine as WebAssembly, by Debian's clang, lld and wasi-libc.

src/engine/port stands in for what a page does not have; its headers come before those of wasi-libc."""
import os
import subprocess
import sys

CFLAGS = ["--target=wasm32-wasi", "-nostdlibinc", "-std=gnu17", "-D_GNU_SOURCE", "-DNDEBUG", "-Oz", "-flto", "-fvisibility=hidden", "-mbulk-memory", "-mexec-model=reactor"]
LDFLAGS = ["-flto", "-Wl,--strip-all", "-Wl,--gc-sections", "-Wl,-z,stack-size=1048576", "-Wl,--initial-memory=4194304"]


def main():
    root, build, out, depfile, *sources = sys.argv[1:]
    include = ["-I" + os.path.join(root, "src/engine/port/include"), "-I" + os.path.join(root, "src"), "-I" + os.path.join(build, "build-tools"),
               "-isystem", "/usr/include/wasm32-wasi"]
    subprocess.run(["clang", *CFLAGS, *LDFLAGS, *include, *sources, "-o", out], check=True)
    listed = subprocess.run(["clang", *CFLAGS, *include, "-MM", *sources], check=True, capture_output=True, text=True).stdout
    names = sorted({word for word in listed.replace("\\\n", " ").split() if not word.endswith(":")})
    with open(depfile, "w", encoding="utf-8") as f:
        f.write("%s: %s\n" % (out, " ".join(names)))


main()
