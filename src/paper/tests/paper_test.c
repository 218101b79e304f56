/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Entry: codes, days, illegible; broken rules; two passes, settling, acceptance, duplicates, released drafts; both databases. */
#include "collect/tests/round_fixture.h"
#include "paper/parts.h"

static const PersonId first = { 11 }, second = { 12 }, third = { 13 };

static int node_of(const FormProgram *p, const char *name)
{
    return form_find(p, str_from_c(name));
}

static Str typed(Arena *a, const PaperMap *m, const char *name, const char *text, Keyed *k)
{
    int node = node_of(m->p, name);
    keyed_read(a, m, (PaperCell){ node, 0 }, LANG_VI, str_from_c(text), k);
    return keyed_text(a, m, (PaperCell){ node, 0 }, k, LANG_VI);
}

TEST_EACH_STORE(paper_entry_reads_codes_and_keeps_what_it_cannot_read)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperMap     m = paper_map(a, f.info->program);
    Keyed        k = keyed_new(a, m.p);
    CHECK_STR(typed(a, &m, "hai_long", "2", &k), S("2"));
    CHECK_STR(k.x.at[m.p->nodes.at[node_of(m.p, "hai_long")].answer], S("2"));
    CHECK_STR(typed(a, &m, "kenh", "3, 1", &k), S("1 3"));
    CHECK_STR(k.x.at[m.p->nodes.at[node_of(m.p, "kenh")].answer], S("web loa"));
    CHECK_STR(typed(a, &m, "kenh", "1 9", &k), S("1 9"));
    CHECK_STR(k.x.at[m.p->nodes.at[node_of(m.p, "kenh")].answer], S(""));
    CHECK_STR(typed(a, &m, "tinh", "1", &k), S("01"));
    CHECK_STR(typed(a, &m, "tuoi", "bốn mươi", &k), S("bốn mươi"));
    CHECK_STR(typed(a, &m, "gop_y", " <b>'\"& ", &k), S("<b>'\"&"));
    CHECK_STR(typed(a, &m, "gop_y", "?", &k), S("?"));
    Keyed again;
    CHECK_OK(keyed_load(a, m.p, keyed_json(a, m.p, &k.x), keyed_json(a, m.p, &k.typed), &again));
    CHECK_INT(keyed_differences(a, &m, &k, &again).len, 0);
    typed(a, &m, "tuoi", "40", &again);
    CHECK_INT(keyed_differences(a, &m, &k, &again).len, 1);
}

TEST_EACH_STORE(paper_entry_names_broken_rules)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperMap     m = paper_map(a, f.info->program);
    Keyed        k = keyed_new(a, m.p);
    PaperIssues  issues = { 0 };
    typed(a, &m, "hai_long", "3", &k);
    typed(a, &m, "ly_do", "Chờ lâu", &k);
    typed(a, &m, "tuoi", "9", &k);
    typed(a, &m, "kenh", "7", &k);
    typed(a, &m, "gop_y", "?", &k);
    keyed_faults(a, &m, &k, f.now, LANG_VI, &issues);
    Buf b = buf_new(a, 128);
    for (int i = 0; i < (int)m.p->nodes.len; i++)
        for (size_t j = 0; j < issues.len; j++)
            if (issues.at[j].at.node == i)
                buf_fmt(&b, "%.*s=%.*s ", STR_ARG(m.p->nodes.at[i].name), STR_ARG(issues.at[j].fault));
    CHECK_STR(buf_str(&b), S("kenh=choice ly_do=skip gop_y=illegible tuoi=constraint tinh=required "));
}

/* ---- Rows of a repeat ------------------------------------------------------------------------------------------------------ */

static const FormProgram *household(Arena *a)
{
    static const char sheet[] = "survey,,,,,\n,type,name,label,repeat_count,constraint\n,integer,so_nguoi,Số người,,\n"
                                ",begin_repeat,nguoi,Người,${so_nguoi},\n"
                                ",text,ten,Tên,,\n,integer,tuoi,Tuổi,,. < 120\n,select_one g,gioi,Giới,,\n"
                                ",begin_repeat,giay,Giấy,,\n,text,loai,Loại,,\n,end_repeat,,,,\n"
                                ",end_repeat,,,,\n,text,gop_y,Góp ý,,\nchoices,,,,,\n,list_name,name,label,,\n,g,nam,Nam,,\n,g,nu,Nữ,,\n"
                                "settings,,,,,\n,form_id,version,form_title,,\n,ho,1,Hộ,,\n";
    Arena        work   = arena_open((size_t)1 << 28);
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    if (form_read(a, work, (Str){ sheet, sizeof sheet - 1 }, NULL, &issues, &p) || !p)
        test_fail(__FILE_NAME__, __LINE__, "the questionnaire is not read");
    arena_close(&work);
    return p;
}

