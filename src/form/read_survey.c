/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The sheet survey: rows to nodes with type, name, group, texts; expressions wait until all names are known. */
#include "form/form_parts.h"

/* ---- Names --------------------------------------------------------------------------------------------------- */

/* What may do without a name gets one. */
static bool name_given(Reader *r, Place at, FormNode *n)
{
    if (n->leaf.len)
        return true;
    if (n->type == Q_AUDIT) {
        n->leaf = S("audit");
        return true;
    }
    n->leaf = SAY("generated_%s_name_%d", n->type == Q_GROUP ? "group" : "note", n->row);
    if (n->type != Q_NOTE && n->type != Q_GROUP)
        form_issue(r, at, "E-NAME", S("câu hỏi chưa có tên. Ghi tên ở cột name, ví dụ q1."),
                   S("the question has no name. Write one in the column name, such as q1."));
    return false;
}

static void check_repeat_name(Reader *r, Place at, const FormNode *n)
{
    for (size_t i = 0; n->type == Q_REPEAT && i < r->p->nodes.len; i++)
        if (r->p->nodes.at[i].type == Q_REPEAT && str_eq(r->p->nodes.at[i].leaf, n->leaf) && r->p->nodes.at[i].parent != n->parent)
            form_issue(r, at, "E-DUP", SAY("tên lặp “%.*s” đã dùng ở hàng %d. Đặt tên khác.", STR_ARG(n->leaf), r->p->nodes.at[i].row),
                       SAY("the name of the repeat “%.*s” is used in row %d. Choose another.", STR_ARG(n->leaf), r->p->nodes.at[i].row));
}

void check_name(Reader *r, Place at, FormNode *n)
{
    if (!name_given(r, at, n))
        return;
    if (n->type == Q_AUDIT && !str_eq(n->leaf, S("audit"))) {
        form_issue(r, at, "E-NAME", S("hàng audit phải có tên “audit”. Sửa tên."), S("a row audit is named “audit”. Correct the name."));
        return;
    }
    check_repeat_name(r, at, n);
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

/* ---- Faults of types ------------------------------------------------------------------------------------------- */

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
}

/* A multiple choice is stored with blanks between its names, so no name of its list may hold one. */
static void check_blanks(Reader *r)
{
    bool *many = arena_new(r->scratch, bool, r->p->lists.len);
    int  *by   = arena_new(r->scratch, int, r->p->lists.len);
    for (size_t i = r->p->nodes.len; i > 0; i--) {
        const FormNode *n = &r->p->nodes.at[i - 1];
        if (n->list < 0 || (n->type != Q_SELECT_MULTIPLE && n->type != Q_RANK))
            continue;
        many[n->list] = true;
        by[n->list]   = n->row;
    }
    for (size_t i = 0; i < r->p->lists.len; i++)
        for (size_t k = 0; many[i] && k < r->p->lists.at[i].choices.len; k++) {
            const FormChoice *c  = &r->p->lists.at[i].choices.at[k];
            int               to = r->choices.len ? r->choices.first[COL_NAME][LANG_NONE] : -1;
            Place             at = { SHEET_CHOICES, c->row, to < 0 ? 0 : to, to < 0 ? S("name") : r->choices.at[to].header };
            if (!str_has(c->name, S(" ")))
                continue;
            if (!c->row)                                     /* of a file: the question is blamed */
                at = (Place){ SHEET_SURVEY, by[i], 0, S("type") };
            form_issue(r, at, "E-CHOICE",
                       SAY("lựa chọn “%.*s” có dấu cách nên không dùng được trong câu chọn nhiều (hàng %d). Đổi tên.", STR_ARG(c->name), by[i]),
                       SAY("the choice “%.*s” holds a blank, which a multiple choice (row %d) cannot store. Rename it.", STR_ARG(c->name), by[i]));
        }
}

/* ---- One row ----------------------------------------------------------------------------------------------------- */

