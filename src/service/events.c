/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file's events: packed, told apart by key and revision, and what they add to the counters. The order in which they came
 * decides nothing: of a key the highest revision holds, of several events of a kind the latest day. */
#include "service/parts.h"

enum { DAY_BASE = 10957 };                           /* 2000-01-01 */

uint16_t day_pack(Date d)
{
    return d.day > DAY_BASE && d.day - DAY_BASE <= UINT16_MAX ? (uint16_t)(d.day - DAY_BASE) : 0;
}

Date day_unpack(uint16_t day)
{
    return day ? (Date){ DAY_BASE + day } : DATE_NONE;
}

static const Str kinds[EVENT_KIND_COUNT] = {
    [EVENT_RECEIVED] = S_INIT("received"),   [EVENT_DUE] = S_INIT("due"),             [EVENT_HANDLED] = S_INIT("handled"),
    [EVENT_RETURNED] = S_INIT("returned"),   [EVENT_PAID] = S_INIT("paid"),           [EVENT_RATED] = S_INIT("rated"),
    [EVENT_EXPLAINED] = S_INIT("explained"), [EVENT_APOLOGISED] = S_INIT("apologised"), [EVENT_PETITION] = S_INIT("petition"),
    [EVENT_ANSWERED] = S_INIT("answered"),   [EVENT_PUBLISHED] = S_INIT("published"), [EVENT_DISCLOSED] = S_INIT("disclosed"),
};

Str event_kind_code(EventKind k)
{
    return kinds[k];
}

bool event_kind_parse(Str code, EventKind *out)
{
    for (int k = 0; k < EVENT_KIND_COUNT; k++)
        if (str_eq(code, kinds[k])) {
            *out = (EventKind)k;
            return true;
        }
    return false;
}

/* ---- Bytes: numbers lowest byte first -------------------------------------------------------------------------- */
void events_unpack(Arena *a, Str bytes, FileEvents *out)
{
    *out = (FileEvents){ .at = arena_new(a, FileEvent, bytes.len / EVENT_BYTES + 1), .cap = bytes.len / EVENT_BYTES + 1 };
    for (size_t i = 0; i + EVENT_BYTES <= bytes.len; i += EVENT_BYTES) {
        const uint8_t *p = (const uint8_t *)bytes.at + i;
        FileEvent     *e = &out->at[out->len++];
        memcpy(&e->key, p, 8);
        memcpy(&e->day, p + 8, 2);
        memcpy(&e->value, p + 10, 2);
        memcpy(&e->desk, p + 12, 2);
        memcpy(&e->arrived, p + 14, 2);
        e->kind     = p[16] < EVENT_KIND_COUNT ? p[16] : 0;
        e->revision = p[17];
        e->flags    = p[18];
    }
}

Str events_pack(Arena *a, const FileEvents *events)
{
    size_t len = events->len * EVENT_BYTES;
    char  *at  = arena_take(a, len + 1, 1, 1);
    for (size_t i = 0; i < events->len; i++) {
        const FileEvent *e = &events->at[i];
        char            *p = at + i * EVENT_BYTES;
        memcpy(p, &e->key, 8);
        memcpy(p + 8, &e->day, 2);
        memcpy(p + 10, &e->value, 2);
        memcpy(p + 12, &e->desk, 2);
        memcpy(p + 14, &e->arrived, 2);
        p[16] = (char)e->kind;
        p[17] = (char)e->revision;
        p[18] = (char)e->flags;
    }
    return (Str){ at, len };
}

static bool same_content(const FileEvent *x, const FileEvent *y)
{
    return x->kind == y->kind && x->day == y->day && x->value == y->value && x->desk == y->desk && x->flags == y->flags;
}

EventOutcome events_add(Arena *a, FileEvents *events, const FileEvent *e)
{
    for (size_t i = 0; i < events->len; i++)
        if (events->at[i].key == e->key && events->at[i].revision == e->revision)
            return same_content(&events->at[i], e) ? EVENT_SAME : EVENT_CONTRADICTS;
    if (events->len >= FILE_EVENTS_MOST)
        return EVENT_TOO_MANY;
    *list_add(a, events) = *e;
    return EVENT_NEW;
}

/* ---- What follows ------------------------------------------------------------------------------------------------ */
static bool newest_of_key(const FileEvents *events, const FileEvent *e)
{
    for (size_t i = 0; i < events->len; i++)
        if (events->at[i].key == e->key && events->at[i].revision > e->revision)
            return false;
    return !(e->flags & F_VOID);
}

static void mark(FileMarks *m, uint16_t day, ServiceMeasure measure, int n)
{
    if (day && n && m->len < FILE_MARKS)
        m->at[m->len++] = (FileMark){ day, (uint8_t)measure, (int16_t)n };
}

