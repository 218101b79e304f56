/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What phones fetch: the list of questionnaires, one questionnaire, the list of its files. Collect gives up a whole list
 * when one entry lacks a field, so every field is always written. */
#include "base/xml.h"
#include "openrosa/parts.h"

/* A name as one segment of an address: what a path cannot hold travels as hex digits behind '~'. */
static Str segment(Arena *a, Str name)
{
    bool plain = name.len && name.at[0] != '~' && !str_eq(name, S(".")) && !str_eq(name, S(".."));
    for (size_t i = 0; i < name.len; i++)
        plain &= name.at[i] != '/' && name.at[i] != '\\' && (unsigned char)name.at[i] >= 0x20 && name.at[i] != 0x7F;
    return plain ? url_encode(a, name) : str_concat(a, S("~"), str_hex(a, name.at, name.len));
}

static Str segment_name(Arena *a, Str segment)
{
    size_t n  = segment.len / 2;
    char  *at = arena_take(a, n + 1, 1, 1);
    return segment.len && segment.at[0] == '~' && str_unhex(str_skip(segment, 1), at, n) ? (Str){ at, n } : segment;
}

static Str version_address(Ctx *c, const Caller *caller, const FieldVersion *v)
{
    return arena_fmt(c->arena, "%.*s/forms/%.*s/%.*s", STR_ARG(caller->base), STR_ARG(segment(c->arena, v->row.form_id)),
                     STR_ARG(segment(c->arena, v->row.version)));
}

static void element(Buf *b, const char *name, Str text)
{
    buf_fmt(b, "<%s>", name);
    xml_add_text(b, text);
    buf_fmt(b, "</%s>", name);
}

static void list_entry(Ctx *c, Buf *b, const Caller *caller, const FieldVersion *v, bool verbose)
{
    Str address = version_address(c, caller, v);
    buf_lit(b, "<xform>");
    element(b, "formID", v->row.form_id);
    element(b, "name", v->row.title);
    element(b, "version", v->row.version);
    element(b, "hash", str_concat(c->arena, S("md5:"), v->md5));
    if (verbose)
        element(b, "descriptionText", v->row.title);
    element(b, "downloadUrl", arena_fmt(c->arena, "%.*s/%.*s.xml", STR_ARG(address), STR_ARG(v->md5)));
    if (v->files.len)
        element(b, "manifestUrl", str_concat(c->arena, address, S("/manifest")));
    buf_lit(b, "</xform>");
}

static Err form_list_file(Ctx *c)
{
    Caller        caller;
    bool          allowed, verbose = str_eq(query_str(c, "verbose"), S("true"));
    FieldVersions list;
    TRY(caller_load(c, &caller, &allowed));
    if (!allowed)
        return OK;
    TRY(field_versions(c, &caller, query_str(c, "formID"), str_eq(query_str(c, "listAllVersions"), S("true")), &list));
    Buf b = buf_new(c->arena, 4096);
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xforms xmlns=\"http://openrosa.org/xforms/xformsList\">");
    for (size_t i = 0; i < list.len; i++)
        list_entry(c, &b, &caller, &list.at[i], verbose);
    buf_lit(&b, "</xforms>\n");
    return field_xml(c, 200, buf_str(&b));
}

static Err asked_version(Ctx *c, Caller *caller, FieldVersion *out, bool *out_allowed)
{
    TRY(caller_load(c, caller, out_allowed));
    if (!*out_allowed)
        return OK;
    return field_version(c, caller, segment_name(c->arena, path_str(c, "form")), segment_name(c->arena, path_str(c, "version")), out);
}

static Err xform_file(Ctx *c)
{
    Caller       caller;
    FieldVersion v;
    bool         allowed;
    TRY(asked_version(c, &caller, &v, &allowed));
    if (!allowed)
        return OK;
    if (!str_eq(path_str(c, "md5"), v.md5))
        return err_new(c->arena, ERR_NOT_FOUND, S("hash"));
    TRY(field_xml(c, 200, S("")));
    c->task->res.file = files_path(c->store, c->arena, v.xform.sum);
    return OK;
}

