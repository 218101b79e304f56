/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Versions of questionnaires in the database, their bytes among the files. */
#include "form/form_parts.h"
#include "form/form_page_list.h"

Str form_state_code(FormVersionState s)
{
    static const Str codes[FORM_STATE_COUNT] = { S_INIT("draft"), S_INIT("published"), S_INIT("closed") };
    return codes[s];
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

#define FORM_COLUMNS                                                                                                       \
    "SELECT f.id, f.form_id, f.version, f.title_vi, f.title_en, f.state, f.owner_unit, f.author, f.questions, f.sha256, "   \
    "f.file_size, f.created_at, f.published_at, (SELECT COUNT(*) FROM rounds r WHERE r.form_id = f.id) FROM form_versions f "

static void row_read(Arena *a, Stmt *q, FormRow *out)
{
    *out = (FormRow){ .id = { col_int(q, 0) }, .form_id = arena_str(a, col_str(q, 1)), .version = arena_str(a, col_str(q, 2)),
                      .title = arena_str(a, col_str(q, 3)), .title_en = arena_str(a, col_str(q, 4)), .state = arena_str(a, col_str(q, 5)),
                      .owner = { col_int(q, 6) }, .author = { col_int(q, 7) }, .questions = (int)col_int(q, 8),
                      .file_size = col_int(q, 10), .created_at = col_time(q, 11), .published_at = col_time(q, 12),
                      .rounds = (int)col_int(q, 13) };
    Str sum = col_blob(q, 9);
    if (sum.len == sizeof out->sum.at)
        memcpy(out->sum.at, sum.at, sum.len);
}

Err form_list(Db *db, Arena *a, FormRows *out)
{
    FormRows  rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(FORM_COLUMNS "ORDER BY f.created_at DESC, f.id DESC"));
    while (db_row(q))
        row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

Err form_page_list(Db *db, Arena *a, ScopePage *p, FormRows *out)
{
    FormRows  rows = { 0 };
    AUTO_STMT q    = db_prepare(db, SQL(FORM_COLUMNS "ORDER BY f.created_at DESC, f.id DESC"));
    while (db_row(q))
        if (scope_page_takes(p, (UnitId){ col_int(q, 6) }))
            row_read(a, q, list_add(a, &rows));
    TRY(db_done(q));
    *out = rows;
    return OK;
}

static Err one_row(Stmt *q, Arena *a, FormRow *out)
{
    FormRow row;
    bool    found = db_row(q);
    if (found)
        row_read(a, q, &row);
    TRY(db_done(q));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, S("no such questionnaire"));
    *out = row;
    return OK;
}

Err form_load(Db *db, Arena *a, FormId id, FormRow *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_COLUMNS "WHERE f.id = $1"));
    bind_int(q, 1, id.v);
    return one_row(q, a, out);
}

Err form_by_key(Db *db, Arena *a, Str form_id, Str version, FormRow *out)
{
    AUTO_STMT q = db_prepare(db, SQL(FORM_COLUMNS "WHERE f.form_id = $1 AND ($2 = '' OR f.version = $2) ORDER BY f.created_at DESC, f.id DESC LIMIT 1"));
    bind_str(q, 1, form_id);
    bind_str(q, 2, version);
    return one_row(q, a, out);
}

Err form_bytes(Db *db, Store *s, Arena *a, FormId id, Str *out)
{
    FormRow row;
    TRY(form_load(db, a, id, &row));
    return files_load(s, a, row.sum, out);
}

/* ---- Saving --------------------------------------------------------------------------------------------------------- */

