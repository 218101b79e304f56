/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The view compiler: viewc IN.html OUT.c OUT.h. Lines starting with "%" are C, the rest is HTML in which
 * {{ expr }} writes a value. The compiler follows the HTML (text, tag, attribute, address, title) to choose the
 * writer, and refuses places where no escaping is safe. docs/adr/0005-views.md gives the reasons, src/view/README.md
 * the syntax. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef enum Place {
    IN_TEXT, IN_RCDATA, IN_EMPTY,             /* between elements; title and textarea; script and iframe: nothing */
    IN_OPEN, IN_TAG_NAME, IN_TAG, IN_ATTR_NAME, IN_ATTR_EQUALS, IN_VALUE, IN_COMMENT, IN_DOCTYPE
} Place;

typedef struct State {
    Place place;
    bool  closing;                            /* the tag is </…> */
    bool  pre;                                /* white space counts */
    bool  address_begun;                      /* something literal or written stands in the address */
    bool  optional;                           /* name?="{{ x }}" */
    bool  has_src;
    char  tag[32], attr[48], raw[16];         /* raw: the element whose end tag closes IN_RCDATA or IN_EMPTY */
} State;

typedef struct Text { char *at; size_t len, cap; } Text;

static const char *in_path;
static int   line_no = 1;
static State state;
static State blocks[64];                      /* the state where each open { of a C line stood */
static int   block_lines[64];
static int   depth;
static bool  in_view, c_comment, c_unfinished;
static Text  source, body, head, literal;

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
static void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", in_path, line_no);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void text_add(Text *t, const char *s, size_t n)
{
    if (t->len + n + 1 > t->cap) {
        t->cap = (t->len + n + 1) * 2;
        t->at  = realloc(t->at, t->cap);
        if (!t->at) {
            fputs("viewc: out of memory\n", stderr);
            exit(70);
        }
    }
    memcpy(t->at + t->len, s, n);
    t->len += n;
    t->at[t->len] = 0;
}

static void text_put(Text *t, const char *s) { text_add(t, s, strlen(s)); }
static void text_char(Text *t, char c) { text_add(t, &c, 1); }

static bool one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (!strcmp(name, *list)) return true;
    return false;
}

/* ---- Output ------------------------------------------------------------------------------------- */

static void put_line_mark(void)
{
    char mark[64];
    snprintf(mark, sizeof mark, "#line %d \"", line_no);
    text_put(&body, mark);
    text_put(&body, in_path);
    text_put(&body, "\"\n");
}

/* Writes the literal gathered so far as one call. */
static void flush_literal(void)
{
    if (!literal.len) return;
    text_put(&body, "    out_raw(o, S(\"");
    for (size_t i = 0; i < literal.len; i++) {
        char c = literal.at[i];
        if (c == '\n')
            text_put(&body, i + 1 < literal.len ? "\\n\"\n        \"" : "\\n");
        else if (c == '"' || c == '\\' || c == '?')
            text_char(&body, '\\'), text_char(&body, c);
        else
            text_char(&body, c);
    }
    text_put(&body, "\"));\n");
    literal.len = 0;
}

static void put_write(const char *writer, const char *expr, size_t n)
{
    flush_literal();
    put_line_mark();
    text_put(&body, "    ");
    text_put(&body, writer);
    text_put(&body, "(o, ");
    text_add(&body, expr, n);
    text_put(&body, ");\n");
}

/* ---- What each place allows ----------------------------------------------------------------------- */

static const char *const address_attrs[] = { "href", "src", "action", "formaction", "poster", "xlink:href", "cite",
    "data", "background", "manifest", "ping", "longdesc", NULL };
static const char *const refused_attrs[] = { "style", "srcdoc", "http-equiv", NULL };
static const char *const list_attrs[] = { "srcset", "imagesrcset", "sizes", NULL };
static const char *const refused_tags[] = { "style", "base", "object", "embed", "applet", "xmp", "plaintext", "noembed",
    "noframes", "frameset", "animate", "animatetransform", "animatemotion", "set", "foreignobject", NULL };
static const char *const rcdata_tags[] = { "title", "textarea", NULL };
static const char *const empty_tags[]  = { "script", "iframe", NULL };

static void check_attr(void)
{
    if (state.closing) fail("an end tag has no attributes");
    if (!strncmp(state.attr, "on", 2)) fail("%s=: no event handlers in markup, scripts attach their own", state.attr);
    if (one_of(state.attr, refused_attrs)) fail("%s= is not allowed in a view", state.attr);
    if (!strcmp(state.attr, "src")) state.has_src = true;
}

