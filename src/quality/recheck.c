/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drawing interviews to be asked again, and counting what differs. */
#include "quality/recheck.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>

static const Str modes[RECHECK_MODE_COUNT] = { S_INIT("telephone"), S_INIT("visit"), S_INIT("form") };
static const Str states[CASE_STATE_COUNT]  = { S_INIT("open"), S_INIT("draft"), S_INIT("done"), S_INIT("not_reached") };

Str recheck_mode_code(RecheckMode m)
{
    return modes[m];
}

bool recheck_mode_parse(Str code, RecheckMode *out)
{
    for (int m = 0; m < RECHECK_MODE_COUNT; m++)
        if (str_eq(code, modes[m])) {
            *out = (RecheckMode)m;
            return true;
        }
    return false;
}

Str case_state_code(CaseState s)
{
    return states[s];
}

bool case_may_take(const RecheckCase *x, const Checker *who)
{
    bool own   = x->interviewer.len && (str_eq(x->interviewer, who->name) || str_eq(x->interviewer, who->login));
    bool other = x->checker.v && x->checker.v != who->person.v;
    return !own && !other;
}

/* ---- The draw ---------------------------------------------------------------------------------------------------------- */

typedef struct Ticket { int32_t interviewer; uint64_t number; size_t row; } Ticket;

static int by_ticket(const void *x, const void *y)
{
    const Ticket *p = x, *q = y;
    if (p->interviewer != q->interviewer)
        return p->interviewer < q->interviewer ? -1 : 1;
    return (p->number > q->number) - (p->number < q->number);
}

static uint64_t ticket_number(int64_t seed, SubmissionId id)
{
    unsigned char key[16] = { 0 }, out[8];
    uint64_t      n = 0;
    for (int i = 0; i < 8; i++) {
        key[i]     = (unsigned char)((uint64_t)seed >> 8 * i);
        key[8 + i] = (unsigned char)((uint64_t)id.v >> 8 * i);
    }
    crypto_shorthash(out, key + 8, 8, key);
    for (int i = 0; i < 8; i++)
        n = n << 8 | out[i];
    return n;
}

void recheck_draw(Arena *a, const QualityData *d, double share, int64_t seed, DrawnRows *out)
{
    Ticket *t = arena_new(a, Ticket, d->n + 1);
    for (size_t i = 0; i < d->n; i++)
        t[i] = (Ticket){ d->interviewer[i], ticket_number(seed, d->id[i]), i };
    qsort(t, d->n, sizeof *t, by_ticket);
    for (size_t from = 0, to; from < d->n; from = to) {
        for (to = from; to < d->n && t[to].interviewer == t[from].interviewer; to++) {}
        size_t want = (size_t)ceil((double)(to - from) * share - 1e-9);
        for (size_t i = from; i < from + want && i < to; i++)
            *list_add(a, out) = t[i].row;
    }
}

/* ---- Error rates ---------------------------------------------------------------------------------------------------------- */

void recheck_tally(Arena *a, RecheckRates *rates, Str name, Str first, Str second)
{
    size_t i = 0;
    while (i < rates->len && !str_eq(rates->at[i].name, name))
        i++;
    if (i == rates->len)
        *list_add(a, rates) = (RecheckRate){ .name = arena_str(a, name) };
    if (!second.len)
        return;
    rates->at[i].compared++;
    rates->at[i].differing += !str_eq(first, second);
}

static int by_rate(const void *x, const void *y)
{
    const RecheckRate *p = x, *q = y;
    if (p->ci.low != q->ci.low)
        return p->ci.low < q->ci.low ? 1 : -1;
    return (p->share < q->share) - (p->share > q->share);
}

void recheck_rates_done(RecheckRates *rates)
{
    for (size_t i = 0; i < rates->len; i++) {
        RecheckRate *r = &rates->at[i];
        r->share = r->compared ? (double)r->differing / (double)r->compared : NAN;
        r->ci    = clopper_pearson(r->differing, r->compared, 0.95);
    }
    qsort(rates->at, rates->len, sizeof *rates->at, by_rate);
}
