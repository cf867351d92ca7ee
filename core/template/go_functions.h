/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of Go's own functions that have files of their own. */
#ifndef TFATMOS_TEMPLATE_GO_FUNCTIONS_H
#define TFATMOS_TEMPLATE_GO_FUNCTIONS_H

#include "evaluate.h"

/* escape.c */
void escape_html(struct buf *out, struct str text);
void escape_js(struct buf *out, struct str text);
void escape_url(struct buf *out, struct str text);

/* compare.c */
int run_eq(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret);
int run_ne(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret);
int run_lt(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret);
int run_le(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret);
int run_gt(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret);
int run_ge(
        struct template_call *call, const struct datum *args, size_t count, struct datum *ret);

#endif
