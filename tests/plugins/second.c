/* SPDX-License-Identifier: Apache-2.0 */
/* A second plugin that generates variables, so that two can want different things. */
#include "note.h"

NOTE(identity, TFA_NOTE_IDENTITY,
        IDENTITY("test.second", "1.0.0", "1", "0", "\"tfa.build/1\""));

static const struct tfa_build_v1 *build;

static int32_t start(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call;
    (void)ret_self;
    build = host->ext(host->ctx, TFA_EXT_BUILD_V1);
    /* Not in the manifest, so not to be had. */
    return build != NULL && host->ext(host->ctx, TFA_EXT_VALUE_V1) == NULL ? TFA_OK
                                                                           : TFA_E_INTERNAL;
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    (void)self;
    (void)call;
    (void)config;
    (void)context;
    return TFA_OK;
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    (void)self;
    (void)config;
    (void)context;
    *ret_vars = build->map(call);
    (void)build->set(call, *ret_vars, TFA_S("size"), build->integer(call, 9));
    return build->set(call, *ret_vars, TFA_S("second"), build->boolean(call, 1));
}

static const struct tfa_component_v1 component = { validate, generate };

static const void *ext(void *self, const char *id)
{
    (void)self;
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1)) ? &component : NULL;
}

static const struct tfa_plugin plugin = { (uint32_t)sizeof(struct tfa_plugin), TFA_ABI_MAJOR, 0,
    0, "test.second", "1.0.0", start, NULL, ext };

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
