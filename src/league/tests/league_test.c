/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rankings: ties, groups, ranges, published figures, what would lift a unit. */
#include "league/league.h"

#include "base/csv.h"
#include "base/embed.h"
#include "base/test.h"

/* Two domains of 60 and 40 points, the second one leaf, and a bonus. */
static Scheme two_domains(Arena *a)
{
    const Json  *json;
    Scheme       s;
    SchemeFaults faults = { 0 };
    Arena        work = arena_open(1 << 24);
    CHECK(!json_parse(a, S("{\"code\":\"S\",\"max\":100,\"rescale_not_applicable\":true,\"criteria\":["
                           "{\"code\":\"1\"},{\"code\":\"1.1\",\"parent\":\"1\",\"max\":40},{\"code\":\"1.2\",\"parent\":\"1\",\"max\":20},"
                           "{\"code\":\"2\",\"max\":40},{\"code\":\"T\",\"max\":2,\"effect\":\"bonus\"}]}"), &json));
    CHECK(scheme_read(a, work, json, &s, &faults));
    arena_close(&work);
    return s;
}

static LeagueRow scored(Arena *a, const Scheme *s, int64_t unit, double p1, double p2, double p3, double bonus)
{
    SchemeCard   card;
    SchemeFaults faults = { 0 };
    LeagueRow    row = { .unit = unit };
    double       given[] = { NAN, p1, p2, p3, bonus };
    scheme_card_init(a, s, &card);
    for (int i = 1; i < 5; i++) {
        if (isnan(given[i]))
            card.not_applicable[i] = true;
        else
            card.manual[i] = given[i];
    }
    CHECK(scheme_compute(a, s, &card, NULL, (SchemeWords){ .silent = true }, &row.result, &faults));
    return row;
}

/* Rows of totals alone. */
static LeagueRow total(Arena *a, const Scheme *s, int64_t unit, double x)
{
    LeagueRow row = scored(a, s, unit, 0, 0, 0, 0);
    row.result.total = row.result.percent = x;
    return row;
}

TEST(league_ties_follow_the_rule)
{
    static const int want[TIES_COUNT][5] = { { 1, 2, 2, 4, 5 }, { 1, 2, 2, 3, 4 }, { 1, 2, 3, 4, 5 } };
    Scheme s = two_domains(a);
    for (int t = 0; t < TIES_COUNT; t++) {
        LeagueRow rows[] = { scored(a, &s, 1, 10, 10, 30, 0), scored(a, &s, 2, 40, 20, 40, 0), scored(a, &s, 3, 20, 20, 30, 0),
                             scored(a, &s, 4, 25, 20, 25, 0), scored(a, &s, 5, 1, 0, 0, 0) };
        League      l;
        LeagueRules r = league_rules_default(a, 2026);
        r.ties = (LeagueTies)t;
        *list_add(a, &r.by) = S("2");
        league_rank(a, &s, &r, rows, 5, &l);
        for (int i = 0; i < 5; i++)
            CHECK_INT(l.at[i].rank, want[t][i]);
        CHECK(l.at[0].unit == 2 && l.at[1].unit == 3 && l.at[2].unit == 4 && l.at[3].unit == 1);
        CHECK_NEAR(l.mean, (100 + 70 + 70 + 50 + 1) / 5.0, 1e-12);
    }
}

TEST(league_ranks_do_not_depend_on_the_order_units_come_in)
{
    Scheme      s = two_domains(a);
    LeagueRules r = league_rules_default(a, 2026);
    double      x[] = { 70, 0.1 + 0.2, 0.3, 88.5, 70.0000000001 };
    for (int turn = 0; turn < 5; turn++) {
        LeagueRow rows[5];
        League    l;
        for (int i = 0; i < 5; i++)
            rows[i] = total(a, &s, (i + turn) % 5, x[(i + turn) % 5]);
        league_rank(a, &s, &r, rows, 5, &l);
        for (int i = 0; i < 5; i++)
            CHECK_INT(l.at[i].rank, l.at[i].unit == 3 ? 1 : l.at[i].unit == 0 || l.at[i].unit == 4 ? 2 : 4);
    }
}

