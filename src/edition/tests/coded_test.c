/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Coded open answers: what is hidden, figures, and that the package says as much as it needs and no more. */
#include "base/test.h"
#include "edition/parts.h"

static CodedTable table(Arena *a, const int64_t *n, size_t len)
{
    CodedTable t = { .question = S("gop_y"), .label = { S("Góp ý"), S("Remarks") } };
    for (size_t i = 0; i < len; i++) {
        *list_add(a, &t.codes) = (CodedCode){ .code = arena_fmt(a, "c%zu", i), .label = { arena_fmt(a, "Mã %zu", i), arena_fmt(a, "Code %zu", i) }, .n = n[i] };
        t.n += n[i];
    }
    coded_hide(&t);
    return t;
}

static Str hidden_text(Arena *a, const CodedTable *t)
{
    Buf b = buf_new(a, 16);
    for (size_t i = 0; i < t->codes.len; i++)
        buf_byte(&b, t->codes.at[i].hidden ? 'x' : '-');
    return buf_str(&b);
}

TEST(coded_answers_of_few_are_hidden_and_never_alone)
{
    static const struct { int64_t n[4]; const char *hidden; } rows[] = {
        { { 50, 40, 30, 20 }, "----" },
        { { 50, 40, 3, 2 }, "--xx" },
        { { 50, 40, 3, 0 }, "-xx-" },              /* one alone takes the next smallest along */
        { { 50, 40, 2, 1 }, "-xxx" },              /* two that are three people together too */
        { { 4, 4, 4, 0 }, "xxx-" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CodedTable t = table(a, rows[i].n, 4);
        CHECK_STR(hidden_text(a, &t), str_from_c(rows[i].hidden));
    }
}

static void codebook(Arena *a, Dataset *d)
{
    CHECK(coded_codebook(a, S("open"), S("gop_y"), S(""), S(""), S("Góp ý"), S("Remarks"), d));
    for (int i = 0; i < 4; i++)
        CHECK(coded_codebook(a, S("code"), S("gop_y"), arena_fmt(a, "c%d", i), S(""), arena_fmt(a, "Mã %d", i), S(""), d));
    CHECK(!coded_codebook(a, S("item"), S("B1"), S("b1"), S(""), S(""), S(""), d));
}

TEST(coded_figures_come_out_again_from_the_package)
{
    Dataset d = { 0 }, again = { 0 };
    Figures f = { 0 }, g = { 0 };
    *list_add(a, &d.coded) = table(a, (int64_t[]){ 50, 40, 3, 2 }, 4);
    CHECK_STR(coded_csv(a, &d), S("question,code,count\r\ngop_y,c0,50\r\ngop_y,c1,40\r\ngop_y,,5\r\n"));
    codebook(a, &again);
    CHECK_OK(coded_read(a, coded_csv(a, &d), &again));
    coded_figures(a, &d, &f);
    coded_figures(a, &again, &g);
    CHECK_INT(f.len, 5);
    CHECK_INT(g.len, 5);
    CHECK_STR(f.at[1].name, S("coded.gop_y:c0"));
    CHECK_NEAR(f.at[1].x, 100.0 * 50 / 95, 1e-12);
    for (size_t i = 0; i < f.len; i++)
        CHECK(f.at[i].suppressed == g.at[i].suppressed && f.at[i].n == g.at[i].n && (f.at[i].suppressed || f.at[i].x == g.at[i].x));
    CHECK(f.at[3].suppressed && f.at[4].suppressed && f.at[4].n == 0);
}

TEST(coded_tables_that_tell_too_much_are_no_package)
{
    static const char *const bad[] = { "question,code,count\ngop_y,c0,50\ngop_y,c1,3\ngop_y,,9\n", "question,code,count\ngop_y,c0,50\ngop_y,,3\n",
        "question,code,count\ngop_y,c0,50\ngop_y,c1,40\ngop_y,c2,9\ngop_y,,8\n", "question,code,count\nkhac,c0,50\n", "question,code,count\ngop_y,c9,50\n",
        "question,code,count\ngop_y,c0,x\n", "question,code,count\ngop_y,c0,50\ngop_y,c0,50\ngop_y,,9\n" };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Dataset d = { 0 };
        codebook(a, &d);
        if (!err_is(coded_read(a, str_from_c(bad[i]), &d), ERR_INVALID))
            test_fail(__FILE_NAME__, __LINE__, "%s", bad[i]);
    }
}
