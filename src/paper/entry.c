/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a clerk types for a form: codes to answers and back, broken rules, differences between two entries. */
#include "paper/parts.h"

Keyed keyed_new(Arena *a, const FormProgram *p)
{
    return (Keyed){ form_answers_new(a, p), form_answers_new(a, p) };
}

/* ---- Boxes ----------------------------------------------------------------------------------------------------------- */

Str paper_cell_key(Arena *a, const FormProgram *p, PaperCell at)
{
    Str name = p->nodes.at[at.node].name;
    return at.row ? arena_fmt(a, "%.*s:%d", STR_ARG(name), at.row) : name;
}

bool paper_cell_find(const FormProgram *p, Str key, PaperCell *out)
{
    StrPair cut = str_cut(key, ':');
    int64_t row = 0;
    int     node = form_find(p, cut.head);
    if (node < 0 || (cut.tail.len && (!str_to_i64(cut.tail, &row) || row < 1 || row > ROWS_TYPED)))
        return false;
    *out = (PaperCell){ node, (int)row };
    return (p->nodes.at[node].repeat >= 0) == (row > 0);
}

Str paper_cell_number(Arena *a, const PaperMap *m, PaperCell at)
{
    return at.row ? arena_fmt(a, "%d.%d", m->number[at.node], at.row) : arena_fmt(a, "%d", m->number[at.node]);
}

int keyed_rows(const Keyed *k, int repeat)
{
    return form_instance_count(&k->x, repeat, 0);
}

/* NULL: the row is not there. */
static Str *box(const FormProgram *p, const FormAnswers *x, PaperCell at)
{
    int instance = at.row ? form_instance_find(x, p->nodes.at[at.node].repeat, 0, at.row) : 0;
    return at.row && !instance ? NULL : form_cell(p, x, at.node, instance);
}

static Str in_box(const FormProgram *p, const FormAnswers *x, PaperCell at)
{
    const Str *text = box(p, x, at);
    return text ? *text : S("");
}

/* Both halves have the same rows, in the same order. False: the limits of a form are reached. */
static bool rows_make(Arena *a, const FormProgram *p, int repeat, int rows, Keyed *k)
{
    while (form_instance_count(&k->x, repeat, 0) < rows)
        if (!form_instance_add(a, p, &k->x, repeat, 0))
            return false;
    while (form_instance_count(&k->typed, repeat, 0) < rows)
        if (!form_instance_add(a, p, &k->typed, repeat, 0))
            return false;
    return true;
}

static void put(Arena *a, const FormProgram *p, PaperCell at, Str read, Str typed, Keyed *k)
{
    if (at.row && !read.len && !typed.len && at.row > keyed_rows(k, p->nodes.at[at.node].repeat))
        return;                                              /* nothing in a row that is not there */
    if (at.row && !rows_make(a, p, p->nodes.at[at.node].repeat, at.row, k))
        return;
    *box(p, &k->x, at)     = read;
    *box(p, &k->typed, at) = typed;
}

static void add_rows(Arena *a, const PaperMap *m, int repeat, int rows, PaperCells *out)
{
    int end = paper_rows_end(m, repeat);
    for (int row = 1; row <= rows; row++)
        for (int i = repeat + 1; i < end; i++)
            if (m->number[i])
                *list_add(a, out) = (PaperCell){ i, row };
}

void keyed_cells(Arena *a, const PaperMap *m, int first, int end, const Keyed *x, const Keyed *y, int more, PaperCells *out)
{
    for (int i = first; i < end; i++) {
        if (paper_rows_at(m, i)) {
            int rows = keyed_rows(x, i), others = y ? keyed_rows(y, i) : 0;
            add_rows(a, m, i, (rows > others ? rows : others) + more, out);
            i = paper_rows_end(m, i) - 1;
        } else if (m->number[i]) {
            *list_add(a, out) = (PaperCell){ i, 0 };
        }
    }
}

static bool row_empty(const PaperMap *m, const Keyed *k, int repeat, int row)
{
    for (int i = repeat + 1, end = paper_rows_end(m, repeat); i < end; i++)
        if (m->number[i] && (in_box(m->p, &k->x, (PaperCell){ i, row }).len || in_box(m->p, &k->typed, (PaperCell){ i, row }).len))
            return false;
    return true;
}

