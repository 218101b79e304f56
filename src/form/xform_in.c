/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An XForm made elsewhere as a questionnaire of ours: the elements of its primary instance become nodes. What this program
 * does not know stays in the bytes; what would change the questionnaire is refused, with line and path. */
#include "form/xform_in.h"

/* ---- Places -------------------------------------------------------------------------------------------------- */

Place xf_place(const Xml *where, Str path)
{
    return (Place){ SHEET_OTHER, where ? (int)where->line : 0, 0, path };
}

void xf_issue(XformReader *x, const Xml *where, Str path, const char *code, Str vi, Str en)
{
    form_issue(x->r, xf_place(where, arena_str(x->r->keep, path)), code, vi, en);
}

#define XSAY(...) arena_fmt(x->r->keep, __VA_ARGS__)

/* Steps without their prefixes, as the elements are named here. */
static Str plain_path(const XformReader *x, Str path)
{
    Buf b = buf_new(x->r->scratch, path.len + 1);
    while (path.len) {
        Str step = str_cut(path, '/').head;
        buf_add(&b, str_has(step, S(":")) ? str_cut(step, ':').tail : step);
        if (step.len < path.len)
            buf_byte(&b, '/');
        path = str_skip(path, step.len + 1);
    }
    return buf_str(&b);
}

int xf_find(const XformReader *x, Str path, int base)
{
    path = str_trim(path);
    if (str_starts(path, S("current()/")))
        path = str_skip(path, 10);
    if (str_has(path, S(":")))
        path = plain_path(x, path);
    if (!path.len)
        return -1;
    if (path.at[0] == '/')
        return name_set_find(&x->paths, path);
    while (str_starts(path, S("./")))
        path = str_skip(path, 2);
    while (str_starts(path, S("../")) && base >= 0) {
        path = str_skip(path, 3);
        base = x->at.at[base].parent;
    }
    Str from = base >= 0 ? x->at.at[base].path : str_concat(x->r->scratch, S("/"), x->root->name);
    return name_set_find(&x->paths, str_join(x->r->scratch, (Str[]){ from, path }, 2, S("/")));
}

/* ---- Primary instance -------------------------------------------------------------------------------------------- */

/* The first of several copies of a repeat counts; the template stands first where there is one. */
static bool copied(const Xml *e)
{
    for (const Xml *other = e->parent->first; other != e; other = other->next)
        if (other->name.len && str_eq(other->name, e->name))
            return true;
    return false;
}

static void add_elements(XformReader *x, const Xml *of, int parent, Str path, int depth)
{
    XML_EACH(e, of) {
        if (!e->name.len || copied(e) || (parent < 0 && str_eq(e->name, S("meta"))))
            continue;
        if (x->at.len >= FORM_MAX_ROWS || depth > 2 * FORM_MAX_LEVELS) {
            if (x->at.len == FORM_MAX_ROWS || depth > 2 * FORM_MAX_LEVELS)
                xf_issue(x, e, path, "E-LIMIT", S("quá nhiều câu hỏi hoặc quá nhiều mức nhóm. Chia thành nhiều phiếu."),
                         S("too many questions, or groups too deep. Split the questionnaire."));
            return;
        }
        bool   inside = false;
        int    at     = (int)x->at.len;
        XML_EACH(k, e)
            inside |= k->name.len > 0;
        Str own = str_join(x->r->keep, (Str[]){ path, e->name }, 2, S("/"));
        *list_add(x->r->scratch, &x->at) = (XfNode){ .element = e, .path = own, .parent = parent, .depth = depth, .rank = -1, .holds = inside };
        add_elements(x, e, at, own, depth + 1);
    }
}

static void number_paths(XformReader *x)
{
    x->paths = name_set_new(x->r->scratch, x->at.len);
    for (size_t i = 0; i < x->at.len; i++)
        name_set_add(&x->paths, x->at.at[i].path);
}

/* ---- Binds --------------------------------------------------------------------------------------------------------- */

static bool in_meta(const XformReader *x, Str path)
{
    Str meta = str_join(x->r->scratch, (Str[]){ S("/"), x->root->name, S("/meta") }, 3, S(""));
    path     = str_has(path, S(":")) ? plain_path(x, path) : path;
    return str_starts(path, meta) && (path.len == meta.len || path.at[meta.len] == '/');
}

