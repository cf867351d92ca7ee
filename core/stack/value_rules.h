/* SPDX-License-Identifier: Apache-2.0 */
/* What acts on single values and on the sections of files: functions, `!unset`, `locals`. Private to stack/. */
#ifndef TFATMOS_STACK_VALUE_RULES_H
#define TFATMOS_STACK_VALUE_RULES_H

#include "run.h"

struct manifest_file;
struct resolver;
struct sections;

/* unsupported.c: what starts a template in a value. */
struct str opening_delimiter(const struct resolver *r);
/* Says which values of an instance need what is not there yet, unless their text is kept. */
int values_check(struct resolver *r, const struct sections *sections);
/* The same for one value. */
int value_check(struct resolver *r, const struct value *value);
/* The same whatever is kept: for what is evaluated when a file is read, as locals are. */
int value_check_strictly(struct resolver *r, const struct value *value);
/* The first text or key with "{{"; NULL when there is none. */
const struct value *value_with_delimiters(struct run *run, const struct value *value);

/* unset.c: whether a value says `!unset`. */
bool value_is_unset(const struct value *value);
/* The value without the keys and items that say `!unset`, unless their text is kept; NULL stays NULL. */
const struct value *value_unset(struct resolver *r, const struct value *value);

/* locals.c: what is wrong with the locals of a file, and what they make of its sections. */
int locals_read(struct resolver *r, struct manifest_file *file);
/* What counts of a file below importers that have locals; sets what its imports receive. */
const struct value *locals_apply(
        struct resolver *r, struct manifest_file *file, size_t received, size_t *ret_replaced);

#endif
