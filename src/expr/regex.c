/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Patterns that match a whole text in linear time: pattern → states → all states at once, character by
 * character. Back-references and look-around are refused; \d \w \s are ASCII, as in the other engines. */
#include "expr/expr_parts.h"

enum { REGEX_MAX_STATES = 5000, REGEX_MAX_DEPTH = 64, REGEX_MAX_REPEAT = 1000 };

typedef enum StateOp { STATE_CHAR, STATE_ANY, STATE_SET, STATE_SPLIT, STATE_BEGIN, STATE_END, STATE_MATCH } StateOp;
typedef struct Range { uint32_t from, to; } Range;
typedef struct CharSet { const Range *ranges; int count; bool negated; } CharSet;
typedef struct State { StateOp op; uint32_t ch; const CharSet *set; int next, other; } State;

struct ExprRegex { const State *states; int count, start; };

/* ---- Pattern to tree ------------------------------------------------------------------------------- */

typedef enum PartOp { PART_EMPTY, PART_STATE, PART_JOIN, PART_EITHER, PART_REPEAT } PartOp;
typedef struct Part {
    PartOp op;
    State  state;
    struct Part *x, *y;
    int least, most;                                     /* PART_REPEAT; most -1: no limit */
} Part;

typedef struct Reader {
    Arena *keep, *scratch;
    Str    s;
    size_t at;
    int    depth;
    const char *code;
    Str    vi, en;
    LIST(State) states;
    int    emitted;
} Reader;

static Part *refuse(Reader *r, const char *code, Str vi, Str en)
{
    if (!r->code) {
        r->code = code;
        r->vi   = vi;
        r->en   = en;
    }
    return NULL;
}

static Part *bad(Reader *r)
{
    return refuse(r, "E-REGEX", S("mẫu regex viết không đúng. Xem lại các dấu ngoặc, dấu \\ và số lần lặp."),
                  S("the pattern is not well formed. Look at its brackets, backslashes and repeat counts."));
}

static Part *part_new(Reader *r, PartOp op, Part *x, Part *y)
{
    Part *p = arena_new(r->scratch, Part, 1);
    p->op   = op;
    p->x    = x;
    p->y    = y;
    return p;
}

static Part *part_state(Reader *r, State s)
{
    Part *p  = part_new(r, PART_STATE, NULL, NULL);
    p->state = s;
    return p;
}

static bool more(const Reader *r, char ch) { return r->at < r->s.len && r->s.at[r->at] == ch; }

