/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The registry in the console: list, one index with its history, making and changing; the route table. */
#include "indices/index_registry.h"

#include "base/ids.h"
#include "base/utf8.h"

#include "registry_views.html.h"

#include <math.h>

Str registry_kind_text(Lang l, UnitKind k)
{
    switch (k) {
    case UNIT_PROVINCE:   return text_of(l, "indexreg.kind.province");
    case UNIT_MINISTRY:   return text_of(l, "indexreg.kind.ministry");
    case UNIT_DEPARTMENT: return text_of(l, "indexreg.kind.department");
    default:              return text_of(l, "indexreg.kind.commune");
    }
}

/* The nation's are for everybody who reads indices. */
static bool may_see(Ctx *c, const RegistryIndex *x)
{
    return x->owner.v == UNIT_ROOT || right_has(c, RIGHT_INDEX_READ, x->owner);
}

Err registry_of_path(Ctx *c, Right right, RegistryIndex *out)
{
    TRY(registry_load(c->db, c->arena, path_int(c, "id"), out));
    return right == RIGHT_INDEX_READ && may_see(c, out) ? OK : right_need(c, right, out->owner);
}

static Str show_path(Ctx *c, int64_t id)
{
    return arena_fmt(c->arena, "/console/indices/%lld", (long long)id);
}

