/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small pieces that the console pages of analysis share. */
#include "analysis/console.h"

Str analysis_path(Ctx *c, const Round *r, const char *rest)
{
    return arena_fmt(c->arena, "/console/rounds/%lld%s", (long long)r->id.v, rest);
}

Err analysis_round(Ctx *c, Right right, Round *out)
{
    TRY(round_load(c->db, c->arena, (RoundId){ path_int(c, "id") }, out));
    TRY(right_need(c, right, out->owner));
    c->page.simulated = out->simulated;
    page_crumb(c, text_of(c->lang, "web.nav.console.rounds"), S("/console/rounds"));
    page_crumb(c, round_title(out, c->lang), analysis_path(c, out, ""));
    return OK;
}

Err analysis_audit(Ctx *c, Str action, const Round *r, Str detail)
{
    return audit_add(c, action, S("round"), r->id.v, r->owner, detail);
}
