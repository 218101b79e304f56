/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The workbook around the sheets: what kind of file it is, its parts, shared texts and styles. */
#include "base/xlsx_parts.h"

static const Str fault_names[XLSX_FAULT_COUNT] = {
    [XLSX_FINE]             = S_INIT("fine"),
    [XLSX_NOT_XLSX]         = S_INIT("not_xlsx"),
    [XLSX_OLD_XLS]          = S_INIT("old_xls"),
    [XLSX_PASSWORD]         = S_INIT("password"),
    [XLSX_MACROS]           = S_INIT("macros"),
    [XLSX_DAMAGED]          = S_INIT("damaged"),
    [XLSX_TOO_LARGE]        = S_INIT("too_large"),
    [XLSX_TOO_MANY_ROWS]    = S_INIT("too_many_rows"),
    [XLSX_TOO_MANY_COLUMNS] = S_INIT("too_many_columns"),
    [XLSX_CELL_TOO_LONG]    = S_INIT("cell_too_long"),
};

Str xlsx_fault_name(XlsxFaultKind kind)
{
    return fault_names[kind];
}

Err xlsx_fail(XlsxPack *p, XlsxFaultKind kind, Str sheet, size_t row, size_t column)
{
    *p->fault = (XlsxFault){ kind, sheet, row, column };
    return err_fmt(p->a, kind >= XLSX_TOO_LARGE ? ERR_TOO_LARGE : ERR_INVALID, "workbook, sheet \"%.*s\", row %zu, column %zu: %.*s",
                   STR_ARG(sheet), row, column, STR_ARG(fault_names[kind]));
}

Err xlsx_keep(XlsxPack *p, Str text, Str sheet, size_t row, size_t column, Str *out)
{
    p->text_bytes += text.len;
    if (text.len > p->limits.cell_bytes)
        return xlsx_fail(p, XLSX_CELL_TOO_LONG, sheet, row, column);
    if (p->text_bytes > p->limits.text_bytes)
        return xlsx_fail(p, XLSX_TOO_LARGE, sheet, row, column);
    *out = xlsx_unescape(p->a, text);
    return OK;
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "_x000D_" stands for a character XML cannot hold; only ASCII ones are written so. */
Str xlsx_unescape(Arena *a, Str s)
{
    Buf b = buf_new(a, s.len);
    for (size_t i = 0; i < s.len; i++) {
        const char *at = s.at + i;
        if (s.len - i >= 7 && at[0] == '_' && at[1] == 'x' && at[2] == '0' && at[3] == '0' && at[6] == '_' && hex(at[4]) >= 0 &&
            hex(at[4]) < 8 && hex(at[5]) >= 0) {
            buf_byte(&b, (char)(hex(at[4]) << 4 | hex(at[5])));
            i += 6;
        } else {
            buf_byte(&b, *at);
        }
    }
    return buf_str(&b);
}

/* ---- Parts -------------------------------------------------------------------------------------- */

typedef struct PartFeed { XmlFeed *feed; } PartFeed;

static Err piece_feed(void *with, Str piece, bool last)
{
    return xml_feed(((PartFeed *)with)->feed, piece, last);
}

Err xlsx_walk(XlsxPack *p, size_t part, const XmlEvents *events)
{
    XmlLimits limits = { .depth = 32, .nodes = 8000000, .attributes = 100 };
    AUTO_XML *feed   = xml_feed_open(p->a, limits, events);
    PartFeed  with   = { feed };
    Err       e      = zip_reader_each(&p->zip, p->a, part, piece_feed, &with);
    if (e && !p->fault->kind)
        *p->fault = (XlsxFault){ .kind = err_is(e, ERR_TOO_LARGE) ? XLSX_TOO_LARGE : XLSX_DAMAGED };
    return e;
}

/* ---- Shared texts: <si><t>…</t></si>, or runs <si><r><t>…</t></r>…</si>; <rPh> is a reading aid ---- */

typedef struct Shared { XlsxPack *p; Buf text; bool in_text, in_reading; } Shared;

static Err shared_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Shared *s = with;
    if (str_eq(name, S("si")))
        s->text.len = 0;
    else if (str_eq(name, S("rPh")))
        s->in_reading = true;
    else if (str_eq(name, S("t")))
        s->in_text = !s->in_reading;
    return OK;
}

