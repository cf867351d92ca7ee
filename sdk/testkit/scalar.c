/* SPDX-License-Identifier: Apache-2.0 */
/* Typing and conversion of scalars, by the rules of YAML 1.2 as the core reads it. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mock.h"

static bool digit_in(char c, unsigned base, unsigned *ret_digit)
{
    unsigned digit;

    if (c >= '0' && c <= '9') {
        digit = (unsigned)(c - '0');
    } else if (c >= 'a' && c <= 'f') {
        digit = (unsigned)(c - 'a') + 10;
    } else if (c >= 'A' && c <= 'F') {
        digit = (unsigned)(c - 'A') + 10;
    } else {
        return false;
    }
    *ret_digit = digit;
    return digit < base;
}

/* Is it written as an integer? Gives base and where the digits start. */
static bool integer_form(const char *ptr, size_t len, unsigned *ret_base, size_t *ret_start)
{
    size_t i = len > 0 && (ptr[0] == '-' || ptr[0] == '+') ? 1 : 0;
    unsigned base = 10;
    unsigned digit;
    bool any = false;

    if (len > i + 1 && ptr[i] == '0') {
        char mark = ptr[i + 1];
        base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
        i += mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1;
    }
    *ret_base = base;
    *ret_start = i;
    for (; i < len; i++) {
        if (ptr[i] == '_' && any) {
            continue;
        }
        if (!digit_in(ptr[i], base, &digit)) {
            return false;
        }
        any = true;
    }
    return any;
}

/* Skips digits; false when there is none. */
static bool take_digits(const char *ptr, size_t len, size_t *at)
{
    size_t start = *at;

    while (*at < len && ptr[*at] >= '0' && ptr[*at] <= '9') {
        ++*at;
    }
    return *at > start;
}

bool number_is_json(const char *ptr, size_t len)
{
    size_t i = len > 0 && ptr[0] == '-' ? 1 : 0;
    size_t start = i;

    if (!take_digits(ptr, len, &i) || (ptr[start] == '0' && i > start + 1)) {
        return false;
    }
    if (i < len && ptr[i] == '.') {
        i++;
        if (!take_digits(ptr, len, &i)) {
            return false;
        }
    }
    if (i < len && (ptr[i] == 'e' || ptr[i] == 'E')) {
        i++;
        i += i < len && (ptr[i] == '-' || ptr[i] == '+') ? 1 : 0;
        if (!take_digits(ptr, len, &i)) {
            return false;
        }
    }
    return i == len;
}

bool number_double(const char *ptr, size_t len, double *ret_number)
{
    unsigned base;
    size_t start;
    char *copy;
    char *end;
    size_t n = 0;
    double x;
    bool ok;

    if (integer_form(ptr, len, &base, &start) && base != 10) {
        int64_t i;
        if (!number_int(ptr, len, &i)) {
            return false;
        }
        *ret_number = (double)i;
        return true;
    }
    copy = calloc(1, len + 1);
    if (copy == NULL) {
        test_mistake("out of memory");
    }
    for (size_t i = 0; i < len; i++) {
        if (ptr[i] != '_') {
            copy[n++] = ptr[i];
        }
    }
    x = strtod(copy, &end);
    ok = n > 0 && *end == '\0' && isfinite(x);
    free(copy);
    if (ok) {
        *ret_number = x;
    }
    return ok;
}

