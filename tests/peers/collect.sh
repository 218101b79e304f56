#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# collect.sh BUILD: the whole table of the protocol, by a script that behaves as ODK Collect, on SQLite and on PostgreSQL.
build=$(realpath "${1:-build}")
cd "$(dirname "$0")/../.." || exit 1
source tests/parts.sh "$build" long
part "SQLite" env -u TEST_POSTGRES node tests/collect/run.mjs "$build/thuocdo"
part "PostgreSQL" tests/postgres.sh node tests/collect/run.mjs "$build/thuocdo"
summary
