/* SPDX-License-Identifier: Apache-2.0 */
/* The text of shared AWS files: sections, settings, settings below settings. */
#ifndef TFATMOS_AWS_INI_H
#define TFATMOS_AWS_INI_H

#include "base/base.h"

/*
 *   # comment            ; comment
 *   [section name]
 *   name = value         # comment, after a blank
 *   name =
 *     inner = value
 *
 * Names are folded to lower case. A line that is indented deeper than the setting before it belongs to
 * that setting: with `=` it is an inner setting, without it continues the value, which is then marked
 * and not joined. Sections and settings stay in the order of the text, repetitions included.
 */
struct ini_entry {
    struct str name; /* in the arena */
    struct str value; /* a view into the text */
    struct str parent; /* name of the setting it stands below; empty: top level */
    uint32_t line;
    bool is_continued; /* more lines of the value follow, which are not in `value` */
};

struct ini_section {
    struct str name; /* between the brackets, trimmed; a view into the text */
    uint32_t line;
    VEC(struct ini_entry) entries;
};

struct ini {
    VEC(struct ini_section) sections;
};

/*
 * Parses; never fails on values. ERR_PARSE with the line and a reason that quotes nothing, since a line
 * of such a file may be a secret.
 */
int ini_parse(struct arena *arena, struct str text, struct ini *ret_ini, uint32_t *ret_line,
        const char **ret_why);

#endif
