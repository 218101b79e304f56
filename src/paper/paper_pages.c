/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Paper forms in the console: batches, search by serial number, registering a batch; the route table. */
#include "paper/console.h"
#include "paper_home.html.h"
#include "paper_new.html.h"

enum { BATCHES_A_PAGE = 50 };

/* ---- Home ---------------------------------------------------------------------------------------------------------- */

static Err batch_lines(Ctx *c, PaperHomeView *v)
{
    PaperBatches *rows = arena_new(c->arena, PaperBatches, 1);
    RightScope    scope;
    int64_t       page = query_page(c);
    TRY(right_scope(c, RIGHT_PAPER_READ, &scope));
    TRY(batch_list(c->db, c->arena, &scope, (page - 1) * BATCHES_A_PAGE, BATCHES_A_PAGE + 1, rows));
    v->pager = (Pager){ S("/console/paper?page="), page, page + (rows->len > BATCHES_A_PAGE) };
    for (size_t i = 0; i < rows->len && i < BATCHES_A_PAGE; i++) {
        const PaperBatch *b = &rows->at[i];
        Round             r;
        TRY(round_load(c->db, c->arena, b->round, &r));
        *list_add(c->arena, &v->batches) = (BatchLine){ b, round_title(&r, c->lang), unit_name_today(c, b->unit), batch_path(c, b, "") };
    }
    return OK;
}

/* Lines of forms whose batch the person may see. */
static Err form_lines(Ctx *c, const PaperForms *forms, const char *rest, PaperHomeView *v, bool drafts)
{
    for (size_t i = 0; i < forms->len; i++) {
        const PaperForm *f = &forms->at[i];
        PaperBatch       b;
        Round            r;
        TRY(batch_load(c->db, c->arena, f->batch, &b));
        if (!right_has(c, RIGHT_PAPER_READ, b.unit))
            continue;
        TRY(round_load(c->db, c->arena, f->round, &r));
        FormLine line = { f, serial_text(c->arena, f->serial), arena_fmt(c->arena, "%.*s, %.*s", STR_ARG(b.label), STR_ARG(round_title(&r, c->lang))),
                          paper_state_text(c->lang, f->state), form_path(c, f, rest), paper_state_tag(f->state), paper_state_icon(f->state) };
        if (drafts)
            *list_add(c->arena, &v->drafts) = line;
        else
            *list_add(c->arena, &v->found) = line;
    }
    return OK;
}

static Err search(Ctx *c, PaperHomeView *v)
{
    PaperForms *forms = arena_new(c->arena, PaperForms, 1);
    int64_t     serial;
    v->serial   = query_str(c, "serial");
    v->searched = v->serial.len > 0;
    if (!v->searched)
        return OK;
    if (!serial_parse(v->serial, &serial)) {
        v->serial_error = text_of(c->lang, "paper.fault.serial");
        return OK;
    }
    TRY(paper_forms_find(c->db, c->arena, serial, forms));
    return form_lines(c, forms, "", v, false);
}

