/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A whole file of events: chunk by chunk, each in a transaction of its own, so that memory does not grow with the file. Sent again it
 * changes nothing. */
#include "service/parts.h"

enum { CHUNK_ROWS = 5000, ERRORS_KEPT = 1000 };

static void faults_keep(Arena *a, ServiceImport *out, const LineFaults *faults)
{
    out->rejected += (int64_t)faults->len;
    for (size_t i = 0; i < faults->len && out->faults.len < ERRORS_KEPT; i++) {
        const LineFault *f = &faults->at[i];
        *list_add(a, &out->faults) = (ServiceFault){ f->line, f->status, arena_str(a, f->name), f->reason };
    }
}

static Err chunk(Db *db, Intake *x, UnitId top, const uint8_t key[32])
{
    TRY(intake_prepare(db, x, top, key));
    return x->lines.len ? intake_apply(db, x) : OK;
}

Err service_import_some(Db *db, Arena *a, Arena *work, EventsCsv *csv, UnitId top, const uint8_t key[32], Date today, ServiceImport *out, bool *more)
{
    Intake x = { .today = today, .a = work };
    *more    = events_csv_next(csv, work, today, CHUNK_ROWS, &x.lines, &x.faults);
    if (!*more)
        return OK;
    Err e = chunk(db, &x, top, key);
    intake_end(&x);
    if (e)
        return err_new(a, e->kind, e->detail);
    out->accepted += x.accepted;
    out->duplicate += x.duplicate;
    faults_keep(a, out, &x.faults);
    return OK;
}

bool service_csv_open(Arena *a, Lang l, Str bytes, EventsCsv **out, Str *out_why)
{
    *out = arena_new(a, EventsCsv, 1);
    if (events_csv_open(a, bytes, *out))
        return true;
    if (!service_csv_refused(a, l, *out, out_why))
        *out_why = text_of(l, "service.file.empty");
    return false;
}

Str service_import_json(Arena *a, const ServiceImport *done, Str name, Str bytes)
{
    Buf    b   = buf_new(a, 256);
    Sha256 sum = sha256(bytes);
    buf_lit(&b, "{\"file\":");
    buf_json_str(&b, name);
    buf_fmt(&b, ",\"sha256\":\"%.*s\",\"accepted\":%lld,\"duplicate\":%lld,\"rejected\":%lld}", STR_ARG(str_hex(a, sum.at, sizeof sum.at)),
            (long long)done->accepted, (long long)done->duplicate, (long long)done->rejected);
    return buf_str(&b);
}

bool service_csv_refused(Arena *a, Lang l, const EventsCsv *csv, Str *out_why)
{
    TextArg place[] = { ARG_N("line", csv->csv.fault_line), ARG_N("column", csv->csv.fault_column) };
    if (csv->csv.fault)
        *out_why = text_fill(a, l, text_find(l, str_concat(a, S("files.csv."), csv_fault_name(csv->csv.fault))), place, COUNT_OF(place));
    else if (csv->missing.len || csv->unknown.len) {
        StrList named = { 0 };
        for (size_t i = 0; i < csv->missing.len; i++)
            *list_add(a, &named) = text_find(l, str_concat(a, S("service.column."), csv->missing.at[i]));
        Str missing = str_join(a, named.at, named.len, S(", ")), unknown = str_join(a, csv->unknown.at, csv->unknown.len, S(", "));
        TextArg args[] = { ARG_S("columns", missing.len ? missing : str_take(unknown, 200)) };
        *out_why = text_fill(a, l, text_find(l, missing.len ? S("service.file.missing") : S("service.file.unknown")), args, 1);
    } else
        return false;
    return true;
}
