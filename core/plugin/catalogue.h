/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue note: codes and checks a plugin declares. */
#ifndef TFATMOS_PLUGIN_CATALOGUE_H
#define TFATMOS_PLUGIN_CATALOGUE_H

#include "plugin_set.h"

struct catalogue_code {
    struct str code, severity, title, cause, fix;
};

struct catalogue_check {
    struct str id, title, code; /* code may be empty */
    const struct value *actions; /* list, may be NULL */
    uint32_t seconds; /* the deadline it asks for; 0: that of the plugin */
};

struct catalogue {
    const struct catalogue_code *codes; /* in byte order */
    size_t code_count;
    const struct catalogue_check *checks;
    size_t check_count;
    const struct value *root; /* NULL without a note */
};

/* Read from the file once per plugin; one diagnostic and ERR_INVALID or ERR_IO when it is damaged. */
int catalogue_of(
        struct run *run, struct plugin *plugin, const struct catalogue **ret_catalogue);
const struct catalogue_code *catalogue_find_code(
        const struct catalogue *catalogue, struct str code);
const struct catalogue_check *catalogue_find_check(
        const struct catalogue *catalogue, struct str id);

#endif
