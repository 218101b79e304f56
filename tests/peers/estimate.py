#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""estimate.py make FOLDER SEED COUNT: random files and cases of estimation, of every kind and option the case format has.
estimate.py compare FOLDER: ours.json (thuocdo estimate) beside survey.json (estimate.R), at 1e-9; what differs on purpose is counted with its reason."""
import collections
import json
import math
import os
import random
import sys

ITEMS = ["q1", "q2", "q3", "q4", "q5", "q6"]
TEXTS = ["vùng", "sex", "mã xã", "coder", "psu_text"]       # columns of texts; the R script is told


# ---- Files ------------------------------------------------------------------------------------------------------------------

def quoted(value, rng):
    text = "" if value is None else str(value)
    if text and (any(ch in text for ch in ',"\n') or (not text.lstrip("-").replace(".", "").isdigit() and rng.random() < 0.5 and "e" not in text.lower())):
        return '"%s"' % text.replace('"', '""')
    return text


def write(folder, name, rows, rng, end="\n", bom=False, order=None):
    head = order or list(rows[0])
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as f:
        f.write("\ufeff" if bom else "")
        for row in [dict(zip(head, head))] + rows:
            f.write(",".join(quoted(row[h], rng) for h in head) + end)


def person(rng, place):
    level = place + rng.gauss(0, 0.7)
    likert = lambda: None if rng.random() < 0.06 else max(1, min(5, round(3.4 + level + rng.gauss(0, 0.9))))
    row = {q: likert() for q in ITEMS}
    if rng.random() < 0.05:
        row = dict.fromkeys(ITEMS, rng.randint(1, 5))
    row["code_b"] = row["q1"] if rng.random() < 0.7 else likert()
    row["y"] = round(50 + 10 * level + rng.gauss(0, 5), 3)
    row["y_gap"] = None if rng.random() < 0.15 else round(rng.gauss(0, 1) + place, 6)
    row["big"] = 10 ** 12 + round(rng.gauss(0, 100) + 30 * place, 3)
    row["tiny_y"] = "%.6e" % (rng.gauss(3, 1) * 1e-9)
    row["x"] = round(rng.uniform(0.5, 3), 2)
    row["yes"] = None if rng.random() < 0.03 else int(rng.random() < 1 / (1 + math.exp(-level)))
    row["same"] = 7
    row["age"] = rng.randint(18, 80)
    row["agegrp"] = 1 + min(4, (row["age"] - 18) // 13)
    row["sex"] = None if rng.random() < 0.02 else rng.choice(["Nam", "Nữ"])
    row["vùng"] = rng.choice(["đồng bằng", "Trung du, miền núi", 'hải "đảo"', "Ô Môn", "an"])
    row["duration"] = None if rng.random() < 0.05 else int(rng.lognormvariate(6, 0.6))
    return row


def survey_rows(rng, strata, psus, size, texts, lonely=False):
    rows = []
    for h in range(1, strata + 1):
        n_psu = 1 if lonely and h == 1 else rng.randint(*psus)
        frame = n_psu if h == 2 else n_psu + rng.randint(0, 30)
        for i in range(1, n_psu + 1):
            ssus, third = rng.randint(2, 4), rng.gauss(0, 0.5)
            m_frame = ssus + rng.randint(0, 9)
            for j in range(1, ssus + 1):
                k_n = rng.randint(*size)
                k_frame = k_n + rng.randint(0, 40)
                for k in range(1, k_n + 1):
                    row = {"h": h, "psu": i, "psu_all": 100 * h + i, "psu_text": "xã %d.%d" % (h, i), "ssu": j, "tsu": k, "N1": frame, "N2": m_frame, "N3": k_frame,
                           "mã xã": texts[(h - 1) % len(texts)], "w": round(rng.uniform(5, 80), 4), "coder": "%d-%d" % (h, rng.randint(1, 2))}
                    row.update(person(rng, third))
                    rows.append(row)
    return rows


def factors(folder, rows, rng):
    """JK1, JKn, BRR and bootstrap factors of a file with two units in each stratum; what each needs for its variance."""
    units = sorted({(r["h"], r["psu_all"]) for r in rows})
    n, strata = len(units), sorted({u[0] for u in units})
    made = {}
    columns = [[n / (n - 1) if u != d else 0 for u in units] for d in units]
    made["JK1"] = (columns, {"scale": (n - 1) / n, "rscales": None})
    columns = [[0 if u == d else (2 if u[0] == d[0] else 1) for u in units] for d in units]
    made["JKn"] = (columns, {"scale": 1, "rscales": [0.5] * n})
    size = 1
    while size <= len(strata):
        size *= 2
    sign = lambda r, c: -1 if bin(r & c).count("1") % 2 else 1
    for name, rho in (("BRR", 0), ("Fay", 0.4)):
        columns = [[2 - rho if (u[1] == min(x[1] for x in units if x[0] == u[0])) == (sign(r, strata.index(u[0]) + 1) > 0) else rho for u in units] for r in range(size)]
        made[name] = (columns, {"scale": 1 / (size * (1 - rho) ** 2), "rscales": None})
    columns = []
    for _ in range(30):
        drawn = collections.Counter(rng.choice([u for u in units if u[0] == h]) for h in strata)
        columns.append([2 * drawn[u] for u in units])
    made["bootstrap"] = (columns, {"scale": 1 / 29, "rscales": None})
    out = []
    for name, (columns, how) in made.items():
        file = "rep %s.csv" % name
        write(folder, file, [dict([("psu", u[1])] + [("r%d" % r, c[i]) for r, c in enumerate(columns)]) for i, u in enumerate(units)], rng)
        out.append(dict(how, method=name, factors_file=file, psu_col="psu_all"))
    return out


def files(folder, rng):
    """{name: (rows, sort of design)}"""
    hoa, words = ["Đắk Lắk", "An Giang", "bắc ninh", "Hà Nội", "Ích", "zà"], ["Đ", "A b", "a"]
    made = {
        "strata.csv": (survey_rows(rng, 5, (3, 6), (2, 5), hoa), "full"),
        "có dấu.csv": (survey_rows(rng, 3, (2, 4), (2, 3), words), "full"),
        "lonely.csv": (survey_rows(rng, 4, (2, 4), (2, 4), hoa, True), "lonely"),
        "pairs.csv": (survey_rows(rng, 6, (2, 2), (2, 4), hoa), "pairs"),
        "small.csv": (survey_rows(rng, 2, (2, 3), (1, 1), words), "full"),
    }
    for name, (rows, _) in made.items():
        if rng.random() < 0.5:
            rng.shuffle(rows)
    order = list(made["strata.csv"][0][0])
    rng.shuffle(order)
    write(folder, "strata.csv", made["strata.csv"][0], rng, "\r\n", True, order)
    for name in ("có dấu.csv", "lonely.csv", "pairs.csv", "small.csv"):
        write(folder, name, made[name][0], rng)
    return made


# ---- Designs -----------------------------------------------------------------------------------------------------------------

def weights_of(rows, design):
    """Final weights before adjustments, for the totals that adjustments want to meet."""
    if "weights" in design:
        return [r[design["weights"]] for r in rows]
    if "fpc" not in design:
        return [1.0] * len(rows)
    out = [1.0] * len(rows)
    ids, strata = design.get("ids", []), design.get("strata")
    for s, column in enumerate(design["fpc"]):
        key = lambda r, depth: (r[strata] if strata else 0,) + tuple(r[i] for i in ids[:depth])
        members = collections.defaultdict(set)
        for i, r in enumerate(rows):
            members[key(r, s)].add(key(r, s + 1) if ids else i)
        for i, r in enumerate(rows):
            out[i] *= r[column] / len(members[key(r, s)])
    return out


def population(rows, w, rng, column):
    sums = collections.defaultdict(float)
    for r, x in zip(rows, w):
        sums[r[column]] += x * (1 + 0.5 * rng.random())
    return sums


def adjustments(rng, rows, design):
    w = weights_of(rows, design)
    how = rng.choice(["poststratify", "poststratify", "linear", "linear", "bounded", "raking", "logit", "rake", "two"])
    cells = lambda column: [{column: k, "N": round(v, 3)} for k, v in sorted(population(rows, w, rng, column).items())]
    post = lambda column: {"method": "poststratify", "by": [column], "cells": cells(column)}
    if how == "poststratify":
        return [post(rng.choice(["agegrp", "vùng"]))]
    if how == "two":
        return [post("agegrp"), post("vùng")]
    if how == "rake":
        margins = []
        for column in ("agegrp", "vùng"):
            sums = population(rows, w, rng, column)
            whole = sum(sums.values())
            margins.append({"by": [column], "cells": [{column: k, "N": v / whole * 1000} for k, v in sorted(sums.items())]})
        return [{"method": "rake", "margins": margins}]
    aux = [{"const": 1}, "x", {"col": "agegrp", "op": ">=", "value": 3}, {"col": "vùng", "op": "in", "value": ["an", "Ô Môn"]}][:rng.randint(2, 4)]
    value = [lambda r: 1, lambda r: r["x"], lambda r: r["agegrp"] >= 3, lambda r: r["vùng"] in ("an", "Ô Môn")]
    g = [1 + 0.3 * rng.random() * (1 + (r["agegrp"] >= 3)) for r in rows]
    totals = [round(sum(x * k * value[j](r) for r, x, k in zip(rows, w, g)), 4) for j in range(len(aux))]
    spec = {"method": "calibrate", "distance": "linear" if how == "bounded" else how, "bounds": None, "aux": aux, "totals": totals, "epsilon": 1e-12, "max_iter": 200}
    if how in ("bounded", "logit"):
        spec["bounds"] = rng.choice([[0.5, 2], [0.8, 1.9], [0.3, 3]])
    return [spec]


def design_of(rng, rows, sort, reps):
    if sort == "pairs" and rng.random() < 0.7:
        return {"weights": "w", "replicate": dict(rng.choice(reps), mse=rng.random() < 0.5)}
    d = {}
    stages = rng.choice([0, 1, 1, 2, 2, 3])
    stratified = sort == "lonely" or rng.random() < 0.7
    if stratified:
        d["strata"] = rng.choice(["h", "mã xã"]) if sort != "small" else "h"
    if stages:
        d["ids"] = ([rng.choice(["psu", "psu_text"]) if stratified else "psu_all", "ssu", "tsu"])[:stages]
        if not stratified or rng.random() < 0.4:
            d["ids"][0] = "psu_all"
    if rng.random() < 0.5 and d.get("ids") and stratified:
        d["fpc"] = ["N1", "N2", "N3"][:rng.randint(1, stages)]
    if "fpc" not in d or rng.random() < 0.6:
        d["weights"] = "w"
    if "fpc" not in d and rng.random() < 0.1:
        del d["weights"]
    d["lonely_psu"] = rng.choice(["remove", "certainty", "adjust", "average"] if sort == "lonely" else ["adjust", "certainty", "fail"])
    if rng.random() < 0.25:
        d["adjust_domain_lonely"] = rng.random() < 0.6
    if sort != "small" and rng.random() < 0.3:
        d["adjust"] = adjustments(rng, rows, d)
    return d


# ---- Statistics ----------------------------------------------------------------------------------------------------------------

def variable(rng, shares=False):
    likert = {"col": rng.choice(ITEMS), "op": rng.choice([">=", "<=", "=="]), "value": rng.randint(2, 4)}
    share = rng.choice([likert, {"col": "vùng", "op": "==", "value": "Ô Môn"}, {"col": "sex", "op": "==", "value": "Nữ"},
                        {"col": "vùng", "op": "in", "value": ["an", 'hải "đảo"', "không có"]}, {"col": "agegrp", "op": "in", "value": [1, 3, 99]}])
    if shares:
        return share
    return rng.choice([share, share, "y", "y_gap", "big", "tiny_y", "x", {"col": "age"}, {"cols": ITEMS, "op": "row_mean"}, {"cols": ITEMS[:4], "op": "count_ge", "value": 4},
                       {"cols": ITEMS, "op": "count_answered"}, rng.choice(ITEMS)])


def conditions(rng):
    return rng.choice([[{"col": "sex", "op": "==", "value": "Nữ"}], [{"col": "agegrp", "op": "<=", "value": 2}], [{"col": "h", "op": "==", "value": 2}],
                       [{"col": "vùng", "op": "in", "value": ["an", "Ô Môn", "đồng bằng"]}, {"col": "q1", "op": ">=", "value": 3}],
                       [{"cols": ITEMS, "op": "count_answered"}, {"col": "agegrp", "op": "in", "value": [1, 2, 3]}]])


def statistic(rng, kind, replicate):
    s = {"kind": kind}
    if kind in ("mean", "total"):
        s["vars"] = [variable(rng) for _ in range(rng.choice([1, 1, 2, 3]))]
        if not replicate and rng.random() < 0.4:
            s["deff"] = rng.choice(["none", "wor", "wr"])
    elif kind == "ratio":
        s.update(num=rng.choice(["y", "y_gap", {"cols": ITEMS, "op": "count_ge", "value": 4}]), den=rng.choice(["x", {"cols": ITEMS, "op": "count_answered"}]))
    elif kind == "variance":
        s["vars"] = [rng.choice(["y", "y_gap", "q1", "big", "tiny_y"])]
    elif kind == "by":
        s.update(stat=rng.choice(["mean", "total", "ratio"]), by=rng.choice([["agegrp"], ["sex"], ["vùng", "sex"], ["sex", "agegrp", "vùng"]]))
        s.update({"num": "y", "den": "x"} if s["stat"] == "ratio" else {"vars": [variable(rng) for _ in range(rng.choice([1, 1, 2]))]})
    elif kind == "quantile":
        s.update(vars=[rng.choice(["y", "age", "x", "y_gap", "q2"])], probs=rng.choice([[0.5], [0.25, 0.5, 0.75], [0.3, 0.9]]), qrule=rng.choice(["math", "school", "hf7"]),
                 interval=rng.choice(["mean", "beta", "xlogit", "asin"]), level=rng.choice([0.95, 0.9]), df=rng.choice(["degf", "inf"]))
    elif kind == "ciprop":
        s.update(vars=[rng.choice([variable(rng, True), "yes"])], method=rng.choice(["logit", "xlogit", "beta", "mean", "asin"]), level=rng.choice([0.95, 0.9, 0.99]))
    elif kind == "chisq":
        s.update(row=rng.choice(["sex", "yes", "q1"]), col=rng.choice(["agegrp", "vùng"]), method=rng.choice(["F", "Chisq", "Wald", "adjWald"]))
    elif kind == "diff":
        s.update(vars=[variable(rng)], domain_a=conditions(rng), domain_b=conditions(rng))
    elif kind in ("domain_vcov", "ranks"):
        s.update(vars=[variable(rng)], by=rng.choice(["agegrp", "vùng", "sex"]))
    elif kind == "index_mean_of_shares":
        s.update(items=ITEMS[:rng.randint(1, 6)], threshold=rng.choice([3, 4]))
        if rng.random() < 0.4:
            s["item_weights"] = [round(rng.random() + 0.1, 2) for _ in s["items"]]
        if rng.random() < 0.4:
            s["by"] = rng.choice(["agegrp", "vùng", "sex"])
    elif kind == "glm":
        binomial = rng.random() < 0.5
        s.update(family="binomial" if binomial else "gaussian", vars=["yes" if binomial else rng.choice(["y", "y_gap"])],
                 r_rhs=rng.choice(["age", "x + age", "factor(agegrp) + x", "sex + age", "x+factor(sex)"]))
    elif kind in ("cralpha", "pca"):
        s.update(items=ITEMS[:rng.randint(3, 6)], weighted=rng.random() < 0.5)
    elif kind == "kappa":
        s.update(a="q1", b="code_b", weighted=rng.random() < 0.4)
        if not s["weighted"]:
            s["scheme"] = rng.choice(["unweighted", "linear", "quadratic"])
    elif kind == "icc_anova":
        s.update(vars=[rng.choice(["y", "q1", "yes"])], group=rng.choice(["coder", "psu_all", "agegrp"]))
    elif kind == "cor":
        s.update(vars=[rng.choice(["y", "q1", "y_gap"]), rng.choice(["x", "q2", "age"])], method=rng.choice(["pearson", "spearman"]), weighted=rng.random() < 0.5)
    elif kind == "quality":
        s.update(items=ITEMS, min_answered=rng.choice([3, 5]), duration="duration")
    if kind in ("mean", "total", "ratio", "variance", "by", "ciprop"):
        s["na"] = "omit" if rng.random() < 0.9 else "error"
    if kind not in ("weights_summary", "diff") and rng.random() < 0.25:
        s["domain"] = conditions(rng)
    return s


KINDS = (["mean", "total", "by", "ratio", "quantile", "ciprop"] * 2 + ["variance", "chisq", "diff", "domain_vcov", "index_mean_of_shares", "ranks", "glm", "cralpha", "pca", "kappa",
         "icc_anova", "cor", "weights_summary", "quality"])


def make(folder, seed, count):
    rng = random.Random(seed)
    made = files(folder, rng)
    reps = factors(folder, made["pairs.csv"][0], rng)
    cases = []
    for i in range(count):
        kind = KINDS[i % len(KINDS)]
        name = rng.choice(["strata.csv", "strata.csv", "có dấu.csv", "lonely.csv", "pairs.csv"] + (["small.csv"] if kind in ("mean", "total", "by", "ratio", "variance") else []))
        rows, sort = made[name]
        case = {"id": "d%04d" % i, "input": name, "rows": None, "design": design_of(rng, rows, sort, reps), "statistic": None}
        if "adjust" not in case["design"] and "fpc" not in case["design"] and rng.random() < 0.15:
            case["rows"] = [{"col": "age", "op": ">=", "value": 30}]
        case["statistic"] = statistic(rng, kind, "replicate" in case["design"])
        cases.append(case)
    with open(os.path.join(folder, "cases.json"), "w", encoding="utf-8") as f:
        json.dump({"schema_version": 1, "cases": cases}, f, ensure_ascii=False, indent=1)
    with open(os.path.join(folder, "texts.json"), "w", encoding="utf-8") as f:
        json.dump(TEXTS, f, ensure_ascii=False)


NOISY = ("se", "vcov", "ci", "ci95", "ci95_t", "diff", "se_if_independent")


# ---- Comparison ----------------------------------------------------------------------------------------------------------------

def alone(x):
    while isinstance(x, list) and len(x) == 1:
        x = x[0]
    return None if x == "NA" or (isinstance(x, list) and not x) else x


def places(want, got, rel, size, key, path, out):
    """size: magnitude of the estimates, for what is nought but for rounding: 1e-6 of it in standard errors, 1e-13 of its square in variances."""
    want, got = alone(want), alone(got)
    if isinstance(want, dict) and isinstance(got, dict):
        for k in want if rel < 1e-4 else set(want) - {"vcov"}:                # beside 1e12 a covariance is what rounding left
            places(want[k], got.get(k), rel, size, k, path + "." + k, out)
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        for i, w in enumerate(want):
            places(w, got[i], rel, size, key, "%s[%d]" % (path, i), out)
    elif isinstance(want, (int, float)) and isinstance(got, (int, float)):
        floor = {"vcov": 1e-13 * size * size}.get(key, 1e-12 * size if key in NOISY else 1e-12 * (abs(want) < 1e3))
        floor = max(floor, 1e-3 if rel == 1e-4 and key in NOISY else 0)       # the reference's own rounding beside 1e12
        nought = key in ("se", "se_if_independent") and max(abs(want), abs(got)) < 3e-7 * size and rel < 1e-5
        if not nought and not abs(want - got) <= rel * abs(want) + floor:
            out.append("%s: %r, survey %r" % (path, got, want))
    elif want != got and not (want in ("NaN", "Inf", "-Inf") and got is None):
        out.append("%s: %r, survey %r" % (path, got, want))


def magnitude(x):
    if isinstance(x, dict):
        return max([magnitude(v) for k, v in x.items() if k.startswith("estimate") or k == "rows"] + [0])
    if isinstance(x, list):
        return max([magnitude(v) for v in x] + [0])
    return abs(x) if isinstance(x, (int, float)) else 0


def meant(case, ours, faults):
    """The reason when a difference is known, statistics.md section 15; else None."""
    s, d, where = case["statistic"], case["design"], {f.split(":")[0].split("[")[0] for f in faults}
    adjust, replicate = d.get("adjust") or [], d.get("replicate")
    estimates = {".estimate", ".sum", ".table_weighted"}
    if any(a["method"] == "rake" for a in adjust) and not where & estimates:
        return "rake: residuals by design weights, not by unweighted margin means"
    if len(adjust) > 1 and not where & estimates:
        return "several adjustments: the last is residualised first"
    if s["kind"] == "chisq" and "domain" in s and (replicate or ".table_weighted" not in where):
        return "chisq in a domain: rows and degrees of freedom of the whole design"
    if s["kind"] == "quantile" and replicate and not where & estimates:
        return "quantile with replicates: the interval asked for; survey takes that of the mean"
    if s["kind"] == "quantile" and replicate is None and all("None, survey" in f for f in faults):
        return "quantile whose share at or below it is 1: its interval is undefined"
    if s["kind"] == "ciprop" and s["method"] == "logit" and where == {".ci"} and replicate:
        return "ciprop logit with replicates: the closed form; survey fits a model"
    if s["kind"] == "ciprop" and s["method"] == "beta" and where == {".ci"} and adjust:
        return "ciprop beta after an adjustment: n of the domain, not of the file"
    if s["kind"] == "quantile" and s["interval"] == "beta" and adjust and not where & estimates:
        return "quantile beta after an adjustment: n of the domain, not of the file"
    if s["kind"] == "glm" and "SEPARATED" in ours.get("flags", []):
        return "glm with separated groups: no estimate, not a large one"
    if s["kind"] == "ciprop" and where == {".ci"} and "P_AT_BOUND" in ours["flags"]:
        return "ciprop of a share of 0 or 1: the interval of counts"
    if s["kind"] == "ranks" and not where & {".estimate", ".se"} and all("survey None" in f for f in faults):
        return "ranks of units alike without error: as likely before as behind"
    if s["kind"] == "chisq" and replicate and not where - {".table_weighted", ".statistic", ".p_value"} and (s["method"] == "Wald" or "adj" in s["method"] or len(where) == 1):
        return "chisq with replicates: the table is of rows with both answers; survey scales it up by the others"
    if s["kind"] == "kappa" and replicate and where == {".se"}:
        return "kappa: computed again with each replicate, not by the delta method"
    if s["kind"] == "variance" and replicate:
        return "variance with replicates: n of the domain before missing answers leave, as without replicates"
    return None


# Words of survey's own failures: it has no answer, ours stands alone.
UNABLE = {"MASS": "survey needs the package MASS", "number of categories": "kappa with a code one coder never gave", "'names' attribute": "kappa with a code one coder never gave",
          "n < m": "ranks of a single unit", "computationally singular": "a covariance that is singular",
          "contrasts can be applied": "glm with a factor of one level"}


def compare(folder):
    load = lambda name: json.load(open(os.path.join(folder, name), encoding="utf-8"))
    agree, known, unable, bad = collections.Counter(), collections.Counter(), collections.Counter(), 0
    for case, ours, theirs in zip(load("cases.json")["cases"], load("ours.json"), load("survey.json")):
        kind, text, faults = case["statistic"]["kind"], json.dumps(case["statistic"]), []
        if ("error" in ours) != ("error" in theirs):
            faults = ["ours %s, survey %s" % (ours.get("error", "has a result"), theirs.get("error", "has a result"))]
        elif "result" in ours:
            rel = 1e-4 if '"big"' in text else 1e-7 if kind in ("ciprop", "pca", "glm", "ranks", "kappa") else 1e-9
            places(theirs["result"], ours["result"], rel, 1e3 if '"big"' in text else magnitude(ours["result"]), "", "", faults)
        no = next((why for words, why in UNABLE.items() if words in theirs.get("error", "") and "result" in ours), None)
        if no:
            unable[no] += 1
            continue
        reason = meant(case, ours, faults) if faults else None
        if reason:
            known[reason] += 1
        elif faults:
            bad += 1
            print("FAIL %s %s: %s" % (case["id"], kind, "; ".join(faults[:int(os.environ.get("FAULTS", 3))])))
            print("     %s %s %s" % (case["input"], json.dumps(case["design"], ensure_ascii=False)[:400], json.dumps(case["statistic"], ensure_ascii=False)[:300]))
        else:
            agree[kind] += 1
    print("agree: " + ", ".join("%s %d" % (k, agree[k]) for k in dict.fromkeys(KINDS)))
    for reason, n in known.items():
        print("differs on purpose, %d: %s" % (n, reason))
    for reason, n in unable.items():
        print("skip: no answer to compare with, %d: %s" % (n, reason))
    print("%d passed, %d failed, %d skipped" % (sum(agree.values()) + sum(known.values()), bad, sum(unable.values())))
    return 1 if bad else 0


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
else:
    sys.exit(compare(sys.argv[2]))
