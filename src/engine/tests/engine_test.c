/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Calls of the page to the engine; on the server XForms are read as XML. tests/offline/engine.mjs plays the same on WebAssembly. */
#include "base/json.h"
#include "base/test.h"
#include "base/xml.h"
#include "engine/engine.h"

static const char book[] = "survey\n,type,name,label,required,calculation\n,text,ten,Tên,yes,\n,begin repeat,nha,Người,,\n,integer,tuoi,Tuổi,yes,\n"
                           ",end repeat,,,,\n,calculate,tong,,,sum(${tuoi})\nsettings\n,form_id,version\n,thu,1\n";

static Str xform(Arena *a)
{
    FormIssues   issues = { 0 };
    FormProgram *p      = NULL;
    AUTO(arena_close) Arena scratch = arena_open(64 << 20);
    CHECK(!form_read(a, scratch, str_from_c(book), NULL, &issues, &p) && p);
    return p ? form_xform_write(a, p) : S("");
}

typedef struct Walk { Engine e; Arena *a; Str answers, typed, at; const Json *told; } Walk;

static Str told(const Walk *w, Str name)
{
    Str text = S("");
    json_str(json_get(w->told, name), &text);
    return text;
}

/* Answers come back as objects: what stands between their name and the next one. */
static Str part_of(Str all, const char *from, const char *to)
{
    size_t at, end;
    if (!str_find(all, str_from_c(from), &at))
        return S("");
    Str rest = str_skip(all, at + strlen(from));
    return str_find(rest, str_from_c(to), &end) ? str_take(rest, end) : rest;
}

static void act(Walk *w, const char *what)
{
    Buf b = buf_new(w->a, 1024);
    buf_fmt(&b, "{\"lang\":\"vi\",\"now\":1795312800000,\"answers\":%.*s,\"typed\":%.*s,\"at\":\"%.*s\",%s}",
            STR_ARG(w->answers), STR_ARG(w->typed), STR_ARG(w->at), what);
    Str said = engine_call(&w->e, w->a, buf_str(&b));
    CHECK(!json_parse(w->a, said, &w->told));
    if (json_get(w->told, S("answers"))) {
        w->answers = part_of(said, "\"answers\":", ",\"typed\":");
        w->typed   = part_of(said, "\"typed\":", ",\"at\":");
    }
    if (json_get(w->told, S("at")))
        w->at = told(w, S("at"));
}

static void open_form(Walk *w, Str form)
{
    Buf b = buf_new(w->a, form.len + 64);
    buf_lit(&b, "{\"do\":\"open\",\"lang\":\"vi\",\"form\":");
    buf_json_str(&b, form);
    buf_byte(&b, '}');
    CHECK(!json_parse(w->a, engine_call(&w->e, w->a, buf_str(&b)), &w->told));
}

TEST(engine_leads_an_interview_to_its_record)
{
    Walk w = { .a = a, .answers = S("{}"), .typed = S("{}"), .at = S("") };
    open_form(&w, xform(a));
    CHECK_STR(told(&w, S("form_id")), S("thu"));
    act(&w, "\"do\":\"begin\",\"preset\":{\"ten\":\"Lan\"}");
    CHECK(str_has(told(&w, S("html")), S("value=\"Lan\"")));
    act(&w, "\"do\":\"move\"");
    CHECK(str_has(told(&w, S("html")), S("data-at=\"e1.1\"")));
    act(&w, "\"do\":\"add\"");
    CHECK_STR(w.at, S("e1.2"));
    act(&w, "\"do\":\"read\",\"fields\":[[\"q.tuoi\",\"40\"]]");
    act(&w, "\"do\":\"finish\"");
    CHECK(!told(&w, S("xml")).len);                  /* the first entry has no age */
    w.at = S("e1.1");
    act(&w, "\"do\":\"read\",\"fields\":[[\"q.tuoi\",\"2\"]]");
    act(&w, "\"do\":\"finish\",\"meta\":{\"instance_id\":\"uuid:1\"}");
    CHECK(str_has(told(&w, S("xml")), S("<tong>42</tong>")));
    w.at = S("e1.1");
    act(&w, "\"do\":\"remove\"");
    CHECK(str_has(w.answers, S("[{\"tuoi\":\"40\"}]")));
    w.at = S("e1.9");                                /* a place that is gone leads to the beginning */
    act(&w, "\"do\":\"show\"");
    CHECK_STR(w.at, S("p0"));
    arena_close(&w.e.keep);
}

TEST(engine_answers_nonsense_with_a_fault)
{
    Engine e = { 0 };
    CHECK(str_has(engine_call(&e, a, S("no json")), S("fault")));
    CHECK(str_has(engine_call(&e, a, S("{\"do\":\"show\"}")), S("fault")));
    CHECK(str_has(engine_call(&e, a, S("{\"do\":\"open\",\"form\":\"<a/>\"}")), S("refused")));
    arena_close(&e.keep);
}

TEST(packed_xml_is_the_same_tree)
{
    Xml *tree, *again;
    Buf  once = buf_new(a, 256), twice = buf_new(a, 256);
    CHECK(!xml_parse(a, S("<a xmlns='u' x='1'>đ<b y=\"&quot;\"/>\n<c>t</c></a>"), XML_LIMITS, &tree));
    xml_pack(&once, tree);
    CHECK(!xml_unpack(a, buf_str(&once), &again));
    CHECK_STR(xml_text(a, xml_child(again, S("c"))), S("t"));
    CHECK_STR(xml_attr(xml_child(again, S("b")), S(""), S("y")), S("\""));
    xml_pack(&twice, again);
    CHECK_STR(buf_str(&once), buf_str(&twice));
    CHECK(xml_unpack(a, S("[\"\",\"-\"]"), &again) != OK);
    CHECK(xml_unpack(a, S("[\"\",\"+\",\"\",\"a\",1,0]"), &again) != OK);
    CHECK(xml_unpack(a, S("[\"\",\"=\",\"t\"]"), &again) != OK);
    CHECK(xml_unpack(a, S("{}"), &again) != OK);
}
