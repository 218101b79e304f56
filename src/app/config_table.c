/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The settings. One line each; `thuocdo config show` and thuocdo.conf(5) are made from it. */
#include "app/config.h"
#include "base/err.h"

#define KB 1024
#define MB (1024 * 1024)

const Setting settings_table[] = {
    { "http.listen", SETTING_TEXT, "127.0.0.1:8080", 0, 0, "", "Address and port of the public listener" },
    { "http.public_url", SETTING_ADDRESS, "", 0, 0, "", "Address people use, such as https://thuocdo.gov.vn; absolute links start with it" },
    { "audit.checkpoint_file", SETTING_TEXT, "", 0, 0, "",
      "File, best on another machine's disk, that gets a signed line on the audit record every ten minutes and at the end; empty: the log gets it" },
    { "http.hosts", SETTING_LIST, "", 0, 0, "", "Further accepted Host names; public_url's and localhost always are" },
    { "http.proxies", SETTING_LIST, "", 0, 0, "", "Addresses of proxies whose forwarded headers count" },
    { "http.plain", SETTING_SWITCH, "off", 0, 0, "", "Laboratory without TLS: cookies without Secure, no HSTS" },
    { "http.io_threads", SETTING_NUMBER, "0", 0, 64, "", "Threads reading requests; 0: one per core" },
    { "http.workers", SETTING_NUMBER, "0", 0, 256, "", "Threads running handlers; 0: two per core" },
    { "http.drain", SETTING_NUMBER, "20000", 0, 600000, "ms", "Time given to running requests when stopping" },
    { "backup.recipient", SETTING_TEXT, "", 0, 0, "", "Public key (age1…) that backups are encrypted to; empty: they lie open" },
    { "embed.hosts", SETTING_LIST, "", 0, 0, "", "Sites that may frame /embed pages, such as https://www.gov.vn" },
    { "database.url", SETTING_TEXT, "", 0, 0, "", "Empty: SQLite in the data folder; else postgresql://…" },
    { "agency.name", SETTING_TEXT, "Cơ quan vận hành hệ thống", 0, 0, "", "Who runs this site, shown in the footer" },
    { "agency.address", SETTING_TEXT, "", 0, 0, "", "Postal address, shown in the footer" },
    { "agency.phone", SETTING_TEXT, "", 0, 0, "", "Telephone, shown in the footer" },
    { "help.phone", SETTING_TEXT, "", 0, 0, "", "Telephone line for respondents, shown on every survey page" },
    { "log.level", SETTING_CHOICE, "info", 0, 0, "debug|info|warn|error", "debug, info, warn or error" },
    { "log.format", SETTING_CHOICE, "text", 0, 0, "text|json", "text (key=value) or json" },
    { "limits.exempt", SETTING_LIST, "127.0.0.1 ::1", 0, 0, "", "Addresses without limits per address" },
    { "limits.sign_in_account", SETTING_NUMBER, "5", 1, 100, "", "Failed sign-ins of an account in 15 minutes before the next one waits" },
    { "limits.sign_in_network", SETTING_NUMBER, "50", 1, 100000, "", "Failed sign-ins of a network prefix in an hour before the next one waits" },
    { "limits.sign_in_code", SETTING_NUMBER, "5", 1, 100, "", "Wrong codes of a person in 10 minutes before the next one waits" },
    { "limits.line", SETTING_NUMBER, "8192", 256, 65536, "bytes", "Request line" },
    { "limits.headers", SETTING_NUMBER, "32768", 1024, 262144, "bytes", "All request headers" },
    { "limits.header_fields", SETTING_NUMBER, "100", 10, 1000, "", "Header fields" },
    { "limits.cookies", SETTING_NUMBER, "8192", 256, 65536, "bytes", "Cookies of a request" },
    { "limits.form", SETTING_NUMBER, "1048576", KB, 64 * MB, "bytes", "Form body" },
    { "limits.form_fields", SETTING_NUMBER, "2000", 10, 20000, "", "Fields of a form" },
    { "limits.value", SETTING_NUMBER, "65536", 256, 16 * MB, "bytes", "One form value" },
    { "limits.file", SETTING_NUMBER, "52428800", KB, 1024 * MB, "bytes", "One uploaded file" },
    { "limits.request", SETTING_NUMBER, "209715200", KB, 2000 * MB, "bytes", "One request with files" },
    { "limits.files", SETTING_NUMBER, "20", 1, 200, "", "Files of a request" },
    { "limits.connection_requests", SETTING_NUMBER, "100", 1, 1000000, "", "Requests a connection may carry" },
    { "limits.header_time", SETTING_NUMBER, "10000", 100, 120000, "ms", "Until the last header byte" },
    { "limits.body_grace", SETTING_NUMBER, "10000", 100, 120000, "ms", "Before the slowest body rate counts" },
    { "limits.body_rate", SETTING_NUMBER, "1024", 1, MB, "bytes/s", "Slowest body" },
    { "limits.write_time", SETTING_NUMBER, "60000", 100, 600000, "ms", "For a reader to take the answer" },
    { "limits.idle_time", SETTING_NUMBER, "75000", 1000, 600000, "ms", "Idle keep-alive connection" },
    { "limits.connections", SETTING_NUMBER, "12000", 16, 200000, "", "Open connections" },
    { "limits.connections_per_address", SETTING_NUMBER, "50", 1, 100000, "", "Open connections of one address" },
    { "limits.memory", SETTING_NUMBER, "67108864", 4 * MB, 1024 * MB, "bytes", "Working memory of one request" },
    { "limits.wall", SETTING_NUMBER, "30000", 1000, 600000, "ms", "Time of one request" },
    { "limits.submit_per_device", SETTING_NUMBER, "30", 1, 100000, "per min", "Survey submissions of one browser" },
    { "limits.submit_per_prefix", SETTING_NUMBER, "600", 1, 1000000, "per min", "Survey submissions of one address prefix" },
};
const size_t settings_count = COUNT_OF(settings_table);
