/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The calendar of a season: windows that follow each other without gaps. */
#include "season/season.h"

Str season_window_code(SeasonWindow w)
{
    static const Str codes[WINDOW_COUNT] = { S_INIT("self"), S_INIT("appraisal"), S_INIT("explanation"), S_INIT("objection"), S_INIT("council") };
    return w < WINDOW_COUNT ? codes[w] : S("");
}

Date season_window_from(const SeasonCalendar *c, SeasonWindow w)
{
    return w == WINDOW_SELF ? c->starts : (Date){ c->until[w - 1].day + 1 };
}

SeasonWindow season_calendar_fault(const SeasonCalendar *c)
{
    if (date_is_none(c->starts))
        return WINDOW_SELF;
    for (int w = 0; w < WINDOW_COUNT; w++)
        if (date_is_none(c->until[w]) || c->until[w].day < season_window_from(c, (SeasonWindow)w).day)
            return (SeasonWindow)w;
    return WINDOW_COUNT;
}

bool season_window_on(const SeasonCalendar *c, Date on, SeasonWindow *out)
{
    if (on.day < c->starts.day)
        return false;
    for (int w = 0; w < WINDOW_COUNT; w++)
        if (on.day <= c->until[w].day) {
            *out = (SeasonWindow)w;
            return true;
        }
    return false;
}

SeasonCalendar season_calendar_from(Date starts)
{
    static const int days[WINDOW_COUNT] = { 30, 30, 15, 15, 15 };
    SeasonCalendar c = { .starts = starts };
    Date           at = { starts.day - 1 };
    for (int w = 0; w < WINDOW_COUNT; w++) {
        at.day += days[w];
        c.until[w] = at;
    }
    return c;
}

Date card_due(const Season *s, const Card *card)
{
    SeasonWindow w = card_state_window(card->state);
    if (w == WINDOW_COUNT)
        return DATE_NONE;
    return date_is_none(card->extended) ? s->calendar.until[w] : card->extended;
}

bool card_late(const Season *s, const Card *card, Date on)
{
    Date due = card_due(s, card);
    return !date_is_none(due) && on.day > due.day;
}
