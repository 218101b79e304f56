/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's pages of paper forms share, and what their views are given. */
#ifndef PAPER_CONSOLE_H
#define PAPER_CONSOLE_H

#include "paper/parts.h"
#include "view/component.h"

enum { BATCH_MOST = 2000, RUN_MOST = 2000, RUN_PART = 100 };

typedef LIST(Button) Buttons;
Str     paper_state_text(Lang l, PaperState s);
TagKind paper_state_tag(PaperState s);
Icon    paper_state_icon(PaperState s);
void    paper_crumbs(Ctx *c, const PaperBatch *b);        /* home, and the batch when there is one */
/* Serial numbers apart by blanks, commas or lines. False: *out_bad is the one that is none. */
typedef LIST(int64_t) Serials;
bool    serials_parse(Arena *a, Str typed, Serials *out, Str *out_bad);
Str     serials_text(Arena *a, const Serials *s);
bool    serials_have(const Serials *s, int64_t serial);
/* Numbers first … last of the batch that have no form. */
void    serials_missing(Arena *a, const PaperBatch *b, const PaperForms *forms, Serials *out);
MUST_USE Err round_choices(Ctx *c, RoundId chosen, Choices *out);         /* that take forms and reach the reader's units */
bool    choice_taken(const Choices *at, Str value);
/* A fault at "round" when its questionnaire is not for paper. */
MUST_USE Err paper_taken(Ctx *c, RoundId round, FieldErrors *errors);
/* The batch or form of {id} when the person holds the right on the batch's unit; sets crumbs. */
MUST_USE Err batch_of_console(Ctx *c, Right right, PaperBatch *out);
MUST_USE Err form_of_console(Ctx *c, Right right, PaperForm *out, PaperBatch *out_batch);
Str     paper_cell_label(Ctx *c, const PaperMap *m, PaperCell at);             /* "Tuổi, dòng 2" */
Str     batch_path(Ctx *c, const PaperBatch *b, const char *rest);
Str     form_path(Ctx *c, const PaperForm *f, const char *rest);
MUST_USE Err audit_paper(Ctx *c, Str action, int64_t id, UnitId unit, Str key, Str value);    /* {"key":"value"}; empty key: no detail */

typedef struct BatchLine { const PaperBatch *b; Str round, unit, href; } BatchLine;
typedef struct FormLine { const PaperForm *f; Str serial, where, state, href; TagKind kind; Icon shape; } FormLine;
typedef struct PaperHomeView {
    LIST(BatchLine) batches; LIST(FormLine) drafts, found; Str serial, serial_error, new_href, prints_href; bool searched; Pager pager;
} PaperHomeView;

typedef struct BatchNewView { FieldErrors errors; Str token; Choices rounds, units; Str label, first, last, stated, handed_by, missing; } BatchNewView;

typedef struct BatchView {
    const PaperBatch *b; FieldErrors errors; LIST(FormLine) forms, duplicates; Str round, unit, received_by, token, key_action, missing_text;
    int64_t missing, waiting_settle, waiting_accept; bool may_key, may_manage, may_settle; Str serial, pages_serial, pages, add_serial;
} BatchView;

typedef struct RunLine { const PaperRun *r; Str round, unit, first, last, by; LIST(TabItem) parts; } RunLine;
/* rows: of tables of repeats, carried by the links; has_rows: one of the questionnaires repeats something. */
typedef struct RunsView { int64_t rows; bool has_rows; FieldErrors errors; LIST(RunLine) runs; Choices rounds, units, langs; Str token, count; } RunsView;

typedef struct RateRow { Str name; int64_t compared, differing, wrong; double share; } RateRow;
typedef struct ReportView {
    const PaperBatch *b; LIST(SummaryRow) facts; LIST(RateRow) clerks, questions; LIST(FormLine) incomplete; Str missing_text, csv_href, duplicates_text;
} ReportView;

/* One question on the entry page. */
typedef struct EntryChoice { Str code, label; } EntryChoice;
typedef struct EntryLine {
    Str heading;                                             /* above it: where a row of a repeat begins */
    Str name, number, label, value, hint, error, reason; bool note, asks_reason, many, wide; LIST(EntryChoice) choices;
} EntryLine;
typedef struct EntryView {
    const PaperForm *f; Str serial, title, action, token, revision, back_href; int pass; int64_t section, sections; Str section_title;
    LIST(EntryLine) lines; FieldErrors errors; bool last, rows; LIST(TabItem) tabs;
} EntryView;

typedef struct SettleLine { Str name, number, label, first, second, choice, other, error; EntryLine rule; bool broken; } SettleLine;
typedef struct SettleView {
    const PaperForm *f; Str serial, action, token, revision, back_href, first_by, second_by; LIST(SettleLine) lines; LIST(EntryLine) rules; FieldErrors errors;
} SettleView;

typedef struct PaperFormView {
    const PaperForm *f; Str serial, batch, batch_href; LIST(SummaryRow) rows; Str token, release_action, void_action, settle_href, key_href, key_action;
    int release_pass; FieldErrors errors; bool may_void; Str reason;
} PaperFormView;

static inline Str batch_href(Out *o, const PaperBatch *b, const char *rest)
{
    return arena_fmt(o->buf.a, "/console/paper/batches/%lld%s", (long long)b->id, rest);
}
/* The question's name behind "q.". */
static inline Str entry_bare(Str control)
{
    return str_skip(control, 2);
}
static inline Str entry_notes(Out *o, const EntryLine *l)
{
    return l->asks_reason ? str_concat(o->buf.a, l->name, S("-error")) : S("");
}

/* Handlers of the other files, for the one route table in paper_pages.c. */
Err paper_blank_file(Ctx *c);
Err paper_runs_page(Ctx *c);
Err paper_runs_action(Ctx *c);
Err paper_run_file(Ctx *c);
Err batch_page(Ctx *c);
Err batch_key_action(Ctx *c);
Err batch_pages_action(Ctx *c);
Err batch_add_action(Ctx *c);
Err batch_report_page(Ctx *c);
Err batch_report_file(Ctx *c);
Err batch_accept_page(Ctx *c);
Err batch_accept_action(Ctx *c);
Err form_page(Ctx *c);
Err form_release_action(Ctx *c);
Err form_void_action(Ctx *c);
Err entry_page(Ctx *c);
Err entry_action(Ctx *c);
Err settle_page(Ctx *c);
Err settle_action(Ctx *c);

#endif
