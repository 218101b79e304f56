/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A card under a scheme: its leaves, up the tree, rescaled; and the outcome as JSON. */
#include "scheme/parts.h"

/* ---- Groups ------------------------------------------------------------------------------------------------------ */

/* Children are done: their points, and their errors by squares. */
static void group(SchemeWork *w, const SchemeScore *all, int at)
{
    const SchemeCriterion *c = &w->s->at[at];
    double sum = 0, se = 0;
    bool   any_se = false, scored = false, missing = false;
    Buf    b = { .a = w->a };
    for (size_t i = (size_t)at + 1; i < w->s->len && w->s->at[i].level > c->level; i++) {
        if (w->s->at[i].up != at)
            continue;
        missing |= all[i].state == STATE_MISSING;
        if (all[i].state != STATE_SCORED)
            continue;
        sum += all[i].points;
        if (!w->words.silent) {
            buf_add(&b, scored ? S(" + ") : S(""));
            buf_add(&b, NUM(w, all[i].points));
        }
        scored = true;
        any_se |= !isnan(all[i].se);
        se = isnan(all[i].se) ? se : hypot(se, all[i].se);
    }
    w->score->state = missing ? STATE_MISSING : scored ? STATE_SCORED : STATE_NOT_APPLICABLE;
    if (w->score->state != STATE_SCORED)
        return;
    bool capped = c->effect != EFFECT_POINTS && fabs(sum) > w->score->max;
    w->score->points = capped ? scheme_sign(c) * w->score->max : sum;
    w->score->se     = any_se ? (capped ? 0 : se) : NAN;
    SAY(w, capped ? "scheme.trace.group_cap" : "scheme.trace.group", ARG_S("parts", buf_str(&b)),
        ARG_S("sum", NUM(w, sum)), ARG_S("cap", NUM(w, w->score->max)));
}

static bool applies(const SchemeWork *w, int at)
{
    for (; at >= 0; at = w->s->at[at].up)
        if (w->card->not_applicable[at])
            return false;
    return true;
}

static void score_init(SchemeWork *w, int at, SchemeScore *score)
{
    *score   = (SchemeScore){ .points = NAN, .se = NAN, .max = scheme_max(w->s, at) };
    w->score = score;
}

bool scheme_compute_leaf(Arena *a, const Scheme *s, int at, const SchemeCard *card, const SchemeCalendar *calendar, SchemeWords words,
                         SchemeScore *out, SchemeFaults *faults)
{
    SchemeWork w = { .a = a, .s = s, .card = card, .calendar = calendar, .words = words, .faults = faults };
    score_init(&w, at, out);
    scheme_leaf(&w, at);
    return out->state == STATE_SCORED;
}

/* Leaves, scaled back to the maximum over what is left; bonus and penalty as they are. */
static bool total_up(SchemeWork *w, SchemeResult *out)
{
    double base = 0, extra = 0, se = 0, extra_se = 0;
    bool   any_se = false, missing = false;
    for (size_t i = 0; i < out->len; i++) {
        const SchemeCriterion *c = &w->s->at[i];
        const SchemeScore     *x = &out->at[i];
        bool normal = c->effect == EFFECT_POINTS, top = !normal && (c->up < 0 || w->s->at[c->up].effect == EFFECT_POINTS);
        missing |= x->state == STATE_MISSING;
        if (!c->group && normal && x->state == STATE_NOT_APPLICABLE)
            out->left_out += x->max;
        if (x->state != STATE_SCORED || (normal ? c->group : !top))
            continue;
        any_se |= !isnan(x->se);
        *(normal ? &base : &extra) += x->points;
        double *error = normal ? &se : &extra_se;
        *error = isnan(x->se) ? *error : hypot(*error, x->se);
    }
    double left = out->max - out->left_out, scale = w->s->rescale ? out->max / left : 1;
    if (w->s->rescale && left <= 1e-9 * out->max) {
        scheme_fault(w->a, w->faults, (SchemeFault){ .kind = SCHEME_FAULT_NOTHING_LEFT, .code = w->s->code });
        return false;
    }
    if (missing)
        return false;
    out->total   = base * scale + extra;
    out->se      = any_se ? hypot(se * scale, extra_se) : NAN;
    out->percent = out->total / out->max * 100;
    return true;
}

