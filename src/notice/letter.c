/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Letters as bytes. */
#include "notice/letter.h"

#include <sodium.h>
#include <time.h>

enum { WORD_BYTES = 42, PLAIN_MOST = 60, LINE_BYTES = 57, ADDRESS_MOST = 254 };      /* 42 bytes are 56 letters of an encoded word */

bool letter_address(Str s)
{
    size_t at = 0, marks = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char x = (unsigned char)s.at[i];
        if (x <= ' ' || x >= 127 || strchr("<>()[]\\,;:\"", x))
            return false;
        if (x == '@') {
            at = i;
            marks++;
        }
    }
    return marks == 1 && at > 0 && at + 1 < s.len && s.len <= ADDRESS_MOST && s.at[0] != '-' && s.at[at + 1] != '.' && s.at[s.len - 1] != '.';
}

static void base64(Buf *b, Str bytes)
{
    char out[4 * WORD_BYTES];
    sodium_bin2base64(out, sizeof out, (const unsigned char *)bytes.at, bytes.len, sodium_base64_VARIANT_ORIGINAL);
    buf_add(b, str_from_c(out));
}

static bool is_plain(Str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] < ' ' || (unsigned char)text.at[i] >= 127)
            return false;
    return text.len <= PLAIN_MOST && !str_has(text, S("=?"));
}

/* Bytes of the text that fit a word without parting a character. */
static size_t word_len(Str text)
{
    size_t n = text.len < WORD_BYTES ? text.len : WORD_BYTES;
    while (n < text.len && n > 1 && ((unsigned char)text.at[n] & 0xC0) == 0x80)
        n--;
    return n;
}

void letter_words(Buf *b, Str text)
{
    if (is_plain(text)) {
        buf_add(b, text);
        return;
    }
    for (bool first = true; text.len; first = false) {
        size_t n = word_len(text);
        if (!first)
            buf_lit(b, "\r\n ");
        buf_lit(b, "=?UTF-8?B?");
        base64(b, str_take(text, n));
        buf_lit(b, "?=");
        text = str_skip(text, n);
    }
}

static void date_header(Buf *b, Time at)
{
    char      text[64];
    time_t    t = (time_t)(at.ms / 1000);
    struct tm when;
    gmtime_r(&t, &when);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &when);
    buf_fmt(b, "Date: %s\r\n", text);
}

Str letter_write(Arena *a, const Letter *l)
{
    Buf b = buf_new(a, 1024 + 2 * l->text.len);
    buf_fmt(&b, "From: <%.*s>\r\nTo: <%.*s>\r\nSubject: ", STR_ARG(l->from), STR_ARG(l->to));
    letter_words(&b, l->subject);
    buf_lit(&b, "\r\n");
    date_header(&b, l->at);
    buf_fmt(&b, "Message-ID: <thuocdo.%lld@%.*s>\r\n", (long long)l->id, STR_ARG(str_cut(l->from, '@').tail));
    buf_lit(&b, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    for (Str rest = l->text; rest.len; rest = str_skip(rest, LINE_BYTES < rest.len ? LINE_BYTES : rest.len)) {
        base64(&b, str_take(rest, LINE_BYTES));
        buf_lit(&b, "\r\n");
    }
    return buf_str(&b);
}
