/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed text: a pointer and a length, not necessarily NUL-terminated. */
#ifndef TFATMOS_BASE_STR_H
#define TFATMOS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A view of bytes owned by somebody else; passed by value. An empty view may have a NULL pointer.
 * Text that came from an arena (arena_dup and friends) is always followed by a NUL byte, so its
 * `ptr` can be given to the C library.
 */
struct str {
    const char *ptr;
    size_t len;
};

/* From a string literal: STR("abc"). In static initialisers use STR_INIT. */
#define STR(literal)      ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_INIT(literal) { (literal), sizeof(literal) - 1 }
#define STR_EMPTY         ((struct str){ NULL, 0 })
/* For printf: printf("%.*s", STR_ARG(s)). Texts over 2 GiB are cut. */
#define STR_ARG(s) ((int)((s).len > INT32_MAX ? INT32_MAX : (s).len)), ((s).ptr ? (s).ptr : "")

struct str str_from(const char *cstr); /* NULL gives the empty view */

bool str_eq(struct str a, struct str b);
bool str_eq_cstr(struct str a, const char *b);
/* Whether one of `count` texts is `text`. */
bool str_is_among(struct str text, const struct str *texts, size_t count);
/* Byte order, a proper prefix first; <0, 0, >0. */
int str_cmp(struct str a, struct str b);
bool str_starts_with(struct str s, struct str prefix);
bool str_ends_with(struct str s, struct str suffix);

/* Position of the first/last `byte`, or -1. */
ptrdiff_t str_find(struct str s, char byte);
ptrdiff_t str_rfind(struct str s, char byte);
/* Position of the first occurrence of `needle` (not empty), or -1. */
ptrdiff_t str_find_str(struct str s, struct str needle);

struct str str_sub(struct str s, size_t from, size_t to); /* clamped to the text */
struct str str_from_index(struct str s, size_t from);
bool char_is_blank(char c); /* blank, tab, CR or LF */
struct str str_trim(struct str s); /* blanks, tabs, CR, LF at both ends */

/*
 * Cuts the piece before the next `separator` off `*rest`. Returns false when nothing is left.
 * "a,,b" gives "a", "", "b"; an empty text gives one empty piece.
 * Start with: struct str rest = text; bool more = true; while (str_split(&rest, &more, ',', &piece))
 */
bool str_split(struct str *rest, bool *more, char separator, struct str *ret_piece);

/* Whole-text conversions, decimal, no blanks; false when the text is not exactly such a number. */
bool str_to_u64(struct str s, uint64_t *ret_number);
bool str_to_i64(struct str s, int64_t *ret_number);
bool str_to_f64(struct str s, double *ret_number);

/* True when the bytes are well-formed UTF-8 without surrogates or overlong forms. */
bool str_is_utf8(struct str s);
/* Length of the longest well-formed beginning: where the first bad byte stands. */
size_t str_utf8_prefix(struct str s);
/* Number of code points of well-formed UTF-8. */
size_t str_count_code_points(struct str s);

#endif