static Err shared_close(void *with, Str ns, Str name)
{
    Shared *s = with;
    if (str_eq(name, S("rPh")))
        s->in_reading = false;
    else if (str_eq(name, S("t")))
        s->in_text = false;
    if (!str_eq(name, S("si")))
        return OK;
    if (s->p->shared.len == s->p->limits.places)
        return xlsx_fail(s->p, XLSX_TOO_LARGE, S(""), 0, 0);
    Str text;
    TRY(xlsx_keep(s->p, buf_str(&s->text), S(""), 0, 0, &text));
    *list_add(s->p->a, &s->p->shared) = text;
    return OK;
}

static Err shared_text(void *with, Str text)
{
    Shared *s = with;
    if (s->in_text && s->text.len <= s->p->limits.cell_bytes)
        buf_add(&s->text, text);
    return OK;
}

static Err shared_read(XlsxPack *p, size_t part)
{
    Shared    s      = { p, buf_new(p->a, 1024), false, false };
    XmlEvents events = { &s, shared_open, shared_close, shared_text };
    return xlsx_walk(p, part, &events);
}

/* ---- Styles: which cells hold days -------------------------------------------------------------- */

typedef struct Format { int64_t id; XlsxStyle kind; } Format;
typedef struct Styles { XlsxPack *p; LIST(Format) formats; LIST(uint8_t) kinds; bool in_cells; } Styles;

static Err styles_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Styles *s  = with;
    int64_t id = 0;
    if (str_eq(name, S("cellXfs")))
        s->in_cells = true;
    str_to_i64(xml_attr_of(attrs, n, S("numFmtId")), &id);
    if (str_eq(name, S("numFmt")) && s->formats.len < 5000) {
        *list_add(s->p->a, &s->formats) = (Format){ id, xlsx_format_kind(id, xml_attr_of(attrs, n, S("formatCode"))) };
    } else if (s->in_cells && str_eq(name, S("xf")) && s->kinds.len < 100000) {
        XlsxStyle kind = xlsx_format_kind(id, S(""));
        for (size_t i = 0; i < s->formats.len; i++)
            if (s->formats.at[i].id == id)
                kind = s->formats.at[i].kind;
        *list_add(s->p->a, &s->kinds) = (uint8_t)kind;
    }
    return OK;
}

static Err styles_close(void *with, Str ns, Str name)
{
    if (str_eq(name, S("cellXfs")))
        ((Styles *)with)->in_cells = false;
    return OK;
}

static Err styles_read(XlsxPack *p, size_t part)
{
    Styles    s      = { .p = p };
    XmlEvents events = { &s, styles_open, styles_close, NULL };
    TRY(xlsx_walk(p, part, &events));
    p->styles      = s.kinds.at;
    p->style_count = s.kinds.len;
    return OK;
}

/* ---- Workbook ----------------------------------------------------------------------------------- */

typedef struct Rel { Str id, kind, target; } Rel;
typedef struct SheetRef { Str name, rel; bool hidden; } SheetRef;
typedef struct Workbook { XlsxPack *p; LIST(Rel) rels; LIST(SheetRef) sheets; } Workbook;

static Err rels_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Workbook *w = with;
    Arena    *a = w->p->a;
    if (str_eq(name, S("Relationship")) && w->rels.len < 1000 && !str_eq(xml_attr_of(attrs, n, S("TargetMode")), S("External")))
        *list_add(a, &w->rels) = (Rel){ arena_str(a, xml_attr_of(attrs, n, S("Id"))),
                                        arena_str(a, str_cut_last(xml_attr_of(attrs, n, S("Type")), '/').tail),
                                        arena_str(a, xml_attr_of(attrs, n, S("Target"))) };
    return OK;
}