static void row_drop(Arena *a, int repeat, int row, Keyed *k)
{
    form_instance_remove(a, &k->x, form_instance_find(&k->x, repeat, 0, row));
    form_instance_remove(a, &k->typed, form_instance_find(&k->typed, repeat, 0, row));
}

void keyed_pack(Arena *a, const PaperMap *m, Keyed *k)
{
    for (int i = 0; i < (int)m->p->nodes.len; i++)
        for (int row = paper_rows_at(m, i) ? keyed_rows(k, i) : 0; row > 0; row--)
            if (row_empty(m, k, i, row))
                row_drop(a, i, row, k);
}

int *keyed_packed_rows(Arena *a, const PaperMap *m, const Keyed *k, int repeat, int rows, int had)
{
    int *to = arena_new(a, int, (size_t)rows + 1), there = keyed_rows(k, repeat), last = 0, at = 0;
    for (int row = 1; row <= rows && row <= there; row++)
        if (!row_empty(m, k, repeat, row))
            to[row] = ++at, last = row;
    for (int row = (last > had ? last : had) + 1; row <= rows; row++)
        to[row] = at + 1;
    return to;
}

void keyed_clear_rows(Arena *a, int repeat, Keyed *k)
{
    for (int row = keyed_rows(k, repeat); row > 0; row--)
        row_drop(a, repeat, row, k);
}

/* ---- Typed text to answers ------------------------------------------------------------------------------------------ */

/* Codes apart by blanks, commas or semicolons, to names in the order of the list; false: one of them is none of the list. */
static bool read_codes(Arena *a, const PaperMap *m, int node, Str text, Str *out)
{
    const FormList *list   = &m->p->lists.at[m->p->nodes.at[node].list];
    bool           *chosen = arena_new(a, bool, list->choices.len + 1);
    StrList         names  = { 0 };
    text = str_replace(a, str_replace(a, text, S(","), S(" ")), S(";"), S(" "));
    while (text.len) {
        StrPair           cut = str_cut(text, ' ');
        const FormChoice *c   = paper_choice(m, node, cut.head);
        if (cut.head.len && !c)
            return false;
        if (c)
            chosen[c - list->choices.at] = true;
        text = cut.tail;
    }
    for (size_t i = 0; i < list->choices.len; i++)
        if (chosen[i])
            *list_add(a, &names) = list->choices.at[i].name;
    *out = str_join(a, names.at, names.len, S(" "));
    return true;
}

/* "22/11/2026", "22.11.2026" or "22112026" as the reader of days takes it. */
static Str day_spelled(Arena *a, Str text)
{
    text = str_replace(a, str_replace(a, text, S("."), S("/")), S(" "), S("/"));
    if (text.len == 8 && !str_has(text, S("/")) && !str_has(text, S("-")))
        return arena_fmt(a, "%.2s/%.2s/%.4s", text.at, text.at + 2, text.at + 4);
    return text;
}

void keyed_read(Arena *a, const PaperMap *m, PaperCell at, Lang l, Str text, Keyed *k)
{
    int             node = at.node;
    const FormNode *n = &m->p->nodes.at[node];
    Str  clean, read = S("");
    bool good = text_clean(a, text, &clean);
    clean     = good ? str_trim(clean) : S("");
    if (clean.len && !str_eq(clean, S("?"))) {
        if (n->type == Q_SELECT_ONE) {
            const FormChoice *c = paper_choice(m, node, clean);
            read                = c ? c->name : S("");
        } else if (n->type == Q_SELECT_MULTIPLE) {
            if (!read_codes(a, m, node, clean, &read))
                read = S("");
        } else if (form_answer_read(a, m->p, node, l, n->type == Q_DATE ? day_spelled(a, clean) : clean, &read) != ANSWER_OK) {
            read = S("");
        }
    }
    put(a, m->p, at, read, read.len ? S("") : clean, k);
}

static Str codes_text(Arena *a, const PaperMap *m, int node, Str names)
{
    StrList codes = { 0 };
    while (names.len) {
        StrPair cut          = str_cut(names, ' ');
        *list_add(a, &codes) = paper_code(m, node, cut.head);
        names                = cut.tail;
    }
    return str_join(a, codes.at, codes.len, S(" "));
}

