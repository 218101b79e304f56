/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The inbox: what one person was told, unread first. Nobody reads another's. */
#include "notice/parts.h"

#include "notice_inbox.html.h"

enum { NOTICES_A_PAGE = 50 };
#define INBOX "/console/inbox"

static Str group_name(Ctx *c, NoticeGroup g)
{
    return text_find(c->lang, str_concat(c->arena, S("notice.group."), notice_group_code(g)));
}

static void tab(Ctx *c, InboxView *v, Str label, int64_t n, Str show, Str shown)
{
    *list_add(c->arena, &v->tabs) = (TabItem){
        .label = text_fmt(c->arena, c->lang, "notice.tab", ARG_S("label", label), ARG_N("n", n)), .current = str_eq(show, shown),
        .href = show.len ? str_concat(c->arena, S(INBOX "?show="), show) : S(INBOX) };
}

/* Which notices ?show= names: all, "unread", or one group. */
static Str filter_read(Ctx *c, NoticeFilter *f)
{
    Str show  = query_str(c, "show");
    f->group  = NOTICE_GROUP_COUNT;
    f->unread = str_eq(show, S("unread"));
    return f->unread || notice_group_parse(show, &f->group) ? show : S("");
}

static void lines_fill(Ctx *c, InboxView *v, const NoticeRows *rows)
{
    for (size_t i = 0; i < rows->len; i++) {
        const NoticeRow *x = &rows->at[i];
        *list_add(c->arena, &v->lines) = (InboxLine){
            .id = x->id, .says = notice_sentence(c->arena, c->lang, &x->n, unit_name_today(c, x->n.unit)), .unread = !x->read_at.ms,
            .group = group_name(c, notice_topic_group(x->n.topic)), .when = time_text(c->arena, c->lang, x->made_at) };
    }
}

static Err inbox_page(Ctx *c)
{
    InboxView    v = { .token = c->page.form_token };
    NoticeCounts n;
    NoticeRows   rows;
    NoticeFilter f = { .who = c->session.person, .most = NOTICES_A_PAGE };
    Str          show = filter_read(c, &f);
    int64_t      page = query_page(c);
    f.first = (page - 1) * NOTICES_A_PAGE;
    TRY(notice_counts(c->db, f.who, &n));
    TRY(notice_list(c->db, c->arena, &f, &rows));
    tab(c, &v, text_of(c->lang, "notice.all"), n.all, S(""), show);
    tab(c, &v, text_of(c->lang, "notice.unread"), n.unread, S("unread"), show);
    for (int g = 0; g < NOTICE_GROUP_COUNT; g++)
        if (n.of[g] || f.group == (NoticeGroup)g)
            tab(c, &v, group_name(c, (NoticeGroup)g), n.of[g], notice_group_code((NoticeGroup)g), show);
    int64_t all = f.unread ? n.unread : f.group < NOTICE_GROUP_COUNT ? n.of[f.group] : n.all;
    lines_fill(c, &v, &rows);
    v.unread   = n.unread;
    v.filtered = show.len > 0;
    v.pager    = (Pager){ show.len ? str_join(c->arena, (Str[]){ S(INBOX "?show="), show, S("&page=") }, 3, S("")) : S(INBOX "?page="), page,
                          (all + NOTICES_A_PAGE - 1) / NOTICES_A_PAGE };
    v.back     = arena_fmt(c->arena, "%.*s%lld", STR_ARG(v.pager.base), (long long)page);
    Out o = page_begin(c, text_of(c->lang, "web.nav.console.inbox"));
    notice_inbox_view(&o, &v);
    return page_end(c, &o);
}

static Err notice_typed(Ctx *c, NoticeRow *out)
{
    int64_t id = 0;
    str_to_i64(form_str(c, "id"), &id);
    return notice_load(c->db, c->arena, c->session.person, id, out);
}

/* Only within the inbox. */
static Str page_back(Ctx *c)
{
    Str back = local_path(form_str(c, "back"));
    return str_starts(back, S(INBOX)) ? back : S(INBOX);
}

/* What is opened is read. */
static Err open_action(Ctx *c)
{
    NoticeRow x;
    TRY(notice_typed(c, &x));
    TRY(notice_mark(c->db, c->session.person, x.id, true, c->now));
    return redirect_plain(c, local_path(x.n.href));
}

static Err mark_action(Ctx *c)
{
    NoticeRow x;
    TRY(notice_typed(c, &x));
    TRY(notice_mark(c->db, c->session.person, x.id, !x.read_at.ms, c->now));
    return redirect_plain(c, page_back(c));
}

static Err mark_all_action(Ctx *c)
{
    int64_t n = 0;
    TRY(notice_mark_all(c->db, c->session.person, c->now, &n));
    return redirect_notice(c, page_back(c), NOTICE_OK, text_fmt(c->arena, c->lang, "notice.marked", ARG_N("n", n)));
}

const Route notice_routes[] = {
    { GET,  "/inbox",      RIGHT_SIGNED_IN, inbox_page },
    { POST, "/inbox/open", RIGHT_SIGNED_IN, open_action },
    { POST, "/inbox/mark", RIGHT_SIGNED_IN, mark_action },
    { POST, "/inbox/all",  RIGHT_SIGNED_IN, mark_all_action },
    { 0 },
};
