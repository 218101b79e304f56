/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Queueing a job from a handler; the pages of jobs: who asked for what, how far it is, what came of it. */
#include "jobs/parts.h"

#include "jobs_list.html.h"
#include "jobs_page.html.h"

enum { JOBS_A_PAGE = 50, LOOK_AGAIN_S = 4 };

static const struct { TagKind tag; Icon icon; } marks[JOB_STATE_COUNT] = {
    [JOB_WAITING] = { TAG_INFO, ICON_CLOCK }, [JOB_RUNNING] = { TAG_INFO, ICON_HALF }, [JOB_DONE] = { TAG_OK, ICON_CHECK },
    [JOB_FAILED] = { TAG_BAD, ICON_WARN },    [JOB_STOPPED] = { TAG_OFF, ICON_CLOSE },
};

static Str path_of(Ctx *c, JobId id, const char *rest)
{
    return arena_fmt(c->arena, "/console/jobs/%lld%s", (long long)id.v, rest);
}

static Str kind_text(Ctx *c, const Job *j)
{
    return text_find(c->lang, str_concat(c->arena, S("job.kind."), j->kind));
}

Err job_add(Ctx *c, const JobOrder *o, JobId *out)
{
    Job j = { .id = { id_new() }, .kind = str_from_c(o->kind), .args = o->args.len ? o->args : S("{}"), .subject = o->subject, .unit = o->unit,
              .owner = c->session.person, .owner_name = c->session.who.login, .role = role_code(c->session.main_role),
              .address = c->req->client, .created_at = c->now };
    JobId twin;
    TRY(job_twin(c->db, j.kind, j.args, &twin));
    if (twin.v) {
        *out = twin;
        return OK;
    }
    TRY(job_insert(c->db, &j));
    TRY(audit_add(c, S("job.add"), S("job"), j.id.v, j.unit, arena_fmt(c->arena, "{\"kind\":\"%s\"}", o->kind)));
    job_kick();
    *out = j.id;
    return OK;
}

Err job_show(Ctx *c, JobId id)
{
    return redirect_plain(c, path_of(c, id, ""));
}

Str job_owner_name(Db *db, Arena *a, const Job *j)
{
    Person p = { 0 };
    return j->owner.v && !person_load(db, a, j->owner, &p) && p.name.len ? p.name : j->owner_name;
}

static bool may_see(Ctx *c, const Job *j)
{
    const JobKind *k = job_kind(c->app, j->kind);
    if (j->owner.v && j->owner.v == c->session.person.v)
        return true;
    return right_has(c, k ? k->right : RIGHT_SYSTEM_READ, j->unit);
}

static Err load_seen(Ctx *c, Job *out)
{
    TRY(job_load(c->db, c->arena, (JobId){ path_int(c, "id") }, out));
    return may_see(c, out) ? OK : err_new(c->arena, ERR_FORBIDDEN, S("job"));
}

/* Where the reader holds the right that each kind asks for; the scope of a right is opened when the first job of its kind comes. */
typedef struct JobScopes { Ctx *c; RightScope by[RIGHT_COUNT]; bool open[RIGHT_COUNT]; } JobScopes;

static bool listed(void *self, Str kind, UnitId unit, PersonId owner)
{
    JobScopes     *s = self;
    const JobKind *k = job_kind(s->c->app, kind);
    Right          r = k ? k->right : RIGHT_SYSTEM_READ;
    if (owner.v && owner.v == s->c->session.person.v)
        return true;
    if (!s->open[r] && right_scope(s->c, r, &s->by[r]))
        return false;
    s->open[r] = true;
    return unit.v ? scope_has(&s->by[r], unit) : s->by[r].tops.len > 0;       /* no unit: whoever holds the right anywhere */
}