static void row(Arena *a, const PaperMap *m, const char *name, int at, const char *text, Keyed *k)
{
    keyed_read(a, m, (PaperCell){ node_of(m->p, name), at }, LANG_VI, str_from_c(text), k);
}

TEST(paper_rows_are_typed_packed_stored_and_compared_row_by_row)
{
    PaperMap   m = paper_map(a, household(a));
    Keyed      k = keyed_new(a, m.p), other, again;
    PaperCells d;
    CHECK_INT(m.number[node_of(m.p, "tuoi")], 3);
    CHECK_INT(m.number[node_of(m.p, "gop_y")], 5);
    CHECK_INT(m.number[node_of(m.p, "loai")], 0);            /* a repeat within a repeat is not on paper */
    row(a, &m, "so_nguoi", 0, "2", &k);
    row(a, &m, "ten", 1, "An", &k);
    row(a, &m, "tuoi", 1, "41", &k);
    row(a, &m, "gioi", 1, "2", &k);
    row(a, &m, "ten", 3, "Bình", &k);                        /* the second line was left free */
    row(a, &m, "tuoi", 3, "chín", &k);
    row(a, &m, "ten", 9, "", &k);                            /* nothing makes no row */
    CHECK_INT(keyed_rows(&k, node_of(m.p, "nguoi")), 3);
    keyed_pack(a, &m, &k);
    CHECK_STR(keyed_json(a, m.p, &k.x), S("{\"so_nguoi\":\"2\",\"nguoi\":[{\"ten\":\"An\",\"tuoi\":\"41\",\"gioi\":\"nu\"},{\"ten\":\"Bình\"}]}"));
    CHECK_STR(keyed_text(a, &m, (PaperCell){ node_of(m.p, "tuoi"), 2 }, &k, LANG_VI), S("chín"));
    CHECK_STR(keyed_words(a, &m, (PaperCell){ node_of(m.p, "gioi"), 1 }, &k, LANG_VI), S("2 (Nữ)"));
    CHECK_OK(keyed_load(a, m.p, keyed_json(a, m.p, &k.x), keyed_json(a, m.p, &k.typed), &again));
    CHECK_INT(keyed_differences(a, &m, &k, &again).len, 0);
    CHECK_OK(keyed_load(a, m.p, keyed_json(a, m.p, &k.x), keyed_json(a, m.p, &k.typed), &other));
    row(a, &m, "tuoi", 2, "9", &other);
    row(a, &m, "ten", 3, "Chi", &other);
    d = keyed_differences(a, &m, &k, &other);
    CHECK_INT(d.len, 2);
    CHECK_STR(paper_cell_key(a, m.p, d.at[0]), S("tuoi:2"));
    CHECK_STR(paper_cell_key(a, m.p, d.at[1]), S("ten:3"));
    keyed_set(a, m.p, d.at[1], keyed_value(a, m.p, d.at[1], &other), &again);          /* the second entry was right about the third row */
    CHECK_INT(keyed_rows(&again, node_of(m.p, "nguoi")), 3);
    PaperCell at;
    CHECK(!paper_cell_find(m.p, S("tuoi"), &at) && !paper_cell_find(m.p, S("gop_y:1"), &at) && !paper_cell_find(m.p, S("tuoi:0"), &at) &&
          !paper_cell_find(m.p, S("tuoi:x"), &at) && paper_cell_find(m.p, S("tuoi:12"), &at));
}

