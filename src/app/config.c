/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading settings from files, the environment and flags. */
#include "app/config.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

static int setting_find(Str name)
{
    for (size_t i = 0; i < settings_count; i++)
        if (str_eq(name, str_from_c(settings_table[i].name)))
            return (int)i;
    return -1;
}

/* Edit distance, cut off: both names are short. */
static size_t distance(Str x, Str y)
{
    size_t row[80];
    if (x.len >= COUNT_OF(row))
        return x.len;
    for (size_t i = 0; i <= x.len; i++)
        row[i] = i;
    for (size_t j = 1; j <= y.len; j++) {
        size_t corner = row[0];
        row[0]        = j;
        for (size_t i = 1; i <= x.len; i++) {
            size_t here = corner + (x.at[i - 1] != y.at[j - 1]);
            corner      = row[i];
            if (row[i] + 1 < here)
                here = row[i] + 1;
            if (row[i - 1] + 1 < here)
                here = row[i - 1] + 1;
            row[i] = here;
        }
    }
    return row[x.len];
}

static Str nearest(Str name)
{
    size_t best = (size_t)-1, at = 0;
    for (size_t i = 0; i < settings_count; i++) {
        size_t d = distance(name, str_from_c(settings_table[i].name));
        if (d < best) {
            best = d;
            at   = i;
        }
    }
    return str_from_c(settings_table[at].name);
}

static bool switch_read(Str s, bool *out)
{
    *out = str_eq(s, S("on")) || str_eq(s, S("yes")) || str_eq(s, S("true")) || str_eq(s, S("1"));
    return *out || str_eq(s, S("off")) || str_eq(s, S("no")) || str_eq(s, S("false")) || str_eq(s, S("0"));
}

/* Whether value is one of the words of a choice, "text|json". */
static bool choice_has(Str choices, Str value)
{
    while (choices.len) {
        StrPair cut = str_cut(choices, '|');
        if (str_eq(cut.head, value))
            return true;
        choices = cut.tail;
    }
    return false;
}

/* "https://host", "http://10.0.0.1:8080", "https://[::1]": links are written behind it, so no slash, path or query. */
static bool address_fits(Str url)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    Str     rest = str_starts(url, S("https://")) ? str_skip(url, 8) : str_starts(url, S("http://")) ? str_skip(url, 7) : S("");
    bool    six  = rest.len > 0 && rest.at[0] == '[';
    StrPair name = str_cut(rest, six ? ']' : ':');
    Str     port = six ? name.tail : (Str){ rest.at + name.head.len, rest.len - name.head.len };
    int64_t n    = 1;
    for (size_t i = 0; i < rest.len; i++)
        if (rest.at[i] == 0 || !strchr(host, rest.at[i]))
            return false;
    if (name.head.len < (six ? 3u : 1u) || (six && name.head.len == rest.len) || name.head.at[0] == '.' || name.head.at[0] == '-')
        return false;
    return !port.len || (port.at[0] == ':' && str_to_i64(str_skip(port, 1), &n) && n > 0 && n < 65536);
}

static Err setting_check(Arena *a, const Setting *s, Str value, Str where)
{
    int64_t n;
    bool    on;
    if (s->type == SETTING_NUMBER && (!str_to_i64(value, &n) || n < s->least || n > s->most))
        return err_fmt(a, ERR_CONFIG, "%.*s: %s needs a whole number from %lld to %lld", STR_ARG(where), s->name,
                       (long long)s->least, (long long)s->most);
    if (s->type == SETTING_SWITCH && !switch_read(value, &on))
        return err_fmt(a, ERR_CONFIG, "%.*s: %s needs on or off", STR_ARG(where), s->name);
    if (s->type == SETTING_ADDRESS && value.len && !address_fits(value))
        return err_fmt(a, ERR_CONFIG, "%.*s: %s needs http:// or https://, a host and perhaps a port, nothing behind it: "
                       "https://thuocdo.example.vn, not \"%.*s\"",
                       STR_ARG(where), s->name, STR_ARG(value));
    if (s->type == SETTING_CHOICE && !choice_has(str_from_c(s->unit), value))
        return err_fmt(a, ERR_CONFIG, "%.*s: %s is one of %s", STR_ARG(where), s->name, s->unit);
    return OK;
}

