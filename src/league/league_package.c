/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The open package of a ranking: scheme, rules and cards, from which everything is computed, and what came out, as tables. */
#include "league/parts.h"

#include "base/csv.h"
#include "base/embed.h"
#include "base/zip.h"
#include "edition/edition.h"

#include <math.h>

static const char about[] =
    "%.*s\n"
    "Ấn bản %d. Edition %d.\n%s\n"
    "scheme.json   bộ tiêu chí: điểm tối đa, quy tắc / scheme: points and rules\n"
    "rules.json    quy tắc xếp hạng: bằng điểm, nhóm, đơn vị không xếp hạng, hạt giống mô phỏng / rules of the ranking\n"
    "cards.json    số liệu và điểm thẩm định của từng đơn vị, đọc được bằng `thuocdo index compute` / inputs and verdicts of each unit\n"
    "points.csv    điểm từng đơn vị, từng tiêu chí: counts = base (cộng vào tổng), extra (điểm thưởng, trừ) / points by unit and criterion\n"
    "ranking.csv   tổng điểm, hạng, khoảng hạng, nhóm / totals, ranks with ranges, groups\n"
    "changes.csv   (từ ấn bản 2) mọi số và hạng thay đổi / every number and rank that changed\n"
    "recompute.py  mười dòng Python tính lại bảng xếp hạng / ten lines that compute the ranking again\n\n"
    "Tổng = Σ điểm base × điểm tối đa / (điểm tối đa − Σ điểm tối đa của tiêu chí không áp dụng) + Σ extra. Số giữ đủ chữ số, chỉ làm tròn khi in.\n"
    "Khoảng hạng: 10 000 lần rút tổng điểm theo phân phối chuẩn với sai số chuẩn trong ranking.csv, hạt giống trong rules.json.\n"
    "Kiểm tra: thuocdo index verify TỆP.zip (tổng SHA-256, niêm phong Ed25519, tính lại mọi số).\n";

static Str about_txt(Arena *a, const LeagueBook *b)
{
    return arena_fmt(a, about, STR_ARG(b->title), b->number, b->number, b->label.len ? "\nSỐ LIỆU MINH HỌA. DEMONSTRATION DATA.\n" : "");
}

static Str edition_json(Arena *a, const LeagueBook *b)
{
    Buf t = buf_new(a, 512);
    buf_fmt(&t, "{\"season\":\"%lld\",\"title\":", (long long)b->season.v);
    buf_json_str(&t, b->title);
    buf_fmt(&t, ",\"year\":%d,\"edition\":%d,\"unit_kind\":", b->year, b->number);
    buf_json_str(&t, b->unit_kind);
    buf_lit(&t, ",\"label\":");
    buf_json_str(&t, b->label);
    buf_lit(&t, ",\"reason\":");
    buf_json_str(&t, b->reason);
    buf_lit(&t, ",\"published_at\":");
    buf_json_str(&t, time_iso(a, b->at));
    buf_fmt(&t, ",\"published_ms\":%lld,\"program\":", (long long)b->at.ms);
    buf_json_str(&t, b->program);
    buf_lit(&t, "}\n");
    return buf_str(&t);
}

/* How a criterion enters the total: its leaf, the top of a bonus or penalty, or not by itself. */
Str league_counts(const Scheme *s, size_t at)
{
    const SchemeCriterion *c = &s->at[at];
    if (c->effect == EFFECT_POINTS)
        return c->group ? S("") : S("base");
    return c->up < 0 || s->at[c->up].effect == EFFECT_POINTS ? S("extra") : S("");
}

Str league_points_csv(Arena *a, const LeagueBook *b)
{
    static const char *const head[] = { "unit_id", "unit", "code", "name", "counts", "points", "max", "state", "se" };
    Buf t = buf_new(a, 1 << 18);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_field(&t, str_from_c(head[i]));
    csv_end(&t);
    for (size_t u = 0; u < b->league.len; u++)
        for (size_t i = 0; i < b->scheme.len; i++) {
            const SchemeScore *x = &b->league.at[u].result.at[i];
            csv_num(&t, b->league.at[u].unit);
            csv_field(&t, b->league.at[u].name);
            csv_field(&t, b->scheme.at[i].code);
            csv_field(&t, b->scheme.at[i].name);
            csv_field(&t, league_counts(&b->scheme, i));
            csv_real(&t, x->points);
            csv_real(&t, x->max);
            csv_field(&t, scheme_state_code(x->state));
            csv_real(&t, x->se);
            csv_end(&t);
        }
    return buf_str(&t);
}

static void count_or_none(Buf *t, int n)
{
    if (n)
        csv_num(t, n);
    else
        csv_field(t, S(""));
}

