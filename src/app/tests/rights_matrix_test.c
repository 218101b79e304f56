/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every route × every role × own, lower, sibling and upper unit, and nobody signed in, generated from the route tables
 * and driven through the wrapper: what the table of rights does not allow is never answered. */
#include "app/app.h"
#include "base/embed.h"
#include "builder/bank.h"
#include "collect/collect.h"
#include "paper/parts.h"
#include "quality/recheck.h"
#include "sample/store.h"
#include "scheme/tests/scheme_fixture.h"
#include "store/test_store.h"

#include <sodium.h>
#include <stdio.h>

enum { OWN, LOWER, SIBLING, UPPER, UNIT_CASES };
static const char *const unit_names[] = { "own", "lower", "sibling", "upper" };

/* Each role stands on the province a alone. Objects of every kind stand in each of the four units. */
typedef struct Matrix {
    int64_t  batch[UNIT_CASES], paper[UNIT_CASES], print[UNIT_CASES], finding[UNIT_CASES], draw[UNIT_CASES], check[UNIT_CASES];
    Store  *store;
    Arena  *a;
    AppInfo app;
    Date    today;
    UnitId  units[UNIT_CASES];
    PersonId actor[ROLE_COUNT], target[UNIT_CASES];
    GrantId  grant[UNIT_CASES];
    FormId   form[UNIT_CASES];
    RoundId  round[UNIT_CASES];
    int64_t  frame[UNIT_CASES], design[UNIT_CASES], sample[UNIT_CASES], field_case[UNIT_CASES];
    int64_t  scheme[UNIT_CASES], edition[UNIT_CASES], import[UNIT_CASES], job[UNIT_CASES], draft[UNIT_CASES], item[UNIT_CASES];
    int      asked, unknown;
} Matrix;

static void fail_err(const char *what, Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%s: %.*s (%s:%d)", what, STR_ARG(e->detail), e->file, e->line);
}

/* ---- Making the world ----------------------------------------------------------------------------------- */

static UnitId make_unit(Matrix *m, Db *db, UnitKind kind, UnitId parent, const char *code, const char *name)
{
    UnitDraft d = { .kind = kind,
                    .parent = parent,
                    .code = str_from_c(code),
                    .name_vi = str_from_c(name),
                    .name_en = str_from_c(name),
                    .subtype = S("tỉnh"),
                    .source = S("test") };
    UnitId    id = { 0 };
    fail_err("unit", unit_create(db, m->a, &d, (Date){ m->today.day - 1000 }, &id));
    return id;
}

static PersonId make_person(Matrix *m, Db *db, Str login, UnitId unit, Role role, UnitId where, GrantId *out_grant)
{
    PersonDraft d  = { .login = login, .name = login, .unit = unit };
    PersonId    id = { 0 };
    GrantId     g  = { 0 };
    GrantDraft  gd = { .role = role, .unit = where, .from = m->today, .to = DATE_NONE };
    fail_err("person", person_create(db, m->a, &d, (PersonId){ 0 }, time_now(), &id));
    gd.person = id;
    fail_err("grant", grant_give(db, m->a, (PersonId){ 0 }, &gd, m->today, time_now(), &g));
    if (out_grant)
        *out_grant = g;
    return id;
}

static void make_units(Matrix *m, Db *db)
{
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', "
                     "'9999-12-31', '')"));
    test_sql(db, SQL("INSERT INTO unit_versions (unit_id, from_day, to_day, parent_id, code, name_vi, name_en, "
                     "full_name_vi, subtype, source) "
                     "VALUES (1, '0001-01-01', '9999-12-31', NULL, 'VN', 'Việt Nam', 'Viet Nam', '', '', 'test')"));
    m->units[UPPER]   = (UnitId){ UNIT_ROOT };
    m->units[OWN]     = make_unit(m, db, UNIT_PROVINCE, m->units[UPPER], "52", "Gia Lai");
    m->units[SIBLING] = make_unit(m, db, UNIT_PROVINCE, m->units[UPPER], "66", "Đắk Lắk");
    m->units[LOWER]   = make_unit(m, db, UNIT_COMMUNE, m->units[OWN], "23563", "Ia Grai");
}

static Str shipped_form(void)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_starts(data_files[i].name, S("forms/")) && str_ends(data_files[i].name, S(".xlsx")))
            return data_files[i].bytes;
    return S("");
}

