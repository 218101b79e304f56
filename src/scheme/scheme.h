/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Schemes of indices: a tree of criteria with points and rules, and what a card of inputs scores under it, with the
 * trace of each leaf. Pure: no database, no clock. store.h adds what is kept. See README.md. */
#ifndef SCHEME_SCHEME_H
#define SCHEME_SCHEME_H

#include "expr/expr.h"
#include "i18n/i18n.h"

#include "base/json.h"

/* ---- Limits -------------------------------------------------------------------------------------- */
enum { SCHEME_CRITERIA = 2000, SCHEME_LEVELS = 8, SCHEME_STEPS = 100, SCHEME_PARTS = 50, SCHEME_INPUTS = 64, SCHEME_FAULTS = 200,
       SCHEME_CODE_BYTES = 40, SCHEME_TEXT_BYTES = 2000, SCHEME_LABEL_BYTES = 300, SCHEME_BYTES = 4 << 20 };

/* ---- What is wrong ---------------------------------------------------------------------------------- */
typedef enum SchemeFaultKind {
    SCHEME_FAULT_JSON, SCHEME_FAULT_KEY, SCHEME_FAULT_VALUE, SCHEME_FAULT_ABSENT, SCHEME_FAULT_TOO_MANY,
    SCHEME_FAULT_CODE, SCHEME_FAULT_TWICE, SCHEME_FAULT_PARENT, SCHEME_FAULT_CYCLE, SCHEME_FAULT_DEEP, SCHEME_FAULT_MAX, SCHEME_FAULT_POINTS,
    SCHEME_FAULT_TOTAL, SCHEME_FAULT_EFFECT, SCHEME_FAULT_GROUP_RULE, SCHEME_FAULT_METHOD,
    SCHEME_FAULT_RULE, SCHEME_FAULT_PARAMETER, SCHEME_FAULT_RULE_POINTS, SCHEME_FAULT_STEPS, SCHEME_FAULT_EXPR, SCHEME_FAULT_CLOCK,
    SCHEME_FAULT_UNKNOWN, SCHEME_FAULT_GROUP_INPUT, SCHEME_FAULT_INPUT, SCHEME_FAULT_INPUT_VALUE, SCHEME_FAULT_SE, SCHEME_FAULT_BY_ZERO,
    SCHEME_FAULT_NO_NUMBER, SCHEME_FAULT_WORK, SCHEME_FAULT_YES_NO, SCHEME_FAULT_CHOICE, SCHEME_FAULT_COUNT, SCHEME_FAULT_DAY,
    SCHEME_FAULT_CALENDAR, SCHEME_FAULT_MANUAL, SCHEME_FAULT_MANUAL_RANGE, SCHEME_FAULT_MANUAL_RULE, SCHEME_FAULT_NOTHING_LEFT,
    SCHEME_FAULT_CSV, SCHEME_FAULT_XLSX, SCHEME_FAULT_HEADING, SCHEME_FAULT_NO_ROWS, SCHEME_FAULT_PART, SCHEME_FAULT_LABEL,
    SCHEME_FAULT_KIND_COUNT
} SchemeFaultKind;

/* code: the criterion, or the scheme; row, column: of a file, 0 and empty elsewhere. Texts live in the arena of the list. */
typedef struct SchemeFault {
    SchemeFaultKind kind;
    Str  code, column, value, more;
    int  row;
    Str  reason[LANG_COUNT];       /* of an expression */
} SchemeFault;
typedef struct SchemeFaults { SchemeFault *at; size_t len, cap; size_t all; } SchemeFaults;     /* all: counted beyond SCHEME_FAULTS too */
void scheme_fault(Arena *a, SchemeFaults *f, SchemeFault x);
Str  scheme_fault_code(SchemeFaultKind kind);                    /* "by_zero" … */
Str  scheme_fault_text(Arena *a, Lang l, const SchemeFault *f);  /* "3.4.1: …", the remedy last */

