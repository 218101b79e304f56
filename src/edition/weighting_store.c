/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of recipes, and where a round's records stand in its sample. */
#include "edition/weighting.h"

#include "field/field.h"

#include <stdlib.h>

#define WEIGHTING_COLUMNS "SELECT w.id, w.version, w.design, w.units, w.margins, w.source, w.cap, w.made_at, w.made_by, COALESCE(r.class, '') " \
    "FROM weightings w LEFT JOIN weighting_responses r ON r.weighting_id = w.id "

/* The first row of q, which has its values bound; version 0 without one. */
static Err read_weighting(Stmt *q, Arena *a, Weighting *out)
{
    Weighting w    = { 0 };
    bool      fine = true;
    if (db_row(q)) {
        w = (Weighting){ .id = col_int(q, 0), .version = (int)col_int(q, 1), .units = arena_str(a, col_str(q, 3)), .margins_csv = arena_str(a, col_str(q, 4)),
                         .source = arena_str(a, col_str(q, 5)), .cap = col_real(q, 6), .made_at = col_time(q, 7), .made_by = { col_int(q, 8) },
                         .response = arena_str(a, col_str(q, 9)) };
        fine = source_parse(col_str(q, 2), &w.design);
    }
    TRY(db_done(q));
    MarginFaults none = { 0 };
    margins_parse(a, w.margins_csv, NULL, &w.margins, &none);
    if (!fine || (none.len && w.margins_csv.len))
        return err_new(a, ERR_INTERNAL, S("a kept recipe of weights is not understood"));
    *out = w;
    return OK;
}

Err weighting_current(Db *db, Arena *a, RoundId round, Weighting *out)
{
    AUTO_STMT q = db_prepare(db, SQL(WEIGHTING_COLUMNS "WHERE w.round_id = $1 ORDER BY w.version DESC LIMIT 1"));
    bind_int(q, 1, round.v);
    return read_weighting(q, a, out);
}

