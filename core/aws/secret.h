/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials in memory, and the wiping of everything that held them. */
#ifndef TFATMOS_AWS_SECRET_H
#define TFATMOS_AWS_SECRET_H

#include "base/base.h"

/*
 * One set of keys. The three texts are copies of their own, made by credentials_new and wiped by
 * credentials_free; they are never put into an arena, a log or a diagnostic.
 */
struct credentials {
    struct str key_id; /* not secret by itself, but not shown either */
    struct str secret;
    struct str token; /* empty: long-lived keys */
    struct str source; /* where they come from, for people; in an arena */
};

struct credentials *credentials_new(struct str key_id, struct str secret, struct str token);
void credentials_free(struct credentials *credentials); /* NULL is fine */

/* Overwrites text that we own but hold through a view, such as a file's content. */
void secret_wipe(struct str text);

/*
 * Reads a regular file of at most `max_bytes` into memory that nothing else has seen, without leaving
 * copies. Give it back with secret_file_free. ERR_NOT_FOUND, ERR_INVALID (not a regular file),
 * ERR_LIMIT, ERR_IO (errno says why).
 */
int secret_file_read(const char *path, size_t max_bytes, struct str *ret_content);
void secret_file_free(struct str content);

#endif
