/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paper to download: a blank copy of a questionnaire, and numbered copies for a round. */
#include "paper/console.h"
#include "paper_prints.html.h"

static int64_t rows_asked(Ctx *c)
{
    int64_t rows = query_int(c, "rows", ROWS_USUAL);
    return rows < 1 || rows > ROWS_MOST ? ROWS_USUAL : rows;
}

Err paper_blank_file(Ctx *c)
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
    job.rows = rows_asked(c);
    TRY(paper_print(c->arena, &job, &pdf, &pages));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "%.*s-%.*s.pdf", STR_ARG(row.form_id), STR_ARG(row.version)), pdf);
}

/* ---- Numbered copies --------------------------------------------------------------------------------------------------- */

static bool repeats(const FormProgram *p)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        if (p->nodes.at[i].type == Q_REPEAT)
            return true;
    return false;
}

static void parts_of(Ctx *c, RunLine *line, Str rest)
{
    const PaperRun *r = line->r;
    for (int64_t from = r->first; from <= r->last; from += RUN_PART) {
        int64_t to = from + RUN_PART - 1 < r->last ? from + RUN_PART - 1 : r->last;
        *list_add(c->arena, &line->parts) = (TabItem){
            arena_fmt(c->arena, "%.*s – %.*s", STR_ARG(serial_text(c->arena, from)), STR_ARG(serial_text(c->arena, to))),
            arena_fmt(c->arena, "/console/paper/prints/%lld/file?from=%lld%.*s", (long long)r->id, (long long)from, STR_ARG(rest)), false };
    }
}

static Err run_lines(Ctx *c, RunsView *v)
{
    Rounds rounds;
    TRY(round_list(c->db, c->arena, &rounds));
    for (size_t i = 0; i < rounds.len; i++) {
        PaperRuns *runs = arena_new(c->arena, PaperRuns, 1);
        TRY(run_list(c->db, c->arena, rounds.at[i].id, runs));
        for (size_t k = 0; k < runs->len; k++) {
            const PaperRun *r = &runs->at[k];
            if (!right_has(c, RIGHT_PAPER_MANAGE, r->unit))
                continue;
            RunLine *line = list_add(c->arena, &v->runs);
            *line = (RunLine){ .r = r, .round = round_title(&rounds.at[i], c->lang), .unit = unit_name_today(c, r->unit),
                               .first = serial_text(c->arena, r->first), .last = serial_text(c->arena, r->last), .by = person_name_of(c, r->by) };
            const FormProgram *p;
            TRY(form_program(c->db, c->store, c->arena, rounds.at[i].form, &p));
            v->has_rows |= repeats(p);
            parts_of(c, line, repeats(p) ? arena_fmt(c->arena, "&rows=%lld", (long long)v->rows) : S(""));
        }
    }
    return OK;
}

static Err runs_view(Ctx *c, RunsView *v, RoundId round, UnitId unit, int status)
{
    v->token = c->page.form_token;
    v->rounds.len = v->units.len = 0;
    v->rows = rows_asked(c);
    TRY(run_lines(c, v));
    TRY(round_choices(c, round, &v->rounds));
    TRY(owner_choices(c, RIGHT_PAPER_MANAGE, unit, &v->units));
    for (int l = 0; l < LANG_COUNT; l++)
        *list_add(c->arena, &v->langs) = (Choice){ .value = lang_code((Lang)l), .label = lang_own_name((Lang)l), .chosen = l == LANG_VI };
    c->page.error = v->errors.len > 0;
    paper_crumbs(c, NULL);
    page_crumb(c, text_of(c->lang, "paper.prints.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "paper.prints.title"));
    paper_prints_view(&o, v);
    return page_end_status(c, &o, status);
}

Err paper_runs_page(Ctx *c)
{
    RunsView v = { .count = S("100") };
    return runs_view(c, &v, (RoundId){ query_int(c, "round", 0) }, c->session.main_unit, 200);
}

Err paper_runs_action(Ctx *c)
{
    RunsView v = { .count = form_str(c, "count") };
    PaperRun r = { .by = c->session.person, .at = c->now };
    int64_t  count = 0;
    TRY(round_choices(c, r.round, &v.rounds));
    str_to_i64(form_str(c, "round"), &r.round.v);
    str_to_i64(form_str(c, "unit"), &r.unit.v);
    if (!choice_taken(&v.rounds, form_str(c, "round")))
        field_error(c, &v.errors, S("round"), text_of(c->lang, "paper.fault.round"));
    else
        TRY(paper_taken(c, r.round, &v.errors));
    if (!r.unit.v || !right_has(c, RIGHT_PAPER_MANAGE, r.unit))
        field_error(c, &v.errors, S("unit"), text_of(c->lang, "paper.fault.unit"));
    if (!str_to_i64(v.count, &count) || count < 1 || count > RUN_MOST)
        field_error(c, &v.errors, S("count"), text_fmt(c->arena, c->lang, "paper.fault.copies", ARG_N("n", RUN_MOST)));
    if (!lang_parse(form_str(c, "lang"), &r.lang))
        field_error(c, &v.errors, S("lang"), text_of(c->lang, "paper.fault.lang"));
    if (v.errors.len)
        return runs_view(c, &v, r.round, r.unit, 422);
    TRY(right_need(c, RIGHT_PAPER_MANAGE, r.unit));
    TRY(run_make(c->db, c->arena, count, &r));
    Str range = arena_fmt(c->arena, "%lld-%lld", (long long)r.first, (long long)r.last);
    TRY(audit_paper(c, S("paper.print"), r.id, r.unit, S("serials"), range));
    return redirect_notice(c, S("/console/paper/prints"), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "paper.done.prints", ARG_S("first", serial_text(c->arena, r.first)),
                                    ARG_S("last", serial_text(c->arena, r.last))));
}

Err paper_run_file(Ctx *c)
{
    PaperRun   r;
    Round      round;
    PaperPrint job = { .agency = c->app->agency };
    Str        pdf;
    int        pages;
    TRY(run_load(c->db, c->arena, path_int(c, "id"), &r));
    TRY(right_need(c, RIGHT_PAPER_MANAGE, r.unit));
    TRY(round_load(c->db, c->arena, r.round, &round));
    TRY(form_program(c->db, c->store, c->arena, round.form, &job.p));
    job.lang  = job.p->has_lang[r.lang] ? r.lang : LANG_VI;
    job.first = query_int(c, "from", r.first);
    if (job.first < r.first || job.first > r.last)
        return err_new(c->arena, ERR_NOT_FOUND, S("these numbers belong to another print"));
    job.count = r.last - job.first + 1 < RUN_PART ? r.last - job.first + 1 : RUN_PART;
    job.rows = rows_asked(c);
    TRY(paper_print(c->arena, &job, &pdf, &pages));
    return answer_file(c, S("application/pdf"), arena_fmt(c->arena, "phieu-%.*s-%lld.pdf", STR_ARG(round.code), (long long)job.first), pdf);
}