static void meta_bind(XformReader *x, const Xml *bind, Str path)
{
    Str calculate = str_trim(xml_attr(bind, S(""), S("calculate")));
    if (!str_ends(path, S("/instanceName")) || !calculate.len)
        return;
    x->r->p->settings.instance_name_src = arena_str(x->r->keep, calculate);
    expression_later(x->r, -1, COL_INSTANCE_NAME, x->r->p->settings.instance_name_src,
                     xf_place(bind, arena_str(x->r->keep, path)));
}

static void add_bind(XformReader *x, const Xml *bind)
{
    Str path = str_trim(xml_attr(bind, S(""), S("nodeset")));
    if (in_meta(x, path)) {
        meta_bind(x, bind, path);
        return;
    }
    if (str_eq(path, str_concat(x->r->scratch, S("/"), x->root->name)))
        return;
    int at = xf_find(x, path, -1);
    if (at < 0 && str_has(path, S("@")))
        return;                                          /* of entities: kept in the bytes */
    if (at < 0)
        xf_issue(x, bind, path, "W-PATH", XSAY("bind trỏ tới “%.*s” không có trong phiếu. Sửa nodeset.", STR_ARG(path)),
                 XSAY("a bind names “%.*s”, which is not in the instance. Correct its nodeset.", STR_ARG(path)));
    else
        x->at.at[at].bind = bind;
}

static void count_bind(FormFacts *f, const Xml *b)
{
    f->binds++;
    f->relevant += xml_has_attr(b, S(""), S("relevant"));
    f->constraint += xml_has_attr(b, S(""), S("constraint"));
    f->required += xml_has_attr(b, S(""), S("required"));
    f->calculate += xml_has_attr(b, S(""), S("calculate"));
    f->readonly += xml_has_attr(b, S(""), S("readonly"));
}

/* ---- Actions --------------------------------------------------------------------------------------------------------- */

static void bad_event(XformReader *x, const Xml *e, Str event)
{
    xf_issue(x, e, event, "E-TYPE", XSAY("sự kiện “%.*s” không được hỗ trợ. Bỏ thao tác này.", STR_ARG(event)),
             XSAY("the event “%.*s” is not supported. Take the action away.", STR_ARG(event)));
}

/* A default worked out at first load, or a value set when another answer changes. from: the control it stands in. */
static void add_setvalue(XformReader *x, const Xml *e, int from)
{
    Str event  = str_trim(xml_attr(e, S(""), S("event")));
    Str target = xf_reference(x, e, S("ref"));
    int at     = xf_find(x, target, from);
    for (Str rest = event; rest.len;) {
        StrPair word = str_cut(rest, ' ');
        bool    known = !word.head.len || str_eq(word.head, S("odk-instance-first-load")) || str_eq(word.head, S("odk-new-repeat")) ||
                     str_eq(word.head, S("odk-instance-load")) || str_eq(word.head, S("xforms-value-changed")) ||
                     str_eq(word.head, S("xforms-ready"));
        if (!known) {
            bad_event(x, e, word.head);
            return;
        }
        rest = str_trim(word.tail);
    }
    if (at < 0 && !in_meta(x, str_trim(target)))
        xf_issue(x, e, target, "E-PATH", XSAY("setvalue trỏ tới “%.*s” không có trong phiếu. Sửa ref.", STR_ARG(target)),
                 XSAY("a setvalue names “%.*s”, which is not in the instance. Correct its ref.", STR_ARG(target)));
    else if (at >= 0)
        x->at.at[at].setvalue = e;
}

static void find_actions(XformReader *x, const Xml *of, int depth)
{
    XML_EACH(e, of) {
        if (!e->name.len)
            continue;
        if (str_eq(e->name, S("setvalue"))) {
            Str ref = xml_attr(of, S(""), S("ref"));
            add_setvalue(x, e, ref.len ? xf_find(x, ref, -1) : -1);
        } else if (str_eq(e->name, S("setgeopoint")) || str_eq(e->name, S("recordaudio"))) {
            xf_issue(x, e, e->name, "E-TYPE", XSAY("thao tác ngầm “%.*s” không được hỗ trợ. Bỏ thao tác này.", STR_ARG(e->name)),
                     XSAY("the hidden action “%.*s” is not supported. Take it away.", STR_ARG(e->name)));
        } else if (depth < 32 && !str_eq(e->name, S("instance")) && !str_eq(e->name, S("itext"))) {
            find_actions(x, e, depth + 1);
        }
    }
}