static void mark_received(FileMarks *m, const FileEvent *r)
{
    mark(m, r->day, M_RECEIVED, 1);
    mark(m, r->day, M_ONLINE, (r->flags & F_ONLINE) != 0);
    mark(m, r->day, M_DIGITISED, (r->flags & F_DIGITISED) != 0);
    mark(m, r->day, M_SYNCED, (r->flags & F_SYNCED) != 0);
}

/* Without a day due a file is handled, and neither early nor late. */
static void mark_handled(FileMarks *m, const FileEvent of[], uint16_t due)
{
    const FileEvent *h = &of[EVENT_HANDLED];
    uint16_t         from = of[EVENT_RECEIVED].day;
    bool             late = due && h->day > due;
    mark(m, due, M_DUE, due != 0);
    mark(m, due, M_DUE_MET, h->day && !late);
    mark(m, due, M_DUE_LATE, h->day && late);
    mark(m, h->day, M_HANDLED, 1);
    mark(m, h->day, M_ON_TIME, due && !late);
    mark(m, h->day, M_LATE, late);
    mark(m, h->day, M_EXPLAINED, late && of[EVENT_EXPLAINED].day);
    mark(m, h->day, M_APOLOGISED, late && of[EVENT_APOLOGISED].day);
    if (from && h->day >= from) {
        mark(m, h->day, M_TIMED, 1);
        mark(m, h->day, M_DAYS, h->day - from < INT16_MAX ? h->day - from : INT16_MAX);
    }
    mark(m, h->day, M_ELECTRONIC, (h->flags & F_ELECTRONIC) != 0);
    mark(m, h->day, M_REUSED, (h->flags & F_REUSED) != 0);
    mark(m, of[EVENT_RETURNED].day, M_RETURNED, 1);
    mark(m, of[EVENT_RETURNED].day, M_RETURNED_LATE, due && of[EVENT_RETURNED].day > due);
}

/* Whether a petition was answered in time is known on its last day, and without one when it is answered. */
static void mark_petition(FileMarks *m, const FileEvent of[])
{
    const FileEvent *p = &of[EVENT_PETITION], *w = &of[EVENT_ANSWERED];
    bool             met = w->day && (!p->value || w->day <= p->value);
    uint16_t         due = p->day ? (p->value ? p->value : w->day) : 0;
    mark(m, p->day, M_PETITIONS, 1);
    mark(m, due, M_PETITIONS_DUE, 1);
    mark(m, due, M_PETITIONS_MET, met);
    mark(m, due, M_PETITIONS_GOOD, met && !(w->flags & F_UNSATISFIED));
    mark(m, w->day, M_ANSWERED, 1);
}

static void mark_procedure(FileMarks *m, const FileEvent of[])
{
    const FileEvent *p = &of[EVENT_PUBLISHED], *d = &of[EVENT_DISCLOSED];
    mark(m, p->day, M_PUBLISHED, 1);
    mark(m, p->day, M_PUBLISHED_MET, !p->value || p->day <= p->value);
    mark(m, p->day, M_COMPLETE, (p->flags & F_COMPLETE) != 0);
    mark(m, p->day, M_OFFERED_ONLINE, (p->flags & F_ONLINE) != 0);
    mark(m, p->day, M_OFFERED_PAYMENT, (p->flags & F_PAYMENT) != 0);
    mark(m, d->day, M_DISCLOSED, 1);
    mark(m, d->day, M_DISCLOSED_MET, !d->value || d->day <= d->value);
}

void events_marks(const FileEvents *events, FileMarks *out)
{
    FileEvent of[EVENT_KIND_COUNT] = { 0 };
    *out = (FileMarks){ 0 };
    for (size_t i = 0; i < events->len; i++) {
        const FileEvent *e = &events->at[i], *best = &of[e->kind];
        if ((e->day > best->day || (e->day == best->day && e->key > best->key)) && newest_of_key(events, e))
            of[e->kind] = *e;
    }
    const FileEvent *paid = &of[EVENT_PAID], *rated = &of[EVENT_RATED];
    out->desk = of[EVENT_RECEIVED].day ? of[EVENT_RECEIVED].desk : of[EVENT_PETITION].desk;
    mark_received(out, &of[EVENT_RECEIVED]);
    mark_handled(out, of, of[EVENT_DUE].day ? of[EVENT_DUE].value : of[EVENT_RECEIVED].value);
    mark(out, paid->day, M_PAID, 1);
    mark(out, paid->day, M_PAID_ONLINE, (paid->flags & F_ONLINE) != 0);
    mark(out, rated->day, M_RATED, 1);
    mark(out, rated->day, M_SCORES, rated->value);
    mark(out, rated->day, M_SATISFIED, rated->value >= 4);
    mark_petition(out, of);
    mark_procedure(out, of);
}
