/* SPDX-License-Identifier: Apache-2.0 */
/* R32: reads values on a thread of its own. */
#include <pthread.h>

#include "../base.h"

static void *read_name(void *call)
{
    (void)kit.value->kind(call, TFA_NONE);
    return NULL;
}

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    pthread_t thread;
    if (pthread_create(&thread, NULL, read_name, call) == 0) {
        (void)pthread_join(thread, NULL);
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
