/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The one thread of a page. */
#ifndef ENGINE_PORT_PTHREAD_H
#define ENGINE_PORT_PTHREAD_H

typedef int pthread_once_t;
#define PTHREAD_ONCE_INIT 0
static inline int pthread_once(pthread_once_t *once, void (*run)(void))
{
    if (!*once)
        run();
    *once = 1;
    return 0;
}

#endif
