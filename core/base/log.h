/* SPDX-License-Identifier: Apache-2.0 */
/* Developer log: silent unless asked for; never for users' findings (diag.h). */
#ifndef TFATMOS_BASE_LOG_H
#define TFATMOS_BASE_LOG_H

#include <stdarg.h>

#include "str.h"

enum log_level {
    LOG_OFF,
    LOG_ERROR,
    LOG_WARNING,
    LOG_INFO,
    LOG_DEBUG,
    LOG_TRACE
};

/* Where lines go; `write` gets one complete line without its end. Set up by cli/, lent to all. */
struct log {
    enum log_level level;
    void (*write)(void *context, enum log_level level, struct str line);
    void *context;
};

bool log_is_on(const struct log *log, enum log_level level);
/* A NULL log drops the line. Control characters other than tab are replaced. */
void log_at(const struct log *log, enum log_level level, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Spec 1.3: Trace|Debug|Info|Warning|Error|Off in any case; false for anything else. */
bool log_level_from(struct str name, enum log_level *ret_level);

#endif
