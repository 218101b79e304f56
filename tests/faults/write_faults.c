/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Loaded before a program under test: from the moment the file named by WRITE_FAULTS exists ("kill N" or "full N"), writes to regular
 * files are counted; before the Nth the program is killed, or it and all later ones find the disk full. The file then says "done". */
#undef _FILE_OFFSET_BITS                    /* pwrite and pwrite64 are two functions here */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long            left;                 /* writes until the fault; 0: not armed */
static bool            armed, full, reached;

static void say_done(const char *path)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    if (fd >= 0 && NEXT(write)(fd, "done", 4) == 4)
        close(fd);
}

/* True when this write must find no room. */
static bool fault(void)
{
    const char *path = getenv("WRITE_FAULTS");
    char        what[8] = "";
    pthread_mutex_lock(&lock);
    FILE *f = path && !armed ? fopen(path, "r") : NULL;
    if (f) {
        armed = fscanf(f, "%7s %ld", what, &left) == 2;
        full  = strcmp(what, "full") == 0;
        fclose(f);
    }
    if (armed && !reached && --left == 0) {
        reached = true;
        say_done(path);
        if (!full)
            kill(getpid(), SIGKILL);
    }
    pthread_mutex_unlock(&lock);
    return reached && full;
}

static bool no_room(int fd)
{
    struct stat s;
    int         before = errno;
    bool        hit = fstat(fd, &s) == 0 && S_ISREG(s.st_mode) && fault();
    errno = hit ? ENOSPC : before;
    return hit;
}

ssize_t write(int fd, const void *at, size_t n)                        { return no_room(fd) ? -1 : NEXT(write)(fd, at, n); }
ssize_t writev(int fd, const struct iovec *v, int n)                   { return no_room(fd) ? -1 : NEXT(writev)(fd, v, n); }
ssize_t pwrite(int fd, const void *at, size_t n, off_t to)             { return no_room(fd) ? -1 : NEXT(pwrite)(fd, at, n, to); }
ssize_t pwrite64(int fd, const void *at, size_t n, off64_t to)         { return no_room(fd) ? -1 : NEXT(pwrite64)(fd, at, n, to); }
int     fsync(int fd)                                                  { return no_room(fd) ? -1 : NEXT(fsync)(fd); }
int     fdatasync(int fd)                                              { return no_room(fd) ? -1 : NEXT(fdatasync)(fd); }
int     ftruncate(int fd, off_t to)                                    { return no_room(fd) ? -1 : NEXT(ftruncate)(fd, to); }
int     ftruncate64(int fd, off64_t to)                                { return no_room(fd) ? -1 : NEXT(ftruncate64)(fd, to); }

static bool no_room_at_all(void)
{
    bool hit = fault();
    if (hit)
        errno = ENOSPC;
    return hit;
}

int rename(const char *from, const char *to)                           { return no_room_at_all() ? -1 : NEXT(rename)(from, to); }
int link(const char *from, const char *to)                             { return no_room_at_all() ? -1 : NEXT(link)(from, to); }
int unlink(const char *path)
{
    (void)fault();                           /* taking a name away needs no room */
    return NEXT(unlink)(path);
}
