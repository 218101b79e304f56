/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Headers of the three sheets: aliases, languages, what is unknown, what is not supported yet. */
#include "form/form_parts.h"

typedef struct KnownColumn { const char *name; ColumnId id; bool translated; } KnownColumn;

static const KnownColumn survey_columns[] = {
    { "type", COL_TYPE, false }, { "name", COL_NAME, false }, { "label", COL_LABEL, true }, { "caption", COL_LABEL, true },
    { "hint", COL_HINT, true }, { "required", COL_REQUIRED, false }, { "relevant", COL_RELEVANT, false },
    { "relevance", COL_RELEVANT, false }, { "constraint", COL_CONSTRAINT, false },
    { "required_message", COL_REQUIRED_MESSAGE, true }, { "constraint_message", COL_CONSTRAINT_MESSAGE, true },
    { "requiredmsg", COL_REQUIRED_MESSAGE, true }, { "constraintmsg", COL_CONSTRAINT_MESSAGE, true },
    { "constraining_message", COL_CONSTRAINT_MESSAGE, true }, { "rows", COL_LATER, false },
    { "calculation", COL_CALCULATION, false }, { "calculate", COL_CALCULATION, false },
    { "appearance", COL_APPEARANCE, false }, { "disabled", COL_DISABLED, false },
    { "td_code", COL_TD_CODE, false }, { "td_role", COL_TD_ROLE, false },
    { "td_points", COL_LATER, false }, { "td_score", COL_LATER, false }, { "td_rescale", COL_LATER, false },
    { "td_key", COL_LATER, false }, { "td_evidence", COL_LATER, false },
    { "guidance_hint", COL_LATER, true }, { "image", COL_LATER, true }, { "audio", COL_LATER, true },
    { "video", COL_LATER, true }, { "big-image", COL_LATER, true }, { "media", COL_LATER, true },
    { "default", COL_LATER, false }, { "parameters", COL_LATER, false }, { "read_only", COL_LATER, false },
    { "readonly", COL_LATER, false }, { "autoplay", COL_LATER, false }, { "accuracythreshold", COL_LATER, false },
    { "bind", COL_LATER, true }, { "body", COL_LATER, true }, { "instance", COL_LATER, true }, { "control", COL_LATER, true },
    { "trigger", COL_BLOCKING, false }, { "choice_filter", COL_BLOCKING, false }, { "repeat_count", COL_BLOCKING, false },
    { "jr:count", COL_BLOCKING, false }, { "count", COL_BLOCKING, false }, { "save_to", COL_BLOCKING, false },
    { "notes", COL_IGNORED, false }, { "comments", COL_IGNORED, false }, { "comment", COL_IGNORED, false },
};

static const KnownColumn choices_columns[] = {
    { "list_name", COL_LIST_NAME, false }, { "name", COL_NAME, false }, { "value", COL_NAME, false },
    { "label", COL_LABEL, true }, { "caption", COL_LABEL, true }, { "td_value", COL_TD_VALUE, false },
    { "td_missing", COL_TD_MISSING, false }, { "image", COL_LATER, true }, { "audio", COL_LATER, true },
    { "video", COL_LATER, true }, { "big-image", COL_LATER, true }, { "media", COL_LATER, true },
};

static const KnownColumn settings_columns[] = {
    { "form_id", COL_FORM_ID, false }, { "id_string", COL_FORM_ID, false }, { "version", COL_VERSION, false },
    { "form_title", COL_FORM_TITLE, true }, { "title", COL_FORM_TITLE, true },
    { "default_language", COL_DEFAULT_LANGUAGE, false }, { "td_kind", COL_TD_KIND, false },
    { "td_layout", COL_TD_LAYOUT, false }, { "td_channels", COL_TD_CHANNELS, false },
    { "allow_choice_duplicates", COL_ALLOW_CHOICE_DUPLICATES, false },
    { "instance_name", COL_LATER, false }, { "style", COL_LATER, false }, { "namespaces", COL_LATER, false },
    { "submission_url", COL_LATER, false }, { "public_key", COL_LATER, false }, { "auto_send", COL_LATER, false },
    { "auto_delete", COL_LATER, false }, { "client_editable", COL_LATER, false }, { "name", COL_LATER, false },
    { "instance_id", COL_LATER, false }, { "omit_instanceid", COL_LATER, false }, { "sms_keyword", COL_LATER, false },
    { "sms_separator", COL_LATER, false }, { "clean_text_values", COL_LATER, false }, { "attribute", COL_LATER, true },
};

