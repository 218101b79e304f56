/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A data folder: its lock, keys, configuration and store. */
#include "app/app.h"
#include "field/field.h"
#include "form/form.h"
#include "method/method.h"
#include "notice/notice.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static Str in_dir(Arena *a, Str dir, Str name)
{
    return str_join(a, (Str[]){ dir, name }, 2, S("/"));
}

Err slurp(Arena *a, Str path, int64_t most, Str *out)
{
    int fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_fmt(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.*s: %s", STR_ARG(path), strerrordesc_np(errno));
    struct stat st;
    if (fstat(fd, &st) || st.st_size > most) {
        close(fd);
        return err_fmt(a, ERR_TOO_LARGE, "%.*s: larger than %lld bytes", STR_ARG(path), (long long)most);
    }
    Buf     b = buf_new(a, (size_t)st.st_size + 1);
    ssize_t n;
    while ((n = read(fd, b.at + b.len, b.cap - b.len)) > 0 || (n < 0 && errno == EINTR)) {
        b.len += n > 0 ? (size_t)n : 0;
        buf_room(&b, 4096);
    }
    close(fd);
    if (n < 0)
        return err_fmt(a, ERR_IO, "%.*s: cannot be read", STR_ARG(path));
    *out = buf_str(&b);
    return OK;
}

static bool write_all(int fd, Str bytes)
{
    while (bytes.len) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno != EINTR)
            return false;
        bytes = str_skip(bytes, n > 0 ? (size_t)n : 0);
    }
    return fsync(fd) == 0;
}

Err write_file(Arena *a, Str path, Str bytes, int mode)
{
    Str draft = str_concat(a, path, S(".new"));
    (void)!unlink(arena_c(a, draft));         /* one left behind may be read-only */
    int fd = open(arena_c(a, draft), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return err_fmt(a, ERR_IO, "%.*s: %s", STR_ARG(path), strerrordesc_np(errno));
    bool done = write_all(fd, bytes);
    if (close(fd) || !done || rename(arena_c(a, draft), arena_c(a, path)))
        return err_fmt(a, errno == ENOSPC ? ERR_FULL : ERR_IO, "%.*s: cannot be written", STR_ARG(path));
    return OK;
}

static Err make_dir(Arena *a, Str path)
{
    if (mkdir(arena_c(a, path), 0700) && errno != EEXIST)
        return err_fmt(a, ERR_CONFIG, "%.*s: %s", STR_ARG(path), strerrordesc_np(errno));
    return OK;
}

static Err take_lock(Arena *a, Str dir, int *out)
{
    int fd = open(arena_c(a, in_dir(a, dir, S("lock"))), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_fmt(a, errno == EACCES ? ERR_FORBIDDEN : ERR_CONFIG, "%.*s: %s", STR_ARG(dir), strerrordesc_np(errno));
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        return err_fmt(a, ERR_BUSY, "%.*s: another process works on this data folder", STR_ARG(dir));
    }
    *out = fd;
    return OK;
}

/* From the credentials of the service manager, else from the folder; made only with the folder. */
static Err load_key(Arena *a, Str dir, bool create, uint8_t out[32])
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    Str path = credentials ? in_dir(a, str_from_c(credentials), S("master.key")) : in_dir(a, dir, S("master.key"));
    Str text;
    Err e = slurp(a, path, 4096, &text);
    if (err_is(e, ERR_NOT_FOUND) && create) {
        random_bytes(out, 32);
        return write_file(a, path, str_concat(a, str_hex(a, out, 32), S("\n")), 0400);
    }
    if (err_is(e, ERR_NOT_FOUND))
        return err_fmt(a, ERR_CONFIG, "%.*s is missing: no data folder, or its key was not copied", STR_ARG(path));
    TRY(e);
    if (!str_unhex(str_trim(text), out, 32))
        return err_fmt(a, ERR_CONFIG, "%.*s: needs 64 hex digits", STR_ARG(path));
    return OK;
}

