/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One criterion of a draft: its boxes, the rule put together without writing expressions, a trial beside it; moved, removed. */
#include "scheme/draft_console.h"

#include "schemes_item.html.h"

#include <math.h>

/* ---- Reading the boxes -------------------------------------------------------------------------------------------- */

static Str typed(Ctx *c, const RuleForm *r, const char *box)
{
    return form_str(c, arena_c(c->arena, rule_form_name(c->arena, r, str_from_c(box))));
}

static void steps_sent(Ctx *c, RuleForm *r)
{
    StrList bounds = { 0 }, points = { 0 };
    form_all(c, arena_c(c->arena, rule_form_name(c->arena, r, S("bound"))), &bounds);
    form_all(c, arena_c(c->arena, rule_form_name(c->arena, r, S("gives"))), &points);
    for (size_t i = 0; i < bounds.len && i < points.len && i < SCHEME_STEPS; i++)
        if (str_trim(bounds.at[i]).len || str_trim(points.at[i]).len)
            *list_add(c->arena, &r->steps) = (StepForm){ str_trim(bounds.at[i]), str_trim(points.at[i]) };
}

static RuleForm rule_sent(Ctx *c, Str prefix)
{
    RuleForm r       = { .prefix = prefix };
    int64_t  measure = 0;
    scheme_rule_parse(typed(c, &r, "kind"), &r.kind);
    str_to_i64(typed(c, &r, "measure"), &measure);
    r.measure = measure > 0 && measure < MEASURE_COUNT ? (Measure)measure : MEASURE_ONE;
    r.a       = typed(c, &r, "a");
    r.b       = typed(c, &r, "b");
    r.a_name  = typed(c, &r, "a_name");
    r.b_name  = typed(c, &r, "b_name");
    r.of      = typed(c, &r, "of");
    r.points  = typed(c, &r, "points");
    r.floor   = typed(c, &r, "floor");
    r.full    = typed(c, &r, "full");
    r.each    = typed(c, &r, "each");
    r.cap     = typed(c, &r, "cap");
    r.due     = typed(c, &r, "due");
    steps_sent(c, &r);
    return r;
}

static void item_sent(Ctx *c, CriterionForm *f, bool group, bool deep)
{
    int64_t parts = 0;
    *f = (CriterionForm){ .code = form_str(c, "code"), .parent = form_str(c, "parent"), .name = form_str(c, "name"), .max = form_str(c, "max"),
                          .note = form_str(c, "note"), .evidence = form_str(c, "evidence"), .labels = form_str(c, "labels"), .group = group, .deep = deep };
    scheme_method_parse(form_str(c, "method"), &f->method);
    scheme_effect_parse(form_str(c, "effect"), &f->effect);
    f->rule = rule_sent(c, S(""));
    str_to_i64(form_str(c, "parts"), &parts);
    for (int64_t i = 0; i < parts && i < SCHEME_PARTS; i++)
        if (!str_eq(form_str(c, "do"), arena_fmt(c->arena, "drop%lld", (long long)i)))
            *list_add(c->arena, &f->parts) = rule_sent(c, arena_fmt(c->arena, "p%lld_", (long long)i));
    if ((str_eq(form_str(c, "do"), S("part")) || f->rule.kind == RULE_SUM) && f->parts.len < SCHEME_PARTS &&
        (!f->parts.len || str_eq(form_str(c, "do"), S("part"))))
        *list_add(c->arena, &f->parts) = (RuleForm){ .kind = RULE_YES_NO };
    for (size_t i = 0; i < f->parts.len; i++)                /* one that was dropped moves those after it up */
        f->parts.at[i].prefix = arena_fmt(c->arena, "p%zu_", i);
}

/* ---- Showing ---------------------------------------------------------------------------------------------------------- */

static Choices coded(Ctx *c, const char *prefix, Str (*code)(int), int n, int chosen, unsigned without)
{
    Choices out = { 0 };
    for (int i = 0; i < n; i++)
        if (!(without >> i & 1))
            *list_add(c->arena, &out) = (Choice){ .value = code(i), .label = text_find(c->lang, str_concat(c->arena, str_from_c(prefix), code(i))),
                                                  .chosen = i == chosen };
    return out;
}
static Str item_rule_code(int i) { return scheme_rule_code((SchemeRuleKind)i); }
static Str item_method_code(int i) { return scheme_method_code((SchemeMethod)i); }
static Str item_effect_code(int i) { return scheme_effect_code((SchemeEffect)i); }

