/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A template filled: trees written out with values in place of names, and the parts that blocks need beside them. */
#include "template/parts.h"

typedef struct Fill { Arena *a; const Template *t; const TemplateSource *s; Buf out; size_t steps, blocks; } Fill;

static Err write_node(Fill *f, const Node *x, const TemplateScope *in);

static Err write_below(Fill *f, const Node *x, const TemplateScope *in)
{
    for (const Node *c = x->first; c; c = c->next)
        TRY(write_node(f, c, in));
    return OK;
}

static bool web_address(Str href)
{
    return str_starts(href, S("https://")) || str_starts(href, S("http://"));
}

/* Lines of a value become breaks. */
static void write_words(Fill *f, const Node *mark, Str text)
{
    buf_add(&f->out, mark->open);
    buf_add(&f->out, mark->letters);
    for (StrPair line = str_cut(text, '\n');; line = str_cut(line.tail, '\n')) {
        buf_lit(&f->out, "<w:t xml:space=\"preserve\">");
        xml_add_text(&f->out, line.head);
        buf_lit(&f->out, "</w:t>");
        if (!line.tail.len)
            break;
        buf_lit(&f->out, "<w:br/>");
    }
    buf_lit(&f->out, "</w:r>");
}

/* A link is a field with its code in one place, which needs no relation; inside another link or field it would not be allowed. */
static Err write_value(Fill *f, const Node *x, const TemplateScope *in)
{
    Str text = S(""), href = S("");
    TRY(f->s->text(f->s->with, x->mark.name, in, &text, &href));
    bool link = web_address(href) && text.len && !node_up(x, "w:hyperlink") && !node_up(x, "w:fldSimple");
    if (link) {
        buf_lit(&f->out, "<w:fldSimple w:instr=\" HYPERLINK &quot;");
        xml_add_text(&f->out, str_replace(f->a, str_replace(f->a, href, S("\""), S("%22")), S("\\"), S("%5C")));
        buf_lit(&f->out, "&quot; \">");
    }
    write_words(f, x, text);
    buf_add(&f->out, link ? S("</w:fldSimple>") : S(""));
    return OK;
}

static Err write_loop(Fill *f, const Node *x, const TemplateScope *in)
{
    TemplateScope one = { .list = x->mark.name, .up = in };
    size_t        n   = 0;
    TRY(f->s->count(f->s->with, x->mark.name, in, &n));
    if (x->mark.kind == MARK_NONE)
        return n ? OK : write_below(f, x, in);
    for (one.index = 0; one.index < n; one.index++)
        TRY(write_below(f, x, &one));
    return OK;
}

static Err write_block(Fill *f, const Node *x, const TemplateScope *in)
{
    Str xml = S("");
    TRY(f->s->block(f->s->with, x->mark.name, in, &xml));
    buf_add(&f->out, xml);
    return OK;
}

/* A table without rows is left out; a cell has to end with a paragraph. */
static void mend(Fill *f, const Node *x, size_t from)
{
    Str written = str_skip(buf_str(&f->out), from);
    if (!x->close.len)
        return;
    if (node_is(x, "w:tbl") && !str_has(written, S("<w:tr ")) && !str_has(written, S("<w:tr>")))
        f->out.len = from;
    else if (node_is(x, "w:tc") && !str_ends(str_trim(written), S("</w:p>")) && !str_ends(str_trim(written), S("<w:p/>")))
        buf_lit(&f->out, "<w:p/>");
}

static Err write_element(Fill *f, const Node *x, const TemplateScope *in)
{
    size_t from = f->out.len;
    buf_add(&f->out, x->open);
    TRY(write_below(f, x, in));
    mend(f, x, from);
    if (f->out.len == from && node_is(x, "w:tbl"))
        return OK;
    buf_add(&f->out, x->close);
    return OK;
}

