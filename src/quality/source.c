/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Records of a round as columns of numbers: codes of answers, interviewer, times, place, age. */
#include "quality/parts.h"

#include "field/field.h"
#include "openrosa/openrosa.h"

#include <math.h>
#include <stdlib.h>

enum { NONE = -1, NAMES_MOST = 20000 };

/* Where an interview was, as words; the same words are the same place. */
typedef struct Spot { Str psu, stratum; } Spot;

/* Which questions say what; -1: none. asked: put to everybody, so that an empty answer is a missing one. */
typedef struct Sources {
    Arena *a; const FormProgram *p; QualityData *d;
    int likert[LIKERT_MOST], items[MATCH_MOST], asked[MATCH_MOST], asked_count, interviewer, begin, end, place, age;
    const Json *tree;
    LIST(Spot) spots;                    /* of each record, by row */
} Sources;

static bool is_likert(const FormNode *n)
{
    return n->type == Q_SELECT_ONE && (n->role == QR_SATISFACTION || n->role == QR_PERCEPTION) && n->answer >= 0;
}

static void find_sources(Sources *s, Str unit_question)
{
    QualityData *d = s->d;
    s->interviewer = s->begin = s->end = s->place = s->age = NONE;
    for (int i = 0; i < (int)s->p->nodes.len; i++) {
        const FormNode *n = &s->p->nodes.at[i];
        size_t choices = n->list >= 0 ? s->p->lists.at[n->list].choices.len : 0;
        if (n->answer < 0)
            continue;
        if (is_likert(n) && d->likert_items < LIKERT_MOST)
            s->likert[d->likert_items++] = i;
        if (n->type == Q_SELECT_ONE && choices <= MATCH_CHOICES && !str_eq(n->name, unit_question) && d->item_count < MATCH_MOST) {
            s->items[d->item_count++] = i;
            d->codes                  = (int)choices > d->codes ? (int)choices : d->codes;
        }
        bool closed = n->type == Q_SELECT_ONE || n->type == Q_INTEGER || n->type == Q_DECIMAL;
        if (closed && n->role != QR_OPEN && s->asked_count < MATCH_MOST && !form_relevant_joined(s->a, s->p, i).len)
            s->asked[s->asked_count++] = i;
        s->begin = n->type == Q_START ? i : s->begin;
        s->end   = n->type == Q_END ? i : s->end;
        s->place = n->type == Q_GEOPOINT && s->place < 0 ? i : s->place;
        if (n->type == Q_USERNAME || str_eq(n->leaf, S("dieu_tra_vien")) || str_eq(n->leaf, S("interviewer")))
            s->interviewer = i;
        if (n->type == Q_INTEGER && (str_eq(n->leaf, S("tuoi")) || str_eq(n->leaf, S("age"))))
            s->age = i;
    }
    if (s->interviewer < 0)                                  /* a telephone stands for who carries it */
        for (int i = 0; i < (int)s->p->nodes.len; i++)
            if (s->p->nodes.at[i].type == Q_DEVICEID)
                s->interviewer = i;
}

/* ---- Growing columns ------------------------------------------------------------------------------------------------- */

static void *grown(Arena *a, const void *at, size_t n, size_t cap, size_t size)
{
    char *to = arena_take(a, cap, size, 16);
    if (n)
        memcpy(to, at, n * size);
    return to;
}

#define GROW(field, width) d->field = grown(a, d->field, d->n * (width), cap * (width), sizeof *d->field)
static void grow(Arena *a, QualityData *d)
{
    size_t cap = d->cap ? d->cap * 2 : 1024;
    GROW(id, 1);
    GROW(interviewer, 1);
    GROW(seconds, 1);
    GROW(pause, 1);
    GROW(began, 1);
    GROW(ended, 1);
    GROW(lat, 1);
    GROW(lon, 1);
    GROW(mean, 1);
    GROW(missing, 1);
    GROW(age, 1);
    GROW(likert, d->likert_items + 1);
    GROW(items, d->item_count + 1);
    d->cap = cap;
}

/* ---- One record ---------------------------------------------------------------------------------------------------------- */

static Str answer(const Sources *s, int node)
{
    Str text = S("");
    if (node >= 0)
        json_str(json_get(s->tree, s->p->nodes.at[node].name), &text);
    return text;
}

