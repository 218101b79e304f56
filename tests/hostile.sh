#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# hostile.sh BUILD short|long: hostile clients, bodies, files and people. short: a sample for `make test`; long: the
# whole run, with the payloads crawled in a browser.
source "$(dirname "$0")/parts.sh"

part "clients, bodies, files, people" env -u TEST_POSTGRES node tests/hostile/run.mjs "$build/thuocdo" "$mode"
if [ "$mode" = long ] && [ -e tests/browser/hostile.mjs ]; then
    part "payloads in a browser" env -u TEST_POSTGRES node tests/browser/hostile.mjs "$build/thuocdo"
fi
summary
