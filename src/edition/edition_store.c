/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of editions, and publishing. */
#include "edition/look.h"
#include "edition/weighting.h"

#include "analysis/analysis.h"

#include <math.h>
#include <sodium.h>

Str edition_title(const EditionRow *e, Lang l)
{
    return l == LANG_EN && e->title_en.len ? e->title_en : e->title_vi;
}

static void read_row(Stmt *q, Arena *a, EditionRow *e)
{
    *e = (EditionRow){
        .id = { col_int(q, 0) }, .round = { col_int(q, 1) }, .number = (int)col_int(q, 2),
        .title_vi = arena_str(a, col_str(q, 3)), .title_en = arena_str(a, col_str(q, 4)), .label = arena_str(a, col_str(q, 5)),
        .method = arena_str(a, col_str(q, 6)), .reason = arena_str(a, col_str(q, 7)), .n = col_int(q, 8),
        .simulated = col_int(q, 9), .package_sha = arena_str(a, col_str(q, 10)), .figures_sha = arena_str(a, col_str(q, 11)),
        .fingerprint = arena_str(a, col_str(q, 12)), .published_at = col_time(q, 13), .superseded_by = { col_int(q, 14) },
        .superseded_number = (int)col_int(q, 15), .round_code = arena_str(a, col_str(q, 16)),
        .csv_sha = arena_str(a, col_str(q, 17)), .csv_bytes = col_int(q, 18), .json_bytes = { col_int(q, 19), col_int(q, 20) }, .weighting = col_int(q, 21),
        .place = arena_str(a, col_str(q, 22)), .opened = col_time(q, 23), .on = date_of(col_time(q, 23)), .owner = { col_int(q, 24) },
    };
}

#define EDITION_COLUMNS                                                                            \
    "SELECT e.id, e.round_id, e.number, e.title_vi, e.title_en, e.label, e.method, e.reason, e.n, e.simulated, " \
    "e.package_sha, e.figures_sha, e.fingerprint, e.published_at, e.superseded_by, " \
    "COALESCE((SELECT s.number FROM editions s WHERE s.id = e.superseded_by), 0), r.code, COALESCE(e.csv_sha, ''), COALESCE(e.csv_bytes, 0), " \
    "COALESCE(e.json_bytes_vi, 0), COALESCE(e.json_bytes_en, 0), COALESCE(e.weighting_id, 0), r.unit_question, " \
    "COALESCE(NULLIF(r.opens_at, 0), r.created_at), r.owner_unit " \
    "FROM editions e JOIN rounds r ON r.id = e.round_id "

