#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# faults.sh BUILD short|long: kills, full disks, broken folders. On SQLite, and what concerns the database also on
# PostgreSQL: the one of TEST_POSTGRES, else one of its own. short: a sample for `make test`; long: the whole run.
set -u
build=${1:-build} mode=${2:-short}
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

part() {            # part NAME COMMAND…
    local name=$1 line; shift
    echo "== $name"
    "$@" 2>&1 | tee "$log"
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
    if [ -z "$line" ]; then echo "FAIL $name: no result"; failed=$((failed + 1)); return; fi
    passed=$((passed + $(sed -E 's/^([0-9]+) passed.*/\1/' <<<"$line")))
    failed=$((failed + $(sed -E 's/.* ([0-9]+) failed.*/\1/' <<<"$line")))
    skipped=$((skipped + $(grep -oE '[0-9]+ skipped' <<<"$line" | grep -oE '[0-9]+' || echo 0)))
}

part "SQLite" env -u TEST_POSTGRES node tests/faults/run.mjs "$build/thuocdo" "$mode"
on_postgres=(node tests/faults/run.mjs "$build/thuocdo" "$mode" "kill -9 under load" "one submission" "SIGTERM" "second instance" "on a database server")
if [ -n "${TEST_POSTGRES:-}" ]; then part "PostgreSQL" "${on_postgres[@]}"
else part "PostgreSQL" tests/postgres.sh "${on_postgres[@]}"; fi
if [ "$skipped" != 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" = 0 ]
