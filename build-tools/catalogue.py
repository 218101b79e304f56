#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""catalogue.py LOCALE SRC OUT.c [PREFIX…]: catalogues as one sorted table. Fails when a language lacks a key, when a key is
written twice, or when a literal key of a source or view is in no catalogue. Prefixes: the table of the page for interviewers holds keys that begin so and no others."""
import os
import re
import sys

LANGS = ("vi", "en")
USE = re.compile(r'\b(?:text_of|text_fmt)\s*\(\s*(?:[^"()]|\([^()]*\))*?"([a-z0-9_.\-]+)"|\bt\(\s*"([a-z0-9_.\-]+)"|\btf\(\s*"([a-z0-9_.\-]+)"')


def read(folder):
    keys, faults = {}, []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".txt"):
            continue
        for number, line in enumerate(open(os.path.join(folder, name), encoding="utf-8"), 1):
            line = line.rstrip("\n")
            if not line.strip() or line.startswith("#"):
                continue
            key, mark, text = line.partition(" = ")
            if not mark or not re.fullmatch(r"[a-z0-9_.\-]+", key):
                faults.append("%s/%s:%d: not a line 'key = text'" % (folder, name, number))
            elif key in keys:
                faults.append("%s/%s:%d: %s is written twice" % (folder, name, number, key))
            else:
                keys[key] = text.strip().replace("\\n", "\n")
    return keys, faults


def used(src):
    for root, _, names in os.walk(src):
        for name in names:
            if name.endswith((".c", ".h", ".html")) and "/tests" not in root:
                text = open(os.path.join(root, name), encoding="utf-8").read()
                for m in USE.finditer(text):
                    yield (m.group(1) or m.group(2) or m.group(3)), os.path.join(root, name)


def c_text(s):
    return '"%s"' % "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else "\\%03o" % b for b in s.encode())


def main():
    folder, src, out, *prefixes = sys.argv[1:]
    tables, faults = [], []
    for lang in LANGS:
        keys, bad = read(os.path.join(folder, lang))
        tables.append(keys)
        faults += bad
    every = sorted(set().union(*tables), key=lambda k: k.encode())
    for lang, keys in zip(LANGS, tables):
        faults += ["%s: %s is missing" % (lang, k) for k in every if k not in keys]
    known = set(every)
    faults += sorted({"%s: unknown key %s" % (path, key) for key, path in used(src) if key not in known})
    if faults:
        sys.exit("locale: " + "\nlocale: ".join(faults[:40]))
    if prefixes:
        every = [k for k in every if k.startswith(tuple(prefixes))]
    rows = ["    { %s, %d, { %s } }," % (c_text(k), len(k), ", ".join("{ %s, %d }" % (c_text(t[k]), len(t[k].encode())) for t in tables)) for k in every]
    text = ('#include "i18n/catalogue.h"\n#pragma GCC diagnostic ignored "-Woverlength-strings"\n'
            "const CatalogueRow catalogue_rows[] = {\n%s\n    { \"\", 0, { { \"\", 0 }, { \"\", 0 } } },\n};\nconst int catalogue_count = %d;\n" % ("\n".join(rows), len(every)))
    if not os.path.exists(out) or open(out, encoding="utf-8").read() != text:
        open(out, "w", encoding="utf-8").write(text)


main()