static const Range digit_ranges[] = { { '0', '9' } };
static const Range word_ranges[]  = { { '0', '9' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' } };
static const Range space_ranges[] = { { '\t', '\r' }, { ' ', ' ' } };
static const CharSet class_sets[] = { { digit_ranges, 1, false }, { digit_ranges, 1, true }, { word_ranges, 4, false },
                                      { word_ranges, 4, true },   { space_ranges, 2, false }, { space_ranges, 2, true } };

static const CharSet *class_of(char ch)
{
    static const char letters[] = "dDwWsS";
    const char *hit = ch ? strchr(letters, ch) : NULL;
    return hit ? &class_sets[hit - letters] : NULL;
}

/* After a backslash: the character meant; false when it is none of ours. */
static bool escape_char(Reader *r, uint32_t *out)
{
    if (r->at >= r->s.len)
        return false;
    uint32_t ch = expr_char(r->s, &r->at);
    if (ch == 'u') {
        uint8_t bytes[2];
        if (r->s.len - r->at < 4 || !str_unhex((Str){ r->s.at + r->at, 4 }, bytes, 2))
            return false;
        r->at += 4;
        *out = (uint32_t)bytes[0] << 8 | bytes[1];
        return true;
    }
    if ((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z')) {
        *out = ch == 't' ? '\t' : ch == 'n' ? '\n' : ch == 'r' ? '\r' : 0;
        return *out != 0;
    }
    *out = ch;
    return true;
}

static Part *refuse_escape(Reader *r)
{
    return refuse(r, "E-REGEX", S("mẫu regex dùng ký hiệu \\ chưa hỗ trợ (như tham chiếu ngược \\1, \\b, \\p). Viết lại bằng lớp ký tự [ ]."),
                  S("the pattern uses an unsupported backslash (such as \\1, \\b, \\p). Write it with a class [ ]."));
}

/* ---- Classes: [a-z0-9_], [^…] ------------------------------------------------------------------------ */

typedef LIST(Range) Ranges;

/* Adds what a class such as \D holds, as plain ranges. */
static void ranges_add_class(Reader *r, Ranges *to, const CharSet *set)
{
    uint32_t from = 0;
    for (int i = 0; i < set->count; i++) {
        if (!set->negated)
            *list_add(r->keep, to) = set->ranges[i];
        else if (set->ranges[i].from > from)
            *list_add(r->keep, to) = (Range){ from, set->ranges[i].from - 1 };
        from = set->ranges[i].to + 1;
    }
    if (set->negated)
        *list_add(r->keep, to) = (Range){ from, 0x10FFFF };
}

/* One member: a character, or (returning true with *out_class) a class. */
static bool class_member(Reader *r, uint32_t *out, const CharSet **out_class)
{
    *out_class = NULL;
    if (!more(r, '\\')) {
        *out = expr_char(r->s, &r->at);
        return *out != '[';                              /* nested classes of Java are refused */
    }
    r->at++;
    *out_class = r->at < r->s.len ? class_of(r->s.at[r->at]) : NULL;
    if (*out_class) {
        r->at++;
        return true;
    }
    return escape_char(r, out);
}

static Part *read_set(Reader *r)
{
    Ranges   ranges = { 0 };
    CharSet *set    = arena_new(r->keep, CharSet, 1);
    if ((set->negated = more(r, '^')))
        r->at++;
    for (bool first = true; first || !more(r, ']'); first = false) {
        uint32_t       from, to;
        const CharSet *cls;
        if (r->at >= r->s.len || !class_member(r, &from, &cls))
            return bad(r);
        if (cls) {
            ranges_add_class(r, &ranges, cls);
            continue;
        }
        to = from;
        if (more(r, '-') && r->at + 1 < r->s.len && r->s.at[r->at + 1] != ']') {
            r->at++;
            if (!class_member(r, &to, &cls) || cls || to < from)
                return bad(r);
        }
        *list_add(r->keep, &ranges) = (Range){ from, to };
        if (r->at >= r->s.len)
            return bad(r);
    }
    r->at++;
    set->ranges = ranges.at;
    set->count  = (int)ranges.len;
    return part_state(r, (State){ .op = STATE_SET, .set = set });
}

/* ---- Atoms, repeats, alternatives ---------------------------------------------------------------------- */

static Part *read_either(Reader *r);

static Part *read_group(Reader *r)
{
    if (++r->depth > REGEX_MAX_DEPTH)
        return refuse(r, "E-LIMIT", S("mẫu regex lồng nhau quá sâu. Viết mẫu ngắn hơn."), S("the pattern is nested too deep. Write a shorter one."));
    if (more(r, '?')) {
        if (!str_starts(str_skip(r->s, r->at), S("?:")))
            return refuse(r, "E-REGEX", S("mẫu regex dùng (?…) chưa hỗ trợ (nhìn trước, nhìn sau, tùy chọn). Viết lại không dùng (?…)."),
                          S("the pattern uses (?…), which is not supported (look-around, options). Write it without."));
        r->at += 2;
    }
    Part *p = read_either(r);
    if (!p)
        return NULL;
    if (!more(r, ')'))
        return bad(r);
    r->at++;
    r->depth--;
    return p;
}

static Part *read_atom(Reader *r)
{
    char ch = r->s.at[r->at];
    switch (ch) {
    case '(': r->at++; return read_group(r);
    case '[': r->at++; return read_set(r);
    case '.': r->at++; return part_state(r, (State){ .op = STATE_ANY });
    case '^': r->at++; return part_state(r, (State){ .op = STATE_BEGIN });
    case '$': r->at++; return part_state(r, (State){ .op = STATE_END });
    case '*': case '+': case '?': case '{': return bad(r);
    case '\\': {
        r->at++;
        const CharSet *cls = r->at < r->s.len ? class_of(r->s.at[r->at]) : NULL;
        if (cls) {
            r->at++;
            return part_state(r, (State){ .op = STATE_SET, .set = cls });
        }
        uint32_t c;
        return escape_char(r, &c) ? part_state(r, (State){ .op = STATE_CHAR, .ch = c }) : refuse_escape(r);
    }
    default: return part_state(r, (State){ .op = STATE_CHAR, .ch = expr_char(r->s, &r->at) });
    }
}

static bool read_count(Reader *r, int *out)
{
    int n = 0, digits = 0;
    while (r->at < r->s.len && r->s.at[r->at] >= '0' && r->s.at[r->at] <= '9' && n <= REGEX_MAX_REPEAT) {
        n = 10 * n + (r->s.at[r->at++] - '0');
        digits++;
    }
    *out = n;
    return digits && n <= REGEX_MAX_REPEAT;
}

/* * + ? {m} {m,} {m,n}; false when there is none or it is wrong (then r->code is set). */
static bool read_repeat(Reader *r, int *least, int *most)
{
    if (r->at >= r->s.len || !strchr("*+?{", r->s.at[r->at]))
        return false;
    char ch = r->s.at[r->at++];
    *least  = ch == '+';
    *most   = ch == '?' ? 1 : -1;
    if (ch == '{') {
        bool good = read_count(r, least);
        *most     = *least;
        if (good && more(r, ',')) {
            r->at++;
            *most = -1;
            if (!more(r, '}'))
                good = read_count(r, most) && *most >= *least;
        }
        if (!good || !more(r, '}')) {
            bad(r);
            return false;
        }
        r->at++;
    }
    if (more(r, '?'))
        r->at++;                                         /* lazy: the same for a whole match */
    return true;
}

static Part *read_sequence(Reader *r)
{
    Part *all = part_new(r, PART_EMPTY, NULL, NULL);
    while (r->at < r->s.len && !more(r, '|') && !more(r, ')')) {
        Part *p = read_atom(r);
        int   least, most;
        if (!p)
            return NULL;
        if (read_repeat(r, &least, &most)) {
            p        = part_new(r, PART_REPEAT, p, NULL);
            p->least = least;
            p->most  = most;
        }
        if (r->code)
            return NULL;
        all = part_new(r, PART_JOIN, all, p);
    }
    return all;
}

static Part *read_either(Reader *r)
{
    Part *p = read_sequence(r);
    while (p && more(r, '|')) {
        r->at++;
        Part *q = read_sequence(r);
        p       = q ? part_new(r, PART_EITHER, p, q) : NULL;
    }
    return p;
}

/* ---- Tree to states: each part is built knowing the state that follows it --------------------------------- */

static int state_add(Reader *r, State s)
{
    *list_add(r->keep, &r->states) = s;
    return (int)r->states.len - 1;
}

static int build(Reader *r, const Part *p, int next);

static int build_repeat(Reader *r, const Part *p, int next)
{
    if (p->most < 0) {
        int loop = state_add(r, (State){ .op = STATE_SPLIT, .other = next });
        int body = build(r, p->x, loop);
        r->states.at[loop].next = body;
        next = loop;
    }
    for (int i = p->least; i < p->most && r->emitted <= REGEX_MAX_STATES; i++) {
        int body = build(r, p->x, next);
        next     = state_add(r, (State){ .op = STATE_SPLIT, .next = body, .other = next });
    }
    for (int i = 0; i < p->least && r->emitted <= REGEX_MAX_STATES; i++)
        next = build(r, p->x, next);
    return next;
}

/* x{2,5} nests its options: x x (x (x x?)?)? is what the loop above builds from the back. */
static int build(Reader *r, const Part *p, int next)
{
    if (++r->emitted > REGEX_MAX_STATES)
        return next;
    switch (p->op) {
    case PART_EMPTY: return next;
    case PART_STATE: {
        State s = p->state;
        s.next  = next;
        return state_add(r, s);
    }
    case PART_JOIN: {
        /* A long sequence leans left: walk it instead of calling. */
        for (; p->op == PART_JOIN; p = p->x)
            next = build(r, p->y, next);
        return build(r, p, next);
    }
    case PART_EITHER: {
        int x = build(r, p->x, next), y = build(r, p->y, next);
        return state_add(r, (State){ .op = STATE_SPLIT, .next = x, .other = y });
    }
    case PART_REPEAT: return build_repeat(r, p, next);
    }
    return next;
}

const ExprRegex *regex_compile(Arena *keep, Arena scratch, Str pattern, const char **out_code, Str *out_vi, Str *out_en)
{
    Reader r = { .keep = keep, .scratch = &scratch, .s = pattern };
    Part  *p = read_either(&r);
    if (p && r.at < pattern.len)
        p = bad(&r);
    ExprRegex *re = arena_new(keep, ExprRegex, 1);
    if (p) {
        int match = state_add(&r, (State){ .op = STATE_MATCH });
        re->start = build(&r, p, match);
        if (r.emitted > REGEX_MAX_STATES)
            p = refuse(&r, "E-LIMIT", S("mẫu regex quá lớn. Giảm số lần lặp {m,n}."),
                S("the pattern is too large. Use smaller repeat counts {m,n}."));
    }
    *out_code  = r.code;
    *out_vi    = r.vi;
    *out_en    = r.en;
    re->states = r.states.at;
    re->count  = (int)r.states.len;
    return p ? re : NULL;
}

/* ---- Matching ---------------------------------------------------------------------------------------------- */

typedef struct StateSet { int *at, *mark, len, round; } StateSet;

/* Adds a state and what it reaches without a character; a stack instead of recursion. */
static void states_reach(const ExprRegex *re, StateSet *set, int *stack, int state, bool begin, bool end)
{
    int depth      = 0;
    stack[depth++] = state;
    while (depth) {
        int i = stack[--depth];
        if (set->mark[i] == set->round)
            continue;
        set->mark[i] = set->round;
        const State *s = &re->states[i];
        if (s->op == STATE_SPLIT) {
            stack[depth++] = s->other;
            stack[depth++] = s->next;
        } else if (s->op == STATE_BEGIN || s->op == STATE_END) {
            if (s->op == STATE_BEGIN ? begin : end)
                stack[depth++] = s->next;
        } else {
            set->at[set->len++] = i;
        }
    }
}

static bool takes(const State *s, uint32_t ch)
{
    if (s->op == STATE_CHAR)
        return s->ch == ch;
    if (s->op == STATE_ANY)
        return ch != '\n' && ch != '\r';
    if (s->op != STATE_SET)
        return false;
    for (int i = 0; i < s->set->count; i++)
        if (ch >= s->set->ranges[i].from && ch <= s->set->ranges[i].to)
            return !s->set->negated;
    return s->set->negated;
}

bool regex_match(ExprRun *run, const ExprRegex *re, Str text)
{
    Arena    scratch = *run->a;
    size_t   n       = (size_t)re->count;
    StateSet now     = { arena_new(&scratch, int, n), arena_new(&scratch, int, n), 0, 1 };
    StateSet then    = { arena_new(&scratch, int, n), arena_new(&scratch, int, n), 0, 1 };
    int     *stack   = arena_new(&scratch, int, 2 * n + 2);
    states_reach(re, &now, stack, re->start, true, !text.len);
    for (size_t at = 0; at < text.len && now.len && !run->stopped;) {
        uint32_t ch  = expr_char(text, &at);
        bool     end = at == text.len;
        then.len     = 0;
        then.round++;
        for (int i = 0; i < now.len; i++)
            if (takes(&re->states[now.at[i]], ch))
                states_reach(re, &then, stack, re->states[now.at[i]].next, false, end);
        expr_run_work(run, 1 + (size_t)now.len + (size_t)then.len);
        StateSet spare = now;
        now = then, then = spare;
    }
    for (int i = 0; i < now.len; i++)
        if (re->states[now.at[i]].op == STATE_MATCH)
            return !run->stopped;
    return false;
}
