/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sheet choices: lists of answers with their labels, numbers for means, and which mean "no opinion". */
#include "form/form_parts.h"

#include <math.h>

static void read_value(Reader *r, const RowRef *row, FormChoice *c)
{
    Str text = cell_at(row, COL_TD_VALUE);
    c->value = NAN;
    if (!text.len)
        return;
    c->value = expr_number_read(text);
    if (isnan(c->value))
        form_issue(r, place_of(row, COL_TD_VALUE), "E-CHOICE", SAY("td_value “%.*s” không phải là số. Ghi một số hoặc để trống.", STR_ARG(text)),
                   SAY("td_value “%.*s” is no number. Write a number or leave it empty.", STR_ARG(text)));
}

static void read_missing(Reader *r, const RowRef *row, FormChoice *c)
{
    Str text = str_lower_ascii(r->scratch, cell_at(row, COL_TD_MISSING));
    if (str_eq(text, S("yes")) || str_eq(text, S("true")) || str_eq(text, S("true()")))
        c->missing = CHOICE_MISSING;
    else if (str_eq(text, S("na")))
        c->missing = CHOICE_NA;
    else if (text.len && !str_eq(text, S("no")) && !str_eq(text, S("false")) && !str_eq(text, S("false()")))
        form_issue(r, place_of(row, COL_TD_MISSING), "E-CHOICE", SAY("td_missing “%.*s” không dùng được. Ghi yes, na hoặc để trống.", STR_ARG(text)),
                   SAY("td_missing “%.*s” is unknown. Write yes, na or leave it empty.", STR_ARG(text)));
    if (c->missing != CHOICE_PLAIN)
        c->value = NAN;
}

/* Label in each language; one that has none takes the plain column or another language. */
static void read_label(Reader *r, const RowRef *row, FormChoice *c)
{
    Str plain = cell_in(row, COL_LABEL, LANG_NONE), other = cell_in(row, COL_LABEL, LANG_OTHER);
    int main  = r->default_lang < LANG_COUNT ? r->default_lang : LANG_VI;
    for (int l = 0; l < LANG_COUNT; l++)
        c->label[l] = cell_in(row, COL_LABEL, l);
    c->text = row_texts(r, row);
    if (!c->label[main].len)
        c->label[main] = plain.len ? plain : other;
    if (!c->label[LANG_VI].len && !c->label[LANG_EN].len) {
        if (!c->text)
            form_issue(r, place_of(row, COL_LABEL), "W-LABEL", SAY("lựa chọn “%.*s” chưa có nhãn. Viết nhãn.", STR_ARG(c->name)),
                       SAY("the choice “%.*s” has no label. Write one.", STR_ARG(c->name)));
        c->label[main] = c->name;
        return;
    }
    for (size_t i = 0; i < row->c->len; i++)
        if (row->c->at[i].id == COL_LABEL && row->c->at[i].language >= 0 && !text_of_kind(c->text, TEXT_LABEL, row->c->at[i].language).len)
            form_issue(r, place_column(row, i), "W-LANG", SAY("lựa chọn “%.*s” thiếu nhãn ở ngôn ngữ này. Viết thêm bản dịch.", STR_ARG(c->name)),
                       SAY("the choice “%.*s” has no label in this language. Add the translation.", STR_ARG(c->name)));
}

/* Filter columns of the sheet are the columns of each list. */
static void read_cells(Reader *r, const RowRef *row, FormList *list, FormChoice *c)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < row->c->len; i++)
        n += row->c->at[i].id == COL_FILTER;
    if (!n)
        return;
    Str *cells = arena_new(r->keep, Str, n);
    bool first = !list->columns.len;
    for (size_t i = 0; i < row->c->len; i++) {
        if (row->c->at[i].id != COL_FILTER)
            continue;
        if (first)
            *list_add(r->keep, &list->columns) = row->c->at[i].attr;
        cells[at++] = i < row->row->len ? row->row->cells[i] : S("");
    }
    c->cells = cells;
}

/* Name of list and choice; false when one is missing. */
static bool read_names(Reader *r, const RowRef *row, Str *list, Str *name)
{
    *list = cell_at(row, COL_LIST_NAME);
    *name = cell_at(row, COL_NAME);
    if (!list->len && name->len)
        form_issue(r, place_of(row, COL_LIST_NAME), "E-CHOICE", SAY("lựa chọn “%.*s” không thuộc danh sách nào. Ghi tên danh sách.", STR_ARG(*name)),
                   SAY("the choice “%.*s” belongs to no list. Write the name of its list.", STR_ARG(*name)));
    if (list->len && !name->len)
        form_issue(r, place_of(row, COL_NAME), "E-CHOICE", SAY("một lựa chọn của danh sách “%.*s” thiếu tên. Ghi tên, ví dụ 1.", STR_ARG(*list)),
                   SAY("a choice of the list “%.*s” has no name. Write one, such as 1.", STR_ARG(*list)));
    return list->len && name->len;
}

static void read_row(Reader *r, const RowRef *row, NameSet *seen)
{
    FormChoice c = { .row = row->row->row };
    Str        list;
    if (!read_names(r, row, &list, &c.name))
        return;
    Str key = str_join(r->scratch, (Str[]){ list, S("\n"), c.name }, 3, S(""));
    if (!name_set_add(seen, key) && !r->duplicates_allowed) {
        form_issue(r, place_of(row, COL_NAME), "E-CHOICE",
                   SAY("lựa chọn “%.*s” có hai lần trong danh sách “%.*s”. Đổi tên hoặc xóa một hàng.", STR_ARG(c.name), STR_ARG(list)),
                   SAY("the choice “%.*s” stands twice in the list “%.*s”. Rename or delete one.", STR_ARG(c.name), STR_ARG(list)));
        return;
    }
    read_value(r, row, &c);
    read_missing(r, row, &c);
    read_label(r, row, &c);
    FormList *to = list_named(r, list);
    to->needed   = true;
    read_cells(r, row, to, &c);
    *list_add(r->keep, &to->choices) = c;
}

void read_choices(Reader *r, const FormSheet *sheet)
{
    NameSet seen = name_set_new(r->scratch, sheet->rows.len);
    if (!columns_read(r, SHEET_CHOICES, &sheet->rows.at[0], &r->choices))
        return;
    columns_check_rows(r, &r->choices, sheet);
    if (sheet->rows.len > FORM_MAX_CHOICES + 1) {
        form_issue(r, (Place){ SHEET_CHOICES, sheet->rows.at[FORM_MAX_CHOICES + 1].row, 0, S("") }, "E-FILE",
                   S("quá 50.000 lựa chọn. Chia thành nhiều phiếu."), S("more than 50,000 choices. Split the questionnaire."));
        return;
    }
    for (size_t i = 1; i < sheet->rows.len; i++)
        read_row(r, &(RowRef){ &r->choices, &sheet->rows.at[i] }, &seen);
}
