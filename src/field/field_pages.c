/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Fieldwork of a round: opening it, how it goes, its cases, assigning them; the route table. */
#include "field/parts.h"

#include "field_board.html.h"
#include "field_cases.html.h"
#include "field_open.html.h"

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

static Str round_path(Ctx *c, RoundId id, const char *rest)
{
    return arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)id.v, rest);
}

static void crumbs(Ctx *c, const Round *r, bool inside)
{
    page_crumb(c, text_of(c->lang, "field.rounds"), S("/console/rounds"));
    page_crumb(c, round_title(r, c->lang), right_has(c, RIGHT_ROUND_READ, r->owner) ? round_path(c, r->id, "") : S(""));
    page_crumb(c, text_of(c->lang, "field.title"), inside ? round_path(c, r->id, "/fieldwork") : S(""));
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

/* The round of {id}, its fieldwork and what the reader may see of it. ERR_FORBIDDEN when that is nothing. */
typedef struct FieldAt { Round round; FieldRound f; RightScope scope; CaseCounts counts; bool opened; } FieldAt;

static Err field_at(Ctx *c, Right right, FieldAt *out)
{
    *out = (FieldAt){ 0 };
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, &out->round));
    TRY(scope_open(c->db, c->arena, c->session.person, right, out->round.owner, c->today, &out->scope));
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

/* ---- Opening --------------------------------------------------------------------------------------------- */
static Err samples_seen(Ctx *c, SampleRows *out)
{
    RightScope scope;
    TRY(right_scope(c, RIGHT_SAMPLE_READ, &scope));
    return sample_list(c->db, c->arena, &(ScopePage){ &scope, 0, INT64_MAX, 0 }, out);
}

static Err sample_choices(Ctx *c, SampleId chosen, Choices *out)
{
    SampleRows rows = { 0 };
    TRY(samples_seen(c, &rows));
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)rows.at[i].id.v), .chosen = rows.at[i].id.v == chosen.v,
                .label = text_fmt(c->arena, c->lang, "field.open.sample.item", ARG_S("title", rows.at[i].title), ARG_N("n", rows.at[i].main),
                                  ARG_S("time", time_text(c->arena, c->lang, rows.at[i].drawn_at))) };
    return OK;
}

