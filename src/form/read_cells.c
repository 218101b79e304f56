/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cells of a survey row: expressions, defaults, parameters, attributes, appearance, our own columns. */
#include "form/form_parts.h"

#include <math.h>

bool yes_no(Str s, bool *out)
{
    static const char *const yes[] = { "yes", "Yes", "YES", "true", "True", "TRUE", "true()" };
    static const char *const no[]  = { "no", "No", "NO", "false", "False", "FALSE", "false()" };
    for (size_t i = 0; i < COUNT_OF(yes); i++)
        if (str_eq(s, str_from_c(yes[i])) || str_eq(s, str_from_c(no[i]))) {
            *out = str_eq(s, str_from_c(yes[i]));
            return true;
        }
    return false;
}

/* ---- Expressions ----------------------------------------------------------------------------------------------- */

/* Spreadsheets make quotes curly; expressions need straight ones. */
Str straight_quotes(Reader *r, Str s)
{
    static const struct { Str from, to; } quotes[] = {
        { S_INIT("“"), S_INIT("\"") }, { S_INIT("”"), S_INIT("\"") }, { S_INIT("‘"), S_INIT("'") }, { S_INIT("’"), S_INIT("'") } };
    for (size_t i = 0; i < COUNT_OF(quotes); i++)
        if (str_has(s, quotes[i].from))
            s = str_replace(r->keep, s, quotes[i].from, quotes[i].to);
    return s;
}

void expression_later(Reader *r, int node, ColumnId id, Str source, Place at)
{
    *list_add(r->keep, &r->pending) = (Pending){ node, id, source, at };
}

Str read_expression(Reader *r, const RowRef *row, ColumnId id, int node)
{
    Str  raw = cell_at(row, id), s = straight_quotes(r, raw);
    bool truth;
    if (!s.len)
        return s;
    if (s.len != raw.len)
        form_issue(r, place_of(row, id), "W-QUOTE", S("dấu nháy cong đã được đổi thành dấu nháy thẳng. Kiểm tra lại biểu thức."),
                   S("curly quotation marks were made straight. Check the expression."));
    if (yes_no(s, &truth))
        s = truth ? S("true()") : S("false()");
    expression_later(r, node, id, s, place_of(row, id));
    return s;
}

/* A name or function call begins here and no letter stands before it. */
static bool is_call(Str s, size_t at)
{
    size_t from = at;
    while (from > 0 && (str_has(S("-_.:"), (Str){ &s.at[from - 1], 1 }) || (s.at[from - 1] >= '0' && s.at[from - 1] <= '9') ||
                        ((s.at[from - 1] | 32) >= 'a' && (s.at[from - 1] | 32) <= 'z')))
        from--;
    return from < at;
}

/* As pyxform decides: ${…}, a call, a predicate, a union or an operator of numbers outside quotes makes it an expression.
 * A hyphen is part of a name or a day. */
static bool default_is_expression(Str s, QuestionType t)
{
    bool day = t == Q_DATE || t == Q_TIME || t == Q_DATETIME || t == Q_GEOPOINT || t == Q_GEOTRACE || t == Q_GEOSHAPE;
    if (day && str_has(s, S("-")) && !str_has(s, S("(")) && !str_has(s, S("${")))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '\'' || c == '"') {
            size_t end;
            if (!str_find(str_skip(s, i + 1), (Str){ &c, 1 }, &end))
                return false;
            i += end + 1;
        } else if (c == '*' || c == '+' || c == '|' || c == '[' || (c == '$' && i + 1 < s.len && s.at[i + 1] == '{')) {
            return true;
        } else if (c == '-' && !day) {
            bool number = i + 1 < s.len && s.at[i + 1] >= '0' && s.at[i + 1] <= '9' && (i == 0 || s.at[i - 1] == ' ');
            if ((i == 0 && !number) || (i > 0 && s.at[i - 1] == ' '))
                return true;
        } else if (c == '(' && is_call(s, i)) {
            return true;
        }
    }
    return str_has(s, S(" div ")) || str_has(s, S(" mod "));
}

void read_default(Reader *r, const RowRef *row, FormNode *n, int node)
{
    Str raw = cell_at(row, COL_DEFAULT);
    if (!default_is_expression(raw, n->type)) {
        n->default_src = raw;
        return;
    }
    n->default_src = read_expression(r, row, COL_DEFAULT, node);
}

/* ---- Parameters -------------------------------------------------------------------------------------------------- */

