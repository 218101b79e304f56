/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coding in the console: frames of a round, one frame, a coder's next answers, disagreements. */
#include "analysis/coding.h"

#include "analysis_coding.html.h"
#include "analysis_frame.html.h"

static Str frame_path(Ctx *c, const Round *r, int64_t id)
{
    return arena_fmt(c->arena, "/console/rounds/%lld/coding/%lld", (long long)r->id.v, (long long)id);
}

/* ---- Frames of a round ----------------------------------------------------------------------------------- */

static Err add_coders(Ctx *c, CodingPage *v)
{
    Holders people;
    TRY(right_holders(c->db, c->arena, RIGHT_ANALYSIS_CODE, v->r->owner, c->today, &people));
    for (size_t i = 0; i < people.len; i++) {
        Str  id    = arena_fmt(c->arena, "%lld", (long long)people.at[i].person.v);
        bool known = people.at[i].disabled;
        for (size_t k = 0; k < v->first.len; k++)
            known |= str_eq(v->first.at[k].value, id);
        if (known)
            continue;
        Choice one = { .value = id, .label = people.at[i].name };
        one.chosen = str_eq(form_str(c, "first"), id);
        *list_add(c->arena, &v->first) = one;
        one.chosen = str_eq(form_str(c, "second"), id);
        *list_add(c->arena, &v->second) = one;
    }
    return OK;
}

static Err coding_view(Ctx *c, const Round *r, CodingPage *v, int status)
{
    const FormProgram *p;
    CodeFrames         frames;
    v->r          = r;
    v->action     = analysis_path(c, r, "/coding");
    v->token      = form_token(c);
    v->may_manage = right_has(c, RIGHT_ANALYSIS_MANAGE, r->owner);
    TRY(form_program(c->db, c->store, c->arena, r->form, &p));
    TRY(code_frame_list(c->db, c->arena, r->id, &frames));
    for (size_t i = 0; i < p->nodes.len; i++) {
        if (p->nodes.at[i].type != Q_TEXT || p->nodes.at[i].answer < 0)
            continue;
        Str  label = form_label_plain(c->arena, p, (int)i, c->lang), name = p->nodes.at[i].name;
        bool framed = false;
        for (size_t k = 0; k < frames.len; k++)
            if (str_eq(frames.at[k].question, name)) {
                framed = true;
                *list_add(c->arena, &v->frames) = (FrameShown){ frames.at[k], label, frame_path(c, r, frames.at[k].id) };
            }
        if (!framed)
            *list_add(c->arena, &v->questions) = (Choice){ .value = name, .label = label, .chosen = str_eq(form_str(c, "question"), name) };
    }
    TRY(add_coders(c, v));
    page_crumb(c, text_of(c->lang, "analysis.coding"), S(""));
    Out o = page_begin(c, text_of(c->lang, "analysis.coding"));
    analysis_coding(&o, v);
    return page_end_status(c, &o, status);
}

static Err coding_page(Ctx *c)
{
    Round r;
    TRY(analysis_round(c, RIGHT_ANALYSIS_CODE, &r));
    return coding_view(c, &r, &(CodingPage){ 0 }, 200);
}

