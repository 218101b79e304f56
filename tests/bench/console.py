# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages behind the sign-in: a reader of the demonstration, and what a page costs the process that makes it."""
import http.cookiejar
import os
import re
import subprocess
import time
import urllib.parse
import urllib.request
from program import Program, cpu_us


class Reader:
    """An account of the demonstration, signed in with its second factor."""

    def __init__(self, build, folder, base, login):
        self.base = base.rstrip("/")
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open
        with open(os.path.join(folder, "sign-in.txt"), encoding="utf-8") as f:
            password = next(line.split()[1] for line in f if line.split()[:1] == [login])
        where, page = self.get("/sign-in")
        where, page = self.post(where, page, login=login, password=password)
        if "/console" not in where:
            code = subprocess.run([os.path.join(build, "thuocdo"), "user", "code", login, "--data", folder], check=True, stdout=subprocess.PIPE, text=True).stdout
            where, page = self.post(where, page, code=re.search(r"\d{6}", code).group())
        if "/console" not in where:
            raise SystemExit("signing in ends at " + where)

    def get(self, path):
        with self.open(urllib.parse.urljoin(self.base, path), timeout=60) as r:
            return r.url, r.read().decode()

    def post(self, where, page, **typed):
        form = next(f for f in re.findall(r"<form[^>]*method=\"post\".*?</form>", page, re.S) if all('name="%s"' % k in f for k in typed))
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', form))
        action = re.search(r'action="([^"]*)"', form)
        data = urllib.parse.urlencode({**fields, **typed}).encode()
        with self.open(urllib.request.Request(urllib.parse.urljoin(where, action.group(1) if action else where), data, {"Origin": self.base}), timeout=60) as r:
            return r.url, r.read().decode()


def page_ms(reader, pid, path, count):
    """CPU of the process and time by the clock, each for one of count answers, in ms."""
    before, began = cpu_us(pid), time.monotonic()
    for _ in range(count):
        reader.get(path)
    return (cpu_us(pid) - before) / 1e3 / count, (time.monotonic() - began) * 1e3 / count


def board_cost(build, demo, rounds, count):
    """The nation's dashboard: the first look after a start, by the clock, and later ones, CPU; least of the rounds, in ms."""
    cold, warm = [], []
    with Program(build, demo) as p:
        reader = Reader(build, demo, p.url(""), "phantich")
    for _ in range(rounds):
        with Program(build, demo) as p:
            reader.base = p.url("")
            cold.append(page_ms(reader, p.pid, "/console/board/1", 1)[1])
            warm.append(page_ms(reader, p.pid, "/console/board/1", count)[0])
    return min(cold), min(warm)
