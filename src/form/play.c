/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo form play: a questionnaire is begun, answers are put in one after the other as a phone would send them, and the
 * state of every node is told. */
#include "form/form_parts.h"

typedef struct Play { Arena *a; const FormProgram *p; FormAnswers x; Time now; } Play;

/* ---- Steps ---------------------------------------------------------------------------------------------------------------- */

/* "lan[2]" → name and position; position 0: none was written. */
static bool step_read(Str s, Str *name, int *position)
{
    StrPair cut = str_cut(s, '[');
    int64_t n   = 0;
    *name     = cut.head;
    *position = 0;
    if (cut.head.len == s.len)
        return s.len > 0;
    if (!str_ends(cut.tail, S("]")) || !str_to_i64(str_take(cut.tail, cut.tail.len - 1), &n) || n < 1 || n > FORM_MAX_INSTANCES)
        return false;
    *position = (int)n;
    return cut.head.len > 0;
}

/* The instance of that position, made with those before it. */
static int reach(Play *y, int repeat, int parent, int position)
{
    while (form_instance_count(&y->x, repeat, parent) < position)
        if (!form_repeat_add(y->p, y->a, &y->x, y->now, repeat, parent))
            return 0;
    return form_instance_find(&y->x, repeat, parent, position);
}

/* "/data/g/lan[2]/phut" → node and instance. A repeat without position is its first instance. */
static bool walk(Play *y, Str path, int *node, int *instance)
{
    *node     = -1;
    *instance = 0;
    if (!str_starts(path, S("/data/")))
        return false;
    for (Str rest = str_skip(path, 6); rest.len || *node < 0;) {
        StrPair step = str_cut(rest, '/');
        Str     name;
        int     position;
        if (!step_read(step.head, &name, &position) || (*node = form_child(y->p, y->p->code, *node, name)) < 0)
            return false;
        bool repeat = y->p->nodes.at[*node].type == Q_REPEAT;
        if (repeat)
            *instance = reach(y, *node, *instance, position ? position : 1);
        if (repeat ? !*instance : position > 1)
            return false;
        rest = step.tail;
    }
    return true;
}

static Err step_wrong(Play *y, size_t number, Str step, const char *why)
{
    return err_fmt(y->a, ERR_INVALID, "step %zu, \"%.*s\": %s", number, STR_ARG(step), why);
}

/* What the type can hold is written as a phone writes it: clock times completed, numbers in digits that read back equal ("2.50" is 2.5).
 * Anything else stays as it came. */
static Str answer_text(Play *y, int node, Str came)
{
    QuestionType t    = y->p->nodes.at[node].type;
    Str          text = S("");
    if (t == Q_TIME || t == Q_DATETIME)
        return form_answer_read(y->a, y->p, node, LANG_EN, came, &text) == ANSWER_OK ? text : arena_str(y->a, came);
    return came.len && form_answer_fault(y->p, node, came) == ANSWER_OK ? form_canonical(y->a, t, came) : came;
}

static Err step_run(Play *y, size_t number, Str step)
{
    StrPair cut = str_cut(step, '=');
    int     node, instance;
    if (cut.head.len == step.len)
        return step_wrong(y, number, step, "there is no \"=\"; write \"/data/question=value\"");
    if (!walk(y, str_trim(cut.head), &node, &instance))
        return step_wrong(y, number, step, "the path leads to no question; write \"/data/group/question=value\"");
    if (form_type_holds(y->p->nodes.at[node].type) && !cut.tail.len)
        return OK;                                       /* the instance was to be made, nothing more */
    if (y->p->nodes.at[node].cell < 0 || form_calculates(&y->p->nodes.at[node]))
        return step_wrong(y, number, step, "nobody answers this node; name a question");
    form_put(y->p, y->a, &y->x, y->now, node, instance, arena_str(y->a, answer_text(y, node, cut.tail)));
    return OK;
}

static Err steps_run(Play *y, Str json)
{
    const Json *steps;
    size_t      number = 0;
    TRY(json_parse(y->a, json, &steps));
    if (!json_is(steps, JSON_ARRAY))
        return err_new(y->a, ERR_INVALID, S("the steps are no list; write [\"/data/question=value\", …]"));
    JSON_EACH(item, steps) {
        Str step;
        number++;
        if (!json_str(item, &step))
            return err_fmt(y->a, ERR_INVALID, "step %zu is no text; write \"/data/question=value\"", number);
        TRY(step_run(y, number, step));
    }
    return OK;
}

/* ---- The state of every node ------------------------------------------------------------------------------------------------- */

typedef struct Teller { Play *y; FormState s; Buf *out; bool first; } Teller;

/* An answer that is not relevant reads as empty; it returns with its question. */
static void tell_node(Teller *t, int node, int instance, Str path, bool relevant)
{
    buf_add(t->out, t->first ? S("\n") : S(",\n"));
    t->first = false;
    buf_json_str(t->out, path);
    buf_fmt(t->out, ": {\"relevant\": %s, \"value\": ", relevant ? "true" : "false");
    buf_json_str(t->out, relevant ? form_state_value(&t->s, node, instance) : S(""));
    AnswerFault f = relevant ? form_check_at(&t->s, t->y->a, node, instance) : ANSWER_OK;
    if (f == ANSWER_LIMIT)
        buf_lit(t->out, ", \"violation\": \"limit\"");
    else if (f != ANSWER_OK)
        buf_fmt(t->out, ", \"violation\": \"%s\"", f == ANSWER_REQUIRED ? "required" : "constraint");
    buf_byte(t->out, '}');
}

static void tell_children(Teller *t, int parent, int instance, Str path);

static void tell(Teller *t, int node, int instance, Str path)
{
    const FormNode *n = &t->s.p->nodes.at[node];
    if (n->type == Q_AUDIT || n->type == Q_EXTERNAL)
        return;
    if (n->type != Q_REPEAT) {
        tell_node(t, node, instance, path, form_state_relevant(&t->s, node, instance));
        tell_children(t, node, instance, path);
        return;
    }
    const int32_t *kids;
    int            count = form_state_instances(&t->s, node, instance, &kids);
    for (int i = 0; i < count; i++) {
        Str one = arena_fmt(t->y->a, "%.*s[%d]", STR_ARG(path), i + 1);
        tell_node(t, node, kids[i], one, form_state_relevant(&t->s, node, kids[i]));
        tell_children(t, node, kids[i], one);
    }
}

/* Groups are nested at most FORM_MAX_LEVELS deep. */
static void tell_children(Teller *t, int parent, int instance, Str path)
{
    const FormProgram *p = t->s.p;
    for (int i = form_first_child(p->code, parent); i >= 0; i = p->code->tree.next[i])
        tell(t, i, instance, arena_fmt(t->y->a, "%.*s/%.*s", STR_ARG(path), STR_ARG(p->nodes.at[i].leaf)));
}

Err form_play(Arena *a, const FormProgram *p, Str steps, Time now, Buf *out)
{
    Play y = { .a = a, .p = p, .now = now };
    form_begin(p, a, &y.x, now);
    TRY(steps_run(&y, steps));
    Teller t = { &y, form_state(p, a, &y.x, now), out, true };
    buf_byte(out, '{');
    tell_children(&t, -1, 0, S("/data"));
    buf_lit(out, "\n}\n");
    return OK;
}
