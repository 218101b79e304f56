/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Methods in the console: the list, one version with its check beside a questionnaire, differences, approval, files; the route table. */
#include "method/console.h"

#include "base/csv.h"

#include "methods_changes.html.h"
#include "methods_list.html.h"
#include "methods_show.html.h"

Str method_base(Ctx *c, const MethodRow *row)
{
    return arena_fmt(c->arena, "/console/methods/%lld", (long long)row->id);
}

static Str row_href(Ctx *c, const MethodRow *row)
{
    return row->shipped ? str_concat(c->arena, S("/console/methods/shipped?ref="), row->ref) : method_base(c, row);
}

static Str row_title(const MethodRow *row, Lang l)
{
    return row->title[l].len ? row->title[l] : row->title[LANG_VI].len ? row->title[LANG_VI] : row->ref;
}

void method_crumbs(Ctx *c, const MethodRow *row, Str here)
{
    page_crumb(c, text_of(c->lang, "method.list.title"), S("/console/methods"));
    if (row)
        page_crumb(c, row_title(row, c->lang), here.len ? row_href(c, row) : S(""));
    if (here.len)
        page_crumb(c, here, S(""));
}

Err method_of_path(Ctx *c, Right right, MethodRow *row, SurveyMethod *m)
{
    TRY(method_row(c->db, c->arena, path_int(c, "id"), row));
    if (right != RIGHT_FORM_READ || !row->approved_at.ms)
        TRY(right_need(c, right, row->unit));
    return method_body(c->db, c->arena, row->id, m);
}

Err method_draft_of_path(Ctx *c, MethodRow *row, SurveyMethod *m)
{
    TRY(method_of_path(c, RIGHT_FORM_MANAGE, row, m));
    return row->approved_at.ms ? err_new(c->arena, ERR_CONFLICT, S("an approved method never changes")) : OK;
}

void method_faults_of(Arena *a, const SurveyMethod *m, MethodFaults *out)
{
    SurveyMethod again;
    Buf          b = buf_new(a, 8192);
    method_csv(&b, m);
    method_read(a, buf_str(&b), &again, out);
}

bool method_soft(const MethodFault *f)
{
    static const char *const soft[] = { "method.fault.mixed", "method.fault.bare", "method.fault.empty" };
    for (size_t i = 0; i < COUNT_OF(soft); i++)
        if (str_eq(str_from_c(f->key), str_from_c(soft[i])))
            return true;
    return false;
}

Err method_keep(Ctx *c, const SurveyMethod *m, MethodRow *row, Str notice)
{
    row->changed_at = c->now;
    TRY(method_change(c->db, c->arena, m, row));
    TRY(audit_add(c, S("method.change"), S("method"), row->id, row->unit, arena_fmt(c->arena, "{\"revision\":%lld}", (long long)row->revision)));
    return redirect_notice(c, method_base(c, row), NOTICE_OK, notice);
}

/* ---- List --------------------------------------------------------------------------------------------------------------- */

