/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of given inputs show. */
#ifndef SEASON_INPUT_VIEW_H
#define SEASON_INPUT_VIEW_H

#include "season/inputs.h"
#include "season/parts.h"

typedef struct GivenLine { Str code, name, href, method, done; double share; } GivenLine;
typedef struct InputFaultLine { Str line, column, text; } InputFaultLine;
typedef struct InputsView {
    const Season *s;
    Str base, token, source, file_name;
    FieldErrors errors;
    LIST(GivenLine) lines;
    LIST(InputFaultLine) faults;
    int64_t fault_count;
    bool may_manage;
} InputsView;

/* One unit in one criterion: a box an input. */
typedef struct GivenBox { Str name, label, value, error; } GivenBox;
typedef struct GivenUnit { Str unit, revision_name, revision, source, points; LIST(GivenBox) boxes; } GivenUnit;
typedef struct GivenView {
    const Season *s;
    const SchemeCriterion *x;
    Str base, action, token, max, source;
    FieldErrors errors;
    StrList names, labels, words;         /* labels: what people read for the names */
    LIST(GivenUnit) units;
    Choices editions;
    bool may_manage;
} GivenView;

MUST_USE Err season_inputs_page(Ctx *c);
MUST_USE Err season_inputs_file(Ctx *c);
MUST_USE Err season_inputs_import(Ctx *c);
MUST_USE Err season_given_page(Ctx *c);
MUST_USE Err season_given_action(Ctx *c);
MUST_USE Err season_given_edition(Ctx *c);

/* input_pages.c: the season of the path with its scheme, units and what they are given, for who holds the right on the season's owner.
 * *told: the scheme's faults were answered. */
typedef struct Given { Season s; Scheme scheme; Units units; SeasonInputs kept; bool told; } Given;
MUST_USE Err given_of_path(Ctx *c, Right right, Given *out);
const SeasonInput *given_find(const SeasonInputs *kept, UnitId unit, Str code);      /* NULL: none */
Str season_inputs_base(Ctx *c, SeasonId id);

#endif