static const struct { const KnownColumn *at; size_t len; } known_columns[] = {
    [SHEET_SURVEY]   = { survey_columns, COUNT_OF(survey_columns) },
    [SHEET_CHOICES]  = { choices_columns, COUNT_OF(choices_columns) },
    [SHEET_SETTINGS] = { settings_columns, COUNT_OF(settings_columns) },
};

Str sheet_name(SheetId sheet)
{
    static const Str names[] = { S_INIT("survey"), S_INIT("choices"), S_INIT("settings"), S_INIT("") };
    return names[sheet];
}

/* ---- Languages ------------------------------------------------------------------------------------------- */

/* "Tiếng Việt (vi)": the code decides; without one a few plain names are understood. */
int lang_of_name(Str name, bool *out_coded)
{
    Str  code = name;
    Lang l;
    name       = str_trim(name);
    *out_coded = false;
    if (str_ends(name, S(")"))) {
        StrPair p = str_cut_last(str_take(name, name.len - 1), '(');
        code       = str_trim(p.tail);
        *out_coded = code.len >= 2 && code.len <= 12 && !str_has(code, S(" "));
    }
    if (lang_parse(code, &l))
        return (int)l;
    if (str_eq_ascii_nocase(name, S("english")))
        return LANG_EN;
    if (str_eq(name, S("Tiếng Việt")) || str_eq(name, S("tiếng Việt")) || str_eq(name, S("tiếng việt")) ||
        str_eq_ascii_nocase(name, S("vietnamese")))
        return LANG_VI;
    return LANG_OTHER;
}

/* ---- One header ------------------------------------------------------------------------------------------- */

