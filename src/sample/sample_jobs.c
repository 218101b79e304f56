/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading a frame and drawing a sample: too long for a request when there are millions of rows. */
#include "base/xlsx.h"
#include "sample/parts.h"
#include "sample/store.h"

/* A workbook of one sheet with a row for every line of a list; a million rows are the format's own end. */
#define FRAME_XLSX ((XlsxLimits){ .file_bytes = 100 << 20, .rows = 1048576, .columns = 200, .cell_bytes = 131072, \
                                  .places = 20000000, .text_bytes = 512 << 20 })

static bool ticked(void *by, int64_t rows, size_t bytes, size_t all)
{
    static _Thread_local size_t told;
    if (bytes < told)
        told = 0;
    job_tick((int64_t)(bytes - told) >> 10);
    told = bytes;
    return !job_halted();
}

/* ---- Reading ------------------------------------------------------------------------------------------ */
static Str xlsx_as_csv(Arena *a, const XlsxBook *book)
{
    Buf b = buf_new(a, 1 << 20);
    for (size_t i = 0; book->len && i < book->at[0].len; i++) {
        const XlsxRow *row   = &book->at[0].at[i];
        size_t         cells = row->len > book->at[0].at[0].len ? row->len : book->at[0].at[0].len;
        for (size_t k = 0; k < cells; k++) {
            if (k)
                buf_byte(&b, ',');
            buf_csv(&b, xlsx_cell(row, k));
        }
        buf_lit(&b, "\r\n");
    }
    return buf_str(&b);
}

/* A workbook becomes the CSV that is drawn from; its SHA-256 is the frame's. */
static Err convert(JobRun *run, FrameRow *f, SampleFaults *faults)
{
    Sha256      sum;
    SampleFrame raw;
    XlsxBook    book;
    XlsxFault   fault = { 0 };
    TRY(frame_open(run->store, run->arena, f, &raw));
    bool zip = str_starts(raw.bytes, S("PK\x03\x04")) || str_starts(raw.bytes, S("\xD0\xCF\x11\xE0"));
    f->sha256 = f->upload_sha;
    Err e = zip ? xlsx_read(run->arena, raw.bytes, FRAME_XLSX, &book, &fault) : OK;
    sample_frame_close(&raw);
    if (!zip)
        return OK;
    if (err_is(e, ERR_INVALID) || err_is(e, ERR_TOO_LARGE)) {
        sample_fault(run->arena, faults, (SampleFault){ .kind = SAMPLE_FAULT_XLSX, .line = (int)fault.row, .value = xlsx_fault_name(fault.kind),
            .column = fault.column ? xlsx_column_name(run->arena, fault.column - 1) : S("") });
        return OK;
    }
    TRY(e);
    TRY(files_save(run->store, run->arena, xlsx_as_csv(run->arena, &book), &sum));
    f->sha256 = str_hex(run->arena, sum.at, sizeof sum.at);
    return OK;
}

static Str columns_json(Arena *a, const SampleColumns *list)
{
    Buf b = buf_new(a, 4096);
    buf_byte(&b, '[');
    for (size_t i = 0; i < list->len; i++) {
        const SampleColumn *x = &list->at[i];
        buf_add(&b, i ? S(",{\"name\":") : S("{\"name\":"));
        buf_json_str(&b, x->name);
        buf_fmt(&b, ",\"empty\":%lld,\"distinct\":%lld,\"whole\":%s,\"sum\":\"%llu\",\"seen\":[", (long long)x->empty, (long long)x->distinct,
                x->whole ? "true" : "false", (unsigned long long)x->sum);
        for (int k = 0; k < x->seen_len; k++) {
            buf_add(&b, k ? S(",") : S(""));
            buf_json_str(&b, x->seen[k]);
        }
        buf_lit(&b, "]}");
    }
    buf_byte(&b, ']');
    return buf_str(&b);
}

static Str faults_json(Arena *a, const SampleFaults *f)
{
    Buf b = buf_new(a, 4096);
    buf_byte(&b, '[');
    for (size_t i = 0; i < f->len; i++) {
        buf_fmt(&b, "%s{\"kind\":\"%.*s\",\"stage\":%d,\"line\":%d,\"column\":", i ? "," : "", STR_ARG(sample_fault_code(f->at[i].kind)),
                f->at[i].stage, f->at[i].line);
        buf_json_str(&b, f->at[i].column);
        buf_lit(&b, ",\"value\":");
        buf_json_str(&b, f->at[i].value);
        buf_byte(&b, '}');
    }
    buf_byte(&b, ']');
    return buf_str(&b);
}

static Err id_of(JobRun *run, Str name, int64_t *out)
{
    return json_int(json_get(run->args, name), out) ? OK : err_new(run->arena, ERR_INVALID, S("job without an id"));
}

