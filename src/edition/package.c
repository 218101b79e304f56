/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The open package: answers without anything that names a person, codebook, method, figures, a list of SHA-256
 * sums and a seal over it. Whoever holds it can compute the figures again (verify.c does). */
#include "edition/weighting.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>

Str seal_fingerprint(Arena *a, const uint8_t public_key[32])
{
    Str hex = sha256_hex(a, (Str){ (const char *)public_key, 32 });
    Buf b   = buf_new(a, 48);
    for (size_t i = 0; i < 32; i += 4) {
        if (i)
            buf_byte(&b, ' ');
        buf_add(&b, (Str){ hex.at + i, 4 });
    }
    return buf_str(&b);
}

/* Rows sorted by their text: the order says nothing about who came when. Answers of hidden cells leave their row
 * and stand, without place and apart from each other, in unplaced.csv. */
static int row_cmp(const void *x, const void *y)
{
    return str_cmp(*(const Str *)x, *(const Str *)y);
}

static void head_row(Buf *b, const Dataset *d)
{
    csv_field(b, d->by.len ? d->by : S("domain"));
    for (size_t i = 0; i < d->items.len; i++)
        csv_field(b, d->items.at[i].name);
    for (size_t k = 0; d->weights && k < WEIGHT_COLUMNS; k++)
        csv_field(b, weight_column[k]);
    if (d->weights && d->weights->steps) {
        csv_field(b, S("base"));
        for (size_t g = 0; g < d->groups.len; g++)
            csv_field(b, d->groups.at[g].question);
    }
    csv_end(b);
}

/* One answer, without its place when nothing of it is told: rows of a place would count people otherwise. */
static Str answer_row(Arena *a, const Dataset *d, const Opened *o, size_t r)
{
    Buf b = buf_new(a, 4 * d->items.len + 64);
    csv_field(&b, o->told[r] ? d->domains.at[d->domain_of[r]].code : S(""));
    for (size_t i = 0; i < d->items.len; i++) {
        uint8_t v = o->values[r * d->items.len + i];
        buf_lit(&b, ",");
        if (v)
            buf_byte(&b, (char)('0' + v));
    }
    if (d->weights)
        weight_cells(&b, d->weights, r, o->told[r]);
    if (d->weights && d->weights->steps)
        steps_cells(&b, d, r);
    csv_end(&b);
    return buf_str(&b);
}

static Str answers_csv(Arena *a, const Dataset *d, const Opened *o)
{
    Str *rows = arena_new(a, Str, d->records);
    for (size_t r = 0; r < d->records; r++)
        rows[r] = answer_row(a, d, o, r);
    qsort(rows, d->records, sizeof *rows, row_cmp);
    Buf b = buf_new(a, 64 * d->records + 4096);
    head_row(&b, d);
    for (size_t r = 0; r < d->records; r++)
        buf_add(&b, rows[r]);
    return buf_str(&b);
}

static Str unplaced_csv(Arena *a, const Dataset *d, const TallyTable *unplaced)
{
    Buf b = buf_new(a, 1024);
    csv_field(&b, S("item"));
    csv_field(&b, S("value"));
    csv_field(&b, S("count"));
    csv_end(&b);
    for (size_t i = 0; i < d->items.len; i++)
        for (int k = 0; k < TALLY_CELLS; k++)
            if (tally_at(unplaced, i, 0)->at[k]) {
                csv_field(&b, d->items.at[i].name);
                csv_num(&b, k == TALLY_NONE ? 9 : k + 1);
                csv_num(&b, tally_at(unplaced, i, 0)->at[k]);
                csv_end(&b);
            }
    return buf_str(&b);
}

static void row6(Buf *b, const char *kind, Str code, Str name, Str x, Str vi, Str en)
{
    csv_field(b, str_from_c(kind));
    const Str cells[] = { code, name, x, vi, en };
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        csv_field(b, cells[i]);
    csv_end(b);
}

