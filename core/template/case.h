/* SPDX-License-Identifier: Apache-2.0 */
/* Upper and lower case, whatever the locale. */
#ifndef TFATMOS_TEMPLATE_CASE_H
#define TFATMOS_TEMPLATE_CASE_H

#include "base/base.h"

void buf_add_upper(struct buf *out, struct str text);
void buf_add_lower(struct buf *out, struct str text);
/* The first letter of each word as it stands in titles; the others are kept. */
void buf_add_title(struct buf *out, struct str text);
bool point_is_space(uint32_t point);

#endif
