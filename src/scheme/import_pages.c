/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Bringing a scheme in from a file: faults by row, preview with what changes, confirmation. The bytes wait among the files
 * until the next tidying. */
#include "scheme/console.h"

#include "base/embed.h"
#include "collect/collect.h"

#include "schemes_import.html.h"

#include <math.h>

static const char *const shipped[] = { "par-province-demo", "par-ministry-demo", "par-department-demo", "par-commune-demo", "nd61-2018" };

/* The scheme that the path names, or none: a new one. */
static Err target_of(Ctx *c, SchemeImportView *v, SchemeRow *row)
{
    v->token  = c->page.form_token;
    v->action = S("/console/schemes/new");
    v->confirm = S("/console/schemes/confirm");
    v->back_href = S("/console/schemes");
    if (!path_int(c, "id"))
        return OK;
    TRY(scheme_of_path(c, RIGHT_INDEX_MANAGE, row));
    v->row     = row;
    v->locked  = row->locked_at.ms != 0;
    v->back_href = scheme_base(c, row->id);
    v->action  = str_concat(c->arena, v->back_href, S("/import"));
    v->confirm = str_concat(c->arena, v->back_href, S("/confirm"));
    return OK;
}

static Err import_view(Ctx *c, SchemeImportView *v, UnitId owner, int status)
{
    Str title = v->preview ? text_of(c->lang, "scheme.import.preview")
                : v->row   ? text_of(c->lang, "scheme.import.again") : text_of(c->lang, "scheme.import.new");
    if (!v->row && !v->preview)
        TRY(owner_choices(c, RIGHT_INDEX_MANAGE, owner, &v->owners));
    if (v->owners.len && !owner.v)
        v->owners.at[0].chosen = true;
    for (size_t i = 0; i < COUNT_OF(shipped); i++)
        *list_add(c->arena, &v->examples) = (TabItem){ .label = text_find(c->lang, arena_fmt(c->arena, "scheme.example.%s", shipped[i])),
            .href = arena_fmt(c->arena, "/console/schemes/example.xlsx?name=%s", shipped[i]) };
    c->page.error = v->errors.len > 0;
    scheme_crumbs(c, v->row, title);
    Out o = page_begin(c, title);
    schemes_import_view(&o, v);
    return page_end_status(c, &o, status);
}

Err scheme_import_page(Ctx *c)
{
    SchemeImportView v = { 0 };
    SchemeRow        row;
    TRY(target_of(c, &v, &row));
    return import_view(c, &v, (UnitId){ 0 }, 200);
}

/* Reads the file into v; false: its faults are in v. */
static bool file_of(Ctx *c, SchemeImportView *v, Str bytes, Scheme *s)
{
    SchemeFaults faults = { 0 };
    bool         good   = scheme_file_read(c->arena, scheme_work(c), bytes, s, &faults);
    if (good && !s->code.len) {
        scheme_fault(c->arena, &faults, (SchemeFault){ .kind = SCHEME_FAULT_ABSENT, .column = text_of(c->lang, "scheme.about.code") });
        good = false;
    }
    v->fault_count = (int64_t)faults.all;
    for (size_t i = 0; i < faults.len; i++)
        *list_add(c->arena, &v->faults) = (SchemeFaultLine){ faults.at[i].row ? num_text(c->arena, c->lang, faults.at[i].row) : S("–"),
            scheme_fault_column(c->lang, &faults.at[i]), scheme_fault_text(c->arena, c->lang, &faults.at[i]) };
    if (!good)
        field_error(c, &v->errors, S("file"), text_fmt(c->arena, c->lang, "scheme.import.bad", ARG_N("n", v->fault_count)));
    return good;
}

static Err preview(Ctx *c, SchemeImportView *v, const Scheme *s, int status)
{
    v->preview = true;
    v->s       = s;
    v->points  = scheme_num(c->arena, (SchemeWords){ .lang = c->lang }, s->max);
    scheme_tree_fill(c, s, S(""), &v->tree);
    if (v->row) {
        Scheme       before;
        SchemeFaults faults = { 0 };               /* of one with faults nothing is compared: this file mends it */
        TRY(scheme_definition_read(c->db, c->arena, scheme_work(c), v->row->id, 0, &before, &faults));
        if (!faults.len)
            scheme_changes(c->arena, c->lang, &before, s, &v->changes);
    }
    return import_view(c, v, (UnitId){ 0 }, status);
}

