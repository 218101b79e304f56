/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frames, designs and samples in the console: the list, a frame, how many; the route table. */
#include "sample/console.h"

#include "sample_frame.html.h"
#include "sample_list.html.h"
#include "sample_size.html.h"

#include <math.h>

void sample_crumb(Ctx *c)
{
    page_crumb(c, text_of(c->lang, "sample.title"), S("/console/samples"));
}

/* ---- List --------------------------------------------------------------------------------------------- */
static const struct { Str state; TagKind kind; Icon shape; } frame_tags[] = {
    { S_INIT("reading"), TAG_INFO, ICON_CLOCK }, { S_INIT("ready"), TAG_OK, ICON_CHECK }, { S_INIT("faulty"), TAG_BAD, ICON_WARN },
    { S_INIT("erased"), TAG_OFF, ICON_CLOSE },
};

static SampleListRow frame_line(Ctx *c, const FrameRow *f)
{
    SampleListRow row = { .title = f->title, .href = arena_fmt(c->arena, "/console/samples/frames/%lld", (long long)f->id.v), .note = f->file_name,
                          .owner = unit_name_today(c, f->owner), .n = f->rows, .at = f->made_at,
                          .state = text_find(c->lang, str_concat(c->arena, S("sample.frame.state."), f->state)) };
    for (size_t i = 0; i < COUNT_OF(frame_tags); i++)
        if (str_eq(frame_tags[i].state, f->state)) {
            row.kind  = frame_tags[i].kind;
            row.shape = frame_tags[i].shape;
        }
    return row;
}

enum { ROWS_A_PAGE = 20 };

/* Each of the three lists has pages of its own: ?frames=2. */
static ScopePage part_page(Ctx *c, RightScope *scope, const char *name, Pager *out)
{
    int64_t page = query_int(c, name, 1);
    page = page < 1 ? 1 : page > 1000000 ? 1000000 : page;
    *out = (Pager){ .base = arena_fmt(c->arena, "/console/samples?%s=", name), .page = page };
    return (ScopePage){ scope, (page - 1) * ROWS_A_PAGE, ROWS_A_PAGE, 0 };
}

static int64_t pages_of(const ScopePage *p)
{
    return (p->all + ROWS_A_PAGE - 1) / ROWS_A_PAGE;
}

static Err frames_fill(Ctx *c, RightScope *scope, SampleListView *v)
{
    FrameRows rows = { 0 };
    ScopePage p    = part_page(c, scope, "frames", &v->frame_pager);
    TRY(frame_list(c->db, c->arena, &p, &rows));
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, &v->frames) = frame_line(c, &rows.at[i]);
    v->frame_pager.pages = pages_of(&p);
    return OK;
}

static Err designs_fill(Ctx *c, RightScope *scope, SampleListView *v)
{
    DesignRows rows = { 0 };
    ScopePage  p    = part_page(c, scope, "designs", &v->design_pager);
    TRY(design_list(c->db, c->arena, &p, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const DesignRow *d = &rows.at[i];
        SampleDesign     design;
        if (sample_design_loose(c->arena, d->design, &design))
            *list_add(c->arena, &v->designs) = (SampleListRow){ .title = design.title, .owner = unit_name_today(c, d->owner), .n = (int64_t)design.stages,
                .at = d->made_at, .href = arena_fmt(c->arena, "/console/samples/designs/%lld", (long long)d->id.v) };
    }
    v->design_pager.pages = pages_of(&p);
    return OK;
}

static Err samples_fill(Ctx *c, RightScope *scope, SampleListView *v)
{
    SampleRows rows = { 0 };
    ScopePage  p    = part_page(c, scope, "samples", &v->sample_pager);
    TRY(sample_list(c->db, c->arena, &p, &rows));
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, &v->samples) = (SampleListRow){ .title = rows.at[i].title, .owner = unit_name_today(c, rows.at[i].owner), .n = rows.at[i].main,
            .at = rows.at[i].drawn_at, .note = str_take(rows.at[i].sha256, 12),
            .href = arena_fmt(c->arena, "/console/samples/drawn/%lld", (long long)rows.at[i].id.v) };
    v->sample_pager.pages = pages_of(&p);
    return OK;
}

