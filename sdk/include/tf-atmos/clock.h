/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.clock/1": time, for checks only. A plugin that reads time elsewhere is not
 * reproducible and cannot be tested; the host can fake and record this clock. */
#ifndef TF_ATMOS_CLOCK_H
#define TF_ATMOS_CLOCK_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_CLOCK_V1 "tfa.clock/1" /* struct tfa_clock_v1 */

struct tfa_clock_v1 {
    /* Nanoseconds since 1970-01-01T00:00:00Z, without leap seconds. TFA_E_PHASE. [check] [callback
     * thread] */
    int32_t (*wall_ns)(struct tfa_call *call, int64_t *ret_ns);

    /* Nanoseconds since some point in the past; never goes back. TFA_E_PHASE. [check] [callback
     * thread] */
    int32_t (*monotonic_ns)(struct tfa_call *call, int64_t *ret_ns);
};

TFA_END_DECLS

#endif
