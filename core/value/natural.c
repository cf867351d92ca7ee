/* SPDX-License-Identifier: Apache-2.0 */
/* The natural order of keys in YAML output. */
#include "value.h"

static uint32_t code_point(struct str text, size_t at, size_t *ret_size)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at;
    *ret_size = 1;
    if (s[0] >= 0xf0 && left >= 4) {
        *ret_size = 4;
        return ((uint32_t)(s[0] & 7) << 18) | ((uint32_t)(s[1] & 63) << 12) |
               ((uint32_t)(s[2] & 63) << 6) | (s[3] & 63u);
    }
    if (s[0] >= 0xe0 && left >= 3) {
        *ret_size = 3;
        return ((uint32_t)(s[0] & 15) << 12) | ((uint32_t)(s[1] & 63) << 6) | (s[2] & 63u);
    }
    if (s[0] >= 0xc0 && left >= 2) {
        *ret_size = 2;
        return ((uint32_t)(s[0] & 31) << 6) | (s[1] & 63u);
    }
    return s[0];
}

/* Letters of ASCII exactly; beyond it everything but the blocks of signs counts as a letter. */
static bool is_letter(uint32_t point)
{
    static const struct {
        uint32_t first;
        uint32_t last;
    } signs[] = {
        { 0x80, 0xa9 },
        { 0xab, 0xb4 },
        { 0xb6, 0xb9 },
        { 0xbb, 0xbf },
        { 0xd7, 0xd7 },
        { 0xf7, 0xf7 },
        { 0x300, 0x36f },
        { 0x2000, 0x2070 },
        { 0x2080, 0x208f },
        { 0x20a0, 0x20ff },
        { 0x2190, 0x2bff },
        { 0x2e00, 0x2e7f },
        { 0x3000, 0x3004 },
        { 0x3008, 0x3020 },
        { 0xfe00, 0xfe6f },
        { 0xff01, 0xff20 },
        { 0x1f000, 0x1faff },
    };

    if (point < 0x80) {
        uint32_t lower = point | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (point >= signs[i].first && point <= signs[i].last) {
            return false;
        }
    }
    return true;
}

static bool is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

/* True when the digits right before `at` hold one that is not zero: a zero at `at` then counts. */
static bool has_digits_before(struct str text, size_t at)
{
    while (at > 0 && is_digit((unsigned char)text.ptr[at - 1])) {
        at--;
        if (text.ptr[at] != '0') {
            return true;
        }
    }
    return false;
}

/* The number that starts at `at`, behind `start`; wraps like the reference's for absurd lengths. */
static int64_t read_number(struct str text, size_t at, uint64_t start, size_t *ret_end)
{
    uint64_t number = start;
    while (at < text.len && is_digit((unsigned char)text.ptr[at])) {
        number = number * 10 + (uint64_t)(text.ptr[at] - '0');
        at++;
    }
    *ret_end = at;
    return (int64_t)number;
}

/* The first difference stands at `at` in both: `left` there against `right`. */
static int cmp_difference(struct str a, struct str b, size_t at, uint32_t left, uint32_t right)
{
    bool has_digit = at > 0 && is_digit((unsigned char)a.ptr[at - 1]);
    bool is_left_letter = is_letter(left);
    bool is_right_letter = is_letter(right);
    if (is_left_letter != is_right_letter) {
        return is_left_letter == has_digit ? -1 : 1;
    }
    if (!is_left_letter) {
        size_t a_end = at;
        size_t b_end = at;
        uint64_t start = (left == '0' || right == '0') && has_digits_before(a, at) ? 1 : 0;
        int64_t a_number = read_number(a, at, start, &a_end);
        int64_t b_number = read_number(b, at, start, &b_end);
        if (a_number != b_number) {
            return a_number < b_number ? -1 : 1;
        }
        if (a_end != b_end) {
            return a_end < b_end ? -1 : 1;
        }
    }
    return left < right ? -1 : 1;
}

int key_natural_cmp(struct str a, struct str b)
{
    size_t at = 0;
    while (at < a.len && at < b.len) {
        size_t size = 1;
        size_t other = 1;
        uint32_t left = code_point(a, at, &size);
        uint32_t right = code_point(b, at, &other);
        if (left != right) {
            return cmp_difference(a, b, at, left, right);
        }
        at += size;
    }
    return (a.len > b.len) - (a.len < b.len);
}
