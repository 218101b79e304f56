/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When a question is asked: picked as "câu – so sánh – giá trị", or written as an expression; which choices are offered; how many times
 * a part is repeated. */
#include "builder/row.h"
#include "drafts_logic.html.h"

enum { TESTS_MOST = 20 };

/* ---- What can be picked ------------------------------------------------------------------------------------------------------ */

static bool can_be_asked(const TypeCell *t)
{
    return t->word && t->word->fate == TYPE_READY && t->word->shape != TYPE_BEGIN && t->word->shape != TYPE_END && t->word->type != Q_NOTE &&
           t->word->type != Q_AUDIT && t->word->type != Q_EXTERNAL;
}

static void question_choices(Ctx *c, const RowWork *r, Str chosen, Choices *out)
{
    const GridSheet *s = r->s;
    for (size_t i = 0; i < s->rows.len; i++) {
        const GridRow *q    = &s->rows.at[i];
        Str            name = grid_cell(s, q, COL_NAME, S(""));
        TypeCell       t    = type_read(c->arena, grid_cell(s, q, COL_TYPE, S("")));
        if (q->id == r->id || !name.len || !can_be_asked(&t))
            continue;
        Str label = row_label(c, r->w.g, q, c->lang);
        *list_add(c->arena, out) = (Choice){ .value = name, .chosen = str_eq(name, chosen),
            .label = str_eq(label, name) ? name : str_join(c->arena, (Str[]){ name, label }, 2, S(": ")) };
    }
}

static void choices_of_question(Ctx *c, const Grid *g, Str name, Str chosen, Choices *out)
{
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES);
    const GridRow   *q = logic_row(g, name);
    TypeCell         t = type_read(c->arena, q ? grid_cell(grid_sheet(g, SHEET_SURVEY), q, COL_TYPE, S("")) : S(""));
    if (!t.word || t.word->shape != TYPE_LIST)
        return;
    for (size_t i = 0; i < s->rows.len && out->len < 300; i++) {
        if (!str_eq(grid_cell(s, &s->rows.at[i], COL_LIST_NAME, S("")), t.list))
            continue;
        Str code = grid_cell(s, &s->rows.at[i], COL_NAME, S("")), label = grid_text(g, s, &s->rows.at[i], COL_LABEL, c->lang);
        *list_add(c->arena, out) = (Choice){ .value = code, .label = label.len ? label : code, .chosen = str_eq(code, chosen) };
    }
}

/* Tests that fit what the question holds. */
static void kind_choices(Ctx *c, const Grid *g, const LogicTest *t, Choices *out)
{
    QuestionType type = logic_type(c->arena, g, t->name);
    bool one = type == Q_SELECT_ONE, many = type == Q_SELECT_MULTIPLE || type == Q_RANK, words = type == Q_TEXT || type == Q_BARCODE;
    for (int k = TEST_IS; k < TEST_COUNT; k++) {
        bool order = k >= TEST_BELOW && k <= TEST_LEAST, has = k == TEST_HAS || k == TEST_HAS_NOT, equal = k == TEST_IS || k == TEST_IS_NOT;
        bool fits  = type == Q_TYPE_COUNT || !((order && (many || words)) || (has && !many && !words) || (equal && many) || (order && one));
        if (fits || k == (int)t->kind)
            *list_add(c->arena, out) = (Choice){ .value = test_code((TestKind)k), .label = test_words(c->lang, (TestKind)k), .chosen = k == (int)t->kind };
    }
}

static Str value_shown(Ctx *c, const Grid *g, const LogicTest *t)
{
    Date         d;
    QuestionType type = logic_type(c->arena, g, t->name);
    if (type == Q_DECIMAL && c->lang == LANG_VI)
        return str_replace(c->arena, t->value, S("."), S(","));
    if ((type == Q_DATE || type == Q_TODAY || type == Q_DATETIME) && date_parse(t->value, &d))
        return date_text(c->arena, LANG_VI, d);
    return t->value;
}

