/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Evidence in the page: pictures, and documents in a frame that runs nothing of ours. */
#include "season/appraise.h"

#include "base/file_kind.h"
#include "edition/edition.h"

static bool shown_in_frame(Str type)
{
    return str_eq(type, S("application/pdf"));
}

static Err edition_piece(Ctx *c, int64_t id, EvidenceBench *out)
{
    EditionRow e;
    Err err = edition_load(c->db, c->arena, (EditionId){ id }, &e);
    if (err)
        return err_is(err, ERR_NOT_FOUND) ? OK : err;
    out->title    = text_fmt(c->arena, c->lang, "season.evidence.edition", ARG_S("title", edition_title(&e, c->lang)), ARG_N("n", e.number));
    out->note     = time_text(c->arena, c->lang, e.published_at);
    out->download = edition_path(c->arena, &e);
    out->shape    = EVIDENCE_SHOW_LINK;
    return OK;
}

static void file_piece(Ctx *c, const CardWork *w, int64_t id, EvidenceBench *out)
{
    for (size_t i = 0; i < w->files.len; i++) {
        const CardFile *f = &w->files.at[i];
        if (f->id != id)
            continue;
        out->title    = f->name;
        out->note     = text_fmt(c->arena, c->lang, "season.evidence.added", ARG_S("size", size_text(c->arena, c->lang, f->size)),
                                 ARG_S("who", f->by.v ? person_name_of(c, f->by) : text_of(c->lang, "scheme.by_program")),
                                 ARG_S("when", time_text(c->arena, c->lang, f->at)));
        out->download = arena_fmt(c->arena, "%.*s/files/%lld", STR_ARG(card_base(c, w->card.id)), (long long)id);
        out->shape    = file_type_picture(f->type) ? EVIDENCE_SHOW_PICTURE : shown_in_frame(f->type) ? EVIDENCE_SHOW_PDF : EVIDENCE_SHOW_LINK;
        out->src      = out->shape == EVIDENCE_SHOW_PDF ? str_concat(c->arena, out->download, S("/view")) : out->download;
    }
}

Err evidence_bench_fill(Ctx *c, const CardWork *w, Str code, Str base, int64_t chosen, EvidenceBench *out)
{
    out->n  = (size_t)card_leaf_evidence(w, code);
    out->at = chosen >= 1 && (size_t)chosen <= out->n ? (size_t)chosen : 1;
    size_t k = 0;
    for (size_t i = 0; i < w->evidence.len; i++) {
        const CardEvidence *e = &w->evidence.at[i];
        if (!str_eq(e->code, code))
            continue;
        k++;
        *list_add(c->arena, &out->tabs) = (TabItem){ .label = arena_fmt(c->arena, "%zu", k), .href = arena_fmt(c->arena, "%.*s%zu", STR_ARG(base), k),
                                                     .current = k == out->at };
        if (k != out->at)
            continue;
        if (e->kind == EVIDENCE_FILE)
            file_piece(c, w, e->ref, out);
        else
            TRY(edition_piece(c, e->ref, out));
    }
    return OK;
}

/* A document for the frame: its type is known by its first bytes, it may load nothing, and only our own pages frame it. */
Err card_document_page(Ctx *c)
{
    Season   s;
    Card     card;
    CardFile f;
    TRY(card_of_path(c, RIGHT_SEASON_READ, &s, &card));
    TRY(card_file_load(c->db, c->arena, card.id, path_int(c, "file"), &f));
    if (!shown_in_frame(f.type))
        return err_new(c->arena, ERR_NOT_FOUND, S("only documents are shown in a frame"));
    TRY(answer_bytes(c, 200, f.type, S("")));
    c->task->res.file = files_path(c->store, c->arena, f.sum);
    answer_header(c, S("content-disposition"), S("inline"));
    answer_header(c, S("content-security-policy"), S("default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"));
    return OK;
}
