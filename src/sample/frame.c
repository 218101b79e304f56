/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frames: mapped files read once from end to end. What lies behind the reader is given back to the system, so the
 * memory in use does not grow with the file. */
#include "sample/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BEHIND = 8 << 20 };           /* bytes between two givings back */

static Str hash_of(Arena *a, const SampleFrame *f)
{
    crypto_hash_sha256_state state;
    uint8_t                  sum[32];
    crypto_hash_sha256_init(&state);
    for (size_t at = 0; at < f->bytes.len; at += BEHIND) {
        size_t n = f->bytes.len - at < BEHIND ? f->bytes.len - at : BEHIND;
        crypto_hash_sha256_update(&state, (const uint8_t *)f->bytes.at + at, n);
        if (f->mapped)
            madvise((void *)(uintptr_t)(f->bytes.at + at), n, MADV_DONTNEED);
    }
    crypto_hash_sha256_final(&state, sum);
    return str_hex(a, sum, sizeof sum);
}

Err sample_frame_open(Arena *a, Str path, SampleFrame *out)
{
    struct stat st;
    int         fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_fmt(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.*s: cannot be read", STR_ARG(path));
    if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
        close(fd);
        return err_fmt(a, ERR_IO, "%.*s: no file", STR_ARG(path));
    }
    SampleFrame f  = { .name = str_cut_last(path, '/').tail.len ? str_cut_last(path, '/').tail : path };
    size_t      n  = (size_t)st.st_size;
    void       *at = n ? mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0) : NULL;
    close(fd);
    if (at == MAP_FAILED)
        return err_fmt(a, ERR_IO, "%.*s: cannot be read", STR_ARG(path));
    if (n)
        madvise(at, n, MADV_SEQUENTIAL);
    f.bytes  = (Str){ at ? at : "", n };
    f.mapped = n > 0;
    f.sha256 = hash_of(a, &f);
    *out     = f;
    return OK;
}

void sample_frame_close(SampleFrame *f)
{
    if (f->mapped)
        munmap((void *)(uintptr_t)f->bytes.at, f->bytes.len);
    *f = (SampleFrame){ 0 };
}

/* ---- Reading ---------------------------------------------------------------------------------------- */
FrameReader frame_reader(const SampleFrame *f)
{
    FrameReader r     = { .csv = csv_open(f->bytes, 0), .frame = f, .kept = f->bytes.at };
    r.csv.limits.rows = SAMPLE_ROWS + 1;
    return r;
}

bool frame_next(FrameReader *r, Arena *a, CsvRow *out)
{
    bool   more = csv_next(&r->csv, a, out);
    size_t read = (size_t)(r->csv.rest.at - r->kept);
    if (r->frame->mapped && read > 2 * (size_t)BEHIND) {     /* the row at hand lies within the last BEHIND bytes */
        size_t give = (read - BEHIND) & ~(size_t)65535;
        madvise((void *)(uintptr_t)r->kept, give, MADV_DONTNEED);
        r->kept += give;
    }
    return more;
}

void frame_csv_fault(Arena *a, const FrameReader *r, SampleFaults *faults)
{
    if (r->csv.fault)
        sample_fault(a, faults, (SampleFault){ .kind = r->csv.fault == CSV_TOO_MANY_ROWS ? SAMPLE_FAULT_TOO_MANY : SAMPLE_FAULT_CSV,
            .line = r->csv.fault_line, .column = arena_fmt(a, "%d", r->csv.fault_column), .value = csv_fault_name(r->csv.fault) });
}

bool frame_header(Arena *a, SampleFrame *f, SampleFaults *faults)
{
    FrameReader r      = frame_reader(f);
    CsvRow      row;
    int64_t     before = faults->all;
    f->columns         = (StrList){ 0 };
    if (!frame_next(&r, a, &row)) {
        if (r.csv.fault)
            frame_csv_fault(a, &r, faults);
        else
            sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_NO_ROWS });
        return false;
    }
    for (size_t i = 0; i < row.len; i++) {
        Str name = str_trim(row.at[i]);
        if (!name.len || name.len > 200)
            sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_HEADING, .line = row.line, .column = arena_fmt(a, "%zu", i + 1) });
        for (size_t k = 0; k < i; k++)
            if (str_eq(f->columns.at[k], name) && name.len)
                sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_HEADING_TWICE, .line = row.line, .column = name });
        *list_add(a, &f->columns) = arena_str(a, name);
    }
    return faults->all == before;
}