/* The same questionnaire owned by each unit: one read from its workbook, the others copied from its row. */
static void make_forms(Matrix *m, Db *db)
{
    FormIssues issues = { 0 };
    fail_err("form", form_save_xlsx(db, m->store, m->a, shipped_form(), m->units[OWN], (PersonId){ 0 }, time_now(),
                                    &issues, &m->form[OWN]));
    for (int u = LOWER; u < UNIT_CASES; u++) {
        m->form[u]  = (FormId){ id_new() };
        AUTO_STMT q = db_prepare(
            db, SQL("INSERT INTO form_versions (id, form_id, version, title_vi, title_en, state, owner_unit, author, "
                    "questions, "
                    "sha256, file_size, program, created_at) SELECT $1, form_id || $2, version, title_vi, title_en, "
                    "state, $3, "
                    "author, questions, sha256, file_size, program, created_at FROM form_versions WHERE id = $4"));
        bind_int(q, 1, m->form[u].v);
        bind_str(q, 2, arena_fmt(m->a, "-%d", u));
        bind_int(q, 3, m->units[u].v);
        bind_int(q, 4, m->form[OWN].v);
        fail_err("form", db_run(q));
    }
}

/* A batch with one form and a printed range in each unit. */
static void make_paper(Matrix *m, Db *db)
{
    for (int u = 0; u < UNIT_CASES; u++) {
        PaperBatch b = { .round = m->round[u], .unit = m->units[u], .label = S("lô"), .first = 1, .last = 1, .stated = 1, .received_at = time_now() };
        PaperRun   r = { .round = m->round[u], .unit = m->units[u], .at = time_now() };
        PaperForm  f;
        bool       fresh;
        fail_err("batch", batch_save(db, &b));
        fail_err("paper form", paper_form_add(db, &b, 1, &fresh));
        fail_err("paper form", paper_form_by_serial(db, m->a, b.round, 1, &f));
        fail_err("print", run_make(db, m->a, 1, &r));
        m->batch[u] = b.id;
        m->paper[u] = f.id;
        m->print[u] = r.id;
        QualityRun   run  = { .round = m->round[u], .at = time_now(), .figures = S("{}") };
        QualityData  none = { 0 };
        Findings     f1   = { 0 };
        QualityFlags flags;
        int64_t      all;
        *list_add(m->a, &none.names) = S("x");
        *list_add(m->a, &f1)         = (Finding){ QUALITY_EFFECT, -1, 0, 1, S("{}") };
        fail_err("run", run_save(db, &run));
        fail_err("finding", findings_save(db, &run, &none, &f1));
        fail_err("finding", flags_list(db, m->a, m->round[u], &(FlagFilter){ .limit = 1 }, &flags, &all));
        m->finding[u] = flags.at[0].id;
        Recheck      again = { .round = m->round[u], .share = 1, .questions = S("x"), .at = time_now() };
        QualityData  two   = { .n = 1, .id = (SubmissionId[]){ { 1 } }, .interviewer = (int32_t[]){ -1 } };
        DrawnRows    drawn = { 0 };
        RecheckCases cases;
        *list_add(m->a, &drawn) = 0;
        fail_err("draw", recheck_save(db, &again, &two, &drawn));
        fail_err("draw", case_list(db, m->a, again.id, 0, 100, &cases));
        m->draw[u]  = again.id;
        m->check[u] = cases.at[0].id;
    }
}

static void make_rounds(Matrix *m, Db *db)
{
    for (int u = 0; u < UNIT_CASES; u++) {
        Round r = { .code = arena_fmt(m->a, "round-%d", u),
                    .title_vi = S("Đợt"),
                    .title_en = S("Round"),
                    .form = m->form[u],
                    .owner = m->units[u],
                    .identity = IDENTITY_OPEN,
                    .opens_at = time_now(),
                    .closes_at = { time_now().ms + MS_DAY } };
        fail_err("round", round_create(db, m->a, &r, time_now(), &m->round[u]));
        m->edition[u] = id_new();
        AUTO_STMT q = db_prepare(db, SQL("INSERT INTO editions (id, round_id, number, title_vi, title_en, label, "
                                         "method, n, simulated, package_sha, "
                                         "figures_sha, fingerprint, published_at, published_by) VALUES ($1, $2, 1, "
                                         "'x', 'x', 'x', 'x', 0, 0, '', '', '', 1, 0)"));
        bind_int(q, 1, m->edition[u]);
        bind_int(q, 2, m->round[u].v);
        fail_err("edition", db_run(q));
    }
}

