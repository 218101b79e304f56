/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* POST submission: parts to disk, root read, round found, queued to the collector; 201 only after its commit. */
#include "openrosa/parts.h"

static Err refuse(Ctx *c, int status, Str message)
{
    if (status == 503)
        answer_header(c, S("retry-after"), S("30"));
    return field_answer(c, status, message);
}

/* What was sent, hashed once: on its way in, where it came as a file. */
typedef struct SentXml { Str bytes; Sha256 sum; } SentXml;

/* ---- The form's part ------------------------------------------------------------------------------------------- */
static const Str xml_part = S_INIT("xml_submission_file");

/* Exactly once, with a file name as clients send it or without; false otherwise. */
static bool find_form(Ctx *c, HttpPart *out)
{
    int found = 0;
    for (size_t i = 0; i < c->req->files.len; i++)
        if (str_eq(c->req->files.at[i].name, xml_part)) {
            *out = c->req->files.at[i];
            found++;
        }
    for (size_t i = 0; i < c->req->form.len; i++)
        if (str_eq(c->req->form.at[i].name, xml_part)) {
            Str value = c->req->form.at[i].value;
            *out = (HttpPart){ .name = xml_part, .bytes = value, .size = (int64_t)value.len, .sum = sha256(value) };
            found++;
        }
    return found == 1 && out->size > 0;
}

static bool is_incomplete(Ctx *c)
{
    return str_eq_ascii_nocase(str_trim(http_field(&c->req->form, S("*isIncomplete*"))), S("yes"));
}

/* ---- Round and version --------------------------------------------------------------------------------------------- */
/* Of the caller's rounds with this questionnaire: one in which this version is used, then one that is open, then the newest. */
static const CallerRound *find_round(Ctx *c, const Caller *caller, Str form_id, FormId version)
{
    const CallerRound *best = NULL;
    int                most = -1;
    for (size_t i = 0; i < caller->rounds.len; i++) {
        const CallerRound *r = &caller->rounds.at[i];
        int value = 2 * (round_gate(&r->round, CONTRIBUTION_API, c->now) == GATE_OPEN) + (r->round.form.v == version.v);
        if (str_eq(r->form_id, form_id) && value > most) {
            best = r;
            most = value;
        }
    }
    return best;
}

static Err put_aside(Ctx *c, const Caller *caller, const CallerRound *round, const Instance *in, const SentXml *xml, Str reason)
{
    Quarantined q = { .device = round ? round->device : caller->rounds.at[0].device, .round = round ? round->round.id : (RoundId){ 0 }, .reason = reason,
                      .form_id = in->form_id, .version = in->version, .instance_id = in->instance_id, .sum = xml->sum,
                      .size = (int64_t)xml->bytes.len, .body = xml->bytes, .received_at = c->now };
    db_rollback(c->db);                     /* the view that was read from */
    TRY(db_begin_write(c->db));
    TRY(quarantine_add(c->db, &q));
    return db_commit(c->db);
}

/* A phone without any round has nothing to put aside for anybody. */
static Err unknown(Ctx *c, const Caller *caller, const CallerRound *round, const Instance *in, const SentXml *xml, Str reason)
{
    if (caller->rounds.len)
        TRY(put_aside(c, caller, round, in, xml, reason));
    return refuse(c, 404, text_fmt(c->arena, lang_asked(c), "phone.answer.unknown", ARG_S("form", in->form_id), ARG_S("version", in->version)));
}

/* ---- After the commit, on the collector's thread --------------------------------------------------------------------- */
static Str receipt_text(Ctx *c, const FieldItem *i)
{
    Lang l = lang_asked(c);
    if (!i->whole)
        return text_fmt(c->arena, l, "phone.answer.waiting", ARG_S("code", i->code));
    return i->late ? text_fmt(c->arena, l, "phone.answer.late", ARG_S("code", i->code))
                   : text_fmt(c->arena, l, "phone.answer.received", ARG_S("code", i->code));
}

static void post_finish(void *item, Err outcome)
{
    FieldItem *i    = item;
    HttpTask  *task = i->x.reply;
    Ctx       *c    = task->own;
    Err        e;
    if (outcome) {
        submission_forget_counts();
        e = refuse(c, 503, err_is(outcome, ERR_FULL) ? text_of(lang_asked(c), "phone.answer.full") : text_of(lang_asked(c), "phone.answer.busy"));
    } else if (i->outcome == FIELD_CONFLICT) {
        e = refuse(c, 409, text_of(lang_asked(c), "phone.answer.conflict"));
    } else {
        e = field_answer(c, 201, receipt_text(c, i));
        if (!i->early || i->outcome == FIELD_SAME)
            openrosa_wake();
    }
    if (e)
        task->res.status = 500;
    http_reply(task);
}

static const CollectKind post_kind = { "field", field_apply, post_finish };

