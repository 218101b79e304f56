/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The outline of a draft: its rows with their faults, moving, copying, taking away, undoing, adding. */
#include "builder/console.h"
#include "drafts_add.html.h"
#include "drafts_outline.html.h"

/* ---- The page ----------------------------------------------------------------------------------------------------------- */

static Str issue_href(Ctx *c, const Work *w, const FormIssue *f, int64_t row)
{
    if (f->sheet_at == SHEET_SURVEY && row) {
        FormHeader is = form_header(c->arena, SHEET_SURVEY, f->column);
        bool logic = is.id == COL_RELEVANT || is.id == COL_CHOICE_FILTER || is.id == COL_REPEAT_COUNT || is.id == COL_TRIGGER;
        bool rules = is.id == COL_CONSTRAINT || is.id == COL_CALCULATION || is.id == COL_DEFAULT || is.id == COL_READ_ONLY;
        return work_row_path(c, w, row, logic ? "/logic" : rules ? "/rules" : "");
    }
    if (f->sheet_at == SHEET_CHOICES) {
        const GridSheet *s    = grid_sheet(w->g, SHEET_CHOICES);
        Str              list = row ? grid_cell(s, grid_row(s, row), COL_LIST_NAME, S("")) : S("");
        return list.len ? arena_fmt(c->arena, "%.*s/list?name=%.*s", STR_ARG(w->base), STR_ARG(url_encode(c->arena, list))) : work_path(c, w, "/lists");
    }
    return f->sheet_at == SHEET_SETTINGS ? work_path(c, w, "/settings") : w->base;
}

Err issue_lines(Ctx *c, const Work *w, const FormIssues *issues, bool warnings, IssueLines *out)
{
    const GridSheet *s = grid_sheet(w->g, SHEET_SURVEY);
    for (size_t i = 0; i < issues->len; i++) {
        const FormIssue *f = &issues->at[i];
        if (f->warning != warnings)
            continue;
        int64_t        row = issue_row(w->g, f);
        const GridRow *q   = f->sheet_at == SHEET_SURVEY && row ? grid_row(s, row) : NULL;
        *list_add(c->arena, out) = (IssueLine){ .place = form_issue_place(c->arena, c->lang, f), .warning = warnings,
            .message = form_issue_sentence(c->arena, c->lang, f), .href = issue_href(c, w, f, row),
            .link = q ? row_label(c, w->g, q, c->lang) : f->sheet_at == SHEET_CHOICES ? text_of(c->lang, "builder.tab.lists")
                  : f->sheet_at == SHEET_SETTINGS ? text_of(c->lang, "builder.tab.settings") : text_of(c->lang, "builder.tab.questions") };
    }
    return OK;
}

static void count_issues(Ctx *c, const FormIssues *issues, const Grid *g, OutlineLine *line)
{
    for (size_t i = 0; i < issues->len; i++) {
        const FormIssue *f = &issues->at[i];
        if (f->sheet_at != SHEET_SURVEY || issue_row(g, f) != line->id)
            continue;
        *(f->warning ? &line->warnings : &line->errors) += 1;
        if (!line->first_issue.len)
            line->first_issue = form_issue_sentence(c->arena, c->lang, f);
    }
}

static void add_line(Ctx *c, const Work *w, const Outline *o, int at, const FormIssues *issues, OutlineView *v)
{
    const OutlineItem *x   = &o->items.at[at];
    const GridSheet   *s   = grid_sheet(w->g, SHEET_SURVEY);
    const GridRow     *row = &s->rows.at[x->at];
    OutlineLine       *l   = list_add(c->arena, &v->lines);
    Str required = grid_cell(s, row, COL_REQUIRED, S(""));
    *l = (OutlineLine){ .id = x->id, .depth = x->depth > 5 ? 5 : x->depth, .holds = x->holds, .label = row_label(c, w->g, row, c->lang),
                        .type = type_words(c->lang, &x->type), .name = grid_cell(s, row, COL_NAME, S("")), .list = x->type.list,
                        .condition = logic_words(c, w->g, grid_cell(s, row, COL_RELEVANT, S(""))), .href = work_row_path(c, w, x->id, ""),
                        .required = required.len && !str_eq_ascii_nocase(required, S("no")) && !str_eq(required, S("false()")) };
    for (int m = MOVE_UP; m <= MOVE_OUT; m++)
        l->may[m] = outline_may(o, at, (OutlineMove)m);
    count_issues(c, issues, w->g, l);
}

