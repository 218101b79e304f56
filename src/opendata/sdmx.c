/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* SDMX of an edition: its figures in SDMX-CSV 2.0 and what the codes mean as an SDMX-JSON 2.0 structure message.
 * Source: field guides of SDMX-CSV 2.0 and SDMX-JSON 2.0 (SDMX Technical Working Group). */
#include "opendata/parts.h"

#include "base/csv.h"

#include <math.h>

#define AGENCY "THUOCDO"
#define URN_CODELIST "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=" AGENCY ":"
#define URN_CONCEPT "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=" AGENCY ":CS_THUOCDO(1.0.0)."
#define URN_STRUCTURE "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=" AGENCY ":DSD_"

typedef enum Part { PART_DIMENSION, PART_TIME, PART_MEASURE, PART_ATTRIBUTE } Part;
/* One column of the file and one component of its structure. list: of its codes, or SDMX_LIST_COUNT: type instead. */
typedef struct Component { const char *id, *text; Part role; SdmxList list; const char *type; bool needed; } Component;
static const Component components[] = {
    { "FREQ", "opendata.sdmx.freq", PART_DIMENSION, LIST_FREQ, "", true },
    { "REF_AREA", "opendata.sdmx.area", PART_DIMENSION, LIST_AREA, "", true },
    { "INDICATOR", "opendata.sdmx.indicator", PART_DIMENSION, LIST_INDICATOR, "", true },
    { "ITEM", "opendata.sdmx.item", PART_DIMENSION, LIST_ITEM, "", true },
    { "BREAKDOWN", "opendata.sdmx.breakdown", PART_DIMENSION, LIST_BREAKDOWN, "", true },
    { "TIME_PERIOD", "opendata.sdmx.time", PART_TIME, SDMX_LIST_COUNT, "ObservationalTimePeriod", true },
    { "OBS_VALUE", "opendata.sdmx.value", PART_MEASURE, SDMX_LIST_COUNT, "Double", false },
    { "OBS_STATUS", "opendata.sdmx.status", PART_ATTRIBUTE, LIST_STATUS, "", true },
    { "UNIT_MEASURE", "opendata.sdmx.unit", PART_ATTRIBUTE, LIST_UNIT, "", true },
    { "N_OBS", "opendata.sdmx.n", PART_ATTRIBUTE, SDMX_LIST_COUNT, "Long", false },
    { "STD_ERR", "opendata.sdmx.se", PART_ATTRIBUTE, SDMX_LIST_COUNT, "Double", false },
    { "CI_LOWER", "opendata.sdmx.low", PART_ATTRIBUTE, SDMX_LIST_COUNT, "Double", false },
    { "CI_UPPER", "opendata.sdmx.high", PART_ATTRIBUTE, SDMX_LIST_COUNT, "Double", false },
    { "WEIGHTING", "opendata.sdmx.weighting", PART_ATTRIBUTE, SDMX_LIST_COUNT, "String", true },
};
static const char *const list_id[SDMX_LIST_COUNT] = { "CL_FREQ", "CL_AREA", "CL_INDICATOR", "CL_ITEM", "CL_BREAKDOWN", "CL_OBS_STATUS", "CL_UNIT" };

/* ---- SDMX-CSV --------------------------------------------------------------------------------------------------------------- */

static void cell(Buf *b, Str s)
{
    buf_byte(b, ',');
    buf_csv(b, s);
}

static void number(Buf *b, double x)
{
    buf_byte(b, ',');
    if (!isnan(x))
        buf_f64(b, x);
}

static void observation(Arena *a, Buf *b, const EditionFile *e, Str structure, const Figure *f)
{
    SdmxKey k = sdmx_key(a, f, e->round.unit_question);
    buf_lit(b, "datastructure");
    const Str cells[] = { structure, S("I"), S("A"), k.area, k.indicator, k.item, k.breakdown, e->period };
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        cell(b, cells[i]);
    number(b, f->x);
    cell(b, sdmx_status(f));
    cell(b, sdmx_unit(f->unit));
    number(b, f->suppressed ? NAN : (double)f->n);
    number(b, f->se);
    number(b, f->low);
    number(b, f->high);
    cell(b, e->row.label);
    buf_lit(b, "\r\n");
}

