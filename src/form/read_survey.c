/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sheet survey: rows to nodes with type, name, group, texts; expressions wait until all names are known. */
#include "form/form_parts.h"

/* ---- Names --------------------------------------------------------------------------------------------------- */

static void check_name(Reader *r, const RowRef *row, FormNode *n)
{
    Place at = place_of(row, COL_NAME);
    if (!n->leaf.len) {
        n->leaf = SAY("generated_%s_name_%d", n->type == Q_GROUP ? "group" : "note", n->row);
        if (n->type != Q_NOTE && n->type != Q_GROUP)
            form_issue(r, at, "E-NAME", S("câu hỏi chưa có tên. Ghi tên ở cột name, ví dụ q1."),
                       S("the question has no name. Write one in the column name, such as q1."));
        return;
    }
    if (!expr_is_name(n->leaf))
        form_issue(r, at, "E-NAME", SAY("tên “%.*s” không hợp lệ. Bắt đầu bằng chữ cái hoặc “_”, rồi chữ cái, chữ số, “_”, “-”, “.”.",
                   STR_ARG(n->leaf)),
                   SAY("the name “%.*s” is not valid. Begin with a letter or “_”, then letters, digits, “_”, “-”, “.”.", STR_ARG(n->leaf)));
    else if (str_eq(n->leaf, S("meta")) && n->parent < 0)
        form_issue(r, at, "E-DUP", S("tên “meta” dành cho hệ thống. Đặt tên khác."), S("the name “meta” is reserved. Choose another."));
    for (size_t i = 0; i < r->p->nodes.len; i++) {
        const FormNode *other = &r->p->nodes.at[i];
        if (other->parent != n->parent || !str_eq_ascii_nocase(other->leaf, n->leaf))
            continue;
        bool same = str_eq(other->leaf, n->leaf);
        form_issue(r, at, same ? "E-DUP" : "W-CASE",
                   same ? SAY("tên “%.*s” đã dùng ở hàng %d. Đặt tên khác.", STR_ARG(n->leaf), other->row)
                        : SAY("tên “%.*s” chỉ khác “%.*s” ở hàng %d về chữ hoa, chữ thường. Đặt tên dễ phân biệt hơn.", STR_ARG(n->leaf),
                            STR_ARG(other->leaf), other->row),
                   same ? SAY("the name “%.*s” is used in row %d. Choose another.", STR_ARG(n->leaf), other->row)
                        : SAY("the name “%.*s” differs from “%.*s” in row %d by case only. Choose a plainer one.", STR_ARG(n->leaf),
                            STR_ARG(other->leaf), other->row));
        return;
    }
}

/* ---- Texts --------------------------------------------------------------------------------------------------- */

static void read_texts(Reader *r, const RowRef *row, ColumnId id, Str to[LANG_COUNT])
{
    int main = r->default_lang < LANG_COUNT ? r->default_lang : LANG_VI;
    for (int l = 0; l < LANG_COUNT; l++)
        to[l] = cell_in(row, id, l);
    if (!to[main].len)
        to[main] = cell_in(row, id, LANG_NONE);
    if (!to[main].len && (main == LANG_VI || !to[LANG_VI].len))
        to[main] = cell_in(row, id, LANG_OTHER);
}

static void read_label(Reader *r, const RowRef *row, FormNode *n)
{
    const Columns *c = row->c;
    int main = r->default_lang < LANG_COUNT ? r->default_lang : LANG_VI;
    read_texts(r, row, COL_LABEL, n->label);
    read_texts(r, row, COL_HINT, n->hint);
    if (n->type == Q_CALCULATE || n->type == Q_HIDDEN)
        return;
    bool any = false;
    for (int l = 0; l < LANG_COUNT; l++)
        any |= n->label[l].len > 0;
    Str main_cell = n->label[main];
    if (!any) {
        if (n->type != Q_GROUP)
            form_issue(r, place_of(row, COL_LABEL), "W-LABEL", SAY("“%.*s” chưa có câu hỏi. Viết câu hỏi ở cột label.", STR_ARG(n->leaf)),
                       SAY("“%.*s” has no label. Write the question in the column label.", STR_ARG(n->leaf)));
        return;
    }
    if (!main_cell.len) {
        form_issue(r, place_of(row, COL_LABEL), "E-LABEL", SAY("“%.*s” thiếu nhãn ở ngôn ngữ chính. Viết nhãn.", STR_ARG(n->leaf)),
                   SAY("“%.*s” has no label in the default language. Write it.", STR_ARG(n->leaf)));
        return;
    }
    for (int l = 0; l < LANG_COUNT; l++)
        if (!n->label[l].len && c->first[COL_LABEL][l] >= 0)
            form_issue(r, place_column(row, (size_t)c->first[COL_LABEL][l]), "W-LANG",
                       SAY("“%.*s” thiếu nhãn ở ngôn ngữ này. Viết thêm bản dịch.", STR_ARG(n->leaf)),
                       SAY("“%.*s” has no label in this language. Add the translation.", STR_ARG(n->leaf)));
}