static Err coding_action(Ctx *c)
{
    Round       r;
    FieldErrors errors = { 0 };
    CodingPage  v      = { .errors = &errors };
    const FormProgram *p;
    TRY(analysis_round(c, RIGHT_ANALYSIS_MANAGE, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    v.r = &r;
    TRY(add_coders(c, &v));
    CodeFrame f = { .id = id_new(), .round = r.id, .question = form_str(c, "question") };
    int node = form_find(p, f.question);
    if (node < 0 || p->nodes.at[node].type != Q_TEXT || p->nodes.at[node].answer < 0)
        field_error(c, &errors, S("question"), text_of(c->lang, "analysis.error.open_question"));
    for (size_t i = 0; i < v.first.len; i++) {
        if (v.first.at[i].chosen)
            (void)str_to_i64(v.first.at[i].value, &f.coder[0].v);
        if (v.second.at[i].chosen)
            (void)str_to_i64(v.second.at[i].value, &f.coder[1].v);
    }
    if (!f.coder[0].v)
        field_error(c, &errors, S("first"), text_of(c->lang, "analysis.error.coder"));
    if (!f.coder[1].v || f.coder[1].v == f.coder[0].v)
        field_error(c, &errors, S("second"), text_of(c->lang, "analysis.error.coder_other"));
    if (errors.len)
        return coding_view(c, &r, &(CodingPage){ .errors = &errors }, 422);
    TRY(code_frame_create(c->db, &f, c->session.person, c->now));
    TRY(analysis_audit(c, S("analysis.frame"), &r, arena_fmt(c->arena, "{\"frame\":%lld}", (long long)f.id)));
    return redirect_notice(c, frame_path(c, &r, f.id), NOTICE_OK, text_of(c->lang, "analysis.done.frame"));
}

/* ---- One frame --------------------------------------------------------------------------------------------- */

typedef struct TextSearch { FramePage *v; Arena *a; Arena work; const CodedRows *rows; size_t at; } TextSearch;

static const CodedRow *coded_of(TextSearch *s, SubmissionId id)
{
    while (s->at < s->rows->len && s->rows->at[s->at].id.v < id.v)
        s->at++;
    return s->at < s->rows->len && s->rows->at[s->at].id.v == id.v ? &s->rows->at[s->at] : NULL;
}

/* Counts, and keeps the first answers that this page is for: of a coder those not coded, of who settles those that differ. */
static Err look_at_text(void *self, const SubmissionRow *row)
{
    TextSearch *s = self;
    FramePage  *v = s->v;
    Arena       work = s->work;
    const Json *json;
    Str         text = S("");
    TRY(json_parse(&work, row->answers_json, &json));
    const CodedRow *coded = coded_of(s, row->id);
    if (!json_str(json_get(json, v->f.question), &text) || !text.len)
        return OK;
    v->texts++;
    for (int slot = SLOT_FIRST; coded && slot <= SLOT_SETTLED; slot++)
        v->coded[slot] += coded->at[slot].len > 0;
    v->agreed += coded && coded_final(coded).len > 0;
    v->disagreed += coded && coded_disagree(coded);
    bool wanted = v->settling ? coded && coded_disagree(coded) : v->slot && !(coded && coded->at[v->slot].len);
    if (wanted && v->open.len < CODING_PAGE)
        *list_add(s->a, &v->open) = (OpenText){ .id = row->id, .text = arena_str(s->a, text), .first = v->settling ? coded->at[SLOT_FIRST] : S(""),
                                                .second = v->settling ? coded->at[SLOT_SECOND] : S("") };
    return OK;
}

static Err search_texts(Ctx *c, FramePage *v)
{
    CodedRows rows;
    TRY(coded_list(c->db, c->arena, v->f.id, &rows));
    v->kappa = coded_kappa(c->arena, &v->f.codes, &rows);
    Arena      work = arena_open(1 << 24), hex = arena_open(1 << 16);
    TextSearch s = { .v = v, .a = c->arena, .work = work, .rows = &rows };
    Err e = submission_each(c->db, hex, v->r->id, look_at_text, &s);
    if (e)
        e = err_make(c->arena, e->kind, arena_str(c->arena, e->detail), e->file, e->line);
    arena_close(&hex);
    arena_close(&work);
    return e;
}

static Err load_frame(Ctx *c, Right right, Round *r, FramePage *v)
{
    const FormProgram *p;
    TRY(analysis_round(c, right, r));
    TRY(code_frame_load(c->db, c->arena, r->id, path_int(c, "frame"), &v->f));
    TRY(form_program(c->db, c->store, c->arena, r->form, &p));
    int node = form_find(p, v->f.question);
    v->r     = r;
    v->label = node >= 0 ? form_label_plain(c->arena, p, node, c->lang) : v->f.question;
    v->base  = frame_path(c, r, v->f.id);
    v->slot  = v->f.coder[0].v == c->session.person.v ? SLOT_FIRST : v->f.coder[1].v == c->session.person.v ? SLOT_SECOND : 0;
    v->may_manage = right_has(c, RIGHT_ANALYSIS_MANAGE, r->owner);
    v->may_settle = !v->slot && right_has(c, RIGHT_ANALYSIS_CODE, r->owner);
    *list_add(c->arena, &v->codes) = (Choice){ .value = S(""), .label = text_of(c->lang, "analysis.code.later") };
    for (size_t i = 0; i < v->f.codes.len; i++) {
        const FrameCode *k = &v->f.codes.at[i];
        *list_add(c->arena, &v->codes) = (Choice){ .value = k->code, .label = str_join(c->arena, (Str[]){ k->parent.len ? S("– ") : S(""), k->code, S(" "),
                                                                                                         label_of(k->label, c->lang) }, 4, S("")) };
    }
    return OK;
}

static Err frame_view(Ctx *c, FramePage *v, int status)
{
    v->token    = form_token(c);
    v->settling = v->may_settle;
    TRY(search_texts(c, v));
    if (!v->typed.len)
        v->typed = frame_codes_text(c->arena, &v->f.codes);
    page_crumb(c, text_of(c->lang, "analysis.coding"), analysis_path(c, v->r, "/coding"));
    page_crumb(c, v->f.question, S(""));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "analysis.frame.title", ARG_S("question", v->f.question)));
    analysis_frame(&o, v);
    return page_end_status(c, &o, status);
}

