/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an answer must be, its messages, its first value, calculations. */
#include "builder/row.h"
#include "drafts_rules.html.h"

static void pattern_choices(Ctx *c, RulesView *v)
{
    bool known = !v->b.pattern.len;
    for (const KnownPattern *p = known_patterns; p->code; p++) {
        bool is = str_eq(v->b.pattern, str_from_c(p->pattern));
        *list_add(c->arena, &v->patterns) = (Choice){ .value = str_from_c(p->pattern), .chosen = is,
            .label = text_find(c->lang, str_concat(c->arena, S("builder.pattern."), str_from_c(p->code))) };
        known |= is;
    }
    if (!known)
        *list_add(c->arena, &v->patterns) = (Choice){ .value = v->b.pattern, .label = v->b.pattern, .chosen = true };
}

static Str shown(Ctx *c, const RulesView *v, Str value)
{
    Date d;
    if (v->day && date_parse(value, &d))
        return date_text(c->arena, LANG_VI, d);
    return v->number && c->lang == LANG_VI ? str_replace(c->arena, value, S("."), S(",")) : value;
}

static void kinds_of(const RowWork *r, RulesView *v)
{
    QuestionType t = r->type.word ? r->type.word->type : Q_TYPE_COUNT;
    v->number     = t == Q_INTEGER || t == Q_DECIMAL || t == Q_RANGE;
    v->day        = t == Q_DATE || t == Q_DATETIME;
    v->text       = t == Q_TEXT || t == Q_BARCODE;
    v->many       = t == Q_SELECT_MULTIPLE || t == Q_RANK;
    v->calculates = t == Q_CALCULATE;
}

static Err rules_view(Ctx *c, RowWork *r, RulesView *v, bool typed, int status)
{
    DraftHead head;
    RowHead   row;
    TRY(row_head(c, r, 2, &head, &row));
    v->row = &row;
    kinds_of(r, v);
    if (!typed) {
        v->source = grid_cell(r->s, r->row, COL_CONSTRAINT, S(""));
        v->picked = bounds_read(c->arena, r->w.g, r->type.word ? r->type.word->type : Q_TEXT, v->source, &v->b) && !str_eq(query_str(c, "as"), S("text"));
        v->b.least = shown(c, v, v->b.least);
        v->b.most  = shown(c, v, v->b.most);
    }
    v->first       = grid_cell(r->s, r->row, COL_DEFAULT, S(""));
    v->calculation = grid_cell(r->s, r->row, COL_CALCULATION, S(""));
    v->read_only   = grid_cell(r->s, r->row, COL_READ_ONLY, S(""));
    v->trigger     = grid_cell(r->s, r->row, COL_TRIGGER, S(""));
    lang_boxes(c, r->w.g, r->s, r->row, &v->langs);
    pattern_choices(c, v);
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, &r->w, row.label);
    drafts_rules_view(&o, v);
    return page_end_status(c, &o, status);
}

Err builder_rules_page(Ctx *c)
{
    RowWork   r;
    RulesView v = { 0 };
    TRY(row_open(c, &r));
    return rules_view(c, &r, &v, false, 200);
}

/* A number or a day as typed; what cannot be read is an error and stays. */
static Str bound_read(Ctx *c, RulesView *v, const char *name, bool day)
{
    Str    typed = form_str(c, name);
    double x;
    Date   d;
    if (!typed.len)
        return typed;
    if (day && date_loose(typed, &d)) {
        Ymd y = date_ymd(d);
        return arena_fmt(c->arena, "%04d-%02d-%02d", y.year, y.month, y.day);
    }
    if (!day && real_parse_typed(c->lang, typed, &x))
        return expr_number_text(c->arena, x);
    field_error(c, &v->errors, str_from_c(name), day ? text_of(c->lang, "builder.day.bad") : text_of(c->lang, "builder.number.bad"));
    return typed;
}

static void bounds_typed(Ctx *c, RulesView *v)
{
    v->b = (Bounds){ .least = bound_read(c, v, "least", v->day), .most = bound_read(c, v, "most", v->day),
                     .length_least = bound_read(c, v, "length_least", false), .length_most = bound_read(c, v, "length_most", false),
                     .count_least = bound_read(c, v, "count_least", false), .count_most = bound_read(c, v, "count_most", false),
                     .pattern = form_str(c, "pattern"), .not_future = form_has(c, "not_future"), .not_past = form_has(c, "not_past") };
}

static bool same_bounds(const Bounds *x, const Bounds *y)
{
    return str_eq(x->least, y->least) && str_eq(x->most, y->most) && str_eq(x->length_least, y->length_least) && str_eq(x->length_most, y->length_most) &&
           str_eq(x->count_least, y->count_least) && str_eq(x->count_most, y->count_most) && str_eq(x->pattern, y->pattern) &&
           x->not_future == y->not_future && x->not_past == y->not_past;
}

static void put_if(Ctx *c, RowWork *r, const char *field, ColumnId id)
{
    if (form_has(c, field))
        grid_put(c->arena, r->s, r->row, id, S(""), form_str(c, field));
}

Err builder_rules_action(Ctx *c)
{
    RowWork   r;
    Bounds    was;
    RulesView v = { .picked = !form_has(c, "source"), .source = form_str(c, "source") };
    TRY(row_open(c, &r));
    kinds_of(&r, &v);
    if (v.picked)
        bounds_typed(c, &v);
    texts_put(c, &r, "required", COL_REQUIRED_MESSAGE);
    texts_put(c, &r, "constraint", COL_CONSTRAINT_MESSAGE);
    put_if(c, &r, "default", COL_DEFAULT);
    put_if(c, &r, "calculation", COL_CALCULATION);
    put_if(c, &r, "read_only", COL_READ_ONLY);
    put_if(c, &r, "trigger", COL_TRIGGER);
    if (v.errors.len || r.stale)
        return rules_view(c, &r, &v, true, v.errors.len ? 422 : 409);
    QuestionType type = r.type.word ? r.type.word->type : Q_TEXT;
    Str          now  = grid_cell(r.s, r.row, COL_CONSTRAINT, S(""));
    if (!v.picked)
        grid_put(c->arena, r.s, r.row, COL_CONSTRAINT, S(""), v.source);
    else if (!bounds_read(c->arena, r.w.g, type, now, &was) || !same_bounds(&was, &v.b))
        grid_put(c->arena, r.s, r.row, COL_CONSTRAINT, S(""), bounds_write(c->arena, type, &v.b));
    return row_saved(c, &r, "rules", "/rules");
}
