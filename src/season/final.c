/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Points of cards after appraisal and council. */
#include "season/final.h"

#include "season/inputs.h"

#include <math.h>

Str final_stage_code(FinalStage s)
{
    static const Str codes[FINAL_STAGE_COUNT] = { S_INIT("self"), S_INIT("appraised"), S_INIT("council") };
    return s < FINAL_STAGE_COUNT ? codes[s] : S("");
}

/* A round's ask without a second verdict leaves the first word: the unit's. */
static void verdict_add(Arena *a, FinalVerdicts *out, Str code, const CardVerdict *v, const CardScores *scores)
{
    if (v && v->kind != VERDICT_ASK && verdict_stands(v, scores))
        *list_add(a, out) = (FinalVerdict){ code, FINAL_APPRAISED, v->kind == VERDICT_POINTS ? v->points : NAN, v->reason };
}

FinalVerdicts final_verdicts(Arena *a, const CardScores *scores, const CardVerdicts *verdicts, const CardObjections *objections)
{
    FinalVerdicts out = { 0 };
    for (size_t i = 0; i < objections->len; i++) {
        const CardObjection *x = &objections->at[i];
        if (x->decision == DECISION_ACCEPT || x->decision == DECISION_POINTS)
            *list_add(a, &out) = (FinalVerdict){ x->code, FINAL_COUNCIL, x->decision == DECISION_POINTS ? x->points : NAN, x->why };
    }
    size_t decided = out.len;
    for (size_t i = 0; i < verdicts->len; i++) {
        Str  code = verdicts->at[i].code;
        bool done = i > 0 && str_eq(verdicts->at[i - 1].code, code);
        for (size_t k = 0; k < decided; k++)
            done |= str_eq(out.at[k].code, code);
        if (!done)
            verdict_add(a, &out, code, verdict_last(verdicts, code), scores);
    }
    return out;
}

static bool overruled(const FinalVerdicts *verdicts, Str code)
{
    for (size_t i = 0; i < verdicts->len; i++)
        if (!isnan(verdicts->at[i].points) && str_eq(verdicts->at[i].code, code))
            return true;
    return false;
}

static void member(Buf *b, bool *first, Str key)
{
    buf_add(b, *first ? S("") : S(","));
    *first = false;
    buf_json_str(b, key);
    buf_byte(b, ':');
}

Str card_final_json(Arena *a, Str unit, const CardScores *scores, const FinalVerdicts *verdicts)
{
    Buf  b     = buf_new(a, 8192);
    bool first = true;
    buf_lit(&b, "{\"unit\":");
    buf_json_str(&b, unit);
    buf_lit(&b, ",\"inputs\":{");
    for (size_t i = 0; i < scores->len; i++)
        if (!scores->at[i].not_applicable) {
            member(&b, &first, scores->at[i].code);
            buf_add(&b, scores->at[i].inputs);
        }
    buf_lit(&b, "},\"not_applicable\":[");
    first = true;
    for (size_t i = 0; i < scores->len; i++)
        if (scores->at[i].not_applicable && !overruled(verdicts, scores->at[i].code)) {
            buf_add(&b, first ? S("") : S(","));
            first = false;
            buf_json_str(&b, scores->at[i].code);
        }
    buf_lit(&b, "],\"manual\":{");
    first = true;
    for (size_t i = 0; i < scores->len; i++)
        if (!isnan(scores->at[i].manual) && !scores->at[i].not_applicable) {
            member(&b, &first, scores->at[i].code);
            buf_json_f64(&b, scores->at[i].manual);
        }
    buf_lit(&b, "},\"verdicts\":{");
    first = true;
    for (size_t i = 0; i < verdicts->len; i++)
        if (!isnan(verdicts->at[i].points)) {
            member(&b, &first, verdicts->at[i].code);
            buf_json_f64(&b, verdicts->at[i].points);
        }
    buf_lit(&b, "}}");
    return buf_str(&b);
}

Str card_json(Arena *a, Str unit, const CardScores *scores)
{
    return card_final_json(a, unit, scores, &(FinalVerdicts){ 0 });
}

Err card_scores_all(Db *db, Arena *a, const Card *card, CardScores *out)
{
    TRY(card_scores(db, a, card->id, out));
    return card_scores_given(db, a, card, out);
}

Err card_final_load(Db *db, Arena *a, const Scheme *s, const SchemeCalendar *k, SchemeWords words, const Card *card, FinalCard *out)
{
    CardVerdicts   verdicts;
    CardObjections objections;
    const Json    *json;
    *out = (FinalCard){ .card = *card, .stage = arena_new(a, FinalStage, s->len), .settled = card->state == CARD_SETTLED || card->state == CARD_LOCKED };
    TRY(card_scores_all(db, a, card, &out->scores));
    TRY(card_verdicts(db, a, card->id, &verdicts));
    TRY(card_objections(db, a, card->id, &objections));
    out->verdicts = final_verdicts(a, &out->scores, &verdicts, &objections);
    for (size_t i = 0; i < out->verdicts.len; i++) {
        int at = scheme_find(s, out->verdicts.at[i].code);
        if (at >= 0)
            out->stage[at] = out->verdicts.at[i].stage;
    }
    TRY(json_parse(a, card_final_json(a, S(""), &out->scores, &out->verdicts), &json));
    scheme_card_read(a, s, json, &out->filled, &out->faults);
    scheme_compute(a, s, &out->filled, k, words, &out->result, &out->faults);
    return OK;
}

Err season_final(Db *db, Arena *a, const Season *season, const Scheme *s, const SchemeCalendar *k, SchemeWords words, FinalCards *out)
{
    Cards      cards;
    FinalCards rows = { 0 };
    TRY(season_cards(db, a, season->id, &cards));
    for (size_t i = 0; i < cards.len; i++)
        if (cards.at[i].state != CARD_WITHDRAWN)
            TRY(card_final_load(db, a, s, k, words, &cards.at[i], list_add(a, &rows)));
    *out = rows;
    return OK;
}
