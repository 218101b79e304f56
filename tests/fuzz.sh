#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# fuzz.sh TARGET SECONDS: fuzzes one target from its corpus; without a target lists them. Finds are left in fuzz-finds/.
set -eu
cd "$(dirname "$0")/.."
target="${1:-}"; seconds="${2:-60}"
[ -d build-fuzz ] || CC=clang meson setup build-fuzz -Dfuzz=true -Dwerror=false -Db_lundef=false >/dev/null
if [ -z "$target" ]; then
  ninja -C build-fuzz -t targets all | sed -n 's|^tests/fuzz-\([a-z_0-9]*\):.*|\1|p' | grep -v '^replay$' | sort
  exit 0
fi
ninja -C build-fuzz "tests/fuzz-$target" >/dev/null
mkdir -p "fuzz-finds/$target" "build-fuzz/corpus/$target" "tests/corpus/$target"
dict=""; [ -f "tests/corpus/$target.dict" ] && dict="-dict=tests/corpus/$target.dict"
"build-fuzz/tests/fuzz-$target" -max_total_time="$seconds" -timeout=1 -rss_limit_mb=512 -max_len=8192 -print_final_stats=1 \
  -artifact_prefix="fuzz-finds/$target/" $dict "build-fuzz/corpus/$target" "tests/corpus/$target"
