/* SPDX-License-Identifier: Apache-2.0 */
/* Texts, numbers and booleans as Go's fmt writes them, plainly or by a verb. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "evaluate.h"

const char *scalar_type(struct datum datum)
{
    static const char *const names[] = {
        [DATUM_BOOL] = "bool",
        [DATUM_INT] = "int",
        [DATUM_UINT] = "uint64",
        [DATUM_FLOAT] = "float64",
        [DATUM_STRING] = "string",
        [DATUM_LIST] = "[]interface {}",
        [DATUM_MAP] = "map[string]interface {}",
        [DATUM_ROOT] = "map[string]interface {}",
    };
    const char *name = names[datum.kind];
    return name ? name : "<nil>";
}

static void add_real(struct buf *out, double real)
{
    if (isnan(real)) {
        buf_add(out, STR("NaN"));
    } else if (isinf(real)) {
        buf_add(out, real < 0 ? STR("-Inf") : STR("+Inf"));
    } else {
        if (fpclassify(real) == FP_ZERO && signbit(real)) {
            buf_add_byte(out, '-');
        }
        value_write_real(out, real);
    }
}

void scalar_print(struct buf *out, struct datum datum)
{
    switch (datum.kind) {
    case DATUM_BOOL:
        buf_add(out, datum.as.truth ? STR("true") : STR("false"));
        break;
    case DATUM_INT:
        buf_addf(out, "%lld", (long long)datum.as.integer);
        break;
    case DATUM_UINT:
        buf_addf(out, "%llu", (unsigned long long)datum.as.natural);
        break;
    case DATUM_FLOAT:
        add_real(out, datum.as.real);
        break;
    case DATUM_STRING:
        buf_add(out, datum.as.text);
        break;
    case DATUM_MISSING:
    case DATUM_NULL:
    case DATUM_LIST:
    case DATUM_MAP:
    case DATUM_ROOT:
    default:
        buf_add(out, STR("<nil>"));
        break;
    }
}

/* ---- by a verb ---- */

static size_t width_of(struct str text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len; count++) {
        (void)point_next(text, &at);
    }
    return count;
}

static void add_padded(struct buf *out, const struct verb *verb, struct str text, bool zeros)
{
    size_t width = width_of(text);
    size_t wanted = verb->has_width ? (size_t)verb->width : 0;
    size_t missing = wanted > width ? wanted - width : 0;
    if (verb->has_minus) {
        buf_add(out, text);
        buf_add_repeated(out, ' ', missing);
    } else {
        buf_add_repeated(out, zeros ? '0' : ' ', missing);
        buf_add(out, text);
    }
}

/* "%!d(string=text)": the verb is not for this. */
static void add_bad(struct buf *out, const struct verb *verb, struct datum datum)
{
    buf_addf(out, "%%!%c(", verb->letter);
    if (datum.kind != DATUM_NULL && datum.kind != DATUM_MISSING) {
        buf_addf(out, "%s=", scalar_type(datum));
    }
    scalar_print(out, datum);
    buf_add_byte(out, ')');
}

/* A sign, at least as many digits as the precision or the padding with zeros wants. */
static void add_number(struct buf *out, const struct verb *verb, bool is_negative,
        struct str prefix, struct str digits)
{
    char sign = is_negative ? '-' : verb->has_plus ? '+' : verb->has_space ? ' ' : '\0';
    size_t least = verb->has_precision ? (size_t)verb->precision : 0;
    if (!verb->has_precision && verb->has_zero && verb->has_width && !verb->has_minus) {
        least = (size_t)verb->width;
        least -= sign != '\0' && least > 0 ? 1 : 0;
    }
    AUTO_BUF text = BUF_INIT(out->max);
    if (sign != '\0') {
        buf_add_byte(&text, sign);
    }
    buf_add(&text, prefix);
    if (!(verb->has_precision && verb->precision == 0 && str_eq(digits, STR("0")))) {
        buf_add_repeated(&text, '0', least > digits.len ? least - digits.len : 0);
        buf_add(&text, digits);
    } else {
        buf_reset(&text);
    }
    add_padded(out, verb, buf_str(&text), false);
}

static void add_in_base(struct buf *out, const struct verb *verb, bool is_negative,
        uint64_t magnitude, unsigned base)
{
    char digits[64];
    size_t at = sizeof(digits);
    const char *letters = verb->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    do {
        digits[--at] = letters[magnitude % base];
        magnitude /= base;
    } while (magnitude > 0);
    struct str prefix = STR_EMPTY;
    if (verb->letter == 'O') {
        prefix = STR("0o");
    } else if (verb->has_sharp && base != 10) {
        prefix = base == 2 ? STR("0b") : base == 8 ? STR("0") : STR("0x");
        prefix = verb->letter == 'X' ? STR("0X") : prefix;
    }
    add_number(
            out, verb, is_negative, prefix, (struct str){ digits + at, sizeof(digits) - at });
}

