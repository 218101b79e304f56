/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a unit says of its appraisal: explanations of what it was asked about, and objections. Drafts are kept whatever the day; the leader sends. */
#include "season/appraise.h"

static Err words_audit(Ctx *c, const CardWork *w, Str act, Str code, int64_t revision)
{
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"code\":");
    buf_json_str(&detail, code);
    buf_fmt(&detail, ",\"revision\":%lld}", (long long)revision);
    return audit_add(c, act, S("card"), w->card.id.v, w->card.unit, buf_str(&detail));
}

static Str next_asked(Ctx *c, const CardWork *w, int at)
{
    for (int i = at + 1; i < (int)w->scheme.len; i++)
        if (season_leaf_own(&w->scheme.at[i]) && card_leaf_asked(w, w->scheme.at[i].code))
            return card_leaf_href(c, w, w->scheme.at[i].code);
    return S("");
}

static void length_check(Ctx *c, FieldErrors *errors, Str field, Str text, size_t most)
{
    if (!text.len)
        field_error(c, errors, field, text_of(c->lang, "explain.error.empty"));
    else if (utf8_count(text) > most)
        field_error(c, errors, field, text_fmt(c->arena, c->lang, "season.score.long", ARG_N("n", (int64_t)most), ARG_N("now", (int64_t)utf8_count(text))));
}

/* ---- Explanations ------------------------------------------------------------------------------------------------ */

Err card_explain_action(Ctx *c)
{
    CardWork w;
    int      at;
    int64_t  seen = 0;
    TRY(card_leaf_of_form(c, &w, &at));
    if (w.told)
        return OK;
    CardAnswer  x      = { .code = w.scheme.at[at].code, .answer = form_str(c, "answer"), .by = c->session.person, .at = c->now };
    const CardAnswer *kept = card_answer_find(&w.answers, x.code);
    FieldErrors errors = { 0 };
    str_to_i64(form_str(c, "revision"), &seen);
    int64_t newest = kept ? kept->revision : 0, over = seen;
    if (w.card.state != CARD_EXPLAINING || !card_leaf_asked(&w, x.code)) {
        field_error(c, &errors, S("answer"), text_of(c->lang, "explain.closed"));
    } else if (newest != seen) {
        over = newest;
        field_error(c, &errors, S("answer"), text_fmt(c->arena, c->lang, "season.score.changed", ARG_S("who", kept ? person_name_of(c, kept->by) : S("–"))));
    } else {
        length_check(c, &errors, S("answer"), x.answer, CARD_NOTE_LETTERS);
    }
    if (errors.len) {
        ScoreView v = { .errors = errors, .answer = x.answer, .answer_revision = arena_fmt(c->arena, "%lld", (long long)over) };
        return card_score_view(c, &v, &w, at, 422);
    }
    TRY(card_answer_save(c->db, c->arena, w.card.id, &x, seen));
    TRY(words_audit(c, &w, S("card.explain"), x.code, x.revision));
    Str to = form_has(c, "next") ? next_asked(c, &w, at) : S("");
    return redirect_notice(c, to.len ? to : card_leaf_href(c, &w, x.code), NOTICE_OK, text_fmt(c->arena, c->lang, "explain.saved", ARG_S("code", x.code)));
}

/* ---- Objections ---------------------------------------------------------------------------------------------------- */

static Err objection_remove(Ctx *c, const CardWork *w, const CardObjection *kept, Str code)
{
    if (!kept || w->card.state != CARD_APPRAISED)
        return redirect_notice(c, card_leaf_href(c, w, code), NOTICE_INFO, text_of(c->lang, "object.gone"));
    TRY(card_objection_remove(c->db, c->arena, w->card.id, kept));
    TRY(words_audit(c, w, S("card.unobject"), code, kept->revision));
    return redirect_notice(c, card_leaf_href(c, w, code), NOTICE_OK, text_of(c->lang, "object.removed"));
}

Err card_objection_action(Ctx *c)
{
    CardWork w;
    int      at;
    int64_t  seen = 0;
    TRY(card_leaf_of_form(c, &w, &at));
    if (w.told)
        return OK;
    CardObjection x      = { .code = w.scheme.at[at].code, .reason = form_str(c, "objection"), .by = c->session.person, .at = c->now };
    const CardObjection *kept = card_objection_find(&w.objections, x.code);
    FieldErrors   errors = { 0 };
    str_to_i64(form_str(c, "revision"), &seen);
    if (form_has(c, "remove") && (!kept || kept->revision == seen))
        return objection_remove(c, &w, kept, x.code);
    int64_t newest = kept ? kept->revision : 0, over = seen;
    if (w.card.state != CARD_APPRAISED) {
        field_error(c, &errors, S("objection"), text_of(c->lang, "object.closed"));
    } else if (newest != seen) {
        over = newest;
        field_error(c, &errors, S("objection"), text_fmt(c->arena, c->lang, "season.score.changed",
                                                         ARG_S("who", kept ? person_name_of(c, kept->by) : S("–"))));
    } else {
        length_check(c, &errors, S("objection"), x.reason, CARD_REASON_LETTERS);
    }
    if (errors.len) {
        ScoreView v = { .errors = errors, .objection = x.reason, .objection_revision = arena_fmt(c->arena, "%lld", (long long)over) };
        return card_score_view(c, &v, &w, at, 422);
    }
    TRY(card_objection_save(c->db, c->arena, w.card.id, &x, seen));
    TRY(words_audit(c, &w, S("card.objection"), x.code, x.revision));
    return redirect_notice(c, card_leaf_href(c, &w, x.code), NOTICE_OK, text_fmt(c->arena, c->lang, "object.saved", ARG_S("code", x.code)));
}

/* What the forms of the page hold. */
void card_words_fill(Ctx *c, ScoreView *v, int at)
{
    const CardWork      *w         = v->w;
    Str                  code      = w->scheme.at[at].code;
    const CardAnswer    *answer    = card_answer_find(&w->answers, code);
    const CardObjection *objection = card_objection_find(&w->objections, code);
    v->answering = v->answer_revision.len || (w->may_answer && w->card.state == CARD_EXPLAINING && card_leaf_asked(w, code));
    v->objecting = v->objection_revision.len || (w->may_answer && w->card.state == CARD_APPRAISED && v->own);
    v->objected  = objection != NULL;
    if (!v->answer_revision.len) {
        v->answer_revision = arena_fmt(c->arena, "%lld", answer ? (long long)answer->revision : 0LL);
        v->answer          = answer ? answer->answer : S("");
    }
    if (!v->objection_revision.len) {
        v->objection_revision = arena_fmt(c->arena, "%lld", objection ? (long long)objection->revision : 0LL);
        v->objection          = objection ? objection->reason : S("");
    }
}