Err builder_outline_page(Ctx *c)
{
    Work         w;
    DraftHead    head;
    FormIssues   issues = { 0 };
    FormProgram *p;
    OutlineView  v = { .head = &head };
    Err          e = work_open(c, &w);
    if (err_is(e, ERR_GONE) && w.d.published.v)
        return redirect_notice(c, form_base(c, w.d.published), NOTICE_INFO, text_of(c->lang, "builder.published.already"));
    TRY(e);
    TRY(head_of(c, &w, TAB_QUESTIONS, &head));
    Outline o = outline_of(c->arena, w.g);
    if (o.items.len)
        TRY(form_draft_compile(c->db, c->store, c->arena, w.d.id, w.g, &issues, &p));
    for (size_t i = 0; i < issues.len; i++)
        *(issues.at[i].warning ? &head.warnings : &head.errors) += 1;
    TRY(issue_lines(c, &w, &issues, false, &v.issues));
    TRY(issue_lines(c, &w, &issues, true, &v.issues));
    for (size_t i = 0; i < o.items.len; i++)
        add_line(c, &w, &o, (int)i, &issues, &v);
    v.broken = o.broken;
    v.id     = w.d.id;
    v.phone  = work_path(c, &w, "/phone");
    Out out  = work_page_begin(c, &w, S(""));
    drafts_outline_view(&out, &v);
    return page_end(c, &out);
}

/* ---- Acts ------------------------------------------------------------------------------------------------------------------ */

static Err undo_action(Ctx *c, Work *w, bool redo)
{
    bool done;
    TRY(form_draft_undo(c->db, c->arena, &w->d, redo, c->session.person, c->now, &done));
    return redirect_notice(c, w->base, done ? NOTICE_OK : NOTICE_INFO, !done ? text_of(c->lang, "builder.undo.none")
                           : redo ? text_of(c->lang, "builder.redone") : text_of(c->lang, "builder.undone"));
}

static Err acted(Ctx *c, Work *w, int64_t row, Str notice)
{
    Str to = row ? arena_fmt(c->arena, "%.*s#r%lld", STR_ARG(w->base), (long long)row) : w->base;
    return redirect_notice(c, to, NOTICE_OK, notice);
}

static Err move_action(Ctx *c, Work *w, const Outline *o, int item, Str act, Str label)
{
    static const Str moves[] = { S_INIT("up"), S_INIT("down"), S_INIT("in"), S_INIT("out") };
    for (int m = MOVE_UP; m <= MOVE_OUT; m++)
        if (str_eq(act, moves[m])) {
            int64_t id = o->items.at[item].id;
            outline_move(c->arena, w->g, o, item, (OutlineMove)m);
            TRY(work_save(c, w, "move", label));
            return acted(c, w, id, text_fmt(c->arena, c->lang, "builder.moved", ARG_S("what", label)));
        }
    return err_new(c->arena, ERR_INVALID, S("no such act"));
}

Err builder_outline_action(Ctx *c)
{
    Work    w;
    int64_t row = 0;
    Str     act = form_str(c, "act");
    TRY(work_open(c, &w));
    if (str_eq(act, S("undo")) || str_eq(act, S("redo")))
        return undo_action(c, &w, str_eq(act, S("redo")));
    str_to_i64(form_str(c, "row"), &row);
    Outline o    = outline_of(c->arena, w.g);
    int     item = outline_find(&o, row);
    if (item < 0)
        return redirect_notice(c, w.base, NOTICE_WARN, text_of(c->lang, "builder.row.gone"));
    Str label = row_label(c, w.g, &grid_sheet(w.g, SHEET_SURVEY)->rows.at[o.items.at[item].at], c->lang);
    if (str_eq(act, S("remove"))) {
        outline_remove(w.g, &o, item);
        TRY(work_save(c, &w, "remove", label));
        return acted(c, &w, 0, text_fmt(c->arena, c->lang, "builder.removed", ARG_S("what", label)));
    }
    if (str_eq(act, S("copy"))) {
        row = outline_copy(c->arena, w.g, &o, item);
        TRY(work_save(c, &w, "copy", label));
        return acted(c, &w, row, text_fmt(c->arena, c->lang, "builder.copied", ARG_S("what", label)));
    }
    return move_action(c, &w, &o, item, act, label);
}

