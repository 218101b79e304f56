/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of a ranking as data. */
#include "league/league.h"

#include <math.h>

static const Str ties[TIES_COUNT] = { [TIES_SHARED] = S_INIT("shared"), [TIES_DENSE] = S_INIT("dense"), [TIES_CRITERIA] = S_INIT("criteria") };

Str league_ties_code(LeagueTies t)
{
    return t < TIES_COUNT ? ties[t] : S("");
}

bool league_ties_parse(Str code, LeagueTies *out)
{
    for (int t = 0; t < TIES_COUNT; t++)
        if (str_eq(code, ties[t])) {
            *out = (LeagueTies)t;
            return true;
        }
    return false;
}

LeagueRules league_rules_default(Arena *a, int year)
{
    LeagueRules r = { .seed = (uint64_t)year };
    *list_add(a, &r.groups) = (LeagueGroup){ S("A"), 90 };
    *list_add(a, &r.groups) = (LeagueGroup){ S("B"), 80 };
    *list_add(a, &r.groups) = (LeagueGroup){ S("C"), 70 };
    return r;
}

int league_group(const LeagueRules *r, double percent)
{
    for (size_t g = 0; g < r->groups.len; g++)
        if (percent >= r->groups.at[g].from - 1e-9)
            return (int)g;
    return -1;
}

bool league_without(const LeagueRules *r, int64_t unit)
{
    for (size_t i = 0; i < r->without.len; i++)
        if (r->without.at[i] == unit)
            return true;
    return false;
}

void league_rules_write(Buf *b, const LeagueRules *r)
{
    buf_fmt(b, "{\"ties\":\"%.*s\",\"by\":[", STR_ARG(league_ties_code(r->ties)));
    for (size_t i = 0; i < r->by.len; i++) {
        buf_add(b, i ? S(",") : S(""));
        buf_json_str(b, r->by.at[i]);
    }
    buf_lit(b, "],\"groups\":[");
    for (size_t i = 0; i < r->groups.len; i++) {
        buf_add(b, i ? S(",{\"name\":") : S("{\"name\":"));
        buf_json_str(b, r->groups.at[i].name);
        buf_lit(b, ",\"from\":");
        buf_json_f64(b, r->groups.at[i].from);
        buf_byte(b, '}');
    }
    buf_lit(b, "],\"without_rank\":[");
    for (size_t i = 0; i < r->without.len; i++)
        buf_fmt(b, "%s\"%lld\"", i ? "," : "", (long long)r->without.at[i]);
    buf_fmt(b, "],\"seed\":\"%llu\"}\n", (unsigned long long)r->seed);
}

static Err read_groups(Arena *a, const Json *list, LeagueRules *out)
{
    double before = INFINITY;
    JSON_EACH(m, list) {
        LeagueGroup g = { .from = NAN };
        if (!json_str(json_get(m, S("name")), &g.name) || !g.name.len || g.name.len > 40 || !json_num(json_get(m, S("from")), &g.from))
            return err_new(a, ERR_INVALID, S("groups: each has a name and a bound"));
        if (!(g.from < before) || !(g.from >= 0) || g.from > 200 || out->groups.len == LEAGUE_GROUPS)
            return err_new(a, ERR_INVALID, S("groups: bounds fall, within 0 … 200 percent, at most ten"));
        before = g.from;
        g.name = arena_str(a, g.name);
        *list_add(a, &out->groups) = g;
    }
    return OK;
}

Err league_rules_read(Arena *a, const Json *json, LeagueRules *out)
{
    LeagueRules r = { 0 };
    Str     ties_text = S(""), seed = S("");
    int64_t n;
    if (!json_str(json_get(json, S("ties")), &ties_text) || !league_ties_parse(ties_text, &r.ties))
        return err_new(a, ERR_INVALID, S("ties: shared, dense or criteria"));
    TRY(read_groups(a, json_get(json, S("groups")), &r));
    JSON_EACH(m, json_get(json, S("by"))) {
        Str code;
        if (!json_str(m, &code) || code.len > SCHEME_CODE_BYTES || r.by.len == LEAGUE_TIE_CODES)
            return err_new(a, ERR_INVALID, S("by: at most ten codes"));
        *list_add(a, &r.by) = arena_str(a, code);
    }
    JSON_EACH(m, json_get(json, S("without_rank"))) {
        Str id;
        if (!json_str(m, &id) || !str_to_i64(id, &n) || r.without.len == LEAGUE_WITHOUT)
            return err_new(a, ERR_INVALID, S("without_rank: ids of units"));
        *list_add(a, &r.without) = n;
    }
    if (!json_str(json_get(json, S("seed")), &seed) || !str_to_i64(seed, &n) || n < 0)
        return err_new(a, ERR_INVALID, S("seed: a whole number"));
    r.seed = (uint64_t)n;
    *out   = r;
    return OK;
}
