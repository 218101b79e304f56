/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers as text: the record's JSON object holds each given answer once, in the order of the questionnaire. */
#include "collect/parts.h"

Str record_json(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    Buf b = buf_new(a, 1024);
    buf_byte(&b, '{');
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->answer < 0 || x->at[n->answer].len == 0)
            continue;
        if (b.len > 1)
            buf_byte(&b, ',');
        buf_json_str(&b, n->name);
        buf_byte(&b, ':');
        buf_json_str(&b, x->at[n->answer]);
    }
    buf_byte(&b, '}');
    return buf_str(&b);
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
