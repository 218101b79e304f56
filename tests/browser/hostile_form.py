# SPDX-License-Identifier: AGPL-3.0-or-later
"""hostile_form.py OUT.xlsx < payloads.json: a questionnaire whose every visible text is a hostile string."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build-tools"))
import make_sipas_form as m  # noqa: E402

texts = [t.replace("${", "{") for t in json.load(sys.stdin)]    # ${name} asks for an answer
at = 0


def text():
    global at
    at += 1
    return texts[(at - 1) % len(texts)]


def row(kind, name, **more):
    values = {"type": kind, "name": name, "label::" + m.VI: text(), "label::" + m.EN: text(), "hint::" + m.VI: text(), "hint::" + m.EN: text(), **more}
    return [values.get(c, "") for c in m.SURVEY]


survey, choices = [row("begin_group", "nhom")], []
for i in range(8):
    survey.append(row("select_one l%d" % i, "muc%d" % i, td_code="A%d" % (i + 1), td_role="satisfaction"))
    choices += [("l%d" % i, str(k), text(), text(), str(k), "") for k in range(1, 6)]
survey.append(row("select_multiple nhieu", "nhieu"))
choices += [("nhieu", "c%d" % k, text(), text(), "", "") for k in range(10)]
survey += [row("text", "loi%d" % i) for i in range(4)] + [row("integer", "so")]
survey.append(["end_group"] + [""] * (len(m.SURVEY) - 1))
values = {"form_id": "do-hoi", "version": "1", "form_title::" + m.VI: texts[0], "form_title::" + m.EN: texts[1], "default_language": m.VI, "td_kind": "survey"}
with open(sys.argv[1], "wb") as f:
    f.write(m.workbook(survey, choices, [values.get(c, "") for c in m.SETTINGS]))
