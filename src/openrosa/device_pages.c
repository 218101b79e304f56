/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Phones of a round in the console: list, adding (key and QR code are the answer to the request that makes them, and are
 * shown never again), revoking; the route table. */
#include "openrosa/pages.h"
#include "openrosa/settings.h"

#include "device_add.html.h"
#include "device_list.html.h"
#include "device_shown.html.h"

enum { AFTER_CLOSE_DAYS = 30 };        /* phones may be offline for weeks */

Str device_state_text(Lang l, DeviceState s)
{
    switch (s) {
    case DEVICE_LATER: return text_of(l, "phone.device.later");
    case DEVICE_ACTIVE: return text_of(l, "phone.device.active");
    case DEVICE_ENDED: return text_of(l, "phone.device.ended");
    default: return text_of(l, "phone.device.revoked");
    }
}

TagKind device_state_tag(DeviceState s)
{
    static const TagKind kinds[] = { TAG_PLAIN, TAG_OK, TAG_OFF, TAG_BAD };
    return kinds[s];
}

/* ---- List -------------------------------------------------------------------------------------------------------- */
static Err device_list_page(Ctx *c)
{
    Round          r;
    DeviceRows     devices;
    TRY(round_of_console(c, RIGHT_SUBMISSION_READ, &r));
    TRY(device_list(c->db, c->arena, r.id, &devices));
    bool           may = right_has(c, RIGHT_ROUND_MANAGE, r.owner);
    DeviceListView v   = { .r = &r, .records_href = round_console_path(c, &r, "/field"),
                           .offline_href = round_console_path(c, &r, "/offline"),
                           .add_href = may ? round_console_path(c, &r, "/devices/new") : S(""),
                           .closed = round_state_at(&r, c->now) == ROUND_CLOSED || r.state == ROUND_PUBLISHED };
    for (size_t i = 0; i < devices.len; i++) {
        const Device *d    = &devices.at[i];
        Str           path = arena_fmt(c->arena, "/devices/%lld/revoke", (long long)d->id.v);
        *list_add(c->arena, &v.rows) = (DeviceRow){ d, device_state(d, c->today),
                                                    may && !d->revoked_at.ms ? round_console_path(c, &r, arena_c(c->arena, path)) : S("") };
    }
    Out o = page_begin(c, text_of(c->lang, "phone.devices.title"));
    page_crumb(c, c->page.title, S(""));
    device_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Adding --------------------------------------------------------------------------------------------------------- */
static Err add_view(Ctx *c, const Round *r, DeviceAddView *v, int status)
{
    v->r         = r;
    v->token     = c->page.form_token;
    v->action    = round_console_path(c, r, "/devices/new");
    v->back_href = round_console_path(c, r, "/devices");
    v->ways[0]   = (Choice){ .value = S("key"), .label = text_of(c->lang, "phone.way.key"), .hint = text_of(c->lang, "phone.way.key.hint"),
                             .chosen = !v->by_account };
    v->ways[1]   = (Choice){ .value = S("account"), .label = text_of(c->lang, "phone.way.account"), .hint = text_of(c->lang, "phone.way.account.hint"),
                             .chosen = v->by_account };
    Out o = page_begin(c, text_of(c->lang, "phone.add.title"));
    page_crumb(c, text_of(c->lang, "phone.devices.title"), v->back_href);
    page_crumb(c, c->page.title, S(""));
    device_add_view(&o, v);
    return page_end_status(c, &o, status);
}

static Err device_new_page(Ctx *c)
{
    Round r;
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    DeviceAddView v = { .from = date_boxes(c->arena, c->today) };
    if (r.closes_at.ms)
        v.to = date_boxes(c->arena, (Date){ date_of(r.closes_at).day + AFTER_CLOSE_DAYS });
    return add_view(c, &r, &v, 200);
}

static Err find_account(Ctx *c, DeviceAddView *v, Device *d)
{
    Person p;
    if (!v->login.len) {
        if (v->by_account)
            field_error(c, &v->errors, S("login"), text_of(c->lang, "phone.fault.login"));
        return OK;
    }
    Err e = person_by_login(c->db, c->arena, str_lower_ascii(c->arena, v->login), &p);
    if (err_is(e, ERR_NOT_FOUND) || (!e && p.disabled)) {
        field_error(c, &v->errors, S("login"), text_of(c->lang, "phone.fault.no_login"));
        return OK;
    }
    TRY(e);
    d->person = p.id;
    d->login  = p.login;
    return OK;
}

static Err read_device(Ctx *c, DeviceAddView *v, Device *d)
{
    *d            = (Device){ 0 };
    v->by_account = str_eq(form_str(c, "way"), S("account"));
    v->name = d->name = form_str(c, "name");
    v->login          = form_str(c, "login");
    if (!d->name.len || utf8_count(d->name) > 100)
        field_error(c, &v->errors, S("name"), text_of(c->lang, "phone.fault.name"));
    TRY(find_account(c, v, d));
    bool good = date_typed(c, form_str, "from", &v->from, &d->from) && !date_is_none(d->from);
    if (!good)
        field_error(c, &v->errors, S("from_day"), text_of(c->lang, "phone.fault.from"));
    if (!date_typed(c, form_str, "to", &v->to, &d->to) || (good && !date_is_none(d->to) && d->to.day < d->from.day))
        field_error(c, &v->errors, S("to_day"), text_of(c->lang, "phone.fault.to"));
    return OK;
}

/* The first letter of a name, for the project's badge. */
static Str first_letter(Str name)
{
    Str rest = name;
    return utf8_next(&rest) < 0 ? S("T") : str_take(name, name.len - rest.len);
}

static Err show_key(Ctx *c, const Round *r, const Device *d, Str key)
{
    DeviceShownView v = { .d = d, .login = d->login, .has_key = key.len != 0, .back_href = round_console_path(c, r, "/devices") };
    v.url = key.len ? device_url(c->arena, site_base(c), key) : str_concat(c->arena, site_base(c), S("/openrosa"));
    v.page_url = key.len ? arena_fmt(c->arena, "%.*s/field#%.*s", STR_ARG(site_base(c)), STR_ARG(key)) : S("");
    CollectSettings s = { .server_url = v.url, .user = d->login.len ? d->login : d->name, .project = round_title(r, LANG_VI),
                          .icon = first_letter(round_title(r, LANG_VI)) };
    v.code = collect_settings_code(c->arena, &s);
    Out o = page_begin(c, text_of(c->lang, "phone.shown.title"));
    page_crumb(c, text_of(c->lang, "phone.devices.title"), v.back_href);
    page_crumb(c, c->page.title, S(""));
    device_shown_view(&o, &v);
    return page_end(c, &o);
}

static Err device_new_action(Ctx *c)
{
    Round         r;
    Device        d;
    DeviceAddView v   = { 0 };
    Str           key = S("");
    bool          taken;
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    if (r.state == ROUND_PUBLISHED || round_state_at(&r, c->now) == ROUND_CLOSED)
        return redirect_notice(c, round_console_path(c, &r, "/devices"), NOTICE_WARN, text_of(c->lang, "phone.fault.closed"));
    TRY(form_takes(c->db, c->store, c->arena, r.form, FORM_FIELD, &taken));
    if (!taken)
        return redirect_notice(c, round_console_path(c, &r, "/devices"), NOTICE_WARN, text_of(c->lang, "phone.fault.channel"));
    TRY(read_device(c, &v, &d));
    if (v.errors.len)
        return add_view(c, &r, &v, 422);
    TRY(device_add(c->db, c->arena, r.id, &d, c->session.person, c->now, v.by_account ? NULL : &key));
    TRY(audit_add(c, S("device.add"), S("device"), d.id.v, r.owner, arena_fmt(c->arena, "{\"round\":%lld}", (long long)r.id.v)));
    return show_key(c, &r, &d, key);
}

/* ---- Revoking -------------------------------------------------------------------------------------------------------- */
/* A phone of this round. */
static Err device_of_round(Ctx *c, const Round *r, Device *out)
{
    DeviceRows devices;
    TRY(device_list(c->db, c->arena, r->id, &devices));
    for (size_t i = 0; i < devices.len; i++)
        if (devices.at[i].id.v == path_int(c, "device")) {
            *out = devices.at[i];
            return OK;
        }
    return err_new(c->arena, ERR_NOT_FOUND, S("device"));
}

static Err revoke_view(Ctx *c, const Round *r, const Device *d, const FieldErrors *errors, int status)
{
    SummaryRow rows[] = {
        { .key = text_of(c->lang, "phone.device.name"), .value = d->name },
        { .key = text_of(c->lang, "phone.device.seen"), .value = d->seen_at.ms ? time_text(c->arena, c->lang, d->seen_at) : text_of(c->lang, "phone.never") },
    };
    Str         path = arena_fmt(c->arena, "/devices/%lld/revoke", (long long)d->id.v);
    ConfirmPage v = {
        .title = text_of(c->lang, "phone.revoke.title"), .text = text_of(c->lang, "phone.revoke.text"), .warning = text_of(c->lang, "phone.revoke.warning"),
        .rows = rows, .n = COUNT_OF(rows), .token = c->page.form_token, .back_href = round_console_path(c, r, "/devices"),
        .button = text_of(c->lang, "phone.revoke.button"), .action = round_console_path(c, r, arena_c(c->arena, path)), .danger = true,
        .ask_reason = true, .reason = form_str(c, "reason"), .errors = errors,
    };
    Out o = page_begin(c, v.title);
    page_crumb(c, text_of(c->lang, "phone.devices.title"), v.back_href);
    page_crumb(c, v.title, S(""));
    confirm_page(&o, &v);
    return page_end_status(c, &o, status);
}

static Err device_revoke_page(Ctx *c)
{
    Round  r;
    Device d;
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    TRY(device_of_round(c, &r, &d));
    return revoke_view(c, &r, &d, NULL, 200);
}

static Err device_revoke_action(Ctx *c)
{
    Round       r;
    Device      d;
    FieldErrors errors = { 0 };
    Str         reason = form_str(c, "reason");
    TRY(round_of_console(c, RIGHT_ROUND_MANAGE, &r));
    TRY(device_of_round(c, &r, &d));
    if (!reason.len || utf8_count(reason) > 1000) {
        field_error(c, &errors, S("reason"), text_of(c->lang, "phone.fault.reason"));
        return revoke_view(c, &r, &d, &errors, 422);
    }
    TRY(device_revoke(c->db, c->arena, d.id, c->session.person, reason, c->now));
    Buf detail = buf_new(c->arena, 64);
    buf_lit(&detail, "{\"reason\":");
    buf_json_str(&detail, reason);
    buf_byte(&detail, '}');
    TRY(audit_add(c, S("device.revoke"), S("device"), d.id.v, r.owner, buf_str(&detail)));
    return redirect_notice(c, round_console_path(c, &r, "/devices"), NOTICE_OK, text_fmt(c->arena, c->lang, "phone.revoke.done", ARG_S("name", d.name)));
}

const Route openrosa_console_routes[] = {
    { GET,  "/rounds/{id}/devices",                      RIGHT_SUBMISSION_READ,   device_list_page,     0 },
    { GET,  "/rounds/{id}/devices/new",                  RIGHT_ROUND_MANAGE,      device_new_page,      0 },
    { POST, "/rounds/{id}/devices/new",                  RIGHT_ROUND_MANAGE,      device_new_action,    0 },
    { GET,  "/rounds/{id}/devices/{device}/revoke",      RIGHT_ROUND_MANAGE,      device_revoke_page,   0 },
    { POST, "/rounds/{id}/devices/{device}/revoke",      RIGHT_ROUND_MANAGE,      device_revoke_action, 0 },
    { GET,  "/rounds/{id}/field",                        RIGHT_SUBMISSION_READ,   field_list_page,      0 },
    { GET,  "/rounds/{id}/field/aside",                  RIGHT_SUBMISSION_READ,   field_aside_page,     0 },
    { GET,  "/rounds/{id}/field/aside/{item}/file",      RIGHT_SUBMISSION_READ,   field_aside_file,     0 },
    { POST, "/rounds/{id}/field/aside/{item}",           RIGHT_SUBMISSION_SETTLE, field_aside_action,   0 },
    { GET,  "/rounds/{id}/field/{record}",               RIGHT_SUBMISSION_READ,   field_record_page,    0 },
    { GET,  "/rounds/{id}/field/{record}/xml",           RIGHT_SUBMISSION_READ,   field_xml_file,       0 },
    { GET,  "/rounds/{id}/field/{record}/files/{sum}",   RIGHT_SUBMISSION_READ,   field_attachment,     0 },
    { GET,  "/rounds/{id}/field/{record}/settle",        RIGHT_SUBMISSION_SETTLE, field_settle_page,    0 },
    { POST, "/rounds/{id}/field/{record}/settle",        RIGHT_SUBMISSION_SETTLE, field_settle_action,  0 },
    { 0 },
};
