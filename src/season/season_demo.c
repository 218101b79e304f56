/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The running season of the demonstration: the shipped scheme for provinces, opened some weeks ago; one has more time, one takes no part. */
#include "season/demo.h"
#include "season/parts.h"
#include "season/inputs.h"

#include <math.h>

typedef struct DemoInputs { Arena *a; const SchemeCriterion *x; SchemeInputs list; Buf json; double share; } DemoInputs;

static void say(DemoInputs *d, int input, double number, Str text)
{
    for (size_t i = 0; i < d->list.len; i++)
        if (str_eq(d->list.at[i].name, d->x->inputs[input]))
            return;
    buf_add(&d->json, d->list.len ? S(",") : S(""));
    buf_json_str(&d->json, d->x->inputs[input]);
    buf_byte(&d->json, ':');
    if (text.len)
        buf_json_str(&d->json, text);
    else
        buf_json_f64(&d->json, number);
    *list_add(d->a, &d->list) = (SchemeInput){ .name = d->x->inputs[input] };
}

/* Inputs that suit a rule: a part of a whole for shares, few for counts, the first choice, the day due. */
static void suit(DemoInputs *d, const SchemeRule *r)
{
    for (size_t i = 0; i < r->part_count; i++)
        suit(d, &r->parts[i]);
    for (int k = 0; k < r->code.ref_count; k++) {
        int input = r->code.refs[k].node;
        if (r->kind == RULE_YES_NO && r->code.ref_count == 1)
            say(d, input, 0, S("có"));
        else if (r->kind == RULE_CHOICE)
            say(d, input, 0, r->steps[d->share < 0.85 && r->step_count > 1].value);
        else if (r->kind == RULE_DEADLINE)
            say(d, input, 0, date_iso(d->a, date_is_none(r->due_day) ? (Date){ 20000 } : r->due_day));
        else if (r->kind == RULE_COUNT)
            say(d, input, 2, S(""));
        else
            say(d, input, r->code.ref_count == 1 ? round(1000 * d->share) / 10 : k ? 200 : round(200 * d->share), S(""));
    }
}

Str season_demo_inputs(Arena *a, const SchemeCriterion *x, double share)
{
    DemoInputs d = { .a = a, .x = x, .json = buf_new(a, 128), .share = share };
    buf_byte(&d.json, '{');
    suit(&d, &x->rule);
    if (!season_leaf_own(x) && x->rule.kind == RULE_PROPORTIONAL && x->input_count == 1)
        buf_fmt(&d.json, ",\"%.*s_se\":1.5", STR_ARG(x->inputs[0]));
    buf_byte(&d.json, '}');
    return buf_str(&d.json);
}

/* What one unit has said so far: the first criteria left to it, each with an explanation. */
static Err scores_demo(Db *db, Arena *a, const Scheme *s, const SchemeCalendar *calendar, const Card *card, int most, Time now)
{
    SchemeCard filled;
    for (int i = 0, n = 0; i < (int)s->len && n < most; i++) {
        SchemeFaults faults = { 0 };
        SchemeScore  score  = { .points = NAN };
        const Json  *json;
        CardScores   one    = { 0 };
        if (!season_leaf_own(&s->at[i]) || s->at[i].rule.kind == RULE_MANUAL)
            continue;
        CardScore x = { .code = s->at[i].code, .inputs = season_demo_inputs(a, &s->at[i], 0.8 + 0.025 * ((n + most) % 9)), .manual = NAN,
                        .note = S("Số liệu mô phỏng để minh họa"), .at = now };
        *list_add(a, &one) = x;
        TRY(json_parse(a, card_json(a, S(""), &one), &json));
        if (!scheme_card_read(a, s, json, &filled, &faults) ||
            !scheme_compute_leaf(a, s, i, &filled, calendar, (SchemeWords){ .silent = true }, &score, &faults))
            continue;
        x.points = score.points;
        TRY(card_score_save(db, a, card->id, &x, 0));
        n++;
    }
    return OK;
}

/* The first criterion that is not left to units, of everybody. */
static Err given_demo(Db *db, Arena *a, const Season *season, const Scheme *s, const Cards *cards, Time now)
{
    size_t at = 0;
    while (at < s->len && (s->at[at].group || season_leaf_own(&s->at[at])))
        at++;
    for (size_t i = 0; i < cards->len && at < s->len; i++) {
        SeasonInput x = { cards->at[i].unit, { .code = s->at[at].code, .inputs = season_demo_inputs(a, &s->at[at], 0.72 + 0.007 * (double)(i * 11 % 34)),
                                               .manual = NAN, .note = S("Khảo sát mô phỏng để minh họa"), .at = now } };
        TRY(season_input_save(db, a, season->id, &x, 0));
    }
    return OK;
}

static Err all_scores_demo(Db *db, Store *store, Arena *a, const Season *s, Cards *cards, Time now)
{
    Scheme         scheme;
    SchemeCalendar calendar;
    Arena          work = arena_open((size_t)1 << 28);
    Err e = scheme_calendar_load(a, &calendar);
    if (!e)
        e = scheme_definition(db, a, work, s->scheme, s->scheme_version, &scheme);
    if (!e)
        e = season_demo_lives(db, store, a, s, &scheme, &calendar, cards, now);
    for (size_t i = 0; i < cards->len && !e; i++)
        if (cards->at[i].state == CARD_DRAFT && i % 3 == 1)
            e = scores_demo(db, a, &scheme, &calendar, &cards->at[i], 4 + (int)(i * 7 % 30), now);
    if (!e)
        e = given_demo(db, a, s, &scheme, cards, now);
    arena_close(&work);
    return e;
}

Err season_demo(Db *db, Store *store, Arena *a, Time now)
{
    SchemeRows schemes;
    Units      units;
    Cards      cards;
    bool       known;
    Time       opened = { now.ms - 20 * MS_DAY };
    TRY(scheme_list(db, a, &schemes));
    for (size_t i = 0; i < schemes.len; i++) {
        const SchemeRow *row = &schemes.at[i];
        if (row->unit.v != UNIT_ROOT || !str_eq(row->unit_kind, S("province")))
            continue;
        Season s = { .title = S("Chấm chỉ số cải cách hành chính cấp tỉnh năm 2026 (minh họa)"), .made_at = opened,
                     .calendar = season_calendar_from(date_of(opened)) };
        TRY(season_units(db, a, row, date_of(now), &known, &units));
        TRY(season_open(db, a, row, &units, &s));
        TRY(season_cards(db, a, s.id, &cards));
        TRY(all_scores_demo(db, store, a, &s, &cards, now));
        if (cards.len < 3)
            return OK;
        TRY(card_extend(db, a, &cards.at[1], (Date){ s.calendar.until[WINDOW_SELF].day + 7 },
                        S("Minh họa: đang hợp nhất số liệu sau sắp xếp đơn vị hành chính"), (PersonId){ 0 }, now));
        return card_step(db, a, &cards.at[2], CARD_STEP_WITHDRAW, S("Minh họa: chưa tham gia đợt thử"), (PersonId){ 0 }, now);
    }
    return OK;
}
