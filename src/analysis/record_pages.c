/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One record in the console: answers as they count, what was changed, and the acts. */
#include "analysis/cleaning.h"

#include "analysis_record.html.h"

static Err load_record(Ctx *c, Right right, Round *r, RecordPage *v)
{
    TRY(analysis_round(c, right, r));
    SubmissionId id = { path_int(c, "record") };
    TRY(record_load(c->db, c->store, c->arena, id, &v->v));
    if (v->v.round.v != r->id.v)
        return err_new(c->arena, ERR_NOT_FOUND, S("record"));
    v->r      = r;
    v->record = record_code(c->arena, id);
    v->base   = arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)r->id.v, (long long)id.v);
    return OK;
}

static Err read_answers(Ctx *c, const FormProgram *p, Str text, FormAnswers *out)
{
    const Json *json;
    *out = form_answers_new(c->arena, p);
    TRY(json_parse(c->arena, text, &json));
    form_answers_load(c->arena, p, json, out);
    return OK;
}

/* Entries of repeats stand as they came: corrections are of questions outside them. */
static void entries_of(Ctx *c, const FormProgram *p, const FormAnswers *x, RecordPage *v)
{
    for (int entry = 1; entry <= (int)x->instances.len; entry++)
        for (int i = 0; i < (int)p->nodes.len; i++) {
            const Str *cell = form_cell(p, x, i, entry);
            if (cell && cell->len)
                *list_add(c->arena, &v->lines) = (RecordLine){ .name = p->nodes.at[i].name, .label = form_cell_label(c->arena, p, x, i, entry, c->lang),
                    .value = form_answer_text_at(c->arena, p, i, x, entry, c->lang) };
        }
}

static Err lines_of(Ctx *c, const FormProgram *p, RecordPage *v)
{
    FormAnswers was, is;
    TRY(read_answers(c, p, v->v.original, &was));
    TRY(read_answers(c, p, v->v.answers, &is));
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->answer < 0)
            continue;
        Str  label = form_label_plain(c->arena, p, (int)i, c->lang);
        bool same  = str_eq(was.at[n->answer], is.at[n->answer]);
        if (form_node_asks(n))
            *list_add(c->arena, &v->questions) = (Choice){ .value = n->name, .chosen = str_eq(n->name, v->question),
                .label = str_join(c->arena, (Str[]){ n->name, S(" – "), cut_utf8(label, 90) }, 3, S("")) };
        if (!is.at[n->answer].len && same)
            continue;
        *list_add(c->arena, &v->lines) = (RecordLine){ n->name, label, answer_label(c->arena, p, (int)i, &is, c->lang),
                                                       answer_label(c->arena, p, (int)i, &was, c->lang), !same };
    }
    entries_of(c, p, &is, v);
    return OK;
}

static Err record_view(Ctx *c, RecordPage *v, int status)
{
    const FormProgram *p;
    CleaningShow       rules;
    TRY(form_program(c->db, c->store, c->arena, v->r->form, &p));
    TRY(lines_of(c, p, v));
    TRY(record_version_list(c->db, c->arena, v->v.id, &v->versions));
    TRY(finding_of_record(c->db, c->arena, v->v.id, &v->findings));
    TRY(cleaning_show_open(c, v->r, &rules));
    for (size_t i = 0; i < v->findings.len; i++)
        *list_add(c->arena, &v->rules) = cleaning_rule_text(&rules, v->findings.at[i].rule);
    TRY(record_files(c->db, c->arena, v->v.id, &v->files));
    v->files_shown = right_has(c, RIGHT_SUBMISSION_READ, v->r->owner);
    v->token      = form_token(c);
    v->findings_href = str_join(c->arena, (Str[]){ findings_path(c, v->r), S("?record="), v->record }, 3, S(""));
    v->may_manage = right_has(c, RIGHT_ANALYSIS_MANAGE, v->r->owner);
    Str title = text_fmt(c->arena, c->lang, "analysis.record.title", ARG_S("code", v->record));
    page_crumb(c, text_of(c->lang, "analysis.cleaning"), analysis_path(c, v->r, "/cleaning"));
    page_crumb(c, title, S(""));
    Out o = page_begin(c, title);
    analysis_record(&o, v);
    return page_end_status(c, &o, status);
}

Err record_page(Ctx *c)
{
    Round      r;
    RecordPage v = { 0 };
    TRY(load_record(c, RIGHT_ANALYSIS_READ, &r, &v));
    return record_view(c, &v, 200);
}

static RecordAct act_of(Ctx *c, Str question, Str value, Str reason)
{
    return (RecordAct){ .question = question, .value = value, .reason = reason, .batch = id_new(), .person = c->session.person,
                        .person_name = c->session.who.name, .at = c->now };
}