Err edition_list(Db *db, Arena *a, EditionRows *out)
{
    EditionRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(EDITION_COLUMNS "ORDER BY e.published_at DESC, e.id DESC"));
    while (db_row(q))
        read_row(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err edition_of_round(Db *db, Arena *a, RoundId round, EditionRows *out)
{
    EditionRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL(EDITION_COLUMNS "WHERE e.round_id = $1 ORDER BY e.number"));
    bind_int(q, 1, round.v);
    while (db_row(q))
        read_row(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Str edition_path(Arena *a, const EditionRow *e)
{
    return arena_fmt(a, "/results/%.*s/%d", STR_ARG(e->round_code), e->number);
}

Str edition_package_path(Arena *a, const EditionRow *e)
{
    return arena_fmt(a, "/results/%.*s/%d/%.*s-%d.zip", STR_ARG(e->round_code), e->number, STR_ARG(e->round_code), e->number);
}

/* The one row of q, which has its values bound. */
static Err read_one(Stmt *q, Arena *a, EditionRow *out)
{
    EditionRow row = { 0 };
    bool found = db_row(q);
    if (found)
        read_row(q, a, &row);
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("edition"));
    *out = row;
    return OK;
}

Err edition_load(Db *db, Arena *a, EditionId id, EditionRow *out)
{
    AUTO_STMT q = db_prepare(db, SQL(EDITION_COLUMNS "WHERE e.id = $1"));
    bind_int(q, 1, id.v);
    return read_one(q, a, out);
}

Err edition_by_number(Db *db, Arena *a, Str round_code, int64_t number, EditionRow *out)
{
    AUTO_STMT q = db_prepare(db, SQL(EDITION_COLUMNS
        "WHERE r.code = $1 AND (e.number = $2 OR $2 = 0 AND e.superseded_by IS NULL) ORDER BY e.number DESC LIMIT 1"));
    bind_str(q, 1, round_code);
    bind_int(q, 2, number);
    return read_one(q, a, out);
}

static Err file_by_hex(Store *s, Arena *a, Str hex, Str *out)
{
    Sha256 sum;
    if (!str_unhex(hex, sum.at, sizeof sum.at))
        return err_new(a, ERR_INTERNAL, S("an edition names no file"));
    return files_load(s, a, sum, out);
}

static void groups_parse(Arena *a, const Json *list, EditionGroups *out)
{
    JSON_EACH(j, list) {
        EditionGroup *g = list_add(a, out);
        *g = (EditionGroup){ 0 };
        (void)json_str(json_get(j, S("by")), &g->by);
        (void)json_str(json_get(j, S("value")), &g->value);
        (void)json_str(json_get(j, S("vi")), &g->label[LANG_VI]);
        (void)json_str(json_get(j, S("en")), &g->label[LANG_EN]);
    }
}

/* English labels stand in the second object of the same file, in the order of the figures of everybody; those of places come behind the figure of
 * everybody of the same name. */
static void labels_parse(const Json *en, Figures *f)
{
    const Json *next = en ? en->first : NULL, *label = NULL;
    for (size_t i = 0; i < f->len; i++) {
        Figure *x = &f->at[i];
        if (!label || !str_eq(label->key, x->name)) {
            label = next && str_eq(next->key, x->name) ? next : json_get(en, x->name);
            next  = label ? label->next : next;
        }
        (void)json_str(label, &x->label_en);
    }
}

/* The one door to the file of an edition's figures. */
static Err read_figures(Store *s, Arena *a, const EditionRow *e, Figures *f, EditionGroups *g)
{
    Str         bytes;
    const Json *json;
    *f = (Figures){ 0 };
    *g = (EditionGroups){ 0 };
    if (figures_cached(a, e->figures_sha, f, g))
        return OK;
    TRY(file_by_hex(s, a, e->figures_sha, &bytes));
    TRY(json_parse(a, bytes, &json));
    TRY(figures_parse(a, json_get(json, S("indicators")), f));
    labels_parse(json_get(json, S("labels_en")), f);
    groups_parse(a, json_get(json, S("groups")), g);
    figures_cache(e->figures_sha, f, g);
    return OK;
}

Err edition_figures(Db *db, Store *s, Arena *a, const EditionRow *e, Figures *out)
{
    (void)db;
    EditionGroups groups;
    return read_figures(s, a, e, out, &groups);
}

Err edition_groups(Db *db, Store *s, Arena *a, const EditionRow *e, EditionGroups *out)
{
    (void)db;
    Figures figures;
    return read_figures(s, a, e, &figures, out);
}

/* What was published before, or nothing for the first edition. */
static Err before_of(Db *db, Store *s, Arena *a, RoundId round, EditionRow *out_last, Figures *out_figures)
{
    EditionRows rows;
    TRY(edition_of_round(db, a, round, &rows));
    if (rows.len == 0)
        return OK;
    *out_last = rows.at[rows.len - 1];
    return edition_figures(db, s, a, out_last, out_figures);
}

static Err insert_row(Db *db, const EditionRow *e, PersonId by, int64_t frozen)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO editions (id, round_id, number, title_vi, title_en, label, method, reason, n, simulated, package_sha, "
        "figures_sha, fingerprint, published_at, published_by, frozen_set, csv_sha, csv_bytes, json_bytes_vi, json_bytes_en, weighting_id) VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"));
    const Str texts[] = { e->title_vi, e->title_en, e->label, e->method, e->reason };
    bind_int(q, 1, e->id.v);
    bind_int(q, 2, e->round.v);
    bind_int(q, 3, e->number);
    for (int i = 0; i < 5; i++)
        bind_str(q, 4 + i, texts[i]);
    bind_int(q, 9, e->n);
    bind_int(q, 10, e->simulated);
    bind_str(q, 11, e->package_sha);
    bind_str(q, 12, e->figures_sha);
    bind_str(q, 13, e->fingerprint);
    bind_time(q, 14, e->published_at);
    bind_int(q, 15, by.v);
    if (frozen)
        bind_int(q, 16, frozen);
    else
        bind_null(q, 16);
    bind_str(q, 17, e->csv_sha);
    bind_int(q, 18, e->csv_bytes);
    for (int l = 0; l < LANG_COUNT; l++)
        bind_int(q, 19 + l, e->json_bytes[l]);
    if (e->weighting)
        bind_int(q, 21, e->weighting);
    else
        bind_null(q, 21);
    return db_run(q);
}

static Err mark_superseded(Db *db, EditionId old, EditionId new)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE editions SET superseded_by = $1 WHERE id = $2"));
    bind_int(q, 1, new.v);
    bind_int(q, 2, old.v);
    return db_run(q);
}

static void group_json(Buf *b, bool first, Str by, Str value, const Str label[LANG_COUNT])
{
    const Str names[] = { S("by"), S("value"), S("vi"), S("en") }, cells[] = { by, value, label[LANG_VI], label[LANG_EN] };
    buf_add(b, first ? S("") : S(","));
    for (size_t k = 0; k < COUNT_OF(names); k++) {
        buf_add(b, k ? S(",") : S("{"));
        buf_json_str(b, names[k]);
        buf_byte(b, ':');
        buf_json_str(b, cells[k]);
    }
    buf_byte(b, '}');
}

