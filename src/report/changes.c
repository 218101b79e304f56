/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a report says about the round before: a sentence, lines and tables. A rise or a fall is named only where edition/change.c tells one. */
#include "report/parts.h"

#include <math.h>

static Str change_when(const Build *b, bool before)
{
    return before ? edition_when(b->a, &b->s->before, &b->s->e) : edition_when(b->a, &b->s->e, &b->s->before);
}

static Str points(const Build *b, double x)
{
    return real_text(b->a, b->o->lang, x, 2);
}

static Str change_words(const Build *b, const StatsChange *c)
{
    Lang l = b->o->lang;
    Str  key = c->sign > 0 ? text_of(l, "report.change.up") : c->sign < 0 ? text_of(l, "report.change.down") : text_of(l, "report.change.same");
    return isnan(c->low) ? text_of(l, "report.change.unknown") : key;
}

/* "Chỉ số … tăng rõ rệt so với năm trước: từ 80,35% (2025) đến 81,30% (2026), chênh 0,95 điểm % (KTC 95%: 0,4; 1,5)." */
static void index_changed(Build *b, const LookNode *t, const StatsChange *c, Str where)
{
    Lang l = b->o->lang;
    if (isnan(c->x))
        return;
    Str range = isnan(c->low) ? text_of(l, "report.change.no-interval")
                              : str_concat(b->a, S(" "), text_fmt(b->a, l, "report.change.range", ARG_S("low", points(b, c->low)),
                                                                  ARG_S("high", points(b, c->high))));
    Str what = where.len ? text_fmt(b->a, l, "report.change.at", ARG_S("what", topic_label(t, l)), ARG_S("where", where)) : topic_label(t, l);
    RunArg args[] = { { .name = "what", .text = what }, { .name = "says", .text = change_words(b, c) },
                      { .name = "from", .text = points(b, c->before) }, { .name = "to", .text = points(b, c->before + c->x) },
                      { .name = "then", .text = change_when(b, true) }, { .name = "now", .text = change_when(b, false) },
                      { .name = "diff", .text = points(b, c->x), .bold = true }, { .name = "range", .text = range } };
    part_sentence(b, PART_TEXT, text_of(l, "report.change.index"), args, COUNT_OF(args));
}

/* A change without an error is none of the three: nothing is claimed of it. */
static Str names_of(const Build *b, int sign, int64_t *n)
{
    const Units *all = &b->s->look.provinces;
    Str         *names = arena_new(b->a, Str, all->len + 1);
    *n = 0;
    for (size_t i = 0; i < all->len; i++)
        if (!isnan(b->s->moved[i].low) && b->s->moved[i].sign == sign)
            names[(*n)++] = province_label(&all->at[i], b->o->lang);
    return str_join(b->a, names, (size_t)*n, S(", "));
}

/* "7 tỉnh, thành phố tăng rõ rệt: … ; 4 giảm rõ rệt: …; 23 không khác biệt rõ rệt." */
static void provinces_changed(Build *b)
{
    Lang    l = b->o->lang;
    int64_t up, down, same;
    Str     risen = names_of(b, 1, &up), fallen = names_of(b, -1, &down);
    (void)names_of(b, 0, &same);
    if (!(up + down + same))
        return;
    Str none = text_of(l, "report.change.none");
    part_words(b, PART_TEXT, text_fmt(b->a, l, "report.change.provinces", ARG_N("up", up), ARG_S("risen", up ? risen : none), ARG_N("down", down),
                                      ARG_S("fallen", down ? fallen : none), ARG_N("same", same)));
}

static ReportChart *chart_of_changes(Build *b)
{
    SlopeChart x = look_slope(b->a, b->o->lang, &b->s->look, b->s->moved, &b->s->e, &b->s->before);
    if (!x.n)
        return NULL;
    ReportChart *c = chart_new(b, CHART_SLOPE);
    c->slope      = x;
    c->slope.head = chart_head_of(b, x.head.title, x.head.finding);
    return c;
}

