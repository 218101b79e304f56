/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of drafts share and what their views show. */
#ifndef BUILDER_CONSOLE_H
#define BUILDER_CONSOLE_H

#include "builder/logic.h"
#include "builder/parts.h"
#include "form/console.h"
#include "view/component.h"

/* A draft being worked on in one request. seen: the revision the page was made from. */
typedef struct Work { FormDraft d; Grid *g; int64_t seen; Str base; } Work;
MUST_USE Err work_open(Ctx *c, Work *w);                 /* the right on its unit; ERR_GONE when it is open no more */
MUST_USE Err work_save(Ctx *c, Work *w, const char *act, Str subject);
/* What the draft was when the page was made; NULL when that is now, or no longer kept (*out_lost). */
MUST_USE Err work_before(Ctx *c, const Work *w, Grid **out, bool *out_lost);
Str  work_path(Ctx *c, const Work *w, const char *rest);
Str  work_row_path(Ctx *c, const Work *w, int64_t row, const char *rest);
Str  work_title(Ctx *c, const Work *w);
Str  person_text(Ctx *c, PersonId id);

/* Head of every page of a draft. */
typedef enum DraftTab { TAB_QUESTIONS, TAB_LISTS, TAB_SETTINGS, TAB_FILES, TAB_HISTORY, TAB_PHONE, TAB_NONE } DraftTab;
typedef struct DraftHead {
    Str title, base, token, changed, undo, redo;         /* undo, redo: what would come back; empty: nothing */
    int64_t revision, errors, warnings;
    TabItem tabs[TAB_NONE];
    size_t tab_count;
} DraftHead;
MUST_USE Err head_of(Ctx *c, const Work *w, DraftTab tab, DraftHead *out);
/* Crumbs and page: 422 with errors. */
Out  work_page_begin(Ctx *c, const Work *w, Str title);
Str  act_text(Ctx *c, const DraftRevision *r);

/* What somebody else changed meanwhile, cell by cell. */
typedef struct Clash { Str column, before, now; } Clash;
typedef struct Clashes { LIST(Clash) list; Str who; bool lost; } Clashes;
void clash_rows(Arena *a, const GridSheet *was, const GridRow *x, const GridSheet *is, const GridRow *y, Clashes *out);

/* ---- Words ------------------------------------------------------------------------------------------------------------ */
typedef struct TypeChoice { const char *word; const char *key; const char *group; } TypeChoice;
extern const TypeChoice type_choices[];                  /* word NULL ends */
Str  type_words(Lang l, const TypeCell *t);              /* "Chọn một câu trả lời"; the word itself when unknown */
Str  type_group_words(Lang l, const char *group);
Str  row_label(Ctx *c, const Grid *g, const GridRow *row, Lang l);       /* label, else name, else "(chưa có lời)" */
Str  test_words(Lang l, TestKind k);
Str  language_words(Ctx *c, const Grid *g, Str language);                /* heading of a language's column */
/* A condition told in words, or its expression. */
Str  logic_words(Ctx *c, const Grid *g, Str source);

/* ---- Views ------------------------------------------------------------------------------------------------------------- */
typedef struct DraftLine { Str title, form_id, owner, changed, href; } DraftLine;
typedef struct DraftsView { LIST(DraftLine) lines; } DraftsView;
typedef struct DraftNewView { Str token, title, start, from_title, from_version; int64_t from; bool english; FieldErrors errors; } DraftNewView;

typedef struct OutlineLine {
    int64_t id; int depth; bool holds, may[4], required; Str label, type, name, condition, href, list; int64_t errors, warnings; Str first_issue;
} OutlineLine;
typedef struct IssueLine { Str place, message, href, link; bool warning; } IssueLine;
typedef LIST(IssueLine) IssueLines;
typedef struct OutlineView { const DraftHead *head; LIST(OutlineLine) lines; IssueLines issues; bool broken; Str phone; int64_t id; } OutlineView;
typedef struct AddView {
    const DraftHead *head; int64_t after; bool inside; Str where, type, label, language; Choices types; FieldErrors errors; Str bank_href;
} AddView;

typedef struct PublishView {
    const DraftHead *head; const FormIssues *issues; size_t errors, warnings; bool reason; Str typed_reason, version, since;
    FormChanges changes; bool first; FieldErrors errs; IssueLines lines; bool agreed;
} PublishView;
typedef struct HistoryLine { Str what, who; Time at; int64_t revision; } HistoryLine;
typedef struct HistoryView { const DraftHead *head; LIST(HistoryLine) lines; } HistoryView;

