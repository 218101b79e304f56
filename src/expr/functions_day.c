/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Functions on days and instants. The clock is the host's; the zone is Viet Nam's. */
#include "expr/expr_functions.h"

#include <math.h>

enum { ZONE_HOURS = 7 };

ExprValue fn_today(ExprRun *run, const ExprValue *args, int n)
{
    return (ExprValue){ .kind = EXPR_DATE, .number = date_of(run->host->now).day };
}

ExprValue fn_now(ExprRun *run, const ExprValue *args, int n)
{
    double days = (double)(run->host->now.ms + ZONE_HOURS * MS_HOUR) / (double)MS_DAY;
    return (ExprValue){ .kind = EXPR_DATETIME, .number = days };
}

ExprValue fn_date(ExprRun *run, const ExprValue *args, int n)
{
    double days = floor(expr_to_number(&args[0]));
    if (isnan(days) || isinf(days) || (args[0].kind == EXPR_STRING && args[0].text.len < 10))
        return expr_string(S(""));
    return (ExprValue){ .kind = EXPR_DATE, .number = days };
}

/* UTC days, as the engines on phones give them. */
ExprValue fn_decimal_date_time(ExprRun *run, const ExprValue *args, int n)
{
    return expr_number(expr_to_number(&args[0]) - ZONE_HOURS / 24.0);
}

/* Hours of a zone "+07:00" or "Z"; the country's when there is none. */
static double zone_hours(Str s)
{
    int64_t hour, minute;
    if (str_eq(s, S("Z")))
        return 0;
    if (s.len != 6 || !str_to_i64((Str){ s.at + 1, 2 }, &hour) || !str_to_i64((Str){ s.at + 4, 2 }, &minute))
        return ZONE_HOURS;
    return (s.at[0] == '-' ? -1 : 1) * ((double)hour + (double)minute / 60);
}

/* "08:30:00.000+07:00" as a part of the day in the country's zone. */
ExprValue fn_decimal_time(ExprRun *run, const ExprValue *args, int n)
{
    Str s = str_trim(expr_to_text(run->a, &args[0]));
    int64_t hour, minute;
    double  second = 0;
    size_t  end    = 5;
    if (s.len < 5 || s.at[2] != ':' || !str_to_i64(str_take(s, 2), &hour) || !str_to_i64((Str){ s.at + 3, 2 }, &minute) ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return expr_number(NAN);
    if (s.len >= 8 && s.at[5] == ':') {
        for (end = 6; end < s.len && ((s.at[end] >= '0' && s.at[end] <= '9') || s.at[end] == '.');)
            end++;
        second = expr_number_read((Str){ s.at + 6, end - 6 });
    }
    double local = (double)hour * 3600 + (double)minute * 60 + second + (ZONE_HOURS - zone_hours(str_skip(s, end))) * 3600;
    return expr_number(fmod(local + 86400, 86400) / 86400);
}

/* ---- Printing ------------------------------------------------------------------------------------------- */

static const char *const months_en[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const days_en[]   = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };    /* 1970-01-01 was a Thursday */
static const char *const days_vi[]   = { "Th 5", "Th 6", "Th 7", "CN", "Th 2", "Th 3", "Th 4" };

typedef struct Moment { Ymd ymd; int weekday; int64_t ms; } Moment;

static void format_letter(Buf *b, char letter, const Moment *m, bool english)
{
    int hour = (int)(m->ms / MS_HOUR);
    switch (letter) {
    case 'Y': buf_fmt(b, "%04d", m->ymd.year); break;
    case 'y': buf_fmt(b, "%02d", m->ymd.year % 100); break;
    case 'm': buf_fmt(b, "%02d", m->ymd.month); break;
    case 'n': buf_fmt(b, "%d", m->ymd.month); break;
    case 'd': buf_fmt(b, "%02d", m->ymd.day); break;
    case 'e': buf_fmt(b, "%d", m->ymd.day); break;
    case 'H': buf_fmt(b, "%02d", hour); break;
    case 'h': buf_fmt(b, "%d", hour); break;
    case 'M': buf_fmt(b, "%02d", (int)(m->ms / MS_MINUTE % 60)); break;
    case 'S': buf_fmt(b, "%02d", (int)(m->ms / MS_SECOND % 60)); break;
    case '3': buf_fmt(b, "%03d", (int)(m->ms % 1000)); break;
    case 'a': buf_add(b, str_from_c((english ? days_en : days_vi)[m->weekday])); break;
    case 'b':
        if (english)
            buf_add(b, str_from_c(months_en[m->ymd.month - 1]));
        else
            buf_fmt(b, "thg %d", m->ymd.month);
        break;
    default: buf_byte(b, '%'); buf_byte(b, letter);      /* shown, so that the author sees it */
    }
}

ExprValue fn_format_date(ExprRun *run, const ExprValue *args, int n)
{
    double days = expr_to_number(&args[0]);
    if (isnan(days) || fabs(days) > 1e7)
        return expr_string(S(""));
    double  whole = floor(days);
    int64_t ms    = (int64_t)llround((days - whole) * (double)MS_DAY);
    Moment  m     = { date_ymd((Date){ (int32_t)whole }), (int)fmod(fmod(whole, 7) + 7, 7), ms < MS_DAY ? ms : MS_DAY - 1 };
    Str     form  = expr_to_text(run->a, &args[1]);
    Buf     b     = buf_new(run->a, form.len + 32);
    expr_run_work(run, form.len);
    for (size_t i = 0; i < form.len; i++) {
        if (form.at[i] == '%' && i + 1 < form.len)
            format_letter(&b, form.at[++i], &m, run->host->english);
        else
            buf_byte(&b, form.at[i]);
    }
    return expr_string(buf_str(&b));
}
