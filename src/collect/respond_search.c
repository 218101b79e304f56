/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Long lists on a page of one question: a box to search by, with or without marks, and what was found as rows to choose from. The whole list
 * stays a link away. Plain forms: searching is a GET of the same page. */
#include "collect/respond.h"
#include "respond_search.html.h"

enum { SEARCH_FROM = 200, SEARCH_ASKED_FROM = 16, FOUND_MOST = 20 };

static bool hinted(Str appearance)
{
    return str_has(appearance, S("autocomplete")) || str_has(appearance, S("search"));
}

/* Notes before a question stand on its page: such pages keep the plain list. */
bool respond_searches(Respond *r, int node)
{
    const FormNode *n = &r->program->nodes.at[node];
    const int32_t  *left;
    if (n->type != Q_SELECT_ONE || str_eq(query_str(r->c, "find"), S("*")) || (node > 0 && r->program->nodes.at[node - 1].type == Q_NOTE))
        return false;
    FormState s     = form_state(r->program, r->c->arena, &r->x, r->c->now);
    int       count = form_choices_left(&s, r->c->arena, node, 0, &left);
    return count > SEARCH_FROM || (count >= SEARCH_ASKED_FROM && hinted(n->appearance));
}

static Str label_of(const FormChoice *k, Lang l)
{
    return k->label[l].len ? k->label[l] : k->label[LANG_VI].len ? k->label[LANG_VI] : k->label[LANG_EN];
}

/* Best matches first, each kind in the order of the list. Marks that are typed count: "đường" does not bring "Dương". */
static void find(Respond *r, int node, SearchView *v)
{
    Ctx            *c    = r->c;
    const FormList *list = &r->program->lists.at[r->program->nodes.at[node].list];
    const int32_t  *left;
    FormState       s     = form_state(r->program, c->arena, &r->x, c->now);
    int             count = form_choices_left(&s, c->arena, node, 0, &left);
    int            *rank  = arena_new(c->arena, int, (size_t)count);
    for (int i = 0; i < count; i++)
        rank[i] = text_match(*c->arena, label_of(&list->choices.at[left[i]], c->lang), v->typed);
    bool marked = !str_eq(text_fold(c->arena, v->typed), str_lower_ascii(c->arena, v->typed));
    for (int best = 3; best > (marked ? 1 : 0); best--)
        for (int i = 0; i < count; i++) {
            const FormChoice *k = &list->choices.at[left[i]];
            if (rank[i] != best)
                continue;
            v->total++;
            if (v->found.len < FOUND_MOST)
                *list_add(c->arena, &v->found) = (Choice){ .value = k->name, .label = label_of(k, c->lang) };
        }
}

Err respond_search_view(Respond *r, int node, QuestionView *q)
{
    Ctx            *c = r->c;
    const FormNode *n = &r->program->nodes.at[node];
    Str             id = form_control_id(c->arena, r->program, node), error = S("");
    if (q->errors.len)
        error = q->errors.at[0].message;
    SearchView v = { .q = q, .id = id, .typed = query_str(c, "find"), .label = form_label_filled(c->arena, r->program, node, &r->x, c->lang),
                     .hint = n->hint[c->lang].len ? n->hint[c->lang] : n->hint[LANG_VI], .chosen = r->x.at[n->answer],
                     .chosen_label = form_answer_text(c->arena, r->program, node, &r->x, c->lang), .error = error,
                     .self = site_path(c, respond_question_path(r, node)) };
    if (v.typed.len)
        find(r, node, &v);
    Out o = page_begin(c, v.label);
    respond_search(&o, &v);
    return page_end_status(c, &o, q->errors.len ? 422 : 200);
}
