/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A draft's own facts, a new one, and its end: it is kept as a version when everything adds up. */
#include "scheme/draft_console.h"

#include "schemes_draft.html.h"

#include <math.h>

/* ---- Facts ---------------------------------------------------------------------------------------------------------- */

Choices scheme_kind_choices(Ctx *c, Str chosen)
{
    static const Str kinds[] = { S_INIT("province"), S_INIT("ministry"), S_INIT("department"), S_INIT("commune") };
    Choices out   = { 0 };
    bool    found = false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        bool here = str_eq(kinds[i], chosen);
        found |= here;
        *list_add(c->arena, &out) = (Choice){ .value = kinds[i], .label = scheme_kind_text(c->lang, kinds[i]), .chosen = here };
    }
    if (chosen.len && !found)
        *list_add(c->arena, &out) = (Choice){ .value = chosen, .label = chosen, .chosen = true };
    return out;
}

static Err about_view(Ctx *c, DraftAboutView *v, Str kind, UnitId owner, int status)
{
    v->kinds = scheme_kind_choices(c, kind);
    v->token = c->page.form_token;
    if (v->fresh) {
        TRY(owner_choices(c, RIGHT_INDEX_MANAGE, owner, &v->owners));
        page_crumb(c, text_of(c->lang, "scheme.list.title"), S("/console/schemes"));
        page_crumb(c, v->title, S(""));
    }
    c->page.error = v->errors.len > 0;
    Out o = page_begin(c, v->title);
    schemes_draft_about_view(&o, v);
    return page_end_status(c, &o, status);
}

static void about_typed(Ctx *c, DraftAboutView *v, Scheme *s)
{
    int64_t year = 0;
    v->code   = s->code   = form_str(c, "code");
    v->name   = s->title  = form_str(c, "title");
    v->source = s->source = form_str(c, "source");
    v->label  = s->label  = form_str(c, "label");
    v->year   = form_str(c, "year");
    v->max    = form_str(c, "max");
    s->unit_kind = form_str(c, "unit_kind");
    v->rescale   = s->rescale = form_has(c, "rescale");
    s->year      = str_to_i64(v->year, &year) && year >= 1990 && year <= 2200 ? (int)year : 0;
    if (!v->code.len || v->code.len > 100)
        field_error(c, &v->errors, S("code"), text_of(c->lang, "scheme.copy.code.error"));
    if (!v->name.len || v->name.len > SCHEME_TEXT_BYTES)
        field_error(c, &v->errors, S("title"), text_of(c->lang, "scheme.copy.name.error"));
    if (!s->year)
        field_error(c, &v->errors, S("year"), text_of(c->lang, "scheme.copy.year.error"));
    if (!real_parse_typed(c->lang, v->max, &s->max) || s->max <= 0 || s->max > 1e6)
        field_error(c, &v->errors, S("max"), text_of(c->lang, "scheme.form.max.bad"));
    if (v->source.len > SCHEME_TEXT_BYTES)
        field_error(c, &v->errors, S("source"), text_of(c->lang, "scheme.form.long"));
    if (v->label.len > 200)
        field_error(c, &v->errors, S("label"), text_of(c->lang, "scheme.form.long"));
}

Err scheme_draft_new_page(Ctx *c)
{
    DraftAboutView v = { .title = text_of(c->lang, "scheme.draft.new"), .action = S("/console/schemes/drafts/new"), .back_href = S("/console/schemes"),
                         .fresh = true,
                         .year = arena_fmt(c->arena, "%d", date_ymd(c->today).year), .max = S("100"), .rescale = true };
    return about_view(c, &v, S("department"), (UnitId){ 0 }, 200);
}

Err scheme_draft_new_action(Ctx *c)
{
    DraftAboutView v     = { .title = text_of(c->lang, "scheme.draft.new"), .action = S("/console/schemes/drafts/new"), .back_href = S("/console/schemes"),
                             .fresh = true };
    SchemeDraft    draft = { .made_by = c->session.person, .made_at = c->now };
    about_typed(c, &v, &draft.s);
    str_to_i64(form_str(c, "owner"), &draft.unit.v);
    if (!draft.unit.v || !right_has(c, RIGHT_INDEX_MANAGE, draft.unit))
        field_error(c, &v.errors, S("owner"), text_of(c->lang, "scheme.import.owner.error"));
    if (v.errors.len)
        return about_view(c, &v, draft.s.unit_kind, draft.unit, 422);
    TRY(scheme_draft_add(c->db, c->arena, &draft));
    TRY(audit_add(c, S("scheme.draft"), S("scheme"), 0, draft.unit, S("")));
    return redirect_notice(c, scheme_draft_base(c, draft.id), NOTICE_OK, text_of(c->lang, "scheme.draft.made"));
}

static Err about_of_draft(Ctx *c, SchemeDraft *draft, DraftAboutView *v)
{
    TRY(scheme_draft_of_path(c, draft));
    v->title     = text_of(c->lang, "scheme.draft.about");
    v->back_href = scheme_draft_base(c, draft->id);
    v->action    = str_concat(c->arena, v->back_href, S("/about"));
    v->revision  = arena_fmt(c->arena, "%lld", (long long)draft->revision);
    scheme_draft_crumbs(c, draft, v->title);
    return OK;
}

