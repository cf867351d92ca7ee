/* SPDX-License-Identifier: Apache-2.0 */
/* What is made of an instance only to be shown. Private to stack/. */
#ifndef TFATMOS_STACK_SHOWN_H
#define TFATMOS_STACK_SHOWN_H

#include "run.h"

struct instance;

/* delivery.c: names for delivery systems (spec 4.8); empty when the settings ask for none. */
struct str spacelift_stack(struct arena *arena, const struct instance *instance);
struct str atlantis_project(struct run *run, const struct instance *instance);

/* cli_args.c: the words of TF_CLI_ARGS, a list, and the variables they set, a map; empty for none. */
void inherited_arguments(
        struct run *run, const struct value **ret_args, const struct value **ret_vars);

/* origin.c: `sources`, `deps` and `deps_all` (spec 4.6). */
void instance_origins(struct run *run, const struct instance *instance,
        const struct value **ret_sources, const struct value **ret_deps,
        const struct value **ret_deps_all);

#endif
