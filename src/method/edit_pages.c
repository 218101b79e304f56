/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Changing a draft: its rules and texts, one content with its items. Each page is one form; nothing needs a script. */
#include "method/console.h"

#include "methods_edit.html.h"
#include "methods_node.html.h"

#include <math.h>

/* ---- Texts and rules ------------------------------------------------------------------------------------------------------- */

static void choices_fill(Ctx *c, MethodEditView *v)
{
    for (int r = 0; r < METHOD_RULE_COUNT; r++)
        for (int k = 0; k < 2; k++) {
            Str code = method_rule_code((MethodRule)r), value = method_rule_value((MethodRule)r, k);
            *list_add(c->arena, &v->rules[r]) = (Choice){ .value = value, .chosen = method_rule_of(v->m, (MethodRule)r) == k,
                .label = text_find(c->lang, str_join(c->arena, (Str[]){ S("method.rule"), code, value }, 3, S("."))) };
        }
    for (int t = 0; t < METHOD_TABLE_COUNT; t++) {
        Str code = method_table_code((MethodTable)t);
        *list_add(c->arena, &v->tables) = (Choice){ .value = code, .chosen = method_shows(v->m, (MethodTable)t),
                                                    .label = text_find(c->lang, str_concat(c->arena, S("method.table."), code)) };
    }
}

static Str breaks_text(Arena *a, const SurveyMethod *m)
{
    Buf b = buf_new(a, 1024);
    for (size_t i = 0; i < m->breaks.len; i++) {
        const MethodBreak *x = &m->breaks.at[i];
        buf_fmt(&b, "%.*s; %.*s; %.*s\n", STR_ARG(x->question), STR_ARG(x->label[LANG_VI]), STR_ARG(x->label[LANG_EN]));
    }
    return buf_str(&b);
}

static Err edit_view(Ctx *c, MethodEditView *v, int status)
{
    Str title = text_of(c->lang, "method.edit");
    v->base  = method_base(c, v->row);
    v->token = c->page.form_token;
    if (!v->revision.len)
        v->revision = arena_fmt(c->arena, "%lld", (long long)v->row->revision);
    choices_fill(c, v);
    c->page.error = v->errors.len > 0;
    method_crumbs(c, v->row, title);
    Out o = page_begin(c, title);
    methods_edit_view(&o, v);
    return page_end_status(c, &o, status);
}

Err method_edit_page(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(method_draft_of_path(c, &row, &m));
    MethodEditView v = { .row = &row, .m = &m, .breaks = breaks_text(c->arena, &m) };
    return edit_view(c, &v, 200);
}

/* Lines "question; Vietnamese; English". */
static void breaks_read(Arena *a, Str text, SurveyMethod *m)
{
    m->breaks.at  = NULL;
    m->breaks.len = m->breaks.cap = 0;
    while (text.len) {
        StrPair line = str_cut(text, '\n'), code = str_cut(line.head, ';'), names = str_cut(code.tail, ';');
        text = line.tail;
        if (str_trim(line.head).len)
            *list_add(a, &m->breaks) = (MethodBreak){ str_trim(code.head), { str_trim(names.head), str_trim(names.tail) } };
    }
}

static void read_typed(Ctx *c, SurveyMethod *m)
{
    StrList tables = { 0 };
    m->title[LANG_VI] = form_str(c, "title_vi");
    m->title[LANG_EN] = form_str(c, "title_en");
    m->source         = form_str(c, "source");
    for (int i = 0; i < METHOD_ABOUT_COUNT; i++) {
        const char *name = arena_c(c->arena, method_about_code((MethodAbout)i));
        m->about[i][LANG_VI] = form_str(c, name);
        m->about[i][LANG_EN] = form_str(c, arena_c(c->arena, arena_fmt(c->arena, "%s_en", name)));
    }
    m->transform  = str_eq(form_str(c, "transform"), S("mean")) ? TRANSFORM_MEAN : TRANSFORM_SHARE;
    m->pooling    = str_eq(form_str(c, "pooling"), S("factors")) ? POOL_FACTORS : POOL_ITEMS;
    m->no_opinion = str_eq(form_str(c, "no_opinion"), S("lowest")) ? NO_OPINION_LOWEST : NO_OPINION_OUT;
    m->tables     = 0;
    form_all(c, "tables", &tables);
    for (size_t i = 0; i < tables.len; i++)
        for (int t = 0; t < METHOD_TABLE_COUNT; t++)
            if (str_eq(tables.at[i], method_table_code((MethodTable)t)))
                m->tables |= 1u << t;
    breaks_read(c->arena, form_str(c, "breaks"), m);
}

