/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that is built with old and with new headers, to meet old and new hosts. */
#include <tf-atmos/tfa.h>

#define TFA_PLUGIN_ID      "growth"
#define TFA_PLUGIN_VERSION "1.0.0"

struct self {
    struct tfa_kit kit;
    const struct tfa_host *host;
};

static struct self the_self;

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    const struct self *mine = self;
    struct tfa_diag diag = tfa_diag_at(config, TFA_S("GR0001"));

    (void)context;
    diag.pointer = TFA_S("/a");
    diag.message = TFA_S("said by the plugin");
    diag.resource = TFA_S("what it is about");
#if TFA_ABI_TARGET >= 1
    diag.fix = TFA_S("written by a newer plugin");
    if (TFA_COVERS(struct tfa_host, mine->host, product)) {
        diag.detail = mine->host->product;
    }
#else
    (void)mine->host;
#endif
    return mine->kit.diag->report(call, &diag);
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    const struct self *mine = self;

    (void)context;
    *ret_vars = mine->kit.build->map(call);
    return mine->kit.build->set(
            call, *ret_vars, TFA_S("a"), mine->kit.value->get(call, config, TFA_S("a")));
}

static int32_t init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    (void)call;
    tfa_kit_init(&the_self.kit, host);
    the_self.host = host;
    /* Optional, and of a later program than any: the plugin does without. */
    if (host->ext(host->ctx, "tfa.later/1") != NULL) {
        return TFA_E_UNSUPPORTED;
    }
    *ret_self = &the_self;
    return TFA_OK;
}

static const struct tfa_component_v1 component = { validate, generate };

static const void *ext(void *self, const char *id)
{
    (void)self;
    return tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1)) ? &component : NULL;
}

static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, init, NULL, ext };

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
