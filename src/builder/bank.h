/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The item bank: a question or a group of them with lists and translations, kept for other questionnaires. */
#ifndef BUILDER_BANK_H
#define BUILDER_BANK_H

#include "builder/builder.h"
#include "builder/grid.h"

typedef struct BankItem {
    int64_t id; UnitId unit; Str subject, title, name, type, role, code; int64_t version; bool withdrawn; PersonId by; Time at;
} BankItem;
typedef LIST(BankItem) BankItems;
typedef struct BankVersion { int64_t version; Str title, note, source; PersonId by; Time at; } BankVersion;
typedef LIST(BankVersion) BankVersions;
typedef struct BankUse { int64_t draft; Str title, name, state; int64_t version; FormId published; UnitId owner; Str published_version; } BankUse;
typedef LIST(BankUse) BankUses;

/* ---- Rules (bank.c) ---------------------------------------------------------------------------------------------- */
/* What an item leaves behind: a condition of a row that names a question outside of it. */
typedef struct BankLeft { int64_t row; ColumnId column; Str source; } BankLeft;
typedef LIST(BankLeft) BankLefts;
/* A grid of one question, or of a group with all in it, and their lists. out_left (may be NULL): the conditions that stay behind.
 * The row must be one of the outline. */
Grid *bank_cut(Arena *a, const Grid *g, int64_t row, BankLefts *out_left);
/* Puts the rows of content behind a row (0: at the end) or at the end of that group (inside) with their lists; a list of the same choices
 * is shared, a name that is taken gets a number and what names it in content follows. The column td_bank of the first row tells
 * where it is from. Gives that row. */
int64_t bank_paste(Arena *a, Grid *g, const Grid *content, int64_t item, int64_t version, int64_t after, bool inside);
/* "12.3" of the column td_bank. False: it is from no bank. */
bool bank_source(const Grid *g, const GridRow *row, int64_t *item, int64_t *version);
bool bank_is_group(Str type);                            /* of BankItem.type */

/* ---- Versions side by side (bank_changes.c) ---------------------------------------------------------------------------- */
/* What changed, as between versions of a questionnaire. Names outside the item stand for questions of any kind. False: one of the
 * two cannot be read; why is among issues. */
bool bank_changes(Arena *a, const Grid *before, const Grid *after, Lang l, FormIssues *issues, FormChanges *out);

/* ---- Store (bank_store.c) -------------------------------------------------------------------------------------------- */
MUST_USE Err bank_load(Db *db, Arena *a, int64_t id, BankItem *out);             /* ERR_NOT_FOUND */
MUST_USE Err bank_list(Db *db, Arena *a, BankItems *out);                        /* kept ones, by subject and words */
/* A new item (id 0) or its next version; fills what lists show out of content. */
MUST_USE Err bank_keep(Db *db, Arena *a, BankItem *x, const Grid *content, Str note, Str source);
MUST_USE Err bank_content(Db *db, Arena *a, int64_t id, int64_t version, Grid **out);
MUST_USE Err bank_versions(Db *db, Arena *a, int64_t id, BankVersions *out);     /* newest first */
MUST_USE Err bank_uses(Db *db, Arena *a, int64_t id, BankUses *out);
MUST_USE Err bank_uses_save(Db *db, int64_t draft, const Grid *g);
MUST_USE Err bank_withdraw(Db *db, int64_t id);

/* Items of a questionnaire whose roles are named, for the demonstration. */
MUST_USE Err bank_demo(Db *db, Arena *a, const Grid *g, UnitId unit, Str subject, size_t most, Time now);

#endif
