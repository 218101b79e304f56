/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a handler sees: request context, route tables, form fields, answers. The wrapper in web owns
 * session, right, form token, transaction, errors and logging, in one place. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "audit/audit.h"
#include "http/http.h"
#include "org/org.h"
#include "view/view.h"

typedef struct Ctx Ctx;
typedef Err (*Handler)(Ctx *c);

enum {                          /* Route.flags */
    ROUTE_CACHED   = 1 << 0,    /* public page kept until the next commit; must not depend on session or cookies but display ones */
    ROUTE_API      = 1 << 1,    /* no cookie read, no form token, errors as JSON */
    ROUTE_CONFIRM  = 1 << 2,    /* asks to sign in again when the last confirmation is older than 10 minutes (C5) */
    ROUTE_UPLOAD   = 1 << 3,    /* multipart with files: http's limits for them; other bodies are at most 1 MB in all */
    ROUTE_NO_TX    = 1 << 4,    /* POST without a transaction: the handler queues to the collector, or needs none */
    ROUTE_EMBED    = 1 << 5,    /* may be framed by listed sites; sets no cookie */
    ROUTE_LARGE    = 1 << 7,    /* with ROUTE_UPLOAD: one file of up to 2 GiB (frames) */
    ROUTE_RESPONDENT = 1 << 6,  /* respondent frame and its own light form token (draft token) */
    ROUTE_FRAMED   = 1 << 9,    /* may stand in a frame of our own pages */
    ROUTE_PLACE    = 1 << 12,    /* the page may ask the device where it is */
    ROUTE_OFFLINE  = 1 << 10,    /* the offline page: WebAssembly of ours, camera, microphone, place */
    ROUTE_OPEN     = 1 << 11,    /* published figures for every site: any origin may read; with ROUTE_EMBED any site may frame, and no script runs (ADR 0039) */
    ROUTE_BULK     = 1 << 13,   /* with ROUTE_API: a body of up to 4 MiB in one piece, for other systems with a key */
    ROUTE_FIELD    = 1 << 8,    /* phones of interviewers, with ROUTE_API: 101 files, a refused body reaches the handler (req.body_fault) */
};

/* path: "/rounds/{id}/close"; {id} matches one segment. Console tables are mounted under /console,
 * public ones at / (and /en/), api under /api/v1. unit_param: which {param}, if any, names the unit or the
 * object the right is checked on, for the rights matrix test. */
typedef struct Route { Method method; const char *path; Right right; Handler handler; unsigned flags; } Route;
/* fail: how failures below this prefix are told to the program that asks; NULL: JSON on ROUTE_API, else a page. */
typedef struct Mount { const char *prefix; const Route *routes; void (*fail)(Ctx *c, int status); } Mount;    /* tables end with { 0 } */

typedef struct Settings Settings;                /* web/settings.h: agency, public_url, limits kept in the database or configuration */

struct Ctx {
    Arena *arena;
    Db *db;                       /* in a read transaction for GET, a write transaction for POST */
    Store *store;
    const HttpRequest *req;
    HttpTask *task;
    const Route *route;
    const Mount *mount;
    HttpFields params;            /* {id} → value */
    Lang lang;
    Time now;
    Date today;
    Session session;              /* step SESSION_NONE when nobody is signed in */
    const struct AppInfo *app;    /* configuration and services: web/app_info.h */
    Page page;                    /* filled by the wrapper, completed by the handler */
    const CollectKind *later_kind;/* set by answer_after_commit */
    void *later_item;
};

/* Read-only configuration and shared services that handlers may use. Filled by app. */
typedef struct AppInfo {
    Str public_url, agency, agency_address, agency_phone, help_phone, data_dir, version;
    bool plain_http;              /* laboratory: cookies without Secure, no HSTS */
    bool demo;
    const Mount *mounts; size_t mount_count;
    Store *store;
    StrList embed_hosts;
    SignInLimits sign_in;         /* zero: the defaults */
    int submit_per_device, submit_per_prefix;    /* submissions a minute; 0: the default */
    const struct JobKind *const *job_kinds; size_t job_kind_count;    /* jobs/jobs.h */
    const struct CaseFinder *case_finder;       /* collect/collect.h */
    const struct MethodShelf *method_shelf;     /* collect/collect.h */
    const struct MailConfig *mail;              /* notice/smtp.h; NULL: no mail server is set */
    /* How much of what the person was told is unread, for the console's head; NULL: nothing is told (notice/notice.h) */
    Err (*unread)(Db *db, PersonId who, int64_t *out);
    const struct RecordFollower *const *record_followers; size_t record_follower_count;    /* collect/collect.h */
    StrList exempt;               /* addresses without limits per address (limits.exempt) */
    uint8_t key[32];              /* master key: derive with app_key */
} AppInfo;
/* 32 bytes for one purpose ("session", "form-token", "code"…), derived from the master key. */
void app_key(const AppInfo *app, const char *purpose, uint8_t out[32]);

/* ---- Reading the request -------------------------------------------------------------------- */
Str     path_str(const Ctx *c, const char *name);
int64_t path_int(const Ctx *c, const char *name);        /* 0 when no number */
Str     query_str(const Ctx *c, const char *name);
int64_t query_int(const Ctx *c, const char *name, int64_t otherwise);
int64_t query_page(const Ctx *c);                        /* ?page= of a list: 1 … 1,000,000 */
Str     form_str(const Ctx *c, const char *name);        /* first value, NFC, trimmed; empty when missing or unclean */
size_t  form_all(const Ctx *c, const char *name, StrList *out);
bool    form_has(const Ctx *c, const char *name);
Lang    lang_asked(const Ctx *c);                        /* ?lang=, else the first of Accept-Language, else Vietnamese: for interfaces */
const HttpPart *form_file(const Ctx *c, const char *name);
Str     part_bytes(Arena *a, const HttpPart *p);         /* the whole part, wherever it lies */