static Err write_node(Fill *f, const Node *x, const TemplateScope *in)
{
    f->blocks += x->kind == NODE_BLOCK;
    if (++f->steps > TEMPLATE_STEPS || f->blocks > TEMPLATE_BLOCKS || f->out.len > TEMPLATE_FILLED)
        return err_new(f->a, ERR_TOO_LARGE, S("the document would be too long"));
    switch (x->kind) {
    case NODE_TEXT: buf_add(&f->out, x->open); return OK;
    case NODE_MARK: return write_value(f, x, in);
    case NODE_LOOP: return write_loop(f, x, in);
    case NODE_BLOCK: return write_block(f, x, in);
    case NODE_ELEMENT: break;
    }
    return write_element(f, x, in);
}

/* ---- Parts beside the words ---------------------------------------------------------------------------------------------- */

static Str put_before(Arena *a, Str s, Str end, Str what)
{
    size_t at, last = s.len;
    for (size_t from = 0; str_find(str_skip(s, from), end, &at); from = last + 1)
        last = from + at;
    return last == s.len ? s : str_join(a, (Str[]){ str_take(s, last), what, str_skip(s, last) }, 3, S(""));
}

/* Without the elements of that name, at whatever depth, closed or empty. */
static Str without(Arena *a, Str s, Str name)
{
    Str    open = str_concat(a, S("<"), name), close = str_join(a, (Str[]){ S("</"), name, S(">") }, 3, S(""));
    Buf    kept = buf_new(a, s.len);
    size_t from, tag, end;
    while (str_find(s, open, &from) && str_find(str_skip(s, from), S(">"), &tag)) {
        Str rest = str_skip(s, from);
        if (rest.at[tag - 1] == '/')
            end = tag + 1;
        else if (str_find(rest, close, &end))
            end += close.len;
        else
            break;
        buf_add(&kept, str_take(s, from));
        s = str_skip(rest, end);
    }
    buf_add(&kept, s);
    return buf_str(&kept);
}

/* Styles that the document has none of, by their ids. */
static Str styles_missing(Arena *a, Str own, Str more)
{
    Buf    b = buf_new(a, 1024);
    size_t at, id, end;
    while (str_find(more, S("</w:style>"), &at)) {
        Str one = str_take(more, at + 10);
        more    = str_skip(more, at + 10);
        if (!str_find(one, S("w:styleId=\""), &id) || !str_find(str_skip(one, id + 11), S("\""), &end))
            continue;
        Str said = str_take(str_skip(one, id), 11 + end + 1);
        if (!str_has(own, said))
            buf_add(&b, str_replace(a, one, S(" w:default=\"1\""), S("")));
    }
    return buf_str(&b);
}

static Str types_with(Arena *a, Str types, Str ending, Str type)
{
    Str said = str_join(a, (Str[]){ S("Extension=\""), ending, S("\"") }, 3, S(""));
    Str one  = str_join(a, (Str[]){ S("<Default "), said, S(" ContentType=\""), type, S("\"/>") }, 5, S(""));
    return str_has(str_lower_ascii(a, types), str_lower_ascii(a, said)) ? types : put_before(a, types, S("</Types>"), one);
}

