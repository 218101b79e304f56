/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Functions on texts, days and selections, for the table in functions.c. */
#ifndef EXPR_EXPR_FUNCTIONS_H
#define EXPR_EXPR_FUNCTIONS_H

#include "expr/expr_parts.h"

ExprValue fn_concat(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_join(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_substr(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_substring_before(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_substring_after(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_translate(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_string_length(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_normalize_space(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_contains(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_starts_with(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_ends_with(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_regex(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_today(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_now(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_date(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_format_date(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_decimal_date_time(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_decimal_time(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_selected(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_selected_at(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_count_selected(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_uuid(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_digest(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_base64_decode(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_area(ExprRun *run, const ExprValue *args, int n);
ExprValue fn_distance(ExprRun *run, const ExprValue *args, int n);

double expr_random(void);                                /* 0 to below 1 */

#endif
