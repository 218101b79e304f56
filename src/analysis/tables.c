/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The tables of some rounds: one of records, and one of the entries of each repeat, joined by td_record and td_parent. */
#include "analysis/rows.h"

/* By cell of a program its variable in the table. */
static const int *variables_of(Arena *a, const AnalysisTable *t, const TableRound *r)
{
    const FormProgram *p = r->program;
    int *at = arena_new(a, int, p->nodes.len + 1);
    for (size_t i = 0; i < p->nodes.len; i++)
        if (p->nodes.at[i].cell >= 0 && p->nodes.at[i].repeat == r->repeat)
            at[p->nodes.at[i].cell] = variable_find(&t->variables, p->nodes.at[i].name);
    return at;
}

static void join_rounds(Arena *a, AnalysisTable *t)
{
    for (size_t i = 0; i < t->round_count; i++) {
        TableRound *r  = &t->rounds[i];
        r->variable_of = variables_of(a, t, r);
        if (r->design)
            design_join(a, t, r->design);
        for (size_t k = 0; k < r->coded_count; k++) {
            Str question         = r->coded[k].frame.question;
            r->coded[k].variable = variable_find(&t->variables, str_concat(a, question, S("_code")));
            r->coded[k].group    = frame_has_groups(&r->coded[k].frame) ? variable_find(&t->variables, str_concat(a, question, S("_group"))) : -1;
        }
    }
}

void table_plan(Arena *a, AnalysisTable *t)
{
    Variables own = { 0 }, asked = { 0 };
    if (t->repeat.len) {
        variables_entry(a, &own);
    } else {
        variables_own(a, &own);
        variables_design(a, t, &own);
    }
    t->own_count = (int)own.len;
    for (size_t i = 0; i < t->round_count; i++)
        if (!t->repeat.len || t->rounds[i].repeat >= 0)
            variables_asked(a, t->rounds[i].program, t->rounds[i].repeat, &asked);
    for (size_t i = 0; i < t->round_count; i++)
        variables_coded(a, &t->rounds[i], &asked);
    for (size_t i = 0; i < asked.len; i++)
        *list_add(a, &own) = asked.at[i];
    t->variables = variables_marked(a, &own);
    t->rows      = -1;
    variables_name(a, &t->variables);
    join_rounds(a, t);
}

static Err load_coded(Db *db, Arena *a, TableRound *r)
{
    CodeFrames frames;
    TRY(code_frame_list(db, a, r->round.id, &frames));
    r->coded = arena_new(a, TableCoded, frames.len + 1);
    for (size_t i = 0; i < frames.len; i++) {
        if (!frames.at[i].codes.len)
            continue;
        TableCoded *coded = &r->coded[r->coded_count++];
        coded->frame = frames.at[i];
        TRY(coded_list(db, a, frames.at[i].id, &coded->rows));
    }
    return OK;
}

static bool repeat_known(const AnalysisTables *tables, Str name)
{
    for (size_t i = 0; i < tables->len; i++)
        if (str_eq(tables->at[i].repeat, name))
            return true;
    return false;
}

/* The same rounds, seen through one repeat. */
static void add_repeat(Arena *a, AnalysisTables *tables, const FormProgram *p, int node)
{
    AnalysisTable *t = list_add(a, tables), *main = &tables->at[0];
    *t = (AnalysisTable){ .repeat = p->nodes.at[node].name, .round_count = main->round_count, .rounds = arena_new(a, TableRound, main->round_count),
                          .label = { form_label(p, node, LANG_VI), form_label(p, node, LANG_EN) } };
    for (size_t i = 0; i < t->round_count; i++) {
        int at       = form_find(main->rounds[i].program, t->repeat);
        t->rounds[i] = (TableRound){ .round = main->rounds[i].round, .program = main->rounds[i].program,
                                     .repeat = at >= 0 && main->rounds[i].program->nodes.at[at].type == Q_REPEAT ? at : NO_REPEAT };
    }
    table_plan(a, t);
}

Err analysis_tables(Db *db, Store *s, Arena *a, const RoundId *rounds, size_t n, AnalysisTables *out)
{
    AnalysisTables tables = { 0 };
    AnalysisTable  t      = { .rounds = arena_new(a, TableRound, n), .round_count = n };
    for (size_t i = 0; i < n; i++) {
        t.rounds[i].repeat = -1;
        TRY(round_load(db, a, rounds[i], &t.rounds[i].round));
        TRY(form_program(db, s, a, t.rounds[i].round.form, &t.rounds[i].program));
        TRY(load_coded(db, a, &t.rounds[i]));
        t.rounds[i].design = arena_new(a, TableDesign, 1);
        TRY(case_design_load(db, a, rounds[i], t.rounds[i].design));
    }
    table_plan(a, &t);
    *list_add(a, &tables) = t;
    for (size_t i = 0; i < n; i++) {
        const FormProgram *p = t.rounds[i].program;
        for (size_t k = 0; k < p->nodes.len; k++)
            if (p->nodes.at[k].type == Q_REPEAT && !repeat_known(&tables, p->nodes.at[k].name))
                add_repeat(a, &tables, p, (int)k);
    }
    *out = tables;
    return OK;
}
