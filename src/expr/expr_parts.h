/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of expr share: tree, step codes, the run, patterns. Other modules include expr.h only. */
#ifndef EXPR_EXPR_PARTS_H
#define EXPR_EXPR_PARTS_H

#include "expr/expr.h"

/* ---- Characters --------------------------------------------------------------------------------- */
/* The character at s[*at], moving *at behind it; a broken byte reads as U+FFFD. */
uint32_t expr_char(Str s, size_t *at);
size_t   expr_char_count(Str s);
bool     expr_name_start(unsigned char c);
bool     expr_name_part(unsigned char c);

/* ---- Numbers and days ---------------------------------------------------------------------------- */
double expr_round(double x, double places);              /* half goes up, by decimal digits */
bool   expr_day_read(Str s, double *out, bool *out_time);/* ISO day or instant */
Str    expr_day_text(Arena *a, ExprKind kind, double days);

/* ---- Tree ---------------------------------------------------------------------------------------- */
typedef enum TreeOp {
    TREE_VALUE, TREE_CALL, TREE_IF, TREE_COALESCE,
    TREE_POSITION,               /* position() of the frame */
    TREE_CELL,                   /* a column of the frame's row */
    TREE_NODES,                  /* refs, seen from the frame; with a kid: from each of its nodes */
    TREE_ROWS,                   /* a table, the row elements or one column */
    TREE_FILTER, TREE_PICK,      /* set, condition; set, number from 1 */
    TREE_OR, TREE_AND,
    TREE_EQ, TREE_NE, TREE_LT, TREE_LE, TREE_GT, TREE_GE,
    TREE_ADD, TREE_SUB, TREE_MUL, TREE_DIV, TREE_MOD, TREE_NEG,
} TreeOp;

typedef struct Tree {
    TreeOp        op;
    ExprKind      kind;          /* typed while it is built; of nodes: what they hold */
    size_t        at;            /* byte in the source */
    ExprValue     value;         /* TREE_VALUE */
    int           first, count;  /* TREE_NODES: refs of the compiler */
    int           frame;         /* 0: the expression's own node; else a predicate's, the outermost 1 */
    int           table, column; /* TREE_ROWS, TREE_CELL; key: rows whose cell in the column `by` equals it */
    int           by;
    struct Tree  *key;
    bool          filtered;      /* a condition chose among its nodes: the first may stand for it */
    bool          sure;          /* … and there is one at most */
    bool          absolute;      /* TREE_NODES: written from the root on */
    bool          earlier;       /* TREE_FILTER: instances before the reader's own */
    struct Tree **kids;
    int           kid_count;
    int           fn;            /* TREE_CALL: index in the table */
    bool          of_host;       /* … of the host's library */
    const struct ExprRegex *pattern;
} Tree;
typedef LIST(Tree *) TreeList;

/* ---- The compiler's state ------------------------------------------------------------------------- */
typedef enum TokenKind {
    TOKEN_END, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_NAME, TOKEN_VARIABLE, TOKEN_OPERATOR, TOKEN_STAR,
    TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA, TOKEN_BRACKET, TOKEN_BRACKET_END, TOKEN_SLASH, TOKEN_DOT, TOKEN_DOTS,
    TOKEN_AXIS,                  /* name:: */
    TOKEN_BAD,                   /* already reported */
} TokenKind;
typedef struct Token { TokenKind kind; size_t at; Str text; TreeOp op; int rank; } Token;

/* What "." is: the expression's own node, a node of the set that a predicate filters, a row. */
typedef struct Scope { enum { SCOPE_OWN, SCOPE_NODE, SCOPE_ROW } kind; int node, table; } Scope;

typedef struct Compiler {
    Arena             *keep, *scratch;
    Str                source;
    const ExprNames   *names;
    const ExprLibrary *library;
    ExprFaults        *faults;
    bool               failed;
    size_t             next;     /* byte after the token */
    Token              token;
    bool               operand;  /* the token before was one: '*' and "and" are operators */
    int                depth;
    ExprRefs           refs;
    LIST(ExprStep)     steps;
    LIST(ExprValue)    values;
    LIST(const struct ExprRegex *) patterns;
    LIST(ExprTable *)  tables;
    Scope              scopes[EXPR_MAX_NESTING + 2];
    int                frame, frame_max;         /* the innermost scope */
    int                stack, stack_max;
    unsigned           uses;
} Compiler;

/* Reports once; what comes later is silent. Texts are copied as they are. */
void  expr_fail(Compiler *c, size_t at, const char *code, Str vi, Str en);
void  expr_warn(Compiler *c, size_t at, const char *code, Str vi, Str en);
void  expr_next(Compiler *c);                            /* reads one token */
Tree *expr_parse(Compiler *c);                           /* NULL after a fault */

