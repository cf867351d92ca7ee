/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of an identity note to a struct whose every field was checked. */
#ifndef TFATMOS_PLUGIN_IDENTITY_H
#define TFATMOS_PLUGIN_IDENTITY_H

#include "plugin_identity.h"

/*
 * Reads the JSON of the note. Keys that are not known are ignored. 0, or ERR_INVALID with *ret_reason
 * set to what completes "the file ...". Everything is kept in the arena.
 */
int identity_read(struct arena *arena, struct keys *keys, struct str text,
        const struct plugin_identity **ret_identity, struct str *ret_reason);

/* "[a-z0-9]" words joined by hyphens and dots, at most 64 bytes. */
bool is_plugin_id(struct str text);
/* Semantic version 2.0.0. */
bool is_version(struct str text);
/* The order of Semantic Versioning 2.0.0; build metadata does not count. <0, 0, >0. */
int version_cmp(struct str a, struct str b);

#endif
