/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Labels, hints and messages of a row, in the two languages of our pages and in all languages of the form. */
#include "form/form_parts.h"

Str text_of_kind(const FormText *text, FormTextKind kind, int language)
{
    return text && text[kind].by && language >= 0 ? text[kind].by[language] : S("");
}

/* Ours, else the column without a language, else the form's own language, else a third one. */
static void pick(Reader *r, const RowRef *row, const FormText *text, FormTextKind kind, Str to[LANG_COUNT])
{
    ColumnId id   = (ColumnId)(COL_LABEL + kind);
    int      main = r->default_lang < LANG_COUNT ? r->default_lang : LANG_VI;
    for (int l = 0; l < LANG_COUNT; l++)
        to[l] = cell_in(row, id, l);
    if (!to[main].len)
        to[main] = cell_in(row, id, LANG_NONE);
    if (!to[main].len && (r->default_lang == LANG_OTHER || (main == LANG_VI && !to[LANG_EN].len)))
        to[main] = text_of_kind(text, kind, r->main_language);
    if (!to[main].len && (main == LANG_VI || !to[LANG_VI].len) && r->default_lang != LANG_OTHER)
        to[main] = cell_in(row, id, LANG_OTHER);
}

static bool has_media(const FormText *text)
{
    for (int k = TEXT_IMAGE; text && k < TEXT_KIND_COUNT; k++)
        if (text[k].by)
            return true;
    return false;
}

/* Nothing to read and nothing to see: phones' tools refuse it. A hint alone will do, with a warning. */
static void label_missing(Reader *r, const RowRef *row, const FormNode *n)
{
    const char *code = n->text && n->text[TEXT_HINT].by ? "W-LABEL" : "E-LABEL";
    form_issue(r, place_of(row, COL_LABEL), code, SAY("“%.*s” chưa có câu hỏi. Viết câu hỏi ở cột label.", STR_ARG(n->leaf)),
               SAY("“%.*s” has no label. Write the question in the column label.", STR_ARG(n->leaf)));
}

/* The column of a text in one language. */
static Place place_in(const RowRef *row, ColumnId id, int language)
{
    for (size_t i = 0; i < row->c->len; i++)
        if (row->c->at[i].id == id && row->c->at[i].language == language)
            return place_column(row, i);
    return place_of(row, id);
}

static void check_languages(Reader *r, const RowRef *row, const FormNode *n)
{
    if (!text_of_kind(n->text, TEXT_LABEL, r->main_language).len) {
        form_issue(r, place_in(row, COL_LABEL, r->main_language), "E-LABEL",
                   SAY("“%.*s” thiếu nhãn ở ngôn ngữ chính. Viết nhãn.", STR_ARG(n->leaf)),
                   SAY("“%.*s” has no label in the default language. Write it.", STR_ARG(n->leaf)));
        return;
    }
    for (size_t i = 0; i < row->c->len; i++) {
        const Column *c = &row->c->at[i];
        if (c->id == COL_LABEL && c->language >= 0 && c->language != r->main_language && !text_of_kind(n->text, TEXT_LABEL, c->language).len)
            form_issue(r, place_column(row, i), "W-LANG", SAY("“%.*s” thiếu nhãn ở ngôn ngữ này. Viết thêm bản dịch.", STR_ARG(n->leaf)),
                       SAY("“%.*s” has no label in this language. Add the translation.", STR_ARG(n->leaf)));
    }
}

static bool shown(QuestionType t)
{
    return t != Q_CALCULATE && t != Q_HIDDEN && t != Q_EXTERNAL && t != Q_AUDIT && !(t >= Q_START && t <= Q_EMAIL);
}

void read_labels(Reader *r, const RowRef *row, FormNode *n)
{
    n->text = row_texts(r, row);
    pick(r, row, n->text, TEXT_LABEL, n->label);
    pick(r, row, n->text, TEXT_HINT, n->hint);
    pick(r, row, n->text, TEXT_REQUIRED_MESSAGE, n->required_message);
    pick(r, row, n->text, TEXT_CONSTRAINT_MESSAGE, n->constraint_message);
    if (!shown(n->type))
        return;
    if (n->text && n->text[TEXT_LABEL].by)
        check_languages(r, row, n);
    else if (!form_type_holds(n->type) && !has_media(n->text))
        label_missing(r, row, n);
}

/* The language that must have every label: of the settings, else the plain column, else Vietnamese, else the first. */
void settle_language(Reader *r)
{
    const int *label = r->survey.first[COL_LABEL];
    r->main_language = r->p->language;
    if (r->p->default_language.len || label[LANG_NONE] >= 0 || r->survey.len == 0)
        return;
    int column = label[LANG_VI] >= 0 ? label[LANG_VI] : -1;
    for (size_t i = 0; column < 0 && i < r->survey.len; i++)
        if (r->survey.at[i].id == COL_LABEL)
            column = (int)i;
    if (column < 0)
        return;
    r->main_language = r->survey.at[column].language;
    r->default_lang  = r->survey.at[column].lang;
}
