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
typedef struct Batch { Db *db; Arena *a; Round *gates; size_t gate_count; FieldPlacesList places; RecordChanges changes; } Batch;

/* The record of these bytes, else the last revision of this name; id 0: none. */
static Err find_known(Batch *b, const FieldItem *i, const FieldName *name, KnownRecord *out)
{
    KnownRecords all = { 0 };
    FieldPlaces *places;
    TRY(field_places(b->db, b->a, &b->places, name->form_id, &i->x.info->round, &places));
    TRY(field_known(b->db, b->a, i->x.keys, places, name, &all));
    *out = (KnownRecord){ 0 };
    for (size_t k = 0; k < all.len && !out->same; k++) {
        KnownRecord *x = &all.at[k];
        x->same = memcmp(x->sum.at, i->x.sum.at, sizeof x->sum.at) == 0;
        if (x->same || x->revision > out->revision)
            *out = *x;
    }
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
static Err find_before(Batch *b, const FieldItem *i, KnownRecord *out)
{
    KnownRecord named;
    FieldName   name = { .form_id = i->in->form_id, .instance_id = i->in->deprecated_id };
    *out = (KnownRecord){ 0 };
    if (!i->in->deprecated_id.len)
        return OK;
    TRY(field_replaced(b->db, name.form_id, name.instance_id, &name.replaced));
    TRY(find_known(b, i, &name, &named));
    if (!named.id.v || named.round.v != i->x.info->round.id.v)       /* revisions lie in one round */
        return OK;
    AUTO_STMT q = db_prepare(b->db, SQL("SELECT MAX(revision) FROM field_records f WHERE " OF_CHAIN));
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
    AUTO_STMT q = db_prepare(db, SQL("SELECT first_id FROM field_records WHERE form_id = $1 AND deprecated_id = $2 AND deprecated_id <> '' "
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

static Err store_new(Batch *b, FieldItem *i, const FieldName *name)
{
    KnownRecord before;
    bool        adopted = false;
    TRY(find_before(b, i, &before));
    i->x.left_out = i->in->encrypted ? S("encrypted") : i->late ? S("late") : S("");
    if (i->early && i->late) {                           /* that finding of the post comes first: the later check sets them in order */
        i->early = false;
        TRY(submission_answers(&i->x, b->a, S("{}"), NULL, false, S("")));
    }
    TRY(submission_add(b->db, b->a, &i->x));
    i->outcome = FIELD_STORED;
    i->id      = i->x.key.id;
    TRY(record_insert(b->db, i, &before, name->instance_id));
    TRY(store_flags(b->db, i, i->in->deprecated_id.len && !before.id.v));
    if (i->early)
        TRY(derived_early(b->db, b->a, i->x.keys, i->id, &i->made, &b->changes));
    int64_t first = before.id.v ? before.first : i->id.v, revision = before.id.v ? before.revision + 1 : 1;
    if (name->replaced)
        TRY(adopt_edits(b->db, b->a, i, name->instance_id, first, revision, &adopted));
    i->early &= !adopted;                                /* those that were adopted wait for their check */
    return before.id.v || adopted ? chain_settle(b->db, b->a, first, i->x.info, i->x.keys, &b->changes) : OK;
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

/* Its own number is the place of its name, but for an edit that keeps its instance's id: that has one of its own. */
static Err name_of(Batch *b, const FieldItem *i, FieldName *out)
{
    bool self = i->in->deprecated_id.len && str_eq(i->in->deprecated_id, i->in->instance_id);
    *out = (FieldName){ .form_id = i->in->form_id, .instance_id = i->in->instance_id, .round = i->x.info->round.id, .place = self ? 0 : i->x.key.id.v };
    if (!out->instance_id.len)
        out->instance_id = str_concat(b->a, S(FIELD_UNNAMED), str_hex(b->a, i->x.sum.at, sizeof i->x.sum.at));
    return field_replaced(b->db, out->form_id, out->instance_id, &out->replaced);
}

static Err apply_one(Batch *b, FieldItem *i)
{
    FieldName   name;
    KnownRecord known;
    int64_t     fresh = 0;
    TRY(name_of(b, i, &name));
    TRY(find_known(b, i, &name, &known));
    if (known.id.v && !known.same && !str_eq(i->in->deprecated_id, name.instance_id))
        return store_conflict(b->db, i, &known);
    if (known.same) {
        i->outcome = FIELD_SAME;
        i->id      = known.id;
        i->code    = known.code;
    } else {
        TRY(store_new(b, i, &name));
    }
    if (known.same || i->files.len || i->named.len) {
        TRY(keep_files(b->db, b->a, i, &fresh));
        TRY(count_waiting(b->db, b->a, i));
    }
    bool last_post = i->last_post || (known.same && known.last_post);
    i->whole = last_post && i->waiting == 0;
    return known.same || i->named.len || i->files.len ? update_state(b->db, i, &known, last_post, fresh > 0) : OK;
}

/* The one gate of pages, interface and field, by the round's row as this transaction sees it. A phone may have been
 * offline for weeks: outside the gate the record is kept and waits for a person. */
static Err pass_gate(Batch *b, FieldItem *i)
{
    size_t k = 0;
    while (k < b->gate_count && b->gates[k].id.v != i->x.info->round.id.v)
        k++;
    if (k == b->gate_count)
        TRY(round_load(b->db, b->a, i->x.info->round.id, &b->gates[b->gate_count++]));
    i->late = round_gate(&b->gates[k], CONTRIBUTION_API, i->x.at) != GATE_OPEN;
    return OK;
}

Err field_apply(Db *db, Arena *scratch, void **items, size_t n)
{
    Submission **fresh = arena_new(scratch, Submission *, n);
    size_t       count = 0;
    Batch        b     = { .db = db, .a = scratch, .gates = arena_new(scratch, Round, n) };
    for (size_t k = 0; k < n; k++) {
        FieldItem *i = items[k];
        TRY(pass_gate(&b, i));
        TRY(apply_one(&b, i));
        if (i->outcome == FIELD_STORED)
            fresh[count++] = &i->x;
    }
    TRY(submissions_count(db, scratch, fresh, count));
    return records_change(db, scratch, b.changes.at, b.changes.len);
}

static void forget_on_failure(void *item UNUSED, Err outcome)
{
    if (outcome)
        submission_forget_counts();
}

const CollectKind field_kind = { "field", field_apply, forget_on_failure };
