/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Events as rows of a spreadsheet: headings and words in Vietnamese or as in JSON, an empty cell says nothing. Each row becomes the
 * JSON object that a system would send, so that one reader judges both. */
#include "service/parts.h"

#include "base/csv.h"
#include "i18n/i18n.h"

typedef enum EventColumn {
    CSV_UNIT, CSV_FILE, CSV_KIND, CSV_ON, CSV_DUE, CSV_DESK, CSV_SCORE, CSV_ONLINE, CSV_DIGITISED, CSV_SYNCED, CSV_ELECTRONIC, CSV_REUSED, CSV_SATISFIED,
    CSV_COMPLETE, CSV_PAYMENT, CSV_KEY, CSV_REVISION, CSV_VOID, CSV_COLUMNS
} EventColumn;
static const Str names[CSV_COLUMNS] = {
    [CSV_UNIT] = S_INIT("unit"), [CSV_FILE] = S_INIT("file"), [CSV_KIND] = S_INIT("kind"), [CSV_ON] = S_INIT("on"), [CSV_DUE] = S_INIT("due"),
    [CSV_DESK] = S_INIT("desk"), [CSV_SCORE] = S_INIT("score"), [CSV_ONLINE] = S_INIT("online"), [CSV_DIGITISED] = S_INIT("digitised"),
    [CSV_SYNCED] = S_INIT("synced"), [CSV_ELECTRONIC] = S_INIT("electronic"), [CSV_REUSED] = S_INIT("reused"), [CSV_SATISFIED] = S_INIT("satisfied"),
    [CSV_COMPLETE] = S_INIT("complete"), [CSV_PAYMENT] = S_INIT("payment"), [CSV_KEY] = S_INIT("key"), [CSV_REVISION] = S_INIT("revision"),
    [CSV_VOID] = S_INIT("void"),
};

static Str column_name(int i) { return names[i]; }
static Str kind_name(int i) { return event_kind_code((EventKind)i); }

static void put(Buf *b, Str name, Str text)
{
    buf_add(b, b->len > 1 ? S(",") : S(""));
    buf_json_str(b, name);
    buf_byte(b, ':');
    buf_json_str(b, text);
}

static void put_plain(Buf *b, Str name, const char *value)
{
    buf_add(b, b->len > 1 ? S(",") : S(""));
    buf_json_str(b, name);
    buf_fmt(b, ":%s", value);
}

/* Yes and no as people write them; anything else goes as a text, which the reader of JSON refuses by name. */
static void put_flag(Arena scratch, Buf *b, Str name, Str typed)
{
    static const char *const yes[] = { "co", "yes", "true", "1", "x" }, *const no[] = { "khong", "no", "false", "0" };
    Str fold = text_fold(&scratch, typed);
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (str_eq(fold, str_from_c(yes[i]))) {
            put_plain(b, name, "true");
            return;
        }
    for (size_t i = 0; i < COUNT_OF(no); i++)
        if (str_eq(fold, str_from_c(no[i]))) {
            put_plain(b, name, "false");
            return;
        }
    put(b, name, typed);
}

/* "22/11/2026" as well as "2026-11-22". */
static void put_day(Arena *a, Buf *b, Str name, Str typed)
{
    int64_t d, m, y;
    StrPair first = str_cut(typed, '/'), rest = str_cut(first.tail, '/');
    bool    slashes = rest.tail.len && str_to_i64(first.head, &d) && str_to_i64(rest.head, &m) && str_to_i64(rest.tail, &y) && y > 0 && y < 10000;
    put(b, name, slashes ? date_iso(a, date_from_ymd((int)y, (int)m, (int)d)) : typed);
}

static void put_number(Buf *b, Str name, Str typed)
{
    int64_t n;
    if (str_to_i64(typed, &n))
        put_plain(b, name, arena_c(b->a, arena_fmt(b->a, "%lld", (long long)n)));
    else
        put(b, name, typed);
}

