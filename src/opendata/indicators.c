/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The interface for published figures: editions, indicators of editions through units and time, indices that others published. */
#include "opendata/parts.h"

#include <math.h>

static Str absolute(Ctx *c, Str path)
{
    return str_concat(c->arena, site_base(c), path);
}

/* ---- Editions ------------------------------------------------------------------------------------------------------------------ */

static void put_superseded(Put *p, const EditionRow *e)
{
    if (e->superseded_number)
        put_int(p, "superseded_by", e->superseded_number);
    else
        put_null(p, "superseded_by");
}

static void put_edition(Ctx *c, Put *p, const EditionRow *e, Lang l)
{
    Arena *a = c->arena;
    put_open(p, NULL, '{');
    put_str(p, "round", e->round_code);
    put_int(p, "edition", e->number);
    put_str(p, "title", edition_title(e, l));
    put_str(p, "label", e->label);
    put_str(p, "method", e->method);
    put_str(p, "published", time_iso(a, e->published_at));
    put_int(p, "n", e->n);
    put_bool(p, "simulated", e->simulated);
    put_superseded(p, e);
    put_open(p, "files", '{');
    put_str(p, "page", absolute(c, edition_path(a, e)));
    put_str(p, "package", absolute(c, edition_package_path(a, e)));
    put_str(p, "package_sha256", e->package_sha);
    put_str(p, "csv", absolute(c, edition_csv_path(a, e)));
    put_str(p, "sdmx_csv", absolute(c, edition_sdmx_path(a, e)));
    put_str(p, "sdmx_structure", absolute(c, edition_structure_path(a, e)));
    put_str(p, "ddi", absolute(c, edition_ddi_path(a, e)));
    put_close(p, '}');
    put_close(p, '}');
}

Err api_editions(Ctx *c)
{
    static const char *const known[] = { "round", "page", "per_page", NULL };
    EditionRows all;
    Paging      x;
    Str         round = query_str(c, "round");
    if (!query_known(c, known) || !query_paging(c, &x))
        return OK;
    TRY(edition_list(c->db, c->arena, &all));
    Put p = put_new(c->arena, 8192);
    put_open(&p, NULL, '{');
    put_open(&p, "editions", '[');
    for (size_t i = 0; i < all.len; i++)
        if ((!round.len || str_eq(round, all.at[i].round_code)) && paging_shows(&x, x.total++))
            put_edition(c, &p, &all.at[i], query_lang(c));
    put_close(&p, ']');
    put_paging(&p, c, &x);
    put_close(&p, '}');
    return answer_json(c, 200, buf_str(&p.b));
}

/* ---- Figures of editions, one after the other in an arena of their own ------------------------------------------------------------- */

typedef Err (*EditionDo)(Ctx *c, const EditionRow *e, const Figures *f, void *with);

typedef struct Reading { Ctx *c; const EditionRow *e; EditionDo what; void *with; Arena mine; } Reading;

static Err read_figures(void *self)
{
    Reading *r = self;
    Figures  f;
    Err      e = edition_figures(r->c->db, r->c->store, &r->mine, r->e, &f);
    return e ? err_new(r->c->arena, e->kind, e->detail) : r->what(r->c, r->e, &f, r->with);
}

static Err read_in_own(void *self)
{
    Reading *r = self;
    return arena_guarded(&r->mine, read_figures, r);
}

/* Guarded in both arenas: whichever is used up, the other is given back. */
static Err with_figures(Ctx *c, const EditionRow *e, EditionDo what, void *with)
{
    Reading r = { c, e, what, with, arena_open(64 << 20) };
    Err bad = arena_guarded(c->arena, read_in_own, &r);
    arena_close(&r.mine);
    return bad;
}

/* Editions that the address asks for: of ?round=, all of them with ?superseded=1, else the newest of each. */
static Err each_edition(Ctx *c, bool old_too, EditionDo what, void *with)
{
    EditionRows all;
    Str         round = query_str(c, "round");
    TRY(edition_list(c->db, c->arena, &all));
    for (size_t i = 0; i < all.len; i++) {
        const EditionRow *e = &all.at[i];
        if ((!round.len || str_eq(round, e->round_code)) && (old_too || !e->superseded_by.v))
            TRY(with_figures(c, e, what, with));
    }
    return OK;
}

/* ---- Indicators ----------------------------------------------------------------------------------------------------------------- */

typedef struct Indicator { Str id, label[LANG_COUNT], unit; StrList rounds; } Indicator;
typedef struct IndicatorList { LIST(Indicator) at; Str words, measure; } IndicatorList;

static Indicator *indicator_of(IndicatorList *list, Str id)
{
    for (size_t i = 0; i < list->at.len; i++)
        if (str_eq(list->at.at[i].id, id))
            return &list->at.at[i];
    return NULL;
}

static bool is_wanted(const Ctx *c, const IndicatorList *list, const Figure *f)
{
    if (f->by.len || (list->measure.len && !str_eq(list->measure, str_cut(f->name, '.').head)))
        return false;
    return !list->words.len || text_match(*c->arena, f->label_vi, list->words) || text_match(*c->arena, f->label_en, list->words) ||
           str_has(f->name, list->words);
}

static Err collect_indicators(Ctx *c, const EditionRow *e, const Figures *f, void *with)
{
    IndicatorList *list = with;
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        if (!is_wanted(c, list, x))
            continue;
        Indicator *old = indicator_of(list, x->name);
        if (!old) {
            old  = list_add(c->arena, &list->at);
            *old = (Indicator){ .id = arena_str(c->arena, x->name), .unit = arena_str(c->arena, x->unit),
                                .label = { arena_str(c->arena, x->label_vi), arena_str(c->arena, x->label_en) } };
        }
        *list_add(c->arena, &old->rounds) = e->round_code;
    }
    return OK;
}

