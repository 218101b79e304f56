/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Checks of what a change says about a unit: text, code, parent, day. Each fault names its field. */
#include "org/unit_rules.h"

void plan_fault(UnitPlan *p, UnitFaultKind kind, Str field, Str value, Str other, Date date)
{
    *list_add(p->a, &p->faults) =
        (UnitFault){ .kind = kind, .field = field, .value = value, .other = other, .date = date };
}

/* Digits of official codes; 0: any letters and digits. */
static const int code_digits[UNIT_KIND_COUNT] = { [UNIT_PROVINCE] = 2, [UNIT_DISTRICT] = 3, [UNIT_COMMUNE] = 5 };
static const bool code_needed[UNIT_KIND_COUNT] = {
    [UNIT_MINISTRY] = true, [UNIT_PROVINCE] = true, [UNIT_DISTRICT] = true, [UNIT_COMMUNE] = true,
};
/* Which kinds may stand directly below which. */
static const bool may_hold[UNIT_KIND_COUNT][UNIT_KIND_COUNT] = {
    [UNIT_NATION]     = { [UNIT_MINISTRY] = true, [UNIT_PROVINCE] = true, [UNIT_OTHER] = true, [UNIT_DEPARTMENT] = true },
    [UNIT_MINISTRY]   = { [UNIT_DEPARTMENT] = true, [UNIT_OTHER] = true },
    [UNIT_PROVINCE]   = { [UNIT_DISTRICT] = true, [UNIT_COMMUNE] = true, [UNIT_DEPARTMENT] = true, [UNIT_OTHER] = true },
    [UNIT_DISTRICT]   = { [UNIT_COMMUNE] = true, [UNIT_DEPARTMENT] = true, [UNIT_OTHER] = true },
    [UNIT_COMMUNE]    = { [UNIT_DEPARTMENT] = true, [UNIT_OTHER] = true },
    [UNIT_DEPARTMENT] = { [UNIT_DEPARTMENT] = true, [UNIT_OTHER] = true },
    [UNIT_OTHER]      = { [UNIT_OTHER] = true },
};

bool unit_kind_below(UnitKind above, UnitKind kind)
{
    return may_hold[above][kind];
}

static bool letters_and_digits(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !strchr("._-", c))
            return false;
    }
    return true;
}

static bool only_digits(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9') return false;
    return true;
}

static void check_text(UnitPlan *p, Str field, Str text, size_t most)
{
    Str clean;
    if (!text_clean(p->a, text, &clean) || str_has(text, S("\n")) || str_has(text, S("\t")))
        plan_fault(p, UNIT_FAULT_TEXT_BAD, field, S(""), S(""), DATE_NONE);
    else if (utf8_count(text) > most)
        plan_fault(p, UNIT_FAULT_TEXT_LONG, field, arena_fmt(p->a, "%zu", most), S(""), DATE_NONE);
}

static void check_code(UnitPlan *p, UnitKind kind, Str code, Period when, UnitId self, const UnitId *ending, size_t n)
{
    if (!code.len) {
        if (code_needed[kind]) plan_fault(p, UNIT_FAULT_CODE_MISSING, S("code"), S(""), S(""), DATE_NONE);
        return;
    }
    int digits = code_digits[kind];
    if (digits && (code.len != (size_t)digits || !only_digits(code))) {
        plan_fault(p, UNIT_FAULT_CODE_DIGITS, S("code"), code, arena_fmt(p->a, "%d", digits), DATE_NONE);
        return;
    }
    if (code.len > 32 || !letters_and_digits(code)) {
        plan_fault(p, UNIT_FAULT_CODE_BAD, S("code"), code, S(""), DATE_NONE);
        return;
    }
    const UnitLife *clash = tree_code_clash(p->tree, kind, code, when, self, ending, n);
    if (clash)
        plan_fault(p, UNIT_FAULT_CODE_TAKEN, S("code"), code, tree_unit(p->tree, p->a, clash, when.from).full_name_vi,
                   when.from);
}

static void check_parent(UnitPlan *p, UnitKind kind, UnitId parent, Period when, UnitId self)
{
    if (!parent.v) {
        if (kind != UNIT_NATION) plan_fault(p, UNIT_FAULT_PARENT_MISSING, S("parent"), S(""), S(""), DATE_NONE);
        return;
    }
    const UnitLife *life = tree_life(p->tree, parent);
    if (!life) {
        plan_fault(p, UNIT_FAULT_PARENT_UNKNOWN, S("parent"), arena_fmt(p->a, "%lld", (long long)parent.v), S(""),
                   DATE_NONE);
        return;
    }
    Str name = tree_unit(p->tree, p->a, life, when.from).full_name_vi;
    if (!may_hold[life->kind][kind])
        plan_fault(p, UNIT_FAULT_PARENT_KIND, S("parent"), name, S(""), DATE_NONE);
    else if (!period_inside(when, life->when))
        plan_fault(p, UNIT_FAULT_PARENT_ENDED, S("parent"), name, S(""),
                   when.from.day < life->when.from.day ? life->when.from : life->when.to);
    else if (self.v && tree_within(p->tree, parent, self, when.from))
        plan_fault(p, UNIT_FAULT_PARENT_CYCLE, S("parent"), name, S(""), DATE_NONE);
}

bool check_day(UnitPlan *p, Date on)
{
    if (date_is_none(on)) {
        plan_fault(p, UNIT_FAULT_DATE_MISSING, S("on"), S(""), S(""), DATE_NONE);
        return false;
    }
    if (on.day < date_from_ymd(1945, 9, 2).day || on.day >= date_from_ymd(2101, 1, 1).day) {
        plan_fault(p, UNIT_FAULT_DATE_BAD, S("on"), S(""), S(""), on);
        return false;
    }
    return true;
}

void check_draft(UnitPlan *p, UnitKind kind, const UnitDraft *d, Period when, UnitId self, const UnitId *ending, size_t n)
{
    if (!d->name_vi.len) plan_fault(p, UNIT_FAULT_NAME_MISSING, S("name_vi"), S(""), S(""), DATE_NONE);
    check_text(p, S("name_vi"), d->name_vi, 200);
    check_text(p, S("name_en"), d->name_en, 200);
    check_text(p, S("full_name_vi"), d->full_name_vi, 250);
    check_text(p, S("subtype"), d->subtype, 80);
    check_text(p, S("source"), d->source, 500);
    check_code(p, kind, d->code, when, self, ending, n);
    if (kind == UNIT_NATION && !self.v) plan_fault(p, UNIT_FAULT_ROOT, S("kind"), S(""), S(""), DATE_NONE);
    check_parent(p, kind, d->parent, when, self);
}

UnitLife *check_living(UnitPlan *p, UnitId id, Date on, Str field)
{
    UnitLife *life = tree_life(p->tree, id);
    if (!life) {
        plan_fault(p, UNIT_FAULT_UNIT_UNKNOWN, field, arena_fmt(p->a, "%lld", (long long)id.v), S(""), DATE_NONE);
        return NULL;
    }
    Str name = tree_unit(p->tree, p->a, life, on).full_name_vi;
    if (on.day <= life->when.from.day)
        plan_fault(p, UNIT_FAULT_DATE_BEFORE, field, name, S(""), life->when.from);
    else if (!period_has(life->when, on))
        plan_fault(p, UNIT_FAULT_ENDED, field, name, S(""), life->when.to);
    else
        return life;
    return NULL;
}
