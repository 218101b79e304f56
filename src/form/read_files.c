/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Choices that lie in a file beside the workbook: .csv with a row of headers, or .xml as ODK writes it. */
#include "form/form_parts.h"

#include "base/csv.h"

#include <math.h>

static bool find_in_set(void *self, Arena *a, Str name, Str *out)
{
    const FormFileSet *set = self;
    for (size_t i = 0; i < set->len; i++)
        if (str_eq(set->at[i].name, name)) {
            *out = set->at[i].bytes;
            return true;
        }
    return false;
}

FormFinder form_finder(FormFileSet *set)
{
    return (FormFinder){ find_in_set, set };
}

static void broken(Reader *r, Place at, Str file, Str why_vi, Str why_en)
{
    form_issue(r, at, "E-LIST", SAY("tệp “%.*s” không đọc được: %.*s. Sửa tệp rồi gửi lại.", STR_ARG(file), STR_ARG(why_vi)),
               SAY("the file “%.*s” cannot be read: %.*s. Correct it and send it again.", STR_ARG(file), STR_ARG(why_en)));
}

/* ---- Rows of both formats: a name, a label, and the other columns ------------------------------------------- */

typedef struct FileRows { Str *headers; size_t columns; int value, label; } FileRows;

static bool find_columns(Reader *r, Place at, FormList *list, FileRows *f)
{
    f->value = f->label = -1;
    for (size_t i = 0; i < f->columns; i++) {
        if (str_eq(f->headers[i], list->value_column))
            f->value = (int)i;
        if (str_eq(f->headers[i], list->label_column))
            f->label = (int)i;
        *list_add(r->keep, &list->columns) = f->headers[i];
    }
    if (f->value >= 0)
        return true;
    if (str_eq(list->value_column, S("name")) && !list->needed)
        return false;                                    /* a table for look-ups alone */
    broken(r, at, list->file, SAY("thiếu cột “%.*s”", STR_ARG(list->value_column)),
           SAY("the column “%.*s” is missing", STR_ARG(list->value_column)));
    return false;
}

static void add_row(Reader *r, FormList *list, const FileRows *f, Str *cells)
{
    FormChoice c = { .name = f->value >= 0 ? cells[f->value] : S(""), .value = NAN, .cells = cells };
    for (int l = 0; l < LANG_COUNT; l++)
        c.label[l] = f->label >= 0 && cells[f->label].len ? cells[f->label] : c.name;
    *list_add(r->keep, &list->choices) = c;
}

bool form_cell_clean(Arena *a, Str raw, Str *out)
{
    if (!raw.len) {
        *out = raw;
        return true;
    }
    Str text = str_has(raw, S("\xC2\xA0")) ? str_replace(a, raw, S("\xC2\xA0"), S(" ")) : raw;
    if (str_has(text, S("\r")))
        text = str_replace(a, str_replace(a, text, S("\r\n"), S("\n")), S("\r"), S("\n"));
    if (!text_clean(a, text, &text) || text.len > 4 * FORM_MAX_CELL)
        return false;
    *out = str_trim(text);
    return true;
}

/* ---- .csv ------------------------------------------------------------------------------------------------------ */

static Str *clean_cells(Reader *r, const CsvRow *row, size_t columns)
{
    Str *cells = arena_new(r->keep, Str, columns);
    for (size_t i = 0; i < columns && i < row->len; i++) {
        Str clean;
        cells[i] = form_cell_clean(r->keep, row->at[i], &clean) ? arena_str(r->keep, clean) : S("");
    }
    return cells;
}

static void read_csv(Reader *r, Place at, FormList *list, Str bytes)
{
    CsvReader in = csv_open(bytes, 0);
    CsvRow    row;
    FileRows  f = { 0 };
    if (csv_next(&in, r->scratch, &row)) {
        f.columns = row.len;
        f.headers = clean_cells(r, &row, row.len);
        find_columns(r, at, list, &f);
    }
    while (f.columns && list->choices.len < FORM_MAX_CHOICES && csv_next(&in, r->scratch, &row))
        add_row(r, list, &f, clean_cells(r, &row, f.columns));
    if (in.fault != CSV_FINE)
        broken(r, at, list->file, SAY("lỗi ở dòng %d", in.fault_line), SAY("a fault in line %d", in.fault_line));
    else if (!f.columns)
        broken(r, at, list->file, S("tệp rỗng"), S("it is empty"));
}

/* ---- .xml: <root><item><name>…</name><label>…</label></item>… ---------------------------------------------- */

int list_column(Arena *keep, FormList *list, Str name)
{
    for (size_t i = 0; i < list->columns.len; i++)
        if (str_eq(list->columns.at[i], name))
            return (int)i;
    if (list->columns.len >= FORM_MAX_COLUMNS)
        return -1;
    *list_add(keep, &list->columns) = arena_str(keep, name);
    return (int)list->columns.len - 1;
}

static void read_xml(Reader *r, Place at, FormList *list, Str bytes)
{
    XmlLimits limits = XML_LIMITS;
    Xml      *root   = NULL;
    limits.nodes = 4000000;
    if (xml_parse(r->scratch, bytes, limits, &root)) {
        broken(r, at, list->file, S("XML sai cú pháp"), S("the XML is not well-formed"));
        return;
    }
    XML_EACH(item, root)
        XML_EACH(cell, item)
            if (cell->name.len)
                list_column(r->keep, list, cell->name);
    FileRows f = { .headers = list->columns.at, .columns = list->columns.len };
    list->columns = (StrList){ 0 };
    find_columns(r, at, list, &f);
    XML_EACH(item, root) {
        if (!item->name.len)
            continue;
        Str *cells = arena_new(r->keep, Str, f.columns);
        XML_EACH(cell, item) {
            int i = cell->name.len ? list_column(r->keep, list, cell->name) : -1;
            if (i >= 0 && (size_t)i < f.columns)
                cells[i] = arena_str(r->keep, str_trim(xml_text(r->scratch, cell)));
        }
        if (list->choices.len < FORM_MAX_CHOICES)
            add_row(r, list, &f, cells);
    }
}

void read_file_choices(Reader *r, Place at, FormList *list)
{
    Str bytes;
    if (!r->files || !r->files->find(r->files->self, r->scratch, list->file, &bytes)) {
        form_issue(r, at, "E-LIST", SAY("chưa có tệp “%.*s”. Gửi tệp này cùng với phiếu.", STR_ARG(list->file)),
                   SAY("the file “%.*s” is missing. Send it together with the questionnaire.", STR_ARG(list->file)));
        return;
    }
    if (str_ends(list->file, S(".xml")))
        read_xml(r, at, list, bytes);
    else
        read_csv(r, at, list, bytes);
}
