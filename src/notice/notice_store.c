/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Notices in the database: one row a reader. */
#include "notice/mail_parts.h"

enum { KEEP_READ_DAYS = 90, KEEP_DAYS = 365 };

Err notice_add(Db *db, PersonId to, const Notice *n, Time at)
{
    if (!to.v)
        return OK;
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO notices (id, person_id, topic, href, title, word, unit_id, day, n, once, made_at) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"));
    int64_t id = id_new();
    bind_int(q, 1, id);
    bind_int(q, 2, to.v);
    bind_str(q, 3, notice_topic_code(n->topic));
    bind_str(q, 4, n->href);
    bind_str(q, 5, n->title);
    bind_str(q, 6, n->word);
    bind_int(q, 7, n->unit.v);
    bind_date(q, 8, n->day.day > 0 ? n->day : DATE_NONE);
    bind_int(q, 9, n->n);
    bind_opt_str(q, 10, n->once);
    bind_time(q, 11, at);
    TRY(db_run(q));
    return db_changes(q) == 1 ? mail_queue(db, to, id, notice_topic_group(n->topic), at) : OK;
}

/* Holders of a right whom the list has not yet: two grants, one person. */
static Err holders_add(Db *db, Arena *a, Right right, UnitId unit, Date today, Holders *all)
{
    Holders more;
    TRY(right_holders(db, a, right, unit, today, &more));
    for (size_t i = 0; i < more.len; i++) {
        size_t k = 0;
        while (k < all->len && all->at[k].person.v != more.at[i].person.v)
            k++;
        if (k == all->len)
            *list_add(a, all) = more.at[i];
    }
    return OK;
}

static Err works_within(Db *db, Arena *a, PersonId who, UnitId unit, Date today, bool *out)
{
    Person p;
    *out = false;
    TRY(person_load(db, a, who, &p));
    return p.unit.v ? unit_within(db, p.unit, unit, today, out) : OK;
}

Err notice_add_all(Db *db, Arena *a, const NoticeAudience *to, const Notice *n, Time at)
{
    Holders all   = { 0 };
    Date    today = date_of(at);
    TRY(holders_add(db, a, to->right, to->unit, today, &all));
    if (to->other != RIGHT_PUBLIC)
        TRY(holders_add(db, a, to->other, to->unit, today, &all));
    for (size_t i = 0; i < all.len; i++) {
        bool told = !all.at[i].disabled && all.at[i].person.v != to->by.v;
        if (told && to->working)
            TRY(works_within(db, a, all.at[i].person, to->unit, today, &told));
        if (told)
            TRY(notice_add(db, all.at[i].person, n, at));
    }
    return OK;
}

Err notice_unread(Db *db, PersonId who, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM notices WHERE person_id = $1 AND read_at IS NULL"));
    bind_int(q, 1, who.v);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

#define COLUMNS "SELECT id, topic, href, title, word, unit_id, day, n, made_at, read_at FROM notices WHERE person_id = $1 "

static NoticeRow row_read(Stmt *q, Arena *a, NoticeTopic topic)
{
    return (NoticeRow){ .id = col_int(q, 0), .made_at = col_time(q, 8), .read_at = col_time(q, 9),
                        .n = { .topic = topic, .href = arena_str(a, col_str(q, 2)), .title = arena_str(a, col_str(q, 3)),
                               .word = arena_str(a, col_str(q, 4)), .unit = { col_int(q, 5) }, .day = col_date(q, 6), .n = col_int(q, 7) } };
}

Err notice_list(Db *db, Arena *a, const NoticeFilter *f, NoticeRows *out)
{
    NoticeRows  rows = { 0 };
    NoticeTopic topic;
    int64_t     met = 0;
    AUTO_STMT   q = db_prepare_large(db, SQL(COLUMNS "AND (read_at IS NULL OR CAST($2 AS BIGINT) = 0) "
                                             "ORDER BY (CASE WHEN read_at IS NULL THEN 0 ELSE 1 END), id DESC"));
    bind_int(q, 1, f->who.v);
    bind_int(q, 2, f->unread);
    while ((int64_t)rows.len < f->most && db_row(q)) {
        bool listed = notice_topic_parse(col_str(q, 1), &topic) && (f->group == NOTICE_GROUP_COUNT || notice_topic_group(topic) == f->group);
        if (listed && met++ >= f->first)
            *list_add(a, &rows) = row_read(q, a, topic);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err notice_counts(Db *db, PersonId who, NoticeCounts *out)
{
    NoticeCounts n = { 0 };
    NoticeTopic  topic;
    AUTO_STMT    q = db_prepare(db, SQL("SELECT topic, COUNT(*), COUNT(read_at) FROM notices WHERE person_id = $1 GROUP BY topic"));
    bind_int(q, 1, who.v);
    while (db_row(q)) {
        if (!notice_topic_parse(col_str(q, 0), &topic))
            continue;
        n.all    += col_int(q, 1);
        n.unread += col_int(q, 1) - col_int(q, 2);
        n.of[notice_topic_group(topic)] += col_int(q, 1);
    }
    TRY(db_done(q));
    *out = n;
    return OK;
}

Err notice_load(Db *db, Arena *a, PersonId who, int64_t id, NoticeRow *out)
{
    NoticeTopic topic;
    AUTO_STMT   q = db_prepare(db, SQL(COLUMNS "AND id = $2"));
    bind_int(q, 1, who.v);
    bind_int(q, 2, id);
    bool found = db_row(q) && notice_topic_parse(col_str(q, 1), &topic);
    if (found)
        *out = row_read(q, a, topic);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("no such notice of this person"));
}

Err notice_mark(Db *db, PersonId who, int64_t id, bool read, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE notices SET read_at = $3 WHERE person_id = $1 AND id = $2"));
    bind_int(q, 1, who.v);
    bind_int(q, 2, id);
    bind_time(q, 3, read ? now : (Time){ 0 });
    return db_run(q);
}

Err notice_mark_all(Db *db, PersonId who, Time now, int64_t *out_marked)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE notices SET read_at = $2 WHERE person_id = $1 AND read_at IS NULL"));
    bind_int(q, 1, who.v);
    bind_time(q, 2, now);
    TRY(db_run(q));
    *out_marked = db_changes(q);
    return OK;
}

Err notice_tidy(Db *db, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL("DELETE FROM notices WHERE read_at < $1 OR made_at < $2"));
    bind_time(q, 1, (Time){ now.ms - KEEP_READ_DAYS * MS_DAY });
    bind_time(q, 2, (Time){ now.ms - KEEP_DAYS * MS_DAY });
    TRY(db_run(q));
    return mail_tidy(db, (Time){ now.ms - KEEP_READ_DAYS * MS_DAY });
}
