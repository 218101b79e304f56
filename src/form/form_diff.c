/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two versions of a questionnaire side by side, and what a name may mean from version to version. */
#include "form/form_parts.h"

/* ---- Differences ------------------------------------------------------------------------------------------------ */

static void add(Arena *a, FormChanges *out, FormChangeKind kind, Str name, Str before, Str after)
{
    *list_add(a, out) = (FormChange){ .kind = kind, .name = name, .before = before, .after = after };
}

static Str list_name(const FormProgram *p, const FormNode *n)
{
    return n->list >= 0 ? p->lists.at[n->list].name : S("");
}

static Str label_of(const FormProgram *p, int node, Lang l)
{
    return form_label(p, node, l);
}

static int language_of(const FormProgram *p, Str name)
{
    for (size_t i = 0; i < p->languages.len; i++)
        if (str_eq(p->languages.at[i], name))
            return (int)i;
    return -1;
}

/* Words in the languages both have beside the reader's, which was compared already. */
static void compare_others(Arena *a, const FormProgram *p, const FormText *x, const FormProgram *q, const FormText *y, FormTextKind text,
                           FormChange told, FormChanges *out)
{
    for (size_t i = 0; i < q->languages.len; i++) {
        int there  = language_of(p, q->languages.at[i]);
        Str before = text_of_kind(x, text, there), after = text_of_kind(y, text, (int)i);
        if (there < 0 || str_eq(before, after) || (str_eq(before, told.before) && str_eq(after, told.after)))
            continue;
        *list_add(a, out) = (FormChange){ told.kind, told.name, before, after, q->languages.at[i] };
    }
}

static void compare_words(Arena *a, const FormProgram *p, int i, const FormProgram *q, int k, Lang l, FormChanges *out)
{
    const FormNode *x = &p->nodes.at[i], *y = &q->nodes.at[k];
    const struct { FormChangeKind kind; FormTextKind text; Str before, after; } pairs[] = {
        { CHANGE_LABEL, TEXT_LABEL, label_of(p, i, l), label_of(q, k, l) }, { CHANGE_HINT, TEXT_HINT, x->hint[l], y->hint[l] },
        { CHANGE_MESSAGE, TEXT_REQUIRED_MESSAGE, x->required_message[l], y->required_message[l] },
        { CHANGE_MESSAGE, TEXT_CONSTRAINT_MESSAGE, x->constraint_message[l], y->constraint_message[l] } };
    for (size_t n = 0; n < COUNT_OF(pairs); n++) {
        FormChange told = { pairs[n].kind, y->name, pairs[n].before, pairs[n].after, S("") };
        if (!str_eq(told.before, told.after))
            *list_add(a, out) = told;
        compare_others(a, p, x->text, q, y->text, pairs[n].text, told, out);
    }
}

static Str role_of(const FormNode *n, Lang l)
{
    return n->role == QR_NONE ? S("") : form_role_text(l, n->role);
}

static void compare_nodes(Arena *a, const FormProgram *p, int i, const FormProgram *q, int k, Lang l, FormChanges *out)
{
    const FormNode *x = &p->nodes.at[i], *y = &q->nodes.at[k];
    const struct { FormChangeKind kind; Str before, after; } pairs[] = {
        { CHANGE_TYPE, form_type_words(l, x->type), form_type_words(l, y->type) }, { CHANGE_LIST, list_name(p, x), list_name(q, y) },
        { CHANGE_REQUIRED, x->required_src, y->required_src }, { CHANGE_RELEVANT, x->relevant_src, y->relevant_src },
        { CHANGE_CONSTRAINT, x->constraint_src, y->constraint_src }, { CHANGE_CALCULATION, x->calculation_src, y->calculation_src },
        { CHANGE_FILTER, x->choice_filter_src, y->choice_filter_src }, { CHANGE_DEFAULT, x->default_src, y->default_src },
        { CHANGE_COUNT_SRC, x->repeat_count_src, y->repeat_count_src }, { CHANGE_LOOK, x->appearance, y->appearance },
        { CHANGE_ROLE, role_of(x, l), role_of(y, l) }, { CHANGE_CODE, x->code, y->code } };
    compare_words(a, p, i, q, k, l, out);
    for (size_t n = 0; n < COUNT_OF(pairs); n++)
        if (!str_eq(pairs[n].before, pairs[n].after))
            add(a, out, pairs[n].kind, y->name, pairs[n].before, pairs[n].after);
}

static Str choice_label(const FormChoice *c, Lang l)
{
    return c->label[l].len ? c->label[l] : c->label[LANG_VI].len ? c->label[LANG_VI] : c->label[LANG_EN];
}

static const FormChoice *choice_named(const FormList *list, Str name)
{
    for (size_t i = 0; i < list->choices.len; i++)
        if (str_eq(list->choices.at[i].name, name))
            return &list->choices.at[i];
    return NULL;
}

static const FormList *list_named_in(const FormProgram *p, Str name)
{
    for (size_t i = 0; i < p->lists.len; i++)
        if (str_eq(p->lists.at[i].name, name))
            return &p->lists.at[i];
    return NULL;
}

