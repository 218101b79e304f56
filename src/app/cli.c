/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The command line: finds the verb, reads options, opens the data folder as the verb needs, prints and exits. */
#include "app/app.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

Str cli_option(const Cli *c, const char *name)
{
    return http_field(&c->options, str_from_c(name));
}

bool cli_has(const Cli *c, const char *name)
{
    return http_has(&c->options, str_from_c(name));
}

Str cli_arg(const Cli *c, size_t i)
{
    return i < c->args.len ? c->args.at[i] : S("");
}

static Str next_word(Str *rest)
{
    StrPair p = str_cut(*rest, ' ');
    *rest     = p.tail;
    return p.head;
}

/* The row whose verbs begin the line; *out_used words belong to it. The longest wins. */
static const Command *command_find(const StrList *words, size_t *out_used)
{
    const Command *best = NULL;
    *out_used           = 0;
    for (size_t i = 0; command_at(i); i++) {
        Str    rest = str_from_c(command_at(i)->verbs);
        size_t n    = 0;
        while (rest.len && n < words->len && str_eq(words->at[n], str_take(rest, str_cut(rest, ' ').head.len))) {
            next_word(&rest);
            n++;
        }
        if (rest.len == 0 && n > *out_used) {
            best      = command_at(i);
            *out_used = n;
        }
    }
    return best;
}

/* "name=VALUE" wants a value, "name" is a switch. */
static bool option_known(const Command *cmd, Str name, bool *out_value)
{
    Str rest = str_from_c(cmd->options);
    while (rest.len) {
        StrPair p = str_cut(next_word(&rest), '=');
        if (p.head.len && str_eq(p.head, name)) {
            *out_value = p.tail.len > 0;
            return true;
        }
    }
    return false;
}

static Err usage(Cli *c, const Command *cmd, const char *what, Str word)
{
    c->exit = 64;
    return err_fmt(c->a, ERR_INVALID, "%s%.*s. Usage: thuocdo %s %s", what, STR_ARG(word), cmd->verbs, cmd->args);
}

static Err common_option(Cli *c, Str name, Str value, bool *out_taken)
{
    *out_taken = true;
    if (str_eq(name, S("data")))
        c->dir = value;
    else if (str_eq(name, S("config")))
        *list_add(c->a, &c->config_files) = value;
    else if (str_eq(name, S("set")))
        *list_add(c->a, &c->flags) = value;
    else if (str_eq(name, S("database")))
        *list_add(c->a, &c->flags) = str_concat(c->a, S("database.url="), value);
    else if (str_eq(name, S("listen")))
        *list_add(c->a, &c->flags) = str_concat(c->a, S("http.listen="), value);
    else
        *out_taken = false;
    return OK;
}

static Err read_words(Cli *c, const Command *cmd, const StrList *words, size_t from)
{
    for (size_t i = from; i < words->len; i++) {
        Str word = words->at[i];
        if (!str_starts(word, S("--"))) {
            *list_add(c->a, &c->args) = word;
            continue;
        }
        StrPair p = str_cut(str_skip(word, 2), '=');
        bool    has_value = p.head.len + 2 < word.len, wants_value = true, taken;
        if (str_eq(p.head, S("json"))) { c->json = true; continue; }
        if (str_eq(p.head, S("no-input"))) { c->no_input = true; continue; }
        if (str_eq(p.head, S("quiet"))) { c->quiet = true; continue; }
        bool common = str_eq(p.head, S("data")) || str_eq(p.head, S("config")) || str_eq(p.head, S("set")) ||
                      str_eq(p.head, S("database")) || str_eq(p.head, S("listen"));
        if (!common && !option_known(cmd, p.head, &wants_value))
            return usage(c, cmd, "unknown option --", p.head);
        Str value = p.tail;
        if (wants_value && !has_value) {
            if (i + 1 >= words->len)
                return usage(c, cmd, "a value is missing after --", p.head);
            value = words->at[++i];
        }
        TRY(common_option(c, p.head, value, &taken));
        if (!taken)
            *list_add(c->a, &c->options) = (HttpField){ p.head, value };
    }
    return OK;
}

/* How many names stand in args before the first in brackets or option: those must be given. */
static size_t args_needed(const Command *cmd)
{
    size_t n    = 0;
    Str    rest = str_from_c(cmd->args);
    while (rest.len) {
        Str word = next_word(&rest);
        if (word.len && (word.at[0] == '[' || word.at[0] == '-'))
            break;
        n += word.len > 0;
    }
    return n;
}