static Err book_open(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    Workbook *w = with;
    Arena    *a = w->p->a;
    if (str_eq(name, S("workbookPr"))) {
        Str v                = xml_attr_of(attrs, n, S("date1904"));
        w->p->days_from_1904 = str_eq(v, S("1")) || str_eq(v, S("true"));
    } else if (str_eq(name, S("sheet")) && w->sheets.len < 500) {
        SheetRef *s = list_add(a, &w->sheets);
        *s          = (SheetRef){ .name = arena_str(a, xml_attr_of(attrs, n, S("name"))) };
        s->hidden   = str_has(xml_attr_of(attrs, n, S("state")), S("idden"));
        for (size_t i = 0; i < n; i++)
            if (str_eq(attrs[i].name, S("id")) && str_has(attrs[i].ns, S("relationships")))
                s->rel = arena_str(a, attrs[i].value);
    }
    return OK;
}

/* Where a target stands in the archive: from its root, or from the folder of the part that names it. */
static bool part_find(XlsxPack *p, Str folder, Str target, size_t *out)
{
    if (str_starts(target, S("/")))
        return zip_reader_find(&p->zip, str_skip(target, 1), out);
    return zip_reader_find(&p->zip, str_concat(p->a, folder, target), out);
}

static Err rels_read(XlsxPack *p, Str path, Workbook *w)
{
    size_t    part;
    XmlEvents events = { w, rels_open, NULL, NULL };
    w->rels.len      = 0;
    return zip_reader_find(&p->zip, path, &part) ? xlsx_walk(p, part, &events) : OK;
}

static const Rel *rel_find(const Workbook *w, Str id, Str kind)
{
    for (size_t i = 0; i < w->rels.len; i++)
        if (id.len ? str_eq(w->rels.at[i].id, id) : str_eq(w->rels.at[i].kind, kind))
            return &w->rels.at[i];
    return NULL;
}

/* Reads relations and the list of sheets; folder is where the workbook stands ("xl/"). */
static Err workbook_read(XlsxPack *p, Workbook *w, Str *out_folder)
{
    size_t part;
    TRY(rels_read(p, S("_rels/.rels"), w));
    const Rel *main   = rel_find(w, S(""), S("officeDocument"));
    Str        target = main ? main->target : S("xl/workbook.xml");
    target            = str_starts(target, S("/")) ? str_skip(target, 1) : target;
    if (!zip_reader_find(&p->zip, target, &part))
        return xlsx_fail(p, XLSX_NOT_XLSX, S(""), 0, 0);
    XmlEvents events = { w, book_open, NULL, NULL };
    TRY(xlsx_walk(p, part, &events));
    StrPair path  = str_cut_last(target, '/');
    bool    whole = path.head.len == target.len;
    *out_folder   = whole ? S("") : str_take(target, path.head.len + 1);
    Str file      = whole ? target : path.tail;
    return rels_read(p, arena_fmt(p->a, "%.*s_rels/%.*s.rels", STR_ARG(*out_folder), STR_ARG(file)), w);
}

static Err sheets_read(XlsxPack *p, const Workbook *w, Str folder, XlsxBook *out)
{
    size_t     part;
    const Rel *rel = rel_find(w, S(""), S("sharedStrings"));
    if (rel && part_find(p, folder, rel->target, &part))
        TRY(shared_read(p, part));
    rel = rel_find(w, S(""), S("styles"));
    if (rel && part_find(p, folder, rel->target, &part))
        TRY(styles_read(p, part));
    XlsxBook book = { arena_new(p->a, XlsxSheet, w->sheets.len), 0 };
    for (size_t i = 0; i < w->sheets.len; i++) {
        const SheetRef *ref = &w->sheets.at[i];
        rel                 = ref->rel.len ? rel_find(w, ref->rel, S("")) : NULL;
        if (!rel || !part_find(p, folder, rel->target, &part))
            return xlsx_fail(p, XLSX_DAMAGED, ref->name, 0, 0);
        if (!str_eq(rel->kind, S("worksheet")))     /* a chart or dialog of its own */
            continue;
        XlsxSheet *sheet = &book.at[book.len++];
        *sheet           = (XlsxSheet){ .name = ref->name, .hidden = ref->hidden };
        TRY(xlsx_sheet_read(p, part, sheet));
    }
    *out = book;
    return OK;
}

