/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The draw: stage by stage downwards over the tree, then one more pass over the frame for the rows that were drawn. */
#include "sample/parts.h"

#include <math.h>
#include <stdlib.h>

typedef struct Chosen { int64_t above; SamplePart part; double weight; } Chosen;
typedef LIST(Chosen) ChosenList;
typedef struct Pick { int64_t ordinal, reserve; double prob; bool certain; } Pick;
typedef struct CellPicks { Pick *at; size_t len, next; int64_t n, pop, above; Str stratum; int64_t seen; } CellPicks;
typedef struct DrawWork {
    Arena *a, *scratch;
    const SampleDesign *design;
    SampleTree tree;
    SampleDraw *out;
    ChosenList chosen[SAMPLE_STAGES];
    int64_t *chosen_of[SAMPLE_STAGES];      /* by unit: its place in chosen + 1 */
    CellPicks *picks;                       /* by cell of the last stage */
} DrawWork;

/* ---- How many of each stratum --------------------------------------------------------------------------- */
static int64_t room_of(const DrawWork *w, int stage, const SampleCell *cell)
{
    if (w->design->stage[stage].method != SAMPLE_PPS)
        return cell->units;
    int64_t n = 0;
    for (size_t i = 0; i < cell->sizes.len; i++)
        n += cell->sizes.at[i] > 0;
    for (size_t i = 0; i < cell->list.len; i++)
        n += w->tree.units[stage].at[cell->list.at[i]].size > 0;
    return n;
}

static int64_t fixed_n(const SampleTake *t, Str stratum)
{
    for (size_t i = 0; i < t->by.len; i++)
        if (str_eq(t->by.at[i].stratum, stratum))
            return t->by.at[i].n;
    return t->n;
}

static double measure_of(const SampleTake *t, const SampleCell *cell)
{
    double m = t->of.len ? (double)cell->measure : (double)cell->units;
    switch (t->rule) {
    case SAMPLE_EQUAL: return 1;
    case SAMPLE_SQRT: return sqrt(m);
    case SAMPLE_NEYMAN: return m * cell->sd;
    default: return m;
    }
}

/* n of each of the cells of one unit above. */
static void sizes_of(DrawWork *w, int stage, const int64_t *cells, size_t len, int64_t *n)
{
    const SampleStage *s    = &w->design->stage[stage];
    const SampleTake  *t    = &s->take;
    Arena              work = *w->scratch;
    double            *m    = arena_new(&work, double, len);
    int64_t           *room = arena_new(&work, int64_t, len);
    for (size_t i = 0; i < len; i++) {
        const SampleCell *cell = &w->tree.cells[stage].at[cells[i]];
        m[i]    = measure_of(t, cell);
        room[i] = room_of(w, stage, cell);
        int64_t want = s->method == SAMPLE_ALL ? room[i] : t->rule == SAMPLE_RATE ? llround(t->rate * (double)cell->units) : fixed_n(t, cell->stratum);
        want = want < t->least ? t->least : t->most && want > t->most ? t->most : want;
        n[i] = want < room[i] ? want : room[i];
        w->out->short_cells += t->rule == SAMPLE_FIXED && want > room[i];
    }
    if (s->method != SAMPLE_ALL && t->rule != SAMPLE_FIXED && t->rule != SAMPLE_RATE)
        sample_allocate(work, t->n, len, m, room, t->least, t->most, n);
}

/* ---- One stratum ------------------------------------------------------------------------------------------ */
static void pick_by_size(DrawWork *w, SampleStream *s, const uint64_t *size, size_t units, int64_t n, Pick *out, size_t *len)
{
    Arena        work = *w->scratch;
    SelectSized *got  = arena_new(&work, SelectSized, units);
    select_by_size(s, size, units, (size_t)n, got);
    *len = 0;
    for (size_t i = 0; i < units; i++)
        if (got[i].taken)
            out[(*len)++] = (Pick){ .ordinal = (int64_t)i, .prob = got[i].prob, .certain = got[i].certain };
}

static int by_ordinal(const void *x, const void *y)
{
    const Pick *p = x, *q = y;
    return p->ordinal < q->ordinal ? -1 : p->ordinal > q->ordinal;
}

