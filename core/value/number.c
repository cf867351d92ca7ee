/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and their text. */
#include "number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value.h"

static unsigned digit_of(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return (unsigned)(byte - '0');
    }
    if (byte >= 'a' && byte <= 'f') {
        return (unsigned)(byte - 'a') + 10;
    }
    return byte >= 'A' && byte <= 'F' ? (unsigned)(byte - 'A') + 10 : 16;
}

static unsigned base_of(char letter)
{
    switch (letter) {
    case 'x':
    case 'X':
        return 16;
    case 'o':
    case 'O':
        return 8;
    case 'b':
    case 'B':
        return 2;
    default:
        return 0;
    }
}

static struct str skip_separators(struct str text)
{
    while (text.len > 0 && text.ptr[0] == '_') {
        text = str_from_index(text, 1);
    }
    return text;
}

/* Cuts sign and prefix off; returns the base. */
static unsigned cut_prefix(struct str *text, bool *ret_is_negative)
{
    *ret_is_negative = false;
    if (text->len > 0 && (text->ptr[0] == '-' || text->ptr[0] == '+')) {
        *ret_is_negative = text->ptr[0] == '-';
        *text = skip_separators(str_from_index(*text, 1));
    }
    if (text->len < 2 || text->ptr[0] != '0') {
        return 10;
    }
    struct str behind = skip_separators(str_from_index(*text, 1));
    unsigned base = behind.len > 0 ? base_of(behind.ptr[0]) : 0;
    if (base != 0) {
        *text = str_from_index(behind, 1);
        return base;
    }
    return 8;
}

bool integer_read(struct str text, struct integer *ret_integer)
{
    struct integer integer = { 0 };
    unsigned base = cut_prefix(&text, &integer.is_negative);
    bool has_digit = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '_') {
            continue;
        }
        unsigned digit = digit_of(text.ptr[i]);
        if (digit >= base ||
                __builtin_mul_overflow(integer.magnitude, (uint64_t)base, &integer.magnitude) ||
                __builtin_add_overflow(
                        integer.magnitude, (uint64_t)digit, &integer.magnitude)) {
            return false;
        }
        has_digit = true;
    }
    if (!has_digit) {
        return false;
    }
    *ret_integer = integer;
    return true;
}

bool integer_is_plain(struct str text)
{
    if (text.len > 0 && text.ptr[0] == '-') {
        text = str_from_index(text, 1);
        if (str_eq(text, STR("0"))) {
            return false;
        }
    }
    if (text.len == 0 || (text.ptr[0] == '0' && text.len > 1)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
    }
    return true;
}

void buf_add_integer(struct buf *buf, struct str text)
{
    struct integer integer;
    if (integer_is_plain(text)) {
        buf_add(buf, text);
        return;
    }
    if (integer_read(text, &integer)) {
        buf_addf(buf, "%s%llu", integer.is_negative && integer.magnitude ? "-" : "",
                (unsigned long long)integer.magnitude);
        return;
    }
    /* Beyond 64 bits: decimal digits, with separators and a sign at most. */
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '_' && text.ptr[i] != '+') {
            buf_add_byte(buf, text.ptr[i]);
        }
    }
}

static bool is_one_of(struct str text, const char *const *names)
{
    for (; *names; names++) {
        if (str_eq_cstr(text, *names)) {
            return true;
        }
    }
    return false;
}

static bool special_read(struct str text, double *ret_number)
{
    static const char *const infinities[] = { ".inf", ".Inf", ".INF", NULL };
    static const char *const nans[] = { ".nan", ".NaN", ".NAN", NULL };
    if (is_one_of(text, nans)) {
        *ret_number = (double)NAN;
        return true;
    }
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    if (is_negative || (text.len > 0 && text.ptr[0] == '+')) {
        text = str_from_index(text, 1);
    }
    if (is_one_of(text, infinities)) {
        *ret_number = is_negative ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    return false;
}

/* Optional sign, digits with at most one point, optional exponent. */
static bool is_decimal(struct str text)
{
    size_t i = 0;
    size_t digits = 0;
    bool has_point = false;
    if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+')) {
        i++;
    }
    for (; i < text.len; i++) {
        if (text.ptr[i] == '.' && !has_point) {
            has_point = true;
        } else if (text.ptr[i] >= '0' && text.ptr[i] <= '9') {
            digits++;
        } else {
            break;
        }
    }
    if (digits == 0) {
        return false;
    }
    if (i == text.len) {
        return true;
    }
    if (text.ptr[i] != 'e' && text.ptr[i] != 'E') {
        return false;
    }
    i++;
    if (i < text.len && (text.ptr[i] == '-' || text.ptr[i] == '+')) {
        i++;
    }
    size_t first = i;
    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9') {
        i++;
    }
    return i == text.len && i > first;
}