/* ---- Expressions ----------------------------------------------------------------------------------------------- */

static bool yes_no(Str s, bool *out)
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

/* Spreadsheets make quotes curly; expressions need straight ones. */
static Str straight_quotes(Reader *r, Str s)
{
    static const struct { Str from, to; } quotes[] = {
        { S_INIT("“"), S_INIT("\"") }, { S_INIT("”"), S_INIT("\"") }, { S_INIT("‘"), S_INIT("'") }, { S_INIT("’"), S_INIT("'") } };
    for (size_t i = 0; i < COUNT_OF(quotes); i++)
        if (str_has(s, quotes[i].from))
            s = str_replace(r->keep, s, quotes[i].from, quotes[i].to);
    return s;
}

static Str read_expression(Reader *r, const RowRef *row, ColumnId id, int node)
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
    *list_add(r->keep, &r->pending) = (Pending){ node, id, s, place_of(row, id) };
    return s;
}

/* ---- Our own columns and appearance ------------------------------------------------------------------------------ */

static void read_role(Reader *r, const RowRef *row, FormNode *n)
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

static void read_appearance(Reader *r, const RowRef *row, FormNode *n)
{
    static const Str words[] = {
        S_INIT("field-list"), S_INIT("minimal"), S_INIT("likert"), S_INIT("multiline"), S_INIT("numbers"), S_INIT("horizontal"),
        S_INIT("horizontal-compact"), S_INIT("compact"), S_INIT("quick"), S_INIT("search"), S_INIT("autocomplete"),
        S_INIT("label"), S_INIT("list-nolabel"), S_INIT("list"), S_INIT("table-list"), S_INIT("columns"), S_INIT("columns-pack"),
        S_INIT("no-calendar"), S_INIT("month-year"), S_INIT("year"), S_INIT("thousands-sep"), S_INIT("url"), S_INIT("masked"),
        S_INIT("signature"), S_INIT("picker"), S_INIT("rating"), S_INIT("no-ticks"), S_INIT("vertical"), S_INIT("hidden-answer") };
    n->appearance = cell_at(row, COL_APPEARANCE);
    for (Str rest = n->appearance; rest.len;) {
        StrPair p    = str_cut(rest, ' ');
        Str     word = p.head;
        bool    known = !word.len || str_has(word, S("(")) || (word.len <= 3 && word.at[0] == 'w');
        for (size_t i = 0; i < COUNT_OF(words); i++)
            known |= str_eq_ascii_nocase(word, words[i]) || str_starts(word, S("columns-")) || str_starts(word, S("ex:"));
        if (!known)
            form_issue(r, place_of(row, COL_APPEARANCE), "W-APPEAR",
                       SAY("kiểu hiển thị “%.*s” chưa biết, được giữ lại mà không dùng. Kiểm tra chính tả.", STR_ARG(word)),
                       SAY("the appearance “%.*s” is unknown; it is kept and not used. Check its spelling.", STR_ARG(word)));
        rest = p.tail;
    }
}

/* ---- One row ----------------------------------------------------------------------------------------------------- */

typedef struct Open { int node, row; bool repeat; Place at; } Open;
typedef LIST(Open) OpenGroups;

static void type_unknown(Reader *r, Place at, Str shown)
{
    Str near = type_nearest(r->scratch, shown);
    form_issue(r, at, "E-TYPE",
               near.len ? SAY("không có kiểu câu hỏi “%.*s”. Có phải “%.*s”?", STR_ARG(shown), STR_ARG(near))
                        : SAY("không có kiểu câu hỏi “%.*s”. Dùng text, integer, select_one, select_multiple hoặc note.", STR_ARG(shown)),
               near.len ? SAY("there is no question type “%.*s”. Did you mean “%.*s”?", STR_ARG(shown), STR_ARG(near))
                        : SAY("there is no question type “%.*s”. Use text, integer, select_one, select_multiple or note.", STR_ARG(shown)));
}

static void check_type(Reader *r, Place at, const TypeCell *t)
{
    if (!t->word) {
        type_unknown(r, at, t->shown);
        return;
    }
    const char *w = t->word->word;
    if (t->word->fate == TYPE_NEVER)
        form_issue(r, at, "E-TYPE", SAY("kiểu “%s” không được hỗ trợ. %s", w, t->word->advice_vi),
                   SAY("the type “%s” is not supported. %s", w, t->word->advice_en));
    else if (t->word->fate == TYPE_LATER)
        form_issue(r, at, "E-TYPE", SAY("kiểu “%s” chưa hỗ trợ. Bỏ hàng này hoặc dùng kiểu khác.", w),
                   SAY("the type “%s” is not supported yet. Delete the row or use another type.", w));
    else if (t->or_other)
        form_issue(r, at, "E-TYPE", S("“or_other” chưa hỗ trợ. Thêm lựa chọn “Khác” và một câu hỏi chữ."),
                   S("“or_other” is not supported yet. Add a choice “Other” and a text question."));
}

