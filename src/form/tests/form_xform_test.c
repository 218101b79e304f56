/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The XForm that phones fetch, piece by piece; our own small forms. */
#include "form_test_book.h"
#include "store/test_store.h"

static Str xform_of(Arena *a, const char *lines)
{
    FormProgram *p = test_form(a, lines);
    return p ? form_xform_write(a, p) : S("");
}

typedef struct Piece { const char *lines, *want[4]; } Piece;

#define LISTS "[choices]\nlist_name|name|label|khu\nl|1|Một|a\nl|2|Hai|\n"

static const Piece pieces[] = {
    { "[survey]\ntype|name|label|relevant|required\ntext|a|Tên & <họ>||\ninteger|b|Tuổi của ${a}|${a} != ''|yes\n",
      { "<bind nodeset=\"/data/b\" type=\"int\" required=\"true()\" relevant=\" /data/a  != ''\"/>",
        "<input ref=\"/data/a\"><label>Tên &amp; &lt;họ&gt;</label></input>",
        "<label>Tuổi của <output value=\" /data/a \"/></label>", "<data id=\"\"><a/><b/><meta><instanceID/></meta></data>" } },
    { "[survey]\ntype|name|label::Tiếng Việt (vi)|label::English (en)|hint|guidance_hint\nselect_one l|s|Chọn|Choose|Gợi ý|Thêm\n" LISTS
      "[settings]\nform_id|version|default_language|style\nf|7|Tiếng Việt (vi)|pages\n",
      { "<translation lang=\"Tiếng Việt (vi)\" default=\"true()\"><text id=\"/data/s:label\"><value>Chọn</value></text>"
        "<text id=\"/data/s:hint\"><value>Gợi ý</value><value form=\"guidance\">Thêm</value></text></translation>",
        "<translation lang=\"English (en)\"><text id=\"/data/s:label\"><value>Choose</value></text>"
        "<text id=\"/data/s:hint\"><value>-</value><value form=\"guidance\">-</value></text></translation>",
        "<instance id=\"l\"><root><item><name>1</name><label>Một</label><khu>a</khu></item><item><name>2</name><label>Hai</label></item></root></instance>",
        "<h:body class=\"pages\"><select1 ref=\"/data/s\"><label ref=\"jr:itext('/data/s:label')\"/><hint ref=\"jr:itext('/data/s:hint')\"/>" } },
    { "[survey]\ntype|name|label|repeat_count|default|calculation|choice_filter\nbegin repeat|nha|Nhà|2 + 1|||\ninteger|tuoi|Tuổi||||\n"
      "calculate|gap||||${tuoi} * 2|\ntext|ghi|Ghi||concat('x', ${tuoi})||\nselect_one l|s|S||||khu = ${tuoi}\nend repeat\n" LISTS,
      { "<nha_count/><nha jr:template=\"\"><tuoi/><gap/><ghi/><s/></nha><nha><tuoi/><gap/><ghi/><s/></nha>",
        "<repeat nodeset=\"/data/nha\" jr:count=\" /data/nha_count \">", "nodeset=\"instance('l')/root/item[khu =  current()/../tuoi ]\"",
        "<setvalue event=\"odk-instance-first-load odk-new-repeat\" ref=\"/data/nha/ghi\" value=\"concat('x',  ../tuoi )\"/></repeat></group>" } },
    { "[survey]\ntype|name|label|calculation\nbegin repeat|r|R|\ntext|x|X|\n"
      "calculate|truoc||if(position(..) > 1, indexed-repeat(${x}, ${r}, position(..) - 1), ${x})\n"
      "begin repeat|s|S|\ninteger|k|K|\ncalculate|dau||indexed-repeat(${k}, ${r}, position(../..), ${s}, ${k}) + ${k}\nend repeat\nend repeat\n",
      { "calculate=\"if(position(..) &gt; 1, indexed-repeat( /data/r/x ,  /data/r , position(..) - 1),  ../x )\"",
        "calculate=\"indexed-repeat( /data/r/s/k ,  /data/r , position(../..),  /data/r/s ,  ../k ) +  ../k \"", "", "" } },
    { "[survey]\ntype|name|label|parameters|default|trigger|calculation\nrange|r|R|start=0 end=5 step=0.5|||\nimage|i|I|max-pixels=640|||\n"
      "rank l|k|K|randomize=true seed=7|||\ntext|t|T||today()||\ncalculate|c||||${t}|now()\naudit|||track-changes=true|||\nstart|bat_dau|||||\n" LISTS,
      { "<range ref=\"/data/r\" start=\"0\" end=\"5\" step=\"0.5\">", "<bind nodeset=\"/data/meta/audit\" type=\"binary\" odk:track-changes=\"true\"/>",
        "<odk:rank ref=\"/data/k\"><label>K</label><itemset nodeset=\"randomize(instance('l')/root/item, 7)\">",
        "<input ref=\"/data/t\"><label>T</label><setvalue event=\"xforms-value-changed\" ref=\"/data/c\" value=\"now()\"/></input>" } },
    { "[survey]\ntype|name|label|bind::odk:length|body::kb:flash|instance::x|image\nnote|n|N|5|yes|z|a.png\n"
      "[settings]\nform_id|namespaces|instance_name|auto_send|public_key\nf|kb=\"http://kobo.test/\"|concat(${n}, 'x')|yes|AAAA\n",
      { "xmlns:kb=\"http://kobo.test/\"", "<submission method=\"post\" base64RsaPublicKey=\"AAAA\" orx:auto-send=\"true\"/>",
        "<text id=\"/data/n:label\"><value>N</value><value form=\"image\">jr://images/a.png</value></text>",
        "<bind nodeset=\"/data/meta/instanceName\" type=\"string\" calculate=\"concat( /data/n , 'x')\"/>" } },
    { "[survey]\ntype|name|label|parameters\ngeopoint|g|G|capture-accuracy=5 warning-accuracy=50.5 allow-mock-accuracy=yes\ngeoshape|h|H|incremental=true\n",
      { "<bind nodeset=\"/data/g\" type=\"geopoint\" odk:allow-mock-accuracy=\"true\"/>",
        "<input ref=\"/data/g\" accuracyThreshold=\"5\" unacceptableAccuracyThreshold=\"50.5\">", "<input ref=\"/data/h\" incremental=\"true\">", "" } },
    { "[survey]\ntype|name|label\nselect_one l or_other|s|Chọn một\n" LISTS,
      { "<item><name>other</name><label>Khác</label></item>", "<bind nodeset=\"/data/s_other\" type=\"string\" relevant=\"selected(../s, 'other')\"/>",
        "<input ref=\"/data/s_other\"><label>Ghi rõ nội dung khác.</label></input>", "" } },
};

