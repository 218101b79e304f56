/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Headers of the three sheets: aliases, languages, what is unknown, what is not supported yet. */
#include "form/form_parts.h"

typedef struct KnownColumn { const char *name; ColumnId id; bool translated; } KnownColumn;

static const KnownColumn survey_columns[] = {
    { "type", COL_TYPE, false }, { "name", COL_NAME, false }, { "label", COL_LABEL, true }, { "caption", COL_LABEL, true },
    { "hint", COL_HINT, true }, { "guidance_hint", COL_GUIDANCE, true }, { "required", COL_REQUIRED, false },
    { "relevant", COL_RELEVANT, false }, { "relevance", COL_RELEVANT, false }, { "constraint", COL_CONSTRAINT, false },
    { "required_message", COL_REQUIRED_MESSAGE, true }, { "constraint_message", COL_CONSTRAINT_MESSAGE, true },
    { "requiredmsg", COL_REQUIRED_MESSAGE, true }, { "constraintmsg", COL_CONSTRAINT_MESSAGE, true },
    { "constraining_message", COL_CONSTRAINT_MESSAGE, true }, { "skippable", COL_LATER, false },
    { "calculation", COL_CALCULATION, false }, { "calculate", COL_CALCULATION, false },
    { "read_only", COL_READ_ONLY, false }, { "readonly", COL_READ_ONLY, false }, { "default", COL_DEFAULT, false },
    { "trigger", COL_TRIGGER, false }, { "choice_filter", COL_CHOICE_FILTER, false },
    { "repeat_count", COL_REPEAT_COUNT, false }, { "jr:count", COL_REPEAT_COUNT, false }, { "count", COL_REPEAT_COUNT, false },
    { "appearance", COL_APPEARANCE, false }, { "parameters", COL_PARAMETERS, false }, { "disabled", COL_DISABLED, false },
    { "image", COL_IMAGE, true }, { "big-image", COL_BIG_IMAGE, true }, { "audio", COL_AUDIO, true }, { "video", COL_VIDEO, true },
    { "td_code", COL_TD_CODE, false }, { "td_role", COL_TD_ROLE, false }, { "td_bank", COL_IGNORED, false },
    { "td_points", COL_LATER, false }, { "td_score", COL_LATER, false }, { "td_rescale", COL_LATER, false },
    { "td_key", COL_LATER, false }, { "td_evidence", COL_LATER, false },
    { "rows", COL_BODY, false }, { "autoplay", COL_BODY, false }, { "intent", COL_BODY, false }, { "accuracythreshold", COL_BODY, false },
    { "noapperrorstring", COL_BIND, false }, { "no_app_error_string", COL_BIND, false },
    { "bind", COL_BIND, false }, { "body", COL_BODY, false }, { "control", COL_BODY, false }, { "instance", COL_INSTANCE, false },
    { "save_to", COL_BLOCKING, false }, { "save_incomplete", COL_LATER, false },
    { "compact_tag", COL_IGNORED, false }, { "query", COL_LATER, false },
    { "notes", COL_IGNORED, false }, { "comments", COL_IGNORED, false }, { "comment", COL_IGNORED, false },
};

static const KnownColumn choices_columns[] = {
    { "list_name", COL_LIST_NAME, false }, { "name", COL_NAME, false }, { "value", COL_NAME, false },
    { "label", COL_LABEL, true }, { "caption", COL_LABEL, true }, { "td_value", COL_TD_VALUE, false },
    { "td_missing", COL_TD_MISSING, false }, { "image", COL_IMAGE, true }, { "audio", COL_AUDIO, true },
    { "video", COL_VIDEO, true }, { "big-image", COL_BIG_IMAGE, true },
};

