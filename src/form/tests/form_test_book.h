/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Questionnaires of tests, written as lines: a line "[survey]" opens a sheet, cells are parted by '|'. */
#ifndef FORM_TEST_BOOK_H
#define FORM_TEST_BOOK_H

#include "base/test.h"
#include "form/form_parts.h"

FormBook     test_book(Arena *a, const char *lines);
/* Fails the test when there is an error. */
FormProgram *test_form(Arena *a, const char *lines);
FormProgram *test_form_issues(Arena *a, const char *lines, FormIssues *issues);
/* The same as a workbook's bytes. */
Str          test_xlsx(Arena *a, const char *lines);
/* Answers from "name=text;name=text". */
FormAnswers  test_answers(Arena *a, const FormProgram *p, const char *pairs);
Time         test_now(void);

#endif
