/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Components: one function a purpose, its parameters in a struct whose all-zero state is a good start. Call them from
 * views: % text_input(o, &(TextInput){ .f = { .name = S("title"), .label = label }, .value = v });
 * component_gallery shows each in its states (/components); src/view/tests/expected/ holds what they write. */
#ifndef VIEW_COMPONENT_H
#define VIEW_COMPONENT_H

#include "view/ruler.h"

/* ---- Shapes ------------------------------------------------------------------------------------- */
typedef enum Icon {
    ICON_NONE, ICON_CHECK, ICON_WARN, ICON_INFO, ICON_CLOCK, ICON_BACK, ICON_RING, ICON_HALF, ICON_LOCK, ICON_CLOSE,
    ICON_UP, ICON_DOWN, ICON_SAME, ICON_DOC, ICON_SOUND, ICON_COUNT
} Icon;
void icon(Out *o, Icon i);                               /* nothing for ICON_NONE; hidden from screen readers */
Str  tel_href(Out *o, Str phone);                        /* "tel:18000000" from "1800 0000" */
void brand_mark(Out *o);                                 /* the ruler mark */
void sent_mark(Out *o);                                  /* the large tick of a page that says "done" */
/* A square QR drawing of text, at error correction M; label is its name for screen readers. */
void qr_svg(Out *o, Str text, Str label);

/* ---- Messages ------------------------------------------------------------------------------------ */
/* strong stands in bold, text after it; either may be empty. */
void notice(Out *o, NoticeKind kind, Str strong, Str text);
void warning_text(Out *o, Str text);
void inset_text(Out *o, Str text);
typedef struct EmptyState { Str title, text, href, link; } EmptyState;     /* what will stand here, why not yet, one next act */
void empty_state(Out *o, const EmptyState *e);
typedef struct ErrorAdvice { Str title, text, phone, href, link; } ErrorAdvice;
void error_page(Out *o, const ErrorAdvice *e);
/* "Có lỗi cần sửa" with a link to each field; nothing without errors. */
void error_summary(Out *o, const FieldErrors *errors);
Str  field_error_find(const FieldErrors *errors, const char *name);        /* message of one field, or empty; errors may be NULL */

/* Puts the errors into the order of names (NULL ends), the order of the fields on the page; others stay behind as they came. */
void field_errors_order(FieldErrors *errors, const char *const names[]);

typedef enum TagKind { TAG_PLAIN, TAG_OK, TAG_WARN, TAG_BAD, TAG_INFO, TAG_OFF } TagKind;
void tag(Out *o, TagKind kind, Icon shape, Str label);

/* ---- Forms ----------------------------------------------------------------------------------------- */
/* A POST form with its token; files: it may carry files. */
void form_open(Out *o, Str action, Str token, bool files);
void form_close(Out *o);

/* What every field has. name is the name sent and the id that error links lead to. */
typedef struct Field { Str name, label, hint, error; bool optional; } Field;

/* Text on one line; also numbers, money, codes. width: "w-2", "w-4", "w-10", "w-20" or full. */
typedef struct TextInput {
    Field f;
    Str value, type, width, unit;    /* type: "" is text; unit stands behind the box: "%", "triệu đồng" */
    Str inputmode, autocomplete;
    int max_length;
    bool readonly, disabled;         /* disabled: the hint says why and who can */
} TextInput;
void text_input(Out *o, const TextInput *i);

typedef struct TextArea { Field f; Str value; int rows, max_length; } TextArea;    /* max_length: the room left is shown */
void text_area(Out *o, const TextArea *i);

/* Three boxes name_day, name_month, name_year (the error link leads to the day). */
typedef struct DateInput { Field f; Str day, month, year; } DateInput;
void date_input(Out *o, const DateInput *i);

/* With `none`, a first empty option says that nothing is chosen. */
typedef struct SelectInput { Field f; const Choice *at; size_t len; Str none, width; } SelectInput;
void select_input(Out *o, const SelectInput *i);

/* Radios and check boxes. rows: full-width rows as in questionnaires; inline_row: side by side (two short options).
 * apart: a choice below a rule ("Không có ý kiến"). heading: the legend is the page's h1, with part above it. */
typedef struct ChoiceList {
    Field f;
    const Choice *at; size_t len;
    const Choice *apart;
    bool rows, inline_row, heading;
    Str part;
} ChoiceList;
void radios(Out *o, const ChoiceList *i);
void check_boxes(Out *o, const ChoiceList *i);
/* One box with its own label, for agreeing or switching. */
typedef struct CheckBox { Str name, value, label, hint; bool chosen, disabled; } CheckBox;
void check_box(Out *o, const CheckBox *i);

/* file_name not empty: a file is there already, with its size and hash. */
typedef struct FileInput { Field f; Str accept; bool many; Str file_name, size, sha256, remove_href; } FileInput;
void file_input(Out *o, const FileInput *i);

/* Province, then commune: two selects. Without script the button shows the communes of the chosen province:
 * it sends name=pick, value=1. Names are f.name and f.name + "_province". */
typedef struct UnitPicker {
    Field f;
    const Choice *provinces; size_t province_count;
    const Choice *communes; size_t commune_count;
    Str province_label, commune_label;
} UnitPicker;
void unit_picker(Out *o, const UnitPicker *i);

typedef enum ButtonKind { BUTTON_MAIN, BUTTON_SECOND, BUTTON_DANGER, BUTTON_SMALL } ButtonKind;
/* With href a link that looks like a button, else a button that sends the form. why: disabled, for this reason. */
typedef struct Button { Str label, href, name, value, why, action; ButtonKind kind; } Button;
void button(Out *o, const Button *b);
void back_link(Out *o, Str href);

