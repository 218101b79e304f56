/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The snapshot of a round: where it lies, whether it can be used, when it goes. */
#include "snapshot/parts.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

Str snapshot_path(Arena *a, const AppInfo *app, RoundId round)
{
    return arena_fmt(a, "%.*s/snapshots/%lld.cols", STR_ARG(app->data_dir), (long long)round.v);
}

static Err read_note(Arena *a, RoundId round, Snapshot *s)
{
    const Json *note = s->file.note;
    int64_t     of   = 0;
    bool fine = json_int(json_get(note, S("round")), &of) && json_int(json_get(note, S("form")), &s->form)
             && json_int(json_get(note, S("made")), &s->made_at.ms)
             && json_int(json_get(note, S("withdrawn")), &s->withdrawn)
             && json_bool(json_get(note, S("weighted")), &s->weighted) && json_bool(json_get(note, S("probability")), &s->probability)
             && json_bool(json_get(note, S("adjusted")), &s->adjusted) && json_str(json_get(note, S("sum")), &s->sum)
             && json_str(json_get(note, S("recipe")), &s->recipe);
    return fine && of == round.v && s->file.rows <= UINT32_MAX >> 1 ? OK : err_new(a, ERR_INVALID, S("the note of a snapshot is not understood"));
}

Err snapshot_open(Arena *a, const AppInfo *app, RoundId round, Snapshot *out)
{
    Str path = snapshot_path(a, app, round);
    *out  = (Snapshot){ 0 };
    Err e = columns_open(a, path, &out->file);
    out->rows = out->file.rows;
    if (!e)
        e = read_note(a, round, out);
    if (e && e->kind == ERR_INVALID) {
        unlink(arena_c(a, path));
        return err_new(a, ERR_NOT_FOUND, e->detail);
    }
    return e;
}

void snapshot_close(Snapshot *s)
{
    columns_close(&s->file);
    *s = (Snapshot){ 0 };
}

void snapshot_drop(Arena *a, const AppInfo *app, RoundId round, Snapshot *s)
{
    snapshot_close(s);
    unlink(arena_c(a, snapshot_path(a, app, round)));
}

Err snapshot_current(Db *db, Arena *a, const Snapshot *s, const Round *r, Str recipe, bool *out)
{
    RoundCounts counts;
    TRY(round_counts(db, a, r->id, (UnitId){ 0 }, &counts));
    *out = s->form == r->form.v && str_eq(s->recipe, recipe) && str_eq(s->sum, str_hex(a, counts.sum, sizeof counts.sum));
    return OK;
}

/* ---- Tidying ------------------------------------------------------------------------------------------------------------ */

static Err holds_withdrawn(Db *db, Arena *a, const AppInfo *app, RoundId id, bool *out)
{
    Round       r;
    Snapshot    s = { 0 };
    RoundCounts counts;
    Err         e = round_load(db, a, id, &r);
    if (!e)
        e = round_counts(db, a, id, (UnitId){ 0 }, &counts);
    if (!e)
        e = snapshot_open(a, app, id, &s);
    *out = e || counts.withdrawn != s.withdrawn;
    snapshot_close(&s);
    return e && e->kind == ERR_NOT_FOUND ? OK : e;
}

static bool left_over(int dir, const char *name)
{
    struct stat st;
    return fstatat(dir, name, &st, 0) == 0 && st.st_mtim.tv_sec < time(NULL) - 3600;
}

Err snapshot_tidy(Db *db, Arena *a, const AppInfo *app)
{
    char *folder = arena_c(a, str_concat(a, app->data_dir, S("/snapshots")));
    DIR  *dir    = opendir(folder);
    Err   e      = OK;
    if (!dir)
        return errno == ENOENT ? OK : err_fmt(a, ERR_IO, "the folder of snapshots cannot be read: %s", strerror(errno));
    for (struct dirent *x; !e && (x = readdir(dir));) {
        Str     name = str_from_c(x->d_name);
        RoundId id   = { 0 };
        bool    drop = str_ends(name, S(".part")) && left_over(dirfd(dir), x->d_name);
        if (str_ends(name, S(".cols")) && str_to_i64(str_take(name, name.len - 5), &id.v))
            e = holds_withdrawn(db, a, app, id, &drop);
        if (!e && drop)
            unlinkat(dirfd(dir), x->d_name, 0);
    }
    closedir(dir);
    return e;
}
