/* SPDX-License-Identifier: Apache-2.0 */
/* A reference to something in a registry, and the talk with the registry about it. */
#ifndef TFATMOS_FETCH_REGISTRY_H
#define TFATMOS_FETCH_REGISTRY_H

#include "web.h"

/* oci://host/name:tag or oci://host/name@sha256:digest. */
struct registry_reference {
    struct str address; /* as the user wrote it */
    struct str host; /* with the port */
    struct str name; /* "plugins/audit" */
    struct str tag; /* or else */
    struct str digest; /* "sha256:..." */
};

/* One talk: who we are to the registry is found out once. */
struct registry {
    struct run *run;
    struct downloader *downloader;
    struct registry_reference reference;
    struct buf login; /* "Basic ..."; empty: nobody knows one; wiped at the end */
    struct str authorization; /* of requests; empty: nobody */
    bool has_asked; /* for a token */
};

/* ERR_INVALID with a diagnostic. */
int registry_reference_read(
        struct run *run, struct str address, struct registry_reference *ret_reference);

/* Only a-z, 0-9, these others, and A-Z where they are allowed; at least one. */
bool registry_is_of(struct str text, const char *others, bool allows_upper);

/* What a manifest promises about a file. */
struct registry_file {
    struct str media_type;
    struct str digest; /* "sha256:..." */
    uint64_t size_bytes;
};

/*
 * Gets /v2/<name>/<kind>/<which> ("manifests", "blobs"), with a token when the registry asks for one.
 * Any answer but 200 is a diagnostic and a code. The caller clears the body.
 */
int registry_get(struct registry *registry, const char *kind, struct str which,
        size_t max_bytes, struct download_answer *ret_answer);

/* A body that is exactly what was promised; else a diagnostic and ERR_INVALID. */
int registry_expect(
        struct registry *registry, const struct registry_file *file, struct str body);

/* The answer of the registry is not what it must be: one diagnostic, ERR_INVALID. */
int registry_refuse(struct registry *registry, struct str what);

#endif
