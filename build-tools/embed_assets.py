#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""embed_assets.py ROOT OUT.c [NAME=FILE…]: assets/ and built files as a table of view/view.h's Asset, named by hash, gzipped where it helps.

A sheet may take in parts (@import "parts/base.css"; assets/parts itself is not served) and name other assets by
url(fonts/x.woff2), which becomes their hashed name. A @font-face whose file is missing is left out with a warning,
so that a build without npm still works with the fonts of the reader's system."""
import gzip
import hashlib
import os
import re
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".wasm": "application/wasm"}


def c_bytes(data):
    return "\n".join('    "%s"' % "".join("\\%03o" % b for b in data[i:i + 1024]) for i in range(0, len(data), 1024)) or '    ""'


def hashed_name(name, data):
    stem, ext = os.path.splitext(name)
    return "%s.%s%s" % (stem, hashlib.sha256(data).hexdigest()[:10], ext)


def sheet(folder, name, known):
    """A sheet with its parts, hashed addresses, and without comments and spare blanks."""
    text = open(os.path.join(folder, name), encoding="utf-8").read()
    text = re.sub(r'@import "([^"]+)";', lambda m: open(os.path.join(folder, m.group(1)), encoding="utf-8").read(), text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    missing = {a for a in re.findall(r"url\(([a-z0-9/._-]+)\)", text) if a not in known}
    if missing:
        print("embed_assets: %s: no %s (run npm ci and build-tools/fonts.sh)" % (name, ", ".join(sorted(missing))), file=sys.stderr)
    text = re.sub(r"@font-face\s*\{[^}]*\}", lambda m: "" if any(a in m.group(0) for a in missing) else m.group(0), text)
    text = re.sub(r"url\(([a-z0-9/._-]+)\)", lambda m: "url(/assets/%s)" % known.get(m.group(1), m.group(1)), text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,>])\s*", r"\1", text)
    text = re.sub(r":\s+(?![^{}]*\{)", ":", text)
    return text.replace(";}", "}").strip().encode()


def main():
    root, out, *built = sys.argv[1:]
    folder = os.path.join(root, "assets")
    names = sorted(os.path.relpath(os.path.join(d, n), folder) for d, _, found in os.walk(folder) for n in found
                   if os.path.splitext(n)[1] in TYPES)
    names = [n for n in names if not n.startswith("parts" + os.sep)]
    files = {n: open(os.path.join(folder, n), "rb").read() for n in names if not n.endswith(".css")}
    files.update({n: open(f, "rb").read() for n, f in (b.split("=", 1) for b in built)})
    known = {n: hashed_name(n, data) for n, data in files.items()}
    files.update({n: sheet(folder, n, known) for n in names if n.endswith(".css")})
    parts, rows = ['#include "view/view.h"\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n'], []
    for i, name in enumerate(sorted(files)):
        data = files[name]
        ext = os.path.splitext(name)[1]
        small = b"" if ext in (".woff2", ".png") else gzip.compress(data, 9, mtime=0)
        parts.append("static const char plain_%d[] =\n%s;\nstatic const char gzip_%d[] =\n%s;\n" % (i, c_bytes(data), i, c_bytes(small)))
        hashed = hashed_name(name, data)
        rows.append('    { S_INIT("%s"), S_INIT("%s"), S_INIT("/assets/%s"), S_INIT("%s"), { plain_%d, %d }, { gzip_%d, %d } },'
                    % (name, hashed, hashed, TYPES[ext], i, len(data), i, len(small)))
    parts.append("const Asset asset_files[] = {\n%s\n    { .name = S_INIT(\"\") },\n};\nconst size_t asset_files_count = %d;\n" % ("\n".join(rows), len(rows)))
    text = "\n".join(parts)
    if not os.path.exists(out) or open(out).read() != text:
        open(out, "w").write(text)


main()