/* Columns of the frames of all samples in the list: the same boxes serve whichever is chosen. */
static Err column_choices(Ctx *c, OpenView *v)
{
    static const char *const names[4] = { "unit", "name", "address", "phone" };
    SampleRows rows = { 0 };
    StrList    seen = { 0 };
    TRY(samples_seen(c, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        FrameRow    f;
        const Json *tree;
        TRY(frame_load(c->db, c->arena, rows.at[i].frame, &f));
        if (json_parse(c->arena, f.columns, &tree))
            continue;
        JSON_EACH(m, tree) {
            Str  name = S("");
            bool known = !json_str(json_get(m, S("name")), &name);
            for (size_t k = 0; k < seen.len && !known; k++)
                known = str_eq(seen.at[k], name);
            if (!known)
                *list_add(c->arena, &seen) = name;
        }
    }
    for (int k = 0; k < 4; k++)
        for (size_t i = 0; i < seen.len; i++)
            *list_add(c->arena, &v->columns[k]) = (Choice){ .value = seen.at[i], .label = seen.at[i], .chosen = str_eq(form_str(c, names[k]), seen.at[i]) };
    return OK;
}

static Err open_show(Ctx *c, FieldAt *at, OpenView *v, SampleId chosen, int status)
{
    bool taken;
    TRY(form_takes(c->db, c->store, c->arena, at->round.form, FORM_FIELD, &taken));
    v->r         = &at->round;
    v->action    = round_path(c, at->round.id, "/fieldwork/open");
    v->back_href = round_path(c, at->round.id, "");
    v->token     = c->page.form_token;
    if (at->round.identity == IDENTITY_CODE)
        v->why_not = text_of(c->lang, "field.open.coded");
    else if (!taken)
        v->why_not = text_of(c->lang, "field.open.channel");
    TRY(sample_choices(c, chosen, &v->samples));
    TRY(column_choices(c, v));
    c->page.error = v->errors.len > 0;
    crumbs(c, &at->round, false);
    Out o = page_begin(c, text_of(c->lang, "field.open.title"));
    field_open_view(&o, v);
    return page_end_status(c, &o, status);
}

static bool read_due(Ctx *c, OpenView *v, Date *out)
{
    return date_typed(c, form_str, "due", &v->due, out) && !date_is_none(*out) && out->day >= c->today.day &&
           date_ymd(*out).year <= 2100;
}

static Str open_args(Ctx *c, const FieldAt *at, SampleId sample, Date due, int64_t days)
{
    static const char *const names[4] = { "unit", "name", "address", "phone" };
    Buf b = buf_new(c->arena, 512);
    buf_fmt(&b, "{\"round\":%lld,\"sample\":%lld,\"erase_days\":%lld,\"due\":", (long long)at->round.id.v, (long long)sample.v, (long long)days);
    buf_json_str(&b, date_iso(c->arena, due));
    for (int i = 0; i < 4; i++) {
        buf_fmt(&b, ",\"%s\":", names[i]);
        buf_json_str(&b, form_str(c, names[i]));
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

static Err open_action(Ctx *c)
{
    FieldAt   at;
    OpenView  v = { .erase_days = form_str(c, "erase_days") };
    SampleRow s;
    FrameRow  f;
    Date      due;
    JobId     job;
    int64_t   sample = 0, days = 0;
    bool      taken;
    TRY(field_at(c, RIGHT_FIELD_MANAGE, &at));
    TRY(right_need(c, RIGHT_FIELD_MANAGE, at.round.owner));
    str_to_i64(form_str(c, "sample"), &sample);
    bool found = sample && sample_load(c->db, c->arena, (SampleId){ sample }, &s) == OK && right_has(c, RIGHT_SAMPLE_READ, s.owner);
    if (!found)
        field_error(c, &v.errors, S("sample"), text_of(c->lang, "field.open.sample.error"));
    else if (frame_load(c->db, c->arena, s.frame, &f) || !str_eq(f.state, S("ready")))
        field_error(c, &v.errors, S("sample"), text_of(c->lang, "field.open.frame.error"));
    if (!read_due(c, &v, &due))
        field_error(c, &v.errors, S("due_day"), text_of(c->lang, "field.open.due.error"));
    if (!str_to_i64(v.erase_days, &days) || days < 0 || days > 365)
        field_error(c, &v.errors, S("erase_days"), text_of(c->lang, "field.open.erase.error"));
    if (at.opened)
        return redirect_notice(c, round_path(c, at.round.id, "/fieldwork"), NOTICE_WARN, text_of(c->lang, "field.open.already"));
    TRY(form_takes(c->db, c->store, c->arena, at.round.form, FORM_FIELD, &taken));
    if (v.errors.len || at.round.identity == IDENTITY_CODE || !taken)
        return open_show(c, &at, &v, (SampleId){ sample }, 422);
    TRY(job_add(c, &(JobOrder){ .kind = field_open_job.name, .args = open_args(c, &at, (SampleId){ sample }, due, days),
                                .subject = round_title(&at.round, c->lang), .unit = at.round.owner }, &job));
    return job_show(c, job);
}

/* ---- How it goes -------------------------------------------------------------------------------------------- */
static GroupLine *line_for(Ctx *c, GroupLines *list, int64_t *keys, int64_t key)
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
    return field_map(c, &b->units, round_path(c, at->round.id, "/fieldwork"), even, over, &b->map);
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
        line_add(line_for(c, &b->units, units, x->unit.v), x);
        line_add(line_for(c, &b->people, people, x->interviewer.v), x);
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
        crumbs(c, &at.round, false);
        Out o = page_begin(c, text_of(c->lang, "field.title"));
        field_board_view(&o, &none);
        return page_end(c, &o);
    }
    if (!at.opened)
        return open_show(c, &at, &(OpenView){ .erase_days = S("30") }, (SampleId){ 0 }, 200);
    ProgressBoard b = { .r = &at.round, .f = &at.f, .today = c->today, .days_left = at.f.due.day - c->today.day, .whole = at.scope.all };
    TRY(board_sum(c, &at, &b));
    Time erase   = field_erase_at(&at.f, &at.round);
    b.erase_note = at.f.erased_at.ms ? text_fmt(c->arena, c->lang, "field.erased", ARG_S("time", time_text(c->arena, c->lang, at.f.erased_at)))
                   : erase.ms        ? text_fmt(c->arena, c->lang, "field.erase.at", ARG_S("time", time_text(c->arena, c->lang, erase)))
                                     : text_fmt(c->arena, c->lang, "field.erase.days", ARG_N("n", at.f.erase_days));
    b.may_manage = right_has(c, RIGHT_FIELD_MANAGE, (UnitId){ 0 });
    b.cases_href = round_path(c, at.round.id, "/fieldwork/cases");
    b.csv_href   = round_path(c, at.round.id, "/fieldwork/cases.csv");
    if (right_has(c, RIGHT_SAMPLE_READ, at.round.owner))
        b.sample_href = arena_fmt(c->arena, "/console/samples/drawn/%lld", (long long)at.f.sample.v);
    crumbs(c, &at.round, false);
    Out o = page_begin(c, text_of(c->lang, "field.title"));
    field_board_view(&o, &b);
    return page_end(c, &o);
}

/* ---- Cases --------------------------------------------------------------------------------------------------- */
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
            (void)line_for(c, &by_unit, units, at->counts.at[i].unit.v);
            (void)line_for(c, &by_person, people, at->counts.at[i].interviewer.v);
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
    v->base       = round_path(c, at->round.id, "/fieldwork/cases");
    v->action     = round_path(c, at->round.id, "/fieldwork/assign");
    v->may_manage = right_has(c, RIGHT_FIELD_MANAGE, (UnitId){ 0 });
    v->unit       = f.unit.v ? arena_fmt(c->arena, "%lld", (long long)f.unit.v) : S("");
    v->who        = f.interviewer.v ? arena_fmt(c->arena, "%lld", (long long)f.interviewer.v) : S("");
    v->state      = f.state;
    if (v->may_manage)
        TRY(field_interviewers(c, (PersonId){ 0 }, &v->interviewers));
    v->pager = (Pager){ .base = arena_fmt(c->arena, "%.*s?unit=%.*s&who=%.*s&state=%.*s&page=", STR_ARG(v->base), STR_ARG(v->unit), STR_ARG(v->who),
                                          STR_ARG(url_encode(c->arena, v->state))), .page = page, .pages = page + v->more };
    c->page.error = v->errors.len > 0;
    crumbs(c, &at->round, true);
    page_crumb(c, text_of(c->lang, "field.cases"), S(""));
    Out o = page_begin(c, text_of(c->lang, "field.cases"));
    field_cases_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err cases_page(Ctx *c)
{
    FieldAt at;
    TRY(field_at(c, RIGHT_FIELD_READ, &at));
    if (!at.opened)
        return redirect(c, round_path(c, at.round.id, "/fieldwork"));
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

static Err assign_one(Ctx *c, FieldAt *at, CaseId id, PersonId to, int64_t *n)
{
    FieldCase x;
    bool      changed = false;
    TRY(field_case_load(c->db, c->arena, id, &x));
    if (x.round.v != at->round.id.v || !scope_has(&at->scope, x.unit))
        return err_new(c->arena, ERR_FORBIDDEN, S("a case of other units"));
    TRY(field_case_assign(c->db, id, at->round.id, to, &changed));
    *n += changed;
    return OK;
}

/* The chosen cases, or all that the filter shows. */
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
    return OK;
}

static Err assign_action(Ctx *c)
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
    for (size_t i = 0; i < chosen.len; i++) {
        Arena keep = *c->arena;
        TRY(assign_one(c, &at, chosen.at[i].id, to, &n));
        if (at.scope.all)
            *c->arena = keep;
    }
    TRY(audit_add(c, S("field.assign"), S("round"), at.round.id.v, at.round.owner, arena_fmt(c->arena, "{\"to\":%lld,\"cases\":%lld}",
        (long long)to.v, (long long)n)));
    Str back = arena_fmt(c->arena, "%.*s?unit=%.*s&state=%.*s", STR_ARG(round_path(c, at.round.id, "/fieldwork/cases")), STR_ARG(url_encode(c->arena,
        form_str(c, "unit"))),
                         STR_ARG(url_encode(c->arena, form_str(c, "state"))));
    return redirect_notice(c, back, NOTICE_OK, text_fmt(c->arena, c->lang, "field.assign.done", ARG_N("n", n), ARG_S("person", field_person_text(c, to))));
}

static Err cases_file(Ctx *c)
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
    { POST, "/rounds/{id}/fieldwork/open",       RIGHT_FIELD_MANAGE, open_action },
    { GET,  "/rounds/{id}/fieldwork/cases",      RIGHT_FIELD_READ,   cases_page },
    { GET,  "/rounds/{id}/fieldwork/cases.csv",  RIGHT_FIELD_READ,   cases_file },
    { POST, "/rounds/{id}/fieldwork/assign",     RIGHT_FIELD_MANAGE, assign_action },
    { 0 },
};
