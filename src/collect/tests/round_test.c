/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Steps of a round, who may contribute when, words for people, packed counters. */
#include "base/test.h"
#include "collect/counters.h"

static Time at(const char *iso)
{
    Time t = { 0 };
    CHECK(time_parse_iso(str_from_c(iso), &t));
    return t;
}

TEST(a_round_goes_forward_only)
{
    const char *allowed[] = { "draft open", "open paused", "paused open", "open closed", "paused closed", "closed published" };
    for (int from = 0; from < ROUND_STATE_COUNT; from++)
        for (int to = 0; to < ROUND_STATE_COUNT; to++) {
            Str step = arena_fmt(a, "%.*s %.*s", STR_ARG(round_state_code((RoundState)from)), STR_ARG(round_state_code((RoundState)to)));
            bool want = false;
            for (size_t i = 0; i < COUNT_OF(allowed); i++)
                want |= str_eq(step, str_from_c(allowed[i]));
            if (round_step_allowed((RoundState)from, (RoundState)to) != want)
                test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(step));
        }
}

TEST(the_gate_closes_to_the_millisecond_in_vietnamese_time)
{
    Time  close = at("2026-11-30T23:59:59.999+07:00");
    Round r     = { .state = ROUND_OPEN, .opens_at = at("2026-11-01T00:00:00+07:00"), .closes_at = close };
    CHECK_INT(round_gate(&r, CONTRIBUTION_START, (Time){ r.opens_at.ms - 1 }), GATE_NOT_YET);
    CHECK_INT(round_gate(&r, CONTRIBUTION_START, r.opens_at), GATE_OPEN);
    CHECK_INT(round_gate(&r, CONTRIBUTION_START, close), GATE_OPEN);
    CHECK_INT(round_gate(&r, CONTRIBUTION_START, (Time){ close.ms + 1 }), GATE_CLOSED);
    CHECK_INT(round_gate(&r, CONTRIBUTION_API, close), GATE_OPEN);
    CHECK_INT(round_gate(&r, CONTRIBUTION_API, (Time){ close.ms + 1 }), GATE_CLOSED);
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, (Time){ close.ms + 59999 }), GATE_OPEN);
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, (Time){ close.ms + 60000 }), GATE_OPEN);
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, (Time){ close.ms + 60001 }), GATE_CLOSED);
    CHECK_INT(date_of((Time){ close.ms + 1 }).day, date_of(close).day + 1);
    CHECK_INT(round_state_at(&r, (Time){ close.ms + 1 }), ROUND_CLOSED);
    r.state     = ROUND_CLOSED;              /* by hand, before its time */
    r.closed_at = at("2026-11-20T09:00:00+07:00");
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, (Time){ r.closed_at.ms + 60000 }), GATE_OPEN);
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, (Time){ r.closed_at.ms + 60001 }), GATE_CLOSED);
    CHECK_INT(round_gate(&r, CONTRIBUTION_API, r.closed_at), GATE_CLOSED);
    r.state = ROUND_PAUSED;
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, r.closed_at), GATE_PAUSED);
    r.state = ROUND_PUBLISHED;
    CHECK_INT(round_gate(&r, CONTRIBUTION_SEND, r.closed_at), GATE_CLOSED);
}

TEST(round_codes_fit_addresses)
{
    CHECK(round_code_valid(S("sipas-2026")));
    CHECK(!round_code_valid(S("-a")) && !round_code_valid(S("a-")) && !round_code_valid(S("a")));
    CHECK(!round_code_valid(S("Sipas")) && !round_code_valid(S("a b")) && !round_code_valid(S("a/b")));
    for (int i = 0; i < ROUND_STATE_COUNT; i++) {
        RoundState s;
        CHECK(round_state_parse(round_state_code((RoundState)i), &s) && (int)s == i);
    }
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        Channel c;
        CHECK(channel_parse(channel_code((Channel)i), &c) && (int)c == i);
    }
}

TEST(receipts_are_the_same_at_every_retry_and_differ_else)
{
    CollectKeys k = { .instance = { 1 }, .record = { 2 } };
    Str id = S("0f8fad5b-d9cb-469f-a165-70867728950e");
    Round r = { .id = { 7 }, .slot = 3, .created_at = at("2026-02-01T00:00:00+07:00") }, other = r;
    other.id.v = 8;
    InstanceKey one = instance_key(a, &k, &r, id), again = instance_key(a, &k, &r, S("0F8FAD5B-D9CB-469F-A165-70867728950E"));
    CHECK(one.id.v >= 3 * SLOT_SIZE && one.id.v < 4 * SLOT_SIZE - SLOT_PLACES + 1);
    CHECK_STR(one.receipt, again.receipt);
    CHECK_INT(one.id.v, again.id.v);
    CHECK(str_starts(one.receipt, S("TD26-")) && one.receipt.len == 19);
    CHECK(!str_eq(one.receipt, instance_key(a, &k, &other, id).receipt));
    k.instance[5] = 9;
    CHECK(!str_eq(one.receipt, instance_key(a, &k, &r, id).receipt));
    Str typed;
    CHECK(receipt_clean(a, str_lower_ascii(a, str_replace(a, one.receipt, S("-"), S(" "))), &typed));
    CHECK_STR(typed, one.receipt);
    CHECK(!receipt_clean(a, S("TD26-7H4K"), &typed) && !receipt_clean(a, S("TD26-7H4K-Q2MX-9B3!"), &typed) && !receipt_clean(a, S(""), &typed));
}

