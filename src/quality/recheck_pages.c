/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Re-checks for those who manage them: draws of a round, a new draw, error rates of one draw. */
#include "quality/console.h"
#include "base/csv.h"
#include "recheck_draw.html.h"
#include "recheck_draws.html.h"

#include <math.h>

Str case_state_text(Lang l, CaseState s)
{
    switch (s) {
    case CASE_OPEN: return text_of(l, "recheck.state.open");
    case CASE_DRAFT: return text_of(l, "recheck.state.draft");
    case CASE_DONE: return text_of(l, "recheck.state.done");
    default: return text_of(l, "recheck.state.not_reached");
    }
}

TagKind case_state_tag(CaseState s)
{
    static const TagKind kinds[CASE_STATE_COUNT] = { TAG_PLAIN, TAG_INFO, TAG_OK, TAG_OFF };
    return kinds[s];
}

Icon case_state_icon(CaseState s)
{
    static const Icon icons[CASE_STATE_COUNT] = { ICON_RING, ICON_HALF, ICON_CHECK, ICON_CLOSE };
    return icons[s];
}

Str recheck_mode_text(Lang l, RecheckMode m)
{
    return m == RECHECK_TELEPHONE ? text_of(l, "recheck.mode.telephone") : m == RECHECK_VISIT ? text_of(l, "recheck.mode.visit")
         : text_of(l, "recheck.mode.form");
}

static int64_t cases_of(const Recheck *r)
{
    return r->n[CASE_OPEN] + r->n[CASE_DRAFT] + r->n[CASE_DONE] + r->n[CASE_NOT_REACHED];
}

/* ---- Draws of a round ------------------------------------------------------------------------------------------------ */

/* Questions with one answer for the whole record; what can be compared is asked again, anything may be shown. */
static void question_choices(Ctx *c, const FormProgram *p, Str chosen, bool all, bool comparable, Choices *out)
{
    for (int i = 0; i < (int)p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        bool            closed = n->type == Q_SELECT_ONE || n->type == Q_SELECT_MULTIPLE || n->type == Q_INTEGER;
        if (form_node_asks(n) && n->answer >= 0 && (closed || !comparable))
            *list_add(c->arena, out) = (Choice){ .value = n->name, .label = form_label_plain(c->arena, p, i, c->lang),
                                                     .chosen = all || str_has_word(chosen, n->name) };
    }
}

