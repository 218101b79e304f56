#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh BUILD: every test; ends with "N passed, N failed". A part that cannot start counts as one failure.
set -u
build=${1:-build}
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

part() {            # part NAME COMMAND…
  local name=$1 begin=$SECONDS; shift
  echo "== $name"
  "$@" >"$log" 2>&1
  local code=$? line
  line=$(grep -oE '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$log" | tail -1)
  if [ -z "$line" ]; then
    tail -40 "$log"
    echo "$name: no result (exit $code)"
    failed=$((failed + 1))
    return
  fi
  local f; f=$(sed -E 's/.* ([0-9]+) failed.*/\1/' <<<"$line")
  if [ "$f" != 0 ] || [ "$code" != 0 ]; then grep -E -B8 '^(FAIL|not ok)' "$log" | tail -120; fi
  if [ "$code" != 0 ] && [ "$f" = 0 ]; then tail -20 "$log"; f=1; fi
  passed=$((passed + $(sed -E 's/^([0-9]+) passed.*/\1/' <<<"$line")))
  failed=$((failed + f))
  skipped=$((skipped + $(grep -oE '[0-9]+ skipped' <<<"$line" | grep -oE '[0-9]+' || echo 0)))
  echo "   ${name}: $line ($((SECONDS - begin)) s)"
}

part "view compiler" python3 tests/viewc_test.py "$build/build-tools/viewc"
part "contrast of colours" python3 tests/contrast_test.py assets
part "XLSForm and XForm" python3 tests/xlsform.py "$build/thuocdo" ../shared/data/forms
part "stats-conformance" python3 tests/stats.py "$build/thuocdo" ../shared/data/stats
part "engine of the page" node tests/offline/engine.mjs "$build/thuocdo" "$build/build-tools/engine.wasm" src/form/tests/play
part "unit, SQLite" "$build/unit-tests"
part "unit, PostgreSQL" tests/postgres.sh "$build/unit-tests" _postgres backup_moves      # the others ran above
[ -x tests/fuzz_replay.sh ] && part "fuzz corpora" tests/fuzz_replay.sh "$build"
part "scenarios, SQLite" node tests/scenario/run.mjs "$build/thuocdo"
part "scenarios, PostgreSQL" tests/postgres.sh node tests/scenario/run.mjs "$build/thuocdo"
part "faults" tests/faults.sh "$build" short
part "hostile input" tests/hostile.sh "$build" short
part "browser" node tests/browser/run.mjs "$build/thuocdo"
echo
if [ "$skipped" != 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" = 0 ]
