/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Packed counters. Layout: 'C' '2', then variable-length numbers: channels, stored, flagged, withdrawn, the four lanes of the
 * sum (8 bytes each), number of slots, the slots, number of days, and for each day its number since the day before
 * and its channels. A round of 200 choices and 30 days packs to about 600 bytes. */
#include "collect/counters.h"

#include <sodium.h>

enum { DAY_MOST = 1000000 };           /* the year 4707 */

static void put(Buf *b, uint64_t n)
{
    while (n >= 0x80) {
        buf_byte(b, (char)(n | 0x80));
        n >>= 7;
    }
    buf_byte(b, (char)n);
}

static uint64_t zigzag(int64_t n)
{
    return ((uint64_t)n << 1) ^ (uint64_t)(n >> 63);
}

Str counts_pack(Arena *a, const RoundCounts *c)
{
    Buf b = buf_new(a, 64 + (size_t)c->slots * 3 + c->days.len * (CHANNEL_COUNT * 2 + 2));
    buf_lit(&b, "C2");
    put(&b, CHANNEL_COUNT);
    put(&b, (uint64_t)c->stored);
    put(&b, (uint64_t)c->flagged);
    put(&b, (uint64_t)c->withdrawn);
    buf_add(&b, (Str){ (const char *)c->sum, sizeof c->sum });
    put(&b, (uint64_t)c->slots);
    for (int i = 0; i < c->slots; i++)
        put(&b, zigzag(c->options[i]));
    put(&b, c->days.len);
    int32_t last = 0;
    for (size_t i = 0; i < c->days.len; i++) {
        put(&b, zigzag(c->days.at[i].day.day - last));
        last = c->days.at[i].day.day;
        for (int k = 0; k < CHANNEL_COUNT; k++)
            put(&b, zigzag(c->days.at[i].n[k]));
    }
    return buf_str(&b);
}

typedef struct Reader { const uint8_t *at, *end; bool bad; } Reader;

static uint64_t get(Reader *r)
{
    uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (r->at == r->end)
            break;
        uint8_t byte = *r->at++;
        n |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return n;
    }
    r->bad = true;
    return 0;
}

static int64_t get_signed(Reader *r)
{
    uint64_t n = get(r);
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static bool read_days(Arena *a, Reader *r, int channels, RoundCounts *c)
{
    uint64_t n = get(r);
    if (r->bad || n > (uint64_t)(r->end - r->at))
        return false;
    int64_t day = 0;
    for (uint64_t i = 0; i < n && !r->bad; i++) {
        DayCount *d    = list_add(a, &c->days);
        int64_t   step = get_signed(r);
        if (step < 0 || step > DAY_MOST || (i && step == 0) || day + step > DAY_MOST)
            return false;
        day += step;
        d->day = (Date){ (int32_t)day };
        for (int k = 0; k < channels; k++)
            d->n[k] = get_signed(r);
    }
    return !r->bad;
}

bool counts_unpack(Arena *a, Str packed, RoundCounts *out)
{
    RoundCounts c = { .unit = out->unit, .revision = out->revision };
    Reader r = { (const uint8_t *)packed.at, (const uint8_t *)packed.at + packed.len, false };
    bool first = str_starts(packed, S("C1"));            /* before the telephone: seven channels, not counted */
    if (!first && !str_starts(packed, S("C2")))
        return false;
    r.at += 2;
    uint64_t channels = first ? CHANNEL_PAPER + 1 : get(&r);
    if (channels > CHANNEL_COUNT)
        return false;
    c.stored    = (int64_t)get(&r);
    c.flagged   = (int64_t)get(&r);
    c.withdrawn = (int64_t)get(&r);
    if (r.bad || (size_t)(r.end - r.at) < sizeof c.sum)
        return false;
    memcpy(c.sum, r.at, sizeof c.sum);
    r.at += sizeof c.sum;
    uint64_t slots = get(&r);
    if (r.bad || slots > (uint64_t)(r.end - r.at))
        return false;
    c.slots   = (int)slots;
    c.options = arena_new(a, int64_t, slots);
    for (int i = 0; i < c.slots; i++)
        c.options[i] = get_signed(&r);
    if (r.bad || !read_days(a, &r, (int)channels, &c) || r.at != r.end)
        return false;
    *out = c;
    return true;
}

static DayCount *day_of(Arena *a, RoundCounts *c, Date day)
{
    size_t at = c->days.len;
    while (at > 0 && c->days.at[at - 1].day.day > day.day)
        at--;
    if (at > 0 && c->days.at[at - 1].day.day == day.day)
        return &c->days.at[at - 1];
    (void)list_add(a, &c->days);
    memmove(&c->days.at[at + 1], &c->days.at[at], (c->days.len - 1 - at) * sizeof *c->days.at);
    c->days.at[at] = (DayCount){ .day = day };
    return &c->days.at[at];
}

void counts_add(Arena *a, RoundCounts *c, const CountedAnswer *x, int sign)
{
    c->withdrawn += x->withdrawn;
    if (x->left_out)
        return;
    c->stored += sign;
    if (x->flagged)
        c->flagged += sign;
    if (sign)
        day_of(a, c, x->day)->n[x->channel] += sign;
    for (int i = 0; i < x->slot_count; i++)
        if (x->slots[i] < c->slots)
            c->options[x->slots[i]] += sign;
}

CountSlots count_slots(Arena *a, const FormProgram *p)
{
    CountSlots s = { .first = arena_new(a, int, p->answer_count ? p->answer_count : 1) };
    for (int i = 0; i < p->answer_count; i++)
        s.first[i] = -1;
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->answer < 0 || n->list < 0 || (n->type != Q_SELECT_ONE && n->type != Q_SELECT_MULTIPLE))
            continue;
        s.first[n->answer] = s.total;
        s.total += (int)p->lists.at[n->list].choices.len;
    }
    return s;
}

