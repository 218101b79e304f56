/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Texts numbered in the order they came and found by hash: names of questions and choices. */
#include "form/form_parts.h"

NameSet name_set_new(Arena *a, size_t room)
{
    uint32_t size = 16;
    while (size < 2 * room)
        size *= 2;
    return (NameSet){ .slots = arena_new(a, int, size), .mask = size - 1, .names = arena_new(a, Str, room) };
}

/* The slot that holds name, or the empty one where it would go. */
static uint32_t slot_of(const NameSet *s, Str name)
{
    uint32_t i = (uint32_t)str_hash(name) & s->mask;
    while (s->slots[i] && !str_eq(s->names[s->slots[i] - 1], name))
        i = (i + 1) & s->mask;
    return i;
}

int name_set_find(const NameSet *s, Str name)
{
    return s->slots ? s->slots[slot_of(s, name)] - 1 : -1;
}

bool name_set_add(NameSet *s, Str name)
{
    uint32_t i = slot_of(s, name);
    if (s->slots[i])
        return false;
    s->names[s->len] = name;
    s->slots[i]      = ++s->len;
    return true;
}
