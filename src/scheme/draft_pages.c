/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts of schemes in the console: begun, shown as a tree with what does not add up yet, undone, given up. */
#include "scheme/draft_console.h"

#include "schemes_draft.html.h"

#include <math.h>

Str scheme_draft_base(Ctx *c, DraftId id)
{
    return arena_fmt(c->arena, "/console/schemes/drafts/%lld", (long long)id.v);
}

Err scheme_draft_of_path(Ctx *c, SchemeDraft *out)
{
    TRY(scheme_draft_load(c->db, c->arena, (DraftId){ path_int(c, "draft") }, out));
    return right_need(c, RIGHT_INDEX_MANAGE, out->unit);
}

static Str draft_title(const SchemeDraft *draft)
{
    return draft->s.title.len ? draft->s.title : draft->s.code;
}

void scheme_draft_crumbs(Ctx *c, const SchemeDraft *draft, Str here)
{
    page_crumb(c, text_of(c->lang, "scheme.list.title"), S("/console/schemes"));
    page_crumb(c, text_fmt(c->arena, c->lang, "scheme.draft.of", ARG_S("title", draft_title(draft))), here.len ? scheme_draft_base(c, draft->id) : S(""));
    if (here.len)
        page_crumb(c, here, S(""));
}

bool scheme_draft_moved_on(Ctx *c, const SchemeDraft *draft)
{
    int64_t revision = 0;
    str_to_i64(form_str(c, "revision"), &revision);
    return revision != draft->revision;
}

Err scheme_draft_change(Ctx *c, SchemeDraft *draft, Str path, NoticeKind kind, Str text)
{
    draft->changed_by = c->session.person;
    draft->changed_at = c->now;
    Err e = scheme_draft_save(c->db, c->arena, draft);
    if (err_is(e, ERR_CONFLICT))
        return redirect_notice(c, path, NOTICE_WARN, text_of(c->lang, "scheme.draft.meanwhile"));
    TRY(e);
    return redirect_notice(c, path, kind, text);
}

Err scheme_draft_list(Ctx *c, SchemesListView *v)
{
    SchemeDrafts drafts;
    TRY(scheme_drafts(c->db, c->arena, &drafts));
    for (size_t i = 0; i < drafts.len; i++) {
        const SchemeDraft *d = &drafts.at[i];
        if (right_has(c, RIGHT_INDEX_MANAGE, d->unit))
            *list_add(c->arena, &v->drafts) = (SchemeDraftLine){ draft_title(d), scheme_draft_base(c, d->id),
                text_fmt(c->arena, c->lang, "scheme.draft.changed", ARG_S("who", person_name_of(c, d->changed_by)), ARG_S("when", time_text(c->arena, c->lang,
                        d->changed_at))) };
    }
    return OK;
}

/* ---- The tree ------------------------------------------------------------------------------------------------------ */

static Str points_said(Ctx *c, double x)
{
    return isnan(x) ? S("") : scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, x);
}

/* Rules in words need a settled criterion: each is settled alone, so that one's fault does not hide the others. */
static void node_words(Ctx *c, const SchemeCriterion *x, DraftNode *n)
{
    Scheme       alone;
    SchemeFaults faults = { 0 };
    if (criterion_alone(c->arena, scheme_work(c), x, &alone, &faults))
        n->words = scheme_rule_words(c->arena, c->lang, &alone.at[0]);
}