Str sdmx_csv(Arena *a, const EditionFile *e)
{
    Buf b = buf_new(a, 1 << 18);
    Str structure = arena_fmt(a, AGENCY ":DSD_%.*s(%d.0.0)", STR_ARG(sdmx_name(a, e->row.round_code)), e->row.number);
    buf_lit(&b, "STRUCTURE,STRUCTURE_ID,ACTION");
    for (size_t i = 0; i < COUNT_OF(components); i++)
        buf_fmt(&b, ",%s", components[i].id);
    buf_lit(&b, "\r\n");
    for (size_t i = 0; i < e->figures.len; i++)
        observation(a, &b, e, structure, &e->figures.at[i]);
    return buf_str(&b);
}

/* ---- SDMX-JSON structure ------------------------------------------------------------------------------------------------------ */

static void names(Put *p, Str vi, Str en)
{
    put_str(p, "name", vi);
    put_both(p, "names", vi, en);
}

static void artefact(Put *p, Str id, Str version, Str vi, Str en)
{
    put_str(p, "id", id);
    put_str(p, "agencyID", S(AGENCY));
    put_str(p, "version", version);
    names(p, vi, en);
}

static Str key_text(Lang l, const char *key)
{
    return text_find(l, str_from_c(key));
}

static void representation(Arena *a, Put *p, const Component *x, Str version)
{
    put_open(p, "localRepresentation", '{');
    if (x->list < SDMX_LIST_COUNT) {
        put_str(p, "enumeration", arena_fmt(a, URN_CODELIST "%s(%.*s)", list_id[x->list], STR_ARG(version)));
    } else {
        put_open(p, "format", '{');
        put_str(p, "dataType", str_from_c(x->type));
        put_close(p, '}');
    }
    put_close(p, '}');
}

static void component(Arena *a, Put *p, const Component *x, Str version, int position)
{
    put_str(p, "id", str_from_c(x->id));
    if (x->role == PART_DIMENSION)
        put_int(p, "position", position);
    put_str(p, "conceptIdentity", arena_fmt(a, URN_CONCEPT "%s", x->id));
    representation(a, p, x, version);
    if (x->role != PART_ATTRIBUTE)
        return;
    put_str(p, "usage", x->needed ? S("mandatory") : S("optional"));
    put_open(p, "attributeRelationship", '{');
    put_open(p, "observation", '{');
    put_close(p, '}');
    put_close(p, '}');
}

static void component_list(Arena *a, Put *p, const char *list, const char *id, const char *member, Part role, Str version)
{
    put_open(p, list, '{');
    put_str(p, "id", str_from_c(id));
    put_open(p, member, '[');
    for (size_t i = 0; i < COUNT_OF(components); i++)
        if (components[i].role == role) {
            put_open(p, NULL, '{');
            component(a, p, &components[i], version, (int)i);
            put_close(p, '}');
        }
    put_close(p, ']');
    for (size_t i = 0; role == PART_DIMENSION && i < COUNT_OF(components); i++)
        if (components[i].role == PART_TIME) {
            put_open(p, "timeDimension", '{');
            component(a, p, &components[i], version, 0);
            put_close(p, '}');
        }
    put_close(p, '}');
}

static void structure(Arena *a, Put *p, const EditionFile *e, Str version)
{
    Str name = sdmx_name(a, e->row.round_code);
    put_open(p, "dataflows", '[');
    put_open(p, NULL, '{');
    artefact(p, str_concat(a, S("DF_"), name), version, e->row.title_vi, e->row.title_en);
    put_str(p, "structure", arena_fmt(a, URN_STRUCTURE "%.*s(%.*s)", STR_ARG(name), STR_ARG(version)));
    put_close(p, '}');
    put_close(p, ']');
    put_open(p, "dataStructures", '[');
    put_open(p, NULL, '{');
    artefact(p, str_concat(a, S("DSD_"), name), version, e->row.title_vi, e->row.title_en);
    put_open(p, "dataStructureComponents", '{');
    component_list(a, p, "dimensionList", "DimensionDescriptor", "dimensions", PART_DIMENSION, version);
    component_list(a, p, "measureList", "MeasureDescriptor", "measures", PART_MEASURE, version);
    component_list(a, p, "attributeList", "AttributeDescriptor", "attributes", PART_ATTRIBUTE, version);
    put_close(p, '}');
    put_close(p, '}');
    put_close(p, ']');
}

