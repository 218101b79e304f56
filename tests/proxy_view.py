#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""proxy_view.py BUILD: nginx in front must see the same requests as the server behind it. Every saved request head of the
fuzz corpus, followed by a good request, goes through nginx as raw bytes; what nginx passed on and the server answered
(not refused) must stand in the server's log exactly once. Prints "N passed, N failed"; skipped where nginx is missing."""
import os, re, shutil, signal, socket, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NEXT = b'GET /next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
CONF = """
daemon off; pid {d}/nginx.pid; error_log {d}/error.log; worker_processes 1; events {{ worker_connections 64; }}
http {{
  log_format view '$upstream_status|$request_uri'; access_log {d}/access.log view;
  client_body_temp_path {d}/b; proxy_temp_path {d}/p; fastcgi_temp_path {d}/f; uwsgi_temp_path {d}/u; scgi_temp_path {d}/s;
  upstream td {{ server 127.0.0.1:{behind}; keepalive 4; }}
  server {{
    listen 127.0.0.1:{front}; underscores_in_headers on; ignore_invalid_headers off; client_max_body_size 210m;
    location / {{ proxy_pass http://td; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
                  proxy_request_buffering off; }}
  }}
}}
"""
REFUSALS = {'400', '408', '411', '413', '414', '415', '417', '421', '431', '501', '505'}


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def lines(path):
    return open(path, errors='replace').read().splitlines() if os.path.exists(path) else []


def forwarded(folder):
    rows = (line.split('|') for line in lines(folder + '/access.log'))
    return [uri for status, uri in rows if status.isdigit() and status not in REFUSALS and uri.split('?')[0] != '/']


def seen(folder):
    """Paths in the server's log; "/" may come from the page cache, which logs nothing."""
    found = (re.search(r'event=request .*path=(\S+)', line) for line in lines(folder + '/server.log'))
    return [m.group(1) for m in found if m and m.group(1) != '/']


def exchange(port, data):
    with socket.create_connection(('127.0.0.1', port)) as s:
        s.settimeout(0.4)
        try:
            s.sendall(data)
            while s.recv(65536):
                pass
        except OSError:
            pass


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(('127.0.0.1', port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit('port %d does not open' % port)


def run(build, folder, front, behind):
    corpus, failed = os.path.join(ROOT, 'tests/corpus/http_head'), 0
    names = sorted(os.listdir(corpus))
    for name in names:
        before_nginx, before_server = len(forwarded(folder)), len(seen(folder))
        exchange(front, open(os.path.join(corpus, name), 'rb').read() + NEXT)
        time.sleep(0.02)
        passed_on, got = forwarded(folder)[before_nginx:], seen(folder)[before_server:]
        if len(passed_on) != len(got):
            failed += 1
            print('FAIL %s: nginx passed on %s, the server saw %s' % (name, passed_on, got))
    print('%d passed, %d failed' % (len(names) - failed, failed))
    return failed


def main():
    nginx = shutil.which('nginx') or shutil.which('nginx', path='/usr/sbin')
    if not nginx:
        print('skipped: nginx is not installed')
        return 0
    program = os.path.join(sys.argv[1], 'thuocdo')
    with tempfile.TemporaryDirectory() as folder:
        front, behind = free_port(), free_port()
        open(folder + '/nginx.conf', 'w').write(CONF.format(d=folder, front=front, behind=behind))
        subprocess.run([program, 'init', '--data', folder + '/data'], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = subprocess.Popen([program, 'serve', '--data', folder + '/data', '--listen', '127.0.0.1:%d' % behind],
                                  env=dict(os.environ, THUOCDO_LOG_LEVEL='debug'), stderr=open(folder + '/server.log', 'w'))
        proxy = subprocess.Popen([nginx, '-c', folder + '/nginx.conf'], stderr=subprocess.DEVNULL)
        try:
            wait_for(behind)
            wait_for(front)
            return 1 if run(sys.argv[1], folder, front, behind) else 0
        finally:
            for p in (proxy, server):
                p.send_signal(signal.SIGTERM)
                p.wait()


sys.exit(main())