/* ---- The post ------------------------------------------------------------------------------------------------------------ */
/* What a retry is known by: form and instance, and the bytes too where an edit keeps its instance's id. */
static Str record_name(Ctx *c, const Instance *in, const SentXml *xml)
{
    bool kept = in->deprecated_id.len && str_eq(in->deprecated_id, in->instance_id);
    Str  hash = kept || !in->instance_id.len ? str_hex(c->arena, xml->sum.at, sizeof xml->sum.at) : S("");
    Str  own  = in->instance_id.len ? in->instance_id : hash, edit = kept ? hash : S("");
    return field_name(c->arena, in->form_id, own, edit);
}

static Str phone_name(Ctx *c)
{
    Str name = query_str(c, "deviceID");
    while (utf8_count(name) > PHONE_NAME_MOST)
        name = str_take(name, utf8_fault(str_take(name, name.len - 1)));
    return name;
}

static Err save_files(Ctx *c, FieldItem *i, const HttpPart *parts, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        FieldFile f;
        if (str_eq(parts[k].name, xml_part))
            continue;
        TRY(field_file_save(c->store, c->arena, &parts[k], &f));
        *list_add(c->arena, &i->files) = f;
    }
    return OK;
}

/* A file that nothing names, and two of one name, are findings of the post. */
static bool files_fit(const FieldItem *i)
{
    for (size_t k = 0; k < i->files.len; k++) {
        bool named = false;
        for (size_t n = 0; n < i->named.len; n++)
            named |= str_eq(i->files.at[k].name, i->named.at[n]);
        for (size_t n = 0; n < k; n++)
            named &= !str_eq(i->files.at[k].name, i->files.at[n].name);
        if (!named)
            return false;
    }
    return true;
}

/* Where the XML alone says all, answers and findings are made here and stored with the record in one commit. Of an edit its
 * place among the revisions must be settled first. */
static Err make_early(Ctx *c, const FormProgram *p, FieldItem *i)
{
    if (i->in->encrypted || i->in->deprecated_id.len || !files_fit(i) || !field_derive_early(c->arena, i->x.info, p, i->in->root, i->x.at, &i->made))
        return OK;
    i->early = true;
    const FormAnswers *given = p == i->x.info->program ? &i->made.values : NULL;       /* another version has other cells */
    return submission_answers(&i->x, c->arena, i->made.answers, given, i->made.flagged, i->made.flag_reason);
}

/* What the collector is to save; who waits for it is the caller's. */
static Err item_fill(Ctx *c, const CallerRound *round, FormId version, const Instance *in, const SentXml *xml, FieldItem *i, const FormProgram **out_p)
{
    const RoundInfo   *info;
    const FormProgram *p;
    TRY(round_info(c->db, c->store, c->arena, round->round.code, &info));
    TRY(form_program(c->db, c->store, c->arena, version, &p));
    *i = (FieldItem){ .in = in, .version = version, .device = round->device, .last_post = true };
    i->x = (Submission){ .from = CONTRIBUTION_API, .channel = CHANNEL_FIELD, .at = c->now, .media = S("text/xml") };
    submission_fill_hashed(&i->x, c->arena, collect_keys(c->app), info, record_name(c, in, xml), NULL, xml->bytes, xml->sum);
    i->code = field_code(c->arena, i->x.key.receipt);
    named_files(c->arena, p, in, &i->named);
    *out_p = p;
    return OK;
}

static Err queue_post(Ctx *c, const CallerRound *round, FormId version, const Instance *in, const SentXml *xml)
{
    const FormProgram *p;
    FieldItem         *i = arena_new(c->arena, FieldItem, 1);
    TRY(item_fill(c, round, version, in, xml, i, &p));
    i->phone     = phone_name(c);
    i->last_post = !is_incomplete(c);
    i->x.reply   = c->task;
    TRY(save_files(c, i, c->req->files.at, c->req->files.len));
    TRY(make_early(c, p, i));
    return answer_after_commit(c, &post_kind, i);
}

/* ---- Records that came another way -------------------------------------------------------------------------- */
static Err import_version(Ctx *c, CallerRound *r, Str xml, Instance *in, FormRow *version)
{
    FormRow own;
    Caller  caller = { 0 };
    if (!xml.len || xml.len > FIELD_XML_MOST || instance_read(c->arena, xml, in))
        return err_new(c->arena, ERR_INVALID, S("no record"));
    TRY(form_load(c->db, c->arena, r->round.form, &own));
    r->form_id = own.form_id;
    *list_add(c->arena, &caller.rounds) = *r;
    return field_version_row(c, &caller, in->form_id, in->version, version);
}

static Err import_fill(Ctx *c, const Round *round, DeviceId device, Str xml, FieldItem *i)
{
    FormRow            version;
    const FormProgram *p;
    Instance          *in = arena_new(c->arena, Instance, 1);
    CallerRound        r  = { .device = device, .round = *round };
    TRY(import_version(c, &r, xml, in, &version));
    return item_fill(c, &r, version.id, in, &(SentXml){ xml, sha256(xml) }, i, &p);
}

