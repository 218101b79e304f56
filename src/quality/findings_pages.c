/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one console of findings of a round: what checks and cleaning's rules found, settled one by one or many at once, with a reason. */
#include "field/field.h"
#include "quality/console.h"
#include "quality_finding.html.h"
#include "quality_findings.html.h"

enum { PAGE_ROWS = 50, REASON_MOST = 1000 };

/* ---- Filter --------------------------------------------------------------------------------------------------------------- */

/* Eleven hexadecimal digits, as record_code writes them; -1: they are not. */
static int64_t place_of_record(Str code)
{
    static const char digits[] = "0123456789abcdef";
    int64_t x = 0;
    for (size_t i = 0; i < code.len; i++) {
        const char *digit = memchr(digits, code.at[i], 16);
        if (!digit)
            return -1;
        x = x << 4 | (digit - digits);
    }
    return code.len == 11 ? x : -1;
}

static FindingFilter filter_of(Ctx *c)
{
    FindingFilter f    = { .interviewer = query_str(c, "interviewer"), .kind = query_str(c, "kind"), .limit = PAGE_ROWS };
    Str           source = query_str(c, "source");
    f.record   = place_of_record(query_str(c, "record"));
    f.source   = str_eq(source, S("rules")) || str_eq(source, S("checks")) || str_eq(source, S("cases")) ? source : S("");
    f.by_state = flag_state_parse(query_str(c, "state"), &f.state);
    f.offset   = (int)(query_page(c) - 1) * PAGE_ROWS;
    return f;
}

static void filter_choices(Ctx *c, const FindingFilter *f, const CleaningShow *rules, FlagsView *v)
{
    for (int k = 0; k < QUALITY_KIND_COUNT; k++)
        *list_add(c->arena, &v->kinds) = (Choice){ .value = quality_code((QualityKind)k), .label = quality_kind_text(c->lang, (QualityKind)k),
                                                   .chosen = str_eq(f->kind, quality_code((QualityKind)k)) };
    for (size_t i = 0; i < cleaning_show_count(rules); i++) {
        Str rule = cleaning_show_code(rules, i), kind = str_concat(c->arena, S(RULE_MARK), rule);
        *list_add(c->arena, &v->kinds) = (Choice){ .value = kind, .label = cleaning_rule_text(rules, rule), .chosen = str_eq(f->kind, kind) };
    }
    for (int i = 0; i < 2; i++) {
        Str kind = i ? S(CASE_TWICE) : S(CASE_CLAIMED);
        *list_add(c->arena, &v->kinds) = (Choice){ .value = kind, .label = finding_case_text(c->lang, kind), .chosen = str_eq(f->kind, kind) };
    }
    for (int s = 0; s < FLAG_STATE_COUNT; s++)
        *list_add(c->arena, &v->states) = (Choice){ .value = flag_state_code((FlagState)s), .label = flag_state_text(c->lang, (FlagState)s),
                                                    .chosen = f->by_state && (int)f->state == s };
    *list_add(c->arena, &v->sources) = (Choice){ .value = S("checks"), .label = text_of(c->lang, "quality.source.checks"),
                                                 .chosen = str_eq(f->source, S("checks")) };
    *list_add(c->arena, &v->sources) = (Choice){ .value = S("rules"), .label = text_of(c->lang, "quality.source.rules"),
                                                 .chosen = str_eq(f->source, S("rules")) };
    *list_add(c->arena, &v->sources) = (Choice){ .value = S("cases"), .label = text_of(c->lang, "quality.source.cases"),
                                                 .chosen = str_eq(f->source, S("cases")) };
}

static Str pager_base(Ctx *c, const Round *r, const FindingFilter *f)
{
    Buf b = buf_new(c->arena, 128);
    buf_add(&b, quality_path(c, r, "/findings?kind="));
    buf_add(&b, url_encode(c->arena, f->kind));
    buf_lit(&b, "&state=");
    buf_add(&b, f->by_state ? flag_state_code(f->state) : S(""));
    buf_lit(&b, "&source=");
    buf_add(&b, f->source);
    buf_lit(&b, "&interviewer=");
    buf_add(&b, url_encode(c->arena, f->interviewer));
    buf_lit(&b, "&record=");
    buf_add(&b, f->record >= 0 ? query_str(c, "record") : S(""));
    buf_lit(&b, "&page=");
    return buf_str(&b);
}

/* ---- The list --------------------------------------------------------------------------------------------------------------- */

