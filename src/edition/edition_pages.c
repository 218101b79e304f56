/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Public pages of editions: the list, one edition with its charts, its package and its figures. */
#include "edition/weighting.h"

#include "edition_list.html.h"
#include "edition_page.html.h"

static Err results_page(Ctx *c)
{
    EditionRows rows;
    TRY(edition_list(c->db, c->arena, &rows));
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, text_of(c->lang, "results.list.title"), S(""));
    c->page.description = text_of(c->lang, "results.list.lead");
    Out o = page_begin(c, text_of(c->lang, "results.list.title"));
    edition_list_view(&o, &rows, c->lang == LANG_EN ? S("/en") : S(""));
    return page_end(c, &o);
}

Str edition_note(Ctx *c, const EditionRow *e)
{
    Str how = e->weighting ? text_of(c->lang, "results.weighted") : text_of(c->lang, "results.unweighted");
    Str key = e->simulated ? text_of(c->lang, "results.note.simulated") : text_of(c->lang, "results.note.edition");
    return text_fill(c->arena, c->lang, key, (TextArg[]){ ARG_N("number", e->number), ARG_S("how", how) }, 2);
}

static Str file_path(Arena *a, const EditionRow *e, const char *tail)
{
    return arena_fmt(a, "%.*s/%s", STR_ARG(edition_path(a, e)), tail);
}

static Err fill_facts(Ctx *c, const EditionRow *e, EditionPage *p)
{
    *p = (EditionPage){ .e = e, .title = edition_title(e, c->lang), .package_href = edition_package_path(c->arena, e),
                        .csv_href = file_path(c->arena, e, "figures.csv"), .json_href = arena_fmt(c->arena, "/api/v1/rounds/%.*s/results",
                                STR_ARG(e->round_code)),
                        .prefix = c->lang == LANG_EN ? S("/en") : S("") };
    p->weights = text_of(c->lang, "results.weights-none");
    if (e->weighting) {
        Weighting w;
        TRY(weighting_load(c->db, c->arena, e->weighting, &w));
        p->weights    = w.design == SOURCE_NONE ? text_of(c->lang, "results.weights-values")
                                                : text_find(c->lang, str_concat(c->arena, S("results.weights-"), source_code(w.design)));
        p->population = w.source;
    }
    TRY(edition_of_round(c->db, c->arena, e->round, &p->all));
    for (size_t i = 0; i < p->all.len; i++)
        if (p->all.at[i].number == e->number - 1)
            p->before = &p->all.at[i];
    if (p->before) {
        Figures old, new;
        TRY(edition_figures(c->db, c->store, c->arena, p->before, &old));
        TRY(edition_figures(c->db, c->store, c->arena, e, &new));
        p->changes = figures_diff(c->arena, &old, &new);
    }
    return OK;
}

Str edition_csv_bytes(Arena *a, const Figures *f)
{
    Buf b = buf_new(a, 1 << 18);
    csv_bom(&b);
    figures_csv(&b, f);
    return buf_str(&b);
}

Str edition_json_bytes(Arena *a, const EditionRow *e, const Figures *f, Lang lang)
{
    PackageInfo info = { .round = e->round_code, .label = e->label, .number = e->number };
    Buf b = buf_new(a, 1 << 18);
    results_json(&b, &info, e->method, f, lang);
    return buf_str(&b);
}

/* How large the files are, as a reader on a slow line wants to know before. */
static Err fill_sizes(Ctx *c, const EditionRow *e, const Figures *f, EditionPage *p)
{
    Sha256 sum;
    p->csv_bytes  = e->csv_bytes;
    p->json_bytes = e->json_bytes[c->lang];
    if (!e->csv_sha.len) {
        Arena work = *c->arena;
        p->csv_bytes  = (int64_t)edition_csv_bytes(&work, f).len;
        p->json_bytes = (int64_t)edition_json_bytes(&work, e, f, c->lang).len;
    }
    return str_unhex(e->package_sha, sum.at, sizeof sum.at) ? files_size(c->store, c->arena, sum, &p->package_bytes) : OK;
}

