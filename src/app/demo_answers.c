/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Simulated answers of the demonstration: seeded, the same on every machine, with differences between provinces and
 * factors that are plausible but invented. */
#include "app/demo.h"

#include <math.h>

uint64_t demo_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));      /* splitmix64 */
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(demo_next(state) >> 11) * 0x1p-53;
}

static double normal(uint64_t *state)
{
    return sqrt(-2 * log(uniform(state) + 1e-300)) * cos(2 * M_PI * uniform(state));
}

/* A steady number in -1..1 made from a text, so that a province or factor keeps its character. */
static double character(Str s)
{
    uint64_t h = UINT64_C(1469598103934665603);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (uint8_t)s.at[i]) * UINT64_C(1099511628211);
    h = demo_next(&h);
    return (double)(h >> 11) * 0x1p-52 - 1;
}

/* One of the plain choices; the first ones are likelier. */
static Str any_choice(const FormList *list, uint64_t *state)
{
    size_t plain = 0;
    for (size_t i = 0; i < list->choices.len; i++)
        plain += list->choices.at[i].missing == CHOICE_PLAIN;
    size_t at = plain ? (size_t)(pow(uniform(state), 1.3) * (double)plain) : 0;
    for (size_t i = 0; i < list->choices.len; i++)
        if (list->choices.at[i].missing == CHOICE_PLAIN && at-- == 0)
            return list->choices.at[i].name;
    return list->choices.len ? list->choices.at[0].name : S("");
}

static Str missing_choice(const FormList *list)
{
    for (size_t i = 0; i < list->choices.len; i++)
        if (list->choices.at[i].missing != CHOICE_PLAIN)
            return list->choices.at[i].name;
    return S("");
}

/* How a province or a factor stood a year before against now: most nearly the same, a few clearly lower or higher. */
static double earlier_by(Arena scratch, Str s)
{
    double c = character(str_concat(&scratch, S("truoc:"), s));
    return fmax(-0.2, fmin(0.2, 0.3 * c * c * c));
}

/* Five steps cut from a normal variable: about four in five are satisfied. */
static Str satisfaction(Arena scratch, const FormNode *n, const FormList *list, const DemoRespondent *who, uint64_t *state)
{
    if (uniform(state) < 0.04 && missing_choice(list).len)
        return missing_choice(list);
    double factor = character(str_take(n->code, 4)), item = character(n->code);
    double x      = 0.95 + 0.22 * who->province + 0.18 * factor + 0.08 * item + 0.55 * who->mood + 0.75 * normal(state);
    if (who->earlier)
        x += earlier_by(scratch, who->code) + 0.5 * earlier_by(scratch, str_take(n->code, 4)) - 0.05;
    static const double cuts[] = { -1.35, -0.75, 0.1, 1.45 };
    size_t step = 0;
    while (step < COUNT_OF(cuts) && x > cuts[step])
        step++;
    for (size_t i = 0; i < list->choices.len; i++)
        if (list->choices.at[i].missing == CHOICE_PLAIN && list->choices.at[i].value == (double)step + 1)
            return list->choices.at[i].name;
    return any_choice(list, state);
}

static Str several(Arena *a, const FormList *list, uint64_t *state)
{
    StrList picked = { 0 };
    for (size_t i = 0; i < list->choices.len; i++)
        if (list->choices.at[i].missing == CHOICE_PLAIN && !str_eq(list->choices.at[i].name, S("khong")) && uniform(state) < 0.35)
            *list_add(a, &picked) = list->choices.at[i].name;
    if (picked.len == 0)
        *list_add(a, &picked) = list->choices.at[0].name;
    return str_join(a, picked.at, picked.len, S(" "));
}

/* What people write, with the code that coders give it: mostly what they are not content with. */
const DemoCode demo_remarks[DEMO_REMARKS] = {
    { S_INIT("Chờ hơi lâu vào buổi sáng."), S_INIT("cho_lau"), { S_INIT("Phải chờ lâu"), S_INIT("Long waiting") } },
    { S_INIT("Phải đi lại nhiều lần để bổ sung giấy tờ."), S_INIT("di_lai"),
      { S_INIT("Đi lại nhiều lần, bổ sung hồ sơ"), S_INIT("Several trips for papers") } },
    { S_INIT("Mong nộp được hồ sơ trên điện thoại."), S_INIT("truc_tuyen"), { S_INIT("Nộp hồ sơ trực tuyến còn khó"), S_INIT("Applying online is hard") } },
    { S_INIT("Bàn viết hơi thiếu."), S_INIT("cho_ngoi"), { S_INIT("Thiếu chỗ ngồi, bàn viết"), S_INIT("Too few seats and desks") } },
    { S_INIT("Cán bộ hướng dẫn rõ ràng."), S_INIT("huong_dan"), { S_INIT("Được hướng dẫn rõ ràng"), S_INIT("Clear guidance") } },
    { S_INIT("Trả kết quả đúng hẹn."), S_INIT("dung_hen"), { S_INIT("Trả kết quả đúng hẹn"), S_INIT("Results on time") } },
};

static size_t any_remark(uint64_t *state)
{
    return (size_t)(pow(uniform(state), 1.4) * DEMO_REMARKS);
}

static Str answer_to(Arena *a, const FormProgram *p, const FormNode *n, const DemoRespondent *who, Str province_question, uint64_t *state)
{
    const FormList *list = n->list >= 0 ? &p->lists.at[n->list] : NULL;
    if (str_eq(n->name, province_question))
        return who->code;
    if (n->type == Q_SELECT_ONE && n->role == QR_SATISFACTION)
        return satisfaction(*a, n, list, who, state);
    if (n->type == Q_SELECT_ONE)
        return any_choice(list, state);
    if (n->type == Q_SELECT_MULTIPLE)
        return several(a, list, state);
    if (n->type == Q_INTEGER)
        return arena_fmt(a, "%d", 1 + (int)(pow(uniform(state), 2) * 4));
    if (n->type == Q_TEXT && uniform(state) < 0.1)
        return demo_remarks[any_remark(state)].text;
    return S("");
}

FormAnswers demo_answers(Arena *a, const FormProgram *p, const DemoRespondent *who, Str province_question, Time now, uint64_t *state)
{
    FormAnswers x = form_answers_new(a, p);
    for (size_t i = 0; i < p->nodes.len; i++) {
        const FormNode *n = &p->nodes.at[i];
        if (n->answer >= 0)
            x.at[n->answer] = answer_to(a, p, n, who, province_question, state);
    }
    form_strip_irrelevant(p, a, &x, now);
    return x;
}

DemoRespondent demo_person(Str province, bool earlier, uint64_t *state)
{
    return (DemoRespondent){ .code = province, .province = character(province), .mood = normal(state), .earlier = earlier };
}

Str demo_uuid(Arena *a, uint64_t *state)
{
    uint64_t x = demo_next(state), y = demo_next(state);
    return arena_fmt(a, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(x >> 32), (unsigned)(x >> 16 & 0xFFFF), (unsigned)(x & 0xFFF),
                     (unsigned)(0x8000 | (y >> 48 & 0x3FFF)), (unsigned long long)(y & 0xFFFFFFFFFFFF));
}
