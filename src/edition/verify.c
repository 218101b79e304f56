/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Verifying a package from its bytes alone: sums, seal, and the figures computed again. */
#include "edition/verify.h"

#include <math.h>
#include <sodium.h>

void verify_fault(Check *c, Str text)
{
    *list_add(c->a, &c->v->faults) = text;
}

Err verify_part(Check *c, Str name, Str *out)
{
    size_t at;
    *out = S("");
    if (!zip_reader_find(c->zip, name, &at)) {
        verify_fault(c, str_concat(c->a, name, S(": missing")));
        return OK;
    }
    Err e = zip_reader_load(c->zip, c->a, at, out);
    if (e)
        verify_fault(c, str_join(c->a, (Str[]){ name, e->detail }, 2, S(": ")));
    return OK;
}

/* Every line of SHA256SUMS fits its file, and no file but the list and its seal stands outside it. */
static Err check_sums(Check *c, Str sums)
{
    size_t listed = 0;
    while (sums.len) {
        StrPair line = str_cut(sums, '\n');
        sums         = line.tail;
        if (line.head.len < 67)
            continue;
        Str name = str_skip(line.head, 66), bytes;
        TRY(verify_part(c, name, &bytes));
        if (!str_eq(sha256_hex(c->a, bytes), str_take(line.head, 64)))
            verify_fault(c, str_concat(c->a, name, S(": its SHA-256 is not the listed one")));
        listed++;
    }
    if (listed + 2 != c->zip->len)
        verify_fault(c, S("the package holds files outside SHA256SUMS"));
    return OK;
}

static void check_seal(Check *c, Str sums, Str seal, Str pinned)
{
    const Json *json;
    uint8_t     key[crypto_sign_PUBLICKEYBYTES], sig[crypto_sign_BYTES];
    Str         key_hex = S(""), sig_hex = S("");
    Err         e = json_parse(c->a, seal, &json);
    if (!e) {
        (void)json_str(json_get(json, S("public_key")), &key_hex);
        (void)json_str(json_get(json, S("signature")), &sig_hex);
    }
    if (e || !str_unhex(key_hex, key, sizeof key) || !str_unhex(sig_hex, sig, sizeof sig)) {
        verify_fault(c, S("seal.json: not a seal"));
        return;
    }
    c->v->fingerprint = seal_fingerprint(c->a, key);
    if (crypto_sign_verify_detached(sig, (const uint8_t *)sums.at, sums.len, key))
        verify_fault(c, S("the seal does not fit"));
    if (pinned.len && !str_eq(str_trim(pinned), key_hex))
        verify_fault(c, S("the seal was made with another key than the pinned one"));
}

static Err read_codebook(Check *c, Str csv, Dataset *d)
{
    CsvTable t;
    TRY(csv_read(c->a, csv, CSV_LIMITS, &t));
    *list_add(c->a, &d->domains) = (DataDomain){ .code = S("") };
    for (size_t i = 1; i < t.len; i++) {
        Str kind = csv_cell(&t.at[i], 0), code = csv_cell(&t.at[i], 1), name = csv_cell(&t.at[i], 2);
        Str vi = csv_cell(&t.at[i], 4), en = csv_cell(&t.at[i], 5);
        if (str_eq(kind, S("breakdown"))) {
            if (!break_find(d, code))
                *list_add(c->a, &d->breaks) = (Breakdown){ .question = code };
            Breakdown *b = break_find(d, code);
            if (!b->domains.len)
                *list_add(c->a, &b->domains) = (DataDomain){ .code = S("") };
            *list_add(c->a, &b->domains) = (DataDomain){ name, { vi, en } };
            continue;
        }
        if (coded_codebook(c->a, kind, code, name, csv_cell(&t.at[i], 3), vi, en, d))
            continue;
        if (str_eq(kind, S("domain"))) {
            d->by = code;
            *list_add(c->a, &d->domains) = (DataDomain){ name, { vi, en } };
        } else if (str_eq(kind, S("item"))) {
            *list_add(c->a, &d->items) = (DataItem){ .name = name, .code = code, .node = method_place(d->how, code, NULL), .label = { vi, en } };
        }
    }
    return OK;
}

static bool value_read(Str cell, uint8_t *out)
{
    int64_t v = 0;
    if (cell.len && (!str_to_i64(cell, &v) || ((v < 1 || v > LIKERT_STEPS) && v != 9)))
        return false;
    *out = (uint8_t)v;
    return true;
}

