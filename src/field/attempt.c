/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an attempt must say, and attempts that were noted without a line. */
#include "field/parts.h"

enum { NOTE_MOST = 300 };

AttemptFaults attempt_check(const Attempt *x)
{
    AttemptFaults f    = { 0 };
    bool          desk = str_eq(x->mode, S("desk"));
    if (x->outcome == OUTCOME_NONE || x->outcome == OUTCOME_UNUSABLE)
        f.outcome = S("field.outcome.error");
    else if (!desk && !outcome_on(x->outcome, str_eq(x->mode, S("phone"))))
        f.outcome = S("field.outcome.mode");
    if (utf8_count(x->note) > NOTE_MOST)
        f.note = S("field.note.long");
    else if (desk && !x->note.len)
        f.note = S("field.note.reason");
    if (x->callback_at.ms ? x->callback_at.ms <= x->at.ms : !desk && x->outcome == OUTCOME_CALLBACK)
        f.callback = x->callback_at.ms ? S("field.callback.past") : S("field.callback.day.error");
    return f;
}

/* ---- Noted without a line ------------------------------------------------------------------------------------ */
/* After contact data went, a note that comes late is not kept either. */
static bool same_attempt(const Attempt *held, const Attempt *x, bool erased)
{
    return held->of.v == x->of.v && held->person.v == x->person.v && held->outcome == x->outcome && held->callback_at.ms == x->callback_at.ms &&
           str_eq(held->mode, x->mode) && (erased || str_eq(held->note, x->note));
}

/* x, held: complete where the kind is STORED (it may be) or SAME. */
static Err look(Ctx *c, const FieldVisit *v, VisitKind *out, FieldCase *k, Attempt *x)
{
    FieldRound f;
    Attempt    held;
    Err        e = field_case_by_code(c->db, c->arena, v->round, v->code, k);
    *out         = VISIT_UNKNOWN;
    if (err_is(e, ERR_NOT_FOUND))
        return OK;
    TRY(e);
    TRY(field_round_load(c->db, c->arena, v->round, &f));
    *x    = v->x;
    x->of = k->id;
    if (x->at.ms > c->now.ms)                   /* a clock that is ahead */
        x->at = c->now;
    e = field_attempt_load(c->db, c->arena, x->id, &held);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    AttemptFaults faults = attempt_check(x);
    if (!e)
        *out = same_attempt(&held, x, f.erased_at.ms != 0) ? VISIT_SAME : VISIT_CONFLICT;
    else if (!k->active || !x->person.v || k->interviewer.v != x->person.v)
        *out = VISIT_FOREIGN;
    else
        *out = !x->id || str_eq(x->mode, S("desk")) || faults.outcome.len + faults.note.len + faults.callback.len ? VISIT_WRONG : VISIT_STORED;
    if (*out == VISIT_SAME)
        *x = held;
    else if (f.erased_at.ms)
        x->note = S("");
    return OK;
}

Err field_visit_look(Ctx *c, const FieldVisit *v, VisitKind *out)
{
    FieldCase k;
    Attempt   x;
    return look(c, v, out, &k, &x);
}

Err field_visit_add(Ctx *c, const FieldVisit *v, VisitKind *out_kind, Attempt *out)
{
    FieldCase k;
    TRY(field_tidy(c->db, c->arena, c->now, NULL));
    TRY(look(c, v, out_kind, &k, out));
    if (*out_kind != VISIT_STORED)
        return OK;
    TRY(field_attempt_add(c->db, out));
    UnitId unit = k.unit;
    if (!unit.v) {
        Round r;
        TRY(round_load(c->db, c->arena, v->round, &r));
        unit = r.owner;
    }
    Str detail = arena_fmt(c->arena, "{\"outcome\":\"%.*s\",\"mode\":\"%.*s\",\"offline\":true,\"person\":%lld}",
                           STR_ARG(outcome_code(out->outcome)), STR_ARG(out->mode), (long long)out->person.v);
    return audit_add(c, S("field.attempt"), S("case"), k.id.v, unit, detail);
}
