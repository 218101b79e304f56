#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# xforms_engine.sh BUILD: answer sequences of src/form/tests/play in the engine of ODK Web Forms beside `thuocdo form play`.
# Without npm or a network it is a skip.
set -u
build=$(realpath "${1:-build}")
here=$(cd "$(dirname "$0")" && pwd)
folder=$build/peer-packages
skip() { echo "skip: $1"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
source "$here/packages.bash"
packages "$folder" || skip "the engine could not be installed"
cp "$here/xforms_engine.mjs" "$folder/run.mjs"
cd "$folder" && timeout 300 node run.mjs "$build/thuocdo" "$here/../../src/form/tests/play" "$here/xforms_engine_differences.txt"