Str keyed_text(Arena *a, const PaperMap *m, PaperCell at, const Keyed *k, Lang l)
{
    const FormNode *n = &m->p->nodes.at[at.node];
    Str             x = in_box(m->p, &k->x, at);
    Date            d;
    if (!x.len)
        return in_box(m->p, &k->typed, at);
    if (n->type == Q_SELECT_ONE || n->type == Q_SELECT_MULTIPLE)
        return codes_text(a, m, at.node, x);
    if (n->type == Q_DATE && date_parse(x, &d)) {
        Ymd y = date_ymd(d);
        return arena_fmt(a, "%02d/%02d/%04d", y.day, y.month, y.year);
    }
    return n->type == Q_DECIMAL && l == LANG_VI ? str_replace(a, x, S("."), S(",")) : x;
}

Str keyed_words(Arena *a, const PaperMap *m, PaperCell at, const Keyed *k, Lang l)
{
    const FormNode *n = &m->p->nodes.at[at.node];
    Str             text = keyed_text(a, m, at, k, l), names = in_box(m->p, &k->x, at);
    StrList         words = { 0 };
    if (!names.len || (n->type != Q_SELECT_ONE && n->type != Q_SELECT_MULTIPLE))
        return text;
    for (StrPair cut = str_cut(names, ' '); names.len; names = cut.tail, cut = str_cut(names, ' ')) {
        const FormChoice *c = form_choice(m->p, at.node, cut.head);
        if (c)
            *list_add(a, &words) = c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
    }
    return arena_fmt(a, "%.*s (%.*s)", STR_ARG(text), STR_ARG(str_join(a, words.at, words.len, S(", "))));
}

/* Marks what could not be read. No clean text holds this character. */
#define UNREAD "\x01"

Str keyed_value(Arena *a, const FormProgram *p, PaperCell at, const Keyed *k)
{
    Str read = in_box(p, &k->x, at), typed = in_box(p, &k->typed, at);
    return read.len || !typed.len ? read : str_concat(a, S(UNREAD), typed);
}

void keyed_set(Arena *a, const FormProgram *p, PaperCell at, Str value, Keyed *k)
{
    bool unread = str_starts(value, S(UNREAD));
    put(a, p, at, unread ? S("") : value, unread ? str_skip(value, 1) : S(""), k);
}

/* ---- Stored form --------------------------------------------------------------------------------------------------------- */

Str keyed_json(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    return form_answers_texts(a, p, x);
}

Err keyed_load(Arena *a, const FormProgram *p, Str answers, Str typed, Keyed *out)
{
    const Json *x, *t;
    TRY(json_parse(a, answers, &x));
    TRY(json_parse(a, typed, &t));
    form_answers_load(a, p, x, &out->x);
    form_answers_load(a, p, t, &out->typed);
    for (int i = 0; i < (int)p->nodes.len; i++) {
        int rows = p->nodes.at[i].type == Q_REPEAT ? form_instance_count(&out->typed, i, 0) : 0, read = rows ? keyed_rows(out, i) : 0;
        if (p->nodes.at[i].type == Q_REPEAT && !rows_make(a, p, i, rows > read ? rows : keyed_rows(out, i), out))
            return err_new(a, ERR_INVALID, S("an entry with too many rows"));
    }
    return OK;
}

/* ---- Broken rules --------------------------------------------------------------------------------------------------------- */

static Str fault_name(AnswerFault f)
{
    switch (f) {
    case ANSWER_REQUIRED: return S("required");
    case ANSWER_CHOICE: return S("choice");
    case ANSWER_CONSTRAINT: return S("constraint");
    case ANSWER_TYPE: case ANSWER_TOO_LONG: case ANSWER_UNKNOWN: return S("type");
    default: return S("limit");
    }
}

static void add_issue(Arena *a, PaperIssues *out, PaperCell at, Str fault, Str message)
{
    for (size_t i = 0; i < out->len; i++)
        if (out->at[i].at.node == at.node && out->at[i].at.row == at.row)
            return;
    *list_add(a, out) = (PaperIssue){ at, fault, message };
}

static Str illegible_words(Lang l, const FormNode *n, Str typed)
{
    if (str_eq(typed, S("?")))
        return text_of(l, "paper.fault.illegible");
    return n->list >= 0 ? text_of(l, "paper.fault.choice") : text_of(l, "paper.fault.type");
}

