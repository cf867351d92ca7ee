/* SPDX-License-Identifier: Apache-2.0 */
/* The highest serial of each root key's revocation list that was ever seen. */
#ifndef TFATMOS_PLUGIN_SERIALS_H
#define TFATMOS_PLUGIN_SERIALS_H

#include "run.h"

#define SERIALS_NAME "revocation-serials"

/* 0 in *ret_serial when none was seen, or without a folder. ERR_PARSE, ERR_IO without a diagnostic. */
int serial_seen(struct run *run, struct str folder, struct str key_id, uint64_t *ret_serial);
/* Keeps a serial that is higher than the one seen. A folder that cannot be written is only logged: who
 * checks a repository in a read-only home still has the list itself. */
void serial_remember(struct run *run, struct str folder, struct str key_id, uint64_t serial);

#endif
