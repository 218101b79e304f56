/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Satisfaction methods as data: which items make which factor, how answers become points, how items pool, which breakdowns are published.
 * One table says it all (method.csv of a package, files of data/methods, what the console keeps). Rules: values in, values out. */
#ifndef METHOD_METHOD_H
#define METHOD_METHOD_H

#include "form/form.h"

typedef enum MethodTransform { TRANSFORM_SHARE, TRANSFORM_MEAN, TRANSFORM_COUNT } MethodTransform;     /* answers 4 and 5 of five; mean / 5 × 100 */
typedef enum MethodPooling { POOL_ITEMS, POOL_FACTORS, POOL_COUNT } MethodPooling;                    /* all answers alike; weighted mean of factors */
typedef enum MethodNoOpinion { NO_OPINION_OUT, NO_OPINION_LOWEST, NO_OPINION_COUNT } MethodNoOpinion;  /* left out; as the lowest step */
typedef enum MethodRule { RULE_TRANSFORM, RULE_POOLING, RULE_NO_OPINION, METHOD_RULE_COUNT } MethodRule;
typedef enum MethodAbout { ABOUT_PERIOD, ABOUT_SCOPE, ABOUT_SUBJECTS, ABOUT_MODE, ABOUT_DECISION, METHOD_ABOUT_COUNT } MethodAbout;
/* Tables of an edition. */
typedef enum MethodTable { TABLE_FACTORS, TABLE_PROVINCES, TABLE_MAP, TABLE_BREAKDOWNS, TABLE_ITEMS, TABLE_CODED, METHOD_TABLE_COUNT } MethodTable;

/* The index, a content ("component") or a factor; parents come first. weight: among the nodes of its parent, > 0. */
typedef struct MethodNode { Str code, parent, kind; Str label[LANG_COUNT]; Str source; double weight; int line; } MethodNode;
typedef LIST(MethodNode) MethodNodes;
/* Items of a node by their code in questionnaires; "B1.1.*": all whose code begins with "B1.1.". */
typedef struct MethodPlace { Str code, node; int line; } MethodPlace;
typedef struct MethodBreak { Str question; Str label[LANG_COUNT]; } MethodBreak;      /* a question of one choice */
/* All zero: no nodes, every item by itself, shares pooled by item. */
typedef struct SurveyMethod {
    Str code, title[LANG_COUNT], source;
    Str about[METHOD_ABOUT_COUNT][LANG_COUNT];
    MethodTransform transform;
    MethodPooling pooling;
    MethodNoOpinion no_opinion;
    MethodNodes nodes;
    LIST(MethodPlace) places;            /* none: an item belongs to the longest node code that its own begins with */
    LIST(MethodBreak) breaks;
    unsigned tables;                     /* 1 << MethodTable; 0: all */
} SurveyMethod;

Str method_rule_code(MethodRule r);                      /* "transform" */
Str method_rule_value(MethodRule r, int value);          /* "share"; empty beyond the last */
int method_rule_of(const SurveyMethod *m, MethodRule r);
Str method_about_code(MethodAbout x);                    /* "period" */
Str method_table_code(MethodTable t);                    /* "factors" */
bool method_shows(const SurveyMethod *m, MethodTable t);
/* The index is the plain share of the satisfied, pooled by item: no figure of its own is needed. */
bool method_plain(const SurveyMethod *m);
Str  method_title(const SurveyMethod *m, Lang l);
int  method_node(const SurveyMethod *m, Str code);             /* -1: none */
/* The node an item hangs on; -1: none. *out_times (may be NULL): how many nodes claim it. The longest claim holds. */
int  method_place(const SurveyMethod *m, Str item, int *out_times);

/* ---- Reading and writing (read.c, write.c) -------------------------------------------------------------------------- */
/* key: of the catalogue, "method.fault.kind". line from 1, 0: of the whole. column: as in the heading, or empty. */
typedef struct MethodFault { const char *key; int line; Str column, value; } MethodFault;
typedef LIST(MethodFault) MethodFaults;
enum { METHOD_BYTES = 1 << 20, METHOD_NODES = 300, METHOD_PLACES = 1000, METHOD_BREAKS = 12, METHOD_TEXT = 1000 };
/* CSV or XLSX; texts lie in a. Without faults *out is whole. */
void method_read(Arena *a, Str bytes, SurveyMethod *out, MethodFaults *faults);
/* The table of a package, of any version: what is not understood is left out. ERR_INVALID: no CSV. */
MUST_USE Err method_parse(Arena *a, Str csv, SurveyMethod *out);
void method_csv(Buf *b, const SurveyMethod *m);                /* the same method gives the same bytes */
MUST_USE Err method_xlsx(Arena *a, const SurveyMethod *m, Str *out);
Str  method_fault_text(Arena *a, Lang l, const MethodFault *f);
Str  method_fault_place(Arena *a, Lang l, const MethodFault *f);         /* "dòng 3, cột kind" */

/* ---- Beside a questionnaire (check.c) -------------------------------------------------------------------------------- */
typedef struct MethodItem { Str name, code, label; int node, times; } MethodItem;     /* node -1: in no factor */
typedef struct MethodCheck {
    LIST(MethodItem) items;              /* satisfaction items of the questionnaire, in its order */
    size_t unplaced, twice;              /* of them */
    StrList unknown, bare, breaks;       /* places that meet no item; factors that hold none; breakdowns that are no question of one choice */
    bool whole;                          /* everything is placed once */
} MethodCheck;
void method_check(Arena *a, Lang l, const SurveyMethod *m, const FormProgram *p, MethodCheck *out);
/* The question of a breakdown; -1: none, or not of one choice from a list, or asked in a repeat. */
int  method_break_node(const FormProgram *p, Str question);

/* ---- Differences (diff.c) ----------------------------------------------------------------------------------------------- */
typedef struct MethodChange { Str what, before, after; } MethodChange;      /* what: "rule transform", "factor B1.1"; one side empty: added, gone */
typedef LIST(MethodChange) MethodChanges;
MethodChanges method_changes(Arena *a, const SurveyMethod *before, const SurveyMethod *after);

/* ---- Kept methods (method_store.c) and those shipped (shipped.c) ------------------------------------------------------------ */
size_t method_shipped_count(void);
Str    method_shipped_ref(size_t i);
bool   method_shipped(Arena *a, Str ref, SurveyMethod *out);
/* By its name in rounds: a kept one, else one that is shipped, else an empty method (items stand alone). */
MUST_USE Err method_load(Db *db, Arena *a, Str ref, SurveyMethod *out);
/* Approved ones, for rounds: name and title. */
MUST_USE Err method_choices(Db *db, Arena *a, Lang l, Choices *out);
MUST_USE Err method_title_of(Db *db, Arena *a, Lang l, Str ref, Str *out);

#endif