/* An integer as a character: %c, %q, %U. */
static void add_character(struct buf *out, const struct verb *verb, uint64_t number)
{
    uint32_t point = number > 0x10FFFF ? 0xFFFD : (uint32_t)number;
    AUTO_BUF text = BUF_INIT(64);
    if (verb->letter == 'U') {
        buf_addf(&text, "U+%04llX", (unsigned long long)number);
    } else {
        AUTO_BUF character = BUF_INIT(8);
        buf_add_point(&character, point);
        if (verb->letter == 'q') {
            buf_add_quoted(&text, buf_str(&character), '\'');
        } else {
            buf_add(&text, buf_str(&character));
        }
    }
    add_padded(out, verb, buf_str(&text), verb->has_zero && verb->letter == 'c');
}

static void integer_as(struct buf *out, const struct verb *verb, struct datum datum)
{
    bool is_negative = datum.kind == DATUM_INT && datum.as.integer < 0;
    uint64_t magnitude = datum.as.natural;
    if (is_negative) {
        magnitude = 0 - (uint64_t)datum.as.integer;
    }
    switch (verb->letter) {
    case 'v':
    case 'd':
        add_in_base(out, verb, is_negative, magnitude, 10);
        break;
    case 'b':
        add_in_base(out, verb, is_negative, magnitude, 2);
        break;
    case 'o':
    case 'O':
        add_in_base(out, verb, is_negative, magnitude, 8);
        break;
    case 'x':
    case 'X':
        add_in_base(out, verb, is_negative, magnitude, 16);
        break;
    case 'c':
    case 'q':
    case 'U':
        add_character(out, verb, is_negative ? 0xFFFFFFFF : magnitude);
        break;
    default:
        add_bad(out, verb, datum);
        break;
    }
}

static void real_as(struct buf *out, const struct verb *verb, struct datum datum)
{
    double real = fabs(datum.as.real);
    char letter = verb->letter == 'v' ? 'g' : verb->letter == 'F' ? 'f' : verb->letter;
    if (letter == '\0' || !strchr("eEfgG", letter)) {
        add_bad(out, verb, datum);
        return;
    }
    bool is_negative = signbit(datum.as.real) != 0 && !isnan(datum.as.real);
    AUTO_BUF text = BUF_INIT(out->max);
    struct verb plain = *verb;
    plain.has_precision = false;
    if (!isfinite(real)) {
        bool is_signed = is_negative || !isnan(real) || verb->has_plus;
        buf_add(&text, !is_signed ? STR_EMPTY : is_negative ? STR("-") : STR("+"));
        buf_add(&text, isnan(real) ? STR("NaN") : STR("Inf"));
        add_padded(out, verb, buf_str(&text), false);
        return;
    }
    if (!verb->has_precision && (letter == 'g' || letter == 'G')) {
        value_write_real(&text, real);
        char *exponent = letter == 'G' ? memchr(text.ptr, 'e', text.len) : NULL;
        if (exponent) {
            *exponent = 'E';
        }
    } else {
        char format[] = { '%', '.', '*', letter, '\0' };
        int precision = verb->has_precision ? verb->precision : 6;
        char *room = buf_reserve(&text, (size_t)precision + 400);
        if (room) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            int length = snprintf(room, (size_t)precision + 400, format, precision, real);
#pragma GCC diagnostic pop
            buf_commit(&text, length > 0 ? (size_t)length : 0);
        }
    }
    add_number(out, &plain, is_negative, STR_EMPTY, buf_str(&text));
}

static void text_as(struct buf *out, const struct verb *verb, struct datum datum)
{
    struct str text = datum.as.text;
    if (verb->has_precision && verb->letter != 'x' && verb->letter != 'X') {
        size_t at = 0;
        for (int i = 0; i < verb->precision && at < text.len; i++) {
            (void)point_next(text, &at);
        }
        text = str_sub(text, 0, at);
    }
    AUTO_BUF changed = BUF_INIT(out->max);
    switch (verb->letter) {
    case 'v':
    case 's':
        add_padded(out, verb, text, verb->has_zero);
        return;
    case 'q':
        buf_add_quoted(&changed, text, '"');
        break;
    case 'x':
    case 'X':
        for (size_t i = 0; i < text.len; i++) {
            buf_addf(&changed, verb->letter == 'x' ? "%02x" : "%02X",
                    (unsigned)(unsigned char)text.ptr[i]);
        }
        break;
    default:
        add_bad(out, verb, datum);
        return;
    }
    add_padded(out, verb, buf_str(&changed), verb->has_zero);
}

void scalar_print_as(struct buf *out, const struct verb *verb, struct datum datum)
{
    switch (datum.kind) {
    case DATUM_INT:
    case DATUM_UINT:
        integer_as(out, verb, datum);
        break;
    case DATUM_FLOAT:
        real_as(out, verb, datum);
        break;
    case DATUM_STRING:
        text_as(out, verb, datum);
        break;
    case DATUM_BOOL:
        if (verb->letter == 't' || verb->letter == 'v') {
            add_padded(out, verb, datum.as.truth ? STR("true") : STR("false"), verb->has_zero);
        } else {
            add_bad(out, verb, datum);
        }
        break;
    case DATUM_MISSING:
    case DATUM_NULL:
    case DATUM_LIST:
    case DATUM_MAP:
    case DATUM_ROOT:
    default:
        if (verb->letter == 'v') {
            add_padded(out, verb, STR("<nil>"), verb->has_zero);
        } else {
            add_bad(out, verb, datum);
        }
        break;
    }
}
