/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console home ("Việc của tôi") and the state of the system; views read these. */
#ifndef ADMIN_HOME_H
#define ADMIN_HOME_H

#include "admin/admin.h"
#include "edition/edition.h"
#include "view/component.h"

typedef enum WorkGroup { WORK_LATE, WORK_TODAY, WORK_WEEK, WORK_OTHER, WORK_GROUP_COUNT } WorkGroup;
/* One thing that waits for the reader: what, from where, until when, in which state, what comes next. */
typedef struct WorkItem { WorkGroup group; Str title, note, href, from, next; Date due; TagKind kind; Icon shape; Str state; } WorkItem;
typedef struct HomeConsole {
    LIST(WorkItem) items;
    int64_t count[WORK_GROUP_COUNT];
    Rounds rounds;                   /* open ones of the reader's units, for the progress list */
    EditionRows editions;            /* newest */
    bool sees_rounds;                /* else nothing is said of open rounds: an interviewer sees cases alone */
} HomeConsole;

typedef struct HealthRow { Str name, value; bool bad; } HealthRow;
typedef struct HealthPage { LIST(HealthRow) rows; StoreFaults faults; bool checked; Str token; } HealthPage;

extern const Route admin_home_routes[], admin_health_routes[];

#endif
