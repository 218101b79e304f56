/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's pages of quality and re-checks share, and what their views are given. */
#ifndef QUALITY_CONSOLE_H
#define QUALITY_CONSOLE_H

#include "quality/recheck.h"
#include "view/component.h"

Str     quality_kind_text(Lang l, QualityKind k);
Str     finding_case_text(Lang l, Str kind);                     /* of CASE_CLAIMED, CASE_TWICE */
Str     quality_limit_text(Lang l, Threshold t);
Str     flag_state_text(Lang l, FlagState s);
TagKind flag_state_tag(FlagState s);
Icon    flag_state_icon(FlagState s);
Str     quality_among_text(Lang l, Str code);                    /* of among_code */
/* Who recorded: the name and login of an account; a device, or a name written on the form, as it stands. */
Str     interviewer_text(Ctx *c, Str recorded);
/* "9 giây, trung vị 640 giây" */
Str     flag_detail_text(Ctx *c, const QualityFlag *f);
/* The round of {id} when the person holds the right on its unit; sets crumbs. */
MUST_USE Err quality_round(Ctx *c, Right right, Round *out);
Str     quality_path(Ctx *c, const Round *r, const char *rest);

typedef struct QualityLine { Str title, href; Time at; int64_t answers, open, kept, left_out; } QualityLine;
typedef struct QualityListView { LIST(QualityLine) lines; Pager pager; } QualityListView;

typedef struct KindLine { Str label, href; int64_t n; } KindLine;
typedef struct InterviewerLine {
    Str name, href, among; int64_t n, straight, signs; Real mean, others, p, median, missing, digits, clock, whipple;
} InterviewerLine;
typedef struct QualityView {
    const Round *r; bool ran; Str token, run_action, findings_href, limits_href, results_href, recheck_href, by; QualityRun run; FindingCounts counts;
    LIST(KindLine) kinds; LIST(SummaryRow) figures; LIST(InterviewerLine) interviewers; bool may_settle, nested;
} QualityView;

typedef struct FlagLine {
    const FindingRow *f; Str kind, record, record_href, detail, href, state, by, chosen, name, who; TagKind tag; Icon icon;
} FlagLine;
typedef struct FlagsView {
    LIST(FlagLine) lines; Choices kinds, states, sources; int64_t all; Pager pager; Str action, interviewer, record, reason, token, rules_href;
    bool filtered, may_settle;
    FieldErrors errors;
} FlagsView;
typedef struct FlagView {
    const QualityFlag *f; LIST(SummaryRow) rows; Str kind, token, action, back_href, record_href, reason, state; TagKind tag; Icon icon; FieldErrors errors;
    bool may_settle, may_leave_out;
} FlagView;

Err quality_findings_page(Ctx *c);
Err quality_findings_action(Ctx *c);
Err quality_finding_page(Ctx *c);
Err quality_finding_action(Ctx *c);

typedef struct LimitLine { Str name, label, value, usual; } LimitLine;
typedef struct LimitsView { LIST(LimitLine) lines; FieldErrors errors; Str token, action, back_href; } LimitsView;
static inline Str limit_error(const FieldErrors *errors, Str name)
{
    return field_error_of(errors, name);
}
typedef struct ResultsView { const ResultRows *rows; int64_t flagged; } ResultsView;

/* ---- Re-checks ------------------------------------------------------------------------------------------------------ */
Str     case_state_text(Lang l, CaseState s);
TagKind case_state_tag(CaseState s);
Icon    case_state_icon(CaseState s);
Str     recheck_mode_text(Lang l, RecheckMode m);
typedef struct CaseLine { Str number, round, unit, href, state, mode; TagKind tag; Icon icon; } CaseLine;
typedef struct CasesView { LIST(CaseLine) lines; Pager pager; } CasesView;
typedef struct DrawLine { Str when, mode, href; Real share; int64_t cases, done, not_reached; int64_t seed; } DrawLine;
typedef struct DrawsView {
    const Round *r; LIST(DrawLine) lines; FieldErrors errors; Choices modes, questions, shown; Str token, action, share, seed;
} DrawsView;
typedef struct CaseQuestion { Field f; QuestionType type; Choices choices; Str value; } CaseQuestion;
typedef struct CaseView {
    const RecheckCase *x; Str number, mode, token, action, note; LIST(SummaryRow) shown; LIST(CaseQuestion) questions; FieldErrors errors;
} CaseView;
typedef struct RateLine { Str name; int64_t cases, compared, differing; Real share, low, high; } RateLine;
typedef struct DrawView {
    const Recheck *r; LIST(SummaryRow) facts; LIST(RateLine) interviewers, questions; LIST(CaseLine) cases; Str csv_href; Pager pager;
} DrawView;

#endif
