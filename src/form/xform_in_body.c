/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The body of a foreign XForm: controls and groups, in order, and what type of question they make. */
#include "form/xform_in.h"

#define XSAY(...) arena_fmt(x->r->keep, __VA_ARGS__)

typedef enum ControlKind { CONTROL_NONE, CONTROL_LEAF, CONTROL_GROUP, CONTROL_REPEAT } ControlKind;

static const struct { Str name; ControlKind kind; } controls[] = {
    { S_INIT("input"), CONTROL_LEAF }, { S_INIT("secret"), CONTROL_LEAF }, { S_INIT("textarea"), CONTROL_LEAF }, { S_INIT("upload"), CONTROL_LEAF },
    { S_INIT("select"), CONTROL_LEAF }, { S_INIT("select1"), CONTROL_LEAF }, { S_INIT("rank"), CONTROL_LEAF }, { S_INIT("range"), CONTROL_LEAF },
    { S_INIT("trigger"), CONTROL_LEAF }, { S_INIT("group"), CONTROL_GROUP }, { S_INIT("repeat"), CONTROL_REPEAT } };

static ControlKind control_kind(const Xml *e)
{
    for (size_t i = 0; e->name.len && i < COUNT_OF(controls); i++)
        if (str_eq(e->name, controls[i].name))
            return controls[i].kind;
    return CONTROL_NONE;
}

Str xf_reference(XformReader *x, const Xml *e, Str attr)
{
    Str ref = xml_attr(e, S(""), attr), id = xml_attr(e, S(""), S("bind"));
    if (ref.len || !id.len)
        return ref;
    XML_EACH(b, x->model)
        if (str_eq(b->name, S("bind")) && str_eq(xml_attr(b, S(""), S("id")), id))
            return xml_attr(b, S(""), S("nodeset"));
    return id;
}

static void unknown_ref(XformReader *x, const Xml *e, Str ref)
{
    xf_issue(x, e, ref, "E-PATH", XSAY("câu hỏi trỏ tới “%.*s” không có trong phiếu. Sửa ref.", STR_ARG(ref)),
             XSAY("a control names “%.*s”, which is not in the instance. Correct its ref.", STR_ARG(ref)));
}

static void claim(XformReader *x, int at, const Xml *e, bool repeat)
{
    XfNode *n = &x->at.at[at];
    if (n->rank < 0)
        n->rank = ++x->rank;
    if (repeat || !n->control || (control_kind(n->control) == CONTROL_GROUP && !n->repeat))
        n->control = n->control && control_kind(n->control) == CONTROL_LEAF ? n->control : e;
    n->repeat |= repeat;
    n->holds |= control_kind(e) != CONTROL_LEAF;
    for (int up = n->parent; up >= 0; up = x->at.at[up].parent)      /* a group without a control of its own stands where its first part does */
        if (x->at.at[up].rank < 0)
            x->at.at[up].rank = n->rank;
}

static void walk(XformReader *x, const Xml *of, int base, int depth)
{
    XML_EACH(e, of) {
        ControlKind kind = control_kind(e);
        Str         ref  = kind ? xf_reference(x, e, kind == CONTROL_REPEAT ? S("nodeset") : S("ref")) : S("");
        int         at   = kind && ref.len ? xf_find(x, ref, base) : -1;
        if (!kind)
            continue;
        if (at >= 0)
            claim(x, at, e, kind == CONTROL_REPEAT);
        else if (kind != CONTROL_GROUP || ref.len) {
            if (!str_has(ref, S("/meta/")))
                unknown_ref(x, e, ref);
        }
        if (kind != CONTROL_LEAF && depth < 32)
            walk(x, e, at >= 0 ? at : base, depth + 1);
    }
}

void xf_body(XformReader *x)
{
    walk(x, x->body, -1, 0);
}

/* ---- Types --------------------------------------------------------------------------------------------------------- */

static QuestionType type_of_bind(Str type)
{
    static const struct { Str name; QuestionType type; } types[] = {
        { S_INIT("int"), Q_INTEGER }, { S_INIT("integer"), Q_INTEGER }, { S_INIT("long"), Q_INTEGER }, { S_INIT("decimal"), Q_DECIMAL },
        { S_INIT("date"), Q_DATE }, { S_INIT("time"), Q_TIME }, { S_INIT("dateTime"), Q_DATETIME }, { S_INIT("geopoint"), Q_GEOPOINT },
        { S_INIT("geotrace"), Q_GEOTRACE }, { S_INIT("geoshape"), Q_GEOSHAPE }, { S_INIT("barcode"), Q_BARCODE } };
    Str plain = str_has(type, S(":")) ? str_cut(type, ':').tail : type;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_eq(plain, types[i].name))
            return types[i].type;
    return Q_TEXT;
}

static QuestionType type_of_upload(Str mediatype)
{
    return str_starts(mediatype, S("image/")) ? Q_IMAGE : str_starts(mediatype, S("audio/")) ? Q_AUDIO
         : str_starts(mediatype, S("video/")) ? Q_VIDEO : Q_FILE;
}

/* What no control shows: filled in by the device, calculated, or kept. */
static QuestionType type_unseen(const XfNode *n)
{
    Str preload = n->bind ? xml_attr(n->bind, S(JR_NS), S("preload")) : S(""), params = n->bind ? xml_attr(n->bind, S(JR_NS), S("preloadParams")) : S("");
    static const struct { Str params; QuestionType type; } properties[] = {
        { S_INIT("start"), Q_START }, { S_INIT("end"), Q_END }, { S_INIT("today"), Q_TODAY }, { S_INIT("deviceid"), Q_DEVICEID },
        { S_INIT("username"), Q_USERNAME }, { S_INIT("phonenumber"), Q_PHONENUMBER }, { S_INIT("email"), Q_EMAIL } };
    for (size_t i = 0; preload.len && i < COUNT_OF(properties); i++)
        if (str_eq(params, properties[i].params))
            return properties[i].type;
    return n->bind && xml_has_attr(n->bind, S(""), S("calculate")) ? Q_CALCULATE : Q_HIDDEN;
}

static bool always_read_only(const XfNode *n)
{
    return n->bind && str_eq(str_trim(xml_attr(n->bind, S(""), S("readonly"))), S("true()")) && !xml_has_attr(n->bind, S(""), S("calculate")) &&
           type_of_bind(xml_attr(n->bind, S(""), S("type"))) == Q_TEXT && !n->element->first;
}

QuestionType xf_type(XformReader *x, const XfNode *n)
{
    Str name = n->control ? n->control->name : S("");
    if (n->repeat)
        return Q_REPEAT;
    if (n->holds)
        return Q_GROUP;
    if (!n->control)
        return type_unseen(n);
    if (str_eq(name, S("select")) || str_eq(name, S("select1")) || str_eq(name, S("rank")))
        return str_eq(name, S("select")) ? Q_SELECT_MULTIPLE : str_eq(name, S("rank")) ? Q_RANK : Q_SELECT_ONE;
    if (str_eq(name, S("upload")))
        return type_of_upload(xml_attr(n->control, S(""), S("mediatype")));
    if (str_eq(name, S("trigger")))
        return Q_ACKNOWLEDGE;
    if (str_eq(name, S("range")))
        return Q_RANGE;
    if (always_read_only(n))
        return Q_NOTE;
    return n->bind ? type_of_bind(str_trim(xml_attr(n->bind, S(""), S("type")))) : Q_TEXT;
}
