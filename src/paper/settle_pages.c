/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where two entries differ a third person, with the sheet in hand, decides: the first, the second, or something else. */
#include "paper/console.h"
#include "paper_settle.html.h"

enum { REASON_MOST = 500 };

typedef struct Desk {
    PaperForm f; PaperBatch b; const FormProgram *p; PaperMap map; Keyed first, second, final; PaperDifferences rows; PaperKeeps clerks, kept;
} Desk;

static Err keyed_of(Ctx *c, Desk *d, int pass, Keyed *out)
{
    PaperEntry e;
    PaperKeeps keeps;
    TRY(entry_load(c->db, c->arena, d->f.id, pass, &e));
    TRY(keyed_load(c->arena, d->p, e.answers, e.typed, out));
    TRY(keeps_load(c->db, c->arena, d->f.id, pass, &keeps));
    for (size_t i = 0; i < keeps.len; i++)
        *list_add(c->arena, &d->clerks) = keeps.at[i];
    return OK;
}

static Err desk_load(Ctx *c, Desk *d)
{
    Round r;
    TRY(form_of_console(c, RIGHT_PAPER_SETTLE, &d->f, &d->b));
    TRY(round_load(c->db, c->arena, d->f.round, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &d->p));
    d->map = paper_map(c->arena, d->p);
    if (d->f.state != PAPER_SECOND)
        return OK;
    TRY(keyed_of(c, d, 1, &d->first));
    TRY(keyed_of(c, d, 2, &d->second));
    TRY(differences_load(c->db, c->arena, d->f.id, &d->rows));
    return keyed_of(c, d, 1, &d->final);
}

/* Who typed it does not settle it. */
static bool may_settle(Ctx *c, const Desk *d)
{
    return d->f.state == PAPER_SECOND && d->f.keyed_by[0].v != c->session.person.v && d->f.keyed_by[1].v != c->session.person.v;
}

static Err sent_away(Ctx *c, const Desk *d)
{
    Str why = d->f.state == PAPER_SECOND ? text_of(c->lang, "paper.settle.own") : text_of(c->lang, "paper.settle.over");
    return redirect_notice(c, form_path(c, &d->f, ""), NOTICE_WARN, why);
}

/* ---- Showing ---------------------------------------------------------------------------------------------------------------- */

static Str posted(Ctx *c, const char *prefix, Str name)
{
    return form_str(c, arena_c(c->arena, arena_fmt(c->arena, "%s.%.*s", prefix, STR_ARG(name))));
}

static void line_of(Ctx *c, const Desk *d, const PaperDifference *x, PaperCell at, SettleView *v)
{
    SettleLine line = { .name = x->question, .number = paper_cell_number(c->arena, &d->map, at), .label = paper_cell_label(c, &d->map, at),
                        .first = keyed_words(c->arena, &d->map, at, &d->first, c->lang), .second = keyed_words(c->arena, &d->map, at, &d->second, c->lang),
                        .choice = posted(c, "take", x->question), .other = posted(c, "other", x->question),
                        .error = field_error_of(&v->errors, arena_fmt(c->arena, "take.%.*s", STR_ARG(x->question))) };
    *list_add(c->arena, &v->lines) = line;
}

static Err show(Ctx *c, const Desk *d, SettleView *v, int status)
{
    v->f         = &d->f;
    v->serial    = serial_text(c->arena, d->f.serial);
    v->action    = form_path(c, &d->f, "/settle");
    v->token     = c->page.form_token;
    v->revision  = arena_fmt(c->arena, "%lld", (long long)d->f.revision);
    v->back_href = batch_path(c, &d->b, "");
    v->first_by  = person_name_of(c, d->f.keyed_by[0]);
    v->second_by = person_name_of(c, d->f.keyed_by[1]);
    PaperCells cells = { 0 };
    keyed_cells(c->arena, &d->map, 0, (int)d->p->nodes.len, &d->first, &d->second, 0, &cells);
    for (size_t i = 0; i < cells.len; i++)                   /* in the order of the form */
        for (size_t k = 0; k < d->rows.len; k++)
            if (str_eq(d->rows.at[k].question, paper_cell_key(c->arena, d->p, cells.at[i])))
                line_of(c, d, &d->rows.at[k], cells.at[i], v);
    c->page.error = v->errors.len > 0;
    page_crumb(c, v->serial, S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "paper.settle.title", ARG_S("serial", v->serial)));
    paper_settle_view(&o, v);
    return page_end_status(c, &o, status);
}

