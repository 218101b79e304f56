/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The live index of service quality (Decision 766/QĐ-TTg): events of files of administrative procedures, exact counters by
 * unit, desk and day, and what is read from them. No file number and no person is ever stored. */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "web/web.h"

typedef enum EventKind {
    EVENT_RECEIVED, EVENT_DUE, EVENT_HANDLED, EVENT_RETURNED, EVENT_PAID, EVENT_RATED, EVENT_EXPLAINED, EVENT_APOLOGISED,
    EVENT_PETITION, EVENT_ANSWERED, EVENT_PUBLISHED, EVENT_DISCLOSED, EVENT_KIND_COUNT
} EventKind;

/* What is counted; each on a day of its own: docs/data-model.md. */
typedef enum ServiceMeasure {
    M_RECEIVED, M_ONLINE, M_DIGITISED, M_SYNCED, M_DUE, M_DUE_MET, M_DUE_LATE, M_HANDLED, M_ON_TIME, M_LATE, M_TIMED, M_DAYS,
    M_ELECTRONIC, M_REUSED, M_RETURNED, M_RETURNED_LATE, M_PAID, M_PAID_ONLINE, M_RATED, M_SCORES, M_SATISFIED, M_EXPLAINED,
    M_APOLOGISED, M_PETITIONS, M_PETITIONS_MET, M_PETITIONS_GOOD, M_ANSWERED, M_PUBLISHED, M_PUBLISHED_MET, M_COMPLETE,
    M_OFFERED_ONLINE, M_OFFERED_PAYMENT, M_DISCLOSED, M_DISCLOSED_MET, M_PETITIONS_DUE, M_COUNT
} ServiceMeasure;
Str  service_measure_code(ServiceMeasure m);                        /* "on_time" */
bool service_measure_parse(Str code, ServiceMeasure *out);

typedef struct ServiceCounts { int64_t n[M_COUNT]; } ServiceCounts;
typedef struct ServiceCell { Date day; int desk; ServiceCounts counts; } ServiceCell;      /* desk 0: none was named */
typedef LIST(ServiceCell) ServiceCells;
typedef struct ServiceUnit { UnitId unit; ServiceCounts counts; } ServiceUnit;
typedef LIST(ServiceUnit) ServiceUnits;

/* Sums of a month (202611), a row a unit that has events of its own; and of several months together. */
MUST_USE Err service_month(Db *db, Arena *a, int month, ServiceUnits *out);
/* What is due today or later is not overdue: of the running month it is left out. */
MUST_USE Err service_month_till(Db *db, Arena *a, int month, Date today, ServiceUnits *out);
/* Each day and desk of a unit's month, in the order of days; nothing is kept: a thousand desks are thirty thousand of them. */
MUST_USE Err service_days_each(Db *db, UnitId unit, int month, void (*see)(void *self, const ServiceCell *c), void *self);
/* Months that have events, newest first. */
typedef LIST(int) ServiceMonths;
MUST_USE Err service_months(Db *db, Arena *a, ServiceMonths *out);
int  month_of(Date d);                               /* 202611 */
Date month_start(int month);

/* ---- Keys of agencies: made and revoked in the console, shown once, stored hashed ------------------------------ */
typedef struct ServiceToken { int64_t id; Str name; UnitId unit; Time made_at, revoked_at; Str reason; } ServiceToken;
typedef LIST(ServiceToken) ServiceTokens;
MUST_USE Err service_tokens(Db *db, Arena *a, ServiceTokens *out);
MUST_USE Err service_token_load(Db *db, Arena *a, int64_t id, ServiceToken *out);          /* ERR_NOT_FOUND */
MUST_USE Err service_token_by_key(Db *db, Arena *a, Str key, ServiceToken *out);           /* ERR_NOT_FOUND: unknown or revoked */
MUST_USE Err service_token_add(Db *db, Arena *a, ServiceToken *t, PersonId by, Str *out_key);
MUST_USE Err service_token_revoke(Db *db, Arena *a, int64_t id, PersonId by, Str reason, Time now);

/* ---- Files of events (event_csv.c, import.c) ------------------------------------------------------------------------- */
typedef struct EventsCsv EventsCsv;
typedef struct ServiceFault { int line, status; Str name, reason; } ServiceFault;          /* reason: key of a text */
/* faults: the first thousand of those rejected. */
typedef struct ServiceImport { int64_t accepted, duplicate, rejected; LIST(ServiceFault) faults; } ServiceImport;
/* Opens bytes (which stay); *out_why: why not, in words. */
bool service_csv_open(Arena *a, Lang l, Str bytes, EventsCsv **out, Str *out_why);
/* The next 5,000 rows into the open write transaction; key: app_key(app, SERVICE_FILE_KEY). *more false: there were none. work may be
 * emptied between calls. */
MUST_USE Err service_import_some(Db *db, Arena *a, Arena *work, EventsCsv *csv, UnitId top, const uint8_t key[32], Date today, ServiceImport *out,
                                 bool *more);
/* After the last row: the text breaks off in the middle; *out_why says where. */
bool service_csv_refused(Arena *a, Lang l, const EventsCsv *csv, Str *out_why);
/* What the audit says of it: a JSON object. */
Str  service_import_json(Arena *a, const ServiceImport *done, Str name, Str bytes);

/* ---- Everything anew from the events ------------------------------------------------------------------------------ */
/* differing: rows of counters that were not what the events say. They are put right unless check is set. Wants a write
 * transaction, or any when check is set. */
typedef struct ServiceRecount { int64_t files, events, rows, differing; } ServiceRecount;
MUST_USE Err service_recompute(Db *db, Arena *a, bool check, ServiceRecount *out);

/* Simulated events for demonstrations, in the open write transaction; key: app_key(app, SERVICE_FILE_KEY). */
#define SERVICE_FILE_KEY "service-file"
/* ERR_CONFLICT where events of agencies are. */
MUST_USE Err service_generate(Db *db, Arena *a, const uint8_t key[32], int64_t files, uint64_t seed, Date today, int64_t *out_events);

extern const Route service_public_routes[];          /* /service … */
extern const Route service_api_routes[];             /* /api/v1/service … */
extern const Route service_console_routes[], service_file_routes[], service_lead_routes[];          /* /console/service … */

#endif