TEST(paper_reasons_go_with_their_row_when_rows_before_it_go)
{
    PaperMap m = paper_map(a, household(a));
    Keyed    k = keyed_new(a, m.p);
    int      repeat = node_of(m.p, "nguoi");
    static const int after[] = { 0, 1, 0, 2, 0, 3, 4, 4 };   /* rows 2 and 4 were emptied, 6 was never there */
    row(a, &m, "ten", 1, "An", &k);
    row(a, &m, "tuoi", 3, "200", &k);
    row(a, &m, "tuoi", 5, "chín", &k);
    int *to = keyed_packed_rows(a, &m, &k, repeat, COUNT_OF(after) - 1, 5);
    for (size_t i = 1; i < COUNT_OF(after); i++)
        CHECK_INT(to[i], after[i]);
    CHECK_INT(keyed_packed_rows(a, &m, &k, repeat, 6, 6)[6], 0);
    CHECK_INT(keyed_packed_rows(a, &m, &k, repeat, 6, 3)[4], 0);
    keyed_pack(a, &m, &k);
    CHECK_STR(keyed_text(a, &m, (PaperCell){ node_of(m.p, "tuoi"), to[3] }, &k, LANG_VI), S("200"));
    CHECK_STR(keyed_text(a, &m, (PaperCell){ node_of(m.p, "tuoi"), to[5] }, &k, LANG_VI), S("chín"));
}

TEST(paper_rows_break_rules_in_their_row)
{
    PaperMap    m = paper_map(a, household(a));
    Keyed       k = keyed_new(a, m.p);
    PaperIssues issues = { 0 };
    Buf         b = buf_new(a, 128);
    row(a, &m, "so_nguoi", 0, "3", &k);
    row(a, &m, "tuoi", 1, "200", &k);
    row(a, &m, "gioi", 2, "7", &k);
    keyed_faults(a, &m, &k, (Time){ INT64_C(1795000000000) }, LANG_VI, &issues);
    for (size_t i = 0; i < issues.len; i++)
        buf_fmt(&b, "%.*s=%.*s ", STR_ARG(paper_cell_key(a, m.p, issues.at[i].at)), STR_ARG(issues.at[i].fault));
    CHECK_STR(buf_str(&b), S("gioi:2=choice tuoi:1=constraint ten:3=rows "));
}

/* ---- The way of a form ----------------------------------------------------------------------------------------------------- */

static PaperBatch batch_of(RoundFixture *f, Arena *a, int64_t from, int64_t to)
{
    PaperBatch b = { .round = f->round.id, .unit = { UNIT_ROOT }, .label = S("lô"), .first = from, .last = to, .stated = to - from + 1,
                     .received_by = first, .received_at = f->now };
    bool fresh;
    Err  e = batch_save(f->db, &b);
    for (int64_t n = from; n <= to && !e; n++)
        e = paper_form_add(f->db, &b, n, &fresh);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
    return b;
}

static Err key_in(RoundFixture *f, Arena *a, const PaperMap *m, int64_t serial, PersonId who, const char *level, const char *age)
{
    PaperForm  form;
    PaperEntry e;
    Keyed      k    = keyed_new(a, m->p);
    int        pass = 0;
    TRY(paper_form_by_serial(f->db, a, f->round.id, serial, &form));
    if (pass_gate(&form, who, &pass) != PASS_OPEN)
        return err_new(a, ERR_FORBIDDEN, S("gate"));
    TRY(entry_begin(f->db, &(PaperEntry){ .form = form.id, .pass = pass, .person = who, .started_at = f->now }));
    TRY(entry_load(f->db, a, form.id, pass, &e));
    typed(a, m, "hai_long", level, &k);
    typed(a, m, "tuoi", age, &k);
    typed(a, m, "tinh", "24", &k);
    if (node_of(m->p, "ma_mau") >= 0)
        typed(a, m, "ma_mau", "00009-9", &k);
    e.answers  = keyed_json(a, m->p, &k.x);
    e.typed    = keyed_json(a, m->p, &k.typed);
    e.saved_at = e.done_at = f->now;
    e.done     = true;
    TRY(entry_save(f->db, &e));
    if (pass == 2)
        return passes_compare(f->db, a, m, &form, f->now);
    form.state = PAPER_FIRST;
    return paper_form_save(f->db, &form);
}

