/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Lines of events: each is taken or refused with a place; what is taken packs and unpacks to the same. */
#include "service/parts.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 30);
    arena_reset(&a, 1 << 16);
    EventLines   lines  = { 0 };
    LineFaults   faults = { 0 };
    FileEvents   events = { 0 }, again;
    ServiceCells cells;
    FileMarks    marks;
    Date         today = date_from_ymd(2026, 11, 23);
    (void)cells_unpack(&a, (Str){ (const char *)data, size }, &cells);
    EventsCsv csv;
    if (events_csv_open(&a, (Str){ (const char *)data, size }, &csv))
        while (events_csv_next(&csv, &a, today, 100, &lines, &faults)) {}
    for (size_t i = 0; i < lines.len; i++)
        assert(lines.at[i].number.len && lines.at[i].e.day);
    lines  = (EventLines){ 0 };
    faults = (LineFaults){ 0 };
    if (!event_lines_read(&a, (Str){ (const char *)data, size }, today, &lines, &faults))
        return 0;
    for (size_t i = 0; i < faults.len; i++)
        assert(faults.at[i].line > 0 && faults.at[i].reason.len);
    for (size_t i = 0; i < lines.len; i++) {
        assert(lines.at[i].number.len && lines.at[i].e.day && lines.at[i].e.day <= day_pack(today));
        (void)events_add(&a, &events, &lines.at[i].e);
    }
    events_unpack(&a, events_pack(&a, &events), &again);
    assert(again.len == events.len);
    events_marks(&again, &marks);
    assert(marks.len <= FILE_MARKS);
    return 0;
}