bool number_int(const char *ptr, size_t len, int64_t *ret_number)
{
    unsigned base;
    size_t start;
    bool negative = len > 0 && ptr[0] == '-';
    uint64_t value = 0;
    double x;

    if (!integer_form(ptr, len, &base, &start)) {
        /* 3.0 and 3e0 are integers too, as far as a double holds them exactly. */
        if (number_double(ptr, len, &x) && x >= -9007199254740992.0 &&
                x <= 9007199254740992.0 && !(x < floor(x)) && !(x > floor(x))) {
            *ret_number = (int64_t)x;
            return true;
        }
        return false;
    }
    for (size_t i = start; i < len; i++) {
        unsigned digit = 0;
        if (ptr[i] == '_' || !digit_in(ptr[i], base, &digit)) {
            continue;
        }
        if (value > (UINT64_MAX - digit) / base) {
            return false;
        }
        value = value * base + digit;
    }
    if (value > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return false;
    }
    *ret_number = negative ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

/* The shortest digits that read back as the same number, as d.ddde+xx. */
static void shortest(double x, char *ret_text)
{
    for (int digits = 0; digits < 17; digits++) {
        (void)snprintf(ret_text, NUMBER_MAX, "%.*e", digits, x);
        double back = strtod(ret_text, NULL);
        if (!(back < x) && !(back > x)) {
            return;
        }
    }
}

bool number_json(const char *ptr, size_t len, char *ret_text)
{
    char digits[NUMBER_MAX];
    int64_t i;
    double x;
    int exponent;
    char *mark;

    if (number_int(ptr, len, &i)) {
        (void)snprintf(ret_text, NUMBER_MAX, "%lld", (long long)i);
        return true;
    }
    if (!number_double(ptr, len, &x)) {
        return false;
    }
    shortest(x, digits);
    mark = strchr(digits, 'e');
    exponent = (int)strtol(mark + 1, NULL, 10);
    if (exponent < -6 || exponent >= 21) {
        (void)snprintf(
                ret_text, NUMBER_MAX, "%.*se%+d", (int)(mark - digits), digits, exponent);
        return true;
    }
    /* Plain decimals: as many places as the digits need, or zeros after them. */
    int places = (int)(mark - digits) - (digits[0] == '-' ? 1 : 0) - 2;
    places = (places < 0 ? 0 : places) - exponent;
    if (places >= 0) {
        (void)snprintf(ret_text, NUMBER_MAX, "%.*f", places, x);
        return true;
    }
    char *to = ret_text;
    for (const char *from = digits; from < mark; from++) {
        if (*from != '.') {
            *to++ = *from;
        }
    }
    for (; places < 0; places++) {
        *to++ = '0';
    }
    *to = '\0';
    return true;
}

static bool is_one_of(const char *ptr, size_t len, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strlen(*words) == len && memcmp(*words, ptr, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Decimal with point or exponent, without the words for infinity that strtod knows. */
static bool float_form(const char *ptr, size_t len)
{
    bool digit = false;
    double x;

    for (size_t i = 0; i < len; i++) {
        if (strchr("0123456789+-.eE_", ptr[i]) == NULL) {
            return false;
        }
        digit = digit || (ptr[i] >= '0' && ptr[i] <= '9');
    }
    return digit && ptr[0] != 'e' && ptr[0] != 'E' && ptr[0] != '_' &&
           number_double(ptr, len, &x);
}

int32_t plain_kind(const char *ptr, size_t len, bool *ret_truth)
{
    static const char *const nulls[] = { "", "~", "null", "Null", "NULL", NULL };
    static const char *const yes[] = { "true", "True", "TRUE", NULL };
    static const char *const no[] = { "false", "False", "FALSE", NULL };
    unsigned base;
    size_t start;

    if (is_one_of(ptr, len, nulls)) {
        return TFA_KIND_NULL;
    }
    if (is_one_of(ptr, len, yes) || is_one_of(ptr, len, no)) {
        *ret_truth = is_one_of(ptr, len, yes);
        return TFA_KIND_BOOL;
    }
    if (integer_form(ptr, len, &base, &start) || float_form(ptr, len)) {
        return TFA_KIND_NUMBER;
    }
    return TFA_KIND_STRING;
}

/* Length of the character that starts at s, 0 when it is malformed or NUL. */
static size_t utf8_length(const unsigned char *s, size_t len)
{
    static const uint32_t smallest[] = { 1, 0x80, 0x800, 0x10000 };
    size_t more = s[0] < 0x80 ? 0 : s[0] >= 0xF0 ? 3 : s[0] >= 0xE0 ? 2 : 1;
    uint32_t point = more == 0 ? s[0] : s[0] & (0x3FU >> more);

    if ((s[0] >= 0x80 && s[0] < 0xC2) || s[0] > 0xF4 || more >= len) {
        return 0;
    }
    for (size_t i = 1; i <= more; i++) {
        if ((s[i] & 0xC0U) != 0x80U) {
            return 0;
        }
        point = point << 6 | (s[i] & 0x3FU);
    }
    return point < smallest[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)
                   ? 0
                   : more + 1;
}

bool utf8_valid(const char *ptr, size_t len)
{
    size_t n;

    for (size_t i = 0; i < len; i += n) {
        n = utf8_length((const unsigned char *)ptr + i, len - i);
        if (n == 0) {
            return false;
        }
    }
    return true;
}