TEST_EACH_STORE(paper_form_is_typed_twice_by_two_people)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperMap     m = paper_map(a, f.info->program);
    PaperForm    form;
    CHECK_OK(db_begin_write(f.db));
    batch_of(&f, a, 1, 3);
    CHECK_OK(key_in(&f, a, &m, 1, first, "2", "40"));
    CHECK_ERR(key_in(&f, a, &m, 1, first, "2", "40"), ERR_FORBIDDEN);
    CHECK_OK(key_in(&f, a, &m, 1, second, "2", "40"));
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 1, &form));
    CHECK_INT(form.state, PAPER_SETTLED);
    CHECK_ERR(key_in(&f, a, &m, 1, third, "2", "40"), ERR_FORBIDDEN);
    CHECK_OK(key_in(&f, a, &m, 2, first, "2", "40"));
    CHECK_OK(key_in(&f, a, &m, 2, second, "3", "40"));
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 2, &form));
    CHECK_INT(form.state, PAPER_SECOND);
    PaperDifferences d;
    CHECK_OK(differences_load(f.db, a, form.id, &d));
    CHECK_INT(d.len, 1);
    CHECK_STR(d.at[0].question, S("hai_long"));
    CHECK_STR(d.at[0].first, S("2"));
    CHECK_STR(d.at[0].second, S("3"));
    CHECK_OK(db_commit(f.db));
}

TEST_EACH_STORE(paper_form_becomes_one_answer)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperMap     m = paper_map(a, f.info->program);
    PaperForm    form, again;
    CHECK_OK(db_begin_write(f.db));
    batch_of(&f, a, 1, 2);
    CHECK_OK(key_in(&f, a, &m, 1, first, "2", "40"));
    CHECK_OK(key_in(&f, a, &m, 1, second, "2", "40"));
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 1, &form));
    again = form;
    CHECK_OK(paper_accept(f.db, f.store, a, &f.app, &form, third, f.now));
    CHECK(form.submission.v != 0);
    SubmissionId id = form.submission;
    again.state    = PAPER_SETTLED;
    again.revision = form.revision;
    CHECK_OK(paper_accept(f.db, f.store, a, &f.app, &again, third, f.now));
    CHECK_INT(again.submission.v, id.v);
    CHECK_ERR(paper_accept(f.db, f.store, a, &f.app, &again, third, f.now), ERR_CONFLICT);
    CHECK_OK(db_commit(f.db));
    CHECK_INT(fixture_stored(&f, a), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM submissions WHERE channel = 'paper' AND flagged = 0")), 1);
    fixture_whole(&f, a);
}

/* A form whose age breaks its constraint, kept with a reason, is accepted. */
static void accept_a_broken_rule(RoundFixture *f, Arena *a)
{
    PaperMap     m = paper_map(a, f->info->program);
    PaperForm    form;
    PaperKeeps   keeps = { 0 };
    CHECK_OK(db_begin_write(f->db));
    batch_of(f, a, 1, 1);
    CHECK_OK(key_in(f, a, &m, 1, first, "2", "9"));
    CHECK_OK(key_in(f, a, &m, 1, second, "2", "9"));
    CHECK_OK(paper_form_by_serial(f->db, a, f->round.id, 1, &form));
    *list_add(a, &keeps) = (PaperKeep){ S("tuoi"), S("constraint"), S("Ghi như trên giấy"), first };
    CHECK_OK(keeps_save(f->db, form.id, 1, &keeps));
    CHECK_OK(paper_accept(f->db, f->store, a, &f->app, &form, third, f->now));
    CHECK_OK(db_commit(f->db));
}

TEST_EACH_STORE(paper_form_with_a_kept_rule_break_is_flagged)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    accept_a_broken_rule(&f, a);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM submissions WHERE flag_reason = 'rules' AND flagged = 1")), 1);
    fixture_whole(&f, a);
}

static Err find_none(Db *db, Arena *a, RoundId round, Str code, int64_t *out_case, CaseClaim *out)
{
    (void)db, (void)a, (void)round, (void)code, (void)out_case;
    *out = CLAIM_UNKNOWN;
    return OK;
}

TEST_EACH_STORE(paper_form_that_breaks_a_rule_still_says_what_is_wrong_with_its_case)
{
    static const CaseFinder finder = { find_none };
    RoundFixture f = round_fixture_of(store, a,
        "[survey]\ntype|name|label::Tiếng Việt (vi)|required|constraint\nselect_one muc|hai_long|Hài lòng?|yes|\ninteger|tuoi|Tuổi|no|. >= 15\n"
        "select_one tinh|tinh|Tỉnh|yes|\ntext|ma_mau|Mã mẫu|no|\n[choices]\nlist_name|name|label::Tiếng Việt (vi)\nmuc|1|Không\nmuc|2|Có\n"
        "tinh|24|Bắc Ninh\n[settings]\nform_id|version|form_title\nthu|1|Phiếu thử\n");
    f.app.case_finder = &finder;
    accept_a_broken_rule(&f, a);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM submissions WHERE flag_reason = 'case_unknown' AND flagged = 1")), 1);
    fixture_whole(&f, a);
}