static void nodes_fill(Ctx *c, DraftView *v)
{
    const Scheme *s = &v->draft->s;
    double        total = 0;
    for (size_t i = 0; i < s->len; i++) {
        const SchemeCriterion *x = &s->at[i];
        Str       code = url_encode(c->arena, x->code);
        DraftNode n    = { .c = x, .points = points_said(c, x->max), .href = arena_fmt(c->arena, "%.*s/item?code=%.*s", STR_ARG(v->base), STR_ARG(code)),
                           .add_href = arena_fmt(c->arena, "%.*s/item?parent=%.*s", STR_ARG(v->base), STR_ARG(code)) };
        double sum = scheme_draft_points(s, i);
        n.sum    = points_said(c, sum);
        n.unlike = x->group && !isnan(x->max) && x->effect == EFFECT_POINTS && fabs(sum - x->max) > 1e-9;
        if (x->level == 0 && x->effect == EFFECT_POINTS && !isnan(sum))
            total += sum;
        if (!x->group) {
            n.method = text_find(c->lang, str_concat(c->arena, S("scheme.method."), scheme_method_code(x->method)));
            node_words(c, x, &n);
        }
        *list_add(c->arena, &v->nodes) = n;
    }
    v->total = points_said(c, total);
    v->max   = points_said(c, s->max);
    v->total_unlike = !(fabs(total - s->max) <= 1e-9);
}

