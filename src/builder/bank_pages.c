/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The item bank in the console: searching, one item with its versions and uses, using one. */
#include "builder/bank.h"
#include "builder/lists.h"
#include "builder/row.h"
#include "bank_changes.html.h"
#include "bank_item.html.h"
#include "bank_list.html.h"

/* The nation's items are for everybody who reads questionnaires. */
bool bank_may_see(Ctx *c, const BankItem *x)
{
    return x->unit.v == UNIT_ROOT || right_has(c, RIGHT_FORM_READ, x->unit);
}

Str bank_path(Ctx *c, int64_t id)
{
    return arena_fmt(c->arena, "/console/bank/%lld", (long long)id);
}

static Str type_text(Ctx *c, Str type)
{
    TypeCell t = type_read(c->arena, type);
    return type_words(c->lang, &t);
}

/* ---- List ---------------------------------------------------------------------------------------------------------------- */

void bank_once(Ctx *c, Choices *out, Str value, Str label, Str chosen)
{
    for (size_t i = 0; i < out->len; i++)
        if (str_eq(out->at[i].value, value))
            return;
    *list_add(c->arena, out) = (Choice){ .value = value, .label = label, .chosen = str_eq(value, chosen) };
}

static bool wanted(Ctx *c, const BankListView *v, const BankItem *x)
{
    Str words = str_join(c->arena, (Str[]){ x->title, x->subject, x->name, x->code }, 4, S(" "));
    Str kind  = bank_is_group(x->type) ? S("group") : S("question");
    return (!v->subject.len || str_eq(v->subject, x->subject)) && (!v->role.len || str_eq(v->role, x->role)) && (!v->kind.len || str_eq(v->kind, kind)) &&
           (!v->q.len || text_match(*c->arena, words, v->q) > 0);
}

/* Where items go: a draft the person writes. */
static Err target_of(Ctx *c, BankListView *v)
{
    FormDraft d;
    v->draft = query_int(c, "draft", 0);
    v->after = query_int(c, "after", 0);
    v->inside = query_int(c, "inside", 0) > 0;
    if (!v->draft)
        return OK;
    TRY(form_draft_load(c->db, c->arena, v->draft, &d));
    TRY(right_need(c, RIGHT_FORM_MANAGE, d.owner));
    v->draft_title = d.title.len ? d.title : text_of(c->lang, "builder.untitled");
    v->draft_path  = arena_fmt(c->arena, "/console/drafts/%lld", (long long)d.id);
    v->revision    = d.revision;
    return OK;
}

static Err bank_page(Ctx *c)
{
    static const char *const roles[] = { "satisfaction", "perception", "expectation", "profile", "filter", "open" };
    static const QuestionRole as[]   = { QR_SATISFACTION, QR_PERCEPTION, QR_EXPECTATION, QR_PROFILE, QR_FILTER, QR_OPEN };
    BankItems    rows;
    BankListView v = { .q = query_str(c, "q"), .subject = query_str(c, "subject"), .role = query_str(c, "role"), .kind = query_str(c, "kind"),
                       .token = c->page.form_token };
    TRY(target_of(c, &v));
    TRY(bank_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const BankItem *x = &rows.at[i];
        if (!bank_may_see(c, x))
            continue;
        bank_once(c, &v.subjects, x->subject, x->subject, v.subject);
        if (wanted(c, &v, x))
            *list_add(c->arena, &v.lines) = (BankLine){ x->id, x->title, type_text(c, x->type), x->subject, unit_name_today(c, x->unit), bank_path(c, x->id) };
    }
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        *list_add(c->arena, &v.roles) = (Choice){ .value = str_from_c(roles[i]), .label = form_role_text(c->lang, as[i]),
                                                  .chosen = str_eq(v.role, str_from_c(roles[i])) };
    *list_add(c->arena, &v.kinds) = (Choice){ .value = S("question"), .label = text_of(c->lang, "builder.bank.kind.question"),
                                              .chosen = str_eq(v.kind, S("question")) };
    *list_add(c->arena, &v.kinds) = (Choice){ .value = S("group"), .label = text_of(c->lang, "builder.bank.kind.group"), .chosen = str_eq(v.kind, S("group")) };
    page_crumb(c, text_of(c->lang, "form.list.title"), S("/console/forms"));
    page_crumb(c, text_of(c->lang, "builder.bank"), S(""));
    Out o = page_begin(c, text_of(c->lang, "builder.bank"));
    bank_list_view(&o, &v);
    return page_end(c, &o);
}

/* ---- One item ---------------------------------------------------------------------------------------------------------------- */

