# SPDX-License-Identifier: AGPL-3.0-or-later
"""The live index of service quality: intake of events over HTTP, a month read from counters, the recount of everything."""
import csv
import http.client
import json
import os
import random
import subprocess
import threading
import time
from program import Program, cpu_us, get

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")


def communes_by_province():
    units = {}
    with open(os.path.join(ROOT, "data/units/communes.csv"), encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if not row["to"]:
                units.setdefault(row["parent"], []).append(row["code"])
    return list(units.values())


def bodies(count, lines, seed):
    """Batches of one province's system each: files of its communes, three events a file, over the last ninety days."""
    r, provinces, out = random.Random(seed), communes_by_province(), []
    today = time.time() + 7 * 3600
    day = lambda back: time.strftime("%Y-%m-%d", time.gmtime(today - back * 86400))
    days = [day(n) for n in range(120)]
    for b in range(count):
        communes, text = r.choice(provinces), []
        for i in range(lines // 3):
            unit, file, back = r.choice(communes), "%d.%d.%d" % (seed, b, i), r.randrange(12, 90)
            text.append('{"key":"1","unit":"%s","file":"%s","kind":"received","on":"%s","due":"%s","desk":"Q%d","online":%s,"digitised":true}'
                        % (unit, file, days[back], days[back - 8], r.randrange(1, 4), r.choice(("true", "false"))))
            text.append('{"key":"2","unit":"%s","file":"%s","kind":"handled","on":"%s","electronic":true}' % (unit, file, days[back - r.randrange(3, 12)]))
            text.append('{"key":"3","unit":"%s","file":"%s","kind":"rated","on":"%s","score":%d}' % (unit, file, days[back - 12], r.randrange(3, 6)))
        out.append("\n".join(text).encode())
    return out


def sender(port, key, mine, told):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for body in mine:
        c.request("POST", "/api/v1/service/events", body, {"Authorization": "Bearer " + key, "Content-Type": "application/x-ndjson"})
        answer = json.loads(c.getresponse().read())
        told.append((answer["accepted"], answer["duplicate"], answer["rejected"]))
    c.close()


def intake(build, folder, batches, lines, connections, seed):
    """(events a second by the clock, CPU of the server for one event in µs); every batch is acknowledged after its commit."""
    key = json.loads(subprocess.run([os.path.join(build, "thuocdo"), "service", "token", "bench %d" % seed, "--data", folder, "--json"],
                                    check=True, stdout=subprocess.PIPE, text=True).stdout)["key"]
    sent = bodies(batches, lines, seed)
    with Program(build, folder) as p:
        get(p.url("/service"))
        told, began, before = [], time.monotonic(), cpu_us(p.pid)
        threads = [threading.Thread(target=sender, args=(p.port, key, sent[n::connections], told)) for n in range(connections)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        took, cpu = time.monotonic() - began, cpu_us(p.pid) - before
    events = sum(a for a, _, _ in told)
    if events != batches * (lines // 3) * 3 or any(d or x for _, d, x in told):
        raise SystemExit("events were lost or refused: %r" % told[:3])
    return events / took, cpu / events


def month_ms(build, folder, count):
    """CPU of the server for the figures of a month, every page made anew; (page, file)."""
    month = time.strftime("%Y-%m", time.gmtime(time.time() + 7 * 3600 - 40 * 86400))
    with Program(build, folder) as p:
        cost = []
        for path in ("/service?month=%s&uncached=%%d" % month, "/service/figures.csv?month=%s&uncached=%%d" % month):
            get(p.url(path % 0))
            before = cpu_us(p.pid)
            for n in range(1, count + 1):
                get(p.url(path % n))
            cost.append((cpu_us(p.pid) - before) / 1e3 / count)
    return cost


def recount(build, folder):
    """(seconds of CPU, megabytes, what it said)"""
    child = subprocess.Popen([os.path.join(build, "thuocdo"), "service", "recompute", "--check", "--data", folder, "--json"], stdout=subprocess.PIPE, text=True)
    said = json.loads(child.stdout.read())
    _, status, use = os.wait4(child.pid, 0)
    if status:
        raise SystemExit("the counters differ from the events: %r" % said)
    return use.ru_utime + use.ru_stime, use.ru_maxrss / 1024, said


if __name__ == "__main__":
    import sys
    build, folder = sys.argv[1:3]
    print("recount", recount(build, folder))
    print("month", month_ms(build, folder, 20))
    print("intake", intake(build, folder, 60, 4998, 4, 11))
