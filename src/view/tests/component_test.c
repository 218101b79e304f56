/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules inside components: differences, rulers, names of fields, pages of lists, budgets of sheets. */
#include "base/test.h"
#include "view/component.h"

static Str diff_of(Arena *a, Str before, Str after)
{
    Out o = out_new(a, LANG_VI, 64);
    diff_view(&o, before, after);
    return out_text(&o);
}

TEST(diff_marks_words_taken_out_and_put_in)
{
    CHECK_STR(diff_of(a, S("gửi ngày 20, kèm biểu"), S("gửi ngày 30, kèm biểu")),
              S("<p class=\"diff\">gửi ngày <del>20,</del> <ins>30,</ins> kèm biểu</p>\n"));
    CHECK_STR(diff_of(a, S("a b"), S("a b")), S("<p class=\"diff\">a b</p>\n"));
    CHECK_STR(diff_of(a, S(""), S("a <b>")), S("<p class=\"diff\"><ins>a &lt;b&gt;</ins></p>\n"));
    CHECK_STR(diff_of(a, S("a b c"), S("b")), S("<p class=\"diff\"><del>a</del> b<del>c</del></p>\n"));
}

TEST(diff_of_long_texts_goes_by_lines)
{
    Buf x = buf_new(a, 1 << 14), y = buf_new(a, 1 << 14);
    for (int i = 0; i < 700; i++) {
        buf_fmt(&x, "dong so %d\n", i);
        buf_fmt(&y, i == 350 ? "dong khac %d\n" : "dong so %d\n", i);
    }
    Str got = diff_of(a, buf_str(&x), buf_str(&y));
    CHECK(str_has(got, S("<del>dong so 350</del>\n")));
    CHECK(str_has(got, S("<ins>dong khac 350</ins>\n")));
    CHECK(!str_has(got, S("<del>dong so 349")));
}

static Str mini_of(Arena *a, RulerSpec r)
{
    Out o = out_new(a, LANG_VI, 64);
    ruler_mini(&o, &r);
    return out_text(&o);
}

TEST(ruler_draws_interval_estimate_and_last_year_where_they_lie)
{
    Str got = mini_of(a, (RulerSpec){ .id = S("k"), .title = S("T"), .from = 75, .to = 95, .value = 85, .low = 80, .high = 90, .last = 75, .decimals = 1 });
    CHECK(str_has(got, S("<rect class=\"ci\" x=\"70.5\" y=\"16\" width=\"113\" height=\"12\"/>")));
    CHECK(str_has(got, S("<line class=\"nat\" x1=\"127\" y1=\"11\" x2=\"127\" y2=\"36\"/>")));
    CHECK(str_has(got, S("M14.0 1l5 5l-5 5l-5 -5z")));
    CHECK(str_has(got, S("<desc id=\"km-d\">85,0, khoảng tin cậy 95% từ 80,0 đến 90,0. Kỳ trước 75,0.</desc>")));
}

TEST(ruler_leaves_out_what_is_not_known_and_holds_values_inside)
{
    Str got = mini_of(a, (RulerSpec){ .id = S("k"), .title = S("T"), .from = 0, .to = 10, .value = 99, .low = NAN, .high = NAN, .last = NAN });
    CHECK(!str_has(got, S("class=\"ci\"")));
    CHECK(!str_has(got, S("mk-o")));
    CHECK(str_has(got, S("x1=\"240\"")));
    CHECK_STR(mini_of(a, (RulerSpec){ .id = S("k"), .from = 5, .to = 5 }), S(""));
}

TEST(fields_name_their_hint_and_error_and_are_escaped)
{
    Out o = out_new(a, LANG_VI, 64);
    text_input(&o, &(TextInput){ .f = { .name = S("q"), .label = S("A<b>"), .hint = S("h"), .error = S("e\"") }, .value = S("\"><script>") });
    Str got = out_text(&o);
    CHECK(str_has(got, S("aria-describedby=\"q-hint q-error\"")));
    CHECK(str_has(got, S("aria-invalid=\"true\"")));
    CHECK(str_has(got, S("value=\"&quot;&gt;&lt;script&gt;\"")));
    CHECK(str_has(got, S("A&lt;b&gt;")));
    CHECK(!str_has(got, S("readonly")) && !str_has(got, S("maxlength")));
}

