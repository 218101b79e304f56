/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Outcomes of attempts with their AAPOR codes, and the rates: values in, values out. */
#include "field/field.h"

#include <math.h>

enum { DOOR = 1, PHONE = 2, BOTH = 3 };
/* final: nobody goes there again. AAPOR's temporary outcomes keep their final code for the day the fieldwork ends. */
static const struct { Str code, aapor; FieldGroup group; bool final; int on; } rows[OUTCOME_COUNT] = {
    [OUTCOME_NONE]          = { S_INIT(""),              S_INIT("3.11"),  GROUP_UH, false, 0 },
    [OUTCOME_COMPLETE]      = { S_INIT("complete"),      S_INIT("1.1"),   GROUP_I,  true,  BOTH },
    [OUTCOME_PARTIAL]       = { S_INIT("partial"),       S_INIT("1.2"),   GROUP_P,  true,  BOTH },
    [OUTCOME_REFUSED_HOUSE] = { S_INIT("refused_house"), S_INIT("2.111"), GROUP_R,  true,  BOTH },
    [OUTCOME_REFUSED]       = { S_INIT("refused"),       S_INIT("2.112"), GROUP_R,  true,  BOTH },
    [OUTCOME_BREAK_OFF]     = { S_INIT("break_off"),     S_INIT("2.12"),  GROUP_R,  true,  BOTH },
    [OUTCOME_AWAY]          = { S_INIT("away"),          S_INIT("2.25"),  GROUP_NC, false, DOOR },
    [OUTCOME_CALLBACK]      = { S_INIT("callback"),      S_INIT("2.21"),  GROUP_NC, false, BOTH },
    [OUTCOME_MACHINE_KNOWN] = { S_INIT("machine_known"), S_INIT("2.22"),  GROUP_NC, false, PHONE },
    [OUTCOME_NO_ENTRY]      = { S_INIT("no_entry"),      S_INIT("2.23"),  GROUP_NC, false, DOOR },
    [OUTCOME_DEAD]          = { S_INIT("dead"),          S_INIT("2.31"),  GROUP_O,  true,  BOTH },
    [OUTCOME_UNABLE]        = { S_INIT("unable"),        S_INIT("2.32"),  GROUP_O,  true,  BOTH },
    [OUTCOME_LANGUAGE]      = { S_INIT("language"),      S_INIT("2.33"),  GROUP_O,  true,  BOTH },
    [OUTCOME_OTHER]         = { S_INIT("other"),         S_INIT("2.36"),  GROUP_O,  true,  BOTH },
    [OUTCOME_BUSY]          = { S_INIT("busy"),          S_INIT("3.12"),  GROUP_UH, false, PHONE },
    [OUTCOME_NO_ANSWER]     = { S_INIT("no_answer"),     S_INIT("3.13"),  GROUP_UH, false, PHONE },
    [OUTCOME_MACHINE]       = { S_INIT("machine"),       S_INIT("3.14"),  GROUP_UH, false, PHONE },
    [OUTCOME_BARRED]        = { S_INIT("barred"),        S_INIT("3.15"),  GROUP_UH, true,  PHONE },
    [OUTCOME_UNSAFE]        = { S_INIT("unsafe"),        S_INIT("3.17"),  GROUP_UH, true,  DOOR },
    [OUTCOME_NOT_FOUND]     = { S_INIT("not_found"),     S_INIT("3.18"),  GROUP_UH, true,  DOOR },
    [OUTCOME_NO_SCREENER]   = { S_INIT("no_screener"),   S_INIT("3.21"),  GROUP_UO, false, BOTH },
    [OUTCOME_OUT_OF_SAMPLE] = { S_INIT("out_of_sample"), S_INIT("4.10"),  GROUP_NE, true,  BOTH },
    [OUTCOME_NOT_WORKING]   = { S_INIT("not_working"),   S_INIT("4.30"),  GROUP_NE, true,  PHONE },
    [OUTCOME_NOT_DWELLING]  = { S_INIT("not_dwelling"),  S_INIT("4.50"),  GROUP_NE, true,  BOTH },
    [OUTCOME_VACANT]        = { S_INIT("vacant"),        S_INIT("4.60"),  GROUP_NE, true,  DOOR },
    [OUTCOME_NO_ELIGIBLE]   = { S_INIT("no_eligible"),   S_INIT("4.70"),  GROUP_NE, true,  BOTH },
    [OUTCOME_UNUSABLE]      = { S_INIT("unusable"),      S_INIT("2.30"),  GROUP_O,  true,  0 },
};

Str outcome_code(Outcome o) { return rows[o].code; }
Str outcome_aapor(Outcome o) { return rows[o].aapor; }
bool outcome_final(Outcome o) { return rows[o].final; }
bool outcome_on(Outcome o, bool phone) { return rows[o].on & (phone ? PHONE : DOOR); }
FieldGroup outcome_group(Outcome o) { return rows[o].group; }

bool outcome_parse(Str code, Outcome *out)
{
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (str_eq(rows[o].code, code)) {
            *out = (Outcome)o;
            return true;
        }
    return false;
}

Str outcome_text(Lang l, Outcome o)
{
    char key[40] = "field.outcome.";
    Str  code    = o == OUTCOME_NONE ? S("none") : rows[o].code;
    memcpy(key + 14, code.at, code.len);
    return text_find(l, (Str){ key, 14 + code.len });
}

static double share(double x, double of)
{
    return of > 0 ? x / of : NAN;
}

FieldRates field_rates(const double n[GROUP_COUNT], double e)
{
    double I = n[GROUP_I], P = n[GROUP_P], R = n[GROUP_R], NC = n[GROUP_NC], O = n[GROUP_O], U = n[GROUP_UH] + n[GROUP_UO];
    double known = (I + P) + (R + NC + O);
    FieldRates r;
    r.e = isnan(e) ? share(known, known + n[GROUP_NE]) : e;
    double eU = U > 0 ? r.e * U : 0;
    r.rr[0]   = share(I, known + U);
    r.rr[1]   = share(I + P, known + U);
    r.rr[2]   = share(I, known + eU);
    r.rr[3]   = share(I + P, known + eU);
    r.rr[4]   = share(I, known);
    r.rr[5]   = share(I + P, known);
    r.coop[0] = share(I, (I + P) + R + O);
    r.coop[1] = share(I + P, (I + P) + R + O);
    r.coop[2] = share(I, (I + P) + R);
    r.coop[3] = share(I + P, (I + P) + R);
    r.ref[0]  = share(R, known + U);
    r.ref[1]  = share(R, known + eU);
    r.ref[2]  = share(R, known);
    r.con[0]  = share((I + P) + R + O, (I + P) + R + O + NC + U);
    r.con[1]  = share((I + P) + R + O, (I + P) + R + O + NC + eU);
    r.con[2]  = share((I + P) + R + O, (I + P) + R + O + NC);
    return r;
}
