/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages: surveys open now, verifying a receipt, the card for other sites. */
#include "collect/console.h"
#include "collect/respond.h"
#include "surveys_open.html.h"

static Err surveys_page(Ctx *c)
{
    Rounds      rounds;
    SurveysView v = { .receipt_href = site_path(c, S("/receipt")) };
    TRY(round_open_list(c->db, c->arena, c->now, &rounds));
    for (size_t i = 0; i < rounds.len; i++) {
        const Round       *r = &rounds.at[i];
        const FormProgram *p;
        TRY(form_program(c->db, c->store, c->arena, r->form, &p));
        int64_t questions = form_question_count(p);
        *list_add(c->arena, &v.rows) = (SurveyRow){ r, round_state_at(r, c->now), round_agency(c, r->owner),
            site_path(c, arena_fmt(c->arena, "/s/%.*s", STR_ARG(r->code))), (questions + 3) / 4, questions };
    }
    c->page.description = text_of(c->lang, "collect.surveys.text");
    Out o = page_begin(c, text_of(c->lang, "collect.surveys.title"));
    page_crumb(c, text_of(c->lang, "common.home"), S("/"));
    page_crumb(c, c->page.title, S(""));
    surveys_open(&o, &v);
    return page_end(c, &o);
}

const Route collect_public_routes[] = {
    { GET, "/surveys",            RIGHT_PUBLIC, surveys_page, ROUTE_CACHED },
    { GET, "/receipt",            RIGHT_PUBLIC, receipt_page },
    { GET, "/embed/round/{code}", RIGHT_PUBLIC, round_embed_page,   ROUTE_EMBED | ROUTE_CACHED },
    { 0 },
};
