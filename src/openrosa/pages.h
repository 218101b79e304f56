/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the console's pages of phones and their records show. */
#ifndef OPENROSA_PAGES_H
#define OPENROSA_PAGES_H

#include "openrosa/parts.h"
#include "view/component.h"

typedef struct DeviceRow { const Device *d; DeviceState state; Str revoke_href; } DeviceRow;
typedef struct DeviceListView { const Round *r; LIST(DeviceRow) rows; Str add_href, records_href, offline_href; bool closed; } DeviceListView;
typedef struct DeviceAddView {
    const Round *r; FieldErrors errors; Str action, token, back_href, name, login; bool by_account; TypedDate from, to; Choice ways[2];
} DeviceAddView;
/* page_url: the offline page with the key behind "#", which browsers do not send; empty without a key. */
typedef struct DeviceShownView { const Device *d; Str url, code, page_url, back_href, login; bool has_key; } DeviceShownView;

typedef struct FieldRowView { const FieldRow *f; Str href, unit; } FieldRowView;
typedef struct FieldListView {
    const Round *r; LIST(FieldRowView) rows; const TabItem *tabs; size_t tab_count; Pager pager; Str code, action, devices_href, aside_href;
    int64_t aside, overdue; Str overdue_href; bool searched;
} FieldListView;
typedef struct FieldAnswer { Str question, answer; } FieldAnswer;
typedef struct FieldFileView { const StoredFile *f; Str href, size; bool image; } FieldFileView;
/* A finding in words; question: empty where it is about a file or a question without words. */
typedef struct FlagLine { const FlagRow *f; Str question, expected, found; } FlagLine;
FlagLine flag_line(Arena *a, Lang l, const FormProgram *p, const FlagRow *f);        /* p: NULL when it cannot be read */
typedef struct FieldRecordView {
    const Round *r; const FieldRow *f; LIST(SummaryRow) facts, times; LIST(FieldAnswer) answers; LIST(FlagLine) flags; LIST(FieldFileView) files;
    LIST(TabItem) revisions; Str xml_href, settle_href; bool encrypted;
} FieldRecordView;
typedef struct AsideRow { const Quarantined *q; Str href, record_href, settle_action; } AsideRow;
typedef struct AsideView { const Round *r; LIST(AsideRow) rows; Str token; FieldErrors errors; int64_t wrong; Str back_href; } AsideView;

Str flag_text(Lang l, Str flag);
Str aside_text(Lang l, Str reason);
Str device_state_text(Lang l, DeviceState s);
TagKind device_state_tag(DeviceState s);
/* Does it count: word, colour and shape for a record's row. */
typedef struct CountTag { TagKind kind; Icon shape; Str label; } CountTag;
CountTag count_tag(Lang l, const FieldRow *f);

/* Handlers of the other files, for the one route table in device_pages.c. */
Err field_list_page(Ctx *c);
Err field_aside_page(Ctx *c);
Err field_aside_file(Ctx *c);
Err field_aside_action(Ctx *c);
Err field_record_page(Ctx *c);
Err field_xml_file(Ctx *c);
Err field_attachment(Ctx *c);
Err field_settle_page(Ctx *c);
Err field_settle_action(Ctx *c);

#endif
