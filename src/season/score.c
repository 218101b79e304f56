/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a unit says of its criteria, as the engine reads it, and as it is sealed. */
#include "season/scores.h"

#include <math.h>

bool season_leaf_own(const SchemeCriterion *x)
{
    return !x->group && (x->method == METHOD_SCORED || x->method == METHOD_MANUAL);
}

const CardScore *card_score_find(const CardScores *scores, Str code)
{
    for (size_t i = 0; i < scores->len; i++)
        if (str_eq(scores->at[i].code, code))
            return &scores->at[i];
    return NULL;
}

Str card_evidence_code(CardEvidenceKind k)
{
    return k == EVIDENCE_EDITION ? S("edition") : S("file");
}

bool card_evidence_parse(Str code, CardEvidenceKind *out)
{
    for (int k = 0; k < EVIDENCE_KIND_COUNT; k++)
        if (str_eq(code, card_evidence_code((CardEvidenceKind)k))) {
            *out = (CardEvidenceKind)k;
            return true;
        }
    return false;
}

static void seal_evidence(Arena *a, Buf *b, Str code, const CardFiles *files, const CardEvidences *evidence)
{
    bool first = true;
    for (size_t i = 0; i < evidence->len; i++) {
        const CardEvidence *e = &evidence->at[i];
        if (!str_eq(e->code, code))
            continue;
        buf_add(b, first ? S("") : S(","));
        first = false;
        buf_fmt(b, "{\"kind\":\"%.*s\",\"id\":\"%lld\"", STR_ARG(card_evidence_code(e->kind)), (long long)e->ref);
        for (size_t f = 0; f < files->len && e->kind == EVIDENCE_FILE; f++)
            if (files->at[f].id == e->ref) {
                buf_lit(b, ",\"name\":");
                buf_json_str(b, files->at[f].name);
                buf_fmt(b, ",\"sha256\":\"%.*s\"", STR_ARG(str_hex(a, files->at[f].sum.at, sizeof files->at[f].sum.at)));
            }
        buf_byte(b, '}');
    }
}

Str card_seal_content(Arena *a, const Season *s, const Card *card, const Scheme *scheme, const CardScores *scores, const CardFiles *files,
                      const CardEvidences *evidence)
{
    Buf  b     = buf_new(a, 32768);
    bool first = true;
    buf_fmt(&b, "{\"season\":\"%lld\",\"card\":\"%lld\",\"unit\":\"%lld\",\"scheme\":", (long long)s->id.v, (long long)card->id.v, (long long)card->unit.v);
    buf_json_str(&b, scheme->code);
    buf_fmt(&b, ",\"scheme_version\":%lld,\"criteria\":[", (long long)s->scheme_version);
    for (size_t i = 0; i < scheme->len; i++) {
        const CardScore *x = card_score_find(scores, scheme->at[i].code);
        if (!x || !season_leaf_own(&scheme->at[i]))
            continue;                      /* what others give may change after the signature */
        buf_add(&b, first ? S("\n{\"code\":") : S(",\n{\"code\":"));
        first = false;
        buf_json_str(&b, x->code);
        buf_lit(&b, ",\"inputs\":");
        buf_add(&b, x->inputs);
        buf_lit(&b, ",\"manual\":");
        buf_json_f64(&b, x->manual);
        buf_fmt(&b, ",\"not_applicable\":%s,\"points\":", x->not_applicable ? "true" : "false");
        buf_json_f64(&b, x->points);
        buf_lit(&b, ",\"note\":");
        buf_json_str(&b, x->note);
        buf_lit(&b, ",\"evidence\":[");
        seal_evidence(a, &b, x->code, files, evidence);
        buf_lit(&b, "]}");
    }
    buf_lit(&b, "]}\n");
    return buf_str(&b);
}