TEST(an_xform_says_what_the_rows_say)
{
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        Str got = xform_of(a, pieces[i].lines);
        Xml *x;
        CHECK_OK(xml_parse(a, got, XML_LIMITS, &x));
        for (size_t k = 0; k < COUNT_OF(pieces[i].want); k++)
            if (!str_has(got, str_from_c(pieces[i].want[k])))
                test_fail(__FILE_NAME__, (int)i, "no %s\nin %.*s", pieces[i].want[k], STR_ARG(got));
    }
}

TEST(the_same_form_gives_the_same_bytes)
{
    const ShippedForm *f = form_shipped_find(S("mot-cua"));
    Str                first = S("");
    for (int i = 0; i < 2; i++) {
        FormIssues   issues = { 0 };
        FormProgram *p      = NULL;
        CHECK_OK(form_read_xlsx(a, *a, f->bytes, &issues, &p));
        Str got = form_xform_write(a, p);
        CHECK(i == 0 || str_eq(first, got));
        CHECK(!str_has(got, S("td_")));
        first = got;
    }
}

static const char *const with_file =
    "[survey]\ntype|name|label|image\nselect_one_from_file xa.csv|xa|Xã|a.png\ntext|b|B|\n[settings]\nform_id|version\nfiles|1\n";

static Err save(Db *db, Store *store, Arena *a, const FormFileSet *files, FormIssues *issues, FormId *out)
{
    Err e = db_begin_write(db);
    if (!e)
        e = form_save(db, store, a, test_xlsx(a, with_file), files, (UnitId){ 7 }, (PersonId){ 9 }, test_now(), issues, out);
    if (e)
        db_rollback(db);
    else
        e = db_commit(db);
    return e;
}