/* kind item: code, name; step: number, choice; domain, breakdown: question, code; open: an open question that was coded; code: question, code, parent. */
static Str codebook_csv(Arena *a, const Dataset *d)
{
    Buf b = buf_new(a, 8192);
    row6(&b, "kind", S("code"), S("name"), S("value"), S("label_vi"), S("label_en"));
    for (size_t i = 0; i < d->items.len; i++)
        row6(&b, "item", d->items.at[i].code, d->items.at[i].name, S(""), d->items.at[i].label[LANG_VI], d->items.at[i].label[LANG_EN]);
    for (size_t k = 0; k < LIKERT_STEPS; k++)
        row6(&b, "step", S(""), d->steps.at[k], arena_fmt(a, "%zu", k + 1), d->step_label[k][LANG_VI], d->step_label[k][LANG_EN]);
    row6(&b, "step", S(""), S(""), S("9"), S("không có ý kiến, không biết"), S("no opinion, do not know"));
    for (size_t k = 1; k < d->domains.len; k++)
        row6(&b, "domain", d->by, d->domains.at[k].code, S(""), d->domains.at[k].label[LANG_VI], d->domains.at[k].label[LANG_EN]);
    for (size_t i = 0; i < d->breaks.len; i++)
        for (size_t k = 1; k < d->breaks.at[i].domains.len; k++) {
            const DataDomain *x = &d->breaks.at[i].domains.at[k];
            row6(&b, "breakdown", d->breaks.at[i].question, x->code, S(""), x->label[LANG_VI], x->label[LANG_EN]);
        }
    for (size_t i = 0; i < d->coded.len; i++) {
        const CodedTable *t = &d->coded.at[i];
        row6(&b, "open", t->question, S(""), S(""), t->label[LANG_VI], t->label[LANG_EN]);
        for (size_t k = 0; k < t->codes.len; k++)
            row6(&b, "code", t->question, t->codes.at[k].code, t->codes.at[k].parent, t->codes.at[k].label[LANG_VI], t->codes.at[k].label[LANG_EN]);
    }
    return buf_str(&b);
}

/* The method in full; of data made without one the nodes alone. */
static Str method_table(Arena *a, const Dataset *d)
{
    Buf    b = buf_new(a, 8192);
    SurveyMethod m = *dataset_how(d);
    m.nodes  = d->nodes;
    method_csv(&b, &m);
    return buf_str(&b);
}

void results_json(Buf *b, const PackageInfo *info, Str method, const Figures *f, Lang lang)
{
    buf_lit(b, "{\"round\":");
    buf_json_str(b, info->round);
    buf_fmt(b, ",\"edition\":%d,\"label\":", info->number);
    buf_json_str(b, info->label);
    buf_lit(b, ",\"method\":");
    buf_json_str(b, method);
    buf_lit(b, ",\"indicators\":");
    figures_json(b, f, lang);
    buf_lit(b, "}\n");
}

static Str changes_csv(Arena *a, const Figures *before, const Figures *after)
{
    FigureChanges c = figures_diff(a, before, after);
    Buf           b = buf_new(a, 1024);
    const Str heads[] = { S("name"), S("by"), S("value_of_by"), S("n_before"), S("value_before"), S("n_after"), S("value_after") };
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        csv_field(&b, heads[i]);
    csv_end(&b);
    for (size_t i = 0; i < c.len; i++) {
        csv_field(&b, c.at[i].after.name);
        csv_field(&b, c.at[i].after.by);
        csv_field(&b, c.at[i].after.value);
        csv_real(&b, c.at[i].before.n ? (double)c.at[i].before.n : NAN);
        csv_real(&b, c.at[i].before.x);
        csv_real(&b, c.at[i].after.n ? (double)c.at[i].after.n : NAN);
        csv_real(&b, c.at[i].after.x);
        csv_end(&b);
    }
    return buf_str(&b);
}

static const char about_weights[] =
    "\nẤN BẢN CÓ GIA QUYỀN. Ba cột cuối của answers.csv: weight (phiếu đại diện cho bao nhiêu người), stratum (tầng), psu (đơn vị mẫu trong tầng,\n"
    "đánh số lại; đơn vị dưới %d phiếu được ghép; trống: mỗi phiếu là một đơn vị). Tỷ lệ = tổng weight của câu trả lời được tính chia cho tổng\n"
    "weight của câu trả lời có ý kiến. Câu trả lời trong unplaced.csv mang trọng số trung bình (\"mean\" trong weighting.json), mỗi câu là một\n"
    "đơn vị của tầng 0; phiếu không rõ nơi cũng vậy. se theo tuyến tính hóa: z = weight (y - R x) / tổng weight x;\n"
    "khi \"adjusted\": z bớt weight nhân (tổng z chia tổng weight) của tỉnh;\n"
    "V = tổng theo tầng n/(n-1) tổng bình phương lệch của tổng z từng psu (tầng một psu: z bình phương); bậc tự do = số psu - số tầng.\n"
    "Khoảng tin cậy 95 %%: logit; dưới 100 phiếu hoặc ngoài 5-95 %%: Korn-Graubard. \"probability\": false: không có se.\n"
    "Các con số coded.* (coded.csv) đếm câu trả lời, không gia quyền.\n\n"
    "WEIGHTED EDITION. Last columns of answers.csv: weight, stratum, psu (renumbered; units under %d answers are joined; empty: each row by\n"
    "itself). Answers in unplaced.csv carry the mean weight of weighting.json, each a unit of stratum 0. se by linearisation over strata\n"
    "and psu; 95 %% intervals: logit, Korn-Graubard where fewer than 100 answered or the share is outside 5-95 %%.\n"
    "Shares pool items: weighted answers 4 and 5 over weighted opinions. Figures coded.* (coded.csv) count answers and are not weighted.\n";
