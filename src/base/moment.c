/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Instants, calendar days and their ISO and HTTP spellings. */
#include "base/moment.h"

#include <time.h>

#define ZONE_MS (7 * MS_HOUR)

Time time_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (Time){ (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 };
}

int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t floor_div(int64_t x, int64_t y)
{
    return x / y - (x % y < 0);
}

Date date_of(Time t)
{
    return (Date){ (int32_t)floor_div(t.ms + ZONE_MS, MS_DAY) };
}

Time date_start(Date d)
{
    return (Time){ d.day * MS_DAY - ZONE_MS };
}

Hms time_of_day(Time t)
{
    int64_t ms = t.ms + ZONE_MS;
    ms -= floor_div(ms, MS_DAY) * MS_DAY;
    return (Hms){ (int)(ms / MS_HOUR), (int)(ms / MS_MINUTE % 60), (int)(ms / MS_SECOND % 60), (int)(ms % 1000) };
}

/* Civil calendar of 400-year eras, counted from March so that the leap day comes last. */
Ymd date_ymd(Date d)
{
    int64_t z = (int64_t)d.day + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    int     month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (Ymd){ (int)(yoe + era * 400 + (month <= 2)), month, (int)(doy - (153 * mp + 2) / 5 + 1) };
}

Date date_from_ymd(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return DATE_NONE;
    int64_t y = month <= 2 ? year - 1 : year, era = floor_div(y, 400), yoe = y - era * 400;
    int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    Date    d   = { (int32_t)(era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468) };
    Ymd     back = date_ymd(d);
    return back.month == month && back.day == day ? d : DATE_NONE;
}

bool date_is_none(Date d)
{
    return d.day == DATE_NONE.day;
}

static bool digits(Str s, int *out)
{
    int64_t n;
    if (s.len == 0 || s.at[0] == '-' || !str_to_i64(s, &n) || n > 999999)
        return false;
    *out = (int)n;
    return true;
}

bool date_parse(Str s, Date *out)
{
    if (s.len == 0) {
        *out = DATE_NONE;
        return true;
    }
    int y, m, d;
    if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-' || !digits(str_take(s, 4), &y) ||
        !digits((Str){ s.at + 5, 2 }, &m) || !digits((Str){ s.at + 8, 2 }, &d))
        return false;
    Date date = date_from_ymd(y, m, d);
    if (date_is_none(date))
        return false;
    *out = date;
    return true;
}

Str date_iso(Arena *a, Date d)
{
    if (date_is_none(d))
        return S("");
    Ymd x = date_ymd(d);
    return arena_fmt(a, "%04d-%02d-%02d", x.year, x.month, x.day);
}

Str time_iso(Arena *a, Time t)
{
    Time utc = { t.ms - ZONE_MS };     /* date_of and time_of_day add the zone again */
    Ymd  d   = date_ymd(date_of(utc));
    Hms  h   = time_of_day(utc);
    return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", d.year, d.month, d.day, h.hour, h.minute, h.second,
                     h.ms);
}

/* Reads "ss" and an optional fraction. */
static bool read_seconds(Str *s, int64_t *ms)
{
    int sec;
    if (s->len < 3 || s->at[0] != ':' || !digits((Str){ s->at + 1, 2 }, &sec) || sec > 60)
        return false;
    *ms += sec * MS_SECOND;
    *s = str_skip(*s, 3);
    if (s->len == 0 || s->at[0] != '.')
        return true;
    int64_t unit = 100;
    *s           = str_skip(*s, 1);
    while (s->len && s->at[0] >= '0' && s->at[0] <= '9') {
        *ms += (s->at[0] - '0') * unit;
        unit /= 10;
        *s = str_skip(*s, 1);
    }
    return true;
}

bool time_parse_iso(Str s, Time *out)
{
    Date date;
    int  hour, minute;
    if (s.len < 17 || !date_parse(str_take(s, 10), &date) || s.at[10] != 'T' || s.at[13] != ':' ||
        !digits((Str){ s.at + 11, 2 }, &hour) || !digits((Str){ s.at + 14, 2 }, &minute) || hour > 23 || minute > 59)
        return false;
    int64_t ms = date.day * MS_DAY + hour * MS_HOUR + minute * MS_MINUTE;
    s          = str_skip(s, 16);
    if (s.at[0] == ':' && !read_seconds(&s, &ms))
        return false;
    if (str_eq(s, S("Z"))) {
        out->ms = ms;
        return true;
    }
    if (s.len != 6 || (s.at[0] != '+' && s.at[0] != '-') || s.at[3] != ':' || !digits((Str){ s.at + 1, 2 }, &hour) ||
        !digits((Str){ s.at + 4, 2 }, &minute))
        return false;
    int64_t shift = hour * MS_HOUR + minute * MS_MINUTE;
    out->ms       = s.at[0] == '+' ? ms - shift : ms + shift;
    return true;
}

Str time_http(Arena *a, Time t)
{
    static const char *const days[]   = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    Time utc  = { t.ms - ZONE_MS };
    Date date = date_of(utc);
    Ymd  d    = date_ymd(date);
    Hms  h    = time_of_day(utc);
    return arena_fmt(a, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[((date.day % 7) + 7) % 7], d.day,
                     months[d.month - 1], d.year, h.hour, h.minute, h.second);
}
