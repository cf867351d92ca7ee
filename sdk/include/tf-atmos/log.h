/* SPDX-License-Identifier: Apache-2.0 */
/* Service "tfa.log/1": messages for whoever debugs the plugin; users do not see them by default. */
#ifndef TF_ATMOS_LOG_H
#define TF_ATMOS_LOG_H

#include <tf-atmos/abi.h>

TFA_BEGIN_DECLS

#define TFA_EXT_LOG_V1 "tfa.log/1" /* struct tfa_log_v1 */

#define TFA_LOG_ERROR 1
#define TFA_LOG_WARN  2
#define TFA_LOG_INFO  3
#define TFA_LOG_DEBUG 4
#define TFA_LOG_TRACE 5

struct tfa_log_v1 {
    /* 1 when messages of this level are kept; to avoid making expensive ones. [all] [any thread] */
    int32_t (*enabled)(struct tfa_call *call, uint32_t level);

    /* Writes one line: message and `count` fields. Copied, capped at 8 KiB, control characters
     * escaped; sensitive values and texts of the shape of credentials are redacted. Bad UTF-8 is
     * replaced, not refused: logging never fails. `fields` may be NULL when count is 0. A field's
     * `value` is used only on the callback thread. [all] [any thread] */
    void (*write)(struct tfa_call *call, uint32_t level, struct tfa_str message,
            const struct tfa_field *fields, uint64_t count);
};

TFA_END_DECLS

#endif
