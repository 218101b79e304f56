/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The variables of a table: what is known of each record, then the questions of all versions, each under one name. */
#include "analysis/rows.h"

enum { PLAIN_MOST = 32 };

Str label_of(const Str label[LANG_COUNT], Lang l)
{
    return label[l].len ? label[l] : label[l == LANG_VI ? LANG_EN : LANG_VI];
}

const Category *category_find(const Variable *v, Str name)
{
    for (size_t i = 0; i < v->categories.len; i++)
        if (str_eq(v->categories.at[i].name, name))
            return &v->categories.at[i];
    return NULL;
}

/* ---- What is known of each record ------------------------------------------------------------------ */

static void category_add(Arena *a, Variable *v, Str name, Str vi, Str en)
{
    *list_add(a, &v->categories) = (Category){ .name = name, .label = { vi, en } };
}

static void add_channels(Arena *a, Variable *v)
{
    for (int c = 0; c < CHANNEL_COUNT; c++) {
        Str code = channel_code((Channel)c), key = str_concat(a, S("analysis.channel."), code);
        category_add(a, v, code, text_find(LANG_VI, key), text_find(LANG_EN, key));
    }
}

/* All that a record may be marked with: by pages, by its case, by its paper, by what its phone sent. The words of some stand with the pages
 * that show them. */
static void add_flag_reasons(Arena *a, Variable *v)
{
    static const char *const places[] = { "analysis.flag.", "collect.flag.", "phone.flag." };
    static const char *const reasons[] = { "fast", "straight_line", "repeated", "case_twice", "case_unknown", "case_claimed", "rules",
        "required_missing", "constraint", "irrelevant_value", "calc_differs", "choice_unknown", "type", "repeat_count", "element_unknown", "not_checked",
        "late", "file_changed", "file_unnamed", "edit_unknown", "encrypted", "clock", "too_fast" };
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        Str    reason = str_from_c(reasons[i]), key = S("");
        size_t k      = 0;
        do
            key = str_concat(a, str_from_c(places[k]), reason);
        while (!text_find(LANG_VI, key).len && ++k < COUNT_OF(places));
        category_add(a, v, reason, text_find(LANG_VI, key), text_find(LANG_EN, key));
    }
}

static void add_yes_no(Arena *a, Variable *v)
{
    category_add(a, v, S("0"), text_of(LANG_VI, "analysis.no"), text_of(LANG_EN, "analysis.no"));
    category_add(a, v, S("1"), text_of(LANG_VI, "analysis.yes"), text_of(LANG_EN, "analysis.yes"));
}

typedef struct OwnVariable { Str name, key; VariableKind kind; void (*fill)(Arena *, Variable *); } OwnVariable;

static void add_own_of(Arena *a, const OwnVariable *own, size_t n, Variables *out)
{
    for (size_t i = 0; i < n; i++) {
        Variable *v = list_add(a, out);
        *v = (Variable){ .name = own[i].name, .kind = own[i].kind, .label = { text_find(LANG_VI, own[i].key), text_find(LANG_EN, own[i].key) },
                         .of = -1, .mark = -1 };
        if (own[i].fill)
            own[i].fill(a, v);
    }
}

void variables_own(Arena *a, Variables *out)
{
    static const OwnVariable own[OWN_COUNT] = {
        [OWN_RECORD]    = { S_INIT("td_record"),    S_INIT("analysis.var.record"),    VAR_TEXT, NULL },
        [OWN_ROUND]     = { S_INIT("td_round"),     S_INIT("analysis.var.round"),     VAR_TEXT, NULL },
        [OWN_VERSION]   = { S_INIT("td_version"),   S_INIT("analysis.var.version"),   VAR_TEXT, NULL },
        [OWN_DAY]       = { S_INIT("td_day"),       S_INIT("analysis.var.day"),       VAR_DAY, NULL },
        [OWN_CHANNEL]   = { S_INIT("td_channel"),   S_INIT("analysis.var.channel"),   VAR_CHOICE, add_channels },
        [OWN_UNIT]      = { S_INIT("td_unit"),      S_INIT("analysis.var.unit"),      VAR_TEXT, NULL },
        [OWN_SIMULATED] = { S_INIT("td_simulated"), S_INIT("analysis.var.simulated"), VAR_CHOICE, add_yes_no },
        [OWN_FLAGGED]   = { S_INIT("td_flagged"),   S_INIT("analysis.var.flagged"),   VAR_CHOICE, add_yes_no },
        [OWN_FLAG]      = { S_INIT("td_flag"),      S_INIT("analysis.var.flag"),      VAR_CHOICE, add_flag_reasons },
    };
    add_own_of(a, own, COUNT_OF(own), out);
}

