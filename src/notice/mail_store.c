/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The queue of mails, confirmations and choices in the database. */
#include "notice/mail_parts.h"

static const Str kinds[] = { S_INIT("notice"), S_INIT("digest"), S_INIT("code") };
static const Str hows[MAIL_HOW_COUNT] = { S_INIT("none"), S_INIT("now"), S_INIT("daily") };

Str mail_how_code(MailHow h)
{
    return hows[h];
}

bool mail_how_parse(Str code, MailHow *out)
{
    for (int h = 0; h < MAIL_HOW_COUNT; h++)
        if (str_eq(code, hows[h])) {
            *out = (MailHow)h;
            return true;
        }
    return false;
}

/* ---- Filling the queue ------------------------------------------------------------------------------------------------- */

/* digest_at 0: none. A digest that is there already stays. */
static Err insert(Db *db, int64_t id, PersonId to, MailKind kind, Time digest_at, Time not_before, Time at)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO mails (id, person_id, kind, digest_at, state, not_before, made_at) "
                                     "VALUES ($1, $2, $3, $4, 'waiting', $5, $6) "
                                     "ON CONFLICT DO NOTHING"));
    bind_int(q, 1, id);
    bind_int(q, 2, to.v);
    bind_str(q, 3, kinds[kind]);
    bind_time(q, 4, digest_at);
    bind_time(q, 5, not_before);
    bind_time(q, 6, at);
    return db_run(q);
}

Err mail_add(Db *db, PersonId to, MailKind kind, Time at, int64_t *out)
{
    *out = id_new();
    return insert(db, *out, to, kind, (Time){ 0 }, at, at);
}

static Err digest_of(Db *db, PersonId to, Time at, int64_t *out)
{
    Time morning = { (at.ms / MS_DAY + 1) * MS_DAY };        /* midnight UTC is seven o'clock in Viet Nam */
    TRY(insert(db, id_new(), to, MAIL_DIGEST, morning, morning, at));
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM mails WHERE person_id = $1 AND digest_at = $2 AND state = 'waiting'"));
    bind_int(q, 1, to.v);
    bind_time(q, 2, morning);
    *out = db_row(q) ? col_int(q, 0) : 0;
    TRY(db_done(q));
    if (*out)
        return OK;
    *out = id_new();                                         /* it is gone already: the clock went back */
    return insert(db, *out, to, MAIL_DIGEST, (Time){ 0 }, morning, at);
}

Err mail_queue(Db *db, PersonId to, int64_t notice, NoticeGroup group, Time at)
{
    int64_t   mail = 0;
    AUTO_STMT q = db_prepare(db, SQL("SELECT how FROM mail_choices WHERE person_id = $1 AND topic_group = $2"));
    bind_int(q, 1, to.v);
    bind_str(q, 2, notice_group_code(group));
    MailHow how = MAIL_NEVER;
    if (db_row(q))
        (void)mail_how_parse(col_str(q, 0), &how);
    TRY(db_done(q));
    if (how == MAIL_NEVER)
        return OK;
    TRY(how == MAIL_DAILY ? digest_of(db, to, at, &mail) : mail_add(db, to, MAIL_NOTICE, at, &mail));
    AUTO_STMT r = db_prepare(db, SQL("INSERT INTO mail_notices (mail_id, notice_id) VALUES ($1, $2)"));
    bind_int(r, 1, mail);
    bind_int(r, 2, notice);
    return db_run(r);
}

/* ---- Emptying it -------------------------------------------------------------------------------------------------------- */

/* A claim keeps its time in not_before: one this old is of a server that is gone, for a letter takes seconds. */
enum { CLAIM_MINUTES = 10 };

static Time claim_old(Time now)
{
    return (Time){ now.ms - CLAIM_MINUTES * MS_MINUTE };
}

Err mail_due(Db *db, Time now, bool *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM mails WHERE (state = 'waiting' AND not_before <= $1) OR (state = 'sending' AND not_before <= $2) "
                                     "OR (state = 'handed' AND not_before <= $2) LIMIT 1"));
    bind_time(q, 1, now);
    bind_time(q, 2, claim_old(now));
    *out = db_row(q);
    return db_done(q);
}

