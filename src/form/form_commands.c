/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo form …: checking a file, listing and adding versions. Words come from app, which prints what is put out. */
#include "form/form_parts.h"

#include <errno.h>
#include <stdio.h>

enum { EXIT_DATA = 65 };

/* Somewhat more than most bytes are read, so that a reader sees what is too large. */
static Err file_load(Arena *a, Str path, size_t most, Str *out)
{
    FILE *f = fopen(arena_c(a, path), "rb");
    if (!f)
        return err_fmt(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.*s: cannot be read", STR_ARG(path));
    Buf    b = buf_new(a, 1 << 16);
    size_t n = 1;
    while (n > 0 && b.len <= most) {
        buf_room(&b, 1 << 16);
        n = fread(b.at + b.len, 1, 1 << 16, f);
        b.len += n;
    }
    bool bad = ferror(f);
    fclose(f);
    if (bad)
        return err_fmt(a, ERR_IO, "%.*s: cannot be read", STR_ARG(path));
    *out = buf_str(&b);
    return OK;
}

/* ---- Files beside the workbook ------------------------------------------------------------------------------ */

static Str folder_of(Arena *a, Str path)
{
    return str_has(path, S("/")) ? str_concat(a, str_cut_last(path, '/').head, S("/")) : S("");
}

static Str base_name(Str path)
{
    return str_has(path, S("/")) ? str_cut_last(path, '/').tail : path;
}

static bool find_beside(void *self, Arena *a, Str name, Str *out)
{
    const Str *folder = self;
    return file_load(a, str_concat(a, *folder, name), FORM_MAX_FILE, out) == OK;
}

/* Reads a form; files of choices that it names are looked for beside it. */
static Err read_beside(Arena *a, Str path, FormIssues *issues, FormProgram **out)
{
    Str        bytes, folder = folder_of(a, path);
    FormFinder beside = { find_beside, &folder };
    TRY(file_load(a, path, FORM_MAX_FILE, &bytes));
    TRY(form_read(a, *a, bytes, &beside, issues, out));
    if (*out && !(*out)->form_id.len)
        (*out)->form_id = str_cut_last(base_name(path), '.').head;
    return OK;
}

static void say_issues(Buf *out, const FormIssues *issues, bool warnings)
{
    for (size_t i = 0; i < issues->len; i++) {
        const FormIssue *f = &issues->at[i];
        if (f->warning && !warnings)
            continue;
        if (f->sheet.len)
            buf_fmt(out, "%.*s, ", STR_ARG(f->sheet));
        if (f->row)
            buf_fmt(out, "hàng %d, ", f->row);
        if (f->column.len)
            buf_fmt(out, "cột %.*s ", STR_ARG(f->column));
        buf_fmt(out, "(%.*s): %.*s\n", STR_ARG(f->code), STR_ARG(f->message_vi));
    }
}

static void say(Buf *out, const FormIssues *issues, bool json)
{
    if (!json) {
        say_issues(out, issues, true);
        return;
    }
    form_issues_json(out, issues);
    buf_byte(out, '\n');
}

Err form_command_check(Arena *a, Str path, bool json, Buf *out, int *exit_code)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    TRY(read_beside(a, path, &issues, &p));
    say(out, &issues, json);
    if (!json && p)
        buf_fmt(out, "%.*s: được, %d câu hỏi\n", STR_ARG(path), form_question_count(p));
    *exit_code = p ? 0 : EXIT_DATA;
    return OK;
}

static Err add_packed(Arena *a, Str xform, Buf *out)
{
    XmlLimits limits = XML_LIMITS;
    Xml      *root;
    limits.nodes = 1000000;
    TRY(xml_parse(a, xform, limits, &root));
    xml_pack(out, root);
    return OK;
}

Err form_command_xform(Arena *a, Str path, bool json, Buf *out, Buf *err, int *exit_code)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    Str          bytes;
    TRY(read_beside(a, path, &issues, &p));
    TRY(file_load(a, path, FORM_MAX_FILE, &bytes));
    Str xform = p && !form_is_xml(bytes) ? form_xform_write(a, p) : bytes;
    if (p && json)
        TRY(add_packed(a, xform, out));
    else if (p)
        buf_add(out, xform);
    else
        say_issues(err, &issues, false);
    *exit_code = p ? 0 : EXIT_DATA;
    return OK;
}

Err form_command_play(Arena *a, Str path, Str steps, Time now, Buf *out, Buf *err, int *exit_code)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    Str          bytes;
    TRY(read_beside(a, path, &issues, &p));
    TRY(file_load(a, steps, FORM_MAX_FILE, &bytes));
    *exit_code = EXIT_DATA;
    if (!p) {
        say_issues(err, &issues, false);
        return OK;
    }
    Err e = form_play(a, p, bytes, now, out);
    if (err_is(e, ERR_INVALID)) {
        out->len = 0;
        buf_fmt(err, "%.*s: %.*s\n", STR_ARG(steps), STR_ARG(e->detail));
        return OK;
    }
    *exit_code = 0;
    return e;
}

static void say_key(Buf *out, bool json, bool first, const char *key, Str value)
{
    if (!json) {
        buf_fmt(out, "%s: %.*s\n", key, STR_ARG(value));
        return;
    }
    buf_fmt(out, "%s\"%s\":", first ? "{" : ",", key);
    buf_json_str(out, value);
}

