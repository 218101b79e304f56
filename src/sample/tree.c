/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One pass over the frame: units of the upper stages with their sizes, and how much each stratum of the last stage
 * holds. Rows themselves are not kept. */
#include "sample/parts.h"

#include <math.h>

/* ---- Names found again --------------------------------------------------------------------------------- */
static uint64_t name_hash(int64_t above, Str name)
{
    return (str_hash(name) ^ ((uint64_t)above + 2) * 0x9E3779B97F4A7C15u) | 1;
}

int64_t name_find(const NameMap *m, int64_t above, Str name)
{
    uint64_t h = name_hash(above, name);
    if (!m->cap)
        return NONE;
    for (size_t at = (size_t)(h >> 17) & (m->cap - 1); m->slot[at].hash; at = (at + 1) & (m->cap - 1))
        if (m->slot[at].hash == h && m->slot[at].above == above && str_eq(m->slot[at].name, name))
            return m->slot[at].index;
    return NONE;
}

static void slot_put(NameMap *m, NameSlot x)
{
    size_t at = (size_t)(x.hash >> 17) & (m->cap - 1);
    while (m->slot[at].hash)
        at = (at + 1) & (m->cap - 1);
    m->slot[at] = x;
}

void name_put(Arena *a, NameMap *m, int64_t above, Str name, int64_t index)
{
    if (2 * (m->len + 1) > m->cap) {
        NameMap more = { .cap = m->cap ? 2 * m->cap : 64, .len = m->len };
        more.slot    = arena_new(a, NameSlot, more.cap);
        for (size_t i = 0; i < m->cap; i++)
            if (m->slot[i].hash)
                slot_put(&more, m->slot[i]);
        *m = more;
    }
    slot_put(m, (NameSlot){ name_hash(above, name), above, index, name });
    m->len++;
}

/* ---- Columns ------------------------------------------------------------------------------------------ */
enum { EACH_ROW = -2 };              /* "#rows": counts rows */

static int column_at(SampleTree *t, int stage, Str name)
{
    if (!name.len)
        return NONE;
    for (size_t i = 0; i < t->frame->columns.len; i++)
        if (str_eq(t->frame->columns.at[i], name))
            return (int)i;
    sample_fault(t->fault_arena, t->faults, (SampleFault){ .kind = SAMPLE_FAULT_COLUMN, .stage = stage, .column = name });
    return NONE;
}

static int measure_at(SampleTree *t, int stage, Str name)
{
    return str_eq(name, S("#rows")) ? EACH_ROW : column_at(t, stage, name);
}

static bool columns_find(SampleTree *t)
{
    int64_t before = t->faults->all;
    for (size_t i = 0; i < t->design->stages; i++) {
        const SampleStage *s = &t->design->stage[i];
        StageColumns      *c = &t->column[i];
        int                n = (int)i + 1;
        c->unit  = column_at(t, n, s->unit);
        c->count = column_at(t, n, s->count);
        c->size  = measure_at(t, n, s->size);
        c->of    = measure_at(t, n, s->take.of);
        c->sd    = column_at(t, n, s->take.sd);
        for (size_t k = 0; k < s->strata.len; k++)
            c->strata[c->strata_len++] = column_at(t, n, s->strata.at[k]);
    }
    for (size_t k = 0; k < t->design->keep.len; k++)
        t->keep[k] = column_at(t, 0, t->design->keep.at[k]);
    return t->faults->all == before;
}

/* ---- Cells of a row ------------------------------------------------------------------------------------- */
static Str cell_at(const CsvRow *row, int column)
{
    return column >= 0 ? str_trim(csv_cell(row, (size_t)column)) : S("");
}

static void bad(SampleTree *t, SampleFaultKind kind, int stage, const CsvRow *row, int column, Str value)
{
    sample_fault(t->fault_arena, t->faults, (SampleFault){ .kind = kind, .stage = stage + 1, .line = row->line,
        .column = column >= 0 ? t->frame->columns.at[column] : S(""), .value = value });
}

static bool number_at(SampleTree *t, int stage, const CsvRow *row, int column, uint64_t *out)
{
    *out = 1;
    if (column == EACH_ROW || column == NONE)
        return true;
    if (whole_number(cell_at(row, column), out))
        return true;
    bad(t, SAMPLE_FAULT_NUMBER, stage, row, column, cell_at(row, column));
    return false;
}

