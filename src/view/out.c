/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writers with escaping. What may stand where is decided by build-tools/viewc; these know the bytes. */
#include "view/view.h"

#include <math.h>
#include <stdio.h>

Out out_new(Arena *a, Lang lang, size_t room)
{
    return (Out){ .buf = buf_new(a, room), .lang = lang };
}

Str out_text(const Out *o) { return buf_str(&o->buf); }
void out_raw(Out *o, Str literal) { buf_add(&o->buf, literal); }
void out_safe(Out *o, SafeHtml h) { buf_add(&o->buf, h.html); }

static Str html_escape(char c)
{
    switch (c) {
    case '&':  return S("&amp;");
    case '<':  return S("&lt;");
    case '>':  return S("&gt;");
    case '"':  return S("&quot;");
    case '\'': return S("&#39;");
    default:   return S("");
    }
}

void out_html(Out *o, Str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        Str e = html_escape(s.at[i]);
        if (!e.len)
            continue;
        buf_add(&o->buf, (Str){ s.at + from, i - from });
        buf_add(&o->buf, e);
        from = i + 1;
    }
    if (from < s.len)
        buf_add(&o->buf, (Str){ s.at + from, s.len - from });
}

/* Browsers drop control characters and take "\" for "/", so an address with either is refused, as is one that
 * leaves for another host without a scheme. */
static bool url_is_safe(Str s)
{
    size_t end = s.len;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c <= ' ' || c == 0x7f || c == '\\')
            return false;
        if (end == s.len && memchr(":/?#", c, 4))
            end = i;
    }
    if (end == s.len || s.at[end] != ':')
        return !str_starts(s, S("//"));
    Str scheme = str_take(s, end);
    return str_eq_ascii_nocase(scheme, S("https")) || str_eq_ascii_nocase(scheme, S("http"))
           || str_eq_ascii_nocase(scheme, S("mailto")) || str_eq_ascii_nocase(scheme, S("tel"));
}

void out_url(Out *o, Str s)
{
    out_html(o, url_is_safe(s) ? s : S("#"));
}

void out_url_part(Out *o, Str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
                     || c == '.' || c == '~';
        if (plain) {
            buf_byte(&o->buf, (char)c);
        } else {
            buf_byte(&o->buf, '%');
            buf_byte(&o->buf, digits[c >> 4]);
            buf_byte(&o->buf, digits[c & 15]);
        }
    }
}

void out_int(Out *o, int64_t n) { out_raw(o, num_text(o->buf.a, o->lang, n)); }
void out_int_plain(Out *o, int64_t n) { buf_i64(&o->buf, n); }
void out_real(Out *o, Real x) { out_raw(o, real_text(o->buf.a, o->lang, x.v, x.decimals)); }

void out_real_plain(Out *o, Real x)
{
    if (!isfinite(x.v))
        return;
    char   text[64];
    int    n = snprintf(text, sizeof text, "%.*f", x.decimals, x.v);
    size_t len = n > 0 && (size_t)n < sizeof text ? (size_t)n : 0;
    if (memchr(text, '.', len)) {
        while (len && text[len - 1] == '0')
            len--;
        if (len && text[len - 1] == '.')
            len--;
    }
    Str s = { text, len };
    buf_add(&o->buf, str_eq(s, S("-0")) ? S("0") : s);
}

void out_date(Out *o, Date d)
{
    if (!date_is_none(d))
        out_raw(o, date_text(o->buf.a, o->lang, d));
}

void out_date_iso(Out *o, Date d) { out_raw(o, date_iso(o->buf.a, d)); }

void out_time(Out *o, Time t)
{
    if (t.ms)
        out_raw(o, time_text(o->buf.a, o->lang, t));
}

void out_time_iso(Out *o, Time t)
{
    if (t.ms)
        out_raw(o, time_iso(o->buf.a, t));
}

void out_maybe_flag(Out *o, Str name, int64_t is_on)
{
    if (is_on)
        out_raw(o, name);
}

static void out_named(Out *o, Str name, Str value, void (*write)(Out *, Str))
{
    if (!value.len)
        return;
    out_raw(o, name);
    out_raw(o, S("=\""));
    write(o, value);
    out_raw(o, S("\""));
}

void out_maybe(Out *o, Str name, Str value) { out_named(o, name, value, out_html); }
void out_maybe_url(Out *o, Str name, Str value) { out_named(o, name, value, out_url); }
