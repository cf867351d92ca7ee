/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptor and tables of the probe plugin. */
#include "probe.h"

static struct probe *current;

static int32_t nothing(tfa_val *ret)
{
    if (ret != NULL) {
        *ret = TFA_NONE;
    }
    return TFA_OK;
}

static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    struct probe *probe = self;

    return probe->validate == NULL ? nothing(NULL)
                                   : probe->validate(probe, call, config, context, NULL);
}

static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    struct probe *probe = self;

    return probe->generate == NULL ? nothing(ret_vars)
                                   : probe->generate(probe, call, config, context, ret_vars);
}

static int32_t list(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    struct probe *probe = self;

    return probe->list == NULL ? nothing(ret_items)
                               : probe->list(probe, call, config, context, ret_items);
}

static int32_t run(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    struct probe *probe = self;

    (void)context;
    return probe->run == NULL ? nothing(NULL) : probe->run(probe, call, config, item, NULL);
}

static int32_t init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    tfa_kit_init(&current->kit, host);
    *ret_self = current;
    return current->init == NULL ? TFA_OK
                                 : current->init(current, call, TFA_NONE, TFA_NONE, NULL);
}

static void finish(void *self)
{
    ((struct probe *)self)->shutdowns++;
}

static const struct tfa_component_v1 component = { validate, generate };
static const struct tfa_check_v1 check = { list, run };

static const void *ext(void *self, const char *id)
{
    (void)self;
    if (strcmp(id, TFA_EXT_COMPONENT_V1) == 0) {
        return &component;
    }
    return strcmp(id, TFA_EXT_CHECK_V1) == 0 ? &check : NULL;
}

static const struct tfa_plugin plugin = { sizeof(plugin), TFA_ABI_MAJOR, TFA_ABI_TARGET, 0,
    "probe", "1.0.0", init, finish, ext };

struct tfa_testkit *probe_kit(struct probe *probe, const char *manifest)
{
    current = probe;
    return tfa_testkit_new(&plugin, manifest);
}
