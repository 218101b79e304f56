/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The archive of a Word document: its parts by their types, and what a template must not carry: programs, embedded files, things from elsewhere. */
#include "template/parts.h"

enum { FAULT_LETTERS = 300 };                             /* bytes of each text of a fault */
#define WORD_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."

/* Outsiders' words are shown: some letters of them are enough. */
static Str clipped(Str s)
{
    size_t n = s.len > FAULT_LETTERS ? FAULT_LETTERS : s.len;
    while (n && n < s.len && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n--;
    return str_take(s, n);
}

void fault_add(Reader *r, TemplateFault f)
{
    f.part = clipped(r->part ? r->part->path : S(""));
    f.near = clipped(f.near);
    f.name = clipped(f.name);
    f.more = clipped(f.more);
    r->faults->all++;
    if (r->faults->len < TEMPLATE_FAULTS)
        *list_add(r->a, r->faults) = f;
}

/* ---- Fields of Word that fetch or run things ------------------------------------------------------------------------------ */

/* Read as Word reads: prefixes, entities and CDATA resolved. */
typedef struct Commands { Reader *r; Buf code; bool inside; } Commands;

static void check_command(Reader *r, Str code)
{
    static const Str bad[] = { S_INIT("DDE"), S_INIT("DDEAUTO"), S_INIT("INCLUDETEXT"), S_INIT("INCLUDEPICTURE"), S_INIT("IMPORT"), S_INIT("LINK"),
        S_INIT("EMBED"),
                               S_INIT("MACROBUTTON"), S_INIT("DATABASE"), S_INIT("RD") };
    Str    word = str_trim(code);
    size_t n    = 0;
    while (n < word.len && !strchr(" \t\r\n\"\\", word.at[n]))
        n++;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (str_eq_ascii_nocase(str_take(word, n), bad[i]))
            fault_add(r, (TemplateFault){ .kind = TEMPLATE_COMMAND, .name = bad[i] });
}

static void code_ends(Commands *c)
{
    check_command(c->r, buf_str(&c->code));
    c->code.len = 0;
}

/* The code of a field lies in <w:fldSimple w:instr="…">, or in pieces between two <w:fldChar>. */
static Err command_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Commands *c = with;
    (void)ns;
    c->inside = str_eq(name, S("instrText"));
    if (str_eq(name, S("fldChar")))
        code_ends(c);
    for (size_t i = 0; i < n && str_eq(name, S("fldSimple")); i++)
        if (str_eq(attrs[i].name, S("instr")))
            check_command(c->r, attrs[i].value);
    return OK;
}

static Err command_close(void *with, Str ns, Str name)
{
    Commands *c = with;
    (void)ns;
    c->inside = false;
    if (str_eq(name, S("p")))
        code_ends(c);
    return OK;
}

static Err command_text(void *with, Str text)
{
    Commands *c = with;
    if (c->inside)
        buf_add(&c->code, text);
    return OK;
}

/* ---- Parts ------------------------------------------------------------------------------------------------------------------ */

static bool xml_good(Reader *r, Str bytes, Xml **out)
{
    Commands c = { .r = r, .code = buf_new(r->a, 64) };
    XmlLimits limits = { .depth = TEMPLATE_DEPTH, .nodes = TEMPLATE_NODES, .attributes = 200, .unlined = true };
    Err e = out ? xml_parse(r->a, bytes, limits, out) : xml_walk(r->a, bytes, limits, &(XmlEvents){ &c, command_open, command_close, command_text });
    if (e)
        fault_add(r, (TemplateFault){ .kind = err_is(e, ERR_TOO_LARGE) ? TEMPLATE_LARGE : TEMPLATE_XML, .more = e->detail });
    return !e;
}

static Part *part_find(Template *t, Str path)
{
    for (size_t i = 0; i < t->parts.len; i++)
        if (str_eq(t->parts.at[i].path, path))
            return &t->parts.at[i];
    return NULL;
}

/* Types of pictures and letters that a document may carry beside its words. */
static bool plain(Str path)
{
    static const Str ends[] = { S_INIT(".xml"), S_INIT(".rels"), S_INIT(".png"), S_INIT(".jpg"), S_INIT(".jpeg"), S_INIT(".gif"), S_INIT(".svg"),
        S_INIT(".emf"),
                                S_INIT(".wmf"), S_INIT(".tif"), S_INIT(".tiff"), S_INIT(".bmp"), S_INIT(".odttf"), S_INIT(".fntdata") };
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (path.len > ends[i].len && str_eq_ascii_nocase(str_skip(path, path.len - ends[i].len), ends[i]))
            return true;
    return false;
}

static bool load_all(Reader *r, Str bytes)
{
    AUTO_ZIP  z = { 0 };
    ZipLimits limits = { .entries = 500, .unpacked = TEMPLATE_UNPACKED, .ratio = 200 };
    Err e = zip_reader_open(r->a, bytes, limits, &z);
    for (size_t i = 0; i < z.len && !e; i++) {
        Part p = { .path = arena_str(r->a, z.at[i].name) };
        if (z.at[i].folder)
            continue;
        e = zip_reader_load(&z, r->a, i, &p.bytes);
        *list_add(r->a, &r->t->parts) = p;
    }
    if (e)
        fault_add(r, (TemplateFault){ .kind = err_is(e, ERR_TOO_LARGE) ? TEMPLATE_LARGE : TEMPLATE_NO_ZIP, .more = e->detail });
    return !e;
}

