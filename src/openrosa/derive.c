/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* From a record's bytes to answers, findings and times. The same bytes and program give the same rows; nothing here
 * refuses anything. */
#include "openrosa/parts.h"
#include "openrosa/recheck.h"

enum { AUDIT_MOST = 8 << 20, CLOCK_AHEAD_MS = 3600000, READING_MS = 2000, MANY_ANSWERS = 10 };

static void add_flag(Arena *a, FlagRows *flags, const char *flag, Str node, Str expected, Str found)
{
    *list_add(a, flags) = (FlagRow){ .flag = str_from_c(flag), .node = node, .expected = expected, .found = found, .by_check = true };
}

/* ---- Clock and pace ----------------------------------------------------------------------------------------------- */
static void check_clock(Arena *a, const FieldSource *s, const Recheck *r, FlagRows *flags)
{
    if (r->end.ms && r->end.ms > s->received_at.ms + CLOCK_AHEAD_MS)
        add_flag(a, flags, "clock", S("end"), time_iso(a, s->received_at), time_iso(a, r->end));
    else if (r->start.ms && r->end.ms && r->start.ms > r->end.ms)
        add_flag(a, flags, "clock", S("start"), time_iso(a, r->end), time_iso(a, r->start));
}

static void check_pace(Arena *a, const Derived *d, const Recheck *r, FlagRows *flags)
{
    int64_t took  = d->has_times ? d->times.interview_ms : r->start.ms && r->end.ms ? r->end.ms - r->start.ms : 0;
    int64_t least = (int64_t)r->given * READING_MS;
    if (r->given >= MANY_ANSWERS && took > 0 && took < least)
        add_flag(a, flags, "too_fast", S(""), arena_fmt(a, "%lld s", (long long)(least / 1000)), arena_fmt(a, "%lld s", (long long)(took / 1000)));
}

/* ---- The phone's log ------------------------------------------------------------------------------------------------ */
static Err read_times(Db *db, Store *s, Arena *a, Derived *d)
{
    StoredFiles files;
    TRY(field_files(db, a, d->id, &files));
    for (size_t i = 0; i < files.len && !d->has_times; i++) {
        Str csv;
        if (!str_eq(files.at[i].name, S("audit.csv")) || files.at[i].beside || files.at[i].size > AUDIT_MOST)
            continue;
        TRY(files_load(s, a, files.at[i].sum, &csv));
        d->has_times = audit_log_read(a, csv, &d->times);
        if (d->has_times)
            d->times_json = audit_log_json(a, &d->times);
    }
    return OK;
}

/* ---- One record ------------------------------------------------------------------------------------------------------- */
typedef struct Checking { Arena *a; const FormProgram *p; const FieldSource *s; Recheck *r; } Checking;

static Err run_recheck(void *at)
{
    Checking *c = at;
    return recheck_run(c->a, c->p, c->s->xml, c->s->received_at, c->r);
}

static bool of_the_store(Err e)
{
    return err_is(e, ERR_BUSY) || err_is(e, ERR_IO) || err_is(e, ERR_FULL);
}

/* Without a check the record stands as it is, with a finding that says so. */
static Err check_answers(Db *db, Store *s, Arena *a, const FieldSource *src, Recheck *out)
{
    const FormProgram *p;
    Err e = form_program(db, s, a, src->version, &p);
    if (!e)
        e = arena_guarded(a, run_recheck, &(Checking){ a, p, src, out });
    if (of_the_store(e))
        return e;
    if (e) {
        *out = (Recheck){ .answers = S("{}") };
        add_flag(a, &out->flags, "not_checked", S(""), S(""), e->detail);
    }
    return OK;
}

/* What the officer's list shows for the whole record: findings of posts come before those of the questionnaire. */
static Err choose_reason(Db *db, Arena *a, const FieldSource *s, Derived *d)
{
    FlagRows stored = { 0 };
    if (s->flags)
        TRY(field_flags(db, a, d->id, &stored));
    for (size_t i = 0; i < stored.len && !d->flagged; i++)
        if (!stored.at[i].by_check) {
            d->flagged     = true;
            d->flag_reason = stored.at[i].flag;
        }
    if (!d->flagged && d->flags.len) {
        d->flagged     = true;
        d->flag_reason = d->flags.at[0].flag;
    }
    return OK;
}

Err derived_unit(Arena *a, Derived *d)
{
    FormAnswers x = form_answers_new(a, d->info->program);
    TRY(record_read(a, d->info->program, d->answers, &x));
    d->unit = round_unit_of(d->info, &x);
    return OK;
}

/* ---- Before the commit ------------------------------------------------------------------------------------------------ */
enum { EARLY_BYTES = 8 << 20 };

typedef struct Early { Arena *a; const FormProgram *p; const Xml *root; FieldSource s; const RoundInfo *info; Derived d; } Early;

static Err derive_early(void *at)
{
    Early  *e = at;
    Recheck r;
    recheck_of(e->a, e->p, e->root, e->s.received_at, &r);
    if (r.names_log)
        return err_new(e->a, ERR_CONFLICT, S("a log is still to be read"));
    e->d = (Derived){ .info = e->info, .answers = r.answers, .values = r.values, .flags = r.flags, .posts = 1, .first = true };
    check_clock(e->a, &e->s, &r, &e->d.flags);
    check_pace(e->a, &e->d, &r, &e->d.flags);
    e->d.flagged     = e->d.flags.len > 0;
    e->d.flag_reason = e->d.flagged ? e->d.flags.at[0].flag : S("");
    return OK;
}

bool field_derive_early(Arena *a, const RoundInfo *info, const FormProgram *p, const Xml *root, Time at, Derived *out)
{
    Arena part = *a;                         /* nothing below asks the database, so nobody else takes from the arena meanwhile */
    Early e    = { .a = &part, .p = p, .root = root, .s = { .received_at = at }, .info = info };
    if (!root)
        return false;
    if (part.end - part.at > EARLY_BYTES)
        part.end = part.at + EARLY_BYTES;
    if (arena_guarded(&part, derive_early, &e))
        return false;                        /* and what it took is free again */
    a->at = part.at;
    *out  = e.d;
    return true;
}

/* ---- After it --------------------------------------------------------------------------------------------------------- */
Err field_derive(Db *db, Store *s, Arena *a, SubmissionId id, Derived *out)
{
    FieldSource src = { 0 };
    Recheck r   = { .answers = S("{}") };
    Derived d   = { .id = id };
    TRY(source_load(db, a, id, &src));
    TRY(round_info(db, s, a, src.round_code, &d.info));
    d.posts = src.posts;
    d.first = src.checked == 0;
    if (!src.withdrawn && !str_eq(src.hold, S("encrypted")))
        TRY(check_answers(db, s, a, &src, &r));
    d.answers = r.answers;
    d.flags   = r.flags;
    if (r.names_log)
        TRY(read_times(db, s, a, &d));
    check_clock(a, &src, &r, &d.flags);
    check_pace(a, &d, &r, &d.flags);
    TRY(choose_reason(db, a, &src, &d));
    TRY(derived_unit(a, &d));
    *out = d;
    return OK;
}
