/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Helpers of the console's pages of paper forms. */
#include "paper/console.h"

Str paper_state_text(Lang l, PaperState s)
{
    switch (s) {
    case PAPER_REGISTERED: return text_of(l, "paper.state.registered");
    case PAPER_FIRST: return text_of(l, "paper.state.first");
    case PAPER_SECOND: return text_of(l, "paper.state.second");
    case PAPER_SETTLED: return text_of(l, "paper.state.settled");
    case PAPER_ACCEPTED: return text_of(l, "paper.state.accepted");
    default: return text_of(l, "paper.state.void");
    }
}

TagKind paper_state_tag(PaperState s)
{
    static const TagKind kinds[PAPER_STATE_COUNT] = { TAG_PLAIN, TAG_INFO, TAG_WARN, TAG_INFO, TAG_OK, TAG_OFF };
    return kinds[s];
}

Icon paper_state_icon(PaperState s)
{
    static const Icon icons[PAPER_STATE_COUNT] = { ICON_RING, ICON_HALF, ICON_WARN, ICON_DOC, ICON_CHECK, ICON_CLOSE };
    return icons[s];
}

Str batch_path(Ctx *c, const PaperBatch *b, const char *rest)
{
    return arena_fmt(c->arena, "/console/paper/batches/%lld%s", (long long)b->id, rest);
}

Str form_path(Ctx *c, const PaperForm *f, const char *rest)
{
    return arena_fmt(c->arena, "/console/paper/forms/%lld%s", (long long)f->id, rest);
}

void paper_crumbs(Ctx *c, const PaperBatch *b)
{
    page_crumb(c, text_of(c->lang, "paper.title"), S("/console/paper"));
    if (b)
        page_crumb(c, b->label, batch_path(c, b, ""));
}

Err batch_of_console(Ctx *c, Right right, PaperBatch *out)
{
    TRY(batch_load(c->db, c->arena, path_int(c, "id"), out));
    TRY(right_need(c, right, out->unit));
    paper_crumbs(c, out);
    return OK;
}

Err form_of_console(Ctx *c, Right right, PaperForm *out, PaperBatch *out_batch)
{
    TRY(paper_form_load(c->db, c->arena, path_int(c, "id"), out));
    TRY(batch_load(c->db, c->arena, out->batch, out_batch));
    TRY(right_need(c, right, out_batch->unit));
    paper_crumbs(c, out_batch);
    return OK;
}

Str paper_cell_label(Ctx *c, const PaperMap *m, PaperCell at)
{
    Str label = paper_label(c->arena, m, at.node, c->lang);
    return at.row ? text_fmt(c->arena, c->lang, "paper.entry.in_row", ARG_S("label", label), ARG_N("n", at.row)) : label;
}

Err paper_taken(Ctx *c, RoundId round, FieldErrors *errors)
{
    Round r;
    bool  taken;
    TRY(round_load(c->db, c->arena, round, &r));
    TRY(form_takes(c->db, c->store, c->arena, r.form, FORM_PAPER, &taken));
    if (!taken)
        field_error(c, errors, S("round"), text_of(c->lang, "paper.fault.channel"));
    return OK;
}

Err audit_paper(Ctx *c, Str action, int64_t id, UnitId unit, Str key, Str value)
{
    Buf b = buf_new(c->arena, 64);
    if (!key.len)
        return audit_add(c, action, S("paper"), id, unit, S(""));
    buf_byte(&b, '{');
    buf_json_str(&b, key);
    buf_byte(&b, ':');
    buf_json_str(&b, value);
    buf_byte(&b, '}');
    return audit_add(c, action, S("paper"), id, unit, buf_str(&b));
}

/* ---- Serial numbers in lists ------------------------------------------------------------------------------------------ */

static bool apart(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\r' || c == '\t';
}

bool serials_parse(Arena *a, Str typed, Serials *out, Str *out_bad)
{
    while (typed.len) {
        size_t n = 0;
        while (n < typed.len && !apart(typed.at[n]))
            n++;
        Str     word = str_take(typed, n);
        int64_t serial;
        if (word.len && !serial_parse(word, &serial)) {
            *out_bad = word;
            return false;
        }
        if (word.len)
            *list_add(a, out) = serial;
        typed = str_skip(typed, n + 1 < typed.len ? n + 1 : typed.len);
    }
    return true;
}

Str serials_text(Arena *a, const Serials *s)
{
    StrList words = { 0 };
    for (size_t i = 0; i < s->len; i++)
        *list_add(a, &words) = serial_text(a, s->at[i]);
    return str_join(a, words.at, words.len, S(", "));
}

bool serials_have(const Serials *s, int64_t serial)
{
    for (size_t i = 0; i < s->len; i++)
        if (s->at[i] == serial)
            return true;
    return false;
}

void serials_missing(Arena *a, const PaperBatch *b, const PaperForms *forms, Serials *out)
{
    size_t at = 0;
    for (int64_t serial = b->first; serial <= b->last; serial++) {
        while (at < forms->len && forms->at[at].serial < serial)
            at++;
        if (at == forms->len || forms->at[at].serial != serial)
            *list_add(a, out) = serial;
    }
}

/* ---- Choices ----------------------------------------------------------------------------------------------------------------- */

Err round_choices(Ctx *c, RoundId chosen, Choices *out)
{
    Rounds     rounds;
    RightScope scope;
    TRY(right_scope(c, RIGHT_PAPER_MANAGE, &scope));
    TRY(round_list(c->db, c->arena, &rounds));
    for (size_t i = 0; i < rounds.len; i++) {
        const Round *r = &rounds.at[i];
        if (r->state != ROUND_PUBLISHED && scope_reaches(&scope, r->owner))         /* forms of a round above come back to everybody below */
            *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)r->id.v), .label = round_title(r, c->lang),
                                                 .chosen = r->id.v == chosen.v };
    }
    return OK;
}

bool choice_taken(const Choices *at, Str value)
{
    for (size_t i = 0; i < at->len; i++)
        if (str_eq(at->at[i].value, value))
            return true;
    return false;
}
