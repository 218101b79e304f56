/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The item bank in the console: searching, one item with its versions and uses, keeping a question, using one. */
#include "builder/bank.h"
#include "builder/row.h"
#include "bank_item.html.h"
#include "bank_keep.html.h"
#include "bank_list.html.h"

/* The nation's items are for everybody who reads questionnaires. */
static bool may_see(Ctx *c, const BankItem *x)
{
    return x->unit.v == UNIT_ROOT || right_has(c, RIGHT_FORM_READ, x->unit);
}

static Str item_path(Ctx *c, int64_t id)
{
    return arena_fmt(c->arena, "/console/bank/%lld", (long long)id);
}

static Str type_text(Ctx *c, Str type)
{
    TypeCell t = type_read(c->arena, type);
    return type_words(c->lang, &t);
}

/* ---- List ---------------------------------------------------------------------------------------------------------------- */

static void once(Ctx *c, Choices *out, Str value, Str label, Str chosen)
{
    for (size_t i = 0; i < out->len; i++)
        if (str_eq(out->at[i].value, value))
            return;
    *list_add(c->arena, out) = (Choice){ .value = value, .label = label, .chosen = str_eq(value, chosen) };
}

static bool wanted(Ctx *c, const BankListView *v, const BankItem *x)
{
    Str words = str_join(c->arena, (Str[]){ x->title, x->subject, x->name, x->code }, 4, S(" "));
    return (!v->subject.len || str_eq(v->subject, x->subject)) && (!v->role.len || str_eq(v->role, x->role)) &&
           (!v->q.len || text_match(*c->arena, words, v->q) > 0);
}

