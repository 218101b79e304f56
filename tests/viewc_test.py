#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""viewc_test.py VIEWC: what the view compiler writes for each place, and what it refuses with which words."""
import os
import subprocess
import sys
import tempfile

# Markup of a view, and the calls it must become (in this order, nothing but literals between).
ACCEPTED = [
    ("<p>{{ x }}</p>", ["OUT_TEXT(o, x)"]),
    ("<p title=\"{{ x }}\">", ["OUT_ATTR(o, x)"]),
    ("<a href=\"{{ x }}\">", ["OUT_URL(o, x)"]),
    ("<a href=\"/units/{{ x }}/{{ y }}\">", ["OUT_URL_PART(o, x)", "OUT_URL_PART(o, y)"]),
    ("<a href=\"{{ x }}?q={{ y }}\">", ["OUT_URL(o, x)", "OUT_URL_PART(o, y)"]),
    ("<a href=\"{{ x }}{{ y }}\">", ["OUT_URL(o, x)", "OUT_URL_PART(o, y)"]),
    ("<a HREF=\"{{ x }}\">", ["OUT_URL(o, x)"]),
    ("<img src=\"{{ x }}\" alt=\"{{ y }}\">", ["OUT_URL(o, x)", "OUT_ATTR(o, y)"]),
    ("<form action=\"{{ x }}\"><button formaction=\"{{ y }}\">b</button></form>", ["OUT_URL(o, x)", "OUT_URL(o, y)"]),
    ("<video poster=\"{{ x }}\"></video>", ["OUT_URL(o, x)"]),
    ("<use xlink:href=\"#{{ x }}\"/>", ["OUT_URL_PART(o, x)"]),
    ("<title>{{ x }}</title><p>{{ y }}</p>", ["OUT_PLAIN(o, x)", "OUT_TEXT(o, y)"]),
    ("<textarea>{{ x }}</textarea>{{ y }}", ["OUT_PLAIN(o, x)", "OUT_TEXT(o, y)"]),
    ("<textarea>a <b title=\"</textarea>{{ y }}", ["OUT_TEXT(o, y)"]),
    ("<input checked?=\"{{ x }}\" name=\"{{ y }}\">", ["OUT_MAYBE(o, S(\" checked\"), x)", "OUT_ATTR(o, y)"]),
    ("<a href?=\"{{ x }}\">", ["OUT_MAYBE_URL(o, S(\" href\"), x)"]),
    ("<script src=\"{{ x }}\" defer></script>{{ y }}", ["OUT_URL(o, x)", "OUT_TEXT(o, y)"]),
    ("<a href=\"mailto:{{ x }}\">", ["OUT_URL_PART(o, x)"]),
    ("{{ t(\"a.b\") }}", ["OUT_TEXT(o, t(\"a.b\"))"]),
    ("{{ f(\"}}\", (T){ { 1 } }) }}", ["OUT_TEXT(o, f(\"}}\", (T){ { 1 } }))"]),
    ("{{ f(x,\n   y) }}", ["OUT_TEXT(o, f(x,\n   y))"]),
    ("<!doctype html>\n<p data-k=\"{{ x }}\">", ["OUT_ATTR(o, x)"]),
    ("% if (x) {\n<p>{{ x }}</p>\n% } else {\n<b>{{ y }}</b>\n% }", ["OUT_TEXT(o, x)", "OUT_TEXT(o, y)"]),
    ("<p class=\"a\n% if (x) {\nb\n% }\n\">{{ y }}", ["OUT_TEXT(o, y)"]),
    ("% for (int i = 0; i < n; i++) {\n% if (i == '{') continue;\n<p>{{ i }}</p>\n% }", ["OUT_TEXT(o, i)"]),
]

