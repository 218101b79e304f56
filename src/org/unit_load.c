/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads data/units/ (built into the program) into the database: units that are not there yet, with fixed ids. */
#include "base/csv.h"
#include "base/embed.h"
#include "org/unit_store.h"

static Err data_rows(Arena *a, Str name, CsvTable *out)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name)) return csv_read(a, data_files[i].bytes, CSV_LIMITS, out);
    return err_fmt(a, ERR_INTERNAL, "data file %.*s is not built in", STR_ARG(name));
}

typedef struct Load {
    Db *db;
    Arena *a;
    UnitTree known;
    CsvTable sources;
    UnitEdits edits;
    UnitLoadSeen seen;
    void *seen_by;
    int64_t done;
} Load;

static Str source_title(const Load *l, Str key)
{
    for (size_t i = 1; i < l->sources.len; i++)
        if (str_eq(csv_cell(&l->sources.at[i], 0), key)) return csv_cell(&l->sources.at[i], 1);
    return key;
}

static Err cell_day(Arena *a, const CsvRow *row, size_t at, Date *out)
{
    if (!date_parse(csv_cell(row, at), out))
        return err_fmt(a, ERR_INTERNAL, "line %d: no day: %.*s", row->line, STR_ARG(csv_cell(row, at)));
    return OK;
}

static Err cell_id(Arena *a, const CsvRow *row, size_t at, UnitId *out)
{
    out->v = 0;
    if (csv_cell(row, at).len && !str_to_i64(csv_cell(row, at), &out->v))
        return err_fmt(a, ERR_INTERNAL, "line %d: no id: %.*s", row->line, STR_ARG(csv_cell(row, at)));
    return OK;
}

enum { ID, KIND, PARENT, CODE, NAME_VI, NAME_EN, SUBTYPE, FROM, TO, SOURCE, END_SOURCE };

static Err load_version(Load *l, const CsvRow *row, UnitId unit)
{
    UnitEdit e = { .kind = UNIT_EDIT_OPEN, .unit = unit };
    TRY(cell_id(l->a, row, PARENT, &e.version.parent));
    TRY(cell_day(l->a, row, FROM, &e.from));
    TRY(cell_day(l->a, row, TO, &e.to));
    e.version.code    = csv_cell(row, CODE);
    e.version.name_vi = csv_cell(row, NAME_VI);
    e.version.name_en = csv_cell(row, NAME_EN);
    e.version.subtype = csv_cell(row, SUBTYPE);
    e.version.source  = source_title(l, csv_cell(row, SOURCE));
    *list_add(l->a, &l->edits) = e;
    return OK;
}

/* Rows of one unit follow each other: the first makes the unit, the last says how it ends. */
static Err load_file(Load *l, Str name)
{
    CsvTable rows;
    TRY(data_rows(l->a, name, &rows));
    size_t create = 0;
    for (size_t i = 1; i < rows.len; i++) {
        UnitId id;
        TRY(cell_id(l->a, &rows.at[i], ID, &id));
        if (tree_life(&l->known, id)) continue;
        bool again = l->edits.len && l->edits.at[create].kind == UNIT_EDIT_CREATE && l->edits.at[create].unit.v == id.v;
        if (!again) {
            UnitEdit e = { .kind = UNIT_EDIT_CREATE, .unit = id };
            if (!unit_kind_parse(csv_cell(&rows.at[i], KIND), &e.unit_kind))
                return err_fmt(l->a, ERR_INTERNAL, "line %d: no kind", rows.at[i].line);
            TRY(cell_day(l->a, &rows.at[i], FROM, &e.from));
            create = l->edits.len;
            *list_add(l->a, &l->edits) = e;
        }
        TRY(load_version(l, &rows.at[i], id));
        TRY(cell_day(l->a, &rows.at[i], TO, &l->edits.at[create].to));
        l->edits.at[create].source = source_title(l, csv_cell(&rows.at[i], END_SOURCE));
        l->done++;
    }
    if (l->seen) l->seen(l->seen_by, name, l->done);
    return OK;
}

static Err load_successions(Load *l)
{
    CsvTable rows;
    TRY(data_rows(l->a, S("units/successions.csv"), &rows));
    for (size_t i = 1; i < rows.len; i++) {
        Succession s = { .basis = csv_cell(&rows.at[i], 4), .source = source_title(l, csv_cell(&rows.at[i], 5)) };
        TRY(cell_id(l->a, &rows.at[i], 0, &s.old_unit));
        TRY(cell_id(l->a, &rows.at[i], 1, &s.new_unit));
        TRY(cell_day(l->a, &rows.at[i], 2, &s.on));
        if (!str_to_f64(csv_cell(&rows.at[i], 3), &s.share))
            return err_fmt(l->a, ERR_INTERNAL, "line %d: no share", rows.at[i].line);
        if (!tree_life(&l->known, s.new_unit) && !tree_life(&l->known, s.old_unit))
            *list_add(l->a, &l->edits) = (UnitEdit){ .kind = UNIT_EDIT_SUCCESSION, .succession = s };
    }
    return OK;
}

Err unit_load_reference(Db *db, Arena *a, UnitLoadSeen seen, void *seen_by)
{
    Load l = { .db = db, .a = a, .seen = seen, .seen_by = seen_by };
    TRY(unit_tree_read(db, a, &l.known));
    TRY(data_rows(a, S("units/sources.csv"), &l.sources));
    static const Str files[] = { S_INIT("units/nation_ministries.csv"), S_INIT("units/provinces.csv"),
                                 S_INIT("units/districts.csv"), S_INIT("units/communes.csv") };
    for (size_t i = 0; i < COUNT_OF(files); i++) TRY(load_file(&l, files[i]));
    TRY(load_successions(&l));
    return l.edits.len ? unit_edits_save(db, &l.edits) : OK;
}
