/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One event, one line of key=value on standard error. Values are quoted and escaped; no personal answers.
 * Called in web and app only: modules below return what happened. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;
typedef struct LogField { const char *key; Str text; int64_t num; bool is_num; } LogField;
void log_set(LogLevel least, bool json);
void log_write(LogLevel level, const char *event, const LogField *fields, size_t n);
#define LOG(level, event, ...)                                                                     \
    log_write((level), (event), (LogField[]){ __VA_ARGS__ },                                       \
              sizeof((LogField[]){ __VA_ARGS__ }) / sizeof(LogField))
#define LOG_STR(k, s) { .key = (k), .text = (s) }
#define LOG_NUM(k, n) { .key = (k), .num = (n), .is_num = true }

#endif