static bool fits(QuestionType t, const FormList *list, Str name)
{
    static const struct { QuestionType type; Str name; } known[] = {
        { Q_RANGE, S_INIT("start") }, { Q_RANGE, S_INIT("end") }, { Q_RANGE, S_INIT("step") }, { Q_IMAGE, S_INIT("max-pixels") },
        { Q_IMAGE, S_INIT("app") }, { Q_TEXT, S_INIT("rows") }, { Q_AUDIO, S_INIT("quality") },
        { Q_GEOPOINT, S_INIT("capture-accuracy") }, { Q_GEOPOINT, S_INIT("warning-accuracy") }, { Q_GEOPOINT, S_INIT("allow-mock-accuracy") },
        { Q_GEOTRACE, S_INIT("allow-mock-accuracy") }, { Q_GEOTRACE, S_INIT("incremental") },
        { Q_GEOSHAPE, S_INIT("allow-mock-accuracy") }, { Q_GEOSHAPE, S_INIT("incremental") },
        { Q_AUDIT, S_INIT("location-priority") }, { Q_AUDIT, S_INIT("location-min-interval") }, { Q_AUDIT, S_INIT("location-max-age") },
        { Q_AUDIT, S_INIT("track-changes") }, { Q_AUDIT, S_INIT("identify-user") }, { Q_AUDIT, S_INIT("track-changes-reasons") } };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (known[i].type == t && str_eq(known[i].name, name))
            return true;
    if (!list)
        return false;
    return str_eq(name, S("randomize")) || str_eq(name, S("seed")) || (list->file.len && (str_eq(name, S("value")) || str_eq(name, S("label"))));
}

static bool number_param(Str name)
{
    return str_eq(name, S("start")) || str_eq(name, S("end")) || str_eq(name, S("step")) || str_eq(name, S("max-pixels")) ||
           str_eq(name, S("rows")) || str_starts(name, S("location-m")) || str_eq(name, S("capture-accuracy")) || str_eq(name, S("warning-accuracy"));
}

static bool yes_no_param(Str name)
{
    return str_eq(name, S("randomize")) || str_starts(name, S("track-changes")) || str_eq(name, S("identify-user")) ||
           str_eq(name, S("allow-mock-accuracy")) || str_eq(name, S("incremental"));
}

static void refuse_param(Reader *r, Place at, Str name, bool value)
{
    form_issue(r, at, "E-ARG",
               value ? SAY("giá trị của tham số “%.*s” không dùng được. Kiểm tra lại cột parameters.", STR_ARG(name))
                     : SAY("tham số “%.*s” không dùng được với kiểu câu hỏi này. Bỏ tham số này.", STR_ARG(name)),
               value ? SAY("the value of the parameter “%.*s” cannot be used. Check the column parameters.", STR_ARG(name))
                     : SAY("the parameter “%.*s” does not fit this type of question. Delete it.", STR_ARG(name)));
}

/* Blanks around '=' are allowed; pairs are parted by blanks, commas or semicolons. */
static Str tight(Arena *a, Str s)
{
    Buf b = buf_new(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        bool blank = s.at[i] == ' ' || s.at[i] == ',' || s.at[i] == ';' || s.at[i] == '\n' || s.at[i] == '\t';
        if (!blank && s.at[i] == '=' && b.len && b.at[b.len - 1] == ' ')
            b.len--;
        if (!blank)
            buf_byte(&b, s.at[i]);
        else if (b.len && b.at[b.len - 1] != ' ' && b.at[b.len - 1] != '=')
            buf_byte(&b, ' ');
    }
    return str_trim(buf_str(&b));
}

static void check_param(Reader *r, Place at, const FormNode *n, FormPair *pair)
{
    const FormList *list = n->list >= 0 ? &r->p->lists.at[n->list] : NULL;
    bool            truth;
    if (!fits(n->type, list, pair->name)) {
        refuse_param(r, at, pair->name, false);
        return;
    }
    if (yes_no_param(pair->name)) {
        if (yes_no(pair->value, &truth) || (str_eq(pair->value, S("on-form-edit")) && str_eq(pair->name, S("track-changes-reasons"))))
            pair->value = str_eq(pair->value, S("on-form-edit")) ? pair->value : truth ? S("true") : S("false");
        else
            refuse_param(r, at, pair->name, true);
    }
    if (!pair->value.len || (number_param(pair->name) && !isfinite(expr_number_read(pair->value))))
        refuse_param(r, at, pair->name, true);
}

