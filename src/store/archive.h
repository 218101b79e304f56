/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of the store module: the backup archive. README.md describes the format; no bit of an archive can change
 * without being noticed, and a reader never takes more memory than the archive is long. */
#ifndef STORE_ARCHIVE_H
#define STORE_ARCHIVE_H

#include "store/age.h"

#define ARCHIVE_MAGIC "thuocdo-backup 1\n"
enum { CHUNK_MOST = 64 << 20, CHUNK_GOOD = 1 << 20, COLUMNS_MOST = 64 };

typedef enum ChunkType {
    CHUNK_HEADER = 'H', CHUNK_TABLE = 'T', CHUNK_ROWS = 'R', CHUNK_FILE = 'F', CHUNK_BYTES = 'D', CHUNK_MANIFEST = 'M', CHUNK_END = 'E'
} ChunkType;

/* One value as tag, then int64 / double / length and bytes; numbers with the highest byte first. */
void value_write(Buf *b, Value v);
bool value_read(Str *rest, Value *out);                 /* takes one value off rest; false when there is none whole */

typedef struct ArchiveMigration { int64_t number; Str name, sha256; } ArchiveMigration;
typedef LIST(ArchiveMigration) ArchiveMigrations;
typedef struct ArchiveHeader { Time made_at; Str program, database; ArchiveMigrations migrations; } ArchiveHeader;
typedef LIST(Sha256) ChunkSums;

/* ---- Writing: begin, put …, end ------------------------------------------------------------- */
/* age: the bytes go through it; NULL: they are written as they are. */
typedef struct ArchiveOut { Arena *a; int fd; Str path; AgeOut *age; ChunkSums sums; int64_t rows, files; } ArchiveOut;
MUST_USE Err archive_begin(ArchiveOut *out, const ArchiveHeader *h);
MUST_USE Err archive_put(ArchiveOut *out, ChunkType type, Str payload);
MUST_USE Err archive_end(ArchiveOut *out);              /* manifest and end mark; the caller syncs */

/* ---- Reading ------------------------------------------------------------------------------- */
/* From fd, or from memory when fd is -1. */
/* fault: an encrypted archive that does not open; what reading it returns. */
typedef struct ArchiveIn { Arena *a; int fd; AgeIn *age; Err fault; Str path, memory; int64_t left, at; Buf room; ChunkSums sums; } ArchiveIn;
/* Called in the archive's order; any may be NULL. Texts live until the call returns, those of the header in a. */
typedef struct ArchiveVisitor {
    void *self;
    Err (*header)(void *self, const ArchiveHeader *h);
    Err (*table)(void *self, Str name, const Str *columns, size_t n);
    Err (*row)(void *self, const Value *values, size_t n);
    Err (*file)(void *self, Sha256 sum, int64_t size);
    Err (*bytes)(void *self, Str piece);                /* pieces of the file named last */
    Err (*file_end)(void *self);                        /* its bytes had the sum */
} ArchiveVisitor;
/* archive_open opens a file; the caller closes in->fd. archive_read reads the whole archive and checks every sum;
 * ERR_INVALID says what is wrong with it. What the visitor was given is sound only when this returns OK. */
MUST_USE Err archive_open(Arena *a, Str path, const BackupKeys *keys, ArchiveIn *out);
MUST_USE Err archive_read(ArchiveIn *in, const ArchiveVisitor *v);

#endif
