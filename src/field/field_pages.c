/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fieldwork of a round: what its pages share, how it goes; the route table. */
#include "field/claims.h"

#include "field_board.html.h"

#include <math.h>
#include <stdlib.h>

Str field_unit_text(Ctx *c, UnitId id)
{
    return id.v ? unit_name_today(c, id) : text_of(c->lang, "field.no_unit");
}

Str field_person_text(Ctx *c, PersonId id)
{
    Str name = person_name_of(c, id);
    return name.len ? name : text_of(c->lang, "field.nobody");
}

bool field_case_late(const FieldCase *x, const FieldRound *f, Date today)
{
    return !outcome_final(x->outcome) && today.day > f->due.day;
}

Str field_round_path(Ctx *c, RoundId id, const char *rest)
{
    return arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)id.v, rest);
}

void field_crumbs(Ctx *c, const Round *r, bool inside)
{
    page_crumb(c, text_of(c->lang, "field.rounds"), S("/console/rounds"));
    page_crumb(c, round_title(r, c->lang), right_has(c, RIGHT_ROUND_READ, r->owner) ? field_round_path(c, r->id, "") : S(""));
    page_crumb(c, text_of(c->lang, "field.title"), inside ? field_round_path(c, r->id, "/fieldwork") : S(""));
}

/* Interviewers who work in the units where the reader manages fieldwork. */
Err field_interviewers(Ctx *c, PersonId chosen, Choices *out)
{
    static const Role roles[] = { ROLE_INTERVIEWER, ROLE_SUPERVISOR };
    UnitIds tops;
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_FIELD_MANAGE, c->today, &tops));
    for (size_t i = 0; i < COUNT_OF(roles) && tops.len; i++) {
        People       people = { 0 };
        int64_t      all;
        PersonFilter f = { .role = roles[i], .today = c->today, .within = &tops, .limit = 500 };
        TRY(person_list(c->db, c->arena, &f, &people, &all));
        for (size_t k = 0; k < people.len; k++)
            if (!people.at[k].disabled)
                *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)people.at[k].id.v),
                    .chosen = people.at[k].id.v == chosen.v,
                    .label = arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(people.at[k].name), STR_ARG(people.at[k].login)) };
    }
    return OK;
}

Err field_at(Ctx *c, Right right, FieldAt *out)
{
    *out = (FieldAt){ 0 };
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, &out->round));
    TRY(scope_open(c->db, c->arena, c->session.person, right, out->round.owner, c->today, &out->scope));
    c->page.simulated = out->round.simulated;
    Err e = field_round_load(c->db, c->arena, out->round.id, &out->f);
    out->opened = !e;
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    if (out->opened)
        TRY(field_case_counts(c->db, c->arena, out->round.id, &out->counts));
    bool any = out->scope.all;
    for (size_t i = 0; i < out->counts.len && !any; i++)
        any = scope_has(&out->scope, out->counts.at[i].unit);
    return any ? OK : err_new(c->arena, ERR_FORBIDDEN, S("fieldwork of other units"));
}

/* ---- How it goes -------------------------------------------------------------------------------------------- */
GroupLine *group_line_for(Ctx *c, GroupLines *list, int64_t *keys, int64_t key)
{
    for (size_t i = 0; i < list->len; i++)
        if (keys[i] == key)
            return &list->at[i];
    GroupLine *line = list_add(c->arena, list);
    *line = (GroupLine){ .key = key };
    keys[list->len - 1] = key;
    return line;
}

static void line_add(GroupLine *line, const CaseCount *x)
{
    line->cases += x->n;
    line->attempted += x->attempted;
    line->callbacks += x->callbacks;
    line->done += outcome_group(x->outcome) <= GROUP_P ? x->n : 0;
    line->final += outcome_final(x->outcome) ? x->n : 0;
}

static int by_label(const void *x, const void *y)
{
    const GroupLine *p = x, *q = y;
    return text_cmp(LANG_VI, p->label, q->label);
}

