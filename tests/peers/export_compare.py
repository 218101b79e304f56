#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""export_compare.py OURS.csv THEIRS.csv: the same rows, days and blanks as each writes them."""
import csv
import sys


def rows(path):
    with open(path, newline="", encoding="utf-8-sig") as f:
        return list(csv.reader(f))


def plain(text):
    text = text.strip()
    if len(text) == 10 and text[2] == text[5] == "/":
        month, day, year = text.split("/")
        text = "-".join((year, month, day))
    return text


ours, theirs = rows(sys.argv[1]), rows(sys.argv[2])
assert len(ours) == len(theirs), (len(ours), len(theirs))
for n, (a, b) in enumerate(zip(ours, theirs)):
    assert len(a) == len(b), (n, len(a), len(b))
    for column, (x, y) in enumerate(zip(a, b)):
        if n and plain(x) != plain(y):
            sys.exit("row %d, %s: %r and %r" % (n, ours[0][column], x, y))
print(len(ours) - 1, "rows")
