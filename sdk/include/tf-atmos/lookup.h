/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.lookup/1": the configuration of other instances of the repository, read-only.
 *
 * All functions: [generate list check review plan] [callback thread]. What is seen is the resolved
 * configuration before generated variables are added, so that the order in which instances are
 * generated never matters. Sensitive values stay marked. */
#ifndef TF_ATMOS_LOOKUP_H
#define TF_ATMOS_LOOKUP_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_LOOKUP_V1 "tfa.lookup/1" /* struct tfa_lookup_v1 */

struct tfa_lookup_v1 {
    /* One instance as a map with the keys of the context (component.h): stack, component, module,
     * vars, settings, metadata, ... Empty `stack` means the stack of this call. Abstract components
     * are not instances.
     * TFA_E_ABSENT, TFA_E_INVALID, TFA_E_PHASE, TFA_E_UNSUPPORTED (host without a repository). */
    int32_t (*instance)(struct tfa_call *call, struct tfa_str stack, struct tfa_str component,
            tfa_val *ret_instance);

    /* All instances that a plugin kind handles, as a list of maps {stack, component, module}, sorted
     * by stack, then component; an empty `kind` lists all. The list may be empty. Codes as above. */
    int32_t (*instances)(struct tfa_call *call, struct tfa_str kind, tfa_val *ret_list);
};

TFA_END_DECLS

#endif
