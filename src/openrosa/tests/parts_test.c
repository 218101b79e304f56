/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The small parts: root reader, log of the phone, settings in the QR code, names and kinds of files, states of a key. */
#include "base/json.h"
#include "base/test.h"
#include "openrosa/parts.h"
#include "openrosa/settings.h"

#include <sodium.h>
#include <zlib.h>

TEST(field_root_reader_finds_ids_in_either_namespace)
{
    Instance in;
    CHECK_OK(instance_read(a, S("<d id=' f ' version='2' xmlns='urn:x'><g><x> một </x><y/></g><meta><instanceID>uuid:1</instanceID></meta></d>"), &in));
    CHECK_STR(in.form_id, S("f"));
    CHECK_STR(in.version, S("2"));
    CHECK_STR(in.instance_id, S("uuid:1"));
    CHECK_INT(in.leaves.len, 1);
    CHECK_STR(in.leaves.at[0].path, S("/g/x"));
    CHECK_STR(in.leaves.at[0].text, S("một"));
    CHECK_OK(instance_read(a, S("<d id='f' xmlns:o='http://openrosa.org/xforms'><o:meta><o:instanceID>i</o:instanceID>"
                                "<o:deprecatedID>h</o:deprecatedID></o:meta></d>"), &in));
    CHECK_STR(in.instance_id, S("i"));
    CHECK_STR(in.deprecated_id, S("h"));
    CHECK_OK(instance_read(a, S("<d id='f' xmlns:o='urn:other'><meta><o:instanceID>i</o:instanceID></meta></d>"), &in));
    CHECK(!in.instance_id.len);
    CHECK_OK(instance_read(a, S("<d xmlns='http://example.org/f'/>"), &in));
    CHECK_STR(in.form_id, S("http://example.org/f"));
    CHECK_OK(instance_read(a, S("<data id='f' encrypted='yes'/>"), &in));
    CHECK(!in.encrypted);                                           /* only in the namespace of encrypted submissions */
    CHECK_ERR(instance_read(a, S("<d/>"), &in), ERR_INVALID);
    CHECK_ERR(instance_read(a, S("<d id='f'>"), &in), ERR_INVALID);
    Buf deep = buf_new(a, 1000);
    for (int i = 0; i < 40; i++)
        buf_lit(&deep, "<d id='f'>");
    for (int i = 0; i < 40; i++)
        buf_lit(&deep, "</d>");
    CHECK(instance_read(a, buf_str(&deep), &in) != OK);
}

/* 60,000 questions are more than the tree may take: the envelope is read all the same. */
TEST(field_root_reader_keeps_no_tree_of_large_xml)
{
    Instance small, large, again;
    Buf      b = buf_new(a, 1 << 20);
    buf_lit(&b, "<d id='f'><meta><instanceID>uuid:1</instanceID></meta>");
    for (int i = 0; i < 45000; i++)
        buf_lit(&b, "<x>1</x>");
    buf_lit(&b, "</d>");
    CHECK_OK(instance_read(a, S("<d id='f'><x>1</x></d>"), &small));
    CHECK(small.root && str_eq(small.root->first->name, S("x")));
    size_t before = arena_used(a);
    CHECK_OK(instance_read(a, buf_str(&b), &large));
    CHECK(!large.root && arena_used(a) - before < 12 << 20);
    CHECK_OK(instance_read_events(a, buf_str(&b), &again));
    CHECK_STR(large.instance_id, S("uuid:1"));
    CHECK_INT(large.leaves.len, 45000);
    CHECK_INT(again.leaves.len, 45000);
}

