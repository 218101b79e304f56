/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo index …: scoring a card under a scheme, from files alone. */
#include "app/app.h"
#include "league/store.h"

#include <math.h>

typedef struct IndexWork { Cli *c; Arena *work; Lang lang; SchemeFaults faults; } IndexWork;

/* Every fault in one detail; the first names the place on standard error too. */
static Err faults_err(IndexWork *x)
{
    Buf b = buf_new(x->c->a, 256);
    for (size_t i = 0; i < x->faults.len; i++) {
        buf_add(&b, i ? S("; ") : S(""));
        buf_add(&b, scheme_fault_text(x->c->a, x->lang, &x->faults.at[i]));
    }
    x->c->exit = 65;
    return err_new(x->c->a, ERR_INVALID, buf_str(&b));
}

/* ---- A card as a table --------------------------------------------------------------------------------------- */

static void say_row(IndexWork *x, const SchemeCriterion *k, const SchemeScore *score)
{
    Arena *a      = x->work;
    Str    points = score->state == STATE_SCORED ? real_text(a, x->lang, score->points, 2) : S("–");
    buf_fmt(&x->c->out, "%*s%-*.*s %8.*s / %-8.*s %.*s\n", 2 * k->level, "", 14 - 2 * k->level, STR_ARG(k->code), STR_ARG(points),
            STR_ARG(real_text(a, x->lang, score->max, 2)), STR_ARG(k->name));
    for (size_t i = 0; i < score->trace.len && !k->group; i++)
        buf_fmt(&x->c->out, "%*s%.*s\n", 2 * k->level + 4, "", STR_ARG(score->trace.at[i]));
}

static void say_table(IndexWork *x, const Scheme *s, const SchemeCard *card, const SchemeResult *r)
{
    Cli  *c = x->c;
    Arena *a = x->work;
    buf_fmt(&c->out, "%.*s%s%.*s\n\n", STR_ARG(card->unit), card->unit.len ? " · " : "", STR_ARG(s->code));
    for (size_t i = 0; i < r->len; i++)
        say_row(x, &s->at[i], &r->at[i]);
    if (isnan(r->total))
        return;
    buf_fmt(&c->out, "\n%.*s: %.*s / %.*s", STR_ARG(text_of(x->lang, "scheme.compute.total")), STR_ARG(real_text(a, x->lang, r->total, 2)),
            STR_ARG(real_text(a, x->lang, r->max, 2)));
    if (!isnan(r->se))
        buf_fmt(&c->out, " ± %.*s", STR_ARG(real_text(a, x->lang, r->se, 2)));
    buf_fmt(&c->out, "\n%.*s: %.*s%%\n", STR_ARG(text_of(x->lang, "scheme.compute.percent")), STR_ARG(real_text(a, x->lang, r->percent, 2)));
    if (s->rescale && r->left_out > 0)
        buf_fmt(&c->out, "%.*s\n", STR_ARG(text_fmt(a, x->lang, "scheme.compute.rescaled", ARG_S("points", real_text(a, x->lang, r->left_out, 2)))));
}

/* ---- Commands ----------------------------------------------------------------------------------------------------- */

static void fault_of_json(IndexWork *x, Err e)
{
    scheme_fault(x->work, &x->faults, (SchemeFault){ .kind = SCHEME_FAULT_JSON, .value = e->detail });
}

static void only_scheme_and_card(IndexWork *x, const Json *json)
{
    JSON_EACH(m, json)
        if (!str_eq(m->key, S("scheme")) && !str_eq(m->key, S("card")))
            scheme_fault(x->work, &x->faults, (SchemeFault){ .kind = SCHEME_FAULT_KEY, .column = m->key });
}

static Err compute_run(IndexWork *x, Arena *scratch)
{
    Cli           *c = x->c;
    Str            bytes;
    const Json    *json   = NULL;
    Scheme         scheme = { 0 };
    SchemeCard     card   = { 0 };
    SchemeCalendar calendar;
    SchemeResult   result = { .total = NAN, .se = NAN, .percent = NAN, .max = NAN };
    TRY(slurp(x->work, cli_arg(c, 0), SCHEME_BYTES, &bytes));
    TRY(scheme_calendar_load(x->work, &calendar));
    Err e = json_parse(x->work, bytes, &json);
    if (e)
        fault_of_json(x, e);
    else
        only_scheme_and_card(x, json);
    if (!e && scheme_read(x->work, *scratch, json_get(json, S("scheme")), &scheme, &x->faults)) {
        result.max = scheme.max;
        if (scheme_card_read(x->work, &scheme, json_get(json, S("card")), &card, &x->faults) && !x->faults.len)
            scheme_compute(x->work, &scheme, &card, &calendar, (SchemeWords){ x->lang, c->json, false }, &result, &x->faults);
    }
    if (c->json)
        scheme_result_write(x->work, &c->out, x->lang, &scheme, &card, &result, &x->faults);
    else if (result.len)
        say_table(x, &scheme, &card, &result);
    return x->faults.len ? faults_err(x) : OK;
}

static Err with_work(Cli *c, Err (*run)(IndexWork *x, Arena *scratch))
{
    IndexWork x = { .c = c, .lang = LANG_VI };
    if (cli_has(c, "lang") && !lang_parse(cli_option(c, "lang"), &x.lang))
        return err_new(c->a, ERR_INVALID, S("--lang is vi or en"));
    Arena work = arena_open((size_t)1 << 34), scratch = arena_open((size_t)1 << 30);
    x.work     = &work;
    Err e      = run(&x, &scratch);
    if (e)
        e = err_make(c->a, e->kind, arena_str(c->a, e->detail), e->file, e->line);
    arena_close(&work);
    arena_close(&scratch);
    return e;
}

