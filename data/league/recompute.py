# SPDX-License-Identifier: AGPL-3.0-or-later
import csv, io, json, sys, zipfile
box = zipfile.ZipFile(sys.argv[1]); table = lambda n: list(csv.DictReader(io.TextIOWrapper(box.open(n), "utf-8")))
scheme, rules, points, ranks = json.load(box.open("scheme.json")), json.load(box.open("rules.json")), table("points.csv"), table("ranking.csv")
add = lambda u, counts, state, what: sum(float(r[what]) for r in points if (r["unit_id"], r["counts"], r["state"]) == (u, counts, state))
left = lambda u: scheme["max"] - (add(u, "base", "not_applicable", "max") if scheme.get("rescale_not_applicable") else 0)
total = lambda u: add(u, "base", "scored", "points") * scheme["max"] / left(u) + add(u, "extra", "scored", "points")
ties = lambda u: [float(r["points"] or 0) for c in rules["by"] for r in points if rules["ties"] == "criteria" and (r["unit_id"], r["code"]) == (u, c)]
keys = {r["unit_id"]: tuple(round(x, 9) for x in [total(r["unit_id"]), *ties(r["unit_id"])]) for r in ranks if r["rank"]}
place = lambda u: 1 + len((set if rules["ties"] == "dense" else list)(k for k in keys.values() if k > keys[u]))
assert all(abs(total(r["unit_id"]) - float(r["total"])) < 1e-9 and (not r["rank"] or place(r["unit_id"]) == int(r["rank"])) for r in ranks); print("ok", len(keys))
