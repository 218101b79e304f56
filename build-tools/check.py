#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lints of the whole tree: layers, headers alone, banned functions, routes and rights, lengths, formats, licences, names in the guides."""
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from guides import guide_faults

def module_levels():
    """{module: level} of the table in docs/architecture.md."""
    with open("docs/architecture.md", encoding="utf-8") as doc:
        return {name: int(level) for name, level in re.findall(r"^\| (\w+) \| (\d+) \|", doc.read(), re.M)}


LEVEL = module_levels()         # the script runs in the project's root
BASE_ONLY = {"expr", "stats"}
BANNED = ["gets", "strcpy", "strcat", "sprintf", "vsprintf", "alloca", "strtok", "atoi", "atol", "atof", "system", "popen",
          "asctime", "ctime", "localtime", "gmtime", "mktime", "rand", "srand", "tmpnam", "mktemp"]
PRIVATE = {"parts.h"}
LONGEST_FILE, LONGEST_LINE, LONGEST_FUNCTION = 600, 160, 40
LONG_FUNCTIONS = "build-tools/long_functions.txt"     # older than the rule: path, name, lines; only ever shorter
# Where this copy and its reader live, and where packages come from: neither belongs into a file. A home as short as
# "root" is left out, for every list of an XForm lies below an element of that name.
PLACES = re.compile("|".join(re.escape(d + os.sep) for d in (os.getcwd(), os.path.expanduser("~")) if len(d) > 5)
                    + r"|\bregistry\.[a-z]+|\.\./shared/(?!data)")
faults = []


def fault(path, line, text):
    faults.append("%s:%s: %s" % (path, line, text))


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True)
    return [p for p in out.stdout.splitlines() if os.path.isfile(p)]


def module_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def check_layers(path, lines):
    own = module_of(path)
    if own is None or "/tests/" in path:
        return
    if own not in LEVEL:
        fault(path, 1, "%s has no row in the table of docs/architecture.md" % own)
        return
    for n, line in enumerate(lines, 1):
        m = re.match(r'\s*(?:#|%)\s*include "([a-z0-9]+)/([^"]+)"', line)
        if not m or m.group(1) not in LEVEL or m.group(1) == own:
            continue
        other = m.group(1)
        if LEVEL[other] >= LEVEL[own]:
            fault(path, n, "%s may not include %s: includes point down" % (own, other))
        if own in BASE_ONLY and other != "base":
            fault(path, n, "%s uses base alone" % own)
        if m.group(2) in PRIVATE:
            fault(path, n, "%s is private to %s" % (m.group(2), other))


def strip(text):
    """Comments and strings blanked, lines kept."""
    def blank(m):
        return re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text, flags=re.S)


def check_banned(path, text):
    for n, line in enumerate(strip(text).split("\n"), 1):
        m = re.search(r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED), line)
        if m:
            fault(path, n, "%s is banned" % m.group(1))


def check_sql(path, lines):
    if not path.startswith("src/store/") and "/tests/" not in path:
        for n, line in enumerate(lines, 1):
            if re.search(r"\(Sql\)\s*\{", line):
                fault(path, n, "SQL is a literal: SQL(\"…\")")


def check_stores(path, lines):
    """Statements stand in the *_store.c files of their module; the driver's own, with migrations and backups, are module store."""
    if path.startswith("src/") and not path.startswith("src/store/") and "/tests/" not in path and not path.endswith("_store.c"):
        for n, line in enumerate(lines, 1):
            if re.search(r"(?<!\w)SQL\(", line):
                fault(path, n, "SQL stands in a *_store.c file")


def table_owners():
    """{table: module} and {(reader, table)} of docs/data-model.md."""
    with open("docs/data-model.md", encoding="utf-8") as doc:
        own, reads = doc.read().split("## Who owns which table", 1)[1].split("\n## ", 1)[0].split("| reader |", 1)
    rows = re.findall(r"^\| (\w+) \| ((?:`\w+` ?)+)\|", own, re.M)
    allowed = re.findall(r"^\| (\w+) \| ((?:`\w+` ?)+)\|", reads, re.M)
    return ({t: m for m, names in rows for t in re.findall(r"`(\w+)`", names)},
            {(m, t) for m, names in allowed for t in re.findall(r"`(\w+)`", names)})


