/* SPDX-License-Identifier: Apache-2.0 */
/* Extension "tfa.component/1": judging an instance's intent and generating its Terraform variables.
 * Two drafts, "tfa.review/1" and "tfa.plan/1", are extensions of their own: a table never has optional
 * members, and `provides` in the manifest says what a plugin can do before it is loaded.
 *
 * Every function gets
 *   config   the intent: the map under settings.<kind>, an empty map for `true`. It has passed the
 *            plugin's schema, if there is one (the host reports violations itself and does not call
 *            the plugin), with nothing filled in: defaults are the plugin's. Values of TFA_KIND_UNKNOWN satisfy every
 *            schema; neither judge nor require them.
 *   context  a map; new keys may be added, so read keys, never positions:
 *              stack, component, module, kind   strings as in struct tfa_who
 *              vars, settings, metadata         the resolved maps of the instance
 *              aws                              map of what is known without asking AWS:
 *                                               account_id, region, partition; each may be absent
 *            check.h adds `targets` for checks.
 * Handles and strings live until the callback returns. A plugin is never entered twice at a time;
 * callbacks of one plugin may come on different threads, one after the other. */
#ifndef TF_ATMOS_COMPONENT_H
#define TF_ATMOS_COMPONENT_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_COMPONENT_V1 "tfa.component/1" /* struct tfa_component_v1 */
#define TFA_EXT_REVIEW_V1    "tfa.review/1" /* struct tfa_review_v1, draft */
#define TFA_EXT_PLAN_V1      "tfa.plan/1" /* struct tfa_plan_v1, draft */

struct tfa_component_v1 {
    /* Reports what is wrong or doubtful in `config`, all of it in one go. Pure. TFA_OK whatever was
     * found; a negative code means the validation did not take place, which the host reports as an
     * error. Required. [validate] */
    int32_t (*validate)(void *self, struct tfa_call *call, tfa_val config, tfa_val context);

    /* Returns a map of Terraform variables (made with build.h), or TFA_NONE for none. The host
     * deep-merges it *under* the variables the user wrote: an explicit variable wins. Called only
     * after validate reported no error. Pure: the same input gives the same bytes. Findings may be
     * reported; on an error, or a negative result, nothing is generated. Required. [generate] */
    int32_t (*generate)(void *self, struct tfa_call *call, tfa_val config, tfa_val context,
            tfa_val *ret_vars);
};

/* Draft: what does not fit becomes the next revision; hosts need not call it yet. */
struct tfa_review_v1 {
    /* Looks at all instances of the plugin's kinds together, to find what no single one shows (two
     * instances owning one account setting). `instances` is a list of maps {config, context}, sorted
     * by stack, then component. Pure. [review] */
    int32_t (*review_all)(void *self, struct tfa_call *call, tfa_val instances);
};

/* Draft: what does not fit becomes the next revision; hosts need not call it yet. */
struct tfa_plan_v1 {
    /* Looks at a Terraform plan of the instance (`terraform show -json`, as a value) before it is
     * applied; an error stops the apply. Pure. [plan] */
    int32_t (*inspect)(
            void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val plan);
};

TFA_END_DECLS

#endif
