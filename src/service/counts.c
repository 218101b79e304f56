/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Counters: sums by unit, day and desk in memory, and a month of them packed into one row. */
#include "service/parts.h"

#include <stdlib.h>

static const Str codes[M_COUNT] = {
    S_INIT("received"), S_INIT("online"), S_INIT("digitised"), S_INIT("synced"), S_INIT("due"), S_INIT("due_met"), S_INIT("due_late"),
    S_INIT("handled"), S_INIT("on_time"), S_INIT("late"), S_INIT("timed"), S_INIT("days"), S_INIT("electronic"), S_INIT("reused"),
    S_INIT("returned"), S_INIT("returned_late"), S_INIT("paid"), S_INIT("paid_online"), S_INIT("rated"), S_INIT("scores"),
    S_INIT("satisfied"), S_INIT("explained"), S_INIT("apologised"), S_INIT("petitions"), S_INIT("petitions_met"), S_INIT("petitions_good"),
    S_INIT("answered"), S_INIT("published"), S_INIT("published_met"), S_INIT("complete"), S_INIT("offered_online"),
    S_INIT("offered_payment"), S_INIT("disclosed"), S_INIT("disclosed_met"), S_INIT("petitions_due"),
};

Str service_measure_code(ServiceMeasure m)
{
    return codes[m];
}

bool service_measure_parse(Str code, ServiceMeasure *out)
{
    for (int m = 0; m < M_COUNT; m++)
        if (str_eq(code, codes[m])) {
            *out = (ServiceMeasure)m;
            return true;
        }
    return false;
}

int month_of(Date d)
{
    Ymd y = date_ymd(d);
    return y.year * 100 + y.month;
}

Date month_start(int month)
{
    return date_from_ymd(month / 100, month % 100, 1);
}

void service_counts_add(ServiceCounts *sum, const ServiceCounts *more)
{
    for (int m = 0; m < M_COUNT; m++)
        sum->n[m] += more->n[m];
}

bool service_counts_zero(const ServiceCounts *c)
{
    for (int m = 0; m < M_COUNT; m++)
        if (c->n[m])
            return false;
    return true;
}

/* ---- Sums in memory --------------------------------------------------------------------------------------------- */
static size_t place_of(UnitId unit, uint16_t day, uint16_t desk, size_t room)
{
    uint64_t h = ((uint64_t)unit.v * 0x9E3779B97F4A7C15u) ^ ((uint64_t)day << 20 | desk) * 0xC2B2AE3D27D4EB4Fu;
    return (size_t)(h >> 20) & (room - 1);
}

static void sums_grow(Arena *a, MarkSums *s)
{
    s->room  = s->room ? 2 * s->room : 256;
    s->slots = arena_new(a, int32_t, s->room);
    for (size_t i = 0; i < s->len; i++) {
        size_t p = place_of(s->at[i].unit, s->at[i].day, s->at[i].desk, s->room);
        while (s->slots[p])
            p = (p + 1) & (s->room - 1);
        s->slots[p] = (int32_t)i + 1;
    }
}

static MarkCell *cell_of(Arena *a, MarkSums *s, UnitId unit, uint16_t day, uint16_t desk)
{
    if (2 * s->len >= s->room)
        sums_grow(a, s);
    size_t p = place_of(unit, day, desk, s->room);
    for (; s->slots[p]; p = (p + 1) & (s->room - 1)) {
        MarkCell *c = &s->at[s->slots[p] - 1];
        if (c->unit.v == unit.v && c->day == day && c->desk == desk)
            return c;
    }
    MarkCell *c = list_add(a, s);
    *c          = (MarkCell){ .unit = unit, .day = day, .desk = desk };
    s->slots[p] = (int32_t)s->len;
    return c;
}

void sums_add(Arena *a, MarkSums *s, UnitId unit, const FileMarks *marks, int sign)
{
    MarkCell *c = NULL;
    for (int i = 0; i < marks->len; i++) {
        const FileMark *m = &marks->at[i];
        if (!m->n)
            continue;
        if (!c || c->day != m->day)
            c = cell_of(a, s, unit, m->day, marks->desk);
        c->n[m->measure] += sign * m->n;
    }
}

static int by_unit_day(const void *x, const void *y)
{
    const MarkCell *p = x, *q = y;
    if (p->unit.v != q->unit.v)
        return p->unit.v < q->unit.v ? -1 : 1;
    if (p->day != q->day)
        return p->day < q->day ? -1 : 1;
    return (p->desk > q->desk) - (p->desk < q->desk);
}

void sums_sort(MarkSums *s)
{
    if (s->len)
        qsort(s->at, s->len, sizeof *s->at, by_unit_day);
}

size_t sums_month_end(const MarkSums *s, size_t from)
{
    int    month = month_of(day_unpack(s->at[from].day));
    size_t to    = from + 1;
    while (to < s->len && s->at[to].unit.v == s->at[from].unit.v && month_of(day_unpack(s->at[to].day)) == month)
        to++;
    return to;
}

