/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The first administrator of a new installation, and the accounts of a demonstration. */
#include "org/org.h"

Err person_invite_first_admin(Db *db, Arena *a, const PersonDraft *d, Date today, Time now, Str *out_token)
{
    PersonId id;
    GrantId  grant;
    TRY(person_create(db, a, d, (PersonId){ 0 }, now, &id));
    GrantDraft g = { .person = id, .role = ROLE_SYSTEM_ADMIN, .unit = d->unit, .from = today, .to = DATE_NONE };
    TRY(grant_give(db, a, (PersonId){ 0 }, &g, today, now, &grant));
    return link_make(db, a, id, LINK_INVITE, (PersonId){ 0 }, now, out_token);
}

/* Invented people, one a role; national: the role stands on the whole tree. */
static const struct { Role role; Str login, name; bool national; } demo_people[] = {
    { ROLE_SYSTEM_ADMIN,     S_INIT("quantri"),   S_INIT("Trần Quốc Bảo"),       true },
    { ROLE_NATIONAL_ANALYST, S_INIT("phantich"),  S_INIT("Lê Thị Ngọc Ánh"),     true },
    { ROLE_UNIT_ADMIN,       S_INIT("quantri.tinh"), S_INIT("Nguyễn Hữu Đạt"),   false },
    { ROLE_OFFICER,          S_INIT("chuyenvien"), S_INIT("Nguyễn Thị Phượng"),  false },
    { ROLE_APPRAISER,        S_INIT("thamdinh"),  S_INIT("Phạm Văn Khoa"),       true },
    { ROLE_INTERVIEWER,      S_INIT("dieutra"),   S_INIT("Rơ Châm H’Lan"),       false },
    { ROLE_SUPERVISOR,       S_INIT("giamsat"),   S_INIT("Đỗ Minh Trí"),         false },
    { ROLE_CLERK,            S_INIT("nhaplieu"),  S_INIT("Bùi Thị Hằng"),        false },
    { ROLE_CLERK,            S_INIT("nhaplieu2"), S_INIT("Cao Xuân Lộc"),        false },
    { ROLE_EDITOR,           S_INIT("bientap"),   S_INIT("Vũ Hoài Thương"),      true },
    { ROLE_LEADER,           S_INIT("lanhdao"),   S_INIT("Đặng Đức Thịnh"),      true },
    { ROLE_AUDITOR,          S_INIT("kiemtoan"),  S_INIT("Hoàng Thị Mỹ Lệ"),     true },
    { ROLE_LEARNER,          S_INIT("hocvien"),   S_INIT("Huỳnh Tấn Phước"),     false },
    { ROLE_APPRAISER,        S_INIT("thamdinh2"), S_INIT("Võ Thị Kim Ngân"),     true },
    { ROLE_LEADER,           S_INIT("lanhdao.tinh"), S_INIT("Siu Thị Thanh"),    false },
};

static Err demo_one(Db *db, Arena *a, const uint8_t key[32], size_t at, UnitId unit, Date today, Time now, DemoPerson *out)
{
    PersonDraft d = { .login = demo_people[at].login, .name = demo_people[at].name, .unit = unit, .demo = true };
    DemoPerson  p = { .role = demo_people[at].role, .login = d.login, .name = d.name, .unit = unit };
    Str         letters = random_code(a, 16), hash;
    StrList     codes;
    GrantId     grant;
    p.password = arena_fmt(a, "%.4s-%.4s-%.4s-%.4s", letters.at, letters.at + 4, letters.at + 8, letters.at + 12);
    TRY(person_create(db, a, &d, (PersonId){ 0 }, now, &p.id));
    TRY(password_hash(a, p.password, &hash));
    TRY(password_save(db, p.id, hash, now));
    GrantDraft g = { .person = p.id, .role = p.role, .unit = unit, .from = today, .to = DATE_NONE };
    TRY(grant_give(db, a, (PersonId){ 0 }, &g, today, now, &grant));
    if (role_needs_second_factor(p.role)) {
        char *secret = arena_take(a, TOTP_SECRET_LEN, 1, 1);
        random_bytes(secret, TOTP_SECRET_LEN);
        p.totp_secret = (Str){ secret, TOTP_SECRET_LEN };
        TRY(totp_enrol(db, a, p.id, p.totp_secret, key, 0, now, &codes));
    }
    *out = p;
    return OK;
}

Err person_create_demo(Db *db, Arena *a, const uint8_t key[32], UnitId nation, UnitId province, Date today, Time now,
                       DemoPeople *out)
{
    DemoPeople list = { 0 };
    for (size_t i = 0; i < COUNT_OF(demo_people); i++) {
        UnitId unit = demo_people[i].national ? nation : province;
        TRY(demo_one(db, a, key, i, unit, today, now, list_add(a, &list)));
    }
    *out = list;
    return OK;
}