TEST(league_leaves_units_without_rank_and_without_total_at_the_end)
{
    Scheme      s = two_domains(a);
    LeagueRules r = league_rules_default(a, 2026);
    LeagueRow   rows[] = { total(a, &s, 1, 99), total(a, &s, 2, 50), total(a, &s, 3, NAN), total(a, &s, 4, 60) };
    League      l;
    *list_add(a, &r.without) = 1;
    league_rank(a, &s, &r, rows, 4, &l);
    CHECK(l.ranked == 2 && l.at[0].unit == 4 && l.at[0].rank == 1 && l.at[1].unit == 2 && l.at[1].rank == 2);
    CHECK(l.at[2].unit == 1 && !l.at[2].rank && l.at[2].group == 0 && l.at[3].unit == 3 && l.at[3].group == -1);
    CHECK_NEAR(l.mean, 55, 1e-12);
    league_rank(a, &s, &r, NULL, 0, &l);
    CHECK(!l.ranked && isnan(l.mean));
}

TEST(league_groups_hold_their_lower_bound)
{
    LeagueRules r = league_rules_default(a, 2026);
    CHECK(league_group(&r, 90) == 0 && league_group(&r, 0.9 * 100) == 0 && league_group(&r, 89.99) == 1 && league_group(&r, 80) == 1);
    CHECK(league_group(&r, 70) == 2 && league_group(&r, 69.999) == -1 && league_group(&r, 100) == 0);
}

TEST(league_ranges_come_from_standard_errors_and_the_seed)
{
    Scheme      s = two_domains(a);
    LeagueRules r = league_rules_default(a, 2026);
    LeagueRow   rows[] = { total(a, &s, 1, 90), total(a, &s, 2, 80.1), total(a, &s, 3, 80), total(a, &s, 4, 20) };
    League      l, again, other;
    rows[1].result.se = rows[2].result.se = 1;
    league_rank(a, &s, &r, rows, 4, &l);
    CHECK(l.ranges);
    CHECK(l.at[0].low == 1 && l.at[0].high == 1 && l.at[1].low == 2 && l.at[1].high == 3 && l.at[2].low == 2 && l.at[2].high == 3 && l.at[3].low == 4);
    league_rank(a, &s, &r, rows, 4, &again);
    CHECK(l.at[1].high == again.at[1].high && l.at[2].low == again.at[2].low);
    rows[1].result.se = rows[2].result.se = NAN;
    league_rank(a, &s, &r, rows, 4, &other);
    CHECK(!other.ranges && other.at[1].low == 0);
}

static Str shipped(Str name)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name))
            return data_files[i].bytes;
    return S("");
}

/* Ministries 2023 as they were published: 17 totals with their ranks; their mean 84.378 is printed 84,38. */
TEST(league_gives_the_published_ranks_of_ministries)
{
    Scheme      s = two_domains(a);
    LeagueRules r = league_rules_default(a, 2023);
    CsvTable    csv;
    LeagueRow   rows[64];
    int64_t     ranks[64];
    size_t      n = 0;
    League      l;
    CHECK_OK(csv_read(a, shipped(S("published/values.csv")), CSV_LIMITS, &csv));
    const char *names[] = { "index", "year", "level", "component", "score", "rank" };
    int         at[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++)
        at[i] = csv_column(&csv.at[0], str_from_c(names[i]));
    for (size_t i = 1; i < csv.len; i++) {
        Str    cell[COUNT_OF(names)];
        double x;
        for (size_t k = 0; k < COUNT_OF(names); k++)
            cell[k] = csv_cell(&csv.at[i], (size_t)at[k]);
        if (!str_eq(cell[0], S("par-index-ministries")) || !str_eq(cell[1], S("2023")) || !str_eq(cell[2], S("unit")) || cell[3].len ||
            !str_to_f64(cell[4], &x))
            continue;
        ranks[n] = 0;
        str_to_i64(cell[5], &ranks[n]);
        rows[n] = total(a, &s, (int64_t)n, x);
        n++;
    }
    CHECK_INT(n, 17);
    league_rank(a, &s, &r, rows, n, &l);
    for (size_t i = 0; i < l.len; i++)
        CHECK(!ranks[l.at[i].unit] || ranks[l.at[i].unit] == l.at[i].rank);
    CHECK_STR(real_text(a, LANG_VI, l.mean, 2), S("84,38"));
    CHECK_NEAR(l.mean, 84.378, 5e-4);
}

