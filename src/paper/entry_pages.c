/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Typing a form, a section a page. Every section is saved as it was typed, whatever rule it breaks; the end of the last one asks
 * for a reason for each broken rule that stands on paper. */
#include "paper/console.h"
#include "paper_entry.html.h"

enum { REASON_MOST = 500, TYPED_MOST = 5000, ROWS_MORE = 5 };

typedef struct Desk {
    PaperForm f; PaperBatch b; PaperEntry e; const FormProgram *p; PaperMap map; Sections sections; Keyed k; PaperKeeps keeps; int section;
} Desk;

/* The entry that this person has begun; anything else leads back to the batch. */
static Err desk_load(Ctx *c, Desk *d, bool *out_mine)
{
    Round r;
    int   pass = 0;
    TRY(form_of_console(c, RIGHT_PAPER_KEY, &d->f, &d->b));
    *out_mine = pass_gate(&d->f, c->session.person, &pass) == PASS_OPEN && d->f.keyed_by[pass - 1].v == c->session.person.v;
    if (!*out_mine)
        return OK;
    TRY(entry_load(c->db, c->arena, d->f.id, pass, &d->e));
    TRY(round_load(c->db, c->arena, d->f.round, &r));
    TRY(form_program(c->db, c->store, c->arena, r.form, &d->p));
    d->map      = paper_map(c->arena, d->p);
    d->sections = paper_sections(c->arena, &d->map, c->lang);
    TRY(keyed_load(c->arena, d->p, d->e.answers, d->e.typed, &d->k));
    TRY(keeps_load(c->db, c->arena, d->f.id, pass, &d->keeps));
    int64_t at = query_int(c, "section", d->e.section);
    d->section = at < 0 || at >= (int64_t)d->sections.len ? 0 : (int)at;
    return OK;
}

static Str section_path(Ctx *c, const Desk *d, int section)
{
    return arena_fmt(c->arena, "/console/paper/forms/%lld/key?section=%d", (long long)d->f.id, section);
}

/* ---- Showing ---------------------------------------------------------------------------------------------------------------- */

static void choices_of(Ctx *c, const Desk *d, int node, EntryLine *line)
{
    int list = d->p->nodes.at[node].list;
    for (size_t i = 0; list >= 0 && i < d->p->lists.at[list].choices.len && i < 100; i++) {
        const FormChoice *x = &d->p->lists.at[list].choices.at[i];
        *list_add(c->arena, &line->choices) = (EntryChoice){ d->map.code[list][i], x->label[c->lang].len ? x->label[c->lang] : x->label[LANG_VI] };
    }
}

static Str box_name(Ctx *c, const Desk *d, PaperCell at)
{
    return str_concat(c->arena, S("q."), paper_cell_key(c->arena, d->p, at));
}

/* The first box of a row carries the row's heading. */
static Str row_heading(Ctx *c, const Desk *d, PaperCell at, PaperCell before)
{
    if (!at.row || (before.row == at.row && d->p->nodes.at[before.node].repeat == d->p->nodes.at[at.node].repeat))
        return S("");
    return paper_cell_label(c, &d->map, (PaperCell){ d->p->nodes.at[at.node].repeat, at.row });
}

static EntryLine line_of(Ctx *c, const Desk *d, PaperCell at)
{
    int             node = at.node;
    const FormNode *n = &d->p->nodes.at[node];
    EntryLine line = { .name = box_name(c, d, at), .number = paper_cell_number(c->arena, &d->map, at),
                       .label = paper_label(c->arena, &d->map, node, c->lang), .value = keyed_text(c->arena, &d->map, at, &d->k, c->lang),
                       .many = n->type == Q_SELECT_MULTIPLE, .wide = n->type == Q_TEXT };
    line.hint = n->type == Q_DATE ? text_of(c->lang, "paper.entry.day") : paper_condition(c->arena, &d->map, node, c->lang);
    choices_of(c, d, node, &line);
    return line;
}

/* Broken rules stand beside their question; a reason that is kept already is shown. */
static void mark_broken(Ctx *c, const Desk *d, const PaperIssues *issues, EntryView *v)
{
    for (size_t i = 0; i < issues->len; i++) {
        Str name = box_name(c, d, issues->at[i].at), key = paper_cell_key(c->arena, d->p, issues->at[i].at);
        for (size_t k = 0; k < v->lines.len; k++) {
            const PaperKeep *keep = keep_find(&d->keeps, key);
            if (!str_eq(v->lines.at[k].name, name))
                continue;
            v->lines.at[k].error       = issues->at[i].message;
            v->lines.at[k].asks_reason = true;
            v->lines.at[k].reason      = keep ? keep->reason : S("");
            if (!keep)
                field_error(c, &v->errors, name, text_fmt(c->arena, c->lang, "paper.entry.fault_at", ARG_S("q", v->lines.at[k].number),
                                                          ARG_S("message", issues->at[i].message)));
        }
    }
}

