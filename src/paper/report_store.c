/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How often two entries of a form differ, by clerk and by question. */
#include "paper/parts.h"

#include <stdlib.h>

/* A form counts once for each of its two clerks; wrong has the bits 1 (first entry) and 2 (second). */
Err rates_by_clerk(Db *db, Arena *a, int64_t batch, int64_t questions, PaperRates *out)
{
    PaperRates rows = { 0 };
    AUTO_STMT  q = db_prepare(db, SQL(
        "SELECT e.person_id, COALESCE(p.name, ''), COUNT(*), CAST(COALESCE(SUM(d.n), 0) AS BIGINT), "
        "CAST(COALESCE(SUM(CASE WHEN e.pass = 1 THEN d.wrong_1 ELSE d.wrong_2 END), 0) AS BIGINT) "
        "FROM paper_forms f JOIN paper_entries e ON e.form_id = f.id LEFT JOIN people p ON p.id = e.person_id "
        "LEFT JOIN (SELECT form_id, COUNT(*) AS n, SUM(wrong % 2) AS wrong_1, SUM(wrong / 2) AS wrong_2 FROM paper_differences GROUP BY form_id) d "
        "ON d.form_id = f.id WHERE f.batch_id = $1 AND f.state IN ('second', 'settled', 'accepted') "
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
    AUTO_STMT q = db_prepare(db, SQL("SELECT COUNT(*) FROM paper_forms WHERE batch_id = $1 AND state IN ('second', 'settled', 'accepted')"));
    bind_int(q, 1, batch);
    *out = db_row(q) ? col_int(q, 0) : 0;
    return db_done(q);
}

/* Rows of a repeat ("tuoi:2") count for their question. */
static void rate_add(Arena *a, PaperRates *rows, PaperRate x)
{
    for (size_t i = 0; i < rows->len; i++)
        if (str_eq(rows->at[i].name, x.name)) {
            rows->at[i].differing += x.differing;
            rows->at[i].wrong += x.wrong;
            return;
        }
    x.name = arena_str(a, x.name);
    *list_add(a, rows) = x;
}

static int most_first(const void *x, const void *y)
{
    const PaperRate *p = x, *q = y;
    return p->differing != q->differing ? (p->differing < q->differing) - (p->differing > q->differing) : str_cmp(p->name, q->name);
}

Err rates_by_question(Db *db, Arena *a, int64_t batch, PaperRates *out)
{
    PaperRates rows = { 0 };
    int64_t    forms;
    TRY(compared_forms(db, batch, &forms));
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT d.question, COUNT(*), CAST(SUM(CASE WHEN d.wrong > 0 THEN 1 ELSE 0 END) AS BIGINT) FROM paper_differences d "
        "JOIN paper_forms f ON f.id = d.form_id WHERE f.batch_id = $1 GROUP BY d.question ORDER BY 2 DESC, 1"));
    bind_int(q, 1, batch);
    while (db_row(q))
        rate_add(a, &rows, (PaperRate){ .name = str_cut(col_str(q, 0), ':').head, .compared = forms, .differing = col_int(q, 1), .wrong = col_int(q, 2) });
    TRY(db_done(q));
    if (rows.len > 1)
        qsort(rows.at, rows.len, sizeof *rows.at, most_first);
    *out = rows;
    return OK;
}
