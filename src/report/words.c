/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Parts, runs and cells of the model. */
#include "report/parts.h"

#include <math.h>

Str words_of_index(const Build *b, Str satisfied, Str method)
{
    return str_eq(b->s->look.main, S("satisfied")) ? satisfied : method;
}

ReportPart *part_add(Build *b, ReportPartKind kind)
{
    ReportPart *p = list_add(b->a, &b->r->parts);
    *p = (ReportPart){ .kind = kind };
    return p;
}

static void run_add(Build *b, ReportPart *p, Str text, const RunArg *arg)
{
    if (text.len)
        *list_add(b->a, &p->runs) = (ReportRun){ text, arg ? arg->href : S(""), arg && arg->bold, false };
}

void part_words(Build *b, ReportPartKind kind, Str text)
{
    run_add(b, part_add(b, kind), text, NULL);
}

void part_heading(Build *b, int level, Str text)
{
    ReportPart *p = part_add(b, PART_HEADING);
    p->level = level;
    run_add(b, p, text, NULL);
}

void part_table(Build *b, ReportTable *t)
{
    if (t)
        part_add(b, PART_TABLE)->table = t;
}

void part_chart(Build *b, ReportChart *c)
{
    if (c)
        part_add(b, PART_CHART)->chart = c;
}

void part_sentence(Build *b, ReportPartKind kind, Str pattern, const RunArg *args, size_t n)
{
    ReportPart *p = part_add(b, kind);
    while (pattern.len) {
        StrPair open = str_cut(pattern, '{'), close = str_cut(open.tail, '}');
        run_add(b, p, open.head, NULL);
        for (size_t i = 0; i < n; i++)
            if (str_eq(str_from_c(args[i].name), close.head))
                run_add(b, p, args[i].text, &args[i]);
        pattern = close.tail;
    }
}

Str runs_text(Arena *a, const ReportRuns *runs)
{
    Buf b = buf_new(a, 128);
    for (size_t i = 0; i < runs->len; i++)
        buf_add(&b, runs->at[i].text);
    return buf_str(&b);
}

/* ---- Figures -------------------------------------------------------------------------------------------------------- */

/* The page that says why the figure is what it is. */
Str figure_href(const Build *b, const Figure *f)
{
    Str href = str_join(b->a, (Str[]){ b->r->href, S("/why?name="), f->name }, 3, S(""));
    return f->value.len ? str_join(b->a, (Str[]){ href, S("&by="), f->by, S("&value="), f->value }, 5, S("")) : href;
}

static Str unit_mark(const Figure *f)
{
    return str_eq(f->unit, S("%")) ? S("%") : S("");
}

Str figure_words(Build *b, const Figure *f, int decimals)
{
    Lang   l = b->o->lang;
    Arena *a = b->a;
    if (!look_shown(f))
        return text_of(l, "chart.suppressed");
    Str x = str_concat(a, real_text(a, l, f->x, decimals), unit_mark(f));
    if (isnan(f->low))
        return text_fmt(a, l, "report.figure.plain", ARG_S("x", x), ARG_N("n", f->n));
    return text_fmt(a, l, "report.figure", ARG_S("x", x), ARG_S("low", real_text(a, l, f->low, decimals)), ARG_S("high", real_text(a, l, f->high, decimals)),
                    ARG_N("n", f->n));
}

ReportCell cell_text(Str text)
{
    return (ReportCell){ .kind = CELL_TEXT, .text = text };
}

static ReportCell missing(const Figure *f)
{
    return (ReportCell){ .kind = f && f->suppressed ? CELL_HIDDEN : CELL_NONE };
}

ReportCell cell_value(Build *b, const Figure *f, int decimals)
{
    if (!look_shown(f))
        return missing(f);
    return (ReportCell){ .kind = CELL_REAL, .x = f->x, .decimals = decimals, .href = figure_href(b, f) };
}

ReportCell cell_count(Build *b, const Figure *f)
{
    (void)b;
    return look_shown(f) ? (ReportCell){ .kind = CELL_COUNT, .x = (double)f->n } : missing(f);
}

ReportCell cell_range(Build *b, const Figure *f)
{
    (void)b;
    if (!look_shown(f))
        return missing(f);
    return isnan(f->low) ? (ReportCell){ .kind = CELL_NONE } : (ReportCell){ .kind = CELL_RANGE, .low = f->low, .high = f->high, .decimals = 1 };
}

Str cell_words(Arena *a, Lang l, const ReportCell *c)
{
    switch (c->kind) {
    case CELL_TEXT: return c->text;
    case CELL_REAL: return real_text(a, l, c->x, c->decimals);
    case CELL_COUNT: return num_text(a, l, (int64_t)c->x);
    case CELL_RANGE: return str_join(a, (Str[]){ real_text(a, l, c->low, c->decimals), real_text(a, l, c->high, c->decimals) }, 2,
                                     c->low < 0 ? S("; ") : S("–"));
    case CELL_HIDDEN: return text_of(l, "chart.suppressed");
    case CELL_NONE: break;
    }
    return S("–");
}

/* ---- Charts --------------------------------------------------------------------------------------------------------- */

const ChartHead *chart_head(const ReportChart *c)
{
    switch (c->kind) {
    case CHART_LIKERT: return &c->likert.head;
    case CHART_RANK: return &c->rank.head;
    case CHART_TILES: return &c->tiles.head;
    case CHART_SLOPE: return &c->slope.head;
    case CHART_BARS: break;
    }
    return &c->bars.head;
}

Str chart_svg(Arena *a, Lang l, const ReportChart *c)
{
    switch (c->kind) {
    case CHART_LIKERT: return chart_likert_svg(a, l, &c->likert);
    case CHART_RANK: return chart_rank_svg(a, l, &c->rank);
    case CHART_TILES: return chart_tiles_svg(a, l, &c->tiles);
    case CHART_SLOPE: return chart_slope_svg(a, l, &c->slope);
    case CHART_BARS: break;
    }
    return chart_bars_svg(a, l, &c->bars);
}

/* ---- Head of an administrative document ------------------------------------------------------------------------------- */

HeadLines head_lines(Arena *a, Lang l, const ReportHead *h)
{
    Ymd  d = date_ymd(h->on);
    HeadLines out = { .superior = h->superior, .agency = h->agency,
                      .nation = S("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), .motto = S("Độc lập - Tự do - Hạnh phúc") };
    (void)l;
    if (h->draft)
        out.number = S("DỰ THẢO");
    else if (h->number.len)
        out.number = str_concat(a, S("Số: "), h->number);
    /* Days below ten and the first two months are written with a zero (annex I of the decree). */
    Str day = h->draft ? S("…") : arena_fmt(a, "%02d", d.day), month = h->draft ? S("…") : arena_fmt(a, d.month < 3 ? "%02d" : "%d", d.month);
    out.place = arena_fmt(a, "%.*s%sngày %.*s tháng %.*s năm %d", STR_ARG(h->place), h->place.len ? ", " : "", STR_ARG(day), STR_ARG(month), d.year);
    return out;
}
