/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What phones fetch of a version: its XForm, and the files it names. Both are kept for ever with their sums. */
#include "form/form_parts.h"

/* ---- XForm ------------------------------------------------------------------------------------------------------- */

static void sums_read(Stmt *q, int sha, int md, Sha256 *out_sum, Md5 *out_md5)
{
    Str a = col_blob(q, sha), b = col_blob(q, md);
    if (a.len == sizeof out_sum->at)
        memcpy(out_sum->at, a.at, a.len);
    if (b.len == sizeof out_md5->at)
        memcpy(out_md5->at, b.at, b.len);
}

static void bind_bytes(Stmt *q, int at, const void *bytes, size_t n)
{
    bind_blob(q, at, (Str){ bytes, n });
}

Err form_xform_keep(Db *db, Store *s, Arena *a, FormId id, Str xform)
{
    Sha256 sum;
    Md5    md = md5(xform);
    TRY(files_save(s, a, xform, &sum));
    AUTO_STMT q = db_prepare(db, SQL("UPDATE form_versions SET xform_sha256 = $2, xform_md5 = $3, xform_size = $4 WHERE id = $1"));
    bind_int(q, 1, id.v);
    bind_bytes(q, 2, sum.at, sizeof sum.at);
    bind_bytes(q, 3, md.at, sizeof md.at);
    bind_int(q, 4, (int64_t)xform.len);
    return db_run(q);
}

Err form_xform_row(Db *db, Arena *a, FormId id, FormXform *out)
{
    FormXform x = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT xform_sha256, xform_md5, xform_size FROM form_versions WHERE id = $1 AND xform_size IS NOT NULL"));
    bind_int(q, 1, id.v);
    bool found = db_row(q);
    if (found) {
        sums_read(q, 0, 1, &x.sum, &x.md5);
        x.size = col_int(q, 2);
    }
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("this version has no XForm"));
    *out = x;
    return OK;
}

Err form_xform(Db *db, Store *s, Arena *a, FormId id, Str *out)
{
    FormXform x;
    TRY(form_xform_row(db, a, id, &x));
    return files_load(s, a, x.sum, out);
}

Err form_xform_fill(Db *db, Store *s, Arena *a, int *out_failed)
{
    LIST(FormId) ids = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM form_versions WHERE xform_size IS NULL ORDER BY id"));
    while (db_row(q))
        *list_add(a, &ids) = (FormId){ col_int(q, 0) };
    TRY(db_done(q));
    *out_failed = 0;
    for (size_t i = 0; i < ids.len; i++) {
        const FormProgram *p;
        if (form_program(db, s, a, ids.at[i], &p))
            ++*out_failed;                               /* the version stays as it is; its pages say what is wrong */
        else
            TRY(form_xform_keep(db, s, a, ids.at[i], form_xform_write(a, p)));    /* no XML could be sent then */
    }
    return OK;
}

/* ---- Files --------------------------------------------------------------------------------------------------------- */

