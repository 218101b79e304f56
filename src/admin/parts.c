/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words and small acts shared by the pages of admin. */
#include "admin/parts.h"

Str role_name(Lang lang, Role r)
{
    char key[64] = "role.";
    Str  code    = role_code(r);
    memcpy(key + 5, code.at, code.len);
    return text_find(lang, (Str){ key, 5 + code.len });
}

Str right_name(Lang lang, Right r)
{
    char key[64] = "right.";
    Str  code    = right_code(r);
    memcpy(key + 6, code.at, code.len);
    return text_find(lang, (Str){ key, 6 + code.len });
}

Str typed_password(Ctx *c, const char *name)
{
    Str clean;
    return text_clean(c->arena, http_field(&c->req->form, str_from_c(name)), &clean) ? clean : S("");
}

Str password_message(Lang lang, PasswordFault fault)
{
    switch (fault) {
    case PASSWORD_SHORT:   return text_of(lang, "signin.password_short");
    case PASSWORD_LONG:    return text_of(lang, "signin.password_long");
    case PASSWORD_COMMON:  return text_of(lang, "signin.password_common");
    case PASSWORD_CONTEXT: return text_of(lang, "signin.password_context");
    case PASSWORD_PATTERN: return text_of(lang, "signin.password_pattern");
    default:               return S("");
    }
}

Str wait_message(Ctx *c, Time until)
{
    int64_t minutes = (until.ms - c->now.ms + MS_MINUTE - 1) / MS_MINUTE;
    return text_fmt(c->arena, c->lang, "signin.wait", ARG_N("minutes", minutes > 0 ? minutes : 1));
}

/* The first word that fits: many say the names of others, too. */
typedef struct AgentWord { Str mark, name; } AgentWord;

static Str agent_word(Str agent, const AgentWord *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_has(agent, at[i].mark))
            return at[i].name;
    return S("");
}

Str browser_words(Arena *a, Str agent)
{
    static const AgentWord browsers[] = {
        { S_INIT("coc_coc"), S_INIT("Cốc Cốc") }, { S_INIT("Zalo"), S_INIT("Zalo") }, { S_INIT("Edg"), S_INIT("Edge") }, { S_INIT("OPR/"), S_INIT("Opera") },
        { S_INIT("SamsungBrowser"), S_INIT("Samsung Internet") }, { S_INIT("Firefox"), S_INIT("Firefox") }, { S_INIT("FxiOS"), S_INIT("Firefox") },
        { S_INIT("Chrome"), S_INIT("Chrome") }, { S_INIT("CriOS"), S_INIT("Chrome") }, { S_INIT("Safari"), S_INIT("Safari") },
    };
    static const AgentWord systems[] = {
        { S_INIT("Windows"), S_INIT("Windows") }, { S_INIT("Android"), S_INIT("Android") }, { S_INIT("iPhone"), S_INIT("iPhone") },
        { S_INIT("iPad"), S_INIT("iPad") }, { S_INIT("Mac OS X"), S_INIT("macOS") }, { S_INIT("CrOS"), S_INIT("ChromeOS") },
        { S_INIT("Linux"), S_INIT("Linux") },
    };
    Str browser = agent_word(agent, browsers, COUNT_OF(browsers)), on = agent_word(agent, systems, COUNT_OF(systems));
    if (!browser.len)
        return agent.len ? agent : S("–");
    return on.len ? str_join(a, (Str[]){ browser, on }, 2, S(", ")) : browser;
}

Err audit_sign_in(Ctx *c, Str action, PersonId person, bool failed, Str detail)
{
    AuditEvent e = {
        .at = c->now,
        .actor = c->session.person,
        .actor_name = c->session.who.login,
        .role = role_code(c->session.main_role),
        .address = c->req->client,
        .request = arena_fmt(c->arena, "%lld", (long long)c->req->id),
        .action = action,
        .object = person.v ? arena_fmt(c->arena, "person:%lld", (long long)person.v) : S(""),
        .detail = detail,
        .failed = failed,
    };
    if (e.actor.v == 0 && !failed) {                   /* the act makes the session: its owner is the actor */
        Person p = { 0 };
        TRY(person_load(c->db, c->arena, person, &p));
        e.actor      = person;
        e.actor_name = p.login;
    }
    return audit_append(c->db, c->arena, &e);
}

