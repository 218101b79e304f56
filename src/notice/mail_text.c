/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What mails say, in the language of who reads them: sentences of the inbox with their links. */
#include "notice/mail_parts.h"

#include <sodium.h>

Str mail_code(Arena *a, const AppInfo *app, int64_t mail, Str email_key)
{
    uint8_t  key[32];
    uint64_t sum;
    Str      text = str_concat(a, arena_fmt(a, "%lld ", (long long)mail), email_key);
    app_key(app, "mail-code", key);
    crypto_shorthash_siphash24((uint8_t *)&sum, (const uint8_t *)text.at, text.len, key);
    return arena_fmt(a, "%08llu", (unsigned long long)(sum % 100000000u));
}

static Str link_to(Arena *a, const AppInfo *app, Str path)
{
    return app->public_url.len ? str_concat(a, app->public_url, path) : path;
}

static Err sentence_of(Db *db, Arena *a, Lang lang, const Notice *n, Str *out)
{
    Unit u = { 0 };
    if (n->unit.v)
        TRY(unit_load(db, a, n->unit, date_of(time_now()), &u));
    *out = notice_sentence(a, lang, n, n->unit.v ? unit_name(&u, lang) : S("–"));
    return OK;
}

static Err told(Db *db, Arena *a, const AppInfo *app, Lang lang, const NoticeRows *rows, Buf *b, Str *out_first)
{
    for (size_t i = 0; i < rows->len; i++) {
        Str says;
        TRY(sentence_of(db, a, lang, &rows->at[i].n, &says));
        if (!i)
            *out_first = says;
        buf_fmt(b, "%.*s\n%.*s\n\n", STR_ARG(says), STR_ARG(link_to(a, app, rows->at[i].n.href)));
    }
    return OK;
}

Err mail_words(Db *db, Arena *a, const AppInfo *app, const Mail *m, const Person *p, const NoticeRows *rows, Str code, MailWords *out)
{
    Buf b     = buf_new(a, 1024);
    Str first = S("");
    buf_fmt(&b, "%.*s\n\n", STR_ARG(text_fmt(a, p->lang, "mail.dear", ARG_S("name", p->name))));
    if (m->kind == MAIL_CODE)
        buf_fmt(&b, "%.*s\n\n", STR_ARG(text_fmt(a, p->lang, "mail.code.text", ARG_S("code", code))));
    else
        TRY(told(db, a, app, p->lang, rows, &b, &first));
    buf_fmt(&b, "-- \n%.*s\n%.*s\n%.*s\n", STR_ARG(app->agency), STR_ARG(text_of(p->lang, "mail.foot")), STR_ARG(link_to(a, app, S("/console/account/mail"))));
    out->text    = buf_str(&b);
    out->subject = m->kind == MAIL_CODE ? text_of(p->lang, "mail.code.subject")
                 : m->kind == MAIL_DIGEST ? text_fmt(a, p->lang, "mail.digest.subject", ARG_N("n", (int64_t)rows->len)) : first;
    return OK;
}
