/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Frames and codes as values. */
#include "analysis/coding.h"

int frame_code_find(const FrameCodes *codes, Str code)
{
    for (size_t i = 0; i < codes->len; i++)
        if (str_eq(codes->at[i].code, code))
            return (int)i;
    return -1;
}

static Str next_part(Str *rest)
{
    StrPair p = str_cut(*rest, '|');
    *rest = p.tail;
    return str_trim(p.head);
}

/* A code may be a single letter or digit; else as those of rounds. */
static bool code_good(Str s)
{
    bool single = s.len == 1 && ((s.at[0] >= '0' && s.at[0] <= '9') || (s.at[0] >= 'a' && s.at[0] <= 'z'));
    return single || round_code_valid(s);
}

/* Parents stand before their codes and have none themselves: two levels. */
static Str wrong_code(const FrameCodes *before, const FrameCode *c)
{
    if (!code_good(c->code))
        return S("analysis.error.code");
    if (frame_code_find(before, c->code) >= 0)
        return S("analysis.error.code_twice");
    if (!c->label[LANG_VI].len)
        return S("analysis.error.code_label");
    int parent = c->parent.len ? frame_code_find(before, c->parent) : -1;
    if (c->parent.len && (parent < 0 || before->at[parent].parent.len))
        return S("analysis.error.code_parent");
    return before->len >= FRAME_CODES_MOST ? S("analysis.error.codes_most") : S("");
}

bool frame_codes_read(Arena *a, Str typed, FrameCodes *out, int *out_line, Str *out_why)
{
    *out = (FrameCodes){ 0 };
    for (int line = 1; typed.len; line++) {
        StrPair p = str_cut(typed, '\n');
        Str  rest = str_trim(p.head);
        typed = p.tail;
        if (!rest.len)
            continue;
        FrameCode c = { .code = next_part(&rest) };
        c.label[LANG_VI] = next_part(&rest);
        c.label[LANG_EN] = next_part(&rest);
        c.parent         = next_part(&rest);
        *out_why  = wrong_code(out, &c);
        *out_line = line;
        if (out_why->len)
            return false;
        *list_add(a, out) = c;
    }
    *out_why = S("analysis.error.codes_none");
    return out->len > 0;
}

Str frame_codes_text(Arena *a, const FrameCodes *codes)
{
    Buf b = buf_new(a, 512);
    for (size_t i = 0; i < codes->len; i++) {
        const FrameCode *c = &codes->at[i];
        int parts = c->parent.len ? 4 : c->label[LANG_EN].len ? 3 : 2;
        buf_add(&b, str_join(a, (Str[]){ c->code, c->label[LANG_VI], c->label[LANG_EN], c->parent }, (size_t)parts, S(" | ")));
        buf_byte(&b, '\n');
    }
    return buf_str(&b);
}

Str coded_final(const CodedRow *row)
{
    if (row->at[SLOT_SETTLED].len)
        return row->at[SLOT_SETTLED];
    return row->at[SLOT_FIRST].len && str_eq(row->at[SLOT_FIRST], row->at[SLOT_SECOND]) ? row->at[SLOT_FIRST] : S("");
}

bool coded_disagree(const CodedRow *row)
{
    return row->at[SLOT_FIRST].len && row->at[SLOT_SECOND].len && !coded_final(row).len;
}

Kappa coded_kappa(Arena *a, const FrameCodes *codes, const CodedRows *rows)
{
    int64_t *table = arena_new(a, int64_t, codes->len * codes->len + 1);
    for (size_t i = 0; i < rows->len; i++) {
        int x = frame_code_find(codes, rows->at[i].at[SLOT_FIRST]), y = frame_code_find(codes, rows->at[i].at[SLOT_SECOND]);
        if (x >= 0 && y >= 0)
            table[(size_t)x * codes->len + (size_t)y]++;
    }
    return kappa_of(*a, codes->len, table);
}
