/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of this module share: events, what follows from a file's events, packed counters, the intake. */
#ifndef SERVICE_PARTS_H
#define SERVICE_PARTS_H

#include "service/index.h"

#include "base/csv.h"

/* ---- One event (events.c) --------------------------------------------------------------------------------------- */
enum {                              /* FileEvent.flags, by kind */
    F_ONLINE = 1, F_DIGITISED = 2, F_SYNCED = 4,             /* received; paid: F_ONLINE */
    F_ELECTRONIC = 1, F_REUSED = 2,                          /* handled */
    F_SATISFIED = 1, F_UNSATISFIED = 2,                      /* answered */
    F_COMPLETE = 2, F_PAYMENT = 4,                           /* published; F_ONLINE too */
    F_VOID = 0x80                                            /* a revision that takes the event back */
};
enum { EVENT_BYTES = 20, FILE_EVENTS_MOST = 200, EVENT_LINES_MOST = 10000, DESKS_MOST = 1000 };
/* Days count from 2000-01-01; 0: none. value: day due, or the score. arrived is no part of what the event says. */
typedef struct FileEvent { uint64_t key; uint16_t day, value, desk, arrived; uint8_t kind, revision, flags; } FileEvent;
typedef LIST(FileEvent) FileEvents;
uint16_t day_pack(Date d);
Date     day_unpack(uint16_t day);
Str  event_kind_code(EventKind k);
bool event_kind_parse(Str code, EventKind *out);
void events_unpack(Arena *a, Str bytes, FileEvents *out);
Str  events_pack(Arena *a, const FileEvents *events);

typedef enum EventOutcome { EVENT_NEW, EVENT_SAME, EVENT_CONTRADICTS, EVENT_TOO_MANY } EventOutcome;
/* Adds e unless it is known. A known key with another content needs a revision of its own. */
EventOutcome events_add(Arena *a, FileEvents *events, const FileEvent *e);
/* What a file's events add to the counters, whatever order they came in. At most FILE_MARKS. */
enum { FILE_MARKS = 40 };
typedef struct FileMark { uint16_t day; uint8_t measure; int16_t n; } FileMark;
typedef struct FileMarks { FileMark at[FILE_MARKS]; int len; uint16_t desk; } FileMarks;
void events_marks(const FileEvents *events, FileMarks *out);

/* ---- Counters (counts.c) ----------------------------------------------------------------------------------------- */
typedef struct MarkCell { UnitId unit; uint16_t day, desk; int32_t n[M_COUNT]; } MarkCell;
typedef struct MarkSums { MarkCell *at; size_t len, cap; int32_t *slots; size_t room; } MarkSums;
void sums_add(Arena *a, MarkSums *s, UnitId unit, const FileMarks *marks, int sign);
void sums_sort(MarkSums *s);                         /* by unit and day, so by month; nothing may be added after it */
/* The end of the cells of one unit and month that begin at from. */
size_t sums_month_end(const MarkSums *s, size_t from);
void cells_merge(Arena *a, ServiceCells *cells, const MarkCell *add, size_t n);      /* ordered; cells of zeros go */
Str  cells_pack(Arena *a, const ServiceCells *cells);
bool cell_take(Str *bytes, ServiceCell *out);                                        /* the first one; false: broken */
bool cells_unpack(Arena *a, Str bytes, ServiceCells *out);                           /* false: broken */
/* A unit's month: its sum, then what is due on each day, so that what is due later can be left out of the running month. */
Str  month_total_pack(Arena *a, const ServiceCells *cells);
/* today: what is due then or later does not count; none: all does. out_days false: a row of an earlier version, its sum alone. */
bool month_total_read(Str bytes, Date today, ServiceCounts *out, bool *out_days);    /* false: broken */
bool service_counts_zero(const ServiceCounts *c);

