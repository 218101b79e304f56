/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* PostgreSQL: statements are prepared once per connection, values travel as text (bytes as they are), and what
 * db_send gives goes through the pipeline: one round trip for a whole batch. */
#include "store/store_driver.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_FLOAT4 = 700, OID_FLOAT8 = 701,
       OID_NUMERIC = 1700, PARAMETERS_MOST = 64, NUMBER_ROOM = 32, PIPELINE_MOST = 4096, PIECE_ROWS = 1000 };

/* An answer still under way: of a statement that is being prepared, or of one that was sent. */
typedef struct Pending { Stmt *preparing; int64_t *changes; const char *text; bool is_commit; } Pending;
typedef struct Pg {
    PGconn  *conn;
    unsigned names;                    /* prepared statements so far: the next name */
    Pending *pending;
    size_t   waiting, room;
} Pg;

typedef struct Param { bool set; int len, format; char *at; size_t room; } Param;
typedef struct Decoded { char *at; size_t room, len; int row; } Decoded;
typedef struct PgStmt {
    char      name[16];
    enum { NOT_PREPARED, PREPARE_SENT, PREPARED } state;   /* on the server; statements that run but once never are */
    int       count;                   /* highest $n */
    Param     params[PARAMETERS_MOST];
    PGresult *result;
    int       row;
    uint64_t  cursor;                  /* number of the transaction its cursor is open in; 0: none */
    Decoded  *decoded;                 /* BYTEA of the current row, by column */
    int       decoded_count;
} PgStmt;

static Pg *pg_of(const Db *db)
{
    return db->own;
}

/* ---- Failures ------------------------------------------------------------------------------ */
static ErrKind kind_of_state(const char *state)
{
    static const struct { const char *prefix; ErrKind kind; } kinds[] = {
        { "23", ERR_CONFLICT }, { "40", ERR_BUSY },     { "55P03", ERR_BUSY },  { "55006", ERR_BUSY },
        { "53100", ERR_FULL },  { "53200", ERR_LIMIT }, { "53300", ERR_BUSY },  { "53400", ERR_LIMIT },
        { "54", ERR_TOO_LARGE }, { "57014", ERR_LIMIT }, { "57P", ERR_BUSY },   { "58", ERR_IO },
        { "08", ERR_IO },       { "XX", ERR_IO },       { "28", ERR_CONFIG },   { "3D", ERR_CONFIG },
    };
    if (!state)
        return ERR_IO;                 /* the connection broke: no answer, so no state */
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (!strncmp(state, kinds[i].prefix, strlen(kinds[i].prefix)))
            return kinds[i].kind;
    return ERR_INTERNAL;
}

