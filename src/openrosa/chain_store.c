/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Revisions of a record: of those that nobody holds back the newest counts, the others give way to it. */
#include "openrosa/parts.h"

typedef struct Link { int64_t id; Str hold, left_out; bool withdrawn; } Link;
typedef LIST(Link) Links;

static Err links_load(Db *db, Arena *a, int64_t first, Links *out)
{
    Links     links = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT f.submission_id, f.hold, s.left_out, s.withdrawn FROM field_records f "
                                     "JOIN submissions s ON s.id = f.submission_id WHERE " OF_CHAIN "ORDER BY f.revision DESC, f.received_at DESC"));
    bind_int(q, 1, first);
    while (db_row(q))
        *list_add(a, &links) = (Link){ col_int(q, 0), arena_str(a, col_str(q, 1)), arena_str(a, col_str(q, 2)), col_int(q, 3) != 0 };
    TRY(db_done(q));
    *out = links;
    return OK;
}

Err chain_settle(Db *db, Arena *a, int64_t first, const RoundInfo *info, const CollectKeys *k, RecordChanges *out)
{
    Links links;
    bool  counted = false;
    TRY(links_load(db, a, first, &links));
    for (size_t i = 0; i < links.len; i++) {
        const Link *l    = &links.at[i];
        Str         want = l->hold.len ? l->hold : counted ? S("superseded") : S("");
        if (l->withdrawn)
            continue;
        counted |= !l->hold.len;
        if (str_eq(want, l->left_out))
            continue;
        RecordChange x;
        TRY(record_change_load(db, a, (SubmissionId){ l->id }, &x));
        x.info     = info;
        x.keys     = k;
        x.left_out = want;
        *list_add(a, out) = x;
    }
    return OK;
}

Err case_rival(Db *db, CaseId id, SubmissionId record, CaseRival *out)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT l.submission_id, CASE WHEN of.first_id = mine.first_id THEN 1 ELSE 0 END, "
        "CASE WHEN o.withdrawn = 0 AND o.left_out = '' THEN 1 ELSE 0 END, CASE WHEN m.withdrawn = 0 AND m.left_out = '' THEN 1 ELSE 0 END "
        "FROM case_links l JOIN submissions o ON o.id = l.submission_id LEFT JOIN field_records of ON of.submission_id = o.id "
        "JOIN submissions m ON m.id = $2 JOIN field_records mine ON mine.submission_id = m.id WHERE l.case_id = $1"));
    *out = (CaseRival){ 0 };
    bind_int(q, 1, id.v);
    bind_int(q, 2, record.v);
    while (db_row(q))
        *out = (CaseRival){ col_int(q, 0), col_int(q, 1) != 0, col_int(q, 2) != 0, col_int(q, 3) != 0 };
    return db_done(q);
}
