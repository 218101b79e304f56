/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cases of a round in the field: the list with its filters, assigning many at once, the file. */
#include "field/console.h"

#include "field_cases.html.h"

enum { CASES_A_PAGE = 100, CASES_AT_ONCE = 20000 };

static CaseFilter filter_of(Ctx *c, FieldAt *at, bool posted)
{
    int64_t unit = 0, who = 0;
    str_to_i64(posted ? form_str(c, "unit") : query_str(c, "unit"), &unit);
    str_to_i64(posted ? form_str(c, "who") : query_str(c, "who"), &who);
    return (CaseFilter){ .round = at->round.id, .unit = { unit }, .interviewer = { who }, .state = posted ? form_str(c, "state") : query_str(c, "state"),
                         .most = CASES_A_PAGE + 1, .scope = &at->scope };
}

static void case_filters(Ctx *c, FieldAt *at, CasesView *v, const CaseFilter *f)
{
    static const char *const states[] = { "open", "fresh", "callback", "done", "lost", "reserve" };
    int64_t *units = arena_new(c->arena, int64_t, at->counts.len + 1), *people = arena_new(c->arena, int64_t, at->counts.len + 1);
    GroupLines by_unit = { 0 }, by_person = { 0 };
    for (size_t i = 0; i < at->counts.len; i++)
        if (scope_has(&at->scope, at->counts.at[i].unit)) {
            (void)group_line_for(c, &by_unit, units, at->counts.at[i].unit.v);
            (void)group_line_for(c, &by_person, people, at->counts.at[i].interviewer.v);
        }
    for (size_t i = 0; i < by_unit.len; i++)
        *list_add(c->arena, &v->units) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)units[i]), .label = field_unit_text(c, (UnitId){ units[i] }),
                                                   .chosen = units[i] == f->unit.v };
    for (size_t i = 0; i < by_person.len; i++) {
        int64_t key = people[i] ? people[i] : -1;
        *list_add(c->arena, &v->people) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)key), .label = field_person_text(c,
            (PersonId){ people[i] }),
                                                    .chosen = key == f->interviewer.v };
    }
    for (size_t i = 0; i < COUNT_OF(states); i++)
        *list_add(c->arena, &v->states) = (Choice){ .value = str_from_c(states[i]), .chosen = str_eq(f->state, str_from_c(states[i])),
                                                    .label = text_find(c->lang, str_concat(c->arena, S("field.state."), str_from_c(states[i]))) };
}

static Err cases_show(Ctx *c, FieldAt *at, CasesView *v, bool posted, int status)
{
    CaseFilter f    = filter_of(c, at, posted);
    FieldCases rows = { 0 };
    int64_t    page = posted ? 1 : query_page(c);
    f.first = (page - 1) * CASES_A_PAGE;
    TRY(field_case_list(c->db, c->arena, &f, &rows));
    v->more = rows.len > CASES_A_PAGE;
    for (size_t i = 0; i < rows.len && i < CASES_A_PAGE; i++)
        *list_add(c->arena, &v->rows) = (CaseLine){ .x = &rows.at[i], .unit = field_unit_text(c, rows.at[i].unit),
            .interviewer = field_person_text(c, rows.at[i].interviewer), .late = field_case_late(&rows.at[i], &at->f, c->today),
            .href = arena_fmt(c->arena, "/console/field/desk/%lld", (long long)rows.at[i].id.v) };
    case_filters(c, at, v, &f);
    v->r          = &at->round;
    v->token      = c->page.form_token;
    v->base       = field_round_path(c, at->round.id, "/fieldwork/cases");
    v->action     = field_round_path(c, at->round.id, "/fieldwork/assign");
    v->may_manage = right_has(c, RIGHT_FIELD_MANAGE, (UnitId){ 0 });
    v->unit       = f.unit.v ? arena_fmt(c->arena, "%lld", (long long)f.unit.v) : S("");
    v->who        = f.interviewer.v ? arena_fmt(c->arena, "%lld", (long long)f.interviewer.v) : S("");
    v->state      = f.state;
    if (v->may_manage)
        TRY(field_interviewers(c, (PersonId){ 0 }, &v->interviewers));
    v->pager = (Pager){ .base = arena_fmt(c->arena, "%.*s?unit=%.*s&who=%.*s&state=%.*s&page=", STR_ARG(v->base), STR_ARG(v->unit), STR_ARG(v->who),
                                          STR_ARG(url_encode(c->arena, v->state))), .page = page, .pages = page + v->more };
    c->page.error = v->errors.len > 0;
    field_crumbs(c, &at->round, true);
    page_crumb(c, text_of(c->lang, "field.cases"), S(""));
    Out o = page_begin(c, text_of(c->lang, "field.cases"));
    field_cases_view(&o, v);
    return page_end_status(c, &o, status);
}

Err field_cases_page(Ctx *c)
{
    FieldAt at;
    TRY(field_at(c, RIGHT_FIELD_READ, &at));
    if (!at.opened)
        return redirect(c, field_round_path(c, at.round.id, "/fieldwork"));
    return cases_show(c, &at, &(CasesView){ 0 }, false, 200);
}

