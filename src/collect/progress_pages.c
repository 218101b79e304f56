/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a round goes: counts by day, channel and unit, read from the packed rows and never from answers; and the list
 * of flagged records, without what they say. */
#include "collect/console.h"
#include "round_flagged.html.h"
#include "round_progress.html.h"

static double share_of(int64_t n, int64_t most)
{
    return most > 0 ? (double)n / (double)most : 0;
}

static void days_of(Ctx *c, ProgressView *v, const RoundCounts *all)
{
    int64_t most = 0;
    for (size_t i = 0; i < all->days.len; i++) {
        int64_t n = 0;
        for (int k = 0; k < CHANNEL_COUNT; k++)
            n += all->days.at[i].n[k];
        most = n > most ? n : most;
        if (all->days.at[i].day.day == c->today.day)
            v->today = n;
        *list_add(c->arena, &v->days) = (BarRow){ date_text(c->arena, c->lang, all->days.at[i].day), n, 0 };
    }
    for (size_t i = 0; i < v->days.len; i++)
        v->days.at[i].share = share_of(v->days.at[i].n, most);
}

static void channels_of(Ctx *c, ProgressView *v, const RoundCounts *all)
{
    for (int k = 0; k < CHANNEL_COUNT; k++) {
        int64_t n = 0;
        for (size_t i = 0; i < all->days.len; i++)
            n += all->days.at[i].n[k];
        if (n)
            *list_add(c->arena, &v->channels) = (BarRow){ channel_label(c->lang, (Channel)k), n, share_of(n, all->stored) };
    }
}

static void units_of(Ctx *c, ProgressView *v, const RoundCountsList *rows)
{
    int64_t most = 0;
    v->no_unit = v->stored;
    for (size_t i = 0; i < rows->len; i++) {
        const RoundCounts *u = &rows->at[i];
        if (!u->unit.v)
            continue;
        v->no_unit -= u->stored;
        most = u->stored > most ? u->stored : most;
        *list_add(c->arena, &v->units) = (BarRow){ unit_name_today(c, u->unit), u->stored, 0 };
    }
    for (size_t i = 0; i < v->units.len; i++)
        v->units.at[i].share = share_of(v->units.at[i].n, most);
    for (size_t i = 1; i < v->units.len; i++)          /* alphabet: some tens of rows */
        for (size_t k = i; k > 0 && text_cmp(c->lang, v->units.at[k - 1].label, v->units.at[k].label) > 0; k--) {
            BarRow swap        = v->units.at[k];
            v->units.at[k]     = v->units.at[k - 1];
            v->units.at[k - 1] = swap;
        }
}

enum { LEAST_TOLD = 5 };

/* Who only reads is not told of 1-4 people in a unit, nor of one more unit when the total would give them
 * back; those without a unit are such a cell, too. Who carries the round out needs the exact numbers for the field. */
static void hide_few(ProgressView *v)
{
    BarRow  rest = { .n = v->no_unit }, *least = NULL;
    int64_t hidden = 0;
    int     cells = 0;
    for (size_t i = 0; i <= v->units.len; i++) {
        BarRow *row = i < v->units.len ? &v->units.at[i] : &rest;
        row->few    = row->n > 0 && row->n < LEAST_TOLD;
        hidden += row->few ? row->n : 0;
        cells += row->few;
    }
    while (cells > 0 && (cells < 2 || hidden < LEAST_TOLD)) {
        least = NULL;
        for (size_t i = 0; i <= v->units.len; i++) {
            BarRow *row = i < v->units.len ? &v->units.at[i] : &rest;
            if (!row->few && row->n > 0 && (!least || row->n < least->n))
                least = row;
        }
        if (!least)
            break;
        least->few = true;
        hidden += least->n;
        cells++;
    }
    v->no_unit_few = rest.few;
    v->few         = cells > 0;
    for (size_t i = 0; i < v->units.len; i++)
        if (v->units.at[i].few)
            v->units.at[i] = (BarRow){ .label = v->units.at[i].label, .few = true };
}

Err round_progress_page(Ctx *c)
{
    Round           r;
    RoundCountsList rows;
    TRY(round_of_console(c, RIGHT_ROUND_READ, &r));
    TRY(round_counts_list(c->db, c->arena, r.id, &rows));
    ProgressView v = { .r = &r, .state = round_state_at(&r, c->now), .refresh_href = round_console_path(c, &r, "/progress"),
                       .flagged_href = right_has(c, RIGHT_SUBMISSION_READ, r.owner) ? round_console_path(c, &r, "/flagged") : S("") };
    if (rows.len && rows.at[0].unit.v == 0) {
        v.stored    = rows.at[0].stored;
        v.flagged   = rows.at[0].flagged;
        v.withdrawn = rows.at[0].withdrawn;
        days_of(c, &v, &rows.at[0]);
        channels_of(c, &v, &rows.at[0]);
    }
    units_of(c, &v, &rows);
    if (!right_has(c, RIGHT_ROUND_MANAGE, r.owner))
        hide_few(&v);
    Out o = page_begin(c, text_of(c->lang, "collect.progress.title"));
    page_crumb(c, c->page.title, S(""));
    round_progress(&o, &v);
    return page_end(c, &o);
}

/* ---- Flagged ---------------------------------------------------------------------------------------------------- */
enum { FLAGGED_MOST = 100 };

/* The words of a sign of stuffing, or of a finding in what a phone sent. */
static Str reason_text(Arena *a, Lang l, Str reason)
{
    Str own = text_find(l, str_concat(a, S("collect.flag."), reason));
    Str field = own.len ? own : text_find(l, str_concat(a, S("phone.flag."), reason));
    return field.len ? field : reason;
}

static Err flagged_rows(Ctx *c, const Round *r, FlaggedView *v)
{
    SubmissionRows rows;
    TRY(submission_flagged(c->db, c->arena, r->id, FLAGGED_MOST, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const SubmissionRow *x = &rows.at[i];
        *list_add(c->arena, &v->rows) = (FlaggedRow){ .id = x->id, .day = x->day, .channel = channel_label(c->lang, x->channel),
                                                      .unit = unit_name_today(c, x->unit), .reason = reason_text(c->arena, c->lang, x->flag_reason) };
    }
    return OK;
}

Err round_flagged_page(Ctx *c)
{
    Round r;
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    FlaggedView v = { .r = &r, .total = r.flagged };
    TRY(flagged_rows(c, &r, &v));
    Out o = page_begin(c, text_of(c->lang, "collect.flagged.title"));
    page_crumb(c, c->page.title, S(""));
    round_flagged(&o, &v);
    return page_end(c, &o);
}
