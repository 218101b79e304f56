/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every statement on published figures. */
#include "indices/index_registry.h"

/* ---- Loading ------------------------------------------------------------------------------------ */

static Err clear(Db *db)
{
    const Sql all[] = { SQL("DELETE FROM published_facts"), SQL("DELETE FROM published_values"),
                        SQL("DELETE FROM published_sources"), SQL("DELETE FROM published_indices") };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        AUTO_STMT q = db_prepare(db, all[i]);
        TRY(db_run(q));
    }
    return OK;
}

static Err save_index(Db *db, const PublishedIndex *x)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO published_indices (code, position, unit_kind, name_vi, name_en, about_vi, about_en,"
                                     " value_vi, value_en, max_points) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"));
    bind_str(q, 1, x->code);
    bind_int(q, 2, x->position);
    bind_str(q, 3, x->unit_kind);
    for (int l = 0; l < LANG_COUNT; l++) {
        bind_str(q, 4 + l, x->name[l]);
        bind_str(q, 6 + l, x->about[l]);
        bind_str(q, 8 + l, x->value[l]);
    }
    bind_real(q, 10, x->max_points);
    return db_run(q);
}

static Err save_source(Db *db, const PublishedSource *s)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO published_sources (source_key, title_vi, title_en, url) VALUES ($1, $2, $3, $4)"));
    bind_str(q, 1, s->key);
    bind_str(q, 2, s->title[LANG_VI]);
    bind_str(q, 3, s->title[LANG_EN]);
    bind_str(q, 4, s->url);
    return db_run(q);
}

static void bind_count(Stmt *q, int at, int64_t n)
{
    if (n)
        bind_int(q, at, n);
    else
        bind_null(q, at);
}

static Err save_value(Db *db, const PublishedValue *v)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO published_values (index_code, year, period_vi, period_en, level, unit, unit_en, unit_id, area, component, score,"
        " max_points, rank, rank_of, note_vi, note_en, derived, source_key)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"));
    bind_str(q, 1, v->index);
    bind_int(q, 2, v->year);
    bind_str(q, 5, published_level_code(v->level));
    for (int l = 0; l < LANG_COUNT; l++) {
        bind_str(q, 3 + l, v->period[l]);
        bind_str(q, 6 + l, v->unit[l]);
        bind_str(q, 15 + l, v->note[l]);
    }
    bind_count(q, 8, v->unit_id.v);
    bind_str(q, 9, v->area);
    bind_str(q, 10, v->component);
    bind_real(q, 11, v->score);
    bind_real(q, 12, v->max_points);
    bind_count(q, 13, v->rank);
    bind_count(q, 14, v->rank_of);
    bind_int(q, 17, v->derived);
    bind_str(q, 18, v->source);
    return db_run(q);
}

static Err save_fact(Db *db, const PublishedFact *f)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO published_facts (index_code, year, kind, text_vi, text_en, source_key)"
                                     " VALUES ($1, $2, $3, $4, $5, $6)"));
    bind_str(q, 1, f->index);
    bind_int(q, 2, f->year);
    bind_str(q, 3, published_fact_code(f->kind));
    bind_str(q, 4, f->text[LANG_VI]);
    bind_str(q, 5, f->text[LANG_EN]);
    bind_opt_str(q, 6, f->source);
    return db_run(q);
}

Err indices_load_published(Db *db, Arena *a)
{
    PublishedBook b;
    TRY(published_read_embedded(a, &b));
    TRY(clear(db));
    for (size_t i = 0; i < b.indices.len; i++)
        TRY(save_index(db, &b.indices.at[i]));
    for (size_t i = 0; i < b.sources.len; i++)
        TRY(save_source(db, &b.sources.at[i]));
    for (size_t i = 0; i < b.values.len; i++)
        TRY(save_value(db, &b.values.at[i]));
    for (size_t i = 0; i < b.facts.len; i++)
        TRY(save_fact(db, &b.facts.at[i]));
    return OK;
}

/* ---- Reading ------------------------------------------------------------------------------------ */

#define INDEX_COLUMNS "code, position, unit_kind, name_vi, name_en, about_vi, about_en, value_vi, value_en, max_points"

static PublishedIndex index_row(Arena *a, Stmt *q)
{
    PublishedIndex x = { .code = arena_str(a, col_str(q, 0)), .position = (int)col_int(q, 1),
                         .unit_kind = arena_str(a, col_str(q, 2)), .max_points = col_real(q, 9) };
    for (int l = 0; l < LANG_COUNT; l++) {
        x.name[l]  = arena_str(a, col_str(q, 3 + l));
        x.about[l] = arena_str(a, col_str(q, 5 + l));
        x.value[l] = arena_str(a, col_str(q, 7 + l));
    }
    return x;
}

