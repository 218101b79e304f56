/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One batch: its forms, missing numbers and pages, the way into entry, the report, acceptance. */
#include "paper/console.h"
#include "base/csv.h"
#include "paper_batch.html.h"
#include "paper_report.html.h"

enum { MISSING_SHOWN = 60, PAGES_MOST = 200 };

static FormLine line_of(Ctx *c, const PaperForm *f)
{
    return (FormLine){ f, serial_text(c->arena, f->serial), S(""), paper_state_text(c->lang, f->state), form_path(c, f, ""), paper_state_tag(f->state),
                       paper_state_icon(f->state) };
}

static void missing_of(Ctx *c, const PaperBatch *b, const PaperForms *forms, Str *out_text, int64_t *out_n)
{
    Serials missing = { 0 };
    serials_missing(c->arena, b, forms, &missing);
    *out_n      = (int64_t)missing.len;
    missing.len = missing.len > MISSING_SHOWN ? MISSING_SHOWN : missing.len;
    *out_text   = serials_text(c->arena, &missing);
}

static Err batch_view(Ctx *c, BatchView *v, int status)
{
    PaperForms *forms = arena_new(c->arena, PaperForms, 1), *doubled = arena_new(c->arena, PaperForms, 1);
    Round       r;
    TRY(round_load(c->db, c->arena, v->b->round, &r));
    c->page.simulated = r.simulated;
    TRY(paper_forms_of(c->db, c->arena, v->b->id, forms));
    TRY(paper_duplicates_of(c->db, c->arena, v->b->id, doubled));
    for (size_t i = 0; i < forms->len; i++)
        *list_add(c->arena, &v->forms) = line_of(c, &forms->at[i]);
    for (size_t i = 0; i < doubled->len; i++)
        *list_add(c->arena, &v->duplicates) = line_of(c, &doubled->at[i]);
    missing_of(c, v->b, forms, &v->missing_text, &v->missing);
    v->round       = round_title(&r, c->lang);
    v->unit        = unit_name_today(c, v->b->unit);
    v->received_by = person_name_of(c, v->b->received_by);
    v->token       = c->page.form_token;
    v->key_action  = batch_path(c, v->b, "");
    v->may_key     = right_has(c, RIGHT_PAPER_KEY, v->b->unit);
    v->may_manage  = right_has(c, RIGHT_PAPER_MANAGE, v->b->unit);
    v->may_settle  = right_has(c, RIGHT_PAPER_SETTLE, v->b->unit);
    v->waiting_settle = v->b->n[PAPER_SECOND];
    v->waiting_accept = v->b->n[PAPER_SETTLED];
    c->page.error     = v->errors.len > 0;
    c->page.crumbs.at[c->page.crumbs.len - 1].href = S("");
    Out o = page_begin(c, v->b->label);
    paper_batch_view(&o, v);
    return page_end_status(c, &o, status);
}

Err batch_page(Ctx *c)
{
    PaperBatch b;
    BatchView  v = { .b = &b };
    TRY(batch_of_console(c, RIGHT_PAPER_READ, &b));
    return batch_view(c, &v, 200);
}

/* ---- Into entry ---------------------------------------------------------------------------------------------------------- */

static Err refuse_key(Ctx *c, BatchView *v, Str message)
{
    v->serial = form_str(c, "serial");
    field_error(c, &v->errors, S("serial"), message);
    return batch_view(c, v, 422);
}

static Str gate_text(Ctx *c, PassGate gate)
{
    switch (gate) {
    case PASS_ANOTHER: return text_of(c->lang, "paper.gate.another");
    case PASS_SAME_PERSON: return text_of(c->lang, "paper.gate.same");
    case PASS_VOID: return text_of(c->lang, "paper.gate.void");
    default: return text_of(c->lang, "paper.gate.over");
    }
}

