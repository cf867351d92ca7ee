/* SPDX-License-Identifier: Apache-2.0 */
/* What the host hands to a plugin when it starts: its version and the way to its services. */
#ifndef TF_ATMOS_HOST_H
#define TF_ATMOS_HOST_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

/* Owned by the host, constant, valid from init until shutdown returns. */
struct tfa_host {
    uint32_t struct_size; /* sizeof as the host knows it */
    uint32_t abi_major; /* equals TFA_ABI_MAJOR of the entry symbol that was called */
    uint32_t abi_minor; /* newest minor the host offers; never below the plugin's min_minor */
    uint32_t flags; /* 0 */
    void *ctx; /* to be handed to ext() */

    /* Returns the table of a service, or NULL when this host does not have it or the plugin's
     * manifest lists it neither as required nor as optional. The ids are the TFA_EXT_..._V1 macros;
     * cast the result to the struct named beside the macro. Ids listed as required are never NULL.
     * Whether a service may be *used* depends on the phase, not on this function.
     * The table belongs to the host and lives until shutdown returns: ask once, in init.
     * [init and every callback] [callback thread] */
    const void *(*ext)(void *ctx, const char *id);
};

TFA_END_DECLS

#endif
