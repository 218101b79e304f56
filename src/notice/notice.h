/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Notices: what happened that a person waits for. Written in the transaction of the act itself; read in the inbox of the console as a
 * sentence of the catalogue in the reader's language. Features above call notice_add. */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include "web/web.h"

/* What people choose by. */
typedef enum NoticeGroup { NOTICE_SEASON, NOTICE_DEADLINE, NOTICE_FIELD, NOTICE_JOB, NOTICE_GROUP_COUNT } NoticeGroup;
/* One line a topic in topic.c; its sentence is the text "notice.topic.<code>" with {title} {unit} {word} {day} {n}. */
typedef enum NoticeTopic {
    TOPIC_SEASON_OPEN, TOPIC_ASSIGNED, TOPIC_CARD_SIGNED, TOPIC_CARD_ASKED, TOPIC_CARD_ANSWERED, TOPIC_CARD_CLOSED, TOPIC_CARD_APPRAISED,
    TOPIC_CARD_DIFFERS, TOPIC_CARD_OBJECTED, TOPIC_CARD_DECIDED, TOPIC_CARD_SETTLED, TOPIC_CARD_RETURNED, TOPIC_CARD_WITHDRAWN, TOPIC_CARD_REJOINED,
    TOPIC_CARD_EXTENDED, TOPIC_VERDICT_SECOND,
    TOPIC_DUE, TOPIC_DUE_APPRAISAL, TOPIC_DUE_COUNCIL, TOPIC_REMINDED, TOPIC_WINDOW_OPENS,
    TOPIC_CASES_GIVEN, TOPIC_ROUND_PAUSED, TOPIC_ROUND_RESUMED, TOPIC_ROUND_CLOSED, TOPIC_RECHECK,
    TOPIC_JOB_DONE, TOPIC_JOB_FAILED,
    TOPIC_COUNT
} NoticeTopic;
Str         notice_topic_code(NoticeTopic t);          /* "card.asked" */
bool        notice_topic_parse(Str code, NoticeTopic *out);
NoticeGroup notice_topic_group(NoticeTopic t);
Str         notice_group_code(NoticeGroup g);          /* "season" */
bool        notice_group_parse(Str code, NoticeGroup *out);

typedef struct Notice {
    NoticeTopic topic;
    Str    href, title, word;                          /* word: key of a text, as "job.kind.report.make" */
    UnitId unit;                                       /* v 0: none */
    Date   day;                                        /* zero or DATE_NONE: the sentence names no day */
    int64_t n;
    Str    once;                                       /* not empty: the same person is told no second time */
} Notice;
/* In the write transaction of the act: both or neither. Nothing for `to` 0 (a command, the program). */
MUST_USE Err notice_add(Db *db, PersonId to, const Notice *n, Time at);
/* The same, once each, for everybody who holds one of the rights (RIGHT_PUBLIC: no further one) on the unit today, but for `by`, who did it.
 * working: only who works in the unit or below it. */
typedef struct NoticeAudience { Right right, other; UnitId unit; bool working; PersonId by; } NoticeAudience;
MUST_USE Err notice_add_all(Db *db, Arena *a, const NoticeAudience *to, const Notice *n, Time at);

/* Unread notices of a person: one look into an index. Fits AppInfo.unread. */
MUST_USE Err notice_unread(Db *db, PersonId who, int64_t *out);
/* Forgets what was read 90 days ago or made a year ago; in a write transaction. */
MUST_USE Err notice_tidy(Db *db, Time now);

extern const Route notice_routes[], mail_routes[];     /* under /console */

#endif
