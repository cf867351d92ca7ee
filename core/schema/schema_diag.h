/* SPDX-License-Identifier: Apache-2.0 */
/* Every diagnostic of schema/. */
#ifndef TFATMOS_SCHEMA_SCHEMA_DIAG_H
#define TFATMOS_SCHEMA_SCHEMA_DIAG_H

#include "base/base.h"

/* X(name, id, severity, exit code, title, cause, fix) */
#define SCHEMA_DIAGS(X)                                                                        \
    X(SCHEMA_BROKEN, "schema/broken", DIAG_ERROR, EXIT_DATA, "a JSON Schema cannot be used",   \
            "The schema is wrong at the place named, or uses something this version does not " \
            "do: references to other places, look-around in patterns.",                        \
            "Correct the schema, or report it to its author.")                                 \
    X(SCHEMA_TYPE, "schema/type", DIAG_ERROR, EXIT_DATA, "a value has the wrong type",         \
            "The schema wants another kind of value here, for example a list instead of a "    \
            "text. Unquoted yes, no, on and off are texts; quoted numbers are texts.",         \
            "Write a value of the type named.")                                                \
    X(SCHEMA_VALUE, "schema/value", DIAG_ERROR, EXIT_DATA,                                     \
            "a value is not one of those allowed",                                             \
            "The schema lists the values allowed here.", "Write one of the values named.")     \
    X(SCHEMA_UNKNOWN_KEY, "schema/unknown-key", DIAG_ERROR, EXIT_DATA, "a key is not known",   \
            "The schema lists the keys allowed here; this one is mistyped, obsolete, or in "   \
            "the "                                                                             \
            "wrong map.",                                                                      \
            "Correct the key, or move it to where it belongs.")                                \
    X(SCHEMA_MISSING_KEY, "schema/missing-key", DIAG_ERROR, EXIT_DATA, "a key is missing",     \
            "The schema demands this key, always or because of another one.", "Add the key.")  \
    X(SCHEMA_RANGE, "schema/range", DIAG_ERROR, EXIT_DATA, "a number is out of range",         \
            "The schema bounds this number, or demands a multiple of another.",                \
            "Write a number within the bounds.")                                               \
    X(SCHEMA_LENGTH, "schema/length", DIAG_ERROR, EXIT_DATA,                                   \
            "something is too short or too long",                                              \
            "The schema bounds the length of a text or the number of items or keys.",          \
            "Add or remove characters, items or keys.")                                        \
    X(SCHEMA_PATTERN, "schema/pattern", DIAG_ERROR, EXIT_DATA,                                 \
            "a text does not have the right form",                                             \
            "The schema demands texts or keys of a certain form, given as a regular "          \
            "expression.",                                                                     \
            "Write the text in the form named.")                                               \
    X(SCHEMA_ITEMS, "schema/items", DIAG_ERROR, EXIT_DATA, "a list has the wrong items",       \
            "The schema forbids repeated or further items, or demands certain ones.",          \
            "Correct the items of the list.")                                                  \
    X(SCHEMA_FORM, "schema/form", DIAG_ERROR, EXIT_DATA, "a value fits none of several forms", \
            "The schema allows this value in one of several forms, or forbids a form.",        \
            "Write the value in one of the forms allowed.")                                    \
    X(SCHEMA_ENDLESS, "schema/endless", DIAG_ERROR, EXIT_DATA,                                 \
            "checking against a schema does not end",                                          \
            "The schema refers to itself without end, or takes too many steps for this "       \
            "value.",                                                                          \
            "Report it to the author of the schema.")

enum schema_diag {
    SCHEMA_DIAGS(DIAG_KIND_ENUM) SCHEMA_DIAG__COUNT
};

extern const struct diag_kind schema_diags[SCHEMA_DIAG__COUNT];

#endif
