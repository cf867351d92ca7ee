/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as lower-case hexadecimal digits. */
#ifndef TFATMOS_BASE_HEX_H
#define TFATMOS_BASE_HEX_H

#include "arena.h"

struct str hex_write(struct arena *arena, const void *bytes, size_t size_bytes);
/* Exactly 2 * size_bytes lower-case digits; false, and nothing written, when it is anything else. */
bool hex_read(struct str text, void *ret_bytes, size_t size_bytes);
/* True for exactly `digits` lower-case hexadecimal digits. */
bool is_hex(struct str text, size_t digits);

#endif
