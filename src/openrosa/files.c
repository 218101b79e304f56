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

/* The first bytes of a part; a character cut at the end is left out. */
static Str part_head(Arena *a, const HttpPart *part)
{
    Str head = str_take(part->bytes, FILE_HEAD);
    if (part->path.len) {
        char *at = arena_take(a, FILE_HEAD, 1, 1);
        int   fd = open(part->path.at, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd >= 0 ? read(fd, at, FILE_HEAD) : 0;
        if (fd >= 0)
            close(fd);
        head = (Str){ at, n > 0 ? (size_t)n : 0 };
    }
    size_t good = utf8_fault(head);
    return head.len - good < 4 && (int64_t)head.len < part->size ? str_take(head, good) : head;
}

Err field_file_save(Store *s, Arena *a, const HttpPart *part, FieldFile *out)
{
    FieldFile f = { .sum = part->sum, .size = part->size, .type = file_type_sniffed(part_head(a, part)) };
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
