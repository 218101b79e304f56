# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the guides name is in the program, word for word: menus, buttons and messages, commands with their options, addresses, settings, files.

In a guide **Bold with a capital** is a name on a page, and so is “Quoted with a capital”; a bold beginning of a paragraph ends in a full stop
or colon inside the marks; *italics* stress. Names follow one another by → or ›."""
import os
import re
import unicodedata

FOLDER = "docs/guide/"
# Names that stand on pages of other programs: ODK Collect's, an iPhone's.
ELSEWHERE = {"ODK Collect", "Tên và mật khẩu", "Cấu hình bằng mã QR", "Điền phiếu mới", "Tương thích nhất"}
COMMON_OPTIONS = {"data", "config", "set", "json"}
HOLE = re.compile(r"\{[^}]*\}")


def plain(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().rstrip("….:").casefold()


class Catalogue:
    """Texts of the Vietnamese catalogues; a hole {n} stands for any words."""

    def __init__(self, paths):
        self.whole, self.holed = set(), []
        for path in paths:
            for text in re.findall(r"^[\w.-]+ = (.*)$", open(path, encoding="utf-8").read(), re.M):
                text = plain(text.replace("\\n", " "))
                self.whole.update((re.sub(r" \(\{[^}]*\}\)$", "", text), text.split(":")[0]))     # "Sent ({n})" is named "Sent"; a message by its beginning
                if not HOLE.search(text):
                    self.whole.add(text)
                elif len(HOLE.sub("", text).strip()) > 3:          # "{n}: {text}" is no name
                    self.holed.append(re.compile(".+".join(map(re.escape, HOLE.split(text)))))

    def has(self, name):
        name = plain(name)
        return name in self.whole or any(p.fullmatch(name) for p in self.holed)


def rows(paths, pattern):
    return [m for path in paths for m in re.findall(pattern, open(path, encoding="utf-8").read())]


class Program:
    def __init__(self, files):
        sources = [p for p in files if p.startswith("src/") and p.endswith(".c") and "/tests/" not in p]
        commands = rows([p for p in sources if p.startswith("src/app/commands")], r'\{ "([a-z -]+)", "[^"]*",\s*"([^"]*)",\s*CMD_')
        self.commands = {name: {word.split("=")[0] for word in options.split()} for name, options in commands}
        self.settings = set(rows(["src/app/config_table.c"], r'\{ "([a-z_]+\.[a-z_]+)"'))
        paths = rows(sources, r'\{\s*GET,\s*"(/[^"]*)"')
        self.routes = [re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(prefix + path)).rstrip("/") + "/?")
                       for path in paths for prefix in ("", "/console", "/api/v1", "/openrosa")]
        self.texts = Catalogue(p for p in files if p.startswith("locale/vi/"))


def names(text):
    """(offset, name) of what a guide says stands on a page."""
    bare = re.sub(r"`[^`\n]*`", lambda m: "x" * len(m[0]), text)
    for m in list(re.finditer(r"\*\*(.+?)\*\*", bare, re.S)) + list(re.finditer(r"“(.+?)”", bare, re.S)):
        if m[0].startswith("“") or m[1][-1] not in ".:?":
            for name in re.split("[→›]", text[m.start(1):m.end(1)]):
                if name.strip()[:1].isupper():
                    yield m.start(1), re.sub(r"\s+", " ", name.strip())


def command_fault(program, line):
    """What is wrong with "user add|reset lan --role officer"; None when nothing is."""
    words = re.sub(r"'[^']*'|\"[^\"]*\"", "x", line).split()
    for first in words[0].split("|"):
        for second in words[1].split("|") if len(words) > 1 else [""]:
            known = [" ".join(full[:n]) for full in [[first, second] + words[2:]] for n in (3, 2, 1) if " ".join(full[:n]) in program.commands]
            if not known:
                return "no command thuocdo %s" % " ".join([first, second]).strip()
            for option in re.findall(r"(?<!\S)--([\w-]+)", line):
                if option not in program.commands[known[0]] | COMMON_OPTIONS:
                    return "thuocdo %s has no option --%s" % (known[0], option)
    return None


def spans(text):
    """(offset, text) of `spans`, lines of fenced blocks and of indented ones."""
    for m in re.finditer(r"```\w*\n(.*?)```", text, re.S):
        for line in re.finditer(r".+", m[1]):
            yield m.start(1) + line.start(), line[0]
    for m in re.finditer(r"(?m)^ {4}(thuocdo .+)$|`([^`\n]+)`", text):
        yield m.start(), m[1] or m[2]


def span_fault(program, span):
    if span.startswith("thuocdo "):
        return command_fault(program, re.split(r"\s+#|\s{3,}", span[8:])[0])
    m = re.match(r"([a-z]+\.[a-z_]+)( = |$)", span)
    if m and m[1].split(".")[0] in {s.split(".")[0] for s in program.settings} and m[1] not in program.settings:
        return "no setting %s" % m[1]
    if re.match(r"/(console|api|embed|field|catalog|healthz|readyz)", span):
        path = re.split("[?#]", span)[0]
        if not any(r.fullmatch(path) for r in program.routes):
            return "no address %s" % path
    if re.match(r"(src|docs|packaging|locale|schema)/", span) and not os.path.exists(span):
        return "no file %s" % span
    return None


def guide_faults(files):
    """(path, line, what) of every name in the guides that the program does not have."""
    program = Program(files)
    for path in files:
        if path.startswith(FOLDER) and path.endswith(".md"):
            text = open(path, encoding="utf-8").read()
            prose = re.sub(r"```.*?```", lambda m: re.sub(r"[^\n]", "x", m[0]), text, flags=re.S)
            found = [(at, "no page says “%s”" % name) for at, name in names(prose) if name not in ELSEWHERE and not program.texts.has(name)]
            found += [(at, fault) for at, span in spans(text) for fault in [span_fault(program, span)] if fault]
            for at, what in found:
                yield path, text.count("\n", 0, at) + 1, what
