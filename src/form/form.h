/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Form model, XLSForm reading, program, checking of answers, rendering of question pages. */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "base/json.h"
#include "expr/expr.h"
#include "web/web.h"

typedef enum QuestionType {
    Q_NOTE, Q_TEXT, Q_INTEGER, Q_DECIMAL, Q_DATE, Q_SELECT_ONE, Q_SELECT_MULTIPLE, Q_CALCULATE, Q_HIDDEN, Q_GROUP, Q_REPEAT,
    Q_TIME, Q_DATETIME, Q_GEOPOINT, Q_GEOTRACE, Q_GEOSHAPE, Q_BARCODE, Q_IMAGE, Q_AUDIO, Q_VIDEO, Q_FILE,
    Q_ACKNOWLEDGE,                       /* "trigger" too */
    Q_RANGE, Q_RANK,
    Q_START, Q_END, Q_TODAY, Q_DEVICEID, Q_USERNAME, Q_PHONENUMBER, Q_EMAIL,     /* filled in by the device */
    Q_AUDIT,                             /* lies in meta, has no value in expressions */
    Q_EXTERNAL,                          /* csv-external, xml-external: a list of that name and nothing else */
    Q_TYPE_COUNT
} QuestionType;

typedef enum QuestionRole { QR_NONE, QR_SATISFACTION, QR_PERCEPTION, QR_EXPECTATION, QR_PROFILE, QR_FILTER, QR_OPEN } QuestionRole;

/* ---- Texts in all languages of a form ---- */
typedef enum FormTextKind {
    TEXT_LABEL, TEXT_HINT, TEXT_GUIDANCE, TEXT_REQUIRED_MESSAGE, TEXT_CONSTRAINT_MESSAGE,
    TEXT_IMAGE, TEXT_BIG_IMAGE, TEXT_AUDIO, TEXT_VIDEO,      /* names of files */
    TEXT_KIND_COUNT
} FormTextKind;
/* by: a text for each of program->languages, empty ones too; NULL when all are empty. translated: written in a column with
 * a language, so phones get it from itext. */
typedef struct FormText { Str *by; bool translated; } FormText;
typedef struct FormPair { Str name, value; } FormPair;                   /* key=value of parameters */
typedef struct FormAttr { enum { ATTR_BIND, ATTR_BODY, ATTR_INSTANCE } on; Str name, value; } FormAttr;   /* bind::name */

/* ---- Lists of choices ---- */
typedef struct FormChoice {
    Str name; Str label[LANG_COUNT]; double value; enum { CHOICE_PLAIN, CHOICE_MISSING, CHOICE_NA } missing;
    int row;                             /* of the sheet choices; 0: from a file, or made by or_other */
    const Str *cells;                    /* one for each of the list's columns; NULL: all empty */
    const FormText *text;                /* TEXT_KIND_COUNT; NULL: none */
} FormChoice;
/* columns: what instance('name')/root/item/… and choice filters can name beside name and label. file: choices come from a
 * file of the version ("xa.csv", "xa.xml"); then columns holds all of its columns, name and label too. */
typedef struct FormList {
    Str name; LIST(FormChoice) choices; StrList columns;
    Str file, value_column, label_column;
    bool needed;                         /* a question asks from it; else it is a table for look-ups */
} FormList;

