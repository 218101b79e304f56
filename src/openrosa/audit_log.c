/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The phone's log, read leniently: it never decides about a submission. */
#include "openrosa/audit_log.h"

#include "base/csv.h"
#include "base/utf8.h"

enum { GAP_MS = 60000, QUESTIONS_MOST = 5000, NODE_MOST = 500, NIGHT_FROM = 22, NIGHT_TO = 5 };
#define TIME_MOST INT64_C(100000000000000)      /* the year 5138 */

typedef struct Columns { int event, node, start, end; } Columns;
typedef struct Event { Str name, node; int64_t start, end; } Event;

static Str cell_of(const CsvRow *row, int column)
{
    return column < 0 ? S("") : str_trim(csv_cell(row, (size_t)column));
}

static bool moment(Str s, int64_t *out)
{
    int64_t ms;
    if (!str_to_i64(s, &ms) || ms <= 0 || ms > TIME_MOST)
        return false;
    *out = ms;
    return true;
}

static bool event_read(const CsvRow *row, const Columns *at, Event *out)
{
    Event e = { .name = cell_of(row, at->event), .node = cell_of(row, at->node) };
    if (!e.name.len || !moment(cell_of(row, at->start), &e.start))
        return false;
    if (!moment(cell_of(row, at->end), &e.end) || e.end < e.start)
        e.end = e.start;
    *out = e;
    return true;
}

static QuestionTime *question_of(Arena *a, FieldTimes *t, Str node)
{
    for (size_t i = t->questions.len; i > 0; i--)           /* the last ones are asked for most */
        if (str_eq(t->questions.at[i - 1].node, node))
            return &t->questions.at[i - 1];
    if (t->questions.len >= QUESTIONS_MOST)
        return NULL;
    QuestionTime *q = list_add(a, &t->questions);
    *q = (QuestionTime){ .node = arena_str(a, node) };
    return q;
}

static bool at_night(int64_t ms)
{
    int hour = time_of_day((Time){ ms }).hour;
    return hour >= NIGHT_FROM || hour < NIGHT_TO;
}

static void add_question(Arena *a, FieldTimes *t, const Event *e)
{
    QuestionTime *q = str_starts(e->name, S("question")) && e->node.len && e->node.len <= NODE_MOST && utf8_valid(e->node)
                          ? question_of(a, t, e->node) : NULL;
    if (!q)
        return;
    t->revisits += q->visits > 0;
    q->visits++;
    q->ms += e->end - e->start;
}

static void add_event(Arena *a, FieldTimes *t, const Event *e)
{
    int64_t gap = t->ended_at.ms ? e->start - t->ended_at.ms : 0;
    if (gap > GAP_MS) {
        t->pauses++;
        t->pause_ms += gap;
    }
    if (!t->started_at.ms || e->start < t->started_at.ms)
        t->started_at.ms = e->start;
    if (e->end > t->ended_at.ms)
        t->ended_at.ms = e->end;
    t->night |= at_night(e->start) || at_night(e->end);
    add_question(a, t, e);
}

bool audit_log_read(Arena *a, Str csv, FieldTimes *out)
{
    FieldTimes t = { 0 };
    Columns    at;
    CsvReader  r = csv_open(csv, ',');
    CsvRow     row;
    bool       any = false;
    if (!csv_next(&r, a, &row))
        return false;
    at = (Columns){ csv_column(&row, S("event")), csv_column(&row, S("node")), csv_column(&row, S("start")), csv_column(&row, S("end")) };
    if (at.event < 0 || at.start < 0)
        return false;
    while (csv_next(&r, a, &row)) {
        Event e;
        if (!event_read(&row, &at, &e))
            continue;
        add_event(a, &t, &e);
        any = true;
    }
    t.interview_ms = t.ended_at.ms - t.started_at.ms - t.pause_ms;
    if (t.interview_ms < 0)
        t.interview_ms = 0;
    *out = t;
    return any;
}

Str audit_log_json(Arena *a, const FieldTimes *t)
{
    Buf b = buf_new(a, 64 + t->questions.len * 48);
    buf_byte(&b, '[');
    for (size_t i = 0; i < t->questions.len; i++) {
        const QuestionTime *q = &t->questions.at[i];
        buf_add(&b, i ? S(",{\"node\":") : S("{\"node\":"));
        buf_json_str(&b, q->node);
        buf_lit(&b, ",\"seconds\":");
        buf_json_f64(&b, (double)q->ms / 1000);
        buf_fmt(&b, ",\"visits\":%lld}", (long long)q->visits);
    }
    buf_byte(&b, ']');
    return buf_str(&b);
}
