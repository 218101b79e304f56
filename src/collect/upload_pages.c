/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Console: the files that came as answers of a round, by page or telephone, and each of them. */
#include "collect/console.h"
#include "round_files.html.h"

enum { SHOWN_MOST = 500 };

static Err file_rows(Ctx *c, const Round *r, FilesView *v)
{
    RoundFiles files;
    TRY(round_files_list(c->db, c->arena, r->id, SHOWN_MOST, &files, &v->total));
    for (size_t i = 0; i < files.len; i++) {
        const RoundFile *f   = &files.at[i];
        FileRow         *row = list_add(c->arena, &v->rows);
        *row = (FileRow){ .name = f->name, .type = f->type, .channel = channel_label(c->lang, f->channel), .size = size_text(c->arena, c->lang, f->size),
                          .day = f->day, .href = record_file_href(c->arena, r->id, f->of, f->name), .record = record_code(c->arena, f->of) };
        row->record_href = v->records ? arena_fmt(c->arena, "/console/rounds/%lld/records/%lld", (long long)r->id.v, (long long)f->of.v) : S("");
    }
    return OK;
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

Err round_file_download(Ctx *c)
{
    Round        r;
    AnswerFiles  files;
    bool         there;
    SubmissionId id = { path_int(c, "record") };
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    TRY(record_in_round(c->db, r.id, id, &there));
    TRY(record_files(c->db, c->arena, id, &files));
    for (size_t i = 0; there && i < files.len; i++)
        if (str_eq(files.at[i].name, path_str(c, "name")))
            return answer_file_bytes(c, &files.at[i]);
    return err_new(c->arena, ERR_NOT_FOUND, S("file"));
}