static Err list_page(Ctx *c)
{
    MethodRows      rows;
    RightScope      scope;
    MethodsListView v = { .may_add = right_has(c, RIGHT_FORM_MANAGE, (UnitId){ 0 }) };
    TRY(right_scope(c, RIGHT_FORM_READ, &scope));
    TRY(method_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const MethodRow *row = &rows.at[i];
        if (row->approved_at.ms || scope_has(&scope, row->unit))
            *list_add(c->arena, &v.lines) = (MethodLine){ row, row_title(row, c->lang), unit_name_today(c, row->unit), row_href(c, row) };
    }
    method_crumbs(c, NULL, S(""));
    Out o = page_begin(c, text_of(c->lang, "method.list.title"));
    methods_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One version -------------------------------------------------------------------------------------------------------- */

static void fact(Ctx *c, MethodShowView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static void facts_fill(Ctx *c, MethodShowView *v)
{
    Arena              *a = c->arena;
    const SurveyMethod *m = v->m;
    fact(c, v, text_of(c->lang, "method.ref"), v->row->ref);
    fact(c, v, text_of(c->lang, "method.owner"), unit_name_today(c, v->row->unit));
    for (int i = 0; i < METHOD_ABOUT_COUNT; i++)
        fact(c, v, text_find(c->lang, str_concat(a, S("method.about."), method_about_code((MethodAbout)i))), m->about[i][c->lang]);
    for (int r = 0; r < METHOD_RULE_COUNT; r++) {
        Str code = method_rule_code((MethodRule)r), value = method_rule_value((MethodRule)r, method_rule_of(m, (MethodRule)r));
        fact(c, v, text_find(c->lang, str_concat(a, S("method.rule."), code)),
             text_find(c->lang, str_join(a, (Str[]){ S("method.rule"), code, value }, 3, S("."))));
    }
    if (!v->row->approved_at.ms)
        fact(c, v, text_of(c->lang, "method.changed"), time_text(a, c->lang, v->row->changed_at));
    StrList names = { 0 };
    for (size_t i = 0; i < m->breaks.len; i++)
        *list_add(a, &names) = m->breaks.at[i].label[c->lang];
    fact(c, v, text_of(c->lang, "method.breaks"), str_join(a, names.at, names.len, S(", ")));
    if (v->row->approved_at.ms && !v->row->shipped)
        fact(c, v, text_of(c->lang, "method.approved"), text_fmt(a, c->lang, "method.approved.by", ARG_S("who", person_name_of(c, v->row->approved_by)),
                                                                ARG_S("when", time_text(a, c->lang, v->row->approved_at))));
}

static void nodes_fill(Ctx *c, MethodShowView *v)
{
    const SurveyMethod *m = v->m;
    for (size_t i = 0; i < m->nodes.len; i++) {
        const MethodNode *n    = &m->nodes.at[i];
        MethodNodeLine    line = { .n = n, .weight = n->weight != 1 ? method_weight_text(c->arena, c->lang, n->weight) : S("") };
        StrList           places = { 0 };
        for (int up = method_node(m, n->parent); up >= 0; up = method_node(m, m->nodes.at[up].parent))
            line.depth++;
        for (size_t k = 0; k < m->places.len; k++)
            if (str_eq(m->places.at[k].node, n->code))
                *list_add(c->arena, &places) = m->places.at[k].code;
        for (size_t k = 0; k < v->check.items.len; k++)
            if (v->check.items.at[k].node == (int)i)
                *list_add(c->arena, &line.items) = str_join(c->arena, (Str[]){ v->check.items.at[k].code, v->check.items.at[k].label }, 2, S(" "));
        line.places = str_join(c->arena, places.at, places.len, S(", "));
        line.href   = v->may_change ? arena_fmt(c->arena, "%.*s/node?code=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, n->code))) : S("");
        *list_add(c->arena, &v->nodes) = line;
    }
}

/* Questionnaires that the reader may see; the chosen one is checked. */
static Err check_fill(Ctx *c, MethodShowView *v)
{
    FormRows           rows;
    const FormProgram *p;
    int64_t            wanted = query_int(c, "form", 0);
    TRY(form_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len && v->forms.len < 200; i++) {
        if (!right_has(c, RIGHT_FORM_READ, rows.at[i].owner))
            continue;
        bool chosen = rows.at[i].id.v == wanted;
        *list_add(c->arena, &v->forms) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)rows.at[i].id.v), .chosen = chosen,
            .label = str_join(c->arena, (Str[]){ rows.at[i].title, rows.at[i].version }, 2, S(" · ")) };
        if (!chosen)
            continue;
        TRY(form_program(c->db, c->store, c->arena, rows.at[i].id, &p));
        method_check(c->arena, c->lang, v->m, p, &v->check);
        v->checked = true;
    }
    return OK;
}

