/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* libcurl as the client of one SMTP server: certificate and name checked, no proxy, no redirect, short times, bounded answers. */
#include "notice/smtp.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <unistd.h>

enum { CONNECT_MS = 5000, TOTAL_MS = 10000, SAID_MOST = 65536, PASSWORD_MOST = 1024 };

/* word: the last one of a letter that was said to the server. */
typedef enum SmtpWord { WORD_NONE, WORD_MAIL, WORD_RCPT, WORD_DATA } SmtpWord;
typedef struct Talk { const SmtpCall *call; Str rest; size_t said; bool handed; SmtpWord word; } Talk;

bool mail_host_local(Str host)
{
    return str_eq(host, S("localhost")) || str_eq(host, S("127.0.0.1")) || str_eq(host, S("::1"));
}

static size_t give(char *to, size_t size, size_t n, void *self)
{
    Talk  *t    = self;
    size_t room = size * n, part = t->rest.len < room ? t->rest.len : room;
    if (!part && !t->handed) {
        if (!t->call->handed(t->call->self))
            return CURL_READFUNC_ABORT;
        t->handed = true;
    }
    memcpy(to, t->rest.at, part);
    t->rest = str_skip(t->rest, part);
    return part;
}

/* A server that never stops talking is left. */
static size_t hear(char *bytes, size_t size, size_t n, void *self)
{
    Talk *t = self;
    (void)bytes;
    t->said += size * n;
    return t->said > SAID_MOST ? 0 : size * n;
}

static int watch(void *self, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    Talk *t = self;
    (void)a; (void)b; (void)c; (void)d;
    return !t->handed && t->call->stop(t->call->self);
}

static int overhear(CURL *h, curl_infotype type, char *bytes, size_t n, void *self)
{
    Talk *t    = self;
    Str   line = { bytes, n };
    (void)h;
    if (type == CURLINFO_HEADER_OUT)
        t->word = str_starts(line, S("MAIL FROM:")) ? WORD_MAIL : str_starts(line, S("RCPT TO:")) ? WORD_RCPT :
                  str_starts(line, S("DATA"))       ? WORD_DATA : t->word;
    return 0;
}

static Str fault_of(CURLcode rc, long code, SmtpWord word)
{
    if (word == WORD_MAIL && code >= 500 && code <= 599 && code != 530)
        return S("sender");
    if (code >= 400 && code <= 599)
        return code == 530 || code == 534 || code == 535 || rc == CURLE_LOGIN_DENIED ? S("login") : code < 500 ? S("busy") : S("refused");
    switch (rc) {
    case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CACERT_BADFILE: case CURLE_SSL_ISSUER_ERROR:
        return S("certificate");
    case CURLE_SSL_CONNECT_ERROR: case CURLE_USE_SSL_FAILED:
        return S("tls");
    case CURLE_COULDNT_RESOLVE_HOST:
        return S("host");
    case CURLE_OPERATION_TIMEDOUT:
        return S("time");
    case CURLE_LOGIN_DENIED:
        return S("login");
    default:
        return S("connection");
    }
}

static bool password_read(Arena *a, Str path, Str *out)
{
    char    room[PASSWORD_MOST];
    int     fd = open(arena_c(a, path), O_RDONLY | O_CLOEXEC);
    ssize_t n  = fd < 0 ? -1 : read(fd, room, sizeof room);
    if (fd >= 0)
        close(fd);
    while (n > 0 && (room[n - 1] == '\n' || room[n - 1] == '\r'))
        n--;
    if (n > 0)
        *out = arena_str(a, (Str){ room, (size_t)n });
    explicit_bzero(room, sizeof room);
    return n > 0;
}

static void server_set(CURL *h, Arena *a, const MailConfig *m)
{
    bool v6 = str_has(m->host, S(":"));
    curl_easy_setopt(h, CURLOPT_URL, arena_c(a, arena_fmt(a, "%s://%s%.*s%s:%d", m->tls == MAIL_TLS ? "smtps" : "smtp", v6 ? "[" : "", STR_ARG(m->host),
                                                          v6 ? "]" : "", m->port)));
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(h, CURLOPT_PROXY, "");                                 /* whatever the environment says */
    curl_easy_setopt(h, CURLOPT_USE_SSL, (long)(m->tls == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (m->ca_file.len)
        curl_easy_setopt(h, CURLOPT_CAINFO, arena_c(a, m->ca_file));
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)TOTAL_MS);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
}

static void talk_set(CURL *h, Talk *t)
{
    curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(h, CURLOPT_READDATA, t);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, hear);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(h, CURLOPT_XFERINFODATA, t);
    curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, overhear);
    curl_easy_setopt(h, CURLOPT_DEBUGDATA, t);
    curl_easy_setopt(h, CURLOPT_VERBOSE, 1L);                               /* to overhear, not to stderr */
}

/* What the server said decides; without a word of it, whether it has the whole letter. Before RCPT or at DATA a refusal is not of this
 * letter or its reader: every letter would meet it, so that it waits for who mends the set-up. */
static MailOutcome outcome_of(CURLcode rc, long code, bool handed, SmtpWord word)
{
    if (rc == CURLE_OK)
        return MAIL_TAKEN;
    if (word != WORD_RCPT && !handed)
        return MAIL_LATER;
    if (code >= 500 && code <= 599 && (rc == CURLE_SEND_ERROR || handed))      /* of MAIL and RCPT; of the letter */
        return MAIL_REFUSED;
    return handed && !(code >= 400 && code <= 599) ? MAIL_UNSURE : MAIL_LATER;
}

MailOutcome smtp_send(Arena *a, const MailConfig *m, Str to, Str letter, const SmtpCall *call, Str *out_fault)
{
    Talk  t = { .call = call, .rest = letter };
    Str   password = S("");
    long  code = 0;
    CURL *h;
    if (m->user.len && !password_read(a, m->password_file, &password)) {
        *out_fault = S("password");
        return MAIL_LATER;
    }
    h = curl_easy_init();
    if (!h) {
        *out_fault = S("connection");
        return MAIL_LATER;
    }
    server_set(h, a, m);
    talk_set(h, &t);
    if (m->user.len) {
        curl_easy_setopt(h, CURLOPT_USERNAME, arena_c(a, m->user));
        curl_easy_setopt(h, CURLOPT_PASSWORD, arena_c(a, password));
    }
    struct curl_slist *people = curl_slist_append(NULL, arena_c(a, arena_fmt(a, "<%.*s>", STR_ARG(to))));
    curl_easy_setopt(h, CURLOPT_MAIL_FROM, arena_c(a, arena_fmt(a, "<%.*s>", STR_ARG(m->from))));
    curl_easy_setopt(h, CURLOPT_MAIL_RCPT, people);
    CURLcode rc = curl_easy_perform(h);
    curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &code);
    curl_slist_free_all(people);
    curl_easy_cleanup(h);
    *out_fault = rc == CURLE_OK ? S("") : fault_of(rc, code, t.word);
    return outcome_of(rc, code, t.handed, t.word);
}
