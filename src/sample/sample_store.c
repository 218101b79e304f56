/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of frames, designs and samples. */
#include "sample/store.h"

/* ---- Frames ------------------------------------------------------------------------------------------- */
Err frame_add(Db *db, FrameRow *f)
{
    f->id.v     = id_new();
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO frames (id, owner_unit, title, file_name, upload_sha, state, made_at, made_by) "
                                     "VALUES ($1, $2, $3, $4, $5, 'reading', $6, $7)"));
    bind_int(q, 1, f->id.v);
    bind_int(q, 2, f->owner.v);
    bind_str(q, 3, f->title);
    bind_str(q, 4, f->file_name);
    bind_str(q, 5, f->upload_sha);
    bind_time(q, 6, f->made_at);
    bind_int(q, 7, f->made_by.v);
    return db_run(q);
}

static FrameRow frame_row(Arena *a, Stmt *q)
{
    return (FrameRow){ .id = { col_int(q, 0) }, .owner = { col_int(q, 1) }, .title = arena_str(a, col_str(q, 2)), .file_name = arena_str(a, col_str(q, 3)),
                       .upload_sha = arena_str(a, col_str(q, 4)), .sha256 = arena_str(a, col_str(q, 5)), .state = arena_str(a, col_str(q, 6)),
                       .rows = col_int(q, 7), .made_at = col_time(q, 8), .made_by = { col_int(q, 9) }, .erased_at = col_time(q, 10),
                       .fault_count = col_int(q, 11), .columns = arena_str(a, col_str(q, 12)), .faults = arena_str(a, col_str(q, 13)) };
}

Err frame_load(Db *db, Arena *a, FrameId id, FrameRow *out)
{
    bool      found = false;
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, owner_unit, title, file_name, upload_sha, sha256, state, row_count, made_at, made_by, erased_at, "
                                     "fault_count, columns, faults FROM frames WHERE id = $1"));
    bind_int(q, 1, id.v);
    for (; db_row(q); found = true)
        *out = frame_row(a, q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("frame"));
}

Err frame_list(Db *db, Arena *a, ScopePage *p, FrameRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, owner_unit, title, file_name, upload_sha, sha256, state, row_count, made_at, made_by, erased_at, "
                                     "fault_count, '', '' FROM frames ORDER BY id DESC"));
    while (db_row(q))
        if (scope_page_takes(p, (UnitId){ col_int(q, 1) }))
            *list_add(a, out) = frame_row(a, q);
    return db_done(q);
}

Err frame_read_done(Db *db, const FrameRow *f)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE frames SET sha256 = $1, state = $2, row_count = $3, columns = $4, faults = $5, fault_count = $6 "
                                     "WHERE id = $7 AND state = 'reading'"));
    bind_str(q, 1, f->sha256);
    bind_str(q, 2, f->state);
    bind_int(q, 3, f->rows);
    bind_str(q, 4, f->columns);
    bind_str(q, 5, f->faults);
    bind_int(q, 6, f->fault_count);
    bind_int(q, 7, f->id.v);
    return db_run(q);
}

static Err frames_alike(Db *db, const FrameRow *f, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM frames WHERE state <> 'erased' AND ("
                                     "upload_sha = $1 OR sha256 = $1 OR upload_sha = $2 OR sha256 = $2)"));
    bind_str(q, 1, f->upload_sha);
    bind_str(q, 2, f->sha256.len ? f->sha256 : f->upload_sha);
    while (db_row(q))
        *out = col_int(q, 0);
    return db_done(q);
}

Err frame_erase(Db *db, Arena *a, const FrameRow *f, Time now, bool *out_last)
{
    int64_t   alike = 0;
    AUTO_STMT q = db_prepare(db, SQL("UPDATE frames SET state = 'erased', columns = '[]', faults = '[]', erased_at = $1 WHERE id = $2 AND state <> 'erased'"));
    bind_time(q, 1, now);
    bind_int(q, 2, f->id.v);
    TRY(db_run(q));
    if (!db_changes(q))
        return err_new(a, ERR_CONFLICT, S("erased already"));
    TRY(frames_alike(db, f, &alike));
    *out_last = alike == 0;
    return OK;
}

Err frame_open(Store *s, Arena *a, const FrameRow *f, SampleFrame *out)
{
    Sha256 sum;
    if (!str_unhex(f->sha256.len ? f->sha256 : f->upload_sha, sum.at, sizeof sum.at))
        return err_new(a, ERR_NOT_FOUND, S("frame"));
    TRY(sample_frame_open(a, files_path(s, a, sum), out));
    out->name = f->file_name;
    out->rows = f->rows;
    return OK;
}

