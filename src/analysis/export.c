/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The formats, and the way from rounds to a file. */
#include "analysis/parts.h"

#include "base/zip.h"

#include <stdio.h>
#include <unistd.h>

/* ahead: widths and counts are stated before the rows. one: a file holds one table. */
static const struct { Str code, ending, type; bool ahead, one; Err (*write)(Export *x); } formats[EXPORT_FORMAT_COUNT] = {
    [EXPORT_CSV]  = { S_INIT("csv"), S_INIT(".csv"), S_INIT("text/csv; charset=utf-8"), false, true, export_csv },
    [EXPORT_XLSX] = { S_INIT("xlsx"), S_INIT(".xlsx"), S_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), false, false, export_xlsx },
    [EXPORT_SAV]  = { S_INIT("sav"), S_INIT(".sav"), S_INIT("application/x-spss-sav"), true, true, export_sav },
    [EXPORT_DTA]  = { S_INIT("dta"), S_INIT(".dta"), S_INIT("application/x-stata-dta"), true, true, export_dta },
    [EXPORT_DDI]  = { S_INIT("ddi"), S_INIT(".xml"), S_INIT("application/xml"), true, false, export_ddi },
};

Str export_code(ExportFormat f)
{
    return formats[f].code;
}

Str export_ending(ExportFormat f)
{
    return formats[f].ending;
}

Str export_type(ExportFormat f)
{
    return formats[f].type;
}

Str export_made_ending(ExportFormat f, bool archive)
{
    static const Str zipped[EXPORT_FORMAT_COUNT] = { [EXPORT_CSV] = S_INIT(".csv.zip"), [EXPORT_SAV] = S_INIT(".sav.zip"), [EXPORT_DTA] = S_INIT(".dta.zip") };
    return archive && zipped[f].len ? zipped[f] : formats[f].ending;
}

Str export_made_type(ExportFormat f, bool archive)
{
    return archive ? S("application/zip") : formats[f].type;
}

bool export_parse(Str code, ExportFormat *out)
{
    for (int f = 0; f < EXPORT_FORMAT_COUNT; f++)
        if (str_eq(code, formats[f].code)) {
            *out = (ExportFormat)f;
            return true;
        }
    return false;
}

/* ---- Which tables ------------------------------------------------------------------------------------------ */

static Err no_table(Arena *a, const AnalysisTables *all)
{
    StrList names = { 0 };
    *list_add(a, &names) = S("-");
    for (size_t i = 1; i < all->len; i++)
        *list_add(a, &names) = all->at[i].repeat;
    return err_fmt(a, ERR_INVALID, "there is no such table; the tables are: %.*s", STR_ARG(str_join(a, names.at, names.len, S(", "))));
}

static Err choose_tables(Arena *a, Str name, AnalysisTables *t)
{
    if (!name.len)
        return OK;
    for (size_t i = 0; i < t->len; i++)
        if (str_eq(name, i ? t->at[i].repeat : S("-"))) {
            t->at[0] = t->at[i];
            t->len   = 1;
            return OK;
        }
    return no_table(a, t);
}

/* ---- One file, or an archive of them ----------------------------------------------------------------------- */

/* Places of a file are filled in later, which an archive's stream cannot do: each is written beside first. */
static Err write_part(Export *x, ZipStream *zip, FILE *beside)
{
    Sink out = x->sink;
    int  fd  = fileno(beside);
    if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
        return err_new(x->a, ERR_IO, S("the file beside the archive cannot be emptied"));
    x->sink = sink_open(x->a, fd);
    Err e   = formats[x->o->format].write(x), end = sink_end(&x->sink, x->a);
    x->sink = out;
    TRY(e);
    TRY(end);
    char *room = arena_take(x->a, 1 << 16, 1, 1);
    off_t at   = 0;
    zip_stream_part(zip, str_concat(x->a, table_file(x->a, x->t), formats[x->o->format].ending));
    for (ssize_t n; (n = pread(fd, room, 1 << 16, at)) != 0; at += n) {
        if (n < 0)
            return err_new(x->a, ERR_IO, S("the file beside the archive cannot be read"));
        zip_stream_add(zip, (Str){ room, (size_t)n });
    }
    return OK;
}

/* The archive's stream writes to a sink that stays where it is while parts have sinks of their own. */
static Err write_archive(Export *x)
{
    Sink      whole = x->sink;
    ZipStream zip;
    FILE     *beside = tmpfile();
    if (!beside)
        return err_new(x->a, ERR_IO, S("no file beside the archive can be made"));
    Err e = OK;
    zip_stream_open(&zip, x->a, sink_put, &whole);
    for (size_t i = 0; i < x->tables.len && !e; i++) {
        x->t = &x->tables.at[i];
        e    = write_part(x, &zip, beside);
    }
    if (!e)
        e = zip_stream_end(&zip, x->a);
    zip_stream_close(&zip);
    fclose(beside);
    x->sink = whole;
    return e;
}

static Err write_made(Export *x, ExportMade *made)
{
    *made = (ExportMade){ .tables = x->tables.len, .archive = formats[x->o->format].one && x->tables.len > 1 };
    x->t  = &x->tables.at[0];
    return made->archive ? write_archive(x) : formats[x->o->format].write(x);
}

Err analysis_export(Db *db, Store *s, Arena *a, const RoundId *rounds, size_t n, const ExportOptions *o, int fd, ExportMade *out)
{
    Export x = { .db = db, .o = o };
    TRY(analysis_tables(db, s, a, rounds, n, &x.tables));
    TRY(choose_tables(a, o->table, &x.tables));
    for (size_t i = 0; i < x.tables.len; i++) {
        x.tables.at[i].lang = o->lang;
        if (formats[o->format].ahead)
            TRY(analysis_measure(&x.tables.at[i], a, db));
    }
    Arena mine = arena_open((size_t)1 << 28);
    x.a        = &mine;
    x.sink     = sink_open(&mine, fd);
    Err e      = write_made(&x, out);
    Err end    = sink_end(&x.sink, a);
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&mine);
    return e ? e : end;
}
