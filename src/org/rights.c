/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The table role × right, and which roles a role may give. docs/adr/0008-rights.md gives the reasons. */
#include "org/person.h"

/* One line a right: its code and the roles that hold it, a bit each. */
#define R(role) (1u << ROLE_##role)
#define READERS                                                                                    \
    (R(SYSTEM_ADMIN) | R(NATIONAL_ANALYST) | R(UNIT_ADMIN) | R(OFFICER) | R(APPRAISER) | R(LEADER) | R(AUDITOR))
#define EVERYONE (((1u << ROLE_COUNT) - 1u) & ~1u)
static const struct { Str code; unsigned roles; } rights[RIGHT_COUNT] = {
    [RIGHT_PUBLIC]          = { S_INIT("public"),          EVERYONE | 1u },
    [RIGHT_SIGNED_IN]       = { S_INIT("signed_in"),       EVERYONE | 1u },
    [RIGHT_UNIT_READ]       = { S_INIT("unit_read"),       READERS | R(SUPERVISOR) | R(EDITOR) },
    [RIGHT_UNIT_MANAGE]     = { S_INIT("unit_manage"),     R(SYSTEM_ADMIN) | R(UNIT_ADMIN) },
    [RIGHT_PERSON_READ]     = { S_INIT("person_read"),     R(SYSTEM_ADMIN) | R(UNIT_ADMIN) | R(AUDITOR) },
    [RIGHT_PERSON_MANAGE]   = { S_INIT("person_manage"),   R(SYSTEM_ADMIN) | R(UNIT_ADMIN) },
    [RIGHT_GRANT_GIVE]      = { S_INIT("grant_give"),      R(SYSTEM_ADMIN) | R(UNIT_ADMIN) },
    [RIGHT_FORM_READ]       = { S_INIT("form_read"),       READERS | R(INTERVIEWER) | R(SUPERVISOR) | R(CLERK) },
    [RIGHT_FORM_MANAGE]     = { S_INIT("form_manage"),     R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_ROUND_READ]      = { S_INIT("round_read"),      READERS | R(SUPERVISOR) },
    [RIGHT_ROUND_MANAGE]    = { S_INIT("round_manage"),    R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_ROUND_CODES]     = { S_INIT("round_codes"),     R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_ROUND_PUBLISH]   = { S_INIT("round_publish"),   R(NATIONAL_ANALYST) | R(LEADER) },
    [RIGHT_SUBMISSION_READ] = { S_INIT("submission_read"), R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_SUBMISSION_SETTLE] = { S_INIT("submission_settle"), R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_ANALYSIS_READ]   = { S_INIT("analysis_read"),   R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_ANALYSIS_MANAGE] = { S_INIT("analysis_manage"), R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_ANALYSIS_CODE]   = { S_INIT("analysis_code"),   R(NATIONAL_ANALYST) | R(OFFICER) | R(CLERK) },
    [RIGHT_ANALYSIS_EXPORT] = { S_INIT("analysis_export"), R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_SAMPLE_READ]     = { S_INIT("sample_read"),     R(NATIONAL_ANALYST) | R(OFFICER) | R(LEADER) | R(AUDITOR) | R(SUPERVISOR) },
    [RIGHT_SAMPLE_MANAGE]   = { S_INIT("sample_manage"),   R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_FIELD_READ]      = { S_INIT("field_read"),      R(NATIONAL_ANALYST) | R(UNIT_ADMIN) | R(OFFICER) | R(LEADER) | R(AUDITOR) | R(SUPERVISOR) },
    [RIGHT_FIELD_MANAGE]    = { S_INIT("field_manage"),    R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_FIELD_WORK]      = { S_INIT("field_work"),      R(INTERVIEWER) | R(SUPERVISOR) },
    [RIGHT_PAPER_READ]      = { S_INIT("paper_read"),      R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) | R(CLERK) },
    [RIGHT_PAPER_MANAGE]    = { S_INIT("paper_manage"),    R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_PAPER_KEY]       = { S_INIT("paper_key"),       R(CLERK) },
    [RIGHT_PAPER_SETTLE]    = { S_INIT("paper_settle"),    R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_QUALITY_READ]    = { S_INIT("quality_read"),    R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_QUALITY_SETTLE]  = { S_INIT("quality_settle"),  R(NATIONAL_ANALYST) | R(OFFICER) },
    [RIGHT_RECHECK_MANAGE]  = { S_INIT("recheck_manage"),  R(NATIONAL_ANALYST) | R(OFFICER) | R(SUPERVISOR) },
    [RIGHT_RECHECK_DO]      = { S_INIT("recheck_do"),      R(INTERVIEWER) | R(SUPERVISOR) },
    [RIGHT_EDITION_READ]    = { S_INIT("edition_read"),    READERS | R(EDITOR) },
    [RIGHT_EDITION_CORRECT] = { S_INIT("edition_correct"), R(NATIONAL_ANALYST) },
    [RIGHT_BOARD_READ]      = { S_INIT("board_read"),      R(NATIONAL_ANALYST) | R(LEADER) },
    [RIGHT_INDEX_READ]      = { S_INIT("index_read"),      READERS | R(EDITOR) },
    [RIGHT_INDEX_MANAGE]    = { S_INIT("index_manage"),    R(NATIONAL_ANALYST) | R(UNIT_ADMIN) },
    [RIGHT_SEASON_READ]     = { S_INIT("season_read"),     READERS },
    [RIGHT_SEASON_MANAGE]   = { S_INIT("season_manage"),   R(NATIONAL_ANALYST) | R(UNIT_ADMIN) },
    [RIGHT_CARD_SCORE]      = { S_INIT("card_score"),      R(OFFICER) },
    [RIGHT_CARD_SIGN]       = { S_INIT("card_sign"),       R(LEADER) },
    [RIGHT_CARD_APPRAISE]   = { S_INIT("card_appraise"),   R(APPRAISER) },
    [RIGHT_CARD_DECIDE]     = { S_INIT("card_decide"),     R(LEADER) },
    [RIGHT_SERVICE_MANAGE]  = { S_INIT("service_manage"),  R(NATIONAL_ANALYST) | R(UNIT_ADMIN) },
    [RIGHT_CONTENT_MANAGE]  = { S_INIT("content_manage"),  R(EDITOR) },
    [RIGHT_AUDIT_READ]      = { S_INIT("audit_read"),      R(SYSTEM_ADMIN) | R(AUDITOR) },
    [RIGHT_SYSTEM_MANAGE]   = { S_INIT("system_manage"),   R(SYSTEM_ADMIN) },
    [RIGHT_SYSTEM_READ]     = { S_INIT("system_read"),     R(SYSTEM_ADMIN) | R(AUDITOR) },
};

