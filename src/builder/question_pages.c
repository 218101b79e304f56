/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One question: its words in all languages, type, choices, whether it must be answered, how it looks, what statistics make of it. */
#include "builder/lists.h"
#include "builder/row.h"
#include "drafts_question.html.h"

/* Ways of showing that our pages or the telephones know, by type. */
static const struct { const char *type, *look, *key; } looks[] = {
    { "text", "multiline", "builder.look.multiline" }, { "text", "numbers", "builder.look.numbers" },
    { "select_one", "minimal", "builder.look.minimal" }, { "select_one", "quick", "builder.look.quick" },
    { "select_one", "horizontal", "builder.look.horizontal" }, { "select_one", "likert", "builder.look.likert" },
    { "select_one", "columns", "builder.look.columns" }, { "select_one", "columns-2", "builder.look.columns_2" },
    { "select_one", "columns-3", "builder.look.columns_3" }, { "select_one", "columns-pack", "builder.look.pack" },
    { "select_one", "search", "builder.look.search" }, { "select_multiple", "minimal", "builder.look.minimal" },
    { "select_multiple", "columns", "builder.look.columns" }, { "select_multiple", "columns-2", "builder.look.columns_2" },
    { "select_multiple", "columns-3", "builder.look.columns_3" }, { "select_multiple", "columns-pack", "builder.look.pack" },
    { "select_multiple", "search", "builder.look.search" }, { "image", "signature", "builder.look.signature" },
    { "image", "draw", "builder.look.draw" }, { "image", "annotate", "builder.look.annotate" }, { "image", "new", "builder.look.new" },
    { "date", "month-year", "builder.look.month_year" }, { "date", "year", "builder.look.year" }, { "geopoint", "maps", "builder.look.maps" },
    { "geopoint", "placement-map", "builder.look.placement" }, { "range", "vertical", "builder.look.vertical" },
    { "begin_group", "field-list", "builder.look.field_list" }, { "begin_repeat", "field-list", "builder.look.field_list" } };

static void look_choices(Ctx *c, RowWork *r, BuilderQuestionView *v)
{
    Str  type = r->type.word ? form_type_name(r->type.word->type) : S(""), now = grid_cell(r->s, r->row, COL_APPEARANCE, S(""));
    bool known = !now.len;
    *list_add(c->arena, &v->looks) = (Choice){ .value = S(""), .label = text_of(c->lang, "builder.look.usual"), .chosen = !now.len };
    for (size_t i = 0; i < COUNT_OF(looks); i++)
        if (str_eq(type, str_from_c(looks[i].type))) {
            bool is = str_eq(now, str_from_c(looks[i].look));
            *list_add(c->arena, &v->looks) = (Choice){ .value = str_from_c(looks[i].look), .label = text_find(c->lang, str_from_c(looks[i].key)),
                .chosen = is };
            known |= is;
        }
    if (!known)
        *list_add(c->arena, &v->looks) = (Choice){ .value = now, .label = now, .chosen = true };
}

static void type_list(Ctx *c, RowWork *r, BuilderQuestionView *v)
{
    bool known = false;
    for (const TypeChoice *k = type_choices; k->word; k++) {
        bool same = r->type.word && !strcmp(r->type.word->word, k->word), group = r->type.word && r->type.word->shape == TYPE_BEGIN;
        if (group != (!strcmp(k->group, "part")))
            continue;                                    /* a group has an end; it stays one */
        *list_add(c->arena, &v->types) = (Choice){ .value = str_from_c(k->word), .label = text_find(c->lang, str_from_c(k->key)), .chosen = same };
        known |= same;
    }
    if (!known)
        *list_add(c->arena, &v->types) = (Choice){ .value = r->type.shown, .label = type_words(c->lang, &r->type), .chosen = true };
}

static void role_list(Ctx *c, RowWork *r, BuilderQuestionView *v)
{
    static const char *const roles[] = { "satisfaction", "perception", "expectation", "profile", "filter", "open" };
    static const QuestionRole as[]   = { QR_SATISFACTION, QR_PERCEPTION, QR_EXPECTATION, QR_PROFILE, QR_FILTER, QR_OPEN };
    Str now = grid_cell(r->s, r->row, COL_TD_ROLE, S(""));
    for (size_t i = 0; i < COUNT_OF(roles); i++)
        *list_add(c->arena, &v->roles) = (Choice){ .value = str_from_c(roles[i]), .label = form_role_text(c->lang, as[i]), .chosen = str_eq(now,
            str_from_c(roles[i])) };
}

/* ---- Parameters "key=value key=value" ------------------------------------------------------------------------------------- */

