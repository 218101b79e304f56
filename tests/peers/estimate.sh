#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# estimate.sh BUILD: random designs and statistics, of a fixed seed, by `thuocdo estimate` and by the R package survey, at 1e-9.
# SEED and CASES choose others. Debian: r-cran-survey, r-cran-jsonlite (and r-cran-mass for bounded and raking calibration).
set -u
program=$1/thuocdo
here=$(dirname "$0")
if ! command -v Rscript >/dev/null || ! Rscript -e 'library(survey); library(jsonlite)' >/dev/null 2>&1; then
  echo "skip R with the packages survey and jsonlite is not installed"
  echo "0 passed, 0 failed, ${CASES:-300} skipped"
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 "$here/estimate.py" make "$folder" "${SEED:-20261122}" "${CASES:-300}" || exit 1
"$program" estimate "$folder/cases.json" --threads 2 --json >"$folder/ours.json"
Rscript "$here/estimate.R" "$folder" || exit 1
python3 "$here/estimate.py" compare "$folder"
