/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Items, their versions and uses in the database. */
#include "builder/bank.h"

#define ITEM_COLUMNS "SELECT id, unit_id, subject, title, name, type, role, code, version, state, made_by, made_at FROM bank_items "

static void item_read(Arena *a, Stmt *q, BankItem *out)
{
    *out = (BankItem){ .id = col_int(q, 0), .unit = { col_int(q, 1) }, .subject = arena_str(a, col_str(q, 2)), .title = arena_str(a, col_str(q, 3)),
                       .name = arena_str(a, col_str(q, 4)), .type = arena_str(a, col_str(q, 5)), .role = arena_str(a, col_str(q, 6)),
                       .code = arena_str(a, col_str(q, 7)), .version = col_int(q, 8), .withdrawn = str_eq(col_str(q, 9), S("withdrawn")),
                       .by = { col_int(q, 10) }, .at = col_time(q, 11) };
}

Err bank_load(Db *db, Arena *a, int64_t id, BankItem *out)
{
    AUTO_STMT q = db_prepare(db, SQL(ITEM_COLUMNS "WHERE id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        item_read(a, q, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such item"));
}

Err bank_list(Db *db, Arena *a, BankItems *out)
{
    BankItems rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(ITEM_COLUMNS "WHERE state = 'kept' ORDER BY subject, title, id"));
    while (db_row(q))
        item_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err item_insert(Db *db, const BankItem *x)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO bank_items (id, unit_id, subject, title, name, type, role, code, version, state, made_by, made_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'kept', $10, $11) ON CONFLICT (id) DO UPDATE SET subject = $3, title = $4, name = $5, type = $6, "
        "role = $7, code = $8, version = $9, made_by = $10, made_at = $11"));
    bind_int(q, 1, x->id);
    bind_int(q, 2, x->unit.v);
    bind_str(q, 3, x->subject);
    bind_str(q, 4, x->title);
    bind_str(q, 5, x->name);
    bind_str(q, 6, x->type);
    bind_str(q, 7, x->role);
    bind_str(q, 8, x->code);
    bind_int(q, 9, x->version);
    bind_int(q, 10, x->by.v);
    bind_time(q, 11, x->at);
    return db_run(q);
}

Err bank_keep(Db *db, Arena *a, BankItem *x, const Grid *content, Str note, Str source)
{
    const GridSheet *s = grid_sheet(content, SHEET_SURVEY);
    const GridRow   *q = &s->rows.at[0];
    x->id      = x->id ? x->id : id_new();
    x->version = x->version + 1;
    x->name    = grid_cell(s, q, COL_NAME, S(""));
    x->title   = grid_text(content, s, q, COL_LABEL, LANG_VI);
    x->title   = x->title.len ? x->title : x->name;
    x->type    = grid_cell(s, q, COL_TYPE, S(""));
    x->role    = grid_cell(s, q, COL_TD_ROLE, S(""));
    x->code    = grid_cell(s, q, COL_TD_CODE, S(""));
    TRY(item_insert(db, x));
    AUTO_STMT v = db_prepare(db, SQL("INSERT INTO bank_versions (item_id, version, content, title, note, source, made_by, made_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"));
    bind_int(v, 1, x->id);
    bind_int(v, 2, x->version);
    bind_str(v, 3, grid_json(a, content));
    bind_str(v, 4, x->title);
    bind_str(v, 5, note);
    bind_str(v, 6, source);
    bind_int(v, 7, x->by.v);
    bind_time(v, 8, x->at);
    return db_run(v);
}

Err bank_content(Db *db, Arena *a, int64_t id, int64_t version, Grid **out)
{
    Str       text = S("");
    AUTO_STMT q    = db_prepare(db, SQL("SELECT content FROM bank_versions WHERE item_id = $1 AND version = $2"));
    bind_int(q, 1, id);
    bind_int(q, 2, version);
    if (db_row(q))
        text = arena_str(a, col_str(q, 0));
    TRY(db_done(q));
    return text.len ? grid_parse(a, text, out) : err_new(a, ERR_NOT_FOUND, S("no such version of the item"));
}

