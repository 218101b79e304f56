/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A design by picking: its stages, one stage at a time, and the draw. */
#include "sample/console.h"

#include "sample_design.html.h"
#include "sample_draw.html.h"
#include "sample_stage.html.h"

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
typedef struct DesignAt { DesignRow row; SampleDesign design; FrameRow frame; SampleColumns columns; } DesignAt;

static Err design_at(Ctx *c, Right right, DesignAt *out)
{
    *out = (DesignAt){ 0 };
    TRY(design_load(c->db, c->arena, (DesignId){ path_int(c, "id") }, &out->row));
    TRY(right_need(c, right, out->row.owner));
    TRY(frame_load(c->db, c->arena, out->row.frame, &out->frame));
    frame_columns_read(c->arena, out->frame.columns, &out->columns);
    sample_design_loose(c->arena, out->row.design, &out->design);
    return OK;
}

static Str design_path(Ctx *c, const DesignAt *d, const char *rest)
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
static void column_choices(Ctx *c, const SampleColumns *columns, bool whole, Str chosen, const StrList *many, Choices *out)
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
    column_choices(c, &d->columns, false, S(""), &d->design.keep, &v->keep);
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
static Err design_keep(Ctx *c, DesignAt *d)
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

/* ---- One stage -------------------------------------------------------------------------------------------- */
static void rule_choices(Ctx *c, StageView *v)
{
    for (int r = 0; r < SAMPLE_RULE_COUNT; r++)
        *list_add(c->arena, &v->rules) = (Choice){ .value = sample_rule_code((SampleRule)r), .chosen = (SampleRule)r == v->s.take.rule,
            .label = text_find(c->lang, str_concat(c->arena, S("sample.rule."), sample_rule_code((SampleRule)r))) };
    static const SampleMethod order[] = { SAMPLE_PPS, SAMPLE_SRS, SAMPLE_SYSTEMATIC, SAMPLE_ALL };
    for (size_t i = 0; i < COUNT_OF(order); i++)
        *list_add(c->arena, &v->methods) = (Choice){ .value = sample_method_code(order[i]), .chosen = order[i] == v->s.method,
            .label = text_find(c->lang, str_concat(c->arena, S("sample.method."), sample_method_code(order[i]))),
            .hint = text_find(c->lang, str_concat(c->arena, S("sample.method.hint."), sample_method_code(order[i]))) };
}

static Err stage_show(Ctx *c, DesignAt *d, StageView *v, int status)
{
    Choice rows = { .value = S("#rows"), .label = text_of(c->lang, "sample.words.rows"), .chosen = str_eq(v->s.size, S("#rows")) };
    column_choices(c, &d->columns, false, v->s.unit, NULL, &v->units);
    column_choices(c, &d->columns, true, v->s.count, NULL, &v->counts);
    column_choices(c, &d->columns, false, S(""), &v->s.strata, &v->strata);
    *list_add(c->arena, &v->sizes) = rows;
    column_choices(c, &d->columns, true, v->s.size, NULL, &v->sizes);
    rows.chosen = str_eq(v->s.take.of, S("#rows"));
    *list_add(c->arena, &v->measures) = rows;
    column_choices(c, &d->columns, true, v->s.take.of, NULL, &v->measures);
    column_choices(c, &d->columns, false, v->s.take.sd, NULL, &v->sds);
    rule_choices(c, v);
    v->token     = c->page.form_token;
    v->back_href = design_path(c, d, "");
    v->action    = c->req->path;
    v->last_only = v->n >= (int)d->design.stages;
    sample_crumb(c);
    page_crumb(c, d->design.title, v->back_href);
    Str title = text_fmt(c->arena, c->lang, "sample.stage.title", ARG_N("n", v->n));
    page_crumb(c, title, S(""));
    c->page.error = v->errors.len > 0;
    Out o = page_begin(c, title);
    sample_stage_view(&o, v);
    return page_end_status(c, &o, status);
}

static Str number_or_empty(Ctx *c, int64_t n)
{
    return n ? arena_fmt(c->arena, "%lld", (long long)n) : S("");
}

static Str by_lines(Ctx *c, const SampleTake *t)
{
    Buf b = buf_new(c->arena, 256);
    for (size_t i = 0; i < t->by.len; i++)
        buf_fmt(&b, "%.*s = %lld\n", STR_ARG(t->by.at[i].stratum), (long long)t->by.at[i].n);
    return buf_str(&b);
}

static Err stage_at(Ctx *c, DesignAt *d, StageView *v)
{
    TRY(design_at(c, RIGHT_SAMPLE_MANAGE, d));
    v->n = (int)path_int(c, "n");
    if (v->n < 1 || v->n > (int)d->design.stages + 1 || v->n > SAMPLE_STAGES || !str_eq(d->frame.state, S("ready")))
        return err_new(c->arena, ERR_NOT_FOUND, S("stage"));
    return OK;
}

Err stage_page(Ctx *c)
{
    DesignAt  d;
    StageView v = { 0 };
    TRY(stage_at(c, &d, &v));
    v.s = v.n <= (int)d.design.stages ? d.design.stage[v.n - 1] : (SampleStage){ .method = SAMPLE_PPS };
    v.typed_n       = number_or_empty(c, v.s.take.n);
    v.typed_rate    = v.s.take.rate > 0 ? real_text(c->arena, c->lang, 100 * v.s.take.rate, 1) : S("");
    v.typed_least   = number_or_empty(c, v.s.take.least);
    v.typed_most    = number_or_empty(c, v.s.take.most);
    v.typed_reserve = number_or_empty(c, v.s.reserve);
    v.typed_by      = by_lines(c, &v.s.take);
    return stage_show(c, &d, &v, 200);
}

