/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One post in the collector's transaction: is it known, new, an edit or a contradiction; its files; its place among the
 * revisions. Whatever the questionnaire thinks of the answers comes later and changes nothing here. */
#include "openrosa/parts.h"

Str field_code(Arena *a, Str receipt)
{
    return arena_fmt(a, "%.4s-%.2s", receipt.at + 5, receipt.at + 10);
}

static Str sum_str(const Sha256 *s)
{
    return (Str){ (const char *)s->at, sizeof s->at };
}

/* ---- Known? --------------------------------------------------------------------------------------------------- */
/* A record of the same form and instance. */
typedef struct KnownRecord { SubmissionId id; RoundId round; bool same, last_post; int64_t first, revision; Str code; } KnownRecord;

/* The record of these bytes, else any of this id; id 0: none. */
static Err find_known(Db *db, Arena *a, const FieldItem *i, Str instance_id, KnownRecord *out)
{
    KnownRecord found = { 0 };
    AUTO_STMT   q     = db_prepare(db, SQL(
        "SELECT f.submission_id, s.sha256, f.last_post, f.first_id, f.revision, f.code, f.round_id FROM field_records f "
        "JOIN submissions s ON s.id = f.submission_id WHERE f.form_id = $1 AND f.instance_id = $2 ORDER BY f.revision"));
    bind_str(q, 1, i->in->form_id);
    bind_str(q, 2, instance_id);
    while (db_row(q)) {
        bool same = str_eq(col_blob(q, 1), sum_str(&i->x.sum));
        if (!found.same)
            found = (KnownRecord){ { col_int(q, 0) }, { col_int(q, 6) }, same, col_int(q, 2) != 0, col_int(q, 3), col_int(q, 4), arena_str(a, col_str(q, 5)) };
    }
    TRY(db_done(q));
    *out = found;
    return OK;
}

/* ---- Flags and files ------------------------------------------------------------------------------------------------ */
static Err flag_add(Db *db, SubmissionId id, Str flag, Str node, Str expected, Str found)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO submission_flags (submission_id, flag, node, place, by_check, expected, found) "
                                     "VALUES ($1, $2, $3, '', 0, $4, $5) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, flag);
    bind_str(q, 3, node);
    bind_str(q, 4, expected);
    bind_str(q, 5, found);
    return db_run(q);
}

static bool listed(const StrList *names, Str name)
{
    for (size_t i = 0; i < names->len; i++)
        if (str_eq(names->at[i], name))
            return true;
    return false;
}

static Err first_of_name(Db *db, Arena *a, SubmissionId id, Str name, Str *out_sum)
{
    Str       sum = { 0 };
    AUTO_STMT q   = db_prepare(db, SQL("SELECT sha256 FROM submission_files WHERE submission_id = $1 AND name = $2 AND beside = 0"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, name);
    while (db_row(q))
        sum = arena_str(a, col_blob(q, 0));
    TRY(db_done(q));
    *out_sum = sum;
    return OK;
}

static Err file_insert(Db *db, SubmissionId id, const FieldFile *f, bool beside, Time at, bool *out_new)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO submission_files (submission_id, name, sha256, sent_name, size, type, beside, received_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, f->name);
    bind_blob(q, 3, sum_str(&f->sum));
    bind_str(q, 4, f->sent_name);
    bind_int(q, 5, f->size);
    bind_str(q, 6, f->type);
    bind_int(q, 7, beside);
    bind_time(q, 8, at);
    TRY(db_run(q));
    *out_new = db_changes(q) == 1;
    return OK;
}

/* The first bytes under a name stay; others are kept beside them. */
static Err keep_file(Db *db, Arena *a, const FieldItem *i, const FieldFile *f, bool *out_new)
{
    Str first, sum = sum_str(&f->sum);
    TRY(first_of_name(db, a, i->id, f->name, &first));
    *out_new = false;
    if (first.len && str_eq(first, sum))
        return OK;
    TRY(file_insert(db, i->id, f, first.len != 0, i->x.at, out_new));
    if (first.len)
        TRY(flag_add(db, i->id, S("file_changed"), f->name, str_hex(a, first.at, first.len), str_hex(a, sum.at, sum.len)));
    return listed(&i->named, f->name) ? OK : flag_add(db, i->id, S("file_unnamed"), f->name, S(""), S(""));
}

/* After a crash a phone may send plain files beside the sealed ones: they are no part of the record. */
static Err put_aside(Db *db, const FieldItem *i, const FieldFile *f)
{
    Quarantined q = { .device = i->device, .round = i->x.info->round.id, .submission = i->id, .reason = S("plain_beside"), .form_id = i->in->form_id,
                      .version = i->in->version, .instance_id = i->in->instance_id, .name = f->name, .sum = f->sum, .size = f->size,
                      .received_at = i->x.at };
    return quarantine_add(db, &q);
}

static Err keep_files(Db *db, Arena *a, FieldItem *i, int64_t *out_new)
{
    for (size_t k = 0; k < i->files.len; k++) {
        const FieldFile *f = &i->files.at[k];
        bool             fresh;
        if (i->in->encrypted && !listed(&i->named, f->name)) {
            TRY(put_aside(db, i, f));
            continue;
        }
        TRY(keep_file(db, a, i, f, &fresh));
        *out_new += fresh;
    }
    return OK;
}

