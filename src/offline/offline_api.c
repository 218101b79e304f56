/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the offline page fetches and tells, as JSON, by the device's key: work, questionnaires, what is held, its state.
 * Records themselves are posted to /openrosa/submission like those of every phone. */
#include "offline/parts.h"

#include "base/json.h"
#include "base/xml.h"
#include "field/field.h"

/* ---- Writing ------------------------------------------------------------------------------------------------------- */
static void key_of(Buf *b, const char *name)
{
    if (b->at[b->len - 1] != '{')
        buf_byte(b, ',');
    buf_fmt(b, "\"%s\":", name);
}

static void put_str(Buf *b, const char *name, Str value)
{
    key_of(b, name);
    buf_json_str(b, value);
}

static void put_int(Buf *b, const char *name, int64_t value)
{
    key_of(b, name);
    buf_i64(b, value);
}

static void open_item(Buf *b)
{
    if (b->at[b->len - 1] != '[')
        buf_byte(b, ',');
    buf_byte(b, '{');
}

/* ---- Work ---------------------------------------------------------------------------------------------------------- */
static void put_form(Buf *b, const FieldVersion *v)
{
    open_item(b);
    put_str(b, "form_id", v->row.form_id);
    put_str(b, "version", v->row.version);
    put_str(b, "title", v->row.title);
    put_str(b, "title_en", v->row.title_en);
    put_str(b, "sum", v->md5);
    put_int(b, "files", (int64_t)v->files.len);
    buf_byte(b, '}');
}

static void put_round(Buf *b, const CallerRound *r, Time now)
{
    open_item(b);
    put_str(b, "code", r->round.code);
    put_str(b, "title", round_title(&r->round, LANG_VI));
    put_str(b, "title_en", round_title(&r->round, LANG_EN));
    put_str(b, "state", round_state_code(round_state_at(&r->round, now)));
    put_int(b, "closes_at", r->round.closes_at.ms);
    put_str(b, "form_id", r->form_id);
    buf_byte(b, '}');
}

static void put_case(Buf *b, Arena *a, const Caller *caller, const CarriedCase *k)
{
    open_item(b);
    put_str(b, "code", k->x.code);
    for (size_t i = 0; i < caller->rounds.len; i++)
        if (caller->rounds.at[i].round.id.v == k->x.round.v)
            put_str(b, "round", caller->rounds.at[i].round.code);
    put_str(b, "place", k->x.place);
    put_str(b, "unit", k->unit);
    put_str(b, "due", date_iso(a, k->due));
    put_str(b, "outcome", outcome_code(k->x.outcome));
    put_int(b, "attempts", k->x.attempts);
    put_int(b, "callback_at", k->x.callback_at.ms);
    put_str(b, "name", k->name);
    put_str(b, "address", k->address);
    put_str(b, "phone", k->phone);
    buf_byte(b, '}');
}

/* What may come of an attempt, in the words of the case's page. */
static void put_outcome(Buf *b, Outcome o)
{
    open_item(b);
    put_str(b, "code", outcome_code(o));
    put_str(b, "aapor", outcome_aapor(o));
    put_str(b, "text", outcome_text(LANG_VI, o));
    put_str(b, "text_en", outcome_text(LANG_EN, o));
    put_int(b, "visit", outcome_on(o, false));
    put_int(b, "phone", outcome_on(o, true));
    put_int(b, "final", outcome_final(o));
    buf_byte(b, '}');
}

/* Contact data leave the server: who took how many along is in the audit record. */
static Err cases_of(Ctx *c, const Caller *caller, CarriedCases *out)
{
    const Device *d      = &caller->seen.at[0];
    RoundId      *rounds = arena_new(c->arena, RoundId, caller->rounds.len);
    int64_t       told   = 0;
    bool          works  = false;
    for (size_t i = 0; i < caller->rounds.len; i++)
        rounds[i] = caller->rounds.at[i].round.id;
    if (!d->person.v)
        return OK;
    TRY(caller_interviewer(c, d->person, &works));
    if (!works)
        return OK;
    TRY(field_cases_carried(c, d->person, rounds, caller->rounds.len, out));
    for (size_t i = 0; i < out->len; i++)
        told += out->at[i].name.len + out->at[i].address.len + out->at[i].phone.len > 0;
    Str detail = arena_fmt(c->arena, "{\"contacts\":%lld}", (long long)told);
    return told ? audit_add(c, S("field.carry"), S("device"), d->id.v, caller->rounds.at[0].round.owner, detail) : OK;
}

