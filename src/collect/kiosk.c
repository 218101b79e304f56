/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A machine at a one-stop desk: back to the start by itself, and nothing of a respondent is left on it. */
#include "collect/respond.h"
#include "respond_idle.html.h"

void kiosk_wait(const Respond *r, int seconds, const char *then)
{
    Str to = respond_href(r, then);
    answer_header(r->c, S("refresh"), arena_fmt(r->c->arena, "%d;url=%.*s", seconds, STR_ARG(to)));
}

Err kiosk_idle_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    kiosk_wait(&r, 20, "/leave");
    HelpBox help = { .phone = c->app->help_phone };
    Out     o    = page_begin(c, text_of(c->lang, "collect.kiosk.title"));
    respond_idle(&o, r.draft.page.len ? site_path(c, r.draft.page) : respond_href(&r, "/check"), respond_href(&r, "/leave"), &help);
    return page_end(c, &o);
}

/* The draft ends with its round; whoever wrote the resume code down can go on elsewhere. */
Err kiosk_leave_page(Ctx *c)
{
    Respond r;
    TRY(respond_open(c, &r));
    respond_carry(&r, &(Carried){ 0 });
    return redirect(c, respond_path(&r, "?c=kiosk"));
}