/* Claims of that runner, and old ones of any: what was handed over may have arrived, the rest waits again. */
static Err take_back(Db *db, Str runner, Time before, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE mails SET state = 'unsure', fault = 'cut_off', ended_at = $2 WHERE state = 'handed' "
                                     "AND (runner = $1 OR not_before <= $3)"));
    bind_str(q, 1, runner);
    bind_time(q, 2, now);
    bind_time(q, 3, before);
    TRY(db_run(q));
    AUTO_STMT r = db_prepare(db, SQL("UPDATE mails SET state = 'waiting', not_before = $2 WHERE state = 'sending' "
                                     "AND (runner = $1 OR not_before <= $3)"));
    bind_str(r, 1, runner);
    bind_time(r, 2, now);
    bind_time(r, 3, before);
    return db_run(r);
}

Err mail_claim(Db *db, Str runner, Time now, Mail *out, bool *out_any)
{
    TRY(take_back(db, S(""), claim_old(now), now));
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, person_id, kind, attempts, made_at FROM mails "
                                     "WHERE state = 'waiting' AND not_before <= $1 ORDER BY not_before, id LIMIT 1"));
    bind_time(q, 1, now);
    *out_any = db_row(q);
    if (*out_any) {
        Str kind = col_str(q, 2);
        *out = (Mail){ .id = col_int(q, 0), .to = { col_int(q, 1) }, .attempts = (int)col_int(q, 3) + 1, .made_at = col_time(q, 4),
                       .kind = str_eq(kind, kinds[MAIL_CODE]) ? MAIL_CODE : str_eq(kind, kinds[MAIL_DIGEST]) ? MAIL_DIGEST : MAIL_NOTICE };
    }
    TRY(db_done(q));
    if (!*out_any)
        return OK;
    AUTO_STMT u = db_prepare(db, SQL("UPDATE mails SET state = 'sending', runner = $2, attempts = attempts + 1, not_before = $3 WHERE id = $1"));
    bind_int(u, 1, out->id);
    bind_str(u, 2, runner);
    bind_time(u, 3, now);
    return db_run(u);
}

Err mail_handed(Db *db, int64_t id, bool *out_done)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE mails SET state = 'handed' WHERE id = $1 AND state = 'sending'"));
    bind_int(q, 1, id);
    TRY(db_run(q));
    *out_done = db_changes(q) == 1;
    return OK;
}

Err mail_settle(Db *db, int64_t id, Str state, Str fault, Time not_before, Time now)
{
    bool      again = str_eq(state, S("waiting"));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE mails SET state = $2, fault = $3, not_before = $4, ended_at = $5 "
                                     "WHERE id = $1 AND state IN ('sending', 'handed')"));
    bind_int(q, 1, id);
    bind_str(q, 2, state);
    bind_str(q, 3, fault);
    bind_time(q, 4, again ? not_before : now);
    bind_time(q, 5, again ? (Time){ 0 } : now);
    return db_run(q);
}

Err mail_resume_all(Db *db, Str runner, Time now)
{
    return take_back(db, runner, claim_old(now), now);
}

typedef LIST(int64_t) Ids;

Err mail_notices(Db *db, Arena *a, const Mail *m, NoticeRows *out)
{
    Ids        ids = { 0 };
    NoticeRows rows = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL("SELECT notice_id FROM mail_notices WHERE mail_id = $1 ORDER BY notice_id"));
    bind_int(q, 1, m->id);
    while (db_row(q))
        *list_add(a, &ids) = col_int(q, 0);
    TRY(db_done(q));
    for (size_t i = 0; i < ids.len; i++) {
        NoticeRow x;
        Err       e = notice_load(db, a, m->to, ids.at[i], &x);
        if (e && !err_is(e, ERR_NOT_FOUND))        /* forgotten since */
            return e;
        if (!e && !x.read_at.ms)
            *list_add(a, &rows) = x;
    }
    *out = rows;
    return OK;
}

Err mail_tidy(Db *db, Time ended_before)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM mail_notices WHERE mail_id IN (SELECT id FROM mails WHERE ended_at < $1)"));
    bind_time(q, 1, ended_before);
    TRY(db_run(q));
    AUTO_STMT r = db_prepare(db, SQL("DELETE FROM mails WHERE ended_at < $1"));
    bind_time(r, 1, ended_before);
    return db_run(r);
}

