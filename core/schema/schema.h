/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Schema, draft 2020-12, over the value tree: violations point at the line that was written. */
#ifndef TFATMOS_SCHEMA_SCHEMA_H
#define TFATMOS_SCHEMA_SCHEMA_H

#include "base/base.h"
#include "value/value.h"

/*
 * All keywords of the core, applicator, unevaluated and validation vocabularies. `format` and the
 * content keywords are annotations, that is: ignored, as the standard has it; so are unknown
 * keywords. `pattern` is a regular expression of ECMA-262 without look-around and back references.
 * References stay within the document and the documents given beside it: nothing is ever fetched.
 */

/* A compiled schema. Never changes; may be used by several threads at once. */
struct schema;

/* Another document that references may name. */
struct schema_document {
    struct str uri; /* absolute, without fragment */
    const struct value *value;
};

struct schema_source {
    struct arena *arena; /* the compiled schema lives here */
    struct diags *diags;
    const struct value *document; /* a map, true or false */
    struct str what; /* names the schema in messages: "the schema of plugin guardduty" */
    struct str
            uri; /* where the document comes from, if that is known: the base of references */
    const struct schema_document *others; /* may be NULL */
    size_t other_count;
    const struct diag_kind *kind; /* of the diagnostic for a bad schema; NULL: schema/broken */
};

/*
 * One diagnostic when the schema cannot be used: ERR_INVALID when it is wrong (a keyword with a value
 * of the wrong type, a reference to nothing), ERR_UNSUPPORTED for what is known but not done (remote
 * reference, look-around in a pattern).
 */
int schema_compile(const struct schema_source *source, const struct schema **ret_schema);

struct schema_check {
    struct diags *diags; /* NULL: only the answer is wanted */
    const struct value *instance; /* NULL reads as null */
    struct str root; /* words for the instance itself, put before paths: "settings.guardduty" */
    struct str pointer; /* JSON pointer of the instance, put before pointers; may be empty */
    const struct diag_kind *kind; /* of every violation; NULL: one of schema/... by keyword */
    size_t max_findings; /* 0: 100 */
};

/*
 * 0 when the instance is valid. ERR_INVALID otherwise, with one diagnostic per violation: its mark is
 * the place of the offending value (of the key, for a key that is not allowed), its pointer the JSON
 * pointer. ERR_LIMIT (one diagnostic) when the schema refers to itself without end on this instance or
 * takes too many steps.
 */
int schema_validate(const struct schema *schema, const struct schema_check *check);

#endif
