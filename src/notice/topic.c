/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table of what people are told of. */
#include "notice/notice.h"

static const struct { Str code; NoticeGroup group; } topics[TOPIC_COUNT] = {
    [TOPIC_SEASON_OPEN]    = { S_INIT("season.open"),    NOTICE_SEASON },
    [TOPIC_ASSIGNED]       = { S_INIT("season.assigned"), NOTICE_SEASON },
    [TOPIC_CARD_SIGNED]    = { S_INIT("card.signed"),    NOTICE_SEASON },
    [TOPIC_CARD_ASKED]     = { S_INIT("card.asked"),     NOTICE_SEASON },
    [TOPIC_CARD_ANSWERED]  = { S_INIT("card.answered"),  NOTICE_SEASON },
    [TOPIC_CARD_CLOSED]    = { S_INIT("card.closed"),    NOTICE_SEASON },
    [TOPIC_CARD_APPRAISED] = { S_INIT("card.appraised"), NOTICE_SEASON },
    [TOPIC_CARD_DIFFERS]   = { S_INIT("card.differs"),   NOTICE_SEASON },
    [TOPIC_CARD_OBJECTED]  = { S_INIT("card.objected"),  NOTICE_SEASON },
    [TOPIC_CARD_DECIDED]   = { S_INIT("card.decided"),   NOTICE_SEASON },
    [TOPIC_CARD_SETTLED]   = { S_INIT("card.settled"),   NOTICE_SEASON },
    [TOPIC_CARD_RETURNED]  = { S_INIT("card.returned"),  NOTICE_SEASON },
    [TOPIC_CARD_WITHDRAWN] = { S_INIT("card.withdrawn"), NOTICE_SEASON },
    [TOPIC_CARD_REJOINED]  = { S_INIT("card.rejoined"),  NOTICE_SEASON },
    [TOPIC_CARD_EXTENDED]  = { S_INIT("card.extended"),  NOTICE_DEADLINE },
    [TOPIC_VERDICT_SECOND] = { S_INIT("verdict.second"), NOTICE_SEASON },
    [TOPIC_DUE]            = { S_INIT("due"),            NOTICE_DEADLINE },
    [TOPIC_DUE_APPRAISAL]  = { S_INIT("due.appraisal"),  NOTICE_DEADLINE },
    [TOPIC_DUE_COUNCIL]    = { S_INIT("due.council"),    NOTICE_DEADLINE },
    [TOPIC_REMINDED]       = { S_INIT("reminded"),       NOTICE_DEADLINE },
    [TOPIC_WINDOW_OPENS]   = { S_INIT("window.opens"),   NOTICE_DEADLINE },
    [TOPIC_CASES_GIVEN]    = { S_INIT("cases.given"),    NOTICE_FIELD },
    [TOPIC_ROUND_PAUSED]   = { S_INIT("round.paused"),   NOTICE_FIELD },
    [TOPIC_ROUND_RESUMED]  = { S_INIT("round.resumed"),  NOTICE_FIELD },
    [TOPIC_ROUND_CLOSED]   = { S_INIT("round.closed"),   NOTICE_FIELD },
    [TOPIC_RECHECK]        = { S_INIT("recheck.drawn"),  NOTICE_FIELD },
    [TOPIC_JOB_DONE]       = { S_INIT("job.done"),       NOTICE_JOB },
    [TOPIC_JOB_FAILED]     = { S_INIT("job.failed"),     NOTICE_JOB },
};

static const Str groups[NOTICE_GROUP_COUNT] = { S_INIT("season"), S_INIT("deadline"), S_INIT("field"), S_INIT("job") };

Str notice_topic_code(NoticeTopic t)
{
    return topics[t].code;
}

bool notice_topic_parse(Str code, NoticeTopic *out)
{
    for (int t = 0; t < TOPIC_COUNT; t++)
        if (str_eq(code, topics[t].code)) {
            *out = (NoticeTopic)t;
            return true;
        }
    return false;
}

NoticeGroup notice_topic_group(NoticeTopic t)
{
    return topics[t].group;
}

Str notice_group_code(NoticeGroup g)
{
    return groups[g];
}

bool notice_group_parse(Str code, NoticeGroup *out)
{
    for (int g = 0; g < NOTICE_GROUP_COUNT; g++)
        if (str_eq(code, groups[g])) {
            *out = (NoticeGroup)g;
            return true;
        }
    return false;
}