static void find_list(Reader *r, Place at, const TypeCell *t, FormNode *n)
{
    n->list = t->word->shape == TYPE_LIST && t->list.len ? name_set_find(&r->lists, t->list) : -1;
    if (t->word->shape != TYPE_LIST || n->list >= 0)
        return;
    Str near = expr_nearest(t->list, r->lists.names, r->lists.len < 200 ? (size_t)r->lists.len : 200);
    if (!t->list.len)
        form_issue(r, at, "E-LIST", S("thiếu tên danh sách lựa chọn. Viết dạng “select_one tên_danh_sách”."),
                   S("the name of the list is missing. Write “select_one list_name”."));
    else
        form_issue(r, at, "E-LIST",
                   near.len ? SAY("không có danh sách “%.*s” trên trang choices. Có phải “%.*s”?", STR_ARG(t->list), STR_ARG(near))
                            : SAY("không có danh sách “%.*s” trên trang choices. Thêm danh sách này.", STR_ARG(t->list)),
                   near.len ? SAY("there is no list “%.*s” on the sheet choices. Did you mean “%.*s”?", STR_ARG(t->list), STR_ARG(near))
                            : SAY("there is no list “%.*s” on the sheet choices. Add it.", STR_ARG(t->list)));
}

static void check_multiple(Reader *r, Place at, const FormNode *n)
{
    if (n->type != Q_SELECT_MULTIPLE || n->list < 0)
        return;
    const FormList *list = &r->p->lists.at[n->list];
    for (size_t i = 0; i < list->choices.len; i++)
        if (str_has(list->choices.at[i].name, S(" "))) {
            Str name = list->choices.at[i].name;
            form_issue(r, at, "E-CHOICE",
                       SAY("lựa chọn “%.*s” có dấu cách nên không dùng được trong câu chọn nhiều. Đổi tên trên trang choices.", STR_ARG(name)),
                       SAY("the choice “%.*s” holds a blank, which a multiple choice cannot store. Rename it on the sheet choices.", STR_ARG(name)));
            return;
        }
}

static void read_node(Reader *r, const RowRef *row, const TypeCell *t, OpenGroups *open)
{
    FormNode n = { .leaf = cell_at(row, COL_NAME), .type_word = t->shown, .type = t->word->type, .row = row->row->row, .required = -1,
                   .relevant = -1, .constraint = -1, .calculation = -1, .read_only = -1, .choice_filter = -1, .repeat_count = -1,
                   .default_value = -1, .answer = -1 };
    int      id = (int)r->p->nodes.len;
    n.parent    = open->len ? open->at[open->len - 1].node : -1;
    n.depth     = (int)open->len;
    find_list(r, place_of(row, COL_TYPE), t, &n);
    check_multiple(r, place_of(row, COL_TYPE), &n);
    check_name(r, row, &n);
    read_label(r, row, &n);
    read_texts(r, row, COL_REQUIRED_MESSAGE, n.required_message);
    read_texts(r, row, COL_CONSTRAINT_MESSAGE, n.constraint_message);
    read_role(r, row, &n);
    read_appearance(r, row, &n);
    n.code            = cell_at(row, COL_TD_CODE);
    n.relevant_src    = read_expression(r, row, COL_RELEVANT, id);
    n.required_src    = n.type == Q_GROUP || n.type == Q_NOTE ? S("") : read_expression(r, row, COL_REQUIRED, id);
    n.constraint_src  = n.type == Q_GROUP || n.type == Q_NOTE ? S("") : read_expression(r, row, COL_CONSTRAINT, id);
    n.calculation_src = n.type == Q_CALCULATE ? read_expression(r, row, COL_CALCULATION, id) : S("");
    if (n.type == Q_CALCULATE && !n.calculation_src.len)
        form_issue(r, place_of(row, COL_CALCULATION), "E-CALC",
                   SAY("“%.*s” là câu tính nhưng chưa có công thức. Ghi công thức ở cột calculation.", STR_ARG(n.leaf)),
                   SAY("“%.*s” is a calculate row without calculation. Write the formula in the column calculation.", STR_ARG(n.leaf)));
    if (n.depth >= FORM_MAX_LEVELS && n.type == Q_GROUP)
        form_issue(r, place_of(row, COL_TYPE), "E-LIMIT", S("nhóm lồng nhau quá 8 mức. Bớt một mức nhóm."),
                   S("groups are nested more than 8 deep. Take one level away."));
    *list_add(r->keep, &r->p->nodes) = n;
}