static void board_rates(Ctx *c, ProgressBoard *b, const double n[GROUP_COUNT], const double w[GROUP_COUNT])
{
    static const struct { const char *name; size_t at; } names[] = {
        { "RR1", offsetof(FieldRates, rr[0]) },     { "RR2", offsetof(FieldRates, rr[1]) },     { "RR3", offsetof(FieldRates, rr[2]) },
        { "RR4", offsetof(FieldRates, rr[3]) },     { "RR5", offsetof(FieldRates, rr[4]) },     { "RR6", offsetof(FieldRates, rr[5]) },
        { "COOP1", offsetof(FieldRates, coop[0]) }, { "COOP3", offsetof(FieldRates, coop[2]) }, { "REF1", offsetof(FieldRates, ref[0]) },
        { "CON1", offsetof(FieldRates, con[0]) },   { "CON3", offsetof(FieldRates, con[2]) },
    };
    FieldRates plain = field_rates(n, NAN), weighted = field_rates(w, NAN);
    b->e = plain.e;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        *list_add(c->arena, &b->rates) = (RateLine){ .name = str_from_c(names[i].name), .value = *(const double *)((const char *)&plain + names[i].at),
            .weighted = *(const double *)((const char *)&weighted + names[i].at),
            .meaning = text_find(c->lang, str_concat(c->arena, S("field.rate."), str_lower_ascii(c->arena, str_from_c(names[i].name)))) };
}

/* Names, links and pace of the lines, and the tiles that the places make. */
static Err board_lines(Ctx *c, FieldAt *at, ProgressBoard *b, const int64_t *units, const int64_t *people)
{
    double even = field_even_share(date_of(at->f.opened_at), at->f.due, c->today);
    bool   over = c->today.day > at->f.due.day;
    for (size_t i = 0; i < b->units.len; i++) {
        b->units.at[i].label = field_unit_text(c, (UnitId){ units[i] });
        b->units.at[i].href  = arena_fmt(c->arena, "/console/rounds/%lld/fieldwork/cases?unit=%lld", (long long)at->round.id.v, (long long)units[i]);
        b->units.at[i].pace  = field_pace(b->units.at[i].cases, b->units.at[i].final, even, over);
    }
    for (size_t i = 0; i < b->people.len; i++) {
        b->people.at[i].label = field_person_text(c, (PersonId){ people[i] });
        b->people.at[i].href  = arena_fmt(c->arena, "/console/rounds/%lld/fieldwork/cases?who=%lld", (long long)at->round.id.v,
            (long long)(people[i] ? people[i] : -1));
        b->people.at[i].pace  = field_pace(b->people.at[i].cases, b->people.at[i].final, even, over);
    }
    if (b->units.len > 1)
        qsort(b->units.at, b->units.len, sizeof *b->units.at, by_label);
    if (b->people.len > 1)
        qsort(b->people.at, b->people.len, sizeof *b->people.at, by_label);
    return field_map(c, &b->units, field_round_path(c, at->round.id, "/fieldwork"), even, over, &b->map);
}

static Err board_sum(Ctx *c, FieldAt *at, ProgressBoard *b)
{
    int64_t *units = arena_new(c->arena, int64_t, at->counts.len + 1), *people = arena_new(c->arena, int64_t, at->counts.len + 1);
    int64_t  outcomes[OUTCOME_COUNT] = { 0 };
    double   n[GROUP_COUNT] = { 0 }, w[GROUP_COUNT] = { 0 };
    for (size_t i = 0; i < at->counts.len; i++) {
        const CaseCount *x = &at->counts.at[i];
        if (!scope_has(&at->scope, x->unit))
            continue;
        GroupLine whole = { 0 };
        line_add(&whole, x);
        b->cases += whole.cases;
        b->attempted += whole.attempted;
        b->done += whole.done;
        b->final += whole.final;
        b->callbacks += outcome_final(x->outcome) ? 0 : whole.callbacks;
        b->unassigned += x->interviewer.v ? 0 : x->n;
        outcomes[x->outcome] += x->n;
        n[outcome_group(x->outcome)] += (double)x->n;
        w[outcome_group(x->outcome)] += x->weight;
        line_add(group_line_for(c, &b->units, units, x->unit.v), x);
        line_add(group_line_for(c, &b->people, people, x->interviewer.v), x);
    }
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (outcomes[o])
            *list_add(c->arena, &b->outcomes) = (OutcomeLine){ (Outcome)o, outcomes[o] };
    board_rates(c, b, n, w);
    return board_lines(c, at, b, units, people);
}