static Err one_file(Db *db, FormId id, Str name, FormFileRow *out, bool *out_found)
{
    AUTO_STMT q = db_prepare(db, SQL("SELECT sha256, md5, file_size FROM form_files WHERE form_version = $1 AND name = $2"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, name);
    *out_found = db_row(q);
    if (*out_found) {
        *out = (FormFileRow){ .name = name, .size = col_int(q, 2) };
        sums_read(q, 0, 1, &out->sum, &out->md5);
    }
    return db_done(q);
}

Err form_file_list(Db *db, Arena *a, FormId id, FormFileRows *out)
{
    FormFileRows rows = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT name, sha256, md5, file_size FROM form_files WHERE form_version = $1 ORDER BY name"));
    bind_int(q, 1, id.v);
    while (db_row(q)) {
        FormFileRow *row = list_add(a, &rows);
        *row = (FormFileRow){ .name = arena_str(a, col_str(q, 0)), .size = col_int(q, 3) };
        sums_read(q, 1, 2, &row->sum, &row->md5);
    }
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err form_file_load(Db *db, Store *s, Arena *a, FormId id, Str name, Str *out)
{
    FormFileRow row;
    bool        found;
    TRY(one_file(db, id, name, &row, &found));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("the questionnaire has no such file"));
    return files_load(s, a, row.sum, out);
}

bool form_file_name(Arena *a, Str raw, Str *out)
{
    Str name = str_cut_last(raw, '/').tail.len ? str_cut_last(raw, '/').tail : raw;
    name     = str_cut_last(name, '\\').tail.len ? str_cut_last(name, '\\').tail : name;
    if (!text_clean(a, name, &name))
        return false;
    name = str_trim(name);
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.at[i] < 0x20)
            return false;
    *out = name;
    return name.len > 0 && name.len <= 255 && name.at[0] != '.' && !str_has(name, S("/")) && !str_has(name, S("\\"));
}

static Err insert_file(Db *db, FormId id, const FormFileRow *row, PersonId by, Time now)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO form_files (form_version, name, sha256, md5, file_size, author, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, row->name);
    bind_bytes(q, 3, row->sum.at, sizeof row->sum.at);
    bind_bytes(q, 4, row->md5.at, sizeof row->md5.at);
    bind_int(q, 5, row->size);
    bind_int(q, 6, by.v);
    bind_time(q, 7, now);
    return db_run(q);
}

Err form_file_save(Db *db, Store *s, Arena *a, FormId id, const FormFile *file, PersonId by, Time now)
{
    FormFileRow known, row = { .md5 = md5(file->bytes), .size = (int64_t)file->bytes.len };
    bool        found;
    if (!form_file_name(a, file->name, &row.name))
        return err_fmt(a, ERR_INVALID, "%.*s: no name for a file", STR_ARG(file->name));
    if (file->bytes.len > FORM_MAX_MEDIA)
        return err_fmt(a, ERR_TOO_LARGE, "%.*s: larger than 50 MB", STR_ARG(row.name));
    TRY(files_save(s, a, file->bytes, &row.sum));
    TRY(one_file(db, id, row.name, &known, &found));
    if (!found)
        return insert_file(db, id, &row, by, now);
    if (!memcmp(known.sum.at, row.sum.at, sizeof row.sum.at))
        return OK;
    return err_fmt(a, ERR_CONFLICT, "%.*s: this version has another file of that name", STR_ARG(row.name));
}

/* ---- Which files a questionnaire names ---------------------------------------------------------------------------- */

static void want(Arena *a, Str name, StrList *out)
{
    for (size_t i = 0; i < out->len; i++)
        if (str_eq(out->at[i], name))
            return;
    *list_add(a, out) = name;
}

static void want_texts(Arena *a, const FormProgram *p, const FormText *text, StrList *out)
{
    for (int k = TEXT_IMAGE; text && k < TEXT_KIND_COUNT; k++)
        for (size_t i = 0; text[k].by && i < p->languages.len; i++)
            if (text[k].by[i].len)
                want(a, text[k].by[i], out);
}

StrList form_files_named(Arena *a, const FormProgram *p)
{
    StrList out = { 0 };
    for (size_t i = 0; i < p->lists.len; i++) {
        if (p->lists.at[i].file.len)
            want(a, p->lists.at[i].file, &out);
        for (size_t k = 0; k < p->lists.at[i].choices.len; k++)
            want_texts(a, p, p->lists.at[i].choices.at[k].text, &out);
    }
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        want_texts(a, p, n->text, &out);
        if ((n->type == Q_IMAGE || n->type == Q_AUDIO || n->type == Q_VIDEO) && n->default_value < 0 && n->default_src.len)
            want(a, str_has(n->default_src, S("/")) ? str_cut_last(n->default_src, '/').tail : n->default_src, &out);
    }
    return out;
}
