/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A file of events sent by hand, for agencies whose system sends nothing: what was taken, what was known already, what is wrong row by
 * row; its template. */
#include "service/pages.h"
#include "service/parts.h"

#include "service_files.html.h"

enum { FILE_MOST = 8 << 20 };

static Err files_view(Ctx *c, EventFileView *v, int status)
{
    v->token         = c->page.form_token;
    v->action        = site_path(c, S("/console/service/files"));
    v->template_href = site_path(c, S("/console/service/files/template.csv"));
    c->page.error    = v->errors.len > 0;
    TRY(owner_choices(c, RIGHT_SERVICE_MANAGE, (UnitId){ v->unit }, &v->units));
    Out o = page_begin(c, text_of(c->lang, "service.files.title"));
    page_crumb(c, text_of(c->lang, "service.tokens.title"), S("/console/service/tokens"));
    page_crumb(c, c->page.title, S(""));
    service_files_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err files_page(Ctx *c)
{
    return files_view(c, &(EventFileView){ 0 }, 200);
}

static Err template_file(Ctx *c)
{
    Buf b = buf_new(c->arena, 1024);
    events_csv_template(c->lang, &b);
    return answer_file(c, S("text/csv; charset=utf-8"), S("su-kien-mau.csv"), buf_str(&b));
}

static Err take_all(Ctx *c, EventsCsv *csv, UnitId unit, ServiceImport *done)
{
    AUTO(arena_close) Arena work = arena_open((size_t)1 << 28);
    uint8_t key[32];
    app_key(c->app, SERVICE_FILE_KEY, key);
    for (bool more = true; more;) {
        TRY(service_import_some(c->db, c->arena, &work, csv, unit, key, c->today, done, &more));
        arena_reset(&work, (size_t)1 << 22);
    }
    return OK;
}

static Err files_action(Ctx *c)
{
    EventFileView   v    = { 0 };
    const HttpPart *part = form_file(c, "file");
    EventsCsv      *csv;
    Str             why, name;
    if (!str_to_i64(form_str(c, "unit"), &v.unit) || v.unit <= 0 || !right_has(c, RIGHT_SERVICE_MANAGE, (UnitId){ v.unit }))
        field_error(c, &v.errors, S("unit"), text_of(c->lang, "service.fault.owner"));
    if (!part || !part->size)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "service.file.none"));
    else if (part->size > FILE_MOST)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "service.file.large"));
    if (v.errors.len)
        return files_view(c, &v, 422);
    Str bytes = part_bytes(c->arena, part);
    if (!service_csv_open(c->arena, c->lang, bytes, &csv, &why)) {
        field_error(c, &v.errors, S("file"), why);
        return files_view(c, &v, 422);
    }
    TRY(take_all(c, csv, (UnitId){ v.unit }, &v.done));
    if (service_csv_refused(c->arena, c->lang, csv, &why))
        v.broken = why;                                      /* rows before the place that is broken are taken; sent again they are known */
    if (!text_clean(c->arena, str_take(part->file_name, 200), &name))
        name = S("");
    TRY(audit_add(c, S("service_file.send"), S("unit"), v.unit, (UnitId){ v.unit }, service_import_json(c->arena, &v.done, name, bytes)));
    v.sent = true;
    v.name = name;
    v.unit_name = unit_name_today(c, (UnitId){ v.unit });
    return files_view(c, &v, 200);
}

const Route service_file_routes[] = {
    { GET,  "/service/files",              RIGHT_SERVICE_MANAGE, files_page,    0 },
    { POST, "/service/files",              RIGHT_SERVICE_MANAGE, files_action,  ROUTE_UPLOAD },
    { GET,  "/service/files/template.csv", RIGHT_SERVICE_MANAGE, template_file, 0 },
    { 0 },
};