/* Typing (kinds, arguments, folding); each returns NULL after a fault. */
Tree *expr_tree_value(Compiler *c, size_t at, ExprValue v);
bool  expr_tree_is_set(const Tree *t);
bool  expr_tree_single(Compiler *c, const Tree *t);      /* false, reported: several nodes where one value is needed */
Tree *expr_tree_negate(Compiler *c, size_t at, Tree *x);
Tree *expr_tree_call(Compiler *c, size_t at, Str name, TreeList *args);
char  expr_letter_of(const char *args, int i);           /* what a function of these arguments takes as its ith */

/* Paths (path.c). base NULL: from the scope, or from the own node when own is set. open: a predicate comes next. */
Tree *expr_tree_path(Compiler *c, size_t at, Tree *base, ExprPath *path, bool own, bool open);
bool  expr_scope_enter(Compiler *c, const Tree *set);    /* a predicate on it begins */
Tree *expr_tree_filter(Compiler *c, Tree *set, Tree *condition);         /* and ends */
Tree *expr_tree_table(Compiler *c, size_t at, Str name);
Tree *expr_tree_pulldata(Compiler *c, size_t at, TreeList *args);
Tree *expr_tree_indexed(Compiler *c, size_t at, TreeList *args);
Tree *expr_tree_binary(Compiler *c, size_t at, TreeOp op, Tree *x, Tree *y);
Tree *expr_tree_new(Compiler *c, size_t at, TreeOp op, ExprKind kind, int kids);

void  expr_emit(Compiler *c, const Tree *t, bool as_nodes);   /* flat steps */

/* ---- Functions ------------------------------------------------------------------------------------ */
extern const ExprFunction expr_functions[];
extern const int expr_function_count;
int  expr_function_find(const ExprFunction *table, int count, Str name);      /* -1: none */
bool expr_function_later(Str name);                      /* of the specification, not there yet */

/* ---- Steps and the run ----------------------------------------------------------------------------- */
typedef enum StepOp {
    STEP_VALUE, STEP_NODE, STEP_CELL, STEP_POSITION,     /* fn: the frame */
    STEP_SET,                    /* count refs from arg on, seen from frame fn */
    STEP_WALK,                   /* the same from each node of the set on top */
    STEP_ROWS, STEP_LOOKUP,      /* table arg; with the key on top, by column fn | count << 8 */
    STEP_COLUMN, STEP_PICK, STEP_FIRST,
    STEP_FILTER, STEP_KEEP,      /* begin and end of the loop of frame fn */
    STEP_BOOLEAN, STEP_JUMP, STEP_JUMP_FALSE, STEP_AND, STEP_OR, STEP_COALESCE,
    STEP_NEG, STEP_CALL, STEP_CALL_HOST, STEP_PATTERN,
    STEP_BINARY,                                         /* + TreeOp */
} StepOp;

/* A predicate's loop over a set. */
typedef struct Frame { const ExprSet *set; int at, kept; int32_t *kept_at; const ExprRef **kept_refs; } Frame;

struct ExprRun {
    const ExprCode *code;
    Arena          *a;
    const ExprHost *host;
    Frame          *frames;      /* from 1 */
    size_t          work;
    bool            stopped;
    const char     *refused;     /* why a strict run ended */
};

void           expr_refuse(ExprRun *run, const char *why);                /* ends a strict run; the first reason stands */
bool           expr_equal(const ExprValue *x, const ExprValue *y);
ExprValue      expr_set_value(ExprRun *run, const ExprSet *s, int i, bool *out_there);   /* empty when not relevant */
const ExprRef *expr_set_ref(const ExprSet *s, int i);                    /* NULL for rows */
ExprValue      expr_set_new(ExprRun *run, ExprSet s);
ExprValue      expr_set_of_refs(ExprRun *run, int first, int count, int from);
ExprValue      expr_set_walk(ExprRun *run, const ExprSet *s, int first, int count);
ExprValue      expr_set_lookup(ExprRun *run, const ExprTable *t, int column, const ExprValue *key);
ExprValue      expr_set_pick(ExprRun *run, const ExprSet *s, double index);
ExprValue      expr_set_first(ExprRun *run, const ExprSet *s);
int            expr_set_instance(const ExprSet *s, int i);

static inline ExprValue expr_string(Str s) { return (ExprValue){ .kind = EXPR_STRING, .text = s }; }
static inline ExprValue expr_number(double x) { return (ExprValue){ .kind = EXPR_NUMBER, .number = x }; }
static inline ExprValue expr_boolean(bool b) { return (ExprValue){ .kind = EXPR_BOOLEAN, .number = b }; }

/* ---- Patterns: whole text, linear time ------------------------------------------------------------- */
typedef struct ExprRegex ExprRegex;
/* NULL: *out_code, *out_vi, *out_en say why. */
const ExprRegex *regex_compile(Arena *keep, Arena scratch, Str pattern, const char **out_code, Str *out_vi, Str *out_en);
bool regex_match(ExprRun *run, const ExprRegex *re, Str text);

#endif