/* A typed number, empty is 0; what is none becomes an error beside its field. */
static int64_t typed_count(Ctx *c, StageView *v, const char *name, Str *typed)
{
    int64_t n = 0;
    *typed    = form_str(c, name);
    if (typed->len && (!str_to_i64(*typed, &n) || n < 0 || n > SAMPLE_CASES))
        field_error(c, &v->errors, str_from_c(name), text_of(c->lang, "sample.stage.number.error"));
    return n;
}

static void read_by_lines(Ctx *c, StageView *v)
{
    v->typed_by = form_str(c, "by");
    for (Str rest = v->typed_by; rest.len;) {
        StrPair line = str_cut(rest, '\n'), cut = str_cut_last(str_trim(line.head), '=');
        int64_t n;
        rest = line.tail;
        if (!str_trim(line.head).len)
            continue;
        if (str_to_i64(str_trim(cut.tail), &n) && n >= 0 && n <= SAMPLE_CASES)
            *list_add(c->arena, &v->s.take.by) = (SampleShare){ str_trim(cut.head), n };
        else
            field_error(c, &v->errors, S("by"), text_fmt(c->arena, c->lang, "sample.stage.by.error", ARG_S("line", str_trim(line.head))));
    }
}

static void read_stage_form(Ctx *c, StageView *v)
{
    SampleStage *s = &v->s;
    double       rate = 0;
    StrList      strata = { 0 };
    s->label = form_str(c, "label");
    s->unit  = form_str(c, "unit");
    s->count = form_str(c, "count");
    s->size  = form_str(c, "size");
    if (!sample_method_parse(form_str(c, "method"), &s->method))
        field_error(c, &v->errors, S("method"), text_of(c->lang, "sample.stage.method.error"));
    sample_rule_parse(form_str(c, "rule"), &s->take.rule);
    form_all(c, "strata", &strata);
    for (size_t i = 0; i < strata.len && i < SAMPLE_NAMES; i++)
        *list_add(c->arena, &s->strata) = strata.at[i];
    s->size_each    = form_has(c, "size_each") && s->method == SAMPLE_PPS;
    s->shuffle      = form_has(c, "shuffle");
    s->take.of      = form_str(c, "of");
    s->take.sd      = form_str(c, "sd");
    s->take.n       = typed_count(c, v, "n", &v->typed_n);
    s->take.least   = typed_count(c, v, "least", &v->typed_least);
    s->take.most    = typed_count(c, v, "most", &v->typed_most);
    s->reserve      = typed_count(c, v, "reserve", &v->typed_reserve);
    v->typed_rate   = form_str(c, "rate");
    if (v->typed_rate.len && !real_parse_typed(c->lang, v->typed_rate, &rate))
        field_error(c, &v->errors, S("rate"), text_of(c->lang, "sample.stage.rate.error"));
    s->take.rate = rate / 100;
    read_by_lines(c, v);
}

/* What does not belong to the chosen method and rule is left out: boxes that were filled before the choice changed. */
static void tidy_stage(SampleStage *s)
{
    SampleTake *t = &s->take;
    if (s->method != SAMPLE_PPS)
        s->size = S("");
    if (s->method == SAMPLE_ALL)
        *t = (SampleTake){ 0 };
    if (t->rule != SAMPLE_NEYMAN)
        t->sd = S("");
    if (t->rule == SAMPLE_RATE)
        t->n = 0;
    else
        t->rate = 0;
    if (t->rule == SAMPLE_FIXED || t->rule == SAMPLE_RATE || t->rule == SAMPLE_EQUAL)
        t->of = S("");
    if (t->rule != SAMPLE_FIXED)
        t->by.len = 0;
}

/* Faults of this stage as errors beside their fields: names of members are names of fields. */
static void faults_to_fields(Ctx *c, StageView *v, const SampleFaults *faults)
{
    for (size_t i = 0; i < faults->len; i++) {
        const SampleFault *f   = &faults->at[i];
        Str                own = text_find(c->lang, str_concat(c->arena, S("sample.stage.error."), f->column));
        field_error(c, &v->errors, f->stage == v->n && f->column.len ? f->column : S("unit"), own.len ? own : sample_fault_text(c->arena, c->lang, f));
    }
}

Err stage_action(Ctx *c)
{
    DesignAt     d;
    StageView    v = { 0 };
    SampleDesign again;
    SampleFaults faults = { 0 };
    Buf          b = buf_new(c->arena, 4096);
    TRY(stage_at(c, &d, &v));
    read_stage_form(c, &v);
    if (v.errors.len)
        return stage_show(c, &d, &v, 422);
    tidy_stage(&v.s);
    d.design.stage[v.n - 1] = v.s;
    if (v.n > (int)d.design.stages)
        d.design.stages = (size_t)v.n;
    sample_design_write(&b, &d.design);
    if (!sample_design_read(c->arena, buf_str(&b), &again, &faults)) {
        faults_to_fields(c, &v, &faults);
        return stage_show(c, &d, &v, 422);
    }
    TRY(design_keep(c, &d));
    return redirect_notice(c, design_path(c, &d, ""), NOTICE_OK, text_of(c->lang, "sample.stage.saved"));
}

Err stage_remove_action(Ctx *c)
{
    DesignAt d;
    TRY(design_at(c, RIGHT_SAMPLE_MANAGE, &d));
    if (!d.design.stages || path_int(c, "n") != (int64_t)d.design.stages)
        return err_new(c->arena, ERR_NOT_FOUND, S("stage"));
    d.design.stages--;
    TRY(design_keep(c, &d));
    return redirect_notice(c, design_path(c, &d, ""), NOTICE_OK, text_of(c->lang, "sample.stage.removed"));
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