/* A list of units brought in and a publication under way, for each unit. */
static void make_imports_and_jobs(Matrix *m, Db *db)
{
    for (int u = 0; u < UNIT_CASES; u++) {
        m->import[u] = id_new();
        m->job[u]    = id_new();
        AUTO_STMT q = db_prepare(db, SQL("INSERT INTO unit_imports (id, made_at, person_id, file_name, body, scope_unit) VALUES ($1, 1, 1, 'x', $2, $3)"));
        bind_int(q, 1, m->import[u]);
        bind_blob(q, 2, S("code\n"));
        bind_int(q, 3, m->units[u].v);
        fail_err("import", db_run(q));
        AUTO_STMT j = db_prepare(db, SQL("INSERT INTO jobs (id, kind, unit_id, owner, owner_name, state, not_before, created_at) "
                                         "VALUES ($1, 'edition.publish', $2, 0, 'x', 'failed', 1, 1)"));
        bind_int(j, 1, m->job[u]);
        bind_int(j, 2, m->units[u].v);
        fail_err("job", db_run(j));
        fail_err("draft", form_draft_new(db, m->a, m->units[u], S("Tiếng Việt (vi)"), (PersonId){ 1 }, time_now(), &m->draft[u]));
        BankItem item    = { .unit = m->units[u], .subject = S("x"), .at = time_now() };
        Grid    *content = grid_new(m->a, S(""));
        grid_insert(m->a, content, grid_sheet(content, SHEET_SURVEY), 0);
        fail_err("item", bank_keep(db, m->a, &item, content, S(""), S("")));
        m->item[u] = item.id;
    }
}

/* A frame without its file, an unfinished design and a sample of no cases. */
static void make_samples(Matrix *m, Db *db)
{
    SampleDraw none = { 0 };
    for (int u = 0; u < UNIT_CASES; u++) {
        FrameRow f = { .owner = m->units[u], .title = S("Dàn mẫu"), .file_name = S("x.csv"), .upload_sha = S("00"), .made_at = time_now() };
        fail_err("frame", frame_add(db, &f));
        DesignRow d = { .frame = f.id, .owner = m->units[u], .made_at = time_now(),
                        .design = S("{\"thuocdo\":\"sample-design\",\"version\":1,\"title\":\"x\",\"stages\":[],\"keep\":[]}") };
        fail_err("design", design_add(db, &d));
        SampleRow r = { .frame = f.id, .owner = m->units[u], .title = S("Mẫu"), .design = d.design, .seed = S("1"), .sha256 = S("0123456789"),
                        .drawn_at = time_now() };
        fail_err("sample", sample_add(db, m->a, &r, &none));
        m->scheme[u] = scheme_fixture(db, m->a, m->units[u]);
        m->frame[u]  = f.id.v;
        m->design[u] = d.id.v;
        m->sample[u] = r.id.v;
    }
}

/* Each unit's round is in the field with one case of that unit. */
static void make_fieldwork(Matrix *m, Db *db)
{
    for (int u = 0; u < UNIT_CASES; u++) {
        m->field_case[u] = id_new();
        AUTO_STMT f = db_prepare(db, SQL("INSERT INTO field_rounds (round_id, sample_id, due_day, erase_days, opened_at, opened_by) "
                                         "VALUES ($1, $2, '2099-01-01', 30, 1, 1)"));
        bind_int(f, 1, m->round[u].v);
        bind_int(f, 2, m->sample[u]);
        fail_err("field round", db_run(f));
        AUTO_STMT c = db_prepare(db, SQL("INSERT INTO field_cases (id, round_id, number, code, unit_id, cell, place, reserve, active, weight) "
                                         "VALUES ($1, $2, 1, '00001-3', $3, 'A', 'x', 0, 1, 1.0)"));
        bind_int(c, 1, m->field_case[u]);
        bind_int(c, 2, m->round[u].v);
        bind_int(c, 3, m->units[u].v);
        fail_err("case", db_run(c));
    }
}