/* The file before 2007, and the wrapping of a workbook with a password, begin alike. */
static XlsxFaultKind kind_of(Str bytes)
{
    static const char password[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    if (str_starts(bytes, S("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
        return str_has(bytes, (Str){ password, sizeof password - 1 }) ? XLSX_PASSWORD : XLSX_OLD_XLS;
    return str_starts(bytes, S("PK\x03\x04")) ? XLSX_FINE : XLSX_NOT_XLSX;
}

/* Documents with macros say so in their list of contents. */
static Err macros_check(XlsxPack *p)
{
    size_t part;
    Str    types;
    for (size_t i = 0; i < p->zip.len; i++)
        if (str_ends(p->zip.at[i].name, S("vbaProject.bin")))
            return xlsx_fail(p, XLSX_MACROS, S(""), 0, 0);
    if (!zip_reader_find(&p->zip, S("[Content_Types].xml"), &part))
        return xlsx_fail(p, XLSX_NOT_XLSX, S(""), 0, 0);
    if (p->zip.at[part].size > 1 << 20)
        return xlsx_fail(p, XLSX_TOO_LARGE, S(""), 0, 0);
    Arena scratch = *p->a;
    Err   e       = zip_reader_load(&p->zip, &scratch, part, &types);
    if (e || str_has(types, S("macroEnabled")))
        return xlsx_fail(p, e ? XLSX_DAMAGED : XLSX_MACROS, S(""), 0, 0);
    return OK;
}

Err xlsx_read(Arena *a, Str bytes, XlsxLimits limits, XlsxBook *out, XlsxFault *out_fault)
{
    XlsxFault fault;
    XlsxPack  p = { .a = a, .limits = limits, .fault = out_fault ? out_fault : &fault };
    *p.fault    = (XlsxFault){ 0 };
    if (bytes.len > limits.file_bytes)
        return xlsx_fail(&p, XLSX_TOO_LARGE, S(""), 0, 0);
    XlsxFaultKind kind = kind_of(bytes);
    if (kind)
        return xlsx_fail(&p, kind, S(""), 0, 0);
    AUTO_ZIP zip = { 0 };
    Err      e   = zip_reader_open(a, bytes, ZIP_LIMITS, &zip);
    if (e) {
        p.fault->kind = err_is(e, ERR_TOO_LARGE) ? XLSX_TOO_LARGE : XLSX_DAMAGED;
        return e;
    }
    p.zip      = zip;
    Workbook w = { .p = &p };
    Str      folder;
    TRY(macros_check(&p));
    TRY(workbook_read(&p, &w, &folder));
    return sheets_read(&p, &w, folder, out);
}

const XlsxSheet *xlsx_sheet(const XlsxBook *book, Str name)
{
    for (size_t i = 0; i < book->len; i++)
        if (str_eq_ascii_nocase(str_trim(book->at[i].name), name))
            return &book->at[i];
    return NULL;
}

Str xlsx_cell(const XlsxRow *row, size_t column)
{
    return column < row->len ? row->at[column] : S("");
}

Str xlsx_column_name(Arena *a, size_t column)
{
    char   text[16];
    size_t n = sizeof text;
    for (column++; column; column = (column - 1) / 26)
        text[--n] = (char)('A' + (column - 1) % 26);
    return arena_str(a, (Str){ text + n, sizeof text - n });
}
