/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the kinds of cases share; private to stats.
 *
 * To add a kind: write `static Err run(Case *c)` in a file case_<group>.c, give it a row in that file's table, and list the table in kinds_all
 * (case_kinds.c). run reads its keys with case_var, case_domain …, computes with the pure functions, and writes the keys of "result" with
 * out_num, out_list … Unknown keys of `statistic` were refused before (CaseKind.keys). A wrong case: return case_fail(…); what statistics
 * cannot give: NAN and a flag in c->flags.
 *
 * Standard errors: describe the statistic as a StatsTheta (estimates and influence values from weights) and call case_variance: it
 * takes care of replicate weights, of the residuals of adjusted weights, and of lonely units. */
#ifndef STATS_CASE_PARTS_H
#define STATS_CASE_PARTS_H

#include "base/json.h"
#include "stats/case.h"
#include "stats/design.h"
#include "stats/weights.h"

/* ---- Tables (case_table.c) -------------------------------------------------------------------------------------------- */
enum { CASE_NONE = UINT32_MAX };     /* level code of a missing value */
/* A column: numbers, or texts as the rank of the text among the column's texts by bytes. Levels ascend. */
typedef struct CaseColumn {
    Str       name;
    bool      numeric;
    const double   *value;           /* n of the table: number, or level code of a text; NAN missing */
    const uint32_t *code;            /* n of the table: level, CASE_NONE missing */
    size_t    n_levels;
    const double *level_number;      /* of a numeric column */
    const Str    *level_text;        /* of a text column */
    size_t    odd_row; Str odd;      /* of a text column: the first field that is no number, its row from 1 */
    bool      unbounded;             /* all such fields are infinite, or said to be no number */
} CaseColumn;
typedef struct CaseTable { Str name; size_t n, n_columns; const CaseColumn *column; Err fault; } CaseTable;
/* Reads CSV. "bad_csv" with the line, or "too_large". */
MUST_USE Err case_table_read(Arena *keep, Str name, Str bytes, CaseTable *out);
/* How a level is written: the number, or the text. */
Str case_level_text(Arena *a, const CaseColumn *col, size_t level);

/* ---- The case that runs ------------------------------------------------------------------------------------------------ */
typedef struct Case {
    const CaseSet *set;
    Arena      *a;                   /* empties after the case */
    Arena       scratch;             /* never overlaps with a: pass it by value where a function takes keep and scratch */
    const Json *json, *statistic, *design_json;
    const CaseTable *table;
    size_t      n;                   /* rows of the sample: those that meet `rows`, in the order of the file */
    const uint32_t *row;             /* n rows of the table */
    StatsDesign design;              /* weight: final ones */
    const double *base_weight;       /* n, before adjustments; design.weight after them */
    const StatsAdjustment *adjustment;   /* in the order applied */
    size_t      n_adjustments;
    const StatsReplicates *replicates;   /* NULL: linearisation */
    double      level;               /* of confidence */
    unsigned    flags;
    Str         at;                  /* path that errors of pure functions are reported at */
    Str         fault_path;
    Buf        *out;                 /* members of "result" */
    bool        first;               /* nothing written yet */
} Case;