static Err of_address(Ctx *c, EditionRow *out)
{
    int64_t number = path_int(c, "number");
    if (!number)
        return err_new(c->arena, ERR_NOT_FOUND, S("edition"));
    return edition_by_number(c->db, c->arena, path_str(c, "round"), number, out);
}

/* /results/{round} leads to the newest edition; addresses of the first releases named an edition by its id. */
static Err newest_page(Ctx *c)
{
    EditionRow e;
    int64_t    id  = path_int(c, "round");
    Err        bad = edition_by_number(c->db, c->arena, path_str(c, "round"), 0, &e);
    if (bad && bad->kind == ERR_NOT_FOUND && id)
        bad = edition_load(c->db, c->arena, (EditionId){ id }, &e);
    TRY(bad);
    TRY(redirect(c, edition_path(c->arena, &e)));
    c->task->res.status = id == e.id.v ? 301 : 303;
    return OK;
}

/* Files by the old addresses /results/{id}/figures.csv and /results/{id}/{name}.zip. */
static Err old_file(Ctx *c)
{
    EditionRow e;
    Str        file = path_str(c, "number");
    TRY(edition_load(c->db, c->arena, (EditionId){ path_int(c, "round") }, &e));
    Str to = str_eq(file, S("figures.csv")) ? file_path(c->arena, &e, "figures.csv") : edition_package_path(c->arena, &e);
    if (!str_eq(str_cut_last(to, '/').tail, file))
        return err_new(c->arena, ERR_NOT_FOUND, S("file of an edition"));
    TRY(redirect_plain(c, to));
    c->task->res.status = 301;
    return OK;
}

/* The page stands without the round before: one that cannot be read is passed over. */
static Err compare(Ctx *c, const EditionRow *e, ResultsView *v)
{
    EditionRows earlier;
    Look       *was = arena_new(c->arena, Look, 1);
    TRY(editions_before(c->db, c->arena, e, &earlier));
    if (!earlier.len || !v->look.nodes.len || look_edition(c->db, c->store, c->arena, &earlier.at[0], was) || !was->nodes.len)
        return OK;
    v->e       = e;
    v->earlier = &earlier.at[0];
    v->change  = look_node_changes(c->arena, &v->look, was, S(""));
    v->moved   = look_province_changes(c->arena, &v->look, was);
    return OK;
}

static Err edition_page(Ctx *c)
{
    if (!path_int(c, "number"))
        return old_file(c);
    EditionRow  e;
    Figures     f;
    ResultsView v;
    EditionPage p;
    TRY(of_address(c, &e));
    TRY(edition_figures(c->db, c->store, c->arena, &e, &f));
    TRY(fill_facts(c, &e, &p));
    TRY(fill_sizes(c, &e, &f, &p));
    TRY(results_view(c->db, c->arena, c->lang, &f, e.method, e.place, e.on, NULL, edition_note(c, &e), p.csv_href, &v));
    v.weighted  = e.weighting != 0;
    v.simulated = e.simulated;
    TRY(edition_groups(c->db, c->store, c->arena, &e, &v.groups));
    TRY(compare(c, &e, &v));
    page_crumb(c, text_of(c->lang, "web.nav.home"), S("/"));
    page_crumb(c, text_of(c->lang, "results.list.title"), S("/results"));
    page_crumb(c, p.title, S(""));
    c->page.simulated   = e.simulated;
    c->page.description = text_fmt(c->arena, c->lang, "results.description", ARG_N("n", e.n), ARG_N("number", e.number));
    Out o = page_begin(c, text_fmt(c->arena, c->lang, "results.page.title", ARG_S("title", p.title), ARG_N("number", e.number)));
    edition_page_view(&o, &p, &v);
    results_charts(&o, &v);
    edition_changes_view(&o, &p);
    return page_end(c, &o);
}