TEST(codes_are_read_as_people_type_them)
{
    Str w;
    CHECK(word_clean(a, S(" k7m4-px29 qd "), &w));
    CHECK_STR(w, S("K7M4PX29QD"));
    CHECK_STR(word_grouped(a, w), S("K7M4-PX29-QD"));
    CHECK(word_clean(a, S("oIl"), &w));
    CHECK_STR(w, S("011"));
    CHECK(!word_clean(a, S("K7M4\xC3\xA9"), &w) && !word_clean(a, S("U"), &w) && !word_clean(a, S(" - "), &w));
}

TEST(packed_counters_read_back_equal)
{
    RoundCounts c = { .slots = 5, .options = arena_new(a, int64_t, 5), .sum = { 1, UINT64_MAX, 3, 4 } };
    int slots[] = { 0, 3 };
    CountedAnswer x = { date_from_ymd(2026, 11, 22), CHANNEL_QR, true, .slots = slots, .slot_count = 2 };
    counts_add(a, &c, &x, 1);
    x.day = date_from_ymd(2026, 11, 20);
    x.channel = CHANNEL_API;
    x.flagged = false;
    for (int i = 0; i < 300; i++)
        counts_add(a, &c, &x, 1);
    x.withdrawn = true;
    counts_add(a, &c, &x, -1);
    RoundCounts back = { 0 };
    CHECK(counts_unpack(a, counts_pack(a, &c), &back));
    CHECK_INT(back.stored, 300);
    CHECK_INT(back.flagged, 1);
    CHECK_INT(back.withdrawn, 1);
    CHECK_INT(back.options[3], 300);
    CHECK_INT(back.options[1], 0);
    CHECK_INT(back.days.len, 2);
    CHECK_INT(back.days.at[0].n[CHANNEL_API], 299);
    CHECK_INT(back.days.at[1].n[CHANNEL_QR], 1);
    CHECK(back.sum[1] == UINT64_MAX);
    Str packed = counts_pack(a, &c);
    for (size_t cut = 0; cut < packed.len; cut++)
        CHECK(!counts_unpack(a, str_take(packed, cut), &back));
}

TEST(the_sum_sees_every_column_and_no_order)
{
    CollectKeys k = { .answers = { 3 } };
    SealedRecord r = { .id = { 1 }, .round = { 2 }, .instance = S("i"), .sha256 = S("s"), .receipt_hash = S("h"), .day = S("2026-11-22"),
        .channel = S("api"), .unit = { 4 }, .flag_reason = S(""), .media = S("application/json"), .answers = S("{\"a\":\"1\"}") };
    uint64_t one[4] = { 0 }, other[4] = { 0 };
    SealedRecord second = r;
    second.id.v = 9;
    sum_add(one, &k, &r, 1);
    sum_add(one, &k, &second, 1);
    sum_add(other, &k, &second, 1);
    sum_add(other, &k, &r, 1);
    CHECK(memcmp(one, other, sizeof one) == 0);
    SealedRecord changed[] = { r, r, r, r, r, r, r, r, r, r, r, r, r };
    changed[0].id.v++; changed[1].round.v++; changed[2].instance = S("j"); changed[3].sha256 = S("t"); changed[4].receipt_hash = S("g");
    changed[5].day = S("2026-11-23"); changed[6].channel = S("web"); changed[7].unit.v++; changed[8].flagged = true;
    changed[9].flag_reason = S("x"); changed[10].withdrawn = true; changed[11].media = S("text/plain"); changed[12].answers = S("{\"a\":\"2\"}");
    for (size_t i = 0; i < COUNT_OF(changed); i++) {
        uint64_t sum[4] = { 0 }, base[4] = { 0 };
        sum_add(sum, &k, &changed[i], 1);
        sum_add(base, &k, &r, 1);
        if (memcmp(sum, base, sizeof sum) == 0)
            test_fail(__FILE_NAME__, __LINE__, "column %zu is not covered", i);
    }
}
