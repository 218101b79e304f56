/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every statement of the registry of indices. */
#include "indices/index_registry.h"

#include <math.h>

#define REGISTRY_COLUMNS                                                                           \
    "r.id, r.unit_id, r.unit_kind, r.code, r.name_vi, r.name_en, r.about_vi, r.about_en, r.value_vi, r.value_en, r.max_points, r.made_by, r.made_at"
/* The newest row of a unit that was not taken back; files win over a registered index of the same code. */
#define CURRENT                                                                                    \
    " f.score IS NOT NULL AND f.revision = (SELECT MAX(g.revision) FROM index_figures g WHERE g.index_id = f.index_id AND g.year = f.year"  \
    " AND g.unit_id = f.unit_id)"
#define NOT_OF_FILES " NOT EXISTS (SELECT 1 FROM published_indices p WHERE p.code = r.code)"

static RegistryIndex registry_row(Arena *a, Stmt *q)
{
    RegistryIndex x = { .id = col_int(q, 0), .owner = { col_int(q, 1) }, .code = arena_str(a, col_str(q, 3)), .max_points = col_real(q, 10),
                        .made_by = { col_int(q, 11) }, .made_at = col_time(q, 12) };
    (void)unit_kind_parse(col_str(q, 2), &x.kind);            /* the schema lets no other word in */
    for (int l = 0; l < LANG_COUNT; l++) {
        x.name[l]  = arena_str(a, col_str(q, 4 + l));
        x.about[l] = arena_str(a, col_str(q, 6 + l));
        x.value[l] = arena_str(a, col_str(q, 8 + l));
    }
    return x;
}

Err registry_list(Db *db, Arena *a, RegistryIndices *out)
{
    RegistryIndices rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT " REGISTRY_COLUMNS " FROM index_registry r ORDER BY r.name_vi, r.id"));
    while (db_row(q))
        *list_add(a, &rows) = registry_row(a, q);
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err registry_load(Db *db, Arena *a, int64_t id, RegistryIndex *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " REGISTRY_COLUMNS " FROM index_registry r WHERE r.id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        *out = registry_row(a, q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such registered index"));
}

Err registry_code_taken(Db *db, Str code, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT code FROM index_registry WHERE code = $1 UNION ALL SELECT code FROM published_indices WHERE code = $1"));
    bind_str(q, 1, code);
    *out = db_row(q);
    return db_done(q);
}

Err registry_add(Db *db, const RegistryIndex *x)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO index_registry (id, unit_id, unit_kind, code, name_vi, name_en, about_vi, about_en, value_vi, value_en,"
                                     " max_points, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"));
    bind_int(q, 1, x->id);
    bind_int(q, 2, x->owner.v);
    bind_str(q, 3, unit_kind_code(x->kind));
    bind_str(q, 4, x->code);
    for (int l = 0; l < LANG_COUNT; l++) {
        bind_str(q, 5 + l, x->name[l]);
        bind_str(q, 7 + l, x->about[l]);
        bind_str(q, 9 + l, x->value[l]);
    }
    bind_real(q, 11, x->max_points);
    bind_int(q, 12, x->made_by.v);
    bind_time(q, 13, x->made_at);
    return db_run(q);
}

Err registry_change(Db *db, const RegistryIndex *x)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE index_registry SET name_vi = $2, name_en = $3, about_vi = $4, about_en = $5, value_vi = $6, value_en = $7"
                                     " WHERE id = $1"));
    bind_int(q, 1, x->id);
    for (int l = 0; l < LANG_COUNT; l++) {
        bind_str(q, 2 + l, x->name[l]);
        bind_str(q, 4 + l, x->about[l]);
        bind_str(q, 6 + l, x->value[l]);
    }
    return db_run(q);
}

