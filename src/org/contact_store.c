/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* E-mail and telephone of accounts: sealed (base/sealed.h), so that neither a dump nor a swap of rows shows or moves them. */
#include "base/json.h"
#include "base/sealed.h"
#include "org/org.h"

#include <sodium.h>

static const char column[] = "people.contact_box";

/* Boxes of before were tied to their person by a key of its own. */
static void old_key_of(const uint8_t base[32], PersonId id, uint8_t key[32])
{
    crypto_generichash(key, 32, (const uint8_t *)&id.v, sizeof id.v, base, 32);
}

/* The prefix keeps these hashes apart from the keys of persons, which are hashes of 8 bytes. */
Str person_email_key(Arena *a, const uint8_t key[32], Str email)
{
    uint8_t *sum  = arena_new(a, uint8_t, 32);
    Str      text = str_concat(a, S("e-mail address "), str_lower_ascii(a, email));
    crypto_generichash(sum, 32, (const uint8_t *)text.at, text.len, key, 32);
    return (Str){ (const char *)sum, 32 };
}

static Str seal(Arena *a, const uint8_t base[32], PersonId id, const PersonContact *x)
{
    Buf b = buf_new(a, 256);
    buf_lit(&b, "{\"email\":");
    buf_json_str(&b, x->email);
    buf_lit(&b, ",\"phone\":");
    buf_json_str(&b, x->phone);
    buf_byte(&b, '}');
    return sealed(a, &(SealPlace){ base, column, id.v }, buf_str(&b));
}

static bool box_open(Arena *a, const uint8_t base[32], PersonId id, Str box, PersonContact *out)
{
    uint8_t     old_key[32];
    Str         text;
    const Json *tree;
    old_key_of(base, id, old_key);
    if (!sealed_open(a, &(SealPlace){ base, column, id.v }, old_key, box, &text) || json_parse(a, text, &tree))
        return false;
    return json_str(json_get(tree, S("email")), &out->email) && json_str(json_get(tree, S("phone")), &out->phone);
}

Err person_contact_load(Db *db, Arena *a, const uint8_t key[32], PersonId id, PersonContact *out)
{
    AUTO_STMT     q     = db_prepare(db, SQL("SELECT contact_box FROM people WHERE id = $1"));
    PersonContact x     = { 0 };
    bool          opens = true;
    bind_int(q, 1, id.v);
    if (db_row(q) && !col_null(q, 0))
        opens = box_open(a, key, id, col_blob(q, 0), &x);
    TRY(db_done(q));
    if (!opens)
        return err_fmt(a, ERR_CONFIG, "e-mail and telephone of account %lld do not open with this master.key", (long long)id.v);
    *out = x;
    return OK;
}

Err person_contact_save(Db *db, Arena *a, const uint8_t key[32], PersonId id, const PersonContact *x)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET contact_box = $2, email_key = $3, email = '', phone = '' WHERE id = $1"));
    bind_int(q, 1, id.v);
    if (x->email.len || x->phone.len)
        bind_blob(q, 2, seal(a, key, id, x));
    else
        bind_null(q, 2);
    if (x->email.len)
        bind_blob(q, 3, person_email_key(a, key, x->email));
    else
        bind_null(q, 3);
    return db_run(q);
}

/* ---- Rows of older versions ------------------------------------------------------------------------------------ */

typedef struct PlainRow { PersonId id; Str login, name; PersonContact contact; } PlainRow;
typedef LIST(PlainRow) PlainRows;

static Err plain_rows(Db *db, Arena *a, PlainRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, login, name, email, phone FROM people WHERE email <> '' OR phone <> '' ORDER BY id"));
    while (db_row(q))
        *list_add(a, out) = (PlainRow){ { col_int(q, 0) }, arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)),
                                        { arena_str(a, col_str(q, 3)), arena_str(a, col_str(q, 4)) } };
    return db_done(q);
}

Err person_contact_fill(Db *db, Arena *a, const uint8_t key[32], int64_t *out_sealed)
{
    PlainRows rows = { 0 };
    TRY(plain_rows(db, a, &rows));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE people SET search = $2 WHERE id = $1"));
    for (size_t i = 0; i < rows.len; i++) {
        const PlainRow *r = &rows.at[i];
        TRY(person_contact_save(db, a, key, r->id, &r->contact));
        bind_int(q, 1, r->id.v);
        bind_str(q, 2, person_search_text(a, r->login, r->name));
        TRY(db_run(q));
    }
    *out_sealed = (int64_t)rows.len;
    return OK;
}