/* ---- Nodes ------------------------------------------------------------------------------------------------------------- */

static Str bind_text(XformReader *x, const XfNode *n, Str name)
{
    return n->bind ? arena_str(x->r->keep, str_trim(xml_attr(n->bind, S(""), name))) : S("");
}

static Str expression(XformReader *x, const XfNode *n, Str name, ColumnId column)
{
    Str source = bind_text(x, n, name);
    if (source.len)
        expression_later(x->r, n->node, column, source, xf_place(n->bind, n->path));
    return source;
}

static void read_setvalue(XformReader *x, XfNode *n, FormNode *to)
{
    if (!n->setvalue)
        return;
    Str event  = xml_attr(n->setvalue, S(""), S("event"));
    Str source = str_trim(xml_attr(n->setvalue, S(""), S("value")));
    if (!source.len && !str_has(event, S("xforms-value-changed"))) {      /* its content is a text, no expression */
        to->default_src = arena_str(x->r->keep, str_trim(xml_text(x->r->scratch, n->setvalue)));
        return;
    }
    source = arena_str(x->r->keep, source);
    if (!str_has(event, S("xforms-value-changed"))) {
        to->default_src = source;
        if (source.len)
            expression_later(x->r, n->node, COL_DEFAULT, source, xf_place(n->setvalue, n->path));
        return;
    }
    int from = xf_find(x, xml_attr(n->setvalue->parent, S(""), S("ref")), -1);
    if (from < 0 || !source.len)
        return;
    to->trigger_src     = XSAY("${%.*s}", STR_ARG(xf_key(x, from)));
    to->calculation_src = source;
    expression_later(x->r, n->node, COL_CALCULATION, source, xf_place(n->setvalue, n->path));
}

static void range_params(XformReader *x, const XfNode *n, FormNode *to)
{
    static const Str names[] = { S_INIT("start"), S_INIT("end"), S_INIT("step") };
    if (to->type != Q_RANGE)
        return;
    FormPair *pairs = arena_new(x->r->keep, FormPair, COUNT_OF(names));
    double    value[COUNT_OF(names)];
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        pairs[i] = (FormPair){ names[i], arena_str(x->r->keep, str_trim(xml_attr(n->control, S(""), names[i]))) };
        value[i] = expr_number_read(pairs[i].value);
    }
    to->params      = pairs;
    to->param_count = COUNT_OF(names);
    if (!(value[2] > 0) || !(value[1] > value[0]) || value[2] > value[1] - value[0])
        xf_issue(x, n->control, n->path, "E-ARG", S("thang điểm cần start, end và step hợp lệ. Sửa các thuộc tính này."),
                 S("a range needs a valid start, end and step. Correct these attributes."));
}

static Str own_default(XformReader *x, const XfNode *n)
{
    return n->holds ? S("") : arena_str(x->r->keep, str_trim(xml_text(x->r->scratch, n->element)));
}

static void read_expressions(XformReader *x, XfNode *n, FormNode *to)
{
    to->relevant_src    = expression(x, n, S("relevant"), COL_RELEVANT);
    to->required_src    = expression(x, n, S("required"), COL_REQUIRED);
    to->constraint_src  = expression(x, n, S("constraint"), COL_CONSTRAINT);
    to->read_only_src   = expression(x, n, S("readonly"), COL_READ_ONLY);
    to->default_src     = own_default(x, n);
    to->calculation_src = form_type_holds(to->type) ? S("") : expression(x, n, S("calculate"), COL_CALCULATION);
    read_setvalue(x, n, to);
    if (!n->repeat || !n->control)
        return;
    to->repeat_count_src = arena_str(x->r->keep, str_trim(xml_attr(n->control, S(JR_NS), S("count"))));
    if (to->repeat_count_src.len)
        expression_later(x->r, n->node, COL_REPEAT_COUNT, to->repeat_count_src, xf_place(n->control, n->path));
}