/* ---- The scheme --------------------------------------------------------------------------------------- */
typedef enum SchemeRuleKind {
    RULE_MANUAL, RULE_YES_NO, RULE_CHOICE, RULE_THRESHOLDS, RULE_PROPORTIONAL, RULE_COUNT, RULE_SUM, RULE_DEADLINE, RULE_FORMULA,
    RULE_KIND_COUNT
} SchemeRuleKind;
/* Who supplies the inputs. */
typedef enum SchemeMethod { METHOD_SCORED, METHOD_ESTIMATE, METHOD_SURVEY, METHOD_DATA, METHOD_MANUAL, METHOD_COUNT } SchemeMethod;
typedef enum SchemeEffect { EFFECT_POINTS, EFFECT_BONUS, EFFECT_PENALTY, EFFECT_COUNT } SchemeEffect;

Str  scheme_rule_code(SchemeRuleKind k);                         /* "yes_no" … */
bool scheme_rule_parse(Str code, SchemeRuleKind *out);
Str  scheme_method_code(SchemeMethod m);
bool scheme_method_parse(Str code, SchemeMethod *out);
Str  scheme_effect_code(SchemeEffect e);
bool scheme_effect_parse(Str code, SchemeEffect *out);

/* thresholds: from bound on; choice: value. */
typedef struct SchemeStep { double bound, points; Str value; } SchemeStep;
typedef struct SchemeRule SchemeRule;
struct SchemeRule {
    SchemeRuleKind kind;
    Str    of, due;                    /* due: an ISO day, or an expression */
    double points;                     /* yes_no, deadline; NAN: the maximum */
    double floor, full, each, cap;     /* NAN: not given; then 0, 100, none, the maximum */
    SchemeStep *steps; size_t step_count;
    SchemeRule *parts; size_t part_count;
    int    row;                        /* of the file it came from */
    /* Made by scheme_settle. */
    double   max;                      /* of its criterion */
    ExprCode code, due_code;
    Date     due_day;                  /* DATE_NONE: due_code says it */
};

/* What an input is called before people: "nhiem_vu_xong" is "Nhiệm vụ đã hoàn thành". */
typedef struct SchemeLabel { Str name, text; } SchemeLabel;
typedef LIST(SchemeLabel) SchemeLabels;

typedef struct SchemeCriterion {
    Str    code, parent, name, note;
    SchemeLabels labels;               /* of inputs; those without one go by their names */
    StrList evidence;                  /* kinds of evidence asked for */
    SchemeMethod method;
    SchemeEffect effect;               /* of a bonus or penalty the maximum is the cap */
    double max;                        /* NAN: of a group, the sum of its children */
    bool   has_rule, has_effect;
    SchemeRule rule;
    int    row;                        /* of the file it came from */
    /* Made by scheme_settle. */
    int    up, level;                  /* place of the parent, -1: none; 0 at the top */
    bool   group;
    Str   *inputs; size_t input_count; /* names its rule reads */
} SchemeCriterion;

typedef struct Scheme {
    Str    code, title, unit_kind, source, label;      /* label: "minh họa" on demonstrations; unit_kind: province, ministry, department, commune … */
    int    year;                                       /* 0: not said */
    double max;
    bool   rescale;                                    /* what is not applicable leaves the maximum, points are scaled back to it */
    SchemeCriterion *at; size_t len;                   /* tree order once settled */
} Scheme;

/* The reading part of scheme_read: nothing is checked across criteria, there may be none. What it gives may be written and read again. */
bool scheme_parse(Arena *keep, const Json *json, Scheme *out, SchemeFaults *faults);
/* JSON of a scheme, strict: an unknown key is a fault. Settled. False: faults has at least one. keep and work are two arenas. */
bool scheme_read(Arena *keep, Arena work, const Json *json, Scheme *out, SchemeFaults *faults);
/* Puts criteria into tree order, checks codes, parents and points, compiles rules. */
bool scheme_settle(Arena *keep, Arena work, Scheme *s, SchemeFaults *faults);
/* One fixed form; scheme_read reads it back. */
void scheme_write(Buf *b, const Scheme *s);
int  scheme_find(const Scheme *s, Str code);                     /* -1: none */
double scheme_max(const Scheme *s, int at);                      /* of a leaf, or of a group: given, or of its children */

