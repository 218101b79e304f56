/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Sensitivity of composite indices: many runs, each a set of choices for all units. */
#include "stats/sensitivity.h"

#include "stats/random.h"
#include "stats/scale.h"
#include "stats/special.h"

#include <math.h>

enum { PURPOSE_SENSITIVITY = 100 };      /* two for each input: the runs of A and of B */

/* What one run chose. */
typedef struct Choice {
    double *item_weight, *dim_weight, *error;      /* error: units × items, in standard errors; NULL: none */
    const double *score;
    bool    geometric;
    size_t  left_out;                              /* a dimension; dims: none */
} Choice;

/* Room for one run at a time. */
typedef struct Work { const Composite *c; SensitivityPlan plan; Choice choice; double *value, *rank, *official; } Work;

/* ---- The index ----------------------------------------------------------------------------------------------------------------- */

static double add_part(double sum, double weight, double x, bool geometric)
{
    return sum + weight * (geometric ? log(fmax(x, 0)) : x);
}

static double part_mean(double sum, double weight, bool geometric)
{
    return weight > 0 ? geometric ? exp(sum / weight) : sum / weight : NAN;
}

static double unit_value(const Composite *c, const Choice *o, size_t unit)
{
    double total = 0, weight = 0;
    for (size_t d = 0; d < c->dims; d++) {
        double sum = 0, own = 0;
        for (size_t i = 0; i < c->items && d != o->left_out; i++) {
            double x = o->score[unit * c->items + i];
            if (c->dim[i] != d || isnan(x) || !(o->item_weight[i] > 0))
                continue;
            double off = o->error ? c->se[unit * c->items + i] * o->error[unit * c->items + i] : 0;
            if (!isnan(off) && off != 0)
                x = fmin(1, fmax(0, x + off));
            sum = add_part(sum, o->item_weight[i], x, o->geometric);
            own += o->item_weight[i];
        }
        double mean = part_mean(sum, own, o->geometric);
        if (isnan(mean) || !(o->dim_weight[d] > 0))
            continue;
        total = add_part(total, o->dim_weight[d], mean, o->geometric);
        weight += o->dim_weight[d];
    }
    return part_mean(total, weight, o->geometric);
}

static void rank_values(size_t n, const double *value, double *rank)
{
    for (size_t k = 0; k < n; k++) {
        rank[k] = isnan(value[k]) ? NAN : 1;
        for (size_t j = 0; j < n; j++)
            rank[k] += value[j] > value[k];
    }
}

static Choice official_choice(const Composite *c, Arena *a)
{
    Choice o = { arena_new(a, double, c->items), arena_new(a, double, c->dims), NULL, c->score[0], false, c->dims };
    memcpy(o.item_weight, c->item_weight, c->items * sizeof *o.item_weight);
    memcpy(o.dim_weight, c->dim_weight, c->dims * sizeof *o.dim_weight);
    return o;
}

/* The share of an item in a unit's index. */
static double share_of(const Composite *c, size_t unit, size_t item)
{
    double own = 0, all = 0;
    for (size_t d = 0; d < c->dims; d++) {
        double sum = 0;
        for (size_t i = 0; i < c->items; i++)
            sum += c->dim[i] == d && !isnan(c->score[0][unit * c->items + i]) ? c->item_weight[i] : 0;
        all += sum > 0 ? c->dim_weight[d] : 0;
        own += d == c->dim[item] ? sum : 0;
    }
    return !isnan(c->score[0][unit * c->items + item]) && own > 0 && all > 0 ? c->item_weight[item] / own * c->dim_weight[c->dim[item]] / all : 0;
}

void composite_values(Arena scratch, const Composite *c, double *value, double *se, double *importance)
{
    Choice  o      = official_choice(c, &scratch);
    double *column = arena_new(&scratch, double, c->units);
    bool   *used   = arena_new(&scratch, bool, c->units);
    for (size_t u = 0; u < c->units; u++) {
        double square = 0;
        value[u] = unit_value(c, &o, u);
        for (size_t i = 0; i < c->items && c->se; i++) {
            double part = share_of(c, u, i) * c->se[u * c->items + i];
            square += isnan(part) ? 0 : part * part;
        }
        if (se)
            se[u] = isnan(value[u]) ? NAN : sqrt(square);
    }
    for (size_t i = 0; i < c->items && importance; i++) {
        for (size_t u = 0; u < c->units; u++) {
            column[u] = c->score[0][u * c->items + i];
            used[u]   = !isnan(column[u]) && !isnan(value[u]);
        }
        double r = stats_correlation(scratch, c->units, column, value, NULL, used);
        importance[i] = r * r;
    }
}

