/* SPDX-License-Identifier: Apache-2.0 */
/* The program of a pattern, for the files that run it. */
#ifndef TFATMOS_BASE_REGEX_PROGRAM_H
#define TFATMOS_BASE_REGEX_PROGRAM_H

#include "regex_parse.h"

enum opcode {
    OP_CHAR,
    OP_CLASS,
    OP_SPLIT, /* go on at `next`, or else at `other` */
    OP_JUMP,
    OP_SAVE, /* a group begins or ends here: slot `other` */
    OP_BEGIN,
    OP_END,
    OP_BOUNDARY,
    OP_NO_BOUNDARY,
    OP_MATCH
};

struct instruction {
    enum opcode op;
    uint32_t point;
    uint32_t next; /* of jumps; everything else goes on behind itself */
    uint32_t other;
    const struct regex_class *class;
};

struct regex {
    VEC(struct instruction) code;
    size_t group_count; /* with the whole match; 0: compiled for searching alone */
};

/* Where a run stands: the characters on both sides, UINT32_MAX at the ends of the text. */
struct regex_place {
    uint32_t before;
    uint32_t behind;
};

/* Whether a condition between two characters holds. */
bool regex_holds(enum opcode op, struct regex_place place);
/* Whether an instruction is passed by a character. */
bool regex_takes(const struct instruction *instruction, uint32_t point);

#endif
