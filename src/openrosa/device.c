/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of a phone's key. */
#include "openrosa/openrosa.h"

DeviceState device_state(const Device *d, Date on)
{
    if (d->revoked_at.ms)
        return DEVICE_REVOKED;
    if (on.day < d->from.day)
        return DEVICE_LATER;
    return date_is_none(d->to) || on.day <= d->to.day ? DEVICE_ACTIVE : DEVICE_ENDED;
}

Str device_state_code(DeviceState s)
{
    static const Str codes[] = { S_INIT("later"), S_INIT("active"), S_INIT("ended"), S_INIT("revoked") };
    return codes[s];
}

Str device_url(Arena *a, Str base, Str key)
{
    while (str_ends(base, S("/")))
        base = str_take(base, base.len - 1);
    return arena_fmt(a, "%.*s/openrosa/%.*s", STR_ARG(base), STR_ARG(key));
}
