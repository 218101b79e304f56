/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* XML once it is read: looking into a tree, writing, and a tree packed for programs that have no reader of XML. */
#include "base/json.h"
#include "base/utf8.h"
#include "base/xml.h"

Str xml_attr_of(const XmlAttr *attrs, size_t n, Str name)
{
    for (size_t i = 0; i < n; i++)
        if (!attrs[i].ns.len && str_eq(attrs[i].name, name))
            return attrs[i].value;
    return S("");
}

static Xml *first_named(Xml *x, Str name)
{
    while (x && (!x->name.len || !str_eq(x->name, name)))
        x = x->next;
    return x;
}

Xml *xml_child(const Xml *x, Str name)
{
    return x ? first_named(x->first, name) : NULL;
}

Xml *xml_next(const Xml *x, Str name)
{
    return x ? first_named(x->next, name) : NULL;
}

static const XmlAttr *attr_find(const Xml *x, Str ns, Str name)
{
    for (size_t i = 0; x && i < x->attr_count; i++)
        if (str_eq(x->attrs[i].ns, ns) && str_eq(x->attrs[i].name, name))
            return &x->attrs[i];
    return NULL;
}

Str xml_attr(const Xml *x, Str ns, Str name)
{
    const XmlAttr *attr = attr_find(x, ns, name);
    return attr ? attr->value : S("");
}

bool xml_has_attr(const Xml *x, Str ns, Str name)
{
    return attr_find(x, ns, name) != NULL;
}

Str xml_text(Arena *a, const Xml *x)
{
    if (!x || !x->name.len)
        return x ? x->text : S("");
    StrList parts = { 0 };
    for (const Xml *at = x->first; at;) {
        if (!at->name.len)
            *list_add(a, &parts) = at->text;
        if (at->first) {
            at = at->first;
            continue;
        }
        while (at && at != x && !at->next)
            at = at->parent;
        at = at == x || !at ? NULL : at->next;
    }
    return str_join(a, parts.at, parts.len, S(""));
}

/* ---- Writing ------------------------------------------------------------------------------------- */

static void add_text(Buf *b, Str s, bool attribute)
{
    while (s.len) {
        Str     before = s;
        int32_t cp     = utf8_next(&s);
        switch (cp) {
        case '&': buf_lit(b, "&amp;"); break;
        case '<': buf_lit(b, "&lt;"); break;
        case '>': buf_lit(b, "&gt;"); break;
        case '"': buf_lit(b, "&quot;"); break;
        case '\r': buf_lit(b, "&#13;"); break;
        default:
            if (attribute && (cp == '\n' || cp == '\t'))
                buf_fmt(b, "&#%d;", (int)cp);
            else if (cp < 0 || (cp < 0x20 && cp != '\n' && cp != '\t') || cp == 0xFFFE || cp == 0xFFFF)
                buf_lit(b, "\xEF\xBF\xBD");
            else
                buf_add(b, str_take(before, before.len - s.len));
        }
    }
}

void xml_add_text(Buf *b, Str s)
{
    add_text(b, s, false);
}

void xml_add_attr(Buf *b, const char *name, Str value)
{
    buf_fmt(b, " %s=\"", name);
    add_text(b, value, true);
    buf_byte(b, '"');
}

/* ---- Packed ---------------------------------------------------------------------------------------
 * One flat list of texts: "+", namespace, name, line, number of attributes, three texts for each; "=", a run of text; "-". */

static void pack_text(Buf *b, Str s)
{
    buf_byte(b, ',');
    buf_json_str(b, s);
}

static void pack_open(Buf *b, const Xml *x)
{
    buf_lit(b, ",\"+\"");
    pack_text(b, x->ns);
    pack_text(b, x->name);
    buf_fmt(b, ",%zu,%zu", x->line, x->attr_count);
    for (size_t i = 0; i < x->attr_count; i++) {
        pack_text(b, x->attrs[i].ns);
        pack_text(b, x->attrs[i].name);
        pack_text(b, x->attrs[i].value);
    }
}

void xml_pack(Buf *b, const Xml *root)
{
    buf_lit(b, "[\"\"");
    for (const Xml *x = root; x;) {
        if (x->name.len) {
            pack_open(b, x);
        } else {
            buf_lit(b, ",\"=\"");
            pack_text(b, x->text);
        }
        if (x->first) {
            x = x->first;
            continue;
        }
        while (x) {
            if (x->name.len)
                buf_lit(b, ",\"-\"");
            if (x == root || x->next)
                break;
            x = x->parent;
        }
        x = !x || x == root ? NULL : x->next;
    }
    buf_byte(b, ']');
}

/* Takes the next text or number of the list; false at its end. */
static bool unpack_next(const Json **at, Str *out)
{
    if (!*at)
        return false;
    *out = (*at)->text;
    *at  = (*at)->next;
    return true;
}

static bool unpack_open(Arena *a, const Json **at, Xml *x)
{
    Str     line, count;
    int64_t l, n;
    if (!unpack_next(at, &x->ns) || !unpack_next(at, &x->name) || !unpack_next(at, &line) || !unpack_next(at, &count) || !x->name.len ||
        !str_to_i64(line, &l) || !str_to_i64(count, &n) || l < 0 || n < 0 || n > 100)
        return false;
    x->line       = (size_t)l;
    x->attr_count = (size_t)n;
    x->attrs      = arena_new(a, XmlAttr, x->attr_count);
    for (size_t i = 0; i < x->attr_count; i++)
        if (!unpack_next(at, &x->attrs[i].ns) || !unpack_next(at, &x->attrs[i].name) || !unpack_next(at, &x->attrs[i].value))
            return false;
    return true;
}

static bool unpack_all(Arena *a, const Json *at, Xml **root)
{
    Str  mark;
    Xml *in = NULL;
    *root   = NULL;
    while (unpack_next(&at, &mark)) {
        if (str_eq(mark, S("-")) && in) {
            in = in->parent;
            continue;
        }
        bool open = str_eq(mark, S("+"));
        Xml *x    = arena_new(a, Xml, 1);
        if ((*root && !in) || !(open ? unpack_open(a, &at, x) : in && str_eq(mark, S("=")) && unpack_next(&at, &x->text)))
            return false;
        x->parent = in;
        if (!in)
            *root = x;
        else if (in->last)
            in->last = in->last->next = x;
        else
            in->first = in->last = x;
        in = open ? x : in;
    }
    return *root && !in;
}

Err xml_unpack(Arena *a, Str packed, Xml **out)
{
    enum { MOST = 2000000 };
    const Json *list;
    Str         first;
    TRY(json_parse_many(a, packed, MOST, &list));
    const Json *at = json_is(list, JSON_ARRAY) ? list->first : NULL;
    if (!unpack_next(&at, &first) || !unpack_all(a, at, out))
        return err_new(a, ERR_INVALID, S("no packed tree"));
    return OK;
}
