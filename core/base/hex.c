/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal digits, one spelling only: what is signed must have one form. */
#include "hex.h"

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str hex_write(struct arena *arena, const void *bytes, size_t size_bytes)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char *text = arena_alloc(arena, 2 * size_bytes + 1);
    for (size_t i = 0; i < size_bytes; i++) {
        text[2 * i] = digits[from[i] >> 4];
        text[2 * i + 1] = digits[from[i] & 15];
    }
    return (struct str){ text, 2 * size_bytes };
}

bool is_hex(struct str text, size_t digits)
{
    for (size_t i = 0; i < text.len; i++) {
        if (digit_of(text.ptr[i]) < 0) {
            return false;
        }
    }
    return text.len == digits;
}

bool hex_read(struct str text, void *ret_bytes, size_t size_bytes)
{
    unsigned char *to = ret_bytes;
    if (!is_hex(text, 2 * size_bytes)) {
        return false;
    }
    for (size_t i = 0; i < size_bytes; i++) {
        to[i] = (unsigned char)(digit_of(text.ptr[2 * i]) << 4 | digit_of(text.ptr[2 * i + 1]));
    }
    return true;
}
