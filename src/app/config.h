/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One table of settings: name, type, default, range, unit, meaning. Flag > environment > file > default;
 * an unknown key is an error. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "http/http.h"

typedef enum SettingType { SETTING_TEXT, SETTING_NUMBER, SETTING_SWITCH, SETTING_LIST, SETTING_SECRET, SETTING_CHOICE, SETTING_ADDRESS } SettingType;

typedef struct Setting {
    const char *name;            /* "http.listen"; the environment's name is THUOCDO_HTTP_LISTEN */
    SettingType type;
    const char *initial;
    int64_t     least, most;     /* numbers */
    const char *unit;            /* "bytes", "ms", ""; the words of a choice: "text|json" */
    const char *meaning;
} Setting;
extern const Setting settings_table[];
extern const size_t  settings_count;

typedef struct Config { Str *value; Str *source; } Config;    /* one a row of the table; source: "default", "file:line", "environment", "flag" */

/* Files in order, then the environment, then flags "name=value". The first fault is ERR_CONFIG with file,
 * line and, for an unknown key, the nearest name. A missing file is no fault. */
MUST_USE Err config_load(Arena *a, const StrList *files, char **environment, const StrList *flags, Config *out);
Str     config_str(const Config *c, const char *name);        /* the name must stand in the table */
int64_t config_int(const Config *c, const char *name);
bool    config_on(const Config *c, const char *name);
StrList config_list(Arena *a, const Config *c, const char *name);  /* parted by blanks or commas */
void    config_show(const Config *c, bool json, Buf *out);
HttpLimits config_limits(const Config *c);

#endif
