/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One question a page, and the page where everything is checked before sending. */
#include "collect/respond.h"
#include "respond_check.html.h"
#include "respond_question.html.h"

HelpBox respond_help(const Respond *r)
{
    Time end = r->info->round.closes_at;
    return (HelpBox){ .resume_code = r->has_draft ? word_grouped(r->c->arena, r->carried.resume) : S(""),
                      .until = end.ms ? date_of(end) : DATE_NONE, .phone = r->c->app->help_phone,
                      .language_href = r->has_draft && form_other_languages(r->c->arena, r->program).len ? respond_href(r, "/language") : S("") };
}

/* A person's own answer: what the questionnaire began with counts only once its page, before this one, has been sent. */
static bool given_at(const Respond *r, FormState *s, const FormAnswers *begun, int i, int shown)
{
    const FormNode *n = &r->program->nodes.at[i];
    if (!form_node_asks(n) || n->type == Q_HIDDEN || n->calculation >= 0 || !r->x.at[n->answer].len || !form_state_relevant(s, i, 0))
        return false;
    return (i < shown || !str_eq(r->x.at[n->answer], begun->at[n->answer])) && !form_state_read_only(s, r->c->arena, i, 0);
}

/* An entry of a repeat counts as one answer. */
static bool entry_given(const Respond *r, const FormState *s, const FormState *begun, int i, int shown)
{
    Arena *a   = r->c->arena;
    Str   text = form_state_there(s, i) ? form_entry_text(a, r->program, s, i, r->c->lang) : S("");
    if (!text.len || r->x.instances.at[i - 1].repeat < shown)
        return text.len > 0;
    return i > (int)begun->x->instances.len || !str_eq(text, form_entry_text(a, r->program, begun, i, r->c->lang));
}

/* How many answers stand in the draft while the page of a node is shown. */
static int64_t given(const Respond *r, int shown)
{
    int64_t     n     = 0;
    Arena      *a     = r->c->arena;
    FormAnswers begun = form_answers_new(a, r->program);
    begun.mix         = r->x.mix;
    if (!r->draft.case_id)                /* an interview of fieldwork begins empty */
        form_begin(r->program, a, &begun, r->draft.started_at);
    FormState s = form_state(r->program, a, &r->x, r->c->now), before = form_state(r->program, a, &begun, r->draft.started_at);
    for (size_t i = 0; i < r->program->nodes.len; i++)
        n += given_at(r, &s, &begun, (int)i, shown);
    for (int i = 1; i <= (int)r->x.instances.len; i++)
        n += entry_given(r, &s, &before, i, shown);
    return n;
}

/* "17:05"; with the day when that was not today. */
static Str saved_time(const Respond *r)
{
    if (date_of(r->draft.saved_at).day != r->c->today.day)
        return time_text(r->c->arena, r->c->lang, r->draft.saved_at);
    return clock_text(r->c->arena, r->draft.saved_at);
}