static int add_node(XformReader *x, XfNode *n, int parent, int depth)
{
    FormNode to = { .row = (int)(n->control ? n->control->line : n->element->line), .required = -1, .relevant = -1, .constraint = -1,
                    .calculation = -1, .read_only = -1, .choice_filter = -1, .repeat_count = -1, .default_value = -1, .answer = -1, .list = -1,
                    .parent = parent, .depth = depth, .leaf = arena_str(x->r->keep, n->element->name), .type = xf_type(x, n) };
    n->node       = (int)x->r->p->nodes.len;
    to.type_word  = form_type_name(to.type);
    to.appearance = n->control ? arena_str(x->r->keep, xml_attr(n->control, S(""), S("appearance"))) : S("");
    xf_texts(x, n, &to);
    if (n->control)
        xf_choices(x, n, &to);
    range_params(x, n, &to);
    read_expressions(x, n, &to);
    if (depth >= FORM_MAX_LEVELS && form_type_holds(to.type))
        xf_issue(x, n->element, n->path, "E-LIMIT", S("nhóm lồng nhau quá 8 mức. Bớt một mức nhóm."),
                 S("groups are nested more than 8 deep. Take one level away."));
    *list_add(x->r->keep, &x->r->p->nodes) = to;
    return n->node;
}

/* Children in the order of the body; what is not shown follows what stands before it in the instance. */
static void add_children(XformReader *x, int of, int parent, int depth)
{
    LIST(int) kids = { 0 };
    for (size_t i = (size_t)(of + 1); i < x->at.len && x->at.at[i].depth > (of < 0 ? -1 : x->at.at[of].depth); i++)
        if (x->at.at[i].parent == of)
            *list_add(x->r->scratch, &kids) = (int)i;
    for (size_t i = 0; i < kids.len; i++)
        if (x->at.at[kids.at[i]].rank < 0)
            x->at.at[kids.at[i]].rank = i ? x->at.at[kids.at[i - 1]].rank : 0;
    for (size_t i = 1; i < kids.len; i++)
        for (size_t k = i; k > 0 && x->at.at[kids.at[k - 1]].rank > x->at.at[kids.at[k]].rank; k--) {
            int swap       = kids.at[k];
            kids.at[k]     = kids.at[k - 1];
            kids.at[k - 1] = swap;
        }
    for (size_t i = 0; i < kids.len; i++) {
        XfNode *n    = &x->at.at[kids.at[i]];
        int     node = add_node(x, n, parent, depth);
        if (n->holds)
            add_children(x, kids.at[i], node, depth + 1);
    }
}

/* ---- Document ---------------------------------------------------------------------------------------------------------- */

static bool find_parts(XformReader *x)
{
    const Xml *head = xml_child(x->html, S("head"));
    x->body  = xml_child(x->html, S("body"));
    x->model = xml_child(head, S("model"));
    if (!x->model || !x->body || !str_eq(x->html->name, S("html"))) {
        xf_issue(x, x->html, S(""), "E-FILE", S("tệp XML này không phải XForm: thiếu model hoặc body. Gửi XForm hoặc .xlsx."),
                 S("this XML is no XForm: model or body is missing. Send an XForm or an .xlsx."));
        return false;
    }
    if (xml_next(x->model, S("model")) || x->body->line < x->model->line)
        xf_issue(x, x->model, S(""), "E-NEST", S("XForm cần đúng một model, đứng trước body. Sửa lại thứ tự."),
                 S("an XForm has one model, and it stands before the body. Correct the order."));
    const Xml *instance = xml_child(x->model, S("instance"));
    XML_EACH(e, instance)
        if (e->name.len && !x->root)
            x->root = e;
    x->itext = xml_child(x->model, S("itext"));
    if (!x->root)
        xf_issue(x, x->model, S(""), "E-FILE", S("XForm không có dữ liệu chính (instance). Thêm phần này."),
                 S("the XForm has no primary instance. Add it."));
    return x->root != NULL;
}

