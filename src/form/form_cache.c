/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Compiled programs, one for each version in use, shared by all threads for as long as the process lives. */
#include "form/form_parts.h"

#include <pthread.h>

typedef struct Entry { FormId id; const FormProgram *program; struct Entry *next; } Entry;

enum { CACHE_SLOTS = 256 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry          *slots[CACHE_SLOTS];

static const FormProgram *cache_find(FormId id)
{
    const FormProgram *found = NULL;
    pthread_mutex_lock(&lock);
    for (Entry *e = slots[(uint64_t)id.v % CACHE_SLOTS]; e && !found; e = e->next)
        if (e->id.v == id.v)
            found = e->program;
    pthread_mutex_unlock(&lock);
    return found;
}

/* Two threads may compile the same version; the second finds the first's and keeps both, which is harmless. */
static void cache_add(Arena *keep, FormId id, const FormProgram *p)
{
    Entry  *e    = arena_new(keep, Entry, 1);
    Entry **slot = &slots[(uint64_t)id.v % CACHE_SLOTS];
    pthread_mutex_lock(&lock);
    *e    = (Entry){ id, p, *slot };
    *slot = e;
    pthread_mutex_unlock(&lock);
}

/* Files that choices come from; pictures and sounds stay where they are. */
static Err load_lists(Db *db, Store *s, Arena *a, FormId id, FormFileSet *out)
{
    FormFileRows rows;
    TRY(form_file_list(db, a, id, &rows));
    FormFile *files = arena_new(a, FormFile, rows.len);
    *out            = (FormFileSet){ files, 0 };
    for (size_t i = 0; i < rows.len; i++) {
        if (!str_ends(rows.at[i].name, S(".csv")) && !str_ends(rows.at[i].name, S(".xml")))
            continue;
        FormFile *f = &files[out->len++];
        f->name     = rows.at[i].name;
        TRY(files_load(s, a, rows.at[i].sum, &f->bytes));
    }
    return OK;
}

Err form_program(Db *db, Store *s, Arena *a, FormId id, const FormProgram **out)
{
    const FormProgram *found = cache_find(id);
    if (found) {
        *out = found;
        return OK;
    }
    FormRow row;
    Str     bytes;
    TRY(form_load(db, a, id, &row));
    TRY(files_load(s, a, row.sum, &bytes));
    FormFileSet files;
    TRY(load_lists(db, s, a, id, &files));
    FormFinder finder = form_finder(&files);
    Arena        keep   = arena_open((size_t)128 << 20);     /* address space; pages come as they are used */
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    keep.full           = a->full;
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    work.full = a->full;
    Err e     = form_read(&keep, work, bytes, &finder, &issues, &p);
    if (!e && !p)
        e = err_fmt(a, ERR_INTERNAL, "the stored version %lld does not compile", (long long)id.v);
    if (e) {
        arena_close(&keep);
        return e;
    }
    p->id      = id;
    p->version = arena_str(&keep, row.version);
    keep.full  = NULL;
    cache_add(&keep, id, p);
    *out = p;
    return OK;
}

Err form_takes(Db *db, Store *s, Arena *a, FormId id, FormChannel channel, bool *out)
{
    const FormProgram *p;
    *out = true;
    if (!id.v)                                           /* a round that has no questionnaire yet */
        return OK;
    TRY(form_program(db, s, a, id, &p));
    *out = !p->channels || (p->channels & (int)channel);
    return OK;
}