/* ---- Question -------------------------------------------------------------------------------------- */
static Err question_view(Ctx *c, Respond *r, int node, const AnswerIssues *issues)
{
    bool checking = str_eq(query_str(c, "from"), S("check"));
    QuestionView v = {
        .page = respond_page_of(r, &r->typed, issues), .node = node, .takes_files = form_page_takes_files(r->program, node),
        .part = form_part(r->program, *c->arena, &r->x, c->now, c->lang, node),
        .back_href = checking ? respond_href(r, "/check") : site_path(c, respond_before(r, node)),
        .action = str_concat(c->arena, site_path(c, respond_question_path(r, node)), checking ? S("?from=check") : S("")),
        .token = form_token(c), .saved = given(r, node), .saved_time = saved_time(r), .from_check = checking, .help = respond_help(r),
    };
    for (size_t i = 0; issues && i < issues->len; i++)
        field_error(c, &v.errors, form_control_id(c->arena, r->program, issues->at[i].node), issues->at[i].message[c->lang]);
    Out o = page_begin(c, form_label_filled(c->arena, r->program, node, &r->x, c->lang));
    respond_question(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

/* A page that is not asked now (an earlier answer changed) leads to the next one that is. */
static bool asked_now(Respond *r, int node)
{
    if (node >= 0 && r->program->nodes.at[node].type == Q_REPEAT) {
        FormState s = form_state(r->program, r->c->arena, &r->x, r->c->now);
        return form_repeat_open(&s, *r->c->arena, node, 0);
    }
    return node >= 0 && form_relevant(r->program, *r->c->arena, &r->x, r->c->now, node);
}

Err respond_question_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    int node = respond_question_of(&r, path_str(c, "name"));
    if (node < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("question"));
    if (asked_now(&r, node) && r.program->nodes.at[node].type == Q_REPEAT)
        return respond_list_view(&r, node, 0);
    return asked_now(&r, node) ? question_view(c, &r, node, NULL) : redirect(c, respond_after(&r, node));
}

Err respond_question_action(Ctx *c)
{
    Respond      r;
    bool         left;
    AnswerIssues issues = { 0 };
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    int node = respond_question_of(&r, path_str(c, "name"));
    if (node < 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("question"));
    bool later = form_has(c, "later");
    if (r.program->nodes.at[node].type == Q_REPEAT)
        return respond_list_send(&r, node, 0);
    HttpFields fields;
    TRY(respond_fields(&r, 0, &fields, &issues));
    form_page_read(r.program, c->arena, c->lang, &fields, c->now, node, &r.x, &r.typed, &issues);
    if (respond_stays(&r)) {
        TRY(respond_save(&r, respond_question_path(&r, node)));
        return question_view(c, &r, node, NULL);
    }
    if (issues.len && !later) {
        TRY(respond_save(&r, respond_question_path(&r, node)));
        return question_view(c, &r, node, &issues);
    }
    bool checking = str_eq(query_str(c, "from"), S("check"));
    Str  next     = later ? respond_question_path(&r, node) : checking ? respond_path(&r, "/check") : respond_after(&r, node);
    TRY(respond_save(&r, next));
    return redirect(c, later ? respond_path(&r, "/resume?saved=1") : next);
}

/* ---- Check ------------------------------------------------------------------------------------------- */
typedef struct Checking { Respond *r; FormState *s; const AnswerIssues *issues; CheckRows *rows; FormPart last; } Checking;

static Str check_id(Arena *a, int node, int instance)
{
    return instance ? arena_fmt(a, "cau-%d-%d", node, instance) : arena_fmt(a, "cau-%d", node);
}

static CheckRow *check_row(Checking *k, int node, int instance, Str path)
{
    Ctx      *c   = k->r->c;
    CheckRow *row = list_add(c->arena, k->rows);
    *row = (CheckRow){
        .id    = check_id(c->arena, node, instance),
        .label = form_label_filled_at(c->arena, k->r->program, node, &k->r->x, instance, c->lang),
        .value = form_answer_text_at(c->arena, k->r->program, node, &k->r->x, instance, c->lang),
        .href  = str_concat(c->arena, site_path(c, path), S("?from=check")),
    };
    for (size_t i = 0; i < k->issues->len; i++)
        row->missing |= k->issues->at[i].node == node && k->issues->at[i].instance == instance;
    return row;
}

/* All questions of an entry, named after it. Repeats inside it have lists of their own, reached from its page. */
static void check_entry(Checking *k, int instance)
{
    Arena *a    = k->r->c->arena;
    Str    name = respond_entry_name(k->r, instance);
    for (int i = 0; i < (int)k->r->program->nodes.len; i++) {
        const FormNode *n = &k->r->program->nodes.at[i];
        if (!form_cell(k->r->program, &k->r->x, i, instance) || !form_node_answered(n) || !form_state_relevant(k->s, i, instance))
            continue;
        CheckRow *row = check_row(k, i, instance, respond_entry_path(k->r, instance));
        row->label    = arena_fmt(a, "%.*s: %.*s", STR_ARG(name), STR_ARG(row->label));
    }
}

static void check_entries(Checking *k, int repeat)
{
    for (int i = 1; i <= (int)k->r->x.instances.len; i++)
        if (k->r->x.instances.at[i - 1].repeat == repeat && form_state_there(k->s, i))
            check_entry(k, i);
}

static CheckRows check_rows(Ctx *c, Respond *r, const AnswerIssues *issues)
{
    CheckRows rows  = { 0 };
    FormState state = form_state(r->program, c->arena, &r->x, c->now);
    Checking  k     = { r, &state, issues, &rows, { 0 } };
    for (int i = 0; i < (int)r->program->nodes.len; i++) {
        const FormNode *n    = &r->program->nodes.at[i];
        size_t          from = rows.len;
        if (n->type == Q_REPEAT)
            check_entries(&k, i);
        else if (n->repeat < 0 && form_node_answered(n) && state.relevant[i])
            check_row(&k, i, 0, respond_question_path(r, form_page_of(r->program, i)));
        if (rows.len == from)
            continue;
        FormPart part = form_part(r->program, *c->arena, &r->x, c->now, c->lang, i);
        CheckRow *row = &rows.at[from];
        row->first    = from == 0 || part.number != k.last.number;
        if (row->first && part.total > 1)
            row->section = part.title;
        k.last = part;
    }
    return rows;
}

AnswerIssues respond_faults(const Respond *r)
{
    AnswerIssues all = { 0 }, shown = { 0 };
    form_check(r->program, r->c->arena, &r->x, r->c->now, -1, &all);
    for (size_t i = 0; i < all.len; i++)
        if (form_node_answered(&r->program->nodes.at[all.at[i].node]))
            *list_add(r->c->arena, &shown) = all.at[i];
    return shown;
}

Err respond_check_view(Ctx *c, Respond *r, bool tried)
{
    AnswerIssues issues = respond_faults(r);
    int last = form_prev_page(r->program, *c->arena, &r->x, c->now, (int)r->program->nodes.len);
    CheckView v = {
        .rows = check_rows(c, r, &issues), .action = respond_href(r, "/check"), .token = form_token(c), .help = respond_help(r),
        .back_href = last >= 0 ? site_path(c, respond_question_path(r, last)) : respond_href(r, ""),
    };
    for (size_t i = 0; tried && i < issues.len; i++) {
        Str label = form_label_filled_at(c->arena, r->program, issues.at[i].node, &r->x, issues.at[i].instance, c->lang);
        if (issues.at[i].instance)
            label = arena_fmt(c->arena, "%.*s: %.*s", STR_ARG(respond_entry_name(r, issues.at[i].instance)), STR_ARG(label));
        field_error(c, &v.errors, check_id(c->arena, issues.at[i].node, issues.at[i].instance),
                    arena_fmt(c->arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(issues.at[i].message[c->lang])));
    }
    Out o = page_begin(c, text_of(c->lang, "collect.check.title"));
    respond_check(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

Err respond_check_page(Ctx *c)
{
    Respond r;
    bool    left;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    if (r.info->round.identity == IDENTITY_CODE && !r.carried.code.len)
        return redirect(c, respond_path(&r, "/code"));
    return respond_check_view(c, &r, false);
}