static void cell_put(Arena *a, Buf *b, EventColumn c, Str text)
{
    int kind;
    switch (c) {
    case CSV_KIND:
        kind = text_code_meant(*a, text, "service.kind.", kind_name, EVENT_KIND_COUNT);
        put(b, names[c], kind < 0 ? text : kind_name(kind));
        break;
    case CSV_ON:
    case CSV_DUE: put_day(a, b, names[c], text); break;
    case CSV_SCORE:
    case CSV_REVISION: put_number(b, names[c], text); break;
    case CSV_UNIT:
    case CSV_FILE:
    case CSV_DESK:
    case CSV_KEY: put(b, names[c], text); break;
    default: put_flag(*a, b, names[c], text); break;
    }
}

/* Without a key of its own an event is known by what happened and on which day. */
static Str row_json(Arena *a, const CsvRow *row, const int where[CSV_COLUMNS])
{
    Buf  b   = buf_new(a, 256);
    Str  key = S(""), cells[CSV_COLUMNS];
    buf_byte(&b, '{');
    for (int i = 0; i < CSV_COLUMNS; i++) {
        cells[i] = where[i] >= 0 ? str_trim(csv_cell(row, (size_t)where[i])) : S("");
        if (cells[i].len > 1 && cells[i].at[0] == '\'' && strchr("=+-@", cells[i].at[1]))
            cells[i] = str_skip(cells[i], 1);            /* what spreadsheets put before a formula */
        if (cells[i].len)
            cell_put(a, &b, (EventColumn)i, cells[i]);
    }
    if (!cells[CSV_KEY].len) {
        key = arena_fmt(a, "%.*s %.*s", STR_ARG(cells[CSV_KIND]), STR_ARG(cells[CSV_ON]));
        put(&b, names[CSV_KEY], text_fold(a, key));
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

static bool heading(EventsCsv *x, const CsvRow *row)
{
    static const EventColumn needed[] = { CSV_FILE, CSV_KIND, CSV_ON };
    for (int i = 0; i < CSV_COLUMNS; i++)
        x->where[i] = -1;
    for (size_t k = 0; k < row->len; k++) {
        int i = text_code_meant(*x->a, row->at[k], "service.column.", column_name, CSV_COLUMNS);
        if (i >= 0 && x->where[i] < 0)
            x->where[i] = (int)k;
        else if (i < 0 && str_trim(row->at[k]).len)
            *list_add(x->a, &x->unknown) = row->at[k];
    }
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (x->where[needed[i]] < 0)
            *list_add(x->a, &x->missing) = names[needed[i]];
    return !x->missing.len && !x->unknown.len;
}

bool events_csv_open(Arena *a, Str bytes, EventsCsv *out)
{
    CsvRow row;
    _Static_assert((int)CSV_COLUMNS == (int)EVENT_COLUMNS, "columns");
    *out = (EventsCsv){ .a = a, .csv = csv_open(bytes, 0) };
    out->csv.limits = (CsvLimits){ .rows = 50000000, .columns = 100, .cell_bytes = 4096 };
    return csv_next(&out->csv, a, &row) && heading(out, &row);
}

bool events_csv_next(EventsCsv *x, Arena *a, Date today, size_t most, EventLines *out, LineFaults *out_faults)
{
    CsvRow row;
    size_t n = 0;
    while (n < most && csv_next(&x->csv, a, &row)) {
        event_line_read(a, row_json(a, &row, x->where), row.line, today, out, out_faults);
        n++;
    }
    return n > 0;
}

void events_csv_template(Lang l, Buf *b)
{
    static const char *const rows[][7] = { { "52", "H52.1-2026-0001", "received", "02/11/2026", "12/11/2026", "Q1", "" },
                                           { "52", "H52.1-2026-0001", "handled", "10/11/2026", "", "", "" },
                                           { "52", "H52.1-2026-0001", "rated", "11/11/2026", "", "", "5" } };
    csv_bom(b);
    for (int i = 0; i < CSV_COLUMNS; i++) {
        buf_add(b, i ? S(",") : S(""));
        csv_field(b, text_find(l, str_concat(b->a, S("service.column."), names[i])));
    }
    csv_end(b);
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        for (int i = 0; i < CSV_COLUMNS; i++) {
            buf_add(b, i ? S(",") : S(""));
            Str text = i < 7 ? str_from_c(rows[r][i]) : i == CSV_ONLINE && !r ? text_find(l, S("service.yes")) : S("");
            csv_field(b, i == CSV_KIND ? text_find(l, str_concat(b->a, S("service.kind."), text)) : text);
        }
        csv_end(b);
    }
}