/* Where it may stand: everywhere but below itself. */
static Choices parent_choices(Ctx *c, const Scheme *s, size_t at, Str chosen)
{
    Choices out = { 0 };
    size_t  end = at < s->len ? scheme_draft_end(s, at) : at;
    for (size_t i = 0; i < s->len; i++) {
        const SchemeCriterion *x = &s->at[i];
        if ((i >= at && i < end) || x->level + 1 >= SCHEME_LEVELS || !(x->group || x->level < 2 || str_eq(x->code, chosen)))
            continue;
        *list_add(c->arena, &out) = (Choice){ .value = x->code, .label = str_join(c->arena, (Str[]){ x->code, x->name }, 2, S(" ")), .chosen = str_eq(x->code,
                chosen) };
    }
    return out;
}

static Str neighbour_href(Ctx *c, const DraftItemView *v, size_t at, int step)
{
    const Scheme *s = &v->draft->s;
    int64_t i = (int64_t)at + step;
    return i >= 0 && i < (int64_t)s->len ? arena_fmt(c->arena, "%.*s/item?code=%.*s", STR_ARG(v->base), STR_ARG(url_encode(c->arena, s->at[i].code))) : S("");
}

static void place_fill(Ctx *c, DraftItemView *v, size_t at)
{
    const Scheme *s = &v->draft->s;
    v->first = v->last = true;
    if (at >= s->len)
        return;
    for (size_t i = 0; i < s->len; i++)
        if (i != at && str_eq(s->at[i].parent, s->at[at].parent)) {
            v->first &= i > at;
            v->last &= i < at;
        }
    Str code = url_encode(c->arena, s->at[at].code);
    v->prev_href   = neighbour_href(c, v, at, -1);
    v->next_href   = neighbour_href(c, v, at, 1);
    v->add_href    = arena_fmt(c->arena, "%.*s/item?parent=%.*s", STR_ARG(v->base), STR_ARG(code));
    v->remove_href = arena_fmt(c->arena, "%.*s/remove?code=%.*s", STR_ARG(v->base), STR_ARG(code));
    v->sum = scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, scheme_draft_points(s, at));
}

static void choices_fill(Ctx *c, DraftItemView *v, size_t at)
{
    const CriterionForm *f = &v->f;
    v->parents = parent_choices(c, &v->draft->s, at, f->parent);
    v->methods = coded(c, "scheme.method.", item_method_code, METHOD_COUNT, (int)f->method, 0);
    v->effects = coded(c, "scheme.effect.", item_effect_code, EFFECT_COUNT, (int)f->effect, 0);
    v->kinds   = coded(c, "scheme.rule.", item_rule_code, RULE_KIND_COUNT, (int)f->rule.kind, 0);
    v->part_kinds = coded(c, "scheme.rule.", item_rule_code, RULE_KIND_COUNT, -1, 1u << RULE_SUM | 1u << RULE_MANUAL);
    v->expr = f->rule.kind != RULE_MANUAL && f->rule.kind != RULE_SUM && (f->rule.measure == MEASURE_EXPR || f->rule.kind == RULE_FORMULA);
    for (size_t i = 0; i < f->parts.len && f->rule.kind == RULE_SUM; i++)
        v->expr |= f->parts.at[i].measure == MEASURE_EXPR || f->parts.at[i].kind == RULE_FORMULA;
}

/* ---- The trial: inputs of the rule as it stands on the page ------------------------------------------------------------ */

