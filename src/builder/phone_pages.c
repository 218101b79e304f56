/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A draft as respondents will see it, to be walked through: the real pages, the real engine. Nothing is stored; the answers so far travel
 * in the page itself. */
#include "builder/console.h"
#include "base/file_kind.h"
#include "collect/respond.h"
#include "drafts_phone.html.h"

/* Where the walk stands: a page of questions, the list of a repeat's entries, one entry, or the end. */
typedef enum SpotKind { SPOT_PAGE, SPOT_LIST, SPOT_ENTRY, SPOT_END } SpotKind;
typedef struct Spot { SpotKind kind; int node, instance; } Spot;     /* instance: the entry, or the one around a list */
typedef struct Walk { Ctx *c; const Work *w; const FormProgram *p; FormAnswers x, typed; } Walk;

static Spot spot_of_page(const FormProgram *p, int node)
{
    return node < 0 ? (Spot){ SPOT_END, -1, 0 } : (Spot){ p->nodes.at[node].type == Q_REPEAT ? SPOT_LIST : SPOT_PAGE, node, 0 };
}

static Str spot_text(Walk *k, Spot s)
{
    return arena_fmt(k->c->arena, "%d.%d.%d", (int)s.kind, s.node, s.instance);
}

static bool spot_parse(const Walk *k, Str text, Spot *out)
{
    int64_t n[3] = { 0 };
    StrPair cut  = str_cut(text, '.'), rest = str_cut(cut.tail, '.');
    if (!str_to_i64(cut.head, &n[0]) || !str_to_i64(rest.head, &n[1]) || !str_to_i64(rest.tail, &n[2]) || n[0] < 0 || n[0] >= SPOT_END ||
        n[1] < 0 || n[1] >= (int64_t)k->p->nodes.len || n[2] < 0 || n[2] > (int64_t)k->x.instances.len)
        return false;
    *out = (Spot){ (SpotKind)n[0], (int)n[1], (int)n[2] };
    bool repeat = k->p->nodes.at[out->node].type == Q_REPEAT;
    switch (out->kind) {
    case SPOT_ENTRY: return out->instance > 0 && k->x.instances.at[out->instance - 1].repeat == out->node;
    case SPOT_LIST: return repeat && form_repeat_around(k->p, out->node) == (out->instance ? k->x.instances.at[out->instance - 1].repeat : -1);
    default: return !repeat && form_page_of(k->p, out->node) == out->node && !out->instance;
    }
}

static Str entry_title(Walk *k, int instance)
{
    const FormInstance *x = &k->x.instances.at[instance - 1];
    return arena_fmt(k->c->arena, "%.*s %d", STR_ARG(form_label(k->p, x->repeat, k->c->lang)), x->position);
}

static void entries_of(Walk *k, Spot s, PhoneView *v)
{
    const int32_t *at;
    FormState      state = form_state(k->p, k->c->arena, &k->x, k->c->now);
    int            n     = form_state_instances(&state, s.node, s.instance, &at);
    for (int i = 0; i < n; i++)
        *list_add(k->c->arena, &v->entries) = (PhoneEntry){ entry_title(k, at[i]), form_entry_text(k->c->arena, k->p, &state, at[i], k->c->lang),
                                                            spot_text(k, (Spot){ SPOT_ENTRY, s.node, at[i] }) };
    v->may_add = k->p->nodes.at[s.node].repeat_count < 0;
}

/* Numbers of instances are those that reading the page's own state gives again. */
static void settle_numbers(Walk *k, Str *out_state)
{
    *out_state = draft_json(k->c->arena, k->p, &k->x, &k->typed);
    k->x       = form_answers_new(k->c->arena, k->p);
    k->typed   = form_answers_new(k->c->arena, k->p);
    draft_read(k->c->arena, k->p, *out_state, &k->x, &k->typed);
    k->x.mix = 1;                                        /* one order of choices through all pages */
}