static int failed(Cli *c, Err e, Buf *err)
{
    int code = c->exit ? c->exit : err_exit_code(e);
    if (c->json) {
        buf_lit(err, "{\"error\":{\"kind\":");
        buf_json_str(err, err_kind_name(e->kind));
        buf_lit(err, ",\"detail\":");
        buf_json_str(err, e->detail);
        buf_lit(err, "}}\n");
    } else {
        /* What a store did not find is said in one word; the first argument names which. */
        bool  bare = err_is(e, ERR_NOT_FOUND) && c->args.len && !str_has(e->detail, S(" "));
        char *line = bare ? arena_c(c->a, arena_fmt(c->a, "there is no %.*s %.*s", STR_ARG(e->detail), STR_ARG(cli_arg(c, 0))))
                          : arena_c(c->a, e->detail);     /* a database may answer in several lines */
        for (char *at = line; *at; at++)
            if (*at == '\n' || *at == '\t')
                *at = ' ';
        buf_fmt(err, "thuocdo: %s\n", line);
    }
    return code;
}

static Err run_command(Cli *c, const Command *cmd, Instance *inside)
{
    if (c->args.len < args_needed(cmd))
        return usage(c, cmd, "something is missing", S(""));
    if (cmd->use == CMD_NONE || cmd->use == CMD_OWN || inside) {
        c->in = inside;
        return cmd->run(c);
    }
    Instance in;
    InstanceUse use = cmd->use == CMD_READ ? USE_READ : USE_ALONE;
    TRY(instance_open(c->a, c->dir, &c->config_files, &c->flags, use, &in));
    c->in = &in;
    Err e = cmd->run(c);
    instance_close(&in);
    return e;
}

int cli_run_inside(Arena *a, Instance *in, const StrList *words, Buf *out, Buf *err)
{
    Cli            c = { .a = a, .out = buf_new(a, 4096), .err = buf_new(a, 64) };
    size_t         used;
    const Command *cmd = command_find(words, &used);
    if (!cmd || cmd->use != CMD_CHANGE) {
        buf_lit(err, "thuocdo: the server does not run this command\n");
        return 64;
    }
    Err e = read_words(&c, cmd, words, used);
    if (!e)
        e = run_command(&c, cmd, in);
    buf_add(out, buf_str(&c.out));
    buf_add(err, buf_str(&c.err));
    return e ? failed(&c, e, err) : c.exit;
}

/* False when the output took not all. */
static bool print_all(int fd, Str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.at, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_skip(s, (size_t)n);
    }
    return true;
}

/* Paths are made whole, since the server works in another folder. */
static StrList whole_paths(Arena *a, const StrList *words)
{
    StrList out = { 0 };
    for (size_t i = 0; i < words->len; i++) {
        Str   w    = words->at[i];
        char *c    = arena_c(a, w);
        char *full = w.len && w.at[0] != '-' && strchr(c, '.') && access(c, R_OK) == 0 ? realpath(c, NULL) : NULL;
        *list_add(a, &out) = full ? arena_str(a, str_from_c(full)) : w;
        free(full);
    }
    return out;
}

/* Prints what the command left; its exit code, or 74 when standard output did not take all. */
static int print_outcome(Cli *c, Err e, Buf *err)
{
    bool printed = print_all(1, buf_str(&c->out));
    buf_add(err, buf_str(&c->err));
    int code = e ? failed(c, e, err) : c->exit;
    if (!printed) {
        buf_lit(err, "thuocdo: standard output cannot be written\n");
        code = 74;
    }
    print_all(2, buf_str(err));
    return code;
}

int cli_main(int argc, char **argv)
{
    if (sodium_init() < 0)
        return 70;
    signal(SIGPIPE, SIG_IGN);
    umask(077);                        /* answers and keys are for this account alone */
    static Arena a;
    a         = arena_open((size_t)1 << 36);
    Cli     c = { .a = &a, .out = buf_new(&a, 4096), .err = buf_new(&a, 64) };
    Buf     err = buf_new(&a, 1024);
    StrList words = { 0 };
    for (int i = 1; i < argc; i++)
        *list_add(&a, &words) = str_from_c(argv[i]);
    bool           told = words.len && str_eq(words.at[0], S("help"));
    StrList        verbs = told ? (StrList){ words.at + 1, words.len - 1, 0 } : words;
    size_t         used;
    int            code;
    const Command *cmd = command_find(&verbs, &used);
    if (cli_help(&verbs, told, cmd, &c.out, &err, &code)) {
        print_all(1, buf_str(&c.out));
        print_all(2, buf_str(&err));
        return code;
    }
    Str  out_text, err_text;
    Err  e    = read_words(&c, cmd, &words, used);
    StrList whole = whole_paths(&a, &words);
    if (!e && cmd->use == CMD_CHANGE && c.dir.len && admin_ask(&a, c.dir, &whole, &out_text, &err_text, &code)) {
        print_all(1, out_text);
        print_all(2, err_text);
        return code;
    }
    if (!e)
        e = run_command(&c, cmd, NULL);
    return print_outcome(&c, e, &err);
}