static Err list_page(Ctx *c)
{
    RightScope     scope;
    SampleListView v = { .size_href = S("/console/samples/size") };
    if (right_has(c, RIGHT_SAMPLE_MANAGE, (UnitId){ 0 }))
        v.frame_new_href = S("/console/samples/frames/new");
    TRY(right_scope(c, RIGHT_SAMPLE_READ, &scope));
    TRY(frames_fill(c, &scope, &v));
    TRY(designs_fill(c, &scope, &v));
    TRY(samples_fill(c, &scope, &v));
    page_crumb(c, text_of(c->lang, "sample.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "sample.title"));
    sample_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- A new frame ----------------------------------------------------------------------------------------- */
static Err frame_new_view(Ctx *c, FrameNewView *v, UnitId owner, int status)
{
    TRY(owner_choices(c, RIGHT_SAMPLE_MANAGE, owner, &v->owners));
    if (v->owners.len && !owner.v)
        v->owners.at[0].chosen = true;
    v->token = c->page.form_token;
    sample_crumb(c);
    page_crumb(c, text_of(c->lang, "sample.frame.new"), S(""));
    Out o = page_begin(c, text_of(c->lang, "sample.frame.new"));
    sample_frame_new_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err frame_new_page(Ctx *c)
{
    return frame_new_view(c, &(FrameNewView){ 0 }, (UnitId){ 0 }, 200);
}

/* The file goes to its place by content without passing through the request's memory. */
static Err keep_upload(Ctx *c, const HttpPart *part, Str *out_sha)
{
    Sha256      sum;
    SampleFrame mapped = { .bytes = part->bytes };
    if (part->path.len)
        TRY(sample_frame_open(c->arena, part->path, &mapped));
    Err e = files_save(c->store, c->arena, mapped.bytes, &sum);
    if (part->path.len)
        sample_frame_close(&mapped);
    TRY(e);
    *out_sha = str_hex(c->arena, sum.at, sizeof sum.at);
    return OK;
}

static Err frame_new_action(Ctx *c)
{
    FrameNewView    v    = { .title = form_str(c, "title") };
    const HttpPart *part = form_file(c, "file");
    int64_t         owner = 0;
    JobId           job;
    FrameRow        f = { .title = v.title, .made_at = c->now, .made_by = c->session.person };
    str_to_i64(form_str(c, "owner"), &owner);
    f.owner.v = owner;
    if (!v.title.len || utf8_count(v.title) > 200)
        field_error(c, &v.errors, S("title"), text_of(c->lang, "sample.frame.title.error"));
    if (!owner || !right_has(c, RIGHT_SAMPLE_MANAGE, f.owner))
        field_error(c, &v.errors, S("owner"), text_of(c->lang, "sample.owner.error"));
    if (!part || !part->size)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "sample.frame.file.error"));
    if (v.errors.len)
        return frame_new_view(c, &v, f.owner, 422);
    if (!text_clean(c->arena, str_take(part->file_name, 200), &f.file_name))
        f.file_name = S("frame.csv");
    TRY(keep_upload(c, part, &f.upload_sha));
    TRY(db_begin_write(c->db));
    TRY(frame_add(c->db, &f));
    TRY(audit_add(c, S("frame.upload"), S("frame"), f.id.v, f.owner, arena_fmt(c->arena, "{\"sha256\":\"%.*s\"}", STR_ARG(f.upload_sha))));
    TRY(job_add(c, &(JobOrder){ .kind = frame_read_job.name, .args = arena_fmt(c->arena, "{\"frame\":%lld}", (long long)f.id.v), .subject = f.title,
                                .unit = f.owner }, &job));
    TRY(db_commit(c->db));
    return job_show(c, job);
}

/* ---- One frame ------------------------------------------------------------------------------------------- */
void frame_columns_read(Arena *a, Str json, SampleColumns *out)
{
    const Json *tree;
    if (json_parse(a, json, &tree))
        return;
    JSON_EACH(m, tree) {
        SampleColumn *x   = list_add(a, out);
        Str           sum = S("");
        int64_t       n   = 0;
        *x = (SampleColumn){ 0 };
        json_str(json_get(m, S("name")), &x->name);
        json_int(json_get(m, S("empty")), &x->empty);
        json_int(json_get(m, S("distinct")), &x->distinct);
        json_bool(json_get(m, S("whole")), &x->whole);
        json_str(json_get(m, S("sum")), &sum);
        str_to_i64(sum, &n);
        x->sum = (uint64_t)n;
        JSON_EACH(s, json_get(m, S("seen")))
            if (x->seen_len < (int)COUNT_OF(x->seen))
                json_str(s, &x->seen[x->seen_len++]);
    }
}

static Err frame_of(Ctx *c, Right right, FrameRow *out)
{
    TRY(frame_load(c->db, c->arena, (FrameId){ path_int(c, "id") }, out));
    return right_need(c, right, out->owner);
}

static void fact(Ctx *c, FrameView *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->rows) = (SummaryRow){ .key = key, .value = value };
}

static Err frame_show(Ctx *c, FrameRow *f, FrameView *v, int status)
{
    Lang        l = c->lang;
    SampleFrame file;
    v->f          = f;
    v->ready      = str_eq(f->state, S("ready"));
    v->may_manage = right_has(c, RIGHT_SAMPLE_MANAGE, f->owner);
    v->token      = c->page.form_token;
    v->action     = arena_fmt(c->arena, "/console/samples/frames/%lld", (long long)f->id.v);
    frame_columns_read(c->arena, f->columns, &v->columns);
    sample_faults_read(c->arena, f->faults, &v->faults);
    fact(c, v, text_of(l, "sample.state"), text_find(l, str_concat(c->arena, S("sample.frame.state."), f->state)));
    fact(c, v, text_of(l, "sample.owner"), unit_name_today(c, f->owner));
    fact(c, v, text_of(l, "sample.frame.file"), f->file_name);
    fact(c, v, text_of(l, "sample.frame.rows"), f->rows ? num_text(c->arena, l, f->rows) : S(""));
    fact(c, v, text_of(l, "sample.made_at"), time_text(c->arena, l, f->made_at));
    fact(c, v, text_of(l, "sample.sha"), f->sha256);
    fact(c, v, text_of(l, "sample.frame.erased_at"), f->erased_at.ms ? time_text(c->arena, l, f->erased_at) : S(""));
    if (v->ready && right_has(c, RIGHT_SAMPLE_MANAGE, f->owner) && frame_open(c->store, c->arena, f, &file) == OK) {
        sample_frame_head(c->arena, &file, 5, &v->head);
        for (size_t r = 0; r < v->head.len; r++)
            for (size_t k = 0; k < v->head.at[r].len; k++)
                v->head.at[r].at[k] = arena_str(c->arena, v->head.at[r].at[k]);
        sample_frame_close(&file);
    }
    sample_crumb(c);
    page_crumb(c, f->title, S(""));
    Out o = page_begin(c, f->title);
    sample_frame_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err frame_page(Ctx *c)
{
    FrameRow f;
    TRY(frame_of(c, RIGHT_SAMPLE_READ, &f));
    return frame_show(c, &f, &(FrameView){ 0 }, 200);
}

static Err design_new_action(Ctx *c)
{
    FrameRow     f;
    FieldErrors  errors = { 0 };
    SampleDesign design = { .title = form_str(c, "title") };
    Buf          b = buf_new(c->arena, 256);
    TRY(frame_of(c, RIGHT_SAMPLE_MANAGE, &f));
    if (!design.title.len || utf8_count(design.title) > 150)
        field_error(c, &errors, S("title"), text_of(c->lang, "sample.design.title.error"));
    if (errors.len)
        return frame_show(c, &f, &(FrameView){ .errors = &errors, .design_title = design.title }, 422);
    sample_design_write(&b, &design);
    DesignRow d = { .frame = f.id, .owner = f.owner, .design = buf_str(&b), .made_at = c->now, .made_by = c->session.person };
    TRY(design_add(c->db, &d));
    TRY(audit_add(c, S("sample.design"), S("design"), d.id.v, d.owner, S("")));
    return redirect(c, arena_fmt(c->arena, "/console/samples/designs/%lld", (long long)d.id.v));
}

static Err frame_erase_page(Ctx *c)
{
    FrameRow f;
    TRY(frame_of(c, RIGHT_SAMPLE_MANAGE, &f));
    ConfirmPage p = { .title = text_of(c->lang, "sample.frame.erase"), .text = text_of(c->lang, "sample.frame.erase.text"),
                      .warning = text_of(c->lang, "sample.frame.erase.warning"), .token = c->page.form_token, .danger = true,
                      .action = c->req->path, .button = text_of(c->lang, "sample.frame.erase.button"),
                      .back_href = arena_fmt(c->arena, "/console/samples/frames/%lld", (long long)f.id.v),
                      .rows = (SummaryRow[]){ { .key = text_of(c->lang, "sample.frame"), .value = f.title } }, .n = 1 };
    sample_crumb(c);
    page_crumb(c, f.title, p.back_href);
    Out o = page_begin(c, p.title);
    confirm_page(&o, &p);
    return page_end(c, &o);
}

/* Rows first, then the files: what no row names is gone. */
static Err frame_erase_action(Ctx *c)
{
    FrameRow f;
    Sha256   sum;
    bool     last = false;
    TRY(frame_of(c, RIGHT_SAMPLE_MANAGE, &f));
    TRY(db_begin_write(c->db));
    TRY(frame_erase(c->db, c->arena, &f, c->now, &last));
    TRY(audit_add(c, S("frame.erase"), S("frame"), f.id.v, f.owner, S("")));
    TRY(db_commit(c->db));
    const Str files[] = { f.upload_sha, f.sha256 };
    for (size_t i = 0; last && i < COUNT_OF(files); i++)
        if (str_unhex(files[i], sum.at, sizeof sum.at))
            TRY(files_remove(c->store, c->arena, sum));
    return redirect_notice(c, arena_fmt(c->arena, "/console/samples/frames/%lld", (long long)f.id.v), NOTICE_OK, text_of(c->lang, "sample.frame.erased"));
}

/* ---- How many --------------------------------------------------------------------------------------------- */
static double typed_number(Ctx *c, SizeView *v, const char *name, Str typed, double otherwise, double low, double high)
{
    double x = otherwise;
    if (typed.len && (!real_parse_typed(c->lang, typed, &x) || !(x >= low && x <= high)))
        field_error(c, &v->errors, str_from_c(name), text_fmt(c->arena, c->lang, "sample.size.error",
                    ARG_S("low", real_text(c->arena, c->lang, low, low < 1 ? 1 : 0)),
                    ARG_S("high", num_text(c->arena, c->lang, (int64_t)high))));
    return x;
}

static Err size_page(Ctx *c)
{
    SizeView v = { .margin = query_str(c, "margin"), .share = query_str(c, "share"), .level = query_str(c, "level"), .deff = query_str(c, "deff"),
                   .population = query_str(c, "population") };
    v.asked = v.margin.len || v.share.len || v.population.len || v.deff.len;
    double margin = typed_number(c, &v, "margin", v.margin, 5, 0.1, 50) / 100, share = typed_number(c, &v, "share", v.share, 50, 0.1, 99.9) / 100;
    double level = typed_number(c, &v, "level", v.level, 95, 50, 99.9) / 100, deff = typed_number(c, &v, "deff", v.deff, 1, 1, 100);
    double all = typed_number(c, &v, "population", v.population, 0, 0, 1e12);
    if (v.asked && !v.errors.len) {
        double simple = sample_size(share, margin, level, 1, 0), n = sample_size(share, margin, level, deff, all);
        v.n      = (int64_t)ceil(n - 1e-9);
        v.simple = (int64_t)ceil(simple - 1e-9);
        v.rule_2012 = all > 0 ? (int64_t)ceil(sample_size_2012(all, margin) - 1e-9) : 0;
        v.margin_of = v.rule_2012 > 0 && (double)v.rule_2012 <= all ? 100 * sample_margin(share, (double)v.rule_2012, level, deff, all) : NAN;
    }
    c->page.error = v.errors.len > 0;
    sample_crumb(c);
    page_crumb(c, text_of(c->lang, "sample.size.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "sample.size.title"));
    sample_size_view(&o, &v);
    return page_end_status(c, &o, v.errors.len ? 422 : 200);
}

const Route sample_console_routes[] = {
    { GET,  "/samples",                                  RIGHT_SAMPLE_READ,   list_page },
    { GET,  "/samples/size",                             RIGHT_SAMPLE_READ,   size_page },
    { GET,  "/samples/frames/new",                       RIGHT_SAMPLE_MANAGE, frame_new_page },
    { POST, "/samples/frames/new",                       RIGHT_SAMPLE_MANAGE, frame_new_action, ROUTE_UPLOAD | ROUTE_LARGE | ROUTE_NO_TX },
    { GET,  "/samples/frames/{id}",                      RIGHT_SAMPLE_READ,   frame_page },
    { POST, "/samples/frames/{id}/design",               RIGHT_SAMPLE_MANAGE, design_new_action },
    { GET,  "/samples/frames/{id}/erase",                RIGHT_SAMPLE_MANAGE, frame_erase_page },
    { POST, "/samples/frames/{id}/erase",                RIGHT_SAMPLE_MANAGE, frame_erase_action, ROUTE_NO_TX },
    { GET,  "/samples/designs/{id}",                     RIGHT_SAMPLE_READ,   design_page },
    { POST, "/samples/designs/{id}",                     RIGHT_SAMPLE_MANAGE, design_save_action },
    { GET,  "/samples/designs/{id}/stages/{n}",          RIGHT_SAMPLE_MANAGE, stage_page },
    { POST, "/samples/designs/{id}/stages/{n}",          RIGHT_SAMPLE_MANAGE, stage_action },
    { POST, "/samples/designs/{id}/stages/{n}/remove",   RIGHT_SAMPLE_MANAGE, stage_remove_action },
    { GET,  "/samples/designs/{id}/draw",                RIGHT_SAMPLE_MANAGE, draw_page },
    { POST, "/samples/designs/{id}/draw",                RIGHT_SAMPLE_MANAGE, draw_action },
    { GET,  "/samples/drawn/{id}",                       RIGHT_SAMPLE_READ,   drawn_page },
    { GET,  "/samples/drawn/{id}/list.csv",              RIGHT_SAMPLE_READ,   drawn_list_file },
    { GET,  "/samples/drawn/{id}/document.json",         RIGHT_SAMPLE_READ,   drawn_document_file },
    { 0 },
};
