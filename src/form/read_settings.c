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
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == '/' || value.at[i] == '<' || value.at[i] == '&') {
            form_issue(r, place_of(row, id), "E-NAME", SAY("mã phiếu “%.*s” không hợp lệ. Nên chỉ dùng chữ cái, chữ số, “_” và “-”.", STR_ARG(value)),
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

/* Words parted by blanks or commas. */
static int read_channels(Reader *r, const RowRef *row)
{
    static const Str words[] = { S_INIT("online"), S_INIT("field"), S_INIT("paper") };       /* in the order of FormChannel */
    int named = 0;
    for (Str rest = str_trim(cell_at(row, COL_TD_CHANNELS)); rest.len;) {
        size_t n = 0;
        int    k = 0;
        while (n < rest.len && rest.at[n] != ' ' && rest.at[n] != ',')
            n++;
        Str word = str_take(rest, n);
        while (k < 3 && !str_eq_ascii_nocase(word, words[k]))
            k++;
        if (k < 3)
            named |= 1 << k;
        else if (n)
            form_issue(r, place_of(row, COL_TD_CHANNELS), "W-COLUMN",
                       SAY("kênh “%.*s” không có nên được bỏ qua. Ghi online, field hoặc paper.", STR_ARG(word)),
                       SAY("there is no channel “%.*s”, so it is passed over. Write online, field or paper.", STR_ARG(word)));
        rest = str_trim(str_skip(rest, n < rest.len ? n + 1 : n));
    }
    return named;
}

static void read_own(Reader *r, const RowRef *row)
{
    static const char *const kinds[] = { "survey", "poll", "selfassess", "report", "test" }, *const layouts[] = { "one", "group" };
    Str kind = cell_at(row, COL_TD_KIND), layout = cell_at(row, COL_TD_LAYOUT);
    if (!one_of(kind, kinds, COUNT_OF(kinds)))
        form_issue(r, place_of(row, COL_TD_KIND), "E-ARG",
                   SAY("td_kind “%.*s” không dùng được. Chọn survey, poll, selfassess, report hoặc test.", STR_ARG(kind)),
                   SAY("td_kind “%.*s” is unknown. Choose survey, poll, selfassess, report or test.", STR_ARG(kind)));
    else if (kind.len)
        r->p->form_kind = str_lower_ascii(r->keep, kind);
    if (!one_of(layout, layouts, COUNT_OF(layouts)))
        form_issue(r, place_of(row, COL_TD_LAYOUT), "E-ARG", SAY("td_layout “%.*s” không dùng được. Chọn one hoặc group.", STR_ARG(layout)),
                   SAY("td_layout “%.*s” is unknown. Choose one or group.", STR_ARG(layout)));
    r->p->by_group = str_eq_ascii_nocase(layout, S("group"));
    r->p->channels = read_channels(r, row);
}

/* "true", "false" or empty, of the settings that phones understand. */
static Str switch_of(Reader *r, const RowRef *row, ColumnId id)
{
    Str  text = cell_at(row, id);
    bool on;
    if (!text.len || yes_no(text, &on))
        return text.len ? (on ? S("true") : S("false")) : text;
    form_issue(r, place_of(row, id), "E-ARG", SAY("“%.*s” không dùng được ở đây. Ghi yes hoặc no.", STR_ARG(text)),
               SAY("“%.*s” cannot be used here. Write yes or no.", STR_ARG(text)));
    return S("");
}

/* What only phones use. Answers go to the server that gives the form, so an address of another one is refused. */
static void read_phone(Reader *r, const RowRef *row)
{
    FormSettings *s = &r->p->settings;
    s->style             = cell_at(row, COL_STYLE);
    s->public_key        = cell_at(row, COL_PUBLIC_KEY);
    s->auto_send         = switch_of(r, row, COL_AUTO_SEND);
    s->auto_delete       = switch_of(r, row, COL_AUTO_DELETE);
    s->client_editable   = switch_of(r, row, COL_CLIENT_EDITABLE);
    s->submission_url    = cell_at(row, COL_SUBMISSION_URL);
    s->instance_name_src = read_expression(r, row, COL_INSTANCE_NAME, -1);
    if (s->submission_url.len)
        form_issue(r, place_of(row, COL_SUBMISSION_URL), "E-ARG",
                   S("câu trả lời được gửi về máy chủ phát phiếu, không gửi nơi khác. Để trống ô này."),
                   S("answers go to the server that gives the form, nowhere else. Leave this cell empty."));
    Str root = cell_at(row, COL_ROOT_NAME);
    if (root.len && !str_eq(root, S("data")))
        form_issue(r, place_of(row, COL_ROOT_NAME), "W-COLUMN", SAY("gốc của phiếu luôn là “data”, “%.*s” được bỏ qua. Để trống ô này.", STR_ARG(root)),
                   SAY("the root of a form is always “data”, “%.*s” is passed over. Leave this cell empty.", STR_ARG(root)));
}

/* prefix="address", several parted by blanks. */
static void check_namespaces(Reader *r, const RowRef *row, Str text)
{
    for (Str rest = text; rest.len;) {
        StrPair name = str_cut(rest, '='), value = str_cut(str_skip(name.tail, 1), '"');
        Str     prefix = str_trim(name.head);
        if (!expr_is_name(prefix) || !str_starts(name.tail, S("\"")) || !value.head.len || str_eq(prefix, S("jr")) || str_eq(prefix, S("h")) ||
            str_eq(prefix, S("orx")) || str_eq(prefix, S("odk")) || str_starts(prefix, S("xml"))) {
            form_issue(r, place_of(row, COL_NAMESPACES), "E-NAME", S("không gian tên viết sai. Viết dạng esri=\"http://…\"."),
                       S("the namespaces are not well written. Write esri=\"http://…\"."));
            return;
        }
        rest = str_trim(value.tail);
    }
    r->p->settings.namespaces = text;
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
    check_namespaces(r, &row, straight_quotes(r, cell_at(&row, COL_NAMESPACES)));
    read_own(r, &row);
    bool yes;
    r->duplicates_allowed = yes_no(cell_at(&row, COL_ALLOW_CHOICE_DUPLICATES), &yes) && yes;
    read_phone(r, &row);
}