/* Draws n and the reserve among `units` places; sorted by place. */
static void pick_equal(DrawWork *w, SampleStream *s, const SampleStage *stage, int64_t units, int64_t n, Pick *out, size_t *len)
{
    int64_t   reserve = stage->reserve < units - n ? stage->reserve : units - n;
    Arena     work    = *w->scratch;
    uint64_t *at      = arena_new(&work, uint64_t, (size_t)(n + reserve));
    *len              = (size_t)(n + reserve);
    if (stage->method == SAMPLE_ALL)
        for (int64_t i = 0; i < n; i++)
            at[i] = (uint64_t)i;
    else if (stage->method == SAMPLE_SYSTEMATIC)
        select_systematic(s, (uint64_t)units, (size_t)n, at);
    else
        select_simple(work, s, (uint64_t)units, *len, at);
    for (size_t i = 0; i < *len; i++)
        out[i] = (Pick){ .ordinal = (int64_t)at[i], .reserve = (int64_t)i >= n ? (int64_t)i - n + 1 : 0, .prob = (double)n / (double)units };
    qsort(out, *len, sizeof *out, by_ordinal);
}

static Pick *pick(DrawWork *w, int stage, const SampleCell *cell, int64_t n, size_t *len)
{
    const SampleStage *s    = &w->design->stage[stage];
    size_t             most = (size_t)(n + s->reserve) + 1;
    Pick              *out  = arena_new(w->scratch, Pick, most);
    Arena              work = *w->scratch;
    SampleStream stream = sample_stream(work, w->out->seed, stage + 1, frame_tree_path(&w->tree, &work, stage, cell));
    size_t       units  = cell->list.len;
    uint32_t    *order  = arena_new(w->scratch, uint32_t, units);
    for (size_t i = 0; i < units; i++)
        order[i] = (uint32_t)i;
    if (s->shuffle)
        shuffle(&stream, order, units);
    if (s->method != SAMPLE_PPS) {
        pick_equal(w, &stream, s, cell->units, n, out, len);
    } else if (cell->sizes.len) {
        pick_by_size(w, &stream, cell->sizes.at, cell->sizes.len, n, out, len);
    } else {
        uint64_t *size = arena_new(w->scratch, uint64_t, units);
        for (size_t i = 0; i < units; i++)
            size[i] = w->tree.units[stage].at[cell->list.at[order[i]]].size;
        pick_by_size(w, &stream, size, units, n, out, len);
    }
    for (size_t i = 0; s->shuffle && i < *len; i++)
        out[i].ordinal = order[out[i].ordinal];
    return out;
}

/* ---- Stages above the last ------------------------------------------------------------------------------ */
static void choose_cell(DrawWork *w, int stage, const SampleCell *cell, int64_t n)
{
    int64_t parent = stage ? w->chosen_of[stage - 1][cell->above] - 1 : NONE;
    double  above  = parent == NONE ? 1 : w->chosen[stage - 1].at[parent].weight;
    size_t  len    = 0;
    Str     stratum = arena_str(w->a, cell->stratum);
    Pick   *got    = n ? pick(w, stage, cell, n, &len) : NULL;
    if (len > 1)
        qsort(got, len, sizeof *got, by_ordinal);
    for (size_t i = 0; i < len; i++) {
        int64_t unit = cell->list.at[got[i].ordinal];
        *list_add(w->scratch, &w->chosen[stage]) = (Chosen){ .above = parent, .weight = above / got[i].prob,
            .part = { .stratum = stratum, .unit = arena_str(w->a, w->tree.units[stage].at[unit].name), .n = (int64_t)len, .pop = cell->units,
                      .prob = got[i].prob, .certain = got[i].certain, .sized = w->design->stage[stage].method == SAMPLE_PPS } };
        w->chosen_of[stage][unit] = (int64_t)w->chosen[stage].len;
        w->out->sum[stage].certain += got[i].certain;
    }
    w->out->sum[stage].drawn += (int64_t)len;
}

