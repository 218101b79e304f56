/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words people read for types, tests and languages. */
#include "builder/console.h"

const TypeChoice type_choices[] = {
    { "select_one", "form.type.select_one", "choice" }, { "select_multiple", "form.type.select_multiple", "choice" },
    { "rank", "form.type.rank", "choice" }, { "range", "form.type.range", "choice" },
    { "text", "form.type.text", "write" }, { "integer", "form.type.integer", "write" }, { "decimal", "form.type.decimal", "write" },
    { "date", "form.type.date", "write" }, { "time", "form.type.time", "write" }, { "dateTime", "form.type.datetime", "write" },
    { "note", "form.type.note", "show" }, { "acknowledge", "form.type.acknowledge", "show" },
    { "begin_group", "form.type.begin_group", "part" }, { "begin_repeat", "form.type.begin_repeat", "part" },
    { "image", "form.type.image", "phone" }, { "audio", "form.type.audio", "phone" }, { "video", "form.type.video", "phone" },
    { "file", "form.type.file", "phone" }, { "barcode", "form.type.barcode", "phone" }, { "geopoint", "form.type.geopoint", "phone" },
    { "geotrace", "form.type.geotrace", "phone" }, { "geoshape", "form.type.geoshape", "phone" },
    { "calculate", "form.type.calculate", "work" }, { "hidden", "form.type.hidden", "work" },
    { "select_one_from_file", "form.type.select_one_from_file", "work" },
    { "select_multiple_from_file", "form.type.select_multiple_from_file", "work" }, { "csv-external", "form.type.csv_external", "work" },
    { "start", "form.type.start", "device" }, { "end", "form.type.end", "device" }, { "today", "form.type.today", "device" },
    { "deviceid", "form.type.deviceid", "device" }, { "username", "form.type.username", "device" },
    { "phonenumber", "form.type.phonenumber", "device" }, { "email", "form.type.email", "device" }, { "audit", "form.type.audit", "device" },
    { NULL, NULL, NULL } };

Str type_words(Lang l, const TypeCell *t)
{
    for (const TypeChoice *k = type_choices; t->word && k->word; k++)
        if (!strcmp(k->word, t->word->word))
            return text_find(l, str_from_c(k->key));
    for (const TypeChoice *k = type_choices; t->word && k->word; k++)
        if (str_eq(form_type_name(t->word->type), str_from_c(k->word)))      /* "int" is "integer" */
            return text_find(l, str_from_c(k->key));
    return t->shown.len ? t->shown : text_of(l, "builder.type.none");
}

Str type_group_words(Lang l, const char *group)
{
    static const char *const keys[][2] = { { "choice", "builder.types.choice" }, { "write", "builder.types.write" }, { "show", "builder.types.show" },
        { "part", "builder.types.part" }, { "phone", "builder.types.phone" }, { "work", "builder.types.work" }, { "device", "builder.types.device" } };
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (!strcmp(group, keys[i][0]))
            return text_find(l, str_from_c(keys[i][1]));
    return S("");
}

Str row_label(Ctx *c, const Grid *g, const GridRow *row, Lang l)
{
    const GridSheet *s     = grid_sheet(g, SHEET_SURVEY);
    Str              label = grid_text(g, s, row, COL_LABEL, l);
    if (!label.len)
        label = grid_cell(s, row, COL_NAME, S(""));
    return label.len ? str_cut(label, '\n').head : text_of(l, "builder.row.none");
}

Str test_words(Lang l, TestKind k)
{
    static const char *const keys[TEST_COUNT] = { "builder.test.none", "builder.test.is", "builder.test.is_not", "builder.test.below",
        "builder.test.most", "builder.test.above", "builder.test.least", "builder.test.has", "builder.test.has_not", "builder.test.given",
        "builder.test.empty" };
    return text_find(l, str_from_c(keys[k]));
}

Str language_words(Ctx *c, const Grid *g, Str language)
{
    Str name = grid_language_name(g, language);
    return name.len ? name : text_of(c->lang, "builder.language.only");
}

static Str choice_label(Ctx *c, const Grid *g, Str name, Str value)
{
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES);
    const GridRow   *q = logic_row(g, name);
    TypeCell         t = type_read(c->arena, q ? grid_cell(grid_sheet(g, SHEET_SURVEY), q, COL_TYPE, S("")) : S(""));
    for (size_t i = 0; t.list.len && i < s->rows.len; i++)
        if (str_eq(grid_cell(s, &s->rows.at[i], COL_LIST_NAME, S("")), t.list) && str_eq(grid_cell(s, &s->rows.at[i], COL_NAME, S("")), value)) {
            Str label = grid_text(g, s, &s->rows.at[i], COL_LABEL, c->lang);
            return label.len ? label : value;
        }
    return value;
}

Str logic_words(Ctx *c, const Grid *g, Str source)
{
    Logic   l;
    StrList parts = { 0 };
    if (!source.len || !logic_read(c->arena, g, source, &l))
        return source;
    for (size_t i = 0; i < l.tests.len; i++) {
        const LogicTest *t = &l.tests.at[i];
        const GridRow   *q = logic_row(g, t->name);
        Str label = q ? row_label(c, g, q, c->lang) : t->name, is = test_words(c->lang, t->kind);
        *list_add(c->arena, &parts) = test_needs_value(t->kind)
            ? text_fmt(c->arena, c->lang, "builder.test.told", ARG_S("q", label), ARG_S("is", is), ARG_S("v", choice_label(c, g, t->name, t->value)))
            : text_fmt(c->arena, c->lang, "builder.test.told.bare", ARG_S("q", label), ARG_S("is", is));
    }
    Str joint = l.any ? text_of(c->lang, "builder.test.or") : text_of(c->lang, "builder.test.and");
    return str_join(c->arena, parts.at, parts.len, arena_fmt(c->arena, " %.*s ", STR_ARG(joint)));
}