static Err phone_view(Walk *k, Spot s, const AnswerIssues *issues)
{
    Ctx      *c = k->c;
    PhoneView v = { .page = { .p = k->p, .x = &k->x, .typed = &k->typed, .issues = issues, .now = c->now, .media = work_path(c, k->w, "/media/"),
                              .fields = &c->req->form, .find = form_find_choices },
                    .node = s.node, .instance = s.instance, .kind = (int)s.kind,
                    .action = work_path(c, k->w, "/phone"), .token = c->page.form_token, .spot = spot_text(k, s), .lang = lang_code(c->lang) };
    v.state = draft_json(c->arena, k->p, &k->x, &k->typed);
    for (int l = 0; l < LANG_COUNT; l++)
        if (k->p->has_lang[l] && s.kind != SPOT_END)
            *list_add(c->arena, &v.langs) = (PhoneLang){ lang_code((Lang)l), text_of((Lang)l, "builder.phone.language"), (Lang)l == c->lang };
    if (s.kind == SPOT_PAGE)
        v.part = form_part(k->p, *c->arena, &k->x, c->now, c->lang, s.node);
    if (s.kind == SPOT_LIST) {
        v.title = form_label(k->p, s.node, c->lang);
        entries_of(k, s, &v);
    }
    if (s.kind == SPOT_ENTRY)
        v.title = entry_title(k, s.instance);
    if (s.kind == SPOT_END)
        v.answers = form_answers_json(c->arena, k->p, &k->x);
    for (size_t i = 0; issues && i < issues->len; i++)
        field_error(c, &v.errors, form_control_id(c->arena, k->p, issues->at[i].node), issues->at[i].message[c->lang]);
    c->page.kind = PAGE_PHONE;
    Out o = page_begin(c, work_title(c, k->w));
    drafts_phone_view(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

/* Faults in place of pages that cannot be made yet. */
static Err phone_faulty(Ctx *c, const Work *w, const FormIssues *issues)
{
    PhoneView v = { .kind = -1 };
    for (size_t i = 0; i < issues->len; i++)
        v.faults += !issues->at[i].warning;
    c->page.kind = PAGE_PHONE;
    Out o = page_begin(c, work_title(c, w));
    drafts_phone_view(&o, &v);
    return page_end(c, &o);
}

/* The walk's program; NULL after an answered page of faults. */
static Err walk_open(Ctx *c, Work *w, Walk *k, Str lang)
{
    FormIssues   issues = { 0 };
    FormProgram *p;
    Lang         l;
    TRY(work_open(c, w));
    TRY(form_draft_compile(c->db, c->store, c->arena, w->d.id, w->g, &issues, &p));
    *k = (Walk){ .c = c, .w = w, .p = p };
    if (!p)
        return phone_faulty(c, w, &issues);
    if (lang_parse(lang, &l) && p->has_lang[l])
        c->lang = l;
    k->x     = form_answers_new(c->arena, p);
    k->typed = form_answers_new(c->arena, p);
    return OK;
}

Err builder_phone_page(Ctx *c)
{
    Work w;
    Walk k;
    Str  state;
    TRY(walk_open(c, &w, &k, query_str(c, "lang")));
    if (!k.p)
        return OK;
    form_begin(k.p, c->arena, &k.x, c->now);
    settle_numbers(&k, &state);
    int page = form_find(k.p, query_str(c, "at"));
    page     = page >= 0 ? form_page_of(k.p, page) : form_next_page(k.p, *c->arena, &k.x, c->now, -1);
    return phone_view(&k, spot_of_page(k.p, page), NULL);
}

/* ---- One step ---------------------------------------------------------------------------------------------------------------- */

static Spot next_page(Walk *k, int node)
{
    return spot_of_page(k->p, form_next_page(k->p, *k->c->arena, &k->x, k->c->now, node));
}

/* Behind an entry the lists in it, then the list it stands in; behind a list the next one of the same entry. */
static Spot after_entry(Walk *k, int instance, int repeat)
{
    FormState s    = form_state(k->p, k->c->arena, &k->x, k->c->now);
    int       next = form_entry_repeat(k->p, *k->c->arena, &s, instance, repeat);
    const FormInstance *x = &k->x.instances.at[instance - 1];
    return next >= 0 ? (Spot){ SPOT_LIST, next, instance } : (Spot){ SPOT_LIST, x->repeat, x->parent };
}

static Spot before(Walk *k, Spot s)
{
    if (s.kind == SPOT_ENTRY)
        return (Spot){ SPOT_LIST, s.node, k->x.instances.at[s.instance - 1].parent };
    if (s.instance)
        return (Spot){ SPOT_ENTRY, k->x.instances.at[s.instance - 1].repeat, s.instance };
    int page = form_prev_page(k->p, *k->c->arena, &k->x, k->c->now, s.node);
    return page < 0 ? s : spot_of_page(k->p, page);
}

static Spot step_list(Walk *k, Spot s)
{
    Spot open;
    Ctx *c = k->c;
    if (form_has(c, "open") && spot_parse(k, form_str(c, "open"), &open))
        return open;
    if (form_has(c, "add") && k->p->nodes.at[s.node].repeat_count < 0) {
        int made = form_repeat_add(k->p, c->arena, &k->x, c->now, s.node, s.instance);
        return made ? (Spot){ SPOT_ENTRY, s.node, made } : s;
    }
    return s.instance ? after_entry(k, s.instance, s.node) : next_page(k, s.node);
}

static void blank(Walk *k, Spot s)
{
    for (size_t i = 0; s.kind == SPOT_ENTRY && i < k->p->nodes.len; i++) {
        Str *cell = form_cell(k->p, &k->typed, (int)i, s.instance);
        if (cell)
            *cell = S("");
    }
}

/* Nothing is kept here, files neither: the walk goes on without them. */
static void without_files(const FormProgram *p, AnswerIssues *issues)
{
    size_t n = 0;
    for (size_t i = 0; i < issues->len; i++) {
        QuestionType t = p->nodes.at[issues->at[i].node].type;
        if (t != Q_IMAGE && t != Q_AUDIO && t != Q_VIDEO && t != Q_FILE)
            issues->at[n++] = issues->at[i];
    }
    issues->len = n;
}

/* What was typed on the page, in the language it stood in. */
static void read_spot(Walk *k, Spot s, AnswerIssues *issues)
{
    Ctx *c   = k->c;
    k->typed = form_answers_copy(c->arena, k->p, &k->x);
    if (s.kind == SPOT_ENTRY) {
        blank(k, s);
        form_entry_read(k->p, c->arena, c->lang, &c->req->form, c->now, s.instance, &k->x, &k->typed, issues);
    } else {
        k->typed = form_answers_new(c->arena, k->p);
        form_page_read(k->p, c->arena, c->lang, &c->req->form, c->now, s.node, &k->x, &k->typed, issues);
    }
}

/* The same page in another language: what was typed stays, nothing is checked yet. */
static Err say_in(Walk *k, Spot s)
{
    AnswerIssues unsaid = { 0 };
    Lang         l;
    if (s.kind != SPOT_LIST)
        read_spot(k, s, &unsaid);
    if (lang_parse(form_str(k->c, "say"), &l) && k->p->has_lang[l])
        k->c->lang = l;
    return phone_view(k, s, NULL);
}

static Err step(Walk *k, Spot s)
{
    Ctx         *c      = k->c;
    AnswerIssues issues = { 0 };
    if (form_has(c, "say"))
        return say_in(k, s);
    if (form_has(c, "back"))
        return phone_view(k, before(k, s), NULL);
    if (s.kind == SPOT_LIST)
        return phone_view(k, step_list(k, s), NULL);
    read_spot(k, s, &issues);
    if (form_page_looks(&c->req->form))
        return phone_view(k, s, NULL);
    without_files(k->p, &issues);
    if (issues.len)
        return phone_view(k, s, &issues);
    k->typed = form_answers_new(c->arena, k->p);
    return phone_view(k, s.kind == SPOT_ENTRY ? after_entry(k, s.instance, -1) : next_page(k, s.node), NULL);
}

Err builder_phone_action(Ctx *c)
{
    Work w;
    Walk k;
    Spot s;
    TRY(walk_open(c, &w, &k, form_str(c, "lang")));
    if (!k.p)
        return OK;
    draft_read(c->arena, k.p, form_str(c, "state"), &k.x, &k.typed);
    k.x.mix = 1;
    /* The rows may have changed since this page was made: then the walk begins anew. */
    if (!spot_parse(&k, form_str(c, "spot"), &s) || form_has(c, "restart"))
        return redirect(c, arena_fmt(c->arena, "%.*s?lang=%.*s", STR_ARG(work_path(c, &w, "/phone")), STR_ARG(lang_code(c->lang))));
    return step(&k, s);
}

Err builder_phone_tab_page(Ctx *c)
{
    Work      w;
    DraftHead head;
    TRY(work_open(c, &w));
    TRY(head_of(c, &w, TAB_PHONE, &head));
    Out o = work_page_begin(c, &w, text_of(c->lang, "builder.tab.phone"));
    drafts_preview_view(&o, &head, work_path(c, &w, "/phone"));
    return page_end(c, &o);
}

/* A picture or sound of the draft, for its own pages. */
Err builder_media_file(Ctx *c)
{
    Work       w;
    DraftFiles rows;
    Str        head;
    TRY(work_open(c, &w));
    TRY(form_draft_files(c->db, c->arena, w.d.id, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        if (!str_eq(rows.at[i].name, path_str(c, "name")))
            continue;
        TRY(files_head(c->store, c->arena, rows.at[i].sum, FILE_HEAD, &head));
        Str type = file_type_sniffed(head);
        if (!file_type_picture(type) && !str_starts(type, S("audio/")) && !str_starts(type, S("video/")))
            break;
        TRY(answer_bytes(c, 200, type, S("")));
        c->task->res.file = files_path(c->store, c->arena, rows.at[i].sum);
        answer_header(c, S("content-security-policy"), S("sandbox; default-src 'none'"));
        return OK;
    }
    return err_new(c->arena, ERR_NOT_FOUND, S("no such file goes with this draft"));
}
