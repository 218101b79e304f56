/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The thread that sends mails. Three commits a mail: claimed (sending), its last byte goes out (handed), what came of it. A kill before
 * "handed" sends it again, for no server takes a letter without its end; a kill after it does not, for the server may have it: then the mail is
 * told as unsure, and the inbox has the notice anyway. */
#include "notice/mail_parts.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 3000, KEEP_TRYING_DAYS = 7, FIRST_AGAIN_MS = MS_MINUTE, DOUBLINGS_MOST = 7 };
#define POST_ARENA ((size_t)64 << 20)

static struct {
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  wake;
    const AppInfo  *app;
    bool            started, stop;
} post = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };
static atomic_bool server_stops;

typedef struct Turn { const AppInfo *app; Db *db; Arena *a; Mail mail; Str state, fault; bool reached; } Turn;

static Str runner_name(Arena *a, const AppInfo *app)
{
    char host[256] = "";
    (void)!gethostname(host, sizeof host - 1);
    return str_take(sha256_hex(a, arena_fmt(a, "%s:%.*s", host, STR_ARG(app->data_dir))), 16);
}

/* ---- What libcurl calls ------------------------------------------------------------------------------------------------- */

/* Without this commit the letter does not end, so that the server cannot take it. */
static bool handed(void *self)
{
    Turn *t    = self;
    bool  done = false;
    Err   e    = db_begin_write(t->db);
    if (!e)
        e = mail_handed(t->db, t->mail.id, &done);
    if (!e && done)
        e = db_commit(t->db);
    else
        db_rollback(t->db);
    return !e && done;
}

static bool stops(void *self)
{
    (void)self;
    return atomic_load(&server_stops);
}

static bool go_on(void *self)
{
    (void)self;
    return true;
}

static bool go_on_never(void *self)
{
    (void)self;
    return false;
}

/* ---- One mail -------------------------------------------------------------------------------------------------------------- */

/* The letter as bytes; *to empty: nobody to send it to, or nothing left to tell. */
static Err letter_of(Turn *t, Str *to, Str *bytes)
{
    Person        p;
    PersonContact contact;
    MailPerson    x;
    NoticeRows    rows = { 0 };
    MailWords     words;
    uint8_t       key[32];
    *to = S("");
    app_key(t->app, PERSON_CONTACT_KEY, key);
    TRY(person_load(t->db, t->a, t->mail.to, &p));
    TRY(person_contact_load(t->db, t->a, key, p.id, &contact));
    TRY(mail_person_load(t->db, t->a, p.id, &x));
    Str now = contact.email.len ? person_email_key(t->a, key, contact.email) : S("");
    Str want = t->mail.kind == MAIL_CODE ? x.asked_key : x.email_key;
    bool old = t->mail.kind == MAIL_CODE && (x.code_mail != t->mail.id || time_now().ms - x.asked_at.ms >= CODE_MINUTES * MS_MINUTE);
    if (p.disabled || old || !now.len || !str_eq(now, want) || !letter_address(contact.email))
        return OK;
    if (t->mail.kind != MAIL_CODE)
        TRY(mail_notices(t->db, t->a, &t->mail, &rows));
    if (t->mail.kind != MAIL_CODE && !rows.len)
        return OK;
    TRY(mail_words(t->db, t->a, t->app, &t->mail, &p, &rows, mail_code(t->a, t->app, t->mail.id, now), &words));
    *to    = contact.email;
    *bytes = letter_write(t->a, &(Letter){ .from = t->app->mail->from, .to = contact.email, .subject = words.subject, .text = words.text,
                                           .id = t->mail.id, .at = t->mail.made_at });
    return OK;
}

static Err read_letter(Turn *t, Str *to, Str *bytes)
{
    TRY(db_begin_read(t->db));
    Err e = letter_of(t, to, bytes);
    db_rollback(t->db);
    return e;
}

static Err send_one(void *self)
{
    Turn *t  = self;
    Str   to = S(""), bytes = S("");
    TRY(read_letter(t, &to, &bytes));
    t->state   = S("dropped");
    t->reached = true;
    if (!to.len)
        return OK;
    MailOutcome came = smtp_send(t->a, t->app->mail, to, bytes, &(SmtpCall){ handed, stops, t }, &t->fault);
    t->state   = came == MAIL_TAKEN ? S("sent") : came == MAIL_REFUSED ? S("failed") : came == MAIL_UNSURE ? S("unsure") : S("waiting");
    t->reached = came != MAIL_LATER || str_eq(t->fault, S("busy"));
    return OK;
}

/* 1, 2, 4 … minutes, two hours at most. */
static Time next_try(const Mail *m, Time now)
{
    return (Time){ now.ms + ((int64_t)FIRST_AGAIN_MS << (m->attempts <= DOUBLINGS_MOST ? m->attempts - 1 : DOUBLINGS_MOST)) };
}

