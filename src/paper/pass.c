/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The way of a form: first entry, second entry by somebody else, comparison, acceptance. */
#include "collect/cases.h"
#include "paper/parts.h"

#include <sodium.h>

PassGate pass_gate(const PaperForm *f, PersonId who, int *out_pass)
{
    int pass = f->keyed_done[0] ? 2 : 1;
    if (f->state == PAPER_VOID)
        return PASS_VOID;
    if (f->keyed_done[1] || f->state > PAPER_FIRST)
        return PASS_OVER;
    if (pass == 2 && f->keyed_by[0].v == who.v)
        return PASS_SAME_PERSON;
    if (f->keyed_by[pass - 1].v && f->keyed_by[pass - 1].v != who.v)
        return PASS_ANOTHER;
    *out_pass = pass;
    return PASS_OPEN;
}

static Err both_load(Db *db, Arena *a, const FormProgram *p, int64_t form, Keyed out[2])
{
    for (int pass = 1; pass <= 2; pass++) {
        PaperEntry e;
        TRY(entry_load(db, a, form, pass, &e));
        TRY(keyed_load(a, p, e.answers, e.typed, &out[pass - 1]));
    }
    return OK;
}

Err passes_compare(Db *db, Arena *a, const PaperMap *m, PaperForm *f, Time now)
{
    Keyed            k[2];
    PaperDifferences rows = { 0 };
    TRY(both_load(db, a, m->p, f->id, k));
    PaperCells d = keyed_differences(a, m, &k[0], &k[1]);
    for (size_t i = 0; i < d.len; i++)
        *list_add(a, &rows) = (PaperDifference){ .question = paper_cell_key(a, m->p, d.at[i]), .first = keyed_value(a, m->p, d.at[i], &k[0]),
                                                 .second = keyed_value(a, m->p, d.at[i], &k[1]) };
    TRY(differences_save(db, f->id, &rows, (PersonId){ 0 }, (Time){ 0 }));
    f->state = d.len ? PAPER_SECOND : PAPER_SETTLED;
    if (!d.len) {
        f->settled_at    = now;
        f->final_answers = keyed_json(a, m->p, &k[0].x);
    }
    return paper_form_save(db, f);
}

/* The id under which a sheet is sent: nobody without the key can take its place. */
static Str sheet_uuid(Arena *a, const AppInfo *app, RoundId round, int64_t serial)
{
    uint8_t key[32];
    app_key(app, "paper", key);
    Str    what = arena_fmt(a, "%lld %lld", (long long)round.v, (long long)serial);
    uint8_t out[16];
    crypto_generichash(out, sizeof out, (const unsigned char *)what.at, what.len, key, sizeof key);
    sodium_memzero(key, sizeof key);
    Str h = str_hex(a, out, sizeof out);
    return arena_fmt(a, "%.8s-%.4s-4%.3s-8%.3s-%.12s", h.at, h.at + 8, h.at + 13, h.at + 17, h.at + 20);
}

Err paper_accept(Db *db, Store *s, Arena *a, const AppInfo *app, PaperForm *f, PersonId by, Time now)
{
    Round              round;
    const FormProgram *p;
    Keyed              k;
    bool               broken;
    CasePlace          place = CASE_HELD;
    int64_t            case_id;
    Str                case_flag;
    if (f->state != PAPER_SETTLED)
        return err_new(a, ERR_CONFLICT, S("only a settled form is accepted"));
    TRY(round_load(db, a, f->round, &round));
    if (round.state == ROUND_DRAFT || round.state == ROUND_PUBLISHED)
        return err_new(a, ERR_CONFLICT, S("the round takes no forms"));
    TRY(form_program(db, s, a, round.form, &p));
    TRY(keyed_load(a, p, f->final_answers, S("{}"), &k));
    TRY(entry_breaks_rules(db, f->id, &broken));
    form_strip_irrelevant(p, a, &k.x, now);
    TRY(case_claim(db, a, app->case_finder, f->round, answers_case_code(p, &k.x), &case_id, &case_flag));
    SubmissionDraft d = { .instance_id = sheet_uuid(a, app, f->round, f->serial), .day = date_of(now), .channel = CHANNEL_PAPER, .answers = &k.x,
                          .flag_reason = case_flag.len ? case_flag : broken ? S("rules") : S(""), .out_id = &f->submission };
    TRY(submission_load_many(db, s, a, app, f->round, &d, 1));
    if (case_id)
        TRY(case_link_add(db, case_id, f->round, f->submission, &place));
    if (place != CASE_HELD && !case_flag.len)            /* another interview of the case was stored since it was looked up */
        TRY(case_mark(db, s, a, app, f->submission, S("case_twice")));
    f->state       = PAPER_ACCEPTED;
    f->accepted_by = by;
    f->accepted_at = now;
    return paper_form_save(db, f);
}
