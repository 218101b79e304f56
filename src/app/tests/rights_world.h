/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A world for tests of rights: a person of each role in one province, objects of every kind in that province, below, beside and above it. */
#ifndef APP_TESTS_RIGHTS_WORLD_H
#define APP_TESTS_RIGHTS_WORLD_H

#include "collect/collect.h"
#include "store/test_store.h"

enum { OWN, LOWER, SIBLING, UPPER, UNIT_CASES };

/* Each role stands on the province a alone. Objects of every kind stand in each of the four units. */
typedef struct Matrix {
    int64_t  batch[UNIT_CASES], paper[UNIT_CASES], print[UNIT_CASES], finding[UNIT_CASES], draw[UNIT_CASES], check[UNIT_CASES];
    Store  *store;
    char    cookie[ROLE_COUNT][128];     /* of sessions that nothing was done with yet; empty: none */
    Arena  *a;
    AppInfo app;
    Date    today;
    UnitId  units[UNIT_CASES];
    PersonId actor[ROLE_COUNT], target[UNIT_CASES];
    GrantId  grant[UNIT_CASES];
    FormId   form[UNIT_CASES];
    RoundId  round[UNIT_CASES];
    int64_t  frame[UNIT_CASES], design[UNIT_CASES], sample[UNIT_CASES], field_case[UNIT_CASES], claim[UNIT_CASES];
    int64_t  scheme[UNIT_CASES], edition[UNIT_CASES], import[UNIT_CASES], job[UNIT_CASES], draft[UNIT_CASES], item[UNIT_CASES], table[UNIT_CASES];
    int64_t  panel[UNIT_CASES];
    int64_t  method[UNIT_CASES], season[UNIT_CASES], card[UNIT_CASES], service_token[UNIT_CASES];
    int      asked, unknown;
} Matrix;

void fail_err(const char *what, Err e);                 /* ends the test when there is one */
Matrix matrix_new(Arena *a, Store *store);
/* A complete sign-in of a role, or an empty cookie for nobody. */
Str sign_in(Matrix *m, Role role);
/* The same, used again until an act is done (memset m->cookie): what is refused changes no session. */
Str signed_in(Matrix *m, Role role);
Str form_token_of(Matrix *m, Str cookie);

#endif
