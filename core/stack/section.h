/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a component: which there are, where each may be written and how it is shown. */
#ifndef TFATMOS_STACK_SECTION_H
#define TFATMOS_STACK_SECTION_H

#include "value/value.h"

/* Every section a component can have. The order is only that of the table in section.c. */
enum section {
    SECTION_VARS,
    SECTION_SETTINGS,
    SECTION_ENV,
    SECTION_METADATA,
    SECTION_BACKEND,
    SECTION_BACKEND_TYPE,
    SECTION_REMOTE_STATE_BACKEND,
    SECTION_REMOTE_STATE_BACKEND_TYPE,
    SECTION_PROVIDERS,
    SECTION_REQUIRED_PROVIDERS,
    SECTION_REQUIRED_VERSION,
    SECTION_COMMAND,
    SECTION_OVERRIDES,
    SECTION_HOOKS,
    SECTION_AUTH,
    SECTION_GENERATE,
    SECTION_DEPENDENCIES,
    SECTION_SOURCE,
    SECTION_PROVISION,
    SECTION_LOCALS,
    SECTION_SECRETS,
    SECTION_RETRY,
    SECTION_TEST,
    SECTION_MOCKS,
    SECTION__COUNT
};

enum {
    /* levels where the section may be written (spec 3.2) */
    LAYER_ROOT = 1u << 0,
    LAYER_TYPE = 1u << 1,
    LAYER_BASE = 1u << 2,
    LAYER_COMPONENT = 1u << 3,
    /* describe prints it even when empty, for these component types */
    SHOW_TERRAFORM = 1u << 4,
    SHOW_HELMFILE = 1u << 5,
    SHOW_OTHER = 1u << 6,
    SHOW_ALL = SHOW_TERRAFORM | SHOW_HELMFILE | SHOW_OTHER,
    /* describe component with filter `schema` prints it */
    SHOW_SCHEMA = 1u << 7,
    LAYER_OVERRIDES = 1u << 8 /* may stand in `overrides` */
};

enum section_form {
    FORM_MAP,
    FORM_TEXT,
    FORM_SOURCE /* a map, or a text that means {uri: text} */
};

struct section_rule {
    const char *name;
    enum section_form form;
    unsigned flags;
};

extern const struct section_rule section_rules[SECTION__COUNT];

/* Whether describe shows the section of a component type even when nothing is in it. */
bool section_is_shown(struct str type, enum section section);

/* What one level wrote, or several levels merged; NULL where nothing was written. */
struct sections {
    const struct value *at[SECTION__COUNT];
};

#endif
