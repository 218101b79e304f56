/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The expression language (XPath subset) that forms and index rules compile to. Pure: base only.
 * The host supplies names (paths), lists and the clock; expr owns tokens, tree, steps and values. */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/base.h"
/* Owner of the expr slice: complete this header (see docs of XPath subset: values, compile, evaluate, errors with
 * character offset, functions table, limits). */
#endif
