/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The tree of units in memory: filling, and looking up as of a day. Ids, codes and pairs of parent and child have an
 * order to search in. */
#include "org/unit_tree.h"

#include <stdlib.h>

static const Str kind_codes[UNIT_KIND_COUNT] = {
    [UNIT_NATION] = S_INIT("nation"), [UNIT_MINISTRY] = S_INIT("ministry"), [UNIT_PROVINCE] = S_INIT("province"),
    [UNIT_DISTRICT] = S_INIT("district"), [UNIT_COMMUNE] = S_INIT("commune"),
    [UNIT_DEPARTMENT] = S_INIT("department"), [UNIT_OTHER] = S_INIT("other"),
};

Str unit_kind_code(UnitKind k)
{
    return kind_codes[k];
}

bool unit_kind_parse(Str code, UnitKind *out)
{
    for (int k = 0; k < UNIT_KIND_COUNT; k++)
        if (str_eq(code, kind_codes[k])) {
            *out = (UnitKind)k;
            return true;
        }
    return false;
}

Str unit_name(const Unit *u, Lang l)
{
    return l == LANG_EN && u->name_en.len ? u->name_en : u->name_vi;
}

/* Subtypes that stand before the name of a place. */
static const struct { Str subtype, before; } name_heads[] = {
    { S_INIT("tỉnh"), S_INIT("Tỉnh ") },         { S_INIT("quận"), S_INIT("Quận ") },
    { S_INIT("huyện"), S_INIT("Huyện ") },       { S_INIT("thị xã"), S_INIT("Thị xã ") },
    { S_INIT("phường"), S_INIT("Phường ") },     { S_INIT("xã"), S_INIT("Xã ") },
    { S_INIT("thị trấn"), S_INIT("Thị trấn ") }, { S_INIT("đặc khu"), S_INIT("Đặc khu ") },
};

Str unit_full_name(Arena *a, UnitKind kind, Str subtype, Str name_vi)
{
    if (kind != UNIT_PROVINCE && kind != UNIT_DISTRICT && kind != UNIT_COMMUNE) return name_vi;
    if (str_starts(subtype, S("thành phố"))) return str_concat(a, S("Thành phố "), name_vi);
    for (size_t i = 0; i < COUNT_OF(name_heads); i++)
        if (str_eq(subtype, name_heads[i].subtype)) return str_concat(a, name_heads[i].before, name_vi);
    return name_vi;
}

static Str version_full_name(Arena *a, UnitKind kind, const UnitVersion *v)
{
    return v->full_name_vi.len ? arena_str(a, v->full_name_vi)
                               : unit_full_name(a, kind, v->subtype, arena_str(a, v->name_vi));
}

/* ---- Filling -------------------------------------------------------------------------------------- */
/* Where id stands, or would stand. */
static size_t life_place(const UnitTree *t, UnitId id)
{
    size_t low = 0, high = t->lives.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->lives.at[mid].id.v < id.v) low = mid + 1;
        else high = mid;
    }
    return low;
}

UnitLife *tree_life(const UnitTree *t, UnitId id)
{
    size_t at = life_place(t, id);
    return at < t->lives.len && t->lives.at[at].id.v == id.v ? &t->lives.at[at] : NULL;
}

UnitLife *tree_add_life(Arena *a, UnitTree *t, UnitId id, UnitKind kind, Period when)
{
    size_t at = life_place(t, id);
    list_add(a, &t->lives);
    memmove(t->lives.at + at + 1, t->lives.at + at, (t->lives.len - 1 - at) * sizeof *t->lives.at);
    t->lives.at[at] = (UnitLife){ .id = id, .kind = kind, .when = when };
    return &t->lives.at[at];
}

static int code_cmp(const UnitCode *x, UnitKind kind, Str code)
{
    return x->kind != kind ? (int)x->kind - (int)kind : str_cmp(x->code, code);
}

static bool code_at(const UnitTree *t, size_t i, UnitKind kind, Str code)
{
    return i < t->codes.len && code_cmp(&t->codes.at[i], kind, code) == 0;
}

static size_t code_place(const UnitTree *t, UnitKind kind, Str code)
{
    size_t low = 0, high = t->codes.len;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (code_cmp(&t->codes.at[mid], kind, code) < 0) low = mid + 1;
        else high = mid;
    }
    return low;
}

/* The first pair of the parent with this child or a later one. */
static size_t kin_place(const UnitTree *t, UnitId parent, UnitId child)
{
    size_t low = 0, high = t->kin.len;
    while (low < high) {
        size_t         mid = low + (high - low) / 2;
        const UnitKin *k   = &t->kin.at[mid];
        if (k->parent.v != parent.v ? k->parent.v < parent.v : k->child.v < child.v) low = mid + 1;
        else high = mid;
    }
    return low;
}