typedef struct FormNode {
    Str name;                            /* unique in the form: key of answers; "group/name" when two groups share a name */
    Str leaf;                            /* as written in the column name */
    Str type_word;                       /* "select_one muc5" as written */
    QuestionType type;
    QuestionRole role;
    int parent;                          /* index of the group; -1 at the top */
    int depth, row;                      /* row in the survey sheet, from 1 */
    int list;                            /* index into lists; -1 */
    Str label[LANG_COUNT], hint[LANG_COUNT];
    Str required_src, relevant_src, constraint_src, calculation_src;   /* as written */
    Str read_only_src, choice_filter_src, repeat_count_src;
    Str default_src;                     /* an expression when default_value >= 0, else the text to begin with */
    Str trigger_src;                     /* "${a}" or "${a}, ${b}": the calculation runs when one of them changes */
    Str required_message[LANG_COUNT], constraint_message[LANG_COUNT];
    Str appearance, code;                /* td_code, default name */
    const FormText *text;                /* TEXT_KIND_COUNT: all texts in all languages */
    const FormPair *params; size_t param_count;
    const FormAttr *attrs; size_t attr_count;
    int required, relevant, constraint, calculation;  /* expression ids; -1: none */
    int read_only, choice_filter, repeat_count, default_value;
    const int *triggers; size_t trigger_count;        /* nodes of trigger_src */
    ExprKind kind;                       /* of its value in expressions */
    int answer;                          /* index of its answer; -1 for groups and notes, and inside repeats */
    int repeat;                          /* innermost repeat around it, itself for a repeat; -1: none */
    int cell;                            /* index of its answer in one instance of that repeat (outside: answer); -1: none */
    int seed;                            /* of parameter randomize: expression id; -1: none given */
} FormNode;
Str form_param(const FormNode *n, Str name);                             /* "max-pixels"; empty: not given */

/* td_channels: what rounds of a form may use. */
typedef enum FormChannel { FORM_ONLINE = 1, FORM_FIELD = 2, FORM_PAPER = 4 } FormChannel;

/* The sheet settings beyond the key. */
typedef struct FormSettings {
    Str instance_name_src, style, namespaces, submission_url, public_key, auto_send, auto_delete, client_editable;
} FormSettings;

/* Read-only after compilation; shared by all threads. Nodes are in sheet order; 0 is the first row. */
typedef struct FormProgram {
    FormId id;
    Str form_id, version, title[LANG_COUNT], default_language, form_kind;   /* td_kind, default "survey" */
    Str root;                            /* first step of absolute paths: "data", or what a foreign XForm calls it */
    bool has_lang[LANG_COUNT];           /* labels are written in it */
    bool by_group;                       /* td_layout = group: one top group a page */
    int channels;                        /* FormChannel added up; 0: none is named, so all may be used */
    LIST(FormNode) nodes;
    LIST(FormList) lists;
    StrList languages;                   /* as in the headers, "Tiếng Việt (vi)"; one at least, "default" when none is named */
    int language;                        /* the default one */
    int spoken;                          /* form_in_language: 1 + index of the language its texts are in; 0: those of our pages */
    FormSettings settings;
    int answer_count;
    const struct FormCode *code;         /* compiled expressions, order, indexes */
} FormProgram;
/* Languages labels are written in beside those of our pages. header: as in the columns, "ភាសាខ្មែរ (km)"; name without its code. */
typedef struct FormLanguage { Str header, name, code; } FormLanguage;
typedef LIST(FormLanguage) FormLanguages;
FormLanguages form_other_languages(Arena *a, const FormProgram *p);
/* The same questionnaire with the texts of that language, where it has them, in the place of ours: answers, nodes and choices keep their
 * numbers. p itself when it has no such language. Lives in a and shares the rest with p. */
const FormProgram *form_in_language(Arena *a, const FormProgram *p, Str header);
FormLanguage form_spoken(const FormProgram *p);                      /* of such a program; all empty: the page's language */
int form_question_count(const FormProgram *p);                       /* what a person answers */
Str form_type_name(QuestionType t);                                  /* "select_one": XLSForm's word without the list */
Str form_type_words(Lang l, QuestionType t);                         /* what people call it: "Chọn một câu trả lời" */
Str form_role_text(Lang l, QuestionRole role);                       /* "Mức độ hài lòng"; "–" for none */
bool form_type_holds(QuestionType t);                                /* groups and repeats */
bool form_node_asks(const FormNode *n);                              /* a person answers it, outside repeats */
bool form_type_file(QuestionType t);                                 /* its answer is the name of a file */
bool form_type_answered(QuestionType t);                             /* a person answers it, wherever it stands */
bool form_node_answered(const FormNode *n);                          /* the same anywhere */
int form_find(const FormProgram *p, Str name);                       /* node index or -1 */
const FormChoice *form_choice(const FormProgram *p, int node, Str name);
Str form_label(const FormProgram *p, int node, Lang l);              /* falls back to Vietnamese */
/* Condition of a node joined with those of its groups: "(a) and (b)", as shown by the API. */
Str form_relevant_joined(Arena *a, const FormProgram *p, int node);
/* The shape of one node's own condition (relevant_src), for telling it in words; false when it has none. Lives in keep, which
 * is another arena than scratch. */