/* Where it was typed. otherwise: the box with many lines, "breaks" or "items", of the page. */
static const char *field_of(const MethodFault *f, const char *otherwise, Str code)
{
    static const struct { const char *page, *column, *field; } fields[] = {
        { "breaks", "name_vi", "title_vi" }, { "breaks", "name_en", "title_en" }, { "breaks", "source", "source" },
        { "items", "name_vi", "name_vi" },   { "items", "name_en", "name_en" },   { "items", "value", "weight" },
    };
    bool texts = str_eq(str_from_c(otherwise), S("breaks"));
    if (!texts && code.len && str_eq(f->value, code) && str_eq(f->column, S("code")))
        return "code";
    for (size_t i = 0; i < COUNT_OF(fields); i++)        /* the first line below the head is the method's own */
        if (str_eq(str_from_c(fields[i].page), str_from_c(otherwise)) && str_eq(f->column, str_from_c(fields[i].column)) && (!texts || f->line == 2))
            return fields[i].field;
    return otherwise;
}

/* What a draft may not have; true: nothing. */
static bool good(Ctx *c, const SurveyMethod *m, const char *field, Str code, FieldErrors *errors)
{
    MethodFaults faults = { 0 };
    method_faults_of(c->arena, m, &faults);
    for (size_t i = 0; i < faults.len && errors->len < 20; i++)
        if (!method_soft(&faults.at[i]))
            field_error(c, errors, str_from_c(field_of(&faults.at[i], field, code)), method_fault_text(c->arena, c->lang, &faults.at[i]));
    return errors->len == 0;
}

static void check_revision(Ctx *c, MethodRow *row, FieldErrors *errors)
{
    int64_t typed = 0;
    if (!str_to_i64(form_str(c, "revision"), &typed) || typed != row->revision)
        field_error(c, errors, S(""), text_of(c->lang, "method.error.changed"));
}

Err method_edit_action(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(method_draft_of_path(c, &row, &m));
    MethodEditView v = { .row = &row, .m = &m, .breaks = form_str(c, "breaks") };
    read_typed(c, &m);
    check_revision(c, &row, &v.errors);
    if (!m.title[LANG_VI].len)
        field_error(c, &v.errors, S("title_vi"), text_of(c->lang, "method.error.title"));
    if (v.errors.len || !good(c, &m, "breaks", S(""), &v.errors))
        return edit_view(c, &v, 422);
    return method_keep(c, &m, &row, text_of(c->lang, "method.saved"));
}

/* ---- Weights --------------------------------------------------------------------------------------------------------------- */

Str method_weight_text(Arena *a, Lang l, double weight)
{
    Str    text  = S("");
    double again = NAN;
    for (int decimals = 0; decimals <= 30 && again != weight; decimals++) {
        text = arena_fmt(a, "%.*f", decimals, weight);
        (void)str_to_f64(text, &again);
    }
    return l == LANG_VI ? str_replace(a, text, S("."), S(",")) : text;
}

/* What was not touched stays as it is. */
static void read_weight(Ctx *c, MethodNodeView *v, const MethodNode *old, double *out)
{
    bool same = old && old->weight != 1 && str_eq(v->weight, method_weight_text(c->arena, c->lang, old->weight));
    *out = same ? old->weight : 1;
    if (!same && v->weight.len && (!real_parse_typed(c->lang, v->weight, out) || !(*out > 0 && *out <= 1e6)))
        field_error(c, &v->errors, S("weight"), text_of(c->lang, "method.error.weight"));
}

