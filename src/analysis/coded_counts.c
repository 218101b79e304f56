/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often each code of the open questions was given, for publications. */
#include "analysis/analysis.h"
#include "analysis/coding.h"

/* Rows and ids both rise, so one pass meets them. */
static void count_frame(Arena *a, const CodeFrame *f, const CodedRows *rows, const SubmissionId *ids, size_t n, CodedCounts *out)
{
    size_t first = out->len, at = 0;
    for (size_t i = 0; i < f->codes.len; i++) {
        const FrameCode *c = &f->codes.at[i];
        *list_add(a, out) = (CodedCount){ .question = f->question, .code = c->code, .parent = c->parent,
                                          .label = { c->label[LANG_VI], c->label[LANG_EN].len ? c->label[LANG_EN] : c->label[LANG_VI] } };
    }
    for (size_t i = 0; i < rows->len; i++) {
        while (at < n && ids[at].v < rows->at[i].id.v)
            at++;
        int code = at < n && ids[at].v == rows->at[i].id.v ? frame_code_find(&f->codes, coded_final(&rows->at[i])) : -1;
        if (code >= 0)
            out->at[first + (size_t)code].n++;
    }
}

Err coded_counts(Db *db, Arena *a, RoundId round, const SubmissionId *ids, size_t n, CodedCounts *out)
{
    CodeFrames  frames;
    CodedCounts counts = { 0 };
    TRY(code_frame_list(db, a, round, &frames));
    for (size_t i = 0; i < frames.len; i++) {
        CodedRows rows;
        TRY(coded_list(db, a, frames.at[i].id, &rows));
        count_frame(a, &frames.at[i], &rows, ids, n, &counts);
    }
    *out = counts;
    return OK;
}
