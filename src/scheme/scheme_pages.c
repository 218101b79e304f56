/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes in the console: the list, one scheme as a tree, its files; the route table. */
#include "scheme/draft_console.h"

#include "schemes_broken.html.h"
#include "schemes_list.html.h"
#include "schemes_show.html.h"

#include <math.h>

enum { WORK_ROOM = 1 << 20 };

Arena scheme_work(Ctx *c)
{
    char *room = arena_new(c->arena, char, WORK_ROOM);
    return (Arena){ .at = room, .end = room + WORK_ROOM, .base = room, .full = c->arena->full };
}

/* The nation's schemes are for everybody who reads indices. */
static bool may_see(Ctx *c, const SchemeRow *row)
{
    return row->unit.v == UNIT_ROOT || right_has(c, RIGHT_INDEX_READ, row->unit);
}

Err scheme_of_path(Ctx *c, Right right, SchemeRow *out)
{
    TRY(scheme_load(c->db, c->arena, (SchemeId){ path_int(c, "id") }, out));
    return right == RIGHT_INDEX_READ && may_see(c, out) ? OK : right_need(c, right, out->unit);
}

Str scheme_base(Ctx *c, SchemeId id)
{
    return arena_fmt(c->arena, "/console/schemes/%lld", (long long)id.v);
}

Str scheme_kind_text(Lang l, Str kind)
{
    static const struct { const char *code, *key; } kinds[] = {
        { "province", "scheme.kind.province" }, { "ministry", "scheme.kind.ministry" },
        { "department", "scheme.kind.department" }, { "commune", "scheme.kind.commune" } };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kind, str_from_c(kinds[i].code)))
            return text_find(l, str_from_c(kinds[i].key));
    return kind;
}

void scheme_crumbs(Ctx *c, const SchemeRow *row, Str here)
{
    page_crumb(c, text_of(c->lang, "scheme.list.title"), S("/console/schemes"));
    if (row)
        page_crumb(c, row->title, here.len ? scheme_base(c, row->id) : S(""));
    if (here.len)
        page_crumb(c, here, S(""));
}

static Str points_of(Ctx *c, double x)
{
    return scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, x);
}

/* ---- List ------------------------------------------------------------------------------------------------------- */

