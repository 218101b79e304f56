#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# peers.sh BUILD [NAME]: each script of tests/peers/ compares with other programs; a script prints "N passed, N failed, N skipped" last. A missing peer is a skip.
set -u
build=$(realpath "${1:-build}")
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for script in tests/peers/*"${2:-}"*.sh; do
  echo "== $(basename "$script" .sh)"
  "$script" "$build" >"$log" 2>&1
  code=$?
  line=$(grep -oE '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$log" | tail -1)
  if [ -z "$line" ] || [ "$code" != 0 ]; then tail -40 "$log"; fi
  if [ -z "$line" ]; then failed=$((failed + 1)); echo "   no result (exit $code)"; continue; fi
  f=$(sed -E 's/.* ([0-9]+) failed.*/\1/' <<<"$line")
  [ "$code" != 0 ] && [ "$f" = 0 ] && f=1
  passed=$((passed + $(sed -E 's/^([0-9]+) passed.*/\1/' <<<"$line")))
  failed=$((failed + f))
  skipped=$((skipped + $(grep -oE '[0-9]+ skipped' <<<"$line" | grep -oE '[0-9]+' || echo 0)))
  grep -E '^(skip|FAIL)' "$log"
  echo "   $line"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