static ReportTable *table_new(Build *b, Str name, Str caption, Str first)
{
    const Str then = change_when(b, true), now = change_when(b, false);
    Lang      l = b->o->lang;
    struct { Str label, unit; ReportCellKind kind; double width; } columns[] = {
        { first, S(""), CELL_TEXT, 0.31 }, { then, S("%"), CELL_REAL, 0.1 }, { now, S("%"), CELL_REAL, 0.1 },
        { text_of(l, "report.change.column"), S(""), CELL_REAL, 0.11 }, { text_of(l, "chart.interval"), S(""), CELL_RANGE, 0.2 },
        { text_of(l, "chart.slope.says"), S(""), CELL_TEXT, 0.18 } };
    ReportTable *t = arena_new(b->a, ReportTable, 1);
    *t = (ReportTable){ .name = name, .caption = caption, .note = b->r->source };
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        *list_add(b->a, &t->columns) = (ReportColumn){ .label = columns[i].label, .unit = columns[i].unit, .kind = columns[i].kind, .width = columns[i].width };
    return t;
}

static void row_add(Build *b, ReportTable *t, Str label, const Figure *now, const StatsChange *c, bool strong)
{
    if (isnan(c->x))
        return;
    ReportCell *x = arena_new(b->a, ReportCell, t->columns.len);
    x[0] = cell_text(label);
    x[1] = (ReportCell){ .kind = CELL_REAL, .x = c->before, .decimals = 2 };
    x[2] = cell_value(b, now, 2);
    x[3] = (ReportCell){ .kind = CELL_REAL, .x = c->x, .decimals = 2 };
    x[4] = isnan(c->low) ? (ReportCell){ .kind = CELL_NONE } : (ReportCell){ .kind = CELL_RANGE, .low = c->low, .high = c->high, .decimals = 2 };
    x[5] = cell_text(c->sign || isnan(c->low) ? change_words(b, c) : text_of(b->o->lang, "report.change.same-short"));
    *list_add(b->a, &t->rows) = (ReportRow){ .at = x, .strong = strong };
}

static ReportTable *table_of_nodes(Build *b, const StatsChange *change, Str province)
{
    const Look  *k = &b->s->look;
    Lang         l = b->o->lang;
    ReportTable *t = table_new(b, text_of(l, "report.sheet.change"), text_fmt(b->a, l, "report.change.table", ARG_S("then", change_when(b, true))),
                               text_of(l, "report.column.topic"));
    for (size_t i = 0; i < k->nodes.len; i++)
        row_add(b, t, topic_label(&k->nodes.at[i], l), look_main(k, k->nodes.at[i].code, province), &change[i], (int)i == k->top);
    return t->rows.len ? t : NULL;
}

static ReportTable *table_of_moved(Build *b)
{
    const Look  *k = &b->s->look;
    Lang         l = b->o->lang;
    ReportTable *t = table_new(b, text_of(l, "report.sheet.change-provinces"),
                               text_fmt(b->a, l, "report.change.table-provinces", ARG_S("then", change_when(b, true))), text_of(l, "report.column.province"));
    for (size_t i = 0; i < k->provinces.len; i++)
        row_add(b, t, province_label(&k->provinces.at[i], l), look_main(k, k->nodes.at[k->top].code, k->provinces.at[i].code), &b->s->moved[i], false);
    return t->rows.len ? t : NULL;
}

Str change_note(const Build *b, const StatsChange *c)
{
    Lang l = b->o->lang;
    if (!c->sign)
        return S("");
    Str key = c->sign > 0 ? text_of(l, "report.change.note-up") : text_of(l, "report.change.note-down");
    return text_fill(b->a, l, key, (TextArg[]){ ARG_S("x", points(b, fabs(c->x))), ARG_S("then", change_when(b, true)) }, 2);
}

void part_changes(Build *b, const Unit *province, bool every)
{
    if (!b->s->compared)
        return;
    const Look  *k      = &b->s->look;
    StatsChange *change = look_node_changes(b->a, k, &b->s->was, province ? province->code : S(""));
    if (isnan(change[k->top].x))
        return;
    part_heading(b, 1, every ? text_of(b->o->lang, "report.change.heading-year") : text_of(b->o->lang, "report.change.heading"));
    index_changed(b, &k->nodes.at[k->top], &change[k->top], province ? province_label(province, b->o->lang) : S(""));
    if (!province)
        provinces_changed(b);
    part_table(b, table_of_nodes(b, change, province ? province->code : S("")));
    if (every) {
        part_chart(b, chart_of_changes(b));
        part_table(b, table_of_moved(b));
    }
    part_words(b, PART_NOTE, text_of(b->o->lang, "results.change.rule"));
}