static void groups_json(Buf *b, const Dataset *d)
{
    buf_lit(b, ",\"groups\":[");
    for (size_t i = 0; i < d->breaks.len; i++) {
        const Breakdown *x = &d->breaks.at[i];
        group_json(b, i == 0, x->question, S(""), x->label);
        for (size_t k = 1; k < x->domains.len; k++)
            group_json(b, false, x->question, x->domains.at[k].code, x->domains.at[k].label);
    }
    buf_byte(b, ']');
}

/* results.json with the English labels beside it: what pages read. */
static Str stored_figures(Arena *a, const PackageInfo *info, const Dataset *d, const Figures *f)
{
    Buf b = buf_new(a, 1 << 18);
    results_json(&b, info, d->method, f, LANG_VI);
    b.len -= 2;                        /* "}\n" */
    buf_lit(&b, ",\"labels_en\":{");
    bool first = true;
    for (size_t i = 0; i < f->len; i++) {
        if (f->at[i].by.len)
            continue;
        buf_add(&b, first ? S("") : S(","));
        buf_json_str(&b, f->at[i].name);
        buf_byte(&b, ':');
        buf_json_str(&b, f->at[i].label_en);
        first = false;
    }
    buf_byte(&b, '}');
    groups_json(&b, d);
    buf_lit(&b, "}\n");
    return buf_str(&b);
}

static Err make_package(Store *s, Arena *a, const AppInfo *app, const PackageInfo *info, const Dataset *d, const Figures *before, EditionRow *row)
{
    Figures f;
    TRY(figures_compute(a, d, &f));
    Str     zip;
    Sha256  sum;
    TRY(package_write(a, app, info, d, &f, before->len ? before : NULL, &zip, &row->fingerprint));
    TRY(files_save(s, a, zip, &sum));
    row->package_sha = str_hex(a, sum.at, sizeof sum.at);
    TRY(files_save(s, a, stored_figures(a, info, d, &f), &sum));
    row->figures_sha = str_hex(a, sum.at, sizeof sum.at);
    Str csv = edition_csv_bytes(a, &f);
    TRY(files_save(s, a, csv, &sum));
    row->csv_sha   = str_hex(a, sum.at, sizeof sum.at);
    row->csv_bytes = (int64_t)csv.len;
    for (int l = 0; l < LANG_COUNT; l++)
        row->json_bytes[l] = (int64_t)edition_json_bytes(a, row, &f, (Lang)l).len;
    return OK;
}

static Err may_publish(Arena *a, const Round *r, const EditionRow *last, Str reason, Time now)
{
    if (last->number && reason.len == 0)
        return err_new(a, ERR_INVALID, S("a correction needs a reason"));
    if (!last->number && round_state_at(r, now) != ROUND_CLOSED)
        return err_new(a, ERR_CONFLICT, S("only a closed round can be published"));
    if (r->submissions == 0)
        return err_new(a, ERR_CONFLICT, S("the round has no answers"));
    return OK;
}

static Str edition_label(bool simulated, bool weighted)
{
    static const Str labels[2][2] = { { S_INIT("unweighted"), S_INIT("weighted") }, { S_INIT("simulated-unweighted"), S_INIT("simulated-weighted") } };
    return labels[simulated][weighted];
}

Err edition_prepare(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, Time now, EditionWork *out)
{
    Round              r;
    RoundCounts        counts;
    const FormProgram *p;
    EditionRow         last = { 0 };
    Figures            before = { 0 };
    Dataset            d;
    Weighting          w;
    WeightReport       report;
    TRY(round_load(db, a, round, &r));
    TRY(before_of(db, s, a, round, &last, &before));
    TRY(may_publish(a, &r, &last, reason, now));
    TRY(form_program(db, s, a, r.form, &p));
    TRY(round_counts(db, a, round, (UnitId){ 0 }, &counts));
    job_total(2 * r.submissions);
    TRY(weighting_current(db, a, round, &w));
    TRY(weighting_dataset(db, a, app, p, &r, &w, &d, &report));
    if (report.faults.len)
        return err_new(a, ERR_CONFLICT, str_concat(a, S("weights: "), weighting_fault_text(a, LANG_VI, &report.faults.at[0])));
    EditionRow row = { .id = { id_new() }, .round = round, .round_code = r.code, .number = last.number + 1, .title_vi = r.title_vi,
                       .title_en = r.title_en.len ? r.title_en : r.title_vi, .method = r.method, .reason = reason,
                       .label = edition_label(r.simulated, w.version > 0), .weighting = w.id, .n = (int64_t)d.records,
                       .simulated = r.simulated, .published_at = now };
    PackageInfo info = { .round = r.code, .title_vi = row.title_vi, .title_en = row.title_en, .label = row.label, .reason = reason,
                         .version = app->version, .number = row.number, .at = now, .n = row.n, .simulated = r.simulated,
                         .weighting = w.version ? &w : NULL };
    TRY(make_package(s, a, app, &info, &d, &before, &row));
    *out = (EditionWork){ .row = row, .last = last.id, .owner = r.owner, .round_code = r.code, .revision = counts.revision };
    return OK;
}

