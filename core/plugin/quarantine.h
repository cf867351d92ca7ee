/* SPDX-License-Identifier: Apache-2.0 */
/* Private: plugins that ended in the middle of their work, remembered by the bytes of their file. */
#ifndef TFATMOS_PLUGIN_QUARANTINE_H
#define TFATMOS_PLUGIN_QUARANTINE_H

#include "run.h"

/*
 * One record per SHA-256, a file of mode 0600 in the user's state folder ($XDG_STATE_HOME, else
 * ~/.local/state; neither with raised privileges). A record counts for the version of the program that
 * wrote it: another version, like other bytes, gets another chance.
 */
struct quarantine_record {
    struct str sha256; /* 64 hexadecimal digits */
    struct str plugin; /* id */
    struct str version; /* of the plugin */
    struct str function; /* what it was asked: "generate" */
    struct str reason; /* how it ended, as of worker_process_fate */
    struct str time; /* RFC 3339, UTC; set by quarantine_add */
    int64_t count; /* how often these bytes have; set by quarantine_add */
};

struct quarantine {
    struct quarantine_record *records;
    size_t count;
};

/* The records that count. What cannot be read is no record: a damaged file never stops a plugin. */
void quarantine_read(struct run *run, struct quarantine *ret_quarantine);

/* By id alone, to know whether hashing a file is worth while. */
bool quarantine_names(const struct quarantine *quarantine, struct str plugin);
/* By the bytes; NULL when they are not in quarantine. */
const struct quarantine_record *quarantine_find(
        const struct quarantine *quarantine, struct str sha256);

/* Writes a record, atomically; a failure is only logged, the run has its finding already. */
void quarantine_add(struct run *run, const struct quarantine_record *record);

/* Removes the records of one id, or all when it is empty; of all versions of the program. ERR_IO with
 * a diagnostic. */
int quarantine_clear(struct run *run, struct str plugin, size_t *ret_count);

#endif
