/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rounds in the database. Every change raises the revision and tells the cache of rounds in use. */
#include "collect/parts.h"
#include "collect/round_list.h"

/* The columns of round_read, in its order. */
#define ROUND_SELECT                                                                                                      \
    "SELECT r.id, r.code, r.title_vi, r.title_en, r.intro_vi, r.intro_en, r.form_id, r.owner_unit, r.state, r.identity, " \
    "r.device_limit, r.opens_at, r.closes_at, r.closed_at, r.created_at, r.simulated, r.method, r.unit_question, "        \
    "r.revision, COALESCE(k.stored, 0), COALESCE(k.flagged, 0), r.slot "                                                  \
    "FROM rounds r LEFT JOIN round_counters k ON k.round_id = r.id AND k.unit_id = 0 "

static void round_read(Stmt *q, Arena *a, Round *out)
{
    Round r = {
        .id = { col_int(q, 0) }, .code = arena_str(a, col_str(q, 1)), .title_vi = arena_str(a, col_str(q, 2)),
        .title_en = arena_str(a, col_str(q, 3)), .intro_vi = arena_str(a, col_str(q, 4)), .intro_en = arena_str(a, col_str(q, 5)),
        .form = { col_int(q, 6) }, .owner = { col_int(q, 7) }, .device_limit = col_int(q, 10), .opens_at = col_time(q, 11),
        .closes_at = col_time(q, 12), .closed_at = col_time(q, 13), .created_at = col_time(q, 14), .simulated = col_int(q, 15) != 0,
        .method = arena_str(a, col_str(q, 16)), .unit_question = arena_str(a, col_str(q, 17)), .revision = col_int(q, 18),
        .submissions = col_int(q, 19), .flagged = col_int(q, 20), .slot = col_int(q, 21),
    };
    round_state_parse(col_str(q, 8), &r.state);
    r.identity = str_eq(col_str(q, 9), S("code")) ? IDENTITY_CODE : IDENTITY_OPEN;
    *out = r;
}

