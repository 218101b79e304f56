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
    /* 34 units and 2 archipelagos in each drawing, the ones without a value hatched; the key has the archipelagos and says what hatching is */
    CHECK_INT(times(out_text(&o), S("<rect class=\"l0 o")), 2 * 32 + 1 + 1);
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

TEST(a_heat_table_tells_no_figure_that_is_not_told)
{
    Out        o = out_new(a, LANG_VI, 4096);
    double     x[] = { 50, NAN }, y[] = { 91, 70 };
    HeatColumn columns[] = { { S("B1"), S("Tiếp cận"), 90 }, { S("B2"), S("Kết quả"), 80 } };
    HeatRow    rows[] = { { .label = S("Huế"), .x = x, .mine = true }, { .label = S("Cà Mau"), .x = y } };
    HeatChart  c = { .head = HEAD, .column = columns, .columns = 2, .rows = rows, .n = 2, .cut = { 60, 70, 80, 90 }, .row_head = S("Đơn vị") };
    chart_heat(&o, &c);
    CHECK(str_has(out_text(&o), S("<td class=\"num h1\">50,0</td>")) && str_has(out_text(&o), S("<td class=\"num h5\">91,0</td>")));
    CHECK(str_has(out_text(&o), S("<td class=\"num h3\">70,0</td>")) && str_has(out_text(&o), S("<td class=\"num\">–</td>")));
    CHECK(!str_has(out_text(&o), S("nan")) && str_has(out_text(&o), S("Tiếp cận (n = 90)")));
}

TEST(a_slope_inks_and_names_clear_changes_alone)
{
    Out        o = out_new(a, LANG_VI, 4096);
    SlopeRow   rows[] = { { S("Huế"), 80, 84, 2, 6, 1 }, { S("Cà Mau"), 80, 81, -1, 3, 0 }, { S("Gia Lai"), 85, 80, -8, -2, -1 },
                          { S("Cần Thơ"), 82, 82, NAN, NAN, 0 } };
    SlopeChart c = { .head = HEAD, .rows = rows, .n = 4, .before = S("2025"), .after = S("2026") };
    chart_slope(&o, &c);
    CHECK_INT(times(out_text(&o), S("<line class=\"ln\"")), 2);          /* wide and narrow */
    CHECK_INT(times(out_text(&o), S("<line class=\"ln-d\"")), 2);
    CHECK_INT(times(out_text(&o), S("<line class=\"ln-q\"")), 4);
    CHECK_INT(times(out_text(&o), S(">Huế 84,0<")), 1);
    CHECK_INT(times(out_text(&o), S(">Huế 84,0 (+4,0)<")), 1);
    CHECK_INT(times(out_text(&o), S(">Gia Lai 80,0 (−5,0)<")), 1);
    CHECK_INT(times(out_text(&o), S("Cà Mau")), 1);                        /* the table */
    CHECK(!str_has(out_text(&o), S("nan")));
}

TEST(small_multiples_share_their_axes_and_join_no_gap)
{
    Out            o = out_new(a, LANG_VI, 4096);
    LinePoint      own[] = { { 2018, 80, NAN, NAN }, { 2019, 81, NAN, NAN }, { 2021, 84, NAN, NAN } }, whole[] = { { 2018, 60, NAN, NAN } };
    MultiplesPanel panels[] = { { .title = S("Một"), .own = own, .own_count = 3, .whole = whole, .whole_count = 1 },
                                { .title = S("Hai"), .own = own, .own_count = 1 } };
    MultiplesChart c = { .head = HEAD, .panels = panels, .n = 2, .first = 2018, .last = 2021, .own_label = S("Huế"), .whole_label = S("Bình quân") };
    chart_multiples(&o, &c);
    CHECK_INT(times(out_text(&o), S("<line class=\"ln ln-b\"")), 2);     /* the key, and 2018 to 2019 */
    CHECK_INT(times(out_text(&o), S(">60</text>")), 2);                  /* both panels have the same axis */
    CHECK_INT(times(out_text(&o), S("class=\"c-panel\"")), 2);
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