static Str param_of(Str params, Str key)
{
    while (params.len) {
        StrPair word = str_cut(params, ' '), pair = str_cut(word.head, '=');
        if (str_eq(pair.head, key))
            return pair.tail;
        params = word.tail;
    }
    return S("");
}

static Str param_put(Arena *a, Str params, Str key, Str value)
{
    StrList kept = { 0 };
    for (StrPair word = str_cut(params, ' '); word.head.len || word.tail.len; word = str_cut(word.tail, ' '))
        if (word.head.len && !str_eq(str_cut(word.head, '=').head, key))
            *list_add(a, &kept) = word.head;
    if (value.len)
        *list_add(a, &kept) = str_join(a, (Str[]){ key, value }, 2, S("="));
    return str_join(a, kept.at, kept.len, S(" "));
}

static void params_put(Ctx *c, RowWork *r)
{
    static const char *const keys[] = { "start", "end", "step", "max-pixels" };
    Str params = grid_cell(r->s, r->row, COL_PARAMETERS, S("")), was = params;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *field = i == 3 ? "pixels" : keys[i];
        if (form_has(c, field))
            params = param_put(c->arena, params, str_from_c(keys[i]), str_replace(c->arena, form_str(c, field), S(","), S(".")));
    }
    if (form_has(c, "has_shuffle") && form_has(c, "shuffle") != str_eq(param_of(params, S("randomize")), S("true")))
        params = param_put(c->arena, params, S("randomize"), form_has(c, "shuffle") ? S("true") : S(""));
    if (!str_eq(params, was))
        grid_put(c->arena, r->s, r->row, COL_PARAMETERS, S(""), params);
}

/* ---- The page ------------------------------------------------------------------------------------------------------------------ */

static void fill_choices(Ctx *c, RowWork *r, BuilderQuestionView *v)
{
    StrList names = grid_list_names(c->arena, r->w.g);
    bool    known = false;
    v->asks_list = r->type.word && r->type.word->shape == TYPE_LIST;
    v->from_file = r->type.word && r->type.word->shape == TYPE_FILE;
    v->file      = v->from_file ? r->type.list : S("");
    if (!v->asks_list)
        return;
    for (size_t i = 0; i < names.len; i++) {
        *list_add(c->arena, &v->lists) = (Choice){ .value = names.at[i], .label = names.at[i], .chosen = str_eq(names.at[i], r->type.list) };
        known |= str_eq(names.at[i], r->type.list);
    }
    if (!known && r->type.list.len)
        *list_add(c->arena, &v->lists) = (Choice){ .value = r->type.list, .label = text_fmt(c->arena, c->lang, "builder.list.empty", ARG_S("list",
            r->type.list)), .chosen = true };
    v->list_href = arena_fmt(c->arena, "%.*s/list?name=%.*s", STR_ARG(r->w.base), STR_ARG(url_encode(c->arena, r->type.list)));
}

static void fill(Ctx *c, RowWork *r, BuilderQuestionView *v)
{
    Str required = grid_cell(r->s, r->row, COL_REQUIRED, S("")), params = grid_cell(r->s, r->row, COL_PARAMETERS, S(""));
    QuestionType type = r->type.word ? r->type.word->type : Q_TYPE_COUNT;
    Str low = str_lower_ascii(c->arena, required);
    bool yes = str_eq(low, S("yes")) || str_eq(low, S("true")) || str_eq(low, S("true()")) || str_eq(low, S("1"));
    bool no  = !low.len || str_eq(low, S("no")) || str_eq(low, S("false")) || str_eq(low, S("false()")) || str_eq(low, S("0"));
    v->required     = yes ? S("yes") : no ? S("no") : S("when");
    v->required_src = yes || no ? S("") : required;
    v->name     = grid_cell(r->s, r->row, COL_NAME, S(""));
    v->code     = grid_cell(r->s, r->row, COL_TD_CODE, S(""));
    v->start    = param_of(params, S("start"));
    v->end      = param_of(params, S("end"));
    v->step     = param_of(params, S("step"));
    v->pixels   = param_of(params, S("max-pixels"));
    v->shuffled = str_eq(param_of(params, S("randomize")), S("true"));
    v->range    = type == Q_RANGE;
    v->image    = type == Q_IMAGE;
    v->holds    = form_type_holds(type);
    v->answers  = type == Q_TYPE_COUNT || form_type_answered(type);
    lang_boxes(c, r->w.g, r->s, r->row, &v->langs);
    fill_choices(c, r, v);
    type_list(c, r, v);
    look_choices(c, r, v);
    role_list(c, r, v);
}

static Err question_view(Ctx *c, RowWork *r, BuilderQuestionView *v, int status)
{
    DraftHead head;
    RowHead   row;
    row_type(c, r);
    TRY(row_head(c, r, 0, &head, &row));
    v->row = &row;
    fill(c, r, v);
    c->page.error = v->errors.len > 0;
    Out o = work_page_begin(c, &r->w, row.label);
    drafts_question_view(&o, v);
    return page_end_status(c, &o, status);
}