TEST(error_summary_links_to_the_first_control_of_each_field)
{
    FieldError items[] = { { S("q"), S("Chọn một mức") } };
    FieldErrors errors = { .at = items, .len = 1 };
    Out o = out_new(a, LANG_VI, 64);
    error_summary(&o, &errors);
    radios(&o, &(ChoiceList){ .f = { .name = S("q"), .label = S("L"), .error = field_error_find(&errors, "q") },
                              .at = (Choice[]){ { .value = S("1"), .label = S("x") }, { .value = S("2"), .label = S("y") } }, .len = 2 });
    CHECK(str_has(out_text(&o), S("<a href=\"#q\">Chọn một mức</a>")));
    CHECK(str_has(out_text(&o), S("id=\"q\" name=\"q\" value=\"1\"")));
    CHECK(str_has(out_text(&o), S("id=\"q-2\" name=\"q\" value=\"2\"")));
    Out none = out_new(a, LANG_VI, 64);
    error_summary(&none, NULL);
    CHECK_STR(out_text(&none), S(""));
}

TEST(pager_shows_ends_and_neighbours_only)
{
    Out o = out_new(a, LANG_VI, 64);
    pager(&o, &(Pager){ .base = S("/u?q=a&page="), .page = 5, .pages = 12 });
    Str got = out_text(&o);
    CHECK(str_has(got, S("href=\"/u?q=a&amp;page=4\"")));
    CHECK(str_has(got, S("<span aria-current=\"page\">5</span>")));
    CHECK(str_has(got, S("page=12")) && !str_has(got, S("page=8\"")) && !str_has(got, S("page=2\"")));
    Out far = out_new(a, LANG_VI, 64);                   /* no time of its own for each page in between */
    pager(&far, &(Pager){ .base = S("/u?page="), .page = INT64_MAX / 2, .pages = INT64_MAX - 1 });
    CHECK(str_has(out_text(&far), S("page=9223372036854775806\"")) && str_has(out_text(&far), S("…")));
    Out one = out_new(a, LANG_VI, 64);
    pager(&one, &(Pager){ .base = S("/u?page="), .page = 1, .pages = 1 });
    CHECK_STR(out_text(&one), S(""));
}

TEST(meter_takes_any_number)
{
    Out o = out_new(a, LANG_VI, 64);
    meter_bar(&o, NAN, S(""));
    meter_bar(&o, 7, S("x"));
    CHECK(str_has(out_text(&o), S("<rect width=\"0\"")));
    CHECK(str_has(out_text(&o), S("<rect width=\"100\"")));
}

TEST(qr_is_drawn_with_its_quiet_edge)
{
    Out o = out_new(a, LANG_VI, 64);
    qr_svg(&o, S("A"), S("Mã QR"));
    CHECK(str_has(out_text(&o), S("viewBox=\"0 0 29 29\"")));        /* version 1: 21 modules and 4 on each side */
    CHECK(str_has(out_text(&o), S("M4 4h7v1h-7z")));                 /* top of the finder pattern */
}

TEST(sheets_stay_within_their_budgets)
{
    static const struct { const char *name; size_t bytes; } budget[] = { { "respondent.css", 30720 }, { "site.css", 40960 }, { "console.css", 71680 } };
    for (size_t i = 0; i < COUNT_OF(budget); i++) {
        Str url = asset_url(str_from_c(budget[i].name));
        const Asset *asset = asset_find(str_skip(url, 8));
        CHECK(asset && asset->gzip.len && asset->gzip.len <= budget[i].bytes);
    }
    CHECK(asset_find(S("../schema")) == NULL);
}

/* Everything a first questionnaire page loads: its sheet, four font files, and at most 8 KB of page. */
TEST(first_questionnaire_page_stays_under_60_kb)
{
    size_t sum = 8192, fonts = 0;
    for (size_t i = 0; i < asset_files_count; i++) {
        const Asset *f = &asset_files[i];
        bool font = str_starts(f->name, S("fonts/")) && !str_has(f->name, S("-700"));
        fonts += font;
        sum += font ? f->plain.len : str_eq(f->name, S("respondent.css")) ? f->gzip.len : 0;
        if (str_eq(f->name, S("respondent.css")))
            CHECK(!str_has(f->plain, S("-700.")));        /* two weights only */
    }
    if (!fonts) {
        test_skip("fonts are not there: npm ci and build-tools/fonts.sh");
        return;
    }
    CHECK_INT(fonts, 4);
    CHECK(sum <= 60000);
}
