/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One criterion of a card: inputs that compute the points at saving, explanation, evidence. What is typed is kept even where nothing can be
 * computed from it yet. */
#include "season/appraise.h"

#include "edition/edition.h"
#include "seasons_score.html.h"

#include <math.h>

/* ---- Reading what was typed ------------------------------------------------------------------------------------------- */

/* "86,42", "có", "28/02/2026": a number, a day or a text of JSON. */
void card_typed_json(Ctx *c, Buf *b, Str text)
{
    double x;
    Date   day;
    if (real_parse_typed(c->lang, text, &x))
        buf_json_f64(b, x);
    else if (date_loose(text, &day) && !date_is_none(day))
        buf_json_str(b, date_iso(c->arena, day));
    else
        buf_json_str(b, text);
}

static Str box_name(Ctx *c, size_t i)
{
    return arena_fmt(c->arena, "v%zu", i);
}

static Str inputs_typed(Ctx *c, const SchemeCriterion *x)
{
    Buf  b     = buf_new(c->arena, 256);
    bool first = true;
    buf_byte(&b, '{');
    for (size_t i = 0; i < x->input_count; i++) {
        Str text = form_str(c, arena_c(c->arena, box_name(c, i)));
        if (!text.len)
            continue;
        buf_add(&b, first ? S("") : S(","));
        first = false;
        buf_json_str(&b, x->inputs[i]);
        buf_byte(&b, ':');
        card_typed_json(c, &b, text);
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

/* All digits, as they can be typed again. */
Str card_number_shown(Ctx *c, double x)
{
    Buf b = buf_new(c->arena, 32);
    buf_f64(&b, x);
    for (size_t i = 0; i < b.len && c->lang == LANG_VI; i++)
        if (b.at[i] == '.')
            b.at[i] = ',';
    return buf_str(&b);
}

Str card_value_shown(Ctx *c, const Json *v)
{
    Date day;
    if (json_is(v, JSON_NUMBER))
        return card_number_shown(c, v->num);
    if (!json_is(v, JSON_STRING))
        return S("");
    if (date_parse(v->text, &day) && !date_is_none(day)) {
        Ymd d = date_ymd(day);
        return arena_fmt(c->arena, "%02d/%02d/%d", d.day, d.month, d.year);
    }
    return v->text;
}

/* ---- Showing -------------------------------------------------------------------------------------------------------------- */

/* typed: the boxes hold what the form sent, letter for letter. */
static void boxes_fill(Ctx *c, ScoreView *v, const CardScore *kept, bool typed)
{
    const Json *json = NULL;
    if (kept && json_parse(c->arena, kept->inputs, &json))
        json = NULL;
    for (size_t i = 0; i < v->x->input_count; i++) {
        const char *name = arena_c(c->arena, box_name(c, i));
        *list_add(c->arena, &v->boxes) = (TextInput){
            .f = { .name = str_from_c(name), .label = scheme_input_label(c->arena, c->lang, v->x, v->x->inputs[i]),
                   .error = field_error_find(&v->errors, name) },
            .value = typed ? form_str(c, name) : card_value_shown(c, json_get(json, v->x->inputs[i])), .max_length = CARD_INPUT_LETTERS,
            .width = S("w-10"), .autocomplete = S("off"), .readonly = !v->editable };
    }
    if (v->x->rule.kind == RULE_MANUAL)
        *list_add(c->arena, &v->boxes) = (TextInput){
            .f = { .name = S("points"), .label = text_of(c->lang, "scheme.try.points"), .error = field_error_find(&v->errors, "points") },
            .value = typed ? form_str(c, "points") : kept && !isnan(kept->manual) ? card_number_shown(c, kept->manual) : S(""),
            .width = S("w-10"), .autocomplete = S("off"), .readonly = !v->editable };
}

static Err result_fill(Ctx *c, ScoreView *v, int at)
{
    SchemeFaults faults = { 0 };
    SchemeScore  score  = { .points = NAN };
    const CardWork *w = v->w;
    if (v->not_applicable)
        return OK;
    v->scored = scheme_compute_leaf(c->arena, &w->scheme, at, &w->filled, &w->calendar, (SchemeWords){ .lang = c->lang }, &score, &faults);
    v->points = v->scored ? card_points_text(c, score.points) : S("");
    v->trace  = score.trace;
    for (size_t i = 0; i < faults.len; i++) {
        faults.at[i].code = S("");
        *list_add(c->arena, &v->faults) = scheme_fault_text(c->arena, c->lang, &faults.at[i]);
    }
    return OK;
}

static bool attached(const CardWork *w, Str code, CardEvidenceKind kind, int64_t ref)
{
    for (size_t i = 0; i < w->evidence.len; i++)
        if (str_eq(w->evidence.at[i].code, code) && w->evidence.at[i].kind == kind && w->evidence.at[i].ref == ref)
            return true;
    return false;
}

/* "1.1.2, 3.4": where else a file stands. */
static Str used_in(Ctx *c, const CardWork *w, int64_t ref, Str but)
{
    StrList codes = { 0 };
    for (size_t i = 0; i < w->evidence.len; i++)
        if (w->evidence.at[i].kind == EVIDENCE_FILE && w->evidence.at[i].ref == ref && !str_eq(w->evidence.at[i].code, but))
            *list_add(c->arena, &codes) = w->evidence.at[i].code;
    return str_join(c->arena, codes.at, codes.len, S(", "));
}

static Str file_note(Ctx *c, const CardWork *w, const CardFile *f, Str but)
{
    Str also = used_in(c, w, f->id, but), size = size_text(c->arena, c->lang, f->size);
    Str by   = text_fmt(c->arena, c->lang, "season.evidence.added", ARG_S("size", size), ARG_S("who", person_name_of(c, f->by)),
                        ARG_S("when", time_text(c->arena, c->lang, f->at)));
    return also.len ? str_join(c->arena, (Str[]){ by, text_fmt(c->arena, c->lang, "season.evidence.also", ARG_S("codes", also)) }, 2, S(" · ")) : by;
}

static Err evidence_fill(Ctx *c, ScoreView *v)
{
    const CardWork *w = v->w;
    EditionRows     editions;
    TRY(edition_list(c->db, c->arena, &editions));
    for (size_t i = 0; i < w->files.len; i++) {
        const CardFile *f = &w->files.at[i];
        Str ref = arena_fmt(c->arena, "%lld", (long long)f->id);
        if (attached(w, v->x->code, EVIDENCE_FILE, f->id))
            *list_add(c->arena, &v->evidence) = (EvidenceLine){ f->name, file_note(c, w, f, v->x->code),
                str_join(c->arena, (Str[]){ v->base, S("files"), ref }, 3, S("/")), S("file"), ref };
        else
            *list_add(c->arena, &v->files) = (Choice){ .value = ref, .label = f->name, .hint = used_in(c, w, f->id, v->x->code) };
    }
    for (size_t i = 0; i < editions.len; i++) {
        const EditionRow *e = &editions.at[i];
        Str ref = arena_fmt(c->arena, "%lld", (long long)e->id.v), title = text_fmt(c->arena, c->lang, "season.evidence.edition",
            ARG_S("title", edition_title(e, c->lang)), ARG_N("n", e->number));
        if (attached(w, v->x->code, EVIDENCE_EDITION, e->id.v))
            *list_add(c->arena, &v->evidence) = (EvidenceLine){ title, time_text(c->arena, c->lang, e->published_at), edition_path(c->arena, e),
                                                                S("edition"), ref };
        else
            *list_add(c->arena, &v->editions) = (Choice){ .value = ref, .label = title };
    }
    return OK;
}

static Str neighbour(Ctx *c, const CardWork *w, int at, int step)
{
    for (at += step; at >= 0 && at < (int)w->scheme.len; at += step)
        if (!w->scheme.at[at].group)
            return card_leaf_href(c, w, w->scheme.at[at].code);
    return S("");
}

Str card_leaf_path(Ctx *c, const Scheme *s, int at)
{
    Str    names[SCHEME_LEVELS];
    size_t n = SCHEME_LEVELS;
    for (at = s->at[at].up; at >= 0; at = s->at[at].up)
        names[--n] = str_join(c->arena, (Str[]){ s->at[at].code, s->at[at].name }, 2, S(" "));
    return str_join(c->arena, names + n, SCHEME_LEVELS - n, S(" › "));
}

Err card_score_view(Ctx *c, ScoreView *v, CardWork *w, int at, int status)
{
    const CardScore *kept = card_score_find(&w->scores, w->scheme.at[at].code);
    v->w        = w;
    v->x        = &w->scheme.at[at];
    v->own      = season_leaf_own(v->x);
    v->given    = !v->own && kept;
    v->editable = v->own && w->may_score;
    v->base     = card_base(c, w->card.id);
    v->action   = str_concat(c->arena, v->base, S("/criteria"));
    v->token    = c->page.form_token;
    v->max      = card_points_text(c, v->x->max);
    v->words    = scheme_rule_words(c->arena, c->lang, v->x);
    v->path     = card_leaf_path(c, &w->scheme, at);
    v->prev_href = neighbour(c, w, at, -1);
    v->next_href = neighbour(c, w, at, 1);
    if (!v->errors.len || !v->revision.len) {
        v->revision       = arena_fmt(c->arena, "%lld", kept ? (long long)kept->revision : 0LL);
        v->note           = kept ? kept->note : S("");
        v->not_applicable = kept && kept->not_applicable;
    }
    if (!v->boxes.len)
        boxes_fill(c, v, kept, false);
    if (kept)
        v->saved = text_fmt(c->arena, c->lang, "season.score.saved",
                            ARG_S("who", kept->by.v ? person_name_of(c, kept->by) : text_of(c->lang, "scheme.by_program")),
                            ARG_S("when", time_text(c->arena, c->lang, kept->at)));
    TRY(result_fill(c, v, at));
    TRY(evidence_fill(c, v));
    TRY(card_said_fill(c, w, at, w->manages, &v->said));
    card_words_fill(c, v, at);
    v->attach = card_leaf_open(w, at);
    c->page.error = v->errors.len > 0;
    season_crumbs(c, &w->s, &w->card, v->x->code);
    Out o = page_begin(c, str_join(c->arena, (Str[]){ v->x->code, v->x->name }, 2, S(" ")));
    seasons_score_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err leaf_of(Ctx *c, const CardWork *w, Str code, int *out_at)
{
    *out_at = scheme_find(&w->scheme, code);
    return *out_at >= 0 && !w->scheme.at[*out_at].group ? OK : err_new(c->arena, ERR_NOT_FOUND, S("no such criterion to be scored"));
}

Err card_score_page(Ctx *c)
{
    CardWork  w;
    ScoreView v = { 0 };
    int       at;
    TRY(card_work(c, RIGHT_SEASON_READ, &w));
    if (w.told)
        return OK;
    TRY(leaf_of(c, &w, query_str(c, "code"), &at));
    return card_score_view(c, &v, &w, at, 200);
}

Err card_score_again(Ctx *c, CardWork *w, int at, Str field, Str message)
{
    ScoreView v = { 0 };
    field_error(c, &v.errors, field, message);
    return card_score_view(c, &v, w, at, 422);
}

/* The criterion that a form names, for who may change it; conflict when the card was signed meanwhile. */
Err card_leaf_of_form(Ctx *c, CardWork *w, int *out_at)
{
    TRY(card_work(c, RIGHT_CARD_SCORE, w));
    if (w->told)
        return OK;
    TRY(leaf_of(c, w, form_str(c, "code"), out_at));
    bool speaks = w->card.state == CARD_EXPLAINING || w->card.state == CARD_APPRAISED;
    if ((!w->may_score && w->card.state == CARD_DRAFT) || (!w->may_answer && speaks))
        return err_new(c->arena, ERR_FORBIDDEN, S("who scores a card works in its unit"));
    return season_leaf_own(&w->scheme.at[*out_at]) ? OK : err_new(c->arena, ERR_CONFLICT, S("the criterion is not left to the unit"));
}

/* ---- Saving ----------------------------------------------------------------------------------------------------------------- */

/* What was typed, shown again: nothing is lost when a field is refused, another was faster or the card is closed. over: the revision that the
 * reader has seen or is told of now; a newer one must not be overwritten by typing on. */
static Err refused(Ctx *c, CardWork *w, int at, const FieldErrors *errors, int64_t over)
{
    ScoreView v = { .x = &w->scheme.at[at], .errors = *errors, .editable = true, .note = form_str(c, "note"),
                    .not_applicable = form_has(c, "not_applicable"), .revision = arena_fmt(c->arena, "%lld", (long long)over) };
    boxes_fill(c, &v, NULL, true);
    return card_score_view(c, &v, w, at, 422);
}

static void too_long(Ctx *c, FieldErrors *errors, Str field, Str text, size_t most)
{
    if (utf8_count(text) > most)
        field_error(c, errors, field, text_fmt(c->arena, c->lang, "season.score.long", ARG_N("n", (int64_t)most), ARG_N("now", (int64_t)utf8_count(text))));
}

static void typed_check(Ctx *c, const SchemeCriterion *x, CardScore *typed, FieldErrors *errors)
{
    Str points = form_str(c, "points");
    for (size_t i = 0; i < x->input_count; i++)
        too_long(c, errors, box_name(c, i), form_str(c, arena_c(c->arena, box_name(c, i))), CARD_INPUT_LETTERS);
    if (x->rule.kind == RULE_MANUAL && points.len && !real_parse_typed(c->lang, points, &typed->manual))
        field_error(c, errors, S("points"), text_of(c->lang, "season.score.points.error"));
    too_long(c, errors, S("note"), typed->note, CARD_NOTE_LETTERS);
}

/* Points of the typed alone, so that lists need not compute. */
static Err points_of(Ctx *c, CardWork *w, int at, CardScore *x)
{
    CardScores   one = { 0 };
    SchemeFaults faults = { 0 };
    SchemeScore  score  = { .points = NAN };
    const Json  *json;
    SchemeCard   card;
    *list_add(c->arena, &one) = *x;
    TRY(json_parse(c->arena, card_json(c->arena, S(""), &one), &json));
    scheme_card_read(c->arena, &w->scheme, json, &card, &faults);
    bool good = !x->not_applicable && !faults.len &&
                scheme_compute_leaf(c->arena, &w->scheme, at, &card, &w->calendar, (SchemeWords){ .lang = c->lang, .silent = true }, &score, &faults);
    x->points = good ? score.points : NAN;
    return OK;
}

/* Who cannot save at all, or would overwrite another, is told that before any field. */
static Err score_check(Ctx *c, CardWork *w, int at, CardScore *x, int64_t seen, bool *told)
{
    FieldErrors      errors = { 0 };
    const CardScore *kept   = card_score_find(&w->scores, x->code);
    int64_t          newest = kept ? kept->revision : 0, over = seen;
    if (w->card.state != CARD_DRAFT) {
        field_error(c, &errors, S("note"), card_closed_text(c, &w->card));
    } else if (newest != seen) {
        over = newest;
        field_error(c, &errors, S("note"), text_fmt(c->arena, c->lang, "season.score.changed", ARG_S("who", kept ? person_name_of(c, kept->by) : S("–"))));
    } else {
        typed_check(c, &w->scheme.at[at], x, &errors);
    }
    *told = errors.len > 0;
    return *told ? refused(c, w, at, &errors, over) : OK;
}

Err card_score_action(Ctx *c)
{
    CardWork w;
    int      at;
    int64_t  seen = 0;
    bool     told;
    TRY(card_leaf_of_form(c, &w, &at));
    if (w.told)
        return OK;
    CardScore x = { .code = w.scheme.at[at].code, .inputs = inputs_typed(c, &w.scheme.at[at]), .manual = NAN, .note = form_str(c, "note"),
                    .not_applicable = form_has(c, "not_applicable"), .by = c->session.person, .at = c->now };
    str_to_i64(form_str(c, "revision"), &seen);
    TRY(score_check(c, &w, at, &x, seen, &told));
    if (told)
        return OK;
    TRY(points_of(c, &w, at, &x));
    TRY(card_score_save(c->db, c->arena, w.card.id, &x, seen));
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"code\":");
    buf_json_str(&detail, x.code);
    buf_fmt(&detail, ",\"revision\":%lld}", (long long)x.revision);
    TRY(audit_add(c, S("card.score"), S("card"), w.card.id.v, w.card.unit, buf_str(&detail)));
    Str to = form_has(c, "next") ? neighbour(c, &w, at, 1) : S("");
    return redirect_notice(c, to.len ? to : card_leaf_href(c, &w, x.code), NOTICE_OK,
                           isnan(x.points) && !x.not_applicable ? text_fmt(c->arena, c->lang, "season.score.kept", ARG_S("code", x.code))
                                                                : text_fmt(c->arena, c->lang, "season.score.done", ARG_S("code", x.code)));
}