static Matrix matrix_new(Arena *a, Store *store)
{
    static const uint8_t secret[TOTP_SECRET_LEN] = { 3 };
    log_set(LOG_ERROR, false);                         /* thousands of refusals are what is wanted here */
    Matrix  m  = { .store = store, .a = a, .today = date_of(time_now()) };
    Db     *db = test_take(store, a);
    uint8_t key[32];
    StrList codes;
    m.app = (AppInfo){ .store = store, .mounts = app_mounts, .mount_count = app_mount_count, .plain_http = true,
                       .public_url = S("http://localhost:8080"), .key = { 5 },
                       .job_kinds = app_job_kinds, .job_kind_count = app_job_kind_count,
                       .record_followers = app_record_followers, .record_follower_count = app_record_follower_count };
    app_key(&m.app, "totp", key);
    fail_err("begin", db_begin_write(db));
    make_units(&m, db);
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++) {
        m.actor[r] = make_person(&m, db, arena_fmt(a, "actor-%d", r), m.units[OWN], (Role)r, m.units[OWN], NULL);
        fail_err("second factor", totp_enrol(db, a, m.actor[r], (Str){ (const char *)secret, sizeof secret }, key, 0,
                                             time_now(), &codes));
    }
    for (int u = 0; u < UNIT_CASES; u++)
        m.target[u] = make_person(&m, db, arena_fmt(a, "target-%d", u), m.units[u], ROLE_CLERK, m.units[u], &m.grant[u]);
    make_forms(&m, db);
    make_rounds(&m, db);
    make_samples(&m, db);
    make_fieldwork(&m, db);
    make_imports_and_jobs(&m, db);
    make_paper(&m, db);
    fail_err("commit", db_commit(db));
    return m;
}

/* A complete sign-in of a role, or an empty cookie for nobody. */
static Str sign_in(Matrix *m, Role role)
{
    Arena  *a = m->a;
    Db     *db;
    Session s = { 0 };
    Str     first, token = S("");
    if (role == ROLE_NONE)
        return token;
    fail_err("take", store_take(m->store, a, &db));
    fail_err("begin", db_begin_write(db));
    fail_err("open", session_open(db, a, m->actor[role], S("127.0.0.1"), S("test"), time_now(), &first));
    fail_err("load", session_load(db, a, first, time_now(), &s));
    fail_err("pass", session_pass(db, a, &s, true, time_now(), &token));
    fail_err("commit", db_commit(db));
    store_give(m->store, &db);
    return token;
}

static Str form_token_of(Matrix *m, Str cookie)
{
    uint8_t key[32], sum[24];
    app_key(&m->app, "form-token", key);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)cookie.at, cookie.len, key, sizeof key);
    return str_hex(m->a, sum, sizeof sum);
}

/* ---- One request ------------------------------------------------------------------------------------------- */

typedef struct Asked { Method method; Str path, cookie, token, site; } Asked;

static HttpTask ask(Matrix *m, const Asked *q)
{
    HttpTask t = {
        .arena = m->a,
        .req = { .method = q->method, .path = q->path, .host = S("localhost:8080"), .client = S("127.0.0.1"), .id = 1 }
    };
    *list_add(m->a, &t.req.headers) = (HttpField){ S("sec-fetch-site"), q->site.len ? q->site : S("same-origin") };
    if (q->cookie.len)
        *list_add(m->a, &t.req.cookies) = (HttpField){ S("td-console"), q->cookie };
    if (q->token.len)
        *list_add(m->a, &t.req.form) = (HttpField){ S("token"), q->token };
    web_handle(&m->app, &t);
    m->asked++;
    return t;
}

