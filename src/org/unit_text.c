/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Units in words: labels, kinds, and what happened to them in sentences. */
#include "org/unit.h"

static const Str kind_keys[UNIT_KIND_COUNT] = {
    [UNIT_NATION] = S_INIT("unit.kind.nation"), [UNIT_MINISTRY] = S_INIT("unit.kind.ministry"),
    [UNIT_PROVINCE] = S_INIT("unit.kind.province"), [UNIT_DISTRICT] = S_INIT("unit.kind.district"),
    [UNIT_COMMUNE] = S_INIT("unit.kind.commune"), [UNIT_DEPARTMENT] = S_INIT("unit.kind.department"),
    [UNIT_OTHER] = S_INIT("unit.kind.other"),
};

Str unit_kind_text(UnitKind k, Lang l)
{
    return text_find(l, kind_keys[k]);
}

Str unit_subtype_text(Arena *a, Str subtype, Lang l)
{
    Str text = text_find(l, str_concat(a, S("unit.subtype."), text_slug(a, subtype)));
    return text.len ? text : subtype;
}

Str unit_label(const Unit *u, Lang l)
{
    return l == LANG_EN && u->name_en.len ? u->name_en : u->full_name_vi;
}

/* Kinds of places are written small inside a Vietnamese sentence; of the largest city the first letter stays. */
Str unit_in_sentence(Arena *a, Lang l, Str full_name)
{
    static const struct { Str head, low; } heads[] = {
        { S_INIT("Tỉnh "), S_INIT("tỉnh ") },       { S_INIT("Thành phố "), S_INIT("thành phố ") },
        { S_INIT("Quận "), S_INIT("quận ") },       { S_INIT("Huyện "), S_INIT("huyện ") },
        { S_INIT("Thị xã "), S_INIT("thị xã ") },   { S_INIT("Phường "), S_INIT("phường ") },
        { S_INIT("Xã "), S_INIT("xã ") },           { S_INIT("Thị trấn "), S_INIT("thị trấn ") },
        { S_INIT("Đặc khu "), S_INIT("đặc khu ") },
    };
    if (l != LANG_VI || str_eq(full_name, S("Thành phố Hồ Chí Minh"))) return full_name;
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        if (str_starts(full_name, heads[i].head))
            return str_concat(a, heads[i].low, str_skip(full_name, heads[i].head.len));
    return full_name;
}

Str unit_names_text(Arena *a, Lang l, const StrList *names)
{
    if (names->len < 2) return names->len ? names->at[0] : S("");
    Str head = str_join(a, names->at, names->len - 1, S(", "));
    return str_join(a, (Str[]){ head, text_of(l, "unit.page.and"), names->at[names->len - 1] }, 3, S(" "));
}

Str unit_share_text(Arena *a, Lang l, double share)
{
    double percent = 100 * share;
    bool   whole   = percent == (double)(int64_t)percent;
    return str_concat(a, real_text(a, l, percent, whole ? 0 : 2), S("%"));
}

static Str event_key(const UnitEvent *e)
{
    switch (e->kind) {
    case UNIT_EVENT_CREATED: return S("unit.event.created");
    case UNIT_EVENT_NAMED: return S("unit.event.named");
    case UNIT_EVENT_CODED:
        return !e->other.v     ? S("unit.event.coded")
               : e->before.len ? S("unit.event.coded_both")
                               : S("unit.event.coded_from");
    case UNIT_EVENT_MOVED: return S("unit.event.moved");
    case UNIT_EVENT_KIND: return S("unit.event.kind");
    case UNIT_EVENT_ENDED: return S("unit.event.ended");
    case UNIT_EVENT_SUCCEEDED: return e->share == 1 ? S("unit.event.succeeded_whole") : S("unit.event.succeeded");
    case UNIT_EVENT_SUCCEEDS: return e->share == 1 ? S("unit.event.succeeds_whole") : S("unit.event.succeeds");
    }
    return S("");
}

Str unit_event_text(Arena *a, Lang l, const UnitEvent *e)
{
    TextArg args[] = { ARG_S("before", unit_in_sentence(a, l, e->before)),
                       ARG_S("after", unit_in_sentence(a, l, e->after)),
                       ARG_S("other", unit_in_sentence(a, l, e->other_name)),
                       ARG_S("share", unit_share_text(a, l, e->share)) };
    return text_fill(a, l, text_find(l, event_key(e)), args, COUNT_OF(args));
}

Str unit_life_text(Arena *a, Lang l, const Unit *u)
{
    Str from = date_is_none(u->from) ? text_of(l, "unit.page.before_records") : date_text(a, l, u->from);
    Str to   = date_is_none(u->to) ? text_of(l, "unit.page.until_now") : date_text(a, l, (Date){ u->to.day - 1 });
    return str_join(a, (Str[]){ from, to }, 2, S(" – "));
}