static void check_relation(Reader *r, const Xml *x)
{
    Str  type = xml_attr(x, S(""), S("Type")), target = xml_attr(x, S(""), S("Target"));
    Str  mode = xml_attr(x, S(""), S("TargetMode"));
    bool away = mode.len && !str_eq(mode, S("Internal")), link = str_ends(type, S("/hyperlink"));
    bool web  = str_starts(target, S("http://")) || str_starts(target, S("https://")) || str_starts(target, S("mailto:"));
    static const Str carried[] = { S_INIT("/oleObject"), S_INIT("/package"), S_INIT("/control"), S_INIT("/aFChunk"), S_INIT("/subDocument"), S_INIT("/frame") };
    for (size_t i = 0; i < COUNT_OF(carried); i++)
        if (str_ends(type, carried[i])) {
            fault_add(r, (TemplateFault){ .kind = TEMPLATE_EMBEDDED, .name = target });
            return;
        }
    if (away && !(link && web))
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_EXTERNAL, .name = target });
}

/* What settings tell of other files (the template that the document was begun from, letters to be merged) is left out when filled: package_clean. */
static bool of_settings(Str path)
{
    return str_eq(path, S("word/_rels/settings.xml.rels"));
}

/* Names of parts are alike whatever their case. */
static bool of_relations(Str path)
{
    return path.len >= 5 && str_eq_ascii_nocase(str_skip(path, path.len - 5), S(".rels"));
}

static void check_part(Reader *r, Part *p)
{
    Xml *tree;
    r->part = p;
    if (str_has(p->path, S("vbaProject")) || str_has(p->path, S("vbaData")))
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_MACROS });
    else if (str_starts(p->path, S("_xmlsignatures/")))
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_SIGNED });
    else if (!plain(p->path) || str_has(p->path, S("activeX")) || str_has(p->path, S("embeddings/")))
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_EMBEDDED, .name = p->path });
    else if (of_relations(p->path) && !of_settings(p->path) && xml_good(r, p->bytes, &tree))
        XML_EACH(x, tree)
            if (x->name.len)
                check_relation(r, x);
    r->part = NULL;
}

/* The words of a document lie in its main part, heads, feet and notes. */
static void take_words(Reader *r, Part *p, Str type)
{
    static const Str kinds[] = { S_INIT(WORD_TYPE "document.main+xml"), S_INIT(WORD_TYPE "header+xml"), S_INIT(WORD_TYPE "footer+xml"),
                                 S_INIT(WORD_TYPE "footnotes+xml"), S_INIT(WORD_TYPE "endnotes+xml") };
    size_t at;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!str_eq(type, kinds[i]))
            continue;
        r->part = p;
        if (!xml_good(r, p->bytes, NULL))
            ;
        else if (!str_find(p->bytes, S("xmlns:w=\"" WORD_NS "\""), &at))
            fault_add(r, (TemplateFault){ .kind = TEMPLATE_STRICT });
        else {
            p->main = i == 0;
            p->root = tree_read(r->a, p->bytes);
        }
        r->part = NULL;
    }
}

static void check_type(Reader *r, Str type)
{
    if (str_has(type, S("macroEnabled")))
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_MACROS });
    else if (str_eq(type, S(WORD_TYPE "template.main+xml")))
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_STYLESHEET });
}

static bool read_types(Reader *r)
{
    Part *types = part_find(r->t, S("[Content_Types].xml"));
    Xml  *tree;
    bool  main = false;
    if (!types) {
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_NO_WORD });
        return false;
    }
    if (!xml_good(r, types->bytes, &tree))
        return false;
    size_t before = r->faults->len;
    XML_EACH(x, tree) {
        Str   path = str_skip(xml_attr(x, S(""), S("PartName")), 1), type = xml_attr(x, S(""), S("ContentType"));
        Part *p    = part_find(r->t, path);
        check_type(r, type);
        if (!p || p->seen)
            continue;
        p->seen = true;
        take_words(r, p, type);
        main |= p->main;
    }
    if (!main && r->faults->len == before)
        fault_add(r, (TemplateFault){ .kind = TEMPLATE_NO_WORD });
    return main;
}

bool package_read(Reader *r, Str bytes)
{
    if (bytes.len > TEMPLATE_BYTES || str_starts(bytes, S("\xD0\xCF\x11\xE0"))) {
        fault_add(r, (TemplateFault){ .kind = bytes.len > TEMPLATE_BYTES ? TEMPLATE_LARGE : TEMPLATE_OLD });
        return false;
    }
    if (!load_all(r, bytes))
        return false;
    bool good = read_types(r);
    for (size_t i = 0; i < r->t->parts.len; i++)
        check_part(r, &r->t->parts.at[i]);
    return good;
}
