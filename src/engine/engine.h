/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The questionnaire engine as the page for interviewers calls it: a request and its answer are JSON, the questionnaire is
 * kept between calls, answers come with each call. No SQL, no HTTP, no clock: compiled for the server's tests and, by
 * clang, to WebAssembly. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "form/form.h"

typedef struct Engine { Arena keep; FormProgram *program; } Engine;

/* Requests: {"do":"open","form":XForm,"files":{name:text}} reads a questionnaire; what the page cannot carry is told in
 * "refused". All others have "answers", "typed", "lang", "now" (UTC ms) and mostly "at", a place:
 *   "p12" a page, "l7.0" the list of a repeat (in entry 0: the form), "e3" an entry, "check" all answers.
 * begin, resume, show, read (with "fields":[[name,value]]), move ("back"), add, remove, finish ("meta"), play ("steps").
 * The answer has "answers" and "typed" where they changed, "at", "html", "issues", "xml"; "fault" says what was wrong with
 * the request. */
Str engine_call(Engine *e, Arena *a, Str request);

#endif
