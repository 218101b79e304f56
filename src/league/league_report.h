/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A published ranking as a press release, an infographic and a results book: trees of module report, out of the package alone. */
#ifndef LEAGUE_LEAGUE_REPORT_H
#define LEAGUE_LEAGUE_REPORT_H

#include "league/store.h"
#include "report/report.h"

typedef enum LeagueReportKind { LEAGUE_PRESS, LEAGUE_INFOGRAPHIC, LEAGUE_RESULTS, LEAGUE_REPORT_COUNT } LeagueReportKind;
Str  league_report_code(LeagueReportKind k);              /* "press": in addresses */
bool league_report_parse(Str code, LeagueReportKind *out);

/* before: the year before's, NULL for none. agency: who publishes. codes: official codes of the rows of b->league where units are provinces,
 * NULL elsewhere. href: absolute address of the edition. The same bytes whenever it is asked for. */
typedef struct LeagueSaying { Lang lang; const LeagueEdition *e; const LeagueBook *b, *before; Str agency, href; const Str *codes; } LeagueSaying;
void league_report(Arena *a, const LeagueSaying *s, LeagueReportKind kind, Report *out);

#endif
