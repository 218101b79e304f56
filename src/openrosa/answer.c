/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Envelope and headers of OpenRosa 1.0. Collect shows the message to the interviewer, so it is a sentence in the
 * interviewer's language whatever the status. */
#include "base/xml.h"
#include "openrosa/parts.h"

#define ACCEPT_LENGTH "104857600"         /* what a post should stay under; a single file may make it longer */

void field_headers(Ctx *c)
{
    answer_header(c, S("x-openrosa-version"), S("1.0"));
    answer_header(c, S("content-language"), lang_code(lang_asked(c)));
    answer_header(c, S("cache-control"), S("private, no-cache"));
    if (c->task->res.status < 400)
        answer_header(c, S("x-openrosa-accept-content-length"), S(ACCEPT_LENGTH));
}

Err field_xml(Ctx *c, int status, Str xml)
{
    TRY(answer_bytes(c, status, S("text/xml; charset=utf-8"), xml));
    field_headers(c);
    return OK;
}

Err field_answer(Ctx *c, int status, Str message)
{
    bool good = status == 201 || status == 202;
    Buf  b    = buf_new(c->arena, 256);
    buf_lit(&b, "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\"");
    buf_add(&b, good ? S(" items=\"1\"><message nature=\"submit_success\">") : S("><message nature=\"submit_error\">"));
    xml_add_text(&b, message);
    buf_lit(&b, "</message></OpenRosaResponse>");
    return field_xml(c, status, buf_str(&b));
}

void openrosa_fail(Ctx *c, int status)
{
    Lang l = lang_asked(c);
    Str  text = status == 401   ? text_of(l, "phone.answer.sign_in")
                : status == 403 ? text_of(l, "phone.answer.forbidden")
                : status == 404 ? text_of(l, "phone.answer.not_found")
                : status == 413 ? text_of(l, "phone.answer.too_large")
                : status == 503 ? text_of(l, "phone.answer.busy")
                : status < 500  ? text_of(l, "phone.answer.malformed") : text_of(l, "phone.answer.fault");
    (void)!field_answer(c, status, text);
}
