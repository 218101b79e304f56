/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a file is, by its first bytes, and photographs without what cameras write beside the picture. */
#ifndef BASE_FILE_KIND_H
#define BASE_FILE_KIND_H

#include "base/arena.h"
#include "base/str.h"

enum { FILE_HEAD = 512 };                         /* bytes that file_type_sniffed looks at */
/* Media type by the first bytes; "text/plain" for whole UTF-8 without NUL, else "application/octet-stream". */
Str  file_type_sniffed(Str head);
bool file_type_picture(Str type);                 /* JPEG, PNG, GIF, WebP: what may be shown in place */
bool file_type_playable(Str type);                /* a sound or a film: what a player in the page may be given */
Str  file_type_ending(Str type);                  /* "jpg"; "bin" for types without a usual ending */

/* A JPEG, PNG or WebP without places, times, names of cameras, comments and whatever follows the picture; how the picture
 * is turned stays. The pieces, in order, are the new file; they are slices of bytes, or lie in a. False: damaged, or no such
 * picture. width and height are 0 where the head does not say (WebP without extension). */
typedef struct Photo { StrList pieces; int64_t width, height; } Photo;
bool photo_without_traces(Arena *a, Str bytes, Photo *out);
/* A film or sound recording in MP4, MOV, M4A or 3GP without the boxes that tell places, times, names and remarks: they keep their length
 * and hold zeros, as do tracks that are neither pictures nor sound (logs of places), with their samples. In films written in fragments such samples
 * stay, named by nothing. Pieces as above. False: damaged, or no such file. */
bool film_without_traces(Arena *a, Str bytes, StrList *out);

#endif
