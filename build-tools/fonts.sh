#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# fonts.sh: copies the Noto Sans files that the sheets name from the npm package to assets/fonts (not in git).
set -eu
cd "$(dirname "$0")/.."
from=node_modules/@fontsource/noto-sans/files
mkdir -p assets/fonts
for subset in latin vietnamese; do
  for weight in 400 600 700; do
    file="noto-sans-$subset-$weight-normal.woff2"
    cmp -s "$from/$file" "assets/fonts/$subset-$weight.woff2" || cp "$from/$file" "assets/fonts/$subset-$weight.woff2"
  done
done
