/* SPDX-License-Identifier: Apache-2.0 */
/* R48: leaves a thread behind. */
#include <pthread.h>
#include <unistd.h>

#include "../base.h"

static void *wait_long(void *argument)
{
    (void)sleep(60);
    return argument;
}

static int32_t bad_validate(VALIDATE_ARGS)
{
    UNUSED;
    static int has_started;
    pthread_t thread;

    if (!has_started && pthread_create(&thread, NULL, wait_long, NULL) == 0) {
        has_started = 1;
        (void)pthread_detach(thread);
    }
    return TFA_OK;
}

#define VALIDATE bad_validate

#include "../plugin.h"
