#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""stats.py THUOCDO FOLDER: every case of FOLDER/cases.json through `estimate`, compared with its expected values at its tolerance; byte-identical for 1, 2
and 7 threads; equal within a tenth of the tolerance when the rows of every file are shuffled. Deviations that are meant stand in
tests/stats_deviations.txt with their reasons. tests/stats/cases.json, of our own, is run first and always. TEST_SHARED names another folder than
../shared. Prints counts; exit 1 on anything that is not listed."""
import json
import math
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def estimate(program, cases, data, threads=1):
    run = subprocess.run([program, "estimate", cases, "--data-dir", data, "--threads", str(threads), "--json"], capture_output=True)
    if run.returncode not in (0, 65):
        raise SystemExit("FAIL estimate ends with %d: %s" % (run.returncode, run.stderr.decode()[:500]))
    return run.stdout


def differ(want, got, rel, ab, path, out):
    """Every place where got is not what is wanted."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            out.append("%s: no object" % path)
            return
        for key in want:
            if key not in got:
                out.append("%s.%s: is missing" % (path, key))
            else:
                differ(want[key], got[key], rel, ab, path + "." + key, out)
    elif isinstance(want, list):
        if not isinstance(got, list) or len(want) != len(got):
            out.append("%s: another length" % path)
            return
        for i, w in enumerate(want):
            differ(w, got[i], rel, ab, "%s[%d]" % (path, i), out)
    elif isinstance(want, bool) or want is None or isinstance(want, str):
        if got != want:
            out.append("%s: %r, not %r" % (path, got, want))
    elif isinstance(got, bool) or not isinstance(got, (int, float)) or not abs(got - want) <= ab + rel * abs(want):
        out.append("%s: %r, not %r" % (path, got, want))


def keys_of(want, got, path, out):
    """Keys in the same order, and none beside."""
    if isinstance(want, dict) and isinstance(got, dict):
        extra = [k for k in got if k not in want]
        if extra:
            out.append("%s: also has %s" % (path, ", ".join(extra)))
        for key in want:
            keys_of(want[key], got.get(key), path + "." + key, out)
    elif isinstance(want, list) and isinstance(got, list):
        for i, w in enumerate(want[:len(got)]):
            keys_of(w, got[i], "%s[%d]" % (path, i), out)


def compare(case, element, scale=1.0, want=None, skip=()):
    """Faults of one case, by its own values or by those of another run."""
    out, tolerance = [], case["tolerance"]
    wrong = case["expected"].get("error")           # cases of our own may want an error, its code and place
    if wrong:
        got = element.get("error", {"code": "a result", "path": ""})
        return [] if (got["code"], got["path"]) == (wrong["code"], wrong["path"]) else ["%s at %s, not %s at %s" % (got["code"], got["path"], wrong["code"], wrong["path"])]
    if "error" in element:
        return ["%s: %s" % (element["error"]["code"], element["error"]["message"])]
    want = case["expected"] if want is None else want
    want = {k: v for k, v in want.items() if k not in skip}
    differ(want, element["result"], tolerance["rel"] * scale, tolerance["abs"] * scale, "", out)
    keys_of(want, {k: v for k, v in element["result"].items() if k not in skip}, "", out)
    return out


def deviations():
    """{id: reason} of tests/stats_deviations.txt."""
    with open(os.path.join(HERE, "stats_deviations.txt"), encoding="utf-8") as f:
        rows = [line.split(None, 1) for line in f if line.strip() and not line.startswith("#")]
    return {row[0]: row[1].strip() for row in rows}


def shuffled(folder, cases, to):
    """Copies the files with their rows in another order."""
    names = {c["input"] for c in cases} | {c["design"]["replicate"]["factors_file"] for c in cases if (c.get("design") or {}).get("replicate")}
    rng = random.Random(20261122)
    for name in sorted(n for n in names if "/" not in n and os.path.isfile(os.path.join(folder, n))):
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
            head, *rows = f.read().splitlines()
        rng.shuffle(rows)
        with open(os.path.join(to, name), "w", encoding="utf-8", newline="") as f:
            f.write("\n".join([head] + rows) + "\n")


def conformance(program, folder):
    """(passed, failed, deviations) of one folder."""
    path = os.path.join(folder, "cases.json")
    with open(path, encoding="utf-8") as f:
        cases = json.load(f)["cases"]
    known, passed, failed, meant = deviations(), 0, 0, 0
    bytes_one = estimate(program, path, folder)
    got = json.loads(bytes_one)
    if [c["id"] for c in cases] != [e["id"] for e in got]:
        print("FAIL %s: other ids or another order" % folder)
        return 0, 1, 0
    for case, element in zip(cases, got):
        faults = compare(case, element)
        if not faults:
            passed += 1
            continue
        part = faults
        if case["status"] == "optional":            # point estimates must meet all the same
            part = [f for f in faults if "error" in element or f.startswith(".estimate")]
        if not part or (case["status"] == "optional" and case["id"] in known):
            meant += 1
            if case["id"] not in known:
                print("optional %s %s: %s" % (case["id"], case["name"], faults[0]))
            continue
        failed += 1
        print("FAIL %s %s: %s" % (case["id"], case["name"], "; ".join(faults[:3])))
    for threads in (2, 7):
        if estimate(program, path, folder, threads) == bytes_one:
            passed += 1
        else:
            failed += 1
            print("FAIL %d threads give other bytes" % threads)
    with tempfile.TemporaryDirectory() as to:
        shuffled(folder, cases, to)
        moved = 0
        for case, element, again in zip(cases, got, json.loads(estimate(program, path, to))):
            if "error" in element or "error" in case["expected"] or case["statistic"].get("qrule") == "hf7":     # bends at the last row of equal values, by the file's order
                continue
            faults = compare(case, again, 0.1, element["result"], ("first10",))
            if faults:
                moved += 1
                print("FAIL %s shuffled: %s" % (case["id"], faults[0]))
        passed += moved == 0
        failed += moved
    return passed, failed, meant


def main():
    program, folder = sys.argv[1], sys.argv[2]
    if os.environ.get("TEST_SHARED"):
        folder = os.path.join(os.environ["TEST_SHARED"], "data", "stats")
    total = [0, 0, 0]
    skipped = 0
    for place in [os.path.join(HERE, "stats"), folder]:
        if not os.path.exists(os.path.join(place, "cases.json")):
            skipped += 1
            print("skipped: no cases in %s" % os.path.basename(place))
            continue
        result = conformance(program, place)
        total = [a + b for a, b in zip(total, result)]
        print("%s: %d passed, %d meant to differ, %d wrong" % (os.path.basename(place), result[0], result[2], result[1]))
    print("%d passed, %d failed, %d skipped" % (total[0], total[1], skipped))
    return 1 if total[1] else 0


sys.exit(main())
