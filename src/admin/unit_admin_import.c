/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Unit lists from CSV: template, upload, a preview of every change or a list of what to mend, and carrying it out. */
#include "admin/unit_admin_pages.h"
#include "unit_admin_import.html.h"

Err unit_template_page(Ctx *c)
{
    return answer_file(c, S("text/csv; charset=utf-8"), text_of(c->lang, "unit.import.template_name"),
                       unit_import_template(c->arena, c->lang));
}

static Err import_show(Ctx *c, UnitImportPage *p, int status)
{
    p->template_href = S("/console/units/template.csv");
    p->export_href   = S("/units.csv");
    p->act.title     = text_fmt(c->arena, c->lang, "unit.import.title", ARG_S("unit", p->act.u.full_name_vi));
    unit_crumbs(c, &p->act);
    Out o = page_begin(c, p->act.title);
    unit_import_view(&o, p);
    return page_end_status(c, &o, status);
}

Err unit_import_page(Ctx *c)
{
    UnitImportPage p = { 0 };
    TRY(unit_act_open(c, true, &p.act));
    return import_show(c, &p, 200);
}

Err unit_import_upload(Ctx *c)
{
    UnitImportPage p = { 0 };
    TRY(unit_act_open(c, true, &p.act));
    const HttpPart *part = form_file(c, "list");
    if (!part || !part->size) p.file_error = text_of(c->lang, "unit.import.no_file");
    else if (part->size > UNIT_IMPORT_BYTES)
        p.file_error = text_fmt(c->arena, c->lang, "unit.import.too_large", ARG_N("n", UNIT_IMPORT_BYTES >> 20));
    if (p.file_error.len) {
        field_error(c, &p.act.errors, S("list"), p.file_error);
        return import_show(c, &p, 422);
    }
    Str name = S("");
    if (!text_clean(c->arena, str_take(part->file_name, 200), &name)) name = S("");
    UnitUpload u = { .made_at = c->now,
                     .person = c->session.person,
                     .file_name = name,
                     .body = part_bytes(c->arena, part),
                     .scope = p.act.u.id };
    TRY(unit_upload_save(c->db, &u));
    return redirect(c, arena_fmt(c->arena, "/console/units/imports/%lld", (long long)u.id));
}

/* ---- Preview ------------------------------------------------------------------------------------------------ */
static const struct { Str key; TagKind tag; } acts[UNIT_IMPORT_ACTS] = {
    [UNIT_IMPORT_CREATE] = { S_INIT("unit.import.act.create"), TAG_OK },
    [UNIT_IMPORT_CHANGE] = { S_INIT("unit.import.act.change"), TAG_INFO },
    [UNIT_IMPORT_MERGE] = { S_INIT("unit.import.act.merge"), TAG_WARN },
    [UNIT_IMPORT_END] = { S_INIT("unit.import.act.end"), TAG_BAD },
    [UNIT_IMPORT_SAME] = { S_INIT("unit.import.act.same"), TAG_OFF },
};

static Str diff_text(Ctx *c, const UnitImportItem *i, const UnitImportDiff *d)
{
    Str what = text_find(c->lang, str_concat(c->arena, S("unit.import.field."), d->what));
    if (i->act == UNIT_IMPORT_MERGE) return d->before;
    if (!d->before.len || i->act == UNIT_IMPORT_CREATE) return str_join(c->arena, (Str[]){ what, d->after }, 2, S(": "));
    Str change = str_join(
        c->arena, (Str[]){ d->before, d->after.len ? d->after : text_of(c->lang, "unit.preview.empty") }, 2, S(" → "));
    return str_join(c->arena, (Str[]){ what, change }, 2, S(": "));
}

