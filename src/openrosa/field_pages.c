/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What phones have sent, as lists: records with findings, late ones, those that wait for files, what was put aside. */
#include "openrosa/pages.h"

#include "field_list.html.h"
#include "field_quarantine.html.h"

enum { PAGE_ROWS = 50 };

Str flag_text(Lang l, Str flag)
{
    char key[64];
    Str  all = { key, 0 };
    if (flag.len > 40)
        return flag;
    memcpy(key, "phone.flag.", 11);
    memcpy(key + 11, flag.at, flag.len);
    all.len  = 11 + flag.len;
    Str text = text_find(l, all);
    return text.len ? text : flag;
}

Str aside_text(Lang l, Str reason)
{
    if (str_eq(reason, S("conflict")))
        return text_of(l, "phone.aside.conflict");
    if (str_eq(reason, S("unknown_form")))
        return text_of(l, "phone.aside.unknown_form");
    return str_eq(reason, S("unknown_version")) ? text_of(l, "phone.aside.unknown_version") : text_of(l, "phone.aside.plain_beside");
}

CountTag count_tag(Lang l, const FieldRow *f)
{
    if (f->withdrawn)
        return (CountTag){ TAG_OFF, ICON_CLOSE, text_of(l, "phone.counts.withdrawn") };
    if (str_eq(f->left_out, S("late")))
        return (CountTag){ TAG_WARN, ICON_CLOCK, text_of(l, "phone.counts.late") };
    if (str_eq(f->left_out, S("encrypted")))
        return (CountTag){ TAG_WARN, ICON_LOCK, text_of(l, "phone.counts.encrypted") };
    if (str_eq(f->left_out, S("excluded")))
        return (CountTag){ TAG_BAD, ICON_CLOSE, text_of(l, "phone.counts.excluded") };
    if (str_eq(f->left_out, S("superseded")))
        return (CountTag){ TAG_OFF, ICON_DOC, text_of(l, "phone.counts.superseded") };
    return (CountTag){ TAG_OK, ICON_CHECK, text_of(l, "phone.counts.yes") };
}

/* ---- Records ------------------------------------------------------------------------------------------------------- */
static const Str filters[FIELD_FILTER_COUNT] = { S_INIT("all"), S_INIT("flagged"), S_INIT("late"), S_INIT("waiting") };

static FieldFilter filter_asked(Ctx *c)
{
    Str asked = query_str(c, "show");
    for (int i = 0; i < FIELD_FILTER_COUNT; i++)
        if (str_eq(asked, filters[i]))
            return (FieldFilter)i;
    return FIELD_ALL;
}

static Str tab_label(Ctx *c, FieldFilter f, const FieldTotals *t)
{
    switch (f) {
    case FIELD_FLAGGED: return text_fmt(c->arena, c->lang, "phone.tab.flagged", ARG_N("n", t->flagged));
    case FIELD_LATE: return text_fmt(c->arena, c->lang, "phone.tab.late", ARG_N("n", t->late));
    case FIELD_WAITING: return text_fmt(c->arena, c->lang, "phone.tab.waiting", ARG_N("n", t->waiting));
    default: return text_fmt(c->arena, c->lang, "phone.tab.all", ARG_N("n", t->all));
    }
}

static int64_t total_of(const FieldTotals *t, FieldFilter f)
{
    return f == FIELD_FLAGGED ? t->flagged : f == FIELD_LATE ? t->late : f == FIELD_WAITING ? t->waiting : t->all;
}

/* A code as typed: "7h4kq2" finds "7H4K-Q2". */
static Str code_asked(Ctx *c)
{
    Str  typed = query_str(c, "code");
    char word[7];
    int  n = 0;
    for (size_t i = 0; i < typed.len && n < 7; i++) {
        char ch = typed.at[i];
        if (ch == ' ' || ch == '-')
            continue;
        word[n++] = ch >= 'a' && ch <= 'z' ? (char)(ch - 32) : ch;
    }
    return n == 6 ? arena_fmt(c->arena, "%.4s-%.2s", word, word + 4) : typed;
}

