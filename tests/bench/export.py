#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""export.py PROGRAM FOLDER [ROWS [FORMAT…]]: exports of a round of a million answers (SQLite), beside two yardsticks of the same run: reading the same rows
alone, and writing the same bytes alone. Prints rows a second, processor seconds, peak memory, and the ratios. The demonstration's answers are repeated
under other ids."""
import os
import resource
import sqlite3
import subprocess
import sys
import time

program, folder = os.path.realpath(sys.argv[1]), sys.argv[2]
rows = int(sys.argv[3]) if len(sys.argv) > 3 else 1000000
data = os.path.join(folder, "export-data")
if not os.path.exists(data):
    subprocess.run([program, "init", "--data", data, "--demo"], check=True, capture_output=True)
db = sqlite3.connect(os.path.join(data, "thuocdo.db"))
db.execute("PRAGMA synchronous = OFF")
first = db.execute("SELECT slot FROM rounds WHERE code = 'sipas-mo-phong'").fetchone()[0] << 42
others = ", ".join(r[1] for r in db.execute("PRAGMA table_info(submissions)") if r[1] != "id")
count = lambda: db.execute("SELECT COUNT(*) FROM submissions WHERE id BETWEEN ? AND ?", (first, first + (1 << 42) - 1)).fetchone()[0]
while count() < rows:
    db.execute("INSERT OR IGNORE INTO submissions (id, %s) SELECT ? + (ABS(RANDOM()) %% 4398046511104), %s FROM submissions WHERE id BETWEEN ? AND ? LIMIT ?"
               % (others, others), (first, first, first + (1 << 42) - 1, rows - count()))
    db.commit()


def spent(work):
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.time()
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return time.time() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def read_alone():
    for _ in db.execute("SELECT id, day, channel, answers FROM submissions WHERE id BETWEEN ? AND ? ORDER BY id", (first, first + (1 << 42) - 1)):
        pass


wall, cpu = spent(read_alone)
print("reading %d rows alone      %8.1f s, %6.1f s processor" % (rows, wall, cpu))
read_cpu = cpu
for form in (sys.argv[4:] or ["csv", "sav", "dta", "xlsx"]):
    out = os.path.join(folder, "export." + form)
    child, began = subprocess.Popen([program, "export", "sipas-mo-phong", "--format", form, "--out", out, "--data", data]), time.time()
    _, status, used = os.wait4(child.pid, 0)
    wall, cpu, size = time.time() - began, used.ru_utime + used.ru_stime, os.path.getsize(out)
    if status:
        sys.exit("export %s failed" % form)
    block, n = b"x" * (1 << 20), size >> 20

    def write_alone():
        with open(out, "wb", buffering=0) as f:
            for _ in range(n):
                f.write(block)
            os.fsync(f.fileno())
    plain, _ = spent(write_alone)
    os.unlink(out)
    print("%-4s %8.0f rows/s, %8.0f rows/s of processor, %4d MB peak, %5d MB; %.1f x reading alone (processor), %.1f x writing alone (time)"
          % (form, rows / wall, rows / cpu, used.ru_maxrss >> 10, size >> 20, cpu / max(read_cpu, 0.01), wall / max(plain, 0.01)))