/* Called at the > of a tag. */
static void end_tag(void)
{
    Place next = IN_TEXT;
    if (!strcmp(state.tag, "pre")) state.pre = !state.closing;
    if (!state.closing && one_of(state.tag, rcdata_tags)) next = IN_RCDATA;
    if (!state.closing && one_of(state.tag, empty_tags)) next = IN_EMPTY;
    if (!state.closing && !strcmp(state.tag, "script") && !state.has_src)
        fail("<script> without src: no script in markup");
    memcpy(state.raw, next == IN_TEXT ? "" : state.tag, next == IN_TEXT ? 1 : strlen(state.tag) + 1);
    state.place = next;
    state.tag[0] = state.attr[0] = 0;
    state.closing = state.has_src = state.optional = state.address_begun = false;
}

static void name_add(char *name, size_t room, char c)
{
    size_t n = strlen(name);
    if (n + 2 > room) fail("the name %s… is too long", name);
    name[n]     = (char)tolower((unsigned char)c);
    name[n + 1] = 0;
}

/* An address that begins with a literal scheme: only those that out_url accepts. */
static void check_scheme(const char *s)
{
    while (isspace((unsigned char)*s)) s++;
    size_t n = 0;
    while (isalnum((unsigned char)s[n]) || s[n] == '+' || s[n] == '-' || s[n] == '.') n++;
    if (!n || s[n] != ':') return;
    static const char *const known[] = { "http", "https", "mailto", "tel", NULL };
    char scheme[16] = "";
    for (size_t i = 0; i < n && i + 1 < sizeof scheme; i++) scheme[i] = (char)tolower((unsigned char)s[i]);
    if (!one_of(scheme, known)) fail("the address scheme %s: is not allowed", scheme);
}

/* ---- Expressions ------------------------------------------------------------------------------------ */

/* Length of a C string or character constant at s. */
static size_t quoted_len(const char *s)
{
    size_t n = 1;
    while (s[n] && s[n] != *s && s[n] != '\n') n += s[n] == '\\' && s[n + 1] ? 2 : 1;
    if (s[n] != *s) fail("a C string is not closed on its line");
    return n + 1;
}

/* s stands after "{{"; the end is the first "}}" outside strings and braces. */
static const char *expr_end(const char *s)
{
    int open = 0;
    while (*s) {
        if (*s == '"' || *s == '\'') {
            s += quoted_len(s);
            continue;
        }
        if (*s == '{') open++;
        if (*s == '}' && open == 0) {
            if (s[1] == '}') return s;
            fail("{{ }} holds an expression, not statements");
        }
        if (*s == '}') open--;
        s++;
    }
    fail("{{ is not closed");
}

/* name?="{{ x }}": the attribute stands there only when x is true or not empty. */
static void write_optional(const char *expr, size_t n)
{
    /* The name and =" are already in the literal: take them back, with the blank before them. */
    size_t back = strlen(state.attr) + 2;
    literal.len -= back;
    while (literal.len && isspace((unsigned char)literal.at[literal.len - 1])) literal.len--;
    char start[80];
    snprintf(start, sizeof start, one_of(state.attr, address_attrs) ? "OUT_MAYBE_URL(o, S(\" %s\"), " : "OUT_MAYBE(o, S(\" %s\"), ",
             state.attr);
    flush_literal();
    put_line_mark();
    text_put(&body, "    ");
    text_put(&body, start);
    text_add(&body, expr, n);
    text_put(&body, ");\n");
}

static void write_value(const char *expr, size_t n)
{
    if (one_of(state.attr, list_attrs)) fail("{{ }} in %s=: write the addresses out", state.attr);
    if (one_of(state.attr, address_attrs)) {
        put_write(state.address_begun ? "OUT_URL_PART" : "OUT_URL", expr, n);
        state.address_begun = true;
    } else {
        put_write("OUT_ATTR", expr, n);
    }
}

