/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whoever runs a season says who appraises which domain of which units, and sees what the appraisers did. */
#include "season/appraise.h"
#include "season/tell.h"

#include "seasons_appraisers.html.h"

#include <math.h>

static Err season_managed(Ctx *c, Season *s)
{
    TRY(season_load(c->db, c->arena, (SeasonId){ path_int(c, "id") }, s));
    return right_need(c, RIGHT_SEASON_MANAGE, s->owner);
}

/* ---- What can be chosen ---------------------------------------------------------------------------------------------- */

static Str id_text(Ctx *c, int64_t id)
{
    return arena_fmt(c->arena, "%lld", (long long)id);
}

/* Each person once, whatever roles give the right. */
static Err people_fill(Ctx *c, const Season *s, AppraisersView *v)
{
    Holders all;
    TRY(right_holders(c->db, c->arena, RIGHT_CARD_APPRAISE, s->owner, c->today, &all));
    for (size_t i = 0; i < all.len; i++) {
        Str  id    = id_text(c, all.at[i].person.v);
        bool there = all.at[i].disabled;
        for (size_t k = 0; k < v->people.len; k++)
            there |= str_eq(v->people.at[k].value, id);
        if (!there)
            *list_add(c->arena, &v->people) = (Choice){ .value = id,
                .label = arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(all.at[i].name), STR_ARG(all.at[i].login)), .chosen = str_eq(form_str(c, "person"), id) };
    }
    return OK;
}

static bool chosen(Ctx *c, const char *name, Str value)
{
    StrList all = { 0 };
    form_all(c, name, &all);
    for (size_t i = 0; i < all.len; i++)
        if (str_eq(all.at[i], value))
            return true;
    return false;
}

static Err choices_fill(Ctx *c, const Season *s, const Scheme *scheme, AppraisersView *v)
{
    Cards cards;
    TRY(people_fill(c, s, v));
    for (size_t i = 0; i < scheme->len; i++)
        if (scheme->at[i].level == 0)
            *list_add(c->arena, &v->domains) = (Choice){ .value = scheme->at[i].code, .chosen = chosen(c, "domain", scheme->at[i].code),
                .label = str_join(c->arena, (Str[]){ scheme->at[i].code, scheme->at[i].name }, 2, S(" ")) };
    TRY(season_cards(c->db, c->arena, s->id, &cards));
    for (size_t i = 0; i < cards.len; i++)
        *list_add(c->arena, &v->units) = (Choice){ .value = id_text(c, cards.at[i].unit.v), .label = unit_name_today(c, cards.at[i].unit),
                                                   .chosen = str_eq(form_str(c, "unit"), id_text(c, cards.at[i].unit.v)) };
    return OK;
}

/* ---- What there is ----------------------------------------------------------------------------------------------------- */

static Str domain_label(Ctx *c, const Scheme *scheme, Str code)
{
    int at = code.len ? scheme_find(scheme, code) : -1;
    return at < 0 ? text_of(c->lang, "appraisers.all.domains") : str_join(c->arena, (Str[]){ code, scheme->at[at].name }, 2, S(" "));
}

static Err lines_fill(Ctx *c, const Season *s, const Scheme *scheme, AppraisersView *v)
{
    Assignments all;
    Conflicts   conflicts;
    TRY(season_assignments(c->db, c->arena, s->id, &all));
    for (size_t i = 0; i < all.len; i++) {
        const Assignment *x = &all.at[i];
        Person            p;
        TRY(person_load(c->db, c->arena, x->person, &p));
        *list_add(c->arena, &v->lines) = (AppraiserLine){ .name = p.name, .works_in = unit_name_today(c, p.unit), .domain = domain_label(c, scheme, x->domain),
            .unit = x->unit.v ? unit_name_today(c, x->unit) : text_of(c->lang, "appraisers.all.units"), .person_id = id_text(c, x->person.v),
            .domain_code = x->domain, .unit_id = id_text(c, x->unit.v) };
    }
    TRY(season_conflicts(c->db, c->arena, s->id, &conflicts));
    for (size_t i = 0; i < conflicts.len; i++)
        *list_add(c->arena, &v->conflicts) = (SummaryRow){ .value = conflicts.at[i].reason,
            .key = str_join(c->arena, (Str[]){ person_name_of(c, conflicts.at[i].person), unit_name_today(c, conflicts.at[i].unit) }, 2, S(" – ")) };
    return OK;
}