/* YYYYMMDDnn, the first nn of the day that is free. */
static Err free_version(Db *db, Arena *a, Str form_id, Time now, Str *out)
{
    Ymd d = date_ymd(date_of(now));
    for (int n = 1; n < 100; n++) {
        Str       version = arena_fmt(a, "%04d%02d%02d%02d", d.year, d.month, d.day, n);
        AUTO_STMT q = db_prepare(db, SQL("SELECT 1 FROM form_versions WHERE form_id = $1 AND version = $2"));
        bind_str(q, 1, form_id);
        bind_str(q, 2, version);
        bool taken = db_row(q);
        while (db_row(q))
            continue;
        TRY(db_done(q));
        if (!taken) {
            *out = version;
            return OK;
        }
    }
    return err_new(a, ERR_CONFLICT, S("99 versions of this questionnaire were made today"));
}

static Err insert_version(Db *db, const FormRow *row)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "INSERT INTO form_versions (id, form_id, version, title_vi, title_en, state, owner_unit, author, questions, sha256, file_size, "
        "program, created_at, published_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"));
    bind_int(q, 1, row->id.v);
    bind_str(q, 2, row->form_id);
    bind_str(q, 3, row->version);
    bind_str(q, 4, row->title);
    bind_str(q, 5, row->title_en);
    bind_str(q, 6, row->state);
    bind_int(q, 7, row->owner.v);
    bind_int(q, 8, row->author.v);
    bind_int(q, 9, row->questions);
    bind_blob(q, 10, (Str){ (const char *)row->sum.at, sizeof row->sum.at });
    bind_int(q, 11, row->file_size);
    bind_str(q, 12, S(THUOCDO_VERSION));
    bind_time(q, 13, row->created_at);
    bind_time(q, 14, row->published_at);
    return db_run(q);
}

/* The version these bytes already are, whatever its key; id 0: none. */
static Err known_bytes(Db *db, Sha256 sum, Str form_id, Str version, FormId *out_same, bool *out_other)
{
    AUTO_STMT q = db_prepare(db, SQL(
        "SELECT id, sha256, version FROM form_versions WHERE form_id = $1 AND (version = $2 OR $2 = '') ORDER BY created_at DESC"));
    Str want = { (const char *)sum.at, sizeof sum.at };
    bind_str(q, 1, form_id);
    bind_str(q, 2, version);
    *out_same  = (FormId){ 0 };
    *out_other = false;
    while (db_row(q)) {
        if (str_eq(col_blob(q, 1), want))
            *out_same = (FormId){ col_int(q, 0) };
        else
            *out_other |= version.len > 0;
    }
    return db_done(q);
}

static void missing_form_id(Arena *a, FormIssues *issues)
{
    *list_add(a, issues) = (FormIssue){ .sheet = S("settings"), .row = 2, .column = S("form_id"), .code = S("E-HEADER"), .sheet_at = SHEET_SETTINGS,
        .message_vi = S("phiếu chưa có mã. Thêm trang settings với cột form_id."),
        .message_en = S("the questionnaire has no code. Add the sheet settings with a column form_id.") };
}

Err form_check_versions(Db *db, Store *s, Arena *a, const FormProgram *p, FormIssues *issues)
{
    LIST(FormId) ids = { 0 };
    AUTO_STMT q = db_prepare(db, SQL("SELECT id FROM form_versions WHERE form_id = $1 ORDER BY created_at DESC, id DESC"));
    bind_str(q, 1, p->form_id);
    while (db_row(q))
        *list_add(a, &ids) = (FormId){ col_int(q, 0) };
    TRY(db_done(q));
    const FormProgram **older = arena_new(a, const FormProgram *, ids.len);
    for (size_t i = 0; i < ids.len; i++)
        TRY(form_program(db, s, a, ids.at[i], &older[i]));
    form_check_meaning(a, p, older, ids.len, issues);
    return OK;
}

/* The XForm carries the version that the database gave; one made elsewhere stays as it is. */
static Err keep_parts(Db *db, Store *s, Arena *a, FormProgram *p, Str bytes, const FormRow *row, const FormFileSet *files)
{
    p->version = row->version;
    TRY(form_xform_keep(db, s, a, row->id, form_is_xml(bytes) ? bytes : form_xform_write(a, p)));
    for (size_t i = 0; i < files->len; i++)
        TRY(form_file_save(db, s, a, row->id, &files->at[i], row->author, row->created_at));
    return OK;
}

