/* SPDX-License-Identifier: Apache-2.0 */
/* A whole plugin on one page: one validation, one generated variable, one check. */
#include <stdlib.h>

#include <tf-atmos/tfa.h>

#include "tag-policy_manifest.h"

/* What lives as long as the plugin. */
struct tag_policy {
    struct tfa_kit kit;
};

/* validate: everything that is wrong with the intent, without asking anyone. */
static int32_t validate(void *self, struct tfa_call *call, tfa_val config, tfa_val context)
{
    const struct tfa_kit *kit = &((struct tag_policy *)self)->kit;
    tfa_val owner = kit->value->get(call, config, TFA_S("owner"));
    struct tfa_str text;

    (void)context;
    if (kit->value->as_string(call, owner, &text) != TFA_OK) {
        return TFA_OK; /* missing is the schema's business, unknown is nobody's */
    }
    for (uint64_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '@') {
            return TFA_OK;
        }
    }
    struct tfa_text message = tfa_text_new();
    tfa_text_add(&message, TFA_S("the owner "));
    tfa_text_add_val(&message, kit, call, owner);
    tfa_text_add(&message, TFA_S(" is not an e-mail address"));
    return tfa_report(kit, call, owner, TFA_S(TAG0001), tfa_text_view(&message), TFA_S(""));
}

/* generate: the variables of the root module; what the user wrote in vars wins over them. */
static int32_t generate(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_vars)
{
    const struct tfa_kit *kit = &((struct tag_policy *)self)->kit;
    tfa_val vars = kit->build->map(call);
    tfa_val tags = kit->build->map(call);

    (void)context;
    /* Values of the configuration keep their line; a missing one is simply not set. */
    (void)kit->build->set(
            call, tags, TFA_S("Owner"), kit->value->get(call, config, TFA_S("owner")));
    (void)kit->build->set(call, tags, TFA_S("CostCenter"),
            kit->value->get(call, config, TFA_S("cost_center")));
    (void)kit->build->set(call, vars, TFA_S("tags"), tags);
    *ret_vars = vars;
    return TFA_OK;
}

/* list: one item, and only where the intent names an organization. */
static int32_t list_checks(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val *ret_items)
{
    const struct tfa_kit *kit = &((struct tag_policy *)self)->kit;
    tfa_val items = kit->build->list(call);

    (void)context;
    if (tfa_is_set(kit, call, kit->value->get(call, config, TFA_S("organization")))) {
        tfa_val item = kit->build->map(call);
        (void)kit->build->set(
                call, item, TFA_S("id"), kit->build->string(call, TFA_S(CHECK_TAG_01)));
        (void)kit->build->append(call, items, item);
    }
    *ret_items = items;
    return TFA_OK;
}

/* run: asks AWS which organization the account is in and compares. An error that proves the point is
 * a FAIL, every other one leaves the outcome unknown. */
static int32_t run_check(
        void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item)
{
    const struct tfa_kit *kit = &((struct tag_policy *)self)->kit;
    tfa_val wanted = kit->value->get(call, config, TFA_S("organization"));
    struct tfa_aws_request request = tfa_aws_request_to(
            TFA_AWS_JSON_1_1, TFA_S("organizations"), TFA_S("DescribeOrganization"));
    const struct tfa_aws_answer *answer = NULL;
    int32_t rc;

    (void)context;
    (void)item;
    request.target_prefix = TFA_S("AWSOrganizationsV20161128");
    rc = kit->aws->send(call, &request, &answer);
    if (rc != TFA_OK) {
        return rc;
    }
    if (answer->outcome == TFA_AWS_ERROR &&
            tfa_str_eq(answer->error_code, TFA_S("AWSOrganizationsNotInUseException"))) {
        return tfa_result_report(kit, call, wanted, TFA_RESULT_FAIL,
                TFA_S("the account is in no organization"), wanted, TFA_NONE);
    }
    if (answer->outcome != TFA_AWS_SUCCESS) {
        return tfa_result_no_answer(kit, call, wanted, answer);
    }
    tfa_val found = kit->value->find(call, answer->body, TFA_S("/Organization/Id"));
    if (!tfa_is_set(kit, call, found)) {
        return tfa_result_report(kit, call, wanted, TFA_RESULT_UNKNOWN,
                TFA_S("the answer names no organization"), wanted, TFA_NONE);
    }
    if (kit->value->equal(call, wanted, found) == 1) {
        return tfa_result_report(kit, call, wanted, TFA_RESULT_PASS, TFA_S(""), wanted, found);
    }
    return tfa_result_report(kit, call, wanted, TFA_RESULT_FAIL,
            TFA_S("the account is in another organization"), wanted, found);
}

static int32_t plugin_init(const struct tfa_host *host, struct tfa_call *call, void **ret_self)
{
    struct tag_policy *self = calloc(1, sizeof(*self));

    (void)call;
    if (self == NULL) {
        return TFA_E_MEMORY;
    }
    tfa_kit_init(&self->kit, host);
    *ret_self = self;
    return TFA_OK;
}

static void plugin_shutdown(void *self)
{
    free(self);
}

static const struct tfa_component_v1 component = { validate, generate };
static const struct tfa_check_v1 check = { list_checks, run_check };

static const void *ext(void *self, const char *id)
{
    (void)self;
    if (tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_COMPONENT_V1))) {
        return &component;
    }
    if (tfa_str_eq(tfa_str_of(id), TFA_S(TFA_EXT_CHECK_V1))) {
        return &check;
    }
    return NULL;
}

static const struct tfa_plugin plugin = { TFA_PLUGIN_HEAD, plugin_init, plugin_shutdown, ext };

TFA_EXPORT const struct tfa_plugin *tfa_plugin_main_v1(void)
{
    return &plugin;
}
