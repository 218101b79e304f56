/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A scheme as rows of a spreadsheet, in the reader's words; table.c reads them back. */
#include "scheme/parts.h"

#include "base/csv.h"
#include "base/xlsx.h"

enum { CELLS = 12 };
static const char *const columns[CELLS] = { "code", "parent", "name", "max", "effect", "method", "rule", "of", "params", "evidence", "note",
                                             "inputs" };

typedef struct Line { Str at[CELLS]; double max; } Line;          /* max NAN: its cell is empty or a text */
typedef LIST(Line) Lines;

static Str word(Arena *a, Lang l, const char *prefix, Str code)
{
    return text_find(l, str_concat(a, str_from_c(prefix), code));
}

static Str plain(Arena *a, double x)
{
    return scheme_num(a, (SchemeWords){ .plain = true }, x);
}

/* ---- Parameters ---------------------------------------------------------------------------------------------------- */

static void param(Arena *a, Buf *b, Lang l, RuleMember m, Str value)
{
    Str name = word(a, l, "scheme.param.", scheme_rule_members[m]);
    buf_fmt(b, "%s%.*s = %.*s", b->len ? "; " : "", STR_ARG(name), STR_ARG(value));
}

static Str params_text(Arena *a, Lang l, const SchemeRule *r)
{
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < r->step_count; i++) {
        Str bound = r->kind == RULE_CHOICE ? r->steps[i].value : plain(a, r->steps[i].bound), points = plain(a, r->steps[i].points);
        buf_fmt(&b, "%s%.*s: %.*s", i ? "; " : "", STR_ARG(bound), STR_ARG(points));
    }
    const double values[MEMBER_COUNT] = { [MEMBER_OF] = NAN, [MEMBER_STEPS] = NAN, [MEMBER_RULES] = NAN, [MEMBER_DUE] = NAN, [MEMBER_POINTS] = r->points,
                                          [MEMBER_FLOOR] = r->floor, [MEMBER_FULL] = r->full, [MEMBER_EACH] = r->each, [MEMBER_CAP] = r->cap };
    if (r->due.len)
        param(a, &b, l, MEMBER_DUE, r->due);
    for (int m = 0; m < MEMBER_COUNT; m++)
        if (!isnan(values[m]))
            param(a, &b, l, (RuleMember)m, plain(a, values[m]));
    return buf_str(&b);
}

static void rule_cells(Arena *a, Lang l, const SchemeRule *r, Line *line)
{
    line->at[6] = word(a, l, "scheme.rule.", scheme_rule_code(r->kind));
    line->at[7] = r->of;
    line->at[8] = params_text(a, l, r);
}

/* ---- Rows --------------------------------------------------------------------------------------------------------------- */

static void about(Arena *a, Lines *lines, Lang l, const char *name, Str value)
{
    if (!value.len)
        return;
    Line *line = list_add(a, lines);
    *line = (Line){ .max = NAN };
    line->at[0] = str_concat(a, S("#"), word(a, l, "scheme.about.", str_from_c(name)));
    line->at[2] = value;
}

static Str labels_text(Arena *a, const SchemeLabels *l)
{
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < l->len; i++)
        buf_fmt(&b, "%s%.*s: %.*s", i ? "; " : "", STR_ARG(l->at[i].name), STR_ARG(l->at[i].text));
    return buf_str(&b);
}

static Lines lines_of(Arena *a, Lang l, const Scheme *s)
{
    Lines lines = { 0 };
    about(a, &lines, l, "code", s->code);
    about(a, &lines, l, "title", s->title);
    about(a, &lines, l, "year", s->year ? arena_fmt(a, "%d", s->year) : S(""));
    about(a, &lines, l, "unit_kind", s->unit_kind);
    about(a, &lines, l, "max", plain(a, s->max));
    about(a, &lines, l, "rescale_not_applicable", text_find(l, s->rescale ? S("scheme.yes") : S("scheme.no")));
    about(a, &lines, l, "source", s->source);
    about(a, &lines, l, "label", s->label);
    for (size_t i = 0; i < s->len; i++) {
        const SchemeCriterion *c = &s->at[i];
        Line *line = list_add(a, &lines);
        *line = (Line){ .at = { c->code, c->parent, c->name }, .max = c->max };
        if (c->effect != EFFECT_POINTS)
            line->at[4] = word(a, l, "scheme.effect.", scheme_effect_code(c->effect));
        if (!c->group)
            line->at[5] = word(a, l, "scheme.method.", scheme_method_code(c->method));
        if (c->has_rule)
            rule_cells(a, l, &c->rule, line);
        line->at[9]  = str_join(a, c->evidence.at, c->evidence.len, S("; "));
        line->at[10] = c->note;
        line->at[11] = labels_text(a, &c->labels);
        for (size_t k = 0; c->has_rule && k < c->rule.part_count; k++) {
            line = list_add(a, &lines);
            *line = (Line){ .at = { S("+") }, .max = NAN };
            rule_cells(a, l, &c->rule.parts[k], line);
        }
    }
    return lines;
}