typedef struct Tally { int64_t n, accepted, lowered, raised, asked, timed; double change, days; } Tally;

static void tally(const Scheme *scheme, const VerdictDone *x, Tally *t)
{
    int    at      = scheme_find(scheme, x->code);
    double sign    = at >= 0 && scheme->at[at].effect == EFFECT_PENALTY ? -1 : 1, claimed = isnan(x->claimed) ? 0 : x->claimed;
    double change  = x->kind == VERDICT_POINTS ? sign * x->points - claimed : 0;
    t->n++;
    t->accepted += x->kind == VERDICT_ACCEPT || (x->kind == VERDICT_POINTS && fabs(change) < 1e-9);
    t->lowered  += change < -1e-9;
    t->raised   += change > 1e-9;
    t->asked    += x->kind == VERDICT_ASK;
    t->change   += change;
    t->timed    += x->sent_at.ms > 0;
    t->days     += x->sent_at.ms > 0 ? (double)(x->at.ms - x->sent_at.ms) / (double)MS_DAY : 0;
}

static Err counts_fill(Ctx *c, const Season *s, const Scheme *scheme, AppraisersView *v)
{
    VerdictsDone all;
    TRY(season_verdicts_done(c->db, c->arena, s->id, &all));
    for (size_t i = 0; i < all.len; ) {
        PersonId who = all.at[i].by;
        Tally    t   = { 0 };
        int64_t  confirmed = 0;
        for (; i < all.len && all.at[i].by.v == who.v; i++)
            tally(scheme, &all.at[i], &t);
        for (size_t k = 0; k < all.len; k++)
            confirmed += who.v && all.at[k].confirmed_by.v == who.v;
        double judged = (double)(t.n - t.asked);
        *list_add(c->arena, &v->counts) = (AppraiserCount){ .name = who.v ? person_name_of(c, who) : text_of(c->lang, "scheme.by_program"),
            .n = num_text(c->arena, c->lang, t.n), .accepted = num_text(c->arena, c->lang, t.accepted), .lowered = num_text(c->arena, c->lang, t.lowered),
            .raised = num_text(c->arena, c->lang, t.raised), .asked = num_text(c->arena, c->lang, t.asked), .confirmed = num_text(c->arena, c->lang, confirmed),
            .mean = judged > 0 ? real_text(c->arena, c->lang, t.change / judged, 3) : S("–"),
            .days = t.timed ? real_text(c->arena, c->lang, t.days / (double)t.timed, 1) : S("–") };
    }
    return OK;
}

static Err appraisers_view(Ctx *c, AppraisersView *v, const Season *s, const Scheme *scheme, int status)
{
    Str title = text_of(c->lang, "appraisers.title");
    v->s      = s;
    v->base   = season_base(c, s->id);
    v->action = str_concat(c->arena, v->base, S("/appraisers"));
    v->token  = c->page.form_token;
    if (!v->four_eyes.len)
        v->four_eyes = card_number_shown(c, s->four_eyes);
    TRY(choices_fill(c, s, scheme, v));
    TRY(lines_fill(c, s, scheme, v));
    TRY(counts_fill(c, s, scheme, v));
    c->page.error = v->errors.len > 0;
    season_crumbs(c, s, NULL, title);
    Out o = page_begin(c, title);
    seasons_appraisers_view(&o, v);
    return page_end_status(c, &o, status);
}

Err season_appraisers_page(Ctx *c)
{
    Season         s;
    Scheme         scheme;
    AppraisersView v = { 0 };
    bool           told;
    TRY(season_managed(c, &s));
    TRY(season_scheme(c, &s, &scheme, &told));
    return told ? OK : appraisers_view(c, &v, &s, &scheme, 200);
}

/* ---- Saving --------------------------------------------------------------------------------------------------------------- */