/* The object that {id} names on routes beginning with a path; 0 when there is none of its kind here. */
static int64_t object_of(const Matrix *m, Str route, int unit)
{
    if (str_starts(route, S("/users/{id}")))    return m->target[unit].v;
    if (str_starts(route, S("/units/{id}")))    return m->units[unit].v;
    if (str_starts(route, S("/units/imports/{id}"))) return m->import[unit];
    if (str_starts(route, S("/jobs/{id}")))     return m->job[unit];
    if (str_starts(route, S("/forms/{id}")))    return m->form[unit].v;
    if (str_starts(route, S("/bank/{id}/"))) return m->item[unit];
    if (str_starts(route, S("/bank/{id}")))  return unit == UPPER ? 0 : m->item[unit];   /* the nation's are for everybody who reads questionnaires */
    if (str_starts(route, S("/drafts/{id}")))   return m->draft[unit];
    if (str_starts(route, S("/rounds/{id}")))   return m->round[unit].v;
    if (str_starts(route, S("/paper/batches/{id}"))) return m->batch[unit];
    if (str_starts(route, S("/recheck/draws/{id}")))    return m->draw[unit];
    if (str_starts(route, S("/recheck/cases/{id}")))    return m->check[unit];
    if (str_starts(route, S("/quality/rounds/{id}")))   return m->round[unit].v;
    if (str_starts(route, S("/quality/findings/{id}"))) return m->finding[unit];
    if (str_starts(route, S("/paper/forms/{id}")))   return m->paper[unit];
    if (str_starts(route, S("/paper/prints/{id}")))  return m->print[unit];
    if (str_starts(route, S("/editions/{id}"))) return m->edition[unit];
    if (str_starts(route, S("/field/cases/{id}")))     return m->field_case[unit];
    if (str_starts(route, S("/field/desk/{id}")))      return m->field_case[unit];
    if (str_starts(route, S("/schemes/{id}")))  return unit == UPPER && scheme_fixture_open(route) ? 0 : m->scheme[unit];
    if (str_starts(route, S("/samples/frames/{id}")))  return m->frame[unit];
    if (str_starts(route, S("/samples/designs/{id}"))) return m->design[unit];
    if (str_starts(route, S("/samples/drawn/{id}")))   return m->sample[unit];
    return 0;
}

/* Shipped examples belong to no unit. */
static bool has_param(const Route *r)
{
    return strchr(r->path, '{') != NULL && !strstr(r->path, "/examples/");
}

/* Whose pages ask for more than their row: a job for the right of its kind, here that of publishing. */
static Right right_of(const Route *r)
{
    return str_starts(str_from_c(r->path), S("/jobs/{id}")) ? RIGHT_ROUND_PUBLISH : r->right;
}

/* The route's path with the ids of the objects in one unit; false when its object is of a kind that has none here. */
static bool path_of(Matrix *m, const Mount *mount, const Route *r, int unit, Str *out)
{
    Buf     b     = buf_new(m->a, 80);
    Str     whole = str_from_c(r->path), rest = whole;
    int64_t id    = object_of(m, whole, unit);
    buf_add(&b, str_from_c(mount->prefix));
    while (rest.len) {
        StrPair open = str_cut(rest, '{'), close = str_cut(open.tail, '}');
        buf_add(&b, open.head);
        if (open.head.len == rest.len)
            break;
        if (str_eq(close.head, S("grant")))
            buf_i64(&b, m->grant[unit].v);
        else if (str_eq(close.head, S("to")))
            buf_lit(&b, "open");
        else if (str_eq(close.head, S("name")))
            buf_lit(&b, "mot-cua");
        else
            buf_i64(&b, str_eq(close.head, S("id")) && id ? id : 1);
        rest = close.tail;
    }
    *out = buf_str(&b);
    return id != 0 || !has_param(r);
}

/* 200, or a redirect that is not a way to sign in: the act was done or shown. */
static bool answered(const HttpTask *t)
{
    if (t->res.status == 303)
        return !str_starts(http_field(&t->res.headers, S("location")), S("/sign-in"));
    return t->res.status == 200;
}

static void check_one(Matrix *m, const Mount *mount, const Route *r, Role role, int unit)
{
    Str   path;
    bool  known = path_of(m, mount, r, unit, &path);
    Asked q     = { .method = r->method, .path = path, .cookie = sign_in(m, role) };
    Right right = right_of(r);
    bool  holds = role != ROLE_NONE && (right == RIGHT_SIGNED_IN || role_holds(role, right));
    bool  here  = holds && (!has_param(r) || right == RIGHT_SIGNED_IN || unit == OWN || unit == LOWER);
    if (!known && role == ROLE_NONE && unit == OWN)
        printf("    no object for %s\n", r->path);
    m->unknown += !known;
    if (q.cookie.len && q.method != GET)
        q.token = form_token_of(m, q.cookie);
    HttpTask t    = ask(m, &q);
    Str      who  = role == ROLE_NONE ? S("nobody") : role_code(role);
    if (t.res.status >= 500)
        test_fail(__FILE_NAME__, __LINE__, "%.*s as %.*s (%s): %d", STR_ARG(path), STR_ARG(who), unit_names[unit],
                  t.res.status);
    if (!here && known && answered(&t))
        test_fail(__FILE_NAME__, __LINE__, "UNEXPECTED %d: %s %s as %.*s, %s unit", t.res.status,
                  r->method == GET ? "GET" : "POST", r->path, STR_ARG(who), unit_names[unit]);
    if (!holds && answered(&t))
        test_fail(__FILE_NAME__, __LINE__, "UNEXPECTED %d: %s %s as %.*s without the right", t.res.status,
                  r->method == GET ? "GET" : "POST", r->path, STR_ARG(who));
    if (here && !has_param(r) && r->method == GET && !answered(&t))
        test_fail(__FILE_NAME__, __LINE__, "refused %d: %s as %.*s, who holds the right", t.res.status, r->path,
                  STR_ARG(who));
}

