/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rules over all records that count; the job that saves what they find. */
#include "analysis/cleaning.h"

typedef struct KeyCount { uint64_t key; uint32_t n; } KeyCount;
typedef struct KeyTable { KeyCount *at; size_t cap; } KeyTable;

typedef struct Search {
    Arena *keep, work;
    const FormProgram *p; const CleaningRules *rules; Time now;
    CleaningFound *found;
    KeyTable *keys;                      /* of each rule that looks for duplicates */
    bool second;                         /* pass: keys are counted, records that share one are found */
} Search;

/* Half full at most: cap is twice the number of records, which cannot grow inside the transaction. */
static KeyCount *key_at(KeyTable *t, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 20) % t->cap;
    while (t->at[at].n && t->at[at].key != key)
        at = (at + 1) % t->cap;
    t->at[at].key = key;
    return &t->at[at];
}

static void add(Search *s, int rule, SubmissionId id)
{
    if (s->found->by_rule[rule]++ < FINDINGS_MOST)
        *list_add(s->keep, &s->found->findings) = (Finding){ rule, id };
}

static void look(Search *s, Arena work, const FormAnswers *x, SubmissionId id)
{
    for (size_t i = 0; i < s->rules->len; i++) {
        const CleaningRule *r = &s->rules->at[i];
        uint64_t key;
        if (r->kind != RULE_DUPLICATE) {
            if (!s->second && rule_hits(r, work, s->p, x, s->now))
                add(s, (int)i, id);
        } else if (rule_key(r, work, s->p, x, &key)) {
            KeyCount *k = key_at(&s->keys[i], key);
            if (!s->second)
                k->n++;
            else if (k->n > 1)
                add(s, (int)i, id);
        }
    }
}

static Err look_at(void *self, const SubmissionRow *row)
{
    Search     *s    = self;
    Arena       work = s->work;
    FormAnswers x    = form_answers_new(&work, s->p);
    const Json *json;
    TRY(json_parse(&work, row->answers_json, &json));
    form_answers_load(&work, s->p, json, &x);
    look(s, work, &x, row->id);
    s->found->records += !s->second;
    job_tick(1);
    return job_halted() ? err_new(s->keep, ERR_BUSY, S("stopped")) : OK;
}

Err cleaning_search(Db *db, Arena *a, const Round *r, const FormProgram *p, const CleaningRules *rules, Time now, CleaningFound *out)
{
    bool   duplicates = false;
    Arena  own = arena_open((size_t)1 << 34), work = arena_open((size_t)1 << 28), hex = arena_open(1 << 16);
    Search s   = { .keep = a, .work = work, .p = p, .rules = rules, .now = now, .found = out, .keys = arena_new(a, KeyTable, rules->len + 1) };
    *out       = (CleaningFound){ .by_rule = arena_new(a, int64_t, rules->len + 1) };
    for (size_t i = 0; i < rules->len; i++)
        if (rules->at[i].kind == RULE_DUPLICATE) {
            size_t cap = 2 * (size_t)r->submissions + 16;
            s.keys[i]  = (KeyTable){ arena_new(&own, KeyCount, cap), cap };
            duplicates = true;
        }
    job_total(r->submissions * (duplicates ? 2 : 1));
    Err e = submission_each(db, hex, r->id, look_at, &s);
    if (!e && duplicates) {
        s.second = true;
        e = submission_each(db, hex, r->id, look_at, &s);
    }
    if (e)
        e = err_make(a, e->kind, arena_str(a, e->detail), e->file, e->line);
    arena_close(&hex);
    arena_close(&work);
    arena_close(&own);
    return e;
}

/* ---- The job ------------------------------------------------------------------------------------------------ */

typedef struct CleaningWork { Round r; RuleSet set; CleaningFound found; } CleaningWork;

static Err search(JobRun *run, RoundId round, CleaningWork *w)
{
    const FormProgram *p;
    RuleFault          fault;
    TRY(round_load(run->db, run->arena, round, &w->r));
    TRY(form_program(run->db, run->store, run->arena, w->r.form, &p));
    TRY(rule_set_load(run->db, run->arena, round, &w->set));
    if (!w->set.rules.len)
        return err_new(run->arena, ERR_CONFLICT, S("there are no rules"));
    for (size_t i = 0; i < w->set.rules.len; i++)
        if (!rule_compile(run->arena, p, &w->set.rules.at[i], &fault))
            return err_fmt(run->arena, ERR_CONFLICT, "rule %.*s: %.*s", STR_ARG(w->set.rules.at[i].code), STR_ARG(fault.message[LANG_VI]));
    return cleaning_search(run->db, run->arena, &w->r, p, &w->set.rules, time_now(), &w->found);
}

static Err clean(JobRun *run)
{
    RoundId      round = { 0 };
    CleaningWork w     = { 0 };
    if (!json_int(json_get(run->args, S("round")), &round.v))
        return err_new(run->arena, ERR_INVALID, S("no round"));
    TRY(db_begin_read(run->db));
    Err e = search(run, round, &w);
    db_rollback(run->db);
    if (job_halted())
        return job_halt(run);
    TRY(e);
    TRY(db_begin_write(run->db));
    TRY(cleaning_run_save(run->db, run->arena, round, w.set.number, &w.set.rules, &w.found, run->job->owner, time_now()));
    TRY(job_audit(run, S("analysis.run"), S("round"), round.v, w.r.owner,
                  arena_fmt(run->arena, "{\"rules\":%lld,\"records\":%lld}", (long long)w.set.number, (long long)w.found.records)));
    TRY(job_done(run, arena_fmt(run->arena, "/console/rounds/%lld/cleaning", (long long)round.v)));
    return db_commit(run->db);
}

const JobKind analysis_clean_job = { "analysis.clean", RIGHT_ANALYSIS_MANAGE, clean };
