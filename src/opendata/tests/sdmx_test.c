/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Ids of SDMX, and figures as rows of a cube. */
#include "base/test.h"
#include "opendata/parts.h"

#include <math.h>

TEST(sdmx_ids_are_allowed_letters_and_never_meet)
{
    const char *texts[] = { "B2.1", "B2_1", "B2$_1", "B2:1", "B2@1", "B2-1", "gop_y", "gop.y", "gop:y", "é", "$C3", "C3", "_T", "" };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Str id = sdmx_id(a, str_from_c(texts[i]));
        for (size_t k = 0; k < id.len; k++)
            CHECK(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@$-", id.at[k]) != NULL);
        for (size_t k = 0; k < i; k++)
            CHECK(!str_eq(id, sdmx_id(a, str_from_c(texts[k]))));
    }
    CHECK_STR(sdmx_id(a, S("B2.1.3")), S("B2_1_3"));
    CHECK_STR(sdmx_id(a, S("gop_y")), S("gop$_y"));
    CHECK(!str_eq(sdmx_id(a, S("_T")), S("_T")));          /* the total is no answer */
}

static const Figure figures[] = {
    { .name = S_INIT("satisfied.B"), .label_vi = S_INIT("Chung"), .label_en = S_INIT("All"), .unit = S_INIT("%"), .n = 90,
      .x = 80.5, .se = 1, .low = 78, .high = 83 },
    { .name = S_INIT("satisfied.B1.2"), .label_vi = S_INIT("Tiếp cận"), .unit = S_INIT("%"), .by = S_INIT("tinh"), .value = S_INIT("24"),
      .n = 12, .x = 50, .se = NAN, .low = NAN, .high = NAN },
    { .name = S_INIT("mean.B"), .unit = S_INIT("1-5"), .by = S_INIT("gioi"), .value = S_INIT("nu"), .n = 3, .x = NAN, .se = NAN, .low = NAN, .high = NAN,
      .suppressed = true },
    { .name = S_INIT("satisfied.B12"), .unit = S_INIT("%"), .x = NAN, .se = NAN, .low = NAN, .high = NAN },
};

static EditionFile file_of(Arena *a)
{
    EditionFile e = { .row = { .round_code = S("thu-2026"), .number = 2, .label = S("weighted"), .title_vi = S("Thử"), .title_en = S("Try") },
                      .round = { .unit_question = S("tinh") }, .period = S("2026") };
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        *list_add(a, &e.figures) = figures[i];
    *list_add(a, &e.provinces) = (Unit){ .code = S("24"), .name_vi = S("Bắc Ninh"), .name_en = S("Bac Ninh") };
    return e;
}

TEST(sdmx_rows_tell_what_is_hidden_and_nothing_of_it)
{
    EditionFile e   = file_of(a);
    Str         csv = sdmx_csv(a, &e);
    CHECK(str_starts(csv, S("STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,ITEM,BREAKDOWN,TIME_PERIOD,OBS_VALUE,OBS_STATUS,")));
    CHECK(str_has(csv, S("datastructure,THUOCDO:DSD_THU_2026(2.0.0),I,A,VN,SATISFIED,B,_T,2026,80.5,A,PT,90,1,78,83,weighted\r\n")));
    CHECK(str_has(csv, S(",I,A,24,SATISFIED,B1_2,_T,2026,50,A,PT,12,,,,weighted\r\n")));
    CHECK(str_has(csv, S(",I,A,VN,MEAN,B,gioi@nu,2026,,Q,SCALE_1_5,,,,,weighted\r\n")));
    CHECK(str_has(csv, S(",SATISFIED,B12,_T,2026,,O,PT,0,,,,weighted\r\n")));
}

TEST(sdmx_lists_name_each_code_once_and_its_parent)
{
    EditionFile e = file_of(a);
    SdmxLists   l = sdmx_lists(a, &e.figures, S("tinh"), &e.provinces);
    CHECK_INT(l.of[LIST_ITEM].len, 3);
    CHECK_STR(l.of[LIST_ITEM].at[1].id, S("B1_2"));
    CHECK_STR(l.of[LIST_ITEM].at[1].parent, S("B"));       /* B1 is not told */
    CHECK_STR(l.of[LIST_ITEM].at[2].parent, S("B"));       /* B12 lies not below B1 */
    CHECK_INT(l.of[LIST_AREA].len, 2);
    CHECK_STR(l.of[LIST_AREA].at[1].vi, S("Bắc Ninh"));
    CHECK_STR(l.of[LIST_BREAKDOWN].at[1].id, S("gioi@nu"));
    CHECK(str_has(sdmx_structure(a, &e, S("https://x.vn")), S("\"enumeration\":\"urn:sdmx:org.sdmx.infomodel.codelist.Codelist=THUOCDO:CL_ITEM(2.0.0)\"")));
}

TEST(every_measure_has_a_name_in_both_languages)
{
    static const char *const all[] = { "satisfied", "mean", "step1", "step2", "step3", "step4", "step5", "none", "coded" };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        for (int l = 0; l < LANG_COUNT; l++)
            CHECK(text_find((Lang)l, str_concat(a, S("opendata.measure."), str_from_c(all[i]))).len > 0);
}