/* The clerk types the number of the sheet in hand; the pass that is due begins, or goes on. */
Err batch_key_action(Ctx *c)
{
    PaperBatch b;
    PaperForm  f;
    int64_t    serial;
    int        pass;
    BatchView  v = { .b = &b };
    TRY(batch_of_console(c, RIGHT_PAPER_KEY, &b));
    if (!serial_parse(form_str(c, "serial"), &serial))
        return refuse_key(c, &v, text_of(c->lang, "paper.fault.serial"));
    Err e = paper_form_by_serial(c->db, c->arena, b.round, serial, &f);
    if (err_is(e, ERR_NOT_FOUND) || (!e && f.batch != b.id))
        return refuse_key(c, &v, text_of(c->lang, "paper.fault.not_here"));
    TRY(e);
    PassGate gate = pass_gate(&f, c->session.person, &pass);
    if (gate != PASS_OPEN)
        return refuse_key(c, &v, gate_text(c, gate));
    if (f.keyed_by[pass - 1].v != c->session.person.v)
        TRY(entry_begin(c->db, &(PaperEntry){ .form = f.id, .pass = pass, .person = c->session.person, .started_at = c->now }));
    return redirect(c, form_path(c, &f, "/key"));
}

/* ---- Missing pages, forms that turned up ------------------------------------------------------------------------------------ */

/* "2, 3" to "2,3"; false: not a list of pages. The empty text says that nothing is missing. */
static bool pages_parse(Arena *a, Str typed, Str *out)
{
    StrList pages = { 0 };
    typed = str_replace(a, typed, S(" "), S(","));
    while (typed.len) {
        StrPair cut = str_cut(typed, ',');
        int64_t page;
        if (cut.head.len && (!str_to_i64(cut.head, &page) || page < 1 || page > PAGES_MOST))
            return false;
        if (cut.head.len)
            *list_add(a, &pages) = cut.head;
        typed = cut.tail;
    }
    *out = str_join(a, pages.at, pages.len, S(","));
    return true;
}

Err batch_pages_action(Ctx *c)
{
    PaperBatch b;
    PaperForm  f = { 0 };
    int64_t    serial;
    Str        pages = S("");
    BatchView  v     = { .b = &b, .pages_serial = form_str(c, "pages_serial"), .pages = form_str(c, "pages") };
    TRY(batch_of_console(c, RIGHT_PAPER_MANAGE, &b));
    bool known = serial_parse(v.pages_serial, &serial);
    if (!known)
        field_error(c, &v.errors, S("pages_serial"), text_of(c->lang, "paper.fault.serial"));
    if (!pages_parse(c->arena, v.pages, &pages))
        field_error(c, &v.errors, S("pages"), text_of(c->lang, "paper.fault.pages"));
    Err e = known ? paper_form_by_serial(c->db, c->arena, b.round, serial, &f) : OK;
    if (err_is(e, ERR_NOT_FOUND) || (!e && known && f.batch != b.id))
        field_error(c, &v.errors, S("pages_serial"), text_of(c->lang, "paper.fault.not_here"));
    else
        TRY(e);
    if (v.errors.len)
        return batch_view(c, &v, 422);
    f.missing_pages = pages;
    TRY(paper_form_save(c->db, &f));
    TRY(audit_paper(c, S("paper.pages"), f.id, b.unit, S("pages"), pages));
    return redirect_notice(c, batch_path(c, &b, ""), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "paper.done.pages", ARG_S("serial", serial_text(c->arena, serial))));
}

