/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules of a round: which step follows which, who may contribute when. No SQL, no HTTP, no clock. */
#include "collect/parts.h"

#define SEND_GRACE_MS (60 * MS_SECOND)     /* for sessions already open when the round closes */

static const Str state_codes[ROUND_STATE_COUNT] = {
    [ROUND_DRAFT] = S_INIT("draft"),   [ROUND_OPEN] = S_INIT("open"),           [ROUND_PAUSED] = S_INIT("paused"),
    [ROUND_CLOSED] = S_INIT("closed"), [ROUND_PUBLISHED] = S_INIT("published"),
};

static const Str channel_codes[CHANNEL_COUNT] = {
    [CHANNEL_WEB] = S_INIT("web"), [CHANNEL_API] = S_INIT("api"),     [CHANNEL_KIOSK] = S_INIT("kiosk"),
    [CHANNEL_EMBED] = S_INIT("embed"), [CHANNEL_QR] = S_INIT("qr"),   [CHANNEL_FIELD] = S_INIT("field"),
    [CHANNEL_PAPER] = S_INIT("paper"), [CHANNEL_PHONE] = S_INIT("phone"),
};

static const bool steps[ROUND_STATE_COUNT][ROUND_STATE_COUNT] = {
    [ROUND_DRAFT]  = { [ROUND_OPEN] = true },
    [ROUND_OPEN]   = { [ROUND_PAUSED] = true, [ROUND_CLOSED] = true },
    [ROUND_PAUSED] = { [ROUND_OPEN] = true, [ROUND_CLOSED] = true },
    [ROUND_CLOSED] = { [ROUND_PUBLISHED] = true },
};

Str round_state_code(RoundState s)
{
    return s >= 0 && s < ROUND_STATE_COUNT ? state_codes[s] : S("");
}

bool round_state_parse(Str code, RoundState *out)
{
    for (int i = 0; i < ROUND_STATE_COUNT; i++)
        if (str_eq(code, state_codes[i])) {
            *out = (RoundState)i;
            return true;
        }
    return false;
}

Str round_identity_code(RoundIdentity i)
{
    return i == IDENTITY_CODE ? S("code") : S("open");
}

Str channel_code(Channel c)
{
    return c >= 0 && c < CHANNEL_COUNT ? channel_codes[c] : S("");
}

bool channel_parse(Str code, Channel *out)
{
    for (int i = 0; i < CHANNEL_COUNT; i++)
        if (str_eq(code, channel_codes[i])) {
            *out = (Channel)i;
            return true;
        }
    return false;
}

Str round_title(const Round *r, Lang l)
{
    return l == LANG_EN && r->title_en.len ? r->title_en : r->title_vi;
}

Str round_intro(const Round *r, Lang l)
{
    return l == LANG_EN && r->intro_en.len ? r->intro_en : r->intro_vi;
}

static bool past(Time end, Time now)
{
    return end.ms != 0 && now.ms > end.ms;
}

Date round_day(const Round *r)
{
    return date_of(r->opens_at.ms ? r->opens_at : r->created_at);
}

RoundState round_state_at(const Round *r, Time now)
{
    if (r->state != ROUND_OPEN && r->state != ROUND_PAUSED)
        return r->state;
    if (past(r->closes_at, now))
        return ROUND_CLOSED;
    return now.ms < r->opens_at.ms ? ROUND_DRAFT : r->state;
}

bool round_step_allowed(RoundState from, RoundState to)
{
    return from >= 0 && from < ROUND_STATE_COUNT && to >= 0 && to < ROUND_STATE_COUNT && steps[from][to];
}

RoundGate round_gate(const Round *r, Contribution what, Time now)
{
    switch (round_state_at(r, now)) {
    case ROUND_DRAFT: return GATE_NOT_YET;
    case ROUND_OPEN: return GATE_OPEN;
    case ROUND_PAUSED: return GATE_PAUSED;
    case ROUND_CLOSED: {
        Time end = r->closed_at.ms ? r->closed_at : r->closes_at;
        return what == CONTRIBUTION_SEND && now.ms <= end.ms + SEND_GRACE_MS ? GATE_OPEN : GATE_CLOSED;
    }
    default: return GATE_CLOSED;
    }
}

bool round_code_valid(Str code)
{
    if (code.len < 2 || code.len > 40 || code.at[0] == '-' || code.at[code.len - 1] == '-')
        return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

static bool is_province_list(const FormList *l)
{
    for (size_t i = 0; i < l->choices.len; i++) {
        Str name = l->choices.at[i].name;
        if (name.len != 2 || name.at[0] < '0' || name.at[0] > '9' || name.at[1] < '0' || name.at[1] > '9')
            return false;
    }
    return l->choices.len > 1;
}

bool round_names_provinces(const FormProgram *p, int node)
{
    const FormNode *n = &p->nodes.at[node];
    return n->type == Q_SELECT_ONE && n->repeat < 0 && n->list >= 0 && is_province_list(&p->lists.at[n->list]);
}
