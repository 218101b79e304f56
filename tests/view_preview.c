/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* view-preview DIR: writes the page frames, the component gallery and the assets to a folder, to be looked at through
 * any static file server (python3 -m http.server --directory DIR). */
#include "view/component.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *dir;

static void write_file(Arena *a, Str name, Str bytes)
{
    Str path = arena_fmt(a, "%s/%.*s", dir, STR_ARG(name));
    FILE *f = fopen(arena_c(a, path), "wb");
    if (!f || fwrite(bytes.at, 1, bytes.len, f) != bytes.len || fclose(f)) {
        perror(arena_c(a, path));
        exit(74);
    }
}

static void write_assets(Arena *a)
{
    mkdir(arena_c(a, arena_fmt(a, "%s/assets", dir)), 0755);
    mkdir(arena_c(a, arena_fmt(a, "%s/assets/fonts", dir)), 0755);
    for (size_t i = 0; i < asset_files_count; i++)
        write_file(a, str_skip(asset_files[i].url, 1), asset_files[i].plain);
}

static Page sample(Arena *a, PageKind kind)
{
    Page p = { .kind = kind, .title = S("Việc của tôi"), .description = S("Trang thử"), .here = S("/thu"), .path_vi = S("/thu"),
               .path_en = S("/en/thu"), .simulated = true, .user_name = S("Nguyễn Thị Phượng"), .user_role = S("chuyên viên Sở Nội vụ"),
               .unit_name = S("Tỉnh Gia Lai"), .year = 2026, .made_at = { INT64_C(1795341900000) }, .form_token = S("x"),
               .agency = S("Bộ Nội vụ, Vụ Cải cách hành chính"), .agency_address = S("8 Tôn Thất Thuyết, Cầu Giấy, Hà Nội"),
               .agency_phone = S("1800 0000"), .help_phone = S("1800 0000"), .survey_owner = S("Bộ Nội vụ"),
               .survey_title = S("Hài lòng khi làm thủ tục tại bộ phận một cửa"), .notice_kind = NOTICE_OK, .notice = S("Đã lưu đợt khảo sát."),
               .site_url = S("https://thuocdo.example"), .canonical = S("/thu") };
    static const char *const names[] = { "Trang chủ", "Kết quả", "Khảo sát", "Chỉ số", "Đơn vị", "Phương pháp", "Dữ liệu mở" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        *list_add(a, &p.nav) = (NavItem){ .label = str_from_c(names[i]), .href = S("/thu"), .current = i == 1, .waiting = i == 2 ? 14 : 0, .level = i > 2 };
    *list_add(a, &p.crumbs) = (Crumb){ S("Trang chủ"), S("/") };
    *list_add(a, &p.crumbs) = (Crumb){ S("Trang thử"), S("") };
    return p;
}

static void write_page(Arena *a, const char *name, const Page *p, Lang lang, void (*body)(Out *o))
{
    Out o = out_new(a, lang, 64 << 10);
    page_open(&o, p);
    body(&o);
    page_close(&o, p);
    write_file(a, str_from_c(name), out_text(&o));
}

static void plain_body(Out *o)
{
    out_raw(o, S("<div class=\"wrap\"><h1>Tiêu đề trang</h1><p class=\"lead mt\">ẲNG ỆCH Ộ Ữ Ỵ ƠỚỢ Đường Nguyễn Thượng Hiền</p></div>"));
}

static void question_body(Out *o)
{
    static const Choice steps[] = {
        { .value = S_INIT("1"), .label = S_INIT("Rất không hài lòng") }, { .value = S_INIT("2"), .label = S_INIT("Không hài lòng") },
        { .value = S_INIT("3"), .label = S_INIT("Bình thường") },        { .value = S_INIT("4"), .label = S_INIT("Hài lòng") },
        { .value = S_INIT("5"), .label = S_INIT("Rất hài lòng") },
    };
    static const Choice none = { .value = S_INIT("9"), .label = S_INIT("Không có ý kiến / không biết") };
    static FieldError items[] = { { S_INIT("a"), S_INIT("Chọn một mức độ hài lòng, hoặc chọn “Không có ý kiến / không biết”") } };
    FieldErrors errors = { .at = items, .len = 1 };
    out_raw(o, S("<div class=\"r-col\">"));
    back_link(o, S("/thu"));
    error_summary(o, &errors);
    form_open(o, S("/thu"), S("x"), false);
    radios(o, &(ChoiceList){ .f = { .name = S("a"), .label = S("Ông/bà hài lòng ở mức nào với thời gian chờ đến lượt tại bộ phận một cửa?"),
                                    .hint = S("Xin nghĩ về lần gần nhất ông/bà làm thủ tục, kể từ ngày 01/01/2026."), .error = errors.at[0].message },
                             .at = steps, .len = 5, .apart = &none, .rows = true, .heading = true, .part = S("Phần 2 trên 5: Thủ tục hành chính") });
    button(o, &(Button){ .label = S("Tiếp tục") });
    form_close(o);
    out_raw(o, S("<p class=\"saved\">Đã lưu 7 câu trả lời lúc 17:05.</p></div><aside class=\"r-aside\"><h2>Muốn dừng và trả lời tiếp sau?</h2>"
                 "<p>Ghi lại mã này. Dùng được trên máy bất kỳ, đến hết ngày 30/11/2026.</p><p class=\"code mt-s\">K7M4-PX29-QD</p></aside>"));
}

static void sent_body(Out *o)
{
    out_raw(o, S("<div class=\"r-col\">"));
    sent_mark(o);
    out_raw(o, S("<h1 class=\"q\">Phiếu của ông/bà đã được nhận</h1><p>Cảm ơn ông/bà. Phiếu được nhận lúc 17:05 ngày 22/11/2026.</p>"));
    receipt_block(o, &(ReceiptBlock){ .code = S("TD26-7H4K-Q2MX-9B3E"), .qr = S("https://thuocdo.example/receipt?code=TD26-7H4K-Q2MX-9B3E"),
                                      .note = S("Mã này chứng minh phiếu được tính trong kết quả công bố. Mã không cho ai biết ông/bà đã trả lời gì."),
                                      .acts = (TabItem[]){ { .label = S("Kiểm tra biên nhận"), .href = S("/receipt") } }, .act_count = 1 });
    out_raw(o, S("<h2 class=\"mt-l\">Việc tiếp theo</h2>"));
    timeline_list(o, (TimelineItem[]){ { .title = S("22/11/2026: đã nhận phiếu"), .text = S("Phiếu được lưu, không kèm tên."), .state = STEP_DONE },
                                       { .title = S("Đến hết 30/11/2026: có thể rút phiếu"), .href = S("/"), .link = S("Rút phiếu"), .state = STEP_NOW },
                                       { .title = S("15/01/2027: công bố kết quả"), .text = S("Có danh sách đã tính.") } }, 3);
    out_raw(o, S("</div>"));
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: view-preview DIR\n", stderr);
        return 64;
    }
    dir = argv[1];
    Arena arena = arena_open(64 << 20), *a = &arena;
    mkdir(dir, 0755);
    write_assets(a);
    static const struct { const char *name; PageKind kind; Lang lang; } frames[] = {
        { "public.html", PAGE_PUBLIC, LANG_VI }, { "public-en.html", PAGE_PUBLIC, LANG_EN }, { "console.html", PAGE_CONSOLE, LANG_VI },
        { "respondent.html", PAGE_RESPONDENT, LANG_VI }, { "bare.html", PAGE_BARE, LANG_VI }, { "embed.html", PAGE_EMBED, LANG_VI },
    };
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        Page p = sample(a, frames[i].kind);
        write_page(a, frames[i].name, &p, frames[i].lang, plain_body);
        p.theme = S("dark");
        write_page(a, arena_c(a, arena_fmt(a, "dark-%s", frames[i].name)), &p, frames[i].lang, plain_body);
    }
    Page q = sample(a, PAGE_RESPONDENT);
    q.notice = S(""), q.simulated = false;
    write_page(a, "question.html", &q, LANG_VI, question_body);
    write_page(a, "sent.html", &q, LANG_VI, sent_body);
    q.theme = S("dark");
    write_page(a, "question-dark.html", &q, LANG_VI, question_body);
    q.theme = S(""), q.contrast = S("high"), q.text_size = S("a3");
    write_page(a, "question-high.html", &q, LANG_VI, question_body);
    Page p = sample(a, PAGE_PUBLIC);
    write_page(a, "gallery.html", &p, LANG_VI, component_gallery);
    write_page(a, "gallery-en.html", &p, LANG_EN, component_gallery);
    p.theme = S("dark");
    write_page(a, "gallery-dark.html", &p, LANG_VI, component_gallery);
    p.theme = S(""), p.text_size = S("a3");
    write_page(a, "gallery-a3.html", &p, LANG_VI, component_gallery);
    p.contrast = S("high");
    write_page(a, "gallery-high.html", &p, LANG_VI, component_gallery);
    arena_close(&arena);
    return 0;
}