Str league_ranking_csv(Arena *a, const LeagueBook *b)
{
    static const char *const head[] = { "rank", "low", "high", "unit_id", "unit", "total", "percent", "se", "group" };
    Buf t = buf_new(a, 1 << 14);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_field(&t, str_from_c(head[i]));
    csv_end(&t);
    for (size_t u = 0; u < b->league.len; u++) {
        const LeagueRow *x = &b->league.at[u];
        count_or_none(&t, x->rank);
        count_or_none(&t, x->low);
        count_or_none(&t, x->high);
        csv_num(&t, x->unit);
        csv_field(&t, x->name);
        csv_real(&t, x->result.total);
        csv_real(&t, x->result.percent);
        csv_real(&t, x->result.se);
        csv_field(&t, x->group < 0 ? S("") : b->league.rules.groups.at[x->group].name);
        csv_end(&t);
    }
    return buf_str(&t);
}

/* ---- What changed --------------------------------------------------------------------------------------------------------- */

static Str number(Arena *a, double x)
{
    Buf b = buf_new(a, 32);
    if (!isnan(x))
        buf_f64(&b, x);
    return buf_str(&b);
}

static void change(Arena *a, LeagueChanges *out, const LeagueRow *row, Str what, double before, double after)
{
    if (before == after || (isnan(before) && isnan(after)))
        return;
    *list_add(a, out) = (LeagueChange){ row->unit, row->name, what, number(a, before), number(a, after) };
}

LeagueChanges league_changes(Arena *a, const LeagueBook *before, const LeagueBook *now)
{
    LeagueChanges out = { 0 };
    for (size_t u = 0; u < now->league.len; u++) {
        const LeagueRow *y = &now->league.at[u], *x = league_row(&before->league, y->unit);
        change(a, &out, y, S("rank"), x && x->rank ? x->rank : NAN, y->rank ? y->rank : NAN);
        change(a, &out, y, S("total"), x ? x->result.total : NAN, y->result.total);
        for (size_t i = 0; i < now->scheme.len; i++) {
            int at = scheme_find(&before->scheme, now->scheme.at[i].code);
            if (!now->scheme.at[i].group)
                change(a, &out, y, now->scheme.at[i].code, x && at >= 0 ? x->result.at[at].points : NAN, y->result.at[i].points);
        }
    }
    for (size_t u = 0; u < before->league.len; u++)
        if (!league_row(&now->league, before->league.at[u].unit))
            change(a, &out, &before->league.at[u], S("total"), before->league.at[u].result.total, NAN);
    return out;
}

static Str changes_csv(Arena *a, const LeagueBook *before, const LeagueBook *now)
{
    static const char *const head[] = { "unit_id", "unit", "what", "before", "after" };
    LeagueChanges list = league_changes(a, before, now);
    Buf           t    = buf_new(a, 4096);
    for (size_t i = 0; i < COUNT_OF(head); i++)
        csv_field(&t, str_from_c(head[i]));
    csv_end(&t);
    for (size_t i = 0; i < list.len; i++) {
        csv_num(&t, list.at[i].unit);
        csv_field(&t, list.at[i].name);
        csv_field(&t, list.at[i].what);
        csv_typed(&t, list.at[i].before);
        csv_typed(&t, list.at[i].after);
        csv_end(&t);
    }
    return buf_str(&t);
}

static Str shipped(Str name)
{
    for (size_t i = 0; i < data_files_count; i++)
        if (str_eq(data_files[i].name, name))
            return data_files[i].bytes;
    return S("");
}

Err league_package(Arena *a, const AppInfo *app, const LeagueBook *b, const LeagueBook *before, Str *out_zip, Str *out_fingerprint)
{
    ZipPart parts[16];
    size_t  n     = 0;
    Buf     rules = buf_new(a, 512);
    league_rules_write(&rules, &b->league.rules);
    parts[n++] = (ZipPart){ .name = S("README.txt"), .bytes = about_txt(a, b) };
    parts[n++] = (ZipPart){ .name = S("edition.json"), .bytes = edition_json(a, b) };
    parts[n++] = (ZipPart){ .name = S("scheme.json"), .bytes = b->scheme_text };
    parts[n++] = (ZipPart){ .name = S("rules.json"), .bytes = buf_str(&rules) };
    parts[n++] = (ZipPart){ .name = S("cards.json"), .bytes = b->cards_text };
    parts[n++] = (ZipPart){ .name = S("points.csv"), .bytes = league_points_csv(a, b) };
    parts[n++] = (ZipPart){ .name = S("ranking.csv"), .bytes = league_ranking_csv(a, b) };
    parts[n++] = (ZipPart){ .name = S("recompute.py"), .bytes = shipped(S("league/recompute.py")) };
    if (before)
        parts[n++] = (ZipPart){ .name = S("changes.csv"), .bytes = changes_csv(a, before, b) };
    package_seal(a, app, parts, &n, out_fingerprint);
    return zip_write(a, parts, n, out_zip);
}
