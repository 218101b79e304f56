/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the column type: which are there, which come later, which never. */
#include "form/form_parts.h"

#include <ctype.h>
#include <string.h>

static const TypeWord types[] = {
    { .word = "text", .type = Q_TEXT },
    { .word = "string", .type = Q_TEXT },
    { .word = "integer", .type = Q_INTEGER },
    { .word = "int", .type = Q_INTEGER },
    { .word = "decimal", .type = Q_DECIMAL },
    { .word = "date", .type = Q_DATE },
    { .word = "time", .type = Q_TIME },
    { .word = "dateTime", .type = Q_DATETIME },
    { .word = "geopoint", .type = Q_GEOPOINT },
    { .word = "gps", .type = Q_GEOPOINT },
    { .word = "location", .type = Q_GEOPOINT },
    { .word = "geotrace", .type = Q_GEOTRACE },
    { .word = "geoshape", .type = Q_GEOSHAPE },
    { .word = "barcode", .type = Q_BARCODE },
    { .word = "image", .type = Q_IMAGE },
    { .word = "photo", .type = Q_IMAGE },
    { .word = "audio", .type = Q_AUDIO },
    { .word = "video", .type = Q_VIDEO },
    { .word = "file", .type = Q_FILE },
    { .word = "note", .type = Q_NOTE },
    { .word = "acknowledge", .type = Q_ACKNOWLEDGE },
    { .word = "trigger", .type = Q_ACKNOWLEDGE },
    { .word = "range", .type = Q_RANGE },
    { .word = "calculate", .type = Q_CALCULATE },
    { .word = "hidden", .type = Q_HIDDEN },
    { .word = "select_one", .type = Q_SELECT_ONE, .shape = TYPE_LIST },
    { .word = "select_multiple", .type = Q_SELECT_MULTIPLE, .shape = TYPE_LIST },
    { .word = "rank", .type = Q_RANK, .shape = TYPE_LIST },
    { .word = "select_one_from_file", .type = Q_SELECT_ONE, .shape = TYPE_FILE },
    { .word = "select_multiple_from_file", .type = Q_SELECT_MULTIPLE, .shape = TYPE_FILE },
    { .word = "csv-external", .type = Q_EXTERNAL },
    { .word = "xml-external", .type = Q_EXTERNAL },
    { .word = "begin_group", .type = Q_GROUP, .shape = TYPE_BEGIN },
    { .word = "end_group", .type = Q_GROUP, .shape = TYPE_END },
    { .word = "begin_repeat", .type = Q_REPEAT, .shape = TYPE_BEGIN },
    { .word = "end_repeat", .type = Q_REPEAT, .shape = TYPE_END },
    { .word = "start", .type = Q_START },
    { .word = "end", .type = Q_END },
    { .word = "today", .type = Q_TODAY },
    { .word = "deviceid", .type = Q_DEVICEID },
    { .word = "imei", .type = Q_DEVICEID },
    { .word = "username", .type = Q_USERNAME },
    { .word = "phonenumber", .type = Q_PHONENUMBER },
    { .word = "email", .type = Q_EMAIL },
    { .word = "audit", .type = Q_AUDIT },
    { .word = "start-geopoint", .fate = TYPE_LATER },
    { .word = "select_one_external", .fate = TYPE_NEVER, .advice_vi = "Dùng select_one_from_file hoặc select_one.",
      .advice_en = "Use select_one_from_file or select_one." },
    { .word = "background-audio", .fate = TYPE_NEVER, .advice_vi = "Bỏ hàng này: ghi âm ngầm không bảo đảm quyền riêng tư.",
      .advice_en = "Delete this row: recording in the background breaks privacy." },
    { .word = "osm", .fate = TYPE_NEVER, .advice_vi = "Dùng geopoint, hoặc câu hỏi chữ.", .advice_en = "Use geopoint or a text question." },
    { .word = "begin_loop", .fate = TYPE_NEVER, .advice_vi = "Viết từng câu hỏi, hoặc dùng begin_repeat.",
      .advice_en = "Write each question, or use begin_repeat." },
    { .word = "end_loop", .fate = TYPE_NEVER, .advice_vi = "Xóa hàng này.", .advice_en = "Delete this row." },
    { .word = "include", .fate = TYPE_NEVER, .advice_vi = "Chép các câu hỏi vào tệp này.", .advice_en = "Copy the questions into this file." },
    { .word = "cascading_select", .fate = TYPE_NEVER, .advice_vi = "Dùng select_one với choice_filter.",
      .advice_en = "Use select_one with choice_filter." },
    { .word = "simserial", .fate = TYPE_NEVER, .advice_vi = "Xóa hàng này: thiết bị không còn cho đọc số này.",
      .advice_en = "Delete this row: devices no longer give this number." },
    { .word = "subscriberid", .fate = TYPE_NEVER, .advice_vi = "Xóa hàng này: thiết bị không còn cho đọc số này.",
      .advice_en = "Delete this row: devices no longer give this number." },
};

