/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Log lines: built whole, written with one call, never waiting for a blocked sink. */
#include "base/log.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/moment.h"

#include <unistd.h>

static LogLevel log_least = LOG_INFO;
static bool     log_json;

void log_set(LogLevel least, bool json)
{
    log_least = least;
    log_json  = json;
}

static void add_text(Buf *b, Str s)
{
    /* JSON quoting escapes every control character, so no line can be forged. */
    bool bare = s.len > 0 && !log_json;
    for (size_t i = 0; bare && i < s.len; i++)
        bare = s.at[i] > ' ' && s.at[i] < 0x7F && s.at[i] != '"' && s.at[i] != '=' && s.at[i] != '<';
    if (bare)
        buf_add(b, s);
    else
        buf_json_str(b, s);
}

static void add_field(Buf *b, const char *key, Str text, int64_t num, bool is_num)
{
    if (log_json) {
        buf_byte(b, b->len == 1 ? ' ' : ',');
        buf_json_str(b, str_from_c(key));
        buf_byte(b, ':');
    } else {
        if (b->len)
            buf_byte(b, ' ');
        buf_add(b, str_from_c(key));
        buf_byte(b, '=');
    }
    if (is_num)
        buf_i64(b, num);
    else
        add_text(b, text);
}

void log_write(LogLevel level, const char *event, const LogField *fields, size_t n)
{
    static const Str names[] = { S_INIT("debug"), S_INIT("info"), S_INIT("warn"), S_INIT("error") };
    if (level < log_least)
        return;
    static _Thread_local Arena a;
    if (!a.base)
        a = arena_open(1 << 20);
    Arena scratch = a;
    Buf   b       = buf_new(&scratch, 512);
    if (log_json)
        buf_byte(&b, '{');
    add_field(&b, "time", time_iso(&scratch, time_now()), 0, false);
    add_field(&b, "level", names[level], 0, false);
    add_field(&b, "event", str_from_c(event), 0, false);
    for (size_t i = 0; i < n; i++)
        add_field(&b, fields[i].key, str_take(fields[i].text, 4096), fields[i].num, fields[i].is_num);
    if (log_json)
        buf_byte(&b, '}');
    buf_byte(&b, '\n');
    if (write(STDERR_FILENO, b.at, b.len) < 0)
        return;                        /* nowhere to say it */
}
