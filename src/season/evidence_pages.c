/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Evidence of a criterion: files sent once and used by several criteria, editions of the system itself. */
#include "season/work.h"

#include "base/file_kind.h"
#include "edition/edition.h"

#include <fcntl.h>
#include <unistd.h>

static Err back(Ctx *c, const CardWork *w, int at, Str text)
{
    return redirect_notice(c, card_leaf_href(c, w, w->scheme.at[at].code), NOTICE_OK, text);
}

static Err evidence_audit(Ctx *c, const CardWork *w, Str act, const CardEvidence *e)
{
    Buf detail = buf_new(c->arena, 128);
    buf_lit(&detail, "{\"code\":");
    buf_json_str(&detail, e->code);
    buf_fmt(&detail, ",\"kind\":\"%.*s\",\"id\":\"%lld\"}", STR_ARG(card_evidence_code(e->kind)), (long long)e->ref);
    return audit_add(c, act, S("card"), w->card.id.v, w->card.unit, buf_str(&detail));
}

/* The first bytes, wherever the part lies. */
static Str part_head(Arena *a, const HttpPart *p)
{
    if (!p->path.len)
        return str_take(p->bytes, FILE_HEAD);
    char *room = arena_new(a, char, FILE_HEAD);
    int   fd   = open(arena_c(a, p->path), O_RDONLY | O_CLOEXEC);
    ssize_t n  = fd >= 0 ? read(fd, room, FILE_HEAD) : 0;
    if (fd >= 0)
        close(fd);
    return (Str){ room, n > 0 ? (size_t)n : 0 };
}

/* Kept as it was sent: evidence is not changed. It is only ever offered for download, or shown when it is a plain picture. */
static Err file_keep(Ctx *c, const HttpPart *p, CardFile *f)
{
    *f = (CardFile){ .type = file_type_sniffed(part_head(c->arena, p)), .size = p->size, .sum = p->sum, .by = c->session.person, .at = c->now };
    if (!text_clean(c->arena, str_take(p->file_name, 200), &f->name) || !str_trim(f->name).len)
        f->name = arena_fmt(c->arena, "%.8s.%.*s", arena_c(c->arena, str_hex(c->arena, p->sum.at, 8)), STR_ARG(file_type_ending(f->type)));
    if (p->path.len)
        return files_save_from(c->store, c->arena, p->path, p->size, p->sum);
    return files_save(c->store, c->arena, p->bytes, &f->sum);
}

Err card_file_action(Ctx *c)
{
    CardWork w;
    CardFile f;
    int      at;
    TRY(card_leaf_of_form(c, &w, &at));
    if (w.told)
        return OK;
    const HttpPart *p = form_file(c, "file");
    if (!card_leaf_open(&w, at))
        return card_score_again(c, &w, at, S("file"), card_closed_text(c, &w.card));
    if (!p || !p->size)
        return card_score_again(c, &w, at, S("file"), text_of(c->lang, "season.evidence.none_chosen"));
    if (w.files.len >= CARD_FILES)
        return card_score_again(c, &w, at, S("file"), text_of(c->lang, "season.evidence.too_many"));
    TRY(file_keep(c, p, &f));
    TRY(card_file_add(c->db, c->arena, w.card.id, &f));
    CardEvidence e = { w.scheme.at[at].code, EVIDENCE_FILE, f.id };
    TRY(card_evidence_add(c->db, w.card.id, &e, c->session.person, c->now));
    TRY(evidence_audit(c, &w, S("card.attach"), &e));
    return back(c, &w, at, text_fmt(c->arena, c->lang, "season.evidence.attached", ARG_S("name", f.name)));
}

/* Only what is not there is the reader's fault. */
static Err known(Ctx *c, const CardWork *w, const CardEvidence *e, bool *out)
{
    CardFile   f;
    EditionRow row;
    Err err = e->kind == EVIDENCE_FILE ? card_file_load(c->db, c->arena, w->card.id, e->ref, &f) : edition_load(c->db, c->arena, (EditionId){ e->ref }, &row);
    *out = !err;
    return err_is(err, ERR_NOT_FOUND) ? OK : err;
}

Err card_evidence_action(Ctx *c)
{
    CardWork w;
    int      at;
    TRY(card_leaf_of_form(c, &w, &at));
    if (w.told)
        return OK;
    CardEvidence e = { .code = w.scheme.at[at].code };
    bool good = card_evidence_parse(form_str(c, "kind"), &e.kind) && str_to_i64(form_str(c, "ref"), &e.ref);
    if (!card_leaf_open(&w, at) || (form_has(c, "remove") && w.card.state != CARD_DRAFT))
        return card_score_again(c, &w, at, S("file"), card_closed_text(c, &w.card));
    if (good)
        TRY(known(c, &w, &e, &good));
    if (!good)
        return card_score_again(c, &w, at, e.kind == EVIDENCE_EDITION ? S("ref-edition") : S("ref-file"), text_of(c->lang, "season.evidence.choose.error"));
    bool removes = form_has(c, "remove");
    if (removes)
        TRY(card_evidence_remove(c->db, w.card.id, &e));
    else
        TRY(card_evidence_add(c->db, w.card.id, &e, c->session.person, c->now));
    TRY(evidence_audit(c, &w, removes ? S("card.detach") : S("card.attach"), &e));
    return back(c, &w, at, removes ? text_of(c->lang, "season.evidence.removed") : text_of(c->lang, "season.evidence.added_one"));
}

Err card_file_page(Ctx *c)
{
    Season   s;
    Card     card;
    CardFile f;
    TRY(card_of_path(c, RIGHT_SEASON_READ, &s, &card));
    TRY(card_file_load(c->db, c->arena, card.id, path_int(c, "file"), &f));
    TRY(answer_file(c, file_type_picture(f.type) || str_eq(f.type, S("application/pdf")) ? f.type : S("application/octet-stream"), f.name, S("")));
    c->task->res.file = files_path(c->store, c->arena, f.sum);
    answer_header(c, S("content-security-policy"), S("sandbox; default-src 'none'"));
    return OK;
}
