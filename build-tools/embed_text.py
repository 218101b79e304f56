#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""embed_text.py NAME FOLDER OUT.c: the files of a folder as one sorted C table (base/embed.h)."""
import os
import sys


def c_bytes(data):
    lines = []
    for i in range(0, len(data), 4096):
        piece = data[i:i + 4096]
        text = "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else "\\%03o" % b for b in piece)
        lines.append('    "%s"' % text)
    return "\n".join(lines) or '    ""'


def main():
    name, folder, out = sys.argv[1:4]
    files = []
    for root, dirs, names in os.walk(folder):
        dirs.sort()
        files += [os.path.join(root, n) for n in names if n.endswith((".sql", ".csv", ".xlsx", ".txt", ".json"))]
    files.sort(key=lambda p: os.path.relpath(p, folder).encode())
    parts = ['#include "base/embed.h"\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n']
    rows = []
    for i, path in enumerate(files):
        data = open(path, "rb").read()
        parts.append("static const char file_%d[] =\n%s;\n" % (i, c_bytes(data)))
        rel = os.path.relpath(path, folder)
        rows.append('    { { "%s", %d }, { file_%d, %d } },' % (rel, len(rel.encode()), i, len(data)))
    parts.append("const EmbeddedFile %s[] = {\n%s\n    { { \"\", 0 }, { \"\", 0 } },\n};" % (name, "\n".join(rows)))
    parts.append("const size_t %s_count = %d;\n" % (name, len(files)))
    text = "\n".join(parts)
    if not os.path.exists(out) or open(out).read() != text:
        open(out, "w").write(text)


main()