static bool kin_at(const UnitTree *t, size_t i, UnitId parent)
{
    return i < t->kin.len && t->kin.at[i].parent.v == parent.v;
}

static void add_kin(Arena *a, UnitTree *t, UnitId parent, UnitId child)
{
    size_t at = kin_place(t, parent, child);
    if (kin_at(t, at, parent) && t->kin.at[at].child.v == child.v) return;
    list_add(a, &t->kin);
    memmove(t->kin.at + at + 1, t->kin.at + at, (t->kin.len - 1 - at) * sizeof *t->kin.at);
    t->kin.at[at] = (UnitKin){ parent, child };
}

void tree_add_version(Arena *a, Arena *work, UnitTree *t, UnitLife *life, const UnitVersion *v)
{
    if (!life->versions.cap) {                 /* most units have one period: a list's first step would be eight */
        life->versions.at  = arena_new(a, UnitVersion, 1);
        life->versions.cap = 1;
    }
    UnitVersion *row = list_add(a, &life->versions);
    *row             = *v;
    Str fold         = text_fold(work, version_full_name(work, life->kind, v));
    if (v->name_en.len) fold = str_join(work, (Str[]){ fold, text_fold(work, v->name_en) }, 2, S("\n"));
    row->fold  = arena_str(a, fold);
    row->order = arena_str(a, text_sort_key(work, LANG_VI, v->name_vi));
    UnitVersion *rows = life->versions.at;
    for (size_t i = life->versions.len - 1; i > 0 && rows[i - 1].when.from.day > rows[i].when.from.day; i--) {
        UnitVersion swap = rows[i];
        rows[i]          = rows[i - 1];
        rows[i - 1]      = swap;
    }
    add_kin(a, t, v->parent, life->id);
    if (!v->code.len) return;
    size_t at = code_place(t, life->kind, v->code);
    list_add(a, &t->codes);
    memmove(t->codes.at + at + 1, t->codes.at + at, (t->codes.len - 1 - at) * sizeof *t->codes.at);
    t->codes.at[at] = (UnitCode){ life->kind, v->code, life->id, v->when };
}

void tree_close_version(UnitTree *t, UnitLife *life, size_t at, Date on)
{
    UnitVersion *v = &life->versions.at[at];
    for (size_t i = code_place(t, life->kind, v->code); code_at(t, i, life->kind, v->code); i++) {
        UnitCode *c = &t->codes.at[i];
        if (c->unit.v == life->id.v && c->when.from.day == v->when.from.day) c->when.to = on;
    }
    v->when.to = on;
}

/* ---- Reading --------------------------------------------------------------------------------------- */
const UnitVersion *life_on(const UnitLife *life, Date on)
{
    if (!life->versions.len) return NULL;
    Date day = period_nearest(life->when, on);
    for (size_t i = life->versions.len; i-- > 0;)
        if (period_has(life->versions.at[i].when, day)) return &life->versions.at[i];
    return &life->versions.at[life->versions.len - 1];
}

UnitLife *tree_by_code(const UnitTree *t, UnitKind kind, Str code, Date on)
{
    for (size_t i = code_place(t, kind, code); code_at(t, i, kind, code); i++)
        if (period_has(t->codes.at[i].when, on)) return tree_life(t, t->codes.at[i].unit);
    return NULL;
}

static bool id_in(UnitId id, const UnitId *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i].v == id.v) return true;
    return false;
}

UnitLife *tree_code_clash(const UnitTree *t, UnitKind kind, Str code, Period when, UnitId but, const UnitId *ending,
                          size_t n)
{
    for (size_t i = code_place(t, kind, code); code_at(t, i, kind, code); i++) {
        const UnitCode *c = &t->codes.at[i];
        if (c->unit.v != but.v && period_overlaps(c->when, when) && !id_in(c->unit, ending, n))
            return tree_life(t, c->unit);
    }
    return NULL;
}

typedef struct Pick { const UnitLife *life; const UnitVersion *version; int64_t children; } Pick;
typedef LIST(Pick) Picks;

static int pick_order(const void *x, const void *y)
{
    const Pick *p = x, *q = y;
    if (p->life->kind != q->life->kind) return (int)p->life->kind - (int)q->life->kind;
    int by_name = str_cmp(p->version->order, q->version->order);
    return by_name ? by_name : str_cmp(p->version->code, q->version->code);
}

/* The version of a unit that lives on that day under the parent; NULL when it does not. */
static const UnitVersion *child_on(const UnitLife *life, UnitId parent, Date on)
{
    const UnitVersion *v = life && period_has(life->when, on) ? life_on(life, on) : NULL;
    return v && v->parent.v == parent.v ? v : NULL;
}

