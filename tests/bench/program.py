# SPDX-License-Identifier: AGPL-3.0-or-later
"""Running the program and its yardsticks, and reading what they cost from /proc."""
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request

TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")


def cpu_us(pid):
    """User and system time of a process, all threads, in microseconds."""
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK_US


def cpu_with_children_us(pid):
    """Of a database server: its own time, that of children already gone, and that of those alive."""
    with open("/proc/%d/stat" % pid) as f:
        total = sum(int(x) for x in f.read().rsplit(")", 1)[1].split()[11:15]) * TICK_US
    for other in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % other) as f:
                fields = f.read().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid:
                total += (int(fields[11]) + int(fields[12])) * TICK_US
        except OSError:
            pass
    return total


def rss_mb(pid):
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=30) as r:
        return r.status, r.headers, r.read()


class Program:
    """`thuocdo serve` on a data folder, started and ended with a `with` block."""

    def __init__(self, build, folder, database=""):
        self.args = [os.path.join(build, "thuocdo"), "serve", "--data", folder]
        if database:
            self.args += ["--database", database]
        self.folder = folder

    def __enter__(self):
        self.port = free_port()
        self.log = open(os.path.join(self.folder, "serve.log"), "wb")
        began = time.monotonic()
        self.child = subprocess.Popen(self.args + ["--listen", "127.0.0.1:%d" % self.port], stderr=self.log, stdout=self.log)
        self.pid = self.child.pid
        while True:
            try:
                if get(self.url("/readyz"))[0] == 200:
                    break
            except OSError:
                pass
            if self.child.poll() is not None or time.monotonic() - began > 60:
                raise SystemExit("thuocdo serve does not start: see %s" % self.log.name)
            time.sleep(0.002)
        self.start_s = time.monotonic() - began
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait(60)
        self.log.close()

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.port, path)


class Yardstick:
    """The hello-world on libmicrohttpd."""

    def __init__(self, build):
        self.command = os.path.join(build, "tests/bench/bench-hello")

    def __enter__(self):
        self.port = free_port()
        self.child = subprocess.Popen([self.command, "--serve", str(self.port)], stdin=subprocess.PIPE)
        self.pid = self.child.pid
        for _ in range(200):
            try:
                get("http://127.0.0.1:%d/hello" % self.port)
                return self
            except OSError:
                time.sleep(0.01)
        raise SystemExit("bench-hello does not start")

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait(30)


def load(build, port, path, count, connections, body=""):
    """One run of bench-load; the figures it prints, as numbers."""
    args = [os.path.join(build, "tests/bench/bench-load"), "127.0.0.1:%d" % port, path, "--count", str(count),
            "--connections", str(connections)]
    r = subprocess.run(args + (["--body", body] if body else []), capture_output=True, text=True)
    if r.returncode:
        raise SystemExit("bench-load %s: %s%s" % (path, r.stdout, r.stderr))
    return {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", r.stdout)}


def copy_folder(source, to):
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(source, to, ignore=shutil.ignore_patterns("*.sock", "serve.log"))
    return to
