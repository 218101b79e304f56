#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# web_clients.sh BUILD: ODK Web Forms and Enketo in Chromium take a questionnaire from our server, are filled in and send it back.
set -u
build=$(realpath "${1:-build}")
here=$(cd "$(dirname "$0")" && pwd)
folder=$build/peer-packages
skip() { echo "skip: $1"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || skip "Chromium is not installed"
source "$here/packages.bash"
packages "$folder" || skip "the clients could not be installed"
cp "$here"/web/* "$folder/"
cd "$folder" && node bundle.mjs . && timeout 300 node clients.mjs "$build/thuocdo" out