Err scheme_draft_about_page(Ctx *c)
{
    SchemeDraft    draft;
    DraftAboutView v = { 0 };
    TRY(about_of_draft(c, &draft, &v));
    const Scheme *s = &draft.s;
    v.code   = s->code;
    v.name   = s->title;
    v.source = s->source;
    v.label  = s->label;
    v.year   = s->year ? arena_fmt(c->arena, "%d", s->year) : S("");
    v.max    = isnan(s->max) ? S("") : scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, s->max);
    v.rescale = s->rescale;
    return about_view(c, &v, s->unit_kind, draft.unit, 200);
}

Err scheme_draft_about_action(Ctx *c)
{
    SchemeDraft    draft;
    DraftAboutView v = { 0 };
    TRY(about_of_draft(c, &draft, &v));
    about_typed(c, &v, &draft.s);
    if (scheme_draft_moved_on(c, &draft))
        field_error(c, &v.errors, S("code"), text_of(c->lang, "scheme.draft.meanwhile.typed"));
    if (v.errors.len)
        return about_view(c, &v, draft.s.unit_kind, draft.unit, 422);
    return scheme_draft_change(c, &draft, v.back_href, NOTICE_OK, text_of(c->lang, "scheme.draft.saved"));
}

/* ---- Kept --------------------------------------------------------------------------------------------------------------- */

/* Settled, with the row it will be a version of; *told: it does not add up, and the tree says where. */
static Err keep_ready(Ctx *c, SchemeDraft *draft, SchemeRow *row, bool *told)
{
    SchemeFaults faults = { 0 };
    TRY(scheme_draft_of_path(c, draft));
    *told = !draft->s.len || !scheme_settle(c->arena, scheme_work(c), &draft->s, &faults);
    if (*told)
        return redirect_notice(c, scheme_draft_base(c, draft->id), NOTICE_WARN, text_of(c->lang, "scheme.draft.unready"));
    *row = (SchemeRow){ .unit = draft->unit };
    return draft->scheme.v ? scheme_load(c->db, c->arena, draft->scheme, row) : OK;
}

static Err keep_view(Ctx *c, DraftKeepView *v, const SchemeRow *row, int status)
{
    Scheme       before;
    SchemeFaults faults = { 0 };
    const SchemeDraft *draft = v->draft;
    v->base     = scheme_draft_base(c, draft->id);
    v->token    = c->page.form_token;
    v->revision = arena_fmt(c->arena, "%lld", (long long)draft->revision);
    v->fresh    = !draft->scheme.v;
    v->locked   = row->locked_at.ms != 0;
    if (!v->fresh && row->version != draft->base_version)
        v->newer = text_fmt(c->arena, c->lang, "scheme.draft.newer", ARG_S("who", person_name_of(c, row->made_by)), ARG_N("version", row->version),
                            ARG_S("when", time_text(c->arena, c->lang, row->made_at)));
    if (!v->fresh) {
        TRY(scheme_definition_read(c->db, c->arena, scheme_work(c), row->id, 0, &before, &faults));
        if (!faults.len)
            scheme_changes(c->arena, c->lang, &before, &draft->s, &v->changes);
    }
    c->page.error = v->errors.len > 0;
    scheme_draft_crumbs(c, draft, text_of(c->lang, "scheme.draft.keep"));
    Out o = page_begin(c, text_of(c->lang, "scheme.draft.keep"));
    schemes_draft_keep_view(&o, v);
    return page_end_status(c, &o, status);
}

Err scheme_draft_keep_page(Ctx *c)
{
    SchemeDraft   draft;
    SchemeRow     row;
    bool          told;
    DraftKeepView v = { .draft = &draft };
    TRY(keep_ready(c, &draft, &row, &told));
    return told ? OK : keep_view(c, &v, &row, 200);
}

Err scheme_draft_keep_action(Ctx *c)
{
    SchemeDraft   draft;
    SchemeRow     row;
    bool          told;
    DraftKeepView v = { .draft = &draft, .reason = form_str(c, "reason") };
    TRY(keep_ready(c, &draft, &row, &told));
    if (told)
        return OK;
    if (scheme_draft_moved_on(c, &draft))
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "scheme.draft.meanwhile"));
    if (row.locked_at.ms && !v.reason.len)
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "scheme.import.reason.missing"));
    if (!v.errors.len && row.version != draft.base_version && draft.scheme.v && !form_has(c, "over"))
        field_error(c, &v.errors, S("over"), text_of(c->lang, "scheme.draft.over.missing"));
    if (v.errors.len)
        return keep_view(c, &v, &row, 422);
    SchemeRow kept = row;
    kept.made_by = c->session.person;
    kept.made_at = c->now;
    Err e = scheme_save(c->db, c->arena, &draft.s, v.reason, &kept);
    if (err_is(e, ERR_CONFLICT)) {
        field_error(c, &v.errors, S("reason"), text_fmt(c->arena, c->lang, "scheme.import.taken", ARG_S("code", draft.s.code)));
        return keep_view(c, &v, &row, 422);
    }
    TRY(e);
    TRY(scheme_draft_drop(c->db, c->arena, &draft));
    TRY(scheme_kept_audit(c, &kept, !draft.scheme.v, v.reason));
    return redirect_notice(c, scheme_base(c, kept.id), NOTICE_OK, draft.scheme.v ? text_of(c->lang, "scheme.import.changed") : text_of(c->lang,
            "scheme.import.done"));
}
