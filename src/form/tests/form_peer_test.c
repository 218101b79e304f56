/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Workbooks of other projects beside the verdicts of their own converter, where the folder is there. */
#include "form_test_book.h"
#include "source_root.h"

#include <stdio.h>

static Str peer_file(Arena *a, Str name)
{
    FILE *f = fopen(arena_c(a, str_concat(a, S(SOURCE_ROOT "/../shared/data/forms/"), name)), "rb");
    if (!f)
        return S("");
    Buf    b = buf_new(a, 1 << 16);
    size_t n = 1;
    while (n > 0) {
        buf_room(&b, 1 << 16);
        n = fread(b.at + b.len, 1, 1 << 16, f);
        b.len += n;
    }
    fclose(f);
    return buf_str(&b);
}

static bool has_code(const FormIssues *issues, const char *code)
{
    for (size_t i = 0; i < issues->len; i++)
        if (str_eq(issues->at[i].code, str_from_c(code)))
            return true;
    return false;
}

typedef struct Verdicts { int same, later, stricter, file; } Verdicts;

/* Prose as a calculation, which the converter does not look at. */
static bool stricter(Str name)
{
    return str_ends(name, S("bad_calc.xlsx"));
}

static void compare(Arena *a, const Json *record, Verdicts *v)
{
    Str          name   = S("");
    bool         other  = false;
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    json_str(json_get(record, S("file")), &name);
    bool xlsx = str_ends(name, S(".xlsx")), old = str_ends(name, S(".xls")) || str_ends(name, S(".xlsm"));
    if (!xlsx && !old)
        return;
    Str bytes = peer_file(a, name);
    CHECK(bytes.len > 0);
    CHECK(!form_read_xlsx(a, *a, bytes, &issues, &p));
    json_bool(json_get(json_get(record, S("pyxform")), S("converted")), &other);
    bool fine = old ? !p && has_code(&issues, "E-FILE")
              : p ? other
              : !other || has_code(&issues, "E-TYPE") || has_code(&issues, "E-FUNC") || stricter(name);
    if (!fine)
        test_fail(__FILE_NAME__, __LINE__, "%.*s: ours %s, converter %s, first %.*s %d", STR_ARG(name), p ? "reads it" : "refuses it",
                  other ? "reads it" : "refuses it", STR_ARG(issues.len ? issues.at[0].code : S("")), issues.len ? issues.at[0].row : 0);
    int *count = old ? &v->file : (p != NULL) == other ? &v->same : stricter(name) ? &v->stricter : &v->later;
    ++*count;
}

TEST(workbooks_of_others_are_read_or_refused_as_their_converter_does)
{
    const Json *index;
    Verdicts    v    = { 0 };
    Str         text = peer_file(a, S("INDEX.json"));
    if (!text.len) {
        test_skip("the folder of fixtures is not there");
        return;
    }
    CHECK_OK(json_parse(a, text, &index));
    JSON_EACH(record, index) {
        Arena scratch = *a;
        compare(&scratch, record, &v);
    }
    printf("    %d as the converter, %d refused for a type not there yet, %d stricter, %d of another format\n", v.same, v.later, v.stricter, v.file);
    CHECK(v.same >= 5 && v.stricter == 2 && v.file == 22);
}