Err registry_sheets(Db *db, Arena *a, int64_t index, RegistrySheets *out)
{
    RegistrySheets rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT year, revision, source, url, reason, source_day, made_by, made_at FROM index_sheets WHERE index_id = $1"
                                     " ORDER BY year DESC, revision DESC"));
    bind_int(q, 1, index);
    while (db_row(q))
        *list_add(a, &rows) = (RegistrySheet){ index, (int)col_int(q, 0), col_int(q, 1), arena_str(a, col_str(q, 2)), arena_str(a, col_str(q, 3)),
                                               arena_str(a, col_str(q, 4)), col_date(q, 5), { col_int(q, 6) }, col_time(q, 7) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err registry_figures(Db *db, Arena *a, int64_t index, RegistryFigures *out)
{
    RegistryFigures rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT year, revision, unit_id, score FROM index_figures WHERE index_id = $1 ORDER BY year, unit_id, revision"));
    bind_int(q, 1, index);
    while (db_row(q))
        *list_add(a, &rows) = (RegistryFigure){ (int)col_int(q, 0), col_int(q, 1), { col_int(q, 2) }, col_real(q, 3) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err registry_revision(Db *db, int64_t index, int year, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COALESCE(MAX(revision), 0) FROM index_sheets WHERE index_id = $1 AND year = $2"));
    bind_int(q, 1, index);
    bind_int(q, 2, year);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

static Err add_sheet(Db *db, const RegistrySheet *s)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO index_sheets (index_id, year, revision, source, url, source_day, reason, made_by, made_at)"
                                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"));
    bind_int(q, 1, s->index);
    bind_int(q, 2, s->year);
    bind_int(q, 3, s->revision);
    bind_str(q, 4, s->source);
    bind_str(q, 5, s->url);
    bind_date(q, 6, s->day);
    bind_str(q, 7, s->reason);
    bind_int(q, 8, s->by.v);
    bind_time(q, 9, s->at);
    return db_run(q);
}

static Err add_figure(Db *db, const RegistrySheet *s, const RegistryFigure *f)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO index_figures (index_id, year, revision, unit_id, score) VALUES ($1, $2, $3, $4, $5)"));
    bind_int(q, 1, s->index);
    bind_int(q, 2, s->year);
    bind_int(q, 3, s->revision);
    bind_int(q, 4, f->unit.v);
    bind_real(q, 5, f->score);
    return db_run(q);
}

Err registry_keep(Db *db, Arena *a, const RegistrySheet *sheet, const RegistryFigures *changed)
{
    int64_t newest;
    TRY(registry_revision(db, sheet->index, sheet->year, &newest));
    if (sheet->revision != newest + 1)
        return err_new(a, ERR_CONFLICT, S("figures were entered meanwhile"));
    TRY(add_sheet(db, sheet));
    for (size_t i = 0; i < changed->len; i++)
        TRY(add_figure(db, sheet, &changed->at[i]));
    return OK;
}

/* ---- Beside the figures of the files ---------------------------------------------------------------------- */

Err registry_join_indices(Db *db, Arena *a, PublishedIndices *io)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " REGISTRY_COLUMNS " FROM index_registry r WHERE" NOT_OF_FILES
                                     " AND EXISTS (SELECT 1 FROM index_figures f WHERE f.index_id = r.id AND" CURRENT ") ORDER BY r.code"));
    while (db_row(q)) {
        RegistryIndex   r = registry_row(a, q);
        PublishedIndex *x = list_add(a, io);
        *x = (PublishedIndex){ .code = r.code, .unit_kind = unit_kind_code(r.kind), .position = 1000 + (int)io->len, .max_points = r.max_points };
        for (int l = 0; l < LANG_COUNT; l++) {
            x->name[l]  = r.name[l];
            x->about[l] = r.about[l];
            x->value[l] = r.value[l];
        }
    }
    return db_done(q);
}

static Str source_key(Arena *a, int64_t index, int64_t year, int64_t revision)
{
    return arena_fmt(a, "entered-%lld-%lld-%lld", (long long)index, (long long)year, (long long)revision);
}

/* Figures without names; owner stands beside each. Ranks are those of a source, never counted here: a year may lack units. */
static Err entered_rows(Db *db, Arena *a, Str code, PublishedValues *out, UnitIds *owners)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT r.code, r.unit_kind, r.unit_id, r.id, f.year, f.revision, f.unit_id, f.score FROM index_figures f"
                                     " JOIN index_registry r ON r.id = f.index_id WHERE ($1 = '' OR r.code = $1) AND" NOT_OF_FILES " AND" CURRENT
                                     " ORDER BY r.code, f.year, f.unit_id"));
    bind_str(q, 1, code);
    while (db_row(q)) {
        Str kind = col_str(q, 1);
        *list_add(a, owners) = (UnitId){ col_int(q, 2) };
        *list_add(a, out) = (PublishedValue){
            .index = arena_str(a, col_str(q, 0)), .year = (int)col_int(q, 4), .unit_id = { col_int(q, 6) }, .score = col_real(q, 7), .max_points = NAN,
            .level = str_eq(kind, S("commune")) ? LEVEL_COMMUNE : str_eq(kind, S("department")) ? LEVEL_DEPARTMENT : LEVEL_UNIT,
            .source = source_key(a, col_int(q, 3), col_int(q, 4), col_int(q, 5)) };
    }
    return db_done(q);
}

Err registry_join_values(Db *db, Arena *a, Str code, UnitId unit, PublishedValues *io)
{
    PublishedValues v = { 0 };
    UnitIds         owners = { 0 };
    TRY(entered_rows(db, a, code, &v, &owners));
    for (size_t i = 0; i < v.len; i++) {
        PublishedValue *x  = &v.at[i];
        Date            on = date_from_ymd(x->year, 12, 31);
        Unit            u, area;
        if (unit.v && x->unit_id.v != unit.v)
            continue;
        TRY(unit_load(db, a, x->unit_id, on, &u));
        for (int l = 0; l < LANG_COUNT; l++)
            x->unit[l] = unit_name(&u, (Lang)l);
        if (x->level != LEVEL_UNIT) {
            TRY(unit_load(db, a, owners.at[i], on, &area));
            x->area = area.name_vi;
        }
        *list_add(a, io) = *x;
    }
    return OK;
}

Err registry_join_sources(Db *db, Arena *a, PublishedSources *io)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT index_id, year, revision, source, url, source_day FROM index_sheets ORDER BY index_id, year, revision"));
    while (db_row(q)) {
        Str title = arena_str(a, col_str(q, 3));
        Date day  = col_date(q, 5);
        *list_add(a, io) = (PublishedSource){ source_key(a, col_int(q, 0), col_int(q, 1), col_int(q, 2)),
            { arena_fmt(a, "%.*s (%.*s)", STR_ARG(title), STR_ARG(date_text(a, LANG_VI, day))),
              arena_fmt(a, "%.*s (%.*s)", STR_ARG(title), STR_ARG(date_text(a, LANG_EN, day))) }, arena_str(a, col_str(q, 4)) };
    }
    return db_done(q);
}