static const KnownColumn settings_columns[] = {
    { "form_id", COL_FORM_ID, false }, { "id_string", COL_FORM_ID, false }, { "set_form_id", COL_FORM_ID, false },
    { "version", COL_VERSION, false }, { "form_title", COL_FORM_TITLE, true }, { "title", COL_FORM_TITLE, true },
    { "set_form_title", COL_FORM_TITLE, true }, { "default_language", COL_DEFAULT_LANGUAGE, false }, { "td_kind", COL_TD_KIND, false },
    { "td_layout", COL_TD_LAYOUT, false }, { "td_channels", COL_TD_CHANNELS, false },
    { "allow_choice_duplicates", COL_ALLOW_CHOICE_DUPLICATES, false }, { "instance_name", COL_INSTANCE_NAME, false },
    { "style", COL_STYLE, false }, { "namespaces", COL_NAMESPACES, false }, { "submission_url", COL_SUBMISSION_URL, false },
    { "public_key", COL_PUBLIC_KEY, false }, { "auto_send", COL_AUTO_SEND, false }, { "auto_delete", COL_AUTO_DELETE, false },
    { "client_editable", COL_CLIENT_EDITABLE, false }, { "name", COL_ROOT_NAME, false },
    { "instance_id", COL_LATER, false }, { "omit_instanceid", COL_LATER, false }, { "sms_keyword", COL_LATER, false },
    { "sms_separator", COL_LATER, false }, { "clean_text_values", COL_LATER, false }, { "attribute", COL_LATER, false },
};

static const struct { const KnownColumn *at; size_t len; } known_columns[] = {
    [SHEET_SURVEY]   = { survey_columns, COUNT_OF(survey_columns) },
    [SHEET_CHOICES]  = { choices_columns, COUNT_OF(choices_columns) },
    [SHEET_SETTINGS] = { settings_columns, COUNT_OF(settings_columns) },
};

/* "bind::relevant" is the column relevant. */
static const struct { ColumnId on; const char *attr; ColumnId id; bool translated; } attr_columns[] = {
    { COL_BIND, "relevant", COL_RELEVANT, false }, { COL_BIND, "constraint", COL_CONSTRAINT, false },
    { COL_BIND, "required", COL_REQUIRED, false }, { COL_BIND, "readonly", COL_READ_ONLY, false },
    { COL_BIND, "calculate", COL_CALCULATION, false }, { COL_BIND, "jr:constraintMsg", COL_CONSTRAINT_MESSAGE, true },
    { COL_BIND, "jr:requiredMsg", COL_REQUIRED_MESSAGE, true }, { COL_BODY, "appearance", COL_APPEARANCE, false },
    { COL_BODY, "jr:count", COL_REPEAT_COUNT, false },
};

/* Columns of their own that are attributes. */
static const struct { const char *column, *attr; } column_attrs[] = {
    { "rows", "rows" }, { "autoplay", "autoplay" }, { "intent", "intent" }, { "accuracythreshold", "accuracyThreshold" },
    { "noapperrorstring", "jr:noAppErrorString" }, { "no_app_error_string", "jr:noAppErrorString" } };

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

typedef struct HeaderParts { Str at[3]; size_t len; } HeaderParts;