/* ---- A scheme's file ------------------------------------------------------------------------------------------------ */

static void say_check(IndexWork *x, const Scheme *s)
{
    Cli *c     = x->c;
    int  leaves = 0;
    for (size_t i = 0; i < s->len; i++)
        leaves += !s->at[i].group;
    buf_fmt(&c->out, "{\"ok\":%s,\"code\":", x->faults.len ? "false" : "true");
    buf_json_str(&c->out, s->code);
    buf_lit(&c->out, ",\"title\":");
    buf_json_str(&c->out, s->title);
    buf_lit(&c->out, ",\"max\":");
    buf_json_f64(&c->out, s->max);
    buf_fmt(&c->out, ",\"criteria\":%zu,\"leaves\":%d,\"faults\":[", s->len, leaves);
    for (size_t i = 0; i < x->faults.len; i++) {
        const SchemeFault *f = &x->faults.at[i];
        buf_fmt(&c->out, "%s{\"row\":%d,\"column\":", i ? ",\n" : "\n", f->row);
        buf_json_str(&c->out, scheme_fault_column(x->lang, f));
        buf_lit(&c->out, ",\"code\":");
        buf_json_str(&c->out, f->code);
        buf_lit(&c->out, ",\"kind\":");
        buf_json_str(&c->out, scheme_fault_code(f->kind));
        buf_lit(&c->out, ",\"message\":");
        buf_json_str(&c->out, scheme_fault_text(x->work, x->lang, f));
        buf_byte(&c->out, '}');
    }
    buf_fmt(&c->out, "],\"count\":%zu}\n", x->faults.all);
}

static void say_check_lines(IndexWork *x, const Scheme *s)
{
    for (size_t i = 0; i < x->faults.len; i++) {
        const SchemeFault *f = &x->faults.at[i];
        Str column = scheme_fault_column(x->lang, f), text = scheme_fault_text(x->work, x->lang, f);
        Str place  = f->row ? text_fmt(x->work, x->lang, "scheme.check.place", ARG_N("row", f->row), ARG_S("column", column)) : S("");
        buf_fmt(&x->c->out, "%.*s%s%.*s\n", STR_ARG(place), place.len ? ": " : "", STR_ARG(text));
    }
    if (!x->faults.len)
        buf_fmt(&x->c->out, "%.*s\n", STR_ARG(text_fmt(x->work, x->lang, "scheme.check.good", ARG_S("code", s->code), ARG_N("n", (int64_t)s->len),
                                                      ARG_S("max", real_text(x->work, x->lang, s->max, 2)))));
}

static Err check_run(IndexWork *x, Arena *scratch)
{
    Str    bytes;
    Scheme s;
    TRY(slurp(x->work, cli_arg(x->c, 0), SCHEME_BYTES, &bytes));
    scheme_file_read(x->work, *scratch, bytes, &s, &x->faults);
    (x->c->json ? say_check : say_check_lines)(x, &s);
    x->c->exit = x->faults.len ? 65 : 0;
    return OK;
}

static Err compute_command(Cli *c) { return with_work(c, compute_run); }
static Err check_command(Cli *c) { return with_work(c, check_run); }

static Err verify_command(Cli *c)
{
    Str           zip, key = S("");
    LeagueVerdict v;
    TRY(slurp(c->a, cli_arg(c, 0), 1 << 30, &zip));
    if (cli_has(c, "key"))
        TRY(slurp(c->a, cli_option(c, "key"), 4096, &key));
    TRY(league_verify(c->a, zip, key, &v));
    c->exit = v.ok ? 0 : 1;
    if (c->json) {
        buf_fmt(&c->out, "{\"ok\":%s,\"edition\":%d,\"title\":", v.ok ? "true" : "false", v.number);
        buf_json_str(&c->out, v.title);
        buf_lit(&c->out, ",\"fingerprint\":");
        buf_json_str(&c->out, v.fingerprint);
        buf_lit(&c->out, ",\"faults\":[");
        for (size_t i = 0; i < v.faults.len; i++) {
            buf_add(&c->out, i ? S(",") : S(""));
            buf_json_str(&c->out, v.faults.at[i]);
        }
        buf_lit(&c->out, "]}\n");
        return OK;
    }
    buf_fmt(&c->out, "%.*s, edition %d\nseal  %.*s\n", STR_ARG(v.title), v.number, STR_ARG(v.fingerprint));
    for (size_t i = 0; i < v.faults.len; i++)
        buf_fmt(&c->out, "WRONG %.*s\n", STR_ARG(v.faults.at[i]));
    buf_add(&c->out, v.ok ? S("every point, total and rank comes out again\n") : S("the package does not hold\n"));
    return OK;
}

const Command index_commands[] = {
    { "index compute", "CARD.json", "lang=CODE", CMD_NONE, compute_command,
      "Score a card under its scheme; --json gives every criterion with its trace. Exit 65 names what is missing or wrong",
      "thuocdo index compute card.json --json" },
    { "index scheme check", "FILE", "lang=CODE", CMD_NONE, check_command,
      "Check a scheme (XLSX, CSV or JSON): codes, points that add up, rules; faults with row and column, exit 65",
      "thuocdo index scheme check scheme.xlsx --json" },
    { "index verify", "FILE.zip", "key=FILE", CMD_NONE, verify_command,
      "Check sums and seal of the package of a ranking and compute every point, total and rank again from its cards; exit 1 when it does not hold",
      "thuocdo index verify xep-hang-2025-1.zip" },
    { 0 },
};
