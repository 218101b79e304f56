/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Entries of a repeat (people of a household, visits to an office): the list with its acts, and a page for each entry. */
#include "collect/respond.h"
#include "respond_entries.html.h"
#include "respond_entry.html.h"

enum { LEVELS = 8 };

/* ---- Addresses: positions from the outermost repeat inwards, "2" or "2.1" ------------------------------------------- */
static Str place_of(const Respond *r, int instance)
{
    Str place = S("");
    for (int i = instance; i; i = r->x.instances.at[i - 1].parent)
        place = arena_fmt(r->c->arena, "%d%s%.*s", r->x.instances.at[i - 1].position, place.len ? "." : "", STR_ARG(place));
    return place;
}

static Str name_in_path(const Respond *r, int node)
{
    return url_encode(r->c->arena, str_replace(r->c->arena, r->program->nodes.at[node].name, S("/"), S("~")));
}

Str respond_entry_path(const Respond *r, int instance)
{
    Str name = name_in_path(r, r->x.instances.at[instance - 1].repeat);
    return arena_fmt(r->c->arena, "/s/%.*s/entry/%.*s/%.*s", STR_ARG(r->info->round.code), STR_ARG(name), STR_ARG(place_of(r, instance)));
}

static Str list_path(const Respond *r, int repeat, int parent)
{
    if (!parent)
        return respond_question_path(r, repeat);
    Str name = name_in_path(r, repeat);
    return arena_fmt(r->c->arena, "/s/%.*s/list/%.*s/%.*s", STR_ARG(r->info->round.code), STR_ARG(name), STR_ARG(place_of(r, parent)));
}

/* The repeat named in the address and the instance at its place: of the repeat itself, or of the one around it. 0: none. */
static int instance_named(Respond *r, bool around, int *out_repeat)
{
    int  chain[LEVELS], n = 0, instance = 0;
    Str  place  = path_str(r->c, "at");
    int  repeat = form_find(r->program, str_replace(r->c->arena, path_str(r->c, "name"), S("~"), S("/")));
    *out_repeat = repeat;
    if (repeat < 0 || r->program->nodes.at[repeat].type != Q_REPEAT)
        return 0;
    for (int i = around ? form_repeat_around(r->program, repeat) : repeat; i >= 0 && n < LEVELS; i = form_repeat_around(r->program, i))
        chain[n++] = i;
    while (n--) {
        StrPair cut = str_cut(place, '.');
        int64_t position;
        place = cut.tail;
        if (!str_to_i64(cut.head, &position) || position < 1 || position > INT32_MAX ||
            !(instance = form_instance_find(&r->x, chain[n], instance, (int)position)))
            return 0;
    }
    return place.len ? 0 : instance;
}

Str respond_entry_name(const Respond *r, int instance)
{
    const FormInstance *x = &r->x.instances.at[instance - 1];
    Str label = form_label_filled_at(r->c->arena, r->program, x->repeat, &r->x, x->parent, r->c->lang);
    return arena_fmt(r->c->arena, "%.*s %d", STR_ARG(label.len ? label : text_of(r->c->lang, "collect.entry.name")), x->position);
}

/* ---- The list --------------------------------------------------------------------------------------------------------- */
static Str after_list(Respond *r, int repeat, int parent)
{
    if (!parent)
        return respond_after(r, repeat);
    FormState s    = form_state(r->program, r->c->arena, &r->x, r->c->now);
    int       next = form_entry_repeat(r->program, *r->c->arena, &s, parent, repeat);
    const FormInstance *x = &r->x.instances.at[parent - 1];
    return next >= 0 ? list_path(r, next, parent) : list_path(r, x->repeat, x->parent);
}

static Str before_list(Respond *r, int repeat, int parent)
{
    return parent ? respond_entry_path(r, parent) : respond_before(r, repeat);
}

static bool entry_lacks(const AnswerIssues *issues, const FormAnswers *x, int instance)
{
    for (size_t i = 0; i < issues->len; i++)
        for (int k = issues->at[i].instance; k; k = x->instances.at[k - 1].parent)
            if (k == instance)
                return true;
    return false;
}

