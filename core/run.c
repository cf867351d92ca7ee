/* SPDX-License-Identifier: Apache-2.0 */
/* The run object and the system clock. */
#include "run.h"

#include <errno.h>
#include <string.h>
#include <time.h>

const char *environment_get(const struct environment *env, const char *name)
{
    size_t len = strlen(name);
    for (const char *const *item = env->items; item && *item; item++) {
        if (strncmp(*item, name, len) == 0 && (*item)[len] == '=') {
            return *item + len + 1;
        }
    }
    return NULL;
}

struct str temporary_folder(const struct environment *env)
{
    struct str folder = str_from(environment_get(env, "TMPDIR"));
    return path_is_absolute(folder) ? folder : STR("/tmp");
}

static int64_t wall_ms(void *context)
{
    struct timespec now;
    (void)context;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) {
        BUG("clock_gettime");
    }
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_monotonic_ms(void *context)
{
    (void)context;
    return monotonic_ms();
}

static void sleep_ms(void *context, int64_t duration_ms)
{
    (void)context;
    struct timespec left = { duration_ms / 1000, (long)(duration_ms % 1000) * 1000000 };
    while (duration_ms > 0 && nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

void row_put(
        struct run *run, struct value_builder *row, const char *key, const struct value *value)
{
    value_builder_add(row, key_of(run->keys, str_from(key)), value, MARK_NONE);
}

void row_put_text(struct run *run, struct value_builder *row, const char *key, struct str text)
{
    row_put(run, row, key, value_string_new(run->arena, text, MARK_NONE));
}

static const struct clock system_clock = { wall_ms, system_monotonic_ms, sleep_ms, NULL };

void run_init(struct run *run, char *const *environment, const struct log *log)
{
    *run = (struct run){ .arena = arena_new(), .log = log, .clock = &system_clock };
    run->keys = keys_new(run->arena);
    run->sources = sources_new(run->arena);
    run->env.items = (const char *const *)environment;
    diags_init(&run->diags, run->arena);
}

void run_clear(struct run *run)
{
    arena_free(run->arena);
    *run = (struct run){ 0 };
}
