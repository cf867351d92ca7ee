/* SPDX-License-Identifier: Apache-2.0 */
/* Plugin files from a disk, a web server or a registry, as packages to install. */
#ifndef TFATMOS_FETCH_FETCH_H
#define TFATMOS_FETCH_FETCH_H

#include "plugin/plugin.h"

/* Takes one package, which is gone afterwards; a code with a diagnostic. */
struct package_taker {
    int (*take)(void *context, const struct plugin_package *package);
    void *context;
    bool wants_one; /* a folder with several is refused before one is taken */
};

/*
 * Hands every plugin file that the address names to the taker: a file, each *.so of a folder in byte
 * order, what an https:// address or an oci:// reference gives. A failure does not keep the others of
 * a folder back. The first code; one diagnostic each.
 */
int packages_fetch(struct run *run, struct str address, const struct package_taker *taker);

/* The same from one file behind https://, its signature at address.sig unless it has one inside. */
int web_fetch(struct run *run, struct str address, const struct package_taker *taker);
/* The same from oci://host/name:tag or oci://host/name@sha256:digest. */
int registry_fetch(struct run *run, struct str address, const struct package_taker *taker);

/* An address nothing can be fetched from: ERR_INVALID, after a diagnostic. */
int address_refuse(struct run *run, struct str address, const char *why);

#endif