/* Spellings of two or more words, after blanks are made one. The longest come first. */
static const struct { const char *from, *to; } spellings[] = {
    { "select all that apply from", "select_multiple" }, { "select all that apply", "select_multiple" },
    { "select multiple from file", "select_multiple_from_file" },
    { "select multiple from", "select_multiple" },       { "select multiple", "select_multiple" },
    { "select one external", "select_one_external" },    { "select one from file", "select_one_from_file" },
    { "select one from", "select_one" },                 { "select one", "select_one" },
    { "select1", "select_one" },                         { "begin group", "begin_group" },
    { "end group", "end_group" },                        { "begin repeat", "begin_repeat" },
    { "end repeat", "end_repeat" },                      { "begin loop", "begin_loop" },
    { "end loop", "end_loop" },                          { "begin_loop over", "begin_loop" },
    { "phone number", "text" },                          { "date time", "dateTime" },
    { "datetime", "dateTime" },                          { "start time", "start" },
    { "end time", "end" },                               { "device id", "deviceid" },
};

static Str one_blank(Arena *a, Str s)
{
    Buf b = buf_new(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        bool blank = s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\n' || s.at[i] == '\r';
        if (!blank)
            buf_byte(&b, s.at[i]);
        else if (b.len && b.at[b.len - 1] != ' ')
            buf_byte(&b, ' ');
    }
    return str_trim(buf_str(&b));
}

/* The first word in our spelling, the rest behind it. */
static StrPair split_word(Str s)
{
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        Str from = str_from_c(spellings[i].from);
        if (s.len >= from.len && str_eq_ascii_nocase(str_take(s, from.len), from) && (s.len == from.len || s.at[from.len] == ' '))
            return (StrPair){ str_from_c(spellings[i].to), str_trim(str_skip(s, from.len)) };
    }
    StrPair p = str_cut(s, ' ');
    return (StrPair){ p.head, str_trim(p.tail) };
}

TypeCell type_read(Arena *a, Str cell)
{
    Str      s = one_blank(a, cell);
    StrPair  p = split_word(s);
    TypeCell t = { .shown = s };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq_ascii_nocase(p.head, str_from_c(types[i].word)))
            t.word = &types[i];
    if (!t.word)
        return t;
    StrPair rest = str_cut(p.tail, ' ');
    t.list       = rest.head;
    t.or_other   = str_eq_ascii_nocase(str_trim(rest.tail), S("or_other")) || str_eq_ascii_nocase(str_trim(rest.tail), S("or specify other"));
    return t;
}

Str type_nearest(Arena *a, Str word)
{
    StrList words = { 0 };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (types[i].fate == TYPE_READY)
            *list_add(a, &words) = str_from_c(types[i].word);
    return expr_nearest(split_word(word).head, words.at, words.len);
}

