/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* When people are reminded of a last day, and of what. */
#include "season/remind.h"

enum { EARLY = 5, LAST = 1, MORNING = 7, ZONE_HOURS = 7 };

int season_remind_stage(const SchemeCalendar *k, Date today, Date due)
{
    int year = 0;
    if (due.day < today.day || !scheme_calendar_works(k, today))
        return 0;
    int left = scheme_days_late(k, today, due, &year);        /* working days after today, up to the last one */
    if (left < 0)
        left = due.day - today.day;                            /* holidays of that year are not known yet */
    return left <= LAST ? LAST : left <= EARLY ? EARLY : 0;
}

bool card_awaited(const Season *s, const Card *card, Date today)
{
    return (card->state == CARD_DRAFT && today.day >= s->calendar.starts.day) || card->state == CARD_EXPLAINING;
}

const Reminded *card_reminded_last(const RemindedList *all, CardId card)
{
    for (size_t i = all->len; i-- > 0;)
        if (all->at[i].card.v == card.v)
            return &all->at[i];
    return NULL;
}

static bool was(const RemindedList *all, CardId card, Str step, Date until)
{
    for (size_t i = 0; i < all->len; i++)
        if (all->at[i].card.v == card.v && str_eq(all->at[i].step, step) && all->at[i].until.day == until.day)
            return true;
    return false;
}

/* What the unit is to do, as a key of the catalogue. */
static Str duty(CardState s)
{
    return s == CARD_EXPLAINING ? S("season.duty.explain") : s == CARD_APPRAISED ? S("season.duty.object") : S("season.duty.score");
}

static Err remind_card(const Teller *t, const Season *s, const Card *card, int64_t left)
{
    Notice n = card_notice(t, s, card, TOPIC_DUE, left);
    n.word = duty(card->state);
    if (card->state == CARD_DRAFT || card->state == CARD_EXPLAINING || card->state == CARD_APPRAISED)
        return card_tell_people(t, card, &n);
    n.unit  = (UnitId){ 0 };                                   /* one notice a season and day for who appraises or decides on many */
    n.topic = card->state == CARD_OBJECTED ? TOPIC_DUE_COUNCIL : TOPIC_DUE_APPRAISAL;
    n.href  = card->state == CARD_OBJECTED ? str_concat(t->a, n.href, S("/council")) : S("/console/appraisal");
    n.once  = arena_fmt(t->a, "due:%lld:%.*s:%d:%lld", (long long)s->id.v, STR_ARG(notice_topic_code(n.topic)), n.day.day, (long long)left);
    return card->state == CARD_OBJECTED ? card_tell_council(t, s, &n) : card_tell_appraisers(t, s, card, S(""), &n);
}

static Err opens(const Teller *t, const Season *s, const Card *card, Date today, const RemindedList *done, int64_t *out)
{
    bool begins = card->state == CARD_DRAFT && today.day >= s->calendar.starts.day && date_of(s->made_at).day < s->calendar.starts.day;
    if (!begins || was(done, card->id, S("remind.open"), s->calendar.starts))
        return OK;
    Notice n = card_notice(t, s, card, TOPIC_WINDOW_OPENS, 0);
    TRY(card_tell_people(t, card, &n));
    (*out)++;
    return card_reminded_add(t->db, card, S("remind.open"), s->calendar.starts, t->by, t->at);
}

static Err of_season(const Teller *t, const Season *s, const SchemeCalendar *k, Date today, int64_t *out)
{
    Cards        cards;
    RemindedList done;
    if (today.day < s->calendar.starts.day || today.day > s->calendar.until[WINDOW_COUNCIL].day)
        return OK;
    TRY(season_cards(t->db, t->a, s->id, &cards));
    TRY(season_reminded(t->db, t->a, s->id, &done));
    for (size_t i = 0; i < cards.len; i++) {
        const Card *x     = &cards.at[i];
        Date        due   = card_due(s, x);
        int         stage = date_is_none(due) ? 0 : season_remind_stage(k, today, due);
        Str         step  = stage == LAST ? S("remind.1") : S("remind.5");
        int         year;
        TRY(opens(t, s, x, today, &done, out));
        if (!stage || was(&done, x->id, step, due))
            continue;
        int left = scheme_days_late(k, today, due, &year);
        TRY(remind_card(t, s, x, left < 0 ? due.day - today.day : left));
        TRY(card_reminded_add(t->db, x, step, due, t->by, t->at));
        (*out)++;
    }
    return OK;
}

Err season_remind(Db *db, Arena *a, const SchemeCalendar *k, Time now, int64_t *out_reminded)
{
    Seasons all;
    Teller  t = { .db = db, .a = a, .at = now };
    *out_reminded = 0;
    if ((now.ms / MS_HOUR + ZONE_HOURS) % 24 < MORNING)
        return OK;
    TRY(season_list(db, a, &all));
    for (size_t i = 0; i < all.len; i++)
        TRY(of_season(&t, &all.at[i], k, date_of(now), out_reminded));
    return OK;
}

Err card_remind(const Teller *t, const Season *s, Card *card, bool *out_done)
{
    RemindedList done;
    *out_done = false;
    TRY(season_reminded(t->db, t->a, s->id, &done));
    for (size_t i = 0; i < done.len; i++)
        if (done.at[i].card.v == card->id.v && str_eq(done.at[i].step, REMIND_BY_HAND) && date_of(done.at[i].at).day == date_of(t->at).day)
            return OK;
    Notice n = card_notice(t, s, card, TOPIC_REMINDED, 0);
    n.word = duty(card->state);
    TRY(card_tell_people(t, card, &n));
    *out_done = true;
    return card_reminded_add(t->db, card, REMIND_BY_HAND, card_due(s, card), t->by, t->at);
}
