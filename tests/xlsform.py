#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""xlsform.py THUOCDO FORMS: every XLSForm of a folder of fixtures through `form xform`, compared as a tree with the XForm that
pyxform made of it. Differences that are meant stand in tests/xlsform_differences.txt, one a line with its reason. XForms (.xml) are
read back and must be accepted, or refused for a reason listed there. Prints counts; exit 1 on anything that is not listed."""
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

XF = "{http://www.w3.org/2002/xforms}"
TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|[\w.\-:]+|!=|<=|>=|//|\S", re.U)
PLAIN = {"id", "lang", "version", "type", "appearance", "form", "mediatype", "class", "event", "action", "src"}


def expression(s):
    """Blanks outside of texts say nothing."""
    return " ".join(TOKEN.findall(s))


def tree(x):
    attrs = {k: (v.strip() if k in PLAIN else expression(v)) for k, v in x.attrib.items()}
    kids = [tree(k) for k in x]
    tag = x.tag.replace(XF, "")
    if tag in ("translation", "itext", "text", "model"):
        # Texts, values and binds are found by name; their order says nothing.
        kids.sort(key=lambda k: (k[0], k[1].get("id", ""), k[1].get("lang", ""), k[1].get("form", ""), k[1].get("nodeset", "")))
    words = " ".join(((x.text or "") + " " + " ".join((k.tail or "") for k in x)).split())
    for curly, straight in (("\u201c", '"'), ("\u201d", '"'), ("\u2018", "'"), ("\u2019", "'")):
        words = words.replace(curly, straight)           # pyxform makes them straight in texts too; we keep what the author wrote
    return tag, attrs, words, kids


def place(path, node):
    tag, attrs = node[0], node[1]
    name = attrs.get("nodeset") or attrs.get("ref") or attrs.get("id") or attrs.get("lang") or ""
    return path + "/" + tag + ("[" + name.replace(" ", "") + "]" if name else "")


def compare(path, want, got, out):
    here = place(path, want)
    if want[0] != got[0]:
        out.append("%s: <%s> instead" % (here, got[0]))
        return
    for k in sorted(set(want[1]) | set(got[1])):
        if want[1].get(k) != got[1].get(k):
            out.append("%s@%s: %s, not %s" % (here, k.split("}")[-1], got[1].get(k), want[1].get(k)))
    if want[2] != got[2]:
        out.append("%s: text '%s', not '%s'" % (here, got[2][:60], want[2][:60]))
    if len(want[3]) == len(got[3]):
        for w, g in zip(want[3], got[3]):
            compare(here, w, g, out)
        return
    ours, theirs = [place("", k) for k in got[3]], [place("", k) for k in want[3]]
    for p in theirs:
        if p not in ours:
            out.append("%s: no %s" % (here, p))
    for p in ours:
        if p not in theirs:
            out.append("%s: also %s" % (here, p))
    if set(ours) == set(theirs):
        out.append("%s: %d instead of %d" % (here, len(ours), len(theirs)))
    for w, g in [(w, g) for w in want[3] for g in got[3] if place("", w) == place("", g) and theirs.count(place("", w)) == 1]:
        compare(here, w, g, out)


def run(*words):
    r = subprocess.run(words, capture_output=True, text=True, check=False)
    return r.returncode, r.stdout, r.stderr


def listed(path):
    """file <TAB> place or code <TAB> reason; '*' is every file."""
    rows = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                file, what, why = [c.strip() for c in line.rstrip("\n").split("\t")]
                rows.append({"file": file, "what": what, "why": why, "used": 0})
    return rows


def allowed(rows, file, text):
    for r in rows:
        if (r["file"] == "*" or file.endswith(r["file"])) and re.search(r["what"], text):
            r["used"] += 1
            return True
    return False


class Score:
    def __init__(self):
        self.counts, self.faults = {}, []

    def add(self, key):
        self.counts[key] = self.counts.get(key, 0) + 1

    def fault(self, file, text):
        self.faults.append("%s: %s" % (file, text))


def check(program, path):
    code, out, err = run(program, "form", "check", path, "--json")
    if code not in (0, 65):
        return None, code, err
    return json.loads(out), code, err


def issue_text(e):
    return "%s %s:%d:%s %s" % (e["code"], e["sheet"], e["row"], e["column"], e["message_en"])


def refused(score, rows, file, answer):
    """Each error must be one that is listed."""
    bad = [e for e in answer["errors"] if not allowed(rows, file, issue_text(e))]
    for e in bad:
        score.fault(file, "refused: " + issue_text(e))
    score.add("refused as listed" if not bad else "refused, not listed")


def xlsform(program, root, record, rows, score):
    file, path = record["file"], os.path.join(root, record["file"])
    kind = file.rsplit(".", 1)[1]
    answer, code, err = check(program, path)
    if answer is None:
        score.fault(file, "exit %d %s" % (code, err.strip()))
        return
    codes = [e["code"] for e in answer["errors"]]
    if kind in ("xls", "xlsm"):
        score.add(".xls and .xlsm refused as E-FILE" if codes == ["E-FILE"] else ".xls read")
        if codes != ["E-FILE"]:
            score.fault(file, "gives %s, not E-FILE" % codes)
        return
    if not record["pyxform"]["converted"]:
        score.add("refused as by pyxform" if codes else "accepted where pyxform refuses")
        if not codes:
            score.fault(file, "accepted where pyxform refuses: %s" % record["pyxform"]["messages"])
        return
    if codes:
        refused(score, rows, file, answer)
        return
    code, out, err = run(program, "form", "xform", path)
    if code:
        score.fault(file, "form xform: exit %d %s" % (code, err.strip()))
        return
    want = tree(ET.parse(os.path.join(root, record["pyxform"]["output"])).getroot())
    differences = []
    compare("", want, tree(ET.fromstring(out)), differences)
    bad = [d for d in differences if not allowed(rows, file, d)]
    score.add("trees equal" if not differences else "trees equal but for listed differences" if not bad else "trees that differ")
    for d in bad:
        score.fault(file, d)


FACTS = ["form_id", "version", "root", "itext_ids", "binds", "relevant", "constraint", "required", "calculate", "readonly"]


def facts_equal(program, path, facts):
    code, out, err = run(program, "form", "show", path, "--json")
    if code:
        return ["form show: exit %d %s" % (code, err.strip())]
    got = json.loads(out)
    want = {k: facts[k] or ("" if k in ("form_id", "version") else facts[k]) for k in FACTS}
    want["languages"], want["secondary_instances"] = len(facts["languages"]), len(facts["secondary_instances"])
    want["external_instances"] = len(facts["external_instances"])
    return ["fact %s: %s, not %s" % (k, got[k], want[k]) for k in want if got[k] != want[k]]


def xform(program, root, record, rows, score):
    file, path = record["file"], os.path.join(root, record["file"])
    answer, code, err = check(program, path)
    if answer is None:
        score.fault(file, "exit %d %s" % (code, err.strip()))
        return
    verdict = record.get("odk_validate", {}).get("result", "not judged")
    if answer["errors"]:
        if verdict == "valid":
            refused(score, rows, file, answer)
        else:
            score.add("XForm %s: refused" % verdict)
        return
    if verdict != "valid":
        if not allowed(rows, file, "accepted"):
            score.fault(file, "accepted though %s: %s" % (verdict, record.get("odk_validate")))
        score.add("XForm %s: accepted" % verdict)
        return
    if "form_id" not in record["facts"]:
        score.add("XForm valid: read, without facts to compare")
        return
    bad = facts_equal(program, path, record["facts"])
    for d in [d for d in bad if not allowed(rows, file, d)]:
        score.fault(file, d)
    score.add("XForm valid: read, counts equal but for listed differences" if bad else "XForm valid: read, counts equal")


def main():
    program, root = sys.argv[1], sys.argv[2]
    if not os.path.exists(os.path.join(root, "INDEX.json")):
        print("no fixtures in %s\n0 passed, 0 failed, 1 skipped" % root)
        return 0
    with open(os.path.join(root, "INDEX.json"), encoding="utf-8") as f:
        index = json.load(f)
    rows, score = listed(os.path.join(os.path.dirname(__file__), "xlsform_differences.txt")), Score()
    for record in index:
        if "pyxform" in record:
            xlsform(program, root, record, rows, score)
        elif record["file"].endswith(".xml"):
            xform(program, root, record, rows, score)
    for f in score.faults:
        print(f)
    for key in sorted(score.counts):
        print("%4d  %s" % (score.counts[key], key))
    for r in rows:
        if not r["used"]:
            print("never needed: %s %s" % (r["file"], r["what"]))
    failed = len({f.split(": ")[0] for f in score.faults})
    print("%d passed, %d failed, 0 skipped" % (sum(score.counts.values()) - failed, failed))
    return 1 if score.faults else 0


if __name__ == "__main__":
    sys.exit(main())
