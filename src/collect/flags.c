/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two cheap signs: the same answers again and again, and answers faster than reading, with one level for every
 * satisfaction item or without. The memory of recent answers is a ring a process; it is never stored. */
#include "collect/flags.h"

#include <pthread.h>

enum { RING = 512, REPEATED_AT = 20, STRAIGHT_AT = 8, READING_MS = 2000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t        ring[RING];
static size_t          next;

/* How often these answers were among the last RING ones of any round; they are then added. */
static int seen_lately(uint64_t vector)
{
    int times = 0;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < RING; i++)
        times += ring[i] == vector;
    ring[next] = vector;
    next       = (next + 1) % RING;
    pthread_mutex_unlock(&lock);
    return times;
}

static bool straight_line(const FormProgram *p, const FormAnswers *x)
{
    Str first = { 0 };
    int same  = 0;
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->role != QR_SATISFACTION || n->answer < 0 || x->at[n->answer].len == 0)
            continue;
        if (first.len && !str_eq(first, x->at[n->answer]))
            return false;
        first = x->at[n->answer];
        same++;
    }
    return same >= STRAIGHT_AT;
}

static int given(const FormProgram *p, const FormAnswers *x)
{
    int n = 0;
    for (int i = 0; i < p->answer_count; i++)
        n += x->at[i].len != 0;
    return n;
}

void flag_answers(Submission *x, const FormAnswers *answers, int64_t elapsed_ms)
{
    const FormProgram *p = x->info->program;
    uint64_t vector = str_hash(x->answers) ^ (uint64_t)x->info->round.id.v;
    bool     many   = given(p, answers) >= 10;
    bool     fast   = elapsed_ms > 0 && elapsed_ms < (int64_t)given(p, answers) * READING_MS;
    if (seen_lately(vector) >= REPEATED_AT && many)
        x->flag_reason = S("repeated");
    else if (many && fast)
        x->flag_reason = straight_line(p, answers) ? S("straight_line") : S("fast");
    x->flagged = x->flag_reason.len != 0;
}
