/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Making the world of the tests of rights: units, people, and an object of every kind in each unit. */
#include "rights_world.h"

#include "app/app.h"
#include "base/embed.h"
#include "board/panel.h"
#include "builder/bank.h"
#include "collect/cases.h"
#include "paper/parts.h"
#include "quality/recheck.h"
#include "sample/store.h"
#include "method/tests/method_fixture.h"
#include "scheme/tests/scheme_fixture.h"
#include "season/tests/season_fixture.h"
#include "desk/saved.h"
#include "service/service.h"

#include <sodium.h>

void fail_err(const char *what, Err e)
{
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%s: %.*s (%s:%d)", what, STR_ARG(e->detail), e->file, e->line);
}

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
    Sha256 figures;                      /* of every edition: none */
    fail_err("figures", files_save(m->store, m->a, S("{\"indicators\":[],\"labels_en\":{}}"), &figures));
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
                                         "'x', 'x', 'x', 'x', 0, 0, '', $3, '', 1, 0)"));
        bind_int(q, 1, m->edition[u]);
        bind_int(q, 2, m->round[u].v);
        bind_str(q, 3, str_hex(m->a, figures.at, sizeof figures.at));
        fail_err("edition", db_run(q));
    }
    test_sql(db, SQL("INSERT INTO reports (id, unit_id, edition_id, kind, lang, format, draft, sha256, size, made_by, made_name, made_at) "
                     "SELECT e.id, o.owner_unit, e.id, 'year', 'vi', 'pdf', 1, '', 1, 0, 'x', 1 FROM editions e JOIN rounds o ON o.id = e.round_id"));
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
        Card card;
        m->scheme[u] = scheme_fixture(db, m->a, m->units[u]);
        m->season[u] = season_fixture(db, m->a, m->scheme[u], m->units[u], &card).id.v;
        m->card[u]   = card.id.v;
        ServiceToken sender = { .name = S("cổng"), .unit = m->units[u], .made_at = time_now() };
        Str          sender_key;
        fail_err("key of a sender", service_token_add(db, m->a, &sender, (PersonId){ 0 }, &sender_key));
        m->service_token[u] = sender.id;
        DeskSaved kept = { .name = S("bảng"), .query = S("round=x"), .round = m->round[u], .shared = true, .saved_at = time_now() };
        fail_err("kept table", desk_saved_insert(db, &kept));
        m->table[u] = kept.id;
        Panel board = { .unit = m->units[u], .name = S("bảng"), .shared = true, .changed_at = time_now() };
        fail_err("panel", panel_insert(db, &board));
        m->panel[u] = board.id;
        m->method[u] = method_fixture(db, m->a, m->units[u]);
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

/* An answer of each unit's round that names its case. */
static void make_claims(Matrix *m, Db *db)
{
    for (int u = 0; u < UNIT_CASES; u++) {
        m->claim[u] = 4000000000000000 + u;
        AUTO_STMT s = db_prepare(db, SQL("INSERT INTO submissions (id, round_id, instance, sha256, receipt_hash, day, channel, unit_id, flagged, flag_reason, "
                                         "media, body, answers) VALUES ($1, $2, $3, $3, $3, '2026-01-01', 'api', 0, 1, 'case_claimed', '', $3, '{}')"));
        bind_int(s, 1, m->claim[u]);
        bind_int(s, 2, m->round[u].v);
        bind_blob(s, 3, arena_fmt(m->a, "claim %d", u));
        fail_err("answer", db_run(s));
        fail_err("claim", claim_note(db, m->field_case[u], m->round[u], (SubmissionId){ m->claim[u] }));
    }
}

Matrix matrix_new(Arena *a, Store *store)
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
    make_claims(&m, db);
    make_imports_and_jobs(&m, db);
    make_paper(&m, db);
    fail_err("commit", db_commit(db));
    return m;
}

Str sign_in(Matrix *m, Role role)
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

Str signed_in(Matrix *m, Role role)
{
    Str token = str_from_c(m->cookie[role]);
    if (token.len || role == ROLE_NONE)
        return token;
    token = sign_in(m, role);
    snprintf(m->cookie[role], sizeof m->cookie[role], "%.*s", STR_ARG(token));
    return str_from_c(m->cookie[role]);
}

Str form_token_of(Matrix *m, Str cookie)
{
    uint8_t key[32], sum[24];
    app_key(&m->app, "form-token", key);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)cookie.at, cookie.len, key, sizeof key);
    return str_hex(m->a, sum, sizeof sum);
}