static void say_facts(Buf *out, const FormProgram *p, const FormFacts *f, bool json)
{
    const struct { const char *key; int n; } counts[] = {
        { "questions", form_question_count(p) }, { "languages", f->languages }, { "itext_ids", f->itext_ids }, { "secondary_instances", f->secondary },
        { "external_instances", f->external }, { "binds", f->binds }, { "relevant", f->relevant }, { "constraint", f->constraint },
        { "required", f->required }, { "calculate", f->calculate }, { "readonly", f->readonly } };
    say_key(out, json, true, "form_id", p->form_id);
    say_key(out, json, false, "version", p->version);
    say_key(out, json, false, "title", p->title[LANG_VI]);
    say_key(out, json, false, "root", p->root);
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        buf_fmt(out, json ? ",\"%s\":%d" : "%s: %d\n", counts[i].key, counts[i].n);
    if (json)
        buf_lit(out, "}\n");
}

/* Counts are those of the XForm: of a workbook the one that it makes, read again. */
Err form_command_show(Arena *a, Str path, bool json, Buf *out, Buf *err, int *exit_code)
{
    FormIssues   issues = { 0 }, again = { 0 };
    FormProgram *p, *copy;
    FormFacts    facts = { 0 };
    Str          bytes, folder = folder_of(a, path);
    FormFinder   beside = { find_beside, &folder };
    TRY(read_beside(a, path, &issues, &p));
    if (!p) {
        say_issues(err, &issues, false);
        *exit_code = EXIT_DATA;
        return OK;
    }
    TRY(file_load(a, path, FORM_MAX_FILE, &bytes));
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    work.full = a->full;
    TRY(form_read_xform(a, work, form_is_xml(bytes) ? bytes : form_xform_write(a, p), &beside, &again, &facts, &copy));
    say_facts(out, p, &facts, json);
    *exit_code = 0;
    return OK;
}

Err form_command_list(Db *db, Arena *a, bool json, Buf *out)
{
    FormRows rows;
    TRY(form_list(db, a, &rows));
    if (json)
        buf_byte(out, '[');
    for (size_t i = 0; i < rows.len; i++) {
        const FormRow *r = &rows.at[i];
        if (!json) {
            buf_fmt(out, "%.*s %.*s  %.*s  %d  %.*s\n", STR_ARG(r->form_id), STR_ARG(r->version), STR_ARG(r->state), r->questions, STR_ARG(r->title));
            continue;
        }
        buf_add(out, i ? S(",{\"form_id\":") : S("{\"form_id\":"));
        buf_json_str(out, r->form_id);
        buf_lit(out, ",\"version\":");
        buf_json_str(out, r->version);
        buf_lit(out, ",\"state\":");
        buf_json_str(out, r->state);
        buf_lit(out, ",\"title\":");
        buf_json_str(out, r->title);
        buf_fmt(out, ",\"questions\":%d,\"rounds\":%d}", r->questions, r->rounds);
    }
    if (json)
        buf_lit(out, "]\n");
    return OK;
}

/* Another type or list under a name that was there before needs a reason; faults are told by saving. */
static Err reason_needed(Db *db, Store *s, Arena *a, Str bytes, FormFileSet *files, FormIssues *issues, bool *out)
{
    FormProgram *p;
    FormFinder   finder = form_finder(files);
    TRY(form_read(a, *a, bytes, &finder, issues, &p));
    *out = false;
    if (!p || !p->form_id.len)
        return OK;
    TRY(form_check_versions(db, s, a, p, issues));
    *out = form_needs_reason(issues) && !form_issues_bad(issues);
    return OK;
}

Err form_command_add(Db *db, Store *s, Arena *a, Str path, const StrList *media, Str reason, UnitId owner, Time now, bool json, Buf *out, int *exit_code)
{
    Str        bytes;
    FormFile  *files  = arena_new(a, FormFile, media->len);
    FormIssues issues = { 0 };
    FormId     id     = { 0 };
    FormRow    row;
    TRY(file_load(a, path, FORM_MAX_FILE, &bytes));
    for (size_t i = 0; i < media->len; i++) {
        files[i].name = base_name(media->at[i]);
        TRY(file_load(a, media->at[i], FORM_MAX_MEDIA, &files[i].bytes));
    }
    FormFileSet set = { files, media->len };
    bool        need;
    TRY(reason_needed(db, s, a, bytes, &set, &issues, &need));
    if (need && !reason.len) {
        say(out, &issues, json);
        *exit_code = EXIT_DATA;
        return OK;
    }
    issues = (FormIssues){ 0 };
    Err e = form_save(db, s, a, bytes, &set, owner, (PersonId){ 0 }, now, &issues, &id);
    if (err_is(e, ERR_INVALID) && form_issues_bad(&issues)) {
        say(out, &issues, json);
        *exit_code = EXIT_DATA;
        return OK;
    }
    TRY(e);
    TRY(form_load(db, a, id, &row));
    if (json)
        buf_fmt(out, "{\"ok\":true,\"form_id\":\"%.*s\",\"version\":\"%.*s\",\"questions\":%d}\n", STR_ARG(row.form_id),
            STR_ARG(row.version), row.questions);
    else
        buf_fmt(out, "%.*s %.*s: đã lưu, %d câu hỏi\n", STR_ARG(row.form_id), STR_ARG(row.version), row.questions);
    *exit_code = 0;
    return OK;
}