static Str rule_of(Str kind)
{
    return str_starts(kind, S(RULE_MARK)) ? str_skip(kind, sizeof RULE_MARK - 1) : S("");
}

/* Which case it is, and the page of fieldwork on which it is settled. */
static Err case_line(Ctx *c, const Round *r, const FindingRow *x, FlagLine *out)
{
    FieldCase k;
    int64_t   id = 0;
    out->kind = finding_case_text(c->lang, x->kind);
    if (right_has(c, RIGHT_FIELD_READ, r->owner))
        out->href = arena_fmt(c->arena, "/console/field/claims/%lld", (long long)x->submission.v);
    if (!str_to_i64(x->detail, &id) || !id)
        return OK;
    TRY(field_case_load(c->db, c->arena, (CaseId){ id }, &k));
    out->detail = text_fmt(c->arena, c->lang, "field.case.title", ARG_S("code", k.code));
    return OK;
}

static Err line_of(Ctx *c, const Round *r, const FindingRow *x, const CleaningShow *rules, FlagLine *out)
{
    Str rule = rule_of(x->kind);
    *out = (FlagLine){ .f = x, .state = flag_state_text(c->lang, x->state), .tag = flag_state_tag(x->state), .icon = flag_state_icon(x->state),
                       .who = interviewer_text(c, x->interviewer), .by = x->settled_name.len ? x->settled_name : person_name_of(c, x->settled_by) };
    if (x->submission.v) {
        out->record      = record_code(c->arena, x->submission);
        out->record_href = arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)r->id.v, (long long)x->submission.v);
    }
    out->name = out->record.len ? out->record : out->who;
    if (rule.len) {
        out->kind   = cleaning_rule_text(rules, rule);
        out->chosen = arena_fmt(c->arena, "%.*s:%lld", STR_ARG(rule), (long long)x->submission.v);
        return cleaning_values(c, rules, rule, x->submission, &out->detail);
    }
    if (str_starts(x->kind, S(CASE_MARK)))
        return case_line(c, r, x, out);
    QualityFlag f = { .detail = x->detail };
    if (quality_parse(x->kind, &f.kind)) {
        out->kind   = quality_kind_text(c->lang, f.kind);
        out->detail = flag_detail_text(c, &f);
    }
    out->href   = arena_fmt(c->arena, "/console/quality/findings/%lld", (long long)x->id);
    out->chosen = arena_fmt(c->arena, ":%lld", (long long)x->id);
    return OK;
}

static Err findings_view(Ctx *c, const Round *r, FlagsView *v, int status)
{
    FindingFilter f = filter_of(c);
    FindingRows   rows;
    CleaningShow  rules;
    TRY(cleaning_show_open(c, r, &rules));
    TRY(findings_list(c->db, c->arena, r->id, &f, &rows, &v->all));
    for (size_t i = 0; i < rows.len; i++) {
        FlagLine line;
        TRY(line_of(c, r, &rows.at[i], &rules, &line));
        *list_add(c->arena, &v->lines) = line;
    }
    filter_choices(c, &f, &rules, v);
    v->interviewer = f.interviewer;
    v->record      = f.record >= 0 ? query_str(c, "record") : S("");
    v->filtered    = f.kind.len || f.by_state || f.interviewer.len || f.source.len || v->record.len;
    v->may_settle  = right_has(c, RIGHT_QUALITY_SETTLE, r->owner);
    v->token       = c->page.form_token;
    v->action      = quality_path(c, r, "/findings");
    v->rules_href  = arena_fmt(c->arena, "/console/rounds/%lld/cleaning", (long long)r->id.v);
    v->pager       = (Pager){ pager_base(c, r, &f), f.offset / PAGE_ROWS + 1, (v->all + PAGE_ROWS - 1) / PAGE_ROWS };
    c->page.error  = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "quality.findings"), S(""));
    Out o = page_begin(c, text_of(c->lang, "quality.findings"));
    quality_findings_view(&o, v);
    return page_end_status(c, &o, status);
}

Err quality_findings_page(Ctx *c)
{
    Round r;
    TRY(quality_round(c, RIGHT_QUALITY_READ, &r));
    return findings_view(c, &r, &(FlagsView){ 0 }, 200);
}

/* ---- Deciding ------------------------------------------------------------------------------------------------------------------ */