/* Lists out of files change with their file; only lists of the form are compared choice by choice. */
static void compare_lists(Arena *a, const FormProgram *p, const FormList *x, const FormProgram *q, const FormList *y, Lang l, FormChanges *out)
{
    if (x->file.len || y->file.len || x->choices.len > 2000 || y->choices.len > 2000)
        return;
    for (size_t i = 0; i < x->choices.len; i++)
        if (!choice_named(y, x->choices.at[i].name))
            add(a, out, CHANGE_CHOICE_REMOVED, arena_fmt(a, "%.*s/%.*s", STR_ARG(x->name), STR_ARG(x->choices.at[i].name)),
                choice_label(&x->choices.at[i], l), S(""));
    for (size_t i = 0; i < y->choices.len; i++) {
        const FormChoice *now = &y->choices.at[i], *then = choice_named(x, now->name);
        Str               name = arena_fmt(a, "%.*s/%.*s", STR_ARG(y->name), STR_ARG(now->name));
        FormChange told = { CHANGE_CHOICE_LABEL, name, then ? choice_label(then, l) : S(""), choice_label(now, l), S("") };
        if (!then) {
            add(a, out, CHANGE_CHOICE_ADDED, name, S(""), told.after);
            continue;
        }
        if (!str_eq(told.before, told.after))
            *list_add(a, out) = told;
        compare_others(a, p, then->text, q, now->text, TEXT_LABEL, told, out);
    }
}

FormChanges form_changes(Arena *a, const FormProgram *before, const FormProgram *after, Lang l)
{
    FormChanges out = { 0 };
    for (size_t i = 0; i < before->nodes.len; i++)
        if (form_find(after, before->nodes.at[i].name) < 0)
            add(a, &out, CHANGE_REMOVED, before->nodes.at[i].name, label_of(before, (int)i, l), S(""));
    for (size_t k = 0; k < after->nodes.len; k++) {
        int i = form_find(before, after->nodes.at[k].name);
        if (i < 0)
            add(a, &out, CHANGE_ADDED, after->nodes.at[k].name, S(""), label_of(after, (int)k, l));
        else
            compare_nodes(a, before, i, after, (int)k, l, &out);
    }
    for (size_t i = 0; i < after->lists.len; i++) {
        const FormList *old = list_named_in(before, after->lists.at[i].name);
        if (old)
            compare_lists(a, before, old, after, &after->lists.at[i], l, &out);
    }
    return out;
}

/* ---- A name keeps its meaning --------------------------------------------------------------------------------------- */

static void version_issue(Arena *a, FormIssues *issues, const FormNode *n, const char *code, Str vi, Str en)
{
    *list_add(a, issues) = (FormIssue){ .sheet = S("survey"), .row = n->row, .column = S("type"), .code = str_from_c(code), .message_vi = vi,
                                        .message_en = en, .warning = code[0] == 'W', .sheet_at = SHEET_SURVEY };
}

static bool same_meaning(const FormProgram *p, const FormNode *x, const FormProgram *q, const FormNode *y)
{
    return x->type == y->type && str_eq(list_name(p, x), list_name(q, y));
}

static void check_node(Arena *a, const FormProgram *p, const FormNode *n, const FormProgram *const *older, size_t count, FormIssues *issues)
{
    for (size_t v = 0; v < count; v++) {
        int i = form_find(older[v], n->name);
        if (i < 0)
            continue;
        const FormNode *then = &older[v]->nodes.at[i];
        if (same_meaning(older[v], then, p, n))
            return;
        if (v == 0)
            version_issue(a, issues, n, "W-CHANGED",
                          arena_fmt(a, "“%.*s” trước đây là “%.*s”. Nếu câu hỏi đổi nghĩa, hãy đặt tên khác; nếu không, ghi lý do khi lưu.",
                                    STR_ARG(n->leaf), STR_ARG(then->type_word)),
                          arena_fmt(a, "“%.*s” was “%.*s” before. Choose another name if its meaning changes, else give the reason when saving.",
                                    STR_ARG(n->leaf), STR_ARG(then->type_word)));
        else if (then->type != n->type)
            version_issue(a, issues, n, "E-REUSED",
                          arena_fmt(a, "tên “%.*s” đã bỏ ở phiên bản %.*s, khi đó là “%.*s”. Đặt tên khác.", STR_ARG(n->leaf),
                                    STR_ARG(older[v]->version), STR_ARG(then->type_word)),
                          arena_fmt(a, "the name “%.*s” was given up after version %.*s, where it was “%.*s”. Choose another.", STR_ARG(n->leaf),
                                    STR_ARG(older[v]->version), STR_ARG(then->type_word)));
        return;
    }
}

void form_check_meaning(Arena *a, const FormProgram *p, const FormProgram *const *older, size_t count, FormIssues *issues)
{
    for (size_t i = 0; count && i < p->nodes.len; i++)
        if (p->nodes.at[i].type != Q_NOTE)
            check_node(a, p, &p->nodes.at[i], older, count, issues);
    Arena scratch = *a;
    form_issues_sort(scratch, issues);
}

bool form_needs_reason(const FormIssues *issues)
{
    for (size_t i = 0; i < issues->len; i++)
        if (str_eq(issues->at[i].code, S("W-CHANGED")))
            return true;
    return false;
}