static Err setting_put(Arena *a, Config *c, Str name, Str value, Str where)
{
    int i = setting_find(name);
    if (i < 0)
        return err_fmt(a, ERR_CONFIG, "%.*s: unknown key \"%.*s\"; did you mean \"%.*s\"?", STR_ARG(where), STR_ARG(name),
                       STR_ARG(nearest(name)));
    TRY(setting_check(a, &settings_table[i], value, where));
    c->value[i]  = arena_str(a, value);
    c->source[i] = where;
    return OK;
}

/* Lines "name = value" or, below a line "[section]", "key = value"; # begins a comment line. */
static Err config_file(Arena *a, Config *c, Str path, Str text)
{
    Str section = S("");
    int number  = 0;
    while (text.len) {
        StrPair cut = str_cut(text, '\n');
        Str     line = str_trim(cut.head), where = arena_fmt(a, "%.*s:%d", STR_ARG(path), ++number);
        text = cut.tail;
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (line.at[0] == '[' && str_ends(line, S("]"))) {
            section = str_trim((Str){ line.at + 1, line.len - 2 });
            continue;
        }
        StrPair pair = str_cut(line, '=');
        if (pair.head.len == line.len)
            return err_fmt(a, ERR_CONFIG, "%.*s: a line is \"key = value\"", STR_ARG(where));
        Str key = str_trim(pair.head);
        if (section.len)
            key = str_join(a, (Str[]){ section, key }, 2, S("."));
        TRY(setting_put(a, c, key, str_trim(pair.tail), where));
    }
    return OK;
}

static Err read_file(Arena *a, Str path, Str *out)
{
    FILE *f = fopen(arena_c(a, path), "rb");
    if (!f)
        return err_fmt(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_CONFIG, "%.*s: %s", STR_ARG(path), strerrordesc_np(errno));
    Buf    b = buf_new(a, 4096);
    size_t n;
    do {
        buf_room(&b, 4096);
        n = fread(b.at + b.len, 1, 4096, f);
        b.len += n;
    } while (n && b.len < 1 << 20);
    bool bad = ferror(f);
    fclose(f);
    if (bad)
        return err_fmt(a, ERR_CONFIG, "%.*s: cannot be read", STR_ARG(path));
    *out = buf_str(&b);
    return OK;
}

/* THUOCDO_HTTP_PUBLIC_URL: the first word is the section, the rest the key. */
static Err config_environment(Arena *a, Config *c, char **environment)
{
    for (char **e = environment; e && *e; e++) {
        StrPair pair = str_cut(str_from_c(*e), '=');
        if (!str_starts(pair.head, S("THUOCDO_")))
            continue;
        StrPair name = str_cut(str_lower_ascii(a, str_skip(pair.head, 8)), '_');
        Str     key  = str_join(a, (Str[]){ name.head, name.tail }, 2, S("."));
        TRY(setting_put(a, c, key, str_trim(pair.tail), S("environment")));
    }
    return OK;
}

Err config_load(Arena *a, const StrList *files, char **environment, const StrList *flags, Config *out)
{
    Config c = { arena_new(a, Str, settings_count), arena_new(a, Str, settings_count) };
    for (size_t i = 0; i < settings_count; i++) {
        c.value[i]  = str_from_c(settings_table[i].initial);
        c.source[i] = S("default");
    }
    for (size_t i = 0; i < files->len; i++) {
        Str text;
        Err e = read_file(a, files->at[i], &text);
        if (err_is(e, ERR_NOT_FOUND))
            continue;
        TRY(e);
        TRY(config_file(a, &c, files->at[i], text));
    }
    TRY(config_environment(a, &c, environment));
    for (size_t i = 0; i < flags->len; i++) {
        StrPair pair = str_cut(flags->at[i], '=');
        TRY(setting_put(a, &c, pair.head, pair.tail, S("flag")));
    }
    *out = c;
    return OK;
}