static Err count_waiting(Db *db, Arena *a, FieldItem *i)
{
    i->waiting = 0;
    for (size_t k = 0; k < i->named.len; k++) {
        Str first;
        TRY(first_of_name(db, a, i->id, i->named.at[k], &first));
        i->waiting += first.len == 0;
    }
    return OK;
}

/* ---- The record ------------------------------------------------------------------------------------------------------ */
static Err record_insert(Db *db, const FieldItem *i, const KnownRecord *before, Str instance_id)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO field_records (submission_id, round_id, form_id, instance_id, version_id, device_id, phone, code, received_at, "
        "last_post, state, hold, deprecated_id, first_id, revision, checked) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"));
    bool whole = i->last_post && i->named.len == 0;
    bind_int(q, 1, i->id.v);
    bind_int(q, 2, i->x.info->round.id.v);
    bind_str(q, 3, i->in->form_id);
    bind_str(q, 4, instance_id);
    bind_int(q, 5, i->version.v);
    bind_int(q, 6, i->device.v);
    bind_str(q, 7, i->phone);
    bind_str(q, 8, i->code);
    bind_time(q, 9, i->x.at);
    bind_int(q, 10, i->last_post);
    bind_str(q, 11, whole ? S("whole") : S("waiting_files"));
    bind_str(q, 12, i->in->encrypted ? S("encrypted") : i->late ? S("late") : S(""));
    bind_str(q, 13, i->in->deprecated_id);
    bind_int(q, 14, before->id.v ? before->first : i->id.v);
    bind_int(q, 15, before->id.v ? before->revision + 1 : 1);
    bind_int(q, 16, i->early);
    return db_run(q);
}

/* Which record the edit follows: the newest of the revisions of the one it names. */
static Err find_before(Db *db, Arena *a, const FieldItem *i, KnownRecord *out)
{
    KnownRecord named;
    *out = (KnownRecord){ 0 };
    if (!i->in->deprecated_id.len)
        return OK;
    TRY(find_known(db, a, i, i->in->deprecated_id, &named));
    if (!named.id.v || named.round.v != i->x.info->round.id.v)       /* revisions lie in one round */
        return OK;
    AUTO_STMT q = db_prepare(db, SQL("SELECT MAX(revision) FROM field_records f WHERE " OF_CHAIN));
    bind_int(q, 1, named.first);
    named.revision = db_row(q) ? col_int(q, 0) : named.revision;
    TRY(db_done(q));
    *out = named;
    return OK;
}

/* Edits that came before what they edit are put behind it. */
static Err adopt_edits(Db *db, Arena *a, const FieldItem *i, Str instance_id, int64_t first, int64_t revision, bool *out_any)
{
    LIST(int64_t) heads = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT DISTINCT first_id FROM field_records WHERE form_id = $1 AND deprecated_id = $2 AND deprecated_id <> '' "
                                     "AND first_id = submission_id AND submission_id <> $3 AND round_id = $4"));
    bind_str(q, 1, i->in->form_id);
    bind_str(q, 2, instance_id);
    bind_int(q, 3, i->id.v);
    bind_int(q, 4, i->x.info->round.id.v);
    while (db_row(q))
        *list_add(a, &heads) = col_int(q, 0);
    TRY(db_done(q));
    for (size_t k = 0; k < heads.len; k++) {
        AUTO_STMT u = db_prepare(db, SQL("UPDATE field_records AS f SET first_id = $2, revision = revision + $3 WHERE " OF_CHAIN));
        bind_int(u, 1, heads.at[k]);
        bind_int(u, 2, first);
        bind_int(u, 3, revision);
        TRY(db_run(u));
        AUTO_STMT d = db_prepare(db, SQL("DELETE FROM submission_flags WHERE submission_id = $1 AND flag = 'edit_unknown'"));
        bind_int(d, 1, heads.at[k]);
        TRY(db_run(d));
        AUTO_STMT c = db_prepare(db, SQL("UPDATE field_records SET posts = posts + 1 WHERE submission_id = $1"));
        bind_int(c, 1, heads.at[k]);
        TRY(db_run(c));
    }
    *out_any = heads.len > 0;
    return OK;
}

static Err store_flags(Db *db, const FieldItem *i, bool edit_unknown)
{
    if (i->in->encrypted)
        TRY(flag_add(db, i->id, S("encrypted"), S(""), S(""), S("")));
    if (i->late)
        TRY(flag_add(db, i->id, S("late"), S(""), S(""), S("")));
    return edit_unknown ? flag_add(db, i->id, S("edit_unknown"), S(""), S(""), i->in->deprecated_id) : OK;
}