/* "label::English (en)", "bind::jr:constraintMsg::English (en)", and the older single colons. "jr:" belongs to a name. */
static HeaderParts split_header(Str s)
{
    HeaderParts out  = { 0 };
    bool        pair = str_has(s, S("::"));
    size_t      step = pair ? 2 : 1;
    while (out.len < 2) {
        size_t at, from = str_starts(s, S("jr:")) && !str_starts(s, S("jr::")) ? 3 : 0;
        if (!str_find(str_skip(s, from), pair ? S("::") : S(":"), &at))
            break;
        out.at[out.len++] = str_trim(str_take(s, from + at));
        s                 = str_trim(str_skip(s, from + at + step));
    }
    out.at[out.len++] = str_trim(s);
    return out;
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

/* What a header means, without its language. rest: the part behind it, a language or nothing. */
static Column header_meaning(Arena *a, SheetId sheet, Str header, Str *rest, bool *translated)
{
    Column      c     = { .id = COL_IGNORED, .lang = LANG_NONE, .language = -1, .header = header };
    HeaderParts parts = split_header(header);
    size_t      next  = 1;
    Str         name  = plain_header(a, parts.at[0]);
    *rest       = S("");
    *translated = false;
    if (sheet != SHEET_SETTINGS && str_eq(name, S("media")) && parts.len > 1)
        name = plain_header(a, parts.at[next++]);
    const KnownColumn *known = column_find(sheet, name);
    if (!known) {
        c.id = COL_COUNT;
        return c;
    }
    c.id        = known->id;
    *translated = known->translated;
    for (size_t i = 0; i < COUNT_OF(column_attrs); i++)
        if (str_eq(name, str_from_c(column_attrs[i].column)))
            c.attr = str_from_c(column_attrs[i].attr);
    if ((c.id == COL_BIND || c.id == COL_BODY || c.id == COL_INSTANCE) && !c.attr.len) {
        c.attr = parts.len > next ? parts.at[next++] : S("");
        for (size_t i = 0; i < COUNT_OF(attr_columns); i++)
            if (attr_columns[i].on == c.id && str_eq(c.attr, str_from_c(attr_columns[i].attr))) {
                c.id        = attr_columns[i].id;
                *translated = attr_columns[i].translated;
                break;
            }
    }
    *rest = parts.len > next ? parts.at[next] : S("");
    return c;
}

FormHeader form_header(Arena *a, SheetId sheet, Str header)
{
    FormHeader h = { .id = COL_COUNT };
    if (header.len && sheet != SHEET_OTHER) {
        Column c = header_meaning(a, sheet, header, &h.language, &h.translated);
        h.id     = c.id;
        h.attr   = c.attr;
    }
    return h;
}

static int language_index(const FormProgram *p, Str name)
{
    for (size_t i = 0; i < p->languages.len; i++)
        if (str_eq(p->languages.at[i], name))
            return (int)i;
    return -1;
}

/* A column of choices that is none of ours is there for filters; it becomes an element. */
static Column filter_column(Reader *r, Str header, Place at)
{
    Column c = { .id = COL_FILTER, .lang = LANG_NONE, .language = -1, .header = header, .attr = header };
    if (str_starts(header, S("td_")) || !expr_is_name(header)) {
        c.id = COL_IGNORED;
        warn_unknown(r, at, plain_header(r->scratch, header));
    }
    return c;
}

static bool attr_known(Reader *r, Str name)
{
    static const Str prefixes[] = { S_INIT("jr:"), S_INIT("orx:"), S_INIT("odk:") };
    StrPair p = str_cut(name, ':');
    if (!p.tail.len)
        return expr_is_name(name);
    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (str_starts(name, prefixes[i]))
            return expr_is_name(p.tail);
    for (Str rest = r->p->settings.namespaces; rest.len;) {
        StrPair pair = str_cut(rest, '='), value = str_cut(str_skip(pair.tail, 1), '"');
        if (str_eq(str_trim(pair.head), p.head))
            return expr_is_name(p.tail);
        rest = value.tail;
    }
    return false;
}

static void check_attr(Reader *r, Column *c, Place at)
{
    if ((c->id != COL_BIND && c->id != COL_BODY && c->id != COL_INSTANCE) || attr_known(r, c->attr))
        return;
    form_issue(r, at, "E-HEADER", SAY("thuộc tính “%.*s” không dùng được. Dùng tên không có tiền tố, hoặc khai tiền tố ở namespaces.",
               STR_ARG(c->attr)),
               SAY("the attribute “%.*s” cannot be used. Use a name without prefix, or declare the prefix in namespaces.", STR_ARG(c->attr)));
    c->id = COL_IGNORED;
}

/* One warning a language, not one a column. */
static bool language_told(Reader *r, int language)
{
    bool told = language >= 0 && language < 64 && r->languages_told & UINT64_C(1) << language;
    if (language >= 0 && language < 64)
        r->languages_told |= UINT64_C(1) << language;
    return told;
}

static Column read_header(Reader *r, SheetId sheet, Str header, Place at)
{
    Str    rest;
    bool   translated, coded;
    Column c = header_meaning(r->scratch, sheet, header, &rest, &translated);
    if (c.id == COL_COUNT && sheet == SHEET_CHOICES)
        return filter_column(r, header, at);
    if (c.id == COL_COUNT) {
        c.id = COL_IGNORED;
        warn_unknown(r, at, plain_header(r->scratch, split_header(header).at[0]));
        return c;
    }
    check_attr(r, &c, at);
    if (!rest.len || !translated)
        return c;
    c.lang     = lang_of_name(rest, &coded);
    c.language = language_index(r->p, rest);
    if (!coded && !language_told(r, c.language))
        form_issue(r, at, "W-LANG", SAY("ngôn ngữ “%.*s” không có mã. Viết dạng “label::Tiếng Việt (vi)”.", STR_ARG(rest)),
                   SAY("the language “%.*s” has no code. Write it as “label::English (en)”.", STR_ARG(rest)));
    return c;
}

void languages_find(Reader *r, const FormRowCells *const headers[], size_t n)
{
    FormProgram *p = r->p;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; headers[s] && i < headers[s]->len && i < FORM_MAX_COLUMNS; i++) {
            Str  rest;
            bool translated;
            header_meaning(r->scratch, s ? SHEET_CHOICES : SHEET_SURVEY, headers[s]->cells[i], &rest, &translated);
            if (translated && rest.len && language_index(p, rest) < 0)
                *list_add(r->keep, &p->languages) = rest;
        }
    Str usual = p->default_language.len ? p->default_language : S("default");
    p->language = language_index(p, usual);
    r->named_default = p->language >= 0;
    if (r->named_default)
        return;
    p->language = (int)p->languages.len;
    *list_add(r->keep, &p->languages) = usual;
    if (p->languages.len > FORM_MAX_LANGUAGES + 1)
        form_issue(r, (Place){ SHEET_SURVEY, headers[0] ? headers[0]->row : 1, 0, S("label") }, "E-LIMIT",
                   S("quá 16 ngôn ngữ. Chia thành nhiều phiếu."), S("more than 16 languages. Split the questionnaire."));
}

