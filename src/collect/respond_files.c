/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Files on a respondent's pages: those that are sent as answers, kept with the draft until it is sent, and pictures, sounds and
 * films of the questionnaire itself. */
#include "collect/respond.h"

#include "base/file_kind.h"

/* ---- Answers ------------------------------------------------------------------------------------------------------- */
static const char *const faults[] = {
    [UPLOAD_DAMAGED] = "collect.upload.damaged", [UPLOAD_PIXELS] = "collect.upload.pixels", [UPLOAD_MACROS] = "collect.upload.macros",
    [UPLOAD_TOO_MANY] = "collect.upload.too_many", [UPLOAD_HEIC] = "collect.upload.heic",
};

static const char *fault_key(UploadFault f, QuestionType t)
{
    if (f != UPLOAD_KIND)
        return faults[f];
    return t == Q_IMAGE ? "collect.upload.not_image" : t == Q_AUDIO ? "collect.upload.not_audio" : t == Q_VIDEO ? "collect.upload.not_video"
                                                                                                   : "collect.upload.not_file";
}

static void refuse(Respond *r, int node, int instance, UploadFault f, AnswerIssues *issues)
{
    const char  *key = fault_key(f, r->program->nodes.at[node].type);
    AnswerIssue *i   = list_add(r->c->arena, issues);
    *i = (AnswerIssue){ .node = node, .name = r->program->nodes.at[node].name, .fault = ANSWER_TYPE, .instance = instance };
    for (int l = 0; l < LANG_COUNT; l++)
        i->message[l] = text_find((Lang)l, str_from_c(key));
}

static Err room_left(Respond *r, int64_t size, bool *out)
{
    AnswerFiles held;
    int64_t     sum = size;
    TRY(draft_files(r->c->db, r->c->arena, r->draft.id, &held));
    for (size_t i = 0; i < held.len; i++)
        sum += held.at[i].size;
    *out = held.len < UPLOADS_MOST && sum <= UPLOADS_BYTES && files_left(r->c);
    return OK;
}

/* The name of the file is the answer; the one before is let go by respond_fields. */
static Err take_file(Respond *r, HttpPart *part, int node, int instance, Str *value, AnswerIssues *issues)
{
    UploadFault fault = UPLOAD_TOO_MANY;
    AnswerFile  f     = { 0 };
    bool        room;
    TRY(room_left(r, part->size, &room));
    if (room)
        TRY(upload_keep(r->c->db, r->c->store, r->c->arena, part, &r->program->nodes.at[node], &fault, &f));
    if (fault) {
        refuse(r, node, instance, fault, issues);
        return OK;
    }
    TRY(draft_file_add(r->c->db, r->draft.id, &f));
    *value = f.name;
    return OK;
}

static HttpPart *part_named(const Ctx *c, Str name)
{
    for (size_t i = 0; i < c->req->files.len; i++)
        if (c->req->files.at[i].size && str_eq(c->req->files.at[i].name, name))
            return &c->req->files.at[i];
    return NULL;
}

/* The same bytes may answer two questions or entries: they go with the last. */
static bool named_elsewhere(const Respond *r, Str name, int node, int instance)
{
    for (int i = 0; i <= (int)r->x.instances.len; i++)
        for (size_t n = 0; n < r->program->nodes.len; n++) {
            const Str *cell = form_type_file(r->program->nodes.at[n].type) ? form_cell(r->program, &r->x, (int)n, i) : NULL;
            if (cell && str_eq(*cell, name) && ((int)n != node || i != instance))
                return true;
        }
    return false;
}

static Err one_field(Respond *r, int node, int instance, HttpFields *out, AnswerIssues *issues)
{
    Ctx      *c    = r->c;
    Str       id   = form_control_id(c->arena, r->program, node), was = *form_cell(r->program, &r->x, node, instance), now = was;
    HttpPart *part = part_named(c, id);
    if (str_eq(form_str(c, "drop"), id))
        now = S("");
    else if (part)
        TRY(take_file(r, part, node, instance, &now, issues));
    if (was.len && !str_eq(was, now) && !named_elsewhere(r, was, node, instance))
        TRY(draft_file_drop(c->db, r->draft.id, was));
    *list_add(c->arena, out) = (HttpField){ id, now };
    return OK;
}