# Markup and a part of the message; "line N" is given where it is not the first line of the markup.
REFUSED = [
    ("<script src=\"/a\">{{ x }}</script>", "inside <script>"),
    ("<script>alert(1)</script>", "<script> without src"),
    ("<script src=\"/a\">alert(1)</script>", "<script> must be empty"),
    ("<style>p{}</style>", "<style> is not allowed"),
    ("<STYLE>{{ x }}</STYLE>", "<style> is not allowed"),
    ("<!-- {{ x }} -->", "inside a comment"),
    ("<!--\n% f();\n-->", "C line inside a comment"),
    ("<p onclick=\"{{ x }}\">", "onclick=: no event handlers"),
    ("<p onclick=\"f()\">", "onclick=: no event handlers"),
    ("<p style=\"color:{{ x }}\">", "style= is not allowed"),
    ("<p STYLE=\"a\">", "style= is not allowed"),
    ("<iframe srcdoc=\"{{ x }}\"></iframe>", "srcdoc= is not allowed"),
    ("<meta http-equiv=\"refresh\" content=\"{{ x }}\">", "http-equiv= is not allowed"),
    ("<p title={{ x }}>", "without double quotes"),
    ("<p title=a{{ x }}>", "double quotes"),
    ("<p title='{{ x }}'>", "double quotes"),
    ("<{{ x }}>", "tag name"),
    ("</{{ x }}>", "tag name"),
    ("<p{{ x }}>", "tag name"),
    ("<p {{ x }}>", "attribute name"),
    ("<p data-{{ x }}=\"1\">", "attribute name"),
    ("<img srcset=\"{{ x }} 2x\">", "srcset="),
    ("<a href=\"javascript:{{ x }}\">", "scheme javascript:"),
    ("<a href=\" JavaScript:f()\">", "scheme javascript:"),
    ("<a href=\"data:text/html,{{ x }}\">", "scheme data:"),
    ("<base href=\"/\">", "<base> is not allowed"),
    ("<object data=\"/a\">", "<object> is not allowed"),
    ("<svg><animate attributeName=\"href\"></svg>", "<animate> is not allowed"),
    ("<iframe src=\"/a\">{{ x }}</iframe>", "inside <iframe>"),
    ("<!doctype {{ x }}>", "doctype"),
    ("a < b", "&lt;"),
    ("<p title=\"a>\n<b title=\"", "a quote is missing"),
    ("{{ }}", "is empty"),
    ("{{ x", "is not closed"),
    ("{{ x; } }}", "expression"),
    ("<p title=\"", "ends inside a tag"),
    ("<title>a", "ends inside a tag, a title"),
    ("<input checked?=\"a{{ x }}\">", "takes one {{ }}"),
    ("<input checked?=\"{{ x }}b\">", "takes one {{ }}"),
    ("<input checked?>", "needs a value"),
    ("% if (x) {\n<a href=\"\n% } else {\n<b title=\"\n% }\n\">", "another place of the markup"),
    ("% if (x) {\n<p title=\"\n% }\n\">", "another place of the markup"),
    ("<a href=\"\n% if (x) {\n/a\n% }\n{{ y }}\">", "another place of the markup"),
    ("% if (x)\n<p>a</p>", "need braces"),
    ("% if (x) { f(); } else\n<p>a</p>", "need braces"),
    ("% if (x) {\n<p>a</p>", "is not closed"),
    ("<p>a</p>\n% }", "without a {"),
    ("% while (1) {\n<p title=\"\n% break;\n\">\n% }", "break inside a tag"),
    ("<p title=\"\n% return;\n\">", "return inside a tag"),
    ("<p title=\"\n% other_view(o, x);\n\">", "called inside a tag"),
    ("<title>\n% other_view(o);\n</title>", "called inside a tag"),
    ("% f(\"a\n", "not closed on its line"),
]
REFUSED_FILES = [
    ("<p>a</p>\n", "before the first % view"),
    ("% view a(Str x)\n", "first parameter"),
    ("% view a\n", "a view line reads"),
    ("% view a(Out *o)\n% include \"a.h\"\n", "includes stand above"),
]


def run(viewc, folder, source):
    path = os.path.join(folder, "a.html")
    open(path, "w", encoding="utf-8").write(source)
    got = subprocess.run([viewc, path, path + ".c", path + ".h"], capture_output=True, text=True)
    if got.returncode:
        return None, got.stderr
    return open(path + ".c", encoding="utf-8").read(), open(path + ".h", encoding="utf-8").read()


def calls(code):
    body = code[code.index("\n{\n"):]
    found, at = [], body.find("    OUT_")
    while at >= 0:
        end = body.index(");\n", at)
        found.append(body[at + 4:end + 1])
        at = body.find("    OUT_", end)
    return found


def main():
    viewc, faults, count = sys.argv[1], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for markup, want in ACCEPTED:
            count += 1
            code, message = run(viewc, folder, "% view a(Out *o, Str x, Str y)\n" + markup + "\n")
            got = calls(code) if code else message
            if got != want:
                faults.append("%r: got %r, want %r" % (markup, got, want))
        whole = [("% view a(Out *o, Str x)\n" + m + "\n", w) for m, w in REFUSED] + REFUSED_FILES
        for source, want in whole:
            count += 1
            code, message = run(viewc, folder, source)
            if code is not None:
                faults.append("%r: accepted, want %r" % (source, want))
            elif want not in message or "a.html:" not in message:
                faults.append("%r: got %r, want %r" % (source, message, want))
        faults += details(viewc, folder)
        count += 3
    for fault in faults:
        print("FAIL " + fault)
    print("viewc: %d passed, %d failed" % (count - len(faults), len(faults)))
    return 1 if faults else 0


def details(viewc, folder):
    """Line numbers, white space, headers."""
    faults = []
    _, message = run(viewc, folder, "% // a comment\n\n% view a(Out *o)\n<p>\n{{ f(1,\n2) }}\n  <b onclick=\"\">\n")
    if "a.html:7: " not in message:
        faults.append("line number: %r" % message)
    code, header = run(viewc, folder, "% include \"org/org.h\"\n% view a(Out *o)\n  <p>\n\n    a <!-- c -->\n  </p>\n<pre>\n  b</pre>\n")
    text = code[code.index("out_raw"):].replace("\\n\"\n        \"", "\\n")
    if 'S("<p>\\na \\n</p>\\n<pre>\\n  b</pre>\\n")' not in text:
        faults.append("white space: %r" % text)
    if '#include "org/org.h"\nvoid a(Out *o);' not in header:
        faults.append("header: %r" % header)
    return faults


sys.exit(main())