static Err work_tell(Ctx *c, const Caller *caller)
{
    FieldVersions forms;
    CarriedCases  cases = { 0 };
    TRY(field_versions(c, caller, S(""), false, &forms));
    TRY(cases_of(c, caller, &cases));
    Buf b = buf_new(c->arena, 4096);
    buf_byte(&b, '{');
    put_int(&b, "now", c->now.ms);
    put_str(&b, "device", caller->seen.at[0].name);
    put_str(&b, "until", date_iso(c->arena, caller->seen.at[0].to));
    put_str(&b, "receipt_key", offline_receipt_key(c->arena, c->app));
    put_str(&b, "receipt_key_p256", offline_receipt_p256(c->arena, c->app));
    put_str(&b, "carry_key", carry_key(c->arena, c->app));
    key_of(&b, "rounds");
    buf_byte(&b, '[');
    for (size_t i = 0; i < caller->rounds.len; i++)
        put_round(&b, &caller->rounds.at[i], c->now);
    buf_lit(&b, "],\"forms\":[");
    for (size_t i = 0; i < forms.len; i++)
        put_form(&b, &forms.at[i]);
    buf_lit(&b, "],\"cases\":[");
    for (size_t i = 0; i < cases.len; i++)
        put_case(&b, c->arena, caller, &cases.at[i]);
    buf_lit(&b, "],\"outcomes\":[");
    for (int o = OUTCOME_NONE + 1; o < OUTCOME_COUNT; o++)
        if (outcome_on((Outcome)o, false) || outcome_on((Outcome)o, true))
            put_outcome(&b, (Outcome)o);
    buf_lit(&b, "]}");
    return answer_json(c, 200, buf_str(&b));
}

/* ---- A questionnaire ---------------------------------------------------------------------------------------------------- */
static Err pack(Arena *a, Str xml, Buf *out)
{
    XmlLimits limits = XML_LIMITS;
    Xml      *root;
    limits.nodes = 1000000;
    TRY(xml_parse(a, xml, limits, &root));
    xml_pack(out, root);
    return OK;
}

/* Lists in files go along, .xml packed; pictures and sounds do not. */
static Err put_files(Ctx *c, const FieldVersion *v, Buf *b)
{
    Str bytes;
    for (size_t i = 0; i < v->files.len; i++) {
        Str  name   = v->files.at[i].name;
        bool is_xml = str_ends(name, S(".xml"));
        if (!is_xml && !str_ends(name, S(".csv")))
            continue;
        TRY(form_file_load(c->db, c->store, c->arena, v->row.id, name, &bytes));
        Buf packed = buf_new(c->arena, bytes.len + 64);
        if (is_xml && pack(c->arena, bytes, &packed))
            continue;                                  /* the engine tells that it is missing */
        if (b->at[b->len - 1] != '{')
            buf_byte(b, ',');
        buf_json_str(b, name);
        buf_byte(b, ':');
        buf_json_str(b, is_xml ? buf_str(&packed) : bytes);
    }
    return OK;
}

static Err form_tell(Ctx *c, const Caller *caller)
{
    FieldVersion v;
    Str          xml;
    TRY(field_version(c, caller, form_str(c, "form_id"), form_str(c, "version"), &v));
    TRY(form_xform(c->db, c->store, c->arena, v.row.id, &xml));
    Buf packed = buf_new(c->arena, 2 * xml.len + 64), b = buf_new(c->arena, 3 * xml.len + 256);
    TRY(pack(c->arena, xml, &packed));
    buf_byte(&b, '{');
    put_str(&b, "sum", v.md5);
    put_str(&b, "form", buf_str(&packed));
    buf_lit(&b, ",\"files\":{");
    TRY(put_files(c, &v, &b));
    buf_lit(&b, "}}");
    return answer_json(c, 200, buf_str(&b));
}

/* ---- What is held ----------------------------------------------------------------------------------------------------------- */
static bool of_caller(const Caller *caller, const FieldHeld *held)
{
    for (size_t i = 0; i < caller->seen.len; i++)
        if (caller->seen.at[i].id.v == held->device.v)
            return true;
    return false;
}

