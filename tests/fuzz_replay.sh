#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# fuzz_replay.sh BUILD: the saved corpora through every target.
set -eu
cd "$(dirname "$0")/.."
exec "$1/tests/fuzz-replay" tests/corpus