bool scheme_compute(Arena *a, const Scheme *s, const SchemeCard *card, const SchemeCalendar *calendar, SchemeWords words, SchemeResult *out,
                    SchemeFaults *faults)
{
    SchemeWork w  = { .a = a, .s = s, .card = card, .calendar = calendar, .words = words, .faults = faults };
    size_t before = faults->all;
    *out = (SchemeResult){ .total = NAN, .se = NAN, .percent = NAN, .max = s->max, .at = arena_new(a, SchemeScore, s->len), .len = s->len };
    for (size_t i = 0; i < s->len; i++) {
        score_init(&w, (int)i, &out->at[i]);
        if (s->at[i].group)
            continue;
        if (applies(&w, (int)i)) {
            scheme_leaf(&w, (int)i);
        } else {
            out->at[i].state = STATE_NOT_APPLICABLE;
            SAY(&w, "scheme.trace.not_applicable", ARG_S("max", NUM(&w, out->at[i].max)));
        }
    }
    for (size_t i = s->len; i-- > 0;)
        if (s->at[i].group) {
            w.score = &out->at[i];
            group(&w, out->at, (int)i);
        }
    return total_up(&w, out) && faults->all == before;
}

/* ---- As JSON --------------------------------------------------------------------------------------------------------------------- */

static void write_score(Buf *b, const SchemeCriterion *c, const SchemeScore *x)
{
    buf_lit(b, "{\"code\":");
    buf_json_str(b, c->code);
    buf_lit(b, ",\"points\":");
    buf_json_f64(b, x->points);
    buf_lit(b, ",\"max\":");
    buf_json_f64(b, x->max);
    buf_lit(b, ",\"se\":");
    buf_json_f64(b, x->se);
    buf_lit(b, ",\"state\":");
    buf_json_str(b, scheme_state_code(x->state));
    buf_lit(b, ",\"trace\":[");
    for (size_t i = 0; i < x->trace.len; i++) {
        buf_add(b, i ? S(",") : S(""));
        buf_json_str(b, x->trace.at[i]);
    }
    buf_lit(b, "]}");
}

void scheme_result_write(Arena *a, Buf *b, Lang l, const Scheme *s, const SchemeCard *card, const SchemeResult *r, const SchemeFaults *faults)
{
    const char *keys[]   = { "total", "se", "max", "percent" };
    double      values[] = { r->total, r->se, r->max, r->percent };
    buf_lit(b, "{\"unit\":");
    buf_json_str(b, card->unit);
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        buf_fmt(b, ",\"%s\":", keys[i]);
        buf_json_f64(b, values[i]);
    }
    buf_lit(b, ",\"criteria\":[");
    for (size_t i = 0; i < r->len; i++) {
        buf_add(b, i ? S(",\n") : S("\n"));
        write_score(b, &s->at[i], &r->at[i]);
    }
    buf_add(b, faults->len ? S("],\"errors\":[") : S("]"));
    for (size_t i = 0; i < faults->len; i++) {
        buf_lit(b, "{\"code\":");
        buf_json_str(b, faults->at[i].code);
        buf_lit(b, ",\"kind\":");
        buf_json_str(b, scheme_fault_code(faults->at[i].kind));
        buf_lit(b, ",\"message\":");
        buf_json_str(b, scheme_fault_text(a, l, &faults->at[i]));
        buf_add(b, i + 1 < faults->len ? S("},") : S("}]"));
    }
    buf_lit(b, "}\n");
}