static Err load_file(Ctx *c, Str hex, Str *out)
{
    Sha256 sum;
    if (!str_unhex(hex, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_NOT_FOUND, S("file"));
    return files_load(c->store, c->arena, sum, out);
}

static Err edition_package(Ctx *c)
{
    EditionRow e;
    Str        bytes;
    TRY(of_address(c, &e));
    Str name = arena_fmt(c->arena, "%.*s-%d", STR_ARG(e.round_code), e.number);
    if (!str_eq(path_str(c, "name"), name))
        return err_new(c->arena, ERR_NOT_FOUND, S("package"));
    TRY(load_file(c, e.package_sha, &bytes));
    return answer_file(c, S("application/zip"), str_concat(c->arena, name, S(".zip")), bytes);
}

static Err edition_csv(Ctx *c)
{
    EditionRow e;
    Figures    f;
    Str        bytes;
    TRY(of_address(c, &e));
    if (e.csv_sha.len) {
        TRY(load_file(c, e.csv_sha, &bytes));
    } else {
        TRY(edition_figures(c->db, c->store, c->arena, &e, &f));
        bytes = edition_csv_bytes(c->arena, &f);
    }
    return answer_file(c, S("text/csv; charset=utf-8"), arena_fmt(c->arena, "%.*s-%d.csv", STR_ARG(e.round_code), e.number), bytes);
}

/* The newest edition's figures; the same shape as results.json of the package. */
static Err results_api(Ctx *c)
{
    Round       r;
    EditionRows rows;
    Figures     f;
    TRY(round_by_code(c->db, c->arena, path_str(c, "code"), &r));
    TRY(edition_of_round(c->db, c->arena, r.id, &rows));
    if (rows.len == 0)
        return err_new(c->arena, ERR_NOT_FOUND, S("not published"));
    const EditionRow *e = &rows.at[rows.len - 1];
    TRY(edition_figures(c->db, c->store, c->arena, e, &f));
    Lang lang = LANG_VI;
    (void)lang_parse(query_str(c, "lang"), &lang);
    return answer_json(c, 200, edition_json_bytes(c->arena, e, &f, lang));
}

const Route edition_public_routes[] = {
    { GET, "/results", RIGHT_PUBLIC, results_page, ROUTE_CACHED },
    { GET, "/results/{round}", RIGHT_PUBLIC, newest_page, 0 },
    { GET, "/results/{round}/{number}", RIGHT_PUBLIC, edition_page, ROUTE_CACHED },
    { GET, "/results/{round}/{number}/figures.csv", RIGHT_PUBLIC, edition_csv, ROUTE_CACHED },
    { GET, "/results/{round}/{number}/{name}.zip", RIGHT_PUBLIC, edition_package, 0 },
    { 0 },
};

const Route edition_api_routes[] = {
    { GET, "/rounds/{code}/results", RIGHT_PUBLIC, results_api, ROUTE_API },
    { 0 },
};

static bool headline_view(Out *o, Db *db, const EditionHeadline *h, Str note, ResultsView *v)
{
    Str csv = file_path(o->buf.a, &h->row, "figures.csv");
    if (results_view(db, o->buf.a, o->lang, &h->figures, h->row.method, h->row.place, h->row.on, h->look, note, csv, v))
        return false;
    v->weighted = h->row.weighting != 0;
    return true;
}

static Str how_weighted(const Out *o, const EditionRow *e)
{
    return e->weighting ? text_of(o->lang, "results.weighted") : text_of(o->lang, "results.unweighted");
}

void edition_map(Out *o, Db *db, const EditionHeadline *h)
{
    ResultsView v;
    Str note = text_fmt(o->buf.a, o->lang, "results.note.map", ARG_N("number", h->row.number), ARG_S("how", how_weighted(o, &h->row)));
    if (headline_view(o, db, h, note, &v))
        results_map(o, &v);
}

void edition_rank(Out *o, Db *db, const EditionHeadline *h, Str mine)
{
    ResultsView v;
    Str key  = h->row.simulated ? text_of(o->lang, "results.note.simulated") : text_of(o->lang, "results.note.edition");
    Str note = text_fill(o->buf.a, o->lang, key, (TextArg[]){ ARG_N("number", h->row.number), ARG_S("how", how_weighted(o, &h->row)) }, 2);
    if (headline_view(o, db, h, note, &v)) {
        v.mine = mine;
        results_rank(o, &v);
    }
}
