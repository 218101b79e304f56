/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures of one year out of a file: they fill the boxes of the page, where faults stand at their cells and a person keeps them. */
#include "indices/index_registry.h"

#include "base/csv.h"
#include "base/xlsx.h"

enum { FILE_MOST = 4 << 20, FAULTS_MOST = 20 };

typedef enum FileColumn { FILE_CODE, FILE_UNIT, FILE_VALUE, FILE_COLUMNS } FileColumn;
static const Str names[FILE_COLUMNS] = { S_INIT("indexreg.col.code"), S_INIT("indexreg.col.unit"), S_INIT("indexreg.col.value") };

typedef struct FileRow { int line; const Str *at; size_t len; } FileRow;
typedef LIST(FileRow) FileRows;

static bool file_rows(Ctx *c, Str bytes, bool *book, FileRows *out)
{
    XlsxBook  xlsx;
    XlsxFault why = { 0 };
    CsvReader csv = csv_open(bytes, 0);
    CsvRow    row;
    *book = str_starts(bytes, S("PK"));
    if (*book && xlsx_read(c->arena, bytes, XLSX_LIMITS, &xlsx, &why))
        return false;
    for (size_t i = 0; *book && i < xlsx.len && !out->len; i++)
        for (size_t k = 0; k < xlsx.at[i].len && !xlsx.at[i].hidden; k++)
            *list_add(c->arena, out) = (FileRow){ (int)xlsx.at[i].at[k].number, xlsx.at[i].at[k].at, xlsx.at[i].at[k].len };
    while (!*book && csv_next(&csv, c->arena, &row))
        *list_add(c->arena, out) = (FileRow){ row.line, row.at, row.len };
    return *book || !csv.fault;
}

static Str file_cell(const FileRow *row, int at)
{
    return at >= 0 && (size_t)at < row->len ? str_trim(row->at[at]) : S("");
}

static void columns_of(Ctx *c, const FileRow *row, int where[FILE_COLUMNS])
{
    for (int k = 0; k < FILE_COLUMNS; k++) {
        where[k] = -1;
        for (size_t i = 0; i < row->len; i++)
            for (int l = 0; l < LANG_COUNT; l++)
                if (str_eq(text_fold(c->arena, str_trim(row->at[i])), text_fold(c->arena, text_find((Lang)l, names[k]))))
                    where[k] = (int)i;
    }
}

/* By code, else by name. */
static RegistryCell *cell_of(Ctx *c, RegistryValues *v, const Units *units, Str code, Str name)
{
    for (size_t i = 0; i < units->len; i++) {
        const Unit *u = &units->at[i];
        Str         fold = text_fold(c->arena, name);
        bool        named = str_eq(fold, text_fold(c->arena, u->name_vi)) || str_eq(fold, text_fold(c->arena, u->full_name_vi));
        if (code.len ? str_eq(u->code, code) : name.len && named)
            return &v->cells.at[i];
    }
    return NULL;
}

static void file_wrong(Ctx *c, RegistryValues *v, Str message)
{
    if (v->errors.len < FAULTS_MOST)
        field_error(c, &v->errors, S("file"), message);
}

void registry_file_fill(Ctx *c, RegistryValues *v, const Units *units, Str bytes)
{
    FileRows rows = { 0 };
    int      where[FILE_COLUMNS];
    bool     book;
    if (!file_rows(c, bytes, &book, &rows) || !rows.len) {
        file_wrong(c, v, text_of(c->lang, "indexreg.file.broken"));
        return;
    }
    columns_of(c, &rows.at[0], where);
    if (where[FILE_VALUE] < 0 || (where[FILE_CODE] < 0 && where[FILE_UNIT] < 0)) {
        file_wrong(c, v, text_of(c->lang, "indexreg.file.heading"));
        return;
    }
    for (size_t i = 1; i < rows.len; i++) {
        Str value = file_cell(&rows.at[i], where[FILE_VALUE]), code = file_cell(&rows.at[i], where[FILE_CODE]), name = file_cell(&rows.at[i], where[FILE_UNIT]);
        if (!value.len)
            continue;
        RegistryCell *cell = cell_of(c, v, units, code, name);
        if (!cell)
            file_wrong(c, v, text_fmt(c->arena, c->lang, "indexreg.file.unit", ARG_N("line", rows.at[i].line), ARG_S("unit", code.len ? code : name)));
        else
            cell->typed = book && c->lang == LANG_VI ? str_replace(c->arena, value, S("."), S(",")) : value;     /* cells of books have a point */
    }
}

Err registry_file_action(Ctx *c)
{
    RegistryIndex   x;
    Units           units;
    RegistryValues  v;
    TRY(registry_of_path(c, RIGHT_INDEX_MANAGE, &x));
    bool good;
    TRY(registry_values_open(c, &x, form_str(c, "year"), &v, &units, &good));
    if (!good)
        return OK;
    const HttpPart *part = form_file(c, "file");
    if (!part || !part->size || part->size > FILE_MOST)
        file_wrong(c, &v, text_of(c->lang, "indexreg.file.none"));
    else
        registry_file_fill(c, &v, &units, part_bytes(c->arena, part));
    v.from_file = !v.errors.len;
    return registry_values_show(c, &v, v.errors.len ? 422 : 200);
}

Err registry_file_template(Ctx *c)
{
    RegistryIndex  x;
    Units          units;
    RegistryValues v;
    bool           good;
    Buf            b = buf_new(c->arena, 8192);
    TRY(registry_of_path(c, RIGHT_INDEX_MANAGE, &x));
    TRY(registry_values_open(c, &x, query_str(c, "year"), &v, &units, &good));
    if (!good)
        return OK;
    csv_bom(&b);
    for (int k = 0; k < FILE_COLUMNS; k++) {
        buf_add(&b, k ? S(",") : S(""));
        csv_field(&b, text_find(c->lang, names[k]));
    }
    csv_end(&b);
    for (size_t i = 0; i < units.len; i++) {
        csv_field(&b, units.at[i].code);
        buf_byte(&b, ',');
        csv_field(&b, v.cells.at[i].unit);
        buf_byte(&b, ',');
        csv_field(&b, v.cells.at[i].now);
        csv_end(&b);
    }
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "%.*s-%d.csv", STR_ARG(x.code), v.year), buf_str(&b));
}