/* ---- All headers of a sheet ---------------------------------------------------------------------------------- */

static bool same_column(const Column *x, const Column *y)
{
    if (x->id != y->id || x->lang != y->lang || (x->lang >= LANG_OTHER && x->language != y->language) || !str_eq(x->attr, y->attr))
        return false;
    return x->id < COL_LATER || str_eq_ascii_nocase(x->header, y->header);
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
        out->at[i] = (Column){ .id = COL_IGNORED, .lang = LANG_NONE, .language = -1, .header = text };
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

static void refuse_cell(Reader *r, Place at)
{
    form_issue(r, at, "E-TYPE", SAY("cột “%.*s” không hỗ trợ. Để trống ô này.", STR_ARG(at.header)),
               SAY("the column “%.*s” is not supported. Leave the cell empty.", STR_ARG(at.header)));
}

/* A column without effect is warned about at its first filled cell; one that would change the form is refused. */
void columns_check_rows(Reader *r, const Columns *c, const FormSheet *sheet)
{
    for (size_t i = 0; i < c->len; i++) {
        if (c->at[i].id != COL_LATER && c->at[i].id != COL_BLOCKING)
            continue;
        for (size_t k = 1; k < sheet->rows.len; k++) {
            const FormRowCells *row = &sheet->rows.at[k];
            Place               at  = { c->sheet, row->row, (int)i, c->at[i].header };
            if (i >= row->len || !row->cells[i].len)
                continue;
            if (c->at[i].id == COL_BLOCKING) {
                refuse_cell(r, at);
                continue;
            }
            form_issue(r, at, "W-COLUMN",
                       SAY("cột “%.*s” không dùng ở đây, nội dung được bỏ qua. Kiểm tra lại phiếu khi xem trước.", STR_ARG(at.header)),
                       SAY("the column “%.*s” is not used here and is passed over. Check the form in the preview.", STR_ARG(at.header)));
            break;
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
    for (size_t i = 0; i < known_columns[row->c->sheet].len; i++)
        if (known_columns[row->c->sheet].at[i].id == id)            /* the column to write */
            return (Place){ row->c->sheet, row->row->row, 0, str_from_c(known_columns[row->c->sheet].at[i].name) };
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

/* ---- Texts in all languages ---------------------------------------------------------------------------------- */

const FormText *row_texts(Reader *r, const RowRef *row)
{
    FormText      texts[TEXT_KIND_COUNT] = { 0 };
    bool          any = false;
    const Columns *c  = row->c;
    for (size_t i = 0; i < c->len; i++)
        if (c->at[i].id >= COL_LABEL && c->at[i].id <= COL_VIDEO)
            texts[c->at[i].id - COL_LABEL].translated |= c->at[i].language >= 0;
    for (size_t i = 0; i < c->len && i < row->row->len; i++) {
        if (c->at[i].id < COL_LABEL || c->at[i].id > COL_VIDEO || !row->row->cells[i].len)
            continue;
        FormText *t  = &texts[c->at[i].id - COL_LABEL];
        Str      *by = t->by ? t->by : arena_new(r->keep, Str, r->p->languages.len);
        by[c->at[i].language >= 0 ? c->at[i].language : r->p->language] = row->row->cells[i];
        t->by = by;
        any   = true;
    }
    if (!any)
        return NULL;
    FormText *out = arena_new(r->keep, FormText, TEXT_KIND_COUNT);
    memcpy(out, texts, sizeof texts);
    return out;
}