TEST_EACH_STORE(a_version_keeps_its_xform_and_its_files)
{
    Db          *db      = test_take(store, a);
    FormFile     list[]  = { { S("xa.csv"), S("name,label,huyen\n01,Xã Một,A\n02,Xã Hai,B\n") } };
    FormIssues   issues  = { 0 };
    FormId       id      = { 0 };
    FormXform    row;
    FormFileRows files;
    Str          bytes;
    const FormProgram *p;
    CHECK_ERR(save(db, store, a, &(FormFileSet){ 0 }, &issues, &id), ERR_INVALID);
    CHECK(issues.len && str_eq(issues.at[0].code, S("E-LIST")));
    issues = (FormIssues){ 0 };
    CHECK_OK(save(db, store, a, &(FormFileSet){ list, 1 }, &issues, &id));
    CHECK_OK(form_xform(db, store, a, id, &bytes));
    CHECK_OK(form_xform_row(db, a, id, &row));
    CHECK_INT(row.size, bytes.len);
    CHECK(!memcmp(row.md5.at, md5(bytes).at, sizeof row.md5.at));
    CHECK(str_has(bytes, S("<instance id=\"xa\" src=\"jr://file-csv/xa.csv\"/>")));
    CHECK(str_has(bytes, S("<data id=\"files\" version=\"1\">")));
    CHECK_OK(form_program(db, store, a, id, &p));
    CHECK_INT(p->lists.at[0].choices.len, 2);
    CHECK_STR(p->lists.at[0].choices.at[1].label[LANG_VI], S("Xã Hai"));
    CHECK_STR(p->lists.at[0].columns.at[2], S("huyen"));
    StrList named = form_files_named(a, p);
    CHECK_INT(named.len, 2);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(form_file_save(db, store, a, id, &(FormFile){ S("../x/a.png"), S("png") }, (PersonId){ 1 }, test_now()));
    CHECK_OK(form_file_save(db, store, a, id, &(FormFile){ S("a.png"), S("png") }, (PersonId){ 1 }, test_now()));
    CHECK_ERR(form_file_save(db, store, a, id, &(FormFile){ S("a.png"), S("other") }, (PersonId){ 1 }, test_now()), ERR_CONFLICT);
    CHECK_OK(db_commit(db));
    CHECK_OK(form_file_list(db, a, id, &files));
    CHECK_INT(files.len, 2);
    CHECK_OK(form_file_load(db, store, a, id, S("a.png"), &bytes));
    CHECK_STR(bytes, S("png"));
}

TEST_EACH_STORE(versions_of_an_older_program_get_their_xform)
{
    Db          *db     = test_take(store, a);
    FormFile     list[] = { { S("xa.csv"), S("name,label\n1,A\n") } };
    FormIssues   issues = { 0 };
    FormId       id     = { 0 };
    FormXform    row, again;
    int          failed;
    CHECK_OK(save(db, store, a, &(FormFileSet){ list, 1 }, &issues, &id));
    CHECK_OK(form_xform_row(db, a, id, &row));
    test_sql(db, SQL("UPDATE form_versions SET xform_sha256 = NULL, xform_md5 = NULL, xform_size = NULL"));
    CHECK_ERR(form_xform_row(db, a, id, &again), ERR_NOT_FOUND);
    CHECK_OK(db_begin_write(db));
    CHECK_OK(form_xform_fill(db, store, a, &failed));
    CHECK_OK(db_commit(db));
    CHECK_INT(failed, 0);
    CHECK_OK(form_xform_row(db, a, id, &again));
    CHECK(!memcmp(row.sum.at, again.sum.at, sizeof row.sum.at));
}
