/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One record from a phone: what it answers, what was found, its files, its revisions, and the decision whether it counts. */
#include "collect/cases.h"
#include "openrosa/pages.h"

#include "field_record.html.h"

#define SAFE_POLICY S("sandbox; default-src 'none'")

static Err record_of(Ctx *c, Right right, Round *r, FieldRow *f)
{
    TRY(round_of_console(c, right, r));
    TRY(field_load(c->db, c->arena, (SubmissionId){ path_int(c, "record") }, f));
    return f->round.v == r->id.v ? OK : err_new(c->arena, ERR_NOT_FOUND, S("submission"));
}

static Str record_path(Ctx *c, const Round *r, SubmissionId id, const char *rest)
{
    return arena_fmt(c->arena, "/console/rounds/%lld/field/%lld%s", (long long)r->id.v, (long long)id.v, rest);
}

/* ---- The page ---------------------------------------------------------------------------------------------------- */
static void fact(Ctx *c, FieldRecordView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static Str settled_text(Ctx *c, const FieldRow *f)
{
    if (!f->settled.len)
        return S("");
    Str done = str_eq(f->settled, S("count")) ? text_of(c->lang, "phone.settled.count") : text_of(c->lang, "phone.settled.leave_out");
    return text_fmt(c->arena, c->lang, "phone.settled.by", ARG_S("what", done), ARG_S("name", f->settled_by),
                    ARG_S("time", time_text(c->arena, c->lang, f->settled_at)), ARG_S("reason", f->settle_reason));
}

static Err facts_of(Ctx *c, FieldRecordView *v)
{
    const FieldRow *f = v->f;
    FormRow         form;
    Lang            l = c->lang;
    TRY(form_load(c->db, c->arena, f->version, &form));
    fact(c, v, text_of(l, "phone.fact.received"), time_text(c->arena, l, f->received_at));
    fact(c, v, text_of(l, "phone.fact.device"), f->device_name);
    fact(c, v, text_of(l, "phone.fact.phone"), f->phone);
    fact(c, v, text_of(l, "phone.fact.form"), arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(form.title), STR_ARG(form.version)));
    fact(c, v, text_of(l, "phone.fact.instance"), f->instance_id);
    fact(c, v, text_of(l, "phone.fact.replaces"), f->deprecated_id);
    fact(c, v, text_of(l, "phone.fact.unit"), unit_name_today(c, f->unit));
    fact(c, v, text_of(l, "phone.fact.files"), f->whole ? text_of(l, "phone.files.whole") : text_of(l, "phone.files.waiting"));
    fact(c, v, text_of(l, "phone.fact.checked"), f->checked < f->posts ? text_of(l, "phone.check.waiting") : S(""));
    fact(c, v, text_of(l, "phone.fact.settled"), settled_text(c, f));
    return OK;
}

static Err answers_of(Ctx *c, FieldRecordView *v)
{
    const FormProgram *p;
    Str                xml, json;
    TRY(form_program(c->db, c->store, c->arena, v->f->version, &p));
    FormAnswers x = form_answers_new(c->arena, p);
    TRY(field_body(c->db, c->arena, v->f->id, &xml, &json));
    TRY(record_read(c->arena, p, json, &x));
    for (int entry = 0; entry <= (int)x.instances.len; entry++)
        for (int i = 0; i < (int)p->nodes.len; i++) {
            const Str *cell = form_cell(p, &x, i, entry);
            if (cell && cell->len)
                *list_add(c->arena, &v->answers) = (FieldAnswer){ form_cell_label(c->arena, p, &x, i, entry, c->lang),
                                                                  form_answer_text_at(c->arena, p, i, &x, entry, c->lang) };
        }
    return OK;
}

static Err files_of(Ctx *c, const Round *r, FieldRecordView *v)
{
    StoredFiles *files = arena_new(c->arena, StoredFiles, 1);
    TRY(field_files(c->db, c->arena, v->f->id, files));
    for (size_t i = 0; i < files->len; i++) {
        const StoredFile *f = &files->at[i];
        Str sum = str_hex(c->arena, f->sum.at, sizeof f->sum.at);
        *list_add(c->arena, &v->files) = (FieldFileView){
            .f = f, .size = size_text(c->arena, c->lang, f->size), .image = file_type_picture(f->type),
            .href = record_path(c, r, v->f->id, arena_c(c->arena, str_concat(c->arena, S("/files/"), sum))) };
    }
    return OK;
}

static void minutes_row(Ctx *c, FieldRecordView *v, Str key, int64_t ms)
{
    *list_add(c->arena, &v->times) = (SummaryRow){
        .key = key, .value = text_fmt(c->arena, c->lang, "phone.minutes", ARG_S("n", real_text(c->arena, c->lang, (double)ms / 60000, 1))) };
}

