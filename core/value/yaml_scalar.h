/* SPDX-License-Identifier: Apache-2.0 */
/* The type of unquoted YAML text. */
#ifndef TFATMOS_VALUE_YAML_SCALAR_H
#define TFATMOS_VALUE_YAML_SCALAR_H

#include "value.h"

/* Never VALUE_LIST or VALUE_MAP. */
enum value_kind yaml_plain_kind(struct str text);
/* Twelve digits, the first a zero: kept as text, though a number to YAML. */
bool yaml_is_account_id(struct str text);
/* Text that other readers, or older YAML, would not read as a string though ours does: y, no, on,
 * 12:30, 2026-01-31. Writers quote it. */
bool yaml_is_ambiguous(struct str text);

#endif
