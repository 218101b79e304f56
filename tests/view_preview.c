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
