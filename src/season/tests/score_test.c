/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Scores with revisions, files used again, evidence, and seals. */
#include "base/test.h"
#include "scheme/tests/scheme_fixture.h"
#include "season/scores.h"
#include "season/tests/season_fixture.h"
#include "store/test_store.h"

#include <math.h>

static Card one_card(Db *db, Arena *a, Season *out)
{
    Card card;
    test_sql(db, SQL("INSERT INTO units (id, kind, from_day, to_day, end_source) VALUES (1, 'nation', '0001-01-01', '9999-12-31', '')"));
    *out = season_fixture(db, a, scheme_fixture(db, a, (UnitId){ 1 }), (UnitId){ 1 }, &card);
    return card;
}

TEST_EACH_STORE(a_score_changes_only_over_what_was_seen)
{
    Db        *db = test_take(store, a);
    Season     s;
    CardScores rows;
    CardCounts counts;
    CHECK_OK(db_begin_write(db));
    Card      card = one_card(db, a, &s);
    CardScore x    = { .code = S("1"), .inputs = S("{}"), .manual = 0.5, .points = 0.5, .note = S("vì <b>"), .by = { 7 }, .at = { 9 } };
    CHECK_OK(card_score_save(db, a, card.id, &x, 0));
    CHECK_INT(x.revision, 1);
    CHECK_ERR(card_score_save(db, a, card.id, &x, 0), ERR_CONFLICT);
    CHECK_OK(card_score_save(db, a, card.id, &x, 1));
    x.points = x.manual = NAN;
    CHECK_OK(card_score_save(db, a, card.id, &x, 2));
    CHECK_ERR(card_score_save(db, a, card.id, &x, 2), ERR_CONFLICT);
    CHECK_OK(card_scores(db, a, card.id, &rows));
    CHECK(rows.len == 1 && rows.at[0].revision == 3 && isnan(rows.at[0].points) && isnan(rows.at[0].manual) && str_eq(rows.at[0].note, S("vì <b>")));
    CHECK_OK(season_progress(db, a, s.id, &counts));
    CHECK_INT(counts.len, 0);
    x.not_applicable = true;
    CHECK_OK(card_score_save(db, a, card.id, &x, 3));
    CHECK_OK(season_progress(db, a, s.id, &counts));
    CHECK(counts.len == 1 && counts.at[0].done == 1);
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(a_file_is_kept_once_and_proves_several_criteria)
{
    Db           *db = test_take(store, a);
    Season        s;
    CardFiles     files;
    CardEvidences evidence;
    CardFile      f = { .name = S("bc.pdf"), .type = S("application/pdf"), .size = 3, .sum = sha256(S("abc")), .at = { 5 } }, twin = f, read;
    CHECK_OK(db_begin_write(db));
    Card card = one_card(db, a, &s);
    CHECK_OK(card_file_add(db, a, card.id, &f));
    twin.name = S("khac.pdf");
    CHECK_OK(card_file_add(db, a, card.id, &twin));
    CHECK(twin.id == f.id && str_eq(twin.name, S("bc.pdf")));
    CHECK_OK(card_files(db, a, card.id, &files));
    CHECK_INT(files.len, 1);
    CHECK_OK(card_file_load(db, a, card.id, f.id, &read));
    CHECK(!memcmp(read.sum.at, f.sum.at, sizeof f.sum.at));
    CHECK_ERR(card_file_load(db, a, (CardId){ card.id.v + 1 }, f.id, &read), ERR_NOT_FOUND);
    CardEvidence e = { S("1"), EVIDENCE_FILE, f.id }, g = { S("2"), EVIDENCE_FILE, f.id };
    CHECK_OK(card_evidence_add(db, card.id, &e, (PersonId){ 7 }, (Time){ 6 }));
    CHECK_OK(card_evidence_add(db, card.id, &e, (PersonId){ 7 }, (Time){ 6 }));
    CHECK_OK(card_evidence_add(db, card.id, &g, (PersonId){ 7 }, (Time){ 6 }));
    CHECK_OK(card_evidence(db, a, card.id, &evidence));
    CHECK_INT(evidence.len, 2);
    CHECK_OK(card_evidence_remove(db, card.id, &e));
    CHECK_OK(card_evidence(db, a, card.id, &evidence));
    CHECK(evidence.len == 1 && str_eq(evidence.at[0].code, S("2")));
    CHECK_OK(db_commit(db));
}

TEST_EACH_STORE(a_seal_holds_what_was_signed)
{
    Db           *db = test_take(store, a);
    Season        s;
    CardScores    scores = { 0 };
    CardFiles     files = { 0 };
    CardEvidences evidence = { 0 };
    SchemeCriterion leaf = { .code = S("1") };
    Scheme        scheme = { .code = S("S"), .at = &leaf, .len = 1 };
    CardSeal      last;
    bool          found;
    const Json   *json;
    CHECK_OK(db_begin_write(db));
    Card card = one_card(db, a, &s);
    *list_add(a, &scores)   = (CardScore){ .code = S("1"), .inputs = S("{\"x\":1}"), .manual = NAN, .points = 0.5, .note = S("\"vì\"") };
    *list_add(a, &files)    = (CardFile){ .id = 4, .name = S("a.pdf"), .sum = sha256(S("abc")) };
    *list_add(a, &evidence) = (CardEvidence){ S("1"), EVIDENCE_FILE, 4 };
    *list_add(a, &evidence) = (CardEvidence){ S("1"), EVIDENCE_EDITION, 9 };
    Str content = card_seal_content(a, &s, &card, &scheme, &scores, &files, &evidence);
    CHECK_OK(json_parse(a, content, &json));
    CHECK(str_has(content, sha256_hex(a, S("abc"))) && str_has(content, S("\"points\":0.5")));
    scores.at[0].points = 0.75;
    CHECK(!str_eq(content, card_seal_content(a, &s, &card, &scheme, &scores, &files, &evidence)));
    CHECK_OK(card_seal_last(db, a, card.id, &found, &last));
    CHECK(!found);
    CardSeal seal = { content, sha256_hex(a, content), { 7 }, { 8 } };
    CHECK_OK(card_seal_add(db, card.id, &seal));
    CHECK_OK(card_seal_last(db, a, card.id, &found, &last));
    CHECK(found && str_eq(last.content, content) && str_eq(last.sha256, sha256_hex(a, last.content)) && last.by.v == 7);
    CHECK_OK(db_commit(db));
}

TEST(what_a_unit_says_is_a_card_of_the_engine)
{
    CardScores  scores = { 0 };
    const Json *json;
    Str         code = S("");
    *list_add(a, &scores) = (CardScore){ .code = S("1"), .inputs = S("{\"x\":1}"), .manual = NAN };
    *list_add(a, &scores) = (CardScore){ .code = S("2"), .inputs = S("{}"), .manual = 0.5 };
    *list_add(a, &scores) = (CardScore){ .code = S("3"), .inputs = S("{\"x\":1}"), .manual = 1, .not_applicable = true };
    CHECK_OK(json_parse(a, card_json(a, S("Gia Lai"), &scores), &json));
    CHECK_INT(json_get(json, S("inputs"))->len, 2);
    CHECK_INT(json_get(json, S("manual"))->len, 1);
    CHECK(json_str(json_at(json_get(json, S("not_applicable")), 0), &code) && str_eq(code, S("3")));
    CHECK(card_score_find(&scores, S("2")) == &scores.at[1] && !card_score_find(&scores, S("9")));
    CHECK(!season_leaf_own(&(SchemeCriterion){ .group = true }) && !season_leaf_own(&(SchemeCriterion){ .method = METHOD_SURVEY }));
    CHECK(season_leaf_own(&(SchemeCriterion){ .method = METHOD_MANUAL }));
}
