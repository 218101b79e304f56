/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sheet settings: one row of values under the headers. */
#include "form/form_parts.h"

static void check_key(Reader *r, const RowRef *row, ColumnId id, Str value)
{
    if (expr_is_name(value) || !value.len || id == COL_VERSION) {
        if (value.len <= 249)
            return;
        form_issue(r, place_of(row, id), "E-LIMIT", S("dài quá 249 ký tự. Rút ngắn lại."), S("longer than 249 characters. Shorten it."));
        return;
    }
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] == ' ' || value.at[i] == '/' || value.at[i] == '<' || value.at[i] == '&') {
            form_issue(r, place_of(row, id), "E-NAME", SAY("mã phiếu “%.*s” không hợp lệ. Chỉ dùng chữ cái, chữ số, “_” và “-”.", STR_ARG(value)),
                       SAY("the form_id “%.*s” is not valid. Use letters, digits, “_” and “-”.", STR_ARG(value)));
            return;
        }
}

static void read_default_language(Reader *r, const RowRef *row)
{
    Str name = cell_at(row, COL_DEFAULT_LANGUAGE);
    r->p->default_language = name;
    if (!name.len)
        return;
    bool coded;
    r->default_lang = lang_of_name(name, &coded);
}

static bool one_of(Str value, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_ascii_nocase(value, str_from_c(words[i])))
            return true;
    return !value.len;
}

static void read_own(Reader *r, const RowRef *row)
{
    static const char *const kinds[] = { "survey", "poll", "selfassess", "report", "test" }, *const layouts[] = { "one", "group" };
    Str kind = cell_at(row, COL_TD_KIND), layout = cell_at(row, COL_TD_LAYOUT), channels = cell_at(row, COL_TD_CHANNELS);
    if (!one_of(kind, kinds, COUNT_OF(kinds)))
        form_issue(r, place_of(row, COL_TD_KIND), "E-ARG",
                   SAY("td_kind “%.*s” không dùng được. Chọn survey, poll, selfassess, report hoặc test.", STR_ARG(kind)),
                   SAY("td_kind “%.*s” is unknown. Choose survey, poll, selfassess, report or test.", STR_ARG(kind)));
    else if (kind.len)
        r->p->form_kind = str_lower_ascii(r->keep, kind);
    if (!one_of(layout, layouts, COUNT_OF(layouts)))
        form_issue(r, place_of(row, COL_TD_LAYOUT), "E-ARG", SAY("td_layout “%.*s” không dùng được. Chọn one hoặc group.", STR_ARG(layout)),
                   SAY("td_layout “%.*s” is unknown. Choose one or group.", STR_ARG(layout)));
    r->p->by_group    = str_eq_ascii_nocase(layout, S("group"));
    r->channels_named = channels.len > 0;
    r->field          = str_has(str_lower_ascii(r->scratch, channels), S("field"));
}

void read_settings(Reader *r, const FormSheet *sheet)
{
    columns_read(r, SHEET_SETTINGS, &sheet->rows.at[0], &r->settings);
    columns_check_rows(r, &r->settings, sheet);
    if (sheet->rows.len < 2)
        return;
    RowRef row    = { &r->settings, &sheet->rows.at[1] };
    r->p->form_id = cell_at(&row, COL_FORM_ID);
    r->p->version = cell_at(&row, COL_VERSION);
    check_key(r, &row, COL_FORM_ID, r->p->form_id);
    check_key(r, &row, COL_VERSION, r->p->version);
    Str title = cell_at(&row, COL_FORM_TITLE);
    for (int l = 0; l < LANG_COUNT; l++) {
        r->p->title[l] = cell_in(&row, COL_FORM_TITLE, l);
        if (!r->p->title[l].len && l == LANG_VI)
            r->p->title[l] = title.len ? title : cell_in(&row, COL_FORM_TITLE, LANG_OTHER);
    }
    read_default_language(r, &row);
    read_own(r, &row);
    Str yes = cell_at(&row, COL_ALLOW_CHOICE_DUPLICATES);
    r->duplicates_allowed = str_eq_ascii_nocase(yes, S("yes")) || str_eq_ascii_nocase(yes, S("true")) || str_eq(yes, S("true()"));
}
