/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The program: configuration, data folder, commands, the server and the list of modules. */
#ifndef APP_APP_H
#define APP_APP_H

#include "app/config.h"
#include "web/web.h"

extern const Mount  app_mounts[];
extern const size_t app_mount_count;
extern const struct JobKind *const app_job_kinds[];
extern const size_t app_job_kind_count;
extern const struct RecordFollower *const app_record_followers[];
extern const size_t app_record_follower_count;
extern const Route  app_health_routes[];

/* ---- A data folder in use (instance.c) --------------------------------------------------------
 * DIR/thuocdo.conf, DIR/master.key, DIR/thuocdo.db, DIR/files/, DIR/lock, DIR/admin.sock, DIR/tmp/ */
typedef struct Instance {
    Str     dir;
    Config  config;
    Store  *store;
    AppInfo info;
    int     lock_fd;                 /* -1: opened for reading beside whoever holds the lock */
} Instance;
typedef enum InstanceUse { USE_READ, USE_ALONE, USE_CREATE } InstanceUse;
/* flags: "name=value". USE_ALONE takes the lock (ERR_BUSY when another holds it); USE_CREATE also makes the folder,
 * which nobody else may open until instance_created. */
MUST_USE Err instance_open(Arena *a, Str dir, const StrList *config_files, const StrList *flags, InstanceUse use, Instance *out);
MUST_USE Err instance_created(Arena *a, const Instance *i);
/* Makes what a new version of the program keeps beside old rows: XForms of versions published before, sealed contacts of
 * accounts. After migrating. */
MUST_USE Err instance_fill(Arena *a, Instance *i);
void instance_close(Instance *i);
MUST_USE Err write_file(Arena *a, Str path, Str bytes, int mode);       /* whole, synced, renamed into place */
MUST_USE Err slurp(Arena *a, Str path, int64_t most, Str *out);

/* Another master key than the data were made with is ERR_CONFIG; data without a check value pass (key_check_store.c). */
MUST_USE Err key_check(Arena *a, const Instance *i);
MUST_USE Err key_check_save(Db *db, const AppInfo *info);               /* once; in a write transaction */

/* FILE.seal beside a backup (backup_seal.c). pinned_key: hex of the public key, or empty: then a missing seal is no fault. */
MUST_USE Err backup_seal_write(Arena *a, const AppInfo *info, Str path);
MUST_USE Err backup_seal_check(Arena *a, Str path, Str pinned_key, StoreFaults *out);
/* Signed checkpoints of the audit record in audit.checkpoint_file, or in the log (checkpoint.c). A failure is logged. */
void checkpoint_write(const Instance *in);
int64_t checkpoint_last(void);           /* UTC ms of the last one that was written, or that had nothing new to say; 0: none yet */
/* Erases what is due (tidy.c); at the start and every hour. A failure is logged and tried again. */
void tidy_due(const Instance *in);
/* The settings mail.* together; NULL when no server is named. ERR_CONFIG says which one is wrong (mail_config.c). */
MUST_USE Err mail_config(Arena *a, const Config *c, const struct MailConfig **out);
void remind_people(const Instance *in);           /* of last days of seasons; every hour, each reminder once */
void desks_send_due(const Instance *in);          /* what visitors of desks left unfinished */
MUST_USE Err checkpoint_check(Db *db, Arena *a, const Instance *in, StoreFaults *out);

/* ---- Commands (commands.c) ---------------------------------------------------------------------- */
typedef struct Cli {
    Arena  *a;
    StrList args;                    /* positional, after the verbs */
    Str     dir;                     /* --data */
    StrList flags, config_files;     /* configuration flags and files */
    HttpFields options;              /* --name value, or --name (value empty), as the command's row allows */
    bool    json, no_input, quiet;
    Instance *in;                    /* opened as the row says; NULL for commands without a data folder */
    Buf     out, err;                /* standard output, standard error */
    int     said, listed;            /* state of say_* */
    int     exit;                    /* set when the command found something wrong: 1 or 65 */
} Cli;
Str  cli_option(const Cli *c, const char *name);
bool cli_has(const Cli *c, const char *name);
Str  cli_arg(const Cli *c, size_t i);                                   /* empty when missing */

