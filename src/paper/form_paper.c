/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A blank copy of a questionnaire from the console. */
#include "paper/paper.h"

static Err paper_blank_file(Ctx *c)
{
    FormRow    row;
    PaperPrint job = { .lang = c->lang, .agency = c->app->agency };
    Str        pdf;
    int        pages;
    TRY(form_load(c->db, c->arena, (FormId){ path_int(c, "id") }, &row));
    TRY(right_need(c, RIGHT_FORM_READ, row.owner));
    TRY(form_program(c->db, c->store, c->arena, row.id, &job.p));
    if (!lang_parse(query_str(c, "lang"), &job.lang) || !job.p->has_lang[job.lang])
        job.lang = job.p->has_lang[c->lang] ? c->lang : LANG_VI;
    TRY(paper_print(c->arena, &job, &pdf, &pages));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "%.*s-%.*s.pdf", STR_ARG(row.form_id), STR_ARG(row.version)), pdf);
}

const Route paper_console_routes[] = {
    { GET, "/forms/{id}/paper", RIGHT_FORM_READ, paper_blank_file },
    { 0 },
};