static Err find_free(Db *db, Arena *a, RoundId round, Str code, int64_t *out_case, CaseClaim *out)
{
    (void)db, (void)a, (void)round, (void)code;
    *out_case = 7;
    *out      = CLAIM_FREE;
    return OK;
}

/* What another transaction stores after this one has looked the case up. */
TEST_EACH_STORE(paper_form_of_a_case_that_was_taken_meanwhile_is_marked_and_waits_in_line)
{
    static const CaseFinder finder = { find_free };
    RoundFixture f = round_fixture_of(store, a,
        "[survey]\ntype|name|label::Tiếng Việt (vi)|required|constraint\nselect_one muc|hai_long|Hài lòng?|yes|\ninteger|tuoi|Tuổi|no|. >= 15\n"
        "select_one tinh|tinh|Tỉnh|yes|\ntext|ma_mau|Mã mẫu|no|\n[choices]\nlist_name|name|label::Tiếng Việt (vi)\nmuc|1|Không\nmuc|2|Có\n"
        "tinh|24|Bắc Ninh\n[settings]\nform_id|version|form_title\nthu|1|Phiếu thử\n");
    CasePlace place;
    f.app.case_finder = &finder;
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(case_link_add(f.db, 7, f.round.id, (SubmissionId){ 5 }, &place));
    CHECK_OK(db_commit(f.db));
    accept_a_broken_rule(&f, a);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM submissions WHERE flag_reason = 'case_twice' AND flagged = 1")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM case_claims WHERE case_id = 7 AND state = 'waiting' AND source = 'sent'")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT submission_id FROM case_links WHERE case_id = 7")), 5);
    fixture_whole(&f, a);
}

/* ---- A batch as a job ------------------------------------------------------------------------------------------------------- */

enum { BATCH = 230, BAD_ONE = 150 };

static void settled_batch(RoundFixture *f, Arena *a, PaperBatch *out)
{
    PaperForm form;
    *out = batch_of(f, a, 1, BATCH);
    for (int n = 1; n <= BATCH; n++) {
        if (paper_form_by_serial(f->db, a, f->round.id, n, &form))
            test_fail(__FILE_NAME__, __LINE__, "form %d is not there", n);
        form.state         = PAPER_SETTLED;
        form.settled_at    = f->now;
        form.final_answers = n == BAD_ONE ? S("not JSON") : S("{\"hai_long\":\"2\",\"tinh\":\"01\"}");
        if (paper_form_save(f->db, &form))
            test_fail(__FILE_NAME__, __LINE__, "form %d is not saved", n);
    }
}

static Err accept_run(RoundFixture *f, Arena *a, int64_t batch)
{
    Job    job = { .id = { 9 }, .owner = third, .owner_name = S("giamsat"), .unit = { UNIT_ROOT }, .mark = S(""), .created_at = time_now() };
    Arena  own = arena_open((size_t)1 << 30);
    JobRun run = { .db = f->db, .store = f->store, .arena = &own, .app = &f->app, .job = &job };
    AUTO_STMT q = db_prepare(f->db, SQL("SELECT mark FROM jobs WHERE id = 9"));
    if (db_row(q))
        job.mark = arena_str(a, col_str(q, 0));
    Err e = db_done(q);
    if (!e)
        e = json_parse(&own, arena_fmt(a, "{\"batch\":%lld}", (long long)batch), &run.args);
    if (!e)
        e = paper_accept_job.run(&run);
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&own);
    return e;
}