/* Another finding may have left the record out, or still want it out. */
static Err record_follow(Ctx *c, const QualityFlag *f, FlagState to)
{
    RecordView v;
    bool       held = false;
    RecordAct  act  = { .value = to == FLAG_LEFT_OUT ? S("out") : S("in"), .reason = f->reason.len ? f->reason : text_of(c->lang, "quality.undone"),
                        .rule = str_concat(c->arena, S("quality."), quality_code(f->kind)), .person = c->session.person,
                        .person_name = c->session.who.name, .at = c->now };
    if (!f->submission.v)
        return OK;
    TRY(finding_holds_out(c->db, f->submission, f->id, false, &held));
    Err e = record_load(c->db, c->store, c->arena, f->submission, &v);
    if (err_is(e, ERR_NOT_FOUND))
        return OK;                                       /* withdrawn meanwhile: nothing counts */
    TRY(e);
    bool out = to == FLAG_LEFT_OUT || held;
    return v.excluded == out ? OK : record_act(c->db, c->store, c->arena, c->app, f->submission, &act);
}

/* State, record and audit of one finding of the checks. About an interviewer there is nothing to leave out. */
static Err flag_settle(Ctx *c, const Round *r, QualityFlag *f, FlagState to, Str reason)
{
    FlagState was = f->state;
    f->state      = to;
    f->reason     = to == FLAG_OPEN ? S("") : reason;
    f->settled_by = to == FLAG_OPEN ? (PersonId){ 0 } : c->session.person;
    f->settled_at = to == FLAG_OPEN ? (Time){ 0 } : c->now;
    TRY(flag_save(c->db, f));
    if (to == FLAG_LEFT_OUT || was == FLAG_LEFT_OUT)
        TRY(record_follow(c, f, to));
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"kind\":");
    buf_json_str(&detail, quality_code(f->kind));
    buf_lit(&detail, ",\"reason\":");
    buf_json_str(&detail, f->reason);
    buf_byte(&detail, '}');
    Str action = to == FLAG_OPEN ? S("quality.undo") : to == FLAG_KEPT ? S("quality.keep") : S("quality.leave_out");
    return audit_add(c, action, S("quality"), f->id, r->owner, buf_str(&detail));
}

typedef struct Batch { const Round *r; FlagState to; Str reason; int64_t id, done, of_rules; } Batch;

/* ":id" of a check, "rule:record" of a rule, as the list sends them. */
static Err settle_one(Ctx *c, Batch *b, Str sent)
{
    StrPair p  = str_cut_last(sent, ':');
    int64_t id = 0;
    bool    held;
    if (!str_to_i64(p.tail, &id))
        return err_new(c->arena, ERR_INVALID, S("no such finding"));
    if (p.head.len) {
        TRY(finding_holds_out(c->db, (SubmissionId){ id }, 0, true, &held));
        TRY(cleaning_settle(c, b->r, p.head, (SubmissionId){ id }, flag_state_code(b->to), b->reason, b->id, held));
        b->done++;
        b->of_rules++;
        return OK;
    }
    QualityFlag f;
    TRY(flag_load(c->db, c->arena, id, &f));
    if (f.round.v != b->r->id.v)
        return err_new(c->arena, ERR_NOT_FOUND, S("finding"));
    if (f.state == b->to || (b->to == FLAG_LEFT_OUT && !f.submission.v))
        return OK;
    b->done++;
    return flag_settle(c, b->r, &f, b->to, b->reason);
}

/* One record for what was done to findings of rules in one act. */
static Err record_batch(Ctx *c, const Batch *b)
{
    static const Str acts[] = { [FLAG_OPEN] = S_INIT("analysis.undo"), [FLAG_KEPT] = S_INIT("analysis.accept"), [FLAG_LEFT_OUT] = S_INIT("analysis.exclude") };
    Buf detail = buf_new(c->arena, 128);
    if (!b->of_rules)
        return OK;
    buf_fmt(&detail, "{\"records\":%lld,\"batch\":%lld,\"reason\":", (long long)b->of_rules, (long long)b->id);
    buf_json_str(&detail, b->reason);
    buf_byte(&detail, '}');
    return audit_add(c, acts[b->to], S("round"), b->r->id.v, b->r->owner, buf_str(&detail));
}