Err mail_health(Db *db, Arena *a, MailHealth *out)
{
    MailHealth x = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL("SELECT state, COUNT(*), SUM(CASE WHEN attempts > 0 THEN 1 ELSE 0 END) FROM mails GROUP BY state"));
    while (db_row(q)) {
        Str     state = col_str(q, 0);
        int64_t n     = col_int(q, 1);
        if (str_eq(state, S("sent")))
            x.sent = n;
        else if (str_eq(state, S("unsure")))
            x.unsure = n;
        else if (str_eq(state, S("failed")))
            x.failed = n;
        else if (!str_eq(state, S("dropped"))) {
            x.waiting += n;
            x.tried   += col_int(q, 2);
        }
    }
    TRY(db_done(q));
    AUTO_STMT r = db_prepare(db, SQL("SELECT fault FROM mails WHERE state = 'waiting' AND fault <> '' ORDER BY id LIMIT 1"));
    x.fault = db_row(r) ? arena_str(a, col_str(r, 0)) : S("");
    TRY(db_done(r));
    *out = x;
    return OK;
}

/* ---- People --------------------------------------------------------------------------------------------------------------- */

Err mail_person_load(Db *db, Arena *a, PersonId who, MailPerson *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT email_key, asked_key, asked_at, code_mail, tries FROM mail_people WHERE person_id = $1"));
    bind_int(q, 1, who.v);
    *out = (MailPerson){ 0 };
    if (db_row(q))
        *out = (MailPerson){ .email_key = arena_str(a, col_blob(q, 0)), .asked_key = arena_str(a, col_blob(q, 1)), .asked_at = col_time(q, 2),
                             .code_mail = col_int(q, 3), .tries = col_int(q, 4) };
    return db_done(q);
}

static void bind_key(Stmt *q, int at, Str key)
{
    if (key.len)
        bind_blob(q, at, key);
    else
        bind_null(q, at);
}

Err mail_person_save(Db *db, PersonId who, const MailPerson *x)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO mail_people (person_id, email_key, asked_key, asked_at, code_mail, tries) VALUES ($1, $2, $3, $4, $5, $6) "
                                     "ON CONFLICT (person_id) DO UPDATE SET email_key = $2, asked_key = $3, asked_at = $4, code_mail = $5, tries = $6"));
    bind_int(q, 1, who.v);
    bind_key(q, 2, x->email_key);
    bind_key(q, 3, x->asked_key);
    bind_time(q, 4, x->asked_at);
    bind_int(q, 5, x->code_mail);
    bind_int(q, 6, x->tries);
    return db_run(q);
}

Err mail_codes_since(Db *db, PersonId who, Time since, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM mails WHERE person_id = $1 AND kind = 'code' AND made_at >= $2"));
    bind_int(q, 1, who.v);
    bind_time(q, 2, since);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err mail_choices(Db *db, PersonId who, MailHow out[NOTICE_GROUP_COUNT])
{
    NoticeGroup g;
    AUTO_STMT   q = db_prepare(db, SQL("SELECT topic_group, how FROM mail_choices WHERE person_id = $1"));
    bind_int(q, 1, who.v);
    for (int i = 0; i < NOTICE_GROUP_COUNT; i++)
        out[i] = MAIL_NEVER;
    while (db_row(q))
        if (notice_group_parse(col_str(q, 0), &g))
            (void)mail_how_parse(col_str(q, 1), &out[g]);
    return db_done(q);
}

Err mail_choices_save(Db *db, PersonId who, const MailHow how[NOTICE_GROUP_COUNT])
{
    AUTO_STMT d = db_prepare(db, SQL("DELETE FROM mail_choices WHERE person_id = $1"));
    bind_int(d, 1, who.v);
    TRY(db_run(d));
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO mail_choices (person_id, topic_group, how) VALUES ($1, $2, $3)"));
    for (int g = 0; g < NOTICE_GROUP_COUNT; g++) {
        if (how[g] == MAIL_NEVER)
            continue;
        bind_int(q, 1, who.v);
        bind_str(q, 2, notice_group_code((NoticeGroup)g));
        bind_str(q, 3, hows[how[g]]);
        TRY(db_run(q));
    }
    return OK;
}
