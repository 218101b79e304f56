/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo form …, round …, edition …: the survey from the command line. */
#include "app/app.h"
#include "edition/edition.h"

/* ---- Questionnaires ------------------------------------------------------------------------------- */

static Err form_check_command(Cli *c)
{
    return form_command_check(c->a, cli_arg(c, 0), c->json, &c->out, &c->exit);
}

static Err form_show_command(Cli *c)
{
    return form_command_show(c->a, cli_arg(c, 0), c->json, &c->out, &c->err, &c->exit);
}

static Err form_xform_command(Cli *c)
{
    return form_command_xform(c->a, cli_arg(c, 0), c->json, &c->out, &c->err, &c->exit);
}

static Err form_play_command(Cli *c)
{
    return form_command_play(c->a, cli_arg(c, 0), cli_arg(c, 1), time_now(), &c->out, &c->err, &c->exit);
}

static Err form_list_run(Cli *c, Db *db)
{
    return form_command_list(db, c->a, c->json, &c->out);
}

static Err form_add_run(Cli *c, Db *db)
{
    int64_t unit = UNIT_ROOT;
    if (cli_has(c, "unit") && !str_to_i64(cli_option(c, "unit"), &unit))
        return err_new(c->a, ERR_INVALID, S("--unit is the number of a unit"));
    StrList media = { 0 };
    for (size_t i = 0; i < c->options.len; i++)
        if (str_eq(c->options.at[i].name, S("media")))
            *list_add(c->a, &media) = c->options.at[i].value;
    return form_command_add(db, c->in->store, c->a, cli_arg(c, 0), &media, cli_option(c, "reason"), (UnitId){ unit }, time_now(), c->json, &c->out, &c->exit);
}

static Err form_list_command(Cli *c) { return cli_db(c, false, form_list_run); }
static Err form_add_command(Cli *c) { return cli_db(c, true, form_add_run); }

/* ---- Rounds ------------------------------------------------------------------------------------------ */

static void say_round(Cli *c, const Round *r)
{
    say_open(c);
    say_str(c, "code", r->code);
    say_str(c, "state", round_state_code(r->state));
    say_int(c, "submissions", r->submissions);
    say_str(c, "title", r->title_vi);
    say_str(c, "identity", round_identity_code(r->identity));
    say_int(c, "flagged", r->flagged);
    say_str(c, "closes_at", r->closes_at.ms ? time_iso(c->a, r->closes_at) : S(""));
    say_str(c, "province_question", r->unit_question);
    say_close(c);
}

static Err round_list_run(Cli *c, Db *db)
{
    Rounds rounds;
    TRY(round_list(db, c->a, &rounds));
    say_list_open(c);
    for (size_t i = 0; i < rounds.len; i++)
        say_round(c, &rounds.at[i]);
    say_list_close(c);
    return OK;
}

static Err round_show_run(Cli *c, Db *db)
{
    Round r;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    r.state = round_state_at(&r, time_now());
    say_round(c, &r);
    return OK;
}

static Err round_create_run(Cli *c, Db *db)
{
    Time    now = time_now();
    RoundId id;
    int64_t days = 30;
    Round   r = { .code = cli_arg(c, 0), .title_vi = cli_option(c, "title"), .title_en = cli_option(c, "title-en"), .owner = { UNIT_ROOT },
                  .identity = cli_has(c, "codes") ? IDENTITY_CODE : IDENTITY_OPEN, .method = S("sipas-2023"), .opens_at = now,
                  .unit_question = cli_option(c, "province-question"), .device_limit = 1 };
    if (cli_has(c, "days") && (!str_to_i64(cli_option(c, "days"), &days) || days < 1 || days > 3650))
        return err_new(c->a, ERR_INVALID, S("--days is a number from 1 to 3650"));
    if (!round_code_valid(r.code))
        return err_new(c->a, ERR_INVALID, S("a code has 2-40 of a-z 0-9 -"));
    if (!r.title_vi.len)
        r.title_vi = r.code;
    r.closes_at.ms = now.ms + days * MS_DAY;
    FormRow form;
    TRY(form_by_key(db, c->a, cli_option(c, "form"), S(""), &form));
    r.form = form.id;
    if (!cli_has(c, "province-question")) {
        const FormProgram *program;
        TRY(form_program(db, c->in->store, c->a, r.form, &program));
        TRY(round_unit_question(db, c->a, program, now, &r.unit_question));
    }
    TRY(round_create(db, c->a, &r, now, &id));
    if (cli_has(c, "open"))
        TRY(round_set_state(db, c->a, id, ROUND_OPEN, now));
    TRY(cli_audit(c, db, S("round.create"), S("round"), id.v, r.owner));
    TRY(round_load(db, c->a, id, &r));
    say_round(c, &r);
    return OK;
}

