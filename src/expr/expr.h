/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The expression language (a subset of XPath 1.0) that forms and index rules compile to. Pure: base only.
 * The host names the nodes, gives their texts and the clock; expr owns tokens, tree, steps and values.
 * Where engines differ the value is JavaRosa's, so that pages and phones agree. See README.md. */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/base.h"

/* ---- Limits ------------------------------------------------------------------------------------ */
enum { EXPR_MAX_BYTES = 8192, EXPR_MAX_NESTING = 64, EXPR_MAX_STEPS = 4096, EXPR_MAX_WORK = 1000000 };

typedef struct ExprTable ExprTable;
typedef struct ExprSet ExprSet;

/* ---- Values ------------------------------------------------------------------------------------ */
typedef enum ExprKind {
    EXPR_STRING,
    EXPR_NUMBER,      /* NaN: empty or no number */
    EXPR_BOOLEAN,     /* number is 0 or 1 */
    EXPR_DATE,        /* number: whole days since 1970-01-01, no zone */
    EXPR_DATETIME,    /* number: days in Viet Nam's zone, with fraction */
    EXPR_TIME,        /* static kind of a node that holds a time of day; as a value it is a text */
    EXPR_NODES,       /* a set of nodes or rows */
    EXPR_ANY,         /* only as a static kind: known when it runs */
    EXPR_KIND_COUNT
} ExprKind;