Err quality_findings_action(Ctx *c)
{
    Round     r;
    StrList   chosen = { 0 };
    FlagsView v      = { .reason = form_str(c, "reason") };
    Batch     b      = { .r = &r, .reason = v.reason, .id = id_new() };
    TRY(quality_round(c, RIGHT_QUALITY_SETTLE, &r));
    form_all(c, "chosen", &chosen);
    if (!flag_state_parse(form_str(c, "state"), &b.to) || b.to == FLAG_CORRECTED)
        return err_new(c->arena, ERR_INVALID, S("no such decision"));
    if (!chosen.len || chosen.len > PAGE_ROWS)
        field_error(c, &v.errors, S("chosen"), text_of(c->lang, "quality.fault.chosen"));
    if (!v.reason.len || utf8_count(v.reason) > REASON_MOST)
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "quality.fault.reason"));
    if (v.errors.len)
        return findings_view(c, &r, &v, 422);
    for (size_t i = 0; i < chosen.len; i++)
        TRY(settle_one(c, &b, chosen.at[i]));
    TRY(record_batch(c, &b));
    return redirect_notice(c, quality_path(c, &r, "/findings?state=open"), NOTICE_OK, text_fmt(c->arena, c->lang, "quality.done.many", ARG_N("n", b.done)));
}

/* ---- One finding of the checks ------------------------------------------------------------------------------------------------- */

static Err finding_load(Ctx *c, Right right, QualityFlag *f, Round *r)
{
    TRY(flag_load(c->db, c->arena, path_int(c, "id"), f));
    TRY(round_load(c->db, c->arena, f->round, r));
    TRY(right_need(c, right, r->owner));
    c->page.simulated = r->simulated;
    page_crumb(c, text_of(c->lang, "quality.title"), S("/console/quality"));
    page_crumb(c, round_title(r, c->lang), quality_path(c, r, ""));
    page_crumb(c, text_of(c->lang, "quality.findings"), quality_path(c, r, "/findings"));
    return OK;
}

static void row(Ctx *c, FlagView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->rows) = (SummaryRow){ .key = key, .value = value };
}

static Err finding_view(Ctx *c, FlagView *v, const Round *r, int status)
{
    const QualityFlag *f = v->f;
    row(c, v, text_of(c->lang, "quality.field.record"), f->submission.v ? record_code(c->arena, f->submission) : S(""));
    row(c, v, text_of(c->lang, "quality.field.interviewer"), interviewer_text(c, f->interviewer));
    row(c, v, text_of(c->lang, "quality.field.detail"), flag_detail_text(c, f));
    row(c, v, text_of(c->lang, "quality.field.settled_by"), person_name_of(c, f->settled_by));
    row(c, v, text_of(c->lang, "quality.field.settled_at"), f->settled_at.ms ? time_text(c->arena, c->lang, f->settled_at) : S(""));
    row(c, v, text_of(c->lang, "quality.field.reason"), f->reason);
    v->kind          = quality_kind_text(c->lang, f->kind);
    v->state         = flag_state_text(c->lang, f->state);
    v->tag           = flag_state_tag(f->state);
    v->icon          = flag_state_icon(f->state);
    v->token         = c->page.form_token;
    v->action        = arena_fmt(c->arena, "/console/quality/findings/%lld", (long long)f->id);
    v->back_href     = quality_path(c, r, "/findings");
    v->record_href   = f->submission.v ? arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)r->id.v, (long long)f->submission.v) : S("");
    v->may_settle    = right_has(c, RIGHT_QUALITY_SETTLE, r->owner);
    v->may_leave_out = f->submission.v != 0;
    c->page.error    = v->errors.len > 0;
    page_crumb(c, v->kind, S(""));
    Out o = page_begin(c, v->kind);
    quality_finding_view(&o, v);
    return page_end_status(c, &o, status);
}

Err quality_finding_page(Ctx *c)
{
    QualityFlag f;
    Round       r;
    FlagView    v = { .f = &f };
    TRY(finding_load(c, RIGHT_QUALITY_READ, &f, &r));
    return finding_view(c, &v, &r, 200);
}

Err quality_finding_action(Ctx *c)
{
    QualityFlag f;
    Round       r;
    FlagView    v = { .f = &f, .reason = form_str(c, "reason") };
    FlagState   to;
    TRY(finding_load(c, RIGHT_QUALITY_SETTLE, &f, &r));
    if (!flag_state_parse(form_str(c, "state"), &to) || to == FLAG_CORRECTED || (to == FLAG_LEFT_OUT && !f.submission.v))
        return err_new(c->arena, ERR_INVALID, S("no such decision"));
    if (to != FLAG_OPEN && (!v.reason.len || utf8_count(v.reason) > REASON_MOST)) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "quality.fault.reason"));
        return finding_view(c, &v, &r, 422);
    }
    TRY(flag_settle(c, &r, &f, to, v.reason));
    return redirect_notice(c, quality_path(c, &r, "/findings?state=open"), NOTICE_OK, text_of(c->lang, "quality.done"));
}