/* A run that is cut off in its second piece keeps the first, and the next one goes on behind it. */
TEST_EACH_STORE(paper_batch_is_accepted_in_pieces_and_nothing_is_doubled_after_a_cut)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperBatch   b;
    CHECK_OK(db_begin_write(f.db));
    settled_batch(&f, a, &b);
    test_sql(f.db, SQL("INSERT INTO jobs (id, kind, unit_id, owner, owner_name, state, not_before, created_at) "
                       "VALUES (9, 'paper.accept', 1, 13, 'giamsat', 'running', 1, 1)"));
    CHECK_OK(db_commit(f.db));
    Err e = accept_run(&f, a, b.id);
    CHECK(e != NULL);
    CHECK(str_starts(e->detail, serial_text(a, BAD_ONE)));             /* which sheet it was */
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM paper_forms WHERE state = 'accepted'")), 100);
    CHECK_INT(fixture_stored(&f, a), 100);
    test_sql(f.db, SQL("UPDATE paper_forms SET final_answers = '{\"hai_long\":\"1\",\"tinh\":\"01\"}' WHERE final_answers = 'not JSON'"));
    CHECK_OK(accept_run(&f, a, b.id));
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM paper_forms WHERE state = 'accepted' AND submission_id <> 0")), BATCH);
    CHECK_INT(fixture_stored(&f, a), BATCH);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM jobs WHERE state = 'done' AND id = 9")), 1);
    CHECK_INT(test_sql_int(f.db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'paper.accept' AND detail LIKE '%230%'")), 1);
    fixture_whole(&f, a);
}

TEST_EACH_STORE(paper_serials_are_counted_once)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperForms   forms, doubled;
    CHECK_OK(db_begin_write(f.db));
    batch_of(&f, a, 1, 5);
    PaperBatch b = batch_of(&f, a, 4, 8);
    CHECK_OK(paper_forms_of(f.db, a, b.id, &forms));
    CHECK_OK(paper_duplicates_of(f.db, a, b.id, &doubled));
    CHECK_INT(forms.len, 3);
    CHECK_INT(doubled.len, 2);
    forms.at[0].missing_pages = S("2,3");
    CHECK_OK(paper_form_save(f.db, &forms.at[0]));
    CHECK_OK(batch_load(f.db, a, b.id, &b));
    CHECK_INT(b.forms, 3);
    CHECK_INT(b.n[PAPER_REGISTERED], 3);
    CHECK_INT(b.duplicates, 2);
    CHECK_INT(b.incomplete, 1);
    PaperRun run = { .round = f.round.id, .unit = { UNIT_ROOT }, .by = first, .at = f.now };
    CHECK_OK(run_make(f.db, a, 100, &run));
    CHECK_INT(run.first, 1);
    CHECK_OK(run_make(f.db, a, 50, &run));
    CHECK_INT(run.first, 101);
    CHECK_INT(run.last, 150);
    CHECK_OK(db_commit(f.db));
}

TEST_EACH_STORE(paper_batches_are_listed_by_page_within_a_scope)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    RightScope   all = { .all = true }, none = { .db = f.db, .a = a };
    PaperBatches rows;
    int64_t      id[3];
    CHECK_OK(db_begin_write(f.db));
    for (int i = 0; i < 3; i++)
        id[i] = batch_of(&f, a, 10 * i + 1, 10 * i + 1 + i).id;
    CHECK_OK(batch_list(f.db, a, &all, 0, 2, &rows));
    CHECK_INT(rows.len, 2);
    CHECK_INT(rows.at[0].id, id[2]);                     /* newest first */
    CHECK_INT(rows.at[0].forms, 3);
    CHECK_OK(batch_list(f.db, a, &all, 2, 2, &rows));
    CHECK_INT(rows.len, 1);
    CHECK_INT(rows.at[0].id, id[0]);
    CHECK_OK(batch_list(f.db, a, &none, 0, 2, &rows));
    CHECK_INT(rows.len, 0);
    CHECK_OK(db_commit(f.db));
}

TEST_EACH_STORE(paper_draft_goes_to_the_next_clerk_as_it_is)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperForm    form;
    PaperEntry   e;
    int          pass;
    CHECK_OK(db_begin_write(f.db));
    batch_of(&f, a, 1, 1);
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 1, &form));
    CHECK_OK(entry_begin(f.db, &(PaperEntry){ .form = form.id, .pass = 1, .person = first, .started_at = f.now }));
    CHECK_OK(entry_load(f.db, a, form.id, 1, &e));
    e.answers  = S("{\"gop_y\":\"đang gõ\"}");
    e.saved_at = f.now;
    PaperEntry old = e;
    CHECK_OK(entry_save(f.db, &e));
    CHECK_ERR(entry_save(f.db, &old), ERR_CONFLICT);
    CHECK_OK(db_commit(f.db));
    CHECK_OK(db_begin_write(f.db));
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 1, &form));
    CHECK_INT(pass_gate(&form, second, &pass), PASS_ANOTHER);
    CHECK_OK(entry_release(f.db, form.id, 1));
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 1, &form));
    CHECK_INT(pass_gate(&form, second, &pass), PASS_OPEN);
    CHECK_OK(entry_begin(f.db, &(PaperEntry){ .form = form.id, .pass = 1, .person = second, .started_at = f.now }));
    CHECK_OK(entry_load(f.db, a, form.id, 1, &e));
    CHECK_STR(e.answers, S("{\"gop_y\":\"đang gõ\"}"));
    CHECK_INT(e.person.v, second.v);
    CHECK_OK(db_commit(f.db));
}