/* Compiles the {{ expr }} at s and returns what follows it. */
static const char *take_expr(const char *s)
{
    const char *from = s + 2, *end = expr_end(from), *after = end + 2;
    while (from < end && isspace((unsigned char)*from)) from++;
    while (end > from && isspace((unsigned char)end[-1])) end--;
    if (from == end) fail("{{ }} is empty");
    size_t n = (size_t)(end - from);
    switch (state.place) {
    case IN_TEXT:   put_write("OUT_TEXT", from, n); break;
    case IN_RCDATA: put_write("OUT_PLAIN", from, n); break;
    case IN_VALUE:
        if (!state.optional) {
            write_value(from, n);
            break;
        }
        if (*after != '"' || state.address_begun) fail("%s?= takes one {{ }} and nothing else", state.attr);
        write_optional(from, n);
        state.place = IN_TAG, state.optional = false, state.attr[0] = 0;
        after++;
        break;
    case IN_EMPTY:       fail("{{ }} inside <%s>", state.raw);
    case IN_COMMENT:     fail("{{ }} inside a comment");
    case IN_DOCTYPE:     fail("{{ }} inside the doctype");
    case IN_OPEN:
    case IN_TAG_NAME:    fail("{{ }} in a tag name");
    case IN_ATTR_EQUALS: fail("{{ }} in an attribute value without double quotes");
    case IN_TAG:
    case IN_ATTR_NAME:   fail("{{ }} in an attribute name; use name?=\"{{ x }}\" for an attribute that may be missing");
    }
    for (const char *p = s; p < after; p++) line_no += *p == '\n';
    return after;
}

/* ---- HTML ----------------------------------------------------------------------------------------------- */

static bool closes_raw(const char *s)
{
    size_t n = strlen(state.raw);
    return s[0] == '<' && s[1] == '/' && !strncasecmp(s + 2, state.raw, n) && !isalnum((unsigned char)s[2 + n]);
}

static void open_tag(const char *s)
{
    if (!strncmp(s, "<!--", 4)) { state.place = IN_COMMENT; return; }
    if (s[1] == '!') { state.place = IN_DOCTYPE; return; }
    if (s[1] != '/' && s[1] != '{' && !isalpha((unsigned char)s[1])) fail("write &lt; for <");
    state.place = IN_OPEN;
    state.tag[0] = state.attr[0] = 0;
    state.closing = s[1] == '/';
}

static void in_tag(char c)
{
    if (c == '>') { end_tag(); return; }
    if (isspace((unsigned char)c) || c == '/') return;
    if (c == '"' || c == '\'' || c == '=' || c == '<') fail("unexpected %c in <%s>", c, state.tag);
    state.place = IN_ATTR_NAME;
    state.attr[0] = 0;
    name_add(state.attr, sizeof state.attr, c);
}

static void in_attr_name(char c)
{
    if (c == '=' || c == '>' || c == '/' || isspace((unsigned char)c)) {
        size_t n = strlen(state.attr);
        state.optional = n && state.attr[n - 1] == '?';
        if (state.optional) state.attr[n - 1] = 0;
        if (state.optional && c != '=') fail("%s? needs a value: %s?=\"{{ x }}\"", state.attr, state.attr);
        check_attr();
        state.place = c == '=' ? IN_ATTR_EQUALS : IN_TAG;
        if (c == '>') end_tag();
        return;
    }
    if (c == '"' || c == '\'' || c == '<') fail("unexpected %c in the name of an attribute", c);
    name_add(state.attr, sizeof state.attr, c);
}

static void in_value(char c, const char *s)
{
    if (c == '"') {
        if (state.optional) fail("%s?= takes one {{ }} and nothing else", state.attr);
        state.place = IN_TAG;
        state.attr[0] = 0;
        state.address_begun = false;
        return;
    }
    if (c == '<' ) fail("< in the value of %s=: a quote is missing, or write &lt;", state.attr);
    if (!state.address_begun && !isspace((unsigned char)c)) {
        if (one_of(state.attr, address_attrs)) check_scheme(s);
        state.address_begun = true;
    }
}

/* Moves the state over one literal character. False: the character is left out of the page. */
static bool step(const char *s)
{
    char c = *s;
    switch (state.place) {
    case IN_TEXT:
        if (c == '<') open_tag(s);
        return state.place != IN_COMMENT;
    case IN_RCDATA:
        if (closes_raw(s)) open_tag(s);
        return true;
    case IN_EMPTY:
        if (!closes_raw(s)) fail("<%s> must be empty here", state.raw);
        open_tag(s);
        return true;
    case IN_COMMENT:
        if (c == '>' && s[-1] == '-' && s[-2] == '-') state.place = IN_TEXT;
        return false;
    case IN_DOCTYPE:
        if (c == '>') state.place = IN_TEXT;
        return true;
    case IN_OPEN:
        if (c == '/') return true;
        if (!isalpha((unsigned char)c)) fail("a tag needs a name");
        name_add(state.tag, sizeof state.tag, c);
        state.place = IN_TAG_NAME;
        return true;
    case IN_TAG_NAME:
        if (isalnum((unsigned char)c) || c == '-') {
            name_add(state.tag, sizeof state.tag, c);
            return true;
        }
        if (one_of(state.tag, refused_tags)) fail("<%s> is not allowed in a view", state.tag);
        state.place = IN_TAG;
        in_tag(c);
        return true;
    case IN_TAG:         in_tag(c); return true;
    case IN_ATTR_NAME:   in_attr_name(c); return true;
    case IN_ATTR_EQUALS:
        if (c != '"') fail("the value of %s= stands in double quotes", state.attr);
        state.place = IN_VALUE;
        state.address_begun = false;
        return true;
    case IN_VALUE:       in_value(c, s); return true;
    }
    return true;
}

