/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* thuocdo backup …, restore: consistent archives, on request closed to all but one key or passphrase (docs/adr/0027-encrypted-backups.md). */
#include "app/app.h"

#include "base/json.h"

#include <sys/stat.h>

extern char **environ;

Err faults_say(Cli *c, const StoreFaults *faults, const char *what)
{
    if (c->json) {
        buf_fmt(&c->out, "{\"ok\":%s,\"faults\":[", faults->len ? "false" : "true");
        for (size_t i = 0; i < faults->len; i++) {
            buf_add(&c->out, i ? S(",") : S(""));
            buf_json_str(&c->out, faults->at[i]);
        }
        buf_lit(&c->out, "]}\n");
    } else {
        for (size_t i = 0; i < faults->len; i++)
            buf_fmt(&c->out, "%.*s\n", STR_ARG(faults->at[i]));
        if (!faults->len)
            buf_fmt(&c->out, "%s: whole\n", what);
    }
    c->exit = faults->len ? 1 : 0;
    return OK;
}

/* ---- Keys and passphrases: in files, never on the command line ---------------------------------------------------- */
/* The first line of the file. */
static Err passphrase_option(Cli *c, Str *out)
{
    Str bytes;
    *out = S("");
    if (!cli_has(c, "passphrase"))
        return OK;
    TRY(slurp(c->a, cli_option(c, "passphrase"), 4096, &bytes));
    *out = str_trim(str_cut(bytes, '\n').head);
    return out->len >= 12 ? OK : err_new(c->a, ERR_INVALID, S("a passphrase has at least 12 characters, in the first line of its file"));
}

/* Lines as `backup key` and age-keygen write them; what begins with # is a remark. */
static Err keys_option(Cli *c, BackupKeys *out)
{
    Str rest;
    *out = (BackupKeys){ 0 };
    TRY(passphrase_option(c, &out->passphrase));
    if (!cli_has(c, "identity"))
        return OK;
    TRY(slurp(c->a, cli_option(c, "identity"), 65536, &rest));
    while (rest.len) {
        StrPair p    = str_cut(rest, '\n');
        Str     line = str_trim(p.head);
        rest         = p.tail;
        if (line.len && line.at[0] != '#')
            *list_add(c->a, &out->identities) = line;
    }
    return out->identities.len ? OK : err_new(c->a, ERR_INVALID, S("the file of --identity holds no key"));
}

/* --encrypt or --passphrase, else the setting backup.recipient; none of them: the archive lies open. */
static Err lock_option(Cli *c, BackupLock *out, bool *out_any)
{
    *out = (BackupLock){ .recipient = cli_option(c, "encrypt") };
    TRY(passphrase_option(c, &out->passphrase));
    if (out->recipient.len && out->passphrase.len)
        return err_new(c->a, ERR_INVALID, S("--encrypt or --passphrase, not both"));
    if (!out->recipient.len && !out->passphrase.len)
        out->recipient = config_str(&c->in->config, "backup.recipient");
    *out_any = out->recipient.len || out->passphrase.len;
    return OK;
}

/* ---- The commands ---------------------------------------------------------------------------------------------------- */
static Err command_backup(Cli *c)
{
    BackupLock  lock;
    BackupKeys  keys = { 0 };
    StoreFaults faults = { 0 };
    bool        closed = false;
    TRY(lock_option(c, &lock, &closed));
    TRY(store_backup(c->in->store, c->a, cli_arg(c, 0), closed ? &lock : NULL, &keys));
    TRY(backup_seal_write(c->a, &c->in->info, cli_arg(c, 0)));
    TRY(store_backup_verify(c->a, cli_arg(c, 0), &keys, &faults));
    return faults_say(c, &faults, "backup");
}

/* The secret key goes to a new file that only its owner reads, the public one to the output. */
static Err command_backup_key(Cli *c)
{
    struct stat st;
    Str secret, public_key, file = cli_arg(c, 0);
    if (!stat(arena_c(c->a, file), &st))
        return err_fmt(c->a, ERR_CONFLICT, "%.*s is there already", STR_ARG(file));
    TRY(backup_key_new(c->a, &secret, &public_key));
    TRY(write_file(c->a, file, arena_fmt(c->a, "# public key: %.*s\n%.*s\n", STR_ARG(public_key), STR_ARG(secret)), 0400));
    buf_fmt(&c->out, c->json ? "{\"public_key\":\"%.*s\"}\n" : "%.*s\n", STR_ARG(public_key));
    return OK;
}

/* --key FILE holds the public key as /about shows it: then the seal must be there and be its. */
static Err check_seal(Cli *c, StoreFaults *faults)
{
    Str key = S("");
    if (cli_has(c, "key"))
        TRY(slurp(c->a, cli_option(c, "key"), 4096, &key));
    return backup_seal_check(c->a, cli_arg(c, 0), key, faults);
}

static Err command_backup_verify(Cli *c)
{
    StoreFaults faults = { 0 };
    BackupKeys  keys;
    TRY(keys_option(c, &keys));
    TRY(store_backup_verify(c->a, cli_arg(c, 0), &keys, &faults));
    TRY(check_seal(c, &faults));
    return faults_say(c, &faults, "backup");
}

static Err command_restore(Cli *c)
{
    Config config;
    TRY(config_load(c->a, &c->config_files, environ, &c->flags, &config));
    if (!c->dir.len)
        return err_new(c->a, ERR_CONFIG, S("--data DIR is missing"));
    StoreFaults faults = { 0 };
    BackupKeys  keys;
    TRY(keys_option(c, &keys));
    TRY(check_seal(c, &faults));
    if (faults.len)
        return faults_say(c, &faults, "restore");
    StoreConfig into = { .database = config_str(&config, "database.url"), .data_dir = c->dir, .connections = 2 };
    TRY(store_restore(c->a, cli_arg(c, 0), &keys, &into));
    buf_fmt(&c->out, c->json ? "{\"ok\":true}\n" : "restored; the master key is not part of a backup: copy master.key into the folder\n");
    return OK;
}

const Command backup_commands[] = {
    { "backup", "FILE", "encrypt=KEY passphrase=FILE", CMD_READ, command_backup,
          "Write a consistent backup while the server runs, and verify it; --encrypt: only the holder of that key reads it, as `age` does too",
          "thuocdo backup b.tdb --encrypt age1… --data DIR" },
    { "backup key", "FILE", "", CMD_NONE, command_backup_key, "Make a key for encrypted backups: the secret one into FILE, the public one is printed",
          "thuocdo backup key /safe/backup.key" },
    { "backup verify", "FILE", "key=FILE identity=FILE passphrase=FILE", CMD_NONE, command_backup_verify,
          "Check every byte of a backup and its seal; --key: it must be of this public key; --identity, --passphrase: what opens an encrypted one",
          "thuocdo backup verify b.tdb" },
    { "restore", "FILE", "key=FILE identity=FILE passphrase=FILE", CMD_OWN, command_restore, "Restore a backup into an empty folder",
          "thuocdo restore b.tdb --identity /safe/backup.key --data NEW" },
    { 0 },
};
