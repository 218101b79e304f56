/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words and helpers of the console's pages. */
#include "quality/console.h"

static const char *const kind_keys[QUALITY_KIND_COUNT] = { "quality.kind.fast", "quality.kind.straight", "quality.kind.match", "quality.kind.place",
    "quality.kind.same_place", "quality.kind.hour", "quality.kind.overlap", "quality.kind.pause", "quality.kind.effect", "quality.kind.ages",
    "quality.kind.missing", "quality.kind.pace", "quality.kind.lines", "quality.kind.digits", "quality.kind.clock" };
static const char *const detail_keys[QUALITY_KIND_COUNT] = { "quality.detail.fast", "quality.detail.straight", "quality.detail.match", "quality.detail.place",
    "quality.detail.same_place", "quality.detail.hour", "quality.detail.overlap", "quality.detail.pause", "quality.detail.effect", "quality.detail.ages",
    "quality.detail.missing", "quality.detail.pace", "quality.detail.lines", "quality.detail.digits", "quality.detail.clock" };

Str quality_kind_text(Lang l, QualityKind k)
{
    return text_find(l, str_from_c(kind_keys[k]));
}

Str finding_case_text(Lang l, Str kind)
{
    return str_eq(kind, S(CASE_CLAIMED)) ? text_of(l, "quality.kind.case_claimed") : text_of(l, "quality.kind.case_twice");
}

Str quality_limit_text(Lang l, Threshold t)
{
    switch (t) {
    case LIMIT_FAST_SHARE: return text_of(l, "quality.limit.fast_share");
    case LIMIT_STRAIGHT_ITEMS: return text_of(l, "quality.limit.straight_items");
    case LIMIT_MATCH_PERCENTILE: return text_of(l, "quality.limit.match_percentile");
    case LIMIT_SAME_PLACE: return text_of(l, "quality.limit.same_place");
    case LIMIT_HOUR_FROM: return text_of(l, "quality.limit.hour_from");
    case LIMIT_HOUR_TO: return text_of(l, "quality.limit.hour_to");
    case LIMIT_PAUSE_MINUTES: return text_of(l, "quality.limit.pause_minutes");
    case LIMIT_COMPARE_P: return text_of(l, "quality.limit.compare_p");
    case LIMIT_EFFECT_P: return text_of(l, "quality.limit.effect_p");
    default: return text_of(l, "quality.limit.whipple");
    }
}

Str flag_state_text(Lang l, FlagState s)
{
    return s == FLAG_OPEN ? text_of(l, "quality.state.open") : s == FLAG_KEPT ? text_of(l, "quality.state.kept")
         : s == FLAG_CORRECTED ? text_of(l, "quality.state.corrected") : text_of(l, "quality.state.left_out");
}

TagKind flag_state_tag(FlagState s)
{
    return s == FLAG_OPEN ? TAG_WARN : s == FLAG_KEPT ? TAG_OK : s == FLAG_CORRECTED ? TAG_INFO : TAG_OFF;
}

Icon flag_state_icon(FlagState s)
{
    return s == FLAG_OPEN ? ICON_WARN : s == FLAG_LEFT_OUT ? ICON_CLOSE : ICON_CHECK;
}

Str quality_among_text(Lang l, Str code)
{
    return str_eq(code, S("psu")) ? text_of(l, "quality.among.psu") : str_eq(code, S("stratum")) ? text_of(l, "quality.among.stratum")
                                                                                                  : text_of(l, "quality.among.nested");
}

Str interviewer_text(Ctx *c, Str recorded)
{
    Person p;
    return login_valid(recorded) && person_by_login(c->db, c->arena, recorded, &p) == OK
         ? arena_fmt(c->arena, "%.*s (%.*s)", STR_ARG(p.name), STR_ARG(p.login)) : recorded;
}

/* Numbers of a detail as the reader writes them, under their names in the text. */
Str flag_detail_text(Ctx *c, const QualityFlag *f)
{
    const Json *tree;
    TextArg     args[8];
    size_t      n = 0;
    if (json_parse(c->arena, f->detail, &tree))
        return S("");
    JSON_EACH(j, tree) {
        if (n == COUNT_OF(args) || j->kind == JSON_BOOL)
            continue;
        Str text = c->lang == LANG_VI && j->kind != JSON_STRING ? str_replace(c->arena, j->text, S("."), S(",")) : j->text;
        if (str_eq(j->key, S("among")))
            text = quality_among_text(c->lang, text);
        args[n++] = (TextArg)ARG_S(arena_c(c->arena, j->key), text);
    }
    return text_fill(c->arena, c->lang, text_find(c->lang, str_from_c(detail_keys[f->kind])), args, n);
}

Err quality_round(Ctx *c, Right right, Round *out)
{
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, out));
    TRY(right_need(c, right, out->owner));
    c->page.simulated = out->simulated;
    page_crumb(c, text_of(c->lang, "quality.title"), S("/console/quality"));
    page_crumb(c, round_title(out, c->lang), quality_path(c, out, ""));
    return OK;
}

Str quality_path(Ctx *c, const Round *r, const char *rest)
{
    return arena_fmt(c->arena, "/console/quality/rounds/%lld%s", (long long)r->id.v, rest);
}
