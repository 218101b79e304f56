/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a clerk or a scanner types, a line a question: read, stored and loaded it is the same, and typed again as shown it reads the
 * same. Serial numbers that are understood are written back as the same number. */
#include "paper/parts.h"
#include "form/tests/fuzz_program.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A questionnaire with a table of rows. */
static const FormProgram *rows_program(void)
{
    static const char sheet[] = "survey,,,,\n,type,name,label,repeat_count\n,integer,n,N,\n,begin_repeat,r,R,${n}\n"
                                ",text,t,T,\n,select_multiple l,m,M,\n"
                                ",begin_repeat,s,S,\n,decimal,d,D,\n,end_repeat,,,\n,date,w,W,\n,end_repeat,,,\n"
                                ",begin_repeat,q,Q,\n,text,u,U,\n,end_repeat,,,\n"
                                "choices,,,,\n,list_name,name,label,\n,l,a,A,\n,l,7,B,\nsettings,,,,\n,form_id,version,form_title,\n,f,1,F,\n";
    static Arena        keep, work;
    static FormProgram *p;
    if (p)
        return p;
    keep = arena_open((size_t)1 << 28);
    work = arena_open((size_t)1 << 28);
    FormIssues issues = { 0 };
    Err        e      = form_read(&keep, work, (Str){ sheet, sizeof sheet - 1 }, NULL, &issues, &p);
    assert(!e && p);
    return p;
}

/* A line a box, of five rows. Rows without anything go, and what is left stays the same however often it is stored or typed. */
static void rows_target(Arena *a, Str rest)
{
    const FormProgram *p = rows_program();
    PaperMap           m = paper_map(a, p);
    Keyed              k = keyed_new(a, p), again, shown = keyed_new(a, p);
    PaperCells         cells = { 0 }, left = { 0 };
    PaperIssues        issues = { 0 };
    keyed_cells(a, &m, 0, (int)p->nodes.len, &k, NULL, 5, &cells);
    for (size_t i = 0; i < cells.len; i++) {
        StrPair   line = str_cut(rest, '\n');
        PaperCell at;
        keyed_read(a, &m, cells.at[i], LANG_VI, line.head, &k);
        assert(paper_cell_find(p, paper_cell_key(a, p, cells.at[i]), &at) && at.node == cells.at[i].node && at.row == cells.at[i].row);
        (void)paper_cell_find(p, line.head, &at);
        rest = line.tail;
    }
    keyed_pack(a, &m, &k);
    Err e = keyed_load(a, p, keyed_json(a, p, &k.x), keyed_json(a, p, &k.typed), &again);
    assert(!e && keyed_differences(a, &m, &k, &again).len == 0);
    keyed_cells(a, &m, 0, (int)p->nodes.len, &k, NULL, 0, &left);
    for (size_t i = 0; i < left.len; i++)
        keyed_read(a, &m, left.at[i], LANG_VI, keyed_text(a, &m, left.at[i], &k, LANG_VI), &shown);
    assert(keyed_differences(a, &m, &k, &shown).len == 0);
    for (size_t i = 0; i < left.len; i++)
        keyed_set(a, p, left.at[i], keyed_value(a, p, left.at[i], &k), &again);
    assert(keyed_differences(a, &m, &k, &again).len == 0);
    keyed_faults(a, &m, &k, (Time){ INT64_C(1795000000000) }, LANG_VI, &issues);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena a;
    if (!a.base)
        a = arena_open((size_t)1 << 28);
    arena_reset(&a, 1 << 20);
    const FormProgram *p = fuzz_program();
    PaperMap           m = paper_map(&a, p);
    Keyed              k = keyed_new(&a, p), again, shown = keyed_new(&a, p);
    PaperIssues        issues = { 0 };
    int64_t            serial, same;
    Str                rest = { (const char *)data, size };
    for (int i = 0; i < (int)p->nodes.len; i++) {
        if (!m.number[i])
            continue;
        StrPair line = str_cut(rest, '\n');
        keyed_read(&a, &m, (PaperCell){ i, 0 }, LANG_VI, line.head, &k);
        if (serial_parse(line.head, &serial))
            assert(serial_parse(serial_text(&a, serial), &same) && same == serial);
        rest = line.tail;
    }
    Err e = keyed_load(&a, p, keyed_json(&a, p, &k.x), keyed_json(&a, p, &k.typed), &again);
    assert(!e && keyed_differences(&a, &m, &k, &again).len == 0);
    for (int i = 0; i < (int)p->nodes.len; i++)
        if (m.number[i])
            keyed_read(&a, &m, (PaperCell){ i, 0 }, LANG_VI, keyed_text(&a, &m, (PaperCell){ i, 0 }, &k, LANG_VI), &shown);
    assert(keyed_differences(&a, &m, &k, &shown).len == 0);
    keyed_faults(&a, &m, &k, (Time){ INT64_C(1795000000000) }, LANG_VI, &issues);
    rows_target(&a, (Str){ (const char *)data, size });
    return 0;
}
