/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a record's drawn case tells the analyst: its weight, and by stage stratum, unit, n and N, as estimation needs them. The unit of
 * the last stage is the person or household itself: it is left out, and so is the case's number. */
#include "analysis/rows.h"

#include "field/field.h"

typedef struct Piece { const char *name, *key; VariableKind kind; } Piece;
static const Piece pieces[DESIGN_PIECES] = {
    [DESIGN_STRATUM] = { "td_stratum", "analysis.var.stratum", VAR_TEXT }, [DESIGN_UNIT] = { "td_psu", "analysis.var.psu", VAR_TEXT },
    [DESIGN_N]       = { "td_n", "analysis.var.drawn", VAR_NUMBER },       [DESIGN_POP]  = { "td_pop", "analysis.var.pop", VAR_NUMBER },
};

static Str number_text(Arena *a, double x)
{
    Buf b = buf_new(a, 32);
    buf_f64(&b, x);
    return buf_str(&b);
}

/* parts: [{stratum, unit, n, pop, prob}] by stage, as the sample holds it. */
static Err read_parts(Arena *a, Str parts, TableDesign *d, RecordDesign *row)
{
    const Json *tree;
    int         stage = 0;
    TRY(json_parse(a, parts, &tree));
    JSON_EACH(part, tree) {
        double x;
        if (stage == SAMPLE_STAGES)
            break;
        Str *at = row->at[stage++];
        json_str(json_get(part, S("stratum")), &at[DESIGN_STRATUM]);
        json_str(json_get(part, S("unit")), &at[DESIGN_UNIT]);
        if (json_num(json_get(part, S("n")), &x))
            at[DESIGN_N] = number_text(a, x);
        if (json_num(json_get(part, S("pop")), &x))
            at[DESIGN_POP] = number_text(a, x);
    }
    if (stage > 0)
        row->at[stage - 1][DESIGN_UNIT] = S("");
    d->stages = stage > d->stages ? stage : d->stages;
    return OK;
}

typedef struct Loading { Arena *a; TableDesign *d; } Loading;

static Err add_row(void *self, const CaseDesign *c)
{
    Loading      *l   = self;
    RecordDesign *row = list_add(l->a, &l->d->rows);
    *row = (RecordDesign){ .id = c->id, .weight = number_text(l->a, c->weight) };
    return read_parts(l->a, arena_str(l->a, c->parts), l->d, row);
}

Err case_design_load(Db *db, Arena *a, RoundId round, TableDesign *out)
{
    *out = (TableDesign){ 0 };
    return case_design_each(db, round, add_row, &(Loading){ a, out });
}

void variables_design(Arena *a, const AnalysisTable *t, Variables *out)
{
    int  stages = 0;
    bool any    = false;
    for (size_t i = 0; i < t->round_count; i++) {
        any |= t->rounds[i].design && t->rounds[i].design->rows.len;
        stages = t->rounds[i].design && t->rounds[i].design->stages > stages ? t->rounds[i].design->stages : stages;
    }
    if (!any)
        return;
    *list_add(a, out) = (Variable){ .name = S("td_weight"), .kind = VAR_NUMBER, .of = -1, .mark = -1,
                                    .label = { text_of(LANG_VI, "analysis.var.weight"), text_of(LANG_EN, "analysis.var.weight") } };
    for (int s = 0; s < stages; s++)
        for (int k = 0; k < DESIGN_PIECES; k++) {
            if (k == DESIGN_UNIT && s == stages - 1)
                continue;
            Variable *v = list_add(a, out);
            *v = (Variable){ .name = arena_fmt(a, "%s_%d", pieces[k].name, s + 1), .kind = pieces[k].kind, .of = -1, .mark = -1 };
            for (int l = 0; l < LANG_COUNT; l++)
                v->label[l] = text_fill(a, (Lang)l, text_find((Lang)l, str_from_c(pieces[k].key)), (TextArg[]){ ARG_N("stage", s + 1) }, 1);
        }
}

void design_join(Arena *a, const AnalysisTable *t, TableDesign *d)
{
    d->weight = variable_find(&t->variables, S("td_weight"));
    for (int s = 0; s < SAMPLE_STAGES; s++)
        for (int k = 0; k < DESIGN_PIECES; k++)
            d->variable[s][k] = s < d->stages ? variable_find(&t->variables, arena_fmt(a, "%s_%d", pieces[k].name, s + 1)) : -1;
}

/* Rows of the design and records both come by id. */
void design_fill(TableDesign *d, SubmissionId id, Str *cells)
{
    while (d->next < d->rows.len && d->rows.at[d->next].id.v < id.v)
        d->next++;
    if (d->weight < 0 || d->next == d->rows.len || d->rows.at[d->next].id.v != id.v)
        return;
    cells[d->weight] = d->rows.at[d->next].weight;
    for (int s = 0; s < d->stages; s++)
        for (int k = 0; k < DESIGN_PIECES; k++)
            if (d->variable[s][k] >= 0)
                cells[d->variable[s][k]] = d->rows.at[d->next].at[s][k];
}
