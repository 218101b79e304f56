#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# postgres.sh COMMAND…: starts a throw-away PostgreSQL in a temporary folder, runs COMMAND with TEST_POSTGRES set to its
# address, stops it. Listens on a unix socket only; works as root too, where the server runs as an unprivileged user.
set -euo pipefail

for dir in /usr/lib/postgresql/15/bin $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(pg_config --bindir 2>/dev/null || true)"; do
    if [ -x "$dir/initdb" ]; then bin=$dir; break; fi
done
[ -n "${bin:-}" ] || { echo "postgres.sh: no PostgreSQL server is installed (package postgresql-15)" >&2; exit 69; }

as_user=()
if [ "$(id -u)" = 0 ]; then
    user=postgres
    id -u "$user" >/dev/null 2>&1 || user=nobody
    as_user=(setpriv --reuid "$user" --regid "$(id -gn "$user")" --init-groups env HOME=/)
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/thuocdo-pg-XXXXXX")
[ ${#as_user[@]} = 0 ] || chown "$user" "$folder"
chmod 0755 "$folder"
server=
stop() {
    if [ -n "$server" ]; then (cd / && "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -m fast -w stop >/dev/null 2>&1) || true; fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd / && "${as_user[@]}" "$bin/initdb" -D "$folder/data" -U thuocdo --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
    >"$folder/initdb.log" 2>&1) || { cat "$folder/initdb.log" >&2; exit 70; }
# Nothing here outlives a power cut; what measures commits asks for them with POSTGRES_OPTIONS.
options="-c fsync=off -c full_page_writes=off -c listen_addresses='' -c unix_socket_directories='$folder' -c port=5432 -c max_connections=100 ${POSTGRES_OPTIONS:-}"
(cd / && "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -o "$options" -l "$folder/data/server.log" -w -t 60 start \
    >"$folder/start.log" 2>&1) || { cat "$folder/start.log" "$folder/data/server.log" >&2; exit 70; }
server=running

export TEST_POSTGRES="postgresql:///postgres?host=$folder&port=5432&user=thuocdo"
"$@"