void variables_entry(Arena *a, Variables *out)
{
    static const OwnVariable own[ENTRY_COUNT] = {
        [ENTRY_RECORD]   = { S_INIT("td_record"),   S_INIT("analysis.var.record"),   VAR_TEXT, NULL },
        [ENTRY_ROUND]    = { S_INIT("td_round"),    S_INIT("analysis.var.round"),    VAR_TEXT, NULL },
        [ENTRY_PARENT]   = { S_INIT("td_parent"),   S_INIT("analysis.var.parent"),   VAR_TEXT, NULL },
        [ENTRY_ROW]      = { S_INIT("td_row"),      S_INIT("analysis.var.row"),      VAR_TEXT, NULL },
        [ENTRY_POSITION] = { S_INIT("td_position"), S_INIT("analysis.var.position"), VAR_NUMBER, NULL },
    };
    add_own_of(a, own, COUNT_OF(own), out);
}

/* ---- Questions --------------------------------------------------------------------------------------- */

static VariableKind kind_of(const FormNode *n)
{
    switch (n->type) {
    case Q_INTEGER: case Q_DECIMAL: case Q_RANGE: return VAR_NUMBER;
    case Q_DATE: case Q_TODAY: return VAR_DAY;
    case Q_SELECT_ONE: return n->list >= 0 ? VAR_CHOICE : VAR_TEXT;
    case Q_SELECT_MULTIPLE: return n->list >= 0 ? VAR_SEVERAL : VAR_TEXT;
    case Q_CALCULATE: return n->kind == EXPR_NUMBER ? VAR_NUMBER : n->kind == EXPR_DATE ? VAR_DAY : VAR_TEXT;
    default: return VAR_TEXT;
    }
}

int variable_find(const Variables *list, Str name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].name, name))
            return (int)i;
    return -1;
}

/* Choices of another version that the variable does not know yet. */
static void merge_choices(Arena *a, Variable *v, const FormList *list)
{
    for (size_t i = 0; i < list->choices.len; i++) {
        const FormChoice *c = &list->choices.at[i];
        if (category_find(v, c->name))
            continue;
        category_add(a, v, c->name, c->label[LANG_VI], c->label[LANG_EN]);
        v->categories.at[v->categories.len - 1].missing = c->missing != CHOICE_PLAIN;
    }
}

static Variable *variable_insert(Arena *a, Variables *list, int at)
{
    (void)list_add(a, list);
    memmove(&list->at[at + 1], &list->at[at], (list->len - 1 - (size_t)at) * sizeof *list->at);
    return &list->at[at];
}

/* A name with another type in another version holds texts: nothing is lost, and the label says what it is. */
static void add_coded_one(Arena *a, Variables *list, int after, const CodeFrame *f, bool groups)
{
    Str name = str_concat(a, f->question, groups ? S("_group") : S("_code"));
    int at   = variable_find(list, name);
    if (at < 0) {
        at = after + 1;
        *variable_insert(a, list, at) = (Variable){ .name = name, .kind = VAR_CHOICE, .of = -1, .mark = -1 };
        const Variable *asked = &list->at[after];
        for (int l = 0; l < LANG_COUNT; l++)
            list->at[at].label[l] = str_join(a, (Str[]){ label_of(asked->label, (Lang)l), groups ? text_of((Lang)l, "analysis.var.group")
                                                                                                   : text_of((Lang)l, "analysis.var.coded") }, 2, S(" – "));
    }
    for (size_t i = 0; i < f->codes.len; i++)
        if ((!groups || !f->codes.at[i].parent.len) && !category_find(&list->at[at], f->codes.at[i].code))
            category_add(a, &list->at[at], f->codes.at[i].code, f->codes.at[i].label[LANG_VI], f->codes.at[i].label[LANG_EN]);
}

bool frame_has_groups(const CodeFrame *f)
{
    for (size_t i = 0; i < f->codes.len; i++)
        if (f->codes.at[i].parent.len)
            return true;
    return false;
}

/* Behind the question itself: its code, and the group of the code where there are groups. */
void variables_coded(Arena *a, const TableRound *r, Variables *list)
{
    for (size_t i = 0; i < r->coded_count; i++) {
        const CodeFrame *f = &r->coded[i].frame;
        int asked = variable_find(list, f->question);
        if (asked < 0)
            continue;
        if (frame_has_groups(f))
            add_coded_one(a, list, asked, f, true);
        add_coded_one(a, list, asked, f, false);
    }
}

void variables_asked(Arena *a, const FormProgram *p, int repeat, Variables *list)
{
    int before = (int)list->len - 1;
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->cell < 0 || n->repeat != repeat)
            continue;
        int at = variable_find(list, n->name);
        if (at < 0) {
            at = before + 1;
            *variable_insert(a, list, at) = (Variable){ .name = n->name, .kind = kind_of(n), .of = -1, .mark = -1,
                .label = { form_label(p, (int)i, LANG_VI), form_label(p, (int)i, LANG_EN) } };
        } else if (list->at[at].kind != kind_of(n)) {
            list->at[at].kind = VAR_TEXT;
        }
        Variable *v = &list->at[at];
        if (v->kind == VAR_CHOICE || v->kind == VAR_SEVERAL)
            merge_choices(a, v, &p->lists.at[n->list]);
        before = at;
    }
}

