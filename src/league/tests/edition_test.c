/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A season from its scheme to two editions; packages that were touched do not hold. */
#include "league/league_report.h"
#include "league/store.h"

#include "base/embed.h"
#include "base/test.h"
#include "base/zip.h"
#include "org/unit_store.h"
#include "season/inputs.h"
#include "store/test_store.h"

typedef struct World { Db *db; Store *store; Arena *a; Arena work; AppInfo app; Season s; Scheme scheme; } World;

static Str shipped(Str name)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name))
            return data_files[i].bytes;
    return S("");
}

/* The nation with n units of a kind, and the shipped scheme for them. */
static Err world(World *w, Str scheme_file, const char *kind, int n)
{
    SchemeFaults faults = { 0 };
    SchemeRow    row    = { .unit = { 1 }, .made_at = { 1 } };
    Units        units  = { 0 };
    test_sql(w->db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    for (int i = 0; i < n; i++) {
        AUTO_STMT q = db_prepare(w->db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES ($1, $2, '0001-01-01', '9999-12-31', '')"));
        bind_int(q, 1, 100 + i);
        bind_str(q, 2, str_from_c(kind));
        TRY(db_run(q));
        *list_add(w->a, &units) = (Unit){ .id = { 100 + i } };
        AUTO_STMT v = db_prepare(w->db, SQL("INSERT INTO unit_versions (unit_id, parent_id, code, name_vi, name_en, full_name_vi, subtype, source, "
                                            "from_day, to_day) "
                                            "VALUES ($1, 1, $2, $2, $2, $2, '', '', '0001-01-01', '9999-12-31')"));
        bind_int(v, 1, 100 + i);
        bind_str(v, 2, arena_fmt(w->a, "Đơn vị %d", i));
        TRY(db_run(v));
    }
    TRY(unit_stamp_renew(w->db));
    CHECK(scheme_file_read(w->a, w->work, shipped(scheme_file), &w->scheme, &faults));
    TRY(scheme_save(w->db, w->a, &w->scheme, S(""), &row));
    w->s = (Season){ .title = S("Chấm thử"), .made_at = { 1 }, .calendar = season_calendar_from((Date){ 20700 }) };
    static int64_t stamp = (int64_t)1 << 40;       /* the units were written past their module: a tree kept by another test is not this one */
    AUTO_STMT t = db_prepare(w->db, SQL("UPDATE unit_stamps SET stamp = $1 WHERE id = 1"));
    bind_int(t, 1, ++stamp);
    TRY(db_run(t));
    TRY(season_open(w->db, w->a, &row, &units, &w->s));
    return OK;
}

static Err publish(World *w, LeagueBook *b, const LeagueBook *before, LeagueEdition *out)
{
    LeagueMissings missing;
    TRY(league_gather(w->db, w->a, w->work, &w->s, (SchemeWords){ .silent = true }, b, &missing));
    CHECK_INT(missing.len, 0);
    b->number = before ? before->number + 1 : 1;
    b->at     = (Time){ 1000 * b->number };
    b->reason = before ? S("Sửa một số") : S("");
    return league_publish(w->db, w->store, w->a, &w->app, b, before, (PersonId){ 0 }, out);
}

static Err package_of(World *w, const LeagueEdition *e, Str *out)
{
    Sha256 sum;
    CHECK(str_unhex(e->package_sha, sum.at, sizeof sum.at));
    return files_load(w->store, w->a, sum, out);
}

/* Another number of one unit in a criterion of its own. */
static Err correct(World *w)
{
    Cards      cards;
    CardScores said;
    TRY(season_cards(w->db, w->a, w->s.id, &cards));
    TRY(card_scores(w->db, w->a, cards.at[3].id, &said));
    for (size_t i = 0; i < said.len; i++) {
        int at = scheme_find(&w->scheme, said.at[i].code);
        if (w->scheme.at[at].rule.kind != RULE_PROPORTIONAL)
            continue;
        said.at[i].inputs = season_demo_inputs(w->a, &w->scheme.at[at], 0.7);
        return card_score_save(w->db, w->a, cards.at[3].id, &said.at[i], said.at[i].revision);
    }
    return OK;
}

/* The package with one part put in place of its own. */
static Str touched(World *w, Str zip, Str name, Str from, Str to)
{
    AUTO_ZIP z = { 0 };
    ZipPart  parts[20];
    Str      out = S("");
    CHECK(!zip_reader_open(w->a, zip, ZIP_LIMITS, &z));
    for (size_t i = 0; i < z.len; i++) {
        parts[i].name   = z.at[i].name;
        parts[i].stored = false;
        CHECK(!zip_reader_load(&z, w->a, i, &parts[i].bytes));
        if (str_eq(name, parts[i].name)) {
            size_t at = 0;
            CHECK(str_find(parts[i].bytes, from, &at));
            parts[i].bytes = str_join(w->a, (Str[]){ str_take(parts[i].bytes, at), to, str_skip(parts[i].bytes, at + from.len) }, 3, S(""));
        }
    }
    CHECK(!zip_write(w->a, parts, z.len, &out));
    return out;
}

static void touched_fails(World *w, Str zip)
{
    static const char *const names[] = { "cards.json", "points.csv", "ranking.csv", "rules.json" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        LeagueVerdict v;
        Str other = touched(w, zip, str_from_c(names[i]), i == 1 || i == 2 ? S("1") : S("0"), i == 1 || i == 2 ? S("2") : S("1"));
        CHECK(!league_verify(w->a, other, S(""), &v) && !v.ok && v.faults.len > 0);
    }
}

static const ReportTable *table_in(const Report *r)
{
    for (size_t i = 0; i < r->parts.len; i++)
        if (r->parts.at[i].kind == PART_TABLE)
            return r->parts.at[i].table;
    return NULL;
}

/* Every kind in every format, the same bytes each time; with the year before the unit that was corrected has moved. */
static void reports_tell(World *w, const LeagueEdition *e, const LeagueBook *now, const LeagueBook *before)
{
    for (int k = 0; k < LEAGUE_REPORT_COUNT; k++)
        for (int with = 0; with < 2; with++) {
            LeagueSaying s = { .lang = LANG_VI, .e = e, .b = now, .before = with ? before : NULL, .agency = S("Bộ Nội vụ"),
                               .href = S("https://x.vn/rankings/1/2") };
            Report       r;
            Str          bytes, again;
            league_report(w->a, &s, (LeagueReportKind)k, &r);
            const ReportTable *t = table_in(&r);
            CHECK((k == LEAGUE_INFOGRAPHIC) == !t);
            if (t) {
                CHECK_INT(t->rows.len, now->league.len);
                CHECK_NEAR(t->rows.at[0].at[2].x, now->league.at[0].result.total, 1e-12);
                CHECK_INT(t->columns.len, 4 + now->league.ranges + with + (k == LEAGUE_RESULTS ? now->league.domains : 0));
            }
            for (int f = REPORT_PDF; f < REPORT_FORMAT_COUNT; f++) {
                CHECK_OK(report_write(w->a, &r, (ReportFormat)f, &bytes));
                CHECK_OK(report_write(w->a, &r, (ReportFormat)f, &again));
                CHECK(bytes.len > 100 && str_eq(bytes, again));
            }
        }
}

static void full_season(World *w, Str scheme_file, const char *kind, int n)
{
    LeagueMissings missing;
    LeagueBook     open, first, second;
    LeagueEdition  one, two, newest;
    LeagueVerdict  v;
    Str            zip;
    CHECK_OK(world(w, scheme_file, kind, n));
    CHECK_OK(league_gather(w->db, w->a, w->work, &w->s, (SchemeWords){ .silent = true }, &open, &missing));
    CHECK(missing.len >= (size_t)n && open.league.ranked == 0);
    CHECK_OK(league_demo_fill(w->db, w->a, &w->s, &w->scheme, (Time){ 5 }));
    CHECK_OK(publish(w, &first, NULL, &one));
    CHECK_INT(one.units, n);
    CHECK_OK(package_of(w, &one, &zip));
    CHECK_OK(league_verify(w->a, zip, S(""), &v));
    CHECK(v.ok && v.number == 1 && v.fingerprint.len > 0);
    touched_fails(w, zip);
    CHECK_INT(league_changes(w->a, &first, &first).len, 0);
    CHECK_OK(correct(w));
    CHECK_OK(publish(w, &second, &first, &two));
    LeagueChanges changes = league_changes(w->a, &first, &second);
    CHECK(changes.len >= 2 && changes.at[changes.len - 1].unit == 103);
    CHECK_OK(package_of(w, &two, &zip));
    CHECK_OK(league_verify(w->a, zip, S(""), &v));
    CHECK(v.ok && v.number == 2);
    reports_tell(w, &two, &second, &first);
    CHECK_OK(league_load(w->db, w->a, w->s.id, 0, &newest));
    CHECK(newest.number == 2 && newest.newest == 2 && str_eq(newest.reason, S("Sửa một số")));
    CHECK_OK(league_load(w->db, w->a, w->s.id, 1, &newest));
    CHECK(str_eq(newest.package_sha, one.package_sha) && newest.newest == 2);
    CHECK_ERR(league_publish(w->db, w->store, w->a, &w->app, &second, &first, (PersonId){ 0 }, &newest), ERR_CONFLICT);
}

static void whole_season(Store *store, Arena *a, Str scheme_file, const char *kind, int n)
{
    World w = { .db = test_take(store, a), .store = store, .a = a, .work = arena_open((size_t)1 << 28), .app = { .version = S("test") } };
    CHECK_OK(db_begin_write(w.db));
    full_season(&w, scheme_file, kind, n);
    CHECK_OK(db_commit(w.db));
    arena_close(&w.work);
}

TEST_EACH_STORE(a_season_of_34_provinces_ends_in_two_editions)
{
    whole_season(store, a, S("schemes/par-province-demo.csv"), "province", 34);
}

TEST_EACH_STORE(a_season_of_17_ministries_ends_in_two_editions)
{
    whole_season(store, a, S("schemes/par-ministry-demo.csv"), "ministry", 17);
}

TEST_EACH_STORE(a_season_of_communes_ends_in_two_editions)
{
    whole_season(store, a, S("schemes/par-commune-demo.csv"), "commune", 20);
}

TEST_EACH_STORE(league_rules_change_only_over_what_was_seen)
{
    World       w = { .db = test_take(store, a), .store = store, .a = a, .work = arena_open((size_t)1 << 28), .app = { .version = S("test") } };
    LeagueRules r, back;
    int64_t     revision;
    CHECK_OK(db_begin_write(w.db));
    CHECK_OK(world(&w, S("schemes/par-commune-demo.csv"), "commune", 4));
    CHECK_OK(league_rules_load(w.db, a, &w.s, &r, &revision));
    CHECK(revision == 0 && r.groups.len == 3);
    r.ties = TIES_DENSE;
    CHECK_OK(league_rules_save(w.db, a, w.s.id, &r, 0, (PersonId){ 7 }, (Time){ 1 }));
    CHECK_ERR(league_rules_save(w.db, a, w.s.id, &r, 0, (PersonId){ 7 }, (Time){ 1 }), ERR_CONFLICT);
    CHECK_OK(league_rules_save(w.db, a, w.s.id, &r, 1, (PersonId){ 7 }, (Time){ 1 }));
    CHECK_OK(league_rules_load(w.db, a, &w.s, &back, &revision));
    CHECK(revision == 2 && back.ties == TIES_DENSE);
    CHECK_OK(db_commit(w.db));
    arena_close(&w.work);
}
