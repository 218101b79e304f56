/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One-time codes in any number: a table for mail merge, and cards printed from that table. */
#include "base/csv.h"
#include "collect/paper.h"

/* ---- The table -------------------------------------------------------------------------------------------------- */
typedef struct CodeTable { Buf *csv; Str base; int64_t rows; } CodeTable;

static Err add_rows(void *self, const NewCode *codes, size_t n)
{
    CodeTable *t = self;
    for (size_t i = 0; i < n; i++) {
        csv_num(t->csv, ++t->rows);
        buf_byte(t->csv, ',');                          /* letters, digits and dashes: nothing to quote */
        word_group(t->csv, codes[i].short_code);
        buf_byte(t->csv, ',');
        buf_add(t->csv, t->base);
        buf_lit(t->csv, "/q/");
        buf_add(t->csv, codes[i].long_code);
        csv_end(t->csv);
    }
    return OK;
}

Err codes_make(Db *db, Arena *a, const AppInfo *app, const CodeOrder *order, Str base, Time now, Buf *csv, int64_t *out_batch)
{
    Round     r;
    CodeBatch b = { .round = order->round, .label = order->label, .unit = order->unit, .made = order->count, .made_on = date_of(now),
                    .valid_to = order->valid_to };
    TRY(round_load(db, a, order->round, &r));
    RoundState state = round_state_at(&r, now);
    if (r.identity != IDENTITY_CODE || state == ROUND_CLOSED || state == ROUND_PUBLISHED)
        return err_new(a, ERR_CONFLICT, S("the round takes no codes, or is over"));
    if (b.made < 1 || b.made > CODES_MOST || !b.label.len || utf8_count(b.label) > 100)
        return err_fmt(a, ERR_INVALID, "a label of at most 100 characters and a count from 1 to %d are needed", CODES_MOST);
    if (!date_is_none(b.valid_to) && b.valid_to.day < b.made_on.day)
        return err_new(a, ERR_INVALID, S("the last day of the codes is over already"));
    if (!b.unit.v)
        b.unit = r.owner;
    buf_room(csv, (size_t)b.made * (base.len + 52));
    csv_field(csv, S("so"));
    csv_field(csv, S("ma"));
    csv_field(csv, S("lien_ket"));
    csv_end(csv);
    CodeTable t = { csv, base, 0 };
    TRY(code_batch_stream(db, collect_keys(app), &b, add_rows, &t));
    *out_batch = b.id;
    return OK;
}

/* ---- Cards -------------------------------------------------------------------------------------------------------- */
SheetText sheet_text(Arena *a, const Round *r, Str agency, Str base, Date valid_to)
{
    Str       address = str_replace(a, arena_fmt(a, "%.*s/s/%.*s", STR_ARG(base), STR_ARG(r->code)), S("-"), S("-\u2060"));    /* no line ends there */
    SheetText t = {
        .title = r->title_vi, .agency = agency, .how = text_fmt(a, LANG_VI, "collect.sheet.how", ARG_S("address", address)),
        .code_label = text_of(LANG_VI, "collect.code.label"), .once = text_of(LANG_VI, "collect.sheet.once"),
    };
    if (!date_is_none(valid_to))
        t.valid = text_fmt(a, LANG_VI, "collect.sheet.valid", ARG_S("date", date_text(a, LANG_VI, valid_to)));
    return t;
}

/* A row as it was made: the code in print and the long one at the end of the link. */
static bool row_read(Arena *a, const CsvRow *row, Str base, NewCode *out)
{
    Str link = csv_cell(row, 2), start = str_concat(a, base, S("/q/"));
    return row->len == 3 && word_clean(a, csv_cell(row, 1), &out->short_code) && out->short_code.len == CODE_SHORT_LEN && str_starts(link, start) &&
           word_clean(a, str_skip(link, start.len), &out->long_code) && out->long_code.len == CODE_LONG_LEN;
}

Err codes_print(Db *db, Arena *a, const CodePrint *x, Str csv, Err (*save)(void *self, size_t number, Str pdf), void *self)
{
    Round     r;
    CsvRow    row;
    CsvReader in = csv_open(csv, ',');
    TRY(round_load(db, a, x->round, &r));
    SheetText t    = sheet_text(a, &r, x->agency, x->base, x->valid_to);
    Arena     work = arena_open((size_t)256 << 20);
    Err       e    = OK;
    in.limits.rows = CODES_MOST + 1;
    bool more = csv_next(&in, &work, &row);             /* the headings */
    for (size_t number = 1; more && !e; number++) {
        arena_reset(&work, 0);
        NewCode *codes = arena_new(&work, NewCode, x->per_file);
        size_t   n     = 0;
        while (!e && n < x->per_file && (more = csv_next(&in, &work, &row)))
            if (!row_read(&work, &row, x->base, &codes[n++]))
                e = err_fmt(a, ERR_INVALID, "line %d is no code with its link under %.*s/q/", row.line, STR_ARG(x->base));
        Str pdf;
        if (!e && n && !(e = codes_pdf(&work, &t, str_concat(&work, x->base, S("/q/")), codes, n, &pdf)))
            e = save(self, number, pdf);
    }
    if (!e && in.fault)
        e = err_fmt(a, ERR_INVALID, "line %d is no table: %.*s", in.fault_line, STR_ARG(csv_fault_name(in.fault)));
    arena_close(&work);
    return e;
}