/* Fewer rows than repeat_count asks for. */
static void check_rows(Arena *a, const PaperMap *m, const Keyed *k, Time now, Lang l, PaperIssues *out)
{
    FormAnswers asked = form_answers_copy(a, m->p, &k->x);
    form_settle(m->p, a, &asked, now);
    for (int i = 0; i < (int)m->p->nodes.len; i++) {
        int here = paper_rows_at(m, i) ? keyed_rows(k, i) : 0, want = paper_rows_at(m, i) ? form_instance_count(&asked, i, 0) : 0, first = i + 1;
        while (want > here && first < paper_rows_end(m, i) && !m->number[first])
            first++;
        if (want > here && first < paper_rows_end(m, i))
            add_issue(a, out, (PaperCell){ first, here + 1 }, S("rows"), text_fmt(a, l, "paper.fault.rows", ARG_N("n", want), ARG_N("here", here)));
    }
}

static PaperCell cell_at(const FormAnswers *x, int node, int instance)
{
    return (PaperCell){ node, instance ? x->instances.at[instance - 1].position : 0 };
}

void keyed_faults(Arena *a, const PaperMap *m, const Keyed *k, Time now, Lang l, PaperIssues *out)
{
    const FormProgram *p     = m->p;
    AnswerIssues       found = { 0 };
    PaperCells         cells = { 0 };
    FormState          s     = form_state(p, a, &k->x, now);
    keyed_cells(a, m, 0, (int)p->nodes.len, k, NULL, 0, &cells);
    for (size_t i = 0; i < cells.len; i++) {
        PaperCell       at = cells.at[i];
        const FormNode *n  = &p->nodes.at[at.node];
        Str             typed = in_box(p, &k->typed, at);
        int             instance = at.row ? form_instance_find(&k->x, n->repeat, 0, at.row) : 0;
        if (typed.len)
            add_issue(a, out, at, str_eq(typed, S("?")) ? S("illegible") : n->list >= 0 ? S("choice") : S("type"), illegible_words(l, n, typed));
        else if (in_box(p, &k->x, at).len && !form_state_relevant(&s, at.node, instance))
            add_issue(a, out, at, S("skip"), text_of(l, "paper.fault.skip"));
    }
    form_check(p, a, &k->x, now, -1, &found);
    for (size_t i = 0; i < found.len; i++)
        if (m->number[found.at[i].node])
            add_issue(a, out, cell_at(&k->x, found.at[i].node, found.at[i].instance), fault_name(found.at[i].fault), found.at[i].message[l]);
    check_rows(a, m, k, now, l, out);
}

PaperCells keyed_differences(Arena *a, const PaperMap *m, const Keyed *x, const Keyed *y)
{
    PaperCells all = { 0 }, d = { 0 };
    keyed_cells(a, m, 0, (int)m->p->nodes.len, x, y, 0, &all);
    for (size_t i = 0; i < all.len; i++)
        if (!str_eq(keyed_value(a, m->p, all.at[i], x), keyed_value(a, m->p, all.at[i], y)))
            *list_add(a, &d) = all.at[i];
    return d;
}

/* ---- Sections ---------------------------------------------------------------------------------------------------------------- */

Sections paper_sections(Arena *a, const PaperMap *m, Lang l)
{
    Sections s   = { 0 };
    int      end = (int)m->p->nodes.len;
    for (int i = 0, asked = 0; i < end; i++) {
        const FormNode *n    = &m->p->nodes.at[i];
        bool            head = n->parent < 0 && (n->type == Q_GROUP || n->type == Q_REPEAT);
        bool            rest = n->parent < 0 && !head && (i == 0 || m->p->nodes.at[i - 1].parent >= 0);
        if (head || rest || !s.len) {
            if (s.len && !asked)
                s.len--;                                 /* a section without questions joins the next */
            else if (s.len)
                s.at[s.len - 1].end = i;
            *list_add(a, &s) = (Section){ i, end, head ? paper_label(a, m, i, l) : S("") };
            asked            = 0;
        }
        asked += m->number[i] > 0;
        if (i + 1 == end && !asked && s.len > 1)
            s.at[--s.len - 1].end = end;
    }
    return s;
}