/* One row being edited: what its pages share. */
typedef struct RowHead {
    const DraftHead *head; Str label, type, name, base, back, next; TabItem tabs[4]; IssueLines issues; Clashes clashes; bool gone;
} RowHead;
typedef struct LangBox { Str language, tag, id, label, hint, guidance, image, audio, required, constraint; } LangBox;
typedef LIST(LangBox) LangBoxes;
typedef struct BuilderQuestionView {
    RowHead *row; LangBoxes langs; Choices types, lists, looks, roles; Str name, code, new_choices, file, required, required_src, look_other;
    Str start, end, step, pixels; bool asks_list, from_file, range, image, holds, group, answers, shuffled; FieldErrors errors; Str list_href, bank_href;
} BuilderQuestionView;
typedef struct TestBox { Str n; Choices questions, kinds, values; Str value; bool pick; } TestBox;
typedef struct LogicView {
    RowHead *row; bool picked, any, has_list, repeats; LIST(TestBox) tests; Str source, filter, count; Choices columns, parents; FieldErrors errors;
} LogicView;
typedef struct RulesView {
    RowHead *row; bool picked, number, day, text, many, calculates; Bounds b; Choices patterns; LangBoxes langs; Str source, first, calculation,
        read_only, trigger;
    FieldErrors errors;
} RulesView;
typedef struct CellBox { Str name, header, value; } CellBox;
typedef struct CellsView { RowHead *row; LIST(CellBox) cells; Str added; FieldErrors errors; } CellsView;
typedef struct ListLine { Str name, href, uses; int64_t n; } ListLine;
typedef struct ListsView { const DraftHead *head; LIST(ListLine) lines; FieldErrors errors; Str name, paste; } ListsView;
typedef struct ChoiceRow { Str id, code, order, value, missing; Str *labels, *filters; } ChoiceRow;
typedef struct ListView {
    const DraftHead *head; Str list, name, paste, new_column; LangBoxes langs; StrList filters; LIST(ChoiceRow) rows; Clashes clashes; FieldErrors errors;
    int64_t from, total; Str page_base, uses; Pager pager;
} ListView;
typedef struct SettingsView {
    const DraftHead *head; LangBoxes langs; Str form_id, version, instance_name; Choices kinds, layouts, channels, defaults; LIST(CellBox) others;
    Str new_language; Clashes clashes; FieldErrors errors;
} SettingsView;
typedef struct FilesView { const DraftHead *head; LIST(CellBox) files; StrList missing; FieldErrors errors; } FilesView;
typedef struct BankLine { int64_t id; Str title, type, subject, unit, href; } BankLine;
/* draft: items are taken into it, behind a row. */
typedef struct BankListView {
    LIST(BankLine) lines; Choices subjects, roles, kinds; Str q, subject, role, kind, token, draft_title, draft_path; int64_t draft, after, revision;
    bool inside;
} BankListView;
typedef struct BankUseLine { Str title, name; int64_t version; Str state, href; } BankUseLine;
/* A row of a group: its words, the choices in one line, its condition in words. */
typedef struct BankRowLine { int depth; Str label, type, choices, condition; } BankRowLine;
typedef struct BankItemView {
    const struct BankItem *item; LangBoxes langs; Choices choices; Str type, unit, source, path, token; LIST(HistoryLine) versions; LIST(BankUseLine) uses;
    LIST(BankRowLine) rows; int64_t hidden_uses; bool may_withdraw, group;
} BankItemView;
/* Two versions of an item; issues: why they cannot be compared. */
typedef struct BankChangesView {
    const struct BankItem *item; Str path; Choices from, to; Str before, after, note; FormChanges changes; StrList issues;
} BankChangesView;
typedef struct BankLeftLine { Str label, column, condition; } BankLeftLine;
typedef struct BankKeepView {
    RowHead *row; Str known, subject, note, unit; Choices subjects; bool again, nation, group, broken; LIST(BankLeftLine) left; FieldErrors errors;
} BankKeepView;
typedef struct PhoneEntry { Str title, text, spot; } PhoneEntry;
/* kind: page, list of entries, entry, end; -1: the draft has faults. */
typedef struct PhoneLang { Str code, name; bool current; } PhoneLang;
typedef struct PhoneView {
    FormPage page; int node, instance, kind; FormPart part;
    Str title, state, spot, action, token, lang, answers; LIST(PhoneEntry) entries; LIST(PhoneLang) langs; bool may_add; int64_t faults; FieldErrors errors;
} PhoneView;

/* ---- Handlers ------------------------------------------------------------------------------------------------------------ */
MUST_USE Err issue_lines(Ctx *c, const Work *w, const FormIssues *issues, bool warnings, IssueLines *out);
Err builder_outline_page(Ctx *c);
Err builder_outline_action(Ctx *c);
Err builder_add_page(Ctx *c);
Err builder_add_action(Ctx *c);
Err builder_publish_page(Ctx *c);
Err builder_publish_action(Ctx *c);
Err builder_question_page(Ctx *c);
Err builder_question_action(Ctx *c);
Err builder_logic_page(Ctx *c);
Err builder_logic_action(Ctx *c);
Err builder_rules_page(Ctx *c);
Err builder_rules_action(Ctx *c);
Err builder_cells_page(Ctx *c);
Err builder_cells_action(Ctx *c);
Err builder_lists_page(Ctx *c);
Err builder_lists_action(Ctx *c);
Err builder_list_page(Ctx *c);
Err builder_list_action(Ctx *c);
Err builder_settings_page(Ctx *c);
Err builder_settings_action(Ctx *c);
Err builder_files_page(Ctx *c);
Err builder_files_action(Ctx *c);
Err builder_phone_page(Ctx *c);
Err builder_phone_action(Ctx *c);
Err builder_phone_tab_page(Ctx *c);
Err builder_media_file(Ctx *c);
Err builder_paper_file(Ctx *c);

#endif