static void import_lines(Ctx *c, UnitImportPage *p, const UnitImport *im)
{
    memcpy(p->counts, im->count, sizeof p->counts);
    for (size_t i = 0; i < im->items.len; i++) {
        const UnitImportItem *item = &im->items.at[i];
        if (item->act == UNIT_IMPORT_SAME) continue;             /* counted, not listed */
        UnitImportLine *l = list_add(c->arena, &p->lines);
        *l = (UnitImportLine){ .line = item->line,
                               .tag_kind = acts[item->act].tag,
                               .act = text_find(c->lang, acts[item->act].key),
                               .name = item->name,
                               .kind = unit_kind_text(item->kind, c->lang),
                               .code = item->code,
                               .on = date_text(c->arena, c->lang, item->on) };
        for (size_t d = 0; d < item->diffs.len; d++)
            *list_add(c->arena, &l->diffs) = diff_text(c, item, &item->diffs.at[d]);
    }
    for (size_t i = 0; i < im->plan.faults.len; i++) {
        const UnitFault *f = &im->plan.faults.at[i];
        Str name = f->field;
        for (int k = 0; k < UNIT_COLUMN_COUNT; k++)
            if (str_eq(name, unit_column_name((UnitColumn)k, LANG_EN))) name = unit_column_name((UnitColumn)k, c->lang);
        *list_add(c->arena, &p->faults) =
            (UnitImportFaultLine){ f->line, f->column, name, unit_fault_text(c->arena, c->lang, f) };
    }
    p->more_faults = im->more_faults;
}

static Err import_open(Ctx *c, UnitImportPage *p, UnitUpload *u)
{
    TRY(unit_upload_load(c->db, c->arena, path_int(c, "id"), u));
    TRY(right_need(c, RIGHT_UNIT_MANAGE, u->scope));
    TRY(unit_load(c->db, c->arena, u->scope, c->today, &p->act.u));
    p->act.back   = unit_console_href(c, u->scope);
    p->act.action = c->req->path;
    p->act.token  = c->page.form_token;
    p->act.title = text_fmt(c->arena, c->lang, "unit.import.preview_title",
                            ARG_S("file", u->file_name.len ? u->file_name : S("CSV")));
    p->file_name  = u->file_name;
    p->applied    = u->applied_at.ms != 0;
    return OK;
}

static Err preview_show(Ctx *c, UnitImportPage *p, int status)
{
    unit_crumbs(c, &p->act);
    Out o = page_begin(c, p->act.title);
    unit_import_preview_view(&o, p);
    return page_end_status(c, &o, status);
}

Err unit_import_preview(Ctx *c)
{
    UnitImportPage p = { 0 };
    UnitUpload     u;
    UnitImport     im = { 0 };
    TRY(import_open(c, &p, &u));
    if (!p.applied) TRY(unit_import_try(c->db, c->arena, u.body, u.scope, &im));
    import_lines(c, &p, &im);
    return preview_show(c, &p, p.faults.len ? 422 : 200);
}

/* What the person confirmed is tried again: if the units were changed meanwhile, faults are shown instead. */
Err unit_import_apply(Ctx *c)
{
    UnitImportPage p = { 0 };
    UnitUpload     u;
    UnitImport     im = { 0 };
    TRY(import_open(c, &p, &u));
    if (p.applied) return redirect_notice(c, p.act.back, NOTICE_INFO, text_of(c->lang, "unit.import.was_applied"));
    TRY(unit_plan_lock(c->db));
    TRY(unit_import_try(c->db, c->arena, u.body, u.scope, &im));
    if (im.plan.faults.len) {
        import_lines(c, &p, &im);
        return preview_show(c, &p, 422);
    }
    TRY(unit_plan_save(c->db, &im.plan));
    TRY(unit_upload_applied(c->db, u.id, c->now));
    Buf detail = buf_new(c->arena, 256);
    buf_lit(&detail, "{\"file\":");
    buf_json_str(&detail, u.file_name);
    buf_fmt(&detail, ",\"list\":\"%lld\",\"created\":%lld,\"changed\":%lld,\"merged\":%lld,\"ended\":%lld}",
            (long long)u.id, (long long)im.count[UNIT_IMPORT_CREATE], (long long)im.count[UNIT_IMPORT_CHANGE],
            (long long)im.count[UNIT_IMPORT_MERGE], (long long)im.count[UNIT_IMPORT_END]);
    TRY(audit_add(c, S("unit.import"), S("unit"), u.scope.v, u.scope, buf_str(&detail)));
    return redirect_notice(c, p.act.back, NOTICE_OK, text_of(c->lang, "unit.import.done"));
}
