/* SPDX-License-Identifier: Apache-2.0 */
/* Private: a plugin file on its way into a plugin folder. */
#ifndef TFATMOS_PLUGIN_PLUGIN_PLACE_H
#define TFATMOS_PLUGIN_PLUGIN_PLACE_H

#include "plugin_install.h"

/* A folder of our own that holds one plugin file, and its signature perhaps. */
struct staging {
    struct str made; /* the first folder that was made for this; empty: all were there */
    struct str parent; /* the plugin folder */
    struct str folder; /* empty: there is none */
    struct str file; /* in it */
    int hold; /* keeps others from sweeping it away; -1: there is none */
};

/*
 * Writes the package to a new folder inside `folder`, which is made when it is missing, and removes
 * what killed commands left there. ERR_IO with a diagnostic; staging_clear in any case.
 */
int staging_fill(struct run *run, struct str folder, const struct plugin_package *package,
        struct staging *staging);
/* Moves both files to their places; ERR_IO with a diagnostic. */
int staging_place(struct run *run, const struct staging *staging, struct str target);
/* Removes what is still there. */
void staging_clear(struct run *run, struct staging *staging);

/* Removes a plugin file, then its signature. ERR_IO with a diagnostic. */
int placed_remove(struct run *run, struct str path);

#endif
