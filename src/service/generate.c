/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Simulated events for demonstrations: files of communes and provinces over the last ninety days. The same seed gives the same
 * events. They say nothing about any agency, and pages of a demonstration say so. */
#include "service/parts.h"

enum { BATCH_FILES = 2000, BATCH_UNITS = 40, DAYS_BACK = 90 };

typedef struct Maker { Intake x; uint64_t state; Units units; int64_t number; } Maker;

static unsigned chance(Maker *m, unsigned of)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(m->state >> 33) % of;
}

static void event(Maker *m, const Unit *u, Str number, EventKind kind, int32_t day, int32_t due, uint8_t flags, Str desk)
{
    if (day > m->x.today.day)
        return;
    *list_add(m->x.a, &m->x.lines) = (EventLine){ .line = (int)m->x.lines.len + 1, .unit = u->id, .number = number, .desk_code = desk,
        .e = { .key = (uint64_t)kind + 1, .day = day_pack((Date){ day }), .value = kind == EVENT_RATED ? (uint16_t)due : due ? day_pack((Date){ due }) : 0,
               .arrived = day_pack(m->x.today), .kind = (uint8_t)kind, .flags = flags } };
}

static uint8_t flag(Maker *m, unsigned percent, uint8_t bit)
{
    return chance(m, 100) < percent ? bit : 0;
}

/* good: 0..19, the same for all files of a province: provinces differ. */
static void procedure_file(Maker *m, const Unit *u, Str number, unsigned good)
{
    int32_t from = m->x.today.day - 1 - (int32_t)chance(m, DAYS_BACK), due = from + 3 + (int32_t)chance(m, 12);
    bool    late = chance(m, 100) < 12 - good / 2;
    int32_t done = late ? due + 1 + (int32_t)chance(m, 6) : due - (int32_t)chance(m, 3);
    Str     desk = arena_fmt(m->x.a, "Q%u", 1 + chance(m, 3));
    uint8_t in   = (uint8_t)(flag(m, 50 + 2 * good, F_ONLINE) | flag(m, 60 + good, F_DIGITISED) | flag(m, 80 + good / 2, F_SYNCED));
    event(m, u, number, EVENT_RECEIVED, from, due, in, desk);
    event(m, u, number, EVENT_HANDLED, done, 0, (uint8_t)(flag(m, 70 + good, F_ELECTRONIC) | flag(m, 20 + 2 * good, F_REUSED)), S(""));
    if (chance(m, 100) < 60)
        event(m, u, number, EVENT_PAID, from, 0, flag(m, 45 + 2 * good, F_ONLINE), S(""));
    if (chance(m, 100) < 25)
        event(m, u, number, EVENT_RATED, done + 1, chance(m, 100) < 78 + good ? 4 + (int32_t)chance(m, 2) : 1 + (int32_t)chance(m, 3), 0, S(""));
    if (late && chance(m, 100) < 70)
        event(m, u, number, EVENT_EXPLAINED, done + 1, 0, 0, S(""));
    if (late && chance(m, 100) < 60)
        event(m, u, number, EVENT_APOLOGISED, done + 1, 0, 0, S(""));
}

static void other_file(Maker *m, const Unit *u, Str number, unsigned good)
{
    int32_t from = m->x.today.day - 1 - (int32_t)chance(m, DAYS_BACK);
    if (chance(m, 2)) {
        event(m, u, number, EVENT_PETITION, from, from + 10, 0, S(""));
        event(m, u, number, EVENT_ANSWERED, from + 4 + (int32_t)chance(m, 8), 0, chance(m, 100) < 85 + good / 2 ? F_SATISFIED : F_UNSATISFIED, S(""));
        return;
    }
    event(m, u, number, EVENT_PUBLISHED, from, from - 1 + (int32_t)chance(m, 8),
          (uint8_t)(flag(m, 85, F_COMPLETE) | flag(m, 70, F_ONLINE) | flag(m, 50, F_PAYMENT)), S(""));
    event(m, u, number, EVENT_DISCLOSED, from + 1, from + (int32_t)chance(m, 12), 0, S(""));
}

static Err batch(Db *db, Maker *m, const uint8_t key[32], int64_t files)
{
    unsigned first = chance(m, (unsigned)m->units.len);
    for (int64_t i = 0; i < files; i++) {
        const Unit *u    = &m->units.at[(first + chance(m, BATCH_UNITS)) % m->units.len];
        unsigned    good = (unsigned)((u->kind == UNIT_PROVINCE ? u->id.v : u->parent.v) * 7 % 20);
        Str         name = arena_fmt(m->x.a, "MP-%lld", (long long)++m->number);
        if (chance(m, 100) < 94)
            procedure_file(m, u, name, good);
        else
            other_file(m, u, name, good);
    }
    TRY(intake_prepare(db, &m->x, (UnitId){ UNIT_ROOT }, key));
    Err e = intake_apply(db, &m->x);
    intake_end(&m->x);
    return e;
}

Err service_generate(Db *db, Arena *a, const uint8_t key[32], int64_t files, uint64_t seed, Date today, int64_t *out_events)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 30);
    Maker m      = { .state = seed * 2 + 1 };
    Units communes;
    int64_t events = 0;
    TRY(simulation_allowed(db, a));
    TRY(simulation_add(db, files, (int64_t)seed));
    TRY(unit_list(db, a, UNIT_PROVINCE, today, &m.units));
    TRY(unit_list(db, a, UNIT_COMMUNE, today, &communes));
    for (size_t i = 0; i < communes.len; i++)
        *list_add(a, &m.units) = communes.at[i];
    for (int64_t done = 0; done < files && m.units.len; done += BATCH_FILES) {
        m.x   = (Intake){ .today = today, .a = &work };
        Err e = batch(db, &m, key, files - done < BATCH_FILES ? files - done : BATCH_FILES);
        if (e)
            return err_new(a, e->kind, e->detail);
        events += m.x.accepted;
        arena_reset(&work, (size_t)1 << 24);
    }
    *out_events = events;
    return OK;
}
