/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Kinds of files by their first bytes. */
#include "base/file_kind.h"

#include "base/err.h"
#include "base/utf8.h"

#include <string.h>

typedef struct Magic { size_t at; Str bytes, type; } Magic;
static const Magic kinds[] = {
    { 0, S_INIT("\xFF\xD8\xFF"), S_INIT("image/jpeg") },          { 0, S_INIT("\x89PNG\r\n\x1A\n"), S_INIT("image/png") },
    { 0, S_INIT("GIF87a"), S_INIT("image/gif") },                 { 0, S_INIT("GIF89a"), S_INIT("image/gif") },
    { 8, S_INIT("WEBP"), S_INIT("image/webp") },                  { 0, S_INIT("%PDF-"), S_INIT("application/pdf") },
    { 4, S_INIT("ftypM4A"), S_INIT("audio/mp4") },                { 4, S_INIT("ftyp3gp"), S_INIT("video/3gpp") },
    { 4, S_INIT("ftypqt"), S_INIT("video/quicktime") },           { 4, S_INIT("ftyphei"), S_INIT("image/heic") },
    { 4, S_INIT("ftyphevc"), S_INIT("image/heic") },              { 4, S_INIT("ftypmsf1"), S_INIT("image/heic") },
    { 4, S_INIT("ftypmif1"), S_INIT("image/heic") },              { 4, S_INIT("ftyp"), S_INIT("video/mp4") },
    { 0, S_INIT("#!AMR"), S_INIT("audio/amr") },                  { 0, S_INIT("OggS"), S_INIT("audio/ogg") },
    { 0, S_INIT("ID3"), S_INIT("audio/mpeg") },                   { 0, S_INIT("\xFF\xFB"), S_INIT("audio/mpeg") },
    { 0, S_INIT("\xFF\xF3"), S_INIT("audio/mpeg") },              { 8, S_INIT("WAVE"), S_INIT("audio/wav") },
    { 0, S_INIT("\x1A\x45\xDF\xA3"), S_INIT("video/webm") },      { 0, S_INIT("PK\x03\x04"), S_INIT("application/zip") },
};

Str file_type_sniffed(Str head)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_starts(str_skip(head, kinds[i].at), kinds[i].bytes))
            return kinds[i].type;
    return head.len && utf8_valid(head) && !memchr(head.at, 0, head.len) ? S("text/plain") : S("application/octet-stream");
}

bool file_type_picture(Str type)
{
    return str_eq(type, S("image/jpeg")) || str_eq(type, S("image/png")) || str_eq(type, S("image/gif")) || str_eq(type, S("image/webp"));
}

bool file_type_playable(Str type)
{
    return str_starts(type, S("audio/")) || str_starts(type, S("video/"));
}

typedef struct Ending { Str type, ending; } Ending;
static const Ending endings[] = {
    { S_INIT("image/jpeg"), S_INIT("jpg") },       { S_INIT("image/png"), S_INIT("png") },         { S_INIT("image/gif"), S_INIT("gif") },
    { S_INIT("image/webp"), S_INIT("webp") },      { S_INIT("image/heic"), S_INIT("heic") },       { S_INIT("application/pdf"), S_INIT("pdf") },
    { S_INIT("audio/mp4"), S_INIT("m4a") },        { S_INIT("audio/amr"), S_INIT("amr") },         { S_INIT("audio/ogg"), S_INIT("ogg") },
    { S_INIT("audio/mpeg"), S_INIT("mp3") },       { S_INIT("audio/wav"), S_INIT("wav") },         { S_INIT("video/3gpp"), S_INIT("3gp") },
    { S_INIT("video/quicktime"), S_INIT("mov") },  { S_INIT("video/mp4"), S_INIT("mp4") },         { S_INIT("video/webm"), S_INIT("webm") },
    { S_INIT("application/zip"), S_INIT("zip") },  { S_INIT("text/plain"), S_INIT("txt") },
    { S_INIT("application/vnd.openxmlformats-officedocument.wordprocessingml.document"), S_INIT("docx") },
    { S_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), S_INIT("xlsx") },
};

Str file_type_ending(Str type)
{
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (str_eq(endings[i].type, type))
            return endings[i].ending;
    return S("bin");
}