Err settle_page(Ctx *c)
{
    Desk       d = { 0 };
    SettleView v = { 0 };
    TRY(desk_load(c, &d));
    return may_settle(c, &d) ? show(c, &d, &v, 200) : sent_away(c, &d);
}

/* ---- Deciding ---------------------------------------------------------------------------------------------------------------- */

static void decide(Ctx *c, Desk *d, PaperDifference *x, SettleView *v)
{
    PaperCell at;
    Str       take = posted(c, "take", x->question);
    if (!paper_cell_find(d->p, x->question, &at))
        return;
    if (str_eq(take, S("first")))
        keyed_set(c->arena, d->p, at, x->first, &d->final);
    else if (str_eq(take, S("second")))
        keyed_set(c->arena, d->p, at, x->second, &d->final);
    else if (str_eq(take, S("other")))
        keyed_read(c->arena, &d->map, at, c->lang, posted(c, "other", x->question), &d->final);
    else
        field_error(c, &v->errors, arena_fmt(c->arena, "take.%.*s", STR_ARG(x->question)),
                    text_fmt(c->arena, c->lang, "paper.settle.choose", ARG_S("n", paper_cell_number(c->arena, &d->map, at))));
    x->final   = keyed_value(c->arena, d->p, at, &d->final);
    x->settled = true;
    x->wrong   = (str_eq(x->final, x->first) ? 0 : 1) + (str_eq(x->final, x->second) ? 0 : 2);
}

/* Broken rules of the result: a reason of a clerk stands, others are asked for here. */
static void rules_of(Ctx *c, Desk *d, SettleView *v)
{
    PaperIssues issues = { 0 };
    keyed_faults(c->arena, &d->map, &d->final, c->now, c->lang, &issues);
    for (size_t i = 0; i < issues.len; i++) {
        PaperCell        at   = issues.at[i].at;
        Str              name = paper_cell_key(c->arena, d->p, at), reason = posted(c, "reason", name);
        const PaperKeep *keep = keep_find(&d->clerks, name);
        if (utf8_count(reason) > REASON_MOST)
            reason = S("");
        reason = reason.len ? reason : keep ? keep->reason : S("");
        if (reason.len)
            *list_add(c->arena, &d->kept) = (PaperKeep){ name, issues.at[i].fault, reason, c->session.person };
        else
            field_error(c, &v->errors, arena_fmt(c->arena, "reason.%.*s", STR_ARG(name)),
                        text_fmt(c->arena, c->lang, "paper.entry.fault_at", ARG_S("q", paper_cell_number(c->arena, &d->map, at)),
                                 ARG_S("message", issues.at[i].message)));
        *list_add(c->arena, &v->rules) = (EntryLine){ .name = name, .number = paper_cell_number(c->arena, &d->map, at),
                                                      .label = paper_cell_label(c, &d->map, at), .error = issues.at[i].message, .reason = reason };
    }
}

Err settle_action(Ctx *c)
{
    Desk       d = { 0 };
    SettleView v = { 0 };
    TRY(desk_load(c, &d));
    if (!may_settle(c, &d))
        return sent_away(c, &d);
    for (size_t i = 0; i < d.rows.len; i++)
        decide(c, &d, &d.rows.at[i], &v);
    keyed_pack(c->arena, &d.map, &d.final);
    if (!v.errors.len)
        rules_of(c, &d, &v);
    if (v.errors.len)
        return show(c, &d, &v, 422);
    d.f.state         = PAPER_SETTLED;
    d.f.settled_by    = c->session.person;
    d.f.settled_at    = c->now;
    d.f.final_answers = keyed_json(c->arena, d.p, &d.final.x);
    TRY(differences_save(c->db, d.f.id, &d.rows, c->session.person, c->now));
    TRY(keeps_save(c->db, d.f.id, 0, &d.kept));
    TRY(paper_form_save(c->db, &d.f));
    TRY(audit_paper(c, S("paper.settle"), d.f.id, d.b.unit, S("differences"), arena_fmt(c->arena, "%zu", d.rows.len)));
    return redirect_notice(c, batch_path(c, &d.b, ""), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "paper.done.settle", ARG_S("serial", serial_text(c->arena, d.f.serial))));
}
