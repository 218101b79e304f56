/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The expression language (a subset of XPath 1.0) that forms and index rules compile to. Pure: base only.
 * The host names the nodes, gives their texts and the clock; expr owns tokens, tree, steps and values.
 * Where engines differ the value is JavaRosa's, so that pages and phones agree. See README.md. */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/base.h"

/* ---- Limits ------------------------------------------------------------------------------------ */
enum { EXPR_MAX_BYTES = 8192, EXPR_MAX_NESTING = 64, EXPR_MAX_STEPS = 4096, EXPR_MAX_WORK = 1000000 };

/* ---- Values ------------------------------------------------------------------------------------ */
typedef enum ExprKind {
    EXPR_STRING,
    EXPR_NUMBER,      /* NaN: empty or no number */
    EXPR_BOOLEAN,     /* number is 0 or 1 */
    EXPR_DATE,        /* number: whole days since 1970-01-01, no zone */
    EXPR_DATETIME,    /* number: days in Viet Nam's zone, with fraction */
    EXPR_NODES,       /* refs first … first + count - 1 of the code */
    EXPR_ANY,         /* only as a static kind: known when it runs */
    EXPR_KIND_COUNT
} ExprKind;

typedef struct ExprValue {
    ExprKind kind;
    int      first, count;    /* EXPR_NODES */
    double   number;
    Str      text;            /* EXPR_STRING; of a value read from a node: its text as stored */
} ExprValue;

double expr_to_number(const ExprValue *v);
bool   expr_to_boolean(const ExprValue *v);
/* As a function sees it: NaN is "NaN". */
Str    expr_to_text(Arena *a, const ExprValue *v);
/* As an answer stores it: NaN is empty. */
Str    expr_to_answer(Arena *a, const ExprValue *v);
/* Shortest digits that read back equal, never an exponent; less than 1e-12 beyond an integer: that integer. */
Str    expr_number_text(Arena *a, double x);
/* Trimmed: optional '-', digits, one '.' or ','; or an ISO day or instant. Anything else, empty too, is NaN. */
double expr_number_read(Str s);
/* A text as a value of that kind, as if a node held it. Empty is the empty string whatever the kind. */
ExprValue expr_read(ExprKind kind, Str text);

/* ---- Names, asked from the host while compiling -------------------------------------------------- */
typedef struct ExprRef {
    int      node;            /* the host's number */
    ExprKind kind;            /* of the value it holds: string, number, boolean, date, dateTime */
    int      at;              /* character offset in the source */
    bool     once;            /* the node itself, read by once(): no dependency */
} ExprRef;
typedef LIST(ExprRef) ExprRefs;

typedef enum ExprAxis { EXPR_CHILD, EXPR_PARENT, EXPR_SELF } ExprAxis;
typedef struct ExprStepName { ExprAxis axis; Str name; } ExprStepName;       /* name "*": every child */
/* ${name}: variable is the name and there are no steps. Else a path. */
typedef struct ExprPath {
    Str  variable;
    bool absolute;
    const ExprStepName *steps;
    int  step_count;
} ExprPath;

typedef struct ExprFault {
    const char *code;         /* "E-XPATH", "W-REGEX" … */
    int  at;                  /* characters before the place, from 0 */
    bool warning;             /* E-PORT among them: the host decides what it means */
    Str  vi, en;              /* a sentence, the remedy last */
} ExprFault;
typedef LIST(ExprFault) ExprFaults;

/* Adds the nodes of a path to out, or says in *fault what is wrong (code, vi, en) and returns false. */
typedef struct ExprNames {
    void *self;
    bool (*resolve)(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault);
} ExprNames;

/* ---- Functions of a host (index rules, forms) beside the built-in ones ---------------------------- */
typedef struct ExprRun ExprRun;
typedef ExprValue (*ExprCall)(ExprRun *run, const ExprValue *args, int n);
/* args: one letter an argument: s text, n number, b boolean, d day or instant, a any, N nodes, M nodes or values;
 * after '?' optional; '*' at the end: the last one again and again. */
typedef struct ExprFunction { const char *name, *args; ExprKind result; ExprCall call; bool impure; } ExprFunction;
typedef struct ExprLibrary { const ExprFunction *functions; int count; } ExprLibrary;

/* ---- Compiling ----------------------------------------------------------------------------------- */
typedef struct ExprStep { uint8_t op; uint8_t fn; uint16_t count; int32_t arg; } ExprStep;
typedef struct ExprCode {
    const ExprStep  *steps;
    const ExprValue *values;
    const ExprRef   *refs;
    const struct ExprRegex *const *patterns;
    const ExprLibrary *library;
    int      step_count, value_count, ref_count, stack;
    ExprKind kind;            /* of the result; EXPR_ANY when it depends on the answers */
} ExprCode;

/* Source to steps in keep. False: faults holds at least one that is no warning, and *out is untouched.
 * library may be NULL; it must live as long as the code. scratch is another arena than keep. */
bool expr_compile(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library,
                  ExprFaults *faults, ExprCode *out);

/* ---- Conditions as a person may read them ---------------------------------------------------------- */
typedef enum ExprClauseKind { CLAUSE_OTHER, CLAUSE_ALL, CLAUSE_ANY, CLAUSE_NOT, CLAUSE_COMPARE, CLAUSE_SELECTED } ExprClauseKind;
typedef enum ExprOrder { ORDER_EQ, ORDER_NE, ORDER_LT, ORDER_LE, ORDER_GT, ORDER_GE, ORDER_COUNT } ExprOrder;
typedef struct ExprClause {
    ExprClauseKind kind;
    ExprOrder order;          /* CLAUSE_COMPARE: node order value */
    int  node;                /* CLAUSE_COMPARE, CLAUSE_SELECTED: the host's number */
    Str  value;
    const struct ExprClause *parts; int part_count;      /* CLAUSE_ALL, CLAUSE_ANY, CLAUSE_NOT */
} ExprClause;
/* The shape of a condition; what has none of these is CLAUSE_OTHER. False: it does not compile. keep and scratch as above. */
bool expr_clause(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library, ExprClause *out);

/* ---- Evaluating ---------------------------------------------------------------------------------- */
typedef struct ExprHost {
    void *self;
    /* Text of a node. False when it is not relevant (or not there): it then reads as empty and is not counted. */
    bool (*node)(void *self, int node, Str *out_text);
    int  (*position)(void *self, int node);     /* from 1; NULL: always 1 */
    Time now;
    bool english;                               /* names of months and days in format-date */
} ExprHost;

/* Runs the steps on a value stack; the result may lie in a. ERR_LIMIT after EXPR_MAX_WORK steps. */
MUST_USE Err expr_eval(const ExprCode *code, Arena *a, const ExprHost *host, ExprValue *out);

/* For functions of a host. */
Arena *expr_run_arena(ExprRun *run);
const ExprHost *expr_run_host(ExprRun *run);
void   expr_run_work(ExprRun *run, size_t steps);       /* counts against the limit */
/* Text of the i-th node of a node-set; false when not relevant. */
bool   expr_run_node(ExprRun *run, const ExprValue *nodes, int i, Str *out_text);

/* ---- Small helps that hosts share ---------------------------------------------------------------- */
/* The name nearest to word, at most a third of it away (swaps count one); empty when none is near. */
Str    expr_nearest(Str word, const Str *names, size_t count);
bool   expr_is_name(Str s);                             /* letter or '_', then letters, digits, '_', '-', '.' */

#endif
