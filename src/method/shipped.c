/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Methods shipped with the program: data/methods/NAME.csv. */
#include "method/method.h"

#include "base/embed.h"

/* The name in "methods/<name>.csv"; empty for any other file. */
static Str name_of(Str file)
{
    Str before = S("methods/"), after = S(".csv");
    if (!str_starts(file, before) || !str_ends(file, after))
        return S("");
    return (Str){ file.at + before.len, file.len - before.len - after.len };
}

size_t method_shipped_count(void)
{
    size_t n = 0;
    for (size_t i = 0; i < data_files_count; i++)
        n += name_of(data_files[i].name).len > 0;
    return n;
}

Str method_shipped_ref(size_t at)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (name_of(data_files[i].name).len && at-- == 0)
            return name_of(data_files[i].name);
    return S("");
}

bool method_shipped(Arena *a, Str ref, SurveyMethod *out)
{
    for (size_t i = 0; ref.len && i < data_files_count; i++)
        if (str_eq(name_of(data_files[i].name), ref))
            return !method_parse(a, data_files[i].bytes, out);
    return false;
}
