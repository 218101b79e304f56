/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The methods a round can name: the tables of factors shipped under data/methods. */
#include "base/embed.h"
#include "collect/console.h"

/* The name in "methods/<name>.csv"; empty for any other file. */
static Str method_name(Str file)
{
    Str before = S("methods/"), after = S(".csv");
    if (!str_starts(file, before) || !str_ends(file, after))
        return S("");
    return (Str){ file.at + before.len, file.len - before.len - after.len };
}

bool round_method_known(Str method)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (method.len && str_eq(method_name(data_files[i].name), method))
            return true;
    return false;
}

/* A questionnaire's own method, or the national one. */
Str round_method_default(Str form_id)
{
    return round_method_known(form_id) ? form_id : S("sipas-2023");
}

Str round_method_title(Arena *a, Lang l, Str method)
{
    Str title = text_find(l, str_concat(a, S("method."), method));
    return title.len ? title : method;
}

void round_method_choices(Arena *a, Lang l, Str chosen, Choices *out)
{
    for (size_t i = 0; i < data_files_count; i++) {
        Str name = method_name(data_files[i].name);
        if (name.len)
            *list_add(a, out) = (Choice){ .value = name, .label = round_method_title(a, l, name), .chosen = str_eq(name, chosen) };
    }
}