def check_tables(files):
    """Each table has an owner, and a store names those of others only where docs/data-model.md says so."""
    own, allowed = table_owners()
    made, gone, used = set(), set(), set()
    for path in files:
        if re.match(r"schema/\d+_\w+\.sql$", path):
            text = open(path, encoding="utf-8").read()
            made |= set(re.findall(r"^CREATE TABLE (\w+)", text, re.M))
            gone |= set(re.findall(r"^DROP TABLE (\w+)", text, re.M))
    for table in sorted((made - gone) ^ set(own)):
        fault("docs/data-model.md", 1, "%s %s" % (table, "has no owner" if table in made else "is no table"))
    for path in files:
        module = module_of(path)
        if not module or module == "store" or "/tests/" in path or not path.endswith((".c", ".h")):
            continue
        text = " ".join(re.findall(r'"((?:[^"\\]|\\.)*)"', open(path, encoding="utf-8").read()))
        for table in re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", text):
            if own.get(table, module) == module:
                continue
            used.add((module, table))
            if (module, table) not in allowed:
                fault(path, 1, "%s is a table of %s: ask that module, or say why in docs/data-model.md" % (table, own[table]))
    for module, table in sorted(allowed - used):
        fault("docs/data-model.md", 1, "%s no longer reads %s: take it from the list" % (module, table))


def check_routes(path, text):
    for m in re.finditer(r'\{\s*(GET|POST|PUT|DELETE|HEAD)\s*,\s*"[^"]*"\s*,\s*([^,]+),', text):
        if not re.match(r"RIGHT_[A-Z_]+$", m.group(2).strip()):
            fault(path, text.count("\n", 0, m.start()) + 1, "a route names its right")


def catalogue_keys():
    found = set()
    for path in tracked():
        if path.startswith("locale/vi/"):
            found.update(re.findall(r"^([\w.-]+) =", open(path, encoding="utf-8").read(), re.M))
    return found


def check_acts(path, text, keys):
    """Whoever reads the audit reads words: every act has its name, and the group it is looked for by."""
    for m in re.finditer(r'\b(?:\w+_)?audit(?:_\w+)?\(([^;{]*)', text):
        for act in re.findall(r'S\("([a-z_]+\.[a-z_.]+)"\)', m.group(1)):
            for key in ("audit.action." + act, "audit.noun." + act.split(".")[0]):
                if key not in keys:
                    fault(path, text.count("\n", 0, m.start()) + 1, "no text %s for the audit pages" % key)


def check_format(path, text, lines):
    if path.endswith((".c", ".h", ".html", ".py", ".sh", ".css", ".js", ".sql")):
        for n, line in enumerate(lines, 1):
            if line != line.rstrip():
                fault(path, n, "blank at the end of the line")
            if "\t" in line and not path.endswith("Makefile"):
                fault(path, n, "tab")
            if path.endswith((".c", ".h")) and len(line) > LONGEST_LINE:
                fault(path, n, "line of %d characters" % len(line))
        if path.startswith(("src/", "build-tools/")) and len(lines) > LONGEST_FILE and path.endswith((".c", ".h", ".html", ".py")):
            fault(path, len(lines), "file past %d lines" % LONGEST_FILE)
        if "SPDX-License-Identifier" not in text[:400]:
            fault(path, 1, "no licence line")


def functions(text):
    """(name, first line, lines) of each function of a C file in the house style: braces at the left edge."""
    lines, begin = strip(text).split("\n"), None
    for n, line in enumerate(lines, 1):
        if line == "{":
            begin = n
        elif line == "}" and begin:
            head = " ".join(lines[max(0, begin - 6):begin - 1])
            names = re.findall(r"(\w+)\s*\(", re.split(r"[;}]", head)[-1])
            yield (names[0] if names else "?"), begin, n - begin - 1
            begin = None


