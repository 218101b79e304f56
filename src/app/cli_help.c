/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the command line says of itself: all commands, those of one noun, or one with its options and an example. */
#include "app/app.h"

static bool asks(Str word)
{
    return str_eq(word, S("--help")) || str_eq(word, S("-h"));
}

static Str noun_of(const Command *cmd)
{
    return str_cut(str_from_c(cmd->verbs), ' ').head;
}

static void say_row(Buf *b, const Command *cmd)
{
    buf_fmt(b, "  thuocdo %s%s%s\n      %s\n", cmd->verbs, cmd->args[0] ? " " : "", cmd->args, cmd->help);
}

static void say_common(Buf *b)
{
    buf_lit(b, "\nCommon: --data DIR  --json  --config FILE  --set name=value  --database URL  --listen ADDR:PORT  --no-input  --quiet\n"
               "Exit: 0 done, 1 something was found wrong, 64 usage, 65 bad data, 66 missing, 70 fault, 74 read-write,\n"
               "      75 try later, 77 no permission, 78 configuration\n");
}

static void say_all(Buf *b)
{
    buf_lit(b, "thuocdo " THUOCDO_VERSION ": surveys, indices and editions of public administration\n\n");
    for (size_t i = 0; command_at(i); i++)
        say_row(b, command_at(i));
    say_common(b);
    buf_lit(b, "\nthuocdo help COMMAND tells the options of one.\n");
}

static bool say_noun(Buf *b, Str noun)
{
    bool any = false;
    for (size_t i = 0; command_at(i); i++)
        if (str_eq(noun_of(command_at(i)), noun)) {
            say_row(b, command_at(i));
            any = true;
        }
    return any;
}

static void say_one(Buf *b, const Command *cmd)
{
    Str rest = str_trim(str_from_c(cmd->options));
    buf_fmt(b, "thuocdo %s%s%s\n    %s\n", cmd->verbs, cmd->args[0] ? " " : "", cmd->args, cmd->help);
    if (rest.len)
        buf_lit(b, "Options:");
    while (rest.len) {
        StrPair word = str_cut(rest, ' '), p = str_cut(word.head, '=');
        if (p.head.len)
            buf_fmt(b, "  --%.*s%s%.*s", STR_ARG(p.head), p.tail.len ? " " : "", STR_ARG(p.tail));
        rest = word.tail;
    }
    if (cmd->options[0])
        buf_lit(b, "\n");
    if (cmd->example && cmd->example[0])
        buf_fmt(b, "Example: %s\n", cmd->example);
    say_common(b);
}

/* What was typed names no command. */
static int say_unknown(const StrList *words, Buf *err)
{
    Buf known = buf_new(err->a, 256);
    if (words->len == 0)
        say_all(err);
    else if (say_noun(&known, words->at[0]))
        buf_fmt(err, "thuocdo: %.*s %s; there are:\n%.*s", STR_ARG(words->at[0]),
                words->len > 1 && !str_starts(words->at[1], S("--")) ? "has no such command" : "wants to be told what to do", STR_ARG(buf_str(&known)));
    else
        buf_fmt(err, "thuocdo: there is no command %.*s; thuocdo help lists all\n", STR_ARG(words->at[0]));
    return 64;
}

bool cli_help(const StrList *words, bool asked, const Command *cmd, Buf *out, Buf *err, int *out_code)
{
    for (size_t i = 0; i < words->len; i++)
        asked = asked || asks(words->at[i]);
    *out_code = 0;
    if (words->len && (str_eq(words->at[0], S("--version")) || str_eq(words->at[0], S("version"))))
        buf_lit(out, "thuocdo " THUOCDO_VERSION "\n");
    else if (!asked && cmd)
        return false;
    else if (!asked)
        *out_code = say_unknown(words, err);
    else if (cmd)
        say_one(out, cmd);
    else if (words->len == 0 || asks(words->at[0]))
        say_all(out);
    else if (!say_noun(out, words->at[0]))
        *out_code = say_unknown(words, err);
    return true;
}