static const char about_raking[] =
    "\nHiệu chỉnh theo nhiều biên: cột base là trọng số trước hiệu chỉnh, các cột sau là nhóm của phiếu trong từng biên (\"groups\" trong\n"
    "weighting.json; ô trống là không trả lời, mã \"-\"). Ở mỗi đơn vị mẫu, nhóm nào có mặt cũng có từ %d phiếu. weight = base hiệu chỉnh lần lượt\n"
    "theo các biên đến khi khớp, cắt ở cap lần trung vị (nếu có) rồi hiệu chỉnh lại. Dân số của nơi bị che bị bỏ, các biên khác giảm cùng tỷ lệ.\n"
    "se: u = z / weight, z = weight (u - x'B), B là bình phương tối thiểu của u theo các biên với trọng số base trên mọi phiếu có nơi.\n"
    "Raked to several margins: base is the weight before, further columns are the groups of each row; weight is raked from base, cut at cap\n"
    "medians, raked again. Influence values are residuals of least squares on the margins with base weights, over all rows that have a place.\n";

static Str about_txt(Arena *a, const PackageInfo *p)
{
    bool raked = p->weighting && weighting_questions(a, &p->weighting->margins).len;
    return arena_fmt(a,
        "%.*s\nẤn bản %d, công bố %.*s\n\n"
        "Gói này đủ để tính lại mọi con số của ấn bản: thuocdo edition verify TỆP.zip\n"
        "answers.csv     mỗi dòng một phiếu, xếp theo chữ, không có thời gian, mã phiếu%s;\n"
        "                1-5 là mức hài lòng, 9 là không có ý kiến, ô trống là không hỏi hoặc đã che;\n"
        "                dòng không còn câu trả lời nào thì không ghi nơi\n"
        "unplaced.csv    câu trả lời của các ô dưới %d người (và ô che kèm), không gắn với nơi và với nhau\n"
        "coded.csv       câu hỏi mở: số câu trả lời của từng mã (nếu đã mã hóa), không gắn với nơi; mã trống là các mã dưới %d người gộp lại\n"
        "breakdowns.csv  theo nhóm người trả lời, từng câu hỏi: số có ý kiến, số hài lòng, tổng mức (n, satisfied, points); ô che thì không ghi;\n"
        "                con số có gia quyền theo nhóm không tính lại được từ gói\n"
        "codebook.csv    câu hỏi, phương án, đơn vị; method.csv  cách gộp; results.json, figures.csv  các con số\n"
        "changes.csv     con số khác với ấn bản trước; SHA256SUMS và seal.json  niêm phong Ed25519\n"
        "index.*: chỉ số theo phương pháp, khi method.csv (rule) không phải share, items, left-out\n"
        "Tỷ lệ hài lòng: số câu trả lời mức 4 và 5 chia cho số câu trả lời có ý kiến, gộp theo câu hỏi, %s.\n\n"
        "%.*s\nEdition %d. Everything needed to compute its figures again: thuocdo edition verify FILE.zip\n"
        "Satisfied: answers 4 and 5 over answers with an opinion, pooled by item, %s. Cells under %d are hidden.\n"
        "breakdowns.csv: counts by group and item of cells that are told; weighted figures of groups cannot be computed again.\n"
        "index.*: by the rules of method.csv, where they are others than share, items, left-out.\n%s%s%s",
        STR_ARG(p->title_vi), p->number, STR_ARG(date_text(a, LANG_VI, date_of(p->at))),
        raked ? " hay đặc điểm cá nhân ngoài các nhóm dùng để gia quyền" : " hay đặc điểm cá nhân", LEAST_CELL, LEAST_CELL,
        p->weighting ? "có gia quyền" : "chưa gia quyền", STR_ARG(p->title_en), p->number, p->weighting ? "weighted" : "unweighted", LEAST_CELL,
        p->weighting ? arena_c(a, arena_fmt(a, about_weights, LEAST_CELL, LEAST_CELL)) : "",
        raked ? arena_c(a, arena_fmt(a, about_raking, LEAST_CELL)) : "", p->simulated ? "\nSỐ LIỆU MÔ PHỎNG. SIMULATED DATA.\n" : "");
}