/* Lower case, blanks as '_'. */
static Str plain_header(Arena *a, Str s)
{
    s        = str_lower_ascii(a, str_trim(s));
    char *at = arena_take(a, s.len, 1, 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = s.at[i] == ' ' ? '_' : s.at[i];
    return (Str){ at, s.len };
}

/* "label::English (en)" and the older "label:English". */
static StrPair split_header(Str s)
{
    size_t at;
    if (str_find(s, S("::"), &at))
        return (StrPair){ str_trim(str_take(s, at)), str_trim(str_skip(s, at + 2)) };
    StrPair p = str_cut(s, ':');
    if (str_eq_ascii_nocase(p.head, S("jr")))
        return (StrPair){ s, S("") };
    return (StrPair){ str_trim(p.head), str_trim(p.tail) };
}

static const KnownColumn *column_find(SheetId sheet, Str name)
{
    for (size_t i = 0; i < known_columns[sheet].len; i++)
        if (str_eq(name, str_from_c(known_columns[sheet].at[i].name)))
            return &known_columns[sheet].at[i];
    return NULL;
}

static Str column_nearest(Reader *r, SheetId sheet, Str name)
{
    StrList names = { 0 };
    for (size_t i = 0; i < known_columns[sheet].len; i++)
        *list_add(r->scratch, &names) = str_from_c(known_columns[sheet].at[i].name);
    return expr_nearest(name, names.at, names.len);
}

static void warn_unknown(Reader *r, Place at, Str name)
{
    Str near = column_nearest(r, at.sheet, name);
    if (near.len)
        form_issue(r, at, "W-COLUMN", SAY("không có cột “%.*s”, cột này được bỏ qua. Có phải “%.*s”?", STR_ARG(at.header), STR_ARG(near)),
                   SAY("there is no column “%.*s”, it is passed over. Did you mean “%.*s”?", STR_ARG(at.header), STR_ARG(near)));
    else
        form_issue(r, at, "W-COLUMN", SAY("không có cột “%.*s”, cột này được bỏ qua. Xóa cột hoặc sửa tên.", STR_ARG(at.header)),
                   SAY("there is no column “%.*s”, it is passed over. Delete it or correct its name.", STR_ARG(at.header)));
}

static Column read_header(Reader *r, SheetId sheet, Str header, Place at)
{
    Column  c    = { .id = COL_IGNORED, .lang = LANG_NONE, .header = header };
    StrPair cut  = split_header(header);
    Str     name = plain_header(r->scratch, cut.head);
    const KnownColumn *known = column_find(sheet, name);
    if (!known) {
        /* Other columns of choices are for filters; a name with a blank cannot be one. */
        if (sheet != SHEET_CHOICES || str_has(header, S(" ")))
            warn_unknown(r, at, name);
        return c;
    }
    c.id = known->id;
    if (!cut.tail.len || !known->translated || c.id == COL_LATER)
        return c;
    bool coded;
    c.lang = lang_of_name(cut.tail, &coded);
    if (!coded)
        form_issue(r, at, "W-LANG", SAY("ngôn ngữ “%.*s” không có mã. Viết dạng “label::Tiếng Việt (vi)”.", STR_ARG(cut.tail)),
                   SAY("the language “%.*s” has no code. Write it as “label::English (en)”.", STR_ARG(cut.tail)));
    return c;
}

/* ---- All headers of a sheet ---------------------------------------------------------------------------------- */

static bool same_column(const Column *x, const Column *y)
{
    if (x->id != y->id || x->lang != y->lang)
        return false;
    return (x->id < COL_LATER && x->lang != LANG_OTHER) || str_eq_ascii_nocase(x->header, y->header);
}

static bool require(Reader *r, const Columns *c, const FormRowCells *header, ColumnId id, const char *name)
{
    for (int l = 0; l < LANG_SLOTS; l++)
        if (c->first[id][l] >= 0)
            return true;
    Str near = S("");
    for (size_t i = 0; i < c->len && !near.len; i++)
        near = expr_nearest(plain_header(r->scratch, c->at[i].header), &(Str){ name, strlen(name) }, 1).len ? c->at[i].header : S("");
    Place at = { c->sheet, header ? header->row : 1, 0, str_from_c(name) };
    form_issue(r, at, "E-HEADER",
               near.len ? SAY("thiếu cột “%s”. Đổi tên cột “%.*s” thành “%s”.", name, STR_ARG(near), name)
                        : SAY("thiếu cột “%s”. Thêm cột này vào hàng tiêu đề.", name),
               near.len ? SAY("the column “%s” is missing. Rename “%.*s” to “%s”.", name, STR_ARG(near), name)
                        : SAY("the column “%s” is missing. Add it to the header row.", name));
    return false;
}

static void read_headers(Reader *r, const FormRowCells *header, Columns *out)
{
    SheetId sheet = out->sheet;
    for (size_t i = 0; i < header->len; i++) {
        Str text = header->cells[i];
        out->at[i] = (Column){ .id = COL_IGNORED, .lang = LANG_NONE, .header = text };
        if (!text.len)
            continue;
        Place at   = { sheet, header->row, (int)i, text };
        out->at[i] = read_header(r, sheet, text, at);
        for (size_t k = 0; k < i; k++)
            if (out->at[k].header.len && out->at[i].id != COL_IGNORED && same_column(&out->at[k], &out->at[i]))
                form_issue(r, at, "E-HEADER", SAY("cột “%.*s” trùng với cột “%.*s”. Xóa một trong hai cột.", STR_ARG(text),
                           STR_ARG(out->at[k].header)),
                           SAY("the column “%.*s” repeats “%.*s”. Delete one of the two.", STR_ARG(text), STR_ARG(out->at[k].header)));
        if (out->first[out->at[i].id][out->at[i].lang] < 0)
            out->first[out->at[i].id][out->at[i].lang] = (int)i;
        out->translated |= out->at[i].lang < LANG_OTHER && out->at[i].id == COL_LABEL;
    }
}

bool columns_read(Reader *r, SheetId sheet, const FormRowCells *header, Columns *out)
{
    size_t len = header ? header->len : 0;
    *out       = (Columns){ .sheet = sheet, .at = arena_new(r->keep, Column, len), .len = len };
    for (int i = 0; i < COL_COUNT; i++)
        for (int l = 0; l < LANG_SLOTS; l++)
            out->first[i][l] = -1;
    if (len > FORM_MAX_COLUMNS) {
        form_issue(r, (Place){ sheet, header->row, FORM_MAX_COLUMNS, S("") }, "E-FILE",
                   SAY("trang tính có %zu cột, giới hạn là %d. Xóa các cột thừa.", len, FORM_MAX_COLUMNS),
                   SAY("the sheet has %zu columns, at most %d are read. Delete what is not needed.", len, FORM_MAX_COLUMNS));
        return false;
    }
    if (header)
        read_headers(r, header, out);
    if (sheet == SHEET_SURVEY)
        return require(r, out, header, COL_TYPE, "type") & require(r, out, header, COL_NAME, "name");
    if (sheet == SHEET_CHOICES)
        return require(r, out, header, COL_LIST_NAME, "list_name") & require(r, out, header, COL_NAME, "name");
    return true;
}

/* A filled cell of a column that is known and not there yet: said once a column, or refused. */
void columns_check_rows(Reader *r, const Columns *c, const FormSheet *sheet)
{
    for (size_t i = 0; i < c->len; i++) {
        if (c->at[i].id != COL_LATER && c->at[i].id != COL_BLOCKING)
            continue;
        for (size_t k = 1; k < sheet->rows.len; k++) {
            const FormRowCells *row = &sheet->rows.at[k];
            if (i >= row->len || !row->cells[i].len)
                continue;
            Str header = c->at[i].header;
            if (c->at[i].id == COL_BLOCKING)
                form_issue(r, (Place){ c->sheet, row->row, (int)i, header }, "E-TYPE",
                           SAY("cột “%.*s” chưa hỗ trợ. Để trống ô này.", STR_ARG(header)),
                           SAY("the column “%.*s” is not supported yet. Leave the cell empty.", STR_ARG(header)));
            else {
                form_issue(r, (Place){ c->sheet, row->row, (int)i, header }, "W-COLUMN",
                           SAY("cột “%.*s” chưa dùng đến, nội dung được bỏ qua. Kiểm tra lại phiếu khi xem trước.", STR_ARG(header)),
                           SAY("the column “%.*s” is not used yet and is passed over. Check the form in the preview.", STR_ARG(header)));
                break;
            }
        }
    }
}

/* ---- Cells ------------------------------------------------------------------------------------------------- */

Place place_column(const RowRef *row, size_t column)
{
    return (Place){ row->c->sheet, row->row->row, (int)column, column < row->c->len ? row->c->at[column].header : S("") };
}

Place place_of(const RowRef *row, ColumnId id)
{
    for (int l = LANG_SLOTS - 1; l >= 0; l--)
        if (row->c->first[id][l] >= 0)
            return place_column(row, (size_t)row->c->first[id][l]);
    return (Place){ row->c->sheet, row->row->row, 0, S("") };
}

Str cell_in(const RowRef *row, ColumnId id, int lang)
{
    int i = row->c->first[id][lang];
    return i >= 0 && (size_t)i < row->row->len ? row->row->cells[i] : S("");
}

Str cell_at(const RowRef *row, ColumnId id)
{
    return cell_in(row, id, LANG_NONE);
}