void cells_merge(Arena *a, ServiceCells *cells, const MarkCell *add, size_t n)
{
    ServiceCells all = { .at = arena_new(a, ServiceCell, cells->len + n + 1), .cap = cells->len + n + 1 };
    size_t       i = 0, j = 0;
    while (i < cells->len || j < n) {
        ServiceCell x = { 0 };
        int         side = i == cells->len ? 1 : j == n ? -1 : 0;
        if (!side) {
            Date day = day_unpack(add[j].day);
            side     = cells->at[i].day.day != day.day ? (cells->at[i].day.day < day.day ? -1 : 1) :
                       (cells->at[i].desk > add[j].desk) - (cells->at[i].desk < add[j].desk);
        }
        if (side <= 0)
            x = cells->at[i++];
        if (side >= 0) {
            x.day  = day_unpack(add[j].day);
            x.desk = add[j].desk;
            for (int m = 0; m < M_COUNT; m++)
                x.counts.n[m] += add[j].n[m];
            j++;
        }
        if (!service_counts_zero(&x.counts))
            all.at[all.len++] = x;
    }
    *cells = all;
}

/* ---- Packed: per cell its day, its desk, which measures are not zero, and these; numbers in sevens of bits ------------ */
static void put(Buf *b, uint64_t x)
{
    for (; x > 0x7f; x >>= 7)
        buf_byte(b, (char)(x | 0x80));
    buf_byte(b, (char)x);
}

static bool take(Str *s, uint64_t *out)
{
    *out = 0;
    for (int shift = 0; s->len && shift < 64; shift += 7) {
        uint8_t byte = (uint8_t)*s->at;
        *s           = str_skip(*s, 1);
        *out |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

Str cells_pack(Arena *a, const ServiceCells *cells)
{
    Buf b = buf_new(a, 64 + cells->len * 48);
    for (size_t i = 0; i < cells->len; i++) {
        const ServiceCell *c    = &cells->at[i];
        uint64_t           mask = 0;
        for (int m = 0; m < M_COUNT; m++)
            mask |= (uint64_t)(c->counts.n[m] != 0) << m;
        put(&b, day_pack(c->day));
        put(&b, (uint64_t)c->desk);
        put(&b, mask);
        for (int m = 0; m < M_COUNT; m++)
            if (mask >> m & 1)
                put(&b, (uint64_t)c->counts.n[m] << 1 ^ (uint64_t)(c->counts.n[m] >> 63));
    }
    return buf_str(&b);
}

bool cell_take(Str *bytes, ServiceCell *out)
{
    uint64_t day, desk, mask, x;
    *out = (ServiceCell){ 0 };
    if (!take(bytes, &day) || !take(bytes, &desk) || !take(bytes, &mask) || day > UINT16_MAX || desk > UINT16_MAX || mask >> M_COUNT)
        return false;
    out->day  = day_unpack((uint16_t)day);
    out->desk = (int)desk;
    for (; mask; mask &= mask - 1) {
        if (!take(bytes, &x))
            return false;
        out->counts.n[__builtin_ctzll(mask)] = (int64_t)(x >> 1 ^ (0 - (x & 1)));
    }
    return true;
}

bool cells_unpack(Arena *a, Str bytes, ServiceCells *out)
{
    ServiceCells cells = { 0 };
    while (bytes.len)
        if (!cell_take(&bytes, list_add(a, &cells)))
            return false;
    *out = cells;
    return true;
}

Str month_total_pack(Arena *a, const ServiceCells *cells)
{
    ServiceCells out = { .at = arena_new(a, ServiceCell, cells->len + 1), .len = 1 };
    out.at[0].day = DATE_NONE;
    for (size_t i = 0; i < cells->len; i++) {            /* in the order of their days */
        const ServiceCell *c = &cells->at[i];
        service_counts_add(&out.at[0].counts, &c->counts);
        if (!(c->counts.n[M_DUE] | c->counts.n[M_DUE_MET] | c->counts.n[M_DUE_LATE]))
            continue;
        if (out.len == 1 || out.at[out.len - 1].day.day != c->day.day)
            out.at[out.len++].day = c->day;
        for (int m = M_DUE; m <= M_DUE_LATE; m++)
            out.at[out.len - 1].counts.n[m] += c->counts.n[m];
    }
    return cells_pack(a, &out);
}

bool month_total_read(Str bytes, Date today, ServiceCounts *out, bool *out_days)
{
    ServiceCell sum, day;
    bool        whole = cell_take(&bytes, &sum);
    *out_days = bytes.len > 0;
    while (whole && bytes.len && !date_is_none(today)) {
        whole = cell_take(&bytes, &day);
        for (int m = M_DUE; m <= M_DUE_LATE && day.day.day >= today.day; m++)
            sum.counts.n[m] -= day.counts.n[m];
    }
    *out = sum.counts;
    return whole;
}
