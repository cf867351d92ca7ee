/* SPDX-License-Identifier: Apache-2.0 */
/* Developer log. */
#include "log.h"

#include <strings.h>

#include "buf.h"

bool log_is_on(const struct log *log, enum log_level level)
{
    return log && log->write && level <= log->level && level != LOG_OFF;
}

void log_at(const struct log *log, enum log_level level, const char *format, ...)
{
    if (!log_is_on(log, level)) {
        return;
    }
    AUTO_BUF line = BUF_INIT(64 * 1024);
    va_list args;
    va_start(args, format);
    buf_vaddf(&line, format, args);
    va_end(args);
    for (size_t i = 0; i < line.len; i++) {
        /* Foreign text must not be able to move the cursor or forge a line. */
        unsigned char c = (unsigned char)line.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            line.ptr[i] = '?';
        }
    }
    log->write(log->context, level, buf_str(&line));
}

bool log_level_from(struct str name, enum log_level *ret_level)
{
    static const char *const names[] = {
        [LOG_OFF] = "off",
        [LOG_ERROR] = "error",
        [LOG_WARNING] = "warning",
        [LOG_INFO] = "info",
        [LOG_DEBUG] = "debug",
        [LOG_TRACE] = "trace",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct str known = str_from(names[i]);
        if (known.len == name.len && strncasecmp(known.ptr, name.ptr, name.len) == 0) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}