static void concepts(Put *p)
{
    put_open(p, "conceptSchemes", '[');
    put_open(p, NULL, '{');
    artefact(p, S("CS_THUOCDO"), S("1.0.0"), text_of(LANG_VI, "opendata.sdmx.concepts"), text_of(LANG_EN, "opendata.sdmx.concepts"));
    put_open(p, "concepts", '[');
    for (size_t i = 0; i < COUNT_OF(components); i++) {
        put_open(p, NULL, '{');
        put_str(p, "id", str_from_c(components[i].id));
        names(p, key_text(LANG_VI, components[i].text), key_text(LANG_EN, components[i].text));
        put_close(p, '}');
    }
    put_close(p, ']');
    put_close(p, '}');
    put_close(p, ']');
}

static Str list_name(Lang l, SdmxList list)
{
    for (size_t i = 0; i < COUNT_OF(components); i++)
        if (components[i].list == list)
            return key_text(l, components[i].text);
    return S("");
}

static void codelists(Arena *a, Put *p, const EditionFile *e, Str version)
{
    SdmxLists all = sdmx_lists(a, &e->figures, e->round.unit_question, &e->provinces);
    put_open(p, "codelists", '[');
    for (int l = 0; l < SDMX_LIST_COUNT; l++) {
        put_open(p, NULL, '{');
        artefact(p, str_from_c(list_id[l]), version, list_name(LANG_VI, (SdmxList)l), list_name(LANG_EN, (SdmxList)l));
        put_open(p, "codes", '[');
        for (size_t i = 0; i < all.of[l].len; i++) {
            const SdmxCode *x = &all.of[l].at[i];
            put_open(p, NULL, '{');
            put_str(p, "id", x->id);
            names(p, x->vi, x->en);
            if (x->parent.len)
                put_str(p, "parent", x->parent);
            put_close(p, '}');
        }
        put_close(p, ']');
        put_close(p, '}');
    }
    put_close(p, ']');
}

Str sdmx_structure(Arena *a, const EditionFile *e, Str site)
{
    Put p       = put_new(a, 1 << 16);
    Str version = arena_fmt(a, "%d.0.0", e->row.number);
    put_open(&p, NULL, '{');
    put_open(&p, "meta", '{');
    put_str(&p, "schema", S("https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
                            "sdmx-json-structure-schema.json"));
    put_str(&p, "id", arena_fmt(a, "%.*s-%d", STR_ARG(sdmx_name(a, e->row.round_code)), e->row.number));
    put_bool(&p, "test", e->row.simulated);
    put_str(&p, "prepared", time_iso(a, e->row.published_at));
    put_open(&p, "contentLanguages", '[');
    put_str(&p, NULL, S("vi"));
    put_str(&p, NULL, S("en"));
    put_close(&p, ']');
    put_open(&p, "sender", '{');
    put_str(&p, "id", S(AGENCY));
    put_close(&p, '}');
    put_open(&p, "links", '[');
    put_open(&p, NULL, '{');
    put_str(&p, "href", str_concat(a, site, edition_path(a, &e->row)));
    put_str(&p, "rel", S("describedby"));
    put_close(&p, '}');
    put_close(&p, ']');
    put_close(&p, '}');
    put_open(&p, "data", '{');
    structure(a, &p, e, version);
    concepts(&p);
    codelists(a, &p, e, version);
    put_close(&p, '}');
    put_close(&p, '}');
    return buf_str(&p.b);
}