static Err done(Ctx *c, const Round *r, const RecordPage *v, Str action, const RecordAct *act)
{
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"record\":");
    buf_json_str(&detail, v->record);
    buf_lit(&detail, ",\"question\":");
    buf_json_str(&detail, act->question);
    buf_lit(&detail, ",\"reason\":");
    buf_json_str(&detail, act->reason);
    buf_byte(&detail, '}');
    TRY(analysis_audit(c, action, r, buf_str(&detail)));
    return redirect_notice(c, v->base, NOTICE_OK, text_of(c->lang, "analysis.done.record"));
}

static void check_reason(Ctx *c, FieldErrors *errors, const char *field, Str reason)
{
    if (!reason.len)
        field_error(c, errors, str_from_c(field), text_of(c->lang, "analysis.error.reason"));
    else if (utf8_count(reason) > REASON_MOST)
        field_error(c, errors, str_from_c(field), text_fmt(c->arena, c->lang, "collect.fault.long", ARG_N("n", REASON_MOST)));
}

Err record_correct_action(Ctx *c)
{
    Round       r;
    RecordPage  v      = { 0 };
    FieldErrors errors = { 0 };
    const FormProgram *p;
    Str canonical = S("");
    TRY(load_record(c, RIGHT_ANALYSIS_MANAGE, &r, &v));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    v.errors   = &errors;
    v.question = form_str(c, "question");
    v.value    = form_str(c, "value");
    v.reason   = form_str(c, "reason");
    int node   = form_find(p, v.question);
    if (node < 0 || !form_node_asks(&p->nodes.at[node]))
        field_error(c, &errors, S("question"), text_of(c->lang, "analysis.error.question"));
    else if (form_answer_read(c->arena, p, node, c->lang, v.value, &canonical) != ANSWER_OK)
        field_error(c, &errors, S("value"), text_of(c->lang, "analysis.error.value"));
    check_reason(c, &errors, "reason", v.reason);
    if (errors.len)
        return record_view(c, &v, 422);
    RecordAct act = act_of(c, v.question, canonical, v.reason);
    Err       e   = record_act(c->db, c->store, c->arena, c->app, v.v.id, &act);
    if (err_is(e, ERR_CONFLICT)) {
        field_error(c, &errors, S("value"), text_of(c->lang, "analysis.error.same"));
        return record_view(c, &v, 422);
    }
    TRY(e);
    TRY(finding_settle_record(c->db, v.v.id, S("corrected"), act.reason, act.person_name, c->now));
    return done(c, &r, &v, S("analysis.correct"), &act);
}

Err record_decide_action(Ctx *c)
{
    Round       r;
    RecordPage  v      = { 0 };
    FieldErrors errors = { 0 };
    TRY(load_record(c, RIGHT_ANALYSIS_MANAGE, &r, &v));
    v.errors = &errors;
    v.why    = form_str(c, "why");
    check_reason(c, &errors, "why", v.why);
    if (errors.len)
        return record_view(c, &v, 422);
    RecordAct act = act_of(c, S(""), v.v.excluded ? S("in") : S("out"), v.why);
    TRY(record_act(c->db, c->store, c->arena, c->app, v.v.id, &act));
    TRY(finding_settle_record(c->db, v.v.id, v.v.excluded ? S("open") : S("excluded"), v.why, act.person_name, c->now));
    return done(c, &r, &v, v.v.excluded ? S("analysis.include") : S("analysis.exclude"), &act);
}

/* Undoing is another version with the value that stood before. */
Err record_undo_action(Ctx *c)
{
    Round          r;
    RecordPage     v = { 0 };
    RecordVersions versions;
    TRY(load_record(c, RIGHT_ANALYSIS_MANAGE, &r, &v));
    TRY(record_version_list(c->db, c->arena, v.v.id, &versions));
    int64_t number = 0;
    if (!str_to_i64(form_str(c, "number"), &number) || number < 1 || number > (int64_t)versions.len)
        return err_new(c->arena, ERR_NOT_FOUND, S("version"));
    const RecordVersion *old = &versions.at[number - 1];
    RecordAct act = act_of(c, old->act.question, old->before, text_fmt(c->arena, c->lang, "analysis.undo.reason", ARG_N("n", number)));
    Err       e   = record_act(c->db, c->store, c->arena, c->app, v.v.id, &act);
    if (err_is(e, ERR_CONFLICT))
        return redirect_notice(c, v.base, NOTICE_WARN, text_of(c->lang, "analysis.error.undone"));
    TRY(e);
    TRY(finding_settle_record(c->db, v.v.id, S("open"), S(""), S(""), c->now));
    return done(c, &r, &v, S("analysis.undo"), &act);
}