Err bank_versions(Db *db, Arena *a, int64_t id, BankVersions *out)
{
    BankVersions rows = { 0 };
    AUTO_STMT    q = db_prepare(db, SQL("SELECT version, title, note, source, made_by, made_at FROM bank_versions WHERE item_id = $1 ORDER BY version DESC"));
    bind_int(q, 1, id);
    while (db_row(q))
        *list_add(a, &rows) = (BankVersion){ col_int(q, 0), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)), arena_str(a, col_str(q, 3)),
                                             { col_int(q, 4) }, col_time(q, 5) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err bank_uses(Db *db, Arena *a, int64_t id, BankUses *out)
{
    BankUses  rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(
        "SELECT d.id, d.title, u.name, d.state, u.version, d.published, d.owner_unit, v.version FROM bank_uses u JOIN form_drafts d ON d.id = u.draft_id "
        "LEFT JOIN form_versions v ON v.id = d.published WHERE u.item_id = $1 AND d.state <> 'dropped' ORDER BY d.changed_at DESC, u.name"));
    bind_int(q, 1, id);
    while (db_row(q))
        *list_add(a, &rows) = (BankUse){ .draft = col_int(q, 0), .title = arena_str(a, col_str(q, 1)), .name = arena_str(a, col_str(q, 2)),
                                         .state = arena_str(a, col_str(q, 3)), .version = col_int(q, 4), .published = { col_int(q, 5) },
                                         .owner = { col_int(q, 6) }, .published_version = arena_str(a, col_str(q, 7)) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

/* Only items there are: the column may come from another system's workbook. */
static Err use_add(Db *db, int64_t draft, Str name, int64_t item, int64_t version)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO bank_uses (draft_id, name, item_id, version) SELECT $1, $2, i.id, $4 FROM bank_items i WHERE i.id = $3 "
                                     "ON CONFLICT DO NOTHING"));
    bind_int(q, 1, draft);
    bind_str(q, 2, name);
    bind_int(q, 3, item);
    bind_int(q, 4, version);
    return db_run(q);
}

Err bank_uses_save(Db *db, int64_t draft, const Grid *g)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    AUTO_STMT        q = db_prepare(db, SQL("DELETE FROM bank_uses WHERE draft_id = $1"));
    bind_int(q, 1, draft);
    TRY(db_run(q));
    for (size_t i = 0; i < s->rows.len; i++) {
        int64_t item, version;
        if (bank_source(g, &s->rows.at[i], &item, &version))
            TRY(use_add(db, draft, grid_cell(s, &s->rows.at[i], COL_NAME, S("")), item, version));
    }
    return OK;
}

Err bank_withdraw(Db *db, int64_t id)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE bank_items SET state = 'withdrawn' WHERE id = $1 AND state = 'kept'"));
    bind_int(q, 1, id);
    TRY(db_run(q));
    return db_changes(q) ? OK : err_new(db_arena(db), ERR_CONFLICT, S("the item is withdrawn already"));
}

Err bank_demo(Db *db, Arena *a, const Grid *g, UnitId unit, Str subject, size_t most, Time now)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    size_t           n = 0;
    for (size_t i = 0; i < s->rows.len && n < most; i++) {
        BankItem x = { .unit = unit, .subject = subject, .at = now };
        if (!str_eq(grid_cell(s, &s->rows.at[i], COL_TD_ROLE, S("")), S("satisfaction")))
            continue;
        TRY(bank_keep(db, a, &x, bank_cut(a, g, s->rows.at[i].id, NULL), S(""), grid_setting(g, COL_FORM_ID, S(""))));
        n++;
    }
    return OK;
}

Err builder_demo(Db *db, Store *s, Arena *a, FormId form, Time now)
{
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    FormIssues issues = { 0 };
    FormBook   book;
    Str        bytes;
    work.full = a->full;
    TRY(form_bytes(db, s, a, form, &bytes));
    TRY(form_book_read(a, work, bytes, &issues, &book));
    Grid *g = grid_of_book(a, &book);
    return g ? bank_demo(db, a, g, (UnitId){ UNIT_ROOT }, S("Chính sách công"), 8, now) : OK;
}
