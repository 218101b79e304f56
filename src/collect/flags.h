/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signs of stuffing. A flag is shown to the officer and changes nothing else: the record is stored and counted. */
#ifndef COLLECT_FLAGS_H
#define COLLECT_FLAGS_H

#include "collect/parts.h"

/* elapsed_ms: from start to sending; 0 when unknown. Sets flagged and flag_reason of x. */
void flag_answers(Submission *x, const FormAnswers *answers, int64_t elapsed_ms);

#endif
