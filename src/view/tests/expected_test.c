/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each component and frame writes, compared with a saved page. UPDATE_EXPECTED=1 build/unit-tests expected
 * rewrites the pages; look at the difference before committing it. */
#include "base/test.h"
#include "view/component.h"

#include "gallery.html.h"
#include "source_root.h"

#include <stdio.h>
#include <stdlib.h>

/* Hashes of assets change with every sheet: "/assets/site.0123456789.css" becomes "/assets/site.HASH.css". */
static Str without_hashes(Arena *a, Str s)
{
    for (size_t i = 0; i < asset_files_count; i++) {
        Str url = asset_files[i].url, name = asset_files[i].name;
        StrPair p = str_cut_last(name, '.');
        s = str_replace(a, s, url, arena_fmt(a, "/assets/%.*s.HASH.%.*s", STR_ARG(p.head), STR_ARG(p.tail)));
    }
    return s;
}

static Str read_file(Arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return S("");
    Buf b = buf_new(a, 1 << 16);
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (Str){ piece, n });
    fclose(f);
    return buf_str(&b);
}

static void compare(Arena *a, const char *name, Str got)
{
    const char *path = arena_c(a, arena_fmt(a, "%s/src/view/tests/expected/%s.html", SOURCE_ROOT, name));
    got = str_concat(a, S("<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n"), without_hashes(a, got));
    if (getenv("UPDATE_EXPECTED")) {
        FILE *f = fopen(path, "wb");
        CHECK(f && fwrite(got.at, 1, got.len, f) == got.len);
        if (f)
            fclose(f);
        return;
    }
    Str want = read_file(a, path);
    if (str_eq(got, want))
        return;
    size_t at = 0, line = 1;
    for (; at < got.len && at < want.len && got.at[at] == want.at[at]; at++)
        line += got.at[at] == '\n';
    test_fail(__FILE_NAME__, __LINE__, "%s.html differs on line %zu: \"%.*s\"", name, line, STR_ARG(str_take(str_skip(got, at), 80)));
}

TEST(expected_components)
{
    static const struct { const char *name; void (*write)(Out *); } parts[] = {
        { "buttons", gallery_buttons }, { "fields", gallery_fields },   { "choices", gallery_choices }, { "messages", gallery_messages },
        { "tags", gallery_tags },       { "lists", gallery_lists },     { "reading", gallery_reading }, { "work", gallery_work },
        { "confirm", gallery_confirm }, { "numbers", gallery_numbers },
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        Out o = out_new(a, LANG_VI, 4096);
        parts[i].write(&o);
        compare(a, parts[i].name, out_text(&o));
    }
}

static Page sample(Arena *a, PageKind kind)
{
    Page p = { .kind = kind, .title = S("Việc của tôi"), .description = S("Trang thử"), .canonical = S("/thu"), .here = S("/thu?a=1&b=2"),
               .site_url = S("https://thuocdo.example"), .path_vi = S("/thu"), .path_en = S("/en/thu"), .simulated = true,
               .share_image = S("https://thuocdo.example/share.png"), .user_name = S("Nguyễn Thị Phượng"), .user_role = S("chuyên viên"),
               .unit_name = S("Tỉnh Gia Lai"), .year = 2026, .made_at = { INT64_C(1795341900000) }, .form_token = S("token"),
               .agency = S("Bộ Nội vụ"), .agency_address = S("Hà Nội"), .agency_phone = S("1800 0000"), .help_phone = S("1800 0000"),
               .survey_owner = S("Bộ Nội vụ"), .survey_title = S("Đường Nguyễn Thượng Hiền"), .notice_kind = NOTICE_OK, .notice = S("Đã lưu.") };
    *list_add(a, &p.nav) = (NavItem){ .label = S("Trang chủ"), .href = S("/") };
    *list_add(a, &p.nav) = (NavItem){ .label = S("Kết quả"), .href = S("/results"), .current = true, .waiting = 14, .level = 1 };
    *list_add(a, &p.crumbs) = (Crumb){ S("Trang chủ"), S("/") };
    *list_add(a, &p.crumbs) = (Crumb){ S("Kết quả"), S("") };
    return p;
}

static Str framed(Arena *a, const Page *p, Lang lang)
{
    Out o = out_new(a, lang, 8192);
    page_open(&o, p);
    out_raw(&o, S("<h1>Tiêu đề</h1>\n"));
    page_close(&o, p);
    return out_text(&o);
}

TEST(expected_frames)
{
    static const struct { const char *name; PageKind kind; Lang lang; } frames[] = {
        { "frame_public", PAGE_PUBLIC, LANG_VI }, { "frame_public_en", PAGE_PUBLIC, LANG_EN }, { "frame_console", PAGE_CONSOLE, LANG_VI },
        { "frame_respondent", PAGE_RESPONDENT, LANG_VI }, { "frame_bare", PAGE_BARE, LANG_VI }, { "frame_embed", PAGE_EMBED, LANG_VI },
    };
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        Page p = sample(a, frames[i].kind);
        compare(a, frames[i].name, framed(a, &p, frames[i].lang));
    }
}

TEST(frame_shows_switches_and_errors_in_words)
{
    Page p = sample(a, PAGE_PUBLIC);
    p.theme = S("dark"), p.text_size = S("a2"), p.contrast = S("high"), p.error = true, p.no_index = true;
    Str got = framed(a, &p, LANG_VI);
    CHECK(str_has(got, S("class=\"theme-dark text-a2 contrast-high\"")));
    CHECK(str_has(got, S("<title>Lỗi: Việc của tôi – thước đo</title>")));
    CHECK(str_has(got, S("name=\"robots\" content=\"noindex\"")));
    CHECK(str_has(got, S("/display?theme=light&amp;back=%2Fthu%3Fa%3D1%26b%3D2")));
    CHECK(str_has(got, S("/display?contrast=normal&amp;")));
}

TEST(frames_hold_no_inline_style_or_script)
{
    for (int kind = PAGE_PUBLIC; kind <= PAGE_EMBED; kind++) {
        Page p = sample(a, (PageKind)kind);
        Str got = framed(a, &p, LANG_VI);
        CHECK(!str_has(got, S("style=\"")) && !str_has(got, S("<style")) && !str_has(got, S("<script>")) && !str_has(got, S(" onclick")));
    }
}
