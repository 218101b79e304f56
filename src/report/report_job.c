/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A report made in the background: the bytes first, then row, audit record and outcome at once. */
#include "report/console.h"

#include "base/json.h"

static const struct { const char *name; size_t at; } words[] = {
    { "kind", offsetof(ReportForm, kind) },         { "province", offsetof(ReportForm, province) }, { "lang", offsetof(ReportForm, lang) },
    { "format", offsetof(ReportForm, format) },     { "superior", offsetof(ReportForm, superior) }, { "agency", offsetof(ReportForm, agency) },
    { "number", offsetof(ReportForm, number) },     { "place", offsetof(ReportForm, place) },       { "office", offsetof(ReportForm, office) },
    { "name", offsetof(ReportForm, name) },         { "to", offsetof(ReportForm, to) },
};

Str asked_args(Arena *a, const ReportForm *f)
{
    Buf b = buf_new(a, 512);
    buf_fmt(&b, "{\"edition\":%lld,\"unit\":%lld,\"day\":\"%.*s\"", (long long)f->edition, (long long)f->unit,
            STR_ARG(date_iso(a, f->day)));
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        buf_fmt(&b, ",\"%s\":", words[i].name);
        buf_json_str(&b, *(const Str *)(const void *)((const char *)f + words[i].at));
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

bool asked_from_args(const Json *args, ReportForm *f)
{
    Str day = S("");
    *f = (ReportForm){ 0 };
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (!json_str(json_get(args, str_from_c(words[i].name)), (Str *)(void *)((char *)f + words[i].at)))
            return false;
    return json_int(json_get(args, S("edition")), &f->edition) && json_int(json_get(args, S("unit")), &f->unit) &&
           json_str(json_get(args, S("day")), &day) && date_parse(day, &f->day);
}

void asked_order(Arena *a, const ReportForm *f, const AppInfo *app, Time now, ReportOrder *out)
{
    *out = (ReportOrder){ .province = f->province, .site = app->public_url, .now = now };
    while (str_ends(out->site, S("/")))
        out->site = str_take(out->site, out->site.len - 1);
    report_kind_parse(f->kind, &out->kind);
    lang_parse(f->lang, &out->lang);
    out->head = (ReportHead){ .superior = f->superior, .agency = f->agency, .number = f->number, .place = f->place,
                              .on = date_is_none(f->day) ? date_of(now) : f->day, .draft = f->number.len == 0 };
    out->sign = (ReportSign){ .office = f->office, .name = f->name };
    for (Str rest = f->to; rest.len;) {
        StrPair line = str_cut(rest, '\n');
        Str     one  = str_trim(line.head);
        if (one.len)
            *list_add(a, &out->sign.to) = one;
        rest = line.tail;
    }
}

bool made_is_archive(const MadeReport *r)
{
    return str_eq(r->province, S("all"));
}

static const Str kind_keys[REPORT_KIND_COUNT] = { S_INIT("report.kind.year"), S_INIT("report.kind.province"), S_INIT("report.kind.press"),
                                                  S_INIT("report.kind.infographic"), S_INIT("report.kind.book") };

Str made_kind(Lang l, const MadeReport *r)
{
    return r->template_id ? r->template_title : text_find(l, kind_keys[r->kind]);
}

Str made_file_name(Arena *a, const MadeReport *r)
{
    Str dash = r->province.len ? str_concat(a, S("-"), r->province) : S("");
    Str kind = r->template_id ? str_take(text_slug(a, r->template_title), 60) : report_kind_code(r->kind);
    return arena_fmt(a, "%.*s-%d-%.*s%.*s.%.*s%s", STR_ARG(r->round_code), r->number, STR_ARG(kind), STR_ARG(dash),
                     STR_ARG(report_format_code(r->format)), made_is_archive(r) ? ".zip" : "");
}

/* The newest version at the time of making; the row keeps which. */
static Err fill_from(JobRun *run, MadeReport *row, ReportOrder *order)
{
    KeptTemplate t;
    TRY(kept_load(run->db, run->arena, row->template_id, 0, &t));
    row->version        = t.version;
    row->template_title = t.title;
    order->kind         = row->province.len ? REPORT_PROVINCE : REPORT_YEAR;
    return kept_template(run->store, run->arena, &t, &order->form);
}

/* In a read transaction. */
static Err make_bytes(JobRun *run, const ReportForm *f, MadeReport *row, Str *out)
{
    EditionRow    e;
    ReportSource *s;
    ReportOrder   order;
    asked_order(run->arena, f, run->app, row->at, &order);
    if (row->template_id)
        TRY(fill_from(run, row, &order));
    TRY(edition_load(run->db, run->arena, row->edition, &e));
    TRY(report_source(run->db, run->store, run->arena, &e, &s));
    if (made_is_archive(row))
        return report_each_province(run->arena, s, &order, row->format, out);
    return report_file(run->arena, s, &order, row->format, out);
}

static Err save(JobRun *run, const MadeReport *row)
{
    Str kind = row->template_id ? S("template") : report_kind_code(row->kind);
    TRY(db_begin_write(run->db));
    TRY(made_insert(run->db, row));
    TRY(job_audit(run, S("report.make"), S("report"), row->id, row->unit,
                  arena_fmt(run->arena, "{\"kind\":\"%.*s\",\"format\":\"%.*s\",\"sha256\":\"%.*s\"}", STR_ARG(kind),
                            STR_ARG(report_format_code(row->format)), STR_ARG(row->sha256))));
    TRY(job_done(run, arena_fmt(run->arena, "/console/reports/%lld", (long long)row->id)));
    return db_commit(run->db);
}

static Err make(JobRun *run)
{
    ReportForm f;
    Str        bytes;
    Sha256     sum;
    if (!asked_from_args(run->args, &f))
        return err_new(run->arena, ERR_INVALID, S("a report without its order"));
    MadeReport row = { .id = id_new(), .unit = { f.unit }, .edition = { f.edition }, .province = f.province,
                       .draft = f.number.len == 0, .by = run->job->owner, .by_name = job_owner_name(run->db, run->arena, run->job), .at = time_now() };
    bool known = kept_parse(f.kind, &row.template_id) || report_kind_parse(f.kind, &row.kind);
    if (!known || !lang_parse(f.lang, &row.lang) || !report_format_parse(f.format, &row.format) || row.format == REPORT_HTML)
        return err_new(run->arena, ERR_INVALID, S("a report of no known kind"));
    TRY(db_begin_read(run->db));
    Err e = make_bytes(run, &f, &row, &bytes);
    db_rollback(run->db);
    if (e && job_halted())
        return job_halt(run);
    TRY(e);
    TRY(files_save(run->store, run->arena, bytes, &sum));
    row.sha256 = str_hex(run->arena, sum.at, sizeof sum.at);
    row.size   = (int64_t)bytes.len;
    return job_halted() ? job_halt(run) : save(run, &row);
}

const JobKind report_make_job = { "report.make", RIGHT_ROUND_MANAGE, make, .tells = true };
