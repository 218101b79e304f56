/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The SPSS system file: what its dictionary and its cases share. */
#ifndef ANALYSIS_EXPORT_SAV_H
#define ANALYSIS_EXPORT_SAV_H

#include "analysis/parts.h"

/* Text longer than 255 bytes lies in segments that count 252 bytes of width each but hold 255. */
enum { SAV_SEGMENT = 255, SAV_COUNTED = 252, SAV_WIDEST = 32767, SAV_SHORT = 8 };

/* How a variable stands in the file. width 0: a number; else bytes of text. first: number of its first segment, from 1. */
typedef struct SavVariable { int width, segments, first, element; } SavVariable;
typedef struct SavFile { Export *x; SavVariable *at; int elements, segments; } SavFile;

int  sav_segment_width(const SavVariable *v, int segment);        /* as declared */
int  sav_elements(int width);                                     /* of eight bytes */
void sav_dictionary(SavFile *f);
size_t sav_missing(const Variable *v, const Category *out[3]);    /* categories that are no opinion, three at most */

#endif