static Err board_page(Ctx *c)
{
    FieldAt at;
    TRY(field_at(c, RIGHT_FIELD_READ, &at));
    if (!at.opened && !right_has(c, RIGHT_FIELD_MANAGE, at.round.owner)) {
        ProgressBoard none = { .r = &at.round };
        field_crumbs(c, &at.round, false);
        Out o = page_begin(c, text_of(c->lang, "field.title"));
        field_board_view(&o, &none);
        return page_end(c, &o);
    }
    if (!at.opened)
        return field_open_show(c, &at, &(OpenView){ .erase_days = S("30") }, (SampleId){ 0 }, 200);
    ProgressBoard b = { .r = &at.round, .f = &at.f, .today = c->today, .days_left = at.f.due.day - c->today.day, .whole = at.scope.all };
    TRY(board_sum(c, &at, &b));
    Time erase   = field_erase_at(&at.f, &at.round);
    b.erase_note = at.f.erased_at.ms ? text_fmt(c->arena, c->lang, "field.erased", ARG_S("time", time_text(c->arena, c->lang, at.f.erased_at)))
                   : erase.ms        ? text_fmt(c->arena, c->lang, "field.erase.at", ARG_S("time", time_text(c->arena, c->lang, erase)))
                                     : text_fmt(c->arena, c->lang, "field.erase.days", ARG_N("n", at.f.erase_days));
    ScopePage claims = { .scope = &at.scope };
    TRY(claim_rows(c->db, c->arena, at.round.id, true, &claims, &(ClaimRows){ 0 }));
    b.claims      = claims.all;
    b.claims_href = field_round_path(c, at.round.id, "/fieldwork/claims");
    b.may_manage = right_has(c, RIGHT_FIELD_MANAGE, (UnitId){ 0 });
    b.cases_href = field_round_path(c, at.round.id, "/fieldwork/cases");
    b.csv_href   = field_round_path(c, at.round.id, "/fieldwork/cases.csv");
    if (right_has(c, RIGHT_SAMPLE_READ, at.round.owner))
        b.sample_href = arena_fmt(c->arena, "/console/samples/drawn/%lld", (long long)at.f.sample.v);
    field_crumbs(c, &at.round, false);
    Out o = page_begin(c, text_of(c->lang, "field.title"));
    field_board_view(&o, &b);
    return page_end(c, &o);
}

const Route field_console_routes[] = {
    { GET,  "/field",                        RIGHT_FIELD_WORK,   mine_page },
    { GET,  "/field/cases/{id}",             RIGHT_FIELD_WORK,   case_page },
    { POST, "/field/cases/{id}/contact",     RIGHT_FIELD_WORK,   case_contact_action },
    { POST, "/field/cases/{id}/attempt",     RIGHT_FIELD_WORK,   case_attempt_action },
    { POST, "/field/cases/{id}/interview",   RIGHT_FIELD_WORK,   case_interview_action },
    { GET,  "/field/desk/{id}",              RIGHT_FIELD_READ,   case_page },
    { POST, "/field/desk/{id}/assign",       RIGHT_FIELD_MANAGE, case_assign_action },
    { POST, "/field/desk/{id}/attempt",      RIGHT_FIELD_MANAGE, case_attempt_action },
    { POST, "/field/desk/{id}/reserve",      RIGHT_FIELD_MANAGE, case_reserve_action },
    { GET,  "/rounds/{id}/fieldwork",            RIGHT_FIELD_READ,   board_page },
    { POST, "/rounds/{id}/fieldwork/open",       RIGHT_FIELD_MANAGE, field_open_action },
    { GET,  "/rounds/{id}/fieldwork/cases",      RIGHT_FIELD_READ,   field_cases_page },
    { GET,  "/rounds/{id}/fieldwork/cases.csv",  RIGHT_FIELD_READ,   field_cases_file },
    { POST, "/rounds/{id}/fieldwork/assign",     RIGHT_FIELD_MANAGE, field_assign_action },
    { GET,  "/rounds/{id}/fieldwork/claims",     RIGHT_FIELD_READ,   field_claims_page },
    { GET,  "/field/claims/{id}",            RIGHT_FIELD_READ,   field_claim_page },
    { POST, "/field/claims/{id}",            RIGHT_FIELD_MANAGE, field_claim_action },
    { 0 },
};