Err weighting_versions(Db *db, Arena *a, RoundId round, Weightings *out)
{
    Weightings list = { 0 };
    AUTO_STMT  q    = db_prepare(db, SQL("SELECT version, source, made_at FROM weightings WHERE round_id = $1 ORDER BY version DESC LIMIT 100"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        *list_add(a, &list) = (Weighting){ .version = (int)col_int(q, 0), .source = arena_str(a, col_str(q, 1)), .made_at = col_time(q, 2) };
    TRY(db_done(q));
    *out = list;
    return OK;
}

Err weighting_version(Db *db, Arena *a, RoundId round, int version, Weighting *out)
{
    AUTO_STMT q = db_prepare(db, SQL(WEIGHTING_COLUMNS "WHERE w.round_id = $1 AND w.version = $2"));
    bind_int(q, 1, round.v);
    bind_int(q, 2, version);
    TRY(read_weighting(q, a, out));
    return out->version ? OK : err_new(a, ERR_NOT_FOUND, S("the round has no such version of its weights"));
}

Err weighting_load(Db *db, Arena *a, int64_t id, Weighting *out)
{
    AUTO_STMT q = db_prepare(db, SQL(WEIGHTING_COLUMNS "WHERE w.id = $1"));
    bind_int(q, 1, id);
    return read_weighting(q, a, out);
}

Err weighting_add(Db *db, Arena *a, RoundId round, Weighting *w)
{
    Weighting last;
    TRY(weighting_current(db, a, round, &last));
    w->id      = id_new();
    w->version = last.version + 1;
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO weightings (id, round_id, version, design, units, margins, source, cap, made_at, made_by) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    bind_int(q, 1, w->id);
    bind_int(q, 2, round.v);
    bind_int(q, 3, w->version);
    bind_str(q, 4, source_code(w->design));
    bind_str(q, 5, w->units);
    bind_str(q, 6, w->margins_csv);
    bind_str(q, 7, w->source);
    bind_real(q, 8, w->cap);
    bind_time(q, 9, w->made_at);
    bind_int(q, 10, w->made_by.v);
    TRY(db_run(q));
    if (!w->response.len)
        return OK;
    AUTO_STMT r = db_prepare(db, SQL("INSERT INTO weighting_responses (weighting_id, class) VALUES ($1, $2)"));
    bind_int(r, 1, w->id);
    bind_str(r, 2, w->response);
    return db_run(r);
}

Err weighting_published(Db *db, Arena *a, RoundId round, bool *out)
{
    (void)a;
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM editions WHERE round_id = $1 AND weighting_id IS NOT NULL LIMIT 1"));
    bind_int(q, 1, round.v);
    *out = db_row(q);
    return db_done(q);
}

Err weightings_remove(Db *db, Arena *a, RoundId round)
{
    bool published;
    TRY(weighting_published(db, a, round, &published));
    if (published)
        return err_new(a, ERR_CONFLICT, S("an edition was published with the recipe"));
    AUTO_STMT r = db_prepare(db, SQL("DELETE FROM weighting_responses WHERE weighting_id IN (SELECT id FROM weightings WHERE round_id = $1)"));
    bind_int(r, 1, round.v);
    TRY(db_run(r));
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM weightings WHERE round_id = $1"));
    bind_int(q, 1, round.v);
    return db_run(q);
}

/* ---- The drawn sample ------------------------------------------------------------------------------------------------ */

typedef struct Sources { Arena *a; const uint8_t *key; Dataset *d; DataSource **by_id; int64_t found; } Sources;

static int by_id(const void *x, const void *y)
{
    const DataSource *p = *(DataSource *const *)x, *q = *(DataSource *const *)y;
    return (p->id > q->id) - (p->id < q->id);
}

void weighting_place(const uint8_t key[16], const Json *parts, DataSource *out)
{
    out->stratum = out->unit = 0;
    JSON_EACH(stage, parts) {
        Str    stratum = S(""), unit = S("");
        double prob = 0;
        (void)json_str(json_get(stage, S("stratum")), &stratum);
        (void)json_str(json_get(stage, S("unit")), &unit);
        (void)json_num(json_get(stage, S("prob")), &prob);
        out->stratum = secret_hash(key, out->stratum, stratum);
        out->unit    = secret_hash(key, out->stratum, unit);
        if (!stage->next)
            out->unit = 0;             /* the person or household itself */
        if (!stage->next || prob < 1)
            return;
        out->stratum = out->unit;
    }
}

static Err place_case(void *self, const CaseDesign *c)
{
    Sources     *s       = self;
    Arena        scratch = *s->a;
    DataSource   wanted  = { .id = c->id.v }, *at = &wanted, **found;
    const Json  *parts;
    found = bsearch(&at, s->by_id, s->d->records, sizeof *s->by_id, by_id);
    if (!found || !(c->weight > 0))
        return OK;                     /* an answer that does not count */
    TRY(json_parse(&scratch, c->parts, &parts));
    (*found)->base = c->weight;
    weighting_place(s->key, parts, *found);
    s->found++;
    return OK;
}

Err weighting_sources(Db *db, Arena *a, RoundId round, const uint8_t key[16], Dataset *d, int64_t *out_missing)
{
    Arena   mine = arena_open(64 << 20);
    Sources s    = { &mine, key, d, arena_new(a, DataSource *, d->records + 1), 0 };
    for (size_t r = 0; r < d->records; r++)
        s.by_id[r] = &d->source[r];
    qsort(s.by_id, d->records, sizeof *s.by_id, by_id);
    Err e = case_design_each(db, round, place_case, &s);
    if (e)
        e = err_new(a, e->kind, e->detail);
    arena_close(&mine);
    *out_missing = (int64_t)d->records - s.found;
    return e;
}

/* ---- All together ------------------------------------------------------------------------------------------------------ */

enum { SIMULATED_UNITS = 20 };       /* of each domain */

Err weighting_dataset(Db *db, Arena *a, const AppInfo *app, const FormProgram *p, const Round *r, const Weighting *w, Dataset *out,
                      WeightReport *report)
{
    uint8_t key[32];
    int64_t missing = 0;
    Figures earlier;
    StrList groups = weighting_questions(a, &w->margins);
    *report = (WeightReport){ 0 };
    TRY(editions_hidden(db, a, app, r->id, &earlier));
    app_key(app, "edition-units", key);
    TRY(dataset_from_round(db, a, p, r, w->design == SOURCE_STATED ? w->units : S(""), key, &earlier, &groups, out));
    if (!w->version)
        return OK;
    if (w->design == SOURCE_SAMPLE)
        TRY(weighting_sources(db, a, r->id, key, out, &missing));
    for (size_t i = 0; w->design == SOURCE_SIMULATED && i < out->records; i++)
        out->source[i].unit = secret_hash(key, 0, arena_fmt(a, "%lld", (long long)out->source[i].id)) % SIMULATED_UNITS + 1;
    if (!missing && w->response.len && w->design == SOURCE_SAMPLE)
        TRY(weighting_responses(db, a, r->id, w->response, out, report));
    if (report->faults.len)
        return OK;
    if (!missing)
        return weights_make(a, w, out, report);
    *list_add(a, &report->faults) = (MarginFault){ .key = "weights.fault.cases", .n = missing };
    return OK;
}

Err edition_demo_weights(Db *db, Arena *a, RoundId round, Str margins, Time now)
{
    Weighting w = { .design = SOURCE_SIMULATED, .margins_csv = margins, .made_at = now,
                    .source = S("Số dân mô phỏng, không phải số liệu thống kê (simulated population)") };
    return weighting_add(db, a, round, &w);
}

Str weighting_fault_text(Arena *a, Lang l, const MarginFault *f)
{
    Str text = text_fill(a, l, text_find(l, str_from_c(f->key)), (TextArg[]){ ARG_S("code", f->code), ARG_N("n", f->n), ARG_N("m", f->m) }, 3);
    return f->line ? text_fmt(a, l, "weights.fault.line", ARG_N("line", f->line), ARG_S("text", text)) : text;
}
