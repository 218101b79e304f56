/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is wrong with a design or a frame, in words. */
#include "sample/parts.h"

static const Str codes[SAMPLE_FAULT_COUNT] = {
    [SAMPLE_FAULT_JSON]          = S_INIT("json"),
    [SAMPLE_FAULT_KEY]           = S_INIT("key"),
    [SAMPLE_FAULT_VALUE]         = S_INIT("value"),
    [SAMPLE_FAULT_STAGES]        = S_INIT("stages"),
    [SAMPLE_FAULT_COLUMN]        = S_INIT("column"),
    [SAMPLE_FAULT_LAST]          = S_INIT("last"),
    [SAMPLE_FAULT_SIZE_COLUMN]   = S_INIT("size_column"),
    [SAMPLE_FAULT_SD_COLUMN]     = S_INIT("sd_column"),
    [SAMPLE_FAULT_KEEP]          = S_INIT("keep"),
    [SAMPLE_FAULT_CSV]           = S_INIT("csv"),
    [SAMPLE_FAULT_NO_ROWS]       = S_INIT("no_rows"),
    [SAMPLE_FAULT_HEADING]       = S_INIT("heading"),
    [SAMPLE_FAULT_HEADING_TWICE] = S_INIT("heading_twice"),
    [SAMPLE_FAULT_CELLS]         = S_INIT("cells"),
    [SAMPLE_FAULT_EMPTY]         = S_INIT("empty"),
    [SAMPLE_FAULT_NUMBER]        = S_INIT("number"),
    [SAMPLE_FAULT_TWICE]         = S_INIT("twice"),
    [SAMPLE_FAULT_MOVED]         = S_INIT("moved"),
    [SAMPLE_FAULT_DIFFERS]       = S_INIT("differs"),
    [SAMPLE_FAULT_STRATUM]       = S_INIT("stratum"),
    [SAMPLE_FAULT_NO_SIZE]       = S_INIT("no_size"),
    [SAMPLE_FAULT_TOO_MANY]      = S_INIT("too_many"),
    [SAMPLE_FAULT_SEED]          = S_INIT("seed"),
    [SAMPLE_FAULT_XLSX]          = S_INIT("xlsx"),
};

void sample_fault(Arena *a, SampleFaults *f, SampleFault x)
{
    if (f->all++ >= SAMPLE_FAULTS)
        return;
    x.column = arena_str(a, str_take(x.column, 200));
    x.value  = arena_str(a, str_take(x.value, 200));
    *list_add(a, f) = x;
}

Str sample_fault_code(SampleFaultKind kind)
{
    return kind >= 0 && kind < SAMPLE_FAULT_COUNT ? codes[kind] : S("");
}

Str sample_fault_text(Arena *a, Lang l, const SampleFault *f)
{
    Str pattern = text_find(l, str_concat(a, S("sample.fault."), sample_fault_code(f->kind)));
    Str reason  = f->kind == SAMPLE_FAULT_CSV    ? text_find(l, str_concat(a, S("files.csv."), f->value))
                  : f->kind == SAMPLE_FAULT_XLSX ? text_find(l, str_concat(a, S("files.xlsx."), f->value))
                                                 : S("");
    TextArg place[] = { ARG_N("line", f->line), ARG_N("row", f->line), ARG_S("column", f->column), ARG_S("sheet", S("1")) };
    TextArg args[] = { ARG_S("column", f->column), ARG_S("value", f->value), ARG_N("line", f->line), ARG_N("stage", f->stage),
                       ARG_S("reason", text_fill(a, l, reason, place, COUNT_OF(place))) };
    return text_fill(a, l, pattern, args, COUNT_OF(args));
}

void sample_faults_read(Arena *a, Str json, SampleFaults *out)
{
    const Json *tree;
    if (json_parse(a, json, &tree))
        return;
    JSON_EACH(m, tree) {
        SampleFault f    = { 0 };
        Str         code = S("");
        int64_t     stage = 0, line = 0;
        json_str(json_get(m, S("kind")), &code);
        json_str(json_get(m, S("column")), &f.column);
        json_str(json_get(m, S("value")), &f.value);
        json_int(json_get(m, S("stage")), &stage);
        json_int(json_get(m, S("line")), &line);
        f.stage = (int)stage;
        f.line  = (int)line;
        for (int k = 0; k < SAMPLE_FAULT_COUNT; k++)
            if (str_eq(codes[k], code)) {
                f.kind = (SampleFaultKind)k;
                sample_fault(a, out, f);
            }
    }
}
