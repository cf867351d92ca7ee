/* SPDX-License-Identifier: Apache-2.0 */
/* Placing, replacing and removing plugin files; where their bytes come from is somebody else's. */
#ifndef TFATMOS_PLUGIN_PLUGIN_INSTALL_H
#define TFATMOS_PLUGIN_PLUGIN_INSTALL_H

#include "install_diag.h"
#include "run.h"

struct plugin;
struct plugins;

enum {
    PACKAGE_MAX_BYTES = 256 << 20,
    PACKAGE_MAX_SIGNATURE_BYTES = 4096
};

/* One plugin file, wherever it came from; borrowed. */
struct plugin_package {
    struct str content;
    struct str signature; /* text of the file x.so.sig; empty: none */
    struct str shown; /* where it came from, for messages */
    struct str source; /* what the lock file remembers for `plugin update`; empty: nothing */
};

struct install_request {
    bool is_update; /* a later version replaces an older one */
    bool is_for_user; /* the user's folder, not the repository's plugins.d */
    bool is_forced; /* replace a plugin with this id, even one of the same version */
    bool allows_downgrade;
    bool accepts_signer; /* another key than the one that is pinned */
    bool allows_untrusted; /* place without enabling */
    bool is_dry_run; /* judge, change nothing */
    struct str id; /* the only one allowed; empty: any */
    struct str sha256; /* the only one allowed; empty: any */
};

struct install_result {
    struct str id, version;
    struct str before; /* version that was replaced; may be empty */
    struct str path; /* of the placed file */
    struct str signer; /* who signed it, for people; empty: nobody trusted here */
    bool is_placed; /* false: these bytes lay there already */
    bool is_pinned; /* the lock file names it now */
    bool has_pin_changed;
    bool is_enabled; /* it may run: it is pinned, or signed by a trusted key */
};

/*
 * Writes the package to a folder of its own beside its place, judges that copy, and renames it to where
 * it belongs: its detached signature first, so that no moment shows a file beside a signature that
 * holds for another one. Pins it with its source when a trusted key signed it or its digest was given.
 * Nothing is changed unless all of that is allowed. One diagnostic and ERR_DENIED, ERR_CONFLICT,
 * ERR_INVALID, ERR_IO.
 */
int plugin_install(struct run *run, struct plugins *plugins,
        const struct install_request *request, const struct plugin_package *package,
        struct install_result *ret_result);

/*
 * Removes the file of a plugin, its signature and its pin. ERR_NOT_FOUND, ERR_DENIED (it lies in a
 * folder that commands leave alone, or the lock file may not change), ERR_IO. `before` is its version,
 * `is_placed` whether there was a file.
 */
int plugin_remove(struct run *run, struct plugins *plugins, struct str id, bool is_dry_run,
        struct install_result *ret_result);

/* ERR_DENIED with a diagnostic when the lock file may not change: before anything is fetched. */
int plugins_may_change(struct run *run, const struct plugins *plugins);

/* The ids with a recorded source, and the source of one; empty when there is none. */
struct str_list plugins_with_source(struct run *run, const struct plugins *plugins);
struct str plugin_source(const struct plugins *plugins, struct str id);

/* Does the file carry its statement at its end? */
bool package_is_signed_inside(struct str content);

#endif