static Err home_page(Ctx *c)
{
    PaperHomeView v      = { 0 };
    PaperForms   *drafts = arena_new(c->arena, PaperForms, 1);
    TRY(batch_lines(c, &v));
    TRY(search(c, &v));
    TRY(entry_drafts(c->db, c->arena, c->session.person, drafts));
    TRY(form_lines(c, drafts, "/key", &v, true));
    if (right_has(c, RIGHT_PAPER_MANAGE, (UnitId){ 0 })) {
        v.new_href    = S("/console/paper/new");
        v.prints_href = S("/console/paper/prints");
    }
    page_crumb(c, text_of(c->lang, "paper.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "paper.title"));
    paper_home_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Registering a batch ---------------------------------------------------------------------------------------------- */

static Err new_view(Ctx *c, BatchNewView *v, RoundId round, UnitId unit, int status)
{
    v->token = c->page.form_token;
    v->rounds.len = v->units.len = 0;
    TRY(round_choices(c, round, &v->rounds));
    TRY(owner_choices(c, RIGHT_PAPER_MANAGE, unit, &v->units));
    c->page.error = v->errors.len > 0;
    paper_crumbs(c, NULL);
    page_crumb(c, text_of(c->lang, "paper.new.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "paper.new.title"));
    paper_new_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err new_page(Ctx *c)
{
    BatchNewView v = { 0 };
    return new_view(c, &v, (RoundId){ query_int(c, "round", 0) }, c->session.main_unit, 200);
}

static void read_range(Ctx *c, BatchNewView *v, PaperBatch *b, Serials *missing)
{
    Str bad = S("");
    v->first   = form_str(c, "first");
    v->last    = form_str(c, "last");
    v->missing = form_str(c, "missing");
    if (!serial_parse(v->first, &b->first))
        field_error(c, &v->errors, S("first"), text_of(c->lang, "paper.fault.serial"));
    if (!serial_parse(v->last, &b->last))
        field_error(c, &v->errors, S("last"), text_of(c->lang, "paper.fault.serial"));
    else if (b->first && b->last < b->first)
        field_error(c, &v->errors, S("last"), text_of(c->lang, "paper.fault.range"));
    else if (b->first && b->last - b->first >= BATCH_MOST)
        field_error(c, &v->errors, S("last"), text_fmt(c->arena, c->lang, "paper.fault.range_long", ARG_N("n", BATCH_MOST)));
    if (!serials_parse(c->arena, v->missing, missing, &bad))
        field_error(c, &v->errors, S("missing"), text_fmt(c->arena, c->lang, "paper.fault.serial_in", ARG_S("word", bad)));
}

static Err read_batch(Ctx *c, BatchNewView *v, PaperBatch *b, Serials *missing)
{
    *b = (PaperBatch){ .received_by = c->session.person, .received_at = c->now };
    v->label     = form_str(c, "label");
    v->stated    = form_str(c, "stated");
    v->handed_by = form_str(c, "handed_by");
    TRY(round_choices(c, b->round, &v->rounds));
    str_to_i64(form_str(c, "round"), &b->round.v);
    str_to_i64(form_str(c, "unit"), &b->unit.v);
    if (!choice_taken(&v->rounds, form_str(c, "round")))
        field_error(c, &v->errors, S("round"), text_of(c->lang, "paper.fault.round"));
    else
        TRY(paper_taken(c, b->round, &v->errors));
    if (!b->unit.v || !right_has(c, RIGHT_PAPER_MANAGE, b->unit))
        field_error(c, &v->errors, S("unit"), text_of(c->lang, "paper.fault.unit"));
    if (!v->label.len || utf8_count(v->label) > 100)
        field_error(c, &v->errors, S("label"), text_of(c->lang, "paper.fault.label"));
    if (!str_to_i64(v->stated, &b->stated) || b->stated < 0 || b->stated > 100000)
        field_error(c, &v->errors, S("stated"), text_of(c->lang, "paper.fault.count"));
    if (utf8_count(v->handed_by) > 200)
        field_error(c, &v->errors, S("handed_by"), text_of(c->lang, "paper.fault.label"));
    read_range(c, v, b, missing);
    b->label     = v->label;
    b->handed_by = v->handed_by;
    return OK;
}

static Err new_action(Ctx *c)
{
    BatchNewView v       = { 0 };
    Serials      missing = { 0 };
    PaperBatch   b;
    int64_t      doubled = 0;
    TRY(read_batch(c, &v, &b, &missing));
    if (v.errors.len)
        return new_view(c, &v, b.round, b.unit, 422);
    TRY(right_need(c, RIGHT_PAPER_MANAGE, b.unit));
    TRY(batch_save(c->db, &b));
    for (int64_t serial = b.first; serial <= b.last; serial++) {
        bool fresh = true;
        if (!serials_have(&missing, serial))
            TRY(paper_form_add(c->db, &b, serial, &fresh));
        doubled += !fresh;
    }
    TRY(audit_paper(c, S("paper.batch"), b.id, b.unit, S("label"), b.label));
    if (doubled)
        return redirect_notice(c, batch_path(c, &b, ""), NOTICE_WARN, text_fmt(c->arena, c->lang, "paper.done.doubled", ARG_N("n", doubled)));
    return redirect_notice(c, batch_path(c, &b, ""), NOTICE_OK, text_of(c->lang, "paper.done.batch"));
}

const Route paper_console_routes[] = {
    { GET,  "/forms/{id}/paper",             RIGHT_FORM_READ,    paper_blank_file },
    { GET,  "/paper",                        RIGHT_PAPER_READ,   home_page },
    { GET,  "/paper/new",                    RIGHT_PAPER_MANAGE, new_page },
    { POST, "/paper/new",                    RIGHT_PAPER_MANAGE, new_action },
    { GET,  "/paper/prints",                 RIGHT_PAPER_MANAGE, paper_runs_page },
    { POST, "/paper/prints",                 RIGHT_PAPER_MANAGE, paper_runs_action },
    { GET,  "/paper/prints/{id}/file",       RIGHT_PAPER_MANAGE, paper_run_file },
    { GET,  "/paper/batches/{id}",           RIGHT_PAPER_READ,   batch_page },
    { POST, "/paper/batches/{id}/key",       RIGHT_PAPER_KEY,    batch_key_action },
    { POST, "/paper/batches/{id}/pages",     RIGHT_PAPER_MANAGE, batch_pages_action },
    { POST, "/paper/batches/{id}/add",       RIGHT_PAPER_MANAGE, batch_add_action },
    { GET,  "/paper/batches/{id}/report",    RIGHT_PAPER_MANAGE, batch_report_page },
    { GET,  "/paper/batches/{id}/report.csv", RIGHT_PAPER_MANAGE, batch_report_file },
    { GET,  "/paper/batches/{id}/accept",    RIGHT_PAPER_SETTLE, batch_accept_page },
    { POST, "/paper/batches/{id}/accept",    RIGHT_PAPER_SETTLE, batch_accept_action },
    { GET,  "/paper/forms/{id}",             RIGHT_PAPER_READ,   form_page },
    { POST, "/paper/forms/{id}/release",     RIGHT_PAPER_MANAGE, form_release_action },
    { POST, "/paper/forms/{id}/void",        RIGHT_PAPER_MANAGE, form_void_action },
    { GET,  "/paper/forms/{id}/key",         RIGHT_PAPER_KEY,    entry_page },
    { POST, "/paper/forms/{id}/key",         RIGHT_PAPER_KEY,    entry_action },
    { GET,  "/paper/forms/{id}/settle",      RIGHT_PAPER_SETTLE, settle_page },
    { POST, "/paper/forms/{id}/settle",      RIGHT_PAPER_SETTLE, settle_action },
    { 0 },
};