static Err settle(Turn *t, Err e, Time now)
{
    if (e) {
        t->state = S("waiting");
        t->fault = S("database");
    }
    bool kept_out = str_eq(t->fault, S("certificate")) || str_eq(t->fault, S("tls")) || str_eq(t->fault, S("sender")) ||
                    str_eq(t->fault, S("login"));                /* waits for who mends the set-up */
    if (str_eq(t->state, S("waiting")) && !kept_out && now.ms - t->mail.made_at.ms > KEEP_TRYING_DAYS * MS_DAY)
        t->state = S("failed");
    TRY(db_begin_write(t->db));
    TRY(mail_settle(t->db, t->mail.id, t->state, t->fault, atomic_load(&server_stops) ? now : next_try(&t->mail, now), now));
    return db_commit(t->db);
}

static Err claim(Turn *t, Time now, bool *out_any)
{
    TRY(db_begin_read(t->db));
    TRY(mail_due(t->db, now, out_any));
    db_rollback(t->db);
    if (!*out_any)
        return OK;
    TRY(db_begin_write(t->db));
    TRY(mail_claim(t->db, runner_name(t->a, t->app), now, &t->mail, out_any));
    return db_commit(t->db);
}

/* Claims and sends on one connection; what came of it is written on a fresh one, for that may be lost meanwhile. */
static Err turn(Turn *t, Time now, bool *out_any)
{
    TRY(store_take(t->app->store, t->a, &t->db));
    Err e = claim(t, now, out_any);
    if (e || !*out_any)
        return e;
    e = arena_guarded(t->a, send_one, t);
    store_give(t->app->store, &t->db);
    TRY(store_take(t->app->store, t->a, &t->db));
    TRY(settle(t, e, time_now()));
    LOG(LOG_INFO, "mail", LOG_NUM("id", t->mail.id), LOG_STR("state", t->state), LOG_STR("fault", t->fault), LOG_NUM("attempt", t->mail.attempts));
    return OK;
}

static const ErrInfo away = { ERR_IO, S_INIT("the mails cannot be read"), "post.c", 0 };

Err mail_next(const AppInfo *app, Time now, bool *out_any)
{
    Arena a = arena_open(POST_ARENA);
    Turn  t = { .app = app, .a = &a, .state = S(""), .fault = S("") };
    bool  any = false;
    Err   e   = app->mail ? turn(&t, now, &any) : OK;
    if (e)
        LOG(LOG_WARN, "mail", LOG_STR("detail", e->detail));
    bool failed = e != OK;
    if (t.db)
        store_give(app->store, &t.db);
    arena_close(&a);
    *out_any = any && !failed && t.reached;
    return failed ? &away : OK;
}

Err mail_resume(const AppInfo *app)
{
    Arena a = arena_open(1 << 20);
    Db   *db = NULL;
    Err   e  = store_take(app->store, &a, &db);
    if (!e)
        e = db_begin_write(db);
    if (!e)
        e = mail_resume_all(db, runner_name(&a, app), time_now());
    if (!e)
        e = db_commit(db);
    if (e)
        LOG(LOG_ERROR, "mail", LOG_STR("detail", e->detail));
    if (db)
        store_give(app->store, &db);
    arena_close(&a);
    return e ? &away : OK;
}

MailOutcome mail_try(Arena *a, const AppInfo *app, Str to, Str *out_fault)
{
    Lang   lang = LANG_VI;
    Letter l    = { .from = app->mail->from, .to = to, .subject = text_of(lang, "mail.test.subject"), .text = text_of(lang, "mail.test.text"), .id = id_new(),
                    .at = time_now() };
    return smtp_send(a, app->mail, to, letter_write(a, &l), &(SmtpCall){ go_on, go_on_never, NULL }, out_fault);
}

/* ---- The thread --------------------------------------------------------------------------------------------------------------- */

static bool wait_to_look(void)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_MS / 1000;
    pthread_mutex_lock(&post.lock);
    if (!post.stop)
        pthread_cond_timedwait(&post.wake, &post.lock, &until);
    bool more = !post.stop;
    pthread_mutex_unlock(&post.lock);
    return more;
}

/* A server that cannot be reached ends the round: the others would wait for it as long. */
static void *post_main(void *unused)
{
    (void)unused;
    bool any = false;
    do {
        Err e;
        while ((e = mail_next(post.app, time_now(), &any)) == OK && any && !atomic_load(&server_stops)) {
        }
        if (e && mail_resume(post.app))            /* what came of a mail could not be written: nobody else is at it */
            continue;
    } while (wait_to_look());
    return NULL;
}

Err mail_start(Arena *a, const AppInfo *app)
{
    TRY(mail_resume(app));
    post.app  = app;
    post.stop = false;
    atomic_store(&server_stops, false);
    if (pthread_create(&post.thread, NULL, post_main, NULL))
        return err_new(a, ERR_IO, S("no thread for mails"));
    post.started = true;
    return OK;
}

void mail_stop(void)
{
    if (!post.started)
        return;
    atomic_store(&server_stops, true);
    pthread_mutex_lock(&post.lock);
    post.stop = true;
    pthread_cond_signal(&post.wake);
    pthread_mutex_unlock(&post.lock);
    pthread_join(post.thread, NULL);
    post.started = false;
}
