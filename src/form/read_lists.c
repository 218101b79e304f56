/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where the choices of a question come from: a list of the sheet choices, or a file; and the choice "other". */
#include "form/form_parts.h"

#include "base/utf8.h"

#include <assert.h>
#include <math.h>

/* ---- Lists --------------------------------------------------------------------------------------------------------- */

FormList *list_named(Reader *r, Str name)
{
    assert(r->lists.len < r->list_room || name_set_find(&r->lists, name) >= 0);
    if (name_set_add(&r->lists, name))
        *list_add(r->keep, &r->p->lists) = (FormList){ .name = name };
    return &r->p->lists.at[name_set_find(&r->lists, name)];
}

static int list_index(Reader *r, Str name)
{
    return name_set_find(&r->lists, name);
}

static void list_unknown(Reader *r, Place at, Str name)
{
    Str near = expr_nearest(name, r->lists.names, r->lists.len < 200 ? (size_t)r->lists.len : 200);
    if (!name.len)
        form_issue(r, at, "E-LIST", S("thiếu tên danh sách lựa chọn. Viết dạng “select_one tên_danh_sách”."),
                   S("the name of the list is missing. Write “select_one list_name”."));
    else if (str_starts(name, S("${")))
        form_issue(r, at, "E-LIST", S("lựa chọn lấy từ một phần lặp chưa hỗ trợ. Dùng một danh sách trên trang choices."),
                   S("choices from a repeat are not supported. Use a list of the sheet choices."));
    else
        form_issue(r, at, "E-LIST",
                   near.len ? SAY("không có danh sách “%.*s” trên trang choices. Có phải “%.*s”?", STR_ARG(name), STR_ARG(near))
                            : SAY("không có danh sách “%.*s” trên trang choices. Thêm danh sách này.", STR_ARG(name)),
                   near.len ? SAY("there is no list “%.*s” on the sheet choices. Did you mean “%.*s”?", STR_ARG(name), STR_ARG(near))
                            : SAY("there is no list “%.*s” on the sheet choices. Add it.", STR_ARG(name)));
}

/* ---- Files ----------------------------------------------------------------------------------------------------------- */

static bool file_name_fine(Str file)
{
    return file.len > 4 && file.len <= 255 && !str_has(file, S("/")) && !str_has(file, S("\\")) && file.at[0] != '.';
}

/* The list that a file is; its choices are read when the file is at hand. */
int file_list(Reader *r, Place at, Str stem, Str file, bool needed, Str value_column, Str label_column)
{
    if (!file_name_fine(file) || !expr_is_name(stem)) {
        form_issue(r, at, "E-LIST", SAY("tên tệp “%.*s” không dùng được. Dùng chữ cái, chữ số, “_” và “-”, đuôi .csv hoặc .xml.", STR_ARG(file)),
                   SAY("the file name “%.*s” cannot be used. Use letters, digits, “_” and “-”, ending in .csv or .xml.", STR_ARG(file)));
        return -1;
    }
    bool      known = list_index(r, stem) >= 0;
    FormList *list  = list_named(r, stem);
    if (known && !str_eq(list->file, file)) {
        form_issue(r, at, "E-DUP", SAY("tệp “%.*s” trùng tên với danh sách “%.*s”. Đổi tên tệp.", STR_ARG(file), STR_ARG(stem)),
                   SAY("the file “%.*s” has the name of the list “%.*s”. Rename the file.", STR_ARG(file), STR_ARG(stem)));
        return -1;
    }
    if (known)
        return list_index(r, stem);
    *list = (FormList){ .name = stem, .file = file, .needed = needed, .value_column = value_column.len ? value_column : S("name"),
                        .label_column = label_column.len ? label_column : S("label") };
    read_file_choices(r, at, list);
    return list_index(r, stem);
}

static int find_file(Reader *r, const RowRef *row, const TypeCell *t)
{
    Place at   = place_of(row, COL_TYPE);
    Str   file = t->list, lower = str_lower_ascii(r->scratch, file), value = S(""), label = S("");
    if (!str_ends(lower, S(".csv")) && !str_ends(lower, S(".xml"))) {
        form_issue(r, at, "E-LIST",
                   str_ends(lower, S(".geojson")) ? S("tệp GeoJSON chưa hỗ trợ. Chuyển danh sách sang .csv.")
                       : SAY("“%.*s” không phải tệp lựa chọn. Dùng tệp .csv hoặc .xml.", STR_ARG(file)),
                   str_ends(lower, S(".geojson")) ? S("GeoJSON files are not supported yet. Turn the list into a .csv.")
                       : SAY("“%.*s” is no file of choices. Use a .csv or .xml.", STR_ARG(file)));
        return -1;
    }
    Str params = cell_at(row, COL_PARAMETERS);
    size_t from;
    if (str_find(params, S("value="), &from))
        value = str_cut(str_skip(params, from + 6), ' ').head;
    if (str_find(params, S("label="), &from))
        label = str_cut(str_skip(params, from + 6), ' ').head;
    return file_list(r, at, str_cut_last(file, '.').head, file, true, value, label);
}