/* Phones take places for the record of an interview only by all three of their parameters; a seed mixes nothing by itself. */
static void check_params_together(Reader *r, Place at, const FormNode *n)
{
    static const Str priorities[] = { S_INIT("no-power"), S_INIT("low-power"), S_INIT("balanced"), S_INIT("high-accuracy") };
    Str  how = form_param(n, S("location-priority")), often = form_param(n, S("location-min-interval")), old = form_param(n, S("location-max-age"));
    bool known = !how.len;
    for (size_t i = 0; i < COUNT_OF(priorities); i++)
        known |= str_eq(how, priorities[i]);
    if (!known)
        refuse_param(r, at, S("location-priority"), true);
    if ((how.len || often.len || old.len) && !(how.len && often.len && old.len))
        form_issue(r, at, "E-ARG", S("ghi vị trí cần cả ba tham số location-priority, location-min-interval, location-max-age. Ghi đủ ba."),
                   S("places need all three of location-priority, location-min-interval and location-max-age. Write all three."));
    else if (often.len && expr_number_read(old) < expr_number_read(often))
        refuse_param(r, at, S("location-max-age"), true);
    if (form_param(n, S("seed")).len && !str_eq(form_param(n, S("randomize")), S("true")))
        form_issue(r, at, "E-ARG", S("seed chỉ dùng cùng randomize=true. Thêm randomize=true hoặc bỏ seed."),
                   S("seed goes with randomize=true only. Add randomize=true or delete seed."));
}

void read_params(Reader *r, const RowRef *row, FormNode *n)
{
    LIST(FormPair) pairs = { 0 };
    for (Str rest = tight(r->keep, cell_at(row, COL_PARAMETERS)); rest.len;) {
        StrPair  word = str_cut(rest, ' '), cut = str_cut(word.head, '=');
        FormPair pair = { str_lower_ascii(r->keep, cut.head), cut.tail };
        rest = word.tail;
        check_param(r, place_of(row, COL_PARAMETERS), n, &pair);
        *list_add(r->keep, &pairs) = pair;
    }
    n->params      = pairs.at;
    n->param_count = pairs.len;
    check_params_together(r, place_of(row, COL_PARAMETERS), n);
    if (n->type != Q_RANGE)
        return;
    double start = expr_number_read(form_param(n, S("start"))), end = expr_number_read(form_param(n, S("end")));
    double step  = expr_number_read(form_param(n, S("step")));
    start = isnan(start) ? 1 : start;
    end   = isnan(end) ? 10 : end;
    step  = isnan(step) ? 1 : step;
    if ((end - start) * step <= 0 || fabs(step) > fabs(end - start))     /* a step below 0 goes down */
        refuse_param(r, place_of(row, COL_PARAMETERS), S("step"), true);
}

/* ---- Attributes ---------------------------------------------------------------------------------------------------- */

void read_attrs(Reader *r, const RowRef *row, FormNode *n)
{
    LIST(FormAttr) attrs = { 0 };
    for (size_t i = 0; i < row->c->len && i < row->row->len; i++) {
        const Column *c = &row->c->at[i];
        bool          truth;
        Str           value = row->row->cells[i];
        if ((c->id != COL_BIND && c->id != COL_BODY && c->id != COL_INSTANCE) || !value.len)
            continue;
        if (c->id == COL_BIND && yes_no(value, &truth))
            value = truth ? S("true()") : S("false()");
        *list_add(r->keep, &attrs) = (FormAttr){ c->id == COL_BIND ? ATTR_BIND : c->id == COL_BODY ? ATTR_BODY : ATTR_INSTANCE, c->attr, value };
    }
    static const struct { Str param; int on; Str attr; } written[] = {
        { S_INIT("rows"), ATTR_BODY, S_INIT("rows") }, { S_INIT("app"), ATTR_BODY, S_INIT("intent") }, { S_INIT("quality"), ATTR_BIND, S_INIT("odk:quality") },
        { S_INIT("capture-accuracy"), ATTR_BODY, S_INIT("accuracyThreshold") }, { S_INIT("incremental"), ATTR_BODY, S_INIT("incremental") },
        { S_INIT("warning-accuracy"), ATTR_BODY, S_INIT("unacceptableAccuracyThreshold") },
        { S_INIT("allow-mock-accuracy"), ATTR_BIND, S_INIT("odk:allow-mock-accuracy") } };
    for (size_t i = 0; i < COUNT_OF(written); i++)
        if (form_param(n, written[i].param).len)
            *list_add(r->keep, &attrs) = (FormAttr){ written[i].on, written[i].attr, form_param(n, written[i].param) };
    n->attrs      = attrs.at;
    n->attr_count = attrs.len;
}

/* ---- Our own columns and appearance ------------------------------------------------------------------------------ */

void read_role(Reader *r, const RowRef *row, FormNode *n)
{
    static const struct { const char *word; QuestionRole role; } roles[] = {
        { "satisfaction", QR_SATISFACTION }, { "perception", QR_PERCEPTION }, { "expectation", QR_EXPECTATION },
        { "profile", QR_PROFILE }, { "filter", QR_FILTER }, { "open", QR_OPEN } };
    Str word = cell_at(row, COL_TD_ROLE);
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        if (str_eq_ascii_nocase(word, str_from_c(roles[i].word)))
            n->role = roles[i].role;
    if (word.len && n->role == QR_NONE)
        form_issue(r, place_of(row, COL_TD_ROLE), "E-ARG",
                   SAY("td_role “%.*s” không dùng được. Chọn satisfaction, perception, expectation, profile, filter hoặc open.", STR_ARG(word)),
                   SAY("td_role “%.*s” is unknown. Choose satisfaction, perception, expectation, profile, filter or open.", STR_ARG(word)));
}

