#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# report.sh BUILD: reports of the demonstration as other programs read them: poppler, LibreOffice, openpyxl. PICTURES=folder keeps the pages.
set -u
program=$1/thuocdo
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0 skipped=0
ok() { if "${@:2}" >/dev/null 2>&1; then passed=$((passed + 1)); echo "ok   $1"; else failed=$((failed + 1)); echo "FAIL $1"; fi; }
skip() { skipped=$((skipped + 1)); echo "skip $1"; }
holds() { pdftotext -layout "$1" - | tr -s ' \n' ' ' | grep -qF "$2"; }
"$program" init --data "$dir/d" --demo >/dev/null 2>&1 || { echo "FAIL demonstration"; echo "0 passed, 1 failed"; exit 1; }
make_one() { "$program" report sipas-mo-phong/1 --data "$dir/d" --set http.public_url=https://do.example --output "$dir/$1.$2" --kind "$1" --format "$2" --province 24; }
for kind in year province press infographic book; do
  for format in pdf docx xlsx csv; do ok "$kind.$format is made" make_one "$kind" "$format"; done
  ok "$kind.pdf is tagged" bash -c "pdfinfo '$dir/$kind.pdf' | grep -q 'Tagged: *yes'"
  ok "$kind.pdf embeds every font" bash -c "! pdffonts '$dir/$kind.pdf' | tail -n +3 | grep -q ' no  *[a-z]*  *[a-z]*  *[0-9]* *0$'"
done
ok "year.pdf: index with interval" holds "$dir/year.pdf" "KTC 95%"
ok "infographic.pdf is one page" bash -c "pdfinfo '$dir/infographic.pdf' | grep -q 'Pages: *1$'"
if command -v soffice >/dev/null; then
  for kind in year province book; do
    soffice -env:UserInstallation="file://$dir/office" --headless --convert-to pdf --outdir "$dir/word" "$dir/$kind.docx" >/dev/null 2>&1
    ok "$kind.docx: LibreOffice opens it" test -s "$dir/word/$kind.pdf"
    ok "$kind.docx: its words are those of the PDF" holds "$dir/word/$kind.pdf" "Cách đọc số liệu"
    ok "$kind.docx: pictures are drawn" bash -c "[ \$(pdfimages -list '$dir/word/$kind.pdf' | wc -l) -gt 2 ]"
  done
  # A template that LibreOffice wrote: words in several letters, a list in a table, one over paragraphs; and the one of our own.
  cat >"$dir/mau.html" <<'H'
<html><meta charset="utf-8"><body><h1>Báo cáo {{tên đợt khảo sát}}</h1><p>Đạt <b>{{chỉ</b> <i>số}}</i>% (n = {{số người trả lời}}).</p><p>{{#nội dung}}</p><p>Nội dung {{mã}}: {{chỉ số}}</p><p>{{/nội dung}}</p>
<table border="1"><tr><td>STT</td><td>Tỉnh</td></tr><tr><td>{{#xếp hạng}}{{số thứ tự}}</td><td>[{{tên}}]{{/xếp hạng}}</td></tr></table><p>{{biểu đồ tỉnh}}</p></body></html>
H
  soffice -env:UserInstallation="file://$dir/office" --headless --infilter=writerglobal8_HTML --convert-to 'docx:MS Word 2007 XML' --outdir "$dir" "$dir/mau.html" >/dev/null 2>&1
  ok "a template of our own is written" "$program" template example --output "$dir/example.docx"
  for kind in mau example; do
    ok "$kind.docx is a good template" "$program" template check "$dir/$kind.docx"
    ok "$kind.docx is filled" "$program" report sipas-mo-phong/1 --data "$dir/d" --template "$dir/$kind.docx" --output "$dir/filled-$kind.docx"
    soffice -env:UserInstallation="file://$dir/office" --headless --convert-to pdf --outdir "$dir/word" "$dir/filled-$kind.docx" >/dev/null 2>&1
    ok "filled-$kind.docx: LibreOffice opens it, no brace is left" bash -c "pdftotext '$dir/word/filled-$kind.pdf' - | grep -q 'Nguồn: ấn bản' && ! pdftotext '$dir/word/filled-$kind.pdf' - | grep -q '{{'"
    ok "filled-$kind.docx: every province is there" bash -c "[ \$(pdftotext '$dir/word/filled-$kind.pdf' - | grep -cE '^\[?(Cao Bằng|Hà Nội|TP. Hồ Chí Minh|Cà Mau)\]?$') -ge 4 ]"
    ok "filled-$kind.docx: pictures are drawn" bash -c "[ \$(pdfimages -list '$dir/word/filled-$kind.pdf' | wc -l) -gt 2 ]"
  done
  soffice -env:UserInstallation="file://$dir/office" --headless --convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1' --outdir "$dir/calc" "$dir/year.xlsx" >/dev/null 2>&1
  ok "year.xlsx: LibreOffice computes the total of n" grep -qE '^"?Cộng số câu trả lời"?,.*[0-9]{4,}' "$dir"/calc/*Tỉnh*.csv
else skip "LibreOffice is not installed"; fi
if /usr/bin/python3 -c 'import openpyxl' 2>/dev/null; then
  ok "year.xlsx: openpyxl reads typed cells and formulas" /usr/bin/python3 - "$dir/year.xlsx" <<'P'
import sys, openpyxl
formulas, values = openpyxl.load_workbook(sys.argv[1]), openpyxl.load_workbook(sys.argv[1], data_only=True)
assert formulas.sheetnames[0] == "Ghi chú", formulas.sheetnames
sums = 0
for f, v in zip(formulas, values):
    for a, b in zip(f.iter_rows(), v.iter_rows()):
        for x, y in zip(a, b):
            if isinstance(x.value, str) and x.value.startswith("=SUM("):
                sums += 1
                from openpyxl.utils import range_boundaries
                c1, r1, c2, r2 = range_boundaries(x.value[5:-1])
                cells = [v.cell(r, c).value for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)]
                assert abs(sum(z for z in cells if isinstance(z, (int, float))) - y.value) < 1e-6, (f.title, x.coordinate)
assert sums > 10, sums
P
else skip "openpyxl is not installed"; fi
if [ -n "${PICTURES:-}" ]; then
  mkdir -p "$PICTURES"
  for f in "$dir"/*.pdf; do pdftoppm -r 60 -png "$f" "$PICTURES/$(basename "$f" .pdf)"; done
  for f in "$dir"/word/*.pdf; do pdftoppm -r 60 -png "$f" "$PICTURES/word-$(basename "$f" .pdf)"; done
fi
echo "$passed passed, $failed failed, $skipped skipped"
