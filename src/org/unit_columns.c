/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Columns of unit lists: headings in two languages, the empty template, and the list of a day. */
#include "base/csv.h"
#include "org/unit_import.h"
#include "org/unit_store.h"

static const struct { Str name[LANG_COUNT]; Str help; } columns[UNIT_COLUMN_COUNT] = {
    [UNIT_COLUMN_KIND]        = { { S_INIT("loại"), S_INIT("kind") }, S_INIT("unit.column.kind") },
    [UNIT_COLUMN_CODE]        = { { S_INIT("mã"), S_INIT("code") }, S_INIT("unit.column.code") },
    [UNIT_COLUMN_NAME_VI]     = { { S_INIT("tên"), S_INIT("name_vi") }, S_INIT("unit.column.name_vi") },
    [UNIT_COLUMN_NAME_EN]     = { { S_INIT("tên tiếng Anh"), S_INIT("name_en") }, S_INIT("unit.column.name_en") },
    [UNIT_COLUMN_SUBTYPE]     = { { S_INIT("phân loại"), S_INIT("subtype") }, S_INIT("unit.column.subtype") },
    [UNIT_COLUMN_PARENT_KIND] = { { S_INIT("loại cấp trên"), S_INIT("parent_kind") }, S_INIT("unit.column.parent_kind") },
    [UNIT_COLUMN_PARENT_CODE] = { { S_INIT("mã cấp trên"), S_INIT("parent_code") }, S_INIT("unit.column.parent_code") },
    [UNIT_COLUMN_FROM]        = { { S_INIT("từ ngày"), S_INIT("from") }, S_INIT("unit.column.from") },
    [UNIT_COLUMN_END]         = { { S_INIT("chấm dứt từ ngày"), S_INIT("end") }, S_INIT("unit.column.end") },
    [UNIT_COLUMN_FORMER]      = { { S_INIT("mã cũ"), S_INIT("former_codes") }, S_INIT("unit.column.former_codes") },
    [UNIT_COLUMN_SOURCE]      = { { S_INIT("căn cứ"), S_INIT("source") }, S_INIT("unit.column.source") },
};

Str unit_column_name(UnitColumn column, Lang l)
{
    return columns[column].name[l];
}

Str unit_column_help(UnitColumn column, Lang l)
{
    return text_find(l, columns[column].help);
}

static const Str kind_words[UNIT_KIND_COUNT] = {
    [UNIT_NATION] = S_INIT("quốc gia"), [UNIT_MINISTRY] = S_INIT("bộ"), [UNIT_PROVINCE] = S_INIT("tỉnh"),
    [UNIT_DISTRICT] = S_INIT("huyện"),  [UNIT_COMMUNE] = S_INIT("xã"),  [UNIT_DEPARTMENT] = S_INIT("sở"),
    [UNIT_OTHER] = S_INIT("khác"),
};

Str unit_kind_word(UnitKind kind, Lang l)
{
    return l == LANG_VI ? kind_words[kind] : unit_kind_code(kind);
}

bool unit_kind_word_parse(Str word, UnitKind *out)
{
    for (int k = 0; k < UNIT_KIND_COUNT; k++)
        if (str_eq(word, kind_words[k])) {
            *out = (UnitKind)k;
            return true;
        }
    return unit_kind_parse(word, out);
}

bool unit_day_typed(Str s, Date *out)
{
    if (!str_has(s, S("/"))) return date_parse(s, out);
    StrPair day = str_cut(s, '/'), rest = str_cut(day.tail, '/');
    int64_t d, m, y;
    if (!str_to_i64(day.head, &d) || !str_to_i64(rest.head, &m) || !str_to_i64(rest.tail, &y) || y < 1000 || y > 9999)
        return false;
    if (d < 1 || d > 31 || m < 1 || m > 12) return false;
    *out = date_from_ymd((int)y, (int)m, (int)d);
    return !date_is_none(*out);
}

Str unit_import_template(Arena *a, Lang l)
{
    Buf b = buf_new(a, 256);
    csv_bom(&b);
    for (int c = 0; c < UNIT_COLUMN_COUNT; c++) csv_field(&b, columns[c].name[l]);
    csv_end(&b);
    return buf_str(&b);
}

static void export_row(Buf *b, Arena *a, const UnitTree *tree, const Unit *u, Date on, Lang l)
{
    const UnitLife *life   = tree_life(tree, u->id), *up = tree_life(tree, u->parent);
    const UnitVersion *now = life_on(life, on), *above = up ? life_on(up, on) : NULL;
    Str cells[UNIT_COLUMN_COUNT] = {
        [UNIT_COLUMN_KIND] = unit_kind_word(u->kind, l),
        [UNIT_COLUMN_CODE] = u->code,
        [UNIT_COLUMN_NAME_VI] = u->name_vi,
        [UNIT_COLUMN_NAME_EN] = u->name_en,
        [UNIT_COLUMN_SUBTYPE] = u->subtype,
        [UNIT_COLUMN_PARENT_KIND] = up ? unit_kind_word(up->kind, l) : S(""),
        [UNIT_COLUMN_PARENT_CODE] = above ? above->code : S(""),
        [UNIT_COLUMN_FROM] = date_iso(a, now->when.from),
        [UNIT_COLUMN_END] = date_iso(a, life->when.to),
        [UNIT_COLUMN_SOURCE] = now->source,
    };
    for (int c = 0; c < UNIT_COLUMN_COUNT; c++) csv_field(b, cells[c]);
    csv_end(b);
}

Err unit_export(Db *db, Arena *a, UnitKind kind, Date on, Lang l, Str *out)
{
    UNIT_TREE(db);
    Buf b = buf_new(a, 4096);
    buf_add(&b, unit_import_template(a, l));
    for (int k = 0; k < UNIT_KIND_COUNT; k++) {
        if (kind != UNIT_KIND_COUNT && kind != (UnitKind)k) continue;
        Units units = { 0 };
        tree_list(tree, a, (UnitKind)k, on, &units);
        for (size_t i = 0; i < units.len; i++) export_row(&b, a, tree, &units.at[i], on, l);
    }
    *out = buf_str(&b);
    return OK;
}
