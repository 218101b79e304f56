/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which columns a questionnaire has. */
#include "snapshot/parts.h"

static void add_marks(Arena *a, const FormProgram *p, int node, SnapVariables *out)
{
    const FormNode *n    = &p->nodes.at[node];
    const FormList *list = &p->lists.at[n->list];
    for (size_t k = 0; k < list->choices.len; k++)
        *list_add(a, out) = (SnapVariable){ SNAP_MARK, node, (int)k, str_join(a, (Str[]){ S("q."), n->name, S("/"), list->choices.at[k].name }, 4, S("")),
                                            COLUMN_U8 };
}

static void add_one(Arena *a, const FormProgram *p, int node, SnapVariables *out)
{
    const FormNode *n    = &p->nodes.at[node];
    Str             name = str_concat(a, S("q."), n->name);
    if (n->type == Q_SELECT_ONE && n->list >= 0)
        *list_add(a, out) = (SnapVariable){ SNAP_CHOICE, node, -1, name, p->lists.at[n->list].choices.len > 254 ? COLUMN_U16 : COLUMN_U8 };
    else if (n->type == Q_SELECT_MULTIPLE && n->list >= 0 && p->lists.at[n->list].choices.len <= MARKS_MOST)
        add_marks(a, p, node, out);
    else if (n->type == Q_INTEGER || n->type == Q_DECIMAL || n->type == Q_RANGE || (n->type == Q_CALCULATE && n->kind == EXPR_NUMBER))
        *list_add(a, out) = (SnapVariable){ SNAP_NUMBER, node, -1, name, COLUMN_F64 };
}

SnapVariables snapshot_variables(Arena *a, const FormProgram *p)
{
    SnapVariables out = { 0 };
    for (size_t i = 0; i < p->nodes.len && out.len < VARIABLES_MOST; i++)
        if (p->nodes.at[i].answer >= 0 && p->nodes.at[i].repeat < 0)
            add_one(a, p, (int)i, &out);
    return out;
}

int snapshot_variable(const SnapVariables *list, Str column)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].column, column))
            return (int)i;
    return -1;
}

/* ---- Answers to values ------------------------------------------------------------------------------------------------ */

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const ChoicePlace *)x)->name, ((const ChoicePlace *)y)->name);
}

/* Names of a list in order, for finding one among thousands. */
static ChoicePlace *places_of(Arena *a, const FormList *list)
{
    ChoicePlace *at = arena_new(a, ChoicePlace, list->choices.len + 1);
    for (size_t k = 0; k < list->choices.len; k++)
        at[k] = (ChoicePlace){ list->choices.at[k].name, (uint16_t)(k + 1) };
    qsort(at, list->choices.len, sizeof *at, by_name);
    return at;
}

static uint16_t place_of(const Question *q, Str name)
{
    ChoicePlace wanted = { .name = name }, *hit = bsearch(&wanted, q->places, q->place_count, sizeof *q->places, by_name);
    return hit ? hit->place : 0;
}

Questions questions_of(Arena *a, const FormProgram *p, const SnapVariables *v)
{
    Questions out = { 0 };
    for (size_t i = 0; i < v->len; i++) {
        const FormNode *n = &p->nodes.at[v->at[i].node];
        if (out.len && str_eq(out.at[out.len - 1].name, n->name)) {
            out.at[out.len - 1].count++;
            continue;
        }
        Question *q = list_add(a, &out);
        *q = (Question){ .name = n->name, .first = i, .count = 1, .kind = v->at[i].kind };
        if (q->kind != SNAP_NUMBER) {
            const FormList *list = &p->lists.at[n->list];
            q->places      = places_of(a, list);
            q->place_count = list->choices.len;
        }
    }
    return out;
}

static void put_marks(const Question *q, uint8_t **column, size_t row, Str text)
{
    for (size_t k = 0; k < q->count; k++)
        column[q->first + k][row] = 1;
    while (text.len) {
        StrPair  p  = str_cut(text, ' ');
        uint16_t at = place_of(q, p.head);
        text = p.tail;
        if (at && at <= q->count)
            column[q->first + at - 1][row] = 2;
    }
}

static void put_answer(const Question *q, const SnapVariables *v, uint8_t **column, size_t row, Str text)
{
    double   x;
    uint16_t place;
    if (!text.len)
        return;
    switch (q->kind) {
    case SNAP_MARK:
        put_marks(q, column, row, text);
        break;
    case SNAP_CHOICE:
        place = place_of(q, text);
        if (v->at[q->first].type == COLUMN_U8)
            column[q->first][row] = (uint8_t)place;
        else
            memcpy(column[q->first] + 2 * row, &place, sizeof place);
        break;
    case SNAP_NUMBER:
        if (str_to_f64(text, &x) && isfinite(x))
            memcpy(column[q->first] + 8 * row, &x, sizeof x);
        break;
    }
}

void put_answers(const Questions *questions, const SnapVariables *v, uint8_t **column, size_t row, const Json *answers)
{
    size_t next = 0;
    Str    text;
    for (size_t i = 0; i < v->len; i++)
        if (v->at[i].kind == SNAP_NUMBER)
            memcpy(column[i] + 8 * row, &(double){ NAN }, sizeof(double));
        else
            memset(column[i] + row * column_width(v->at[i].type), 0, column_width(v->at[i].type));
    JSON_EACH(member, answers)           /* answers come in the order of the sheet: the next question is the likely one */
        for (size_t tried = 0; tried < questions->len; tried++) {
            const Question *q = &questions->at[next];
            next = next + 1 == questions->len ? 0 : next + 1;
            if (!str_eq(q->name, member->key))
                continue;
            if (json_str(member, &text))
                put_answer(q, v, column, row, text);
            break;
        }
}