Err builder_question_page(Ctx *c)
{
    RowWork             r;
    BuilderQuestionView v = { 0 };
    TRY(row_open(c, &r));
    return question_view(c, &r, &v, 200);
}

/* "select_one muc5": the word chosen with the list or file chosen. */
static Str type_written(Ctx *c, RowWork *r)
{
    Str      word = form_str(c, "type"), list = form_str(c, "list"), file = form_str(c, "file");
    TypeCell t    = type_read(c->arena, word);
    if (!t.word || (r->type.word == t.word && t.word->shape == TYPE_PLAIN))
        return r->type.shown;
    if (t.word->shape == TYPE_LIST) {
        if (str_eq(list, S("+")) || !list.len)
            list = r->type.word && r->type.word->shape == TYPE_LIST && !str_eq(list, S("+")) ? r->type.list
                 : arena_fmt(c->arena, "ds_%.*s", STR_ARG(form_str(c, "name").len ? form_str(c, "name") : grid_cell(r->s, r->row, COL_NAME, S(""))));
        Str other = r->type.or_other ? S(" or_other") : S("");
        return arena_fmt(c->arena, "%s %.*s%.*s", t.word->word, STR_ARG(list), STR_ARG(other));
    }
    if (t.word->shape == TYPE_FILE)
        return arena_fmt(c->arena, "%s %.*s", t.word->word, STR_ARG(file.len ? file : r->type.list));
    return word;
}

static void required_put(Ctx *c, RowWork *r)
{
    Str how = form_str(c, "required"), now = grid_cell(r->s, r->row, COL_REQUIRED, S(""));
    bool was = now.len && !str_eq_ascii_nocase(now, S("no")) && !str_eq(now, S("false()"));
    if (str_eq(how, S("when")))
        grid_put(c->arena, r->s, r->row, COL_REQUIRED, S(""), form_str(c, "required_src"));
    else if (str_eq(how, S("yes")) && !(str_eq_ascii_nocase(now, S("true")) || str_eq(now, S("true()")) || str_eq(now, S("1"))))
        grid_put(c->arena, r->s, r->row, COL_REQUIRED, S(""), S("yes"));
    else if (str_eq(how, S("no")) && was)
        grid_put(c->arena, r->s, r->row, COL_REQUIRED, S(""), S(""));
}

static void name_put(Ctx *c, RowWork *r, BuilderQuestionView *v)
{
    Str was = grid_cell(r->s, r->row, COL_NAME, S("")), name = form_str(c, "name");
    if (str_eq(was, name))
        return;
    if (name.len && !expr_is_name(name))
        field_error(c, &v->errors, S("name"), text_of(c->lang, "builder.name.bad"));
    else if (name.len && logic_row(r->w.g, name))
        field_error(c, &v->errors, S("name"), text_of(c->lang, "builder.name.taken"));
    else if (was.len && name.len)
        grid_rename(c->arena, r->w.g, was, name);        /* conditions that name it follow */
    grid_put(c->arena, r->s, r->row, COL_NAME, S(""), name);
}

Err builder_question_action(Ctx *c)
{
    RowWork             r;
    BuilderQuestionView v = { .new_choices = form_str(c, "choices") };
    TRY(row_open(c, &r));
    grid_put(c->arena, r.s, r.row, COL_TYPE, S(""), type_written(c, &r));
    name_put(c, &r, &v);
    texts_put(c, &r, "label", COL_LABEL);
    texts_put(c, &r, "hint", COL_HINT);
    texts_put(c, &r, "guidance", COL_GUIDANCE);
    texts_put(c, &r, "image", COL_IMAGE);
    texts_put(c, &r, "audio", COL_AUDIO);
    required_put(c, &r);
    params_put(c, &r);
    if (form_has(c, "look"))
        grid_put(c->arena, r.s, r.row, COL_APPEARANCE, S(""), form_str(c, "look"));
    if (form_has(c, "role"))
        grid_put(c->arena, r.s, r.row, COL_TD_ROLE, S(""), form_str(c, "role"));
    if (form_has(c, "code"))
        grid_put(c->arena, r.s, r.row, COL_TD_CODE, S(""), form_str(c, "code"));
    if (v.errors.len || r.stale)
        return question_view(c, &r, &v, v.errors.len ? 422 : 409);
    row_type(c, &r);
    if (v.new_choices.len && r.type.word && r.type.word->shape == TYPE_LIST)
        choices_paste(c->arena, r.w.g, r.type.list, v.new_choices);
    return row_saved(c, &r, "edit", "");
}
