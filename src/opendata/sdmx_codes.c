/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Figures as keys of a cube, and the lists of their codes. */
#include "opendata/parts.h"

#include <math.h>

/* Letters, digits and '-' stay. '.' is written '_', ':' is '@'; these two themselves and all else follow a '$': "$_", "$$", "$C3". */
Str sdmx_id(Arena *a, Str text)
{
    Buf b = buf_new(a, text.len + 8);
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.at[i];
        if ((ch >= 'A' && ch <= 'Z') || (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-')
            buf_byte(&b, ch);
        else if (ch == '.' || ch == ':')
            buf_byte(&b, ch == '.' ? '_' : '@');
        else if (ch == '_' || ch == '$')
            buf_fmt(&b, "$%c", ch);
        else
            buf_fmt(&b, "$%02X", (unsigned char)ch);
    }
    return buf_str(&b);
}

static Str upper(Arena *a, Str s, char dash)
{
    Buf b = buf_new(a, s.len);
    for (size_t i = 0; i < s.len; i++)
        buf_byte(&b, s.at[i] >= 'a' && s.at[i] <= 'z' ? (char)(s.at[i] - 'a' + 'A') : s.at[i] == '-' ? dash : s.at[i]);
    return buf_str(&b);
}

Str sdmx_name(Arena *a, Str round_code)
{
    return upper(a, round_code, '_');
}

SdmxKey sdmx_key(Arena *a, const Figure *f, Str place)
{
    StrPair name = str_cut(f->name, '.');
    SdmxKey k    = { .area = S("VN"), .indicator = upper(a, sdmx_id(a, name.head), '-'), .item = sdmx_id(a, name.tail), .breakdown = S("_T") };
    if (f->by.len && str_eq(f->by, place))
        k.area = sdmx_id(a, f->value);
    else if (f->by.len)
        k.breakdown = str_join(a, (Str[]){ sdmx_id(a, f->by), sdmx_id(a, f->value) }, 2, S("@"));
    return k;
}

Str sdmx_unit(Str unit)
{
    if (str_eq(unit, S("%")))
        return S("PT");
    return str_eq(unit, S("1-5")) ? S("SCALE_1_5") : S("NUMBER");
}

Str sdmx_status(const Figure *f)
{
    if (f->suppressed)
        return S("Q");
    return isnan(f->x) ? S("O") : S("A");
}

static bool has_code(const SdmxCodes *list, Str id)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i].id, id))
            return true;
    return false;
}

static void add_code(Arena *a, SdmxCodes *list, Str id, Str vi, Str en)
{
    if (!has_code(list, id))
        *list_add(a, list) = (SdmxCode){ .id = id, .vi = vi, .en = en.len ? en : vi };
}

static void add_text(Arena *a, SdmxCodes *list, Str id, const char *key)
{
    add_code(a, list, id, text_find(LANG_VI, str_from_c(key)), text_find(LANG_EN, str_from_c(key)));
}

/* Names of the measures; one that is not known here keeps its id. */
static void add_indicator(Arena *a, SdmxCodes *list, Str prefix, Str id)
{
    Str key = str_concat(a, S("opendata.measure."), prefix), vi = text_find(LANG_VI, key), en = text_find(LANG_EN, key);
    add_code(a, list, id, vi.len ? vi : prefix, en.len ? en : prefix);
}

static void add_area(Arena *a, SdmxCodes *list, const Figure *f, Str id, const Units *provinces)
{
    for (size_t i = 0; i < provinces->len; i++)
        if (str_eq(provinces->at[i].code, f->value)) {
            add_code(a, list, id, unit_name(&provinces->at[i], LANG_VI), unit_name(&provinces->at[i], LANG_EN));
            return;
        }
    add_code(a, list, id, f->value, f->value);
}

/* What a code may lie below: "gop@cho" below "gop", "B2_1" below "B2", "B2" below "B". Empty: nothing is left. */
static Str one_up(Str id)
{
    static const char marks[] = { '@', '_' };
    for (size_t i = 0; i < sizeof marks; i++) {
        Str head = str_cut_last(id, marks[i]).head;
        if (head.len < id.len)
            return head;
    }
    size_t n = id.len;
    while (n && id.at[n - 1] >= '0' && id.at[n - 1] <= '9')
        n--;
    return n < id.len ? str_take(id, n) : S("");
}

static void find_parents(SdmxCodes *items)
{
    for (size_t i = 0; i < items->len; i++)
        for (Str up = one_up(items->at[i].id); up.len && !items->at[i].parent.len; up = one_up(up))
            if (has_code(items, up))
                items->at[i].parent = up;
}

static void fixed_lists(Arena *a, SdmxLists *l)
{
    add_text(a, &l->of[LIST_FREQ], S("A"), "opendata.freq.a");
    add_text(a, &l->of[LIST_AREA], S("VN"), "opendata.area.vn");
    add_text(a, &l->of[LIST_BREAKDOWN], S("_T"), "opendata.breakdown.total");
    add_text(a, &l->of[LIST_STATUS], S("A"), "opendata.status.a");
    add_text(a, &l->of[LIST_STATUS], S("Q"), "opendata.status.q");
    add_text(a, &l->of[LIST_STATUS], S("O"), "opendata.status.o");
    add_text(a, &l->of[LIST_UNIT], S("PT"), "opendata.unit.pt");
    add_text(a, &l->of[LIST_UNIT], S("SCALE_1_5"), "opendata.unit.scale");
    add_text(a, &l->of[LIST_UNIT], S("NUMBER"), "opendata.unit.number");
}

SdmxLists sdmx_lists(Arena *a, const Figures *f, Str place, const Units *provinces)
{
    SdmxLists l = { 0 };
    fixed_lists(a, &l);
    for (size_t i = 0; i < f->len; i++) {
        const Figure *x = &f->at[i];
        SdmxKey       k = sdmx_key(a, x, place);
        add_indicator(a, &l.of[LIST_INDICATOR], str_cut(x->name, '.').head, k.indicator);
        add_code(a, &l.of[LIST_ITEM], k.item, x->label_vi, x->label_en);
        if (x->by.len && str_eq(x->by, place))
            add_area(a, &l.of[LIST_AREA], x, k.area, provinces);
        else if (x->by.len)
            add_code(a, &l.of[LIST_BREAKDOWN], k.breakdown, str_join(a, (Str[]){ x->by, x->value }, 2, S(" = ")), S(""));
    }
    find_parents(&l.of[LIST_ITEM]);
    return l;
}
