/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opening the fieldwork of a round: sample, columns of its frame, last day. */
#include "field/console.h"

#include "field_open.html.h"

static Err samples_seen(Ctx *c, SampleRows *out)
{
    RightScope scope;
    TRY(right_scope(c, RIGHT_SAMPLE_READ, &scope));
    return sample_list(c->db, c->arena, &(ScopePage){ &scope, 0, INT64_MAX, 0 }, out);
}

static Err sample_choices(Ctx *c, SampleId chosen, Choices *out)
{
    SampleRows rows = { 0 };
    TRY(samples_seen(c, &rows));
    for (size_t i = 0; i < rows.len; i++)
        *list_add(c->arena, out) = (Choice){ .value = arena_fmt(c->arena, "%lld", (long long)rows.at[i].id.v), .chosen = rows.at[i].id.v == chosen.v,
                .label = text_fmt(c->arena, c->lang, "field.open.sample.item", ARG_S("title", rows.at[i].title), ARG_N("n", rows.at[i].main),
                                  ARG_S("time", time_text(c->arena, c->lang, rows.at[i].drawn_at))) };
    return OK;
}

/* Columns of the frames of all samples in the list: the same boxes serve whichever is chosen. */
static Err column_choices(Ctx *c, OpenView *v)
{
    static const char *const names[4] = { "unit", "name", "address", "phone" };
    SampleRows rows = { 0 };
    StrList    seen = { 0 };
    TRY(samples_seen(c, &rows));
    for (size_t i = 0; i < rows.len; i++) {
        FrameRow    f;
        const Json *tree;
        TRY(frame_load(c->db, c->arena, rows.at[i].frame, &f));
        if (json_parse(c->arena, f.columns, &tree))
            continue;
        JSON_EACH(m, tree) {
            Str  name = S("");
            bool known = !json_str(json_get(m, S("name")), &name);
            for (size_t k = 0; k < seen.len && !known; k++)
                known = str_eq(seen.at[k], name);
            if (!known)
                *list_add(c->arena, &seen) = name;
        }
    }
    for (int k = 0; k < 4; k++)
        for (size_t i = 0; i < seen.len; i++)
            *list_add(c->arena, &v->columns[k]) = (Choice){ .value = seen.at[i], .label = seen.at[i], .chosen = str_eq(form_str(c, names[k]), seen.at[i]) };
    return OK;
}

Err field_open_show(Ctx *c, FieldAt *at, OpenView *v, SampleId chosen, int status)
{
    bool taken;
    TRY(form_takes(c->db, c->store, c->arena, at->round.form, FORM_FIELD, &taken));
    v->r         = &at->round;
    v->action    = field_round_path(c, at->round.id, "/fieldwork/open");
    v->back_href = field_round_path(c, at->round.id, "");
    v->token     = c->page.form_token;
    if (at->round.identity == IDENTITY_CODE)
        v->why_not = text_of(c->lang, "field.open.coded");
    else if (!taken)
        v->why_not = text_of(c->lang, "field.open.channel");
    TRY(sample_choices(c, chosen, &v->samples));
    TRY(column_choices(c, v));
    c->page.error = v->errors.len > 0;
    field_crumbs(c, &at->round, false);
    Out o = page_begin(c, text_of(c->lang, "field.open.title"));
    field_open_view(&o, v);
    return page_end_status(c, &o, status);
}

static bool read_due(Ctx *c, OpenView *v, Date *out)
{
    return date_typed(c, form_str, "due", &v->due, out) && !date_is_none(*out) && out->day >= c->today.day &&
           date_ymd(*out).year <= 2100;
}

static Str open_args(Ctx *c, const FieldAt *at, SampleId sample, Date due, int64_t days)
{
    static const char *const names[4] = { "unit", "name", "address", "phone" };
    Buf b = buf_new(c->arena, 512);
    buf_fmt(&b, "{\"round\":%lld,\"sample\":%lld,\"erase_days\":%lld,\"due\":", (long long)at->round.id.v, (long long)sample.v, (long long)days);
    buf_json_str(&b, date_iso(c->arena, due));
    for (int i = 0; i < 4; i++) {
        buf_fmt(&b, ",\"%s\":", names[i]);
        buf_json_str(&b, form_str(c, names[i]));
    }
    buf_byte(&b, '}');
    return buf_str(&b);
}

Err field_open_action(Ctx *c)
{
    FieldAt   at;
    OpenView  v = { .erase_days = form_str(c, "erase_days") };
    SampleRow s;
    FrameRow  f;
    Date      due;
    JobId     job;
    int64_t   sample = 0, days = 0;
    bool      taken;
    TRY(field_at(c, RIGHT_FIELD_MANAGE, &at));
    TRY(right_need(c, RIGHT_FIELD_MANAGE, at.round.owner));
    str_to_i64(form_str(c, "sample"), &sample);
    bool found = sample && sample_load(c->db, c->arena, (SampleId){ sample }, &s) == OK && right_has(c, RIGHT_SAMPLE_READ, s.owner);
    if (!found)
        field_error(c, &v.errors, S("sample"), text_of(c->lang, "field.open.sample.error"));
    else if (frame_load(c->db, c->arena, s.frame, &f) || !str_eq(f.state, S("ready")))
        field_error(c, &v.errors, S("sample"), text_of(c->lang, "field.open.frame.error"));
    if (!read_due(c, &v, &due))
        field_error(c, &v.errors, S("due_day"), text_of(c->lang, "field.open.due.error"));
    if (!str_to_i64(v.erase_days, &days) || days < 0 || days > 365)
        field_error(c, &v.errors, S("erase_days"), text_of(c->lang, "field.open.erase.error"));
    if (at.opened)
        return redirect_notice(c, field_round_path(c, at.round.id, "/fieldwork"), NOTICE_WARN, text_of(c->lang, "field.open.already"));
    TRY(form_takes(c->db, c->store, c->arena, at.round.form, FORM_FIELD, &taken));
    if (v.errors.len || at.round.identity == IDENTITY_CODE || !taken)
        return field_open_show(c, &at, &v, (SampleId){ sample }, 422);
    TRY(job_add(c, &(JobOrder){ .kind = field_open_job.name, .args = open_args(c, &at, (SampleId){ sample }, due, days),
                                .subject = round_title(&at.round, c->lang), .unit = at.round.owner }, &job));
    return job_show(c, job);
}