bool form_relevant_clause(Arena *keep, Arena scratch, const FormProgram *p, int node, ExprClause *out);

/* ---- Reading ---------------------------------------------------------------------------------- */
typedef struct FormIssue { Str sheet, column, code, message_vi, message_en; int row; bool warning; int sheet_at, column_at; } FormIssue;
typedef LIST(FormIssue) FormIssues;
bool form_issues_bad(const FormIssues *issues);                      /* one of them at least is an error */
/* {"ok":…,"errors":[{sheet,row,column,code,message_vi,message_en}],"warnings":[…]} */
void form_issues_json(Buf *out, const FormIssues *issues);
/* Files beside the workbook: choices, pictures, sounds. find gives the bytes of one; false: not there. */
typedef struct FormFile { Str name, bytes; } FormFile;
typedef struct FormFinder { bool (*find)(void *self, Arena *a, Str name, Str *out); void *self; } FormFinder;
typedef struct FormFileSet { const FormFile *at; size_t len; } FormFileSet;
FormFinder form_finder(FormFileSet *set);                            /* set must live as long */
/* Bytes (.xlsx, .csv or an XForm's XML) → program in keep, as form_read_xlsx; files may be NULL. Issues of an XForm name its
 * line as row and a path as column. */
MUST_USE Err form_read(Arena *keep, Arena scratch, Str bytes, const FormFinder *files, FormIssues *issues, FormProgram **out);
/* .xlsx bytes → program in keep. All issues at once; *out is NULL when any issue is an error. scratch should be
 * another arena; if it is keep's, one is opened for the time of the call. */
MUST_USE Err form_read_xlsx(Arena *keep, Arena scratch, Str bytes, FormIssues *issues, FormProgram **out);

/* What an XForm holds, counted. */
typedef struct FormFacts { int binds, relevant, constraint, required, calculate, readonly, languages, itext_ids, secondary, external; } FormFacts;
/* The XForm of a questionnaire, what phones fetch. The same program gives the same bytes. */
Str form_xform_write(Arena *a, const FormProgram *p);

/* ---- Answers ---------------------------------------------------------------------------------- */
/* One text per answer node: choice name, names joined by one space, number in canonical form, text. Empty: none.
 * Each time a repeat is answered is an instance; instance n of a set of answers is instances.at[n - 1], 0 is the form itself.
 * Parents come before what lies in them; positions count from 1 without gaps. */
typedef struct FormInstance { int repeat, parent, position; Str *at; } FormInstance;     /* at: by FormNode.cell */
/* at: program->answer_count texts. mix: what randomize without a seed mixes by, so that one person always sees one order; 0: the clock. */
typedef struct FormAnswers { Str *at; LIST(FormInstance) instances; int64_t mix; } FormAnswers;
FormAnswers form_answers_new(Arena *a, const FormProgram *p);
FormAnswers form_answers_copy(Arena *a, const FormProgram *p, const FormAnswers *x);    /* texts are shared, cells are not */
Str  *form_cell(const FormProgram *p, const FormAnswers *x, int node, int instance);    /* NULL: the node has no answer */
int   form_instance_find(const FormAnswers *x, int repeat, int parent, int position);   /* 0: there is none */
int   form_instance_count(const FormAnswers *x, int repeat, int parent);
/* A bare new instance behind the others of that repeat, without the repeats in it; 0: the limits of a form are reached. */
int   form_instance_add(Arena *a, const FormProgram *p, FormAnswers *x, int repeat, int parent);
/* Takes it away with all in it; numbers of other instances change. */
void  form_instance_remove(Arena *a, FormAnswers *x, int instance);

