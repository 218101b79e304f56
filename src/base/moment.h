/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Instants and calendar days. Instants are UTC milliseconds; days are counted from 1970-01-01.
 * The country has one zone, UTC+7, without summer time since 1975. */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/arena.h"

typedef struct Time { int64_t ms; } Time;               /* 0: none */
typedef struct Date { int32_t day; } Date;
#define DATE_NONE ((Date){ INT32_MIN })                 /* no date: open begin or end */
typedef struct Ymd { int year, month, day; } Ymd;
typedef struct Hms { int hour, minute, second, ms; } Hms;

#define MS_SECOND INT64_C(1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR   (60 * MS_MINUTE)
#define MS_DAY    (24 * MS_HOUR)

Time time_now(void);                                    /* wall clock: only app, web and tests call it */
int64_t monotonic_ms(void);
Date date_of(Time t);                                   /* the day in Viet Nam */
Time date_start(Date d);                                /* 00:00 in Viet Nam */
Hms  time_of_day(Time t);                               /* in Viet Nam */
Ymd  date_ymd(Date d);
Date date_from_ymd(int year, int month, int day);       /* DATE_NONE when there is no such day */
bool date_is_none(Date d);
/* ISO "2026-11-22"; the empty text reads as DATE_NONE. False on anything else. */
bool date_parse(Str s, Date *out);
Str  date_iso(Arena *a, Date d);                        /* DATE_NONE gives "" */
Str  time_iso(Arena *a, Time t);                        /* "2026-11-22T10:05:00.000Z" */
bool time_parse_iso(Str s, Time *out);                  /* Z or ±hh:mm; seconds and fraction optional */
Str  time_http(Arena *a, Time t);                       /* RFC 9110 date */

#endif