typedef struct ExprValue {
    ExprKind kind;
    double   number;
    Str      text;            /* EXPR_STRING; of a value read from a node: its text as stored */
    const ExprSet *set;       /* EXPR_NODES */
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

/* ---- Names, asked from the host while compiling --------------------------------------------------
 * A node may lie in repeats, one inside the other; each time a repeat is answered is an instance, numbered by the host
 * (0: outside all repeats). What a path names is a node and how many of its repeats are the reader's own (pin): pin = depth
 * is one node, less is one of each instance of the inner repeats. */
typedef struct ExprRef {
    int      node;            /* the host's number */
    ExprKind kind;            /* of the value it holds: string, number, boolean, date, dateTime, time */
    int      at;              /* character offset in the source */
    int      depth, pin;      /* repeats around it, itself counted; how many of them are the reader's own */
    const int *around;        /* those repeats, outermost first; the last is the node itself when repeat is set */
    bool     repeat;
    bool     once;            /* the node itself, read by once(): no dependency */
    bool     earlier;         /* only of instances before the reader's own: a running total */
} ExprRef;
typedef LIST(ExprRef) ExprRefs;

typedef enum ExprAxis { EXPR_CHILD, EXPR_PARENT, EXPR_SELF } ExprAxis;
typedef struct ExprStepName { ExprAxis axis; Str name; } ExprStepName;       /* name "*": every child */
/* ${name}: variable is the name and there are no steps. Else a path. */
typedef struct ExprPath {
    Str  variable;
    bool absolute;
    bool inside;              /* read from node `from`, in a predicate or after one; else from the expression's own node */
    int  from;
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

/* resolve adds the nodes of a path to out, or says in *fault what is wrong (code, vi, en) and returns false. table gives
 * the table of instance('name'), NULL when there is none (or when the function is NULL). */
typedef struct ExprNames {
    void *self;
    bool (*resolve)(void *self, Arena *a, const ExprPath *path, ExprRefs *out, ExprFault *fault);
    ExprTable *(*table)(void *self, Str name);
    bool arithmetic;          /* names are plain values without paths: '/' divides, and a '-' behind a name takes away */
} ExprNames;

/* ---- Tables: lists of choices and files, instance('name')/root/item ------------------------------- */
struct ExprTable {
    Str name, root, item;                       /* "root" and "item" where nothing else is known */
    const Str *columns; int column_count;
    const Str *cells;   int row_count;          /* row by row; an empty cell is not there */
    struct ExprIndex **index;                   /* of each column, or NULL; built while expressions are compiled */
};
int expr_table_column(const ExprTable *t, Str name);                 /* -1: none */
/* Makes the index of a column in keep, unless it is there. */
void expr_table_index(Arena *keep, ExprTable *t, int column);
/* Rows whose cell is that text, in order: *out has the count returned. The column must be indexed. */
int expr_table_rows(const ExprTable *t, int column, Str text, const int32_t **out);

/* Nodes of the host or rows of a table, in order. */
struct ExprSet {
    const ExprTable *table;                     /* NULL: nodes of the host */
    int column;                                 /* of a table; -1: the row itself */
    int count;
    const ExprRef *ref, *const *refs;           /* of the host: the same for all, or one for each */
    const int32_t *at;                          /* instances, or rows; NULL: all rows of the table */
};

/* ---- Functions of a host (index rules, forms) beside the built-in ones ---------------------------- */
typedef struct ExprRun ExprRun;
typedef ExprValue (*ExprCall)(ExprRun *run, const ExprValue *args, int n);
/* args: one letter an argument: s text, t text and no number, n number, b boolean, d day or instant, a any, N nodes, M nodes
 * or values, p the path of a question in quotes (the call gets the node's number); after '?' optional; '*' at the end: the
 * last one again and again. impure: not the same each time. */
typedef struct ExprFunction { const char *name, *args; ExprKind result; ExprCall call; bool impure; } ExprFunction;
typedef struct ExprLibrary { const ExprFunction *functions; int count; } ExprLibrary;

/* ---- Compiling ----------------------------------------------------------------------------------- */
typedef struct ExprStep { uint8_t op; uint8_t fn; uint16_t count; int32_t arg; } ExprStep;
enum { EXPR_USES_TODAY = 1, EXPR_USES_RANDOM = 2, EXPR_USES_ONCE = 4, EXPR_USES_NOW = 8 };     /* RANDOM: random, uuid, randomize */
typedef struct ExprCode {
    const ExprStep  *steps;
    const ExprValue *values;
    const ExprRef   *refs;
    const struct ExprRegex *const *patterns;
    const ExprTable *const *tables;
    const ExprLibrary *library;
    int      step_count, value_count, ref_count, stack, frames;
    ExprKind kind;            /* of the result; EXPR_ANY when it depends on the answers */
    unsigned uses;
} ExprCode;

/* Source to steps in keep. False: faults holds at least one that is no warning, and *out is untouched.
 * library may be NULL; it must live as long as the code. scratch is another arena than keep. */
bool expr_compile(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library,
                  ExprFaults *faults, ExprCode *out);
/* The same for what gives a set of rows or nodes: a path, instance('L')/root/item[…], randomize(…). */
bool expr_compile_set(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library,
                      ExprFaults *faults, ExprCode *out);
/* A choice filter: source is a condition on the rows of a table; the code gives the set of rows. "column = expr", alone or
 * joined by and, is looked up in the column's index. */
bool expr_compile_filter(Arena *keep, Arena scratch, Str source, ExprTable *rows, const ExprNames *names,
                         const ExprLibrary *library, ExprFaults *faults, ExprCode *out);

/* ---- Conditions as a person may read them ---------------------------------------------------------- */
typedef enum ExprClauseKind {
    CLAUSE_OTHER, CLAUSE_ALL, CLAUSE_ANY, CLAUSE_NOT, CLAUSE_COMPARE, CLAUSE_SELECTED,
    CLAUSE_CONTAINS, CLAUSE_MATCHES,     /* contains(node, value), regex(node, value) */
    CLAUSE_LENGTH, CLAUSE_COUNT,         /* string-length(node), count-selected(node) order value */
    CLAUSE_TODAY,                        /* node order today() */
} ExprClauseKind;
typedef enum ExprOrder { ORDER_EQ, ORDER_NE, ORDER_LT, ORDER_LE, ORDER_GT, ORDER_GE, ORDER_COUNT } ExprOrder;
typedef struct ExprClause {
    ExprClauseKind kind;
    ExprOrder order;          /* CLAUSE_COMPARE: node order value */
    int  node;                /* all but the first four: the host's number */
    Str  value;
    ExprKind value_kind;      /* CLAUSE_COMPARE: what the value was written as */
    const struct ExprClause *parts; int part_count;      /* CLAUSE_ALL, CLAUSE_ANY, CLAUSE_NOT */
} ExprClause;
/* The shape of a condition; what has none of these is CLAUSE_OTHER. False: it does not compile. keep and scratch as above. */
bool expr_clause(Arena *keep, Arena scratch, Str source, const ExprNames *names, const ExprLibrary *library, ExprClause *out);

/* ---- Evaluating ---------------------------------------------------------------------------------- */
typedef struct ExprHost {
    void *self;
    int   instance;                             /* of the expression's own node */
    /* Text of a node in an instance. False when it is not relevant (or not there): it then reads as empty and is not counted. */
    bool (*node)(void *self, int node, int instance, Str *out_text);
    /* The instance of the ref's only node, seen from another; -1: none. NULL: always 0. */
    int  (*locate)(void *self, const ExprRef *ref, int from);
    /* The instances of all its nodes in order; the array lives as long as the state. Returns how many. NULL: one, 0. */
    int  (*expand)(void *self, Arena *a, const ExprRef *ref, int from, const int32_t **out);
    int  (*position)(void *self, int node, int instance);   /* among instances of its repeat, from 1; NULL: always 1 */
    Time now;
    bool english;                               /* names of months and days in format-date */
    const ExprValue *values;                    /* of each node, where the host keeps values and no texts; NULL: node is asked */
    bool strict;                                /* EXPR_BY_ZERO and EXPR_NO_NUMBER end the run, instead of a number that is none */
} ExprHost;

/* Details of ERR_INVALID from a strict run. */
#define EXPR_BY_ZERO   "division by zero"
#define EXPR_NO_NUMBER "a number is needed"
/* Runs the steps on a value stack; the result may lie in a. ERR_LIMIT after EXPR_MAX_WORK steps. */
MUST_USE Err expr_eval(const ExprCode *code, Arena *a, const ExprHost *host, ExprValue *out);

/* For functions of a host. */
Arena *expr_run_arena(ExprRun *run);
const ExprHost *expr_run_host(ExprRun *run);
void   expr_run_work(ExprRun *run, size_t steps);       /* counts against the limit */
/* Text of the i-th node of a set; false when not relevant. */
bool   expr_run_node(ExprRun *run, const ExprValue *nodes, int i, Str *out_text);
/* Order of n things for a seed: inside-out Fisher-Yates with Park-Miller, as phones shuffle. */
void   expr_shuffle(int32_t *out, int n, double seed);
double expr_seed_of(Str text);                          /* a number; a text that is none is hashed; empty: NaN */

/* ---- Small helps that hosts share ---------------------------------------------------------------- */
/* The name nearest to word, at most a third of it away (swaps count one); empty when none is near. */
Str    expr_nearest(Str word, const Str *names, size_t count);
bool   expr_is_name(Str s);                             /* letter or '_', then letters, digits, '_', '-', '.' */

#endif
