/* SPDX-License-Identifier: Apache-2.0 */
/* What this system offers to keep foreign plugins in; part of plugin.h. */
#ifndef TFATMOS_PLUGIN_PLUGIN_SANDBOX_H
#define TFATMOS_PLUGIN_PLUGIN_SANDBOX_H

#include "run.h"

struct plugin_sandbox {
    struct str program; /* tf-atmos-worker */
    struct str trouble; /* why a worker does not come up; empty: it does */
    int landlock_abi; /* version of the kernel's Landlock; 0: none */
    bool has_seccomp;
    bool has_sealed_memory; /* else plugins are loaded from a private file on disk */
};

/* Starts a worker without a plugin and looks at the kernel. Adds no diagnostic. */
struct plugin_sandbox plugin_sandbox_examine(struct run *run);

#endif