typedef enum AnswerFault { ANSWER_OK, ANSWER_REQUIRED, ANSWER_TYPE, ANSWER_CHOICE, ANSWER_CONSTRAINT, ANSWER_TOO_LONG, ANSWER_UNKNOWN,
    ANSWER_LIMIT } AnswerFault;
typedef struct AnswerIssue { int node; Str name; AnswerFault fault; Str message[LANG_COUNT]; int instance; } AnswerIssue;
typedef LIST(AnswerIssue) AnswerIssues;

/* Relevance and calculated values of one set of answers, evaluated once in the order fixed at compile time. Instances
 * beyond repeat_count are passed over. Lives in the arena it was made in; make a new one when answers were changed, or say
 * what changed with form_state_change. relevant and calculated: of nodes outside repeats. */
typedef struct FormState {
    const FormProgram *p; const FormAnswers *x; Time now; bool *relevant; Str *calculated; bool stopped, english;
    bool as_sent;                        /* from a phone: all instances are there, values of chance and clock stay */
    struct FormPlaces *in;               /* instances; NULL: the form has no repeats */
} FormState;
FormState form_state(const FormProgram *p, Arena *a, const FormAnswers *x, Time now);
/* An answer of that node changed (in any instance): evaluates what lies behind it. Instances must be the same as before. */
void form_state_change(FormState *s, Arena *a, int node);
bool form_state_relevant(const FormState *s, int node, int instance);
Str  form_state_value(const FormState *s, int node, int instance);    /* calculated or answered, relevant or not */
bool form_state_there(const FormState *s, int instance);             /* not beyond repeat_count, relevant or not */
/* Whether a repeat is asked inside a parent instance, be there entries or none. */
bool form_repeat_open(const FormState *s, Arena scratch, int repeat, int parent);
/* Instances of a repeat inside a parent instance, in order. */
int  form_state_instances(const FormState *s, int repeat, int parent, const int32_t **out);
bool form_state_read_only(FormState *s, Arena *a, int node, int instance);
/* The same for a single question; cheap when nothing depends on answers. */
bool form_relevant(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node);
bool form_required(const FormState *s, Arena scratch, int node);
bool form_required_at(const FormState *s, Arena scratch, int node, int instance);
/* Indexes into the list of a question that may be chosen now, in the order to show them. Returns how many. */
int  form_choices_left(FormState *s, Arena *a, int node, int instance, const int32_t **out);

/* ---- Filling in -------------------------------------------------------------------------------------- */
/* A new questionnaire: defaults, one instance of each repeat without repeat_count, the start, the day. */
void form_begin(const FormProgram *p, Arena *a, FormAnswers *x, Time now);
/* Sets one answer, runs what its change triggers, and settles. */
void form_put(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int node, int instance, Str text);
/* A new instance with its defaults; 0: too many. */
int  form_repeat_add(const FormProgram *p, Arena *a, FormAnswers *x, Time now, int repeat, int parent);
/* Makes the instances that repeat_count asks for, keeps calculated values beside the answers (once() and random() stay). */
void form_settle(const FormProgram *p, Arena *a, FormAnswers *x, Time now);

/* Canonical text of one typed value; ANSWER_OK or what is wrong. Several choices: joined by spaces. Empty stays empty. */
AnswerFault form_answer_read(Arena *a, const FormProgram *p, int node, Lang typed_in, Str typed, Str *out);
/* Adds an issue with the question's own message, or the usual one. */
void form_issue_answer(const FormProgram *p, Arena *a, int node, AnswerFault fault, AnswerIssues *out);
/* Checks one node (page) or, node < 0, the whole form. Irrelevant answers are not checked; a node that has an
 * issue in out gets no second one. */
