/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Helpers of the console's pages of rounds. */
#include "collect/console.h"

Err round_of_console(Ctx *c, Right right, Round *out)
{
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, out));
    TRY(right_need(c, right, out->owner));
    c->page.simulated = out->simulated;
    page_crumb(c, text_of(c->lang, "collect.rounds"), S("/console/rounds"));
    page_crumb(c, round_title(out, c->lang), round_console_path(c, out, ""));
    return OK;
}

Str round_console_path(Ctx *c, const Round *r, const char *rest)
{
    return arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)r->id.v, rest);
}

Str round_no_address(Ctx *c)
{
    return c->app->public_url.len ? S("") : text_fmt(c->arena, c->lang, "collect.no_address.text", ARG_S("address", site_base(c)));
}

Str round_address(Ctx *c, const Round *r, const char *rest)
{
    return arena_fmt(c->arena, "%.*s/s/%.*s%s", STR_ARG(site_base(c)), STR_ARG(r->code), rest);
}

Str round_state_text(Lang l, RoundState s)
{
    switch (s) {
    case ROUND_DRAFT: return text_of(l, "collect.state.draft");
    case ROUND_OPEN: return text_of(l, "collect.state.open");
    case ROUND_PAUSED: return text_of(l, "collect.state.paused");
    case ROUND_CLOSED: return text_of(l, "collect.state.closed");
    default: return text_of(l, "collect.state.published");
    }
}

TagKind round_state_tag(RoundState s)
{
    static const TagKind kinds[ROUND_STATE_COUNT] = { TAG_PLAIN, TAG_OK, TAG_WARN, TAG_OFF, TAG_INFO };
    return kinds[s];
}

Icon round_state_icon(RoundState s)
{
    static const Icon icons[ROUND_STATE_COUNT] = { ICON_RING, ICON_CHECK, ICON_HALF, ICON_LOCK, ICON_DOC };
    return icons[s];
}

Str channel_label(Lang l, Channel ch)
{
    switch (ch) {
    case CHANNEL_WEB: return text_of(l, "collect.channel.web");
    case CHANNEL_API: return text_of(l, "collect.channel.api");
    case CHANNEL_KIOSK: return text_of(l, "collect.channel.kiosk");
    case CHANNEL_EMBED: return text_of(l, "collect.channel.embed");
    case CHANNEL_QR: return text_of(l, "collect.channel.qr");
    case CHANNEL_FIELD: return text_of(l, "collect.channel.field");
    case CHANNEL_PHONE: return text_of(l, "collect.channel.phone");
    default: return text_of(l, "collect.channel.paper");
    }
}

Str round_agency(Ctx *c, UnitId id)
{
    Unit u;
    if (!id.v || unit_load(c->db, c->arena, id, c->today, &u))
        return S("");
    return u.kind == UNIT_NATION && c->app->agency.len ? c->app->agency : unit_name(&u, c->lang);
}