static FormNode node_new(const RowRef *row, const OpenGroups *open)
{
    return (FormNode){ .row = row->row->row, .required = -1, .relevant = -1, .constraint = -1, .calculation = -1, .read_only = -1,
                       .choice_filter = -1, .repeat_count = -1, .default_value = -1, .answer = -1, .list = -1,
                       .parent = open->len ? open->at[open->len - 1].node : -1, .depth = (int)open->len };
}

static int node_add(Reader *r, const FormNode *n)
{
    *list_add(r->keep, &r->p->nodes) = *n;
    return (int)r->p->nodes.len - 1;
}

/* jr:count of phones is a path: any other expression becomes a hidden calculation in front of the repeat. */
static Str count_node(Reader *r, const RowRef *row, const OpenGroups *open, Str name)
{
    Str      source = straight_quotes(r, cell_at(row, COL_REPEAT_COUNT));
    FormNode n      = node_new(row, open);
    if (!source.len || (str_starts(source, S("${")) && source.at[source.len - 1] == '}' && !str_has(str_skip(source, 2), S("${"))))
        return source;
    n.leaf            = SAY("%.*s_count", STR_ARG(name));
    n.type            = Q_CALCULATE;
    n.type_word       = S("calculate");
    n.read_only_src   = S("true()");
    n.calculation_src = source;
    check_name(r, place_of(row, COL_REPEAT_COUNT), &n);
    int node = node_add(r, &n);
    expression_later(r, node, COL_READ_ONLY, n.read_only_src, place_of(row, COL_REPEAT_COUNT));
    expression_later(r, node, COL_CALCULATION, source, place_of(row, COL_REPEAT_COUNT));
    return SAY("${%.*s}", STR_ARG(n.leaf));
}

static void read_expressions(Reader *r, const RowRef *row, FormNode *n, int id)
{
    n->relevant_src    = read_expression(r, row, COL_RELEVANT, id);
    bool truth;
    n->required_src    = n->type == Q_NOTE ? cell_at(row, COL_REQUIRED) : read_expression(r, row, COL_REQUIRED, id);
    if (n->type == Q_NOTE && yes_no(n->required_src, &truth))     /* phones stop there; pages have nothing to ask */
        n->required_src = truth ? S("true()") : S("false()");
    n->constraint_src  = n->type == Q_NOTE ? S("") : read_expression(r, row, COL_CONSTRAINT, id);
    n->read_only_src   = read_expression(r, row, COL_READ_ONLY, id);
    n->calculation_src = form_type_holds(n->type) ? S("") : read_expression(r, row, COL_CALCULATION, id);
    n->trigger_src     = cell_at(row, COL_TRIGGER);
    if (n->list >= 0)
        n->choice_filter_src = read_expression(r, row, COL_CHOICE_FILTER, id);
    if (!form_type_holds(n->type))
        read_default(r, row, n, id);
    if (n->type == Q_CALCULATE && !n->calculation_src.len && !n->default_src.len)
        form_issue(r, place_of(row, COL_CALCULATION), "E-CALC",
                   SAY("“%.*s” là câu tính nhưng chưa có công thức. Ghi công thức ở cột calculation.", STR_ARG(n->leaf)),
                   SAY("“%.*s” is a calculate row without calculation. Write the formula in the column calculation.", STR_ARG(n->leaf)));
}

/* The choice "other" has no cells of its own, so a filter would always take it away; phones' tools refuse it too. */
static void check_other(Reader *r, const RowRef *row, const TypeCell *t)
{
    if (t->or_other && cell_at(row, COL_CHOICE_FILTER).len)
        form_issue(r, place_of(row, COL_CHOICE_FILTER), "E-CHOICE",
                   S("“or_other” không đi cùng choice_filter. Viết lựa chọn “khác” ở trang choices và một câu text hỏi rõ."),
                   S("“or_other” does not go with choice_filter. Write the choice on the sheet choices and a text question behind it."));
}

