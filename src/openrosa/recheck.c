/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers and findings of the questionnaire's program, in the shape in which records keep them. */
#include "openrosa/recheck.h"

enum { SHOWN_MOST = 200 };

static Str shown(Arena *a, Str text)
{
    while (utf8_count(text) > SHOWN_MOST)
        text = str_take(text, utf8_fault(str_take(text, text.len - 1)));
    return arena_str(a, text);
}

/* "2.1" of "/data/nha[2]/nguoi[1]/tuoi". */
static Str place_of(Arena *a, Str path)
{
    Buf b = buf_new(a, 16);
    for (StrPair p = str_cut(path, '['); p.head.len < path.len; path = p.tail, p = str_cut(path, '[')) {
        if (b.len)
            buf_byte(&b, '.');
        buf_add(&b, str_cut(p.tail, ']').head);
    }
    return buf_str(&b);
}

static Str node_name(Arena *a, const FormProgram *p, const FormFinding *f)
{
    return f->node >= 0 ? p->nodes.at[f->node].name : shown(a, str_starts(f->path, S("/data/")) ? str_skip(f->path, 5) : f->path);
}

static bool has_flag(const FlagRows *rows, const FlagRow *x)
{
    for (size_t i = 0; i < rows->len; i++)
        if (str_eq(rows->at[i].flag, x->flag) && str_eq(rows->at[i].node, x->node) && str_eq(rows->at[i].place, x->place))
            return true;
    return false;
}

/* Values that the questionnaire cannot mean stay in the XML and in the finding, and leave the answers: true. */
static bool take_finding(Arena *a, const FormProgram *p, const FormFinding *f, FormAnswers *x, Recheck *r)
{
    FlagRow row  = { .flag = form_finding_code(f->kind), .node = node_name(a, p, f), .place = place_of(a, f->path), .expected = shown(a, f->expected),
                     .found = shown(a, f->found), .by_check = true };
    Str    *cell = f->node >= 0 && (f->kind == FINDING_TYPE || f->kind == FINDING_CHOICE_UNKNOWN) ? form_cell(p, x, f->node, f->instance) : NULL;
    if (!has_flag(&r->flags, &row))
        *list_add(a, &r->flags) = row;
    if (cell)
        *cell = S("");
    return cell != NULL;
}

static int given(const FormProgram *p, const FormAnswers *x)
{
    int n = 0;
    for (size_t i = 0; i < p->nodes.len; i++)
        for (int k = 0; form_type_answered(p->nodes.at[i].type) && k <= (int)x->instances.len; k++) {
            const Str *cell = form_cell(p, x, (int)i, k);
            n += cell && cell->len;
        }
    return n;
}

void recheck_of(Arena *a, const FormProgram *p, const Xml *root, Time arrived, Recheck *out)
{
    Recheck      r        = { 0 };
    FormAnswers  x;
    FormMeta     meta     = { 0 };
    FormFindings findings = { 0 };
    form_instance_of(a, p, root, &x, &meta, &findings);
    Time now = meta.end.ms ? meta.end : meta.start.ms ? meta.start : arrived;
    r.start     = meta.start;
    r.end       = meta.end;
    r.names_log = meta.audit.len > 0;
    r.given     = given(p, &x);
    FormState state   = form_recheck(a, p, &x, now, &findings);
    bool      emptied = false;
    for (size_t i = 0; i < findings.len; i++)
        emptied |= take_finding(a, p, &findings.at[i], &x, &r);
    if (emptied)
        form_strip_sent(p, a, &x, now);
    else
        form_strip_by(&state, a, &x);
    r.answers = record_json(a, p, &x);
    r.values  = x;
    *out      = r;
}

Err recheck_run(Arena *a, const FormProgram *p, Str xml, Time arrived, Recheck *out)
{
    Xml *root;
    if (xml.len > FIELD_XML_MOST)
        return err_new(a, ERR_TOO_LARGE, S("the answers are more than 4 MB of XML"));
    TRY(xml_parse(a, xml, XML_LIMITS, &root));
    recheck_of(a, p, root, arrived, out);
    return OK;
}
