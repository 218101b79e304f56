/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of the engine share. */
#ifndef SCHEME_PARTS_H
#define SCHEME_PARTS_H

#include "scheme/scheme.h"

#include <math.h>

/* Reading one JSON document: faults are named after the criterion that is read. */
typedef struct SchemeReader { Arena *a; SchemeFaults *faults; Str code; int row; int depth; } SchemeReader;
void scheme_wrong(SchemeReader *r, SchemeFaultKind kind, Str column, Str value);

void scheme_rule_read(SchemeReader *r, const Json *json, SchemeRule *out);
void scheme_rule_write(Buf *b, const SchemeRule *r);
/* Numbers in range, expressions compiled; names are those of c->inputs. */
void scheme_rule_settle(SchemeReader *r, Arena work, SchemeCriterion *c, SchemeRule *rule, StrList *names);
typedef enum RuleMember {
    MEMBER_OF, MEMBER_POINTS, MEMBER_STEPS, MEMBER_FLOOR, MEMBER_FULL, MEMBER_EACH, MEMBER_CAP, MEMBER_DUE, MEMBER_RULES,
    MEMBER_COUNT
} RuleMember;
extern const unsigned scheme_rule_takes[RULE_KIND_COUNT];        /* bits of RuleMember */
extern const Str scheme_rule_members[MEMBER_COUNT];

/* ---- Computing -------------------------------------------------------------------------------------- */
typedef struct SchemeWork {
    Arena                *a;
    const Scheme         *s;
    const SchemeCard     *card;
    const SchemeCalendar *calendar;
    SchemeWords           words;
    SchemeFaults         *faults;
    const SchemeCriterion *c;              /* the leaf */
    ExprValue             values[SCHEME_INPUTS];
    double                se[SCHEME_INPUTS];       /* NAN: none */
    bool                  any_se, carried;
    double                slope[SCHEME_INPUTS];    /* of the leaf's points by each input */
    SchemeScore          *score;
} SchemeWork;
void scheme_leaf(SchemeWork *w, int at);                 /* its score; state missing after a fault */
void scheme_say(SchemeWork *w, const char *key, const TextArg *args, size_t n);
#define SAY(w, key, ...)                                                                           \
    do {                                                                                           \
        if (!(w)->words.silent)                                                                    \
            scheme_say((w), (key), (TextArg[]){ __VA_ARGS__ }, sizeof((TextArg[]){ __VA_ARGS__ }) / sizeof(TextArg)); \
    } while (0)
#define NUM(w, x) ((w)->words.silent ? S("") : scheme_num((w)->a, (w)->words, (x)))
static inline double scheme_sign(const SchemeCriterion *c) { return c->effect == EFFECT_PENALTY ? -1 : 1; }

/* Text of a key with places filled. */
Str scheme_text(Arena *a, Lang l, const char *key, const TextArg *args, size_t n);

#endif