/* As case_tie.c finds it, without reading answers: the question may stand in a group. */
static Str case_of(const Instance *in)
{
    for (size_t i = 0; i < in->leaves.len; i++)
        if (str_ends(in->leaves.at[i].path, S("/ma_mau")) || str_ends(in->leaves.at[i].path, S("/case")))
            return in->leaves.at[i].text;
    return S("");
}

static bool file_held(const FieldHeld *held, const Sha256 *sum)
{
    for (size_t i = 0; i < held->files.len; i++)
        if (memcmp(held->files.at[i].sum.at, sum->at, sizeof sum->at) == 0)
            return true;
    return false;
}

Err field_look(Ctx *c, const Round *round, Str xml, const HttpPart *files, size_t n, FieldLook *out)
{
    FormRow     version;
    FieldHeld   held = { 0 };
    Instance   *in   = arena_new(c->arena, Instance, 1);
    CallerRound r    = { .round = *round };
    Sha256      sum  = sha256(xml);
    TRY(import_version(c, &r, arena_str(c->arena, xml), in, &version));
    *out  = (FieldLook){ .title = version.title, .code = case_of(in) };
    Err e = field_held(c->db, c->arena, collect_keys(c->app), in->form_id, in->instance_id, &held);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    if (!e)
        out->outcome = memcmp(held.xml.at, sum.at, sizeof sum.at) == 0 ? FIELD_SAME : FIELD_CONFLICT;
    for (size_t i = 0; i < n; i++) {
        sum = sha256(files[i].bytes);
        out->new_files += !file_held(&held, &sum);
    }
    return OK;
}

Err field_import(Ctx *c, const Round *round, DeviceId device, Str xml, const HttpPart *files, size_t n, FieldOutcome *out)
{
    FieldItem *i = arena_new(c->arena, FieldItem, 1);
    TRY(db_begin_read(c->db));
    Err e = import_fill(c, round, device, arena_str(c->arena, xml), i);
    db_rollback(c->db);
    TRY(e);
    TRY(save_files(c, i, files, n));
    TRY(collector_run(c->store, c->arena, &field_kind, i));
    openrosa_wake();
    *out = i->outcome;
    return OK;
}

/* Mostly the one that its round is in the field with. */
static Err version_of(Ctx *c, const Caller *caller, const Instance *in, FormId *out)
{
    const CallerRound *r = find_round(c, caller, in->form_id, (FormId){ 0 });
    FormRow            row;
    if (r->info && r->round.state != ROUND_DRAFT && in->version.len && str_eq(r->info->program->version, in->version)) {
        *out = r->round.form;
        return OK;
    }
    TRY(field_version_row(c, caller, in->form_id, in->version, &row));
    *out = row.id;
    return OK;
}

static Err take_post(Ctx *c, const Caller *caller)
{
    HttpPart     part;
    Instance    *in = arena_new(c->arena, Instance, 1);
    FormId       version;
    Lang         l = lang_asked(c);
    if (!str_eq(c->req->content_type, S("multipart/form-data")) || !find_form(c, &part))
        return refuse(c, 400, text_of(l, "phone.answer.no_form"));
    if (part.size > FIELD_XML_MOST)
        return refuse(c, 413, text_of(l, "phone.answer.too_large"));
    SentXml xml = { part_bytes(c->arena, &part), part.sum };
    if (instance_read(c->arena, xml.bytes, in))
        return refuse(c, 400, text_of(l, "phone.answer.malformed"));
    if (!find_round(c, caller, in->form_id, (FormId){ 0 }))
        return unknown(c, caller, NULL, in, &xml, S("unknown_form"));
    Err e = version_of(c, caller, in, &version);
    if (err_is(e, ERR_NOT_FOUND))
        return unknown(c, caller, find_round(c, caller, in->form_id, (FormId){ 0 }), in, &xml, S("unknown_version"));
    TRY(e);
    return queue_post(c, find_round(c, caller, in->form_id, version), version, in, &xml);
}

Err submission_action(Ctx *c)
{
    Caller caller;
    bool   allowed;
    TRY(caller_load(c, &caller, &allowed));
    if (!allowed)
        return OK;
    if (c->req->body_fault) {
        openrosa_fail(c, c->req->body_fault == 415 ? 400 : c->req->body_fault);
        if (c->req->body_fault == 503)
            answer_header(c, S("retry-after"), S("30"));
        return OK;
    }
    TRY(db_begin_read(c->db));               /* one view for all that is looked up, and one lock */
    Err e = take_post(c, &caller);
    db_rollback(c->db);
    if (err_is(e, ERR_FULL) || err_is(e, ERR_BUSY) || err_is(e, ERR_LIMIT)) {
        return refuse(c, 503, err_is(e, ERR_FULL) ? text_of(lang_asked(c), "phone.answer.full") : text_of(lang_asked(c), "phone.answer.busy"));
    }
    return e;
}