static Str edition_json(Arena *a, const PackageInfo *p, const Dataset *d)
{
    Buf b = buf_new(a, 1024);
    buf_lit(&b, "{\"round\":");
    buf_json_str(&b, p->round);
    buf_lit(&b, ",\"title_vi\":");
    buf_json_str(&b, p->title_vi);
    buf_lit(&b, ",\"title_en\":");
    buf_json_str(&b, p->title_en);
    buf_fmt(&b, ",\"edition\":%d,\"label\":", p->number);
    buf_json_str(&b, p->label);
    buf_lit(&b, ",\"method\":");
    buf_json_str(&b, d->method);
    buf_lit(&b, ",\"domain\":");
    buf_json_str(&b, d->by);
    buf_lit(&b, ",\"published_at\":");
    buf_json_str(&b, time_iso(a, p->at));
    buf_fmt(&b, ",\"answers\":%lld,\"least_cell\":%d,\"simulated\":%s,\"reason\":", (long long)p->n, LEAST_CELL, p->simulated ? "true" : "false");
    buf_json_str(&b, p->reason);
    buf_lit(&b, ",\"program\":");
    buf_json_str(&b, str_concat(a, S("thuocdo "), p->version));
    buf_lit(&b, "}\n");
    return buf_str(&b);
}

static Str sums_of(Arena *a, const ZipPart *parts, size_t n)
{
    Buf b = buf_new(a, 128 * n);
    for (size_t i = 0; i < n; i++) {
        buf_add(&b, sha256_hex(a, parts[i].bytes));
        buf_lit(&b, "  ");
        buf_add(&b, parts[i].name);
        buf_byte(&b, '\n');
    }
    return buf_str(&b);
}

static Str seal_json(Arena *a, const AppInfo *app, Str sums, Str *out_fingerprint)
{
    uint8_t seed[32], public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES], sig[crypto_sign_BYTES];
    app_key(app, "edition-seal", seed);
    crypto_sign_seed_keypair(public_key, secret, seed);
    crypto_sign_detached(sig, NULL, (const uint8_t *)sums.at, sums.len, secret);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(seed, sizeof seed);
    *out_fingerprint = seal_fingerprint(a, public_key);
    Buf b = buf_new(a, 512);
    buf_lit(&b, "{\"algorithm\":\"Ed25519\",\"signed\":\"SHA256SUMS\",\"public_key\":\"");
    buf_add(&b, str_hex(a, public_key, sizeof public_key));
    buf_lit(&b, "\",\"signature\":\"");
    buf_add(&b, str_hex(a, sig, sizeof sig));
    buf_lit(&b, "\"}\n");
    return buf_str(&b);
}

void package_seal(Arena *a, const AppInfo *app, ZipPart *parts, size_t *n, Str *out_fingerprint)
{
    Str sums = sums_of(a, parts, *n);
    parts[(*n)++] = (ZipPart){ .name = S("SHA256SUMS"), .bytes = sums };
    parts[(*n)++] = (ZipPart){ .name = S("seal.json"), .bytes = seal_json(a, app, sums, out_fingerprint) };
}

Err package_write(Arena *a, const AppInfo *app, const PackageInfo *info, const Dataset *d, const Figures *f,
                  const Figures *before, Str *out_zip, Str *out_fingerprint)
{
    Opened opened = d->opened ? *d->opened : dataset_open(a, d);
    Buf results = buf_new(a, 1 << 16), figures = buf_new(a, 1 << 16);
    Buf weighting = buf_new(a, 1 << 12);
    if (d->weights)
        weighting_json(&weighting, info->weighting, d);
    results_json(&results, info, d->method, f, LANG_VI);
    figures_csv(&figures, f);
    ZipPart parts[16];
    size_t  n = 0;
    parts[n++] = (ZipPart){ .name = S("README.txt"), .bytes = about_txt(a, info) };
    parts[n++] = (ZipPart){ .name = S("answers.csv"), .bytes = answers_csv(a, d, &opened) };
    parts[n++] = (ZipPart){ .name = S("unplaced.csv"), .bytes = unplaced_csv(a, d, &opened.unplaced) };
    parts[n++] = (ZipPart){ .name = S("codebook.csv"), .bytes = codebook_csv(a, d) };
    parts[n++] = (ZipPart){ .name = S("method.csv"), .bytes = method_table(a, d) };
    parts[n++] = (ZipPart){ .name = S("edition.json"), .bytes = edition_json(a, info, d) };
    parts[n++] = (ZipPart){ .name = S("results.json"), .bytes = buf_str(&results) };
    parts[n++] = (ZipPart){ .name = S("figures.csv"), .bytes = buf_str(&figures) };
    if (d->coded.len)
        parts[n++] = (ZipPart){ .name = S("coded.csv"), .bytes = coded_csv(a, d) };
    if (d->breaks.len)
        parts[n++] = (ZipPart){ .name = S("breakdowns.csv"), .bytes = breaks_csv(a, d) };
    if (d->weights)
        parts[n++] = (ZipPart){ .name = S("weighting.json"), .bytes = buf_str(&weighting) };
    if (before)
        parts[n++] = (ZipPart){ .name = S("changes.csv"), .bytes = changes_csv(a, before, f) };
    package_seal(a, app, parts, &n, out_fingerprint);
    return zip_write(a, parts, n, out_zip);
}