static Err list_page(Ctx *c)
{
    SchemeRows      rows;
    SchemesListView v = { .may_add = right_has(c, RIGHT_INDEX_MANAGE, (UnitId){ 0 }) };
    TRY(scheme_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (may_see(c, &rows.at[i]))
            *list_add(c->arena, &v.lines) = (SchemeLine){ &rows.at[i], unit_name_today(c, rows.at[i].unit), scheme_base(c, rows.at[i].id),
                                                          scheme_kind_text(c->lang, rows.at[i].unit_kind), points_of(c, rows.at[i].points) };
    page_crumb(c, text_of(c->lang, "scheme.list.title"), S(""));
    TRY(scheme_draft_list(c, &v));
    Out o = page_begin(c, text_of(c->lang, "scheme.list.title"));
    schemes_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- A tree ------------------------------------------------------------------------------------------------------ */

static void domain_fill(Ctx *c, const Scheme *s, size_t at, Str anchor, SchemeTree *out)
{
    const SchemeCriterion *x = &s->at[at];
    double       survey = 0, max = scheme_max(s, (int)at);
    SchemeDomain d = { .code = x->code, .name = x->name, .anchor = anchor, .points = points_of(c, max),
                       .share = x->effect == EFFECT_POINTS ? max / s->max : 0 };
    for (size_t i = at; i < s->len && (i == at || s->at[i].level > x->level); i++) {
        if (s->at[i].group)
            continue;
        d.leaves++;
        survey += s->at[i].method == METHOD_ESTIMATE || s->at[i].method == METHOD_SURVEY ? s->at[i].max : 0;
    }
    d.survey = survey > 0 ? points_of(c, survey) : S("–");
    *list_add(c->arena, &out->domains) = d;
}

void scheme_tree_fill(Ctx *c, const Scheme *s, Str base, SchemeTree *out)
{
    Arena *a = c->arena;
    for (size_t i = 0; i < s->len; i++) {
        const SchemeCriterion *x = &s->at[i];
        SchemeNode n = { .c = x, .points = points_of(c, scheme_max(s, (int)i)), .depth = x->level, .domain = x->level == 0 };
        n.anchor = n.domain ? arena_fmt(a, "d%zu", i) : S("");
        if (x->effect != EFFECT_POINTS)
            n.effect = text_find(c->lang, str_concat(a, S("scheme.effect."), scheme_effect_code(x->effect)));
        if (!x->group) {
            n.method = text_find(c->lang, str_concat(a, S("scheme.method."), scheme_method_code(x->method)));
            n.words  = scheme_rule_words(a, c->lang, x);
            n.href   = base.len ? arena_fmt(a, "%.*s/try?code=%.*s", STR_ARG(base), STR_ARG(url_encode(a, x->code))) : S("");
        }
        out->evidence |= x->evidence.len > 0;
        if (n.domain)
            domain_fill(c, s, i, n.anchor, out);
        *list_add(a, &out->nodes) = n;
    }
}

static void fact(Ctx *c, SchemeShowView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static Err facts_fill(Ctx *c, SchemeShowView *v)
{
    Lang             l = c->lang;
    const SchemeRow *row = v->row;
    SchemeVersions   versions;
    fact(c, v, text_of(l, "scheme.about.code"), row->code);
    fact(c, v, text_of(l, "scheme.about.year"), row->year ? arena_fmt(c->arena, "%d", row->year) : S(""));
    fact(c, v, text_of(l, "scheme.about.unit_kind"), v->kind);
    fact(c, v, text_of(l, "scheme.owner"), v->owner);
    fact(c, v, text_of(l, "scheme.about.max"), v->points);
    fact(c, v, text_of(l, "scheme.size"), text_fmt(c->arena, l, "scheme.size.text", ARG_N("n", row->criteria), ARG_N("leaves", row->leaves)));
    fact(c, v, text_of(l, "scheme.about.rescale_not_applicable"), v->s->rescale ? text_of(l, "scheme.yes") : text_of(l, "scheme.no"));
    fact(c, v, text_of(l, "scheme.about.source"), v->s->source);
    if (row->locked_at.ms)
        fact(c, v, text_of(l, "scheme.locked"), text_fmt(c->arena, l, "scheme.locked.by", ARG_S("who", person_name_of(c, row->locked_by)),
                                                        ARG_S("when", time_text(c->arena, l, row->locked_at))));
    TRY(scheme_versions(c->db, c->arena, row->id, &versions));
    for (size_t i = 0; i < versions.len; i++) {
        const SchemeVersion *x = &versions.at[i];
        Str who = person_name_of(c, x->made_by);
        *list_add(c->arena, &v->versions) = (SchemeVersionLine){ num_text(c->arena, l, x->version), who.len ? who : text_of(l, "scheme.by_program"),
            time_text(c->arena, l, x->made_at), x->reason,
            x->version > 1 ? arena_fmt(c->arena, "%.*s/changes?version=%lld", STR_ARG(v->base), (long long)x->version) : S("") };
    }
    return OK;
}

Err scheme_opened(Ctx *c, const SchemeRow *row, int64_t version, Scheme *out, bool *told)
{
    SchemeFaults     faults = { 0 };
    SchemeBrokenView v      = { .row = row, .base = scheme_base(c, row->id), .may_manage = right_has(c, RIGHT_INDEX_MANAGE, row->unit) };
    TRY(scheme_definition_read(c->db, c->arena, scheme_work(c), row->id, version, out, &faults));
    *told = faults.len > 0;
    if (!*told)
        return OK;
    bool reads = right_has(c, RIGHT_INDEX_READ, (UnitId){ 0 }) && may_see(c, row);      /* who reads a season need not read schemes */
    for (size_t i = 0; i < faults.len; i++)
        *list_add(c->arena, &v.faults) = (SchemeFaultLine){ .text = scheme_fault_text(c->arena, c->lang, &faults.at[i]) };
    v.file = reads ? str_concat(c->arena, v.base, S("/scheme.json")) : S("");
    v.lead = text_fmt(c->arena, c->lang, "scheme.broken.text", ARG_S("title", row->title), ARG_N("n", (int64_t)faults.all),
                      ARG_N("version", version ? version : row->version));
    c->page.error = true;
    if (reads)
        scheme_crumbs(c, row, text_of(c->lang, "scheme.broken"));
    Out o = page_begin(c, text_of(c->lang, "scheme.broken"));
    schemes_broken_view(&o, &v);
    return page_end_status(c, &o, 409);
}

static Err show_page(Ctx *c)
{
    SchemeRow row;
    Scheme    s;
    bool      told;
    TRY(scheme_of_path(c, RIGHT_INDEX_READ, &row));
    TRY(scheme_opened(c, &row, 0, &s, &told));
    if (told)
        return OK;
    SchemeShowView v = { .row = &row, .s = &s, .base = scheme_base(c, row.id), .owner = unit_name_today(c, row.unit), .token = c->page.form_token,
                         .kind = scheme_kind_text(c->lang, row.unit_kind), .points = points_of(c, row.points),
                         .may_manage = right_has(c, RIGHT_INDEX_MANAGE, row.unit) };
    SchemeRow from;
    if (row.copied_from.v && !scheme_load(c->db, c->arena, row.copied_from, &from) && may_see(c, &from))
        v.changes_href = str_concat(c->arena, v.base, S("/changes"));
    DraftId draft = { 0 };
    if (v.may_manage)
        TRY(scheme_draft_of(c->db, c->arena, row.id, &draft));
    v.draft_href = draft.v ? scheme_draft_base(c, draft) : S("");
    TRY(facts_fill(c, &v));
    scheme_tree_fill(c, &s, v.base, &v.tree);
    scheme_crumbs(c, &row, S(""));
    Out o = page_begin(c, row.title);
    schemes_show_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Files ------------------------------------------------------------------------------------------------------------ */

static Err loaded(Ctx *c, SchemeRow *row, Scheme *s, bool *told)
{
    TRY(scheme_of_path(c, RIGHT_INDEX_READ, row));
    return scheme_opened(c, row, 0, s, told);
}

static Err xlsx_file(Ctx *c)
{
    SchemeRow row;
    Scheme    s;
    Str       bytes;
    bool      told;
    TRY(loaded(c, &row, &s, &told));
    if (told)
        return OK;
    TRY(scheme_file_xlsx(c->arena, c->lang, &s, &bytes));
    return answer_file(c, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), str_concat(c->arena, row.code, S(".xlsx")), bytes);
}

static Err csv_file(Ctx *c)
{
    SchemeRow row;
    Scheme    s;
    Buf       b = buf_new(c->arena, 65536);
    bool      told;
    TRY(loaded(c, &row, &s, &told));
    if (told)
        return OK;
    scheme_file_csv(c->arena, &b, c->lang, &s);
    return answer_file(c, S("text/csv; charset=utf-8"), str_concat(c->arena, row.code, S(".csv")), buf_str(&b));
}

/* As it is kept, so that one with faults can be mended and sent again. */
static Err json_file(Ctx *c)
{
    SchemeRow row;
    Str       text;
    TRY(scheme_of_path(c, RIGHT_INDEX_READ, &row));
    TRY(scheme_definition_text(c->db, c->arena, row.id, 0, &text));
    return answer_file(c, S("application/json"), str_concat(c->arena, row.code, S(".json")), text);
}

const Route scheme_console_routes[] = {
    { GET,  "/schemes",                    RIGHT_INDEX_READ,   list_page },
    { GET,  "/schemes/new",                RIGHT_INDEX_MANAGE, scheme_import_page },
    { POST, "/schemes/new",                RIGHT_INDEX_MANAGE, scheme_import_action, ROUTE_UPLOAD },
    { POST, "/schemes/confirm",            RIGHT_INDEX_MANAGE, scheme_confirm_action },
    { GET,  "/schemes/template.xlsx",      RIGHT_INDEX_READ,   scheme_template_file },
    { GET,  "/schemes/example.xlsx",        RIGHT_INDEX_READ,   scheme_example_file },
    { GET,  "/schemes/{id}",               RIGHT_INDEX_READ,   show_page },
    { GET,  "/schemes/{id}/try",           RIGHT_INDEX_READ,   scheme_try_page },
    { GET,  "/schemes/{id}/changes",       RIGHT_INDEX_READ,   scheme_changes_page },
    { GET,  "/schemes/{id}/scheme.xlsx",   RIGHT_INDEX_READ,   xlsx_file },
    { GET,  "/schemes/{id}/scheme.csv",    RIGHT_INDEX_READ,   csv_file },
    { GET,  "/schemes/{id}/scheme.json",   RIGHT_INDEX_READ,   json_file },
    { GET,  "/schemes/{id}/import",        RIGHT_INDEX_MANAGE, scheme_import_page },
    { POST, "/schemes/{id}/import",        RIGHT_INDEX_MANAGE, scheme_import_action, ROUTE_UPLOAD },
    { POST, "/schemes/{id}/confirm",       RIGHT_INDEX_MANAGE, scheme_confirm_action },
    { GET,  "/schemes/{id}/copy",          RIGHT_INDEX_MANAGE, scheme_copy_page },
    { POST, "/schemes/{id}/copy",          RIGHT_INDEX_MANAGE, scheme_copy_action },
    { GET,  "/schemes/{id}/lock",          RIGHT_INDEX_MANAGE, scheme_lock_page },
    { POST, "/schemes/{id}/lock",          RIGHT_INDEX_MANAGE, scheme_lock_action },
    { 0 },
};
