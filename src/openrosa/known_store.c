/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records by the names that phones know: questionnaire and instance. A record's number follows from its round and these names, so it is
 * looked for in its place in each round of the questionnaire; there is no index of names, in which every new record would stand at a
 * random place. Edits that keep their instance's id have names of their own: they are found by what they replace. */
#include "openrosa/parts.h"

Str field_name(Arena *a, Str form_id, Str instance_id, Str edit)
{
    return sha256_hex(a, str_join(a, (Str[]){ form_id, instance_id, edit }, 3, S("\n")));
}

/* ---- Where to look ---------------------------------------------------------------------------------------------------- */
/* A round that holds answers keeps its questionnaire (round_save). */
static Err rounds_load(Db *db, Arena *a, Str form_id, Rounds *out)
{
    Rounds    rounds = { 0 };
    AUTO_STMT q      = db_prepare(db, SQL(
        "SELECT r.id, r.slot, r.created_at FROM rounds r JOIN form_versions v ON v.id = r.form_id "
        "WHERE v.form_id = $1 AND EXISTS (SELECT 1 FROM field_records f WHERE f.round_id = r.id)"));
    bind_str(q, 1, form_id);
    while (db_row(q))
        *list_add(a, &rounds) = (Round){ .id = { col_int(q, 0) }, .slot = col_int(q, 1), .created_at = col_time(q, 2) };
    TRY(db_done(q));
    *out = rounds;
    return OK;
}

static bool has_round(const Rounds *rounds, RoundId id)
{
    for (size_t i = 0; i < rounds->len; i++)
        if (rounds->at[i].id.v == id.v)
            return true;
    return false;
}

Err field_places(Db *db, Arena *a, FieldPlacesList *all, Str form_id, const Round *own, FieldPlaces **out)
{
    FieldPlaces *p = NULL;
    for (size_t i = 0; i < all->len && !p; i++)
        if (str_eq(all->at[i].form_id, form_id))
            p = &all->at[i];
    if (!p) {
        FieldPlaces made = { .form_id = form_id };
        TRY(rounds_load(db, a, form_id, &made.rounds));
        p  = list_add(a, all);
        *p = made;
    }
    if (own && !has_round(&p->rounds, own->id))
        *list_add(a, &p->rounds) = *own;
    *out = p;
    return OK;
}

/* ---- What stands there ------------------------------------------------------------------------------------------------ */
#define KNOWN                                                                                                                  \
    "SELECT f.submission_id, f.round_id, s.sha256, f.last_post, f.first_id, f.revision, f.code FROM field_records f "          \
    "JOIN submissions s ON s.id = f.submission_id "

static Err known_read(Stmt *q, Arena *a, KnownRecords *out)
{
    while (db_row(q)) {
        KnownRecord *k   = list_add(a, out);
        Str          sum = col_blob(q, 2);
        *k = (KnownRecord){ .id = { col_int(q, 0) }, .round = { col_int(q, 1) }, .last_post = col_int(q, 3) != 0, .first = col_int(q, 4),
                            .revision = col_int(q, 5), .code = arena_str(a, col_str(q, 6)) };
        memcpy(k->sum.at, sum.at, sum.len < sizeof k->sum.at ? sum.len : sizeof k->sum.at);
    }
    return db_done(q);
}

static Err known_at(Db *db, Arena *a, int64_t place, const FieldName *name, KnownRecords *out)
{
    AUTO_STMT q = db_prepare(db, SQL(KNOWN "WHERE f.submission_id BETWEEN $1 AND $2 AND f.form_id = $3 AND f.instance_id = $4"));
    bind_int(q, 1, place);
    bind_int(q, 2, place + SLOT_PLACES - 1);
    bind_str(q, 3, name->form_id);
    bind_str(q, 4, name->instance_id);
    return known_read(q, a, out);
}

static Err known_edits(Db *db, Arena *a, const FieldName *name, KnownRecords *out)
{
    AUTO_STMT q = db_prepare(db, SQL(KNOWN "WHERE f.form_id = $1 AND f.deprecated_id = $2 AND f.deprecated_id <> '' AND f.instance_id = $2"));
    bind_str(q, 1, name->form_id);
    bind_str(q, 2, name->instance_id);
    return known_read(q, a, out);
}

Err field_replaced(Db *db, Str form_id, Str instance_id, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM field_records WHERE form_id = $1 AND deprecated_id = $2 AND deprecated_id <> '' LIMIT 1"));
    bind_str(q, 1, form_id);
    bind_str(q, 2, instance_id);
    *out = db_row(q);
    return db_done(q);
}

/* What has no instance id is named by the hash of its bytes. */
static Err known_in(Db *db, Arena *a, const CollectKeys *k, const Round *r, const FieldName *name, KnownRecords *out)
{
    Str within = str_starts(name->instance_id, S(FIELD_UNNAMED)) ? str_skip(name->instance_id, sizeof FIELD_UNNAMED - 1) : S("");
    Str full   = field_name(a, name->form_id, name->instance_id, S(""));
    TRY(known_at(db, a, instance_key(a, k, r, full).id.v, name, out));
    return within.len ? known_at(db, a, instance_key(a, k, r, field_name(a, name->form_id, within, S(""))).id.v, name, out) : OK;
}

Err field_known(Db *db, Arena *a, const CollectKeys *k, const FieldPlaces *places, const FieldName *name, KnownRecords *out)
{
    for (size_t i = 0; i < places->rounds.len; i++)
        if (name->place && places->rounds.at[i].id.v == name->round.v)
            TRY(known_at(db, a, name->place, name, out));
        else
            TRY(known_in(db, a, k, &places->rounds.at[i], name, out));
    return name->replaced ? known_edits(db, a, name, out) : OK;
}