/* Runs act on a connection of the folder, in a read or a write transaction; commits when act is OK. */
MUST_USE Err cli_db(Cli *c, bool write, Err (*act)(Cli *c, Db *db));
/* Records a change made by a command: the actor is the operating system's account. */
/* --unit=KIND:CODE ("province:52"); empty is the whole tree. */
MUST_USE Err cli_unit_option(Cli *c, Db *db, Date today, UnitId *out);
MUST_USE Err cli_audit(Cli *c, Db *db, Str action, Str noun, int64_t id, UnitId unit);
MUST_USE Err cli_audit_with(Cli *c, Db *db, Str action, Str noun, int64_t id, UnitId unit, Str detail);    /* detail: a JSON object */
/* What links of commands start with: http.public_url, else the address this machine listens on, said on standard error. */
Str cli_base(Cli *c);
/* A JSON object on one line or text: say(c, "code", value)… within cli_open and cli_close. */
void say_open(Cli *c);
void say_str(Cli *c, const char *key, Str value);
void say_int(Cli *c, const char *key, int64_t value);
void say_close(Cli *c);
void say_list_open(Cli *c);
void say_list_close(Cli *c);

/* Each fault on a line, or that what is whole; faults set the exit code. */
MUST_USE Err faults_say(Cli *c, const StoreFaults *faults, const char *what);

typedef enum CommandUse { CMD_NONE, CMD_READ, CMD_CHANGE, CMD_ALONE, CMD_OWN } CommandUse;
typedef struct Command {
    const char *verbs;               /* "round show" */
    const char *args;                /* "CODE" */
    const char *options;             /* " name=VALUE flag …": what it accepts besides the common ones */
    CommandUse  use;
    Err       (*run)(Cli *c);
    const char *help, *example;
} Command;
const Command *command_at(size_t i);  /* every row of every table; NULL past the end */
/* Tables of verbs, one a file commands_*.c; each ends with { 0 }. */
extern const Command analysis_commands[];
extern const Command backup_commands[];
extern const Command code_commands[];
extern const Command field_commands[];
extern const Command index_commands[];
extern const Command report_commands[];
extern const Command paper_commands[];
extern const Command quality_commands[];
extern const Command sample_commands[];
extern const Command mail_commands[];
extern const Command season_commands[];
extern const Command service_commands[];
extern const Command stats_commands[];
extern const Command survey_commands[];
extern const Command unit_commands[];
/* When the words ask for help (asked: "help" stood before them), for the version, or name no command (cmd is NULL): says it and is true. */
bool cli_help(const StrList *words, bool asked, const Command *cmd, Buf *out, Buf *err, int *out_code);
int cli_main(int argc, char **argv);
/* Runs one command line inside a process that holds the folder (the server does, over its admin socket). */
int cli_run_inside(Arena *a, Instance *in, const StrList *words, Buf *out, Buf *err);
/* Asks a running server; false when none listens. */
bool admin_ask(Arena *a, Str dir, const StrList *words, Str *out, Str *err, int *exit_code);

/* Accounts from the machine's command line (user_commands.c). */
MUST_USE Err command_user_add(Cli *c);
MUST_USE Err command_user_list(Cli *c);
MUST_USE Err command_user_reset(Cli *c);
MUST_USE Err command_user_mfa_reset(Cli *c);
MUST_USE Err command_user_disable(Cli *c);
MUST_USE Err command_user_enable(Cli *c);
MUST_USE Err command_user_code(Cli *c);

/* ---- The server (serve.c, admin_socket.c) --------------------------------------------------------- */
MUST_USE Err command_serve(Cli *c);
MUST_USE Err admin_socket_start(Arena *a, Instance *in, HttpServer *http);
void admin_socket_stop(void);
bool server_draining(void);
void metrics_write(Buf *b, Instance *in, HttpServer *http);

/* ---- Making a data folder (init.c, demo.c) ---------------------------------------------------------- */
MUST_USE Err command_init(Cli *c);
MUST_USE Err init_reference(Cli *c);         /* units, shipped questionnaires, published figures */
MUST_USE Err init_first_admin(Cli *c);       /* prints the one-time link of the first administrator */
MUST_USE Err demo_fill(Cli *c);

#endif
