/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The audit record: list with filters, verification of the chain, export. Who holds the right on a subtree only sees
 * the records of its units; records of no unit are for those who hold it on the whole tree. */
#include "admin/audit_pages.h"

#include "admin_audit.html.h"
#include "base/csv.h"

#define AUDIT_PAGE   100
#define AUDIT_EXPORT 50000

typedef struct AuditScope { UnitIds tops; bool whole; } AuditScope;

static Err scope_load(Ctx *c, AuditScope *out)
{
    TRY(may_where(c->db, c->arena, c->session.person, RIGHT_AUDIT_READ, c->today, &out->tops));
    for (size_t i = 0; i < out->tops.len; i++) {
        Unit u = { 0 };
        TRY(unit_load(c->db, c->arena, out->tops.at[i], c->today, &u));
        out->whole = out->whole || u.parent.v == 0;
    }
    return OK;
}

/* The next records that the viewer may see, at most limit; *out_more when older ones may follow. */
static Err audit_seen(Ctx *c, AuditFilter f, const AuditScope *scope, int limit, AuditRows *out, bool *out_more)
{
    *out_more = true;
    f.limit   = 500;
    while ((int)out->len < limit && *out_more) {
        AuditRows batch = { 0 };
        TRY(audit_list(c->db, c->arena, &f, &batch));
        for (size_t i = 0; i < batch.len && (int)out->len < limit; i++) {
            bool inside = scope->whole;
            if (!inside && batch.at[i].e.unit.v)
                TRY(unit_within_any(c->db, batch.at[i].e.unit, &scope->tops, c->today, &inside));
            f.before_seq = batch.at[i].seq;
            if (inside)
                *list_add(c->arena, out) = batch.at[i];
        }
        *out_more =
            batch.len == 500 || ((int)out->len == limit && batch.len && f.before_seq != batch.at[batch.len - 1].seq);
    }
    return OK;
}

/* The name of an action in words, where the catalogue has one; its code otherwise. */
static Str action_name(Ctx *c, Str action)
{
    Str text = text_find(c->lang, str_concat(c->arena, S("audit.action."), action));
    return text.len ? text : action;
}

/* Who did it; the machine's own command line is stored as "command line: <account>". */
static Str actor_name(Ctx *c, Str stored)
{
    Str before = S("command line: ");
    return str_starts(stored, before)
        ? text_fmt(c->arena, c->lang, "audit.command_line", ARG_S("name", str_skip(stored, before.len))) : stored;
}

static Str edition_words(Ctx *c, int64_t id)
{
    EditionRow e;
    if (edition_load(c->db, c->arena, (EditionId){ id }, &e))
        return S("");
    return str_join(c->arena, (Str[]){ edition_title(&e, c->lang), text_fmt(c->arena, c->lang, "results.edition-n", ARG_N("number", e.number)) },
                    2, S(", "));
}

/* "Chuyên viên, thu.huong". */
static Str grant_words(Ctx *c, int64_t id)
{
    Grant  g;
    Person p;
    if (grant_load(c->db, c->arena, (GrantId){ id }, &g) || person_load(c->db, c->arena, g.person, &p))
        return S("");
    return str_join(c->arena, (Str[]){ role_name(c->lang, g.role), p.login }, 2, S(", "));
}

/* "Mẫu chọn: 12": what has no name of its own, or is gone. */
static Str object_number(Ctx *c, Str object)
{
    StrPair at   = str_cut(object, ':');
    Str     kind = text_find(c->lang, str_concat(c->arena, S("audit.object."), at.head));
    if (!kind.len)
        kind = text_find(c->lang, str_concat(c->arena, S("audit.noun."), at.head));
    return kind.len ? text_fmt(c->arena, c->lang, "audit.object.id", ARG_S("kind", kind), ARG_S("id", at.tail)) : object;
}

/* What a record is about by its name of today; by its kind and id when it is gone. */
static Str object_name(Ctx *c, Str object)
{
    StrPair at = str_cut(object, ':');
    int64_t id;
    Str     name = S("");
    Person  p    = { 0 };
    Round   r;
    FormRow f;
    if (!str_to_i64(at.tail, &id))
        return object;
    if (str_eq(at.head, S("person")) && !person_load(c->db, c->arena, (PersonId){ id }, &p))
        name = p.login;
    else if (str_eq(at.head, S("unit")))
        name = unit_place(c, (UnitId){ id });
    else if (str_eq(at.head, S("round")) && !round_load(c->db, c->arena, (RoundId){ id }, &r))
        name = round_title(&r, c->lang);
    else if (str_eq(at.head, S("form")) && !form_load(c->db, c->arena, (FormId){ id }, &f))
        name = str_join(c->arena, (Str[]){ f.title, f.version }, 2, S(", "));
    else if (str_eq(at.head, S("grant")))
        name = grant_words(c, id);
    else if (str_eq(at.head, S("edition")))
        name = edition_words(c, id);
    return name.len && !str_eq(name, S("–")) ? name : object_number(c, object);
}