Err published_indices(Db *db, Arena *a, PublishedIndices *out)
{
    PublishedIndices rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " INDEX_COLUMNS " FROM published_indices ORDER BY position"));
    while (db_row(q))
        *list_add(a, &rows) = index_row(a, q);
    TRY(db_done(q));
    TRY(registry_join_indices(db, a, &rows));
    *out = rows;
    return OK;
}

static Err entered_index(Db *db, Arena *a, Str code, PublishedIndex *out)
{
    PublishedIndices rows = { 0 };
    TRY(registry_join_indices(db, a, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (str_eq(rows.at[i].code, code)) {
            *out = rows.at[i];
            return OK;
        }
    return err_new(a, ERR_NOT_FOUND, S("no such index"));
}

Err published_index(Db *db, Arena *a, Str code, PublishedIndex *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " INDEX_COLUMNS " FROM published_indices WHERE code = $1"));
    bind_str(q, 1, code);
    bool found = db_row(q);
    if (found)
        *out = index_row(a, q);
    TRY(db_done(q));
    return found ? OK : entered_index(db, a, code, out);
}

#define VALUE_COLUMNS                                                                              \
    "index_code, year, period_vi, period_en, level, unit, unit_en, unit_id, area, component, score, max_points, rank, rank_of,"    \
    " note_vi, note_en, derived, source_key"

static PublishedValue value_row(Arena *a, Stmt *q)
{
    PublishedValue v = { .index = arena_str(a, col_str(q, 0)), .year = (int)col_int(q, 1), .unit_id = { col_int(q, 7) },
                         .area = arena_str(a, col_str(q, 8)), .component = arena_str(a, col_str(q, 9)), .score = col_real(q, 10), .max_points = col_real(q, 11),
                         .rank = (int)col_int(q, 12), .rank_of = (int)col_int(q, 13), .derived = col_int(q, 16) != 0,
                         .source = arena_str(a, col_str(q, 17)) };
    for (int l = 0; l < LANG_COUNT; l++) {
        v.period[l] = arena_str(a, col_str(q, 2 + l));
        v.unit[l]   = arena_str(a, col_str(q, 5 + l));
        v.note[l]   = arena_str(a, col_str(q, 14 + l));
    }
    (void)published_level_parse(col_str(q, 4), &v.level);     /* the schema lets no other word in */
    return v;
}

static Err values_read(Arena *a, Stmt *q, PublishedValues *out)
{
    PublishedValues rows = { 0 };
    while (db_row(q))
        *list_add(a, &rows) = value_row(a, q);
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err published_values(Db *db, Arena *a, Str code, PublishedValues *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " VALUE_COLUMNS " FROM published_values WHERE $1 = '' OR index_code = $1"
                                     " ORDER BY index_code, year, level, area, unit, component"));
    bind_str(q, 1, code);
    TRY(values_read(a, q, out));
    return registry_join_values(db, a, code, (UnitId){ 0 }, out);
}

Err published_of_unit(Db *db, Arena *a, UnitId unit, PublishedValues *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " VALUE_COLUMNS " FROM published_values WHERE unit_id = $1 AND component = ''"
                                     " ORDER BY index_code, year"));
    bind_int(q, 1, unit.v);
    TRY(values_read(a, q, out));
    return registry_join_values(db, a, S(""), unit, out);
}

Err published_facts(Db *db, Arena *a, Str code, PublishedFacts *out)
{
    PublishedFacts rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT index_code, year, kind, text_vi, text_en, source_key FROM published_facts"
                                     " WHERE index_code = $1 ORDER BY year, kind, text_vi"));
    bind_str(q, 1, code);
    while (db_row(q)) {
        PublishedFact *f = list_add(a, &rows);
        *f = (PublishedFact){ arena_str(a, col_str(q, 0)), (int)col_int(q, 1), FACT_SCHEME,
                              { arena_str(a, col_str(q, 3)), arena_str(a, col_str(q, 4)) }, arena_str(a, col_str(q, 5)) };
        (void)published_fact_parse(col_str(q, 2), &f->kind);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err published_sources(Db *db, Arena *a, PublishedSources *out)
{
    PublishedSources rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT source_key, title_vi, title_en, url FROM published_sources ORDER BY source_key"));
    while (db_row(q))
        *list_add(a, &rows) = (PublishedSource){ arena_str(a, col_str(q, 0)),
                                                 { arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)) },
                                                 arena_str(a, col_str(q, 3)) };
    TRY(db_done(q));
    TRY(registry_join_sources(db, a, &rows));
    *out = rows;
    return OK;
}
