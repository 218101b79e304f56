/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The analysis desk: a question to the answers of a round, its table with what can be said of each figure, and tables kept under a name. */
#ifndef DESK_DESK_H
#define DESK_DESK_H

#include "desk/engine.h"
#include "edition/edition.h"
#include "snapshot/snapshot.h"

typedef enum DeskMeasure { DESK_SATISFIED, DESK_MEAN, DESK_SPREAD, DESK_MEASURE_COUNT } DeskMeasure;
typedef struct DeskFilter { Str question, choice; } DeskFilter;
enum { DESK_AXES = 2, DESK_FILTERS = 2, DESK_LEVELS_MOST = 100 };

/* What is asked. Its text form is the query of an address: "round=sipas-2026&what=n.B2&by=gioi". */
typedef struct DeskQuery {
    Str round;                       /* code */
    Str what;                        /* "n.B2" index or factor, "q.B2_1_1" question, "m.kenh/web" one choice of several */
    DeskMeasure measure;
    Str by[DESK_AXES];               /* questions, "td.channel"; empty: none */
    DeskFilter filter[DESK_FILTERS];
    Str view;                        /* units: "" as the answers name them, "now", or a year "2024" */
    Str with;                        /* code of the round compared with; empty */
} DeskQuery;
void desk_query_read(Str (*field)(const void *self, const char *name), const void *self, DeskQuery *out);
MUST_USE Err desk_query_parse(Arena *a, Str text, DeskQuery *out);       /* of the text form; unknown names are passed over */
Str  desk_query_text(Arena *a, const DeskQuery *q);                      /* percent-encoded, fixed order: equal queries, equal texts */

/* One level of a breakdown. estimated: some of its answers came by shares of a unit that was divided. */
typedef struct DeskLevel { Str key, label; UnitId unit; bool estimated; } DeskLevel;
typedef struct DeskAxis { Str name, label; DeskLevel *at; size_t levels; } DeskAxis;      /* levels 0: no breakdown */

/* The same figure of the round compared with. any: both may be shown. clear: a test tells them apart (docs/adr/0056). */
typedef struct DeskChange { bool any, clear; double before, diff, low, high; } DeskChange;

typedef struct DeskTable {
    DeskQuery query; Round round;
    Str problem;                     /* in words, when there is no table: what is wrong and what to do */
    Str title, measure, unit;        /* "Tiếp cận dịch vụ", "Tỷ lệ hài lòng", "%" or empty */
    double scale;                    /* of figures as shown: 100 for shares */
    DeskAxis axis[DESK_AXES];
    bool steps;                      /* a spread over the five steps of satisfaction */
    Str *wanted; size_t n_wanted;    /* names of categories when the measure is a spread; else one, empty */
    DeskResult result;               /* rows and columns: 0 all, 1 … levels, levels + 1 not known */
    DeskChange *change;              /* rows × columns of the first figure; NULL: not compared */
    Round before;
    bool weighted, probability, adjusted, old;       /* old: answers came since the figures' copy was made */
    RecipeFacts recipe;
    Time made_at; int64_t newer;     /* how many came since */
    StrList notes;                   /* sentences that belong to the table wherever it is shown */
} DeskTable;

typedef struct DeskAsk { Db *db; Store *store; Arena *a; const AppInfo *app; Lang lang; Date today; Time now; } DeskAsk;
/* The table of a query, for pages, files and reports. The caller has asked for the right on the round. A round of up to DESK_NOW answers is read anew
 * when its copy is old, one that runs when DESK_STEP answers or a fiftieth are new; of larger ones the copy as it is serves, until a job renews it.
 * ERR_NOT_FOUND: no such round. */
enum { DESK_NOW = 60000, DESK_STEP = 30 };
MUST_USE Err desk_table(const DeskAsk *x, const DeskQuery *q, DeskTable *out);
Str desk_row_label(const DeskTable *t, Lang l, int axis, size_t at);     /* "Tất cả", a level's, "Không rõ" */
size_t desk_rows_shown(const DeskTable *t, int axis);                    /* levels and, when somebody is there, "not known"; index 0 comes beside */
Str desk_letter(Arena *a, size_t level);                                 /* level 1: "A", 27: "AA" */
Str desk_letters(Arena *a, uint64_t above);                              /* "B, D" */
void desk_csv(Buf *b, const DeskTable *t, Lang l);
MUST_USE Err desk_xlsx(Arena *a, const DeskTable *t, Lang l, Str *out);

/* ---- Tables kept under a name ------------------------------------------------------------------------------------------ */
typedef struct DeskSaved { int64_t id; Str name, query; RoundId round; PersonId owner; bool shared; Time saved_at; } DeskSaved;
typedef LIST(DeskSaved) DeskSavedList;
/* Of one person, and shared ones of all; by name. The caller leaves out rounds the reader has no right on. */
MUST_USE Err desk_saved_list(Db *db, Arena *a, PersonId reader, DeskSavedList *out);
MUST_USE Err desk_saved_load(Db *db, Arena *a, int64_t id, DeskSaved *out);                 /* ERR_NOT_FOUND */

extern const Route desk_console_routes[], desk_public_routes[];
extern const JobKind desk_snapshot_job;

#endif
