/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's pages of samples share, and what their views are given. */
#ifndef SAMPLE_CONSOLE_H
#define SAMPLE_CONSOLE_H

#include "sample/parts.h"
#include "sample/store.h"
#include "view/component.h"

typedef struct SampleListRow { Str title, href, note, owner, state; TagKind kind; Icon shape; int64_t n; Time at; } SampleListRow;
typedef struct SampleListView { LIST(SampleListRow) frames, designs, samples; Pager frame_pager, design_pager, sample_pager;
    Str frame_new_href, size_href; } SampleListView;
typedef struct FrameNewView { FieldErrors errors; Str title, token; Choices owners; } FrameNewView;
typedef struct FrameView {
    const FrameRow *f; Str owner, action, token; SampleColumns columns; CsvTable head; SampleFaults faults; bool may_manage, ready;
    const FieldErrors *errors; Str design_title; Choices designs; LIST(SummaryRow) rows;
} FrameView;
typedef struct SizeView {
    FieldErrors errors; Str margin, share, level, deff, population; bool asked; int64_t n, simple, rule_2012; double margin_of; Str words;
} SizeView;
typedef struct StageLine { Str label, words, href, remove; } StageLine;
typedef struct DesignView {
    const DesignRow *d; const SampleDesign *design; Str title, frame_title, frame_href, action, token, draw_href, add_href; LIST(StageLine) stages;
    Choices keep; SampleFaults faults; FieldErrors errors; bool may_manage, ready;
} DesignView;
typedef struct StageView {
    int n; bool last_only; FieldErrors errors; Str action, token, back_href; SampleStage s;
    Choices units, counts, strata, sizes, measures, sds, methods, rules; Str typed_n, typed_rate, typed_least, typed_most, typed_reserve, typed_by;
} StageView;
typedef struct DrawView { const DesignRow *d; Str title, seed, action, token, back_href; FieldErrors errors; SampleFaults faults;
    LIST(StageLine) stages; } DrawView;
typedef struct DrawnStage { Str label, words; int64_t frame, drawn, certain, unsized; } DrawnStage;
typedef struct DrawnView {
    const SampleRow *s; Str owner, drawn_by, frame_name; LIST(StageLine) stages; LIST(SummaryRow) rows; SampleCaseRows cases; StrList keep_names;
    LIST(StrList) keep; Str list_href, document_href, command; Pager pager; Letterhead head;
} DrawnView;

/* ---- design_pages.c: what the pages of a design and of its stages share ---- */
typedef struct DesignAt { DesignRow row; SampleDesign design; FrameRow frame; SampleColumns columns; } DesignAt;
MUST_USE Err design_at(Ctx *c, Right right, DesignAt *out);              /* of {id}, with its frame */
Str  design_path(Ctx *c, const DesignAt *d, const char *rest);
MUST_USE Err design_keep(Ctx *c, DesignAt *d);                           /* as it stands now; ERR_CONFLICT: changed meanwhile */
void sample_column_choices(Ctx *c, const SampleColumns *columns, bool whole, Str chosen, const StrList *many, Choices *out);

Str  sample_stage_words(Arena *a, Lang l, const SampleStage *s);
bool sample_design_loose(Arena *a, Str json, SampleDesign *out);          /* also an unfinished one */
void frame_columns_read(Arena *a, Str json, SampleColumns *out);
void sample_crumb(Ctx *c);

/* Handlers of the other files, for the one route table in sample_pages.c. */
Err design_page(Ctx *c);
Err design_save_action(Ctx *c);
Err stage_page(Ctx *c);
Err stage_action(Ctx *c);
Err stage_remove_action(Ctx *c);
Err draw_page(Ctx *c);
Err draw_action(Ctx *c);
Err drawn_page(Ctx *c);
Err drawn_list_file(Ctx *c);
Err drawn_document_file(Ctx *c);

#endif
