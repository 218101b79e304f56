/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Load for benchmarks: many keep-alive connections in one thread, each sending its next request when the last one is
 * answered. In the request's text every {id} becomes a new UUID. */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include "base/base.h"

typedef struct LoadPlan { Str address; int port, connections; int64_t count; Str request; } LoadPlan;
typedef struct LoadResult { int64_t answered, good, refused, broken; double seconds, p50_ms, p99_ms; } LoadResult;
/* good: 2xx; refused: any other status; broken: connections lost. */
MUST_USE Err load_run(Arena *a, const LoadPlan *plan, LoadResult *out);
/* A POST of body with its length; a GET when body is empty, taking gzip as browsers do. */
Str load_request(Arena *a, Str host, Str path, Str body);

#endif
