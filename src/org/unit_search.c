/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Search by name or code. The folded name decides who is looked at, i18n's text_match decides the rank:
 * exact marks stand before folded ones, living units before ended ones, old names are found too. */
#include "org/unit_tree.h"

#include <stdlib.h>

typedef struct Hit { const UnitLife *life; const UnitVersion *named; int score; bool ended; Str order; } Hit;

static int hit_order(const void *x, const void *y)
{
    const Hit *p = x, *q = y;
    if (p->score != q->score) return q->score - p->score;
    if (p->ended != q->ended) return p->ended - q->ended;
    if (p->life->kind != q->life->kind) return (int)p->life->kind - (int)q->life->kind;
    int by_name = str_cmp(p->order, q->order);
    if (by_name) return by_name;
    return p->life->id.v < q->life->id.v ? -1 : 1;
}

/* Does a word of the folded names begin with this? */
static bool word_starts(Str fold, Str with)
{
    size_t at;
    for (size_t from = 0; str_find(str_skip(fold, from), with, &at); from += at + 1)
        if (from + at == 0 || strchr(" \n-(", fold.at[from + at - 1])) return true;
    return false;
}

/* Is this a whole folded name without its spaces, "hanoi" or "tinhgialai"? */
static bool name_joined(Str fold, Str with)
{
    for (size_t from = 0; from < fold.len; from++) {
        if (from && !strchr(" \n", fold.at[from - 1])) continue;
        size_t at = from, same = 0;
        for (; at < fold.len && same < with.len && (fold.at[at] == ' ' || fold.at[at] == with.at[same]); at++)
            same += fold.at[at] != ' ';
        if (same == with.len && (at == fold.len || fold.at[at] == '\n')) return true;
    }
    return false;
}

enum { FOLDED_MOST = 3 };        /* the best score of a hit whose marks differ */

/* 0: no match. 2 points a rank of text_match, and one for the whole name. */
static int version_score(Arena scratch, const UnitLife *life, const UnitVersion *v, Str q, Str folded)
{
    if (v->code.len && str_eq_ascii_nocase(v->code, q)) return 9;
    if (!word_starts(v->fold, folded)) return name_joined(v->fold, folded) ? FOLDED_MOST : 0;
    Str full  = v->full_name_vi.len ? v->full_name_vi : unit_full_name(&scratch, life->kind, v->subtype, v->name_vi);
    int whole = str_eq(text_fold(&scratch, v->name_vi), folded) || str_eq(text_fold(&scratch, full), folded);
    int best  = text_match(scratch, v->name_vi, q);
    int other = text_match(scratch, full, q);
    if (other > best) best = other;
    if (v->name_en.len && (other = text_match(scratch, v->name_en, q)) > best) best = other;
    return best ? 2 * best + whole : 0;
}

/* Whoever types marks means them: folded hits stay only when there is no other. */
static size_t without_folded(Hit *hits, size_t n, Str q)
{
    bool marks = false, exact = n > 0 && hits[0].score > FOLDED_MOST;
    for (size_t i = 0; i < q.len; i++) marks |= (unsigned char)q.at[i] >= 0x80;
    while (marks && exact && n && hits[n - 1].score <= FOLDED_MOST) n--;
    return n;
}

void tree_search(const UnitTree *t, Arena *a, Str q, Date on, int limit, Units *out)
{
    LIST(Hit) hits = { 0 };
    q          = str_trim(q);
    Str folded = text_fold(a, q);
    for (size_t i = 0; i < t->lives.len && folded.len; i++) {
        const UnitLife *life = &t->lives.at[i];
        Hit best = { .life = life };
        for (size_t v = 0; v < life->versions.len; v++) {
            int score = version_score(*a, life, &life->versions.at[v], q, folded);
            if (score >= best.score && score > 0) best.score = score, best.named = &life->versions.at[v];
        }
        if (!best.score) continue;
        best.ended = !period_has(life->when, on);
        best.order = life_on(life, on)->order;
        *list_add(a, &hits) = best;
    }
    if (hits.len) qsort(hits.at, hits.len, sizeof *hits.at, hit_order);
    hits.len    = without_folded(hits.at, hits.len, q);
    Units units = { 0 };
    for (size_t i = 0; i < hits.len && (int)i < limit; i++) {
        Unit *u = list_add(a, &units);
        *u      = tree_unit(t, a, hits.at[i].life, on);
        if (!str_eq(hits.at[i].named->name_vi, u->name_vi)) u->found_as = arena_str(a, hits.at[i].named->name_vi);
    }
    *out = units;
}
