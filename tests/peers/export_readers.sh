#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# export_readers.sh BUILD: the demonstration's exports as PSPP, haven and foreign read them, beside our CSV.
# Debian: pspp, r-cran-haven, r-cran-foreign.
set -u
program=$1/thuocdo
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0 failed=0 skipped=0
ok() { echo "ok   $1"; passed=$((passed + 1)); }
bad() { echo "FAIL $1"; failed=$((failed + 1)); }
check() { if "${@:2}" >"$folder/log" 2>&1; then ok "$1"; else cat "$folder/log"; bad "$1"; fi; }

"$program" init --data "$folder/data" --demo >/dev/null 2>&1 || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
for format in csv sav dta xlsx ddi; do
  "$program" export sipas-mo-phong --format $format --out "$folder/e.$format" --data "$folder/data" || bad "export $format"
done

if command -v pspp-convert >/dev/null; then
  pspp-convert "$folder/e.sav" "$folder/pspp.csv" 2>"$folder/warnings"
  check "PSPP reads every row of .sav" python3 "$here/export_compare.py" "$folder/e.csv" "$folder/pspp.csv"
  check "PSPP has no complaint" test ! -s "$folder/warnings"
else echo "skip PSPP is not installed"; skipped=$((skipped + 2)); fi

if command -v Rscript >/dev/null && Rscript -e 'library(haven); library(foreign)' >/dev/null 2>&1; then
  Rscript "$here/export_readers.R" "$folder" >"$folder/r" 2>&1
  cat "$folder/r"
  passed=$((passed + $(grep -c '^ok ' "$folder/r")))
  failed=$((failed + $(grep -c '^FAIL' "$folder/r")))
  grep -q '^done' "$folder/r" || bad "R ran to its end"
else echo "skip R with haven and foreign is not installed"; skipped=$((skipped + 8)); fi

check "the codebook is well-formed XML" python3 -c "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])" "$folder/e.ddi"
check "the workbook's parts are whole" python3 -c "import sys, zipfile as z; assert z.ZipFile(sys.argv[1]).testzip() is None" "$folder/e.xlsx"
if command -v soffice >/dev/null; then
  check "LibreOffice opens the workbook and finds no formula" python3 "$here/export_calc.py" "$folder"
else echo "skip LibreOffice is not installed"; skipped=$((skipped + 1)); fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