/* ---- Designs ------------------------------------------------------------------------------------------- */
Err design_add(Db *db, DesignRow *d)
{
    d->id.v     = id_new();
    d->revision = 1;
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO sample_designs (id, frame_id, owner_unit, design, revision, made_at, made_by) "
                                     "VALUES ($1, $2, $3, $4, 1, $5, $6)"));
    bind_int(q, 1, d->id.v);
    bind_int(q, 2, d->frame.v);
    bind_int(q, 3, d->owner.v);
    bind_str(q, 4, d->design);
    bind_time(q, 5, d->made_at);
    bind_int(q, 6, d->made_by.v);
    return db_run(q);
}

static DesignRow design_row(Arena *a, Stmt *q)
{
    return (DesignRow){ .id = { col_int(q, 0) }, .frame = { col_int(q, 1) }, .owner = { col_int(q, 2) }, .design = arena_str(a, col_str(q, 3)),
                        .revision = col_int(q, 4), .made_at = col_time(q, 5), .made_by = { col_int(q, 6) },
                        .faults = arena_str(a, col_str(q, 7)) };
}

Err design_load(Db *db, Arena *a, DesignId id, DesignRow *out)
{
    bool      found = false;
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, frame_id, owner_unit, design, revision, made_at, made_by, faults FROM sample_designs WHERE id = $1"));
    bind_int(q, 1, id.v);
    for (; db_row(q); found = true)
        *out = design_row(a, q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("design"));
}

Err design_list(Db *db, Arena *a, ScopePage *p, DesignRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, frame_id, owner_unit, design, revision, made_at, made_by, faults FROM sample_designs ORDER BY id DESC"));
    while (db_row(q))
        if (scope_page_takes(p, (UnitId){ col_int(q, 2) }))
            *list_add(a, out) = design_row(a, q);
    return db_done(q);
}

Err design_save(Db *db, DesignRow *d)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE sample_designs SET design = $1, faults = '[]', revision = revision + 1 WHERE id = $2 AND revision = $3"));
    bind_str(q, 1, d->design);
    bind_int(q, 2, d->id.v);
    bind_int(q, 3, d->revision);
    TRY(db_run(q));
    d->revision++;
    return db_changes(q) == 1 ? OK : err_new(db_arena(db), ERR_CONFLICT, S("the design was changed meanwhile"));
}

Err design_refused(Db *db, DesignId id, Str faults)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE sample_designs SET faults = $1 WHERE id = $2"));
    bind_str(q, 1, faults);
    bind_int(q, 2, id.v);
    return db_run(q);
}

/* ---- Samples ------------------------------------------------------------------------------------------- */
static Str parts_json(Arena *a, const SampleDraw *d, const SampleCase *x)
{
    Buf b = buf_new(a, 256);
    buf_byte(&b, '[');
    for (size_t s = 0; s < d->design->stages; s++) {
        const SamplePart *p = &x->part[s];
        buf_add(&b, s ? S(",{\"stratum\":") : S("{\"stratum\":"));
        buf_json_str(&b, p->stratum);
        buf_lit(&b, ",\"unit\":");
        buf_json_str(&b, p->unit);
        buf_fmt(&b, ",\"n\":%lld,\"pop\":%lld,\"prob\":", (long long)p->n, (long long)p->pop);
        buf_json_f64(&b, p->prob);
        buf_add(&b, p->certain ? S(",\"certain\":true") : S(""));
        buf_add(&b, p->sized ? S(",\"sized\":true}") : S("}"));
    }
    buf_byte(&b, ']');
    return buf_str(&b);
}