/* Rows of a repeat: those that are typed, one more, and five for each time that more were asked for. */
static void section_lines(Ctx *c, const Desk *d, const Section *s, EntryView *v)
{
    PaperCells cells = { 0 };
    int64_t    more  = query_int(c, "more", 0);
    more = more < 0 || more > ROWS_MOST / ROWS_MORE ? 0 : more;
    keyed_cells(c->arena, &d->map, s->first, s->end, &d->k, NULL, 1 + ROWS_MORE * (int)more, &cells);
    for (size_t i = 0; i < cells.len; i++) {
        EntryLine *line = list_add(c->arena, &v->lines);
        *line = line_of(c, d, cells.at[i]);
        line->heading = row_heading(c, d, cells.at[i], i ? cells.at[i - 1] : (PaperCell){ 0 });
        v->rows |= cells.at[i].row > 0;
    }
}

static Err show(Ctx *c, Desk *d, const PaperIssues *issues, int status)
{
    const Section *s = &d->sections.at[d->section];
    EntryView v = { .f = &d->f, .serial = serial_text(c->arena, d->f.serial), .action = section_path(c, d, d->section), .token = c->page.form_token,
                    .revision = arena_fmt(c->arena, "%lld", (long long)d->e.revision), .back_href = batch_path(c, &d->b, ""), .pass = d->e.pass,
                    .section = d->section + 1, .sections = (int64_t)d->sections.len, .section_title = s->title,
                    .last = d->section + 1 == (int)d->sections.len };
    section_lines(c, d, s, &v);
    for (int i = 0; i < (int)d->sections.len; i++)
        *list_add(c->arena, &v.tabs) = (TabItem){ arena_fmt(c->arena, "%d", i + 1), section_path(c, d, i), i == d->section };
    if (issues)
        mark_broken(c, d, issues, &v);
    c->page.error = v.errors.len > 0;
    page_crumb(c, v.serial, S(""));
    v.title = text_fmt(c->arena, c->lang, "paper.entry.title", ARG_S("serial", v.serial));
    Out o = page_begin(c, v.title);
    paper_entry_view(&o, &v);
    return page_end_status(c, &o, status);
}

Err entry_page(Ctx *c)
{
    Desk        d = { 0 };
    bool        mine;
    PaperIssues issues = { 0 };
    TRY(desk_load(c, &d, &mine));
    if (!mine)
        return redirect(c, batch_path(c, &d.b, ""));
    if (!query_str(c, "check").len)
        return show(c, &d, NULL, 200);
    keyed_faults(c->arena, &d.map, &d.k, c->now, c->lang, &issues);
    return show(c, &d, &issues, 200);
}

/* ---- Saving ------------------------------------------------------------------------------------------------------------------ */

