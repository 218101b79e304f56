/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cards of the demonstration at every stage of their life: appraised, asked about, objected to, settled. All figures are invented. */
#include "season/demo.h"
#include "season/final.h"

#include "pdf/pdf.h"

#include <math.h>

/* Places of cards in the season, and how far each comes. */
static const struct { size_t at; CardState state; bool half; } lives[] = {
    { 12, CARD_SUBMITTED, true }, { 13, CARD_SUBMITTED, false }, { 14, CARD_EXPLAINING, false }, { 15, CARD_SECOND, false },
    { 16, CARD_APPRAISED, false }, { 17, CARD_OBJECTED, false }, { 18, CARD_SETTLED, false } };

typedef struct Life {
    Db            *db;
    Arena         *a;
    const Season  *s;
    const Scheme  *scheme;
    const SchemeCalendar *calendar;
    Card          *card;
    PersonId       one, two;
    CardFile       file;
    CardScores     scores;
    SchemeResult   result;
    Time           now;
} Life;

/* ---- Evidence -------------------------------------------------------------------------------------------------- */

static Err letter(Pdf *p, void *x)
{
    static const Str rows[] = { S_INIT("Số liệu mô phỏng để minh họa, không phải văn bản thật."),
                                S_INIT("Tổng số nhiệm vụ được giao trong năm: 200"),
                                S_INIT("Hoàn thành đúng hạn: 185"), S_INIT("Hoàn thành quá hạn: 9"), S_INIT("Chưa hoàn thành: 6") };
    (void)x;
    PdfStyle head = { .font = "Bold 13", .colour = PDF_INK, .align = PDF_CENTRE, .width = 475, .serif = true };
    pdf_text(p, 60, 60, S("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), &head, 1);
    pdf_text(p, 60, 80, S("Độc lập - Tự do - Hạnh phúc"), &head, 1);
    pdf_text(p, 60, 140, S("BÁO CÁO KẾT QUẢ THỰC HIỆN NHIỆM VỤ"), &head, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        pdf_text(p, 80, 190 + 26 * (double)i, rows[i], &(PdfStyle){ .font = "13", .colour = PDF_INK, .width = 435, .serif = true }, 2);
    return OK;
}

static Err evidence_file(Store *store, Arena *a, Time now, CardFile *out)
{
    Str bytes;
    TRY(pdf_make(a, S("Báo cáo minh họa"), 1 << 20, letter, NULL, &bytes));
    *out = (CardFile){ .name = S("Báo cáo 412 (minh họa).pdf"), .type = S("application/pdf"), .size = (int64_t)bytes.len, .at = now };
    return files_save(store, a, bytes, &out->sum);
}

/* ---- What the unit says -------------------------------------------------------------------------------------------- */

static Err scored(Life *l)
{
    const Json  *json;
    SchemeCard   filled;
    SchemeFaults faults = { 0 };
    CardFile     f      = l->file;
    TRY(card_file_add(l->db, l->a, l->card->id, &f));
    for (int i = 0, n = 0; i < (int)l->scheme->len; i++) {
        const SchemeCriterion *x = &l->scheme->at[i];
        if (!season_leaf_own(x))
            continue;
        CardScore score = { .code = x->code, .inputs = season_demo_inputs(l->a, x, 0.75 + 0.025 * (n++ % 9)), .at = l->now,
                            .manual = x->rule.kind == RULE_MANUAL ? x->max * 0.8 : NAN,
                            .note = S("Số liệu mô phỏng để minh họa") };
        *list_add(l->a, &l->scores) = score;
        if (n % 6)
            TRY(card_evidence_add(l->db, l->card->id, &(CardEvidence){ x->code, EVIDENCE_FILE, f.id }, (PersonId){ 0 }, l->now));
    }
    TRY(json_parse(l->a, card_json(l->a, S(""), &l->scores), &json));
    scheme_card_read(l->a, l->scheme, json, &filled, &faults);
    scheme_compute(l->a, l->scheme, &filled, l->calendar, (SchemeWords){ .silent = true }, &l->result, &faults);
    for (size_t i = 0; i < l->scores.len; i++) {
        const SchemeScore *r = &l->result.at[scheme_find(l->scheme, l->scores.at[i].code)];
        l->scores.at[i].points = r->state == STATE_SCORED ? r->points : NAN;
        TRY(card_score_save(l->db, l->a, l->card->id, &l->scores.at[i], 0));
    }
    return OK;
}

/* ---- What is made of it ------------------------------------------------------------------------------------------------ */

static double claimed_of(const Life *l, Str code)
{
    const SchemeScore *r = &l->result.at[scheme_find(l->scheme, code)];
    return r->state == STATE_SCORED ? r->points : NAN;
}

static Err judge(Life *l, Str code, int round, VerdictKind kind, Str reason)
{
    double      claimed = claimed_of(l, code);
    CardVerdict v = { .code = code, .round = round, .kind = kind, .points = NAN, .claimed = claimed, .reason = reason,
                      .score_revision = 1, .by = l->one, .at = l->now };
    if (kind == VERDICT_POINTS)
        v.points = isnan(claimed) ? 0 : fabs(claimed) / 2;
    v.large = verdict_large(kind, v.points, claimed, false, l->s->four_eyes);
    TRY(card_verdict_save(l->db, l->a, l->card->id, &v, 0));
    return v.large ? card_verdict_confirm(l->db, l->a, l->card->id, &v, l->two, l->now) : OK;
}

static bool asked(size_t i) { return i % 9 == 4; }
static bool lowered(size_t i) { return i % 7 == 3 && !asked(i); }

static Err first_round(Life *l, bool half)
{
    for (size_t i = 0; i < (half ? l->scores.len / 2 : l->scores.len); i++) {
        Str code = l->scores.at[i].code;
        if (asked(i))
            TRY(judge(l, code, 1, VERDICT_ASK, S("Biểu tổng hợp chưa khớp với báo cáo. Đề nghị giải trình và bổ sung văn bản.")));
        else if (lowered(i) || isnan(claimed_of(l, code)))
            TRY(judge(l, code, 1, VERDICT_POINTS, S("Minh chứng mới chứng minh được một nửa số nhiệm vụ.")));
        else
            TRY(judge(l, code, 1, VERDICT_ACCEPT, S("")));
    }
    return OK;
}

static Err answers(Life *l, bool all)
{
    for (size_t i = 0; i < l->scores.len; i++)
        if (asked(i) && (all || i < 20))
            TRY(card_answer_save(l->db, l->a, l->card->id, &(CardAnswer){ .code = l->scores.at[i].code, .at = l->now,
                .answer = S("Chênh lệch do hai nhiệm vụ được lùi hạn theo văn bản đồng ý của cơ quan giao việc.") }, 0));
    return OK;
}

static Err second_round(Life *l)
{
    for (size_t i = 0; i < l->scores.len; i++)
        if (asked(i))
            TRY(judge(l, l->scores.at[i].code, 2, i % 2 ? VERDICT_ACCEPT : VERDICT_POINTS, S("Đã xem giải trình và văn bản bổ sung.")));
    return OK;
}

static Err objections(Life *l, bool decided)
{
    for (size_t i = 0, n = 0; i < l->scores.len && n < 3; i++) {
        if (!lowered(i))
            continue;
        CardObjection x = { .code = l->scores.at[i].code, .at = l->now, .points = NAN,
                            .reason = S("Đơn vị đã có đủ văn bản, đề nghị công nhận điểm tự chấm.") };
        TRY(card_objection_save(l->db, l->a, l->card->id, &x, 0));
        if (decided) {
            x.decision   = n ? DECISION_REJECT : DECISION_ACCEPT;
            x.why        = n ? S("Văn bản ban hành sau thời hạn đánh giá.") : S("Văn bản có trước thời hạn, công nhận.");
            x.decided_at = l->now;
            TRY(card_objection_decide(l->db, l->a, l->card->id, &x, x.revision));
        }
        n++;
    }
    return OK;
}

static Err go(Life *l, CardStep step)
{
    return card_step(l->db, l->a, l->card, step, S(""), (PersonId){ 0 }, l->now);
}

static Err live(Life *l, CardState until, bool half)
{
    TRY(scored(l));
    TRY(go(l, CARD_STEP_SIGN));
    if (until == CARD_SUBMITTED && !half)
        return OK;
    TRY(first_round(l, half));
    if (until == CARD_SUBMITTED)
        return OK;
    TRY(go(l, CARD_STEP_ASK));
    TRY(answers(l, until != CARD_EXPLAINING));
    if (until == CARD_EXPLAINING)
        return OK;
    TRY(go(l, CARD_STEP_ANSWER));
    if (until == CARD_SECOND)
        return OK;
    TRY(second_round(l));
    TRY(go(l, CARD_STEP_ANNOUNCE));
    if (until == CARD_APPRAISED)
        return OK;
    TRY(objections(l, until == CARD_SETTLED));
    TRY(go(l, CARD_STEP_OBJECT));
    return until == CARD_SETTLED ? go(l, CARD_STEP_SETTLE) : OK;
}

Err season_demo_lives(Db *db, Store *store, Arena *a, const Season *s, const Scheme *scheme, const SchemeCalendar *calendar, Cards *cards, Time now)
{
    Person   one, two;
    CardFile file;
    TRY(person_by_login(db, a, S("thamdinh"), &one));
    TRY(person_by_login(db, a, S("thamdinh2"), &two));
    TRY(season_assign(db, s->id, &(Assignment){ .person = one.id }, (PersonId){ 0 }, now));
    TRY(season_assign(db, s->id, &(Assignment){ .person = two.id }, (PersonId){ 0 }, now));
    TRY(evidence_file(store, a, now, &file));
    for (size_t i = 0; i < COUNT_OF(lives); i++) {
        if (lives[i].at >= cards->len)
            continue;
        Life l = { .db = db, .a = a, .s = s, .scheme = scheme, .calendar = calendar, .card = &cards->at[lives[i].at], .one = one.id,
                   .two = two.id, .file = file, .now = { now.ms - (int64_t)(COUNT_OF(lives) - i) * MS_DAY } };
        TRY(live(&l, lives[i].state, lives[i].half));
    }
    return OK;
}
