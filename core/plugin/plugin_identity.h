/* SPDX-License-Identifier: Apache-2.0 */
/* What a plugin says about itself in its identity note. */
#ifndef TFATMOS_PLUGIN_PLUGIN_IDENTITY_H
#define TFATMOS_PLUGIN_PLUGIN_IDENTITY_H

#include "value/value.h"

struct str_list {
    const struct str *items;
    size_t count;
};

/* Every text was checked to be of the documented form, so that it can be printed as it is. */
struct plugin_identity {
    struct str id; /* "guardduty", "com.example.audit" */
    struct str version; /* semantic version, "1.2.3-rc.1" */
    uint32_t abi_major;
    uint32_t abi_minor;
    struct str summary;
    struct str license;
    struct str code_prefix; /* "GD" */
    struct str documentation; /* https address */
    struct str_list kinds; /* keys under settings */
    struct str_list components; /* globs of root modules */
    struct str_list required; /* services it cannot do without, "tfa.value/1" */
    struct str_list optional;
    struct str_list provides; /* what it offers, "tfa.component/1" */
    struct str_list aws_actions; /* "guardduty:ListDetectors": reading ones only */
    uint32_t callback_seconds; /* deadlines it asks for; 0: none */
    uint32_t check_seconds;
    const struct value *root; /* the whole note */
};

bool str_list_has(const struct str_list *list, struct str text);

#endif
