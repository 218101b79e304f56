/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Conditions picked instead of written: "hiện khi [câu] [bằng] [giá trị] và …" and what an answer must be, as the expressions of
 * the sheet, and back where an expression has that shape. */
#ifndef BUILDER_LOGIC_H
#define BUILDER_LOGIC_H

#include "builder/grid.h"

typedef enum TestKind {
    TEST_NONE, TEST_IS, TEST_IS_NOT, TEST_BELOW, TEST_MOST, TEST_ABOVE, TEST_LEAST, TEST_HAS, TEST_HAS_NOT, TEST_GIVEN, TEST_EMPTY, TEST_COUNT
} TestKind;
Str test_code(TestKind k);                               /* "is", "is_not" … */
TestKind test_parse(Str code);                           /* TEST_NONE: none */
bool test_needs_value(TestKind k);

/* name: of a question. value: name of a choice, a number with a point, an ISO day or a text. */
typedef struct LogicTest { Str name; TestKind kind; Str value; } LogicTest;
typedef struct Logic { LIST(LogicTest) tests; bool any; } Logic;
/* A condition to tests; false: it has another shape and stays a text. Empty: no tests. */
bool logic_read(Arena *a, const Grid *g, Str source, Logic *out);
Str  logic_write(Arena *a, const Grid *g, const Logic *l);

/* What an answer must be. Texts as in LogicTest; empty: no such rule. */
typedef struct Bounds { Str least, most, length_least, length_most, count_least, count_most, pattern; bool not_future, not_past; } Bounds;
bool bounds_read(Arena *a, const Grid *g, QuestionType type, Str source, Bounds *out);
Str  bounds_write(Arena *a, QuestionType type, const Bounds *b);
/* Patterns with a name: telephone, e-mail … NULL ends. */
typedef struct KnownPattern { const char *code, *pattern; } KnownPattern;
extern const KnownPattern known_patterns[];

/* A name of a question in the sheet; Q_TYPE_COUNT: none. */
QuestionType logic_type(Arena *a, const Grid *g, Str name);
const GridRow *logic_row(const Grid *g, Str name);       /* NULL: none */
/* "'it''s'": in the quotes that do not occur in it; both kinds occur: concat(…). */
Str  logic_quoted(Arena *a, Str text);

#endif