static Err list_page(Ctx *c)
{
    Jobs        all;
    JobListView v    = { 0 };
    int64_t     page = query_page(c);
    ScopePage   p    = { .first = (page - 1) * JOBS_A_PAGE, .most = JOBS_A_PAGE };
    JobScopes  *s    = arena_new(c->arena, JobScopes, 1);
    s->c = c;
    TRY(job_list(c->db, c->arena, &p, listed, s, &all));
    v.pager = (Pager){ S("/console/jobs?page="), page, (p.all + JOBS_A_PAGE - 1) / JOBS_A_PAGE };
    for (size_t i = 0; i < all.len; i++) {
        const Job *j = &all.at[i];
        *list_add(c->arena, &v.rows) = (JobListRow){
            .job = j, .kind = kind_text(c, j), .who = job_owner_name(c->db, c->arena, j),
            .href = path_of(c, j->id, ""), .tag = marks[j->state].tag, .icon = marks[j->state].icon,
            .state = text_find(c->lang, str_concat(c->arena, S("job.state."), job_state_code(j->state))) };
    }
    Out o = page_begin(c, text_of(c->lang, "web.nav.console.jobs"));
    jobs_list_view(&o, &v);
    return page_end(c, &o);
}

/* What to do about a failure, by its kind; a kind of work may name a text of its own as the detail. */
static Str advice_of(Ctx *c, const Job *j)
{
    Str own = text_find(c->lang, j->error);
    if (j->error.len && own.len)
        return own;
    static const Str known[] = { S_INIT("busy"), S_INIT("full"), S_INIT("io"), S_INIT("forbidden"), S_INIT("conflict"), S_INIT("limit"), S_INIT("cut_off") };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(j->error_kind, known[i]))
            return text_find(c->lang, str_concat(c->arena, S("job.error."), known[i]));
    return j->error_kind.len ? text_of(c->lang, "job.error.internal") : S("");
}

static Err job_page(Ctx *c)
{
    Job j;
    TRY(load_seen(c, &j));
    JobPageView v = { .job = &j, .title = kind_text(c, &j), .who = job_owner_name(c->db, c->arena, &j),
                      .advice = advice_of(c, &j), .href = path_of(c, j.id, ""),
                      .token = form_token(c), .active = j.state == JOB_WAITING || j.state == JOB_RUNNING };
    v.note = text_fmt(c->arena, c->lang, "job.note", ARG_S("time", time_text(c->arena, c->lang, j.created_at)), ARG_S("who", v.who));
    if (!job_figures(j.id, &v.done, &v.total))
        v.done = v.total = 0;
    if (v.done > v.total)
        v.done = v.total;
    if (v.active)
        answer_header(c, S("refresh"), arena_fmt(c->arena, "%d", LOOK_AGAIN_S));
    page_crumb(c, text_of(c->lang, "web.nav.console.jobs"), S("/console/jobs"));
    page_crumb(c, v.title, S(""));
    Out o = page_begin(c, v.title);
    jobs_page_view(&o, &v);
    return page_end(c, &o);
}

static Err stop_action(Ctx *c)
{
    Job  j;
    bool done;
    TRY(load_seen(c, &j));
    TRY(job_stop_waiting(c->db, j.id, c->now, &done));
    if (!done && !job_ask_stop(j.id))
        return redirect_notice(c, path_of(c, j.id, ""), NOTICE_WARN, text_of(c->lang, "job.stop.late"));
    TRY(audit_add(c, S("job.stop"), S("job"), j.id.v, j.unit, S("")));
    return redirect_notice(c, path_of(c, j.id, ""), NOTICE_OK, done ? text_of(c->lang, "job.stop.done") : text_of(c->lang, "job.stop.asked"));
}

static Err restart_action(Ctx *c)
{
    Job  j;
    bool done;
    TRY(load_seen(c, &j));
    TRY(job_restart(c->db, j.id, c->now, &done));
    if (!done)
        return err_new(c->arena, ERR_CONFLICT, S("only a failed or stopped job starts again"));
    TRY(audit_add(c, S("job.restart"), S("job"), j.id.v, j.unit, S("")));
    job_kick();
    return redirect_plain(c, path_of(c, j.id, ""));
}

const Route jobs_routes[] = {
    { GET,  "/jobs",              RIGHT_SIGNED_IN, list_page,      0 },
    { GET,  "/jobs/{id}",         RIGHT_SIGNED_IN, job_page,       0 },
    { POST, "/jobs/{id}/stop",    RIGHT_SIGNED_IN, stop_action,    0 },
    { POST, "/jobs/{id}/restart", RIGHT_SIGNED_IN, restart_action, 0 },
    { 0 },
};
