/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What changed between two schemes or versions; a copy for another year; the lock. */
#include "scheme/console.h"

#include "schemes_changes.html.h"
#include "schemes_copy.html.h"

/* ---- What changed ------------------------------------------------------------------------------------------------- */

static Str version_title(Ctx *c, const SchemeRow *row, int64_t version)
{
    return text_fmt(c->arena, c->lang, "scheme.version.of", ARG_S("title", row->title), ARG_N("n", version));
}

Err scheme_changes_page(Ctx *c)
{
    SchemeRow         row, other;
    Scheme            from, to;
    SchemeChangesView v       = { 0 };
    int64_t           version = query_int(c, "version", 0);
    bool              told;
    TRY(scheme_of_path(c, RIGHT_INDEX_READ, &row));
    v.base  = scheme_base(c, row.id);
    v.title = text_of(c->lang, "scheme.change.title");
    if (version < 2 || version > row.version)
        version = row.version;
    if (row.copied_from.v && !query_str(c, "version").len) {
        TRY(scheme_load(c->db, c->arena, row.copied_from, &other));
        if (other.unit.v != UNIT_ROOT)
            TRY(right_need(c, RIGHT_INDEX_READ, other.unit));
        TRY(scheme_opened(c, &other, 0, &from, &told));
        if (!told)
            TRY(scheme_opened(c, &row, 0, &to, &told));
        v.from = other.title;
        v.to   = row.title;
    } else {
        TRY(scheme_opened(c, &row, version > 1 ? version - 1 : 1, &from, &told));
        if (!told)
            TRY(scheme_opened(c, &row, version, &to, &told));
        v.from = version_title(c, &row, version > 1 ? version - 1 : 1);
        v.to   = version_title(c, &row, version);
    }
    if (told)
        return OK;
    scheme_changes(c->arena, c->lang, &from, &to, &v.changes);
    scheme_crumbs(c, &row, v.title);
    Out o = page_begin(c, v.title);
    schemes_changes_view(&o, &v);
    return page_end(c, &o);
}

/* ---- A copy ---------------------------------------------------------------------------------------------------------- */

static Err copy_view(Ctx *c, SchemeCopyView *v, UnitId owner, int status)
{
    TRY(owner_choices(c, RIGHT_INDEX_MANAGE, owner, &v->owners));
    v->base  = scheme_base(c, v->row->id);
    v->token = c->page.form_token;
    c->page.error = v->errors.len > 0;
    scheme_crumbs(c, v->row, text_of(c->lang, "scheme.copy.title"));
    Out o = page_begin(c, text_of(c->lang, "scheme.copy.title"));
    schemes_copy_view(&o, v);
    return page_end_status(c, &o, status);
}

Err scheme_copy_page(Ctx *c)
{
    SchemeRow row;
    Scheme    s;
    bool      told;
    TRY(scheme_of_path(c, RIGHT_INDEX_MANAGE, &row));
    TRY(scheme_opened(c, &row, 0, &s, &told));
    if (told)
        return OK;
    int year = (s.year ? s.year : c->now.ms ? date_ymd(c->today).year : 0) + 1;
    scheme_for_year(c->arena, &s, year);
    SchemeCopyView v = { .row = &row, .code = s.code, .title = s.title, .year = arena_fmt(c->arena, "%d", year) };
    return copy_view(c, &v, row.unit, 200);
}

static void copy_check(Ctx *c, SchemeCopyView *v, int64_t year, int64_t owner)
{
    if (year < 1990 || year > 2200)
        field_error(c, &v->errors, S("year"), text_of(c->lang, "scheme.copy.year.error"));
    if (!v->code.len || v->code.len > 100)
        field_error(c, &v->errors, S("code"), text_of(c->lang, "scheme.copy.code.error"));
    if (!v->title.len || v->title.len > SCHEME_TEXT_BYTES)
        field_error(c, &v->errors, S("title"), text_of(c->lang, "scheme.copy.name.error"));
    if (!owner || !right_has(c, RIGHT_INDEX_MANAGE, (UnitId){ owner }))
        field_error(c, &v->errors, S("owner"), text_of(c->lang, "scheme.import.owner.error"));
}

Err scheme_copy_action(Ctx *c)
{
    SchemeRow row;
    Scheme    s;
    int64_t   year = 0, owner = 0;
    bool      told;
    TRY(scheme_of_path(c, RIGHT_INDEX_MANAGE, &row));
    SchemeCopyView v = { .row = &row, .code = form_str(c, "code"), .title = form_str(c, "title"), .year = form_str(c, "year") };
    str_to_i64(v.year, &year);
    str_to_i64(form_str(c, "owner"), &owner);
    copy_check(c, &v, year, owner);
    if (v.errors.len)
        return copy_view(c, &v, (UnitId){ owner }, 422);
    TRY(scheme_opened(c, &row, 0, &s, &told));
    if (told)
        return OK;
    scheme_for_year(c->arena, &s, (int)year);
    s.code  = v.code;
    s.title = v.title;
    SchemeRow made = { .unit = { owner }, .copied_from = row.id, .made_by = c->session.person, .made_at = c->now };
    Err e = scheme_save(c->db, c->arena, &s, S(""), &made);
    if (err_is(e, ERR_CONFLICT)) {
        field_error(c, &v.errors, S("code"), text_fmt(c->arena, c->lang, "scheme.import.taken", ARG_S("code", v.code)));
        return copy_view(c, &v, (UnitId){ owner }, 422);
    }
    TRY(e);
    TRY(audit_add(c, S("scheme.copy"), S("scheme"), made.id.v, made.unit, arena_fmt(c->arena, "{\"from\":%lld}", (long long)row.id.v)));
    return redirect_notice(c, str_concat(c->arena, scheme_base(c, made.id), S("/changes")), NOTICE_OK, text_of(c->lang, "scheme.copy.done"));
}

/* ---- The lock ----------------------------------------------------------------------------------------------------------- */

Err scheme_lock_page(Ctx *c)
{
    SchemeRow row;
    TRY(scheme_of_path(c, RIGHT_INDEX_MANAGE, &row));
    Str base = scheme_base(c, row.id);
    if (row.locked_at.ms)
        return redirect_notice(c, base, NOTICE_INFO, text_of(c->lang, "scheme.lock.already"));
    scheme_crumbs(c, &row, text_of(c->lang, "scheme.lock"));
    Out o = page_begin(c, text_of(c->lang, "scheme.lock.title"));
    confirm_page(&o, &(ConfirmPage){ .title = text_of(c->lang, "scheme.lock.title"),
                                     .text = text_fmt(c->arena, c->lang, "scheme.lock.text", ARG_S("title", row.title)),
                                     .warning = text_of(c->lang, "scheme.lock.warning"), .action = str_concat(c->arena, base, S("/lock")),
                                     .token = c->page.form_token, .back_href = base, .button = text_of(c->lang, "scheme.lock") });
    return page_end(c, &o);
}

Err scheme_lock_action(Ctx *c)
{
    SchemeRow row;
    TRY(scheme_of_path(c, RIGHT_INDEX_MANAGE, &row));
    Str base = scheme_base(c, row.id);
    if (row.locked_at.ms)
        return redirect_notice(c, base, NOTICE_INFO, text_of(c->lang, "scheme.lock.already"));
    TRY(scheme_lock(c->db, row.id, c->session.person, c->now));
    TRY(audit_add(c, S("scheme.lock"), S("scheme"), row.id.v, row.unit, S("")));
    return redirect_notice(c, base, NOTICE_OK, text_of(c->lang, "scheme.lock.done"));
}
