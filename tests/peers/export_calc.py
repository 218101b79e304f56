#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""export_calc.py FOLDER: e.xlsx through LibreOffice to a flat document, in which no cell may hold a formula."""
import re
import subprocess
import sys

folder = sys.argv[1]
subprocess.run(["soffice", "--headless", "-env:UserInstallation=file://%s/office" % folder, "--convert-to", "fods", "--outdir", folder, folder + "/e.xlsx"],
               check=True, capture_output=True, timeout=600)
text = open(folder + "/e.fods", encoding="utf-8").read()
assert "table:formula" not in text
assert len(re.findall("<table:table ", text)) == 2