Err respond_list_view(Respond *r, int repeat, int parent)
{
    Ctx            *c = r->c;
    const FormNode *n = &r->program->nodes.at[repeat];
    AnswerIssues    issues = respond_faults(r);
    const int32_t  *ids;
    FormState       s     = form_state(r->program, c->arena, &r->x, c->now);
    int             count = form_state_instances(&s, repeat, parent, &ids);
    Str             label = form_label_filled_at(c->arena, r->program, repeat, &r->x, parent, c->lang);
    EntriesView     v = { .title = label.len ? label : text_of(c->lang, "collect.entry.name"), .back_href = site_path(c, before_list(r, repeat, parent)),
                          .action = site_path(c, list_path(r, repeat, parent)), .token = form_token(c), .may_add = n->repeat_count < 0,
                          .help = respond_help(r) };
    for (int i = 0; i < count; i++) {
        Str href = site_path(c, respond_entry_path(r, ids[i]));
        *list_add(c->arena, &v.rows) = (EntryRow){
            .name = respond_entry_name(r, ids[i]), .text = form_entry_text(c->arena, r->program, &s, ids[i], c->lang), .href = href,
            .remove_href = v.may_add ? str_concat(c->arena, href, S("?remove=1")) : S(""), .missing = entry_lacks(&issues, &r->x, ids[i]),
        };
    }
    Out o = page_begin(c, v.title);
    respond_entries(&o, &v);
    return page_end(c, &o);
}

Err respond_list_send(Respond *r, int repeat, int parent)
{
    Ctx *c    = r->c;
    Str  next = after_list(r, repeat, parent);
    if (form_has(c, "add") && r->program->nodes.at[repeat].repeat_count < 0) {
        int made = form_repeat_add(r->program, c->arena, &r->x, c->now, repeat, parent);
        next = made ? respond_entry_path(r, made) : list_path(r, repeat, parent);
    }
    if (form_has(c, "later"))
        next = list_path(r, repeat, parent);
    TRY(respond_save(r, next));
    return redirect(c, form_has(c, "later") ? respond_path(r, "/resume?saved=1") : next);
}

static Err open_at(Ctx *c, Respond *r, bool around, int *out_repeat, int *out_instance, bool *out_left)
{
    TRY(respond_draft(c, r, out_left));
    if (*out_left)
        return OK;
    *out_instance = instance_named(r, around, out_repeat);
    return *out_instance ? OK : err_new(c->arena, ERR_NOT_FOUND, S("entry"));
}

Err respond_list_page(Ctx *c)
{
    Respond r;
    bool    left;
    int     repeat, parent;
    TRY(open_at(c, &r, true, &repeat, &parent, &left));
    return left ? OK : respond_list_view(&r, repeat, parent);
}

Err respond_list_action(Ctx *c)
{
    Respond r;
    bool    left;
    int     repeat, parent;
    TRY(open_at(c, &r, true, &repeat, &parent, &left));
    return left ? OK : respond_list_send(&r, repeat, parent);
}