/* A person to whom cases may be given: holds FIELD_WORK, and works where the reader manages. 0 takes cases back. */
static Err assignee(Ctx *c, Str typed, PersonId *out, bool *out_good)
{
    Choices people = { 0 };
    int64_t id = 0;
    *out_good = str_eq(typed, S("0"));
    if (*out_good || !str_to_i64(typed, &id))
        return OK;
    TRY(field_interviewers(c, (PersonId){ id }, &people));
    for (size_t i = 0; i < people.len; i++)
        *out_good = *out_good || people.at[i].chosen;
    out->v = id;
    return OK;
}

/* The chosen cases, or all that the filter shows; all of this round and of units of the reader. */
static Err chosen_cases(Ctx *c, FieldAt *at, FieldCases *out)
{
    StrList list = { 0 };
    if (form_has(c, "all")) {
        CaseFilter f = filter_of(c, at, true);
        f.most = CASES_AT_ONCE;
        return field_case_list(c->db, c->arena, &f, out);
    }
    form_all(c, "case", &list);
    for (size_t i = 0; i < list.len; i++) {
        int64_t id = 0;
        if (str_to_i64(list.at[i], &id))
            *list_add(c->arena, out) = (FieldCase){ .id = { id } };
    }
    TRY(field_cases_units(c->db, at->round.id, out));
    for (size_t i = 0; i < out->len; i++)
        if (!out->at[i].round.v || !scope_has(&at->scope, out->at[i].unit))
            return err_new(c->arena, ERR_FORBIDDEN, S("a case of other units"));
    return OK;
}

Err field_assign_action(Ctx *c)
{
    FieldAt    at;
    CasesView  v = { 0 };
    FieldCases chosen = { 0 };
    PersonId   to = { 0 };
    bool       good = false;
    int64_t    n = 0;
    TRY(field_at(c, RIGHT_FIELD_MANAGE, &at));
    if (!at.opened)
        return err_new(c->arena, ERR_NOT_FOUND, S("no fieldwork"));
    TRY(assignee(c, form_str(c, "to"), &to, &good));
    TRY(chosen_cases(c, &at, &chosen));
    if (!good)
        field_error(c, &v.errors, S("to"), text_of(c->lang, "field.assign.error"));
    if (!chosen.len)
        field_error(c, &v.errors, S("case"), text_of(c->lang, "field.assign.none"));
    if (v.errors.len)
        return cases_show(c, &at, &v, true, 422);
    TRY(field_cases_assign(c->db, at.round.id, &chosen, to, &n));
    TRY(audit_add(c, S("field.assign"), S("round"), at.round.id.v, at.round.owner, arena_fmt(c->arena, "{\"to\":%lld,\"cases\":%lld}",
        (long long)to.v, (long long)n)));
    if (n)
        TRY(field_tell_given(c, &at.round, to, n));
    Str back = arena_fmt(c->arena, "%.*s?unit=%.*s&who=%.*s&state=%.*s", STR_ARG(field_round_path(c, at.round.id, "/fieldwork/cases")),
                         STR_ARG(url_encode(c->arena, form_str(c, "unit"))), STR_ARG(url_encode(c->arena, form_str(c, "who"))),
                         STR_ARG(url_encode(c->arena, form_str(c, "state"))));
    return redirect_notice(c, back, NOTICE_OK, text_fmt(c->arena, c->lang, "field.assign.done", ARG_N("n", n), ARG_S("person", field_person_text(c, to))));
}

Err field_cases_file(Ctx *c)
{
    FieldAt    at;
    FieldCases rows = { 0 };
    TRY(field_at(c, RIGHT_FIELD_READ, &at));
    TRY(field_case_list(c->db, c->arena, &(CaseFilter){ .round = at.round.id, .most = CASES_AT_ONCE, .scope = &at.scope }, &rows));
    Buf b = buf_new(c->arena, rows.len * 128 + 1024);
    static const char *const columns[] = { "td_case", "place", "unit", "interviewer", "outcome", "aapor", "attempts", "last_day", "replaces_case", "weight" };
    csv_bom(&b);
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        csv_field(&b, str_from_c(columns[i]));
    csv_end(&b);
    for (size_t i = 0; i < rows.len; i++) {
        const FieldCase *x = &rows.at[i];
        csv_field(&b, x->code);
        csv_field(&b, x->place);
        csv_field(&b, x->unit.v ? arena_fmt(c->arena, "%lld", (long long)x->unit.v) : S(""));
        csv_field(&b, x->interviewer.v ? arena_fmt(c->arena, "%lld", (long long)x->interviewer.v) : S(""));
        csv_field(&b, outcome_code(x->outcome));
        csv_field(&b, outcome_aapor(x->outcome));
        csv_num(&b, x->attempts);
        csv_field(&b, x->last_at.ms ? date_iso(c->arena, date_of(x->last_at)) : S(""));
        csv_num(&b, x->replaces.v ? 1 : 0);
        csv_real(&b, x->weight);
        csv_end(&b);
    }
    return answer_file(c, S("text/csv; charset=utf-8"), str_concat(c->arena, at.round.code, S("-cases.csv")), buf_str(&b));
}