/* Values joined by '|'; a '|' or '\' of a value gets a '\' before it, so that no two strata look alike. */
static Str stratum_of(Arena *a, const StageColumns *c, const CsvRow *row)
{
    if (!c->strata_len)
        return S("");
    if (c->strata_len == 1 && !memchr(cell_at(row, c->strata[0]).at, '|', cell_at(row, c->strata[0]).len) &&
        !memchr(cell_at(row, c->strata[0]).at, '\\', cell_at(row, c->strata[0]).len))
        return cell_at(row, c->strata[0]);
    Buf b = buf_new(a, 64);
    for (size_t i = 0; i < c->strata_len; i++) {
        Str v = cell_at(row, c->strata[i]);
        if (i)
            buf_byte(&b, '|');
        for (size_t k = 0; k < v.len; k++) {
            if (v.at[k] == '|' || v.at[k] == '\\')
                buf_byte(&b, '\\');
            buf_byte(&b, v.at[k]);
        }
    }
    return buf_str(&b);
}

/* The stratum of one unit above that a row belongs to, made when it is new. */
static int64_t cell_need(SampleTree *t, int stage, int64_t above, Str stratum)
{
    int64_t at = name_find(&t->cell_names[stage], above, stratum);
    if (at != NONE)
        return at;
    SampleCell *cell = list_add(t->a, &t->cells[stage]);
    *cell = (SampleCell){ .above = above, .stratum = arena_str(t->a, stratum) };
    at    = (int64_t)t->cells[stage].len - 1;
    name_put(t->a, &t->cell_names[stage], above, cell->stratum, at);
    return at;
}

static void cell_measure(SampleTree *t, int stage, const CsvRow *row, SampleCell *cell)
{
    const StageColumns *c = &t->column[stage];
    uint64_t            n;
    double              sd;
    if (c->of != NONE && number_at(t, stage, row, c->of, &n))
        cell->measure += n;
    if (c->sd == NONE)
        return;
    if (!str_to_f64(cell_at(row, c->sd), &sd) || !(sd >= 0) || !isfinite(sd))
        bad(t, SAMPLE_FAULT_NUMBER, stage, row, c->sd, cell_at(row, c->sd));
    else if (cell->has_sd && cell->sd != sd)
        bad(t, SAMPLE_FAULT_DIFFERS, stage, row, c->sd, cell_at(row, c->sd));
    else
        cell->sd = sd;
    cell->has_sd = true;
}

/* ---- Units above the last stage --------------------------------------------------------------------------- */
static int64_t strata_hash(const StageColumns *c, const CsvRow *row)
{
    uint64_t h = 0;
    for (size_t i = 0; i < c->strata_len; i++)
        h = h * 0x9E3779B97F4A7C15u + str_hash(cell_at(row, c->strata[i]));
    return (int64_t)h;
}

static int64_t unit_new(SampleTree *t, Arena scratch, int stage, int64_t above, Str name, const CsvRow *row)
{
    int64_t     at   = (int64_t)t->units[stage].len;
    int64_t     into = cell_need(t, stage, above, stratum_of(&scratch, &t->column[stage], row));
    SampleUnit *u    = list_add(t->a, &t->units[stage]);
    *u = (SampleUnit){ .name = arena_str(t->a, name), .above = above, .cell = into, .line = row->line,
                       .strata_hash = strata_hash(&t->column[stage], row) };
    SampleCell *cell = &t->cells[stage].at[into];
    u->ordinal = cell->units++;
    *list_add(t->a, &cell->list) = at;
    name_put(t->a, &t->unit_names[stage], above, u->name, at);
    return at;
}

static int64_t unit_need(SampleTree *t, Arena scratch, int stage, int64_t above, const CsvRow *row)
{
    const StageColumns *c    = &t->column[stage];
    Str                 name = cell_at(row, c->unit);
    uint64_t            size;
    if (!name.len) {
        bad(t, SAMPLE_FAULT_EMPTY, stage, row, c->unit, S(""));
        return NONE;
    }
    int64_t at = name_find(&t->unit_names[stage], above, name);
    if (at == NONE)
        at = unit_new(t, scratch, stage, above, name, row);
    SampleUnit *u = &t->units[stage].at[at];
    if (c->strata_len && u->strata_hash != strata_hash(c, row))
        bad(t, SAMPLE_FAULT_MOVED, stage, row, c->unit, name);
    if (c->size != NONE && number_at(t, stage, row, c->size, &size)) {
        if (!t->design->stage[stage].size_each)
            u->size += size;
        else if (u->rows && u->size != size)
            bad(t, SAMPLE_FAULT_DIFFERS, stage, row, c->size, cell_at(row, c->size));
        else
            u->size = size;
    }
    u->rows++;
    cell_measure(t, stage, row, &t->cells[stage].at[u->cell]);
    return at;
}

