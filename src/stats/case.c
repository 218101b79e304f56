/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Runs one case: rows, design, statistic, and the element of the answer. */
#include "stats/case_set.h"

#include <math.h>

/* ---- What kinds use ----------------------------------------------------------------------------------------------------- */

const double *case_weight(const Case *c)
{
    return c->design.weight;
}

size_t case_count(const Case *c, const bool *used)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        n += used[i];
    return n;
}

double case_df(Case *c, const bool *used)
{
    double df = c->replicates ? stats_replicate_df(c->replicates, *c->a, used) : stats_df(&c->design, *c->a, used).df;
    if (df <= 0)
        c->flags |= STATS_DF_LE_0;
    return df;
}

Err case_omit(Case *c, bool strict, const CaseVars *vars, bool *used)
{
    int na;
    TRY(case_word(c, c->statistic, S("statistic"), "na", "omit error", strict, &na));
    for (size_t k = 0; k < vars->len; k++)
        for (size_t i = 0; i < c->n; i++)
            if (used[i] && isnan(vars->at[k][i])) {
                if (na)
                    return case_fail(c, "missing_values", S("statistic.na"), "row %zu has a missing value; omit leaves such rows out", (size_t)c->row[i] + 1);
                used[i] = false;
            }
    return OK;
}

/* Where an estimate is not defined, nothing about it is. */
static void undefine(size_t p, const double *estimate, double *v)
{
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k < p; k++)
            if (isnan(estimate[j]) || isnan(estimate[k]))
                v[j * p + k] = NAN;
}

Err case_variance(Case *c, size_t p, StatsTheta *f, const void *what, const bool *used, double *out_estimate, double *out_v)
{
    if (c->replicates) {
        if (stats_replicate_variance(c->replicates, *c->a, p, f, what, out_estimate, out_v))
            c->flags |= STATS_SMALL_N;
        undefine(p, out_estimate, out_v);
        return OK;
    }
    Arena   scratch = *c->a;
    double *z       = arena_new(&scratch, double, p * c->n + 1);
    f(what, scratch, c->design.weight, out_estimate, z);
    for (size_t i = c->n_adjustments; i-- > 0;)
        c->adjustment[i].residual(&c->adjustment[i], scratch, c->n, p, z);
    c->at = S("design.lonely_psu");
    Arena work = scratch;
    Err   e = stats_variance(&c->design, &work, p, z, c->n_adjustments ? NULL : used, out_v, &c->flags);
    if (e)
        return case_fail(c, "lonely_psu", c->at, "%.*s", STR_ARG(str_skip(e->detail, S("lonely_psu: ").len)));
    undefine(p, out_estimate, out_v);
    return OK;
}

/* ---- One case -------------------------------------------------------------------------------------------------------------- */

static Err select_rows(Case *c)
{
    uint32_t *row = arena_new(c->a, uint32_t, c->table->n + 1);
    bool     *in;
    c->n   = c->table->n;
    c->row = row;
    for (size_t i = 0; i < c->n; i++)
        row[i] = (uint32_t)i;
    TRY(case_conditions(c, json_get(c->json, S("rows")), S("rows"), &in));
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (in[i])
            row[n++] = (uint32_t)i;
    c->n = n;
    return OK;
}

static Err compute(Case *c, size_t at, const CaseKind *kind)
{
    if (c->set->repeated[at])
        return case_fail(c, "duplicate_id", S("id"), "another case before has this id");
    TRY(case_keys(c, c->json, S(""), "id input rows design statistic name group status note expected tolerance"));
    if (!json_is(json_get(c->json, S("id")), JSON_STRING))
        return case_fail(c, "bad_value", S("id"), "a text is wanted");
    if (!json_is(c->statistic, JSON_OBJECT))
        return case_fail(c, "bad_value", S("statistic"), "an object with kind is wanted");
    if (!kind)
        return case_fail(c, "unknown_kind", S("statistic.kind"), "no such kind of statistic");
    Str keys = arena_fmt(c->a, "kind domain na %s", kind->keys);
    TRY(case_keys(c, c->statistic, S("statistic"), arena_c(c->a, keys)));
    if (json_is(c->design_json, JSON_NULL))
        c->design_json = NULL;
    TRY(case_table_find(c, json_get(c->json, S("input")), S("input"), &c->table));
    TRY(select_rows(c));
    TRY(case_design_read(c));
    TRY(case_number(c, c->statistic, S("statistic"), "level", 1e-9, 1 - 1e-9, c->set->level, &c->level));
    c->at = S("statistic");
    return kind->run(c);
}

/* The detail of an error is "code: message". */
static void write_error(const Case *c, Err e, Buf *out)
{
    StrPair p    = str_cut(e->detail, ':');
    bool    code = p.head.len > 0 && !str_has(p.head, S(" "));
    buf_lit(out, ",\"error\":{\"code\":");
    buf_json_str(out, code ? p.head : S("bad_value"));
    buf_lit(out, ",\"path\":");
    buf_json_str(out, c->fault_path.len ? c->fault_path : c->at);
    buf_lit(out, ",\"message\":");
    buf_json_str(out, code ? str_trim(p.tail) : e->detail);
    buf_lit(out, "}}");
}

static void write_flags(const Case *c, Buf *out)
{
    bool first = true;
    buf_lit(out, "},\"flags\":[");
    for (unsigned bit = 0; bit < STATS_FLAG_COUNT; bit++)
        if (c->flags >> bit & 1) {
            if (!first)
                buf_byte(out, ',');
            buf_json_str(out, str_from_c(stats_flag_name(bit)));
            first = false;
        }
    buf_lit(out, "]}");
}

typedef struct Running { Case *c; size_t at; Str kind; } Running;

static Err run_guarded(void *x)
{
    Running *r = x;
    r->c->scratch.full = r->c->a->full;
    return compute(r->c, r->at, case_kind_find(r->kind));
}

bool case_run(const CaseSet *set, size_t i, Arena *a, Buf *out)
{
    Arena before = *a, upper = *a;       /* the upper half is scratch: what is kept grows beside it */
    upper.at = upper.base = a->at + (size_t)(a->end - a->at) / 2;
    a->end   = upper.at;
    Buf   result = buf_new(out->a, 4096);      /* not in a, which kinds may empty while they write */
    Case  c      = { .set = set, .a = a, .scratch = upper, .json = set->at[i], .at = S(""), .out = &result, .first = true };
    Str   id = S(""), kind = S("");
    c.statistic   = json_get(c.json, S("statistic"));
    c.design_json = json_get(c.json, S("design"));
    json_str(json_get(c.json, S("id")), &id);
    json_str(json_get(c.statistic, S("kind")), &kind);
    static const ErrInfo too_large = { ERR_LIMIT, S_INIT("too_large: the case needs more memory than it may have"), __FILE_NAME__, __LINE__ };
    Err e = arena_guarded(a, run_guarded, &(Running){ &c, i, kind });
    if (err_is(e, ERR_LIMIT)) {
        a->at = before.at;
        e     = &too_large;
    }
    buf_lit(out, "{\"id\":");
    buf_json_str(out, id);
    buf_lit(out, ",\"kind\":");
    buf_json_str(out, kind);
    if (e) {
        write_error(&c, e, out);
        a->end = before.end;
        return false;
    }
    buf_lit(out, ",\"result\":{");
    buf_add(out, buf_str(&result));
    write_flags(&c, out);
    a->end = before.end;
    return true;
}
