/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that answer questions of pages: what is taken, what is taken out of photographs, how files are named, how
 * they leave again (H4). Their own names are not kept: they may tell a person or a moment. */
#include "collect/parts.h"

#include "base/file_kind.h"
#include "base/utf8.h"
#include "base/zip.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define SAFE_POLICY S("sandbox; default-src 'none'")
#define DOCX S("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
#define XLSX S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
#define PIXELS_MOST INT64_C(40000000)

/* ---- Bytes of a part, mapped when they lie in a file ----------------------------------------------------------------- */
typedef struct PartBytes { Str bytes; bool mapped; } PartBytes;

static void part_unmap(PartBytes *p)
{
    if (p->mapped)
        munmap((void *)(uintptr_t)p->bytes.at, p->bytes.len);
}

static Err part_map(Arena *a, const HttpPart *part, PartBytes *out)
{
    *out = (PartBytes){ .bytes = part->bytes };
    if (!part->path.len)
        return OK;
    int   fd = open(arena_c(a, part->path), O_RDONLY | O_CLOEXEC);
    void *at = fd >= 0 ? mmap(NULL, (size_t)part->size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    if (fd >= 0)
        close(fd);
    if (at == MAP_FAILED)
        return err_new(a, ERR_IO, S("an uploaded file cannot be read"));
    *out = (PartBytes){ { at, (size_t)part->size }, true };
    return OK;
}

/* ---- Kinds ------------------------------------------------------------------------------------------------------------ */

/* A workbook or a text of Office Open XML without macros; anything else in a ZIP is no document. */
static UploadFault office_kind(Arena *a, Str bytes, Str *out_type)
{
    ZipReader zip;
    size_t    at;
    if (zip_reader_open(a, bytes, ZIP_LIMITS, &zip))
        return UPLOAD_DAMAGED;
    bool word = zip_reader_find(&zip, S("word/document.xml"), &at), sheet = zip_reader_find(&zip, S("xl/workbook.xml"), &at), macros = false;
    for (size_t i = 0; i < zip.len; i++)
        macros |= str_ends(zip.at[i].name, S("vbaProject.bin")) || str_ends(zip.at[i].name, S("vbaData.xml"));
    zip_reader_close(&zip);
    *out_type = word ? DOCX : XLSX;
    return macros ? UPLOAD_MACROS : word || sheet ? UPLOAD_OK : UPLOAD_KIND;
}

static bool kind_taken(QuestionType q, Str type)
{
    bool picture = file_type_picture(type) && !str_eq(type, S("image/gif")), sound = str_starts(type, S("audio/"));
    switch (q) {
    case Q_IMAGE: return picture;
    case Q_AUDIO: return sound || str_eq(type, S("video/webm")) || str_eq(type, S("video/mp4")) || str_eq(type, S("video/3gpp"));    /* sound alone in them */
    case Q_VIDEO: return str_starts(type, S("video/"));
    default: return picture || sound || str_eq(type, S("application/pdf")) || str_eq(type, S("text/plain")) || str_eq(type, DOCX) || str_eq(type, XLSX);
    }
}

static UploadFault look(Arena *a, Str bytes, const FormNode *n, Str *out_type, Photo *photo)
{
    Str    head = str_take(bytes, FILE_HEAD);
    size_t good = utf8_fault(head);
    *out_type   = file_type_sniffed(head.len - good < 4 && head.len < bytes.len ? str_take(head, good) : head);     /* a letter may be cut */
    if (str_eq(*out_type, S("application/zip")) && n->type == Q_FILE) {
        UploadFault f = office_kind(a, bytes, out_type);
        if (f)
            return f;
    }
    if (str_eq(*out_type, S("image/heic")) && (n->type == Q_IMAGE || n->type == Q_FILE))
        return UPLOAD_HEIC;
    if (!kind_taken(n->type, *out_type))
        return UPLOAD_KIND;
    if (str_eq(*out_type, S("video/mp4")) || str_eq(*out_type, S("audio/mp4")) || str_eq(*out_type, S("video/3gpp")) || str_eq(*out_type, S("video/quicktime")))
        return film_without_traces(a, bytes, &photo->pieces) ? UPLOAD_OK : UPLOAD_DAMAGED;
    if (!file_type_picture(*out_type))
        return UPLOAD_OK;
    if (!photo_without_traces(a, bytes, photo))
        return UPLOAD_DAMAGED;
    return photo->width * photo->height > PIXELS_MOST ? UPLOAD_PIXELS : UPLOAD_OK;
}

/* ---- Keeping ------------------------------------------------------------------------------------------------------------- */

static bool write_pieces(const StrList *pieces, Str path)
{
    FILE *f = fopen(path.at, "wb");
    bool  good = f != NULL;
    for (size_t i = 0; good && i < pieces->len; i++)
        good = fwrite(pieces->at[i].at, 1, pieces->at[i].len, f) == pieces->at[i].len;
    return f && fclose(f) == 0 && good;
}

/* The part becomes the photograph without traces: in memory, or in the place of its temporary file. */
static Err part_clean(Arena *a, HttpPart *part, const StrList *pieces)
{
    part->size = 0;
    for (size_t i = 0; i < pieces->len; i++)
        part->size += (int64_t)pieces->at[i].len;
    part->sum = sha256_all(pieces->at, pieces->len);
    if (!part->path.len) {
        part->bytes = str_join(a, pieces->at, pieces->len, S(""));
        return OK;
    }
    Str clean = arena_fmt(a, "%.*s-c", STR_ARG(part->path));
    if (write_pieces(pieces, clean) && rename(clean.at, arena_c(a, part->path)) == 0)
        return OK;
    unlink(clean.at);
    return err_new(a, ERR_IO, S("an uploaded picture cannot be written"));
}

static Str file_name_of(Arena *a, const FormNode *n, const Sha256 *sum, Str type)
{
    return arena_fmt(a, "%.*s-%.*s.%.*s", STR_ARG(str_take(n->leaf, 60)), STR_ARG(str_hex(a, sum->at, 8)), STR_ARG(file_type_ending(type)));
}

Err upload_keep(Db *db, Store *s, Arena *a, HttpPart *part, const FormNode *n, UploadFault *out_fault, AnswerFile *out)
{
    AUTO(part_unmap) PartBytes held = { 0 };
    Photo photo = { 0 };
    Str   type;
    TRY(part_map(a, part, &held));
    *out_fault = look(a, held.bytes, n, &type, &photo);
    if (*out_fault)
        return OK;
    if (photo.pieces.len)
        TRY(part_clean(a, part, &photo.pieces));
    *out = (AnswerFile){ .name = file_name_of(a, n, &part->sum, type), .type = type, .sum = part->sum, .size = part->size };
    TRY(file_wanted_again(db, &part->sum));
    if (part->path.len)
        return files_save_from(s, a, part->path, part->size, part->sum);
    return files_save(s, a, part->bytes, &out->sum);
}

/* ---- Leaving ------------------------------------------------------------------------------------------------------------- */

Err answer_file_bytes(Ctx *c, const AnswerFile *f)
{
    TRY(answer_file(c, file_type_picture(f->type) || file_type_playable(f->type) ? f->type : S("application/octet-stream"), f->name, S("")));
    c->task->res.file = files_path(c->store, c->arena, f->sum);
    answer_header(c, S("content-security-policy"), SAFE_POLICY);
    return OK;
}

Str record_file_href(Arena *a, RoundId round, SubmissionId id, Str name)
{
    return arena_fmt(a, "/console/rounds/%lld/files/%lld/%.*s", (long long)round.v, (long long)id.v, STR_ARG(url_encode(a, name)));
}
