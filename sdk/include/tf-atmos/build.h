/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.build/1": making values: generated variables, request bodies, expected and actual.
 *
 * All functions: [validate generate list check review plan] [callback thread].
 *
 * Made values and read values are the same type. Putting a value of the configuration or of an AWS
 * answer into a container refers to it: its text, place and sensitive mark stay with it, so a
 * generated variable can be traced to the line it comes from.
 *
 * Inside out: a list or map can be changed until it is put into a container, given to another service
 * or returned; from then on it is frozen (TFA_E_FROZEN). Hence cycles cannot be made, and a frozen
 * value may be put into many containers.
 *
 * Failures stick: when a function here fails for a reason other than an absent value, the host notes
 * the first failure, discards what the callback returns, and reports it as misuse by the plugin.
 * So results need not be tested one by one, and half a tree is never used. */
#ifndef TF_ATMOS_BUILD_H
#define TF_ATMOS_BUILD_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_BUILD_V1 "tfa.build/1" /* struct tfa_build_v1 */

struct tfa_build_v1 {
    /* New containers; TFA_NONE on failure (phase, thread, the cap of 1,000,000 values). */
    tfa_val (*map)(struct tfa_call *call);
    tfa_val (*list)(struct tfa_call *call);

    /* New scalars; TFA_NONE on failure: text that is not UTF-8, a real that is not finite, number
     * text that is not a JSON number. number() takes integers of any size. */
    tfa_val (*null)(struct tfa_call *call);
    tfa_val (*boolean)(struct tfa_call *call, int32_t truth);
    tfa_val (*integer)(struct tfa_call *call, int64_t number);
    tfa_val (*real)(struct tfa_call *call, double number);
    tfa_val (*number)(struct tfa_call *call, struct tfa_str text);
    tfa_val (*string)(struct tfa_call *call, struct tfa_str text);

    /* Puts `v` under `key`, replacing what was there; keeps the key's first place in the order.
     * TFA_NONE as `v` does nothing and is TFA_OK: set(m, key, get(config, key)) copies what is there.
     * TFA_E_KIND, TFA_E_FROZEN, TFA_E_INVALID (map into itself, bad UTF-8), TFA_E_STALE, TFA_E_MEMORY. */
    int32_t (*set)(struct tfa_call *call, tfa_val map, struct tfa_str key, tfa_val v);

    /* Puts `v` at the end of a list; otherwise as set. */
    int32_t (*append)(struct tfa_call *call, tfa_val list, tfa_val v);

    /* The same value marked sensitive, all its parts with it; `v` itself is not changed, but frozen.
     * TFA_NONE gives TFA_NONE. The mark can never be taken off. */
    tfa_val (*sensitive)(struct tfa_call *call, tfa_val v);

    /* The same value with the place of `from`: for made values that stand for something the user
     * wrote ("15m" became "FIFTEEN_MINUTES"). `v` is frozen. `from` without a place gives `v`. */
    tfa_val (*derived)(struct tfa_call *call, tfa_val v, tfa_val from);

    /* Parses one JSON text (UTF-8, at most 16 MiB, depth 128, no duplicate keys; a lone surrogate is
     * read as U+FFFD) into a frozen value.
     * Malformed text is TFA_E_INVALID and, being data, does not stick. TFA_E_LIMIT, TFA_E_MEMORY. */
    int32_t (*from_json)(struct tfa_call *call, struct tfa_str json, tfa_val *ret_value);
};

TFA_END_DECLS

#endif
