/* SPDX-License-Identifier: Apache-2.0 */
/* HCL text under construction, laid out as `terraform fmt` does. Private to hcl/. */
#ifndef TFATMOS_HCL_LAYOUT_H
#define TFATMOS_HCL_LAYOUT_H

#include "hcl.h"

/* One line, without indentation and without the blanks before its "=". */
struct layout_line {
    size_t start;
    size_t end;
    size_t equals; /* where the first "=" stands; SIZE_MAX: there is none */
    int net; /* brackets opened less those closed */
    int net_behind; /* the same from the "=" on */
};

struct layout {
    struct arena *arena;
    struct buf text;
    VEC(struct layout_line) lines;
    struct layout_line line; /* the one being written */
};

void layout_init(struct layout *layout, struct arena *arena, size_t max_bytes);
void layout_clear(struct layout *layout);
/* Text without brackets that count. */
void layout_add(struct layout *layout, struct str text);
void layout_open(struct layout *layout, char bracket);
void layout_close(struct layout *layout, char bracket);
/* "=" and a blank: what stands before is aligned with that of the lines around. */
void layout_assign(struct layout *layout);
void layout_end_line(struct layout *layout);
/* Adds all lines. Each level of brackets that a line leaves open counts as one, however many they are. */
void layout_write(const struct layout *layout, struct buf *out);

#endif
