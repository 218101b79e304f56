/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How failed sign-ins make the next try wait, and the steps of a sign-in. Values in, values
 * out. */
#include "org/session.h"

#include <arpa/inet.h>

SignInLimits sign_in_limits(int64_t account, int64_t network, int64_t code)
{
    return (SignInLimits){ .account = { account ? account : 5, 15 * MS_MINUTE, 30 * MS_SECOND, 15 * MS_MINUTE },
                           .network = { network ? network : 50, MS_HOUR, 30 * MS_SECOND, 15 * MS_MINUTE },
                           .code    = { code ? code : 5, 10 * MS_MINUTE, 30 * MS_SECOND, 10 * MS_MINUTE } };
}

/* Counting starts anew once the window since the last failure (past the limit) or the first one has run. */
static bool forgotten(const LimitRule *rule, const LimitState *s, Time now)
{
    Time since = s->failures < rule->failures ? s->first_at : s->last_at;
    return s->failures == 0 || now.ms - since.ms >= rule->window_ms;
}

Time limit_until(const LimitRule *rule, const LimitState *s, Time now)
{
    if (forgotten(rule, s, now) || s->failures < rule->failures)
        return now;
    int64_t delay = rule->delay_ms;
    for (int64_t i = rule->failures; i < s->failures && delay < rule->delay_most_ms; i++)
        delay *= 2;
    if (delay > rule->delay_most_ms)
        delay = rule->delay_most_ms;
    Time until = { s->last_at.ms + delay };
    return until.ms > now.ms ? until : now;
}

LimitState limit_failed(const LimitRule *rule, const LimitState *s, Time now)
{
    if (forgotten(rule, s, now))
        return (LimitState){ 1, now, now };
    return (LimitState){ s->failures + 1, s->first_at, now };
}

Str address_prefix(Arena *a, Str address)
{
    char           text[INET6_ADDRSTRLEN];
    uint8_t        b[16];
    char          *zero = arena_c(a, str_starts(address, S("::ffff:")) ? str_skip(address, 7) : address);
    if (inet_pton(AF_INET, zero, b) == 1)
        return arena_fmt(a, "%d.%d.%d.0/24", b[0], b[1], b[2]);
    if (inet_pton(AF_INET6, arena_c(a, address), b) != 1)
        return address;
    memset(b + 7, 0, 9);
    inet_ntop(AF_INET6, b, text, sizeof text);
    return arena_fmt(a, "%s/56", text);
}

SessionStep session_step(bool second_passed, bool has_totp, bool needs_second, bool must_change)
{
    if (has_totp && !second_passed)
        return SESSION_SECOND_FACTOR;
    if (needs_second && !has_totp)
        return SESSION_ENROL_TOTP;
    return must_change ? SESSION_CHANGE_PASSWORD : SESSION_FULL;
}
