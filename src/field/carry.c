/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cases an interviewer takes along on the offline page. */
#include "field/parts.h"

static Err add_case(Ctx *c, const FieldCase *x, CarriedCases *out)
{
    Round        round;
    FieldRound   f;
    Str          box;
    Contact      contact;
    CarriedCase *k = list_add(c->arena, out);
    TRY(round_load(c->db, c->arena, x->round, &round));
    TRY(field_round_load(c->db, c->arena, x->round, &f));
    *k         = (CarriedCase){ .x = *x, .due = f.due, .unit = field_unit_text(c, x->unit) };
    Time erase = field_erase_at(&f, &round);
    if (!x->has_contact || f.erased_at.ms || (erase.ms && c->now.ms >= erase.ms))
        return OK;
    TRY(field_contact_load(c->db, c->arena, x->id, &box));
    if (contact_open(c->arena, c->app, x->id, box, &contact)) {
        k->name    = contact.name;
        k->address = contact.address;
        k->phone   = contact.phone;
    }
    return OK;
}

Err field_cases_carried(Ctx *c, PersonId who, const RoundId *rounds, size_t n, CarriedCases *out)
{
    FieldCases mine = { 0 };
    if (who.v)
        TRY(field_case_mine(c->db, c->arena, who, &mine));
    for (size_t i = 0; i < mine.len; i++)
        for (size_t k = 0; k < n; k++)
            if (rounds[k].v == mine.at[i].round.v) {
                TRY(add_case(c, &mine.at[i], out));
                break;
            }
    return OK;
}
