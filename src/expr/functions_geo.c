/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* area and distance of points "latitude longitude …" joined by ";" or spread over a set, on a sphere of the Earth's
 * equatorial radius, as phones compute them. */
#include "expr/expr_functions.h"

#include <math.h>

static const double EARTH_RADIUS_M = 6378100;

typedef struct Point { double latitude, longitude; } Point;
typedef LIST(Point) Points;

static double radians(double degrees) { return degrees * M_PI / 180; }

static Str word_next(Str *rest)
{
    *rest = str_trim(*rest);
    StrPair cut = str_cut(*rest, ' ');
    *rest = cut.tail;
    return cut.head;
}

/* False: there is something that is no point. */
static bool points_add(ExprRun *run, Str text, Points *out)
{
    expr_run_work(run, text.len / 8 + 1);
    while ((text = str_trim(text)).len && !run->stopped) {
        StrPair cut  = str_cut(text, ';');
        Str     rest = cut.head;
        text         = cut.tail;
        if (!str_trim(rest).len)
            continue;
        Point p = { expr_number_read(word_next(&rest)), expr_number_read(word_next(&rest)) };
        if (!(fabs(p.latitude) <= 90 && fabs(p.longitude) <= 180))
            return false;
        *list_add(run->a, out) = p;
    }
    return true;
}

static bool points_of(ExprRun *run, const ExprValue *args, int n, Points *out)
{
    for (int i = 0; i < n; i++) {
        if (args[i].kind != EXPR_NODES) {
            if (!points_add(run, expr_to_text(run->a, &args[i]), out))
                return false;
            continue;
        }
        for (int k = 0; k < args[i].set->count && !run->stopped; k++) {
            Str text;
            if (expr_run_node(run, &args[i], k, &text) && !points_add(run, text, out))
                return false;
        }
    }
    return true;
}

/* m², of the shape flattened around its first point; below three points 0. NaN: no points. */
ExprValue fn_area(ExprRun *run, const ExprValue *args, int n)
{
    Points p = { 0 };
    if (!points_of(run, args, n, &p))
        return expr_number(NAN);
    const double degree = 2 * M_PI * EARTH_RADIUS_M / 360;
    double twice = 0, x_before = 0, y_before = 0;
    for (size_t i = 1; i < p.len; i++) {
        double x = (p.at[i].longitude - p.at[0].longitude) * degree * cos(radians(p.at[i].latitude));
        double y = (p.at[i].latitude - p.at[0].latitude) * degree;
        twice += y_before * x - x_before * y;
        x_before = x;
        y_before = y;
    }
    return expr_number(p.len < 3 ? 0 : fabs(twice) / 2);
}

/* m along the points. */
ExprValue fn_distance(ExprRun *run, const ExprValue *args, int n)
{
    Points p = { 0 };
    double sum = 0;
    if (!points_of(run, args, n, &p))
        return expr_number(NAN);
    for (size_t i = 1; i < p.len; i++) {
        double from = radians(p.at[i - 1].latitude), to = radians(p.at[i].latitude);
        double turn = radians(p.at[i - 1].longitude - p.at[i].longitude);
        double cosine = sin(from) * sin(to) + cos(from) * cos(to) * cos(turn);
        sum += acos(cosine > 1 ? 1 : cosine) * EARTH_RADIUS_M;       /* the same point twice may round above 1 */
    }
    return expr_number(sum);
}