static Err versions_fill(Ctx *c, MethodShowView *v)
{
    MethodRows rows;
    TRY(method_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const MethodRow *x = &rows.at[i];
        if (!str_eq(x->code, v->row->code) || (!x->approved_at.ms && !right_has(c, RIGHT_FORM_READ, x->unit)))
            continue;
        bool here = str_eq(x->ref, v->row->ref);
        *list_add(c->arena, &v->versions) = (MethodVersionLine){ text_fmt(c->arena, c->lang, "method.version", ARG_N("n", x->version)), row_href(c, x),
            here || v->row->shipped ? S("") : arena_fmt(c->arena, "%.*s/changes?from=%.*s", STR_ARG(v->base), STR_ARG(x->ref)), x->approved_at.ms != 0, here };
    }
    return OK;
}

static Err show(Ctx *c, const MethodRow *row, const SurveyMethod *m)
{
    MethodShowView v = { .row = row, .m = m, .title = row_title(row, c->lang), .base = row->shipped ? S("/console/methods/shipped") : method_base(c, row),
                         .copy = str_concat(c->arena, S("/console/methods/new?from="), row->ref), .token = c->page.form_token };
    v.may_change = !row->approved_at.ms && right_has(c, RIGHT_FORM_MANAGE, row->unit);
    v.csv  = row->shipped ? str_concat(c->arena, S("/console/methods/shipped.csv?ref="), row->ref) : str_concat(c->arena, v.base, S("/method.csv"));
    v.xlsx = row->shipped ? str_concat(c->arena, S("/console/methods/shipped.xlsx?ref="), row->ref) : str_concat(c->arena, v.base, S("/method.xlsx"));
    if (!row->approved_at.ms)
        method_faults_of(c->arena, m, &v.faults);
    if (!right_has(c, RIGHT_FORM_MANAGE, (UnitId){ 0 }))
        v.copy = S("");
    facts_fill(c, &v);
    TRY(check_fill(c, &v));
    nodes_fill(c, &v);
    TRY(versions_fill(c, &v));
    method_crumbs(c, row, S(""));
    Out o = page_begin(c, v.title);
    methods_show_view(&o, &v);
    return page_end(c, &o);
}

static Err show_page(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(method_of_path(c, RIGHT_FORM_READ, &row, &m));
    return show(c, &row, &m);
}

/* The shipped method that the query names; without a name the national one. */
static Err shipped_of(Ctx *c, MethodRow *row, SurveyMethod *m)
{
    Str ref = query_str(c, "ref");
    TRY(method_row_of(c->db, c->arena, ref.len ? ref : S("sipas-2023"), row));
    return row->shipped && method_shipped(c->arena, row->ref, m) ? OK : err_new(c->arena, ERR_NOT_FOUND, S("no such method is shipped"));
}

static Err shipped_page(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(shipped_of(c, &row, &m));
    return show(c, &row, &m);
}

static Str value_told(Ctx *c, Str key, Str value)
{
    Str text = value.len ? text_find(c->lang, str_join(c->arena, (Str[]){ key, value }, 2, S("."))) : S("");
    return text.len ? text : value;
}

/* "rule pooling" as the other pages call it: "Cách gộp". Codes of contents and questions stay. */
static void change_told(Ctx *c, MethodChange *x)
{
    StrPair p    = str_cut(x->what, ' ');
    Str     key  = str_join(c->arena, (Str[]){ S("method"), p.head, p.tail }, 3, S(".")), name = text_find(c->lang, key);
    Str     kind = text_find(c->lang, str_concat(c->arena, S("method.kind."), p.head));
    Str     pattern = text_find(c->lang, str_concat(c->arena, S("method.change."), p.head));
    x->before = value_told(c, key, x->before);
    x->after  = value_told(c, key, x->after);
    if (pattern.len)
        x->what = text_fill(c->arena, c->lang, pattern, (TextArg[]){ ARG_S("what", name.len ? name : p.tail) }, 1);
    else
        x->what = kind.len ? str_join(c->arena, (Str[]){ kind, p.tail }, 2, S(" ")) : name.len ? name : x->what;
}

