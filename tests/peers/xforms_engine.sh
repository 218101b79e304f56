#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# xforms_engine.sh BUILD: answer sequences of src/form/tests/play in the engine of ODK Web Forms beside `thuocdo form play`.
# The engine is installed into the build folder by npm, pinned; without npm or a network it is a skip.
set -u
build=$(realpath "${1:-build}")
here=$(cd "$(dirname "$0")" && pwd)
folder=$build/peer-engine
skip() { echo "skip: $1"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
command -v npm >/dev/null 2>&1 || skip "npm is not installed"
mkdir -p "$folder"
if [ ! -e "$folder/.stamp" ]; then
  (cd "$folder" && echo '{"private":true}' >package.json &&
    timeout 300 npm install --no-audit --no-fund --no-package-lock --loglevel=error @getodk/xforms-engine@0.22.0 solid-js@1.9.19 jsdom@29.1.1) ||
    skip "the engine could not be installed"
  touch "$folder/.stamp"
fi
cp "$here/xforms_engine.mjs" "$folder/run.mjs"
cd "$folder" && timeout 300 node run.mjs "$build/thuocdo" "$here/../../src/form/tests/play" "$here/xforms_engine_differences.txt"
