/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Chooses the frame of a page and prepares what the frames share. */
#include "view/frame.h"

#include "frame_console.html.h"
#include "frame_desk.html.h"
#include "frame_public.html.h"
#include "frame_respondent.html.h"

void page_open(Out *o, const Page *p)
{
    switch (p->kind) {
    case PAGE_CONSOLE:    frame_console_open(o, p); return;
    case PAGE_RESPONDENT: frame_respondent_open(o, p); return;
    case PAGE_EMBED:      frame_embed_open(o, p); return;
    case PAGE_PHONE:      frame_phone_open(o, p); return;
    case PAGE_DESK:       frame_desk_open(o, p); return;
    case PAGE_PUBLIC:
    case PAGE_BARE:       frame_public_open(o, p); return;
    }
}

void page_close(Out *o, const Page *p)
{
    switch (p->kind) {
    case PAGE_CONSOLE:    frame_console_close(o, p); return;
    case PAGE_RESPONDENT: frame_respondent_close(o, p); return;
    case PAGE_EMBED:      frame_embed_close(o, p); return;
    case PAGE_PHONE:      frame_phone_close(o, p); return;
    case PAGE_DESK:       frame_desk_close(o); return;
    case PAGE_PUBLIC:
    case PAGE_BARE:       frame_public_close(o, p); return;
    }
}

/* By hand, since views may not write http-equiv: a page that leads on by itself is for machines at desks alone, without script. */
void frame_reload(Out *o, Str to)
{
    out_raw(o, S("<noscript><meta http-equiv=\"refresh\" content=\""));
    out_html(o, to);
    out_raw(o, S("\"></noscript>\n"));
}

Str frame_classes(Out *o, const Page *p)
{
    Str words[3];
    size_t n = 0;
    if (p->theme.len)     words[n++] = str_concat(o->buf.a, S("theme-"), p->theme);
    if (p->text_size.len) words[n++] = str_concat(o->buf.a, S("text-"), p->text_size);
    if (p->contrast.len)  words[n++] = str_concat(o->buf.a, S("contrast-"), p->contrast);
    return str_join(o->buf.a, words, n, S(" "));
}

Str frame_title(Out *o, const Page *p)
{
    Str parts[] = { p->error ? text_of(o->lang, "view.title.error") : S(""), p->error ? S(" ") : S(""), p->title,
                    p->title.len ? S(" – ") : S(""), text_of(o->lang, "view.name") };
    return str_join(o->buf.a, parts, COUNT_OF(parts), S(""));
}

Str frame_absolute(Out *o, const Page *p, Str path)
{
    return p->site_url.len && path.len ? str_concat(o->buf.a, p->site_url, path) : S("");
}

Str frame_local(Out *o, Str path)
{
    return o->lang == LANG_EN ? str_concat(o->buf.a, S("/en"), path) : path;
}

Str frame_back(const Page *p)
{
    if (p->here.len)
        return p->here;
    return p->canonical.len ? p->canonical : S("/");
}

Str tel_href(Out *o, Str phone)
{
    Buf b = buf_new(o->buf.a, phone.len + 4);
    buf_lit(&b, "tel:");
    for (size_t i = 0; i < phone.len; i++)
        if ((phone.at[i] >= '0' && phone.at[i] <= '9') || phone.at[i] == '+')
            buf_byte(&b, phone.at[i]);
    return buf_str(&b);
}

bool frame_is(Str value, const char *word)
{
    return str_eq(value, str_from_c(word));
}
