/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The registry: figures as typed, sheets that overwrite nothing, what joins the figures of the files and outlives their loading. */
#include "indices/index_registry.h"
#include "store/test_store.h"

#include <math.h>

TEST(registry_reads_figures_and_codes_as_typed)
{
    double x = 0;
    CHECK(registry_score_parse(LANG_VI, S("85,25"), 100, &x) && x == 85.25);
    CHECK(registry_score_parse(LANG_VI, S("0"), 100, &x) && x == 0);
    CHECK(registry_score_parse(LANG_VI, S("100"), 100, &x) && x == 100);
    CHECK(!registry_score_parse(LANG_VI, S("100,01"), 100, &x) && !registry_score_parse(LANG_VI, S("-1"), 100, &x));
    CHECK(!registry_score_parse(LANG_VI, S("85,12345"), 100, &x) && !registry_score_parse(LANG_VI, S("tám"), 100, &x));
    CHECK_STR(registry_score_text(a, LANG_VI, 85.25), S("85,25"));
    CHECK_STR(registry_score_text(a, LANG_EN, 0.1234), S("0.1234"));
    CHECK_STR(registry_score_text(a, LANG_VI, 7), S("7"));
    CHECK_STR(registry_score_text(a, LANG_VI, NAN), S(""));
    CHECK(registry_code_good(S("ddci-lao-cai")) && !registry_code_good(S("compare")) && !registry_code_good(S("2ddci")) && !registry_code_good(S("DDCI")));
}

static Err enter(Db *db, Arena *a, int64_t revision, int64_t unit, double score)
{
    RegistrySheet   s = { 7, 2024, revision, S("QĐ 12/QĐ-UBND"), S("https://example.vn/ddci"), revision > 1 ? S("đính chính") : S(""),
                          date_from_ymd(2025, 3, 1), { 1 }, { 1000 * revision } };
    RegistryFigures f = { 0 };
    *list_add(a, &f) = (RegistryFigure){ 2024, revision, { unit }, score };
    return registry_keep(db, a, &s, &f);
}

static size_t of_index(Db *db, Arena *a, Str code, PublishedValues *out)
{
    *out = (PublishedValues){ 0 };
    return published_values(db, a, code, out) ? 0 : out->len;
}

TEST_EACH_STORE(registry_figures_keep_their_past_and_outlive_the_files)
{
    Db             *db = test_take(store, a);
    PublishedIndex  seen;
    PublishedValues v, all;
    RegistryFigures kept;
    RegistrySheets  sheets;
    bool            taken = false;
    RegistryIndex   x = { .id = 7, .owner = { UNIT_ROOT }, .kind = UNIT_PROVINCE, .code = S("pci"), .name = { S("PCI"), S("PCI") },
                          .value = { S("điểm"), S("points") }, .max_points = 100, .made_by = { 1 }, .made_at = { 1 } };
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(indices_load_published(db, a));
    size_t files = of_index(db, a, S(""), &all);
    CHECK_OK(registry_add(db, &x));
    CHECK_ERR(published_index(db, a, S("pci"), &seen), ERR_NOT_FOUND);     /* nothing to show yet */
    CHECK_OK(enter(db, a, 1, 2022, 70.5));
    CHECK_OK(enter(db, a, 2, 2024, 80));
    CHECK_ERR(enter(db, a, 2, 2022, 71), ERR_CONFLICT);                    /* somebody was faster */
    CHECK_OK(enter(db, a, 3, 2022, 81.25));
    CHECK_OK(indices_load_published(db, a));
    CHECK_OK(published_index(db, a, S("pci"), &seen));
    CHECK_INT(of_index(db, a, S("pci"), &v), 2);
    CHECK_INT(of_index(db, a, S(""), &all), files + 2);
    CHECK(v.at[0].score == 81.25 && v.at[0].rank == 0 && str_eq(v.at[0].unit[LANG_VI], S("Quảng Ninh")));
    CHECK_STR(v.at[1].unit[LANG_VI], S("Bắc Giang"));                      /* as it was in 2024 */
    CHECK_STR(v.at[0].source, S("entered-7-2024-3"));
    CHECK_OK(registry_figures(db, a, 7, &kept));
    CHECK_OK(registry_sheets(db, a, 7, &sheets));
    CHECK(kept.len == 3 && sheets.len == 3 && str_eq(sheets.at[0].reason, S("đính chính")));
    CHECK(registry_figure(&kept, 2024, (UnitId){ 2022 }, 3)->score == 70.5);
    CHECK_OK(enter(db, a, 4, 2022, NAN));                                  /* taken back: a gap, its past stays */
    CHECK_INT(of_index(db, a, S("pci"), &v), 1);
    CHECK_OK(registry_code_taken(db, S("sipas"), &taken));
    CHECK(taken);
}

TEST_EACH_STORE(registry_local_figures_stand_in_their_province)
{
    Db             *db = test_take(store, a);
    Units           communes;
    PublishedValues v;
    RegistryIndex   x = { .id = 7, .kind = UNIT_COMMUNE, .code = S("ddci"), .name = { S("DDCI"), S("DDCI") },
                          .value = { S("điểm"), S("points") }, .max_points = 100, .made_by = { 1 }, .made_at = { 1 } };
    Unit            province;
    CHECK_OK(db_begin_write(db));
    CHECK_OK(unit_load_reference(db, a, NULL, NULL));
    CHECK_OK(unit_by_code(db, a, UNIT_PROVINCE, S("22"), date_from_ymd(2025, 12, 31), &province));
    CHECK_OK(unit_children(db, a, province.id, date_from_ymd(2025, 12, 31), &communes));
    x.owner = province.id;
    CHECK_OK(registry_add(db, &x));
    CHECK_OK(enter(db, a, 1, communes.at[0].id.v, 60));
    CHECK_INT(of_index(db, a, S("ddci"), &v), 1);
    CHECK(v.at[0].level == LEVEL_COMMUNE);
    CHECK_STR(v.at[0].area, province.name_vi);
}