Str unit_place(Ctx *c, UnitId id)
{
    Units path = { 0 };
    if (id.v == 0 || unit_path(c->db, c->arena, id, c->today, &path) || path.len == 0)
        return S("–");
    const Unit *u    = &path.at[path.len - 1];
    Str         name = c->lang == LANG_VI && u->full_name_vi.len ? u->full_name_vi : unit_name(u, c->lang);
    for (size_t i = path.len - 1; i-- > 1;)            /* the nation itself goes without saying */
        name = arena_fmt(c->arena, "%.*s, %.*s", STR_ARG(name), STR_ARG(unit_name(&path.at[i], c->lang)));
    return name;
}

/* ---- Choosing a unit -------------------------------------------------------------------------------- */

static bool named(Ctx *c, const Unit *u, Str folded)
{
    return str_eq(text_fold(c->arena, u->name_vi), folded) || str_eq(text_fold(c->arena, u->full_name_vi), folded) ||
           str_eq(text_fold(c->arena, u->name_en), folded) || str_eq(u->code, folded);
}

/* Units that the typed text may mean, where the person holds the right: the one whose title it is, else those of
 * exactly that name, else all that fit. */
static Err unit_candidates(Ctx *c, Right right, Str typed, Units *out)
{
    Units found = { 0 }, allowed = { 0 }, exact = { 0 };
    Str   name  = str_trim(str_cut(typed, ',').head), folded = text_fold(c->arena, name);
    TRY(unit_search(c->db, c->arena, name, c->today, 40, &found));
    for (size_t i = 0; i < found.len; i++) {
        const Unit *u = &found.at[i];
        if (c->today.day < u->from.day || (!date_is_none(u->to) && c->today.day >= u->to.day) ||
            !right_has(c, right, u->id))
            continue;                                  /* nothing is given in a unit that is no more */
        *list_add(c->arena, &allowed) = found.at[i];
        if (named(c, &found.at[i], folded))
            *list_add(c->arena, &exact) = found.at[i];
        if (str_eq(unit_place(c, found.at[i].id), typed)) {
            *out = (Units){ 0 };
            *list_add(c->arena, out) = found.at[i];
            return OK;
        }
    }
    *out = exact.len ? exact : allowed;
    return OK;
}

Err unit_pick(Ctx *c, FieldReader read, Right right, UnitPick *p, FieldErrors *errors, UnitId *out)
{
    int64_t id = 0;
    *out       = (UnitId){ 0 };
    p->typed   = read(c, arena_c(c->arena, p->name));
    if (p->typed.len)
        TRY(unit_candidates(c, right, p->typed, &p->found));
    (void)str_to_i64(read(c, arena_c(c->arena, str_concat(c->arena, p->name, S("_id")))), &id);
    for (size_t i = 0; i < p->found.len; i++)
        if (p->found.len == 1 || p->found.at[i].id.v == id)
            *out = p->chosen = p->found.at[i].id;
    if (p->typed.len == 0)
        p->error = text_of(c->lang, "people.unit_missing");
    else if (out->v == 0)
        p->error = p->found.len ? text_of(c->lang, "people.unit_many") : text_of(c->lang, "people.unit_none");
    else
        p->typed = unit_place(c, *out);
    if (out->v)
        p->found = (Units){ 0 };
    p->places = arena_new(c->arena, Str, p->found.len + 1);
    for (size_t i = 0; i < p->found.len; i++)
        p->places[i] = unit_place(c, p->found.at[i].id);
    if (p->error.len)
        field_error(c, errors, p->name, p->error);
    return OK;
}
