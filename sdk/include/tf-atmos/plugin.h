/* SPDX-License-Identifier: Apache-2.0 */
/* The plugin's side of the contract: its one exported function and its descriptor. */
#ifndef TF_ATMOS_PLUGIN_H
#define TF_ATMOS_PLUGIN_H

#include <tf-atmos/abi.h>
#include <tf-atmos/host.h>

TFA_BEGIN_DECLS

/* Owned by the plugin, constant, valid until the process ends: plugins are never unloaded. */
struct tfa_plugin {
    uint32_t struct_size; /* sizeof(struct tfa_plugin) */
    uint32_t abi_major; /* TFA_ABI_MAJOR */
    uint32_t min_minor; /* TFA_ABI_TARGET: the oldest minor the plugin runs with */
    uint32_t flags; /* 0 */

    /* NUL-terminated; must equal id and version of the manifest, byte for byte, else the host
     * refuses the plugin. Use TFA_PLUGIN_ID and TFA_PLUGIN_VERSION of <name>_manifest.h. */
    const char *id;
    const char *version;

    /* Called once, before everything else. May be NULL. Fetch and keep the service tables of `host`
     * here (`host` stays valid until shutdown returns). `call` serves log and call, and diag to say
     * why the plugin cannot start; no other service.
     * On TFA_OK the plugin may set *ret_self to memory of its own, handed to every later function;
     * it stays NULL otherwise. On a negative result nothing else is called, shutdown neither.
     * [init] */
    int32_t (*init)(const struct tfa_host *host, struct tfa_call *call, void **ret_self);

    /* Called once after the last callback of a plugin whose init succeeded, to release `self`.
     * May be NULL. Not called when the process dies; where the plugin has a process of its own, that
     * ends after 2 seconds at the latest. No service may be used any more. */
    void (*shutdown)(void *self);

    /* Returns the plugin's table for an extension id (TFA_EXT_COMPONENT_V1, TFA_EXT_CHECK_V1, ...) or
     * NULL for every id it does not know. The set must equal `provides` of the manifest. The table
     * belongs to the plugin and lives until the process ends. Called after init, must not use
     * services. Required. */
    const void *(*ext)(void *self, const char *id);
};

/* The one symbol a plugin exports: returns its descriptor, never NULL. Takes no part in anything:
 * no allocation, no service, the same pointer each time. A later major gets a symbol of its own, and
 * one file may export several.
 *
 *     TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
 *     {
 *         return &plugin;
 *     }
 */
TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void);

/* The name the host looks up; a later major has another one. */
#define TFA_ENTRY_SYMBOL "tfa_plugin_main_v1"

/* First fields of the descriptor, from the headers and the generated manifest header:
 *     static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, init, shutdown, ext }; */
#define TFA_PLUGIN_HEAD                                                                        \
    (uint32_t)sizeof(struct tfa_plugin), TFA_ABI_MAJOR, TFA_ABI_TARGET, 0, TFA_PLUGIN_ID,      \
            TFA_PLUGIN_VERSION

TFA_END_DECLS

#endif