/* Names of files that a browser typed itself are passed over: only files that came count. */
Err respond_fields(Respond *r, int instance, HttpFields *out, AnswerIssues *issues)
{
    HttpFields fields = { 0 };
    for (size_t i = 0; i < r->program->nodes.len; i++)
        if (form_type_file(r->program->nodes.at[i].type) && form_cell(r->program, &r->x, (int)i, instance))
            TRY(one_field(r, (int)i, instance, &fields, issues));
    for (size_t i = 0; i < r->c->req->form.len; i++)
        *list_add(r->c->arena, &fields) = r->c->req->form.at[i];
    *out = fields;
    return OK;
}

bool respond_stays(const Respond *r)
{
    return form_has(r->c, "drop") || (!form_has(r->c, "later") && form_page_looks(&r->c->req->form));
}

static bool in_record(const FormProgram *p, const FormAnswers *x, Str name)
{
    for (int i = 0; i <= (int)x->instances.len; i++)
        for (size_t n = 0; n < p->nodes.len; n++) {
            const Str *cell = form_type_file(p->nodes.at[n].type) ? form_cell(p, x, (int)n, i) : NULL;
            if (cell && str_eq(*cell, name))
                return true;
        }
    return false;
}

Err respond_record_files(Respond *r, const FormAnswers *record, AnswerFiles *out)
{
    AnswerFiles held;
    TRY(draft_files(r->c->db, r->c->arena, r->draft.id, &held));
    *out = (AnswerFiles){ 0 };
    for (size_t i = 0; i < held.len; i++)
        if (in_record(r->program, record, held.at[i].name))
            *list_add(r->c->arena, out) = held.at[i];
    return OK;
}

/* ---- Addresses ------------------------------------------------------------------------------------------------------ */
FormPage respond_page_of(const Respond *r, const FormAnswers *typed, const AnswerIssues *issues)
{
    return (FormPage){ .p = r->program, .x = &r->x, .typed = typed, .issues = issues, .now = r->c->now, .media = respond_path(r, "/media/"),
                       .files = respond_path(r, "/file/"), .fields = &r->c->req->form,
                       .find = form_find_choices, .place = asset_url(S("place.js")) };
}

/* What this browser's draft holds; nobody else's. */
Err respond_answer_file(Ctx *c)
{
    Respond    r;
    bool       left;
    AnswerFile f;
    TRY(respond_draft(c, &r, &left));
    if (left)
        return OK;
    TRY(draft_file_find(c->db, c->arena, r.draft.id, path_str(c, "name"), &f));
    return answer_file_bytes(c, &f);
}

/* Pictures, sounds and films of the questionnaire; lists of choices stay inside. */
Err respond_media_file(Ctx *c)
{
    Respond      r;
    FormFileRows rows;
    Str          head;
    TRY(respond_open(c, &r));
    TRY(form_file_list(c->db, c->arena, r.info->round.form, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        if (!str_eq(rows.at[i].name, path_str(c, "name")))
            continue;
        TRY(files_head(c->store, c->arena, rows.at[i].sum, FILE_HEAD, &head));
        Str type = file_type_sniffed(head);
        if (!file_type_picture(type) && !file_type_playable(type))
            break;
        TRY(answer_bytes(c, 200, type, S("")));
        c->task->res.file = files_path(c->store, c->arena, rows.at[i].sum);
        answer_header(c, S("content-security-policy"), S("sandbox; default-src 'none'"));
        answer_header(c, S("cache-control"), S("private, max-age=86400"));
        return OK;
    }
    return err_new(c->arena, ERR_NOT_FOUND, S("file"));
}
