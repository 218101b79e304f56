/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The respondent's side: what the handlers under /s/{round} share, and what their views are given. */
#ifndef COLLECT_RESPOND_H
#define COLLECT_RESPOND_H

#include "collect/parts.h"
#include "view/component.h"

/* What the browser carries: "token.resume" and, for rounds with codes, ".code". The code never enters the draft, so
 * that no row ties an unsent answer to an invitation. After sending: "sent.<receipt>", on a kiosk "sent.<receipt>.kiosk",
 * by an interviewer "sent.<receipt>.field". */
typedef struct Carried { Str token, resume, code, receipt; bool kiosk, field; } Carried;

typedef struct HelpBox { Str resume_code; Date until; Str phone, language_href; } HelpBox;     /* the column beside every page */

typedef struct Respond {
    Ctx *c;
    const RoundInfo *info;
    const FormProgram *program;
    Carried carried;
    bool has_draft;
    Draft draft;
    FormAnswers x, typed;
} Respond;
/* Round and page frame; 404 for drafts. */
MUST_USE Err respond_open(Ctx *c, Respond *r);
/* As above with the draft; without one *out_left is true and the answer is complete (start page, receipt or end). */
MUST_USE Err respond_draft(Ctx *c, Respond *r, bool *out_left);
Str  respond_path(const Respond *r, const char *rest);       /* "/s/thu-2026/check", without language */
Str  respond_href(const Respond *r, const char *rest);       /* the same in the page's language */
Str  respond_question_path(const Respond *r, int node);              /* "/s/…/question/q1" */
int  respond_question_of(const Respond *r, Str segment);        /* -1: none */
void respond_carry(const Respond *r, const Carried *v);
MUST_USE Err respond_save(Respond *r, Str page);
bool respond_asks_language(const Respond *r);                /* the questionnaire can be read in several */
/* A program that form_in_language made leaves its language with the answers; draft_language gives the program to go on with. */
const FormProgram *draft_language(Arena *a, const FormProgram *p, Str json);
Str  draft_json(Arena *a, const FormProgram *p, const FormAnswers *x, const FormAnswers *typed);
void draft_read(Arena *a, const FormProgram *p, Str json, FormAnswers *x, FormAnswers *typed);
/* Where to go from the start of the questionnaire, or after a page. */
Str  respond_first(Respond *r);
Str  respond_after(Respond *r, int node);
Str  respond_before(Respond *r, int node);
MUST_USE Err respond_end(Respond *r, const char *why, int status);   /* "closed" "paused" "code" "device" "moved" "declined" */
/* A kiosk asks after 120 s without a touch whether somebody is there, and goes back to the start 20 s later: by header,
 * without script. */
void kiosk_wait(const Respond *r, int seconds, const char *then);
Err kiosk_idle_page(Ctx *c);
Err kiosk_leave_page(Ctx *c);

HelpBox respond_help(const Respond *r);
/* What a page is drawn from; typed may be another set than the draft's. */
FormPage respond_page_of(const Respond *r, const FormAnswers *typed, const AnswerIssues *issues);
/* The fields of a page with the names of its files: one that was sent is kept with the draft, one that is to go is let go.
 * What cannot be taken is an issue. */
MUST_USE Err respond_fields(Respond *r, int instance, HttpFields *out, AnswerIssues *issues);
bool respond_stays(const Respond *r);                                /* a button acted on the page: it is shown again */
MUST_USE Err respond_record_files(Respond *r, const FormAnswers *record, AnswerFiles *out);
Err respond_media_file(Ctx *c);
Err respond_answer_file(Ctx *c);

AnswerIssues respond_faults(const Respond *r);                       /* of the whole questionnaire, as far as pages ask it */
Err respond_check_view(Ctx *c, Respond *r, bool tried);              /* tried: what is missing is shown as errors */

/* A repeat: the list of its entries inside one entry (0: the form itself), and where an entry stands. */
MUST_USE Err respond_list_view(Respond *r, int repeat, int parent);
MUST_USE Err respond_list_send(Respond *r, int repeat, int parent);
Str  respond_entry_path(const Respond *r, int instance);     /* "/s/…/entry/con/2" */
Str  respond_entry_name(const Respond *r, int instance);     /* "Con 2" */

/* Handlers of the other files of the flow, for the one route table in respond_pages.c. */
Err respond_question_page(Ctx *c);
Err respond_question_action(Ctx *c);
Err respond_check_page(Ctx *c);
Err respond_send_action(Ctx *c);
Err respond_list_page(Ctx *c);
Err respond_list_action(Ctx *c);
Err respond_entry_page(Ctx *c);
Err respond_entry_action(Ctx *c);
Err respond_sent_page(Ctx *c);
Err respond_withdraw_page(Ctx *c);
Err respond_withdraw_action(Ctx *c);
Err receipt_page(Ctx *c);

/* ---- Views ------------------------------------------------------------------------------------------- */
typedef struct StartView {
    const Round *round; Str owner, action, token, code, channel, desk, resume_href, continue_href; int64_t minutes, questions;
    bool paused, asks_identity; HelpBox help;
} StartView;
typedef struct QuestionView {
    FormPage page; int node; bool takes_files;
    FormPart part; FieldErrors errors; Str back_href, action, token; int64_t saved; Str saved_time; bool from_check; HelpBox help;
} QuestionView;
typedef struct EntryRow { Str name, text, href, remove_href; bool missing; } EntryRow;
typedef struct EntriesView {           /* may_add: how many there are is the respondent's to say */
    Str title, hint, back_href, action, token; LIST(EntryRow) rows; bool may_add, full; HelpBox help;
} EntriesView;
typedef struct EntryView {
    FormPage page; int instance; bool takes_files;
    Str title, back_href, action, token, remove_href; FieldErrors errors; bool from_check; HelpBox help;
} EntryView;
typedef struct RemoveView { Str title, text, back_href, action, token; HelpBox help; } RemoveView;
typedef struct SectionView { FormPart part; int64_t questions; bool varies; Str back_href, next_href; HelpBox help; } SectionView;
typedef struct CheckRow { Str id, label, value, href; bool missing; Str section; bool first; } CheckRow;    /* first: a new section begins */
typedef LIST(CheckRow) CheckRows;
typedef struct CheckView { CheckRows rows; FieldErrors errors; Str back_href, action, token; HelpBox help; } CheckView;
typedef struct SentView { const ReceiptRow *receipt; const Round *round; Str verify_href, verify_url, withdraw_href, mail_href,
        next_href, work_href; HelpBox help; } SentView;
typedef struct WordView {              /* pages that ask for one word: code, resume code, receipt */
    Str title, text, label, hint, name, value, error, action, token, back_href, button, note; bool warn; HelpBox help;
} WordView;
typedef struct ReceiptView { Str typed, action, withdraw_href, error; const ReceiptRow *receipt; const Round *round; } ReceiptView;
typedef struct EndView { Str title, text, next, href, link; bool done; HelpBox help; } EndView;    /* done: all went well */

#endif