Err scheme_import_action(Ctx *c)
{
    SchemeImportView v = { 0 };
    SchemeRow        row;
    Scheme           s;
    Sha256           sum;
    int64_t          owner = 0;
    TRY(target_of(c, &v, &row));
    const HttpPart *part = form_file(c, "file");
    str_to_i64(form_str(c, "owner"), &owner);
    if (!v.row && (!owner || !right_has(c, RIGHT_INDEX_MANAGE, (UnitId){ owner })))
        field_error(c, &v.errors, S("owner"), text_of(c->lang, "scheme.import.owner.error"));
    if (!part || !part->size)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "scheme.import.file.missing"));
    else if (part->size > SCHEME_BYTES)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "scheme.import.file.large"));
    if (v.errors.len)
        return import_view(c, &v, (UnitId){ owner }, 422);
    Str bytes = part_bytes(c->arena, part);
    if (!file_of(c, &v, bytes, &s))
        return import_view(c, &v, (UnitId){ owner }, 422);
    TRY(files_save(c->store, c->arena, bytes, &sum));
    TRY(file_for_now(c->db, &sum));
    v.sha   = str_hex(c->arena, sum.at, sizeof sum.at);
    v.owner = arena_fmt(c->arena, "%lld", (long long)owner);
    if (!text_clean(c->arena, str_take(part->file_name, 200), &v.file_name))
        v.file_name = S("");
    return preview(c, &v, &s, 200);
}

/* What waits among the files, by the hash that the preview sent. */
static Err waiting_of(Ctx *c, SchemeImportView *v, Str *out)
{
    Sha256 sum;
    v->sha   = form_str(c, "sha");
    v->owner = form_str(c, "owner");
    if (!str_unhex(v->sha, sum.at, sizeof sum.at))
        return err_new(c->arena, ERR_INVALID, S("sha is 64 digits"));
    return files_load(c->store, c->arena, sum, out);
}

Err scheme_kept_audit(Ctx *c, const SchemeRow *row, bool fresh, Str reason)
{
    Buf detail = buf_new(c->arena, 256);
    buf_lit(&detail, "{\"code\":");
    buf_json_str(&detail, row->code);
    buf_fmt(&detail, ",\"version\":%lld,\"reason\":", (long long)row->version);
    buf_json_str(&detail, reason);
    buf_byte(&detail, '}');
    return audit_add(c, fresh ? S("scheme.create") : S("scheme.change"), S("scheme"), row->id.v, row->unit, buf_str(&detail));
}

Err scheme_confirm_action(Ctx *c)
{
    SchemeImportView v = { .reason = form_str(c, "reason") };
    SchemeRow        row = { 0 };
    Scheme           s;
    Str              bytes;
    int64_t          owner = 0;
    TRY(target_of(c, &v, &row));
    Err  e    = waiting_of(c, &v, &bytes);
    bool gone = err_is(e, ERR_NOT_FOUND);
    if (!gone)
        TRY(e);
    str_to_i64(v.owner, &owner);
    if (!v.row)
        row.unit.v = owner;
    TRY(right_need(c, RIGHT_INDEX_MANAGE, row.unit));
    if (gone)
        field_error(c, &v.errors, S("file"), text_of(c->lang, "scheme.import.file.gone"));
    if (gone || !file_of(c, &v, bytes, &s))
        return import_view(c, &v, (UnitId){ owner }, 422);
    if (v.locked && !v.reason.len) {
        field_error(c, &v.errors, S("reason"), text_of(c->lang, "scheme.import.reason.missing"));
        return preview(c, &v, &s, 422);
    }
    bool fresh  = !v.row;
    row.made_by = c->session.person;
    row.made_at = c->now;
    e = scheme_save(c->db, c->arena, &s, v.reason, &row);
    if (err_is(e, ERR_CONFLICT)) {
        row.version -= 1;
        field_error(c, &v.errors, S("file"), text_fmt(c->arena, c->lang, "scheme.import.taken", ARG_S("code", s.code)));
        return import_view(c, &v, (UnitId){ owner }, 422);
    }
    TRY(e);
    TRY(scheme_kept_audit(c, &row, fresh, v.reason));
    return redirect_notice(c, scheme_base(c, row.id), NOTICE_OK, fresh ? text_of(c->lang, "scheme.import.done") : text_of(c->lang, "scheme.import.changed"));
}

/* ---- Template and examples --------------------------------------------------------------------------------------------- */

static Err shipped_file(Ctx *c, Str name, Str file_name)
{
    Scheme       s;
    SchemeFaults faults = { 0 };
    Str          bytes  = S(""), out;
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name))
            bytes = data_files[i].bytes;
    if (!bytes.len || !scheme_file_read(c->arena, scheme_work(c), bytes, &s, &faults))
        return err_new(c->arena, ERR_NOT_FOUND, S("no such example"));
    TRY(scheme_file_xlsx(c->arena, c->lang, &s, &out));
    return answer_file(c, S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), file_name, out);
}

Err scheme_template_file(Ctx *c)
{
    return shipped_file(c, S("schemes/template/mau.csv"), S("bo-tieu-chi-mau.xlsx"));
}

Err scheme_example_file(Ctx *c)
{
    Str name = query_str(c, "name");
    for (size_t i = 0; i < COUNT_OF(shipped); i++)
        if (!name.len || str_eq(name, str_from_c(shipped[i])))
            return shipped_file(c, arena_fmt(c->arena, "schemes/%s.csv", shipped[i]), arena_fmt(c->arena, "%s.xlsx", shipped[i]));
    return err_new(c->arena, ERR_NOT_FOUND, S("no such example"));
}
