/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo round quality: the checks of a round from the command line. */
#include "app/app.h"
#include "quality/quality.h"

static Err find_round(Cli *c, Db *db)
{
    Round r;
    TRY(db_begin_read(db));
    Err e = round_by_code(db, c->a, cli_arg(c, 0), &r);
    db_rollback(db);
    TRY(e);
    QualityRun    run;
    QualityCounts n;
    TRY(quality_run(db, c->in->store, c->a, r.id, (PersonId){ 0 }, time_now(), &run, &n));
    if (c->json) {
        buf_add(&c->out, run.figures);
        c->out.len--;                                /* the counts join the object */
        buf_fmt(&c->out, ",\"took_ms\":%lld,\"open\":%lld,\"kept\":%lld,\"left_out\":%lld,\"found\":{", (long long)run.took_ms, (long long)n.open,
                (long long)n.kept, (long long)n.left_out);
        for (int k = 0; k < QUALITY_KIND_COUNT; k++)
            buf_fmt(&c->out, "%s\"%.*s\":%lld", k ? "," : "", STR_ARG(quality_code((QualityKind)k)), (long long)n.found[k]);
        buf_lit(&c->out, "}}\n");
        return OK;
    }
    buf_fmt(&c->out, "%lld answers in %lld ms; findings: %lld open, %lld kept, %lld left out\n", (long long)run.answers, (long long)run.took_ms,
            (long long)n.open, (long long)n.kept, (long long)n.left_out);
    for (int k = 0; k < QUALITY_KIND_COUNT; k++)
        if (n.found[k])
            buf_fmt(&c->out, "%-12.*s %lld\n", STR_ARG(quality_code((QualityKind)k)), (long long)n.found[k]);
    return OK;
}

static Err round_quality_command(Cli *c)
{
    Db *db;
    TRY(store_take(c->in->store, c->a, &db));
    Err e = find_round(c, db);
    if (e)
        e = err_make(c->a, e->kind, arena_str(c->a, e->detail), e->file, e->line);
    store_give(c->in->store, &db);
    return e;
}

const Command quality_commands[] = {
    { "round quality", "CODE", "", CMD_CHANGE, round_quality_command,
          "Look for answers that were not made properly: speed, straight lines, near-duplicates, place, hour, interviewers, ages",
          "thuocdo round quality thu --data DIR --json" },
    { 0 },
};
