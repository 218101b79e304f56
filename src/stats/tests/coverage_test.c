/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Does a 95 % interval hold the truth in 95 of 100 surveys? Two thousand samples of two stages are drawn from one finite population, with a fixed
 * seed: strata of communes, communes of unequal size that differ, some people without an answer. */
#include "base/test.h"
#include "stats/estimate.h"
#include "stats/interval.h"
#include "stats/random.h"

#include <stdio.h>

enum { STRATA = 8, COMMUNES = 40, SAMPLED = 6, PERSONS = 10, SURVEYS = 2000, ROWS = STRATA * SAMPLED * PERSONS, PEOPLE_MOST = 90 };
enum { PURPOSE_PEOPLE = 11, PURPOSE_COMMUNES, PURPOSE_PERSONS };
static const uint64_t SEED = 20260101;

/* satisfied: 0 or 1; score: a mean of items; both of everybody. */
typedef struct Commune { int people; uint8_t satisfied[PEOPLE_MOST]; double score[PEOPLE_MOST]; } Commune;
typedef struct Country { Commune at[STRATA][COMMUNES]; double people, satisfied, score; } Country;

static double draw(uint32_t purpose, uint64_t run, uint32_t item)
{
    return stats_draw_unit((StatsStream){ SEED, purpose }, run, item);
}

static Country *country_new(Arena *a)
{
    Country *c = arena_new(a, Country, 1);
    for (uint32_t h = 0; h < STRATA; h++)
        for (uint32_t i = 0; i < COMMUNES; i++) {
            Commune *m   = &c->at[h][i];
            uint64_t run = h * COMMUNES + i;
            double   level = 0.45 + 0.04 * h + 0.2 * (draw(PURPOSE_PEOPLE, run, 0) - 0.5);      /* people of one commune are alike */
            m->people = 30 + (int)(60 * draw(PURPOSE_PEOPLE, run, 1));
            for (int k = 0; k < m->people; k++) {
                m->satisfied[k] = draw(PURPOSE_PEOPLE, run, (uint32_t)(2 + 2 * k)) < level;
                m->score[k]     = 3 + level + 2 * draw(PURPOSE_PEOPLE, run, (uint32_t)(3 + 2 * k));
                c->people++;
                c->satisfied += m->satisfied[k];
                c->score += m->score[k];
            }
        }
    return c;
}

/* Draws n of `of` without replacement, in place of the first n of at. */
static void draw_some(int *at, int of, int n, uint32_t purpose, uint64_t run)
{
    for (int i = 0; i < of; i++)
        at[i] = i;
    for (int i = 0; i < n; i++) {
        int j = i + (int)((of - i) * draw(purpose, run, (uint32_t)i)), t = at[i];
        at[i] = at[j];
        at[j] = t;
    }
}

typedef struct Rows {
    uint32_t stratum[ROWS], commune[ROWS], person[ROWS];
    double   weight[ROWS], communes[ROWS], people[ROWS], y[2][ROWS];
    bool     used[ROWS];
} Rows;

static void survey(const Country *c, uint64_t run, Rows *r)
{
    int commune[COMMUNES], person[PEOPLE_MOST], n = 0;
    for (uint32_t h = 0; h < STRATA; h++) {
        draw_some(commune, COMMUNES, SAMPLED, PURPOSE_COMMUNES, run * STRATA + h);
        for (int i = 0; i < SAMPLED; i++) {
            const Commune *m = &c->at[h][commune[i]];
            draw_some(person, m->people, PERSONS, PURPOSE_PERSONS, (run * STRATA + h) * SAMPLED + (uint64_t)i);
            for (int k = 0; k < PERSONS; k++, n++) {
                r->stratum[n]  = h;
                r->commune[n]  = (uint32_t)commune[i];
                r->person[n]   = (uint32_t)person[k];
                r->communes[n] = COMMUNES;
                r->people[n]   = m->people;
                r->weight[n]   = (double)COMMUNES / SAMPLED * m->people / PERSONS;
                r->y[0][n]     = m->satisfied[person[k]];
                r->y[1][n]     = m->score[person[k]];
                r->used[n]     = (person[k] * 7 + commune[i]) % 13 != 0;        /* did not answer, for no reason of theirs */
            }
        }
    }
}

/* 95 % intervals of both variables; full: with the population sizes of both stages, all answers. */
static void intervals(Arena scratch, Arena room, const Rows *r, bool full, StatsBounds out[2])
{
    StatsSample s = { .n = ROWS, .n_stages = full ? 2 : 1, .probability = true, .weight = r->weight, .stratum = r->stratum, .unit = { r->commune, r->person } };
    StatsDesign d;
    unsigned    flags = 0;
    double      est[2], v[4], *z = arena_new(&scratch, double, 2 * ROWS);
    StatsPart   part[] = { { r->y[0], NULL, full ? NULL : r->used }, { r->y[1], NULL, full ? NULL : r->used } };
    s.pop[0] = full ? r->communes : NULL;
    s.pop[1] = full ? r->people : NULL;
    CHECK(stats_design_init(&scratch, room, &s, &d) == OK);
    stats_parts(&(StatsParts){ ROWS, 2, false, part }, scratch, r->weight, est, z);
    CHECK(stats_variance(&d, &scratch, 2, z, part->used, v, &flags) == OK);
    double df = stats_df(&d, scratch, part->used).df;
    out[0] = stats_share_interval(STATS_CI_LOGIT, est[0], sqrt(v[0]), ROWS, df, 0.95);
    out[1] = stats_mean_interval(est[1], sqrt(v[3]), df, 0.95);
}

TEST(coverage_of_intervals_is_what_they_promise)
{
    static const char *const name[] = { "share, communes as units", "mean, communes as units", "share, both stages finite", "mean, both stages finite" };
    Country *c = country_new(a);
    Rows    *r = arena_new(a, Rows, 1);
    double   truth[] = { c->satisfied / c->people, c->score / c->people };
    int      held[4] = { 0 };
    Arena    room = arena_open(4 << 20);
    for (uint64_t run = 0; run < SURVEYS; run++) {
        survey(c, run, r);
        for (int full = 0; full < 2; full++) {
            StatsBounds bounds[2];
            intervals(*a, room, r, full, bounds);
            for (int k = 0; k < 2; k++)
                held[2 * full + k] += bounds[k].low <= truth[k] && truth[k] <= bounds[k].high;
        }
    }
    arena_close(&room);
    for (int k = 0; k < 4; k++) {
        double share = (double)held[k] / SURVEYS;
        printf("    95 %% intervals of a %s: %.1f %% of %d surveys hold the truth\n", name[k], 100 * share, SURVEYS);
        CHECK(share >= 0.93 && share <= 0.97);
    }
}