static Err times_of(Ctx *c, FieldRecordView *v)
{
    FieldTimes t;
    bool       any;
    TRY(field_times(c->db, v->f->id, &t, &any));
    if (!any)
        return OK;
    minutes_row(c, v, text_of(c->lang, "phone.time.interview"), t.interview_ms);
    if (t.pauses)
        minutes_row(c, v, text_fmt(c->arena, c->lang, "phone.time.pauses", ARG_N("n", t.pauses)), t.pause_ms);
    *list_add(c->arena, &v->times) = (SummaryRow){ .key = text_of(c->lang, "phone.time.revisits"), .value = num_text(c->arena, c->lang, t.revisits) };
    if (t.night)
        *list_add(c->arena, &v->times) = (SummaryRow){ .key = text_of(c->lang, "phone.time.night"), .value = text_of(c->lang, "phone.yes") };
    return OK;
}

static Err revisions_of(Ctx *c, const Round *r, FieldRecordView *v)
{
    FieldRows rows;
    TRY(field_revisions(c->db, c->arena, v->f->first, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const FieldRow *x = &rows.at[i];
        *list_add(c->arena, &v->revisions) = (TabItem){
            .label = text_fmt(c->arena, c->lang, "phone.revision", ARG_N("n", x->revision), ARG_S("code", x->code),
                              ARG_S("time", time_text(c->arena, c->lang, x->received_at))),
            .href = record_path(c, r, x->id, ""), .current = x->id.v == v->f->id.v };
    }
    return OK;
}

Err field_record_page(Ctx *c)
{
    Round    r;
    FieldRow f;
    FlagRows flags;
    const FormProgram *p = NULL;
    TRY(record_of(c, RIGHT_SUBMISSION_READ, &r, &f));
    FieldRecordView v = { .r = &r, .f = &f, .xml_href = f.withdrawn ? S("") : record_path(c, &r, f.id, "/xml"),
                          .encrypted = str_eq(f.left_out, S("encrypted")),
                          .settle_href = right_has(c, RIGHT_SUBMISSION_SETTLE, r.owner) && !f.withdrawn ? record_path(c, &r, f.id, "/settle") : S("") };
    TRY(facts_of(c, &v));
    TRY(answers_of(c, &v));
    TRY(files_of(c, &r, &v));
    TRY(times_of(c, &v));
    TRY(revisions_of(c, &r, &v));
    TRY(field_flags(c->db, c->arena, f.id, &flags));
    if (form_program(c->db, c->store, c->arena, f.version, &p))
        p = NULL;
    for (size_t i = 0; i < flags.len; i++)
        *list_add(c->arena, &v.flags) = flag_line(c->arena, c->lang, p, &flags.at[i]);
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "phone.record.title", ARG_S("code", f.code)));
    page_crumb(c, text_of(c->lang, "phone.list.title"), round_console_path(c, &r, "/field"));
    page_crumb(c, f.code, S(""));
    field_record_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Files: never shown in place as a page, whatever they are ---------------------------------------------------------- */
Err field_xml_file(Ctx *c)
{
    Round    r;
    FieldRow f;
    Str      xml, answers;
    TRY(record_of(c, RIGHT_SUBMISSION_READ, &r, &f));
    TRY(field_body(c->db, c->arena, f.id, &xml, &answers));
    TRY(answer_file(c, S("application/octet-stream"), arena_fmt(c->arena, "phieu-%.*s.xml", STR_ARG(f.code)), xml));
    answer_header(c, S("content-security-policy"), SAFE_POLICY);
    return OK;
}

Err field_attachment(Ctx *c)
{
    Round       r;
    FieldRow    f;
    StoredFiles files;
    TRY(record_of(c, RIGHT_SUBMISSION_READ, &r, &f));
    TRY(field_files(c->db, c->arena, f.id, &files));
    for (size_t i = 0; i < files.len; i++) {
        const StoredFile *x = &files.at[i];
        if (!str_eq(str_hex(c->arena, x->sum.at, sizeof x->sum.at), path_str(c, "sum")))
            continue;
        Str type = file_type_picture(x->type) || file_type_playable(x->type) ? x->type : S("application/octet-stream");
        TRY(answer_file(c, type, x->name, S("")));
        c->task->res.file = files_path(c->store, c->arena, x->sum);
        answer_header(c, S("content-security-policy"), SAFE_POLICY);
        return OK;
    }
    return err_new(c->arena, ERR_NOT_FOUND, S("file"));
}

