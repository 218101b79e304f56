/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Working days: Monday to Friday without public holidays, and Saturdays worked in exchange (data/calendar/holidays.csv). */
#include "scheme/parts.h"

#include "base/csv.h"
#include "base/embed.h"

enum { COLUMNS = 6, LONGEST = 3700 };

static Err line_wrong(Arena *a, const CsvRow *row, const char *what)
{
    return err_fmt(a, ERR_CONFIG, "data/calendar/holidays.csv line %d: %s", row->line, what);
}

static Err day_read(Arena *a, const CsvRow *row, SchemeDay *out)
{
    Str kind = csv_cell(row, 1), sure = csv_cell(row, 2);
    *out     = (SchemeDay){ .off = str_eq(kind, S("off")), .sure = str_eq(sure, S("1")), .name = { csv_cell(row, 3), csv_cell(row, 4) },
                            .source = csv_cell(row, 5) };
    if (row->len != COLUMNS || !date_parse(csv_cell(row, 0), &out->day) || date_is_none(out->day))
        return line_wrong(a, row, "a day and five cells are needed");
    if ((!out->off && !str_eq(kind, S("work"))) || (!out->sure && !str_eq(sure, S("0"))))
        return line_wrong(a, row, "off or work, 1 or 0 are needed");
    return OK;
}

Err scheme_calendar_load(Arena *a, SchemeCalendar *out)
{
    CsvTable table = { 0 };
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, S("calendar/holidays.csv")))
            TRY(csv_read(a, data_files[i].bytes, CSV_LIMITS, &table));
    SchemeCalendar c = { .first_year = 9999 };
    for (size_t i = 1; i < table.len; i++) {
        SchemeDay d;
        TRY(day_read(a, &table.at[i], &d));
        if (c.len && c.at[c.len - 1].day.day >= d.day.day)
            return line_wrong(a, &table.at[i], "days rise");
        *list_add(a, &c) = d;
        int year     = date_ymd(d.day).year;
        c.first_year = year < c.first_year ? year : c.first_year;
        c.last_year  = year > c.last_year ? year : c.last_year;
    }
    if (!c.len)
        return err_new(a, ERR_CONFIG, S("data/calendar/holidays.csv is missing"));
    *out = c;
    return OK;
}

static const SchemeDay *day_of(const SchemeCalendar *c, Date d)
{
    size_t from = 0, to = c->len;
    while (from < to) {
        size_t mid = (from + to) / 2;
        if (c->at[mid].day.day < d.day)
            from = mid + 1;
        else
            to = mid;
    }
    return from < c->len && c->at[from].day.day == d.day ? &c->at[from] : NULL;
}

bool scheme_calendar_works(const SchemeCalendar *c, Date d)
{
    const SchemeDay *x       = day_of(c, d);
    int              weekday = ((d.day + 3) % 7 + 7) % 7;            /* 0: Monday; 1970-01-01 was a Thursday */
    return x ? !x->off : weekday < 5;
}

int scheme_days_late(const SchemeCalendar *c, Date due, Date day, int *out_year)
{
    int late = 0;
    if (day.day <= due.day)
        return 0;
    int from = date_ymd(due).year, to = date_ymd(day).year;
    if (!c || from < c->first_year || to > c->last_year || day.day - due.day > LONGEST) {
        *out_year = c && from >= c->first_year ? to : from;
        return -1;
    }
    for (Date d = { due.day + 1 }; d.day <= day.day; d.day++)
        late += scheme_calendar_works(c, d);
    return late;
}