static int choice_at(const FormList *l, Str name)
{
    for (size_t i = 0; i < l->choices.len; i++)
        if (str_eq(l->choices.at[i].name, name))
            return (int)i;
    return -1;
}

int counts_slots_of(const CountSlots *s, const FormProgram *p, const FormAnswers *x, Arena *a, const int **out)
{
    int *slots = arena_new(a, int, s->total ? s->total : 1), n = 0;
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *node = &p->nodes.at[i];
        if (node->answer < 0 || s->first[node->answer] < 0)
            continue;
        for (Str rest = x->at[node->answer]; rest.len;) {
            StrPair cut  = str_cut(rest, ' ');
            int     at   = choice_at(&p->lists.at[node->list], cut.head);
            rest         = cut.tail;
            if (at >= 0 && n < s->total)
                slots[n++] = s->first[node->answer] + at;
        }
    }
    *out = slots;
    return n;
}

static void mix_text(crypto_generichash_state *h, Str s)
{
    uint64_t len = s.len;                   /* lengths keep neighbouring columns apart */
    crypto_generichash_update(h, (const unsigned char *)&len, sizeof len);
    crypto_generichash_update(h, (const unsigned char *)s.at, s.len);
}

void sum_add(uint64_t sum[4], const CollectKeys *k, const SealedRecord *r, int sign)
{
    crypto_generichash_state h;
    uint64_t                 lanes[4];
    int64_t numbers[5] = { r->id.v, r->round.v, r->unit.v, r->flagged, r->withdrawn };
    crypto_generichash_init(&h, k->answers, sizeof k->answers, sizeof lanes);
    crypto_generichash_update(&h, (const unsigned char *)numbers, sizeof numbers);
    const Str texts[] = { r->instance, r->sha256, r->receipt_hash, r->day, r->channel, r->flag_reason, r->media, r->answers };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        mix_text(&h, texts[i]);
    if (r->sent.len)                   /* older records have none, and keep their sum */
        mix_text(&h, r->sent);
    if (r->left_out.len)                    /* sums of records that count stay as they were before there was such a column */
        mix_text(&h, r->left_out);
    crypto_generichash_final(&h, (unsigned char *)lanes, sizeof lanes);
    for (int i = 0; i < 4; i++)
        sum[i] = sign > 0 ? sum[i] + lanes[i] : sum[i] - lanes[i];
}

void state_sum_add(uint64_t sum[4], const CollectKeys *k, const RecordState *s, int sign)
{
    crypto_generichash_state h;
    uint64_t                 lanes[4];
    int64_t numbers[4] = { s->id.v, s->unit.v, s->excluded, s->revision };
    crypto_generichash_init(&h, k->answers, sizeof k->answers, sizeof lanes);
    mix_text(&h, S("state"));
    crypto_generichash_update(&h, (const unsigned char *)numbers, sizeof numbers);
    mix_text(&h, s->answers);
    crypto_generichash_final(&h, (unsigned char *)lanes, sizeof lanes);
    for (int i = 0; i < 4; i++)
        sum[i] = sign > 0 ? sum[i] + lanes[i] : sum[i] - lanes[i];
}
