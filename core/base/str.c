/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed text. */
#include "str.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

struct str str_from(const char *cstr)
{
    return (struct str){ cstr, cstr ? strlen(cstr) : 0 };
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_eq_cstr(struct str a, const char *b)
{
    return str_eq(a, str_from(b));
}

bool str_is_among(struct str text, const struct str *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(text, texts[i])) {
            return true;
        }
    }
    return false;
}

int str_cmp(struct str a, struct str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts_with(struct str s, struct str prefix)
{
    return s.len >= prefix.len &&
           (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}

bool str_ends_with(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

ptrdiff_t str_find(struct str s, char byte)
{
    const char *hit = s.len ? memchr(s.ptr, byte, s.len) : NULL;
    return hit ? hit - s.ptr : -1;
}

ptrdiff_t str_rfind(struct str s, char byte)
{
    const char *hit = s.len ? memrchr(s.ptr, byte, s.len) : NULL;
    return hit ? hit - s.ptr : -1;
}

ptrdiff_t str_find_str(struct str s, struct str needle)
{
    if (needle.len == 2) {
        /* Mostly brackets, which are rare: looking for one byte is much faster. */
        for (size_t from = 0; from + 1 < s.len; from++) {
            const char *first = memchr(s.ptr + from, needle.ptr[0], s.len - from - 1);
            if (!first || first[1] == needle.ptr[1]) {
                return first ? first - s.ptr : -1;
            }
            from = (size_t)(first - s.ptr);
        }
        return -1;
    }
    const char *hit = s.len && needle.len ? memmem(s.ptr, s.len, needle.ptr, needle.len) : NULL;
    return hit ? hit - s.ptr : -1;
}

struct str str_sub(struct str s, size_t from, size_t to)
{
    if (to > s.len) {
        to = s.len;
    }
    if (from >= to) {
        return STR_EMPTY;
    }
    return (struct str){ s.ptr + from, to - from };
}

struct str str_from_index(struct str s, size_t from)
{
    return str_sub(s, from, s.len);
}

bool char_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && char_is_blank(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && char_is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

bool str_split(struct str *rest, bool *more, char separator, struct str *ret_piece)
{
    if (!*more) {
        return false;
    }
    ptrdiff_t at = str_find(*rest, separator);
    if (at < 0) {
        *ret_piece = *rest;
        *rest = STR_EMPTY;
        *more = false;
        return true;
    }
    *ret_piece = (struct str){ rest->ptr, (size_t)at };
    rest->ptr += at + 1;
    rest->len -= (size_t)at + 1;
    return true;
}

bool str_to_u64(struct str s, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (s.len == 0) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return false;
        }
        uint64_t digit = (uint64_t)(s.ptr[i] - '0');
        if (__builtin_mul_overflow(number, (uint64_t)10, &number) ||
                __builtin_add_overflow(number, digit, &number)) {
            return false;
        }
    }
    *ret_number = number;
    return true;
}

bool str_to_i64(struct str s, int64_t *ret_number)
{
    bool is_negative = s.len > 0 && s.ptr[0] == '-';
    uint64_t magnitude = 0;
    if (is_negative) {
        s = str_from_index(s, 1);
    }
    if (!str_to_u64(s, &magnitude) ||
            magnitude > (uint64_t)INT64_MAX + (is_negative ? 1u : 0u)) {
        return false;
    }
    *ret_number = is_negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

bool str_to_f64(struct str s, double *ret_number)
{
    char text[64];
    if (s.len == 0 || s.len >= sizeof(text) || char_is_blank(s.ptr[0])) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        /* strtod also reads hexadecimal, "inf" and "nan": not numbers to us. */
        if (!strchr("0123456789+-.eE", s.ptr[i]) || s.ptr[i] == '\0') {
            return false;
        }
    }
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    /* The process never calls setlocale for LC_NUMERIC, so the point is always '.'. */
    char *end = NULL;
    double number = strtod(text, &end);
    if (end != text + s.len) {
        return false;
    }
    *ret_number = number;
    return true;
}

/* Length of the well-formed sequence at the start of `s`, 0 when it is not one. */
static size_t utf8_sequence_len(const unsigned char *s, size_t len)
{
    if (s[0] < 0x80) {
        return 1;
    }
    if (s[0] >= 0xc2 && s[0] <= 0xdf) {
        return len >= 2 && (s[1] & 0xc0) == 0x80 ? 2 : 0;
    }
    if (s[0] >= 0xe0 && s[0] <= 0xef) {
        unsigned char low = s[0] == 0xe0 ? 0xa0 : 0x80;
        unsigned char high = s[0] == 0xed ? 0x9f : 0xbf;
        return len >= 3 && s[1] >= low && s[1] <= high && (s[2] & 0xc0) == 0x80 ? 3 : 0;
    }
    if (s[0] >= 0xf0 && s[0] <= 0xf4) {
        unsigned char low = s[0] == 0xf0 ? 0x90 : 0x80;
        unsigned char high = s[0] == 0xf4 ? 0x8f : 0xbf;
        return len >= 4 && s[1] >= low && s[1] <= high && (s[2] & 0xc0) == 0x80 &&
                               (s[3] & 0xc0) == 0x80
                       ? 4
                       : 0;
    }
    return 0;
}

size_t str_utf8_prefix(struct str s)
{
    size_t at = 0;
    while (at < s.len) {
        uint64_t eight = 0;
        if (s.len - at >= sizeof(eight)) {
            /* Most text is ASCII: eight bytes at a time. */
            memcpy(&eight, s.ptr + at, sizeof(eight));
            if ((eight & 0x8080808080808080u) == 0) {
                at += sizeof(eight);
                continue;
            }
        }
        size_t step = utf8_sequence_len((const unsigned char *)s.ptr + at, s.len - at);
        if (step == 0) {
            break;
        }
        at += step;
    }
    return at;
}

bool str_is_utf8(struct str s)
{
    return str_utf8_prefix(s) == s.len;
}

size_t str_count_code_points(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) {
        count += ((unsigned char)s.ptr[i] & 0xc0) != 0x80;
    }
    return count;
}