static Err store_new(Db *db, Arena *a, FieldItem *i, Str instance_id, RecordChanges *changes)
{
    KnownRecord before;
    bool        adopted;
    TRY(find_before(db, a, i, &before));
    i->x.left_out = i->in->encrypted ? S("encrypted") : i->late ? S("late") : S("");
    if (i->early && i->late) {                           /* that finding of the post comes first: the later check sets them in order */
        i->early = false;
        TRY(submission_answers(&i->x, a, S("{}"), false, S("")));
    }
    TRY(submission_add(db, a, &i->x));
    i->outcome = FIELD_STORED;
    i->id      = i->x.key.id;
    TRY(record_insert(db, i, &before, instance_id));
    TRY(store_flags(db, i, i->in->deprecated_id.len && !before.id.v));
    if (i->early)
        TRY(derived_early(db, a, i->x.keys, i->id, &i->made, changes));
    int64_t first = before.id.v ? before.first : i->id.v, revision = before.id.v ? before.revision + 1 : 1;
    TRY(adopt_edits(db, a, i, instance_id, first, revision, &adopted));
    i->early &= !adopted;                                /* those that were adopted wait for their check */
    return before.id.v || adopted ? chain_settle(db, a, first, i->x.info, i->x.keys, changes) : OK;
}

/* ---- A contradiction ----------------------------------------------------------------------------------------------- */
static Err store_conflict(Db *db, FieldItem *i, const KnownRecord *known)
{
    Quarantined q = { .device = i->device, .round = i->x.info->round.id, .submission = known->id, .reason = S("conflict"), .form_id = i->in->form_id,
                      .version = i->in->version, .instance_id = i->in->instance_id, .sum = i->x.sum, .size = (int64_t)i->x.body.len, .body = i->x.body,
                      .received_at = i->x.at };
    i->outcome = FIELD_CONFLICT;
    i->id      = known->id;
    return quarantine_add(db, &q);
}

/* ---- One item --------------------------------------------------------------------------------------------------------- */
/* A retry that brings nothing new writes nothing. */
static Err update_state(Db *db, const FieldItem *i, const KnownRecord *known, bool last_post, bool fresh)
{
    if (known->same && !fresh && last_post == known->last_post)
        return OK;
    AUTO_STMT q = db_prepare(db, SQL("UPDATE field_records SET last_post = $2, state = $3, posts = posts + $4 WHERE submission_id = $1"));
    bind_int(q, 1, i->id.v);
    bind_int(q, 2, last_post);
    bind_str(q, 3, i->whole ? S("whole") : S("waiting_files"));
    bind_int(q, 4, known->same && fresh);
    return db_run(q);
}

static Err apply_one(Db *db, Arena *a, FieldItem *i, RecordChanges *changes)
{
    Str         instance_id = i->in->instance_id.len ? i->in->instance_id
                                                     : str_concat(a, S("sha256:"), str_hex(a, i->x.sum.at, sizeof i->x.sum.at));
    KnownRecord known;
    int64_t     fresh = 0;
    TRY(find_known(db, a, i, instance_id, &known));
    if (known.id.v && !known.same && !str_eq(i->in->deprecated_id, instance_id))
        return store_conflict(db, i, &known);
    if (known.same) {
        i->outcome = FIELD_SAME;
        i->id      = known.id;
        i->code    = known.code;
    } else {
        TRY(store_new(db, a, i, instance_id, changes));
    }
    if (known.same || i->files.len || i->named.len) {
        TRY(keep_files(db, a, i, &fresh));
        TRY(count_waiting(db, a, i));
    }
    bool last_post = i->last_post || (known.same && known.last_post);
    i->whole = last_post && i->waiting == 0;
    return known.same || i->named.len || i->files.len ? update_state(db, i, &known, last_post, fresh > 0) : OK;
}

/* The one gate of pages, interface and field, by the round's row as this transaction sees it. A phone may have been
 * offline for weeks: outside the gate the record is kept and waits for a person. */
typedef struct Gates { Round *at; size_t len; } Gates;

static Err pass_gate(Db *db, Arena *a, Gates *g, FieldItem *i)
{
    size_t k = 0;
    while (k < g->len && g->at[k].id.v != i->x.info->round.id.v)
        k++;
    if (k == g->len)
        TRY(round_load(db, a, i->x.info->round.id, &g->at[g->len++]));
    i->late = round_gate(&g->at[k], CONTRIBUTION_API, i->x.at) != GATE_OPEN;
    return OK;
}

Err field_apply(Db *db, Arena *scratch, void **items, size_t n)
{
    Submission  **fresh   = arena_new(scratch, Submission *, n);
    size_t        count   = 0;
    RecordChanges changes = { 0 };
    Gates         gates   = { .at = arena_new(scratch, Round, n) };
    for (size_t k = 0; k < n; k++) {
        FieldItem *i = items[k];
        TRY(pass_gate(db, scratch, &gates, i));
        TRY(apply_one(db, scratch, i, &changes));
        if (i->outcome == FIELD_STORED)
            fresh[count++] = &i->x;
    }
    TRY(submissions_count(db, scratch, fresh, count));
    return records_change(db, scratch, changes.at, changes.len);
}

static void forget_on_failure(void *item UNUSED, Err outcome)
{
    if (outcome)
        submission_forget_counts();
}

const CollectKind field_kind = { "field", field_apply, forget_on_failure };