/* Compiles HTML from s up to the end of its line and returns the start of the next line. */
static const char *html_line(const char *s)
{
    if (c_unfinished) fail("a C line before markup ends in { } ; or : (if and for need braces)");
    bool trim = (state.place == IN_TEXT && !state.pre) || state.place == IN_TAG;
    while (trim && (*s == ' ' || *s == '\t')) s++;
    if (trim && (*s == '\n' || !*s)) {
        line_no++;
        return *s ? s + 1 : s;
    }
    while (*s && *s != '\n') {
        if (s[0] == '{' && s[1] == '{') {
            s = take_expr(s);
            continue;
        }
        bool was_open = state.place != IN_RCDATA;
        /* An optional attribute's literal carries no "?": it is taken back by write_optional. */
        bool keep = step(s);
        if (keep && !(*s == '?' && state.place == IN_ATTR_NAME)) text_char(&literal, *s);
        /* The parser drops one line feed after <textarea>: give it one to drop. */
        if (was_open && state.place == IN_RCDATA && !strcmp(state.raw, "textarea")) text_char(&literal, '\n');
        s++;
    }
    if (*s == '\n') {
        if (step(s)) text_char(&literal, '\n');
        line_no++;
        s++;
    }
    return s;
}

/* ---- C lines ---------------------------------------------------------------------------------------------- */

static bool same_state(const State *a, const State *b)
{
    return a->place == b->place && a->pre == b->pre && a->address_begun == b->address_begun && !strcmp(a->tag, b->tag)
           && !strcmp(a->attr, b->attr) && !strcmp(a->raw, b->raw);
}

static void check_word(const char *word, size_t n)
{
    static const char *const leaving[] = { "return", "break", "continue", "goto", "case", "default", NULL };
    char copy[16] = "";
    if (n >= sizeof copy) return;
    memcpy(copy, word, n);
    if (!one_of(copy, leaving)) return;
    bool outside = state.place == IN_TEXT;
    for (int i = 0; i < depth; i++) outside = outside && blocks[i].place == IN_TEXT;
    if (!outside) fail("%s inside a tag or a title would leave it open", copy);
}

static void c_brace(char c)
{
    if (c == '{') {
        if (depth == (int)(sizeof blocks / sizeof *blocks)) fail("blocks are nested too deep");
        blocks[depth] = state;
        block_lines[depth++] = line_no;
        return;
    }
    if (!depth) fail("} without a { before it in this view");
    if (!same_state(&state, &blocks[--depth]))
        fail("the block opened on line %d ends in another place of the markup than it began", block_lines[depth]);
}

/* Follows braces, strings and comments of one C line; notes whether it is complete. */
static void scan_c(const char *s, const char *end)
{
    char last = ';';
    while (s < end) {
        if (c_comment) {
            if (s[0] == '*' && s[1] == '/') c_comment = false, s++;
            s++;
        } else if (s[0] == '/' && s[1] == '/') {
            break;
        } else if (s[0] == '/' && s[1] == '*') {
            c_comment = true;
            s += 2;
        } else if (*s == '"' || *s == '\'') {
            s += quoted_len(s);
            last = '"';
        } else if (isalpha((unsigned char)*s) || *s == '_') {
            const char *word = s;
            while (s < end && (isalnum((unsigned char)*s) || *s == '_')) s++;
            check_word(word, (size_t)(s - word));
            last = 'a';
        } else {
            if (*s == '{' || *s == '}') c_brace(*s);
            if (s[0] == '(' && s[1] == 'o' && (s[2] == ',' || s[2] == ')') && state.place != IN_TEXT)
                fail("a view or writer is called inside a tag or a title; use {{ }} there");
            if (!isspace((unsigned char)*s)) last = *s;
            s++;
        }
    }
    c_unfinished = !strchr("{};:", last) || (c_unfinished && c_comment);
}

