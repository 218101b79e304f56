/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Inside of sample: random numbers of one selection, and the selections made of them. */
#ifndef SAMPLE_STREAM_H
#define SAMPLE_STREAM_H

#include "base/base.h"

/* The stream of one stratum of one unit at one stage: ChaCha20 (RFC 8439) under the key SHA-256 of
 *     "thuocdo-sample-1\n" seed "\n" stage "\n" path
 * with a zero nonce from block 0; eight bytes a number, lowest first. path: names of the units above from the first
 * stage on, then the stratum, each as length ":" name ",". */
typedef struct SampleStream { uint8_t key[32]; uint32_t block; uint8_t bytes[512]; size_t at; } SampleStream;
#define SAMPLE_GENERATOR "thuocdo-sample-1"
SampleStream sample_stream(Arena scratch, Str seed, int stage, Str path);
uint64_t stream_u64(SampleStream *s);
uint64_t stream_below(SampleStream *s, uint64_t n);   /* 0..n-1, each equally likely; n > 0 */

/* n different numbers of 0..all-1 in random order (Floyd's algorithm, then a shuffle). n <= all. */
void select_simple(Arena scratch, SampleStream *s, uint64_t all, size_t n, uint64_t *out);
/* Every all/n-th from a random start: numbers rise. */
void select_systematic(SampleStream *s, uint64_t all, size_t n, uint64_t *out);
/* Systematic selection with probability proportional to size, in exact whole numbers. Units whose share is 1 or more
 * are taken for certain, again and again until none is left. taken[i], prob[i], certain[i] are written for all;
 * units of size 0 are never taken. Returns how many were taken. */
typedef struct SelectSized { bool taken, certain; double prob; } SelectSized;
size_t select_by_size(SampleStream *s, const uint64_t size[], size_t units, size_t n, SelectSized out[]);
void shuffle(SampleStream *s, uint32_t *at, size_t n);

#endif
