/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SVG pieces shared by the charts of this module. Coordinates are CSS pixels, printed with one decimal. */
#ifndef VIEW_SVG_H
#define VIEW_SVG_H

#include "view/chart.h"

typedef struct Svg { Out *o; Str id; char form; } Svg;   /* form: 'w' wide, 'n' narrow, 'p' a panel at any width; part of every id */
Svg  svg_open(Out *o, const ChartHead *h, char form, int width, int height, bool links);
void svg_close(Svg *s);
void svg_rect(Svg *s, const char *classes, double x, double y, double w, double h);
/* A rectangle over the one before, filled with pattern p of svg_patterns. */
void svg_pattern(Svg *s, char p, double x, double y, double w, double h);
void svg_patterns(Svg *s);
void svg_line(Svg *s, const char *classes, double x1, double y1, double x2, double y2);
void svg_circle(Svg *s, const char *classes, double x, double y, double r);
void svg_text(Svg *s, const char *classes, double x, double y, Str text);
/* The label in at most two lines of about chars letters, broken at a space; returns the lines drawn. */
int  svg_label(Svg *s, const char *classes, double x, double y, Str text, size_t chars);
void svg_link_open(Svg *s, Str href, Str aria);          /* nothing when href is empty */
void svg_link_close(Svg *s, Str href);
Str  svg_num(Svg *s, double x, int decimals);

/* A scale from data to pixels with round ends and step. */
typedef struct Scale { double low, high, step, from, to; } Scale;
Scale scale_round(double low, double high, double from, double to);
double scale_at(const Scale *s, double x);

Real line_value(const LineSeries *s, int year, int decimals);
int  line_first(const LineChart *c);
int  line_last(const LineChart *c);

/* The one drawing that o holds, its classes replaced by presentation attributes of the light theme: a file of its own. */
Str  svg_file(const Out *o);

void chart_frame_open(Out *o, const ChartHead *h);       /* figure, title, finding */
void chart_frame_table(Out *o, const ChartHead *h);      /* source line, details, table frame */
void chart_frame_close(Out *o);

#endif
