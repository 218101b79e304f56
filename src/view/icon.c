/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small drawings: icons, the mark, QR codes. Icons repeat what a word beside them says, so readers skip them. */
#include "view/component.h"

#include <qrencode.h>

static const char *const shapes[ICON_COUNT] = {
    [ICON_CHECK] = "<path d=\"M2 8.5l4 4L14 4\"/>",
    [ICON_WARN]  = "<path d=\"M8 1.8L15 14H1zM8 6v4M8 11.5v1.2\"/>",
    [ICON_INFO]  = "<circle cx=\"8\" cy=\"8\" r=\"6.5\"/><path d=\"M8 7v4.5M8 4.2v1.4\"/>",
    [ICON_CLOCK] = "<circle cx=\"8\" cy=\"8\" r=\"6.5\"/><path d=\"M8 4v4.4l3 1.6\"/>",
    [ICON_BACK]  = "<path d=\"M6 3L2 7l4 4M2 7h8a4 4 0 0 1 0 7H6\"/>",
    [ICON_RING]  = "<circle cx=\"8\" cy=\"8\" r=\"5.5\"/>",
    [ICON_HALF]  = "<circle cx=\"8\" cy=\"8\" r=\"5.5\"/><path d=\"M8 2.5a5.5 5.5 0 0 1 0 11z\" fill=\"currentColor\"/>",
    [ICON_LOCK]  = "<path d=\"M3 7.5h10V14H3zM5 7.5V5a3 3 0 0 1 6 0v2.5\"/>",
    [ICON_CLOSE] = "<path d=\"M3 3l10 10M13 3L3 13\"/>",
    [ICON_UP]    = "<path d=\"M8 3l6 10H2z\" fill=\"currentColor\"/>",
    [ICON_DOWN]  = "<path d=\"M8 13L2 3h12z\" fill=\"currentColor\"/>",
    [ICON_SAME]  = "<path d=\"M2 6h12M2 10.5h12\"/>",
    [ICON_DOC]   = "<path d=\"M3 1.5h6.5L13 5v9.5H3zM9.5 1.5V5H13M5.5 8.5h5M5.5 11.5h5\"/>",
    [ICON_SOUND] = "<path d=\"M2 6h3l4-3.5v11L5 10H2zM11.5 5.5a4 4 0 0 1 0 5\"/>",
};

void icon(Out *o, Icon i)
{
    if (i == ICON_NONE)
        return;
    out_raw(o, S("<svg class=\"ico\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">"));
    out_raw(o, str_from_c(shapes[i]));
    out_raw(o, S("</svg>"));
}

void brand_mark(Out *o)
{
    out_raw(o, S("<svg class=\"brand-mark\" viewBox=\"0 0 48 48\" aria-hidden=\"true\" focusable=\"false\">"
                 "<path class=\"m1\" d=\"M2.5 27H45.5M4 27V43M12 27V35M20 27V35M28 27V35M36 27V35M44 27V43\"/>"
                 "<path class=\"m2\" d=\"M13.5 13H42.5M13.5 6.5V19.5M42.5 6.5V19.5\"/>"
                 "<circle class=\"m3\" cx=\"28\" cy=\"13\" r=\"6\"/></svg>\n"));
}

void sent_mark(Out *o)
{
    out_raw(o, S("<svg class=\"sent-mark\" viewBox=\"0 0 44 44\" aria-hidden=\"true\">"
                 "<circle cx=\"22\" cy=\"22\" r=\"20\" fill=\"none\" stroke=\"#146C43\" stroke-width=\"3\"/>"
                 "<path d=\"M12.5 22.5l7 7L32 16\" fill=\"none\" stroke=\"#146C43\" stroke-width=\"4\"/></svg>\n"));
}

/* Dark modules of one row as horizontal strokes of the path. */
static void qr_row(Buf *b, const QRcode *qr, int y)
{
    for (int x = 0; x < qr->width; x++) {
        int from = x;
        while (x < qr->width && qr->data[y * qr->width + x] & 1)
            x++;
        if (x > from)
            buf_fmt(b, "M%d %dh%dv1h-%dz", from + 4, y + 4, x - from, x - from);
    }
}

void qr_svg(Out *o, Str text, Str label)
{
    QRcode *qr = QRcode_encodeString8bit(arena_c(o->buf.a, text), 0, QR_ECLEVEL_M);
    if (!qr)
        return;                    /* more than a drawing can hold: the text beside it stays */
    int side = qr->width + 8;      /* four quiet modules on each side, as readers need */
    buf_fmt(&o->buf, "<svg class=\"qr\" viewBox=\"0 0 %d %d\" width=\"148\" height=\"148\" role=\"img\" aria-label=\"", side, side);
    out_html(o, label);
    buf_fmt(&o->buf, "\"><path fill=\"#FFFFFF\" d=\"M0 0h%dv%dH0z\"/><path fill=\"#16202B\" d=\"", side, side);
    for (int y = 0; y < qr->width; y++)
        qr_row(&o->buf, qr, y);
    buf_lit(&o->buf, "\"/></svg>\n");
    QRcode_free(qr);
}
