/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Attempts at cases that were noted on the offline page: what came of a visit where no interview did. They come by the device's key
 * or in a carry-out file, any number of times. */
#include "offline/parts.h"

#include "base/json.h"

static bool text_of_json(const Json *j, const char *name, size_t most, Str *out)
{
    return json_str(json_get(j, str_from_c(name)), out) && out->len <= most;
}

bool visit_read(Arena *a, Str json, Str *out_round, FieldVisit *out)
{
    const Json *j;
    Str         name, mode, outcome, note;
    int64_t     at, chance, callback;
    FieldVisit  v = { 0 };
    if (json_parse(a, json, &j) || !text_of_json(j, "visit", 40, &name) || !text_of_json(j, "round", 200, out_round) ||
        !text_of_json(j, "case", 40, &v.code) || !text_of_json(j, "mode", 5, &mode) || !text_of_json(j, "outcome", 40, &outcome) ||
        !text_of_json(j, "note", 4000, &note) || !json_int(json_get(j, S("callback_at")), &callback) || callback < 0 || callback > INT64_C(1) << 45)
        return false;
    StrPair parts = str_cut(name, '-');
    bool    phone = str_eq(mode, S("phone"));
    if (!str_to_i64(parts.head, &at) || !str_to_i64(parts.tail, &chance) || !id_at(at, chance) || (!phone && !str_eq(mode, S("visit"))))
        return false;
    v.x = (Attempt){ .id = id_at(at, chance), .at = { at }, .callback_at = { callback }, .mode = mode, .note = note };
    outcome_parse(outcome, &v.x.outcome);
    *out = v;
    return true;
}

Str visit_kind_code(VisitKind kind)
{
    static const Str codes[VISIT_KIND_COUNT] = { S_INIT("stored"), S_INIT("same"), S_INIT("conflict"), S_INIT("unknown"), S_INIT("foreign"), S_INIT("wrong") };
    return codes[kind];
}

static Err answer_kind(Ctx *c, VisitKind kind)
{
    return answer_json(c, 200, arena_fmt(c->arena, "{\"state\":\"%.*s\"}", STR_ARG(visit_kind_code(kind))));
}

static Err answer_receipt(Ctx *c, const Round *r, const FieldVisit *v, VisitKind kind, const Attempt *x)
{
    FieldRound f;
    TRY(field_round_load(c->db, c->arena, r->id, &f));
    OfflineReceipt receipt = offline_visit_receipt(c->arena, c->app, r->code, v->code, x, f.erased_at.ms != 0);
    Buf            b       = buf_new(c->arena, 1024);
    buf_fmt(&b, "{\"state\":\"%.*s\",\"receipt\":", STR_ARG(visit_kind_code(kind)));
    buf_json_str(&b, receipt.text);
    buf_fmt(&b, ",\"signature\":\"%.*s\",\"signature_p256\":\"%.*s\"}", STR_ARG(receipt.signature), STR_ARG(receipt.p256));
    return answer_json(c, 200, buf_str(&b));
}

/* An answer in words of a list, not a refusal of the request: the page keeps what was not taken and says why. */
Err visit_tell(Ctx *c, const Caller *caller)
{
    FieldVisit   v;
    Attempt      x;
    VisitKind    kind;
    Str          round;
    bool         works = false;
    const Round *r     = NULL;
    if (!visit_read(c->arena, form_str(c, "visit"), &round, &v))
        return answer_kind(c, VISIT_WRONG);
    for (size_t i = 0; i < caller->rounds.len; i++)
        if (str_eq(caller->rounds.at[i].round.code, round))
            r = &caller->rounds.at[i].round;
    v.x.person = caller->seen.at[0].person;
    if (v.x.person.v)
        TRY(caller_interviewer(c, v.x.person, &works));
    if (!r || !works)
        return answer_kind(c, r ? VISIT_FOREIGN : VISIT_UNKNOWN);
    v.round = r->id;
    TRY(field_visit_add(c, &v, &kind, &x));
    return kind == VISIT_STORED || kind == VISIT_SAME ? answer_receipt(c, r, &v, kind, &x) : answer_kind(c, kind);
}