/* An error of the case: code of section 14, where in the case ("statistic.vars[0]"), what is wrong and what would be right. */
Err case_fail(Case *c, const char *code, Str path, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Only the keys listed ("kind vars domain") may stand in obj. */
MUST_USE Err case_keys(Case *c, const Json *obj, Str path, const char *keys);
Str case_path(const Case *c, Str parent, Str key);           /* parent.key */
Str case_path_at(const Case *c, Str parent, size_t i);       /* parent[i] */

/* ---- Reading keys of `statistic` (case_read.c) ------------------------------------------------------------------------ */
/* Values of n rows, NAN missing. A variable is a column or one of the forms of the schema. */
typedef struct CaseVars { size_t len; double **at; Str *name; } CaseVars;
MUST_USE Err case_var(Case *c, const char *key, double **out);                    /* statistic.key, one variable */
MUST_USE Err case_vars(Case *c, const char *key, size_t least, size_t most, CaseVars *out);     /* statistic.key, a list of them */
MUST_USE Err case_var_of(Case *c, const Json *spec, Str path, double **out);      /* any place, e.g. aux of a calibration */
/* Numbers of a column of the design; those that are not finite fail with code. */
MUST_USE Err case_design_numbers(Case *c, const char *code, const Json *name, Str path, double **out);
/* A conjunction of conditions; absent or null: everybody. */
MUST_USE Err case_domain(Case *c, const char *key, bool **out);
MUST_USE Err case_conditions(Case *c, const Json *list, Str path, bool **out);
/* A column by its name; codes of the sample's rows. */
MUST_USE Err case_column(Case *c, const Json *name, Str path, const CaseColumn **out);
MUST_USE Err case_codes(Case *c, const Json *name, Str path, const CaseColumn **out, uint32_t **out_code);
/* Absent or null: the default. A value of another kind or outside low … high: bad_value. */
MUST_USE Err case_number(Case *c, const Json *obj, Str path, const char *key, double low, double high, double otherwise, double *out);
MUST_USE Err case_flag(Case *c, const Json *obj, Str path, const char *key, bool otherwise, bool *out);
/* One of the words of "mean beta xlogit", as its place from 0; otherwise < 0: must be there. */
MUST_USE Err case_word(Case *c, const Json *obj, Str path, const char *key, const char *words, int otherwise, int *out);

/* ---- Estimates (case.c) ------------------------------------------------------------------------------------------------ */
/* p estimates with their covariance; used: rows in the domain and not missing. */
MUST_USE Err case_variance(Case *c, size_t p, StatsTheta *f, const void *what, const bool *used, double *out_estimate, double *out_v);
/* Degrees of freedom over the rows used (NULL: all), by the design or its replicates. */
double case_df(Case *c, const bool *used);
/* used &= not missing in any of the variables; n rows. "missing_values" when na is "error" (also when absent, if strict) and one is missing. */
MUST_USE Err case_omit(Case *c, bool strict, const CaseVars *vars, bool *used);
size_t case_count(const Case *c, const bool *used);
const double *case_weight(const Case *c);                    /* n final weights */
/* Means of statistic.vars (one variable) by the levels of statistic.by that rows of the domain have, ascending, with their covariance. */
typedef struct CaseLevels { const CaseColumn *by; size_t len; uint32_t *level; double *estimate, *v; } CaseLevels;
MUST_USE Err case_level_means(Case *c, CaseLevels *out);
/* The levels of a column that rows of the domain have, ascending; code: n rows, place in *out_level or UINT32_MAX. */
size_t case_levels(Case *c, const CaseColumn *col, const bool *domain, uint32_t *code, uint32_t **out_level);

/* ---- Writing "result" (case_out.c) ------------------------------------------------------------------------------------- */
void out_num(Case *c, const char *key, double x);                                     /* plain number; NAN: null */
void out_list(Case *c, const char *key, size_t n, const double *x);                   /* [p] */
void out_one(Case *c, const char *key, double x);                                     /* [x] */
void out_matrix(Case *c, const char *key, size_t rows, size_t columns, const double *x);   /* row-major list of rows */
void out_levels(Case *c, const char *key, const CaseColumn *col, size_t n, const uint32_t *level);   /* numbers, or texts */
void out_level_texts(Case *c, const char *key, const CaseColumn *col, size_t n, const uint32_t *level);  /* always texts */
void out_strings(Case *c, const char *key, size_t n, const Str *s);
void out_level(Case *c, const CaseColumn *col, size_t level);                         /* a value alone, where its place was opened */
void out_key(Case *c, Str key);                                                       /* "key": before out_level */
void out_list_open(Case *c, const char *key);                                         /* "key":[ … */
void out_list_close(Case *c);
void out_open(Case *c, const char *key);                                              /* "key":{ …; key NULL: an object in a list */
void out_close(Case *c);

/* ---- The table of kinds --------------------------------------------------------------------------------------------------- */
typedef struct CaseKind { const char *name, *keys; Err (*run)(Case *c); } CaseKind;   /* keys: of `statistic` besides kind, domain and na */
/* Each ends with { 0 }. */
extern const CaseKind case_kinds_compare[], case_kinds_estimate[], case_kinds_glm[], case_kinds_quality[], case_kinds_scale[], case_kinds_share[],
    case_kinds_tests[], case_kinds_weights[];
const CaseKind *case_kind_find(Str name);

/* Reads design.adjust (absent or null: nothing), changes c->design.weight and fills c->adjustment. In case_weights.c. */
MUST_USE Err case_adjust(Case *c);

#endif
