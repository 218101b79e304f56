/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Settings of a questionnaire and the files that go with it. */
#include "builder/row.h"
#include "drafts_files.html.h"
#include "drafts_settings.html.h"

/* ---- Settings -------------------------------------------------------------------------------------------------------------- */

static bool is_asked(ColumnId id)
{
    return id == COL_FORM_ID || id == COL_VERSION || id == COL_FORM_TITLE || id == COL_DEFAULT_LANGUAGE || id == COL_TD_KIND || id == COL_TD_LAYOUT ||
           id == COL_TD_CHANNELS || id == COL_INSTANCE_NAME;
}

static void words_of(Ctx *c, const char *const words[][2], size_t n, Str now, bool many, Choices *out)
{
    for (size_t i = 0; i < n; i++) {
        Str  value = str_from_c(words[i][0]);
        bool is    = str_eq(now, value);
        for (Str rest = now; many && rest.len; rest = str_cut(rest, ' ').tail)
            is |= str_eq(str_cut(rest, ' ').head, value);
        *list_add(c->arena, out) = (Choice){ .value = value, .label = text_find(c->lang, str_from_c(words[i][1])), .chosen = is };
    }
}

static void fill_settings(Ctx *c, Work *w, SettingsView *v)
{
    static const char *const kinds[][2] = { { "survey", "builder.kind.survey" }, { "poll", "builder.kind.poll" }, { "selfassess", "builder.kind.selfassess" },
                                            { "report", "builder.kind.report" }, { "test", "builder.kind.test" } };
    static const char *const layouts[][2]  = { { "one", "builder.layout.one" }, { "group", "builder.layout.group" } };
    static const char *const channels[][2] = { { "online", "builder.channel.online" }, { "field", "builder.channel.field" }, { "paper",
        "builder.channel.paper" } };
    GridSheet *s   = grid_sheet(w->g, SHEET_SETTINGS);
    Str        now = grid_setting(w->g, COL_TD_KIND, S("")), layout = grid_setting(w->g, COL_TD_LAYOUT, S(""));
    v->form_id       = grid_setting(w->g, COL_FORM_ID, S(""));
    v->version       = grid_setting(w->g, COL_VERSION, S(""));
    v->instance_name = grid_setting(w->g, COL_INSTANCE_NAME, S(""));
    lang_boxes(c, w->g, s, s->rows.len ? &s->rows.at[0] : NULL, &v->langs);
    words_of(c, kinds, COUNT_OF(kinds), now.len ? now : S("survey"), false, &v->kinds);
    words_of(c, layouts, COUNT_OF(layouts), layout.len ? layout : S("one"), false, &v->layouts);
    words_of(c, channels, COUNT_OF(channels), grid_setting(w->g, COL_TD_CHANNELS, S("")), true, &v->channels);
    StrList languages = grid_languages(c->arena, w->g);
    for (size_t i = 0; i < languages.len; i++)
        if (languages.at[i].len)
            *list_add(c->arena, &v->defaults) = (Choice){ .value = languages.at[i], .label = languages.at[i],
                .chosen = str_eq(languages.at[i], grid_setting(w->g, COL_DEFAULT_LANGUAGE, S(""))) };
    for (size_t i = 0; i < s->columns.len; i++)
        if (!is_asked(s->columns.at[i].is.id) && s->columns.at[i].header.len)
            *list_add(c->arena, &v->others) = (CellBox){ arena_fmt(c->arena, "x_%zu", i), s->columns.at[i].header,
                s->rows.len ? s->rows.at[0].cells[i] : S("") };
}

static Err settings_view(Ctx *c, Work *w, SettingsView *v, int status)
{
    DraftHead head;
    TRY(head_of(c, w, TAB_SETTINGS, &head));
    v->head = &head;
    fill_settings(c, w, v);
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, w, text_of(c->lang, "builder.tab.settings"));
    drafts_settings_view(&o, v);
    return page_end_status(c, &o, status);
}

Err builder_settings_page(Ctx *c)
{
    Work         w;
    SettingsView v = { 0 };
    TRY(work_open(c, &w));
    return settings_view(c, &w, &v, 200);
}

/* What is as it was by default is not written. */
static void put_unless(Ctx *c, Work *w, ColumnId id, Str value, Str usual)
{
    if (!str_eq(value, usual) || grid_setting(w->g, id, S("")).len)
        grid_set_setting(c->arena, w->g, id, S(""), value);
}

static void settings_put(Ctx *c, Work *w)
{
    GridSheet *s         = grid_sheet(w->g, SHEET_SETTINGS);
    StrList    languages = grid_languages(c->arena, w->g), channels = { 0 };
    for (size_t i = 0; i < languages.len; i++)
        grid_set_setting(c->arena, w->g, COL_FORM_TITLE, languages.at[i], field_part(c, "title", i));
    grid_set_setting(c->arena, w->g, COL_FORM_ID, S(""), form_str(c, "form_id"));
    grid_set_setting(c->arena, w->g, COL_VERSION, S(""), form_str(c, "version"));
    grid_set_setting(c->arena, w->g, COL_INSTANCE_NAME, S(""), form_str(c, "instance_name"));
    put_unless(c, w, COL_TD_KIND, form_str(c, "kind"), S("survey"));
    put_unless(c, w, COL_TD_LAYOUT, form_str(c, "layout"), S("one"));
    form_all(c, "channels", &channels);
    grid_set_setting(c->arena, w->g, COL_TD_CHANNELS, S(""), str_join(c->arena, channels.at, channels.len, S(" ")));
    if (form_str(c, "default_language").len)
        grid_set_setting(c->arena, w->g, COL_DEFAULT_LANGUAGE, S(""), form_str(c, "default_language"));
    for (size_t i = 0; i < s->columns.len; i++) {
        Str header = field_part(c, "h", i);
        int at     = header.len ? grid_header(s, header) : -1;
        if (at >= 0 && !is_asked(s->columns.at[at].is.id) && s->rows.len)
            s->rows.at[0].cells[at] = field_part(c, "x", i);
    }
}

