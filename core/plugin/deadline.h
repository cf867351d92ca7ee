/* SPDX-License-Identifier: Apache-2.0 */
/* How long a callback may take: what the user says, else what the plugin asks for, else the usual. */
#ifndef TFATMOS_PLUGIN_DEADLINE_H
#define TFATMOS_PLUGIN_DEADLINE_H

#include "plugin.h"

struct catalogue_check;

enum deadline_kind {
    DEADLINE_CALLBACK, /* loading, init, validate, generate, list */
    DEADLINE_CHECK, /* one run of a check */
    DEADLINE__COUNT
};

enum {
    DEADLINE_LEAST_S = 1,
    DEADLINE_MOST_S = 3600
};

/*
 * In milliseconds. `check` is the check of the catalogue that runs, whose own wish is nearer than that
 * of the whole plugin; NULL: none is known.
 */
int64_t deadline_ms(const struct plugin_world *world, const struct plugin_identity *identity,
        enum deadline_kind kind, const struct catalogue_check *check);

/* The seconds a note asks for at this key: 0 when it does not. False when that is no whole number
 * of seconds. What is less or more than a plugin can get is kept within. */
bool deadline_read(const struct value *map, const char *key, uint32_t *ret_seconds);

#endif