static Err read_frame(JobRun *run)
{
    FrameRow      f;
    SampleFrame   frame;
    SampleFaults  faults = { 0 };
    SampleColumns columns = { 0 };
    int64_t       id = 0;
    TRY(id_of(run, S("frame"), &id));
    TRY(frame_load(run->db, run->arena, (FrameId){ id }, &f));
    TRY(convert(run, &f, &faults));
    if (!faults.all) {
        TRY(frame_open(run->store, run->arena, &f, &frame));
        job_total((int64_t)(frame.bytes.len >> 10));
        Arena work = arena_open((size_t)1 << 30);
        bool  good = sample_frame_check(run->arena, work, &frame, ticked, NULL, &columns, &faults);
        arena_close(&work);
        f.rows = frame.rows;
        sample_frame_close(&frame);
        if (!good && !faults.all)
            return job_halt(run);
    }
    f.state       = faults.all ? S("faulty") : S("ready");
    f.columns     = columns_json(run->arena, &columns);
    f.faults      = faults_json(run->arena, &faults);
    f.fault_count = faults.all;
    TRY(db_begin_write(run->db));
    TRY(frame_read_done(run->db, &f));
    TRY(job_audit(run, S("frame.read"), S("frame"), f.id.v, f.owner, arena_fmt(run->arena, "{\"state\":\"%.*s\",\"rows\":%lld,\"sha256\":\"%.*s\"}",
                  STR_ARG(f.state), (long long)f.rows, STR_ARG(f.sha256))));
    TRY(job_done(run, arena_fmt(run->arena, "/console/samples/frames/%lld", (long long)f.id.v)));
    return db_commit(run->db);
}

/* ---- Drawing ------------------------------------------------------------------------------------------ */
static Err save_drawn(JobRun *run, const DesignRow *d, const FrameRow *f, const SampleDraw *draw)
{
    Sha256       sum;
    Buf          b = buf_new(run->arena, 512 * draw->len + 8192), design = buf_new(run->arena, 4096);
    SampleHashes h = sample_hashes(run->arena, draw);
    sample_document(run->arena, &b, draw, run->app->version.len ? run->app->version : S(THUOCDO_VERSION));
    sample_design_write(&design, draw->design);
    TRY(files_save(run->store, run->arena, buf_str(&b), &sum));
    Buf    list = buf_new(run->arena, 256 * draw->len + 4096);
    Sha256 list_sum;
    csv_bom(&list);
    sample_list_csv(&list, draw);
    TRY(files_save(run->store, run->arena, buf_str(&list), &list_sum));
    SampleRow r = { .frame = f->id, .owner = d->owner, .title = draw->design->title, .design = buf_str(&design), .seed = draw->seed,
                    .program = run->app->version.len ? run->app->version : S(THUOCDO_VERSION), .design_sha = h.design, .frame_sha = f->sha256,
                    .list_sha = h.list, .sha256 = h.whole, .document_sha = str_hex(run->arena, sum.at, sizeof sum.at), .main = draw->main,
                    .reserve = draw->reserve,
                    .list_file = str_hex(run->arena, list_sum.at, sizeof list_sum.at), .drawn_at = time_now(), .drawn_by = run->job->owner };
    TRY(db_begin_write(run->db));
    TRY(sample_add(run->db, run->arena, &r, draw));
    TRY(job_audit(run, S("sample.draw"), S("sample"), r.id.v, r.owner, arena_fmt(run->arena,
        "{\"design\":\"%.*s\",\"frame\":\"%.*s\",\"list\":\"%.*s\",\"main\":%lld,\"reserve\":%lld}", STR_ARG(h.design), STR_ARG(f->sha256),
        STR_ARG(h.list), (long long)r.main, (long long)r.reserve)));
    TRY(job_done(run, arena_fmt(run->arena, "/console/samples/drawn/%lld", (long long)r.id.v)));
    return db_commit(run->db);
}

/* What is wrong is shown where it can be mended. */
static Err refuse_draw(JobRun *run, DesignId id, const SampleFaults *faults)
{
    TRY(db_begin_write(run->db));
    TRY(design_refused(run->db, id, faults_json(run->arena, faults)));
    TRY(job_done(run, arena_fmt(run->arena, "/console/samples/designs/%lld/draw", (long long)id.v)));
    return db_commit(run->db);
}

static Err draw_sample(JobRun *run)
{
    DesignRow    d;
    FrameRow     f;
    SampleFrame  frame;
    SampleDesign design;
    SampleDraw   draw;
    SampleFaults faults = { 0 };
    Str          seed = S("");
    int64_t      id = 0;
    TRY(id_of(run, S("design"), &id));
    json_str(json_get(run->args, S("seed")), &seed);
    TRY(design_load(run->db, run->arena, (DesignId){ id }, &d));
    TRY(frame_load(run->db, run->arena, d.frame, &f));
    if (!str_eq(f.state, S("ready")) || !sample_design_read(run->arena, d.design, &design, &faults))
        return err_new(run->arena, ERR_CONFLICT, text_of(LANG_VI, "sample.draw.not_ready"));
    TRY(frame_open(run->store, run->arena, &f, &frame));
    Arena work = arena_open((size_t)1 << 36);
    bool  good = sample_draw(run->arena, &work, &design, &frame, seed, &draw, &faults);
    arena_close(&work);
    sample_frame_close(&frame);
    if (!good)
        return refuse_draw(run, d.id, &faults);
    if (job_halted())
        return job_halt(run);
    return save_drawn(run, &d, &f, &draw);
}

const JobKind frame_read_job  = { "frame.read", RIGHT_SAMPLE_MANAGE, read_frame };
const JobKind sample_draw_job = { "sample.draw", RIGHT_SAMPLE_MANAGE, draw_sample };