static void end_group(Reader *r, const RowRef *row, const TypeCell *t, OpenGroups *open)
{
    bool repeat = str_eq(str_from_c(t->word->word), S("end_repeat"));
    if (open->len && open->at[open->len - 1].repeat == repeat) {
        open->len--;
        return;
    }
    form_issue(r, place_of(row, COL_TYPE), "E-NEST",
               open->len ? SAY("“%.*s” không khớp với nhóm mở ở hàng %d. Dùng %s.", STR_ARG(t->shown), open->at[open->len - 1].row, repeat
                   ? "end_group" : "end_repeat")
                         : SAY("“%.*s” không có hàng mở nhóm trước nó. Xóa hàng này hoặc thêm hàng begin.", STR_ARG(t->shown)),
               open->len ? SAY("“%.*s” does not match the group opened in row %d. Use %s.", STR_ARG(t->shown), open->at[open->len - 1].row,
                   repeat ? "end_group" : "end_repeat")
                         : SAY("“%.*s” has no begin row before it. Delete it or add the begin row.", STR_ARG(t->shown)));
    if (open->len)
        open->len--;
}

static void read_row(Reader *r, const RowRef *row, OpenGroups *open)
{
    Str  word = cell_at(row, COL_TYPE), disabled = cell_at(row, COL_DISABLED);
    bool off;
    if (yes_no(disabled, &off) && off)
        return;
    if (!word.len) {
        if (cell_at(row, COL_NAME).len)
            form_issue(r, place_of(row, COL_TYPE), "E-TYPE", S("hàng này có tên nhưng chưa có kiểu câu hỏi. Ghi kiểu ở cột type."),
                       S("this row has a name and no type. Write the type of question in the column type."));
        return;
    }
    TypeCell t = type_read(r->keep, word);
    check_type(r, place_of(row, COL_TYPE), &t);
    if (t.word && t.word->fate == TYPE_NEVER)
        return;
    if (!t.word)
        t.word = type_read(r->keep, S("note")).word;     /* so that what names this row is no fault of its own */
    if (t.word->shape == TYPE_END) {
        end_group(r, row, &t, open);
        return;
    }
    read_node(r, row, &t, open);
    if (t.word->shape == TYPE_BEGIN)
        *list_add(r->scratch, open) = (Open){ (int)r->p->nodes.len - 1, row->row->row,
                                              str_eq(str_from_c(t.word->word), S("begin_repeat")), place_of(row, COL_TYPE) };
}

/* Without labels in the language that would be the default, the one that has labels is. */
static void settle_language(Reader *r)
{
    const int *label = r->survey.first[COL_LABEL];
    int        main  = r->default_lang < LANG_COUNT ? r->default_lang : LANG_VI;
    bool       other = label[LANG_NONE] < 0 && label[LANG_OTHER] < 0 && label[main] < 0;
    if (other && label[main == LANG_VI ? LANG_EN : LANG_VI] >= 0)
        r->default_lang = main == LANG_VI ? LANG_EN : LANG_VI;
}

void read_survey(Reader *r, const FormSheet *sheet)
{
    const FormRowCells *header = sheet->rows.len ? &sheet->rows.at[0] : NULL;
    if (!columns_read(r, SHEET_SURVEY, header, &r->survey))
        return;
    settle_language(r);
    columns_check_rows(r, &r->survey, sheet);
    if (sheet->rows.len > FORM_MAX_ROWS + 1) {
        form_issue(r, (Place){ SHEET_SURVEY, sheet->rows.at[FORM_MAX_ROWS + 1].row, 0, S("") }, "E-FILE",
                   S("quá 5.000 hàng. Chia thành nhiều phiếu."),
                   S("more than 5,000 rows. Split the questionnaire."));
        return;
    }
    OpenGroups open = { 0 };
    for (size_t i = 1; i < sheet->rows.len; i++)
        read_row(r, &(RowRef){ &r->survey, &sheet->rows.at[i] }, &open);
    for (size_t i = 0; i < open.len; i++)
        form_issue(r, open.at[i].at, "E-NEST", SAY("nhóm mở ở hàng %d chưa đóng. Thêm hàng %s.", open.at[i].row, open.at[i].repeat
                   ? "end_repeat" : "end_group"),
                   SAY("the group opened in row %d is not closed. Add a row %s.", open.at[i].row, open.at[i].repeat ? "end_repeat" : "end_group"));
    if (!r->p->nodes.len && !form_issues_bad(r->issues))
        form_issue(r, (Place){ SHEET_SURVEY, header ? header->row : 1, 0, S("type") }, "E-TYPE",
                   S("phiếu chưa có câu hỏi nào. Thêm ít nhất một câu hỏi."),
                   S("there is no question. Add one at least."));
}