/* ---- One content ------------------------------------------------------------------------------------------------------------- */

static Str items_text(Arena *a, const SurveyMethod *m, Str node)
{
    Buf b = buf_new(a, 512);
    for (size_t i = 0; i < m->places.len; i++)
        if (str_eq(m->places.at[i].node, node))
            buf_fmt(&b, "%.*s\n", STR_ARG(m->places.at[i].code));
    return buf_str(&b);
}

static const char *const kinds[] = { "index", "component", "factor" };

static bool kind_known(Str kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kind, str_from_c(kinds[i])))
            return true;
    return false;
}

static Err node_view(Ctx *c, MethodNodeView *v, const SurveyMethod *m, Str parent, Str kind, int status)
{
    Str title = v->fresh ? text_of(c->lang, "method.node.add") : text_of(c->lang, "method.node.edit");
    v->base  = method_base(c, v->row);
    v->token = c->page.form_token;
    v->revision = arena_fmt(c->arena, "%lld", (long long)v->row->revision);
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        *list_add(c->arena, &v->kinds) = (Choice){ .value = str_from_c(kinds[i]), .chosen = str_eq(kind, str_from_c(kinds[i])),
                                                   .label = text_find(c->lang, arena_fmt(c->arena, "method.kind.%s", kinds[i])) };
    for (size_t i = 0; i < m->nodes.len; i++)
        *list_add(c->arena, &v->parents) = (Choice){ .value = m->nodes.at[i].code, .chosen = str_eq(m->nodes.at[i].code, parent),
            .label = str_join(c->arena, (Str[]){ m->nodes.at[i].code, m->nodes.at[i].label[c->lang] }, 2, S(" ")) };
    c->page.error = v->errors.len > 0;
    method_crumbs(c, v->row, title);
    Out o = page_begin(c, title);
    methods_node_view(&o, v);
    return page_end_status(c, &o, status);
}

static bool has_children(const SurveyMethod *m, Str code)
{
    for (size_t i = 0; i < m->nodes.len; i++)
        if (str_eq(m->nodes.at[i].parent, code))
            return true;
    return false;
}

Err method_node_page(Ctx *c)
{
    MethodRow      row;
    SurveyMethod   m;
    MethodNodeView v = { .row = &row };
    TRY(method_draft_of_path(c, &row, &m));
    Str code = query_str(c, "code");
    int at   = method_node(&m, code);
    if (code.len && at < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("no such content"));
    if (at < 0) {
        v.fresh = true;
        return node_view(c, &v, &m, query_str(c, "parent"), m.nodes.len ? S("factor") : S("index"), 200);
    }
    const MethodNode *n = &m.nodes.at[at];
    v.code       = n->code;
    v.name_vi    = n->label[LANG_VI];
    v.name_en    = n->label[LANG_EN];
    v.weight     = n->weight != 1 ? method_weight_text(c->arena, c->lang, n->weight) : S("");
    v.items      = items_text(c->arena, &m, n->code);
    v.may_remove = !has_children(&m, n->code);
    return node_view(c, &v, &m, n->parent, n->kind, 200);
}

static void drop_places(SurveyMethod *m, Str node)
{
    size_t n = 0;
    for (size_t i = 0; i < m->places.len; i++)
        if (!str_eq(m->places.at[i].node, node))
            m->places.at[n++] = m->places.at[i];
    m->places.len = n;
}

/* A new node stands behind all that its parent holds. */
static void add_node(Arena *a, SurveyMethod *m, const MethodNode *x)
{
    size_t at = m->nodes.len;
    int    parent = method_node(m, x->parent);
    for (size_t i = parent < 0 ? m->nodes.len : (size_t)parent + 1; i < m->nodes.len && at == m->nodes.len; i++) {
        int up = (int)i;
        while (up >= 0 && up != parent)
            up = method_node(m, m->nodes.at[up].parent);
        if (up < 0)
            at = i;
    }
    (void)list_add(a, &m->nodes);
    memmove(&m->nodes.at[at + 1], &m->nodes.at[at], (m->nodes.len - 1 - at) * sizeof *m->nodes.at);
    m->nodes.at[at] = *x;
}

