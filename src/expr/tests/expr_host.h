/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A small host for tests of expressions: named answers, repeats, and a few tables.
 * "a:n=3;b=x;c:n=~"                   answers outside repeats; kinds s n b d t h (time); "~": not relevant
 * "@=r[2]/t;r[1]/m:n=1;r[2]/m:n=2"    answers in repeats; @ is the node that has the expression */
#ifndef EXPR_TESTS_EXPR_HOST_H
#define EXPR_TESTS_EXPR_HOST_H

#include "expr/expr.h"

typedef struct Answer { Str name, text; ExprKind kind; bool hidden; int node, instance; } Answer;
typedef struct HostNode { Str path, leaf; int parent, depth; bool repeat; ExprKind kind; int around[8]; } HostNode;
typedef struct HostInstance { Str path; int node, parent, position; } HostInstance;
typedef struct Answers {
    Arena *a;
    LIST(Answer) list;
    bool deep;
    int  own, own_instance;
    LIST(HostNode) nodes;
    LIST(HostInstance) instances;
} Answers;

Answers   answers_read(Arena *a, Str s);
ExprNames answers_names(Answers *x);
ExprHost  answers_host(Answers *x);      /* the clock is 2026-11-22T08:30:15.250+07:00 */

#endif