static Err round_one(Stmt *q, Db *db, Arena *a, Round *out)
{
    bool found = db_row(q);
    if (found)
        round_read(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(db_arena(db), ERR_NOT_FOUND, S("round"));
}

Err round_load(Db *db, Arena *a, RoundId id, Round *out)
{
    AUTO_STMT q = db_prepare(db, SQL(ROUND_SELECT "WHERE r.id = $1"));
    bind_int(q, 1, id.v);
    return round_one(q, db, a, out);
}

Err round_by_code(Db *db, Arena *a, Str code, Round *out)
{
    AUTO_STMT q = db_prepare(db, SQL(ROUND_SELECT "WHERE r.code = $1"));
    bind_str(q, 1, code);
    return round_one(q, db, a, out);
}

Err round_list(Db *db, Arena *a, Rounds *out)
{
    Rounds    rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(ROUND_SELECT "ORDER BY r.created_at DESC, r.id DESC"));
    while (db_row(q))
        round_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* The state of a row at f->now follows from its times: round_state_at asks for no texts. */
static bool filter_takes(Stmt *q, const RoundFilter *f)
{
    Round r = { .opens_at = col_time(q, 11), .closes_at = col_time(q, 12), .closed_at = col_time(q, 13) };
    round_state_parse(col_str(q, 8), &r.state);
    return !(f->begun && r.state == ROUND_DRAFT) && !(f->by_state && round_state_at(&r, f->now) != f->state);
}

Err round_page_list(Db *db, Arena *a, const RoundFilter *f, ScopePage *p, Rounds *out)
{
    Rounds    rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(ROUND_SELECT "ORDER BY r.created_at DESC, r.id DESC"));
    while (db_row(q))
        if (filter_takes(q, f) && scope_page_takes(p, (UnitId){ col_int(q, 7) }))
            round_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err round_open_list(Db *db, Arena *a, Time now, Rounds *out)
{
    Rounds    rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(ROUND_SELECT
        "WHERE r.state IN ('open', 'paused') AND r.opens_at <= $1 AND COALESCE(r.closes_at, 9223372036854775807) >= $1 "
        "ORDER BY COALESCE(r.closes_at, 9223372036854775807), r.code"));
    bind_int(q, 1, now.ms);
    while (db_row(q))
        round_read(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err changed_one(Stmt *q, Db *db, const char *what)
{
    TRY(db_run(q));
    if (db_changes(q) != 1)
        return err_new(db_arena(db), ERR_CONFLICT, str_from_c(what));
    rounds_changed();
    return OK;
}

Err round_set_state(Db *db, Arena *a, RoundId id, RoundState to, Time now)
{
    Round r;
    TRY(round_load(db, a, id, &r));
    /* A round whose closing time is past is closed, whatever its row says; one opened ahead of its time is open. */
    RoundState from = r.state;
    if (round_state_at(&r, now) == ROUND_CLOSED)
        from = ROUND_CLOSED;
    if (!round_step_allowed(from, to))
        return err_new(a, ERR_CONFLICT, S("a round in this state cannot take this step"));
    if (to == ROUND_OPEN && r.opens_at.ms == 0)
        r.opens_at = now;
    if (to == ROUND_CLOSED)
        r.closed_at = now;
    if (to == ROUND_PUBLISHED && r.closed_at.ms == 0)
        r.closed_at = r.closes_at;
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE rounds SET state = $1, opens_at = $2, closed_at = $3, revision = revision + 1 WHERE id = $4 AND revision = $5"));
    bind_str(q, 1, round_state_code(to));
    bind_time(q, 2, r.opens_at);
    bind_time(q, 3, r.closed_at);
    bind_int(q, 4, id.v);
    bind_int(q, 5, r.revision);
    TRY(changed_one(q, db, "the round was changed meanwhile"));
    return collect_tidy(db, now);
}

static void bind_round(Stmt *q, const Round *r)
{
    bind_int(q, 1, r->id.v);
    bind_str(q, 2, r->title_vi);
    bind_str(q, 3, r->title_en);
    bind_str(q, 4, r->intro_vi);
    bind_str(q, 5, r->intro_en);
    bind_int(q, 6, r->form.v);
    bind_int(q, 7, r->owner.v);
    bind_str(q, 8, round_identity_code(r->identity));
    bind_int(q, 9, r->device_limit);
    bind_time(q, 10, r->opens_at);
    bind_time(q, 11, r->closes_at);
    bind_int(q, 12, r->simulated);
    bind_str(q, 13, r->method);
    bind_str(q, 14, r->unit_question);
}

Err round_create(Db *db, Arena *a, const Round *r, Time now, RoundId *out)
{
    Round row = *r;
    row.id.v  = id_new();
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO rounds (id, title_vi, title_en, intro_vi, intro_en, form_id, owner_unit, identity, device_limit, opens_at, "
        "closes_at, simulated, method, unit_question, code, created_at, state, revision, slot) "
        "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'draft', 1, COALESCE(MAX(slot), 0) + 1 "
        "FROM rounds WHERE 1 = 1 ON CONFLICT (code) DO NOTHING"));
    bind_round(q, &row);
    bind_str(q, 15, r->code);
    bind_time(q, 16, now);
    TRY(changed_one(q, db, "a round with this code exists"));
    *out = row.id;
    return OK;
}

/* With answers in it (of phones that sent before it was open) a round keeps its questionnaire: their names are looked for in its rounds. */
Err round_save(Db *db, Arena *a, const Round *r)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "UPDATE rounds SET title_vi = $2, title_en = $3, intro_vi = $4, intro_en = $5, form_id = $6, owner_unit = $7, "
        "identity = $8, device_limit = $9, opens_at = $10, closes_at = $11, simulated = $12, method = $13, unit_question = $14, "
        "revision = revision + 1 WHERE id = $1 AND revision = $15 AND state = 'draft' AND (form_id = $6 OR NOT EXISTS "
        "(SELECT 1 FROM submissions s WHERE s.id BETWEEN rounds.slot * 4398046511104 AND rounds.slot * 4398046511104 + 4398046511103))"));
    bind_round(q, r);
    bind_int(q, 15, r->revision);
    return changed_one(q, db, "the round was changed meanwhile, or holds answers to its questionnaire");
}

Err round_extend(Db *db, Arena *a, RoundId id, Time closes_at, Time now)
{
    Round r;
    TRY(round_load(db, a, id, &r));
    bool running = r.state == ROUND_OPEN || r.state == ROUND_PAUSED;
    if (!running || round_state_at(&r, now) == ROUND_CLOSED || closes_at.ms <= r.closes_at.ms || closes_at.ms <= now.ms)
        return err_new(a, ERR_CONFLICT, S("only a running round can be given a later closing time"));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE rounds SET closes_at = $1, revision = revision + 1 WHERE id = $2 AND revision = $3"));
    bind_time(q, 1, closes_at);
    bind_int(q, 2, id.v);
    bind_int(q, 3, r.revision);
    return changed_one(q, db, "the round was changed meanwhile");
}

/* ---- Which question names the province ---------------------------------------------------------------------------------- */

static bool province_of_today(const Units *provinces, Str code)
{
    for (size_t i = 0; i < provinces->len; i++)
        if (str_eq(provinces->at[i].code, code))
            return true;
    return false;
}

/* Two digits alone say little: reasons and ages have such codes too. */
Err round_unit_question(Db *db, Arena *a, const FormProgram *p, Time now, Str *out)
{
    Units provinces;
    *out = S("");
    TRY(unit_list(db, a, UNIT_PROVINCE, date_of(now), &provinces));
    for (size_t i = 0; i < p->nodes.len && !out->len; i++) {
        size_t known = 0;
        if (!round_names_provinces(p, (int)i))
            continue;
        const FormList *l = &p->lists.at[p->nodes.at[i].list];
        for (size_t k = 0; k < l->choices.len; k++)
            known += province_of_today(&provinces, l->choices.at[k].name);
        if (2 * known > l->choices.len)
            *out = p->nodes.at[i].name;
    }
    return OK;
}