static Err registry_list_page(Ctx *c)
{
    RegistryIndices  all;
    RegistryListView v = { .may_add = right_has(c, RIGHT_INDEX_MANAGE, (UnitId){ 0 }) };
    TRY(registry_list(c->db, c->arena, &all));
    for (size_t i = 0; i < all.len; i++)
        if (may_see(c, &all.at[i]))
            *list_add(c->arena, &v.rows) = (RegistryLine){ &all.at[i], unit_name_today(c, all.at[i].owner), registry_kind_text(c->lang, all.at[i].kind),
                                                           site_path(c, show_path(c, all.at[i].id)) };
    page_crumb(c, text_of(c->lang, "indexreg.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "indexreg.title"));
    registry_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One index ------------------------------------------------------------------------------------------------ */

static Str moved_text(Ctx *c, const RegistryFigure *f)
{
    return !f || isnan(f->score) ? text_of(c->lang, "indexreg.no_figure") : registry_score_text(c->arena, c->lang, f->score);
}

static Err entry_fill(Ctx *c, const RegistryFigures *figures, const RegistrySheet *s, RegistryEntry *out)
{
    *out = (RegistryEntry){ .s = s, .link = str_starts(s->url, S("https://")) || str_starts(s->url, S("http://")) };
    out->title = text_fmt(c->arena, c->lang, "indexreg.entry", ARG_S("year", arena_fmt(c->arena, "%d", s->year)), ARG_N("n", s->revision));
    out->by    = text_fmt(c->arena, c->lang, "indexreg.entry.by", ARG_S("who", person_name_of(c, s->by)), ARG_S("when", time_text(c->arena, c->lang, s->at)));
    for (size_t i = 0; i < figures->len; i++) {
        const RegistryFigure *f = &figures->at[i];
        Unit                  u;
        if (f->year != s->year || f->revision != s->revision)
            continue;
        TRY(unit_load(c->db, c->arena, f->unit, date_from_ymd(f->year, 12, 31), &u));
        *list_add(c->arena, &out->moves) =
            (RegistryMove){ unit_name(&u, c->lang), moved_text(c, registry_figure(figures, f->year, f->unit, f->revision)), moved_text(c, f) };
    }
    return OK;
}

static void fact(Ctx *c, RegistryShow *v, Str key, Str value)
{
    if (value.len)
        *list_add(c->arena, &v->facts) = (SummaryRow){ .key = key, .value = value };
}

static void facts_fill(Ctx *c, RegistryShow *v)
{
    const RegistryIndex *x   = v->x;
    Str                  max = registry_score_text(c->arena, c->lang, x->max_points);
    fact(c, v, text_of(c->lang, "indexreg.code"), x->code);
    fact(c, v, text_of(c->lang, "indexreg.owner"), unit_name_today(c, x->owner));
    fact(c, v, text_of(c->lang, "indexreg.kind"), registry_kind_text(c->lang, x->kind));
    fact(c, v, text_of(c->lang, "indexreg.scale"),
         text_fmt(c->arena, c->lang, "indexreg.scale.text", ARG_S("max", max), ARG_S("unit", indices_unit(c->arena, x->value[c->lang]))));
    fact(c, v, text_of(c->lang, "indexreg.about"), x->about[c->lang]);
}

static Err registry_show_page(Ctx *c)
{
    RegistryIndex   x;
    RegistrySheets  sheets;
    RegistryFigures figures;
    PublishedIndex  seen;
    TRY(registry_of_path(c, RIGHT_INDEX_READ, &x));
    RegistryShow v = { .x = &x, .base = site_path(c, show_path(c, x.id)), .may_manage = right_has(c, RIGHT_INDEX_MANAGE, x.owner),
                       .year = date_ymd(c->today).year };
    TRY(registry_sheets(c->db, c->arena, x.id, &sheets));
    TRY(registry_figures(c->db, c->arena, x.id, &figures));
    facts_fill(c, &v);
    for (size_t i = 0; i < sheets.len; i++) {
        RegistryEntry e;
        TRY(entry_fill(c, &figures, &sheets.at[i], &e));
        *list_add(c->arena, &v.entries) = e;
    }
    Err e = published_index(c->db, c->arena, x.code, &seen);
    if (e && !err_is(e, ERR_NOT_FOUND))
        return e;
    v.public_href = e ? S("") : site_path(c, str_concat(c->arena, S("/indices/"), x.code));
    page_crumb(c, text_of(c->lang, "indexreg.title"), S("/console/indices"));
    page_crumb(c, x.name[c->lang], S(""));
    Out o = page_begin(c, x.name[c->lang]);
    registry_show_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Making and changing ---------------------------------------------------------------------------------------- */

static const UnitKind kinds[] = { UNIT_PROVINCE, UNIT_MINISTRY, UNIT_DEPARTMENT, UNIT_COMMUNE };

/* What the words were when the page was opened. */
static Str words_seen(Ctx *c, const RegistryIndex *x)
{
    Str    parts[] = { x->name[0], x->name[1], x->about[0], x->about[1], x->value[0], x->value[1] };
    Sha256 sum = sha256(str_join(c->arena, parts, COUNT_OF(parts), S("\n")));
    return str_hex(c->arena, sum.at, sizeof sum.at);
}

static Err form_view(Ctx *c, RegistryForm *v, const RegistryIndex *x, int status)
{
    v->id        = x->id;
    v->token     = c->page.form_token;
    v->back_href = site_path(c, x->id ? show_path(c, x->id) : S("/console/indices"));
    v->action    = site_path(c, x->id ? str_concat(c->arena, show_path(c, x->id), S("/change")) : S("/console/indices/new"));
    v->seen      = x->id ? words_seen(c, x) : S("");
    v->title     = x->id ? text_of(c->lang, "indexreg.change") : text_of(c->lang, "indexreg.new");
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        *list_add(c->arena, &v->kinds) =
            (Choice){ .value = unit_kind_code(kinds[i]), .label = registry_kind_text(c->lang, kinds[i]), .chosen = x->kind == kinds[i] };
    if (!x->id)
        TRY(owner_choices(c, RIGHT_INDEX_MANAGE, x->owner, &v->owners));
    page_crumb(c, text_of(c->lang, "indexreg.title"), S("/console/indices"));
    if (x->id)
        page_crumb(c, x->name[c->lang], show_path(c, x->id));
    page_crumb(c, v->title, S(""));
    Out o = page_begin(c, v->title);
    registry_form_view(&o, v);
    return page_end_status(c, &o, status);
}

static void words_typed(Ctx *c, RegistryForm *v)
{
    static const char *const boxes[3][LANG_COUNT] = { { "name_vi", "name_en" }, { "about_vi", "about_en" }, { "value_vi", "value_en" } };
    Str *words[3] = { v->name, v->about, v->value };
    for (int k = 0; k < 3; k++)
        for (int l = 0; l < LANG_COUNT; l++) {
            words[k][l] = form_str(c, boxes[k][l]);
            size_t most = k == 1 ? 1000 : k == 2 ? 20 : 200;
            if ((k != 1 && !words[k][l].len) || utf8_count(words[k][l]) > most)
                field_error(c, &v->errors, str_from_c(boxes[k][l]), text_of(c->lang, "indexreg.fault.words"));
        }
}

static void words_keep(RegistryIndex *x, const RegistryForm *v)
{
    for (int l = 0; l < LANG_COUNT; l++) {
        x->name[l]  = v->name[l];
        x->about[l] = v->about[l];
        x->value[l] = v->value[l];
    }
}

/* The nation scores provinces and ministries, a province its departments and communes. */
static Err owner_typed(Ctx *c, RegistryForm *v, RegistryIndex *x)
{
    Unit u;
    if (!unit_kind_parse(form_str(c, "kind"), &x->kind) || (!registry_local(x->kind) && x->kind != UNIT_PROVINCE && x->kind != UNIT_MINISTRY)) {
        x->kind = UNIT_NATION;
        field_error(c, &v->errors, S("kind"), text_of(c->lang, "indexreg.fault.kind"));
    }
    if (!str_to_i64(form_str(c, "unit"), &x->owner.v) || x->owner.v <= 0 || !right_has(c, RIGHT_INDEX_MANAGE, x->owner)) {
        field_error(c, &v->errors, S("unit"), text_of(c->lang, "indexreg.fault.owner"));
        return OK;
    }
    TRY(unit_load(c->db, c->arena, x->owner, c->today, &u));
    if (registry_local(x->kind) ? u.kind != UNIT_PROVINCE : x->kind != UNIT_NATION && u.kind != UNIT_NATION)
        field_error(c, &v->errors, S("unit"), text_of(c->lang, "indexreg.fault.fit"));
    return OK;
}

static Err registry_new_page(Ctx *c)
{
    RegistryForm v = { .max = S("100"), .value = { S("điểm"), S("points") } };
    return form_view(c, &v, &(RegistryIndex){ 0 }, 200);
}

static Err registry_new_action(Ctx *c)
{
    RegistryForm  v = { .code = form_str(c, "code"), .max = form_str(c, "max") };
    RegistryIndex x = { .code = v.code, .made_by = c->session.person, .made_at = c->now };
    bool          taken = false;
    if (!registry_code_good(v.code))
        field_error(c, &v.errors, S("code"), text_of(c->lang, "indexreg.fault.code"));
    else
        TRY(registry_code_taken(c->db, v.code, &taken));
    if (taken)
        field_error(c, &v.errors, S("code"), text_of(c->lang, "indexreg.fault.taken"));
    words_typed(c, &v);
    TRY(owner_typed(c, &v, &x));
    if (!registry_score_parse(c->lang, v.max, 1e6, &x.max_points) || x.max_points <= 0)
        field_error(c, &v.errors, S("max"), text_of(c->lang, "indexreg.fault.max"));
    if (v.errors.len)
        return form_view(c, &v, &x, 422);
    words_keep(&x, &v);
    x.id = id_new();
    TRY(registry_add(c->db, &x));
    TRY(audit_add(c, S("index.add"), S("index"), x.id, x.owner, S("")));
    return redirect_notice(c, show_path(c, x.id), NOTICE_OK, text_of(c->lang, "indexreg.made"));
}

static Err registry_change_page(Ctx *c)
{
    RegistryIndex x;
    TRY(registry_of_path(c, RIGHT_INDEX_MANAGE, &x));
    RegistryForm v = { 0 };
    for (int l = 0; l < LANG_COUNT; l++) {
        v.name[l]  = x.name[l];
        v.about[l] = x.about[l];
        v.value[l] = x.value[l];
    }
    return form_view(c, &v, &x, 200);
}

static Err registry_change_action(Ctx *c)
{
    RegistryIndex x;
    RegistryForm  v = { 0 };
    TRY(registry_of_path(c, RIGHT_INDEX_MANAGE, &x));
    words_typed(c, &v);
    if (!str_eq(form_str(c, "seen"), words_seen(c, &x)))
        field_error(c, &v.errors, S("name_vi"), text_of(c->lang, "indexreg.fault.meanwhile"));
    if (v.errors.len)
        return form_view(c, &v, &x, 422);
    Buf was = buf_new(c->arena, 256);
    buf_lit(&was, "{\"before\":");
    buf_json_str(&was, str_join(c->arena, (Str[]){ x.name[LANG_VI], x.name[LANG_EN], x.value[LANG_VI], x.about[LANG_VI] }, 4, S(" | ")));
    buf_byte(&was, '}');
    words_keep(&x, &v);
    TRY(registry_change(c->db, &x));
    TRY(audit_add(c, S("index.change"), S("index"), x.id, x.owner, buf_str(&was)));
    return redirect_notice(c, show_path(c, x.id), NOTICE_OK, text_of(c->lang, "indexreg.changed"));
}

const Route registry_console_routes[] = {
    { GET,  "/indices",             RIGHT_INDEX_READ,   registry_list_page,     0 },
    { GET,  "/indices/new",         RIGHT_INDEX_MANAGE, registry_new_page,      0 },
    { POST, "/indices/new",         RIGHT_INDEX_MANAGE, registry_new_action,    0 },
    { GET,  "/indices/{id}",        RIGHT_INDEX_READ,   registry_show_page,     0 },
    { GET,  "/indices/{id}/change", RIGHT_INDEX_MANAGE, registry_change_page,   0 },
    { POST, "/indices/{id}/change", RIGHT_INDEX_MANAGE, registry_change_action, 0 },
    { GET,  "/indices/{id}/values", RIGHT_INDEX_MANAGE, registry_values_page,   0 },
    { POST, "/indices/{id}/values", RIGHT_INDEX_MANAGE, registry_values_action, 0 },
    { GET,  "/indices/{id}/values.csv", RIGHT_INDEX_MANAGE, registry_file_template, 0 },
    { POST, "/indices/{id}/values/file", RIGHT_INDEX_MANAGE, registry_file_action, ROUTE_UPLOAD },
    { 0 },
};
