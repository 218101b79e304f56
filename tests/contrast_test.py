#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""contrast_test.py ASSETS: contrast of every pair of colours that meet (WCAG 2.x), computed from parts/tokens.css in all
modes: text at least 4.5:1, borders and marks 3:1, high contrast 7:1. Also: the two dark blocks agree, no sheet makes
Vietnamese capitals or tight lines, and the questionnaire's sheet stays literal."""
import glob
import os
import re
import sys

TEXT = [("ink", "page"), ("ink", "paper"), ("muted", "page"), ("muted", "paper"), ("on-primary", "primary"),
        ("on-primary", "primary-hover"), ("link", "page"), ("link", "paper"), ("primary", "page"), ("red", "page"),
        ("error", "page"), ("error-ink", "error-tint"), ("ok-ink", "ok-tint"), ("warn-ink", "warn-tint"), ("info-ink", "info-tint"),
        ("on-band", "band"), ("band-muted", "band"), ("focus-ink", "focus"), ("muted", "paper")]
MARKS = [("line", "page"), ("line", "paper"), ("outline", "page"), ("outline", "paper"), ("mark", "page"), ("primary", "paper"), ("error", "page"),
         ("ok", "ok-tint"), ("warn", "warn-tint"), ("info", "info-tint"), ("mark", "ci"), ("down", "page")]


def light(hex_colour):
    parts = [int(hex_colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def blocks(text):
    """Selector of :root -> tokens."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return {m.group(1): dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-F]{6})", m.group(2)))
            for m in re.finditer(r"(:root[^{]*?)\s*\{([^}]*)\}", text)}


def main():
    folder, faults, count = sys.argv[1], [], 0
    found = blocks(open(os.path.join(folder, "parts", "tokens.css"), encoding="utf-8").read())
    base = found[":root"]
    dark_media, dark = found[":root:not(.theme-light):not(.contrast-high)"], found[":root.theme-dark"]
    if dark_media != dark:
        faults.append("the dark colours of the system and of the switch differ")
    modes = {"light": (base, 1), "dark": ({**base, **dark}, 1), "high": ({**base, **found[":root.contrast-high"]}, 7 / 4.5),
             "high dark": ({**base, **dark, **found[":root.contrast-high.theme-dark"]}, 7 / 4.5)}
    for mode, (tokens, factor) in modes.items():
        for pairs, least in ((TEXT, 4.5 * factor), (MARKS, 3.0)):
            for front, back in pairs:
                count += 1
                got = contrast(tokens[front], tokens[back])
                if got < least:
                    faults.append("%s: %s on %s is %.2f, want %.1f" % (mode, front, back, got, least))
    faults += rules(folder)
    for fault in faults:
        print("FAIL " + fault)
    print("%d passed, %d failed" % (max(count - len(faults), 0), len(faults)))
    return 1 if faults else 0


def rules(folder):
    faults = []
    for path in sorted(glob.glob(os.path.join(folder, "*.css")) + glob.glob(os.path.join(folder, "parts", "*.css"))):
        text = re.sub(r"/\*.*?\*/", "", open(path, encoding="utf-8").read(), flags=re.S)
        name = os.path.relpath(path, folder)
        for word in ("text-transform", "letter-spacing: -", "hyphens", "text-align: justify", "!important", "http"):
            if word in text:
                faults.append("%s: %s" % (name, word))
        for height in re.findall(r"line-height:\s*([\d.]+)[;}\s]", text):
            if float(height) < 1.25:
                faults.append("%s: line-height %s" % (name, height))
    literal = open(os.path.join(folder, "respondent.css"), encoding="utf-8").read()
    for word in ("var(", "--", "display: grid", "gap:", ":has(", ":is(", ":focus-visible"):
        if word in re.sub(r"/\*.*?\*/", "", literal, flags=re.S):
            faults.append("respondent.css: %s" % word)
    return faults


sys.exit(main())