static void put_indicator(Ctx *c, Put *p, const Indicator *x)
{
    put_open(p, NULL, '{');
    put_str(p, "id", x->id);
    put_str(p, "label", x->label[query_lang(c)]);
    put_str(p, "unit", x->unit);
    put_open(p, "rounds", '[');
    for (size_t i = 0; i < x->rounds.len; i++)
        put_str(p, NULL, x->rounds.at[i]);
    put_close(p, ']');
    put_str(p, "href", absolute(c, str_concat(c->arena, S("/api/v1/indicators/"), url_encode(c->arena, x->id))));
    put_close(p, '}');
}

Err api_indicators(Ctx *c)
{
    static const char *const known[] = { "q", "measure", "round", "page", "per_page", NULL };
    Paging        x;
    IndicatorList list = { .words = query_str(c, "q"), .measure = query_str(c, "measure") };
    if (!query_known(c, known) || !query_paging(c, &x))
        return OK;
    TRY(each_edition(c, false, collect_indicators, &list));
    Put p = put_new(c->arena, 1 << 16);
    put_open(&p, NULL, '{');
    put_open(&p, "indicators", '[');
    for (size_t i = 0; i < list.at.len; i++)
        if (paging_shows(&x, x.total++))
            put_indicator(c, &p, &list.at.at[i]);
    put_close(&p, ']');
    put_paging(&p, c, &x);
    put_close(&p, '}');
    return answer_json(c, 200, buf_str(&p.b));
}

/* ---- One indicator -------------------------------------------------------------------------------------------------------------- */

/* by empty: ?domain= was not given; whole: only the figures of everybody. */
typedef struct ValueList { Str id, by, value; bool whole; Paging page; int64_t edition; Put values; Str label, unit; } ValueList;

static void put_domain(Ctx *c, Put *p, const EditionRow *e, const Figure *f)
{
    Unit u;
    put_open(p, "domain", '{');
    if (f->by.len)
        put_str(p, arena_c(c->arena, f->by), f->value);        /* a question's name: letters, digits, '_', '-', '.' */
    put_close(p, '}');
    if (f->by.len && unit_by_code(c->db, c->arena, UNIT_PROVINCE, f->value, e->on, &u) == OK)
        put_str(p, "domain_label", unit_name(&u, query_lang(c)));
    else
        put_null(p, "domain_label");
}

static void put_value(Ctx *c, Put *p, const EditionRow *e, const Figure *f)
{
    put_open(p, NULL, '{');
    put_str(p, "round", e->round_code);
    put_int(p, "edition", e->number);
    put_str(p, "label", e->label);
    put_str(p, "published", time_iso(c->arena, e->published_at));
    put_superseded(p, e);
    put_domain(c, p, e, f);
    put_real(p, "n", f->suppressed ? NAN : (double)f->n);
    put_real(p, "value", f->x);
    put_real(p, "se", f->se);
    put_real(p, "low", f->low);
    put_real(p, "high", f->high);
    put_bool(p, "suppressed", f->suppressed);
    put_close(p, '}');
}

static Err collect_values(Ctx *c, const EditionRow *e, const Figures *f, void *with)
{
    ValueList *list = with;
    if (list->edition && e->number != list->edition)
        return OK;
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        if (!str_eq(x->name, list->id))
            continue;
        if (!list->label.len) {
            list->label = arena_str(c->arena, query_lang(c) == LANG_EN && x->label_en.len ? x->label_en : x->label_vi);
            list->unit  = arena_str(c->arena, x->unit);
        }
        bool wanted = list->by.len ? str_eq(x->by, list->by) && (!list->value.len || str_eq(x->value, list->value)) : !(list->whole && x->by.len);
        if (wanted && paging_shows(&list->page, list->page.total++))
            put_value(c, &list->values, e, x);
    }
    return OK;
}

/* "whole", "tinh" (every place) or "tinh:24". */
static void read_domain(const Ctx *c, ValueList *list)
{
    Str typed   = query_str(c, "domain");
    list->whole = str_eq(typed, S("whole"));
    if (!list->whole) {
        list->by    = str_cut(typed, ':').head;
        list->value = str_cut(typed, ':').tail;
    }
}

Err api_indicator(Ctx *c)
{
    static const char *const known[] = { "round", "edition", "domain", "superseded", "page", "per_page", NULL };
    int64_t   old_too;
    ValueList list = { .id = path_str(c, "indicator"), .values = put_new(c->arena, 1 << 16) };
    if (!query_known(c, known) || !query_paging(c, &list.page) || !query_whole(c, "edition", 1, 1000000, 0, &list.edition) ||
        !query_whole(c, "superseded", 0, 1, 0, &old_too))
        return OK;
    read_domain(c, &list);
    put_open(&list.values, NULL, '[');
    TRY(each_edition(c, old_too || list.edition, collect_values, &list));
    put_close(&list.values, ']');
    if (!list.label.len)
        return api_fault(c, 404, S("indicator"), text_of(query_lang(c), "opendata.error.indicator"));
    Put p = put_new(c->arena, list.values.b.len + 1024);
    put_open(&p, NULL, '{');
    put_str(&p, "id", list.id);
    put_str(&p, "label", list.label);
    put_str(&p, "unit", list.unit);
    put_paging(&p, c, &list.page);
    buf_lit(&p.b, ",\"values\":");
    buf_add(&p.b, buf_str(&list.values.b));
    put_close(&p, '}');
    return answer_json(c, 200, buf_str(&p.b));
}
