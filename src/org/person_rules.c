/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an account's fields may hold. */
#include "org/person.h"

bool login_valid(Str login)
{
    if (login.len < 3 || login.len > 64 || login.at[0] < 'a' || login.at[0] > 'z')
        return false;
    for (size_t i = 0; i < login.len; i++) {
        char c = login.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@'))
            return false;
    }
    return true;
}

bool email_valid(Str email)
{
    StrPair p = str_cut(email, '@');
    if (email.len > 200 || p.head.len == 0 || p.tail.len < 3 || str_has(p.tail, S("@")) || !str_has(p.tail, S(".")))
        return false;
    for (size_t i = 0; i < email.len; i++)
        if ((unsigned char)email.at[i] <= ' ' || strchr("<>\"(),;:\\[]", email.at[i]))
            return false;
    return true;
}

bool phone_valid(Str phone)
{
    size_t digits = 0;
    for (size_t i = 0; i < phone.len; i++) {
        digits += phone.at[i] >= '0' && phone.at[i] <= '9';
        if (!strchr("0123456789 +.-()", phone.at[i]))
            return false;
    }
    return phone.len <= 30 && digits >= 8 && digits <= 15;
}
