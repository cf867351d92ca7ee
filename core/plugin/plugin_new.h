/* SPDX-License-Identifier: Apache-2.0 */
/* Starting a plugin: the folder `plugin new` writes. Part of the public face, included by plugin.h. */
#ifndef TFATMOS_PLUGIN_PLUGIN_NEW_H
#define TFATMOS_PLUGIN_PLUGIN_NEW_H

#include "run.h"

struct plugin_new {
    struct str id; /* "com.example.tag-audit": the last word names files, kind and types */
    struct str language; /* "c", "cpp" or "rust" */
    struct str folder; /* where to; empty: the last word of the id, in the current folder */
    struct str bundled_folder; /* of struct plugin_options: the SDK lies near it */
    bool is_dry_run;
};

/* What was, or would be, written. */
struct plugin_started {
    struct str folder; /* absolute */
    struct str name; /* last word of the id */
    struct str library; /* the built plugin, relative to the folder */
    struct str prefix; /* where SDK and program are installed; empty in a build tree */
    const struct str *files; /* relative to the folder, in byte order */
    size_t count;
};

/*
 * Writes a folder that builds with the installed SDK alone. It appears whole or not at all. One
 * diagnostic and ERR_INVALID (id; the folder is there already), ERR_NOT_FOUND (no SDK near the
 * program), ERR_IO.
 */
int plugin_new(
        struct run *run, const struct plugin_new *request, struct plugin_started *ret_started);

#endif