static Err changes_page(Ctx *c)
{
    MethodRow    row, from;
    SurveyMethod m, before;
    Str          ref = query_str(c, "from");
    TRY(method_of_path(c, RIGHT_FORM_READ, &row, &m));
    TRY(method_row_of(c->db, c->arena, ref.len ? ref : row.from_ref.len ? row.from_ref : row.ref, &from));
    if (!from.approved_at.ms)
        TRY(right_need(c, RIGHT_FORM_READ, from.unit));
    TRY(method_load(c->db, c->arena, from.ref, &before));
    MethodChangesView v = { .title = text_of(c->lang, "method.changes"), .from = from.ref, .to = row.ref, .back = method_base(c, &row),
                            .changes = method_changes(c->arena, &before, &m) };
    for (size_t i = 0; i < v.changes.len; i++)
        change_told(c, &v.changes.at[i]);
    method_crumbs(c, &row, v.title);
    Out o = page_begin(c, v.title);
    methods_changes_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Files ----------------------------------------------------------------------------------------------------------------- */

static Err send_csv(Ctx *c, const MethodRow *row, const SurveyMethod *m)
{
    Buf b = buf_new(c->arena, 8192);
    csv_bom(&b);
    method_csv(&b, m);
    return answer_file(c, S("text/csv; charset=utf-8"), str_concat(c->arena, row->ref, S(".csv")), buf_str(&b));
}

static Err send_xlsx(Ctx *c, const MethodRow *row, const SurveyMethod *m)
{
    Str bytes;
    TRY(method_xlsx(c->arena, m, &bytes));
    return answer_file(c, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), str_concat(c->arena, row->ref, S(".xlsx")), bytes);
}

static Err csv_file(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(method_of_path(c, RIGHT_FORM_READ, &row, &m));
    return send_csv(c, &row, &m);
}

static Err xlsx_file(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(method_of_path(c, RIGHT_FORM_READ, &row, &m));
    return send_xlsx(c, &row, &m);
}

static Err shipped_csv(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(shipped_of(c, &row, &m));
    return send_csv(c, &row, &m);
}

static Err shipped_xlsx(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(shipped_of(c, &row, &m));
    return send_xlsx(c, &row, &m);
}

/* ---- Approval, removal --------------------------------------------------------------------------------------------------------- */

static Err refuse(Ctx *c, const MethodRow *row, Str text)
{
    return redirect_notice(c, method_base(c, row), NOTICE_WARN, text);
}

static Err approve_page(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    MethodFaults faults = { 0 };
    TRY(method_of_path(c, RIGHT_FORM_MANAGE, &row, &m));
    method_faults_of(c->arena, &m, &faults);
    if (row.approved_at.ms || faults.len)
        return refuse(c, &row, row.approved_at.ms ? text_of(c->lang, "method.approved.already") : text_of(c->lang, "method.faults"));
    SummaryRow  rows[] = { { .key = text_of(c->lang, "method.ref"), .value = row.ref },
                           { .key = text_of(c->lang, "method.title"), .value = row_title(&row, c->lang) },
                           { .key = text_find(c->lang, S("method.about.decision")), .value = m.about[ABOUT_DECISION][c->lang] } };
    ConfirmPage p = { .title = text_of(c->lang, "method.approve"), .text = text_of(c->lang, "method.approve.text"),
                      .warning = text_of(c->lang, "method.approve.warning"), .rows = rows, .n = COUNT_OF(rows) - !m.about[ABOUT_DECISION][c->lang].len,
                      .action = arena_fmt(c->arena, "%.*s/approve?revision=%lld", STR_ARG(method_base(c, &row)), (long long)row.revision),
                      .token = form_token(c), .back_href = method_base(c, &row), .button = text_of(c->lang, "method.approve") };
    method_crumbs(c, &row, p.title);
    Out o = page_begin(c, p.title);
    confirm_page(&o, &p);
    return page_end(c, &o);
}

