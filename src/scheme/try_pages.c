/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Trying a rule: inputs beside it, the points and how they came about. Nothing is kept: the address holds what was typed. */
#include "scheme/console.h"

#include "schemes_try.html.h"

#include <math.h>

static Str box_name(Ctx *c, char letter, size_t i)
{
    return arena_fmt(c->arena, "%c%zu", letter, i);
}

/* Whether an input reaches the points through a rule that carries errors. */
static bool carries(const SchemeRule *r, size_t input)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (carries(&r->parts[i], input))
            return true;
    if (r->kind != RULE_PROPORTIONAL && r->kind != RULE_FORMULA)
        return false;
    for (int k = 0; k < r->code.ref_count; k++)
        if (r->code.refs[k].node == (int)input)
            return true;
    return false;
}

ExprValue scheme_typed_value(Ctx *c, Str text)
{
    double x;
    Date   day;
    if (real_parse_typed(c->lang, text, &x))
        return (ExprValue){ .kind = EXPR_NUMBER, .number = x };
    if (date_loose(text, &day) && !date_is_none(day))
        return (ExprValue){ .kind = EXPR_STRING, .text = date_iso(c->arena, day) };
    return (ExprValue){ .kind = EXPR_STRING, .text = text };
}

static void input_add(Ctx *c, SchemeInputs *inputs, Str name, Str text)
{
    if (text.len)
        *list_add(c->arena, inputs) = (SchemeInput){ name, scheme_typed_value(c, text) };
}

static void boxes_fill(Ctx *c, SchemeTryView *v, int at, SchemeCard *card)
{
    const SchemeCriterion *x = v->c;
    for (size_t i = 0; i < x->input_count; i++) {
        SchemeInputBox b = { .f = { .name = box_name(c, 'v', i), .label = scheme_input_label(c->arena, c->lang, x, x->inputs[i]) },
                             .carries = carries(&x->rule, i) };
        b.value    = query_str(c, arena_c(c->arena, b.f.name));
        b.se_name  = box_name(c, 'e', i);
        b.se_label = text_fmt(c->arena, c->lang, "scheme.try.se", ARG_S("name", b.f.label));
        b.se       = b.carries ? query_str(c, arena_c(c->arena, b.se_name)) : S("");
        v->tried |= b.value.len > 0;
        input_add(c, &card->inputs[at], x->inputs[i], b.value);
        input_add(c, &card->inputs[at], str_concat(c->arena, x->inputs[i], S("_se")), b.se);
        *list_add(c->arena, &v->boxes) = b;
    }
    if (x->rule.kind == RULE_MANUAL) {
        SchemeInputBox b = { .f = { .name = S("points"), .label = text_of(c->lang, "scheme.try.points") }, .value = query_str(c, "points") };
        v->tried |= b.value.len > 0;
        real_parse_typed(c->lang, b.value, &card->manual[at]);
        *list_add(c->arena, &v->boxes) = b;
    }
}

Err scheme_scored(Ctx *c, const Scheme *s, int at, const SchemeCard *card, SchemeScore *score, SchemeFaults *faults, bool *scored)
{
    SchemeCalendar calendar;
    TRY(scheme_calendar_load(c->arena, &calendar));
    *scored = scheme_compute_leaf(c->arena, s, at, card, &calendar, (SchemeWords){ .lang = c->lang }, score, faults);
    return OK;
}

static Err score(Ctx *c, SchemeTryView *v, int at, const SchemeCard *card)
{
    SchemeFaults faults = { 0 };
    SchemeWords  words  = { .lang = c->lang };
    TRY(scheme_scored(c, v->s, at, card, &v->score, &faults, &v->scored));
    for (size_t i = 0; i < faults.len; i++) {
        faults.at[i].code = S("");
        *list_add(c->arena, &v->faults) = scheme_fault_text(c->arena, c->lang, &faults.at[i]);
        for (size_t k = 0; k < v->boxes.len; k++)
            if (faults.at[i].kind == SCHEME_FAULT_INPUT && str_eq(faults.at[i].value, v->boxes.at[k].f.label)) {
                v->boxes.at[k].f.error = text_of(c->lang, "scheme.try.missing");
                field_error(c, &v->errors, v->boxes.at[k].f.name, text_fmt(c->arena, c->lang, "scheme.try.missing.of", ARG_S("name", v->boxes.at[k].f.label)));
            }
    }
    if (v->scored)
        v->score_text = scheme_num(c->arena, words, v->score.points);
    if (v->scored && !isnan(v->score.se))
        v->se_text = scheme_num(c->arena, words, v->score.se);
    return OK;
}

/* The leaf before or after, so that a reader goes through the tree. */
static Str neighbour(Ctx *c, const SchemeTryView *v, int at, int step)
{
    for (at += step; at >= 0 && at < (int)v->s->len; at += step)
        if (!v->s->at[at].group)
            return arena_fmt(c->arena, "%.*s/try?code=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, v->s->at[at].code)));
    return S("");
}

static Str path_text(Ctx *c, const Scheme *s, int at)
{
    Str    names[SCHEME_LEVELS];
    size_t n = SCHEME_LEVELS;
    for (at = s->at[at].up; at >= 0; at = s->at[at].up)
        names[--n] = str_join(c->arena, (Str[]){ s->at[at].code, s->at[at].name }, 2, S(" "));
    return str_join(c->arena, names + n, SCHEME_LEVELS - n, S(" › "));
}

Err scheme_try_page(Ctx *c)
{
    SchemeRow     row;
    Scheme        s;
    SchemeCard    card;
    SchemeTryView v = { .s = &s };
    bool          told;
    TRY(scheme_of_path(c, RIGHT_INDEX_READ, &row));
    TRY(scheme_opened(c, &row, 0, &s, &told));
    if (told)
        return OK;
    Str code = query_str(c, "code");
    int at   = code.len ? scheme_find(&s, code) : 0;
    if (at >= 0 && !code.len)
        while (s.at[at].group)
            at++;
    if (at < 0 || s.at[at].group)
        return err_new(c->arena, ERR_NOT_FOUND, S("no such criterion to be scored"));
    v.c        = &s.at[at];
    v.base     = scheme_base(c, row.id);
    v.action   = str_concat(c->arena, v.base, S("/try"));
    v.title    = str_join(c->arena, (Str[]){ v.c->code, v.c->name }, 2, S(" "));
    v.points   = scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, v.c->max);
    v.words    = scheme_rule_words(c->arena, c->lang, v.c);
    v.path     = path_text(c, &s, at);
    v.prev_href = neighbour(c, &v, at, -1);
    v.next_href = neighbour(c, &v, at, 1);
    scheme_card_init(c->arena, &s, &card);
    boxes_fill(c, &v, at, &card);
    if (v.tried)
        TRY(score(c, &v, at, &card));
    scheme_crumbs(c, &row, v.c->code);
    Out o = page_begin(c, v.title);
    schemes_try_view(&o, &v);
    return page_end(c, &o);
}
