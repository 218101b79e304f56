/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Leaves of the XML become answers by their paths; the program then says what is wrong, as findings. */
#include "openrosa/recheck.h"

enum { SHOWN_MOST = 200 };

static Str shown(Arena *a, Str text)
{
    while (utf8_count(text) > SHOWN_MOST)
        text = str_take(text, utf8_fault(str_take(text, text.len - 1)));
    return arena_str(a, text);
}

static void add_flag(Arena *a, Recheck *r, Str flag, Str node, Str expected, Str found)
{
    for (size_t i = 0; i < r->flags.len; i++)
        if (str_eq(r->flags.at[i].flag, flag) && str_eq(r->flags.at[i].node, node))
            return;
    *list_add(a, &r->flags) = (FlagRow){ .flag = flag, .node = shown(a, node), .expected = shown(a, expected), .found = shown(a, found), .by_check = true };
}

static int node_of(Arena *a, const FormProgram *p, Str path)
{
    for (size_t i = 0; i < p->nodes.len; i++)
        if (str_ends(path, p->nodes.at[i].leaf) && str_eq(field_node_path(a, p, (int)i), path))
            return (int)i;
    return -1;
}

static void take_leaf(Arena *a, const FormProgram *p, const InstanceLeaf *leaf, FormAnswers *x, Recheck *r)
{
    int node = node_of(a, p, leaf->path);
    Str text;
    if (node < 0) {
        r->names_log |= str_eq(leaf->path, S("/meta/audit"));
        if (!str_starts(leaf->path, S("/meta/")))
            add_flag(a, r, S("element_unknown"), leaf->path, S(""), leaf->text);
        return;
    }
    const FormNode *n = &p->nodes.at[node];
    r->names_log |= n->type == Q_AUDIT;
    if (n->type == Q_START)
        time_parse_iso(leaf->text, &r->start);
    if (n->type == Q_END)
        time_parse_iso(leaf->text, &r->end);
    if (n->answer < 0 || x->at[n->answer].len)
        return;
    if (text_clean(a, leaf->text, &text))
        x->at[n->answer] = text;
    else
        add_flag(a, r, S("type"), n->name, S(""), leaf->text);
}

/* ---- Faults of the program as findings ---------------------------------------------------------------------------- */
static Str flag_of(AnswerFault f)
{
    switch (f) {
    case ANSWER_REQUIRED: return S("required_missing");
    case ANSWER_CHOICE: return S("choice_unknown");
    case ANSWER_CONSTRAINT: return S("constraint");
    case ANSWER_UNKNOWN: return S("element_unknown");
    case ANSWER_LIMIT: return S("not_checked");
    default: return S("type");
    }
}

/* Values that cannot be read stay in the XML and in the finding, and leave the answers. */
static void add_issues(Arena *a, const FormProgram *p, const AnswerIssues *issues, FormAnswers *x, Recheck *r)
{
    for (size_t i = 0; i < issues->len; i++) {
        const AnswerIssue *issue = &issues->at[i];
        if (issue->node < 0)
            continue;
        const FormNode *n = &p->nodes.at[issue->node];
        Str expected = issue->fault == ANSWER_CONSTRAINT ? n->constraint_src : n->type_word;
        add_flag(a, r, flag_of(issue->fault), n->name, expected, n->answer >= 0 ? x->at[n->answer] : S(""));
        if (n->answer >= 0 && (issue->fault == ANSWER_TYPE || issue->fault == ANSWER_CHOICE || issue->fault == ANSWER_TOO_LONG))
            x->at[n->answer] = S("");
    }
}

static bool same_value(Str sent, Str made)
{
    double x, y;
    if (str_eq(sent, made))
        return true;
    bool yes_x = str_eq(sent, S("true")) || str_eq(sent, S("1")), yes_y = str_eq(made, S("true")) || str_eq(made, S("1"));
    bool no_x = str_eq(sent, S("false")) || str_eq(sent, S("0")), no_y = str_eq(made, S("false")) || str_eq(made, S("0"));
    if ((yes_x && yes_y) || (no_x && no_y))
        return true;
    return str_to_f64(sent, &x) && str_to_f64(made, &y) && x - y < 1e-9 && y - x < 1e-9;
}

static void compare(Arena *a, const FormProgram *p, const FormState *s, const FormAnswers *x, Recheck *r)
{
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->answer < 0)
            continue;
        Str sent = x->at[n->answer];
        if (sent.len && !s->relevant[i])
            add_flag(a, r, S("irrelevant_value"), n->name, S(""), sent);
        else if (n->type == Q_CALCULATE && !same_value(sent, s->calculated[i]))
            add_flag(a, r, S("calc_differs"), n->name, s->calculated[i], sent);
        r->given += sent.len && form_node_asks(n);
    }
}

Err recheck_run(Arena *a, const FormProgram *p, Str xml, Time arrived, Recheck *out)
{
    Instance     in;
    Recheck      r      = { 0 };
    FormAnswers  x      = form_answers_new(a, p);
    AnswerIssues issues = { 0 };
    TRY(instance_read(a, xml, &in));
    for (size_t i = 0; i < in.leaves.len; i++)
        take_leaf(a, p, &in.leaves.at[i], &x, &r);
    Time      now = r.end.ms ? r.end : r.start.ms ? r.start : arrived;
    FormState s   = form_state(p, a, &x, now);
    compare(a, p, &s, &x, &r);
    form_check(p, a, &x, now, -1, &issues);
    add_issues(a, p, &issues, &x, &r);
    form_strip_irrelevant(p, a, &x, now);
    r.answers = record_json(a, p, &x);
    *out      = r;
    return OK;
}