static void add_uses(Ctx *c, const BankUses *uses, BankItemView *v)
{
    for (size_t i = 0; i < uses->len; i++) {
        const BankUse *u = &uses->at[i];
        if (!right_has(c, RIGHT_FORM_READ, u->owner)) {
            v->hidden_uses++;
            continue;
        }
        bool open = str_eq(u->state, S("open"));
        *list_add(c->arena, &v->uses) = (BankUseLine){ u->title.len ? u->title : text_of(c->lang, "builder.untitled"), u->name, u->version,
            open ? text_of(c->lang, "builder.bank.in_draft") : text_fmt(c->arena, c->lang, "builder.bank.in_version", ARG_S("version", u->published_version)),
            !open ? form_base(c, u->published) : !right_has(c, RIGHT_FORM_MANAGE, u->owner) ? S("")
                : arena_fmt(c->arena, "/console/drafts/%lld", (long long)u->draft) };
    }
}

static Str choices_line(Ctx *c, const Grid *g, Str list)
{
    enum { MOST = 12 };
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES);
    StrList labels = { 0 };
    size_t  more   = 0;
    for (size_t i = 0; i < s->rows.len; i++) {
        if (!list.len || !list_row(s, i, list))
            continue;
        if (labels.len < MOST)
            *list_add(c->arena, &labels) = grid_text(g, s, &s->rows.at[i], COL_LABEL, c->lang);
        else
            more++;
    }
    if (more)
        *list_add(c->arena, &labels) = text_fmt(c->arena, c->lang, "builder.bank.more_choices", ARG_N("n", (int64_t)more));
    return str_join(c->arena, labels.at, labels.len, S(" · "));
}

/* What a group holds, its own row left out. */
static void add_rows(Ctx *c, const Grid *g, BankItemView *v)
{
    const GridSheet *s = grid_sheet(g, SHEET_SURVEY);
    Outline          o = outline_of(c->arena, g);
    for (size_t i = 0; i < o.items.len; i++) {
        const OutlineItem *x   = &o.items.at[i];
        const GridRow     *row = &s->rows.at[x->at];
        if (i > 0)
            *list_add(c->arena, &v->rows) = (BankRowLine){ x->depth > 5 ? 5 : x->depth, row_label(c, g, row, c->lang), type_words(c->lang, &x->type),
                choices_line(c, g, x->type.list), logic_words(c, g, grid_cell(s, row, COL_RELEVANT, S(""))) };
    }
}

static Err item_page(Ctx *c)
{
    BankItem     x;
    BankVersions versions;
    BankUses     uses;
    Grid        *g;
    BankItemView v = { .item = &x, .token = c->page.form_token };
    TRY(bank_load(c->db, c->arena, path_int(c, "id"), &x));
    if (!bank_may_see(c, &x))
        return err_new(c->arena, ERR_FORBIDDEN, S("form_read"));
    TRY(bank_content(c->db, c->arena, x.id, x.version, &g));
    TRY(bank_versions(c->db, c->arena, x.id, &versions));
    TRY(bank_uses(c->db, c->arena, x.id, &uses));
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES);
    lang_boxes(c, g, grid_sheet(g, SHEET_SURVEY), &grid_sheet(g, SHEET_SURVEY)->rows.at[0], &v.langs);
    v.group = bank_is_group(x.type);
    if (v.group)
        add_rows(c, g, &v);
    for (size_t i = 0; !v.group && i < s->rows.len; i++)
        *list_add(c->arena, &v.choices) = (Choice){ .value = grid_cell(s, &s->rows.at[i], COL_NAME, S("")),
                                                    .label = grid_text(g, s, &s->rows.at[i], COL_LABEL, c->lang) };
    for (size_t i = 0; i < versions.len; i++)
        *list_add(c->arena, &v.versions) = (HistoryLine){ versions.at[i].note.len ? versions.at[i].note : versions.at[i].title,
                                                          person_text(c, versions.at[i].by),
                                                          versions.at[i].at, versions.at[i].version };
    add_uses(c, &uses, &v);
    v.type   = type_text(c, x.type);
    v.unit   = unit_name_today(c, x.unit);
    v.source = versions.len ? versions.at[0].source : S("");
    v.path   = bank_path(c, x.id);
    v.may_withdraw = !x.withdrawn && right_has(c, RIGHT_FORM_MANAGE, x.unit);
    page_crumb(c, text_of(c->lang, "builder.bank"), S("/console/bank"));
    page_crumb(c, x.title, S(""));
    Out o = page_begin(c, x.title);
    bank_item_view(&o, &v);
    return page_end(c, &o);
}