static Err set_state(Cli *c, Db *db, RoundState to, Str action)
{
    Round r;
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(round_set_state(db, c->a, r.id, to, time_now()));
    TRY(cli_audit(c, db, action, S("round"), r.id.v, r.owner));
    TRY(round_load(db, c->a, r.id, &r));
    say_round(c, &r);
    return OK;
}

static Err open_run(Cli *c, Db *db) { return set_state(c, db, ROUND_OPEN, S("round.open")); }
static Err pause_run(Cli *c, Db *db) { return set_state(c, db, ROUND_PAUSED, S("round.pause")); }
static Err close_run(Cli *c, Db *db) { return set_state(c, db, ROUND_CLOSED, S("round.close")); }
static Err round_list_command(Cli *c) { return cli_db(c, false, round_list_run); }
static Err round_show_command(Cli *c) { return cli_db(c, false, round_show_run); }
static Err round_create_command(Cli *c) { return cli_db(c, true, round_create_run); }
static Err round_open_command(Cli *c) { return cli_db(c, true, open_run); }
static Err round_pause_command(Cli *c) { return cli_db(c, true, pause_run); }
static Err round_close_command(Cli *c) { return cli_db(c, true, close_run); }

/* ---- Editions ------------------------------------------------------------------------------------------ */

static void say_edition(Cli *c, const EditionRow *e)
{
    say_open(c);
    say_int(c, "id", e->id.v);
    say_str(c, "round", e->round_code);
    say_int(c, "edition", e->number);
    say_int(c, "answers", e->n);
    say_str(c, "label", e->label);
    say_str(c, "published_at", time_iso(c->a, e->published_at));
    say_str(c, "package_sha256", e->package_sha);
    say_str(c, "fingerprint", e->fingerprint);
    say_close(c);
}

static Err edition_list_run(Cli *c, Db *db)
{
    EditionRows rows;
    TRY(edition_list(db, c->a, &rows));
    say_list_open(c);
    for (size_t i = 0; i < rows.len; i++)
        say_edition(c, &rows.at[i]);
    say_list_close(c);
    return OK;
}

static Err prepare(Cli *c, Db *db, bool correction, EditionWork *out)
{
    Round       r;
    EditionRows before;
    TRY(db_begin_read(db));
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(edition_of_round(db, c->a, r.id, &before));
    if (correction != (before.len > 0))
        return err_new(c->a, ERR_CONFLICT, correction ? S("nothing to correct: publish first") : S("published already: use edition correct"));
    TRY(edition_prepare(db, c->in->store, c->a, &c->in->info, r.id, cli_option(c, "reason"), time_now(), out));
    return db_commit(db);
}

static Err save(Cli *c, Db *db, const EditionWork *w)
{
    EditionRow e;
    TRY(db_begin_write(db));
    TRY(edition_save(db, c->a, w, (PersonId){ 0 }));
    TRY(cli_audit(c, db, w->last.v ? S("edition.correct") : S("edition.publish"), S("edition"), w->row.id.v, w->owner));
    TRY(edition_load(db, c->a, w->row.id, &e));
    say_edition(c, &e);
    return db_commit(db);
}

/* Figures and package are made beside the writers, as the job does, so that answers go on being stored; hence no cli_db. */
static Err publish(Cli *c, bool correction)
{
    Db         *db;
    EditionWork w;
    TRY(store_take(c->in->store, c->a, &db));
    Err e = prepare(c, db, correction, &w);
    if (!e)
        e = save(c, db, &w);
    store_give(c->in->store, &db);
    return e;
}