/* ---- Codes and names ------------------------------------------------------------------------------------ */

static bool plain_digits(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0 && s.len <= 9;
}

static void number_categories(Variable *v)
{
    Categories *c = &v->categories;
    v->whole = v->numbered = c->len > 0;
    for (size_t i = 0; i < c->len; i++) {
        int64_t n = 0;
        bool digits = plain_digits(c->at[i].name) && str_to_i64(c->at[i].name, &n);
        c->at[i].number = (double)n;
        v->numbered = v->numbered && digits;
        v->whole = v->whole && digits && (c->at[i].name.len == 1 || c->at[i].name.at[0] != '0');
        for (size_t k = 0; k < i && v->numbered; k++)
            v->numbered = c->at[k].number != c->at[i].number;       /* "1" and "01" */
    }
    for (size_t i = 0; i < c->len && !v->numbered; i++)
        c->at[i].number = (double)i + 1;
    v->whole = v->whole && v->numbered;
}

void variable_outside(Arena *a, Variable *v, Str name)
{
    int64_t own  = 0;
    double  most = 0;
    bool    free = v->numbered && plain_digits(name) && str_to_i64(name, &own);
    for (size_t i = 0; i < v->categories.len; i++) {
        most = v->categories.at[i].number > most ? v->categories.at[i].number : most;
        free = free && v->categories.at[i].number != (double)own;
    }
    Str kept = arena_str(a, name);
    category_add(a, v, kept, text_fmt(a, LANG_VI, "analysis.outside", ARG_S("value", kept)), text_fmt(a, LANG_EN, "analysis.outside", ARG_S("value", kept)));
    v->categories.at[v->categories.len - 1].number = free ? (double)own : most + 1;
}

/* One column of 0 and 1 for each choice. */
Variables variables_marked(Arena *a, const Variables *list)
{
    Variables out = { 0 };
    for (size_t i = 0; i < list->len; i++) {
        number_categories(&list->at[i]);
        *list_add(a, &out) = list->at[i];
        if (list->at[i].kind != VAR_SEVERAL)
            continue;
        int of = (int)out.len - 1;
        for (size_t k = 0; k < list->at[i].categories.len; k++) {
            const Category *c = &list->at[i].categories.at[k];
            Variable       *m = list_add(a, &out);
            *m = (Variable){ .name = str_join(a, (Str[]){ list->at[i].name, c->name }, 2, S("/")), .kind = VAR_MARK, .of = of, .mark = (int)k };
            for (int l = 0; l < LANG_COUNT; l++)
                m->label[l] = str_join(a, (Str[]){ label_of(list->at[i].label, (Lang)l), label_of(c->label, (Lang)l) }, 2, S(": "));
        }
    }
    return out;
}

/* Words of SPSS's and Stata's own syntax. */
static bool reserved(Str s)
{
    static const char *const words[] = { "all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with", "byte", "double",
        "float", "if", "in", "int", "long", "strL", "using" };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_ascii_nocase(s, str_from_c(words[i])))
            return true;
    return str_starts(s, S("str")) && plain_digits(str_skip(s, 3));
}

static Str plain_letters(Arena *a, Str name)
{
    bool ascii = true;
    for (size_t i = 0; i < name.len; i++)
        ascii = ascii && (unsigned char)name.at[i] < 0x80;
    Str   from = ascii ? name : text_slug(a, name);
    char *to   = arena_take(a, from.len + 3, 1, 1);
    size_t n   = 0;
    bool letter = from.len && ((from.at[0] | 32) >= 'a') && ((from.at[0] | 32) <= 'z');
    if (!letter)
        n = (size_t)(stpcpy(to, "v_") - to);
    for (size_t i = 0; i < from.len; i++) {
        char c = from.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        to[n++] = good ? c : '_';
    }
    return (Str){ to, n };
}

static bool plain_taken(const Variables *list, size_t before, Str name)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq_ascii_nocase(list->at[i].plain, name))
            return true;
    return reserved(name);
}

void variables_name(Arena *a, Variables *list)
{
    for (size_t i = 0; i < list->len; i++) {
        Str full = plain_letters(a, list->at[i].name), name = str_take(full, PLAIN_MOST);
        for (int n = 2; plain_taken(list, i, name); n++) {
            Str tail = arena_fmt(a, "_%d", n);
            name = str_concat(a, str_take(full, PLAIN_MOST - tail.len), tail);
        }
        list->at[i].plain = name;
    }
}
