#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""embed_assets.py ROOT OUT.c: assets/ as a table of view/view.h's Asset, named by hash, gzipped where it helps."""
import gzip
import hashlib
import os
import sys

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8"}


def c_bytes(data):
    return "\n".join('    "%s"' % "".join("\\%03o" % b for b in data[i:i + 1024]) for i in range(0, len(data), 1024)) or '    ""'


def main():
    root, out = sys.argv[1:3]
    folder = os.path.join(root, "assets")
    files = sorted(os.path.join(d, n) for d, _, names in os.walk(folder) for n in names
                   if os.path.splitext(n)[1] in TYPES)
    parts, rows = ['#include "view/view.h"\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n'], []
    for i, path in enumerate(files):
        data = open(path, "rb").read()
        name = os.path.relpath(path, folder)
        stem, ext = os.path.splitext(name)
        hashed = "%s.%s%s" % (stem, hashlib.sha256(data).hexdigest()[:10], ext)
        small = b"" if ext in (".woff2", ".png") else gzip.compress(data, 9, mtime=0)
        parts.append("static const char plain_%d[] =\n%s;\nstatic const char gzip_%d[] =\n%s;\n" % (i, c_bytes(data), i, c_bytes(small)))
        rows.append('    { S_INIT("%s"), S_INIT("%s"), S_INIT("%s"), { plain_%d, %d }, { gzip_%d, %d } },'
                    % (name, hashed, TYPES[ext], i, len(data), i, len(small)))
    parts.append("extern const Asset asset_files[];\nextern const size_t asset_files_count;\nconst Asset asset_files[] = {\n%s\n    { .name = S_INIT(\"\") },\n};\nconst size_t asset_files_count = %d;\n" % ("\n".join(rows), len(rows)))
    text = "\n".join(parts)
    if not os.path.exists(out) or open(out).read() != text:
        open(out, "w").write(text)


main()