static void pick_cell(DrawWork *w, int stage, const SampleCell *cell, int64_t at, int64_t n)
{
    CellPicks *p = &w->picks[at];
    *p = (CellPicks){ .n = n, .pop = cell->units, .above = stage ? w->chosen_of[stage - 1][cell->above] - 1 : NONE,
                      .stratum = arena_str(w->a, cell->stratum) };
    if (n)
        p->at = pick(w, stage, cell, n, &p->len);
    for (size_t i = 0; i < p->len; i++) {
        w->out->sum[stage].certain += p->at[i].certain;
        w->out->sum[stage].drawn += p->at[i].reserve == 0;
        w->out->reserve += p->at[i].reserve > 0;
    }
}

/* Cells by the unit above them, in the order of the frame: a list of lists. */
typedef struct Groups { int64_t *first, *next; size_t len; } Groups;

static Groups groups_of(Arena *a, const SampleCells *cells, size_t above)
{
    Groups g = { arena_new(a, int64_t, above), arena_new(a, int64_t, cells->len), above };
    for (size_t i = cells->len; i-- > 0;) {
        size_t at = cells->at[i].above == NONE ? 0 : (size_t)cells->at[i].above;
        g.next[i]   = g.first[at];
        g.first[at] = (int64_t)i + 1;
    }
    return g;
}

static void draw_group(DrawWork *w, int stage, int64_t first, const int64_t *next, int64_t *cells, int64_t *n)
{
    size_t len  = 0;
    bool   last = stage + 1 == (int)w->design->stages;
    for (int64_t at = first; at; at = next[at - 1])
        cells[len++] = at - 1;
    sizes_of(w, stage, cells, len, n);
    for (size_t i = 0; i < len; i++) {
        const SampleCell *cell = &w->tree.cells[stage].at[cells[i]];
        if (last && w->out->sum[stage].drawn + n[i] > SAMPLE_CASES)
            w->out->sum[stage].drawn += n[i];               /* refused by the caller */
        else if (last)
            pick_cell(w, stage, cell, cells[i], n[i]);
        else
            choose_cell(w, stage, cell, n[i]);
    }
}

static void draw_stage(DrawWork *w, int stage)
{
    const SampleCells *cells = &w->tree.cells[stage];
    size_t  units = w->tree.units[stage].len;
    Groups  g     = groups_of(w->scratch, cells, stage ? w->tree.units[stage - 1].len : 1);
    int64_t *list = arena_new(w->scratch, int64_t, cells->len), *n = arena_new(w->scratch, int64_t, cells->len);
    w->chosen_of[stage] = arena_new(w->scratch, int64_t, units + 1);
    for (size_t i = 0; i < g.len; i++)
        if (g.first[i] && (!stage || w->chosen_of[stage - 1][i]))
            draw_group(w, stage, g.first[i], g.next, list, n);
    SampleStageSum *sum = &w->out->sum[stage];
    sum->strata         = (int64_t)cells->len;
    for (size_t i = 0; i < cells->len; i++) {
        sum->frame += cells->at[i].units;
        sum->unsized += cells->at[i].units - room_of(w, stage, &cells->at[i]);
    }
}

/* ---- The rows that were drawn ------------------------------------------------------------------------------ */
static void parts_fill(DrawWork *w, const CellPicks *p, const Pick *k, Str unit, SamplePart *part, double *out_weight)
{
    int last   = (int)w->design->stages - 1;
    part[last] = (SamplePart){ .stratum = p->stratum, .unit = unit, .n = p->n, .pop = p->pop, .prob = k->prob, .certain = k->certain,
                               .sized = w->design->stage[last].method == SAMPLE_PPS };
    *out_weight = 1 / k->prob;
    int64_t at = p->above;
    if (at != NONE)
        *out_weight = w->chosen[last - 1].at[at].weight / k->prob;
    for (int s = last - 1; s >= 0; s--) {
        part[s] = w->chosen[s].at[at].part;
        at      = w->chosen[s].at[at].above;
    }
}

static void case_add(DrawWork *w, const CellPicks *p, const Pick *k, const CsvRow *row, Str unit, const Str *keep)
{
    SampleDraw *d    = w->out;
    SamplePart *part = arena_new(w->a, SamplePart, w->design->stages);
    SampleCase *x    = &d->at[d->len];
    *x = (SampleCase){ .code = sample_case_code(w->a, (int64_t)++d->len), .reserve = k->reserve, .part = part, .line = row->line, .keep = keep };
    parts_fill(w, p, k, unit, part, &x->weight);
    if (x->reserve)
        return;
    d->main++;
    d->weight_sum += x->weight;
}