bool decimal_read(struct str text, double *ret_number)
{
    if (special_read(text, ret_number)) {
        return true;
    }
    AUTO_BUF clean = BUF_INIT(BUF_UNBOUNDED);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '_') {
            buf_add_byte(&clean, text.ptr[i]);
        }
    }
    if (!is_decimal(buf_str(&clean))) {
        return false;
    }
    double number = strtod(clean.ptr, NULL);
    if (!isfinite(number)) {
        return false;
    }
    *ret_number = number;
    return true;
}

/* A number as significant digits d and exponent e: 0.ddd * 10^e. */
struct digits {
    char text[24];
    size_t count;
    int exponent;
};

static struct digits shortest_digits(double magnitude)
{
    char text[40];
    /* Fifteen digits always survive, except where doubles get coarser near zero. */
    for (int precision = magnitude < DBL_MIN ? 0 : 14; precision < 17; precision++) {
        snprintf(text, sizeof(text), "%.*e", precision, magnitude);
        if (strtod(text, NULL) <= magnitude && strtod(text, NULL) >= magnitude) {
            break;
        }
    }
    struct digits digits = { .text = "", .count = 0, .exponent = 0 };
    const char *at = text;
    for (; *at && *at != 'e'; at++) {
        if (*at != '.') {
            digits.text[digits.count++] = *at;
        }
    }
    digits.exponent = (int)strtol(at + 1, NULL, 10) + 1;
    while (digits.count > 1 && digits.text[digits.count - 1] == '0') {
        digits.count--;
    }
    return digits;
}

static void add_with_exponent(
        struct buf *buf, const struct digits *digits, enum decimal_style style)
{
    int exponent = digits->exponent - 1;
    buf_add_byte(buf, digits->text[0]);
    if (digits->count > 1) {
        buf_add_byte(buf, '.');
        buf_add(buf, (struct str){ digits->text + 1, digits->count - 1 });
    }
    int width = style == DECIMAL_YAML || exponent >= 0 ? 2 : 1;
    buf_addf(buf, "e%c%0*d", exponent < 0 ? '-' : '+', width, abs(exponent));
}

static void add_plain(struct buf *buf, const struct digits *digits)
{
    int point = digits->exponent;
    int count = (int)digits->count;
    if (point <= 0) {
        buf_add_cstr(buf, "0.");
        buf_add_repeated(buf, '0', (size_t)-point);
        buf_add(buf, (struct str){ digits->text, digits->count });
    } else if (point >= count) {
        buf_add(buf, (struct str){ digits->text, digits->count });
        buf_add_repeated(buf, '0', (size_t)(point - count));
    } else {
        buf_add(buf, (struct str){ digits->text, (size_t)point });
        buf_add_byte(buf, '.');
        buf_add(buf, (struct str){ digits->text + point, (size_t)(count - point) });
    }
}

void buf_add_decimal(struct buf *buf, double number, enum decimal_style style)
{
    double magnitude = fabs(number);
    if (magnitude <= 0) {
        buf_add_byte(buf, '0');
        return;
    }
    if (number < 0) {
        buf_add_byte(buf, '-');
    }
    struct digits digits = shortest_digits(magnitude);
    int exponent = digits.exponent - 1;
    bool has_exponent = style == DECIMAL_JSON ? exponent < -6 || exponent >= 21
                                              : exponent < -4 || exponent >= 6;
    if (has_exponent) {
        add_with_exponent(buf, &digits, style);
    } else {
        add_plain(buf, &digits);
    }
}

void value_write_real(struct buf *out, double real)
{
    buf_add_decimal(out, real, DECIMAL_YAML);
}
