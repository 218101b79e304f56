/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Output with escaping by type and place, page layout, components and charts. Views (*.html) compile to
 * functions that take Out *o first; inside them {{ x }} picks the writer by type and context. */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/base.h"
#include "i18n/i18n.h"

typedef struct SafeHtml { Str html; } SafeHtml;          /* made only by view code and the Markdown renderer */
typedef struct Real { double v; int decimals; } Real;    /* {{ real(x, 2) }} */
static inline Real real(double v, int decimals) { return (Real){ v, decimals }; }

/* A run of output with the reader's language. */
typedef struct Out { Buf buf; Lang lang; } Out;
Out  out_new(Arena *a, Lang lang, size_t room);
Str  out_text(const Out *o);                             /* what was written */

/* Writers used by compiled views; handwritten C may call them too. */
void out_raw(Out *o, Str literal);                       /* literals of the view only */
void out_html(Out *o, Str s);                            /* text or quoted attribute: & < > " ' */
void out_url(Out *o, Str s);                             /* whole address in href/src/action: http, https, mailto, tel or relative only; else "#" */
void out_url_part(Out *o, Str s);                        /* a piece inside a literal address: percent-encoded */
void out_safe(Out *o, SafeHtml h);
void out_int(Out *o, int64_t n);                         /* grouped for the reader; in attributes and addresses: plain digits */
void out_int_plain(Out *o, int64_t n);
void out_real(Out *o, Real x);
void out_real_plain(Out *o, Real x);                     /* decimal point, at most x.decimals digits: for attributes of drawings */
void out_date(Out *o, Date d);                           /* DATE_NONE writes nothing */
void out_date_iso(Out *o, Date d);
void out_time(Out *o, Time t);                           /* time 0 writes nothing */
void out_time_iso(Out *o, Time t);
void out_maybe_flag(Out *o, Str name, int64_t is_on);    /* " checked" or nothing */
void out_maybe(Out *o, Str name, Str value);             /* " name=\"value\"", nothing for the empty value */
void out_maybe_url(Out *o, Str name, Str value);

/* {{ x }} by place. A type that is not listed (char *, double, an enum) does not compile. In attributes numbers
 * are plain and days and instants ISO; SafeHtml is for text between elements alone. */
#define OUT_NUMBER_(f) int: f, long: f, long long: f, unsigned long: f, unsigned long long: f
#define OUT_TEXT(o, x)     _Generic((x), Str: out_html, SafeHtml: out_safe, Real: out_real, Date: out_date,        \
                                    Time: out_time, OUT_NUMBER_(out_int))((o), (x))
#define OUT_PLAIN(o, x)    _Generic((x), Str: out_html, Real: out_real, Date: out_date, Time: out_time,            \
                                    OUT_NUMBER_(out_int))((o), (x))
#define OUT_ATTR(o, x)     _Generic((x), Str: out_html, Real: out_real_plain, Date: out_date_iso,                  \
                                    Time: out_time_iso, OUT_NUMBER_(out_int_plain))((o), (x))
#define OUT_URL(o, x)      _Generic((x), Str: out_url)((o), (x))
#define OUT_URL_PART(o, x) _Generic((x), Str: out_url_part, Date: out_date_iso, OUT_NUMBER_(out_int_plain))((o), (x))
/* name?="{{ x }}" */
#define OUT_MAYBE(o, name, x)     _Generic((x), Str: out_maybe, bool: out_maybe_flag, int: out_maybe_flag)((o), (name), (x))
#define OUT_MAYBE_URL(o, name, x) _Generic((x), Str: out_maybe_url)((o), (name), (x))

/* ---- Page frame ---------------------------------------------------------------------------- */
typedef struct NavItem { Str label, href; bool current; int64_t waiting; int level; } NavItem;
typedef struct Crumb { Str label, href; } Crumb;         /* the last one without href */
/* PHONE: a questionnaire inside a frame of ours. DESK: the whole screen of a machine at a one-stop desk. */
typedef enum PageKind { PAGE_PUBLIC, PAGE_CONSOLE, PAGE_RESPONDENT, PAGE_BARE, PAGE_EMBED, PAGE_PHONE, PAGE_DESK } PageKind;
typedef enum NoticeKind { NOTICE_INFO, NOTICE_OK, NOTICE_WARN, NOTICE_ERROR } NoticeKind;

/* What every page tells the frame. web fills lang, nav, user, notice and token; handlers the rest. */
typedef struct Page {
    PageKind kind;
    Str title, description;          /* <title> gets " – thước đo" */
    Str canonical;                   /* path, for search engines and the share card */
    Str here;                        /* path and query of this page: where the display links come back to */
    Str site_url;                    /* "https://host" of the site, for absolute links; may be empty */
    Str path_vi, path_en;            /* the same page in the other language; empty: no switch */
    Str share_image;                 /* absolute or empty */
    bool error;                      /* title starts "Lỗi: " */
    bool simulated;                  /* banner "Số liệu mô phỏng" */
    bool no_index;
    Str sheet;                       /* instead of the frame's own, in PAGE_EMBED */
    Str reload;                      /* "60;url=/…": where the page leads by itself when no script runs */
    LIST(NavItem) nav;
    LIST(Crumb) crumbs;
    NoticeKind notice_kind; Str notice;     /* shown once after a redirect */
    Str user_name, user_role, unit_name;    /* console head */
    bool has_inbox; int64_t unread;         /* the same: notices of the person */
    int  year;
    Str form_token;
    Str survey_title, survey_owner, help_phone;   /* respondent frame */
    Str theme, text_size, contrast;         /* from the display cookie: "", "dark", "light"; "", "a2", "a3"; "", "high" */
    Time made_at;
    Str agency, agency_address, agency_phone;     /* settings, for the footer */
} Page;
/* What a person can fix: shown beside the field and in the summary. */
typedef struct FieldError { Str field, message; } FieldError;
typedef LIST(FieldError) FieldErrors;
typedef struct Choice { Str value, label, hint; bool chosen, disabled; } Choice;       /* one of a select, radios or check boxes */
typedef LIST(Choice) Choices;

/* Opens and closes a page around the body that a view writes between. */
void page_open(Out *o, const Page *p);
void page_close(Out *o, const Page *p);

/* Address of an embedded asset with its hash: asset_url("site.css") = "/assets/site.1a2b3c4d.css". */
Str asset_url(Str name);
typedef struct Asset { Str name, hashed, url, type, plain, gzip; } Asset;
extern const Asset asset_files[];                        /* made by build-tools/embed_assets.py from assets/ */
extern const size_t asset_files_count;
const Asset *asset_find(Str hashed_name);                /* NULL when there is none */

#endif
