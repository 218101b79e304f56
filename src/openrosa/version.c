/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Versions of questionnaires as phones get them, and which files an answer to one mentions. */
#include "openrosa/parts.h"

/* ---- What a hash covers: written once at publication, kept for ever ---------------------------------------------- */
static Err version_fill(Ctx *c, FieldVersion *v)
{
    TRY(form_xform_row(c->db, c->arena, v->row.id, &v->xform));
    v->md5 = str_hex(c->arena, v->xform.md5.at, sizeof v->xform.md5.at);
    return form_file_list(c->db, c->arena, v->row.id, &v->files);
}

/* ---- Which ------------------------------------------------------------------------------------------------------ */
static bool has_form(const Caller *caller, Str form_id, FormId id, bool *out_used)
{
    bool found = false;
    for (size_t i = 0; i < caller->rounds.len; i++) {
        found |= str_eq(caller->rounds.at[i].form_id, form_id);
        *out_used |= caller->rounds.at[i].round.form.v == id.v;
    }
    return found;
}

static bool listed(const FieldVersions *list, Str form_id)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].row.form_id, form_id))
            return true;
    return false;
}

/* A questionnaire stands in the list as long as one of its rounds is open or to come. */
static bool wanted(Ctx *c, const Caller *caller, Str form_id)
{
    for (size_t i = 0; i < caller->rounds.len; i++) {
        const Round *r     = &caller->rounds.at[i].round;
        RoundState   state = round_state_at(r, c->now);
        if (str_eq(caller->rounds.at[i].form_id, form_id) && (state == ROUND_OPEN || state == ROUND_PAUSED || (state == ROUND_DRAFT && r->state == ROUND_OPEN)))
            return true;
    }
    return false;
}

Err field_versions(Ctx *c, const Caller *caller, Str form_id, bool all, FieldVersions *out)
{
    FormRows      rows;
    FieldVersions list = { 0 };
    TRY(form_list(c->db, c->arena, &rows));                     /* newest first */
    for (size_t i = 0; i < rows.len; i++) {
        const FormRow *row  = &rows.at[i];
        bool           used = false;
        if ((form_id.len && !str_eq(row->form_id, form_id)) || !has_form(caller, row->form_id, row->id, &used) || !wanted(c, caller, row->form_id))
            continue;
        if ((!used && !str_eq(row->state, form_state_code(FORM_PUBLISHED))) || (!all && listed(&list, row->form_id)))
            continue;
        bool taken;
        TRY(form_takes(c->db, c->store, c->arena, row->id, FORM_FIELD, &taken));
        if (!taken)                                   /* td_channels names others */
            continue;
        FieldVersion v = { .row = *row };
        Err          e = version_fill(c, &v);
        if (err_is(e, ERR_NOT_FOUND))                 /* published by an older program: it is made at the next start */
            continue;
        TRY(e);
        *list_add(c->arena, &list) = v;
    }
    *out = list;
    return OK;
}

Err field_version_row(Ctx *c, const Caller *caller, Str form_id, Str version, FormRow *out)
{
    FormRow row;
    bool    used = false;
    if (!version.len || !has_form(caller, form_id, (FormId){ 0 }, &used))
        return err_new(c->arena, ERR_NOT_FOUND, S("version"));
    TRY(form_by_key(c->db, c->arena, form_id, version, &row));
    if (str_eq(row.state, form_state_code(FORM_DRAFT)))
        return err_new(c->arena, ERR_NOT_FOUND, S("version"));
    *out = row;
    return OK;
}

Err field_version(Ctx *c, const Caller *caller, Str form_id, Str version, FieldVersion *out)
{
    FieldVersion v = { 0 };
    TRY(field_version_row(c, caller, form_id, version, &v.row));
    TRY(version_fill(c, &v));
    *out = v;
    return OK;
}

/* ---- Files that answers mention ------------------------------------------------------------------------------------- */
static bool takes_file(QuestionType t)
{
    return t == Q_IMAGE || t == Q_AUDIO || t == Q_VIDEO || t == Q_FILE || t == Q_AUDIT;
}

Str field_node_path(Arena *a, const FormProgram *p, int node)
{
    Str path = S("");
    if (p->nodes.at[node].type == Q_AUDIT)
        return S("/meta/audit");
    for (int i = node; i >= 0; i = p->nodes.at[i].parent)   /* innermost first */
        path = arena_fmt(a, "/%.*s%.*s", STR_ARG(p->nodes.at[i].leaf), STR_ARG(path));
    return path;
}

static void add_named(Arena *a, Str text, StrList *out)
{
    Str name = field_file_name(a, text);
    for (size_t i = 0; i < out->len; i++)
        if (str_eq(out->at[i], name))
            return;
    *list_add(a, out) = name;
}

void named_files(Arena *a, const FormProgram *p, const Instance *in, StrList *out)
{
    StrList names = { 0 }, paths = { 0 };
    if (in->encrypted) {
        *list_add(a, &paths) = S("/encryptedXmlFile");
        *list_add(a, &paths) = S("/media/file");
    }
    for (size_t i = 0; i < p->nodes.len && !in->encrypted; i++)
        if (takes_file(p->nodes.at[i].type))
            *list_add(a, &paths) = field_node_path(a, p, (int)i);
    for (size_t i = 0; i < in->leaves.len; i++)
        for (size_t k = 0; k < paths.len; k++)
            if (str_eq(in->leaves.at[i].path, paths.at[k]))
                add_named(a, in->leaves.at[i].text, &names);
    *out = names;
}
