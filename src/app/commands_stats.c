/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo estimate: cases of estimation from files alone. The cases are shared out among threads; each is computed by one, so the answer
 * is the same for any number of them. */
#include "app/app.h"
#include "base/json.h"
#include "stats/case.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MOST = 64 };
static const size_t  work_room = (size_t)1 << 33;        /* address space of one case */
static const int64_t data_most = (int64_t)1 << 30;       /* bytes of a file of data */

/* ---- Reading ------------------------------------------------------------------------------------------------------------ */

static Err read_standard_input(Arena *a, Str *out)
{
    Buf     b = buf_new(a, 65536);
    ssize_t n;
    do {
        buf_room(&b, 65536);
        n = read(STDIN_FILENO, b.at + b.len, 65536);
        b.len += n > 0 ? (size_t)n : 0;
        if (b.len > CASE_FILE_MOST)
            return err_new(a, ERR_TOO_LARGE, S("standard input: larger than 64 MiB"));
    } while (n > 0 || (n < 0 && errno == EINTR));
    *out = buf_str(&b);
    return n < 0 ? err_new(a, ERR_IO, S("standard input cannot be read")) : OK;
}

static Err read_data(void *x, Arena *a, Str name, Str *out)
{
    const Str *dir = x;
    return slurp(a, arena_fmt(a, "%.*s/%.*s", STR_ARG(*dir), STR_ARG(name)), data_most, out);
}

/* ---- Running ------------------------------------------------------------------------------------------------------------ */

typedef struct Answer { Str element; bool good; } Answer;
typedef struct Crew { const CaseSet *set; Answer *answer; atomic_size_t next; } Crew;
typedef struct Hand { Crew *crew; Arena work, keep; pthread_t thread; } Hand;

static void *hand_run(void *x)
{
    Hand *h = x;
    for (size_t i; (i = atomic_fetch_add(&h->crew->next, 1)) < case_set_len(h->crew->set);) {
        Buf out = buf_new(&h->keep, 4096);
        h->crew->answer[i].good    = case_run(h->crew->set, i, &h->work, &out);
        h->crew->answer[i].element = buf_str(&out);
        arena_reset(&h->work, (size_t)64 << 20);
    }
    return NULL;
}

static Err run_all(Cli *c, const CaseSet *set, size_t threads, Answer **out)
{
    Hand *hand = arena_new(c->a, Hand, threads);
    Crew  crew = { .set = set, .answer = arena_new(c->a, Answer, case_set_len(set) + 1) };
    size_t started = 0;
    for (size_t i = 0; i < threads; i++) {
        hand[i] = (Hand){ .crew = &crew };
        if (!arena_try(&hand[i].work, work_room) || !arena_try(&hand[i].keep, work_room))
            return err_new(c->a, ERR_LIMIT, S("no address space for another thread"));
    }
    while (started + 1 < threads && pthread_create(&hand[started + 1].thread, NULL, hand_run, &hand[started + 1]) == 0)
        started++;
    hand_run(&hand[0]);                  /* the elements stay in the hands' arenas until the program ends */
    for (size_t i = 1; i <= started; i++)
        pthread_join(hand[i].thread, NULL);
    *out = crew.answer;
    return OK;
}

/* ---- For people ----------------------------------------------------------------------------------------------------------- */

static bool nested(const Json *j)
{
    return j->first && (json_is(j->first, JSON_ARRAY) || json_is(j->first, JSON_OBJECT));
}

static void say_value(Buf *b, const Json *j, int indent)
{
    if (json_is(j, JSON_ARRAY) || json_is(j, JSON_OBJECT)) {
        JSON_EACH(member, j) {
            buf_fmt(b, nested(j) ? "\n%*s" : member == j->first ? "" : "  ", indent, "");
            if (member->key.len)
                buf_fmt(b, "%.*s ", STR_ARG(member->key));
            say_value(b, member, indent + 2);
        }
    } else {
        buf_add(b, json_is(j, JSON_NULL) ? S("-") : json_is(j, JSON_BOOL) ? (j->truth ? S("true") : S("false")) : j->text);
    }
}

static Err say_table(Cli *c, Str element)
{
    const Json *root;
    TRY(json_parse_many(c->a, element, CASE_FILE_MOST, &root));
    const Json *kind = json_get(root, S("kind")), *id = json_get(root, S("id")), *error = json_get(root, S("error")), *flags = json_get(root, S("flags"));
    buf_fmt(&c->out, "%.*s  %.*s\n", STR_ARG(id->text), STR_ARG(kind->text));
    JSON_EACH(member, error ? error : json_get(root, S("result"))) {
        buf_fmt(&c->out, "  %-20.*s ", STR_ARG(member->key));
        say_value(&c->out, member, 4);
        buf_byte(&c->out, '\n');
    }
    if (flags && flags->len) {
        buf_lit(&c->out, "  flags                ");
        say_value(&c->out, flags, 4);
        buf_byte(&c->out, '\n');
    }
    return OK;
}

/* ---- The command ------------------------------------------------------------------------------------------------------------ */

static Err read_options(Cli *c, Str *out_dir, size_t *out_threads)
{
    int64_t threads = 1;
    Str     path    = cli_arg(c, 0);
    StrPair parts   = str_cut_last(path, '/');
    bool    slash   = path.len && memchr(path.at, '/', path.len);
    if (cli_has(c, "threads") && (!str_to_i64(cli_option(c, "threads"), &threads) || threads < 1 || threads > THREADS_MOST)) {
        c->exit = 64;
        return err_fmt(c->a, ERR_INVALID, "--threads: a whole number from 1 to %d is wanted", THREADS_MOST);
    }
    if (c->args.len > 1) {
        c->exit = 64;
        return err_new(c->a, ERR_INVALID, S("one file of cases is wanted"));
    }
    *out_dir     = cli_has(c, "data-dir") ? cli_option(c, "data-dir") : !slash ? S(".") : parts.head.len ? parts.head : S("/");
    *out_threads = (size_t)threads;
    return OK;
}

static Err estimate_command(Cli *c)
{
    Str      dir, json;
    size_t   threads;
    CaseSet *set;
    Answer  *answer;
    TRY(read_options(c, &dir, &threads));
    bool standard = str_eq(cli_arg(c, 0), S("-"));
    Err  e        = standard ? read_standard_input(c->a, &json) : slurp(c->a, cli_arg(c, 0), CASE_FILE_MOST, &json);
    if (e && !err_is(e, ERR_TOO_LARGE)) {
        c->exit = 66;
        return e;
    }
    if (!e)
        e = case_set_open(c->a, json, read_data, &dir, &set);
    if (e) {
        c->exit = 65;
        if (c->json)
            buf_lit(&c->out, "[]\n");
        return e;
    }
    TRY(run_all(c, set, threads, &answer));
    for (size_t i = 0; i < case_set_len(set); i++) {
        if (!answer[i].good)
            c->exit = 65;
        if (c->json)
            buf_add(&c->out, i ? S(",\n") : S("["));
        if (c->json)
            buf_add(&c->out, answer[i].element);
        else
            TRY(say_table(c, answer[i].element));
    }
    if (c->json)
        buf_add(&c->out, case_set_len(set) ? S("]\n") : S("[]\n"));
    return OK;
}

const Command stats_commands[] = {
    { "estimate", "CASE.json", "data-dir=DIR threads=N", CMD_NONE, estimate_command,
      "Estimates with standard errors from files of data, by cases in JSON (src/stats/README.md); exit 65 when one of them has an error",
      "thuocdo estimate cases.json --data-dir data --json" },
    { 0 },
};