/* Rows that somebody may be refused on. */
typedef void (*RouteCheck)(Matrix *m, const Mount *mount, const Route *r);
static void each_guarded_route(Matrix *m, RouteCheck check)
{
    for (size_t i = 0; i < m->app.mount_count; i++)
        for (const Route *r = m->app.mounts[i].routes; r->path; r++)
            if (r->right != RIGHT_PUBLIC)
                check(m, &m->app.mounts[i], r);
}

static void check_everybody(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    for (int role = ROLE_NONE; role < ROLE_COUNT; role++)
        for (int unit = 0; unit < (has_param(r) ? UNIT_CASES : 1); unit++) {
            check_one(m, mount, r, (Role)role, unit);
            *m->a = keep;
        }
}

TEST_EACH_STORE(rights_matrix_no_route_answers_beyond_the_table)
{
    Matrix m = matrix_new(a, store);
    each_guarded_route(&m, check_everybody);
    printf("    %d requests, %d without an object of the route's kind\n", m.asked, m.unknown);
    CHECK(m.asked > 500);
}

/* ---- Form tokens ---------------------------------------------------------------------------------------------- */

static void check_tokens(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    Str   path, other = form_token_of(m, S("another session"));
    bool  api  = r->flags & ROUTE_API;
    if (r->method == GET || api)
        return;
    Role role = ROLE_NONE;
    for (int x = ROLE_NONE + 1; x < ROLE_COUNT && role == ROLE_NONE; x++)
        if (r->right == RIGHT_SIGNED_IN || role_holds((Role)x, r->right))
            role = (Role)x;
    (void)path_of(m, mount, r, OWN, &path);
    Str   cookie  = sign_in(m, role), own = form_token_of(m, cookie);
    Asked tries[] = { { r->method, path, cookie, S(""), S("") }, { r->method, path, cookie, other, S("") },
                      { r->method, path, cookie, own, S("cross-site") }, { r->method, path, cookie, own, S("same-site") } };
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        int status = ask(m, &tries[i]).res.status;
        if (status != 403)
            test_fail(__FILE_NAME__, __LINE__, "%s, try %zu: %d, want 403", r->path, i, status);
    }
    *m->a = keep;
}

TEST(rights_matrix_no_change_without_the_sessions_own_token)
{
    Store *store = test_store(a);
    Matrix m     = matrix_new(a, store);
    each_guarded_route(&m, check_tokens);
    CHECK(m.asked > 50);
}

/* ---- GET changes nothing ---------------------------------------------------------------------------------------- */

static void check_get(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    Str   path;
    if (r->method != GET)
        return;
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
        if (r->right != RIGHT_SIGNED_IN && !role_holds((Role)role, r->right))
            continue;
        (void)path_of(m, mount, r, OWN, &path);
        Asked    q      = { GET, path, sign_in(m, (Role)role), S(""), S("") };
        uint64_t before = store_generation(m->store);
        int      status = ask(m, &q).res.status;
        if (status != 403 && store_generation(m->store) != before)
            test_fail(__FILE_NAME__, __LINE__, "GET %s as %.*s changed the store", r->path, STR_ARG(role_code((Role)role)));
        break;
    }
    *m->a = keep;
}

TEST(rights_matrix_get_changes_nothing)
{
    Store *store = test_store(a);
    Matrix m     = matrix_new(a, store);
    each_guarded_route(&m, check_get);
    CHECK(m.asked > 10);
}