/* One line a role: its code and the roles its holder may give. The order is the rank: a person's main role is
 * the first of those held. */
#define IN_UNIT                                                                                                        \
    (R(UNIT_ADMIN) | R(OFFICER) | R(APPRAISER) | R(INTERVIEWER) | R(SUPERVISOR) | R(CLERK) | R(EDITOR) | R(LEADER) | R(LEARNER))
static const struct { Str code; unsigned gives; } roles[ROLE_COUNT] = {
    [ROLE_NONE]             = { S_INIT("none"),             0 },
    [ROLE_SYSTEM_ADMIN]     = { S_INIT("system_admin"),     EVERYONE },
    [ROLE_NATIONAL_ANALYST] = { S_INIT("national_analyst"), 0 },
    [ROLE_UNIT_ADMIN]       = { S_INIT("unit_admin"),       IN_UNIT },
    [ROLE_OFFICER]          = { S_INIT("officer"),          0 },
    [ROLE_APPRAISER]        = { S_INIT("appraiser"),        0 },
    [ROLE_INTERVIEWER]      = { S_INIT("interviewer"),      0 },
    [ROLE_SUPERVISOR]       = { S_INIT("supervisor"),       0 },
    [ROLE_CLERK]            = { S_INIT("clerk"),            0 },
    [ROLE_EDITOR]           = { S_INIT("editor"),           0 },
    [ROLE_LEADER]           = { S_INIT("leader"),           0 },
    [ROLE_AUDITOR]          = { S_INIT("auditor"),          0 },
    [ROLE_LEARNER]          = { S_INIT("learner"),          0 },
};

Str role_code(Role r)
{
    return r > ROLE_NONE && r < ROLE_COUNT ? roles[r].code : roles[ROLE_NONE].code;
}

bool role_parse(Str code, Role *out)
{
    for (int r = ROLE_NONE + 1; r < ROLE_COUNT; r++)
        if (str_eq(code, roles[r].code)) {
            *out = (Role)r;
            return true;
        }
    return false;
}

Str right_code(Right r)
{
    return r >= 0 && r < RIGHT_COUNT ? rights[r].code : S("");
}

bool right_parse(Str code, Right *out)
{
    for (int r = 0; r < RIGHT_COUNT; r++)
        if (str_eq(code, rights[r].code)) {
            *out = (Right)r;
            return true;
        }
    return false;
}

bool role_holds(Role role, Right right)
{
    return role >= 0 && role < ROLE_COUNT && right >= 0 && right < RIGHT_COUNT && (rights[right].roles >> role & 1u);
}

bool role_gives(Role giver, Role given)
{
    return giver > ROLE_NONE && giver < ROLE_COUNT && given > ROLE_NONE && given < ROLE_COUNT &&
           (roles[giver].gives >> given & 1u);
}

bool role_needs_second_factor(Role role)
{
    return role != ROLE_NONE && role != ROLE_LEARNER;
}

bool grant_active(const Grant *g, Date on)
{
    return g->revoked_at.ms == 0 && g->from.day <= on.day && (date_is_none(g->to) || on.day < g->to.day);
}