static bool there(Arena *a, Str dir, Str name)
{
    return access(arena_c(a, in_dir(a, dir, name)), F_OK) == 0;
}

/* A file stands in the folder while init fills it: a folder that was cut off is made anew, never served. */
static const Str mark = S_INIT("unfinished");

static Err create_begin(Arena *a, const Instance *i)
{
    static const Str made[] = { S_INIT("thuocdo.db"), S_INIT("thuocdo.db-wal"), S_INIT("thuocdo.db-shm"), S_INIT("sign-in.txt") };
    bool sqlite = config_str(&i->config, "database.url").len == 0, cut_off = there(a, i->dir, mark);
    if (!cut_off && sqlite && there(a, i->dir, made[0]))
        return err_fmt(a, ERR_CONFLICT, "%.*s: holds data already; nothing was changed", STR_ARG(i->dir));
    if (!cut_off || sqlite)
        TRY(write_file(a, in_dir(a, i->dir, mark), S(""), 0600));
    for (size_t n = 0; cut_off && sqlite && n < COUNT_OF(made); n++)
        (void)!unlink(arena_c(a, in_dir(a, i->dir, made[n])));
    return OK;
}

/* A database of its own has no file to delete. The mark names it once it was seen empty: only then is what a cut-off
 * init left there taken away, and a database that held data before is never touched. */
static Err create_on_server(Arena *a, const Instance *i)
{
    Str  url = config_str(&i->config, "database.url"), at = in_dir(a, i->dir, mark), noted = S("");
    bool empty;
    if (!url.len)
        return OK;
    TRY(store_is_empty(i->store, a, &empty));
    if (empty)
        return write_file(a, at, url, 0600);
    TRY(slurp(a, at, 65536, &noted));
    if (!noted.len)
        (void)!unlink(arena_c(a, at));
    if (!str_eq(noted, url))
        return err_new(a, ERR_CONFLICT, S("the database holds data already; nothing was changed"));
    return store_clear(i->store, a);
}