static Err trial(Ctx *c, DraftItemView *v, const SchemeCriterion *x)
{
    Scheme       alone;
    SchemeCard   card;
    SchemeScore  score;
    SchemeFaults faults = { 0 };
    bool         scored = false;
    if (v->f.group || isnan(x->max) || !criterion_alone(c->arena, scheme_work(c), x, &alone, &faults))
        return OK;
    const SchemeCriterion *one = &alone.at[0];
    v->words = scheme_rule_words(c->arena, c->lang, one);
    scheme_card_init(c->arena, &alone, &card);
    for (size_t i = 0; i < one->input_count; i++) {
        Str name = arena_fmt(c->arena, "try%zu", i), value = form_str(c, arena_c(c->arena, name));
        *list_add(c->arena, &v->boxes) = (SchemeInputBox){ .f = { .name = name, .label = scheme_input_label(c->arena, c->lang, one, one->inputs[i]) },
                                                           .value = value };
        if (value.len)
            *list_add(c->arena, &card.inputs[0]) = (SchemeInput){ one->inputs[i], scheme_typed_value(c, value) };
    }
    v->tried = str_eq(form_str(c, "do"), S("try")) && v->boxes.len;
    if (!v->tried)
        return OK;
    TRY(scheme_scored(c, &alone, 0, &card, &score, &faults, &scored));
    if (scored)
        v->score = scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, score.points);
    v->trace = score.trace;
    for (size_t i = 0; i < faults.len; i++) {
        faults.at[i].code = S("");
        *list_add(c->arena, &v->faults) = scheme_fault_text(c->arena, c->lang, &faults.at[i]);
    }
    return OK;
}

static Err item_view(Ctx *c, DraftItemView *v, size_t at, int status)
{
    v->token    = c->page.form_token;
    v->revision = arena_fmt(c->arena, "%lld", (long long)v->draft->revision);
    v->at_code  = at < v->draft->s.len ? v->draft->s.at[at].code : S("");
    v->title    = v->at_code.len ? str_join(c->arena, (Str[]){ v->at_code, v->draft->s.at[at].name }, 2, S(" ")) : text_of(c->lang, "scheme.item.new");
    v->action   = str_concat(c->arena, v->base, S("/item"));
    place_fill(c, v, at);
    choices_fill(c, v, at);
    c->page.error = v->errors.len > 0;
    scheme_draft_crumbs(c, v->draft, v->at_code.len ? v->at_code : v->title);
    Out o = page_begin(c, v->title);
    schemes_item_view(&o, v);
    return page_end_status(c, &o, status);
}

/* Its place; s.len for a new one. */
static Err item_place(Ctx *c, const SchemeDraft *draft, Str code, size_t *out)
{
    int at = code.len ? scheme_find(&draft->s, code) : (int)draft->s.len;
    *out   = (size_t)(at < 0 ? 0 : at);
    return at < 0 ? err_new(c->arena, ERR_NOT_FOUND, S("no such criterion in the draft")) : OK;
}

Err scheme_draft_item_page(Ctx *c)
{
    SchemeDraft   draft;
    size_t        at;
    TRY(scheme_draft_of_path(c, &draft));
    DraftItemView v = { .draft = &draft, .base = scheme_draft_base(c, draft.id) };
    TRY(item_place(c, &draft, query_str(c, "code"), &at));
    SchemeCriterion x = { .parent = query_str(c, "parent"), .max = NAN };
    if (at < draft.s.len)
        x = draft.s.at[at];
    else
        x.code = scheme_draft_next_code(c->arena, &draft.s, x.parent);
    criterion_form_fill(c->arena, c->lang, &x, &v.f);
    if (at == draft.s.len && x.parent.len)
        v.f.rule.kind = RULE_YES_NO;
    TRY(trial(c, &v, &x));
    return item_view(c, &v, at, 200);
}

static bool only_shows(Str act)
{
    return str_eq(act, S("show")) || str_eq(act, S("part")) || str_eq(act, S("try")) || str_starts(act, S("drop"));
}

Err scheme_draft_item_action(Ctx *c)
{
    SchemeDraft draft;
    size_t      at;
    Str         act = form_str(c, "do");
    TRY(scheme_draft_of_path(c, &draft));
    DraftItemView   v = { .draft = &draft, .base = scheme_draft_base(c, draft.id) };
    SchemeCriterion x;
    Err gone = item_place(c, &draft, form_str(c, "at"), &at);
    if (err_is(gone, ERR_NOT_FOUND) && scheme_draft_moved_on(c, &draft))
        at = draft.s.len;                                    /* removed meanwhile: what was typed is offered as a new one */
    else
        TRY(gone);
    bool there = at < draft.s.len;
    item_sent(c, &v.f, there && draft.s.at[at].group, there && criterion_deep(&draft.s.at[at]));
    bool good = criterion_form_read(c->arena, scheme_work(c), c->lang, &v.f, &draft.s, at, &x, &v.errors);
    if (only_shows(act)) {
        if (!str_eq(act, S("try")))
            v.errors = (FieldErrors){ 0 };
        if (good)
            TRY(trial(c, &v, &x));
        return item_view(c, &v, at, v.errors.len ? 422 : 200);
    }
    if (scheme_draft_moved_on(c, &draft))
        field_error(c, &v.errors, S("code"), text_of(c->lang, "scheme.draft.meanwhile.typed"));
    if (v.errors.len)
        return item_view(c, &v, at, 422);
    scheme_draft_put(c->arena, &draft.s, at, &x);
    size_t now  = (size_t)scheme_find(&draft.s, x.code);
    Str    next = str_eq(act, S("next")) && now + 1 < draft.s.len ? neighbour_href(c, &v, now, 1) : v.base;
    return scheme_draft_change(c, &draft, next, NOTICE_OK, text_fmt(c->arena, c->lang, "scheme.item.saved", ARG_S("code", x.code)));
}