/* Its bytes are kept as they are, so no version can be written into them. */
static void missing_version(Arena *a, FormIssues *issues)
{
    *list_add(a, issues) = (FormIssue){ .row = 1, .column = S("version"), .code = S("E-VERSION"), .sheet_at = SHEET_OTHER,
        .message_vi = S("XForm chưa có phiên bản. Ghi thuộc tính version ở phần tử gốc."),
        .message_en = S("the XForm has no version. Write the attribute version on its root element.") };
}

Err form_save(Db *db, Store *s, Arena *a, Str bytes, const FormFileSet *files, UnitId owner, PersonId by, Time now, FormIssues *issues,
              FormId *out)
{
    AUTO(arena_close) Arena work = arena_open((size_t)512 << 20);
    FormProgram *p = NULL;
    FormFileSet set = *files;
    FormFinder finder = form_finder(&set);
    work.full = a->full;
    TRY(form_read(a, work, bytes, &finder, issues, &p));
    if (p && !p->form_id.len)
        missing_form_id(a, issues);
    if (p && !p->version.len && form_is_xml(bytes))
        missing_version(a, issues);
    if (!p || form_issues_bad(issues))
        return err_new(a, ERR_INVALID, S("the questionnaire has faults"));
    FormRow row = { .form_id = p->form_id, .version = p->version, .title = p->title[LANG_VI].len ? p->title[LANG_VI] : p->form_id,
                    .title_en = p->title[LANG_EN], .state = form_state_code(FORM_PUBLISHED), .owner = owner, .author = by,
                    .questions = form_question_count(p), .sum = sha256(bytes), .file_size = (int64_t)bytes.len, .created_at = now,
                    .published_at = now };
    FormId same;
    bool   other;
    TRY(known_bytes(db, row.sum, row.form_id, row.version, &same, &other));
    if (same.v) {
        *out = same;
        return OK;
    }
    if (other)
        return err_fmt(a, ERR_CONFLICT, "the version %.*s of %.*s has other bytes", STR_ARG(row.version), STR_ARG(row.form_id));
    TRY(form_check_versions(db, s, a, p, issues));
    if (form_issues_bad(issues))
        return err_new(a, ERR_INVALID, S("a name of an earlier version has another meaning"));
    if (!row.version.len)
        TRY(free_version(db, a, row.form_id, now, &row.version));
    TRY(files_save(s, a, bytes, &row.sum));
    row.id = (FormId){ id_new() };
    TRY(insert_version(db, &row));
    TRY(keep_parts(db, s, a, p, bytes, &row, files));
    *out = row.id;
    return OK;
}

Err form_save_xlsx(Db *db, Store *s, Arena *a, Str bytes, UnitId owner, PersonId by, Time now, FormIssues *issues, FormId *out)
{
    return form_save(db, s, a, bytes, &(FormFileSet){ 0 }, owner, by, now, issues, out);
}

Err form_set_state(Db *db, Arena *a, FormId id, FormVersionState to)
{
    AUTO_STMT q = db_prepare(db, SQL("UPDATE form_versions SET state = $2 WHERE id = $1 AND state = $3"));
    bind_int(q, 1, id.v);
    bind_str(q, 2, form_state_code(to));
    bind_str(q, 3, form_state_code(to == FORM_CLOSED ? FORM_PUBLISHED : FORM_CLOSED));
    if (to == FORM_DRAFT)
        return err_new(a, ERR_CONFLICT, S("a published version never becomes a draft"));
    TRY(db_run(q));
    return db_changes(q) == 1 ? OK : err_new(a, ERR_CONFLICT, S("the version is in another state"));
}