/* Prefixes that blocks are written with. */
static Str with_prefixes(Arena *a, Str open)
{
    static const Str known[][2] = {
        { S_INIT("xmlns:r="), S_INIT("\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"") },
        { S_INIT("xmlns:wp="), S_INIT("\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"") },
        { S_INIT("xmlns:a="), S_INIT("\"http://schemas.openxmlformats.org/drawingml/2006/main\"") },
        { S_INIT("xmlns:pic="), S_INIT("\"http://schemas.openxmlformats.org/drawingml/2006/picture\"") },
    };
    Str s = open;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (!str_has(s, known[i][0]))
            s = str_join(a, (Str[]){ str_take(s, s.len - 1), S(" "), known[i][0], known[i][1], S(">") }, 5, S(""));
    return s;
}

/* The closing note stands before the last section's settings, or at the end of the body. */
static Str with_closing(Arena *a, Str document, Str closing)
{
    size_t body = 0, at, from = 0, section = document.len;
    if (!closing.len)
        return document;
    while (str_find(str_skip(document, from), S("<w:sectPr"), &at)) {
        section = from + at;
        from    = section + 1;
    }
    bool last = section < document.len && !str_find(str_skip(document, section), S("</w:p>"), &body);
    return last ? str_join(a, (Str[]){ str_take(document, section), closing, str_skip(document, section) }, 3, S(""))
                : put_before(a, document, S("</w:body>"), closing);
}

static Str rels_path(Arena *a, Str part)
{
    StrPair p = str_cut_last(part, '/');
    return p.tail.len ? str_join(a, (Str[]){ p.head, S("/_rels/"), p.tail, S(".rels") }, 4, S("")) : str_join(a, (Str[]){ S("_rels/"), part, S(".rels") }, 3,
        S(""));
}

#define NO_RELS "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" \
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" \
                "</Relationships>"

typedef LIST(ZipPart) ZipParts;
typedef struct Out { ZipParts parts; Str rels; bool rels_there; } Out;

static Err write_words_part(Fill *f, const Part *p, Str *out)
{
    f->out = buf_new(f->a, p->bytes.len + p->bytes.len / 2 + 1024);
    for (Node *x = p->root->first; x && p->main; x = x->next)
        if (x->kind == NODE_ELEMENT)
            x->open = with_prefixes(f->a, x->open);
    TRY(write_below(f, p->root, NULL));
    *out = buf_str(&f->out);
    return OK;
}

static Str other_part(Fill *f, Out *o, const Part *p, const TemplateExtras *x)
{
    Arena *a = f->a;
    if (str_eq(p->path, S("word/settings.xml")))
        return without(a, without(a, p->bytes, S("w:attachedTemplate")), S("w:mailMerge"));
    if (str_eq(p->path, S("word/styles.xml")) && str_has(p->bytes, S("xmlns:w=\"" WORD_NS "\"")))
        return put_before(a, p->bytes, S("</w:styles>"), styles_missing(a, p->bytes, x->styles));
    if (str_eq(p->path, S("[Content_Types].xml")) && x->media_count)
        return types_with(a, types_with(a, p->bytes, S("png"), S("image/png")), S("svg"), S("image/svg+xml"));
    if (!str_eq(p->path, o->rels))
        return p->bytes;
    o->rels_there = true;
    return put_before(a, str_has(p->bytes, S("</Relationships>")) ? p->bytes : S(NO_RELS), S("</Relationships>"), x->relations);
}

Err template_fill(Arena *a, const Template *t, const TemplateSource *s, Str *out)
{
    Fill           f = { .a = a, .t = t, .s = s };
    TemplateExtras x = { 0 };
    Out            o = { 0 };
    Str           *words = arena_new(a, Str, t->parts.len + 1);
    for (size_t i = 0; i < t->parts.len; i++)
        if (t->parts.at[i].root)
            TRY(write_words_part(&f, &t->parts.at[i], &words[i]));
    TRY(s->extras(s->with, &x));
    for (size_t i = 0; i < t->parts.len; i++)
        if (t->parts.at[i].main) {
            o.rels   = rels_path(a, t->parts.at[i].path);
            words[i] = with_closing(a, words[i], x.closing);
        }
    for (size_t i = 0; i < t->parts.len; i++) {
        const Part *p = &t->parts.at[i];
        if (!str_eq(p->path, S("word/_rels/settings.xml.rels")))
            *list_add(a, &o.parts) = (ZipPart){ p->path, p->root ? words[i] : other_part(&f, &o, p, &x), false };
    }
    if (!o.rels_there && x.relations.len)
        *list_add(a, &o.parts) = (ZipPart){ o.rels, put_before(a, S(NO_RELS), S("</Relationships>"), x.relations), false };
    for (size_t i = 0; i < x.media_count; i++)
        *list_add(a, &o.parts) = x.media[i];
    return zip_write(a, o.parts.at, o.parts.len, out);
}
