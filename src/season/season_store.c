/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Seasons in the database, and their opening. */
#include "season/parts.h"

#define COLUMNS "SELECT s.id, s.unit_id, s.scheme_id, s.scheme_version, s.title, s.year, s.unit_kind, s.label, s.starts_day, s.self_until, " \
                "s.appraisal_until, s.explanation_until, s.objection_until, s.council_until, s.made_by, s.made_at, " \
                "(SELECT COUNT(*) FROM season_cards c WHERE c.season_id = s.id), s.four_eyes FROM seasons s "

static void row_read(Arena *a, Stmt *q, Season *out)
{
    *out = (Season){ .id = { col_int(q, 0) }, .owner = { col_int(q, 1) }, .scheme = { col_int(q, 2) }, .scheme_version = col_int(q, 3),
                     .title = arena_str(a, col_str(q, 4)), .year = (int)col_int(q, 5), .unit_kind = arena_str(a, col_str(q, 6)),
                     .label = arena_str(a, col_str(q, 7)), .calendar.starts = col_date(q, 8), .made_by = { col_int(q, 14) }, .made_at = col_time(q, 15),
                     .cards = col_int(q, 16), .four_eyes = col_real(q, 17) };
    for (int w = 0; w < WINDOW_COUNT; w++)
        out->calendar.until[w] = col_date(q, 9 + w);
}

Err season_list(Db *db, Arena *a, Seasons *out)
{
    Seasons   rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(COLUMNS "ORDER BY s.id DESC"));
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err season_load(Db *db, Arena *a, SeasonId id, Season *out)
{
    AUTO_STMT q = db_prepare(db, SQL(COLUMNS "WHERE s.id = $1"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found)
        row_read(a, q, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such season"));
}

Err season_units(Db *db, Arena *a, const SchemeRow *scheme, Date on, bool *out_known, Units *out)
{
    UnitKind kind;
    Units    below = { 0 }, units = { 0 };
    *out_known = unit_kind_parse(scheme->unit_kind, &kind);
    if (*out_known)
        TRY(unit_children(db, a, scheme->unit, on, &below));
    for (size_t i = 0; i < below.len; i++)
        if (below.at[i].kind == kind)
            *list_add(a, &units) = below.at[i];
    *out = units;
    return OK;
}

static Err row_save(Db *db, const Season *s)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO seasons (id, unit_id, scheme_id, scheme_version, title, year, unit_kind, label, starts_day, self_until, appraisal_until, "
        "explanation_until, objection_until, council_until, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"));
    bind_int(q, 1, s->id.v);
    bind_int(q, 2, s->owner.v);
    bind_int(q, 3, s->scheme.v);
    bind_int(q, 4, s->scheme_version);
    bind_str(q, 5, s->title);
    bind_int(q, 6, s->year);
    bind_str(q, 7, s->unit_kind);
    bind_str(q, 8, s->label);
    bind_date(q, 9, s->calendar.starts);
    for (int w = 0; w < WINDOW_COUNT; w++)
        bind_date(q, 10 + w, s->calendar.until[w]);
    bind_int(q, 15, s->made_by.v);
    bind_time(q, 16, s->made_at);
    return db_run(q);
}

Err season_open(Db *db, Arena *a, const SchemeRow *scheme, const Units *units, Season *s)
{
    s->id.v           = id_new();
    s->owner          = scheme->unit;
    s->scheme         = scheme->id;
    s->scheme_version = scheme->version;
    s->unit_kind      = scheme->unit_kind;
    s->label          = scheme->label;
    s->year           = scheme->year;
    s->cards          = (int64_t)units->len;
    s->four_eyes      = SEASON_FOUR_EYES;
    if (!scheme->locked_at.ms)
        TRY(scheme_lock(db, scheme->id, s->made_by, s->made_at));
    TRY(row_save(db, s));
    for (size_t i = 0; i < units->len; i++) {
        Card card = { .season = s->id, .unit = units->at[i].id, .state = CARD_DRAFT, .extended = DATE_NONE, .changed_at = s->made_at };
        TRY(card_add(db, a, &card, s->made_by));
    }
    return OK;
}
