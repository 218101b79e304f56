/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A growing run of bytes in an arena. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"

typedef struct Buf { Arena *a; char *at; size_t len, cap; } Buf;

Buf  buf_new(Arena *a, size_t room);
void buf_room(Buf *b, size_t more);                     /* at least more bytes can be added */
void buf_add(Buf *b, Str s);
void buf_byte(Buf *b, char c);
void buf_i64(Buf *b, int64_t n);
void buf_f64(Buf *b, double x);                         /* shortest text that reads back equal; NaN: "NaN" */
void buf_fmt(Buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline Str buf_str(const Buf *b) { return (Str){ b->at, b->len }; }
#define buf_lit(b, literal) buf_add((b), S(literal))

/* JSON text written by hand: commas are the caller's. Strings are quoted and escaped; NaN is null. */
void buf_json_str(Buf *b, Str s);
void buf_json_f64(Buf *b, double x);

#endif