Err instance_created(Arena *a, const Instance *i)
{
    int  fd   = open(arena_c(a, i->dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && unlink(arena_c(a, in_dir(a, i->dir, mark))) == 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done ? OK : err_fmt(a, ERR_IO, "%.*s: cannot be written", STR_ARG(i->dir));
}

/* A folder without its database is a disk that was not mounted, not a new one. */
static Err create_complete(Arena *a, const Instance *i)
{
    if (there(a, i->dir, mark))
        return err_fmt(a, ERR_CONFIG, "%.*s: was not finished; run thuocdo init again", STR_ARG(i->dir));
    if (config_str(&i->config, "database.url").len == 0 && !there(a, i->dir, S("thuocdo.db")))
        return err_fmt(a, ERR_CONFIG, "%.*s/thuocdo.db is missing", STR_ARG(i->dir));
    return OK;
}

static const MethodShelf methods = { method_choices };

static void fill_info(Arena *a, Instance *i)
{
    const Config *c = &i->config;
    i->info.public_url     = config_str(c, "http.public_url");
    i->info.agency         = config_str(c, "agency.name");
    i->info.agency_address = config_str(c, "agency.address");
    i->info.agency_phone   = config_str(c, "agency.phone");
    i->info.help_phone     = config_str(c, "help.phone");
    i->info.plain_http     = config_on(c, "http.plain");
    i->info.embed_hosts    = config_list(a, c, "embed.hosts");
    i->info.sign_in        = sign_in_limits(config_int(c, "limits.sign_in_account"), config_int(c, "limits.sign_in_network"),
                                            config_int(c, "limits.sign_in_code"));
    i->info.submit_per_device = (int)config_int(c, "limits.submit_per_device");
    i->info.submit_per_prefix = (int)config_int(c, "limits.submit_per_prefix");
    i->info.exempt         = config_list(a, c, "limits.exempt");
    i->info.data_dir       = i->dir;
    i->info.version        = S(THUOCDO_VERSION);
    i->info.mounts         = app_mounts;
    i->info.mount_count    = app_mount_count;
    i->info.job_kinds      = app_job_kinds;
    i->info.job_kind_count = app_job_kind_count;
    i->info.case_finder           = &field_case_finder;
    i->info.unread                = notice_unread;
    i->info.method_shelf          = &methods;
    i->info.record_followers      = app_record_followers;
    i->info.record_follower_count = app_record_follower_count;
    i->info.store          = i->store;
}

static Err open_store(Arena *a, Instance *i, InstanceUse use)
{
    int64_t workers = config_int(&i->config, "http.workers");
    if (workers == 0)
        workers = 2 * sysconf(_SC_NPROCESSORS_ONLN);
    StoreConfig sc = { .database = config_str(&i->config, "database.url"), .data_dir = i->dir,
                       .connections = (int)workers + 4, .read_only = use == USE_READ };
    return store_open(a, &sc, &i->store);
}

Err instance_open(Arena *a, Str dir, const StrList *config_files, const StrList *flags, InstanceUse use, Instance *out)
{
    Instance i = { .dir = dir, .lock_fd = -1 };
    if (dir.len == 0)
        return err_new(a, ERR_CONFIG, S("--data DIR is missing"));
    if (use == USE_CREATE) {
        TRY(make_dir(a, dir));
        TRY(make_dir(a, in_dir(a, dir, S("tmp"))));
    }
    StrList files = { 0 };
    for (size_t n = 0; n < config_files->len; n++)
        *list_add(a, &files) = config_files->at[n];
    *list_add(a, &files) = in_dir(a, dir, S("thuocdo.conf"));
    if (access(arena_c(a, dir), X_OK))
        return err_fmt(a, errno == EACCES ? ERR_FORBIDDEN : ERR_CONFIG, "%.*s: %s; make it with: thuocdo init --data %.*s",
                       STR_ARG(dir), strerrordesc_np(errno), STR_ARG(dir));
    const struct MailConfig *mail;
    TRY(config_load(a, &files, environ, flags, &i.config));
    TRY(mail_config(a, &i.config, &mail));
    if (use != USE_READ)
        TRY(take_lock(a, dir, &i.lock_fd));
    Err e = load_key(a, dir, use == USE_CREATE, i.info.key);
    if (!e)
        e = use == USE_CREATE ? create_begin(a, &i) : create_complete(a, &i);
    if (!e && use == USE_ALONE)
        e = make_dir(a, in_dir(a, dir, S("tmp")));
    if (!e)
        e = open_store(a, &i, use);
    if (e) {
        if (i.lock_fd >= 0)
            close(i.lock_fd);
        return e;
    }
    fill_info(a, &i);
    i.info.mail = mail;
    e = use == USE_CREATE ? create_on_server(a, &i) : key_check(a, &i);
    if (e) {
        instance_close(&i);
        return e;
    }
    *out = i;
    return OK;
}

static Err contacts_fill(Db *db, Arena *a, const Instance *i)
{
    uint8_t key[32];
    int64_t sealed = 0;
    app_key(&i->info, PERSON_CONTACT_KEY, key);
    TRY(person_contact_fill(db, a, key, &sealed));
    if (sealed)
        LOG(LOG_INFO, "person_contact", LOG_NUM("sealed", sealed));
    return OK;
}

Err instance_fill(Arena *a, Instance *i)
{
    Db *db;
    int failed = 0;
    TRY(store_take(i->store, a, &db));
    Err e = db_begin_write(db);
    if (!e)
        e = form_xform_fill(db, i->store, a, &failed);
    if (!e)
        e = contacts_fill(db, a, i);
    if (!e)
        e = key_check_save(db, &i->info);
    if (!e)
        e = db_commit(db);
    store_give(i->store, &db);
    if (failed)
        LOG(LOG_WARN, "form_xform", LOG_NUM("versions_without", failed));
    return e;
}

void instance_close(Instance *i)
{
    if (i->store)
        store_close(i->store);
    if (i->lock_fd >= 0)
        close(i->lock_fd);
    *i = (Instance){ .lock_fd = -1 };
}
