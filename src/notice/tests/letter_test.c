/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Letters: addresses, encoded words, no header from a text. */
#include "base/test.h"
#include "notice/letter.h"

static Str words(Arena *a, Str text)
{
    Buf b = buf_new(a, 64);
    letter_words(&b, text);
    return buf_str(&b);
}

TEST(letter_addresses_hold_nothing_that_parts_a_header)
{
    static const char *const bad[] = { "", "a", "@b.vn", "a@", "a@b@c.vn", "a b@c.vn", "a@b.vn\r\nBcc: x@y.vn", "a@b.vn\n", "<a@b.vn>", "a@b.vn,c@d.vn",
                                       "\"a\"@b.vn", "a@b.vn;", "tên@b.vn", "-f@b.vn", "a@.vn", "a@b.", "a:b@c.vn", "(a)@b.vn" };
    CHECK(letter_address(S("phuong.nguyen+thuocdo@gialai.gov.vn")));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (letter_address(str_from_c(bad[i])))
            test_fail(__FILE_NAME__, __LINE__, "taken: %s", bad[i]);
}

TEST(letter_subjects_are_encoded_words_of_whole_letters)
{
    CHECK_STR(words(a, S("2 unread notices")), S("2 unread notices"));
    CHECK_STR(words(a, S("Mã")), S("=?UTF-8?B?TcOj?="));
    CHECK_STR(words(a, S("a\r\nBcc: x@y.vn")), S("=?UTF-8?B?YQ0KQmNjOiB4QHkudm4=?="));
    CHECK_STR(words(a, S("=?x?=")), S("=?UTF-8?B?PT94Pz0=?="));
    Buf long_text = buf_new(a, 1024);
    for (int i = 0; i < 100; i++)
        buf_lit(&long_text, "ợ");
    Str    out = words(a, buf_str(&long_text));
    size_t n   = 0;
    while (out.len) {                                    /* lines of 76 at most, each a word of whole letters: 14 of three bytes, the last one two */
        size_t  end;
        bool    more = str_find(out, S("\r\n "), &end);
        Str     line = more ? str_take(out, end) : out;
        CHECK(line.len <= 75 && str_starts(line, S("=?UTF-8?B?")) && (line.len - 12) % 4 == 0);
        n += (line.len - 12) / 4 * 3;
        out = more ? str_skip(out, end + 3) : S("");
    }
    CHECK_INT(n, 300);
}

TEST(letters_have_the_headers_of_the_program_alone)
{
    Letter l   = { .from = S("thuocdo@example.vn"), .to = S("a@b.vn"), .subject = S("Hạn\r\nBcc: c@d.vn\r\n\r\n<b>"),
                   .text = S("Dòng\r\n.\r\nMAIL FROM:<x@y.vn>\r\n"),
                   .id = 77, .at = { 1000 } };
    Str    out = letter_write(a, &l), again = letter_write(a, &l), head = out;
    size_t end = 0;
    CHECK(str_eq(out, again) && str_has(out, S("\r\nMessage-ID: <thuocdo.77@example.vn>\r\n")));
    CHECK(str_has(out, S("\r\nDate: Thu, 01 Jan 1970 00:00:01 +0000\r\n")));
    CHECK(!str_has(out, S("Bcc")) && !str_has(out, S("MAIL FROM")) && !str_has(out, S("\r\n.\r\n")));
    CHECK(str_find(out, S("\r\n\r\n"), &end));
    head = str_take(out, end);
    static const Str names[] = { S_INIT("From: "), S_INIT("To: "), S_INIT("Subject: "), S_INIT("Date: "), S_INIT("Message-ID: "), S_INIT("Auto-Submitted: "),
                                 S_INIT("MIME-Version: "), S_INIT("Content-Type: "), S_INIT("Content-Transfer-Encoding: "), S_INIT(" ") };
    while (head.len) {
        StrPair line = str_cut(head, '\n');
        bool    known = false;
        for (size_t i = 0; i < COUNT_OF(names); i++)
            known |= str_starts(line.head, names[i]);
        if (!known)
            test_fail(__FILE_NAME__, __LINE__, "header %.*s", STR_ARG(line.head));
        head = line.tail;
    }
}
