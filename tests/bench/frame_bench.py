# SPDX-License-Identifier: AGPL-3.0-or-later
"""Drawing from a frame of a million persons, beside reading the same file byte by byte count (wc -l)."""
import os
import subprocess

DESIGN = """{"thuocdo":"sample-design","version":1,"stages":[
 {"unit":"ma_xa","strata":["ma_tinh"],"method":"pps","size":"#rows","take":{"rule":"sqrt","n":60,"least":2}},
 {"unit":"ma_thon","method":"pps","size":"#rows","take":{"n":3}},
 {"unit":"ma_nguoi","method":"srs","take":{"n":30},"reserve":6}],"keep":["gioi"]}"""


def make_frame(path, rows):
    with open(path, "w", encoding="utf-8") as f:
        f.write("ma_tinh,ma_xa,ma_thon,ma_nguoi,gioi,nam_sinh\n")
        for i in range(rows):
            village = i // 300
            f.write("%02d,%05d,%07d,%09d,%d,%d\n" % (village // 1000 + 1, village // 10, village, i, 1 + i % 2, 1940 + i % 68))


def cost(args):
    """CPU seconds and peak megabytes of one run."""
    child = subprocess.Popen(args, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, args
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def draw(build, folder, rows, runs):
    """Least CPU and peak memory of drawing, of counting lines, and the file's megabytes."""
    frame, design = os.path.join(folder, "frame.csv"), os.path.join(folder, "design.json")
    make_frame(frame, rows)
    with open(design, "w", encoding="utf-8") as f:
        f.write(DESIGN)
    drawn = [cost([os.path.join(build, "thuocdo"), "sample", "draw", design, frame, "--seed", "bench"]) for _ in range(runs)]
    read = [cost(["wc", "-l", frame]) for _ in range(runs)]
    summed = [cost(["sha256sum", frame]) for _ in range(runs)]
    size = os.path.getsize(frame) / 1e6
    os.remove(frame)
    return min(x[0] for x in drawn), min(x[1] for x in drawn), min(x[0] for x in read), min(x[0] for x in summed), size
