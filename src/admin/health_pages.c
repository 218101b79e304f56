/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The state of the system for its administrator: figures, and a whole check on demand. */
#include "admin/home.h"

#include "admin_health.html.h"
#include "notice/mail.h"

#include <sys/statvfs.h>

static void row(Ctx *c, HealthPage *p, Str name, Str value, bool bad)
{
    *list_add(c->arena, &p->rows) = (HealthRow){ name, value, bad };
}

static Str megabytes(Ctx *c, int64_t bytes)
{
    bool giga = bytes >= 1000000000;
    return str_concat(c->arena, real_text(c->arena, c->lang, (double)bytes / (giga ? 1e9 : 1e6), 1), giga ? S(" GB") : S(" MB"));
}

static void fill(Ctx *c, HealthPage *p)
{
    StoreStats     s    = store_stats(c->store);
    struct statvfs disk = { 0 };
    (void)!statvfs(arena_c(c->arena, c->app->data_dir), &disk);
    double free_share = disk.f_blocks ? (double)disk.f_bavail / (double)disk.f_blocks : 0;
    row(c, p, text_of(c->lang, "health.version"), str_concat(c->arena, S("thuocdo "), c->app->version), false);
    row(c, p, text_of(c->lang, "health.database"), store_is_postgres(c->store) ? S("PostgreSQL") : S("SQLite"), false);
    row(c, p, text_of(c->lang, "health.ready"), store_ready(c->store, c->arena) ? text_of(c->lang, "health.no") : text_of(c->lang, "health.yes"),
        store_ready(c->store, c->arena) != OK);
    row(c, p, text_of(c->lang, "health.disk"), megabytes(c, (int64_t)disk.f_bavail * (int64_t)disk.f_frsize), free_share < 0.05);
    row(c, p, text_of(c->lang, "health.commits"), num_text(c->arena, c->lang, s.commits), false);
    row(c, p, text_of(c->lang, "health.items"), num_text(c->arena, c->lang, s.items), false);
    row(c, p, text_of(c->lang, "health.queued"), num_text(c->arena, c->lang, s.queued), s.queued > 1000);
    row(c, p, text_of(c->lang, "health.fsync"), num_text(c->arena, c->lang, s.fsync_errors), s.fsync_errors > 0);
    row(c, p, text_of(c->lang, "health.wal"), megabytes(c, s.wal_bytes), false);
}

/* The queue of e-mail; a fault of the server or its certificate stands here until it is mended. */
static Err mail_fill(Ctx *c, HealthPage *p)
{
    MailHealth m;
    TRY(mail_health(c->db, c->arena, &m));
    if (!c->app->mail) {
        row(c, p, text_of(c->lang, "health.mail"), text_of(c->lang, "health.mail.off"), m.waiting > 0);
        return OK;
    }
    row(c, p, text_of(c->lang, "health.mail"), text_fmt(c->arena, c->lang, "health.mail.counts", ARG_N("waiting", m.waiting), ARG_N("sent", m.sent)),
        m.tried > 0);
    if (m.fault.len)
        row(c, p, text_of(c->lang, "health.mail.fault"), text_find(c->lang, str_concat(c->arena, S("mail.fault."), m.fault)), true);
    if (m.unsure || m.failed)
        row(c, p, text_of(c->lang, "health.mail.lost"), text_fmt(c->arena, c->lang, "health.mail.lost.counts", ARG_N("unsure", m.unsure),
            ARG_N("failed", m.failed)), m.failed > 0);
    return OK;
}

static Err answer(Ctx *c, HealthPage *p)
{
    fill(c, p);
    TRY(mail_fill(c, p));
    p->token = c->page.form_token;
    Out o = page_begin(c, text_of(c->lang, "web.nav.console.health"));
    admin_health_view(&o, p);
    return page_end(c, &o);
}

static Err health_page(Ctx *c)
{
    HealthPage p = { 0 };
    return answer(c, &p);
}

/* Reads everything once: database, files, the audit chain, answers against their counters, editions. */
static Err check_action(Ctx *c)
{
    HealthPage p     = { .checked = true };
    int64_t    count = 0, bad = 0;
    TRY(store_check(c->store, c->arena, &p.faults));
    TRY(audit_verify(c->db, c->arena, &count, &bad));
    if (bad)
        *list_add(c->arena, &p.faults) = arena_fmt(c->arena, "audit record %lld", (long long)bad);
    TRY(collect_check(c->db, c->store, c->arena, c->app, &p.faults));
    TRY(edition_check(c->db, c->store, c->arena, &p.faults));
    TRY(audit_add(c, S("system.check"), S("faults"), (int64_t)p.faults.len, (UnitId){ 0 }, S("")));
    return answer(c, &p);
}

const Route admin_health_routes[] = {
    { GET, "/health", RIGHT_SYSTEM_READ, health_page, 0 },
    { POST, "/health/check", RIGHT_SYSTEM_READ, check_action, 0 },
    { 0 },
};