static void add_test(Ctx *c, const RowWork *r, const LogicTest *t, Str typed, LogicView *v)
{
    TestBox *b = list_add(c->arena, &v->tests);
    *b = (TestBox){ .n = arena_fmt(c->arena, "%zu", v->tests.len - 1), .value = typed.len ? typed : value_shown(c, r->w.g, t) };
    question_choices(c, r, t->name, &b->questions);
    kind_choices(c, r->w.g, t, &b->kinds);
    choices_of_question(c, r->w.g, t->name, t->value, &b->values);
    b->pick = b->values.len > 0;
}

/* ---- The page ----------------------------------------------------------------------------------------------------------------- */

static void filter_columns(Ctx *c, const RowWork *r, LogicView *v)
{
    const GridSheet *s = grid_sheet(r->w.g, SHEET_CHOICES);
    v->has_list = r->type.word && (r->type.word->shape == TYPE_LIST || r->type.word->shape == TYPE_FILE);
    v->repeats  = r->type.word && r->type.word->type == Q_REPEAT && r->type.word->shape == TYPE_BEGIN;
    for (size_t i = 0; v->has_list && i < s->columns.len; i++)
        if (s->columns.at[i].is.id == COL_FILTER || (s->columns.at[i].is.id == COL_COUNT && s->columns.at[i].header.len))
            *list_add(c->arena, &v->columns) = (Choice){ .value = s->columns.at[i].header, .label = s->columns.at[i].header };
    if (v->columns.len)
        question_choices(c, r, S(""), &v->parents);
}

static Err logic_view(Ctx *c, RowWork *r, LogicView *v, const Logic *typed, const StrList *values, int status)
{
    DraftHead head;
    RowHead   row;
    Logic     l = { 0 };
    TRY(row_head(c, r, 1, &head, &row));
    v->row    = &row;
    v->source = typed ? v->source : grid_cell(r->s, r->row, COL_RELEVANT, S(""));
    v->picked = typed ? v->picked : logic_read(c->arena, r->w.g, v->source, &l);
    if (str_eq(query_str(c, "as"), S("text")))
        v->picked = false;
    const Logic *shown = typed ? typed : &l;
    v->any = shown->any;
    for (size_t i = 0; v->picked && i < shown->tests.len; i++)
        add_test(c, r, &shown->tests.at[i], values ? values->at[i] : S(""), v);
    for (int i = 0; v->picked && i < (shown->tests.len ? 1 : 2) && v->tests.len < TESTS_MOST; i++)
        add_test(c, r, &(LogicTest){ 0 }, S(""), v);
    v->filter = typed ? v->filter : grid_cell(r->s, r->row, COL_CHOICE_FILTER, S(""));
    v->count  = typed ? v->count : grid_cell(r->s, r->row, COL_REPEAT_COUNT, S(""));
    filter_columns(c, r, v);
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, &r->w, row.label);
    drafts_logic_view(&o, v);
    return page_end_status(c, &o, status);
}

Err builder_logic_page(Ctx *c)
{
    RowWork   r;
    LogicView v = { 0 };
    TRY(row_open(c, &r));
    return logic_view(c, &r, &v, NULL, NULL, 200);
}

/* ---- What was picked --------------------------------------------------------------------------------------------------------------- */

/* A choice by its code or by its words, with or without marks; a number; a day. False: not readable. */
static bool value_read(Ctx *c, const Grid *g, const LogicTest *t, Str typed, Str *out)
{
    Choices      choices = { 0 };
    QuestionType type    = logic_type(c->arena, g, t->name);
    double       x;
    Date         d;
    choices_of_question(c, g, t->name, S(""), &choices);
    *out = typed;
    for (size_t i = 0; i < choices.len; i++)
        if (str_eq(choices.at[i].value, typed))
            return true;
    for (size_t i = 0; i < choices.len; i++)
        if (str_eq(text_fold(c->arena, choices.at[i].label), text_fold(c->arena, typed))) {
            *out = choices.at[i].value;
            return true;
        }
    if (choices.len)
        return false;
    if (type == Q_INTEGER || type == Q_DECIMAL || type == Q_RANGE) {
        if (!real_parse_typed(c->lang, typed, &x))
            return false;
        *out = expr_number_text(c->arena, x);
    } else if (type == Q_DATE || type == Q_TODAY || type == Q_DATETIME) {
        if (!date_loose(typed, &d))
            return false;
        Ymd y = date_ymd(d);
        *out  = arena_fmt(c->arena, "%04d-%02d-%02d", y.year, y.month, y.day);
    }
    return true;
}