static int16_t code_of(const Sources *s, int node)
{
    const FormList *l    = &s->p->lists.at[s->p->nodes.at[node].list];
    Str             name = answer(s, node);
    for (size_t i = 0; name.len && i < l->choices.len; i++)
        if (str_eq(l->choices.at[i].name, name))
            return (int16_t)i;
    return NONE;
}

/* An opinion on the scale; NAN for "không biết" and for nothing. */
static double opinion(const Sources *s, int node, int16_t code)
{
    if (code < 0)
        return NAN;
    const FormChoice *c = &s->p->lists.at[s->p->nodes.at[node].list].choices.at[code];
    return c->missing == CHOICE_PLAIN ? c->value : NAN;
}

static int32_t name_index(Sources *s, Str name)
{
    QualityData *d = s->d;
    if (!name.len)
        return NONE;
    for (size_t i = 0; i < d->names.len; i++)
        if (str_eq(d->names.at[i], name))
            return (int32_t)i;
    if (d->names.len >= NAMES_MOST)
        return NONE;
    *list_add(s->a, &d->names) = arena_str(s->a, name);
    return (int32_t)d->names.len - 1;
}

static void read_times(const Sources *s, size_t at)
{
    QualityData *d = s->d;
    d->seconds[at] = d->pause[at] = NAN;
    if (!time_parse_iso(answer(s, s->begin), &d->began[at]))
        d->began[at] = (Time){ 0 };
    if (!time_parse_iso(answer(s, s->end), &d->ended[at]))
        d->ended[at] = (Time){ 0 };
    if (d->began[at].ms && d->ended[at].ms > d->began[at].ms)
        d->seconds[at] = (double)(d->ended[at].ms - d->began[at].ms) / 1000;
}

static void read_place(const Sources *s, size_t at)
{
    StrPair lat = str_cut(answer(s, s->place), ' '), lon = str_cut(lat.tail, ' ');
    if (!str_to_f64(lat.head, &s->d->lat[at]) || !str_to_f64(lon.head, &s->d->lon[at]))
        s->d->lat[at] = s->d->lon[at] = NAN;
}

static void read_answers(const Sources *s, size_t at)
{
    QualityData *d   = s->d;
    double       sum = 0;
    int          n   = 0;
    int64_t      age;
    for (size_t i = 0; i < d->likert_items; i++) {
        int16_t code = code_of(s, s->likert[i]);
        double  x    = opinion(s, s->likert[i], code);
        d->likert[at * (d->likert_items + 1) + i] = code;
        if (!isnan(x)) {
            sum += x;
            n++;
        }
    }
    for (size_t i = 0; i < d->item_count; i++)
        d->items[at * (d->item_count + 1) + i] = code_of(s, s->items[i]);
    d->mean[at] = n ? sum / n : NAN;
    d->age[at]  = str_to_i64(answer(s, s->age), &age) && age >= 0 && age < 120 ? (int16_t)age : NONE;
}

/* Nothing, or a choice that stands for no answer ("không biết"). "Không áp dụng" is an answer. */
static bool unanswered(const Sources *s, int node)
{
    const FormChoice *c    = NULL;
    Str               text = answer(s, node);
    if (text.len && s->p->nodes.at[node].list >= 0)
        c = form_choice(s->p, node, text);
    return !text.len || (c && c->missing == CHOICE_MISSING);
}

static void read_missing(const Sources *s, size_t at)
{
    int n = 0;
    for (int i = 0; i < s->asked_count; i++)
        n += unanswered(s, s->asked[i]);
    s->d->missing[at] = s->asked_count ? (double)n / s->asked_count : NAN;
}

static Err read_record(void *self, const SubmissionRow *row)
{
    Sources     *s = self;
    QualityData *d = s->d;
    Arena        work = arena_open((size_t)1 << 24);
    if (d->n == d->cap)
        grow(s->a, d);
    Err e = json_parse(&work, row->answers_json, &s->tree);
    if (!e) {
        size_t at          = d->n++;
        d->id[at]          = row->id;
        d->interviewer[at] = name_index(s, answer(s, s->interviewer));
        read_times(s, at);
        read_place(s, at);
        read_answers(s, at);
        read_missing(s, at);
        *list_add(s->a, &s->spots) = (Spot){ .psu = row->unit.v ? arena_fmt(s->a, "u%lld", (long long)row->unit.v) : S("") };
        job_tick(1);
    }
    arena_close(&work);
    return e ? err_new(s->a, ERR_INTERNAL, S("a record's answers cannot be read")) : OK;
}