/* ---- Adding ------------------------------------------------------------------------------------------------------------------ */

static Err add_view(Ctx *c, Work *w, AddView *v)
{
    DraftHead head;
    TRY(head_of(c, w, TAB_NONE, &head));
    const GridRow *row = grid_row(grid_sheet(w->g, SHEET_SURVEY), v->after);
    v->head     = &head;
    Str what    = row ? row_label(c, w->g, row, c->lang) : S("");
    v->where    = !row ? S("") : v->inside ? text_fmt(c->arena, c->lang, "builder.add.inside", ARG_S("what", what))
                : text_fmt(c->arena, c->lang, "builder.add.after", ARG_S("what", what));
    v->bank_href = arena_fmt(c->arena, "/console/bank?draft=%lld&after=%lld%s", (long long)w->d.id, (long long)v->after, v->inside ? "&inside=1" : "");
    v->language = language_words(c, w->g, grid_languages(c->arena, w->g).at[0]);
    for (const TypeChoice *k = type_choices; k->word; k++)
        *list_add(c->arena, &v->types) = (Choice){ .value = str_from_c(k->word), .label = text_find(c->lang, str_from_c(k->key)),
                                                   .hint = str_from_c(k->group), .chosen = str_eq(v->type, str_from_c(k->word)) };
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, w, text_of(c->lang, "builder.add.title"));
    drafts_add_view(&o, v);
    return page_end_status(c, &o, v->errors.len ? 422 : 200);
}

Err builder_add_page(Ctx *c)
{
    Work    w;
    AddView v = { .after = query_int(c, "after", 0), .inside = query_int(c, "inside", 0) > 0 };
    TRY(work_open(c, &w));
    return add_view(c, &w, &v);
}

static bool type_known(Str word)
{
    for (const TypeChoice *k = type_choices; k->word; k++)
        if (str_eq(word, str_from_c(k->word)))
            return true;
    return false;
}

static bool type_asks_list(Str type)
{
    return str_eq(type, S("select_one")) || str_eq(type, S("select_multiple")) || str_eq(type, S("rank"));
}

Err builder_add_action(Ctx *c)
{
    Work    w;
    AddView v = { .inside = str_eq(form_str(c, "inside"), S("1")), .type = form_str(c, "type"), .label = form_str(c, "label") };
    TRY(work_open(c, &w));
    str_to_i64(form_str(c, "after"), &v.after);
    if (!type_known(v.type))
        field_error(c, &v.errors, S("type"), text_of(c->lang, "builder.add.type.missing"));
    if (v.errors.len)
        return add_view(c, &w, &v);
    Outline    o    = outline_of(c->arena, w.g);
    GridSheet *s    = grid_sheet(w.g, SHEET_SURVEY);
    Str        name = str_eq(v.type, S("audit")) ? S("audit") : grid_free_name(c->arena, w.g, arena_fmt(c->arena, "c%zu", o.items.len + 1));
    Str        type = type_asks_list(v.type) ? arena_fmt(c->arena, "%.*s ds_%.*s", STR_ARG(v.type), STR_ARG(name)) : v.type;
    int64_t    row  = outline_add(c->arena, w.g, &o, outline_find(&o, v.after), v.inside, type, name);
    StrList    languages = grid_languages(c->arena, w.g);
    grid_put(c->arena, s, grid_row(s, row), COL_LABEL, languages.at[0], v.label);
    TRY(work_save(c, &w, "add", row_label(c, w.g, grid_row(s, row), c->lang)));
    return redirect_notice(c, work_row_path(c, &w, row, ""), NOTICE_OK, text_of(c->lang, "builder.added"));
}
