/* SPDX-License-Identifier: Apache-2.0 */
/* Text that people write as words, some of them in quotes: command lines, arguments. Nothing is expanded. */
#ifndef TFATMOS_BASE_WORDS_H
#define TFATMOS_BASE_WORDS_H

#include "arena.h"

/* What quotes mean. By every rule, blanks, tabs and line ends outside of quotes end a word, ' and " are
 * quotes, each ended by its like, and may begin and end within a word. */
enum word_rule {
    /* As a POSIX shell: quotes go; in '...' all stands for itself; a backslash makes the next byte stand
     * for itself, in "..." only one of $ ` " \, and before a line end it joins the lines. */
    WORDS_SHELL,
    /* Arguments of YAML functions: quotes go, two of a kind inside of quotes are one of them. */
    WORDS_DOUBLED,
    /* Arguments with JSON in them: as it is written; only quotes around the whole word go. */
    WORDS_AS_WRITTEN
};

/*
 * Cuts the next word off `*rest`. ERR_NOT_FOUND when none is left. ERR_PARSE when a quote is not closed:
 * the word is then all that is left, and is set too. The word lies in the arena.
 */
int word_next(struct arena *arena, struct str *rest, enum word_rule rule, struct str *ret_word);

#endif