/* Records were read by rising id. d->n: there is none of that id. */
static size_t row_of(const QualityData *d, SubmissionId id)
{
    size_t low = 0, high = d->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (d->id[mid].v < id.v)
            low = mid + 1;
        else
            high = mid;
    }
    return low < d->n && d->id[low].v == id.v ? low : d->n;
}

/* Primary unit and stratum of the first stage; unit empty: people were drawn directly. */
static Err spot_of(Arena *a, Str parts, Spot *out)
{
    const Json *tree;
    Str         stratum = S(""), unit = S("");
    TRY(json_parse(a, parts, &tree));
    json_str(json_get(tree->first, S("stratum")), &stratum);
    if (tree->len > 1)                   /* the only stage draws people themselves */
        json_str(json_get(tree->first, S("unit")), &unit);
    *out = (Spot){ .stratum = stratum, .psu = unit.len ? str_join(a, (Str[]){ stratum, unit }, 2, S("/")) : S("") };
    return OK;
}

static Err add_case_place(void *self, const CaseDesign *c)
{
    Sources *s  = self;
    size_t   at = row_of(s->d, c->id);
    if (at == s->d->n)
        return OK;
    TRY(spot_of(s->a, arena_str(s->a, c->parts), &s->spots.at[at]));
    if (s->d->interviewer[at] < 0)
        s->d->interviewer[at] = name_index(s, arena_str(s->a, c->interviewer));
    return OK;
}

/* ---- Places as numbers ---------------------------------------------------------------------------------------------------- */

typedef struct Named { Str name; size_t row; } Named;

static int by_name(const void *x, const void *y)
{
    return str_cmp(((const Named *)x)->name, ((const Named *)y)->name);
}

/* NULL when no record names one. */
static int32_t *numbered(Arena *a, const Sources *s, bool stratum, size_t *out_count)
{
    size_t   n  = s->d->n, known = 0;
    int32_t *to = arena_new(a, int32_t, n + 1), number = -1;
    Named   *at = arena_new(a, Named, n + 1);
    for (size_t i = 0; i < n; i++) {
        Str name = stratum ? s->spots.at[i].stratum : s->spots.at[i].psu;
        to[i]    = NONE;
        if (name.len)
            at[known++] = (Named){ name, i };
    }
    qsort(at, known, sizeof *at, by_name);
    for (size_t i = 0; i < known; i++) {
        number += i == 0 || !str_eq(at[i].name, at[i - 1].name);
        to[at[i].row] = number;
    }
    *out_count = (size_t)(number + 1);
    return known ? to : NULL;
}

/* The log's times are better than those of the questionnaire, and a device names who carries it. */
static void add_field_fact(void *self, const FieldFact *f)
{
    Sources     *s   = self;
    QualityData *d   = s->d;
    size_t       low = row_of(d, f->id);
    if (low == d->n)
        return;
    if (s->interviewer < 0 || s->p->nodes.at[s->interviewer].type == Q_DEVICEID)
        d->interviewer[low] = name_index(s, f->device);
    d->pause[low]   = f->pause;
    d->seconds[low] = isnan(f->seconds) ? d->seconds[low] : f->seconds;
    d->began[low]   = f->began.ms ? f->began : d->began[low];
    d->ended[low]   = f->ended.ms ? f->ended : d->ended[low];
}

Err quality_read(Db *db, Store *s, Arena *a, const Round *r, QualityData *out)
{
    Sources src = { .a = a, .d = out };
    *out        = (QualityData){ 0 };
    TRY(form_program(db, s, a, r->form, &src.p));
    find_sources(&src, r->unit_question);
    Arena scratch = arena_open((size_t)1 << 24);
    Err   e       = submission_each(db, scratch, r->id, read_record, &src);
    arena_close(&scratch);
    TRY(e);
    TRY(case_design_each(db, r->id, add_case_place, &src));
    out->psu     = numbered(a, &src, false, &out->psus);
    out->stratum = numbered(a, &src, true, &out->strata);
    if (!out->psu && !out->stratum)
        out->psus = out->strata = 0;
    return field_facts(db, r->id, add_field_fact, &src);
}
