/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files that come with a submission: their names, their kinds by the first bytes, their place on disk. */
#include "openrosa/parts.h"

#include <fcntl.h>
#include <unistd.h>

Str field_file_name(Arena *a, Str sent)
{
    Str name = file_name_clean(a, sent), nfc;
    if (!text_clean(a, name, &nfc))
        return S("_");
    return nfc.len ? file_name_clean(a, nfc) : S("_");      /* NFC may be longer */
}

typedef struct Magic { size_t at; Str bytes, type; } Magic;
static const Magic kinds[] = {
    { 0, S_INIT("\xFF\xD8\xFF"), S_INIT("image/jpeg") },          { 0, S_INIT("\x89PNG\r\n\x1A\n"), S_INIT("image/png") },
    { 0, S_INIT("GIF87a"), S_INIT("image/gif") },                 { 0, S_INIT("GIF89a"), S_INIT("image/gif") },
    { 8, S_INIT("WEBP"), S_INIT("image/webp") },                  { 0, S_INIT("%PDF-"), S_INIT("application/pdf") },
    { 4, S_INIT("ftypM4A"), S_INIT("audio/mp4") },                { 4, S_INIT("ftyp3gp"), S_INIT("video/3gpp") },
    { 4, S_INIT("ftyp"), S_INIT("video/mp4") },                   { 0, S_INIT("#!AMR"), S_INIT("audio/amr") },
    { 0, S_INIT("OggS"), S_INIT("audio/ogg") },                   { 0, S_INIT("ID3"), S_INIT("audio/mpeg") },
    { 8, S_INIT("WAVE"), S_INIT("audio/wav") },                   { 0, S_INIT("PK\x03\x04"), S_INIT("application/zip") },
};

Str sniffed_type(Str head)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_starts(str_skip(head, kinds[i].at), kinds[i].bytes))
            return kinds[i].type;
    return head.len && utf8_valid(head) && !memchr(head.at, 0, head.len) ? S("text/plain") : S("application/octet-stream");
}

bool shown_as_image(Str type)
{
    return str_eq(type, S("image/jpeg")) || str_eq(type, S("image/png")) || str_eq(type, S("image/gif")) || str_eq(type, S("image/webp"));
}

/* The first bytes of a part; a character cut at the end is left out. */
static Str part_head(Arena *a, const HttpPart *part)
{
    enum { HEAD_BYTES = 512 };
    Str head = str_take(part->bytes, HEAD_BYTES);
    if (part->path.len) {
        char *at = arena_take(a, HEAD_BYTES, 1, 1);
        int   fd = open(part->path.at, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, at, HEAD_BYTES) : 0;
        if (fd >= 0)
            close(fd);
        head = (Str){ at, n > 0 ? (size_t)n : 0 };
    }
    size_t good = utf8_fault(head);
    return head.len - good < 4 && (int64_t)head.len < part->size ? str_take(head, good) : head;
}

Err field_file_save(Store *s, Arena *a, const HttpPart *part, FieldFile *out)
{
    FieldFile f = { .sum = part->sum, .size = part->size, .type = sniffed_type(part_head(a, part)) };
    Str       sent = part->file_name.len ? part->file_name : part->name;
    f.name      = field_file_name(a, sent);
    f.sent_name = str_take(part->name, 1000);
    if (!text_clean(a, f.sent_name, &f.sent_name))
        f.sent_name = f.name;
    if (part->path.len)
        TRY(files_save_from(s, a, part->path, part->size, part->sum));
    else
        TRY(files_save(s, a, part->bytes, &f.sum));
    *out = f;
    return OK;
}
