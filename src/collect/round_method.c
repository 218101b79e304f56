/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The methods a round can name: those that module method keeps and ships. */
#include "collect/console.h"

Err round_method_choices(Ctx *c, Str chosen, Choices *out)
{
    if (!c->app->method_shelf) {                       /* a program without them, as in tests */
        *list_add(c->arena, out) = (Choice){ .value = S("sipas-2023"), .label = S("sipas-2023"), .chosen = str_eq(chosen, S("sipas-2023")) };
        return OK;
    }
    TRY(c->app->method_shelf->list(c->db, c->arena, c->lang, out));
    for (size_t i = 0; i < out->len; i++)
        out->at[i].chosen = str_eq(out->at[i].value, chosen);
    return OK;
}

Err round_method_known(Ctx *c, Str method, bool *out)
{
    Choices all = { 0 };
    *out = false;
    TRY(round_method_choices(c, method, &all));
    for (size_t i = 0; i < all.len; i++)
        *out |= all.at[i].chosen;
    return OK;
}

Err round_method_default(Ctx *c, Str form_id, Str *out)
{
    bool own;
    TRY(round_method_known(c, form_id, &own));
    *out = own ? form_id : S("sipas-2023");
    return OK;
}

Err round_method_name(Ctx *c, Str method, Str *out)
{
    Choices all = { 0 };
    *out = method;
    TRY(round_method_choices(c, method, &all));
    for (size_t i = 0; i < all.len; i++)
        if (all.at[i].chosen)
            *out = all.at[i].label;
    return OK;
}
