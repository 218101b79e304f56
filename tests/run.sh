#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# run.sh BUILD: every test; ends with "N passed, N failed". A part that cannot start counts as one failure.
set -u
build=${1:-build}
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
logs=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$logs"' EXIT

count() {           # count NAME LOG EXIT-CODE SECONDS: what a part that has ended said
  local name=$1 log=$2 code=$3 took=$4 line
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
  echo "   ${name}: $line ($took s)"
}

part() {            # part NAME COMMAND…
  local name=$1 begin=$SECONDS code; shift
  echo "== $name"
  "$@" >"$logs/part" 2>&1
  code=$?
  count "$name" "$logs/part" "$code" $((SECONDS - begin))
}

# A long part beside the others: the server it waits for has a core of its own.
beside() {          # beside NAME COMMAND…
  beside_name=$1 beside_begin=$SECONDS; shift
  "$@" >"$logs/beside" 2>&1 &
  beside_pid=$!
}
beside_end() {
  echo "== $beside_name"
  wait "$beside_pid"
  count "$beside_name" "$logs/beside" $? $((SECONDS - beside_begin))
}

beside "unit, PostgreSQL" tests/postgres.sh "$build/unit-tests" _postgres backup_moves      # the others run below
part "view compiler" python3 tests/viewc_test.py "$build/build-tools/viewc"
part "contrast of colours" python3 tests/contrast_test.py assets
part "XLSForm and XForm" python3 tests/xlsform.py "$build/thuocdo" ../shared/data/forms
part "stats-conformance" python3 tests/stats.py "$build/thuocdo" ../shared/data/stats
part "engine of the page" node tests/offline/engine.mjs "$build/thuocdo" "$build/build-tools/engine.wasm" src/form/tests/play
part "unit, SQLite" "$build/unit-tests"
[ -x tests/fuzz_replay.sh ] && part "fuzz corpora" tests/fuzz_replay.sh "$build"
part "scenarios, SQLite" node tests/scenario/run.mjs "$build/thuocdo"
beside_end
part "scenarios, PostgreSQL" tests/postgres.sh node tests/scenario/run.mjs "$build/thuocdo"
part "faults" tests/faults.sh "$build" short
part "hostile input" tests/hostile.sh "$build" short
part "browser" node tests/browser/run.mjs "$build/thuocdo"
echo
if [ "$skipped" != 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" = 0 ]