/* What keeps it from being kept; each fault at the criterion it speaks of. */
static void faults_fill(Ctx *c, DraftView *v)
{
    Scheme       s      = v->draft->s;
    SchemeFaults faults = { 0 };
    s.at = arena_new(c->arena, SchemeCriterion, s.len + 1);
    memcpy(s.at, v->draft->s.at, s.len * sizeof *s.at);
    if (s.len)
        scheme_settle(c->arena, scheme_work(c), &s, &faults);
    v->fault_count = (int64_t)faults.all;
    for (size_t i = 0; i < faults.len; i++) {
        bool there = scheme_find(&v->draft->s, faults.at[i].code) >= 0;
        Str  where = arena_fmt(c->arena, "%.*s/item?code=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, faults.at[i].code)));
        faults.at[i].row = 1;
        *list_add(c->arena, &v->faults) = (SchemeFaultLine){ .row = there ? where : str_concat(c->arena, v->base, S("/about")),
                                                             .text = scheme_fault_text(c->arena, c->lang, &faults.at[i]) };
    }
}

static Err draft_page(Ctx *c)
{
    SchemeDraft draft;
    TRY(scheme_draft_of_path(c, &draft));
    DraftView v = { .draft = &draft, .title = draft_title(&draft), .base = scheme_draft_base(c, draft.id), .token = c->page.form_token,
                    .revision = arena_fmt(c->arena, "%lld", (long long)draft.revision),
                    .told = text_fmt(c->arena, c->lang, "scheme.draft.changed", ARG_S("who", person_name_of(c, draft.changed_by)),
                                     ARG_S("when", time_text(c->arena, c->lang, draft.changed_at))) };
    nodes_fill(c, &v);
    faults_fill(c, &v);
    scheme_draft_crumbs(c, &draft, S(""));
    Out o = page_begin(c, v.title);
    schemes_draft_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Begun, undone, given up ------------------------------------------------------------------------------------------ */

static Err begin_action(Ctx *c)
{
    SchemeRow row;
    DraftId   there;
    bool      told;
    TRY(scheme_of_path(c, RIGHT_INDEX_MANAGE, &row));
    TRY(scheme_draft_of(c->db, c->arena, row.id, &there));
    if (there.v)
        return redirect(c, scheme_draft_base(c, there));
    SchemeDraft draft = { .scheme = row.id, .base_version = row.version, .unit = row.unit, .made_by = c->session.person, .made_at = c->now };
    TRY(scheme_opened(c, &row, 0, &draft.s, &told));
    if (told)
        return OK;
    TRY(scheme_draft_add(c->db, c->arena, &draft));
    TRY(audit_add(c, S("scheme.draft"), S("scheme"), row.id.v, row.unit, S("")));
    return redirect(c, scheme_draft_base(c, draft.id));
}

static Err undo_action(Ctx *c)
{
    SchemeDraft draft;
    TRY(scheme_draft_of_path(c, &draft));
    Str base = scheme_draft_base(c, draft.id);
    draft.changed_by = c->session.person;
    draft.changed_at = c->now;
    Err e = scheme_draft_moved_on(c, &draft) ? err_new(c->arena, ERR_CONFLICT, S("changed")) : scheme_draft_undo(c->db, c->arena, &draft);
    if (err_is(e, ERR_CONFLICT))
        return redirect_notice(c, base, NOTICE_WARN, text_of(c->lang, "scheme.draft.meanwhile"));
    TRY(e);
    return redirect_notice(c, base, NOTICE_OK, text_of(c->lang, "scheme.draft.undone"));
}

static Err drop_page(Ctx *c)
{
    SchemeDraft draft;
    TRY(scheme_draft_of_path(c, &draft));
    Str base = scheme_draft_base(c, draft.id), title = text_of(c->lang, "scheme.draft.drop");
    scheme_draft_crumbs(c, &draft, title);
    Out o = page_begin(c, title);
    confirm_page(&o, &(ConfirmPage){ .title = title, .text = text_fmt(c->arena, c->lang, "scheme.draft.drop.text", ARG_S("title", draft_title(&draft))),
                                     .warning = text_of(c->lang, "scheme.draft.drop.warning"), .danger = true,
                                     .action = arena_fmt(c->arena, "%.*s/drop?revision=%lld", STR_ARG(base), (long long)draft.revision),
                                         .token = c->page.form_token,
                                     .back_href = base, .button = title });
    return page_end(c, &o);
}

static Err drop_action(Ctx *c)
{
    SchemeDraft draft;
    TRY(scheme_draft_of_path(c, &draft));
    draft.revision = query_int(c, "revision", 0);
    Err e = scheme_draft_drop(c->db, c->arena, &draft);
    if (err_is(e, ERR_CONFLICT))
        return redirect_notice(c, scheme_draft_base(c, draft.id), NOTICE_WARN, text_of(c->lang, "scheme.draft.meanwhile"));
    TRY(e);
    TRY(audit_add(c, S("scheme.undraft"), S("scheme"), draft.scheme.v, draft.unit, S("")));
    return redirect_notice(c, S("/console/schemes"), NOTICE_OK, text_of(c->lang, "scheme.draft.dropped"));
}

/* Mounted before the rows with {id}. */
const Route scheme_draft_routes[] = {
    { POST, "/schemes/{id}/draft",              RIGHT_INDEX_MANAGE, begin_action },
    { GET,  "/schemes/drafts/new",              RIGHT_INDEX_MANAGE, scheme_draft_new_page },
    { POST, "/schemes/drafts/new",              RIGHT_INDEX_MANAGE, scheme_draft_new_action },
    { GET,  "/schemes/drafts/{draft}",          RIGHT_INDEX_MANAGE, draft_page },
    { GET,  "/schemes/drafts/{draft}/about",    RIGHT_INDEX_MANAGE, scheme_draft_about_page },
    { POST, "/schemes/drafts/{draft}/about",    RIGHT_INDEX_MANAGE, scheme_draft_about_action },
    { GET,  "/schemes/drafts/{draft}/item",     RIGHT_INDEX_MANAGE, scheme_draft_item_page },
    { POST, "/schemes/drafts/{draft}/item",     RIGHT_INDEX_MANAGE, scheme_draft_item_action },
    { POST, "/schemes/drafts/{draft}/move",     RIGHT_INDEX_MANAGE, scheme_draft_move_action },
    { GET,  "/schemes/drafts/{draft}/remove",   RIGHT_INDEX_MANAGE, scheme_draft_remove_page },
    { POST, "/schemes/drafts/{draft}/remove",   RIGHT_INDEX_MANAGE, scheme_draft_remove_action },
    { POST, "/schemes/drafts/{draft}/undo",     RIGHT_INDEX_MANAGE, undo_action },
    { GET,  "/schemes/drafts/{draft}/keep",     RIGHT_INDEX_MANAGE, scheme_draft_keep_page },
    { POST, "/schemes/drafts/{draft}/keep",     RIGHT_INDEX_MANAGE, scheme_draft_keep_action },
    { GET,  "/schemes/drafts/{draft}/drop",     RIGHT_INDEX_MANAGE, drop_page },
    { POST, "/schemes/drafts/{draft}/drop",     RIGHT_INDEX_MANAGE, drop_action },
    { 0 },
};
