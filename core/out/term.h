/* SPDX-License-Identifier: Apache-2.0 */
/* What one output stream can show: terminal or not, width, color, UTF-8. */
#ifndef TFATMOS_OUT_TERM_H
#define TFATMOS_OUT_TERM_H

#include "run.h"

enum color_mode {
    COLOR_AUTO,
    COLOR_ALWAYS,
    COLOR_NEVER
};

/* Roles, never colors: the table in term.c maps them to the 16 colors every terminal theme has. */
enum style {
    STYLE_PLAIN,
    STYLE_STRONG,
    STYLE_DIM,
    STYLE_OK,
    STYLE_WARNING,
    STYLE_ERROR,
    STYLE_INFO,
    STYLE_KEY,
    STYLE_LINK,
    STYLE__COUNT
};

/*
 * Computed once per stream by term_detect and copied about; nothing else asks the system or the
 * environment. The rules are kept so that `doctor` can say why.
 */
struct term {
    bool is_tty; /* a terminal, or said to be one by TF_ATMOS_FORCE_TTY */
    bool is_utf8; /* the locale says UTF-8: box characters and symbols are welcome */
    bool has_color;
    unsigned width; /* columns to fill at most; 80 when nobody knows */
    const char *color_rule; /* the rule that decided `has_color` */
    const char *width_rule; /* the rule that decided `width` */
};

/*
 * Color, first rule that speaks: --color, NO_COLOR, TF_ATMOS_NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR,
 * CLICOLOR=0, not a terminal, TERM=dumb, else on. Width: the terminal's, else COLUMNS, else 80.
 */
void term_detect(
        const struct environment *env, int fd, enum color_mode mode, struct term *ret_term);

/* True when somebody could type an answer: the descriptor is a terminal. */
bool term_can_read(int fd);

/* False for anything but auto, always, never. */
bool color_mode_from(struct str name, enum color_mode *ret_mode);

/* The sequence that begins a role, empty when the stream has no color. */
const char *term_style(const struct term *term, enum style style);
/* The sequence that ends any role. */
const char *term_style_end(const struct term *term);

#endif
