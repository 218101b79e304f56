/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as text: the record's JSON object holds each given answer once, in the order of the questionnaire. */
#include "collect/parts.h"

Str record_json(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    return form_answers_texts(a, p, x);
}

Err record_read(Arena *a, const FormProgram *p, Str json, FormAnswers *out)
{
    const Json *tree;
    TRY(json_parse(a, json, &tree));
    form_answers_load(a, p, tree, out);
    return OK;
}

Str submission_body(Arena *a, Str uuid, Str answers)
{
    return arena_fmt(a, "{\"instance_id\":\"%.*s\",\"answers\":%.*s}", STR_ARG(uuid), STR_ARG(answers));
}