static void read_key(XformReader *x)
{
    FormProgram *p  = x->r->p;
    Str          id = xml_attr(x->root, S(""), S("id"));
    const Xml   *title = xml_child(xml_child(x->html, S("head")), S("title"));
    p->form_id = arena_str(x->r->keep, str_trim(id.len ? id : x->root->ns));
    p->version = arena_str(x->r->keep, str_trim(xml_attr(x->root, S(""), S("version"))));
    p->root    = arena_str(x->r->keep, x->root->name);
    p->title[LANG_VI] = title ? arena_str(x->r->keep, str_trim(xml_text(x->r->scratch, title))) : S("");
    const Xml *s = xml_child(x->model, S("submission"));
    if (s)
        p->settings.public_key = arena_str(x->r->keep, xml_attr(s, S(""), S("base64RsaPublicKey")));
    p->settings.style = arena_str(x->r->keep, xml_attr(x->body, S(""), S("class")));
}

/* A table of one column, for the code that names columns of a sheet. */
static void no_columns(Reader *r)
{
    r->survey = (Columns){ .sheet = SHEET_SURVEY, .at = arena_new(r->keep, Column, 1), .len = 1 };
    r->survey.at[0] = (Column){ .id = COL_IGNORED, .lang = LANG_NONE, .language = -1, .header = S("") };
    for (int i = 0; i < COL_COUNT; i++)
        for (int l = 0; l < LANG_SLOTS; l++)
            r->survey.first[i][l] = -1;
}

static void read_document(XformReader *x)
{
    if (!find_parts(x))
        return;
    read_key(x);
    add_elements(x, x->root, -1, str_concat(x->r->keep, S("/"), x->root->name), 0);
    number_paths(x);
    XML_EACH(b, x->model)
        if (str_eq(b->name, S("bind"))) {
            count_bind(&x->facts, b);
            add_bind(x, b);
        }
    x->r->list_room = 2 * (int)x->at.len + 2 * FORM_MAX_FILES;
    x->r->lists     = name_set_new(x->r->scratch, (size_t)x->r->list_room);
    find_actions(x, x->model, 0);
    find_actions(x, x->body, 0);
    xf_languages(x);
    xf_lists(x);
    xf_body(x);
    add_children(x, -1, -1, 0);
    if (!x->r->p->nodes.len && !form_issues_bad(x->r->issues))
        xf_issue(x, x->root, x->root->name, "E-TYPE", S("phiếu chưa có câu hỏi nào. Thêm ít nhất một câu hỏi."),
                 S("there is no question. Add one at least."));
    read_pulldata(x->r);
}

static void broken(Arena *keep, FormIssues *issues, Err e)
{
    *list_add(keep, issues) = (FormIssue){ .code = S("E-FILE"), .sheet_at = -1,
        .message_vi = arena_fmt(keep, "tệp XML không đọc được (%.*s). Sửa tệp rồi gửi lại.", STR_ARG(e->detail)),
        .message_en = arena_fmt(keep, "the XML cannot be read (%.*s). Correct the file and send it again.", STR_ARG(e->detail)) };
}

bool form_is_xml(Str bytes)
{
    if (str_starts(bytes, S("\xEF\xBB\xBF")))
        bytes = str_skip(bytes, 3);
    return str_starts(str_trim(bytes), S("<"));
}

Err form_read_xform(Arena *keep, Arena scratch, Str bytes, const FormFinder *files, FormIssues *issues, FormFacts *facts, FormProgram **out)
{
    XmlLimits    limits = XML_LIMITS;
    Xml         *html;
    FormProgram *p = arena_new(keep, FormProgram, 1);
    Reader       r = { .keep = keep, .scratch = &scratch, .issues = issues, .p = p, .default_lang = LANG_VI, .files = files };
    XformReader  x = { .r = &r };
    limits.nodes = 1000000;
    *out         = NULL;
    Err e        = bytes.len > FORM_MAX_FILE ? err_new(keep, ERR_TOO_LARGE, S("larger than 10 MB")) : xml_parse(&scratch, bytes, limits, &html);
    if (e) {
        broken(keep, issues, e);
        return OK;
    }
    x.html       = html;
    p->form_kind = S("survey");
    no_columns(&r);
    read_document(&x);
    form_compile(&r);
    for (size_t i = 0; i < issues->len; i++)
        issues->at[i].sheet = S("");
    form_issues_sort(scratch, issues);
    if (facts)
        *facts = x.facts;
    if (!form_issues_bad(issues))
        *out = p;
    return OK;
}