static Err read_answers(Check *c, Str csv, Dataset *d)
{
    CsvTable  t;
    CsvLimits limits = { .rows = 20000000, .columns = 1000, .cell_bytes = 4096 };
    TRY(csv_read(c->a, csv, limits, &t));
    c->answers   = t;
    d->table     = tally_table_new(c->a, d->items.len, d->domains.len);
    d->values    = arena_new(c->a, uint8_t, t.len * d->items.len);
    d->domain_of = arena_new(c->a, uint16_t, t.len);
    for (size_t i = 1; i < t.len; i++) {
        Str code = csv_cell(&t.at[i], 0);
        d->domain_of[d->records] = (uint16_t)dataset_domain(d, code);
        for (size_t k = 0; k < d->items.len; k++)
            if (!value_read(csv_cell(&t.at[i], k + 1), &d->values[d->records * d->items.len + k])) {
                verify_fault(c, arena_fmt(c->a, "answers.csv:%d: column %zu is no answer", t.at[i].line, k + 2));
                return OK;
            }
        d->records++;
    }
    dataset_count(d);
    return OK;
}

/* Hidden answers count for the whole without a place; the cells they left are hidden for good. */
static Err read_unplaced(Check *c, Str csv, Dataset *d)
{
    CsvTable t;
    int64_t  all = 0;
    TRY(csv_read(c->a, csv, CSV_LIMITS, &t));
    d->unplaced = tally_table_new(c->a, d->items.len, 1);
    d->hidden   = arena_new(c->a, bool, d->items.len * d->domains.len);
    for (size_t i = 0; i < d->items.len; i++)
        d->hidden[i * d->domains.len] = true;
    for (size_t i = 1; i < t.len; i++) {
        int     item = dataset_item(d, csv_cell(&t.at[i], 0));
        uint8_t v;
        int64_t n;
        if (item < 0 || !value_read(csv_cell(&t.at[i], 1), &v) || !v || !str_to_i64(csv_cell(&t.at[i], 2), &n) || n < 0) {
            verify_fault(c, arena_fmt(c->a, "unplaced.csv:%d: not understood", t.at[i].line));
            return OK;
        }
        if (n > 20000000 || (all += n) > 20000000) {
            verify_fault(c, arena_fmt(c->a, "unplaced.csv:%d: more answers than can be", t.at[i].line));
            return OK;
        }
        tally_at(&d->table, (size_t)item, 0)->at[v == 9 ? TALLY_NONE : v - 1] += n;
        tally_at(&d->unplaced, (size_t)item, 0)->at[v == 9 ? TALLY_NONE : v - 1] += n;
    }
    return OK;
}

static bool near(double x, double y)
{
    return (isnan(x) && isnan(y)) || fabs(x - y) <= 1e-9 * fmax(1, fabs(y));
}

static void note_bounded(Check *c, Str by)
{
    c->v->bounded++;
    for (size_t i = 0; i < c->v->groups.len; i++)
        if (str_eq(c->v->groups.at[i], by))
            return;
    *list_add(c->a, &c->v->groups) = by;
}

static bool figure_fits(Check *c, const Dataset *d, const GroupCheck *groups, const Figure *p, const Figure *q)
{
    GroupFit fit = groups && break_find(d, p->by) ? group_fit(groups, *c->a, p) : GROUP_TOLD;
    if (fit == GROUP_BOUNDED && q->n == p->n)
        note_bounded(c, p->by);
    c->v->again += fit == GROUP_TOLD;
    bool same = near(q->x, p->x) && near(q->se, p->se) && near(q->low, p->low) && near(q->high, p->high);
    return q->n == p->n && (fit == GROUP_BOUNDED || (fit == GROUP_TOLD && same));
}