/* ---- One run ----------------------------------------------------------------------------------------------------------------------- */

static void vary_weights(const SensitivityPlan *plan, StatsStream s, uint64_t run, uint32_t from, size_t n, const double *given, double *out)
{
    double sum = 0, spread = 1 / (plan->noise * plan->noise);
    for (size_t i = 0; i < n; i++)
        sum += given[i];
    for (size_t i = 0; i < n; i++) {
        double u = stats_draw_unit(s, run, from + (uint32_t)i);
        out[i] = given[i] * (1 + plan->noise * (2 * u - 1));
        if (plan->dirichlet)
            out[i] = given[i] > 0 ? gamma_quantile(given[i] / sum * (double)n * spread, u) : 0;
    }
}

/* One of n with equal chance. */
static size_t one_of(size_t n, StatsStream s, uint64_t run)
{
    size_t k = (size_t)((double)n * stats_draw_unit(s, run, 0));
    return k < n ? k : n - 1;
}

/* Sets one input to its value in a run of A (second false) or B. */
static void choose(Work *w, SensitivityInput input, uint64_t run, bool second, size_t way[COMPOSITE_VARIANTS])
{
    const Composite *c = w->c;
    StatsStream      s = { w->plan.seed, PURPOSE_SENSITIVITY + 2 * (uint32_t)input + second };
    if (!(w->plan.vary >> input & 1))
        return;
    if (input == SENSITIVITY_WEIGHTS) {
        vary_weights(&w->plan, s, run, 0, c->items, c->item_weight, w->choice.item_weight);
        vary_weights(&w->plan, s, run, (uint32_t)c->items, c->dims, c->dim_weight, w->choice.dim_weight);
    } else if (input == SENSITIVITY_MEAN)
        w->choice.geometric = one_of(2, s, run);
    else if (input == SENSITIVITY_LEAVE_OUT)
        w->choice.left_out = one_of(c->dims + 1, s, run);
    else if (input == SENSITIVITY_SAMPLING)
        stats_draw_normals(s, run, c->units * c->items, w->choice.error);
    else
        way[input - SENSITIVITY_WAY] = one_of(c->variants[input - SENSITIVITY_WAY], s, run);
}

/* The mean shift of ranks in a run of A, B, or A with one input of B (crossed; SENSITIVITY_INPUT_COUNT: none). Leaves the ranks in w. */
static double one_run(Work *w, uint64_t run, bool second, SensitivityInput crossed)
{
    size_t way[COMPOSITE_VARIANTS] = { 0 }, n = 0;
    double sum = 0;
    for (SensitivityInput i = 0; i < SENSITIVITY_INPUT_COUNT; i++)
        choose(w, i, run, second || i == crossed, way);
    w->choice.score = w->c->score[(way[0] * w->c->variants[1] + way[1]) * w->c->variants[2] + way[2]];
    for (size_t u = 0; u < w->c->units; u++)
        w->value[u] = unit_value(w->c, &w->choice, u);
    rank_values(w->c->units, w->value, w->rank);
    for (size_t u = 0; u < w->c->units; u++)
        if (!isnan(w->rank[u]) && !isnan(w->official[u])) {
            sum += fabs(w->rank[u] - w->official[u]);
            n++;
        }
    return n ? sum / (double)n : 0;
}

/* ---- All runs ------------------------------------------------------------------------------------------------------------------------ */

/* How many runs left unit u at each rank: count[u * units + rank - 1]. */
static void note_ranks(const Work *w, uint32_t *count)
{
    for (size_t u = 0; u < w->c->units; u++)
        if (!isnan(w->rank[u]))
            count[u * w->c->units + (size_t)w->rank[u] - 1]++;
}

