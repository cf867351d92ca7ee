/* SPDX-License-Identifier: Apache-2.0 */
/* Extension "tfa.check/1": comparing the real account with the intent.
 *
 * `config` and `context` are those of component.h; for checks the context also has
 *   targets  list of maps {alias, account_id, region, partition}: the places that may be asked. The
 *            first is the instance's own account, alias "self". Other aliases come from the user's
 *            configuration, such as "management" or "delegated-admin". Keys but alias may be absent.
 * The checks a plugin knows stand in its manifest (id, title, code, AWS actions), so that they are
 * listed and explained without running it. */
#ifndef TF_ATMOS_CHECK_H
#define TF_ATMOS_CHECK_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_CHECK_V1 "tfa.check/1" /* struct tfa_check_v1 */

struct tfa_check_v1 {
    /* Returns the checks that apply to this instance: a list of maps (made with build.h)
     *     id      string, required: a check of the manifest
     *     target  string, optional: alias of a target; default "self"
     *     region  string, optional: default that of the target
     *     data    anything, optional: handed back to run
     * in the order they should run and be shown. TFA_NONE or an empty list: nothing to check. The
     * host may run items in any order and leave some out. Pure, no AWS: it also serves dry runs.
     * [list] */
    int32_t (*list)(void *self, struct tfa_call *call, tfa_val config, tfa_val context,
            tfa_val *ret_items);

    /* Runs one item of that list, complete with target and region, and reports at least one result
     * through diag.h. TFA_OK when it did. When it returns a negative code, reported nothing, or the
     * host could not give it what it asked for (value.h, build.h), the host records
     * TFA_RESULT_UNKNOWN with the reason, and what was reported as PASS counts as UNKNOWN too. Do not
     * wait for AWS to converge: report PENDING, the host runs the item again. [check] */
    int32_t (*run)(
            void *self, struct tfa_call *call, tfa_val config, tfa_val context, tfa_val item);
};

TFA_END_DECLS

#endif