static void add_other_choice(Reader *r, const FormNode *n);

void read_list(Reader *r, const RowRef *row, const TypeCell *t, FormNode *n)
{
    n->list = -1;
    if (t->word->type == Q_EXTERNAL) {
        bool xml = str_eq(str_from_c(t->word->word), S("xml-external"));
        Str  name = cell_at(row, COL_NAME);
        if (name.len)
            file_list(r, place_of(row, COL_TYPE), name, str_concat(r->keep, name, xml ? S(".xml") : S(".csv")), false, S(""), S(""));
        return;
    }
    if (t->word->shape == TYPE_FILE) {
        n->list = find_file(r, row, t);
        return;
    }
    if (t->word->shape != TYPE_LIST)
        return;
    n->list = t->list.len ? list_index(r, t->list) : -1;
    if (n->list < 0)
        list_unknown(r, place_of(row, COL_TYPE), t->list);
    else if (t->or_other)
        add_other_choice(r, n);
}

/* pulldata('xa', …) reads the file xa.csv. */
void read_pulldata(Reader *r)
{
    for (size_t i = 0; i < r->pending.len; i++) {
        const Pending x    = r->pending.at[i];
        Str           rest = x.source;
        size_t        at;
        while (str_find(rest, S("pulldata("), &at)) {
            rest = str_trim(str_skip(rest, at + 9));
            if (!rest.len || (rest.at[0] != '\'' && rest.at[0] != '"'))
                continue;
            StrPair cut = str_cut(str_skip(rest, 1), rest.at[0]);
            if (expr_is_name(cut.head) && list_index(r, cut.head) < 0 && r->lists.len < r->list_room)
                file_list(r, x.at, cut.head, str_concat(r->keep, cut.head, S(".csv")), false, S(""), S(""));
            rest = cut.tail;
        }
    }
}

/* ---- or_other ----------------------------------------------------------------------------------------------------------- */

/* Letters that Vietnamese alone has: đ ơ ư and those with a tone (U+1EA0 to U+1EF9). */
static bool looks_vietnamese(Str s)
{
    while (s.len) {
        int32_t c = utf8_next(&s);
        if (c == 0x111 || c == 0x110 || c == 0x1A1 || c == 0x1B0 || (c >= 0x1EA0 && c <= 0x1EF9))
            return true;
    }
    return false;
}

static bool vietnamese(const FormProgram *p, int language, Str sample)
{
    bool coded;
    int  l = lang_of_name(p->languages.at[language], &coded);
    return l == LANG_VI || (l == LANG_OTHER && str_eq(p->languages.at[language], S("default")) && looks_vietnamese(sample));
}

static FormText *texts_of(Reader *r, bool translated, Str vi, Str en, Str sample)
{
    FormText *text = arena_new(r->keep, FormText, TEXT_KIND_COUNT);
    Str      *by   = arena_new(r->keep, Str, r->p->languages.len);
    for (size_t i = 0; i < r->p->languages.len; i++)
        if (translated ? r->p->languages.len == 1 || (int)i != r->p->language || r->named_default : (int)i == r->p->language)
            by[i] = vietnamese(r->p, (int)i, sample) ? vi : en;
    text[TEXT_LABEL] = (FormText){ by, translated };
    return text;
}

static void add_other_choice(Reader *r, const FormNode *n)
{
    FormList *list       = &r->p->lists.at[n->list];
    bool      translated = false;
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormChoice *c = &list->choices.at[i];
        if (str_eq(c->name, S("other")))
            return;
        translated |= c->text && c->text[TEXT_LABEL].translated;
    }
    Str sample = list->choices.len ? list->choices.at[0].label[LANG_VI] : S("");
    FormChoice c = { .name = S("other"), .label = { [LANG_VI] = S("Khác"), [LANG_EN] = S("Other") },
                     .value = NAN, .text = texts_of(r, translated, S("Khác"), S("Other"), sample) };
    *list_add(r->keep, &list->choices) = c;
}

void other_texts(Reader *r, const FormNode *of, FormNode *n)
{
    bool translated = false;
    for (size_t i = 0; i < r->p->languages.len; i++) {
        bool coded;
        translated |= lang_of_name(r->p->languages.at[i], &coded) == LANG_VI;
    }
    n->label[LANG_VI] = S("Ghi rõ nội dung khác.");
    n->label[LANG_EN] = S("Specify other.");
    n->text           = texts_of(r, translated && r->p->languages.len > 1, n->label[LANG_VI], n->label[LANG_EN], of->label[LANG_VI]);
}
