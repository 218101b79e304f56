/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A design by picking: its stages, one stage at a time, and the draw. */
#include "sample/console.h"

#include "sample_design.html.h"
#include "sample_draw.html.h"

/* ---- In words ------------------------------------------------------------------------------------------- */
static void sentence(Buf *b, Str words)
{
    buf_add(b, b->len ? S("; ") : S(""));
    buf_add(b, words);
}

static Str of_text(Arena *a, Lang l, Str column)
{
    return column.len ? str_eq(column, S("#rows")) ? text_of(l, "sample.words.rows") : column : text_of(l, "sample.words.units");
}

static Str take_words(Arena *a, Lang l, const SampleTake *t)
{
    TextArg args[] = { ARG_N("n", t->n), ARG_S("of", of_text(a, l, t->of)), ARG_S("rate", real_text(a, l, 100 * t->rate, 1)) };
    Str     key    = str_concat(a, S("sample.words.take."), sample_rule_code(t->rule));
    return text_fill(a, l, text_find(l, key), args, COUNT_OF(args));
}

Str sample_stage_words(Arena *a, Lang l, const SampleStage *s)
{
    Buf b = buf_new(a, 256);
    sentence(&b, text_fill(a, l, text_find(l, str_concat(a, S("sample.words.method."), sample_method_code(s->method))),
                           (TextArg[]){ ARG_S("size", of_text(a, l, s->size)) }, 1));
    if (s->count.len)
        sentence(&b, text_fmt(a, l, "sample.words.count", ARG_S("column", s->count)));
    else
        sentence(&b, s->unit.len ? text_fmt(a, l, "sample.words.unit", ARG_S("column", s->unit)) : text_of(l, "sample.words.each_row"));
    if (s->strata.len)
        sentence(&b, text_fmt(a, l, "sample.words.strata", ARG_S("columns", str_join(a, s->strata.at, s->strata.len, S(", ")))));
    if (s->method != SAMPLE_ALL)
        sentence(&b, take_words(a, l, &s->take));
    for (size_t i = 0; i < s->take.by.len && i < 100; i++)
        sentence(&b, text_fmt(a, l, "sample.words.by", ARG_S("stratum", s->take.by.at[i].stratum), ARG_N("n", s->take.by.at[i].n)));
    if (s->method != SAMPLE_ALL && s->take.least > 0)
        sentence(&b, text_fmt(a, l, "sample.words.least", ARG_N("n", s->take.least)));
    if (s->take.most)
        sentence(&b, text_fmt(a, l, "sample.words.most", ARG_N("n", s->take.most)));
    if (s->shuffle)
        sentence(&b, text_of(l, "sample.words.shuffle"));
    if (s->reserve)
        sentence(&b, text_fmt(a, l, "sample.words.reserve", ARG_N("n", s->reserve)));
    return buf_str(&b);
}

bool sample_design_loose(Arena *a, Str json, SampleDesign *out)
{
    SampleFaults faults = { 0 };
    *out = (SampleDesign){ 0 };
    const Json *tree;
    if (sample_design_read(a, json, out, &faults))
        return true;
    return !json_parse(a, json, &tree) && json_str(json_get(tree, S("title")), &out->title);
}

/* ---- The design ------------------------------------------------------------------------------------------ */
Err design_at(Ctx *c, Right right, DesignAt *out)
{
    *out = (DesignAt){ 0 };
    TRY(design_load(c->db, c->arena, (DesignId){ path_int(c, "id") }, &out->row));
    TRY(right_need(c, right, out->row.owner));
    TRY(frame_load(c->db, c->arena, out->row.frame, &out->frame));
    frame_columns_read(c->arena, out->frame.columns, &out->columns);
    sample_design_loose(c->arena, out->row.design, &out->design);
    return OK;
}

Str design_path(Ctx *c, const DesignAt *d, const char *rest)
{
    return arena_fmt(c->arena, "/console/samples/designs/%lld%s", (long long)d->row.id.v, rest);
}

static bool among(const StrList *list, Str name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], name))
            return true;
    return false;
}

/* Columns to pick from; whole: numbers only. */
void sample_column_choices(Ctx *c, const SampleColumns *columns, bool whole, Str chosen, const StrList *many, Choices *out)
{
    for (size_t i = 0; i < columns->len; i++)
        if (!whole || columns->at[i].whole)
            *list_add(c->arena, out) = (Choice){ .value = columns->at[i].name, .label = columns->at[i].name,
                                                 .chosen = many ? among(many, columns->at[i].name) : str_eq(chosen, columns->at[i].name) };
}

static void design_view_fill(Ctx *c, DesignAt *d, DesignView *v)
{
    Arena *a      = c->arena;
    v->d          = &d->row;
    v->design     = &d->design;
    v->title      = d->design.title;
    v->frame_title = d->frame.title;
    v->frame_href = arena_fmt(a, "/console/samples/frames/%lld", (long long)d->frame.id.v);
    v->may_manage = right_has(c, RIGHT_SAMPLE_MANAGE, d->row.owner);
    v->token      = c->page.form_token;
    v->action     = design_path(c, d, "");
    v->ready      = d->design.stages > 0 && str_eq(d->frame.state, S("ready"));
    if (v->may_manage) {
        v->draw_href = v->ready ? design_path(c, d, "/draw") : S("");
        if (d->design.stages < SAMPLE_STAGES && str_eq(d->frame.state, S("ready")))
            v->add_href = design_path(c, d, arena_c(a, arena_fmt(a, "/stages/%zu", d->design.stages + 1)));
    }
    for (size_t i = 0; i < d->design.stages; i++) {
        StageLine *line = list_add(a, &v->stages);
        *line = (StageLine){ .label = d->design.stage[i].label, .words = sample_stage_words(a, c->lang, &d->design.stage[i]) };
        if (v->may_manage)
            line->href = design_path(c, d, arena_c(a, arena_fmt(a, "/stages/%zu", i + 1)));
        if (v->may_manage && i + 1 == d->design.stages)
            line->remove = design_path(c, d, arena_c(a, arena_fmt(a, "/stages/%zu/remove", i + 1)));
    }
    sample_column_choices(c, &d->columns, false, S(""), &d->design.keep, &v->keep);
}

