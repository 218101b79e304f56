/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Tables kept under a name: keeping, listing, renaming, sharing, removing. Who may analyse the round sees what is theirs or shared;
 * whoever keeps a table changes it, or who manages the analysis of the round. */
#include "desk/saved.h"

#include "desk_saved.html.h"

static Str saved_path(Arena *a, int64_t id, const char *rest)
{
    return arena_fmt(a, "/console/analysis/tables/%lld%s", (long long)id, rest);
}

static void fill_row(Ctx *c, const DeskSaved *s, const Round *r, SavedRow *out)
{
    *out = (SavedRow){ .s = *s, .round = round_title(r, c->lang), .owner = person_name_of(c, s->owner), .mine = s->owner.v == c->session.person.v,
                       .open = str_concat(c->arena, S("/console/analysis?"), s->query), .href = saved_path(c->arena, s->id, "") };
}

Err desk_saved_page(Ctx *c)
{
    DeskSavedList list;
    SavedPage     v = { 0 };
    RightScope    scope;
    TRY(desk_saved_list(c->db, c->arena, c->session.person, &list));
    TRY(right_scope(c, RIGHT_ANALYSIS_READ, &scope));
    for (size_t i = 0; i < list.len; i++) {
        Round r;
        TRY(round_load(c->db, c->arena, list.at[i].round, &r));
        if (scope_has(&scope, r.owner))
            fill_row(c, &list.at[i], &r, list_add(c->arena, &v.rows));
    }
    page_crumb(c, text_of(c->lang, "desk.title"), S("/console/analysis"));
    page_crumb(c, text_of(c->lang, "desk.saved.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "desk.saved.title"));
    desk_saved_list_view(&o, &v);
    return page_end(c, &o);
}

static bool name_fine(Ctx *c, Str name, FieldErrors *errors)
{
    if (!name.len)
        field_error(c, errors, S("name"), text_of(c->lang, "desk.saved.error.name"));
    else if (utf8_count(name) > SAVED_NAME_MOST)
        field_error(c, errors, S("name"), text_fmt(c->arena, c->lang, "desk.saved.error.long", ARG_N("n", SAVED_NAME_MOST)));
    return errors->len == 0;
}

static Err audit_saved(Ctx *c, Str act, const DeskSaved *s, const Round *r)
{
    return audit_add(c, act, S("desk_table"), s->id, r->owner,
                     arena_fmt(c->arena, "{\"round\":%lld,\"shared\":%s}", (long long)r->id.v, s->shared ? "true" : "false"));
}

/* From the desk. A name that is missing is asked for on the page of the table, so that nothing of the question is lost. */
Err desk_save_action(Ctx *c)
{
    DeskQuery   q;
    Round       r;
    FieldErrors errors = { 0 };
    DeskSaved   s = { .name = form_str(c, "name"), .shared = form_has(c, "shared"), .owner = c->session.person, .saved_at = c->now };
    TRY(desk_query_parse(c->arena, form_str(c, "query"), &q));
    TRY(round_by_code(c->db, c->arena, q.round, &r));
    TRY(right_need(c, RIGHT_ANALYSIS_READ, r.owner));
    TRY(desk_may_compare(c, &q));
    s.query = desk_query_text(c->arena, &q);
    s.round = r.id;
    Str back = str_concat(c->arena, S("/console/analysis?"), s.query);
    if (!name_fine(c, s.name, &errors))
        return redirect_notice(c, back, NOTICE_WARN, errors.at[0].message);
    TRY(desk_saved_insert(c->db, &s));
    TRY(audit_saved(c, S("desk.save"), &s, &r));
    return redirect_notice(c, back, NOTICE_OK, text_fmt(c->arena, c->lang, "desk.saved.done", ARG_S("name", s.name)));
}

/* The kept table of {id} when the reader may see it. change: when they may change it. */
static Err saved_of(Ctx *c, bool change, DeskSaved *s, Round *r, bool *may_change)
{
    TRY(desk_saved_load(c->db, c->arena, path_int(c, "id"), s));
    TRY(round_load(c->db, c->arena, s->round, r));
    TRY(right_need(c, RIGHT_ANALYSIS_READ, r->owner));
    bool mine = s->owner.v == c->session.person.v;
    if (!mine && !s->shared)
        return err_new(c->arena, ERR_NOT_FOUND, S("kept table"));
    *may_change = mine || right_has(c, RIGHT_ANALYSIS_MANAGE, r->owner);
    return change && !*may_change ? err_new(c->arena, ERR_FORBIDDEN, S("a table of somebody else")) : OK;
}

static void crumbs(Ctx *c)
{
    page_crumb(c, text_of(c->lang, "desk.title"), S("/console/analysis"));
    page_crumb(c, text_of(c->lang, "desk.saved.title"), S("/console/analysis/tables"));
}

static Err show_one(Ctx *c, SavedOne *v, int status)
{
    v->action = saved_path(c->arena, v->row.s.id, "");
    v->remove = saved_path(c->arena, v->row.s.id, "/remove");
    v->token  = form_token(c);
    crumbs(c);
    page_crumb(c, v->row.s.name, S(""));
    Out o = page_begin(c, v->row.s.name);
    desk_saved_one_view(&o, v);
    return page_end_status(c, &o, status);
}

Err desk_saved_one_page(Ctx *c)
{
    DeskSaved s;
    Round     r;
    SavedOne  v = { 0 };
    TRY(saved_of(c, false, &s, &r, &v.may_change));
    fill_row(c, &s, &r, &v.row);
    v.name = s.name;
    return show_one(c, &v, 200);
}

Err desk_saved_one_action(Ctx *c)
{
    DeskSaved s;
    Round     r;
    SavedOne  v = { 0 };
    TRY(saved_of(c, true, &s, &r, &v.may_change));
    fill_row(c, &s, &r, &v.row);
    v.name = form_str(c, "name");
    if (!name_fine(c, v.name, &v.errors))
        return show_one(c, &v, 422);
    s.name     = v.name;
    s.shared   = form_has(c, "shared");
    s.saved_at = c->now;
    TRY(desk_saved_update(c->db, &s));
    TRY(audit_saved(c, S("desk.change"), &s, &r));
    return redirect_notice(c, S("/console/analysis/tables"), NOTICE_OK, text_fmt(c->arena, c->lang, "desk.saved.done", ARG_S("name", s.name)));
}

Err desk_saved_remove_page(Ctx *c)
{
    DeskSaved s;
    Round     r;
    bool      may;
    TRY(saved_of(c, true, &s, &r, &may));
    crumbs(c);
    page_crumb(c, text_of(c->lang, "desk.saved.remove"), S(""));
    Out o = page_begin(c, text_of(c->lang, "desk.saved.remove"));
    confirm_page(&o, &(ConfirmPage){ .title = text_fmt(c->arena, c->lang, "desk.saved.remove.title", ARG_S("name", s.name)),
                                     .text = text_of(c->lang, "desk.saved.remove.text"), .warning = text_of(c->lang, "desk.saved.remove.warning"),
                                     .action = saved_path(c->arena, s.id, "/remove"), .token = form_token(c), .back_href = saved_path(c->arena, s.id, ""),
                                     .button = text_of(c->lang, "desk.saved.remove"), .danger = true });
    return page_end(c, &o);
}

Err desk_saved_remove_action(Ctx *c)
{
    DeskSaved s;
    Round     r;
    bool      may;
    TRY(saved_of(c, true, &s, &r, &may));
    TRY(desk_saved_remove(c->db, s.id));
    TRY(audit_saved(c, S("desk.remove"), &s, &r));
    return redirect_notice(c, S("/console/analysis/tables"), NOTICE_OK, text_fmt(c->arena, c->lang, "desk.saved.removed", ARG_S("name", s.name)));
}