/* A day typed in three boxes name_day, name_month, name_year, read from the form or the query. */
typedef struct TypedDate { Str day, month, year; } TypedDate;
typedef Str (*FieldReader)(const Ctx *c, const char *name);
/* False when something is typed that is no day from 1900 on; nothing typed gives DATE_NONE. */
bool date_typed(Ctx *c, FieldReader read, const char *name, TypedDate *typed, Date *out);
TypedDate date_boxes(Arena *a, Date d);                  /* empty boxes for DATE_NONE */
bool date_loose(Str s, Date *out);                       /* "22/11/2026" or "2026-11-22" in one box */
Str  unit_name_today(Ctx *c, UnitId id);                      /* a unit's name of today in the reader's language; "–" for none */
Str  person_name_of(Ctx *c, PersonId id);                     /* empty for none */
/* Units that something may be made for: the tops of where the reader holds the right, each with the units right below it. */
MUST_USE Err owner_choices(Ctx *c, Right right, UnitId chosen, Choices *out);

/* Field errors (view.h): data shown beside the field and in the summary; nothing typed is lost. */
void field_error(Ctx *c, FieldErrors *errors, Str field, Str message);
Str  field_error_of(const FieldErrors *errors, Str field);   /* empty when there is none */

/* ---- Rights ---------------------------------------------------------------------------------- */
/* ERR_FORBIDDEN unless the signed-in person holds the right on that unit. */
MUST_USE Err right_need(Ctx *c, Right right, UnitId unit);
bool right_has(Ctx *c, Right right, UnitId unit);            /* for showing or hiding an act; false on error too */
/* For lists: where the reader holds the right, asked once; scope_has then tells for each row's unit. */
MUST_USE Err right_scope(Ctx *c, Right right, RightScope *out);

/* ---- Answering ------------------------------------------------------------------------------- */
/* Page pages: Out o = page_begin(c, title); some_view(&o, …); return page_end(c, &o); */
Out page_begin(Ctx *c, Str title);                            /* sets c->page.title; frame is written by page_end */
MUST_USE Err page_end(Ctx *c, Out *o);                        /* 200 */
MUST_USE Err page_end_status(Ctx *c, Out *o, int status);     /* 422 with errors, 404… */
void page_crumb(Ctx *c, Str label, Str href);
MUST_USE Err redirect(Ctx *c, Str path);                      /* 303; path is relative to the site's root, language prefix added */
MUST_USE Err redirect_notice(Ctx *c, Str path, NoticeKind kind, Str text);   /* the notice is shown once on the next page */
void notice_next(Ctx *c, NoticeKind kind, Str text);          /* the same beside any other redirect */
MUST_USE Err answer_bytes(Ctx *c, int status, Str type, Str body);
MUST_USE Err answer_file(Ctx *c, Str type, Str file_name, Str body);         /* attachment, RFC 8187 name */
MUST_USE Err answer_json(Ctx *c, int status, Str body);
void answer_header(Ctx *c, Str name, Str value);
/* Answers once the collector has committed item: the wrapper queues it when everything else of the request is
 * done; kind->finish then completes task->res (status, type, body) and calls http_reply(task). A full queue is 503.
 * Only for routes with ROUTE_NO_TX. */
MUST_USE Err answer_after_commit(Ctx *c, const CollectKind *kind, void *item);
Str  site_path(Ctx *c, Str path);                             /* "/en/results" when the page is read in English */
Str  site_base(Ctx *c);                                       /* "https://host" for absolute addresses: public_url, else the host that was asked */

/* Appends to the audit with actor, address and request id of this request. object "round:12", detail JSON or empty. */
MUST_USE Err audit_add(Ctx *c, Str action, Str noun, int64_t id, UnitId unit, Str detail);

/* ---- Cookies and tokens ----------------------------------------------------------------------- */
Str  session_cookie(const Ctx *c);                            /* value of the console's cookie, or empty */
void session_cookie_set(Ctx *c, Str token);                   /* empty: signs the browser out */
Str  device_cookie(Ctx *c);                                   /* the browser's random name, or empty */
Str  device_cookie_need(Ctx *c);                              /* the same, made and set when missing */
Str  form_token(Ctx *c);                                      /* call in handlers that show a form to people without a session; also in page.form_token */
Str  local_path(Str path);                                    /* the path when it lies on this site, else "/" */
MUST_USE Err redirect_plain(Ctx *c, Str path);                /* 303 without a language prefix */

/* ---- The wrapper ------------------------------------------------------------------------------ */
extern const Route web_routes[];                              /* /display */
void web_handle(void *app, HttpTask *task);                   /* HttpConfig.handle */
bool web_fast(void *app, HttpTask *task);                     /* HttpConfig.fast: cached pages and assets */
void web_admit(void *app, HttpTask *task, HttpLimits *limits); /* HttpConfig.admit: large bodies on ROUTE_UPLOAD only */
HttpFields web_refusal_headers(const AppInfo *app, Arena *a);  /* HttpConfig.refusal_headers */
HttpPages web_refusal_pages(const AppInfo *app, Arena *a);     /* HttpConfig.refusal_pages, in both languages */

#endif