/* ---- One entry ------------------------------------------------------------------------------------------------------- */
static Err entry_view(Respond *r, int instance, const FormAnswers *typed, const AnswerIssues *issues)
{
    Ctx                *c = r->c;
    const FormInstance *x = &r->x.instances.at[instance - 1];
    bool      checking = str_eq(query_str(c, "from"), S("check"));
    Str       self     = site_path(c, respond_entry_path(r, instance));
    EntryView v = { .page = respond_page_of(r, typed, issues), .instance = instance, .takes_files = form_page_takes_files(r->program, x->repeat),
                    .title = respond_entry_name(r, instance), .token = form_token(c), .help = respond_help(r), .from_check = checking,
                    .back_href = checking ? respond_href(r, "/check") : site_path(c, list_path(r, x->repeat, x->parent)),
                    .action = checking ? str_concat(c->arena, self, S("?from=check")) : self };
    if (r->program->nodes.at[x->repeat].repeat_count < 0)
        v.remove_href = str_concat(c->arena, self, S("?remove=1"));
    for (size_t i = 0; issues && i < issues->len; i++)
        field_error(c, &v.errors, form_control_id(c->arena, r->program, issues->at[i].node), issues->at[i].message[c->lang]);
    Out o = page_begin(c, v.title);
    respond_entry(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

static Err remove_view(Respond *r, int instance)
{
    Ctx       *c = r->c;
    FormState  s = form_state(r->program, c->arena, &r->x, c->now);
    Str        name = respond_entry_name(r, instance), text = form_entry_text(c->arena, r->program, &s, instance, c->lang);
    RemoveView v = { .title = text_fmt(c->arena, c->lang, "collect.entry.remove.title", ARG_S("name", name)), .text = text,
                     .back_href = site_path(c, respond_entry_path(r, instance)), .action = site_path(c, respond_entry_path(r, instance)),
                     .token = form_token(c), .help = respond_help(r) };
    Out o = page_begin(c, v.title);
    respond_entry_remove(&o, &v);
    return page_end(c, &o);
}

Err respond_entry_page(Ctx *c)
{
    Respond r;
    bool    left;
    int     repeat, instance;
    TRY(open_at(c, &r, false, &repeat, &instance, &left));
    if (left)
        return OK;
    bool fixed = r.program->nodes.at[repeat].repeat_count >= 0;
    return query_int(c, "remove", 0) && !fixed ? remove_view(&r, instance) : entry_view(&r, instance, NULL, NULL);
}

static Err remove_entry(Respond *r, int repeat, int instance)
{
    int parent = r->x.instances.at[instance - 1].parent;
    Str next   = list_path(r, repeat, parent);           /* the parent's place stays: it comes before what lies in it */
    form_instance_remove(r->c->arena, &r->x, instance);
    form_settle(r->program, r->c->arena, &r->x, r->c->now);
    TRY(respond_save(r, next));
    return redirect(r->c, next);
}

static void blank_entry(const Respond *r, FormAnswers *typed, int instance)
{
    for (size_t i = 0; i < r->program->nodes.len; i++) {
        Str *cell = form_cell(r->program, typed, (int)i, instance);
        if (cell)
            *cell = S("");
    }
}

static Str after_entry(Respond *r, int instance)
{
    const FormInstance *x = &r->x.instances.at[instance - 1];
    FormState s    = form_state(r->program, r->c->arena, &r->x, r->c->now);
    int       next = form_entry_repeat(r->program, *r->c->arena, &s, instance, -1);
    return next >= 0 ? list_path(r, next, instance) : list_path(r, x->repeat, x->parent);
}

Err respond_entry_action(Ctx *c)
{
    Respond      r;
    bool         left, later = form_has(c, "later");
    int          repeat, instance;
    AnswerIssues issues = { 0 };
    TRY(open_at(c, &r, false, &repeat, &instance, &left));
    if (left)
        return OK;
    if (form_has(c, "remove") && r.program->nodes.at[repeat].repeat_count < 0)
        return remove_entry(&r, repeat, instance);
    FormAnswers typed = form_answers_copy(c->arena, r.program, &r.x);
    blank_entry(&r, &typed, instance);
    HttpFields fields;
    TRY(respond_fields(&r, instance, &fields, &issues));
    form_entry_read(r.program, c->arena, c->lang, &fields, c->now, instance, &r.x, &typed, &issues);
    if (respond_stays(&r)) {
        TRY(respond_save(&r, respond_entry_path(&r, instance)));
        return entry_view(&r, instance, &typed, NULL);
    }
    if (issues.len && !later) {
        TRY(respond_save(&r, respond_entry_path(&r, instance)));
        return entry_view(&r, instance, &typed, &issues);
    }
    bool checking = str_eq(query_str(c, "from"), S("check"));
    Str  next     = later ? respond_entry_path(&r, instance) : checking ? respond_path(&r, "/check") : after_entry(&r, instance);
    TRY(respond_save(&r, next));
    return redirect(c, later ? respond_path(&r, "/resume?saved=1") : next);
}
