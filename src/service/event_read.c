/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Events as outsiders send them: one JSON object a line. Strict: every member is known to its kind, days are days. */
#include "service/parts.h"

#include "base/json.h"
#include "base/utf8.h"

enum { KEY_LETTERS = 100, DUE_YEARS = 20 };

/* What a kind may carry besides key, file, unit, kind, on, revision and void. */
typedef struct FlagName { Str name; uint8_t yes, no; } FlagName;
typedef struct KindShape { bool due, due_needed, desk, score; FlagName flags[3]; } KindShape;
static const KindShape shapes[EVENT_KIND_COUNT] = {
    [EVENT_RECEIVED]  = { .due = true, .desk = true, .flags = { { S_INIT("online"), F_ONLINE, 0 }, { S_INIT("digitised"), F_DIGITISED, 0 },
                          { S_INIT("synced"), F_SYNCED, 0 } } },
    [EVENT_DUE]       = { .due = true, .due_needed = true },
    [EVENT_HANDLED]   = { .flags = { { S_INIT("electronic"), F_ELECTRONIC, 0 }, { S_INIT("reused"), F_REUSED, 0 } } },
    [EVENT_PAID]      = { .flags = { { S_INIT("online"), F_ONLINE, 0 } } },
    [EVENT_RATED]     = { .score = true },
    [EVENT_PETITION]  = { .due = true, .desk = true },
    [EVENT_ANSWERED]  = { .flags = { { S_INIT("satisfied"), F_SATISFIED, F_UNSATISFIED } } },
    [EVENT_PUBLISHED] = { .due = true, .flags = { { S_INIT("complete"), F_COMPLETE, 0 }, { S_INIT("online"), F_ONLINE, 0 },
                          { S_INIT("payment"), F_PAYMENT, 0 } } },
    [EVENT_DISCLOSED] = { .due = true },
};

typedef struct LineRead { EventLine x; const KindShape *shape; Date today; Str name, reason; } LineRead;

static bool refuse(LineRead *r, Str name, Str reason)
{
    r->name   = name;
    r->reason = reason;
    return false;
}

static bool read_text(LineRead *r, const Json *j, Str *out)
{
    if (!json_str(j, out) || !out->len || utf8_count(*out) > KEY_LETTERS || memchr(out->at, 0, out->len))
        return refuse(r, j->key, S("service.fault.text"));
    return true;
}

static bool read_day(LineRead *r, const Json *j, Date from, Date to, uint16_t *out)
{
    Str  text;
    Date d;
    if (!json_str(j, &text) || text.len != 10 || !date_parse(text, &d))
        return refuse(r, j->key, S("service.fault.day"));
    if (d.day < from.day || d.day > to.day)
        return refuse(r, j->key, S("service.fault.day_range"));
    *out = day_pack(d);
    return true;
}

static bool read_flag(LineRead *r, const Json *j)
{
    bool on;
    for (size_t i = 0; i < COUNT_OF(r->shape->flags); i++) {
        const FlagName *f = &r->shape->flags[i];
        if (!f->name.len || !str_eq(f->name, j->key))
            continue;
        if (!json_bool(j, &on))
            return refuse(r, j->key, S("service.fault.flag"));
        r->x.e.flags |= on ? f->yes : f->no;
        return true;
    }
    return refuse(r, j->key, S("service.fault.member"));
}

static bool read_number(LineRead *r, const Json *j, int64_t least, int64_t most, int64_t *out)
{
    if (!json_int(j, out) || *out < least || *out > most)
        return refuse(r, j->key, S("service.fault.number"));
    return true;
}

static bool read_void(LineRead *r, const Json *j)
{
    bool on;
    if (!json_bool(j, &on))
        return refuse(r, j->key, S("service.fault.flag"));
    r->x.e.flags |= on ? F_VOID : 0;
    return true;
}

static bool read_unit(LineRead *r, const Json *j)
{
    int64_t id;
    if (json_int(j, &id) && id > 0) {
        r->x.unit.v = id;
        return true;
    }
    return read_text(r, j, &r->x.unit_code);
}