/* ---- Lines (event_read.c) ------------------------------------------------------------------------------------------ */
typedef struct LineFault { int line, status; Str name, reason; } LineFault;       /* reason: key of a text */
typedef LIST(LineFault) LineFaults;
typedef struct EventLine { int line; int64_t file; UnitId unit; Str unit_code, number, desk_code; FileEvent e; } EventLine;
typedef LIST(EventLine) EventLines;
/* A JSON object a line; a line that is refused is in out_faults and nowhere else. Only the file, desk and unit are still texts.
 * False: more than EVENT_LINES_MOST lines. */
bool event_lines_read(Arena *a, Str bytes, Date today, EventLines *out, LineFaults *out_faults);

/* One of them; text lives as long as what was read. */
void event_line_read(Arena *a, Str text, int number, Date today, EventLines *out, LineFaults *out_faults);

/* ---- Rows of a spreadsheet (event_csv.c) ----------------------------------------------------------------------------- */
enum { EVENT_COLUMNS = 18 };
/* missing: headings that must be there, by their names in JSON; unknown: those that mean nothing. */
struct EventsCsv { Arena *a; CsvReader csv; int where[EVENT_COLUMNS]; StrList missing, unknown; };
bool events_csv_open(Arena *a, Str bytes, EventsCsv *out);           /* false: no heading, or one that is not understood; bytes stay */
/* At most `most` rows more, each as event_line_read; line numbers are those of the file. False: no row was left, or the text is
 * broken: x->csv.fault says so. */
bool events_csv_next(EventsCsv *x, Arena *a, Date today, size_t most, EventLines *out, LineFaults *out_faults);
void events_csv_template(Lang l, Buf *b);

/* ---- Intake (intake.c) ---------------------------------------------------------------------------------------------- */
typedef struct Intake {
    EventLines lines;
    LineFaults faults;
    int        accepted, duplicate;
    Date       today;
    HttpTask  *reply;
    Arena     *a, room;             /* room: of the file or month at hand, while the batch is applied; opened by intake_apply */
} Intake;
/* Units and hashes of the lines, within the token's unit. */
MUST_USE Err intake_prepare(Db *db, Intake *x, UnitId top, const uint8_t key[32]);
MUST_USE Err intake_apply(Db *db, Intake *x);        /* in an open write transaction; intake_end after it, also when it jumped out */
void intake_end(Intake *x);
extern const CollectKind intake_kind;

/* ---- Statements (service_store.c) ------------------------------------------------------------------------------------ */
typedef struct FileRow { int64_t id; Str events; bool found; } FileRow;
enum { FILES_AT_ONCE = 32 };
MUST_USE Err events_load(Db *db, Arena *a, FileRow *rows, size_t n);                 /* rows rise by id */
void         file_send(Db *db, Stmt *q, int64_t id, UnitId unit, Str events);
Stmt        *file_save_prepare(Db *db);
MUST_USE Err service_desk_slot(Db *db, UnitId unit, Str code, int *out);                    /* makes it; 0: the unit has too many */
MUST_USE Err service_desk_codes(Db *db, Arena *a, UnitId unit, StrList *out);               /* by slot, from 1 */
MUST_USE Err days_load(Db *db, Arena *a, UnitId unit, int month, ServiceCells *out);
MUST_USE Err days_save(Db *db, Arena *a, UnitId unit, int month, const ServiceCells *cells);
MUST_USE Err month_save(Db *db, Arena *a, UnitId unit, int month, const ServiceCells *cells);
MUST_USE Err correction_add(Db *db, Arena *a, Date arrived, UnitId unit, int month, const MarkCell *cells, size_t n);
MUST_USE Err counters_clear(Db *db);
MUST_USE Err counters_count(Db *db, int64_t *out);
Stmt        *files_scan(Db *db);                     /* id, unit, events by id */
MUST_USE Err simulation_allowed(Db *db, Arena *a);
MUST_USE Err simulation_add(Db *db, int64_t files, int64_t seed);
MUST_USE Err service_simulated(Db *db, bool *out);
/* What stands there, to be compared with what should. */
MUST_USE Err month_bytes(Db *db, Arena *a, UnitId unit, int month, Str *out_total, Str *out_cells);

#endif