/* ---- Files (table.c): one row a criterion ---------------------------------------------------------------- */
/* CSV, XLSX or JSON by its first bytes. Faults name row and column. */
bool scheme_file_read(Arena *keep, Arena work, Str bytes, Scheme *out, SchemeFaults *faults);
void scheme_file_csv(Arena *a, Buf *b, Lang l, const Scheme *s);
/* Heading of the column that a fault stands in; empty: of no column. */
Str  scheme_fault_column(Lang l, const SchemeFault *f);
MUST_USE Err scheme_file_xlsx(Arena *a, Lang l, const Scheme *s, Str *out);

/* ---- Working days -------------------------------------------------------------------------------------------- */
typedef struct SchemeDay { Date day; bool off, sure; Str name[LANG_COUNT], source; } SchemeDay;
/* Public holidays and Saturdays worked in exchange; years: those the calendar knows. */
typedef struct SchemeCalendar { SchemeDay *at; size_t len, cap; int first_year, last_year; } SchemeCalendar;
/* data/calendar/holidays.csv. ERR_CONFIG names its line. */
MUST_USE Err scheme_calendar_load(Arena *a, SchemeCalendar *out);
bool scheme_calendar_works(const SchemeCalendar *c, Date d);
/* Working days after due, up to day itself; 0 when day is not later. -1: a year between is not in the calendar, *out_year says which. */
int  scheme_days_late(const SchemeCalendar *c, Date due, Date day, int *out_year);

/* ---- Cards and what they score --------------------------------------------------------------------------------- */
typedef struct SchemeInput { Str name; ExprValue value; } SchemeInput;
typedef LIST(SchemeInput) SchemeInputs;
typedef struct SchemeCard {
    Str           unit;
    SchemeInputs *inputs;              /* of each criterion of the scheme */
    bool         *not_applicable;
    double       *manual;              /* NAN: none */
    double       *verdict;             /* points that appraisal set instead of what the rule gives, 0 … the maximum, without the sign of a penalty; NAN: none */
} SchemeCard;
void scheme_card_init(Arena *a, const Scheme *s, SchemeCard *out);
bool scheme_card_read(Arena *a, const Scheme *s, const Json *json, SchemeCard *out, SchemeFaults *faults);

typedef enum SchemeState { STATE_SCORED, STATE_NOT_APPLICABLE, STATE_MISSING } SchemeState;
Str scheme_state_code(SchemeState s);
typedef struct SchemeScore {
    double points, max, se;            /* points NAN unless scored; se NAN: no part has a standard error */
    SchemeState state;
    StrList trace;
} SchemeScore;
typedef struct SchemeResult {
    double total, se, max, percent;    /* NAN when something is missing */
    double left_out;                   /* points of the leaves that do not apply */
    SchemeScore *at; size_t len;       /* of each criterion, in tree order */
} SchemeResult;
/* The rule of a leaf in words, a sentence a line, its inputs by their labels. */
StrList scheme_rule_words(Arena *a, Lang l, const SchemeCriterion *x);
/* An input by its label, name_se as the standard error of it; without a label the name. */
Str scheme_input_label(Arena *a, Lang l, const SchemeCriterion *x, Str name);
/* An expression with labels in place of names: “Nhiệm vụ đã hoàn thành” / “Nhiệm vụ được giao” × 100. */
Str scheme_expr_words(Arena *a, const SchemeCriterion *x, Str expr);
/* How numbers of a trace are written: as in expressions, with all digits, or as people read them. */
typedef struct SchemeWords { Lang lang; bool plain, silent; } SchemeWords;
/* Rules are compiled; calendar may be NULL when none has a deadline. False: faults says what is missing or cannot be computed;
 * what can be is in *out all the same. */
bool scheme_compute(Arena *a, const Scheme *s, const SchemeCard *card, const SchemeCalendar *calendar, SchemeWords words, SchemeResult *out,
                    SchemeFaults *faults);
/* One leaf alone: for trying a rule. */
bool scheme_compute_leaf(Arena *a, const Scheme *s, int at, const SchemeCard *card, const SchemeCalendar *calendar, SchemeWords words,
                         SchemeScore *out, SchemeFaults *faults);
void scheme_result_write(Arena *a, Buf *b, Lang l, const Scheme *s, const SchemeCard *card, const SchemeResult *r, const SchemeFaults *faults);

Str scheme_num(Arena *a, SchemeWords w, double x);

#endif