void form_check(const FormProgram *p, Arena *a, const FormAnswers *x, Time now, int node, AnswerIssues *out);
/* Empties what is not relevant and fills in what is calculated: what is left is the record. */
void form_strip_irrelevant(const FormProgram *p, Arena *a, FormAnswers *x, Time now);

/* {name: value} of the API: choice name, array of them, number or text; strict. What is wrong goes to issues, one a
 * question, required and constraint included; *out is ready to be stored when there is none (irrelevant ones left out). */
void form_answers_from_json(Arena *a, const FormProgram *p, const Json *answers, Time now, FormAnswers *out, AnswerIssues *issues);
/* A repeat is an array of objects under its name: {"nha":[{"tuoi":3},{}]}; names inside may leave out those of groups.
 * The same object written back, in sheet order, given answers only, every instance. */
Str form_answers_json(Arena *a, const FormProgram *p, const FormAnswers *x);
/* The same with every value as its text: what is stored. */
Str form_answers_texts(Arena *a, const FormProgram *p, const FormAnswers *x);
/* Reads what form_answers_texts wrote; unknown names and other kinds are passed over. */
void form_answers_load(Arena *a, const FormProgram *p, const Json *stored, FormAnswers *out);

/* Plays steps ["/data/a=1", "/data/r[2]/b=x", …] on a new questionnaire; the state of every node as JSON. ERR_INVALID names
 * a step that is wrong. */
MUST_USE Err form_play(Arena *a, const FormProgram *p, Str steps, Time now, Buf *out);

/* ---- Answers as XML, as phones send them ------------------------------------------------------------------- */
typedef enum FindingKind {
    FINDING_REQUIRED_MISSING, FINDING_CONSTRAINT, FINDING_IRRELEVANT_VALUE, FINDING_CALC_DIFFERS, FINDING_CHOICE_UNKNOWN, FINDING_TYPE,
    FINDING_REPEAT_COUNT, FINDING_ELEMENT_UNKNOWN, FINDING_NOT_CHECKED, FINDING_COUNT
} FindingKind;
Str form_finding_code(FindingKind k);                                /* "required_missing" … */
/* node -1: an unknown element. path has positions of repeats only: "/data/nha[2]/tuoi". */
typedef struct FormFinding { FindingKind kind; int node, instance; Str path, expected, found; } FormFinding;
typedef LIST(FormFinding) FormFindings;
typedef struct FormMeta {
    Str  form_id, version;               /* attributes of the root; without id its namespace */
    Str  instance_id, deprecated_id, instance_name, audit;
    Time start, end;                     /* of the interview, where the questionnaire asks for them; 0: none */
    bool encrypted;                      /* the answers are not in this XML */
} FormMeta;
/* XML → answers as sent, trimmed, in NFC, numbers in canonical form; elements the questionnaire does not have become
 * findings. Names count in any namespace, ids of meta in OpenRosa's or the root's. ERR_INVALID: not well-formed;
 * ERR_TOO_LARGE: over 4 MB or the limits of XML. */
MUST_USE Err form_instance_read(Arena *a, const FormProgram *p, Str xml, FormAnswers *out, FormMeta *meta, FormFindings *findings);
typedef struct Xml Xml;                                              /* base/xml.h */
/* The same of XML that is read already; texts of the answers may lie in the tree. */
void form_instance_of(Arena *a, const FormProgram *p, const Xml *root, FormAnswers *out, FormMeta *meta, FormFindings *findings);
/* Answers → XML of the shape of the XForm's instance: relevant nodes, calculated values, meta. The same gives the same bytes. */
Str  form_instance_write(Arena *a, const FormProgram *p, const FormAnswers *x, const FormMeta *meta, Time now);
/* Runs the program on answers as sent. now: the end of the interview, else its start, else its arrival. Values of
 * random(), uuid(), now() and once() are taken as they are. The state holds as long as the answers do: form_strip_by. */
