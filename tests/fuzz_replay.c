/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fuzz-replay CORPUS: runs every saved input through its target (CORPUS/<target>/…). A find ends the program, which
 * names the input first. Also: fuzz-replay TARGET FILE…, to look at one find. */
#include "base/base.h"

#include <dirent.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef int FuzzOne(const uint8_t *data, size_t size);
#define FUZZ(name) FuzzOne fuzz_##name;
#include "fuzz_table.h"
#undef FUZZ
#define FUZZ(name) { #name, fuzz_##name },
static const struct { const char *name; FuzzOne *run; } targets[] = {
#include "fuzz_table.h"
};

static const char *current = "";

static void found(int signal_number)
{
    ssize_t n UNUSED = write(STDERR_FILENO, "FAIL ", 5);
    n = write(STDERR_FILENO, current, strlen(current));
    n = write(STDERR_FILENO, "\n", 1);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static bool replay_file(FuzzOne *run, const char *path)
{
    FILE *f = fopen(path, "rb");
    current = path;
    if (!f)
        return false;
    fseek(f, 0, SEEK_END);
    long     size = ftell(f);
    uint8_t *at   = malloc((size_t)size + 1);
    rewind(f);
    bool read = at && fread(at, 1, (size_t)size, f) == (size_t)size;
    fclose(f);
    if (read)
        run(at, (size_t)size);
    free(at);
    return read;
}

static int replay_folder(const char *corpus, const char *name, FuzzOne *run)
{
    char folder[4096], path[8192];
    int  n = 0;
    snprintf(folder, sizeof folder, "%s/%s", corpus, name);
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        n += replay_file(run, path);
    }
    if (d)
        closedir(d);
    printf("%s %s: %d inputs\n", n ? "ok  " : "FAIL", name, n);
    return n;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    if (argc < 2 || sodium_init() < 0)
        return 64;
    signal(SIGABRT, found);
    signal(SIGSEGV, found);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (argc == 2)
            *(replay_folder(argv[1], targets[i].name, targets[i].run) ? &passed : &failed) += 1;
        for (int k = 2; k < argc && strcmp(argv[1], targets[i].name) == 0; k++)
            *(replay_file(targets[i].run, argv[k]) ? &passed : &failed) += 1;
    }
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
