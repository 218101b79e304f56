#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# faults.sh BUILD short|long: kills, full disks, broken folders. On SQLite, and what concerns the database also on
# PostgreSQL: the one of TEST_POSTGRES, else one of its own. short: a sample for `make test`; long: the whole run.
source "$(dirname "$0")/parts.sh"

part "SQLite" env -u TEST_POSTGRES node tests/faults/run.mjs "$build/thuocdo" "$mode"
on_postgres=(node tests/faults/run.mjs "$build/thuocdo" "$mode" "kill -9 under load" "one submission" "SIGTERM" "second instance" "on a database server" "fieldwork:")
if [ -n "${TEST_POSTGRES:-}" ]; then part "PostgreSQL" "${on_postgres[@]}"
else part "PostgreSQL" tests/postgres.sh "${on_postgres[@]}"; fi
summary