static Err held_tell(Ctx *c, const Caller *caller)
{
    FieldHeld held;
    Str       form_id = form_str(c, "form_id"), instance = form_str(c, "instance");
    Err e = field_held(c->db, c->arena, collect_keys(c->app), form_id, instance, &held);
    if (err_is(e, ERR_NOT_FOUND) || (!e && !of_caller(caller, &held)))
        return answer_json(c, 200, S("{\"known\":false}"));
    TRY(e);
    Buf b = buf_new(c->arena, 1024);
    buf_lit(&b, "{\"known\":true");
    put_str(&b, "xml", str_hex(c->arena, held.xml.at, sizeof held.xml.at));
    put_str(&b, "code", held.code);
    buf_lit(&b, ",\"files\":[");
    for (size_t i = 0; i < held.files.len; i++) {
        buf_add(&b, i ? S(",") : S(""));
        buf_json_str(&b, str_hex(c->arena, held.files.at[i].sum.at, sizeof held.files.at[i].sum.at));
    }
    buf_byte(&b, ']');
    if (held.whole) {
        OfflineReceipt r = offline_receipt(c->arena, c->app, form_id, instance, &held);
        put_str(&b, "receipt", r.text);
        put_str(&b, "signature", r.signature);
        put_str(&b, "signature_p256", r.p256);
    }
    buf_byte(&b, '}');
    return answer_json(c, 200, buf_str(&b));
}

/* ---- State ------------------------------------------------------------------------------------------------------------------- */
static int64_t counted(Ctx *c, const char *name, int64_t least, int64_t most)
{
    int64_t n;
    return str_to_i64(form_str(c, name), &n) && n >= least && n <= most ? n : 0;
}

static Err state_tell(Ctx *c, const Caller *caller)
{
    int64_t      clock = counted(c, "clock", 0, INT64_C(1) << 45);
    OfflineState s = { .device = caller->seen.at[0].id, .told_at = c->now, .unsent = counted(c, "unsent", 0, 1000000),
                       .drafts = counted(c, "drafts", 0, 1000000),
                       .conflicts = counted(c, "conflicts", 0, 1000000), .bytes = counted(c, "bytes", 0, INT64_C(1) << 50),
                       .oldest_at = { counted(c, "oldest", 0, INT64_C(1) << 45) }, .clock_off_ms = clock ? clock - c->now.ms : 0,
                       .persistent = counted(c, "persistent", 0, 1) != 0, .release = str_take(form_str(c, "release"), 40) };
    TRY(offline_state_save(c->db, &s));
    return answer_json(c, 200, arena_fmt(c->arena, "{\"now\":%lld}", (long long)c->now.ms));
}

/* ---- Who asks ------------------------------------------------------------------------------------------------------------------- */
/* The key is looked up, and its use noted, in a transaction of its own. */
static Err served(Ctx *c, bool writes, Err (*tell)(Ctx *c, const Caller *caller))
{
    Caller caller;
    bool   allowed;
    TRY(caller_load(c, &caller, &allowed));
    if (!allowed)
        return OK;
    if (!caller.seen.len || !caller.rounds.len)
        return err_new(c->arena, ERR_FORBIDDEN, S("a device without a round"));
    TRY(writes ? db_begin_write(c->db) : db_begin_read(c->db));
    Err e = tell(c, &caller);
    if (!e && writes)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

static Err work_action(Ctx *c) { return served(c, true, work_tell); }      /* the audit record takes note */
static Err form_action(Ctx *c) { return served(c, false, form_tell); }
static Err held_action(Ctx *c) { return served(c, false, held_tell); }
static Err visit_action(Ctx *c) { return served(c, true, visit_tell); }
static Err state_action(Ctx *c) { return served(c, true, state_tell); }

enum { API = ROUTE_API | ROUTE_NO_TX };
const Route offline_routes[] = {
    { GET,  "/field",                 RIGHT_PUBLIC, offline_page,     ROUTE_OFFLINE },
    { GET,  "/field/sw.js",           RIGHT_PUBLIC, offline_worker,   ROUTE_OFFLINE },
    { GET,  "/field/app.webmanifest", RIGHT_PUBLIC, offline_manifest, ROUTE_OFFLINE },
    { POST, "/field/api/work",        RIGHT_PUBLIC, work_action,      API },
    { POST, "/field/api/form",        RIGHT_PUBLIC, form_action,      API },
    { POST, "/field/api/held",        RIGHT_PUBLIC, held_action,      API },
    { POST, "/field/api/state",       RIGHT_PUBLIC, state_action,     API },
    { POST, "/field/api/visit",       RIGHT_PUBLIC, visit_action,     API },
    { 0 },
};