Str form_type_name(QuestionType t)
{
    static const Str names[Q_TYPE_COUNT] = {
        [Q_NOTE] = S_INIT("note"), [Q_TEXT] = S_INIT("text"), [Q_INTEGER] = S_INIT("integer"), [Q_DECIMAL] = S_INIT("decimal"),
        [Q_DATE] = S_INIT("date"), [Q_SELECT_ONE] = S_INIT("select_one"), [Q_SELECT_MULTIPLE] = S_INIT("select_multiple"),
        [Q_CALCULATE] = S_INIT("calculate"), [Q_HIDDEN] = S_INIT("hidden"), [Q_GROUP] = S_INIT("begin_group"),
        [Q_REPEAT] = S_INIT("begin_repeat"), [Q_TIME] = S_INIT("time"), [Q_DATETIME] = S_INIT("dateTime"),
        [Q_GEOPOINT] = S_INIT("geopoint"), [Q_GEOTRACE] = S_INIT("geotrace"), [Q_GEOSHAPE] = S_INIT("geoshape"),
        [Q_BARCODE] = S_INIT("barcode"), [Q_IMAGE] = S_INIT("image"), [Q_AUDIO] = S_INIT("audio"), [Q_VIDEO] = S_INIT("video"),
        [Q_FILE] = S_INIT("file"), [Q_ACKNOWLEDGE] = S_INIT("acknowledge"), [Q_RANGE] = S_INIT("range"), [Q_RANK] = S_INIT("rank"),
        [Q_START] = S_INIT("start"), [Q_END] = S_INIT("end"), [Q_TODAY] = S_INIT("today"), [Q_DEVICEID] = S_INIT("deviceid"),
        [Q_USERNAME] = S_INIT("username"), [Q_PHONENUMBER] = S_INIT("phonenumber"), [Q_EMAIL] = S_INIT("email"),
        [Q_AUDIT] = S_INIT("audit"), [Q_EXTERNAL] = S_INIT("csv-external"),
    };
    return names[t];
}

/* Keys of the catalogue are the words in small letters: "form.type.datetime", "form.type.csv_external". */
Str form_type_words(Lang l, QuestionType t)
{
    char key[40] = "form.type.";
    Str  word    = form_type_name(t);
    for (size_t i = 0, to = strlen(key); i < word.len && to < sizeof key - 1; i++, to++)
        key[to] = (char)(word.at[i] == '-' ? '_' : tolower((unsigned char)word.at[i]));
    Str found = text_find(l, str_from_c(key));
    return found.len ? found : word;
}

bool form_type_holds(QuestionType t)
{
    return t == Q_GROUP || t == Q_REPEAT;
}

bool form_type_file(QuestionType t)
{
    return t == Q_IMAGE || t == Q_AUDIO || t == Q_VIDEO || t == Q_FILE;
}

bool form_type_asks(QuestionType t)
{
    return !form_type_holds(t) && t != Q_NOTE && t != Q_CALCULATE && t != Q_AUDIT && t != Q_EXTERNAL && (t < Q_START || t > Q_EMAIL);
}

bool form_type_answered(QuestionType t)
{
    return t != Q_HIDDEN && form_type_asks(t);
}

Str form_param(const FormNode *n, Str name)
{
    for (size_t i = 0; i < n->param_count; i++)
        if (str_eq(n->params[i].name, name))
            return n->params[i].value;
    return S("");
}

Str form_role_text(Lang l, QuestionRole role)
{
    switch (role) {
    case QR_SATISFACTION: return text_of(l, "form.role.satisfaction");
    case QR_PERCEPTION: return text_of(l, "form.role.perception");
    case QR_EXPECTATION: return text_of(l, "form.role.expectation");
    case QR_PROFILE: return text_of(l, "form.role.profile");
    case QR_FILTER: return text_of(l, "form.role.filter");
    case QR_OPEN: return text_of(l, "form.role.open");
    default: return S("–");
    }
}
