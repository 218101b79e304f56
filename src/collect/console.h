/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's pages of rounds share, and what their views are given. */
#ifndef COLLECT_CONSOLE_H
#define COLLECT_CONSOLE_H

#include "collect/parts.h"
#include "view/component.h"

Str round_no_address(Ctx *c);         /* why printed addresses may lead nowhere: http.public_url is not set; else empty */
Str round_address(Ctx *c, const Round *r, const char *rest);        /* "https://host/s/thu-2026?c=qr" */
Str round_state_text(Lang l, RoundState s);
TagKind round_state_tag(RoundState s);
Icon round_state_icon(RoundState s);
Str channel_label(Lang l, Channel ch);
Str round_agency(Ctx *c, UnitId id);                                 /* who carries a round out: for the nation, the agency of this site */


typedef struct ListRow { const Round *r; RoundState state; Str owner, href; } ListRow;
typedef struct RoundListView { LIST(ListRow) rows; int64_t all; Pager pager;
    const TabItem *tabs; size_t tab_count; Str new_href; bool filtered; } RoundListView;

/* The methods a round may name. The default is the questionnaire's own, or the national one. */
MUST_USE Err round_method_choices(Ctx *c, Str chosen, Choices *out);
MUST_USE Err round_method_known(Ctx *c, Str method, bool *out);
MUST_USE Err round_method_default(Ctx *c, Str form_id, Str *out);
MUST_USE Err round_method_name(Ctx *c, Str method, Str *out);             /* its name when nobody knows it */

typedef struct RoundEditView {
    bool fresh; Str action, token, back_href; FieldErrors errors;
    Str code, title_vi, title_en, intro_vi, intro_en, method, device_limit, revision;
    Choices forms, owners, methods, unit_questions; Choice identities[2]; TypedDate opens, closes; bool simulated;
} RoundEditView;
typedef LIST(Button) Buttons;
typedef struct RoundView {
    const Round *r; RoundState state; Str form_title, owner, next, method; LIST(SummaryRow) rows; LIST(TaskItem) tasks; Buttons acts;
} RoundView;
typedef struct ShareView { const Round *r; Str link, short_link, embed, poster_href, qr_href, card_href, codes_href, preview_href; bool open,
        may_frame; Str no_address; } ShareView;
typedef struct CodeRow { const CodeBatch *b; Str unit, void_href; } CodeRow;
typedef struct CodesView {
    const Round *r; LIST(CodeRow) rows; FieldErrors errors; Str action, token, label, count; TypedDate valid; Choices units; Choice as[2];
    int64_t made, left; bool wrong_identity; Str no_address;
} CodesView;
typedef struct BarRow { Str label; int64_t n; double share; bool few; } BarRow;      /* few: not told, 1-4 or what would give them away */
typedef struct ProgressView {
    const Round *r; RoundState state; int64_t stored, flagged, withdrawn, today; LIST(BarRow) days, channels, units; int64_t no_unit; bool no_unit_few, few;
    Str refresh_href, flagged_href;
} ProgressView;
typedef struct FlaggedRow { SubmissionId id; Date day; Str channel, unit, reason; } FlaggedRow;
typedef struct FlaggedView { const Round *r; LIST(FlaggedRow) rows; int64_t total; } FlaggedView;
typedef struct FileRow { Str name, type, size, channel, record, href, record_href; Date day; } FileRow;
typedef struct FilesView { const Round *r; LIST(FileRow) rows; int64_t total; bool records; } FilesView;
typedef struct PreviewView {
    FormPage page; int node; FormPart part;
    FieldErrors errors; Str action, token, state, restart_href, back_href; bool done; int64_t given;
} PreviewView;

typedef struct ExtendView { const Round *r; TypedDate typed; Str reason, token, action, back_href; const FieldErrors *errors; } ExtendView;
typedef struct EmbedView { const Round *r; RoundState state; Str owner, href; } EmbedView;
typedef struct SurveyRow { const Round *r; RoundState state; Str owner, href; int64_t minutes, questions; } SurveyRow;
typedef struct SurveysView { LIST(SurveyRow) rows; Str receipt_href; } SurveysView;

/* Handlers of the other files, for the one route table in round_pages.c. */
Err round_step_page(Ctx *c);
Err round_step_action(Ctx *c);
Err round_extend_page(Ctx *c);
Err round_extend_action(Ctx *c);
Err round_share_page(Ctx *c);
Err round_poster_file(Ctx *c);
Err round_qr_file(Ctx *c);
Err round_codes_page(Ctx *c);
Err round_codes_action(Ctx *c);
Err round_void_page(Ctx *c);
Err round_void_action(Ctx *c);
Err round_progress_page(Ctx *c);
Err round_flagged_page(Ctx *c);
Err round_files_page(Ctx *c);
Err round_file_download(Ctx *c);
Err round_preview_page(Ctx *c);
Err round_preview_action(Ctx *c);
Err round_embed_page(Ctx *c);
Err round_card_image(Ctx *c);

#endif
