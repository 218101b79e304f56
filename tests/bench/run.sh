#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh BUILD [--quick]: builds the benchmarks and prints one table of figures beside their goals (docs/performance.md).
# PostgreSQL's rows need its server programs; without them they are left out and the table says so.
set -eu
build=$(realpath "${1:-build}")
shift || true
cd "$(dirname "$0")/../.."
ninja -C "$build" thuocdo tests/bench/bench-load tests/bench/bench-hello tests/bench/bench-bare-commit tests/bench/bench-methods \
  tests/bench/bench-breaks tests/bench/bench-desk tests/bench/bench-index tests/bench/bench-shares >/dev/null
! pkg-config --exists libxml-2.0 || ninja -C "$build" tests/bench/bench-forms >/dev/null
ulimit -n "$(ulimit -Hn)"
folder=$(mktemp -d "$build/bench-XXXXXX")      # beside the build: the disk that counts, not a file system in memory
trap 'rm -rf "$folder"' EXIT
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  TMPDIR=$build POSTGRES_OPTIONS='-c fsync=on -c full_page_writes=on' tests/postgres.sh python3 tests/bench/figures.py "$build" "$folder" "$@"
else
  python3 tests/bench/figures.py "$build" "$folder" "$@"
fi
