/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of manifests that have no effect. Private to stack/. */
#ifndef TFATMOS_STACK_KNOWN_KEYS_H
#define TFATMOS_STACK_KNOWN_KEYS_H

#include "stack_internal.h"

/*
 * Warns of keys at the top of a file and below its component types that nobody reads; `root` is the
 * file with its imports. Names beginning with "x-", "_" or "." and what holds anchors in use are left
 * alone. With --strict these are errors. So are component types and keys of metadata that are nearly
 * ones that are read; others may be the user's own.
 */
void keys_check(struct resolver *r, const struct manifest_file *file, const struct value *root);

/* The same for an item of `import` that is a map. */
void import_keys_check(struct resolver *r, const struct value *item);

#endif
