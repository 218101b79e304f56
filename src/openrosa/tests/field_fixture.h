/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A round whose questionnaire has pictures and a log, a phone, a server, and a client that behaves as Collect does. */
#ifndef OPENROSA_TESTS_FIELD_FIXTURE_H
#define OPENROSA_TESTS_FIELD_FIXTURE_H

#include "http/tests/client.h"
#include "openrosa/parts.h"
#include "store/test_store.h"

typedef struct FieldFixture {
    AppInfo app; Store *store; Db *db; Round round; HttpServer *server; Device device; Str key, version; FormId form;
} FieldFixture;
/* limits: of the server; zero fields take the defaults. */
FieldFixture *field_fixture(Store *store, Arena *a, HttpLimits limits);
/* A further version of the same questionnaire. */
FormId field_fixture_version(FieldFixture *f, Arena *a, const char *version);
FormId field_fixture_for(FieldFixture *f, Arena *a, const char *version, const char *channels);    /* td_channels */
void field_fixture_step(FieldFixture *f, Arena *a, RoundState to);
void field_fixture_whole(FieldFixture *f, Arena *a);         /* both checks; each fault fails the test */
void field_fixture_check(FieldFixture *f, Arena *a);         /* the check after the commit, at once */
int64_t field_sql(FieldFixture *f, Sql sql);

/* /openrosa/KEY + path; more: further header lines, each with CR LF. */
Str field_get(FieldFixture *f, Arena *a, const char *method, Str path, Str more);

typedef struct TestPart { Str name, file_name, type, bytes; } TestPart;
Str field_multipart(Arena *a, const TestPart *parts, size_t n);                /* boundary "XX" */
/* A post of the form's XML and files; incomplete adds *isIncomplete*. chunked sends it in chunks. */
Str field_post_bytes(FieldFixture *f, Arena *a, Str body, bool chunked);      /* the whole request */
Str field_send(FieldFixture *f, Arena *a, Str request);
Str field_post(FieldFixture *f, Arena *a, Str xml, const TestPart *files, size_t n, bool incomplete);
TestPart test_part(Str name, Str bytes);
/* The XML of an answer: id of the instance, level 1-3, name of a picture (empty: none), more elements. */
Str field_xml_of(FieldFixture *f, Arena *a, Str instance, int level, Str picture, Str meta);
Str field_message(Str answer);                               /* what the interviewer reads; empty: no envelope */
Str field_code_of(Str answer);                               /* the code in it */

#endif