static Err draws_view(Ctx *c, DrawsView *v, Str questions, Str shown, RecheckMode mode, bool fresh, int status)
{
    const FormProgram *p;
    Rechecks           rows;
    TRY(form_program(c->db, c->store, c->arena, v->r->form, &p));
    TRY(recheck_list(c->db, c->arena, v->r->id, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const Recheck *x = &rows.at[i];
        int64_t        cases = cases_of(x);
        *list_add(c->arena, &v->lines) = (DrawLine){ time_text(c->arena, c->lang, x->at), recheck_mode_text(c->lang, x->mode),
            arena_fmt(c->arena, "/console/recheck/draws/%lld", (long long)x->id), real(100 * x->share, 1), cases, x->n[CASE_DONE],
            x->n[CASE_NOT_REACHED], x->seed };
    }
    for (int m = 0; m < RECHECK_MODE_COUNT; m++)
        *list_add(c->arena, &v->modes) = (Choice){ .value = recheck_mode_code((RecheckMode)m), .label = recheck_mode_text(c->lang, (RecheckMode)m),
                                                   .chosen = m == (int)mode };
    question_choices(c, p, questions, fresh, true, &v->questions);
    question_choices(c, p, shown, false, false, &v->shown);
    v->token      = c->page.form_token;
    v->action     = quality_path(c, v->r, "/recheck");
    c->page.error = v->errors.len > 0;
    page_crumb(c, text_of(c->lang, "recheck.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "recheck.title"));
    recheck_draws_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err draws_page(Ctx *c)
{
    Round     r;
    uint32_t  seed;
    DrawsView v = { .r = &r, .share = S("10") };
    random_bytes(&seed, sizeof seed);
    v.seed = arena_fmt(c->arena, "%u", seed % 1000000);
    TRY(quality_round(c, RIGHT_RECHECK_MANAGE, &r));
    return draws_view(c, &v, S(""), S(""), RECHECK_TELEPHONE, true, 200);
}

/* Names of the form's questions that were chosen, joined by blanks; others that were sent are passed over. */
static Str chosen_names(Ctx *c, const FormProgram *p, const char *field, Str without)
{
    StrList sent, names = { 0 };
    form_all(c, field, &sent);
    for (size_t i = 0; i < sent.len; i++) {
        int node = form_find(p, sent.at[i]);
        if (node >= 0 && form_node_asks(&p->nodes.at[node]) && !str_has_word(without, sent.at[i]))
            *list_add(c->arena, &names) = p->nodes.at[node].name;
    }
    return str_join(c->arena, names.at, names.len, S(" "));
}

static Str draw_args(Ctx *c, const Round *r, double share, int64_t seed, RecheckMode mode, Str questions, Str shown)
{
    Buf b = buf_new(c->arena, 512);
    buf_fmt(&b, "{\"round\":%lld,\"share\":%.6f,\"seed\":%lld,\"mode\":", (long long)r->id.v, share, (long long)seed);
    buf_json_str(&b, recheck_mode_code(mode));
    buf_lit(&b, ",\"questions\":");
    buf_json_str(&b, questions);
    buf_lit(&b, ",\"shown\":");
    buf_json_str(&b, shown);
    buf_byte(&b, '}');
    return buf_str(&b);
}

static Err draws_action(Ctx *c)
{
    Round              r;
    const FormProgram *p;
    DrawsView          v = { .r = &r, .share = form_str(c, "share"), .seed = form_str(c, "seed") };
    double             share;
    int64_t            seed;
    RecheckMode        mode = RECHECK_TELEPHONE;
    JobId              job;
    TRY(quality_round(c, RIGHT_RECHECK_MANAGE, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &p));
    if (!real_parse_typed(c->lang, v.share, &share) || !(share > 0 && share <= 100))
        field_error(c, &v.errors, S("share"), text_of(c->lang, "recheck.fault.share"));
    if (!str_to_i64(v.seed, &seed) || seed < 0)
        field_error(c, &v.errors, S("seed"), text_of(c->lang, "recheck.fault.seed"));
    if (!recheck_mode_parse(form_str(c, "mode"), &mode))
        field_error(c, &v.errors, S("mode"), text_of(c->lang, "recheck.fault.mode"));
    Str questions = chosen_names(c, p, "questions", S("")), shown = chosen_names(c, p, "shown", questions);
    if (!questions.len)
        field_error(c, &v.errors, S("questions"), text_of(c->lang, "recheck.fault.questions"));
    if (v.errors.len)
        return draws_view(c, &v, questions, shown, mode, false, 422);
    TRY(job_add(c, &(JobOrder){ .kind = "recheck.draw", .args = draw_args(c, &r, share / 100, seed, mode, questions, shown),
                                .subject = round_title(&r, c->lang), .unit = r.owner }, &job));
    return job_show(c, job);
}

/* ---- Error rates of a draw ------------------------------------------------------------------------------------------------ */

typedef struct Rates { Recheck r; Round round; const FormProgram *p; RecheckRates interviewers, questions; Arena *a, work; } Rates;

static Err tally_case(void *self, Str interviewer, Str first, Str second)
{
    Rates      *x = self;
    const Json *was, *is;
    TRY(json_parse(&x->work, first, &was));
    TRY(json_parse(&x->work, second, &is));
    for (Str rest = x->r.questions; rest.len;) {
        StrPair cut = str_cut(rest, ' ');
        Str     one = S(""), two = S("");
        json_str(json_get(was, cut.head), &one);
        json_str(json_get(is, cut.head), &two);
        recheck_tally(x->a, &x->interviewers, interviewer, one, two);
        recheck_tally(x->a, &x->questions, cut.head, one, two);
        rest = cut.tail;
    }
    for (size_t i = 0; i < x->interviewers.len; i++)
        x->interviewers.at[i].cases += str_eq(x->interviewers.at[i].name, interviewer);
    arena_reset(&x->work, 1 << 20);
    return OK;
}

static Err rates_load(Ctx *c, Rates *x)
{
    TRY(recheck_load(c->db, c->arena, path_int(c, "id"), &x->r));
    TRY(round_load(c->db, c->arena, x->r.round, &x->round));
    TRY(right_need(c, RIGHT_RECHECK_MANAGE, x->round.owner));
    TRY(form_program(c->db, c->store, c->arena, x->round.form, &x->p));
    x->a    = c->arena;
    x->work = arena_open((size_t)1 << 26);
    Err e   = case_each_done(c->db, x->r.id, tally_case, x);
    if (e)
        e = err_make(c->arena, e->kind, e->detail, e->file, e->line);
    arena_close(&x->work);
    recheck_rates_done(&x->interviewers);
    recheck_rates_done(&x->questions);
    return e;
}

static RateLine line_of(const RecheckRate *r, Str name)
{
    return (RateLine){ name, r->cases, r->compared, r->differing, real(100 * r->share, 1), real(100 * r->ci.low, 1), real(100 * r->ci.high, 1) };
}

static Str question_label(Arena *a, const Rates *x, Str name, Lang l)
{
    int node = form_find(x->p, name);
    return node < 0 ? name : form_label_plain(a, x->p, node, l);
}

static void facts_of(Ctx *c, DrawView *v, const Rates *x)
{
    SummaryRow rows[] = {
        { .key = text_of(c->lang, "recheck.field.mode"), .value = recheck_mode_text(c->lang, x->r.mode) },
        { .key = text_of(c->lang, "recheck.field.share"), .value = real_text(c->arena, c->lang, 100 * x->r.share, 1) },
        { .key = text_of(c->lang, "recheck.field.seed"), .value = arena_fmt(c->arena, "%lld", (long long)x->r.seed) },
        { .key = text_of(c->lang, "recheck.field.population"), .value = num_text(c->arena, c->lang, x->r.population) },
        { .key = text_of(c->lang, "recheck.field.cases"), .value = num_text(c->arena, c->lang, cases_of(&x->r)) },
        { .key = text_of(c->lang, "recheck.state.done"), .value = num_text(c->arena, c->lang, x->r.n[CASE_DONE]) },
        { .key = text_of(c->lang, "recheck.state.not_reached"), .value = num_text(c->arena, c->lang, x->r.n[CASE_NOT_REACHED]) },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        *list_add(c->arena, &v->facts) = rows[i];
}

enum { CASES_A_PAGE = 100 };

static Err draw_page(Ctx *c)
{
    Rates        x = { 0 };
    DrawView     v = { .r = &x.r };
    RecheckCases cases;
    int64_t      page = query_page(c);
    TRY(rates_load(c, &x));
    facts_of(c, &v, &x);
    for (size_t i = 0; i < x.interviewers.len; i++)
        *list_add(c->arena, &v.interviewers) = line_of(&x.interviewers.at[i], x.interviewers.at[i].name.len ? interviewer_text(c, x.interviewers.at[i].name)
                                                       : text_of(c->lang, "recheck.no_interviewer"));
    for (size_t i = 0; i < x.questions.len; i++)
        *list_add(c->arena, &v.questions) = line_of(&x.questions.at[i], question_label(c->arena, &x, x.questions.at[i].name, c->lang));
    TRY(case_list(c->db, c->arena, x.r.id, (page - 1) * CASES_A_PAGE, CASES_A_PAGE, &cases));
    v.pager = (Pager){ arena_fmt(c->arena, "/console/recheck/draws/%lld?page=", (long long)x.r.id), page, (cases_of(&x.r) + CASES_A_PAGE - 1) / CASES_A_PAGE };
    for (size_t i = 0; i < cases.len; i++) {
        const RecheckCase *k = &cases.at[i];
        *list_add(c->arena, &v.cases) = (CaseLine){ .number = arena_fmt(c->arena, "%lld", (long long)k->number), .unit = interviewer_text(c, k->interviewer),
            .state = case_state_text(c->lang, k->state), .mode = k->note, .tag = case_state_tag(k->state), .icon = case_state_icon(k->state) };
    }
    v.csv_href = arena_fmt(c->arena, "/console/recheck/draws/%lld/rates.csv", (long long)x.r.id);
    page_crumb(c, text_of(c->lang, "quality.title"), S("/console/quality"));
    page_crumb(c, round_title(&x.round, c->lang), quality_path(c, &x.round, ""));
    page_crumb(c, text_of(c->lang, "recheck.title"), quality_path(c, &x.round, "/recheck"));
    page_crumb(c, time_text(c->arena, c->lang, x.r.at), S(""));
    Out o = page_begin(c, text_of(c->lang, "recheck.draw.title"));
    recheck_draw_view(&o, &v);
    return page_end(c, &o);
}

static void csv_rates(Buf *b, const char *what, const RecheckRates *rates)
{
    for (size_t i = 0; i < rates->len; i++) {
        const RecheckRate *r = &rates->at[i];
        csv_field(b, str_from_c(what));
        csv_field(b, r->name);
        csv_num(b, r->compared);
        csv_num(b, r->differing);
        csv_real(b, r->share);
        csv_real(b, r->ci.low);
        csv_real(b, r->ci.high);
        csv_end(b);
    }
}

static Err rates_file(Ctx *c)
{
    static const char *const head[] = { "loai", "ten", "so_sanh", "khac", "ty_le", "can_duoi", "can_tren" };
    Rates x = { 0 };
    Buf   b = buf_new(c->arena, 4096);
    TRY(rates_load(c, &x));
    csv_bom(&b);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_field(&b, str_from_c(head[i]));
    csv_end(&b);
    csv_rates(&b, "dieu_tra_vien", &x.interviewers);
    csv_rates(&b, "cau_hoi", &x.questions);
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "phuc-tra-%lld.csv", (long long)x.r.id), buf_str(&b));
}

const Route recheck_manage_routes[] = {
    { GET,  "/quality/rounds/{id}/recheck",       RIGHT_RECHECK_MANAGE, draws_page },
    { POST, "/quality/rounds/{id}/recheck",       RIGHT_RECHECK_MANAGE, draws_action },
    { GET,  "/recheck/draws/{id}",                RIGHT_RECHECK_MANAGE, draw_page },
    { GET,  "/recheck/draws/{id}/rates.csv",      RIGHT_RECHECK_MANAGE, rates_file },
    { 0 },
};
