/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often two entries of a form differ, by clerk and by question. */
#include "paper/parts.h"

/* Rows of a repeat ("tuoi:2") count for their question, and a form once a question. */
#define QUESTION "CASE WHEN d.question LIKE '%:%' THEN RTRIM(RTRIM(d.question, '0123456789'), ':') ELSE d.question END"
#define COMPARED "f.state IN ('second', 'settled', 'accepted')"

/* A form counts once for each of its two clerks; wrong has the bits 1 (first entry) and 2 (second). */
Err rates_by_clerk(Db *db, Arena *a, int64_t batch, int64_t questions, PaperRates *out)
{
    PaperRates rows = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL(
        "SELECT e.person_id, COALESCE(p.name, ''), COUNT(*), CAST(COALESCE(SUM(d.n), 0) AS BIGINT), "
        "CAST(COALESCE(SUM(CASE WHEN e.pass = 1 THEN d.wrong_1 ELSE d.wrong_2 END), 0) AS BIGINT) "
        "FROM paper_forms f JOIN paper_entries e ON e.form_id = f.id LEFT JOIN people p ON p.id = e.person_id "
        "LEFT JOIN (SELECT d.form_id, COUNT(DISTINCT " QUESTION ") AS n, COUNT(DISTINCT CASE WHEN d.wrong IN (1, 3) THEN " QUESTION " END) AS wrong_1, "
        "COUNT(DISTINCT CASE WHEN d.wrong IN (2, 3) THEN " QUESTION " END) AS wrong_2 FROM paper_differences d GROUP BY d.form_id) d "
        "ON d.form_id = f.id WHERE f.batch_id = $1 AND " COMPARED " "
        "GROUP BY e.person_id, COALESCE(p.name, '') ORDER BY 4 DESC, 2"));
    bind_int(q, 1, batch);
    while (db_row(q))
        *list_add(a, &rows) = (PaperRate){ .person = { col_int(q, 0) }, .name = arena_str(a, col_str(q, 1)), .compared = col_int(q, 2) * questions,
                                           .differing = col_int(q, 3), .wrong = col_int(q, 4) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err compared_forms(Db *db, int64_t batch, int64_t *out)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM paper_forms f WHERE f.batch_id = $1 AND " COMPARED));
    bind_int(q, 1, batch);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

Err rates_by_question(Db *db, Arena *a, int64_t batch, PaperRates *out)
{
    PaperRates rows = { 0 };
    int64_t    forms;
    TRY(compared_forms(db, batch, &forms));
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT " QUESTION ", COUNT(DISTINCT d.form_id), COUNT(DISTINCT CASE WHEN d.wrong > 0 THEN d.form_id END) FROM paper_differences d "
        "JOIN paper_forms f ON f.id = d.form_id WHERE f.batch_id = $1 AND " COMPARED " GROUP BY 1 ORDER BY 2 DESC, 1"));
    bind_int(q, 1, batch);
    while (db_row(q))
        *list_add(a, &rows) = (PaperRate){ .name = arena_str(a, col_str(q, 0)), .compared = forms, .differing = col_int(q, 1), .wrong = col_int(q, 2) };
    TRY(db_done(q));
    *out = rows;
    return OK;
}