/* Columns of a new language beside those there are. */
static void language_add(Ctx *c, Work *w, Str language)
{
    grid_column_need(c->arena, grid_sheet(w->g, SHEET_SURVEY), COL_LABEL, language);
    grid_column_need(c->arena, grid_sheet(w->g, SHEET_CHOICES), COL_LABEL, language);
}

static Err settings_clashes(Ctx *c, Work *w, Clashes *out)
{
    Grid *before;
    TRY(work_before(c, w, &before, &out->lost));
    GridSheet *is = grid_sheet(w->g, SHEET_SETTINGS), *was = before ? grid_sheet(before, SHEET_SETTINGS) : NULL;
    if (was && was->rows.len && is->rows.len)
        clash_rows(c->arena, was, &was->rows.at[0], is, &is->rows.at[0], out);
    if (out->list.len || out->lost)
        out->who = person_text(c, w->d.changed_by);
    return OK;
}

Err builder_settings_action(Ctx *c)
{
    Work         w;
    SettingsView v = { .new_language = form_str(c, "language") };
    TRY(work_open(c, &w));
    TRY(settings_clashes(c, &w, &v.clashes));
    settings_put(c, &w);
    Str form_id = form_str(c, "form_id");
    if (form_id.len > 249 || str_has(form_id, S(" ")) || str_has(form_id, S("\n")))
        field_error(c, &v.errors, S("form_id"), text_of(c->lang, "builder.form_id.bad"));
    if (v.new_language.len && (v.new_language.len > 80 || str_has(v.new_language, S(":")) || str_has(v.new_language, S("\n"))))
        field_error(c, &v.errors, S("language"), text_of(c->lang, "builder.language.bad"));
    if (v.errors.len || v.clashes.who.len)
        return settings_view(c, &w, &v, v.errors.len ? 422 : 409);
    if (v.new_language.len)
        language_add(c, &w, v.new_language);
    TRY(work_save(c, &w, "settings", S("")));
    return redirect_notice(c, work_path(c, &w, "/settings"), NOTICE_OK, text_of(c->lang, "builder.saved"));
}

/* ---- Files -------------------------------------------------------------------------------------------------------------------- */

static Err files_view(Ctx *c, Work *w, FilesView *v)
{
    DraftHead    head;
    DraftFiles   rows;
    FormIssues   issues = { 0 };
    FormProgram *p;
    TRY(head_of(c, w, TAB_FILES, &head));
    TRY(form_draft_files(c->db, c->arena, w->d.id, &rows));
    TRY(form_draft_compile(c->db, c->store, c->arena, w->d.id, w->g, &issues, &p));
    v->head = &head;
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, &v->files) = (CellBox){ rows.at[i].name, rows.at[i].name, size_text(c->arena, c->lang, rows.at[i].size) };
    StrList named = p ? form_files_named(c->arena, p) : (StrList){ 0 };
    for (size_t i = 0; i < named.len; i++) {
        bool there = false;
        for (size_t k = 0; k < rows.len; k++)
            there |= str_eq(rows.at[k].name, named.at[i]);
        if (!there)
            *list_add(c->arena, &v->missing) = named.at[i];
    }
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, w, text_of(c->lang, "builder.tab.files"));
    drafts_files_view(&o, v);
    return page_end_status(c, &o, v->errors.len ? 422 : 200);
}

Err builder_files_page(Ctx *c)
{
    Work      w;
    FilesView v = { 0 };
    TRY(work_open(c, &w));
    return files_view(c, &w, &v);
}

Err builder_files_action(Ctx *c)
{
    Work      w;
    FilesView v = { 0 };
    int64_t   n = 0;
    TRY(work_open(c, &w));
    if (form_has(c, "remove")) {
        TRY(form_draft_file_remove(c->db, w.d.id, form_str(c, "remove")));
        return redirect_notice(c, work_path(c, &w, "/files"), NOTICE_OK, text_of(c->lang, "builder.file.removed"));
    }
    for (size_t i = 0; i < c->req->files.len; i++) {
        const HttpPart *part = &c->req->files.at[i];
        DraftFile       f    = { .size = (int64_t)part->size };
        if (!str_eq(part->name, S("media")) || !part->size)
            continue;
        if (part->size > FORM_MAX_MEDIA || !form_file_name(c->arena, part->file_name, &f.name)) {
            field_error(c, &v.errors, S("media"), text_fmt(c->arena, c->lang, "form.media.bad", ARG_S("name", part->file_name)));
            continue;
        }
        TRY(files_save(c->store, c->arena, part_bytes(c->arena, part), &f.sum));
        TRY(form_draft_file_save(c->db, w.d.id, &f));
        n++;
    }
    if (!n && !v.errors.len)
        field_error(c, &v.errors, S("media"), text_of(c->lang, "form.upload.missing"));
    if (v.errors.len)
        return files_view(c, &w, &v);
    return redirect_notice(c, work_path(c, &w, "/files"), NOTICE_OK, text_fmt(c->arena, c->lang, "form.media.saved", ARG_N("n", n)));
}