/* A session that waits for its second factor opens no page of the console. */
static void check_half(Matrix *m, const Mount *mount, const Route *r)
{
    Arena keep = *m->a;
    Db   *db;
    Str   path, half;
    fail_err("take", store_take(m->store, m->a, &db));
    fail_err("begin", db_begin_write(db));
    fail_err("open", session_open(db, m->a, m->actor[ROLE_SYSTEM_ADMIN], S("127.0.0.1"), S("test"), time_now(), &half));
    fail_err("commit", db_commit(db));
    store_give(m->store, &db);
    (void)path_of(m, mount, r, OWN, &path);
    Asked q = { r->method, path, half, form_token_of(m, half), S("") };
    if (!(r->flags & ROUTE_API)) {
        HttpTask t = ask(m, &q);
        if (answered(&t))
            test_fail(__FILE_NAME__, __LINE__, "%s is open before the second factor", r->path);
    }
    *m->a = keep;
}

TEST(rights_matrix_nothing_opens_before_the_second_factor)
{
    Store *store = test_store(a);
    Matrix m     = matrix_new(a, store);
    each_guarded_route(&m, check_half);
    CHECK(m.asked > 20);
}

/* ---- Lists show the rows of one's own units, and no others ------------------------------------------------------ */

static void check_list(Matrix *m, Right right, Str path, Str link, const int64_t ids[UNIT_CASES])
{
    int role = ROLE_NONE + 1;
    while (role < ROLE_COUNT && !role_holds((Role)role, right))
        role++;
    HttpTask t = ask(m, &(Asked){ GET, path, sign_in(m, (Role)role), S(""), S("") });
    for (int u = 0; u < UNIT_CASES; u++) {
        bool there = str_has(t.res.body, arena_fmt(m->a, "%.*s%lld\"", STR_ARG(link), (long long)ids[u]));
        if (t.res.status != 200 || there != (u == OWN || u == LOWER))
            test_fail(__FILE_NAME__, __LINE__, "%.*s: status %d, the row of the %s unit is %s", STR_ARG(path), t.res.status, unit_names[u],
                      there ? "there" : "missing");
    }
}

TEST(rights_matrix_lists_show_own_units_alone)
{
    Matrix  m = matrix_new(a, test_store(a));
    int64_t rounds[UNIT_CASES], forms[UNIT_CASES];
    for (int u = 0; u < UNIT_CASES; u++) {
        rounds[u] = m.round[u].v;
        forms[u]  = m.form[u].v;
    }
    check_list(&m, RIGHT_ROUND_READ, S("/console/rounds"), S("/console/rounds/"), rounds);
    check_list(&m, RIGHT_FORM_READ, S("/console/forms"), S("/console/forms/"), forms);
    check_list(&m, RIGHT_SAMPLE_READ, S("/console/samples"), S("/console/samples/frames/"), m.frame);
    check_list(&m, RIGHT_SAMPLE_READ, S("/console/samples"), S("/console/samples/designs/"), m.design);
    check_list(&m, RIGHT_SAMPLE_READ, S("/console/samples"), S("/console/samples/drawn/"), m.sample);
    check_list(&m, RIGHT_ROUND_PUBLISH, S("/console/jobs"), S("/console/jobs/"), m.job);
    Db *db = test_take(m.store, a);
    CHECK_OK(db_begin_write(db));
    test_sql(db, SQL("UPDATE rounds SET state = 'closed', opens_at = 1, closed_at = 2"));      /* quality lists no drafts */
    CHECK_OK(db_commit(db));
    check_list(&m, RIGHT_QUALITY_READ, S("/console/quality"), S("/console/quality/rounds/"), rounds);
}

TEST(a_page_of_a_list_counts_all_rows_one_may_see)
{
    Matrix     m   = matrix_new(a, test_store(a));
    Db        *db  = test_take(m.store, a);
    RightScope own = { .db = db, .a = a, .today = m.today };
    FrameRows  first = { 0 }, second = { 0 }, third = { 0 };
    *list_add(a, &own.tops) = m.units[OWN];
    ScopePage one = { &own, 0, 1, 0 }, two = { &own, 1, 1, 0 }, three = { &own, 2, 1, 0 };
    CHECK_OK(frame_list(db, a, &one, &first));
    CHECK_OK(frame_list(db, a, &two, &second));
    CHECK_OK(frame_list(db, a, &three, &third));
    CHECK(first.len == 1 && second.len == 1 && third.len == 0);
    CHECK_INT(first.at[0].id.v, m.frame[LOWER]);                 /* newest first */
    CHECK_INT(second.at[0].id.v, m.frame[OWN]);
    CHECK(one.all == 2 && two.all == 2 && three.all == 2);
}