TEST(league_weights_of_domains_move_only_what_they_can)
{
    Scheme      s = two_domains(a);
    LeagueRules r = league_rules_default(a, 2026);
    LeagueRow   rows[] = { scored(a, &s, 1, 40, 20, 40, 0), scored(a, &s, 2, 30, 15, 0, 0), scored(a, &s, 3, 2, 2, 39, 0) };
    League      l;
    league_rank(a, &s, &r, rows, 3, &l);
    Sensitivity x = league_sensitivity(a, &l);
    CHECK(x.unit[0].low == 1 && x.unit[0].high == 1 && x.unit[0].in_group == 1);
    CHECK(x.unit[1].rank == 2 && x.unit[1].high == 3 && x.unit[1].low == 2 && x.unit[2].low == 2);
    CHECK(x.shift > 0);
}

TEST(league_lifts_name_the_criteria_that_change_most)
{
    Scheme      s = two_domains(a);
    LeagueRules r = league_rules_default(a, 2026);
    LeagueRow   rows[] = { scored(a, &s, 1, 40, 20, 20, 0), scored(a, &s, 2, 30, 18, 30, 0), scored(a, &s, 3, 10, NAN, 36, 0) };
    League      l;
    league_rank(a, &s, &r, rows, 3, &l);
    LeagueLifts x = league_lifts(a, &l, 1);
    CHECK(x.len == 3 && str_eq(s.at[x.at[0].at].code, S("1.1")) && x.at[0].rank == 1 && str_eq(s.at[x.at[1].at].code, S("2")) && x.at[1].rank == 1);
    CHECK(x.at[0].left == 10 && str_eq(s.at[x.at[2].at].code, S("1.2")) && x.at[2].rank == 1 && x.at[2].gain == 2);
    x = league_lifts(a, &l, 2);             /* 1.2 does not apply: what is left weighs more */
    CHECK(x.len == 2 && x.at[0].left == 30 && fabs(x.at[0].gain - 30 * 100 / 80.0) < 1e-9 && x.at[0].rank == 1);
}

TEST(league_lift_agrees_with_ranking_anew)
{
    Scheme s = two_domains(a);
    for (int t = 0; t < TIES_COUNT; t++) {
        LeagueRow   rows[] = { total(a, &s, 1, 80), total(a, &s, 2, 80), total(a, &s, 3, 70), total(a, &s, 4, 70), total(a, &s, 5, 60),
                               total(a, &s, 6, 70) };
        League      l, after;
        LeagueRules r = league_rules_default(a, 2026);
        r.ties = (LeagueTies)t;
        league_rank(a, &s, &r, rows, 6, &l);
        for (size_t k = 0; k < 6; k++)
            for (double x = 55; x <= 85; x += 5) {
                LeagueRow moved[6];
                memcpy(moved, l.at, sizeof moved);
                moved[k].result.total = x;
                int then = league_rank_with(&l, k, &moved[k].result);
                league_rank(a, &s, &r, moved, 6, &after);
                for (size_t i = 0; i < 6; i++)
                    if (after.at[i].unit == l.at[k].unit)
                        CHECK_INT(after.at[i].rank, then);
            }
    }
}

TEST(league_rules_are_read_back_and_checked)
{
    static const char *const bad[] = { "{}",
        "{\"ties\":\"best\",\"groups\":[],\"seed\":\"1\"}", "{\"ties\":\"dense\",\"groups\":[{\"name\":\"A\",\"from\":70},"
        "{\"name\":\"B\",\"from\":80}],\"seed\":\"1\"}",
        "{\"ties\":\"dense\",\"groups\":[{\"name\":\"\",\"from\":70}],\"seed\":\"1\"}", "{\"ties\":\"dense\",\"seed\":\"-1\"}",
        "{\"ties\":\"dense\",\"without_rank\":[\"x\"],\"seed\":\"1\"}" };
    LeagueRules r = league_rules_default(a, 2026), back;
    Buf         b = buf_new(a, 256), c = buf_new(a, 256);
    const Json *json;
    r.ties = TIES_CRITERIA;
    *list_add(a, &r.by) = S("3.1");
    *list_add(a, &r.without) = 1234567890123456789;
    league_rules_write(&b, &r);
    CHECK_OK(json_parse(a, buf_str(&b), &json));
    CHECK_OK(league_rules_read(a, json, &back));
    league_rules_write(&c, &back);
    CHECK_STR(buf_str(&c), buf_str(&b));
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        CHECK_OK(json_parse(a, str_from_c(bad[i]), &json));
        CHECK_ERR(league_rules_read(a, json, &back), ERR_INVALID);
    }
}