static Err withdraw_action(Ctx *c)
{
    BankItem x;
    TRY(bank_load(c->db, c->arena, path_int(c, "id"), &x));
    TRY(right_need(c, RIGHT_FORM_MANAGE, x.unit));
    TRY(bank_withdraw(c->db, x.id));
    TRY(audit_add(c, S("bank.withdraw"), S("bank"), x.id, x.unit, S("")));
    return redirect_notice(c, S("/console/bank"), NOTICE_OK, text_of(c->lang, "builder.bank.withdrawn"));
}

/* ---- Two versions ------------------------------------------------------------------------------------------------------------ */

static void version_choices(Ctx *c, const BankVersions *versions, int64_t chosen, Choices *out)
{
    for (size_t i = 0; i < versions->len; i++) {
        Str n = arena_fmt(c->arena, "%lld", (long long)versions->at[i].version);
        *list_add(c->arena, out) = (Choice){ .value = n, .chosen = versions->at[i].version == chosen,
            .label = text_fmt(c->arena, c->lang, "builder.bank.version.of", ARG_N("n", versions->at[i].version),
                              ARG_S("day", date_text(c->arena, c->lang, date_of(versions->at[i].at)))) };
    }
}

static Err changes_page(Ctx *c)
{
    BankItem        x;
    BankVersions    versions;
    Grid           *before, *after;
    FormIssues      issues = { 0 };
    BankChangesView v = { .item = &x };
    TRY(bank_load(c->db, c->arena, path_int(c, "id"), &x));
    if (!bank_may_see(c, &x))
        return err_new(c->arena, ERR_FORBIDDEN, S("form_read"));
    int64_t to = query_int(c, "to", x.version), from = query_int(c, "from", to - 1);
    TRY(bank_content(c->db, c->arena, x.id, from, &before));
    TRY(bank_content(c->db, c->arena, x.id, to, &after));
    TRY(bank_versions(c->db, c->arena, x.id, &versions));
    if (!bank_changes(c->arena, before, after, c->lang, &issues, &v.changes))
        for (size_t i = 0; i < issues.len; i++)
            if (!issues.at[i].warning)
                *list_add(c->arena, &v.issues) = form_issue_sentence(c->arena, c->lang, &issues.at[i]);
    for (size_t i = 0; i < versions.len; i++)
        if (versions.at[i].version == to)
            v.note = versions.at[i].note;
    version_choices(c, &versions, from, &v.from);
    version_choices(c, &versions, to, &v.to);
    v.before = num_text(c->arena, c->lang, from);
    v.after  = num_text(c->arena, c->lang, to);
    v.path   = bank_path(c, x.id);
    page_crumb(c, text_of(c->lang, "builder.bank"), S("/console/bank"));
    page_crumb(c, x.title, v.path);
    page_crumb(c, text_of(c->lang, "form.change.title"), S(""));
    Out o = page_begin(c, text_of(c->lang, "form.change.title"));
    bank_changes_view(&o, &v);
    return page_end(c, &o);
}

/* ---- Using one ------------------------------------------------------------------------------------------------------------------------ */

static Err use_action(Ctx *c)
{
    Work     w;
    BankItem x;
    Grid    *content;
    int64_t  item = 0, after = 0;
    TRY(work_open(c, &w));
    str_to_i64(form_str(c, "item"), &item);
    str_to_i64(form_str(c, "after"), &after);
    TRY(bank_load(c->db, c->arena, item, &x));
    if (!bank_may_see(c, &x) || x.withdrawn)
        return err_new(c->arena, ERR_FORBIDDEN, S("form_read"));
    TRY(bank_content(c->db, c->arena, x.id, x.version, &content));
    int64_t row = bank_paste(c->arena, w.g, content, x.id, x.version, after, str_eq(form_str(c, "inside"), S("1")));
    TRY(work_save(c, &w, "bank", x.title));
    return redirect_notice(c, work_row_path(c, &w, row, ""), NOTICE_OK, text_of(c->lang, "builder.bank.used"));
}

const Route bank_routes[] = {
    { GET,  "/bank",                           RIGHT_FORM_READ,   bank_page },
    { GET,  "/bank/{id}",                      RIGHT_FORM_READ,   item_page },
    { GET,  "/bank/{id}/changes",              RIGHT_FORM_READ,   changes_page },
    { POST, "/bank/{id}/withdraw",             RIGHT_FORM_MANAGE, withdraw_action },
    { GET,  "/drafts/{id}/rows/{row}/bank",    RIGHT_FORM_MANAGE, bank_keep_page },
    { POST, "/drafts/{id}/rows/{row}/bank",    RIGHT_FORM_MANAGE, bank_keep_action },
    { POST, "/drafts/{id}/bank",               RIGHT_FORM_MANAGE, use_action },
    { 0 },
};