static void row_take(DrawWork *w, CellPicks *p, const CsvRow *row)
{
    bool    numbers = w->design->stage[w->design->stages - 1].count.len > 0;
    int64_t at      = p->seen++;
    Str    *keep    = NULL;
    while (p->next < p->len && (numbers || p->at[p->next].ordinal == at)) {
        const Pick *k = &p->at[p->next++];
        if (!keep) {
            keep = arena_new(w->a, Str, w->design->keep.len + 1);
            for (size_t i = 0; i < w->design->keep.len; i++)
                keep[i] = arena_str(w->a, str_trim(csv_cell(row, (size_t)w->tree.keep[i])));
        }
        case_add(w, p, k, row, numbers ? arena_fmt(w->a, "%lld", (long long)k->ordinal + 1) : frame_tree_element_name(&w->tree, w->a, row), keep);
    }
}

static void rows_take(DrawWork *w)
{
    Arena       rows = arena_open((size_t)1 << 30), work = rows;
    FrameReader r    = frame_reader(w->tree.frame);
    CsvRow      row;
    w->out->at = arena_new(w->a, SampleCase, (size_t)(w->out->reserve + w->out->sum[w->design->stages - 1].drawn) + 1);
    frame_next(&r, &work, &row);
    for (work = rows; frame_next(&r, &work, &row); work = rows) {
        int64_t at = frame_tree_cell_of(&w->tree, work, &row);
        w->out->frame_rows++;
        if (at != NONE && w->picks[at].len)
            row_take(w, &w->picks[at], &row);
    }
    arena_close(&rows);
}

bool sample_seed_valid(Str seed)
{
    for (size_t i = 0; i < seed.len; i++)
        if (seed.at[i] < '!' || seed.at[i] > '~')
            return false;
    return seed.len > 0 && seed.len <= SAMPLE_SEED_BYTES;
}

static bool sizes_good(const DrawWork *w, int stage, SampleFaults *faults)
{
    const SampleCells *cells = &w->tree.cells[stage];
    int64_t            before = faults->all;
    for (size_t i = 0; i < cells->len && w->design->stage[stage].method == SAMPLE_PPS; i++)
        if (!room_of(w, stage, &cells->at[i]))
            sample_fault(w->a, faults, (SampleFault){ .kind = SAMPLE_FAULT_NO_SIZE, .stage = stage + 1, .column = w->design->stage[stage].size,
                .value = cells->at[i].stratum });
    const SampleTake *t = &w->design->stage[stage].take;
    for (size_t k = 0; k < t->by.len; k++) {
        bool known = false;
        for (size_t i = 0; i < cells->len && !known; i++)
            known = str_eq(cells->at[i].stratum, t->by.at[k].stratum);
        if (!known)
            sample_fault(w->a, faults, (SampleFault){ .kind = SAMPLE_FAULT_STRATUM, .stage = stage + 1, .value = t->by.at[k].stratum });
    }
    return faults->all == before;
}

bool sample_draw(Arena *a, Arena *scratch, const SampleDesign *d, const SampleFrame *f, Str seed, SampleDraw *out, SampleFaults *faults)
{
    DrawWork w = { .a = a, .scratch = scratch, .design = d, .out = out };
    *out = (SampleDraw){ .design = d, .seed = seed, .frame_name = f->name, .frame_sha256 = f->sha256 };
    SampleFrame frame = *f;
    if (!sample_seed_valid(seed)) {
        sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_SEED });
        return false;
    }
    if (!frame_header(a, &frame, faults) || !frame_tree_read(scratch, a, d, &frame, &w.tree, faults))
        return false;
    w.picks = arena_new(scratch, CellPicks, w.tree.cells[d->stages - 1].len);
    for (int s = 0; s < (int)d->stages; s++) {
        if (!sizes_good(&w, s, faults))
            return false;
        draw_stage(&w, s);
    }
    out->elements = w.tree.elements;
    if (out->reserve + out->sum[d->stages - 1].drawn > SAMPLE_CASES) {
        sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_TOO_MANY, .value = S("cases") });
        return false;
    }
    rows_take(&w);
    return true;
}
