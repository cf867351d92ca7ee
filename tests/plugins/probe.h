/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the test plugin `probe`: it does what settings.probe.act says. */
#ifndef TFATMOS_TESTS_PROBE_H
#define TFATMOS_TESTS_PROBE_H

#include <tf-atmos/tfa.h>

#include "probe_manifest.h"

struct probe {
    struct tfa_kit kit;
    struct tfa_call *last_call; /* kept on purpose, to be used too late */
    tfa_val last_value;
};

/* Is settings.probe.act this word? */
int32_t acts(
        const struct probe *probe, struct tfa_call *call, tfa_val config, const char *word);

extern const struct tfa_check_v1 probe_check;

#endif