bool whole_number(Str cell, uint64_t *out)
{
    int64_t n;
    if (!str_to_i64(str_trim(cell), &n) || n < 0 || n > INT64_C(100000000000))
        return false;
    *out = (uint64_t)n;
    return true;
}

/* ---- What a frame holds ------------------------------------------------------------------------------- */
enum { DISTINCT = 1000 };
typedef struct ColumnRead { uint64_t slot[2048]; } ColumnRead;    /* hashes of the first DISTINCT values */

static void column_value(Arena *a, SampleColumn *c, ColumnRead *r, Str cell)
{
    uint64_t h = str_hash(cell) | 1, n;
    size_t   at = (size_t)(h >> 20) & 2047;
    if (!whole_number(cell, &n))
        c->whole = false;
    else
        c->sum += n;
    c->longest = (int64_t)cell.len > c->longest ? (int64_t)cell.len : c->longest;
    if (c->distinct >= DISTINCT)
        return;
    for (; r->slot[at]; at = (at + 1) & 2047)
        if (r->slot[at] == h)
            return;
    r->slot[at] = h;
    c->distinct++;
    if (c->seen_len < (int)COUNT_OF(c->seen))
        c->seen[c->seen_len++] = arena_str(a, str_take(cell, 120));
}

/* One row below the heading. */
static void check_row(Arena *a, SampleColumns *list, ColumnRead *read, const CsvRow *row, SampleFaults *faults)
{
    if (row->len != list->len)
        sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_CELLS, .line = row->line,
            .column = arena_fmt(a, "%zu", row->len), .value = arena_fmt(a, "%zu", list->len) });
    for (size_t i = 0; i < row->len && i < list->len; i++) {
        Str cell = str_trim(row->at[i]);
        if (cell.len)
            column_value(a, &list->at[i], &read[i], cell);
        else
            list->at[i].empty++;
    }
}

bool sample_frame_check(Arena *a, Arena scratch, SampleFrame *f, SampleSeen seen, void *by, SampleColumns *out, SampleFaults *faults)
{
    int64_t before = faults->all;
    f->rows        = 0;
    if (!frame_header(a, f, faults))
        return false;
    SampleColumns list = { 0 };
    ColumnRead   *read = arena_new(&scratch, ColumnRead, f->columns.len);
    for (size_t i = 0; i < f->columns.len; i++)
        *list_add(a, &list) = (SampleColumn){ .name = f->columns.at[i], .whole = true };
    FrameReader r    = frame_reader(f);
    Arena       work = scratch;
    CsvRow      row;
    frame_next(&r, &work, &row);
    for (work = scratch; frame_next(&r, &work, &row); work = scratch) {
        f->rows++;
        check_row(a, &list, read, &row, faults);
        if (seen && f->rows % 50000 == 0 && !seen(by, f->rows, f->bytes.len - r.csv.rest.len, f->bytes.len))
            return false;
    }
    frame_csv_fault(a, &r, faults);
    if (!f->rows && faults->all == before)
        sample_fault(a, faults, (SampleFault){ .kind = SAMPLE_FAULT_NO_ROWS });
    *out = list;
    return faults->all == before;
}

void sample_frame_head(Arena *a, const SampleFrame *f, size_t n, CsvTable *out)
{
    LIST(CsvRow) rows = { 0 };
    FrameReader  r    = frame_reader(f);
    CsvRow       row;
    bool         first = true;
    for (; rows.len < n && frame_next(&r, a, &row); first = false)
        if (!first)
            *list_add(a, &rows) = row;
    *out = (CsvTable){ rows.at, rows.len };
}

bool sample_frame_columns(Arena *a, SampleFrame *f)
{
    return frame_header(a, f, &(SampleFaults){ 0 });
}

void sample_frame_each(const SampleFrame *f, bool (*each)(void *by, const CsvRow *row), void *by)
{
    Arena       rows = arena_open((size_t)1 << 30), work = rows;
    FrameReader r    = frame_reader(f);
    CsvRow      row;
    frame_next(&r, &work, &row);
    for (work = rows; frame_next(&r, &work, &row) && each(by, &row); work = rows)
        ;
    arena_close(&rows);
}