/* "view name(Out *o, …)": ends the view before and starts this one. */
static void end_view(void)
{
    if (!in_view) return;
    flush_literal();
    if (depth) fail("the block opened on line %d is not closed", block_lines[depth - 1]);
    if (state.place != IN_TEXT) fail("the view ends inside a tag, a title or a comment");
    if (c_unfinished) fail("the view ends in an unfinished C line");
    text_put(&body, "}\n\n");
    in_view = false;
}

static void start_view(const char *s, const char *end)
{
    end_view();
    while (end > s && isspace((unsigned char)end[-1])) end--;
    const char *arg = memchr(s, '(', (size_t)(end - s));
    if (!arg || end[-1] != ')') fail("a view line reads: %% view name(Out *o, …)");
    if (strncmp(arg, "(Out *o,", 8) && strncmp(arg, "(Out *o)", 8)) fail("the first parameter of a view is Out *o");
    put_line_mark();
    text_put(&body, "void ");
    text_add(&body, s, (size_t)(end - s));
    text_put(&body, "\n{\n");
    text_put(&head, "void ");
    text_add(&head, s, (size_t)(end - s));
    text_put(&head, ";\n");
    memset(&state, 0, sizeof state);
    in_view = true;
    c_unfinished = false;
}

static const char *c_line(const char *s)
{
    const char *end = s + strcspn(s, "\n");
    s++;
    while (s < end && (*s == ' ' || *s == '\t')) s++;
    if (state.place == IN_COMMENT) fail("a C line inside a comment");
    if (!strncmp(s, "view ", 5)) {
        start_view(s + 5, end);
    } else if (!strncmp(s, "include ", 8)) {
        if (in_view) fail("includes stand above the first view");
        text_put(&head, "#");
        text_add(&head, s, (size_t)(end - s));
        text_put(&head, "\n");
    } else if (strncmp(s, "//", 2)) {
        scan_c(s, end);
        flush_literal();
        put_line_mark();
        text_put(&body, in_view ? "    " : "");
        text_add(&body, s, (size_t)(end - s));
        text_put(&body, "\n");
    }
    line_no++;
    return *end ? end + 1 : end;
}

static void compile(const char *s)
{
    while (*s) {
        const char *first = s + strspn(s, " \t");
        if (*first == '%' && (isspace((unsigned char)first[1]) || !first[1])) {
            s = c_line(first);
        } else if (in_view) {
            s = html_line(s);
        } else {
            if (*first != '\n' && *first) fail("markup before the first %% view line");
            line_no++;
            s = *first ? first + 1 : first;
        }
    }
    end_view();
}

/* ---- Files ------------------------------------------------------------------------------------------------- */

static void read_all(Text *to, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(66);
    }
    char piece[8192];
    size_t n;
    text_put(to, "");
    while ((n = fread(piece, 1, sizeof piece, f)) > 0) text_add(to, piece, n);
    fclose(f);
}

static void write_all(const char *path, const char *const *parts)
{
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        exit(73);
    }
    for (; *parts; parts++) fputs(*parts, f);
    if (fclose(f)) {
        perror(path);
        exit(74);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: viewc IN.html OUT.c OUT.h\n", stderr);
        return 64;
    }
    in_path = argv[1];
    text_put(&head, "");
    text_put(&body, "");
    read_all(&source, argv[1]);
    compile(source.at);
    const char *header = strrchr(argv[3], '/') ? strrchr(argv[3], '/') + 1 : argv[3];
    char guard[128] = "VIEW_";
    for (size_t i = 0; header[i] && i + 6 < sizeof guard; i++)
        guard[i + 5] = (char)(isalnum((unsigned char)header[i]) ? toupper((unsigned char)header[i]) : '_');
    write_all(argv[3], (const char *const[]){ "/* Made by viewc. */\n#ifndef ", guard, "\n#define ", guard,
        "\n#include \"view/view.h\"\n", head.at, "#endif\n", NULL });
    write_all(argv[2], (const char *const[]){ "/* Made by viewc. */\n#include \"", header,
        "\"\n#define t(key) text_of(o->lang, key)\n"
        "#define tf(key, ...) text_fmt(o->buf.a, o->lang, key, __VA_ARGS__)\n", body.at, NULL });
    return 0;
}