static bool read_member(LineRead *r, const Json *j, Str *key)
{
    Date    first = date_from_ymd(2010, 1, 1), last = { r->today.day + 366 * DUE_YEARS };
    int64_t n;
    if (str_eq(j->key, S("kind")))
        return true;
    if (str_eq(j->key, S("key")))
        return read_text(r, j, key);
    if (str_eq(j->key, S("file")))
        return read_text(r, j, &r->x.number);
    if (str_eq(j->key, S("unit")))
        return read_unit(r, j);
    if (str_eq(j->key, S("on")))
        return read_day(r, j, first, r->today, &r->x.e.day);
    if (str_eq(j->key, S("due")) && r->shape->due)
        return read_day(r, j, first, last, &r->x.e.value);
    if (str_eq(j->key, S("desk")) && r->shape->desk)
        return read_text(r, j, &r->x.desk_code);
    if (str_eq(j->key, S("void")))
        return read_void(r, j);
    if (str_eq(j->key, S("revision"))) {
        bool fits = read_number(r, j, 0, 255, &n);
        r->x.e.revision = fits ? (uint8_t)n : 0;
        return fits;
    }
    if (str_eq(j->key, S("score")) && r->shape->score) {
        bool fits = read_number(r, j, 1, 5, &n);
        r->x.e.value = fits ? (uint16_t)n : 0;
        return fits;
    }
    return read_flag(r, j);
}

static bool whole(LineRead *r, Str key)
{
    if (!key.len)
        return refuse(r, S("key"), S("service.fault.missing"));
    if (!r->x.number.len)
        return refuse(r, S("file"), S("service.fault.missing"));
    if (!r->x.e.day)
        return refuse(r, S("on"), S("service.fault.missing"));
    if (r->shape->due_needed && !r->x.e.value)
        return refuse(r, S("due"), S("service.fault.missing"));
    if (r->shape->score && !r->x.e.value)
        return refuse(r, S("score"), S("service.fault.missing"));
    if (r->x.e.flags & F_VOID && !r->x.e.revision)
        return refuse(r, S("void"), S("service.fault.void"));
    return true;
}

static bool read_line(Arena *scratch, LineRead *r, Str line)
{
    const Json *j;
    Str         kind, key = S("");
    EventKind   k;
    if (json_parse(scratch, line, &j) || !json_is(j, JSON_OBJECT))
        return refuse(r, S(""), S("service.fault.json"));
    if (!json_str(json_get(j, S("kind")), &kind) || !event_kind_parse(kind, &k))
        return refuse(r, S("kind"), S("service.fault.kind"));
    r->shape    = &shapes[k];
    r->x.e.kind = (uint8_t)k;
    JSON_EACH(m, j)
        if (!read_member(r, m, &key))
            return false;
    if (!whole(r, key))
        return false;
    Sha256 sum = sha256(key);
    memcpy(&r->x.e.key, sum.at, sizeof r->x.e.key);
    return true;
}

void event_line_read(Arena *a, Str text, int number, Date today, EventLines *out, LineFaults *out_faults)
{
    LineRead r    = { .x = { .line = number, .e = { .arrived = day_pack(today) } }, .today = today };
    Arena    keep = *a;
    if (read_line(a, &r, text)) {
        if (memchr(text.at, '\\', text.len) == NULL)
            *a = keep;                               /* what was cut are slices of the line, the tree is not needed */
        *list_add(a, out) = r.x;
    } else {
        Str name = arena_str(a, r.name);
        *list_add(a, out_faults) = (LineFault){ number, 422, name, r.reason };
    }
}

bool event_lines_read(Arena *a, Str bytes, Date today, EventLines *out, LineFaults *out_faults)
{
    int lines = 0;
    while (bytes.len) {
        StrPair cut  = str_cut(bytes, '\n');
        Str     text = str_trim(cut.head);
        bytes        = cut.tail;
        lines++;
        if (!text.len)
            continue;
        if (lines > EVENT_LINES_MOST)
            return false;
        event_line_read(a, text, lines, today, out, out_faults);
    }
    return true;
}