static AuditFilter filter_read(Ctx *c, FieldReader read, AuditPage *p)
{
    AuditFilter f = { .from = DATE_NONE, .to = DATE_NONE };
    p->text       = f.text = str_take(read(c, "q"), 200);
    p->action     = f.action = str_take(read(c, "action"), 60);
    p->from       = read(c, "from");
    p->to         = read(c, "to");
    (void)date_loose(p->from, &f.from);
    (void)date_loose(p->to, &f.to);
    p->filtered = p->text.len || p->action.len || p->from.len || p->to.len;
    return f;
}

static Str older_address(Ctx *c, const AuditPage *p, int64_t before)
{
    return arena_fmt(c->arena, "/console/audit?q=%.*s&action=%.*s&from=%.*s&to=%.*s&before=%lld",
                     STR_ARG(url_encode(c->arena, p->text)), STR_ARG(url_encode(c->arena, p->action)),
                     STR_ARG(url_encode(c->arena, p->from)), STR_ARG(url_encode(c->arena, p->to)), (long long)before);
}

static Err audit_page(Ctx *c)
{
    AuditPage   p     = { .token = c->page.form_token };
    AuditFilter f     = filter_read(c, query_str, &p);
    AuditScope  scope = { 0 };
    AuditRows   rows  = { 0 };
    bool        more;
    f.before_seq      = query_int(c, "before", 0);
    TRY(scope_load(c, &scope));
    TRY(audit_seen(c, f, &scope, AUDIT_PAGE, &rows, &more));
    for (size_t i = 0; i < rows.len; i++) {
        const AuditRow *r = &rows.at[i];
        *list_add(c->arena, &p.lines) = (AuditLine){ .row = *r,
                                                     .unit = r->e.unit.v ? unit_place(c, r->e.unit) : S(""),
                                                     .action = action_name(c, r->e.action),
                                                     .actor = actor_name(c, r->e.actor_name),
                                                     .object = object_name(c, r->e.object),
                                                     .short_hash = str_take(r->hash, 8) };
    }
    p.whole = scope.whole;
    p.older = more && rows.len ? older_address(c, &p, rows.at[rows.len - 1].seq) : S("");
    Out o = page_begin(c, text_of(c->lang, "audit.title"));
    admin_audit_view(&o, &p);
    return page_end(c, &o);
}

static Err audit_verify_action(Ctx *c)
{
    AuditVerdict v = { 0 };
    TRY(audit_verify(c->db, c->arena, &v.count, &v.bad));
    TRY(audit_add(c, S("audit.verify"), S("audit"), v.count, (UnitId){ 0 },
                  arena_fmt(c->arena, "{\"bad\":%lld}", (long long)v.bad)));
    page_crumb(c, text_of(c->lang, "audit.title"), S("/console/audit"));
    page_crumb(c, text_of(c->lang, "audit.verify_title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "audit.verify_title"));
    admin_audit_verdict(&o, &v);
    return page_end(c, &o);
}

static void export_row(Buf *b, Arena scratch, const AuditRow *r)
{
    csv_num(b, r->seq);
    csv_field(b, time_iso(&scratch, r->e.at));
    csv_field(b, r->e.actor_name);
    csv_field(b, r->e.role);
    csv_field(b, r->e.action);
    csv_field(b, r->e.object);
    csv_field(b, r->e.unit.v ? arena_fmt(&scratch, "%lld", (long long)r->e.unit.v) : S(""));
    csv_field(b, r->e.address);
    csv_field(b, r->e.request);
    csv_field(b, r->e.failed ? S("failed") : S("done"));
    csv_field(b, r->e.detail);
    csv_field(b, r->hash);
    csv_end(b);
}

static Err audit_export_action(Ctx *c)
{
    AuditPage   p     = { 0 };
    AuditFilter f     = filter_read(c, form_str, &p);
    AuditScope  scope = { 0 };
    AuditRows   rows  = { 0 };
    bool        more;
    TRY(scope_load(c, &scope));
    TRY(audit_seen(c, f, &scope, AUDIT_EXPORT, &rows, &more));
    Buf b = buf_new(c->arena, 4096 + rows.len * 200);
    csv_bom(&b);
    buf_lit(&b, "seq,time,actor,role,action,object,unit,address,request,outcome,detail,hash\r\n");
    for (size_t i = 0; i < rows.len; i++)
        export_row(&b, *c->arena, &rows.at[i]);
    if (more) {
        csv_field(&b, text_fmt(c->arena, c->lang, "audit.export_cut", ARG_N("n", (int64_t)rows.len)));
        csv_end(&b);
    }
    TRY(audit_add(c, S("audit.export"), S("audit"), (int64_t)rows.len, (UnitId){ 0 }, S("")));
    return answer_file(c, S("text/csv; charset=utf-8"),
                       arena_fmt(c->arena, "audit-%.*s.csv", STR_ARG(date_iso(c->arena, c->today))), buf_str(&b));
}

const Route admin_audit_routes[] = {
    { GET,  "/audit",        RIGHT_AUDIT_READ, audit_page,          0 },
    { POST, "/audit/verify", RIGHT_AUDIT_READ, audit_verify_action, 0 },
    { POST, "/audit/export", RIGHT_AUDIT_READ, audit_export_action, ROUTE_CONFIRM },
    { 0 },
};