/* ---- Moved, removed ------------------------------------------------------------------------------------------------------ */

Err scheme_draft_move_action(Ctx *c)
{
    SchemeDraft draft;
    size_t      at;
    TRY(scheme_draft_of_path(c, &draft));
    Str base = scheme_draft_base(c, draft.id);
    if (scheme_draft_moved_on(c, &draft))
        return redirect_notice(c, base, NOTICE_WARN, text_of(c->lang, "scheme.draft.meanwhile"));
    TRY(item_place(c, &draft, form_str(c, "code"), &at));
    Str code = draft.s.at[at].code;
    if (!scheme_draft_move(c->arena, &draft.s, at, str_eq(form_str(c, "by"), S("up")) ? -1 : 1))
        return redirect(c, base);
    return scheme_draft_change(c, &draft, arena_fmt(c->arena, "%.*s/item?code=%.*s", STR_ARG(base), STR_ARG(url_encode(c->arena, code))), NOTICE_OK,
                        text_of(c->lang, "scheme.item.moved"));
}

Err scheme_draft_remove_page(Ctx *c)
{
    SchemeDraft draft;
    size_t      at;
    TRY(scheme_draft_of_path(c, &draft));
    TRY(item_place(c, &draft, query_str(c, "code"), &at));
    if (at == draft.s.len)
        return err_new(c->arena, ERR_NOT_FOUND, S("no criterion named"));
    Str base = scheme_draft_base(c, draft.id), title = text_of(c->lang, "scheme.item.remove");
    Str name = str_join(c->arena, (Str[]){ draft.s.at[at].code, draft.s.at[at].name }, 2, S(" "));
    scheme_draft_crumbs(c, &draft, title);
    Out o = page_begin(c, title);
    confirm_page(&o, &(ConfirmPage){ .title = title, .text = text_fmt(c->arena, c->lang, "scheme.item.remove.text", ARG_S("name", name),
                                                                     ARG_N("n", (int64_t)(scheme_draft_end(&draft.s, at) - at - 1))),
                                     .warning = text_of(c->lang, "scheme.item.remove.warning"), .danger = true,
                                     .action = arena_fmt(c->arena, "%.*s/remove?code=%.*s&revision=%lld", STR_ARG(base), STR_ARG(url_encode(c->arena,
                                             draft.s.at[at].code)), (long long)draft.revision),
                                     .token = c->page.form_token, .back_href = base, .button = title });
    return page_end(c, &o);
}

Err scheme_draft_remove_action(Ctx *c)
{
    SchemeDraft draft;
    size_t      at;
    TRY(scheme_draft_of_path(c, &draft));
    Str base = scheme_draft_base(c, draft.id);
    if (query_int(c, "revision", 0) != draft.revision)
        return redirect_notice(c, base, NOTICE_WARN, text_of(c->lang, "scheme.draft.meanwhile"));
    TRY(item_place(c, &draft, query_str(c, "code"), &at));
    if (at == draft.s.len)
        return err_new(c->arena, ERR_NOT_FOUND, S("no criterion named"));
    Str code = draft.s.at[at].code;
    scheme_draft_remove(&draft.s, at);
    scheme_draft_order(c->arena, &draft.s);
    return scheme_draft_change(c, &draft, base, NOTICE_OK, text_fmt(c->arena, c->lang, "scheme.item.removed", ARG_S("code", code)));
}
