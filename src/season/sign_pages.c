/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The leader signs a card: everything is scored and proved or explained; the content is kept, and its sum stands in the audit. The printable card. */
#include "season/work.h"
#include "season/tell.h"

#include "seasons_print.html.h"
#include "seasons_sign.html.h"

static void fact(Ctx *c, SignView *v, Str key, Str value)
{
    *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static void missing_fill(Ctx *c, const CardWork *w, SignView *v)
{
    for (int i = 0; i < (int)w->scheme.len; i++) {
        const SchemeCriterion *x = &w->scheme.at[i];
        if (season_leaf_own(x) && !card_leaf_ready(w, i))
            *list_add(c->arena, &v->missing) = (LeafLine){ .code = x->code, .name = x->name, .href = card_leaf_href(c, w, x->code),
                .max = card_leaf_done(w, i) ? text_of(c->lang, "season.sign.unproved") : text_of(c->lang, "season.sign.open") };
    }
}

/* Why it cannot be signed now; empty: it can. */
static Str why_not(Ctx *c, const CardWork *w)
{
    Date due = card_due(&w->s, &w->card);
    if (w->card.state != CARD_DRAFT)
        return text_of(c->lang, "season.step.gone");
    if (!w->may_sign)
        return text_of(c->lang, "season.sign.outsider");
    if (c->today.day < w->s.calendar.starts.day)
        return text_fmt(c->arena, c->lang, "season.sign.early", ARG_S("day", date_text(c->arena, c->lang, w->s.calendar.starts)));
    if (!date_is_none(due) && c->today.day > due.day)
        return text_fmt(c->arena, c->lang, "season.sign.late", ARG_S("day", date_text(c->arena, c->lang, due)));
    if (w->ready < w->own)
        return text_fmt(c->arena, c->lang, "season.sign.missing", ARG_N("n", w->own - w->ready));
    return S("");
}

static Err sign_view(Ctx *c, const CardWork *w, int status)
{
    SignView v = { .w = w, .base = card_base(c, w->card.id), .token = c->page.form_token, .unit = unit_name_today(c, w->card.unit), .why_not = why_not(c, w) };
    v.action = str_concat(c->arena, v.base, S("/sign"));
    missing_fill(c, w, &v);
    fact(c, &v, text_of(c->lang, "season.unit"), v.unit);
    fact(c, &v, text_of(c->lang, "season.sign.criteria"), text_fmt(c->arena, c->lang, "season.sign.of", ARG_N("n", w->ready), ARG_N("all", w->own)));
    fact(c, &v, text_of(c->lang, "season.sign.points"), text_fmt(c->arena, c->lang, "season.points.of", ARG_S("points", card_points_text(c, w->points)),
                                                                       ARG_S("max", card_points_text(c, w->max))));
    fact(c, &v, text_of(c->lang, "season.sign.files"), num_text(c->arena, c->lang, (int64_t)w->files.len));
    c->page.error = status == 422;
    season_crumbs(c, &w->s, &w->card, text_of(c->lang, "season.step.sign"));
    Out o = page_begin(c, text_of(c->lang, "season.step.sign"));
    seasons_sign_view(&o, &v);
    return page_end_status(c, &o, status);
}

Err card_sign_page(Ctx *c)
{
    CardWork w;
    TRY(card_work(c, RIGHT_CARD_SIGN, &w));
    if (w.told)
        return OK;
    return sign_view(c, &w, 200);
}

Err card_sign_action(Ctx *c)
{
    CardWork w;
    TRY(card_work(c, RIGHT_CARD_SIGN, &w));
    if (w.told)
        return OK;
    if (why_not(c, &w).len)
        return sign_view(c, &w, 422);
    CardSeal seal = { .by = c->session.person, .at = c->now };
    seal.content = card_seal_content(c->arena, &w.s, &w.card, &w.scheme, &w.scores, &w.files, &w.evidence);
    seal.sha256  = sha256_hex(c->arena, seal.content);
    TRY(card_seal_add(c->db, w.card.id, &seal));
    TRY(card_step(c->db, c->arena, &w.card, CARD_STEP_SIGN, S(""), c->session.person, c->now));
    TRY(card_tell_step(c, &w, CARD_STEP_SIGN));
    TRY(audit_add(c, S("card.sign"), S("card"), w.card.id.v, w.card.unit, arena_fmt(c->arena, "{\"sha256\":\"%.*s\"}", STR_ARG(seal.sha256))));
    return redirect_notice(c, card_base(c, w.card.id), NOTICE_OK, text_of(c->lang, "season.sign.done"));
}

/* ---- On paper ---------------------------------------------------------------------------------------------------------- */

Err card_print_page(Ctx *c)
{
    CardWork w;
    CardSeal seal;
    bool     sealed;
    TRY(card_work(c, RIGHT_SEASON_READ, &w));
    if (w.told)
        return OK;
    PrintView v = { .w = &w, .unit = unit_name_today(c, w.card.unit), .base = card_base(c, w.card.id), .points = card_points_text(c, w.points),
                    .max = card_points_text(c, w.max) };
    TRY(card_seal_last(c->db, c->arena, w.card.id, &sealed, &seal));
    v.says = text_of(c->lang, "season.print.draft");
    if (w.card.state == CARD_WITHDRAWN)
        v.says = text_of(c->lang, "season.print.withdrawn");
    else if (sealed && w.card.state != CARD_DRAFT)
        v.says = text_fmt(c->arena, c->lang, "season.print.sealed", ARG_S("who", person_name_of(c, seal.by)),
                          ARG_S("when", time_text(c->arena, c->lang, seal.at)), ARG_S("sum", seal.sha256));
    card_sheet_fill(c, &w, &v.sheet);
    season_crumbs(c, &w.s, &w.card, text_of(c->lang, "season.print"));
    Out o = page_begin(c, text_of(c->lang, "season.print"));
    seasons_print_view(&o, &v);
    return page_end(c, &o);
}