static int64_t count_children(const UnitTree *t, UnitId parent, Date on)
{
    int64_t n = 0;
    for (size_t i = kin_place(t, parent, (UnitId){ INT64_MIN }); kin_at(t, i, parent); i++)
        n += child_on(tree_life(t, t->kin.at[i].child), parent, on) != NULL;
    return n;
}

static Unit unit_of_pick(Arena *a, const Pick *p)
{
    const UnitVersion *v = p->version;
    Unit u = { .id = p->life->id, .kind = p->life->kind, .from = p->life->when.from, .to = p->life->when.to,
               .parent = v->parent, .code = arena_str(a, v->code), .name_vi = arena_str(a, v->name_vi),
               .name_en = arena_str(a, v->name_en), .subtype = arena_str(a, v->subtype), .children = p->children };
    u.full_name_vi = version_full_name(a, u.kind, v);
    return u;
}

Unit tree_unit(const UnitTree *t, Arena *a, const UnitLife *life, Date on)
{
    const UnitVersion *v = life_on(life, on);
    if (!v) return (Unit){ .id = life->id, .kind = life->kind, .from = life->when.from, .to = life->when.to };
    Pick pick = { life, v, count_children(t, life->id, period_nearest(life->when, on)) };
    return unit_of_pick(a, &pick);
}

static void units_of_picks(Arena *a, const Picks *picks, Units *out)
{
    if (picks->len) qsort(picks->at, picks->len, sizeof *picks->at, pick_order);
    *out = (Units){ .at = arena_new(a, Unit, picks->len), .len = picks->len, .cap = picks->len };
    for (size_t i = 0; i < picks->len; i++) out->at[i] = unit_of_pick(a, &picks->at[i]);
}

void tree_children(const UnitTree *t, Arena *a, UnitId parent, Date on, Units *out)
{
    Picks picks = { 0 };
    for (size_t i = kin_place(t, parent, (UnitId){ INT64_MIN }); kin_at(t, i, parent); i++) {
        const UnitLife    *life = tree_life(t, t->kin.at[i].child);
        const UnitVersion *v    = child_on(life, parent, on);
        if (v) *list_add(a, &picks) = (Pick){ life, v, count_children(t, life->id, on) };
    }
    units_of_picks(a, &picks, out);
}

void tree_list(const UnitTree *t, Arena *a, UnitKind kind, Date on, Units *out)
{
    Picks picks = { 0 };
    for (size_t i = 0; i < t->lives.len; i++) {
        const UnitLife *life = &t->lives.at[i];
        if (life->kind != kind || !period_has(life->when, on)) continue;
        const UnitVersion *v = life_on(life, on);
        if (v) *list_add(a, &picks) = (Pick){ life, v, count_children(t, life->id, on) };
    }
    units_of_picks(a, &picks, out);
}

void tree_path(const UnitTree *t, Arena *a, UnitId id, Date on, Units *out)
{
    const UnitLife *steps[UNIT_DEPTH_MAX];
    size_t n = 0;
    Date day = on;
    for (const UnitLife *life = tree_life(t, id); life && n < UNIT_DEPTH_MAX; n++) {
        steps[n] = life;
        day = period_nearest(life->when, day);
        const UnitVersion *v = life_on(life, day);
        life = v ? tree_life(t, v->parent) : NULL;
    }
    *out = (Units){ .at = arena_new(a, Unit, n), .len = n, .cap = n };
    for (size_t i = 0; i < n; i++) out->at[i] = tree_unit(t, a, steps[n - 1 - i], day);
}

UnitId tree_branch(const UnitTree *t, UnitId unit, UnitId top, Date on)
{
    const UnitLife *life  = tree_life(t, unit);
    UnitId          below = top;
    for (int n = 0; life && n < UNIT_DEPTH_MAX; n++) {
        if (life->id.v == top.v) return below;
        below = life->id;
        on = period_nearest(life->when, on);
        const UnitVersion *v = life_on(life, on);
        life = v ? tree_life(t, v->parent) : NULL;
    }
    return (UnitId){ 0 };
}

bool tree_within(const UnitTree *t, UnitId unit, UnitId ancestor, Date on)
{
    const UnitLife *life = tree_life(t, unit);
    for (int n = 0; life && n < UNIT_DEPTH_MAX; n++) {
        if (life->id.v == ancestor.v) return true;
        on = period_nearest(life->when, on);
        const UnitVersion *v = life_on(life, on);
        life = v ? tree_life(t, v->parent) : NULL;
    }
    return false;
}

bool tree_has_children(const UnitTree *t, UnitId id, Date on)
{
    for (size_t i = kin_place(t, id, (UnitId){ INT64_MIN }); kin_at(t, i, id); i++)
        if (child_on(tree_life(t, t->kin.at[i].child), id, on)) return true;
    return false;
}
