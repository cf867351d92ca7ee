/* SPDX-License-Identifier: Apache-2.0 */
/* Lines with branches before them. */
#ifndef TFATMOS_OUT_TREE_H
#define TFATMOS_OUT_TREE_H

#include "stream.h"

struct tree_line {
    size_t depth; /* 0: at the top, without a branch */
    struct str text; /* of foreign origin */
    enum style style;
    struct str note; /* behind the text, in a quieter role; may be empty */
};

struct tree {
    VEC(struct tree_line) lines; /* each parent before its children, at most one deeper */
};

void tree_add(struct arena *arena, struct tree *tree, struct tree_line line);

/* Branches are drawn with box characters where the stream is UTF-8, else with ASCII. */
void tree_write(struct run *run, struct stream *out, const struct tree *tree);

#endif