/* A file of the version, the exact bytes. */
static Err media_file(Ctx *c)
{
    Caller       caller;
    FieldVersion v;
    bool         allowed;
    Str          head;
    TRY(asked_version(c, &caller, &v, &allowed));
    if (!allowed)
        return OK;
    for (size_t i = 0; i < v.files.len; i++) {
        const FormFileRow *f = &v.files.at[i];
        if (!str_eq(f->name, segment_name(c->arena, path_str(c, "name"))) || !str_eq(str_hex(c->arena, f->md5.at, sizeof f->md5.at), path_str(c, "md5")))
            continue;
        TRY(files_head(c->store, c->arena, f->sum, 512, &head));
        TRY(answer_bytes(c, 200, file_type_sniffed(head), S("")));
        c->task->res.file = files_path(c->store, c->arena, f->sum);
        field_headers(c);
        return OK;
    }
    return err_new(c->arena, ERR_NOT_FOUND, S("file"));
}

static Err manifest_file(Ctx *c)
{
    Caller       caller;
    FieldVersion v;
    bool         allowed;
    TRY(asked_version(c, &caller, &v, &allowed));
    if (!allowed)
        return OK;
    Buf b = buf_new(c->arena, 1024);
    buf_lit(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://openrosa.org/xforms/xformsManifest\">");
    for (size_t i = 0; i < v.files.len; i++) {
        const FormFileRow *f   = &v.files.at[i];
        Str                sum = str_hex(c->arena, f->md5.at, sizeof f->md5.at);
        buf_lit(&b, "<mediaFile>");
        element(&b, "filename", f->name);
        element(&b, "hash", str_concat(c->arena, S("md5:"), sum));
        element(&b, "downloadUrl", arena_fmt(c->arena, "%.*s/media/%.*s/%.*s", STR_ARG(version_address(c, &caller, &v)), STR_ARG(sum),
                                             STR_ARG(segment(c->arena, f->name))));
        buf_lit(&b, "</mediaFile>");
    }
    buf_lit(&b, "</manifest>\n");
    return field_xml(c, 200, buf_str(&b));
}

/* 204 tells Collect that posts may come; a Location would send them elsewhere. */
static Err submission_head(Ctx *c)
{
    Caller caller;
    bool   allowed;
    TRY(caller_load(c, &caller, &allowed));
    if (!allowed)
        return OK;
    TRY(answer_bytes(c, 204, S(""), S("")));
    field_headers(c);
    return OK;
}

#define FIELD (ROUTE_API | ROUTE_NO_TX | ROUTE_FIELD)
const Route openrosa_routes[] = {
    { GET,  "/formList",                                    RIGHT_PUBLIC, form_list_file,    FIELD },
    { GET,  "/forms/{form}/{version}/{md5}.xml",            RIGHT_PUBLIC, xform_file,        FIELD },
    { GET,  "/forms/{form}/{version}/manifest",             RIGHT_PUBLIC, manifest_file,     FIELD },
    { GET,  "/forms/{form}/{version}/media/{md5}/{name}", RIGHT_PUBLIC, media_file, FIELD },
    { GET,  "/submission",                                  RIGHT_PUBLIC, submission_head,   FIELD },
    { POST, "/submission",                                  RIGHT_PUBLIC, submission_action, FIELD | ROUTE_UPLOAD },
    { GET,  "/{key}/formList",                              RIGHT_PUBLIC, form_list_file,    FIELD },
    { GET,  "/{key}/forms/{form}/{version}/{md5}.xml",      RIGHT_PUBLIC, xform_file,        FIELD },
    { GET,  "/{key}/forms/{form}/{version}/manifest",       RIGHT_PUBLIC, manifest_file,     FIELD },
    { GET,  "/{key}/forms/{form}/{version}/media/{md5}/{name}", RIGHT_PUBLIC, media_file, FIELD },
    { GET,  "/{key}/submission",                            RIGHT_PUBLIC, submission_head,   FIELD },
    { POST, "/{key}/submission",                            RIGHT_PUBLIC, submission_action, FIELD | ROUTE_UPLOAD },
    { 0 },
};