/* ---- Does it count? A person decides, with reason and name ----------------------------------------------------------------- */
static Err settle_view(Ctx *c, const Round *r, const FieldRow *f, const FieldErrors *errors, int status)
{
    CountTag   now    = count_tag(c->lang, f);
    bool       out    = f->hold.len != 0;
    SummaryRow rows[] = {
        { .key = text_of(c->lang, "phone.list.code"), .value = f->code },
        { .key = text_of(c->lang, "phone.fact.device"), .value = f->device_name },
        { .key = text_of(c->lang, "phone.fact.received"), .value = time_text(c->arena, c->lang, f->received_at) },
        { .key = text_of(c->lang, "phone.list.counts"), .value = now.label },
    };
    ConfirmPage v = {
        .title = out ? text_of(c->lang, "phone.settle.count.title") : text_of(c->lang, "phone.settle.out.title"),
        .text = out ? text_of(c->lang, "phone.settle.count.text") : text_of(c->lang, "phone.settle.out.text"),
        .rows = rows, .n = COUNT_OF(rows), .token = c->page.form_token, .back_href = record_path(c, r, f->id, ""),
        .button = out ? text_of(c->lang, "phone.settle.count.button") : text_of(c->lang, "phone.settle.out.button"),
        .action = record_path(c, r, f->id, "/settle"), .danger = !out, .ask_reason = true, .reason = form_str(c, "reason"), .errors = errors,
    };
    Out o = page_begin(c, v.title);
    page_crumb(c, text_of(c->lang, "phone.list.title"), round_console_path(c, r, "/field"));
    page_crumb(c, f->code, v.back_href);
    page_crumb(c, v.title, S(""));
    confirm_page(&o, &v);
    return page_end_status(c, &o, status);
}

Err field_settle_page(Ctx *c)
{
    Round    r;
    FieldRow f;
    TRY(record_of(c, RIGHT_SUBMISSION_SETTLE, &r, &f));
    return settle_view(c, &r, &f, NULL, 200);
}

/* A record that nobody can read has no answers to count. */
static bool may_change(const FieldRow *f, const Round *r)
{
    return !str_eq(f->hold, S("encrypted")) && !f->withdrawn && r->state != ROUND_PUBLISHED;
}

/* A case's answer is one that counts: a revision that counts again first, then what was left out gives way to the next in line. */
static Err cases_follow(Ctx *c, const RoundInfo *info, const RecordChanges *changes)
{
    for (size_t i = 0; i < changes->len; i++) {
        const RecordChange *x = &changes->at[i];
        if (str_eq(x->left_out, S("excluded")))
            continue;
        TRY(case_answer_in(c->db, c->store, c->arena, c->app, x->id));
        TRY(case_tie(c->db, c->arena, &(Derived){ .id = x->id, .info = info, .answers = x->answers }));
    }
    for (size_t i = 0; i < changes->len; i++)
        if (str_eq(changes->at[i].left_out, S("excluded")))
            TRY(case_answer_out(c->db, c->store, c->arena, c->app, changes->at[i].id, c->now));
    return OK;
}

static Err settle(Ctx *c, const Round *r, const FieldRow *f, bool counts, Str reason)
{
    const RoundInfo *info;
    RecordChanges    changes = { 0 };
    const CollectKeys *k = collect_keys(c->app);
    TRY(field_settle(c->db, f->id, counts, c->session.who.name, reason, c->now));
    TRY(round_info(c->db, c->store, c->arena, r->code, &info));
    TRY(chain_settle(c->db, c->arena, f->first, info, k, &changes));
    submission_forget_counts();
    Err e = records_change(c->db, c->arena, changes.at, changes.len);
    submission_forget_counts();
    TRY(e);
    TRY(cases_follow(c, info, &changes));
    Buf detail = buf_new(c->arena, 128);
    buf_fmt(&detail, "{\"round\":%lld,\"counts\":%s,\"reason\":", (long long)r->id.v, counts ? "true" : "false");
    buf_json_str(&detail, reason);
    buf_byte(&detail, '}');
    return audit_add(c, S("submission.settle"), S("submission"), f->id.v, r->owner, buf_str(&detail));
}

Err field_settle_action(Ctx *c)
{
    Round       r;
    FieldRow    f;
    FieldErrors errors = { 0 };
    Str         reason = form_str(c, "reason");
    TRY(record_of(c, RIGHT_SUBMISSION_SETTLE, &r, &f));
    if (!may_change(&f, &r))
        return redirect_notice(c, record_path(c, &r, f.id, ""), NOTICE_WARN, text_of(c->lang, "phone.settle.fixed"));
    if (!reason.len || utf8_count(reason) > 1000) {
        field_error(c, &errors, S("reason"), text_of(c->lang, "phone.fault.reason"));
        return settle_view(c, &r, &f, &errors, 422);
    }
    TRY(settle(c, &r, &f, f.hold.len != 0, reason));
    return redirect_notice(c, record_path(c, &r, f.id, ""), NOTICE_OK, text_of(c->lang, "phone.settle.done"));
}