static Err design_show(Ctx *c, DesignAt *d, DesignView *v, int status)
{
    design_view_fill(c, d, v);
    sample_crumb(c);
    page_crumb(c, d->design.title, S(""));
    Out o = page_begin(c, d->design.title);
    sample_design_view(&o, v);
    return page_end_status(c, &o, status);
}

Err design_page(Ctx *c)
{
    DesignAt d;
    TRY(design_at(c, RIGHT_SAMPLE_READ, &d));
    return design_show(c, &d, &(DesignView){ 0 }, 200);
}

/* Saves d->design as it is now; a stage that was taken away may leave none. */
Err design_keep(Ctx *c, DesignAt *d)
{
    Buf b = buf_new(c->arena, 4096);
    sample_design_write(&b, &d->design);
    d->row.design = buf_str(&b);
    TRY(design_save(c->db, &d->row));
    return audit_add(c, S("sample.design"), S("design"), d->row.id.v, d->row.owner, S(""));
}

Err design_save_action(Ctx *c)
{
    DesignAt   d;
    DesignView v = { 0 };
    StrList    keep = { 0 };
    TRY(design_at(c, RIGHT_SAMPLE_MANAGE, &d));
    d.design.title = form_str(c, "title");
    d.design.keep  = (StrList){ 0 };
    form_all(c, "keep", &keep);
    for (size_t i = 0; i < d.columns.len; i++)
        if (among(&keep, d.columns.at[i].name) && d.design.keep.len < SAMPLE_NAMES)
            *list_add(c->arena, &d.design.keep) = d.columns.at[i].name;
    if (!d.design.title.len || utf8_count(d.design.title) > 150)
        field_error(c, &v.errors, S("title"), text_of(c->lang, "sample.design.title.error"));
    for (size_t i = 0; i < d.design.keep.len; i++)
        if (str_starts(d.design.keep.at[i], S("td_")))
            field_error(c, &v.errors, S("keep"), text_fmt(c->arena, c->lang, "sample.fault.keep", ARG_S("column", d.design.keep.at[i])));
    if (v.errors.len)
        return design_show(c, &d, &v, 422);
    TRY(design_keep(c, &d));
    return redirect_notice(c, design_path(c, &d, ""), NOTICE_OK, text_of(c->lang, "sample.design.saved"));
}

/* ---- The draw ------------------------------------------------------------------------------------------------ */
static Err draw_show(Ctx *c, DesignAt *d, DrawView *v, int status)
{
    v->d         = &d->row;
    v->title     = d->design.title;
    v->action    = design_path(c, d, "/draw");
    v->back_href = design_path(c, d, "");
    v->token     = c->page.form_token;
    for (size_t i = 0; i < d->design.stages; i++)
        *list_add(c->arena, &v->stages) = (StageLine){ .label = d->design.stage[i].label, .words = sample_stage_words(c->arena, c->lang, &d->design.stage[i]) };
    sample_faults_read(c->arena, d->row.faults, &v->faults);
    sample_crumb(c);
    page_crumb(c, d->design.title, v->back_href);
    page_crumb(c, text_of(c->lang, "sample.draw.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "sample.draw.title"));
    sample_draw_view(&o, v);
    return page_end_status(c, &o, status);
}

Err draw_page(Ctx *c)
{
    DesignAt d;
    TRY(design_at(c, RIGHT_SAMPLE_MANAGE, &d));
    if (!d.design.stages || !str_eq(d.frame.state, S("ready")))
        return redirect_notice(c, design_path(c, &d, ""), NOTICE_WARN, text_of(c->lang, "sample.draw.not_ready"));
    DrawView v = { .seed = str_join(c->arena, (Str[]){ date_iso(c->arena, c->today), random_code(c->arena, 10) }, 2, S("/")) };
    return draw_show(c, &d, &v, 200);
}

Err draw_action(Ctx *c)
{
    DesignAt d;
    DrawView v = { .seed = form_str(c, "seed") };
    JobId    job;
    Buf      args = buf_new(c->arena, 128);
    TRY(design_at(c, RIGHT_SAMPLE_MANAGE, &d));
    if (!sample_seed_valid(v.seed))
        field_error(c, &v.errors, S("seed"), text_of(c->lang, "sample.fault.seed"));
    if (v.errors.len || !d.design.stages || !str_eq(d.frame.state, S("ready")))
        return draw_show(c, &d, &v, 422);
    buf_fmt(&args, "{\"design\":%lld,\"seed\":", (long long)d.row.id.v);
    buf_json_str(&args, v.seed);
    buf_fmt(&args, ",\"revision\":%lld}", (long long)d.row.revision);
    TRY(job_add(c, &(JobOrder){ .kind = sample_draw_job.name, .args = buf_str(&args), .subject = d.design.title, .unit = d.row.owner }, &job));
    return job_show(c, job);
}
