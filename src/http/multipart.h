/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* multipart/form-data as it arrives, in constant memory: text parts become form fields, files beyond 64 KB go to a
 * temporary file. Private to http/. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/http.h"

#include <sodium.h>

#define PART_IN_MEMORY 65536

typedef struct Multipart {
    Arena      *a;
    HttpRequest *req;          /* gets form and files */
    const HttpLimits *limits;
    Str         temp_dir, delimiter;   /* delimiter: CR LF "--" boundary */
    int         state;
    size_t      matched;       /* bytes of the delimiter seen */
    Buf         head, bytes, spare;    /* of the current part; spare: the memory of a part that went to a file */
    bool        is_file, done;
    HttpPart    part;
    int         fd;            /* temporary file of the current part, or -1 */
    crypto_hash_sha256_state sum;      /* of the current file */
    size_t      parts;
} Multipart;

/* Reads the boundary from the Content-Type header. Returns a status (0, 400). */
int  multipart_open(Multipart *m, Arena *a, HttpRequest *req, Str content_type, const HttpLimits *l, Str temp_dir);
/* The next bytes, in any cut. Returns a status: 0, 400, 413, 503 when the temporary file cannot be written. */
int  multipart_read(Multipart *m, Str bytes);
int  multipart_end(Multipart *m);        /* 400 when the last boundary has not come */
void multipart_close(Multipart *m);      /* closes the file of an unfinished part */
void parts_remove(const HttpRequest *req);   /* deletes the temporary files */
void parts_sweep(Arena *a, Str temp_dir);    /* deletes what a killed server left there */

#endif