/* What was computed is saved only if no answer came, went or was published meanwhile, and the recipe of weights is still the same. */
static Err still_fits(Db *db, Arena *a, const EditionWork *w)
{
    RoundCounts counts;
    EditionRows rows;
    Weighting   recipe;
    TRY(round_counts(db, a, w->row.round, (UnitId){ 0 }, &counts));
    TRY(edition_of_round(db, a, w->row.round, &rows));
    TRY(weighting_current(db, a, w->row.round, &recipe));
    if (counts.revision != w->revision)
        return err_new(a, ERR_BUSY, S("answers changed while the edition was made"));
    if (recipe.id != w->row.weighting)
        return err_new(a, ERR_CONFLICT, S("the recipe of weights changed while the edition was made"));
    return (int)rows.len == w->row.number - 1 ? OK : err_new(a, ERR_CONFLICT, S("another edition was published meanwhile"));
}

Err edition_save(Db *db, Arena *a, const EditionWork *w, PersonId by)
{
    TRY(still_fits(db, a, w));
    int64_t frozen;
    TRY(frozen_current(db, a, w->row.round, &frozen));
    TRY(insert_row(db, &w->row, by, frozen));
    if (w->receipts_written)
        TRY(work_end(db, w->row.id));
    else
        TRY(receipts_copy(db, a, w->row.round, w->row.id));
    if (w->last.v)
        return mark_superseded(db, w->last, w->row.id);
    return round_set_state(db, a, w->row.round, ROUND_PUBLISHED, w->row.published_at);
}

Err edition_publish(Db *db, Store *s, Arena *a, const AppInfo *app, RoundId round, Str reason, PersonId by, Time now, EditionId *out)
{
    EditionWork w;
    TRY(edition_prepare(db, s, a, app, round, reason, now, &w));
    TRY(edition_save(db, a, &w, by));
    *out = w.row.id;
    return OK;
}

static void seal_public(const AppInfo *app, uint8_t out[32])
{
    uint8_t seed[32], secret[crypto_sign_SECRETKEYBYTES];
    app_key(app, "edition-seal", seed);
    crypto_sign_seed_keypair(out, secret, seed);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(seed, sizeof seed);
}

Str edition_seal_fingerprint(Arena *a, const AppInfo *app)
{
    uint8_t key[32];
    seal_public(app, key);
    return seal_fingerprint(a, key);
}

Str edition_seal_key(Arena *a, const AppInfo *app)
{
    uint8_t key[32];
    seal_public(app, key);
    return str_hex(a, key, sizeof key);
}

Err edition_check(Db *db, Store *s, Arena *a, StoreFaults *out)
{
    EditionRows rows;
    TRY(edition_list(db, a, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        Arena          mine = arena_open((size_t)1 << 32);
        Str            zip, csv;
        EditionVerdict v    = { 0 };
        Err            e    = file_by_hex(s, &mine, rows.at[i].package_sha, &zip);
        if (!e)
            e = edition_verify(&mine, zip, S(""), &v);
        if (!e && rows.at[i].csv_sha.len)
            e = file_by_hex(s, &mine, rows.at[i].csv_sha, &csv);
        if (e)
            *list_add(a, out) = arena_fmt(a, "edition %d of %.*s: %.*s", rows.at[i].number, STR_ARG(rows.at[i].round_code), STR_ARG(e->detail));
        for (size_t k = 0; k < v.faults.len; k++)
            *list_add(a, out) = arena_fmt(a, "edition %d of %.*s: %.*s", rows.at[i].number, STR_ARG(rows.at[i].round_code), STR_ARG(v.faults.at[k]));
        arena_close(&mine);
    }
    return OK;
}

Err edition_headline(Db *db, Store *s, Arena *a, EditionHeadline *out)
{
    EditionRows rows;
    *out = (EditionHeadline){ 0 };
    TRY(edition_list(db, a, &rows));
    for (size_t i = 0; i < rows.len && !out->any; i++) {
        if (rows.at[i].superseded_by.v)
            continue;
        Look *look = arena_new(a, Look, 1);
        TRY(look_edition(db, s, a, &rows.at[i], look));
        *out = (EditionHeadline){ rows.at[i], look->figures, look, look->provinces.len > 0 };
    }
    return OK;
}