static bool appearance_known(Str word)
{
    static const Str words[] = {
        S_INIT("field-list"), S_INIT("minimal"), S_INIT("likert"), S_INIT("multiline"), S_INIT("numbers"), S_INIT("horizontal"),
        S_INIT("horizontal-compact"), S_INIT("compact"), S_INIT("quick"), S_INIT("quickcompact"), S_INIT("search"), S_INIT("autocomplete"),
        S_INIT("label"), S_INIT("list-nolabel"), S_INIT("list"), S_INIT("table-list"), S_INIT("columns"), S_INIT("columns-pack"),
        S_INIT("no-calendar"), S_INIT("month-year"), S_INIT("year"), S_INIT("thousands-sep"), S_INIT("url"), S_INIT("masked"),
        S_INIT("signature"), S_INIT("draw"), S_INIT("annotate"), S_INIT("new"), S_INIT("new-front"), S_INIT("selfie"), S_INIT("no-buttons"),
        S_INIT("image-map"), S_INIT("map"), S_INIT("maps"), S_INIT("placement-map"), S_INIT("hide-input"), S_INIT("bearing"), S_INIT("counter"),
        S_INIT("picker"), S_INIT("rating"), S_INIT("no-ticks"), S_INIT("vertical"), S_INIT("hidden-answer"), S_INIT("printer"),
        S_INIT("ethiopian"), S_INIT("coptic"), S_INIT("islamic"), S_INIT("bikram-sambat"), S_INIT("myanmar"), S_INIT("persian"), S_INIT("buddhist") };
    if (!word.len || str_has(word, S("(")) || (word.len <= 3 && word.at[0] == 'w') || str_starts(word, S("columns-")) ||
        str_starts(word, S("compact-")) || str_starts(word, S("quickcompact-")) || str_starts(word, S("ex:")))
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_ascii_nocase(word, words[i]))
            return true;
    return false;
}

void read_appearance(Reader *r, const RowRef *row, FormNode *n)
{
    n->appearance = cell_at(row, COL_APPEARANCE);
    if (str_has(n->appearance, S("(")))
        return;                                          /* ex:…(…) and search(…) hold blanks of their own */
    for (Str rest = n->appearance; rest.len;) {
        StrPair p = str_cut(rest, ' ');
        if (!appearance_known(p.head))
            form_issue(r, place_of(row, COL_APPEARANCE), "W-APPEAR",
                       SAY("kiểu hiển thị “%.*s” chưa biết, được giữ lại mà không dùng. Kiểm tra chính tả.", STR_ARG(p.head)),
                       SAY("the appearance “%.*s” is unknown; it is kept and not used. Check its spelling.", STR_ARG(p.head)));
        rest = p.tail;
    }
}

/* ---- Triggers --------------------------------------------------------------------------------------------------------- */

/* "${a}" or "${a}, ${b}": names of questions that are asked. */
static void read_trigger(Reader *r, const struct FormCode *code, FormNode *n)
{
    LIST(int) nodes = { 0 };
    int       column = r->survey.first[COL_TRIGGER][LANG_NONE];
    Place     at     = { SHEET_SURVEY, n->row, column < 0 ? 0 : column, column < 0 ? S("") : r->survey.at[column].header };
    Str       rest   = n->trigger_src;
    size_t    from;
    while (str_find(rest, S("${"), &from)) {
        StrPair cut  = str_cut(str_skip(rest, from + 2), '}');
        int     node = name_set_find(&code->names, str_trim(cut.head));
        if (node < 0)
            form_issue(r, at, "E-VAR", SAY("không có câu hỏi “%.*s”. Thêm câu hỏi hoặc sửa tên.", STR_ARG(cut.head)),
                       SAY("there is no question “%.*s”. Add it or correct the name.", STR_ARG(cut.head)));
        else
            *list_add(r->keep, &nodes) = node;
        rest = cut.tail;
    }
    if (!nodes.len && !str_has(n->trigger_src, S("${")))
        form_issue(r, at, "E-VAR", S("cột trigger cần tên câu hỏi. Viết dạng ${tên}."), S("the column trigger names a question. Write ${name}."));
    n->triggers      = nodes.at;
    n->trigger_count = nodes.len;
}

void read_triggers(Reader *r, const struct FormCode *code)
{
    for (size_t i = 0; i < r->p->nodes.len; i++)
        if (r->p->nodes.at[i].trigger_src.len)
            read_trigger(r, code, &r->p->nodes.at[i]);
}
