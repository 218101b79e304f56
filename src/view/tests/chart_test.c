/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Charts: what may never be missing from a drawing. */
#include "base/test.h"
#include "view/chart.h"

#define HEAD { .id = S("x1"), .title = S("T & <b>"), .finding = S("F"), .unit_note = S("U"), .csv_href = S("/x.csv") }

static size_t times(Str s, Str what)
{
    size_t n = 0, at;
    while (str_find(s, what, &at)) {
        n++;
        s = str_skip(s, at + what.len);
    }
    return n;
}

TEST(both_archipelagos_are_on_every_tile_map)
{
    Out       o = out_new(a, LANG_VI, 4096);
    TileValue v[] = { { S("48"), 81.56, NAN, NAN, 900, S("/units/1") }, { S("56"), 88.33, NAN, NAN, 900, S("") } };
    TileChart c = { .head = HEAD, .values = v, .n = 2, .cut = { 81, 83, 85, 87 }, .value_label = S("%") };
    chart_tiles(&o, &c);
    CHECK_INT(times(out_text(&o), S("Q.đ. Hoàng Sa")), 4);
    CHECK_INT(times(out_text(&o), S("Q.đ. Trường Sa")), 2);
    CHECK_INT(times(out_text(&o), S("Quần đảo Hoàng Sa (TP. Đà Nẵng)")), 2);
    /* 34 units and 2 archipelagos in each drawing, the ones without a value hatched */
    CHECK_INT(times(out_text(&o), S("<rect class=\"l0 o")), 2 * 32 + 1);
    CHECK(!str_has(out_text(&o), S("<b>")) || times(out_text(&o), S("T & <b>")) == 0);
}

TEST(rows_that_begin_alike_are_told_apart)
{
    Out       o       = out_new(a, LANG_VI, 4096);
    Str       steps[] = { S("1"), S("2"), S("3"), S("4"), S("5") };
    LikertRow rows[]  = { { .label = S("Ông/bà hài lòng ở mức nào với chính sách về điện đối với đời sống?"), .share = { 0, 0, 0, 1, 0 }, .n = 9,
            .low = NAN, .high = NAN },
                          { .label = S("Ông/bà hài lòng ở mức nào với chính sách về nước đối với đời sống?"), .share = { 0, 0, 0, 1, 0 }, .n = 9,
                                .low = NAN, .high = NAN } };
    chart_likert(&o, &(LikertChart){ .head = HEAD, .rows = rows, .n = 2, .steps = steps, .none_label = S("none") });
    CHECK_INT(times(out_text(&o), S(">nước<")), 2);               /* both drawings */
    CHECK_INT(times(out_text(&o), rows[1].label), 1);               /* the table */
}

TEST(suppressed_rows_draw_no_bar)
{
    Out       o      = out_new(a, LANG_VI, 4096);
    Str       steps[] = { S("1"), S("2"), S("3"), S("4"), S("5") };
    LikertRow rows[] = { { .label = S("ít"), .share = { NAN, NAN, NAN, NAN, NAN }, .none = NAN, .n = 3, .low = NAN, .high = NAN, .suppressed = true } };
    LikertChart c = { HEAD, rows, 1, steps, S("0") };
    chart_likert(&o, &c);
    CHECK(str_has(out_text(&o), S("không đủ số liệu")));
    CHECK(!str_has(out_text(&o), S("n = 3")));
    CHECK(!str_has(out_text(&o), S("nan")));
}

TEST(gaps_in_a_line_are_not_joined)
{
    Out        o = out_new(a, LANG_EN, 4096);
    LinePoint  p[] = { { 2018, 82.99, NAN, NAN }, { 2019, 84.45, NAN, NAN }, { 2021, 87.16, NAN, NAN }, { 2022, NAN, NAN, NAN } };
    LineSeries s = { S("national"), p, 4, true };
    LineChart  c = { .head = HEAD, .series = &s, .n = 1, .decimals = 2 };
    chart_line(&o, &c);
    CHECK_INT(times(out_text(&o), S("<path class=\"ln ln-b\"")), 4);
    CHECK(!str_has(out_text(&o), S("nan")));
}

TEST(tile_cuts_rise)
{
    double x[] = { 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, NAN }, cut[4];
    tile_cuts(x, COUNT_OF(x), cut);
    CHECK(cut[0] < cut[1] && cut[1] < cut[2] && cut[2] < cut[3]);
    CHECK(cut[0] > 78 && cut[3] < 89);
}

TEST(drawings_for_files_hold_archipelagos_and_the_key_and_no_class)
{
    TileValue v[] = { { S("48"), 81.56, NAN, NAN, 900, S("/units/1?a=1&b=2") } };
    TileChart c = { .head = HEAD, .values = v, .n = 1, .cut = { 81, 83, 85, 87 }, .value_label = S("%") };
    Str       svg = chart_tiles_svg(a, LANG_VI, &c);
    CHECK(str_starts(svg, S("<svg xmlns=")) && str_ends(svg, S("</svg>\n")));
    CHECK(!str_has(svg, S("class=")) && str_has(svg, S("fill=\"#EAF1F8\"")));
    CHECK_INT(times(svg, S("Quần đảo")), 1);        /* spoken: Hoàng Sa takes the value of Đà Nẵng and is a link */
    CHECK_INT(times(svg, S(">Q.đ. Hoàng Sa<")) + times(svg, S(">Q.đ. Trường Sa<")), 3);      /* a text with a halo is written twice */
    CHECK(str_has(svg, S("không có số liệu")));
}