Err batch_add_action(Ctx *c)
{
    PaperBatch b;
    int64_t    serial;
    bool       fresh;
    BatchView  v = { .b = &b, .add_serial = form_str(c, "add_serial") };
    TRY(batch_of_console(c, RIGHT_PAPER_MANAGE, &b));
    if (!serial_parse(v.add_serial, &serial)) {
        field_error(c, &v.errors, S("add_serial"), text_of(c->lang, "paper.fault.serial"));
        return batch_view(c, &v, 422);
    }
    TRY(paper_form_add(c->db, &b, serial, &fresh));
    TRY(audit_paper(c, S("paper.add"), b.id, b.unit, S("serial"), serial_text(c->arena, serial)));
    return redirect_notice(c, batch_path(c, &b, ""), fresh ? NOTICE_OK : NOTICE_WARN,
                           fresh ? text_of(c->lang, "paper.done.add") : text_of(c->lang, "paper.done.add_doubled"));
}

/* ---- Report ------------------------------------------------------------------------------------------------------------------ */

typedef struct Report { PaperBatch b; const FormProgram *p; PaperMap map; PaperForms forms; PaperRates clerks, questions; } Report;

static Err report_load(Ctx *c, Report *r)
{
    Round round;
    TRY(batch_of_console(c, RIGHT_PAPER_MANAGE, &r->b));
    TRY(round_load(c->db, c->arena, r->b.round, &round));
    TRY(form_program(c->db, c->store, c->arena, round.form, &r->p));
    r->map = paper_map(c->arena, r->p);
    TRY(paper_forms_of(c->db, c->arena, r->b.id, &r->forms));
    int64_t asked = 0;
    for (size_t i = 0; i < r->p->nodes.len; i++)
        asked += r->map.number[i] > 0;
    TRY(rates_by_clerk(c->db, c->arena, r->b.id, asked, &r->clerks));
    return rates_by_question(c->db, c->arena, r->b.id, &r->questions);
}

static RateRow row_of(const PaperRate *x, Str name)
{
    return (RateRow){ name, x->compared, x->differing, x->wrong, x->compared ? 100.0 * (double)x->differing / (double)x->compared : 0 };
}

static Str question_text(Ctx *c, const Report *r, Str name)
{
    int node = form_find(r->p, name);
    return node < 0 ? name : arena_fmt(c->arena, "%d. %.*s", r->map.number[node], STR_ARG(paper_label(c->arena, &r->map, node, c->lang)));
}

