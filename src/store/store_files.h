/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of the store module: lasting files and folders. */
#ifndef STORE_STORE_FILES_H
#define STORE_STORE_FILES_H

#include "store/store_driver.h"

Err  file_err(Arena *a, const char *what, Str path);             /* from errno; a full disk is ERR_FULL */
void fd_close(int *fd);
MUST_USE Err fd_write(Arena *a, int fd, Str path, Str bytes);
MUST_USE Err fd_read(Arena *a, int fd, Str path, char *to, size_t want, size_t *out_got);  /* less only at the end */
MUST_USE Err folder_sync(Arena *a, Str path);
MUST_USE Err folder_make(Arena *a, Str parent, Str path);        /* OK when it is there */
MUST_USE Err folder_list(Arena *a, Str path, StrList *out);      /* names in order; none when there is no such folder */
MUST_USE Err file_write_new(Arena *a, Str path, Str bytes);      /* synced; nothing is left behind on failure */
MUST_USE Err file_rename(Arena *a, Str from, Str to);
MUST_USE Err file_read_all(Arena *a, Str path, Str *out);

Str content_folder(Arena *a, Str files_dir, Sha256 sum);
Str content_path(Arena *a, Str files_dir, Sha256 sum);
MUST_USE Err content_save(Arena *a, Str data_dir, Str bytes, Sha256 sum);
typedef LIST(Sha256) ContentFiles;
MUST_USE Err content_list(Arena *a, Str data_dir, ContentFiles *out);     /* by sum; what has another name is left out */
void content_sweep(Arena *a, Str data_dir);                      /* removes what a crash left half-written a day ago */

#endif