/* A published figure that is hidden needs no counterpart; any other must be met. */
static void compare(Check *c, const Dataset *d, const GroupCheck *groups, const Figures *published, const Figures *again)
{
    size_t shown = 0;
    for (size_t i = 0; i < published->len; i++) {
        const Figure *p = &published->at[i];
        if (p->suppressed || isnan(p->x))
            continue;
        shown++;
        const Figure *q = i < again->len && str_eq(again->at[i].name, p->name) && str_eq(again->at[i].value, p->value) && str_eq(again->at[i].by, p->by)
                              ? &again->at[i] : figure_find(again, p->name, p->by, p->value);
        if (!q || !figure_fits(c, d, groups, p, q))
            verify_fault(c, arena_fmt(c->a, "results.json: %.*s %.*s does not come out again", STR_ARG(p->name), STR_ARG(p->value)));
        if (p->n > 0 && p->n < LEAST_CELL)
            verify_fault(c, arena_fmt(c->a, "results.json: %.*s shows a cell under %d", STR_ARG(p->name), LEAST_CELL));
    }
    if (shown == 0)
        verify_fault(c, S("results.json: no figure is shown"));
}

static Err read_breakdowns(Check *c, Dataset *d)
{
    Str csv;
    if (!d->breaks.len)
        return OK;
    TRY(verify_part(c, S("breakdowns.csv"), &csv));
    return breaks_parse(c->a, csv, d);
}

static Err recompute(Check *c)
{
    Str     method, codebook, answers, unplaced, results, coded;
    Dataset d = { 0 };
    Figures published = { 0 };
    const Json *json;
    TRY(verify_part(c, S("method.csv"), &method));
    TRY(verify_part(c, S("codebook.csv"), &codebook));
    TRY(verify_part(c, S("answers.csv"), &answers));
    TRY(verify_part(c, S("unplaced.csv"), &unplaced));
    TRY(verify_part(c, S("results.json"), &results));
    if (c->v->faults.len)
        return OK;
    SurveyMethod how = { 0 };
    TRY(method_parse(c->a, method, &how));
    d.how   = &how;
    d.nodes = how.nodes;
    TRY(read_codebook(c, codebook, &d));
    TRY(read_answers(c, answers, &d));
    TRY(read_unplaced(c, unplaced, &d));
    if (c->v->faults.len)
        return OK;                     /* what is not understood, or too much, is not computed with */
    if (d.coded.len) {
        TRY(verify_part(c, S("coded.csv"), &coded));
        TRY(coded_read(c->a, coded, &d));
    }
    TRY(read_breakdowns(c, &d));
    TRY(json_parse(c->a, results, &json));
    TRY(figures_parse(c->a, json_get(json, S("indicators")), &published));
    TRY(verify_weights(c, &d));
    GroupCheck *groups = d.weights && d.breaks.len ? group_check_new(c->a, &d) : NULL;
    Figures     again;
    TRY(figures_compute(c->a, &d, &again));
    compare(c, &d, groups, &published, &again);
    return OK;
}

static Err read_title(Check *c)
{
    Str         text;
    const Json *json;
    int64_t     number = 0;
    TRY(verify_part(c, S("edition.json"), &text));
    if (!json_parse(c->a, text, &json)) {
        (void)json_str(json_get(json, S("title_vi")), &c->v->title);
        (void)json_int(json_get(json, S("edition")), &number);
        c->v->number = (int)number;
    }
    return OK;
}

Err package_check(Arena *a, ZipReader *zip, Str pinned_key, Str *out_fingerprint, StoreFaults *out)
{
    EditionVerdict v = { .fingerprint = S("") };
    Check          c = { a, zip, &v };
    Str            sums, seal;
    TRY(verify_part(&c, S("SHA256SUMS"), &sums));
    TRY(verify_part(&c, S("seal.json"), &seal));
    TRY(check_sums(&c, sums));
    check_seal(&c, sums, seal, pinned_key);
    *out             = v.faults;
    *out_fingerprint = v.fingerprint;
    return OK;
}

Err edition_verify(Arena *a, Str zip_bytes, Str pinned_key, EditionVerdict *out)
{
    EditionVerdict v = { .fingerprint = S("") };
    AUTO_ZIP zip = { 0 };
    Str      sums, seal;
    TRY(zip_reader_open(a, zip_bytes, ZIP_LIMITS, &zip));
    Check c = { .a = a, .zip = &zip, .v = &v };
    TRY(verify_part(&c, S("SHA256SUMS"), &sums));
    TRY(verify_part(&c, S("seal.json"), &seal));
    TRY(check_sums(&c, sums));
    check_seal(&c, sums, seal, pinned_key);
    TRY(read_title(&c));
    Err e = recompute(&c);
    if (e)
        verify_fault(&c, e->detail);
    v.ok = v.faults.len == 0;
    *out = v;
    return OK;
}
