/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/test.h"
#include "base/xml.h"

TEST(xml_tree_of_a_form)
{
    Xml *x = NULL;
    CHECK_OK(xml_parse(a, S("<?xml version=\"1.0\"?>\n<h:html xmlns:h=\"urn:h\" xmlns=\"urn:x\" xmlns:jr=\"urn:jr\">\n"
                            "<label jr:preload=\"uid\" ref=\"/data/a\">"
                            "Xin <b>chào</b> &lt;ông/bà&#x20;&amp; bạn&gt;</label><label>2</label></h:html>"), XML_LIMITS, &x));
    CHECK_STR(x->name, S("html"));
    CHECK_STR(x->ns, S("urn:h"));
    const Xml *label = xml_child(x, S("label"));
    CHECK_STR(label->ns, S("urn:x"));
    CHECK_INT(label->line, 3);
    CHECK_STR(xml_attr(label, S(""), S("ref")), S("/data/a"));
    CHECK_STR(xml_attr(label, S("urn:jr"), S("preload")), S("uid"));
    CHECK(!xml_has_attr(label, S(""), S("preload")));
    CHECK_STR(xml_text(a, label), S("Xin chào <ông/bà & bạn>"));
    CHECK_STR(xml_text(a, xml_next(label, S("label"))), S("2"));
    CHECK(xml_next(xml_next(label, S("label")), S("label")) == NULL);
    CHECK_STR(label->first->text, S("Xin "));
    CHECK_STR(label->first->next->name, S("b"));
    size_t children = 0;
    XML_EACH(child, x) children++;
    CHECK_INT(children, 3);     /* white space, two labels */
    CHECK(xml_child(NULL, S("x")) == NULL);
}

TEST(xml_takes_cdata_and_other_encodings)
{
    Xml *x = NULL;
    CHECK_OK(xml_parse(a, S("<a><![CDATA[<x>]]>&quot;</a>"), XML_LIMITS, &x));
    CHECK_STR(xml_text(a, x), S("<x>\""));
    CHECK_OK(xml_parse(a, S("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>"), XML_LIMITS, &x));
    CHECK_STR(xml_text(a, x), S("é"));
}

TEST(xml_refuses_types_entities_and_what_is_not_well_formed)
{
    static const Str bad[] = {
        S_INIT("<!DOCTYPE a><a/>"),
        S_INIT("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>"),
        S_INIT("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"),
        S_INIT("<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;\">]><a>&m;</a>"),
        S_INIT("<a>&x;</a>"), S_INIT("<a>"), S_INIT("<a></b>"), S_INIT(""), S_INIT("text"), S_INIT("<a/><b/>"), S_INIT("<a b='1' b='2'/>"),
        S_INIT("<a>\xFF</a>"), S_INIT("<a>\x01</a>"), S_INIT("<a>&#0;</a>"), S_INIT("<p:a/>"), S_INIT("<a>\0</a>"),
        S_INIT("<?xml version='1.0' encoding='no-such'?><a/>"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        Xml *x = NULL;
        if (!err_is(xml_parse(a, bad[i], XML_LIMITS, &x), ERR_INVALID) || x)
            test_fail(__FILE_NAME__, __LINE__, "%.*s is taken", STR_ARG(bad[i]));
    }
}

static Str repeated(Arena *a, Str unit, size_t n)
{
    Buf b = buf_new(a, unit.len * n);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit);
    return buf_str(&b);
}

TEST(xml_keeps_its_limits)
{
    Xml      *x      = NULL;
    XmlLimits limits = { .depth = 4, .nodes = 10, .attributes = 2 };
    CHECK_OK(xml_parse(a, S("<a><a><a><a/></a></a></a>"), limits, &x));
    CHECK_ERR(xml_parse(a, S("<a><a><a><a><a/></a></a></a></a>"), limits, &x), ERR_TOO_LARGE);
    CHECK_ERR(xml_parse(a, repeated(a, S("<a>"), 100000), XML_LIMITS, &x), ERR_TOO_LARGE);
    CHECK_OK(xml_parse(a, S("<a x='1' y='2'>1<b/>2<b/>3<b/>4<b/>5</a>"), limits, &x));
    CHECK_ERR(xml_parse(a, S("<a>1<b/>2<b/>3<b/>4<b/>5<b/></a>"), limits, &x), ERR_TOO_LARGE);
    CHECK_ERR(xml_parse(a, S("<a x='1' y='2' z='3'/>"), limits, &x), ERR_TOO_LARGE);
}

static Err stop_at_b(void *with, Str ns, Str name, const XmlAttr *attrs, size_t n)
{
    int *opened = with;
    ++*opened;
    static const ErrInfo enough = { ERR_CONFLICT, S_INIT("enough"), "", 0 };
    return str_eq(name, S("b")) ? &enough : OK;
}

TEST(xml_walk_ends_at_an_error_of_the_caller)
{
    int       opened = 0;
    XmlEvents events = { &opened, stop_at_b, NULL, NULL };
    CHECK_ERR(xml_walk(a, S("<a><b/><c/><c/></a>"), XML_LIMITS, &events), ERR_CONFLICT);
    CHECK_INT(opened, 2);
}

TEST(xml_feed_takes_pieces)
{
    int       opened = 0;
    XmlEvents events = { &opened, stop_at_b, NULL, NULL };
    AUTO_XML *f      = xml_feed_open(a, XML_LIMITS, &events);
    Str       whole  = S("<a><c>\xE1\xBB\x87</c><c/></a>");
    for (size_t i = 0; i < whole.len; i++)
        CHECK_OK(xml_feed(f, (Str){ whole.at + i, 1 }, false));
    CHECK_OK(xml_feed(f, S(""), true));
    CHECK_INT(opened, 3);
    AUTO_XML *cut = xml_feed_open(a, XML_LIMITS, &events);
    CHECK_OK(xml_feed(cut, S("<a>"), false));
    CHECK_ERR(xml_feed(cut, S(""), true), ERR_INVALID);
}