static Str heading(Arena *a, Lang l, int i)
{
    return word(a, l, "scheme.column.", str_from_c(columns[i]));
}

void scheme_file_csv(Arena *a, Buf *b, Lang l, const Scheme *s)
{
    Lines lines = lines_of(a, l, s);
    csv_bom(b);
    for (int i = 0; i < CELLS; i++) {
        buf_add(b, i ? S(",") : S(""));
        csv_field(b, heading(a, l, i));
    }
    csv_end(b);
    for (size_t k = 0; k < lines.len; k++) {
        for (int i = 0; i < CELLS; i++) {
            buf_add(b, i ? S(",") : S(""));
            if (i == 3)
                csv_real(b, lines.at[k].max);
            else if (str_eq(lines.at[k].at[i], S("+")))
                buf_lit(b, "+");
            else
                csv_field(b, lines.at[k].at[i]);
        }
        csv_end(b);
    }
}

/* What each column and word means, on a sheet of its own. */
static void guide_rows(Arena *a, Lang l, XlsxCell **out, size_t *out_len, XlsxCells **out_rows)
{
    LIST(XlsxCell) cells = { 0 };
    const struct { const char *list, *help; const char *prefix; } groups[] = {
        { "scheme.guide.column.", "scheme.guide.columns", "scheme.column." }, { "scheme.guide.rule.", "scheme.guide.rules", "scheme.rule." },
        { "scheme.guide.method.", "scheme.guide.methods", "scheme.method." }, { "scheme.guide.about.", "scheme.guide.abouts", "scheme.about." } };
    for (size_t g = 0; g < COUNT_OF(groups); g++) {
        *list_add(a, &cells) = XLSX_TEXT(text_find(l, str_from_c(groups[g].help)));
        *list_add(a, &cells) = XLSX_TEXT(S(""));
        for (int id = 0; (id = text_next(str_from_c(groups[g].list), id)) > 0;) {
            Str code = str_skip(text_key(id), strlen(groups[g].list)), name = word(a, l, groups[g].prefix, code);
            *list_add(a, &cells) = XLSX_TEXT(g == 3 ? str_concat(a, S("#"), name) : name);
            *list_add(a, &cells) = XLSX_TEXT(text_by_id(l, id));
        }
    }
    *out     = cells.at;
    *out_len = cells.len / 2;
    *out_rows = arena_new(a, XlsxCells, cells.len / 2);
    for (size_t i = 0; i < cells.len / 2; i++)
        (*out_rows)[i] = (XlsxCells){ cells.at + 2 * i, 2 };
}

Err scheme_file_xlsx(Arena *a, Lang l, const Scheme *s, Str *out)
{
    Lines      lines = lines_of(a, l, s);
    XlsxCells *rows  = arena_new(a, XlsxCells, lines.len + 1), *guide;
    XlsxCell  *cells = arena_new(a, XlsxCell, (lines.len + 1) * CELLS), *guide_cells;
    size_t     guide_len;
    for (size_t k = 0; k <= lines.len; k++) {
        XlsxCell *row = cells + k * CELLS;
        for (int i = 0; i < CELLS; i++)
            row[i] = !k ? XLSX_TEXT(heading(a, l, i)) : i == 3 ? XLSX_NUM(lines.at[k - 1].max) : XLSX_TEXT(lines.at[k - 1].at[i]);
        rows[k] = (XlsxCells){ row, CELLS };
    }
    guide_rows(a, l, &guide_cells, &guide_len, &guide);
    XlsxOut sheets[] = { { .name = text_find(l, S("scheme.sheet.criteria")), .rows = rows, .len = lines.len + 1 },
                         { .name = text_find(l, S("scheme.sheet.guide")), .rows = guide, .len = guide_len } };
    return xlsx_write(a, sheets, COUNT_OF(sheets), out);
}
