/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* WebAssembly of Debian 12's clang cannot jump out of functions: an arena that is used up ends the call, and the page
 * starts the engine anew from the answers it keeps. */
#ifndef ENGINE_PORT_SETJMP_H
#define ENGINE_PORT_SETJMP_H

typedef int jmp_buf[1];
#define setjmp(where) ((void)(where), 0)
#define longjmp(where, value) ((void)(where), __builtin_trap())

#endif
