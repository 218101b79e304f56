/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* POST /api/v1/service/events: events of an agency's system, a JSON object a line; answered after the commit. */
#include "service/parts.h"

#include <stdlib.h>

static Err refused(Ctx *c, int status, Str why)
{
    Buf b = buf_new(c->arena, 256);
    buf_lit(&b, "{\"errors\":[{\"reason\":");
    buf_json_str(&b, why);
    buf_lit(&b, "}]}");
    return answer_json(c, status, buf_str(&b));
}

static Err api_error(Ctx *c, int status, const char *key)
{
    return refused(c, status, text_find(lang_asked(c), str_from_c(key)));
}

static int by_line(const void *p, const void *q)
{
    const LineFault *x = p, *y = q;
    return (x->line > y->line) - (x->line < y->line);
}

/* Nothing was taken and nothing known: then the whole answer says so. */
static int status_of(const Intake *x)
{
    if (x->accepted || x->duplicate || !x->faults.len)
        return 200;
    return x->faults.at[0].status;
}

static Err answer(Ctx *c, Intake *x)
{
    Lang l = lang_asked(c);
    Buf  b = buf_new(c->arena, 256 + x->faults.len * 128);
    if (x->faults.len)
        qsort(x->faults.at, x->faults.len, sizeof *x->faults.at, by_line);
    buf_fmt(&b, "{\"accepted\":%d,\"duplicate\":%d,\"rejected\":%zu,\"errors\":[", x->accepted, x->duplicate, x->faults.len);
    for (size_t i = 0; i < x->faults.len; i++) {
        const LineFault *f = &x->faults.at[i];
        buf_fmt(&b, "%s{\"line\":%d,\"status\":%d,\"name\":", i ? "," : "", f->line, f->status);
        buf_json_str(&b, f->name);
        buf_lit(&b, ",\"reason\":");
        buf_json_str(&b, text_find(l, f->reason));
        buf_byte(&b, '}');
    }
    buf_lit(&b, "]}");
    return answer_json(c, status_of(x), buf_str(&b));
}

/* ---- On the collector's thread ------------------------------------------------------------------------------------- */
typedef struct Work { Db *db; Intake *x; } Work;

static Err apply_one(void *at)
{
    Work *w = at;
    return intake_apply(w->db, w->x);
}

/* One at a time, and in the request's own memory: a batch that fails fails alone. */
static Err intake_apply_one(Db *db, Arena *scratch, void **items, size_t n UNUSED)
{
    Work w = { db, items[0] };
    Err  e = arena_guarded(w.x->a, apply_one, &w);
    intake_end(w.x);
    return e ? err_new(scratch, e->kind, e->detail) : OK;
}

static void intake_finish(void *item, Err outcome)
{
    Intake   *x    = item;
    HttpTask *task = x->reply;
    if (!task)
        return;
    Ctx *c = task->own;
    if (outcome)
        answer_header(c, S("retry-after"), S("5"));
    if (outcome ? api_error(c, 503, "service.api.busy") : answer(c, x))
        task->res.status = 500;
    http_reply(task);
}

const CollectKind intake_kind = { "service", intake_apply_one, intake_finish, .apart = true };

/* ---- The request ------------------------------------------------------------------------------------------------------ */
static Err token_of(Ctx *c, ServiceToken *out, bool *out_known)
{
    StrPair p = str_cut(http_field(&c->req->headers, S("authorization")), ' ');
    Err     e = str_eq_ascii_nocase(p.head, S("bearer")) ? service_token_by_key(c->db, c->arena, str_trim(p.tail), out) :
                                                           err_new(c->arena, ERR_NOT_FOUND, S("no key"));
    *out_known = !e;
    return err_is(e, ERR_NOT_FOUND) ? OK : e;
}

/* Rows of a spreadsheet, as a system without JSON writes them. */
static Err csv_lines(Ctx *c, Intake *x, bool *told)
{
    EventsCsv *csv;
    Str        why;
    *told = true;
    if (!service_csv_open(c->arena, lang_asked(c), c->req->body, &csv, &why))
        return refused(c, 400, why);
    (void)events_csv_next(csv, c->arena, c->today, EVENT_LINES_MOST, &x->lines, &x->faults);
    if (service_csv_refused(c->arena, lang_asked(c), csv, &why))
        return refused(c, 400, why);
    if (events_csv_next(csv, c->arena, c->today, 1, &x->lines, &x->faults))
        return api_error(c, 413, "service.api.lines");
    *told = false;
    return OK;
}

static Err events_post(Ctx *c)
{
    ServiceToken t;
    bool         known, told = false;
    uint8_t      key[32];
    Intake      *x = arena_new(c->arena, Intake, 1);
    TRY(token_of(c, &t, &known));
    if (!known)
        return api_error(c, 401, "service.api.key");
    *x = (Intake){ .today = c->today, .reply = c->task, .a = c->arena };
    if (str_eq(c->req->content_type, S("text/csv")))
        TRY(csv_lines(c, x, &told));
    else if (!event_lines_read(c->arena, c->req->body, c->today, &x->lines, &x->faults))
        return api_error(c, 413, "service.api.lines");
    if (told)
        return OK;
    if (!x->lines.len && !x->faults.len)
        return api_error(c, 400, "service.api.empty");
    app_key(c->app, SERVICE_FILE_KEY, key);
    TRY(intake_prepare(c->db, x, t.unit, key));
    return x->lines.len ? answer_after_commit(c, &intake_kind, x) : answer(c, x);
}

const Route service_api_routes[] = {
    { POST, "/service/events", RIGHT_PUBLIC, events_post, ROUTE_API | ROUTE_NO_TX | ROUTE_BULK },
    { 0 },
};