Str config_str(const Config *c, const char *name)
{
    int i = setting_find(str_from_c(name));
    assert(i >= 0);
    return c->value[i];
}

int64_t config_int(const Config *c, const char *name)
{
    int64_t n = 0;
    (void)str_to_i64(config_str(c, name), &n);
    return n;
}

bool config_on(const Config *c, const char *name)
{
    bool on;
    (void)switch_read(config_str(c, name), &on);
    return on;
}

StrList config_list(Arena *a, const Config *c, const char *name)
{
    StrList out  = { 0 };
    Str     rest = config_str(c, name);
    size_t  from = 0;
    for (size_t i = 0; i <= rest.len; i++) {
        bool end = i == rest.len || rest.at[i] == ' ' || rest.at[i] == ',';
        if (end && i > from)
            *list_add(a, &out) = (Str){ rest.at + from, i - from };
        if (end)
            from = i + 1;
    }
    return out;
}

static const char *const type_names[] = { "text", "number", "switch", "list", "secret", "choice" };

static void show_json(const Config *c, size_t i, Buf *out)
{
    const Setting *s = &settings_table[i];
    buf_add(out, i ? S(",\n ") : S("[\n "));
    buf_lit(out, "{\"name\":");
    buf_json_str(out, str_from_c(s->name));
    buf_lit(out, ",\"value\":");
    buf_json_str(out, c->value[i]);
    buf_lit(out, ",\"source\":");
    buf_json_str(out, c->source[i]);
    buf_fmt(out, ",\"type\":\"%s\",\"default\":", type_names[s->type]);
    buf_json_str(out, str_from_c(s->initial));
    if (s->type == SETTING_NUMBER)
        buf_fmt(out, ",\"least\":%lld,\"most\":%lld,\"unit\":\"%s\"", (long long)s->least, (long long)s->most, s->unit);
    buf_lit(out, ",\"meaning\":");
    buf_json_str(out, str_from_c(s->meaning));
    buf_byte(out, '}');
}

void config_show(const Config *c, bool json, Buf *out)
{
    for (size_t i = 0; i < settings_count; i++) {
        const Setting *s = &settings_table[i];
        if (json) {
            show_json(c, i, out);
            continue;
        }
        buf_fmt(out, "# %s (%s", s->meaning, type_names[s->type]);
        if (s->type == SETTING_NUMBER)
            buf_fmt(out, " %lld..%lld%s%s", (long long)s->least, (long long)s->most, *s->unit ? " " : "", s->unit);
        buf_fmt(out, "; default %s; from %.*s)\n%s = %.*s\n", *s->initial ? s->initial : "empty", STR_ARG(c->source[i]),
                s->name, STR_ARG(c->value[i]));
    }
    if (json)
        buf_lit(out, "\n]\n");
}

HttpLimits config_limits(const Config *c)
{
    return (HttpLimits){
        .line_bytes = config_int(c, "limits.line"), .header_bytes = config_int(c, "limits.headers"),
        .header_fields = config_int(c, "limits.header_fields"), .cookie_bytes = config_int(c, "limits.cookies"),
        .form_bytes = config_int(c, "limits.form"), .form_fields = config_int(c, "limits.form_fields"),
        .value_bytes = config_int(c, "limits.value"), .file_bytes = config_int(c, "limits.file"),
        .request_bytes = config_int(c, "limits.request"), .files = config_int(c, "limits.files"),
        .connection_requests = config_int(c, "limits.connection_requests"),
        .header_ms = config_int(c, "limits.header_time"), .body_grace_ms = config_int(c, "limits.body_grace"),
        .body_min_bytes_s = config_int(c, "limits.body_rate"), .write_ms = config_int(c, "limits.write_time"),
        .connections = config_int(c, "limits.connections"),
        .connections_per_address = config_int(c, "limits.connections_per_address"),
        .arena_bytes = config_int(c, "limits.memory"), .wall_ms = config_int(c, "limits.wall"),
        .idle_ms = config_int(c, "limits.idle_time"),
    };
}