static double rank_at(size_t units, const uint32_t *count, double share, double runs)
{
    double sum = 0;
    for (size_t m = 0; m < units; m++)
        if ((sum += count[m]) >= share * runs)
            return (double)m + 1;
    return NAN;
}

static UnitSensitivity unit_sensitivity(const Work *w, const uint32_t *count, double rank)
{
    size_t units = w->c->units;
    double runs = 0, same = 0;
    if (isnan(rank))
        return (UnitSensitivity){ NAN, NAN, NAN, NAN, NAN };
    for (size_t m = 0; m < units; m++) {
        bool in = w->plan.group ? w->plan.group[m] == w->plan.group[(size_t)rank - 1] : (double)m + 1 == rank;
        runs += count[m];
        same += in ? count[m] : 0;
    }
    return (UnitSensitivity){ rank, rank_at(units, count, 0.5, runs), rank_at(units, count, 0.05, runs), rank_at(units, count, 0.95, runs), same / runs };
}

/* Sobol's indices by runs of A, B and A with one input of B: f_a, f_b and those of the input, computed here. */
static void sobol(Work *w, const double *f_a, const double *f_b, Sensitivity *out)
{
    double n = (double)w->plan.runs, mean = 0, variance = 0;
    for (size_t r = 0; r < w->plan.runs; r++)
        mean += (f_a[r] + f_b[r]) / (2 * n);
    for (size_t r = 0; r < w->plan.runs; r++)
        variance += ((f_a[r] - mean) * (f_a[r] - mean) + (f_b[r] - mean) * (f_b[r] - mean)) / (2 * n);
    for (SensitivityInput i = 0; i < SENSITIVITY_INPUT_COUNT; i++) {
        double first = 0, total = 0;
        out->first[i] = out->total[i] = NAN;
        if (!(w->plan.vary >> i & 1) || !(variance > 0))
            continue;
        for (size_t r = 0; r < w->plan.runs; r++) {
            double crossed = one_run(w, r, false, i);
            first += f_b[r] * (crossed - f_a[r]) / n;
            total += (f_a[r] - crossed) * (f_a[r] - crossed) / n;
        }
        out->first[i] = first / variance;
        out->total[i] = total / (2 * variance);
    }
}

Sensitivity stats_sensitivity(Arena *keep, const Composite *given, SensitivityPlan plan)
{
    Sensitivity out = { .unit = arena_new(keep, UnitSensitivity, given->units) };
    Arena       scratch = *keep;
    Composite   c = *given;
    plan.noise = plan.noise > 0 ? plan.noise : 0.25;
    plan.runs  = plan.runs ? plan.runs : 1000;
    if (!c.se)
        plan.vary &= ~(1u << SENSITIVITY_SAMPLING);
    for (int k = 0; k < COMPOSITE_VARIANTS; k++)
        c.variants[k] = c.variants[k] ? c.variants[k] : 1;
    Work w = { &c, plan, official_choice(&c, &scratch), NULL, NULL, NULL };
    w.value    = arena_new(&scratch, double, c.units);
    w.rank     = arena_new(&scratch, double, c.units);
    w.official = arena_new(&scratch, double, c.units);
    double   *f_a = arena_new(&scratch, double, plan.runs), *f_b = arena_new(&scratch, double, plan.runs);
    uint32_t *count = arena_new(&scratch, uint32_t, c.units * c.units);
    for (size_t u = 0; u < c.units; u++)
        w.value[u] = unit_value(&c, &w.choice, u);
    rank_values(c.units, w.value, w.official);
    if (plan.vary >> SENSITIVITY_SAMPLING & 1)
        w.choice.error = arena_new(&scratch, double, c.units * c.items);
    for (size_t r = 0; r < plan.runs; r++) {
        f_a[r] = one_run(&w, r, false, SENSITIVITY_INPUT_COUNT);
        out.shift += f_a[r] / (double)plan.runs;
        note_ranks(&w, count);
        f_b[r] = one_run(&w, r, true, SENSITIVITY_INPUT_COUNT);
    }
    sobol(&w, f_a, f_b, &out);
    for (size_t u = 0; u < c.units; u++)
        out.unit[u] = unit_sensitivity(&w, count + u * c.units, w.official[u]);
    return out;
}