TEST(field_log_is_read_leniently)
{
    FieldTimes t;
    CHECK(!audit_log_read(a, S(""), &t));
    CHECK(!audit_log_read(a, S("a,b\n1,2\n"), &t));
    CHECK(!audit_log_read(a, S("event,node,start,end\n,,,\nx,y,z,w\n"), &t));
    CHECK(audit_log_read(a, S("event,node,start,end,latitude,old-value\nquestion,/data/a,1763769600000,1763769601500,10.1,x\n"
                              "new kind,,1763769601500,\nquestion,/data/a,1763769602000,1763769600000\n\"broken"), &t));
    CHECK_INT(t.questions.len, 1);
    CHECK_INT(t.questions.at[0].ms, 1500);
    CHECK_INT(t.questions.at[0].visits, 2);
    CHECK_INT(t.interview_ms, 2000);
    CHECK_INT(t.pauses, 0);
    CHECK(!t.night);
    CHECK_STR(audit_log_json(a, &t), S("[{\"node\":\"/data/a\",\"seconds\":1.5,\"visits\":2}]"));
    CHECK(audit_log_read(a, S("event,node,start,end\nquestion,/data/a,1763825400000,1763825401000\n"), &t));    /* 22:30 in Viet Nam */
    CHECK(t.night);
    CHECK(audit_log_read(a, S("event,node,start,end\nquestion,/data/a,1763823590000,1763823610000\n"), &t));    /* from before 22:00 into it */
    CHECK(t.night);
}

TEST(field_settings_are_a_zlib_stream_in_base64)
{
    CollectSettings s    = { S("https://do.example/openrosa/K"), S("dtv012"), S("SIPAS \"2026\""), S("S") };
    Str             code = collect_settings_code(a, &s);
    unsigned char   packed[1000], text[2000];
    size_t          len;
    uLongf          n = sizeof text;
    CHECK(!str_has(code, S("\n")) && code.len > 100);
    CHECK(sodium_base642bin(packed, sizeof packed, code.at, code.len, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0);
    CHECK_INT(packed[0], 0x78);                                     /* RFC 1950, neither gzip nor bare */
    CHECK(uncompress(text, &n, packed, len) == Z_OK);
    const Json *tree;
    CHECK_OK(json_parse(a, (Str){ (const char *)text, n }, &tree));
    Str url = { 0 }, name = { 0 };
    CHECK(json_str(json_get(json_get(tree, S("general")), S("server_url")), &url));
    CHECK_STR(url, s.server_url);
    CHECK(json_get(tree, S("admin")) != NULL);
    CHECK(json_str(json_get(json_get(tree, S("project")), S("name")), &name));
    CHECK_STR(name, s.project);
}

TEST(field_files_are_told_by_their_first_bytes)
{
    CHECK_STR(file_type_sniffed(S("\xFF\xD8\xFF\xE0 JFIF")), S("image/jpeg"));
    CHECK_STR(file_type_sniffed(S("\x89PNG\r\n\x1A\n")), S("image/png"));
    CHECK_STR(file_type_sniffed(S("RIFF....WEBPVP8 ")), S("image/webp"));
    CHECK_STR(file_type_sniffed(S("<svg onload='x'>")), S("text/plain"));
    CHECK_STR(file_type_sniffed(S("")), S("application/octet-stream"));
    CHECK_STR(file_type_sniffed(S("a\0b")), S("application/octet-stream"));
    CHECK(file_type_picture(S("image/jpeg")) && !file_type_picture(S("image/svg+xml")) && !file_type_picture(S("text/plain")));
    CHECK_STR(field_file_name(a, S("../a\xCC\x81.jpg")), S("á.jpg"));
    CHECK_STR(field_file_name(a, S("")), S("_"));
    CHECK_STR(field_code(a, S("TD26-7H4K-Q2MX-9B3E")), S("7H4K-Q2"));
}

TEST(field_key_has_its_days)
{
    Device d = { .from = date_from_ymd(2026, 11, 2), .to = date_from_ymd(2026, 11, 20) };
    CHECK_INT(device_state(&d, date_from_ymd(2026, 11, 1)), DEVICE_LATER);
    CHECK_INT(device_state(&d, date_from_ymd(2026, 11, 2)), DEVICE_ACTIVE);
    CHECK_INT(device_state(&d, date_from_ymd(2026, 11, 20)), DEVICE_ACTIVE);
    CHECK_INT(device_state(&d, date_from_ymd(2026, 11, 21)), DEVICE_ENDED);
    d.to = DATE_NONE;
    CHECK_INT(device_state(&d, date_from_ymd(2036, 1, 1)), DEVICE_ACTIVE);
    d.revoked_at = (Time){ 1 };
    CHECK_INT(device_state(&d, date_from_ymd(2026, 11, 3)), DEVICE_REVOKED);
    CHECK_STR(device_url(a, S("https://do.example/"), S("K")), S("https://do.example/openrosa/K"));
}