static Err edition_list_command(Cli *c) { return cli_db(c, false, edition_list_run); }
static Err edition_publish_command(Cli *c) { return publish(c, false); }
static Err edition_correct_command(Cli *c) { return publish(c, true); }

static void say_weights(Cli *c, const WeightsReplay *w)
{
    if (cli_has(c, "rows")) {
        buf_lit(&c->out, "answer,weight\n");
        for (size_t i = 0; i < w->records; i++) {
            buf_fmt(&c->out, "%lld,", (long long)w->id[i]);
            buf_f64(&c->out, w->weight[i]);
            buf_lit(&c->out, "\n");
        }
        return;
    }
    say_open(c);
    say_int(c, "version", w->version);
    say_int(c, "answers", (int64_t)w->n);
    say_str(c, "sum", arena_fmt(c->a, "%.15g", w->sum));
    say_str(c, "min", arena_fmt(c->a, "%.15g", w->min));
    say_str(c, "max", arena_fmt(c->a, "%.15g", w->max));
    say_str(c, "kish_deff", arena_fmt(c->a, "%.15g", w->deff));
    say_str(c, "fingerprint", w->fingerprint);
    say_close(c);
}

static Err edition_weights_run(Cli *c, Db *db)
{
    Round              r;
    const FormProgram *p;
    WeightsReplay      w;
    int64_t            version = 0;
    if (cli_has(c, "version") && (!str_to_i64(cli_option(c, "version"), &version) || version < 1 || version > 1000000))
        return err_new(c->a, ERR_INVALID, S("a version is a whole number from 1"));
    TRY(round_by_code(db, c->a, cli_arg(c, 0), &r));
    TRY(form_program(db, c->in->store, c->a, r.form, &p));
    TRY(edition_weights_replay(db, c->a, &c->in->info, p, &r, (int)version, &w));
    if (w.faults.len)
        return err_new(c->a, ERR_CONFLICT, str_join(c->a, w.faults.at, w.faults.len, S("; ")));
    say_weights(c, &w);
    return OK;
}

static Err edition_weights_command(Cli *c) { return cli_db(c, false, edition_weights_run); }

static void say_strings(Cli *c, const Str *at, size_t len)
{
    buf_byte(&c->out, '[');
    for (size_t i = 0; i < len; i++) {
        buf_add(&c->out, i ? S(",") : S(""));
        buf_json_str(&c->out, at[i]);
    }
    buf_byte(&c->out, ']');
}

static void say_verified(Cli *c, const EditionVerdict *v)
{
    Str groups = str_join(c->a, v->groups.at, v->groups.len, S(", "));
    if (!v->bounded) {
        buf_lit(&c->out, "every figure comes out again\n");
        return;
    }
    buf_fmt(&c->out, "%zu figures come out again\n%zu weighted figures by %.*s: the numbers of answers are those of breakdowns.csv, and each\n"
                     "value is one that answers of these counts and weights can give;\n"
                     "value, error and interval cannot be computed again, for no row of the package tells these groups\n",
            v->again, v->bounded, STR_ARG(groups));
}

static Err edition_verify_command(Cli *c)
{
    Str            zip, key = S("");
    EditionVerdict v;
    TRY(slurp(c->a, cli_arg(c, 0), 1 << 30, &zip));
    if (cli_has(c, "key"))
        TRY(slurp(c->a, cli_option(c, "key"), 4096, &key));
    TRY(edition_verify(c->a, zip, key, &v));
    c->exit = v.ok ? 0 : 1;
    if (c->json) {
        buf_fmt(&c->out, "{\"ok\":%s,\"edition\":%d,\"title\":", v.ok ? "true" : "false", v.number);
        buf_json_str(&c->out, v.title);
        buf_lit(&c->out, ",\"fingerprint\":");
        buf_json_str(&c->out, v.fingerprint);
        buf_fmt(&c->out, ",\"figures\":%zu,\"bounded\":%zu,\"groups\":", v.again, v.bounded);
        say_strings(c, v.groups.at, v.groups.len);
        buf_lit(&c->out, ",\"faults\":");
        say_strings(c, v.faults.at, v.faults.len);
        buf_lit(&c->out, "}\n");
        return OK;
    }
    buf_fmt(&c->out, "%.*s, edition %d\nseal  %.*s\n", STR_ARG(v.title), v.number, STR_ARG(v.fingerprint));
    for (size_t i = 0; i < v.faults.len; i++)
        buf_fmt(&c->out, "WRONG %.*s\n", STR_ARG(v.faults.at[i]));
    if (v.ok)
        say_verified(c, &v);
    else
        buf_lit(&c->out, "the package does not hold\n");
    return OK;
}