static int read_node(Reader *r, const RowRef *row, const TypeCell *t, OpenGroups *open)
{
    Str      count = t->word->type == Q_REPEAT ? count_node(r, row, open, cell_at(row, COL_NAME)) : S("");
    FormNode n     = node_new(row, open);
    int      id    = (int)r->p->nodes.len;
    n.leaf             = cell_at(row, COL_NAME);
    n.type_word        = t->shown;
    n.type             = t->word->type;
    n.repeat_count_src = count;
    n.code             = cell_at(row, COL_TD_CODE);
    read_list(r, row, t, &n);
    check_other(r, row, t);
    check_name(r, place_of(row, COL_NAME), &n);
    read_labels(r, row, &n);
    read_role(r, row, &n);
    read_appearance(r, row, &n);
    read_params(r, row, &n);
    read_attrs(r, row, &n);
    read_expressions(r, row, &n, id);
    if (count.len)
        expression_later(r, id, COL_REPEAT_COUNT, count, place_of(row, COL_REPEAT_COUNT));
    if (n.depth >= FORM_MAX_LEVELS && form_type_holds(n.type))
        form_issue(r, place_of(row, COL_TYPE), "E-LIMIT", S("nhóm lồng nhau quá 8 mức. Bớt một mức nhóm."),
                   S("groups are nested more than 8 deep. Take one level away."));
    return node_add(r, &n);
}

/* The text question behind "… or_other". */
static void add_other(Reader *r, const RowRef *row, const OpenGroups *open, int node)
{
    FormNode n    = node_new(row, open);
    Str      name = r->p->nodes.at[node].leaf;
    n.leaf         = SAY("%.*s_other", STR_ARG(name));
    n.type         = Q_TEXT;
    n.type_word    = S("text");
    n.relevant_src = SAY("selected(../%.*s, 'other')", STR_ARG(name));
    other_texts(r, &r->p->nodes.at[node], &n);
    check_name(r, place_of(row, COL_NAME), &n);
    if (r->p->languages.len > 1)
        form_issue(r, place_of(row, COL_TYPE), "W-LANG", S("“or_other” tự thêm lựa chọn “Khác” cho mọi ngôn ngữ. Nên tự viết lựa chọn này."),
                   S("“or_other” adds the choice “Other” in every language. Better write that choice yourself."));
    expression_later(r, node_add(r, &n), COL_RELEVANT, n.relevant_src, place_of(row, COL_TYPE));
}

static void end_group(Reader *r, const RowRef *row, const TypeCell *t, OpenGroups *open)
{
    bool repeat = t->word->type == Q_REPEAT;
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
    if (t.word && t.word->fate == TYPE_NEVER && t.word->shape == TYPE_PLAIN)
        return;
    if (!t.word || t.word->fate == TYPE_LATER)
        t.word = type_read(r->keep, S("hidden")).word;   /* so that what names this row is no fault of its own, nor a label it may lack */
    if (t.word->shape == TYPE_END) {
        end_group(r, row, &t, open);
        return;
    }
    int node = read_node(r, row, &t, open);
    if (t.or_other && r->p->nodes.at[node].list >= 0)
        add_other(r, row, open, node);
    if (t.word->shape == TYPE_BEGIN)
        *list_add(r->scratch, open) = (Open){ node, row->row->row, t.word->type == Q_REPEAT, place_of(row, COL_TYPE) };
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
    check_blanks(r);
    for (size_t i = 0; i < open.len; i++)
        form_issue(r, open.at[i].at, "E-NEST", SAY("nhóm mở ở hàng %d chưa đóng. Thêm hàng %s.", open.at[i].row, open.at[i].repeat
                   ? "end_repeat" : "end_group"),
                   SAY("the group opened in row %d is not closed. Add a row %s.", open.at[i].row, open.at[i].repeat ? "end_repeat" : "end_group"));
    if (!r->p->nodes.len && !form_issues_bad(r->issues))
        form_issue(r, (Place){ SHEET_SURVEY, header ? header->row : 1, 0, S("type") }, "E-TYPE",
                   S("phiếu chưa có câu hỏi nào. Thêm ít nhất một câu hỏi."),
                   S("there is no question. Add one at least."));
}
