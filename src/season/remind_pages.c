/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* "Nhắc các đơn vị chưa nộp": whoever runs a season reminds the units that have something to send, asked first, once a day each. */
#include "season/remind.h"

static Err awaited(Ctx *c, Season *s, Cards *out)
{
    Cards all;
    TRY(season_load(c->db, c->arena, (SeasonId){ path_int(c, "id") }, s));
    TRY(right_need(c, RIGHT_SEASON_MANAGE, s->owner));
    TRY(season_cards(c->db, c->arena, s->id, &all));
    for (size_t i = 0; i < all.len; i++)
        if (card_awaited(s, &all.at[i], c->today))
            *list_add(c->arena, out) = all.at[i];
    return OK;
}

Err season_remind_page(Ctx *c)
{
    Season  s;
    Cards   cards = { 0 };
    StrList names = { 0 };
    TRY(awaited(c, &s, &cards));
    if (!cards.len)
        return redirect_notice(c, season_base(c, s.id), NOTICE_INFO, text_of(c->lang, "season.remind.none"));
    for (size_t i = 0; i < cards.len; i++)
        *list_add(c->arena, &names) = unit_name_today(c, cards.at[i].unit);
    Str title = text_of(c->lang, "season.remind");
    season_crumbs(c, &s, NULL, title);
    Out o = page_begin(c, title);
    confirm_page(&o, &(ConfirmPage){ .title = title, .text = text_of(c->lang, "season.remind.text"),
        .rows = (SummaryRow[]){ { .key = text_of(c->lang, "season.remind.units"), .value = num_text(c->arena, c->lang, (int64_t)cards.len) },
                                { .key = text_of(c->lang, "season.unit"), .value = str_join(c->arena, names.at, names.len, S(", ")) } }, .n = 2,
        .action = str_concat(c->arena, season_base(c, s.id), S("/remind")), .token = c->page.form_token, .back_href = season_base(c, s.id), .button = title });
    return page_end(c, &o);
}

Err season_remind_action(Ctx *c)
{
    Season  s;
    Cards   cards = { 0 };
    int64_t n = 0;
    Teller  t = teller_of(c);
    TRY(awaited(c, &s, &cards));
    for (size_t i = 0; i < cards.len; i++) {
        bool done;
        TRY(card_remind(&t, &s, &cards.at[i], &done));
        n += done;
    }
    TRY(audit_add(c, S("season.remind"), S("season"), s.id.v, s.owner, arena_fmt(c->arena, "{\"units\":%lld}", (long long)n)));
    return redirect_notice(c, season_base(c, s.id), n ? NOTICE_OK : NOTICE_INFO,
                           n ? text_fmt(c->arena, c->lang, "season.reminded.done", ARG_N("n", n)) : text_of(c->lang, "season.reminded.today"));
}