static Err approve_action(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    MethodFaults faults = { 0 };
    TRY(method_of_path(c, RIGHT_FORM_MANAGE, &row, &m));
    method_faults_of(c->arena, &m, &faults);
    if (row.approved_at.ms || faults.len)
        return refuse(c, &row, row.approved_at.ms ? text_of(c->lang, "method.approved.already") : text_of(c->lang, "method.faults"));
    if (query_int(c, "revision", 0) != row.revision)     /* what is approved is what was looked at */
        return refuse(c, &row, text_of(c->lang, "method.error.approve"));
    TRY(method_approve(c->db, c->arena, &row, c->session.person, c->now));
    TRY(audit_add(c, S("method.approve"), S("method"), row.id, row.unit, arena_fmt(c->arena, "{\"ref\":\"%.*s\"}", STR_ARG(row.ref))));
    return redirect_notice(c, method_base(c, &row), NOTICE_OK, text_of(c->lang, "method.approve.done"));
}

static Err remove_action(Ctx *c)
{
    MethodRow    row;
    SurveyMethod m;
    TRY(method_of_path(c, RIGHT_FORM_MANAGE, &row, &m));
    if (row.approved_at.ms)
        return refuse(c, &row, text_of(c->lang, "method.approved.already"));
    TRY(method_remove(c->db, c->arena, &row));
    TRY(audit_add(c, S("method.remove"), S("method"), row.id, row.unit, arena_fmt(c->arena, "{\"ref\":\"%.*s\"}", STR_ARG(row.ref))));
    return redirect_notice(c, S("/console/methods"), NOTICE_OK, text_of(c->lang, "method.removed"));
}

Err method_choices(Db *db, Arena *a, Lang l, Choices *out)
{
    MethodRows rows;
    TRY(method_list(db, a, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (rows.at[i].approved_at.ms)
            *list_add(a, out) = (Choice){ .value = rows.at[i].ref, .label = row_title(&rows.at[i], l) };
    return OK;
}

const Route method_console_routes[] = {
    { GET,  "/methods",                    RIGHT_FORM_READ,   list_page },
    { GET,  "/methods/new",                RIGHT_FORM_MANAGE, method_new_page },
    { POST, "/methods/new",                RIGHT_FORM_MANAGE, method_new_action, ROUTE_UPLOAD },
    { GET,  "/methods/shipped",            RIGHT_FORM_READ,   shipped_page },
    { GET,  "/methods/shipped.csv",        RIGHT_FORM_READ,   shipped_csv },
    { GET,  "/methods/shipped.xlsx",       RIGHT_FORM_READ,   shipped_xlsx },
    { GET,  "/methods/{id}",               RIGHT_FORM_READ,   show_page },
    { GET,  "/methods/{id}/changes",       RIGHT_FORM_READ,   changes_page },
    { GET,  "/methods/{id}/method.csv",    RIGHT_FORM_READ,   csv_file },
    { GET,  "/methods/{id}/method.xlsx",   RIGHT_FORM_READ,   xlsx_file },
    { GET,  "/methods/{id}/import",        RIGHT_FORM_MANAGE, method_import_page },
    { POST, "/methods/{id}/import",        RIGHT_FORM_MANAGE, method_import_action, ROUTE_UPLOAD },
    { GET,  "/methods/{id}/edit",          RIGHT_FORM_MANAGE, method_edit_page },
    { POST, "/methods/{id}/edit",          RIGHT_FORM_MANAGE, method_edit_action },
    { GET,  "/methods/{id}/node",          RIGHT_FORM_MANAGE, method_node_page },
    { POST, "/methods/{id}/node",          RIGHT_FORM_MANAGE, method_node_action },
    { GET,  "/methods/{id}/approve",       RIGHT_FORM_MANAGE, approve_page },
    { POST, "/methods/{id}/approve",       RIGHT_FORM_MANAGE, approve_action },
    { POST, "/methods/{id}/remove",        RIGHT_FORM_MANAGE, remove_action },
    { 0 },
};
