/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rows of reports made in the console. */
#include "report/console.h"

#define MADE_COLUMNS                                                                                                        \
    "r.id, r.unit_id, r.edition_id, r.kind, r.province, r.lang, r.format, r.draft, r.sha256, r.size, r.made_by, r.made_name, " \
    "r.made_at, o.code, e.number, e.title_vi, e.title_en, r.template_id, r.template_version, t.title"
#define MADE_FROM " FROM reports r JOIN editions e ON e.id = r.edition_id JOIN rounds o ON o.id = e.round_id " \
                  "LEFT JOIN report_templates t ON t.id = r.template_id "

static void read_made(Stmt *q, Arena *a, MadeReport *r)
{
    *r = (MadeReport){ .id = col_int(q, 0), .unit = { col_int(q, 1) }, .edition = { col_int(q, 2) },
                       .province = arena_str(a, col_str(q, 4)), .draft = col_int(q, 7) != 0, .sha256 = arena_str(a, col_str(q, 8)), .size = col_int(q, 9),
                       .by = { col_int(q, 10) }, .by_name = arena_str(a, col_str(q, 11)), .at = col_time(q, 12), .round_code = arena_str(a, col_str(q, 13)),
                       .number = (int)col_int(q, 14), .title_vi = arena_str(a, col_str(q, 15)), .title_en = arena_str(a, col_str(q, 16)),
                       .template_id = col_int(q, 17), .version = col_int(q, 18), .template_title = arena_str(a, col_str(q, 19)) };
    report_kind_parse(col_str(q, 3), &r->kind);
    lang_parse(col_str(q, 5), &r->lang);
    report_format_parse(col_str(q, 6), &r->format);
}

Err made_list(Db *db, Arena *a, ScopePage *p, MadeReports *out)
{
    MadeReports rows = { 0 };
    AUTO_STMT   q    = db_prepare(db, SQL("SELECT " MADE_COLUMNS MADE_FROM "ORDER BY r.made_at DESC, r.id DESC"));
    while (db_row(q))
        if (scope_page_takes(p, (UnitId){ col_int(q, 1) }))
            read_made(q, a, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err made_load(Db *db, Arena *a, int64_t id, MadeReport *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT " MADE_COLUMNS MADE_FROM "WHERE r.id = $1"));
    bind_int(q, 1, id);
    bool found = db_row(q);
    if (found)
        read_made(q, a, out);
    TRY(db_done(q));
    return found ? OK : err_new(a, ERR_NOT_FOUND, S("report"));
}

Err made_insert(Db *db, const MadeReport *r)
{
    AUTO_STMT q = db_prepare(db, SQL("INSERT INTO reports (id, unit_id, edition_id, kind, province, lang, format, draft, sha256, size, "
                                     "made_by, made_name, made_at, template_id, template_version) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"));
    bind_int(q, 1, r->id);
    bind_int(q, 2, r->unit.v);
    bind_int(q, 3, r->edition.v);
    bind_str(q, 4, r->template_id ? S("template") : report_kind_code(r->kind));
    bind_str(q, 5, r->province);
    bind_str(q, 6, lang_code(r->lang));
    bind_str(q, 7, report_format_code(r->format));
    bind_int(q, 8, r->draft);
    bind_str(q, 9, r->sha256);
    bind_int(q, 10, r->size);
    bind_int(q, 11, r->by.v);
    bind_str(q, 12, r->by_name);
    bind_time(q, 13, r->at);
    if (r->template_id) {
        bind_int(q, 14, r->template_id);
        bind_int(q, 15, r->version);
    } else {
        bind_null(q, 14);
        bind_null(q, 15);
    }
    return db_run(q);
}
