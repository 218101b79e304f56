/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Opens a document of cases: one case, or a head with a list of them, and reads each table once. */
#include "stats/case_set.h"

#include <stdlib.h>

/* A name of a file in the folder of data: nothing that leads out of it. */
static bool name_inside(Str name)
{
    if (!name.len || name.at[0] == '/' || memchr(name.at, '\0', name.len))
        return false;
    for (Str rest = name; rest.len;) {
        StrPair p = str_cut(rest, '/');
        if (str_eq(p.head, S("..")))
            return false;
        rest = p.tail;
    }
    return true;
}

static CaseTable *table_named(const CaseSet *set, Str name)
{
    for (size_t i = 0; i < set->n_tables; i++)
        if (str_eq(set->table[i].name, name))
            return &set->table[i];
    return NULL;
}

static void table_open(CaseSet *set, Arena *keep, const Json *json, CaseRead *read, void *x)
{
    Str name, bytes;
    if (!json_str(json, &name) || !name_inside(name) || table_named(set, name) || set->n_tables == CASE_TABLES_MOST)
        return;
    CaseTable t = { .name = name };
    Err       e = read(x, keep, name, &bytes);
    if (e)
        e = err_is(e, ERR_NOT_FOUND) ? err_fmt(keep, ERR_NOT_FOUND, "missing_file: no file '%.*s'", STR_ARG(name))
                                     : err_fmt(keep, e->kind, "%s: %.*s", err_is(e, ERR_TOO_LARGE) ? "too_large" : "missing_file", STR_ARG(e->detail));
    else
        e = case_table_read(keep, name, bytes, &t);
    t.fault = e;
    set->table[set->n_tables++] = t;
}

Err case_table_find(Case *c, const Json *name, Str path, const CaseTable **out)
{
    Str s;
    if (!json_str(name, &s) || !name_inside(s))
        return case_fail(c, "bad_value", path, "the name of a file inside the folder of data is wanted");
    const CaseTable *t = table_named(c->set, s);
    if (!t)
        return case_fail(c, "too_large", path, "more than %d files in one document", CASE_TABLES_MOST);
    if (t->fault)
        c->fault_path = path;
    TRY(t->fault);
    *out = t;
    return OK;
}

typedef struct Named { Str id; size_t at; } Named;

static int by_id(const void *x, const void *y)
{
    const Named *p = x, *q = y;
    int order = str_cmp(p->id, q->id);
    return order ? order : (p->at > q->at) - (p->at < q->at);
}

static const bool *find_repeated(Arena *keep, const CaseSet *set)
{
    bool  *repeated = arena_new(keep, bool, set->len + 1);
    Named *named    = arena_new(keep, Named, set->len + 1);
    size_t n        = 0;
    for (size_t i = 0; i < set->len; i++) {
        Str id;
        if (json_str(json_get(set->at[i], S("id")), &id))
            named[n++] = (Named){ id, i };
    }
    qsort(named, n, sizeof *named, by_id);
    for (size_t i = 1; i < n; i++)
        repeated[named[i].at] = str_eq(named[i].id, named[i - 1].id);
    return repeated;
}

static Err head_read(Arena *a, const Json *root, CaseSet *set)
{
    static const Str known[] = { S_INIT("schema_version"), S_INIT("set"), S_INIT("oracle"), S_INIT("n_cases"), S_INIT("confidence_default"), S_INIT("cases") };
    const Json *cases = json_get(root, S("cases")), *version = json_get(root, S("schema_version")), *level = json_get(root, S("confidence_default"));
    JSON_EACH(member, root) {
        bool found = false;
        for (size_t i = 0; i < COUNT_OF(known); i++)
            found |= str_eq(member->key, known[i]);
        if (!found)
            return err_fmt(a, ERR_INVALID, "unknown key '%.*s' beside cases", STR_ARG(member->key));
    }
    int64_t v;
    if (version && (!json_int(version, &v) || v != 1))
        return err_new(a, ERR_INVALID, S("schema_version must be 1"));
    if (level && !json_is(level, JSON_NULL) && (!json_num(level, &set->level) || set->level <= 0 || set->level >= 1))
        return err_new(a, ERR_INVALID, S("confidence_default must lie between 0 and 1"));
    if (!json_is(cases, JSON_ARRAY))
        return err_new(a, ERR_INVALID, S("cases must be a list"));
    const Json **at = arena_new(a, const Json *, cases->len + 1);
    JSON_EACH(one, cases)
        at[set->len++] = one;
    set->at = at;
    return OK;
}

Err case_set_open(Arena *keep, Str bytes, CaseRead *read, void *x, CaseSet **out)
{
    const Json *root;
    CaseSet    *set = arena_new(keep, CaseSet, 1);
    set->level = 0.95;
    if (bytes.len > CASE_FILE_MOST)
        return err_new(keep, ERR_TOO_LARGE, S("larger than 64 MiB"));
    TRY(json_parse_many(keep, bytes, CASE_VALUES_MOST, &root));
    if (!json_is(root, JSON_OBJECT))
        return err_new(keep, ERR_INVALID, S("an object is wanted: a case, or a list of them in cases"));
    if (json_get(root, S("cases"))) {
        TRY(head_read(keep, root, set));
    } else {
        const Json **at = arena_new(keep, const Json *, 1);
        at[0]    = root;
        set->at  = at;
        set->len = 1;
    }
    set->repeated = find_repeated(keep, set);
    set->table    = arena_new(keep, CaseTable, CASE_TABLES_MOST);
    for (size_t i = 0; i < set->len; i++) {
        table_open(set, keep, json_get(set->at[i], S("input")), read, x);
        table_open(set, keep, json_get(json_get(json_get(set->at[i], S("design")), S("replicate")), S("factors_file")), read, x);
    }
    *out = set;
    return OK;
}

size_t case_set_len(const CaseSet *set)
{
    return set->len;
}
