/* SPDX-License-Identifier: Apache-2.0 */
/* tfa.log/1, and the table of all services. */
#include <string.h>

#include "host.h"

enum {
    LINE_MAX_BYTES = 8192,
    FIELD_MAX = 64
};

static enum log_level level_of(uint32_t level)
{
    switch (level) {
    case TFA_LOG_ERROR:
        return LOG_ERROR;
    case TFA_LOG_WARN:
        return LOG_WARNING;
    case TFA_LOG_INFO:
        return LOG_INFO;
    case TFA_LOG_DEBUG:
        return LOG_DEBUG;
    default:
        return LOG_TRACE;
    }
}

static int32_t log_enabled(struct tfa_call *call, uint32_t level)
{
    return call && atomic_load(&call->is_active) && log_is_on(call->run->log, level_of(level))
                   ? 1
                   : 0;
}

/* Text that is not UTF-8 is shown byte by byte. */
static void add_text(struct buf *line, struct tfa_str text)
{
    bool is_text = is_good_text(text);
    for (uint64_t i = 0; text.ptr && i < text.len && line->len < LINE_MAX_BYTES; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '\n') {
            buf_add(line, STR("\\n"));
        } else if (c < ' ' || c == 0x7f || (c >= 0x80 && !is_text)) {
            buf_add_byte(line, '?');
        } else {
            buf_add_byte(line, (char)c);
        }
    }
}

static void add_field(struct tfa_call *call, struct buf *line, const struct tfa_field *field,
        bool is_own_thread)
{
    const struct value *value = NULL;
    buf_add_byte(line, ' ');
    add_text(line, field->key);
    buf_add_byte(line, '=');
    if (field->value == TFA_NONE) {
        add_text(line, field->text);
    } else if (is_own_thread &&
               handle_value(call, "log.write", field->value, &value) == TFA_OK) {
        AUTO_BUF json = BUF_INIT(LINE_MAX_BYTES);
        json_write(&json, value, JSON_COMPACT | JSON_MASK);
        buf_add(line, buf_str(&json));
    }
}

/* Any thread: uses nothing of the callback but what does not change while it runs. */
static void log_write(struct tfa_call *call, uint32_t level, struct tfa_str message,
        const struct tfa_field *fields, uint64_t count)
{
    if (!call) {
        return;
    }
    pthread_mutex_lock(&call->log_mutex);
    if (log_enabled(call, level)) {
        AUTO_BUF line = BUF_INIT(LINE_MAX_BYTES * 4);
        bool is_own_thread = pthread_equal(call->thread, pthread_self()) != 0;
        buf_addf(&line, "plugin %.*s: ", STR_ARG(host_of(call)->plugin->identity->id));
        add_text(&line, message);
        for (uint64_t i = 0; fields && i < count && i < FIELD_MAX; i++) {
            add_field(call, &line, &fields[i], is_own_thread);
        }
        struct arena *arena = arena_new();
        struct str clean =
                redact(arena, buf_str(&line), call->secrets.items, call->secrets.count);
        log_at(call->run->log, level_of(level), "%.*s", STR_ARG(clean));
        arena_free(arena);
    } else if (!atomic_load(&call->is_active)) {
        atomic_store(&call->late, "log.write");
    }
    pthread_mutex_unlock(&call->log_mutex);
}

const struct tfa_log_v1 host_log_v1 = { log_enabled, log_write };

/* ---- all services ---- */

static const struct {
    const char *id;
    const void *table;
} services[] = {
    [SERVICE_CALL] = { TFA_EXT_CALL_V1, &host_call_v1 },
    [SERVICE_LOG] = { TFA_EXT_LOG_V1, &host_log_v1 },
    [SERVICE_DIAG] = { TFA_EXT_DIAG_V1, &host_diag_v1 },
    [SERVICE_VALUE] = { TFA_EXT_VALUE_V1, &call_value_v1 },
    [SERVICE_BUILD] = { TFA_EXT_BUILD_V1, &call_build_v1 },
    [SERVICE_LOOKUP] = { TFA_EXT_LOOKUP_V1, &host_lookup_v1 },
    [SERVICE_CLOCK] = { TFA_EXT_CLOCK_V1, &host_clock_v1 },
    [SERVICE_AWS] = { TFA_EXT_AWS_V1, &host_aws_v1 },
};

static const void *table_of(struct str id)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (str_eq_cstr(id, services[i].id)) {
            return services[i].table;
        }
    }
    return NULL;
}

bool host_offers(struct str id)
{
    return table_of(id) != NULL;
}

static bool is_listed(const struct plugin *plugin, struct str id)
{
    return str_list_has(&plugin->identity->required, id) ||
           str_list_has(&plugin->identity->optional, id);
}

uint32_t services_of(const struct plugin *plugin)
{
    uint32_t offered = 0;
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        offered |= is_listed(plugin, str_from(services[i].id)) ? 1u << i : 0u;
    }
    return offered;
}

const void *host_ext(void *ctx, const char *id)
{
    const struct plugin *plugin = ctx;
    struct str name = id ? (struct str){ id, strnlen(id, 256) } : STR_EMPTY;
    return plugin && is_listed(plugin, name) ? table_of(name) : NULL;
}
