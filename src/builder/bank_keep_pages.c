/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Keeping a question or a group of a draft in the item bank. */
#include "builder/bank.h"
#include "builder/row.h"
#include "bank_keep.html.h"

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

static Str left_column(Ctx *c, ColumnId id)
{
    switch (id) {
    case COL_RELEVANT: return text_of(c->lang, "form.change.relevant");
    case COL_CHOICE_FILTER: return text_of(c->lang, "form.change.filter");
    case COL_REQUIRED: return text_of(c->lang, "form.change.required");
    case COL_REPEAT_COUNT: return text_of(c->lang, "form.change.count");
    default: return text_of(c->lang, "builder.bank.left.other");
    }
}

static Err keep_view(Ctx *c, RowWork *r, BankKeepView *v)
{
    BankLefts left = { 0 };
    RowHead   row;
    DraftHead head;
    BankItems rows;
    TRY(row_head(c, r, -1, &head, &row));
    TRY(bank_list(c->db, c->arena, &rows));
    for (size_t i = 0; i < rows.len; i++)
        if (bank_may_see(c, &rows.at[i]))
            bank_once(c, &v->subjects, rows.at[i].subject, rows.at[i].subject, S(""));
    v->row    = &row;
    v->group  = r->type.word && form_type_holds(r->type.word->type);
    v->broken = v->group && outline_of(c->arena, r->w.g).broken;
    if (!v->broken)
        bank_cut(c->arena, r->w.g, r->id, &left);
    for (size_t i = 0; i < left.len; i++)
        *list_add(c->arena, &v->left) = (BankLeftLine){ row_label(c, r->w.g, grid_row(r->s, left.at[i].row), c->lang), left_column(c, left.at[i].column),
                                                        logic_words(c, r->w.g, left.at[i].source) };
    v->unit   = unit_name_today(c, r->w.d.owner);
    v->nation = r->w.d.owner.v != UNIT_ROOT && right_has(c, RIGHT_FORM_MANAGE, (UnitId){ UNIT_ROOT });
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, &r->w, v->group ? text_of(c->lang, "builder.bank.keep.group") : text_of(c->lang, "builder.bank.keep"));
    bank_keep_view(&o, v);
    return page_end_status(c, &o, v->errors.len ? 422 : 200);
}

/* A row that is a question or begins a group. */
static Err row_to_keep(Ctx *c, RowWork *r)
{
    TRY(row_open(c, r));
    Outline o = outline_of(c->arena, r->w.g);
    return outline_find(&o, r->id) >= 0 ? OK : err_new(c->arena, ERR_NOT_FOUND, S("the end of a group is not kept"));
}

Err bank_keep_page(Ctx *c)
{
    RowWork      r;
    BankItem     x;
    BankKeepView v = { 0 };
    TRY(row_to_keep(c, &r));
    TRY(item_of(c, &r, &x));
    v.known   = x.title;
    v.subject = x.subject;
    v.again   = x.id != 0;
    return keep_view(c, &r, &v);
}

Err bank_keep_action(Ctx *c)
{
    RowWork      r;
    BankItem     x;
    BankKeepView v = { .subject = form_str(c, "subject"), .note = form_str(c, "note"), .again = str_eq(form_str(c, "as"), S("version")) };
    TRY(row_to_keep(c, &r));
    TRY(item_of(c, &r, &x));
    v.known = x.title;
    if (!v.subject.len || utf8_count(v.subject) > 100)
        field_error(c, &v.errors, S("subject"), text_of(c->lang, "builder.bank.subject.missing"));
    if (form_type_holds(r.type.word ? r.type.word->type : Q_TEXT) && outline_of(c->arena, r.w.g).broken)
        field_error(c, &v.errors, S("subject"), text_of(c->lang, "builder.broken"));
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
    TRY(bank_keep(c->db, c->arena, &x, bank_cut(c->arena, r.w.g, r.id, NULL), v.note, r.w.d.form_id));
    grid_put_header(c->arena, r.s, r.row, S("td_bank"), arena_fmt(c->arena, "%lld.%lld", (long long)x.id, (long long)x.version));
    TRY(work_save(c, &r.w, "keep", row_label(c, r.w.g, r.row, c->lang)));
    TRY(audit_add(c, S("bank.keep"), S("bank"), x.id, x.unit, arena_fmt(c->arena, "{\"version\":%lld}", (long long)x.version)));
    return redirect_notice(c, bank_path(c, x.id), NOTICE_OK, text_of(c->lang, "builder.bank.kept"));
}