FormState form_recheck(Arena *a, const FormProgram *p, const FormAnswers *x, Time now, FormFindings *out);
/* The record of answers as sent: what is not relevant is emptied, calculated values are ours but those of chance and clock. */
void form_strip_sent(const FormProgram *p, Arena *a, FormAnswers *x, Time now);
void form_strip_by(const FormState *s, Arena *a, FormAnswers *x);    /* the same with their state at hand, which holds no longer */
Str  form_node_path(Arena *a, const FormProgram *p, const FormAnswers *x, int node, int instance);    /* "/data/nha[2]/tuoi" */

/* ---- Pages --------------------------------------------------------------------------------------- */
/* Next and previous page after node; -1: none. Start with node -1. A page is named by its first question, by a field-list
 * group, or by a note that nothing follows; notes before a question stand on its page. */
int form_next_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node);
int form_prev_page(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, int node);
/* Whether a file may be sent with a page (of a repeat: with the page of an entry). */
bool form_page_takes_files(const FormProgram *p, int page);
/* The page that shows a node; of what lies in a repeat the outermost repeat, whose page is the list of its entries. */
int form_page_of(const FormProgram *p, int node);
/* A repeat is a list of entries, and each entry (instance) a page with its questions; repeats inside it follow as lists of
 * their own. Next repeat directly inside an entry after node `after` (-1: the first), relevant now; -1: none. */
int form_entry_repeat(const FormProgram *p, Arena scratch, const FormState *s, int instance, int after);
int form_repeat_around(const FormProgram *p, int repeat);                /* innermost repeat that holds it; -1: none */
/* Part 2 of 5: the top groups that have a relevant question. total 0 when the node stands in none. */
typedef struct FormPart { int number, total; Str title; } FormPart;
FormPart form_part(const FormProgram *p, Arena scratch, const FormAnswers *x, Time now, Lang l, int node);

/* ---- Store: versions of forms; bytes are kept for ever ------------------------------------------ */
typedef enum FormVersionState { FORM_DRAFT, FORM_PUBLISHED, FORM_CLOSED, FORM_STATE_COUNT } FormVersionState;
Str form_state_code(FormVersionState s);
typedef struct FormRow {
    FormId id; Str form_id, version, title, title_en, state; UnitId owner; PersonId author; Time published_at, created_at;
    int questions, rounds; Sha256 sum; int64_t file_size;
} FormRow;
typedef LIST(FormRow) FormRows;
MUST_USE Err form_list(Db *db, Arena *a, FormRows *out);                   /* newest first */
MUST_USE Err form_load(Db *db, Arena *a, FormId id, FormRow *out);         /* ERR_NOT_FOUND */
MUST_USE Err form_by_key(Db *db, Arena *a, Str form_id, Str version, FormRow *out);   /* empty version: the newest */
/* Stores and publishes a version with its files in the open write transaction; as form_save_xlsx. */
MUST_USE Err form_save(Db *db, Store *s, Arena *a, Str bytes, const FormFileSet *files, UnitId owner, PersonId by, Time now,
                       FormIssues *issues, FormId *out);
/* The same without files; a blank version becomes YYYYMMDDnn. The same bytes again
 * give the same id. ERR_INVALID: issues say why; ERR_CONFLICT: same key, other bytes. */