static void fact(Ctx *c, ReportView *v, Str key, Str value)
{
    *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static void facts_of(Ctx *c, ReportView *v, const Report *r)
{
    const PaperBatch *b = &r->b;
    int64_t           missing;
    missing_of(c, b, &r->forms, &v->missing_text, &missing);
    fact(c, v, text_of(c->lang, "paper.field.range"),
         arena_fmt(c->arena, "%.*s – %.*s", STR_ARG(serial_text(c->arena, b->first)), STR_ARG(serial_text(c->arena, b->last))));
    fact(c, v, text_of(c->lang, "paper.field.stated"), num_text(c->arena, c->lang, b->stated));
    fact(c, v, text_of(c->lang, "paper.field.registered"), num_text(c->arena, c->lang, b->forms));
    fact(c, v, text_of(c->lang, "paper.field.missing"), num_text(c->arena, c->lang, missing));
    fact(c, v, text_of(c->lang, "paper.field.doubled"), num_text(c->arena, c->lang, b->duplicates));
    fact(c, v, text_of(c->lang, "paper.field.incomplete"), num_text(c->arena, c->lang, b->incomplete));
    for (int s = 0; s < PAPER_STATE_COUNT; s++)
        fact(c, v, paper_state_text(c->lang, (PaperState)s), num_text(c->arena, c->lang, b->n[s]));
}

Err batch_report_page(Ctx *c)
{
    Report     r = { 0 };
    ReportView v = { .b = &r.b };
    TRY(report_load(c, &r));
    facts_of(c, &v, &r);
    for (size_t i = 0; i < r.clerks.len; i++)
        *list_add(c->arena, &v.clerks) = row_of(&r.clerks.at[i], r.clerks.at[i].name);
    for (size_t i = 0; i < r.questions.len; i++)
        *list_add(c->arena, &v.questions) = row_of(&r.questions.at[i], question_text(c, &r, r.questions.at[i].name));
    for (size_t i = 0; i < r.forms.len; i++)
        if (r.forms.at[i].missing_pages.len)
            *list_add(c->arena, &v.incomplete) = line_of(c, &r.forms.at[i]);
    v.csv_href = batch_path(c, &r.b, "/report.csv");
    page_crumb(c, text_of(c->lang, "paper.report.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "paper.report.title"));
    paper_report_view(&o, &v);
    return page_end(c, &o);
}

/* One line a form: what a handover slip needs. */
Err batch_report_file(Ctx *c)
{
    Report r = { 0 };
    Buf    b = buf_new(c->arena, 4096);
    TRY(report_load(c, &r));
    csv_bom(&b);
    csv_field(&b, S("so_phieu"));
    csv_field(&b, S("trang_thai"));
    csv_field(&b, S("trang_thieu"));
    csv_field(&b, S("nhap_lan_1"));
    csv_field(&b, S("nhap_lan_2"));
    csv_field(&b, S("xu_ly"));
    csv_field(&b, S("ly_do_huy"));
    csv_end(&b);
    for (size_t i = 0; i < r.forms.len; i++) {
        const PaperForm *f = &r.forms.at[i];
        csv_field(&b, serial_text(c->arena, f->serial));
        csv_field(&b, paper_state_code(f->state));
        csv_field(&b, f->missing_pages);
        csv_field(&b, f->keyed_done[0] ? person_name_of(c, f->keyed_by[0]) : S(""));
        csv_field(&b, f->keyed_done[1] ? person_name_of(c, f->keyed_by[1]) : S(""));
        csv_field(&b, person_name_of(c, f->settled_by));
        csv_field(&b, f->void_reason);
        csv_end(&b);
    }
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "lo-phieu-%lld.csv", (long long)r.b.id), buf_str(&b));
}

/* ---- Acceptance ---------------------------------------------------------------------------------------------------------------- */

static Err accept_view(Ctx *c, const PaperBatch *b, int status)
{
    SummaryRow  rows[] = { { .key = text_of(c->lang, "paper.field.label"), .value = b->label },
                           { .key = paper_state_text(c->lang, PAPER_SETTLED), .value = num_text(c->arena, c->lang, b->n[PAPER_SETTLED]) } };
    ConfirmPage v = { .title = text_of(c->lang, "paper.accept.title"), .text = text_of(c->lang, "paper.accept.text"),
                      .warning = text_of(c->lang, "paper.accept.warning"), .rows = rows, .n = COUNT_OF(rows), .action = batch_path(c, b, "/accept"),
                      .token = c->page.form_token, .back_href = batch_path(c, b, ""), .button = text_of(c->lang, "paper.accept.button") };
    page_crumb(c, v.title, S(""));
    Out o = page_begin(c, v.title);
    confirm_page(&o, &v);
    return page_end_status(c, &o, status);
}

Err batch_accept_page(Ctx *c)
{
    PaperBatch b;
    TRY(batch_of_console(c, RIGHT_PAPER_SETTLE, &b));
    return accept_view(c, &b, 200);
}

/* Each answer is checked and stored with its receipt and counters: a batch of thousands takes longer than a request may. */
Err batch_accept_action(Ctx *c)
{
    PaperBatch b;
    JobId      id;
    TRY(batch_of_console(c, RIGHT_PAPER_SETTLE, &b));
    if (!b.n[PAPER_SETTLED])
        return redirect_notice(c, batch_path(c, &b, ""), NOTICE_WARN, text_of(c->lang, "paper.accept.none"));
    TRY(job_add(c, &(JobOrder){ .kind = paper_accept_job.name, .args = arena_fmt(c->arena, "{\"batch\":%lld}", (long long)b.id), .subject = b.label,
                                .unit = b.unit }, &id));
    return job_show(c, id);
}