/* The items of a node, where the first of them stood before. */
static void put_places(Arena *a, SurveyMethod *m, Str node, Str text)
{
    size_t at = 0, end;
    while (at < m->places.len && !str_eq(m->places.at[at].node, node))
        at++;
    drop_places(m, node);
    end = m->places.len;
    while (text.len) {
        StrPair line = str_cut(text, '\n');
        text = line.tail;
        if (str_trim(line.head).len)
            *list_add(a, &m->places) = (MethodPlace){ .code = str_trim(line.head), .node = node };
    }
    size_t       n     = m->places.len - end;
    MethodPlace *added = arena_new(a, MethodPlace, n + 1);
    memcpy(added, m->places.at + end, n * sizeof *added);
    memmove(m->places.at + at + n, m->places.at + at, (end - at) * sizeof *added);
    memcpy(m->places.at + at, added, n * sizeof *added);
}

static void remove_node(SurveyMethod *m, int at)
{
    drop_places(m, m->nodes.at[at].code);
    memmove(&m->nodes.at[at], &m->nodes.at[at + 1], (m->nodes.len - 1 - (size_t)at) * sizeof *m->nodes.at);
    m->nodes.len--;
}

/* What was typed, into the method; faults of the person go to errors. */
static void put_node(Ctx *c, MethodNodeView *v, SurveyMethod *m, int at)
{
    MethodNode n = { .code = v->code, .parent = form_str(c, "parent"), .kind = form_str(c, "kind"), .label = { v->name_vi, v->name_en }, .weight = 1 };
    read_weight(c, v, at >= 0 ? &m->nodes.at[at] : NULL, &n.weight);
    if (!kind_known(n.kind))
        field_error(c, &v->errors, S("kind"), text_of(c->lang, "method.error.kind"));
    if (!n.label[LANG_VI].len)
        field_error(c, &v->errors, S("name_vi"), text_of(c->lang, "method.error.name"));
    if (!n.label[LANG_EN].len)
        n.label[LANG_EN] = n.label[LANG_VI];
    if (at >= 0) {
        MethodNode *old = &m->nodes.at[at];
        old->kind   = n.kind;
        old->weight = n.weight;
        memcpy(old->label, n.label, sizeof n.label);
    } else {
        if (method_node(m, n.code) >= 0)
            field_error(c, &v->errors, S("code"), text_of(c->lang, "method.error.twice"));
        else if (!n.code.len)
            field_error(c, &v->errors, S("code"), text_of(c->lang, "method.error.code"));
        else
            add_node(c->arena, m, &n);
    }
    put_places(c->arena, m, n.code, v->items);
}

Err method_node_action(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m, kept;
    TRY(method_draft_of_path(c, &row, &m));
    TRY(method_body(c->db, c->arena, row.id, &kept));
    Str  old = form_str(c, "old");
    int  at  = method_node(&m, old);
    MethodNodeView v = { .row = &row, .fresh = at < 0, .code = at < 0 ? form_str(c, "code") : old, .name_vi = form_str(c, "name_vi"),
                         .name_en = form_str(c, "name_en"), .weight = form_str(c, "weight"), .items = form_str(c, "items") };
    Str parent = at < 0 ? form_str(c, "parent") : m.nodes.at[at].parent;
    check_revision(c, &row, &v.errors);
    if (str_eq(form_str(c, "act"), S("remove")) && at >= 0 && !v.errors.len) {
        if (has_children(&m, old))
            field_error(c, &v.errors, S("code"), text_of(c->lang, "method.error.children"));
        else
            remove_node(&m, at);
    } else {
        put_node(c, &v, &m, at);
    }
    if (v.errors.len || !good(c, &m, "items", v.fresh ? v.code : S(""), &v.errors)) {
        v.may_remove = at >= 0 && !has_children(&kept, old);
        return node_view(c, &v, &kept, parent, form_str(c, "kind"), 422);
    }
    return method_keep(c, &m, &row, text_of(c->lang, "method.saved"));
}