static Str keep_json(Arena *a, const SampleDraw *d, const SampleCase *x)
{
    Buf b = buf_new(a, 128);
    buf_byte(&b, '{');
    for (size_t i = 0; i < d->design->keep.len; i++) {
        buf_add(&b, i ? S(",") : S(""));
        buf_json_str(&b, d->design->keep.at[i]);
        buf_byte(&b, ':');
        buf_json_str(&b, x->keep[i]);
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

/* Units above the last stage and the last stage's stratum: the cell in which reserves are used. */
static Str cell_text(Arena *a, const SampleDraw *d, const SampleCase *x)
{
    Buf    b    = buf_new(a, 64);
    size_t last = d->design->stages - 1;
    for (size_t s = 0; s < last; s++) {
        buf_add(&b, s ? S(" / ") : S(""));
        buf_add(&b, x->part[s].unit);
    }
    if (x->part[last].stratum.len)
        buf_fmt(&b, "%s%.*s", last ? " / " : "", STR_ARG(x->part[last].stratum));
    return buf_str(&b);
}

static Err cases_add(Db *db, Arena *a, SampleId id, const SampleDraw *d)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO sample_cases (sample_id, number, code, reserve, cell, line, weight, parts, keep) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"));
    for (size_t i = 0; i < d->len; i++) {
        const SampleCase *x    = &d->at[i];
        Arena             work = *a;
        bind_int(q, 1, id.v);
        bind_int(q, 2, (int64_t)i + 1);
        bind_str(q, 3, x->code);
        bind_int(q, 4, x->reserve);
        bind_str(q, 5, cell_text(&work, d, x));
        bind_int(q, 6, x->line);
        bind_real(q, 7, x->weight);
        bind_str(q, 8, parts_json(&work, d, x));
        bind_str(q, 9, keep_json(&work, d, x));
        db_send(q, NULL);
    }
    return db_flush(db);
}

Err sample_add(Db *db, Arena *a, SampleRow *r, const SampleDraw *d)
{
    r->id.v     = id_new();
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO samples (id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, list_file, "
        "main_count, reserve_count, drawn_at, drawn_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"));
    const Str texts[] = { r->title, r->design, r->seed, r->program, r->design_sha, r->frame_sha, r->list_sha, r->sha256, r->document_sha, r->list_file };
    bind_int(q, 1, r->id.v);
    bind_int(q, 2, r->frame.v);
    bind_int(q, 3, r->owner.v);
    for (int i = 0; i < (int)COUNT_OF(texts); i++)
        bind_str(q, 4 + i, texts[i]);
    bind_int(q, 14, r->main);
    bind_int(q, 15, r->reserve);
    bind_time(q, 16, r->drawn_at);
    bind_int(q, 17, r->drawn_by.v);
    TRY(db_run(q));
    return cases_add(db, a, r->id, d);
}

static SampleRow sample_row(Arena *a, Stmt *q)
{
    SampleRow r = { .id = { col_int(q, 0) }, .frame = { col_int(q, 1) }, .owner = { col_int(q, 2) }, .main = col_int(q, 13), .reserve = col_int(q, 14),
                    .drawn_at = col_time(q, 15), .drawn_by = { col_int(q, 16) } };
    Str *texts[] = { &r.title, &r.design, &r.seed, &r.program, &r.design_sha, &r.frame_sha, &r.list_sha, &r.sha256, &r.document_sha, &r.list_file };
    for (int i = 0; i < (int)COUNT_OF(texts); i++)
        *texts[i] = arena_str(a, col_str(q, 3 + i));
    return r;
}

Err sample_load(Db *db, Arena *a, SampleId id, SampleRow *out)
{
    bool      found = false;
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, frame_id, owner_unit, title, design, seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, "
                                     "list_file, main_count, reserve_count, drawn_at, drawn_by FROM samples WHERE id = $1"));
    bind_int(q, 1, id.v);
    for (; db_row(q); found = true)
        *out = sample_row(a, q);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("sample"));
}

Err sample_list(Db *db, Arena *a, ScopePage *p, SampleRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT id, frame_id, owner_unit, title, '', seed, program, design_sha, frame_sha, list_sha, sha256, document_sha, "
                                     "list_file, main_count, reserve_count, drawn_at, drawn_by FROM samples ORDER BY id DESC"));
    while (db_row(q))
        if (scope_page_takes(p, (UnitId){ col_int(q, 2) }))
            *list_add(a, out) = sample_row(a, q);
    return db_done(q);
}

Err sample_cases(Db *db, Arena *a, SampleId id, int64_t first, int64_t n, SampleCaseRows *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT number, reserve, line, code, cell, parts, keep, weight FROM sample_cases "
                                     "WHERE sample_id = $1 AND number >= $2 AND number < $3 ORDER BY number"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, first);
    bind_int(q, 3, first + n);
    while (db_row(q))
        *list_add(a, out) = (SampleCaseRow){ .number = col_int(q, 0), .reserve = col_int(q, 1), .line = col_int(q, 2), .code = arena_str(a, col_str(q, 3)),
            .cell = arena_str(a, col_str(q, 4)), .parts = arena_str(a, col_str(q, 5)), .keep = arena_str(a, col_str(q, 6)), .weight = col_real(q, 7) };
    return db_done(q);
}
