/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers from their source text, and back to text as Go prints them. */
#ifndef TFATMOS_VALUE_NUMBER_H
#define TFATMOS_VALUE_NUMBER_H

#include "base/base.h"

/* An integer that fits 64 bits beside its sign. */
struct integer {
    bool is_negative;
    uint64_t magnitude;
};

/*
 * Sign, then decimal, 0x, 0o, 0b or leading-zero octal digits; '_' anywhere behind the sign counts
 * for nothing. False for other text and for what does not fit.
 */
bool integer_read(struct str text, struct integer *ret_integer);
/* Sign, digits, point, exponent; '_' ignored; .inf and .nan in their spellings. False for other
 * text and for numbers too large for a double. */
bool decimal_read(struct str text, double *ret_number);
/* True for a sign and decimal digits without superfluous zeros: text that needs no conversion. */
bool integer_is_plain(struct str text);

/* Decimal digits of an integer of any size. */
void buf_add_integer(struct buf *buf, struct str text);

enum decimal_style {
    DECIMAL_JSON, /* exponent below 1e-6 and from 1e21: 1e-7 */
    DECIMAL_YAML /* exponent below 1e-4 and from 1e6 (more digits: also): 1e+06, 1e-07 */
};

/* The shortest digits that read back as the same number; not for infinities. */
void buf_add_decimal(struct buf *buf, double number, enum decimal_style style);

#endif