TEST_EACH_STORE(paper_rates_count_clerks_and_questions)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperMap     m = paper_map(a, f.info->program);
    PaperRates   clerks, questions;
    PaperForm    form;
    CHECK_OK(db_begin_write(f.db));
    PaperBatch b = batch_of(&f, a, 1, 2);
    CHECK_OK(key_in(&f, a, &m, 1, first, "2", "40"));
    CHECK_OK(key_in(&f, a, &m, 1, second, "3", "41"));
    CHECK_OK(key_in(&f, a, &m, 2, first, "2", "40"));
    CHECK_OK(key_in(&f, a, &m, 2, second, "2", "40"));
    CHECK_OK(paper_form_by_serial(f.db, a, f.round.id, 1, &form));
    PaperDifferences d;
    CHECK_OK(differences_load(f.db, a, form.id, &d));
    for (size_t i = 0; i < d.len; i++)
        d.at[i].final = d.at[i].first, d.at[i].settled = true, d.at[i].wrong = 2;
    CHECK_OK(differences_save(f.db, form.id, &d, third, f.now));
    CHECK_OK(rates_by_clerk(f.db, a, b.id, 6, &clerks));
    CHECK_OK(rates_by_question(f.db, a, b.id, &questions));
    CHECK_INT(clerks.len, 2);
    for (size_t i = 0; i < clerks.len; i++) {
        CHECK_INT(clerks.at[i].compared, 12);
        CHECK_INT(clerks.at[i].differing, 2);
        CHECK_INT(clerks.at[i].wrong, clerks.at[i].person.v == second.v ? 2 : 0);
    }
    CHECK_INT(questions.len, 2);
    CHECK_INT(questions.at[0].compared, 2);
    CHECK_OK(db_commit(f.db));
}

TEST_EACH_STORE(paper_rates_count_a_form_once_a_question_however_many_rows_differ)
{
    RoundFixture f = round_fixture(store, a, IDENTITY_OPEN);
    PaperMap     m = paper_map(a, f.info->program);
    PaperRates   clerks, questions;
    CHECK_OK(db_begin_write(f.db));
    PaperBatch b = batch_of(&f, a, 1, 2);
    for (int64_t serial = 1; serial <= 2; serial++) {
        CHECK_OK(key_in(&f, a, &m, serial, first, "2", "40"));
        CHECK_OK(key_in(&f, a, &m, serial, second, "2", "40"));
    }
    test_sql(f.db, SQL("INSERT INTO paper_differences (form_id, question, first_value, second_value, wrong) SELECT f.id, q.name, 'x', 'y', q.wrong "
                       "FROM paper_forms f CROSS JOIN (SELECT 'q1:1' AS name, 1 AS wrong UNION ALL SELECT 'q1:2', 1 UNION ALL SELECT 'q1:12', 2 "
                       "UNION ALL SELECT 'q1', 0) q WHERE f.serial = 1"));
    CHECK_OK(rates_by_clerk(f.db, a, b.id, 1, &clerks));
    CHECK_OK(rates_by_question(f.db, a, b.id, &questions));
    CHECK_INT(clerks.len, 2);
    for (size_t i = 0; i < clerks.len; i++) {
        CHECK_INT(clerks.at[i].compared, 2);
        CHECK_INT(clerks.at[i].differing, 1);
        CHECK_INT(clerks.at[i].wrong, 1);
    }
    CHECK_INT(questions.len, 1);
    CHECK_STR(questions.at[0].name, S("q1"));
    CHECK_INT(questions.at[0].compared, 2);
    CHECK_INT(questions.at[0].differing, 1);
    CHECK_INT(questions.at[0].wrong, 1);
    test_sql(f.db, SQL("UPDATE paper_forms SET state = 'void' WHERE serial = 1"));
    CHECK_OK(rates_by_question(f.db, a, b.id, &questions));
    CHECK_INT(questions.len, 0);
    CHECK_OK(db_commit(f.db));
}
