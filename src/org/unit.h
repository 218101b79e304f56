/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Units through time: a tree with dates. The key is the unit, never its code: codes are reused by law. */
#ifndef ORG_UNIT_H
#define ORG_UNIT_H

#include "i18n/i18n.h"
#include "store/store.h"

typedef enum UnitKind {
    UNIT_NATION, UNIT_MINISTRY, UNIT_PROVINCE, UNIT_DISTRICT, UNIT_COMMUNE, UNIT_DEPARTMENT, UNIT_OTHER,
    UNIT_KIND_COUNT
} UnitKind;
Str unit_kind_code(UnitKind k);                  /* "province": kept in the database */
bool unit_kind_parse(Str code, UnitKind *out);

/* A unit as it is on one day. */
typedef struct Unit {
    UnitId id, parent;                           /* parent 0: a root */
    UnitKind kind;
    Str code, name_vi, name_en, full_name_vi;    /* "24", "Bắc Ninh", "Bac Ninh", "Tỉnh Bắc Ninh" */
    Str subtype;                                 /* "tỉnh", "thành phố trực thuộc trung ương", "phường"… */
    Date from, to;                               /* existence; to is the first day it no longer exists */
    int64_t children;                            /* on that day */
    Str found_as;                                /* unit_search: the former name that was met, else empty */
} Unit;
typedef LIST(Unit) Units;
enum { UNIT_ROOT = 1 };                          /* id of the nation in the reference data */
Str unit_name(const Unit *u, Lang l);

MUST_USE Err unit_load(Db *db, Arena *a, UnitId id, Date on, Unit *out);   /* outside its life: as on its nearest day */
MUST_USE Err unit_by_code(Db *db, Arena *a, UnitKind kind, Str code, Date on, Unit *out);
MUST_USE Err unit_children(Db *db, Arena *a, UnitId parent, Date on, Units *out);   /* Vietnamese order */
MUST_USE Err unit_path(Db *db, Arena *a, UnitId id, Date on, Units *out);           /* root first, the unit last */
MUST_USE Err unit_list(Db *db, Arena *a, UnitKind kind, Date on, Units *out);
MUST_USE Err unit_search(Db *db, Arena *a, Str q, Date on, int limit, Units *out);  /* tones folded, exact marks first, old names too */
/* For many at once: which unit right below top each of n lies in or is; top for itself, 0 for those outside. */
MUST_USE Err unit_branches(Db *db, const UnitId *units, size_t n, UnitId top, Date on, UnitId *out);
MUST_USE Err unit_within(Db *db, UnitId unit, UnitId ancestor, Date on, bool *out); /* true for itself */

/* One thing that happened to a unit, for its history page. */
typedef enum UnitEventKind { UNIT_EVENT_CREATED, UNIT_EVENT_NAMED, UNIT_EVENT_CODED, UNIT_EVENT_MOVED,
    UNIT_EVENT_KIND, UNIT_EVENT_ENDED, UNIT_EVENT_SUCCEEDED, UNIT_EVENT_SUCCEEDS } UnitEventKind;
typedef struct UnitEvent { Date on; UnitEventKind kind; Str before, after; UnitId other; Str other_name; double share; Str source; } UnitEvent;
typedef LIST(UnitEvent) UnitEvents;
MUST_USE Err unit_history(Db *db, Arena *a, UnitId id, UnitEvents *out);
/* ---- In words ---------------------------------------------------------------------------------- */
Str unit_label(const Unit *u, Lang l);                       /* in Vietnamese with its kind, in English its English name */
Str unit_kind_text(UnitKind k, Lang l);                      /* "Xã, phường, đặc khu" */
Str unit_subtype_text(Arena *a, Str subtype, Lang l);        /* "Ward"; a word of one's own stays as it is */
Str unit_in_sentence(Arena *a, Lang l, Str full_name);       /* "tỉnh Bắc Ninh" */
Str unit_names_text(Arena *a, Lang l, const StrList *names); /* "A, B và C" */
Str unit_share_text(Arena *a, Lang l, double share);         /* "100%", "33,33%" */
Str unit_event_text(Arena *a, Lang l, const UnitEvent *e);
Str unit_life_text(Arena *a, Lang l, const Unit *u);         /* "01/07/2025 – nay" */

/* Old holders of a code: "24 was Bắc Giang until 2025-06-30". */
typedef struct CodeHolder { UnitId unit; Str name; Date from, to; } CodeHolder;
typedef LIST(CodeHolder) CodeHolders;
MUST_USE Err unit_code_holders(Db *db, Arena *a, UnitKind kind, Str code, CodeHolders *out);

/* Successions: old -> new with shares (0..1, of the old unit). */
typedef struct Succession { UnitId old_unit, new_unit; Date on; double share; Str basis, source; } Succession;
typedef LIST(Succession) Successions;
MUST_USE Err unit_successions(Db *db, Arena *a, UnitKind kind, Date on, Successions *out);

/* How many units of each kind live on a day. */
MUST_USE Err unit_counts(Db *db, Date on, int64_t out[UNIT_KIND_COUNT]);
/* Loads data/units/ in the open write transaction: units that are missing, with their fixed ids. seen, when given, is
 * told after each file how many rows were read so far. */
typedef void (*UnitLoadSeen)(void *by, Str file, int64_t rows);
MUST_USE Err unit_load_reference(Db *db, Arena *a, UnitLoadSeen seen, void *by);

/* ---- Acts of the console: each takes an effective date; nothing is moved or overwritten ----- */
typedef struct UnitDraft { UnitKind kind; UnitId parent; Str code, name_vi, name_en, full_name_vi, subtype, source; } UnitDraft;
MUST_USE Err unit_create(Db *db, Arena *a, const UnitDraft *d, Date on, UnitId *out);
MUST_USE Err unit_rename(Db *db, Arena *a, UnitId id, const UnitDraft *d, Date on);
MUST_USE Err unit_merge(Db *db, Arena *a, const UnitId *old, size_t n, const UnitDraft *into, UnitId into_existing, Date on, UnitId *out);
MUST_USE Err unit_split(Db *db, Arena *a, UnitId old, const UnitDraft *parts, const double *shares, size_t n, Date on, UnitId *out_ids);
MUST_USE Err unit_abolish(Db *db, Arena *a, UnitId id, Date on, Str reason);

#endif
