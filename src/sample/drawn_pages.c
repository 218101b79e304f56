/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A drawn sample: the document as a page, its list and its file. */
#include "sample/console.h"

#include "sample_drawn.html.h"

enum { CASES_A_PAGE = 100 };

static Err drawn_of(Ctx *c, SampleRow *out)
{
    TRY(sample_load(c->db, c->arena, (SampleId){ path_int(c, "id") }, out));
    return right_need(c, RIGHT_SAMPLE_READ, out->owner);
}

static void fact(Ctx *c, DrawnView *v, Str key, Str value)
{
    *list_add(c->arena, &v->rows) = (SummaryRow){ .key = key, .value = value };
}

static void facts_fill(Ctx *c, DrawnView *v, const SampleRow *s)
{
    Lang l = c->lang;
    v->owner    = unit_name_today(c, s->owner);
    v->drawn_by = person_name_of(c, s->drawn_by);
    fact(c, v, text_of(l, "sample.owner"), v->owner);
    fact(c, v, text_of(l, "sample.drawn_at"), text_fmt(c->arena, l, "sample.drawn_at.by", ARG_S("time", time_text(c->arena, l, s->drawn_at)),
                                                       ARG_S("person", v->drawn_by)));
    fact(c, v, text_of(l, "sample.main"), num_text(c->arena, l, s->main));
    fact(c, v, text_of(l, "sample.reserve"), num_text(c->arena, l, s->reserve));
    fact(c, v, text_of(l, "sample.seed"), s->seed);
    fact(c, v, text_of(l, "sample.generator"),
         text_fmt(c->arena, l, "sample.generator.value", ARG_S("generator", S(SAMPLE_GENERATOR)), ARG_S("program", s->program)));
    fact(c, v, text_of(l, "sample.sha.frame"), s->frame_sha);
    fact(c, v, text_of(l, "sample.sha.design"), s->design_sha);
    fact(c, v, text_of(l, "sample.sha.list"), s->list_sha);
    fact(c, v, text_of(l, "sample.sha.whole"), s->sha256);
}

/* Values of the kept columns of one case, in the design's order. */
static StrList kept(Ctx *c, const SampleDesign *d, Str json)
{
    StrList     list = { 0 };
    const Json *tree = NULL;
    if (json_parse(c->arena, json, &tree))
        tree = NULL;
    for (size_t i = 0; i < d->keep.len; i++) {
        Str value = S("");
        json_str(json_get(tree, d->keep.at[i]), &value);
        *list_add(c->arena, &list) = value;
    }
    return list;
}

Err drawn_page(Ctx *c)
{
    SampleRow    s;
    SampleDesign design = { 0 };
    DrawnView    v      = { .s = &s };
    FrameRow     f;
    TRY(drawn_of(c, &s));
    TRY(frame_load(c->db, c->arena, s.frame, &f));
    sample_design_loose(c->arena, s.design, &design);
    facts_fill(c, &v, &s);
    v.frame_name = f.title;
    for (size_t i = 0; i < design.stages; i++)
        *list_add(c->arena, &v.stages) = (StageLine){ .label = design.stage[i].label, .words = sample_stage_words(c->arena, c->lang, &design.stage[i]) };
    int64_t all = s.main + s.reserve, pages = (all + CASES_A_PAGE - 1) / CASES_A_PAGE, page = query_page(c);
    page = page > pages ? pages : page;
    TRY(sample_cases(c->db, c->arena, s.id, (page - 1) * CASES_A_PAGE + 1, CASES_A_PAGE, &v.cases));
    v.keep_names = design.keep;
    for (size_t i = 0; i < v.cases.len; i++)
        *list_add(c->arena, &v.keep) = kept(c, &design, v.cases.at[i].keep);
    v.pager = (Pager){ .base = arena_fmt(c->arena, "/console/samples/drawn/%lld?page=", (long long)s.id.v), .page = page, .pages = pages };
    v.list_href     = arena_fmt(c->arena, "/console/samples/drawn/%lld/list.csv", (long long)s.id.v);
    v.document_href = arena_fmt(c->arena, "/console/samples/drawn/%lld/document.json", (long long)s.id.v);
    v.command       = S("thuocdo sample verify sample.json frame.csv");
    sample_crumb(c);
    page_crumb(c, s.title, S(""));
    Out o = page_begin(c, s.title);
    sample_drawn_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Files ---------------------------------------------------------------------------------------------- */

/* A kept file, sent from where it lies. */
static Err send_file(Ctx *c, Str sha, Str type, const SampleRow *s, const char *end)
{
    Sha256 sum;
    if (!str_unhex(sha, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_NOT_FOUND, S("file"));
    answer_header(c, S("content-disposition"), arena_fmt(c->arena, "attachment; filename=\"sample-%.8s.%s\"", s->sha256.at, end));
    c->task->res.status = 200;
    c->task->res.type   = type;
    c->task->res.file   = files_path(c->store, c->arena, sum);
    return OK;
}

Err drawn_list_file(Ctx *c)
{
    SampleRow s;
    TRY(drawn_of(c, &s));
    return send_file(c, s.list_file, S("text/csv; charset=utf-8"), &s, "csv");
}

Err drawn_document_file(Ctx *c)
{
    SampleRow s;
    TRY(drawn_of(c, &s));
    return send_file(c, s.document_sha, S("application/json"), &s, "json");
}