/* At most so many bytes, and no half letter at the end. */
static Str cut_text(Str s, size_t most)
{
    size_t n = s.len < most ? s.len : most;
    while (n > 0 && n < s.len && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n--;
    return str_take(s, n);
}

/* The posted section goes into the entry and into the reasons; nothing is refused here. */
static void read_box(Ctx *c, Desk *d, PaperCell at)
{
    Str text = form_str(c, arena_c(c->arena, box_name(c, d, at)));
    keyed_read(c->arena, &d->map, at, c->lang, cut_text(text, TYPED_MOST), &d->k);
}

/* row: where the row of the box will stand. */
static void read_reason(Ctx *c, const Desk *d, PaperCell at, int row, PaperKeeps *kept)
{
    Str reason = form_str(c, arena_c(c->arena, str_concat(c->arena, S("reason."), paper_cell_key(c->arena, d->p, at))));
    if (reason.len)
        *list_add(c->arena, kept) = (PaperKeep){ paper_cell_key(c->arena, d->p, (PaperCell){ at.node, row }), S("kept"),
                                                 cut_text(reason, REASON_MOST), c->session.person };
}

/* How many rows of the repeat the page had. */
static int rows_posted(Ctx *c, const Desk *d, int repeat)
{
    int first = repeat + 1, rows = 0;
    while (first < paper_rows_end(&d->map, repeat) && !d->map.number[first])
        first++;
    while (first < paper_rows_end(&d->map, repeat) && rows < ROWS_TYPED &&
           form_has(c, arena_c(c->arena, str_concat(c->arena, S("q."), paper_cell_key(c->arena, d->p, (PaperCell){ first, rows + 1 })))))
        rows++;
    return rows;
}

static void read_rows(Ctx *c, Desk *d, int repeat, PaperKeeps *kept)
{
    int rows = rows_posted(c, d, repeat), had = keyed_rows(&d->k, repeat), end = paper_rows_end(&d->map, repeat);
    keyed_clear_rows(c->arena, repeat, &d->k);
    for (int row = 1; row <= rows; row++)
        for (int i = repeat + 1; i < end; i++)
            if (d->map.number[i])
                read_box(c, d, (PaperCell){ i, row });
    const int *to = keyed_packed_rows(c->arena, &d->map, &d->k, repeat, rows, had);
    for (int row = 1; row <= rows; row++)
        for (int i = repeat + 1; to[row] && i < end; i++)
            if (d->map.number[i])
                read_reason(c, d, (PaperCell){ i, row }, to[row], kept);
}

static void read_section(Ctx *c, Desk *d)
{
    const Section *s = &d->sections.at[d->section];
    PaperKeeps     kept = { 0 };
    for (size_t i = 0; i < d->keeps.len; i++) {
        PaperCell at;
        int       node = paper_cell_find(d->p, d->keeps.at[i].question, &at) ? at.node : -1;
        if (node < s->first || node >= s->end)
            *list_add(c->arena, &kept) = d->keeps.at[i];
    }
    for (int i = s->first; i < s->end; i++) {
        if (paper_rows_at(&d->map, i)) {
            read_rows(c, d, i, &kept);
            i = paper_rows_end(&d->map, i) - 1;
        } else if (d->map.number[i]) {
            read_box(c, d, (PaperCell){ i, 0 });
            read_reason(c, d, (PaperCell){ i, 0 }, 0, &kept);
        }
    }
    d->keeps = kept;
    keyed_pack(c->arena, &d->map, &d->k);
}

static Err save_entry(Ctx *c, Desk *d)
{
    d->e.answers  = keyed_json(c->arena, d->p, &d->k.x);
    d->e.typed    = keyed_json(c->arena, d->p, &d->k.typed);
    d->e.saved_at = c->now;
    d->e.section  = d->section;
    TRY(entry_save(c->db, &d->e));
    return keeps_save(c->db, d->f.id, d->e.pass, &d->keeps);
}

static int section_of(const Desk *d, int node)
{
    for (int i = 0; i < (int)d->sections.len; i++)
        if (node >= d->sections.at[i].first && node < d->sections.at[i].end)
            return i;
    return 0;
}

/* Reasons of rules that hold again go; the first broken rule without a reason names the section to show, -1: none. */
static int settle_keeps(Ctx *c, Desk *d, const PaperIssues *issues)
{
    PaperKeeps kept  = { 0 };
    int        first = -1;
    for (size_t i = 0; i < issues->len; i++) {
        Str              name = paper_cell_key(c->arena, d->p, issues->at[i].at);
        const PaperKeep *keep = keep_find(&d->keeps, name);
        int              at   = section_of(d, issues->at[i].at.node);
        if (keep)
            *list_add(c->arena, &kept) = (PaperKeep){ name, issues->at[i].fault, keep->reason, c->session.person };
        else if (first < 0 || at < first)
            first = at;
    }
    d->keeps = kept;
    return first;
}

static Err finish(Ctx *c, Desk *d)
{
    PaperIssues issues = { 0 };
    keyed_faults(c->arena, &d->map, &d->k, c->now, c->lang, &issues);
    int first = settle_keeps(c, d, &issues);
    d->e.done = first < 0;
    if (d->e.done)
        d->e.done_at = c->now;
    TRY(save_entry(c, d));
    if (first >= 0)
        return redirect(c, str_concat(c->arena, section_path(c, d, first), S("&check=1")));
    if (d->e.pass == 1) {
        d->f.state = PAPER_FIRST;
        TRY(paper_form_save(c->db, &d->f));
    } else {
        TRY(passes_compare(c->db, c->arena, &d->map, &d->f, c->now));
    }
    TRY(audit_paper(c, S("paper.keyed"), d->f.id, d->b.unit, S("pass"), d->e.pass == 1 ? S("1") : S("2")));
    return redirect_notice(c, batch_path(c, &d->b, ""), NOTICE_OK,
                           text_fmt(c->arena, c->lang, "paper.done.keyed", ARG_S("serial", serial_text(c->arena, d->f.serial))));
}

/* The page was opened before somebody else saved: both stand in the history of the entry, the newer one is shown. */
static bool outdated(Ctx *c, const Desk *d)
{
    int64_t revision;
    return str_to_i64(form_str(c, "revision"), &revision) && revision != d->e.revision;
}

Err entry_action(Ctx *c)
{
    Desk d = { 0 };
    bool mine;
    TRY(desk_load(c, &d, &mine));
    if (!mine)
        return redirect_notice(c, batch_path(c, &d.b, ""), NOTICE_WARN, text_of(c->lang, "paper.gate.over"));
    bool old = outdated(c, &d);
    read_section(c, &d);
    if (old)
        c->page.notice_kind = NOTICE_WARN, c->page.notice = text_of(c->lang, "paper.entry.old");
    if (old)
        return show(c, &d, NULL, 409);
    if (form_has(c, "more")) {
        TRY(save_entry(c, &d));
        return redirect(c, arena_fmt(c->arena, "%.*s&more=%lld#more", STR_ARG(section_path(c, &d, d.section)), (long long)query_int(c, "more", 0) + 1));
    }
    if (d.section + 1 == (int)d.sections.len || form_has(c, "finish"))
        return finish(c, &d);
    Str next = section_path(c, &d, d.section + 1);
    TRY(save_entry(c, &d));
    return redirect(c, next);
}
