/* SPDX-License-Identifier: Apache-2.0 */
/* The guardduty plugin: its descriptor, and the way from the ABI to its three callbacks. */
#include "guardduty.h"

#include <stdlib.h>

#include "guardduty_manifest.h"

static int32_t init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call;
    struct tfa_kit *kit = calloc(1, sizeof(*kit));
    if (kit == NULL) {
        return TFA_E_MEMORY;
    }
    tfa_kit_init(kit, host);
    *ret_self = kit;
    return TFA_OK;
}

static void shutdown(void *self)
{
    free(self);
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    struct gd gd = { self, call, config, context };
    return guardduty_validate(&gd);
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    struct gd gd = { self, call, config, context };
    return guardduty_generate(&gd, ret_vars);
}

static int32_t list(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    struct gd gd = { self, call, config, context };
    return guardduty_list_checks(&gd, ret_items);
}

static int32_t run(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    struct gd gd = { self, call, config, context };
    return guardduty_run_check(&gd, item);
}

static const void *ext(void *self, const char *id)
{
    static const struct tfa_component_v1 component = { validate, generate };
    static const struct tfa_check_v1 check = { list, run };
    (void)self;
    if (tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1))) {
        return &component;
    }
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_CHECK_V1)) ? &check : NULL;
}

const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, init, shutdown, ext };
    return &plugin;
}
