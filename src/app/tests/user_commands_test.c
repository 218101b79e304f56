/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* `thuocdo user …` against a store. */
#include "app/tests/drive.h"

typedef struct Desk { Store *store; Instance in; DriveUnits u; } Desk;

static Desk desk(Arena *a, Store *store)
{
    Desk d  = { .store = store, .in = { .store = store, .info = drive_app(store) } };
    Db  *db = test_take(store, a);
    if (db_begin_write(db))
        test_fail(__FILE_NAME__, __LINE__, "begin");
    d.u = drive_units(db, a);
    DemoPeople people;
    uint8_t    key[32];
    app_key(&d.in.info, "totp", key);
    if (person_create_demo(db, a, key, d.u.nation, d.u.first, date_of(time_now()), time_now(), &people) || db_commit(db))
        test_fail(__FILE_NAME__, __LINE__, "demonstration");
    return d;
}

/* words: login and then "--name" "value" pairs. */
static Err user_run(Desk *d, Arena *a, Err (*command)(Cli *), bool json, const char *const *words, Str *out)
{
    Cli c = { .a = a, .json = json, .in = &d->in, .out = buf_new(a, 256) };
    if (*words)
        *list_add(a, &c.args) = str_from_c(*words++);
    for (; *words; words += 2)
        *list_add(a, &c.options) = (HttpField){ str_from_c(words[0]), str_from_c(words[1]) };
    Err e = command(&c);
    *out  = buf_str(&c.out);
    return e;
}
#define RUN(command, json, ...) user_run(&d, a, (command), (json), (const char *const[]){ __VA_ARGS__ __VA_OPT__(,) NULL }, &out)

TEST_EACH_STORE(user_add_makes_an_account_and_an_invitation)
{
    Desk   d = desk(a, store);
    Str    out;
    Person p = { 0 };
    CHECK_OK(RUN(command_user_add, false, "lan", "name", "Lê Lan", "role", "officer", "unit", "province:66"));
    CHECK(str_starts(out, S("lan: http://localhost:8080/reset/")));
    CHECK_ERR(RUN(command_user_add, false, "lan"), ERR_CONFLICT);
    CHECK_ERR(RUN(command_user_add, false, "Lan"), ERR_INVALID);
    CHECK_ERR(RUN(command_user_add, false, "mai", "role", "king"), ERR_INVALID);
    CHECK_ERR(RUN(command_user_add, false, "mai", "unit", "66"), ERR_INVALID);
    CHECK_ERR(RUN(command_user_add, false, "mai", "unit", "province:99"), ERR_NOT_FOUND);
    Db *db = test_take(store, a);
    CHECK_OK(person_by_login(db, a, S("lan"), &p));
    CHECK(p.unit.v == d.u.second.v && !p.has_password);
    CHECK_INT(test_sql_int(db, SQL("SELECT COUNT(*) FROM audit_records WHERE action = 'person.create'")), 1);
}

TEST_EACH_STORE(user_list_names_everybody)
{
    Desk d = desk(a, store);
    Str  out;
    CHECK_OK(RUN(command_user_list, true));
    CHECK(str_starts(out, S("[{\"login\":")) && str_ends(out, S("]\n")));
    CHECK(str_has(out, S("\"login\":\"quantri\",\"name\":\"Trần Quốc Bảo\",\"state\":\"active\",\"roles\":\"system_admin\"")));
}

TEST_EACH_STORE(user_reset_and_disable_and_enable)
{
    Desk d = desk(a, store);
    Str  out;
    CHECK_OK(RUN(command_user_reset, true, "phantich"));
    CHECK(str_starts(out, S("{\"login\":\"phantich\",\"link\":\"http://localhost:8080/reset/")));
    CHECK_ERR(RUN(command_user_reset, true, "nobody"), ERR_NOT_FOUND);
    CHECK_OK(RUN(command_user_disable, false, "phantich"));
    CHECK_ERR(RUN(command_user_reset, true, "phantich"), ERR_CONFLICT);
    CHECK_OK(RUN(command_user_enable, false, "phantich"));
    CHECK_OK(RUN(command_user_mfa_reset, false, "phantich"));
    CHECK_ERR(RUN(command_user_code, false, "phantich"), ERR_NOT_FOUND);
}

TEST_EACH_STORE(user_code_is_for_the_demonstration_only)
{
    Desk d = desk(a, store);
    Str  out;
    CHECK_OK(RUN(command_user_code, false, "quantri"));
    CHECK_INT(out.len, 7);
    CHECK_ERR(RUN(command_user_code, false, "hocvien"), ERR_NOT_FOUND);            /* a learner has none */
    CHECK_OK(RUN(command_user_add, false, "lan", "role", "officer"));
    CHECK_ERR(RUN(command_user_code, false, "lan"), ERR_FORBIDDEN);
}