/* ---- Reading ----------------------------------------------------------------------------------------- */
typedef struct SummaryRow { Str key, value, href, link; } SummaryRow;      /* link: "Sửa"; its name takes the key */
void summary_list(Out *o, const SummaryRow *rows, size_t n);
/* Plays a sound or film of that media type in the page, without script; nothing for other types. The player tells its length;
 * waits: it loads nothing before it is played, for lists of many. */
void media_player(Out *o, Str type, Str href, Str name, bool waits);
void details_open(Out *o, Str title);
void details_close(Out *o);
typedef struct TabItem { Str label, href; bool current; } TabItem;
void tab_list(Out *o, const TabItem *at, size_t n, Str name);

/* Head of a list: title with the number of what is listed (below 0: not said), and its one main act, if any. */
void list_head(Out *o, Str title, int64_t n, Str act_href, Str act);
/* table_open … your <tbody> … table_close. Cells of a stacked table (narrow screens) carry data-k="head". */
typedef enum SortState { SORT_NONE, SORT_UP, SORT_DOWN } SortState;
typedef struct TableColumn { Str label, unit, href; bool number, hidden; SortState sort; } TableColumn;    /* href: sorts by it */
typedef struct TableHead { Str caption, classes; const TableColumn *columns; size_t n; bool show_caption; } TableHead;
void table_open(Out *o, const TableHead *t);
void table_close(Out *o);
/* base: address up to "page=" ("/units?q=a&page="). Nothing for one page. */
typedef struct Pager { Str base; int64_t page, pages; } Pager;
void pager(Out *o, const Pager *p);

typedef enum StepState { STEP_LATER, STEP_NOW, STEP_DONE } StepState;
typedef struct TimelineItem { Str title, text, href, link; StepState state; } TimelineItem;
void timeline_list(Out *o, const TimelineItem *at, size_t n);
/* Words taken out and put in. Long texts are compared line by line. */
void diff_view(Out *o, Str before, Str after);
typedef struct ReceiptBlock { Str code, qr, note; const TabItem *acts; size_t act_count; } ReceiptBlock;      /* qr: address in the drawing */
void receipt_block(Out *o, const ReceiptBlock *r);
/* Head of a printed document by Decree 30/2020/NĐ-CP. */
typedef struct Letterhead { Str superior, agency, number, place_date; } Letterhead;
void letterhead(Out *o, const Letterhead *l);

/* ---- Work ---------------------------------------------------------------------------------------------- */
typedef struct StepItem { Str label, href; StepState state; } StepItem;
void step_bar(Out *o, const StepItem *at, size_t n, Str name);
typedef struct TaskItem { Str label, hint, href; TagKind kind; Icon shape; Str state; } TaskItem;
void task_list(Out *o, const TaskItem *at, size_t n);
typedef struct CountItem { int64_t n; Str label, href; bool late; } CountItem;
void count_row(Out *o, const CountItem *at, size_t n);
/* filter_open … <div> with label and box each … filter_close; filter_chips: what is filtered, each link takes one away. */
void filter_open(Out *o, Str action);
void filter_text(Out *o, Str name, Str label, Str value);
void filter_select(Out *o, Str name, Str label, const Choice *at, size_t n, Str none);
void filter_close(Out *o);
void filter_chips(Out *o, const TabItem *at, size_t n, Str clear_href);
/* Stands inside the form of the list. all_href: chooses every result of the query. */
typedef struct BulkBar { int64_t chosen, all; Str all_href, clear_href; const Button *acts; size_t n; } BulkBar;
void bulk_bar(Out *o, const BulkBar *b);
/* Nodes in reading order with their depth. */
typedef struct TreeNode { Str label, href, note; int level; bool strong; } TreeNode;
void tree_view(Out *o, const TreeNode *at, size_t n);
void meter_bar(Out *o, double share, Str label);             /* 0..1; label empty: hidden from screen readers */
typedef struct JobView { Str title, note, refresh_href, stop_action, token; int64_t done, total, failed; } JobView;
void job_progress(Out *o, const JobView *j);
/* A page that asks before an act: what happens, to how many, whether it can be undone. */
typedef struct ConfirmPage {
    Str title, text, warning;
    const SummaryRow *rows; size_t n;
    Str action, token, back_href, button;
    bool danger, ask_reason, inside;  /* inside: not the page's own heading */
    Str reason, type_name, typed;    /* type_name: what must be typed to confirm */
    const FieldErrors *errors;
} ConfirmPage;
void confirm_page(Out *o, const ConfirmPage *p);

/* ---- Numbers ------------------------------------------------------------------------------------------- */
typedef enum KpiState { KPI_ESTIMATE, KPI_OPEN, KPI_SUPPRESSED, KPI_PLAIN } KpiState;
/* An estimate with interval and n; an open round with n and "không đại diện"; too few; a plain count. */
typedef struct Kpi {
    Str name, unit;
    Real value;
    double low, high, last_year;     /* NAN: none */
    int64_t n;                       /* 0: not shown */
    KpiState state;
    Str change; TagKind change_kind; Icon change_shape;
    double from, to;                 /* ends of the ruler; equal: no ruler */
    Str id;                          /* unique on the page */
} Kpi;
void kpi_tile(Out *o, const Kpi *k);
void kpi_row_open(Out *o, int columns);
void kpi_row_close(Out *o);

void component_gallery(Out *o);                          /* every component in its states */

#endif