static Err result_err(Db *db, const PGresult *result, const char *sql)
{
    const char *state   = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *message = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    if (!message)
        message = PQerrorMessage(pg_of(db)->conn);
    return err_fmt(db->arena, kind_of_state(state), "postgresql: %s: %.120s", message, sql);
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

/* ---- The pipeline -------------------------------------------------------------------------- */
static Pending *pending_add(Pg *pg)
{
    if (pg->waiting == pg->room) {
        pg->room    = pg->room ? 2 * pg->room : 256;
        pg->pending = realloc(pg->pending, pg->room * sizeof *pg->pending);
        if (!pg->pending)
            abort();
    }
    return &pg->pending[pg->waiting++];
}

static void note_failure(Db *db, Err e, Err *first)
{
    if (!*first)
        *first = e;
    if (!db->failed && (db->in_read || db->in_write))
        db->failed = e;
}

static Err rolled_back(Db *db)
{
    return err_new(db->arena, ERR_INTERNAL, S("postgresql: the transaction had failed and was rolled back"));
}

static void take_answer(Db *db, const Pending *p, Err *first)
{
    PGconn   *conn   = pg_of(db)->conn;
    PGresult *result = PQgetResult(conn);
    bool      good   = result && is_good(result);
    if (good && p->changes)
        *p->changes = strtoll(PQcmdTuples(result), NULL, 10);
    if (p->preparing)
        ((PgStmt *)p->preparing->own)->state = good ? PREPARED : NOT_PREPARED;
    if (good && p->is_commit && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        note_failure(db, rolled_back(db), first);  /* the server says OK to COMMIT of a spoiled transaction */
    if (!good && !(result && PQresultStatus(result) == PGRES_PIPELINE_ABORTED))
        note_failure(db, result_err(db, result, p->text), first);
    PQclear(result);
    while ((result = PQgetResult(conn)))           /* NULL ends the answers to one statement */
        PQclear(result);
}

/* All answers under way are read and the connection leaves pipeline mode. */
static Err pg_flush(Db *db)
{
    Pg *pg    = pg_of(db);
    Err first = OK;
    if (PQpipelineStatus(pg->conn) == PQ_PIPELINE_OFF)
        return OK;
    if (!PQpipelineSync(pg->conn))
        note_failure(db, result_err(db, NULL, "sync"), &first);
    for (size_t i = 0; i < pg->waiting && PQstatus(pg->conn) == CONNECTION_OK; i++)
        take_answer(db, &pg->pending[i], &first);
    if (PQstatus(pg->conn) != CONNECTION_OK)
        note_failure(db, result_err(db, NULL, "pipeline"), &first);
    pg->waiting      = 0;
    PGresult *result = PQgetResult(pg->conn);      /* the sync itself */
    PQclear(result);
    PQexitPipelineMode(pg->conn);
    return first;
}

/* ---- Connection ---------------------------------------------------------------------------- */
static Err pg_exec(Db *db, const char *script)
{
    Err e = pg_flush(db);
    if (e)
        return e;
    PGresult *result = PQexec(pg_of(db)->conn, script);
    e                = is_good(result) ? OK : result_err(db, result, script);
    PQclear(result);
    return e;
}

/* Goes out behind what was sent, so that a whole batch and its commit take one round trip. */
static Err pg_commit(Db *db)
{
    PGconn *conn = pg_of(db)->conn;
    if (PQpipelineStatus(conn) != PQ_PIPELINE_OFF) {
        *pending_add(pg_of(db)) = (Pending){ .text = "COMMIT", .is_commit = true };
        if (!PQsendQueryParams(conn, "COMMIT", 0, NULL, NULL, NULL, NULL, 0))
            return result_err(db, NULL, "COMMIT");
        return pg_flush(db);
    }
    PGresult *result = PQexec(conn, "COMMIT");
    Err       e      = is_good(result) ? OK : result_err(db, result, "COMMIT");
    if (!e && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        e = rolled_back(db);
    PQclear(result);
    return e;
}

static void quiet(void *unused UNUSED, const char *message UNUSED) {}

static Err pg_open(Db *db, Arena *a)
{
    Pg *pg = calloc(1, sizeof *pg);
    if (!pg)
        return err_new(a, ERR_LIMIT, S("no memory for a connection"));
    db->own  = pg;
    pg->conn = PQconnectdb(db->store->database.at);
    if (PQstatus(pg->conn) != CONNECTION_OK)
        return err_fmt(a, ERR_IO, "postgresql: %s", PQerrorMessage(pg->conn));
    PQsetNoticeProcessor(pg->conn, quiet, NULL);
    if (PQserverVersion(pg->conn) < 140000)
        return err_new(a, ERR_CONFIG, S("postgresql: version 14 or later is needed"));
    if (strcmp(PQparameterStatus(pg->conn, "server_encoding"), "UTF8") != 0)
        return err_new(a, ERR_CONFIG, S("postgresql: the database must be in UTF8"));
    return pg_exec(db, "SET client_encoding = 'UTF8'; SET default_transaction_read_only = on; SET lock_timeout = '20s';"
                       "SET extra_float_digits = 1; SET bytea_output = 'hex'; SET TimeZone = 'UTC';"
                       "SET standard_conforming_strings = on");
}

static void pg_close(Db *db)
{
    Pg *pg = pg_of(db);
    if (!pg)
        return;
    PQfinish(pg->conn);
    free(pg->pending);
    free(pg);
    db->own = NULL;
}

static bool pg_usable(Db *db)
{
    const Pg *pg = pg_of(db);                      /* reading notices a server that went away meanwhile */
    return pg && PQconsumeInput(pg->conn) && PQstatus(pg->conn) == CONNECTION_OK &&
           PQtransactionStatus(pg->conn) == PQTRANS_IDLE;
}

/* ---- Statements ---------------------------------------------------------------------------- */
static int highest_parameter(const char *sql)
{
    int most = 0;
    for (const char *at = strchr(sql, '$'); at; at = strchr(at + 1, '$')) {
        int n = parameter_number(at + 1);
        most  = n > most ? n : most;
    }
    return most;
}

/* Nothing is sent yet: the preparation goes with the first run, and so may travel in the pipeline. */
static void pg_prepare(Stmt *q)
{
    PgStmt *own = calloc(1, sizeof *own);
    if (!own)
        abort();
    snprintf(own->name, sizeof own->name, "s%u", ++pg_of(q->db)->names);
    own->count = highest_parameter(q->sql.text);
    q->own     = own;
    if (own->count > PARAMETERS_MOST) {
        own->count = PARAMETERS_MOST;
        stmt_fail(q, ERR_INTERNAL, "more than %d parameters: %.120s", PARAMETERS_MOST, q->sql.text);
    }
}

/* The end of a transaction closes its cursors by itself. */
static void close_cursor(Stmt *q)
{
    PgStmt *own   = q->own;
    Db     *db    = q->db;
    bool    there = own->cursor == db->transactions && (db->in_read || db->in_write) && !db->failed;
    Err     e     = there ? pg_flush(db) : OK;
    char    text[40];
    own->cursor = 0;
    snprintf(text, sizeof text, "CLOSE %s", own->name);
    if (there && !e)
        PQclear(PQexec(pg_of(db)->conn, text));
}

static void pg_reset(Stmt *q, bool clear)
{
    PgStmt *own = q->own;
    PQclear(own->result);
    own->result = NULL;
    if (own->cursor)
        close_cursor(q);
    for (int i = 0; clear && i < own->count; i++)
        own->params[i].set = false;
}

static void pg_unprepare(Stmt *q)
{
    PgStmt *own = q->own;
    pg_reset(q, false);
    if (own->state != NOT_PREPARED) {
        char text[40];
        Err  e = pg_flush(q->db);                  /* its preparation may be under way */
        (void)e;                                   /* remembered in db->failed */
        snprintf(text, sizeof text, "DEALLOCATE %s", own->name);
        if (own->state == PREPARED && PQtransactionStatus(pg_of(q->db)->conn) <= PQTRANS_INTRANS)
            PQclear(PQexec(pg_of(q->db)->conn, text));
    }
    for (int i = 0; i < own->count; i++)
        free(own->params[i].at);
    for (int i = 0; i < own->decoded_count; i++)
        free(own->decoded[i].at);
    free(own->decoded);
    free(own);
}

static void *grow(void *at, size_t *room, size_t need)
{
    if (*room >= need)
        return at;
    *room = need < NUMBER_ROOM ? NUMBER_ROOM : need + need / 2;
    at    = realloc(at, *room);
    if (!at)
        abort();
    return at;
}

static void pg_bind(Stmt *q, int at, Value v)
{
    PgStmt *own = q->own;
    if (at < 1 || at > own->count) {
        stmt_fail(q, ERR_INTERNAL, "no parameter $%d in: %.120s", at, q->sql.text);
        return;
    }
    Param *p  = &own->params[at - 1];
    p->set    = v.kind != VALUE_NULL;
    p->format = v.kind == VALUE_BLOB;
    p->at     = grow(p->at, &p->room, v.s.len + 1 > NUMBER_ROOM ? v.s.len + 1 : NUMBER_ROOM);
    if (v.kind == VALUE_INT)
        p->len = snprintf(p->at, p->room, "%lld", (long long)v.i);
    else if (v.kind == VALUE_REAL)
        p->len = snprintf(p->at, p->room, "%.17g", v.r);
    else if (v.kind == VALUE_TEXT && v.s.len && memchr(v.s.at, 0, v.s.len))
        stmt_fail(q, ERR_INVALID, "text with a zero byte");
    else {
        if (v.s.len)
            memcpy(p->at, v.s.at, v.s.len);
        p->at[v.s.len] = 0;
        p->len         = (int)v.s.len;
    }
}

typedef struct Args { const char *values[PARAMETERS_MOST]; int lengths[PARAMETERS_MOST], formats[PARAMETERS_MOST]; } Args;

static void args_of(const PgStmt *own, Args *out)
{
    for (int i = 0; i < own->count; i++) {
        out->values[i]  = own->params[i].set ? own->params[i].at : NULL;
        out->lengths[i] = own->params[i].len;
        out->formats[i] = own->params[i].format;
    }
}

/* Prepares q on the server; false when that failed. */
static bool prepare_now(Stmt *q)
{
    PgStmt   *own    = q->own;
    PGresult *result = PQprepare(pg_of(q->db)->conn, own->name, q->sql.text, 0, NULL);
    bool      good   = is_good(result);
    if (good)
        own->state = PREPARED;
    else
        stmt_fail_with(q, result_err(q->db, result, q->sql.text));
    PQclear(result);
    return good;
}

static PGresult *fetch(Stmt *q)
{
    PgStmt *own = q->own;
    char    text[40];
    snprintf(text, sizeof text, "FETCH %d FROM %s", PIECE_ROWS, own->name);
    return PQexec(pg_of(q->db)->conn, text);
}

static PGresult *open_cursor(Stmt *q, const Args *args)
{
    PgStmt     *own  = q->own;
    const char *text = arena_c(q->db->arena, arena_fmt(q->db->arena, "DECLARE %s NO SCROLL CURSOR FOR %s", own->name, q->sql.text));
    PGresult   *made = PQexecParams(pg_of(q->db)->conn, text, own->count, NULL, args->values, args->lengths, args->formats, 0);
    if (!is_good(made))
        return made;
    PQclear(made);
    own->cursor = q->db->transactions;
    return fetch(q);
}

static PGresult *run_now(Stmt *q, const Args *args)
{
    PgStmt *own  = q->own;
    PGconn *conn = pg_of(q->db)->conn;
    if (q->large && (q->db->in_read || q->db->in_write))
        return open_cursor(q, args);
    return q->many ? PQexecPrepared(conn, own->name, own->count, args->values, args->lengths, args->formats, 0)
                     : PQexecParams(conn, q->sql.text, own->count, NULL, args->values, args->lengths, args->formats, 0);
}

/* Takes what the server gave; false on a failure. */
static bool take_result(Stmt *q, PGresult *result)
{
    PgStmt *own = q->own;
    PQclear(own->result);
    own->result = result;
    own->row    = -1;
    for (int i = 0; i < own->decoded_count; i++)
        own->decoded[i].row = -1;
    if (!is_good(result))
        stmt_fail_with(q, result_err(q->db, result, q->sql.text));
    return is_good(result);
}

static bool execute(Stmt *q)
{
    PgStmt *own = q->own;
    Args    args;
    Err     e   = pg_flush(q->db);
    q->changes  = 0;
    if (e) {
        stmt_fail_with(q, e);
        return false;
    }
    if (q->many && own->state != PREPARED && !prepare_now(q))
        return false;
    args_of(own, &args);
    if (!take_result(q, run_now(q, &args)))
        return false;
    if (PQcmdTuples(own->result)[0] && strncmp(PQcmdStatus(own->result), "SELECT", 6) != 0)
        q->changes = strtoll(PQcmdTuples(own->result), NULL, 10);
    return true;
}

static bool next_piece(Stmt *q)
{
    Err e = pg_flush(q->db);
    if (e)
        stmt_fail_with(q, e);
    return !e && take_result(q, fetch(q));
}

static bool pg_step(Stmt *q)
{
    PgStmt *own = q->own;
    if (!own->result && !execute(q))
        return false;
    if (own->cursor && own->row + 1 == PIECE_ROWS && !next_piece(q))
        return false;
    return ++own->row < PQntuples(own->result);
}

static int send_prepare(Stmt *q)
{
    PgStmt *own = q->own;
    *pending_add(pg_of(q->db)) = (Pending){ .preparing = q, .text = q->sql.text };
    own->state                 = PREPARE_SENT;
    return PQsendPrepare(pg_of(q->db)->conn, own->name, q->sql.text, 0, NULL);
}

static void pg_send(Stmt *q, int64_t *out_changes)
{
    PgStmt *own = q->own;
    PGconn *conn = pg_of(q->db)->conn;
    Args    args;
    if (pg_of(q->db)->waiting >= PIPELINE_MOST) {  /* answers gather in memory */
        Err e = pg_flush(q->db);
        if (e)
            return;
    }
    int sent = PQpipelineStatus(conn) != PQ_PIPELINE_OFF || PQenterPipelineMode(conn);
    if (sent && q->many && own->state == NOT_PREPARED)
        sent = send_prepare(q);
    args_of(own, &args);
    *pending_add(pg_of(q->db)) = (Pending){ .changes = out_changes, .text = q->sql.text };
    if (sent && q->many)
        sent = PQsendQueryPrepared(conn, own->name, own->count, args.values, args.lengths, args.formats, 0);
    else if (sent)
        sent = PQsendQueryParams(conn, q->sql.text, own->count, NULL, args.values, args.lengths, args.formats, 0);
    if (!sent)                                     /* only a lost connection: what is pending is answered by none */
        stmt_fail_with(q, result_err(q->db, NULL, q->sql.text));
}

/* ---- Columns ------------------------------------------------------------------------------- */
static int pg_columns(Stmt *q)
{
    return PQnfields(((PgStmt *)q->own)->result);
}

static Decoded *decoded_column(PgStmt *own, int i)
{
    if (i >= own->decoded_count) {
        own->decoded = realloc(own->decoded, (size_t)(i + 1) * sizeof *own->decoded);
        if (!own->decoded)
            abort();
        for (; own->decoded_count <= i; own->decoded_count++)
            own->decoded[own->decoded_count] = (Decoded){ .row = -1 };
    }
    return &own->decoded[i];
}

/* "\x6162" → bytes, kept until the next row. */
static Str bytes_of(PgStmt *own, int i, const char *text, size_t len)
{
    Decoded *d = decoded_column(own, i);
    if (d->row != own->row) {
        d->len = len >= 2 ? (len - 2) / 2 : 0;
        d->at  = grow(d->at, &d->room, d->len + 1);
        d->row = own->row;
        if (!str_unhex((Str){ text + 2, 2 * d->len }, d->at, d->len))
            d->len = 0;
    }
    return (Str){ d->at, d->len };
}

static Value number_of(const char *text)
{
    char *end;
    if (strpbrk(text, ".eEnN"))
        return (Value){ VALUE_REAL, .r = strtod(text, &end) };
    return (Value){ VALUE_INT, .i = strtoll(text, &end, 10) };
}

static Value pg_column(Stmt *q, int i)
{
    PgStmt *own = q->own;
    if (PQgetisnull(own->result, own->row, i))
        return (Value){ VALUE_NULL };
    const char *text = PQgetvalue(own->result, own->row, i);
    size_t      len  = (size_t)PQgetlength(own->result, own->row, i);
    switch (PQftype(own->result, i)) {
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:    return (Value){ VALUE_INT, .i = strtoll(text, NULL, 10) };
    case OID_FLOAT4:
    case OID_FLOAT8:  return (Value){ VALUE_REAL, .r = strtod(text, NULL) };
    case OID_NUMERIC: return number_of(text);      /* of SUM and AVG over BIGINT */
    case OID_BOOL:    return (Value){ VALUE_INT, .i = text[0] == 't' };
    case OID_BYTEA:   return (Value){ VALUE_BLOB, .s = bytes_of(own, i, text, len) };
    default:          return (Value){ VALUE_TEXT, .s = { text, len } };
    }
}

static Str pg_schema_text(Arena *a UNUSED, Str migration)
{
    return migration;
}

const Driver postgres_driver = {
    .name        = "postgresql",
    .begin_read  = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    /* One writer over all nodes, as in SQLite; the lock goes with the transaction. */
    .begin_write = "BEGIN READ WRITE; SELECT pg_advisory_xact_lock(hashtext(current_schema()))",
    .open        = pg_open,
    .close       = pg_close,
    .exec        = pg_exec,
    .commit      = pg_commit,
    .usable      = pg_usable,
    .prepare     = pg_prepare,
    .unprepare   = pg_unprepare,
    .reset       = pg_reset,
    .bind        = pg_bind,
    .step        = pg_step,
    .column      = pg_column,
    .columns     = pg_columns,
    .send        = pg_send,
    .flush       = pg_flush,
    .schema_text = pg_schema_text,
};
