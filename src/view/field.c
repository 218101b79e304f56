/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small decisions of the form components: classes, ids, counts. */
#include "view/field.h"

Str field_error_find(const FieldErrors *errors, const char *name)
{
    for (size_t i = 0; errors && i < errors->len; i++)
        if (str_eq(errors->at[i].field, str_from_c(name)))
            return errors->at[i].message;
    return S("");
}

static size_t place_of(Str field, const char *const names[])
{
    size_t i = 0;
    while (names[i] && !str_eq(field, str_from_c(names[i])))
        i++;
    return i;
}

void field_errors_order(FieldErrors *errors, const char *const names[])
{
    for (size_t i = 1; i < errors->len; i++) {
        FieldError e = errors->at[i];
        size_t     k = i;
        for (; k && place_of(errors->at[k - 1].field, names) > place_of(e.field, names); k--)
            errors->at[k] = errors->at[k - 1];
        errors->at[k] = e;
    }
}

Str field_class(const Field *f)
{
    return f->error.len ? S("field has-error") : S("field");
}

Str field_notes_ids(Out *o, const Field *f)
{
    Str  parts[2];
    size_t n = 0;
    if (f->hint.len)  parts[n++] = str_concat(o->buf.a, f->name, S("-hint"));
    if (f->error.len) parts[n++] = str_concat(o->buf.a, f->name, S("-error"));
    return str_join(o->buf.a, parts, n, S(" "));
}

Str field_width(Out *o, Str width)
{
    return width.len ? str_concat(o->buf.a, S(" "), width) : S("");
}

Str field_number(Out *o, int n)
{
    return n ? arena_fmt(o->buf.a, "%d", n) : S("");
}

Str field_choice_id(Out *o, const Field *f, size_t k)
{
    return k ? arena_fmt(o->buf.a, "%.*s-%zu", STR_ARG(f->name), k + 1) : f->name;
}

Str field_button_class(ButtonKind k)
{
    static const Str names[] = { [BUTTON_MAIN] = S_INIT("btn"), [BUTTON_SECOND] = S_INIT("btn btn-2"),
                                 [BUTTON_DANGER] = S_INIT("btn btn-danger"), [BUTTON_SMALL] = S_INIT("btn btn-2 btn-s") };
    return names[k];
}

int64_t field_letters_left(const TextArea *i)
{
    int64_t left = i->max_length - (int64_t)utf8_count(i->value);
    return left > 0 ? left : 0;
}
