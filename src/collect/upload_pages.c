/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console: the files that came as answers of a round, by page or telephone, and each of them. */
#include "collect/console.h"
#include "round_files.html.h"

enum { SHOWN_MOST = 500 };

static Err file_rows(Ctx *c, const Round *r, FilesView *v)
{
    AUTO_STMT q = db_prepare(c->db, SQL(
        "SELECT f.submission_id, f.name, f.type, f.size, s.day, s.channel, COUNT(*) OVER () "
        "FROM submission_files f JOIN submissions s ON s.id = f.submission_id "
        "WHERE f.submission_id BETWEEN $1 AND $2 AND f.beside = 0 ORDER BY f.submission_id, f.name LIMIT $3"));
    TRY(round_id_range(q, c->db, r->id, 1));
    bind_int(q, 3, SHOWN_MOST);
    while (db_row(q)) {
        Channel ch = CHANNEL_WEB;
        channel_parse(col_str(q, 5), &ch);
        FileRow *row = list_add(c->arena, &v->rows);
        *row = (FileRow){ .name = arena_str(c->arena, col_str(q, 1)), .type = arena_str(c->arena, col_str(q, 2)), .channel = channel_label(c->lang, ch),
                          .size = size_text(c->arena, c->lang, col_int(q, 3)), .day = col_date(q, 4) };
        row->href = record_file_href(c->arena, r->id, (SubmissionId){ col_int(q, 0) }, row->name);
        row->record = arena_fmt(c->arena, "%lld", (long long)col_int(q, 0));
        row->record_href = v->records ? arena_fmt(c->arena, "/console/rounds/%lld/records/%.*s", (long long)r->id.v, STR_ARG(row->record)) : S("");
        v->total = col_int(q, 6);
    }
    return db_done(q);
}

Err round_files_page(Ctx *c)
{
    Round r;
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    FilesView v = { .r = &r, .records = right_has(c, RIGHT_ANALYSIS_READ, r.owner) };
    TRY(file_rows(c, &r, &v));
    Out o = page_begin(c, text_of(c->lang, "collect.files.title"));
    page_crumb(c, c->page.title, S(""));
    round_files(&o, &v);
    return page_end(c, &o);
}

static Err in_round(Ctx *c, const Round *r, SubmissionId id, bool *out)
{
    AUTO_STMT q = db_prepare(c->db, SQL("SELECT 1 FROM submissions WHERE id = $1 AND round_id = $2 AND withdrawn = 0"));
    bind_int(q, 1, id.v);
    bind_int(q, 2, r->id.v);
    *out = db_row(q);
    return db_done(q);
}

Err round_file_download(Ctx *c)
{
    Round        r;
    AnswerFiles  files;
    bool         there;
    SubmissionId id = { path_int(c, "record") };
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    TRY(in_round(c, &r, id, &there));
    TRY(record_files(c->db, c->arena, id, &files));
    for (size_t i = 0; there && i < files.len; i++)
        if (str_eq(files.at[i].name, path_str(c, "name")))
            return answer_file_bytes(c, &files.at[i]);
    return err_new(c->arena, ERR_NOT_FOUND, S("file"));
}