Err field_list_page(Ctx *c)
{
    Round         r;
    FieldTotals   totals;
    FieldRows     rows;
    TabItem       tabs[FIELD_FILTER_COUNT];
    FieldFilter   f    = filter_asked(c);
    Str           code = code_asked(c);
    int64_t       page = query_page(c);
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    TRY(field_totals(c->db, r.id, c->now, &totals));
    TRY(field_list(c->db, c->arena, r.id, f, code, (page - 1) * PAGE_ROWS, PAGE_ROWS, &rows));
    FieldListView v = { .r = &r, .tabs = tabs, .tab_count = COUNT_OF(tabs), .code = code, .searched = code.len != 0, .aside = totals.quarantined,
                        .overdue = totals.overdue, .overdue_href = round_console_path(c, &r, "/field?show=waiting"),
                        .action = round_console_path(c, &r, "/field"), .devices_href = round_console_path(c, &r, "/devices"),
                        .aside_href = round_console_path(c, &r, "/field/aside") };
    for (int i = 0; i < FIELD_FILTER_COUNT; i++)
        tabs[i] = (TabItem){ tab_label(c, (FieldFilter)i, &totals), arena_fmt(c->arena, "%.*s?show=%.*s", STR_ARG(v.action), STR_ARG(filters[i])),
                             f == (FieldFilter)i };
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, &v.rows) = (FieldRowView){ &rows.at[i], arena_fmt(c->arena, "%.*s/%lld", STR_ARG(v.action), (long long)rows.at[i].id.v),
                                                       unit_name_today(c, rows.at[i].unit) };
    int64_t pages = code.len ? 1 : (total_of(&totals, f) + PAGE_ROWS - 1) / PAGE_ROWS;
    v.pager = (Pager){ arena_fmt(c->arena, "%.*s?show=%.*s&page=", STR_ARG(v.action), STR_ARG(filters[f])), page, pages };
    Out o = page_begin(c, text_of(c->lang, "phone.list.title"));
    page_crumb(c, c->page.title, S(""));
    field_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- What was put aside ---------------------------------------------------------------------------------------------- */
static Err aside_view(Ctx *c, const Round *r, AsideView *v, int status)
{
    QuarantineRows rows;
    TRY(quarantine_list(c->db, c->arena, r->id, &rows));
    bool may = right_has(c, RIGHT_SUBMISSION_SETTLE, r->owner);
    v->r         = r;
    v->token     = c->page.form_token;
    v->back_href = round_console_path(c, r, "/field");
    for (size_t i = 0; i < rows.len; i++) {
        const Quarantined *q    = &rows.at[i];
        Str                path = arena_fmt(c->arena, "%.*s/aside/%lld", STR_ARG(v->back_href), (long long)q->id);
        *list_add(c->arena, &v->rows) = (AsideRow){
            q, str_concat(c->arena, path, S("/file")),
            q->submission.v ? arena_fmt(c->arena, "%.*s/%lld", STR_ARG(v->back_href), (long long)q->submission.v) : S(""),
            may && !q->settled_at.ms ? path : S("") };
    }
    Out o = page_begin(c, text_of(c->lang, "phone.aside.title"));
    page_crumb(c, text_of(c->lang, "phone.list.title"), v->back_href);
    page_crumb(c, c->page.title, S(""));
    field_quarantine_view(&o, v);
    return page_end_status(c, &o, status);
}

Err field_aside_page(Ctx *c)
{
    Round     r;
    AsideView v = { 0 };
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    return aside_view(c, &r, &v, 200);
}

/* The item of {item} when it belongs to this round or to a phone of it. */
static Err aside_of(Ctx *c, const Round *r, Quarantined *out)
{
    DeviceRows devices;
    TRY(quarantine_load(c->db, c->arena, path_int(c, "item"), out));
    if (out->round.v == r->id.v)
        return OK;
    TRY(device_list(c->db, c->arena, r->id, &devices));
    for (size_t i = 0; i < devices.len && out->round.v == 0; i++)
        if (devices.at[i].id.v == out->device.v)
            return OK;
    return err_new(c->arena, ERR_NOT_FOUND, S("quarantine"));
}

Err field_aside_file(Ctx *c)
{
    Round       r;
    Quarantined q;
    Str         bytes;
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    TRY(aside_of(c, &r, &q));
    bytes = q.body;
    if (q.name.len) {
        TRY(answer_file(c, S("application/octet-stream"), q.name, S("")));
        c->task->res.file = files_path(c->store, c->arena, q.sum);
    } else {
        TRY(answer_file(c, S("application/octet-stream"), arena_fmt(c->arena, "phieu-%lld.xml", (long long)q.id), bytes));
    }
    answer_header(c, S("content-security-policy"), S("sandbox; default-src 'none'"));
    return OK;
}

Err field_aside_action(Ctx *c)
{
    Round       r;
    Quarantined q;
    AsideView   v      = { .wrong = path_int(c, "item") };
    Str         name   = arena_fmt(c->arena, "reason_%lld", (long long)v.wrong);      /* several such forms stand on one page */
    Str         reason = form_str(c, arena_c(c->arena, name));
    TRY(round_of_console(c, RIGHT_SUBMISSION_SETTLE, &r));
    TRY(aside_of(c, &r, &q));
    if (!reason.len || utf8_count(reason) > 1000) {
        field_error(c, &v.errors, name, text_of(c->lang, "phone.fault.reason"));
        return aside_view(c, &r, &v, 422);
    }
    TRY(quarantine_settle(c->db, c->arena, q.id, c->session.who.name, reason, c->now));
    Buf detail = buf_new(c->arena, 64);
    buf_lit(&detail, "{\"reason\":");
    buf_json_str(&detail, reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("submission.aside_settle"), S("quarantine"), q.id, r.owner, buf_str(&detail)));
    return redirect_notice(c, round_console_path(c, &r, "/field/aside"), NOTICE_OK, text_of(c->lang, "phone.aside.done"));
}
