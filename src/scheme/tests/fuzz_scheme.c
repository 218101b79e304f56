/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* {"scheme":…,"card":…}: read, computed or refused with faults, never both; what is written is read back the same. */
#include "scheme/scheme.h"

#include <assert.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void again(Arena *keep, Arena *work, const Scheme *s)
{
    Buf          one = buf_new(keep, 4096), two = buf_new(keep, 4096);
    const Json  *json;
    Scheme       read;
    SchemeFaults faults = { 0 };
    scheme_write(&one, s);
    assert(!json_parse(keep, buf_str(&one), &json));
    bool good = scheme_read(keep, *work, json, &read, &faults);
    assert(good);
    scheme_write(&two, &read);
    assert(str_eq(buf_str(&one), buf_str(&two)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena          keep, work, calendar_arena;
    static SchemeCalendar calendar;
    if (!keep.base) {
        keep = arena_open((size_t)1 << 34);
        work = arena_open((size_t)1 << 34);
        calendar_arena = arena_open(1 << 24);
        Err e = scheme_calendar_load(&calendar_arena, &calendar);
        assert(!e);
    }
    arena_reset(&keep, 1 << 20);
    arena_reset(&work, 1 << 20);
    const Json  *json;
    Scheme       s;
    SchemeCard   card;
    SchemeResult r;
    SchemeFaults faults = { 0 };
    if (size > 60000 || json_parse(&keep, (Str){ (const char *)data, size }, &json))
        return 0;
    bool good = scheme_read(&keep, work, json_get(json, S("scheme")), &s, &faults);
    assert(good == (faults.all == 0));
    if (good) {
        again(&keep, &work, &s);
        if (scheme_card_read(&keep, &s, json_get(json, S("card")), &card, &faults)) {
            good = scheme_compute(&keep, &s, &card, &calendar, (SchemeWords){ LANG_VI, true, false }, &r, &faults);
            assert(good == (faults.all == 0) && good == !isnan(r.total));
            Buf b = buf_new(&keep, 4096);
            scheme_result_write(&keep, &b, LANG_EN, &s, &card, &r, &faults);
            assert(!json_parse(&keep, buf_str(&b), &json));
        }
    }
    for (size_t i = 0; i < faults.len; i++)
        assert(scheme_fault_text(&keep, LANG_VI, &faults.at[i]).len);
    return 0;
}
