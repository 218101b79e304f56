/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Multipart bodies: the first line is the Content-Type. The same parts and verdict however the bytes are cut. */
#include "http/multipart.h"
#include "http/tests/fuzz.h"

static int read_all(Arena *a, Str type, Str body, size_t step, const HttpLimits *l, HttpRequest *req)
{
    Multipart m;
    int       bad = multipart_open(&m, a, req, type, l, S("/nonexistent"));
    for (; !bad && body.len; body = str_skip(body, step))
        bad = multipart_read(&m, str_take(body, step));
    bad = bad ? bad : multipart_end(&m);
    multipart_close(&m);
    return bad;
}

static void name_clean(Str s)
{
    MUST(s.len <= 255 && utf8_whole(s) && !str_has(s, S("/")) && !str_has(s, S("\\")) && !str_eq(s, S("..")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena     *a = fuzz_arena();
    HttpLimits l = { .form_fields = 20, .value_bytes = 500, .file_bytes = 1000, .files = 4 };
    http_limits_default(&l);
    StrPair     p = str_cut((Str){ (const char *)data, size }, '\n');
    HttpRequest x = { 0 }, y = { 0 };
    int bad = read_all(a, p.head, p.tail, p.tail.len ? p.tail.len : 1, &l, &x);
    int cut = read_all(a, p.head, p.tail, 1, &l, &y);
    MUST(bad == cut && (bad || (x.form.len == y.form.len && x.files.len == y.files.len)));
    for (size_t i = 0; !bad && i < x.form.len; i++)
        MUST(str_eq(x.form.at[i].name, y.form.at[i].name) && str_eq(x.form.at[i].value, y.form.at[i].value) &&
             x.form.at[i].value.len <= 500 && utf8_whole(x.form.at[i].value));
    for (size_t i = 0; !bad && i < x.files.len; i++) {
        MUST(str_eq(x.files.at[i].bytes, y.files.at[i].bytes) && x.files.at[i].size <= 1000);
        name_clean(x.files.at[i].file_name);
    }
    return 0;
}
