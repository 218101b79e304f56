/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of notice share; nobody else includes this. */
#ifndef NOTICE_PARTS_H
#define NOTICE_PARTS_H

#include "notice/notice.h"
#include "view/component.h"

typedef struct NoticeRow { int64_t id; Notice n; Time made_at, read_at; } NoticeRow;        /* read_at 0: unread */
typedef LIST(NoticeRow) NoticeRows;

/* ---- notice_store.c ------------------------------------------------------------------------------------------------- */
/* group NOTICE_GROUP_COUNT: all. */
typedef struct NoticeFilter { PersonId who; NoticeGroup group; bool unread; int64_t first, most; } NoticeFilter;
typedef struct NoticeCounts { int64_t all, unread, of[NOTICE_GROUP_COUNT]; } NoticeCounts;
/* Unread first, then the newest. Topics that this version does not know are left out. */
MUST_USE Err notice_list(Db *db, Arena *a, const NoticeFilter *f, NoticeRows *out);
MUST_USE Err notice_counts(Db *db, PersonId who, NoticeCounts *out);
MUST_USE Err notice_load(Db *db, Arena *a, PersonId who, int64_t id, NoticeRow *out);       /* ERR_NOT_FOUND, also another's */
MUST_USE Err notice_mark(Db *db, PersonId who, int64_t id, bool read, Time now);
MUST_USE Err notice_mark_all(Db *db, PersonId who, Time now, int64_t *out_marked);

/* ---- sentence.c ------------------------------------------------------------------------------------------------------- */
/* The sentence in a language; unit: the unit's name in that language. */
Str notice_sentence(Arena *a, Lang lang, const Notice *n, Str unit);

/* back: where the acts come back to, with filter and page. */
typedef struct InboxLine { int64_t id; Str says, group, when; bool unread; } InboxLine;
typedef struct InboxView {
    LIST(InboxLine) lines;
    LIST(TabItem) tabs;
    Str token, back;
    int64_t unread;
    bool filtered;
    Pager pager;
} InboxView;

#endif
