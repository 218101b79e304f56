/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo sample …: drawing and checking samples from files alone, and how large they should be. */
#include "app/app.h"
#include "sample/sample.h"

#include <math.h>

static void say_faults(Cli *c, const SampleFaults *f)
{
    c->exit = 65;
    if (c->json)
        buf_lit(&c->out, "{\"ok\":false,\"faults\":[");
    for (size_t i = 0; i < f->len; i++) {
        const SampleFault *x = &f->at[i];
        Str text = sample_fault_text(c->a, LANG_VI, x);
        if (!c->json) {
            buf_fmt(&c->out, "%.*s\n", STR_ARG(text));
            continue;
        }
        buf_fmt(&c->out, "%s{\"code\":\"%.*s\",\"stage\":%d,\"line\":%d,\"column\":", i ? "," : "", STR_ARG(sample_fault_code(x->kind)), x->stage, x->line);
        buf_json_str(&c->out, x->column);
        buf_lit(&c->out, ",\"message\":");
        buf_json_str(&c->out, text);
        buf_byte(&c->out, '}');
    }
    if (c->json)
        buf_fmt(&c->out, "],\"count\":%lld}\n", (long long)f->all);
    else if (f->all > (int64_t)f->len)
        buf_fmt(&c->out, "… %lld\n", (long long)f->all);
}

/* Arena of the counts; large, but only what is used is touched. */
static Arena work_open(void)
{
    return arena_open((size_t)1 << 36);
}

static Err draw_run(Cli *c, Arena *work)
{
    SampleFaults faults = { 0 };
    SampleDesign design;
    SampleFrame  frame;
    SampleDraw   draw;
    Str          json;
    if (!cli_has(c, "seed"))
        return err_new(c->a, ERR_INVALID, S("--seed is missing: choose one in public, for example the date with a lottery's number"));
    TRY(slurp(c->a, cli_arg(c, 0), 1 << 20, &json));
    if (!sample_design_read(work, json, &design, &faults)) {
        say_faults(c, &faults);
        return OK;
    }
    TRY(sample_frame_open(c->a, cli_arg(c, 1), &frame));
    Arena keep = arena_open((size_t)1 << 36);
    if (!sample_draw(&keep, work, &design, &frame, cli_option(c, "seed"), &draw, &faults)) {
        say_faults(c, &faults);
    } else {
        Buf b = buf_new(&keep, 512 * draw.len + 8192);
        if (c->json)
            sample_document(&keep, &b, &draw, S(THUOCDO_VERSION));
        else
            sample_list_csv(&b, &draw);
        buf_add(&c->out, buf_str(&b));
    }
    arena_close(&keep);
    sample_frame_close(&frame);
    return OK;
}

static Err verify_run(Cli *c, Arena *work)
{
    SampleFrame         frame;
    SampleDisagreements wrong = { 0 };
    Str                 document;
    TRY(slurp(work, cli_arg(c, 0), (int64_t)1 << 31, &document));
    TRY(sample_frame_open(c->a, cli_arg(c, 1), &frame));
    Arena keep = arena_open((size_t)1 << 36);
    Err   e    = sample_verify(&keep, work, document, &frame, &wrong);
    c->exit    = e ? 0 : wrong.len ? 1 : 0;
    if (!e && c->json)
        buf_fmt(&c->out, "{\"ok\":%s,\"faults\":[", wrong.len ? "false" : "true");
    for (size_t i = 0; !e && i < wrong.len; i++) {
        if (!c->json) {
            buf_fmt(&c->out, "WRONG %.*s\n", STR_ARG(wrong.at[i]));
            continue;
        }
        buf_add(&c->out, i ? S(",") : S(""));
        buf_json_str(&c->out, wrong.at[i]);
    }
    if (!e)
        buf_add(&c->out, c->json ? S("]}\n") : wrong.len ? S("the sample does not hold\n") : S("drawn again: the same list, byte for byte\n"));
    if (e)
        e = err_make(c->a, e->kind, e->detail, e->file, e->line);
    arena_close(&keep);
    sample_frame_close(&frame);
    return e;
}

static Err with_work(Cli *c, Err (*run)(Cli *c, Arena *work))
{
    Arena work = work_open();
    Err   e    = run(c, &work);
    if (e)
        e = err_make(c->a, e->kind, arena_str(c->a, e->detail), e->file, e->line);
    arena_close(&work);
    return e;
}

static Err draw_command(Cli *c) { return with_work(c, draw_run); }
static Err verify_command(Cli *c) { return with_work(c, verify_run); }

/* ---- How many ------------------------------------------------------------------------------------------- */
static Err number_of(Cli *c, const char *name, double otherwise, double *out)
{
    *out = otherwise;
    if (cli_has(c, name) && !str_to_f64(cli_option(c, name), out))
        return err_fmt(c->a, ERR_INVALID, "--%s is a number", name);
    return OK;
}

static void say_number(Cli *c, const char *name, double x, bool first)
{
    if (!c->json) {
        buf_fmt(&c->out, "%-8s %.12g\n", name, x);
        return;
    }
    buf_fmt(&c->out, "%s\"%s\":", first ? "{" : ",", name);
    buf_json_f64(&c->out, x);
}

static Err size_command(Cli *c)
{
    double margin, share, level, deff, population;
    TRY(number_of(c, "margin", 0.05, &margin));
    TRY(number_of(c, "share", 0.5, &share));
    TRY(number_of(c, "level", 0.95, &level));
    TRY(number_of(c, "deff", 1, &deff));
    TRY(number_of(c, "population", 0, &population));
    double n = sample_size(share, margin, level, deff, population);
    if (isnan(n))
        return err_new(c->a, ERR_INVALID, S("margin, share and level lie between 0 and 1, deff is at least 1, population at least 0"));
    say_number(c, "n", ceil(n - 1e-9), true);
    say_number(c, "n_exact", n, false);
    if (population > 0)
        say_number(c, "n_2012", ceil(sample_size_2012(population, margin) - 1e-9), false);
    if (c->json)
        buf_lit(&c->out, "}\n");
    return OK;
}

const Command sample_commands[] = {
    { "sample draw", "DESIGN.json FRAME.csv --seed SEED", "seed=SEED", CMD_NONE, draw_command,
      "Draw a sample: the same design, frame and seed give the same list; --json gives the whole document",
      "thuocdo sample draw design.json frame.csv --seed 2026-08-15/487213 --json > sample.json" },
    { "sample verify", "SAMPLE.json FRAME.csv", "", CMD_NONE, verify_command, "Draw a documented sample again and compare; exit 1 when it differs",
      "thuocdo sample verify sample.json frame.csv" },
    { "sample size", "", "margin=E share=P level=L deff=D population=N", CMD_NONE, size_command,
      "Respondents needed for a margin of error, and by the rule of 2012", "thuocdo sample size --margin 0.03 --deff 1.5 --population 1500000" },
    { 0 },
};
