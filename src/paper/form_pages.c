/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One paper form: where it stands and who did what; giving a draft to another clerk, taking a spoilt form out. */
#include "paper/console.h"
#include "paper_form.html.h"

static void row(Ctx *c, PaperFormView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->rows) = (SummaryRow){ .key = key, .value = value };
}

static Str entry_text(Ctx *c, const PaperForm *f, int pass)
{
    if (!f->keyed_by[pass - 1].v)
        return S("");
    Str who = person_name_of(c, f->keyed_by[pass - 1]);
    return f->keyed_done[pass - 1] ? who : text_fmt(c->arena, c->lang, "paper.entry.going_on", ARG_S("who", who));
}

static void rows_of(Ctx *c, PaperFormView *v)
{
    const PaperForm *f = v->f;
    row(c, v, text_of(c->lang, "paper.field.missing_pages"), f->missing_pages);
    row(c, v, text_of(c->lang, "paper.field.first"), entry_text(c, f, 1));
    row(c, v, text_of(c->lang, "paper.field.second"), entry_text(c, f, 2));
    row(c, v, text_of(c->lang, "paper.field.settled_by"),
        f->settled_by.v ? person_name_of(c, f->settled_by) : f->settled_at.ms ? text_of(c->lang, "paper.settled.same") : S(""));
    row(c, v, text_of(c->lang, "paper.field.accepted_by"), person_name_of(c, f->accepted_by));
    row(c, v, text_of(c->lang, "paper.field.void_reason"), f->void_reason);
}

static Err form_view(Ctx *c, PaperFormView *v, const PaperBatch *b, int status)
{
    int pass = 0;
    v->serial     = serial_text(c->arena, v->f->serial);
    v->batch      = b->label;
    v->batch_href = batch_path(c, b, "");
    v->token      = c->page.form_token;
    rows_of(c, v);
    bool manage = right_has(c, RIGHT_PAPER_MANAGE, b->unit);
    for (int i = 0; i < 2; i++)
        if (manage && v->f->keyed_by[i].v && !v->f->keyed_done[i])
            v->release_pass = i + 1;
    v->release_action = form_path(c, v->f, "/release");
    v->void_action    = form_path(c, v->f, "/void");
    v->may_void       = manage && v->f->state < PAPER_SECOND;
    if (right_has(c, RIGHT_PAPER_SETTLE, b->unit) && v->f->state == PAPER_SECOND)
        v->settle_href = form_path(c, v->f, "/settle");
    if (right_has(c, RIGHT_PAPER_KEY, b->unit) && pass_gate(v->f, c->session.person, &pass) == PASS_OPEN) {
        bool begun = v->f->keyed_by[pass - 1].v != 0;
        *(begun ? &v->key_href : &v->key_action) = begun ? form_path(c, v->f, "/key") : batch_path(c, b, "/key");
    }
    c->page.error = v->errors.len > 0;
    page_crumb(c, v->serial, S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "paper.form.title", ARG_S("serial", v->serial)));
    paper_form_view(&o, v);
    return page_end_status(c, &o, status);
}

Err form_page(Ctx *c)
{
    PaperForm     f;
    PaperBatch    b;
    PaperFormView v = { .f = &f };
    TRY(form_of_console(c, RIGHT_PAPER_READ, &f, &b));
    return form_view(c, &v, &b, 200);
}

Err form_release_action(Ctx *c)
{
    PaperForm  f;
    PaperBatch b;
    int64_t    pass = 0;
    TRY(form_of_console(c, RIGHT_PAPER_MANAGE, &f, &b));
    if (!str_to_i64(form_str(c, "pass"), &pass) || pass < 1 || pass > 2)
        return err_new(c->arena, ERR_INVALID, S("an entry is the first or the second"));
    TRY(entry_release(c->db, f.id, (int)pass));
    TRY(audit_paper(c, S("paper.release"), f.id, b.unit, S("from"), person_name_of(c, f.keyed_by[pass - 1])));
    return redirect_notice(c, form_path(c, &f, ""), NOTICE_OK, text_of(c->lang, "paper.done.release"));
}

Err form_void_action(Ctx *c)
{
    PaperForm     f;
    PaperBatch    b;
    PaperFormView v = { .f = &f, .reason = form_str(c, "reason") };
    TRY(form_of_console(c, RIGHT_PAPER_MANAGE, &f, &b));
    if (!v.reason.len || utf8_count(v.reason) > 500) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "paper.fault.reason"));
        return form_view(c, &v, &b, 422);
    }
    if (f.state >= PAPER_SECOND)
        return err_new(c->arena, ERR_CONFLICT, S("the form has been typed twice"));
    f.state       = PAPER_VOID;
    f.void_reason = v.reason;
    TRY(paper_form_save(c->db, &f));
    TRY(audit_paper(c, S("paper.void"), f.id, b.unit, S("reason"), v.reason));
    return redirect_notice(c, form_path(c, &f, ""), NOTICE_OK, text_of(c->lang, "paper.done.void"));
}