static void test_fault(Ctx *c, LogicView *v, size_t n, const char *part, Str message)
{
    field_error(c, &v->errors, arena_fmt(c->arena, "%s_%zu", part, n), message);
}

static void tests_read(Ctx *c, const Grid *g, bool strict, LogicView *v, Logic *out, StrList *values)
{
    out->any = str_eq(form_str(c, "join"), S("any"));
    for (size_t i = 0; i < TESTS_MOST; i++) {
        LogicTest t     = { .name = field_part(c, "q", i), .kind = test_parse(field_part(c, "kind", i)) };
        Str       typed = field_part(c, "value", i);
        if (!t.name.len || form_has(c, arena_c(c->arena, arena_fmt(c->arena, "drop_%zu", i))))
            continue;
        size_t n = out->tests.len;
        if (t.kind == TEST_NONE)
            t.kind = logic_type(c->arena, g, t.name) == Q_SELECT_MULTIPLE ? TEST_HAS : TEST_IS;
        bool good = !test_needs_value(t.kind) || (typed.len && value_read(c, g, &t, typed, &t.value));
        if (strict && !good)
            test_fault(c, v, n, "value", typed.len ? text_of(c->lang, "builder.value.bad") : text_of(c->lang, "builder.value.missing"));
        *list_add(c->arena, &out->tests) = t;
        *list_add(c->arena, values)      = good ? S("") : typed;
    }
}

static bool same_logic(const Logic *x, const Logic *y)
{
    if (x->tests.len != y->tests.len || (x->any != y->any && x->tests.len > 1))
        return false;
    for (size_t i = 0; i < x->tests.len; i++)
        if (!str_eq(x->tests.at[i].name, y->tests.at[i].name) || x->tests.at[i].kind != y->tests.at[i].kind ||
            !str_eq(x->tests.at[i].value, y->tests.at[i].value))
            return false;
    return true;
}

/* "tinh = ${tinh}" for a column and the question above. */
static Str filter_typed(Ctx *c)
{
    Str column = form_str(c, "column"), parent = form_str(c, "parent");
    return column.len && parent.len ? arena_fmt(c->arena, "%.*s = ${%.*s}", STR_ARG(column), STR_ARG(parent)) : form_str(c, "filter");
}

Err builder_logic_action(Ctx *c)
{
    RowWork   r;
    LogicView v      = { .picked = !form_has(c, "source"), .source = form_str(c, "source"), .count = form_str(c, "count") };
    Logic     typed  = { 0 }, was;
    StrList   values = { 0 };
    bool      more   = form_has(c, "more");
    TRY(row_open(c, &r));
    v.filter = filter_typed(c);
    if (v.picked)
        tests_read(c, r.w.g, !more, &v, &typed, &values);
    if (v.errors.len || r.stale || more)
        return logic_view(c, &r, &v, &typed, &values, v.errors.len ? 422 : r.stale ? 409 : 200);
    Str now = grid_cell(r.s, r.row, COL_RELEVANT, S(""));
    if (!v.picked)
        grid_put(c->arena, r.s, r.row, COL_RELEVANT, S(""), v.source);
    else if (!logic_read(c->arena, r.w.g, now, &was) || !same_logic(&was, &typed))
        grid_put(c->arena, r.s, r.row, COL_RELEVANT, S(""), logic_write(c->arena, r.w.g, &typed));
    if (form_has(c, "filter") || form_has(c, "column"))
        grid_put(c->arena, r.s, r.row, COL_CHOICE_FILTER, S(""), v.filter);
    if (form_has(c, "count"))
        grid_put(c->arena, r.s, r.row, COL_REPEAT_COUNT, S(""), v.count);
    return row_saved(c, &r, "logic", "/logic");
}