static Err changed(Ctx *c, const Season *s, Str act, Str detail, Str says)
{
    TRY(audit_add(c, act, S("season"), s->id.v, s->owner, detail));
    return redirect_notice(c, str_concat(c->arena, season_base(c, s->id), S("/appraisers")), NOTICE_OK, says);
}

static Str assignment_json(Ctx *c, int64_t person, Str domain, int64_t unit)
{
    Buf b = buf_new(c->arena, 128);
    buf_fmt(&b, "{\"person\":\"%lld\",\"domain\":", (long long)person);
    buf_json_str(&b, domain);
    buf_fmt(&b, ",\"unit\":\"%lld\"}", (long long)unit);
    return buf_str(&b);
}

static Err four_eyes_action(Ctx *c, const Season *s, const Scheme *scheme)
{
    AppraisersView v = { .four_eyes = form_str(c, "four_eyes") };
    double         x;
    if (!real_parse_typed(c->lang, v.four_eyes, &x) || !(x > 0 && x <= 1000)) {
        field_error(c, &v.errors, S("four_eyes"), text_of(c->lang, "appraisers.four_eyes.error"));
        return appraisers_view(c, &v, s, scheme, 422);
    }
    TRY(season_four_eyes_save(c->db, s->id, x));
    Buf b = buf_new(c->arena, 64);
    buf_lit(&b, "{\"points\":");
    buf_json_f64(&b, x);
    buf_byte(&b, '}');
    return changed(c, s, S("season.four_eyes"), buf_str(&b), text_of(c->lang, "appraisers.four_eyes.done"));
}

static bool offered(const Choices *list, Str value)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].value, value))
            return true;
    return false;
}

static Err assign_action(Ctx *c, const Season *s, const Scheme *scheme)
{
    AppraisersView v = { 0 }, known = { 0 };
    StrList        domains = { 0 };
    Assignment     x = { 0 };
    TRY(choices_fill(c, s, scheme, &known));
    form_all(c, "domain", &domains);
    if (!offered(&known.people, form_str(c, "person")) || !str_to_i64(form_str(c, "person"), &x.person.v))
        field_error(c, &v.errors, S("person"), text_of(c->lang, "appraisers.error.person"));
    for (size_t i = 0; i < domains.len; i++)
        if (!offered(&known.domains, domains.at[i]))
            field_error(c, &v.errors, S("domain"), text_of(c->lang, "appraisers.error.domain"));
    if (form_str(c, "unit").len && (!offered(&known.units, form_str(c, "unit")) || !str_to_i64(form_str(c, "unit"), &x.unit.v)))
        field_error(c, &v.errors, S("unit"), text_of(c->lang, "appraisers.error.unit"));
    if (v.errors.len)
        return appraisers_view(c, &v, s, scheme, 422);
    if (!domains.len)
        *list_add(c->arena, &domains) = S("");
    for (size_t i = 0; i < domains.len; i++) {
        x.domain = domains.at[i];
        TRY(season_assign(c->db, s->id, &x, c->session.person, c->now));
        TRY(audit_add(c, S("season.assign"), S("season"), s->id.v, s->owner, assignment_json(c, x.person.v, x.domain, x.unit.v)));
    }
    TRY(season_tell_assigned(c, s, x.person));
    return redirect_notice(c, str_concat(c->arena, season_base(c, s->id), S("/appraisers")), NOTICE_OK, text_of(c->lang, "appraisers.assigned"));
}

Err season_appraisers_action(Ctx *c)
{
    Season s;
    Scheme scheme;
    bool   told;
    TRY(season_managed(c, &s));
    TRY(season_scheme(c, &s, &scheme, &told));
    if (told)
        return OK;
    if (form_has(c, "four_eyes"))
        return four_eyes_action(c, &s, &scheme);
    if (!form_has(c, "remove"))
        return assign_action(c, &s, &scheme);
    Assignment x = { .domain = form_str(c, "domain") };
    str_to_i64(form_str(c, "person"), &x.person.v);
    str_to_i64(form_str(c, "unit"), &x.unit.v);
    TRY(season_unassign(c->db, s.id, &x));
    return changed(c, &s, S("season.unassign"), assignment_json(c, x.person.v, x.domain, x.unit.v), text_of(c->lang, "appraisers.removed"));
}
