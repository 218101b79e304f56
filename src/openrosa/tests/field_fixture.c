/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "field_fixture.h"

#include "form/tests/form_test_book.h"

#include <unistd.h>

static const Mount mounts[] = { { "/openrosa", openrosa_routes, openrosa_fail } };

static Str lines_of(Arena *a, const char *version, const char *channels)
{
    return arena_fmt(a,
        "[survey]\ntype|name|label::Tiếng Việt (vi)|required|relevant|constraint|calculation\n"
        "start|bat_dau|||||\nend|ket_thuc|||||\naudit|audit|||||\n"
        "begin_group|chung|Chung||||\n"
        "select_one muc|hai_long|Ông/bà hài lòng không?|yes|||\n"
        "text|ly_do|Vì sao?|yes|${hai_long} = '1'||\n"
        "integer|tuoi|Tuổi|||. >= 15 and . <= 110|\n"
        "end_group||||||\n"
        "image|anh|Ảnh||||\n"
        "image|anh_hai|Ảnh nữa||||\n"
        "select_one tinh|tinh|Tỉnh||||\n"
        "hidden|ma_mau|||||\n"
        "calculate|gap_doi|||||${tuoi} * 2\n"
        "[choices]\nlist_name|name|label::Tiếng Việt (vi)\nmuc|1|Không\nmuc|2|Bình thường\nmuc|3|Hài lòng\n"
        "tinh|01|Hà Nội\ntinh|24|Bắc Ninh\n"
        "[settings]\nform_id|version|td_channels|form_title\nthu-may|%s|%s|Phiếu <thử> & máy\n", version, channels);
}

FormId field_fixture_version(FieldFixture *f, Arena *a, const char *version)
{
    return field_fixture_for(f, a, version, "");
}

FormId field_fixture_for(FieldFixture *f, Arena *a, const char *version, const char *channels)
{
    FormIssues issues = { 0 };
    FormId     id     = { 0 };
    Err        e      = db_begin_write(f->db);
    if (!e)
        e = form_save_xlsx(f->db, f->store, a, test_xlsx(a, arena_c(a, lines_of(a, version, channels))), (UnitId){ UNIT_ROOT }, (PersonId){ 1 }, time_now(),
                           &issues, &id);
    for (size_t i = 0; i < issues.len; i++)
        if (!issues.at[i].warning)
            test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(issues.at[i].message_en));
    if (!e)
        e = db_commit(f->db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    return id;
}

static Err make_round(FieldFixture *f, Arena *a, Time now)
{
    Round   r = { .code = S("thu-may"), .title_vi = S("Đợt thử máy"), .title_en = S("Phone trial"), .owner = { UNIT_ROOT }, .form = f->form,
                  .identity = IDENTITY_OPEN, .device_limit = 1, .closes_at = { now.ms + 30 * MS_DAY }, .unit_question = S("tinh") };
    RoundId id = { 0 };
    TRY(db_begin_write(f->db));
    TRY(unit_load_reference(f->db, a, NULL, NULL));
    TRY(round_create(f->db, a, &r, now, &id));
    TRY(round_set_state(f->db, a, id, ROUND_OPEN, now));
    TRY(round_load(f->db, a, id, &f->round));
    f->device = (Device){ .name = S("Máy 01"), .from = date_of(now), .to = DATE_NONE };
    TRY(device_add(f->db, a, id, &f->device, (PersonId){ 0 }, now, &f->key));
    return db_commit(f->db);
}

static void stop_server(void *server)
{
    http_stop(server);
}

FieldFixture *field_fixture(Store *store, Arena *a, HttpLimits limits)
{
    FieldFixture *f = arena_new(a, FieldFixture, 1);
    *f = (FieldFixture){ .store = store, .db = test_take(store, a), .version = S("1") };
    memset(f->app.key, 7, sizeof f->app.key);
    f->app.store       = store;
    f->app.plain_http  = true;
    f->app.mounts      = mounts;
    f->app.mount_count = COUNT_OF(mounts);
    log_set(LOG_ERROR, false);
    f->form = field_fixture_version(f, a, "1");
    Err e   = make_round(f, a, time_now());
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s (%s:%d)", STR_ARG(e->detail), e->file, e->line);
    f->server = test_server(a, (HttpConfig){ .handle = web_handle, .fast = web_fast, .admit = web_admit, .app = &f->app, .workers = 4, .limits = limits,
                                             .refusal_headers = web_refusal_headers(&f->app, a), .temp_dir = test_folder(a) });
    test_after(stop_server, f->server);
    return f;
}

void field_fixture_step(FieldFixture *f, Arena *a, RoundState to)
{
    Err e = db_begin_write(f->db);
    if (!e) e = round_set_state(f->db, a, f->round.id, to, time_now());
    if (!e) e = db_commit(f->db);
    if (e)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(e->detail));
}

void field_fixture_whole(FieldFixture *f, Arena *a)
{
    StoreFaults faults = { 0 };
    CHECK_OK(collect_check(f->db, f->store, a, &f->app, &faults));
    CHECK_OK(openrosa_check(f->db, f->store, a, &faults));
    for (size_t i = 0; i < faults.len; i++)
        test_fail(__FILE_NAME__, __LINE__, "%.*s", STR_ARG(faults.at[i]));
}