MUST_USE Err form_save_xlsx(Db *db, Store *s, Arena *a, Str bytes, UnitId owner, PersonId by, Time now, FormIssues *issues, FormId *out);
/* Closed forms start no new round; published ↔ closed only. ERR_CONFLICT. */
MUST_USE Err form_set_state(Db *db, Arena *a, FormId id, FormVersionState to);
MUST_USE Err form_bytes(Db *db, Store *s, Arena *a, FormId id, Str *out);
/* The XForm as it was written at publication. ERR_NOT_FOUND: published by an older program and not filled in yet. */
typedef struct FormXform { Sha256 sum; Md5 md5; int64_t size; } FormXform;
MUST_USE Err form_xform_row(Db *db, Arena *a, FormId id, FormXform *out);
MUST_USE Err form_xform(Db *db, Store *s, Arena *a, FormId id, Str *out);
MUST_USE Err form_xform_fill(Db *db, Store *s, Arena *a, int *out_failed);   /* for versions that have none; at the start */
/* Files of a version: choices, pictures, sounds. A name is given once: other bytes are ERR_CONFLICT; at most 50 MB each. */
typedef struct FormFileRow { Str name; Sha256 sum; Md5 md5; int64_t size; } FormFileRow;
typedef LIST(FormFileRow) FormFileRows;
MUST_USE Err form_file_list(Db *db, Arena *a, FormId id, FormFileRows *out);
MUST_USE Err form_file_load(Db *db, Store *s, Arena *a, FormId id, Str name, Str *out);
MUST_USE Err form_file_save(Db *db, Store *s, Arena *a, FormId id, const FormFile *file, PersonId by, Time now);
StrList form_files_named(Arena *a, const FormProgram *p);                 /* what it asks for, there or not */
/* ---- Versions side by side ---- */
typedef enum FormChangeKind {
    CHANGE_ADDED, CHANGE_REMOVED, CHANGE_TYPE, CHANGE_LIST, CHANGE_LABEL, CHANGE_HINT, CHANGE_REQUIRED, CHANGE_RELEVANT, CHANGE_CONSTRAINT,
    CHANGE_CALCULATION, CHANGE_FILTER, CHANGE_DEFAULT, CHANGE_CHOICE_ADDED, CHANGE_CHOICE_REMOVED, CHANGE_CHOICE_LABEL, CHANGE_MESSAGE,
    CHANGE_LOOK, CHANGE_ROLE, CHANGE_CODE, CHANGE_COUNT_SRC, CHANGE_KIND_COUNT
} FormChangeKind;
/* language: of words in another language than the reader's; else empty. */
typedef struct FormChange { FormChangeKind kind; Str name, before, after, language; } FormChange;
typedef LIST(FormChange) FormChanges;
FormChanges form_changes(Arena *a, const FormProgram *before, const FormProgram *after, Lang l);
/* Adds W-CHANGED (another type or list under the same name: a reason is needed) and E-REUSED (a name given up comes back with
 * another type), by the versions of the same form_id that are stored. */
MUST_USE Err form_check_versions(Db *db, Store *s, Arena *a, const FormProgram *p, FormIssues *issues);
bool form_needs_reason(const FormIssues *issues);
/* The compiled program from a process-wide cache; lives as long as the process. */
MUST_USE Err form_program(Db *db, Store *s, Arena *a, FormId id, const FormProgram **out);
/* May rounds of this version use the channel? */
MUST_USE Err form_takes(Db *db, Store *s, Arena *a, FormId id, FormChannel channel, bool *out);

/* {"name","type","label","required","relevant"?,"constraint"?,"choices"?} of each question and note, as a JSON array. */
void form_questions_json(Buf *out, const FormProgram *p, Lang l);

/* Questionnaires shipped with the program. */
typedef struct ShippedForm { Str name, bytes; } ShippedForm;         /* "sipas-2023" */
size_t form_shipped(const ShippedForm **out);
const ShippedForm *form_shipped_find(Str name);                      /* NULL: none */

/* ---- Rendering: the questions of one page inside the respondent page's form ------------------------ */
/* Choices of a list that match what was typed, best first, each kind in the order of the list. Marks that are typed count: "đường" does not
 * bring "Dương". At most `most` places of left go to out; gives how many match. */
typedef int64_t FormFindChoices(Arena *a, const FormList *list, const int32_t *left, size_t count, Lang l, Str typed, int32_t *out, size_t most);
FormFindChoices form_find_choices;
/* What a page is drawn from. typed: what was typed and could not be read (an empty text: show the answer); may be NULL, as may
 * issues. Addresses end before a name; empty: such things are not shown. */
