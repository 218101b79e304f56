/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts drawn by the server as inline SVG: one figure has a finding in words, a wide and a narrow drawing,
 * its table and its file. No figure shows an estimate without n; without an interval it says why. */
#ifndef VIEW_CHART_H
#define VIEW_CHART_H

#include "view/view.h"

/* What surrounds every drawing. */
typedef struct ChartHead {
    Str id;                          /* unique on the page; letters and digits */
    Str title, finding, unit_note;   /* unit_note: "Đơn vị: % …. Ấn bản 1, chưa gia quyền." */
    Str csv_href;                    /* empty: none */
} ChartHead;

/* ---- Diverging Likert bars: shares of the five steps among those with an opinion, and of no opinion. -- */
typedef struct LikertRow {
    Str     label, href;
    double  share[5];                /* 0..1, adding up to 1; NAN when suppressed */
    double  none;                    /* 0..1 of all asked */
    int64_t n;                       /* with an opinion */
    double  low, high;               /* interval of the share of steps 4 and 5, percent; NAN: none */
    double  mean;                    /* of the steps 1..5; NAN: not shown */
    Str     why;                     /* where the table's share says why it is what it is; empty: nowhere */
    bool    strong, suppressed;
} LikertRow;
typedef struct LikertChart { ChartHead head; const LikertRow *rows; size_t n; const Str *steps; Str none_label; } LikertChart;
void chart_likert(Out *o, const LikertChart *c);

/* ---- Ranked units: value, interval where there is one, line of the whole. ------------------------- */
typedef struct RankRow {
    Str     label, href;
    double  x, low, high;            /* percent; low, high NAN: no interval; x NAN: suppressed or no figure */
    int64_t n;
    Str     note;                    /* "hạng 1–3", "cao hơn mức chung", "không đủ số liệu" */
    bool    mine;
    Str     why;                     /* as above, of the value in the table */
} RankRow;
typedef struct RankChart {
    ChartHead head;
    const RankRow *rows; size_t n;   /* in the order shown */
    double whole; Str whole_label;   /* NAN: no line */
    Str value_label, note_label;     /* heads of the columns */
    Str name_label;                  /* of the first; empty: unit */
} RankChart;
void chart_rank(Out *o, const RankChart *c);

/* ---- 34 provincial units as tiles, with both archipelagos. ---------------------------------------- */
typedef struct TileValue { Str code; double x, low, high; int64_t n; Str href; } TileValue;   /* official code; x NAN: no figure */
typedef struct TileChart {
    ChartHead head;
    const TileValue *values; size_t n;
    double cut[4];                   /* rising bounds of the five steps */
    Str value_label;                 /* "%" */
} TileChart;
Str  tile_name(Str code);                                /* the province of an official code, else the code */
void chart_tiles(Out *o, const TileChart *c);
/* Rising round bounds that part the values into five steps. */
void tile_cuts(const double *x, size_t n, double cut[4]);

/* ---- One or more lines over years; gaps are not joined; breaks are marked. ------------------------- */
typedef struct LinePoint { int year; double x, low, high; } LinePoint;
typedef struct LineSeries { Str label; const LinePoint *points; size_t n; bool main; } LineSeries;
typedef struct LineBreak { int year; Str text; } LineBreak;
typedef struct LineChart {
    ChartHead head;
    const LineSeries *series; size_t n;
    const LineBreak *breaks; size_t break_count;
    int decimals;
} LineChart;
void chart_line(Out *o, const LineChart *c);

/* ---- Counts by day or kind as bars (fieldwork). ----------------------------------------------------- */
typedef struct BarRow { Str label; int64_t value, of; } BarRow;   /* of: goal, 0 none */
typedef struct BarChart { ChartHead head; const BarRow *rows; size_t n; Str label_head, value_head; } BarChart;
void chart_bars(Out *o, const BarChart *c);

/* ---- Contents by unit as figures in coloured cells: a table. --------------------------------------------------- */
typedef struct HeatColumn { Str code, label; int64_t n; } HeatColumn;
typedef struct HeatRow { Str label, href; const double *x; bool mine; } HeatRow;            /* x by column; NAN: not told */
typedef struct HeatChart {
    ChartHead head;
    const HeatColumn *column; size_t columns;
    const HeatRow *rows; size_t n;
    double cut[4];                   /* as of the tile map */
    Str row_head;
} HeatChart;
void chart_heat(Out *o, const HeatChart *c);
Str  heat_class(const HeatChart *c, double x);

/* ---- Two times: only changes that a test tells from none are inked. ----------------------------------------------- */
typedef struct SlopeRow { Str label; double from, to, low, high; int sign; } SlopeRow;      /* low, high: of the difference; NAN: no interval */
typedef struct SlopeChart { ChartHead head; const SlopeRow *rows; size_t n; Str before, after; } SlopeChart;
void chart_slope(Out *o, const SlopeChart *c);

/* ---- Small multiples over years: one panel a figure, the same axes in all. -------------------------------------------- */
typedef struct MultiplesPanel { Str title, finding; const LinePoint *own, *whole; size_t own_count, whole_count; } MultiplesPanel;
typedef struct MultiplesChart { ChartHead head; const MultiplesPanel *panels; size_t n; int first, last; Str own_label, whole_label; } MultiplesChart;
void chart_multiples(Out *o, const MultiplesChart *c);
double multiples_value(const LinePoint *p, size_t n, int year);                             /* NAN: none */

/* ---- The same drawings as files for print and documents: the wide form with its key, colours and letters inside; not for pages. -- */
Str chart_likert_svg(Arena *a, Lang l, const LikertChart *c);
Str chart_rank_svg(Arena *a, Lang l, const RankChart *c);
Str chart_tiles_svg(Arena *a, Lang l, const TileChart *c);
Str chart_slope_svg(Arena *a, Lang l, const SlopeChart *c);
Str chart_bars_svg(Arena *a, Lang l, const BarChart *c);

#endif
