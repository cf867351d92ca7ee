/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of "name: value" lines under a heading: statements, keys, revocation lists. */
#ifndef TFATMOS_PLUGIN_RECORD_H
#define TFATMOS_PLUGIN_RECORD_H

#include "crypto/crypto.h"

/*
 *   tf-atmos plugin statement 1
 *   key: 3b6a27bcceb6a42d
 *   id: com.example.audit
 *   ...
 *   signature: 92a009a9f0d4...
 *
 * What is signed must have one spelling: the heading says kind and version (and keeps a signature over
 * one kind from passing for another), the lines stand in the order of the field table, every line ends
 * with a line feed, values are printable ASCII without blanks at the ends. Nothing else is accepted, so
 * an unknown field is an error, never skipped. A signature covers all bytes before its own line.
 */
struct record_field {
    const char *name;
    bool (*is_valid)(struct str value);
    size_t min, max; /* how often it stands there */
};

struct record_line {
    struct str name, value; /* views into the text */
};

struct record {
    struct record_line *lines;
    size_t count;
    struct str signed_part; /* all before the line `signature`, or the whole text without one */
};

/*
 * `fields` ends with name == NULL. 0, or ERR_PARSE with *ret_reason set to what completes "the text
 * ...". The record views `text`.
 */
int record_read(struct arena *arena, struct str text, struct str heading,
        const struct record_field *fields, struct record *ret_record, struct str *ret_reason);
/* The value of the first line of that name; empty when there is none. */
struct str record_value(const struct record *record, const char *name);
/* The value of the next line of that name from *index on, moving *index behind it. */
bool record_next(
        const struct record *record, const char *name, size_t *index, struct str *ret_value);

/* Adds "name: value\n". */
void record_add(struct buf *text, const char *name, struct str value);
/* Adds the line `signature` over all there is. */
void record_sign(struct arena *arena, struct buf *text, const struct crypto_library *crypto,
        const struct private_key *key);
/* True when the record has a line `signature` that the key made. */
bool record_is_signed_by(const struct record *record, const struct crypto_library *crypto,
        const struct public_key *key);

/* Validators that several tables use. */
bool is_key_id(struct str value); /* 16 hexadecimal digits */
bool is_digest(struct str value); /* 64 */
bool is_signature(struct str value); /* 128 */
bool is_instant(struct str value);
bool is_number(struct str value); /* decimal, no leading zero, fits 64 bits */
bool is_record_text(struct str value); /* anything a line can hold */

#endif