typedef struct FormPage {
    const FormProgram *p; const FormAnswers *x, *typed; const AnswerIssues *issues; Time now;
    Str media;                           /* of pictures, sounds and films that belong to the questionnaire */
    Str files;                           /* of files that were sent as answers */
    bool inside;                         /* headings are h2: the page has its own */
    bool offline;                        /* a script on the page keeps the files (assets/field); their names lie in hidden fields */
    const HttpFields *fields;            /* what was typed to search long lists by; NULL: they are not searched */
    FormFindChoices *find;               /* form_find_choices; NULL without fields */
    Str place;                           /* address of the script that asks the device for its place; empty: it is not asked */
} FormPage;
/* The page is to be shown again with what was looked for: a search button was pressed, or words were typed that were not searched yet. */
bool form_page_looks(const HttpFields *fields);
/* Controls are named "q." and the node's name. */
void form_render_question(Out *o, const FormPage *page, int node);
/* The questions of one entry of a repeat, below a heading of the caller's. */
void form_render_entry(Out *o, const FormPage *page, int instance);
void form_entry_read(const FormProgram *p, Arena *a, Lang l, const HttpFields *fields, Time now, int instance, FormAnswers *x,
                     FormAnswers *typed, AnswerIssues *issues);
/* Reads the controls of a page from a posted form into x, and into typed what could not be read; checks these questions. */
void form_page_read(const FormProgram *p, Arena *a, Lang l, const HttpFields *fields, Time now, int node, FormAnswers *x,
                    FormAnswers *typed, AnswerIssues *issues);
/* Id of the first control of a question, for the error summary's link. */
Str form_control_id(Arena *a, const FormProgram *p, int node);
/* An answer as a person reads it: labels of choices, numbers of the language. */
Str form_answer_text(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l);
Str form_answer_text_at(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l);
/* ${name} in a text becomes the answer as a person reads it. */
Str form_filled(Arena *a, const FormProgram *p, Str text, const FormAnswers *x, int instance, Lang l);
/* For lists of answers: "Hộ 1, Thành viên 2: Tuổi", outside repeats the label alone; the name stands in for a missing one. */
Str form_cell_label(Arena *a, const FormProgram *p, const FormAnswers *x, int node, int instance, Lang l);
/* What tells one entry from another: its first answers. */
Str form_entry_text(Arena *a, const FormProgram *p, const FormState *s, int instance, Lang l);
/* A label where there are no answers to fill it with: ${name} becomes the question meant, in quotes: its label when that is short, else its name. */
Str form_label_plain(Arena *a, const FormProgram *p, int node, Lang l);
/* A label with the ${name} in it replaced by answers. */
Str form_label_filled(Arena *a, const FormProgram *p, int node, const FormAnswers *x, Lang l);
Str form_label_filled_at(Arena *a, const FormProgram *p, int node, const FormAnswers *x, int instance, Lang l);

/* ---- Commands: wired by app ------------------------------------------------------------------------- */
/* thuocdo form check FILE: exit code 0 or 65. The text or JSON to print is added to out. */
MUST_USE Err form_command_check(Arena *a, Str path, bool json, Buf *out, int *exit_code);
/* thuocdo form list, form add FILE, form export FORM_ID VERSION */
/* thuocdo form show FILE: key, languages and counts of what phones get. */
MUST_USE Err form_command_show(Arena *a, Str path, bool json, Buf *out, Buf *err, int *exit_code);
/* thuocdo form xform FILE: the XForm is added to out (json: packed, xml_pack), or the faults to err. */
MUST_USE Err form_command_xform(Arena *a, Str path, bool json, Buf *out, Buf *err, int *exit_code);
/* thuocdo form play FILE STEPS.json */
MUST_USE Err form_command_play(Arena *a, Str path, Str steps, Time now, Buf *out, Buf *err, int *exit_code);
MUST_USE Err form_command_list(Db *db, Arena *a, bool json, Buf *out);
MUST_USE Err form_command_add(Db *db, Store *s, Arena *a, Str path, const StrList *media, Str reason,
                              UnitId owner, Time now, bool json, Buf *out, int *exit_code);

extern const Route form_routes[];        /* console */

#endif
