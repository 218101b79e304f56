/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An interview by phone belongs to the drawn case whose code stands in its question "ma_mau" or "case". A case has one
 * answer: that of its first interview, in the revision that counts. Another interview is kept, with a finding. */
#include "collect/cases.h"
#include "openrosa/parts.h"

static void add_flag(Arena *a, Derived *d, Str flag, Str code)
{
    *list_add(a, &d->flags) = (FlagRow){ .flag = flag, .node = S("ma_mau"), .found = code, .by_check = true };
    if (!d->flagged)
        d->flag_reason = flag;
    d->flagged = true;
}

static Err tie(Db *db, Arena *a, Derived *d, Str code)
{
    FieldCase x;
    CaseRival rival;
    CasePlace place;
    Err       e = field_case_by_code(db, a, d->info->round.id, code, &x);
    if (err_is(e, ERR_NOT_FOUND)) {
        add_flag(a, d, S("case_unknown"), code);
        return OK;
    }
    if (e)
        return e;
    TRY(case_link_add(db, x.id.v, x.round, d->id, &place));
    if (place == CASE_HELD)
        return OK;
    if (place == CASE_BEHIND) {
        TRY(case_rival(db, x.id, d->id, &rival));
        if (rival.id && rival.this_counts && !rival.counts)
            return case_link_move(db, x.id.v, d->id);
        if (rival.same_interview)
            return claim_drop(db, d->id);
    }
    add_flag(a, d, S("case_twice"), code);
    return OK;
}

Err case_tie(Db *db, Arena *a, Derived *d)
{
    FieldRound  f;
    if (form_find(d->info->program, S("ma_mau")) < 0 && form_find(d->info->program, S("case")) < 0)
        return OK;
    FormAnswers x = form_answers_new(a, d->info->program);
    TRY(record_read(a, d->info->program, d->answers, &x));
    Str code = answers_case_code(d->info->program, &x);
    Err e    = code.len ? field_round_load(db, a, d->info->round.id, &f) : OK;
    if (!code.len || err_is(e, ERR_NOT_FOUND))             /* without fieldwork it is a question like others */
        return OK;
    return e ? e : tie(db, a, d, code);
}