const Command survey_commands[] = {
    { "form check", "FILE.xlsx", "", CMD_NONE, form_check_command,
          "All faults of a questionnaire with sheet, row, column and remedy; exit 65 when there are any", "thuocdo form check phieu.xlsx --json" },
    { "form list", "", "", CMD_READ, form_list_command, "Questionnaires and their versions", "thuocdo form list --data DIR" },
    { "form show", "FILE.xlsx", "", CMD_NONE, form_show_command, "Key, languages and counts of a questionnaire (.xlsx, .csv or XForm)",
          "thuocdo form show phieu.xlsx --json" },
    { "form xform", "FILE.xlsx", "", CMD_NONE, form_xform_command,
          "The XForm that phones fetch (--json: as the page for interviewers reads it); its faults on standard error and exit 65 when there are any",
          "thuocdo form xform phieu.xlsx > phieu.xml" },
    { "form play", "FILE.xlsx STEPS.json", "", CMD_NONE, form_play_command,
          "Puts answers into a questionnaire one after the other and tells relevance, value and violation of every node; exit 65 when a step is wrong",
          "thuocdo form play phieu.xlsx steps.json --json" },
    { "form add", "FILE.xlsx", "unit=U media=FILE reason=R", CMD_CHANGE, form_add_command,
          "Store and publish a version of a questionnaire; --media, once a file, brings choices, pictures and sounds; "
          "--reason says why a name asks something else than before",
          "thuocdo form add phieu.xlsx --media xa.csv --data DIR" },
    { "round list", "", "", CMD_READ, round_list_command, "Survey rounds, newest first", "thuocdo round list --data DIR" },
    { "round show", "CODE", "", CMD_READ, round_show_command, "One round: state and number of answers", "thuocdo round show mot-cua --data DIR --json" },
    { "round create", "CODE --form FORM", "form=F title=T title-en=T days=N province-question=Q codes open", CMD_CHANGE, round_create_command,
          "Create a round of a questionnaire; --open opens it at once", "thuocdo round create thu --form mot-cua --open --data DIR" },
    { "round open", "CODE", "", CMD_CHANGE, round_open_command, "Open a draft or paused round", "thuocdo round open thu --data DIR" },
    { "round pause", "CODE", "", CMD_CHANGE, round_pause_command, "Pause an open round", "thuocdo round pause thu --data DIR" },
    { "round close", "CODE", "", CMD_CHANGE, round_close_command, "Close a round for good", "thuocdo round close thu --data DIR" },
    { "edition list", "", "", CMD_READ, edition_list_command, "Published editions", "thuocdo edition list --data DIR" },
    { "edition publish", "ROUND", "", CMD_CHANGE, edition_publish_command, "Publish a closed round as edition 1", "thuocdo edition publish thu --data DIR" },
    { "edition correct", "ROUND --reason R", "reason=R", CMD_CHANGE, edition_correct_command, "Publish the next edition with the list of changes",
          "thuocdo edition correct thu --reason 'Rút phiếu' --data DIR" },
    { "edition weights", "ROUND", "version=N rows", CMD_READ, edition_weights_command,
          "Compute the weights of a saved recipe again (the newest, or --version N): their fingerprint is that of the console; --rows writes each as CSV",
          "thuocdo edition weights sipas-2026 --version 2 --data DIR" },
    { "edition verify", "FILE.zip", "key=FILE", CMD_NONE, edition_verify_command,
          "Check sums and seal of a package and compute every figure again; exit 1 when it does not hold",
          "thuocdo edition verify sipas-2026-1.zip" },
    { 0 },
};
