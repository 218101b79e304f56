/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a clerk types for a form: codes to answers and back, broken rules, differences between two entries. */
#include "paper/parts.h"

Keyed keyed_new(Arena *a, const FormProgram *p)
{
    return (Keyed){ form_answers_new(a, p), form_answers_new(a, p) };
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

void keyed_read(Arena *a, const PaperMap *m, int node, Lang l, Str text, Keyed *k)
{
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
    k->x.at[n->answer]     = read;
    k->typed.at[n->answer] = read.len ? S("") : clean;
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

Str keyed_text(Arena *a, const PaperMap *m, int node, const Keyed *k, Lang l)
{
    const FormNode *n = &m->p->nodes.at[node];
    Str             x = k->x.at[n->answer];
    Date            d;
    if (!x.len)
        return k->typed.at[n->answer];
    if (n->type == Q_SELECT_ONE || n->type == Q_SELECT_MULTIPLE)
        return codes_text(a, m, node, x);
    if (n->type == Q_DATE && date_parse(x, &d)) {
        Ymd y = date_ymd(d);
        return arena_fmt(a, "%02d/%02d/%04d", y.day, y.month, y.year);
    }
    return n->type == Q_DECIMAL && l == LANG_VI ? str_replace(a, x, S("."), S(",")) : x;
}

Str keyed_words(Arena *a, const PaperMap *m, int node, const Keyed *k, Lang l)
{
    const FormNode *n = &m->p->nodes.at[node];
    Str             text = keyed_text(a, m, node, k, l);
    bool            listed = n->type == Q_SELECT_ONE || n->type == Q_SELECT_MULTIPLE;
    if (!k->x.at[n->answer].len || !listed)
        return text;
    return arena_fmt(a, "%.*s (%.*s)", STR_ARG(text), STR_ARG(form_answer_text(a, m->p, node, &k->x, l)));
}

/* Marks what could not be read. No clean text holds this character. */
#define UNREAD "\x01"

Str keyed_value(Arena *a, const FormProgram *p, int node, const Keyed *k)
{
    int answer = p->nodes.at[node].answer;
    if (k->x.at[answer].len || !k->typed.at[answer].len)
        return k->x.at[answer];
    return str_concat(a, S(UNREAD), k->typed.at[answer]);
}

void keyed_set(const FormProgram *p, int node, Str value, Keyed *k)
{
    int  answer = p->nodes.at[node].answer;
    bool unread = str_starts(value, S(UNREAD));
    k->x.at[answer]     = unread ? S("") : value;
    k->typed.at[answer] = unread ? str_skip(value, 1) : S("");
}

/* ---- Stored form --------------------------------------------------------------------------------------------------------- */

Str keyed_json(Arena *a, const FormProgram *p, const FormAnswers *x)
{
    Buf b = buf_new(a, 512);
    buf_byte(&b, '{');
    for (size_t i = 0; i < p->nodes.len; i++) {
        int answer = p->nodes.at[i].answer;
        if (answer < 0 || !x->at[answer].len)
            continue;
        buf_add(&b, b.len > 1 ? S(",") : S(""));
        buf_json_str(&b, p->nodes.at[i].name);
        buf_byte(&b, ':');
        buf_json_str(&b, x->at[answer]);
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

Err keyed_load(Arena *a, const FormProgram *p, Str answers, Str typed, Keyed *out)
{
    const Json *x, *t;
    TRY(json_parse(a, answers, &x));
    TRY(json_parse(a, typed, &t));
    form_answers_load(a, p, x, &out->x);
    form_answers_load(a, p, t, &out->typed);
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

static void add_issue(Arena *a, PaperIssues *out, int node, Str fault, Str message)
{
    for (size_t i = 0; i < out->len; i++)
        if (out->at[i].node == node)
            return;
    *list_add(a, out) = (PaperIssue){ node, fault, message };
}

static Str illegible_words(Lang l, const FormNode *n, Str typed)
{
    if (str_eq(typed, S("?")))
        return text_of(l, "paper.fault.illegible");
    return n->list >= 0 ? text_of(l, "paper.fault.choice") : text_of(l, "paper.fault.type");
}

void keyed_faults(Arena *a, const PaperMap *m, const Keyed *k, Time now, Lang l, PaperIssues *out)
{
    const FormProgram *p     = m->p;
    AnswerIssues       found = { 0 };
    FormState          s     = form_state(p, a, &k->x, now);
    for (int i = 0; i < (int)p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (!m->number[i])
            continue;
        Str typed = k->typed.at[n->answer];
        if (typed.len)
            add_issue(a, out, i, str_eq(typed, S("?")) ? S("illegible") : n->list >= 0 ? S("choice") : S("type"), illegible_words(l, n, typed));
        else if (k->x.at[n->answer].len && !s.relevant[i])
            add_issue(a, out, i, S("skip"), text_of(l, "paper.fault.skip"));
    }
    form_check(p, a, &k->x, now, -1, &found);
    for (size_t i = 0; i < found.len; i++)
        add_issue(a, out, found.at[i].node, fault_name(found.at[i].fault), found.at[i].message[l]);
}

Differing keyed_differences(Arena *a, const PaperMap *m, const Keyed *x, const Keyed *y)
{
    Differing d = { arena_new(a, int, m->p->nodes.len + 1), 0 };
    for (int i = 0; i < (int)m->p->nodes.len; i++)
        if (m->number[i] && !str_eq(keyed_value(a, m->p, i, x), keyed_value(a, m->p, i, y)))
            d.at[d.len++] = i;
    return d;
}

/* ---- Sections ---------------------------------------------------------------------------------------------------------------- */

Sections paper_sections(Arena *a, const PaperMap *m, Lang l)
{
    Sections s   = { 0 };
    int      end = (int)m->p->nodes.len;
    for (int i = 0, asked = 0; i < end; i++) {
        const FormNode *n    = &m->p->nodes.at[i];
        bool            head = n->parent < 0 && n->type == Q_GROUP;
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