static Err frame_page(Ctx *c)
{
    Round     r;
    FramePage v = { 0 };
    TRY(load_frame(c, RIGHT_ANALYSIS_CODE, &r, &v));
    return frame_view(c, &v, 200);
}

static Err frame_codes_action(Ctx *c)
{
    Round       r;
    FramePage   v      = { 0 };
    FieldErrors errors = { 0 };
    FrameCodes  codes;
    Str         why;
    int         line;
    TRY(load_frame(c, RIGHT_ANALYSIS_MANAGE, &r, &v));
    v.errors = &errors;
    v.typed  = form_str(c, "codes");
    if (!frame_codes_read(c->arena, v.typed, &codes, &line, &why)) {
        field_error(c, &errors, S("codes"), text_fmt(c->arena, c->lang, "analysis.error.line", ARG_N("n", line), ARG_S("why", text_find(c->lang, why))));
        return frame_view(c, &v, 422);
    }
    CodedRows rows;
    TRY(coded_list(c->db, c->arena, v.f.id, &rows));
    for (size_t i = 0; i < rows.len && !errors.len; i++)
        for (int slot = SLOT_FIRST; slot <= SLOT_SETTLED && !errors.len; slot++)
            if (rows.at[i].at[slot].len && frame_code_find(&codes, rows.at[i].at[slot]) < 0)
                field_error(c, &errors, S("codes"), text_fmt(c->arena, c->lang, "analysis.error.code_used", ARG_S("code", rows.at[i].at[slot])));
    if (errors.len)
        return frame_view(c, &v, 422);
    TRY(frame_codes_save(c->db, v.f.id, &codes));
    TRY(analysis_audit(c, S("analysis.frame"), &r, arena_fmt(c->arena, "{\"frame\":%lld,\"codes\":%zu}", (long long)v.f.id, codes.len)));
    return redirect_notice(c, v.base, NOTICE_OK, text_of(c->lang, "analysis.done.codes"));
}

/* Fields "c.<record>": the code chosen for each answer of the page. A coder saves into the own slot alone. */
static Err save_codes(Ctx *c, const FramePage *v, int slot, int64_t *out_saved)
{
    *out_saved = 0;
    for (size_t i = 0; i < c->req->form.len; i++) {
        const HttpField *field = &c->req->form.at[i];
        SubmissionId     id;
        RecordView       rec;
        if (!str_starts(field->name, S("c.")) || !field->value.len || !str_to_i64(str_skip(field->name, 2), &id.v))
            continue;
        if (frame_code_find(&v->f.codes, field->value) < 0)
            return err_new(c->arena, ERR_INVALID, S("no such code"));
        Err e = record_load(c->db, c->store, c->arena, id, &rec);
        if (err_is(e, ERR_NOT_FOUND) || (!e && rec.round.v != v->r->id.v))
            continue;
        TRY(e);
        TRY(coded_save(c->db, v->f.id, id, slot, field->value, c->session.person, c->now));
        ++*out_saved;
    }
    return OK;
}

static Err code_as(Ctx *c, bool settle)
{
    Round     r;
    FramePage v = { 0 };
    int64_t   n;
    TRY(load_frame(c, RIGHT_ANALYSIS_CODE, &r, &v));
    if (settle ? !v.may_settle : !v.slot)
        return err_new(c->arena, ERR_FORBIDDEN, S("coder"));
    TRY(save_codes(c, &v, settle ? SLOT_SETTLED : v.slot, &n));
    TRY(analysis_audit(c, settle ? S("analysis.settle") : S("analysis.code"), &r,
                       arena_fmt(c->arena, "{\"frame\":%lld,\"answers\":%lld}", (long long)v.f.id, (long long)n)));
    return redirect_notice(c, v.base, NOTICE_OK, text_fmt(c->arena, c->lang, "analysis.done.coded", ARG_N("n", n)));
}

static Err code_action(Ctx *c)
{
    return code_as(c, false);
}

static Err settle_action(Ctx *c)
{
    return code_as(c, true);
}

const Route analysis_coding_routes[] = {
    { GET,  "/rounds/{id}/coding",                RIGHT_ANALYSIS_CODE,   coding_page, 0 },
    { POST, "/rounds/{id}/coding",                RIGHT_ANALYSIS_MANAGE, coding_action, 0 },
    { GET,  "/rounds/{id}/coding/{frame}",        RIGHT_ANALYSIS_CODE,   frame_page, 0 },
    { POST, "/rounds/{id}/coding/{frame}/codes",  RIGHT_ANALYSIS_MANAGE, frame_codes_action, 0 },
    { POST, "/rounds/{id}/coding/{frame}/code",   RIGHT_ANALYSIS_CODE,   code_action, 0 },
    { POST, "/rounds/{id}/coding/{frame}/settle", RIGHT_ANALYSIS_CODE,   settle_action, 0 },
    { 0 },
};