/* ---- The last stage ---------------------------------------------------------------------------------------- */
static void seen_once(SampleTree *t, int stage, int64_t above, Str name, const CsvRow *row)
{
    uint64_t h = name_hash(above, name);
    size_t   at = (size_t)(h >> 13) & t->seen_mask;
    for (; t->seen[at]; at = (at + 1) & t->seen_mask)
        if (t->seen[at] == h) {
            bad(t, SAMPLE_FAULT_TWICE, stage, row, t->column[stage].unit, name);
            return;
        }
    t->seen[at] = h;
}

static void element(SampleTree *t, Arena scratch, int stage, int64_t above, const CsvRow *row)
{
    const StageColumns *c = &t->column[stage];
    int64_t     at    = cell_need(t, stage, above, stratum_of(&scratch, c, row));
    SampleCell *cell  = &t->cells[stage].at[at];
    uint64_t    n     = 1;
    if (c->count != NONE) {
        if (!number_at(t, stage, row, c->count, &n))
            return;
        if (t->units[stage - 1].at[above].rows > 1)
            bad(t, SAMPLE_FAULT_TWICE, stage - 1, row, t->column[stage - 1].unit, t->units[stage - 1].at[above].name);
    }
    if (c->unit != NONE) {
        Str name = cell_at(row, c->unit);
        if (name.len)
            seen_once(t, stage, above, name, row);
        else
            bad(t, SAMPLE_FAULT_EMPTY, stage, row, c->unit, S(""));
    }
    cell->units += (int64_t)n;
    t->elements += (int64_t)n;
    if (t->design->stage[stage].method == SAMPLE_PPS && number_at(t, stage, row, c->size, &n))
        *list_add(t->a, &cell->sizes) = n;
    cell_measure(t, stage, row, cell);
}

/* Two slots a row, counted from the line ends. */
static void seen_room(SampleTree *t)
{
    size_t rows = 16, room = 64;
    for (const char *at = t->frame->bytes.at, *end = at + t->frame->bytes.len; at < end; rows++) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at)
            break;
        at++;
    }
    while (room < rows + rows / 2)
        room *= 2;
    t->seen      = arena_new(t->a, uint64_t, room);
    t->seen_mask = room - 1;
}

bool frame_tree_read(Arena *a, Arena *keep, const SampleDesign *d, const SampleFrame *f, SampleTree *out, SampleFaults *faults)
{
    SampleTree *t    = out;
    int         last = (int)d->stages - 1, stage;
    *t = (SampleTree){ .design = d, .frame = f, .faults = faults, .fault_arena = keep, .a = a };
    if (!columns_find(t))
        return false;
    if (t->column[last].unit != NONE)
        seen_room(t);
    Arena       rows = arena_open((size_t)1 << 30), work = rows;
    FrameReader r    = frame_reader(f);
    CsvRow      row;
    int64_t     before = faults->all;
    frame_next(&r, &work, &row);
    for (work = rows; frame_next(&r, &work, &row); work = rows) {
        int64_t above = NONE;
        for (stage = 0; stage < last && (above = unit_need(t, work, stage, above, &row)) != NONE; stage++)
            ;
        if (stage == last)
            element(t, work, last, above, &row);
    }
    frame_csv_fault(keep, &r, faults);
    arena_close(&rows);
    if (!t->elements && faults->all == before)
        sample_fault(keep, faults, (SampleFault){ .kind = SAMPLE_FAULT_NO_ROWS });
    return faults->all == before;
}

int64_t frame_tree_cell_of(const SampleTree *t, Arena scratch, const CsvRow *row)
{
    int64_t above = NONE;
    size_t  last  = t->design->stages - 1;
    for (size_t s = 0; s < last; s++)
        above = name_find(&t->unit_names[s], above, cell_at(row, t->column[s].unit));
    return name_find(&t->cell_names[last], above, stratum_of(&scratch, &t->column[last], row));
}

Str frame_tree_element_name(const SampleTree *t, Arena *a, const CsvRow *row)
{
    int unit = t->column[t->design->stages - 1].unit;
    return unit != NONE ? arena_str(a, cell_at(row, unit)) : arena_fmt(a, "%d", row->line);
}

static void net_add(Buf *b, Str s)
{
    buf_fmt(b, "%zu:", s.len);
    buf_add(b, s);
    buf_byte(b, ',');
}

Str frame_tree_path(const SampleTree *t, Arena *a, int stage, const SampleCell *cell)
{
    Str     names[SAMPLE_STAGES];
    int64_t above = cell->above;
    Buf     b     = buf_new(a, 128);
    for (int s = stage - 1; s >= 0; s--) {
        names[s] = t->units[s].at[above].name;
        above    = t->units[s].at[above].above;
    }
    for (int s = 0; s < stage; s++)
        net_add(&b, names[s]);
    net_add(&b, cell->stratum);
    return buf_str(&b);
}
