/* SPDX-License-Identifier: Apache-2.0 */
/* One validation in progress, shared by the files that check and speak. */
#ifndef TFATMOS_SCHEMA_SCHEMA_CHECK_H
#define TFATMOS_SCHEMA_SCHEMA_CHECK_H

#include "schema_node.h"

/* Where the validation is within the instance. */
struct place {
    const struct place *above; /* NULL for the instance itself */
    const struct value_entry *entry; /* of a map above, or NULL */
    size_t index; /* in a list above */
    const struct value *value;
};

/* The resources entered on the way, innermost first: what $dynamicRef looks through. */
struct scope {
    const struct scope *outer;
    const struct resource *resource;
};

/* Which members of a list or map some schema has looked at; one byte for each. */
struct seen {
    bool *members;
    size_t count;
};

struct check {
    const struct schema_check *options;
    struct str what; /* of the schema */
    struct arena *scratch;
    size_t depth;
    size_t steps;
    bool is_endless;
};

/*
 * Checks a value against a node. With `report`, every violation is added to it; without, the first
 * one ends the check. `seen`, when not NULL, gets what was looked at, if the value is valid.
 */
bool node_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report);

/* schema_members.c: keywords of lists and maps. */
bool list_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report);
bool map_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report);
/* Members that nothing has looked at. */
bool unevaluated_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report);

/* schema_form.c: allOf, anyOf, oneOf, not, if. */
bool form_check(struct check *check, const struct node *node, const struct place *place,
        const struct scope *scope, struct seen *seen, struct diags *report);

/* schema_scalar.c: type, enum, const, numbers, texts. */
bool scalar_check(struct check *check, const struct node *node, const struct place *place,
        struct diags *report);
/* Words for a set of types: "a string or a list". */
struct str types_text(struct arena *arena, unsigned types);
bool type_fits(unsigned types, const struct value *value);

struct seen *seen_new(struct check *check, const struct value *value);
/* Takes over what the other has seen; either may be NULL. */
void seen_add(struct seen *seen, const struct seen *other);

/* ---- schema_say.c: words ---- */

/* settings.guardduty.regions[2] */
struct str place_text(const struct check *check, const struct place *place);
/* /regions/2 */
struct str place_pointer(const struct check *check, const struct place *place);
/* A value in a message: quoted text, digits, "a map"; cut when long, never when sensitive. */
struct str value_words(struct arena *arena, const struct value *value);

/* Adds a violation at the place's value; false, so that checks can return it. NULL report: only
 * false. The message is "<place> <format...>". */
bool violate(struct check *check, struct diags *report, enum schema_diag kind,
        const struct place *place, const char *format, ...)
        __attribute__((format(printf, 5, 6)));
/* The violation last added. */
struct diag *last_violation(struct diags *report);

#endif
