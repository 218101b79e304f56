# SPDX-License-Identifier: AGPL-3.0-or-later
# What faults.sh and hostile.sh share: parts that each end with "N passed, M failed[, K skipped]", and their sum.
# Sourced with BUILD short|long as arguments; leaves the project's root as working folder.
set -u
build=${1:-build} mode=${2:-short}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
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

summary() {
    if [ "$skipped" != 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
    [ "$failed" = 0 ]
}