def check_functions(path, text, known):
    """Bodies over LONGEST_FUNCTION lines; those of the list may stay as long as they are, and leave it when they are shorter."""
    for name, line, length in functions(text):
        most = known.get((path, name), LONGEST_FUNCTION)
        if length > LONGEST_FUNCTION:
            known.pop((path, name), None)
        if length > most:
            fault(path, line, "%s has %d lines, %d at most" % (name, length, most))


def long_functions():
    rows = [line.split() for line in open(LONG_FUNCTIONS, encoding="utf-8") if line.strip() and not line.startswith("#")]
    return {(path, name): int(length) for path, name, length in rows}


def check_words(path, lines):
    for n, line in enumerate(lines, 1):
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line) and path != "build-tools/check.py":
            fault(path, n, "unfinished mark")
        if PLACES.search(line) and path != "build-tools/check.py":
            fault(path, n, "path of a machine or name of a registry")


def check_view(path, lines):
    for n, line in enumerate(lines, 1):
        if re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)|<style", line):
            fault(path, n, "inline style or script")


def header_alone(path):
    cflags = ["-std=gnu17", "-D_GNU_SOURCE", "-Isrc", "-fsyntax-only", "-x", "c", "-"]
    for package in ("icu-uc", "cairo", "pango", "pangocairo", "libpq"):
        out = subprocess.run(["pkg-config", "--cflags", package], capture_output=True, text=True)
        cflags = out.stdout.split() + cflags
    text = '#include "%s"\n' % path[len("src/"):]
    run = subprocess.run(["gcc"] + cflags, input=text, capture_output=True, text=True)
    return None if run.returncode == 0 else (path, run.stderr.strip().split("\n")[0])


NAMED_PAGE = re.compile(r"(?<![\w./<-])((?:[\w.-]+/)*[\w-]+\.md)\b(?!['\"]\s*[,)])")


def check_pages(path, lines, files):
    """A page that is named stands in the project: beside the file, in docs/, or where the name says."""
    for i, line in enumerate(lines, 1):
        for name in NAMED_PAGE.findall(line) + [n for n in re.findall(r"\]\(([^)#:]+\.md)[)#]", line)]:
            places = (name, os.path.join("docs", name), os.path.join(os.path.dirname(path), name))
            if not any(os.path.normpath(p) in files for p in places):
                fault(path, i, "names %s, which is not in the project" % name)


def main():
    files = tracked()
    headers, known, keys = [], long_functions(), catalogue_keys()
    for path in files:
        if not path.endswith((".c", ".h", ".html", ".py", ".sh", ".css", ".js", ".mjs", ".sql", ".md", ".txt")):
            continue
        text = open(path, encoding="utf-8").read()
        lines = text.split("\n")
        check_words(path, lines)
        if not path.endswith(".sql"):              # migrations that have landed never change
            check_pages(path, lines, set(files))
        check_format(path, text, lines)
        if path.endswith((".c", ".h", ".html")):
            check_layers(path, lines)
        if path.endswith((".c", ".h")):
            check_banned(path, text)
            check_sql(path, lines)
            check_stores(path, lines)
            check_routes(path, text)
        if path.endswith(".c") and path.startswith("src/") and "/tests/" not in path:
            check_functions(path, text, known)
            check_acts(path, text, keys)
        if path.endswith(".html") and path.startswith("src/") and "/tests/" not in path:
            check_view(path, lines)
        if path.endswith(".h") and path.startswith("src/"):
            headers.append(path)
    check_tables(files)
    for path, line, what in guide_faults(files):
        fault(path, line, what)
    with ThreadPoolExecutor(4) as pool:
        for bad in pool.map(header_alone, headers):
            if bad:
                fault(bad[0], 1, "does not compile alone: " + bad[1])
    for path, name in known:
        fault(LONG_FUNCTIONS, 1, "%s in %s is not there or short by now: take it from the list" % (name, path))
    for line in faults[:100]:
        print(line)
    print("check: %d files, %d faults" % (len(files), len(faults)))
    return 1 if faults else 0


sys.exit(main())
