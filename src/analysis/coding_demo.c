/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Open answers of the demonstration, coded: two coders who mostly agree, a third who settles. */
#include "analysis/coding.h"

#include "base/json.h"

typedef struct CodedText { SubmissionId id; size_t at; } CodedText;
typedef struct DemoTexts { Arena *a; Arena work; const CodingDemo *d; LIST(CodedText) found; } DemoTexts;

static Err look_at_text(void *self, const SubmissionRow *row)
{
    DemoTexts  *s    = self;
    Arena       work = s->work;
    const Json *json;
    Str         text = S("");
    TRY(json_parse(&work, row->answers_json, &json));
    if (!json_str(json_get(json, s->d->question), &text))
        return OK;
    for (size_t i = 0; i < s->d->n; i++)
        if (str_eq(text, s->d->at[i].text))
            *list_add(s->a, &s->found) = (CodedText){ row->id, i };
    return OK;
}

/* Every thirtieth answer the second coder takes for the next theme. */
static Err code_each(Db *db, const CodingDemo *d, int64_t frame, const DemoTexts *s)
{
    for (size_t i = 0; i < s->found.len; i++) {
        const CodedText *x = &s->found.at[i];
        bool differs = i % 30 == 29;
        Str  code    = d->at[x->at].code;
        TRY(coded_save(db, frame, x->id, SLOT_FIRST, code, d->coder[0], d->now));
        TRY(coded_save(db, frame, x->id, SLOT_SECOND, differs ? d->at[(x->at + 1) % d->n].code : code, d->coder[1], d->now));
        if (differs)
            TRY(coded_save(db, frame, x->id, SLOT_SETTLED, code, d->settles, d->now));
    }
    return OK;
}

Err coding_demo(Db *db, Arena *a, const CodingDemo *d)
{
    Arena     work = arena_open(1 << 24), hex = arena_open(1 << 16);
    DemoTexts s = { .a = a, .work = work, .d = d };
    CodeFrame f = { .id = id_new(), .round = d->round, .question = d->question, .coder = { d->coder[0], d->coder[1] } };
    for (size_t i = 0; i < d->n; i++)
        *list_add(a, &f.codes) = (FrameCode){ .code = d->at[i].code, .label = { d->at[i].label[LANG_VI], d->at[i].label[LANG_EN] } };
    Err e = submission_each(db, hex, d->round, look_at_text, &s);
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&hex);
    arena_close(&work);
    TRY(e);
    TRY(code_frame_create(db, &f, d->settles, d->now));
    TRY(frame_codes_save(db, f.id, &f.codes));
    return code_each(db, d, f.id, &s);
}
