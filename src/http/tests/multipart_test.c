/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The multipart table: every case read whole and byte by byte, with the same outcome. */
#include "base/test.h"
#include "http/multipart.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define CT   "multipart/form-data; boundary=XX"
#define CD   "Content-Disposition: form-data; "
#define OPEN "--XX\r\n"
#define SHUT "\r\n--XX--\r\n"
#define ONE  OPEN CD "name=\"a\"\r\n\r\nv" SHUT     /* a=v */
#define FILE_AS(as) OPEN CD "name=\"f\"; " as "\r\n\r\nx" SHUT

/* want: what was read, "name=value;" for fields and "name@file name(size);" for files; only with status 0. */
typedef struct PartCase { const char *name; Str type, body; int status; const char *want; } PartCase;
#define BODY(text) S_INIT(CT), S_INIT(text)

static const PartCase cases[] = {
    /* Well formed */
    { "one field", BODY(ONE), 0, "a=v;" },
    { "boundary in quotes", S_INIT("multipart/form-data; charset=utf-8; boundary=\"XX\""), S_INIT(ONE), 0, "a=v;" },
    { "boundary name in capitals", S_INIT("multipart/form-data; BOUNDARY=XX"), S_INIT(ONE), 0, "a=v;" },
    { "empty value", BODY(OPEN CD "name=\"a\"\r\n\r\n" SHUT), 0, "a=;" },
    { "two fields", BODY(OPEN CD "name=\"a\"\r\n\r\n1\r\n" OPEN CD "name=\"b\"\r\n\r\n2" SHUT), 0, "a=1;b=2;" },
    { "repeated names", BODY(OPEN CD "name=\"a\"\r\n\r\n1\r\n" OPEN CD "name=\"a\"\r\n\r\n2" SHUT), 0, "a=1;a=2;" },
    { "Vietnamese text", BODY(OPEN CD "name=\"a\"\r\n\r\nsự hài lòng" SHUT), 0, "a=sự hài lòng;" },
    { "line ends in a value", BODY(OPEN CD "name=\"a\"\r\n\r\n\r\n1\r\n\r\n2\r\n" SHUT), 0, "a=\r\n1\r\n\r\n2\r\n;" },
    { "almost a boundary", BODY(OPEN CD "name=\"a\"\r\n\r\n\r\n--X\r\n--Y\r\r\n-\r\n--\n--XX" SHUT), 0, "a=\r\n--X\r\n--Y\r\r\n-\r\n--\n--XX;" },
    { "CR before the boundary", BODY(OPEN CD "name=\"a\"\r\n\r\n\r\r\r" SHUT), 0, "a=\r\r\r;" },
    { "boundary without CR", BODY(OPEN CD "name=\"a\"\r\n\r\nx\n--XX--\n" SHUT), 0, "a=x\n--XX--\n;" },
    { "a file", BODY(FILE_AS("filename=\"b.txt\"")), 0, "f@b.txt(1);" },
    { "a file of a name without quotes", BODY(OPEN CD "name=f; filename=b.txt\r\n\r\nx" SHUT), 0, "f@b.txt(1);" },
    { "a file with type", BODY(OPEN CD "name=\"f\"; filename=\"b\"\r\nContent-Type: image/png\r\n\r\nx" SHUT), 0, "f@b(1);" },
    { "an empty file", BODY(OPEN CD "name=\"f\"; filename=\"b\"\r\n\r\n" SHUT), 0, "f@b(0);" },
    { "a file field left empty", BODY(OPEN CD "name=\"f\"; filename=\"\"\r\n\r\n" SHUT), 0, "" },
    { "bytes in a file", BODY(OPEN CD "name=\"f\"; filename=\"b\"\r\n\r\n\0\xFF\r\n\n" SHUT), 0, "f@b(5);" },
    { "other headers", BODY(OPEN "X-Y: z\r\n" CD "name=\"a\"\r\nContent-Length: 99\r\n\r\nv" SHUT), 0, "a=v;" },
    { "header names in small letters", BODY(OPEN "content-disposition:form-data;name=\"a\"\r\n\r\nv" SHUT), 0, "a=v;" },
    { "binary transfer", BODY(OPEN CD "name=\"a\"\r\nContent-Transfer-Encoding: binary\r\n\r\nv" SHUT), 0, "a=v;" },
    { "8bit transfer", BODY(OPEN CD "name=\"a\"\r\nContent-Transfer-Encoding: 8BIT\r\n\r\nv" SHUT), 0, "a=v;" },
    { "an epilogue", BODY(ONE "\r\nanything --XX here"), 0, "a=v;" },
    { "no line end after the last boundary", BODY(OPEN CD "name=\"a\"\r\n\r\nv\r\n--XX--"), 0, "a=v;" },
    { "an empty line first", BODY("\r\n" ONE), 0, "a=v;" },
    { "no parts", BODY("--XX--\r\n"), 0, "" },
    { "semicolon in a name", BODY(OPEN CD "name=\"a;b=c\"\r\n\r\nv" SHUT), 0, "a;b=c=v;" },
    { "escaped quote", BODY(OPEN CD "name=\"a\\\"b\"\r\n\r\nv" SHUT), 0, "a\"b=v;" },
    { "lying part length", BODY(OPEN CD "name=\"a\"\r\nContent-Length: 1\r\n\r\nlong" SHUT), 0, "a=long;" },
    { "boundary of 70", S_INIT("multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890"),
      S_INIT("--1234567890123456789012345678901234567890123456789012345678901234567890--"), 0, "" },
    { "boundary with marks", S_INIT("multipart/form-data; boundary=\"a'()+_,-./:=?b\""), S_INIT("--a'()+_,-./:=?b--"), 0, "" },
    { "header of a folder's name", BODY(OPEN CD "name=\"f[]\"; filename=\"x\"\r\n\r\n1" SHUT), 0, "f[]@x(1);" },
    /* File names */
    { "path in a name", BODY(FILE_AS("filename=\"/etc/passwd\"")), 0, "f@passwd(1);" },
    { "Windows path in a name", BODY(FILE_AS("filename=\"C:\\dir\\b.txt\"")), 0, "f@b.txt(1);" },
    { "climbing name", BODY(FILE_AS("filename=\"../../b\"")), 0, "f@b(1);" },
    { "climbing Windows name", BODY(FILE_AS("filename=\"..\\..\\b\"")), 0, "f@b(1);" },
    { "name ..", BODY(FILE_AS("filename=\"..\"")), 0, "f@_(1);" },
    { "name .", BODY(FILE_AS("filename=\".\"")), 0, "f@_(1);" },
    { "name ending in a slash", BODY(FILE_AS("filename=\"a/\"")), 0, "f@(1);" },
    { "blanks around a name", BODY(FILE_AS("filename=\"  b.txt \"")), 0, "f@b.txt(1);" },
    { "right-to-left override", BODY(FILE_AS("filename=\"ann\xE2\x80\xAEgpj.exe\"")), 0, "f@anngpj.exe(1);" },
    { "isolates and zero width", BODY(FILE_AS("filename=\"a\xE2\x81\xA6" "b\xE2\x80\x8B" "c\xEF\xBB\xBF\"")), 0, "f@abc(1);" },
    { "Arabic letter mark", BODY(FILE_AS("filename=\"a\xD8\x9C" "b\"")), 0, "f@ab(1);" },
    { "C1 control", BODY(FILE_AS("filename=\"a\xC2\x85" "b\"")), 0, "f@ab(1);" },
    { "encoded line end", BODY(FILE_AS("filename=\"a%0D%0Ab\"")), 0, "f@a  b(1);" },
    { "encoded quote", BODY(FILE_AS("filename=\"a%22b\"")), 0, "f@a\"b(1);" },
    { "other percents stay", BODY(FILE_AS("filename=\"100%20.txt\"")), 0, "f@100%20.txt(1);" },
    { "Vietnamese name", BODY(FILE_AS("filename=\"Báo cáo quý.xlsx\"")), 0, "f@Báo cáo quý.xlsx(1);" },
    { "extended name is not read", BODY(FILE_AS("filename=\"b\"; filename*=utf-8''c")), 0, "f@b(1);" },
    { "NUL in a file name", BODY(FILE_AS("filename=\"a\0b\"")), 400, "" },
    { "tab in a file name", BODY(FILE_AS("filename=\"a\tb\"")), 0, "f@ab(1);" },
    { "CR in a file name", BODY(FILE_AS("filename=\"a\rb\"")), 400, "" },
    { "line end in a file name", BODY(FILE_AS("filename=\"a\r\nX: y\"")), 400, "" },
    { "UTF-16 file name", BODY(FILE_AS("filename=\"\xFF\xFE" "a\0b\0\"")), 400, "" },
    { "Latin-1 file name", BODY(FILE_AS("filename=\"caf\xE9.txt\"")), 400, "" },
    { "overlong UTF-8 file name", BODY(FILE_AS("filename=\"\xC0\xAE\xC0\xAE\"")), 400, "" },
    { "two file names", BODY(FILE_AS("filename=\"a\"; filename=\"b\"")), 400, "" },
    { "file name without end", BODY(FILE_AS("filename=\"a")), 400, "" },
    /* Boundaries */
    { "no boundary", S_INIT("multipart/form-data"), S_INIT(ONE), 400, "" },
    { "empty boundary", S_INIT("multipart/form-data; boundary="), S_INIT(ONE), 400, "" },
    { "empty boundary in quotes", S_INIT("multipart/form-data; boundary=\"\""), S_INIT(ONE), 400, "" },
    { "two boundaries", S_INIT("multipart/form-data; boundary=XX; boundary=YY"), S_INIT(ONE), 400, "" },
    { "boundary of 71", S_INIT("multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901"),
      S_INIT(ONE), 400, "" },
    { "boundary ending in a blank", S_INIT("multipart/form-data; boundary=\"XX \""), S_INIT(ONE), 400, "" },
    { "boundary with a star", S_INIT("multipart/form-data; boundary=X*X"), S_INIT(ONE), 400, "" },
    { "boundary with UTF-8", S_INIT("multipart/form-data; boundary=\"X\xC3\xA9\""), S_INIT(ONE), 400, "" },
    { "boundary in an open quote", S_INIT("multipart/form-data; boundary=\"XX"), S_INIT(ONE), 400, "" },
    { "other boundary in the body", BODY("--YY\r\n" CD "name=\"a\"\r\n\r\nv\r\n--YY--\r\n"), 400, "" },
    { "text before the first boundary", BODY("hello\r\n" ONE), 400, "" },
    { "empty body", BODY(""), 400, "" },
    { "no last boundary", BODY(OPEN CD "name=\"a\"\r\n\r\nv"), 400, "" },
    { "cut in the last boundary", BODY(OPEN CD "name=\"a\"\r\n\r\nv\r\n--XX-"), 400, "" },
    { "cut in the headers", BODY(OPEN CD "name=\"a\"\r\n"), 400, "" },
    { "cut after a boundary", BODY(OPEN CD "name=\"a\"\r\n\r\nv\r\n--XX\r\n"), 400, "" },
    { "more after a boundary", BODY("--XXY\r\n" CD "name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "blank after a boundary", BODY("--XX \r\n" CD "name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "bare LF after a boundary", BODY("--XX\n" CD "name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "one dash after the last", BODY(OPEN CD "name=\"a\"\r\n\r\nv\r\n--XX-\r\n"), 400, "" },
    /* Part headers */
    { "no headers", BODY(OPEN "\r\nv" SHUT), 400, "" },
    { "no disposition", BODY(OPEN "Content-Type: text/plain\r\n\r\nv" SHUT), 400, "" },
    { "no name", BODY(OPEN "Content-Disposition: form-data\r\n\r\nv" SHUT), 400, "" },
    { "empty name", BODY(OPEN CD "name=\"\"\r\n\r\nv" SHUT), 400, "" },
    { "two names", BODY(OPEN CD "name=\"a\"; name=\"b\"\r\n\r\nv" SHUT), 400, "" },
    { "two dispositions", BODY(OPEN CD "name=\"a\"\r\n" CD "name=\"b\"\r\n\r\nv" SHUT), 400, "" },
    { "attachment", BODY(OPEN "Content-Disposition: attachment; name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "name without end", BODY(OPEN CD "name=\"a\r\n\r\nv" SHUT), 400, "" },
    { "text after a quoted name", BODY(OPEN CD "name=\"a\"b\r\n\r\nv" SHUT), 400, "" },
    { "quote inside a plain name", BODY(OPEN CD "name=a\"b\r\n\r\nv" SHUT), 400, "" },
    { "name not UTF-8", BODY(OPEN CD "name=\"\xFF\"\r\n\r\nv" SHUT), 400, "" },
    { "NUL in a name", BODY(OPEN CD "name=\"a\0\"\r\n\r\nv" SHUT), 400, "" },
    { "parameter without value", BODY(OPEN CD "name\r\n\r\nv" SHUT), 400, "" },
    { "header without colon", BODY(OPEN "X\r\n" CD "name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "blank before the colon", BODY(OPEN "Content-Disposition : form-data; name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "folded header", BODY(OPEN "Content-Disposition: form-data;\r\n name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "bare LF in the headers", BODY(OPEN CD "name=\"a\"\n\r\n\r\nv" SHUT), 400, "" },
    { "header name with UTF-8", BODY(OPEN "\xC3\xA9: x\r\n" CD "name=\"a\"\r\n\r\nv" SHUT), 400, "" },
    { "nested", BODY(OPEN CD "name=\"a\"\r\nContent-Type: multipart/mixed; boundary=YY\r\n\r\n--YY--" SHUT), 400, "" },
    { "quoted-printable", BODY(OPEN CD "name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41" SHUT), 400, "" },
    { "base64", BODY(OPEN CD "name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==" SHUT), 400, "" },
    { "value not UTF-8", BODY(OPEN CD "name=\"a\"\r\n\r\n\xFF" SHUT), 400, "" },
    { "NUL in a value", BODY(OPEN CD "name=\"a\"\r\n\r\n\0" SHUT), 400, "" },
};

static Str summary(Arena *a, const HttpRequest *req)
{
    Buf b = buf_new(a, 256);
    for (size_t i = 0; i < req->form.len; i++)
        buf_fmt(&b, "%.*s=%.*s;", STR_ARG(req->form.at[i].name), STR_ARG(req->form.at[i].value));
    for (size_t i = 0; i < req->files.len; i++)
        buf_fmt(&b, "%.*s@%.*s(%lld);", STR_ARG(req->files.at[i].name), STR_ARG(req->files.at[i].file_name), (long long)req->files.at[i].size);
    return buf_str(&b);
}

static Str temp_dir(Arena *a)
{
    const char *top = getenv("TMPDIR");
    char *path = arena_c(a, str_concat(a, str_from_c(top && *top ? top : "/tmp"), S("/multipart-test-XXXXXX")));
    return str_from_c(mkdtemp(path));
}

static size_t files_in(Str dir)
{
    DIR   *d = opendir(dir.at);
    size_t n = 0;
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n - 2;
}

/* Reads body in pieces of step bytes. */
static int read_in(Arena *a, Multipart *m, HttpRequest *req, Str type, Str body, size_t step, const HttpLimits *l, Str dir)
{
    int status = multipart_open(m, a, req, type, l, dir);
    for (; !status && body.len; body = str_skip(body, step))
        status = multipart_read(m, str_take(body, step));
    status = status ? status : multipart_end(m);
    multipart_close(m);
    return status;
}

TEST(multipart_table)
{
    HttpLimits l = { 0 };
    http_limits_default(&l);
    static const size_t steps[] = { 1 << 20, 1, 2, 3, 7 };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t k = 0; k < COUNT_OF(steps); k++) {
            const PartCase *x = &cases[i];
            HttpRequest     req = { 0 };
            Multipart       m;
            int status = read_in(a, &m, &req, x->type, x->body, steps[k], &l, S("/nonexistent"));
            if (status != x->status || (!status && !str_eq(summary(a, &req), str_from_c(x->want))))
                test_fail(__FILE_NAME__, __LINE__, "%s (in pieces of %zu): %d \"%.*s\", want %d \"%s\"", x->name, steps[k], status,
                          STR_ARG(summary(a, &req)), x->status, x->want);
        }
}

static Str part_of(Arena *a, const char *disposition, size_t n)
{
    char *at = arena_new(a, char, n + 1);
    memset(at, 'z', n);
    return str_join(a, (Str[]){ S(OPEN CD), str_from_c(disposition), S("\r\n\r\n"), { at, n }, S(SHUT) }, 5, S(""));
}

TEST(multipart_large_files_go_to_disk_and_end_with_the_request)
{
    HttpLimits l = { 0 };
    http_limits_default(&l);
    Str dir = temp_dir(a);
    for (int d = -1; d <= 1; d++) {
        HttpRequest req = { 0 };
        Multipart   m;
        Str body = part_of(a, "name=\"f\"; filename=\"b\"", (size_t)(PART_IN_MEMORY + d));
        CHECK_INT(read_in(a, &m, &req, S(CT), body, 5000, &l, dir), 0);
        CHECK_INT(req.files.len, 1);
        CHECK_INT(req.files.at[0].size, PART_IN_MEMORY + d);
        CHECK_INT(files_in(dir), d > 0);
        CHECK((req.files.at[0].path.len > 0) == (d > 0));
        parts_remove(&req);
        CHECK_INT(files_in(dir), 0);
    }
    rmdir(dir.at);
}

TEST(multipart_limits_at_the_edge)
{
    HttpLimits l = { .value_bytes = 1000, .file_bytes = 2000, .files = 3, .form_fields = 5 };
    http_limits_default(&l);
    for (int d = -1; d <= 1; d++) {
        HttpRequest req[4] = { 0 };
        Multipart   m;
        CHECK_INT(read_in(a, &m, &req[0], S(CT), part_of(a, "name=\"a\"", (size_t)(1000 + d)), 64, &l, S("/tmp")), d > 0 ? 400 : 0);
        CHECK_INT(read_in(a, &m, &req[1], S(CT), part_of(a, "name=\"a\"; filename=\"b\"", (size_t)(2000 + d)), 64, &l, S("/tmp")), d > 0 ? 413 : 0);
        Buf files = buf_new(a, 256), fields = buf_new(a, 256);
        for (int i = 0; i < 3 + d; i++)
            buf_lit(&files, OPEN CD "name=\"f\"; filename=\"b\"\r\n\r\nx\r\n");
        for (int i = 0; i < 5 + d; i++)
            buf_lit(&fields, OPEN CD "name=\"f\"\r\n\r\nx\r\n");
        buf_lit(&files, "--XX--");
        buf_lit(&fields, "--XX--");
        CHECK_INT(read_in(a, &m, &req[2], S(CT), buf_str(&files), 64, &l, S("/tmp")), d > 0 ? 413 : 0);
        CHECK_INT(read_in(a, &m, &req[3], S(CT), buf_str(&fields), 64, &l, S("/tmp")), d > 0 ? 413 : 0);
    }
}

TEST(multipart_stays_small_whatever_comes)
{
    HttpLimits l = { 0 };
    http_limits_default(&l);
    Str dir = temp_dir(a), chunk = { memset(arena_new(a, char, 65536), 'z', 65536), 65536 };
    Arena       own = arena_open(32 << 20);
    HttpRequest req = { 0 };
    Multipart   m;
    /* 40 MB in one file */
    CHECK_INT(multipart_open(&m, &own, &req, S(CT), &l, dir), 0);
    CHECK_INT(multipart_read(&m, S(OPEN CD "name=\"f\"; filename=\"b\"\r\n\r\n")), 0);
    for (int i = 0; i < 640; i++)
        if (multipart_read(&m, chunk))
            break;
    CHECK_INT(multipart_read(&m, S(SHUT)), 0);
    CHECK_INT(req.files.at[0].size, 640 * 65536);
    CHECK(arena_used(&own) < 1 << 20);
    parts_remove(&req);
    /* A header of 1 MB */
    arena_reset(&own, 0);
    req = (HttpRequest){ 0 };
    CHECK_INT(multipart_open(&m, &own, &req, S(CT), &l, dir), 0);
    CHECK_INT(multipart_read(&m, S(OPEN "X: ")), 0);
    CHECK_INT(multipart_read(&m, chunk), 400);
    CHECK(arena_used(&own) < 1 << 16);
    /* A million empty parts end at the limit of fields */
    arena_reset(&own, 0);
    req = (HttpRequest){ 0 };
    CHECK_INT(multipart_open(&m, &own, &req, S(CT), &l, dir), 0);
    int i = 0, status = 0;
    while (i < 1000000 && !(status = multipart_read(&m, S(OPEN CD "name=\"a\"\r\n\r\n\r\n"))))
        i++;
    CHECK_INT(status, 413);
    CHECK_INT(i, 2000);
    CHECK(arena_used(&own) < 1 << 20);
    arena_close(&own);
    rmdir(dir.at);
}

TEST(multipart_says_when_the_disk_does_not_take_a_file)
{
    HttpLimits l = { 0 };
    http_limits_default(&l);
    HttpRequest req = { 0 };
    Multipart   m;
    CHECK_INT(read_in(a, &m, &req, S(CT), part_of(a, "name=\"f\"; filename=\"b\"", 70000), 5000, &l, S("/nonexistent")), 503);
    CHECK_INT(req.files.len, 0);
}

TEST(file_names_are_cut_at_a_character_before_the_extension)
{
    Buf b = buf_new(a, 1024);
    for (int i = 0; i < 100; i++)
        buf_lit(&b, "ệ");
    buf_lit(&b, ".xlsx");
    Str cut = file_name_clean(a, buf_str(&b));
    CHECK_INT(cut.len, 83 * 3 + 5);
    CHECK(str_ends(cut, S("ệ.xlsx")));
    CHECK_INT(file_name_clean(a, str_take(buf_str(&b), 300)).len, 255);
}