/* Where items go: a draft the person writes. */
static Err target_of(Ctx *c, BankListView *v)
{
    FormDraft d;
    v->draft = query_int(c, "draft", 0);
    v->after = query_int(c, "after", 0);
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
    BankListView v = { .q = query_str(c, "q"), .subject = query_str(c, "subject"), .role = query_str(c, "role"), .token = c->page.form_token };
    TRY(target_of(c, &v));
    TRY(bank_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        const BankItem *x = &rows.at[i];
        if (!may_see(c, x))
            continue;
        once(c, &v.subjects, x->subject, x->subject, v.subject);
        if (wanted(c, &v, x))
            *list_add(c->arena, &v.lines) = (BankLine){ x->id, x->title, type_text(c, x->type), x->subject, unit_name_today(c, x->unit), item_path(c, x->id) };
    }
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        *list_add(c->arena, &v.roles) = (Choice){ .value = str_from_c(roles[i]), .label = form_role_text(c->lang, as[i]),
                                                  .chosen = str_eq(v.role, str_from_c(roles[i])) };
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

static Err item_page(Ctx *c)
{
    BankItem     x;
    BankVersions versions;
    BankUses     uses;
    Grid        *g;
    BankItemView v = { .item = &x, .token = c->page.form_token };
    TRY(bank_load(c->db, c->arena, path_int(c, "id"), &x));
    if (!may_see(c, &x))
        return err_new(c->arena, ERR_FORBIDDEN, S("form_read"));
    TRY(bank_content(c->db, c->arena, x.id, x.version, &g));
    TRY(bank_versions(c->db, c->arena, x.id, &versions));
    TRY(bank_uses(c->db, c->arena, x.id, &uses));
    const GridSheet *s = grid_sheet(g, SHEET_CHOICES);
    lang_boxes(c, g, grid_sheet(g, SHEET_SURVEY), &grid_sheet(g, SHEET_SURVEY)->rows.at[0], &v.langs);
    for (size_t i = 0; i < s->rows.len; i++)
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
    v.path   = item_path(c, x.id);
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

/* ---- Keeping a question ---------------------------------------------------------------------------------------------------------- */

/* The item a question was taken from, when the person may change it. */
static Err item_of(Ctx *c, RowWork *r, BankItem *out)
{
    int64_t item, version;
    *out = (BankItem){ 0 };
    if (!bank_source(r->w.g, r->row, &item, &version))
        return OK;
    Err e = bank_load(c->db, c->arena, item, out);
    if (err_is(e, ERR_NOT_FOUND) || (!e && (out->withdrawn || !right_has(c, RIGHT_FORM_MANAGE, out->unit)))) {
        *out = (BankItem){ 0 };
        return OK;
    }
    return e;
}

static Err keep_view(Ctx *c, RowWork *r, BankKeepView *v)
{
    RowHead   row;
    DraftHead head;
    BankItems rows;
    TRY(row_head(c, r, -1, &head, &row));
    TRY(bank_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (may_see(c, &rows.at[i]))
            once(c, &v->subjects, rows.at[i].subject, rows.at[i].subject, S(""));
    v->row    = &row;
    v->unit   = unit_name_today(c, r->w.d.owner);
    v->nation = r->w.d.owner.v != UNIT_ROOT && right_has(c, RIGHT_FORM_MANAGE, (UnitId){ UNIT_ROOT });
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, &r->w, text_of(c->lang, "builder.bank.keep"));
    bank_keep_view(&o, v);
    return page_end_status(c, &o, v->errors.len ? 422 : 200);
}

static Err keep_page(Ctx *c)
{
    RowWork      r;
    BankItem     x;
    BankKeepView v = { 0 };
    TRY(row_open(c, &r));
    TRY(item_of(c, &r, &x));
    v.known   = x.title;
    v.subject = x.subject;
    v.again   = x.id != 0;
    return keep_view(c, &r, &v);
}

static Err keep_action(Ctx *c)
{
    RowWork      r;
    BankItem     x;
    BankKeepView v = { .subject = form_str(c, "subject"), .note = form_str(c, "note"), .again = str_eq(form_str(c, "as"), S("version")) };
    TRY(row_open(c, &r));
    TRY(item_of(c, &r, &x));
    v.known = x.title;
    if (!v.subject.len || utf8_count(v.subject) > 100)
        field_error(c, &v.errors, S("subject"), text_of(c->lang, "builder.bank.subject.missing"));
    if (form_type_holds(r.type.word ? r.type.word->type : Q_TEXT))
        field_error(c, &v.errors, S("subject"), text_of(c->lang, "builder.bank.no_groups"));
    if (v.errors.len)
        return keep_view(c, &r, &v);
    if (!x.id || !v.again) {
        bool nation = str_eq(form_str(c, "unit"), S("nation"));
        x = (BankItem){ .unit = nation ? (UnitId){ UNIT_ROOT } : r.w.d.owner };
        TRY(right_need(c, RIGHT_FORM_MANAGE, x.unit));
    }
    x.subject = v.subject;
    x.by      = c->session.person;
    x.at      = c->now;
    TRY(bank_keep(c->db, c->arena, &x, bank_cut(c->arena, r.w.g, r.id), v.note, r.w.d.form_id));
    grid_put_header(c->arena, r.s, r.row, S("td_bank"), arena_fmt(c->arena, "%lld.%lld", (long long)x.id, (long long)x.version));
    TRY(work_save(c, &r.w, "keep", row_label(c, r.w.g, r.row, c->lang)));
    TRY(audit_add(c, S("bank.keep"), S("bank"), x.id, x.unit, arena_fmt(c->arena, "{\"version\":%lld}", (long long)x.version)));
    return redirect_notice(c, item_path(c, x.id), NOTICE_OK, text_of(c->lang, "builder.bank.kept"));
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
    if (!may_see(c, &x) || x.withdrawn)
        return err_new(c->arena, ERR_FORBIDDEN, S("form_read"));
    TRY(bank_content(c->db, c->arena, x.id, x.version, &content));
    int64_t row = bank_paste(c->arena, w.g, content, x.id, x.version, after);
    TRY(work_save(c, &w, "bank", x.title));
    return redirect_notice(c, work_row_path(c, &w, row, ""), NOTICE_OK, text_of(c->lang, "builder.bank.used"));
}

const Route bank_routes[] = {
    { GET,  "/bank",                           RIGHT_FORM_READ,   bank_page },
    { GET,  "/bank/{id}",                      RIGHT_FORM_READ,   item_page },
    { POST, "/bank/{id}/withdraw",             RIGHT_FORM_MANAGE, withdraw_action },
    { GET,  "/drafts/{id}/rows/{row}/bank",    RIGHT_FORM_MANAGE, keep_page },
    { POST, "/drafts/{id}/rows/{row}/bank",    RIGHT_FORM_MANAGE, keep_action },
    { POST, "/drafts/{id}/bank",               RIGHT_FORM_MANAGE, use_action },
    { 0 },
};
