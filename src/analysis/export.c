/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The formats, and the way from rounds to a file. */
#include "analysis/parts.h"

static const struct { Str code, ending, type; bool ahead; Err (*write)(Export *x); } formats[EXPORT_FORMAT_COUNT] = {
    [EXPORT_CSV]  = { S_INIT("csv"), S_INIT(".csv"), S_INIT("text/csv; charset=utf-8"), false, export_csv },
    [EXPORT_XLSX] = { S_INIT("xlsx"), S_INIT(".xlsx"), S_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), false, export_xlsx },
    [EXPORT_SAV]  = { S_INIT("sav"), S_INIT(".sav"), S_INIT("application/x-spss-sav"), true, export_sav },
    [EXPORT_DTA]  = { S_INIT("dta"), S_INIT(".dta"), S_INIT("application/x-stata-dta"), true, export_dta },
    [EXPORT_DDI]  = { S_INIT("ddi"), S_INIT(".xml"), S_INIT("application/xml"), true, export_ddi },
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

bool export_parse(Str code, ExportFormat *out)
{
    for (int f = 0; f < EXPORT_FORMAT_COUNT; f++)
        if (str_eq(code, formats[f].code)) {
            *out = (ExportFormat)f;
            return true;
        }
    return false;
}

Err analysis_export(Db *db, Store *s, Arena *a, const RoundId *rounds, size_t n, const ExportOptions *o, int fd)
{
    AnalysisTable t;
    TRY(analysis_table(db, s, a, rounds, n, &t));
    t.lang = o->lang;
    if (formats[o->format].ahead)
        TRY(analysis_measure(&t, db));
    Arena  mine = arena_open((size_t)1 << 28);
    Export x    = { .t = &t, .db = db, .a = &mine, .o = o, .sink = sink_open(&mine, fd) };
    Err    e    = formats[o->format].write(&x);
    Err    end  = sink_end(&x.sink, a);
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&mine);
    return e ? e : end;
}