void field_fixture_check(FieldFixture *f, Arena *a)
{
    int64_t n;
    CHECK_OK(openrosa_check_waiting(f->store, a, &f->app, &n));
}

int64_t field_sql(FieldFixture *f, Sql sql)
{
    return test_sql_int(f->db, sql);
}

/* ---- The client --------------------------------------------------------------------------------------------------- */
Str field_send(FieldFixture *f, Arena *a, Str request)
{
    int fd = client_open(f->server);
    client_send(fd, request);
    Str answer = client_answer(a, fd, str_starts(request, S("HEAD")));
    close(fd);
    return answer;
}

Str field_get(FieldFixture *f, Arena *a, const char *method, Str path, Str more)
{
    return field_send(f, a, arena_fmt(a, "%s /openrosa/%.*s%.*s HTTP/1.1\r\nHost: localhost\r\nX-OpenRosa-Version: 1.0\r\nConnection: close\r\n%.*s\r\n",
                                      method, STR_ARG(f->key), STR_ARG(path), STR_ARG(more)));
}

Str field_multipart(Arena *a, const TestPart *parts, size_t n)
{
    Buf b = buf_new(a, 4096);
    for (size_t i = 0; i < n; i++) {
        const TestPart *p = &parts[i];
        buf_fmt(&b, "--XX\r\nContent-Disposition: form-data; name=\"%.*s\"", STR_ARG(p->name));
        if (p->file_name.len)
            buf_fmt(&b, "; filename=\"%.*s\"\r\nContent-Type: %.*s", STR_ARG(p->file_name), STR_ARG(p->type));
        buf_lit(&b, "\r\n\r\n");
        buf_add(&b, p->bytes);
        buf_lit(&b, "\r\n");
    }
    buf_lit(&b, "--XX--\r\n");
    return buf_str(&b);
}

Str field_post_bytes(FieldFixture *f, Arena *a, Str body, bool chunked)
{
    Buf b = buf_new(a, body.len + 4096);
    buf_fmt(&b, "POST /openrosa/%.*s/submission?deviceID=collect%%3AABC HTTP/1.1\r\nHost: localhost\r\nX-OpenRosa-Version: 1.0\r\n"
                "Date: Sun, 22 11 2026 03:15:00 CH\r\nUser-Agent: org.odk.collect.android/v2026.2\r\nConnection: close\r\n"
                "Content-Type: multipart/form-data; boundary=XX\r\n", STR_ARG(f->key));
    if (!chunked)
        buf_fmt(&b, "Content-Length: %zu\r\n\r\n", body.len);
    else
        buf_lit(&b, "Transfer-Encoding: chunked\r\n\r\n");
    for (size_t at = 0; chunked && at < body.len; at += 700) {
        Str piece = str_take(str_skip(body, at), 700);
        buf_fmt(&b, "%zx\r\n", piece.len);
        buf_add(&b, piece);
        buf_lit(&b, "\r\n");
    }
    buf_add(&b, chunked ? S("0\r\n\r\n") : body);
    return buf_str(&b);
}

TestPart test_part(Str name, Str bytes)
{
    return (TestPart){ name, name, S("image/jpeg"), bytes };
}

Str field_post(FieldFixture *f, Arena *a, Str xml, const TestPart *files, size_t n, bool incomplete)
{
    TestPart *parts = arena_new(a, TestPart, n + 2);
    size_t    count = 0;
    parts[count++]  = (TestPart){ S("xml_submission_file"), S("phieu.xml"), S("text/xml"), xml };
    for (size_t i = 0; i < n; i++)
        parts[count++] = files[i];
    if (incomplete)
        parts[count++] = (TestPart){ .name = S("*isIncomplete*"), .bytes = S("yes") };
    return field_send(f, a, field_post_bytes(f, a, field_multipart(a, parts, count), false));
}

Str field_xml_of(FieldFixture *f, Arena *a, Str instance, int level, Str picture, Str meta)
{
    Str id = instance.len ? arena_fmt(a, "<orx:instanceID>%.*s</orx:instanceID>", STR_ARG(instance)) : S("");
    return arena_fmt(a, "<?xml version='1.0' ?><data xmlns:orx=\"http://openrosa.org/xforms\" id=\"thu-may\" version=\"%.*s\">"
                        "<bat_dau>2026-11-22T08:00:00.000+07:00</bat_dau><ket_thuc>2026-11-22T08:20:00.000+07:00</ket_thuc>"
                        "<chung><hai_long>%d</hai_long><tuoi>40</tuoi></chung><anh>%.*s</anh><anh_hai/><tinh>24</tinh><gap_doi>80</gap_doi>"
                        "<orx:meta>%.*s%.*s</orx:meta></data>", STR_ARG(f->version), level, STR_ARG(picture), STR_ARG(id), STR_ARG(meta));
}

Str field_message(Str answer)
{
    size_t from, to;
    Str    body = answer_body(answer);
    if (!str_starts(body, S("<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"")) || !str_find(body, S("<message nature=\""), &from))
        return S("");
    Str rest = str_cut(str_skip(body, from), '>').tail;
    return str_find(rest, S("</message>"), &to) ? str_take(rest, to) : S("");
}

Str field_code_of(Str answer)
{
    size_t at;
    Str    text = field_message(answer);
    return str_find(text, S("mã "), &at) ? str_take(str_skip(text, at + 4), 7) : S("");
}
