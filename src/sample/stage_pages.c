/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One stage of a design in the console: what is drawn, from where, how many, how; nothing typed is lost. */
#include "sample/console.h"

#include "sample_stage.html.h"

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
    sample_column_choices(c, &d->columns, false, v->s.unit, NULL, &v->units);
    sample_column_choices(c, &d->columns, true, v->s.count, NULL, &v->counts);
    sample_column_choices(c, &d->columns, false, S(""), &v->s.strata, &v->strata);
    *list_add(c->arena, &v->sizes) = rows;
    sample_column_choices(c, &d->columns, true, v->s.size, NULL, &v->sizes);
    rows.chosen = str_eq(v->s.take.of, S("#rows"));
    *list_add(c->arena, &v->measures) = rows;
    sample_column_choices(c, &d->columns, true, v->s.take.of, NULL, &v->measures);
    sample_column_choices(c, &d->columns, false, v->s.take.sd, NULL, &v->sds);
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
